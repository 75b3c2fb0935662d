"""A confined process computes, uses its own folder and does nothing else.

Every forbidden thing is first done by a process that is not confined, so that a test cannot pass
because the thing never works.
"""

import asyncio
import contextlib
import ctypes
import errno
import getpass
import json
import mmap
import multiprocessing
import os
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.confinement.confine import confine, unavailable
from autograder.confinement.limits import Limits, overrun
from autograder.files import HOME

if unavailable():
    pytest.skip(unavailable(), allow_module_level=True)

import pyseccomp  # these two only where they can be installed

from autograder.confinement import file_access

pytestmark = pytest.mark.kernel
NOBODY = 65534
DEFAULT = Limits()
LIBC = ctypes.CDLL(None, use_errno=True)
SECRET = "the hidden test"


@dataclass
class Outcome:
    """What became of a child: its return value, or its exception, or the signal that ended it.

    An `errno` of -1 says that `prepare` failed, and `action` was not run.
    """

    value: Any = None
    error: str = ""
    errno: int | None = None
    signal: int = 0

    def reason(self) -> str:
        return self.error.strip().rpartition("\n")[2] or f"signal {self.signal}"


def in_child(
    action: Callable[[], Any], prepare: Callable[[], None], seconds: float = 60
) -> Outcome:
    """Run `prepare` and then `action` in a forked child; the value crosses as JSON."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writing, 100)  # a number known before the fork, to keep
        prepared = False
        try:
            prepare()
            prepared = True
            report = {"value": action()}
        except BaseException as error:
            text = "".join(traceback.format_exception(error))
            report = {"error": text, "errno": getattr(error, "errno", None) if prepared else -1}
        os.write(100, json.dumps(report).encode())
        os._exit(0)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], seconds)
    if not ready:
        os.kill(pid, signal.SIGKILL)
    with open(reading, "rb") as pipe:
        raw = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status):
        return Outcome(signal=os.WTERMSIG(status))
    return Outcome(**json.loads(raw)) if raw else Outcome("became another program")


@dataclass
class Place:
    """A workdir with an outside, seen by one user, and a process of that user to attack."""

    base: Path
    uid: int | None
    victim: int = 0
    work: Path = field(init=False)
    readable: Path = field(init=False)

    def __post_init__(self) -> None:
        self.work, self.readable = self.base / "work", self.base / "readable"
        self.reset()

    def reset(self) -> None:
        """Make everything outside as permissive as file modes can."""
        for folder in (self.work, self.readable, self.base / "sibling"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        (self.base / "sibling" / "empty").mkdir()
        (self.base / "sibling" / "secret").write_text(SECRET)
        (self.readable / "module.py").write_text("x = 1")
        (self.work / "link").symlink_to(self.base / "sibling" / "secret")
        (self.work / "own").write_text("own")
        for path in (self.base, *self.base.rglob("*")):
            if self.uid is not None:
                os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def become_user(self) -> None:
        if self.uid is not None:
            os.setgroups([])
            os.setgid(self.uid)
            os.setuid(self.uid)
            LIBC.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, as in a process that started as this user
            # Root's Python may lie where this user may not go.
            file_access._INSTALLATION[:] = [
                rule for rule in file_access._INSTALLATION if os.path.exists(rule[0])
            ]

    def free(self, action: Callable[[], Any], **options: Any) -> Outcome:
        def prepare() -> None:
            self.become_user()
            os.chdir(self.work)

        return in_child(action, prepare, **options)

    def confined(
        self, action: Callable[[], Any], limits: Limits = DEFAULT, keep: tuple[int, ...] = ()
    ) -> Outcome:
        def prepare() -> None:
            self.become_user()
            confine(self.work, limits, [self.readable], keep_fds=(100, *keep))

        return in_child(action, prepare)


USERS = [None, NOBODY] if os.getuid() == 0 else [None]


@pytest.fixture(params=USERS, ids=lambda uid: getpass.getuser() if uid is None else "nobody")
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as base:
        place = Place(Path(base).resolve(), request.param)
        place.victim = os.fork()
        if place.victim == 0:
            place.become_user()
            time.sleep(600)
            os._exit(0)
        yield place
        os.kill(place.victim, signal.SIGKILL)
        os.waitpid(place.victim, 0)


def call(name: str, *arguments: int | bytes | None) -> int:
    """Make a system call, past Python and the C library."""
    number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
    wide = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *wide)
    if result == -1:
        raise OSError(ctypes.get_errno(), name)
    return result


def attach(pid: int) -> None:
    call("ptrace", 16, pid, 0, 0)
    os.waitpid(pid, 0)
    call("ptrace", 17, pid, 0, 0)


def peek(name: str, pid: int) -> None:
    """Read or write another process's memory, at an address that a forked sibling shares."""
    buffer = ctypes.create_string_buffer(8)
    vector = struct.pack("PN", ctypes.addressof(buffer), 8)
    call(name, pid, vector, 1, vector, 1, 0)


