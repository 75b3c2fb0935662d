"""Run a hidden test, and word its outcome for the student who reads it.

A hidden test is a function that yields `Case` objects. Each case holds one action, which is done
twice: with the worked lab, and with the code under test. What differs is the outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader_tests.engine import worked
from grader_tests.engine.case import Case, Outcome, Question
from grader_tests.engine.credit import Finding, share
from grader_tests.engine.diagnosis import recognise
from grader_tests.engine.verdict import (
    VERDICT_MIME,
    TestFailed,
    Verdict,
    tells_most,
    without_values,
    worded,
)
from grader_tests.engine.work import arrays_in, takes_work
from helpers.checking.attempt import StudentError, parameter
from helpers.checking.compare import Difference, Kind, Setting, compare, kind_of
from helpers.checking.namespace import LocalBackend, Student, Thing, changed_by, local

if TYPE_CHECKING:
    from grader_tests.engine.bank import Mistake
    from grader_tests.engine.lab import Lab


@dataclass
class Round:
    """The questions of one seed, and what known mistakes answered so far, by their names."""

    seed: int
    questions: list[Question]
    suspects: dict[str, list[Outcome]] = field(default_factory=dict)


@dataclass
class HiddenTest:
    """One test cell's test. Call it with ``globals()`` in an open notebook."""

    name: str
    cases: Callable[[np.random.Generator], Iterable[Case]]
    lab: Lab
    _round: Round | None = field(default=None, init=False)

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
        return verdict.credit(self.lab.points[self.name])

    def run(self, student: Student, seed: int) -> Verdict:
        """Test the code in a student namespace.

        Parameters
        ----------
        student : Student
            The code under test.
        seed : int
            Seed of the hidden inputs; the same seed gives the same inputs.
        """
        asked = []
        for one in self.ask(student, seed):
            asked.append(one)
            if one.outcome.error and one.outcome.error.final:
                break
        failures = {a.question.case.label: a.difference for a in asked if a.difference}
        if any(one.outcome.error and one.outcome.error.final for one in asked):
            failure = worded(tells_most(failures, []), failures, [])
            return Verdict(False, failure, stopped=True, seen=failure)
        cases = [one.question.case for one in asked]
        if not failures:
            return Verdict(True, f"Passed: {len(cases)} checks.", share=1.0)
        label = tells_most(failures, cases)
        failure = worded(label, failures, cases)
        mistake = self._recognise(student, asked, seed)
        return Verdict(
            False,
            mistake.says if mistake else failure,
            mistakes=mistake.names if mistake else (),
            share=share([one.finding for one in asked]),
            seen=failure,
            section=worked.sections(self.lab.name).get(self.name, ""),
            unwritten=not mistake and failures[label].kind == "unwritten",
        )

    def ask(self, student: Student, seed: int) -> Iterator[Asked]:
        """Ask the code in a student namespace one case after the other."""
        for question in self._begin(seed).questions:
            case = question.case
            outcome, difference = self._answer(question, student)
            if outcome.changed and not case.may_change_inputs and not difference:
                names = " and ".join(outcome.changed[:4])
                difference = Difference("changed", f"your code changed its input {names}.")
            yield Asked(question, outcome, difference)

    def _begin(self, seed: int) -> Round:
        """Put the questions of a seed; those of the last one are kept, for whoever asks again."""
        if self._round is None or self._round.seed != seed:
            cases = list(self.cases(np.random.default_rng(seed)))
            self._round = Round(seed, [self._question(case) for case in cases])
        return self._round

    def _answer(self, question: Question, student: Student) -> tuple[Outcome, Difference | None]:
        case = question.case
        outcome = observe(case, student, self.lab)
        difference = _judge(question, outcome)
        if difference and case.otherwise and not (outcome.error and outcome.error.final):
            second = observe(case.otherwise, student, self.lab)
            left = _judge(question, second)
            if left is None or (second.error and second.error.final):
                return second, left
        return outcome, difference

    def _question(self, case: Case) -> Question:
        attentive = self.lab.attentive
        attentive.forget()
        outcome = observe(case, self.lab.solution, self.lab)
        if outcome.error:  # the worked lab's own, so that the test is at fault
            raise outcome.error
        return Question(case, outcome.value, dict(attentive.given), tuple(attentive.arrays))

    def _recognise(self, student: Student, asked: list[Asked], seed: int) -> Mistake | None:
        def gives_the_same(mistake: Mistake) -> bool:
            try:
                suspect = self.lab.suspect(mistake)
            except ValueError:  # two swaps that do not go together
                return False
            answers = answered_before.setdefault(mistake.name, [])
            for number, one in enumerate(asked):
                if number == len(answers):
                    answers.append(self._answer(one.question, suspect)[0])
                if not _alike(one.question, one.outcome, answers[number]):
                    return False
            return self._others_are_lost(mistake, student, seed)

        answered_before = self._begin(seed).suspects
        # Any two mistakes can end in the same error, so an error says nothing about a pair.
        answered = not any(one.outcome.error for one in asked)
        return recognise(self.lab.mistakes_in(self.name), gives_the_same, pairs=answered)

    def _others_are_lost(self, mistake: Mistake, student: Student, seed: int) -> bool:
        """Whether the other tests that a mistake loses reject the code, too.

        A mistake in one part shows in what is made of it; where the part is right, the same answers
        come from something else.
        """
        others = (self.lab.tests[name] for name in mistake.loses - {self.name})
        return all(any(one.difference for one in test.ask(student, seed)) for test in others)


