"""The worked Lab 2 against truths of other origin: slopes, autograd, scikit-learn, closed forms."""

from __future__ import annotations

import ast
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy.special import expit, xlog1py, xlogy
from scipy.stats import kstest
from sklearn.neural_network import MLPClassifier

from grader_tests.engine.worked import cells, load, script
from tests.support.autograd import gradients

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.training]

LAB, LAB_1 = "lab2_neural_network_class", "lab1_helper_utilities"
SOLUTION = load(LAB)
NeuralNetwork, NNClassifier = SOLUTION["NeuralNetwork"], SOLUTION["NNClassifier"]
Regularization = SOLUTION["Regularization"]

PARAMETERS = ("W1", "b1", "W2", "b2")
# Features, hidden units, classes, examples; lambda_1 and lambda_2.
SIZES = [(7, 5, 3, 4), (2, 6, 4, 9), (4, 3, 5, 1)]
LAMBDAS = [(0.0, 0.0), (0.7, 1.6), (1.2, 0.0), (0.0, 2.3)]


def network(sizes, lambdas=(0.7, 1.6), seed=0, learning_rate=0.3):
    """Return a network with parameters of moderate size, a batch, and its one-hot labels."""
    features, hidden, classes, m = sizes
    rng = np.random.default_rng(seed)
    net = NeuralNetwork(features, hidden, classes, learning_rate, reg=Regularization(*lambdas))
    shapes = (hidden, features), (hidden, 1), (classes, hidden), (classes, 1)
    for name, shape in zip(PARAMETERS, shapes, strict=True):
        setattr(net, name, rng.normal(0, 0.8, shape))
    return net, rng.normal(0, 1, (features, m)), np.eye(classes)[:, rng.integers(0, classes, m)]


def objective(net, X, Y) -> float:
    """Compute what is minimised, written down once more and by other means."""
    m = X.shape[1]
    A2 = expit(net.W2 @ expit(net.W1 @ X + net.b1) + net.b2)
    weights = np.concatenate([net.W1.ravel(), net.W2.ravel()])
    cost = -np.sum(xlogy(Y, A2) + xlog1py(1 - Y, -A2)) / m
    l1 = net.reg.lambda_1 * np.linalg.norm(weights, 1) / m
    return cost + l1 + net.reg.lambda_2 * weights @ weights / (2 * m)


