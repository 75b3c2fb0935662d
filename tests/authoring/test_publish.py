"""What readers see is the worked lab, without what nbgrader or the build is told in it."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from authoring.publish import published, with_outputs_of
from grader_tests.engine import worked
from grader_tests.engine.script import Script, is_claim, read
from tests.support.scripts import CLAIM, marked, write

LABS = worked.labs()
HIDDEN = "### BEGIN HIDDEN TESTS\nassert double(2) == 4\n### END HIDDEN TESTS"
TEST = {"grade": True, "locked": True, "solution": False, "points": 1}
SCHEME = (
    marked("own", " [markdown]", locked=True, points=4, solution=False, task=True)
    + "# Smooth a series.\n# ### BEGIN MARK SCHEME\n# 2 for the series.\n# ### END MARK SCHEME"
)
WORDS = (
    marked("why", " [markdown]", grade=True, points=3)
    + "# Why?\n# ### BEGIN SOLUTION\n# Noise cancels.\n# ### END SOLUTION"
)


@pytest.fixture
def script(tmp_path) -> Script:
    return read(
        write(
            tmp_path,
            "# %% [markdown]\n# Text",
            marked("double")
            + "def double(x):\n    ### BEGIN SOLUTION\n    y = x\n    ### END SOLUTION\n"
            + "\n    # BEGIN SOLUTION\n    return x + y\n    #END SOLUTION",  # nbgrader takes these
            CLAIM + "assert double(1) == 2, 'twice'",
            marked("test_shown", **TEST) + "assert double(1) == 2\n" + HIDDEN,
            marked("test_hidden", **TEST) + HIDDEN,
            SCHEME,
            WORDS,
        )
    )


def test_marks_hidden_tests_schemes_and_claims_are_gone(script):
    assert {cell.id: cell.source for cell in published(script.notebook.cells)} == {
        "cell-000": "Text",
        "double": "def double(x):\n    y = x\n\n    return x + y",
        "test_shown": "assert double(1) == 2",
        "test_hidden": "# Hidden tests run here when you hand in.",
        "own": "Smooth a series.",
        "why": "Why?\nNoise cancels.",
    }


def test_ids_metadata_and_the_given_cells_stay(script):
    before = nbformat.from_dict(script.notebook)
    shown = published(script.notebook.cells)
    assert [(c.id, c.cell_type, c.metadata) for c in shown] == [
        (c.id, c.cell_type, c.metadata) for c in script.cells
    ]
    assert script.notebook == before


def test_outputs_go_by_ids(script):
    ran = published(script.cells)
    for number, cell in enumerate(c for c in ran if c.cell_type == "code"):
        cell.execution_count = number + 1
        cell.outputs = [nbformat.v4.new_output("stream", text=cell.id)]
    notebook = nbformat.v4.new_notebook(cells=ran[::-1])
    again = with_outputs_of(notebook, script.cells)
    assert [c.source for c in again] == [c.source for c in script.cells]
    texts = {c.id: c.outputs[0].text for c in again if c.cell_type == "code"}
    assert texts == {name: name for name in ("double", "test_shown", "test_hidden")}
    assert script.cells[1].outputs == []


@pytest.mark.parametrize("lab", LABS)
def test_of_every_lab_readers_see_all_code_and_no_machinery(lab):
    script = read(worked.script(lab))
    notebook = nbformat.read(worked.script(lab).with_suffix(".ipynb"), as_version=4)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in script.cells]
    assert [cell.id for cell in notebook.cells if not cell.source.strip() or is_claim(cell)] == []
    shown = "\n".join(cell.source for cell in notebook.cells)
    assert re.findall(r"###+ *(?:BEGIN|END)|grader_tests", shown) == []
    for cell, source in zip(notebook.cells, script.cells, strict=True):
        if cell.cell_type == "code" and "HIDDEN TESTS" not in source.source:
            assert code(cell.source) == code(source.source)


def code(source: str) -> str:
    """Return what a cell does, whatever is commented in it."""
    return ast.dump(ast.parse(TransformerManager().transform_cell(source)))
