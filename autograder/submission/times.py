"""When something was handed in: who wrote it down, how it is read, and what is believed.

A `timestamp.txt` beside a notebook is a collector's, who knows, or a student's own, who may claim
anything: their text is the same. So collectors write what they know once more, in a place that no
student hands anything into: `submitted/.collected/LAB.json`, which travels with the folder.
"""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import parser
from traitlets import Enum, TraitError, Unicode, validate
from traitlets.config import Configurable

from autograder import files
from autograder.safe.text import printable

NOTE = "timestamp.txt"
_RECORDS = ".collected"
_LONGEST = 100  # characters
_EARLIEST = datetime(2000, 1, 1)  # what is older is what clocks and archives say that know no time
_LATEST = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())  # that every zone can still write
_CLOCKS = timedelta(days=1)  # by how much clocks and zones may be wrong

# By their hours from UTC. Those that stand for several places are left out: AST, BST, CST, IST, …
_ZONES = {
    name: timezone(timedelta(hours=hours))
    for hours, names in {
        -10: "HST",
        -9: "AKST",
        -8: "AKDT PST",
        -7: "MST PDT",
        -6: "MDT",
        -5: "EST",
        -4: "EDT",
        -3.5: "NST",
        -2.5: "NDT",
        0: "GMT UTC WET Z",
        1: "CET MEZ WAT WEST",
        2: "CAT CEST EET MESZ SAST",
        3: "EAT EEST MSK TRT",
        4: "GST",
        5: "PKT",
        5.75: "NPT",
        7: "ICT WIB",
        8: "AWST HKT SGT WITA",
        9: "JST KST WIT",
        9.5: "ACST",
        10: "AEST",
        10.5: "ACDT",
        11: "AEDT",
        12: "NZST",
        13: "NZDT",
    }.items()
    for name in names.split()
}
# What a text leaves out is taken from a default: so two of them must not make a difference.
_DEFAULTS = datetime(2001, 1, 1), datetime(2004, 2, 2)
_YEAR_FIRST = re.compile(r"\D*\d{4}(\d{4})?(?!\d{1,3}\b)")
# Spellings that dateutil reads otherwise, or not at all.
_SPELLINGS = {
    re.compile(r"^(\d{4}-\d\d-\d\d)[-_](\d\d)-(\d\d)$"): r"\1 \2:\3",  # as in a file's name
    re.compile(r"^(\d{4}-\d\d-\d\d)[-_](\d\d)-(\d\d)-(\d\d)$"): r"\1 \2:\3:\4",
    re.compile(r"\b(UTC|GMT)\s*(?=[+-]\d)", re.IGNORECASE): "",  # there, "+3" is 3 hours behind
    re.compile(r"\b([ap])\.m\.", re.IGNORECASE): r"\1m",
    re.compile(r"(?<=\d)\s*\([^()]*\)$"): "",  # a zone that is named again, as in "+0100 (CET)"
}
_PLACE = re.compile(r"\s\[?([A-Z]\w+/[\w/+-]+)\]?$")  # as in "Europe/Berlin"


class NoTime(Exception):
    """What was read is no point in time; the text goes on after the name of what was read."""


@dataclass(frozen=True)
class HandedIn:
    """When a submission was handed in, as far as it can be believed.

    Attributes
    ----------
    when : datetime or None
        In UTC, without a zone, as nbgrader has it; None where nobody wrote it down.
    doubt : str
        A sentence for the student and the instructor, where what was written down is not believed.
    """

    when: datetime | None
    doubt: str = ""


class Times(Configurable):
    """Which time counts, as a course's configuration has it."""

    believe = Enum(
        ("collector", "timestamp", "file"),
        "collector",
        help="Which time counts. collector: that of a timestamp.txt which nbgrader or this grader "
        "wrote when they collected; of any other, which may be a student's own, the later of its "
        "time and the notebook file's. timestamp: what timestamp.txt says, whoever wrote it. file: "
        "the notebook file's own time. Without a timestamp.txt nobody is late, but for `file`.",
    ).tag(config=True)
    zone = Unicode(
        "UTC", help="The zone of times that name none, such as Europe/Berlin; nbgrader's is UTC."
    ).tag(config=True)

    @validate("zone")
    def _known_zone(self, proposal: Any) -> str:
        name: str = proposal["value"]
        if zone_named(name) is None:
            raise TraitError(f"There is no zone {name!r}. Name one such as Europe/Berlin.")
        return name

    def handed_in(self, folder: Path, *notebooks: Path) -> HandedIn:
        """Return when what lies in a submission's folder was handed in: when its last one was."""
        note = folder / NOTE
        there = [notebook for notebook in notebooks if os.path.lexists(notebook)]
        if not there:
            return HandedIn(None)
        at_least = max(map(written, there))
        if self.believe == "file":
            return HandedIn(at_least)
        if not os.path.lexists(note):
            return HandedIn(None)
        try:
            claimed = self.read(note)
        except NoTime as error:
            return HandedIn(at_least, f"{NOTE} {error}; the notebook file's own time counts.")
        if self.believe == "timestamp" or claimed == _recorded(folder) or claimed >= at_least:
            return HandedIn(claimed)
        return HandedIn(
            at_least,
            f"{NOTE} names an earlier time than the notebook file has, and no collector wrote it "
            "down; the file's own time counts.",
        )

    def read(self, note: Path) -> datetime:
        """Read a `timestamp.txt`.

        Raises
        ------
        NoTime
            If it is no file, or what it says is no time or could be several.
        """
        if note.is_symlink() or not note.is_file():
            raise NoTime("is no file")
        try:
            with note.open("rb") as file:
                data = file.read(4 * _LONGEST)
            wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            text = data.decode("utf-16" if wide else "utf-8-sig").strip()
        except (OSError, ValueError) as error:
            raise NoTime("holds no time that can be read") from error
        return self.parse(text)

    def parse(self, text: str) -> datetime:
        """Return the point in time that a text names, in UTC, without a zone.

        Raises
        ------
        NoTime
            If it names none, or several, or one that cannot be.
        """
        home = zone_named(self.zone) or UTC
        when = parse(text, home)
        if when > datetime.now(UTC).replace(tzinfo=None) + _CLOCKS:
            raise NoTime(f"says “{_shown(text)}”, which has not come yet")
        if when < _EARLIEST:
            raise NoTime(f"says “{_shown(text)}”, which is long ago")
        return when


