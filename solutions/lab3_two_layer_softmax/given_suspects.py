"""Planted bugs for Lab 3: each function takes a right `backward_prop` and returns a suspect one.

None of them computes a gradient. They call the function that they were given, with what they
should not call it with, or spoil what it returns. One of them does neither.

Do not read on before you have hunted them.
"""

from collections.abc import Callable

import numpy as np

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
BackwardProp = Callable[..., Gradients]


def transposed(backward_prop: BackwardProp) -> BackwardProp:
    """Use W2 where the transpose of W2 belongs. Runs only if W2 is square."""

    def suspect(Z1, A1, Z2, A2, W1, W2, X, Y):
        return backward_prop(Z1, A1, Z2, A2, W1, W2.T, X, Y)

    return suspect


def suspect_a(backward_prop: BackwardProp) -> BackwardProp:
    """Take Z1, from before the ReLU, for A1 in the gradient of W2."""

    def suspect(Z1, A1, Z2, A2, W1, W2, X, Y):
        dW1, db1, _, db2 = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        _, _, wrong_dW2, _ = backward_prop(Z1, Z1, Z2, A2, W1, W2, X, Y)
        return dW1, db1, wrong_dW2, db2

    return suspect


def suspect_b(backward_prop: BackwardProp) -> BackwardProp:
    """Take the examples in the reverse order. Means do not mind: this one is innocent."""

    def suspect(Z1, A1, Z2, A2, W1, W2, X, Y):
        Z1, A1, Z2, A2, X, Y = (columns[:, ::-1] for columns in (Z1, A1, Z2, A2, X, Y))
        return backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)

    return suspect


def suspect_c(backward_prop: BackwardProp) -> BackwardProp:
    """Give all hidden units the same gradient of the bias: a mean that ran over units, too."""

    def suspect(Z1, A1, Z2, A2, W1, W2, X, Y):
        dW1, db1, dW2, db2 = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        return dW1, np.full_like(db1, db1.mean()), dW2, db2

    return suspect


def suspect_d(backward_prop: BackwardProp) -> BackwardProp:
    """Forget ReLU's derivative: pretend that every hidden unit was above 0."""

    def suspect(Z1, A1, Z2, A2, W1, W2, X, Y):
        _, _, dW2, db2 = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        positive = np.ones_like(Z1)
        wrong_dW1, wrong_db1, _, _ = backward_prop(positive, positive, Z2, A2, W1, W2, X, Y)
        return wrong_dW1, wrong_db1, dW2, db2

    return suspect


SUSPECTS = {"A": suspect_a, "B": suspect_b, "C": suspect_c, "D": suspect_d}
