"""The visible checks of Lab 5. Their expected values can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from helpers.checking.checklist import Checklist

_LN = np.log


class _Node:
    """Stand in for a node of the graph."""

    def __init__(self, layer: Any, *parents: _Node) -> None:
        self.layer, self.parents, self.children = layer, list(parents), []
        self.shape = (None, 2)
        self.layer.nodes.append(self)
        for parent in parents:
            parent.children.append(self)

    def __repr__(self) -> str:
        return "<a node that is not in this dict yet>"


class InputStandIn:
    """Stand in for an input's layer."""

    def __init__(self) -> None:
        self.nodes: list[_Node] = []


class TimesStandIn(InputStandIn):
    """Stand in for a layer that learns: it multiplies by one number."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.kernel, self.bias = np.array([factor]), np.array([0.0])

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.seen = x
        return self.kernel * x + self.bias

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        if isinstance(grad_output, tuple):
            raise TypeError(
                "backward got several gradients at once, in a tuple. Each parent takes its own"
            )
        self.grad_kernel = np.array([np.vdot(grad_output, self.seen)])
        self.grad_bias = np.array([np.sum(grad_output)])
        return self.kernel * grad_output


class AddStandIn(InputStandIn):
    """Stand in for a layer that merges branches."""

    def forward(self, *x: np.ndarray) -> np.ndarray:
        self.count = len(x)
        return sum(x)

    def backward(self, grad_output: np.ndarray) -> tuple[np.ndarray, ...]:
        return (grad_output,) * self.count


class _Misses:
    """Stand in for a loss: half the sum of squares."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return float(np.sum((y_pred - y_true) ** 2) / 2)

    def gradient(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        return y_pred - y_true


class _LabelSum(_Misses):
    """Stand in for a loss that is the sum of the labels, whatever is predicted."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return float(np.sum(y_true))


class _Steps:
    """Stand in for an optimiser: it counts its calls, and moves every kernel up by one length."""

    def __init__(self, length: float = 1.0) -> None:
        self.calls = 0
        self.length = length

    def apply(self, layers: Iterable[Any]) -> None:
        self.calls += 1
        for layer in layers:
            if hasattr(layer, "kernel"):
                layer.kernel = layer.kernel + self.length


def to_categorical(function: Callable) -> None:
    """Check three small sets of labels."""
    checks = Checklist("to_categorical")

    def example(label: str, labels: list[int], classes: int, rows: list[list[int]]) -> None:
        checks.example(
            label,
            np.array(rows),
            function,
            np.array(labels),
            classes,
            m=len(labels),
            hint="Each example is a row; column j belongs to class j.",
        )

    example(
        "labels 2, 0, 2; four classes", [2, 0, 2], 4, [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]
    )
    example("labels 1, 1; three classes", [1, 1], 3, [[0, 1, 0], [0, 1, 0]])
    example("a single label 4; five classes", [4], 5, [[0, 0, 0, 0, 1]])
    checks.example(
        "are the entries numbers, rather than True and False?",
        True,
        lambda labels: np.asarray(function(labels, 4)).dtype.kind in "iuf",
        np.array([2, 0, 2]),
        hint="True and False cannot be subtracted. .astype(np.float32) makes numbers of them.",
    )
    checks.report()


def dense_build(Dense: type) -> None:
    """Check shapes, range and spread of the parameters of 90 inputs and 60 units."""
    checks = Checklist("Dense.build")

    def built(seed: int = 0) -> Any:
        layer = Dense(60, rng=np.random.default_rng(seed))
        layer.build(90)
        return layer

    checks.example(
        "the kernel's shape, for 90 inputs and 60 units",
        np.ones((90, 60)),
        lambda: built().kernel,
        values=False,
        hint="Rows are examples: x @ kernel has to work for x of shape (m, 90).",
    )
    checks.example("the bias: zeros of shape (60,)", np.zeros(60), lambda: built().bias)
    checks.example(
        "the largest entry of the kernel, give or take a twentieth",
        {"largest": 0.2},
        lambda: {"largest": np.abs(built().kernel).max()},
        rtol=0.05,
        hint="The limit is the square root of 6 / (90 + 60) = 0.04.",
    )
    checks.example(
        "the kernel's standard deviation, give or take a twentieth",
        {"standard deviation": 0.2 / np.sqrt(3)},
        lambda: {"standard deviation": np.std(built().kernel)},
        rtol=0.05,
        hint="Numbers spread evenly between -0.2 and 0.2 have the standard deviation 0.2 / √3.",
    )
    checks.example(
        "the largest difference between two kernels from generators of the same seed",
        {"difference": 0.0},
        lambda: {"difference": np.abs(built(1).kernel - built(1).kernel).max()},
        hint="Draw from self.rng.",
    )
    checks.example(
        "does a generator of another seed give another kernel?",
        True,
        lambda: bool(np.any(built(1).kernel != built(2).kernel)),
        hint="Draw from self.rng.",
    )
    checks.report()


def _dense(Dense: type, activation: str | None, kernel: np.ndarray, bias: np.ndarray) -> Any:
    layer = Dense(kernel.shape[1], activation=activation)
    layer.kernel, layer.bias = kernel.copy(), bias.copy()
    return layer


_X = np.array([[1.0, 2], [0, -1], [3, 0]])
_K = np.array([[1.0, -1, 0, 2], [0, 1, -2, 1]])
_B = np.array([1.0, 0, 2, -3])
_G = np.array([[1.0, 0, 2, -1], [0, 3, 1, 1], [2, 1, -1, 0]])


def dense_forward(Dense: type) -> None:
    """Check the forward pass with whole numbers, and with plain fractions for softmax."""
    checks = Checklist("Dense.forward")

    def example(
        label: str,
        expected: Any,
        activation: str | None,
        x: Any,
        kernel: Any,
        bias: Any,
        hint: str,
        **when: Any,
    ) -> None:
        checks.example(
            label,
            np.array(expected),
            lambda x: _dense(Dense, activation, np.array(kernel), np.array(bias)).forward(x),
            np.array(x),
            m=len(x),
            hint=hint,
            **when,
        )

    scores = [[2, 1, -2, 1], [1, -1, 4, -4], [4, -3, 2, 3]]
    rectified = [[2, 1, 0, 1], [1, 0, 4, 0], [4, 0, 2, 3]]
    numbers = "x = [[1 2] [0 -1] [3 0]], kernel = [[1 -1 0 2] [0 1 -2 1]], bias = [1 0 2 -3]"
    example(f"no activation; {numbers}", scores, None, _X, _K, _B, "Z = X K + b.")
    example("relu, the same numbers", rectified, "relu", _X, _K, _B, "Entries below 0 become 0.")
    example(
        "softmax of the scores 0, ln 2, ln 5 and of 0, -ln 2, -ln 5",
        [[1 / 8, 2 / 8, 5 / 8], [10 / 17, 5 / 17, 2 / 17]],
        "softmax",
        [[1.0], [-1.0]],
        [[0, _LN(2), _LN(5)]],
        [0.0, 0, 0],
        "e to the power of ln 5 is 5, of -ln 5 it is 1/5. Each row adds up to 1.",
    )
    example(
        "softmax of the scores 1000, 1000 and of -1000, -1000",
        [[1 / 2, 1 / 2], [1 / 2, 1 / 2]],
        "softmax",
        [[1000.0], [-1000.0]],
        [[1.0, 1.0]],
        [0.0, 0.0],
        "exp overflows or vanishes. What can you subtract from a row without changing the answer?",
        hint_on={"nan"},
    )
    checks.report()


def dense_backward(Dense: type) -> None:
    """Check the way back through each activation, after a forward pass with the same numbers."""
    checks = Checklist("Dense.backward")

    def example(
        label: str, expected: dict, activation: str | None, data: tuple, a: Any, hint: str
    ) -> None:
        x, kernel, bias, gradient = data

        def gradients(gradient: np.ndarray) -> dict[str, np.ndarray]:
            layer = _dense(Dense, activation, kernel, bias)
            layer.forward(x)
            layer.x, layer.a = x, np.array(a)
            at_input = layer.backward(gradient)
            return {
                "gradient at the input": at_input,
                "grad_kernel": layer.grad_kernel,
                "grad_bias": layer.grad_bias,
            }

        checks.example(
            label,
            {name: np.array(value) for name, value in expected.items()},
            gradients,
            gradient,
            m=len(x),
            hint=hint,
        )

    data = (_X, _K, _B, _G)
    example(
        "no activation; x, kernel, bias as above, grad_output = [[1 0 2 -1] [0 3 1 1] [2 1 -1 0]]",
        {
            "grad_kernel": [[7, 3, -1, -1], [2, -3, 3, -3]],
            "grad_bias": [3, 4, 2, 0],
            "gradient at the input": [[-1, -5], [-1, 2], [1, 3]],
        },
        None,
        data,
        [[2.0, 1, -2, 1], [1, -1, 4, -4], [4, -3, 2, 3]],
        "X transposed times D, the column sums of D, and D times K transposed.",
    )
    example(
        "relu, the same numbers",
        {
            "grad_kernel": [[7, 0, -3, -1], [2, 0, -1, -2]],
            "grad_bias": [3, 0, 0, -1],
            "gradient at the input": [[-1, -1], [0, -2], [2, 2]],
        },
        "relu",
        data,
        [[2.0, 1, 0, 1], [1, 0, 4, 0], [4, 0, 2, 3]],
        "D is grad_output where the result is above 0, and 0 elsewhere.",
    )
    example(
        "softmax with the probabilities [[1/8 2/8 5/8] [1/3 1/3 1/3]]; x = [[1] [0]], "
        "grad_output = [[8 0 0] [0 3 0]]",
        {
            "grad_kernel": [[7 / 8, -2 / 8, -5 / 8]],
            "grad_bias": [13 / 24, 10 / 24, -23 / 24],
            "gradient at the input": [
                [-_LN(2) / 4 - 5 * _LN(5) / 8],
                [2 * _LN(2) / 3 - _LN(5) / 3],
            ],
        },
        "softmax",
        (
            np.array([[1.0], [0.0]]),
            np.array([[0, _LN(2), _LN(5)]]),
            np.zeros(3),
            np.array([[8.0, 0, 0], [0, 3, 0]]),
        ),
        [[1 / 8, 2 / 8, 5 / 8], [1 / 3, 1 / 3, 1 / 3]],
        "Here p · g is 1 in each row. D is p times (g - p · g), entry by entry.",
    )

    def again(gradient: np.ndarray) -> dict[str, np.ndarray]:
        layer = _dense(Dense, None, _K, _B)
        for _ in range(2):
            layer.forward(_X)
            layer.x, layer.a = _X, _X @ _K
            layer.backward(gradient)
        return {
            "grad_kernel": layer.grad_kernel,
            "grad_bias": layer.grad_bias,
            "kernel": layer.kernel,
        }

    def undisturbed(x: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        layer = _dense(Dense, "softmax", np.array([[0, _LN(2), _LN(5)]]), np.zeros(3))
        layer.forward(x)
        return layer.backward(gradient)

    checks.example(
        "the gradient at the input for softmax, x = [[1] [-1]], grad_output = [[8 0 0] [0 17 0]]; "
        "here your own forward has to keep what backward needs",
        np.array(
            [[-_LN(2) / 4 - 5 * _LN(5) / 8], [(60 * _LN(2) - 10 * _LN(5)) / 17]],
        ),
        undisturbed,
        np.array([[1.0], [-1.0]]),
        np.array([[8.0, 0, 0], [0, 17, 0]]),
        hint="forward keeps its input in self.x, and its result in self.a.",
    )
    checks.example(
        "slopes and kernel after a second backward, without an activation",
        {
            "grad_kernel": np.array([[7.0, 3, -1, -1], [2, -3, 3, -3]]),
            "grad_bias": np.array([3.0, 4, 2, 0]),
            "kernel": _K,
        },
        again,
        _G,
        m=3,
        hint="Each call of backward sets the slopes afresh, and takes no step.",
    )
    checks.report()


def loss(CategoricalCrossentropy: type) -> None:
    """Check the loss and its gradient on two examples with three classes."""
    checks = Checklist("CategoricalCrossentropy")
    y = np.array([[0.0, 1, 0], [1, 0, 0]])
    p = np.array([[1 / 4, 1 / 2, 1 / 4], [1 / 8, 5 / 8, 1 / 4]])
    numbers = "y_true = [[0 1 0] [1 0 0]], y_pred = [[1/4 1/2 1/4] [1/8 5/8 1/4]]"
    checks.example(
        f"the loss, {numbers}",
        2 * _LN(2),
        lambda y, p: CategoricalCrossentropy()(y, p),
        y,
        p,
        m=2,
        rtol=1e-5,
        hint="The two examples have the losses ln 2 and ln 8 = 3 ln 2.",
    )
    checks.example(
        "its gradient, the same numbers",
        np.array([[0.0, -1, 0], [-4, 0, 0]]),
        lambda y, p: CategoricalCrossentropy().gradient(y, p),
        y,
        p,
        m=2,
        rtol=1e-5,
        hint="Minus y / p, divided by the number of examples.",
    )
    checks.example(
        "the loss and its gradient where the true class has the probability 1/1024",
        {"loss": 10 * _LN(2), "gradient": np.array([[0.0, -1024, 0]])},
        lambda y, p: {
            "loss": CategoricalCrossentropy()(y, p),
            "gradient": CategoricalCrossentropy().gradient(y, p),
        },
        np.array([[0.0, 1, 0]]),
        np.array([[0.5, 1 / 1024, 511 / 1024]]),
        rtol=1e-3,
        hint="Keep probabilities away from 0 by a tiny distance only, such as 1e-12.",
    )
    sure = np.array([[0.0, 1, 0]])
    checks.example(
        "the loss of an answer that is sure and right, to four decimals",
        0.0,
        lambda y, p: CategoricalCrossentropy()(y, p),
        sure,
        sure,
        atol=1e-4,
        hint="0 times the logarithm of 0 is NaN. Keep the probabilities away from 0.",
    )
    checks.example(
        "are the loss and the gradient finite where the true class has the probability 0?",
        True,
        lambda y, p: bool(
            np.isfinite(CategoricalCrossentropy()(y, p))
            and np.all(np.isfinite(CategoricalCrossentropy().gradient(y, p)))
        ),
        sure,
        np.array([[1.0, 0, 0]]),
    )
    checks.report()


def sgd(SGD: type) -> None:
    """Check steps of two layers that learn, beside one that does not."""
    checks = Checklist("SGD")

    def moved(steps: int, learning_rate: float, momentum: float) -> dict[str, np.ndarray]:
        first, second = TimesStandIn(5.0), TimesStandIn(1.0)
        optimizer = SGD(learning_rate, momentum)
        for _ in range(steps):
            first.grad_kernel, first.grad_bias = np.array([2.0]), np.array([-4.0])
            second.grad_kernel, second.grad_bias = np.array([-8.0]), np.array([0.0])
            optimizer.apply([InputStandIn(), first, second])
        return {
            "kernel of the first layer": first.kernel,
            "bias of the first layer": first.bias,
            "kernel of the second layer": second.kernel,
        }

    def example(label: str, values: list[float], *setting: float, hint: str) -> None:
        names = (
            "kernel of the first layer",
            "bias of the first layer",
            "kernel of the second layer",
        )
        expected = {name: np.array([value]) for name, value in zip(names, values, strict=True)}
        checks.example(label, expected, moved, *setting, hint=hint)

    start = "kernel 5, slope 2, bias 0, slope -4; second layer: kernel 1, slope -8"
    example(
        f"one step with the learning rate 1/2; {start}",
        [4, 2, 5],
        1,
        0.5,
        0.0,
        hint="A step is the learning rate times the slope, downhill.",
    )
    example(
        "two such steps", [3, 4, 9], 2, 0.5, 0.0, hint="Without momentum both steps are the same."
    )
    example(
        "two steps with momentum 1/4",
        [2.75, 4.5, 10],
        2,
        0.5,
        0.25,
        hint="The first layer's velocity is -1 after one step, -1/4 - 1 after the second.",
    )
    checks.report()


def graph(Model: type) -> None:
    """Check a graph with a branch, and one with a shared layer, worked out by hand."""
    checks = Checklist("Model")
    x = np.array([[1.0, 2], [3, 4], [5, 6]])
    ones = np.ones((3, 2))

    def diamond() -> tuple[Any, dict[str, Any]]:
        entry = _Node(InputStandIn())
        first = _Node(TimesStandIn(2.0), entry)
        one, other = _Node(TimesStandIn(3.0), first), _Node(TimesStandIn(5.0), first)
        merged = _Node(AddStandIn(), first, other, one)
        nodes = {"entry": entry, "first": first, "one": one, "other": other, "merged": merged}
        return Model(entry, merged), nodes

    in_order = "each after its parents"

    def order() -> str:
        model, nodes = diamond()
        name_of = {node: name for name, node in nodes.items()}
        found = [name_of.get(node, "?") for node in model.nodes]
        fits = sorted(found) == sorted(nodes) and all(
            found.index(name_of[parent]) < found.index(name)
            for name, node in nodes.items()
            for parent in node.parents
        )
        return in_order if fits else ", ".join(found)

    drawing = (
        "entry → first (times 2) → one (times 3) and other (times 5); first, one and other → "
        "merged (their sum)"
    )
    checks.example(
        f"the order of the five nodes; {drawing}",
        in_order,
        order,
        hint="Each node once. Before a node come its parents.",
    )
    checks.example(
        "do layers hold the five layers, in the order of the nodes?",
        True,
        lambda: (
            list((built := diamond()[0]).layers) == [node.layer for node in built.nodes]
            and len(built.layers) == 5
        ),
    )
    checks.example(
        "forward: every number becomes 2 · (1 + 3 + 5) = 18 times as large",
        18 * x,
        lambda x: diamond()[0].forward(x),
        x,
        m=3,
        hint="Each node is computed from self.values of its parents.",
    )

    def slopes(x: np.ndarray, gradient: np.ndarray, times: int) -> dict[str, np.ndarray]:
        model, nodes = diamond()
        for _ in range(times):
            model.forward(x)
            model.backward(gradient)
        return {
            f"grad_kernel of {name}": nodes[name].layer.grad_kernel
            for name in ("one", "other", "first")
        }

    for label, times, hint in [
        (
            "backward with 1 everywhere; the numbers in x add up to 21",
            1,
            "The first layer hears from three nodes: (1 + 3 + 5) · 21. If one or other is wrong: "
            "does a += change an array that they hold, too?",
        ),
        (
            "the same once more, forward and backward, in the same model",
            2,
            "Nothing adds up from call to call. Did the layer go backward before in *this* call?",
        ),
    ]:
        checks.example(
            label,
            {
                "grad_kernel of one": np.array([42.0]),
                "grad_kernel of other": np.array([42.0]),
                "grad_kernel of first": np.array([189.0]),
            },
            slopes,
            x,
            ones,
            times,
            m=3,
            hint=hint,
        )

    def shared() -> tuple[Any, TimesStandIn]:
        entry, layer = _Node(InputStandIn()), TimesStandIn(3.0)
        return Model(entry, _Node(layer, _Node(layer, entry))), layer

    drawing = "a shared layer: entry → times 3 → the same layer again"
    checks.example(
        f"the number of layers; {drawing}",
        {"layers": 2},
        lambda: {"layers": len(shared()[0].layers)},
        hint="Each layer once, at the place where it first occurs.",
    )

    def back_and_forth(x: np.ndarray, times: int) -> dict[str, Any]:
        model, layer = shared()
        for _ in range(times):
            answer = model.forward(x)
            model.backward(np.ones_like(x))
        return {"forward": answer, "grad_kernel": layer.grad_kernel}

    for label, times in {"": 1, ", once more": 2}.items():
        checks.example(
            f"forward and backward{label}; {drawing}",
            {"forward": 9 * x, "grad_kernel": np.array([126.0])},
            back_and_forth,
            x,
            times,
            m=3,
            hint="The loss is k² times 21, so its slope is 2 · 3 · 21: two nodes, 63 from each.",
        )
    checks.example(
        "forward through two inputs, for a list of two arrays: twice the one, five times the other",
        32 * x,
        lambda x: _two_inputs(Model, 2.0, 5.0).forward([x, 6 * x]),
        x,
        m=3,
        hint="self.inputs and the list have the same order.",
    )
    checks.report()


def _two_inputs(Model: type, *factors: float) -> Any:
    """Return a model that adds up its two inputs, each times a number."""
    entries = [_Node(InputStandIn()) for _ in factors]
    parts = [
        _Node(TimesStandIn(factor), entry) for factor, entry in zip(factors, entries, strict=True)
    ]
    return Model(entries, _Node(AddStandIn(), *parts))


def _single(Model: type, factor: float = 2.0) -> tuple[Any, TimesStandIn]:
    """Return a model of one layer that multiplies by a number."""
    layer, entry = TimesStandIn(factor), _Node(InputStandIn())
    return Model(entry, _Node(layer, entry)), layer


def predict(Model: type) -> None:
    """Check that batches come back in order, the last one included."""
    checks = Checklist("predict")
    x = np.arange(10.0).reshape(5, 2)
    for label, size in {"all at once": (), "batches of 2": (2,), "batches of 7": (7,)}.items():
        checks.example(
            f"five examples, a model that multiplies by 2, {label}",
            2 * x,
            lambda x, *size: _single(Model)[0].predict(x, *size),
            x,
            *size,
            m=5,
            hint="The answers of all batches, one below the other.",
        )
    checks.example(
        "a list of two arrays with five examples each, batches of 2; the answer is their sum",
        11 * x,
        lambda x: _two_inputs(Model, 1.0, 1.0).predict([x, 10 * x], 2),
        x,
        m=5,
        hint="len(x) counts the arrays of a list. Use n_rows(x), and take(x, slice(start, stop)).",
    )
    checks.report()


def fit(Model: type) -> None:
    """Check what fit tells an optimiser that adds 1 to the kernel, whatever the gradient."""
    checks = Checklist("fit")
    x = np.array([[1.0, 0], [2, 0], [3, 0], [4, 0], [5, 0]])
    zeros = np.zeros((5, 2))

    def example(
        label: str,
        expected: Any,
        observe: Callable,
        hint: str,
        metrics: tuple[str, ...] = (),
        factor: float = 0.0,
        length: float = 1.0,
        **settings: Any,
    ) -> None:
        def trained(x: np.ndarray, y: np.ndarray) -> Any:
            model, layer = _single(Model, factor)
            optimizer = _Steps(length)
            model.compile(optimizer, _Misses(), list(metrics))
            setting = {"shuffle": False, "verbose": 0, **settings}
            history = model.fit(x, y, **setting)
            return observe(history.history, layer, optimizer)

        checks.example(label, expected, trained, x, zeros, m=5, hint=hint)

    example(
        "steps in 3 epochs of five examples, in batches of 2",
        9,
        lambda history, layer, optimizer: optimizer.calls,
        "Every epoch has the batches of 2, 2 and 1.",
        batch_size=2,
        epochs=3,
    )
    example(
        "history of 3 epochs, one batch each, shuffle=False; the kernel is 0, 1, 2, and the loss "
        "of 1 is 27.5",
        {"loss": [0.0, 27.5, 110.0]},
        lambda history, layer, optimizer: history,
        "The loss is that of the predictions before the step.",
        batch_size=5,
        epochs=3,
    )
    example(
        "history of 1 epoch in batches of 2, shuffle=False; their losses are 0, 1² · 12.5 and "
        "2² · 12.5",
        {"loss": [(2 * 0 + 2 * 12.5 + 1 * 50) / 5]},
        lambda history, layer, optimizer: history,
        "Every example counts the same, so a batch counts as often as it has examples. Without "
        "shuffling the batches are rows 0 and 1, 2 and 3, 4.",
        batch_size=2,
        epochs=1,
    )
    example(
        "the last two examples held back; 2 epochs, one batch of three each; the kernel is 0, 1, 2",
        {
            "loss": [0.0, (1 + 4 + 9) / 2],
            "accuracy": [1.0, 1.0],
            "val_loss": [(16 + 25) / 2, 4 * (16 + 25) / 2],
            "val_accuracy": [1.0, 1.0],
        },
        lambda history, layer, optimizer: history,
        "Hold back the last examples, and evaluate on them after each epoch, without a step.",
        metrics=("accuracy",),
        batch_size=3,
        epochs=2,
        validation_split=0.4,
    )
    example(
        "the same shuffled, with a kernel that stays 1",
        {"loss": [7.0, 7.0], "val_loss": [20.5, 20.5]},
        lambda history, layer, optimizer: history,
        "Hold back the last examples first, then shuffle the others.",
        factor=1.0,
        length=0.0,
        batch_size=3,
        epochs=2,
        validation_split=0.4,
        shuffle=True,
        rng=np.random.default_rng(0),
    )
    example(
        "steps of an epoch in batches of 1, with 3/10 of the five examples held back",
        3,
        lambda history, layer, optimizer: optimizer.calls,
        "The first int(5 · (1 - 0.3)) examples are for training.",
        batch_size=1,
        validation_split=0.3,
    )
    example(
        "validation_data=([[10 0]], [[0 0]]) beside validation_split=0.4; the kernel stays 1",
        {"loss": [27.5], "val_loss": [50.0]},
        lambda history, layer, optimizer: history,
        "validation_data goes before validation_split: all five examples are for training.",
        factor=1.0,
        length=0.0,
        batch_size=5,
        epochs=1,
        validation_data=(np.array([[10.0, 0]]), np.zeros((1, 2))),
        validation_split=0.4,
    )

    def twice(x: np.ndarray, y: np.ndarray) -> dict[str, list[float]]:
        model, _ = _single(Model, 0.0)
        model.compile(_Steps(), _Misses())
        fits = [model.fit(x, y, 5, shuffle=False, verbose=0).history for _ in range(2)]
        return dict(fits[1])

    checks.example(
        "history of a second fit, which begins with the kernel 1",
        {"loss": [27.5]},
        twice,
        x,
        zeros,
        hint="Each fit goes on from the parameters that there are, and begins a new History.",
        hint_on={"value", "factor", "length"},
    )

    def listed(x: np.ndarray, y: np.ndarray) -> dict[str, list[float]]:
        model = _two_inputs(Model, 1.0, 1.0)
        model.compile(_Steps(0), _Misses())
        setting = {"validation_split": 0.4, "shuffle": False, "verbose": 0}
        return dict(model.fit([x, -3 * x], y, 3, **setting).history)

    checks.example(
        "a list of two arrays, x and -3 x; the model says their sum, the last two are held back",
        {"loss": [4 * 7.0], "val_loss": [4 * 20.5]},
        listed,
        x,
        zeros,
        hint="len(x) counts the arrays of a list. Use n_rows(x), and take(x, rows).",
    )

    def slope(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        model, layer = _single(Model, 0.0)
        model.compile(_Steps(), _Misses())
        model.fit(x, y, 5, shuffle=False, verbose=0)
        return {"grad_kernel": layer.grad_kernel}

    checks.example(
        "grad_kernel after one step of a model that says 0 and should say x; its squares sum to 55",
        {"grad_kernel": np.array([-55.0])},
        slope,
        x,
        x,
        hint="self.loss.gradient takes the labels first, then the predictions.",
    )

    def shared(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        entry, layer = _Node(InputStandIn()), TimesStandIn(0.0)
        model = Model(entry, _Node(layer, _Node(layer, entry)))
        model.compile(_Steps(), _Misses())
        model.fit(x, y, 5, shuffle=False, verbose=0)
        return {"kernel": layer.kernel}

    checks.example(
        "the kernel of a layer that occurs twice in the graph, after one step of 1",
        {"kernel": np.array([1.0])},
        shared,
        x,
        zeros,
        hint="self.layers holds each layer once: give that to the optimiser.",
    )

    def labelled(x: np.ndarray, y: np.ndarray) -> dict[str, list[float]]:
        model, _ = _single(Model, 0.0)
        model.compile(_Steps(), _LabelSum())
        return dict(model.fit(x, y, 5, shuffle=False, verbose=0).history)

    checks.example(
        "history of a loss that adds up the labels, here 1 + 2 + 3 + 4 + 5",
        {"loss": [15.0]},
        labelled,
        x,
        x,
        hint="self.loss takes the labels first, then the predictions.",
    )

    def paired(x: np.ndarray, y: np.ndarray) -> dict[str, list[float]]:
        model, _ = _single(Model, 1.0)
        model.compile(_Steps(0), _Misses())
        return dict(model.fit(x, y, 2, 3, rng=np.random.default_rng(0), verbose=0).history)

    checks.example(
        "loss of a model that multiplies by 1 and does not move, shuffled, with y = x",
        {"loss": [0.0, 0.0, 0.0]},
        paired,
        x,
        x,
        hint="Each example keeps its own label: take the same rows of x and y.",
    )

    def same_order(x: np.ndarray, y: np.ndarray, one: int, other: int) -> bool:
        losses = []
        for seed in (one, other):
            model, _ = _single(Model, 0.0)
            model.compile(_Steps(), _Misses())
            rng = np.random.default_rng(seed)
            losses.append(model.fit(x, y, 1, 4, rng=rng, verbose=0).history["loss"])
        return losses[0] == losses[1]

    def same_batches(x: np.ndarray, y: np.ndarray) -> bool:
        model, _ = _single(Model, 1.0)
        model.compile(_Steps(0), _Misses())
        rng = np.random.default_rng(0)
        losses = model.fit(x, y, 2, 12, rng=rng, verbose=0).history["loss"]
        return len(losses) == 12 and np.ptp(losses) == 0

    checks.example(
        "does each of 12 epochs have the same batches?",
        False,
        same_batches,
        x,
        zeros,
        hint="Draw a new order in every epoch.",
    )
    for label, seeds, answer in [
        ("do two generators of the same seed give the same training?", (1, 1), True),
        ("do two generators of different seeds give the same training?", (1, 2), False),
    ]:
        checks.example(
            label, answer, same_order, x, zeros, *seeds, hint="Draw the order of examples from rng."
        )
    checks.report()


def evaluate(Model: type) -> None:
    """Check loss and accuracy of a model that multiplies by 2."""
    checks = Checklist("evaluate")
    x = np.array([[1.0, 0], [0, 1], [0, 2]])
    y = np.array([[1.0, 0], [0, 1], [1, 0]])

    def measured(x: np.ndarray, y: np.ndarray, metrics: list[str]) -> Any:
        model, _ = _single(Model)
        model.compile(_Steps(), _Misses(), metrics)
        return model.evaluate(x, y)

    checks.example(
        "loss and accuracy; the model says [[2 0] [0 2] [0 4]], y = [[1 0] [0 1] [1 0]]",
        [9.5, 2 / 3],
        measured,
        x,
        y,
        ["accuracy"],
        m=3,
        hint="The loss here is half the sum of all squared differences. Two of three are right.",
    )
    checks.example("the loss alone, without metrics", 9.5, measured, x, y, [], m=3)

    def labelled(x: np.ndarray, y: np.ndarray) -> float:
        model, _ = _single(Model)
        model.compile(_Steps(), _LabelSum())
        return model.evaluate(x, y)

    checks.example(
        "a loss that adds up the labels, here 1 + 1 + 1",
        3.0,
        labelled,
        x,
        y,
        hint="self.loss takes the labels first, then the predictions.",
    )

    def untouched(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        model, layer = _single(Model)
        model.compile(_Steps(), _Misses(), ["accuracy"])
        model.evaluate(x, y)
        return layer.kernel

    checks.example(
        "the kernel afterwards: still 2",
        np.array([2.0]),
        untouched,
        x,
        y,
        hint="Evaluating is not training.",
    )
    checks.report()
