"""Two mistakes at once are told as two; what only looks like a mistake is not."""

from __future__ import annotations

import numpy as np
import pytest

from grader_tests import lab1
from grader_tests.engine import worked
from grader_tests.engine.bank import Variant
from grader_tests.engine.trial import trial
from helpers.checking.namespace import LocalBackend, Student, StudentError, local

LAB = "lab1_helper_utilities"
KNOWN = {mistake.name: mistake for mistake in lab1.lab.mistakes}
TWO = [
    ("test_compute_cost", "cost with the wrong sign", "cost guarded on one side"),
    ("test_compute_cost", "cost is a sum over the examples", "cost guarded on one side"),
    ("test_sigmoid_prime", "prime takes the sigmoid's value", "prime with the wrong sign"),
    ("test_one_hot", "one-hot transposed", "one-hot up to the largest label"),
]


@pytest.mark.parametrize(("test", "one", "other"), TWO)
def test_two_mistakes_at_once_are_both_named(test: str, one: str, other: str) -> None:
    both = Variant("both", KNOWN[one].cell, KNOWN[one].swap + KNOWN[other].swap)
    verdict = trial(lab1.lab, both).verdicts[test]
    assert verdict.mistake in (f"{one}; {other}", f"{other}; {one}")
    assert KNOWN[one].says in verdict.message
    assert KNOWN[other].says in verdict.message


@pytest.mark.parametrize("seed", range(3))
def test_numbers_out_of_the_air_are_no_known_mistake(seed: int) -> None:
    rng = np.random.default_rng(seed)
    answers = {
        "one_hot": lambda Y, n: rng.random((n, Y.size)),
        "compute_cost": lambda A2, Y: rng.random(),
    }
    student = local(worked.load(LAB) | answers)
    for name in ("test_one_hot", "test_compute_cost"):
        verdict = lab1.lab.tests[name].run(student, seed)
        assert not verdict.passed
        assert verdict.mistake is None


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyError("W1"), ZeroDivisionError(), TypeError]
)
def test_an_unrelated_error_is_no_known_mistake(error: Exception) -> None:
    def broken(*_):
        raise error

    student = local(worked.load(LAB) | {"one_hot": broken, "compute_cost": broken})
    for name in ("test_one_hot", "test_compute_cost"):
        verdict = lab1.lab.tests[name].run(student, seed=1)
        assert verdict.mistake is None
        assert verdict.seen == verdict.message


def test_a_message_says_where_to_read_again() -> None:
    verdict = trial(lab1.lab, KNOWN["one-hot counts from 1"]).verdicts["test_one_hot"]
    assert verdict.section == "3. One-hot labels"


def test_where_code_was_stopped_that_is_what_is_said():
    """And not what a case before it found, if that says little."""

    class Stopped(StudentError):
        final = True

    def stopped(*_):
        raise Stopped("Your code was stopped here.")

    answers = iter([lambda *_: 0.731, *[stopped] * 20])
    backend = LocalBackend({"compute_cost": lambda *args: next(answers)(*args)})
    backend.call = lambda ref, args, kwargs: ref(*args)
    verdict = lab1.lab.tests["test_compute_cost"].run(Student(backend), 0)
    assert verdict.stopped
    assert "Your code was stopped here." in verdict.message


@pytest.mark.parametrize(
    "error",
    [
        StudentError("There is no `one_hot` in your notebook."),
        TypeError("can only concatenate str"),
        KeyError("W1"),
    ],
)
def test_where_all_inputs_stop_it_alike_none_of_them_is_named(error: Exception) -> None:
    def broken(*_):
        raise error

    verdict = lab1.lab.tests["test_one_hot"].run(local(worked.load(LAB) | {"one_hot": broken}), 1)
    assert "class" not in verdict.message
    assert str(error).strip("'") in verdict.message


def test_where_some_inputs_stop_it_they_are_named() -> None:
    right = worked.load(LAB)["one_hot"]

    def picky(Y, n_classes):
        if n_classes > len(np.unique(Y)):
            raise ValueError("too many")
        return right(Y, n_classes)

    student = local(worked.load(LAB) | {"one_hot": picky})
    message = lab1.lab.tests["test_one_hot"].run(student, 1).message
    assert "class" in message.partition(": ValueError")[0]
