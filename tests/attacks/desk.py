"""The cheater's desk: hand something in, have it judged, and see what came of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.confinement.limits import Limits
from autograder.course import Course
from autograder.grading.judging import Judged, Judging, Task
from autograder.grading.run import Run
from autograder.judge.judge import stand_ins
from autograder.judge.sandbox import Patience, Sandbox
from autograder.judge.workers import zygote
from autograder.results.graded import Graded
from autograder.results.notebook import TestResult, read_results
from grader_tests import lab1
from grader_tests.engine import worked
from helpers.checking.namespace import Student

LAB = "lab1_helper_utilities"
FULL = 30
CHEATER, NEIGHBOUR = "mallory", "alice"
WORKED = worked.cells(LAB)
LIMITS = {"memory_mb": 512, "threads": 16, "written_mb": 64, "file_mb": 32}
PATIENCE = {"cell_seconds": 0.4, "call_seconds": 0.2, "submission_seconds": 4.0}
IMPATIENCE = {"cell_seconds": 0.1, "call_seconds": 0.1, "submission_seconds": 1.0}
GRACE, IDLE = 0.2, 8  # instead of 1 and 5: the times above are short, and machines busy
HELD_UP = 20.0  # seconds after which the grader counts as stopped

# What a cheater's cell begins with who wants to speak to the judge directly.
AT_THE_WIRE = """\
import gc, json, os, socket, struct, sys, time
from autograder.border import peer, wire
from autograder.worker import serving as worker
link = [o for o in gc.get_objects() if type(o) is peer.Peer][0]
line = link.connection
def tree(value):
    if isinstance(value, dict):
        return {"dict": [{"list": [key, tree(item)]} for key, item in value.items()]}
    if isinstance(value, tuple):
        return {"tuple": [tree(item) for item in value]}
    if isinstance(value, list):
        return {"list": [tree(item) for item in value]}
    return value
def put(header, buffers=b""):
    line.sendall(struct.pack("!II", len(header), len(header) + len(buffers)) + header + buffers)
def say(message):
    put(json.dumps(tree(message)).encode())
"""


class HeldUp(BaseException):
    """One submission has kept the grader from the next one."""


@dataclass(frozen=True)
class Result:
    """What became of one submission."""

    judged: Judged
    rescues: int

    @cached_property
    def notebook(self) -> NotebookNode:
        return nbformat.reads(self.judged.notebooks[LAB], as_version=4)

    @cached_property
    def tests(self) -> dict[str, TestResult]:
        return {test.name: test for test in read_results(self.notebook)}

    @property
    def points(self) -> float:
        return sum(test.points for test in self.tests.values())

    @property
    def maximum(self) -> float:
        return sum(test.maximum for test in self.tests.values())

    @property
    def own_cells(self) -> list[NotebookNode]:
        """The cells that are not the instructor's."""
        return [cell for cell in self.notebook.cells if "nbgrader" not in cell.metadata]

    @property
    def shown(self) -> str:
        """What the student's own code cells have shown, as text."""
        return "\n".join(
            output.get("text") or output.get("evalue") or str(output.get("data", ""))
            for cell in self.own_cells
            if cell.cell_type == "code"
            for output in cell.outputs
        )


