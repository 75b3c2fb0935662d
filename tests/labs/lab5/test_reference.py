"""Lab 5's worked framework against independent truths, and the files that are released with it."""

from __future__ import annotations

import ast
import json
import re

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import accuracy_score, log_loss
from sklearn.preprocessing import OneHotEncoder

from grader_tests.engine.worked import cells, load, script
from tests.support.autograd import cross_entropy, gradients
from tests.support.differences import measured_gradient

LAB = "lab5_functional_api"
FOLDER = script(LAB).parent


@pytest.fixture(scope="module")
def worked() -> dict:
    return load(LAB)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(55)


def dense(worked: dict, rng: np.random.Generator, n: int, units: int, activation: str | None):
    """Return a layer with float64 parameters of moderate size, no bias 0."""
    layer = worked["Dense"](units, activation)
    layer.kernel = rng.normal(0, 0.8, (n, units))
    layer.bias = rng.choice([-1, 1], units) * rng.uniform(0.2, 0.8, units)
    return layer


def test_small_functions_agree_with_other_libraries(worked, rng):
    labels = rng.integers(0, 6, 11)
    Y = worked["to_categorical"](labels, 6)
    encoder = OneHotEncoder(categories=[range(6)], sparse_output=False)
    np.testing.assert_array_equal(Y, encoder.fit_transform(labels[:, np.newaxis]))
    P = scipy_softmax(rng.normal(0, 0.7, (11, 6)), axis=1)
    loss = worked["CategoricalCrossentropy"]()
    assert loss(Y, P) == pytest.approx(log_loss(labels, P, labels=range(6)), rel=1e-12)
    found = worked["METRICS"]["accuracy"](Y, P)
    assert found == pytest.approx(accuracy_score(labels, P.argmax(axis=1)))
    np.testing.assert_allclose(
        loss.gradient(Y, P), measured_gradient(lambda p: loss(Y, p), P), atol=1e-6
    )


def test_kernels_are_those_of_glorot(worked):
    layer = worked["Dense"](200, rng=np.random.default_rng(0))
    layer.build(300)
    limit = np.sqrt(6 / 500)
    assert layer.kernel.shape == (300, 200)
    assert layer.kernel.dtype == layer.bias.dtype == np.float32
    assert 0.999 * limit < np.abs(layer.kernel).max() <= limit
    assert layer.kernel.std() == pytest.approx(limit / np.sqrt(3), rel=0.01)
    assert not layer.bias.any()


@pytest.mark.parametrize("activation", [None, "relu", "softmax"])
def test_dense_agrees_with_a_loop_and_with_finite_differences(worked, rng, activation):
    layer, x = dense(worked, rng, 7, 5, activation), rng.normal(size=(4, 7))
    result, G = layer.forward(x), rng.normal(size=(4, 5))
    for row, example in zip(result, x, strict=True):
        scores = [
            sum(example * unit) + b for unit, b in zip(layer.kernel.T, layer.bias, strict=True)
        ]
        if activation == "relu":
            scores = [max(0.0, score) for score in scores]
        if activation == "softmax":
            scores = scipy_softmax(scores)
        np.testing.assert_allclose(row, scores, rtol=1e-12)

    at_input = layer.backward(G)
    found = {"kernel": layer.grad_kernel, "bias": layer.grad_bias}
    np.testing.assert_allclose(
        at_input, measured_gradient(lambda x: np.sum(G * layer.forward(x)), x), atol=1e-9
    )
    for name, gradient in found.items():
        start = getattr(layer, name)

        def with_value(value, name=name):
            setattr(layer, name, value)
            return np.sum(G * layer.forward(x))

        slope = measured_gradient(with_value, start)
        setattr(layer, name, start)
        np.testing.assert_allclose(gradient, slope, atol=1e-9)


def test_softmax_and_cross_entropy_collapse(worked, rng):
    layer, loss = dense(worked, rng, 7, 5, "softmax"), worked["CategoricalCrossentropy"]()
    x, Y = rng.normal(size=(4, 7)), np.eye(5)[[1, 0, 4, 1]]
    P = layer.forward(x)
    layer.backward(loss.gradient(Y, P))
    np.testing.assert_allclose(layer.grad_bias, (P - Y).sum(axis=0) / 4, rtol=1e-10)
    np.testing.assert_allclose(layer.grad_kernel, x.T @ (P - Y) / 4, rtol=1e-9)


def tangle(worked: dict, rng: np.random.Generator):
    """Return a model with branches, a shared layer and two inputs, and its learning layers."""
    Dense, Input = worked["Dense"], worked["Input"]
    left, right = Input(4), Input((4,))
    shared, other, last = Dense(4, "relu"), Dense(3), Dense(5, "softmax")
    one = shared(left)
    two = shared(worked["Add"]()([one, right]))
    wide = worked["Concatenate"]()([one, other(two), two])
    model = worked["Model"]([left, right], last(wide))
    layers = [shared, other, last]
    for layer in layers:
        layer.kernel = rng.normal(0, 0.6, layer.kernel.shape)
        layer.bias = rng.normal(0, 0.6, layer.bias.shape)
    return model, layers


