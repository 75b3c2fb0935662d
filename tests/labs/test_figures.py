"""A lab shows its figures, whichever backend the shell that Jupyter was started in asks for."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from autograder.course import Course
from autograder.files import HOME
from grader_tests.engine import worked

LABS = worked.labs()


@pytest.mark.parametrize(
    ("lab", "backend"),
    [*((lab, "agg") for lab in LABS), (LABS[0], "QtAgg"), (LABS[0], "svg"), (LABS[0], None)],
)
def test_figures_whatever_the_shell_asks_for(lab, backend, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    if backend:
        monkeypatch.setenv("MPLBACKEND", backend)
    released = nbformat.read(Course(HOME).released(lab), as_version=4)
    imports = next(cell.source for cell in released.cells if cell.cell_type == "code")
    notebook = new_notebook(
        cells=[new_code_cell(imports), new_code_cell("plt.plot([1, 2])\nplt.show()")]
    )
    folder = str(HOME / "notebooks" / lab)
    NotebookClient(notebook, resources={"metadata": {"path": folder}}).execute()
    assert any("image/png" in output.get("data", {}) for output in notebook.cells[1].outputs)
