"""Lab 5's visible checks of a model as a graph: its order, forward, backward, predict."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from helpers.checking.checklist import Checklist
from helpers.checking.lab5.standins import (
    Difference,
    Entry,
    Node,
    Sum,
    Times,
    one_layer,
    shared_layer,
    two_inputs,
)

_X = np.array([[1.0, 2], [3, 4], [5, 6]])
_IN_ORDER = "all there, each after its parents"

Built = tuple[Any, dict[str, Node]]


def _diamond(Model: type) -> Built:
    entry = Node(Entry())
    first = Node(Times(2.0), entry)
    one, other = Node(Times(3.0), first), Node(Times(5.0), first)
    merged = Node(Sum(), first, other, one)
    nodes = {"entry": entry, "first": first, "one": one, "other": other, "merged": merged}
    return Model(entry, merged), nodes


def _dead_ends(Model: type) -> Built:
    """Two nodes of one graph feed others that lead nowhere; another model has them all."""
    entry = Node(Entry())
    first = Node(Times(2.0), entry)
    second = Node(Times(3.0), first)
    Model(entry, Node(Sum(), Node(Times(5.0), first), Node(Times(7.0), entry), second))
    return Model(entry, second), {"entry": entry, "first": first, "second": second}


def _twins(Model: type) -> Built:
    """A shared layer, both of whose results are needed later."""
    entry, layer = Node(Entry()), Times(3.0)
    one = Node(layer, entry)
    middle = Node(Times(2.0), entry)
    other = Node(layer, middle)
    apart = Node(Difference(), other, one)
    nodes = {"entry": entry, "one": one, "middle": middle, "other": other, "apart": apart}
    return Model(entry, apart), nodes


def _long_way(Model: type) -> Built:
    entry = Node(Entry())
    one = Node(Times(2.0), entry)
    two = Node(Times(1.0), one)
    three = Node(Times(1.0), two)
    merged = Node(Sum(), one, three)
    nodes = {"entry": entry, "one": one, "two": two, "three": three, "merged": merged}
    return Model(entry, merged), nodes


def _difference(Model: type) -> Built:
    entry = Node(Entry())
    one, other = Node(Times(5.0), entry), Node(Times(2.0), entry)
    apart = Node(Difference(), one, other)
    return Model(entry, apart), {"entry": entry, "one": one, "other": other, "apart": apart}


def _doubled(Model: type) -> Built:
    entry = Node(Entry())
    one = Node(Times(3.0), entry)
    return Model(entry, Node(Sum(), one, one)), {"one": one}


def _sums(Model: type) -> Built:
    """One layer adds up two nodes, and elsewhere three."""
    entry, total = Node(Entry()), Sum()
    one = Node(Times(3.0), entry)
    two = Node(total, one, one)
    return Model(entry, Node(total, two, one, one)), {"one": one}


def graph(Model: type) -> None:
    """Check the order of small graphs, then what goes through them, worked out by hand."""
    checks = Checklist("Model")
    then = checks.go_through(
        Model,
        (_check_order, "forward and backward"),
        (_check_forward, "backward"),
        (_check_branches, "shared layers"),
        (_check_shared, "rarer graphs and repeated calls"),
        (_check_the_rest, ""),
    )
    checks.report(then)


def _order(make: Callable[[type], Built], Model: type) -> str:
    """Say in words what is wrong with the order of a model's nodes, if anything is."""
    model, nodes = make(Model)
    name_of = {node: name for name, node in nodes.items()}
    found = [name_of.get(node, "another one") for node in model.nodes]
    listed = ", ".join(found)
    if len(set(found)) < len(found):
        return f"some come more than once: {listed}"
    if set(nodes) - set(found):
        return f"some are missing: {listed or 'there are none'}"
    if set(found) - set(nodes):
        return f"some do not belong there: {listed}"
    after = all(
        found.index(name_of[parent]) < found.index(name)
        for name, node in nodes.items()
        for parent in node.parents
    )
    return _IN_ORDER if after else f"some stand before their parents: {listed}"


