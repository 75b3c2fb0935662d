"""The judge: runs a submission's cells in a worker, tests what they define, writes the verdicts.

It stands where `Execute` stands in nbgrader's pipeline. Tests, inputs, reference results and marks
stay in this process; the student's code is in another one, and only data pass between them.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import determine_grade, find_all_files, is_grade, is_solution
from traitlets import Bool, Dict, List, Unicode, default

from autograder import secret
from autograder.border.messages import error_output
from autograder.confinement.limits import Limits
from autograder.judge import account
from autograder.judge.circumstances import (
    digest,
    hash_of_files,
    hash_of_tests,
    seed_for,
    versions,
)
from autograder.judge.given import Given
from autograder.judge.references import ReferenceBackend
from autograder.judge.sandbox import Sandbox, confinement_or_explain
from autograder.judge.workers import Budget, Gone, Patience, Ran, zygote
from autograder.results.notebook import NOTES, REASON, RECORD, as_outputs, fail_all
from autograder.safe.outputs import MOST_DECISIVE, Outputs, stream
from autograder.submission.companions import find_companions
from autograder.submission.master import Master
from grader_tests.engine import worked
from grader_tests.engine.hidden_test import HiddenTest
from grader_tests.engine.lab import Lab, find_lab
from grader_tests.engine.verdict import TestFailed, Verdict
from helpers.checking.attempt import StudentError

BESIDE = "beside"  # in a pipeline's resources: the folder in which the notebook was handed in
MOST_SECONDS = 600  # of a cell, where the course sets no limit
MOST_CELLS = 20  # that may take as long as one may
_NOTHING = "There is nothing to test."
_NOT_RUN = "The grader does not run this cell: it is for the reader, and no test depends on it.\n"
_CALLS_A_TEST = re.compile(r"\bgrader_tests\b")


class Judge(NbGraderPreprocessor):
    """Fill in the outputs of a rebuilt submission, its test cells' verdicts among them."""

    source_folder = Unicode(
        help="Folder that holds a folder per assignment; the course's source folder by default."
    ).tag(config=True)
    ignore = List(
        Unicode(), help="Files that students do not get; those of the course by default."
    ).tag(config=True)
    limits = Dict(help="Limits of a worker that differ from the defaults of Limits.").tag(
        config=True
    )
    patience = Dict(help="Times to wait that differ from those of Patience.").tag(config=True)
    run_cells_for_the_reader = Bool(
        False, help="Also run the instructor's cells tagged for-the-reader."
    ).tag(config=True)
    keeps_secret = Bool(
        True, help="Whether the course has a secret that decides, among others, on hidden inputs."
    ).tag(config=True)
    unconfined = Bool(
        False, help="Grade without protection where the system cannot confine a process."
    ).tag(config=True)

    @cached_property
    def _course(self) -> CourseDirectory:
        return CourseDirectory(config=self.config)

    @default("source_folder")
    def _course_source(self) -> str:
        return str(Path(self._course.root, self._course.source_directory))

    @default("ignore")
    def _ignored_by_the_course(self) -> list[str]:
        return list(self._course.ignore)

    def _limits(self, lab: Lab | None) -> Limits | None:
        if complaint := confinement_or_explain(self.unconfined):
            raise RuntimeError(complaint)
        seconds = self._patience(lab).submission_seconds
        least = {} if lab else {"cpu_seconds": max(Limits.cpu_seconds, math.ceil(seconds))}
        return None if self.unconfined else Limits(**(least | self.limits))

    def _patience(self, lab: Lab | None) -> Patience:
        """Return how long to wait; where all tests stand in cells, as long as nbgrader would."""
        usual = {}
        if lab is None:
            seconds = Execute(config=self.config).timeout or 0
            seconds = seconds if seconds > 0 else MOST_SECONDS
            usual = {"cell_seconds": seconds, "submission_seconds": MOST_CELLS * seconds}
        return Patience(**(usual | self.patience))

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        started = time.perf_counter()
        lab = find_lab(names["assignment"])
        tests = {_name(c): c.source for c in nb.cells if is_grade(c)}
        kernel = nb.metadata.get("kernelspec", {})
        if complaint := not_python(names["notebook"], kernel) or unbound(lab, tests):
            raise Misconfigured(complaint)
        key = secret.of_course(self.config) if self.keeps_secret else b""
        seed = seed_for(names["assignment"], names["student"], digest(nb), key)
        if REASON in nb.metadata:
            fail_all(nb, Verdict(False, _NOTHING))
            nb.metadata[RECORD] = {"seed": seed, **self.circumstances(names["assignment"])}
            return nb, resources
        source = Path(self.source_folder, names["assignment"])
        files = self._files(source)
        companions = find_companions(self._beside(resources), files)
        beside = [(path, place) for place, path in files.items()]
        beside += [(data, place) for place, data in companions.files.items()]
        given = Given.of(source / f"{names['notebook']}.ipynb")
        limits, patience = self._limits(lab), self._patience(lab)
        with Sandbox(zygote(), limits, patience, beside, stand_ins(lab), given.imports) as sandbox:
            ran = self._run_cells(nb, lab, sandbox, given.for_the_reader)
            cells_done = time.perf_counter()
            for cell, test in _tested(nb, lab):
                verdict = self._test(test, sandbox, seed)
                cell.outputs = as_outputs(verdict, cell.metadata.nbgrader["points"])
            tests_done = time.perf_counter()
        nb.metadata[RECORD] = {
            "seed": seed,
            **self.circumstances(names["assignment"]),
            "seconds": {
                "cells": round(cells_done - started, 3),
                "tests": round(tests_done - cells_done, 3),
            },
            "long_cells": account.as_data(ran),
        }
        notes = [*companions.notes, *account.notes(ran, sandbox.restored)]
        nb.metadata[NOTES] = [*nb.metadata.get(NOTES, []), *notes]
        return nb, resources

    def circumstances(self, assignment: str) -> dict:
        """Return what decides a mark beside the submission, so that it can be explained later."""
        lab = find_lab(assignment)
        limits = self._limits(lab)
        return {
            "tests": hash_of_tests(assignment),
            "files": hash_of_files(self._files(Path(self.source_folder, assignment))),
            "confined": limits is not None,
            "limits": asdict(limits) if limits else None,
            "patience": asdict(self._patience(lab)),
            "cells_for_the_reader": self.run_cells_for_the_reader,
            "versions": versions(),
        }

    def _test(self, test: HiddenTest, sandbox: Sandbox, seed: int) -> Verdict:
        try:
            return test.run(sandbox.student, seed)
        except Gone as gone:
            return Verdict(False, gone.reason, stopped=True)
        except Exception as error:  # it costs this test, and no other
            said = f"The grader could not test what your code gave ({type(error).__name__})."
            return Verdict(False, said, stopped=True)

    def _run_cells(
        self, nb: NotebookNode, lab: Lab | None, sandbox: Sandbox, skipped: frozenset[str]
    ) -> dict[int, Ran]:
        """Run all cells but hidden tests; return what became of each, by the number it shows."""
        ran = {}
        tests = {id(cell) for cell, _ in _tested(nb, lab)}
        outputs = Outputs(Master.of_release(nb).taken)
        for number, cell in enumerate(c for c in nb.cells if c.cell_type == "code"):
            if id(cell) in tests or not cell.source.strip():
                continue
            if cell.source.strip() in skipped and not self.run_cells_for_the_reader:
                cell.outputs = [stream(_NOT_RUN)]
                continue
            cell.execution_count = number + 1
            room = max(outputs.room, MOST_DECISIVE if is_grade(cell) else 0)
            shown = sandbox.run(cell.source, room, _budget(cell, sandbox))
            cell.outputs = outputs.rebuild(shown, is_grade(cell))
            ran[number + 1] = sandbox.ran[-1]
            if is_grade(cell):
                _fold_stderr(cell)
                _bound_points(cell)
                _explain_name(cell, sandbox)
        outputs.render()
        return ran

    def _files(self, source: Path) -> dict[PurePath, Path]:
        """Return the instructor's files that lie beside the notebook, by where they belong."""
        found = find_all_files(str(source), [*self.ignore, "*.ipynb"]) if source.is_dir() else []
        return {path.relative_to(source): path for path in map(Path, found) if path.is_file()}

    def _beside(self, resources: dict) -> Path:
        """Return the folder of what was handed in, its notebook's own where that is known."""
        names, course = resources["nbgrader"], self._course
        handed_in = course.format_path(
            course.submitted_directory, names["student"], names["assignment"]
        )
        return resources.get(BESIDE) or Path(handed_in)


