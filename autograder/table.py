"""The table of marks that a grading run prints."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.grading import Graded


def rows(graded: Iterable[Graded]) -> list[tuple[str, str, str]]:
    """Return student, marks and reason, one row per submission."""
    return [
        (printable(g.student), f"{g.points:g} / {g.maximum:g}", printable(_reason(g)))
        for g in graded
    ]


def render(graded: Iterable[Graded]) -> str:
    """Lay the table out for a terminal."""
    table = [("student", "points", "why"), *rows(graded)]
    widths = [max(len(row[column]) for row in table) for column in (0, 1)]
    return "\n".join(
        f"{student:<{widths[0]}}  {points:>{widths[1]}}  {why}" for student, points, why in table
    )


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
