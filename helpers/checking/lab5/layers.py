"""Lab 5's visible checks of the pieces: one-hot labels, a dense layer, the loss, the optimiser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from helpers.checking.checklist import Checklist
from helpers.checking.lab5.standins import Entry, Times

_LN = np.log


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
        "are the entries signed numbers, not True and False, and not unsigned?",
        True,
        lambda labels: np.asarray(function(labels, 4)).dtype.kind in "if",
        np.array([2, 0, 2]),
        hint=".astype(np.float32) gives numbers that can be subtracted and negated.",
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
        "the largest absolute value in the kernel, within 5 %",
        {"the largest value": 0.2},
        lambda: {"the largest value": np.abs(built().kernel).max()},
        rtol=0.05,
        hint="The limit is √(6 / (90 + 60)) = √0.04 = 0.2.",
    )
    checks.example(
        "the kernel's standard deviation, within 5 %",
        {"the standard deviation": 0.2 / np.sqrt(3)},
        lambda: {"the standard deviation": np.std(built().kernel)},
        rtol=0.05,
        hint="Numbers spread evenly between -0.2 and 0.2 have the standard deviation 0.2 / √3.",
    )
    checks.example(
        "the largest difference between two kernels from generators of the same seed: none",
        {"the difference": 0.0},
        lambda: {"the difference": np.abs(built(1).kernel - built(1).kernel).max()},
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
    with suppress(Exception):  # it may keep there what it needs later
        layer.build(len(kernel))
    layer.kernel, layer.bias = kernel.copy(), bias.copy()
    return layer


_X = np.array([[1.0, 2], [0, -1], [3, 0]])
_K = np.array([[1.0, -1, 0, 2], [0, 1, -2, 1]])
_B = np.array([1.0, 0, 2, -3.75])
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
            **{"rtol": 1e-5, "atol": 1e-6, **when},  # it may compute in float32
        )

    scores = [[2, 1, -2, 0.25], [1, -1, 4, -4.75], [4, -3, 2, 2.25]]
    rectified = [[2, 1, 0, 0.25], [1, 0, 4, 0], [4, 0, 2, 2.25]]
    numbers = "x = [[1 2] [0 -1] [3 0]], kernel = [[1 -1 0 2] [0 1 -2 1]], bias = [1 0 2 -3.75]"
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
        "softmax of the scores 1000, 1000 + ln 3, of -1000, -1000 - ln 3 and of 1000, -1000",
        [[1 / 4, 3 / 4], [3 / 4, 1 / 4], [1, 0]],
        "softmax",
        [[1.0, 0], [-1, 0], [0, 1]],
        [[1000.0, 1000 + _LN(3)], [1000, -1000]],
        [0.0, 0.0],
        "exp overflows or vanishes. What can you subtract from a row without changing the answer, "
        "so that its largest score becomes 0?",
        rtol=1e-3,
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
        [[2.0, 1, -2, 0.25], [1, -1, 4, -4.75], [4, -3, 2, 2.25]],
        "The three formulas under 'The way back'. Without an activation D is grad_output.",
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
        [[2.0, 1, 0, 0.25], [1, 0, 4, 0], [4, 0, 2, 2.25]],
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
        "Here p · g is 1 in each row. Work the first row out by hand.",
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

    if not checks.holds:
        checks.report(then="forward and backward together")
        return
    checks.example(
        "softmax, your own forward, then your backward: the gradient at the input; x = [[1] [-1]], "
        "grad_output = [[8 0 0] [0 17 0]]",
        np.array(
            [[-_LN(2) / 4 - 5 * _LN(5) / 8], [(60 * _LN(2) - 10 * _LN(5)) / 17]],
        ),
        undisturbed,
        np.array([[1.0], [-1.0]]),
        np.array([[8.0, 0, 0], [0, 17, 0]]),
        hint="Does forward pass its checks? If so: does it keep its input in self.x, and its "
        "result in self.a?",
    )
    checks.example(
        "grad_kernel, grad_bias and kernel after calling backward twice, without an activation",
        {
            "grad_kernel": np.array([[7.0, 3, -1, -1], [2, -3, 3, -3]]),
            "grad_bias": np.array([3.0, 4, 2, 0]),
            "kernel": _K,
        },
        again,
        _G,
        m=3,
        hint="Each call of backward sets the gradients afresh, and takes no step.",
    )

    def untouched(gradient: np.ndarray, activation: str) -> bool:
        layer = _dense(Dense, activation, _K, _B)
        result = layer.forward(_X)
        before = result.copy()
        layer.backward(gradient)
        return bool(np.array_equal(result, before))

    for activation in ("softmax", "relu"):
        checks.example(
            f"is forward's result the same after backward, with {activation}?",
            True,
            untouched,
            _G,
            activation,
            hint="Others still need it: the loss, for one. Do not write into self.a.",
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
        "is the loss a plain number?",
        True,
        lambda y, p: np.ndim(CategoricalCrossentropy()(y, p)) == 0,
        y,
        p,
        hint="Sum over both axes.",
    )
    if not checks.holds:
        checks.report(then="probabilities close to 0")
        return
    rare = np.array([[0.5, 2.0**-21, 0.5 - 2.0**-21]])
    sure = np.array([[0.0, 1, 0]])
    for what, answer, found, room in (
        ("loss", 21 * _LN(2), lambda y, p: CategoricalCrossentropy()(y, p), 0.03),
        (
            "gradient",
            np.array([[0.0, -(2.0**21), 0]]),
            lambda y, p: CategoricalCrossentropy().gradient(y, p),
            0.3,
        ),
    ):
        checks.example(
            f"the {what} where the true class has the probability 1/2097152, half a millionth; "
            f"within {100 * room:.0f} %, for your guard",
            answer,
            found,
            sure,
            rare,
            rtol=room,
            hint="Is your guard too large? One that changes probabilities by 1e-7 at most, such as "
            "1e-12, leaves this one nearly as it is.",
        )
    for dtype in (np.float64, np.float32):
        name = "" if dtype is np.float64 else f", in {np.dtype(dtype).name}"
        checks.example(
            f"the loss where the true class has the probability 1, to four decimals{name}",
            0.0,
            lambda y, p: CategoricalCrossentropy()(y, p),
            sure.astype(dtype),
            sure.astype(dtype),
            atol=1e-4,
            hint="0 times the logarithm of 0 is NaN. Keep the probabilities away from 0, with a "
            "guard that float32 can hold, such as 1e-12.",
        )
        none = np.array([[1.0, 0, 0]], dtype)
        checks.example(
            "is the loss between 16 and a million where the true class has the probability 0"
            f"{name}?",
            True,
            lambda y, p: bool(16 < CategoricalCrossentropy()(y, p) < 1e6),
            sure.astype(dtype),
            none,
            hint="Guard the probability before you take the logarithm: by 1e-7 at most, which "
            "costs 16.1. 1e-12 costs 27.6.",
        )
        checks.example(
            f"is the gradient there below -1e6, and finite{name}?",
            True,
            lambda y, p: bool(
                -1e300 < float(CategoricalCrossentropy().gradient(y, p)[0, 1]) < -1e6
            ),
            sure.astype(dtype),
            none,
            hint="Guard the probability that you divide by in the same way.",
        )
    checks.report()


def sgd(SGD: type) -> None:
    """Check steps of two layers that learn, beside one that does not."""
    checks = Checklist("SGD")

    def moved(steps: int, learning_rate: float, momentum: float) -> dict[str, np.ndarray]:
        first, second = Times(5.0), Times(1.0)
        optimizer = SGD(learning_rate, momentum)
        for _ in range(steps):
            first.grad_kernel, first.grad_bias = np.array([2.0]), np.array([-4.0])
            second.grad_kernel, second.grad_bias = np.array([-8.0]), np.array([0.0])
            optimizer.apply([Entry(), first, second])
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
        hint="The first layer's velocity is -1 after one step, -1/4 - 1 after the second. Every "
        "kernel and every bias has a velocity of its own.",
    )
    example(
        "three steps with momentum 1/4",
        [1.4375, 7.125, 15.25],
        3,
        0.5,
        0.25,
        hint="The third velocity is a quarter of the second, which has the first in it, minus 1.",
    )

    def by_two() -> np.ndarray:
        layer = Times(5.0)
        for _ in range(2):
            layer.grad_kernel, layer.grad_bias = np.array([1.0]), np.array([0.0])
            SGD(1.0, 0.5).apply([layer])
        return layer.kernel

    checks.example(
        "two optimisers, one step with each; kernel 5, slope 1, learning rate 1, momentum 1/2",
        np.array([3.0]),
        by_two,
        hint="A new optimiser knows of no earlier step: its velocities begin at 0.",
    )
    checks.report()
