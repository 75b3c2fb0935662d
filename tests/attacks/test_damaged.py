"""Whatever is handed in is graded, or gets zero and a reason; the class goes on."""

from __future__ import annotations

import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat.v3 import nbbase as v3

from autograder.submission.reading import LARGEST_SUBMISSION
from tests.attacks.desk import CHEATER, FULL, LAB, WORKED, Desk, code, opened_in_the_end, write


def _zipped(path: Path) -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(10_000_000))
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr(path.name, inner.getvalue())
    return outer.getvalue()


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 * LARGEST_SUBMISSION)


NO_NOTEBOOKS: dict[str, Callable[[Path], object]] = {
    "nothing in it": lambda path: path.write_bytes(b""),
    "not there": lambda path: path.unlink(),
    "a text": lambda path: path.write_text("This was meant to be a notebook."),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[:3000]),
    "zeros": lambda path: path.write_bytes(bytes(10_000)),
    "UTF-16": lambda path: path.write_text("\ud7ff{", encoding="utf-16"),
    "a list": lambda path: path.write_text("[]"),
    "a number": lambda path: path.write_text("1"),
    "null": lambda path: path.write_text("null"),
    "a text in JSON": lambda path: path.write_text('"cells"'),
    "an empty object": lambda path: path.write_text("{}"),
    "cells that are no list": lambda path: path.write_text('{"cells": {"a": 1}}'),
    "deep JSON": lambda path: path.write_text("[" * 1_000_000),
    "deep cells": lambda path: path.write_text('{"cells":' * 5_000 + "1" + "}" * 5_000),
    "a number of 5,000 digits": lambda path: path.write_text('{"cells": ' + "1" * 5_000 + "}"),
    "10,000 cells": lambda path: write(path, {"cells": [code("1")] * 10_000}),
    "an archive in an archive": lambda path: path.write_bytes(_zipped(path)),
    "more than anybody needs": _sparse,
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a link to nowhere": lambda path: (path.unlink(), path.symlink_to("nowhere")),
    "a link to itself": lambda path: (path.unlink(), path.symlink_to(path)),
    "a link to endless zeros": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "a worksheet of nothing": lambda path: path.write_text('{"worksheets": [1], "nbformat": 3}'),
    "worksheets of the future": lambda path: path.write_text('{"worksheets": [], "nbformat": 99}'),
    "no format": lambda path: path.write_text('{"worksheets": [{}], "nbformat": "x"}'),
    "two other notebooks": lambda path: (
        path.with_name("one.ipynb").write_text("{}"),
        path.rename(path.with_name("two.ipynb")),
    ),
}


@pytest.mark.parametrize("name", NO_NOTEBOOKS)
def test_no_notebook(desk: Desk, name: str) -> None:
    """Zero points, a sentence that says why, and the next submission is graded."""
    NO_NOTEBOOKS[name](desk.hand_in(answers=WORKED))
    graded = desk.grade(CHEATER)[CHEATER]
    assert (graded.points, graded.maximum) == (0, FULL)
    assert graded.status == "unreadable"
    assert graded.reason.endswith(".")


