"""Which cells took long, were stopped or failed, where that matters: in sentences, and as data."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from autograder.judge.lost import how_it_ended
from autograder.judge.workers import IDLE, Ran
from autograder.safe.text import printable

MOST_NAMED = 4  # cells
LONG_SECONDS = 1.0
LONGEST_LINE = 60  # characters


def as_data(cells: Mapping[int, Ran]) -> list[dict[str, Any]]:
    """Return number and seconds of each cell that took long or was stopped."""
    return [
        {
            "cell": number,
            "seconds": round(ran.seconds, 1),
            "clock": round(ran.clock, 1),
            "ended": "skipped" if ran.skipped else "stopped" if ran.stopped else "by itself",
        }
        for number, ran in cells.items()
        if ran.stopped or ran.seconds >= LONG_SECONDS
    ]


def notes(cells: Mapping[int, Ran], restored: Collection[Ran]) -> list[str]:
    """Say what became of the cells that did not come to their end, a sentence or two each."""
    stopped = [n for n, ran in cells.items() if ran.stopped and not ran.skipped]
    skipped = [n for n, ran in cells.items() if ran.skipped]
    without = [n for n, ran in cells.items() if ran in restored and not ran.stopped]
    said = [
        f"Cell [{n}] was stopped after {_time(cells[n])} (`{_begins(cells[n])}`); "
        "what it defines counts all the same."
        for n in stopped[:MOST_NAMED]
    ]
    if len(stopped) > MOST_NAMED:
        said.append(f"So were {_named(stopped[MOST_NAMED:])}.")
    if skipped:
        said.append(
            f"Of {_named(skipped)}, only what is defined there was run: the notebook's own cells "
            "had used up the time that they have in all."
        )
    said += [
        f"Cell [{n}] {how_it_ended(cells[n])}. "
        "What the lab itself imports there was imported all the same."
        for n in without[:MOST_NAMED]
    ]
    return said


def _time(cell: Ran) -> str:
    waited = cell.seconds < cell.clock / IDLE
    return f"{cell.clock:.1f} seconds by the clock" if waited else f"{cell.seconds:.1f} seconds"


def _named(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"cell [{numbers[0]}]"
    named = ", ".join(f"[{number}]" for number in numbers[:MOST_NAMED])
    more = len(numbers) - MOST_NAMED
    return f"cells {named}" + (f" and {more} more" if more > 0 else "")


def _begins(cell: Ran) -> str:
    """Return a cell's first line of code, as it can be printed."""
    lines = (line.strip() for line in cell.source.splitlines())
    line = next(filter(None, lines), "")
    return printable(line, "?")[:LONGEST_LINE]
