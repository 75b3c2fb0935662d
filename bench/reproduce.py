"""What each lab's network reaches on MNIST: ``python -m bench.reproduce`` (`make reproduce`).

Trains with the worked labs' own functions, writes ``reproduced.json`` and prints a table. The exit
code is 1 where a figure misses its target, and 2 where MNIST cannot be had. With ``--record`` the
accuracies also go into the file from which Lab 5's closing table is made.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from io import StringIO
from pathlib import Path
from statistics import fmean, stdev

import numpy as np

from grader_tests.engine import worked
from helpers.data import dataset_name, load_data, load_mnist_split

REPORT = Path("reproduced.json")
CLOSING_TABLE = worked.ROOT / "solutions" / "lab5_functional_api" / "reached_on_mnist.json"


@dataclass(frozen=True)
class Figure:
    """One figure that the course claims.

    Attributes
    ----------
    name : str
    value : float
        What was measured, from 0 to 1.
    target : float or None
        What it should be at least; None for a spread, which has no target.
    seconds : float
        How long training took.
    """

    name: str
    value: float
    target: float | None
    seconds: float

    @property
    def holds(self) -> bool:
        return self.target is None or self.value >= self.target


def main(arguments: list[str]) -> int:
    if (found := dataset_name()) != "MNIST":
        print(
            f"The course's figures are about all of MNIST, and this is {found}. Connect to the "
            "internet, or set MNIST_DIR to a folder that holds its four files."
        )
        return 2
    figures = []
    print(f"{'':24}{'reached':>9}{'target':>9}{'seconds':>9}", flush=True)
    for measure in (lab2, lab3, lab4, lab5):
        for figure in measure():
            figures.append(figure)
            target = "" if figure.target is None else f"{figure.target:.3f}"
            print(
                f"{figure.name:24}{figure.value:9.4f}{target:>9}{figure.seconds:9.1f}"
                f"{'' if figure.holds else '  missed'}",
                flush=True,
            )
    REPORT.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    print(f"Written to {REPORT}.")
    if "--record" in arguments:
        recorded = [{"name": figure.name, "value": round(figure.value, 4)} for figure in figures]
        lines = ",\n".join(f"  {json.dumps(entry)}" for entry in recorded)
        CLOSING_TABLE.write_text(f"[\n{lines}\n]\n")
        print(f"Recorded in {CLOSING_TABLE}; now run `make notebooks`.")
    return 0 if all(figure.holds for figure in figures) else 1


def lab2() -> Iterator[Figure]:
    """Train on 5,000 pictures; measure on these and on the 55,000 others."""
    lab = worked.load("lab2_neural_network_class")
    train_x, train_y, test_x, test_y = load_data()
    classifier = lab["new_classifier"]()
    started = time.perf_counter()
    classifier.fit(train_x, train_y)
    seconds = time.perf_counter() - started
    train, test = (
        float(lab["accuracy"](classifier, X, y)) for X, y in ((train_x, train_y), (test_x, test_y))
    )
    yield Figure("lab2_train_accuracy", train, 0.97, seconds)
    yield Figure("lab2_test_accuracy", test, 0.91, seconds)


def lab3() -> Iterator[Figure]:
    """Train on 20,000 pictures, as the lab's last section does; measure on the test images."""
    lab = worked.load("lab3_two_layer_softmax")
    train_x, train_y, test_x, test_y = load_mnist_split()
    examples, alpha, iterations = 20_000, 0.2, 600
    started = time.perf_counter()
    parameters = lab["gradient_descent"](
        train_x[:, :examples], train_y[:, :examples], alpha, iterations, np.random.default_rng(0)
    )
    seconds = time.perf_counter() - started
    predictions = lab["get_predictions"](lab["forward_prop"](*parameters, test_x)[-1])
    yield Figure(
        "lab3_test_accuracy", float(lab["get_accuracy"](predictions, test_y)), 0.90, seconds
    )


def lab4() -> Iterator[Figure]:
    """Train from five seeds, ten epochs of SGD each; measure on the test images."""
    lab = worked.load("lab4_deep_mini_batch")
    train_x, train_y, test_x, test_y = load_mnist_split()
    train_Y = lab["one_hot"](train_y, 10)
    layer_dims, rate, decay, batch_size, epochs = [784, 128, 64, 32, 10], 0.2, 0.75, 64, 10
    accuracies, seconds = [], 0.0
    for seed in range(5):
        rng = np.random.default_rng(seed)
        started = time.perf_counter()
        with redirect_stdout(StringIO()):  # the progress bar
            parameters, _ = lab["train_model"](
                train_x, train_Y, layer_dims, rate, batch_size, epochs, rng, decay
            )
        seconds += time.perf_counter() - started
        accuracies.append(float(lab["accuracy"](parameters, test_x, test_y)))
    yield Figure("lab4_test_accuracy", fmean(accuracies), 0.975, seconds)
    yield Figure("lab4_test_accuracy_std", stdev(accuracies), None, seconds)


def lab5() -> Iterator[Figure]:
    """Train for ten epochs of SGD with momentum; measure on the training and the test images."""
    lab = worked.load("lab5_functional_api")
    train_x, train_y, test_x, test_y = load_mnist_split()
    train, test = (
        (images.T, lab["to_categorical"](labels.ravel(), 10))
        for images, labels in ((train_x, train_y), (test_x, test_y))
    )
    model = lab["build_model"](np.random.default_rng(0))
    optimizer = lab["SGD"](0.02, momentum=0.9)
    model.compile(optimizer, lab["CategoricalCrossentropy"](), metrics=["accuracy"])
    started = time.perf_counter()
    model.fit(*train, 64, 10, rng=np.random.default_rng(1), verbose=0)
    seconds = time.perf_counter() - started
    for name, target, (x, y) in (("train", 0.98, train), ("test", 0.97, test)):
        accuracy = float(model.evaluate(x, y, batch_size=1000)[1])
        yield Figure(f"lab5_{name}_accuracy", accuracy, target, seconds)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
