"""Answers put into the released notebook, as a student would."""

from __future__ import annotations

from pathlib import Path

import nbformat

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
