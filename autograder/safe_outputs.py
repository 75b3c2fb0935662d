"""Rebuild what a worker says a cell's outputs were: nothing of it is taken on trust."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output

from autograder import safe_html

_HOME = f"{Path(__file__).resolve().parent.parent}{os.sep}"
MOST_OUTPUTS = 200
LONGEST_OUTPUTS = 4_000_000  # characters per cell
# No scripts, no widgets, no pages in pages. SVG can hold scripts and is left out, too.
_TEXTS = ("text/plain", "text/latex", "image/png", "image/jpeg", "application/json")
_CLEANED = {"text/html": safe_html.clean, "text/markdown": safe_html.harmless_markdown}


def rebuild(outputs: Any) -> list[NotebookNode]:
    """Return the harmless and well-formed part of a cell's outputs."""
    rebuilt, length = [], 0
    for output in outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else []:
        if isinstance(output, dict) and (one := _rebuild(output)):
            length += len(str(one))
            if length > LONGEST_OUTPUTS:
                rebuilt.append(stream("The rest of this cell's output is too long and left out.\n"))
                break
            rebuilt.append(one)
    return rebuilt


def stream(text: str) -> NotebookNode:
    """Return printed text as an output."""
    return new_output("stream", name="stdout", text=text)


def error(name: str, text: str, lines: list[str] | None = None) -> NotebookNode:
    """Return an error as an output."""
    return new_output("error", ename=name, evalue=text, traceback=lines or [text])


def _rebuild(output: dict[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        lines = output.get("traceback")
        lines = [_text(line) for line in lines] if isinstance(lines, list) else []
        # Where the course lies on the instructor's machine is nobody's business.
        lines = [line.replace(_HOME, "") for line in lines]
        return error(_text(output.get("ename")), _text(output.get("evalue")), lines)
    if kind in ("display_data", "execute_result"):
        return _rebuild_display(kind, output)
    return None


def _rebuild_display(kind: str, output: dict[str, Any]) -> NotebookNode | None:
    given = output.get("data")
    if not isinstance(given, dict):
        return None
    data = {mime: _text(given[mime]) for mime in _TEXTS if mime in given}
    data |= {mime: clean(_text(given[mime])) for mime, clean in _CLEANED.items() if mime in given}
    if not data:
        data = {"text/plain": "(an output that cannot be shown here)"}
    metadata = output.get("metadata")
    picture = metadata.get("image/png") if isinstance(metadata, dict) else None
    alt = picture.get("alt") if isinstance(picture, dict) else None
    rebuilt = new_output(kind, data=data)
    if isinstance(alt, str):
        rebuilt.metadata = {"image/png": {"alt": alt[:2000]}}
    if kind == "execute_result" and isinstance(output.get("execution_count"), int):
        rebuilt.execution_count = output["execution_count"]
    return rebuilt


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
