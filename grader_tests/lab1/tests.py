"""Hidden tests of Lab 1."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from grader_tests.engine.case import Case
from grader_tests.engine.cross_entropy import costly
from grader_tests.lab1.lab import lab

FAR_OUT = "values as far from 0 as 800"
_FLOAT32 = {"rtol": 1e-6, "atol": 2e-7}  # of numbers from 0 to 1


def _sigmoid_inputs(rng: np.random.Generator) -> dict[str, np.ndarray | float]:
    return {
        "a single number": float(rng.uniform(0.5, 2)),
        "an array of positive and negative numbers": rng.normal(0, 3, (3, 5)),
        "an array with three axes": rng.normal(0, 3, (2, 3, 4)),
        "integers": rng.permutation(np.arange(-6, 7)).reshape(1, 13),
        FAR_OUT: rng.permutation([-800.0, -750.0, -40.0, 0.0, 750.0, 800.0]),
        "float32": rng.normal(0, 2, (4, 3)).astype(np.float32),
    }


def _narrow_inputs(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw integers of types in which not every number has its negative."""
    return {
        "unsigned bytes": rng.permutation([0, 1, 2, 3, 5, 11, 100, 200]).astype(np.uint8),
        "unsigned 16-bit integers": rng.permutation([0, 1, 4, 6, 40_000]).astype(np.uint16),
        "signed bytes as low as -128": rng.permutation([-128, -7, -2, 0, 3, 127]).astype(np.int8),
    }


@lab.test
def test_sigmoid(rng: np.random.Generator) -> Iterator[Case]:
    for label, z in (_sigmoid_inputs(rng) | _narrow_inputs(rng)).items():
        yield Case(
            f"Sigmoid()(z) with {label}",
            lambda s, z=z: s.Sigmoid()(z),
            at=("z", z),
            extreme=label == FAR_OUT or "bytes" in label or "bit" in label,
            **_FLOAT32,
        )


@lab.test
def test_sigmoid_prime(rng: np.random.Generator) -> Iterator[Case]:
    for label, z in _sigmoid_inputs(rng).items():
        yield Case(
            f"Sigmoid().prime(z) with {label}",
            lambda s, z=z: s.Sigmoid().prime(z),
            at=("z", z),
            extreme=label == FAR_OUT,
            **_FLOAT32,
        )
    for label, z in _narrow_inputs(rng).items():
        yield Case(
            f"Sigmoid().prime(z) with {label}",
            lambda s, z=z: (s.Sigmoid()(z), s.Sigmoid().prime(z)),
            accept=partial(_slopes_of_bytes, right=lab.solution.Sigmoid().prime(z)),
            takes_work=False,
            extreme=True,
        )


def _slopes_of_bytes(found: tuple[np.ndarray, np.ndarray], right: np.ndarray) -> str | None:
    """Accept slopes that follow from a sigmoid that is wrong: that has been paid for."""
    s, slopes = (np.asarray(values, dtype=np.float64) for values in found)
    if any(np.allclose(slopes, values, 1e-2, 1e-3) for values in (right, s * (1 - s))):
        return None
    return "a slope is wrong. Does a minus wrap around, or a number become too large for its type?"


@lab.test
def test_one_hot(rng: np.random.Generator) -> Iterator[Case]:
    every = rng.permutation(np.repeat(np.arange(4), 2)).reshape(1, 8)
    no_top = rng.permutation([0, 1, 3, 3, 2, 0, 1]).reshape(1, 7)
    gap = rng.permutation([0, 4, 4, 2, 0]).reshape(1, 5)
    yield Case("all four classes occur", lambda s: s.one_hot(every, 4), m=8)
    yield Case("the last two of six classes do not occur", lambda s: s.one_hot(no_top, 6), m=7)
    yield Case("a class in the middle does not occur", lambda s: s.one_hot(gap, 6), m=5)
    yield Case("a single example", lambda s: s.one_hot(np.array([[2]]), 5))
    yield Case("labels stored as bytes", lambda s: s.one_hot(every.astype(np.uint8), 7), m=8)


