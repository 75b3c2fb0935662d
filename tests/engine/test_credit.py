"""Part of an exercise that is right earns its stated part of the points, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.results.notebook import as_outputs, read_results
from grader_tests import lab1
from grader_tests.engine import worked
from grader_tests.engine.credit import SHARES, Finding, share
from helpers.checking.namespace import local

LAB = "lab1_helper_utilities"


def finding(
    wrong=None, changed=False, extreme=False, may_change=False, shaped=True, works=True
) -> Finding:
    return Finding(wrong, changed, extreme, may_change, shaped, works)


def half_right(Y, n_classes):
    """Put the 1s where they belong as long as there is no fifth class."""
    return np.eye(n_classes)[:, Y.ravel() % 4]


def test_the_shares_are_the_whole() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([finding()], 1),
        ([finding("raised")], 0),
        ([finding("shape"), finding()], 0),
        ([finding("factor"), finding(), finding(extreme=True)], 0.2),
        ([finding("factor"), finding()], 0.25),
        ([finding("factor"), finding(may_change=True)], 0.25),
        ([finding("factor", may_change=True)], 0.2 / 0.7),
        ([finding(), finding("nan", extreme=True)], 0.8),
        ([finding(), finding("raised", extreme=True)], 0.8),
        ([finding(changed=True), finding(extreme=True)], 0.9),
        ([finding(changed=True)], 0.7 / 0.8),
        ([finding("value", shaped=False)], 0),
        ([finding(shaped=False), finding("nan", extreme=True, shaped=False)], 0.6 / 0.8),
        ([finding("value", works=False), finding(works=False)], 0),
        ([finding("value", works=False), finding(works=True)], 0.25),
        ([finding(works=False), finding("nan", extreme=True, works=False)], 0),
    ],
)
def test_share(findings: list[Finding], expected: float) -> None:
    assert share(findings) == pytest.approx(expected, abs=1e-4)


def run(test: str, **definitions):
    return lab1.lab.tests[test].run(local(worked.load(LAB) | definitions), seed=0)


def test_right_shapes_and_wrong_values() -> None:
    verdict = run("test_one_hot", one_hot=half_right)
    assert (verdict.passed, verdict.share) == (False, 0.25)


def test_right_shapes_without_a_right_value_are_worth_nothing() -> None:
    assert run("test_one_hot", one_hot=lambda Y, n: np.full((n, Y.size), 7.0)).share == 0


def test_a_number_of_the_right_kind_is_no_merit() -> None:
    assert run("test_compute_cost", compute_cost=lambda A, Y: 1.0).share == 0


def test_nothing_written_earns_nothing() -> None:
    def unwritten(*_):
        raise NotImplementedError

    assert run("test_one_hot", one_hot=unwritten).share == 0


def test_all_but_the_extremes() -> None:
    def unguarded(A2, Y):
        with np.errstate(all="ignore"):
            return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]

    assert run("test_compute_cost", compute_cost=unguarded).share == pytest.approx(0.75)


def test_nbgrader_reads_the_same_points(graded_notebook) -> None:
    verdict = run("test_one_hot", one_hot=half_right)
    (result,) = read_results(graded_notebook(as_outputs(verdict, 4)))
    assert (result.points, result.maximum, result.status) == (1, 4, "partial")
    assert result.message == verdict.message


def test_a_plain_kernel_gives_the_same_points() -> None:
    lab = worked.load(LAB) | {"one_hot": half_right}
    assert lab1.test_one_hot(lab) == 1


@pytest.fixture
def graded_notebook():
    from nbformat.v4 import new_code_cell, new_notebook

    def make(outputs):
        nbgrader = {"grade": True, "solution": False, "grade_id": "test_one_hot", "points": 4}
        return new_notebook(cells=[new_code_cell(outputs=outputs, metadata={"nbgrader": nbgrader})])

    return make
