"""What readers see of a worked lab: no claim, no hidden test and none of nbgrader's marks."""

from __future__ import annotations

import copy

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions

from grader_tests.engine.script import is_claim

_CLEAR = ClearSolutions()
_ANSWER_MARKS = _CLEAR.begin_solution_delimeter, _CLEAR.end_solution_delimeter
_HIDDEN_TESTS = "# Hidden tests run here when you hand in."  # where nothing else stands in a cell
_HIDE = ClearHiddenTests(), ClearMarkScheme()


def without_answer_marks(cell: NotebookNode) -> NotebookNode:
    """Return a cell in which the answer stands as if it had always been there."""
    shown = copy.deepcopy(cell)
    lines = cell.source.split("\n")
    kept = (line for line in lines if not any(mark in line for mark in _ANSWER_MARKS))
    shown.source = "\n".join(kept)
    return shown


def published(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return cells, run or not, as readers see them; the given ones stay as they are."""
    return [_shown(cell) for cell in cells if not is_claim(cell)]


def with_outputs_of(notebook: NotebookNode, cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return cells with what those of the same ids printed and drew in a notebook."""
    ran = {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
    cells = copy.deepcopy(cells)
    for cell in cells:
        if cell.cell_type == "code" and cell.id in ran:
            cell.outputs = ran[cell.id].outputs
            cell.execution_count = ran[cell.id].execution_count
    return cells


def _shown(cell: NotebookNode) -> NotebookNode:
    shown = without_answer_marks(cell)
    for step in _HIDE:
        step.preprocess_cell(shown, {}, 0)
    shown.source = shown.source.strip("\n")
    if not shown.source and cell.source and cell.cell_type == "code":
        shown.source = _HIDDEN_TESTS
    return shown
