"""Hidden tests of Lab 5: labels, layers, loss and optimiser.

One part of the framework is tested with the layers, the loss and the optimiser that the lab is
given, and with a model's other methods replaced, so that a wrong part is not paid for twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from grader_tests.engine.case import FLOAT32, Case, as_if_read
from grader_tests.engine.cross_entropy import costly
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.lab import lab
from helpers.checking.attempt import StudentError
from helpers.checking.compare import Setting, compare
from helpers.checking.namespace import rng as generator

_FAR = {"rtol": 1e-3, "atol": 1e-5}  # in float32 scores near 1000 are right to some 1/10,000


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
        takes_work=False,
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

    def bias(s: Any) -> np.ndarray:
        layer = s.Dense(5, rng=generator(one))
        layer.build(9)
        return layer.bias

    yield Case("the bias", bias, accept=_at_zero, takes_work=False)


def _at_zero(bias: np.ndarray) -> str | None:
    return "the bias does not start at 0." if np.any(bias) else None


def _well_begun(drawn: tuple, n_inputs: int, units: int) -> str | None:
    """Judge random kernels by bounds that are at least six standard errors wide."""
    (first, _), (again, _), (another, _) = drawn
    kernel, limit = np.asarray(first, dtype=float), np.sqrt(6 / (n_inputs + units))
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


def _dense(
    s: Any, activation: str | None, kernel: np.ndarray, bias: np.ndarray, turned: bool = False
) -> Any:
    """Make a Dense layer of the namespace with parameters that are given.

    It may keep in `build` what it needs later; what `build` draws is not tested here. A layer
    whose kernels are all (units, inputs) has paid for it there: `turned` gives it such a kernel.
    """
    layer = s.Dense(kernel.shape[1], activation=activation and as_if_read(activation))
    with forgiven():
        layer.build(kernel.shape[0])
    if turned and np.shape(layer.kernel) != kernel.T.shape:
        raise StudentError("The kernel is not transposed.")
    layer.kernel, layer.bias = kernel.T if turned else kernel, bias
    return layer


def _either_way_up(label: str, action: Callable, **setting: Any) -> Case:
    """Make a case that asks a Dense layer, and once more with kernels of (units, inputs)."""
    turned = Case(label, partial(action, turned=True), **setting)
    return Case(label, action, otherwise=turned, **setting)


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

        def action(s: Any, turned: bool = False) -> np.ndarray:
            return _dense(s, activation, kernel, bias, turned).forward(x)

        return _either_way_up(
            label, action, m=m, extreme=scale > 1, **(_FAR if scale > 1 else FLOAT32)
        )

    yield case("no activation, four examples", None, 7, 5, 4)
    yield case("relu, four examples", "relu", 7, 5, 4)
    yield case("softmax, four examples", "softmax", 7, 5, 4)
    yield case("softmax, as many examples as units", "softmax", 3, 6, 6)
    yield case("softmax, a single example", "softmax", 4, 6, 1)
    yield case("relu, more examples than units", "relu", 2, 3, 11)
    yield case("a single unit", None, 4, 1, 5)
    yield case("softmax, scores far from 0 and from each other", "softmax", 6, 4, 9, scale=400)

    far, signs = np.array([[1000.0, 999 + rng.uniform(), 3]]), np.array([[1.0], [-1]])
    yield _either_way_up(
        "softmax, two scores far from 0 and close to each other",
        lambda s, turned=False: _dense(s, "softmax", far, np.zeros(3), turned).forward(signs),
        m=2,
        extreme=True,
        **_FAR,
    )

    kernel, bias = _parameters(rng, 5, 3)
    x_1, x_2 = rng.normal(size=(4, 5)), rng.normal(size=(8, 5))

    def twice(s: Any, turned: bool = False) -> Any:
        layer = _dense(s, "relu", kernel, bias, turned)
        layer.forward(x_1)
        return layer.forward(x_2)

    yield _either_way_up("the second of two calls", twice, m=8, **FLOAT32)

    kernel_kept, bias_kept = _parameters(rng, 6, 4, 0.7)
    x_kept, slopes = rng.normal(size=(5, 6)), rng.normal(size=(5, 4))
    result = _dense(lab.solution, "softmax", kernel_kept, bias_kept).forward(x_kept)

    def gets_back(s: Any, put_right: bool, turned: bool) -> bool:
        right = _dense(lab.solution, "softmax", kernel_kept, bias_kept)
        layer = _dense(s, "softmax", kernel_kept, bias_kept, turned)
        right.forward(x_kept)
        with forgiven():
            layer.forward(x_kept)
            if put_right:
                layer.x, layer.a = x_kept, result
            found = layer.backward(slopes)
            return compare(right.backward(slopes), found, Setting(**FLOAT32)) is None
        return False

    def remembered(s: Any, turned: bool = False) -> bool:
        """Forward is to blame only where backward works once its memory is put right."""
        ways = {"turned": turned}
        return gets_back(s, put_right=False, **ways) or not gets_back(s, put_right=True, **ways)

    yield _either_way_up(
        "what forward leaves for backward",
        remembered,
        accept=lambda kept: (
            None if kept else "self.x should be the input, and self.a the result, for backward."
        ),
        takes_work=False,
    )


@lab.test
def test_dense_backward(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, activation: str | None, n: int, units: int, *ms: int) -> Case:
        kernel, bias = _parameters(rng, n, units, 0.7)
        calls = [(rng.normal(size=(m, n)), rng.normal(size=(m, units))) for m in ms]
        results = [_dense(lab.solution, activation, kernel, bias).forward(x) for x, _ in calls]

        def action(s: Any, turned: bool = False) -> dict[str, Any]:
            layer = _dense(s, activation, kernel, bias, turned)
            for (x, grad_output), a in zip(calls, results, strict=True):
                _forward_as_it_should_be(layer, x, a)
                at_input = layer.backward(grad_output)
            slopes = layer.grad_kernel
            return {
                "the gradient at the input": at_input,
                "grad_kernel": np.transpose(slopes) if turned else slopes,
                "grad_bias": layer.grad_bias,
            }

        return _either_way_up(label, action, m=ms[-1], **FLOAT32)

    yield case("no activation, four examples", None, 7, 5, 4)
    yield case("relu, four examples", "relu", 7, 5, 4)
    yield case("softmax, four examples", "softmax", 7, 5, 4)
    yield case("softmax, a single example", "softmax", 4, 6, 1)
    yield case("softmax, as many examples as units", "softmax", 3, 6, 6)
    yield case("relu, eleven examples", "relu", 3, 2, 11)
    yield case("no activation, the second of two calls", None, 5, 3, 8, 6)

    kernel, bias = _parameters(rng, 5, 3)
    x, grad_output = rng.normal(size=(4, 5)), rng.normal(size=(4, 3))

    def afterwards(s: Any, activation: str, turned: bool = False) -> tuple:
        layer = _dense(s, activation, kernel, bias, turned)
        result = _dense(lab.solution, activation, kernel, bias).forward(x)
        _forward_as_it_should_be(layer, x, result)
        layer.backward(grad_output)
        left = np.transpose(layer.kernel) if turned else layer.kernel
        return left, layer.bias, _kept(layer, "x", x), _kept(layer, "a", result)

    for activation in ("relu", "softmax"):
        yield _either_way_up(
            f"{activation}: what backward should leave alone",
            partial(afterwards, activation=activation),
            names=("the kernel", "the bias", "self.x", "self.a, forward's result"),
        )


def _kept(layer: Any, name: str, before: np.ndarray) -> Any:
    """Return what a layer still holds under a name; to let go of it harms nobody."""
    with forgiven():
        now = getattr(layer, name)
        return before if now is None else now
    return before


def _forward_as_it_should_be(layer: Any, x: np.ndarray, a: np.ndarray) -> None:
    """Let a layer go forward, and correct what the lab asks it to keep.

    Where a layer keeps more than that is its own affair, which its own forward has settled.
    """
    with forgiven():
        layer.forward(x)
    layer.x, layer.a = x, a


@lab.test
def test_loss(rng: np.random.Generator) -> Iterator[Case]:
    yield from _case_loss_of_examples(rng)
    yield from _case_unsure(rng)
    yield _case_kind_of_loss(rng)
    yield from _case_sure_and_right(np.eye(4)[rng.integers(0, 4, 6)])
    yield from _case_sure_and_wrong(rng)


def _example(rng: np.random.Generator, m: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels, and probabilities that are not close to 0."""
    p = rng.uniform(0.1, 1, (m, classes))
    return np.eye(classes)[rng.integers(0, classes, m)], p / p.sum(axis=1, keepdims=True)


