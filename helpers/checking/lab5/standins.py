"""Stand-ins with which Lab 5's visible checks try one part of the framework at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


class Node:
    """Stand in for a node of the graph."""

    def __init__(self, layer: Any, *parents: Node) -> None:
        self.layer, self.parents, self.children = layer, list(parents), []
        self.shape = (None, 2)
        self.layer.nodes.append(self)
        for parent in parents:
            parent.children.append(self)

    def __repr__(self) -> str:
        return "<a node whose value is not known yet>"


class Entry:
    """Stand in for an input's layer."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []


class Times(Entry):
    """Stand in for a layer that learns: it multiplies by one number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.kernel, self.bias = np.array([factor]), np.array([0.0])
        self.most_rows = 0

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.seen = x
        self.most_rows = max(self.most_rows, len(x))
        return self.kernel * x + self.bias

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        if isinstance(grad_output, tuple):
            raise TypeError(
                "backward got several gradients at once, in a tuple. Each parent takes its own"
            )
        self.grad_kernel = np.array([np.vdot(grad_output, self.seen)])
        self.grad_bias = np.array([np.sum(grad_output)])
        return self.kernel * grad_output


class Sum(Entry):
    """Stand in for a layer that merges branches."""

    def forward(self, *x: np.ndarray) -> np.ndarray:
        self.count = len(x)
        return sum(x)

    def backward(self, grad_output: np.ndarray) -> tuple[np.ndarray, ...]:
        return (grad_output,) * self.count


class Difference(Entry):
    """Stand in for a layer to which the order of its parents matters."""

    def forward(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return first - second

    def backward(self, grad_output: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return grad_output, -grad_output


def one_layer(Model: type, factor: float = 2.0) -> tuple[Any, Times]:
    """Return a model of one layer that multiplies by a number, and the layer."""
    layer, entry = Times(factor), Node(Entry())
    return Model(entry, Node(layer, entry)), layer


def shared_layer(Model: type, factor: float, times: int) -> tuple[Any, Times]:
    """Return a model that multiplies by a number again and again, and its only layer.

    The layer has one more node, of which the model knows nothing.
    """
    entry, layer = Node(Entry()), Times(factor)
    end = entry
    for _ in range(times):
        end = Node(layer, end)
    Node(layer, Node(Entry()))
    return Model(entry, end), layer


def two_inputs(Model: type, *factors: float, exchanged: bool = False) -> Any:
    """Return a model that adds up its two inputs, each times a number.

    If exchanged, the input that the graph meets first is the second of the model's inputs.
    """
    entries = [Node(Entry()) for _ in factors]
    parts = [Node(Times(factor), entry) for factor, entry in zip(factors, entries, strict=True)]
    return Model(entries[::-1] if exchanged else entries, Node(Sum(), *parts))


class Misses:
    """Stand in for a loss: half the sum of squares."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return float(np.sum((y_pred - y_true) ** 2) / 2)

    def gradient(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        return y_pred - y_true


class MeanMisses(Misses):
    """Stand in for a loss that is a mean over examples, as real ones are."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return super().__call__(y_true, y_pred) / len(y_true)


class LabelSum(Misses):
    """Stand in for a loss that is the sum of the labels, whatever is predicted."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return float(np.sum(y_true))


class Witness(Misses):
    """Stand in for a loss that writes down what each step is worked out from: the first column."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.labels: list[list[int]] = []

    def gradient(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        self.batches.append([round(answer) for answer in y_pred[:, 0]])
        self.labels.append([round(label) for label in y_true[:, 0]])
        return super().gradient(y_true, y_pred)


class Steps:
    """Stand in for an optimiser that moves every kernel up by one length, and remembers a slope."""

    def __init__(self, length: float = 1.0) -> None:
        self.length = length
        self.slope = np.array([0.0])

    def apply(self, layers: Iterable[Any]) -> None:
        for layer in layers:
            if hasattr(layer, "kernel"):
                self.slope = getattr(layer, "grad_kernel", self.slope)
                layer.kernel = layer.kernel + self.length


class RollingSteps:
    """Stand in for an optimiser whose steps are 1, 2, 3, ... long, for it remembers."""

    def __init__(self) -> None:
        self.velocities: dict[Any, float] = {}

    def apply(self, layers: Iterable[Any]) -> None:
        for layer in layers:
            if hasattr(layer, "kernel"):
                self.velocities[layer] = self.velocities.get(layer, 0.0) + 1.0
                layer.kernel = layer.kernel + self.velocities[layer]
