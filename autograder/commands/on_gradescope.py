"""What runs on Gradescope, on every submission: ``python -m autograder.commands.on_gradescope``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder import files
from autograder.commands.options import DONE, MISUSE, add_lab, add_unconfined
from autograder.course import Course
from autograder.export.gradescope import results
from autograder.files import HOME
from autograder.grading.run import Run
from autograder.judge.sandbox import confinement_or_explain
from autograder.results.marks import marks
from autograder.results.sheets import cells
from autograder.settings import Unusable
from autograder.submission import times
from autograder.submission.folder import files_in
from autograder.submission.times import NoTime

_METADATA = "submission_metadata.json"


def main(arguments: list[str] | None = None) -> int:
    """Grade the one submission that Gradescope put there; return 0 where results were written."""
    parser = argparse.ArgumentParser(prog="python -m autograder.commands.on_gradescope")
    add_lab(parser)
    add_unconfined(parser)
    parser.add_argument("--course", default=".", help="its folder, as seen from the zip's root")
    parser.add_argument("--root", type=Path, default=Path("/autograder"))
    options = parser.parse_args(arguments)
    if complaint := confinement_or_explain(options.unconfined):
        print(complaint)  # to the instructor; a mark of 0 would be the student's
        return MISUSE
    try:
        course = _course(HOME / options.course, options.unconfined)
        metadata = _metadata(options.root / _METADATA)
        student = "-".join(str(user.get("id", "")) for user in _users(metadata)) or "student"
        _hand_in(course, options.lab, student, options.root / "submission", metadata)
    except ValueError as error:
        print(error)
        return MISUSE
    run = Run(course, options.lab, jobs=1)
    if complaint := run.misconfigured():
        print(complaint)
        return MISUSE
    (graded,) = run.grade([student])
    with course.gradebook() as gradebook:
        mark = marks(gradebook, options.lab)[student]
        content = results(graded, mark, cells(gradebook, options.lab)[student])
    files.write_json(options.root / "results" / "results.json", content)
    return DONE


def _course(root: Path, unconfined: bool) -> Course:
    """Return the course that was packed, with a gradebook here.

    Its configuration may ask for what only the environment of another machine has: empty here.
    """
    while True:
        course = Course(root, unconfined)
        try:
            course.config.CourseDirectory.db_url = f"sqlite:///{HOME / 'gradebook.db'}"
        except Unusable as error:
            name = error.__cause__.args[0] if isinstance(error.__cause__, KeyError) else None
            if not isinstance(name, str) or name in os.environ:
                raise
            os.environ[name] = ""
        else:
            return course


def _hand_in(
    course: Course, lab: str, student: str, submission: Path, metadata: Mapping[str, Any]
) -> None:
    """Put the submission where the grader looks for it, with its time and the due date."""
    course.release_if_new(lab)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(lab, duedate=_due(metadata))
    folder = course.submission(student, lab).parent
    folder.mkdir(parents=True, exist_ok=True)
    for path in files_in(submission):
        place = folder / path.relative_to(submission)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place, follow_symlinks=False)
    if created := metadata.get("created_at"):
        times.write_down(folder, _moment(created))


def _due(metadata: Mapping[str, Any]) -> datetime | None:
    """Return when a submission was due, in UTC: of a group, when the last of them had to be done.

    Somebody's own date counts, and none at all is later than any. How long late work is taken,
    `late_due_date`, is Gradescope's to keep.
    """
    for_all = metadata.get("assignment") or {}
    own = [user.get("assignment") or for_all for user in _users(metadata)] or [for_all]
    dates = [assignment.get("due_date", for_all.get("due_date")) for assignment in own]
    return max(map(_moment, dates)) if all(dates) else None


def _moment(text: str) -> datetime:
    try:
        return times.parse(text)
    except NoTime as error:
        raise ValueError(f"{_METADATA} {error}.") from error


def _users(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
    return metadata.get("users") or []


def _metadata(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError(f"{path} is not as Gradescope writes it: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
