"""Hidden: the tests of Lab 5, and the mistakes that they know. Imports no other lab."""

from grader_tests.lab5.fit import test_fit
from grader_tests.lab5.graph import test_graph
from grader_tests.lab5.lab import lab
from grader_tests.lab5.layers import (
    test_dense_backward,
    test_dense_build,
    test_dense_forward,
    test_loss,
    test_sgd,
    test_to_categorical,
)
from grader_tests.lab5.models import test_evaluate, test_predict

__all__ = [
    "lab",
    "test_dense_backward",
    "test_dense_build",
    "test_dense_forward",
    "test_evaluate",
    "test_fit",
    "test_graph",
    "test_loss",
    "test_predict",
    "test_sgd",
    "test_to_categorical",
]
