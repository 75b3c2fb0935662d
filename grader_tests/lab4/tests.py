"""Hidden tests of Lab 4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from grader_tests.engine import cross_entropy, worked
from grader_tests.engine.case import FLOAT32, Case, as_if_read
from grader_tests.lab4.lab import lab
from helpers.checking.compare import Setting, compare
from helpers.checking.namespace import rng as generator

# Everything that train_model may be made of, whichever way it is written.
PARTS = (
    *("initialize_parameters", "linear_forward", "deep_layer", "forward_pass", "compute_cost"),
    *("linear_backward", "backward_activation", "backward_pass", "update_parameters"),
    *("random_mini_batches", "predict"),
)


_SLOPES = ("dA_prev", "dW", "db")


@lab.test
def test_initialize_parameters(rng: np.random.Generator) -> Iterator[Case]:
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))

    def case(label: str, *dims: int) -> Case:
        def action(s):
            return tuple(
                s.initialize_parameters(list(dims), generator(seed)) for seed in (one, one, other)
            )

        return Case(label, action, accept=lambda drawn: _judge_start(drawn, dims))

    yield case("four layers", 260, 120, 45, 80, 31)
    yield case("a layer with more units than inputs", 90, 170, 62)
    yield case("a single layer", 150, 40)
    yield Case(
        "biases",
        lambda s: s.initialize_parameters([6, 4, 5, 3], generator(one)),
        accept=_biases_at_zero,
        takes_work=False,
    )


def _biases_at_zero(start: dict[str, np.ndarray]) -> str | None:
    wrong = any(np.any(values) for name, values in start.items() if str(name).startswith("b"))
    return "a bias does not start at 0." if wrong else None


# Variances that are easily taken for He's: what they are for a fan-in and a fan-out, and a hint.
_OTHER_VARIANCES: dict[str, Callable[[int, int], float]] = {
    "fan-in is the number of inputs, not of units.": lambda n_in, n_out: 2 / n_out,
    "it is twice as large as yours.": lambda n_in, n_out: 1 / n_in,
    "yours is made of inputs and units together.": lambda n_in, n_out: 2 / (n_in + n_out),
    "rng.normal takes its root, the standard deviation.": lambda n_in, n_out: (2 / n_in) ** 2,
    "yours is 1 in every layer.": lambda n_in, n_out: 1.0,
    "yours is 1/10,000 in every layer.": lambda n_in, n_out: 1e-4,
}


def _judge_start(drawn: tuple, dims: tuple[int, ...]) -> str | None:
    """Accept any distribution with He's variance; every limit is far from what chance can do."""
    first, again, other = drawn
    weights = {}
    for layer in range(1, len(dims)):
        weights[f"W{layer}"] = W = np.asarray(first[f"W{layer}"], dtype=float)
        if len(np.unique(W, axis=0)) < len(W):
            return f"W{layer} has equal rows. Units that start alike stay alike."
        if abs(np.mean(W)) > 6.5 * np.std(W) / np.sqrt(W.size):
            return f"the mean of W{layer} is not 0."
    for name in weights:
        if not np.array_equal(first[name], again[name]):
            return "the same generator gives other weights each time. Draw all of them from rng."
        if np.array_equal(first[name], other[name]):
            return f"another generator gives the same {name}. Draw it from rng."

    def all_have(variance: Callable[[int, int], float]) -> bool:
        return all(
            abs(np.std(W) / np.sqrt(variance(W.shape[1], W.shape[0])) - 1)
            < 6.5 / np.sqrt(2 * W.size)
            for W in weights.values()
        )

    if all_have(lambda n_in, n_out: 2 / n_in):
        return None
    hints = [hint for hint, variance in _OTHER_VARIANCES.items() if all_have(variance)]
    return "the variance of the weights is not 2 over the fan-in" + (
        f": {hints[0]}" if hints else "."
    )


