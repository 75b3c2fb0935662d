"""A class for the tests of what comes after grading: real verdicts, judged in this process."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade, is_solution

from autograder.course import Course
from autograder.files import HOME
from autograder.grading.judging import Judged, Task
from autograder.grading.run import Run
from autograder.judge.circumstances import seed_for
from autograder.results.graded import Graded
from autograder.results.notebook import RECORD, as_outputs
from autograder.submission.answers import hand_in
from autograder.submission.handed_in import find_submission
from autograder.submission.reading import read
from autograder.submission.rebuild import rebuild
from grader_tests import lab1
from grader_tests.engine import worked
from grader_tests.engine.script import read as read_script
from helpers.checking.namespace import local

LAB = "lab1_helper_utilities"
WORKED = {name: text for name, text in worked.cells(LAB).items() if "test" not in name}


def new_course(root: Path, *more: NotebookNode) -> Course:
    """Make a course that has released Lab 1, with more cells at its end."""
    course = Course(root, unconfined=True)
    shutil.copytree(HOME / "solutions" / LAB, root / "solutions" / LAB)
    if more:  # as an instructor without scripts has it
        script = course.worked(LAB).with_suffix(".py")
        notebook = read_script(script).notebook
        notebook.cells += more
        nbformat.write(notebook, course.worked(LAB))
        script.unlink()
    course.release(LAB)
    return course


def enter(
    course: Course,
    student: str,
    answers: dict[str, str],
    when: datetime | None = None,
    seconds: float = 0.5,
) -> Graded:
    """Hand in, judge and enter answers of our own, without a worker."""
    hand_in(course, LAB, student, answers)
    folder = course.submission(student, LAB).parent
    if when:
        (folder / "timestamp.txt").write_text(f"{when}", encoding="utf-8")
    run = Run(course, LAB, jobs=1)
    path, _ = find_submission(folder, LAB)
    notebook = rebuild(read(path), run.judging.masters[LAB])
    namespace = worked.load(LAB)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code" and name and not is_grade(cell):
            exec(cell.source, namespace)
    student_code = local(namespace)
    for cell in filter(is_grade, notebook.cells):
        if is_solution(cell):  # for a person
            continue
        test = lab1.lab.tests[cell.metadata.nbgrader["grade_id"]]
        verdict = test.run(student_code, seed_for(LAB, student))
        cell.outputs = as_outputs(verdict, cell.metadata.nbgrader["points"])
    notebook.metadata[RECORD] = {"confined": True, "seconds": {"cells": seconds, "tests": 0.0}}
    return _enter(course, run, student, nbformat.writes(notebook))


def enter_failure(course: Course, student: str, failure: str) -> Graded:
    """Enter a submission that the grader could not judge."""
    hand_in(course, LAB, student, {})
    return _enter(course, Run(course, LAB, jobs=1), student, None, failure)


def _enter(
    course: Course, run: Run, student: str, notebook: str | None, failure: str = ""
) -> Graded:
    task = Task(LAB, student, course.submission(student, LAB).parent)
    with course.gradebook() as gradebook:
        notebooks = {LAB: notebook} if notebook else {}
        return run.enter(gradebook, Judged(task, notebooks, failure))