def child(start: Callable[[], int]) -> None:
    if start() == 0:
        os._exit(0)
    os.wait()


def system() -> None:
    if os.system("true") != 0:
        raise OSError(errno.EPERM, "os.system failed")


def start_process() -> None:
    process = multiprocessing.get_context("fork").Process(target=int)
    process.start()
    process.join()


def message_queue() -> None:
    call("mq_unlink", b"x") if call("mq_open", b"x", os.O_CREAT | os.O_RDWR, 0o600, 0) else None


def reopen(path: Path) -> None:
    descriptor = os.open(path, os.O_PATH)
    os.close(os.open(f"/proc/self/fd/{descriptor}", os.O_RDONLY))


def signal_by_file(pid: int) -> None:
    import fcntl

    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, pid)
    fcntl.fcntl(reading, fcntl.F_SETSIG, signal.SIGCONT)
    fcntl.fcntl(reading, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writing, b"x")


FORBIDDEN: dict[str, Callable[[Place], Any]] = {
    # Files.
    "read": lambda p: (p.base / "sibling/secret").read_text(),
    "read by a relative path": lambda p: Path("../sibling/secret").read_text(),
    "read through a link": lambda p: Path("link").read_text(),
    "read by another root": lambda p: os.open("sibling/secret", 0, dir_fd=os.open("..", 0x200000)),
    "read after chdir": lambda p: (os.chdir(p.base / "sibling"), open("secret").close()),
    "reopen": lambda p: reopen(p.base / "sibling/secret"),
    "read passwd": lambda p: Path("/etc/passwd").read_text(),
    "list": lambda p: os.listdir(p.base / "sibling"),
    "list upwards": lambda p: os.listdir(".."),
    "list the root": lambda p: os.listdir("/"),
    "list the temporary folder": lambda p: os.listdir(p.base.parent),
    "write": lambda p: (p.base / "sibling/new").write_text("x"),
    "overwrite": lambda p: (p.base / "sibling/secret").write_text("x"),
    "overwrite through a link": lambda p: Path("link").write_text("x"),
    "truncate": lambda p: os.truncate(p.base / "sibling/secret", 0),
    "remove": lambda p: os.unlink(p.base / "sibling/secret"),
    "remove a folder": lambda p: os.rmdir(p.base / "sibling/empty"),
    "make a folder": lambda p: os.mkdir(p.base / "sibling/new"),
    "move in": lambda p: os.rename(p.base / "sibling/secret", "new"),
    "move out": lambda p: os.rename("own", p.base / "sibling/new"),
    "exchange": lambda p: call(
        "renameat2", -100, b"own", -100, bytes(p.base / "sibling/secret"), 2
    ),
    "hard link": lambda p: os.link(p.base / "sibling/secret", "new"),
    "hard link out": lambda p: os.link("own", p.base / "sibling/new"),
    "hard link of a library": lambda p: os.link(p.readable / "module.py", "new"),
    "write a library": lambda p: (p.readable / "module.py").write_text("x"),
    "truncate a library": lambda p: os.open(p.readable / "module.py", os.O_RDONLY | os.O_TRUNC),
    "truncate with no mode": lambda p: os.open(p.readable / "module.py", 3 | os.O_TRUNC),
    "add to the libraries": lambda p: (p.readable / "sitecustomize.py").write_text("x"),
    "remove a library": lambda p: os.unlink(p.readable / "module.py"),
    "leave a symbolic link": lambda p: os.symlink("/etc", "new"),
    "leave a named pipe": lambda p: os.mkfifo("new"),
    "shared memory file": lambda p: tempfile.TemporaryFile(dir="/dev/shm").close(),
    "watch a folder": lambda p: call("inotify_add_watch", call("inotify_init1", 0), b"/", 2),
    "file handle": lambda p: call(
        "name_to_handle_at", -100, b"/etc/passwd", struct.pack("I", 128) + bytes(132), bytes(4), 0
    ),
    # Other processes.
    "environment": lambda p: Path(f"/proc/{p.victim}/environ").read_bytes(),
    "own environment": lambda p: Path("/proc/self/environ").read_bytes(),
    "command line": lambda p: Path(f"/proc/{p.victim}/cmdline").read_bytes(),
    "memory file": lambda p: open(f"/proc/{p.victim}/mem", "r+b").close(),
    "descriptors": lambda p: os.listdir(f"/proc/{p.victim}/fd"),
    "executable": lambda p: os.readlink(f"/proc/{p.victim}/exe"),
    "processes": lambda p: os.listdir("/proc"),
    "ptrace": lambda p: attach(p.victim),
    "read memory": lambda p: peek("process_vm_readv", p.victim),
    "write memory": lambda p: peek("process_vm_writev", p.victim),
    "kill": lambda p: os.kill(p.victim, signal.SIGCONT),
    "kill, disguised": lambda p: call("kill", (1 << 32) | p.victim, signal.SIGCONT),
    "kill the group": lambda p: os.kill(0, 0),
    "kill everyone": lambda p: os.kill(-1, 0),
    "killpg": lambda p: os.killpg(os.getpgid(p.victim), 0),
    "tgkill": lambda p: call("tgkill", p.victim, p.victim, signal.SIGCONT),
    "tkill": lambda p: call("tkill", p.victim, signal.SIGCONT),
    "sigqueue": lambda p: call(
        "rt_sigqueueinfo", p.victim, signal.SIGCONT, struct.pack("iii", 0, 0, -1) + bytes(116)
    ),
    "signal through a file": lambda p: signal_by_file(p.victim),
    "pidfd": lambda p: os.pidfd_open(p.victim),
    "affinity": lambda p: os.sched_setaffinity(p.victim, os.sched_getaffinity(0)),
    "priority": lambda p: os.setpriority(os.PRIO_PROCESS, p.victim, 0),
    "limits": lambda p: resource.prlimit(p.victim, resource.RLIMIT_CORE, (0, 0)),
    # Starting processes.
    "fork": lambda p: child(os.fork),
    "forkpty": lambda p: child(lambda: os.forkpty()[0]),
    "clone": lambda p: child(lambda: call("clone", signal.SIGCHLD, 0, 0, 0, 0)),
    "subprocess": lambda p: subprocess.run(["true"], check=True),
    "shell": lambda p: system(),
    "spawn": lambda p: os.posix_spawn("/bin/true", ["true"], {}),
    "multiprocessing": lambda p: start_process(),
    "exec": lambda p: os.execv("/bin/true", ["true"]),
    # The network.
    "TCP": lambda p: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "UDP": lambda p: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "IPv6": lambda p: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
    "Unix socket": lambda p: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "netlink": lambda p: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0),
    "kernel cryptography": lambda p: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET, 0),
    "name look-up": lambda p: socket.getaddrinfo("localhost", 80),
    # The kernel.
    "shared memory": lambda p: call("shmctl", call("shmget", 0, 4096, 0o1600), 0, None),
    "memory file of its own": lambda p: os.memfd_create("x"),
    "semaphores": lambda p: call("semctl", call("semget", 0, 1, 0o1600), 0, 0, 0),
    "messages": lambda p: call("msgctl", call("msgget", 0, 0o1600), 0, None),
    "message queue": lambda p: message_queue(),
    "user namespace": lambda p: call("unshare", 0x10000000),
    "io_uring": lambda p: call("io_uring_setup", 1, bytes(120)),
    "key": lambda p: call("add_key", b"user", b"x", b"x", 1, -2),
    "personality": lambda p: call("personality", 0x0040000),
    "session": lambda p: os.setsid(),
    "outlive the parent": lambda p: call("prctl", 1, 0, 0, 0, 0),
    "outlive the parent, disguised": lambda p: call("prctl", (1 << 32) | 1, 0, 0, 0, 0),
    "userfaultfd": lambda p: call("userfaultfd", 1),
}


