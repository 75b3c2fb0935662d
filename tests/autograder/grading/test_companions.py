"""A module, data and a picture beside a notebook: in a course of ours, and in any other."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.__main__ import main
from autograder.commands.options import DONE
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.files import HOME
from autograder.grading.judging import Task
from autograder.grading.run import Run
from autograder.results.graded import Graded
from autograder.submission.answers import fill_in
from tests.support.classroom import LAB, WORKED, new_course
from tests.support.nbgrader_commands import nbgrader

pytestmark = pytest.mark.classroom

CONFINED = [] if unavailable() is None else ["--unconfined"]


def _cell(source: str, grade_id: str, **flags: object) -> nbformat.NotebookNode:
    about = {"grade_id": grade_id, "schema_version": 3, "task": False} | flags
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": about})


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A course with one assignment, in which a student handed in a module, data and a picture."""
    (tmp_path / "nbgrader_config.py").write_text(
        "from autograder.plugins import configure\nconfigure(get_config())\n"
        "c = get_config()\nc.CourseDirectory.course_id = 'elsewhere'\n"
    )
    stub = "### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION"
    cells = [
        _cell(stub, "answer", grade=False, solution=True, locked=False),
        _cell("assert answer == 42", "test", grade=True, solution=False, locked=True, points=2),
    ]
    source = tmp_path / "source" / "hw1" / "hw1.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), source)
    Course(tmp_path).release("hw1")
    notebook = nbformat.read(tmp_path / "release" / "hw1" / "hw1.ipynb", as_version=4)
    notebook.cells[0].source = (
        "import own\nfrom tools.more import half\nassert open('picture.png', 'rb').read(4)\n"
        "answer = own.twenty + half + int(open('data/rest.csv').read())"
    )
    beside = tmp_path / "submitted" / "ada" / "hw1"
    for name, content in {
        "own.py": "twenty = 20",
        "tools/more.py": "half = 21",
        "data/rest.csv": "1",
        "picture.png": "\x89PNG",
    }.items():
        (beside / name).parent.mkdir(parents=True, exist_ok=True)
        (beside / name).write_text(content)
    nbformat.write(notebook, beside / "hw1.ipynb")
    return tmp_path


def _graded(root: Path) -> Graded:
    return Graded.read(Course(root).results("ada", "hw1"))


def test_by_our_command(elsewhere: Path) -> None:
    assert main(["hw1", "--course-dir", str(elsewhere), *CONFINED]) == DONE
    graded = _graded(elsewhere)
    assert (graded.points, graded.maximum, graded.notes) == (2, 2, [])


@pytest.mark.skipif(bool(CONFINED), reason="nbgrader's own command grades confined only")
def test_by_nbgraders_command(elsewhere: Path) -> None:
    assert nbgrader("autograde", "hw1", folder=elsewhere) == 0
    graded = _graded(elsewhere)
    assert (graded.points, graded.maximum) == (2, 2)


def test_what_changes_beside_the_notebook_has_it_graded_again(elsewhere: Path) -> None:
    run = Run(Course(elsewhere, unconfined=bool(CONFINED)), "hw1", jobs=1)
    folder = elsewhere / "submitted" / "ada" / "hw1"
    before = run.judging.fingerprint(Task("hw1", "ada", folder))
    (folder / "own.py").write_text("twenty = 19")
    assert run.judging.fingerprint(Task("hw1", "ada", folder)) != before
    (folder / "own.py").write_text("twenty = 20")
    assert run.judging.fingerprint(Task("hw1", "ada", folder)) == before


def test_what_was_left_out_is_said(elsewhere: Path) -> None:
    folder = elsewhere / "submitted" / "ada" / "hw1"
    (folder / "random.py").write_text("raise SystemExit")
    (folder / "link").symlink_to(HOME)
    assert main(["hw1", "--course-dir", str(elsewhere), *CONFINED]) == DONE
    graded = _graded(elsewhere)
    assert graded.points == 2
    assert graded.notes == [
        "Beside the notebook, but not there when it ran: random.py (there is a module `random` "
        "already), link (it is a link)."
    ]


def test_one_checks_ones_own_notebook_with_a_module(tmp_path: Path, capsys) -> None:
    path = tmp_path / "my work.ipynb"
    fill_in(Course(HOME).released(LAB), WORKED | {"one_hot": "from own import one_hot"}, path)
    (tmp_path / "own.py").write_text(f"import numpy as np\n{WORKED['one_hot']}")
    assert main(["check", str(path), *CONFINED]) == DONE
    assert capsys.readouterr().out.endswith("30 of 30 points\n")


def test_a_lab_as_a_folder_with_what_was_given(tmp_path: Path) -> None:
    """The release folder comes back as a whole: nothing of it is to be told."""
    course = new_course(tmp_path)
    folder = course.submission("ada", LAB).parent
    fill_in(course.released(LAB), WORKED, folder / f"{LAB}.ipynb")
    for path in course.released(LAB).parent.glob("*.*"):
        if path.suffix != ".ipynb":
            (folder / path.name).write_bytes(path.read_bytes())
    (graded,) = Run(course, LAB, jobs=1).grade(["ada"])
    assert (graded.points, graded.notes) == (30, [])


def test_an_assertion_that_misses_a_name_says_which_cell_stopped(elsewhere: Path) -> None:
    path = elsewhere / "submitted" / "ada" / "hw1" / "hw1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "x = 1\nfrom google.colab import files\nanswer = 42"
    nbformat.write(notebook, path)
    assert main(["hw1", "--course-dir", str(elsewhere), *CONFINED]) == DONE
    (test,) = _graded(elsewhere).tests
    assert test.message == (
        "The test stopped with NameError: name 'answer' is not defined. There is no `answer`: the "
        "cell that defines it stopped in its line 2 with ModuleNotFoundError: No module named "
        "'google'."
    )
