"""From bytes to what a notebook's file says, and why it says nothing."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

MOST_VALUES = 1_000_000  # in the JSON; each costs the reader up to a hundred bytes
FALLBACK = "cp1252"  # what Windows writes where it does not write UTF-8

_AGAIN = "Save the notebook where you work, download it from there, and hand that in."
_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x00\x05\x16\x07", "what macOS keeps about a file, not the file"),
    (b"version https://git-lfs", "a pointer of Git LFS"),
)
_PAGE = re.compile(r"\s*<(!doctype|html|\?xml|!--)", re.IGNORECASE)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})(?: .{0,60})?$", re.MULTILINE)
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_STRAY = re.compile("[\udc80-\udcff]")  # how Python keeps a byte that is no UTF-8


class Unreadable(ValueError):
    """The file is no notebook; the sentence says why, for the student to read."""


@dataclass
class Strays:
    """Bytes that are no UTF-8, and where they stood in what counts.

    Attributes
    ----------
    places : list of (str, str)
        A place in words and the byte there, one for each.
    """

    places: list[tuple[str, str]] = field(default_factory=list)

    def mend(self, source: str, place: str) -> str:
        """Read the stray bytes of a source as Windows would, and keep in mind where they were."""
        line, counted = 1, 0
        for found in _STRAY.finditer(source):
            line += source.count("\n", counted, found.start())
            counted = found.start()
            self.places.append((f"{place}line {line}", found[0]))
            if len(self.places) > 1_000:
                break
        return _STRAY.sub(lambda found: _as_windows(found[0]), source)

    @property
    def notes(self) -> list[str]:
        """What is said about them."""
        if not self.places:
            return []
        place, byte = self.places[0]
        where = f"{place[:1].upper()}{place[1:]}"
        value = f"0x{ord(byte) - 0xDC00:02X}"
        read = f"read as Windows-1252 ({FALLBACK})"
        if len(self.places) == 1:
            return [
                f"{where} holds a byte that is no UTF-8 ({value}); it was {read}, "
                f"as “{_as_windows(byte)}”."
            ]
        return [
            f"The file is not in UTF-8: {len(self.places):,} bytes were {read}, the first of them "
            f"in {place} ({value})."
        ]


def _as_windows(stray: str) -> str:
    return bytes([ord(stray) - 0xDC00]).decode(FALLBACK, "replace")


def decoded(data: bytes) -> tuple[str, list[str]]:
    """Return a file's text, its stray bytes as half characters, and a note on a rare encoding.

    Raises
    ------
    Unreadable
        If the bytes are those of another kind of file.
    """
    for start, kind in _OTHER_KINDS:
        if data.startswith(start):
            raise Unreadable(f"The file is {kind}. Hand in the notebook itself, an .ipynb file.")
    if not data.strip(b"\0"):
        raise Unreadable(f"The file holds nothing but zero bytes: it was not saved whole. {_AGAIN}")
    encoding = json.detect_encoding(data)
    text = data.decode(encoding, "surrogateescape" if "utf-8" in encoding else "replace")
    if _PAGE.match(text):
        raise Unreadable(
            "The file is a web page (HTML). Hand in the notebook itself, an .ipynb file."
        )
    if "utf-8" in encoding:
        return text, []
    name = encoding[:6].upper()
    return text.removeprefix("\ufeff"), [f"The file is in {name}, where Jupyter writes UTF-8."]


def parsed(text: str) -> Any:
    """Return what a text in JSON says.

    Raises
    ------
    Unreadable
        If it is no JSON; the sentence names the place.
    """
    if text.count(",") > MOST_VALUES:
        raise Unreadable(
            f"The file holds more than {MOST_VALUES:,} values. Clear all outputs, save the "
            "notebook, and hand it in again."
        )
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"The file is not a Jupyter notebook: {_why(text, error)}") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            f"The file is not a Jupyter notebook: it is not valid JSON. {_AGAIN}"
        ) from error


def _why(text: str, error: json.JSONDecodeError) -> str:
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        return (
            f"git left a merge conflict in it, which begins in line {line} ({conflict[0]}). Settle "
            "it, or take one of the two versions, and hand that in."
        )
    place = f"line {error.lineno}, column {error.colno}"
    if _cut_off(text, error):
        end = text.rstrip()
        line, column = end.count("\n") + 1, len(end) - end.rfind("\n") - 1
        return (
            f"it breaks off in line {line}, column {column}, before its JSON is complete. It was "
            f"not saved, downloaded or uploaded whole. {_AGAIN}"
        )
    start = text.rfind(",", 0, error.pos + 1)
    if start >= 0 and (comma := _TRAILING_COMMA.match(text, start)):
        line = text.count("\n", 0, comma.start()) + 1
        return (
            f"it is not valid JSON, because line {line} ends a list with a comma and nothing "
            f"follows. Take the comma out in a text editor, or: {_AGAIN[0].lower()}{_AGAIN[1:]}"
        )
    return f"it is not valid JSON ({place}). {_encoding_in_doubt(text)}{_AGAIN}"


def _cut_off(text: str, error: json.JSONDecodeError) -> bool:
    """Return whether the text is right as far as it goes."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    rest = text[error.pos : error.pos + 20].strip()
    return error.msg.startswith("Unterminated string") or not rest or _begun(rest, text, error.pos)


def _begun(rest: str, text: str, start: int) -> bool:
    """Return whether what was not understood is the end: a word, a number, half an escape."""
    at_the_end = start + 20 >= len(text.rstrip())
    words = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
    return at_the_end and (
        any(word.startswith(rest) for word in words)
        or re.fullmatch(r"-|\\?u?[0-9a-fA-F]{0,4}", rest) is not None
    )


def _encoding_in_doubt(text: str) -> str:
    if not (stray := _STRAY.search(text)):
        return ""
    line = text.count("\n", 0, stray.start()) + 1
    byte = ord(stray[0]) - 0xDC00
    return f"Its first byte that is no UTF-8 (0x{byte:02X}) stands in line {line}. "
