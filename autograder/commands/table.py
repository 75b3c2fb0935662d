"""The table of marks that a grading run prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from autograder.results.graded import Graded
from autograder.results.marks import Mark, number
from autograder.results.notebook import FOREIGN


def rows(graded: Iterable[Graded], marks: Mapping[str, Mark]) -> list[tuple[str, str, str]]:
    """Return student, marks and reason, one row per submission.

    The marks are the gradebook's: points given by hand are in them, late penalties taken off.
    """
    table = []
    for one in graded:
        mark = marks.get(one.student, Mark(one.points, 0, False))
        aside = []
        if mark.late:
            aside.append(f"{_span(mark.late)} late")
        if mark.penalty:
            aside.append(f"{number(mark.penalty)} taken off for that")
        if by_hand := round(mark.score + mark.penalty - one.points, 2):
            aside.append(f"{by_hand:+g} by hand")
        if FOREIGN in one.notes:
            aside.append(FOREIGN)
        why = "; ".join([*aside, _reason(one)])
        table.append(
            (printable(one.student), f"{number(mark.score)} / {one.maximum:g}", printable(why))
        )
    return table


def render(graded: Iterable[Graded], marks: Mapping[str, Mark]) -> str:
    """Lay the table out for a terminal."""
    table = [("student", "points", "why"), *rows(graded, marks)]
    widths = [max(len(row[column]) for row in table) for column in (0, 1)]
    return "\n".join(
        f"{student:<{widths[0]}}  {points:>{widths[1]}}  {why}" for student, points, why in table
    )


def _span(late: timedelta) -> str:
    hours = late.total_seconds() / 3600
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"


def _reason(graded: Graded) -> str:
    if graded.reason:
        return graded.reason
    lost = [test for test in graded.tests if test.status not in ("passed", "manual")]
    if not lost:
        return "all tests pass"
    messages = list(dict.fromkeys(test.mistake or test.message for test in lost))
    more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
    return f"{messages[0]}{more}"


def printable(text: str) -> str:
    """Put a blank for every letter that would act on a terminal, such as an escape sequence."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
