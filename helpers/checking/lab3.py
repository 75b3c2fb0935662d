"""The visible checks of Lab 3. Their expected values can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from helpers.checking.attempt import attempt
from helpers.checking.checklist import Checklist
from helpers.checking.cross_entropy import check_cross_entropy

_PARAMETERS = ("W1", "b1", "W2", "b2")
_CACHES = ("Z1", "A1", "Z2", "A2")
_GRADIENTS = ("dW1", "db1", "dW2", "db2")

_Step = tuple[str, Callable, list[np.ndarray]]  # label, function, what it is called with

# The example that the lab works by hand, rounded to two digits as it is there.
BY_HAND = {
    "X": np.array([[1.0, 3], [2, 1]]),
    "Y": np.array([[1.0, 0], [0, 1]]),
    "W1": np.array([[1.0, 1], [1, -1]]),
    "b1": np.array([[-2.0], [-1]]),
    "W2": np.array([[2.0, -1], [1, 1]]),
    "b2": np.array([[0.4], [0]]),
    "Z1": np.array([[1.0, 2], [-2, 1]]),
    "A1": np.array([[1.0, 2], [0, 1]]),
    "Z2": np.array([[2.4, 3.4], [1, 3]]),
    "A2": np.array([[0.8, 0.6], [0.2, 0.4]]),
    "J": np.array(0.57),
    "dZ2": np.array([[-0.2, 0.6], [0.2, -0.6]]),
    "dW2": np.array([[0.5, 0.3], [-0.5, -0.3]]),
    "db2": np.array([[0.2], [-0.2]]),
    "dA1": np.array([[-0.2, 0.6], [0.4, -1.2]]),
    "dZ1": np.array([[-0.2, 0.6], [0, -1.2]]),
    "dW1": np.array([[0.8, 0.1], [-1.8, -0.6]]),
    "db1": np.array([[0.2], [-0.6]]),
}


def _named(names: tuple[str, ...], values: Any) -> dict[str, Any]:
    """Give the values that a function returned their names, so that messages can use them."""
    if not isinstance(values, (tuple, list)) or len(values) != len(names):
        raise TypeError(f"what came back is not {len(names)} values: return {', '.join(names)}")
    return dict(zip(names, values, strict=True))


def init_params(init_params: Callable) -> None:
    """Check shapes, zeros and the use of the generator; any small random weights will do."""
    checks = Checklist("init_params")
    n_features, n_hidden, n_classes = 60, 30, 8
    shapes = {
        "W1": (n_hidden, n_features),
        "b1": (n_hidden, 1),
        "W2": (n_classes, n_hidden),
        "b2": (n_classes, 1),
    }

    def parameters(seed: int) -> dict:
        rng = np.random.default_rng(seed)
        return _named(_PARAMETERS, init_params(n_features, n_hidden, n_classes, rng))

    def weights(seed: int) -> np.ndarray:
        drawn = parameters(seed)
        return np.concatenate([np.ravel(drawn["W1"]), np.ravel(drawn["W2"])])

    checks.example(
        "shapes for 60 features, 30 hidden units, 8 classes",
        {name: np.zeros(shape) for name, shape in shapes.items()},
        parameters,
        0,
        values=False,
        hint="One row for each unit; in a weight matrix, one column for each input of the unit.",
    )
    checks.example(
        "biases are 0",
        {name: np.zeros(shapes[name]) for name in ("b1", "b2")},
        parameters,
        0,
    )
    checks.example(
        "how many of the 30 hidden units start differently from all others",
        30,
        lambda seed: len(np.unique(parameters(seed)["W1"], axis=0)),
        0,
        hint="Units that start alike get the same gradient and stay alike for ever.",
    )
    checks.example(
        "the weights lie around 0: their mean is between -0.3 and 0.3",
        True,
        lambda seed: bool(abs(np.mean(weights(seed))) < 0.3),
        0,
        hint="Positive and negative weights should be about as frequent.",
    )
    checks.example(
        "the weights are small: half of them are between -0.5 and 0.5",
        True,
        lambda seed: bool(np.median(abs(weights(seed))) < 0.5),
        0,
        hint="What standard deviation does the text suggest for a unit with n inputs?",
    )
    checks.example(
        "largest difference between two starts with the same seed",
        0.0,
        lambda seed: float(np.abs(weights(seed) - weights(seed)).max()),
        1,
        hint="Draw every random number from rng.",
    )
    checks.example(
        "another seed gives other weights",
        True,
        lambda seed, other: not np.array_equal(weights(seed), weights(other)),
        1,
        2,
        hint="Draw every random number from rng.",
    )
    checks.report()


def relu(relu: Callable) -> None:
    """Check `relu` on whole numbers."""
    checks = Checklist("relu")
    Z = np.array([[-2.0, 0.0, 3.0], [0.5, -0.1, 800.0]])
    checks.example(
        "positive and negative numbers",
        np.array([[0.0, 0.0, 3.0], [0.5, 0.0, 800.0]]),
        relu,
        Z,
        hint="Each entry on its own: itself where it is positive, 0 where it is not.",
    )
    checks.example("a column without any positive number", np.zeros((3, 1)), relu, -np.ones((3, 1)))
    checks.report()


def relu_derivative(relu_derivative: Callable) -> None:
    """Check `relu_derivative` away from 0, where it is defined."""
    checks = Checklist("relu_derivative")
    checks.example(
        "positive and negative numbers",
        np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]),
        relu_derivative,
        np.array([[-2.0, 0.3, 3.0], [0.5, -0.1, 800.0]]),
        hint="The slope of the flat part is 0, that of the other part is 1.",
    )
    checks.example(
        "a single example", np.array([[1.0], [0.0]]), relu_derivative, np.array([[0.01], [-0.01]])
    )
    checks.report()


def softmax(softmax: Callable) -> None:
    """Check `softmax` on logarithms of whole numbers, whose exponentials are known."""
    checks = Checklist("softmax")
    log2 = np.log(2)
    checks.example(
        "one column, the logarithms of 1, 2 and 1",
        np.array([[0.25], [0.5], [0.25]]),
        softmax,
        log2 * np.array([[0.0], [1.0], [0.0]]),
        hint="Their exponentials are 1, 2 and 1, which add up to 4.",
    )
    checks.example(
        "two classes, three examples",
        np.array([[0.5, 0.2, 2 / 3], [0.5, 0.8, 1 / 3]]),
        softmax,
        log2 * np.array([[3.0, -1.0, 0.0], [3.0, 1.0, -1.0]]),
        hint="Every column must add up to 1, whatever the others hold.",
    )
    checks.example(
        "scores as large as 1000",
        np.array([[2 / 3], [1 / 3]]),
        softmax,
        np.array([[1000 + log2], [1000.0]]),
        hint="What could you subtract from a column without changing the answer?",
    )
    checks.example(
        "scores around 1000 in one column, around -1000 in the other",
        np.array([[2 / 3, 0.5], [1 / 3, 0.5]]),
        softmax,
        np.array([[1000 + log2, -1000.0], [1000.0, -1000.0]]),
        hint="Each column has a maximum of its own.",
    )
    checks.report()


def cross_entropy(cross_entropy: Callable) -> None:
    """Check `cross_entropy` on probabilities that are powers of 2."""
    check_cross_entropy("cross_entropy", cross_entropy, "A2")


def forward_prop(forward_prop: Callable) -> None:
    """Check `forward_prop` on whole numbers, and scores that are multiples of log 2."""
    checks = Checklist("forward_prop")
    log2 = np.log(2)
    W1 = np.array([[1.0, -1, 0], [0, 2, -1], [-1, 0, 1], [1, 1, -2]])
    b1 = np.array([[1.0], [-1], [0], [1]])
    W2 = log2 * np.array([[1.0, 0, -1, 1], [0, 1, 1, 1]])
    b2 = log2 * np.array([[0.0], [1]])
    X = np.array([[1.0, 0, 2, 1, 0], [0, 1, 1, 0, 2], [1, 1, 0, 2, 1]])
    Z1 = np.array([[2.0, 0, 2, 2, -1], [-2, 0, 1, -3, 2], [0, 1, -2, 1, 1], [0, 0, 4, -2, 1]])
    A1 = np.array([[2.0, 0, 2, 2, 0], [0, 0, 1, 0, 2], [0, 1, 0, 1, 1], [0, 0, 4, 0, 1]])
    Z2 = log2 * np.array([[2.0, -1, 6, 1, 0], [1, 2, 6, 2, 5]])
    A2 = np.array([[2 / 3, 1 / 9, 1 / 2, 1 / 3, 1 / 33], [1 / 3, 8 / 9, 1 / 2, 2 / 3, 32 / 33]])

    def run(*arguments: np.ndarray) -> dict:
        return _named(_CACHES, forward_prop(*arguments))

    checks.example(
        "3 features, 4 hidden units, 2 classes, 5 examples",
        {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2},
        run,
        *(W1, b1, W2, b2, X),
        hint="Shown is the first of the four that differs. Z1 begins with 1·1 - 1·0 + 0·1, and a "
        "bias of 1.",
    )
    checks.example(
        "the last of these examples alone",
        {"Z1": Z1[:, 4:], "A1": A1[:, 4:], "Z2": Z2[:, 4:], "A2": A2[:, 4:]},
        run,
        *(W1, b1, W2, b2, X[:, 4:]),
        hint="If A1 or A2 differs and Z1 or Z2 does not, look at the checks of relu and softmax.",
    )
    checks.report()


def numerical_gradient(numerical_gradient: Callable) -> None:
    """Check `numerical_gradient` on functions whose gradient is known."""
    checks = Checklist("numerical_gradient")

    def squares(theta: np.ndarray) -> float:
        return float(np.sum(theta**2))

    def product(theta: np.ndarray) -> float:
        return float(theta[0, 0] * theta[1, 0])

    matrix = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.5]])
    checks.example(
        "sum of squares, at a (2, 3) array: the gradient is 2 theta",
        2 * matrix,
        lambda theta: numerical_gradient(squares, theta),
        matrix,
        atol=1e-5,
        may_change=True,
        hint="One entry of theta at a time, and the others where they were.",
    )
    checks.example(
        "product of two entries 3 and 5, with eps = 1/4: the gradient is 5 and 3",
        np.array([[5.0], [3.0]]),
        lambda theta: numerical_gradient(product, theta, 0.25),
        np.array([[3.0], [5.0]]),
        hint="When the second entry is moved, is the first back in its place?",
    )
    checks.example(
        "sum of squares with eps = 1/4: centred, so still 2 theta, exactly",
        2 * matrix,
        lambda theta: numerical_gradient(squares, theta, 0.25),
        matrix,
        hint="Go to both sides of theta. How far apart are the two places?",
    )
    checks.example(
        "sum of cubes at [1, 2] with eps = 1/2: what is measured is 3 theta² + eps²",
        np.array([3.25, 12.25]),
        lambda theta: numerical_gradient(lambda t: float(np.sum(t**3)), theta, 0.5),
        np.array([1.0, 2.0]),
        hint="With so large a step the curvature shows. Is it the step that the function is given?",
    )
    checks.report()


def backward_prop(backward_prop: Callable) -> None:
    """Check `backward_prop` on two examples, whose gradients are small fractions."""
    checks = Checklist("backward_prop")
    X = np.array([[1.0, 0], [2, 1], [0, 1], [1, -1], [0, 3]])
    Z1 = np.array([[2.0, -1], [-3, 1], [1, 4]])
    A1 = np.array([[2.0, 0], [0, 1], [1, 4]])
    A2 = np.array([[1 / 2, 1 / 4], [1 / 4, 1 / 4], [1 / 8, 1 / 4], [1 / 8, 1 / 4]])
    Y = np.array([[1.0, 0], [0, 0], [0, 1], [0, 0]])
    W1 = np.array([[1.0, 0, 2, -1, 0], [0, 1, 0, 1, 1], [3, 0, -1, 0, 2]])
    W2 = np.array([[4.0, -4, 0], [8, 0, 4], [0, 4, -8], [-8, 4, 4]])

    shapes = (3, 5), (3, 1), (4, 3), (4, 1)

    def run(*arguments: np.ndarray) -> dict:
        return _named(_GRADIENTS, backward_prop(*arguments))

    # In the order in which they are computed, so that the first wrong one is named.
    checks.example(
        "5 features, 3 hidden units, 4 classes, 2 examples",
        {
            "dW2": np.array([[-4, 1, 2], [2, 1, 5], [1, -3, -11.5], [1, 1, 4.5]]) / 8,
            "db2": np.array([[-2.0], [4], [-5], [3]]) / 16,
            "dW1": np.array(
                [[-0.5, -1, 0, -0.5, 0], [0, -1.5, -1.5, 1.5, -4.5], [0.25, 4.5, 4, -3.75, 12]]
            ),
            "db1": np.array([[-0.5], [-1.5], [4.25]]),
        },
        run,
        *(Z1, A1, np.log(A2), A2, W1, W2, X, Y),
        m=2,
        hint="Shown is the first of dW2, db2, dW1 and db1 that differs. dW2 is made of dZ2 and A1 "
        "alone; dZ1 is 0 wherever Z1 is negative. If a single example passes and two do not, look "
        "at the division by m.",
        hint_on={"factor", "value"},
    )
    checks.example(
        "the first of these examples alone",
        {
            "dW2": np.array([[-8, 0, -4], [4, 0, 2], [2, 0, 1], [2, 0, 1]]) / 8,
            "db2": np.array([[-4.0], [2], [1], [1]]) / 8,
            "dW1": np.array([[-1, -2, 0, -1, 0], [0, 0, 0, 0, 0], [0.5, 1, 0, 0.5, 0]]),
            "db1": np.array([[-1.0], [0], [0.5]]),
        },
        run,
        *(part[:, :1] for part in (Z1, A1, np.log(A2), A2)),
        *(W1, W2),
        *(X[:, :1], Y[:, :1]),
        hint="With one example the mean has one term, and dW2 is a column times a row.",
        hint_on={"factor", "value"},
    )
    checks.example(
        "probabilities of exactly 0 and 1, all of them right: every slope is 0",
        {f"d{name}": np.zeros(shape) for name, shape in zip(_PARAMETERS, shapes, strict=True)},
        run,
        *(Z1, A1, np.log(A2), Y, W1, W2, X, Y),
        hint="A division by a probability that is 0 is NaN.",
        hint_on={"nan"},
    )
    checks.report()


def by_hand(forward_prop: Callable, cross_entropy: Callable, backward_prop: Callable) -> None:
    """Check the three functions on the example that the lab works by hand, array by array."""
    checks = Checklist("the example by hand")
    steps = [
        *_forward_steps(forward_prop),
        ("J", cross_entropy, _of_page("A2", "Y")),
        *_backward_steps(backward_prop),
    ]
    for label, function, arrays in steps:
        name, m = label.split(",")[0], 2 if label in _GRADIENTS else None
        # Whether inputs are left alone is asked by the checks of each exercise.
        setting = {"atol": 0.005, "m": m, "may_change": True}
        checks.example(label, BY_HAND[name], function, *arrays, **setting)
    checks.report()
    if checks.holds:
        print("What your code computed, row by row:")
        for label, function, arrays in steps:
            rows = np.atleast_2d(attempt(function, *arrays).value)
            print(f"  {label.split(',')[0]:4}", "  ".join(map(_shown, rows)))


def _forward_steps(forward_prop: Callable) -> Iterator[_Step]:
    def part(name: str, *arrays: np.ndarray) -> Any:
        return _named(_CACHES, forward_prop(*arrays))[name]

    for name in _CACHES:
        yield name, partial(part, name), _of_page(*_PARAMETERS, "X")


def _backward_steps(backward_prop: Callable) -> Iterator[_Step]:
    """Yield what `backward_prop` computes, and what it keeps to itself.

    The gradient of a bias is the mean of the slopes. Of a single example's slopes, the mean is
    these slopes; and if no hidden unit is off, what comes back to them passes unchanged.
    """

    def part(name: str, *arrays: np.ndarray) -> Any:
        return _named(_GRADIENTS, backward_prop(*arrays))[name]

    def one_by_one(name: str, *arrays: np.ndarray) -> np.ndarray:
        Z1, A1, Z2, A2, W1, W2, X, Y = arrays
        alone = [
            part(name, *(a[:, [i]] for a in (Z1, A1, Z2, A2)), W1, W2, X[:, [i]], Y[:, [i]])
            for i in range(X.shape[1])
        ]
        return np.column_stack(alone)

    arrays = _of_page(*_CACHES, "W1", "W2", "X", "Y")
    all_on = [abs(BY_HAND["Z1"]), abs(BY_HAND["Z1"]), *arrays[2:]]
    yield "dZ2, which is db2 of one example at a time", partial(one_by_one, "db2"), arrays
    yield "dW2", partial(part, "dW2"), arrays
    yield "db2", partial(part, "db2"), arrays
    yield "dA1, which is db1 where no unit is off", partial(one_by_one, "db1"), all_on
    yield "dZ1, which is db1 of one example at a time", partial(one_by_one, "db1"), arrays
    yield "dW1", partial(part, "dW1"), arrays
    yield "db1", partial(part, "db1"), arrays


def _of_page(*names: str) -> list[np.ndarray]:
    return [BY_HAND[name] for name in names]


def _shown(row: np.ndarray) -> str:
    return "[" + " ".join(f"{entry + 0.0:5.2f}" for entry in row) + "]"


def update_params(update_params: Callable) -> None:
    """Check `update_params` on one step of size 1/2."""
    checks = Checklist("update_params")
    before = (np.array([[3.0, 1.0]]), np.array([[2.0]]), np.array([[4.0], [0.0]]), np.zeros((2, 1)))
    gradients = (
        np.array([[2.0, -2.0]]),
        np.array([[4.0]]),
        np.array([[0.0], [6.0]]),
        np.array([[-2.0], [2.0]]),
    )
    after = (
        np.array([[2.0, 2.0]]),
        np.array([[0.0]]),
        np.array([[4.0], [-3.0]]),
        np.array([[1.0], [-1.0]]),
    )

    def run(*arguments: Any) -> dict:
        return _named(_PARAMETERS, update_params(*arguments))

    checks.example(
        "one step with alpha = 1/2",
        _named(_PARAMETERS, after),
        run,
        *before,
        *gradients,
        0.5,
        may_change=True,
        hint="Against the gradient: where it is positive, the parameter falls.",
    )
    checks.example(
        "alpha = 0: everything stays where it is",
        _named(_PARAMETERS, before),
        run,
        *before,
        *gradients,
        0.0,
        may_change=True,
    )
    checks.report()


def predictions(get_predictions: Callable, get_accuracy: Callable) -> None:
    """Check `get_predictions` and `get_accuracy` on three classes and four examples."""
    checks = Checklist("get_predictions and get_accuracy")
    checks.example(
        "the most probable class of each of four columns",
        np.array([0, 2, 1, 2]),
        get_predictions,
        np.array([[0.5, 0.3, 0.1, 0.2], [0.3, 0.3, 0.7, 0.1], [0.2, 0.4, 0.2, 0.7]]),
        hint="One answer for each column: along which axis do the classes lie?",
    )
    checks.example(
        "three of four predictions are right",
        0.75,
        get_accuracy,
        np.array([0, 2, 1, 2]),
        np.array([[0, 2, 1, 1]]),
        hint="y has the shape (1, m). How many entries has it, and what does len(y) give?",
    )
    checks.report()


def gradient_descent(gradient_descent: Callable) -> None:
    """Check `gradient_descent` on blank pictures, whose first step is known."""
    checks = Checklist("gradient_descent")
    blank, y = np.zeros((6, 20)), np.array([[0] * 6 + [1] * 4 + [2, 3, 4, 5, 6, 7, 8, 9, 9, 9]])
    X = np.random.default_rng(0).uniform(0, 1, (6, 20))

    def run(
        X: np.ndarray, iterations: int, alpha: float = 0.5, seed: int = 0, y: np.ndarray = y
    ) -> dict:
        trained = gradient_descent(X, y, alpha, iterations, np.random.default_rng(seed))
        return _named(_PARAMETERS, trained)

    def flat(*arguments: Any, **options: Any) -> np.ndarray:
        return np.concatenate([np.ravel(value) for value in run(*arguments, **options).values()])

    checks.example(
        "shapes for 6 features",
        {
            "W1": np.zeros((10, 6)),
            "b1": np.zeros((10, 1)),
            "W2": np.zeros((10, 10)),
            "b2": np.zeros((10, 1)),
        },
        run,
        X,
        1,
        values=False,
    )
    checks.example(
        "b2 has ten classes, also where labels are 0, 3 and 7 alone",
        {"b2": np.zeros((10, 1))},
        lambda X, y: run(X, 1, y=y),
        X,
        np.array([[0, 3, 7, 3] * 5]),
        values=False,
    )
    checks.example(
        "b2 after one step on 20 blank pictures, alpha = 1/2",
        {"b2": np.array([[0.1], [0.05], *[[-0.025]] * 7, [0.025]])},
        run,
        blank,
        1,
        m=20,
        hint="Of a blank picture the network says 1/10 to every class. Class 0 has 6 of the 20, so "
        "its bias should rise by 1/2 · (6/20 - 1/10).",
    )
    checks.example(
        "how many of W1, b1, W2, b2 change from one step to the next",
        4,
        lambda X: sum(
            not np.array_equal(before, after)
            for before, after in zip(run(X, 1).values(), run(X, 2).values(), strict=True)
        ),
        X,
        hint="Is everything that update_params returns kept, and used in the next round?",
    )
    checks.example(
        "the third step is another one than the second",
        True,
        lambda X: not np.allclose(flat(X, 3) - flat(X, 2), flat(X, 2) - flat(X, 1), rtol=1e-4),
        X,
        hint="At a new place the slope is a new one. What belongs inside the loop?",
    )
    checks.example(
        "with a tiny alpha, five steps lead nearly nowhere",
        True,
        lambda X: np.allclose(flat(X, 1, alpha=1e-6), flat(X, 6, alpha=1e-6), atol=1e-3),
        X,
        hint="What belongs before the loop?",
    )
    checks.example(
        "largest difference between two runs with the same seed",
        0.0,
        lambda X: float(np.abs(flat(X, 3) - flat(X, 3)).max()),
        X,
        hint="All randomness comes from rng, by way of init_params.",
    )
    checks.example(
        "another seed gives other weights",
        True,
        lambda X: not np.array_equal(flat(X, 3), flat(X, 3, seed=1)),
        X,
        hint="All randomness comes from rng, by way of init_params.",
    )
    checks.report()
