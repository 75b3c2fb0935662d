"""What the grader needs of the machine, asked before anything else is loaded.

Imports nothing of ours.
"""

from __future__ import annotations

import os
import platform
import socket
import sys

INSTALL = 'python -m pip install -e ".[course]"'


def cannot_grade() -> str | None:
    """Say so, in a sentence, where no process can be started to run a notebook in."""
    if hasattr(os, "fork") and hasattr(socket, "AF_UNIX") and hasattr(socket, "send_fds"):
        return None
    return (
        f"{platform.system()} cannot start the processes that the grader runs notebooks in. On "
        "Windows, use WSL, the Linux within it: `wsl --install`, then set the course up in there "
        "and run this again."
    )


def lacks(package: str) -> str:
    """Say that a package is missing, and how to install what the grader needs."""
    return (
        f"The grader needs the package {package}, which is not installed for {sys.executable}. In "
        f"the folder of this course, `make setup` installs all of them, or: {INSTALL}"
    )


def print_anything() -> None:
    """Let names and signs be printed as "?" where the terminal's encoding lacks them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
