"""Which file was handed in."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from autograder.border.wire import whole

LARGEST_SUBMISSION = 50_000_000  # bytes


def find_submission(folder: Path, lab: str) -> tuple[Path, list[str]]:
    """Find the notebook that was handed in, and say so where it had another name."""
    path = folder / f"{lab}.ipynb"
    if os.path.lexists(path):
        return path, []
    others = sorted(folder.glob("*.[iI][pP][yY][nN][bB]"))
    if len(others) != 1:
        return path, []
    return others[0], [f"The notebook was called {shown(others[0])}; it should be {path.name}."]


def shown(path: Path) -> str:
    """Return a file's name as it can be printed."""
    return whole("".join(letter if letter.isprintable() else "?" for letter in path.name))


def digest(path: Path) -> str:
    """Return a hash of a submitted file, if it is one that would be read."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_SUBMISSION:
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
