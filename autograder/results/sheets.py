"""What the gradebook has of every notebook that was handed in, cell by cell, with what people gave.

Whoever marks does so in the formgrader or in the gradebook itself, at any time: so all of it is
read anew wherever it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from autograder.results.class_list import called
from autograder.results.late import late
from autograder.results.notebook import TestResult, number, place, several


@dataclass(frozen=True)
class Given:
    """What one cell was given.

    Attributes
    ----------
    score : float
        What counts.
    points : float or None
        Points by hand; they stand in place of a test's.
    extra : float
        Credit by hand, on top.
    comment : str
        What a person wrote to it.
    waits : bool
        Whether neither a test nor a person has given points yet.
    to_confirm : bool
        Whether nbgrader wants points by hand to be confirmed.
    """

    score: float = 0.0
    points: float | None = None
    extra: float = 0.0
    comment: str = ""
    waits: bool = False
    to_confirm: bool = False


NOTHING = Given()


@dataclass(frozen=True)
class Sheet:
    """One notebook of one student's.

    Attributes
    ----------
    called : str
        The student's name and id.
    maximum : float
        The points to be had.
    penalty : float
        What being late took off.
    late : timedelta
        How long after the student's own deadline it was handed in.
    cells : dict
        What each cell was given, by its name.
    """

    student: str
    called: str
    notebook: str
    maximum: float
    penalty: float
    late: timedelta = timedelta(0)
    cells: dict[str, Given] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The points, with those by hand, before the late penalty."""
        return sum(given.score for given in self.cells.values())


def sheets(gradebook: Gradebook, lab: str, student: str = "") -> dict[tuple[str, str], Sheet]:
    """Return a lab's sheets by student and notebook: everybody's, or those of one student."""
    cells = _cells(gradebook, lab, student)
    found = _of_lab(
        gradebook,
        (
            SubmittedNotebook.id,
            SubmittedAssignment.student_id,
            Notebook.name,
            Notebook.max_score,
            SubmittedNotebook.late_submission_penalty,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
            Student.first_name,
            Student.last_name,
        ),
        lab,
        student,
    )
    return {
        (who, notebook): Sheet(
            student=who,
            called=called(who, first, last),
            notebook=notebook,
            maximum=maximum,
            penalty=off or 0.0,
            late=late(*times),
            cells=cells[key],
        )
        for key, who, notebook, maximum, off, *times, first, last in found
    }


def cells(gradebook: Gradebook, lab: str) -> dict[str, dict[str, Given]]:
    """Return what each cell was given, by the student and the cell's place."""
    found = sheets(gradebook, lab)
    called = several({notebook for _, notebook in found})
    given: dict[str, dict[str, Given]] = {}
    for (student, notebook), sheet in found.items():
        at = {place(name, called[notebook]): one for name, one in sheet.cells.items()}
        given[student] = given.get(student, {}) | at
    return given


def with_points(gradebook: Gradebook, lab: str) -> frozenset[str]:
    """Return the students of whom a test or a person has marked a cell."""
    points = Grade.auto_score.isnot(None) | Grade.manual_score.isnot(None)
    marked = (Grade, (Grade.notebook_id == SubmittedNotebook.id) & points)
    return frozenset(s for (s,) in _of_lab(gradebook, (Student.id,), lab, "", marked))


def said(test: TestResult, given: Given) -> list[str]:
    """Return what a student is told of a cell's points: by whom, how many, and why."""
    lines = [test.message]
    if given.points is not None:
        lines = [f"Marked by your teacher: {number(given.points)} of {number(test.maximum)}."]
        if test.status != "manual":
            lines.append(
                f"The test gave {number(test.points or 0)} of {number(test.maximum)}: "
                f"{test.message}"
            )
    elif given.waits:
        lines = ["Your teacher marks this. It waits for points."]
    if given.extra:
        lines.append(f"Extra credit from your teacher: {number(given.extra)}.")
    return lines


def explanation(test: TestResult, given: Given) -> list[str]:
    """Return all that a student is told of a cell, as plain text."""
    comment = [f"Comment: {given.comment}"] if given.comment else []
    return [*said(test, given), *comment, *test.explanation[1:]]


def _of_lab(
    gradebook: Gradebook, columns: tuple[Any, ...], lab: str, student: str, *joined: Any
) -> Iterable[Any]:
    """Ask about the submitted notebooks of a lab, in one query."""
    query = gradebook.db.query(*columns).select_from(SubmittedNotebook)
    for table, condition in joined:
        query = query.join(table, condition)
    query = (
        query.join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Student, SubmittedAssignment.student_id == Student.id)
        .filter(Assignment.name == lab)
    )
    found: Iterable[Any] = query.filter(Student.id == student) if student else query
    return found


def _cells(gradebook: Gradebook, lab: str, student: str) -> dict[str, dict[str, Given]]:
    """Return what each cell was given, by the submitted notebook's id and the cell's name."""
    comments = _of_lab(
        gradebook,
        (SubmittedNotebook.id, BaseCell.name, Comment.manual_comment),
        lab,
        student,
        (Comment, Comment.notebook_id == SubmittedNotebook.id),
        (BaseCell, Comment.cell_id == BaseCell.id),
    )
    written = {(key, cell): text for key, cell, text in comments}
    grades = _of_lab(
        gradebook,
        (
            SubmittedNotebook.id,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            Grade.needs_manual_grade,
        ),
        lab,
        student,
        (Grade, Grade.notebook_id == SubmittedNotebook.id),
        (BaseCell, Grade.cell_id == BaseCell.id),
    )
    given = {(key, cell): rest for key, cell, *rest in grades}
    cells: defaultdict[str, dict[str, Given]] = defaultdict(dict)
    for key, cell in sorted(given.keys() | written.keys()):
        test, points, extra, unsettled = given.get((key, cell), (0.0, None, None, False))
        score = points if points is not None else test
        cells[key][cell] = Given(
            score=(score or 0.0) + ((extra or 0.0) if score is not None else 0.0),
            points=points,
            extra=extra or 0.0,
            comment=written.get((key, cell)) or "",
            waits=score is None,
            to_confirm=bool(unsettled) and points is not None,
        )
    return cells
