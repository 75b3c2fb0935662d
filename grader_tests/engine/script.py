"""Read a lab's script: a notebook's cells, each under a name that stays.

Everything that needs a lab's cells takes them from here: the reference that the tests compare
with, the notebooks that are published and those that students get.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat.notebooknode import NotebookNode

CLAIM = "claim"  # tag of a cell that holds the text beside it to what the lab computes
_HEADER = re.compile(r"# %%")


@dataclass(frozen=True)
class Script:
    """A lab's script as a notebook, not yet run.

    Attributes
    ----------
    notebook : NotebookNode
        A cell's id is its grade_id, or its place among the cells that are no claims: a claim more
        or less changes no other id.
    lines : dict of str to int
        The line at which each cell's source begins, by its id.
    """

    notebook: NotebookNode
    lines: dict[str, int]

    @property
    def cells(self) -> list[NotebookNode]:
        """The cells that a reader may meet, which claims are not."""
        return [cell for cell in self.notebook.cells if not is_claim(cell)]


def is_claim(cell: NotebookNode) -> bool:
    """Whether the build runs a cell and nobody else sees it."""
    return CLAIM in cell.metadata.get("tags", [])


def read(path: Path) -> Script:
    """Read a percent script, by Jupytext.

    Raises
    ------
    ValueError
        If there is something between its header and its first cell, which has no mark.
    """
    text = path.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    numbered = enumerate(text.splitlines(), start=1)
    starts = [number + 1 for number, line in numbered if _HEADER.match(line)]
    if len(starts) != len(notebook.cells):
        raise ValueError(f"{path}: every cell, the first one too, begins with a line `# %%`.")
    lines = {}
    count = {True: 0, False: 0}
    for cell, line in zip(notebook.cells, starts, strict=True):
        claim = is_claim(cell)
        numbered_id = f"{'claim' if claim else 'cell'}-{count[claim]:03d}"
        count[claim] += 1
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id") or numbered_id
        cell.metadata.pop("lines_to_next_cell", None)  # says how the script is laid out
        lines[cell.id] = line
    return Script(notebook, lines)
