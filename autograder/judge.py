"""The judge: runs a submission's cells in a worker, tests what they define, writes the verdicts.

It stands where `Execute` stands in nbgrader's pipeline. Tests, inputs, reference results and marks
stay in this process; the student's code is in another one, and only data pass between them.
"""

from __future__ import annotations

import atexit
import hashlib
import hmac
import importlib
import importlib.util
import platform
import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import find_all_files, is_grade, is_solution
from traitlets import Bool, Dict, List, Unicode

from autograder import safe_outputs, secret
from autograder.confinement import Limits
from autograder.reading import REASON
from autograder.rebuild import Master
from autograder.safe_outputs import Outputs
from autograder.sandbox import Gone, Patience, Sandbox, Zygote, confinement_or_explain
from grader_tests import testing
from grader_tests.testing import VERDICT_MIME, HiddenTest, Lab, Verdict

RECORD = "grading"  # key in the notebook's metadata: how it was graded
FOR_THE_READER = "for-the-reader"  # tag of the instructor's cells that no test depends on
_NOTHING = "There is nothing to test."
_NOT_RUN = "The grader does not run this cell: it is for the reader, and no test depends on it.\n"
_CALLS_A_TEST = re.compile(r"\bgrader_tests\b")
_HOME = Path(__file__).resolve().parent.parent


class Judge(NbGraderPreprocessor):
    """Fill in the outputs of a rebuilt submission, its test cells' verdicts among them."""

    source_folder = Unicode(
        str(_HOME / "solutions"), help="Folder that holds a folder per assignment, the source."
    ).tag(config=True)
    ignore = List(
        Unicode(), [], help="Files in an assignment's source folder that students do not get."
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
    def _limits(self) -> Limits | None:
        if complaint := confinement_or_explain(self.unconfined):
            raise RuntimeError(complaint)
        return None if self.unconfined else Limits(**self.limits)

    @cached_property
    def _patience(self) -> Patience:
        return Patience(**self.patience)

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        names = resources["nbgrader"]
        started = time.perf_counter()
        lab = find_lab(names["assignment"])
        if complaint := unbound(lab, {_name(c): c.source for c in nb.cells if is_grade(c)}):
            raise Misconfigured(complaint)
        key = secret.of_course(self.config) if self.keeps_secret else b""
        seed = seed_for(names["assignment"], names["student"], _digest(nb), key)
        if REASON in nb.metadata:
            fail_all(nb, Verdict(False, _NOTHING))
            nb.metadata[RECORD] = {"seed": seed, **self.circumstances(names["assignment"])}
            return nb, resources
        source = Path(self.source_folder, names["assignment"])
        with Sandbox(zygote(), self._limits, self._patience, self._files(source)) as sandbox:
            self._run_cells(nb, lab, sandbox, _skipped(source / f"{names['notebook']}.ipynb"))
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
        }
        return nb, resources

    def circumstances(self, assignment: str) -> dict:
        """Return what decides a mark beside the submission, so that it can be explained later."""
        return {
            "tests": hash_of_tests(assignment),
            "confined": self._limits is not None,
            "limits": asdict(self._limits) if self._limits else None,
            "patience": asdict(self._patience),
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
    ) -> None:
        tests = {id(cell) for cell, _ in _tested(nb, lab)}
        outputs = Outputs(Master.of_release(nb).taken)
        for number, cell in enumerate(c for c in nb.cells if c.cell_type == "code"):
            if id(cell) in tests or not cell.source.strip():
                continue
            if cell.source.strip() in skipped and not self.run_cells_for_the_reader:
                cell.outputs = [safe_outputs.stream(_NOT_RUN)]
                continue
            cell.execution_count = number + 1
            room = max(outputs.room, safe_outputs.MOST_DECISIVE if is_grade(cell) else 0)
            cell.outputs = outputs.rebuild(sandbox.run(cell.source, room), is_grade(cell))
            if is_grade(cell):
                _fold_stderr(cell)
        outputs.render()

    def _files(self, source: Path) -> list[tuple[Path, Path]]:
        """Return the instructor's files that lie beside the notebook, and where they belong."""
        found = find_all_files(str(source), [*self.ignore, "*.ipynb"]) if source.is_dir() else []
        return [(Path(name), Path(name).relative_to(source)) for name in found]


