"""What lies beside the instructor's notebooks: it decides marks, and is shown."""

from __future__ import annotations

import base64
import io
import shutil

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell
from PIL import Image

from autograder.__main__ import main
from autograder.commands.options import DONE
from autograder.course import Course
from autograder.grading.run import Run
from autograder.pages import pictures
from bench.other_courses import hand_in, marks, nbgrader, worked
from tests.support.other_course import WEEK, make

pytestmark = [pytest.mark.kernel, pytest.mark.classroom]


SHOWN = """Look: ![A map](map.png) and <img src="./deeper/my%20plan.jpg" alt="A plan" width="9">.

`![as code](map.png)`"""
NOT_SHOWN = {
    "theirs": "![x](mine.png)",
    "above": "![x](../map.png)",
    "around": "![x](a/../map.png)",
    "elsewhere": r'<img src="\\host\x/../map.png">',
    "absolute": '<img src="http:x/../map.png">',
    "data": "![x](table.csv)",
    "not in the text": "![x](spare.png)",
}


def picture(kind: str, colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, kind)
    return file.getvalue()


MAP, PLAN = picture("PNG", "red"), picture("JPEG", "blue")


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Course:
    """A course whose notebook shows pictures; a student shows them, and others, too."""
    course = make(tmp_path_factory.mktemp("given") / "course")
    folder = course.worked(WEEK).parent
    (folder / "deeper").mkdir()
    (folder / "map.png").write_bytes(MAP)
    (folder / "spare.png").write_bytes(MAP)
    (folder / "deeper" / "my plan.jpg").write_bytes(PLAN)
    add(course.worked(WEEK, "data"), SHOWN)
    course.release(WEEK)
    hand_in(course, WEEK, "ada", worked(course, WEEK))
    path = course.submission("ada", WEEK, "data")
    path.with_name("mine.png").write_bytes(MAP)
    path.with_name("map.png").write_bytes(PLAN)  # of the student's own, in its place
    add(path, "Mine: ![again](map.png) <b onclick='x()'>b</b>")
    for name, text in NOT_SHOWN.items():
        add(path, f"{text}\n\nNot shown: {name}.")
    assert main([WEEK, "--course-dir", str(course.root)]) == DONE
    return course


def add(path, text: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_markdown_cell(text))
    nbformat.write(notebook, path)


def page_of(course: Course) -> BeautifulSoup:
    page = course.feedback("ada", WEEK, "data").read_text(encoding="utf-8")
    return BeautifulSoup(page, "html.parser")


def shown(course: Course) -> dict[str, bytes]:
    """Return the pictures on a page that are in it, by what they are called."""
    images = page_of(course).find_all("img", alt=["A map", "A plan", "again"])
    return {
        image["alt"]: base64.b64decode(image["src"].partition(";base64,")[2]) for image in images
    }


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


def test_the_instructors_pictures_are_on_the_page(graded):
    assert shown(graded) == {"A map": MAP, "A plan": PLAN, "again": MAP}
    assert page_of(graded).find("code", string="![as code](map.png)")


@pytest.mark.parametrize("name", NOT_SHOWN)
def test_nothing_else_is_asked_for(graded, name):
    page = page_of(graded)
    assert page.find(string=lambda text: f"Not shown: {name}." in text)
    assert not [image for image in page.find_all("img", src=True) if "data:" not in image["src"]]
    notebook = nbformat.read(graded.autograded("ada", WEEK, "data"), as_version=4)
    (cell,) = [cell for cell in notebook.cells if f"Not shown: {name}." in cell.source]
    assert "<img" not in cell.source.replace('<img alt="x">', "").replace("<img>", "")
    assert "![" not in cell.source


def test_the_formgrader_finds_them_beside_the_notebook(graded):
    folder = graded.autograded("ada", WEEK).parent
    assert (folder / "map.png").read_bytes() == MAP
    assert (folder / "deeper" / "my plan.jpg").read_bytes() == PLAN
    names = {path.name for path in folder.iterdir()}
    assert not names & {"mine.png", "spare.png", "table.csv", "tools.py"}


def test_another_picture_is_on_the_page_after_the_next_release(course):
    other = picture("PNG", "green")
    course.worked(WEEK).with_name("map.png").write_bytes(other)
    course.release(WEEK)
    assert main([WEEK, "--course-dir", str(course.root)]) == DONE
    assert shown(course)["A map"] == other


def test_what_is_too_large_is_said(course, monkeypatch):
    monkeypatch.setattr(pictures, "MOST", 4 * len(MAP) // 3)
    course.generate_feedback(WEEK, "ada")
    assert shown(course) == {"A map": MAP}
    said = page_of(course).get_text()
    assert "(my plan.jpg is too large for this page.)" in said
    assert "(map.png is too large for this page.)" in said


def test_nbgraders_own_command_lays_them_there_too(course):
    shutil.rmtree(course.autograded("ada", WEEK).parent)
    assert nbgrader(course, "autograde", WEEK, "--force") == 0
    course.generate_feedback(WEEK, "ada")
    assert shown(course) == {"A map": MAP, "A plan": PLAN, "again": MAP}
