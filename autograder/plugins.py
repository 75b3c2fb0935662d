"""All that nbgrader loads by name, and what makes a folder a course that this grader grades.

A course's ``nbgrader_config.py`` needs two lines of it; nbgrader is at work where they are read::

    from autograder.plugins import configure
    configure(get_config())
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from autograder import files
from autograder.course import take_folders_literally
from autograder.exchange import (
    Collect,
    LikeTheirs,
    ReleaseFeedback,
    ZipCollector,
    carry_along,
    submitted_timestamp,
)
from autograder.export import Canvas, Exercises, Gradescope, Moodle
from autograder.files import HOME, TEMPLATES
from autograder.judge.judge import Judge
from autograder.judge.steps import is_usual
from autograder.pages.feedback import (
    FeedbackExporter,
    HideMarkSchemes,
    HideTests,
    Summarise,
)
from autograder.results import gradebook as record
from autograder.results.graded import Graded
from autograder.results.notebook import NOTES, REASON
from autograder.submission.decoding import Unreadable
from autograder.submission.master import Master
from autograder.submission.pictures import lay
from autograder.submission.reading import Submitted, SubmittedCell, read
from autograder.submission.rebuild import rebuild
from autograder.submission.times import NOTE, NoTime, Times, written

__all__ = [
    "Canvas",
    "Collect",
    "Exercises",
    "FeedbackExporter",
    "Gradescope",
    "HideMarkSchemes",
    "HideTests",
    "Judge",
    "Moodle",
    "RebuildSubmission",
    "ReleaseFeedback",
    "SubmissionExporter",
    "Summarise",
    "WriteResults",
    "ZipCollector",
    "configure",
]


_EXECUTE = (Execute, "nbgrader.preprocessors.Execute", f"{Execute.__module__}.Execute")


def configure(c: Config) -> None:
    """Have nbgrader grade a course as this repository does.

    Parameters
    ----------
    c : Config
        What ``get_config()`` gives in a course's ``nbgrader_config.py``; settings that are not
        about grading stay as they are, and so do the course's own steps that stand there already.
    """
    take_folders_literally()
    # nbgrader calls `alembic`, which lies beside the Python that runs it; and the kernels that it
    # starts import the hidden tests.
    _lead(os.environ, "PATH", str(Path(sys.executable).parent))
    _lead(os.environ, "PYTHONPATH", str(HOME))
    # A file that is no notebook gets a mark and a reason; what was done to a test cell is undone.
    c.Autograde.exporter_class = f"{__name__}.SubmissionExporter"
    _, own = _steps(c, Autograde, "sanitize_preprocessors")
    c.Autograde.sanitize_preprocessors = [f"{__name__}.RebuildSubmission", *own]
    steps, _ = _steps(c, Autograde, "autograde_preprocessors")
    judged = [f"{__name__}.Judge" if step in _EXECUTE else step for step in steps]
    c.Autograde.autograde_preprocessors = [*judged, f"{__name__}.WriteResults"]
    c.CourseDirectory.ignore.append("results.json")  # nbgrader would lay it beside the page
    # Collectors record what they know, and the formgrader believes what the grader does.
    c.ZipCollectApp.collector_plugin = f"{__name__}.ZipCollector"
    c.ExchangeFactory.collect = f"{__name__}.Collect"
    c.ExchangeFactory.release_feedback = f"{__name__}.ReleaseFeedback"
    NbGraderAPI.get_submitted_timestamp = submitted_timestamp
    # Feedback shows no hidden test, runs no script, and needs no network.
    c.GenerateFeedback.exporter_class = f"{__name__}.FeedbackExporter"
    _, own = _steps(c, GenerateFeedback, "preprocessors")
    hide, hide_schemes, summarise = (
        f"{__name__}.{step.__name__}" for step in (HideTests, HideMarkSchemes, Summarise)
    )
    c.GenerateFeedback.preprocessors = [hide, hide_schemes, *own, summarise]
    c.FeedbackExporter.template_name = "student_feedback"
    c.FeedbackExporter.extra_template_basedirs = [str(TEMPLATES)]


def _steps(c: Config, converter: type[BaseConverter], name: str) -> tuple[list[Any], list[Any]]:
    """Return the steps of one of nbgrader's as configured so far, and which of them are not its."""
    usual = list(converter.class_traits()[name].default())
    configured = c[converter.__name__].get(name, usual)
    if isinstance(configured, LazyConfigValue):  # only added to so far
        configured = configured.get_value(list(usual))
    return list(configured), [step for step in configured if not is_usual(step)]


