"""Run a hidden test, and word its outcome for the student who reads it.

A hidden test is a function that yields `Case` objects. Each case holds one action, which is done
twice: with the worked lab, and with the code under test. What differs is the outcome.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from grader_tests import reference
from grader_tests.credit import Finding, share
from grader_tests.diagnosis import recognise
from helpers.checking.attempt import parameter
from helpers.checking.compare import ATOL, RTOL, Difference, Setting, compare
from helpers.checking.namespace import LocalBackend, Student, StudentError, Thing, local

if TYPE_CHECKING:
    from grader_tests.bank import Mistake

_LONGEST_MESSAGE = 600
_MOST_LABELS = 3
# No word of people's: too long, or with too many consonants, vowels or equal letters in a row.
_NO_WORD = re.compile(
    r"[^\W\d_]{25,}|[^\W\d_]*(?:[bcdfghj-np-tvwxz]{6,}|[aeiou]{5,}|([^\W\d_])\1{3,})[^\W\d_]*",
    re.IGNORECASE,
)
# What these kinds of difference say is of more use than that a value is another one.
_TELLING = frozenset({"pattern", "factor", "sign", "axis", "transposed"})
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
    extreme : bool
        Whether this tries extremes, which carry points of their own (see `grader_tests.credit`).
    parts : tuple of str
        Functions and classes of the same lab that the code under test is made of. The worked
        lab's stand in for them, so that a wrong part is not paid for twice.
    names : tuple of str
        What the results are called, where the action returns several.
    otherwise : callable or None
        Another way to ask for the same, tried where the first finds fault: code that is right
        either way is right. For code that the first way would keep from its own parts.
    """

    label: str
    action: Callable[[Any], Any]
    m: int | None = None
    at: tuple[str, np.ndarray] | None = None
    rtol: float = RTOL
    atol: float = ATOL
    accept: Callable[[Any], str | None] | None = None
    may_change_inputs: bool = False
    extreme: bool = False
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    otherwise: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Outcome:
    """What one case gave: a value, or the reason why there is none."""

    value: Any = None
    error: StudentError | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A case, with the worked lab's answer to it and the arrays that it was given, by name."""

    case: Case
    expected: Any
    inputs: dict[str, np.ndarray]


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
    share : float
        Part of the points, from 0 to 1.
    seen : str
        Which of the test's cases failed first, and how its answer looks from outside.
    section : str
        Heading of the lab's section to read again.
    """

    passed: bool
    message: str
    mistake: str | None = None
    stopped: bool = False
    share: float = 0.0
    seen: str = ""
    section: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def credit(self, maximum: float) -> float:
        """Return the points that this is worth, of so many, to two decimals."""
        return round(self.share * maximum, 2)


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
        return Student(_Attentive(self.definitions))

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

    def __call__(self, namespace: dict[str, Any], seed: int = 0) -> float | None:
        """Test the code in a notebook's own namespace.

        Returns
        -------
        float or None
            Points, where they are neither all nor none: nbgrader reads them as partial credit.

        Raises
        ------
        TestFailed
            If nothing is right.
        """
        from IPython.display import display

        verdict = self.run(local(namespace), seed)
        display({VERDICT_MIME: verdict.as_dict()}, raw=True)
        if not verdict.share:
            raise TestFailed(verdict.message)
        print(verdict.message)
        if verdict.passed:
            return None
        return verdict.credit(reference.points(self.lab.name)[self.name])

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
        questions, outcomes, findings = [], [], []
        failures: dict[str, Difference] = {}
        for case in cases:
            questions.append(question := self._question(case))
            outcome, difference = self._answer(question, student)
            outcomes.append(outcome)
            changed = bool(outcome.changed) and not case.may_change_inputs
            kind = difference.kind if difference else None
            expected = question.expected
            shaped = isinstance(expected, (tuple, list, dict)) or np.ndim(expected) > 0
            findings.append(Finding(kind, changed, case.extreme, case.may_change_inputs, shaped))
            if changed and not difference:
                names = " and ".join(outcome.changed[:4])
                difference = Difference("changed", f"your code changed its input {names}.")
            if difference:
                failures[case.label] = difference
            if outcome.error and outcome.error.final:
                failure = _worded(failures, [])
                return Verdict(False, failure, stopped=True, seen=failure)
        if not failures:
            return Verdict(True, f"Passed: {len(cases)} checks.", share=1.0)
        failure = _worded(failures, cases)
        mistake = self._recognise(questions, outcomes)
        return Verdict(
            False,
            mistake.says if mistake else failure,
            mistake.name if mistake else None,
            share=share(findings),
            seen=failure,
            section=reference.sections(self.lab.name).get(self.name, ""),
        )

    def _answer(self, question: Question, student: Student) -> tuple[Outcome, Difference | None]:
        case = question.case
        outcome = observe(case, student, self.lab)
        difference = _judge(question, outcome)
        if difference and case.otherwise and not (outcome.error and outcome.error.final):
            second = observe(replace(case, action=case.otherwise), student, self.lab)
            left = _judge(question, second)
            if left is None or (second.error and second.error.final):
                return second, left
        return outcome, difference

    def _question(self, case: Case) -> Question:
        solution = self.lab.solution
        solution._backend.given.clear()
        outcome = observe(case, solution, self.lab)
        if outcome.error:  # the worked lab's own, so that the test is at fault
            raise outcome.error
        return Question(case, outcome.value, dict(solution._backend.given))

    def _recognise(self, questions: list[Question], outcomes: list[Outcome]) -> Mistake | None:
        def gives_the_same(mistake: Mistake) -> bool:
            try:
                suspect = self.lab.suspect(mistake)
            except ValueError:  # two swaps that do not go together
                return False
            return all(
                _alike(question, outcome, self._answer(question, suspect)[0])
                for question, outcome in zip(questions, outcomes, strict=True)
            )

        # Any two mistakes can end in the same error, so an error says nothing about a pair.
        answered = not any(outcome.error for outcome in outcomes)
        return recognise(self.lab.mistakes_in(self.name), gives_the_same, pairs=answered)


class _Attentive(LocalBackend):
    """Remembers by name the arrays that it was given."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__(namespace)
        self.given: dict[str, np.ndarray] = {}

    def call(self, ref: Any, args: tuple, kwargs: dict) -> Any:
        for position, value in enumerate(args):
            if isinstance(value, (np.ndarray, dict)):
                self._remember(parameter(ref, position), value)
        return super().call(ref, args, kwargs)

    def set(self, ref: Any, name: str, value: Any) -> None:
        self._remember(name, value)
        super().set(ref, name, value)

    def _remember(self, name: str, value: Any) -> None:
        arrays = value if isinstance(value, dict) else {name: value}
        self.given |= {key: v for key, v in arrays.items() if isinstance(v, np.ndarray)}


