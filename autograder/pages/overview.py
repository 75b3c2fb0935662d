"""What became of a class: read from the gradebook and from `results.json` files, nothing run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from statistics import fmean

import nbformat
from nbgrader.utils import is_solution

from autograder.course import Course
from autograder.pages import similarity
from autograder.results.class_list import strangers
from autograder.results.graded import Graded
from autograder.results.marks import Mark, marks
from autograder.results.names import words
from autograder.results.notebook import ANSWER, FOREIGN, TestResult, number, place, several, titles
from autograder.results.sheets import NOTHING, Given, cells
from autograder.submission.master import masters
from grader_tests.engine.lab import find_lab

OUTCOMES = ("right", "partly right", "wrong", "stopped", "not written")


@dataclass(frozen=True)
class Row:
    """What is known of one student's lab.

    Attributes
    ----------
    name : str
        Last and first name, as far as the gradebook has them.
    status : str
        That of `Graded`, or "not handed in", "not graded yet", or "no details" where something
        else than `python -m autograder LAB` graded it.
    mark : Mark or None
        None where the gradebook has none.
    copied : tuple of str
        Answer cells that are the worked solution, word for word.
    called : str
        First and last name, likewise.
    given : dict
        What each cell was given, by its place.
    listed : bool
        Whether the student is on the class list.
    """

    student: str
    name: str
    status: str
    mark: Mark | None = None
    graded: Graded | None = None
    copied: tuple[str, ...] = ()
    called: str = ""
    given: dict[str, Given] = field(default_factory=dict)
    listed: bool = True

    @property
    def seconds(self) -> float | None:
        """How long the submission's cells and tests took."""
        spent = self.graded.grading.get("seconds") if self.graded else None
        return round(sum(spent.values()), 3) if spent else None

    @property
    def tests(self) -> list[TestResult]:
        """The outcomes of the tests, if there was anything to test."""
        return self.graded.tests if self.graded and self.graded.status == "graded" else []

    @property
    def notes(self) -> list[str]:
        """What the grader noted, but for what is to be looked at anyway."""
        notes = self.graded.notes if self.graded else []
        return [note for note in notes if not note.endswith(FOREIGN)]

    @property
    def by_hand(self) -> float:
        """How much points by hand changed."""
        found = self.graded.points if self.graded else 0.0
        return round(self.mark.score + self.mark.penalty - found, 2) if self.mark else 0.0


@dataclass(frozen=True)
class Look:
    """A reason why a person should look at a submission; `test` may be empty."""

    student: str
    kind: str
    test: str
    says: str


@dataclass(frozen=True)
class Mistake:
    """A known mistake that occurred."""

    name: str
    says: str
    tests: tuple[str, ...]
    students: tuple[str, ...]


@dataclass(frozen=True)
class MarkedByHand:
    """How far an answer or a task is that people mark; the mean is of those that are marked."""

    test: str
    maximum: float
    waiting: int
    marked: int
    unanswered: int
    mean: float | None


@dataclass(frozen=True)
class Overview:
    """A lab and everyone in the class.

    Attributes
    ----------
    has_bank : bool
        Whether known mistakes are looked for.
    notebooks : tuple of str
        The names of its notebooks.
    """

    lab: str
    maximum: float
    rows: list[Row]
    alike: list[similarity.Pair]
    has_bank: bool = True
    notebooks: tuple[str, ...] = ()

    @cached_property
    def marks(self) -> list[Mark]:
        return [row.mark for row in self.rows if row.mark]

    @cached_property
    def missing(self) -> list[Row]:
        return [row for row in self.rows if row.status == "not handed in"]

    @cached_property
    def unprotected(self) -> list[str]:
        """Students whose code was run without confinement."""
        return [
            r.student for r in self.rows if r.graded and not r.graded.grading.get("confined", 1)
        ]

    def outcomes(self) -> dict[str, Counter[str]]:
        """Count, for each test, how often it came to which of `OUTCOMES`."""
        counts: dict[str, Counter[str]] = {}
        for row in self.rows:
            for test in row.tests:
                if (outcome := outcome_of(test)) is not None:
                    counts.setdefault(test.place, Counter())[outcome] += 1
        return counts

    def mistakes(self) -> list[Mistake]:
        """Return the mistakes that were recognised, the most frequent first."""
        tests: dict[str, Counter[str]] = {}
        students: dict[str, dict[str, None]] = {}
        says: dict[str, str] = {}
        for row in self.rows:
            for test in row.tests:
                for name in test.mistakes:
                    tests.setdefault(name, Counter())[test.place] += 1
                    students.setdefault(name, {})[row.student] = None
                    if len(test.mistakes) == 1:
                        says[name] = test.message
        found = [
            Mistake(name, says.get(name, ""), tuple(tests[name]), tuple(students[name]))
            for name in tests
        ]
        return sorted(found, key=lambda mistake: (-len(mistake.students), mistake.name))

    def marked_by_hand(self) -> list[MarkedByHand]:
        """Return what people mark, in the order of the notebook."""
        given: dict[tuple[str, float], list[Given]] = {}
        for row in self.rows:
            for test in row.tests:
                if test.status == "manual" and test.place in row.given:
                    given.setdefault((test.place, test.maximum), []).append(row.given[test.place])
        return [_marked(*cell, found) for cell, found in given.items()]

    def looks(self) -> list[Look]:
        """Return what needs a person, the most urgent first."""
        found = [look for row in self.rows for look in _looks(row, self.has_bank)]
        kinds = list(dict.fromkeys(_KINDS.values()))
        return sorted(found, key=lambda look: kinds.index(look.kind))


