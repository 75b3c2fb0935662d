"""The instructor's notebook, as the gradebook has it or as it was released."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, Notebook
from nbgrader.utils import is_locked, is_solution

from autograder.course import Course
from autograder.submission.pictures import shown_in


@dataclass(frozen=True)
class MasterCell:
    """A cell of the instructor's, as the gradebook has it."""

    name: str
    kind: str
    source: str
    locked: bool
    solution: bool
    metadata: dict[str, Any]


@dataclass(frozen=True)
class ReleasedCell:
    """A cell as students get it; those that nbgrader has no use for have no name."""

    name: str | None
    kind: str
    source: str

    @classmethod
    def of(cls, cell: NotebookNode) -> ReleasedCell:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        return cls(name, cell.cell_type, cell.source)


@dataclass(frozen=True)
class Master:
    """The instructor's notebook, as far as the gradebook has it: every cell that has an id.

    Attributes
    ----------
    kernelspec : dict
    cells : tuple of MasterCell
    layout : tuple of ReleasedCell
        The whole notebook as students get it, by which answers are found whose ids are lost.
    pictures : frozenset of str
        What of the files beside it is shown in its text, by their places.
    """

    kernelspec: dict[str, Any]
    cells: tuple[MasterCell, ...]
    layout: tuple[ReleasedCell, ...] = ()
    pictures: frozenset[str] = frozenset()

    def laid_out(self, released: Path) -> Master:
        """Return it with the layout of what students got, where that can be read.

        Its cells come in that order, too. The gradebook has none of its own: what is added or
        changed later may come last.
        """
        try:
            cells = nbformat.read(released, as_version=4).cells
        except (OSError, ValueError):
            return self
        known = {cell.name for cell in self.cells}
        layout = [ReleasedCell.of(cell) for cell in cells]
        places = {cell.name: place for place, cell in enumerate(layout)}
        texts = (cell.source for cell in layout if cell.kind == "markdown")
        return replace(
            self,
            cells=tuple(sorted(self.cells, key=lambda c: places.get(c.name, len(layout)))),
            layout=tuple(c for c in layout if c.name is None or c.name in known),
            pictures=shown_in(texts, released.parent),
        )

    @cached_property
    def taken(self) -> frozenset[str]:
        """Ids that the formgrader's page has a use for: its score and comment boxes, its frame."""
        own = {"notebook", "notebook-container", "statusmessage"}
        ends = ("", "-comment", "_extra_credit")
        return frozenset(own | {cell.name + end for cell in self.cells for end in ends})

    @classmethod
    def of(cls, notebook: Notebook) -> Master:
        """Read it from the gradebook."""
        points = {c.name: c.max_score for c in (*notebook.grade_cells, *notebook.task_cells)}
        grades = {c.name for c in notebook.grade_cells}
        tasks = {c.name for c in notebook.task_cells}
        solutions = {c.name for c in notebook.solution_cells}
        cells = []
        for source in notebook.source_cells:
            metadata = {
                "grade_id": source.name,
                "cell_type": source.cell_type,
                "checksum": source.checksum,
                "grade": source.name in grades,
                "locked": source.locked,
                "schema_version": 3,
                "solution": source.name in solutions,
                "task": source.name in tasks,
            }
            if source.name in points:
                metadata["points"] = points[source.name]
            cells.append(
                MasterCell(
                    name=source.name,
                    kind=source.cell_type,
                    source=source.source,
                    locked=source.locked,
                    solution=source.name in solutions,
                    metadata=metadata,
                )
            )
        return cls(json.loads(notebook.kernelspec), tuple(cells))

    @classmethod
    def of_release(cls, notebook: NotebookNode) -> Master:
        """Read it from the notebook that students get, where there is no gradebook."""
        cells = [
            MasterCell(
                name=nbgrader["grade_id"],
                kind=cell.cell_type,
                source=cell.source,
                locked=is_locked(cell),
                solution=is_solution(cell),
                metadata=dict(nbgrader),
            )
            for cell in notebook.cells
            if (nbgrader := cell.metadata.get("nbgrader"))
        ]
        layout = tuple(map(ReleasedCell.of, notebook.cells))
        return cls(notebook.metadata.get("kernelspec", {}), tuple(cells), layout)


def masters(gradebook: Gradebook, lab: str) -> dict[str, Master]:
    """Return the instructor's notebooks of a lab, by name, as the gradebook has them."""
    return {nb.name: Master.of(nb) for nb in gradebook.find_assignment(lab).notebooks}


def released_master(course: Course, lab: str, name: str = "") -> Master:
    """Return an instructor's notebook as it was released; the gradebook is not needed."""
    notebook = nbformat.read(course.released(lab, name), as_version=4)
    return Master.of_release(notebook)
