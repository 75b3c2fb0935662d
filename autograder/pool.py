"""Judge many submissions side by side, through `concurrent.futures`.

What a task needs and gives is plain and small, so that any executor of that interface can take the
place of the processes on this machine. Nothing here touches the gradebook: one writer does that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import nbformat
from traitlets.config import Config

from autograder.judge import Judge, zygote
from autograder.reading import (
    Unreadable,
    digest,
    doubts_about_time,
    find_submission,
    read_cells,
)
from autograder.rebuild import NOTES, Master, rebuild

MOST_TRIES = 2


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
            path, notes = find_submission(task.folder, task.lab)
            notes += doubts_about_time(path)
            try:
                submitted, reason = read_cells(path), ""
            except Unreadable as error:
                submitted, reason = [], str(error)
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
        judge = Judge(config=self.config)
        circumstances = json.dumps(judge.circumstances(task.lab), sort_keys=True)
        parts = [digest(path), repr(self.master), circumstances]
        return hashlib.sha256("".join(parts).encode()).hexdigest()


def processes(jobs: int, judging: bool = True) -> ProcessPoolExecutor:
    """Return an executor of processes; those that judge start a warm process to fork from."""
    methods = get_all_start_methods()
    context = get_context("forkserver" if "forkserver" in methods else "spawn")
    context.set_forkserver_preload([__name__])  # imported once, not by each of them
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_warm_up if judging else None)


def judge_all(
    tasks: Iterable[Task], judging: Judging, start: Callable[[], Executor], jobs: int
) -> Iterator[Judged]:
    """Judge submissions side by side; yield each as it is done.

    Parameters
    ----------
    tasks : iterable of Task
    judging : Judging
    start : callable
        Makes an executor, and another one if that breaks.
    jobs : int
        How many run at once. Few more are handed over at a time, so that memory stays flat.
    """
    waiting = [(task, 1) for task in reversed(list(tasks))]
    executor = start()
    running: dict[Future, tuple[Task, int]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < 2 * jobs:
                task, tries = waiting.pop()
                running[executor.submit(judging, task)] = task, tries
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                task, tries = running.pop(future)
                if not isinstance(future.exception(), BrokenProcessPool):
                    yield future.result()
                elif tries < MOST_TRIES:
                    waiting.append((task, tries + 1))
                else:
                    yield Judged(task, None, "The process that judges this submission crashed.")
            if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                waiting += running.values()
                running.clear()
                executor.shutdown(cancel_futures=True)
                executor, jobs = start(), 1  # one at a time, so that the culprit is found
    finally:
        executor.shutdown(cancel_futures=True)


def _warm_up() -> None:
    zygote().launch()
