"""Read the files in which MNIST was published, and say what is wrong with others."""

import gzip
import math
import os
import struct
import zlib
from pathlib import Path

import numpy as np

SIDE = 28
MAGIC = {"images": 0x00000803, "labels": 0x00000801}

Arrays = tuple[np.ndarray, np.ndarray]


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
    images = read_idx(Path(images_path), "images").reshape(-1, SIDE * SIDE)
    labels = read_idx(Path(labels_path), "labels")
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


def read_idx(path: Path, kind: str) -> np.ndarray:
    """Return the bytes after an IDX file's header, once the header has been checked."""
    content = read_bytes(path)
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


def read_bytes(path: Path) -> bytes:
    """Return what a file holds, decompressed if it is compressed."""
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist; expected a file of MNIST. Check the path.")
    if not path.is_file():
        raise ValueError(
            f"{path} is {'a folder' if path.is_dir() else 'not an ordinary file'}; expected a file "
            "of MNIST. Give the path of the file itself."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(
            f"{path} cannot be read ({error.strerror}); expected a file of MNIST. Get yourself the "
            "permission, or replace it by a copy of yours."
        ) from error
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(
            f"{path} is damaged: it starts as a gzip file, but decompressing it found: {error}; "
            "expected a whole gzip file. Replace it by an undamaged copy."
        ) from error
