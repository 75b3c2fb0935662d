"""Where submissions are judged: on this machine, or wherever an executor takes them."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Protocol


class Executors(Protocol):
    """Makes executors, as many as break.

    Attributes
    ----------
    broken : tuple of exception types
        What a task's future raises where the executor broke, not the task.
    """

    broken: tuple[type[Exception], ...]

    def start(self) -> Executor: ...
