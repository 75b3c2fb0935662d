"""The part of MNIST that comes with a package."""

import gzip
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from helpers import embedded
from helpers.data import load_data, load_mnist_split
from tests.support.folders import needs_mnist
from tests.support.small_mnist import read_independently


def test_embedded_digits_are_the_same_every_time() -> None:
    images, labels = embedded.embedded_digits()
    embedded.embedded_digits.cache_clear()
    again, labels_again = embedded.embedded_digits()
    assert again is not images
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, labels_again)


def test_the_callers_of_the_embedded_digits_share_them() -> None:
    assert embedded.embedded_digits()[0] is embedded.embedded_digits()[0]


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-9], lambda whole: whole[:12] + bytes(9) + whole[21:]]
)
def test_a_damaged_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage) -> None:
    path = tmp_path / "mnist_5k.csv.gz"
    path.write_bytes(damage(gzip.compress(b"0,1,2\n" * 5000)))

    class Installed:
        def locate_file(self, name: str) -> Path:
            return path

    monkeypatch.setattr(metadata, "distribution", lambda name: Installed())
    embedded.embedded_digits.cache_clear()
    with pytest.raises(ValueError, match="is damaged: it starts as a gzip file") as failure:
        embedded.embedded_digits()
    assert str(failure.value).startswith(str(path))


@needs_mnist
@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("load", [load_data, load_mnist_split])
def test_what_is_loaded_without_mnist_is_among_its_training_images_and_not_its_others(load) -> None:
    """Found byte for byte, each with its label."""

    def pairs(images: np.ndarray, labels: np.ndarray) -> set[bytes]:
        return {row.tobytes() for row in np.column_stack([images, labels])}

    def real(part: str) -> tuple[np.ndarray, np.ndarray]:
        images = read_independently(f"{part}-images-idx3-ubyte", 16)
        return images.reshape(-1, 784), read_independently(f"{part}-labels-idx1-ubyte", 8)

    train_x, train_y, test_x, test_y = load()
    pixels = 255 * np.hstack([train_x, test_x]).T
    images, labels = np.rint(pixels).astype(np.uint8), np.hstack([train_y, test_y])[0]
    ours = pairs(images, labels.astype(np.uint8))
    assert len(ours) == 5000
    assert ours <= pairs(*real("train"))
    pictures, others = ({image.tobytes() for image in part} for part in (images, real("t10k")[0]))
    assert not pictures & others
