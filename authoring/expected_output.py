"""Keep what a worked cell printed as the expected output that the student version shows."""

from __future__ import annotations

from collections.abc import Iterator

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

TAG = "expected-output"
ON_MNIST = "on-mnist"  # tag, beside the other, of a cell that prints something else on other data


class KeepExpectedOutput(NbGraderPreprocessor):
    """Put a Markdown cell with the printed output after every cell tagged `expected-output`.

    Stands before nbgrader's `ClearOutput`. As the text comes from the run of the worked lab, no
    expected output can go out of date.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            if _has(cell, TAG) and (text := _printed(cell)):
                where = " on all of MNIST" if _has(cell, ON_MNIST) else ""
                shown = new_markdown_cell(f"*Expected output{where}:*\n\n```text\n{text}\n```")
                shown.id = f"{cell.id}-expected"
                cells.append(shown)
        nb.cells = cells
        return nb, resources


def misleading(on_mnist: list[NotebookNode], embedded: list[NotebookNode]) -> Iterator[str]:
    """Yield the ids of cells whose expected output is none on the embedded digits, unsaid."""
    for one, other in zip(on_mnist, embedded, strict=True):
        if _has(one, TAG) and not _has(one, ON_MNIST) and _printed(one) != _printed(other):
            yield one.id


def _has(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _printed(cell: NotebookNode) -> str:
    return "".join(
        output.text for output in cell.outputs if output.output_type == "stream"
    ).rstrip()
