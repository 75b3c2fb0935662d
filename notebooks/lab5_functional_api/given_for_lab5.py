"""What Lab 5 takes from Lab 3, as worked out there."""

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
        How far to go to either side.

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
