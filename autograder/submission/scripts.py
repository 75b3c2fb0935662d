"""A script in a notebook's place: its cells.

Jupytext would read most of these. It tears `else:` from its `if`, takes time that grows with the
square of a script's length, and seconds to be loaded; so this is done here, in a few lines.
"""

from __future__ import annotations

import ast
import json
import re
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any

from autograder.submission.definitions import syntax_tree, top_level

_MARK = re.compile(
    r"^# ?(?:%%(?P<header>.*)|In ?\[[ \d]*\]:?[ \t]*|<codecell>[ \t]*)$", re.MULTILINE
)
_TEXT = re.compile(r".*\[(?:markdown|md|raw)\]")
_DEFINITION = re.compile(r"^(?=(?:@|def |async def |class ))", re.MULTILINE)
_MARIMO = re.compile(r"^app = marimo\.App\(", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def cells_of(script: str) -> list[dict[str, Any]]:
    """Return a script's cells, as a notebook would hold them.

    Percent scripts and what Jupyter exports have marks between their cells. Those of marimo are
    functions, which are opened. Where there are no marks,
    each function and each class is a cell, and so is what stands between them: what stops one of
    them stops no other.
    """
    script = re.sub(r"\r\n?|\f", "\n", script)  # as Python counts lines
    if _MARIMO.search(script) and (tree := syntax_tree(script)):
        return [_cell("code", part) for part in _cells_of_marimo(script, tree)]
    marks = list(_MARK.finditer(script))
    if not marks:
        return [_cell("code", part) for part in _parts(script) if part.strip()]
    cells = [_cell("code", script[: marks[0].start()])]
    ends = [*(mark.start() for mark in marks[1:]), len(script)]
    for mark, end in zip(marks, ends, strict=True):
        header, source = mark["header"] or "", script[mark.end() : end].strip("\n")
        if _TEXT.match(header):
            text = source.strip().strip('"') if source.lstrip().startswith('"""') else source
            cells.append(_cell("markdown", re.sub(r"^# ?", "", text, flags=re.MULTILINE)))
        else:
            cells.append(_cell("code", source, header))
    return [cell for cell in cells if cell["source"].strip()]


def _cell(kind: str, source: str, header: str = "") -> dict[str, Any]:
    metadata = {}
    _, named, value = header.partition("nbgrader=")
    if named:
        with suppress(ValueError, RecursionError):
            metadata["nbgrader"], _ = json.JSONDecoder().raw_decode(value)
    return {"cell_type": kind, "source": source.strip("\n"), "metadata": metadata}


def _cells_of_marimo(script: str, tree: ast.Module) -> Iterator[str]:
    """Yield the code of a marimo notebook, whose cells are the bodies of functions."""
    lines = script.split("\n")
    for node in tree.body:
        if isinstance(node, _DEFINITIONS) and node.decorator_list:
            if ".cell" not in lines[node.decorator_list[0].lineno - 1]:  # stands for itself
                yield "\n".join(lines[node.lineno - 1 : node.end_lineno])
                continue
        elif not isinstance(node, ast.With):
            continue
        end = node.body[-1]
        last = end.lineno - 1 if isinstance(end, ast.Return) else end.end_lineno
        yield textwrap.dedent("\n".join(lines[node.body[0].lineno - 1 : last]))


def _parts(script: str) -> Iterator[str]:
    """Yield a script's definitions and what stands between them, comments with what follows."""
    statements = top_level(script)
    if not statements:
        yield from _DEFINITION.split(script)
    for defines, several in groupby(statements, lambda one: isinstance(one[1], _DEFINITIONS)):
        texts = [text for text, _ in several]
        yield from texts if defines else ["\n".join(texts)]