def _cells(change: Callable[[list[dict]], None]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        notebook = json.loads(path.read_text())
        change(notebook["cells"])
        write(path, notebook)

    return damage


def _outer(change: Callable[[dict], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        notebook = json.loads(path.read_text())
        change(notebook)
        write(path, notebook)

    return damage


def _older(path: Path) -> None:
    """Format 3, whose cells know no ids but nbgrader's."""
    notebook = json.loads(path.read_text())
    cells = [
        v3.new_code_cell(input="".join(cell["source"]), metadata=cell["metadata"])
        for cell in notebook["cells"]
    ]
    old = v3.new_notebook(worksheets=[v3.new_worksheet(cells=cells)])
    path.write_text(json.dumps({**old, "nbformat": 3, "nbformat_minor": 0}))


def _each(**fields: object) -> Callable[[Path], None]:
    return _cells(lambda cells: [cell.update(fields) for cell in cells])


def _without(key: str) -> Callable[[Path], None]:
    return _cells(lambda cells: [cell.pop(key, None) for cell in cells])


ODD_NOTEBOOKS: dict[str, Callable[[Path], object]] = {
    "an older format": _older,
    "a newer format": _outer(lambda notebook: notebook.update(nbformat=99, nbformat_minor=99)),
    "no format": _outer(lambda notebook: notebook.pop("nbformat")),
    "no metadata": _outer(lambda notebook: notebook.pop("metadata")),
    "metadata that are none": _outer(lambda notebook: notebook.update(metadata=[1])),
    "another language": _outer(
        lambda notebook: notebook.update(metadata={"kernelspec": {"name": "bash"}})
    ),
    "cells that are none": _cells(lambda cells: cells.extend([1, None, [], "x", {}])),
    "cells of no type": _cells(lambda cells: cells.append({"cell_type": [], "source": "1"})),
    "sources that are none": _cells(
        lambda cells: cells.extend({**code("1"), "source": s} for s in (1, None, {}, [1, None]))
    ),
    "the same id for all": _each(id="same"),
    "ids that are none": _each(id=[1]),
    "no outputs": _without("outputs"),
    "outputs that are none": _each(outputs="x", execution_count="y"),
    "attachments": _each(attachments={"../../x": {"image/png": "x"}}),
    "another name": lambda path: path.rename(path.with_name("My Lab 1 (final) (2).ipynb")),
    "twice under other names": lambda path: (
        path.with_name("one.ipynb").write_bytes(path.read_bytes()),
        path.rename(path.with_name("two.ipynb")),
    ),
    "another case": lambda path: path.rename(path.with_name("LAB.IPYNB")),
    "half a character": _cells(lambda cells: cells.append(code("x = '\ud83d'"))),
    "half a character in a name": _cells(lambda cells: cells[0]["metadata"].update(a="\ud83d")),
    "no characters": _cells(lambda cells: cells.append(code("\x00\x01\x7f\u2028\ufeff"))),
    "a mark of byte order": lambda path: path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes()),
    "other ends of lines": _cells(lambda cells: cells.append(code("x = 1\r\ny = 2\r"))),
}


@pytest.mark.parametrize("name", ODD_NOTEBOOKS)
def test_an_odd_notebook(desk: Desk, name: str) -> None:
    """What can be understood is graded as if nothing had happened."""
    ODD_NOTEBOOKS[name](desk.hand_in(answers=WORKED))
    assert desk.grade(CHEATER)[CHEATER].points == FULL


HALF_CHARACTERS = {
    "printed": "print('\\ud83d')",
    "raised": "raise ValueError('\\ud83d')",
    "the name of an error": "raise type('\\ud83d', (Exception,), {})",
    "displayed": "from IPython.display import HTML; HTML('\\ud83d')",
    "displayed as text": "get_ipython().display_pub.publish({'text/plain': '\\ud83d'})",
    "a result": "class A:\n    def __repr__(self): return '\\ud83d'\nA()",
    "an error of a function": "def one_hot(Y, n): raise ValueError('\\ud83d')",
    "a key": "def one_hot(Y, n): return {'\\ud83d': 1}",
    "an alternative text": (
        "get_ipython().display_pub.publish({'image/png': 'x'}, {'image/png': {'alt': '\\ud83d'}})"
    ),
}


@pytest.mark.parametrize("name", HALF_CHARACTERS)
def test_half_a_character(desk: Desk, name: str) -> None:
    """Half a surrogate pair, as a cut emoji leaves it, is text to Python and not to UTF-8."""
    desk.hand_in(HALF_CHARACTERS[name], answers=WORKED)
    assert desk.grade(CHEATER)[CHEATER].points >= FULL - 4


def test_a_name_in_another_encoding(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED)
    path.rename(os.fsdecode(os.fsencode(path.parent) + b"/\xdcbung.ipynb"))
    assert desk.grade(CHEATER)[CHEATER].points == FULL


def test_a_name_of_several_lines(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED)
    path.rename(path.with_name("\x1b[2J\n\r30 of 30.ipynb"))
    graded = desk.grade(CHEATER)[CHEATER]
    assert graded.points == FULL
    assert "".join(graded.notes).isprintable()


DATES: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: path.write_text(""),
    "no date": lambda path: path.write_text("soon"),
    "bytes": lambda path: path.write_bytes(b"\xff\x00"),
    "the end of time": lambda path: path.write_text("9999-12-31 23:59:59 -1200"),
    "before time": lambda path: path.write_text("0001-01-01 00:00:00 +1200"),
    "digits": lambda path: path.write_text("9" * 10_000),
    "an odd zone": lambda path: path.write_text("2025-01-01 00:00:00 UTC+99999"),
    "a folder": lambda path: path.mkdir(),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path),
}


