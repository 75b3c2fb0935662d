"""Rebuild what a worker says a notebook's outputs were: nothing of it is taken on trust."""

from __future__ import annotations

import os
import re
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.border.messages import error_output
from autograder.files import HOME
from autograder.safe import html as safe_html
from autograder.safe import markdown as safe_markdown
from autograder.safe import rendering
from autograder.safe.rendering import Rendering

_HOME = f"{HOME}{os.sep}"
MOST_OUTPUTS = 200  # of a cell
MOST_TEXT = 2_000_000  # bytes of all outputs of a notebook together, as they are stored
MOST_PICTURES = 8_000_000
AFTER_A_CUT = 200_000  # bytes of a cell, once something was left out: a picture, a few lines
MOST_DECISIVE = 100_000  # of a test cell, whatever other cells have used up
MOST_COLOURING = 20_000_000  # escape sequences times characters: what colouring a text costs
# No scripts, no widgets, no pages in pages. SVG can hold scripts and is left out, too.
_PICTURES = ("image/png", "image/jpeg")
_TEXTS = ("text/plain", "text/latex", "application/json")
_RENDERED = ("text/html", "text/markdown")
_CUT = "[The outputs of this notebook are too long: what follows here is left out.]\n"
_NO_COLOURS = "[Colours are left out here: there are too many.]"
_COLOUR = re.compile(r"\x1b(\[[0-9;]*[A-Za-z])?")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")


class Outputs:
    """Rebuilds the outputs of one notebook's cells, within the room that it has for them.

    Parameters
    ----------
    taken : frozenset of str
        Ids that a page on which the notebook is shown has a use for.
    """

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._renderings = {
            "text/html": Rendering(_html, safe_html.as_it_stands),
            "text/markdown": safe_markdown.stored(taken),
        }
        self._room = {"text": MOST_TEXT, "pictures": MOST_PICTURES}
        self._unrendered: list[tuple[NotebookNode, str]] = []
        self._cut = False

    @property
    def room(self) -> int:
        """How many bytes of the next cell are worth sending."""
        left = sum(self._room.values())
        return min(left, AFTER_A_CUT) if self._cut else left

    def rebuild(self, outputs: Any, decisive: bool = False) -> list[NotebookNode]:
        """Return the well-formed part of a cell's outputs; `render` must follow before it is used.

        Parameters
        ----------
        outputs : list of dict
            As the worker gave them.
        decisive : bool
            Whether they decide marks: then there is room for the shorter ones, in any case.
        """
        rebuilt: list[NotebookNode] = []
        own_room = MOST_DECISIVE if decisive else 0
        for output in outputs[:MOST_OUTPUTS] if isinstance(outputs, list) else []:
            if not (isinstance(output, dict) and (one := _rebuild(output))):
                continue
            text, pictures = _sizes(one)
            if text <= self._room["text"] and pictures <= self._room["pictures"]:
                self._room["text"] -= text
                self._room["pictures"] -= pictures
            elif text + pictures <= own_room:
                own_room -= text + pictures
            else:
                self._cut = True
                if not rebuilt or rebuilt[-1].get("text") != _CUT:
                    rebuilt.append(stream(_CUT))
                continue
            rebuilt.append(one)
            data = one.get("data", {})
            self._unrendered += [(data, mime) for mime in _RENDERED if mime in data]
        return rebuilt

    def render(self) -> None:
        """Put, in place, what is harmless of HTML and Markdown where the outputs have them."""
        pieces = [(self._renderings[mime], data[mime]) for data, mime in self._unrendered]
        shown = rendering.render(pieces)
        for (data, mime), piece in zip(self._unrendered, pieces, strict=True):
            data[mime] = shown[piece]
        self._unrendered.clear()


def rebuild(outputs: Any) -> list[NotebookNode]:
    """Return the harmless and well-formed part of the outputs of a single cell."""
    notebook = Outputs()
    rebuilt = notebook.rebuild(outputs)
    notebook.render()
    return rebuilt


def showing(kind: str, data: dict[str, Any]) -> NotebookNode:
    """Return an output that shows something, as nbformat's `new_output`.

    That one compares every output with its schema, which takes longer than a test.
    """
    count = {"execution_count": None} if kind == "execute_result" else {}
    return from_dict({"output_type": kind, "data": data, "metadata": {}, **count})


def stream(text: str, name: str = "stdout") -> NotebookNode:
    """Return printed text as an output."""
    return from_dict({"output_type": "stream", "name": name, "text": text})


def stored_size(text: str) -> int:
    """Return about how many bytes a text takes in a notebook file, line by line."""
    return len(text.encode("utf-8", "replace")) + 12 * text.count("\n") + 5 * text.count("\x1b")


def _sizes(output: NotebookNode) -> tuple[int, int]:
    """Return the sizes of an output's texts and of its pictures."""
    data = output.get("data", {})
    pictures = sum(len(data[mime]) for mime in _PICTURES if mime in data)
    texts = [value for mime, value in data.items() if mime not in _PICTURES]
    texts += [output.get("text", ""), output.get("ename", ""), output.get("evalue", "")]
    texts += output.get("traceback", [])
    return 100 + sum(map(stored_size, texts)), pictures


def _html(dirty: str) -> str:
    return safe_markdown.without_mathjax(safe_html.clean(dirty))


def _rebuild(output: dict[str, Any]) -> NotebookNode | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return stream(_text(output.get("text")), name)
    if kind == "error":
        lines = output.get("traceback")
        lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        if _costs_too_much("".join(lines)):  # a page may show them as one text
            lines = [_COLOUR.sub("", line) for line in lines] + [_NO_COLOURS]
        # Where the course lies on the instructor's machine is nobody's business.
        lines = [line.replace(_HOME, "") for line in lines]
        name, text = _text(output.get("ename")), _text(output.get("evalue"))
        return from_dict(error_output(name, text, lines or [text]))
    if kind in ("display_data", "execute_result"):
        return _rebuild_display(kind, output)
    return None


def _rebuild_display(kind: str, output: dict[str, Any]) -> NotebookNode | None:
    given = output.get("data")
    if not isinstance(given, dict):
        return None
    data = {mime: _text(given[mime]) for mime in (*_TEXTS, *_RENDERED) if mime in given}
    if not safe_markdown.is_ordinary(data.get("text/latex", "")):
        data["text/plain"] = data.get("text/plain") or data["text/latex"]
        del data["text/latex"]
    pictures = {mime: given[mime] for mime in _PICTURES if isinstance(given.get(mime), str)}
    data |= {mime: text for mime, text in pictures.items() if _BASE64.fullmatch(text)}
    if not data:
        data = {"text/plain": "(an output that cannot be shown here)"}
    metadata = output.get("metadata")
    picture = metadata.get("image/png") if isinstance(metadata, dict) else None
    alt = picture.get("alt") if isinstance(picture, dict) else None
    rebuilt = showing(kind, data)
    if isinstance(alt, str):
        rebuilt.metadata = {"image/png": {"alt": alt[:2000]}}
    if kind == "execute_result" and isinstance(output.get("execution_count"), int):
        rebuilt.execution_count = output["execution_count"]
    return rebuilt


def _text(value: Any) -> str:
    """Return a text, without its colours where to show them would take long."""
    if not isinstance(value, str):
        return ""
    return f"{_COLOUR.sub('', value)}\n{_NO_COLOURS}\n" if _costs_too_much(value) else value


def _costs_too_much(coloured: str) -> bool:
    return coloured.count("\x1b") * len(coloured) > MOST_COLOURING
