"""Grade a class: judge side by side, write one after the other, and go on where a run stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from autograder import files
from autograder.course import Course, StepFailed
from autograder.grading.executors.processes import Processes
from autograder.grading.handing_out import judge_all
from autograder.grading.judging import Judged, Judging, Task
from autograder.judge.judge import unbound
from autograder.results import gradebook as record
from autograder.results.graded import Graded
from autograder.results.notebook import (
    NOTES,
    REASON,
    RECORD,
    fail_all,
    read_results,
    total,
)
from autograder.submission.handed_in import find_submission
from autograder.submission.master import Master
from autograder.submission.reading import Submitted
from autograder.submission.rebuild import rebuild
from autograder.submission.times import HandedIn, Times
from grader_tests.engine.lab import find_lab
from grader_tests.engine.verdict import Verdict


class Run:
    """One run of the grader over a lab's submissions.

    Parameters
    ----------
    course : Course
    lab : str
    jobs : int, optional
        How many submissions are judged at once; as many as there are cores by default.

    Attributes
    ----------
    seconds : dict
        What the one writer has spent so far on the gradebook and on files.
    """

    def __init__(self, course: Course, lab: str, jobs: int | None = None) -> None:
        self.course = course
        self.lab = lab
        self.jobs = jobs or os.cpu_count() or 1
        with course.gradebook() as gradebook:
            master = Master.of(gradebook.find_notebook(lab, lab))
        self.judging = Judging(master, course.config)
        self.seconds = {"gradebook": 0.0, "files": 0.0}

    def misconfigured(self) -> str | None:
        """Say what keeps the lab from being graded at all, for the instructor; None if nothing."""
        cells = self.judging.master.cells
        tests = {cell.name: cell.source for cell in cells if cell.metadata["grade"]}
        return unbound(find_lab(self.lab), tests)

    def done_before(self, student: str) -> Graded | None:
        """Return what an earlier run found, if nothing that matters has changed since."""
        graded = Graded.read(self.course.results(student, self.lab))
        if graded is None or graded.fingerprint != self.judging.fingerprint(self._task(student)):
            return None
        with self.course.gradebook() as gradebook:
            try:
                gradebook.find_submission(self.lab, student)
            except MissingEntry:
                return None
        return graded

    def settle(self, students: list[str]) -> list[str]:
        """Work out anew what being late takes off; return whose penalty is another one now."""
        changed = []
        with self.course.gradebook() as gradebook:
            for student in students:
                when = self.handed_in(student).when
                if record.settle(gradebook, self.lab, student, when, self.course.config):
                    changed.append(student)
        return changed

    def handed_in(self, student: str) -> HandedIn:
        """Return when a submission was handed in, as far as it can be believed."""
        folder = self._task(student).folder
        path, _ = find_submission(folder, self.lab)
        return Times(config=self.course.config).handed_in(folder, path)

    def forget(self, students: list[str]) -> None:
        """Have submissions graded again, by this run or, should it be interrupted, by the next."""
        for student in students:
            path = self.course.results(student, self.lab)
            if graded := Graded.read(path):
                files.write_json(path, asdict(replace(graded, fingerprint="")))

    def grade(self, students: list[str]) -> Iterator[Graded]:
        """Grade submissions; yield each once its marks are in the gradebook and in its files."""
        tasks = [self._task(student) for student in students]
        with self.course.gradebook() as gradebook:
            for judged in judge_all(tasks, self.judging, Processes(self.jobs), self.jobs):
                yield self.enter(gradebook, judged)

    def write_feedback(self, students: list[str]) -> Iterator[str]:
        """Write feedback pages, side by side; yield each student whose page could not be made."""
        with Processes(self.jobs, warm=False).start() as executor:
            pages = executor.map(partial(_feedback, self.course, self.lab), students)
            for student, complaint in zip(students, pages, strict=True):
                if complaint:
                    yield f"{student}: {complaint}"

    def enter(self, gradebook: Gradebook, judged: Judged) -> Graded:
        """Write what came of a submission, into the gradebook first and `results.json` last."""
        task = judged.task
        text = judged.notebook or nbformat.writes(self._not_graded(judged.failure))
        notebook = nbformat.v4.reads(text)  # valid already: the judge wrote it
        when = self.handed_in(task.student).when
        started = time.perf_counter()
        record.enter(gradebook, task.lab, task.student, notebook, when, self.course.config)
        entered = time.perf_counter()
        self.seconds["gradebook"] += entered - started
        files.write(self.course.autograded(task.student, task.lab), text + "\n")
        tests = read_results(notebook)
        points, maximum = total(tests)
        reason = notebook.metadata.get(REASON, "")
        status = "unreadable" if reason else "graded"
        graded = Graded(
            student=task.student,
            lab=task.lab,
            status=status if judged.notebook else "failed",
            reason=reason or judged.failure,
            points=points,
            maximum=maximum,
            notes=notebook.metadata.get(NOTES, []),
            grading=notebook.metadata.get(RECORD, {}),
            fingerprint=self.judging.fingerprint(task) if judged.notebook else "",
            tests=tests,
        )
        # Last of all: where this file is, everything else is.
        files.write_json(self.course.results(task.student, task.lab), asdict(graded))
        self.seconds["files"] += time.perf_counter() - entered
        return graded

    def _task(self, student: str) -> Task:
        return Task(self.lab, student, self.course.submission(student, self.lab).parent)

    def _not_graded(self, failure: str) -> nbformat.NotebookNode:
        """Return a notebook in which every test failed for the grader's reason."""
        notebook = rebuild(Submitted(), self.judging.master, failure)
        fail_all(notebook, Verdict(False, failure, stopped=True))
        return notebook


def _feedback(course: Course, lab: str, student: str) -> str:
    try:
        course.generate_feedback(lab, student)
    except StepFailed as error:
        return str(error)
    return ""