REFUSED = {errno.EPERM, errno.EACCES, errno.EXDEV}
REFUSED |= {socket.EAI_AGAIN, socket.EAI_NONAME, socket.EAI_SYSTEM}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_forbidden(place: Place, name: str) -> None:
    def action() -> None:
        FORBIDDEN[name](place)

    unconfined = place.free(action)
    if unconfined.error or unconfined.signal:
        pytest.skip(f"not possible here in any case: {unconfined.reason()}")
    place.reset()
    before = {path: path.lstat().st_size for path in place.base.rglob("*")}
    outcome = place.confined(action)
    assert outcome.errno in REFUSED, outcome
    assert {path: path.lstat().st_size for path in place.base.rglob("*")} == before
    os.kill(place.victim, 0)


REFUSED_CALLS = """
    accept accept4 bind connect listen recvmmsg recvmsg sendmmsg sendmsg setsockopt
    bpf fanotify_init io_cancel io_destroy io_setup io_submit io_uring_enter io_uring_register
    keyctl request_key perf_event_open seccomp landlock_create_ruleset landlock_restrict_self
    chroot fsmount fsopen mount move_mount open_tree open_by_handle_at pivot_root setns umount2
    unshare execveat kcmp migrate_pages move_pages pidfd_getfd pidfd_send_signal process_madvise
    process_mrelease rt_tgsigqueueinfo sched_setattr sched_setparam sched_setscheduler
    acct delete_module finit_module init_module kexec_load quotactl reboot swapoff swapon syslog
    adjtimex clock_settime settimeofday iopl ioperm modify_ldt
    mlock mlockall memfd_secret mknod openat2 splice tee timer_create vmsplice
    setgroups setresuid setuid mq_open shmat shmget semget msgget
"""