def _layer(
    rng: np.random.Generator, n_in: int, n_out: int, m: int, scale: float = 0.7
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw A, W and b of moderate size; no bias is 0."""
    return (
        rng.normal(size=(n_in, m)),
        rng.normal(0, scale, (n_out, n_in)),
        rng.uniform(0.2, 0.8, (n_out, 1)) * rng.choice([-1, 1], (n_out, 1)),
    )


def _network(rng: np.random.Generator, *dims: int, scale: float = 0.7) -> dict[str, np.ndarray]:
    """Draw parameters of moderate size, none of them 0."""
    parameters = {}
    for layer, (n_in, n_out) in enumerate(pairwise(dims), start=1):
        _, parameters[f"W{layer}"], parameters[f"b{layer}"] = _layer(rng, n_in, n_out, 1, scale)
    return parameters


def _one_hot(rng: np.random.Generator, n_classes: int, m: int) -> np.ndarray:
    return np.eye(n_classes)[:, rng.integers(0, n_classes, m)]


@lab.test
def test_linear_forward(rng: np.random.Generator) -> Iterator[Case]:
    for label, sizes in {
        "5 inputs, 3 units, 4 examples": (5, 3, 4),
        "a single example": (4, 6, 1),
        "as many examples as units": (3, 5, 5),
    }.items():
        layer = _layer(rng, *sizes)
        yield Case(label, lambda s, layer=layer: s.linear_forward(*layer), m=sizes[2], **FLOAT32)


@lab.test
def test_deep_layer(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, activation: str, *sizes: int, scale: float = 0.7) -> Case:
        layer = _layer(rng, *sizes, scale)
        return Case(
            label,
            lambda s: s.deep_layer(*layer, as_if_read(activation)),
            m=sizes[2],
            names=("A", "the cache"),
            parts=("linear_forward",),
            **FLOAT32,
        )

    yield case("relu, 5 inputs, 3 units, 7 examples", "relu", 5, 3, 7)
    yield case("softmax, 4 inputs, 3 units, 6 examples", "softmax", 4, 3, 6)
    yield case("relu, a single example", "relu", 4, 9, 1)
    yield case("softmax, as many examples as units", "softmax", 3, 5, 5)
    yield case("softmax, scores in the hundreds", "softmax", 6, 4, 9, scale=300)


@lab.test
def test_forward_pass(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, m: int, *dims: int, scale: float = 0.7) -> Case:
        X, parameters = rng.normal(size=(dims[0], m)), _network(rng, *dims, scale=scale)
        return Case(
            label,
            lambda s: s.forward_pass(X, parameters),
            m=m,
            names=("AL", "the list of caches"),
            parts=("linear_forward", "deep_layer"),
            **FLOAT32,
        )

    yield case("three layers, 5 examples", 5, 8, 6, 4, 3)
    yield case("a single layer", 7, 6, 4)
    yield case("two layers, a single example", 1, 5, 4, 3)
    yield case("five layers that grow and shrink", 9, 4, 6, 3, 8, 5, 7)
    yield case("eleven layers", 3, 5, *[4, 6] * 5, 2)
    yield case("hidden layers that are all as large as the pictures", 8, 6, 6, 6, 6)


@lab.test
def test_compute_cost(rng: np.random.Generator) -> Iterator[Case]:
    with_zeros = np.array([[0.0, 0.2, 0.7, 0.0], [0.8, 0.5, 0.3, 0.4], [0.2, 0.3, 0.0, 0.6]])
    yield from cross_entropy.cases("compute_cost", rng, with_zeros, float32=True)


@lab.test
def test_linear_backward(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, n_in: int, n_out: int, m: int) -> Case:
        cache = _layer(rng, n_in, n_out, m)
        dZ = rng.normal(size=(n_out, m))
        return Case(label, lambda s: s.linear_backward(dZ, cache), m=m, names=_SLOPES, **FLOAT32)

    yield case("5 inputs, 3 units, 4 examples", 5, 3, 4)
    yield case("a single example", 4, 6, 1)
    yield case("as many inputs as units, 11 examples", 6, 6, 11)
    yield case("as many examples as units", 3, 7, 7)


@lab.test
def test_backward_activation(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, n_in: int, n_out: int, m: int, sign: int = 0) -> Case:
        layer = _layer(rng, n_in, n_out, m)
        Z = layer[1] @ layer[0] + layer[2]
        Z = sign * abs(Z) if sign else Z
        dA = rng.normal(size=(n_out, m))
        return Case(
            label,
            lambda s: s.backward_activation(dA, (layer, Z), as_if_read("relu")),
            m=m,
            names=_SLOPES,
            parts=("linear_backward",),
            **FLOAT32,
        )

    yield case("5 inputs, 3 units, 4 examples", 5, 3, 4)
    yield case("a single example", 4, 6, 1)
    yield case("as many inputs as units, 9 examples", 5, 5, 9)
    yield case("all of Z is positive", 3, 4, 7, sign=1)
    yield case("all of Z is negative", 6, 3, 5, sign=-1)


@lab.test
def test_backward_pass(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, m: int, *dims: int, sure: bool = False) -> Case:
        X, parameters = rng.normal(size=(dims[0], m)), _network(rng, *dims)
        if sure:
            parameters[f"W{len(dims) - 1}"] *= 1e5
        AL, caches = lab.definitions["forward_pass"](X, parameters)
        Y = _one_hot(rng, dims[-1], m)
        return Case(
            label,
            lambda s: s.backward_pass(AL, Y, caches),
            m=m,
            parts=("linear_backward", "backward_activation"),
            extreme=sure,
            **FLOAT32,
        )

    yield case("three layers, 5 examples", 5, 8, 6, 4, 3)
    yield case("a single layer", 7, 6, 4)
    yield case("two layers, a single example", 1, 5, 4, 3)
    yield case("five layers that grow and shrink", 11, 4, 6, 3, 8, 5, 7)
    yield case("layers that are all of the same size", 9, 5, 5, 5, 5)
    yield case("probabilities of exactly 0 and 1", 8, 6, 5, 3, sure=True)


@lab.test
def test_update_parameters(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, rate: float, *dims: int) -> Case:
        parameters = _network(rng, *dims)
        # From the last layer to the first, as the way back finds them.
        slopes = reversed(_network(rng, *dims).items())
        grads = {f"d{name}": value for name, value in slopes}
        return Case(
            label,
            lambda s: s.update_parameters(parameters, grads, rate),
            may_change_inputs=True,
        )

    yield case("three layers", float(rng.uniform(0.2, 0.8)), 7, 5, 3, 4)
    yield case("a single layer, a large step", float(rng.uniform(2, 4)), 6, 2)
    yield case("eleven layers", float(rng.uniform(0.2, 0.8)), 2, *[3, 4] * 5, 2)


@lab.test
def test_random_mini_batches(rng: np.random.Generator) -> Iterator[Case]:
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))

    def case(label: str, m: int, batch_size: int) -> Case:
        X = np.vstack([np.arange(m), rng.normal(size=(3, m))])  # the first row tells who is who
        Y = np.arange(m) * rng.uniform(1, 2, (2, 1))

        def action(s):
            return {
                name: s.random_mini_batches(X, Y, batch_size, generator(seed))
                for name, seed in {
                    "the list of batches": one,
                    "the list of the same generator": one,
                    "the list of another generator": other,
                }.items()
            }

        return Case(label, action, accept=lambda drawn: _judge_batches(drawn, X, Y))

    yield case("23 examples in batches of 5", 23, 5)
    yield case("24 examples in batches of 6", 24, 6)
    yield case("a batch size larger than the number of examples", 21, 40)
    yield case("batches of one example", 22, 1)


def _judge_batches(drawn: dict[str, list], X: np.ndarray, Y: np.ndarray) -> str | None:
    """Accept any order that is drawn from the generator; m is too large for a chance of it."""
    orders = []
    for batches in drawn.values():
        order = np.concatenate([np.asarray(batch[0])[0] for batch in batches])
        if not np.array_equal(np.sort(order), X[0]):
            return "not every example comes exactly once."
        chosen = order.astype(int)
        if not np.allclose(np.hstack([batch[0] for batch in batches]), X[:, chosen], rtol=1e-5):
            return "the columns of X do not come as they were."
        if not np.allclose(np.hstack([batch[1] for batch in batches]), Y[:, chosen], rtol=1e-5):
            return "the labels are not those of the examples beside them."
        orders.append(chosen)
    if np.array_equal(orders[0], np.sort(orders[0])):
        return "the examples come in the order in which they were given."
    blocks = [np.sort(np.asarray(batch[0])[0]) for batch in drawn["the list of batches"]]
    if all(len(b) > 1 and b[-1] - b[0] == len(b) - 1 for b in blocks) and len(blocks) > 1:
        return "every batch holds examples that were given one after the other."
    if min(map(len, blocks)) < len(blocks[-1]):
        return "a batch before the last one is smaller than the others."
    if not np.array_equal(orders[0], orders[1]):
        return "the same generator gives another order each time. Draw it from rng."
    if np.array_equal(orders[0], orders[2]):
        return "another generator gives the same order. Draw it from rng."
    return None


# Before test_train_model, in which the worked predict may stand in for the student's.
@lab.test
def test_predict(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, m: int, *dims: int, lower: float = 0.0) -> Case:
        X, parameters = rng.normal(size=(dims[0], m)), _network(rng, *dims, scale=1.5)
        parameters[f"b{len(dims) - 1}"] -= lower
        return Case(
            label,
            lambda s: s.predict(X, parameters),
            m=m,
            parts=("linear_forward", "deep_layer", "forward_pass"),
        )

    yield case("three layers, ten classes, 13 examples", 13, 8, 6, 5, 10)
    yield case("a single layer, three classes", 9, 6, 3)
    yield case("a single example", 1, 5, 4, 7)
    yield case("two layers, all scores negative", 11, 7, 5, 4, lower=60)


@lab.test
def test_train_model(rng: np.random.Generator) -> Iterator[Case]:
    """Judge the way from one step to the next, so that any of He's starts is accepted."""
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))
    rate, decay = float(rng.uniform(0.2, 0.4)), float(rng.uniform(0.4, 0.6))

    def case(label: str, data: tuple, runs: list[tuple], judge: Callable, **setting: bool) -> Case:
        def action(s):
            return tuple(
                s.train_model(*data, step, batch_size, epochs, generator(seed), *falling)
                for step, batch_size, epochs, seed, *falling in runs
            )

        return Case(label, action, accept=judge, parts=PARTS, **setting)

    m, dims = 23, [7, 5, 4, 3]
    X, Y = rng.normal(size=(7, m)), _one_hot(rng, 3, m)
    blank, all_first = np.zeros((7, m)), np.eye(3)[:, [0] * m]
    yield case(
        "blank pictures in batches of 5, two epochs",
        (blank, all_first, dims),
        [(rate, 5, 2, one)],
        lambda runs: _judge_blank(runs[0], rate, [5, 5, 5, 5, 3], 2),
    )
    yield case(
        "blank pictures in batches of 12, seven epochs, with decay",
        (blank, all_first, dims),
        [(rate, 12, 7, one, decay)],
        lambda runs: _judge_blank(runs[0], rate, [12, 11], 7, decay),
        extreme=True,  # points of its own: a slip in it does not cost those for the training
    )
    yield case(
        "all examples in one batch, after 1, 2 and 12 epochs",
        (X, Y, dims),
        [(rate, 30, epochs, one) for epochs in (1, 2, 12)],
        lambda runs: _judge_path(runs, (X, Y, dims), rate),
    )
    yield case(
        "the same seed twice, then the start from it and from another",
        (X, Y, dims),
        [(rate, 12, 1, one), (rate, 12, 1, one), (0.0, 12, 1, one), (0.0, 12, 1, other)],
        _judge_seeds,
        takes_work=False,
    )
    n_apart = 41
    apart, classes = np.eye(n_apart + 3)[:, :n_apart], _one_hot(rng, 4, n_apart)
    yield case(
        "one layer, examples that touch one weight each, in batches of 16",
        (apart, classes, [n_apart + 3, 4]),
        [(0.0, 16, 1, one), (1e-3, 16, 1, one), (1e-3, 16, 2, one)],
        lambda runs: _judge_weights(runs, classes, 1e-3, 16),
    )


