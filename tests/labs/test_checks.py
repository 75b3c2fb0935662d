"""Every lab's visible checks accept what is right, see each known mistake, and print to stdout."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from grader_tests.engine import worked
from grader_tests.engine.lab import labs, package
from tests.support.checklists import all_pass
from tests.support.variants import variants

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

CELLS = [
    pytest.param(lab, cell, id=f"{package(lab.name)}: {cell}")
    for lab in labs()
    for cell in lab.answers
]


@pytest.fixture
def reports(printed_by):
    """Run all visible checks of a cell and return what they printed."""

    def run(lab, cell, definitions) -> dict[str, str]:
        visible = importlib.import_module(f"helpers.checking.{package(lab.name)}")
        answer = lab.answers[cell]
        given = [definitions[name] for name in answer.names]
        return {check: printed_by(getattr(visible, check), *given) for check in answer.checks}

    return run


@pytest.mark.parametrize(("lab", "cell"), CELLS)
def test_the_worked_answer_passes(lab, cell, reports):
    names = (cell, *lab.answers[cell].names)
    for check, printed in reports(lab, cell, worked.load(lab.name)).items():
        assert all_pass(printed), printed
        assert printed.count("\n") == 1
        assert printed.startswith((check, *names))


@pytest.mark.parametrize(("lab", "variant"), variants("right_answers"))
def test_a_right_answer_written_differently_passes(lab, variant, reports):
    for printed in reports(lab, variant.cell, variant.namespace(lab.name)).values():
        assert all_pass(printed), printed


@pytest.mark.parametrize(("lab", "mistake"), variants("mistakes"))
def test_a_mistake_is_seen(lab, mistake, reports):
    printed = reports(lab, mistake.cell, mistake.namespace(lab.name)).values()
    failed = [text for text in printed if not all_pass(text)]
    assert bool(failed) == (mistake.name not in lab.hidden_only), printed
    assert all("\n  x  " in text for text in failed)


# Cells in which functions are filled in; what is asked of classes stands in a lab's own folder.
FUNCTIONS = [
    pytest.param(lab, cell, id=f"{package(lab.name)}: {cell}")
    for lab in labs()
    for cell, answer in lab.answers.items()
    if all(name[0].islower() for name in answer.names)
]
VALUES = [
    *(None, "text", 1j, np.nan, np.inf, 10**400, [], [1.0], {}, object()),
    *({"dW1": None}, {"W1": None, "dW1": None}),
    *(np.array([]), np.array(None), np.array(["a"]), np.ones((2, 2, 2)), np.full((2, 3), np.nan)),
    *([1, 2, 3, 4], (None,) * 4, ("a", "b", "c", "d"), [np.ones(3)] * 4, [[], {}, object(), 1j]),
    *(ValueError("no"), SystemExit(), RecursionError(), StopIteration(), KeyError("x")),
]


@pytest.fixture
def reports_of(reports):
    """Run all visible checks of a cell in which everything is the same answer."""
    return lambda lab, cell, answer: reports(
        lab, cell, dict.fromkeys(lab.answers[cell].names, answer)
    ).values()


@pytest.mark.parametrize(("lab", "cell"), FUNCTIONS)
def test_a_function_as_handed_out_is_not_written_yet(lab, cell, reports_of):
    def unwritten(*_):
        raise NotImplementedError()

    for printed in reports_of(lab, cell, unwritten):
        assert printed.startswith(cell)
        assert ": not written yet." in printed
        assert printed.count("\n") == 1


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize(("lab", "cell"), FUNCTIONS)
def test_no_value_of_a_function_raises_or_passes(lab, cell, value, reports_of):
    def answer(*_):
        if isinstance(value, BaseException):
            raise value
        return value

    assert not any(map(all_pass, reports_of(lab, cell, answer)))


@pytest.mark.parametrize("answer", [None, 3, "text", [], object(), print, int])
@pytest.mark.parametrize(("lab", "cell"), FUNCTIONS)
def test_nothing_in_the_place_of_a_function_raises_or_passes(lab, cell, answer, reports_of):
    assert not any(map(all_pass, reports_of(lab, cell, answer)))


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.name)
def test_every_solution_cell_is_declared(lab):
    assert set(worked.answers(lab.name)) == set(lab.answers)
    assert {m.cell for m in lab.mistakes} <= set(lab.answers)
    assert lab.hidden_only <= {mistake.name for mistake in lab.mistakes}