def _loss(s: Any, y: np.ndarray, p: np.ndarray) -> Any:
    return s.CategoricalCrossentropy()(y, p)


def _slopes(s: Any, y: np.ndarray, p: np.ndarray) -> Any:
    return s.CategoricalCrossentropy().gradient(y, p)


def _case_loss_of_examples(rng: np.random.Generator) -> Iterator[Case]:
    examples = {
        "seven examples, four classes": _example(rng, 7, 4),
        "more classes than examples": _example(rng, 3, 6),
        "a single example": _example(rng, 1, 5),
    }
    # rtol leaves room for log(p + 1e-7), another way to guard the logarithm.
    for label, (y, p) in examples.items():
        setting = {"m": len(y), "rtol": 1e-5}
        yield Case(f"the loss, {label}", partial(_loss, y=y, p=p), **setting)
        yield Case(f"the gradient, {label}", partial(_slopes, y=y, p=p), **setting)


def _case_unsure(rng: np.random.Generator) -> Iterator[Case]:
    y, rare = np.eye(3)[rng.integers(0, 3, 5)], rng.uniform(4e-7, 6e-7, (5, 1))
    p = np.where(y == 1, rare, (1 - rare) / 2)
    # A guard may change these probabilities by 1e-7, which is a quarter of the smallest.
    where = "where the true class has less than a millionth"
    yield Case(f"the loss {where}", partial(_loss, y=y, p=p), rtol=0.03, extreme=True)
    yield Case(f"the gradient {where}", partial(_slopes, y=y, p=p), rtol=0.3, extreme=True)


