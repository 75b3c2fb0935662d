"""A course in a folder whose name is a pattern, an address or an escape to one program or other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import secret, settings
from autograder.course import Course, find
from autograder.files import HOME

LAB = "lab1_helper_utilities"
NAMES = ["a[1]b", "50%", "50%20more", "why?", "why?x=1&y#z", "it's ü", "[!x]*", "a+b @c:d"]


@pytest.mark.parametrize("name", NAMES)
def test_a_gradebook_lies_where_its_folder_is(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    course = Course(folder)
    with course.gradebook() as gradebook:
        gradebook.add_student("ada")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert [path.name for path in folder.iterdir()] == ["gradebook.db"]
    assert settings.gradebook_file(course.gradebook_url) == folder / "gradebook.db"


@pytest.mark.parametrize("name", NAMES)
def test_a_secret_lies_beside_the_gradebook(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    assert secret.path(Course(folder).config) == folder / secret.NAME


def test_a_gradebook_on_a_server_is_no_file():
    assert settings.gradebook_file("postgresql+psycopg://ada:x@localhost/marks") is None


def test_an_ordinary_folder_has_the_address_that_nbgrader_gives_it():
    path = Path("/home/ada/my course/gradebook.db")
    assert settings.gradebook_file(f"sqlite:///{path}") == path


@pytest.mark.parametrize("name", NAMES)
def test_patterns_are_looked_for_below_a_folder_whatever_its_name(tmp_path, name):
    for file in (f"{name}/solutions/lab1/lab1.ipynb", f"{name}/solutions/lab2/x.txt", "1/y.ipynb"):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    below = tmp_path / name
    assert find(f"{below}/solutions/lab1") == [f"{below}/solutions/lab1"]
    assert find(f"{below}/solutions/*/*.ipynb") == [f"{below}/solutions/lab1/lab1.ipynb"]
    assert find(f"{below}/solutions/lab[2-3]/x.*") == [f"{below}/solutions/lab2/x.txt"]
    assert find(f"{below}/nothing/*") == []


@pytest.mark.classroom
@pytest.mark.parametrize("name", ["a[1]b", "why?"])
def test_a_lab_is_released_from_there_without_what_students_must_not_get(tmp_path, name):
    course = Course(tmp_path / name)
    shutil.copytree(HOME / "solutions" / LAB, course.root / "solutions" / LAB)
    course.release(LAB)
    released = {path.name for path in course.released(LAB).parent.iterdir()}
    ordinary = Course(tmp_path / "ordinary")
    shutil.copytree(HOME / "solutions" / LAB, ordinary.root / "solutions" / LAB)
    ordinary.release(LAB)
    assert released == {path.name for path in ordinary.released(LAB).parent.iterdir()}
    assert f"{LAB}.py" not in released
    assert f"{LAB}.ipynb" in released
