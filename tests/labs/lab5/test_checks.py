"""Lab 5's visible checks accept what is right, speak up where they can know, and never raise."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests import lab5
from grader_tests.engine import worked
from grader_tests.engine.bank import Variant
from helpers.checking import lab5 as visible
from helpers.checking.namespace import local
from tests.support.checklists import all_pass

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

LAB = "lab5_functional_api"
# Each cell's checks, with the name that they take.
CHECKS = {
    "to_categorical": ("to_categorical", ["to_categorical"]),
    "dense": ("Dense", ["dense_build", "dense_forward", "dense_backward"]),
    "loss": ("CategoricalCrossentropy", ["loss"]),
    "sgd": ("SGD", ["sgd"]),
    "model": ("Model", ["graph", "predict"]),
    "training": ("Model", ["train_on_batch", "fit", "evaluate"]),
}
EVERY = [check for _, checks in CHECKS.values() for check in checks]


@pytest.fixture
def report(printed_by) -> Callable[[str, Any], str]:
    """Run a visible check and return what it printed."""
    return lambda check, answer: printed_by(getattr(visible, check), answer)


def as_handed_out(cell: str) -> dict[str, Any]:
    """Return the lab's definitions with every answer taken out of one cell."""
    stub = "raise NotImplementedError()"
    blank = re.sub(
        r"### BEGIN SOLUTION.*?### END SOLUTION", stub, worked.cells(LAB)[cell], flags=re.DOTALL
    )
    return Variant("as handed out", cell, code=blank).namespace(LAB)


@pytest.mark.parametrize("cell", CHECKS)
def test_an_exercise_as_handed_out_is_not_written_yet(cell, report):
    for check in CHECKS[cell][1]:
        printed = report(check, as_handed_out(cell)[CHECKS[cell][0]])
        assert ": not written yet." in printed
        assert printed.count("\n") == 1


@pytest.mark.parametrize("cell", CHECKS)
def test_an_exercise_that_is_not_written_costs_its_own_points_alone(cell):
    order = list(worked.cells(LAB))
    exercises = [name for name in order if name in CHECKS]
    after = exercises[exercises.index(cell) + 1 :]
    end = order.index(after[0]) if after else len(order)
    student = local(as_handed_out(cell))
    lost = {name for name, test in lab5.lab.tests.items() if not test.run(student, 1).passed}
    assert lost == set(order[order.index(cell) + 1 : end])


VALUES = [
    *(None, "text", 1j, np.nan, np.inf, 10**400, [], [1.0], {}, {"loss": None}, object()),
    *(np.array([]), np.array(None), np.array(["a"]), np.ones((2, 2, 2)), np.full((2, 3), np.nan)),
    *(ValueError("no"), SystemExit(), RecursionError(), StopIteration(), KeyError("x")),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("check", EVERY)
def test_no_answer_raises_or_passes(check, value, report):
    def answer(*_, **__):
        if isinstance(value, BaseException):
            raise value
        return value

    class Odd:
        def __init__(self, *_, **__):
            pass

        def __getattr__(self, name):
            return answer

        __call__ = answer

    assert not all_pass(report(check, answer))
    assert not all_pass(report(check, Odd))


@pytest.mark.parametrize("answer", [None, 3, "text", [], object(), print, int])
@pytest.mark.parametrize("check", EVERY)
def test_nothing_in_the_place_of_an_answer_raises_or_passes(check, answer, report):
    assert not all_pass(report(check, answer))
