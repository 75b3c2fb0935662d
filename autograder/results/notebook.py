"""What a graded notebook says of each test: written into its test cells, and read from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.utils import determine_grade, is_grade, is_solution, is_task

from autograder.border.messages import error_output
from autograder.safe.outputs import showing, stream
from grader_tests.engine.verdict import VERDICT_MIME, TestFailed, Verdict

# Keys in a notebook's metadata:
RECORD = "grading"  # how it was graded
NOTES = "notes"  # what was put right, a sentence each
REASON = "unreadable"  # why the file that it stands for could not be read
ANSWER = "answer"  # in an answer cell's metadata: what stands in another cell
FOREIGN = "Most of its exercises are those of another lab. Was the wrong notebook handed in?"
_SAID = ("message", "mistake", "seen", "section")


@dataclass(frozen=True)
class TestResult:
    """The outcome of one cell that has points: a test, an answer that a person marks, or a task.

    Attributes
    ----------
    name : str
        The cell's grade_id.
    points, maximum : float
        Points reached and to be had. Points are None where a person has to give them.
    status : str
        "passed", "partial", "failed", "stopped" (by time, memory, a crash), "error" or "manual".
    message : str
        Why, for the student.
    mistake : str or None
        Name of the known mistake, if one was recognised.
    seen : str
        Which of the test's cases failed first, and how its answer looks from outside.
    section : str
        Heading of the lab's section to read again.
    mistakes : tuple of str
        Names of the known mistakes, one by one, where several were made at once.
    unwritten : bool
        Whether the answer is still as it was handed out.
    notebook : str
        Which of a lab's notebooks it is in; empty where there is one.
    answer : str
        A hash of the answer, where a person marks it.
    """

    name: str
    points: float | None
    maximum: float
    status: str
    message: str
    mistake: str | None = None
    seen: str = ""
    section: str = ""
    mistakes: tuple[str, ...] = ()
    unwritten: bool = False
    notebook: str = ""
    answer: str = ""

    @property
    def place(self) -> str:
        """The test's name, with that of its notebook where there are several."""
        return place(self.name, self.notebook)

    @property
    def title(self) -> str:
        """What was tested, in plain words."""
        return title(self.place)

    @property
    def evidence(self) -> str:
        """What the test saw, where the message says something else; else empty."""
        return self.seen if self.seen != self.message else ""

    @property
    def explanation(self) -> list[str]:
        """All that a student is told of it, as plain text: what is wrong, and where to read on."""
        said = [self.message]
        if self.evidence:
            said.append(f"What the test saw: {self.evidence}")
        if self.section:
            said.append(f"Read again: “{self.section}”.")
        return said


