"""Answers as people write them: what is wrong loses points, what is right keeps them, and what is
said of either is so.
"""

from __future__ import annotations

import re

import pytest

from grader_tests.engine.bank import Variant
from grader_tests.engine.lab import labs, package
from grader_tests.engine.trial import trial

pytestmark = pytest.mark.training

LABS = {package(lab.name): lab for lab in labs()}

SIGMOID = """
class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))

    def prime(self, z):
        return {}
"""
PLAIN = """
class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + np.exp({}))

    def prime(self, z):
        return self(z) * (1 - self(z))
"""
STEP = "W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)"
BATCHES = """
def random_mini_batches(X, Y, batch_size, rng):
    order = rng.permutation(X.shape[1])
    chosen = [order[i : i + batch_size] for i in range(0, X.shape[1], batch_size)]
    {}
"""
LEAST_NORM = "self.lambda_2 / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))"
GRADIENT = "-y_true / np.maximum(y_pred, tiny) / len(y_true)"
LOSS = "float(-np.sum(y_true * np.log(np.maximum(y_pred, tiny))) / len(y_true))"
TURNED = (
    ("(n_inputs, self.units))\n", "(self.units, n_inputs))\n"),
    ("x @ self.kernel +", "x @ self.kernel.T +"),
    ("self.grad_kernel = self.x.T @ D", "self.grad_kernel = D.T @ self.x"),
    ("return D @ self.kernel.T", "return D @ self.kernel"),
)
ON_THE_LAYER = """
class SGD:
    def __init__(self, learning_rate=0.01, momentum=0.0):
        self.learning_rate, self.momentum = learning_rate, momentum

    def apply(self, layers):
        for layer in layers:
            for name in ("kernel", "bias") if hasattr(layer, "kernel") else ():
                v = self.momentum * getattr(layer, "v_" + name, 0)
                v = v - self.learning_rate * getattr(layer, "grad_" + name)
                setattr(layer, "v_" + name, v)
                setattr(layer, name, getattr(layer, name) + v)
"""
IN_THE_CLASS = """
class SGD:
    velocities = {}

    def __init__(self, learning_rate=0.01, momentum=0.0):
        self.learning_rate, self.momentum = learning_rate, momentum

    def apply(self, layers):
        for layer in layers:
            if hasattr(layer, "kernel"):
                a, b = self.velocities.get(layer, (0, 0))
                a = self.momentum * a - self.learning_rate * layer.grad_kernel
                b = self.momentum * b - self.learning_rate * layer.grad_bias
                self.velocities[layer] = a, b
                layer.kernel = layer.kernel + a
                layer.bias = layer.bias + b
"""


def wrong(name: str, lab: str, cell: str, test: str, share: float, says: str, *swap, code=""):
    """Describe an answer that loses part of one test, and what is to be said of it."""
    return pytest.param(lab, Variant(name, cell, swap, code), test, share, says, id=name)


