"""What each lab's network reaches on MNIST: ``python -m bench.reproduce`` (`make reproduce`).

Trains with the worked labs' own functions, writes ``reproduced.json`` and prints a table. The exit
code is 1 where a figure misses its target, and 2 where MNIST cannot be had.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from grader_tests import reference
from helpers.data import dataset_name, load_data, load_mnist_split

REPORT = Path("reproduced.json")


@dataclass(frozen=True)
class Figure:
    """One figure that the course claims.

    Attributes
    ----------
    name : str
    value : float
        What was measured, from 0 to 1.
    target : float
        What it should be at least.
    seconds : float
        How long training took.
    """

    name: str
    value: float
    target: float
    seconds: float

    @property
    def holds(self) -> bool:
        return self.value >= self.target


def main() -> int:
    if dataset_name() != "MNIST":
        print(
            "The course's figures are about MNIST, which could not be had. Connect to the "
            "internet, or set MNIST_DIR to a folder that holds its four files."
        )
        return 2
    figures = []
    print(f"{'':24}{'reached':>9}{'target':>9}{'seconds':>9}", flush=True)
    for measure in (lab2, lab3):
        for figure in measure():
            figures.append(figure)
            print(
                f"{figure.name:24}{figure.value:9.4f}{figure.target:9.3f}{figure.seconds:9.1f}"
                f"{'' if figure.holds else '  missed'}",
                flush=True,
            )
    REPORT.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    print(f"Written to {REPORT}.")
    return 0 if all(figure.holds for figure in figures) else 1


def lab2() -> Iterator[Figure]:
    """Train on 5,000 pictures; measure on these and on the 55,000 others."""
    lab = reference.load("lab2_neural_network_class")
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
    lab = reference.load("lab3_two_layer_softmax")
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


if __name__ == "__main__":
    sys.exit(main())
