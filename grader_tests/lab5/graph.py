"""Hidden tests of Lab 5: a model's graph, and the ways forward and backward through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader_tests.engine.case import Case
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.lab import lab
from grader_tests.lab5.layers import FLOAT32
from helpers.checking.namespace import StudentError, Thing


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
                "number of nodes": length(all_nodes),
                "positions of the layers": _positions([n.layer for n in nodes], all_layers),
                "number of layers": length(all_layers),
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
            Case(f"forward through {label}", forward, m=len(x[0]), extreme=extreme, **FLOAT32),
            Case(f"backward through {label}", backward, m=len(x[0]), extreme=extreme, **FLOAT32),
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


def length(items: Any) -> int:
    """Count a list that stays with the code under test."""
    if not isinstance(items, Thing):
        raise StudentError("`nodes` and `layers` should be lists that hold nodes and layers.")
    return items.__len__()


def _positions(wanted: list[Any], items: Any) -> list[int]:
    """Find where in such a list each of some things is; -1 if it is not there."""
    if not length(items):
        return [-1] * len(wanted)
    index = items.index

    def position(item: Any) -> int:
        with forgiven():
            return index(item)
        return -1

    return [position(item) for item in wanted]


def _is_parent(node: Any, of: Any) -> bool:
    return any(parent is node._ref for parent in of._ref.parents)
