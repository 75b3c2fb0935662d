"""Pictures of the instructor's that lie beside a notebook, and that its text shows."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from autograder.safe import markdown

KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


def shown_in(texts: Iterable[str], folder: Path) -> frozenset[str]:
    """Return the pictures of a folder that Markdown texts show, by their places in it."""
    places = {place for text in texts for place in markdown.pictures_named_in(text)}
    return frozenset(place for place in places if _is_one(place, folder))


def laid_in(folder: Path) -> frozenset[str]:
    """Return the pictures that `lay` has put into a folder, by their places in it."""
    places = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return frozenset(place for place in places if _is_one(place, folder))


def lay(places: Iterable[str], folder: Path, to: Path) -> None:
    """Lay pictures of a folder beside a graded notebook, where the formgrader looks for them."""
    for place in places:
        (to / place).parent.mkdir(parents=True, exist_ok=True)
        (to / place).unlink(missing_ok=True)
        shutil.copyfile(folder / place, to / place)


def _is_one(place: str, folder: Path) -> bool:
    path = PurePosixPath(place)
    inside = not path.is_absolute() and ".." not in path.parts
    file = folder / path
    return inside and path.suffix.lower() in KINDS and file.is_file() and not file.is_symlink()
