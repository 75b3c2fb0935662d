"""Lab 2's visible checks accept what is right, speak up where they can know, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests.engine import worked
from grader_tests.lab2 import bank as lab2_bank
from helpers.checking import lab2 as visible
from tests.support.checklists import all_pass

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab2_neural_network_class"
CLASSES = {"neural_network": "NeuralNetwork", "nn_classifier": "NNClassifier"}
CHECKS = {
    "initialize_parameters": "NeuralNetwork",
    "forward_propagation": "NeuralNetwork",
    "backward_propagation": "NeuralNetwork",
    "update_parameters": "NeuralNetwork",
    "fit": "NNClassifier",
    "predict": "NNClassifier",
}
# Known to the hidden tests alone. The checks do not ask how numbers are distributed, do not call a
# method twice or replace the sigmoid, and their network for `fit` does not learn.
SLIP_THROUGH = {
    "weights from the uniform distribution",
    "a sigmoid of one's own",
    "gradients that add up from call to call",
    "parameters changed on the way",
    "the penalties with the number of features",
    "one forward pass for all epochs",
    "a second fit that goes on",
}


@pytest.fixture
def report(printed_by) -> Callable[[str, Any], str]:
    """Run a visible check and return what it printed."""
    return lambda check, answer: printed_by(getattr(visible, check), answer)


@pytest.mark.parametrize("check", CHECKS)
def test_the_worked_answer_passes(check, report):
    printed = report(check, worked.load(LAB)[CHECKS[check]])
    assert all_pass(printed), printed
    assert printed.startswith(f"{check}: all ")


@pytest.mark.parametrize("variant", lab2_bank.RIGHT, ids=lambda variant: variant.name)
def test_a_right_answer_written_differently_passes(variant, report):
    definitions = variant.namespace(LAB)
    for check, name in CHECKS.items():
        if name == CLASSES[variant.cell]:
            printed = report(check, definitions[name])
            assert all_pass(printed), printed


@pytest.mark.parametrize("mistake", lab2_bank.MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_seen_where_it_is_and_nowhere_else(mistake, report):
    definitions = mistake.namespace(LAB)
    seen = {
        check
        for check, name in CHECKS.items()
        if name == CLASSES[mistake.cell] and not all_pass(report(check, definitions[name]))
    }
    lost = {test.removeprefix("test_") for test in mistake.loses}
    assert seen == (set() if mistake.name in SLIP_THROUGH else lost)


def test_every_mistake_known_to_slip_through_is_in_the_bank():
    assert {mistake.name for mistake in lab2_bank.MISTAKES} >= SLIP_THROUGH


class Unwritten:
    """An exercise as it is handed out."""

    def __init__(self, *_: Any, **__: Any) -> None: ...

    def initialize_parameters(self, *_: Any) -> None:
        raise NotImplementedError()

    forward_propagation = backward_propagation = update_parameters = initialize_parameters
    fit = predict = initialize_parameters


class Mute(Unwritten):
    """Methods that return nothing and keep nothing."""

    def initialize_parameters(self, *_: Any) -> None: ...

    forward_propagation = backward_propagation = update_parameters = initialize_parameters
    fit = predict = initialize_parameters


@pytest.mark.parametrize("check", CHECKS)
def test_an_exercise_as_handed_out_is_not_written_yet(check, report):
    printed = report(check, Unwritten)
    assert printed.startswith(f"{check}: not written yet.")
    assert printed.count("\n") == 1


@pytest.mark.parametrize("answer", [None, 3, "text", object(), print, int, np.ones, Mute])
@pytest.mark.parametrize("check", CHECKS)
def test_nothing_in_the_place_of_an_answer_raises_or_passes(check, answer, report):
    assert not all_pass(report(check, answer))
