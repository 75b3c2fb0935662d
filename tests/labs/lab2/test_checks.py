"""Lab 2's visible checks accept what is right, speak up where they can know, and never raise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests import lab2
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


@pytest.fixture
def report(printed_by) -> Callable[[str, Any], str]:
    """Run a visible check and return what it printed."""
    return lambda check, answer: printed_by(getattr(visible, check), answer)


@pytest.mark.parametrize("mistake", lab2_bank.MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_seen_where_it_is_and_nowhere_else(mistake, report):
    definitions = mistake.namespace(LAB)
    seen = {
        check
        for check, name in CHECKS.items()
        if name == CLASSES[mistake.cell] and not all_pass(report(check, definitions[name]))
    }
    lost = {test.removeprefix("test_") for test in mistake.loses}
    assert seen == (set() if mistake.name in lab2.lab.hidden_only else lost)


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
