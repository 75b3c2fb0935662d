"""Lab 5's framework beside Keras, whose interface it has: same weights, answers and steps."""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from grader_tests.engine.worked import load, script

pytestmark = pytest.mark.training

os.environ["KERAS_BACKEND"] = "jax"
pytest.importorskip("jax")
keras = pytest.importorskip("keras")

LAB = "lab5_functional_api"
RECORDED = json.loads((script(LAB).parent / "keras_first_steps.json").read_text(encoding="utf-8"))
SINGLE = {"rtol": 2e-5, "atol": 1e-6}  # both count in float32


@pytest.fixture(scope="module")
def worked() -> dict:
    return load(LAB)


def ours(worked: dict) -> dict:
    return {
        name: worked[name] for name in ("Input", "Dense", "Add", "Concatenate", "Model", "SGD")
    } | {"loss": worked["CategoricalCrossentropy"]}


def theirs() -> dict:
    layers = {name: getattr(keras.layers, name) for name in ("Dense", "Add", "Concatenate")}
    return layers | {
        "Input": lambda width: keras.Input((width,)),
        "Model": keras.Model,
        "SGD": keras.optimizers.SGD,
        "loss": keras.losses.CategoricalCrossentropy,
    }


def chain(framework: dict):
    inputs = framework["Input"](7)
    x = framework["Dense"](6, activation="relu")(inputs)
    x = framework["Dense"](5, activation="relu")(x)
    return framework["Model"](inputs, framework["Dense"](3, activation="softmax")(x))


def tangle(framework: dict):
    """Branches, a way around, and a layer that is called twice."""
    inputs = framework["Input"](4)
    shared = framework["Dense"](4, activation="relu")
    one = shared(inputs)
    two = shared(framework["Add"]()([one, inputs]))
    wide = framework["Concatenate"]()([one, framework["Dense"](5)(two), two])
    return framework["Model"](inputs, framework["Dense"](3, activation="softmax")(wide))


GRAPHS = {"a chain": (chain, 7), "a tangled graph": (tangle, 4)}


@pytest.fixture(params=GRAPHS.values(), ids=GRAPHS)
def pair(request, worked):
    """Return our model and Keras's, of the same weights, both compiled, with examples."""
    build, n_features = request.param
    rng = np.random.default_rng(17)
    models = []
    for framework in (ours(worked), theirs()):
        model = build(framework)
        model.compile(
            optimizer=framework["SGD"](0.1, momentum=0.9),
            loss=framework["loss"](),
            metrics=["accuracy"],
        )
        models.append(model)
    mine, other = models
    for layer, weights in zip(learning(mine), learning(other), strict=True):
        values = [rng.normal(0, 0.5, w.shape).astype(np.float32) for w in weights.get_weights()]
        layer.kernel, layer.bias = values
        weights.set_weights(values)
    x = rng.normal(size=(23, n_features)).astype(np.float32)
    return mine, other, x, np.eye(3, dtype=np.float32)[rng.integers(0, 3, 23)]


def learning(model) -> list:
    """Return a model's layers that learn, in its own order; both frameworks order alike here."""
    return [layer for layer in model.layers if layer.count_params()]


def same_weights(mine, other) -> None:
    for layer, weights in zip(learning(mine), learning(other), strict=True):
        kernel, bias = weights.get_weights()
        np.testing.assert_allclose(layer.kernel, kernel, **SINGLE)
        np.testing.assert_allclose(layer.bias, bias, **SINGLE)


def test_the_same_weights_give_the_same_answers(pair):
    mine, other, x, y = pair
    np.testing.assert_allclose(
        mine.predict(x, batch_size=8), other.predict(x, batch_size=8, verbose=0), **SINGLE
    )
    np.testing.assert_allclose(mine.evaluate(x, y), other.evaluate(x, y, verbose=0), **SINGLE)


def test_the_first_step_is_the_same_and_so_is_the_third(pair):
    mine, other, x, y = pair
    for step in range(3):
        batch = slice(7 * step, 7 * step + 7)
        before = mine.train_on_batch(x[batch], y[batch])
        # Keras's metrics run on from batch to batch unless they are reset.
        other.reset_metrics()
        np.testing.assert_allclose(before, other.train_on_batch(x[batch], y[batch]), **SINGLE)
        same_weights(mine, other)


def test_fit_gives_the_same_history(pair):
    mine, other, x, y = pair
    setting = {"batch_size": 5, "epochs": 3, "validation_split": 0.3, "shuffle": False}
    found = mine.fit(x, y, **setting, verbose=0).history
    expected = other.fit(x, y, **setting, verbose=0).history
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-4, atol=1e-5)
    same_weights(mine, other)


def test_the_summaries_count_the_same(pair, capsys):
    mine, other, _, _ = pair
    assert mine.count_params() == other.count_params()
    counts = [
        sorted((type(layer).__name__, layer.count_params()) for layer in model.layers)
        for model in (mine, other)
    ]
    assert counts[0] == counts[1]
    mine.summary()
    ours_printed = capsys.readouterr().out
    lines = []
    other.summary(print_fn=lines.append)
    total = f"Total params: {mine.count_params():,}"
    assert total in ours_printed
    assert total in "\n".join(lines)


def test_kernels_start_in_the_same_range(worked):
    layer = worked["Dense"](60, rng=np.random.default_rng(0))
    layer.build(90)
    twin = keras.layers.Dense(60)
    twin.build((None, 90))
    drawn = np.asarray(twin.get_weights()[0])
    assert np.abs(layer.kernel).max() == pytest.approx(np.abs(drawn).max(), rel=0.02)
    assert layer.kernel.std() == pytest.approx(drawn.std(), rel=0.05)


def test_the_recorded_losses_are_those_of_keras(worked):
    """Lab 5's section 9 shows them beside the reader's own."""
    x, y, parameters = worked["keras_example"]()
    for framework in (theirs(), ours(worked)):
        inputs = framework["Input"](8)
        hidden = framework["Dense"](16, activation="relu")(inputs)
        model = framework["Model"](inputs, framework["Dense"](3, activation="softmax")(hidden))
        model.compile(optimizer=framework["SGD"](0.1, momentum=0.9), loss=framework["loss"]())
        for layer, (kernel, bias) in zip(learning(model), parameters, strict=True):
            if isinstance(layer, keras.layers.Layer):
                layer.set_weights([kernel, bias])
            else:
                layer.kernel, layer.bias = kernel, bias
        losses = []
        for start in range(0, len(x), 6):
            # Keras's loss runs on from batch to batch unless it is reset.
            getattr(model, "reset_metrics", lambda: None)()
            batch = slice(start, start + 6)
            losses.append(np.ravel(model.train_on_batch(x[batch], y[batch]))[0])
        np.testing.assert_allclose(losses, RECORDED["loss"], **SINGLE)
