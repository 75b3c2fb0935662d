"""A check that two labs share: the mean cross-entropy, under the name that each gives it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.checking.checklist import Checklist


def check_cross_entropy(
    exercise: str, cost: Callable, probabilities: str, dtypes: tuple[type, ...] = (np.float64,)
) -> None:
    """Check a mean cross-entropy on probabilities that are powers of 2.

    Parameters
    ----------
    exercise : str
        Name of the exercise.
    cost : callable
        Takes probabilities and one-hot labels, both of shape (n_classes, m).
    probabilities : str
        What the lab calls the former.
    dtypes : tuple of type
        Kinds of numbers in which probabilities of exactly 0 are tried.
    """
    checks = Checklist(exercise)
    checks.example(
        "one example, its own class at 1/4",
        2 * np.log(2),
        cost,
        np.array([[0.5], [0.25], [0.25]]),
        np.array([[0.0], [1.0], [0.0]]),
        hint="-log(1/4) is 2 log 2. The other classes cost nothing.",
    )
    checks.example(
        "three examples, their own classes at 1/2, 1/4 and 1/8",
        2 * np.log(2),
        cost,
        np.array([[0.5, 0.75, 0.875], [0.5, 0.25, 0.125]]),
        np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]),
        m=3,
        hint="1, 2 and 3 times log 2. What is their mean?",
    )
    for dtype in dtypes:
        name = "" if dtype is np.float64 else f", in {np.dtype(dtype).name}"
        exact, half = np.eye(2, dtype=dtype), np.array([[0.0, 0.5], [1.0, 0.5]], dtype)
        checks.example(
            f"sure and right: probabilities of exactly 0 and 1{name}",
            0.0,
            cost,
            exact,
            exact,
            atol=1e-5,
            hint=f"0 · log 0 is NaN to a computer. Keep {probabilities} a tiny distance away from "
            "0, and not so tiny that float32 takes it for 0.",
        )
        checks.example(
            f"sure and wrong: the cost is large, but below a million{name}",
            True,
            lambda P, Y: bool(4 < cost(P, Y) < 1e6),
            half,
            exact,
            hint="How large is -log of the smallest number that you allow?",
        )
    checks.report()
