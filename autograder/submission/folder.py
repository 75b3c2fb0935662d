"""What lies in a folder that was handed in. Looks at names, through no link, and not for ever."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from autograder.safe.text import printable

MOST_LOOKED_AT = 2_000  # files and folders
DEEPEST = 6  # folders in folders
LONGEST_NAME = 200  # characters

# What systems, editors and nbgrader itself leave beside a person's files.
_LITTER = re.compile(
    r"\..*|~\$.*|#.*#|.*~|.*\.(bak|swp|swo|tmp|part|crdownload)"
    r"|thumbs\.db|desktop\.ini|icon\r|timestamp\.txt|submission_secret\.txt"
    r"|__macosx|__pycache__|results\.json",
    re.IGNORECASE | re.DOTALL,
)


def is_litter(name: str) -> bool:
    """Return whether a file or folder of this name is nobody's work."""
    return _LITTER.fullmatch(name) is not None


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files that a person put into a folder and those below it, links included.

    Nothing is followed or opened. Of a folder that holds more than anybody hands in, only a part
    is looked at.
    """
    waiting, seen = [(folder, 0)], 0
    while waiting:
        place, depth = waiting.pop()
        try:
            entries = os.scandir(place)
        except OSError:
            continue
        with entries:
            for entry in entries:
                seen += 1
                if seen > MOST_LOOKED_AT:
                    return
                if is_litter(entry.name):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)
                elif depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))


def shown(path: Path, folder: Path | None = None) -> str:
    """Return a file's name as it can be printed, from a folder on where one is named."""
    name = path.relative_to(folder).as_posix() if folder else path.name
    safe = printable(name, "?")
    return safe if len(safe) <= LONGEST_NAME else f"…{safe[-LONGEST_NAME:]}"
