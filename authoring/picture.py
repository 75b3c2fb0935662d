"""Draw the README's picture: the neuron that Lab 1 ends with, and its answers to unseen digits."""

from __future__ import annotations

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from grader_tests.reference import load
from helpers.data import load_data

TARGET = Path(__file__).resolve().parent.parent / "docs" / "neuron.png"


def main() -> None:
    """Train as the lab does, on whatever digits are at hand, and draw."""
    lab = load("lab1_helper_utilities")
    sigmoid = lab["Sigmoid"]()
    x, y, unseen, labels = load_data()
    w, b = np.zeros((1, len(x)), dtype=np.float32), 0.0
    for _ in range(200):
        dZ = (sigmoid(w @ x + b) - (y == 0)).astype(np.float32)
        w, b = w - 0.5 * dZ @ x.T / y.size, b - 0.5 * dZ.mean()

    shown = [int(np.flatnonzero(labels[0] == digit)[0]) for digit in range(10)]
    answers = sigmoid(w @ unseen[:, shown] + b)[0]
    fig = plt.figure(figsize=(10, 2.4), layout="constrained")
    weights, row = fig.subfigures(1, 2, width_ratios=[1.1, 4])
    ax = weights.subplots()
    limit = np.abs(w).max()
    ax.imshow(w.reshape(28, 28), cmap="RdBu_r", vmin=-limit, vmax=limit)
    ax.set_title("784 weights", fontsize=10)
    ax.axis("off")
    for ax, column, answer in zip(row.subplots(2, 5).flat, shown, answers, strict=True):
        ax.imshow(unseen[:, column].reshape(28, 28), cmap="gray")
        ax.set_title(f"a zero? {answer:.0%}", fontsize=9)
        ax.axis("off")
    fig.savefig(TARGET, dpi=110)
    print(f"Drawn: {TARGET}")


if __name__ == "__main__":
    main()
