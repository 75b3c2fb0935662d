"""Hidden tests of Lab 5.

One part of the framework is tested with the layers, the loss and the optimiser that the lab is
given, and with a model's other methods replaced, so that a wrong part is not paid for twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from grader_tests.engine.case import Case
from grader_tests.engine.cross_entropy import costly
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.lab import lab
from helpers.checking import recipes
from helpers.checking.compare import Setting, compare
from helpers.checking.namespace import Recipe, StudentError, Thing
from helpers.checking.namespace import rng as generator

_FLOAT32 = {"rtol": 1e-5, "atol": 1e-6}  # for results that were float32 at some point on their way


@lab.test
def test_to_categorical(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, y: np.ndarray, classes: int) -> Case:
        return Case(label, lambda s: s.to_categorical(y, classes), m=len(y))

    yield case("seven labels, four classes", rng.permutation([0, 1, 2, 3, 3, 0, 2]), 4)
    yield case("the last two of six classes do not occur", rng.permutation([3, 1, 0, 2, 3]), 6)
    yield case("the first class does not occur", rng.permutation([1, 2, 2, 1]), 3)
    yield case("a single label", rng.integers(0, 5, 1), 5)
    yield case("as many labels as classes", rng.permutation([2, 2, 0, 1, 2]), 5)

    labels = rng.permutation([1, 0, 2])
    yield Case(
        "the kind of the entries",
        lambda s: np.asarray(s.to_categorical(labels, 3)).dtype.kind,
        accept=_numbers,
    )


def _numbers(kind: str) -> str | None:
    if kind == "b":
        return "your entries are True and False. Turn them into numbers."
    if kind == "u":
        return "your entries are unsigned integers, and the loss needs their negatives."
    return None


@lab.test
def test_dense_build(rng: np.random.Generator) -> Iterator[Case]:
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))

    def case(label: str, n_inputs: int, units: int, activation: str | None) -> Case:
        def action(s):
            drawn = []
            for seed in (one, one, other):
                layer = s.Dense(units, activation=activation, rng=generator(seed))
                layer.build(n_inputs)
                drawn.append((layer.kernel, layer.bias))
            return tuple(drawn)

        return Case(label, action, accept=lambda drawn: _well_begun(drawn, n_inputs, units))

    yield case("a relu layer of 70 units, 110 inputs", 110, 70, "relu")
    yield case("a softmax layer of 130 units, 50 inputs", 50, 130, "softmax")


def _well_begun(drawn: tuple, n_inputs: int, units: int) -> str | None:
    """Judge random kernels by bounds that are at least six standard errors wide."""
    (first, bias), (again, _), (another, _) = drawn
    kernel, limit = np.asarray(first, dtype=float), np.sqrt(6 / (n_inputs + units))
    if np.any(bias):
        return "the bias does not start at 0."
    if not np.any(kernel):
        return "the kernel is 0 everywhere. Units that start alike stay alike."
    if not np.ptp(kernel, axis=1).all() or not np.ptp(kernel, axis=0).all():
        return "the kernel has equal rows or equal columns. Draw every entry on its own."
    if np.abs(kernel.mean()) > 0.1 * limit:
        return "the mean of the kernel is not 0."
    most = np.abs(kernel).max()
    if kernel.std() < 0.94 * limit / np.sqrt(3) and 0.98 * limit < most <= limit * (1 + 1e-6):
        return "too many entries are close to 0: the distribution is not the uniform one."
    if not 0.94 < kernel.std() / (limit / np.sqrt(3)) < 1.06:
        size = "large" if kernel.std() > limit / np.sqrt(3) else "small"
        return f"the kernel's entries are too {size} for the limit of Glorot."
    if most > limit * (1 + 1e-6):
        return "some entries are beyond the limit: the distribution is not the uniform one."
    if most < 0.95 * limit:
        return "no entry comes near the limit: the distribution is not the uniform one."
    if not np.array_equal(first, again):
        return "the same generator gives another kernel each time. Draw it from self.rng."
    if np.array_equal(first, another):
        return "another generator gives the same kernel. Draw it from self.rng."
    return None


def _dense(s: Any, activation: str | None, kernel: np.ndarray, bias: np.ndarray) -> Any:
    """Make a Dense layer of the namespace with parameters that are given.

    It may keep in `build` what it needs later; what `build` draws is not tested here.
    """
    layer = s.Dense(kernel.shape[1], activation=activation)
    with forgiven():
        layer.build(kernel.shape[0])
    layer.kernel, layer.bias = kernel, bias
    return layer


def _parameters(
    rng: np.random.Generator, n_inputs: int, units: int, scale: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a kernel and a bias, no entry of the bias close to 0."""
    signs = rng.choice([-1, 1], units)
    return rng.normal(0, scale, (n_inputs, units)), signs * rng.uniform(0.2, 0.9, units)


