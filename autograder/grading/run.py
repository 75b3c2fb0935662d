"""Grade a class: judge side by side, write one after the other, and go on where a run stopped."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from autograder import files
from autograder.course import Course, StepFailed
from autograder.exchange import carry_along
from autograder.grading.executors.processes import Processes
from autograder.grading.handing_out import judge_all
from autograder.grading.judging import Judged, Judging, Task
from autograder.judge.judge import not_python, unbound
from autograder.pages.freshness import fresh
from autograder.results import gradebook as record
from autograder.results.graded import Graded
from autograder.results.notebook import as_json, fail_all
from autograder.results.sheets import sheets
from autograder.settings import portable
from autograder.submission.master import masters
from autograder.submission.pictures import lay
from autograder.submission.reading import Submitted
from autograder.submission.rebuild import rebuild
from autograder.submission.times import HandedIn
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
            known = masters(gradebook, lab)
        laid_out = {name: one.laid_out(course.released(lab, name)) for name, one in known.items()}
        self.judging = Judging(laid_out, portable(course.config))
        self.seconds = {"gradebook": 0.0, "files": 0.0}

    def misconfigured(self) -> str | None:
        """Say what keeps the lab from being graded at all, for the instructor; None if nothing."""
        if complaint := self._not_configured():
            return complaint
        for name, master in self.judging.masters.items():
            if complaint := not_python(name, master.kernelspec):
                return complaint
        cells = [cell for master in self.judging.masters.values() for cell in master.cells]
        tests = {cell.name: cell.source for cell in cells if cell.metadata["grade"]}
        return unbound(find_lab(self.lab), tests)

    def _not_configured(self) -> str | None:
        if complaint := self.course.not_configured():
            return complaint
        if "Autograde" not in self.judging.config:
            return (
                "A preprocessor is defined in nbgrader_config.py itself, where no other process "
                "finds it. Put it into a module beside that file, and name it: module.Class."
            )
        return None

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
        """Work out anew what being late takes off; return whose page has to be another one now."""
        changed = []
        with self.course.gradebook() as gradebook:
            for student in students:
                when = self.handed_in(student).when
                other = record.settle(gradebook, self.lab, student, when, self.course.config)
                if self._carry_along(student, when) or other:
                    changed.append(student)
        return changed

    def handed_in(self, student: str) -> HandedIn:
        """Return when a submission was handed in, as far as it can be believed."""
        return self.judging.handed_in(self._task(student))

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

    def stale(self, students: list[str]) -> list[str]:
        """Return whose feedback pages are missing, or say another thing than they would today."""
        with self.course.gradebook() as gradebook:
            found = sheets(gradebook, self.lab)
        return [
            student
            for student in students
            if not all(
                fresh(
                    self.course.feedback(student, self.lab, name),
                    self.course.autograded(student, self.lab, name),
                    found[student, name],
                )
                for name in self.judging.masters
            )
        ]

    def write_feedback(self, students: list[str]) -> Iterator[str]:
        """Write feedback pages, side by side; yield each student whose page could not be made."""
        with Processes(self.jobs, warm=False).start() as executor:
            pages = executor.map(partial(_feedback, replace(self.course), self.lab), students)
            for student, complaint in zip(students, pages, strict=True):
                if complaint:
                    yield f"{student}: {complaint}"

    def enter(self, gradebook: Gradebook, judged: Judged) -> Graded:
        """Write what came of a submission, into the gradebook first and `results.json` last."""
        task = judged.task
        texts = {
            name: judged.notebooks.get(name) or self._not_graded(name, judged.failure)
            for name in self.judging.masters
        }
        # Valid already: the judge wrote them.
        notebooks = {name: nbformat.v4.reads(text) for name, text in texts.items()}
        when = self.handed_in(task.student).when
        graded = Graded.of_notebooks(
            task.student,
            task.lab,
            notebooks,
            judged.failure,
            "" if judged.failure else self.judging.fingerprint(task),
        )
        path = self.course.results(task.student, task.lab)
        started = time.perf_counter()
        confirm = record.enter(
            gradebook, notebooks, graded, Graded.read(path), when, self.course.config
        )
        graded = replace(graded, confirm=confirm)
        entered = time.perf_counter()
        self.seconds["gradebook"] += entered - started
        for name, text in texts.items():
            to = self.course.autograded(task.student, task.lab, name)
            files.write(to, text + "\n")
            pictures = self.judging.masters[name].pictures
            lay(pictures, self.course.released(task.lab).parent, to.parent)
        self._carry_along(task.student, when)
        # Last of all: where this file is, everything else is.
        files.write_json(path, asdict(graded))
        self.seconds["files"] += time.perf_counter() - entered
        return graded

    def _carry_along(self, student: str, when: datetime | None) -> bool:
        to = self.course.autograded(student, self.lab).parent
        return carry_along(self._task(student).folder, to, when)

    def _task(self, student: str) -> Task:
        return Task(self.lab, student, self.course.submission(student, self.lab).parent)

    def _not_graded(self, name: str, failure: str) -> str:
        """Return a notebook in which every test failed for the grader's reason, as JSON."""
        notebook = rebuild(Submitted(), self.judging.masters[name], failure)
        fail_all(notebook, Verdict(False, failure, stopped=True))
        return as_json(notebook)


def _feedback(course: Course, lab: str, student: str) -> str:
    try:
        course.generate_feedback(lab, student)
    except StepFailed as error:
        return str(error)
    return ""
