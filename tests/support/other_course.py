"""A course that is not ours, with all kinds of cells that nbgrader knows, and its students."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.course import Course
from bench.other_courses import OURS, hand_in, worked

WEEK = "week 1"
CONFIG = """
c = get_config()
c.CourseDirectory.source_directory = "masters"
c.CourseDirectory.submitted_directory = "handed in"
c.CourseDirectory.db_url = "sqlite:///marks.db"
"""
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
MEAN = 'def mean():\n    return float(pd.read_csv("table.csv")["x"].mean())'


def make(root: Path) -> Course:
    """Make the course, released."""
    folder = root / "masters" / WEEK
    folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG + OURS, encoding="utf-8")
    (folder / "table.csv").write_text("x\n1\n2\n6\n", encoding="utf-8")
    (folder / "tools.py").write_text("def double(x):\n    return 2 * x\n", encoding="utf-8")
    nbformat.write(_data(), folder / "data.ipynb")
    nbformat.write(_essay(), folder / "essay.ipynb")
    course = Course.at(root)
    course.release(WEEK)
    return course


def enrol(course: Course) -> None:
    """Have everyone hand in."""
    right = worked(course, WEEK)
    wrong = {("data", "mean"): "def mean():\n    return 2.0"}
    crash = {("data", "grow"): "1 / 0"}
    noisy = {
        ("data", "grow"): "import warnings\ndef grow(x):\n    warnings.warn('!')\n    return 8"
    }
    half = {("data", "scale"): "def scale(x):\n    return 3 * x if x < 2 else 0"}
    for student, answers in {
        "ada": right,
        "blank": {},
        "crash": right | crash,
        "half": right | half,
        "lone": right,
        "noisy": right | noisy,
        "torn": right,
        "wrong": right | wrong,
    }.items():
        hand_in(course, WEEK, student, answers)
    course.submission("lone", WEEK, "essay").unlink()
    tear(course.submission("torn", WEEK, "data"), "test_grow")


def tear(path: Path, name: str) -> None:
    """Delete a cell from a notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") != name
    ]
    nbformat.write(notebook, path)


def _data() -> NotebookNode:
    return _notebook(
        _cell("intro", "# Read this\n\nThe numbers are in `table.csv`.", locked=True),
        new_code_cell("%matplotlib inline\nimport matplotlib.pyplot as plt\nimport pandas as pd"),
        _code("mean", _solved(MEAN), solution=True),
        _code(
            "test_value",
            "assert abs(mean() - 3) < 1e-9\n### BEGIN HIDDEN TESTS\n"
            "assert mean() > 2.5\n### END HIDDEN TESTS",
            points=2,
        ),
        _code("scale", _solved("def scale(x):\n    return 3 * x"), solution=True),
        _code("test_scale", "got = sum(scale(x) == 3 * x for x in (1, 2, 3))\ngot", points=3),
        new_code_cell("figure, axes = plt.subplots()\naxes.plot([scale(1), 2])"),
        _code("grow", _solved("from tools import double\ngrow = double"), solution=True),
        _code("test_grow", "assert grow(4) == 8, 'grow doubles'", points=1),
        _code("use", _solved("grow(mean())"), solution=True, points=2),
    )


def _essay() -> NotebookNode:
    return _notebook(
        _cell("why", "Because it is so.", solution=True, points=4),
        _cell("task", "Draw what you saw.", locked=True, points=5, task=True),
        _code("value", _solved("value = 1"), solution=True),
        _code("test_value", "assert value == 1", points=1),
    )


def _notebook(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells), metadata={"kernelspec": PYTHON})


def _solved(source: str) -> str:
    """Return an answer as an instructor writes it: students get its first line at most."""
    return f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"


def _code(name: str, source: str, **flags: bool | float) -> NotebookNode:
    return new_code_cell(source, metadata=_flags(name, **flags))


def _cell(name: str, source: str, **flags: bool | float) -> NotebookNode:
    return new_markdown_cell(source, metadata=_flags(name, **flags))


def _flags(name: str, **flags: bool | float) -> dict[str, dict[str, object]]:
    grade = {"grade": "points" in flags and not flags.get("task", False)}
    usual = {"grade_id": name, "locked": False, "solution": False, "schema_version": 3}
    return {"nbgrader": usual | {"task": False} | grade | flags}
