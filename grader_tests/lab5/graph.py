"""Hidden tests of Lab 5: a model's graph, and the ways forward and backward through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from grader_tests.engine.case import FLOAT32, Case
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.lab import lab
from helpers.checking.namespace import StudentError, Thing, held

_Parameters = tuple[np.ndarray, np.ndarray]  # a kernel and a bias
_Build = Callable[[Any], tuple]  # of a model, its nodes, and the layers that learn


@lab.test
def test_graph(rng: np.random.Generator) -> Iterator[Case]:
    one, two, three = _parameters(rng, 3), _parameters(rng, 3), _parameters(rng, 3)
    four, another = _parameters(rng, 4), _parameters(rng, 4)
    yield from _case_chain(rng, one, two, three)
    yield from _case_branches(rng, one, two, three)
    yield from _case_skip(rng, one, two, three)
    yield from _case_part(rng, one, two)
    yield from _case_shared(rng, one, two)
    yield from _case_three_places(rng, one)
    yield from _case_one_sum(rng, two)
    yield from _case_two_inputs(rng, four, another)


def _parameters(rng: np.random.Generator, n: int) -> _Parameters:
    signs = rng.choice([-1, 1], n)
    return signs * rng.uniform(0.5, 1.5, n), rng.normal(size=n)


def _case_chain(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        nodes = [entry, a(entry)]
        nodes += [b(nodes[-1])]
        nodes += [c(nodes[-1])]
        return _ready(s.Model(entry, nodes[-1]), nodes, [a, b, c], values)

    return _cases("a chain", _through(rng, build, (4, 3), width=3))


def _case_branches(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        first = a(entry)
        left, right = b(first), c(first)
        merged = s.Add()(first, left, right)
        nodes = [entry, first, left, right, merged]
        return _ready(s.Model(entry, merged), nodes, [a, b, c], values)

    return _cases("two branches", _through(rng, build, (7, 3), width=3))


def _case_skip(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        first = a(entry)
        second = b(first)
        third = c(second)
        wide = s.Concatenate()(first, third)
        nodes = [entry, first, second, third, wide]
        return _ready(s.Model(entry, wide), nodes, [a, b, c], values)

    return _cases("a way around two layers", _through(rng, build, (4, 3), width=6))


def _case_part(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry = s.Input(3)
        a, b, c = s.Scale(), s.Scale(), s.Scale()
        first = a(entry)
        second = b(first)
        s.Model(entry, c(second))
        nodes = [entry, first, second]
        return _ready(s.Model(entry, second), nodes, [a, b], values)

    return _cases("a part of another model's graph", _through(rng, build, (4, 3), width=3))


def _case_shared(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry = s.Input(3)
        a, b = s.Scale(), s.Scale()
        first = a(entry)
        middle = b(first)
        again = a(middle)
        nodes = [entry, first, middle, again]
        return _ready(s.Model(entry, again), nodes, [a, b], values)

    return _cases("a shared layer", _through(rng, build, (5, 3), width=3, times=2))


def _case_three_places(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry, a = s.Input(3), s.Scale()
        nodes = [entry, a(entry)]
        nodes += [a(nodes[-1])]
        nodes += [a(nodes[-1])]
        nodes += [s.Add()(nodes[-1], nodes[1], nodes[-1])]
        a(nodes[1])  # belongs to no path to the output
        return _ready(s.Model(entry, nodes[-1]), nodes, [a], values)

    graph = _through(rng, build, (4, 3), width=3, times=2)
    return _cases("a layer in three places, and a node added to itself", graph)


def _case_one_sum(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        entry, a, add = s.Input(3), s.Scale(), s.Add()
        nodes = [entry, a(entry)]
        nodes += [add(nodes[1], entry)]
        nodes += [add(nodes[2], nodes[1], entry)]
        return _ready(s.Model(entry, nodes[-1]), nodes, [a], values)

    graph = _through(rng, build, (4, 3), width=3)
    return _cases("one sum of two and of three nodes", graph, extreme=True)


def _case_two_inputs(rng: np.random.Generator, *values: _Parameters) -> Iterator[Case]:
    def build(s: Any) -> tuple:
        left, right = s.Input(4), s.Input(4)
        a, b = s.Scale(), s.Scale()
        one_side, other_side = a(left), b(right)
        merged = s.Concatenate()(one_side, other_side)
        s.Add()(left, left)  # belongs to no path to the output
        # The two nodes, in a list; the output meets them in the other order.
        both = s.Concatenate()(right, left).parents
        nodes = [left, right, one_side, other_side, merged]
        return _ready(s.Model(both, merged), nodes, [a, b], values)

    return _cases("two inputs", _through(rng, build, (3, 4), (3, 4), width=8))


def _ready(model: Any, nodes: list, layers: list, values: tuple[_Parameters, ...]) -> tuple:
    """Give the layers these parameters, in place of those that their first calls have set."""
    for layer, (kernel, bias) in zip(layers, values, strict=True):
        layer.kernel, layer.bias = kernel, bias
    return model, nodes, layers


def _through(
    rng: np.random.Generator, build: _Build, *shapes: tuple[int, int], width: int, times: int = 1
) -> _Graph:
    """Draw what goes through a graph, forward and back."""
    x = [rng.normal(size=shape) for shape in shapes]
    return _Graph(build, x, rng.normal(size=(len(x[0]), width)), times)


def _cases(label: str, graph: _Graph, extreme: bool = False) -> Iterator[Case]:
    ways = {"m": len(graph.x[0]), "extreme": extreme, **FLOAT32}
    yield Case(f"nodes and layers of {label}", graph.places, accept=graph.in_order, extreme=extreme)
    yield Case(f"forward through {label}", graph.forward, **ways)
    yield Case(f"backward through {label}", graph.backward, **ways)


class _Graph(NamedTuple):
    """A graph, and what goes through it.

    Attributes
    ----------
    build : callable
        Takes a namespace and returns a model, its nodes in an order that is right, and the
        layers that learn.
    x : list of ndarray
        An array for each input.
    back : ndarray
        The gradient at the output.
    times : int
        How often the same model is asked.
    """

    build: _Build
    x: list[np.ndarray]
    back: np.ndarray
    times: int

    def places(self, s: Any) -> dict[str, Any]:
        model, nodes, _ = self.build(s)
        all_nodes, all_layers = model.nodes, model.layers
        return {
            "positions of the nodes": _positions(nodes, all_nodes),
            "number of nodes": length(all_nodes),
            "positions of the layers": _positions([n.layer for n in nodes], all_layers),
            "number of layers": length(all_layers),
        }

    def forward(self, s: Any) -> Any:
        model, _, _ = self.build(s)
        for time in range(1, self.times + 1):
            answer = model.forward(self._scaled(time))
        return answer

    def backward(self, s: Any) -> dict[str, Any]:
        model, _, learning = self.build(s)
        found = {}
        for time in range(1, self.times + 1):
            model.forward(self._scaled(time))
            model.backward(self.back)
            again = ", the second time" * (time - 1)
            for number, layer in enumerate(learning, start=1):
                for which in ("grad_kernel", "grad_bias"):
                    found[f"{which} of layer {number}{again}"] = getattr(layer, which)
        return found

    def in_order(self, found: dict[str, Any]) -> str | None:
        """Judge places: any order is right in which a node comes after its parents."""
        _, nodes, _ = self.build(lab.solution)
        expected = self.places(lab.solution)
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
        by_layer: dict[int, list[int]] = {}
        for place, position in zip(found["positions of the layers"], positions, strict=True):
            by_layer.setdefault(place, []).append(position)
        firsts = [min(by_layer[place]) for place in sorted(by_layer)]
        return None if firsts == sorted(firsts) else "the layers are not in the nodes' order."

    def _scaled(self, by: int) -> Any:
        return [by * array for array in self.x] if len(self.x) > 1 else by * self.x[0]


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
    return any(parent is held(node) for parent in held(of).parents)
