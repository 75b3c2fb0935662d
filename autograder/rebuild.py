"""Put a submission together anew, from the instructor's cells and the student's answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook, Notebook, SourceCell
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.reading import REASON

NOTES = "notes"  # key in the notebook's metadata: what was put right, a sentence each
_NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell}


class RebuildSubmission(NbGraderPreprocessor):
    """Take every test and every flag from the gradebook; from the student, answers alone.

    The instructor's cells come in the instructor's order. An answer cell gets the source that the
    student gave it. A cell of the student's own stays behind the instructor's cell that it
    followed, stripped of its metadata. So no deleted, duplicated, re-typed, re-tagged or otherwise
    edited cell can stop the grading or change what is asked.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            master = gradebook.find_notebook(names["notebook"], names["assignment"])
            sorted_out = _SortedOut.of(nb, master)
            cells = list(sorted_out.own[None])
            for source in master.source_cells:
                cells.append(_rebuilt(source, master, sorted_out.answers.get(source.name)))
                cells.extend(sorted_out.own[source.name])
            kernelspec = json.loads(master.kernelspec)
        if reason := nb.metadata.get(REASON):
            cells.insert(0, new_markdown_cell(f"**This file could not be graded.** {reason}"))
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"
        nb.cells = cells
        nb.metadata.kernelspec = kernelspec
        nb.metadata[NOTES] = sorted_out.notes
        return nb, resources


@dataclass
class _SortedOut:
    """A submission's cells, by what they are to the instructor's notebook."""

    answers: dict[str, str] = field(default_factory=dict)
    own: dict[str | None, list[NotebookNode]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, nb: NotebookNode, master: Notebook) -> _SortedOut:
        sources = {cell.name: cell for cell in master.source_cells}
        out = cls(own={name: [] for name in (None, *sources)})
        seen: set[str] = set()
        place = None
        for cell in nb.cells:
            name = cell.metadata.pop("nbgrader", {}).get("grade_id")
            if name not in sources:
                out.own[place].append(cell)
            elif name in seen:
                out.notes.append(f"The cell `{name}` was there twice; the first one counts as it.")
                # In a notebook that is run from the top, the later definition holds.
                if not sources[name].locked:
                    out.own[place].append(cell)
            else:
                seen.add(name)
                place = name
                out._take(cell, sources[name])
        if missing := [f"`{name}`" for name in sources if name not in seen]:
            were = "was" if len(missing) == 1 else "were"
            out.notes.append(f"{', '.join(missing)} {were} missing and put back.")
        return out

    def _take(self, cell: NotebookNode, source: SourceCell) -> None:
        if not source.locked:
            self.answers[source.name] = cell.source
        if cell.cell_type != source.cell_type:
            self.notes.append(
                f"The type of the cell `{source.name}` was changed, and changed back."
            )


def _rebuilt(source: SourceCell, master: Notebook, answer: str | None) -> NotebookNode:
    """Return the instructor's cell, with the student's answer if it is one to be answered."""
    graded = {cell.name: cell for cell in master.grade_cells}.get(source.name)
    task = {cell.name: cell for cell in master.task_cells}.get(source.name)
    metadata = {
        "grade_id": source.name,
        "cell_type": source.cell_type,
        "checksum": source.checksum,
        "grade": graded is not None,
        "locked": source.locked,
        "schema_version": 3,
        "solution": any(cell.name == source.name for cell in master.solution_cells),
        "task": task is not None,
    }
    if graded or task:
        metadata["points"] = (graded or task).max_score
    text = source.source if answer is None else answer
    return _NEW_CELL[source.cell_type](text, metadata={"nbgrader": metadata})
