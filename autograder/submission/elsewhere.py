"""Answers that stand in another cell than their own, and exercises that would be run over them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from autograder.submission.definitions import (
    Definitions,
    definitions_alone,
    definitions_of,
    without,
)
from autograder.submission.recognition import Exercise, Recognition


@dataclass
class Elsewhere:
    """What is done so that no exercise as it was handed out stands in an answer's way.

    Attributes
    ----------
    found : Recognition
    answers : dict of str to str
        What stands in an answer's cell, where it is not what stood in the student's.
    themselves : dict of str to str
        These answers, as they stand elsewhere.
    left : dict of int to str
        What is left of a student's own cell that held a copy of an exercise.
    typed : set of int
        Cells that are not the student's to change, with definitions of the student's in them.
    notes : list of str
        What was found how, a sentence each.
    """

    found: Recognition
    answers: dict[str, str] = field(default_factory=dict)
    themselves: dict[str, str] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    typed: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    _copied: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, found: Recognition) -> Elsewhere:
        out = cls(found)
        out._look_into_locked_cells()
        for exercise in found.exercises:
            if exercise.to_write:
                out._settle(exercise)
        out._leave_out_copies()
        return out

    def _look_into_locked_cells(self) -> None:
        for number, name in self.found.names.items():
            known = self.found.known[name]
            if not known.locked or known.kind != "code":
                continue
            if self.found.submitted[number].source.strip() == known.source.strip():
                continue
            theirs = self.found.definitions(number)
            own = theirs.made - Definitions.of(known.source).made
            if own or any(
                exercise.made_in(theirs, owner)
                for exercise in self.found.exercises
                for owner in exercise.owners
            ):
                self.typed.add(number)
                self.notes.append(
                    f"What was typed into the cell `{name}`, which is not to be changed, was kept "
                    "as a cell of its own."
                )

    def _settle(self, exercise: Exercise) -> None:
        """Where an exercise is not filled in, see whether its answer stands in another cell."""
        number = self.found.number(exercise.name)
        source = exercise.cell.source if number is None else self.found.submitted[number].source
        there = exercise.stub if number is None else self.found.definitions(number)
        stand: dict[int, set[str]] = defaultdict(set)
        for owner in exercise.owners & there.binds:
            if number is None or not exercise.written_in(there, owner):
                made = [i for i in self._makers(exercise, owner) if i != number]
                if number is None:
                    made = made or self._importers(owner)
                if made:
                    stand[made[-1]].add(owner)
        if not stand:
            return
        parts, themselves = [], []
        for i in sorted(stand):
            there_too = self.found.submitted[i].source
            names = " and ".join(f"`{owner}`" for owner in sorted(stand[i]))
            above = self._order(i) < self._index[exercise.name]
            where = "above" if above else "below"
            parts.append(f"# {names}: the answer stands in a cell {where}.")
            if not above and i not in self._copied:  # a test in between would come too early
                self._copied.add(i)
                parts.append(definitions_alone(there_too, stand[i]))
            themselves.append(definitions_of(there_too, stand[i]))
            self.notes.append(
                f"The answer to `{exercise.name}` stands in another cell, number {i + 1}; it was "
                "found by what it defines."
            )
        rest = self._without_stubs(source, set().union(*stand.values()))
        self.answers[exercise.name] = "\n".join(filter(str.strip, [*parts, rest]))
        self.themselves[exercise.name] = "\n".join(themselves)

    def _without_stubs(self, source: str, owners: set[str]) -> str:
        """Return a cell without what was handed out, and not filled in, under some names."""

        def is_stub(one: Definitions) -> bool:
            return any(
                exercise.copied_in(one, owner)
                for exercise in self.found.exercises
                for owner in owners & one.binds
            )

        return without(source, is_stub)

    def _makers(self, exercise: Exercise, owner: str) -> list[int]:
        """Return the cells that hold an answer, of those that are run."""
        return [
            i
            for i in self.found.mentioning([owner])
            if self._is_run(i)
            and not self._answers_another(i, exercise, owner)
            and self.found.definitions(i).readable
            and exercise.made_in(self.found.definitions(i), owner)
        ]

    def _answers_another(self, number: int, exercise: Exercise, owner: str) -> bool:
        """Return whether a cell is that of an exercise which asks for the same once more."""
        return any(
            other.name == self.found.names.get(number) and not asked.isdisjoint(other.to_write)
            for asked in [frozenset(exercise.parts(owner))]
            for other in self.found.exercises
            if other.name != exercise.name
        )

    def _importers(self, owner: str) -> list[int]:
        """Return the cells that take an answer from a module; it may lie beside the notebook."""
        return [
            i
            for i in self.found.mentioning([owner])
            if self._is_run(i) and owner in self.found.definitions(i).imports
        ]

    def _is_run(self, number: int) -> bool:
        """Return whether what the student has in a cell is run at all."""
        name = self.found.names.get(number) or self.found.submitted[number].grade_id
        locked = name in self.found.known and self.found.known[name].locked
        return number not in self.found.given and (number in self.typed or not locked)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.found.known)}

    def _order(self, number: int) -> float:
        """Return where a cell comes among the instructor's cells when all of them are run."""
        if number in self.found.names:
            place = self._index[self.found.names[number]]
            return place - 0.25 if number in self.typed else place
        named = sorted(self.found.names)
        before = bisect_left(named, number)
        return self._index[self.found.names[named[before - 1]]] + 0.5 if before else -1

    def _leave_out_copies(self) -> None:
        """Leave out an exercise, copied and not filled in, of which there is an answer."""
        copies: dict[int, set[str]] = defaultdict(set)
        for exercise in self.found.exercises:
            for owner in exercise.owners:
                for i in self._copies(exercise, owner):
                    copies[i].add(owner)
        for i, owners in copies.items():
            self.left[i] = self._without_stubs(self.found.submitted[i].source, owners)
        if copies:
            names = ", ".join(f"`{owner}`" for owner in sorted(set().union(*copies.values())))
            self.notes.append(f"Copies of what is not filled in were left out: {names}.")

    def _copies(self, exercise: Exercise, owner: str) -> list[int]:
        """Return the cells in which an exercise is that is answered in another one."""
        mentioning = [i for i in self.found.mentioning([owner]) if self._is_run(i)]
        answered = [i for i in mentioning if exercise.written_in(self.found.definitions(i), owner)]
        return [
            i
            for i in (mentioning if answered else ())
            if i not in answered
            and self.found.names.get(i) != exercise.name
            and not self._answers_another(i, exercise, owner)
            and exercise.copied_in(self.found.definitions(i), owner)
        ]
