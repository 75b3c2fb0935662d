"""The steps of a term in another order than the guide's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.commands.options import DONE, MISUSE
from autograder.course import Course
from autograder.files import HOME
from autograder.submission.answers import hand_in
from tests.support.classroom import LAB, WORKED

pytestmark = [pytest.mark.kernel, pytest.mark.classroom]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A fresh clone: solutions and what students get, and no gradebook."""
    for part in ("solutions", "notebooks"):
        shutil.copytree(HOME / part / LAB, tmp_path / part / LAB)
    return Course(tmp_path)


def run(course: Course, *command: str) -> int:
    return main([*command, "--course-dir", str(course.root)])


def score(course: Course, student: str) -> float:
    with course.gradebook() as gradebook:
        return gradebook.find_submission(LAB, student).score


def test_a_deadline_before_the_release(course: Course) -> None:
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2026-03-01 23:59:00 UTC")
    hand_in(course, LAB, "ada", WORKED)
    assert run(course, LAB, "--no-feedback") == DONE
    assert score(course, "ada") == 30
    with course.gradebook() as gradebook:
        assert gradebook.find_assignment(LAB).duedate.month == 3


def test_everything_before_its_time_and_somebody_afterwards(course: Course, capsys) -> None:
    assert run(course, "report", LAB) == MISUSE
    assert run(course, "export", "canvas", "--to", str(course.root / "x.csv")) == MISUSE
    assert run(course, LAB) == MISUSE
    with course.gradebook() as gradebook:  # as the formgrader's "Add assignment"
        gradebook.add_assignment(LAB)
    assert run(course, "report", LAB) == DONE
    assert run(course, "export", "canvas", "--to", str(course.root / "x.csv")) == DONE
    hand_in(course, LAB, "ada", WORKED)
    assert run(course, LAB, "--no-feedback") == DONE
    with course.gradebook() as gradebook:
        gradebook.add_student("zoe", last_name="Zoe")
    hand_in(course, LAB, "ben", {})
    assert run(course, LAB) == DONE
    assert (score(course, "ada"), score(course, "ben")) == (30, 0)
    assert course.feedback("ada", LAB).exists()
    assert "Traceback" not in "".join(capsys.readouterr())
