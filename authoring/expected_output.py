"""Keep what a worked cell printed as the expected output that the student version shows."""

from __future__ import annotations

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

TAG = "expected-output"


class KeepExpectedOutput(NbGraderPreprocessor):
    """Put a Markdown cell with the printed output after every cell tagged `expected-output`.

    Stands before nbgrader's `ClearOutput`. As the text comes from the run of the worked lab, no
    expected output can go out of date.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            if TAG in cell.metadata.get("tags", []) and (text := _printed(cell)):
                shown = new_markdown_cell(f"*Expected output:*\n\n```text\n{text}\n```")
                shown.id = f"{cell.id}-expected"
                cells.append(shown)
        nb.cells = cells
        return nb, resources


def _printed(cell: NotebookNode) -> str:
    return "".join(
        output.text for output in cell.outputs if output.output_type == "stream"
    ).rstrip()