@pytest.mark.parametrize("place", USERS[:1], indirect=True)
def test_refused_calls(place: Place) -> None:
    """With senseless arguments: the kernel would say so, the filter does not look."""

    def errors() -> dict[str, int]:
        found = {}
        for name in REFUSED_CALLS.split():
            if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
                with contextlib.suppress(OSError):
                    found[name] = 0
                    call(name, -1, -1, -1, -1, -1, -1)
                found[name] = ctypes.get_errno()
        return found

    unconfined = place.free(errors).value
    assert set(place.confined(errors).value.values()) == {errno.EPERM}
    if os.getuid() == 0:
        assert [name for name, error in unconfined.items() if error == errno.EPERM] == []


def test_inherited_sockets_reach_nobody_new(place: Place) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender,
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
    ):
        receiver.bind(("127.0.0.1", 0))
        actions: dict[str, Callable[[], Any]] = {
            "bind": lambda: sender.bind(("127.0.0.1", 0)),
            "sendto": lambda: sender.sendto(b"x", receiver.getsockname()),
            "sendmsg": lambda: sender.sendmsg([b"x"], [], 0, receiver.getsockname()),
            "connect": lambda: sender.connect(receiver.getsockname()),
            "accept": lambda: server.accept() and None,
        }
        for name, action in actions.items():
            assert not place.free(action).error, name
            keep = (sender.fileno(), receiver.fileno(), server.fileno())
            assert place.confined(action, keep=keep).errno == errno.EPERM, name


FOREIGN_CODE = {
    "i386": bytes.fromhex("b814000000 cd80 c3"),  # getpid through int 0x80
    "x32": bytes.fromhex("b827000040 0f05 c3"),  # getpid with the bit that says x32
}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="machine code of x86-64")
@pytest.mark.parametrize("manner", FOREIGN_CODE)
def test_other_architectures_calls_kill(place: Place, manner: str) -> None:
    def action() -> int:
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(FOREIGN_CODE[manner])
        return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()

    assert place.confined(action).signal in {signal.SIGSYS, signal.SIGSEGV}


def test_clone3_sends_the_c_library_to_clone(place: Place) -> None:
    assert place.confined(lambda: call("clone3", bytes(88), 88)).errno == errno.ENOSYS


def test_metadata_of_other_files_stays(place: Place) -> None:
    """Landlock does not cover it: the calls say that they succeed, and do nothing."""
    secret = place.base / "sibling" / "secret"

    def action() -> None:
        secret.chmod(0o777)
        os.utime(secret, (1, 1))
        call("fchmodat2", -100, bytes(secret), 0o777, 0)
        (place.readable / "module.py").chmod(0)

    before = secret.stat(), (place.readable / "module.py").stat()
    outcome = place.confined(action)
    assert not outcome.error or outcome.errno == errno.EPERM, outcome  # an old libseccomp
    assert (secret.stat(), (place.readable / "module.py").stat()) == before
    place.free(action)
    assert secret.stat() != before[0]


