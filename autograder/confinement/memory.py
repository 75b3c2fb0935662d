"""How much memory this process has, and a limit to it for a while."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def address_space() -> int:
    """Return this process's address space in bytes; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextlib.contextmanager
def memory_limit(most: int) -> Iterator[None]:
    """Have whoever asks for more memory than so many bytes get a `MemoryError`."""
    if not address_space():
        yield
        return
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_AS)
    soft = most if before[1] == resource.RLIM_INFINITY else min(most, before[1])
    resource.setrlimit(resource.RLIMIT_AS, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
