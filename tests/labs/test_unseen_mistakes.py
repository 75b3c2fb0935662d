"""Mistakes that the bank was not made for are explained; nothing is named that is not there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests.engine import worked
from grader_tests.engine.lab import labs, package
from grader_tests.engine.trial import trial
from grader_tests.engine.verdict import Verdict
from helpers.checking.namespace import local
from tests.support.unseen import Unseen, of_every_lab

pytestmark = pytest.mark.training

LABS = {lab.name: lab for lab in labs()}
GOAL = 0.8
ANSWERS = of_every_lab()
UNSEEN = [unseen for module in ANSWERS.values() for unseen in module.FIRST]
SECOND = [unseen for module in ANSWERS.values() for unseen in module.SECOND]
RIGHT = [right for module in ANSWERS.values() for right in getattr(module, "RIGHT", [])]
SPOILT = {lab: module.SPOILT for lab, module in ANSWERS.items() if hasattr(module, "SPOILT")}


@pytest.fixture(scope="module")
def rejections() -> dict[Unseen, dict[str, Verdict]]:
    """What the tests that reject a mistake say of it."""
    found = {}
    for unseen in UNSEEN + SECOND:
        outcome = trial(LABS[unseen.lab], unseen.answer)
        found[unseen] = {test: outcome.verdicts[test] for test in sorted(outcome.rejected)}
    return found


@pytest.mark.parametrize("unseen", UNSEEN + SECOND, ids=str)
def test_mistake_is_rejected(unseen, rejections):
    assert rejections[unseen]


@pytest.mark.parametrize("mistakes", [UNSEEN, SECOND], ids=["first hand", "second hand"])
def test_most_messages_tell_what_is_wrong(mistakes, rejections, tally):
    told: defaultdict[str, list[bool]] = defaultdict(list)
    vague = []
    for unseen in mistakes:
        for test, verdict in rejections[unseen].items():
            tells = bool(re.search(unseen.tells, verdict.message))
            told[unseen.lab].append(tells)
            lab = unseen.lab.partition("_")[0]
            tally[f"messages on unseen mistakes in {lab}"].add((str(unseen), test))
            if tells:
                tally[f"messages on unseen mistakes in {lab}, to the point"].add(
                    (str(unseen), test)
                )
            else:
                vague.append(f"{unseen}: {verdict.message}")
    assert all(np.mean(found) >= GOAL for found in told.values()), "\n".join(vague)


@pytest.mark.parametrize("mistakes", [UNSEEN, SECOND], ids=["first hand", "second hand"])
def test_there_are_ten_or_more_for_each_lab(mistakes):
    assert len(mistakes) == len({str(unseen) for unseen in mistakes})
    counts = Counter(unseen.lab for unseen in mistakes)
    missing = ", ".join(f"tests/labs/{package(lab)}/unseen.py" for lab in LABS.keys() - counts)
    assert not missing, f"write ten or more unseen mistakes in {missing}"
    assert all(count >= 10 for count in counts.values())


@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_right_answer_is_not_named(answer):
    for verdict in trial(LABS[answer.lab], answer.answer).verdicts.values():
        assert verdict.passed, verdict.message
        assert verdict.mistake is None


def noise(value: Any, _: tuple) -> Any:
    shape = np.shape(value)
    return np.random.default_rng(len(shape) + np.size(value)).normal(0.3, 2, shape)


def constant(value: Any, _: tuple) -> Any:
    return np.full(np.shape(value), 0.3717)


def first_input(value: Any, inputs: tuple) -> Any:
    return next((x for x in inputs if isinstance(x, np.ndarray)), 0.3717)


def failure(value: Any, _: tuple) -> Any:
    raise RuntimeError("the kernel has had enough")


GARBAGE = [noise, constant, first_input, failure]


def spoil(function: Callable, garbage: Callable, attributes: tuple[str, ...]) -> Callable:
    def spoilt(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        inputs = tuple(x for a in args for x in (a.values() if isinstance(a, dict) else [a]))
        for name in attributes:
            old = getattr(args[0], name)
            new = garbage(old, inputs)
            setattr(args[0], name, new.tolist() if isinstance(old, list) else new)
        if isinstance(result, dict):
            return {key: garbage(value, inputs) for key, value in result.items()}
        if isinstance(result, tuple):
            return tuple(garbage(value, inputs) for value in result)
        return None if result is None else garbage(result, inputs)

    return spoilt


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda garbage: garbage.__name__)
@pytest.mark.parametrize(
    ("lab", "test"), [(lab, test) for lab, spoilt in SPOILT.items() for test in spoilt]
)
def test_garbage_is_not_named(lab, test, garbage):
    owner, name, attributes = SPOILT[lab][test]
    namespace = worked.load(lab)
    function = getattr(namespace[owner], name) if owner else namespace[name]
    spoilt = spoil(function, garbage, attributes)
    if owner:
        namespace[owner] = type(owner, (namespace[owner],), {name: spoilt})
    else:
        namespace[name] = spoilt
    verdict = LABS[lab].tests[test].run(local(namespace), seed=0)
    assert not verdict.passed
    assert verdict.mistake is None, verdict.message
    if garbage is not first_input:
        assert not re.search(
            r"off by|shifted|order|rounded|factor|times|the input|should be\.", verdict.message
        )
