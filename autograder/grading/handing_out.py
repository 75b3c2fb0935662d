"""Submissions handed out to an executor, a few at a time, and again where it breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait

from autograder.grading.executors import Executors
from autograder.grading.judging import Judged, Judging, Task

MOST_TRIES = 2


def judge_all(
    tasks: Iterable[Task], judging: Judging, executors: Executors, jobs: int
) -> Iterator[Judged]:
    """Judge submissions side by side; yield each as it is done.

    Parameters
    ----------
    tasks : iterable of Task
    judging : Judging
    executors : Executors
        Starts an executor, and another one if that breaks.
    jobs : int
        How many run at once. Few more are handed over at a time, so that memory stays flat.
    """
    waiting = [(task, 1) for task in reversed(list(tasks))]
    executor = executors.start()
    running: dict[Future, tuple[Task, int]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < 2 * jobs:
                task, tries = waiting.pop()
                running[executor.submit(judging, task)] = task, tries
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                task, tries = running.pop(future)
                if not isinstance(future.exception(), executors.broken):
                    yield future.result()
                elif tries < MOST_TRIES:
                    waiting.append((task, tries + 1))
                else:
                    yield Judged(task, {}, "The process that judges this submission crashed.")
            if any(isinstance(future.exception(), executors.broken) for future in done):
                waiting += running.values()
                running.clear()
                executor.shutdown(cancel_futures=True)
                executor, jobs = executors.start(), 1  # one at a time, so that the culprit is found
    finally:
        executor.shutdown(cancel_futures=True)