@pytest.mark.parametrize("name", DATES)
def test_a_damaged_date(desk: Desk, name: str) -> None:
    DATES[name](desk.hand_in(answers=WORKED).with_name("timestamp.txt"))
    assert desk.grade(CHEATER)[CHEATER].points == FULL


def test_a_date_that_never_comes(desk: Desk) -> None:
    """A pipe that nobody writes into."""
    path = desk.hand_in(answers=WORKED).with_name("timestamp.txt")
    os.mkfifo(path)
    with opened_in_the_end(path):
        assert desk.grade(CHEATER)[CHEATER].points == FULL


def test_a_date_that_never_ends(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED).with_name("timestamp.txt")
    with path.open("wb") as file:
        file.truncate(3 * LARGEST_SUBMISSION)
    assert memory(lambda: desk.grade(CHEATER)) < LARGEST_SUBMISSION


def test_a_date_without_a_notebook(desk: Desk) -> None:
    """As an exchange leaves it where a student hands in something else."""
    path = desk.hand_in()
    path.with_name("timestamp.txt").write_text("2025-01-01 00:00:00 UTC")
    path.unlink()
    graded = desk.grade(CHEATER)[CHEATER]
    assert (graded.points, graded.status) == (0, "unreadable")


def test_a_file_that_is_too_large_is_not_read(desk: Desk) -> None:
    _sparse(desk.hand_in())
    assert memory(lambda: desk.grade(CHEATER)) < LARGEST_SUBMISSION


def test_a_file_of_many_small_things_costs_littlememory(desk: Desk) -> None:
    """JSON can hold many more objects than a notebook has use for."""
    path = desk.hand_in()
    path.write_text('{"cells": [' + "{}," * 2_000_000 + "{}]}")
    assert memory(lambda: desk.grade(CHEATER)) < 15 * path.stat().st_size


BESIDE: dict[str, Callable[[Path], object]] = {
    "a pipe": lambda folder: os.mkfifo(folder / "pipe"),
    "a device": lambda folder: (folder / "device").symlink_to("/dev/zero"),
    "a link to the file system": lambda folder: (folder / "everything").symlink_to("/"),
    "a link to itself": lambda folder: (folder / "itself").symlink_to(folder),
    "an archive": lambda folder: (folder / "more.zip").write_bytes(_zipped(folder)),
    "a deep folder": lambda folder: (folder / "/".join("d" * 100)).mkdir(parents=True),
    "another notebook": lambda folder: (folder / "other.ipynb").write_text("{}"),
    "a configuration": lambda folder: (folder / "nbgrader_config.py").write_text("1 / 0"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_beside_the_notebook(desk: Desk, name: str) -> None:
    path = desk.hand_in(answers=WORKED)
    BESIDE[name](path.parent)
    assert desk.grade(CHEATER)[CHEATER].points == FULL
    assert {file.name for file in desk.course.autograded(CHEATER, LAB).parent.iterdir()} == {
        f"{LAB}.ipynb",
        "results.json",
    }


def test_a_file_for_a_folder(desk: Desk) -> None:
    desk.folder().parent.mkdir(parents=True)
    desk.folder().write_text("my notebook")
    graded = desk.grade(CHEATER)[CHEATER]
    assert (graded.points, graded.status) == (0, "unreadable")


def memory(action: Callable[[], object]) -> int:
    """Return how many bytes Python had at most while it did something."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