def _lead(environment: os._Environ[str], name: str, folder: str) -> None:
    """Put a folder at the head of a list of folders."""
    others = environment.get(name, "")
    if others.split(os.pathsep)[0] != folder:
        environment[name] = os.pathsep.join(filter(None, [folder, others]))


class _Submissions(LikeTheirs):
    """A course directory whose submissions are links, pipes and lies until proven otherwise."""

    def __init__(self, theirs: CourseDirectory) -> None:
        super().__init__(theirs)
        self.ignore = ["*"]  # nbgrader copies whatever lies beside a submission, through links, too

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        folder = Path(self.root, dest_path)
        notebooks = list(folder.glob("*.ipynb"))
        if not folder.is_relative_to(Path(self.root, self.autograded_directory)):
            return Times(config=self.config).handed_in(folder, *notebooks).when
        with suppress(NoTime):  # what was carried along with what was graded
            return Times(config=self.config).read(folder / NOTE)
        return max(map(written, notebooks), default=None)


class SubmissionExporter(NotebookExporter):
    """Where `nbgrader autograde` reads a submission: nothing that lies there can stop it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.parent.coursedir = _Submissions(self.parent.coursedir)

    def from_filename(
        self, filename: str, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, dict]:
        if not self.parent._sanitizing:  # nbgrader's second pass reads what the first one wrote
            return super().from_filename(filename, resources=resources, **kwargs)
        path, notebook = Path(filename), new_notebook()
        try:
            submitted = read(path)
            notebook.cells = [cell.with_id() for cell in submitted.cells]
            notebook.metadata[NOTES] = submitted.notes
        except Unreadable as error:
            notebook.metadata[REASON] = str(error)
        resources = {"metadata": {}} | (resources or {})
        resources["metadata"] |= {"name": path.stem, "path": str(path.parent)}
        return self.from_notebook_node(notebook, resources=resources, **kwargs)


class RebuildSubmission(NbGraderPreprocessor):
    """`rebuild`, as the one step of nbgrader's first pass over a submission."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            master = Master.of(gradebook.find_notebook(names["notebook"], names["assignment"]))
            released = _released(self.config, names["assignment"], names["notebook"])
            master = master.laid_out(released)
            folder = Path(resources["metadata"]["path"])
            notebooks = folder.glob("*.ipynb")
            when = Times(config=self.config).handed_in(folder, *notebooks).when
            record.handed_in(gradebook, names["assignment"], names["student"], when)
        cells = [SubmittedCell.of_node(cell) for cell in nb.cells]
        submitted = Submitted(cells, nb.metadata.get(NOTES, []))
        return rebuild(submitted, master, nb.metadata.get(REASON, "")), resources


class WriteResults(NbGraderPreprocessor):
    """The last step of nbgrader's: a `results.json`, as our own command writes it.

    It vouches for nothing, so that our command grades again what another one has graded.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        student, lab = names["student"], names["assignment"]
        to = Path(resources["metadata"]["path"])
        others = {path.stem: nbformat.read(path, as_version=4) for path in to.glob("*.ipynb")}
        graded = Graded.of_notebooks(student, lab, others | {names["notebook"]: nb}, "", "")
        files.write_json(to / "results.json", asdict(graded))
        course = CourseDirectory(config=self.config)
        folder = Path(course.format_path(course.submitted_directory, student, lab))
        when = Times(config=self.config).handed_in(folder, *folder.glob("*.ipynb")).when
        carry_along(folder, to, when)
        released = _released(self.config, lab, names["notebook"])
        if released.is_file():
            shown = Master.of_release(nbformat.read(released, as_version=4)).laid_out(released)
            lay(shown.pictures, released.parent, to)
        return nb, resources


def _released(config: Config, assignment: str, notebook: str) -> Path:
    """Return what students got."""
    course = CourseDirectory(config=config)
    folder = course.format_path(course.release_directory, ".", assignment)
    return Path(folder, f"{notebook}.ipynb")
