"""What decides a mark beside the submission, so that it can be explained a year later."""

from __future__ import annotations

import hashlib
import hmac
import platform
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path, PurePath

from nbformat.notebooknode import NotebookNode

from autograder.files import HOME
from grader_tests.engine import worked
from grader_tests.engine.lab import package


def seed_for(assignment: str, student: str, submission: str = "", key: bytes = b"") -> int:
    """Return the seed of a submission's hidden inputs.

    Another submission has other inputs, so that whatever one brings out helps no other; and
    without the course's secret nobody can work them out in advance.
    """
    about = f"{assignment}/{student}/{submission}".encode()
    return int.from_bytes(hmac.digest(key, about, "sha256")[:4])


@cache
def hash_of_tests(assignment: str) -> str:
    """Return a hash of all that decides a mark: tests, bank, references and the engine."""
    visible = {package(lab) for lab in worked.labs()}  # these checks give no points
    files = [
        *HOME.glob("grader_tests/engine/**/*.py"),
        *HOME.glob(f"grader_tests/{package(assignment)}/**/*.py"),
        *(p for p in HOME.glob("helpers/checking/*.py") if p.stem not in visible),
        *HOME.glob(f"solutions/{assignment}/*.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(HOME).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def hash_of_files(files: Mapping[PurePath, Path]) -> str:
    """Return a hash of what lies beside a notebook, by where it belongs."""
    parts = (
        f"{place.as_posix()}\0{_hash_of_file(path, *_state(path))}"
        for place, path in sorted(files.items())
    )
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def _state(path: Path) -> tuple[int, int]:
    """Return what is another where a file was changed."""
    about = path.stat()
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=1024)  # asked for once a submission
def _hash_of_file(path: Path, *_state: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(nb: NotebookNode) -> str:
    """Return a hash of a rebuilt submission's cells."""
    cells = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in nb.cells)
    return hashlib.sha256(cells.encode("utf-8", "replace")).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of what decides how a submission runs."""
    packages = ("numpy", "scipy", "matplotlib", "ipython", "nbgrader", "digits-from-scratch")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}
