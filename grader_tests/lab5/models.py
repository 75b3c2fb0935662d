"""Hidden tests of Lab 5: a model that predicts and is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from grader_tests.engine.case import FLOAT32, Case
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.lab import lab
from helpers.checking.namespace import Recipe, unmade


def _model(s: Any, entry: Any, end: Any) -> Any:
    """Make a model, if need be without its constructor, which is not tested here."""
    with forgiven():
        return s.Model(entry, end)
    return unmade(s.Model)


def one_layer(s: Any, kernel: np.ndarray, bias: np.ndarray, whole: bool = False) -> tuple[Any, Any]:
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


def either_way(label: str, action: Callable, **setting: Any) -> Case:
    """Make a case that asks a part of the model alone, then, if need be, the whole model."""
    whole = Case(label, partial(action, whole=True), **setting)
    return Case(label, action, otherwise=whole, **setting)


def two_inputs(s: Any, kernel: np.ndarray, bias: np.ndarray, whole: bool = False) -> Any:
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


@lab.test
def test_predict(rng: np.random.Generator) -> Iterator[Case]:
    kernel, bias = rng.uniform(0.5, 1.5, 3), rng.normal(size=3)

    def case(label: str, m: int, *size: int, width: int = 3) -> Case:
        x = rng.normal(size=(m, width))

        def action(s: Any, whole: bool = False) -> np.ndarray:
            return one_layer(s, kernel[:width], bias[:width], whole)[0].predict(x, *size)

        return either_way(label, action, m=m, **FLOAT32)

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

    yield either_way("a model with more outputs than inputs", widened, m=5, **FLOAT32)

    kernel_wide, bias_wide = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x_both = [rng.normal(size=(7, 2)), rng.normal(size=(7, 3))]
    yield either_way(
        "a list with the arrays of two inputs, in batches of three",
        lambda s, whole=False: two_inputs(s, kernel_wide, bias_wide, whole).predict(x_both, 3),
        m=7,
        **FLOAT32,
    )

    x = rng.normal(size=(9, 3))

    def rows_at_a_time(s: Any, whole: bool = False) -> int:
        model, layer = one_layer(s, kernel, bias, whole)
        model.predict(x, 4)
        return len(layer.x)

    yield either_way(
        "how many examples go forward at a time",
        rows_at_a_time,
        accept=_small,
        extreme=True,
        takes_work=False,
    )

    def afterwards(s: Any, whole: bool = False) -> tuple:
        model, layer = one_layer(s, kernel, bias, whole)
        model.predict(x, 4)
        return layer.kernel, layer.bias

    yield either_way("the parameters after the call", afterwards)


def _small(rows: int) -> str | None:
    return None if rows <= 4 else "more than batch_size examples go forward at once."


def mostly_right(answers: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make labels that two of three answers agree with, in the place of the largest entry."""
    scale = rng.uniform(0.6, 1.4, (len(answers), 1))
    scale[2::3] *= -1
    return scale * answers


@lab.test
def test_evaluate(rng: np.random.Generator) -> Iterator[Case]:
    kernel, bias = rng.uniform(0.5, 1.5, 4), rng.normal(size=4)

    def ready(s: Any, metrics: tuple[str, ...], whole: bool, loss: Any = None) -> tuple[Any, Any]:
        model, layer = one_layer(s, kernel, bias, whole)
        model.compile(s.Adam(0.05), loss or s.MeanSquaredError(), list(metrics))
        if not whole:
            model.predict = Recipe("affine", (kernel, bias))
        return model, layer

    def case(label: str, m: int, *size: int, metrics: tuple[str, ...] = ("accuracy",)) -> Case:
        x = rng.normal(size=(m, 4))
        y = mostly_right(x * kernel + bias, rng)

        def action(s: Any, whole: bool = False) -> Any:
            return ready(s, metrics, whole)[0].evaluate(x, y, *size)

        return either_way(label, action, m=m, **FLOAT32)

    yield case("loss and accuracy of nine examples", 9)
    yield case("batches of four, the last one smaller", 11, 4)
    yield case("a single example", 1)
    yield case("without metrics", 6, metrics=())

    x, y = rng.normal(size=(11, 4)), rng.normal(size=(11, 4))

    def uneven(s: Any, whole: bool = False) -> Any:
        model, _ = ready(s, (), whole, Recipe("pairing_loss", (1,)))
        return model.evaluate(x, y)

    yield either_way("a loss that knows labels from predictions", uneven, m=11, **FLOAT32)

    kernel_wide, bias_wide = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x_both, y_both = [rng.normal(size=(7, 2)), rng.normal(size=(7, 3))], rng.normal(size=(7, 5))

    def listed(s: Any, whole: bool = False) -> Any:
        model = two_inputs(s, kernel_wide, bias_wide, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError())
        if not whole:
            model.predict = Recipe("affine", (kernel_wide, bias_wide))
        return model.evaluate(x_both, y_both, 1)

    yield either_way("a list with the arrays of two inputs, in batches", listed, m=7, **FLOAT32)

    def rows_at_a_time(s: Any, whole: bool = False) -> int:
        """Count them, unless predict, which is not tested here, takes too many itself."""
        model, layer = one_layer(s, kernel, bias, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError())
        with forgiven():
            model.predict(x, 4)
            if len(layer.x) <= 4:
                model.evaluate(x, y, 4)
                return len(layer.x)
        return 0

    yield either_way(
        "how many examples go forward at a time",
        rows_at_a_time,
        accept=_small,
        extreme=True,
        takes_work=False,
    )

    def afterwards(s: Any, whole: bool = False) -> tuple:
        model, layer = ready(s, (), whole)
        model.evaluate(x, y)
        return layer.kernel, layer.bias

    yield either_way("the parameters after the call", afterwards)
