"""Find the known mistake, or the two together, that give a student's answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from grader_tests.engine.bank import Mistake, TwoMistakes

PAIR_SECONDS = 1.0  # of processor time, for trying mistakes two at a time


def recognise(
    mistakes: Sequence[Mistake], gives_the_same: Callable[[Mistake], bool], pairs: bool
) -> Mistake | None:
    """Return the first mistake that gives the same answers.

    Parameters
    ----------
    mistakes : sequence of Mistake
        Those of the exercise.
    gives_the_same : callable
        Says whether a mistake's answers are the student's, in every case.
    pairs : bool
        Whether to try two at once where no single one will do.
    """
    for mistake in mistakes:
        if gives_the_same(mistake):
            return mistake
    until = time.process_time() + PAIR_SECONDS
    for pair in _pairs(mistakes) if pairs else ():
        if time.process_time() > until:
            return None
        if gives_the_same(pair):
            return pair
    return None


def _pairs(mistakes: Sequence[Mistake]) -> Iterator[Mistake]:
    """Yield two mistakes in one cell as one, where each leaves the other's place as it was."""
    for one, other in combinations(mistakes, 2):
        apart = not any(
            old in theirs or theirs in old for old, _ in one.swap for theirs, _ in other.swap
        )
        if one.cell == other.cell and not one.code and not other.code and apart:
            yield TwoMistakes(
                name=f"{one.name}; {other.name}",
                cell=one.cell,
                swap=one.swap + other.swap,
                loses=one.loses | other.loses,
                says=f"Two things at once. {one.says} And: {other.says}",
                both=(*one.names, *other.names),
            )
