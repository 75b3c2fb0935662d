"""A script in a notebook's place: its cells.

Jupytext would read most of these. It tears `else:` from its `if`, takes time that grows with the
square of a script's length, and seconds to be loaded; so this is done here, in a few lines.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from autograder.submission.definitions import syntax_tree

_MARK = re.compile(
    r"^# ?(?:%%(?P<header>.*)|In ?\[[ \d]*\]:?[ \t]*|<codecell>[ \t]*)$", re.MULTILINE
)
_TEXT = re.compile(r".*\[(?:markdown|md|raw)\]")
_METADATA = re.compile(r"nbgrader=(\{.*\})")
_DEFINITION = re.compile(r"^(?=(?:@|def |async def |class ))", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def cells_of(script: str) -> list[dict[str, Any]]:
    """Return a script's cells, as a notebook would hold them.

    Percent scripts and what Jupyter exports have marks between their cells. Where there are none,
    each function and each class is a cell, and so is what stands between them: what stops one of
    them stops no other.
    """
    script = re.sub(r"\r\n?|\f", "\n", script)  # as Python counts lines
    marks = list(_MARK.finditer(script))
    if not marks:
        return [_cell("code", part) for part in _parts(script) if part.strip()]
    cells = [_cell("code", script[: marks[0].start()])]
    ends = [*(mark.start() for mark in marks[1:]), len(script)]
    for mark, end in zip(marks, ends, strict=True):
        header, source = mark["header"] or "", script[mark.end() : end].strip("\n")
        if _TEXT.match(header):
            cells.append(_cell("markdown", re.sub(r"^# ?", "", source, flags=re.MULTILINE)))
        else:
            cells.append(_cell("code", source, header))
    return [cell for cell in cells if cell["source"].strip()]


def _cell(kind: str, source: str, header: str = "") -> dict[str, Any]:
    metadata = {}
    if found := _METADATA.search(header):
        try:
            metadata["nbgrader"] = json.loads(found[1])
        except (ValueError, RecursionError):
            metadata = {}
    return {"cell_type": kind, "source": source.strip("\n"), "metadata": metadata}


def _parts(script: str) -> Iterator[str]:
    """Yield a script's definitions and what stands between them, comments with what follows."""
    tree = syntax_tree(script)
    if tree is None:
        yield from _DEFINITION.split(script)
        return
    lines = script.split("\n")
    start = end = 0
    alone = False
    for node in tree.body:
        defines = isinstance(node, _DEFINITIONS)
        if end and (defines or alone):
            yield "\n".join(lines[start:end])
            start = end
        alone, end = defines, node.end_lineno or end
    yield "\n".join(lines[start:])
