"""Which of a submission's cells is which of the instructor's.

A cell is known by its id; else by its text, by what it defines, or by where it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from autograder.submission.definitions import Definitions
from autograder.submission.master import Master, MasterCell, ReleasedCell
from autograder.submission.reading import SubmittedCell

# What takes long to be understood is code of nobody's: of more than so many characters that mention
# an exercise, in a cell and in all, only the beginnings of definitions are looked at.
LONGEST_UNDERSTOOD = 100_000
MOST_UNDERSTOOD = 400_000


@lru_cache(maxsize=256)  # the same in every submission
def _handed_out(source: str) -> Definitions:
    return Definitions.of(source)


def _text(kind: str, source: str) -> tuple[str, str]:
    """Return what a cell shows, whatever blanks an editor has left in it."""
    return kind, "\n".join(line.rstrip() for line in source.strip().splitlines())


@dataclass(frozen=True)
class Exercise:
    """An answer cell of the instructor's, and what is to be defined in it."""

    cell: MasterCell

    @property
    def name(self) -> str:
        return self.cell.name

    @cached_property
    def stub(self) -> Definitions:
        return _handed_out(self.cell.source) if self.cell.kind == "code" else Definitions()

    @cached_property
    def to_write(self) -> frozenset[str]:
        return self.stub.to_write

    @cached_property
    def owners(self) -> frozenset[str]:
        """Names of the functions and classes that the answer is made of."""
        return frozenset(name.partition(".")[0] for name in self.to_write)

    def parts(self, owner: str) -> Iterator[str]:
        """Yield what is to be written of one function or class."""
        return (name for name in self.to_write if name.partition(".")[0] == owner)

    def touched_by(self, found: Definitions, owner: str) -> bool:
        """Return whether a cell makes a function or class anew, if only as it was handed out."""
        return owner in found.binds and any(name in found.names for name in self.parts(owner))

    def written_in(self, found: Definitions, owner: str) -> bool:
        """Return whether a cell holds any of the answer in a function or class."""
        return any(found.written(name, self.stub) for name in self.parts(owner))

    def copied_in(self, found: Definitions, owner: str) -> bool:
        """Return whether a cell holds a function or class as it was handed out, and no more."""
        there = [name for name in self.parts(owner) if name in found.names]
        as_it_was = all(found.handed_out(name, self.stub) for name in there)
        return owner in found.binds and bool(there) and as_it_was

    def made_in(self, found: Definitions, owner: str) -> bool:
        """Return whether a cell holds the answer, and needs none that was there before."""
        anew = owner not in found.extends or owner in self.stub.extends
        return owner in found.binds and anew and self.written_in(found, owner)


