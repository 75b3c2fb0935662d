"""When something was handed in: times as systems write them, and whose time is believed."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from traitlets import TraitError
from traitlets.config import Config

from autograder.submission.times import NoTime, Times, at, parse, record, write_down, written

LAB = "lab1"

# What systems write, with the moment in UTC, worked out by hand.
WRITTEN = {
    "2026-03-01 23:30:00.123456 UTC": "2026-03-01 23:30:00.123456",  # nbgrader's exchange
    "2026-02-20 00:00:00": "2026-02-20 00:00",  # nbgrader's zip_collect
    "2026-03-02 00:30:00 CEST": "2026-03-01 22:30",
    "2026-03-02 00:30 cest": "2026-03-01 22:30",
    "2026-03-01 16:30 PST": "2026-03-02 00:30",
    "2026-03-01 10:00:00 Europe/Berlin": "2026-03-01 09:00",
    "2026-07-01 10:00:00 Europe/Berlin": "2026-07-01 08:00",
    "2026-03-01 23:30 America/New_York": "2026-03-02 04:30",
    "2026-03-01 11:00:00 PM": "2026-03-01 23:00",
    "2026-03-01 11:00 p.m.": "2026-03-01 23:00",
    "2026-03-01 12:05 AM UTC": "2026-03-01 00:05",
    "Sunday, March 1, 2026 11:59:00 PM CET": "2026-03-01 22:59",
    "Mar 1, 2026 at 11:59pm": "2026-03-01 23:59",
    "Sun, 01 Mar 2026 23:30:00 +0000": "2026-03-01 23:30",  # RFC 2822
    "Sun Mar 01 2026 10:00:00 GMT-0500 (Eastern Standard Time)": "2026-03-01 15:00",  # a browser
    "2026-03-01T23:30Z": "2026-03-01 23:30",
    "2026-03-01T23:30:00.5+02:00": "2026-03-01 21:30:00.5",
    "2026-03-01T18:43:10.137093-08:00": "2026-03-02 02:43:10.137093",  # Gradescope
    "20260301T233000Z": "2026-03-01 23:30",
    "2026-03-01 10:00 +0530": "2026-03-01 04:30",
    "2026-03-01 10:00 UTC+3": "2026-03-01 07:00",
    "2026-03-01 10:00:00 (UTC)": "2026-03-01 10:00",
    "2026/03/01 10:00": "2026-03-01 10:00",
    "13/03/2026 10:00": "2026-03-13 10:00",
    "03/13/2026 10:00": "2026-03-13 10:00",
    "05/05/2026": "2026-05-05 00:00",
    "2026-02-03-15-04-05": "2026-02-03 15:04:05",  # Blackboard's names of files
    "2026-02-03_15-04": "2026-02-03 15:04",
    "1. March 2026 10:00": "2026-03-01 10:00",
}
NOT_BELIEVED = {
    "": "holds no time",
    "soon": "no time that can be read",
    "2026-03-03 nonsense": "no time that can be read",
    "10:00": "names no date",
    "Friday 10:00": "names no date",
    "March 2026": "names no date",
    "2026": "names no date",
    "05/03/2026 10:00": "may be 5 March 2026 or 3 May 2026",
    "01.03.2026 10:00": "may be 3 January 2026 or 1 March 2026",
    "13/03/26": "may be 26 March 2013 or 13 March 2026",
    "2026-03-01 10:00 IST": "the zone “IST”",
    "2026-03-01 10:00 CST": "the zone “CST”",
    "2026-03-01 10:00 Europe/Nowhere": "the zone “Europe/Nowhere”",
    "2026-03-01 10:00 ../../etc/passwd": "no time that can be read",
    "2026-02-30 10:00": "no time that can be read",
    "2026-13-01": "no time that can be read",
    "2026-03-01 23:00 PM": "no time that can be read",
    "1772409600": "no time that can be read",
    "9999-12-31 23:59:59 -0800": "no time that can be read",
    "9999-12-31 23:59:59": "has not come yet",
    "2100-01-01 00:00:00 UTC": "has not come yet",
    "0001-01-01 00:00:00": "long ago",
    "1970-01-01": "long ago",
    "0001-01-01 00:00 +0900": "no time that can be read",
    "9" * 5000: "holds no time",
    "2026-03-01 " + "9" * 80: "no time that can be read",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_times_as_systems_write_them(text: str) -> None:
    assert Times().parse(text) == datetime.fromisoformat(WRITTEN[text])


@pytest.mark.parametrize("text", NOT_BELIEVED)
def test_what_is_no_time_or_several_is_not_believed(text: str) -> None:
    with pytest.raises(NoTime, match=NOT_BELIEVED[text]):
        Times().parse(text)


def test_a_zone_that_has_a_namesake_is_known_where_the_course_is_at_home_there() -> None:
    text = "2026-07-01 10:00 IST"
    assert parse(text, ZoneInfo("Asia/Kolkata")) == datetime(2026, 7, 1, 4, 30)
    assert parse(text, ZoneInfo("Europe/Dublin")) == datetime(2026, 7, 1, 9)
    berlin = Times(config=Config(Times={"zone": "Europe/Berlin"}))
    assert berlin.parse("2026-07-01 10:00") == datetime(2026, 7, 1, 8)
    with pytest.raises(TraitError, match="no zone 'Berlin'"):
        Times(config=Config(Times={"zone": "Berlin"}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A submission whose file was written on the third of March."""
    folder = tmp_path / "submitted" / "ada" / LAB
    folder.mkdir(parents=True)
    (folder / f"{LAB}.ipynb").write_text("{}")
    touch(folder, datetime(2026, 3, 3, 12))
    return folder


