"""Every known mistake loses exactly its points and is named; every right answer keeps all."""

from __future__ import annotations

import importlib

import pytest

from grader_tests import lab1, lab2, lab3, lab4, reference
from grader_tests.testing import Lab
from helpers.checking.namespace import local

LABS = [lab1.lab, lab2.lab, lab3.lab, lab4.lab]
SEEDS = (0, 20261122)


def _bank(lab: Lab):
    return importlib.import_module(lab.bank)


def _variants(kind: str):
    return [
        pytest.param(lab, variant, id=f"{lab.name.split('_')[0]}: {variant.name}")
        for lab in LABS
        for variant in getattr(_bank(lab), kind)
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("lab", "mistake"), _variants("MISTAKES"))
def test_mistake_loses_exactly_its_tests_and_is_named(lab, mistake, seed, tally):
    student = local(mistake.namespace(lab.name))
    verdicts = {name: test.run(student, seed) for name, test in lab.tests.items()}
    assert {name for name, verdict in verdicts.items() if not verdict.passed} == mistake.loses
    for name in mistake.loses:
        assert verdicts[name].mistake == mistake.name
        assert verdicts[name].message == mistake.says
    tally["mistakes caught"].add((lab.name, mistake.name))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("lab", "variant"), _variants("RIGHT"))
def test_right_answer_keeps_full_marks(lab, variant, seed, tally):
    student = local(variant.namespace(lab.name))
    for test in lab.tests.values():
        verdict = test.run(student, seed)
        assert verdict.passed, verdict.message
    tally["right answers kept"].add((lab.name, variant.name))


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_bank_is_large_enough_and_its_names_are_unique(lab):
    bank = _bank(lab)
    names = [variant.name for variant in bank.MISTAKES + bank.RIGHT]
    assert len(names) == len(set(names))
    assert len(bank.MISTAKES) >= 25
    assert len(bank.RIGHT) >= 12
    rejected = set().union(*(mistake.loses for mistake in bank.MISTAKES))
    assert rejected == set(lab.tests), "a test without a mistake that it catches proves nothing"


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_worked_lab_passes_and_its_points_are_those_of_the_syllabus(lab, syllabus_points):
    student = local(reference.load(lab.name))
    for test in lab.tests.values():
        assert test.run(student, seed=3).passed
    assert reference.points(lab.name) == syllabus_points[lab.name]
    assert set(reference.points(lab.name)) == set(lab.tests)
