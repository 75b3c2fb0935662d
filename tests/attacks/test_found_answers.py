"""Finding answers by what they define helps the honest, and nobody else; nor does it take long."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.submission.reading import LARGEST_SUBMISSION
from tests.attacks.desk import CHEATER, FULL, LAB, WORKED, Desk, code
from tests.attacks.test_damaged import memory
from tests.autograder.collecting.archives import without_a_name

RIGHT = WORKED["one_hot"]
WRONG = "def one_hot(Y, n_classes):\n    return np.zeros((n_classes, Y.shape[1])) + Y"
OTHERS = {name: text for name, text in WORKED.items() if name != "one_hot"}


def _without_id(name: str) -> Callable[[list[dict]], None]:
    def change(cells: list[dict]) -> None:
        for cell in cells:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
                cell["metadata"] = {}

    return change


TWO_ANSWERS = {
    "a right one above the one that counts": {"first": ["import numpy as np", RIGHT]},
    "a right one that a text holds": {"first": [f"answer = '''\n{RIGHT}\n'''"]},
    "a right one in a cell that is not run": {"first": [f"%%writefile own.py\n{RIGHT}"]},
    "a right one in a condition that does not hold": {
        "first": [f"if False:\n    {RIGHT.replace(chr(10), chr(10) + '    ')}"]
    },
}


@pytest.mark.parametrize("name", TWO_ANSWERS)
def test_a_wrong_answer_is_not_exchanged_for_a_better_one(desk: Desk, name: str) -> None:
    result = desk.cheat(answers=OTHERS | {"one_hot": WRONG}, **TWO_ANSWERS[name])
    assert result.tests["test_one_hot"].points == 0


@pytest.mark.parametrize("ids", [True, False])
def test_the_last_of_two_answers_counts_as_in_a_kernel(desk: Desk, ids: bool) -> None:
    change = None if ids else _without_id("one_hot")
    for first, last, points in ((RIGHT, WRONG, 0), (WRONG, RIGHT, 4)):
        result = desk.cheat(last, answers=OTHERS | {"one_hot": first}, change=change)
        assert result.tests["test_one_hot"].points == points


def _answers_itself(cells: list[dict]) -> None:
    """Type a test of one's own into each test's cell, and take away its id."""
    for cell in cells:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] += "\ndef test_one_hot(*_): return 4.0\nprint('all right'); 4.0"


def _swap(cells: list[dict]) -> None:
    """Give the tests' cells the ids of answers, and the answers those of tests."""
    named = [c["metadata"]["nbgrader"] for c in cells if "nbgrader" in c["metadata"]]
    names = [nbgrader["grade_id"] for nbgrader in named]
    for nbgrader, name in zip(named, reversed(names), strict=True):
        nbgrader["grade_id"] = name


def _tests_without_ids(cells: list[dict]) -> None:
    _answers_itself(cells)
    for cell in cells:
        cell["metadata"] = {}


@pytest.mark.parametrize("change", [_answers_itself, _swap, _tests_without_ids])
def test_tests_are_never_the_students(desk: Desk, change: Callable) -> None:
    result = desk.cheat(answers={"one_hot": WRONG}, change=change)
    assert result.points == 0
    masters = {cell.name: cell.source for cell in desk.judging.masters[LAB].cells if cell.locked}
    sources = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in result.notebook.cells
        if "nbgrader" in cell.metadata
    }
    assert {name: sources[name] for name in masters} == masters


STUBS = "\n".join(f"def {name}(*_): raise NotImplementedError()" for name in WORKED)
SLOW = {
    "cells that answer, one after the other": [RIGHT] * 1_000,
    "cells that do not": [STUBS] * 1_000,
    "long ones": [f"{WRONG}\n" * 2_000] * 10,
    "deep ones": ["one_hot = " + "1+" * 90_000 + "1"] * 4,
    "branches": ["one_hot\n" + "if 1:\n pass\n" + "elif 1:\n pass\n" * 900] * 20,
    "brackets": ["one_hot = " + "(" * 190_000] * 4,
    "commas": ["one_hot\n" + "a," * 70_000 + "="] * 20,
    "blanks": ["one_hot\n" + " " * 190_000 + "?"] * 20,
    "blanks before a word": [f"one_hot\n{' ' * 99_000}x"] * 4,
    "branches that are copied": [
        f"{STUBS}\n{'if 1: pass' + chr(10) + ('elif 1: pass' + chr(10)) * 950}"
    ],
    "bytes of no encoding": ["one_hot" + "\udcff" * 2_000],
    "classes of themselves": ["class Sigmoid(Sigmoid):\n def prime(s): 1\n" * 2_000] * 6,
    "texts alike": ["# Hidden tests of one_hot(Y, n_classes) run here when you hand in."] * 2_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_a_notebook_made_to_take_long_is_found_out_about_soon(desk: Desk, name: str) -> None:
    """Within the processor time that a judge is given here at all."""

    def change(cells: list[dict]) -> None:
        cells[:] = [code(source) for source in SLOW[name]]

    desk.cheat(change=change, held_up=60)


ODD_LINES = {
    "imports": f"from {'import ' * 28_000}",
    "blanks": f"{' ' * 90_000}{' ,' * 45_000}",
    "names": "one_hot, " * 20_000,
}


@pytest.mark.parametrize("name", ODD_LINES)
def test_why_a_name_is_missing_is_found_out_soon(desk: Desk, name: str) -> None:
    cell = f"x = '''\n{ODD_LINES[name]}\n'''\n1 / 0"
    result = desk.cheat("del one_hot", first=[cell] * 3, answers=WORKED, held_up=60)
    assert "There is no `one_hot`" in result.tests["test_one_hot"].message


def _archive(path: Path, *entries: tuple[str, bytes]) -> None:
    with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    path.unlink()


def _nameless(path: Path) -> None:
    """An archive with a file that has no name at all."""
    _archive(path, ("x", b"{}"))
    packed = path.with_suffix(".zip")
    packed.write_bytes(without_a_name(packed.read_bytes()))


def _many_entries(path: Path) -> None:
    """The list of an archive of a hundred thousand files."""
    entry = b"PK\1\2" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"x"
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 65535, 65535, len(entry) * 100_000, 4, 0)
    path.with_suffix(".zip").write_bytes(b"PK\3\4" + entry * 100_000 + end)
    path.unlink()


