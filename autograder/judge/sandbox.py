"""One submission's code, in a worker that is started afresh whenever it is lost."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.border.messages import LONGEST_OUTPUT, error_output
from autograder.confinement.confine import unavailable
from autograder.confinement.limits import Limits
from autograder.judge.references import ReferenceBackend
from autograder.judge.workers import Budget, Gone, Patience, Worker, Zygote
from autograder.system import cannot_grade
from helpers.checking.namespace import Student, StudentError

MOST_RESTARTS = 12


@dataclass
class Sandbox:
    """Holds a submission's code as long as it is judged.

    Parameters
    ----------
    zygote : Zygote
    limits : Limits or None
        None runs unconfined.
    patience : Patience
    files : sequence of (Path, Path)
        The instructor's files that lie beside the notebook, and their places relative to it.
    backend : ReferenceBackend
        Does what the student's code asks a stand-in for.

    Raises
    ------
    RuntimeError
        In any thread but the main one, where calls of stand-ins would have no time limit.
    """

    zygote: Zygote
    limits: Limits | None
    patience: Patience
    files: Sequence[tuple[Path, Path]] = ()
    backend: ReferenceBackend = field(default_factory=ReferenceBackend)
    _replayed: list[str] = field(default_factory=list, init=False)
    _restarts: int = field(default=-1, init=False)
    _worker: Worker | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError(
                "A submission is judged in a process's main thread only: use processes, not "
                "threads, or have each task start a process of its own."
            )
        self._budget = Budget(self.patience.submission_seconds)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        if self._worker:
            self._worker.end()

    @property
    def student(self) -> Student:
        """The student namespace, as the tests see it.

        Raises
        ------
        Gone
            If no worker can be started any more.
        """
        return self._living().student

    def run(self, source: str, room: int = LONGEST_OUTPUT) -> list[dict[str, Any]]:
        """Run a cell; return its outputs, with an error where it could not be run to its end.

        Of its outputs, no more than so many bytes need come back.
        """
        try:
            outputs, stopped = self._living().run(source, room)
        except Gone as gone:
            return [error_output("Stopped", gone.reason)]
        except StudentError as error:
            return [error_output("NotRun", error.reason)]
        if stopped:
            return [*outputs, error_output("Stopped", stopped)]
        self._replayed.append(source)
        return outputs

    def _living(self) -> Worker:
        """Return the worker; start one if there is none, and bring it to where the last one was."""
        while self._worker is None or self._worker.ended is not None:
            self._restarts += 1
            if self._restarts > MOST_RESTARTS:
                raise Gone("Your code was stopped too often.")
            if self._budget.used_up:
                raise Gone(self._budget.reason)
            self._worker = Worker(
                self.zygote, self.limits, self.patience, self.files, self.backend, self._budget
            )
            self._replay(self._worker)
        return self._worker

    def _replay(self, worker: Worker) -> None:
        """Run again what ran before; what does not run this time is left out the next."""
        for source in list(self._replayed):
            with contextlib.suppress(Gone):
                worker.run(source, 0)
            if worker.ended is not None:
                self._replayed.remove(source)
                return


def confinement_or_explain(unconfined: bool) -> str | None:
    """Return None where grading may begin, else a sentence that says why not and what to do."""
    if complaint := cannot_grade():
        return complaint
    reason = unavailable()
    if reason is None or unconfined:
        return None
    return f"{reason} Or grade without protection, only notebooks that you trust: --unconfined."
