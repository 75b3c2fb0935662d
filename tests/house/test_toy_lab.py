"""A lab is its own folders: one with a single exercise is built, tried, released and graded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import nbformat
import pytest

from autograder.confinement.confine import unavailable
from autograder.files import HOME
from autograder.submission.answers import fill_in
from grader_tests.engine import worked
from tests.support.folders import needs_mnist

pytestmark = [pytest.mark.classroom]

LAB = "lab10_averages"
SCRIPT = '''
# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Averages

# %%
import numpy as np

from helpers.checking import lab10 as check

# %% [markdown]
# ## A moving average

# %% nbgrader={"grade": false, "grade_id": "moving_average", "locked": false, "schema_version": 3, "solution": true, "task": false}
def moving_average(x: np.ndarray, width: int) -> np.ndarray:
    """Return the mean of each `width` neighbours: from (n,) to (n - width + 1,)."""
    ### BEGIN SOLUTION
    return np.convolve(x, np.ones(width), mode="valid") / width
    ### END SOLUTION


# %% tags=["expected-output"]
check.moving_average(moving_average)

# %% nbgrader={"grade": true, "grade_id": "test_moving_average", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of moving_average(x, width) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab10

lab10.test_moving_average(globals())
### END HIDDEN TESTS

# %% tags=["claim"]
_three = moving_average(np.arange(3.0), 3)
assert len(_three) == 1, "three numbers, not one mean"

# %% [markdown]
# ## In your own words

# %% [markdown] nbgrader={"grade": true, "grade_id": "why_average", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# ### BEGIN SOLUTION
# Noise has no direction, so it cancels.
# ### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "sketch", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
### BEGIN SOLUTION
print("wide is smooth")
### END SOLUTION

# %% [markdown] nbgrader={"grade": false, "grade_id": "own_series", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": true}
# Smooth a series of your own, in new cells below.
# ### BEGIN MARK SCHEME
# 2 for the series, 2 for what is said of it.
# ### END MARK SCHEME
'''
CHECK = '''
"""Visible checks of Lab 10."""

from collections.abc import Callable

import numpy as np

from helpers.checking.checklist import Checklist


def moving_average(answer: Callable) -> None:
    checks = Checklist("moving_average")
    x = np.array([1.0, 3, 5])
    checks.example("three numbers, two at a time", np.array([2.0, 4]), answer, x, 2)
    checks.report()
'''
DECLARED = '''
"""Lab 10, declared."""

from grader_tests.engine.lab import Answer, Lab

lab = Lab(
    "lab10_averages",
    title="Averages",
    builds="a moving average",
    points={"test_moving_average": 5},
    answers={"moving_average": Answer("moving_average")},
)
'''
TESTS = '''
"""Hidden tests of Lab 10."""

from collections.abc import Iterator

import numpy as np

from grader_tests.engine.case import Case
from grader_tests.lab10.lab import lab


@lab.test
def test_moving_average(rng: np.random.Generator) -> Iterator[Case]:
    x = rng.normal(0, 3, 11)
    yield Case("eleven numbers, three at a time", lambda s: s.moving_average(x, 3))
    yield Case("one at a time", lambda s: s.moving_average(x, 1))
'''
BANK = '''
"""Known mistakes and right answers of Lab 10."""

from grader_tests.engine.bank import Mistake, Variant, mistake, right

MISTAKES: list[Mistake] = [
    mistake(
        "average is a sum",
        "moving_average",
        "test_moving_average",
        "You return sums: divide by the number of neighbours, width.",
        (" / width", ""),
    ),
]

RIGHT: list[Variant] = [
    right(
        "average in a loop",
        "moving_average",
        code="""
def moving_average(x, width):
    return np.array([x[i : i + width].mean() for i in range(len(x) - width + 1)])