@lab.test
def test_dense_forward(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, activation: str | None, n: int, units: int, m: int, scale=1.0) -> Case:
        kernel, bias = _parameters(rng, n, units, scale)
        x = rng.normal(0, 1, (m, n))

        def action(s: Any) -> np.ndarray:
            return _dense(s, activation, kernel, bias).forward(x)

        return Case(label, action, m=m, extreme=scale > 1)

    yield case("no activation, four examples", None, 7, 5, 4)
    yield case("relu, four examples", "relu", 7, 5, 4)
    yield case("softmax, four examples", "softmax", 7, 5, 4)
    yield case("softmax, as many examples as units", "softmax", 3, 6, 6)
    yield case("softmax, a single example", "softmax", 4, 6, 1)
    yield case("relu, more examples than units", "relu", 2, 3, 11)
    yield case("a single unit", None, 4, 1, 5)
    yield case("softmax, scores far from 0 and from each other", "softmax", 6, 4, 9, scale=400)

    far, signs = np.array([[1000.0, 999 + rng.uniform(), 3]]), np.array([[1.0], [-1]])
    yield Case(
        "softmax, two scores far from 0 and close to each other",
        lambda s: _dense(s, "softmax", far, np.zeros(3)).forward(signs),
        m=2,
        extreme=True,
    )

    kernel, bias = _parameters(rng, 5, 3)
    x_1, x_2 = rng.normal(size=(4, 5)), rng.normal(size=(8, 5))

    def twice(s: Any) -> Any:
        layer = _dense(s, "relu", kernel, bias)
        layer.forward(x_1)
        return layer.forward(x_2)

    yield Case("the second of two calls", twice, m=8)

    kernel_kept, bias_kept = _parameters(rng, 6, 4, 0.7)
    x_kept, slopes = rng.normal(size=(5, 6)), rng.normal(size=(5, 4))
    result = _dense(lab.solution, "softmax", kernel_kept, bias_kept).forward(x_kept)

    def gets_back(s: Any, put_right: bool) -> bool:
        layer, right = (_dense(n, "softmax", kernel_kept, bias_kept) for n in (s, lab.solution))
        right.forward(x_kept)
        with forgiven():
            layer.forward(x_kept)
            if put_right:
                layer.x, layer.a = x_kept, result
            found = layer.backward(slopes)
            return compare(right.backward(slopes), found, Setting(**_FLOAT32)) is None
        return False

    def remembered(s: Any) -> bool:
        """Forward is to blame only where backward works once its memory is put right."""
        return gets_back(s, put_right=False) or not gets_back(s, put_right=True)

    yield Case(
        "what forward leaves for backward",
        remembered,
        accept=lambda kept: (
            None if kept else "self.x should be the input, and self.a the result, for backward."
        ),
    )


@lab.test
def test_dense_backward(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, activation: str | None, n: int, units: int, *ms: int) -> Case:
        kernel, bias = _parameters(rng, n, units, 0.7)
        calls = [(rng.normal(size=(m, n)), rng.normal(size=(m, units))) for m in ms]
        results = [_dense(lab.solution, activation, kernel, bias).forward(x) for x, _ in calls]

        def action(s: Any) -> dict[str, Any]:
            layer = _dense(s, activation, kernel, bias)
            for (x, grad_output), a in zip(calls, results, strict=True):
                _forward_as_it_should_be(layer, x, a)
                at_input = layer.backward(grad_output)
            return {
                "the gradient at the input": at_input,
                "grad_kernel": layer.grad_kernel,
                "grad_bias": layer.grad_bias,
            }

        return Case(label, action, m=ms[-1], **_FLOAT32)

    yield case("no activation, four examples", None, 7, 5, 4)
    yield case("relu, four examples", "relu", 7, 5, 4)
    yield case("softmax, four examples", "softmax", 7, 5, 4)
    yield case("softmax, a single example", "softmax", 4, 6, 1)
    yield case("softmax, as many examples as units", "softmax", 3, 6, 6)
    yield case("relu, eleven examples", "relu", 3, 2, 11)
    yield case("no activation, the second of two calls", None, 5, 3, 8, 6)

    kernel, bias = _parameters(rng, 5, 3)
    x, grad_output = rng.normal(size=(4, 5)), rng.normal(size=(4, 3))

    def afterwards(s: Any, activation: str) -> tuple:
        layer = _dense(s, activation, kernel, bias)
        result = _dense(lab.solution, activation, kernel, bias).forward(x)
        _forward_as_it_should_be(layer, x, result)
        layer.backward(grad_output)
        return layer.kernel, layer.bias, layer.x, layer.a

    for activation in ("relu", "softmax"):
        yield Case(
            f"{activation}: what backward should leave alone",
            partial(afterwards, activation=activation),
            names=("the kernel", "the bias", "self.x", "self.a, forward's result"),
        )


def _forward_as_it_should_be(layer: Any, x: np.ndarray, a: np.ndarray) -> None:
    """Let a layer go forward, and correct what the lab asks it to keep.

    Where a layer keeps more than that is its own affair, which its own forward has settled.
    """
    with forgiven():
        layer.forward(x)
    layer.x, layer.a = x, a


