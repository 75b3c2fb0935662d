"""One hidden test against one answer, case by case, for whoever debugs either."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent
from typing import Any

import numpy as np

from grader_tests.engine.bank import Variant
from grader_tests.engine.hidden_test import Asked, HiddenTest
from grader_tests.engine.lab import Lab
from helpers.checking.namespace import local

_MOST_ENTRIES = 60  # of an array


def show(lab: Lab, test: HiddenTest, variant: Variant, seed: int, inputs: bool) -> Iterator[str]:
    """Yield what a test asked of an answer, what came back, and what was expected, line by line.

    Parameters
    ----------
    inputs : bool
        Whether to show the arrays themselves, and not only which cases failed.
    """
    student = local(variant.namespace(lab.name))
    verdict = test.run(student, seed)
    yield f"{lab.name}, {test.name}, {variant.name!r}, seed {seed}"
    outcome = "passed" if verdict.passed else "rejected"
    named = f", named {verdict.mistake!r}" if verdict.mistake else ""
    yield f"  {outcome}{named}, {verdict.credit(lab.points[test.name]):g} points"
    yield f"  says: {verdict.message}"
    failed_before = False
    for number, asked in enumerate(test.ask(student, seed), 1):
        first = " <- failed first" if asked.difference and not failed_before else ""
        failed_before = failed_before or asked.difference is not None
        said = (
            f"{asked.difference.kind}: {asked.difference.message}" if asked.difference else "right"
        )
        yield f"  case {number}, {asked.question.case.label}{first}"
        yield f"    {said}"
        if inputs:
            yield from _values(asked)


def _values(asked: Asked) -> Iterator[str]:
    for name, value in asked.question.inputs.items():
        yield from _value(f"given {name}", value)
    yield from _value("expected", asked.question.expected)
    error = asked.outcome.error
    yield from _value("came back", error if error else asked.outcome.value)


def _value(what: str, value: Any) -> Iterator[str]:
    """Yield a value's shape, and its entries where there are few."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _value(f"{what}[{key!r}]", item)
    elif isinstance(value, (tuple, list)) and any(isinstance(v, np.ndarray) for v in value):
        for number, item in enumerate(value):
            yield from _value(f"{what}[{number}]", item)
    elif isinstance(value, np.ndarray):
        yield f"    {what}: {value.dtype}, shape {value.shape}"
        text = np.array2string(value, precision=4, threshold=_MOST_ENTRIES, suppress_small=True)
        yield indent(text, " " * 6)
    else:
        yield f"    {what}: {value}"
