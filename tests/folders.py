"""Where MNIST and handwriting of others lie, for the tests that use them where they are."""

import os
from pathlib import Path

import pytest

_DATA = Path(__file__).parents[2] / "shared" / "data"
MNIST = Path(os.environ.get("MNIST_DIR") or _DATA / "mnist")
OWN_DIGITS = Path(os.environ.get("OWN_DIGITS") or _DATA / "own_digits")

needs_mnist = pytest.mark.skipif(not MNIST.is_dir(), reason="MNIST is not here")
needs_own_digits = pytest.mark.skipif(not OWN_DIGITS.is_dir(), reason="no handwriting is here")
