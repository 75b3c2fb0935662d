"""Zip files as Moodle, Canvas and Blackboard give them out, of what these students handed in."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from tests.autograder.collecting.archives import entry, make
from tests.term.people import Person
from tests.term.work import DEADLINE, HandedIn

Work = Iterable[tuple[Person, list[HandedIn]]]
Files = dict[str | zipfile.ZipInfo, str | bytes]


def moodle(work: Work) -> Files:
    """Return what Moodle has: of each student what was handed in last."""
    return {
        entry(
            f"{person.name}_{70000 + int(person.id[1:])}_assignsubmission_file_/{name}", when
        ): data
        for person, times in work
        for name, data, when in _files(times[-1:])
    }


def canvas(work: Work) -> Files:
    """Return what Canvas has: each attempt, with numbers that rise."""
    found: Files = {}
    for person, times in work:
        called = "".join(filter(str.isalpha, f"{person.last}{person.first}".lower()))
        called = unicodedata.normalize("NFC", called)
        for attempt, one in enumerate(times):
            late = "_LATE" if one.when > DEADLINE else ""
            for name, data, when in _files([one]):
                stem, dot, ending = name.rpartition(".")
                again = f"-{attempt}" if attempt else ""
                number = 5000 + len(found)
                file = f"{called}{late}_{person.number}_{number}_{stem}{again}{dot}{ending}"
                found[entry(file, when)] = data
    return found


def blackboard(work: Work) -> Files:
    """Return what Blackboard has: each attempt, and a text that describes it."""
    found: Files = {}
    for person, times in work:
        for one in times:
            head = f"Doubles_{person.id}_attempt_{one.when:%Y-%m-%d-%H-%M-%S}"
            for name, data, when in _files([one]):
                found[entry(f"{head}_{name}", when)] = data
            found[entry(f"{head}.txt", one.when)] = (
                f"Name: {person.name} ({person.id})\nAssignment: Doubles\n"
                f"Date Submitted: {one.when:%A, %B} {one.when.day}, {one.when:%Y %I:%M:%S %p} UTC\n"
            )
    return found


SYSTEMS: dict[str, Callable[[Work], Files]] = {
    "moodle": moodle,
    "canvas": canvas,
    "blackboard": blackboard,
}


def download(system: str, work: Work, to: Path) -> Path:
    """Write a system's zip file."""
    return make(to, SYSTEMS[system](work))


def _files(times: Iterable[HandedIn]) -> Iterable[tuple[str, bytes, datetime]]:
    for one in times:
        for name, data in one.files.items():
            yield name, data, one.when