def find_lab(assignment: str) -> Lab | None:
    """Return an assignment's hidden tests, or None where all its tests stand in its cells."""
    module = f"grader_tests.{assignment.partition('_')[0]}"
    if not module.rpartition(".")[2].isidentifier() or importlib.util.find_spec(module) is None:
        return None
    lab = getattr(importlib.import_module(module), "lab", None)
    return lab if isinstance(lab, Lab) and lab.name == assignment else None


class Misconfigured(RuntimeError):
    """The course is not set up so that a mark could be trusted; for the instructor to read."""


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


def seed_for(assignment: str, student: str, submission: str = "", key: bytes = b"") -> int:
    """Return the seed of a submission's hidden inputs.

    Another submission has other inputs, so that whatever one brings out helps no other; and
    without the course's secret nobody can work them out in advance.
    """
    about = f"{assignment}/{student}/{submission}".encode()
    return int.from_bytes(hmac.digest(key, about, "sha256")[:4])


def as_outputs(verdict: Verdict, maximum: float) -> list[NotebookNode]:
    """Write a verdict as the outputs that an open notebook would show.

    nbgrader takes an error for no points, a number for so many, and anything else for all of them.
    """
    record = new_output("display_data", data={VERDICT_MIME: verdict.as_dict()})
    points = verdict.credit(maximum)
    if not verdict.passed and not points:
        return [record, safe_outputs.error(testing.TestFailed.__name__, verdict.message)]
    message = safe_outputs.stream(f"{verdict.message}\n")
    if verdict.passed:
        return [record, message]
    number = new_output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=None)
    return [record, message, number]


def fail_all(nb: NotebookNode, verdict: Verdict) -> None:
    """Write one verdict, for no points, into every test cell."""
    for cell in filter(is_grade, nb.cells):
        if cell.cell_type == "code":
            cell.outputs = as_outputs(verdict, 0)


@cache
def hash_of_tests(assignment: str) -> str:
    """Return a hash of all that decides a mark: tests, bank, references and the engine."""
    lab = assignment.partition("_")[0]
    files = [
        *_HOME.glob("grader_tests/[!_l]*.py"),
        *_HOME.glob(f"grader_tests/{lab}*.py"),
        *_HOME.glob("helpers/checking/*.py"),
        *_HOME.glob(f"solutions/{assignment}/*.py"),
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def versions() -> dict[str, str]:
    """Return the versions of what decides how a submission runs."""
    packages = ("numpy", "scipy", "matplotlib", "ipython", "nbgrader", "digits-from-scratch")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


@cache
def zygote() -> Zygote:
    """Return this process's zygote; it is started when first needed and ends with the process."""
    process = Zygote()
    atexit.register(process.stop)
    return process


def _name(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader["grade_id"]


def _digest(nb: NotebookNode) -> str:
    """Return a hash of a rebuilt submission's cells."""
    cells = "\0".join(f"{cell.cell_type}\0{cell.source}" for cell in nb.cells)
    return hashlib.sha256(cells.encode("utf-8", "replace")).hexdigest()


def _tested(nb: NotebookNode, lab: Lab | None) -> list[tuple[NotebookNode, HiddenTest]]:
    """Return the test cells that stand for a hidden test, in the order of the lab's tests."""
    cells = {
        _name(cell): cell
        for cell in nb.cells
        if is_grade(cell) and not is_solution(cell) and cell.cell_type == "code"
    }
    tests = lab.tests if lab else {}
    return [(cells[name], test) for name, test in tests.items() if name in cells]


def _skipped(worked: Path) -> frozenset[str]:
    """Return the sources of the instructor's cells that serve the reader only."""
    if not worked.exists():
        return frozenset()
    cells = nbformat.read(worked, as_version=4).cells
    return frozenset(
        cell.source.strip() for cell in cells if FOR_THE_READER in cell.metadata.get("tags", [])
    )


def _fold_stderr(cell: NotebookNode) -> None:
    """Count what a test cell wrote to stderr as printed: nbgrader takes it for a failure.

    A NumPy warning or a progress bar says nothing about whether an answer is right.
    """
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"
