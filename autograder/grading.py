"""Grade one submission, from the file handed in to the mark, its reasons and the feedback page."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat

from autograder.course import Course, StepFailed
from autograder.reading import REASON
from autograder.rebuild import NOTES
from autograder.verdicts import TestResult, read_results


@dataclass(frozen=True)
class Graded:
    """The outcome of one submission, as `results.json` holds it.

    Attributes
    ----------
    status : str
        "graded"; "unreadable" where the file is no notebook; "failed" where the grader could not
        do its work. The last two mean zero points, with a reason.
    seconds : float
        Wall-clock time that it took.
    """

    student: str
    lab: str
    status: str
    reason: str
    points: float
    maximum: float
    seconds: float
    notes: list[str]
    tests: list[TestResult]


def grade(course: Course, lab: str, student: str) -> Graded:
    """Grade one submission, write results.json and the feedback page, and return the outcome."""
    started = time.perf_counter()
    try:
        course.autograde(lab, student)
        notebook = nbformat.read(course.autograded(student, lab), as_version=4)
        tests = read_results(notebook)
        reason = notebook.metadata.get(REASON, "")
        notes = notebook.metadata.get(NOTES, [])
        status = "unreadable" if reason else "graded"
        course.generate_feedback(lab, student)
    except StepFailed as error:
        tests, notes, status = _zero(course, lab, student), [], "failed"
        reason = f"The grader could not grade this submission: {error}"
    graded = Graded(
        student=student,
        lab=lab,
        status=status,
        reason=reason,
        points=sum(test.points or 0 for test in tests),
        maximum=sum(test.maximum for test in tests),
        seconds=round(time.perf_counter() - started, 3),
        notes=notes,
        tests=tests,
    )
    _write(course.results(student, lab), asdict(graded))
    return graded


def _zero(course: Course, lab: str, student: str) -> list[TestResult]:
    """Enter a zero for every test, so that the gradebook has no hole."""
    with course.gradebook() as gradebook:
        submission = gradebook.update_or_create_submission(lab, student)
        tests = []
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score, grade.needs_manual_grade = 0, False
                tests.append(TestResult(grade.name, 0, grade.max_score, "error", "Not graded."))
        gradebook.db.commit()
    return tests


def _write(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # nbgrader makes what it writes read-only
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