class Misconfigured(RuntimeError):
    """The course is not set up so that a mark could be trusted; for the instructor to read."""


def not_python(notebook: str, kernel: Mapping[str, Any]) -> str | None:
    """Say so where a notebook is written in another language than the grader's workers run.

    Parameters
    ----------
    notebook : str
        Its name.
    kernel : mapping
        The instructor's kernelspec.
    """
    name = kernel.get("name", "python3")
    language = kernel.get("language")
    if language is None and "python" not in name:
        try:
            language = KernelSpecManager().get_kernel_spec(name).language
        except NoSuchKernel:
            language = f"the unknown language of the kernel “{name}”"
    if (language or "python").lower() == "python":
        return None
    return (
        f"Nothing was graded: {notebook} is written in {language}, and this grader runs Python "
        "only. Grade this assignment with nbgrader's own command, from an nbgrader_config.py "
        "without configure()."
    )


def unbound(lab: Lab | None, tests: Mapping[str, str]) -> str | None:
    """Say so where a test cell calls a hidden test that would not be run in the judge.

    Run beside a student's code, it would be theirs to answer.

    Parameters
    ----------
    lab : Lab or None
    tests : mapping
        Sources of the instructor's test cells, by name.
    """
    known = lab.tests if lab else {}
    stray = [n for n, text in tests.items() if n not in known and _CALLS_A_TEST.search(text)]
    if not stray:
        return None
    return (
        f"Nothing was graded: {', '.join(stray)} would run beside the students' code, because no "
        "hidden test of that name belongs to an assignment of this name. Keep the lab's name "
        "and its test cells' names, or bring grader_tests/ up to date with them."
    )