def touch(folder: Path, when: datetime) -> None:
    seconds = when.replace(tzinfo=UTC).timestamp()
    os.utime(folder / f"{LAB}.ipynb", (seconds, seconds))


def found(folder: Path, **settings: str):
    times = Times(config=Config(Times=settings))
    return times.handed_in(folder, folder / f"{LAB}.ipynb")


MARCH_1, MARCH_3, MARCH_5 = (datetime(2026, 3, day, 12) for day in (1, 3, 5))


def test_without_a_note_nobody_knows(folder: Path) -> None:
    assert (found(folder).when, found(folder).doubt) == (None, "")
    assert found(folder, believe="timestamp").when is None
    assert found(folder, believe="file").when == MARCH_3


def test_a_students_own_note_never_beats_the_file(folder: Path) -> None:
    (folder / "timestamp.txt").write_text(f"{MARCH_1} UTC")
    assert found(folder).when == MARCH_3
    assert "no collector wrote it down" in found(folder).doubt
    (folder / "timestamp.txt").write_text(f"{MARCH_5} UTC")
    assert (found(folder).when, found(folder).doubt) == (MARCH_5, "")


def test_which_time_counts_is_a_setting(folder: Path) -> None:
    (folder / "timestamp.txt").write_text(f"{MARCH_1} UTC")
    assert found(folder, believe="timestamp").when == MARCH_1
    assert found(folder, believe="file").when == MARCH_3
    (folder / "timestamp.txt").write_text("05/03/2026 10:00")
    assert found(folder, believe="timestamp").when == MARCH_3


@pytest.mark.parametrize("copied", [shutil.copyfile, shutil.copy2])
def test_a_collectors_time_counts_as_it_is_wherever_the_folder_goes(
    folder: Path, tmp_path: Path, copied
) -> None:
    write_down(folder, MARCH_1.replace(tzinfo=UTC))
    shutil.copytree(folder.parent.parent, tmp_path / "elsewhere", copy_function=copied)
    there = tmp_path / "elsewhere" / "ada" / LAB
    assert (found(there).when, found(there).doubt) == (MARCH_1, "")


def test_a_collectors_record_vouches_for_no_other_time_and_no_other_student(folder: Path) -> None:
    write_down(folder, MARCH_1)
    (folder / "timestamp.txt").write_text("2026-02-01 12:00:00 UTC")
    assert found(folder).when == MARCH_3
    other = folder.parent.parent / "bob" / LAB
    shutil.copytree(folder, other)
    (other / "timestamp.txt").write_text(f"{MARCH_1} UTC")
    assert found(other).when == MARCH_3


def test_a_record_of_nbgraders_own_note(folder: Path) -> None:
    (folder / "timestamp.txt").write_text("2026-03-01 13:00:00 CET")
    record(folder, MARCH_1)
    assert found(folder).when == MARCH_1


@pytest.mark.parametrize(
    "data",
    [
        f"\ufeff{MARCH_5} UTC\r\n".encode(),
        f"{MARCH_5} UTC\n".encode("utf-16"),
        f"\ufeff{MARCH_5} UTC\n".encode("utf-16-be"),
        f"\n  {MARCH_5}Z  \n".encode(),
    ],
)
def test_notes_as_editors_write_them(folder: Path, data: bytes) -> None:
    (folder / "timestamp.txt").write_bytes(data)
    assert (found(folder).when, found(folder).doubt) == (MARCH_5, "")


DAMAGED = {
    "text that is none": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "zeros": lambda path: path.write_bytes(b"\0" * 100_000),
    "nothing": lambda path: path.touch(),
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "an escape sequence": lambda path: path.write_text("\x1b[2J"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_note_makes_nobody_punctual_and_says_so(folder: Path, name: str) -> None:
    DAMAGED[name](folder / "timestamp.txt")
    assert found(folder).when == MARCH_3
    assert found(folder).doubt.endswith("; the notebook file's own time counts.")
    assert found(folder).doubt.isprintable()


def test_a_clock_that_is_a_little_fast_is_believed(folder: Path) -> None:
    soon = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=2)
    (folder / "timestamp.txt").write_text(f"{soon}")
    assert found(folder).when == soon


def test_a_file_from_no_time_that_a_clock_shows(folder: Path) -> None:
    touch(folder, datetime(1971, 1, 1))
    (folder / "timestamp.txt").write_text("soon")
    assert found(folder).when == written(folder / f"{LAB}.ipynb") == datetime(1971, 1, 1)


@pytest.mark.parametrize("seconds", [2.0**33, 2.0**40, 2.0**63, -(2.0**40), 253402300799.0])
def test_any_time_of_a_file_is_some_time(seconds):
    """Some file systems keep years that no calendar of Python's has."""
    when = at(seconds).replace(tzinfo=UTC)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert when.astimezone(ZoneInfo(zone)).tzinfo
    assert (when == datetime(1970, 1, 1, tzinfo=UTC)) == (seconds < 0)


SHARED = Path("/dev/shm")


@pytest.mark.skipif(not os.access(SHARED, os.W_OK), reason="no file system that keeps such times")
def test_a_file_of_a_far_year_stops_nobody():
    with tempfile.TemporaryDirectory(dir=SHARED) as folder:
        notebook = Path(folder, f"{LAB}.ipynb")
        notebook.touch()
        os.utime(notebook, (2**40, 2**40))
        Path(folder, "timestamp.txt").write_text("2026-03-01 10:00 UTC")
        found = Times().handed_in(Path(folder), notebook)
    assert found.when.year > 2026
    assert "the file's own time counts" in found.doubt
