"""An archive in a notebook's place: the one notebook in it, and no more of it than that."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath

from autograder.submission.decoding import Unreadable
from autograder.submission.folder import MOST_LOOKED_AT, is_litter, shown

MOST_NAMED = 5  # files
ENTRY = b"PK\1\2"  # begins each entry of a zip file's list
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others expand in one go, whatever is asked
_UNPACK = "Hand in the notebook itself, unpacked."


def notebook_in(data: bytes, largest: int) -> tuple[str, bytes]:
    """Return the name and the content of the one notebook, or else the one script, in a zip file.

    Raises
    ------
    Unreadable
        If there is none, or several, or more than anybody hands in.
    """
    if data.count(ENTRY) > MOST_LOOKED_AT:
        raise Unreadable(f"The zip archive holds more than {MOST_LOOKED_AT:,} files. {_UNPACK}")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read(archive, _the_one(archive), largest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"The zip archive is damaged, or locked. {_UNPACK}") from error
    except (OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"The zip archive is damaged. {_UNPACK}") from error


def _the_one(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    files = [
        one
        for one in sorted(archive.infolist(), key=lambda one: one.date_time, reverse=True)
        if one.filename
        and not one.is_dir()
        and not any(map(is_litter, PurePosixPath(one.filename).parts))
    ]
    for kind in (".ipynb", ".py"):
        found = [one for one in files if one.filename.lower().endswith(kind)]
        if len(found) > 1:
            raise Unreadable(
                f"The zip archive holds several of which one could be graded, the newest first: "
                f"{_names(found)}. Keep one. {_UNPACK}"
            )
        if found:
            return found[0]
    raise Unreadable(f"The zip archive holds no notebook, only {_names(files) or 'nothing'}.")


def _names(files: list[zipfile.ZipInfo]) -> str:
    return ", ".join(shown(Path(one.filename)) for one in files[:MOST_NAMED])


def _read(archive: zipfile.ZipFile, one: zipfile.ZipInfo, largest: int) -> tuple[str, bytes]:
    if one.compress_type not in _READ:
        raise Unreadable(f"The zip archive is packed in a way that is not read here. {_UNPACK}")
    with archive.open(one) as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise Unreadable(
            f"The notebook in the zip archive has more than {largest // 1_000_000} MB. Clear all "
            "outputs, save it, and hand it in again."
        )
    return one.filename, content
