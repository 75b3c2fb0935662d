"""What the framework is given to start with: nodes, the links between them, and small layers."""

from __future__ import annotations

import re

import numpy as np


class Node:
    """The place in the graph where one call of one layer has its result.

    A node holds no numbers. It says where numbers will come from, and where they will go.

    Parameters
    ----------
    layer : Layer
        The layer that was called.
    parents : list of Node
        The nodes that it was called on; empty for an input.
    width : int
        Number of features of the result.

    Attributes
    ----------
    children : list of Node
        The nodes that take from this one.
    shape : tuple
        (None, width): any number of examples, one a row.
    """

    def __init__(self, layer: Layer, parents: list[Node], width: int) -> None:
        self.layer = layer
        self.parents = parents
        self.children: list[Node] = []
        self.shape = (None, width)

    def __repr__(self) -> str:
        return f"<node of {type(self.layer).__name__}, shape {self.shape}>"


class Layer:
    """What all layers have in common: a call on nodes records the graph.

    A layer that learns makes `kernel` and `bias` in `build`, and `grad_kernel` and `grad_bias` in
    `backward`. A layer that does not learn has none of them.

    Attributes
    ----------
    nodes : list of Node
        One node for each call of this layer.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def __call__(self, *nodes: Node) -> Node:
        """Link the layer to one node or several, and return the node of its result."""
        parents = list(nodes[0]) if isinstance(nodes[0], list) else list(nodes)
        for parent in parents:
            if not isinstance(parent, Node):
                raise TypeError(
                    f"A {type(self).__name__} was called on a {type(parent).__name__}. A call "
                    "links a layer to nodes, such as Input(784); numbers go through `forward`."
                )
        widths = [parent.shape[1] for parent in parents]
        if not self.nodes:
            self.build(*widths)
        self._check_width(widths[0])
        node = Node(self, parents, self.output_width(*widths))
        for parent in parents:
            parent.children.append(node)
        self.nodes += [node]
        return node

    def _check_width(self, width: int) -> None:
        """Refuse a second call on nodes that the kernel does not fit."""
        built_for = self.nodes[0].parents[0].shape[1] if self.nodes else width
        if hasattr(self, "kernel") and width != built_for:
            raise ValueError(
                f"This {type(self).__name__} was built for {built_for} features, and its kernel "
                f"does not fit a node of {width}. Make a second layer for that one."
            )

    @property
    def takes_from(self) -> list[Layer]:
        """The layers whose results this one takes, call by call."""
        return [parent.layer for node in self.nodes for parent in node.parents]

    @property
    def feeds(self) -> list[Layer]:
        """The layers that take this one's results, call by call."""
        return [child.layer for node in self.nodes for child in node.children]

    def build(self, *n_inputs: int) -> None:
        """Make the parameters, at the first call, for inputs of these widths."""

    def output_width(self, *n_inputs: int) -> int:
        """Return the number of features of the result."""
        return n_inputs[0]

    def count_params(self) -> int:
        """Return how many numbers the layer learns."""
        return self.kernel.size + self.bias.size if hasattr(self, "kernel") else 0

    def forward(self, *x: np.ndarray) -> np.ndarray:
        """Compute the result for examples, and remember what `backward` will need."""
        raise TypeError(f"{type(self).__name__} has no `forward`.")

    def backward(self, grad_output: np.ndarray) -> np.ndarray | tuple[np.ndarray, ...]:
        """Return the gradient at the input of the last `forward`, or one for each input."""
        raise TypeError(f"{type(self).__name__} has no `backward`.")


class InputLayer(Layer):
    """Where examples enter. It takes from nothing, learns nothing and computes nothing."""

    def forward(self, *x: np.ndarray) -> np.ndarray:
        raise ValueError(
            "The output depends on an input that the model was not given. Name all of them: "
            "Model([first, second], output)."
        )


def Input(shape: int | tuple[int]) -> Node:
    """Return the node of a new input.

    Parameters
    ----------
    shape : int, or tuple of one int
        Number of features of an example. The number of examples is left open.
    """
    (width,) = shape if isinstance(shape, tuple) else (shape,)
    node = Node(layer := InputLayer(), [], width)
    layer.nodes.append(node)
    return node


class Scale(Layer):
    """Give each feature a factor and a shift of its own: the smallest layer that learns."""

    def build(self, n_inputs: int) -> None:
        self.kernel = np.ones(n_inputs, dtype=np.float32)
        self.bias = np.zeros(n_inputs, dtype=np.float32)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x * self.kernel + self.bias

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        self.grad_kernel = (grad_output * self.x).sum(axis=0)
        self.grad_bias = grad_output.sum(axis=0)
        return grad_output * self.kernel


class Add(Layer):
    """Add up inputs of the same width."""

    def build(self, *n_inputs: int) -> None:
        if len(set(n_inputs)) > 1:
            raise ValueError(f"Add takes inputs of the same width, not of {n_inputs}.")

    def forward(self, *x: np.ndarray) -> np.ndarray:
        self.count = len(x)
        return sum(x[1:], x[0])

    def backward(self, grad_output: np.ndarray) -> tuple[np.ndarray, ...]:
        return (grad_output,) * self.count


class Concatenate(Layer):
    """Put inputs side by side."""

    def output_width(self, *n_inputs: int) -> int:
        return sum(n_inputs)

    def forward(self, *x: np.ndarray) -> np.ndarray:
        self.ends = np.cumsum([part.shape[1] for part in x])
        return np.concatenate(x, axis=1)

    def backward(self, grad_output: np.ndarray) -> tuple[np.ndarray, ...]:
        return (*np.split(grad_output, self.ends[:-1], axis=1),)


def print_summary(layers: list[Layer]) -> None:
    """Print what each layer gives and how much it learns, in Keras's manner."""
    names: dict[Layer, str] = {}
    for layer in layers:
        kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(layer).__name__).lower()
        same = sum(type(other) is type(layer) for other in names)
        names[layer] = f"{kind}_{same}" if same else kind
    lines = [("Layer (type)", "Output shape", "Params", "Takes from")]
    lines += [
        (
            f"{name} ({type(layer).__name__})",
            str(layer.nodes[0].shape),
            f"{layer.count_params():,}",
            ", ".join(names.get(source, "another model") for source in layer.takes_from),
        )
        for layer, name in names.items()
    ]
    first, second, third, _ = (max(map(len, column)) for column in zip(*lines, strict=True))
    for name, shape, params, sources in lines:
        print(f"{name:{first}}  {shape:{second}}  {params:>{third}}  {sources}".rstrip())
    print(f"Total params: {sum(layer.count_params() for layer in layers):,}")
