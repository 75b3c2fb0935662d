"""Whether the system can start a process that a notebook runs in, confined or not."""

from __future__ import annotations

import os
import platform
import socket


def cannot_grade() -> str | None:
    """Say so, in a sentence, where no process can be started to run a notebook in."""
    if hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and hasattr(socket, "send_fds"):
        return None
    return (
        f"{platform.system()} cannot start the processes that the grader runs notebooks in. On "
        "Windows, use WSL, the Linux within it: `wsl --install`, then set the course up in there "
        "and run this again."
    )
