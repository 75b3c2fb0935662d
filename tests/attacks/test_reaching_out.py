"""Nothing outside the worker hears of it: no network, no socket, no process, no signal."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.judge.workers import zygote
from tests.attacks.desk import FULL, WORKED, Desk

NETWORK = """
import socket
def attempt(name, action):
    try:
        action()
        print("REACHED", name)
    except OSError as error:
        print(type(error).__name__)
def connect(kind, address, family=socket.AF_INET):
    with socket.socket(family, kind) as outside:
        outside.settimeout(1)
        outside.connect(address)
        outside.send(b"hello")
"""


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[dict[str, socket.socket]]:
    """Listen to whoever calls, in every way there is."""
    with contextlib.ExitStack() as stack:

        def listen(family: int, kind: int, address: object) -> socket.socket:
            ear = stack.enter_context(socket.socket(family, kind))
            ear.bind(address)
            ear.setblocking(False)
            if kind == socket.SOCK_STREAM:
                ear.listen()
            return ear

        yield {
            "tcp": listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            "udp": listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "unix": listen(socket.AF_UNIX, socket.SOCK_STREAM, str(tmp_path / "ear")),
            "abstract": listen(socket.AF_UNIX, socket.SOCK_STREAM, "\0an-ear-of-the-tests"),
        }


def _heard(ear: socket.socket) -> bool:
    try:
        if ear.type == socket.SOCK_STREAM:
            ear.accept()[0].close()
        else:
            ear.recv(100)
    except BlockingIOError:
        return False
    return True


def test_the_ears_hear(listening: dict[str, socket.socket]) -> None:
    for ear in listening.values():
        with socket.socket(ear.family, ear.type) as outside:
            outside.connect(ear.getsockname())
            outside.send(b"hello")
        assert _heard(ear)


def test_the_network(desk: Desk, listening: dict[str, socket.socket]) -> None:
    tcp, udp = (listening[name].getsockname() for name in ("tcp", "udp"))
    unix, abstract = (listening[name].getsockname() for name in ("unix", "abstract"))
    source = f"""
        stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
        attempt("tcp", lambda: connect(stream, {tcp}))
        attempt("udp", lambda: connect(datagram, {udp}))
        attempt("unix", lambda: connect(stream, {unix!r}, socket.AF_UNIX))
        attempt("abstract", lambda: connect(stream, {abstract!r}, socket.AF_UNIX))
        attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW))
        attempt("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
        attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))
        attempt("dns", lambda: socket.getaddrinfo("example.org", 80))
        attempt("dns", lambda: socket.gethostbyname("localhost.localdomain."))
        import urllib.request
        attempt("http", lambda: urllib.request.urlopen("http://127.0.0.1:{tcp[1]}", timeout=1))
        left, right = socket.socketpair()
        attempt("a pair, elsewhere", lambda: left.sendto(b"hello", {unix!r}))
        attempt("a pair, connected", lambda: left.connect({unix!r}))
        attempt("a descriptor", lambda: socket.send_fds(left, [b"x"], [1]))
        """
    result = desk.cheat(NETWORK, source, answers=WORKED)
    assert result.points == FULL
    assert "REACHED" not in result.shown
    assert not any(map(_heard, listening.values()))


@pytest.fixture
def victim() -> Iterator[subprocess.Popen]:
    """A process of the same user that minds its own business."""
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield sleeper
    sleeper.kill()
    sleeper.wait()


def test_other_processes(desk: Desk, victim: subprocess.Popen) -> None:
    warm = zygote()._process.pid
    source = f"""
        import ctypes, os, resource, signal
        libc = ctypes.CDLL(None, use_errno=True)
        pids = [{victim.pid}, {warm}, {os.getpid()}, os.getppid(), 1, -1, 0, -{warm}]
        buffer = ctypes.create_string_buffer(64)
        vector = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
        def call(name, *arguments):
            if getattr(libc, name)(*arguments) != -1:
                print("REACHED", name, arguments)
        for pid in pids:
            for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, 0):
                call("kill", pid, number)
                call("syscall", 234, pid, pid, number)  # tgkill
                call("syscall", 424, pid, number, None, 0)  # pidfd_send_signal
            call("ptrace", 16, pid, None, None)  # PTRACE_ATTACH
            call("ptrace", 0x4206, pid, None, None)  # PTRACE_SEIZE
            call("process_vm_readv", pid, vector, 1, vector, 1, 0)
            call("process_vm_writev", pid, vector, 1, vector, 1, 0)
            call("syscall", 434, pid, 0)  # pidfd_open
            call("setpriority", 0, pid, 19)
            call("prlimit", pid, resource.RLIMIT_CPU, buffer, None) if pid else None
            call("sched_setscheduler", pid, 0, buffer)
            for name in ("mem", "environ", "maps", "oom_score_adj", "fd/0"):
                for mode in ("rb", "r+b"):
                    try:
                        open(f"/proc/{{pid}}/{{name}}", mode)
                        print("REACHED", pid, name)
                    except OSError:
                        pass
        for name in ("mount", "umount2", "unshare", "setns", "chroot", "pivot_root", "reboot",
                     "shmget", "msgget", "semget", "memfd_create", "userfaultfd", "inotify_init"):
            call(name, 0, 0, 0, 0)
        """
    result = desk.cheat(source, answers=WORKED)
    assert result.points == FULL
    assert "REACHED" not in result.shown
    assert victim.poll() is None
    assert _state(victim.pid) == "S"
    assert zygote()._process.poll() is None


def _state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_the_terminal(desk: Desk) -> None:
    """Nobody types into the instructor's terminal, or writes to it."""
    source = """
        import fcntl, os, termios
        for path in ("/dev/tty", "/dev/pts/0", "/dev/console", "/proc/self/fd/1"):
            try:
                descriptor = os.open(path, os.O_RDWR)
                os.write(descriptor, b"hello")
                if os.readlink(f"/proc/self/fd/{descriptor}") != os.devnull:
                    print("REACHED", path)
            except OSError:
                pass
        for descriptor in range(3):
            try:
                fcntl.ioctl(descriptor, termios.TIOCSTI, b"x")
                print("REACHED", descriptor)
            except OSError:
                pass
        """
    assert "REACHED" not in desk.cheat(source).shown
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
