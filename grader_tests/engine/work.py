"""Whether an answer shows work: whether something in it is right that nobody gets for nothing.

Zeros, a constant, noise or an input as it was may have the right shape, and be right by chance.
None of them is worth a point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from helpers.checking.compare import Setting, compare
from helpers.checking.patterns import rich


def takes_work(expected: Any, actual: Any, setting: Setting, given: Sequence[np.ndarray]) -> bool:
    """Whether at least one value of an answer is right and takes work.

    Parameters
    ----------
    expected, actual : None, bool, str, number, ndarray, or a tuple, list or dict of these
        The right answer, and the one that was given.
    setting : Setting
        Tolerances.
    given : sequence of ndarray
        What the code under test was given.
    """
    if isinstance(expected, dict):
        there = actual if isinstance(actual, dict) else {}
        pairs = [(value, there[key]) for key, value in expected.items() if key in there]
    elif isinstance(expected, (tuple, list)):
        fits = isinstance(actual, (tuple, list)) and len(actual) == len(expected)
        pairs = list(zip(expected, actual, strict=True)) if fits else []
    elif isinstance(expected, (int, float, np.ndarray)):
        values = np.asarray(expected, dtype=np.float64)
        return not _for_nothing(values, setting, given) and _equal(expected, actual, setting)
    else:
        return False
    return any(takes_work(one, other, setting, given) for one, other in pairs)


def arrays_in(value: Any) -> Iterator[np.ndarray]:
    """Yield the arrays in an argument, however deep they stand."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (tuple, list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from arrays_in(item)


def _for_nothing(values: np.ndarray, setting: Setting, given: Sequence[np.ndarray]) -> bool:
    """Whether an input as it was, a constant, or chance could give these values."""
    odd = bool(np.any(4 * values % 1))  # no 0, 1, one half: nothing that is tried at random
    if values.size == 1:
        return not odd or abs(values.item()) <= setting.atol
    if not odd and not rich(values):
        return True
    blank = [np.full_like(values, constant) for constant in (0.0, values.mean())]
    alike = (array for array in (*blank, *given) if array.shape == values.shape)
    return any(np.allclose(array, values, setting.rtol, setting.atol) for array in alike)


def _equal(expected: Any, actual: Any, setting: Setting) -> bool:
    try:
        return compare(expected, actual, setting) is None
    except Exception:  # whatever a student's list holds
        return False
