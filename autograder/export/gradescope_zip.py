"""The zip to upload to Gradescope: what grades one lab there."""

from __future__ import annotations

import shlex
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader.utils import find_all_files

from autograder import secret, settings
from autograder.course import Course
from autograder.export import packed_config
from autograder.files import HOME, TEMPLATES

_SETUP = TEMPLATES / "gradescope" / "setup.sh"
_FILES = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
_PACKAGES = ("helpers", "grader_tests", "autograder", "authoring")
_COURSE = "course"  # where another course lies there
_FURTHER_PACKAGES = "requirements.txt"
_RUN = """#!/usr/bin/env bash
# Gradescope runs this on every submission.
set -euo pipefail
root=${{AUTOGRADER:-/autograder}}
cd "$root/source"
exec .venv/bin/python -m autograder.commands.on_gradescope --root "$root" {options}
"""


def pack(course: Course, lab: str, to: Path, unconfined: bool = False) -> None:
    """Write the zip to upload to Gradescope.

    Parameters
    ----------
    course : Course
    lab : str
    to : Path
    unconfined : bool
        Whether submissions may be run without protection there. Otherwise a machine that cannot
        confine them grades nothing, and says so.

    Raises
    ------
    ValueError
        If the password of the course's gradebook would go along, or the course cannot be packed.
    """
    packed = _ours(course, lab) if course.is_ours else _of_another(course, lab)
    options = [lab, *packed.options, *(["--unconfined"] if unconfined else [])]
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", _SETUP.read_text(encoding="utf-8"))
        _add(archive, "run_autograder", _RUN.format(options=shlex.join(options)))
        for place, content in packed.files.items():
            if isinstance(content, Path):
                archive.write(content, place)
            else:
                archive.writestr(place, content)
        key = secret.of_course(course.config).hex()  # so that hidden inputs are the same there
        archive.writestr(secret.NAME, key)


@dataclass(frozen=True)
class _Packed:
    """What goes into the zip, files or their texts by their places, and how it is called there."""

    files: dict[str, Path | str]
    options: tuple[str, ...] = ()


def _ours(course: Course, lab: str) -> _Packed:
    configuration = packed_config.files(HOME, course.gradebook_url, _PACKAGES)
    labs = [path for path in HOME.glob("solutions/*/*.py") if path.parent.name != lab]
    files = [*_grader(), *_below(HOME / "solutions" / lab), *labs]
    return _Packed(_placed(files, HOME) | _placed(configuration, HOME))


def _of_another(course: Course, lab: str) -> _Packed:
    """Return what grades an assignment of a course that has a configuration of its own."""
    folder = settings.folder_of(course.root)
    source = course.worked(lab).parent
    shared = Path(course.root, course.directory.source_directory)
    if folder is None:
        raise ValueError(f"There is no nbgrader_config.py in {course.root} to go along.")
    if not source.is_relative_to(folder):
        raise ValueError(f"{source} lies outside {folder}, and only what is in there goes along.")
    if not any(source.glob("*.ipynb")):
        raise ValueError(f"There is no notebook in {source}, from which {lab} is made there.")
    ignored = [*course.directory.ignore, ".git"]
    files = [
        *map(Path, find_all_files(str(source), ignored)),
        *shared.glob("*"),  # such as a common header
        folder / _FURTHER_PACKAGES,
    ]
    configuration = packed_config.files(folder, course.gradebook_url, ())
    root = Path(_COURSE, course.root.relative_to(folder)).as_posix()
    return _Packed(
        _placed([*_grader(), *_below(HOME / "solutions", "*.py")], HOME)
        | _placed(filter(Path.is_file, files), folder, _COURSE)
        | _placed(configuration, folder, _COURSE),
        ("--course", root),
    )


def _placed(
    files: Iterable[Path] | Mapping[Path, str], folder: Path, to: str = ""
) -> dict[str, Path | str]:
    """Return files, or their texts, by their places in the zip."""
    texts = files if isinstance(files, Mapping) else {path: path for path in files}
    return {Path(to, path.relative_to(folder)).as_posix(): text for path, text in texts.items()}


def _add(archive: zipfile.ZipFile, name: str, script: str) -> None:
    """Add a script that may be executed."""
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o100755 << 16
    archive.writestr(entry, script)


def _grader() -> Iterator[Path]:
    """Yield the files of this repository that grading needs."""
    yield from (HOME / name for name in _FILES)
    for folder in _PACKAGES:
        yield from _below(HOME / folder)


def _below(folder: Path, pattern: str = "*") -> Iterator[Path]:
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts):
            yield path
