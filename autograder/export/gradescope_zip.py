"""The zip to upload to Gradescope: what grades one lab there."""

from __future__ import annotations

import shlex
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder import secret
from autograder.course import Course
from autograder.export import packed_config
from autograder.files import HOME, TEMPLATES

_SETUP = TEMPLATES / "gradescope" / "setup.sh"
_FILES = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
_PACKAGES = ("helpers", "grader_tests", "autograder", "authoring")
_RUN = """#!/usr/bin/env bash
# Gradescope runs this on every submission.
set -euo pipefail
root=${{AUTOGRADER:-/autograder}}
cd "$root/source"
exec .venv/bin/python -m autograder.commands.on_gradescope --root "$root" {options}
"""


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
        If the password of the course's gradebook would go along.
    """
    course = Course()
    configuration = packed_config.files(HOME, course.gradebook_url, _PACKAGES)
    options = [lab, "--unconfined"] if unconfined else [lab]
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", _SETUP.read_text(encoding="utf-8"))
        _add(archive, "run_autograder", _RUN.format(options=shlex.join(options)))
        for path in _packed(lab):
            archive.write(path, path.relative_to(HOME).as_posix())
        for path, text in configuration.items():
            archive.writestr(path.relative_to(HOME).as_posix(), text)
        key = secret.of_course(course.config).hex()  # so that hidden inputs are the same there
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