@dataclass(frozen=True)
class Asked:
    """A question, what came of it, and how that differs from the right answer, if it does."""

    question: Question
    outcome: Outcome
    difference: Difference | None

    @property
    def finding(self) -> Finding:
        """What of it decides about points."""
        case, expected = self.question.case, self.question.expected
        # That an input was changed has points of its own: the values may be right all the same.
        kind = self.difference.kind if self.difference else None
        return Finding(
            wrong=None if kind == "changed" else kind,
            changed=bool(self.outcome.changed) and not case.may_change_inputs,
            extreme=case.extreme,
            may_change=case.may_change_inputs,
            shaped=isinstance(expected, (tuple, list, dict)) or np.ndim(expected) > 0,
            works=self._works,
        )

    @property
    def _works(self) -> bool:
        """Whether something in the answer is right that takes work."""
        case = self.question.case
        if case.accept is not None:
            return case.takes_work and self.difference is None
        return takes_work(
            self.question.expected, self.outcome.value, _setting(case), self.question.given
        )


class Attentive(LocalBackend):
    """Remembers the arrays that it was given: all of them, and the last of each name."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__(namespace)
        self.given: dict[str, np.ndarray] = {}
        self.arrays: list[np.ndarray] = []

    def forget(self) -> None:
        self.given.clear()
        self.arrays.clear()

    def call(self, ref: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        for position, value in enumerate(args):
            if isinstance(value, (np.ndarray, dict)):
                self._remember(parameter(ref, position), value)
        self.arrays += arrays_in((*args, *kwargs.values()))
        return super().call(ref, args, kwargs)

    def set(self, ref: Any, name: str, value: Any) -> None:
        self._remember(name, value)
        self.arrays += arrays_in(value)
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
    changed = changed_by(student)
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
        if "NoneType" in str(error):
            reason = (
                "what came back is None, where there should be something. Is a `return` missing?"
            )
        return Outcome(error=StudentError(reason))
    if isinstance(value, Thing):
        reason = f"the result is {kind_of(value)}, not numbers or arrays alone."
        return Outcome(error=StudentError(reason))
    return Outcome(value=value, changed=tuple(dict.fromkeys(changed)))


def _judge(question: Question, outcome: Outcome) -> Difference | None:
    """Say how an answer differs from the worked lab's."""
    if outcome.error:
        kind: Kind = "unwritten" if outcome.error.unwritten else "raised"
        return Difference(kind, without_values(str(outcome.error)))
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
    if one.error and other.error:
        return one.error.reason == other.error.reason
    if one.error or other.error or one.changed != other.changed:
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


def _setting(case: Case) -> Setting:
    return Setting(m=case.m, at=case.at, rtol=case.rtol, atol=case.atol, names=case.names)
