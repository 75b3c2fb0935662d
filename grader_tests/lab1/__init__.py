"""Hidden: the tests of Lab 1, and the mistakes that they know. Imports no other lab."""

from grader_tests.lab1.lab import lab
from grader_tests.lab1.tests import (
    test_compute_cost,
    test_l1,
    test_l1_grad,
    test_l2,
    test_l2_grad,
    test_one_hot,
    test_sigmoid,
    test_sigmoid_prime,
)

__all__ = [
    "lab",
    "test_compute_cost",
    "test_l1",
    "test_l1_grad",
    "test_l2",
    "test_l2_grad",
    "test_one_hot",
    "test_sigmoid",
    "test_sigmoid_prime",
]
