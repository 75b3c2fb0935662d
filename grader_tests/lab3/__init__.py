"""Hidden: the tests of Lab 3, and the mistakes that they know. Imports no other lab."""

from grader_tests.lab3.lab import lab
from grader_tests.lab3.tests import (
    test_backward_prop,
    test_cross_entropy,
    test_forward_prop,
    test_get_accuracy,
    test_get_predictions,
    test_gradient_descent,
    test_init_params,
    test_numerical_gradient,
    test_relu,
    test_relu_derivative,
    test_softmax,
    test_update_params,
)

__all__ = [
    "lab",
    "test_backward_prop",
    "test_cross_entropy",
    "test_forward_prop",
    "test_get_accuracy",
    "test_get_predictions",
    "test_gradient_descent",
    "test_init_params",
    "test_numerical_gradient",
    "test_relu",
    "test_relu_derivative",
    "test_softmax",
    "test_update_params",
]
