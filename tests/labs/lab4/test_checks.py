"""Lab 4's visible checks accept what is right, speak up where they can know, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests.engine import worked
from grader_tests.engine.bank import Variant
from helpers.checking import lab4 as visible
from tests.support.checklists import all_pass

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab4_deep_mini_batch"
CELLS = [cell for cell in worked.cells(LAB) if not cell.startswith("test_")]


@pytest.fixture
def report(printed_by) -> Callable[[str, dict[str, Any]], str]:
    """Run a visible check and return what it printed."""
    return lambda cell, namespace: printed_by(getattr(visible, cell), namespace[cell])


def everywhere(answer: Any) -> dict[str, Any]:
    """Return a namespace in which every exercise has the same answer."""
    return dict.fromkeys(CELLS, answer)


@pytest.mark.parametrize(
    ("cell", "old", "new", "said"),
    [
        ("linear_forward", "W @ A + b", "W @ A", "such as a bias"),
        ("linear_forward", "W @ A + b", "W @ A - b", "such as a bias"),
        ("deep_layer", "(linear_cache, Z)", "(Z, linear_cache)", "not (linear_cache, Z)"),
        ("deep_layer", "(linear_cache, Z)", "(*linear_cache, Z)", "not (linear_cache, Z)"),
        ("forward_pass", "range(1, depth + 1)", "range(1, depth)", "are 2, not 3"),
        ("linear_backward", "dZ / dZ.shape[1]", "dZ", "division by m, for the mean, missing"),
        ("update_parameters", "value -", "value +", "in the opposite direction"),
        ("update_parameters", "learning_rate * ", "", "what comes on top of W1 is too large"),
        ("random_mini_batches", "m, batch_size)", "m + 1, batch_size)", "no smaller batch"),
        ("random_mini_batches", "order =", "rng.shuffle(X); order =", "changed its input X."),
        ("random_mini_batches", "return batches", "return batches[0]", "not a list of pairs"),
        ("train_model", "return parameters, costs", "return costs, parameters", "not a dict of"),
    ],
)
def test_what_is_said_of_a_mistake_is_about_it(cell, old, new, said, report):
    printed = report(cell, Variant("", cell, ((old, new),)).namespace(LAB))
    assert said in printed


@pytest.mark.parametrize("cell", CELLS)
def test_an_exercise_as_handed_out_is_not_written_yet(cell, report):
    def unwritten(*_):
        raise NotImplementedError()

    printed = report(cell, everywhere(unwritten))
    assert printed.startswith(cell)
    assert ": not written yet." in printed
    assert printed.count("\n") == 1


VALUES = [
    *(
        None,
        "text",
        1j,
        np.nan,
        np.inf,
        10**400,
        [],
        [1.0],
        {},
        {"W1": None, "dW1": None},
        object(),
    ),
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
