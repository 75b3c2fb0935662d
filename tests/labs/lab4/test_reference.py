"""Lab 4's worked functions against independent truths, and the file that is released with it."""

from __future__ import annotations

import ast
import re

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier

from grader_tests.engine.worked import cells, load, script
from tests.support.autograd import cross_entropy, gradients
from tests.support.differences import measured_gradient

LAB = "lab4_deep_mini_batch"
FOLDER = script(LAB).parent
DIMS = (7, 6, 5, 3)  # no two sizes are equal, nor is one equal to the number of examples
M = 4


@pytest.fixture(scope="module")
def worked() -> dict:
    return load(LAB)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(44)


def network(rng, dims=DIMS, m=M):
    """Return parameters none of which is 0, X, and one-hot Y."""
    parameters = {}
    for layer in range(1, len(dims)):
        parameters[f"W{layer}"] = rng.normal(0, 0.8, (dims[layer], dims[layer - 1]))
        parameters[f"b{layer}"] = rng.normal(0, 0.8, (dims[layer], 1))
    labels = rng.integers(0, dims[-1], m)
    return parameters, rng.normal(size=(dims[0], m)), np.eye(dims[-1])[:, labels]


def true_cost(parameters, X, Y):
    """Mean cross-entropy, example by example, without any of the worked functions."""
    depth = len(parameters) // 2
    costs = []
    for a, y in zip(X.T, Y.T, strict=True):
        for layer in range(1, depth + 1):
            z = parameters[f"W{layer}"] @ a + parameters[f"b{layer}"][:, 0]
            a = np.array([max(0.0, entry) for entry in z])
        costs.append(-(y * log_softmax(z)).sum())
    return np.mean(costs)


def test_initial_weights_have_he_s_variance(worked):
    dims = [400, 300, 200, 100]
    parameters = worked["initialize_parameters"](dims, np.random.default_rng(0))
    assert list(parameters) == ["W1", "b1", "W2", "b2", "W3", "b3"]
    for layer in (1, 2, 3):
        W, b = parameters[f"W{layer}"], parameters[f"b{layer}"]
        assert W.shape == (dims[layer], dims[layer - 1])
        assert b.shape == (dims[layer], 1)
        assert W.std() == pytest.approx(np.sqrt(2 / dims[layer - 1]), rel=0.02)
        assert not b.any()


@pytest.mark.parametrize("dims", [DIMS, (5, 3), (4, 6, 3, 8, 5, 7)])
def test_forward_agrees_with_a_network_written_with_loops(worked, rng, dims):
    parameters, X, Y = network(rng, dims)
    AL, caches = worked["forward_pass"](X, parameters)
    assert AL.shape == (dims[-1], M)
    assert len(caches) == len(dims) - 1
    np.testing.assert_allclose(AL.sum(axis=0), 1)
    cost = worked["compute_cost"](AL, Y)
    assert cost == pytest.approx(true_cost(parameters, X, Y), rel=1e-12)
    assert cost == pytest.approx(log_loss(Y.argmax(axis=0), AL.T, labels=range(dims[-1])))
    assert worked["predict"](X, parameters).tolist() == AL.T.argmax(axis=1).tolist()


def test_forward_agrees_with_scikit_learn(worked, rng):
    parameters, X, Y = network(rng, (7, 6, 5, 3), 30)
    model = MLPClassifier((6, 5), max_iter=1).partial_fit(X.T, Y.argmax(axis=0), classes=range(3))
    model.coefs_ = [parameters[f"W{layer}"].T for layer in (1, 2, 3)]
    model.intercepts_ = [parameters[f"b{layer}"][:, 0] for layer in (1, 2, 3)]
    AL, _ = worked["forward_pass"](X, parameters)
    np.testing.assert_allclose(AL.T, model.predict_proba(X.T), rtol=1e-10)


def test_cost_is_finite_at_0_in_either_precision(worked):
    for dtype in (np.float32, np.float64):
        A = np.array([[0, 1], [1, 0]], dtype=dtype)
        assert worked["compute_cost"](A, A) == pytest.approx(0)
        assert 10 < worked["compute_cost"](A, 1 - A) < np.inf