""",
    ),
]
'''
ROOM = '''
"""Hidden: the tests of Lab 10."""

from grader_tests.lab10.lab import lab
from grader_tests.lab10.tests import test_moving_average

__all__ = ["lab", "test_moving_average"]
'''
OWN = {
    f"solutions/{LAB}/{LAB}.py": SCRIPT,
    "solutions/notes_on_averages/notes_on_averages.py": "# %%\nraise SystemExit('not a lab')\n",
    "helpers/checking/lab10.py": CHECK,
    "grader_tests/lab10/__init__.py": ROOM,
    "grader_tests/lab10/lab.py": DECLARED,
    "grader_tests/lab10/tests.py": TESTS,
    "grader_tests/lab10/bank.py": BANK,
}
# What `authoring.notebooks` does with the run on MNIST, done with the run on what is everywhere.
BUILD = f"""
from authoring.notebooks import ROOT, worked_script, write
from authoring.run import run
write(ROOT, "{LAB}", run(worked_script(ROOT, "{LAB}"), "embedded"))
"""
SUM = "def moving_average(x, width):\n    return np.convolve(x, np.ones(width), mode='valid')"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository without its labs, and the toy's own folders."""
    root = tmp_path_factory.mktemp("toy")
    for part in ("helpers", "grader_tests", "autograder", "authoring"):
        shutil.copytree(
            HOME / part, root / part, ignore=shutil.ignore_patterns("__pycache__", "lab[0-9]")
        )
    shutil.copy(HOME / "nbgrader_config.py", root)
    for name, text in OWN.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def run(course: Path, *command: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, *(command if command[0] == "-c" else ("-m", *command))],
        cwd=course,
        env=os.environ | {"PYTHONPATH": str(course)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def built(course: Path) -> None:
    code, said = run(course, "-c", BUILD)
    assert code == 0, said


def text_of(path: Path) -> str:
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


def test_it_is_built_and_released(course, built):
    released = [path.name for path in (course / "notebooks").rglob("*") if path.is_file()]
    assert released == [f"{LAB}.ipynb"]
    students = text_of(course / "notebooks" / LAB / f"{LAB}.ipynb")
    readers = text_of(course / "solutions" / LAB / f"{LAB}.ipynb")
    hidden = ("grader_tests", "MARK SCHEME", "2 for the series", "###", "_three", "numbers, not")
    assert [word for word in hidden if word in students + readers] == []
    answers = ("convolve", "Noise has no direction", "wide is smooth")
    assert [word for word in answers if word in readers] == list(answers)
    assert [word for word in answers if word in students] == []
    assert "Expected output" in students
    assert "YOUR ANSWER HERE" in students


def test_without_mnist_nothing_is_published_and_what_is_no_lab_is_named(course, built):
    before = {path: path.read_bytes() for path in course.rglob("*.ipynb")}
    code, said = run(course, "authoring.notebooks", MNIST_DIR=str(course))
    assert code == 2, said
    assert "lacks train-images-idx3-ubyte" in said
    assert "published on all 70,000 digits of MNIST. Nothing was changed." in said
    assert "solutions/notes_on_averages is left out" in said
    assert before == {path: path.read_bytes() for path in course.rglob("*.ipynb")}


@needs_mnist
def test_with_mnist_it_is_published_and_fresh(course, built):
    code, said = run(course, "authoring.notebooks", LAB)
    assert code == 0, said
    assert f"{LAB}: published" in said
    code, said = run(course, "authoring.fresh")
    assert code == 0, said
    assert "on all of MNIST" in said


def test_its_bank_is_tried(course, built):
    code, said = run(course, "grader_tests.engine.trial")
    assert code == 0, said
    assert "1 mistakes in 1 labs: each rejected by its tests, and named." in said
    code, said = run(course, "grader_tests.engine.trial", LAB, "--mistake", "sum", "--show")
    assert code == 0, said
    assert "eleven numbers, three at a time <- failed first" in said
    assert "came back" in said


@pytest.mark.skipif(bool(unavailable()), reason=str(unavailable()))
def test_it_is_tried_and_graded(course, built):
    code, said = run(course, "autograder", "try", LAB)
    assert code == 0, said
    by_hand = "for a person to give: "
    assert f"worked solution: 5 of 5 points, and 9 {by_hand}why_average, sketch, own_series" in said
    assert f"blank release: 0 of 10 points, and 4 {by_hand}own_series" in said
    released = course / "notebooks" / LAB / f"{LAB}.ipynb"
    for student, answers in {"ada": None, "bob": {"moving_average": SUM}, "cem": {}}.items():
        path = course / "submitted" / student / LAB / f"{LAB}.ipynb"
        right = {"moving_average": SUM.replace("valid')", "valid') / width")}
        fill_in(released, right if answers is None else answers, path)
    code, said = run(course, "autograder", LAB)
    assert code == 0, said
    points = {}
    for student in ("ada", "bob", "cem"):
        results = course / "autograded" / student / LAB / "results.json"
        graded = json.loads(results.read_text(encoding="utf-8"))
        points[student] = graded["points"], graded["tests"][0]["mistake"]
        assert graded["maximum"] == 14
        page = (course / "feedback" / student / LAB / f"{LAB}.html").read_text(encoding="utf-8")
        assert "own series" in page
        assert "MARK SCHEME" not in page
    assert points["ada"] == (5, None)
    assert points["bob"][1] == "average is a sum"
    assert points["cem"] == (0, None)


def test_labs_are_in_the_order_of_their_numbers(tmp_path):
    for name in ("lab10_b", "lab2_a", "lab_c", "notes"):
        folder = tmp_path / "solutions" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.py").touch()
    (tmp_path / "solutions" / "lab3_without_a_script").mkdir()
    assert worked.labs(tmp_path) == ["lab_c", "lab2_a", "lab10_b"]
    (tmp_path / "solutions" / "lab2_a" / "labels.py").touch()
    folder, file = worked.left_out(tmp_path)
    assert "solutions/notes is left out" in folder
    assert "solutions/lab2_a/labels.py is not given to students" in file
