"""What Lab 4's visible checks say of a mistake is about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader_tests.engine.bank import Variant
from helpers.checking import lab4 as visible

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab4_deep_mini_batch"


@pytest.fixture
def report(printed_by) -> Callable[[str, dict[str, Any]], str]:
    """Run a visible check and return what it printed."""
    return lambda cell, namespace: printed_by(getattr(visible, cell), namespace[cell])


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
