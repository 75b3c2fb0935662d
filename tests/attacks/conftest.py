"""A throw-away course, and what must be the same after every attack."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbgrader import api

from autograder.course import Course
from autograder.files import HOME
from autograder.grading import run as grading
from autograder.grading.run import Run
from autograder.judge import workers
from autograder.judge.workers import zygote
from tests.attacks.desk import (
    FULL,
    GRACE,
    IDLE,
    LAB,
    LIMITS,
    NEIGHBOUR,
    PATIENCE,
    WORKED,
    Desk,
    InThisProcess,
    at_work,
)


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker("kernel")  # every attack is on a confined worker


@pytest.fixture(scope="package")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the grading process a home and a temporary folder of its own, with secrets around."""
    base = tmp_path_factory.mktemp("around")
    for name in ("home", "temporary"):
        (base / name).mkdir()
    (base / "home" / "diary").write_text("canary-in-the-home-folder")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(base / "home"))
        patch.setenv("TMPDIR", str(base / "temporary"))
        patch.setenv("CANARY", "canary-in-the-environment")
        # A new gradebook asks a slow command which version it has; only a migration would care.
        patch.setattr(api, "get_alembic_version", lambda: "a-test")
        patch.setattr(workers, "GRACE_SECONDS", GRACE)
        patch.setattr(workers, "IDLE", IDLE)
        patch.setattr(tempfile, "tempdir", str(base / "temporary"))
        yield base


@contextmanager
def open_desk(root: Path) -> Iterator[Desk]:
    """Release the lab in a new course, and have an honest neighbour hand in and be graded."""
    zygote().launch()
    course = Course(root)
    shutil.copytree(HOME / "solutions" / LAB, course.root / "solutions" / LAB)
    course.release(LAB)
    with course.gradebook() as gradebook:
        gradebook.add_student(NEIGHBOUR, last_name="canary-in-the-gradebook")
    desk = Desk(course, Run(course, LAB, 1).judging)
    desk.hand_in("'canary-in-the-submission'", answers=WORKED, student=NEIGHBOUR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading, "Processes", InThisProcess)
        assert desk.grade(NEIGHBOUR, held_up=60)[NEIGHBOUR].points == FULL
        assert list(Run(course, LAB, 1).write_feedback([NEIGHBOUR])) == []
        course.config.Judge.patience = PATIENCE
        course.config.Judge.limits = LIMITS
        yield Desk(course, Run(course, LAB, 1).judging)


@pytest.fixture(scope="package")
def course_desk(around: Path) -> Iterator[Desk]:
    with open_desk(around / "course") as desk:
        yield desk


@pytest.fixture
def desk(course_desk: Desk, around: Path) -> Iterator[Desk]:
    """Sit down to cheat; whatever is done, nothing of it may be left."""
    before = _inventory(around)
    yield course_desk
    course_desk.clear()
    left = os.listdir(around / "temporary")
    for name in left:  # so that one attack does not spoil the tests of the next
        subprocess.run(["rm", "-rf", "--", around / "temporary" / name], check=True)
    assert left == [], "a temporary file is left"
    assert at_work() == [], "a process is left"
    assert _inventory(around) == before, "a file was left, changed or removed"
    assert course_desk.score(NEIGHBOUR) == FULL


def _inventory(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of every file, but for the gradebook."""
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
        if not path.is_dir() and path.name != "gradebook.db"
    }