def parse(text: str, home: tzinfo = UTC) -> datetime:
    """Return the point in time that a text names, in UTC, without a zone.

    Parameters
    ----------
    text : str
    home : tzinfo
        The zone of a text that names none; and of what it calls itself, where others do so, too.

    Raises
    ------
    NoTime
        If it names none, or several.
    """
    if len(text) > _LONGEST or not text:
        raise NoTime("holds no time that can be read")
    found = set(_readings(text, home))
    if not found:
        raise NoTime(f"says “{_shown(text)}”, which is no time that can be read")
    if len(found) > 1:
        raise NoTime(f"says “{_shown(text)}”, which may be {_either(found)}")
    return found.pop()


def _readings(text: str, home: tzinfo) -> Iterator[datetime]:
    """Yield what a text may mean: days may come before months, and years before days."""
    plain = text
    for written_as, means in _SPELLINGS.items():
        plain = written_as.sub(means, plain)
    if place := _PLACE.search(plain):
        home = zone_named(place[1]) or _unknown(place[1])
        plain = plain[: place.start()]
    orders = [(False, False), (True, False), (False, True), (True, True)]
    for day_first, year_first in orders[:1] if _YEAR_FIRST.match(plain) else orders:
        try:
            one, other = (
                parser.parse(
                    plain.upper(),  # in capitals it knows more zones
                    default=default,
                    dayfirst=day_first,
                    yearfirst=year_first,
                    tzinfos=lambda name, offset: _zone(name, offset, home),
                ).astimezone(UTC)
                for default in _DEFAULTS
            )
        except (ArithmeticError, ValueError):
            continue
        if one != other:
            raise NoTime(f"says “{_shown(text)}”, which names no date")
        yield one.replace(tzinfo=None)


def _zone(name: str | None, offset: float | None, home: tzinfo) -> tzinfo:
    """Return the zone that a text has named, by its name or its seconds from UTC."""
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return home
    return _ZONES.get(name) or _as_at_home(name, home) or _unknown(name)


def _as_at_home(name: str, home: tzinfo) -> tzinfo | None:
    """Return what a zone's own name means, in summer or in winter, such as IST in India."""
    for month in (1, 7):
        there = datetime(2026, month, 1, tzinfo=home)
        if there.tzname() == name and (offset := there.utcoffset()) is not None:
            return timezone(offset)
    return None


def _unknown(name: str) -> tzinfo:
    raise NoTime(f"names the zone “{_shown(name)}”, which is none or several")


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone of a place, such as Europe/Berlin; None if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _either(times: set[datetime]) -> str:
    return " or ".join(f"{when.day} {when:%B %Y}" for when in sorted(times))


def _shown(text: str) -> str:
    return printable(text, "?")


def written(path: Path) -> datetime:
    """Return when a file was last changed, in UTC."""
    return at(path.lstat().st_mtime)


def at(seconds: float) -> datetime:
    """Return the time so many seconds after 1970, in UTC; of a file's, anybody may set any."""
    within = min(max(int(seconds), 0), _LATEST)
    return datetime.fromtimestamp(within, UTC).replace(tzinfo=None)


def write_down(folder: Path, when: datetime) -> None:
    """Write down, as a collector, when the submission in a folder was handed in.

    Parameters
    ----------
    folder : Path
        submitted/STUDENT/LAB
    when : datetime
        In UTC, or with its zone.
    """
    when = _in_utc(when)
    files.write(folder / NOTE, f"{when} UTC\n")
    record(folder, when)


def record(folder: Path, when: datetime) -> None:
    """Record what a collector of nbgrader's wrote into the `timestamp.txt` of a folder."""
    path = _record_of(folder)
    files.write_json(path, {**_read(path), folder.parent.name: _in_utc(when).isoformat()})


def _recorded(folder: Path) -> datetime | None:
    found = _read(_record_of(folder)).get(folder.parent.name)
    return datetime.fromisoformat(found) if found else None


def _record_of(folder: Path) -> Path:
    return folder.parent.parent / _RECORDS / f"{folder.name}.json"


def _read(path: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _in_utc(when: datetime) -> datetime:
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
