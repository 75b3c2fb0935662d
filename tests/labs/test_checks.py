"""Every lab's visible checks accept what is right, see each known mistake, and print to stdout."""

from __future__ import annotations

import importlib

import pytest

from grader_tests.engine import worked
from grader_tests.engine.lab import labs, package
from tests.support.checklists import all_pass

# A warning would go to stderr, where nbgrader takes it for a failure.
pytestmark = pytest.mark.filterwarnings("error")

CELLS = [
    pytest.param(lab, cell, id=f"{package(lab.name)}: {cell}")
    for lab in labs()
    for cell in lab.answers
]


def _variants(kind):
    return [
        pytest.param(lab, variant, id=f"{package(lab.name)}: {variant.name}")
        for lab in labs()
        for variant in getattr(lab, kind)
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


@pytest.mark.parametrize(("lab", "variant"), _variants("right_answers"))
def test_a_right_answer_written_differently_passes(lab, variant, reports):
    for printed in reports(lab, variant.cell, variant.namespace(lab.name)).values():
        assert all_pass(printed), printed


@pytest.mark.parametrize(("lab", "mistake"), _variants("mistakes"))
def test_a_mistake_is_seen(lab, mistake, reports):
    printed = reports(lab, mistake.cell, mistake.namespace(lab.name)).values()
    failed = [text for text in printed if not all_pass(text)]
    assert bool(failed) == (mistake.name not in lab.hidden_only), printed
    assert all("\n  x  " in text for text in failed)


@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.name)
def test_every_solution_cell_is_declared(lab):
    cells = worked.cells(lab.name).keys() - worked.points(lab.name).keys()
    assert cells == set(lab.answers)
    assert {m.cell for m in lab.mistakes} <= set(lab.answers)
    assert lab.hidden_only <= {mistake.name for mistake in lab.mistakes}