def test_a_tangled_graph_agrees_with_finite_differences(worked, rng):
    model, layers = tangle(worked, rng)
    x, Y = [rng.normal(size=(6, 4)) for _ in range(2)], np.eye(5)[rng.integers(0, 5, 6)]
    loss = worked["CategoricalCrossentropy"]()
    model.backward(loss.gradient(Y, model.forward(x)))
    found = [(layer.grad_kernel, layer.grad_bias) for layer in layers]
    for layer, pair in zip(layers, found, strict=True):
        for name, gradient in zip(("kernel", "bias"), pair, strict=True):
            start = getattr(layer, name)

            def with_value(value, layer=layer, name=name):
                setattr(layer, name, value)
                return loss(Y, model.forward(x))

            slope = measured_gradient(with_value, start)
            setattr(layer, name, start)
            np.testing.assert_allclose(gradient, slope, atol=1e-8)


def test_a_tangled_graph_agrees_with_autograd(worked, rng):
    model, layers = tangle(worked, rng)
    left, right = x = [rng.normal(size=(6, 4)) for _ in range(2)]
    Y = np.eye(5)[rng.integers(0, 5, 6)]
    loss = worked["CategoricalCrossentropy"]()
    model.backward(loss.gradient(Y, model.forward(x)))

    def cost(jax, theta):
        one = jax.nn.relu(left @ theta["K0"] + theta["b0"])
        two = jax.nn.relu((one + right) @ theta["K0"] + theta["b0"])
        joined = jax.numpy.concatenate([one, two @ theta["K1"] + theta["b1"], two], axis=1)
        return cross_entropy(jax, (joined @ theta["K2"] + theta["b2"]).T, Y.T)

    kernels = {f"K{number}": layer.kernel for number, layer in enumerate(layers)}
    biases = {f"b{number}": layer.bias for number, layer in enumerate(layers)}
    truth = gradients(cost, kernels | biases)
    for number, layer in enumerate(layers):
        np.testing.assert_allclose(layer.grad_kernel, truth[f"K{number}"], atol=1e-12)
        np.testing.assert_allclose(layer.grad_bias, truth[f"b{number}"], atol=1e-12)


def test_links_go_both_ways(worked):
    model, (shared, other, last) = tangle(worked, np.random.default_rng(0))
    for node in model.nodes:
        assert all(node in parent.children for parent in node.parents)
        assert all(node in child.parents for child in node.children)
    fed = [type(layer).__name__ for layer in shared.feeds]
    assert fed == ["Add", "Concatenate", "Dense", "Concatenate"]
    assert last.takes_from[0].takes_from == [shared, other, shared]
    assert sum(layer is shared for layer in model.layers) == 1


def test_numbers_in_the_place_of_a_node_are_refused(worked):
    with pytest.raises(TypeError, match="called on a ndarray"):
        worked["Dense"](3)(np.ones((2, 4)))
    with pytest.raises(ValueError, match="same width"):
        worked["Add"]()([worked["Input"](3), worked["Input"](4)])


def test_a_graph_that_cannot_be_computed_is_refused(worked, rng):
    first, second = worked["Input"](4), worked["Input"](3)
    shared = worked["Dense"](5)
    one = shared(first)
    with pytest.raises(ValueError, match="built for 4 features"):
        shared(second)
    other = worked["Dense"](5)(second)
    model = worked["Model"](first, worked["Add"]()([one, other]))
    with pytest.raises(ValueError, match="an input that the model was not given"):
        model.forward(rng.normal(size=(2, 4)))


