"""Fetch the four files of MNIST, each from the first mirror that sends it unharmed."""

import errno
import hashlib
import os
import socket
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import getproxies

import wget
from platformdirs import user_cache_path

NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/{name}.gz",
    "https://storage.googleapis.com/cvdf-datasets/mnist/{name}.gz",
    "https://raw.githubusercontent.com/fgnt/mnist/master/{name}.gz",
    # Uncompressed, and the two training files alone.
    "https://dru.fra1.digitaloceanspaces.com/DS_Fundamentals/datasets/"
    "04_supervised_learning/Neural_Network/{name}",
)
SHA256 = {
    "train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
FULL = (errno.ENOSPC, errno.EDQUOT)
TIMEOUT = 5.0
BAR_WIDTH = 50
INSTEAD = (
    "set MNIST_DIR to a folder that holds the four files of MNIST, or set DIGITS_DATASET=embedded "
    "to go on with 5,000 of its pictures."
)


class DownloadError(OSError):
    """MNIST could not be downloaded; the message says what was tried and what to do.

    Parameters
    ----------
    tried : str
        What was tried, and what came of it: a sentence.
    remedy : str
        What would let it be downloaded: the beginning of a sentence.
    """

    def __init__(self, tried: str, remedy: str) -> None:
        super().__init__(f"{tried} {remedy} and run this again, or {INSTEAD}")
        self.tried, self.remedy = tried, remedy


def fetch_mnist(
    folder: str | os.PathLike[str] | None = None,
    mirrors: Sequence[str] = MIRRORS,
    timeout: float = TIMEOUT,
) -> dict[str, Path]:
    """Return where the four files of MNIST lie, after downloading those that are missing.

    A file takes its name only after its SHA-256 has been checked, and a stored file that no
    longer has the right one is downloaded again. The first file that no mirror sends ends the
    attempt, so that a machine without a connection is not kept waiting for the others.

    Parameters
    ----------
    folder : path, optional
        Where the files are kept; the user's cache folder by default.
    mirrors : sequence of str
        Addresses, tried in this order, with ``{name}`` where a file's name belongs.
    timeout : float
        Seconds that a mirror may stay silent before the next one is tried.

    Returns
    -------
    dict of str to Path
        The path of each file, plain or gzip-compressed, by its name in `NAMES`.

    Raises
    ------
    DownloadError
        If a file could be had from no mirror, or the folder cannot be written to.
    """
    folder = Path(folder or user_cache_path("digits-from-scratch"))
    files = {name: path for name in NAMES if (path := _stored(folder, name))}
    if len(files) < len(NAMES):
        queue = deque(mirrors)
        with _scratch_folder(folder) as scratch, _socket_timeout(timeout):
            for name in NAMES:
                files[name] = files.get(name) or _fetch(name, folder, queue, scratch)
    return files


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content, as `SHA256` has it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _stored(folder: Path, name: str) -> Path | None:
    """Return the undamaged copy of a file in the folder, or None."""
    for path in (folder / f"{name}.gz", folder / name):
        with suppress(OSError):  # what may not be looked at is not there
            if path.is_file() and sha256_of(path) == SHA256[path.name]:
                return path
    return None


def _scratch_folder(folder: Path) -> tempfile.TemporaryDirectory:
    """Make a folder for half-done files, unique to this download and on the same file system."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(prefix=".download-", dir=folder)
    except OSError as error:
        raise _not_stored(folder, error) from error


def _not_stored(folder: Path, error: OSError) -> DownloadError:
    return DownloadError(
        f"MNIST could not be downloaded: the cache folder {folder} cannot be written to "
        f"({error.strerror}).",
        "Make room in it" if error.errno in FULL else "Make it writable",
    )


def _is_ours(error: Exception) -> bool:
    """Whether an error is that of a file of ours, not of a mirror or a proxy."""
    if not isinstance(error, OSError) or isinstance(error, URLError):
        return False
    return error.filename is not None or error.errno in FULL


@contextmanager
def _socket_timeout(seconds: float) -> Iterator[None]:
    """Limit how long any new socket waits: wget has no time-out of its own."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _fetch(name: str, folder: Path, mirrors: deque[str], scratch: str) -> Path:
    """Download one file from the first mirror that has it; those that failed go to the back."""
    failures = []
    for _ in range(len(mirrors)):
        url = mirrors[0].format(name=name)
        host = urlsplit(url).netloc
        try:
            return _download(url, folder, scratch)
        except Exception as error:  # whatever urllib, http and ssl make of a mirror or a proxy
            if _is_ours(error):
                raise _not_stored(folder, error) from error
            reason = str(error).removeprefix("<urlopen error ").removesuffix(">")
            reason = " ".join(reason.split()) or type(error).__name__
            if isinstance(error, HTTPError):
                error.close()  # it holds the connection
            print("\r" + f"  failed: {reason}".ljust(BAR_WIDTH))
            failures.append(f"{host}: {reason}")
            mirrors.rotate(-1)
    raise DownloadError(
        f"MNIST could not be downloaded: none of {len(failures)} mirrors sent {name} "
        f"({'; '.join(failures)}).",
        "Connect to the internet"
        + (" (is the proxy in https_proxy right?)" if "https" in getproxies() else ""),
    )


def _download(url: str, folder: Path, scratch: str) -> Path:
    """Download one address, and move the file to its place if it is what it should be."""
    target = folder / url.rsplit("/", 1)[-1]
    print(f"Downloading {target.name} from {urlsplit(url).netloc}")
    part = Path(tempfile.mkdtemp(dir=scratch), target.name)
    # A bare file name would put wget's temporary file in the working directory; a path does not.
    wget.download(url, out=str(part), bar=_progress_bar())
    print()
    found, expected = sha256_of(part), SHA256[target.name]
    if found != expected:
        raise ValueError(f"sent another file (SHA-256 {found[:8]}..., expected {expected[:8]}...)")
    os.replace(part, target)
    return target


def _progress_bar() -> Callable[[int, int, int], str]:
    """Return what wget draws: a bar of fixed width, as a notebook is 0 columns wide to wget."""
    drawn = ""

    def draw(current: int, total: int, width: int) -> str:
        nonlocal drawn
        if total <= 0:
            return ""
        bar = wget.bar_thermometer(current, total, BAR_WIDTH - len("100% "))
        # Most blocks change nothing to see, and a notebook would store a line for every one.
        if bar == drawn:
            return ""
        drawn = bar
        return f"{100 * current // total:3d}% {bar}"

    return draw