def _check_order(checks: Checklist, Model: type) -> None:
    checks.example(
        "the order of five nodes; entry → first (times 2) → one (times 3) and other (times 5); "
        "first, one and other → merged (their sum)",
        _IN_ORDER,
        lambda: _order(_diamond, Model),
        hint="Each node once. Before a node come all its parents.",
    )
    checks.example(
        "the nodes of entry → first → second; entry and first also feed nodes of another model",
        _IN_ORDER,
        lambda: _order(_dead_ends, Model),
        hint="Start at the output, and follow parents only. Each model has a list of its own.",
    )
    checks.example(
        "the order of entry → one → two → three, where one and three → merged",
        _IN_ORDER,
        lambda: _order(_long_way, Model),
        hint="Each node once, after the last of its parents.",
    )
    checks.example(
        "does model.layers hold the five layers of the first graph, in the order of model.nodes?",
        True,
        lambda: (
            list((built := _diamond(Model)[0]).layers) == [node.layer for node in built.nodes]
            and len(built.layers) == 5
        ),
        hint="There is one layer per node here.",
    )
    checks.example(
        "the number of layers; a shared layer: entry → times 3 → the same layer again",
        {"the number of layers": 2},
        lambda: {"the number of layers": len(shared_layer(Model, 3.0, 2)[0].layers)},
        hint="Each layer once, at the place where it first occurs.",
    )


def _check_forward(checks: Checklist, Model: type) -> None:
    def example(label: str, factor: float, forward: Callable, hint: str) -> None:
        checks.example(label, factor * _X, forward, _X, m=3, hint=hint)

    def second_answer(x: np.ndarray) -> np.ndarray:
        model, _ = _diamond(Model)
        model.forward(x)
        return model.forward(10 * x)

    example(
        "forward through the five nodes: 2 · (1 + 3 + 5) = 18 times as large",
        18,
        lambda x: _diamond(Model)[0].forward(x),
        "Each node is computed from self.values of its parents.",
    )
    example(
        "the second of two forwards in the same model, with numbers ten times as large",
        180,
        second_answer,
        "Each forward begins with a new self.values.",
    )
    example(
        "forward through a shared layer: times 3, and times 3 again",
        9,
        lambda x: shared_layer(Model, 3.0, 2)[0].forward(x),
        "One layer, two nodes: each node has a value of its own.",
    )
    example(
        "forward through a shared layer (times 3), applied to 2 x and to x, and their difference",
        3,
        lambda x: _twins(Model)[0].forward(x),
        "One layer, two nodes: self.values has the node for its key, not the layer.",
    )
    example(
        "forward through a layer that takes 5 times x minus 2 times x",
        3,
        lambda x: _difference(Model)[0].forward(x),
        "A layer takes its parents' values in the order of node.parents.",
    )
    example(
        "forward through two inputs, for a list of x and 6 x: twice the one, five times the other",
        32,
        lambda x: two_inputs(Model, 2.0, 5.0).forward([x, 6 * x]),
        "The list has the order of self.inputs.",
    )
    example(
        "forward through Model([second, first], …), the same list: five times the one, twice the "
        "other",
        17,
        lambda x: two_inputs(Model, 2.0, 5.0, exchanged=True).forward([x, 6 * x]),
        "The list has the order of self.inputs.",
    )


def _example_of_slopes(
    checks: Checklist,
    Model: type,
    label: str,
    expected: dict[str, float],
    make: Callable[[type], Built],
    hint: str,
    scales: tuple[int, ...] = (1,),
) -> None:
    """Try what backward, with 1 everywhere, leaves in the layers of some nodes."""

    def slopes(x: np.ndarray) -> dict[str, np.ndarray]:
        model, nodes = make(Model)
        for scale in scales:
            model.forward(scale * x)
            model.backward(np.ones_like(x))
        return {f"grad_kernel of {name}": nodes[name].layer.grad_kernel for name in expected}

    wanted = {f"grad_kernel of {name}": np.array([value]) for name, value in expected.items()}
    checks.example(label, wanted, slopes, _X, hint=hint)


def _check_branches(checks: Checklist, Model: type) -> None:
    example = partial(_example_of_slopes, checks, Model)
    example(
        "backward through the five nodes, with 1 everywhere; the numbers in x add up to 21",
        {"one": 42.0, "other": 42.0},
        _diamond,
        "Each gets 1 from the sum, and 2 x came in. If yours is larger: does your += change an "
        "array that two nodes share?",
    )
    example(
        "grad_kernel of first, which has three children",
        {"first": 189.0},
        _diamond,
        "A node's gradient is the sum of what its children send: (1 + 3 + 5) · 21.",
    )
    example(
        "backward through 5 times x minus 2 times x",
        {"one": 21.0, "other": -21.0},
        _difference,
        "The gradients in the tuple have the order of node.parents.",
    )


