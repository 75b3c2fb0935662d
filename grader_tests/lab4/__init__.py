"""Hidden: the tests of Lab 4, and the mistakes that they know. Imports no other lab."""

from grader_tests.lab4.lab import lab
from grader_tests.lab4.tests import (
    test_backward_activation,
    test_backward_pass,
    test_compute_cost,
    test_deep_layer,
    test_forward_pass,
    test_initialize_parameters,
    test_linear_backward,
    test_linear_forward,
    test_predict,
    test_random_mini_batches,
    test_train_model,
    test_update_parameters,
)

__all__ = [
    "lab",
    "test_backward_activation",
    "test_backward_pass",
    "test_compute_cost",
    "test_deep_layer",
    "test_forward_pass",
    "test_initialize_parameters",
    "test_linear_backward",
    "test_linear_forward",
    "test_predict",
    "test_random_mini_batches",
    "test_train_model",
    "test_update_parameters",
]
