"""Hidden: the tests of Lab 2, and the mistakes that they know. Imports no other lab."""

from grader_tests.lab2.lab import lab
from grader_tests.lab2.tests import (
    test_backward_propagation,
    test_fit,
    test_forward_propagation,
    test_initialize_parameters,
    test_predict,
    test_update_parameters,
)

__all__ = [
    "lab",
    "test_backward_propagation",
    "test_fit",
    "test_forward_propagation",
    "test_initialize_parameters",
    "test_predict",
    "test_update_parameters",
]
