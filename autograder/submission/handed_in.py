"""Which file was handed in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from autograder.submission.decoding import Unreadable
from autograder.submission.folder import files_in, shown
from autograder.submission.reading import LARGEST_SUBMISSION, Submitted, read

MOST_NAMED = 5  # files


def find_submission(
    folder: Path, notebook: str, others: Collection[str] = ()
) -> tuple[Path, list[str]]:
    """Find the file that was handed in as a notebook, and say so where it was not called so.

    A file of the right name in the folder itself counts. Where there is none, a copy of another
    name or in another place does, if there is one only, or if all of them say the same.

    Parameters
    ----------
    folder : Path
        What was handed in.
    notebook : str
        Name of the assignment's notebook.
    others : collection of str, optional
        Names of the assignment's other notebooks; their files are not taken for this one.

    Returns
    -------
    Path
        The file; where there is none to be graded, the one that should have been there.
    list of str
        What to tell about it, a sentence each.
    """
    path = folder / f"{notebook}.ipynb"
    if _linked(folder):
        return path, []
    if os.path.lexists(path):
        newer = [one for one in _notebooks(folder, notebook, others) if _newer(one, path)]
        return path, _passed_over(newer, path)
    there = candidates(folder, notebook, others)
    if not there or not _say_the_same(there):
        return path, []
    called = f"The notebook was called {shown(there[0], folder)}; it should be {path.name}."
    if len(there) == 1:
        return there[0], [called]
    return there[0], [called, f"{len(there) - 1} more of the same content lay beside it."]


def read_submission(folder: Path, notebook: str, others: Collection[str] = ()) -> Submitted:
    """Read what was handed in as a notebook, with all that is to be told about it.

    Raises
    ------
    Unreadable
        If there is nothing that can be graded; the sentence says what there is instead.
    """
    path, notes = find_submission(folder, notebook, others)
    if not os.path.lexists(path) and not _linked(folder):
        raise Unreadable(_what_else(folder, notebook, others))
    try:
        submitted = read(path)
    except Unreadable as error:
        raise Unreadable(" ".join([str(error), *notes])) from error
    return Submitted(submitted.cells, [*notes, *submitted.notes])


def _linked(folder: Path) -> bool:
    """Return whether a submission's folder, or its student's, is somebody else's."""
    return folder.is_symlink() or folder.parent.is_symlink()


def candidates(folder: Path, notebook: str, others: Collection[str] = ()) -> list[Path]:
    """Return the files that may stand for a notebook that is not there, the newest first.

    They are its own under another spelling, or else all notebooks, or else archives and scripts.
    """
    files = _files(folder, notebook, others)
    notebooks = [file for file in files if _is_notebook(file.name, notebook)]
    own = [
        file
        for file in notebooks
        if file.parent == folder and file.name.lower() == f"{notebook}.ipynb".lower()
    ]
    if len(own) == 1:
        return own
    return notebooks or [file for file in files if file.suffix.lower() in (".zip", ".py")]


def _files(folder: Path, notebook: str, others: Collection[str]) -> list[Path]:
    """Return what may belong to a notebook, the newest first."""
    names = {notebook: _letters(notebook)} | {other: _letters(other) for other in others}
    found = [
        file
        for file in files_in(folder)
        if _belongs(_letters(file.name), names) in (None, notebook)
    ]
    return sorted(found, key=lambda file: (-file.lstat().st_mtime, str(file)))


def _belongs(letters: str, names: Mapping[str, str]) -> str | None:
    """Return whose name a file's begins with, the longest; None where it is nobody's."""
    own = [name for name, start in names.items() if letters.startswith(start)]
    return max(own, key=len, default=None)


def _letters(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))


def _is_notebook(name: str, notebook: str) -> bool:
    """Return whether a file is a notebook by its name, or by what a browser makes of one."""
    lower = name.lower()
    if lower.endswith((".ipynb", ".ipynb.txt", ".ipynb.json")):
        return True
    return lower.startswith(notebook.lower()) and lower.endswith((".txt", ".json"))


def _notebooks(folder: Path, notebook: str, others: Collection[str]) -> list[Path]:
    files = _files(folder, notebook, others)
    return [file for file in files if _is_notebook(file.name, notebook)]


def _newer(file: Path, path: Path) -> bool:
    """Return whether a file is younger than another, and another one."""
    return int(file.lstat().st_mtime) > int(path.lstat().st_mtime) and digest(file) != digest(path)


def _passed_over(newer: list[Path], path: Path) -> list[str]:
    if not newer:
        return []
    return [
        f"{path.name} counts, because of its name. What lies beside it and is newer was not "
        f"graded: {_named(newer, path.parent)}."
    ]


def _say_the_same(files: list[Path]) -> bool:
    """Return whether there is no doubt which file is meant, because it makes no difference."""
    if len(files) == 1:
        return True
    if len(files) > MOST_NAMED:
        return False
    hashes = {digest(file) for file in files}
    if len(hashes) == 1 and hashes != {""}:
        return True
    if sum(file.lstat().st_size for file in files) > LARGEST_SUBMISSION:
        return False
    try:
        first, *more = (read(file).cells for file in files)
    except Exception:  # of several, one that cannot be read is named; it stops nobody else
        return False
    return all(cells == first for cells in more)


def _what_else(folder: Path, notebook: str, others: Collection[str]) -> str:
    """Say what lies where a notebook should be."""
    name = f"{notebook}.ipynb"
    if several := candidates(folder, notebook, others):
        return (
            f"There is no {name}, but there are others, the newest first: "
            f"{_named(several, folder)}. Keep one, and call it {name}."
        )
    files = _files(folder, notebook, others)
    if not files:
        return f"There is no {name}; the folder is empty."
    return f"There is no {name}, only {_named(files, folder)}. Hand in the notebook itself."


def _named(files: list[Path], folder: Path) -> str:
    names = [shown(file, folder) for file in files[:MOST_NAMED]]
    more = len(files) - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def digest(path: Path) -> str:
    """Return a hash of a submitted file, if it is one that would be read."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST_SUBMISSION:
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
