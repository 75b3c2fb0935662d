"""Grade a class: judge side by side, write one after the other, and go on where a run stopped."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import nbformat
from nbgrader.api import MissingEntry

from autograder import record
from autograder.course import Course, StepFailed
from autograder.judge import RECORD, fail_all, find_lab, unbound
from autograder.pool import Judged, Judging, Task, judge_all, processes
from autograder.reading import REASON, find_submission, handed_in
from autograder.rebuild import NOTES, Master, rebuild
from autograder.verdicts import TestResult, read_results, total
from grader_tests.testing import Verdict


@dataclass(frozen=True)
class Graded:
    """The outcome of one submission, as `results.json` holds it.

    Attributes
    ----------
    status : str
        "graded"; "unreadable" where the file is no notebook; "failed" where the grader could not
        do its work. The last two mean zero points, with a reason.
    notes : list of str
        What was put right, a sentence each.
    grading : dict
        How it was graded: seed, limits, versions, a hash of the tests, confinement, seconds.
    fingerprint : str
        Hash of all that decides the outcome.
    """

    student: str
    lab: str
    status: str
    reason: str
    points: float
    maximum: float
    notes: list[str]
    grading: dict
    fingerprint: str
    tests: list[TestResult]

    @classmethod
    def of(cls, content: dict) -> Graded:
        """Read it from what `results.json` holds."""
        return cls(**{**content, "tests": [TestResult(**test) for test in content["tests"]]})

    @classmethod
    def read(cls, path: Path) -> Graded | None:
        """Read a `results.json`; None where there is none that can be read."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None


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
                path, _ = find_submission(self._task(student).folder, self.lab)
                when = handed_in(path)
                if record.settle(gradebook, self.lab, student, when, self.course.config):
                    changed.append(student)
        return changed

    def forget(self, students: list[str]) -> None:
        """Have submissions graded again, by this run or, should it be interrupted, by the next."""
        for student in students:
            path = self.course.results(student, self.lab)
            if graded := Graded.read(path):
                record.write_json(path, asdict(replace(graded, fingerprint="")))

    def grade(self, students: list[str]) -> Iterator[Graded]:
        """Grade submissions; yield each once its marks are in the gradebook and in its files."""
        tasks = [self._task(student) for student in students]
        with self.course.gradebook() as gradebook:
            start = partial(processes, self.jobs)
            for judged in judge_all(tasks, self.judging, start, self.jobs):
                yield self._enter(gradebook, judged)

    def write_feedback(self, students: list[str]) -> Iterator[str]:
        """Write feedback pages, side by side; yield each student whose page could not be made."""
        with processes(self.jobs, judging=False) as executor:
            pages = executor.map(partial(_feedback, self.course, self.lab), students)
            for student, complaint in zip(students, pages, strict=True):
                if complaint:
                    yield f"{student}: {complaint}"

    def _task(self, student: str) -> Task:
        return Task(self.lab, student, self.course.submission(student, self.lab).parent)

    def _enter(self, gradebook, judged: Judged) -> Graded:
        task = judged.task
        path, _ = find_submission(task.folder, task.lab)
        text = judged.notebook or nbformat.writes(self._not_graded(judged.failure))
        notebook = nbformat.v4.reads(text)  # valid already: the judge wrote it
        when = handed_in(path)
        started = time.perf_counter()
        record.enter(gradebook, task.lab, task.student, notebook, when, self.course.config)
        entered = time.perf_counter()
        self.seconds["gradebook"] += entered - started
        record.write(self.course.autograded(task.student, task.lab), text + "\n")
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
        record.write_json(self.course.results(task.student, task.lab), asdict(graded))
        self.seconds["files"] += time.perf_counter() - entered
        return graded

    def _not_graded(self, failure: str) -> nbformat.NotebookNode:
        """Return a notebook in which every test failed for the grader's reason."""
        notebook = rebuild([], self.judging.master, failure)
        fail_all(notebook, Verdict(False, failure, stopped=True))
        return notebook


def _feedback(course: Course, lab: str, student: str) -> str:
    try:
        course.generate_feedback(lab, student)
    except StepFailed as error:
        return str(error)
    return ""
