"""The visible checks of Lab 4. Their expected values can be worked out by hand."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.checking.checklist import Checklist
from helpers.checking.cross_entropy import check_cross_entropy


def _named(names: tuple[str, ...], values: Any, wrong: str = "") -> dict[str, Any]:
    """Give the values that a function returned their names, so that messages can use them."""
    if not isinstance(values, (tuple, list)) or len(values) != len(names):
        raise TypeError(wrong or f"what came back is not {len(names)} values: {_return(names)}")
    return dict(zip(names, values, strict=True))


def _return(names: tuple[str, ...]) -> str:
    return f"return {', '.join(names)}"


def _opened(cache: Any) -> dict[str, Any]:
    """Take a layer's cache apart."""
    wrong = "the cache is not (linear_cache, Z), where linear_cache is (A, W, b)"
    linear, Z = _named(("linear_cache", "Z"), cache, wrong).values()
    return {"Z": Z, **_named(("A_prev", "W", "b"), linear, wrong)}


def initialize_parameters(initialize_parameters: Callable) -> None:
    """Check shapes, zeros, the variance, and the use of the generator."""
    checks = Checklist("initialize_parameters")
    dims = [60, 30, 8]

    def drawn(seed: int, layer_dims: list[int] = dims) -> dict:
        return initialize_parameters(layer_dims, np.random.default_rng(seed))

    def weights(seed: int) -> np.ndarray:
        parameters = drawn(seed)
        return np.concatenate([np.ravel(parameters[name]) for name in ("W1", "W2")])

    checks.example(
        "shapes for [60, 30, 8]",
        {
            "W1": np.zeros((30, 60)),
            "b1": np.zeros((30, 1)),
            "W2": np.zeros((8, 30)),
            "b2": np.zeros((8, 1)),
        },
        drawn,
        0,
        values=False,
        hint="One row for each unit; in a weight matrix, one column for each input of the unit.",
    )
    checks.example(
        "shapes for [5, 4, 3, 2], the first and the last of three layers",
        {
            "W1": np.zeros((4, 5)),
            "b1": np.zeros((4, 1)),
            "W3": np.zeros((2, 3)),
            "b3": np.zeros((2, 1)),
        },
        lambda: drawn(0, [5, 4, 3, 2]),
        values=False,
        hint="A weight matrix and a bias for each layer; the first entry of the list is no layer.",
    )
    checks.example(
        "biases are 0",
        {"b1": np.zeros((30, 1)), "b2": np.zeros((8, 1))},
        drawn,
        0,
    )
    checks.example(
        "standard deviation of 90,000 weights of a layer with 200 inputs and 450 units: 1/10",
        0.1,
        lambda: np.std(drawn(0, [200, 450])["W1"]),
        rtol=0.03,
        hint="The variance is 2 over the number of inputs, 2/200. What is its root?",
    )
    checks.example(
        "standard deviation of the second layer's weights in [30, 200, 450]: 1/10, too",
        0.1,
        lambda: np.std(drawn(0, [30, 200, 450])["W2"]),
        rtol=0.03,
        hint="The second layer has 200 inputs. Each layer has a fan-in of its own.",
    )
    checks.example(
        "mean of these weights",
        0.0,
        lambda: np.mean(drawn(0, [200, 450])["W1"]),
        atol=0.01,
        hint="Weights of both signs, around 0.",
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


_A = np.array([[1.0, 0, 2, 1], [0, 1, 1, -1], [1, 1, 0, 2]])
_W = np.array([[1.0, -1, 0], [0, 2, -1]])
_B = np.array([[1.0], [-1]])
_Z = np.array([[2.0, 0, 2, 3], [-2, 0, 1, -5]])
_LINEAR = {"A": _A, "W": _W, "b": _B}


def linear_forward(linear_forward: Callable) -> None:
    """Check `linear_forward` on whole numbers."""
    checks = Checklist("linear_forward")

    def run(A: np.ndarray, W: np.ndarray, b: np.ndarray) -> dict:
        Z, cache = _named(("Z", "cache"), linear_forward(A, W, b)).values()
        return {"Z": Z, **_named(("A", "W", "b"), cache, "the cache is not (A, W, b)")}

    checks.example(
        "3 inputs, 2 units, 4 examples",
        {"Z": _Z, **_LINEAR},
        run,
        *_LINEAR.values(),
        inputs={},
        hint="The first entry of Z is 1·1 - 1·0 + 0·1, and a bias of 1. The cache is (A, W, b).",
    )
    checks.example(
        "the last of these examples alone",
        {"Z": _Z[:, 3:], "A": _A[:, 3:]},
        run,
        *(_A[:, 3:], _W, _B),
    )
    checks.report()


def deep_layer(deep_layer: Callable) -> None:
    """Check `deep_layer` on whole numbers, and scores that are multiples of log 2."""
    checks = Checklist("deep_layer")

    def run(A: np.ndarray, W: np.ndarray, b: np.ndarray, activation: str) -> dict:
        result = deep_layer(A, W, b, activation)
        A_new, cache = _named(("A", "cache"), result).values()
        return {"A": A_new, **_opened(cache)}

    cache = {"A_prev": _A, "W": _W, "b": _B}
    checks.example(
        "relu: 3 inputs, 2 units, 4 examples",
        {"A": np.array([[2.0, 0, 2, 3], [0, 0, 1, 0]]), "Z": _Z, **cache},
        run,
        *(_A, _W, _B, "relu"),
        hint="The cache is (linear_cache, Z), with Z as it was before the activation.",
    )
    log2 = np.log(2)
    checks.example(
        "softmax: scores of 2 log 2 and -2 log 2, 0 and 0, 2 log 2 and log 2, …",
        {
            "A": np.array([[16 / 17, 1 / 2, 2 / 3, 256 / 257], [1 / 17, 1 / 2, 1 / 3, 1 / 257]]),
            "Z": log2 * _Z,
        },
        run,
        *(_A, log2 * _W, log2 * _B, "softmax"),
        hint="If relu passes and this does not: which activation was asked for?",
    )
    checks.report()


def forward_pass(forward_pass: Callable) -> None:
    """Check `forward_pass` on networks of one, two and three layers."""
    checks = Checklist("forward_pass")
    log2 = np.log(2)
    parameters = {
        "W1": np.array([[1.0, 0], [0, 1], [1, -1]]),
        "b1": np.array([[0.0], [-1], [1]]),
        "W2": np.array([[1.0, -1, 0], [0, 1, 1], [-1, 0, 1], [1, 1, 1]]),
        "b2": np.array([[0.0], [0], [1], [-2]]),
        "W3": log2 * np.array([[1.0, 0, 0, 0], [0, 1, -1, 0]]),
        "b3": log2 * np.array([[0.0], [1]]),
    }
    X = np.array([[2.0, 0, 1], [1, 3, 0]])
    A1 = np.array([[2.0, 0, 1], [0, 2, 0], [2, 0, 2]])
    A2 = np.array([[2.0, 0, 1], [2, 2, 2], [1, 1, 2], [2, 0, 1]])
    AL = np.array([[1 / 2, 1 / 5, 1 / 2], [1 / 2, 4 / 5, 1 / 2]])

    def of_depth(depth: int) -> Callable:
        def run(X: np.ndarray, parameters: dict) -> dict:
            AL, caches = _named(("AL", "caches"), forward_pass(X, parameters)).values()
            if not isinstance(caches, (tuple, list)):
                raise TypeError("the second value is not a list of caches: return AL, caches")
            if len(caches) != depth:
                raise ValueError(f"the caches are {len(caches)}, not {depth}, one for each layer")
            took = {f"A{k} in the caches": _opened(c)["A_prev"] for k, c in enumerate(caches)}
            return {"AL": AL, **took}

        return run

    checks.example(
        "three layers, [2, 3, 4, 2], 3 examples",
        {
            "A0 in the caches": X,
            "A1 in the caches": A1,
            "A2 in the caches": A2,
            "AL": AL,
        },
        of_depth(3),
        X,
        parameters,
        hint="A0 is X. Shown is the first that differs; what comes after it is made of it.",
    )
    checks.example(
        "a single layer, which is the last one: softmax",
        {"AL": AL},
        of_depth(1),
        A2,
        {"W1": parameters["W3"], "b1": parameters["b3"]},
        hint="How many layers are there, and which of them gets softmax?",
    )
    checks.example(
        "two layers",
        {"A1 in the caches": A2, "AL": AL},
        of_depth(2),
        A1,
        {name: parameters[f"{name[0]}{int(name[1]) + 1}"] for name in ("W1", "b1", "W2", "b2")},
        hint="The number of layers is that of the parameters, not that of this lab's network.",
    )
    through = {f"W{layer}": np.eye(3) for layer in range(2, 11)}
    ends = {"W1": np.eye(3, 2), "W11": np.eye(2, 3)}
    biases = {f"b{layer}": np.zeros((2 if layer == 11 else 3, 1)) for layer in range(1, 12)}
    checks.example(
        "eleven layers that hand on what they get",
        {"AL": np.array([[2 / 3, 1 / 5], [1 / 3, 4 / 5]])},
        of_depth(11),
        log2 * np.array([[1.0, 0], [0, 2]]),
        ends | through | biases,
        hint="W2 comes before W10. Count the layers, and make the names from the numbers.",
    )
    checks.report()


def compute_cost(compute_cost: Callable) -> None:
    """Check `compute_cost` on probabilities that are powers of 2."""
    check_cross_entropy("compute_cost", compute_cost, "AL", (np.float64, np.float32))


# Three examples, two units, four inputs; the same numbers for both halves of a layer.
_A_PREV = np.array([[1.0, 0, 2], [2, 1, 0], [0, 3, 1], [1, -1, 1]])
_W_BACK = np.array([[1.0, 0, 2, -1], [3, 1, 0, -1]])
_BIAS = np.array([[1.0], [-1]])
_GRADIENTS = ("dA_prev", "dW", "db")
_BACK = {
    "dW": np.array([[5.0, 0, -4, 5], [2, 1, 4, 0]]),
    "db": np.array([[1.0], [2]]),
    "dA_prev": np.array([[3.0, 3, 15], [0, 3, 3], [6, -12, 12], [-3, 3, -9]]),
}


def linear_backward(linear_backward: Callable) -> None:
    """Check `linear_backward` on whole numbers."""
    checks = Checklist("linear_backward")
    dZ = np.array([[3.0, -6, 6], [0, 3, 3]])

    def run(dZ: np.ndarray, *cache: np.ndarray) -> dict:
        return _named(_GRADIENTS, linear_backward(dZ, cache))

    checks.example(
        "4 inputs, 2 units, 3 examples",
        _BACK,
        run,
        dZ,
        *(_A_PREV, _W_BACK, _BIAS),
        m=3,
        hint="dW and db are means over the three examples. dA_prev has a column for each.",
    )
    checks.example(
        "the second of these examples alone",
        {
            "dW": np.array([[0.0, -6, -18, 6], [0, 3, 9, -3]]),
            "db": np.array([[-6.0], [3]]),
            "dA_prev": np.array([[3.0], [3], [-12], [3]]),
        },
        run,
        dZ[:, 1:2],
        *(_A_PREV[:, 1:2], _W_BACK, _BIAS),
        hint="With one example the mean has one term, and dW is a column times a row.",
    )
    checks.report()


def backward_activation(backward_activation: Callable) -> None:
    """Check `backward_activation` on whole numbers."""
    checks = Checklist("backward_activation")
    dA = np.array([[3.0, -6, 6], [6, 3, 3]])
    Z = np.array([[3.0, 0.5, 1], [-2, 1, 4]])

    def run(dA: np.ndarray, Z: np.ndarray, *cache: np.ndarray) -> dict:
        return _named(_GRADIENTS, backward_activation(dA, (cache, Z), "relu"))

    checks.example(
        "4 inputs, 2 units, 3 examples; one entry of Z is negative",
        _BACK,
        run,
        *(dA, Z),
        *(_A_PREV, _W_BACK, _BIAS),
        m=3,
        hint="dZ is dA with a 0 where Z is negative. The rest is linear_backward.",
    )
    checks.example(
        "all of Z negative: nothing gets through",
        {"dW": np.zeros((2, 4)), "db": np.zeros((2, 1)), "dA_prev": np.zeros((4, 3))},
        run,
        *(dA, -abs(Z)),
        *(_A_PREV, _W_BACK, _BIAS),
        hint="The slope of ReLU is 0 where Z is negative.",
    )
    checks.example(
        "all of Z positive, dA negative: everything gets through",
        {"db": np.array([[-5.0], [-4]])},
        run,
        *(-abs(dA), abs(Z)),
        *(_A_PREV, _W_BACK, _BIAS),
        hint="The mask is made of Z, which went forward, not of dA, which comes back.",
    )
    checks.report()


def backward_pass(backward_pass: Callable) -> None:
    """Check `backward_pass` on one, two and three layers, and three examples."""
    checks = Checklist("backward_pass")
    AL = np.array([[4.0, 2, 1], [2, 2, 1], [1, 2, 2], [1, 2, 4]]) / 8
    Y = np.array([[1.0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 0, 1]])
    X = np.array([[1.0, 0, 1], [2, 1, 0], [0, 1, 2], [1, -1, 0], [0, 2, 1]])
    Z1 = np.array([[2.0, 1, -1], [-3, 4, 2]])
    A1 = np.array([[2.0, 1, 0], [0, 4, 2]])
    W1 = np.array([[1.0, 0, 2, -1, 0], [0, 1, 0, 1, 1]])
    W2 = np.array([[8.0, -8], [16, 0], [0, 8], [8, 0]])
    first, last = ((X, W1, np.ones((2, 1))), Z1), ((A1, W2, np.ones((4, 1))), np.log(AL))
    of_last = {
        "W": np.array([[-6.0, 10], [6, 10], [-4, -20], [4, 0]]) / 24,
        "b": np.array([[-1.0], [5], [-3], [-1]]) / 24,
    }

    checks.example(
        "two layers, [5, 2, 4], 3 examples",
        {
            "dW2": of_last["W"],
            "db2": of_last["b"],
            "dW1": np.array([[1.0, 10, 8, -7, 16], [1, -8, -6, 8, -15]]) / 3,
            "db1": np.array([[9.0], [-7]]) / 3,
        },
        backward_pass,
        *(AL, Y, [first, last]),
        m=3,
        hint="dZ2 is AL - Y. The hidden layer gets what linear_backward hands on.",
    )
    checks.example(
        "a single layer, [2, 4]",
        {"dW1": of_last["W"], "db1": of_last["b"]},
        backward_pass,
        *(AL, Y, [last]),
        m=3,
        hint="The last layer is the number len(caches), whatever that is, and has no ReLU.",
    )
    Z0 = np.array([[1.0, 2, -1], [1, -1, 3], [-2, 3, 1]])
    lowest = ((X, np.ones((3, 5)), np.ones((3, 1))), Z0)
    A0 = np.array([[1.0, 2, 0], [1, 0, 3], [0, 3, 1]])
    middle = ((A0, np.array([[1.0, 0, 2], [-1, 1, 0]]), np.ones((2, 1))), Z1)
    checks.example(
        "three layers, [5, 3, 2, 4]",
        {
            "dW3": of_last["W"],
            "dW2": np.array([[17.0, 1, 24], [-16, 3, -23]]) / 3,
            "db2": np.array([[9.0], [-7]]) / 3,
            "dW1": np.array([[1.0, 18, 16, -15, 32], [1, 0, 2, 0, 1], [0, 16, 16, -16, 32]]) / 3,
            "db1": np.array([[17.0], [1], [16]]) / 3,
        },
        backward_pass,
        *(AL, Y, [lowest, middle, last]),
        m=3,
        hint="What a layer hands on as dA_prev is the dA of the layer below.",
    )
    checks.example(
        "probabilities of exactly 0 and 1, all of them right: every slope is 0",
        {"dW1": np.zeros((4, 2)), "db1": np.zeros((4, 1))},
        backward_pass,
        *(Y, Y, [last]),
        hint="A division by a probability that is 0 is NaN.",
        hint_on={"nan"},
    )
    checks.report()


def update_parameters(update_parameters: Callable) -> None:
    """Check `update_parameters` on one step of size 1/2 and one of size 2."""
    checks = Checklist("update_parameters")
    before = {
        "W1": np.array([[3.0, 1], [2, -1], [5, 4]]),
        "b1": np.array([[2.0], [1], [-3]]),
        "W2": np.array([[4.0, 0, 1], [3, -2, 2], [1, 1, -4], [0, 5, 7]]),
        "b2": np.array([[1.0], [-1], [2], [4]]),
        "W3": np.array([[1.0, 2, 3, 4], [0, -1, 2, 5]]),
        "b3": np.array([[3.0], [0]]),
    }
    gradients = {
        "dW1": np.array([[2.0, -2], [4, 6], [-8, 2]]),
        "db1": np.array([[4.0], [-2], [6]]),
        "dW2": np.array([[0.0, 6, -4], [2, 8, 2], [-6, 4, 2], [2, -2, 4]]),
        "db2": np.array([[-2.0], [2], [8], [-4]]),
        "dW3": np.array([[2.0, 4, -2, 0], [6, -2, 4, 2]]),
        "db3": np.array([[2.0], [-4]]),
    }
    after = {
        "W1": np.array([[2.0, 2], [0, -4], [9, 3]]),
        "b1": np.array([[0.0], [2], [-6]]),
        "W2": np.array([[4.0, -3, 3], [2, -6, 1], [4, -1, -5], [-1, 6, 5]]),
        "b2": np.array([[2.0], [-2], [-2], [6]]),
        "W3": np.array([[0.0, 0, 4, 4], [-3, 0, 0, 4]]),
        "b3": np.array([[2.0], [2]]),
    }
    checks.example(
        "three layers, one step with a learning rate of 1/2",
        after,
        update_parameters,
        *(before, gradients, 0.5),
        may_change=True,
        inputs=before,
        hint="Every parameter takes a step: the learning rate times its gradient, subtracted.",
        hint_on={"value", "factor", "sign", "pattern"},
    )
    checks.example(
        "a single layer, with a learning rate of 2",
        {
            "W1": np.array([[-1.0, 5], [-6, -13], [21, 0]]),
            "b1": np.array([[-6.0], [5], [-15]]),
        },
        update_parameters,
        {name: before[name] for name in ("W1", "b1")},
        {name: gradients[name] for name in ("dW1", "db1")},
        2.0,
        may_change=True,
        inputs=before,
        hint="Run through the names that are there, however many.",
    )
    checks.report()


def random_mini_batches(random_mini_batches: Callable) -> None:
    """Check `random_mini_batches` on examples that carry their number."""
    checks = Checklist("random_mini_batches")
    numbers = np.arange(21.0)
    X = np.vstack([numbers, -numbers, numbers + 30, 2 * numbers])
    Y = np.vstack([numbers % 3 == k for k in range(3)]).astype(float)

    def run(X: np.ndarray, Y: np.ndarray, batch_size: int, seed: int = 0) -> list[dict]:
        batches = random_mini_batches(X, Y, batch_size, np.random.default_rng(seed))
        wrong = "what came back is not a list of pairs (X_batch, Y_batch)"
        if not isinstance(batches, (list, tuple)):
            raise TypeError(wrong)
        pairs = [_named(("X_batch", "Y_batch"), batch, wrong) for batch in batches]
        for (name, batch), rows in zip(
            (item for pair in pairs for item in pair.items()), (4, 3) * len(pairs), strict=True
        ):
            if np.ndim(batch) != 2 or len(batch) != rows:
                shape = np.shape(batch)
                raise ValueError(
                    f"{name} has shape {shape}, not {rows} rows and a column for each example"
                )
        return pairs

    def sizes(X: np.ndarray, Y: np.ndarray, batch_size: int) -> dict:
        found = np.array([batch["X_batch"].shape[1] for batch in run(X, Y, batch_size)])
        return {"number of batches": len(found), "sizes": found}

    def order(X: np.ndarray, Y: np.ndarray, seed: int = 0) -> np.ndarray:
        return np.concatenate([batch["X_batch"][0] for batch in run(X, Y, 5, seed)])

    def examples(X: np.ndarray, Y: np.ndarray) -> dict:
        found = np.sort(order(X, Y))
        return {"number of examples": len(found), "the examples": found}

    checks.example(
        "sizes for 21 examples and batches of 5",
        {"number of batches": 5, "sizes": np.array([5, 5, 5, 5, 1])},
        sizes,
        *(X, Y, 5),
        hint="Nothing is lost: what is left over makes a smaller batch.",
    )
    checks.example(
        "sizes for 20 examples and batches of 5",
        {"number of batches": 4, "sizes": np.array([5, 5, 5, 5])},
        sizes,
        *(X[:, :20], Y[:, :20], 5),
        hint="If nothing is left over, there is no smaller batch.",
    )
    checks.example(
        "sizes for batches of 30, more than there are examples",
        {"number of batches": 1, "sizes": np.array([21])},
        sizes,
        *(X, Y, 30),
        hint="One batch, with all that there is.",
    )
    checks.example(
        "every example comes once",
        {"number of examples": 21, "the examples": numbers},
        examples,
        *(X, Y),
        hint="Each column of X belongs in exactly one batch.",
    )
    checks.example(
        "labels belong to their examples",
        True,
        lambda X, Y: all(
            np.array_equal(label, batch["X_batch"][0] % 3 == k)
            for batch in run(X, Y, 5)
            for k, label in enumerate(batch["Y_batch"])
        ),
        *(X, Y),
        hint="X and Y need the same order.",
    )
    checks.example(
        "the order is another one than before",
        True,
        lambda X, Y: not np.array_equal(order(X, Y), numbers),
        *(X, Y),
        hint="Draw the order from rng.",
    )
    checks.example(
        "the first batch is drawn from all examples, not from the first five",
        True,
        lambda X, Y: bool(order(X, Y)[:5].max() > 5),
        *(X, Y),
        hint="Shuffle first, cut afterwards.",
    )
    checks.example(
        "the same seed gives the same order, another seed another",
        [True, False],
        lambda seed, other: [
            np.array_equal(order(X.copy(), Y.copy(), seed), order(X.copy(), Y.copy(), again))
            for again in (seed, other)
        ],
        *(1, 2),
        hint="All randomness comes from rng.",
    )
    checks.report()


def train_model(train_model: Callable) -> None:
    """Check `train_model` on blank pictures, whose first step is known, and on a small problem."""
    checks = Checklist("train_model")
    blank = np.zeros((6, 20))
    labels = np.array([0] * 10 + [1] * 6 + [2] * 4)
    Y = (np.arange(3).reshape(3, 1) == labels).astype(float)
    X = np.random.default_rng(0).uniform(0, 1, (6, 20)) + Y[[0, 1, 2, 0, 1, 2]]

    def results(*args: Any) -> tuple[dict, Any]:
        with contextlib.redirect_stdout(io.StringIO()):  # the bar says nothing about mistakes
            result = train_model(*args)
        names = ("parameters", "costs")
        trained, history = _named(names, result).values()
        if not isinstance(trained, dict):
            raise TypeError(f"the first value is not a dict of parameters: {_return(names)}")
        return trained, history

    def run(
        X: np.ndarray, epochs: int, rate: float = 0.3, size: int = 20, seed: int = 0, *decay: float
    ) -> dict:
        rng = np.random.default_rng(seed)
        trained, history = results(X, Y, [6, 5, 4, 3], rate, size, epochs, rng, *decay)
        return {
            **trained,
            "number of costs": len(history),
            "costs": np.asarray(history),
            "next": rng.random(),
        }

    def steps(Y: np.ndarray) -> np.ndarray:
        """Tell from each picture's own weights how far its batch has moved them."""

        def weights(rate: float) -> np.ndarray:
            trained, _ = results(np.eye(20), Y, [20, 3], rate, 8, 1, np.random.default_rng(0))
            return np.asarray(trained["W1"])

        start, end = weights(0.0), weights(0.001)
        slopes = np.exp(start) / np.exp(start).sum(axis=0) - Y
        return np.sort(np.sum((start - end) / 0.001 * slopes, axis=0) / np.sum(slopes**2, axis=0))

    checks.example(
        "b3 after one step on 20 blank pictures, with a rate of 0.3",
        {"b3": np.array([[0.05], [-0.01], [-0.04]])},
        run,
        *(blank, 1),
        m=20,
        hint="Of a blank picture the network says 1/3 to every class. Class 0 has half of the "
        "pictures, so its bias should rise by 0.3 · (1/2 - 1/3).",
    )
    checks.example(
        "cost of the first epoch, on blank pictures: log 3",
        {"number of costs": 1, "costs": np.array([np.log(3)])},
        run,
        *(blank, 1),
        rtol=1e-5,
        hint="One number for each epoch: the mean of what the batches cost before their steps.",
    )
    checks.example(
        "number of costs after 4 epochs in batches of 8",
        {"number of costs": 4},
        run,
        *(X, 4, 0.1, 8),
        hint="One for each epoch, not one for each batch.",
    )
    checks.example(
        "b3 after four small steps, with a rate of 0.003 on blank pictures in batches of 5",
        {"b3": np.array([[0.002], [-0.0004], [-0.0016]])},
        run,
        *(blank, 1, 0.003, 5),
        rtol=0,
        atol=2e-5,
        hint="Each of the four batches takes a step: the update belongs in the inner loop.",
    )
    checks.example(
        "with a rate of 0, batches of 5 cost as much in the mean as all 20 examples",
        0.0,
        lambda X: float(np.abs(run(X, 2, 0.0, 5)["costs"].mean() - run(X, 2, 0.0)["costs"].mean())),
        X,
        atol=1e-5,
        hint="The cost of an epoch is the mean of the costs of all its batches.",
    )
    checks.example(
        "each further epoch draws from rng",
        True,
        lambda X: run(X, 1)["next"] != run(X, 3)["next"],
        X,
        hint="New batches in every epoch: random_mini_batches belongs in the outer loop, and takes "
        "the rng that you were given.",
    )
    checks.example(
        "after 200 epochs on an easy problem the cost is small",
        True,
        lambda X: bool(run(X, 200, 0.1, 8)["costs"][-1] < 0.3),
        X,
        hint="Is what update_parameters returns kept? Are the parameters drawn only once?",
    )
    checks.example(
        "b3 after three epochs of this, with decay = 1/2",
        {"b3": np.array([[0.0035], [-0.0007], [-0.0028]])},
        run,
        *(blank, 3, 0.003, 5, 0, 0.5),
        rtol=0,
        atol=4e-5,
        hint="The rate is 0.003 in all of the first epoch, 0.0015 in all of the second: at the end "
        "of an epoch, and only there, it is multiplied by decay.",
    )
    checks.example(
        "one layer, 20 pictures of one pixel each, in batches of 8: the step that each picture's "
        "own weights take, in units of the rate",
        np.repeat([1 / 8, 1 / 4], [16, 4]),
        steps,
        Y,
        rtol=0.02,
        hint="Three batches, of 8, 8 and 4. Each makes a step with its own examples, and shares it "
        "among them. Do forward_pass and backward_pass get the batch?",
    )
    checks.example(
        "the same seed gives the same weights, another seed others",
        True,
        lambda X: (
            np.array_equal(run(X, 2, size=8)["W1"], run(X, 2, size=8)["W1"])
            and not np.array_equal(run(X, 2, size=8)["W1"], run(X, 2, size=8, seed=1)["W1"])
            and not np.array_equal(run(X, 1, 0.0)["W1"], run(X, 1, 0.0, seed=1)["W1"])
        ),
        X,
        hint="All randomness comes from rng: pass it on.",
    )
    checks.report()


def predict(predict: Callable) -> None:
    """Check `predict` on a single layer that picks the largest input."""
    checks = Checklist("predict")
    X = np.array([[5.0, 3, 1, 2], [3, 3.5, 7, 1], [2, 4, 2, 7]])
    parameters = {"W1": np.eye(3), "b1": np.zeros((3, 1))}
    checks.example(
        "the class of the largest of three scores, for four examples",
        np.array([0, 2, 1, 2]),
        predict,
        *(X, parameters),
        hint="One answer for each column: along which axis do the classes lie?",
    )
    checks.example(
        "a bias of 10 for class 1",
        np.array([1, 1, 1, 1]),
        predict,
        *(X, {**parameters, "b1": np.array([[0.0], [10], [0]])}),
        hint="The prediction is made from what forward_pass returns.",
    )
    checks.example(
        "two layers; all scores are negative, and no class has more than half of the probability",
        np.array([2, 1, 1, 1]),
        predict,
        X / 10,
        {
            **{"W1": np.diag([1.0, -1, 1]), "b1": np.zeros((3, 1))},
            "W2": np.array([[0.0, 0, 0], [-1, 0, 0], [0, 1, 0]]),
            "b2": np.array([[-1.2], [-0.65], [-1]]),
        },
        hint="The most probable class is the one with the largest entry in its column of AL.",
    )
    checks.report()