class Inline(Executor):
    """Runs a task in this process, as soon as it is handed over."""

    def submit(self, task, /, *args: Any, **kwargs: Any) -> Future:
        future: Future = Future()
        try:
            future.set_result(task(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class InThisProcess:
    """Stands for `Processes`: tasks run here, so that what is patched is patched for them."""

    broken = ()

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def start(self) -> Inline:
        return Inline()


@dataclass(frozen=True)
class Desk:
    """A course of one cheater and one honest neighbour."""

    course: Course
    judging: Judging

    def folder(self, student: str = CHEATER) -> Path:
        """Return the folder that holds a submission; it may not be there yet."""
        return self.course.submission(student, LAB).parent

    def hand_in(
        self,
        *cells: str | dict,
        answers: dict[str, str] | None = None,
        first: Iterable[str] = (),
        student: str = CHEATER,
        change: Callable[[list[dict]], None] | None = None,
    ) -> Path:
        """Hand in answers, with cells of one's own before and behind the instructor's.

        Without answers, the exercises are as they were released: an honest zero. `change` alters
        the list of cells before it is written.
        """
        notebook = json.loads(self.released)
        for cell in notebook["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            cell["source"] = (answers or {}).get(name, cell["source"])
        own = [code(cell) if isinstance(cell, str) else cell for cell in cells]
        notebook["cells"] = [*map(code, first), *notebook["cells"], *own]
        if change:
            change(notebook["cells"])
        path = self.course.submission(student, LAB)
        write(path, notebook)
        return path

    @cached_property
    def released(self) -> str:
        """What students get, as JSON, cut down to one import, the exercises and the tests."""
        path = self.course.root / "notebooks" / LAB / f"{LAB}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        kept = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
        notebook["cells"] = [code("import numpy as np\nfrom scipy.special import expit"), *kept]
        return json.dumps(notebook)

    def judge(
        self, held_up: float = HELD_UP, patience: dict[str, float] = PATIENCE, **settings: Any
    ) -> Result:
        """Judge what lies in the cheater's folder, with settings of the judge's own."""
        config = self.judging.config.copy()
        config.Judge.update(patience=patience, **settings)
        with rescue(held_up) as rescues:
            judged = Judging(self.judging.masters, config)(Task(LAB, CHEATER, self.folder()))
        return Result(judged, len(rescues))

    def cheat(
        self,
        *cells: str | dict,
        held_up: float = HELD_UP,
        patience: dict[str, float] = PATIENCE,
        **options: Any,
    ) -> Result:
        """Hand in and judge; the grader must have come to its end by itself, with a mark."""
        self.hand_in(*cells, **options)
        result = self.judge(held_up, patience)
        assert not result.rescues, "the submission held up the grader until it was rescued"
        assert result.judged.failure == ""
        assert result.maximum == FULL
        return result

    def grade(self, *students: str, held_up: float = HELD_UP) -> dict[str, Graded]:
        """Grade submissions into the gradebook and the files, as the command does."""
        with rescue(held_up) as rescues:
            graded = {one.student: one for one in Run(self.course, LAB, 1).grade([*students])}
        assert not rescues, "a submission held up the grader until it was rescued"
        return graded

    def score(self, student: str) -> float:
        with self.course.gradebook() as gradebook:
            return gradebook.find_submission(LAB, student).score

    def clear(self) -> None:
        """Take back what was handed in, but for the neighbour's, and the report on the class."""
        shutil.rmtree(self.course.root / "reports", ignore_errors=True)
        for folder in ("submitted", "autograded", "feedback"):
            for path in (self.course.root / folder).glob("*"):
                if path.name != NEIGHBOUR:
                    path.unlink() if path.is_symlink() else shutil.rmtree(path)


def write(path: Path, notebook: dict) -> None:
    """Write a notebook as it is, valid or not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def at_the_wire(source: str) -> str:
    """Return a cell that knows the worker's own connection to the judge."""
    return f"{AT_THE_WIRE}{dedent(source)}\n"


def code(source: str) -> dict:
    return {"cell_type": "code", "source": dedent(source), "metadata": {}, "outputs": []}


def markdown(source: str) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def at_work() -> list[int]:
    """Return the processes that hold a student's code at this moment."""
    process = zygote()._process
    if process is None:
        return []
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in children.read_text().split()]


@contextmanager
def rescue(seconds: float, processor: float = 5) -> Iterator[list[int]]:
    """Kill the workers every so many seconds, so that a test ends whose attack succeeds.

    A judge that itself computes for longer than `processor` is interrupted. Yields the killed.
    """
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while not done.wait(seconds):
            for pid in at_work():
                killed.append(pid)
                os.kill(pid, signal.SIGKILL)

    def interrupt(*_: object) -> None:
        raise HeldUp

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, processor)
    threading.Thread(target=kill, daemon=True).start()
    try:
        yield killed
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        done.set()


@contextmanager
def standing_in(cell: str, *parts: str, held_up: float = HELD_UP) -> Iterator[Student]:
    """Run a cheater's cell, then stand in for parts of the lab; yield the student namespace."""
    definitions = {name: lab1.lab.definitions[name] for name in parts}
    with (
        rescue(held_up) as rescues,
        Sandbox(
            zygote(), Limits(**LIMITS), Patience(**PATIENCE), backend=stand_ins(lab1.lab)
        ) as box,
    ):
        outputs = box.run(cell)
        assert not [one for one in outputs if one["output_type"] == "error"], outputs
        student = box.student
        with student._standing_in(definitions):
            yield student
    assert not rescues, "the submission held up the grader until it was rescued"


@contextmanager
def opened_in_the_end(pipe: Path, seconds: float = 5.0) -> Iterator[None]:
    """Fail where somebody waits for a pipe to be written; that much later, let them go on."""
    done = threading.Event()
    waited = []

    def open_it() -> None:
        if not done.wait(seconds):
            with suppress(OSError):  # nobody waits
                os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
                waited.append(pipe)

    thread = threading.Thread(target=open_it, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    assert not waited, "the grader waited for a pipe"
