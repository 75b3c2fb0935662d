"""Run a worked lab from top to bottom, on all of MNIST or on the digits that come along."""

from __future__ import annotations

import dis
import os
import re
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook

from authoring.publish import without_answer_marks
from grader_tests.engine.script import Script, is_claim, read

# The values of DIGITS_DATASET, as messages call them.
DATA_SETS = {"mnist": "all of MNIST", "embedded": "the embedded digits"}
WIDGET = "application/vnd.jupyter.widget-view+json"
# Numbers and pictures must not depend on who builds them: one thread, and of the ways to multiply
# matrices, to sum and to sort, which differ in the last bit or in the order of equals, always the
# one that every x86-64 processor with AVX2 has.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    # Named as NumPy called and calls them; it passes over names that it does not know.
    "NPY_DISABLE_CPU_FEATURES": (
        "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V4"
    ),
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
}
_SECONDS = 600  # that one cell may take on a busy machine
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


class Failed(RuntimeError):
    """A worked lab does not run, or does not show what it says; the message has all of it."""


def run(path: Path, data_set: str) -> list[NotebookNode]:
    """Run a lab's script, and the claims in it.

    Parameters
    ----------
    path : Path
        The script.
    data_set : str
        One of `DATA_SETS`.

    Returns
    -------
    list of NotebookNode
        The cells with their outputs, without claims and without the marks around answers.

    Raises
    ------
    Failed
        If a cell raises, or a claim does not hold; all claims that do not are named.
    """
    script = read(path)
    if meddling := [line for cell in script.notebook.cells for line in _meddles(script, cell)]:
        raise Failed("\n".join(f"{path.name}, {line}" for line in meddling))
    cells = [without_answer_marks(cell) for cell in script.notebook.cells]
    notebook = new_notebook(cells=cells, metadata=script.notebook.metadata)
    client = NotebookClient(
        notebook,
        timeout=_SECONDS,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # where a cell's prints are split is a matter of chance
        resources={"metadata": {"path": str(path.parent)}},
    )
    false = []
    with client.setup_kernel(env=_environment(data_set)):
        for index, cell in enumerate(cells):
            place = f"{path.name}, line {script.lines[cell.id]}, on {DATA_SETS[data_set]}"
            try:
                # Without history, so that the numbers of the other cells are those of a reader.
                client.execute_cell(cell, index, store_history=not is_claim(cell))
            except CellExecutionError as error:
                if not is_claim(cell):
                    raise Failed(f"{place}: cell {cell.id} fails:\n{_plain(error)}") from None
                false.append(f"{place}: this claim does not hold: {_said(error, cell)}")
            except (CellTimeoutError, DeadKernelError) as error:
                raise Failed(f"{place}: cell {cell.id} fails:\n{error}") from None
    if false:
        raise Failed("\n".join(false))
    return [_without_widgets(cell) for cell in cells if not is_claim(cell)]


def _environment(data_set: str) -> dict[str, str]:
    chosen = {"DIGITS_DATASET": data_set}
    if folder := os.environ.get("MNIST_DIR"):
        chosen["MNIST_DIR"] = str(Path(folder).expanduser().resolve())  # kernels start elsewhere
    return os.environ | ENVIRONMENT | chosen


def _meddles(script: Script, cell: NotebookNode) -> list[str]:
    """Say which names a claim binds that a later cell could see."""
    if not is_claim(cell):
        return []
    line = f"line {script.lines[cell.id]}"
    try:
        steps = list(dis.get_instructions(cell.source))
    except SyntaxError as error:
        return [f"{line}: the claim is no plain Python: {error.msg}."]
    # A comprehension's own names are not among these, in any version of Python.
    stored = (step.argval for step in steps if step.opname in ("STORE_NAME", "STORE_GLOBAL"))
    return [
        f"{line}: the claim binds `{name}`, and no reader's later cell would have it. Begin its "
        "name with an underscore."
        for name in dict.fromkeys(stored)
        if not name.startswith("_")
    ]


def _said(error: CellExecutionError, cell: NotebookNode) -> str:
    """Return a claim's own sentence, or what it is."""
    if error.ename == "AssertionError":
        return error.evalue or cell.source
    return f"{error.ename}: {error.evalue}"


def _plain(error: CellExecutionError) -> str:
    return _COLOUR.sub("", str(error))


def _without_widgets(cell: NotebookNode) -> NotebookNode:
    """Return a cell without its widgets: one is nothing without a kernel, and named by chance."""
    if cell.cell_type == "code":
        cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]
    return cell
