"""What one submission may use, and whether it does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MIB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    memory_mb : int
        Address space in MiB, beyond what the process has when it is confined: what the grader has
        loaded does not count. Address space, because `RLIMIT_DATA` overlooks shared memory and
        `RLIMIT_RSS` does nothing. It counts what is never touched: SciPy, pandas, seaborn and
        scikit-learn take 300 together, and a thread takes 8.
    cpu_seconds : int
        Processor time of all threads together: then ``SIGXCPU``, and a second later ``SIGKILL``.
        The judge stops code long before; this must be more than all that it allows one process.
    threads : int
        Threads. The kernel holds it roughly, counting per user, and for root not at all; `overrun`
        holds it everywhere. Processes need no limit: none can be started.
    file_mb : int
        Size of a file in MiB.
    written_mb : int
        All that is written, to files and pipes, in MiB. For `overrun` to hold.
    open_files : int
        File descriptors.
    """

    memory_mb: int = 2048
    cpu_seconds: int = 200
    threads: int = 64
    file_mb: int = 64
    written_mb: int = 512
    open_files: int = 128


def overrun(pid: int, limits: Limits) -> str | None:
    """Say which limit a confined child exceeds that its parent has to hold.

    Many files, each within the limit, can fill a disk, even after they are removed from the folder.
    So the parent asks several times a second, and kills the child that exceeds one.

    Parameters
    ----------
    pid : int
        The child, not yet waited for.
    limits : Limits
        What it may use.

    Returns
    -------
    str or None
        One sentence; or None if all is well or the child has ended.
    """
    try:
        counts = Path(f"/proc/{pid}/io").read_text() + Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    number = {
        name: value for name, _, value in (line.partition(":") for line in counts.split("\n"))
    }
    # Pipes and files in memory show in the first only, mapped files in the second only; mapped
    # files in memory in neither, so that folders of submissions belong on a disk.
    written = max(int(number["wchar"]), int(number["write_bytes"])) // MIB
    if written > limits.written_mb:
        return f"The notebook wrote {written} MB; it may write {limits.written_mb} MB."
    threads = int(number.get("Threads", 0))
    if threads > limits.threads:
        return f"The notebook ran {threads} threads at once; it may run {limits.threads}."
    return None
