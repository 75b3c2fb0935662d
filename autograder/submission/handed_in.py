"""Which file was handed in, and when."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.border.wire import whole

LARGEST_SUBMISSION = 50_000_000  # bytes
LONGEST_DATE = 100  # characters


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


def handed_in(path: Path) -> datetime | None:
    """Return when a submission was handed in, in UTC, or None where nobody wrote it down.

    A `timestamp.txt` that is older than the notebook beside it, or that holds no time, is not
    believed: then the notebook's own time counts.
    """
    note = path.parent / "timestamp.txt"
    if not os.path.lexists(note) or not os.path.lexists(path):
        return None
    at_least = written(path)
    return max(_claimed(note) or at_least, at_least)


def doubts_about_time(path: Path) -> list[str]:
    """Say so where a submission's `timestamp.txt` holds no time."""
    if handed_in(path) is None or _claimed(path.with_name("timestamp.txt")):
        return []
    return ["timestamp.txt holds no time that can be read; the notebook file's own time counts."]


def _claimed(note: Path) -> datetime | None:
    if note.is_symlink() or not note.is_file():
        return None
    try:
        with note.open(encoding="utf-8") as file:
            claimed: datetime | None = parse_utc(file.read(LONGEST_DATE).strip())
            return claimed
    except (OSError, ValueError, OverflowError):
        return None


def written(path: Path) -> datetime:
    """Return when a file was last changed, in UTC."""
    return datetime.fromtimestamp(int(path.lstat().st_mtime), UTC).replace(tzinfo=None)
