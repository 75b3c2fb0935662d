"""``make demo``: a small class hands in Lab 1 and is graded, in a folder of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.__main__ import main as grade
from autograder.course import HOME, Course
from grader_tests import lab1_bank, reference

LAB = "lab1_helper_utilities"
_RIGHT = {variant.name: variant for variant in lab1_bank.RIGHT}
_MISTAKES = {variant.name: variant for variant in lab1_bank.MISTAKES}

_COMMON = {
    "chris": "prime takes the sigmoid's value",
    "dana": "one-hot of the classes present",
    "eli": "cost divided by classes, too",
    "farah": "l1 as a matrix norm",
    "gus": "l2 without the half",
}
_ENDLESS = """
def compute_cost(A2, Y):
    while True:
        pass
"""


def main() -> int:
    """Release, hand in, grade, and say where to look."""
    course = Course(HOME / "demo")
    shutil.rmtree(course.root, ignore_errors=True)
    shutil.copytree(HOME / "solutions", course.root / "solutions")
    print(f"1. Releasing {LAB}: the student version goes to demo/notebooks/.")
    course.release(LAB)
    print("2. Ten students hand in: two right notebooks, a blank one, five with a mistake each,")
    print("   one that never ends, and one that is not a notebook.")
    blank = nbformat.read(course.root / "notebooks" / LAB / f"{LAB}.ipynb", as_version=4)
    for student, fill in _class().items():
        path = course.submission(student, LAB)
        path.parent.mkdir(parents=True)
        path.write_text(fill(blank), encoding="utf-8")
    print("3. Grading.")
    grade([LAB, "--course-dir", str(course.root)])
    pages = sorted(course.root.glob("feedback/*/*/*.html"))
    print(f"4. Open a feedback page in a browser, for example {pages[2]}")
    return 0


def _class() -> dict[str, Callable[[NotebookNode], str]]:
    differently = [
        "sigmoid, one number at a time",
        "one-hot with a loop",
        "cost with loops",
        "penalties over a loop of both layers",
    ]
    hand_ins = {
        "ada": lambda blank: _with_answers(blank, reference.cells(LAB)),
        "ben": lambda blank: _with_answers(
            blank, {_RIGHT[name].cell: _RIGHT[name].source(LAB) for name in differently}
        ),
        "zoe_blank": nbformat.writes,
        "ivo_endless": lambda blank: _with_answers(
            blank, reference.cells(LAB) | {"compute_cost": _ENDLESS}
        ),
        "joy_no_notebook": lambda blank: "This was meant to be a notebook.",
    }
    for student, mistake in _COMMON.items():
        variant = _MISTAKES[mistake]
        answers = reference.cells(LAB) | {variant.cell: variant.source(LAB)}
        hand_ins[student] = lambda blank, answers=answers: _with_answers(blank, answers)
    return hand_ins


def _with_answers(blank: NotebookNode, answers: dict[str, str]) -> str:
    """Fill answers into the student notebook, as JSON."""
    notebook = nbformat.from_dict(blank)
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("solution") and nbgrader["grade_id"] in answers:
            cell.source = answers[nbgrader["grade_id"]]
    return nbformat.writes(notebook)


if __name__ == "__main__":
    sys.exit(main())