def test_linear_backward_agrees_with_finite_differences(worked, rng):
    A, W, b = rng.normal(size=(5, M)), rng.normal(size=(3, 5)), rng.normal(size=(3, 1))
    G = rng.normal(size=(3, M))
    dA, dW, db = worked["linear_backward"](G, (A, W, b))

    def mean_cost(A=A, W=W, b=b):
        return np.sum(G * (W @ A + b)) / M

    np.testing.assert_allclose(dA, M * measured_gradient(lambda t: mean_cost(A=t), A), atol=1e-9)
    np.testing.assert_allclose(dW, measured_gradient(lambda t: mean_cost(W=t), W), atol=1e-9)
    np.testing.assert_allclose(db, measured_gradient(lambda t: mean_cost(b=t), b), atol=1e-9)


def test_backward_activation_agrees_with_finite_differences(worked, rng):
    A, W, b = rng.normal(size=(5, M)), rng.normal(size=(3, 5)), rng.normal(size=(3, 1))
    G = rng.normal(size=(3, M))
    dA, dW, _ = worked["backward_activation"](G, ((A, W, b), W @ A + b), "relu")

    def mean_cost(A=A, W=W):
        return np.sum(G * np.clip(W @ A + b, 0, None)) / M

    np.testing.assert_allclose(dA, M * measured_gradient(lambda t: mean_cost(A=t), A), atol=1e-9)
    np.testing.assert_allclose(dW, measured_gradient(lambda t: mean_cost(W=t), W), atol=1e-9)
    with pytest.raises(ValueError, match="softmax"):
        worked["backward_activation"](G, ((A, W, b), W @ A + b), "softmax")


@pytest.mark.parametrize("dims", [DIMS, (5, 3), (4, 6, 3, 8, 5, 7)])
def test_backward_agrees_with_finite_differences(worked, rng, dims):
    parameters, X, Y = network(rng, dims)
    grads = worked["backward_pass"](*_with_labels(worked["forward_pass"](X, parameters), Y))
    assert set(grads) == {f"d{name}" for name in parameters}
    for name, value in parameters.items():
        truth = measured_gradient(lambda t, n=name: true_cost(parameters | {n: t}, X, Y), value)
        np.testing.assert_allclose(grads[f"d{name}"], truth, atol=1e-8)


def test_backward_agrees_with_autograd(worked, rng):
    parameters, X, Y = network(rng, (9, 8, 8, 8, 10), 6)
    grads = worked["backward_pass"](*_with_labels(worked["forward_pass"](X, parameters), Y))

    def cost(jax, theta):
        signal = X
        for layer in range(1, 5):
            scores = theta[f"W{layer}"] @ signal + theta[f"b{layer}"]
            signal = jax.nn.relu(scores)
        return cross_entropy(jax, scores, Y)

    for name, gradient in gradients(cost, parameters).items():
        np.testing.assert_allclose(grads[f"d{name}"], gradient, rtol=1e-9, atol=1e-12)


def _with_labels(forward: tuple, Y: np.ndarray) -> tuple:
    return forward[0], Y, forward[1]


@pytest.mark.parametrize(("m", "size"), [(23, 5), (24, 6), (3, 10), (7, 1)])
def test_batches_hold_every_example_once_beside_its_label(worked, m, size):
    X, Y = np.arange(2 * m).reshape(2, m), -np.arange(m).reshape(1, m)
    batches = worked["random_mini_batches"](X, Y, size, np.random.default_rng(2))
    assert [x.shape[1] for x, _ in batches] == [min(size, m - k) for k in range(0, m, size)]
    pairs = [(x[0], x[1], -y[0]) for X_, Y_ in batches for x, y in zip(X_.T, Y_.T, strict=True)]
    assert sorted(pairs) == [(k, m + k, k) for k in range(m)]


