"""A worker may crash, hang or run out of memory; the judge has a reason, and goes on."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.confinement.limits import Limits
from autograder.judge.sandbox import Sandbox
from autograder.judge.workers import IDLE, Gone, Patience, zygote
from helpers.checking.namespace import StudentError, changed_by, rng

pytestmark = pytest.mark.kernel

QUICK = Patience(cell_seconds=0.5, call_seconds=0.5, submission_seconds=20)


@pytest.fixture
def box():
    with Sandbox(zygote(), Limits(memory_mb=512), QUICK) as sandbox:
        yield sandbox


def text(outputs: list[dict]) -> str:
    return " ".join(str(output.get("text", output.get("evalue", ""))) for output in outputs)


def test_cells_run_and_functions_are_called_with_data(box):
    assert "3" in text(box.run("print(1 + 2)"))
    box.run("def double(x):\n    return {'y': 2 * x}")
    answer = box.student.double(np.arange(3.0))
    np.testing.assert_array_equal(answer["y"], [0, 2, 4])


def test_objects_stay_in_the_worker_and_are_used_from_here(box):
    box.run(
        "class A:\n    def __init__(self, n): self.n = n\n    def f(self, x): return self.n * x"
    )
    thing = box.student.A(3)
    assert thing.f(2) == 6
    thing.n = 5
    assert (thing.n, thing.f(2)) == (5, 10)


def test_changed_inputs_are_reported(box):
    box.run("def spoil(x):\n    x[0] = 9\n    return x")
    student = box.student
    student.spoil(np.zeros(2))
    assert changed_by(student) == ["x"]


def test_recipes_are_made_in_the_worker(box):
    box.run("def draw(rng):\n    return rng.normal(size=3)")
    np.testing.assert_array_equal(box.student.draw(rng(7)), np.random.default_rng(7).normal(size=3))


def test_a_stand_in_answers_from_here_while_the_student_calls_it(box):
    box.run("def part(x):\n    return -1\ndef whole(x):\n    return part(x) + 1")

    def part(x):
        return 10 * x

    part.__module__ = "lab0_test"
    student = box.student
    with student._standing_in({"part": part}):
        assert student.whole(2) == 21
    assert student.whole(2) == 0


@pytest.mark.parametrize("name", ["__globals__", "__code__", "_secret", "__class__"])
def test_a_stand_in_shows_nothing_of_itself(box, name):
    box.run(f"def whole():\n    return str(getattr(part, {name!r}))")

    def part():
        return 1

    part.__module__ = "lab0_test"
    student = box.student
    with student._standing_in({"part": part}):
        if name == "__class__":  # the worker's own view of it
            assert "Thing" in student.whole()
        else:
            with pytest.raises(StudentError):
                student.whole()


CRASHES = {
    "endless loop": ("while True: pass", "never ends"),
    "endless loop that ignores interrupts": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "never ends",
    ),
    "leaves": ("import os; os._exit(3)", "ended the whole process"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "crashed Python"),
    "memory": ("x = bytearray(2 * 10**9)", "MemoryError"),
}


@pytest.mark.parametrize("source", CRASHES)
def test_a_lost_worker_has_a_reason_and_the_next_one_knows_what_ran(box, source):
    code, reason = CRASHES[source]
    box.run("def f():\n    return 1")
    outputs = box.run(code)
    assert reason in text(outputs) or reason in str(outputs)
    assert box.student.f() == 1


def test_a_call_that_never_ends_is_given_up(box):
    box.run("def f():\n    while True: pass\ndef g():\n    return 2")
    with pytest.raises(Gone, match="never ends"):
        box.student.f()
    assert box.student.g() == 2


def test_a_stand_in_that_asks_back_gives_no_more_time(box):
    box.run("def f(rng):\n    while True: part(rng)\ndef g():\n    return 2")

    def part(rng):
        return rng.permutation(3)

    part.__module__ = "lab0_test"
    student = box.student
    started = time.monotonic()
    with student._standing_in({"part": part}), pytest.raises(Gone, match="never ends"):
        student.f(rng(7))
    assert time.monotonic() - started < 2 * IDLE * QUICK.call_seconds
    assert box.student.g() == 2


def test_a_submission_has_so_much_time_in_all():
    patience = Patience(cell_seconds=0.5, call_seconds=0.5, submission_seconds=1)
    with Sandbox(zygote(), Limits(), patience) as box:
        for _ in range(4):
            outputs = box.run("while True: pass")
        assert "has used up its 1 seconds" in text(outputs)
        with pytest.raises(Gone):
            _ = box.student


def test_the_zygote_knows_no_tests(box):
    found = text(box.run("import sys; print([m for m in sys.modules if 'grader_tests' in m])"))
    assert found.strip() == "[]"
