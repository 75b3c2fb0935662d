"""Known mistakes and right answers, as small changes to a worked lab's solution cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

from grader_tests.engine import worked


@dataclass(frozen=True)
class Variant:
    """Another way to fill in a solution cell.

    Attributes
    ----------
    name : str
        A few words, unique within the lab.
    cell : str
        grade_id of the solution cell.
    swap : tuple of (str, str)
        Pieces of the worked solution and what stands in their place.
    code : str
        The whole cell, where a swap would not say it better.
    """

    name: str
    cell: str
    swap: tuple[tuple[str, str], ...] = ()
    code: str = ""

    def source(self, lab: str) -> str:
        """Return the source of the filled-in cell.

        Raises
        ------
        ValueError
            If a piece to be swapped does not stand in the worked solution.
        """
        text = self.code.strip("\n") or worked.cells(lab)[self.cell]
        for old, new in self.swap:
            if old not in text:
                raise ValueError(
                    f"The variant {self.name!r} swaps {old!r}, which is not in the cell "
                    f"{self.cell!r} of {lab}. Bring the bank up to date with the lab."
                )
            text = text.replace(old, new)
        return text

    def namespace(self, lab: str) -> dict[str, Any]:
        """Return the worked lab's definitions with this cell in place of the worked one.

        The solution cells after it run again, because they may build on it.
        """
        namespace = worked.load(lab)
        sources = worked.cells(lab)
        solutions = worked.answers(lab)
        exec(_compiled(self.source(lab), self.cell), namespace)
        for cell in solutions[solutions.index(self.cell) + 1 :]:
            exec(_compiled(sources[cell], cell), namespace)
        return namespace


@dataclass(frozen=True)
class Mistake(Variant):
    """A wrong answer.

    Attributes
    ----------
    loses : frozenset of str
        The test cells that must reject it; every other one must accept it.
    says : str
        The sentence that a student who made this mistake should read.
    """

    loses: frozenset[str] = frozenset()
    says: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the mistakes in it, each by itself."""
        return (self.name,)


@dataclass(frozen=True)
class TwoMistakes(Mistake):
    """Two mistakes in one cell.

    Attributes
    ----------
    both : tuple of str
        Their names.
    """

    both: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return self.both


def mistake(
    name: str, cell: str, loses: str, says: str, *swap: tuple[str, str], code: str = ""
) -> Mistake:
    """Describe a mistake; `loses` lists test cells, separated by spaces."""
    return Mistake(name, cell, swap, code, frozenset(loses.split()), says)


def right(name: str, cell: str, *swap: tuple[str, str], code: str = "") -> Variant:
    """Describe a right answer that is written differently from the worked one."""
    return Variant(name, cell, swap, code)


@cache
def _compiled(source: str, cell: str) -> CodeType:
    return compile(source, f"<{cell}>", "exec", dont_inherit=True)
