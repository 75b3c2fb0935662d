"""Who hands in without being on the class list is named, and not lost in another system's file."""

from __future__ import annotations

import csv

import pytest

from autograder.__main__ import main
from autograder.commands import table
from autograder.results.class_list import NOT_LISTED, called, strangers
from autograder.results.marks import marks
from tests.support.classroom import LAB, WORKED, enter, new_course

pytestmark = pytest.mark.classroom


@pytest.fixture
def course(tmp_path):
    """Ada on the list with her names, Cem with his id only; Mallory is not on it."""
    course = new_course(tmp_path / "course")
    with course.gradebook() as gradebook:
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace", lms_user_id="4711")
        gradebook.add_student("cem")
    return course


def exported(course, tmp_path, what):
    to = tmp_path / f"{what}.csv"
    assert main(["export", what, "--to", str(to), "--course-dir", str(course.root)]) == 0
    with to.open(encoding="utf-8", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def test_table_and_exports_name_a_stranger(course, tmp_path, capsys):
    graded = [enter(course, student, WORKED) for student in ("ada", "cem", "mallory")]
    with course.gradebook() as gradebook:
        assert strangers(gradebook) == {"mallory"}
        rows = table.rows(graded, marks(gradebook, LAB), strangers(gradebook))
    assert [NOT_LISTED in why for *_, why in rows] == [False, False, True]
    for what in ("canvas", "moodle"):
        cells = exported(course, tmp_path, what)
        assert {"ada", "cem"} < set(cells)
        assert "mallory" not in cells
        said = capsys.readouterr().err
        assert NOT_LISTED in said
        assert "mallory" in said
        assert "cem" not in said
    assert "mallory" in exported(course, tmp_path, "exercises")


@pytest.mark.parametrize("details", [{}, {"first_name": "Mal"}, {"email": "m@uni.org"}])
def test_entered_afterwards_is_on_the_list(course, tmp_path, details):
    enter(course, "mallory", WORKED)
    entered = {"first_name": None, "last_name": None, "email": None, "lms_user_id": None}
    with course.gradebook() as gradebook:  # as `nbgrader db student add` does
        gradebook.update_or_create_student("mallory", **entered | details)
        assert strangers(gradebook) == set()
    assert "mallory" in exported(course, tmp_path, "canvas")


def test_without_a_list_nobody_is_a_stranger(tmp_path):
    course = new_course(tmp_path)
    enter(course, "ada", WORKED)
    with course.gradebook() as gradebook:
        assert strangers(gradebook) == set()


def test_a_second_lab_does_not_put_anybody_on_the_list(course):
    enter(course, "mallory", WORKED)
    enter(course, "mallory", {})
    with course.gradebook() as gradebook:
        assert strangers(gradebook) == {"mallory"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Ada", "Lovelace"), "Ada Lovelace (ada)"),
        ((None, "Lovelace"), "Lovelace (ada)"),
        (("", ""), "ada"),
        ((None, None), "ada"),
    ],
)
def test_people_are_called_by_their_names(names, expected):
    assert called("ada", *names) == expected


def test_the_page_says_who_handed_in(course):
    for student in ("ada", "mallory"):
        enter(course, student, WORKED)
        course.generate_feedback(LAB, student)
    page = course.feedback("ada", LAB).read_text(encoding="utf-8")
    assert "Handed in by Ada Lovelace (ada)<" in page
    assert "Handed in by mallory<" in course.feedback("mallory", LAB).read_text(encoding="utf-8")
