"""Write what was graded into nbgrader's gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, is_solution, is_task
from traitlets.config import Config

from autograder.results import class_list
from autograder.results.graded import Graded
from autograder.results.notebook import TestResult, place, several


def enter(
    gradebook: Gradebook,
    notebooks: Mapping[str, NotebookNode],
    now: Graded,
    before: Graded | None,
    when: datetime | None,
    config: Config,
) -> dict[str, float]:
    """Enter graded notebooks' marks, as nbgrader's `SaveAutoGrades` does, in one transaction.

    Points given by hand stay as they are. nbgrader wants all of them confirmed after that; here
    only those are, and returned by their cells' places, that were given for something else.

    Parameters
    ----------
    gradebook : Gradebook
    notebooks : mapping
        The graded notebooks, by name.
    now, before : Graded
        What was found in them, and what was found last time.
    when : datetime or None
        When they were handed in.
    config : Config
    """
    class_list.meet(gradebook, now.student)
    submission = handed_in(gradebook, now.lab, now.student, when)
    called = several(notebook.name for notebook in submission.notebooks)
    results = {test.place: test for test in now.tests}
    earlier = {test.place: test for test in before.tests} if before else {}
    asked = before.confirm if before else {}
    confirm: dict[str, float] = {}
    for submitted in submission.notebooks:
        _remark(submitted, notebooks[submitted.name])
        for grade in submitted.grades:
            at = place(grade.name, called[submitted.name])
            grade.auto_score = results[at].points
            if grade.manual_score is None:
                grade.needs_manual_grade = grade.auto_score is None
                continue
            still = grade.needs_manual_grade and asked.get(at) == grade.manual_score
            grade.needs_manual_grade = still or not _same(results[at], earlier.get(at))
            if grade.needs_manual_grade:
                confirm[at] = grade.manual_score
    _settle(gradebook, submission, config)
    return confirm


def _same(now: TestResult, before: TestResult | None) -> bool:
    """Whether a person who gave points would see what was there before."""
    return before is not None and (now.points, now.answer) == (before.points, before.answer)


def _remark(submitted: SubmittedNotebook, notebook: NotebookNode) -> None:
    """Write, as nbgrader does, to answers that are as they were handed out."""
    comments = {comment.name: comment for comment in submitted.comments}
    for cell in notebook.cells:
        if is_solution(cell) or is_task(cell):
            unchanged = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
            comments[cell.metadata.nbgrader["grade_id"]].auto_comment = (
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
