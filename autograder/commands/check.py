"""Grade one's own notebook: ``python -m autograder check NOTEBOOK``. No gradebook, no files."""

from __future__ import annotations

import argparse
import shutil
import tempfile
import textwrap
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.commands.options import DONE, MISUSE, NOT_ALL, add_course_dir, add_unconfined
from autograder.commands.table import printable
from autograder.course import Course
from autograder.grading.judging import Judging, Task
from autograder.judge.sandbox import confinement_or_explain
from autograder.judge.workers import zygote
from autograder.results.notebook import NOTES, REASON, TestResult, read_results, total
from autograder.submission.decoding import Unreadable
from autograder.submission.master import released_master
from autograder.submission.reading import read
from autograder.submission.recognition import Recognition


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 for full marks, 1 for less, 2 where nothing could be graded."""
    options = _parser().parse_args(arguments)
    course = replace(options.course, unconfined=options.unconfined)
    # One's own links lead to one's own notebook; in a class they would lead to somebody else's.
    notebook_path = options.notebook.resolve()
    try:
        lab, name = lab_of(course, notebook_path)
    except Unreadable as error:
        print(error)
        return MISUSE
    if complaint := confinement_or_explain(options.unconfined):
        print(complaint)
        return MISUSE
    called = lab if name == lab else f"{name} of {lab}"
    print(f"Grading {options.notebook.name} as {called}; this takes a few seconds.", flush=True)
    zygote().launch()
    notebook = judged(course, lab, notebook_path, name)
    if reason := notebook.metadata.get(REASON):
        print(reason)
        return MISUSE
    results = read_results(notebook)
    for note in notebook.metadata.get(NOTES, []):
        print(printable(note))
    for result in results:
        print("\n".join(_lines(result)))
    if options.unconfined:
        print("Graded UNCONFINED: the notebook's code could do whatever you can do.")
    waiting = [result for result in results if result.points is None]
    points, maximum = total(result for result in results if result.points is not None)
    print(f"{points:g} of {maximum:g} points{for_a_person(waiting)}")
    return DONE if points == maximum else NOT_ALL


def lab_of(course: Course, path: Path) -> tuple[str, str]:
    """Return the lab that a notebook is of, and which of its notebooks, by those of its cells.

    Raises
    ------
    Unreadable
        If it is no notebook, or none of this course's.
    """
    cells = read(path).cells
    shared = {
        (lab, name): len(Recognition.of(cells, released_master(course, lab, name)).names)
        for lab in course.labs()
        for name in course.notebooks(lab)
        if course.released(lab, name).exists()
    }
    likeliest = max(shared, key=shared.get, default=("", ""))
    if not shared.get(likeliest):
        raise Unreadable(f"{path} has no exercise of this course's labs in it.")
    return likeliest


def judged(course: Course, lab: str, path: Path, name: str = "") -> NotebookNode:
    """Judge one notebook, as a grading run would, and return it with its verdicts."""
    config = deepcopy(course.config)
    name = name or lab
    config.Judge.keeps_secret = False  # it would be a file
    judging = Judging({name: released_master(course, lab, name)}, config)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, Path(folder, f"{name}{path.suffix}"))
        outcome = judging(Task(lab, "self", Path(folder), beside=path.parent))
    if outcome.failure:
        raise RuntimeError(outcome.failure)
    return nbformat.reads(outcome.notebooks[name], as_version=4)


def for_a_person(results: list[TestResult]) -> str:
    """Say, behind a sum, which points no test can give."""
    if not results:
        return ""
    names = ", ".join(result.place for result in results)
    return f", and {total(results)[1]:g} for a person to give: {names}"


def _lines(result: TestResult) -> list[str]:
    points = "–" if result.points is None else f"{result.points:g}"
    head = f"{result.title}: {points} of {result.maximum:g}"
    if result.status == "passed":
        return [head]
    wrap = textwrap.TextWrapper(96, initial_indent="    ", subsequent_indent="    ")
    return [head, *(line for text in result.explanation for line in wrap.wrap(printable(text)))]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder check",
        description="Grade your own notebook with the hidden tests, and say what is wrong. Nothing "
        "is written.",
        epilog="Exit code: 0 full marks, 1 less, 2 nothing could be graded.",
    )
    parser.add_argument("notebook", type=Path, metavar="NOTEBOOK", help="a filled-in lab, .ipynb")
    add_unconfined(parser)
    add_course_dir(parser)
    return parser
