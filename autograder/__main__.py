"""Grade a lab: ``python -m autograder LAB``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from autograder import table
from autograder.course import HOME, Course
from autograder.grading import grade


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where all was graded, 1 where something was not, 2 on misuse."""
    options = _parser().parse_args(arguments)
    course = Course(options.course_dir.resolve())
    students = options.student or course.students(options.lab)
    if complaint := _missing(course, options.lab, students):
        print(complaint)
        return 2
    course.release_if_new(options.lab)
    print(f"Grading {options.lab}: {len(students)} submissions.", flush=True)
    graded = []
    for number, student in enumerate(students, start=1):
        graded.append(grade(course, options.lab, student))
        print(f"  {number} of {len(students)}: {student}", flush=True)
    print(table.render(graded))
    print(f"Feedback pages: {course.root / 'feedback'}")
    return 0 if all(g.status == "graded" for g in graded) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder",
        description="Grade what students handed in for a lab, in submitted/STUDENT/LAB/LAB.ipynb. "
        "Marks go to gradebook.db, pages to feedback/, details to autograded/.",
    )
    parser.add_argument("lab", metavar="LAB", help="the lab, such as lab1_helper_utilities")
    parser.add_argument(
        "--student", action="append", metavar="ID", help="only this student (may be repeated)"
    )
    parser.add_argument(
        "--course-dir", type=Path, default=HOME, metavar="DIR", help="the course folder"
    )
    return parser


def _missing(course: Course, lab: str, students: list[str]) -> str | None:
    """Say what has to be there before grading can start, or None."""
    if lab not in course.labs():
        return f"There is no lab {lab!r}. There are: {', '.join(course.labs())}."
    if not students:
        return (
            f"Nobody has handed in {lab}. Put each notebook into "
            f"{course.root / 'submitted' / 'STUDENT' / lab / lab}.ipynb, then run this again."
        )
    absent = [
        student for student in students if not course.submission(student, lab).parent.exists()
    ]
    if absent:
        return f"No submission of {', '.join(absent)} in {course.root / 'submitted'}."
    return None


if __name__ == "__main__":
    sys.exit(main())
