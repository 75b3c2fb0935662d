"""No answer and no hidden test is in what students are given: notebooks/ and helpers/."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.files import HOME
from autograder.safe import outputs as safe_outputs
from grader_tests.engine import worked
from grader_tests.engine.lab import labs, package
from grader_tests.engine.script import is_claim
from grader_tests.engine.script import read as read_script

pytestmark = pytest.mark.classroom

ROOT = HOME
LAB = "lab1_helper_utilities"
# Files beside the notebooks that students are given, such as "lab2_x/given.py", and the labs whose
# answers each may hold.
GIVEN = {f"{lab.name}/{name}": answers for lab in labs() for name, answers in lab.given.items()}
PUBLIC = frozenset().union(*(lab.public for lab in labs()))
ORDINARY_IMPORT = re.compile(r"(from(?!grader_tests)[\w.]+)?import(?!grader_tests)[\w.,*]+")
SHORTEST = 12  # characters; less says nothing about an answer
REGION = re.compile(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", re.DOTALL)
MARKS = ("###BEGIN", "###END")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def telling_lines(source: str) -> Iterator[str]:
    """Return the lines that give something away, without blanks, comments and outer `return`."""
    for line in source.splitlines():
        whole = squeezed(re.sub(r"(^|\s)#\s.*", "", line)).rstrip(",")
        bare = whole.removeprefix("return")
        found = bare if len(bare) >= SHORTEST else whole
        if len(found) >= SHORTEST and found not in PUBLIC and not ORDINARY_IMPORT.fullmatch(found):
            yield found


def claims(script: Path) -> list[str]:
    """Return what the build alone asserts of a lab."""
    cells = filter(is_claim, read_script(script).notebook.cells)
    lines = (line for cell in cells for line in cell.source.splitlines())
    return [line for line in lines if line.lstrip().startswith("assert ")]


def secrets(root: Path) -> dict[str, set[str]]:
    """Return what must stay hidden, for each lab that there is."""
    hidden = {}
    for lab in worked.labs(root):
        script = root / "solutions" / lab / f"{lab}.py"
        regions = "\n".join(REGION.findall(script.read_text(encoding="utf-8")))
        room = sorted((root / "grader_tests" / package(lab)).rglob("*.py"))
        others = re.compile("lab|__init__|bank(_.+)?")
        tests = [path for path in room if not others.fullmatch(path.stem)]
        tests.append(root / "grader_tests" / "engine" / "cross_entropy.py")  # cases of two labs
        hidden[lab] = {
            *telling_lines(regions),
            *telling_lines("\n".join(claims(script))),
            *(line for path in tests for line in telling_lines(path.read_text(encoding="utf-8"))),
        }
    return hidden


def strings(value: Any) -> Iterator[str]:
    """Return every text in a notebook, joined where the format splits it into lines."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def read(path: Path) -> str:
    text = path.read_bytes().decode(errors="ignore")
    return squeezed("\n".join(strings(json.loads(text))) if path.suffix == ".ipynb" else text)


def files(folder: Path) -> list[Path]:
    mine = {".ipynb_checkpoints", "__pycache__"}  # not in the repository
    return sorted(p for p in folder.rglob("*") if p.is_file() and not mine & set(p.parts))


def leaks(root: Path) -> list[str]:
    hidden = secrets(root)
    found = []
    for path in files(root / "notebooks"):
        name = path.relative_to(root / "notebooks").as_posix()
        lab = name.split("/")[0]
        if name != f"{lab}/{lab}.ipynb" and name not in GIVEN:
            found.append(f"{name} should not be in notebooks/")
        if re.fullmatch(r"lab\d+_.*\.py", path.name):
            found.append(f"{name} is a worked lab's script")
    for path in [*files(root / "notebooks"), *files(root / "helpers")]:
        name, text = path.relative_to(root).as_posix(), read(path)
        allowed = GIVEN.get(name.removeprefix("notebooks/"), set())
        found += [f"{name} has the mark {mark}" for mark in MARKS if mark in text]
        for lab in hidden.keys() - allowed:
            found += [f"{name} has {line} of {lab}" for line in hidden[lab] if line in text]
    return found


def test_nothing_leaks():
    assert leaks(ROOT) == []


def test_there_is_something_to_look_for_in_every_lab():
    hidden = secrets(ROOT)
    assert hidden.keys() == {path.name for path in ROOT.glob("solutions/lab*")}
    assert all(len(hidden[lab.name]) > (20 if len(lab.tests) > 3 else 2) for lab in labs())
    assert {"1/(1+np.exp(-z))", "m=Y.shape[1]", "fromgrader_testsimportlab1"} <= hidden[LAB]
    assert "importnumpyasnp" not in hidden[LAB]