def test_each_of_the_five_trainings_has_the_bug_that_the_lab_says(worked, rng):
    """Not C; the ruler alone can tell A from it."""
    y = np.eye(3)[rng.integers(0, 3, 8)]
    x = rng.normal(size=(8, 5))
    parameters = [(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in ((5, 4), (4, 3))]
    kinds = (worked[name] for name in ("Model", "Dense", "CategoricalCrossentropy"))
    found = {}
    for name, (Model, Dense, Loss) in worked["five_trainings"](*kinds).items():
        inputs = worked["Input"](5)
        model = Model(inputs, Dense(3, "softmax")(Dense(4, "relu")(inputs)))
        for layer, (kernel, bias) in zip(model.layers[1:], parameters, strict=True):
            layer.kernel, layer.bias = kernel, bias
        model.compile(worked["SGD"](0.0), Loss())
        model.train_on_batch(x, y)
        found[name] = [
            getattr(layer, slope).copy()
            for layer in model.layers[1:]
            for slope in ("grad_kernel", "grad_bias")
        ]
    right = found["C"]
    for name, factors in {"A": (1, 1 / 8, 1, 1 / 8), "D": (-1,) * 4, "E": (0, 0, 1, 1)}.items():
        for slope, expected, factor in zip(found[name], right, factors, strict=True):
            np.testing.assert_allclose(slope, factor * expected, rtol=1e-12)
    assert not np.allclose(found["B"][2], right[2])


def test_momentum_sums_up_as_its_closed_form_says(worked):
    layer, optimizer = worked["Scale"](), worked["SGD"](0.1, momentum=0.8)
    layer.kernel, layer.bias = np.array([5.0]), np.array([0.0])
    layer.grad_kernel, layer.grad_bias = np.array([2.0]), np.array([0.0])
    for _ in range(7):
        optimizer.apply([layer])
    lengths = [0.2 * (1 - 0.8**k) / (1 - 0.8) for k in range(1, 8)]
    assert layer.kernel[0] == pytest.approx(5 - sum(lengths))


def small_problem(worked: dict, rng: np.random.Generator):
    model_input = worked["Input"](6)
    hidden = worked["Dense"](9, "relu", rng=np.random.default_rng(2))(model_input)
    answer = worked["Dense"](3, "softmax", rng=np.random.default_rng(3))(hidden)
    model = worked["Model"](model_input, answer)
    model.compile(worked["SGD"](0.1, 0.5), worked["CategoricalCrossentropy"](), ["accuracy"])
    x = rng.normal(size=(50, 6)).astype(np.float32)
    return model, x, worked["to_categorical"](x[:, :3].argmax(axis=1), 3)


def test_fit_learns_in_float32_and_keeps_a_diary(worked, rng):
    model, x, y = small_problem(worked, rng)
    history = model.fit(
        x, y, 8, epochs=40, validation_split=0.2, rng=np.random.default_rng(4), verbose=0
    ).history
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert all(len(values) == 40 for values in history.values())
    assert history["loss"][-1] < 0.3 * history["loss"][0]
    assert history["accuracy"][-1] > 0.9
    assert all(layer.kernel.dtype == np.float32 for layer in model.layers[1:])
    assert history["val_loss"][-1] == pytest.approx(model.evaluate(x[40:], y[40:])[0])


def test_the_progress_bar_says_the_same_every_time_and_nothing_on_stderr(worked, capfd):
    printed = []
    for _ in range(2):
        model, x, y = small_problem(worked, np.random.default_rng(5))
        model.fit(x, y, 8, epochs=2, rng=np.random.default_rng(4))
        out, err = capfd.readouterr()
        assert err == ""
        printed.append([line.split("\r")[-1] for line in out.splitlines()])
    assert printed[0] == printed[1]
    shown = [line for line in printed[0] if line]
    assert re.fullmatch(r"Epoch 2/2 \|█+\| 7/7, loss \d\.\d{4}, accuracy \d\.\d{4}", shown[-1])


def test_the_given_adam_is_the_published_one(worked, rng):
    torch = pytest.importorskip("torch")
    start = rng.normal(size=4)
    layer, optimizer = worked["Scale"](), worked["Adam"](0.1)
    layer.kernel, layer.bias = start.copy(), np.zeros(4)
    tensor = torch.tensor(start, requires_grad=True)
    other = torch.optim.Adam([tensor], lr=0.1, eps=1e-7)
    for _ in range(5):
        layer.grad_kernel, layer.grad_bias = rng.normal(size=4), np.zeros(4)
        tensor.grad = torch.tensor(layer.grad_kernel)
        optimizer.apply([layer])
        other.step()
    np.testing.assert_allclose(layer.kernel, tensor.detach().numpy(), rtol=1e-10)


def test_numerical_gradient_is_the_one_of_lab_3():
    def function(source: str) -> str:
        nodes = ast.parse(source).body
        return ast.dump(next(node for node in nodes if isinstance(node, ast.FunctionDef)))

    given = (FOLDER / "given_for_lab5.py").read_text(encoding="utf-8")
    worked_out = cells("lab3_two_layer_softmax")["numerical_gradient"]
    assert function(given) == function(worked_out)


def test_what_was_reached_on_mnist_is_recorded_for_each_lab():
    recorded = json.loads((FOLDER / "reached_on_mnist.json").read_text(encoding="utf-8"))
    values = {entry["name"]: entry["value"] for entry in recorded}
    assert {f"lab{number}_test_accuracy" for number in (2, 3, 4, 5)} <= values.keys()
    assert all(0 < value < 1 for value in values.values())
    assert values["lab5_train_accuracy"] >= 0.98
    assert values["lab5_test_accuracy"] >= 0.97
