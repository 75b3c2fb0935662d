"""Answers without work: an input as it was, or something of the right shape and kind."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from grader_tests.engine import worked
from grader_tests.engine.lab import Lab

Fill = Callable[[np.ndarray], np.ndarray]  # from a right array to another of its shape

_NOISE = np.random.default_rng(20261129)
_FILLS: dict[str, Fill] = {
    "zeros": np.zeros_like,
    "ones": np.ones_like,
    "sevens": lambda right: np.full(right.shape, 7.0),
    "tenths": lambda right: np.full(right.shape, 0.1),
    "hundreds": lambda right: np.full(right.shape, 100.0),
    "minus a million": lambda right: np.full(right.shape, -1e6),
    "noise": lambda right: _NOISE.normal(size=right.shape),
    "small noise": lambda right: _NOISE.normal(0, 0.05, right.shape),
    "noise from 0 to 1": lambda right: _NOISE.uniform(size=right.shape),
    "labels at random": lambda right: _NOISE.integers(0, 3, right.shape),
}
# With "left behind", what the work would leave in objects is filled as well as what it returns.
WAYS = (
    *("nothing", "the first input", "the inputs that fit"),
    *(f"{fill}{left}" for fill in _FILLS for left in ("", ", left behind")),
)
WORK = "the work, left behind"  # the same way, to see that it leads there
_FILLS["the work"] = lambda right: right


def idle(lab: Lab, names: Iterable[tuple[str, ...]], way: str) -> dict[str, Any]:
    """Return the worked lab's names, of which some functions and methods do no work.

    Parameters
    ----------
    lab : Lab
    names : iterable of (function,) or (class, method)
        Which.
    way : str
        One of `WAYS`, or `WORK`.
    """
    namespace = worked.load(lab.name)
    for name, *method in names:
        if method:
            right = getattr(namespace[name], *method)
            setattr(namespace[name], *method, _without_work(right, way))
        else:
            namespace[name] = _without_work(namespace[name], way)
    return namespace


def _without_work(right: Callable, way: str) -> Callable:
    fill, _, left_behind = way.partition(", ")

    @wraps(right)
    def answer(*args: Any, **kwargs: Any) -> Any:
        arrays = list(_arrays(args))
        if fill == "nothing":
            return None
        if fill == "the first input":
            return arrays[0] if arrays else args[-1]
        twins: dict[int, Any] = {}
        value = right(*copy.deepcopy(args, twins), **kwargs)
        if fill == "the inputs that fit":
            return _filled(value, lambda array: _first_that_fits(array, arrays))
        if left_behind:
            for real in _objects(args):
                _leave_behind(real, twins.get(id(real)), _FILLS[fill])
        return _filled(value, _FILLS[fill])

    return answer


def _filled(value: Any, fill: Fill) -> Any:
    """Put other numbers in the place of all those of a right answer."""
    if isinstance(value, np.ndarray):
        return fill(value.astype(float))
    if isinstance(value, (int, float, np.generic)):
        return float(np.asarray(fill(np.asarray(value, dtype=float))).flat[0])
    if isinstance(value, (tuple, list)):
        return type(value)(_filled(item, fill) for item in value)
    if isinstance(value, dict):
        return {key: _filled(item, fill) for key, item in value.items()}
    if hasattr(value, "history"):
        value.history = _filled(value.history, fill)
    return value


def _first_that_fits(array: np.ndarray, given: list[np.ndarray]) -> np.ndarray:
    return next((one for one in given if one.shape == array.shape), np.zeros_like(array))


def _leave_behind(real: Any, twin: Any, fill: Fill) -> None:
    """Fill what the work changed in an object's twin, and keep it in the object."""
    for name, value in vars(twin).items() if twin is not None else ():
        numbers = isinstance(value, np.ndarray) or (
            isinstance(value, list) and all(isinstance(item, float) for item in value)
        )
        if numbers and not np.array_equal(value, vars(real).get(name, ())):
            setattr(real, name, _filled(value, fill))


def _arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    for item in _inside(value):
        yield from _arrays(item)


def _objects(value: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Yield the objects among arguments, and those that belong to them."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    thing = (
        hasattr(value, "__dict__") and not inspect.isroutine(value) and not inspect.isclass(value)
    )
    own = vars(value) if thing else {}
    if own:
        yield value
    for item in (*_inside(value), *own.values()):
        yield from _objects(item, seen)


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (tuple, list)) else []
