"""What labs share of testing a cross-entropy, its examples in columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from grader_tests.engine.case import Case

# No number above 0 that NumPy knows has a logarithm below -750.
_MOST = 1e6

_RIGHT = np.array([[0.0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]])
_SURE = np.array([[0.0, 1, 0], [1, 0, 1]])


def cases(
    name: str, rng: np.random.Generator, with_zeros: np.ndarray, float32: bool = False
) -> Iterator[Case]:
    """Ask a function for the cost of probabilities and labels.

    Parameters
    ----------
    name : str
        The function's, in the namespace.
    rng : Generator of the hidden inputs
    with_zeros : ndarray
        Probabilities of three classes for four examples. They are 0 in the first row where the
        first example and the last have another class, and in the last row for the third.
    float32 : bool, optional
        Whether to ask for the cost of a wrong answer in float32, too.
    """
    yield from _of_examples(name, rng)
    exact = _one_hot(rng, 3, 5)
    yield Case(
        "probabilities of exactly 0 and 1, all of them right",
        partial(_cost, name=name, A=exact, Y=exact),
        atol=1e-4,
        extreme=True,
    )
    yield Case(
        "some probabilities of exactly 0, all of them right",
        partial(_cost, name=name, A=with_zeros, Y=_RIGHT.copy()),
        m=4,
        rtol=1e-5,
        extreme=True,
    )
    label = "a probability of exactly 0 for the true class"
    sure: dict[str, Any] = {"accept": costly(5), "takes_work": False, "extreme": True}
    yield Case(label, partial(_cost, name=name, A=_SURE.copy(), Y=1 - _SURE), **sure)
    if float32:
        A = _SURE.astype(np.float32)
        yield Case(f"{label}, in float32", partial(_cost, name=name, A=A, Y=1 - A), **sure)


def _of_examples(name: str, rng: np.random.Generator) -> Iterator[Case]:
    examples = {
        "four classes, seven examples": _example(rng, 4, 7),
        "a single example": _example(rng, 5, 1),
        "more classes than examples": _example(rng, 6, 3),
    }
    # rtol leaves room for log(A + 1e-7), another way to guard the logarithm.
    for label, (A, Y) in examples.items():
        yield Case(label, partial(_cost, name=name, A=A, Y=Y), m=Y.shape[1], rtol=1e-5)


def _example(rng: np.random.Generator, n_classes: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw probabilities that are not close to 0, and labels."""
    A = rng.uniform(0.1, 1, (n_classes, m))
    return A / A.sum(axis=0), _one_hot(rng, n_classes, m)


def _one_hot(rng: np.random.Generator, n_classes: int, m: int) -> np.ndarray:
    return np.eye(n_classes)[:, rng.integers(0, n_classes, m)]


def _cost(s: Any, name: str, A: np.ndarray, Y: np.ndarray) -> Any:
    return getattr(s, name)(A, Y)


def costly(least: float) -> Callable[[float], str | None]:
    """Return a judge of the cost where all answers are sure and wrong, for `Case.accept`.

    It is finite, and in proportion. How much it is depends on how far from 0 the logarithm is
    guarded, which is a free choice. A guard of 1e-7 is accepted with room to spare, so that a cost
    that is wrong in another way, such as half of what it should be, is told what that is.
    """

    def judge(cost: float) -> str | None:
        if cost <= least:
            return "the cost of answers that are sure and wrong should be large."
        if cost > _MOST:
            return (
                "no guarded logarithm is as large as your cost of answers that are sure and wrong."
            )
        return None

    return judge
