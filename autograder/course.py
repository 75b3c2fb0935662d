"""The course folder, and nbgrader's own steps on it, without nbgrader's command line."""

from __future__ import annotations

import glob
import logging
import os
import re
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp, api  # noqa: F401  (registers the classes that a config names)
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback, base
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import settings
from autograder.files import HOME
from grader_tests.engine import worked


@dataclass(frozen=True)
class Course:
    """A folder with assignments, what was handed in, and a gradebook.

    Parameters
    ----------
    root : Path
        The folder: this repository, one like it, or that of any other nbgrader course.
    unconfined : bool
        Whether students' code is run without protection.
    """

    root: Path = HOME
    unconfined: bool = False

    @classmethod
    def at(cls, folder: Path | None = None, unconfined: bool = False) -> Course:
        """Return the course in a folder; if none is named, the one that the current folder is in.

        Where there is none, either, it is this repository.

        Raises
        ------
        settings.Unusable
            If its configuration cannot be read.
        """
        if folder is None:
            folder = settings.folder_of(Path.cwd()) or settings.root_named_for_this_user() or HOME
        folder = folder.resolve()
        return cls(settings.root_named_in(folder) or folder, unconfined)

    @cached_property
    def config(self) -> Config:
        config = settings.load(self.root)
        config.Judge.unconfined = self.unconfined
        return config

    @cached_property
    def directory(self) -> CourseDirectory:
        """Where nbgrader has what."""
        return CourseDirectory(config=self.config)

    @property
    def gradebook_url(self) -> str:
        url: str = self.directory.db_url
        return url

    def gradebook(self) -> Gradebook:
        return Gradebook(self.gradebook_url)

    # A lab's one notebook is called like the lab, unless another name is said.

    def submission(self, student: str, lab: str, notebook: str = "") -> Path:
        folder = self._folder(self.directory.submitted_directory, lab, student)
        return folder / f"{notebook or lab}.ipynb"

    def autograded(self, student: str, lab: str, notebook: str = "") -> Path:
        folder = self._folder(self.directory.autograded_directory, lab, student)
        return folder / f"{notebook or lab}.ipynb"

    def results(self, student: str, lab: str) -> Path:
        return self.autograded(student, lab).with_name("results.json")

    def feedback(self, student: str, lab: str, notebook: str = "") -> Path:
        folder = self._folder(self.directory.feedback_directory, lab, student)
        return folder / f"{notebook or lab}.html"

    def report(self, lab: str) -> Path:
        return self.root / "reports" / lab / "index.html"

    def released(self, lab: str, notebook: str = "") -> Path:
        """Return what students get."""
        return self._folder(self.directory.release_directory, lab) / f"{notebook or lab}.ipynb"

    def worked(self, lab: str, notebook: str = "") -> Path:
        """Return the instructor's notebook, with the solutions in it."""
        return self._folder(self.directory.source_directory, lab) / f"{notebook or lab}.ipynb"

    def notebooks(self, lab: str) -> list[str]:
        """Return the names of a lab's notebooks, as released or, before that, as worked."""
        folders = self.released(lab).parent, self.worked(lab).parent
        found = (sorted(path.stem for path in folder.glob("*.ipynb")) for folder in folders)
        return next(filter(None, found), [])

    def students(self, lab: str) -> list[str]:
        """Return everyone who handed in something for a lab."""
        return sorted(self._names(self.directory.submitted_directory, lab, "*"))

    @property
    def is_ours(self) -> bool:
        """Whether it is this repository's course, or one of the same labs."""
        return settings.folder_for(self.root) == HOME

    def not_configured(self) -> str:
        """Say so where its configuration does not name this grader."""
        if "autograder.plugins.Judge" in self.config.Autograde.get("autograde_preprocessors", []):
            return ""
        return (
            f"The nbgrader_config.py of {self.root} does not name this grader. Add, as its last "
            "lines: from autograder.plugins import configure; configure(get_config())"
        )

    def labs(self) -> list[str]:
        """Return the labs, or another course's assignments, that there is a notebook of."""
        if self.is_ours:
            return worked.labs(self.root, ".ipynb")
        steps = self.directory.source_directory, self.directory.release_directory
        found = {lab for step in steps for lab in self._names(step, "*")}
        return sorted(lab for lab in found if self.notebooks(lab))

    def left_out(self) -> list[str]:
        """Say, a sentence each, what by its name is no lab, or nothing that a lab gives out."""
        return worked.left_out(self.root) if self.is_ours else []

    def _folder(self, step: str, lab: str, student: str = ".") -> Path:
        return Path(self.directory.format_path(step, student, lab))

    def _names(self, step: str, lab: str, student: str = ".") -> list[str]:
        """Return what `*` stands for, lab or student, in the folders that a step has."""
        path = self._folder(step, lab, student)
        above = self.root if path.is_relative_to(self.root) else Path(path.anchor)
        folder = str(path.relative_to(above))
        name = re.compile(re.escape(folder).replace(re.escape("*"), "([^/]+)"))
        there = above.glob(glob.escape(folder).replace("[*]", "*"))
        found = (name.fullmatch(str(path.relative_to(above))) for path in there)
        return [match[1] for match in found if match]

    def release_if_new(self, lab: str) -> None:
        """Release a lab whose notebook the gradebook does not know yet, as on a fresh clone.

        The lab itself may be there: with a deadline, or from the formgrader.
        """
        with self.gradebook() as gradebook:
            known = any(a.name == lab and a.notebooks for a in gradebook.assignments)
        if not known:
            self.release(lab)

    def release(self, lab: str) -> None:
        """Cut the student version, and tell the gradebook about its cells."""
        self._run(GenerateAssignment, lab, ".")

    def autograde(self, lab: str, student: str, force: bool = True) -> None:
        """Grade as `nbgrader autograde` does; `grading.run` does the same, side by side."""
        self._run(Autograde, lab, student, force)

    def generate_feedback(self, lab: str, student: str) -> None:
        self._run(GenerateFeedback, lab, student)

    def _run(self, step: type[BaseConverter], lab: str, student: str, force: bool = True) -> None:
        take_folders_literally()
        config = deepcopy(self.config)
        config.CourseDirectory.assignment_id = lab
        config.CourseDirectory.student_id = student
        config[step.__name__].force = force
        converter = step(coursedir=CourseDirectory(config=config), config=config)
        converter.log.setLevel(logging.ERROR)
        converter.log.propagate = False
        converter.log.addHandler(complaints := _Complaints())
        try:
            converter.start()
        except NbGraderException as error:
            raise StepFailed(complaints.last() or str(error)) from error
        finally:
            converter.log.removeHandler(complaints)


class StepFailed(RuntimeError):
    """A step of nbgrader's failed; the text is the last line that it had to say."""


class _Complaints(logging.Handler):
    """Keeps nbgrader's error messages, which it logs but does not raise."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage().strip())

    def last(self) -> str:
        tracebacks = [text for text in self.messages if text.startswith("Traceback")]
        return (tracebacks or self.messages or [""])[-1].splitlines()[-1]


def take_folders_literally() -> None:
    """Have nbgrader find what lies below a folder with a bracket or a "?" in its name."""
    for module in (api, base, utils):
        module.glob = SimpleNamespace(glob=find)


def find(pattern: str) -> list[str]:
    """Return what `glob.glob` does, but as far as a pattern is a path that exists it is no pattern.

    nbgrader puts the course's folder before a pattern as it is.
    """
    literal, rest = pattern, ""
    while literal and not os.path.lexists(literal):
        literal, slash, last = literal.rpartition("/")
        rest = slash + last + rest
    return glob.glob(glob.escape(literal) + rest)
