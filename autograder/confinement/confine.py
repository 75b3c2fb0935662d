"""Confine this process, for good, before it runs a student's code.

The process is a child just forked from a warm grader. Afterwards it can compute, and read and write
one folder, and nothing else; what is refused raises an ordinary Python exception. Three parts of
Linux do it, without root and without a container: Landlock (files), seccomp (system calls) and
resource limits.

The rest is up to the caller:

- A forked child is a copy of its parent and can read all of that copy. The parent must never have
  imported hidden tests or solutions, opened the gradebook or held a secret. That includes the
  environment it was started with, which stays in memory after `os.environ` is cleared.
- The parent sets ``OMP_NUM_THREADS`` before it imports NumPy. It imports whatever lies in a folder
  that children may not list: the package `helpers` itself, for one.
- A child dies with the thread that forked it. Fork from one that lives as long.
- The parent kills the child when its time is up by the clock, or when `overrun` says so.
- The parent trusts nothing in the folder afterwards, and is ready for one that is hard to remove:
  thousands of folders deep, or of modes that forbid it.
"""

import contextlib
import ctypes
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from autograder.confinement.limits import MIB, Limits

try:
    import resource

    from landlock import plumbing

    from autograder.confinement.file_access import restrict_files
    from autograder.confinement.system_calls import restrict_calls
except (ImportError, OSError, RuntimeError) as error:  # `unavailable` says what to do
    _import_error: Exception | None = error
else:
    _import_error = None

CAPABILITY_VERSION_3 = 0x20080522
PR_SET_PDEATHSIG = 1
M_ARENA_MAX = -8


def unavailable() -> str | None:
    """Say why no process can be confined on this system.

    Returns
    -------
    str or None
        One sentence, what is missing and what to do; or None if nothing is.
    """
    if sys.platform != "linux":
        name = "macOS" if sys.platform == "darwin" else platform.system()
        return f"{name} cannot confine submissions, Linux only can: grade on Linux."
    if isinstance(_import_error, ImportError):
        return f"{_import_error}: install the packages landlock and pyseccomp that we require."
    if isinstance(_import_error, RuntimeError):
        return f"{_import_error}: install libseccomp (Debian and Ubuntu: apt install libseccomp2)."
    if isinstance(_import_error, OSError):
        return "Landlock is off: boot Linux with it, or let this container use its system calls."
    version = plumbing.landlock_abi_version()
    if version < 3:  # cutting files short is not covered before
        return f"Landlock {version} is too old, 3 is needed: use Linux 6.2 or later."
    if not Path("/proc/sys/kernel/seccomp/actions_avail").exists():
        return "This kernel has no seccomp filters: use one built with CONFIG_SECCOMP_FILTER."
    return None


def confine(
    workdir: Path,
    limits: Limits,
    readable: Sequence[Path] = (),
    keep_fds: Collection[int] = (),
) -> None:
    """Confine this process to computing and to one folder, irrevocably.

    `workdir` becomes the current, home and temporary folder. Besides it, the Python installation,
    shared libraries, fonts and time zones can be read, and nothing else can be written. Whoever
    knows the path of another file can still ask for its size and times.

    Parameters
    ----------
    workdir : Path
        Folder of this submission alone.
    limits : Limits
        What the process may use.
    readable : sequence of Path
        Other folders and files that may be read.
    keep_fds : collection of int
        File descriptors that stay open, preferably pipes. Of the others, 0, 1 and 2 become
        ``/dev/null``.

    Raises
    ------
    RuntimeError
        The process has several threads; the others would stay free.
    OSError
        A path is missing or the kernel refuses. The process is half confined: end it.
    """
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        raise RuntimeError(f"{threads} threads run, one would be confined: confine after forking.")
    workdir = workdir.resolve(strict=True)
    ctypes.set_errno(0)  # `landlock` would take a failure of long ago for its own
    _close_files(keep_fds)
    _move_into(str(workdir))
    _limit_resources(limits)
    _drop_privileges()
    restrict_files(workdir, readable)
    restrict_calls()


def _close_files(keep_fds: Collection[int]) -> None:
    standard = {0, 1, 2}
    null = os.open(os.devnull, os.O_RDWR)
    for fd in standard.difference(keep_fds):
        os.dup2(null, fd)
    for fd in set(map(int, os.listdir("/proc/self/fd"))).difference(standard, keep_fds):
        with contextlib.suppress(OSError):  # the listing's own
            os.close(fd)


def _move_into(home: str) -> None:
    for name in set(os.environ).difference({"MPLBACKEND", "OMP_NUM_THREADS"}):
        del os.environ[name]
    os.environ.setdefault("MPLBACKEND", "agg")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.update(PATH=os.defpath, LANG="C.UTF-8", USER="student")
    os.environ.update(HOME=home, TMPDIR=home, IPYTHONDIR=home, MPLCONFIGDIR=home)
    os.environ["JOBLIB_MULTIPROCESSING"] = "0"  # joblib would try, and complain on stderr
    tempfile.tempdir = home  # the parent may have settled on another
    os.chdir(home)


def _limit_resources(limits: Limits) -> None:
    Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, this goes first
    with contextlib.suppress(AttributeError):  # only glibc has arenas, 64 MiB each for a thread
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    # All threads of the machine, so no fewer than the user's, with which the kernel compares.
    running = int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])
    ceilings = {
        resource.RLIMIT_AS: mapped + limits.memory_mb * MIB,
        resource.RLIMIT_CPU: limits.cpu_seconds + 1,
        resource.RLIMIT_NPROC: running + limits.threads,
        resource.RLIMIT_FSIZE: limits.file_mb * MIB,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_STACK: 8 * MIB,
        resource.RLIMIT_CORE: 1,  # 0 would still wake a crash handler
    }
    for kind, ceiling in ceilings.items():
        inherited = resource.getrlimit(kind)[1]
        hard = ceiling if inherited == resource.RLIM_INFINITY else min(ceiling, inherited)
        resource.setrlimit(kind, (hard - (kind == resource.RLIMIT_CPU), hard))


def _drop_privileges() -> None:
    """Give up root's capabilities (to raise limits, for one), and die when the parent does."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, nothing = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3), (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing):
        raise OSError(ctypes.get_errno(), "The process cannot give up its capabilities")
    plumbing.get_prctl()(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
