"""What takes work to get right, and what somebody gets right for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from grader_tests.engine.work import arrays_in, takes_work
from helpers.checking.compare import Setting

X = np.array([[0.3, -1.2, 2.5], [0.7, 0.1, -0.4]])
ONES_AND_ZEROS = np.eye(4)[:, [2, 0, 3, 1, 1]]


@pytest.mark.parametrize(
    "right",
    [
        0.37,
        np.array([0.25, 0.3]),
        np.array([[0.3], [0.7], [-0.1]]),
        ONES_AND_ZEROS,
        np.array([3, 1, 4, 1, 5]),
        {"loss": [0.5, 0.31]},
        (X, np.array([0.3, 0.6])),
    ],
)
def test_takes_work(right) -> None:
    assert takes_work(right, right, Setting(), [X])


@pytest.mark.parametrize(
    "right",
    [
        0,
        1.0,
        0.5,
        1e-12,
        True,
        "a text",
        None,
        np.zeros((3, 5)),
        np.full((3, 4), 0.37),
        np.array([1, 0]),
        np.array([[0.0], [1], [0], [0]]),
        1e-12 * X,
        X,
        (X, {"b": np.zeros(2)}),
    ],
)
def test_comes_for_nothing(right) -> None:
    assert not takes_work(right, right, Setting(), [X])


@pytest.mark.parametrize(
    ("answer", "works"),
    [
        ((1 - X, [0.3, 0.6]), False),
        ((1 - X, np.array([0.3, 0.6])), True),
        ((1 - X,), False),
        (np.array([0.3, 0.6]), False),
        (None, False),
    ],
)
def test_one_value_of_several_is_enough(answer, works: bool) -> None:
    assert takes_work((2 * X, np.array([0.3, 0.6])), answer, Setting(), [X]) == works


def test_a_key_that_is_missing_is_not_right() -> None:
    right = {"dW": 2 * X, "db": np.array([0.3, 0.6])}
    assert not takes_work(right, {"dW": X}, Setting(), [X])
    assert takes_work(right, {"db": right["db"]}, Setting(), [X])


def test_arrays_however_deep() -> None:
    found = list(arrays_in([{"a": X}, (1, [2 * X])]))
    assert len(found) == 2