@dataclass
class Recognition:
    """What a submission's cells are.

    Attributes
    ----------
    submitted : sequence of SubmittedCell
    master : Master
    names : dict of int to str
        The instructor's name of each cell that is one of theirs, by its number.
    notes : list of str
        What was found how, a sentence each.
    """

    submitted: Sequence[SubmittedCell]
    master: Master
    names: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _definitions: dict[int, Definitions] = field(default_factory=dict)
    _patience: int = MOST_UNDERSTOOD

    @classmethod
    def of(cls, submitted: Sequence[SubmittedCell], master: Master) -> Recognition:
        found = cls(submitted, master)
        found._by_id()
        found._by_text()
        found._note("by what it defines", "by what they define", list(found._by_definition()))
        found._note("by where it stands", "by where they stand", list(found._by_place()))
        return found

    @cached_property
    def known(self) -> dict[str, MasterCell]:
        return {cell.name: cell for cell in self.master.cells}

    @cached_property
    def exercises(self) -> list[Exercise]:
        return [Exercise(cell) for cell in self.master.cells if not cell.locked]

    @cached_property
    def given(self) -> frozenset[int]:
        """Cells of the instructor's that have no name, as they were handed out."""
        texts = {_text(cell.kind, cell.source) for cell in self._layout if cell.name is None}
        return frozenset(i for i, text in enumerate(self._texts) if text in texts)

    def missing(self) -> list[str]:
        """Return the names of the instructor's cells that were not found."""
        found = set(self.names.values())
        return [name for name in self.known if name not in found]

    def number(self, name: str) -> int | None:
        """Return the number of the cell that is the instructor's of a name."""
        return next((i for i, known in self.names.items() if known == name), None)

    def definitions(self, number: int) -> Definitions:
        """Return what a cell defines; nothing where it is text."""
        if number not in self._definitions:
            cell = self.submitted[number]
            if cell.kind != "code":
                found = Definitions()
            elif len(cell.source) <= min(self._patience, LONGEST_UNDERSTOOD):
                self._patience -= len(cell.source)
                found = Definitions.of(cell.source)
            else:
                found = Definitions.of_text(cell.source)
            self._definitions[number] = found
        return self._definitions[number]

    def mentioning(self, names: Iterable[str]) -> list[int]:
        """Return the cells in whose code any of some names occurs: few need be understood."""
        wanted = tuple(names)
        return [
            i
            for i, cell in enumerate(self.submitted)
            if cell.kind == "code" and any(name in cell.source for name in wanted)
        ]

    def is_foreign(self, elsewhere: Iterable[str]) -> bool:
        """Return whether most of it seems to belong to another notebook.

        Parameters
        ----------
        elsewhere : iterable of str
            Exercises that are answered in other cells than their own.
        """
        found = {*self.names.values(), *elsewhere}
        answered = sum(exercise.name in found for exercise in self.exercises)
        if 2 * answered >= len(self.exercises):
            return False
        ids = {cell.grade_id for i, cell in enumerate(self.submitted) if i not in self.names}
        strange = len(ids - {None} - self.known.keys())
        return max(strange, self._strange_definitions()) > len(found)

    def _strange_definitions(self) -> int:
        """Return how many cells define what has no place here, where few texts are from here."""
        if len(self.given) > len(self._layout) // 10:
            return 0
        known = set[str]()
        for cell in self._layout:
            if cell.kind == "code":
                known |= _handed_out(cell.source).binds
        rest = set(range(len(self.submitted))) - self.names.keys() - self.given
        made = [self.definitions(i) for i in rest]
        return sum(bool(one.functions and one.binds and not one.binds & known) for one in made)

    @cached_property
    def _layout(self) -> Sequence[ReleasedCell]:
        named = [ReleasedCell(c.name, c.kind, c.source) for c in self.master.cells]
        return self.master.layout or named

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        return [_text(cell.kind, cell.source) for cell in self.submitted]

    @cached_property
    def _fixed(self) -> dict[int, int]:
        """Where the instructor's cells without a name are, by their places in the layout."""
        first: dict[tuple[str, str], int] = {}
        for i in sorted(self.given):
            first.setdefault(self._texts[i], i)
        texts = [_text(cell.kind, cell.source) for cell in self._layout]
        times = Counter(texts)
        return {
            place: first[text]
            for place, (cell, text) in enumerate(zip(self._layout, texts, strict=True))
            if cell.name is None and text in first and times[text] == 1
        }

    def _is_free(self, number: int) -> bool:
        """Return whether a cell may be one of the instructor's that has lost its id."""
        taken = number in self.names or number in self.given
        return not taken and self.submitted[number].grade_id not in self.known

    def _by_id(self) -> None:
        numbers = defaultdict(list)
        for i, cell in enumerate(self.submitted):
            if cell.grade_id in self.known:
                numbers[cell.grade_id].append(i)
        exercises = {exercise.name: exercise for exercise in self.exercises}
        for name, there in numbers.items():
            best = there[0]
            if len(there) > 1:
                filled = [
                    i for i in there if name in exercises and self._filled(i, exercises[name])
                ]
                best = filled[0] if filled else best
                which = "first one" if best == there[0] else "one that is filled in"
                self.notes.append(f"The cell `{name}` was there twice; the {which} counts as it.")
            self.names[best] = name

    def _filled(self, number: int, exercise: Exercise) -> bool:
        if exercise.to_write:
            found = self.definitions(number)
            return any(exercise.written_in(found, owner) for owner in exercise.owners)
        return self._texts[number] != _text(exercise.cell.kind, exercise.cell.source)

    def _by_text(self) -> None:
        missing = set(self.missing())
        wanted, there = defaultdict(list), defaultdict(list)
        for cell in self._layout if missing else ():
            if cell.name in missing:
                wanted[_text(cell.kind, cell.source)].append(cell.name)
        for i, text in enumerate(self._texts if missing else ()):
            if text in wanted and text[1] and self._is_free(i):
                there[text].append(i)
        for text, names in wanted.items():
            if len(names) in (1, len(there[text])):
                self.names |= dict(zip(there[text], names, strict=False))

    def _by_definition(self) -> Iterator[str]:
        missing = set(self.missing())
        lost = [one for one in self.exercises if one.name in missing and one.to_write]
        for number, exercise in enumerate(lost):
            inside = self._gap(exercise.name)
            fitting = [
                i for i in self.mentioning(exercise.owners) if i in inside and self._is_free(i)
            ]
            later = sum(one.to_write == exercise.to_write for one in lost[number + 1 :])
            for fits in (exercise.made_in, exercise.touched_by):
                found = [
                    i
                    for i in fitting
                    if any(fits(self.definitions(i), owner) for owner in exercise.owners)
                ]
                if found:
                    self.names[found[max(len(found) - 1 - later, 0)]] = exercise.name
                    yield exercise.name
                    break

    def _by_place(self) -> Iterator[str]:
        """Find texts, and answers that define nothing, below what asks for them."""
        missing = set(self.missing())
        lost = [one for one in self.exercises if one.name in missing and not one.to_write]
        for exercise in lost:
            above = self._positions().get(self._places[exercise.name] - 1)
            if above is not None and self._fits(above + 1, exercise):
                self.names[above + 1] = exercise.name
                yield exercise.name
        rivals = defaultdict(list)
        for exercise in lost:
            if self.number(exercise.name) is None:
                rivals[self._gap(exercise.name), exercise.cell.kind].append(exercise)
        for (inside, _), several in rivals.items():
            there = [i for i in inside if self._fits(i, several[0])]
            if len(there) == len(several):
                self.names |= {i: one.name for i, one in zip(there, several, strict=True)}
                yield from (one.name for one in several)

    def _fits(self, number: int, exercise: Exercise) -> bool:
        if number >= len(self.submitted) or not self._is_free(number):
            return False
        kind = self.submitted[number].kind
        return (kind == "code") == (exercise.cell.kind == "code")

    @cached_property
    def _places(self) -> dict[str, int]:
        return {cell.name: place for place, cell in enumerate(self._layout) if cell.name}

    def _positions(self) -> dict[int, int]:
        """Return where the cells of the layout are, as far as they were found."""
        named = {self._places[name]: i for i, name in self.names.items() if name in self._places}
        return self._fixed | named

    def _gap(self, name: str) -> range:
        """Return the numbers of the cells among which a cell should be, by those around it."""
        place = self._places.get(name, len(self._layout))
        positions = self._positions()
        low = max((p for p in positions if p < place), default=None)
        start = -1 if low is None else positions[low]
        after = sorted(p for p in positions if p > place)
        end = next((positions[p] for p in after if positions[p] > start), len(self.submitted))
        return range(start + 1, end)

    def _note(self, one: str, several: str, names: list[str]) -> None:
        quoted = [f"`{name}`" for name in names]
        if len(names) == 1:
            self.notes.append(
                f"The answer to {quoted[0]} had lost its cell's id; it was found {one}."
            )
        elif names:
            listed = f"{', '.join(quoted[:-1])} and {quoted[-1]}"
            self.notes.append(
                f"The answers to {listed} had lost their cells' ids; they were found {several}."
            )
