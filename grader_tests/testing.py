"""Run a hidden test, and word its outcome for the student who reads it.

A hidden test is a function that yields `Case` objects. Each case holds one action, which is done
twice: with the worked lab, and with the code under test. What differs is the outcome.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader_tests import reference
from helpers.checking.compare import ATOL, RTOL, Difference, Setting, compare
from helpers.checking.namespace import Student, StudentError, Thing, local

if TYPE_CHECKING:
    from grader_tests.bank import Mistake

_LONGEST_MESSAGE = 600
VERDICT_MIME = "application/vnd.digits-from-scratch.verdict+json"


@dataclass(frozen=True)
class Case:
    """One thing that a hidden test tries.

    Attributes
    ----------
    label : str
        What is tried, in words that give no hidden value away.
    action : callable
        Takes a student namespace and returns what is to be compared.
    m : int or None
        Number of examples in the inputs.
    at : (str, ndarray) or None
        An input that belongs to the result entry by entry.
    rtol, atol : float
        Tolerances for float64 results.
    accept : callable or None
        Where more than one answer is right: takes what came back (known to have the reference's
        structure and shape) and returns None, or a sentence that says what is wrong.
    may_change_inputs : bool
        Whether the code may alter its arguments in place.
    parts : tuple of str
        Functions and classes of the same lab that the code under test is made of. The worked
        lab's stand in for them, so that a wrong part is not paid for twice.
    """

    label: str
    action: Callable[[Any], Any]
    m: int | None = None
    at: tuple[str, np.ndarray] | None = None
    rtol: float = RTOL
    atol: float = ATOL
    accept: Callable[[Any], str | None] | None = None
    may_change_inputs: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What one case gave: a value, or the reason why there is none."""

    value: Any = None
    error: StudentError | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """The outcome of one hidden test.

    Attributes
    ----------
    passed : bool
    message : str
        For the student: what is wrong and what to look at, or that all is well.
    mistake : str or None
        Name of the known mistake, where the answers are exactly those that it gives.
    stopped : bool
        Whether the code had to be stopped, or stopped itself, so that the test has no end.
    """

    passed: bool
    message: str
    mistake: str | None = None
    stopped: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class TestFailed(AssertionError):
    """A hidden test failed. Shows its message alone: a traceback would show the test."""

    __test__ = False

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@dataclass
class Lab:
    """A lab's hidden tests, in the order in which they stand in the lab.

    Parameters
    ----------
    name : str
        Name of the lab's folder in solutions/.
    bank : str
        Name of the module that holds its known mistakes and right answers.
    """

    name: str
    bank: str
    tests: dict[str, HiddenTest] = field(default_factory=dict)
    _suspects: dict[str, Student] = field(default_factory=dict)

    def test(self, cases: Callable[[np.random.Generator], Iterable[Case]]) -> HiddenTest:
        """Make a hidden test of a function that yields cases; its name is the cell's grade_id."""
        test = self.tests[cases.__name__] = HiddenTest(cases.__name__, cases, self)
        return test

    @cached_property
    def definitions(self) -> dict[str, Any]:
        return reference.load(self.name)

    @cached_property
    def solution(self) -> Student:
        return local(self.definitions)

    def suspect(self, mistake: Mistake) -> Student:
        """Return the worked lab with one mistake in it, as a student namespace."""
        if mistake.name not in self._suspects:
            self._suspects[mistake.name] = local(mistake.namespace(self.name))
        return self._suspects[mistake.name]

    def mistakes_in(self, test: str) -> list[Mistake]:
        bank = importlib.import_module(self.bank)
        return [mistake for mistake in bank.MISTAKES if test in mistake.loses]


