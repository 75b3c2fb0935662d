"""Answers are found whose cells have lost their ids, and answers that stand in other cells.

What a notebook defines in the end, run from top to bottom, is compared with what it defines where
nothing happened to it. A kernel judges some of them.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import nbformat
import pytest

from autograder.commands import check
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.files import HOME
from autograder.results.notebook import ANSWER, FOREIGN, NOTES, read_results, total
from autograder.submission.master import Master, released_master
from autograder.submission.reading import read
from autograder.submission.rebuild import rebuild
from grader_tests.engine import worked
from grader_tests.engine.lab import find_lab, package
from tests.support.notebooks import as_json, code, markdown

LABS = worked.labs()
COURSE = Course(HOME, unconfined=unavailable() is not None)
LAB = "lab1_helper_utilities"


def notebook(lab: str, fill: bool = True) -> list[dict]:
    """Return a lab's cells as plain data, filled in as the worked one is."""
    cells = json.loads(COURSE.released(lab).read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
        if fill and name_of(cell) in answers(lab):
            cell["source"] = answers(lab)[name_of(cell)]
    return cells


@cache
def answers(lab: str) -> dict[str, str]:
    return {name: text for name, text in worked.cells(lab).items() if name in find_lab(lab).answers}


@cache
def stubs(lab: str) -> dict[str, str]:
    cells = notebook(lab, fill=False)
    return {name_of(cell): cell["source"] for cell in cells if name_of(cell) in answers(lab)}


def name_of(cell: dict) -> str | None:
    return cell["metadata"].get("nbgrader", {}).get("grade_id")


def rebuilt(cells: list[dict], lab: str, tmp_path, script: str = "") -> nbformat.NotebookNode:
    path = tmp_path / ("x.py" if script else "x.ipynb")
    path.write_text(script or as_json(cells), encoding="utf-8")
    return rebuild(read(path), released_master(COURSE, lab))


def defined(lab: str, built: nbformat.NotebookNode) -> dict[str, bytes | None]:
    """Run what defines something, cell by cell; return what was written of each exercise."""
    names = {name for answer in find_lab(lab).answers.values() for name in answer.names}
    namespace = {k: v for k, v in worked.load(lab).items() if k not in names}
    for cell in built.cells:
        if cell.cell_type != "code":
            continue
        with suppress(SyntaxError, NameError):  # as a kernel goes on with the next cell
            for statement in ast.parse(cell.source).body:
                if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Assign):
                    # Of assignments, those of functions; others may train for minutes.
                    if isinstance(statement, ast.Assign) and not isinstance(
                        statement.value, ast.Lambda | ast.Name
                    ):
                        continue
                    exec(ast.unparse(statement), namespace)
    found: dict[str, bytes | None] = {}
    for name in sorted(names):
        thing = namespace.get(name)
        members = dict(inspect.getmembers(thing, inspect.isfunction))
        functions = members if inspect.isclass(thing) else {"": thing}
        for member, function in functions.items():
            found[f"{name}.{member}"] = getattr(
                getattr(function, "__code__", None), "co_code", None
            )
    return found


def without_ids(cells: list[dict]) -> list[dict]:
    """As nb-clean, nbdev-clean and many an export leave a notebook."""
    return [{**cell, "metadata": {}, "outputs": []} for cell in cells]


