"""Every known mistake loses exactly its points and is named; every right answer keeps all."""

from __future__ import annotations

import pytest

from grader_tests.engine import worked
from grader_tests.engine.lab import labs
from grader_tests.engine.trial import trial
from helpers.checking.namespace import local
from tests.support.hidden import QUOTED_LINE
from tests.support.variants import variants

pytestmark = pytest.mark.training

LABS = labs()
SEEDS = (0, 20261122)


@pytest.mark.parametrize(("lab", "mistake"), variants("mistakes"))
@pytest.mark.parametrize("seed", SEEDS)  # outermost, so that questions are kept
def test_mistake_loses_exactly_its_tests_and_is_named(lab, mistake, seed, tally):
    outcome = trial(lab, mistake, seed)
    assert outcome.rejected == mistake.loses
    assert outcome.named == mistake.loses, {
        test: verdict.message for test, verdict in outcome.verdicts.items() if not verdict.passed
    }
    for verdict in outcome.verdicts.values():
        for line in QUOTED_LINE.findall(f"{verdict.message} {verdict.seen}"):
            assert line in mistake.source(lab.name), "a line that is not the student's own"
    tally["mistakes caught"].add((lab.name, mistake.name))


@pytest.mark.parametrize(("lab", "variant"), variants("right_answers"))
@pytest.mark.parametrize("seed", SEEDS)  # outermost, so that questions are kept
def test_right_answer_keeps_full_marks(lab, variant, seed, tally):
    for verdict in trial(lab, variant, seed).verdicts.values():
        assert verdict.passed, verdict.message
        assert verdict.share == 1
    tally["right answers kept"].add((lab.name, variant.name))


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_bank_is_large_enough_and_its_names_are_unique(lab):
    names = [variant.name for variant in lab.mistakes + lab.right_answers]
    assert len(names) == len(set(names))
    assert len(lab.mistakes) >= 25
    assert len(lab.right_answers) >= 12
    rejected = set().union(*(mistake.loses for mistake in lab.mistakes))
    assert rejected == set(lab.tests), "a test without a mistake that it catches proves nothing"


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_worked_lab_passes_and_its_points_are_those_declared(lab):
    student = local(worked.load(lab.name))
    for test in lab.tests.values():
        assert test.run(student, seed=3).passed
    assert worked.points(lab.name) == lab.points
    assert set(lab.points) == set(lab.tests)