WRONG = [
    # What used to be accepted.
    wrong(
        *("plain sigmoid of bytes", "lab1", "sigmoid", "test_sigmoid", 0.8, "bytes|narrow type"),
        code=PLAIN.format("-z"),
    ),
    wrong(
        *("sigmoid with a factor of bytes", "lab1", "sigmoid", "test_sigmoid", 0.8, "narrow|bytes"),
        code=PLAIN.format("-1 * z if np.ndim(z) == 0 else np.negative(z)"),
    ),
    wrong(
        *("a step of its own", "lab3", "numerical_gradient", "test_numerical_gradient"),
        *(0.25, "whatever eps is|step of your own"),
        ("step[k] = eps", "step[k] = 1e-6"),
        ("/ (2 * eps)", "/ 2e-6"),
    ),
    wrong(
        *("as many classes as labels", "lab3", "gradient_descent", "test_gradient_descent"),
        *(0.8, "as many classes|10"),
        (
            "Y = one_hot(y, 10)",
            "y = np.searchsorted(np.unique(y), y); n = y.max() + 1; Y = one_hot(y, n)",
        ),
        ("(X.shape[0], 10, 10, rng)", "(X.shape[0], 10, n, rng)"),
    ),
    *(
        wrong(
            *(f"alpha falls: {rule}", "lab3", "gradient_descent", "test_gradient_descent"),
            *(0.8, "alpha"),
            ("for _ in range", "for i in range"),
            (f"        {STEP}", f"        {STEP}\n        alpha = {rule}"),
        )
        for rule in (
            "alpha / 2 if i == 300 else alpha",
            "alpha * 0.9 if i % 100 == 99 else alpha",
            "max(alpha * 0.999, 0.01) if i > 150 else alpha",
        )
    ),
    wrong(
        *("a sigmoid's way back", "lab4", "backward_pass", "test_backward_pass", 0.8, "NaN|divide"),
        ("AL - Y", "-(Y / AL - (1 - Y) / (1 - AL)) * AL * (1 - AL)"),
    ),
    wrong(
        *("division by A2", "lab3", "backward_prop", "test_backward_prop", 0.8, "NaN|divide"),
        ("dZ2 = A2 - Y", "dZ2 = A2 * (1 - Y / A2)"),
    ),
    wrong(
        *("division by the answers", "lab2", "neural_network", "test_backward_propagation"),
        *(0.8, "NaN|divide"),
        ('cache["A2"] - Y', '(cache["A2"] - Y) / (t := cache["A2"] * (1 - cache["A2"])) * t'),
    ),
    wrong(*("on the layer", "lab5", "sgd", "test_sgd", 0.8, "new optimiser"), code=ON_THE_LAYER),
    wrong(*("in the class", "lab5", "sgd", "test_sgd", 0.8, "new optimiser"), code=IN_THE_CLASS),
    # What used to be misunderstood.
    *(
        wrong(
            *(f"prime as {quotient}", "lab1", "sigmoid", "test_sigmoid_prime"),
            *(0.8, "^(?!.*your sigmoid).*derivative divides infinity"),
            code=SIGMOID.format(quotient),
        )
        for quotient in (
            "np.exp(1.0 * z) / (1 + np.exp(1.0 * z)) ** 2",
            "np.exp(-1.0 * z) / (1 + np.exp(-1.0 * z)) ** 2",
        )
    ),
    *(
        wrong(
            *(f"mean over all entries, guard {guard}", lab, cell, test, 0, "all entries"),
            code=f"def {cell}(A, Y):\n"
            f"    return -np.mean(Y * np.log(A + {guard}){other.format(guard)})",
        )
        for lab, cell, test, other in (
            ("lab1", "compute_cost", "test_compute_cost", " + (1 - Y) * np.log(1 - A + {})"),
            ("lab3", "cross_entropy", "test_cross_entropy", ""),
            ("lab4", "compute_cost", "test_compute_cost", ""),
        )
        for guard in ("1e-7", "1e-9", "1e-15")
    ),
    wrong(
        *("mean over all entries in rows", "lab5", "loss", "test_loss", 0.2, "all entries"),
        (LOSS, "-np.mean(y_true * np.log(y_pred + 1e-7))"),
    ),
    wrong(
        *("a tenth of the epochs", "lab2", "nn_classifier", "test_fit", 0, "epochs|0 values"),
        ("range(self.epochs)", "range(int(self.epochs / 10))"),
    ),
    *(
        wrong(
            *(f"the rate falls every {n} epochs", "lab4", "train_model", "test_train_model"),
            *(0.8, "^(?!.*never falls).*decay"),
            ("for _ in bar:", "for e, _ in enumerate(bar, 1):"),
            ("learning_rate *= decay", f"learning_rate *= decay if e % {n} == 0 else 1"),
        )
        for n in (2, 3, 5)
    ),
    *(
        wrong(
            *(f"the last batch left out: {steps}", "lab5", "training", "test_fit"),
            *(0.2, "^(?!.*val_loss is not).*[Ll]ast"),
            ("for start in range(0, m, batch_size):", f"for start in {steps}:"),
            ("sums / m,", "sums / max(seen, 1),"),
        )
        for steps in (
            "range(0, m - m % batch_size, batch_size)",
            "[i * batch_size for i in range(max(1, m // batch_size))]",
        )
    ),
    *(
        wrong(
            *(f"batches that are a {kind}", "lab4", "random_mini_batches"),
            *("test_random_mini_batches", 0, f"is a {kind}, .* into a list"),
            code=BATCHES.format(last),
        )
        for kind, last in (
            ("generator", "return ((X[:, c], Y[:, c]) for c in chosen)"),
            ("zip", "return zip([X[:, c] for c in chosen], [Y[:, c] for c in chosen])"),
            ("map", "return map(lambda c: (X[:, c], Y[:, c]), chosen)"),
        )
    ),
    wrong(
        *("l2 as a norm of squares", "lab1", "regularization", "test_l2", 0, "largest column sum"),
        (LEAST_NORM, "self.lambda_2 / (2 * m) * sum(np.linalg.norm(W**2, 1) for W in (W1, W2))"),
    ),
    wrong(
        *("l2 without both factors", "lab1", "regularization", "test_l2", 0, "neither halved nor"),
        (LEAST_NORM, "self.lambda_2 * (np.sum(W1 * W1) + np.sum(W2 * W2))"),
    ),
    *(
        wrong(*(f"base 2 in {lab}", lab, cell, test, share, "base 2"), ("np.log(", "np.log2("))
        for lab, cell, test, share in (
            ("lab3", "cross_entropy", "test_cross_entropy", 0),
            ("lab4", "compute_cost", "test_compute_cost", 0),
            ("lab5", "loss", "test_loss", 0.2),
        )
    ),
    wrong(
        *("p - y without 1/m", "lab5", "loss", "test_loss", 0.2, "p - y, and is not divided by m"),
        (GRADIENT, "(y_pred - y_true)"),
    ),
    wrong(
        *("relu compared with is", "lab4", "deep_layer", "test_deep_layer", 0.25, "=="),
        ('activation == "relu"', 'id(activation) == id("relu")'),
    ),
    wrong(
        *(
            "fit without return",
            "lab5",
            "training",
            "test_fit",
            0,
            "^(?!.*another kind).*[Rr]eturn",
        ),
        ("        return history\n", ""),
    ),
    wrong(
        *("fit returns the dict", "lab5", "training", "test_fit", 0, "fit returns a dict.*History"),
        ("return history\n", "return history.history\n"),
    ),
    wrong(
        *("every kernel transposed", "lab5", "dense", "test_dense_build", 0, r"\(units, inputs\)"),
        *TURNED,
    ),
]


