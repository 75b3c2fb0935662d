"""A lab as it is declared, with its hidden tests; and which labs have any."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader_tests.engine import worked
from grader_tests.engine.case import Case
from grader_tests.engine.hidden_test import Attentive, HiddenTest
from helpers.checking.namespace import Student, local

if TYPE_CHECKING:
    from grader_tests.engine.bank import Mistake, Variant


class Answer:
    """What a solution cell defines, and the visible checks that look at it.

    Parameters
    ----------
    *names : str
        Functions or classes that a student fills in there; a check takes all of them.
    checks : tuple of str, optional
        Names in `helpers.checking.labN`; the function's own by default.
    """

    def __init__(self, *names: str, checks: tuple[str, ...] = ()) -> None:
        self.names = names
        self.checks = checks or names


@dataclass
class Lab:
    """A lab's one declaration, to which `test` adds its hidden tests.

    Parameters
    ----------
    name : str
        Name of the lab's folder in solutions/.
    title : str
        What the course's table calls it.
    builds : str
        What a student builds in it, in a line.
    points : mapping
        Points of every test, by its name, in the order of testing: what stands in for a part of
        something is tested before that.
    given : mapping, optional
        Files beside the notebook that students are given, and the labs whose answers each may
        hold.
    answers : mapping, optional
        The solution cells, by their grade_id.
    public : set of str, optional
        Lines of answers and tests that may be read anywhere, without blanks: add one only after
        looking at it.
    hidden_only : set of str, optional
        Names of known mistakes that no visible check can see.
    stand_ins : set of str, optional
        Attributes with an underscore that a student's code may ask a stand-in for.
    """

    name: str
    title: str
    builds: str
    points: Mapping[str, float]
    given: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    public: AbstractSet[str] = frozenset()
    hidden_only: AbstractSet[str] = frozenset()
    stand_ins: AbstractSet[str] = frozenset()
    _tests: dict[str, HiddenTest] = field(default_factory=dict, init=False)
    _suspects: dict[str, Student] = field(default_factory=dict, init=False)

    def test(self, cases: Callable[[np.random.Generator], Iterable[Case]]) -> HiddenTest:
        """Make a hidden test of a function that yields cases; its name is the cell's grade_id."""
        name = cases.__name__
        if name not in self.points:
            raise ValueError(f"{self.name} gives no points for {name}: declare it in its lab.py.")
        test = self._tests[name] = HiddenTest(name, cases, self)
        return test

    @property
    def tests(self) -> dict[str, HiddenTest]:
        """The hidden tests in the order of testing, whatever imported them first."""
        return {name: self._tests[name] for name in self.points if name in self._tests}

    @cached_property
    def definitions(self) -> dict[str, Any]:
        return worked.load(self.name)

    @cached_property
    def attentive(self) -> Attentive:
        """Where the worked lab lives."""
        return Attentive(self.definitions)

    @cached_property
    def solution(self) -> Student:
        return Student(self.attentive)

    def suspect(self, mistake: Mistake) -> Student:
        """Return the worked lab with one mistake in it, as a student namespace."""
        if mistake.name not in self._suspects:
            self._suspects[mistake.name] = local(mistake.namespace(self.name))
        return self._suspects[mistake.name]

    @cached_property
    def mistakes(self) -> list[Mistake]:
        """The known mistakes, those of the bank."""
        bank = importlib.import_module(f"grader_tests.{package(self.name)}.bank")
        mistakes: list[Mistake] = bank.MISTAKES
        return mistakes

    @cached_property
    def right_answers(self) -> list[Variant]:
        """Right answers written differently from the worked one, those of the bank."""
        bank = importlib.import_module(f"grader_tests.{package(self.name)}.bank")
        answers: list[Variant] = bank.RIGHT
        return answers

    def mistakes_in(self, test: str) -> list[Mistake]:
        return [mistake for mistake in self.mistakes if test in mistake.loses]


def package(assignment: str) -> str:
    """Return the name of the folder in each part of the course that belongs to a lab."""
    return assignment.partition("_")[0]


def find_lab(assignment: str) -> Lab | None:
    """Return an assignment's hidden tests, or None where all its tests stand in its cells."""
    module = f"grader_tests.{package(assignment)}"
    if not package(assignment).isidentifier() or importlib.util.find_spec(module) is None:
        return None
    lab = getattr(importlib.import_module(module), "lab", None)
    return lab if isinstance(lab, Lab) and lab.name == assignment else None


def labs() -> list[Lab]:
    """Return the labs that have hidden tests, in their order."""
    return [lab for name in worked.labs() if (lab := find_lab(name))]
