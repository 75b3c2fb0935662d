"""The marks that a grading run prints: a table for people, data for scripts."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from autograder.results.class_list import NOT_LISTED
from autograder.results.graded import Graded
from autograder.results.late import span
from autograder.results.marks import Mark
from autograder.results.notebook import FOREIGN, TestResult, number, titles
from autograder.results.sheets import Given
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
        mark = marks.get(one.student, Mark(one.points, 0))
        aside = [NOT_LISTED] if one.student in strangers else []
        if mark.late:
            aside.append(f"{span(mark.late)} late")
        if mark.penalty:
            aside.append(f"{number(mark.penalty)} taken off for that")
        if by_hand := round(mark.score + mark.penalty - one.points, 2):
            aside.append(f"{by_hand:+g} by hand")
        if mark.waits:
            aside.append(f"waits for points: {titles(mark.waits, one.tests)}")
        if one.foreign:
            aside.append(FOREIGN)
        why = "; ".join(filter(None, [*aside, _reason(one)]))
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


def as_data(
    graded: Iterable[Graded],
    marks: Mapping[str, Mark],
    given: Mapping[str, Mapping[str, Given]],
) -> list[dict[str, Any]]:
    """Return all that was found, with what counts in the end.

    `points` have those by hand in them, `score` has what being late took off, too.
    """
    data = []
    for one in graded:
        mark, cells = marks[one.student], given[one.student]
        tests = [_of_test(test, cells[test.place]) for test in one.tests]
        counts = {"points": round(mark.score + mark.penalty, 2), "score": round(mark.score, 2)}
        aside = {"late_penalty": round(mark.penalty, 2), "waits_for_points": list(mark.waits)}
        data.append(asdict(one) | counts | aside | {"tests": tests})
    return data


def _of_test(test: TestResult, given: Given) -> dict[str, Any]:
    return asdict(test) | {
        "points": None if given.waits else round(given.score, 2),
        "by_test": test.points,
        "by_hand": given.points,
        "extra_credit": given.extra,
        "comment": given.comment,
    }


def doubts(said: Mapping[str, str]) -> list[str]:
    """Return whose time was not believed, a line for each reason, to stand below the table.

    Parameters
    ----------
    said : mapping of str to str
        What is doubted, by student; empty where nothing is.
    """
    students: dict[str, list[str]] = {}
    for student, doubt in said.items():
        if doubt:
            students.setdefault(doubt, []).append(printable(student))
    return [f"Time of {', '.join(names)}: {doubt}" for doubt, names in students.items()]


def _reason(graded: Graded) -> str:
    if graded.reason:
        return graded.reason
    lost = [test for test in graded.tests if test.status not in ("passed", "manual")]
    if not lost:
        tested = any(test.status != "manual" for test in graded.tests)
        unanswered = dict.fromkeys(test.message for test in graded.tests if test.unwritten)
        return "; ".join([*(["all tests pass"] if tested else []), *unanswered])
    messages = list(dict.fromkeys(test.mistake or test.message for test in lost))
    more = f" (and {len(messages) - 1} more)" if len(messages) > 1 else ""
    return f"{messages[0]}{more}"
