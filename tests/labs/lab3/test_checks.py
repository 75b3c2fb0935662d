"""Lab 3's visible checks accept what is right, speak up where they can know, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests.engine import worked
from helpers.checking import lab3 as visible
from tests.support.checklists import all_pass

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab3_two_layer_softmax"
CELLS = [cell for cell in worked.cells(LAB) if not cell.startswith("test_")]
PREDICTIONS = ("get_predictions", "get_accuracy")


@pytest.fixture
def report(printed_by) -> Callable[[str, dict[str, Any]], str]:
    """Run a cell's visible check and return what it printed."""

    def run(cell: str, namespace: dict[str, Any]) -> str:
        if cell == PREDICTIONS[0]:
            return printed_by(visible.predictions, *(namespace[name] for name in PREDICTIONS))
        return printed_by(getattr(visible, cell), namespace[cell])

    return run


def everywhere(answer: Any) -> dict[str, Any]:
    """Return a namespace in which every exercise has the same answer."""
    return dict.fromkeys([*CELLS, *PREDICTIONS], answer)


@pytest.mark.parametrize("cell", CELLS)
def test_an_exercise_as_handed_out_is_not_written_yet(cell, report):
    def unwritten(*_):
        raise NotImplementedError()

    printed = report(cell, everywhere(unwritten))
    assert printed.startswith(cell)
    assert ": not written yet." in printed
    assert printed.count("\n") == 1


VALUES = [
    *(None, "text", 1j, np.nan, np.inf, 10**400, [], [1.0], {}, {"dW1": None}, object()),
    *(np.array([]), np.array(None), np.array(["a"]), np.ones((2, 2, 2)), np.full((2, 3), np.nan)),
    *([1, 2, 3, 4], (None,) * 4, ("a", "b", "c", "d"), [np.ones(3)] * 4, [[], {}, object(), 1j]),
    *(ValueError("no"), SystemExit(), RecursionError(), StopIteration(), KeyError("x")),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("cell", CELLS)
def test_no_answer_raises_or_passes(cell, value, report):
    def answer(*_):
        if isinstance(value, BaseException):
            raise value
        return value

    assert not all_pass(report(cell, everywhere(answer)))


@pytest.mark.parametrize("answer", [None, 3, "text", [], object(), print, int])
@pytest.mark.parametrize("cell", CELLS)
def test_nothing_in_the_place_of_an_answer_raises_or_passes(cell, answer, report):
    assert not all_pass(report(cell, everywhere(answer)))
