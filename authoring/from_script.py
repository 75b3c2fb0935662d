"""Give nbgrader a lab as its script has it: the notebook beside it shows what readers see."""

from __future__ import annotations

from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from authoring.publish import published, with_outputs_of
from grader_tests.engine import worked
from grader_tests.engine.script import read


class FromScript(NbGraderPreprocessor):
    """Put the cells of a lab's script in place of its worked notebook's, with their outputs.

    The first step of nbgrader's `GenerateAssignment`. Claims are left out; hidden tests and the
    marks around answers, which the notebook does not have, are there. What is no lab of ours has
    no script, and stays as it is.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        folder, name = Path(resources["metadata"]["path"]), resources["metadata"]["name"]
        if name != folder.name or name not in worked.labs(folder.parents[1]):
            return nb, resources
        cells = read(folder / f"{name}.py").cells
        if _sources(published(cells)) != _sources(nb.cells):
            self.log.warning(
                "%s.ipynb is not what %s.py says, and the script counts. Never edit the notebook; "
                "make notebooks LAB=%s makes it again.",
                *[name] * 3,
            )
        nb.cells = with_outputs_of(nb, cells)
        return nb, resources


def _sources(cells: list[NotebookNode]) -> list[tuple[str, str]]:
    return [(cell.id, cell.source) for cell in cells]
