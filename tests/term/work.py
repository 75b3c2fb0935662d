"""Two assignments with plain assertions, and what each kind of student hands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.support.other_course import PYTHON
from tests.term.people import Person

ONE, TWO = "one", "two"
DEADLINE = datetime(2025, 3, 1, 23, 59)
EARLY = DEADLINE - timedelta(days=9)
TOO_STRICT = "assert double(3) == 6 and double(0) == 1"  # no right answer passes
MENDED = "assert double(3) == 6 and double(0) == 0"

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"  # as nbgrader cuts answers out
STUBS = {"double": STUB, "area": STUB, "why": "YOUR ANSWER HERE"}
RIGHT = {
    "double": "def double(x):\n    return 2 * x  # Größe",
    "area": "def area(r):\n    return math.pi * r**2",
    "why": "Because both grow.",
}
WRONG = {"double": "def double(x):\n    return 3 * x", "area": RIGHT["area"]}
HALF = RIGHT | {"area": "def area(r):\n    return math.pi * r"}  # right where r is 0 or 1
ENDLESS = RIGHT | {"double": "while True:\n    pass"}
COMPANION = RIGHT | {"double": "from own import twice\n\ndouble = twice"}
_POINTS = {"test_double": 2, "test_area": 4, "why": 3, "plan": 2}
MAXIMUM = sum(_POINTS.values())


def flags(name: str, **what: bool | float) -> dict[str, dict[str, object]]:
    usual = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": {"grade_id": name, **usual, **what}}


def notebook(answers: dict[str, str], test: str = "", more: str = "") -> NotebookNode:
    """Return assignment one: the instructor's where there is a hidden test, else a student's."""

    def answer(name: str) -> str:
        own = answers.get(name, STUBS[name])
        return f"### BEGIN SOLUTION\n{own}\n### END SOLUTION" if test else own

    hidden = f"\n### BEGIN HIDDEN TESTS\n{test}\n### END HIDDEN TESTS" if test else ""
    cells = [
        new_markdown_cell("# Doubles and discs", metadata=flags("intro", locked=True)),
        new_code_cell("import math"),
        new_code_cell(answer("double"), metadata=flags("double", solution=True)),
        new_code_cell(
            f"assert callable(double), 'double is no function'{hidden}",
            metadata=flags("test_double", grade=True, locked=True, points=2),
        ),
        new_code_cell(answer("area"), metadata=flags("area", solution=True)),
        new_code_cell(
            "sum(abs(area(r) - math.pi * r * r) < 1e-9 for r in (0, 1, 2, 3))",
            metadata=flags("test_area", grade=True, locked=True, points=4),
        ),
        new_markdown_cell(
            answer("why"), metadata=flags("why", grade=True, solution=True, points=3)
        ),
        new_markdown_cell(
            "Plan a study, in new cells below.",
            metadata=flags("plan", locked=True, task=True, points=2),
        ),
        *([new_markdown_cell(more)] if more else []),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": PYTHON})


def second(answers: dict[str, str], test: str = "") -> NotebookNode:
    """Return assignment two, which has one exercise."""
    own = answers.get("halve", STUB)
    cells = [
        new_code_cell(
            f"### BEGIN SOLUTION\n{own}\n### END SOLUTION" if test else own,
            metadata=flags("halve", solution=True),
        ),
        new_code_cell(
            "assert halve(4) == 2, 'halve(4) is not 2'" + (f"\n{test}" if test else ""),
            metadata=flags("test_halve", grade=True, locked=True, points=3),
        ),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": PYTHON})


HALVE = {"halve": "def halve(x):\n    return x / 2"}


@dataclass(frozen=True)
class HandedIn:
    """What somebody hands in at one time: files by their names."""

    files: dict[str, bytes] = field(default_factory=dict)
    when: datetime = EARLY


def handed_in(person: Person) -> list[HandedIn]:
    """Return what a student hands in for assignment one, the oldest first."""
    when = EARLY + timedelta(hours=int(person.id[1:]))
    name = f"{ONE}.ipynb"
    more = "I shall measure ten discs." if person.kind in ("right", "days late") else ""
    right = written(notebook(RIGHT, more=more))
    one = {
        "wrong": {name: written(notebook(WRONG))},
        "half": {name: written(notebook(HALF))},
        "other name": {f"my_{ONE}_final.ipynb": right},
        "no ids": {name: written(_without_ids(notebook(RIGHT)))},
        "companion": {
            name: written(notebook(COMPANION)),
            "own.py": b"def twice(x):\n    return 2 * x\n",
        },
        "stray byte": {name: right.replace("ö".encode(), "ö".encode("latin-1"))},
        "empty": {},
        "pdf": {"answers.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"},
        "endless": {name: written(notebook(ENDLESS))},
        "other lab": {name: written(second(HALVE))},
    }.get(person.kind, {name: right})
    late = {"minutes late": timedelta(minutes=20), "days late": timedelta(days=2, hours=3)}
    if person.kind in late:
        when = DEADLINE + late[person.kind]
    if person.kind == "nothing":
        return []
    first = {"twice": [HandedIn({name: written(notebook(WRONG))}, when - timedelta(hours=1))]}
    return [*first.get(person.kind, []), HandedIn(one, when)]


def written(made: NotebookNode) -> bytes:
    return nbformat.writes(made, ensure_ascii=False).encode()


def _without_ids(made: NotebookNode) -> NotebookNode:
    for cell in made.cells:
        cell.metadata = {}
        cell.pop("id", None)
    made.nbformat_minor = 4
    return made
