"""What this lab is given of Lab 1, worked out, so that it stands on nothing but itself."""

import numpy as np


class Sigmoid:
    """The sigmoid function, and its derivative."""

    def __call__(self, z: float | np.ndarray) -> float | np.ndarray:
        """Compute 1 / (1 + e^-z), entry by entry.

        Parameters
        ----------
        z : number or ndarray of any shape and numeric dtype
            Not changed.

        Returns
        -------
        float or ndarray
            Values from 0 to 1, in the shape of z.
        """
        z = 1.0 * np.asarray(z)  # bytes, for one, have no minus sign
        with np.errstate(over="ignore"):  # e^800 becomes infinity, and 1/∞ is 0, as it should be
            return 1 / (1 + np.exp(-z))

    def prime(self, z: float | np.ndarray) -> float | np.ndarray:
        """Compute the derivative of the sigmoid at z.

        Parameters
        ----------
        z : number or ndarray of any shape and numeric dtype
            The argument of the sigmoid, not its value. Not changed.

        Returns
        -------
        float or ndarray
            Values from 0 to 1/4, in the shape of z.
        """
        s = self(z)
        return s * (1 - s)


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
    classes = np.arange(n_classes).reshape(n_classes, 1)
    return (classes == Y).astype(float)


def compute_cost(A2: np.ndarray, Y: np.ndarray) -> float:
    """Compute the binary cross-entropy, summed over classes, averaged over examples.

    Parameters
    ----------
    A2 : ndarray of float, shape (n_classes, m)
        Predictions from 0 to 1, both included: what the last layer, in Lab 2 the second, answers.
        Not changed.
    Y : ndarray, shape (n_classes, m)
        One-hot labels. Not changed.

    Returns
    -------
    float
        The cost; finite even where A2 is exactly 0 or 1.
    """
    m = Y.shape[1]
    tiny = 1e-12
    A = np.clip(A2.astype(np.float64), tiny, 1 - tiny)  # in float32, 1 - tiny would round to 1
    terms = Y * np.log(A) + (1 - Y) * np.log(1 - A)
    return float(-np.sum(terms) / m)


class Regularization:
    """L1 and L2 penalties on the weights of a two-layer network.

    Parameters
    ----------
    lambda_1, lambda_2 : float
        Strength of the L1 and of the L2 penalty.
    """

    def __init__(self, lambda_1: float, lambda_2: float) -> None:
        self.lambda_1 = lambda_1
        self.lambda_2 = lambda_2

    def l1(self, W1: np.ndarray, W2: np.ndarray, m: int) -> float:
        """Compute the L1 penalty: lambda_1 / m times the sum of all absolute values.

        Parameters
        ----------
        W1, W2 : ndarray of any two shapes
            Weights of the two layers.
        m : int
            Number of examples.
        """
        return self.lambda_1 / m * (np.sum(np.abs(W1)) + np.sum(np.abs(W2)))

    def l1_grad(self, W1: np.ndarray, W2: np.ndarray, m: int) -> dict[str, np.ndarray]:
        """Compute the derivatives of the L1 penalty, {"dW1": like W1, "dW2": like W2}."""
        return {
            "dW1": self.lambda_1 / m * np.sign(W1),
            "dW2": self.lambda_1 / m * np.sign(W2),
        }

    def l2(self, W1: np.ndarray, W2: np.ndarray, m: int) -> float:
        """Compute the L2 penalty: lambda_2 / (2 m) times the sum of all squares.

        Parameters
        ----------
        W1, W2 : ndarray of any two shapes
            Weights of the two layers.
        m : int
            Number of examples.
        """
        return self.lambda_2 / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))

    def l2_grad(self, W1: np.ndarray, W2: np.ndarray, m: int) -> dict[str, np.ndarray]:
        """Compute the derivatives of the L2 penalty, {"dW1": like W1, "dW2": like W2}."""
        return {
            "dW1": self.lambda_2 / m * W1,
            "dW2": self.lambda_2 / m * W2,
        }
