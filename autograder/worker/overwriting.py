"""What a notebook shows of a text that goes back in its line: a progress bar is one line."""

from __future__ import annotations

import re

_GOES_BACK = re.compile(r"[\r\b]")
_COLOUR = r"(?:\x1b\[[0-9;]*[A-Za-z])"
_MOVE = re.compile(r"[\r\b]|\x1b\[[012]?K")
# A letter has its colours with it: they take no room in the line.
_LETTER = re.compile(rf"{_COLOUR}*+[\s\S](?:{_COLOUR}*+\Z)?")


def overwritten(text: str) -> str:
    r"""Return a text as it stands in the end, where `\r` and `\b` made it write over itself.

    Takes time that grows with the text's length and no faster.
    """
    if not _GOES_BACK.search(text):
        return text
    return "\n".join(
        _in_the_end(line) if _GOES_BACK.search(line) else line for line in text.split("\n")
    )


def _in_the_end(line: str) -> str:
    letters: list[str] = []
    place = done = 0
    for move in _MOVE.finditer(line):
        place = _write(letters, place, line[done : move.start()])
        done = move.end()
        if move[0] == "\r":
            place = 0
        elif move[0] == "\b":
            place = max(place - 1, 0)
        else:  # what stands behind, or all of it, is erased
            del letters[0 if "2" in move[0] else place :]
    _write(letters, place, line[done:])
    return "".join(letters)


def _write(letters: list[str], place: int, text: str) -> int:
    """Write over what stands there; return the place behind it."""
    new = _LETTER.findall(text) if "\x1b" in text else text
    letters[place : place + len(new)] = new
    return place + len(new)