def _bzip2(path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("x.ipynb", bytes(100_000_000))
    path.with_suffix(".zip").write_bytes(buffer.getvalue())
    path.unlink()


ARCHIVES: dict[str, Callable[[Path], object]] = {
    "that expands": lambda path: _archive(path, ("x.ipynb", bytes(4 * LARGEST_SUBMISSION))),
    "that expands in one go": _bzip2,
    "of many files": _many_entries,
    "that leads out": lambda path: _archive(path, ("../../../x.ipynb", b"{}")),
    "in an archive": lambda path: _archive(path, ("x.zip", b"PK\3\4")),
    "of a file without a name": _nameless,
    "that is a pipe": lambda path: (path.unlink(), os.mkfifo(path.with_suffix(".zip"))),
    "that is a link": lambda path: (
        path.unlink(),
        path.with_suffix(".zip").symlink_to("/dev/zero"),
    ),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive(desk: Desk, name: str) -> None:
    ARCHIVES[name](desk.hand_in(answers=WORKED))
    graded = {}
    assert memory(lambda: graded.update(desk.grade(CHEATER))) < 4 * LARGEST_SUBMISSION
    assert (graded[CHEATER].points, graded[CHEATER].status) == (0, "unreadable")


def test_a_script_made_to_take_long(desk: Desk) -> None:
    path = desk.hand_in()
    path.unlink()
    headers = "# %% " + "nbgrader={" * 29_000 + "\nx = 1"
    for text in ("# %%\n" * 59_000, "\n" * 290_000, '"' * 290_000, "a=1;" * 70_000, headers):
        path.with_suffix(".py").write_text(text)
        assert desk.grade(CHEATER, held_up=60)[CHEATER].points == 0


DEEP = f"app = marimo.App()\n@{'+'.join('1' * 900)}\ndef f():\n    return "


def test_scripts_that_cannot_be_compared_stop_nobody_else(desk: Desk) -> None:
    """They are read where the class is looked through, not where one submission is judged."""
    path = desk.hand_in()
    path.unlink()
    for name in "ab":
        path.with_name(f"{name}.py").write_text(f"{DEEP}{name!r}\n")
    desk.hand_in(answers=WORKED, student="bob")
    graded = desk.grade(CHEATER, "bob")
    assert graded[CHEATER].points == 0
    assert "Keep one" in graded[CHEATER].reason
    assert graded["bob"].points == FULL


def test_archives_that_cannot_be_compared_stop_nobody_else(desk: Desk) -> None:
    path = desk.hand_in()
    for name in "ab":
        path.touch()
        _nameless(path)
        path.with_suffix(".zip").rename(path.with_name(f"{name}.zip"))
    desk.hand_in(answers=WORKED, student="bob")
    graded = desk.grade(CHEATER, "bob")
    assert graded[CHEATER].points == 0
    assert graded["bob"].points == FULL


def test_folders_without_end(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED)
    path.rename(path.with_name("my notebook.ipynb"))
    for number in range(800):
        (path.parent / "deep" / f"{number}" / "d" / "e").mkdir(parents=True)
    assert desk.grade(CHEATER)[CHEATER].points == FULL


def test_copies_that_cannot_be_read_are_no_two_of_a_kind(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED)
    path.rename(path.with_name("a.ipynb"))
    for name in ("b.ipynb", "c.ipynb"):
        path.with_name(name).symlink_to("a.ipynb")
    graded = desk.grade(CHEATER)[CHEATER]
    assert (graded.points, graded.status) == (0, "unreadable")
    assert "Keep one" in graded.reason
