"""Reading the files in which MNIST was published, whole and damaged."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from helpers import idx
from tests.support.folders import MNIST, needs_mnist
from tests.support.small_mnist import (
    IMAGES,
    IMAGES_FILE,
    LABELS,
    LABELS_FILE,
    idx_images,
    idx_labels,
    read_independently,
    same,
)


@pytest.fixture(params=[same, gzip.compress], ids=["plain", "gz"])
def pack(request: pytest.FixtureRequest) -> Callable[[bytes], bytes]:
    return request.param


# read_mnist: what is right


@pytest.mark.parametrize("end", ["", ".gz"])
def test_read_mnist(tmp_path: Path, pack: Callable[[bytes], bytes], end: str) -> None:
    """Compression is seen from the content, whatever the names say."""
    images_path, labels_path = tmp_path / f"images{end}", tmp_path / f"labels{end}"
    images_path.write_bytes(pack(IMAGES_FILE))
    labels_path.write_bytes(pack(LABELS_FILE))
    images, labels = idx.read_mnist(str(images_path), labels_path)
    assert images.shape == (7, 784)
    assert labels.shape == (7,)
    assert images.dtype == labels.dtype == np.uint8
    assert images.flags.writeable
    assert labels.flags.writeable
    np.testing.assert_array_equal(images[4].reshape(28, 28), IMAGES[4])
    np.testing.assert_array_equal(images.ravel(), IMAGES.ravel())
    np.testing.assert_array_equal(labels, LABELS)


# read_mnist: one fault at a time

IMAGES_FAULTS = {
    "empty": (b"", "holds 0 bytes", "16 of the header"),
    "part of the header": (IMAGES_FILE[:15], "holds 15 bytes", "16 of the header"),
    "magic": (idx_images(IMAGES, magic=0x802), "0x00000802", "expected 0x00000803"),
    "magic of labels": (LABELS_FILE + bytes(9), "0x00000801", "Swap the two paths"),
    "bytes swapped": (idx_images(IMAGES, magic=0x03080000), "0x03080000", "0x00000803"),
    "rows": (idx_images(IMAGES, rows=27), "27 x 28 pixels", "expected 28 x 28"),
    "columns": (idx_images(IMAGES, columns=32), "28 x 32 pixels", "expected 28 x 28"),
    "other size": (
        idx_images(IMAGES[:, :8, :9], rows=8, columns=9),
        "8 x 9 pixels",
        "expected 28 x 28",
    ),
    "count too high": (idx_images(IMAGES, count=8), "5,488 bytes", "expected 6,272 for the 8"),
    "count too low": (idx_images(IMAGES, count=6), "5,488 bytes", "expected 4,704 for the 6"),
    "count enormous": (idx_images(IMAGES, count=2**32 - 1), "5,488 bytes", "4,294,967,295 images"),
    "cut short": (IMAGES_FILE[:-1], "cut short: 5,487 bytes", "expected 5,488"),
    "header alone": (IMAGES_FILE[:16], "cut short: 0 bytes", "expected 5,488"),
    "too long": (IMAGES_FILE + b"\0", "too long: 5,489 bytes", "expected 5,488"),
}
LABELS_FAULTS = {
    "empty": (b"", "holds 0 bytes", "8 of the header"),
    "part of the header": (LABELS_FILE[:7], "holds 7 bytes", "8 of the header"),
    "magic": (idx_labels(LABELS, magic=0x1801), "0x00001801", "expected 0x00000801"),
    "magic of images": (IMAGES_FILE, "0x00000803", "Swap the two paths"),
    "count too high": (idx_labels(LABELS, count=9), "7 bytes", "expected 9 for the 9"),
    "count too low": (idx_labels(LABELS, count=5), "7 bytes", "expected 5 for the 5"),
    "cut short": (LABELS_FILE[:-1], "cut short: 6 bytes", "expected 7"),
    "too long": (LABELS_FILE + b"\0\0", "too long: 9 bytes", "expected 7"),
    "label 10": (idx_labels(LABELS + np.uint8(1)), "label 10 at position 2", "expected 0 to 9"),
    "label 255": (idx_labels(LABELS - np.uint8(1)), "label 255 at position 1", "expected 0 to 9"),
}
FAULTS = [
    pytest.param(kind, *fault, id=f"{kind}-{name}")
    for kind, faults in (("images", IMAGES_FAULTS), ("labels", LABELS_FAULTS))
    for name, fault in faults.items()
]


def write_pair(folder: Path, **contents: bytes) -> dict[str, Path]:
    paths = {}
    for kind, content in ({"images": IMAGES_FILE, "labels": LABELS_FILE} | contents).items():
        paths[kind] = folder / f"some {kind}"
        paths[kind].write_bytes(content)
    return paths


def message_of_reading(paths: dict[str, Path], error: type[Exception] = ValueError) -> str:
    with pytest.raises(error) as failure:
        idx.read_mnist(paths["images"], paths["labels"])
    assert type(failure.value) is error
    return str(failure.value)


@pytest.mark.parametrize(("kind", "content", "found", "expected"), FAULTS)
def test_fault_in_content(
    tmp_path: Path,
    pack: Callable[[bytes], bytes],
    kind: str,
    content: bytes,
    found: str,
    expected: str,
) -> None:
    paths = write_pair(tmp_path, **{kind: pack(content)})
    message = message_of_reading(paths)
    assert message.startswith(str(paths[kind]))
    assert found in message
    assert expected in message
    assert message.endswith(".")


@pytest.mark.parametrize("kind", ["images", "labels"])
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda whole: whole[:2], id="two bytes"),
        pytest.param(lambda whole: whole[:-1], id="cut by one"),
        pytest.param(lambda whole: whole[: len(whole) // 2], id="half"),
        pytest.param(lambda whole: whole + b"junk", id="junk after it"),
        pytest.param(lambda whole: whole[:-8] + bytes(4) + whole[-4:], id="checksum"),
        pytest.param(lambda whole: whole[:10] + b"\xff" * 8 + whole[18:], id="stream"),
        pytest.param(lambda whole: whole[:2] + b"\x07" + whole[3:], id="method"),
    ],
)
def test_damaged_gzip(tmp_path: Path, kind: str, damage: Callable[[bytes], bytes]) -> None:
    whole = gzip.compress({"images": IMAGES_FILE, "labels": LABELS_FILE}[kind])
    paths = write_pair(tmp_path, **{kind: damage(whole)})
    message = message_of_reading(paths)
    assert message.startswith(f"{paths[kind]} is damaged")
    assert "expected a whole gzip file" in message


def test_lengths_differ(tmp_path: Path) -> None:
    paths = write_pair(tmp_path, labels=idx_labels(LABELS[:5]))
    message = message_of_reading(paths)
    for part in (str(paths["images"]), "7 images", str(paths["labels"]), "5 labels", "expected"):
        assert part in message


@pytest.mark.parametrize("kind", ["images", "labels"])
def test_missing_file(tmp_path: Path, kind: str) -> None:
    paths = write_pair(tmp_path)
    paths[kind].unlink()
    message = message_of_reading(paths, FileNotFoundError)
    assert message.startswith(f"{paths[kind]} does not exist; expected")


@pytest.mark.parametrize("kind", ["images", "labels"])
def test_folder_for_a_file(tmp_path: Path, kind: str) -> None:
    paths = write_pair(tmp_path) | {kind: tmp_path}
    assert message_of_reading(paths).startswith(f"{tmp_path} is a folder; expected")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """As the memory of a process, of which no reading begins at 0, not even root's."""
    paths = write_pair(tmp_path) | {"labels": Path("/proc/self/mem")}
    message = message_of_reading(paths)
    assert message.startswith("/proc/self/mem cannot be read (Input/output error); expected a file")


MNIST_CLASSES = {
    "train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "t10k": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}


@needs_mnist
@pytest.mark.parametrize(("part", "classes"), MNIST_CLASSES.items())
def test_read_real_mnist(part: str, classes: list[int]) -> None:
    images, labels = idx.read_mnist(
        MNIST / f"{part}-images-idx3-ubyte.gz", MNIST / f"{part}-labels-idx1-ubyte.gz"
    )
    assert images.shape == (sum(classes), 784)
    assert np.bincount(labels).tolist() == classes
    np.testing.assert_array_equal(
        images.ravel(), read_independently(f"{part}-images-idx3-ubyte", 16)
    )
