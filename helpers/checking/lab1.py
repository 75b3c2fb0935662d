"""The visible checks of Lab 1. Their expected values can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.checking.checklist import Checklist


def sigmoid(Sigmoid: type) -> None:
    """Check the class `Sigmoid` at points where its value is known exactly."""
    checks = Checklist("Sigmoid")
    log3 = np.log(3)
    z = np.array([[0.0, log3, -log3], [2 * log3, -2 * log3, 0.0]])
    checks.example(
        "sigmoid of 0",
        0.5,
        lambda z: Sigmoid()(z),
        0,
    )
    checks.example(
        "sigmoid of ln 3 times [[0, 1, -1], [2, -2, 0]]",
        np.array([[0.5, 0.75, 0.25], [0.9, 0.1, 0.5]]),
        lambda z: Sigmoid()(z),
        z,
        hint="With z = ln 3, e^-z is 1/3.",
    )
    checks.example(
        "sigmoid of the integers [-800, 0, 800]",
        np.array([0, 0.5, 1]),
        lambda z: Sigmoid()(z),
        np.array([-800, 0, 800]),
        at=("z", np.array([-800, 0, 800])),
        hint="Which of your intermediate results is too large for a float?",
    )
    checks.example(
        "slope at ln 3 times [[0, 1, -1], [2, -2, 0]]",
        np.array([[0.25, 0.1875, 0.1875], [0.09, 0.09, 0.25]]),
        lambda z: Sigmoid().prime(z),
        z,
        hint="The argument is z, not the sigmoid's value.",
    )
    checks.example(
        "slope at -800, 0 and 800",
        np.array([0, 0.25, 0]),
        lambda z: Sigmoid().prime(z),
        np.array([-800.0, 0, 800]),
        at=("z", np.array([-800.0, 0, 800])),
    )
    checks.report()


def one_hot(one_hot: Callable) -> None:
    """Check `one_hot` on labels that do not name every class."""
    checks = Checklist("one_hot")
    checks.example(
        "labels 2, 0, 2 with four classes",
        np.array([[0, 1, 0], [0, 0, 0], [1, 0, 1], [0, 0, 0]]),
        one_hot,
        np.array([[2, 0, 2]]),
        4,
        hint="Rows are classes, columns are examples; a class that does not occur has a row, too.",
    )
    checks.example(
        "one example of the last of three classes",
        np.array([[0], [0], [1]]),
        one_hot,
        np.array([[2]]),
        3,
    )
    checks.report()


def compute_cost(compute_cost: Callable) -> None:
    """Check `compute_cost` on predictions whose cost is a multiple of log 2."""
    checks = Checklist("compute_cost")
    one_example = np.array([[0.5], [0.25]])
    three_examples = np.array([[0.5, 0.25, 0.5], [0.5, 0.5, 0.25]])
    checks.example(
        "one example, answers 1/2 and 1/4, true answers 0 and 1",
        3 * np.log(2),
        compute_cost,
        one_example,
        np.array([[0.0], [1.0]]),
        hint="-log(1/2) is log 2, and -log(1/4) is 2 log 2.",
    )
    checks.example(
        "three examples, two classes",
        8 / 3 * np.log(2),
        compute_cost,
        three_examples,
        np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]),
        m=3,
        hint="Sum over the classes, mean over the examples.",
    )
    checks.example(
        "perfect answers of exactly 0 and 1",
        0.0,
        compute_cost,
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        atol=1e-5,
        hint="0 · log 0 is NaN to a computer. Keep A2 a tiny distance away from 0 and from 1.",
    )
    checks.report()


def regularization(Regularization: type) -> None:
    """Check both penalties and their gradients on small whole numbers."""
    checks = Checklist("Regularization")
    W1 = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])
    W2 = np.array([[2.0, -1.0]])
    m = 4

    def call(method: str) -> Callable:
        return lambda W1, W2, m: getattr(Regularization(2.0, 8.0), method)(W1, W2, m)

    checks.example(
        "l1 with lambda_1 = 2, m = 4: half of all absolute values",
        12.0,
        call("l1"),
        W1,
        W2,
        m,
        m=m,
        hint="1 + 2 + 3 + 4 + 5 + 6 and 2 + 1 make 24.",
    )
    checks.example(
        "l1_grad",
        {
            "dW1": np.array([[0.5, -0.5, 0.5], [-0.5, 0.5, -0.5]]),
            "dW2": np.array([[0.5, -0.5]]),
        },
        call("l1_grad"),
        W1,
        W2,
        m,
        m=m,
        hint="The slope of |w| is 1 for positive and -1 for negative w.",
    )
    checks.example(
        "l2 with lambda_2 = 8, m = 4: all squares, once",
        96.0,
        call("l2"),
        W1,
        W2,
        m,
        m=m,
        hint="1 + 4 + 9 + 16 + 25 + 36 and 4 + 1 make 96.",
    )
    checks.example(
        "l2_grad",
        {"dW1": 2 * W1, "dW2": 2 * W2},
        call("l2_grad"),
        W1,
        W2,
        m,
        m=m,
        hint="The slope of w²/2 is w.",
    )
    checks.report()