_DECAY = (
    "b3 is not where it should be. The rate is learning_rate in all of the first epoch; at the end "
    "of each epoch, and only there, it is multiplied by decay."
)


def _judge_blank(run: tuple, rate: float, sizes: list, epochs: int, decay: float = 1) -> str | None:
    """On blank pictures of one class, every step of the last bias is known."""
    parameters, costs = run
    b, wanted = np.zeros(3), []
    for _ in range(epochs):
        steps = []
        for _ in sizes:
            share = np.exp(b) / np.exp(b).sum()
            steps.append(-np.log(share[0]))
            b = b - rate * (share - [1, 0, 0])
        wanted.append((np.average(steps, weights=sizes), np.mean(steps)))
        rate *= decay
    b3 = np.asarray(parameters["b3"]).reshape(3)
    if not np.any(b3):
        return "b3 is still 0. Is every step counted, and what it gives kept?"
    if wrong := compare(b, b3, Setting(rtol=1e-4, atol=1e-6), "b3"):
        return _DECAY if decay < 1 else wrong.message
    right = [
        np.isclose(float(cost), means, rtol=1e-4).any()
        for cost, means in zip(costs, wanted, strict=True)
    ]
    if all(right):
        return None
    if right[0]:
        return (
            "the cost of the first epoch is right, and that of the next is not. Does each epoch "
            "begin with a sum, or a list, of its own?"
        )
    return "the cost of an epoch is not the mean of what its batches cost."