@lab.test
def test_loss(rng: np.random.Generator) -> Iterator[Case]:
    def example(m: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
        p = rng.uniform(0.1, 1, (m, classes))
        return np.eye(classes)[rng.integers(0, classes, m)], p / p.sum(axis=1, keepdims=True)

    # rtol leaves room for log(p + 1e-7), another way to guard the logarithm.
    for label, (y, p) in {
        "seven examples, four classes": example(7, 4),
        "more classes than examples": example(3, 6),
        "a single example": example(1, 5),
    }.items():
        yield Case(
            f"the loss, {label}",
            lambda s, y=y, p=p: s.CategoricalCrossentropy()(y, p),
            m=len(y),
            rtol=1e-5,
        )
        yield Case(
            f"the gradient, {label}",
            lambda s, y=y, p=p: s.CategoricalCrossentropy().gradient(y, p),
            m=len(y),
            rtol=1e-5,
        )
    few, rare = np.eye(3)[rng.integers(0, 3, 5)], rng.uniform(4e-7, 6e-7, (5, 1))
    unsure = np.where(few == 1, rare, (1 - rare) / 2)
    # A guard may change these probabilities by 1e-7, which is a quarter of the smallest.
    yield Case(
        "the loss where the true class has less than a millionth",
        lambda s: s.CategoricalCrossentropy()(few, unsure),
        rtol=0.03,
        extreme=True,
    )
    yield Case(
        "the gradient where the true class has less than a millionth",
        lambda s: s.CategoricalCrossentropy().gradient(few, unsure),
        rtol=0.3,
        extreme=True,
    )
    y_kind, p_kind = example(4, 3)
    yield Case(
        "the kind of the loss",
        lambda s: np.ndim(s.CategoricalCrossentropy()(y_kind, p_kind)),
        accept=lambda axes: None if axes == 0 else "your loss is an array, and should be a number.",
    )
    exact = np.eye(4)[rng.integers(0, 4, 6)]
    yield Case(
        "the loss of probabilities of exactly 0 and 1, all of them right",
        lambda s: s.CategoricalCrossentropy()(exact, exact),
        atol=1e-4,
        extreme=True,
    )
    small = exact.astype(np.float32)
    yield Case(
        "the loss of the same probabilities in float32",
        lambda s: s.CategoricalCrossentropy()(small, small),
        atol=1e-4,
        extreme=True,
    )
    wrong = np.roll(exact, 1, axis=1)
    yield Case(
        "the loss where the true class has the probability 0",
        lambda s: s.CategoricalCrossentropy()(exact, wrong),
        accept=costly(10),
        extreme=True,
    )
    yield Case(
        "the gradient where the true class has the probability 0",
        lambda s: s.CategoricalCrossentropy().gradient(exact, wrong),
        accept=lambda gradient: _steep(gradient, exact),
        extreme=True,
    )
    yield Case(
        "the gradient where the true class has the probability 0 in float32",
        lambda s: s.CategoricalCrossentropy().gradient(small, wrong.astype(np.float32)),
        accept=lambda gradient: _steep(gradient, exact),
        extreme=True,
    )


def _steep(gradient: Any, y_true: np.ndarray) -> str | None:
    """How steep depends on how far from 0 the quotient is guarded, which is a free choice."""
    slopes = np.asarray(gradient, dtype=float)[y_true == 1]
    if not np.all(slopes < -1e5):
        return "the slope of a sure and wrong answer should be far below 0."
    return None if np.all(slopes > -1e300) else "no guarded quotient is as large as your slopes."


@lab.test
def test_sgd(rng: np.random.Generator) -> Iterator[Case]:
    def case(
        label: str, steps: int, rate: float, *momentum: float, widths: tuple[int, int] = (3, 5)
    ) -> Case:
        starts = [(rng.normal(size=n), rng.normal(size=n)) for n in widths]
        slopes = [[(rng.normal(size=n), rng.normal(size=n)) for n in widths] for _ in range(steps)]

        def action(s: Any) -> dict[str, Any]:
            entry, first, second = s.Input(4), s.Scale(), s.Scale()
            s.Add()(entry, entry), first(entry), second(entry)
            layers = entry.layer.feeds  # Add, which does not learn, then both
            for layer, (kernel, bias) in zip((first, second), starts, strict=True):
                layer.kernel, layer.bias = kernel, bias
            optimizer = s.SGD(rate, *momentum)
            for step in slopes:
                for layer, (kernel, bias) in zip((first, second), step, strict=True):
                    layer.grad_kernel, layer.grad_bias = kernel, bias
                optimizer.apply(layers)
            return {
                "kernel of one layer": first.kernel,
                "bias of one layer": first.bias,
                "kernel of the other layer": second.kernel,
                "bias of the other layer": second.bias,
            }

        return Case(label, action)

    yield case("one step", 1, float(rng.uniform(0.2, 0.7)))
    yield case("two steps without momentum", 2, float(rng.uniform(1.5, 3)), 0.0)
    yield case("two steps with momentum", 2, float(rng.uniform(0.2, 0.7)), 0.9)
    yield case("four steps with momentum", 4, float(rng.uniform(0.01, 0.1)), 0.5)
    yield case("three steps, layers of the same width", 3, 0.3, 0.8, widths=(4, 4))


def _scale(s: Any, rng_values: tuple[np.ndarray, np.ndarray]) -> Any:
    """Make a given layer with parameters that are given; they are set after its first call."""
    layer = s.Scale()
    layer.kernel, layer.bias = rng_values
    return layer


@lab.test
def test_graph(rng: np.random.Generator) -> Iterator[Case]:
    def values(n: int) -> tuple[np.ndarray, np.ndarray]:
        signs = rng.choice([-1, 1], n)
        return signs * rng.uniform(0.5, 1.5, n), rng.normal(size=n)

    def case(
        label: str,
        build: Callable,
        *shapes: tuple[int, int],
        width: int,
        times: int = 1,
        extreme: bool = False,
    ) -> list[Case]:
        x = [rng.normal(size=shape) for shape in shapes]
        grad_output = rng.normal(size=(len(x[0]), width))

        def layers(s: Any) -> dict[str, Any]:
            model, nodes, _ = build(s)
            all_nodes, all_layers = model.nodes, model.layers
            return {
                "positions of the nodes": _positions(nodes, all_nodes),
                "number of nodes": _length(all_nodes),
                "positions of the layers": _positions([n.layer for n in nodes], all_layers),
                "number of layers": _length(all_layers),
            }

        def scaled(by: int) -> Any:
            return [by * array for array in x] if len(x) > 1 else by * x[0]

        def forward(s: Any) -> Any:
            model, _, _ = build(s)
            for time in range(1, times + 1):
                answer = model.forward(scaled(time))
            return answer

        def backward(s: Any) -> dict[str, Any]:
            model, _, learning = build(s)
            found = {}
            for time in range(1, times + 1):
                model.forward(scaled(time))
                model.backward(grad_output)
                found |= {
                    f"{which} of layer {number}{', the second time' * (time - 1)}": getattr(
                        layer, which
                    )
                    for number, layer in enumerate(learning, start=1)
                    for which in ("grad_kernel", "grad_bias")
                }
            return found

        def in_order(found: dict[str, Any]) -> str | None:
            _, nodes, _ = build(lab.solution)
            expected = layers(lab.solution)
            for what in ("nodes", "layers"):
                if -1 in found[f"positions of the {what}"]:
                    return f"one of the {what} is missing."
                if found[f"number of {what}"] != expected[f"number of {what}"]:
                    return f"there are too many or too few {what}."
            positions = found["positions of the nodes"]
            for node, position in zip(nodes, positions, strict=True):
                parents = [p for p, n in zip(positions, nodes, strict=True) if _is_parent(n, node)]
                if any(parent > position for parent in parents):
                    return "a node comes before one of its parents."
            places = found["positions of the layers"]
            by_layer: dict[int, list[int]] = {}
            for place, position in zip(places, positions, strict=True):
                by_layer.setdefault(place, []).append(position)
            firsts = [min(by_layer[place]) for place in sorted(by_layer)]
            return None if firsts == sorted(firsts) else "the layers are not in the nodes' order."

        return [
            Case(f"nodes and layers of {label}", layers, accept=in_order, extreme=extreme),
            Case(f"forward through {label}", forward, m=len(x[0]), extreme=extreme, **_FLOAT32),
            Case(f"backward through {label}", backward, m=len(x[0]), extreme=extreme, **_FLOAT32),
        ]

    one, two, three = values(3), values(3), values(3)

    def chain(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        nodes = [entry, a(entry)]
        nodes += [b(nodes[-1])]
        nodes += [c(nodes[-1])]
        return _ready(s.Model(entry, nodes[-1]), nodes, [a, b, c], [one, two, three])

    def branches(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        first = a(entry)
        left, right = b(first), c(first)
        merged = s.Add()(first, left, right)
        nodes = [entry, first, left, right, merged]
        return _ready(s.Model(entry, merged), nodes, [a, b, c], [one, two, three])

    def skip(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        first = a(entry)
        second = b(first)
        third = c(second)
        wide = s.Concatenate()(first, third)
        nodes = [entry, first, second, third, wide]
        return _ready(s.Model(entry, wide), nodes, [a, b, c], [one, two, three])

    def part(s: Any) -> tuple:
        """A model over the first nodes of another one's graph."""
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        first = a(entry)
        second = b(first)
        s.Model(entry, c(second))
        nodes = [entry, first, second]
        return _ready(s.Model(entry, second), nodes, [a, b], [one, two])

    def shared(s: Any) -> tuple:
        entry = s.Input(3)
        a, b = s.Scale(), s.Scale()
        first = a(entry)
        middle = b(first)
        again = a(middle)
        nodes = [entry, first, middle, again]
        return _ready(s.Model(entry, again), nodes, [a, b], [one, two])

    def three_places(s: Any) -> tuple:
        entry, a = s.Input(3), s.Scale()
        nodes = [entry, a(entry)]
        nodes += [a(nodes[-1])]
        nodes += [a(nodes[-1])]
        nodes += [s.Add()(nodes[-1], nodes[1], nodes[-1])]
        a(nodes[1])  # belongs to no path to the output
        return _ready(s.Model(entry, nodes[-1]), nodes, [a], [one])

    def one_sum(s: Any) -> tuple:
        entry, a, add = s.Input(3), s.Scale(), s.Add()
        nodes = [entry, a(entry)]
        nodes += [add(nodes[1], entry)]
        nodes += [add(nodes[2], nodes[1], entry)]
        return _ready(s.Model(entry, nodes[-1]), nodes, [a], [two])

    def two_inputs(s: Any) -> tuple:
        left, right = s.Input(4), s.Input(4)
        a, b = s.Scale(), s.Scale()
        one_side, other_side = a(left), b(right)
        merged = s.Concatenate()(one_side, other_side)
        s.Add()(left, left)  # belongs to no path to the output
        # The two nodes, in a list; the output meets them in the other order.
        both = s.Concatenate()(right, left).parents
        nodes = [left, right, one_side, other_side, merged]
        return _ready(s.Model(both, merged), nodes, [a, b], [four, another])

    four, another = values(4), values(4)
    yield from case("a chain", chain, (4, 3), width=3)
    yield from case("two branches", branches, (7, 3), width=3)
    yield from case("a way around two layers", skip, (4, 3), width=6)
    yield from case("a part of another model's graph", part, (4, 3), width=3)
    yield from case("a shared layer", shared, (5, 3), width=3, times=2)
    yield from case(
        "a layer in three places, and a node added to itself",
        three_places,
        (4, 3),
        width=3,
        times=2,
    )
    yield from case("one sum of two and of three nodes", one_sum, (4, 3), width=3, extreme=True)
    yield from case("two inputs", two_inputs, (3, 4), (3, 4), width=8)


def _ready(model: Any, nodes: list, layers: list, values: list) -> tuple:
    for layer, (kernel, bias) in zip(layers, values, strict=True):
        layer.kernel, layer.bias = kernel, bias
    return model, nodes, layers


def _length(items: Any) -> int:
    """Count a list that stays with the code under test."""
    if not isinstance(items, Thing):
        raise StudentError("`nodes` and `layers` should be lists that hold nodes and layers.")
    return items.__len__()


def _positions(wanted: list[Any], items: Any) -> list[int]:
    """Find where in such a list each of some things is; -1 if it is not there."""
    if not _length(items):
        return [-1] * len(wanted)
    index = items.index

    def position(item: Any) -> int:
        with forgiven():
            return index(item)
        return -1

    return [position(item) for item in wanted]


def _is_parent(node: Any, of: Any) -> bool:
    return any(parent is node._ref for parent in of._ref.parents)


def _model(s: Any, entry: Any, end: Any) -> Any:
    """Make a model, if need be without its constructor, which is not tested here."""
    with forgiven():
        return s.Model(entry, end)
    return _unmade(s.Model)


def _one_layer(
    s: Any, kernel: np.ndarray, bias: np.ndarray, whole: bool = False
) -> tuple[Any, Any]:
    """Make a model of one given layer, and see to it that what `model` had to do is done right.

    A whole model is the student's own in all its parts.
    """
    entry, layer = s.Input(len(kernel)), s.Scale()
    if whole:
        model = s.Model(entry, layer(entry))
    else:
        # It occurs twice in the graph, and once among the layers, which are those to be moved.
        model = _model(s, entry, layer(layer(entry)))
        model.forward, model.backward = layer.forward, layer.backward
        model.layers = entry.layer.feeds
    layer.kernel, layer.bias = kernel, bias
    return model, layer


def _either_way(label: str, action: Callable, **setting: Any) -> Case:
    """Make a case that asks a part of the model alone, then, if need be, the whole model."""
    return Case(label, action, otherwise=partial(action, whole=True), **setting)


def _two_inputs(s: Any, kernel: np.ndarray, bias: np.ndarray, whole: bool = False) -> Any:
    """Make a model with two inputs, which has nothing to learn unless it is whole."""
    end = s.Concatenate()(s.Input(2), s.Input(3))
    if whole:
        layer = s.Scale()
        model = s.Model(end.parents, layer(end))
        layer.kernel, layer.bias = kernel, bias
        return model
    model = _model(s, end.parents, end)
    model.forward, model.backward = Recipe("affine", (kernel, bias)), Recipe("affine", (0, 0))
    model.layers = []
    return model


def _unmade(kind: Thing) -> Any:
    """Make an object without its constructor."""
    return kind._backend.get(kind._ref, "__new__")(kind)


@lab.test
def test_predict(rng: np.random.Generator) -> Iterator[Case]:
    kernel, bias = rng.uniform(0.5, 1.5, 3), rng.normal(size=3)

    def case(label: str, m: int, *size: int, width: int = 3) -> Case:
        x = rng.normal(size=(m, width))

        def action(s: Any, whole: bool = False) -> np.ndarray:
            return _one_layer(s, kernel[:width], bias[:width], whole)[0].predict(x, *size)

        return _either_way(label, action, m=m, **_FLOAT32)

    yield case("seven examples at once", 7)
    yield case("batches of three, the last one smaller", 7, 3)
    yield case("batches that divide the examples", 8, 2)
    yield case("a batch larger than the set", 5, 64)
    yield case("a single example", 1)
    yield case("a model with a single output", 5, 2, width=1)

    x_narrow = rng.normal(size=(5, 1))

    def widened(s: Any, whole: bool = False) -> np.ndarray:
        """Predict two numbers from one, of which the second is the first input itself."""
        entry, layer = s.Input(1), s.Scale()
        build = s.Model if whole else partial(_model, s)
        model = build(entry, s.Concatenate()(layer(entry), entry))
        layer.kernel, layer.bias = kernel[:1], bias[:1]
        if not whole:
            model.forward = Recipe("affine", (np.append(kernel[:1], 1), np.append(bias[:1], 0)))
        return model.predict(x_narrow, 2)

    yield _either_way("a model with more outputs than inputs", widened, m=5, **_FLOAT32)

    kernel_wide, bias_wide = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x_both = [rng.normal(size=(7, 2)), rng.normal(size=(7, 3))]
    yield _either_way(
        "a list with the arrays of two inputs, in batches of three",
        lambda s, whole=False: _two_inputs(s, kernel_wide, bias_wide, whole).predict(x_both, 3),
        m=7,
        **_FLOAT32,
    )

    x = rng.normal(size=(9, 3))

    def rows_at_a_time(s: Any, whole: bool = False) -> int:
        model, layer = _one_layer(s, kernel, bias, whole)
        model.predict(x, 4)
        return len(layer.x)

    yield _either_way(
        "how many examples go forward at a time", rows_at_a_time, accept=_small, extreme=True
    )

    def afterwards(s: Any, whole: bool = False) -> tuple:
        model, layer = _one_layer(s, kernel, bias, whole)
        model.predict(x, 4)
        return layer.kernel, layer.bias

    yield _either_way("the parameters after the call", afterwards)


def _small(rows: int) -> str | None:
    return None if rows <= 4 else "more than batch_size examples go forward at once."


def _mostly_right(answers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make labels that two of three answers agree with, in the place of the largest entry."""
    scale = rng.uniform(0.6, 1.4, (len(answers), 1))
    scale[2::3] *= -1
    return scale * answers


def _fitted(
    s: Any,
    start: tuple,
    data: tuple,
    metrics: tuple[str, ...] = (),
    ways: tuple | None = None,
    whole: bool = False,
    **rest: Any,
) -> tuple[dict[str, list[float]], Any, Any]:
    """Train a model of one layer with what the lab is given; return history, layer and model."""
    model, layer = _one_layer(s, *start, whole)
    model.compile(*(ways or (s.Adam(0.05), s.MeanSquaredError())), list(metrics))
    if not whole:
        model.evaluate = Recipe("distances", (1 + len(metrics),))
    history = model.fit(*data, verbose=0, **rest).history
    return _curves(history), layer, model


def _curves(history: dict) -> dict[str, list[float]]:
    return {name: list(values) for name, values in history.items()}


def _state(layer: Any) -> dict[str, np.ndarray]:
    """Return where a training has come to, and the slopes of its last step."""
    names = ("grad_kernel", "grad_bias", "kernel", "bias")
    return {name: getattr(layer, name) for name in names}


@lab.test
def test_fit(rng: np.random.Generator) -> Iterator[Case]:
    def begin(m: int) -> tuple[tuple, tuple]:
        """Draw a layer's first parameters, and m examples."""
        start = rng.uniform(0.5, 1.5, 4), rng.normal(size=4)
        x = rng.normal(size=(m, 4))
        return start, (x, _mostly_right(x * start[0] + start[1], rng))

    both = ("accuracy",)
    start_step, data_step = begin(7)

    def one_step(s: Any, whole: bool = False) -> dict[str, Any]:
        model, layer = _one_layer(s, *start_step, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError(), list(both))
        return {"what it returns": model.train_on_batch(*data_step), **_state(layer)}

    yield _either_way("train_on_batch alone", one_step, m=7, rtol=1e-5)

    def case(label: str, m: int, metrics: tuple[str, ...], **setting: Any) -> Case:
        start, data = begin(m)

        def action(s: Any, whole: bool = False) -> dict[str, Any]:
            history, layer, _ = _fitted(
                s, start, data, metrics, whole=whole, shuffle=False, **setting
            )
            return {**history, **_state(layer)}

        return _either_way(label, action, m=m, rtol=1e-5)

    yield case("one epoch, all examples in one batch", 6, (), batch_size=6, epochs=1)
    yield case("three epochs without shuffling, two batches each", 8, both, batch_size=4, epochs=3)
    yield case("two such epochs, the last batch smaller", 11, both, batch_size=4, epochs=2)
    yield case("a batch size that is not given, and one example more than that", 33, both)

    start_uneven, data_uneven = begin(6)

    def uneven(s: Any, whole: bool = False) -> dict[str, Any]:
        ways = s.Adam(0.05), Recipe("pairing_loss", (1,))
        history, layer, _ = _fitted(
            s, start_uneven, data_uneven, (), ways, whole, batch_size=3, shuffle=False
        )
        return {**history, **_state(layer)}

    yield _either_way("a loss that knows labels from predictions", uneven, m=6, rtol=1e-5)

    def validated(
        label: str,
        m: int,
        held: int,
        metrics: tuple[str, ...],
        extreme: bool = False,
        **rest: Any,
    ) -> Case:
        (start, (x, y)), (_, (x_val, y_val)) = begin(m), begin(5)
        if held:
            x_val, y_val = x[m - held :], y[m - held :]
        else:
            rest["validation_data"] = (x_val, y_val)

        def action(s: Any, whole: bool = False) -> dict[str, Any]:
            history, layer, _ = _fitted(
                s, start, (x, y), metrics, whole=whole, shuffle=False, **rest
            )
            return {**history, **_state(layer)}

        def judge(found: dict[str, Any]) -> str | None:
            expected = action(lab.solution)
            fixed = {key: value for key, value in expected.items() if not key.startswith("val_")}
            difference = compare(fixed, found, Setting(m=m, rtol=1e-5))
            complaints = [difference.message] if difference else []
            # Whether fit asks evaluate, which is replaced here, or works it out itself, is free.
            measured = [np.mean(np.abs(x_val - y_val) ** k) for k in (1, 2)]
            worked_out = _validation(start, x, y, x_val, y_val, m, held, rest)
            for position, name in enumerate(["loss", *metrics]):
                curve = np.asarray(found[f"val_{name}"], dtype=float)
                asked = np.allclose(curve, measured[position], rtol=1e-5)
                if not asked and not np.allclose(curve, worked_out[name], rtol=1e-4):
                    complaints.append(f"val_{name} is wrong.")
            return " ".join(complaints) or None

        return _either_way(label, action, m=m, accept=judge, extreme=extreme)

    yield validated(
        "the last examples held back", 10, 3, both, batch_size=4, epochs=2, validation_split=0.3
    )
    yield validated(
        "a share that is no whole number of examples",
        11,
        4,
        both,
        extreme=True,
        batch_size=4,
        epochs=2,
        validation_split=0.3,
    )
    yield validated("examples for validation given", 7, 0, both, batch_size=3, epochs=2)
    yield validated(
        "examples for validation given, beside a share that they go before; no metrics",
        6,
        0,
        (),
        batch_size=4,
        epochs=1,
        validation_split=0.5,
    )

    start_timed, data_timed = begin(7)
    _, data_beside = begin(4)
    in_threes = {"batch_size": 3, "epochs": 2, "shuffle": False}

    def timed(s: Any, whole: bool = False) -> dict[str, Any]:
        """Train with an optimiser that counts its steps, and answers for evaluate with that."""
        setting = {**in_threes, "validation_data": data_beside}
        if whole:
            history, _, _ = _fitted(s, start_timed, data_timed, whole=True, **setting)
            return {"val_loss": history["val_loss"], "moves": True}
        model, layer = _one_layer(s, *start_timed)
        layer.counter = Recipe("step_counter", ())
        model.compile(layer.counter, s.MeanSquaredError())
        model.evaluate = layer.counter
        history = model.fit(*data_timed, verbose=0, **setting).history
        return {"val_loss": list(history["val_loss"]), "moves": False}

    def after_each_epoch(found: dict[str, Any]) -> str | None:
        answers = data_beside[0] * start_timed[0] + start_timed[1]
        unmoved = np.mean((answers - data_beside[1]) ** 2)  # for a fit that does not ask evaluate
        worked_out = _validation(start_timed, *data_timed, *data_beside, 7, 0, in_threes)["loss"]
        right = [worked_out] if found["moves"] else [[3, 6], unmoved]
        if any(np.allclose(found["val_loss"], values, rtol=1e-4) for values in right):
            return None
        if np.ptp(found["val_loss"]) == 0:
            return "val_loss is the same after each epoch, though there were steps in between."
        return "val_loss is not that of the model at the end of the epoch."

    yield _either_way(
        "when the examples for validation are looked at", timed, accept=after_each_epoch
    )

    start_twice, data_twice = begin(5)

    def moved_once(s: Any) -> bool:
        """Whether a layer in two places takes one step, if the rest of the model is right there."""

        def trained(n: Any, step: bool) -> tuple:
            entry, layer = n.Input(4), n.Scale()
            model = n.Model(entry, layer(layer(entry)))
            layer.kernel, layer.bias = start_twice
            model.compile(n.Adam(0.05), n.MeanSquaredError())
            if step:
                model.train_on_batch(*data_twice)
                return layer.kernel, layer.bias
            answer = model.forward(data_twice[0])
            model.backward(answer)
            return answer, layer.grad_kernel, layer.grad_bias, _length(model.layers)

        def alike(step: bool) -> bool:
            with forgiven():
                found = trained(s, step)
                return compare(trained(lab.solution, step), found, Setting(rtol=1e-5)) is None
            return False

        return alike(step=True) or not alike(step=False)

    yield Case(
        "a layer in two places",
        moved_once,
        accept=lambda once: None if once else "its parameters are not moved once in each step.",
    )

    start_named, data_named = begin(6)

    def named(s: Any, whole: bool = False) -> tuple[str, str]:
        plain, _, _ = _fitted(s, start_named, data_named, whole=whole)
        full, _, _ = _fitted(
            s, start_named, data_named, both, whole=whole, validation_data=data_beside
        )
        return ", ".join(sorted(plain)), ", ".join(sorted(full))

    yield _either_way("the names in the history", named, accept=_named)

    start_again, data_again = begin(9)

    def again(s: Any, whole: bool = False) -> dict[str, Any]:
        setting = {"batch_size": 4, "shuffle": False}
        history, layer, model = _fitted(
            s, start_again, data_again, whole=whole, epochs=2, **setting
        )
        second = model.fit(*data_again, epochs=3, verbose=0, **setting).history
        return {
            "loss of the first fit": history["loss"],
            "loss of the second fit": list(second["loss"]),
            "kernel": layer.kernel,
        }

    yield _either_way("a second fit goes on, with a history of its own", again, m=9, rtol=1e-5)

    def remembering(s: Any, whole: bool = False) -> Any:
        ways = s.Adam(0.05), s.MeanSquaredError()
        ways[0].velocities = np.ones(3)
        _fitted(s, start_again, data_again, (), ways, whole, batch_size=4, shuffle=False)
        return ways[0].velocities

    yield _either_way("what the optimiser remembers after fit", remembering, extreme=True)

    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))
    start_shuffled, data_shuffled = begin(40)

    def shuffled(s: Any, whole: bool = False) -> tuple:
        def trained(**order: Any) -> np.ndarray:
            setting = {"epochs": 2, "batch_size": 7, **order}
            return _fitted(s, start_shuffled, data_shuffled, whole=whole, **setting)[1].kernel

        seeded = [trained(rng=generator(seed)) for seed in (one, one, other)]
        return (*seeded, trained(), trained(), trained(shuffle=False))

    yield _either_way(
        "shuffled from the same seed twice, from another, twice without rng",
        shuffled,
        accept=_mixed,
    )

    start_still, data_still = begin(20)
    still = {"epochs": 3, "validation_split": 0.25, "rng": generator(one)}

    def counted(s: Any, whole: bool = False) -> list[float]:
        """Train with steps of length 0: the mean of all losses is then the same in every epoch."""
        ways = s.Adam(0.0), s.MeanSquaredError()
        return _fitted(s, start_still, data_still, (), ways, whole, batch_size=6, **still)[0][
            "loss"
        ]

    yield _either_way("shuffled epochs without a step, the last held back", counted, rtol=1e-5)

    def regrouped(s: Any, whole: bool = False) -> dict[str, list[float]]:
        """Train with steps of length 0 and a loss that depends on who is in a batch with whom."""
        ways = s.Adam(0.0), Recipe("pairing_loss", (2,))
        return _fitted(s, start_still, data_still, (), ways, whole, batch_size=5, **still)[0]

    def mixed_anew(found: dict[str, list[float]]) -> str | None:
        complaints = []
        if np.allclose(found["loss"], found["loss"][0], rtol=1e-6):
            complaints.append("every epoch has the same batches. Draw a new order in each.")
        x_val, y_val = (part[15:] for part in data_still)
        answers = x_val * start_still[0] + start_still[1]
        own = recipes.make("pairing_loss", (2,))(y_val, answers)
        asked = np.mean(np.abs(x_val - y_val))
        if not any(np.allclose(found["val_loss"], value, rtol=1e-4) for value in (own, asked)):
            complaints.append("val_loss is not that of the last examples. Split, then shuffle.")
        return " ".join(complaints) or None

    yield _either_way(
        "three shuffled epochs, the last examples held back", regrouped, accept=mixed_anew
    )

    kernel_wide, bias_wide = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x_both, y_wide = [rng.normal(size=(10, 2)), rng.normal(size=(10, 3))], rng.normal(size=(10, 5))

    def listed(s: Any, whole: bool = False) -> dict[str, list[float]]:
        model = _two_inputs(s, kernel_wide, bias_wide, whole)
        model.compile(s.Adam(0.0), s.MeanSquaredError())
        if not whole:
            model.evaluate = Recipe("distances", (1,))
        setting = {"validation_split": 0.3, "rng": generator(one), "verbose": 0}
        history = model.fit(x_both, y_wide, 3, 1, **setting).history
        return _curves(history)

    def rows_of_each(found: dict[str, list[float]]) -> str | None:
        x = np.concatenate(x_both, axis=1)
        misses = np.mean((x * kernel_wide + bias_wide - y_wide) ** 2, axis=1)
        asked = np.mean(np.abs(x[7:] - y_wide[7:]))
        if not np.allclose(found["loss"], misses[:7].mean(), rtol=1e-4):
            others = (misses[:n].mean() for n in range(1, 11))
            if any(np.allclose(found["loss"], other, rtol=1e-4) for other in others):
                return (
                    "loss is that of another number of examples. n_rows(x) says how many there are."
                )
            return "loss is wrong. A batch has the same rows of each array in the list."
        if any(np.allclose(found["val_loss"], v, rtol=1e-4) for v in (misses[7:].mean(), asked)):
            return None
        return "val_loss is wrong. Hold back the same rows of each array in the list."

    yield _either_way("a list with the arrays of two inputs", listed, accept=rows_of_each)

    start_pairs, x_pairs = (np.ones(4), np.zeros(4)), rng.normal(size=(24, 4))
    data_pairs = x_pairs, x_pairs * np.array([0.6, 1.0, 1.4, 1.8]) + 0.5

    def pairs(s: Any, whole: bool = False) -> float:
        setting = {"batch_size": 4, "epochs": 15, "rng": generator(one)}
        return _fitted(s, start_pairs, data_pairs, whole=whole, **setting)[0]["loss"][-1]

    yield _either_way(
        "a shuffled training with a known outcome",
        pairs,
        accept=lambda loss: (
            None if loss < 0.05 else "the loss does not go to 0, though the examples allow it."
        ),
    )


def _named(found: tuple[str, str]) -> str | None:
    plain, full = found
    if plain != "loss":
        return f"with neither metrics nor validation the history holds more than loss: {plain}."
    if full != "accuracy, loss, val_accuracy, val_loss":
        return f"with a metric and validation the history holds {full}."
    return None


def _validation(
    start: tuple, x: Any, y: Any, x_val: Any, y_val: Any, m: int, held: int, setting: dict
) -> dict[str, list[float]]:
    """Work out loss and accuracy on the held back examples after each epoch."""
    curves: dict[str, list[float]] = {"loss": [], "accuracy": []}
    for epochs in range(1, setting["epochs"] + 1):
        model, layer = _one_layer(lab.solution, *start)
        model.compile(lab.solution.Adam(0.05), lab.solution.MeanSquaredError())
        size = setting["batch_size"]
        model.fit(x[: m - held], y[: m - held], size, epochs, shuffle=False, verbose=0)
        answers = x_val * layer.kernel + layer.bias
        curves["loss"].append(np.mean((answers - y_val) ** 2))
        curves["accuracy"].append(np.mean(answers.argmax(axis=1) == y_val.argmax(axis=1)))
    return curves


def _mixed(kernels: tuple) -> str | None:
    kernels = (np.asarray(kernel, dtype=float) for kernel in kernels)
    first, again, another, without, without_again, in_order = kernels
    if not np.allclose(first, again, rtol=1e-6):
        return "the same generator gives another order each time. Draw it from rng."
    if np.allclose(first, another, rtol=1e-6):
        if np.allclose(first, in_order, rtol=1e-6):
            return "the examples are not shuffled."
        return "another generator gives the same order. Draw it from rng."
    if np.allclose(without, without_again, rtol=1e-6):
        return "without rng the order is the same in each training. Make a new generator."
    return None


@lab.test
def test_evaluate(rng: np.random.Generator) -> Iterator[Case]:
    kernel, bias = rng.uniform(0.5, 1.5, 4), rng.normal(size=4)

    def ready(s: Any, metrics: tuple[str, ...], whole: bool, loss: Any = None) -> tuple[Any, Any]:
        model, layer = _one_layer(s, kernel, bias, whole)
        model.compile(s.Adam(0.05), loss or s.MeanSquaredError(), list(metrics))
        if not whole:
            model.predict = Recipe("affine", (kernel, bias))
        return model, layer

    def case(label: str, m: int, *size: int, metrics: tuple[str, ...] = ("accuracy",)) -> Case:
        x = rng.normal(size=(m, 4))
        y = _mostly_right(x * kernel + bias, rng)

        def action(s: Any, whole: bool = False) -> Any:
            return ready(s, metrics, whole)[0].evaluate(x, y, *size)

        return _either_way(label, action, m=m, **_FLOAT32)

    yield case("loss and accuracy of nine examples", 9)
    yield case("batches of four, the last one smaller", 11, 4)
    yield case("a single example", 1)
    yield case("without metrics", 6, metrics=())

    x, y = rng.normal(size=(11, 4)), rng.normal(size=(11, 4))

    def uneven(s: Any, whole: bool = False) -> Any:
        model, _ = ready(s, (), whole, Recipe("pairing_loss", (1,)))
        return model.evaluate(x, y)

    yield _either_way("a loss that knows labels from predictions", uneven, m=11, **_FLOAT32)

    kernel_wide, bias_wide = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x_both, y_both = [rng.normal(size=(7, 2)), rng.normal(size=(7, 3))], rng.normal(size=(7, 5))

    def listed(s: Any, whole: bool = False) -> Any:
        model = _two_inputs(s, kernel_wide, bias_wide, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError())
        if not whole:
            model.predict = Recipe("affine", (kernel_wide, bias_wide))
        return model.evaluate(x_both, y_both, 1)

    yield _either_way("a list with the arrays of two inputs, in batches", listed, m=7, **_FLOAT32)

    def rows_at_a_time(s: Any, whole: bool = False) -> int:
        """Count them, unless predict, which is not tested here, takes too many itself."""
        model, layer = _one_layer(s, kernel, bias, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError())
        with forgiven():
            model.predict(x, 4)
            if len(layer.x) <= 4:
                model.evaluate(x, y, 4)
                return len(layer.x)
        return 0

    yield _either_way(
        "how many examples go forward at a time", rows_at_a_time, accept=_small, extreme=True
    )

    def afterwards(s: Any, whole: bool = False) -> tuple:
        model, layer = ready(s, (), whole)
        model.evaluate(x, y)
        return layer.kernel, layer.bias

    yield _either_way("the parameters after the call", afterwards)
