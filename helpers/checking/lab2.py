"""The visible checks of Lab 2. Their expected values can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.checking.checklist import Checklist

_NAMES = "W1", "b1", "W2", "b2"
_LOG3 = np.log(3)  # the sigmoid of -log 3, 0, log 3 and 2 log 3 is 1/4, 1/2, 3/4 and 9/10


class _Penalties:
    """Stand in for `Regularization`, with penalties that are given and without slopes."""

    def __init__(
        self, l1: float = 0, l2: float = 0, lambda_1: float = 0, lambda_2: float = 0
    ) -> None:
        self._l1, self._l2 = l1, l2
        self.lambda_1, self.lambda_2 = lambda_1, lambda_2

    def l1(self, W1: np.ndarray, W2: np.ndarray, m: int) -> float:
        return self._l1

    def l2(self, W1: np.ndarray, W2: np.ndarray, m: int) -> float:
        return self._l2

    def l1_grad(self, W1: np.ndarray, W2: np.ndarray, m: int) -> dict[str, np.ndarray]:
        return {"dW1": np.zeros_like(W1), "dW2": np.zeros_like(W2)}

    l2_grad = l1_grad


class _Rehearsal:
    """Stand in for a network: its answers are fixed, and it writes down what it is told."""

    def __init__(self, A2: np.ndarray) -> None:
        self.A2 = A2
        self.n_classes, self.n_hidden_units, self.n_features = len(A2), 2, 4
        self.W1, self.b1 = np.ones((2, 4)), np.zeros((2, 1))
        self.W2, self.b2 = np.ones((len(A2), 2)), np.zeros((len(A2), 1))
        # What 16 weights of 1 cost with these strengths, and with 5 examples.
        self.reg = _Penalties(l1=10, l2=100, lambda_1=3.125, lambda_2=62.5)
        self.labels: np.ndarray | None = None
        self.grads: list[dict[str, np.ndarray]] = []

    def initialize_parameters(self) -> None:
        pass

    def forward_propagation(self, X: np.ndarray) -> dict[str, np.ndarray]:
        hidden = np.zeros((2, X.shape[1]))
        return {"Z1": hidden, "A1": hidden, "Z2": self.A2, "A2": self.A2}

    def backward_propagation(
        self, X: np.ndarray, Y: np.ndarray, cache: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        self.labels = Y
        return {f"d{name}": getattr(self, name) + 1 for name in _NAMES}

    def update_parameters(self, grads: dict[str, np.ndarray]) -> None:
        self.grads.append(grads)


def initialize_parameters(NeuralNetwork: type) -> None:
    """Check shapes, biases, and the spread of the weights of a network 300-40-70."""
    checks = Checklist("initialize_parameters")

    def started(*names: str) -> dict[str, np.ndarray]:
        model = NeuralNetwork(300, 40, 70, 0.1)
        model.initialize_parameters()
        for name in names:
            if getattr(model, name) is None:
                raise ValueError(
                    f"self.{name} is still None. Your method must assign to self.{name}"
                )
        return {name: getattr(model, name) for name in names}

    checks.example(
        "shapes of W1 and W2, for 300 features, 40 hidden units and 70 classes",
        {"W1": np.ones((40, 300)), "W2": np.ones((70, 40))},
        started,
        "W1",
        "W2",
        values=False,
        hint="A row holds all weights into one unit.",
    )
    checks.example(
        "b1 and b2: columns of zeros",
        {"b1": np.zeros((40, 1)), "b2": np.zeros((70, 1))},
        started,
        "b1",
        "b2",
    )
    different = "the number of different rows of W1"
    checks.example(
        "no two hidden units alike",
        {different: 40},
        lambda: {different: len(np.unique(started("W1")["W1"], axis=0))},
        hint="Units that start alike learn the same.",
    )
    for weights in ("W1", "W2"):
        spread, middle = f"{weights}'s standard deviation", f"{weights}'s mean"
        checks.example(
            f"{spread}, give or take a twelfth",
            {spread: 0.01},
            lambda name, label: {label: np.std(started(name)[name])},
            weights,
            spread,
            rtol=1 / 12,
            hint="N(0, 0.01²) has the standard deviation 0.01.",
        )
        checks.example(
            f"{middle}, compared with its standard deviation, to one decimal",
            {middle: 0.0},
            lambda name, label: {label: np.mean(started(name)[name]) / np.std(started(name)[name])},
            weights,
            middle,
            atol=0.1,
        )
    checks.report()


def forward_propagation(NeuralNetwork: type) -> None:
    """Check the forward pass of a network 3-2-4 in which every answer is a plain fraction."""
    checks = Checklist("forward_propagation")
    W1, b1 = np.array([[1.0, 0, 0], [0, 1, 1]]), np.array([[0.0], [1]])
    W2 = np.array([[4.0, 0], [0, 20], [-4, 0], [4, 20]])
    b2 = np.array([[-2.0], [-16], [2], [-19]])
    X = np.array([[1.0, 0], [0, 1], [1, -1]])

    def answers(X: np.ndarray) -> dict[str, np.ndarray]:
        model = NeuralNetwork(3, 2, 4, 0.1)
        model.W1, model.b1, model.W2, model.b2 = _LOG3 * W1, _LOG3 * b1, _LOG3 * W2, _LOG3 * b2
        return model.forward_propagation(X)

    expected = {
        "Z1": _LOG3 * np.array([[1.0, 0], [2, 1]]),
        "A1": np.array([[3 / 4, 1 / 2], [9 / 10, 3 / 4]]),
        "Z2": _LOG3 * np.array([[1.0, 0], [2, -1], [-1, 0], [2, -2]]),
        "A2": np.array([[3 / 4, 1 / 2], [9 / 10, 1 / 4], [1 / 4, 1 / 2], [9 / 10, 1 / 10]]),
    }
    hint = (
        "Shown is the first of Z1, A1, Z2 and A2 that differs. "
        "σ of -ln 3, 0, ln 3 and 2 ln 3 is 1/4, 1/2, 3/4 and 9/10."
    )
    columns = [0, 1, 1, 0, 1]
    checks.example(
        "the five examples below",
        {name: value[:, columns] for name, value in expected.items()},
        answers,
        X[:, columns],
        hint=hint,
        hint_on={"value"},
    )
    checks.example(
        "the first of them alone",
        {name: value[:, [0]] for name, value in expected.items()},
        answers,
        X[:, [0]],
        hint=hint,
        hint_on={"value"},
    )
    checks.report()


def backward_propagation(NeuralNetwork: type) -> None:
    """Check the backward pass of a network 3-2-1 with four examples, penalties aside and alone."""
    checks = Checklist("backward_propagation")
    W1, b1 = _LOG3 * np.array([[1.0, 1, -1], [-1, 1, 1]]), np.zeros((2, 1))
    W2, b2 = _LOG3 * np.array([[4.0, 8]]), _LOG3 * np.array([[-7.0]])
    X = np.array([[1.0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 1]])
    Y = np.array([[0.0, 1, 0, 1]])
    cache = {
        "Z1": _LOG3 * np.array([[1.0, 1, -1, 0], [-1, 1, 1, 0]]),
        "A1": np.array([[3 / 4, 3 / 4, 1 / 4, 1 / 2], [1 / 4, 3 / 4, 3 / 4, 1 / 2]]),
        "Z2": _LOG3 * np.array([[-2.0, 2, 0, -1]]),
        "A2": np.array([[1 / 10, 9 / 10, 1 / 2, 1 / 4]]),
    }

    def example(
        label: str, expected: dict[str, np.ndarray], Y: np.ndarray, hint: str, **reg: object
    ) -> None:
        def gradients(
            X: np.ndarray, Y: np.ndarray, cache: dict[str, np.ndarray]
        ) -> dict[str, np.ndarray]:
            model = NeuralNetwork(3, 2, 1, 0.1, **reg)
            model.W1, model.b1, model.W2, model.b2 = W1.copy(), b1.copy(), W2.copy(), b2.copy()
            return model.backward_propagation(X, Y, cache)

        checks.example(label, expected, gradients, X, Y, cache, m=4, hint=hint, hint_on={"value"})

    example(
        "dW2 and db2 of the network below, without penalties",
        {"dW2": np.array([[-1 / 16, -1 / 80]]), "db2": np.array([[-1 / 16]])},
        Y,
        "dZ2 is 1/10, -1/10, 1/2, -3/4. Each gradient is a mean over the four examples.",
        reg=_Penalties(),
    )
    example(
        "dW1 and db1 of the network below, without penalties",
        {
            "dW1": _LOG3 * np.array([[-27 / 160, -3 / 160, -3 / 32], [-27 / 80, -3 / 80, -3 / 16]]),
            "db1": _LOG3 * np.array([[-3 / 32], [-3 / 16]]),
        },
        Y,
        "The first column of dZ1 is ln 3 times 3/40 and 3/20; σ′ is 3/16 at ± ln 3, 1/4 at 0.",
        reg=_Penalties(),
    )
    example(
        "all gradients of the network below with the default penalties, where A2 is exactly Y",
        {
            "dW1": (0.025 + 0.05 * _LOG3) * np.array([[1, 1, -1], [-1, 1, 1]]),
            "db1": np.zeros((2, 1)),
            "dW2": 0.025 + 0.05 * _LOG3 * np.array([[4, 8]]),
            "db2": np.zeros((1, 1)),
        },
        cache["A2"],
        "With A2 = Y the cost has no slope: what is left is self.reg's, for weights only.",
    )
    checks.report()


def update_parameters(NeuralNetwork: type) -> None:
    """Check one step with the learning rate 1/2 in a network 3-2-1."""
    checks = Checklist("update_parameters")
    before = {
        "W1": np.array([[1.0, 2, 3], [4, 5, 6]]),
        "b1": np.array([[7.0], [8]]),
        "W2": np.array([[9.0, 10]]),
        "b2": np.array([[11.0]]),
    }
    grads = {
        "dW1": np.array([[2.0, -2, 4], [-4, 6, -6]]),
        "db1": np.array([[2.0], [-4]]),
        "dW2": np.array([[-8.0, 8]]),
        "db2": np.array([[2.0]]),
    }
    after = {
        "W1": np.array([[0.0, 3, 1], [6, 2, 9]]),
        "b1": np.array([[6.0], [10]]),
        "W2": np.array([[13.0, 6]]),
        "b2": np.array([[10.0]]),
    }

    def stepped(name: str, grads: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        model = NeuralNetwork(3, 2, 1, 0.5)
        model.W1, model.b1, model.W2, model.b2 = (value.copy() for value in before.values())
        model.update_parameters(grads)
        return {name: getattr(model, name)}

    for name in _NAMES:
        was, slope = (
            str(array.tolist()).replace(".0", "") for array in (before[name], grads[f"d{name}"])
        )
        checks.example(
            f"learning rate 1/2, {name} = {was}, d{name} = {slope}",
            {name: after[name]},
            stepped,
            name,
            grads,
            hint="A step is the learning rate times the gradient, against the gradient.",
        )
    checks.report()


def fit(NNClassifier: type) -> None:
    """Check what `fit` tells a network that answers 1/2 to everything and does not learn."""
    checks = Checklist("fit")
    X, Y = np.ones((4, 5)), np.array([[2, 0, 1, 2, 0]])

    def example(label: str, expected: object, observe: Callable, hint: str) -> None:
        def trained(X: np.ndarray, Y: np.ndarray) -> object:
            model = _Rehearsal(np.full((4, 5), 1 / 2))
            classifier = NNClassifier(model, epochs=3)
            classifier.fit(X, Y)
            return observe(classifier, model)

        checks.example(label, expected, trained, X, Y, m=5, hint=hint)

    example(
        "_cost after 3 epochs, where all four outputs stay 1/2, the L1 penalty 10 and the L2 "
        "penalty 100",
        {"_cost": [4 * np.log(2) + 110] * 3},
        lambda classifier, model: {"_cost": list(classifier._cost)},
        "Each epoch adds one value: the cost, the L1 penalty and the L2 penalty.",
    )
    example(
        "what backward_propagation is given as Y, for the labels 2, 0, 1, 2, 0 of four classes",
        {"Y": np.array([[0, 1, 0, 0, 1], [0, 0, 1, 0, 0], [1, 0, 0, 1, 0], [0, 0, 0, 0, 0]])},
        lambda classifier, model: {"Y": model.labels},
        "backward_propagation takes one-hot labels, with a row for each class.",
    )
    example(
        "how often update_parameters is called in 3 epochs",
        3,
        lambda classifier, model: len(model.grads),
        "Every epoch takes one step.",
    )
    checks.report()


def predict(NNClassifier: type) -> None:
    """Check `predict` with a network whose answers are fixed."""
    checks = Checklist("predict")

    def example(expected: list[int], A2: list[list[float]]) -> None:
        checks.example(
            f"A2 = {A2}",
            np.array([expected]),
            lambda A2: NNClassifier(_Rehearsal(A2)).predict(np.ones((4, A2.shape[1]))),
            np.array(A2),
            hint="Which row of each column is the largest? Labels are whole numbers from 0 on.",
        )

    example(
        [2, 0, 0, 0, 2],
        [[0.1, 0.6, 0.2, 0.9, 0.3], [0.2, 0.5, 0.1, 0.8, 0.4], [0.3, 0.4, 0, 0.7, 0.9]],
    )
    example([1], [[0.2], [0.7], [0.6]])
    checks.report()