def test_training_goes_along_the_measured_gradient(worked, rng):
    """With all examples in one batch, an epoch is one step, whatever the order."""
    _, X, Y = network(rng, DIMS, 17)

    def train(epochs):
        return worked["train_model"](X, Y, list(DIMS), 0.3, 50, epochs, np.random.default_rng(8))

    start, _ = train(4)
    after, costs = train(5)
    assert costs[4] == pytest.approx(true_cost(start, X, Y), rel=1e-9)
    for name, value in start.items():
        slope = measured_gradient(lambda t, n=name: true_cost(start | {n: t}, X, Y), value)
        np.testing.assert_allclose(after[name], value - 0.3 * slope, atol=1e-8)


def test_training_keeps_the_precision_and_the_data(worked, rng):
    _, X, Y = network(rng, (6, 5, 4), 40)
    X, kept = X.astype(np.float32), X.astype(np.float32)
    parameters, costs = worked["train_model"](
        X, Y, [6, 5, 4], 0.1, 7, 60, np.random.default_rng(0), 0.99
    )
    assert {value.dtype for value in parameters.values()} == {np.dtype(np.float32)}
    assert all(type(cost) is float for cost in costs)
    assert costs[-1] < 0.7 * costs[0]
    np.testing.assert_array_equal(X, kept)


def test_decay_shortens_the_steps(worked, rng):
    _, X, Y = network(rng, DIMS, 17)

    def train(rates, decay):
        rng = np.random.default_rng(1)
        return worked["train_model"](X, Y, list(DIMS), rates, 50, 2, rng, decay)[0]

    steady, halved, first = train(0.1, 1.0), train(0.1, 0.5), train(0.1, 0.0)
    for name in steady:
        np.testing.assert_allclose(
            halved[name] - first[name], 0.5 * (steady[name] - first[name]), atol=1e-12
        )


def test_nothing_is_printed_to_stderr_and_no_time_to_stdout(worked, rng, capfd):
    _, X, Y = network(rng, DIMS, 17)
    printed = []
    for _ in range(2):
        worked["train_model"](X, Y, list(DIMS), 0.1, 5, 3, np.random.default_rng(1))
        out, err = capfd.readouterr()
        assert err == ""
        printed.append(out.split("\r")[-1])
    assert printed[0] == printed[1]
    assert "epoch 3/3" in printed[0]
    assert "cost" in printed[0]
    assert "accuracy" in printed[0]


@pytest.mark.parametrize("place", range(6))
def test_the_gradient_check_convicts_the_guilty(worked, place):
    name = [f"d{kind}{layer}" for layer in (1, 2, 3) for kind in "Wb"][place]

    def spoiled(AL, Y, caches):
        grads = worked["backward_pass"](AL, Y, caches)
        return grads | {name: grads[name] * 1.001}

    errors = worked["gradient_check"](spoiled)
    assert {key for key, error in errors.items() if error > 1e-5} == {name}


def test_the_progress_bar_is_drawn_once_an_epoch_and_counts_the_epochs_that_are_over(
    worked, capsys
):
    bar = worked["progress_bar"](3)
    for epoch in bar:
        bar.set_postfix_str(f"cost {epoch}")
    shown = [line.strip() for line in capsys.readouterr().out.split("\r") if line.strip()]
    assert [re.sub(r" \|.*\|", "", line).strip() for line in dict.fromkeys(shown)] == [
        *("epoch 0/3", "epoch 1/3 cost 0", "epoch 2/3 cost 1", "epoch 3/3 cost 2")
    ]


@pytest.mark.parametrize(
    ("name", "lab"),
    [
        ("one_hot", "lab1_helper_utilities"),
        ("relu", "lab3_two_layer_softmax"),
        ("softmax", "lab3_two_layer_softmax"),
        ("numerical_gradient", "lab3_two_layer_softmax"),
    ],
)
def test_what_is_given_is_what_the_earlier_labs_worked_out(name, lab):
    given = ast.parse((FOLDER / "given_for_lab4.py").read_text(encoding="utf-8"))
    (function,) = (node for node in given.body if getattr(node, "name", "") == name)
    worked_out = ast.parse(cells(lab)[name])
    assert ast.dump(function) == ast.dump(worked_out.body[0])