def test_every_given_file_is_there():
    assert all((ROOT / "notebooks" / name).is_file() for name in GIVEN)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    for folder in ("notebooks", "helpers", "solutions", "grader_tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def in_helper(text: str) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        with (root / "helpers" / "plotting.py").open("a", encoding="utf-8") as file:
            file.write(f"\n{text}\n")

    return plant


def in_notebook(change: Callable[[nbformat.NotebookNode], None]) -> Callable[[Path], None]:
    def plant(root: Path) -> None:
        path = root / "notebooks" / LAB / f"{LAB}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        change(notebook)
        nbformat.write(notebook, path)

    return plant


def in_cell(text: str) -> Callable[[Path], None]:
    return in_notebook(lambda nb: nb.cells[3].update(source=f"{nb.cells[3].source}\n{text}"))


def in_output(text: str) -> Callable[[Path], None]:
    output = nbformat.v4.new_output("stream", text=text)
    code = nbformat.v4.new_code_cell("1", outputs=[output])
    return in_notebook(lambda nb: nb.cells.append(code))


def copied(source: str, target: str) -> Callable[[Path], None]:
    return lambda root: shutil.copy(root / source, root / target)


def new_lab(root: Path) -> None:
    folder = root / "solutions" / "lab9_new"
    folder.mkdir()
    answer = "### BEGIN SOLUTION\nanswer = x.sum() + 41\n### END SOLUTION\n"
    (folder / "lab9_new.py").write_text(f"# %%\n{answer}")
    (root / "grader_tests" / "lab9").mkdir()
    in_helper("    answer = x.sum() + 41")(root)


PLANTED = {
    "an answer": in_helper("def f(z):\n    return 1 / (1 + np.exp(-z))"),
    "an answer, spaced and used otherwise": in_helper("s = 1/(1+\n  np.exp( -z ))  # as we know"),
    "an answer in a comment": in_helper("# classes = np.arange(n_classes).reshape(n_classes, 1)"),
    "an entry of a dict": in_helper('x = {"dW2": self.lambda_2 / m * W2}'),
    "a hidden test in a docstring": in_helper(
        '"""\nno_top = rng.permutation([0, 1, 3, 3, 2, 0, 1]).reshape(1, 7)\n"""'
    ),
    "an answer in a cell": in_cell("terms = Y * np.log(A) + (1 - Y) * np.log(1 - A)"),
    "an answer in an output": in_output("----> 3 m = Y.shape[1]"),
    "an answer in metadata": in_notebook(
        lambda nb: nb.metadata.update(note="return float(-np.sum(terms) / m)")
    ),
    "a claim": in_cell(claims(worked.script(LAB))[0]),
    "the call of a hidden test": in_cell("lab1.test_l1(globals())"),
    "the import of hidden tests": in_cell("from grader_tests import lab1"),
    "a mark": in_cell("### BEGIN SOLUTION"),
    "the worked notebook": copied(f"solutions/{LAB}/{LAB}.ipynb", f"notebooks/{LAB}/{LAB}.ipynb"),
    "the worked notebook, renamed": copied(f"solutions/{LAB}/{LAB}.ipynb", "notebooks/more.ipynb"),
    "the worked script": copied(f"solutions/{LAB}/{LAB}.py", f"notebooks/{LAB}/{LAB}.py"),
    "another file": copied("helpers/__init__.py", f"notebooks/{LAB}/notes.txt"),
    "the answer of a new lab": new_lab,
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_a_planted_leak_is_found(plant, course):
    plant(course)
    assert leaks(course)


def test_a_given_file_may_hold_an_earlier_labs_answers_and_nothing_else(course, monkeypatch):
    name = "lab2_next/given.py"
    given = course / "notebooks" / name
    given.parent.mkdir()
    given.write_text("    return 1 / (1 + np.exp(-z))\n")
    monkeypatch.setitem(GIVEN, name, {LAB})
    assert leaks(course) == []
    monkeypatch.setitem(GIVEN, name, set())
    assert len(leaks(course)) == 1


def test_a_traceback_does_not_say_where_the_course_lies():
    line = f"File {HOME / 'helpers' / 'data.py'}:7"
    output = {"output_type": "error", "ename": "E", "evalue": "", "traceback": [line]}
    assert safe_outputs.rebuild([output])[0].traceback == ["File helpers/data.py:7"]
