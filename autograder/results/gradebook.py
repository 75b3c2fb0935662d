"""Write what was graded into nbgrader's gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from traitlets.config import Config

from autograder.results import class_list


def enter(
    gradebook: Gradebook,
    lab: str,
    student: str,
    notebooks: Mapping[str, NotebookNode],
    when: datetime | None,
    config: Config,
) -> None:
    """Enter graded notebooks' marks, as nbgrader's `SaveAutoGrades` does, in one transaction.

    Points given by hand stay as they are.
    """
    class_list.meet(gradebook, student)
    submission = handed_in(gradebook, lab, student, when)
    for submitted in submission.notebooks:
        _enter(submitted, notebooks[submitted.name])
    _settle(gradebook, submission, config)


def _enter(submitted: SubmittedNotebook, notebook: NotebookNode) -> None:
    grades = {grade.name: grade for grade in submitted.grades}
    comments = {comment.name: comment for comment in submitted.comments}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if is_grade(cell):
            grade = grades[name]
            grade.auto_score = determine_grade(cell)[0]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        if is_solution(cell) or is_task(cell):
            unchanged = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            comments[name].auto_comment = (
                "No response." if unchanged and not is_task(cell) else None
            )


def settle(
    gradebook: Gradebook, lab: str, student: str, when: datetime | None, config: Config
) -> bool:
    """Work out what being late takes off, by today's deadline and rule; return if that is new."""
    submission = handed_in(gradebook, lab, student, when)
    return _settle(gradebook, submission, config)


def handed_in(
    gradebook: Gradebook, lab: str, student: str, when: datetime | None
) -> SubmittedAssignment:
    """Return a submission in the gradebook, made if need be, with the time when it came."""
    with gradebook.db.no_autoflush:  # nbgrader asks for objects it has half made
        return gradebook.update_or_create_submission(lab, student, timestamp=when)


def _settle(gradebook: Gradebook, submission: SubmittedAssignment, config: Config) -> bool:
    before = submission.late_submission_penalty
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None
    gradebook.db.commit()
    if submission.total_seconds_late > 0:
        # A database server wants its password, which `str` leaves out.
        url = gradebook.db.get_bind().url.render_as_string(hide_password=False)
        about = {"assignment": submission.name, "student": submission.student.id, "db_url": url}
        for name in [notebook.name for notebook in submission.notebooks]:
            resources = {"nbgrader": about | {"notebook": name}}
            AssignLatePenalties(config=config).preprocess(new_notebook(), resources)
        gradebook.db.expire_all()
    return bool(submission.late_submission_penalty != before)
