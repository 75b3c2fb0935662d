"""Lab 4's result on MNIST, reached with the worked lab's own functions, from five seeds."""

from __future__ import annotations

import json
import time
from statistics import fmean, stdev

import numpy as np

from grader_tests import reference
from helpers.data import dataset_name, load_mnist_split

TARGET = 0.975
SEEDS = range(5)
LAYER_DIMS = [784, 128, 64, 32, 10]
LEARNING_RATE, DECAY, BATCH_SIZE, EPOCHS = 0.2, 0.75, 64, 10


def reproduce() -> list[dict[str, str | float | None]]:
    """Train Lab 4's network from five seeds, and test each on MNIST's 10,000 test images.

    Returns
    -------
    list of dict
        For "lab4_test_accuracy", the mean, and "lab4_test_accuracy_std", the standard deviation
        over the seeds: "name"; "value", from 0 to 1; "target", what it should reach, None for the
        standard deviation; "seconds" that all five trainings took.

    Raises
    ------
    RuntimeError
        If MNIST is not at hand, because other digits would prove nothing.
    """
    if dataset_name() != "MNIST":
        raise RuntimeError(
            "Lab 4's result is about MNIST, which could not be had. Connect to the internet, or "
            "set MNIST_DIR to a folder that holds its four files."
        )
    lab = reference.load("lab4_deep_mini_batch")
    train_x, train_y, test_x, test_y = load_mnist_split()
    train_Y = lab["one_hot"](train_y, 10)
    accuracies, seconds = [], 0.0
    for seed in SEEDS:
        start = time.perf_counter()
        parameters, _ = lab["train_model"](
            train_x,
            train_Y,
            LAYER_DIMS,
            LEARNING_RATE,
            BATCH_SIZE,
            EPOCHS,
            np.random.default_rng(seed),
            DECAY,
        )
        seconds += time.perf_counter() - start
        accuracies.append(lab["accuracy"](parameters, test_x, test_y))
        print(f"seed {seed}: {accuracies[-1]:.2%} of the test images")
    mean, spread = fmean(accuracies), stdev(accuracies)
    print(f"mean of {len(accuracies)} seeds: {mean:.2%}, standard deviation {spread:.2%}")
    return [
        {"name": "lab4_test_accuracy", "value": mean, "target": TARGET, "seconds": seconds},
        {"name": "lab4_test_accuracy_std", "value": spread, "target": None, "seconds": seconds},
    ]


if __name__ == "__main__":
    print(json.dumps(reproduce(), indent=2))
