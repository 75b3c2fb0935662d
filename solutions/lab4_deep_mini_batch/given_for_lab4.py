"""What Lab 4 takes from Labs 1 and 3, as worked out there, and the bar that shows its training."""

import sys
from collections.abc import Callable

import numpy as np
from tqdm import tqdm


def one_hot(Y: np.ndarray, n_classes: int) -> np.ndarray:
    """Turn labels into columns with a single 1.

    Parameters
    ----------
    Y : ndarray of int, shape (1, m)
        Labels from 0 to n_classes - 1.
    n_classes : int
        Number of classes, whether or not all of them occur in Y.

    Returns
    -------
    ndarray of float, shape (n_classes, m)
        Column i has a 1 in row Y[0, i] and 0 elsewhere.
    """
    # 1. Think of the classes 0, 1, 2, … as a column of shape (n_classes, 1).
    # 2. Compare it with the row of labels. What is the shape of the outcome?
    # 3. Turn True and False into 1.0 and 0.0.
    classes = np.arange(n_classes).reshape(n_classes, 1)
    return (classes == Y).astype(float)


def relu(Z: np.ndarray) -> np.ndarray:
    """Replace every negative entry by 0.

    Parameters
    ----------
    Z : ndarray, shape (n, m)
        Not changed.

    Returns
    -------
    ndarray, shape (n, m)
    """
    return np.maximum(Z, 0)


def softmax(Z: np.ndarray) -> np.ndarray:
    """Turn each column of scores into probabilities.

    Parameters
    ----------
    Z : ndarray, shape (n_classes, m)
        Scores, up to 1000 in absolute value. Not changed.

    Returns
    -------
    ndarray, shape (n_classes, m)
        Probabilities; every column adds up to 1.
    """
    # 1. Shift every column so that its largest score is 0.
    # 2. Exponentiate.
    # 3. Divide every column by its own sum.
    exponentials = np.exp(Z - Z.max(axis=0, keepdims=True))
    return exponentials / exponentials.sum(axis=0, keepdims=True)


def numerical_gradient(
    f: Callable[[np.ndarray], float], theta: np.ndarray, eps: float = 1e-6
) -> np.ndarray:
    """Measure the gradient of a function by centred differences.

    Parameters
    ----------
    f : callable
        Takes an array in the shape of theta and returns a number.
    theta : ndarray of float, any shape
        Where to measure. When you return, it holds what it held before.
    eps : float
        How far to go to either side. Whoever calls the function chooses it.

    Returns
    -------
    ndarray, in the shape of theta
    """
    # 1. Make an array for the result.
    # 2. For each index of theta (np.ndindex(theta.shape) runs through them all):
    #    compute f a little above and a little below, with all other entries in their places.
    slopes = np.zeros(theta.shape)
    for k in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[k] = eps
        slopes[k] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return slopes


def progress_bar(epochs: int) -> tqdm:
    """Count epochs, and show a bar while they last.

    Use it as you would use ``range(epochs)``; what you give to its method ``set_postfix_str`` is
    shown beside the bar.

    Parameters
    ----------
    epochs : int
        How many there will be.

    Returns
    -------
    tqdm
    """
    # No clock in it: a notebook that is run again should show the same.
    return _Bar(range(epochs), file=sys.stdout, ncols=90, mininterval=0, bar_format=_BAR)


class _Bar(tqdm):
    """Is drawn once an epoch, when that is counted."""

    def set_postfix_str(self, s: str = "", refresh: bool = False) -> None:
        self.set_description_str(s, refresh)  # what tqdm calls a postfix begins with a comma


_BAR = "epoch {n_fmt}/{total_fmt} |{bar}| {desc}"
tqdm.monitor_interval = 0  # no thread beside the training
