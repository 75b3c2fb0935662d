"""Lab 1, declared: the one place that says what belongs to it."""

from __future__ import annotations

from grader_tests.engine.lab import Answer, Lab

lab = Lab(
    "lab1_helper_utilities",
    title="Helper utilities",
    builds="sigmoid, one-hot labels, cost, penalties",
    points={
        "test_sigmoid": 4,
        "test_sigmoid_prime": 4,
        "test_one_hot": 4,
        "test_compute_cost": 6,
        "test_l1": 3,
        "test_l1_grad": 3,
        "test_l2": 3,
        "test_l2_grad": 3,
    },
    answers={
        "sigmoid": Answer("Sigmoid", checks=("sigmoid",)),
        "one_hot": Answer("one_hot"),
        "compute_cost": Answer("compute_cost"),
        "regularization": Answer("Regularization", checks=("regularization",)),
    },
)
