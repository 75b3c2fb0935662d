"""What was handed in beside a notebook, as far as it may lie beside it when it runs.

A module, data, a picture. Never a link, a program, or what would stand in for something that the
course or the grader brings.
"""

from __future__ import annotations

import hashlib
import os
import site
import stat
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path, PurePath

from autograder.submission.folder import files_in, shown

MOST_FILES = 50
LARGEST_FILE = 20_000_000  # bytes
MOST_BYTES = 50_000_000  # of all of them
DEEPEST = 2  # folders in folders
MOST_NAMED = 5

_PROGRAMS = frozenset(
    {".bat", ".cmd", ".com", ".dll", ".dylib", ".egg", ".exe", ".pth", ".pyc", ".pyd", ".pyo"}
    | {".so", ".whl"}
)
_BEGINNINGS = (
    *(b"\x7fELF", b"MZ\x90\x00", b"\xca\xfe\xba\xbe"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
)
# What the grader brings; and what Python would run by itself.
_OURS = frozenset({"autograder", "grader_tests", "helpers", "sitecustomize", "usercustomize"})


class _LeftOut(ValueError):
    """Why a file may not lie beside the notebook."""


@dataclass(frozen=True)
class Companions:
    """The files that may, and what is to be told about those that may not.

    Attributes
    ----------
    files : dict of PurePath to bytes
        By their places, as seen from the notebook.
    notes : list of str
    """

    files: dict[PurePath, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """A hash of all of it."""
        parts = [*self.notes, *(f"{place}\0{_hash(data)}" for place, data in self.files.items())]
        return _hash("\n".join(parts).encode("utf-8", "replace"))

    def write(self, folder: Path) -> None:
        """Put the files into a folder."""
        for place, data in self.files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_bytes(data)


def find_companions(folder: Path, given: Mapping[PurePath, Path] | None = None) -> Companions:
    """Find what was handed in beside a notebook.

    Parameters
    ----------
    folder : Path
        Where the notebook lies.
    given : mapping of PurePath to Path, optional
        The instructor's own files by their places: they stay as they are.
    """
    given = given or {}
    kept: dict[PurePath, bytes] = {}
    left_out: list[str] = []
    room = MOST_BYTES
    for path in sorted(files_in(folder), key=_weight):
        place = path.relative_to(folder)
        if path.suffix.lower() == ".ipynb":
            continue
        try:
            _check_place(place, given)
            if len(kept) == MOST_FILES:
                raise _LeftOut(f"{MOST_FILES} files are the limit")
            data = _read(path, room)
            if place in given:
                _check_same(data, given[place])
            else:
                kept[place] = data
                room -= len(data)
        except _LeftOut as why:
            left_out.append(f"{shown(path, folder)} ({why})")
        except OSError as error:
            left_out.append(f"{shown(path, folder)} (it cannot be read: {error.strerror})")
    return Companions(kept, _told(left_out))


def _weight(path: Path) -> tuple[bool, int, Path]:
    """Return what comes first where not all can come: modules, and what lies nearest."""
    return path.suffix != ".py", len(path.parts), path


def _check_place(place: PurePath, given: Iterable[PurePath]) -> None:
    if len(place.parts) > DEEPEST + 1:
        raise _LeftOut(f"it lies more than {DEEPEST} folders deep")
    if place.suffix.lower() in _PROGRAMS or ".so." in place.name.lower():
        raise _LeftOut("it is a program or a compiled library")
    for one in given:
        if place in one.parents or one in place.parents:
            raise _LeftOut(f"the course has a file {one.as_posix()}")
    module = place.parts[0].removesuffix(".py")
    if place.suffix.lower() == ".py" and place not in given:
        if _is_taken(module):
            raise _LeftOut(f"there is a module `{module}` already")
        if module in {one.parts[0].removesuffix(".py") for one in given}:
            raise _LeftOut(f"the course has a module `{module}`")


@cache
def _is_taken(module: str) -> bool:
    """Whether a module of this name can be imported without the student's files."""
    if module in _OURS or module in sys.stdlib_module_names or module in sys.builtin_module_names:
        return True
    paths = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()}
    paths |= {site.getusersitepackages()} if site.ENABLE_USER_SITE else set()
    return PathFinder.find_spec(module, sorted(paths)) is not None


def _read(path: Path, room: int) -> bytes:
    """Read a file that is one, without waiting for anybody or following a link."""
    if path.is_symlink():
        raise _LeftOut("it is a link")
    if not stat.S_ISREG(path.lstat().st_mode):  # opening it may already have effects
        raise _LeftOut("it is no file")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise _LeftOut("it is no file")
        if about.st_size > LARGEST_FILE:
            limit = f"{LARGEST_FILE // 1_000_000} MB are the limit"
            raise _LeftOut(f"it has {about.st_size // 1_000_000} MB, and {limit}")
        if about.st_size > room:
            raise _LeftOut(f"{MOST_BYTES // 1_000_000} MB are the limit for all files together")
        data = file.read(min(room, LARGEST_FILE))
    if data.startswith(_BEGINNINGS):
        raise _LeftOut("it is a program or a compiled library")
    return data


def _check_same(data: bytes, given: Path) -> None:
    if data != given.read_bytes():
        raise _LeftOut("the course's own file of that name counts")


def _told(left_out: list[str]) -> list[str]:
    if not left_out:
        return []
    more = len(left_out) - MOST_NAMED
    named = ", ".join(left_out[:MOST_NAMED]) + (f", and {more} more" if more > 0 else "")
    return [f"Beside the notebook, but not there when it ran: {named}."]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
