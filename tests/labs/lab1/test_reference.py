"""The worked Lab 1 against truths of other origin: high precision, SciPy, scikit-learn, slopes."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from scipy.special import expit, xlog1py, xlogy
from sklearn.metrics import log_loss
from sklearn.preprocessing import LabelBinarizer, OneHotEncoder

from grader_tests.engine import worked
from grader_tests.lab1 import bank as lab1_bank

pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab1_helper_utilities"
SOLUTION = worked.load(LAB)
sigmoid = SOLUTION["Sigmoid"]()
one_hot = SOLUTION["one_hot"]
compute_cost = SOLUTION["compute_cost"]
Regularization = SOLUTION["Regularization"]

POINTS = np.concatenate(
    [
        *(
            np.random.default_rng(seed).normal(0, scale, 60)
            for seed, scale in enumerate([1, 10, 200])
        ),
        *(
            sign * np.array([0, 5e-324, 1e-16, 1e-8, 36.7, 37, 709.7, 710, 745, 800])
            for sign in (1, -1)
        ),
    ]
)


def exact(z: float | mpmath.mpf) -> mpmath.mpf:
    return 1 / (1 + mpmath.exp(-mpmath.mpf(z)))


def centred_differences(f: Callable, theta: np.ndarray, step: float) -> np.ndarray:
    slopes = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        nudge = np.zeros_like(theta)
        nudge[index] = step
        slopes[index] = (f(theta + nudge) - f(theta - nudge)) / (2 * step)
    return slopes


def test_sigmoid_is_right_to_the_last_digits():
    with mpmath.workdps(50):
        for z, value in zip(POINTS, sigmoid(POINTS), strict=True):
            # Below -709.7 e^-z is infinite, and the result 0 where it should be less than 1e-308.
            assert abs(value - exact(z)) <= 1e-15 * exact(z) + 1e-308, z


def test_sigmoid_agrees_with_scipy():
    np.testing.assert_allclose(sigmoid(POINTS), expit(POINTS), rtol=1e-15, atol=1e-307)


def test_prime_is_right_to_rounding():
    with mpmath.workdps(50):
        for z, slope in zip(POINTS, sigmoid.prime(POINTS), strict=True):
            truth = exact(z) * exact(-z)
            # 1 - s has an absolute error of half a unit in the last place of 1.
            assert abs(slope - truth) <= 1e-15 * truth + 2e-16, z


def test_prime_is_the_derivative_of_the_exact_sigmoid():
    with mpmath.workdps(50):
        for z in (-30, -2.5, -0.1, 0, 0.7, 3, 12):
            assert abs(sigmoid.prime(z) - mpmath.diff(exact, z)) < 2e-16


def test_prime_is_the_slope_of_the_worked_sigmoid():
    z, step = np.linspace(-9, 9, 37), 1e-5
    slopes = (sigmoid(z + step) - sigmoid(z - step)) / (2 * step)
    np.testing.assert_allclose(sigmoid.prime(z), slopes, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.float16, np.float32, bool])
def test_sigmoid_takes_every_numeric_type(dtype):
    z = np.array([[0, 1, 1], [1, 0, 1]], dtype)
    tolerance = 1e-3 if dtype is np.float16 else 1e-6
    np.testing.assert_allclose(sigmoid(z), expit(z.astype(float)), rtol=tolerance)


@pytest.mark.parametrize("z", [0, 2, -1.5, np.float32(3), np.zeros((2, 3, 4)), np.zeros((0, 3))])
def test_sigmoid_keeps_the_shape(z):
    assert np.shape(sigmoid(z)) == np.shape(sigmoid.prime(z)) == np.shape(z)


def test_sigmoid_is_exact_far_from_zero():
    far = np.array([-800, 800])
    assert sigmoid(far).tolist() == [0.0, 1.0]
    assert sigmoid.prime(far).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("n_classes", "m", "seed"), [(10, 500, 0), (4, 7, 1), (7, 3, 2), (3, 1, 3), (5, 40, 4)]
)
def test_one_hot_agrees_with_scikit_learn(n_classes, m, seed):
    labels = np.random.default_rng(seed).integers(0, n_classes, m)
    Y = one_hot(labels.reshape(1, m), n_classes)
    encoder = OneHotEncoder(categories=[range(n_classes)], sparse_output=False)
    np.testing.assert_array_equal(Y, encoder.fit_transform(labels.reshape(m, 1)).T)
    np.testing.assert_array_equal(Y, LabelBinarizer().fit(range(n_classes)).transform(labels).T)
    assert Y.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float64])
def test_one_hot_takes_labels_of_every_type(dtype):
    labels = np.array([[2, 0, 2]], dtype)
    np.testing.assert_array_equal(one_hot(labels, 4), np.eye(4)[:, [2, 0, 2]])


def predictions(n_classes: int, m: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    A = np.clip(rng.uniform(0, 1, (n_classes, m)), 1e-5, 1 - 1e-5)
    return A, np.eye(n_classes)[:, rng.integers(0, n_classes, m)]


SIZES = [(10, 300, 0), (4, 7, 1), (2, 9, 2), (5, 1, 3)]


@pytest.mark.parametrize(("n_classes", "m", "seed"), SIZES)
def test_cost_is_the_sum_of_scikit_learns_losses_of_each_class(n_classes, m, seed):
    A, Y = predictions(n_classes, m, seed)
    losses = [log_loss(Y[k], A[k], labels=[0, 1]) for k in range(n_classes)]
    assert compute_cost(A, Y) == pytest.approx(sum(losses), rel=1e-9)


@pytest.mark.parametrize(("n_classes", "m", "seed"), SIZES)
def test_cost_agrees_with_scipy_also_between_0_and_1(n_classes, m, seed):
    A, _ = predictions(n_classes, m, seed)
    Y, _ = predictions(n_classes, m, seed + 10)
    expected = -np.sum(xlogy(Y, A) + xlog1py(1 - Y, -A), axis=0).mean()
    assert compute_cost(A, Y) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cost_of_exact_answers_is_finite(dtype):
    Y = np.eye(3)[:, [0, 2, 1, 1]]
    assert compute_cost(Y.astype(dtype), Y) == pytest.approx(0, abs=1e-10)
    wrong = compute_cost(1 - Y.astype(dtype), Y)
    assert np.isfinite(wrong)
    assert wrong > 3 * 20


W1 = np.random.default_rng(5).normal(0, 2, (3, 5))
W2 = np.random.default_rng(6).normal(0, 2, (2, 3))
STEP = 1e-5
assert min(np.abs(W1).min(), np.abs(W2).min()) > STEP, "|w| has no slope at 0"


@pytest.mark.parametrize("m", [1, 7])
@pytest.mark.parametrize("name", ["l1", "l2"])
def test_the_gradient_of_a_penalty_is_its_slope(name, m):
    penalties = Regularization(0.7, 1.3)
    penalty, gradient = getattr(penalties, name), getattr(penalties, f"{name}_grad")(W1, W2, m)
    slopes = {
        "dW1": centred_differences(lambda W: penalty(W, W2, m), W1, STEP),
        "dW2": centred_differences(lambda W: penalty(W1, W, m), W2, STEP),
    }
    assert gradient.keys() == slopes.keys()
    for key, slope in slopes.items():
        np.testing.assert_allclose(gradient[key], slope, rtol=1e-7, atol=1e-8)


def test_penalties_are_the_sums_that_they_say():
    weights = [*W1.flat, *W2.flat]
    penalties = Regularization(0.7, 1.3)
    with mpmath.workdps(50):
        l1 = 0.7 * mpmath.fsum(abs(mpmath.mpf(float(w))) for w in weights) / 7
        l2 = 1.3 * mpmath.fsum(mpmath.mpf(float(w)) ** 2 for w in weights) / 14
    assert penalties.l1(W1, W2, 7) == pytest.approx(float(l1), rel=1e-14)
    assert penalties.l2(W1, W2, 7) == pytest.approx(float(l2), rel=1e-14)


def test_a_weight_that_is_gone_stays_gone():
    gradient = Regularization(1.0, 1.0).l1_grad(np.zeros((2, 2)), W2, 1)
    np.testing.assert_array_equal(gradient["dW1"], np.zeros((2, 2)))


# Public solutions that pass the checks published with the exercise, and the norm that each takes.
PASSED_BUT_WRONG = {
    "l1 as a matrix norm": ("l1", "np.linalg.norm(W1, 1)"),
    "l2 as a spectral norm": ("l2", "np.linalg.norm(W1, 2)"),
}


def mistaken(name: str) -> type:
    (mistake,) = (mistake for mistake in lab1_bank.MISTAKES if mistake.name == name)
    assert PASSED_BUT_WRONG[name][1] in mistake.source(LAB)
    return mistake.namespace(LAB)["Regularization"]


@pytest.mark.parametrize("name", PASSED_BUT_WRONG)
@pytest.mark.parametrize("n", [1, 2, 5])
def test_weights_that_are_vectors_do_not_reveal_a_matrix_norm(name, n):
    method = PASSED_BUT_WRONG[name][0]
    rng = np.random.default_rng(n)
    for shape in [(n, 1), (n,)]:
        w1, w2 = rng.normal(size=shape), rng.normal(size=shape)
        expected = getattr(Regularization(0.1, 0.2), method)(w1, w2, m=3)
        answer = getattr(mistaken(name)(0.1, 0.2), method)(w1, w2, m=3)
        assert answer == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("name", PASSED_BUT_WRONG)
def test_weights_that_are_matrices_reveal_a_matrix_norm(name):
    method = PASSED_BUT_WRONG[name][0]
    expected = getattr(Regularization(0.1, 0.2), method)(W1, W2, m=3)
    answer = getattr(mistaken(name)(0.1, 0.2), method)(W1, W2, m=3)
    assert answer < 0.95 * expected
