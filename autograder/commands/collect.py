"""Submissions from another system: ``python -m autograder collect``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.tz import tzlocal

from autograder.collecting.archive import Unusable
from autograder.collecting.attempts import READERS
from autograder.collecting.plan import NEW, NEWER, OLDER, RETIMED, UNCHANGED, Plan, Taken
from autograder.collecting.sorting import REPLACED, carry_out, plan
from autograder.commands.options import (
    DONE,
    MISUSE,
    NOT_ALL,
    add_course_dir,
    add_lab,
    no_such_lab,
)
from autograder.course import Course
from autograder.safe.text import printable
from autograder.submission.times import zone_named

_OUTCOMES = {
    NEW: "new",
    NEWER: f"newer than what was there, which is in {REPLACED}/ now",
    RETIMED: "the same as before; its time was put right",
    UNCHANGED: "the same as before",
    OLDER: "no newer than what is there, and so left out",
}
_MOST_LISTED = 200


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where all was sorted, 1 where something was not, 2 on misuse."""
    options = _parser().parse_args(arguments)
    course = options.course
    zone = options.timezone or _zone_of(course)
    complaint = no_such_lab(course, options.lab) or _nobody(course)
    if complaint:
        print(complaint)
        return MISUSE
    read = READERS[options.system]
    try:
        archive, sheet = options.archive, options.times
        made = plan(course, options.lab, archive, read, zone, sheet, options.replace)
    except Unusable as error:
        print(printable(str(error)))
        return MISUSE
    if not options.dry_run:
        carry_out(course, options.lab, made)
    for line in _report(made, zone):
        print(printable(line))
    if options.dry_run:
        print("Nothing was changed: this was a dry run.")
    return NOT_ALL if made.unmatched or made.left_out else DONE


def _zone_of(course: Course) -> tzinfo:
    """Return the zone that the course's configuration names, else this machine's own."""
    named = course.config.Times.get("zone")
    return ZoneInfo(named) if named else tzlocal()


def _nobody(course: Course) -> str | None:
    with course.gradebook() as gradebook:
        if gradebook.students:
            return None
    return (
        "The gradebook knows no students, so nobody's submission can be told. First: "
        "python -m autograder roster FILE, with the class list of your learning management system."
    )


def _report(made: Plan, zone: tzinfo) -> Iterator[str]:
    """Yield what is taken of whom, and what is not."""
    yield f"Taken: {len(made.taken)}"
    yield from (f"  {_taken(one)}" for one in made.taken)
    if made.download:
        yield (
            f"The times in the archive are those of its download ({made.download} UTC): none is "
            "written down, and so nobody is late but who is marked."
        )
    elif any(one.when for one in made.taken):
        where = zone.key if isinstance(zone, ZoneInfo) else "this machine's zone"
        yield f"Times without a zone were taken as of {where} (--timezone names another)."
    yield from _listed("Not matched, and so not taken", made.unmatched)
    if made.unmatched:
        yield (
            "  Enter who is missing (python -m autograder roster, nbgrader db student add), or "
            "name a folder after the student's id and collect that as `folder`."
        )
    yield from _listed("Left out", made.left_out)
    if made.litter:
        yield f"Also left out: {made.litter} files that systems and editors leave behind."
    if made.missing:
        yield f"Nothing from {len(made.missing)} of the class list:"
        yield "  " + ", ".join(student.called for student in made.missing)


def _taken(one: Taken) -> str:
    when = f"{one.when} UTC{', after the deadline' if one.late else ''}" if one.when else "no time"
    parts = [f"{one.student.called} from {one.called}", when, _OUTCOMES[one.outcome], *one.notes]
    return "; ".join(parts)


def _listed(heading: str, entries: dict[str, str]) -> Iterator[str]:
    if entries:
        yield f"{heading}: {len(entries)}"
        yield from (f"  {name}: {why}" for name, why in [*entries.items()][:_MOST_LISTED])
        if len(entries) > _MOST_LISTED:
            yield f"  and {len(entries) - _MOST_LISTED} more"


def _timezone(name: str) -> ZoneInfo:
    if zone := zone_named(name):
        return zone
    raise argparse.ArgumentTypeError(f"there is no zone {name!r}; name one such as Europe/Berlin")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder collect",
        description="Sort what a learning management system gives out into "
        "submitted/STUDENT/LAB/, with the times of handing in. Who is meant is looked up in the "
        "gradebook: by the system's number, login, e-mail address, or name.",
        epilog="Times that name no zone, as in zip files, are taken as of the zone that "
        "c.Times.zone names, else of this machine. What was collected before stays unless "
        f"something newer is there, and is then laid aside in {REPLACED}/. Exit code: 0 all was "
        "sorted, 1 something was not, 2 usage.",
    )
    parser.add_argument("system", choices=READERS, help="where it comes from")
    parser.add_argument("archive", metavar="ZIP", type=Path, help="the zip file, or a folder")
    add_lab(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and stop")
    parser.add_argument(
        "--times",
        metavar="CSV",
        type=Path,
        help="a table with the times of handing in, such as Moodle's grading worksheet",
    )
    parser.add_argument(
        "--timezone", metavar="ZONE", type=_timezone, help="of times that name none: Europe/Berlin"
    )
    parser.add_argument(
        "--replace", action="store_true", help="take what is in there even where it is no newer"
    )
    add_course_dir(parser)
    return parser
