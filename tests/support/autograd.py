"""Gradients by automatic differentiation, as an independent truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


def gradients(
    cost: Callable[[Any, dict[str, Any]], Any], parameters: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the gradient of `cost(jax, parameters)` at each parameter, in float64.

    Skips the test where JAX is not installed.
    """
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        found = jax.grad(lambda theta: cost(jax, theta))(parameters)
        return {name: np.asarray(gradient) for name, gradient in found.items()}


def cross_entropy(jax: Any, scores: Any, Y: np.ndarray) -> Any:
    """Return the mean cost of scores, a column for each example, before the softmax."""
    return -(Y * jax.nn.log_softmax(scores, axis=0)).sum() / Y.shape[1]