def renamed(cells: list[dict]) -> list[dict]:
    for cell in cells:
        if name_of(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{name_of(cell)}"
    return cells


def code_alone(cells: list[dict]) -> list[dict]:
    """The code, without a word of the lab's."""
    return [cell for cell in without_ids(cells) if cell["cell_type"] == "code"]


def answers_alone(cells: list[dict]) -> list[dict]:
    return [
        code(cell["source"])
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("solution")
    ]


def with_own_cells(cells: list[dict]) -> list[dict]:
    own = [code("scratch = 1\nscratch"), markdown("My own notes.")]
    return [one for cell in without_ids(cells) for one in (cell, *own)]


def moved(cells: list[dict], lab: str, put: Callable[[list[dict], int, str], None]) -> list[dict]:
    """Leave each exercise as it was handed out, and put its answer somewhere else."""
    for name, answer in answers(lab).items():
        (at,) = [i for i, cell in enumerate(cells) if name_of(cell) == name]
        cells[at]["source"] = stubs(lab)[name]
        put(cells, at, answer)
    return cells


def into_the_check(cells: list[dict], at: int, answer: str) -> None:
    cells[at + 1]["source"] = f"{answer}\n\n{cells[at + 1]['source']}"


def into_the_test(cells: list[dict], at: int, answer: str) -> None:
    test = next(c for c in cells[at:] if (name_of(c) or "").startswith("test_"))
    test["source"] += f"\n{answer}"


def into_the_answer_before(cells: list[dict], at: int, answer: str) -> None:
    """Into the one before it; the first stays where it is."""
    before = [c for c in cells[:at] if c["metadata"].get("nbgrader", {}).get("solution")]
    (before[-1] if before else cells[at])["source"] += f"\n\n\n{answer}"
    if not before:
        cells[at]["source"] = answer


ON_THE_WHOLE = {
    "as it was": lambda cells, lab: cells,
    "without ids": lambda cells, lab: without_ids(cells),
    "with ids of an older release": lambda cells, lab: renamed(cells),
    "code alone": lambda cells, lab: code_alone(cells),
    "answers alone": lambda cells, lab: answers_alone(cells),
    "without ids, with cells of one's own": lambda cells, lab: with_own_cells(cells),
    "answers in cells below": lambda cells, lab: moved(
        cells, lab, lambda cells, at, answer: cells.insert(at + 2, code(answer))
    ),
    "answers in cells above": lambda cells, lab: moved(
        cells, lab, lambda cells, at, answer: cells.insert(at, code(answer))
    ),
    "answers in the checks' cells": lambda cells, lab: moved(cells, lab, into_the_check),
    "answers in the tests' cells": lambda cells, lab: moved(cells, lab, into_the_test),
    "answers in the answer before": lambda cells, lab: moved(cells, lab, into_the_answer_before),
    "all answers in the last cell": lambda cells, lab: [
        *notebook(lab, fill=False),
        code("\n\n\n".join(answers(lab).values())),
    ],
    "all answers in the first cell": lambda cells, lab: [
        cells[0],
        cells[1],
        code("\n\n\n".join(answers(lab).values())),
        *notebook(lab, fill=False)[2:],
    ],
    "answers gone from their cells": lambda cells, lab: [
        *(cell for cell in cells if name_of(cell) not in answers(lab)),
        *(code(answer) for answer in answers(lab).values()),
    ],
    "exercises copied to the end": lambda cells, lab: [
        *cells,
        *(code(stub) for stub in stubs(lab).values()),
    ],
    "exercises copied with their ids": lambda cells, lab: [
        *cells,
        *(code(stub, name) for name, stub in stubs(lab).items()),
    ],
    "exercises kept with their ids, answers copied": lambda cells, lab: [
        *notebook(lab, fill=False),
        *(code(answer, name) for name, answer in answers(lab).items()),
    ],
}


@pytest.mark.parametrize("lab", LABS, ids=package)
@pytest.mark.parametrize("name", ON_THE_WHOLE)
def test_every_answer_is_found(name: str, lab: str, tmp_path) -> None:
    expected = defined(lab, rebuilt(notebook(lab), lab, tmp_path))
    assert None not in expected.values()
    built = rebuilt(ON_THE_WHOLE[name](notebook(lab), lab), lab, tmp_path)
    assert defined(lab, built) == expected
    notes = built.metadata[NOTES]
    assert FOREIGN not in notes
    assert bool(notes) == (name != "as it was")
    missing = [note for note in notes if note.endswith("missing and put back.")]
    assert not any(f"`{answer}`" in note for note in missing for answer in answers(lab))


@pytest.mark.parametrize("lab", LABS, ids=package)
@pytest.mark.parametrize("form", ["percent", "exported", "plain"])
def test_a_script_is_as_good(form: str, lab: str, tmp_path) -> None:
    cells = [cell["source"] for cell in notebook(lab) if cell["cell_type"] == "code"]
    mark = {"percent": "# %%\n", "exported": "# In[ ]:\n\n\n", "plain": ""}[form]
    script = "\n\n\n".join(f"{mark}{source}" for source in cells)
    expected = defined(lab, rebuilt(notebook(lab), lab, tmp_path))
    built = rebuilt([], lab, tmp_path, script)
    assert defined(lab, built) == expected
    assert not [note for note in built.metadata[NOTES] if "missing" in note]


def test_what_a_script_leaves_out_of_the_answers_is_told(tmp_path) -> None:
    texts = {name: text for name, text in answers(LAB).items() if name != "one_hot"}
    built = rebuilt([], LAB, tmp_path, "\n\n".join(texts.values()))
    assert "`one_hot` was missing and put back." in built.metadata[NOTES]


@pytest.mark.parametrize("left_out", [(), ("one_hot",)])
def test_where_all_tests_are_missing_they_are_not_listed(left_out, tmp_path) -> None:
    kept = set(answers(LAB)) - set(left_out)
    cells = [cell for cell in notebook(LAB) if name_of(cell) in kept]
    notes = rebuilt(cells, LAB, tmp_path).metadata[NOTES]
    assert "All of the course's own cells, such as tests, were missing and put back." in notes
    assert not [note for note in notes if "`test_" in note]
    assert [note for note in notes if note.startswith("`")] == [
        f"`{name}` was missing and put back." for name in left_out
    ]


def test_one_test_that_is_missing_is_named(tmp_path) -> None:
    cells = [cell for cell in notebook(LAB) if name_of(cell) != "test_one_hot"]
    notes = rebuilt(cells, LAB, tmp_path).metadata[NOTES]
    assert notes == ["`test_one_hot` was missing and put back."]


@pytest.mark.kernel
@pytest.mark.parametrize("lab", LABS, ids=package)
@pytest.mark.parametrize("name", ["without ids", "answers in the tests' cells"])
def test_full_marks(name: str, lab: str, tmp_path) -> None:
    path = tmp_path / "x.ipynb"
    path.write_text(as_json(ON_THE_WHOLE[name](notebook(lab), lab)), encoding="utf-8")
    assert check.lab_of(COURSE, path) == (lab, lab)
    points, maximum = total(read_results(check.judged(COURSE, lab, path)))
    assert points == maximum


def test_what_was_found_how_is_told(tmp_path) -> None:
    cells = notebook(LAB)
    (one,) = [cell for cell in cells if name_of(cell) == "one_hot"]
    one["metadata"] = {}
    assert rebuilt(cells, LAB, tmp_path).metadata[NOTES] == [
        "The answer to `one_hot` had lost its cell's id; it was found by what it defines."
    ]
    built = rebuilt(without_ids(notebook(LAB)), LAB, tmp_path)
    assert built.metadata[NOTES] == [
        "The answers to `sigmoid`, `one_hot`, `compute_cost` and `regularization` had lost their "
        "cells' ids; they were found by what they define."
    ]
    cells = moved(notebook(LAB), LAB, lambda cells, at, answer: cells.insert(at, code(answer)))
    number = [cell["source"] for cell in cells].index(answers(LAB)["one_hot"]) + 1
    built = rebuilt(cells, LAB, tmp_path)
    assert built.metadata[NOTES][1] == (
        f"The answer to `one_hot` stands in another cell, number {number}; it was found by what it "
        "defines."
    )
    cells = moved(notebook(LAB), LAB, into_the_test)
    assert built.metadata[NOTES] != rebuilt(cells, LAB, tmp_path).metadata[NOTES]
    assert rebuilt(cells, LAB, tmp_path).metadata[NOTES][0] == (
        "What was typed into the cell `test_sigmoid`, which is not to be changed, was kept as a "
        "cell of its own."
    )


def test_without_ids_a_notebook_is_put_together_in_the_same_order(tmp_path) -> None:
    for lab in LABS:
        with_ids = rebuilt(notebook(lab), lab, tmp_path)
        assert rebuilt(without_ids(notebook(lab)), lab, tmp_path).cells == with_ids.cells


@pytest.mark.parametrize("strip", [list, without_ids, code_alone], ids=lambda one: one.__name__)
def test_another_labs_notebook_is_told_from_an_empty_one(strip, tmp_path) -> None:
    told = {
        (mine, theirs): FOREIGN
        in rebuilt(strip(notebook(theirs, fill)), mine, tmp_path).metadata[NOTES]
        for mine in LABS
        for theirs in LABS
        for fill in (True, False)
    }
    assert told == {(mine, theirs): mine != theirs for mine, theirs in told}
    own = [code(f"def helper{n}(x):\n    return x") for n in range(3)]
    for mine in (strip(notebook(LAB)), [code("\n\n".join(answers(LAB).values()))]):
        assert FOREIGN not in rebuilt([*mine, *own], LAB, tmp_path).metadata[NOTES]


PIECES = {
    "methods put into the class": [
        ("sigmoid", None),
        (None, "def call(self, z):\n    return 1\nSigmoid.__call__ = call"),
        (None, "Sigmoid.prime = lambda self, z: 2"),
    ],
    "a class made of itself": [
        ("sigmoid", None),
        (None, "class Sigmoid(Sigmoid):\n    def __call__(self, z):\n        return 1"),
        (None, "class Sigmoid(Sigmoid):\n    def prime(self, z):\n        return 2"),
    ],
    "a class made of itself, above": [
        (None, "class Sigmoid:\n    def __call__(self, z):\n        return 1"),
        (None, "class Sigmoid(Sigmoid):\n    def prime(self, z):\n        return 2"),
    ],
    "methods given by name": [
        (None, "def call(self, z):\n    return 1\ndef prime(self, z):\n    return 2"),
        (None, "class Sigmoid:\n    __call__, prime = call, prime\n    __call__ = call"),
        ("sigmoid", "class Sigmoid(Sigmoid):\n    pass"),
    ],
    "two versions, the last one counts": [
        ("sigmoid", None),
        (None, "class Sigmoid:\n    def __call__(self, z):\n        return 7"),
        (
            None,
            "class Sigmoid:\n    def __call__(self, z):\n        return 1\n"
            "    def prime(self, z):\n        return 2",
        ),
    ],
}


@pytest.mark.parametrize("name", PIECES)
@pytest.mark.parametrize("ids", [True, False])
def test_a_class_in_pieces(name: str, ids: bool, tmp_path) -> None:
    cells = [
        code(text or stubs(LAB)["sigmoid"], grade_id if ids else None)
        for grade_id, text in PIECES[name]
    ]
    namespace: dict = {"np": __import__("numpy")}
    for cell in rebuilt(cells, LAB, tmp_path).cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code" and name in (None, "sigmoid"):
            exec(cell.source, namespace)
    sigmoid = namespace["Sigmoid"]()
    assert (sigmoid(0), sigmoid.prime(0)) == (1, 2)


def test_a_function_may_be_a_lambda_and_a_variable_is_none(tmp_path) -> None:
    cells = [code("one_hot = lambda Y, n: Y"), code(stubs(LAB)["one_hot"], "one_hot")]
    assert "answer stands" in answer_in(rebuilt(cells, LAB, tmp_path), "one_hot")
    cells[0] = code("one_hot = [[1, 0], [0, 1]]")
    assert answer_in(rebuilt(cells, LAB, tmp_path), "one_hot") == stubs(LAB)["one_hot"]


def test_an_answer_may_come_from_a_module_where_its_cell_is_gone(tmp_path) -> None:
    taken = code("from my_answers import one_hot")
    assert "answer stands" in answer_in(rebuilt([taken], LAB, tmp_path), "one_hot")
    kept = code(stubs(LAB)["one_hot"], "one_hot")
    assert answer_in(rebuilt([taken, kept], LAB, tmp_path), "one_hot") == kept["source"]


def test_whoever_compares_answers_finds_them_too(tmp_path) -> None:
    cells = [code("\n\n".join(answers(LAB).values())), *notebook(LAB, fill=False)]
    built = rebuilt(cells, LAB, tmp_path)
    found = {
        c.metadata.nbgrader.grade_id: c.metadata[ANSWER]
        for c in built.cells
        if ANSWER in c.metadata
    }
    assert found == {name: text.strip() for name, text in answers(LAB).items()}


def answer_in(built: nbformat.NotebookNode, name: str) -> str:
    (cell,) = [c for c in built.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name]
    return cell.source


ESSAY = [
    markdown("# A course of another kind"),
    markdown("**1.** Why is the sky blue?"),
    markdown("YOUR ANSWER HERE", "why"),
    markdown("**2.** And the sea?"),
    markdown("YOUR ANSWER HERE", "sea"),
    code("# YOUR CODE HERE\nraise NotImplementedError()", "compute"),
    code("assert x == 3", "test_compute"),
]


def master_of(released: list[dict]) -> Master:
    cells = json.loads(as_json(released))["cells"]
    for cell in cells:
        if nbgrader := cell["metadata"].get("nbgrader"):
            test = nbgrader["grade_id"].startswith("test")
            nbgrader |= {"locked": test, "solution": not test, "grade": True}
    return Master.of_release(nbformat.from_dict({"cells": cells, "metadata": {}}))


def essay(texts: dict[str, str]) -> list[dict]:
    return [{**c, "source": texts.get(name_of(c) or "", c["source"])} for c in ESSAY]


WRITTEN = {"why": "Because of Rayleigh.", "sea": "It is the sky's.", "compute": "x = 1 + 2"}


@pytest.mark.parametrize("left", [["why", "sea", "compute"], ["sea"], ["compute"], []])
@pytest.mark.parametrize("prose", [True, False])
def test_written_answers_are_found_by_their_place(left, prose, tmp_path) -> None:
    texts = {name: WRITTEN[name] for name in left}
    cells = without_ids(essay(texts))
    if not prose and left == list(WRITTEN):
        cells = [cell for cell in cells if not cell["source"].startswith(("#", "**"))]
    (tmp_path / "x.ipynb").write_text(as_json(cells))
    built = rebuild(read(tmp_path / "x.ipynb"), master_of(ESSAY))
    for name, text in WRITTEN.items():
        expected = text if name in left else {name_of(c): c["source"] for c in ESSAY}[name]
        assert answer_in(built, name) == expected
    places = [note for note in built.metadata[NOTES] if "stand" in note]
    assert bool(places) == bool(left)


AGAIN = [
    code("ans = None  # YOUR CODE HERE", "one"),
    code("assert ans == 3", "test_one"),
    code("def f(x):\n    raise NotImplementedError()", "slow"),
    code("assert f(1) == 1", "test_slow"),
    code("ans = None  # YOUR CODE HERE", "two"),
    code("assert ans == 3", "test_two"),
    code("def f(x):\n    raise NotImplementedError()", "fast"),
    code("assert f(1) == 1", "test_fast"),
]


@pytest.mark.parametrize("filled", [["one", "slow"], ["two", "fast"], ["one", "fast"]])
def test_exercises_that_ask_for_the_same_do_not_answer_each_other(filled, tmp_path) -> None:
    right = {"one": "ans = 3", "two": "ans = 3"} | dict.fromkeys(
        ["slow", "fast"], "def f(x):\n    return x"
    )
    texts = {name: right[name] for name in filled}
    master = master_of(AGAIN)
    for lost in ([], filled):
        cells = [{**c, "source": texts.get(name_of(c) or "", c["source"])} for c in AGAIN]
        for cell in cells:
            if name_of(cell) in lost:
                cell["metadata"] = {}
        (tmp_path / "x.ipynb").write_text(as_json(cells))
        built = rebuild(read(tmp_path / "x.ipynb"), master)
        found = {c.metadata.nbgrader.grade_id: c.source for c in built.cells}
        assert found == {name_of(c): c["source"] for c in AGAIN} | texts


def test_what_cannot_be_told_apart_is_not_guessed(tmp_path) -> None:
    cells = [markdown("One thought."), markdown("Another."), markdown("A third.")]
    (tmp_path / "x.ipynb").write_text(as_json(cells))
    built = rebuild(read(tmp_path / "x.ipynb"), master_of(ESSAY))
    assert answer_in(built, "why") == "YOUR ANSWER HERE"
    assert [c.source for c in built.cells[:3]] == [cell["source"] for cell in cells]
