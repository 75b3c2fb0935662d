"""The messages between judge and worker, and the orders that a zygote takes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from autograder.border.wire import Malformed

LONGEST_OUTPUT = 1_000_000  # bytes of one cell that a worker keeps


@dataclass(frozen=True)
class Request:
    """Asks the other side to do something."""

    operation: Any
    arguments: Any

    def as_dict(self) -> dict[str, Any]:
        return {"do": self.operation, "with": self.arguments}


@dataclass(frozen=True)
class Answer:
    """What came of a request."""

    value: Any

    def as_dict(self) -> dict[str, Any]:
        return {"answer": self.value}


@dataclass(frozen=True)
class Refusal:
    """Why nothing came of a request, where in the student's code, and whether there is none yet."""

    reason: str
    place: str = ""
    unwritten: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {"refused": (self.reason, self.place), "unwritten": self.unwritten}


Message = Request | Answer | Refusal


def read(content: dict[str, Any]) -> Message:
    """Read a message from what came over the wire; a request's parts may still be anything.

    Raises
    ------
    Malformed
        If it is a refusal without its reason.
    """
    if "do" in content:
        return Request(content["do"], content.get("with"))
    if "refused" not in content:
        return Answer(content.get("answer"))
    refusal = content["refused"]
    if not isinstance(refusal, tuple) or len(refusal) != 2:
        raise Malformed("a refusal without its reason.")
    unwritten = content.get("unwritten") is True
    return Refusal(str(refusal[0])[:1000], str(refusal[1])[:500], unwritten)


@dataclass(frozen=True)
class Fork:
    """Has the zygote start a worker; `limits` are None where it runs unconfined."""

    workdir: str
    limits: dict[str, Any] | None

    def as_dict(self) -> dict[str, Any]:
        return {"fork": asdict(self)}


@dataclass(frozen=True)
class Reap:
    """Has the zygote wait so many seconds for a worker to end, and then kill it."""

    pid: int
    patience: float

    def as_dict(self) -> dict[str, Any]:
        return {"reap": asdict(self)}


def read_order(content: dict[str, Any]) -> Fork | Reap:
    """Read an order to the zygote; the judge alone gives one, so it is as it should be."""
    return Fork(**content["fork"]) if "fork" in content else Reap(**content["reap"])


def error_output(name: str, text: str, traceback: list[str] | None = None) -> dict[str, Any]:
    """Return an error as a cell's output in nbformat 4."""
    lines = [f"{name}: {text}"] if traceback is None else traceback
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": lines}
