"""Arguments that are no data, made from data: a random generator, a function to differentiate.

A check names a recipe and gives its numbers. Whoever runs the code under test makes the argument
on the spot, so that nothing but data has to travel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


def make(name: str, arguments: tuple) -> Any:
    """Make an argument by its recipe's name.

    Raises
    ------
    ValueError
        If there is no recipe of that name.
    """
    if name not in _RECIPES:
        raise ValueError(f"There is no recipe {name!r}. There are: {', '.join(_RECIPES)}.")
    return _RECIPES[name](*arguments)


def quadratic(A: np.ndarray, b: np.ndarray, c: float) -> Callable[[np.ndarray], float]:
    """Return f(theta) = sum(A * theta**2) + sum(b * theta) + c, with the gradient 2 A theta + b."""
    return lambda theta: float(np.sum(A * theta**2) + np.sum(b * theta) + c)


def smooth(A: np.ndarray) -> Callable[[np.ndarray], float]:
    """Return f(theta) = sum(sin(A * theta)), with the gradient A cos(A theta)."""
    return lambda theta: float(np.sum(np.sin(A * theta)))


def square_of_sum(A: np.ndarray) -> Callable[[np.ndarray], float]:
    """Return f(theta) = sum(A * theta)**2, with the gradient 2 sum(A * theta) A."""
    return lambda theta: float(np.sum(A * theta) ** 2)


def affine(a: np.ndarray, b: np.ndarray) -> Callable[..., np.ndarray]:
    """Return f(x) = a * x + b, which takes and ignores further arguments.

    If x is a list of arrays they are put side by side.
    """
    return lambda x, *_, **__: a * _side_by_side(x) + b


def distances(n: int) -> Callable[..., list[float] | float]:
    """Return f(x, y, ...): the means of |x - y|, of its square, and so on, n of them in a list.

    A single one is a number, not a list. If x is a list of arrays they are put side by side.
    """

    def means(x: np.ndarray | list[np.ndarray], y: np.ndarray, *_: Any, **__: Any) -> Any:
        apart = np.abs(_side_by_side(x) - y)
        found = [float(np.mean(apart**power)) for power in range(1, n + 1)]
        return found if n > 1 else found[0]

    return means


def _side_by_side(x: np.ndarray | list[np.ndarray]) -> np.ndarray:
    return np.concatenate(x, axis=1) if isinstance(x, list) else x


class PairingLoss:
    """The loss mean(y_true * (y_pred - y_true)) ** power, which knows its arguments apart.

    For a power of 1 it is a mean over examples; for others it tells who is in a batch with whom.
    """

    def __init__(self, power: int) -> None:
        self.power = power

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return float(np.mean(y_true * (y_pred - y_true)) ** self.power)

    def gradient(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        mean = np.mean(y_true * (y_pred - y_true))
        return self.power * mean ** (self.power - 1) * y_true / np.size(y_true)


class StepCounter:
    """An optimiser that moves nothing and counts its steps; asked to evaluate, it says how many."""

    def __init__(self) -> None:
        self.steps = 0

    def apply(self, layers: Iterable[Any]) -> None:
        self.steps += 1

    def __call__(self, *_: Any, **__: Any) -> float:
        return float(self.steps)


_RECIPES: dict[str, Callable] = {
    "rng": np.random.default_rng,
    "quadratic": quadratic,
    "smooth": smooth,
    "square_of_sum": square_of_sum,
    "affine": affine,
    "distances": distances,
    "pairing_loss": PairingLoss,
    "step_counter": StepCounter,
}