def memory_in_pieces() -> None:
    pieces = []
    while True:
        pieces.append(bytearray(2**20))


TOO_MUCH_MEMORY: dict[str, Callable[[], Any]] = {
    "array": lambda: np.zeros(2**29, np.uint8).size,
    "pieces": memory_in_pieces,
    "shared": lambda: mmap.mmap(-1, 2**29).close(),
    # A kind that RLIMIT_DATA does not count: private, anonymous, growing downwards.
    "stack": lambda: call("mmap", 0, 2**29, 3, 0x122, -1, 0) and None,
}


@pytest.mark.parametrize("name", TOO_MUCH_MEMORY)
def test_memory(place: Place, name: str) -> None:
    outcome = place.confined(TOO_MUCH_MEMORY[name], Limits(memory_mb=256))
    assert "MemoryError" in outcome.error or outcome.errno == errno.ENOMEM, outcome
    assert not place.confined(lambda: np.ones(2**25, np.uint8).size * 0).error


def test_threads_take_little_memory(place: Place) -> None:
    """The C library would reserve 64 MiB more for each."""

    def action() -> int:
        barrier = threading.Barrier(21)
        kept = []

        def allocate() -> None:
            kept.append([0] * 10**5)
            barrier.wait()

        for _ in range(20):
            threading.Thread(target=allocate).start()
        barrier.wait()
        return len(kept)

    assert place.confined(action, Limits(memory_mb=512)).value == 20


@pytest.mark.parametrize("place", USERS[:1], indirect=True)
@pytest.mark.parametrize(
    ("handler", "end"), [(signal.SIG_DFL, signal.SIGXCPU), (signal.SIG_IGN, signal.SIGKILL)]
)
def test_processor_time(place: Place, handler: signal.Handlers, end: signal.Signals) -> None:
    def action() -> None:
        signal.signal(signal.SIGXCPU, handler)
        while True:
            pass

    assert place.confined(action, Limits(cpu_seconds=1)).signal == end


def test_file_size(place: Place) -> None:
    outcome = place.confined(lambda: Path("big").write_bytes(bytes(2**21)), Limits(file_mb=1))
    assert outcome.errno == errno.EFBIG
    assert (place.work / "big").stat().st_size <= 2**20


def test_open_files(place: Place) -> None:
    outcome = place.confined(lambda: [os.pipe() for _ in range(99)], Limits(open_files=50))
    assert outcome.errno == errno.EMFILE


def test_limits_cannot_be_raised(place: Place) -> None:
    def action() -> list[str]:
        raised = []
        for name in ("AS", "CPU", "FSIZE", "NOFILE", "NPROC", "STACK"):
            kind = getattr(resource, f"RLIMIT_{name}")
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2)
                raised.append(name)
            with contextlib.suppress(OSError):
                call("prlimit64", 0, kind, struct.pack("QQ", 2**40, 2**40), None)
                raised.append(name)
        return raised

    assert place.confined(action).value == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root has privileges to lose")
@pytest.mark.parametrize("place", USERS[:1], indirect=True)
def test_root_loses_its_privileges(place: Place) -> None:
    closed = place.work / "closed"
    closed.write_text(SECRET)
    os.chown(closed, NOBODY, NOBODY)
    closed.chmod(0)
    assert place.free(closed.read_text).value == SECRET
    assert place.confined(closed.read_text).errno == errno.EACCES


@pytest.mark.parametrize("place", USERS[-1:], indirect=True)
def test_threads_are_bounded(place: Place) -> None:
    if os.getuid() == 0 and place.uid is None:
        pytest.skip("the kernel does not count root's threads")

    def action() -> int:
        threading.stack_size(2**16)
        never = threading.Event()
        for started in range(5000):
            try:
                threading.Thread(target=never.wait, daemon=True).start()
            except RuntimeError:
                return started
        return 5000

    running = sum(len(list(process.glob("task/*"))) for process in Path("/proc").glob("[0-9]*"))
    assert 8 <= place.confined(action, Limits(threads=8)).value < running + 500


def write_many_files() -> None:
    for number in range(4):
        Path(str(number)).write_bytes(bytes(2**20))


def write_removed_files() -> None:
    for _ in range(4):
        with open("removed", "w+b") as file:
            file.truncate(2**20)
            mmap.mmap(file.fileno(), 2**20)[:] = bytes(range(256)) * 2**12
        os.unlink("removed")