def _judge_path(runs: tuple, data: tuple, rate: float) -> str | None:
    (early, _), (next_one, _), (late, costs) = runs
    steps = [_shift(early, next_one), _shift(next_one, late)]
    if not any(map(np.any, steps[1])):
        return "12 epochs lead no further than 2."
    if all(np.allclose(10 * a, b, rtol=1e-3, atol=1e-6) for a, b in zip(*steps, strict=True)):
        return "every step is the same. The gradients belong to the newest parameters."
    there, costs_there = _go_on(early, data, rate, 11)
    wrong = [n for n in there if not np.allclose(late[n], there[n], rtol=1e-3, atol=1e-4)]
    if wrong:
        return f"11 epochs after the first, {', '.join(wrong)} is not where it should be."
    if not np.allclose(costs[1:], costs_there, rtol=1e-3, atol=1e-5):
        return "a cost is not that of the parameters before the step."
    return None


def _shift(before: dict, after: dict) -> list[np.ndarray]:
    return [np.asarray(after[name]) - np.asarray(before[name]) for name in before if name in after]


def _go_on(
    start: dict, data: tuple, rate: float, epochs: int
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Let the worked lab's training start where a student's is."""
    X, Y, dims = data
    namespace = worked.load(lab.name)
    names = [f"{kind}{layer}" for layer in range(1, len(dims)) for kind in "Wb"]
    namespace["initialize_parameters"] = lambda *_: {n: np.asarray(start[n], float) for n in names}
    namespace["progress_bar"] = _SilentBar
    return namespace["train_model"](X, Y, dims, rate, X.shape[1], epochs, np.random.default_rng(0))


class _SilentBar(list):
    """Counts epochs and shows nothing."""

    def __init__(self, epochs: int) -> None:
        super().__init__(range(epochs))

    def set_postfix_str(self, text: str) -> None:
        pass


def _judge_seeds(runs: tuple) -> str | None:
    first, again, start, another = (np.asarray(parameters["W1"]) for parameters, _ in runs)
    if not np.allclose(first, again, rtol=1e-4, atol=1e-6):
        return "the same generator gives another W1. All randomness should come from rng."
    if np.allclose(start, another, rtol=1e-4, atol=1e-6):
        return "another generator gives the same W1. Draw the first parameters from rng."
    return None


def _judge_weights(runs: tuple, Y: np.ndarray, rate: float, batch_size: int) -> str | None:
    """Tell from each example's own column of weights in which batches it has been."""
    _, m = Y.shape
    start, one, two = (np.asarray(run[0]["W1"], dtype=float)[:, :m] for run in runs)
    scores = np.exp(start)
    slopes = scores / scores.sum(axis=0) - Y

    def shares(before: np.ndarray, after: np.ndarray) -> np.ndarray:
        return np.sum((before - after) / rate * slopes, axis=0) / np.sum(slopes**2, axis=0)

    epochs = [shares(start, one), shares(one, two)]
    rest = m % batch_size
    for share in epochs:
        if np.any(np.abs(share) < 1e-3):
            return "there are examples from which nothing is learned in an epoch."
        in_rest = np.isclose(share, 1 / rest, rtol=0.1)
        if not np.all(in_rest | np.isclose(share, 1 / batch_size, rtol=0.1)):
            return "the step that an example takes is not one over the size of its batch."
        if in_rest.sum() != rest:
            return "the batches have other sizes than they should."
    in_rest = [np.flatnonzero(np.isclose(share, 1 / rest, rtol=0.1)) for share in epochs]
    if np.array_equal(*in_rest):
        return "every epoch has the same batches. Draw new ones."
    return None
