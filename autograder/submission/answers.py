"""Answers put into the released notebook, as a student would."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbgrader.utils import is_solution

from autograder.course import Course


def hand_in(course: Course, lab: str, student: str, answers: dict[str, str]) -> None:
    """Put a student's answers into the released notebook, and that where it is collected."""
    fill_in(course.released(lab), answers, course.submission(student, lab))


def fill_in(released: Path, answers: dict[str, str], path: Path) -> None:
    """Write the released notebook with these answers, given by their cells' grade_ids."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("solution") and nbgrader["grade_id"] in answers:
            cell.source = answers[nbgrader["grade_id"]]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def answers_in(path: Path) -> dict[str, str]:
    """Return what stands in a notebook's answer cells, by their grade_ids."""
    cells = nbformat.read(path, as_version=4).cells
    return {cell.metadata.nbgrader["grade_id"]: cell.source for cell in cells if is_solution(cell)}
