"""Turn what a student wrote into what a person is shown, within limits of size and of time.

Parsers and regular expressions take quadratic time, or worse, over texts that are made for it, and
one that is written in C or Rust cannot be interrupted. So whatever is not short is rendered, all
texts of a notebook at once, by a child of this process that is killed when its time is up.
"""

from __future__ import annotations

import gc
import os
import re
import select
import signal
import struct
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from autograder.confinement.memory import address_space, memory_limit

LONGEST = 100_000  # characters of one text, without the pictures in it
MOST = 200_000  # characters of one notebook's texts that have not been rendered before
SHORT = 3_000  # characters that take no parser long, whatever they are
# Processor time: several times what a slow machine needs for the worst of honest texts.
SECONDS, SECONDS_PER_CHARACTER = 0.15, 8e-6
BY_THE_CLOCK = 20  # times as long
MEMORY = 300_000_000  # bytes that rendering may take
GROWTH = 60  # times as long as a text its rendering may be
MOST_SHOWN = 2_000_000  # characters of all new renderings together, without the pictures

_PICTURE = re.compile(r"(?<=;base64,)[A-Za-z0-9+/=]{200,}")
_NAME = re.compile(r"picturex*\d+z")
_LENGTH = struct.Struct("!q")
_NONE = -1
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 2_000, 20_000


@dataclass(frozen=True)
class Rendering:
    """A way to render a text.

    Parameters
    ----------
    convert : callable
        Does it; may take for ever, and may raise.
    otherwise : callable
        Shows any text as it stands, in time that grows with its length and no faster.
    """

    convert: Callable[[str], str]
    otherwise: Callable[[str], str]


Piece = tuple[Rendering, str]
_remembered: dict[Piece, str] = {}


def render(pieces: Iterable[Piece]) -> dict[Piece, str]:
    """Render the texts of one notebook.

    Parameters
    ----------
    pieces : iterable of (Rendering, str)

    Returns
    -------
    dict
        What each of them is shown as: rendered, or as it stands where that took too long.
    """
    pieces = list(pieces)
    shown = {piece: _remembered[piece] for piece in pieces if piece in _remembered}
    wanted = {piece: _Folded.of(piece[1]) for piece in pieces if piece not in shown}
    new: dict[Piece, _Folded] = {}
    size = 0
    for piece, folded in sorted(wanted.items(), key=lambda item: len(item[1].text)):
        size += len(folded.text)
        if len(folded.text) <= LONGEST and size <= MOST:
            new[piece] = folded
    work = [(rendering.convert, folded.text) for (rendering, _), folded in new.items()]
    whole = sum(len(text) for _, text in work)
    short = whole <= SHORT or not hasattr(os, "fork")
    seconds = SECONDS + SECONDS_PER_CHARACTER * whole
    results = [_converted(*one) for one in work] if short else _in_a_child(work, seconds)
    room = MOST_SHOWN
    for (piece, folded), result in zip(new.items(), results, strict=False):
        if result is not None and len(result) <= room:
            room -= len(result)
            shown[piece] = folded.back(result)
            _remember(piece, shown[piece])
    rest = (piece for piece in wanted if piece not in shown)
    return shown | {(rendering, text): rendering.otherwise(text) for rendering, text in rest}


@dataclass(frozen=True)
class _Folded:
    """A text whose pictures are put aside: they are long, and no parser has a question to them."""

    text: str
    pictures: dict[str, str]

    @classmethod
    def of(cls, text: str) -> _Folded:
        pictures = dict.fromkeys(_PICTURE.findall(text))
        word = "picture"
        while pictures and word in text:
            word += "x"
        names = {picture: f"{word}{number}z" for number, picture in enumerate(pictures)}
        folded = _PICTURE.sub(lambda found: names[found[0]], text)
        return cls(folded, {name: picture for picture, name in names.items()})

    def back(self, text: str) -> str:
        """Put the pictures where their names are."""
        if not self.pictures:
            return text
        return _NAME.sub(lambda found: self.pictures.get(found[0], found[0]), text)


def _remember(piece: Piece, shown: str) -> None:
    if len(piece[1]) + len(shown) > _LONGEST_REMEMBERED:
        return
    while len(_remembered) >= _MOST_REMEMBERED:
        del _remembered[next(iter(_remembered))]
    _remembered[piece] = shown


def _converted(convert: Callable[[str], str], text: str) -> str | None:
    with suppress(Exception):  # parsers that give up, too deep a nesting
        result = convert(text)
        if len(result) <= GROWTH * len(text) + 1_000:
            return result
    return None


def _in_a_child(
    work: Sequence[tuple[Callable[[str], str], str]], seconds: float
) -> list[str | None]:
    """Convert in a child process; the list ends where its time was up."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The child computes and writes, and needs no lock that another thread may hold.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _convert_and_write(work, writing, seconds)
    os.close(writing)
    try:
        return list(_read(reading, time.monotonic() + BY_THE_CLOCK * seconds))
    finally:
        os.close(reading)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _convert_and_write(
    work: Sequence[tuple[Callable[[str], str], str]], writing: int, seconds: float
) -> NoReturn:
    try:
        gc.disable()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process
        signal.setitimer(signal.ITIMER_PROF, seconds)
        with memory_limit(address_space() + MEMORY), open(writing, "wb") as file:
            for convert, text in work:
                result = _converted(convert, text)
                data = b"" if result is None else result.encode("utf-8", "surrogatepass")
                file.write(_LENGTH.pack(_NONE if result is None else len(data)) + data)
                file.flush()
    finally:
        os._exit(0)  # never back into the caller's business


def _read(descriptor: int, until: float) -> Iterable[str | None]:
    data = bytearray()

    def filled(size: int) -> bool:
        while len(data) < size:
            left = until - time.monotonic()
            if left <= 0 or not select.select([descriptor], [], [], left)[0]:
                return False
            came = os.read(descriptor, 2**18)
            if not came:
                return False
            data.extend(came)
        return True

    while filled(_LENGTH.size):
        (length,) = _LENGTH.unpack(data[: _LENGTH.size])
        end = _LENGTH.size + max(length, 0)
        if not filled(end):
            return
        text = bytes(data[_LENGTH.size : end]).decode("utf-8", "surrogatepass")
        del data[:end]
        yield None if length == _NONE else text
