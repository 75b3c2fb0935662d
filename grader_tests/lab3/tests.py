"""Hidden tests of Lab 3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader_tests.engine import cross_entropy, worked
from grader_tests.engine.case import FLOAT32, Case
from grader_tests.lab3.lab import lab
from helpers.checking.compare import Setting, compare
from helpers.checking.namespace import Recipe
from helpers.checking.namespace import rng as generator

NAMES = ("W1", "b1", "W2", "b2")
LAYERS = ("Z1", "A1", "Z2", "A2")

_MANY = 500  # steps, after which an alpha that falls now and then has fallen

# Everything that gradient_descent may be made of, whichever way it is written.
PARTS = (
    *("init_params", "relu", "relu_derivative", "softmax", "cross_entropy", "forward_prop"),
    *("backward_prop", "update_params", "get_predictions", "get_accuracy"),
)


@lab.test
def test_init_params(rng: np.random.Generator) -> Iterator[Case]:
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))

    def case(label: str, n_features: int, n_hidden: int, n_classes: int) -> Case:
        def action(s):
            return tuple(
                s.init_params(n_features, n_hidden, n_classes, generator(seed))
                for seed in (one, one, other)
            )

        return Case(label, action, accept=_judge_init)

    yield case("53 features, 29 hidden units, 11 classes", 53, 29, 11)
    yield case("17 features, 41 hidden units, 23 classes", 17, 41, 23)
    yield Case(
        "biases",
        lambda s: s.init_params(7, 5, 3, generator(one)),
        accept=lambda start: (
            "a bias does not start at 0." if np.any(start[1]) or np.any(start[3]) else None
        ),
        takes_work=False,
    )


def _judge_init(drawn: tuple) -> str | None:
    """Accept any small random start; every limit is far from what chance can do."""
    first, again, other = drawn
    W1, _, W2, _ = map(np.asarray, first)
    for name, W in (("W1", W1), ("W2", W2)):
        if not np.any(W):
            return f"{name} is 0 everywhere. Units that start alike stay alike."
        if len(np.unique(W, axis=0)) < len(W):
            return f"{name} has equal rows. Units that start alike stay alike."
        if abs(np.mean(W)) > 0.3:
            return f"the mean of {name} is far from 0. Draw weights of both signs."
        if np.sqrt(np.mean(np.square(W, dtype=float))) > 0.75:
            return f"the weights in {name} are too large to start with."
    if not all(np.array_equal(a, b) for a, b in zip(first, again, strict=True)):
        return "the same generator gives other weights each time. Draw all of them from rng."
    for name, position in (("W1", 0), ("W2", 2)):
        if np.array_equal(first[position], other[position]):
            return f"another generator gives the same {name}. Draw it from rng."
    return None


@lab.test
def test_relu(rng: np.random.Generator) -> Iterator[Case]:
    for label, Z in _relu_inputs(rng).items():
        yield Case(label, lambda s, Z=Z: s.relu(Z), at=("Z", Z))
    zeros = rng.permutation([-1.5, 0.0, 2.5, 0.0, -0.5, 4.0]).reshape(2, 3)
    yield Case("some entries are exactly 0", lambda s: s.relu(zeros), at=("Z", zeros))


@lab.test
def test_relu_derivative(rng: np.random.Generator) -> Iterator[Case]:
    for label, Z in _relu_inputs(rng).items():
        yield Case(label, lambda s, Z=Z: s.relu_derivative(Z), at=("Z", Z))
    zeros = rng.permutation([-1.5, 0.0, 2.5, 0.0, -0.5, 4.0]).reshape(2, 3)

    def judge(slopes: np.ndarray) -> str | None:
        away = compare((zeros > 0)[zeros != 0], np.asarray(slopes)[zeros != 0])
        at_zero = np.asarray(slopes, dtype=float)[zeros == 0]
        if away is None and np.all((at_zero >= 0) & (at_zero <= 1)):
            return None
        return "a slope is wrong. Any value from 0 to 1 is accepted where Z is exactly 0."

    yield Case("some entries are exactly 0", lambda s: s.relu_derivative(zeros), accept=judge)


def _relu_inputs(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        "positive and negative numbers": rng.normal(0, 2, (3, 5)),
        "a single example": rng.permutation([-2.0, -0.3, 0.4, 3.0]).reshape(4, 1),
        "numbers as far from 0 as 800": rng.permutation([-800.0, -1.0, 2.0, 800.0, -0.1, 0.2])[
            np.newaxis
        ],
        "negative numbers only": -rng.uniform(0.1, 2, (2, 4)),
        "float32": rng.normal(0, 2, (5, 2)).astype(np.float32),
    }


@lab.test
def test_softmax(rng: np.random.Generator) -> Iterator[Case]:
    apart = rng.normal(0, 1, (4, 3)) + rng.permutation([-1000.0, 0.0, 1000.0])
    inputs = {
        "four classes, seven examples": rng.normal(0, 2, (4, 7)),
        "as many examples as classes": rng.normal(0, 2, (5, 5)),
        "a single example": rng.normal(0, 2, (6, 1)),
        "scores as large as 1000": rng.permutation([1000.0, 999.0, 998.5, -1000.0]).reshape(4, 1),
        "one column around 1000, one around 0, one around -1000": apart,
        "float32": rng.normal(0, 2, (3, 8)).astype(np.float32),
    }
    for label, Z in inputs.items():
        yield Case(
            label,
            lambda s, Z=Z: s.softmax(Z),
            at=("Z", Z),
            m=Z.shape[1],
            extreme="1000" in label,
            **FLOAT32,
        )


@lab.test
def test_cross_entropy(rng: np.random.Generator) -> Iterator[Case]:
    with_zeros = np.array([[0.0, 0.3, 0.6, 0.0], [0.9, 0.5, 0.4, 0.2], [0.1, 0.2, 0.0, 0.8]])
    yield from cross_entropy.cases("cross_entropy", rng, with_zeros)


def _network(
    rng: np.random.Generator, n_features: int, n_hidden: int, n_classes: int, scale: float = 0.7
) -> tuple[np.ndarray, ...]:
    """Draw parameters of moderate size, none of them 0."""
    return (
        rng.normal(0, scale, (n_hidden, n_features)),
        rng.uniform(0.2, 0.8, (n_hidden, 1)) * rng.choice([-1, 1], (n_hidden, 1)),
        rng.normal(0, scale, (n_classes, n_hidden)),
        rng.uniform(0.2, 0.8, (n_classes, 1)) * rng.choice([-1, 1], (n_classes, 1)),
    )


@lab.test
def test_forward_prop(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, parameters: tuple, X: np.ndarray) -> Case:
        return Case(
            label,
            lambda s: s.forward_prop(*parameters, X),
            m=X.shape[1],
            names=LAYERS,
            parts=("relu", "softmax"),
            **FLOAT32,
        )

    network = _network(rng, 7, 5, 3)
    yield case(
        "7 features, 5 hidden units, 3 classes, 4 examples", network, rng.normal(size=(7, 4))
    )
    yield case("a single example", network, rng.normal(size=(7, 1)))
    yield case("more classes than hidden units", _network(rng, 4, 3, 6), rng.uniform(0, 1, (4, 9)))
    yield case("scores far from 0", _network(rng, 6, 4, 5, scale=30), rng.normal(size=(6, 8)))


@lab.test
def test_backward_prop(rng: np.random.Generator) -> Iterator[Case]:
    def case(
        label: str, n_features: int, n_hidden: int, n_classes: int, m: int, sure: bool = False
    ) -> Case:
        W1, b1, W2, b2 = _network(rng, n_features, n_hidden, n_classes)
        X = rng.normal(size=(n_features, m))
        Y = np.eye(n_classes)[:, rng.integers(0, n_classes, m)]
        W2 = 1e5 * W2 if sure else W2
        caches = lab.definitions["forward_prop"](W1, b1, W2, b2, X)
        return Case(
            label,
            lambda s: s.backward_prop(*caches, W1, W2, X, Y),
            m=m,
            names=tuple(f"d{name}" for name in NAMES),
            parts=("relu", "relu_derivative", "softmax"),
            extreme=sure,
            **FLOAT32,
        )

    yield case("7 features, 5 hidden units, 3 classes, 4 examples", 7, 5, 3, 4)
    yield case("a single example", 6, 4, 3, 1)
    yield case("more classes than hidden units, 11 examples", 5, 3, 8, 11)
    yield case("ten hidden units, ten classes", 6, 10, 10, 7)
    yield case("probabilities of exactly 0 and 1", 5, 4, 3, 9, sure=True)


@lab.test
def test_numerical_gradient(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, function: Recipe, theta: np.ndarray, *eps: float, **setting: Any) -> Case:
        return Case(label, lambda s: s.numerical_gradient(function, theta, *eps), **setting)

    def quadratic(shape: tuple[int, ...]) -> Recipe:
        return Recipe("quadratic", (rng.uniform(1, 2, shape), rng.normal(0, 2, shape), 0.5))

    # With the usual step, eps = 1e-6, rounding leaves some nine digits. An entry that was moved
    # there and back may then differ in its last bit, which changes nothing that matters.
    usual = {"rtol": 1e-5, "atol": 1e-6, "may_change_inputs": True}
    for label, shape in {
        "a (3, 4) array": (3, 4),
        "a column": (5, 1),
        "an array with one axis": (6,),
    }.items():
        yield case(f"{label}, a quadratic", quadratic(shape), rng.normal(0, 1, shape), **usual)
    A, theta = rng.uniform(0.5, 1.5, (2, 3)), rng.uniform(-1, 1, (2, 3))
    yield case("a (2, 3) array, sines", Recipe("smooth", (A,)), theta, **usual)

    # Multiples of the step: there and back again is exact, so no entry may have changed.
    coarse, shape = 2.0**-4, (2, 4)
    theta = coarse * rng.integers(1, 40, shape) * rng.choice([-1, 1], shape)
    yield case("a quadratic with a larger eps", quadratic(shape), theta, coarse)
    entangled = Recipe("square_of_sum", (rng.uniform(0.5, 1.5, shape),))
    yield case("entries that depend on each other, with a larger eps", entangled, theta, coarse)
    # Unlike those of a quadratic, differences of a sine depend on how far apart the places are.
    sines, far = Recipe("smooth", (rng.uniform(0.5, 1.5, shape),)), 0.5
    yield case("sines with a large eps", sines, theta, far, rtol=1e-5)


@lab.test
def test_update_params(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, alpha: float) -> Case:
        parameters, gradients = _network(rng, 7, 5, 3), _network(rng, 7, 5, 3)
        return Case(
            label,
            lambda s: s.update_params(*parameters, *gradients, alpha),
            names=NAMES,
            may_change_inputs=True,
        )

    yield case("a step of moderate size", float(rng.uniform(0.2, 0.8)))
    yield case("a large step", float(rng.uniform(2, 4)))


@lab.test
def test_get_predictions(rng: np.random.Generator) -> Iterator[Case]:
    def probabilities(n_classes: int, m: int) -> np.ndarray:
        A = rng.uniform(0.1, 1, (n_classes, m))
        return A / A.sum(axis=0)

    for label, A in {
        "ten classes, six examples": probabilities(10, 6),
        "three classes, eight examples": probabilities(3, 8),
        "a single example": np.array([[0.2], [0.1], [0.4], [0.3]]),
    }.items():
        yield Case(label, lambda s, A=A: s.get_predictions(A))


@lab.test
def test_get_accuracy(rng: np.random.Generator) -> Iterator[Case]:
    y = rng.integers(0, 10, (1, 13))
    some = (y[0] + rng.permutation([1] * 5 + [0] * 8)) % 10
    yield Case("some of 13 predictions are right", lambda s: s.get_accuracy(some, y), m=13)
    yield Case("all of them are right", lambda s: s.get_accuracy(y[0], y), m=13)
    yield Case("none of them is right", lambda s: s.get_accuracy((y[0] + 3) % 10, y), m=13)


@lab.test
def test_gradient_descent(rng: np.random.Generator) -> Iterator[Case]:
    """Judge the way from one step to the next, so that any small random start is accepted."""
    m, alpha = 23, float(rng.uniform(0.2, 0.4))
    y = rng.permutation(np.r_[np.arange(10), rng.integers(0, 4, m - 10)]).reshape(1, m)
    X = rng.uniform(0, 1, (7, m))
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))

    def case(
        label: str,
        runs: list[tuple[int, int]],
        judge: Callable,
        pictures: np.ndarray = X,
        labels: np.ndarray = y,
        **setting: bool,
    ) -> Case:
        def action(s):
            return tuple(
                s.gradient_descent(pictures, labels, alpha, iterations, generator(seed))
                for iterations, seed in runs
            )

        return Case(label, action, accept=judge, parts=PARTS, **setting)

    def judge_first_step(runs: tuple, y: np.ndarray = y) -> str | None:
        """On blank pictures the first step of b2 is known, whatever the weights are."""
        shares = np.bincount(y[0], minlength=10).reshape(10, 1) / m
        b2 = np.asarray(runs[0][3])
        if not np.any(b2):
            return "b2 is still 0. Is every step counted, and what it gives kept?"
        difference = compare(alpha * (shares - 0.1), b2, Setting(m=m, rtol=1e-4, atol=1e-6), "b2")
        return difference.message if difference else None

    def judge_seeds(runs: tuple) -> str | None:
        first, again, another = (np.asarray(run[0]) for run in runs)
        if not np.allclose(first, again, rtol=1e-4, atol=1e-6):
            return "the same generator gives another W1. All randomness should come from rng."
        if np.allclose(first, another, rtol=1e-4, atol=1e-6):
            return "another generator gives the same W1. Draw the first parameters from rng."
        return None

    def judge_path(runs: tuple) -> str | None:
        early, next_one, late = runs
        steps = [_shift(early, next_one), _shift(next_one, late)]
        if not any(map(np.any, steps[1])):
            return "12 steps lead no further than 2."
        if all(np.allclose(10 * a, b, rtol=1e-3, atol=1e-6) for a, b in zip(*steps, strict=True)):
            return "every step is the same. The gradients belong to the newest parameters."
        if unmoved := _as_before(dict(zip(NAMES, zip(*steps, strict=True), strict=True))):
            return (
                f"{' and '.join(unmoved)} take the same step every time. Each iteration needs a "
                "forward pass of its own, with the newest parameters."
            )
        right = zip(NAMES, _descend(early, X, y, alpha, 11), late, strict=True)
        wrong = [name for name, a, b in right if not np.allclose(b, a, rtol=1e-3, atol=1e-4)]
        if wrong:
            return f"11 steps after the first, {', '.join(wrong)} is not where it should be."
        return None

    yield case("one step on blank pictures", [(1, one)], judge_first_step, np.zeros((5, m)))
    yield case(
        "the same seed twice, then another",
        [(2, one), (2, one), (2, other)],
        judge_seeds,
        takes_work=False,
    )
    yield case("after 1, 2 and 12 steps", [(1, one), (2, one), (12, one)], judge_path)
    few = np.where(np.isin(y, (4, 8, 9)), 1, y)
    yield case(
        "one step on blank pictures, and there is no 4, 8 or 9",
        [(1, one)],
        partial(judge_first_step, y=few),
        np.zeros((5, m)),
        few,
        extreme=True,
    )

    def judge_long_way(runs: tuple) -> str | None:
        """Compare where many steps lead with where the worked lab gets from the same start."""
        early, late = runs
        right, own = (
            np.concatenate([step.ravel() for step in _shift(early, there)])
            for there in (_descend(early, X, y, alpha, _MANY), late)
        )
        if np.linalg.norm(own - right) <= 5e-3 * np.linalg.norm(right):
            return None
        return "not every step is alpha times the gradient. alpha stays as it is given."

    with_parts = case(
        f"after 1 step and {_MANY} more",
        [(1, one), (_MANY + 1, one)],
        judge_long_way,
        extreme=True,
    )
    # Parts that stand in would be asked thousands of times.
    yield replace(with_parts, parts=(), otherwise=with_parts)


def _as_before(steps: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[str]:
    """Return the names of what takes ten steps more that are all like the first."""
    return [
        name
        for name, (one, ten) in steps.items()
        if np.any(one) and np.allclose(10 * one, ten, rtol=1e-3, atol=1e-6)
    ]


def _shift(before: tuple, after: tuple) -> list[np.ndarray]:
    return [np.asarray(b) - np.asarray(a) for a, b in zip(before, after, strict=True)]


def _descend(
    start: tuple, X: np.ndarray, y: np.ndarray, alpha: float, iterations: int
) -> tuple[np.ndarray, ...]:
    """Let the worked lab's gradient descent start where a student's is."""
    namespace = worked.load(lab.name)
    namespace["init_params"] = lambda *_: tuple(map(np.asarray, start))
    return namespace["gradient_descent"](X, y, alpha, iterations, None)
