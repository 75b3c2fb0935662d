"""A downloaded zip, or a folder, as files that may be read. Nothing is unpacked by its name."""

from __future__ import annotations

import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from io import BytesIO
from pathlib import Path, PurePosixPath

from autograder.submission import times
from autograder.submission.archives import ENTRY
from autograder.submission.reading import LARGEST_SUBMISSION

MOST_FILES = 200_000
LONGEST_NAME = 255  # bytes, as file systems have it
DEEPEST = 20
_DRIVE = re.compile(r"[A-Za-z]:")
_SINCE_1601 = 11_644_473_600  # seconds, until 1970
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Unusable(Exception):
    """A file or an archive that cannot be used; the text says why, as a sentence or its end."""


@dataclass(frozen=True)
class Held:
    """One file in an archive.

    Attributes
    ----------
    path : PurePosixPath
        Where it lies in there: relative, and nowhere else.
    when : datetime or None
        The time that the archive has for it, in UTC, without a zone.
    """

    path: PurePosixPath
    when: datetime | None
    size: int
    _read: Callable[[], bytes]

    def read(self) -> bytes:
        """Return what the file holds.

        Raises
        ------
        Unusable
            If it is too large, encrypted, or damaged.
        """
        if self.size > LARGEST_SUBMISSION:
            raise Unusable(f"has {self.size // 1_000_000} MB, and {_LIMIT} MB are the limit")
        try:
            return self._read()
        except (OSError, RuntimeError, EOFError, ValueError, zlib.error) as error:
            raise Unusable(f"cannot be read: {error}") from error
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise Unusable(f"is damaged: {error}") from error

    def moved_to(self, path: PurePosixPath) -> Held:
        return Held(path, self.when, self.size, self._read)


@dataclass
class Contents:
    """What an archive or a folder holds.

    Attributes
    ----------
    made : datetime
        When the archive itself was last changed, in UTC.
    left_out : dict
        Why something in it is not used, by its name.
    """

    made: datetime
    files: list[Held] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


_LIMIT = LARGEST_SUBMISSION // 1_000_000


def look_into(path: Path, zone: tzinfo) -> Contents:
    """List what lies in a zip file or in a folder.

    Parameters
    ----------
    path : Path
    zone : tzinfo
        That of the times in a zip file, which are local and say not where.

    Raises
    ------
    Unusable
        If there is no such file, or it is no zip file that can be read.
    """
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise Unusable(f"There is no {path}.")
    made = times.at(path.stat().st_mtime)
    return _zip(path, made, zone)


def look_into_zip(held: Held, zone: tzinfo) -> Contents:
    """List what lies in a zip file that lies in another.

    Raises
    ------
    Unusable
        If it cannot be read, or holds too much.
    """
    data = held.read()
    if data.count(ENTRY) > MOST_FILES // 100:
        raise Unusable("holds too many files")
    return _zip(BytesIO(data), held.when or datetime(1980, 1, 1), zone)


def _zip(file: Path | BytesIO, made: datetime, zone: tzinfo) -> Contents:
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unusable(f"is no zip file that can be opened: {error}") from error
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise Unusable(f"holds more than {MOST_FILES:,} files")
    contents = Contents(made)
    found: dict[PurePosixPath, Held] = {}
    for entry in entries:
        name = _name(entry)
        if not entry.filename or entry.is_dir():
            continue
        if why := _unwanted(entry) or unsafe(name):
            contents.left_out[name] = why
            continue
        path = as_path(name)
        if path in found:
            contents.left_out[name] = "is in the archive twice; the later one is taken"
        found[path] = Held(path, _moment(entry, zone), entry.file_size, _reader(archive, entry))
    contents.files = list(found.values())
    return contents


def _reader(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with archive.open(entry) as file:  # it gives no more than the size that it has declared
            return file.read(LARGEST_SUBMISSION + 1)

    return read


def _folder(folder: Path) -> Contents:
    contents = Contents(datetime.now(UTC).replace(tzinfo=None))
    for path in _walk(folder):
        name = path.relative_to(folder).as_posix()
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            contents.left_out[name] = "is a link, or no file"
        elif why := unsafe(name):
            contents.left_out[name] = why
        else:
            when = times.at(status.st_mtime)
            held = Held(as_path(name), when, status.st_size, path.read_bytes)
            contents.files.append(held)
    return contents


def _walk(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, names in os.walk(folder):
        folders.sort()
        linked = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *linked]):
            yield Path(place, name)
            seen += 1
        if seen > MOST_FILES:
            raise Unusable(f"holds more than {MOST_FILES:,} files")


def unsafe(name: str) -> str:
    """Say why a file of this name is not touched; nothing where it may be."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or _DRIVE.match(name):
        return "its name leads out of the archive"
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        return "its name holds control characters"
    if any(len(part.encode()) > LONGEST_NAME for part in parts):
        return "its name is too long"
    return "it lies too deep" if len(parts) > DEEPEST else ""


def as_path(name: str) -> PurePosixPath:
    """Return a name that is not unsafe as a path, its letters composed in one way."""
    return PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/")))


def _unwanted(entry: zipfile.ZipInfo) -> str:
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "is a link, or no file"
    return "is encrypted" if entry.flag_bits & 1 else ""


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name; without a flag it is in code page 437, or in UTF-8 all the same."""
    for kind, data in _extra(entry):
        if kind == 0x7075 and data[:1] == b"\1":
            return data[5:].decode("utf-8", "replace")
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return entry.filename


def _moment(entry: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    """Return an entry's time in UTC: as Unix or Windows write it, else the local one."""
    try:
        for kind, data in _extra(entry):
            if kind == 0x5455 and data[:1] and data[0] & 1 and len(data) >= 5:
                return _since_1970(struct.unpack("<i", data[1:5])[0])
            if kind == 0x000A and data[4:8] == b"\1\0\x18\0" and len(data) >= 16:
                return _since_1970(struct.unpack("<Q", data[8:16])[0] // 10**7 - _SINCE_1601)
        if entry.date_time == _NO_TIME:
            return None
        local = datetime(*entry.date_time, tzinfo=zone)
        return local.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _since_1970(seconds: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=seconds)


def _extra(entry: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
    """Yield what tools add to an entry, each with its kind."""
    rest = entry.extra
    while len(rest) >= 4:
        kind, length = struct.unpack("<HH", rest[:4])
        yield kind, rest[4 : 4 + length]
        rest = rest[4 + length :]
