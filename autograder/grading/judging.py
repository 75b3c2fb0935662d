"""One submission judged, as a task that can be handed to another process.

What a task needs and gives is plain and small. Nothing here touches the gradebook: one writer does
that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.judge.judge import BESIDE, Judge
from autograder.judge.steps import run_own
from autograder.results.notebook import NOTES, as_json
from autograder.submission.companions import find_companions
from autograder.submission.decoding import Unreadable
from autograder.submission.handed_in import digest, find_submission, read_submission
from autograder.submission.master import Master
from autograder.submission.reading import Submitted
from autograder.submission.rebuild import rebuild
from autograder.submission.times import HandedIn, Times


@dataclass(frozen=True)
class Task:
    """One submission to be judged.

    Attributes
    ----------
    folder : Path
        What was handed in.
    beside : Path or None
        The folder of what lies beside the notebook when it runs; the notebook's own by default.
    """

    lab: str
    student: str
    folder: Path
    beside: Path | None = None


@dataclass(frozen=True)
class Judged:
    """What came of it.

    Attributes
    ----------
    notebooks : dict
        The graded notebooks as JSON, by name; without those that the grader failed on.
    failure : str
        Why it failed on them, as a sentence.
    """

    task: Task
    notebooks: dict[str, str]
    failure: str = ""


@dataclass(frozen=True)
class Judging:
    """How a lab's submissions are judged: the same for all of them.

    Parameters
    ----------
    masters : dict of str to Master
        The instructor's notebooks, by name: one in most labs.
    config : Config
        nbgrader's configuration, for the judge.
    """

    masters: dict[str, Master]
    config: Config

    def __call__(self, task: Task) -> Judged:
        """Read, rebuild, run and test one submission; raise nothing."""
        notebooks, failure = {}, ""
        for name in self.masters:
            try:
                notebooks[name] = as_json(self._notebook(task, name))
            except Exception as error:
                failure = f"The grader failed: {type(error).__name__}: {error}"
        return Judged(task, notebooks, failure)

    def find(self, task: Task, name: str) -> Path:
        """Find one of a submission's notebooks, whatever it is called."""
        return find_submission(task.folder, name, self._others(name))[0]

    def fingerprint(self, task: Task) -> str:
        """Return a hash of all that decides the outcome: if it is the same, so are the marks."""
        judge = Judge(config=self.config)
        circumstances = json.dumps(judge.circumstances(task.lab), sort_keys=True)
        files = [digest(self.find(task, name)) for name in self.masters]
        files += [find_companions(place).digest for place in self._places(task)]
        doubt = self.handed_in(task).doubt
        parts = [*files, *map(repr, self.masters.values()), circumstances, doubt]
        return hashlib.sha256("".join(parts).encode()).hexdigest()

    def handed_in(self, task: Task) -> HandedIn:
        """Return when a submission was handed in, as far as it can be believed."""
        paths = [self.find(task, name) for name in self.masters]
        return Times(config=self.config).handed_in(task.folder, *paths)

    def _notebook(self, task: Task, name: str) -> NotebookNode:
        """Return one of a submission's notebooks, judged."""
        notes = list(filter(None, [self.handed_in(task).doubt]))
        try:
            submitted, reason = read_submission(task.folder, name, self._others(name)), ""
        except Unreadable as error:
            submitted, reason = Submitted(), str(error)
        notebook = rebuild(submitted, self.masters[name], reason)
        notebook.metadata[NOTES] = notes + notebook.metadata[NOTES]
        resources = {
            "nbgrader": {
                "assignment": task.lab,
                "student": task.student,
                "notebook": name,
                "db_url": CourseDirectory(config=self.config).db_url,
            },
            "metadata": {"name": name, "path": str(task.folder)},
            BESIDE: task.beside or self.find(task, name).parent,
        }
        notebook = run_own(self.config, "sanitize_preprocessors", notebook, resources)
        judged, _ = Judge(config=self.config).preprocess(notebook, resources)
        return run_own(self.config, "autograde_preprocessors", judged, resources)

    def _places(self, task: Task) -> list[Path]:
        """Return the folders of what lies beside a submission's notebooks."""
        places = [task.beside or self.find(task, name).parent for name in self.masters]
        return [*dict.fromkeys(places)]

    def _others(self, name: str) -> frozenset[str]:
        return frozenset(self.masters) - {name}
