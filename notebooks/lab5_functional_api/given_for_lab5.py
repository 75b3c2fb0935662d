"""What Lab 5 takes from Lab 3, as worked out there, and a small training to repeat."""

from collections.abc import Callable

import numpy as np


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
    slopes = np.zeros(theta.shape)
    for k in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[k] = eps
        slopes[k] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return slopes


def keras_example() -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    """Make the training that Keras has done once: 8-16-3, twenty batches of 6 examples.

    Returns
    -------
    x : ndarray of float32, shape (120, 8)
    y : ndarray of float32, shape (120, 3)
        One-hot labels.
    parameters : list of (kernel, bias)
        With which both layers begin.
    """
    rng = np.random.default_rng(8)
    x = rng.normal(size=(120, 8)).astype(np.float32)
    labels = (x @ rng.normal(size=(8, 3))).argmax(axis=1)
    parameters = [
        (rng.normal(0, 0.4, shape).astype(np.float32), np.zeros(shape[1], np.float32))
        for shape in ((8, 16), (16, 3))
    ]
    return x, np.eye(3, dtype=np.float32)[labels], parameters
