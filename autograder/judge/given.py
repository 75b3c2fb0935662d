"""What the instructor's own notebook says: what it imports, and which cells are for the reader."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade, is_solution

FOR_THE_READER = "for-the-reader"  # tag of the instructor's cells that no test depends on


@dataclass(frozen=True)
class Given:
    """What the instructor's notebook says beside its exercises.

    Attributes
    ----------
    for_the_reader : frozenset of str
        Sources of the cells that serve the reader only.
    imports : tuple of str
        The import statements of all other cells that are no answers and no tests.
    """

    for_the_reader: frozenset[str] = frozenset()
    imports: tuple[str, ...] = ()

    @classmethod
    def of(cls, worked: Path) -> Given:
        """Read it from the instructor's notebook; without one, nothing is given."""
        return _read(worked, worked.stat().st_mtime_ns) if worked.exists() else cls()


@lru_cache(maxsize=8)
def _read(worked: Path, _changed: int) -> Given:
    cells = [c for c in nbformat.read(worked, as_version=4).cells if c.cell_type == "code"]
    tagged = [c.source.strip() for c in cells if FOR_THE_READER in c.metadata.get("tags", [])]
    given = [
        cell
        for cell in cells
        if not (is_solution(cell) or is_grade(cell) or cell.source.strip() in tagged)
    ]
    imports = [statement for cell in given for statement in _imports(cell)]
    return Given(frozenset(tagged), tuple(dict.fromkeys(imports)))


def _imports(cell: NotebookNode) -> Iterator[str]:
    try:
        module = ast.parse(TransformerManager().transform_cell(cell.source))
    except SyntaxError:  # a cell that shows one, perhaps
        return
    for statement in module.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield ast.unparse(statement)
