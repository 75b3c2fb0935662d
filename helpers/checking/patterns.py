"""Recognise what a wrong array has to do with the right one.

Each pattern says only what has been checked on every entry, gives no expected value away, and asks
for enough entries that chance alone does not lead to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

Close = Callable[[np.ndarray, np.ndarray], bool]

_NEARLY = 1e-3  # of the largest entry
_MOST_DECIMALS = 4
_PLURAL = {"row": "rows", "column": "columns", "entry": "entries", "layer": "layers"}


def recognise(
    expected: np.ndarray,
    actual: np.ndarray,
    close: Close,
    name: str,
    inputs: Mapping[str, np.ndarray],
) -> str | None:
    """Say in a sentence how a wrong result comes from the right one.

    Parameters
    ----------
    expected, actual : ndarray of float64, of one shape
        What should have come back, and what did; they differ.
    close : callable
        Whether two arrays agree within the tolerances.
    name : str
        How the sentence calls the result.
    inputs : mapping of str to ndarray
        What the code under test was given, by name.

    Returns
    -------
    str or None
        None where no pattern fits.
    """
    if not (np.isfinite(expected).all() and np.isfinite(actual).all()):
        return None
    text = _zero(expected, actual, close)
    text = text or _function(expected, actual, close) or _rounded(expected, actual, close)
    text = text or _nearly(expected, actual, close)
    if not text and expected.size > 2 and np.ptp(expected):
        text = _added(expected, actual, close) or _where_zero(expected, actual, close)
        text = text or _of_an_input(expected, actual, close, inputs)
        for pattern in (_moved, _by_line, _alike, _signs, _in_a_line):
            text = text or pattern(expected, actual, close)
    return f"{name} {text}{reminder(expected, actual)}" if text else None


def reminder(expected: np.ndarray, actual: np.ndarray) -> str:
    """Remind of rows or columns that should add up to 1, or to 0, and do not."""
    if expected.ndim != 2:
        return ""
    for axis, lines in enumerate(("columns", "rows")):
        sums, wrong = expected.sum(axis=axis), actual.sum(axis=axis)
        size = np.abs(expected).max()
        if expected.shape[axis] < 2 or not size or not np.isfinite(actual).all():
            continue
        if np.allclose(sums, 1) and not np.allclose(wrong, 1, rtol=_NEARLY):
            return f" Each of its {lines} should add up to 1."
        to_zero = np.allclose(sums / size, 0, atol=1e-9) and expected.any(axis=axis).all()
        if to_zero and expected.size > 3 and not np.allclose(wrong / size, 0, atol=_NEARLY):
            return f" Each of its {lines} should add up to 0."
    return ""


def _zero(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    if actual.any():
        return None
    return "is 0." if actual.size == 1 else "is 0 everywhere."


def _of_an_input(
    expected: np.ndarray, actual: np.ndarray, close: Close, inputs: Mapping[str, np.ndarray]
) -> str | None:
    for name, given in inputs.items():
        if given.shape != expected.shape or given.dtype.kind not in "biuf" or not given.any():
            continue
        given = given.astype(np.float64)
        if close(given, actual):
            return f"is the input {name}, as it was."
        if np.ptp(given) and _factor(given, actual, close):
            return f"is a multiple of the input {name}, and nothing else goes into it."
        if factor := _factor(expected - given, actual - given, close):
            if factor < 0:
                return f"goes from the input {name} in the opposite direction."
            size = "large" if factor > 1 else "small"
            return (
                f"less the input {name} is right but for one factor: what comes on top of {name} "
                f"is too {size}."
            )
        for term, said in ((given, name), (np.sign(given), f"the signs of {name}")):
            if np.ptp(term) and _factor(term, actual - expected, close):
                return f"is off by a multiple of {said}. Is a term missing, or of another size?"
    return None


def _factor(one: np.ndarray, other: np.ndarray, close: Close) -> float | None:
    """Return what every entry of `one` is multiplied with in `other`, unless it is 0 or 1."""
    largest = np.argmax(np.abs(one))
    if np.count_nonzero(one) < 3 or not other.flat[largest]:
        return None
    factor = float(other.flat[largest] / one.flat[largest])
    # Relative to the largest: what is compared here are small differences of large numbers.
    size = np.abs(other).max()
    if np.isclose(factor, 1) or not close(np.ones_like(one), 1 + (other - factor * one) / size):
        return None
    return factor


def _added(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    amount = actual.flat[0] - expected.flat[0]
    if not close(expected + amount, actual):
        return None
    if abs(amount) == 1:
        size = "large" if amount > 0 else "small"
        return f"is 1 too {size} in every entry. Is something counted from 1, or from 0?"
    return f"is too {'large' if amount > 0 else 'small'} by the same amount in every entry."


def _function(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    if expected.size == 1 and float(4 * expected.flat[0]).is_integer():
        return None  # of 0, 1 and the like, several functions have a value that chance may hit
    if expected.size == 1:  # within a wide tolerance, chance would find one of them
        close = _closely
    if close(1 - expected, actual):
        return "is 1 minus what it should be."
    if expected.size > 1 and len(np.unique(expected)) < 3:
        return None
    for values, said in (
        (np.abs(expected), "the absolute value"),
        (np.square(expected), "the square"),
        (np.sqrt(expected), "the square root"),
        (1 / expected, "the reciprocal"),
        (np.exp(expected), "the exponential"),
        (np.log(expected), "the logarithm"),
    ):
        if np.isfinite(values).all() and close(values, actual):
            return f"is {said} of what it should be."
    return None


def _rounded(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    alone = expected.size == 1
    if not alone and not np.ptp(actual):
        return None
    if not alone and close(np.floor(expected), actual):
        return (
            "is rounded down to whole numbers. Is there a // in place of a /, or an array of "
            "integers?"
        )
    if not alone and close(np.trunc(expected), actual):
        return "has lost its fractions. Is it put into an array of integers?"
    for decimals in range(1 if alone else 0, _MOST_DECIMALS + 1):
        telling = not alone or abs(actual.flat[0]) * 10**decimals >= 10
        if telling and close(np.round(expected, decimals), actual):
            return "is right, but rounded."
    return None


def _nearly(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    if np.abs(actual - expected).max() > _NEARLY * np.abs(expected).max():
        return None
    return (
        "is nearly right, and not exactly: is something rounded, clipped or approximated too "
        "coarsely, or a guard against 0 too large?"
    )


def _moved(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    for axis in range(expected.ndim):
        one, other = np.moveaxis(expected, axis, 0), np.moveaxis(actual, axis, 0)
        lines = _lines(expected, axis)
        for early, late in ((one, other), (other, one)):
            if rich(early[:-1]) and close(early[:-1], late[1:]):
                return (
                    f"has its {_PLURAL[lines]} shifted by one {lines}. Does something count from "
                    "1 where it should count from 0, or the reverse?"
                )
        if rich(one) and close(one[::-1], other):
            return f"has its {_PLURAL[lines]} in reverse order."
    if not rich(expected):
        return None
    if expected.ndim == 2 and min(expected.shape) > 1:
        turned = expected.T.reshape(expected.shape), expected.reshape(expected.T.shape).T
        if any(close(values, actual) for values in turned):
            return (
                "has the right entries in another order: is something reshaped where it should "
                "be transposed, or the reverse?"
            )
    one_line = max(expected.shape) == expected.size
    rising = one_line and not np.any(np.diff(actual.ravel()) < 0)
    if rising and close(np.sort(expected.ravel()), actual.ravel()):
        return "has the right entries, but sorted: each stands in the place of another."
    different = len(np.unique(expected))
    if different > 3 and close(np.sort(expected, axis=None), np.sort(actual, axis=None)):
        return "has the right entries in another order."
    return None


def _by_line(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    """Notice that every row, or every column, is off by an amount or a factor of its own."""
    if expected.ndim != 2:
        return None
    for axis in (0, 1):
        if expected.shape[axis] < 3:
            continue
        amount = np.take(actual - expected, [0], axis=axis)
        if close(expected + amount, actual):
            line = _lines(expected, 1 - axis)
            return (
                f"is off by the same amount in all entries of a {line}. Is a term missing that "
                f"the {line} has in common, such as a bias, or is it another one?"
            )
        where = np.abs(expected).argmax(axis=axis, keepdims=True)
        factor = np.take_along_axis(actual, where, axis) / np.take_along_axis(expected, where, axis)
        enough = (np.count_nonzero(expected, axis=axis) > 1).all()
        if enough and np.isfinite(factor).all() and close(expected * factor, actual):
            line = _lines(expected, 1 - axis)
            return (
                f"is right but for a factor, another one for each {line}. What is each {line} "
                "multiplied with, or divided by?"
            )
    return None


def _alike(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    """Notice that all entries, or all of a row or of a column, are one number."""
    if not np.ptp(actual):
        return "has the same number in every entry."
    if expected.ndim != 2 or min(expected.shape) < 2:
        return None
    for axis in (1, 0):
        if np.ptp(actual, axis=axis).any() or not np.ptp(expected, axis=axis).any():
            continue
        text = f"has the same number in all entries of a {_lines(expected, 1 - axis)}"
        for reduced, said in ((np.sum, "sum"), (np.mean, "mean")):
            if close(np.broadcast_to(reduced(expected, axis, keepdims=True), actual.shape), actual):
                return f"{text}, the {said} of those that should be there."
        return f"{text}."
    return None


def _signs(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    enough = np.count_nonzero(expected) > 2 and len(np.unique(np.abs(expected))) > 2
    if enough and close(np.abs(expected), np.abs(actual)):
        return "is right but for the signs of some entries."
    return None


def _where_zero(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    zero, missing = expected == 0, actual == 0
    if zero.any() and np.count_nonzero(~zero) > 1 and close(expected[~zero], actual[~zero]):
        return "is right except where it should be 0."
    kept = ~missing & ~zero
    if expected.ndim == 2 and (text := _empty_lines(expected, actual, close)):
        return text
    if _several(kept) and _several(missing & ~zero) and close(expected[~missing], actual[~missing]):
        return "is 0 in some entries where it should not be, and right in all others."
    return None


def _empty_lines(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    """Notice that some rows, or some columns, are all 0 and the others right."""
    for axis in (0, 1):
        empty = ~actual.any(axis=1 - axis) & expected.any(axis=1 - axis)
        right = close(np.compress(~empty, expected, axis), np.compress(~empty, actual, axis))
        if right and 0 < empty.sum() < len(empty):
            line = _lines(expected, axis)
            if empty[1:].all():
                return f"is right in the first {line}, and 0 in all others."
            lines = _PLURAL[line]
            return f"is 0 in {empty.sum()} of its {len(empty)} {lines}, and right in the others."
    return None


def _in_a_line(expected: np.ndarray, actual: np.ndarray, close: Close) -> str | None:
    """Notice that one row, column or entry is wrong, or that all but the first are."""
    for axis in range(expected.ndim):
        count = expected.shape[axis]
        if count < 3 or expected.ndim > 2:
            continue
        one, other = np.moveaxis(expected, axis, 0), np.moveaxis(actual, axis, 0)
        right = np.array([close(a, b) for a, b in zip(one, other, strict=True)])
        line = _lines(expected, axis)
        # A single entry, or labels that are all 0 or 1, may be right by chance.
        if right.sum() == 1 and right[0] and len(np.unique(one[0])) > 2:
            return f"is right in the first {line} only."
        if right.sum() == count - 1 > 2:
            return f"is right except in the {_ordinal(int(right.argmin()), count)} {line}."
    if len(np.unique(expected)) > 3 and expected.flat[0] % 1:
        same = np.isclose(expected, actual, rtol=1e-4).ravel()
        if same[0] and not same[1:].any():
            return "is right in its first entry only. Does something stay from one to the next?"
    return None


def _lines(array: np.ndarray, axis: int) -> str:
    """Name what an axis counts."""
    if array.ndim != 2 or array.shape[1 - axis] == 1:
        return "entry" if array.ndim < 3 else "layer"
    return ("row", "column")[axis]


def _ordinal(position: int, count: int) -> str:
    """Name a place among several; places in between are counted from 1."""
    words = {0: "first", 1: "second", 2: "third", count - 1: "last"}
    return words.get(position, f"{position + 1}th")


def rich(array: np.ndarray) -> bool:
    """Whether an array has so many different entries that no chance gives the same again."""
    different = len(np.unique(array))
    return (array.size > 3 and different > 2) or (array.size > 11 and different > 1)


def _closely(expected: np.ndarray, actual: np.ndarray) -> bool:
    return bool(np.allclose(actual, expected, rtol=1e-5, atol=0))


def _several(mask: np.ndarray) -> bool:
    return np.count_nonzero(mask) > 1
