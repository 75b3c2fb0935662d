"""A course of a test's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.course import Course


@pytest.fixture
def course(begun: Course, tmp_path: Path) -> Course:
    """Copy the course that a file of tests has begun: a new gradebook takes seconds."""
    shutil.copytree(begun.root, tmp_path / "course")
    return Course(tmp_path / "course")
