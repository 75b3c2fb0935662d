"""Load a worked lab's functions and classes without running its training cells.

The worked labs are the only place where the algorithms are written down. Everything that needs a
right answer takes it from there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat.notebooknode import NotebookNode

from grader_tests.engine.script import Script, read

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = "lab*.py"  # pattern of the worked scripts; a file given to students has another name
_HEADING = re.compile(r"^##? (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"lab(\d*)")


def labs(root: Path = ROOT, kind: str = ".py") -> list[str]:
    """Return the names of the labs in a course's folder, in their order.

    A lab is a folder in solutions/ whose name begins with "lab", with a script of the same name;
    or, where that is asked for, with a worked notebook (".ipynb").
    """
    names = [path.name for path in _folders(root, kind)]
    found = [(int(lab[1] or 0), name) for name in names if (lab := _NUMBER.match(name))]
    return [name for _, name in sorted(found)]


def left_out(root: Path = ROOT) -> list[str]:
    """Say, a sentence each, what by its name is no lab, or nothing that a lab gives out."""
    folders = [
        f"solutions/{path.name} is left out: a lab's folder is called lab…, as in lab6_averages."
        for path in _folders(root)
        if not path.name.startswith("lab")
    ]
    files = [
        f"solutions/{lab}/{path.name} is not given to students: call it given_….py."
        for lab in labs(root)
        for path in sorted((root / "solutions" / lab).glob(SCRIPTS))
        if path.stem != lab
    ]
    return folders + files


def _folders(root: Path, kind: str = ".py") -> list[Path]:
    """Return the folders that hold a file of their own name."""
    files = root.glob(f"solutions/*/*{kind}")
    return sorted(path.parent for path in files if path.stem == path.parent.name)


def load(lab: str) -> dict[str, Any]:
    """Execute a worked lab's imports, functions and classes.

    Parameters
    ----------
    lab : str
        Name of the lab, for example ``lab1_helper_utilities``.

    Returns
    -------
    dict
        A fresh namespace. Nothing but definitions has been run.
    """
    namespace: dict[str, Any] = {"__name__": lab}
    with _own_files(lab):
        exec(_definitions(lab), namespace)
    return namespace


def cells(lab: str) -> dict[str, str]:
    """Return the source of every nbgrader cell of a worked lab, by its grade_id."""
    return {cell.id: cell.source for cell in _marked(lab)}


def points(lab: str) -> dict[str, float]:
    """Return the points of every test cell of a worked lab, by its grade_id."""
    marks = [cell.metadata.nbgrader for cell in _marked(lab)]
    return {m["grade_id"]: m["points"] for m in marks if m["grade"] and not m["solution"]}


def answers(lab: str) -> list[str]:
    """Return the grade_ids of the answers that tests are about, not those that a person marks."""
    marks = [cell.metadata.nbgrader for cell in _marked(lab)]
    return [m["grade_id"] for m in marks if m["solution"] and not m["grade"]]


def sections(lab: str) -> dict[str, str]:
    """Return the heading of the section in which each nbgrader cell stands, by its grade_id."""
    heading, found = "", {}
    for cell in _script(lab).cells:
        if cell.cell_type == "markdown":
            headings = _HEADING.findall(cell.source)
            heading = headings[-1] if headings else heading
        if "nbgrader" in cell.metadata:
            found[cell.id] = heading
    return found


def _marked(lab: str) -> list[NotebookNode]:
    """Return the cells that nbgrader knows."""
    return [cell for cell in _script(lab).cells if "nbgrader" in cell.metadata]


def script(lab: str) -> Path:
    """Return the path of a worked lab's source."""
    return ROOT / "solutions" / lab / f"{lab}.py"


def modules(lab: str) -> frozenset[str]:
    """Return the names under which a lab's script and the files given to it are imported."""
    return frozenset(path.stem for path in script(lab).parent.glob("*.py"))


@contextmanager
def _own_files(lab: str) -> Iterator[None]:
    """Let imports find the files of one lab, and only as long as the block lasts.

    Two labs may each have a file of the same name, and a notebook may have imported its own copy.
    """
    names, folder = modules(lab), script(lab).parent
    loaded = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update(loaded)


@cache
def _definitions(lab: str) -> CodeType:
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    tree = ast.Module([], [])
    for cell in _script(lab).cells:
        if cell.cell_type == "code":
            code = ast.parse(TransformerManager().transform_cell(cell.source))
            ast.increment_lineno(code, _script(lab).lines[cell.id] - 1)
            tree.body += [node for node in code.body if isinstance(node, kinds)]
    return compile(tree, str(script(lab)), "exec")


@cache
def _script(lab: str) -> Script:
    return read(script(lab))