def start_threads() -> None:
    for _ in range(9):
        threading.Thread(target=threading.Event().wait, daemon=True).start()


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (write_many_files, "wrote 4 MB"),
        (write_removed_files, "wrote 4 MB"),
        (start_threads, "ran 10 threads"),
        (lambda: None, "None"),
    ],
)
def test_overrun(place: Place, action: Callable[[], None], expected: str) -> None:
    kind = subprocess.check_output(["stat", "-f", "-c", "%T", place.work], text=True)
    if action is write_removed_files and kind.strip() == "tmpfs":
        pytest.skip("memory-backed files are not counted")
    limits = Limits(written_mb=3, threads=8)
    done, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            place.become_user()
            confine(place.work, Limits(), keep_fds=(tell,))
            action()
            os.write(tell, b"x")
            time.sleep(600)
        os._exit(1)
    os.close(tell)
    assert os.read(done, 1) == b"x"
    os.close(done)
    try:
        assert expected in str(overrun(pid, limits))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert overrun(pid, limits) is None


def crash() -> None:
    ctypes.string_at(0)


def recurse() -> None:
    sys.setrecursionlimit(10**9)

    def down(obj: object) -> str:
        return repr(Nested(obj))

    class Nested:
        def __init__(self, obj: object) -> None:
            self.obj = obj

        def __repr__(self) -> str:
            return down(self.obj)

    down(0)


@pytest.mark.parametrize("action", [crash, recurse])
def test_a_crash_is_the_childs_alone(place: Place, action: Callable[[], None]) -> None:
    outcome = place.confined(action, Limits(memory_mb=256))
    assert outcome.signal == signal.SIGSEGV or "Error" in outcome.error
    assert not (place.work / "core").exists()


def test_dies_with_its_parent(place: Place) -> None:
    alive, held = os.pipe()
    middle = os.fork()
    if middle == 0:
        ready, tell = os.pipe()
        with contextlib.suppress(BaseException):
            if os.fork() == 0:
                place.become_user()
                confine(place.work, Limits(), keep_fds=(held, tell))
                os.write(tell, b"x")
                time.sleep(600)
            os.close(tell)
            os._exit(os.read(ready, 1) != b"x")
        os._exit(2)
    os.close(held)
    assert os.waitpid(middle, 0)[1] == 0
    ended, _, _ = select.select([alive], [], [], 30)
    assert ended
    assert os.read(alive, 1) == b""
    os.close(alive)


