"""The class list into the gradebook: ``python -m autograder roster FILE``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from autograder.collecting import roster
from autograder.collecting.archive import Unusable
from autograder.collecting.people import Student
from autograder.collecting.roster import Changes
from autograder.commands.options import DONE, MISUSE, NOT_ALL, add_course_dir
from autograder.safe.text import printable


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where all rows were used, 1 where some were not, 2 on misuse."""
    options = _parser().parse_args(arguments)
    left_out: list[str] = []
    try:
        rows = roster.read(options.file, left_out)
    except Unusable as error:
        print(printable(str(error)))
        return MISUSE
    with options.course.gradebook() as gradebook:
        changes = roster.compare(rows, gradebook, left_out)
        if not options.dry_run:
            roster.apply(changes, gradebook)
    for line in _report(changes):
        print(printable(line))
    if options.dry_run:
        print("Nothing was changed: this was a dry run.")
    return NOT_ALL if changes.left_out else DONE


def _report(changes: Changes) -> Iterator[str]:
    """Yield who is new, who is changed and how, and who is not in the file."""
    yield (
        f"New: {len(changes.new)}. Changed: {len(changes.changed)}. As before: {changes.unchanged}."
    )
    yield from (f"  new: {_all_of(student)}" for student in changes.new)
    yield from (f"  changed: {_change(*both)}" for both in changes.changed.items())
    if changes.absent:
        who = ", ".join(student.called for student in changes.absent)
        yield f"In the gradebook, not in the file, and kept: {len(changes.absent)}: {who}"
    if changes.left_out:
        yield f"Lines that are not used: {len(changes.left_out)}"
        yield from (f"  {why}" for why in changes.left_out)


def _all_of(student: Student) -> str:
    number = f"number {student.number}" if student.number else ""
    return ", ".join(filter(None, (student.called, student.email, number)))


def _change(before: Student, after: Student) -> str:
    kinds = {"first_name": "first name", "last_name": "last name", "email": "e-mail address"}
    kinds["number"] = "number"
    changed = [
        f"{called} {getattr(before, of) or 'none'} → {getattr(after, of)}"
        for of, called in kinds.items()
        if getattr(before, of) != getattr(after, of)
    ]
    return f"{before.id}: {', '.join(changed) or 'on the class list now'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder roster",
        description="Enter the class list of a learning management system into the gradebook: "
        "Canvas' gradebook export, Moodle's participants or grades, or a CSV file with columns "
        "such as id, first_name, last_name, email, lms_user_id. Nobody is removed, and no mark is "
        "touched.",
        epilog="A student's id is the login; without one, what stands before the @ of the e-mail "
        "address, else the number. Who is in the gradebook keeps the id. Exit code: 0 all lines "
        "were used, 1 some were not, 2 usage.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the CSV file")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and stop")
    add_course_dir(parser)
    return parser
