"""Zip files as learning management systems write them, with the times that we want."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

EARLY, LATE = datetime(2026, 2, 20, 23, 50, 12), datetime(2026, 3, 2, 10, 0, 0)


def entry(name: str, when: datetime = EARLY, in_utc: bool = False) -> zipfile.ZipInfo:
    """Return an entry; with `in_utc` it has Unix' own time beside the local one."""
    info = zipfile.ZipInfo(name, date_time=when.timetuple()[:6])
    if in_utc:
        seconds = int(when.replace(tzinfo=UTC).timestamp())
        info.extra = struct.pack("<HHBi", 0x5455, 5, 1, seconds)
        info.date_time = (2026, 12, 24, 0, 0, 0)  # what no one should read
    return info


def link(name: str) -> zipfile.ZipInfo:
    info = entry(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def make(path: Path, files: Mapping[str | zipfile.ZipInfo, str | bytes]) -> Path:
    """Write a zip file, which is itself of a later time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(entry(name) if isinstance(name, str) else name, data)
    made = datetime(2026, 4, 1, tzinfo=UTC).timestamp()
    os.utime(path, (made, made))
    return path


def without_a_name(data: bytes) -> bytes:
    """Return a zip file's bytes with the name taken from the entry that the list has first."""
    changed = bytearray(data)
    place = int.from_bytes(data[-6:-2], "little")  # of the list
    length = changed[place + 28]
    changed[place + 28], changed[place + 30] = 0, length  # its letters belong to what follows
    return bytes(changed)
