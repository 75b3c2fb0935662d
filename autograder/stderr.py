"""Keep warnings from costing marks."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade


class WarningsCostNothing(NbGraderPreprocessor):
    """Move what a test cell wrote to stderr to stdout: nbgrader takes stderr for a failure.

    A NumPy warning or a progress bar says nothing about whether an answer is right.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        if is_grade(cell) and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "stream":
                    output.name = "stdout"
        return cell, resources
