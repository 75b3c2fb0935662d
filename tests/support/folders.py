"""Where MNIST and handwriting of others lie, for the tests that use them where they are."""

import os
from pathlib import Path

import pytest

MNIST = Path(os.environ.get("MNIST_DIR") or "no MNIST_DIR")
OWN_DIGITS = Path(os.environ.get("OWN_DIGITS") or "no OWN_DIGITS")

needs_mnist = pytest.mark.skipif(not MNIST.is_dir(), reason="MNIST_DIR names no folder with MNIST")
needs_own_digits = pytest.mark.skipif(
    not OWN_DIGITS.is_dir(), reason="OWN_DIGITS names no folder with handwriting of others"
)