@pytest.mark.parametrize(("lab", "variant", "test", "share", "says"), WRONG)
def test_what_is_wrong_loses_its_part_and_is_told_why(lab, variant, test, share, says) -> None:
    verdicts = trial(LABS[lab], variant, seed=11).verdicts
    assert [name for name, verdict in verdicts.items() if not verdict.passed] == [test]
    assert verdicts[test].share == pytest.approx(share), verdicts[test].message
    assert re.search(says, verdicts[test].message), verdicts[test].message


def right(name: str, lab: str, cell: str, *swap, code=""):
    return pytest.param(lab, Variant(name, cell, swap, code), id=name)


RIGHT = [
    right(
        "sigmoid in float32", "lab1", "sigmoid", code=PLAIN.format("-np.float32(1) * np.float32(z)")
    ),
    right(
        *("softmax in float32", "lab3", "softmax"),
        ("exponentials = np.exp(Z", "Z = np.float32(Z)\n    exponentials = np.exp(Z"),
    ),
    right(
        *("Dense in float32", "lab5", "dense"),
        (
            "x @ self.kernel + self.bias",
            "(np.float32(x) @ np.float32(self.kernel) + self.bias) * 1.0",
        ),
    ),
    right(
        *("Dense lets go of x", "lab5", "dense"),
        ("return D @ self.kernel.T", "self.x = None\n        return D @ self.kernel.T"),
    ),
    right(
        *("Dense lets go of both", "lab5", "dense"),
        ("return D @ self.kernel.T", "del self.x, self.a\n        return D @ self.kernel.T"),
    ),
    right(
        *("a linear layer in float32", "lab4", "linear_forward"),
        ("Z = W @ A + b", "Z = 1.0 * (np.float32(W) @ np.float32(A)) + b"),
    ),
]


@pytest.mark.parametrize(("lab", "variant"), RIGHT)
def test_what_is_right_keeps_all(lab, variant) -> None:
    for verdict in trial(LABS[lab], variant, seed=11).verdicts.values():
        assert verdict.passed, verdict.message


def test_inputs_that_must_not_change_are_said_to_be_so() -> None:
    answer = Variant("in place", "backward_prop", (("dZ2 = A2 - Y", "dZ2 = A2; dZ2 -= Y"),))
    verdict = trial(LABS["lab3"], answer).verdicts["test_backward_prop"]
    assert "changed its input A2" in verdict.message
    assert "None of the arrays is changed" in LABS["lab3"].definitions["backward_prop"].__doc__
