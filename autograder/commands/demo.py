"""``python -m autograder demo``: a small class is graded in Lab 1, in a folder of its own."""

from __future__ import annotations

import argparse
import re
import shutil

from autograder.commands.grade import main as grade
from autograder.commands.options import DONE, MISUSE
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.files import HOME
from autograder.submission.answers import hand_in
from grader_tests.engine import worked
from grader_tests.lab1 import bank

LAB = "lab1_helper_utilities"
_RIGHT = {variant.name: variant for variant in bank.RIGHT}
_MISTAKES = {variant.name: variant for variant in bank.MISTAKES}

_COMMON = {
    "chris": "prime takes the sigmoid's value",
    "dana": "one-hot of the classes present",
    "eli": "cost divided by classes, too",
    "farah": "l1 as a matrix norm",
    "gus": "l2 without the half",
}
_DIFFERENTLY = (
    "sigmoid, one number at a time",
    "one-hot with a loop",
    "cost with loops",
    "penalties over a loop of both layers",
)
_ABSENT = "lea_absent"
_RENAMED = {"total": "result", "out": "answer"}
_ENDLESS = """
def compute_cost(A2, Y):
    while True:
        pass
"""


def main(arguments: list[str] | None = None) -> int:
    """Release, hand in, grade, and say where to look."""
    _parser().parse_args(arguments)
    course = Course(HOME / "demo")
    try:
        _make_anew(course)
    except OSError as error:
        print(
            f"The demo cannot write to {course.root} ({error.strerror}). Copy this folder to where "
            "you may write, and run the demo there."
        )
        return MISUSE
    print(f"1. Releasing {LAB}: the student version goes to demo/notebooks/.")
    course.release(LAB)
    print(
        "2. Eleven of twelve students hand in: three right notebooks, two of them nearly the same,"
    )
    print("   a blank one, five with a mistake each, one that never ends, one that is no notebook.")
    answers_of = _class()
    with course.gradebook() as gradebook:
        for student in (*answers_of, _ABSENT):
            gradebook.add_student(student)
    for student, answers in answers_of.items():
        hand_in(course, LAB, student, {cell: _uncommented(text) for cell, text in answers.items()})
    course.submission("joy_no_notebook", LAB).write_text("This was meant to be a notebook.")
    print("3. Grading.")
    options = [LAB, "--course-dir", str(course.root)]
    if reason := unavailable():
        print(f"   {reason} These submissions are our own, so they are graded without protection.")
        options.append("--unconfined")
    grade(options)
    print(f"4. Open a feedback page in a browser: {course.feedback('farah', LAB)}")
    print(f"   And the report on the class: {course.report(LAB)}")
    return DONE


def _make_anew(course: Course) -> None:
    if course.root.exists():
        shutil.rmtree(course.root)
    shutil.copytree(HOME / "solutions" / LAB, course.root / "solutions" / LAB)


def _class() -> dict[str, dict[str, str]]:
    """Return what each student answers, by the cell."""
    right = worked.cells(LAB)
    differently = [_RIGHT[name] for name in _DIFFERENTLY]
    answers = {
        "ada": right,
        "ben": {variant.cell: variant.source(LAB) for variant in differently},
        "ivo_endless": right | {"compute_cost": _ENDLESS},
        "joy_no_notebook": {},
        "zoe_blank": {},
    }
    answers["kim"] = {cell: _renamed(source) for cell, source in answers["ben"].items()}
    for student, name in _COMMON.items():
        mistake = _MISTAKES[name]
        answers[student] = right | {mistake.cell: mistake.source(LAB)}
    return answers


def _uncommented(source: str) -> str:
    """Return a source without comments: with them it would be the worked solution, copied."""
    return re.sub(r"^ *#.*\n", "", source, flags=re.MULTILINE)


def _renamed(source: str) -> str:
    """Return a source with other names in it, as someone would who copies it."""
    for old, new in _RENAMED.items():
        source = re.sub(rf"\b{old}\b", new, source)
    return source


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="python -m autograder demo",
        description="Release Lab 1, grade a small class of submissions, and show the marks; all of "
        "it in the folder demo/.",
    )
