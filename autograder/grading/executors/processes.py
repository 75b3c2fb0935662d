"""Processes on this machine, each with a warm process to fork workers from."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context

from autograder.grading import judging
from autograder.judge.workers import zygote


@dataclass(frozen=True)
class Processes:
    """Makes executors of processes.

    Parameters
    ----------
    jobs : int
        How many at once.
    warm : bool
        Whether they judge, and so need a warm process to fork from.
    """

    jobs: int
    warm: bool = True
    broken = (BrokenProcessPool,)

    def start(self) -> ProcessPoolExecutor:
        methods = get_all_start_methods()
        context = get_context("forkserver" if "forkserver" in methods else "spawn")
        # Imported once, not by each of them.
        context.set_forkserver_preload([judging.__name__, __name__])
        start = _warm_up if self.warm else None
        return ProcessPoolExecutor(self.jobs, mp_context=context, initializer=start)


def _warm_up() -> None:
    zygote().launch()
