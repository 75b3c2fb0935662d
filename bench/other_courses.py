"""Grading throughput in a course that is not ours: nbgrader's own example, two notebooks a student.

``python -m bench.other_courses`` makes the course that ``nbgrader quickstart`` makes and hands in
thirty submissions of each kind: the worked answers, some of them missing or wrong, cells that stop.
It grades some of each kind with nbgrader's own command and all of them with ours (confined, side by
side), compares every mark that both gave, and prints the ratio.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.course import Course
from autograder.files import HOME
from autograder.grading.run import Run
from autograder.submission.answers import answers_in, fill_in

ASSIGNMENT = "ps1"
OURS = "\nfrom autograder.plugins import configure\nconfigure(get_config())\n"
# What each kind of submission has in the place of the worked answers, by notebook and cell; all of
# them are left out where it says None.
KINDS: dict[str, dict[tuple[str, str], str] | None] = {
    "right": {},
    "blank": None,
    "partly": {("problem1", "squares"): "", ("problem2", "part-b"): ""},
    "wrong": {("problem1", "squares"): "def squares(n):\n    return [i**2 for i in range(n)]"},
    "stops": {("problem1", "squares"): "1 / 0"},
    "broken": {("problem1", "squares"): "def squares(n:\n    return"},
}
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(HOME),
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
}
Marks = dict[tuple[str, str, str], tuple[float | None, float | None]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=30, help="so many submissions of each kind")
    parser.add_argument("--plain", type=int, default=2, help="so many of each by plain nbgrader")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = quickstart(Path(folder))
        course.release(ASSIGNMENT)
        for kind in KINDS:
            for number in range(options.each):
                hand_in(course, ASSIGNMENT, f"{kind}{number:04}", answers_of(course, kind))
        students = course.students(ASSIGNMENT)
        compared = [name for name in students if int(name[-4:]) < options.plain]
        twin = plain_twin(course, Path(folder, "plain"), compared)
        started = time.perf_counter()
        nbgrader(twin, "autograde", ASSIGNMENT)
        plain = (time.perf_counter() - started) / len(compared)
        started = time.perf_counter()
        for _ in Run(course, ASSIGNMENT).grade(students):
            pass
        ours = (time.perf_counter() - started) / len(students)
        theirs, found = marks(twin, ASSIGNMENT), marks(course, ASSIGNMENT)
    print(f"{os.cpu_count()} cores, {ASSIGNMENT} of nbgrader's example course")
    print(f"plain nbgrader: {plain:.2f} s a submission, over {len(compared)} of them")
    print(f"ours: {ours:.3f} s a submission, over {len(students)}, all start-up included")
    print(f"ratio: {plain / ours:.0f} times the throughput")
    print(f"marks that differ: {sum(found[key] != theirs[key] for key in theirs)} of {len(theirs)}")


def answers_of(course: Course, kind: str) -> dict[tuple[str, str], str]:
    """Return what a submission of some kind answers."""
    changes = KINDS[kind]
    return {} if changes is None else worked(course, ASSIGNMENT) | changes


def quickstart(folder: Path) -> Course:
    """Make nbgrader's example course in a folder, graded by us."""
    command = [sys.executable, "-m", "nbgrader", "quickstart", "course101"]
    subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)
    root = folder / "course101"
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(OURS)
    return Course.at(root)


def worked(course: Course, assignment: str) -> dict[tuple[str, str], str]:
    """Return the instructor's answers, by notebook and cell."""
    return {
        (name, cell): text
        for name in course.notebooks(assignment)
        for cell, text in answers_in(course.worked(assignment, name)).items()
    }


def hand_in(
    course: Course, assignment: str, student: str, answers: dict[tuple[str, str], str]
) -> None:
    """Hand in the released notebooks with these answers, given by notebook and cell."""
    for name in course.notebooks(assignment):
        own = {cell: text for (notebook, cell), text in answers.items() if notebook == name}
        path = course.submission(student, assignment, name)
        fill_in(course.released(assignment, name), own, path)


def plain_twin(course: Course, root: Path, students: list[str]) -> Course:
    """Copy a course, with what these students have handed in, to one that nbgrader grades alone."""
    for folder in (course.directory.source_directory, course.directory.release_directory):
        shutil.copytree(course.root / folder, root / folder)
    for student in students:
        folder = Path(course.directory.submitted_directory, student)
        shutil.copytree(course.root / folder, root / folder)
    config = (course.root / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(config.replace(OURS, ""), encoding="utf-8")
    twin = Course.at(root)
    for lab in twin.labs():
        nbgrader(twin, "generate_assignment", lab, "--force")
    return twin


def nbgrader(course: Course, *arguments: str) -> int:
    """Run one of nbgrader's commands in a course; return its exit code."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course.root, env=ENVIRONMENT, capture_output=True)
    return done.returncode


def marks(course: Course, assignment: str) -> Marks:
    """Return what was found automatically and the score, by student, notebook and cell."""
    with course.gradebook() as gradebook:
        return {
            (submission.student.id, notebook.name, grade.name): (grade.auto_score, grade.score)
            for submission in gradebook.assignment_submissions(assignment)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


if __name__ == "__main__":
    main()
