"""What a hidden test tries, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from helpers.checking.attempt import StudentError
from helpers.checking.compare import ATOL, RTOL

FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}  # for results that were float32 at some point on their way


def as_if_read(text: str) -> str:
    """Return an equal text that is another object, as one from a file or another process is."""
    return "".join(list(text))


@dataclass(frozen=True)
class Case:
    """One thing that a hidden test tries.

    Attributes
    ----------
    label : str
        What is tried, in words that give no hidden value away.
    action : callable
        Takes a student namespace and returns what is to be compared. It is done several times, for
        known mistakes, too: it keeps nothing, and draws nothing at random.
    m : int or None
        Number of examples in the inputs.
    at : (str, ndarray) or None
        An input that belongs to the result entry by entry.
    rtol, atol : float
        Tolerances for float64 results.
    accept : callable or None
        Where more than one answer is right: takes what came back (known to have the reference's
        structure and shape) and returns None, or a sentence that says what is wrong.
    takes_work : bool
        With `accept`, whether nothing is accepted that needs no work, such as zeros or noise.
    may_change_inputs : bool
        Whether the code may alter its arguments in place.
    extreme : bool
        Whether this tries extremes, which carry points of their own: see `credit`.
    parts : tuple of str
        Functions and classes of the same lab that the code under test is made of. The worked
        lab's stand in for them, so that a wrong part is not paid for twice.
    names : tuple of str
        What the results are called, where the action returns several.
    otherwise : Case or None
        Another way to ask for the same, tried where the first finds fault: code that is right
        either way is right. For code that the first way would keep from its own parts; or, where
        stand-ins would take long, the way with them, so that wrong parts do no harm.
    """

    label: str
    action: Callable[[Any], Any]
    m: int | None = None
    at: tuple[str, np.ndarray] | None = None
    rtol: float = RTOL
    atol: float = ATOL
    accept: Callable[[Any], str | None] | None = None
    takes_work: bool = True
    may_change_inputs: bool = False
    extreme: bool = False
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    otherwise: Case | None = None


@dataclass(frozen=True)
class Outcome:
    """What one case gave: a value, or the reason why there is none."""

    value: Any = None
    error: StudentError | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A case, with the worked lab's answer to it, and the arrays that it was given.

    Attributes
    ----------
    case : Case
    expected : Any
    inputs : dict of str to ndarray
        The last array of each name.
    given : tuple of ndarray
        All of them, whatever they stood in.
    """

    case: Case
    expected: Any
    inputs: dict[str, np.ndarray]
    given: tuple[np.ndarray, ...] = ()
