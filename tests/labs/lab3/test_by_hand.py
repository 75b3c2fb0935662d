"""The example that Lab 3 works by hand: its numbers, its page, and the check that uses both."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax

from grader_tests.engine.worked import load, script
from helpers.checking import lab3 as check
from helpers.checking.lab3 import BY_HAND
from tests.support.autograd import cross_entropy, gradients
from tests.support.differences import measured_gradient

LAB = "lab3_two_layer_softmax"
PARAMETERS = ("W1", "b1", "W2", "b2")
COMPUTED = ("Z1", "A1", "Z2", "A2", "J", "dZ2", "dW2", "db2", "dA1", "dZ1", "dW1", "db1")
# "dW_1 &= … \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}": a name, and the last matrix of its line.
EQUATION = re.compile(
    r"(d?[AWXYZb])(?:_(\d))? &= (?:(?!&=).)*?\\begin\{bmatrix\}((?:(?!\\begin).)*?)\\end\{bmatrix\}"
    r"(?=\s*(?:\\\\|&|\\end\{aligned\}))",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def worked() -> dict:
    return load(LAB)


@pytest.fixture(scope="module")
def page() -> str:
    text = script(LAB).read_text(encoding="utf-8")
    (section,) = re.findall(r"### Once by hand\n(.*?)\n# %% j", text, re.DOTALL)
    return re.sub(r"^# ?", "", section, flags=re.MULTILINE)


def costs(Z2: np.ndarray) -> np.ndarray:
    """Return each example's cost, straight from the scores."""
    return -(BY_HAND["Y"] * log_softmax(Z2, axis=0)).sum(axis=0)


def scores(A1: np.ndarray) -> np.ndarray:
    return BY_HAND["W2"] @ A1 + BY_HAND["b2"]


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    """Compute every array without a rule of differentiation, from unrounded numbers."""
    Z1 = BY_HAND["W1"] @ BY_HAND["X"] + BY_HAND["b1"]
    A1 = np.maximum(Z1, 0)
    Z2 = scores(A1)

    def cost(**changed: np.ndarray) -> float:
        W1, b1, W2, b2 = (changed.get(name, BY_HAND[name]) for name in PARAMETERS)
        return costs(W2 @ np.maximum(W1 @ BY_HAND["X"] + b1, 0) + b2).mean()

    return {
        **{"Z1": Z1, "A1": A1, "Z2": Z2, "A2": scipy_softmax(Z2, axis=0), "J": cost()},
        "dZ2": measured_gradient(lambda Z: costs(Z).sum(), Z2),
        "dA1": measured_gradient(lambda A: costs(scores(A)).sum(), A1),
        "dZ1": measured_gradient(lambda Z: costs(scores(np.maximum(Z, 0))).sum(), Z1),
        **{
            f"d{name}": measured_gradient(lambda theta, n=name: cost(**{n: theta}), BY_HAND[name])
            for name in PARAMETERS
        },
    }


@pytest.mark.parametrize("name", COMPUTED)
def test_the_numbers_are_right_to_the_last_digit_shown(name, truth):
    np.testing.assert_array_equal(np.round(truth[name], 2) + 0.0, BY_HAND[name])


def test_autograd_finds_the_same_gradients():
    def cost(jax, theta):
        hidden = jax.nn.relu(theta["W1"] @ BY_HAND["X"] + theta["b1"])
        return cross_entropy(jax, theta["W2"] @ hidden + theta["b2"], BY_HAND["Y"])

    for name, gradient in gradients(cost, {name: BY_HAND[name] for name in PARAMETERS}).items():
        np.testing.assert_allclose(gradient, BY_HAND[f"d{name}"], atol=0.005)


def test_every_array_stands_on_the_page(page):
    written = {
        f"{letter}{layer}": np.array(
            [[float(entry) for entry in row.split("&")] for row in matrix.split(r"\\")]
        )
        for letter, layer, matrix in EQUATION.findall(page)
    }
    assert written.keys() == BY_HAND.keys() - {"J"}
    for name, matrix in written.items():
        np.testing.assert_array_equal(matrix, BY_HAND[name], err_msg=name)
    assert re.findall(r"J &= .* = (.*)\n", page) == [f"{BY_HAND['J']:.2f}"]


def test_one_unit_is_off_for_one_example():
    assert np.argwhere(BY_HAND["Z1"] <= 0).tolist() == [[1, 0]]


def parts(worked: dict, **changed) -> tuple:
    return tuple((worked | changed)[n] for n in ("forward_prop", "cross_entropy", "backward_prop"))


def differing(printed: str) -> list[str]:
    return re.findall(r"^  x  (\w+)", printed, re.MULTILINE)


def test_the_check_shows_every_array_of_a_right_answer(worked, printed_by):
    first, _, *shown = printed_by(check.by_hand, *parts(worked)).splitlines()
    assert first == "the example by hand: all 12 checks pass."
    assert [line.split()[0] for line in shown] == list(COMPUTED)
    for line, name in zip(shown, COMPUTED, strict=True):
        numbers = [float(number) for number in re.findall(r"-?\d+\.\d+", line)]
        np.testing.assert_array_equal(numbers, np.ravel(BY_HAND[name]))


@pytest.mark.parametrize(
    ("suspect", "wrong"),
    [
        ("transposed", ["dA1", "dZ1", "dW1", "db1"]),
        ("suspect_a", ["dW2"]),
        ("suspect_b", []),
        ("suspect_c", ["dA1", "dZ1", "db1"]),  # of one example, its mean runs over units, too
        ("suspect_d", ["dZ1", "dW1", "db1"]),
    ],
)
def test_the_check_names_the_step_at_fault(worked, printed_by, suspect, wrong):
    backward = getattr(worked["suspects"], suspect)(worked["backward_prop"])
    assert differing(printed_by(check.by_hand, *parts(worked, backward_prop=backward))) == wrong


def unwritten(*arrays):
    raise NotImplementedError


def test_nothing_written_is_one_line(printed_by):
    printed = printed_by(check.by_hand, unwritten, unwritten, unwritten)
    assert printed.startswith("the example by hand: not written yet. ")
    assert printed.count("\n") == 1


def test_what_is_written_is_checked_without_the_rest(worked, printed_by):
    printed = printed_by(check.by_hand, *parts(worked, backward_prop=unwritten))
    assert differing(printed) == list(COMPUTED[5:])
    assert "Not written yet" in printed


@pytest.mark.parametrize(
    "answer", [None, 1.0, "text", [], [None] * 4, (np.ones(3),) * 4, (np.ones((2, 2, 2)),) * 4]
)
def test_no_answer_ends_in_a_traceback(answer, printed_by):
    printed = printed_by(check.by_hand, *[lambda *arrays: answer] * 3)
    assert len(differing(printed)) >= 10


def test_an_answer_that_writes_into_its_arguments_spoils_no_number(worked, printed_by):
    def writing(W1, b1, W2, b2, X):
        caches = worked["forward_prop"](W1, b1, W2, b2, X)
        X[:] = 0
        return caches

    before = {name: value.copy() for name, value in BY_HAND.items()}
    printed = printed_by(check.by_hand, *parts(worked, forward_prop=writing))
    assert differing(printed) == []
    for name, value in before.items():
        np.testing.assert_array_equal(BY_HAND[name], value)
