"""Read what a student handed in, whatever it is.

Of a submitted file nothing is used but the cells' types, sources and nbgrader ids. All else (tags,
points, flags, outputs, attachments' names) is the student's to write and nobody's to believe.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

LARGEST_SUBMISSION = 50_000_000  # bytes
MOST_CELLS = 2_000
REASON = "unreadable"  # key in the metadata of the notebook that stands for an unreadable file

_NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}


class Unreadable(ValueError):
    """The file is no notebook; the sentence says why, for the student to read."""


@dataclass(frozen=True)
class SubmittedCell:
    """What is used of a submitted cell."""

    kind: str
    source: str
    grade_id: str | None

    def as_node(self) -> nbformat.NotebookNode:
        """Return a new cell with this type, source and id, and nothing else."""
        metadata = {"nbgrader": {"grade_id": self.grade_id}} if self.grade_id else {}
        return _NEW_CELL[self.kind](self.source, metadata=metadata)


def read_cells(path: Path) -> list[SubmittedCell]:
    """Read the cells of a notebook of any format version.

    Raises
    ------
    Unreadable
        If the file is too large, no JSON, or no notebook.
    """
    size = path.stat().st_size
    if size == 0:
        raise Unreadable("The file is empty.")
    if size > LARGEST_SUBMISSION:
        raise Unreadable(
            f"The file has {size // 1_000_000} MB, and {LARGEST_SUBMISSION // 1_000_000} MB are "
            "the limit. Clear all outputs, save the notebook, and hand it in again."
        )
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            "The file is not a Jupyter notebook: it is not valid JSON. Open it in Jupyter, save it "
            "there, and hand it in again."
        ) from error
    cells = _find_cells(content)
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells, and {MOST_CELLS} are the limit.")
    return [submitted for cell in cells if (submitted := _read_cell(cell))]


def _find_cells(content: Any) -> list:
    if isinstance(content, dict) and "worksheets" in content:  # a notebook from before 2015
        try:
            content = nbformat.convert(nbformat.from_dict(content), 4)
        except Exception as error:
            raise Unreadable("The file is an old notebook that cannot be converted.") from error
    if isinstance(content, dict) and isinstance(content.get("cells"), list):
        return content["cells"]
    raise Unreadable("The file is not a Jupyter notebook: it has no cells.")


def _read_cell(cell: Any) -> SubmittedCell | None:
    if not isinstance(cell, dict) or cell.get("cell_type") not in _NEW_CELL:
        return None
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return SubmittedCell(
        kind=cell["cell_type"],
        source=source if isinstance(source, str) else "",
        grade_id=grade_id if isinstance(grade_id, str) else None,
    )


class SubmissionExporter(NotebookExporter):
    """Where `nbgrader autograde` reads a submission: nothing that lies there can stop it."""

    def from_file(
        self, file_stream: io.TextIOBase, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, dict]:
        if not self.parent._sanitizing:  # nbgrader's second pass reads what the first one wrote
            return super().from_file(file_stream, resources=resources, **kwargs)
        notebook = new_notebook()
        try:
            notebook.cells = [cell.as_node() for cell in read_cells(Path(file_stream.name))]
        except Unreadable as error:
            notebook.metadata[REASON] = str(error)
        return self.from_notebook_node(notebook, resources=resources, **kwargs)
