"""Read what a student handed in, whatever it is.

Of a submitted file nothing is used but the cells' types, sources and nbgrader ids. All else (tags,
points, flags, outputs, attachments' names) is the student's to write and nobody's to believe.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.corpus.words import generate_corpus_id as random_cell_id
from nbformat.notebooknode import NotebookNode

from autograder.border.wire import whole
from autograder.submission.archives import notebook_in
from autograder.submission.decoding import Strays, Unreadable, decoded, parsed
from autograder.submission.folder import shown
from autograder.submission.scripts import cells_of

LARGEST_SUBMISSION = 50_000_000  # bytes
LARGEST_SCRIPT = 300_000  # characters
MOST_CELLS = 2_000

_ZIP = b"PK\x03\x04"
_A_SCRIPT = "A script was handed in; it was taken apart into the cells of a notebook."
_ID = "submitted_id"
_KINDS = ("code", "markdown", "raw")


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


@dataclass(frozen=True)
class Submitted:
    """What was handed in.

    Attributes
    ----------
    cells : list of SubmittedCell
        In their order.
    notes : list of str
        What had to be understood first, a sentence each.
    """

    cells: list[SubmittedCell] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_script(self) -> bool:
        return _A_SCRIPT in self.notes


def read(path: Path) -> Submitted:
    """Read the cells of a notebook of any format version, of a script, or of one in a zip file.

    Raises
    ------
    Unreadable
        If the file is too large, or none of these.
    """
    if any(place.is_symlink() for place in (path, *path.parents[:2])):
        raise Unreadable("What was handed in is a link. Hand in the notebook itself.")
    if not os.path.lexists(path):
        raise Unreadable(f"There is no {shown(path)}.")
    if not path.is_file():
        raise Unreadable("What was handed in under the notebook's name is no file.")
    size = path.stat().st_size
    if size > LARGEST_SUBMISSION:
        raise Unreadable(
            f"The file has {size // 1_000_000} MB, and {LARGEST_SUBMISSION // 1_000_000} MB are "
            "the limit. Clear all outputs, save the notebook, and hand it in again."
        )
    return _read(path.name, path.read_bytes())


def _read(name: str, data: bytes, packed: bool = False) -> Submitted:
    if not data:
        raise Unreadable("The file is empty.")
    if data.startswith(_ZIP) and not packed:
        inner, content = notebook_in(data, LARGEST_SUBMISSION)
        read = _read(inner, content, packed=True)
        note = f"The notebook was taken out of a zip archive, where it is {shown(Path(inner))}."
        return Submitted(read.cells, [note, *read.notes])
    text, notes = decoded(data)
    if name.lower().endswith(".py") and not text.lstrip().startswith("{"):
        cells = _script(text)
        notes.append(_A_SCRIPT)
    else:
        cells = _find_cells(parsed(text))
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells, and {MOST_CELLS} are the limit.")
    strays = Strays()
    numbered = enumerate(cells, 1)
    found = [one for number, cell in numbered if (one := _read_cell(cell, number, strays))]
    return Submitted(found, notes + strays.notes)


def _script(text: str) -> list[Any]:
    if len(text) > LARGEST_SCRIPT:
        raise Unreadable(
            f"The script has {len(text):,} characters, and {LARGEST_SCRIPT:,} are the limit."
        )
    return cells_of(text)


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


def _read_cell(cell: Any, number: int, strays: Strays) -> SubmittedCell | None:
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
        source=whole(strays.mend(source, f"cell {number}, ")) if isinstance(source, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else None,
    )
