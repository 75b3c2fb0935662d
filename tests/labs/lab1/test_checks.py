"""Lab 1's visible checks accept what is right, speak up where they can know, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests.engine.worked import load
from helpers.checking import lab1 as visible
from tests.support.checklists import all_pass

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab1_helper_utilities"
ANSWERS = {
    "sigmoid": "Sigmoid",
    "one_hot": "one_hot",
    "compute_cost": "compute_cost",
    "regularization": "Regularization",
}


@pytest.fixture
def report(printed_by) -> Callable[[str, Any], str]:
    """Run a visible check and return what it printed."""
    return lambda cell, answer: printed_by(getattr(visible, cell), answer)


@pytest.mark.parametrize("cell", ANSWERS)
def test_an_exercise_as_handed_out_is_not_written_yet(cell, report):
    class Unwritten:
        def __call__(self, *_):
            raise NotImplementedError()

        prime = l1 = l1_grad = l2 = l2_grad = __call__

    answer = Unwritten() if cell in ("one_hot", "compute_cost") else lambda *_: Unwritten()
    printed = report(cell, answer)
    assert printed.startswith(f"{ANSWERS[cell]}: not written yet.")
    assert printed.count("\n") == 1


class Anything:
    """Stands for a function, a class and its objects: whatever is called returns `value`."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, *_: Any) -> Any:
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value

    prime = l1 = l1_grad = l2 = l2_grad = __call__


class OfAnything(Anything):
    def __call__(self, *_: Any) -> Any:
        return Anything(self.value)


VALUES = [
    *(None, "text", 1j, np.nan, np.inf, 10**400, [], [1.0], {}, {"dW1": None, "dW2": 1}, object()),
    *(np.array([]), np.array(None), np.array(["a"]), np.ones((2, 2, 2)), np.full((2, 3), np.nan)),
    *(np.float16(2), np.uint8(3), {"dW1": np.ones((2, 3)), "dW2": "x"}),
    *(ValueError("no"), SystemExit(), RecursionError(), StopIteration(), KeyError("x")),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("cell", ANSWERS)
def test_no_answer_raises_or_passes(cell, value, report):
    kind = Anything if cell in ("one_hot", "compute_cost") else OfAnything
    assert f"{ANSWERS[cell]}: 0 of " in report(cell, kind(value))


@pytest.mark.parametrize("answer", [None, 3, "text", [], object(), print, int, Anything])
@pytest.mark.parametrize("cell", ANSWERS)
def test_nothing_in_the_place_of_an_answer_raises_or_passes(cell, answer, report):
    assert f"{ANSWERS[cell]}: 0 of " in report(cell, answer)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda Y, n: np.arange(n)[:, None] != Y, id="wrong booleans"),
        pytest.param(lambda Y, n: np.full((n, Y.size), 1e308), id="overflow"),
    ],
)
def test_wrong_answers_that_the_comparison_stumbles_over(answer, report):
    assert report("one_hot", answer).startswith("one_hot: 0 of ")


def test_warnings_of_the_answer_are_not_shown(report):
    worked = load(LAB)["compute_cost"]

    def noisy(A2, Y):
        print("debugging", A2)
        np.log(np.zeros(3))
        return worked(A2, Y)

    assert all_pass(report("compute_cost", noisy))
