"""The course's secret: what hidden inputs follow from, beside what everybody knows."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cache
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.settings import gradebook_file

NAME = "grading.secret"


def of_course(config: Config) -> bytes:
    """Return the secret of a course; it is made when it is first asked for."""
    return _read_or_make(str(path(config)))


def path(config: Config) -> Path:
    """Return where a course's secret lies: beside its gradebook, or in the course folder."""
    course = CourseDirectory(config=config)
    gradebook = gradebook_file(course.db_url)
    return (gradebook.parent if gradebook else Path(course.root)) / NAME


@cache
def _read_or_make(name: str) -> bytes:
    place = Path(name)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f".{NAME}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # of two at once, the first one counts
            os.link(draft, place)
        draft.unlink()
    return bytes.fromhex(place.read_text(encoding="utf-8").strip())
