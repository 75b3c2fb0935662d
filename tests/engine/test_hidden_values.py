"""No message shows a hidden input, whatever the code under test does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from grader_tests.engine import diagnosis, worked
from grader_tests.engine.lab import Lab, labs
from helpers.checking.namespace import local
from tests.support.hidden import in_print, numbers, own_callables, replace

pytestmark = pytest.mark.training

SEED = 4


def raising(seen: list[float]) -> Callable[[Callable], Callable]:
    """Make a function tell what it was given by what it raises."""

    def change(_: Callable) -> Callable:
        def tell(*arguments: Any, **named: Any) -> Any:
            found = list(numbers([*arguments, *named.values()]))
            seen.extend(found)
            everything = " ".join(repr(number) for number in found)
            raise ValueError(f"{arguments!r} {named!r} {everything}")

        return tell

    return change


def returning(seen: list[float]) -> Callable[[Callable], Callable]:
    """Make a function give back what it was given."""

    def change(_: Callable) -> Callable:
        def echo(*arguments: Any, **named: Any) -> Any:
            given = [*arguments, *named.values()]
            seen.extend(numbers(given))
            return given[-1] if given else None

        return echo

    return change


@pytest.mark.parametrize("change", [raising, returning])
@pytest.mark.parametrize("lab", labs(), ids=lambda lab: lab.name)
def test_messages_show_no_hidden_input(lab: Lab, change: Callable, monkeypatch) -> None:
    monkeypatch.setattr(diagnosis, "PAIR_SECONDS", 0)  # pairs of mistakes say nothing new
    found = list(own_callables(lab, worked.load(lab.name)))
    assert len(found) >= len(lab.answers)
    shown = 0
    for position in range(len(found)):
        definitions, seen = worked.load(lab.name), []
        owner, name = list(own_callables(lab, definitions))[position]
        replace(owner, name, change(seen))
        verdicts = [test.run(local(definitions), SEED) for test in lab.tests.values()]
        said = " ".join(f"{verdict.message} {verdict.seen}" for verdict in verdicts)
        inputs = in_print(seen)
        shown += len(inputs)
        assert not [text for text in inputs if text in said], name
    assert shown > 100
