"""What nbgrader's own ways of collecting bring along, and what its exchange wants back.

nbgrader loads the classes by name; `plugins.configure` names them.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from glob import glob
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseFeedback
from nbgrader.plugins import FileNameCollectorPlugin
from nbgrader.utils import notebook_hash

from autograder import files
from autograder.submission.handed_in import find_submission
from autograder.submission.times import NOTE, NoTime, Times, record, written

SECRET = "submission_secret.txt"  # what `nbgrader submit` lays beside a notebook: who has it may
_LONGEST_SECRET = 200  # fetch the feedback; in characters


class ZipCollector(FileNameCollectorPlugin):
    """nbgrader's way to read names of files from an LMS; the times in them count."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        """Read a file's name; a `timestamp.txt` in an archive is a student's own, and left out."""
        if Path(submitted_file).name == NOTE:
            return None
        found: dict[str, Any] | None = super().collect(submitted_file)
        if not found or not found.get("timestamp") or "student_id" not in found:
            return found
        try:
            when = Times(config=self.config).parse(found["timestamp"])
        except NoTime:
            return found  # nbgrader says so
        course = self.parent.coursedir
        lab = course.assignment_id
        record(Path(course.format_path(course.submitted_directory, found["student_id"], lab)), when)
        return found | {"timestamp": when.replace(tzinfo=UTC)}


class Collect(ExchangeCollect):
    """nbgrader's exchange, whose times are recorded before a copy of the files can lose them."""

    def copy_files(self) -> None:
        self.coursedir = _AsClaimed(self.coursedir)
        super().copy_files()
        lab = self.coursedir.assignment_id
        for found in self.src_records:
            folder = Path(
                self.coursedir.format_path(
                    self.coursedir.submitted_directory, found["username"], lab
                )
            )
            # The files are copied with their times, which are the student's to set, and no later.
            saved = [written(path) for path in folder.glob("*.ipynb")]
            if all(found["timestamp"] >= when for when in saved):
                record(folder, found["timestamp"])


class ReleaseFeedback(ExchangeReleaseFeedback):
    """nbgrader's exchange, which stops at a page of somebody who handed in without it.

    Whoever fetches a page asks for it by the names of the notebooks that were handed in: so one of
    another name than the assignment's is released by that name, too.
    """

    def copy_files(self) -> None:
        folders = list(map(Path, sorted(glob(self.src_path))))
        others = [folder.parent.name for folder in folders if not self._can_be_fetched(folder)]
        if others:
            self.log.warning(
                "Handed in without the exchange, or no notebook that could be told, so give them "
                "their pages yourself: %s",
                ", ".join(others),
            )
            self.coursedir = LikeTheirs(self.coursedir)
            excluded = filter(None, [self.coursedir.student_id_exclude])
            self.coursedir.student_id_exclude = ",".join([*excluded, *others])
        super().copy_files()
        left_out = self.coursedir.student_id_exclude.split(",")
        for folder in folders:
            if folder.parent.name not in left_out:
                self._release_by_its_own_name(folder)

    def _can_be_fetched(self, folder: Path) -> bool:
        there = all((folder / name).is_file() for name in (NOTE, SECRET))
        return there and bool(self._handed_in(folder))

    def _handed_in(self, folder: Path) -> set[str]:
        """Return the names of the notebooks that the student of a folder with pages handed in."""
        course = self.coursedir
        submitted = course.format_path(
            course.submitted_directory, folder.parent.name, course.assignment_id
        )
        return {path.stem for path in Path(submitted).glob("*.ipynb")}

    def _release_by_its_own_name(self, folder: Path) -> None:
        pages = list(folder.glob("*.html"))
        if len(pages) != 1:  # of several notebooks each has to have its own name
            return
        secret = (folder / SECRET).read_text(encoding="ascii")
        for name in self._handed_in(folder) - {pages[0].stem}:
            checksum = notebook_hash(secret=secret, notebook_id=name)
            shutil.copy(pages[0], Path(self.dest_path, f"{checksum}.html"))


class LikeTheirs(CourseDirectory):
    """A course directory with all the settings of another one."""

    def __init__(self, theirs: CourseDirectory) -> None:
        super().__init__(parent=theirs.parent, config=theirs.config)
        for name in theirs.trait_names(config=True):
            setattr(self, name, getattr(theirs, name))


class _AsClaimed(LikeTheirs):
    """Finds the time in a `timestamp.txt`, or none: whatever else lies there stops nothing."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        try:
            return Times(config=self.config).read(Path(self.root, dest_path, NOTE))
        except NoTime:
            return None


def submitted_timestamp(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """Stand in for a method of nbgrader's: what it cannot read stops the whole formgrader."""
    course = api.coursedir
    folder = Path(course.format_path(course.submitted_directory, student_id, assignment_id))
    source = Path(course.format_path(course.source_directory, ".", assignment_id))
    names = {path.stem for path in source.glob("*.ipynb")}
    found = [find_submission(folder, name, names - {name})[0] for name in names]
    return Times(config=course.config).handed_in(folder, *found).when


def carry_along(folder: Path, to: Path, when: datetime | None) -> bool:
    """Lay beside a graded notebook what the exchange needs to give its feedback back.

    Parameters
    ----------
    folder, to : Path
        submitted/STUDENT/LAB and autograded/STUDENT/LAB
    when : datetime or None
        When it was handed in.

    Returns
    -------
    bool
        Whether that is new.
    """
    new = False
    for name, text in {NOTE: f"{when} UTC" if when else "", SECRET: _secret(folder)}.items():
        path = to / name
        before = path.read_text(encoding="utf-8") if path.is_file() else ""
        if text and text != before:
            files.write(path, text)
        elif not text:
            path.unlink(missing_ok=True)
        new |= text != before
    return new


def _secret(folder: Path) -> str:
    """Read what may lie there; it is a student's to write, so a link or a novel is none."""
    path = folder / SECRET
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        text = file.read(_LONGEST_SECRET + 1).decode("ascii", "replace")
    return text if text.isalnum() and text.isascii() and len(text) <= _LONGEST_SECRET else ""
