"""One submission's code, in a worker that is started afresh whenever it is lost."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from autograder.border.messages import LONGEST_OUTPUT, error_output
from autograder.confinement.confine import unavailable
from autograder.confinement.limits import Limits
from autograder.confinement.system import cannot_grade
from autograder.judge.lost import missing, undefined
from autograder.judge.references import ReferenceBackend
from autograder.judge.workers import Budget, Gone, Patience, Ran, Worker, Zygote
from helpers.checking.namespace import Student, StudentError

LONG_SECONDS = 1.0  # a cell that took longer is not run again as a whole


@dataclass(eq=False)
class _Step:
    """What is done again in a new worker: a cell, or of it only what defines something."""

    ran: Ran
    only_definitions: bool


@dataclass
class Sandbox:
    """Holds a submission's code as long as it is judged.

    Parameters
    ----------
    zygote : Zygote
    limits : Limits or None
        None runs unconfined.
    patience : Patience
    files : sequence of (Path or bytes, PurePath)
        What lies beside the notebook, the instructor's files and what was handed in; and their
        places relative to it.
    backend : ReferenceBackend
        Does what the student's code asks a stand-in for.
    imports : sequence of str
        The instructor's own import statements: what a cell that fails must not take away.

    Attributes
    ----------
    own, answers, tests : Budget
        What pays for the student's own cells; for those with answers, and for running cells again;
        and for tests. None can use up another's.
    ran : list of Ran
        What became of each cell so far.
    restored : list of Ran
        The cells that failed and would have taken imports away.

    Raises
    ------
    RuntimeError
        In any thread but the main one, where calls of stand-ins would have no time limit.
    """

    zygote: Zygote
    limits: Limits | None
    patience: Patience
    files: Sequence[tuple[Path | bytes, PurePath]] = ()
    backend: ReferenceBackend = field(default_factory=ReferenceBackend)
    imports: Sequence[str] = ()
    ran: list[Ran] = field(default_factory=list, init=False)
    restored: list[Ran] = field(default_factory=list, init=False)
    _steps: list[_Step] = field(default_factory=list, init=False)
    _worker: Worker | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(
                "A submission is judged in a process's main thread only: use processes, not "
                "threads, or have each task start a process of its own."
            )
        seconds = self.patience.submission_seconds
        self.own = Budget("The notebook's own cells", seconds)
        self.answers = Budget("The cells with answers", seconds)
        self.tests = Budget("The tests", seconds)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker:
            self._worker.end()

    @property
    def student(self) -> Student:
        """The student namespace, as the tests see it; their budget pays for what is asked of it.

        Raises
        ------
        Gone
            If no worker can be started any more, or the tests' time is over.
        """
        return self._living(self.tests).student

    def run(
        self, source: str, room: int = LONGEST_OUTPUT, budget: Budget | None = None
    ) -> list[dict[str, Any]]:
        """Run a cell; return its outputs, with an error where it could not be run to its end.

        Of its outputs, no more than so many bytes need come back. A cell that was stopped still
        defines what it would have defined. Where no budget is named, it is one of the student's
        own: of these, no more than that is run once their time is over.
        """
        result = self._run(source, room, budget or self.own)
        self.ran.append(ran := result.in_short())
        self._steps.append(step := _Step(ran, bool(ran.stopped) or ran.seconds > LONG_SECONDS))
        if self._lives and (ran.stopped or ran.error) and not self.answers.used_up:
            self._worker.charge(self.answers)
            with contextlib.suppress(StudentError):
                if ran.stopped:
                    self._worker.run(source, 0, only_definitions=True)
                self._restore(step)
        return [*result.outputs, *([error_output("Stopped", ran.stopped)] if ran.stopped else [])]

    def explained(self, error: StudentError, name: str = "") -> StudentError:
        """Say more of an error, or of a name that was looked for, where a cell explains it."""
        return (missing(name, self.ran) if name else undefined(error, self.ran)) or error

    def _run(self, source: str, room: int, budget: Budget) -> Ran:
        if budget is self.own and (budget.used_up or not budget.restarts):
            said = f"{budget.reason} Only what this one defines was run."
            return Ran(source, stopped=said, skipped=True)
        try:
            worker = self._living(budget)
        except Gone as gone:
            return Ran(source, stopped=gone.reason)
        seconds, clock = budget.processor, budget.clock
        try:
            ran = worker.run(source, room)
        except Gone as gone:
            ran = Ran(source, stopped=gone.reason)
        except StudentError as error:
            ran = Ran(source, [error_output("NotRun", error.reason)])
        return replace(ran, seconds=seconds - budget.processor, clock=clock - budget.clock)

    @property
    def _lives(self) -> bool:
        return self._worker is not None and self._worker.ended is None

    def _living(self, budget: Budget) -> Worker:
        """Return the worker, paid for by this budget.

        If there is none, start one and bring it to where the last one was; whatever lost that one
        pays for it, as long as it can.
        """
        while not self._lives:
            if self._worker is not None:
                lost_by = self._worker.budget
                (lost_by if lost_by.restarts else budget).pay_restart()
            self._worker = Worker(
                self.zygote,
                self.limits,
                self.patience,
                self.files,
                self.backend,
                self.answers,
                self.explained,
            )
            self._replay(self._worker, budget)
        self._worker.charge(budget)
        if budget.used_up:
            raise Gone(budget.reason)
        return self._worker

    def _replay(self, worker: Worker, budget: Budget) -> None:
        """Run again what ran before, as long as there is time to; of the rest, what it defines.

        What does not even do that this time is left out the next.
        """
        for step in list(self._steps):
            worker.charge(budget if self.answers.used_up else self.answers)
            less = step.only_definitions or self.answers.used_up
            stopped = True
            with contextlib.suppress(StudentError):
                ran = worker.run(step.ran.source, 0, less)
                self._restore(step)
                stopped = bool(ran.stopped)
            if stopped and less:
                self._steps.remove(step)
            step.only_definitions |= stopped
            if worker.ended is not None:
                return

    def _restore(self, step: _Step) -> None:
        """Import what a cell that failed would have taken away."""
        failed = step.ran.stopped or step.ran.error
        if failed and self.imports and self._worker.restore(self.imports):
            self.restored += [] if step.ran in self.restored else [step.ran]


def confinement_or_explain(unconfined: bool) -> str | None:
    """Return None where grading may begin, else a sentence that says why not and what to do."""
    if complaint := cannot_grade():
        return complaint
    reason = unavailable()
    if reason is None or unconfined:
        return None
    return f"{reason} Or grade without protection, only notebooks that you trust: --unconfined."
