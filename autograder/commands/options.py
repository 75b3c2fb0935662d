"""What the commands have in common: options, exit codes, and what keeps a command from starting."""

from __future__ import annotations

import argparse
from pathlib import Path

from traitlets import TraitError

from autograder.course import Course
from autograder.settings import Unusable

DONE, NOT_ALL, MISUSE = 0, 1, 2


def add_lab(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("lab", metavar="LAB", help="the lab, such as lab1_helper_utilities")


def add_course_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--course-dir",
        dest="course",
        type=_course,
        default="",
        metavar="DIR",
        help="the course folder (default: the course that you are in, else this repository)",
    )


def _course(folder: str) -> Course:
    if folder and not Path(folder).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {folder}.")
    try:
        course = Course.at(Path(folder) if folder else None)
        course.directory  # noqa: B018  (what cannot be read is said here)
    except (Unusable, TraitError) as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return course


def add_unconfined(
    parser: argparse.ArgumentParser,
    does: str = "run the code without protection: only for notebooks that you trust",
) -> None:
    parser.add_argument("--unconfined", action="store_true", help=does)


def no_such_lab(course: Course, lab: str) -> str | None:
    """Say so where a course has no such lab, and which it has, and which folders are none."""
    labs = course.labs()
    if lab in labs:
        return None
    there_are = f"There are: {', '.join(labs)}." if labs else "There is none."
    return " ".join([f"There is no lab {lab!r}. {there_are}", *course.left_out()])
