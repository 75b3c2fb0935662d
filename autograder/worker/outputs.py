"""What a notebook cell has shown so far, as nbclient would have kept it, within bounds."""

from __future__ import annotations

import io
import json
from typing import Any

from jupyter_client.session import json_packer

from autograder.border.messages import error_output
from autograder.worker.overwriting import overwritten

MAX_OUTPUTS = 1_000
MAX_TRACEBACK = 30_000  # characters
# Errors and values decide marks: these bytes are theirs, even after a flood of other outputs.
# The longest error fits, at up to 12 bytes to a character.
RESERVE = 400_000

Output = dict[str, Any]


class CellOutputs:
    """The outputs of one cell, in the order in which they were made.

    Parameters
    ----------
    limit : int
        How many bytes are kept, in UTF-8 for text and as JSON for everything else.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.clear()

    def clear(self, wait: bool = False) -> None:
        """Drop everything, now or (`wait`) before the next output."""
        self._clear_first = wait
        if not wait:
            self._kept: list[Output] = []
            self._displayed: dict[str, list[Output]] = {}
            self._used = 0
            self._cut: set[str] = set()

    @property
    def shows_error(self) -> bool:
        """Whether there is an error among the outputs."""
        return any(output["output_type"] == "error" for output in self._kept)

    def write(self, name: str, text: str) -> None:
        """Add text to the stream `name`."""
        if not text:
            return
        if self._clear_first or not self._kept or self._kept[-1].get("name") != name:
            self.add({"output_type": "stream", "name": name, "text": io.StringIO()})
        room = self.limit - self._used
        if room < len(text):
            self._cut.add(name)
        if room > 0 and self._kept[-1].get("name") == name:
            # Half a surrogate pair cannot be saved in a notebook, hence "replace".
            data = text[:room].encode("utf-8", "replace")[:room]
            self._used += len(data)
            self._kept[-1]["text"].write(data.decode("utf-8", "ignore"))

    def add(self, output: Output, display_id: str | None = None) -> None:
        """Add an output; if it is displayed under an id, it can be updated later."""
        if self._clear_first:
            self.clear()
        kind: str = output["output_type"]
        size = _size(output)
        decisive = kind in ("error", "execute_result")
        fits = self._used + size <= self.limit + RESERVE * decisive
        if not fits or (len(self._kept) >= MAX_OUTPUTS and not decisive):
            self._cut.add(output.get("name", kind))
            return
        self._used += size
        self._kept.append(output)
        if display_id:
            self._displayed.setdefault(display_id, []).append(output)

    def update(self, display_id: str, content: Output) -> None:
        """Replace, in place, what was displayed under `display_id`."""
        for output in self._displayed.get(display_id, ()):
            growth = _size({**output, **content}) - _size(output)
            if self._used + growth > self.limit:
                self._cut.add(output["output_type"])
            else:
                self._used += growth
                output.update(content)

    def finished(self) -> list[Output]:
        """Return the outputs in nbformat 4; the last one says so if something was left out."""
        outputs = [
            {**output, "text": overwritten(output["text"].getvalue())}
            if "text" in output
            else output
            for output in self._kept
        ]
        if self._cut:
            # nbgrader takes text on stderr for a failure: that must outlive the cut.
            name = "stderr" if "stderr" in self._cut else "stdout"
            if not outputs or outputs[-1].get("name") != name:
                outputs.append({"output_type": "stream", "name": name, "text": ""})
            limits = f"{self.limit:,} bytes and {MAX_OUTPUTS:,} outputs"
            outputs[-1]["text"] += f"\n[Cut: no more than {limits} of one cell are kept.]\n"
        return outputs


def short_error(name: str, value: str, traceback: list[str]) -> Output:
    """Return an error output, shortened to a size that always fits into the reserve."""
    if sum(map(len, traceback)) > MAX_TRACEBACK:
        text, half = "\n".join(traceback), MAX_TRACEBACK // 2
        traceback = [text[:half], "[The middle of this traceback was left out.]", text[-half:]]
    return error_output(name[:200], value[:2_000], traceback)


def as_json(content: dict[str, Any], limit: int) -> dict[str, Any]:
    """Return what a kernel would send of a displayed object's `data` and `metadata`.

    Data that is too long to be kept is clipped before it is copied, to a length that is still too
    long to be kept.
    """
    data = {
        mime: value[: limit + RESERVE + 1] if isinstance(value, str | bytes) else value
        for mime, value in content["data"].items()
    }
    sent: dict[str, Any] = json.loads(json_packer({**content, "data": data}))
    return sent


def _size(output: Output) -> int:
    return len(json.dumps(output, default=str))
