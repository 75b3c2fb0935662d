"""The table that a grading run prints."""

from __future__ import annotations

from datetime import timedelta

import pytest

from autograder.commands import table
from autograder.results import notebook
from autograder.results.graded import Graded
from autograder.results.marks import Mark


def why(mark: Mark, *tests: notebook.TestResult) -> str:
    points = sum(test.points or 0 for test in tests)
    graded = Graded("ada", "lab", "graded", "", points, 8, [], {}, "", list(tests))
    ((_, _, said),) = table.rows([graded], {"ada": mark})
    return said


PASSED = notebook.TestResult("test_x", 4.0, 4.0, "passed", "Passed: 6 checks.")
BY_HAND = notebook.TestResult("why", None, 4.0, "manual", "Your teacher marks this.")


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(seconds=40), "40 seconds"),
        (timedelta(minutes=2, seconds=30), "2.5 minutes"),
        (timedelta(minutes=59), "59.0 minutes"),
        (timedelta(hours=1), "1.0 hours"),
        (timedelta(hours=47), "47.0 hours"),
        (timedelta(days=2, hours=12), "2.5 days"),
    ],
)
def test_how_late_is_said_so_that_it_is_never_nothing(late, said):
    assert why(Mark(4, 0, late=late), PASSED) == f"{said} late; all tests pass"


def test_what_waits_is_named_until_it_has_points():
    assert why(Mark(4, 0, ("why",)), PASSED, BY_HAND) == "waits for points: why; all tests pass"
    assert why(Mark(7.5, 0), PASSED, BY_HAND) == "+3.5 by hand; all tests pass"


def test_where_nothing_is_tested_no_test_is_said_to_pass():
    assert why(Mark(0, 0, ("why",)), BY_HAND) == "waits for points: why"
    assert why(Mark(3, 0), BY_HAND) == "+3 by hand"