@pytest.mark.parametrize("lambdas", LAMBDAS)
@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_are_the_slopes_of_cost_and_penalties(sizes, lambdas):
    net, X, Y = network(sizes, lambdas)
    grads = net.backward_propagation(X, Y, net.forward_propagation(X))
    step = 1e-5
    for name in PARAMETERS:
        theta = getattr(net, name)
        slopes = np.empty_like(theta)
        for index in np.ndindex(theta.shape):
            kept = theta[index]
            theta[index] = kept + step
            above = objective(net, X, Y)
            theta[index] = kept - step
            slopes[index] = (above - objective(net, X, Y)) / (2 * step)
            theta[index] = kept
        assert grads[f"d{name}"].shape == theta.shape
        np.testing.assert_allclose(grads[f"d{name}"], slopes, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("lambdas", LAMBDAS)
@pytest.mark.parametrize("sizes", SIZES)
def test_gradients_agree_with_autograd(sizes, lambdas):
    net, X, Y = network(sizes, lambdas)

    def cost(jax, theta):
        A1 = jax.nn.sigmoid(theta["W1"] @ X + theta["b1"])
        Z2 = theta["W2"] @ A1 + theta["b2"]
        # log σ(z) and log(1 - σ(z)), stably
        total = -(Y * jax.nn.log_sigmoid(Z2) + (1 - Y) * jax.nn.log_sigmoid(-Z2)).sum()
        for W in (theta["W1"], theta["W2"]):
            total = total + lambdas[0] * abs(W).sum() + lambdas[1] / 2 * (W**2).sum()
        return total / X.shape[1]

    truth = gradients(cost, {name: getattr(net, name) for name in PARAMETERS})
    grads = net.backward_propagation(X, Y, net.forward_propagation(X))
    for name in PARAMETERS:
        np.testing.assert_allclose(grads[f"d{name}"], truth[name], rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("sizes", SIZES)
def test_forward_agrees_with_scikit_learn(sizes):
    net, X, _ = network(sizes)
    features, hidden, classes, m = sizes
    # Two labels per example make scikit-learn use a sigmoid for each output, as this lab does.
    model = MLPClassifier((hidden,), activation="logistic", max_iter=1, solver="sgd")
    rng = np.random.default_rng(1)
    with pytest.warns(match="Maximum iterations"):
        model.fit(rng.normal(size=(20, features)), np.arange(20 * classes).reshape(20, -1) % 2)
    model.coefs_, model.intercepts_ = [net.W1.T, net.W2.T], [net.b1[:, 0], net.b2[:, 0]]
    A2 = net.forward_propagation(X)["A2"]
    assert A2.shape == (classes, m)
    np.testing.assert_allclose(A2, model.predict_proba(X.T).T, rtol=1e-12)


@pytest.mark.parametrize("scale", [1, 1000])
def test_forward_is_finite_and_its_parts_belong_together(scale):
    net, X, _ = network((7, 5, 3, 4))
    cache = net.forward_propagation(scale * X)
    np.testing.assert_allclose(cache["A1"], expit(cache["Z1"]), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(cache["A2"], expit(net.W2 @ cache["A1"] + net.b2), rtol=1e-12)
    assert all(np.isfinite(value).all() for value in cache.values())


def test_weights_start_normal_and_biases_at_zero():
    net = NeuralNetwork(200, 60, 40, 0.1, rng=np.random.default_rng(5))
    net.initialize_parameters()
    for W in (net.W1, net.W2):
        assert kstest(W.ravel(), "norm", args=(0, 0.01)).pvalue > 1e-3
    assert (net.W1.shape, net.W2.shape) == ((60, 200), (40, 60))
    assert (net.b1.shape, net.b2.shape) == ((60, 1), (40, 1))
    assert not net.b1.any()
    assert not net.b2.any()


def test_a_seed_starts_alike_every_time_and_a_generator_goes_on():
    for rng, alike in [(3, True), (np.random.default_rng(3), False)]:
        net = NeuralNetwork(4, 3, 2, 0.1, rng=rng)
        net.initialize_parameters()
        first = net.W1
        net.initialize_parameters()
        assert np.array_equal(first, net.W1) == alike


def test_update_is_a_step_against_the_gradient():
    net, X, Y = network((7, 5, 3, 4), learning_rate=1e-4)
    grads = net.backward_propagation(X, Y, net.forward_propagation(X))
    before = objective(net, X, Y)
    net.update_parameters(grads)
    expected = -1e-4 * sum(np.sum(value**2) for value in grads.values())
    assert objective(net, X, Y) - before == pytest.approx(expected, rel=1e-2)


def test_fit_writes_down_what_it_minimises_and_it_falls():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, (1, 40))
    X = rng.normal(0, 0.4, (2, 40)) + np.array([[0, 2, -2], [2, -2, -2]])[:, y[0]]
    reg = Regularization(0.05, 0.1)
    classifier = NNClassifier(NeuralNetwork(2, 6, 4, 0.5, reg=reg, rng=0), epochs=400)
    classifier.fit(X, y)
    costs = classifier._cost
    assert len(costs) == 400
    assert costs[0] == pytest.approx(4 * np.log(2), rel=0.05)
    assert all(later < earlier for earlier, later in pairwise(costs[5:]))
    np.testing.assert_array_equal(classifier.predict(X), y)

    Y = np.eye(4)[:, y[0]]
    one_more = NNClassifier(NeuralNetwork(2, 6, 4, 0.5, reg=reg, rng=0), epochs=401)
    one_more.fit(X, y)
    assert one_more._cost[:400] == costs
    assert one_more._cost[400] == pytest.approx(objective(classifier.model, X, Y), rel=1e-6)


def test_training_in_float32_stays_in_float32():
    rng = np.random.default_rng(1)
    classifier = NNClassifier(NeuralNetwork(6, 4, 3, 0.5), epochs=3)
    classifier.fit(rng.random((6, 10), dtype=np.float32), rng.integers(0, 3, (1, 10)))
    assert {getattr(classifier.model, name).dtype for name in PARAMETERS} == {np.dtype("float32")}


def definitions(source: str) -> dict[str, str]:
    """Return the functions and classes of a source, without comments."""
    kinds = ast.FunctionDef | ast.ClassDef
    return {n.name: ast.unparse(n) for n in ast.parse(source).body if isinstance(n, kinds)}


def test_what_is_given_of_lab_1_is_its_worked_answers():
    given = definitions((script(LAB).parent / "given_lab1.py").read_text())
    worked = definitions("\n".join(cells(LAB_1).values()))
    assert given.keys() == {"Sigmoid", "Regularization", "one_hot", "compute_cost"}
    assert given == {name: worked[name] for name in given}, "copy Lab 1's answers anew"


def test_loading_a_lab_leaves_no_file_of_its_own_behind(tmp_path, monkeypatch):
    path = list(sys.path)
    monkeypatch.setitem(sys.modules, "given_lab1", ast)  # an open notebook's own, say
    assert load(LAB)["one_hot"] is not SOLUTION["one_hot"]
    assert sys.modules["given_lab1"] is ast
    assert sys.path == path
