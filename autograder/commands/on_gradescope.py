"""What runs on Gradescope, on every submission: ``python -m autograder.commands.on_gradescope``."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from autograder import files
from autograder.commands.options import DONE, MISUSE, add_lab, add_unconfined
from autograder.course import Course
from autograder.export.gradescope import results
from autograder.files import HOME
from autograder.grading.run import Run
from autograder.judge.sandbox import confinement_or_explain
from autograder.results.marks import marks
from autograder.results.sheets import cells
from autograder.submission.handed_in import find_submission


def main(arguments: list[str] | None = None) -> int:
    """Grade the one submission that Gradescope put there; return 0 where results were written."""
    parser = argparse.ArgumentParser(prog="python -m autograder.commands.on_gradescope")
    add_lab(parser)
    add_unconfined(parser)
    parser.add_argument("--root", type=Path, default=Path("/autograder"))
    options = parser.parse_args(arguments)
    if complaint := confinement_or_explain(options.unconfined):
        print(complaint)  # to the instructor; a mark of 0 would be the student's
        return MISUSE
    course = Course(HOME, options.unconfined)
    metadata = _metadata(options.root / "submission_metadata.json")
    student = "-".join(str(user["id"]) for user in metadata.get("users", [])) or "student"
    _hand_in(course, options.lab, student, options.root / "submission", metadata)
    (graded,) = Run(course, options.lab, jobs=1).grade([student])
    with course.gradebook() as gradebook:
        mark = marks(gradebook, options.lab)[student]
        content = results(graded, mark, cells(gradebook, options.lab)[student])
    files.write_json(options.root / "results" / "results.json", content)
    return DONE


def _hand_in(
    course: Course, lab: str, student: str, submission: Path, metadata: Mapping[str, Any]
) -> None:
    """Put the submission where the grader looks for it, with its time and the due date."""
    course.release_if_new(lab)
    if due := metadata.get("assignment", {}).get("due_date"):
        with course.gradebook() as gradebook:
            gradebook.update_or_create_assignment(lab, duedate=parse_utc(due))
    folder = course.submission(student, lab).parent
    folder.mkdir(parents=True, exist_ok=True)
    nested = sorted(submission.rglob(f"{lab}.ipynb"))
    path, _ = find_submission(nested[0].parent if nested else submission, lab)
    if path.is_file():
        shutil.copy(path, folder, follow_symlinks=False)
    if created := metadata.get("created_at"):
        when = parse_utc(created)
        (folder / "timestamp.txt").write_text(str(when), encoding="utf-8")
        if path.is_file():  # a time before that of the file would not be believed
            seconds = when.replace(tzinfo=UTC).timestamp()
            os.utime(folder / path.name, times=(seconds, seconds), follow_symlinks=False)


def _metadata(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


if __name__ == "__main__":
    sys.exit(main())
