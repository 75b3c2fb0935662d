"""A gradebook on a PostgreSQL server, which has an order of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.commands.unusable import explain
from autograder.course import Course
from autograder.export.tables import Canvas, Exercises
from autograder.grading.run import Run
from autograder.results.marks import marks
from tests.support.classroom import LAB, WORKED, enter, new_course
from tests.support.postgres import needs_postgres, server

pytestmark = [pytest.mark.classroom, needs_postgres]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with server() as address:
        yield address


@pytest.fixture(scope="module")
def course(address: str, tmp_path_factory) -> Course:
    """Graded there, with a test changed after its release."""
    root = tmp_path_factory.mktemp("course")
    here = new_course(root)
    course = Course(root, unconfined=True)
    course.config.CourseDirectory.db_url = address
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    course.release(LAB)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=datetime(2026, 3, 1))
        for student, last in (("dee", None), ("bo", "day"), ("cy", "Day"), ("al", "")):
            gradebook.add_student(student, last_name=last, first_name="x")
    enter(course, "bo", WORKED)
    enter(course, "cy", {}, when=datetime.now() - timedelta(hours=1))
    assert here.gradebook_url != course.gradebook_url
    return course


def change(address: str, command: str) -> None:
    engine = create_engine(address)
    with engine.begin() as database:
        database.execute(text(command))
    engine.dispose()


def test_marks_and_penalties(course: Course) -> None:
    with course.gradebook() as gradebook:
        found = marks(gradebook, LAB)
    assert {student: mark.score for student, mark in found.items()} == {"bo": 30, "cy": 0}
    assert found["cy"].late > timedelta(days=7)


def test_cells_and_rows_keep_their_order(course: Course, address: str, tmp_path: Path) -> None:
    before = [cell.name for cell in Run(course, LAB, jobs=1).judging.masters[LAB].cells]
    change(address, "UPDATE base_cell SET name = name WHERE name IN ('one_hot', 'test_one_hot')")
    with course.gradebook() as gradebook:
        notebook = gradebook.find_notebook(LAB, LAB)
        moved = [cell.name for cell in notebook.grade_cells]
        assert moved != [name for name in before if name in moved]  # the server's own order
        written = {}
        for plugin in (Canvas, Exercises):
            exporter = plugin(config=course.config)
            exporter.to = str(tmp_path / plugin.file_name)
            exporter.export(gradebook)
            written[plugin] = (tmp_path / plugin.file_name).read_text(encoding="utf-8").split("\n")
    assert [cell.name for cell in Run(course, LAB, jobs=1).judging.masters[LAB].cells] == before
    tests = [name for name in before if name in moved]
    heads = written[Exercises][0].split(",")
    assert [head.split(": ")[1].split(" ")[0] for head in heads[4:-2]] == tests
    assert [row.split(",")[-3] for row in written[Canvas][2:-1]] == ["al", "dee", "bo", "cy"]


def test_what_a_server_says_is_explained(course: Course, address: str) -> None:
    for wrong, says in (
        (address.replace("/postgres?", "/nowhere?"), "knows no such database"),
        ("postgresql+psycopg://grader@127.0.0.1:1/x", "cannot be reached"),
        ("postgresql+psycopg://grader@nowhere.invalid/x", "cannot be reached"),
    ):
        other = Course(course.root)
        other.config.CourseDirectory.db_url = wrong
        with pytest.raises(Exception) as caught:  # noqa: PT011  (whatever it is, it is explained)
            other.gradebook()
        assert says in (explain(caught.value) or "")
    change(address, "ALTER TABLE student DROP COLUMN lms_user_id")
    with pytest.raises(Exception) as caught, course.gradebook() as gradebook:  # noqa: PT011
        gradebook.students  # noqa: B018
    assert "nbgrader db upgrade" in (explain(caught.value) or "")