def test_descriptors_and_environment(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", SECRET)
    tempfile.gettempdir()  # settles on a folder, as a grader would have
    with open(place.base / "sibling" / "secret") as leaked, open(os.devnull) as kept:

        def action() -> dict[str, Any]:
            os.fstat(kept.fileno())
            with contextlib.suppress(OSError):
                return {"leaked": os.pread(leaked.fileno(), 99, 0).decode()}
            null = os.stat(os.devnull).st_rdev
            return {
                "null": [os.fstat(fd).st_rdev == null for fd in range(3)],
                "token": os.environ.get("TOKEN"),
                "folders": [os.getcwd(), tempfile.gettempdir(), str(Path.home())],
            }

        outcome = place.confined(action, keep=(kept.fileno(),))
    assert outcome.value == {"null": [True] * 3, "token": None, "folders": [str(place.work)] * 3}


def draw() -> int:
    plt.switch_backend("agg")
    figure, axes = plt.subplots()
    axes.plot(np.arange(9.0))
    axes.set_title("$x^2$")
    figure.savefig("figure.png")
    figure.savefig("figure.pdf")
    return int(plt.imread("figure.png").sum() > 0)


def multiply() -> float:
    """Large enough for the linear algebra library to start its threads."""
    matrix = np.random.default_rng(0).standard_normal((600, 600))
    return round(float(np.abs(matrix @ matrix).mean()), 6)


def use_threads() -> int:
    found: list[int] = []
    threads = [threading.Thread(target=found.append, args=(i,)) for i in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sum(found)


async def wait() -> str:
    await asyncio.sleep(0.001)
    return await asyncio.to_thread(lambda: "waited")


def use_files() -> str:
    Path("a/b").mkdir(parents=True)
    Path("a/b/one").write_text("text")
    Path("a/b/one").touch()
    shutil.copy2("a/b/one", "two")
    os.rename("two", "a/two")
    shutil.copytree("a", "c")
    shutil.rmtree("a")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        file.write(Path(shutil.move("c/two", folder)).read_bytes())
        file.seek(0)
        return file.read().decode()


def use_arrays() -> float:
    np.save("array.npy", np.eye(3))
    np.savez_compressed("arrays.npz", x=np.eye(3))
    np.load("array.npy", mmap_mode="r+")[0, 0] = 5
    np.eye(3).tofile("raw")
    return float(np.load("array.npy").sum() + np.load("arrays.npz")["x"].sum())


def use_signals() -> list[int]:
    seen: list[int] = []
    signal.signal(signal.SIGUSR1, lambda number, _: seen.append(number))
    signal.raise_signal(signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.signal(signal.SIGALRM, lambda number, _: seen.append(number))
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
    return seen


def use_callback() -> list[int]:
    numbers = (ctypes.c_int * 3)(3, 1, 2)
    pointer = ctypes.POINTER(ctypes.c_int)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, pointer, pointer)(lambda a, b: a[0] - b[0])
    LIBC.qsort(numbers, 3, 4, compare)
    return list(numbers)


WORKS: dict[str, Callable[[], Any]] = {
    "plot": draw,
    "matrix product": multiply,
    "threads": use_threads,
    "asyncio": lambda: asyncio.run(wait()),
    "files": use_files,
    "arrays in files": use_arrays,
    "own signals": use_signals,
    "C callback": use_callback,
    "time zone": lambda: datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo")).isoformat(),
    "reading what is readable": lambda: Path("../readable/module.py").read_text(),
    "null device": lambda: Path(os.devnull).write_text("x"),
    "random bytes": lambda: len(os.urandom(8) + os.urandom(8)),
}


@pytest.mark.parametrize("name", WORKS)
def test_works(place: Place, name: str) -> None:
    unconfined = place.free(WORKS[name])
    if unconfined.error:
        pytest.skip(f"does not work here in any case: {unconfined.reason()}")
    place.reset()
    assert place.confined(WORKS[name]) == unconfined


COLD_START = r"""
import ctypes, errno, os, sys
from pathlib import Path
from autograder.confinement.confine import confine
from autograder.confinement.limits import Limits
ctypes.set_errno(errno.ENOENT)  # left behind by some earlier call
confine(Path(sys.argv[1]), Limits(), keep_fds=(1, 2))
import csv, decimal, multiprocessing, platform, sqlite3, ssl, unittest, uuid, xml.dom.minidom
import mimetypes, IPython, pandas, PIL.Image, requests, scipy.stats, seaborn
from sklearn.ensemble import RandomForestClassifier
mimetypes.guess_type("x.mp3"), platform.platform(), uuid.uuid4()
sqlite3.connect("data.db").execute("create table t (x)")
RandomForestClassifier(4, n_jobs=2).fit([[0], [1]], [0, 1])
seaborn.lineplot(x=[0, 1], y=[0, 1]).figure.savefig("figure.png")
shell = IPython.InteractiveShell.instance()
shell.run_cell("import asyncio\nawait asyncio.sleep(0.001)").raise_error()
print(isinstance(shell.run_cell("!true").error_in_exec, OSError))
shell.history_manager.end_session()
"""


def test_cold_imports_and_a_notebook(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COLD_START, tmp_path],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(HOME)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.endswith("True\n")


def test_more_than_one_thread_is_an_error(tmp_path: Path) -> None:
    def action() -> None:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        confine(tmp_path, Limits())

    assert "2 threads" in in_child(action, lambda: None).error


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    outcome = in_child(lambda: confine(tmp_path / "none", Limits()), lambda: None)
    assert outcome.errno == errno.ENOENT


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("sys.platform", "darwin", "grade on Linux"),
        ("_import_error", ImportError("No module named 'landlock'"), "landlock"),
        ("_import_error", RuntimeError("Unable to find libseccomp"), "apt install libseccomp2"),
        ("_import_error", OSError(errno.ENOSYS, ""), "Landlock is off"),
        ("plumbing.landlock_abi_version", lambda: 2, "Linux 6.2"),
    ],
)
def test_unavailable_says_why(
    name: str, value: object, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unavailable() is None
    monkeypatch.setattr(f"autograder.confinement.confine.{name}", value)
    assert expected in (unavailable() or "")