def stand_ins(lab: Lab | None) -> ReferenceBackend:
    """Return what students' code may ask for, where the worked lab's parts stand in for theirs."""
    return ReferenceBackend(worked.modules(lab.name), lab.stand_ins) if lab else ReferenceBackend()


def _budget(cell: NotebookNode, sandbox: Sandbox) -> Budget:
    """Return what pays for a cell: none can use up what another needs."""
    if is_grade(cell) and not is_solution(cell):
        return sandbox.tests
    return sandbox.answers if "nbgrader" in cell.metadata else sandbox.own


def _name(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader["grade_id"]


def _tested(nb: NotebookNode, lab: Lab | None) -> list[tuple[NotebookNode, HiddenTest]]:
    """Return the test cells that stand for a hidden test, in the order of the lab's tests."""
    cells = {
        _name(cell): cell
        for cell in nb.cells
        if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code"
    }
    tests = lab.tests if lab else {}
    return [(cells[name], test) for name, test in tests.items() if name in cells]


def _bound_points(cell: NotebookNode) -> None:
    """Take no number of points from a test cell that is larger than what it has.

    nbgrader would grade nothing of such a submission.
    """
    try:
        determine_grade(cell)
    except ValueError:
        points = cell.metadata.nbgrader["points"]
        said = f"The test gave more than its {points:g} points. Tell your instructor."
        cell.outputs = [from_dict(error_output(TestFailed.__name__, said, [said]))]


def _fold_stderr(cell: NotebookNode) -> None:
    """Count what a test cell wrote to stderr as printed: nbgrader takes it for a failure.

    A NumPy warning or a progress bar says nothing about whether an answer is right.
    """
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"


def _explain_name(cell: NotebookNode, sandbox: Sandbox) -> None:
    """Where a test cell misses a name, say which cell should have defined it but stopped."""
    for output in cell.outputs:
        if output.output_type == "error" and output.ename == "NameError":
            error = StudentError(f"{output.ename}: {output.evalue}")
            output.evalue = sandbox.explained(error).reason.removeprefix(f"{output.ename}: ")
