"""Why a name is missing: the cell that defines it stopped, and at what."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autograder.judge.workers import Ran
from helpers.checking.attempt import StudentError

LONGEST_LINE = 120  # characters
_NOT_DEFINED = re.compile(r"NameError: name '(\w+)' is not defined")
_COLOURS = re.compile(r"\x1b\[[\d;]*m")
_DEFINES = re.compile(r"(?:async[ \t]+def|def|class)[ \t]+")
_IMPORTS = re.compile(r"(?:from[^\n]+?)?import\b")
_PLAIN = re.compile(r"[\w, \t]+")
_TEMPORARY_FILE = re.compile(r" \([^()]*, line \d+\)$")


def missing(name: str, cells: Iterable[Ran]) -> StudentError | None:
    """Explain why there is no such name in a notebook; None where no cell that stopped has it."""
    for cell in reversed([*cells]):
        if (end := how_it_ended(cell)) and _defines(cell.source, name):
            line = shown_line(cell)
            place = f"It was raised in `{line}`." if line else ""
            return StudentError(f"There is no `{name}`: the cell that defines it {end}.", place)
    return None


def undefined(error: StudentError, cells: Iterable[Ran]) -> StudentError | None:
    """Explain a NameError in a student's code; None where it is none, or cannot be explained."""
    found = _NOT_DEFINED.match(error.reason)
    why = missing(found[1], cells) if found else None
    return StudentError(f"{found[0]}. {why.reason}", error.place) if found and why else None


def how_it_ended(cell: Ran) -> str:
    """Say how a cell ended before its end, as a sentence goes on; nothing if it did not."""
    if cell.stopped:
        return f"was stopped. {cell.stopped.rstrip('.')}"
    if cell.error is None:
        return ""
    name, text = (str(cell.error.get(key, "")) for key in ("ename", "evalue"))
    where = f"in its line {cell.line} " if cell.line else ""
    said = _TEMPORARY_FILE.sub("", " ".join(_COLOURS.sub("", text).split()))
    return f"stopped {where}with {name}: {said}".rstrip(" .:")


def shown_line(cell: Ran) -> str:
    """Return the line at which a cell failed, as it stands there."""
    lines = cell.source.splitlines()
    known = cell.line is not None and 0 < cell.line <= len(lines)
    return lines[cell.line - 1].strip()[:LONGEST_LINE] if known else ""


def _defines(source: str, name: str) -> bool:
    """Whether a cell looks as if it would bind a name; it may be no Python."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(_binds(line.strip(), word) for line in source.splitlines() if name in line)


def _binds(line: str, name: re.Pattern[str]) -> bool:
    """Whether a line does; takes no longer than the line is long."""
    if opened := _DEFINES.match(line):
        return name.match(line, opened.end()) is not None
    if taken := _IMPORTS.match(line):
        return name.search(line, taken.end()) is not None
    targets, equals, value = line.partition("=")
    plain = _PLAIN.match(targets)
    several = plain[0].split(",") if plain and equals and not value.startswith("=") else ()
    return any(name.match(target.strip()) for target in several)
