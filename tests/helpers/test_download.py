"""Downloading MNIST, from servers on this machine that behave well and badly."""

import errno
import gzip
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError

import pytest

from autograder.files import HOME
from helpers import data, download
from helpers.download import NAMES, DownloadError, fetch_mnist
from tests.support import small_mnist

pytestmark = pytest.mark.filterwarnings("error")

ROOT = HOME
PLAIN = {name: (name.encode() * 4000)[: 50_000 + at] for at, name in enumerate(NAMES)}
FILES = PLAIN | {f"{name}.gz": gzip.compress(plain, 1) for name, plain in PLAIN.items()}
WRONG = b"<html>Log in first</html>"
SUMS = {name: hashlib.sha256(content).hexdigest() for name, content in FILES.items()}


class Mirrors(ThreadingHTTPServer):
    """A server whose folders are mirrors, each with its own way to answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.requests: list[str] = []
        self.halfway: Callable[[], None] = lambda: None
        self.closing = threading.Event()

    def mirror(self, behaviour: str) -> str:
        suffix = "" if behaviour == "plain" else ".gz"
        return f"http://127.0.0.1:{self.server_port}/{behaviour}/{{name}}{suffix}"


class Answer(BaseHTTPRequestHandler):
    server: Mirrors

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        _, behaviour, name = self.path.split("/")
        if behaviour == "silent":
            self.server.closing.wait(30)
        elif behaviour == "missing" or (behaviour == "first" and NAMES[0] not in name):
            self.send_error(404)
        else:
            content = FILES[name] if behaviour != "wrong" else WRONG
            middle = len(content) // 2
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:middle])
            self.wfile.flush()
            self.server.halfway()
            if behaviour != "half":
                self.wfile.write(content[middle:])

    def log_message(self, *args: object) -> None:
        """Keep stderr empty."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirrors]:
    monkeypatch.setattr(download, "SHA256", SUMS)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Mirrors() as mirrors:
        # A short poll, because shutting down waits for it.
        threading.Thread(target=mirrors.serve_forever, args=(0.01,), daemon=True).start()
        yield mirrors
        mirrors.closing.set()
        mirrors.shutdown()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "user cache" / "digits"


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in the folder; fails on a folder left behind, which cannot be read as a file."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


COMPRESSED = {f"{name}.gz": FILES[f"{name}.gz"] for name in NAMES}


def test_four_files_are_downloaded_and_then_kept(
    server: Mirrors, cache: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = fetch_mnist(cache, [server.mirror("good")])
    assert contents(cache) == COMPRESSED
    assert paths == {name: cache / f"{name}.gz" for name in NAMES}
    assert len(server.requests) == 4
    out, err = capfd.readouterr()
    assert err == ""
    for name in NAMES:
        assert f"Downloading {name}.gz from 127.0.0.1:{server.server_port}\n" in out
    assert out.count("\r100% [") == 4

    assert fetch_mnist(cache, [server.mirror("good")]) == paths
    assert len(server.requests) == 4
    assert capfd.readouterr() == ("", "")


def test_uncompressed_mirror(server: Mirrors, cache: Path) -> None:
    paths = fetch_mnist(cache, [server.mirror("plain")])
    assert contents(cache) == PLAIN
    assert paths == {name: cache / name for name in NAMES}


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("missing", "HTTP Error 404: Not Found"),
        ("half", "retrieval incomplete: got only"),
        (
            "wrong",
            f"sent another file (SHA-256 {hashlib.sha256(WRONG).hexdigest()[:8]}",
        ),
        ("silent", "timed out"),
    ],
)
def test_bad_mirror_is_passed_over(
    server: Mirrors,
    cache: Path,
    capfd: pytest.CaptureFixture[str],
    behaviour: str,
    reason: str,
) -> None:
    fetch_mnist(cache, [server.mirror(behaviour), server.mirror("good")], timeout=0.5)
    assert contents(cache) == COMPRESSED
    out, err = capfd.readouterr()
    assert f"failed: {reason}" in out
    assert err == ""
    # What failed once is not asked again while another mirror answers.
    asked = [path.split("/")[1] for path in server.requests]
    assert asked == [behaviour, "good", "good", "good", "good"]


