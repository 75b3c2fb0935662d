"""Fixtures and the closing lines that several test files share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

_TALLY: defaultdict[str, set] = defaultdict(set)

SYLLABUS_POINTS = {
    "lab1_helper_utilities": {
        "test_sigmoid": 4,
        "test_sigmoid_prime": 4,
        "test_one_hot": 4,
        "test_compute_cost": 6,
        "test_l1": 3,
        "test_l1_grad": 3,
        "test_l2": 3,
        "test_l2_grad": 3,
    },
    "lab2_neural_network_class": {
        "test_initialize_parameters": 4,
        "test_forward_propagation": 8,
        "test_backward_propagation": 12,
        "test_update_parameters": 4,
        "test_fit": 6,
        "test_predict": 6,
    },
    "lab3_two_layer_softmax": {
        "test_init_params": 3,
        "test_relu": 2,
        "test_relu_derivative": 2,
        "test_softmax": 5,
        "test_cross_entropy": 4,
        "test_forward_prop": 6,
        "test_backward_prop": 10,
        "test_numerical_gradient": 4,
        "test_update_params": 2,
        "test_get_predictions": 1,
        "test_get_accuracy": 1,
        "test_gradient_descent": 5,
    },
    "lab4_deep_mini_batch": {
        "test_initialize_parameters": 4,
        "test_linear_forward": 3,
        "test_deep_layer": 5,
        "test_forward_pass": 6,
        "test_compute_cost": 4,
        "test_linear_backward": 6,
        "test_backward_activation": 6,
        "test_backward_pass": 10,
        "test_update_parameters": 2,
        "test_random_mini_batches": 6,
        "test_train_model": 5,
        "test_predict": 3,
    },
    "lab5_functional_api": {
        "test_to_categorical": 3,
        "test_dense_build": 4,
        "test_dense_forward": 6,
        "test_dense_backward": 10,
        "test_loss": 5,
        "test_sgd": 5,
        "test_graph": 8,
        "test_predict": 4,
        "test_fit": 10,
        "test_evaluate": 5,
    },
}


@pytest.fixture
def tally() -> defaultdict[str, set]:
    """Collect what the bank's tests found, for the summary."""
    return _TALLY


@pytest.fixture
def printed_by(capfd) -> Callable[..., str]:
    """Run a visible check on answers and return what it printed, all of it to stdout."""

    def run(check: Callable[..., None], *answers: Any) -> str:
        assert check(*answers) is None
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return run


@pytest.fixture
def syllabus_points() -> dict[str, dict[str, float]]:
    return SYLLABUS_POINTS


def pytest_terminal_summary(terminalreporter) -> None:
    for what, found in sorted(_TALLY.items()):
        terminalreporter.write_line(f"bank: {len(found)} {what}")
