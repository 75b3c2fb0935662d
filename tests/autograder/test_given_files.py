"""What lies beside the instructor's notebooks: it decides marks, and is shown."""

from __future__ import annotations

import shutil

import pytest

from autograder.__main__ import main
from autograder.commands.options import DONE
from autograder.course import Course
from autograder.grading.run import Run
from bench.other_courses import hand_in, marks, worked
from tests.support.other_course import WEEK, make

pytestmark = [pytest.mark.kernel, pytest.mark.classroom]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Course:
    course = make(tmp_path_factory.mktemp("given") / "course")
    hand_in(course, WEEK, "ada", worked(course, WEEK))
    assert main([WEEK, "--course-dir", str(course.root)]) == DONE
    return course


@pytest.fixture
def course(graded, tmp_path) -> Course:
    """The graded course, to be changed."""
    return Course.at(shutil.copytree(graded.root, tmp_path / "course"))


def test_what_has_not_changed_is_not_graded_again(course):
    assert Run(course, WEEK).done_before("ada")


def test_other_data_make_marks_stale(course):
    table = course.worked(WEEK).with_name("table.csv")
    table.write_text("x\n1\n2\n9\n", encoding="utf-8")
    assert marks(course, WEEK)["ada", "data", "test_value"] == (2, 2)
    assert main([WEEK, "--course-dir", str(course.root)]) == DONE
    assert marks(course, WEEK)["ada", "data", "test_value"] == (0, 0)


@pytest.mark.parametrize("change", ["added", "removed", "renamed"])
def test_so_does_another_file(course, change):
    folder = course.worked(WEEK).parent
    if change == "added":
        (folder / "deeper").mkdir()
        (folder / "deeper" / "more.txt").touch()
    elif change == "removed":
        (folder / "tools.py").unlink()
    else:
        (folder / "tools.py").rename(folder / "tool.py")
    assert not Run(course, WEEK).done_before("ada")


def test_what_the_course_ignores_does_not(course):
    cache = course.worked(WEEK).with_name("__pycache__")
    cache.mkdir()
    (cache / "tools.pyc").write_bytes(b"x")
    course.worked(WEEK).with_name("gone.csv").symlink_to("nowhere")
    assert Run(course, WEEK).done_before("ada")
