"""Wrong answers to try the diagnoses on, and what a truthful message must say."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from grader_tests.engine.bank import Variant
from grader_tests.engine.lab import labs, package

# Owner and name of what is spoilt for a test, and the attributes that it leaves behind.
Spoilt = dict[str, tuple[str, str, tuple[str, ...]]]


@dataclass(frozen=True)
class Unseen:
    """A mistake that the bank was not made for, whether or not it turns out to be in it.

    Attributes
    ----------
    lab : str
        Name of the lab's folder in solutions/.
    answer : Variant
        The solution cell with the mistake in it.
    wrong : str
        What is wrong, in one sentence.
    tells : str
        Regular expression for what a message must say to be true and of use.
    """

    lab: str
    answer: Variant
    wrong: str
    tells: str

    def __str__(self) -> str:
        return f"{package(self.lab)}: {self.answer.name}"


def unseen_in(lab: str) -> Callable[..., Unseen]:
    """Return what makes the unseen mistakes of a lab."""

    def unseen(
        name: str, cell: str, wrong: str, tells: str, *swap: tuple[str, str], code: str = ""
    ) -> Unseen:
        return Unseen(lab, Variant(name, cell, swap, code), wrong, tells)

    return unseen


def right_in(lab: str) -> Callable[..., Unseen]:
    """Return what makes right answers to a lab, written in other ways."""

    def right(name: str, cell: str, *swap: tuple[str, str]) -> Unseen:
        return Unseen(lab, Variant(name, cell, swap), "", "")

    return right


def of_every_lab() -> dict[str, ModuleType]:
    """Return the module `unseen` of every lab that has one."""
    rooms = {lab.name: f"tests.labs.{package(lab.name)}" for lab in labs()}
    return {
        lab: importlib.import_module(f"{room}.unseen")
        for lab, room in rooms.items()
        if importlib.util.find_spec(room) and importlib.util.find_spec(f"{room}.unseen")
    }
