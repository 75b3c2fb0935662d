"""The comparison names the outermost difference, and gives no expected value away."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from helpers.checking.compare import Setting, compare

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
A = RNG.uniform(1, 2, (2, 3))
SQUARE = RNG.uniform(1, 2, (3, 3))
COLUMN = RNG.uniform(1, 2, (4, 1))
ROW = RNG.uniform(1, 2, (1, 4))
PROBABILITIES = np.array([[0.2, 0.7, 0.5], [0.8, 0.3, 0.5]])
ONE_HOT = np.array([[0.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1]])
Z = np.array([-800.0, 0, 800, 1, 2])


def with_entry(array: np.ndarray, index, value: float) -> np.ndarray:
    changed = array.copy()
    changed[index] = value
    return changed


def at_z(value: float, position: int) -> tuple:
    return np.zeros(5), with_entry(np.zeros(5), position, value), Setting(at=("z", Z))


# id: expected, actual, setting, kind, words that the message must hold
DIFFERENCES = {
    "no return": (A, None, None, "missing", "is None. Is a `return` missing?"),
    "no return, in a dict": ({"dW": A}, {"dW": None}, None, "missing", "dW is None"),
    "a text for a number": (1.0, "1.0", None, "type", "is a str, not a number"),
    "a list for an array": (A, A.tolist(), None, "type", "is a list, not an array of shape (2, 3)"),
    "an array for a dict": ({"a": A, "b": A}, A, None, "type", "not a dict with the keys 'a', 'b'"),
    "a number for a tuple": ((1.0, 2.0), 1.0, None, "type", "is a float, not 2 values"),
    "another text": ("relu", "tanh", None, "value", "another text"),
    "a key too few": ({"a": 1, "b": 2}, {"a": 1}, None, "keys", "has no key 'b'. Its keys: 'a'."),
    "a key too few, in the second of two": (
        (1.0, {"a": 2.0}),
        (1.0, {}),
        None,
        "keys",
        "value 2 of the result has no key 'a'. Its keys: none.",
    ),
    "a value too few": ((1, 2, 3), (1, 2), None, "length", "has 2 values, not 3"),
    "another shape": (A, np.ones((2, 4)), None, "shape", "has shape (2, 4), not (2, 3)"),
    "an empty array": (A, np.ones((0, 3)), None, "shape", "has shape (0, 3)"),
    "a number for an array": (A, 1.0, None, "shape", "Does a sum run over everything?"),
    "an array for a number": (
        1.0,
        np.ones(3),
        None,
        "shape",
        "is an array of shape (3,), not a number",
    ),
    "(n,) for (n, 1)": (COLUMN, COLUMN.ravel(), None, "shape", "has shape (4,), not (4, 1)"),
    "rows and columns of other values": (A, np.ones((3, 2)), None, "shape", "are swapped"),
    "a column that met a row": (COLUMN, np.ones((4, 4)), None, "shape", "broadcast to a square"),
    "a row that met a column": (ROW, np.ones((4, 4)), None, "shape", "broadcast to a square"),
    "complex numbers": (A, A + 0j, None, "dtype", "dtype complex128"),
    "objects": (A, A.astype(object), None, "dtype", "dtype object"),
    "texts": (A, A.astype(str), None, "dtype", "not a real number type"),
    "NaN for a large input": (*at_z(np.nan, 2), "nan", "NaN (not a number) where z is very large"),
    "NaN for a negative input": (*at_z(np.nan, 0), "nan", "where z is very negative"),
    "NaN for an input of 0": (*at_z(np.nan, 1), "nan", "where z is exactly 0"),
    "infinite for an input of 1": (*at_z(-np.inf, 3), "nan", "infinite where z is exactly 1"),
    "NaN for an ordinary input": (*at_z(np.nan, 4), "nan", "NaN (not a number) at position 4"),
    "NaN in a matrix": (A, with_entry(A, (1, 2), np.nan), None, "nan", "at row 1, column 2"),
    "NaN for a number": (1.0, np.nan, None, "nan", "the result is NaN (not a number)."),
    "transposed": (A, A.T, None, "transposed", "transposed: (3, 2), not (2, 3)"),
    "transposed column": (COLUMN, COLUMN.T, None, "transposed", "(1, 4), not (4, 1)"),
    "transposed square": (SQUARE, SQUARE.T, None, "transposed", "is transposed"),
    "opposite sign": (A, -A, None, "sign", "opposite sign"),
    "opposite sign of a number": (0.3, -0.3, None, "sign", "opposite sign"),
    "factor m": (A, 7 * A, Setting(m=7), "factor", "m = 7 times too large"),
    "factor m, a number": (
        0.3,
        2.1,
        Setting(m=7),
        "factor",
        "Is the division by m, for the mean, missing",
    ),
    "factor 1/m": (A, A / 7, Setting(m=7), "factor", "m = 7 times too small"),
    "factor 7, m unknown": (
        A,
        7 * A,
        None,
        "factor",
        "right but for a factor, the same one in every",
    ),
    "factor 2": (A, 2 * A, None, "factor", "twice as large"),
    "factor 1/2": (A, A / 2, None, "factor", "half of what it should be"),
    "factor 2, negative": (A, -2 * A, None, "factor", "opposite sign, and twice as large"),
    "logarithm to base 10": (A, A / np.log(10), None, "factor", "base 10"),
    "logarithm to base 2": (A, A / np.log(2), None, "factor", "base 2"),
    "another factor": (
        A,
        0.3 * A,
        None,
        "factor",
        "right but for a factor, the same one in every",
    ),
    "a sum along the wrong axis": (COLUMN, np.ones(3), None, "axis", "along the wrong axis"),
    "a sum along the wrong axis, kept": (COLUMN, np.ones((1, 3)), None, "axis", "wrong axis"),
    "normalised along the wrong axis": (
        PROBABILITIES,
        PROBABILITIES / PROBABILITIES.sum(axis=1, keepdims=True),
        None,
        "axis",
        "the rows add up to 1, where the columns should",
    ),
    "normalised over everything": (
        PROBABILITIES,
        with_entry(PROBABILITIES, (0, 0), 0.4) / 3.2,
        None,
        "axis",
        "everything together adds up to 1, where each of the columns should",
    ),
    "one entry": (A, with_entry(A, (1, 0), 9), None, "value", "1 of 6 entries of the result"),
    "its place": (A, with_entry(A, (1, 0), 9), None, "value", "the first at row 1, column 0"),
    "a number": (0.3, 0.4, None, "value", "is too large"),
    "a count": (3, 4, None, "value", "has another value"),
    "all zeros": (A, np.zeros((2, 3)), None, "value", "6 of 6 entries"),
    "other than zeros": (np.zeros((2, 3)), A, None, "value", "6 of 6 entries"),
    "an entry of a list": ([1.0, [2.0, A]], [1.0, [2.0, A.T]], None, "transposed", "value 2 of va"),
}
BUGS = [
    pytest.param(
        *(ONE_HOT, ONE_HOT == 0, None, "value", "12 of 12 entries"),
        id="wrong booleans",
    ),
    pytest.param(
        *(0.9, np.True_, None, "value", "is too large"),
        id="a boolean for a number",
    ),
    pytest.param(
        *(np.array([255.0, 254]), np.array([1, 2], np.uint8), None, "value", "2 of 2 entries"),
        id="small unsigned integers",
    ),
    pytest.param(
        *(False, np.True_, None, "value", "the answer is yes"),
        id="NumPy's own boolean",
    ),
    pytest.param(
        *("relu", np.zeros(3), None, "type", "ndarray"),
        id="an array for a text",
    ),
    pytest.param(
        *(A, np.ones(3, complex), None, "shape", "has shape (3,), not (2, 3)"),
        id="wrong in shape and in dtype",
    ),
    pytest.param(
        *(1e-300, 1e300, None, "value", "is too large"),
        id="a number out of all proportion",
    ),
    pytest.param(
        *(PROBABILITIES, np.full((2, 3), 1e308), None, "value", "6 of 6 entries"),
        id="an array out of all proportion",
    ),
    pytest.param(
        *(np.zeros((2, 3, 4)), with_entry(np.zeros((2, 3, 4)), (1, 2, 3), 9), None),
        *("value", "1, 2, 3"),
        id="an entry of an array with three axes",
    ),
    pytest.param(
        *(np.array([1.0, 2]), np.array([1 + 3e-5, 9], np.float32), None),
        *("value", "1 of 2 entries of the result differ, the first at position 1"),
        id="one wrong entry in float32",
    ),
]


@pytest.mark.parametrize(
    ("expected", "actual", "setting", "kind", "words"),
    [pytest.param(*values, id=name) for name, values in DIFFERENCES.items()] + BUGS,
)
def test_difference_is_named(expected, actual, setting, kind, words):
    difference = compare(expected, actual, setting)
    assert difference is not None
    assert difference.kind == kind
    assert words in difference.message


NAN = with_entry(2 * A, (0, 0), np.nan)


@pytest.mark.parametrize(
    ("expected", "actual", "kind"),
    [
        pytest.param({"a": A}, [None], "type", id="type before what is inside"),
        pytest.param({"a": A, "b": A}, {"a": A.T}, "keys", id="keys before values"),
        pytest.param((A, A), (A.T,), "length", id="length before values"),
        pytest.param(A, np.full((2, 4), np.nan), "shape", id="shape before NaN"),
        pytest.param(A, NAN.T, "shape", id="swapped shape before NaN"),
        pytest.param(A, NAN, "nan", id="NaN before factor"),
        pytest.param(
            SQUARE, with_entry(SQUARE.T, (0, 0), np.nan), "nan", id="NaN before transpose"
        ),
        pytest.param(A, 2 * A, "factor", id="factor before entries"),
    ],
)
def test_the_outermost_difference_comes_first(expected, actual, kind):
    assert compare(expected, actual).kind == kind


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param(A, A.copy(), id="the same"),
        pytest.param(A, A * (1 + 1e-9), id="rounding"),
        pytest.param(A, A.astype(np.float32), id="float32"),
        pytest.param(A, (A * (1 + 3e-5)).astype(np.float32), id="float32, rounding added up"),
        pytest.param(A.astype(np.float32), A, id="float64 for float32"),
        pytest.param(A, A.astype(np.longdouble), id="long double"),
        pytest.param(ONE_HOT, ONE_HOT.astype(int), id="integers"),
        pytest.param(ONE_HOT, ONE_HOT.astype(np.uint8), id="unsigned integers"),
        pytest.param(ONE_HOT, ONE_HOT == 1, id="booleans"),
        pytest.param(1.0, True, id="True for 1"),
        pytest.param(2.0, 2, id="integer for a number"),
        pytest.param(2.0, np.float32(2), id="NumPy number"),
        pytest.param(2.0, np.array([[2.0]]), id="(1, 1) for a number"),
        pytest.param(np.array([[2.0]]), 2.0, id="a number for (1, 1)"),
        pytest.param(ROW, ROW.ravel(), id="(m,) for (1, m)"),
        pytest.param(ROW.ravel(), ROW, id="(1, m) for (m,)"),
        pytest.param(np.zeros((1, 0)), np.zeros(0), id="empty"),
        pytest.param((1.0, A), [1.0, A], id="list for tuple"),
        pytest.param({"a": A}, {"b": None, "a": A}, id="extra keys"),
        pytest.param("relu", "relu", id="text"),
        pytest.param(A, np.asfortranarray(A), id="another memory order"),
        pytest.param(A, np.ma.array(A), id="subclass of ndarray"),
        pytest.param(np.array([1, np.inf]), np.array([1, np.inf]), id="infinity as expected"),
        pytest.param(
            *(A, A.astype(np.float16)),
            id="float16",
        ),
    ],
)
def test_counts_as_equal(expected, actual):
    assert compare(expected, actual) is None


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        pytest.param(A, A * (1 + 1e-4), id="1e-4 relative, everywhere"),
        pytest.param(A, with_entry(A, (0, 1), A[0, 1] * (1 + 1e-5)), id="1e-5 relative, one entry"),
        pytest.param(A, (A * 1.001).astype(np.float32), id="1e-3 relative in float32"),
        pytest.param(1e-6, 1.1e-6, id="small numbers"),
        pytest.param(
            *(1.0, False),
            id="False for 1",
        ),
        pytest.param(COLUMN, COLUMN.ravel(), id="(n,) for (n, 1)"),
        pytest.param(A, A[None], id="an axis too many"),
        pytest.param(A, A.ravel(), id="flattened"),
        pytest.param(A, A[:, ::-1], id="columns in another order"),
        pytest.param(A, {"a": A}, id="a dict around it"),
        pytest.param((A,), A, id="no tuple around it"),
        pytest.param(np.array([1, np.inf]), np.array([1, np.nan]), id="NaN for infinity"),
    ],
)
def test_must_not_count_as_equal(expected, actual):
    with np.errstate(all="ignore"):
        assert compare(expected, actual) is not None


def test_the_tolerance_can_be_set():
    assert compare(1.0, 1.001, Setting(rtol=1e-2)) is None
    assert compare(0.0, 1e-5, Setting(atol=1e-4)) is None


def test_values_can_be_left_out_but_not_structure_or_nan():
    structure = Setting(values=False)
    assert compare({"a": A, "b": "x"}, {"a": -A, "b": "y"}, structure) is None
    assert compare(A, np.ones((3, 2)), structure).kind == "shape"
    assert compare(A, with_entry(A, (0, 0), np.nan), structure).kind == "nan"


GIVEN = RNG.normal(0, 1, (3, 5))
PLAIN = RNG.normal(0, 2, (3, 5))
LARGE = RNG.uniform(2, 9, (3, 5))
WITH_ZEROS = np.maximum(PLAIN, 0)
SOFTMAX = np.exp(PLAIN) / np.exp(PLAIN).sum(axis=0)
WIDE_ONE_HOT = np.eye(4)[:, [2, 0, 1, 3, 3, 0, 1]]
LABELS = np.array([3, 0, 2, 9, 4, 0])

# id: expected, actual, words that the message must hold; the input is GIVEN, by the name W
PATTERNS = {
    "zeros": (PLAIN, 0 * PLAIN, "is 0 everywhere"),
    "a zero": (0.3, 0.0, "is 0."),
    "a constant": (PLAIN, np.full((3, 5), 0.3), "the same number in every entry"),
    "the input": (PLAIN, GIVEN, "is the input W, as it was"),
    "a short step": (PLAIN, 0.3 * PLAIN + 0.7 * GIVEN, "what comes on top of W is too small"),
    "a long step": (PLAIN, 3 * PLAIN - 2 * GIVEN, "what comes on top of W is too large"),
    "a step uphill": (PLAIN, 2 * GIVEN - PLAIN, "in the opposite direction"),
    "a term in W too few": (PLAIN, PLAIN - 0.3 * GIVEN, "off by a multiple of W"),
    "a term in its signs": (PLAIN, PLAIN + 2 * np.sign(GIVEN), "a multiple of the signs of W"),
    "counted from 1": (LABELS, LABELS + 1, "is 1 too large in every entry"),
    "counted from -1": (LABELS, LABELS - 1, "is 1 too small in every entry"),
    "an amount added": (PLAIN, PLAIN + 0.3, "too large by the same amount in every entry"),
    "1 minus it": (WIDE_ONE_HOT, 1 - WIDE_ONE_HOT, "is 1 minus what it should be"),
    "1 minus it, a number": (0.3, 0.7, "is 1 minus what it should be"),
    "the square": (LARGE, LARGE**2, "is the square of"),
    "the square of a number": (1.7, 1.7**2, "is the square of"),
    "the square root": (LARGE, np.sqrt(LARGE), "is the square root of"),
    "the reciprocal": (LARGE, 1 / LARGE, "is the reciprocal of"),
    "the exponential": (PLAIN, np.exp(PLAIN), "is the exponential of"),
    "the logarithm": (LARGE, np.log(LARGE), "is the logarithm of"),
    "the absolute value": (PLAIN, np.abs(PLAIN), "is the absolute value of"),
    "other signs": (PLAIN, PLAIN * np.sign(GIVEN), "right but for the signs of some entries"),
    "rounded": (PLAIN, np.round(PLAIN, 2), "is right, but rounded"),
    "rounded, a number": (2.7182, 2.72, "is right, but rounded"),
    "rounded down": (PLAIN, np.floor(PLAIN), "rounded down to whole numbers"),
    "integers": (PLAIN, PLAIN.astype(int), "has lost its fractions"),
    "nearly": (PLAIN, PLAIN + 1e-4 * GIVEN, "is nearly right, and not exactly"),
    "rows shifted": (WIDE_ONE_HOT, np.roll(WIDE_ONE_HOT, -1, 0), "rows shifted by one row"),
    "columns shifted": (PLAIN, np.roll(PLAIN, 1, 1), "columns shifted by one column"),
    "entries shifted": (PLAIN[0], np.roll(PLAIN[0], 1), "entries shifted by one entry"),
    "columns reversed": (PLAIN, PLAIN[:, ::-1], "columns in reverse order"),
    "reshaped": (PLAIN, PLAIN.T.reshape(3, 5), "reshaped where it should be transposed"),
    "permuted": (PLAIN, PLAIN[:, [1, 0, 3, 4, 2]], "the right entries in another order"),
    "off by row": (PLAIN, PLAIN + GIVEN[:, :1], "the same amount in all entries of a row"),
    "off by column": (PLAIN, PLAIN + GIVEN[:1], "the same amount in all entries of a column"),
    "a factor by column": (SOFTMAX, SOFTMAX * LARGE[:1], "another one for each column"),
    "a reminder of sums": (SOFTMAX, SOFTMAX * LARGE[:1], "its columns should add up to 1"),
    "sums of rows": (
        PLAIN,
        np.repeat(PLAIN.sum(axis=1, keepdims=True), 5, axis=1),
        "the same number in all entries of a row, the sum",
    ),
    "means of columns": (
        PLAIN,
        np.repeat(PLAIN.mean(axis=0, keepdims=True), 3, axis=0),
        "the same number in all entries of a column, the mean",
    ),
    "zeros left out": (WITH_ZEROS, PLAIN, "is right except where it should be 0"),
    "too many zeros": (PLAIN, WITH_ZEROS, "is 0 in some entries where it should not be"),
    "the last column": (PLAIN, with_entry(PLAIN, (slice(None), 4), 9), "except in the last column"),
    "the first row only": (
        PLAIN,
        np.vstack([PLAIN[:1], GIVEN[1:]]),
        "is right in the first row only",
    ),
    "exchanged": ({"Z": PLAIN, "A": LARGE}, {"Z": LARGE, "A": PLAIN}, "changed places with A"),
    "in the wrong place": ({"Z": PLAIN, "A": LARGE}, {"Z": LARGE, "A": LARGE}, "is what A should"),
    "another order, by shape": ((A, COLUMN), (np.ones((4, 1)), np.ones((2, 3))), "order right?"),
    "all but one": ((1.0, 2.0, A, SQUARE), (1.0, 2.0, 2 * A, SQUARE), "All the others are right"),
    "some": ((1.0, 2.0, 3.0), (1.0, 7.0, 9.0), "Right: value 1."),
}


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [pytest.param(*values, id=name) for name, values in PATTERNS.items()],
)
def test_pattern_is_named(expected, actual, words):
    assert words in compare(expected, actual, Setting(inputs={"W": GIVEN})).message


@pytest.mark.parametrize("factor", [49, 1 / 49])
def test_a_factor_of_m_squared_is_named(factor):
    assert "m² times too" in compare(A, factor * A, Setting(m=7)).message


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("shape", [(), (4,), (3, 1), (1, 6), (3, 2), (2, 3), (4, 7), (5, 5)])
def test_no_pattern_is_seen_in_noise(shape, seed):
    rng = np.random.default_rng(seed)
    expected, actual, given = rng.normal(0, 2, (3, *shape))
    near = np.maximum(expected, 0), np.sign(expected), np.round(expected), rng.random(shape)
    for right in (expected, *near):
        message = compare(right, actual, Setting(m=7, inputs={"W": given})).message
        assert re.search(
            r"another value|is too (large|small)|entries of the result differ", message
        ), message
        assert compare(right, right, Setting(m=7, inputs={"W": given})) is None


@pytest.mark.parametrize("seed", range(40))
def test_no_pattern_is_seen_in_random_labels(seed):
    rng = np.random.default_rng(seed)
    labels, guesses = rng.integers(0, 10, (2, 1, 12))
    setting = Setting(m=12, inputs={"W": rng.normal(size=(1, 12))})
    assert "entries of the result differ" in compare(labels, guesses, setting).message
    message = compare(np.eye(10)[:, labels[0]], np.eye(10)[:, guesses[0]], setting).message
    assert "entries of the result differ" in message


def test_patterns_are_looked_for_only_where_the_inputs_are_known():
    assert compare(PLAIN, PLAIN + 0.3).kind == "value"
    assert compare(PLAIN, PLAIN + 0.3, Setting(inputs={})).kind == "pattern"


def test_nothing_is_what_was_asked_for_where_none_was():
    assert compare(None, None) is None
    assert compare({"W": None}, {"W": A}).kind == "type"


def test_an_open_check_is_shown_both_values():
    difference = compare(np.array([1.0, 2]), np.array([1.0, 4]))
    assert (difference.expected, difference.actual) == ("2.", "4.")


def test_the_values_shown_can_be_told_apart():
    difference = compare(0.5, 0.50002)
    assert difference.expected != difference.actual


@pytest.mark.parametrize(("expected", "actual"), [(1e-20, 5.0), (1.0, 1e308), (0.0, 1e-30)])
def test_very_small_and_very_large_values_are_shown_in_short(expected, actual):
    difference = compare(expected, actual, Setting(atol=0))
    assert float(difference.expected) == expected
    assert float(difference.actual) == actual
    assert len(difference.expected + difference.actual) < 20


# Four digits of each are unlike any other number in a message.
SECRET = np.array([[8675.31, 5309.77, 7741.93], [6283.19, 9349.51, 4669.21]])
SECRET_SQUARE = np.array([[8675.31, 5309.77], [7741.93, 6283.19]])
SECRET_COLUMN = SECRET[:1].T
WRONG = [
    *(None, "text", [1, 2], {}, {"a": 1}, 1.0, True, object(), np.nan, 1 + 1j),
    *(SECRET.T, np.ones((3, 2)), np.ones(6), np.ones((3, 3)), np.ones((1, 3)), np.ones((2, 1))),
    *(-SECRET, 2 * SECRET, SECRET / 2, 6 * SECRET, SECRET / 6, SECRET / np.log(10), -5 * SECRET),
    *(SECRET.astype(str), with_entry(SECRET, (0, 1), np.nan), with_entry(SECRET, (0, 1), np.inf)),
    *(SECRET + 1, with_entry(SECRET, (1, 1), 0), SECRET[::-1], SECRET.astype(np.float32) + 50),
]


def assert_tells_nothing_of(secret: np.ndarray, message: str) -> None:
    for number in map(float, re.findall(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", message)):
        ratios = number / secret
        powers = 10.0 ** np.round(np.log10(np.where(ratios > 0, ratios, 1)))
        assert not np.any(np.isclose(ratios, powers, rtol=1e-3)), message


@pytest.mark.parametrize("position", range(len(WRONG)))
def test_no_message_holds_an_expected_value(position):
    setting = Setting(m=6, at=("z", np.arange(6.0).reshape(2, 3)))
    actual = WRONG[position]
    with_inputs = replace(setting, inputs={"W": np.arange(6.0).reshape(2, 3), "V": SECRET - 3})
    for want, got in [
        (SECRET, actual),
        ({"a": SECRET}, {"a": actual}),
        ((1.0, SECRET), (1.0, actual)),
    ]:
        assert_tells_nothing_of(SECRET, compare(want, got, setting).message)
        assert_tells_nothing_of(SECRET, compare(want, got, with_inputs).message)


@pytest.mark.parametrize(
    ("secret", "wrong"),
    [
        pytest.param(SECRET_SQUARE, SECRET_SQUARE.T, id="transposed square"),
        pytest.param(SECRET_COLUMN, np.ones(2), id="column, along the wrong axis"),
        pytest.param(SECRET_COLUMN, np.ones((3, 3)), id="column, as a square"),
        pytest.param(SECRET_COLUMN, SECRET_COLUMN.T, id="transposed column"),
        pytest.param(SECRET_COLUMN, 1.0, id="column, as a number"),
        pytest.param(np.float64(8675.31), 1.0, id="number"),
        pytest.param(np.float64(8675.31), 17350.62, id="number, twice"),
        pytest.param(np.array([[8675.31]]), np.ones((1, 1)), id="array of one number"),
    ],
)
def test_no_message_holds_an_expected_value_of_other_shapes(secret, wrong):
    assert_tells_nothing_of(secret, compare(secret, wrong, Setting(m=6)).message)


def test_no_message_lets_an_expected_constant_be_worked_out():
    secret = np.full((2, 3), 0.7213)
    factor = re.search(r"([\d.]+) times", compare(secret, np.ones((2, 3))).message)
    assert factor is None or not np.isclose(1 / float(factor[1]), 0.7213, rtol=1e-3)


def test_the_search_for_secrets_finds_one():
    with pytest.raises(AssertionError):
        assert_tells_nothing_of(SECRET, "it should be 8675.3")
    with pytest.raises(AssertionError):
        assert_tells_nothing_of(SECRET, "it should be 5.31e+03")


def test_no_message_holds_an_expected_text():
    assert "relu" not in compare("relu", "tanh").message


def test_a_message_stays_short():
    assert len(compare({"dW": 1}, dict.fromkeys(range(10_000))).message) < 1000
