"""A class graded: ``python -m autograder LAB``."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from autograder.commands import table
from autograder.commands.options import (
    DONE,
    MISUSE,
    NOT_ALL,
    add_course_dir,
    add_lab,
    add_unconfined,
    no_such_lab,
)
from autograder.commands.progress import progress
from autograder.course import Course
from autograder.grading.lateness import doubt_lateness
from autograder.grading.run import Run
from autograder.judge.sandbox import confinement_or_explain
from autograder.pages import report
from autograder.results.class_list import strangers
from autograder.results.graded import Graded
from autograder.results.marks import marks
from autograder.results.sheets import cells

DESCRIPTION = """\
Grade what students handed in for a lab, in submitted/STUDENT/LAB/LAB.ipynb.
Marks go to gradebook.db, pages to feedback/, details to autograded/, a report
on the class to reports/."""
OTHERS = """\
other commands, in place of LAB (`python -m autograder collect --help` says more):
  roster FILE           enter a class list
  try LAB               try a lab before its release
  collect FROM ZIP LAB  sort in what Moodle, Canvas and others give out
  report LAB            write the class report again
  export FORMAT         write marks for Canvas, Moodle or Gradescope
  check NOTEBOOK        grade a notebook of your own
  demo                  see all of it with a small class

Exit code: 0 all graded, 1 some submissions could not be, 2 usage."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where all was graded, 1 where something was not, 2 on misuse."""
    options = _parser().parse_args(arguments)
    course = replace(options.course, unconfined=options.unconfined)
    students = options.student or course.students(options.lab)
    complaint = _missing(course, options.lab, students) or confinement_or_explain(
        options.unconfined
    )
    try:
        if not complaint:
            course.release_if_new(options.lab)
            run = Run(course, options.lab, options.jobs)
            complaint = run.misconfigured()
        if not complaint and not options.late_as_it_is:
            complaint = doubt_lateness(run)
        if complaint:
            print(complaint, file=sys.stderr if options.json else sys.stdout)
            return MISUSE
        graded = _grade(run, options, students)
    except KeyboardInterrupt:
        again = "the same command, without --force," if options.force else "the same command"
        print(f"\nInterrupted. What was done is kept; {again} goes on from there.")
        return NOT_ALL
    page = report.write(course, options.lab)
    with course.gradebook() as gradebook:
        found, given = marks(gradebook, options.lab), cells(gradebook, options.lab)
        not_listed = strangers(gradebook)
    if options.json:
        print(json.dumps(table.as_data(graded, found, given), indent=2, ensure_ascii=False))
    else:
        print(table.render(graded, found, not_listed))
        for doubt in table.doubts({s: run.handed_in(s).doubt for s in students}):
            print(doubt)
        if options.unconfined:
            print("Graded UNCONFINED: the submissions' code could do whatever you can do.")
        if not options.no_feedback:
            print(f"Feedback pages: {course.root / course.directory.feedback_directory}")
        print(f"Class report: {page}")
    return DONE if all(one.status == "graded" for one in graded) else NOT_ALL


def _grade(run: Run, options: argparse.Namespace, students: list[str]) -> list[Graded]:
    if options.force:
        run.forget(students)
    before = {s: g for s in students if (g := run.done_before(s))}
    new = [student for student in students if student not in before]
    if not options.json:
        print(f"Grading {options.lab}: {len(new)} to grade, {len(before)} unchanged since last.")
    graded = dict(before)
    for one in progress(run.grade(new), len(new), "grading", "submissions", options.json):
        graded[one.student] = one
    settled = run.settle(list(before))
    if not options.no_feedback:
        pages = sorted({*settled, *run.stale(students)})
        for complaint in run.write_feedback(pages):
            print(f"No feedback page for {complaint}", file=sys.stderr)
    return [graded[student] for student in students]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=DESCRIPTION,
        epilog=OTHERS,
    )
    add_lab(parser)
    parser.add_argument(
        "--student", action="append", metavar="ID", help="only this student (may be repeated)"
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="so many at once (default: cores)")
    parser.add_argument("--force", action="store_true", help="grade unchanged submissions again")
    parser.add_argument(
        "--late-as-it-is",
        action="store_true",
        help="take points off although most of the class seems more than a week late",
    )
    parser.add_argument("--json", action="store_true", help="print the results as JSON only")
    parser.add_argument("--no-feedback", action="store_true", help="write no feedback pages")
    add_unconfined(parser)
    add_course_dir(parser)
    return parser


def _missing(course: Course, lab: str, students: list[str]) -> str | None:
    """Say what has to be there before grading can start, or None."""
    if complaint := no_such_lab(course, lab):
        return complaint
    if not students:
        places = [course.submission("STUDENT", lab, name) for name in course.notebooks(lab)]
        return (
            f"Nobody has handed in {lab}. Put each notebook into "
            f"{' and '.join(map(str, places))}, then run this again."
        )
    absent = [name for name in students if not course.submission(name, lab).parent.exists()]
    if absent:
        folder = course.root / course.directory.submitted_directory
        return f"No submission of {', '.join(absent)} in {folder}."
    return None