def test_all_mirrors_fail(server: Mirrors, cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    behaviours = ("missing", "half", "wrong", "silent")
    with pytest.raises(DownloadError) as failure:
        fetch_mnist(cache, [server.mirror(behaviour) for behaviour in behaviours], timeout=0.5)
    message = str(failure.value)
    assert message.count(f"127.0.0.1:{server.server_port}: ") == 4
    for part in (NAMES[0], "404", "got only", "another file", "timed out", "MNIST_DIR", "embedded"):
        assert part in message
    # The other three files are not asked for.
    assert server.requests == [f"/{behaviour}/{NAMES[0]}.gz" for behaviour in behaviours]
    assert contents(cache) == {}
    assert capfd.readouterr().err == ""


def test_no_connection(
    cache: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    mirrors = [f"http://127.0.0.1:{port}/{at}/{{name}}.gz" for at in range(3)]
    with pytest.raises(DownloadError) as failure:
        fetch_mnist(cache, mirrors)
    for part in ("none of 3 mirrors sent train-images", "Connect to the internet and run this"):
        assert part in str(failure.value)
    out, err = capfd.readouterr()
    assert out.count("Downloading") == out.count("failed: [Errno") == 3
    assert err == ""
    assert contents(cache) == {}


PROXIES = {
    "an empty label": "http://.proxy:80",
    "a label of 70 letters": f"http://{'p' * 70}.example:80",
    "a port that is none": "http://127.0.0.1:port",
    "a port too large": "http://127.0.0.1:99999",
    "no scheme that is known": "nonsense://127.0.0.1:1",
    "a blank": "http://127.0.0.1 :1",
    "brackets": "http://[::1:1",
}


@pytest.mark.parametrize("proxy", PROXIES.values(), ids=PROXIES)
def test_a_proxy_that_makes_no_sense_is_a_failure_of_each_mirror(
    cache: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DownloadError) as failure:
        fetch_mnist(cache, ["http://one.invalid/{name}.gz", "https://two.invalid/{name}.gz"])
    for part in ("none of 2 mirrors sent train-images", "is the proxy in https_proxy right?"):
        assert part in str(failure.value)
    out, err = capfd.readouterr()
    assert out.count("\r  failed: ") == 2
    assert err == ""


def test_what_a_mirror_refuses_with_is_closed(
    server: Mirrors, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = []

    def refused(*arguments: object, **options: object) -> None:
        try:
            download_(*arguments, **options)
        except HTTPError as error:
            refusals.append(error)
            raise

    download_ = download.wget.download
    monkeypatch.setattr(download.wget, "download", refused)
    with pytest.raises(DownloadError):
        fetch_mnist(cache, [server.mirror("missing")])
    assert [error.closed for error in refusals] == [True]


def test_file_got_before_a_failure_is_kept(server: Mirrors, cache: Path) -> None:
    first = f"{NAMES[0]}.gz"
    with pytest.raises(DownloadError, match=f"none of 1 mirrors sent {NAMES[1]}"):
        fetch_mnist(cache, [server.mirror("first")])
    assert contents(cache) == {first: FILES[first]}
    server.requests.clear()
    fetch_mnist(cache, [server.mirror("good")])
    assert f"/good/{first}" not in server.requests
    assert contents(cache) == COMPRESSED


def test_damaged_stored_file_is_downloaded_again(server: Mirrors, cache: Path) -> None:
    fetch_mnist(cache, [server.mirror("good")])
    damaged = cache / f"{NAMES[2]}.gz"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    server.requests.clear()
    fetch_mnist(cache, [server.mirror("good")])
    assert server.requests == [f"/good/{NAMES[2]}.gz"]
    assert contents(cache) == COMPRESSED


def test_half_a_file_never_has_a_good_name(server: Mirrors, cache: Path) -> None:
    seen: list[set[str]] = []
    server.halfway = lambda: seen.append({path.name for path in cache.iterdir() if path.is_file()})
    fetch_mnist(cache, [server.mirror("good")])
    assert seen == [{f"{name}.gz" for name in NAMES[:at]} for at in range(4)]


def test_interruption_leaves_nothing(
    server: Mirrors, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(download.wget, "bar_thermometer", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch_mnist(cache, [server.mirror("good")])
    assert contents(cache) == {}
    assert socket.getdefaulttimeout() is None


@pytest.mark.parametrize("behaviour", ["good", "missing"])
def test_socket_timeout_is_set_and_put_back(
    server: Mirrors, cache: Path, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    during = []
    retrieve = download.wget.download

    def spy(*args: object, **options: object) -> str:
        during.append(socket.getdefaulttimeout())
        return retrieve(*args, **options)

    monkeypatch.setattr(download.wget, "download", spy)
    socket.setdefaulttimeout(123.0)
    try:
        try:
            fetch_mnist(cache, [server.mirror(behaviour)], timeout=7.0)
        except DownloadError:
            assert behaviour == "missing"
        assert socket.getdefaulttimeout() == 123.0
        assert set(during) == {7.0}
    finally:
        socket.setdefaulttimeout(None)


@pytest.mark.parametrize("behaviour", ["good", "half"])
def test_working_directory_is_not_touched(
    server: Mirrors, cache: Path, tmp_path: Path, behaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "read-only"
    here.mkdir()
    here.chmod(0o555)
    monkeypatch.chdir(here)
    # The time tells of a file made and removed again, also to root, who may write anywhere.
    os.utime(here, ns=(0, 0))
    fetch_mnist(cache, [server.mirror(behaviour), server.mirror("good")])
    assert here.stat().st_mtime_ns == 0
    assert contents(cache) == COMPRESSED


def test_relative_folder(server: Mirrors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    fetch_mnist("cache", [server.mirror("good")])
    assert contents(tmp_path / "cache") == COMPRESSED
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_folder_that_cannot_be_made(server: Mirrors, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadError) as failure:
        fetch_mnist(tmp_path / "file" / "digits", [server.mirror("good")])
    message = str(failure.value)
    for part in (str(tmp_path / "file" / "digits"), "cannot be written to", "MNIST_DIR"):
        assert part in message
    assert server.requests == []


def full(*_: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def out_of_quota(*_: object, **options: object) -> None:
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


def read_only(*_: object, **options: str) -> None:
    raise OSError(errno.EROFS, "Read-only file system", options["out"])


@pytest.mark.parametrize(
    ("unwritable", "reason", "remedy"),
    [
        (full, "(No space left on device)", "Make room in it and run this again, or set MNIST_DIR"),
        (out_of_quota, "(Disk quota exceeded)", "Make room in it and run this again"),
        (read_only, "(Read-only file system)", "Make it writable and run this again"),
    ],
)
def test_a_folder_that_takes_no_file_is_not_a_mirrors_fault(
    cache: Path, monkeypatch: pytest.MonkeyPatch, unwritable, reason: str, remedy: str
) -> None:
    monkeypatch.setattr(download.wget, "download", unwritable)
    with pytest.raises(DownloadError) as failure:
        fetch_mnist(cache, ["http://one.invalid/{name}.gz", "http://two.invalid/{name}.gz"])
    message = str(failure.value)
    assert f"the cache folder {cache} cannot be written to {reason}. {remedy}" in message
    assert "mirror" not in message


def test_a_folder_where_a_file_belongs(server: Mirrors, cache: Path) -> None:
    (cache / f"{NAMES[0]}.gz").mkdir(parents=True)
    with pytest.raises(DownloadError, match=r"cannot be written to \(Is a directory\)"):
        fetch_mnist(cache, [server.mirror("good")])


def test_a_cache_folder_that_is_in_the_way_is_named_before_the_embedded_digits(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "user_cache_path", lambda app: Path("/proc/nowhere") / app)
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.delenv("DIGITS_DATASET", raising=False)
    small_mnist.forget()
    try:
        assert data.dataset_name() == "MNIST, 5,000 of it (embedded)"
    finally:
        small_mnist.forget()
    out, err = capfd.readouterr()
    assert "the cache folder /proc/nowhere/digits-from-scratch cannot be written to (" in out
    assert "Found 5,000 pictures of MNIST" in out
    assert "to get all 70,000, make it writable, or set MNIST_DIR to" in out
    assert (out.count("\n"), err) == (1, "")


def test_users_cache_folder_is_the_default(
    server: Mirrors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "user_cache_path", lambda app: tmp_path / app)
    fetch_mnist(mirrors=[server.mirror("good")])
    assert contents(tmp_path / "digits-from-scratch") == COMPRESSED


def test_two_processes_at_once(server: Mirrors, cache: Path) -> None:
    both = threading.Barrier(2, timeout=60)

    def meet() -> None:
        # Only the first file is sure to be asked for by both.
        if len(server.requests) <= 2:
            both.wait()

    server.halfway = meet
    script = (
        "import json, sys\n"
        "from helpers import download\n"
        "download.SHA256 = json.loads(sys.argv[1])\n"
        "download.fetch_mnist(sys.argv[2], [sys.argv[3]], timeout=60)\n"
    )
    command = [sys.executable, "-c", script, json.dumps(SUMS), str(cache), server.mirror("good")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in processes]
    assert ends == [(b"", 0), (b"", 0)]
    assert contents(cache) == COMPRESSED


def test_published_mirrors_name_every_file() -> None:
    for mirror in download.MIRRORS:
        for name in NAMES:
            assert mirror.format(name=name).rsplit("/", 1)[-1] in download.SHA256
