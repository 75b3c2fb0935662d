"""Lab 4's network trained by the lab, scikit-learn and PyTorch: ``python -m bench.training``.

Same data, batch size, epochs, float32 and number of threads. Prints seconds an epoch, their ratios,
and what the matrix products alone would take. Then what an epoch costs by the size of its batches.
"""

from __future__ import annotations

import itertools
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from io import StringIO

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from grader_tests.engine import worked
from helpers.data import dataset_name, load_mnist_split

LAYER_DIMS = [784, 128, 64, 32, 10]
BATCH_SIZE, LEARNING_RATE, EPOCHS, ROUNDS = 64, 0.1, 2, 5


def main() -> None:
    with redirect_stdout(StringIO()):
        X, y, _, _ = load_mnist_split()
    X = X.astype(np.float32)
    print(f"{'-'.join(map(str, LAYER_DIMS))}, {X.shape[1]:,} examples of {dataset_name()}, batches")
    print(f"of {BATCH_SIZE}, float32; the best of {ROUNDS} times {EPOCHS} epochs, taken in turn\n")
    ways = {"matrix products alone": products, "Lab 4": lab4, "scikit-learn": scikit_learn}
    try:
        import torch  # noqa: F401
    except ImportError:
        print("(PyTorch is not installed and left out: pip install torch)")
    else:
        ways["PyTorch, eager"] = pytorch
    seconds = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):  # in turn, so that a machine's slow minute is nobody's alone
        for name, way in ways.items():
            seconds[name] = min(seconds[name], measure(way, X, y))
    print(f"{'':24}{'s an epoch':>12}{'of Lab 4':>12}")
    for name, taken in seconds.items():
        print(f"{name:24}{taken:12.3f}{taken / seconds['Lab 4']:12.2f}")
    times = seconds["Lab 4"] / seconds["matrix products alone"]
    print(f"\nLab 4 takes {times:.2f} times as long as its matrix products alone.")
    few, few_y = X[:, :1000], y[:, :1000]
    sizes = {
        size: min(measure(partial(lab4, batch_size=size), few, few_y) for _ in range(ROUNDS))
        for size in (1, BATCH_SIZE, few.shape[1])
    }
    print("An epoch of 1,000 examples, as a multiple of one in batches of 64:", end=" ")
    print(", ".join(f"{size}: {taken / sizes[BATCH_SIZE]:.2f}" for size, taken in sizes.items()))


def measure(way: Callable[[np.ndarray, np.ndarray], None], X: np.ndarray, y: np.ndarray) -> float:
    """Return the seconds that an epoch takes."""
    started = time.perf_counter()
    with redirect_stdout(StringIO()):
        way(X, y)
    return (time.perf_counter() - started) / EPOCHS


def lab4(X: np.ndarray, y: np.ndarray, batch_size: int = BATCH_SIZE) -> None:
    lab = worked.load("lab4_deep_mini_batch")
    Y = lab["one_hot"](y, 10)
    rng = np.random.default_rng(0)
    lab["train_model"](X, Y, LAYER_DIMS, LEARNING_RATE, batch_size, EPOCHS, rng)


def products(X: np.ndarray, y: np.ndarray) -> None:
    """Multiply what an epoch of training multiplies: forward, for the weights, and back."""
    rng = np.random.default_rng(0)
    weights = [
        rng.normal(size=(n_out, n_in)).astype(np.float32)
        for n_in, n_out in itertools.pairwise(LAYER_DIMS)
    ]
    values = [rng.normal(size=(n, BATCH_SIZE)).astype(np.float32) for n in LAYER_DIMS]
    for _ in range(EPOCHS * -(-X.shape[1] // BATCH_SIZE)):
        for layer, W in enumerate(weights):
            W @ values[layer]
            values[layer + 1] @ values[layer].T
            if layer:  # nobody asks for the slopes at the pixels
                W.T @ values[layer + 1]


def scikit_learn(X: np.ndarray, y: np.ndarray) -> None:
    model = MLPClassifier(
        LAYER_DIMS[1:-1],
        solver="sgd",
        alpha=0,
        batch_size=BATCH_SIZE,
        learning_rate_init=LEARNING_RATE,
        max_iter=EPOCHS,
        momentum=0,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a few epochs are all that we ask
        model.fit(X.T, y.ravel())


def pytorch(X: np.ndarray, y: np.ndarray) -> None:
    import torch
    from torch import nn

    torch.manual_seed(0)
    layers: list[nn.Module] = []
    for n_in, n_out in itertools.pairwise(LAYER_DIMS):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE)
    loss = nn.CrossEntropyLoss()
    rows, labels = (
        torch.from_numpy(np.ascontiguousarray(X.T)),
        torch.from_numpy(y.ravel().astype(np.int64)),
    )
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(rows)).split(BATCH_SIZE):
            optimizer.zero_grad()
            loss(model(rows[chosen]), labels[chosen]).backward()
            optimizer.step()


if __name__ == "__main__":
    main()
