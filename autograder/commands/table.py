"""The table of marks that a grading run prints."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import timedelta

from autograder.results.class_list import NOT_LISTED
from autograder.results.graded import Graded
from autograder.results.marks import Mark, number
from autograder.results.notebook import FOREIGN
from autograder.safe.text import printable


def rows(
    graded: Iterable[Graded], marks: Mapping[str, Mark], strangers: Container[str] = ()
) -> list[tuple[str, str, str]]:
    """Return student, marks and reason, one row per submission.

    The marks are the gradebook's: points given by hand are in them, late penalties taken off.
    `strangers` are those who are not on the class list.
    """
    table = []
    for one in graded:
        mark = marks.get(one.student, Mark(one.points, 0, False))
        aside = [NOT_LISTED] if one.student in strangers else []
        if mark.late:
            aside.append(f"{_span(mark.late)} late")
        if mark.penalty:
            aside.append(f"{number(mark.penalty)} taken off for that")
        if by_hand := round(mark.score + mark.penalty - one.points, 2):
            aside.append(f"{by_hand:+g} by hand")
        if one.foreign:
            aside.append(FOREIGN)
        why = "; ".join([*aside, _reason(one)])
        table.append(
            (printable(one.student), f"{number(mark.score)} / {one.maximum:g}", printable(why))
        )
    return table


def render(
    graded: Iterable[Graded], marks: Mapping[str, Mark], strangers: Container[str] = ()
) -> str:
    """Lay the table out for a terminal."""
    table = [("student", "points", "why"), *rows(graded, marks, strangers)]
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
