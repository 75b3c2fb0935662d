"""How far a command is: a bar on a terminal, a line now and then in a log file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

SECONDS = 30  # from one line to the next

Thing = TypeVar("Thing")


def progress(
    things: Iterable[Thing], total: int, doing: str, unit: str, silent: bool = False
) -> Iterator[Thing]:
    """Yield things, and show how many there were.

    Parameters
    ----------
    things : iterable
    total : int
        How many there will be.
    doing, unit : str
        What is done, to how many of what.
    silent : bool
        Show nothing.
    """
    if silent or not total:
        yield from things
    elif sys.stdout.isatty():
        yield from tqdm(
            things, total=total, desc=doing, unit=f" {unit}", ascii=" =", file=sys.stdout
        )
    else:
        yield from _in_lines(things, total, doing, unit)


def _in_lines(things: Iterable[Thing], total: int, doing: str, unit: str) -> Iterator[Thing]:
    said = time.monotonic()
    for number, thing in enumerate(things, 1):
        yield thing
        if time.monotonic() - said >= SECONDS:
            print(f"{doing}: {number} of {total} {unit}", flush=True)
            said = time.monotonic()
