"""What to look for in messages: lines of code, and numbers that hidden tests hand out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np

from grader_tests.engine.lab import Lab

FORMATS = ("{!r}", "{:.3f}", "{:.4f}", "{:.5g}", "{:.6g}", "{:.8f}")
QUOTED_LINE = re.compile(r"\bline \d+ of [^:`]+: `([^`]+)`")  # of code, in a message
DIGITS = 4  # that a number needs to be told from others


def numbers(value: Any) -> Iterator[float]:
    """Yield every fraction in an argument."""
    if isinstance(value, dict):
        yield from numbers(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)
    elif (
        isinstance(value, (float, np.ndarray, np.floating)) and np.asarray(value).dtype.kind in "f"
    ):
        yield from (float(number) for number in np.ravel(value))


def in_print(values: list[float]) -> set[str]:
    """Return how numbers look when printed, where that tells them from others."""
    printed = {shape.format(value) for shape in FORMATS for value in values}
    return {text for text in printed if len(text.strip("-0.").replace(".", "")) >= DIGITS}


def own_callables(lab: Lab, definitions: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    """Yield where each function and method of a worked lab's own lives, and its name."""
    for name, value in list(definitions.items()):
        if getattr(value, "__module__", None) != lab.name:
            continue
        if inspect.isclass(value):
            yield from (
                (value, method) for method, f in vars(value).items() if inspect.isfunction(f)
            )
        elif inspect.isfunction(value):
            yield definitions, name


def replace(owner: Any, name: str, change: Callable[[Callable], Callable]) -> None:
    """Put another function in the place of one that `own_callables` found."""
    if isinstance(owner, dict):
        owner[name] = wraps(owner[name])(change(owner[name]))
    else:
        setattr(owner, name, wraps(vars(owner)[name])(change(vars(owner)[name])))
