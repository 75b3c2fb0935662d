"""Hidden tests of Lab 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader_tests.engine.case import FLOAT32, Case
from grader_tests.lab2.lab import lab

Sizes = tuple[int, int, int]

_PARAMETERS = ("W1", "b1", "W2", "b2")
# Stands in where the classifier is tested; what is given to the lab is the notebook's own.
_MODEL = ("NeuralNetwork", "Regularization", "Sigmoid")
_FIT_RTOL = 1e-4  # for what was float32, after several steps


@lab.test
def test_initialize_parameters(rng: np.random.Generator) -> Iterator[Case]:
    def started(s: Any, sizes: Sizes) -> dict[str, np.ndarray]:
        network = s.NeuralNetwork(*sizes, 0.1, s.Regularization(0.1, 0.2), s.Sigmoid())
        network.initialize_parameters()
        return _parameters(network)

    yield Case("shapes", lambda s: started(s, (7, 5, 3)), accept=lambda _: None, takes_work=False)
    yield Case("biases", lambda s: started(s, (6, 4, 2)), accept=_at_zero, takes_work=False)
    yield Case("a large network", lambda s: started(s, (120, 90, 70)), accept=_well_begun)


def _at_zero(parameters: dict[str, np.ndarray]) -> str | None:
    wrong = [name for name in ("b1", "b2") if np.any(parameters[name])]
    return f"{wrong[0]} should be 0 everywhere." if wrong else None


def _well_begun(parameters: dict[str, np.ndarray]) -> str | None:
    """Judge what is random by bounds that are at least six standard errors wide."""
    for name in ("W1", "W2"):
        W = np.asarray(parameters[name], dtype=float)
        if not W.any():
            return f"{name} is 0 everywhere, so that all units would stay alike."
        if not np.ptp(W, axis=0).all():
            return f"{name} has equal rows, so that units would stay alike."
        if not np.ptp(W, axis=1).all():
            return f"{name} has equal columns."
        if abs(W.mean()) > max(0.1 * W.std(), 8e-4):
            return f"the mean of {name} is not 0."
        if not 0.94 < W.std() / 0.01 < 1.06:
            size = "large" if W.std() > 0.01 else "small"
            return f"the weights in {name} are too {size}: their standard deviation is not 0.01."
        if np.abs(W).max() < 0.025:
            return (
                f"{name} has no weight far from its mean: the distribution is not the normal one."
            )
    return None


@lab.test
def test_forward_propagation(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, sizes: Sizes, m: int, scale: float = 1) -> Case:
        values, X = _random_parameters(rng, sizes), scale * rng.normal(0, 1, (sizes[0], m))
        return Case(
            label,
            lambda s: _network(s, sizes, values).forward_propagation(X),
            m=m,
            extreme=scale > 1,
            **FLOAT32,
        )

    yield case("four examples", (7, 5, 3), 4)
    yield case("a single example", (2, 6, 4), 1)
    yield case("more examples than units", (4, 2, 3), 11)
    yield case("pixel values that are far too large", (6, 5, 4), 7, scale=500)

    values, X_1, X_2 = (
        _random_parameters(rng, (5, 4, 2)),
        rng.normal(0, 1, (5, 3)),
        rng.normal(0, 1, (5, 6)),
    )

    def twice(s: Any) -> dict[str, np.ndarray]:
        network = _network(s, (5, 4, 2), values)
        network.forward_propagation(X_1)
        return network.forward_propagation(X_2)

    def with_another_function(s: Any) -> dict[str, np.ndarray]:
        return _network(s, (5, 4, 2), values, sigm=s.Sigmoid().prime).forward_propagation(X_2)

    yield Case("the second of two calls", twice, m=6, **FLOAT32)
    yield Case("another function given as sigm", with_another_function, m=6, **FLOAT32)


@lab.test
def test_backward_propagation(rng: np.random.Generator) -> Iterator[Case]:
    def batch(sizes: Sizes, values: dict, m: int, scale: float = 1) -> tuple:
        X = scale * rng.normal(0, 1, (sizes[0], m))
        Y = np.eye(sizes[2])[:, rng.integers(0, sizes[2], m)]
        return X, Y, _network(lab.solution, sizes, values).forward_propagation(X)

    def case(
        label: str,
        sizes: Sizes,
        m: int,
        lambdas: tuple[float, float],
        **scale: float,
    ) -> Case:
        values = _random_parameters(rng, sizes)
        given = batch(sizes, values, m, **scale)
        return Case(
            label,
            lambda s: _network(s, sizes, values, lambdas).backward_propagation(*given),
            m=m,
            **FLOAT32,
        )

    yield case("without penalties", (7, 5, 3), 4, (0.0, 0.0))
    yield case("with both penalties", (6, 2, 5), 9, (0.7, 1.6))
    yield case("with an L1 penalty", (3, 4, 2), 6, (1.3, 0.0))
    yield case("with an L2 penalty", (3, 2, 4), 6, (0.0, 2.1))
    yield case("a single example", (4, 3, 2), 1, (0.4, 0.9))
    yield case("hidden units that are stuck", (6, 5, 4), 7, (0.2, 0.3), scale=500)
    own = _random_parameters(rng, (4, 3, 5))
    own["W2"] = 1e5 * own["W2"]
    sure = batch((4, 3, 5), own, 6)
    yield Case(
        "answers of exactly 0 and 1",
        lambda s: _network(s, (4, 3, 5), own).backward_propagation(*sure),
        m=6,
        extreme=True,
        **FLOAT32,
    )

    sizes, lambdas = (5, 4, 2), (0.5, 1.1)
    values = _random_parameters(rng, sizes)
    first, second = batch(sizes, values, 3), batch(sizes, values, 6)

    def twice(s: Any) -> dict[str, np.ndarray]:
        network = _network(s, sizes, values, lambdas)
        network.backward_propagation(*first)
        return network.backward_propagation(*second)

    def afterwards(s: Any) -> dict[str, np.ndarray]:
        network = _network(s, sizes, values, lambdas)
        network.backward_propagation(*first)
        return _parameters(network)

    yield Case("the second of two calls", twice, m=6, **FLOAT32)
    yield Case("the network's own parameters after the call", afterwards)


@lab.test
def test_update_parameters(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, sizes: Sizes, learning_rate: float, steps: int) -> Case:
        values = _random_parameters(rng, sizes)
        grads = [
            {f"d{name}": value for name, value in _random_parameters(rng, sizes).items()}
            for _ in range(steps)
        ]

        def updated(s: Any) -> dict[str, np.ndarray]:
            network = _network(s, sizes, values, learning_rate=learning_rate)
            for step in grads:
                network.update_parameters(step)
            return _parameters(network)

        return Case(label, updated)

    yield case("one step", (7, 5, 3), rng.uniform(0.2, 0.7), 1)
    yield case("one long step", (2, 6, 4), rng.uniform(1.5, 3), 1)
    yield case("two steps", (4, 2, 3), rng.uniform(0.01, 0.1), 2)


@lab.test
def test_fit(rng: np.random.Generator) -> Iterator[Case]:
    def case(
        label: str, sizes: Sizes, labels: np.ndarray, epochs: int, rate: float, **other: int
    ) -> Case:
        penalties, fits = other.get("penalties", 1), other.get("fits", 1)
        X = rng.normal(0, 2, (sizes[0], labels.size))
        # The weights start alike whenever they are initialised, by the constructor or by `fit`.
        seed = int(rng.integers(1000))
        lambdas = penalties * rng.uniform(0.4, 0.9), penalties * rng.uniform(1.2, 1.9)

        def model(s: Any) -> Any:
            network = s.NeuralNetwork(
                *sizes, rate, s.Regularization(*lambdas), s.Sigmoid(), rng=seed
            )
            network.initialize_parameters()
            return network

        in_one_order = _order_of_the_worked_lab(model, X, labels, epochs)

        def trained(s: Any) -> dict[str, Any]:
            network = model(s)
            classifier = s.NNClassifier(network, epochs=epochs)
            for _ in range(fits):
                classifier.fit(X, labels)
            return {"_cost": in_one_order(classifier._cost), "W1 afterwards": network.W1}

        return Case(label, trained, m=labels.size, parts=_MODEL, rtol=_FIT_RTOL)

    every = rng.permutation([0, 1, 2, 1, 0, 2, 2]).reshape(1, 7)
    no_top = rng.permutation([0, 1, 3, 3, 2, 0, 1, 2, 1]).reshape(1, 9)
    yield case("_cost, three classes", (5, 4, 3), every, 5, 0.8)
    yield case("_cost, the last two of six classes do not occur", (4, 3, 6), no_top, 3, 0.4)
    yield case("_cost, a single example", (3, 5, 2), np.array([[1]]), 2, 0.2)
    yield case("_cost without penalties", (4, 3, 3), every, 2, 0.6, penalties=0)
    yield case("_cost, 23 epochs", (3, 4, 3), every, 23, 0.1)
    yield case("_cost after a second fit", (4, 5, 3), every, 3, 0.3, fits=2)


def _order_of_the_worked_lab(
    model: Callable[[Any], Any], X: np.ndarray, labels: np.ndarray, epochs: int
) -> Callable[[Any], Any]:
    """Return a function that leaves costs as they are, unless they are right in another order.

    When in an epoch the cost is measured is free: before the step, after it, or the cost before
    (its answers are in the cache) and the penalties after it (the weights are at hand). The
    worked lab measures both before.
    """

    def trained(steps: int) -> Any:
        classifier = lab.solution.NNClassifier(model(lab.solution), epochs=steps)
        classifier.fit(X, labels)
        return classifier

    def penalties(network: Any) -> float:
        weights = network.W1, network.W2, labels.size
        return network.reg.l1(*weights) + network.reg.l2(*weights)

    path = np.array(trained(epochs + 1)._cost)
    penalty = np.array([penalties(trained(steps).model) for steps in range(epochs + 1)])
    before, after = path[:-1], path[1:]
    orders = before, after, before - penalty[:-1] + penalty[1:]

    def in_one_order(costs: Any) -> Any:
        try:
            values = np.array(costs, dtype=float).ravel()
        except (TypeError, ValueError):
            return costs
        if any(
            values.shape == order.shape and np.allclose(values, order, rtol=_FIT_RTOL)
            for order in orders
        ):
            return before.tolist()
        return costs

    return in_one_order


@lab.test
def test_predict(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, sizes: Sizes, m: int) -> Case:
        values, X = _random_parameters(rng, sizes), rng.normal(0, 1, (sizes[0], m))
        return Case(
            label,
            lambda s: s.NNClassifier(_network(s, sizes, values)).predict(X),
            m=m,
            parts=_MODEL,
        )

    yield case("four classes, nine examples", (5, 6, 4), 9)
    yield case("more classes than examples", (3, 4, 7), 5)
    yield case("a single example", (4, 3, 6), 1)


def _network(
    s: Any,
    sizes: Sizes,
    values: dict[str, np.ndarray],
    lambdas: tuple[float, float] = (0.3, 0.8),
    learning_rate: float = 0.1,
    sigm: Any = None,
) -> Any:
    """Make a network of the namespace's own class, with parameters that are given."""
    network = s.NeuralNetwork(
        *sizes, learning_rate, s.Regularization(*lambdas), sigm or s.Sigmoid()
    )
    for name, value in values.items():
        setattr(network, name, value)
    return network


def _parameters(network: Any) -> dict[str, np.ndarray]:
    return {name: getattr(network, name) for name in _PARAMETERS}


def _random_parameters(rng: np.random.Generator, sizes: Sizes) -> dict[str, np.ndarray]:
    """Draw weights of moderate size, none close to 0, and biases that are not 0."""
    features, hidden, classes = sizes
    shapes = (hidden, features), (hidden, 1), (classes, hidden), (classes, 1)
    draws = (rng.choice([-1, 1], shape) * rng.uniform(0.1, 1.5, shape) for shape in shapes)
    return dict(zip(_PARAMETERS, draws, strict=True))
