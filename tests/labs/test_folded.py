"""What is folded away only draws: nobody needs it for an answer, and nothing of it is graded."""

from __future__ import annotations

import symtable
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.notebooknode import NotebookNode

from autograder.files import HOME
from grader_tests.engine import worked
from grader_tests.engine.script import read
from tests.support.scripts import marked, write

LABS = worked.labs()
TAG = "hide-input"  # for book builders; JupyterLab has a mark of its own
FOLD = '# %% jupyter={"source_hidden": true} tags=["hide-input"]\n'


def is_folded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def names(cell: NotebookNode) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds for others, and those that it needs."""
    source = TransformerManager().transform_cell(cell.source)
    table = symtable.symtable(source, cell.id, "exec")
    bound = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    return bound, own.union(*map(from_outside, table.get_children()))


def from_outside(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a function, a class or a comprehension takes from the notebook."""
    own = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return own.union(*map(from_outside, table.get_children()))


def faults(path: Path) -> list[str]:
    """Say what is wrong with the folded cells of a lab's script."""
    found, open_to_all, folded = [], set(), {}
    for cell in read(path).cells:
        tags = cell.metadata.get("tags", [])
        if is_folded(cell) != (TAG in tags):
            found.append(f"{cell.id} is folded for some, and not for others")
        if cell.cell_type != "code":
            continue
        bound, needs = names(cell)
        if is_folded(cell):
            folded |= dict.fromkeys(bound - open_to_all, cell.id)
            if "nbgrader" in cell.metadata or "expected-output" in tags:
                found.append(f"{cell.id} is graded or checked")
        else:
            if "nbgrader" in cell.metadata or "expected-output" in tags:
                found += [
                    f"{cell.id} needs {name}, which only {folded[name]} has"
                    for name in sorted(needs & folded.keys() - bound)
                ]
            open_to_all |= bound
            folded = {name: of for name, of in folded.items() if name not in bound}
    return found


@pytest.mark.parametrize("lab", LABS)
def test_folded_cells_only_draw(lab):
    assert faults(worked.script(lab)) == []


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("version", ["solutions", "notebooks"])
def test_both_versions_fold_the_same(lab, version):
    script = [cell.id for cell in read(worked.script(lab)).cells if is_folded(cell)]
    notebook = nbformat.read(HOME / version / lab / f"{lab}.ipynb", as_version=4)
    assert [cell.id for cell in notebook.cells if is_folded(cell)] == script


ANSWER = marked("area") + "def area(r):\n    return PI * r**2"
CHECK = '# %% tags=["expected-output"]\nprint(PI)'
DRAWN = FOLD + "PI = 3.14\nprint(PI)"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([DRAWN, ANSWER], "area needs PI, which only cell-000 has"),
        ([DRAWN, CHECK], "cell-001 needs PI, which only cell-000 has"),
        ([FOLD + "from math import pi as PI", ANSWER], "area needs PI, which only cell-000 has"),
        ([FOLD + "def PI():\n    return 3", ANSWER], "area needs PI, which only cell-000 has"),
        ([FOLD.replace("hide-input", "expected-output") + "print(1)"], "for some, and not for"),
        (['# %% tags=["hide-input"]\nprint(1)'], "cell-000 is folded for some"),
        (
            [marked("a")[:-1] + ' jupyter={"source_hidden": true} tags=["hide-input"]\na = 1'],
            "a is graded or checked",
        ),
    ],
)
def test_what_is_folded_and_needed_is_found(tmp_path, cells, said):
    assert said in "\n".join(faults(write(tmp_path, *cells)))


@pytest.mark.parametrize(
    "cells",
    [
        ["# %%\nPI = 3", DRAWN, ANSWER],
        [DRAWN, "# %%\nPI = 3", ANSWER],
        [DRAWN, marked("area") + "def area(r):\n    PI = 3\n    return PI", "# %%\nprint(PI)"],
        [ANSWER, DRAWN],
    ],
)
def test_what_is_there_for_all_is_no_fault(tmp_path, cells):
    assert faults(write(tmp_path, *cells)) == []
