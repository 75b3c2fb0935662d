"""One submission judged, as a task that can be handed to another process.

What a task needs and gives is plain and small. Nothing here touches the gradebook: one writer does
that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.judge.judge import Judge
from autograder.results.notebook import NOTES
from autograder.submission.decoding import Unreadable
from autograder.submission.handed_in import digest, find_submission, read_submission
from autograder.submission.master import Master
from autograder.submission.reading import Submitted
from autograder.submission.rebuild import rebuild
from autograder.submission.times import Times


@dataclass(frozen=True)
class Task:
    """One submission to be judged."""

    lab: str
    student: str
    folder: Path


@dataclass(frozen=True)
class Judged:
    """What came of it.

    Attributes
    ----------
    notebook : str or None
        The graded notebook as JSON; None where the grader failed.
    failure : str
        Why it failed, as a sentence.
    """

    task: Task
    notebook: str | None
    failure: str = ""


@dataclass(frozen=True)
class Judging:
    """How a lab's submissions are judged: the same for all of them.

    Parameters
    ----------
    master : Master
        The instructor's notebook.
    config : Config
        nbgrader's configuration, for the judge.
    """

    master: Master
    config: Config

    def __call__(self, task: Task) -> Judged:
        """Read, rebuild, run and test one submission; raise nothing."""
        try:
            path, _ = find_submission(task.folder, task.lab)
            notes = list(filter(None, [self._doubt(task, path)]))
            try:
                submitted, reason = read_submission(task.folder, task.lab), ""
            except Unreadable as error:
                submitted, reason = Submitted(), str(error)
            notebook = rebuild(submitted, self.master, reason)
            notebook.metadata[NOTES] = notes + notebook.metadata[NOTES]
            names = {"assignment": task.lab, "student": task.student, "notebook": task.lab}
            judge = Judge(config=self.config)
            notebook, _ = judge.preprocess(notebook, {"nbgrader": names})
            return Judged(task, nbformat.writes(notebook))
        except Exception as error:
            return Judged(task, None, f"The grader failed: {type(error).__name__}: {error}")

    def fingerprint(self, task: Task) -> str:
        """Return a hash of all that decides the outcome: if it is the same, so are the marks."""
        path, _ = find_submission(task.folder, task.lab)
        doubt = self._doubt(task, path)
        judge = Judge(config=self.config)
        circumstances = json.dumps(judge.circumstances(task.lab), sort_keys=True)
        parts = [digest(path), repr(self.master), circumstances, doubt]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def _doubt(self, task: Task, notebook: Path) -> str:
        return Times(config=self.config).handed_in(task.folder, notebook).doubt