@lab.test
def test_compute_cost(rng: np.random.Generator) -> Iterator[Case]:
    def example(n_classes: int, m: int) -> tuple[np.ndarray, np.ndarray]:
        labels = rng.integers(0, n_classes, m)
        return rng.uniform(0.05, 0.95, (n_classes, m)), np.eye(n_classes)[:, labels]

    # rtol leaves room for log(A + 1e-7), another way to guard the logarithm.
    A, Y = example(4, 7)
    yield Case("four classes, seven examples", lambda s: s.compute_cost(A, Y), m=7, rtol=1e-5)
    A_single, Y_single = example(3, 1)
    yield Case("a single example", lambda s: s.compute_cost(A_single, Y_single), rtol=1e-5)
    # One row, m = 6: a mean over all entries is right for one class only, so it is no excuse here.
    A_row, Y_row = rng.uniform(0.05, 0.95, (1, 6)), np.array([[1.0, 0, 0, 1, 0, 1]])
    yield Case("one class", lambda s: s.compute_cost(A_row, Y_row), m=6, rtol=1e-5)
    for answer in (1, 0):
        A_same, Y_same = rng.uniform(0.05, 0.95, (2, 5)), np.full((2, 5), float(answer))
        yield Case(
            f"every true answer is {answer}",
            lambda s, A=A_same, Y=Y_same: s.compute_cost(A, Y),
            m=5,
            rtol=1e-5,
        )
    A_zero, Y_zero = (
        np.array([[0.0, 0.3, 0.0], [0.8, 0.6, 0.4]]),
        np.array([[0, 0, 0], [1.0, 1, 1]]),
    )
    yield Case(
        "some answers of exactly 0, all of them right",
        lambda s: s.compute_cost(A_zero, Y_zero),
        rtol=1e-5,
        atol=1e-4,
        extreme=True,
    )
    exact = np.eye(3)[:, rng.integers(0, 3, 5)]
    yield Case(
        "answers of exactly 0 and 1, all of them right",
        lambda s: s.compute_cost(exact, exact),
        atol=1e-4,
        extreme=True,
    )
    yield Case(
        "answers of exactly 0 and 1 in float32, all of them right",
        lambda s: s.compute_cost(exact.astype(np.float32), exact),
        atol=1e-4,
        extreme=True,
    )
    A_wrong = np.array([[0.0, 1, 0], [1, 0, 1]])
    yield Case(
        "answers of exactly 0 and 1, all of them wrong",
        lambda s: s.compute_cost(A_wrong, 1 - A_wrong),
        accept=costly(10),
        takes_work=False,
        extreme=True,
    )


def _penalty_cases(rng: np.random.Generator, method: str, *, scalar: bool) -> Iterator[Case]:
    """Yield the cases of one method. No weight is exactly 0, where the slope of |w| is free."""
    W1, W2 = rng.normal(0, 2, (3, 5)), rng.normal(0, 2, (2, 3))
    lambda_1, lambda_2 = rng.uniform(0.3, 0.9), rng.uniform(1.1, 1.9)

    def case(label: str, W1: np.ndarray, W2: np.ndarray, m: int) -> Case:
        def action(s):
            return getattr(s.Regularization(lambda_1, lambda_2), method)(W1, W2, m)

        return Case(f"{method} with {label}", action, m=m)

    yield case("weights of both signs, m = 7", W1, W2, 7)
    yield case("a second layer of almost no weight", W1, 1e-9 * W2, 7)
    yield case("a first layer of almost no weight", 1e-9 * W1, W2, 7)
    yield case("m = 1", W1, W2, 1)
    yield case("weights with a single row", W1[:1], W2[:, :1], 4)
    if scalar:
        yield case("square weights", rng.normal(0, 2, (4, 4)), rng.normal(0, 2, (4, 4)), 6)


@lab.test
def test_l1(rng: np.random.Generator) -> Iterator[Case]:
    yield from _penalty_cases(rng, "l1", scalar=True)


@lab.test
def test_l1_grad(rng: np.random.Generator) -> Iterator[Case]:
    yield from _penalty_cases(rng, "l1_grad", scalar=False)
    W = np.array([[0.0, 2.0, -1.0]])

    def any_slope_at_zero(grads: dict[str, np.ndarray]) -> str | None:
        dW = grads["dW1"]
        right = abs(dW[0, 0]) <= 1 and np.allclose(dW[0, 1:], [1, -1], rtol=1e-4)
        return None if right else "where a weight is exactly 0, dW1 should be a number near 0."

    yield Case(
        "l1_grad with a weight of exactly 0",
        lambda s: s.Regularization(3.0, 1.0).l1_grad(W, W.T, 3),
        m=3,
        accept=any_slope_at_zero,
        extreme=True,
    )


@lab.test
def test_l2(rng: np.random.Generator) -> Iterator[Case]:
    yield from _penalty_cases(rng, "l2", scalar=True)


@lab.test
def test_l2_grad(rng: np.random.Generator) -> Iterator[Case]:
    yield from _penalty_cases(rng, "l2_grad", scalar=False)
