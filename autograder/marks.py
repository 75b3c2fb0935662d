"""What a submission is worth in the end, as nbgrader's gradebook has it."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import SubmittedAssignment


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
    """

    score: float
    penalty: float
    waits: bool

    @classmethod
    def of(cls, submission: SubmittedAssignment) -> Mark:
        """Read it from the gradebook."""
        penalty = min(submission.late_submission_penalty or 0.0, submission.score)
        return cls(submission.score - penalty, penalty, submission.needs_manual_grade)


def exercises(submission: SubmittedAssignment) -> dict[str, float]:
    """Return the points of each test cell, before the late penalty."""
    return {grade.name: grade.score for book in submission.notebooks for grade in book.grades}


def number(value: float) -> str:
    """Write points with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
