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
        hint_on={"nan"},
    )
    checks.example(
        "sigmoid of the unsigned bytes [0, 200]",
        np.array([0.5, 1]),
        lambda z: Sigmoid()(z),
        np.array([0, 200], dtype=np.uint8),
        atol=1e-6,
        hint="The minus of a byte wraps around: -200 becomes 56. Turn z into floats first.",
        hint_on={"value"},
    )
    checks.example(
        "slope at ln 3 times [[0, 1, -1], [2, -2, 0]]",
        np.array([[0.25, 0.1875, 0.1875], [0.09, 0.09, 0.25]]),
        lambda z: Sigmoid().prime(z),
        z,
        hint="The argument is z, not the sigmoid's value.",
        hint_on={"value"},
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
    checks.example(
        "one example: A2 = [[1/2], [1/4]], Y = [[0], [1]]",
        3 * np.log(2),
        compute_cost,
        np.array([[0.5], [0.25]]),
        np.array([[0.0], [1.0]]),
        hint="-log(1/2) is log 2, and -log(1/4) is 2 log 2. The cost is 3 log 2.",
    )
    checks.example(
        "three examples: A2 = [[1/2, 1/4, 1/2], [1/2, 1/2, 1/4]], Y = [[0, 1, 1], [1, 0, 1]]",
        8 / 3 * np.log(2),
        compute_cost,
        np.array([[0.5, 0.25, 0.5], [0.5, 0.5, 0.25]]),
        np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]),
        m=3,
        hint="The columns cost 2, 3 and 3 log 2. Sum over the classes, mean over the examples.",
    )
    exact = np.array([[1.0, 0.0], [0.0, 1.0]])
    checks.example(
        "answers of exactly 0 and 1, all right: A2 = Y = [[1, 0], [0, 1]]",
        0.0,
        compute_cost,
        exact,
        exact,
        atol=1e-5,
        hint="0 · log 0 is NaN to a computer. Keep A2 a tiny distance away from 0 and from 1.",
        hint_on={"nan"},
    )
    checks.example(
        "the same answers, all right, as float32",
        0.0,
        compute_cost,
        exact.astype(np.float32),
        exact,
        atol=1e-5,
        hint="In float32 no number lies between 1 - 6e-8 and 1. Convert before you clip.",
        hint_on={"nan"},
    )
    checks.example(
        "the same answers, all wrong: is the cost larger than 10, and finite?",
        True,
        lambda A2, Y: bool(10 < compute_cost(A2, Y) < 10_000),
        exact,
        1 - exact,
        hint="Each of the four logarithms must be guarded, not left out.",
    )
    checks.report()


def regularization(Regularization: type) -> None:
    """Check both penalties and their gradients on small whole numbers."""
    checks = Checklist("Regularization")
    W1 = np.array([[1.0, -2.0, 3.0], [-4.0, 5.0, -6.0]])
    W2 = np.array([[2.0, -1.0]])
    lambda_1, lambda_2, m = 3.0, 20.0, 4

    def example(method: str, expected: object, hint: str) -> None:
        checks.example(
            f"{method} with lambda_1 = 3, lambda_2 = 20, m = 4, "
            "W1 = [[1, -2, 3], [-4, 5, -6]], W2 = [[2, -1]]",
            expected,
            lambda W1, W2, m: getattr(Regularization(lambda_1, lambda_2), method)(W1, W2, m),
            W1,
            W2,
            m,
            m=m,
            hint=hint,
        )

    example("l1", 18.0, "The absolute values add up to 24.")
    example(
        "l1_grad",
        {
            "dW1": np.array([[0.75, -0.75, 0.75], [-0.75, 0.75, -0.75]]),
            "dW2": np.array([[0.75, -0.75]]),
        },
        "The slope of |w| is 1 for positive and -1 for negative w.",
    )
    example("l2", 240.0, "The squares add up to 96.")
    example("l2_grad", {"dW1": 5 * W1, "dW2": 5 * W2}, "The slope of w²/2 is w.")
    checks.report()
