"""The report on a class, written again: ``python -m autograder report LAB``."""

from __future__ import annotations

import argparse

from nbgrader.api import MissingEntry

from autograder.commands.options import DONE, MISUSE, add_course_dir, add_lab
from autograder.pages.report import write


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where the report was written, 2 on misuse."""
    parser = argparse.ArgumentParser(
        prog="python -m autograder report",
        description="Write the report on a lab that was graded: reports/LAB/index.html, and the "
        "same as CSV files beside it. Grading a lab writes it, too.",
        epilog="Exit code: 0 written, 2 usage.",
    )
    add_lab(parser)
    add_course_dir(parser)
    options = parser.parse_args(arguments)
    try:
        print(f"Class report: {write(options.course, options.lab)}")
    except MissingEntry:
        print(f"The gradebook knows no lab {options.lab!r}. Release or grade it first.")
        return MISUSE
    return DONE