def _case_kind_of_loss(rng: np.random.Generator) -> Case:
    y, p = _example(rng, 4, 3)
    return Case(
        "the kind of the loss",
        lambda s: np.ndim(_loss(s, y, p)),
        accept=lambda axes: None if axes == 0 else "your loss is an array, and should be a number.",
        takes_work=False,
    )


def _case_sure_and_right(exact: np.ndarray) -> Iterator[Case]:
    small = exact.astype(np.float32)
    for label, y in {
        "the loss of probabilities of exactly 0 and 1, all of them right": exact,
        "the loss of the same probabilities in float32": small,
    }.items():
        yield Case(label, partial(_loss, y=y, p=y), atol=1e-4, extreme=True)


def _case_sure_and_wrong(rng: np.random.Generator) -> Iterator[Case]:
    where = "where the true class has the probability 0"
    exact = np.eye(2)[rng.integers(0, 2, 6)]
    wrong = 1 - exact
    small = {"y": exact.astype(np.float32), "p": wrong.astype(np.float32)}
    # How large and how steep is free, within bounds: a constant would do.
    free: dict[str, Any] = {"extreme": True, "takes_work": False}
    yield Case(f"the loss {where}", partial(_loss, y=exact, p=wrong), accept=costly(5), **free)
    steep = partial(_steep, y_true=exact)
    yield Case(f"the gradient {where}", partial(_slopes, y=exact, p=wrong), accept=steep, **free)
    yield Case(f"the gradient {where} in float32", partial(_slopes, **small), accept=steep, **free)


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
    yield _case_two_optimisers(rng)


def _case_two_optimisers(rng: np.random.Generator) -> Case:
    slopes = [(rng.normal(size=3), rng.normal(size=3)) for _ in range(2)]

    def one_after_the_other(s: Any) -> dict[str, Any]:
        entry, layer = s.Input(3), s.Scale()
        layer(entry)
        for rate, (kernel, bias) in zip((1.0, 0.4), slopes, strict=True):
            layer.grad_kernel, layer.grad_bias = kernel, bias
            s.SGD(rate, 0.5).apply(entry.layer.feeds)
        return {"kernel": layer.kernel, "bias": layer.bias}

    return Case("two optimisers, a step with each", one_after_the_other, extreme=True)
