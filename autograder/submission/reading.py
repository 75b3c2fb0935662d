"""Read what a student handed in, whatever it is.

Of a submitted file nothing is used but the cells' types, sources and nbgrader ids. All else (tags,
points, flags, outputs, attachments' names) is the student's to write and nobody's to believe.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from nbformat.corpus.words import generate_corpus_id as random_cell_id
from nbformat.notebooknode import NotebookNode

from autograder.border.wire import whole
from autograder.submission.handed_in import LARGEST_SUBMISSION, shown

MOST_VALUES = 1_000_000  # in the JSON; each costs the reader up to a hundred bytes
MOST_CELLS = 2_000
MOST_NAMED = 5  # files

_ID = "submitted_id"
_KINDS = ("code", "markdown", "raw")


class Unreadable(ValueError):
    """The file is no notebook; the sentence says why, for the student to read."""


@dataclass(frozen=True)
class SubmittedCell:
    """What is used of a submitted cell."""

    kind: str
    source: str
    grade_id: str | None

    @classmethod
    def of_node(cls, cell: NotebookNode) -> SubmittedCell:
        """Read it from a cell that `with_id` made."""
        return cls(cell.cell_type, cell.source, cell.metadata.get(_ID))

    def with_id(self) -> NotebookNode:
        """Return a cell that holds all of this."""
        return new_cell(self.kind, self.source, {_ID: self.grade_id})


def new_cell(kind: str, source: str, metadata: dict[str, Any] | None = None) -> NotebookNode:
    """Return a cell that is not validated yet: once for a whole notebook is much quicker."""
    cell = {"id": random_cell_id(), "cell_type": kind, "source": source, "metadata": metadata or {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    node: NotebookNode = nbformat.from_dict(cell)
    return node


def read_cells(path: Path) -> list[SubmittedCell]:
    """Read the cells of a notebook of any format version.

    Raises
    ------
    Unreadable
        If the file is too large, no JSON, or no notebook.
    """
    if any(place.is_symlink() for place in (path, *path.parents[:2])):
        raise Unreadable("What was handed in is a link. Hand in the notebook itself.")
    if not os.path.lexists(path):
        raise Unreadable(_what_else(path))
    if not path.is_file():
        raise Unreadable("What was handed in under the notebook's name is no file.")
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("The file is empty.")
    if size > LARGEST_SUBMISSION:
        raise Unreadable(
            f"The file has {size // 1_000_000} MB, and {LARGEST_SUBMISSION // 1_000_000} MB are "
            "the limit. Clear all outputs, save the notebook, and hand it in again."
        )
    data = path.read_bytes()
    if data.count(b",") > MOST_VALUES:
        raise Unreadable(
            f"The file holds more than {MOST_VALUES:,} values. Clear all outputs, save the "
            "notebook, and hand it in again."
        )
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "The file is not a Jupyter notebook: it is not valid JSON. Open it in Jupyter, save it "
            "there, and hand it in again."
        ) from error
    cells = _find_cells(content)
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells, and {MOST_CELLS} are the limit.")
    return [submitted for cell in cells if (submitted := _read_cell(cell))]


def _what_else(path: Path) -> str:
    """Say what lies where a notebook should be."""
    beside = (other for other in path.parent.glob("[!.]*") if other.name != "timestamp.txt")
    names = sorted(map(shown, islice(beside, MOST_NAMED)))
    if not names:
        return f"There is no {path.name}; the folder is empty."
    if sum(name.lower().endswith(".ipynb") for name in names) > 1:
        return f"There is no {path.name}, but there are others: {', '.join(names)}. Keep one."
    return f"There is no {path.name}, only {', '.join(names)}."


def _find_cells(content: Any) -> list[Any]:
    if isinstance(content, dict) and "worksheets" in content:  # a notebook from before 2015
        try:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        except Exception as error:
            raise Unreadable("The file is an old notebook that cannot be converted.") from error
    cells = content.get("cells") if isinstance(content, dict) else None
    if isinstance(cells, list):
        return cells
    raise Unreadable("The file is not a Jupyter notebook: it has no cells.")


def _read_cell(cell: Any) -> SubmittedCell | None:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return SubmittedCell(
        kind=kind,
        source=whole(source) if isinstance(source, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else None,
    )
