"""What is sorted comes in one order on every processor: equals keep theirs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.files import HOME

UNSTABLE = {"argsort", "argpartition"}
SCRIPTS = sorted([*HOME.glob("solutions/*/*.py"), *HOME.glob("helpers/*.py")])


def unstable(source: str) -> list[int]:
    """Return the lines with a sort whose order among equals is the processor's choice."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [
        call.lineno
        for call in calls
        if getattr(call.func, "attr", "") in UNSTABLE
        and not any(k.arg == "kind" and ast.unparse(k.value) == "'stable'" for k in call.keywords)
    ]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_ties_are_never_left_to_the_processor(path: Path):
    source = TransformerManager().transform_cell(path.read_text(encoding="utf-8"))
    assert unstable(source) == []


def test_such_a_sort_is_found():
    assert unstable("a = x.argsort()\nb = np.argsort(-x, axis=0)\nc = np.argpartition(x, 3)") == [
        1,
        2,
        3,
    ]
    assert unstable('np.argsort(x, axis=1, kind="stable")\nnp.sort(x)\nx.argmax()') == []
