"""What submissions are worth in the end, as nbgrader's gradebook has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    Gradebook,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
)

from autograder.results.notebook import place, several


@dataclass(frozen=True)
class Mark:
    """Points with those given by hand, and with the late penalty taken off.

    Attributes
    ----------
    score : float
        Points after the late penalty, never below 0.
    penalty : float
        What being late took off.
    waits : bool
        Whether an answer waits for points by hand.
    late : timedelta
        How long after the deadline, with the student's extension, it was handed in.
    """

    score: float
    penalty: float
    waits: bool
    late: timedelta = timedelta(0)


# One query each: the attributes of nbgrader's objects cost one for every number of every student.
def marks(gradebook: Gradebook, lab: str) -> dict[str, Mark]:
    """Return the mark of everyone who handed a lab in."""
    found = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            SubmittedAssignment.score,
            SubmittedAssignment.late_submission_penalty,
            SubmittedAssignment.needs_manual_grade,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        )
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == lab)
    )
    return {
        student: Mark(score - (off := min(late or 0.0, score)), off, bool(waits), _late(*times))
        for student, score, late, waits, *times in found
    }


def _late(
    handed_in: datetime | None, extension: timedelta | None, deadline: datetime | None
) -> timedelta:
    if handed_in is None or deadline is None:
        return timedelta(0)
    return max(handed_in - deadline - (extension or timedelta(0)), timedelta(0))


def exercises(gradebook: Gradebook, lab: str) -> dict[str, dict[str, float]]:
    """Return the points of each test cell, before the late penalty, by student.

    A cell has its notebook's name before its own where the lab has several notebooks.
    """
    called = several(notebook.name for notebook in gradebook.find_assignment(lab).notebooks)
    found = (
        gradebook.db.query(
            SubmittedAssignment.student_id, Notebook.name, BaseCell.name, Grade.score
        )
        .select_from(Grade)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == lab)
    )
    points: dict[str, dict[str, float]] = {}
    for student, notebook, name, score in found:
        points.setdefault(student, {})[place(name, called[notebook])] = score
    return points


def number(value: float) -> str:
    """Write points with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