def since_added(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what verdicts and results have had since the rooms; what is older lacks it."""
    named = (said["mistake"],) if said["mistake"] else ()
    return {
        "mistakes": tuple(said.get("mistakes", named)),
        "unwritten": said.get("unwritten", False),
    }


def place(name: str, notebook: str = "") -> str:
    """Return the name of a cell, with that of its notebook where a lab has several.

    Two notebooks may each have a cell of the same name.
    """
    return f"{notebook}: {name}" if notebook else name


def several(names: Iterable[str]) -> dict[str, str]:
    """Return what to call each of a lab's notebooks beside others: nothing where there is one."""
    names = list(names)
    return {name: name if len(names) > 1 else "" for name in names}


def title(name: str) -> str:
    """Return a test cell's name, or its place, in plain words."""
    *notebook, name = name.rsplit(": ", 1)
    return ": ".join([*notebook, name.removeprefix("test_").replace("_", " ")])


def titles(places: Collection[str], tests: Iterable[TestResult]) -> str:
    """Return what cells are called in plain words, those of the notebook in its order."""
    known = [test.place for test in tests if test.place in places]
    return ", ".join(map(title, dict.fromkeys([*known, *places])))


def number(value: float) -> str:
    """Write points with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def total(results: Iterable[TestResult]) -> tuple[float, float]:
    """Return the points reached and to be had in all."""
    results = list(results)
    return sum(one.points or 0 for one in results), sum(one.maximum for one in results)


def read_results(notebook: NotebookNode, name: str = "") -> list[TestResult]:
    """Read the outcome of every cell of an autograded notebook that has points, in order.

    The notebook's own name is asked for where it is one of several.
    """
    cells = (cell for cell in notebook.cells if is_grade(cell) or is_task(cell))
    return [replace(_read(cell, notebook), notebook=name) for cell in cells]


def _read(cell: NotebookNode, notebook: NotebookNode) -> TestResult:
    if is_task(cell):  # it is answered anywhere in the notebook
        answer = "\0".join(one.source for one in notebook.cells if not is_grade(one))
        return _by_a_person(cell, 0.0 if REASON in notebook.metadata else None, answer)
    name = cell.metadata.nbgrader["grade_id"]
    points, maximum = determine_grade(cell)
    if points is None or is_solution(cell):
        return _by_a_person(cell, points, cell.source)
    for output in cell.outputs:
        if verdict := output.get("data", {}).get(VERDICT_MIME):
            status = "stopped" if verdict["stopped"] else _status(points, maximum)
            said = {key: verdict[key] for key in _SAID}
            return TestResult(name, points, maximum, status, **said, **since_added(verdict))
    for output in cell.outputs:
        if output.output_type == "error":
            status, message = _explain(output)
            return TestResult(name, points, maximum, status, message)
    message = f"{points:g} of {maximum:g} points."
    return TestResult(name, points, maximum, _status(points, maximum), message)


def _by_a_person(cell: NotebookNode, points: float | None, answer: str) -> TestResult:
    return TestResult(
        name=cell.metadata.nbgrader["grade_id"],
        points=points,
        maximum=float(cell.metadata.nbgrader["points"]),
        status="manual",
        message="Your teacher marks this." if points is None else "There is no answer.",
        unwritten=points is not None,
        answer=hashlib.sha256(answer.encode("utf-8", "replace")).hexdigest()[:16],
    )


def _status(points: float, maximum: float) -> str:
    if points == maximum:
        return "passed"
    return "partial" if points else "failed"


def _explain(error: NotebookNode) -> tuple[str, str]:
    if error.ename == "Stopped":
        return "stopped", error.evalue
    if error.ename == "TestFailed":
        return "failed", error.evalue
    if error.ename == "AssertionError":
        return "failed", error.evalue or "The test found a wrong answer."
    if error.ename == "NameError":
        return "error", f"The test stopped with NameError: {error.evalue.rstrip('.')}."
    return "error", f"The test stopped with {error.ename}. Run your notebook from top to bottom."


def as_outputs(verdict: Verdict, maximum: float) -> list[NotebookNode]:
    """Write a verdict as the outputs that an open notebook would show.

    nbgrader takes an error for no points, a number for so many, and anything else for all of them.
    """
    record = showing("display_data", {VERDICT_MIME: verdict.as_dict()})
    points = verdict.credit(maximum)
    if not verdict.passed and not points:
        failed = error_output(TestFailed.__name__, verdict.message, [verdict.message])
        return [record, from_dict(failed)]
    message = stream(f"{verdict.message}\n")
    if verdict.passed:
        return [record, message]
    number = showing("execute_result", {"text/plain": f"{points:g}"})
    return [record, message, number]


def as_json(notebook: NotebookNode) -> str:
    """Write a notebook on one line: to indent it takes longer than to run many a lab's cells."""
    return json.dumps(notebook, ensure_ascii=False, sort_keys=True)


def fail_all(nb: NotebookNode, verdict: Verdict) -> None:
    """Write one verdict, for no points, into every test cell."""
    for cell in filter(is_grade, nb.cells):
        if cell.cell_type == "code":
            cell.outputs = as_outputs(verdict, 0)
