"""Cells that a person marks, and what a person does with them."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.course import Course
from tests.support.classroom import LAB

WHY, SKETCH, PLAN = "why_one_hot", "sketch", "plan"


def _flags(name: str, points: float, **flags: bool) -> dict[str, Any]:
    cell = {"grade": False, "solution": False, "locked": False, "task": False, **flags}
    return {"nbgrader": {"grade_id": name, "points": points, "schema_version": 3, **cell}}


def cells() -> list[NotebookNode]:
    """Return an answer in Markdown (8 points), one in code (2) and a task (2.5)."""
    return [
        new_markdown_cell(
            "### BEGIN SOLUTION\nEach class is as far from each other.\n### END SOLUTION",
            metadata=_flags(WHY, 8, grade=True, solution=True),
        ),
        new_code_cell(
            "### BEGIN SOLUTION\nprint('a sketch')\n### END SOLUTION",
            metadata=_flags(SKETCH, 2, grade=True, solution=True),
        ),
        new_markdown_cell(
            "Plan a study in new cells below.\n### BEGIN MARK SCHEME\n1: a question\n"
            "### END MARK SCHEME",
            metadata=_flags(PLAN, 2.5, locked=True, task=True),
        ),
    ]


def give(course: Course, student: str, cell: str, *, done: bool = True, **what: Any) -> None:
    """Give points or credit for a cell, as the formgrader does, or (not `done`) as SQL would."""
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade(cell, LAB, LAB, student)
        for name, value in what.items():
            setattr(grade, name, value)
        if done:
            grade.needs_manual_grade = grade.manual_score is None and grade.auto_score is None
        gradebook.db.commit()


def comment(course: Course, student: str, cell: str, text: str | None) -> None:
    with course.gradebook() as gradebook:
        gradebook.find_comment(cell, LAB, LAB, student).manual_comment = text
        gradebook.db.commit()
