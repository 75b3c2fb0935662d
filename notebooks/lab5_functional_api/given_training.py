"""What training needs beside the framework: a progress bar, a diary, metrics, and alternatives."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from given_layers import Layer
from tqdm import tqdm


@dataclass
class History:
    """What `fit` returns: a diary of the training.

    Attributes
    ----------
    history : dict of list
        For each name, such as "loss" or "val_accuracy", one number per epoch.
    """

    history: dict[str, list[float]] = field(default_factory=dict)

    def append(self, values: dict[str, float]) -> None:
        """Write down one epoch's values."""
        for name, value in values.items():
            self.history.setdefault(name, []).append(float(value))


class Progress:
    """A line on the screen that grows with the batches of one epoch.

    Parameters
    ----------
    epoch, epochs : int
        Which epoch, counted from 1, of how many.
    steps : int
        Number of batches in it.
    verbose : int
        0 shows nothing.
    """

    def __init__(self, epoch: int, epochs: int, steps: int, verbose: int = 1) -> None:
        self._bar = tqdm(
            total=steps,
            desc=f"Epoch {epoch:{len(str(epochs))}}/{epochs}",
            bar_format="{desc} |{bar:20}| {n_fmt}/{total_fmt}{postfix}",
            file=sys.stdout,
            disable=not verbose,
        )

    def update(self, values: dict[str, float]) -> None:
        """Count one batch and show values, such as the mean loss so far."""
        self._bar.set_postfix_str(_in_words(values), refresh=False)
        self._bar.update()

    def close(self, values: dict[str, float]) -> None:
        """Show the epoch's values and go to the next line."""
        self._bar.set_postfix_str(_in_words(values))
        self._bar.close()


def _in_words(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in values.items())


def accuracy(y_true: np.ndarray, y_pred: np.ndarray) -> float:
    """Return the share of rows whose largest entry is in the same place in both arrays."""
    return float(np.mean(y_true.argmax(axis=1) == y_pred.argmax(axis=1)))


METRICS = {"accuracy": accuracy}


def take(x: np.ndarray | list[np.ndarray], rows: slice | np.ndarray) -> np.ndarray | list:
    """Take rows of x; of each of its arrays, if x is a list with one array per input."""
    return [part[rows] for part in x] if isinstance(x, list) else x[rows]


def n_rows(x: np.ndarray | list[np.ndarray]) -> int:
    """Return the number of examples in x."""
    return len(x[0]) if isinstance(x, list) else len(x)


class MeanSquaredError:
    """The mean of all squared differences: a loss for numbers rather than classes."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return float(np.mean((y_pred - y_true) ** 2))

    def gradient(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        return 2 * (y_pred - y_true) / y_pred.size


class Adam:
    """An optimiser that gives each parameter a step size of its own (Kingma and Ba, 2014)."""

    def __init__(
        self, learning_rate: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999
    ) -> None:
        self.learning_rate, self.beta_1, self.beta_2 = learning_rate, beta_1, beta_2
        self._steps = 0
        self._means: dict[tuple[Layer, str], tuple] = {}

    def apply(self, layers: Iterable[Layer]) -> None:
        self._steps += 1
        for layer in layers:
            for name in ("kernel", "bias") if hasattr(layer, "kernel") else ():
                slope = getattr(layer, f"grad_{name}")
                first, second = self._means.get((layer, name), (0.0, 0.0))
                first = self.beta_1 * first + (1 - self.beta_1) * slope
                second = self.beta_2 * second + (1 - self.beta_2) * slope**2
                self._means[layer, name] = first, second
                mean = first / (1 - self.beta_1**self._steps)
                spread = np.sqrt(second / (1 - self.beta_2**self._steps))
                step = self.learning_rate * mean / (spread + 1e-7)
                setattr(layer, name, getattr(layer, name) - step)
