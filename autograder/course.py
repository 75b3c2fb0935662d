"""The course folder, and nbgrader's own steps on it, without nbgrader's command line."""

from __future__ import annotations

import logging
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderApp  # noqa: F401  (registers the classes that a config names)
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.files import HOME
from grader_tests.engine import worked


@dataclass(frozen=True)
class Course:
    """A folder with solutions/, submitted/ and a gradebook, graded by this repository's rules.

    Parameters
    ----------
    root : Path
        The folder; the repository itself, or one like it.
    unconfined : bool
        Whether students' code is run without protection.
    """

    root: Path = HOME
    unconfined: bool = False

    @cached_property
    def config(self) -> Config:
        config = PyFileConfigLoader("nbgrader_config.py", str(HOME)).load_config()
        config.CourseDirectory.root = str(self.root)
        config.Judge.unconfined = self.unconfined
        return config

    @property
    def gradebook_url(self) -> str:
        url: str = CourseDirectory(config=self.config).db_url
        return url

    def gradebook(self) -> Gradebook:
        return Gradebook(self.gradebook_url)

    # A lab's one notebook is called like the lab, unless another name is said.

    def submission(self, student: str, lab: str, notebook: str = "") -> Path:
        return self.root / "submitted" / student / lab / f"{notebook or lab}.ipynb"

    def autograded(self, student: str, lab: str, notebook: str = "") -> Path:
        return self.root / "autograded" / student / lab / f"{notebook or lab}.ipynb"

    def results(self, student: str, lab: str) -> Path:
        return self.autograded(student, lab).with_name("results.json")

    def feedback(self, student: str, lab: str, notebook: str = "") -> Path:
        return self.root / "feedback" / student / lab / f"{notebook or lab}.html"

    def report(self, lab: str) -> Path:
        return self.root / "reports" / lab / "index.html"

    def released(self, lab: str, notebook: str = "") -> Path:
        """Return what students get."""
        return self.root / "notebooks" / lab / f"{notebook or lab}.ipynb"

    def worked(self, lab: str, notebook: str = "") -> Path:
        """Return the instructor's notebook, with the solutions in it."""
        return self.root / "solutions" / lab / f"{notebook or lab}.ipynb"

    def notebooks(self, lab: str) -> list[str]:
        """Return the names of a lab's notebooks, as released."""
        return sorted(path.stem for path in self.released(lab).parent.glob("*.ipynb"))

    def students(self, lab: str) -> list[str]:
        """Return everyone who handed in something for a lab."""
        return sorted(path.parent.name for path in self.root.glob(f"submitted/*/{lab}"))

    def labs(self) -> list[str]:
        """Return the labs that there is a worked notebook of."""
        return worked.labs(self.root, ".ipynb")

    def left_out(self) -> list[str]:
        """Say, a sentence each, what by its name is no lab, or nothing that a lab gives out."""
        return worked.left_out(self.root)

    def release_if_new(self, lab: str) -> None:
        """Release a lab that the gradebook does not know yet, as on a fresh clone."""
        with self.gradebook() as gradebook:
            known = any(assignment.name == lab for assignment in gradebook.assignments)
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
