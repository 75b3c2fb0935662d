"""What a graded notebook says of each test: read from the outputs of its test cells."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import determine_grade, is_grade, is_solution

from grader_tests.testing import VERDICT_MIME


@dataclass(frozen=True)
class TestResult:
    """The outcome of one test cell.

    Attributes
    ----------
    name : str
        The cell's grade_id.
    points, maximum : float
        Points reached and to be had. Points are None where a person has to mark the cell.
    status : str
        "passed", "partial", "failed", "stopped" (by time, memory, a crash), "error" or "manual".
    message : str
        Why, for the student.
    mistake : str or None
        Name of the known mistake, if one was recognised.
    """

    name: str
    points: float | None
    maximum: float
    status: str
    message: str
    mistake: str | None = None


def read_results(notebook: NotebookNode) -> list[TestResult]:
    """Read the outcome of every test cell of an autograded notebook, in order."""
    return [_read(cell) for cell in notebook.cells if is_grade(cell)]


def _read(cell: NotebookNode) -> TestResult:
    name = cell.metadata.nbgrader["grade_id"]
    points, maximum = determine_grade(cell)
    if points is None or is_solution(cell):
        return TestResult(name, points, maximum, "manual", "A person marks this answer.")
    for output in cell.outputs:
        if verdict := output.get("data", {}).get(VERDICT_MIME):
            status = verdict.get("status") or ("passed" if verdict["passed"] else "failed")
            return TestResult(name, points, maximum, status, verdict["message"], verdict["mistake"])
    for output in cell.outputs:
        if output.output_type == "error":
            status, message = _explain(output)
            return TestResult(name, points, maximum, status, message)
    status = "passed" if points == maximum else "partial"
    return TestResult(name, points, maximum, status, f"{points:g} of {maximum:g} points.")


def _explain(error: NotebookNode) -> tuple[str, str]:
    if error.ename == "Stopped":
        return "stopped", error.evalue
    if error.ename == "TestFailed":
        return "failed", error.evalue
    if error.ename == "AssertionError":
        return "failed", error.evalue or "The test found a wrong answer."
    return "error", f"The test stopped with {error.ename}. Run your notebook from top to bottom."