@dataclass
class HiddenTest:
    """One test cell's test. Call it with ``globals()`` in an open notebook."""

    name: str
    cases: Callable[[np.random.Generator], Iterable[Case]]
    lab: Lab

    def __call__(self, namespace: dict[str, Any], seed: int = 0) -> None:
        """Test the code in a notebook's own namespace; raise `TestFailed` if it is wrong."""
        from IPython.display import display

        verdict = self.run(local(namespace), seed)
        display({VERDICT_MIME: verdict.as_dict()}, raw=True)
        if not verdict.passed:
            raise TestFailed(verdict.message)
        print(verdict.message)

    def run(self, student: Student, seed: int) -> Verdict:
        """Test the code in a student namespace.

        Parameters
        ----------
        student : Student
            The code under test.
        seed : int
            Seed of the hidden inputs; the same seed gives the same inputs.
        """
        cases = list(self.cases(np.random.default_rng(seed)))
        outcomes = []
        failure = None
        for case in cases:
            outcomes.append(outcome := observe(case, student, self.lab))
            failure = failure or self._judge(case, outcome)
            if outcome.error and outcome.error.final:
                return Verdict(False, failure, stopped=True)
        if failure is None:
            return Verdict(True, f"Passed: {len(cases)} checks.")
        if mistake := self._recognise(cases, outcomes):
            return Verdict(False, mistake.says, mistake.name)
        return Verdict(False, failure)

    def _judge(self, case: Case, outcome: Outcome) -> str | None:
        """Say what is wrong with an outcome, or None."""
        if outcome.error:
            return f"{case.label}: {_without_values(str(outcome.error))}"
        expected = observe(case, self.lab.solution, self.lab).value
        if case.accept is None:
            difference = compare(expected, outcome.value, _setting(case))
        else:
            difference = _accept(case, expected, outcome.value)
        if difference:
            return f"{case.label}: {difference.message[:_LONGEST_MESSAGE]}"
        if outcome.changed and not case.may_change_inputs:
            names = " and ".join(outcome.changed[:4])
            return f"{case.label}: your code changed its input {names}."
        return None

    def _recognise(self, cases: list[Case], outcomes: list[Outcome]) -> Mistake | None:
        """Find the known mistake whose answers are the same in every case."""
        for mistake in self.lab.mistakes_in(self.name):
            suspect = self.lab.suspect(mistake)
            if all(
                self._alike(case, outcome, observe(case, suspect, self.lab))
                for case, outcome in zip(cases, outcomes, strict=True)
            ):
                return mistake
        return None

    def _alike(self, case: Case, one: Outcome, other: Outcome) -> bool:
        if one.error or other.error:
            return bool(one.error and other.error) and one.error.reason == other.error.reason
        if one.changed != other.changed:
            return False
        if case.accept is not None:
            return self._judge(case, one) == self._judge(case, other)
        return compare(other.value, one.value, _setting(case)) is None


def observe(case: Case, student: Student, lab: Lab) -> Outcome:
    """Do one case's action with the code under test."""
    changed = student._backend.changed
    changed.clear()
    try:
        with student._standing_in({name: lab.definitions[name] for name in case.parts}):
            value = case.action(student)
    except StudentError as error:
        return Outcome(error=error)
    except (TypeError, AttributeError, LookupError) as error:
        # The test called what is no function, or took apart what is no tuple: a name that the
        # notebook defines is something else than the exercise asks for.
        reason = f"what your notebook defines is of another kind than asked for ({error})."
        return Outcome(error=StudentError(reason))
    if isinstance(value, Thing):
        reason = f"the result is a {value._label}, not numbers or arrays alone."
        return Outcome(error=StudentError(reason))
    return Outcome(value=value, changed=tuple(dict.fromkeys(changed)))


def _without_values(reason: str) -> str:
    """Take arrays and fractions out of what an exception says: they may be hidden inputs."""
    before, code, after = reason.partition(" It was raised in")
    before = re.sub(r"\[.*\]", "[…]", before, flags=re.DOTALL)
    before = re.sub(r"-?\d+\.\d*(e[-+]?\d+)?", "…", before)
    return before + code + after


def _setting(case: Case) -> Setting:
    return Setting(m=case.m, at=case.at, rtol=case.rtol, atol=case.atol)


def _accept(case: Case, expected: Any, actual: Any) -> Difference | None:
    """Ask a case that accepts several answers, once the structure is known to be right."""
    difference = compare(expected, actual, Setting(values=False))
    if difference:
        return difference
    complaint = case.accept(actual)
    return Difference("value", complaint) if complaint else None