@contextmanager
def forgiven() -> Iterator[None]:
    """Go on where the code under test raises, unless it makes no sense to ask on."""
    try:
        yield
    except StudentError as error:
        if error.final:
            raise


def observe(case: Case, student: Student, lab: Lab) -> Outcome:
    """Do one case's action with the code under test."""
    changed = student._backend.changed
    changed.clear()
    try:
        with student._standing_in({name: lab.definitions[name] for name in case.parts}):
            value = case.action(student)
    except StudentError as error:
        return Outcome(error=error)
    except Exception as error:
        # The test called what is no function, took apart what is no tuple, or counted with what is
        # no number: a name that the notebook defines is something else than the exercise asks for.
        reason = f"what your notebook defines is of another kind than asked for ({error})."
        return Outcome(error=StudentError(reason))
    if isinstance(value, Thing):
        reason = f"the result is a {value._label}, not numbers or arrays alone."
        return Outcome(error=StudentError(reason))
    return Outcome(value=value, changed=tuple(dict.fromkeys(changed)))


def _judge(question: Question, outcome: Outcome) -> Difference | None:
    """Say how an answer differs from the worked lab's."""
    if outcome.error:
        return Difference("raised", _without_values(str(outcome.error)))
    try:
        return _compared(question, outcome)
    except Exception as error:  # whatever stands in a list, a number of 400 digits, say
        said = f"your result cannot be compared with numbers ({type(error).__name__})."
        return Difference("type", said)


def _compared(question: Question, outcome: Outcome) -> Difference | None:
    case = question.case
    if case.accept is None:
        setting = replace(_setting(case), inputs=question.inputs)
        return compare(question.expected, outcome.value, setting)
    # Where several answers are right, first see that the structure is.
    setting = Setting(values=False, inputs={}, names=case.names)
    difference = compare(question.expected, outcome.value, setting)
    if difference:
        return difference
    complaint = case.accept(outcome.value)
    return Difference("value", complaint) if complaint else None


def _alike(question: Question, one: Outcome, other: Outcome) -> bool:
    case = question.case
    if one.error or other.error:
        return bool(one.error and other.error) and one.error.reason == other.error.reason
    if one.changed != other.changed:
        return False
    if case.accept is not None:
        if _judge(question, one) != _judge(question, other):
            return False
        if not case.parts:
            return True
        # With the worked lab's parts in it, free choices come out alike, and values can tell.
    try:
        return compare(other.value, one.value, _setting(case)) is None
    except Exception:  # what cannot be compared is like nothing
        return False


def _worded(failures: dict[str, Difference], cases: list[Case]) -> str:
    """Say what is wrong, by the case that tells most, and which cases are right."""
    label = next(iter(failures))
    if failures[label].kind == "value":
        label = next((name for name in failures if not _says_nothing(failures[name])), label)
        extreme = {case.label for case in cases if case.extreme or case.accept}
        telling = (name for name, found in failures.items() if found.kind in _TELLING)
        label = next((name for name in telling if not {name, label} & extreme), label)
    text = f"{label}: {failures[label].message[:_LONGEST_MESSAGE]}"
    # That a case with free choices is passed says less than that a value is right.
    right = [case.label for case in cases if case.label not in failures and not case.accept]
    if 0 < len(right) <= _MOST_LABELS:
        text += f" Right with: {'; '.join(right)}."
    elif right and len(failures) > 1:
        text += (
            f" Wrong, too, with: {'; '.join([n for n in failures if n != label][:_MOST_LABELS])}."
        )
    return text


def _says_nothing(difference: Difference) -> bool:
    """Whether it is said of a single number only that it is another one, or on which side."""
    little = ("has another value.", "is too large.", "is too small.")
    return difference.kind == "value" and difference.message.endswith(little)


def _without_values(reason: str) -> str:
    """Take arrays, fractions and words that are none out of what an exception says.

    They may be hidden inputs, spelt in figures or in letters.
    """
    before, code, after = reason.partition(" It was raised in")
    before = re.sub(r"\[.*\]", "[…]", before, flags=re.DOTALL)
    before = re.sub(r"-?\d+\.\d*(e[-+]?\d+)?", "…", before)
    before = _NO_WORD.sub("…", before)
    return before + code + after


def _setting(case: Case) -> Setting:
    return Setting(m=case.m, at=case.at, rtol=case.rtol, atol=case.atol, names=case.names)
