"""Say in a few plain words how what came back differs from what was expected.

The comparison looks from the outside in: kind of object, shape, dtype, NaN and infinity, then
the patterns that common mistakes leave (transposed, sign, a constant factor, the wrong axis), and
only then the first entry that differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from helpers.checking import patterns

RTOL = 1e-6
ATOL = 1e-10
# Results computed in a narrower type are right to that type's precision only: rtol, atol.
_NARROW = {np.dtype(np.float32): (1e-4, 1e-6), np.dtype(np.float16): (5e-3, 1e-3)}
_MOST_KEYS = 8
_ONE_AT_A_TIME = frozenset({"generator", "zip", "map", "filter", "enumerate", "range", "reversed"})

# What can be wrong. The last three are found by whoever runs the code, not by `compare`.
Kind = Literal[
    "missing",
    "type",
    "keys",
    "length",
    "shape",
    "dtype",
    "nan",
    "transposed",
    "sign",
    "factor",
    "axis",
    "pattern",
    "value",
    "raised",
    "unwritten",
    "changed",
]


@dataclass(frozen=True)
class Difference:
    """One difference between an expected and an actual result.

    Attributes
    ----------
    kind : Kind
        What is wrong, in a word.
    message : str
        What differs, in words. Never holds an expected value, so that a hidden test can show it.
    expected, actual : str
        The values themselves, for checks that are open; empty where words say it all.
    """

    kind: Kind
    message: str
    expected: str = ""
    actual: str = ""


@dataclass(frozen=True)
class Setting:
    """What is known about a comparison beside the two results.

    Attributes
    ----------
    m : int or None
        Number of examples, so that a missing or doubled mean can be named.
    at : (str, ndarray) or None
        Name and value of an input that belongs to the result entry by entry.
    rtol, atol : float
        Relative and absolute tolerance for float64 results.
    values : bool
        Whether the values matter, or only structure, shape, dtype, NaN and infinity.
    inputs : mapping of str to ndarray, or None
        What the code was given, by name. Unless this is None, more is looked for: how the result
        comes from the right one or from an input, and which of several results are right.
    names : tuple of str
        What several results in a tuple or list are called, where they are as many as these.
    """

    m: int | None = None
    at: tuple[str, np.ndarray] | None = None
    rtol: float = RTOL
    atol: float = ATOL
    values: bool = True
    inputs: Mapping[str, np.ndarray] | None = None
    names: tuple[str, ...] = ()


def compare(
    expected: Any, actual: Any, setting: Setting | None = None, name: str = "the result"
) -> Difference | None:
    """Find the outermost difference between two results.

    Parameters
    ----------
    expected : None, bool, str, number, ndarray, or a tuple, list or dict of these
        What should have come back.
    actual : Any
        What came back. A row ``(m,)`` is accepted for ``(1, m)`` and the reverse, any numeric
        dtype for another, a list for a tuple, additional keys in a dict.
    setting : Setting, optional
        Number of examples, related input, tolerances.
    name : str, optional
        How the message calls the result.

    Returns
    -------
    Difference or None
        None where both agree.
    """
    with np.errstate(all="ignore"):  # an answer out of all proportion must not warn on stderr
        return _compare(expected, actual, setting or Setting(), name)


def _compare(expected: Any, actual: Any, setting: Setting, name: str) -> Difference | None:
    if expected is None:
        if actual is None:
            return None
        return Difference("type", f"{name} is {kind_of(actual)}, and should be None.")
    if actual is None:
        return Difference("missing", f"{name} is None. Is a `return` missing?")
    if isinstance(expected, dict):
        return _compare_dicts(expected, actual, setting, name)
    if isinstance(expected, (tuple, list)):
        return _compare_sequences(expected, actual, setting, name)
    if isinstance(expected, str):
        if not isinstance(actual, str):
            return Difference("type", f"{name} is {kind_of(actual)}, not a text.")
        if actual == expected or not setting.values:
            return None
        return Difference("value", f"{name} is another text.", repr(expected), repr(actual))
    if isinstance(expected, bool) and isinstance(actual, (bool, np.bool_)):
        if actual == expected or not setting.values:
            return None
        answers = ("yes", "no") if expected else ("no", "yes")
        return Difference("value", f"the answer is {answers[1]}.", *answers)
    return _compare_arrays(np.asarray(expected), actual, setting, name)


def _compare_dicts(expected: dict, actual: Any, setting: Setting, name: str) -> Difference | None:
    if not isinstance(actual, dict):
        keys = ", ".join(map(repr, expected))
        return Difference("type", f"{name} is {kind_of(actual)}, not a dict with the keys {keys}.")
    for key in expected:
        if key not in actual:
            there = ", ".join(repr(key)[:40] for key in list(actual)[:_MOST_KEYS]) or "none"
            return Difference("keys", f"{name} has no key {key!r}. Its keys: {there}.")
    return _compare_parts(
        {str(key): (value, actual[key]) for key, value in expected.items()}, setting
    )


def _compare_sequences(
    expected: tuple | list, actual: Any, setting: Setting, name: str
) -> Difference | None:
    if not isinstance(actual, (tuple, list)):
        # What comes one at a time has no length, and is used up when it has been read.
        text = f"{name} is {kind_of(actual)}, not {len(expected)} values."
        if kind_of(actual).split()[-1] in _ONE_AT_A_TIME:
            text += " Put them into a list, and return that."
        return Difference("type", text)
    if len(actual) != len(expected):
        return Difference("length", f"{name} has {_values(len(actual))}, not {len(expected)}.")
    names = setting.names
    if len(names) != len(expected):
        names = [f"value {position} of {name}" for position in range(1, len(expected) + 1)]
    pairs = zip(expected, actual, strict=True)
    return _compare_parts(dict(zip(names, pairs, strict=True)), replace(setting, names=()))


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count} values"


def _compare_parts(parts: dict[str, tuple[Any, Any]], setting: Setting) -> Difference | None:
    """Compare pairs of expected and actual results, by name; report the first that differ."""
    for name, (want, got) in parts.items():
        if difference := _compare(want, got, setting, name):
            break
    else:
        return None
    if setting.inputs is None or len(parts) == 1:
        return difference
    others = {key: pair for key, pair in parts.items() if key != name}
    setting = replace(setting, inputs=None)
    if text := _mixed_up(parts[name], others, setting):
        kind: Kind = "pattern" if difference.kind == "value" else difference.kind
        difference = replace(difference, kind=kind, message=f"{difference.message} {text}")
    if not setting.values:
        return difference
    right = [key for key, pair in others.items() if _compare(*pair, setting, key) is None]
    if len(others) == len(right) > 1:
        return replace(difference, message=f"{difference.message} All the others are right.")
    if 0 < len(right) <= _MOST_KEYS:
        short = [key.partition(" of ")[0] for key in right]
        listed = ", ".join(short if len(set(short)) == len(short) else right)
        return replace(difference, message=f"{difference.message} Right: {listed}.")
    return difference


def _mixed_up(
    wrong: tuple[Any, Any], others: dict[str, tuple[Any, Any]], setting: Setting
) -> str | None:
    """Notice that a result stands, or might by its shape stand, in the place of another."""
    want, got = wrong
    if not isinstance(got, np.ndarray) or not isinstance(want, np.ndarray):
        return None
    for name, (belongs, instead) in others.items():
        if not isinstance(belongs, np.ndarray) or not isinstance(instead, np.ndarray):
            continue
        told_apart = setting.values and len(np.unique(belongs)) > 1
        if told_apart and _compare(belongs, got, setting, name) is None:
            if _compare(want, instead, setting, name) is None:
                return f"It has changed places with {name}."
            return f"It is what {name} should be."
        if got.shape != want.shape == instead.shape and got.shape == belongs.shape:
            return f"Its shape is that of {name}, and the reverse. Is the order right?"
    return None


def _compare_arrays(
    expected: np.ndarray, actual: Any, setting: Setting, name: str
) -> Difference | None:
    wanted = _wanted(expected)
    if not isinstance(actual, (bool, int, float, complex, np.ndarray, np.generic)):
        return Difference("type", f"{name} is {kind_of(actual)}, not {wanted}.")
    actual = np.asarray(actual)
    number = actual.dtype.kind in "biuf"
    setting = _for_dtypes(setting, expected, actual)

    def close(a: np.ndarray, b: np.ndarray) -> bool:
        tolerances = {"rtol": setting.rtol, "atol": setting.atol}
        return a.shape == b.shape and bool(np.allclose(b, a, equal_nan=True, **tolerances))

    expected = expected.astype(np.float64)
    values = actual.astype(np.float64) if number else np.full(actual.shape, np.nan)
    fitting = _fit_shape(expected, values)
    if fitting is None:
        return _explain_shape(expected, values, close, name)
    if not number:
        text = f"{name} has dtype {actual.dtype}, which is not a real number type."
        return Difference("dtype", text, _show(expected), _show(actual))
    if difference := _find_nan(expected, fitting, setting, name):
        return difference
    if not setting.values or close(expected, fitting):
        return None
    return _explain_values(expected, fitting, setting, close, name)


def _for_dtypes(setting: Setting, *arrays: np.ndarray) -> Setting:
    """Widen the tolerances to what the narrowest dtype can hold."""
    for array in arrays:
        rtol, atol = _NARROW.get(array.dtype, (0, 0))
        setting = replace(setting, rtol=max(rtol, setting.rtol), atol=max(atol, setting.atol))
    return setting


def _fit_shape(expected: np.ndarray, actual: np.ndarray) -> np.ndarray | None:
    """Give `actual` the expected shape where the difference is one of notation, else None."""
    if actual.shape == expected.shape:
        return actual
    row = {expected.shape, actual.shape} == {(expected.size,), (1, expected.size)}
    number = expected.size == actual.size == 1 and 0 in (expected.ndim, actual.ndim)
    return actual.reshape(expected.shape) if row or number else None


def _explain_shape(expected: np.ndarray, actual: np.ndarray, close, name: str) -> Difference:
    want, got = expected.shape, actual.shape
    shown = (f"shape {want}", f"shape {got}")
    if expected.ndim == 0:
        return Difference("shape", f"{name} is an array of shape {got}, not a number.", *shown)
    if actual.ndim == 2 and got == want[::-1]:
        if close(expected, actual.T):
            return Difference("transposed", f"{name} is transposed: {got}, not {want}.", *shown)
        return Difference(
            "shape", f"{name} has shape {got}, not {want}: rows and columns are swapped.", *shown
        )
    if actual.ndim == 0:
        text = f"{name} is a single number, not an array of shape {want}."
        return Difference("shape", f"{text} Does a sum run over everything?", *shown)
    if len(want) == 2 and 1 in want and max(want) > 1:
        if got == (max(want), max(want)):
            text = (
                f"{name} has shape {got}, not {want}: a row met a column and was broadcast "
                "to a square."
            )
            return Difference("shape", text, *shown)
        along_rows = want[1] == 1 and (actual.ndim == 1 or got[0] == 1)
        if along_rows and 1 < actual.size != expected.size:
            text = f"{name} has shape {got}, not {want}: it was reduced along the wrong axis."
            return Difference("axis", text, *shown)
    return Difference("shape", f"{name} has shape {got}, not {want}.", *shown)


def _find_nan(
    expected: np.ndarray, actual: np.ndarray, setting: Setting, name: str
) -> Difference | None:
    bad = ~np.isfinite(actual) & np.isfinite(expected)
    if not bad.any():
        return None
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    what = "NaN (not a number)" if np.isnan(actual[first]) else "infinite"
    where = _where(first, setting, expected.shape)
    return Difference("nan", f"{name} is {what}{where}.", _show(expected), _show(actual))


def _explain_values(
    expected: np.ndarray, actual: np.ndarray, setting: Setting, close, name: str
) -> Difference:
    shown = (_show(expected), _show(actual))
    if expected.ndim == 2 and expected.shape[0] == expected.shape[1] and close(expected, actual.T):
        return Difference("transposed", f"{name} is transposed.", *shown)
    if close(expected, -1.0 * actual):
        return Difference("sign", f"{name} has the opposite sign.", *shown)
    if text := _explain_factor(expected, actual, setting, close):
        return Difference("factor", f"{name} is {text}", *shown)
    if text := _explain_axis(expected, actual):
        return Difference("axis", f"{name}: {text}.", *shown)
    given = setting.inputs
    if given is not None and (text := patterns.recognise(expected, actual, close, name, given)):
        return Difference("pattern" if expected.size > 1 else "value", text, *shown)
    wrong = ~np.isclose(actual, expected, rtol=setting.rtol, atol=setting.atol)
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    if expected.size == 1:
        text = f"{name} {_another(expected.item(), actual.item())}."
        return Difference("value", text, *_show_apart(expected, actual))
    text = (
        f"{int(wrong.sum())} of {expected.size} entries of {name} differ, the first"
        f"{_where(first, setting, expected.shape)}.{patterns.reminder(expected, actual)}"
    )
    return Difference("value", text, *_show_apart(expected[first], actual[first]))


def _another(expected: float, actual: float) -> str:
    if expected.is_integer():  # a label or a count, say: whether it is above or below means nothing
        return "has another value"
    return "is too large" if actual > expected else "is too small"


def _explain_factor(
    expected: np.ndarray, actual: np.ndarray, setting: Setting, close
) -> str | None:
    """Name the constant that every entry was multiplied with, or None."""
    largest = np.argmax(np.abs(expected))
    if expected.flat[largest] == 0 or actual.flat[largest] == 0:
        return None
    factor = float(actual.flat[largest] / expected.flat[largest])
    if not close(expected * factor, actual):
        return None
    known = [
        (2, "twice as large as it should be."),
        (1 / 2, "half of what it should be."),
        (1 / np.log(10), "in logarithms to base 10; log means the natural logarithm."),
        (1 / np.log(2), "in logarithms to base 2; log means the natural logarithm."),
    ]
    if (m := setting.m) is not None and m > 2:
        known += [
            (m, f"m = {m} times too large. Is the division by m, for the mean, missing?"),
            (1 / m, f"m = {m} times too small. Is it divided by m once too often?"),
            (m**2, "m² times too large. Is it multiplied by m, not divided?"),
            (1 / m**2, "m² times too small. Is it divided by m, not multiplied?"),
        ]
    sign = "of the opposite sign, and " if factor < 0 else ""
    for value, text in known:
        if np.isclose(abs(factor), value, rtol=1e-4):
            return sign + text
    if np.count_nonzero(expected) < 2:
        return None
    # Not the factor itself: with the own answer it would give a hidden constant away.
    return f"{sign}right but for a factor, the same one in every entry."


def _explain_axis(expected: np.ndarray, actual: np.ndarray) -> str | None:
    """Notice sums of 1 that run along rows where they should run along columns, and the like."""
    if expected.ndim != 2 or min(expected.shape) < 2:
        return None
    ones = [np.allclose(expected.sum(axis=axis), 1) for axis in (0, 1)]
    if sum(ones) != 1:
        return None
    right, wrong = ("columns", "rows") if ones[0] else ("rows", "columns")
    if np.allclose(actual.sum(axis=int(ones[0])), 1, rtol=1e-4):
        return f"the {wrong} add up to 1, where the {right} should"
    none_empty = actual.any(axis=1 - int(ones[0])).all()
    if none_empty and np.isclose(actual.sum(), 1, rtol=1e-4):
        return f"everything together adds up to 1, where each of the {right} should"
    return None


def _where(index: tuple[int, ...], setting: Setting, shape: tuple[int, ...]) -> str:
    """Say where an entry stands: by the input that belongs to it, else by its position."""
    if setting.at is not None and np.shape(setting.at[1]) == shape:
        name, values = setting.at
        value = np.asarray(values)[index]
        if abs(value) >= 30:
            return f" where {name} is very {'large' if value > 0 else 'negative'}"
        if value in (0, 1):
            return f" where {name} is exactly {value:g}"
    if len(index) == 2:
        return f" at row {index[0]}, column {index[1]}"
    return f" at position {', '.join(map(str, index))}" if index else ""


class Elsewhere:
    """What is no plain data, and is compared by the name of its type alone.

    Attributes
    ----------
    _label : str
        That name.
    """

    __slots__ = ("_label",)


def kind_of(value: Any) -> str:
    """Name a value's type, with its article."""
    name = value._label if isinstance(value, Elsewhere) else type(value).__name__
    return f"{'an' if name.startswith((*'aeiouAEIOU', 'nd')) else 'a'} {name}"


def _wanted(expected: np.ndarray) -> str:
    return "a number" if expected.ndim == 0 else f"an array of shape {expected.shape}"


def _show_apart(expected: np.ndarray, actual: np.ndarray) -> tuple[str, str]:
    """Show two numbers with as many digits as it takes to tell them apart."""
    for digits in (4, 8, 12, 17):
        shown = tuple(_show_number(x.item(), digits) for x in (expected, actual))
        if shown[0] != shown[1]:
            break
    return shown


def _show_number(value: float, digits: int) -> str:
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return np.format_float_positional(value, digits)
    return f"{value:.{digits}g}"


def _show(value: np.ndarray) -> str:
    return np.array2string(np.asarray(value), precision=4, threshold=24, edgeitems=3)
