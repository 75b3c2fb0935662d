"""Lab 3's worked functions against independent truths, and the files that are released with it."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax
from sklearn.metrics import accuracy_score, log_loss

from grader_tests.engine.worked import cells, load, script
from tests.support.autograd import cross_entropy, gradients
from tests.support.differences import measured_gradient

LAB = "lab3_two_layer_softmax"
FOLDER = script(LAB).parent
NAMES = ("W1", "b1", "W2", "b2")


@pytest.fixture(scope="module")
def worked() -> dict:
    return load(LAB)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(33)


def network(rng, n_features=7, n_hidden=5, n_classes=3, m=4):
    """Return parameters by name, X and one-hot Y; no two sizes are equal, no bias is 0."""
    shapes = [(n_hidden, n_features), (n_hidden, 1), (n_classes, n_hidden), (n_classes, 1)]
    parameters = {
        name: rng.normal(0, 0.8, shape) for name, shape in zip(NAMES, shapes, strict=True)
    }
    labels = rng.integers(0, n_classes, m)
    return parameters, rng.normal(size=(n_features, m)), np.eye(n_classes)[:, labels]


def true_cost(W1, b1, W2, b2, X, Y):
    """Mean cross-entropy, example by example, without any of the worked functions."""
    costs = []
    for x, y in zip(X.T, Y.T, strict=True):
        hidden = [max(0.0, w @ x + b) for w, b in zip(W1, b1[:, 0], strict=True)]
        costs.append(-(y * log_softmax(W2 @ np.array(hidden) + b2[:, 0])).sum())
    return np.mean(costs)


def true_gradient(parameters, name, X, Y):
    """Differentiate `true_cost` at one of the parameters."""
    return measured_gradient(
        lambda theta: true_cost(**parameters | {name: theta}, X=X, Y=Y), parameters[name]
    )


def test_small_functions_agree_with_other_libraries(worked, rng):
    Z = rng.normal(0, 3, (6, 11))
    A, labels = scipy_softmax(Z, axis=0), rng.integers(0, 6, 11)
    np.testing.assert_allclose(worked["softmax"](Z), A, rtol=1e-12)
    np.testing.assert_allclose(worked["softmax"](Z + 1e3), A, rtol=1e-9)
    np.testing.assert_array_equal(worked["relu"](Z), [[max(0.0, z) for z in row] for row in Z])
    np.testing.assert_array_equal(worked["relu_derivative"](Z), np.heaviside(Z, 0.0))
    cost = worked["cross_entropy"](A, np.eye(6)[:, labels])
    assert cost == pytest.approx(log_loss(labels, A.T, labels=range(6)), rel=1e-12)
    predictions = worked["get_predictions"](A)
    assert predictions.tolist() == [max(range(6), key=column.__getitem__) for column in A.T]
    accuracy = worked["get_accuracy"](predictions, labels.reshape(1, 11))
    assert accuracy == pytest.approx(accuracy_score(labels, predictions))


def test_cross_entropy_is_finite_at_0_in_either_precision(worked):
    for dtype in (np.float32, np.float64):
        A = np.array([[0, 1], [1, 0]], dtype=dtype)
        assert worked["cross_entropy"](A, A) == pytest.approx(0)
        assert 10 < worked["cross_entropy"](A, 1 - A) < np.inf


def test_forward_agrees_with_a_network_written_with_loops(worked, rng):
    parameters, X, Y = network(rng)
    Z1, A1, Z2, A2 = worked["forward_prop"](**parameters, X=X)
    assert [a.shape for a in (Z1, A1, Z2, A2)] == [(5, 4), (5, 4), (3, 4), (3, 4)]
    cost = worked["cross_entropy"](A2, Y)
    assert cost == pytest.approx(true_cost(**parameters, X=X, Y=Y), rel=1e-12)


def test_backward_agrees_with_finite_differences(worked, rng):
    parameters, X, Y = network(rng)
    caches = worked["forward_prop"](**parameters, X=X)
    gradients = worked["backward_prop"](*caches, parameters["W1"], parameters["W2"], X, Y)
    for name, gradient in zip(NAMES, gradients, strict=True):
        np.testing.assert_allclose(gradient, true_gradient(parameters, name, X, Y), atol=1e-9)


def test_backward_agrees_with_autograd(worked, rng):
    parameters, X, Y = network(rng, 9, 10, 10, 6)
    caches = worked["forward_prop"](**parameters, X=X)
    grads = worked["backward_prop"](*caches, parameters["W1"], parameters["W2"], X, Y)

    def cost(jax, theta):
        hidden = jax.nn.relu(theta["W1"] @ X + theta["b1"])
        return cross_entropy(jax, theta["W2"] @ hidden + theta["b2"], Y)

    truth = gradients(cost, parameters)
    for name, gradient in zip(NAMES, grads, strict=True):
        np.testing.assert_allclose(gradient, truth[name], rtol=1e-10, atol=1e-12)


def test_numerical_gradient_measures_known_gradients(worked, rng):
    theta = rng.normal(size=(2, 3))
    before = theta.copy()
    measured = worked["numerical_gradient"](lambda t: np.sum(np.exp(t)) + t[0, 0] * t[1, 2], theta)
    known = np.exp(theta)
    known[0, 0] += theta[1, 2]
    known[1, 2] += theta[0, 0]
    np.testing.assert_allclose(measured, known, rtol=1e-7)
    np.testing.assert_array_equal(theta, before)


def test_initial_weights_have_the_variance_of_he(worked):
    W1, b1, W2, b2 = worked["init_params"](400, 300, 200, np.random.default_rng(0))
    assert W1.std() == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert W2.std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)
    assert not b1.any()
    assert not b2.any()


def test_descent_goes_along_the_measured_gradient(worked, rng):
    X, y = rng.uniform(0, 1, (6, 17)), rng.integers(0, 10, (1, 17))
    start = dict(zip(NAMES, worked["gradient_descent"](X, y, 0.3, 4, _seeded()), strict=True))
    after = worked["gradient_descent"](X, y, 0.3, 5, _seeded())
    Y = np.eye(10)[:, y[0]]
    for name, value in zip(NAMES, after, strict=True):
        step = 0.3 * true_gradient(start, name, X, Y)
        np.testing.assert_allclose(value, start[name] - step, atol=1e-9)


def test_descent_trains_in_the_precision_of_the_pictures(worked, rng):
    X, y = rng.uniform(0, 1, (6, 40)).astype(np.float32), np.arange(40).reshape(1, 40) % 10
    first, last = (worked["gradient_descent"](X, y, 0.2, n, _seeded()) for n in (0, 300))
    assert {parameter.dtype for parameter in last} == {np.dtype(np.float32)}
    costs = [
        worked["cross_entropy"](worked["forward_prop"](*p, X)[-1], np.eye(10)[:, y[0]])
        for p in (first, last)
    ]
    assert costs[1] < costs[0]


def _seeded() -> np.random.Generator:
    return np.random.default_rng(8)


def test_one_hot_is_the_one_of_lab_1():
    given = ast.parse((FOLDER / "given_for_lab3.py").read_text(encoding="utf-8"))
    worked_out = ast.parse(cells("lab1_helper_utilities")["one_hot"])
    (function,) = (node for node in given.body if isinstance(node, ast.FunctionDef))
    assert ast.dump(function) == ast.dump(worked_out.body[0])


@pytest.mark.parametrize(
    ("suspect", "wrong"),
    [
        ("transposed", {"dW1", "db1"}),
        ("suspect_a", {"dW2"}),
        ("suspect_b", set()),
        ("suspect_c", {"db1"}),
        ("suspect_d", {"dW1", "db1"}),
    ],
)
def test_the_gradient_check_convicts_just_the_guilty(worked, suspect, wrong):
    backward = getattr(worked["suspects"], suspect)(worked["backward_prop"])
    errors = worked["gradient_check"](backward, n_features=6, n_hidden=10, n_classes=10, m=7)
    assert {name for name, error in errors.items() if error > 1e-2} == wrong
    assert {name for name, error in errors.items() if error > 1e-6} == wrong


def test_the_transposed_square_does_not_run_where_it_is_no_square(worked):
    backward = worked["suspects"].transposed(worked["backward_prop"])
    with pytest.raises(ValueError, match="mismatch"):
        worked["gradient_check"](backward)
