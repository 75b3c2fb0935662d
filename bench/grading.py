"""Grading throughput: plain nbgrader against ours, on the same submissions and the same cores.

``python -m bench.grading`` makes a class of Lab 1 submissions, a third of them with a mistake each,
grades some with nbgrader's own steps (one kernel after the other) and all with ours (confined, side
by side), compares every mark, and prints seconds, ratios, memory, and where the time goes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

import psutil

from autograder.course import Course
from autograder.files import HOME
from autograder.grading.run import Run
from autograder.submission.answers import hand_in
from grader_tests.engine.worked import cells
from grader_tests.lab1 import bank as lab1_bank

LAB = "lab1_helper_utilities"
RATIO_OVER = 100  # submissions that the ratio is about
PLAIN = """
c = get_config()
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.ignore = ["*.py", ".ipynb_checkpoints"]
c.Execute.timeout = 120
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--plain", type=int, default=5, help="so many of them by plain nbgrader")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = make_class(Path(folder, "ours"), max(options.students))
        print(f"{os.cpu_count()} cores, {LAB}")
        print("\nours: students  seconds  per second  peak memory of a process (MB)", flush=True)
        about = max((n for n in options.students if n <= RATIO_OVER), default=options.students[0])
        for count in options.students:
            seconds, split, peak = grade_ours(course, count)
            rate = count / seconds
            print(f"      {count:8}  {seconds:7.1f}  {rate:10.2f}  {peak:13}", flush=True)
            if count == about:
                ours = seconds / count
        print(
            f"\nours: {ours:.3f} s a submission by the clock, all start-up included; of processor"
        )
        print(
            "      time, spread over the cores, "
            + ", ".join(f"{k} {v:.3f}" for k, v in split.items())
        )
        plain = grade_plain(Path(folder, "plain"), course, options.plain)
        print(f"\nplain nbgrader: {plain:.2f} s a submission, over {options.plain} of them")
        print(f"ratio: {plain / ours:.0f} times the throughput")
        course.config.Judge.run_cells_for_the_reader = True
        whole, _, _ = grade_ours(course, options.plain)
        print(
            "the same with the reader's cells run, too, which we leave out and nbgrader cannot: "
            f"{plain * options.plain / whole:.1f} times, over {options.plain} and with start-up"
        )
        print(f"marks that differ: {compare(course, Path(folder, 'plain'), options.plain)}")


def make_class(root: Path, count: int) -> Course:
    """Make a course with `count` submissions."""
    course = Course(root)
    shutil.copytree(HOME / "solutions" / LAB, root / "solutions" / LAB)
    course.release(LAB)
    worked = cells(LAB)
    mistakes = cycle(lab1_bank.MISTAKES)
    for number in range(count):
        answers = worked
        if number % 3 == 2:
            mistake = next(mistakes)
            answers = worked | {mistake.cell: mistake.source(LAB)}
        hand_in(course, LAB, f"student{number:04}", answers)
    return course


def grade_ours(course: Course, count: int) -> tuple[float, dict[str, float], int]:
    """Grade the first `count` students.

    Returns
    -------
    tuple
        Seconds in all; how each submission's split; the most memory of one process, in MB.
    """
    students = course.students(LAB)[:count]
    started = time.perf_counter()
    run = Run(course, LAB)
    judged, first, peak = [], 0.0, 0
    for graded in run.grade(students):
        peak = max(peak, *map(_memory, psutil.Process().children(recursive=True)))
        first = first or time.perf_counter() - started
        judged.append(graded.grading["seconds"])
    seconds = time.perf_counter() - started
    split = {"first result after": first}
    split |= {
        f"{part} (with fork)" if part == "cells" else part: sum(j[part] for j in judged) / count
        for part in ("cells", "tests")
    }
    split |= {part: spent / count for part, spent in run.seconds.items()}
    return seconds, split, peak // 2**20


def _memory(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):  # it has ended
        return process.memory_info().rss
    return 0


def grade_plain(root: Path, course: Course, count: int) -> float:
    """Grade `count` students with nbgrader as it comes; return seconds per submission."""
    shutil.copytree(course.root / "solutions", root / "solutions")
    for student in course.students(LAB)[:count]:
        shutil.copytree(course.root / "submitted" / student, root / "submitted" / student)
    (root / "nbgrader_config.py").write_text(PLAIN, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(HOME), "DIGITS_DATASET": "embedded"}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"

    def nbgrader(*arguments: str) -> float:
        started = time.perf_counter()
        command = [sys.executable, "-m", "nbgrader", *arguments]
        subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
        return time.perf_counter() - started

    nbgrader("generate_assignment", LAB)
    return nbgrader("autograde", LAB) / count


def compare(course: Course, plain: Path, count: int) -> int:
    """Count the test cells that got other marks."""
    students = course.students(LAB)[:count]
    found = [_marks(Course(root), students) for root in (course.root, plain)]
    return sum(found[0][key] != found[1][key] for key in found[0])


def _marks(course: Course, students: list[str]) -> dict[tuple[str, str], float]:
    with course.gradebook() as gradebook:
        return {
            (submission.student.id, grade.name): grade.score
            for submission in gradebook.assignment_submissions(LAB)
            if submission.student.id in students
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


if __name__ == "__main__":
    main()
