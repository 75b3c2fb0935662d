"""Gradescope: the results.json of a submission, the zip that it runs, and what runs there.

Formats as in Gradescope's autograder specifications: a zip with `setup.sh` and `run_autograder` at
its root, unpacked to /autograder/source; a submission in /autograder/submission, described by
/autograder/submission_metadata.json; the outcome in /autograder/results/results.json.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from autograder import record, secret
from autograder.course import HOME, Course
from autograder.grading import Graded, Run
from autograder.marks import Mark, exercises, marks, number
from autograder.reading import find_submission
from autograder.sandbox import confinement_or_explain

WRITTEN, REFUSED = 0, 2
_SETUP = Path(__file__).parent / "templates" / "gradescope" / "setup.sh"
_FILES = ("pyproject.toml", "requirements.txt", "nbgrader_config.py", "README.md", "LICENSE")
_PACKAGES = ("helpers", "grader_tests", "autograder", "authoring")
_RUN = """#!/usr/bin/env bash
# Gradescope runs this on every submission.
set -euo pipefail
root=${{AUTOGRADER:-/autograder}}
cd "$root/source"
exec .venv/bin/python -m autograder.gradescope --root "$root" {options}
"""


def results(graded: Graded, mark: Mark, points: Mapping[str, float]) -> dict[str, Any]:
    """Return what results.json holds.

    Parameters
    ----------
    graded : Graded
        What the grader found.
    mark : Mark
        What it is worth in the end; Gradescope takes this score, not the tests' sum.
    points : mapping
        Points of each test cell, with those given by hand.
    """
    said = [graded.reason, *graded.notes]
    if mark.penalty:
        said.append(f"Handed in late: {number(mark.penalty)} points are taken off.")
    return {
        "score": round(mark.score, 2),
        "execution_time": round(sum(graded.grading.get("seconds", {}).values())),
        "output": "\n".join(filter(None, said)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": test.title,
                "score": round(points[test.name], 2),
                "max_score": test.maximum,
                "output": "\n".join(test.explanation),
                "visibility": "visible",
            }
            for test in graded.tests
        ],
    }


def pack(lab: str, to: Path, unconfined: bool = False) -> None:
    """Write the zip to upload to Gradescope.

    Parameters
    ----------
    lab : str
    to : Path
    unconfined : bool
        Whether submissions may be run without protection there. Otherwise a machine that cannot
        confine them grades nothing, and says so.

    Raises
    ------
    ValueError
        If there is no such lab.
    """
    labs = Course().labs()
    if lab not in labs:
        raise ValueError(f"There is no lab {lab!r}. There are: {', '.join(labs)}.")
    options = [lab, "--unconfined"] if unconfined else [lab]
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", _SETUP.read_text(encoding="utf-8"))
        _add(archive, "run_autograder", _RUN.format(options=shlex.join(options)))
        for path in _packed(lab):
            archive.write(path, path.relative_to(HOME).as_posix())
        key = secret.of_course(Course().config).hex()  # so that hidden inputs are the same there
        archive.writestr(secret.NAME, key)


def _add(archive: zipfile.ZipFile, name: str, script: str) -> None:
    """Add a script that may be executed."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o100755 << 16
    archive.writestr(entry, script)


def _packed(lab: str) -> Iterator[Path]:
    """Yield the files of this repository that grading a lab needs."""
    yield from (HOME / name for name in _FILES)
    folders = [*_PACKAGES, f"solutions/{lab}"]
    others = (path for path in HOME.glob("solutions/*/*.py") if path.parent.name != lab)
    for path in (*(p for folder in folders for p in sorted((HOME / folder).rglob("*"))), *others):
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts):
            yield path


def main(arguments: list[str] | None = None) -> int:
    """Grade the one submission that Gradescope put there; return 0 where results were written."""
    parser = argparse.ArgumentParser(prog="python -m autograder.gradescope")
    parser.add_argument("lab")
    parser.add_argument("--unconfined", action="store_true")
    parser.add_argument("--root", type=Path, default=Path("/autograder"))
    options = parser.parse_args(arguments)
    if complaint := confinement_or_explain(options.unconfined):
        print(complaint)  # to the instructor; a mark of 0 would be the student's
        return REFUSED
    course = Course(HOME, options.unconfined)
    metadata = _metadata(options.root / "submission_metadata.json")
    student = "-".join(str(user["id"]) for user in metadata.get("users", [])) or "student"
    _hand_in(course, options.lab, student, options.root / "submission", metadata)
    (graded,) = Run(course, options.lab, jobs=1).grade([student])
    with course.gradebook() as gradebook:
        mark = marks(gradebook, options.lab)[student]
        content = results(graded, mark, exercises(gradebook, options.lab)[student])
    record.write_json(options.root / "results" / "results.json", content)
    return WRITTEN


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
