"""Data sets of a few pictures, as files like MNIST's; and MNIST's files, read in another way."""

from __future__ import annotations

import gzip
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers import data, sources
from helpers.download import NAMES, DownloadError
from tests.support.folders import MNIST


def idx_images(images: np.ndarray, magic: int = 0x803, **header: int) -> bytes:
    shape = {"count": len(images), "rows": 28, "columns": 28} | header
    return struct.pack(">4I", magic, *shape.values()) + images.tobytes()


def idx_labels(labels: np.ndarray, magic: int = 0x801, **header: int) -> bytes:
    return struct.pack(">2I", magic, *({"count": len(labels)} | header).values()) + labels.tobytes()


RNG = np.random.default_rng(5)
IMAGES = RNG.integers(0, 256, (7, 28, 28), dtype=np.uint8)
LABELS = np.array([3, 0, 9, 9, 1, 4, 7], dtype=np.uint8)
IMAGES_FILE, LABELS_FILE = idx_images(IMAGES), idx_labels(LABELS)


def same(content: bytes) -> bytes:
    return content


def dotted(name: str) -> str:
    return name.replace("-idx", ".idx")


def small_files(images: np.ndarray) -> tuple[bytes, ...]:
    """Return what the four files of a small data set hold."""
    return idx_images(images), LABELS_FILE, idx_images(images[:3]), idx_labels(LABELS[:3])


def write_mnist(
    folder: Path,
    spell: Callable[[str], str] = same,
    pack: Callable[[bytes], bytes] = same,
    images: np.ndarray = IMAGES,
) -> dict[str, Path]:
    paths = {name: folder / spell(name) for name in NAMES}
    for path, content in zip(paths.values(), small_files(images), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pack(content))
    return paths


def count_as_mnist(patch: pytest.MonkeyPatch) -> None:
    """Let the small data set pass for MNIST."""
    patch.setattr(data, "MNIST_COUNTS", {"train": 7, "t10k": 3})
    patch.setattr(data, "LOAD_DATA_TRAIN", 2)
    contents = dict(zip(NAMES, small_files(IMAGES), strict=True))
    contents |= {f"{name}.gz": b"as packed by its makers" for name in NAMES}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    patch.setattr(sources, "SHA256", sums)


def forget() -> None:
    """Forget what this process has found, as a new one would."""
    for remembered in (sources.mnist_files, sources.unlike_mnist, sources.say_whether_mnist):
        remembered.cache_clear()


def fail_to_fetch(calls: list[None]) -> Callable[[], None]:
    def fetch() -> None:
        calls.append(None)
        raise DownloadError("No mirror answered.", "Connect to the internet")

    return fetch


def read_independently(name: str, header: int) -> np.ndarray:
    content = gzip.decompress((MNIST / f"{name}.gz").read_bytes())
    return np.frombuffer(content, np.uint8)[header:]