_KINDS = {
    "failed": "the grader failed",
    "unreadable": "unreadable",
    "not graded yet": "not graded yet",
    "no details": "graded by another command",
    "stranger": "not on the class list",
    "foreign": "another lab's notebook",
    "copied": "the worked solution, word for word",
    "stopped": "stopped",
    "manual": "waits for points",
    "confirm": "points by hand to confirm",
    "unrecognised": "mistake without a name",
}


_STRANGER = "Enter them with `nbgrader db student add`, or mend the name of the folder."
_CHANGED = "What they were for is another now: confirm them in the formgrader, or change them."


def read(course: Course, lab: str) -> Overview:
    """Read what there is about a lab that the gradebook knows."""
    handed_in = set(course.students(lab))
    with course.gradebook() as gradebook:
        assignment = gradebook.find_assignment(lab)
        maximum = assignment.max_score
        given = masters(gradebook, lab)
        names = {s.id: (s.first_name or "", s.last_name or "") for s in gradebook.students}
        found, by_cell = marks(gradebook, lab), cells(gradebook, lab)
        others = strangers(gradebook)
    rows = []
    for student in sorted(names.keys() | handed_in):
        first, last = names.get(student, ("", ""))
        row = Row(
            student,
            name=", ".join(filter(None, (last, first))),
            status="not graded yet" if student in handed_in else "not handed in",
            called=" ".join(filter(None, (first, last))),
            listed=student not in others,
        )
        if student in found:
            graded = Graded.read(course.results(student, lab))
            row = replace(
                row,
                status=graded.status if graded else "no details",
                mark=found[student],
                graded=graded,
                given=by_cell.get(student, {}),
            )
        rows.append(row)
    rows.sort(key=lambda row: words(row.name or row.student))
    called = several(given)
    stubs = {
        place(cell.name, called[name]): cell.source
        for name, master in given.items()
        for cell in master.cells
        if cell.solution and cell.kind == "code"
    }
    answers = {
        row.student: _answers({n: course.autograded(row.student, lab, n) for n in given})
        for row in rows
        if row.tests
    }
    worked = _answers({name: course.worked(lab, name) for name in given})
    copied = {s: tuple(similarity.word_for_word(own, stubs, worked)) for s, own in answers.items()}
    rows = [replace(row, copied=copied.get(row.student, ())) for row in rows]
    return Overview(
        lab=lab,
        maximum=maximum,
        rows=rows,
        alike=similarity.pairs(answers, stubs, worked),
        has_bank=find_lab(lab) is not None,
        notebooks=tuple(given),
    )


def outcome_of(test: TestResult) -> str | None:
    """Return which of `OUTCOMES` a test came to; None where a person marks the answer."""
    if test.status == "manual":
        return None
    if test.status in ("passed", "partial", "stopped"):
        return {"passed": "right", "partial": "partly right", "stopped": "stopped"}[test.status]
    return "not written" if test.unwritten else "wrong"


def _looks(row: Row, has_bank: bool) -> list[Look]:
    def look(kind: str, says: str, test: str = "") -> Look:
        return Look(row.student, _KINDS[kind], test, says)

    found = [] if row.listed else [look("stranger", _STRANGER)]
    if row.status in ("failed", "unreadable") and row.graded:
        return [*found, look(row.status, row.graded.reason)]
    if row.status == "not graded yet":
        return [*found, look(row.status, "Run the grader again.")]
    if row.status == "no details":
        found.append(look(row.status, "There are marks, but no results.json to read here."))
    if row.graded and row.graded.foreign:
        found.append(look("foreign", FOREIGN))
    if row.copied:
        cells = ", ".join(row.copied)
        found.append(look("copied", f"With its comments, too: {cells}. Ask how it came about."))
    for test in row.tests:
        if test.status == "stopped":
            found.append(look("stopped", test.message, test.place))
        elif has_bank and outcome_of(test) in ("wrong", "partly right") and not test.mistakes:
            found.append(look("unrecognised", test.message, test.place))
    if row.mark and row.mark.waits:
        waiting = titles(row.mark.waits, row.tests)
        found.append(look("manual", f"{waiting}. Give points in the formgrader."))
    for cell, points in (row.graded.confirm if row.graded else {}).items():
        given = row.given.get(cell, NOTHING)
        if given.to_confirm and given.points == points:
            found.append(look("confirm", f"{number(points)} were given. {_CHANGED}", cell))
    return found


def _marked(test: str, maximum: float, given: list[Given]) -> MarkedByHand:
    points = [one.score for one in given if one.points is not None]
    waiting = sum(one.waits for one in given)
    return MarkedByHand(
        test=test,
        maximum=maximum,
        waiting=waiting,
        marked=len(points),
        unanswered=len(given) - waiting - len(points),
        mean=fmean(points) if points else None,
    )


def _answers(paths: Mapping[str, Path]) -> dict[str, str]:
    """Return the sources of notebooks' answer cells; none where there is no such notebook."""
    called = several(paths)
    answers = {}
    for name, path in paths.items():
        try:
            notebook = nbformat.v4.reads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        answers |= {
            place(cell.metadata.nbgrader["grade_id"], called[name]): cell.metadata.get(
                ANSWER, cell.source
            )
            for cell in notebook.cells
            if cell.cell_type == "code" and is_solution(cell)
        }
    return answers
