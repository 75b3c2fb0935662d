"""What submissions are worth in the end, as nbgrader's gradebook has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment

from autograder.results.late import late
from autograder.results.sheets import cells, with_points


@dataclass(frozen=True)
class Mark:
    """Points with those given by hand, and with the late penalty taken off.

    Attributes
    ----------
    score : float
        Points after the late penalty, never below 0.
    penalty : float
        What being late took off.
    waits : tuple of str
        The cells that wait for points by hand.
    late : timedelta
        How long after the deadline, with the student's extension, it was handed in.
    """

    score: float
    penalty: float
    waits: tuple[str, ...] = ()
    late: timedelta = timedelta(0)


# One query each: the attributes of nbgrader's objects cost one for every number of every student.
def marks(gradebook: Gradebook, lab: str) -> dict[str, Mark]:
    """Return the mark of everyone who handed a lab in.

    An extension that was given before makes nbgrader enter an empty submission: it has no mark.
    """
    found = (
        gradebook.db.query(
            SubmittedAssignment.student_id,
            SubmittedAssignment.score,
            SubmittedAssignment.late_submission_penalty,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
        )
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .filter(Assignment.name == lab)
    )
    given, marked = cells(gradebook, lab), with_points(gradebook, lab)
    return {
        student: Mark(
            score=score - (off := min(penalty or 0.0, score)),
            penalty=off,
            waits=tuple(at for at, one in given.get(student, {}).items() if one.waits),
            late=late(when, extension, deadline),
        )
        for student, score, penalty, when, extension, deadline in found
        if when or extension is None or student in marked
    }