def _example_of_shared(
    checks: Checklist,
    Model: type,
    label: str,
    slopes: tuple[float, float],
    layer: tuple[int, float],
    hint: str,
    scales: tuple[int, ...] = (1,),
) -> None:
    """Try what backward, with 1 everywhere, leaves in a layer that is called several times."""

    def found(x: np.ndarray) -> dict[str, np.ndarray]:
        times, factor = layer
        model, shared = shared_layer(Model, factor, times)
        for scale in scales:
            model.forward(scale * x)
            model.backward(np.ones_like(x))
        return {"grad_kernel": shared.grad_kernel, "grad_bias": shared.grad_bias}

    wanted = {"grad_kernel": np.array([slopes[0]]), "grad_bias": np.array([slopes[1]])}
    checks.example(label, wanted, found, _X, hint=hint)


def _check_shared(checks: Checklist, Model: type) -> None:
    _example_of_shared(
        checks,
        Model,
        "backward through a shared layer: times 3, and times 3 again",
        (126.0, 24.0),
        (2, 3.0),
        "Each node gives 63 to the kernel's slope; they give 6 and 18 to the bias's. A kernel's "
        "slope of 63 is one node's alone. With 252 the layer went backward at one node with what "
        "it remembered of the other: let it go forward again first.",
    )
    _example_of_slopes(
        checks,
        Model,
        "backward through a shared layer (times 3), applied to 2 x and to x, and their difference",
        {"one": 21.0},
        _twins,
        "2 · 21 comes from the one node, -21 from the other. Before a layer goes backward at a "
        "node it goes forward there again, and its slope is the sum of both.",
    )


def _check_the_rest(checks: Checklist, Model: type) -> None:
    example = partial(_example_of_slopes, checks, Model)
    example(
        "backward through entry → first → second, where first also feeds another model's node",
        {"first": 63.0, "second": 42.0},
        _dead_ends,
        "Only nodes of this model send anything back.",
    )
    example(
        "backward through a sum of one node with itself",
        {"one": 42.0},
        _doubled,
        "A node may be a parent twice. Then it gets both gradients.",
    )
    example(
        "backward through one sum used twice: on (one, one), then on (that sum, one, one)",
        {"one": 84.0},
        _sums,
        "A layer in two places goes forward again before it goes backward, even if it has no "
        "kernel.",
    )
    example(
        "the five nodes again, the second of two calls; this time x is ten times as large",
        {"one": 420.0, "other": 420.0, "first": 1890.0},
        _diamond,
        "Forget earlier calls: a layer's sum covers this call only.",
        (1, 10),
    )
    _example_of_shared(
        checks,
        Model,
        "a shared layer in three places: times 2, three times over",
        (252.0, 42.0),
        (3, 2.0),
        "84 of the kernel's slope comes from each node, 6, 12 and 24 of the bias's.",
    )
    _example_of_shared(
        checks,
        Model,
        "the shared layer in two places, the second of two calls; x is ten times as large",
        (1260.0, 24.0),
        (2, 3.0),
        "A layer's sum covers this call only.",
        (1, 10),
    )


def predict(Model: type) -> None:
    """Check that batches come back in order, the last one included."""
    checks = Checklist("predict")
    x = np.arange(10.0).reshape(5, 2)
    for label, size in {"all at once": (), "batches of 2": (2,), "batches of 7": (7,)}.items():
        checks.example(
            f"five examples, a model that multiplies by 2, {label}",
            2 * x,
            lambda x, *size: one_layer(Model)[0].predict(x, *size),
            x,
            *size,
            m=5,
            hint="The answers of all batches, one below the other.",
        )

    def most_rows(x: np.ndarray) -> dict[str, int]:
        model, layer = one_layer(Model)
        model.predict(x, 2)
        return {"the number of examples": layer.most_rows}

    checks.example(
        "how many of five examples go forward at a time, in batches of 2",
        {"the number of examples": 2},
        most_rows,
        x,
        hint="Batches are there to save memory: no more than batch_size examples at a time.",
    )
    checks.example(
        "a list of two arrays with five examples each, batches of 2; the answer is their sum",
        11 * x,
        lambda x: two_inputs(Model, 1.0, 1.0).predict([x, 10 * x], 2),
        x,
        m=5,
        hint="len(x) counts the arrays of a list. Use n_rows(x), and take(x, slice(start, stop)).",
        hint_on={"shape", "type", "length"},
    )
    checks.report()
