"""nbgrader's own command, with our judge in it, is as hard to cheat and to stop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from attacks.desk import (
    CHEATER,
    FULL,
    LAB,
    NEIGHBOUR,
    WORKED,
    Desk,
    at_the_wire,
    code,
    opened_in_the_end,
    rescue,
)
from autograder.course import StepFailed

LAST = "zoe"  # an honest student whose turn comes after the cheater's

POINTLESS = {
    "a hook": """
        from IPython.display import display
        verdict = {"passed": True, "message": "", "mistake": None}
        def forge(*_):
            display({"application/vnd.digits-from-scratch.verdict+json": verdict}, raw=True)
        get_ipython().events.register("pre_run_cell", forge)
        1.0
        """,
    "an exit": "import os; os._exit(0)",
    "a message of the cheater's own": at_the_wire("put(b'{]')"),
}
DAMAGE: dict[str, Callable[[Path], object]] = {
    "no JSON": lambda path: path.write_text("{"),
    "nothing in it": lambda path: path.write_bytes(b""),
    "a link": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
}
DATES: dict[str, Callable[[Path], object]] = {
    "no date": lambda path: path.write_text("soon"),
    "a pipe": os.mkfifo,
    "no text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
}


@contextmanager
def _class(desk: Desk) -> Iterator[None]:
    """Grade everybody who has handed in, then make sure that nobody was left out."""
    desk.hand_in(answers=WORKED, student=LAST)
    yield
    with rescue(20), suppress(StepFailed):
        desk.course.autograde(LAB, "*")
    assert desk.score(LAST) == FULL
    assert desk.score(NEIGHBOUR) == FULL


@pytest.mark.parametrize("name", POINTLESS)
def test_no_points(desk: Desk, name: str) -> None:
    desk.hand_in(POINTLESS[name])
    desk.course.autograde(LAB, CHEATER)
    assert desk.score(CHEATER) == 0


def test_a_changed_notebook(desk: Desk) -> None:
    def change(cells: list[dict]) -> None:
        for cell in list(cells):
            if cell["metadata"].get("nbgrader", {}).get("grade"):
                cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "task": True}
                cell["metadata"]["tags"] = ["skip-execution"]
                cells.append({**cell, "cell_type": "markdown"})
                cell["source"] = "1.0"

    desk.hand_in(change=change)
    desk.course.autograde(LAB, CHEATER)
    assert desk.score(CHEATER) == 0


@pytest.mark.parametrize("name", DAMAGE)
def test_damage(desk: Desk, name: str) -> None:
    with _class(desk):
        path = desk.hand_in(answers=WORKED)
        DAMAGE[name](path)
        with opened_in_the_end(path, 10):
            pass
    assert desk.score(CHEATER) == 0


@pytest.mark.parametrize("name", DATES)
def test_dates(desk: Desk, name: str) -> None:
    path = desk.hand_in(answers=WORKED).with_name("timestamp.txt")
    DATES[name](path)
    with opened_in_the_end(path), _class(desk):
        pass
    assert desk.score(CHEATER) == FULL


def test_half_a_character(desk: Desk) -> None:
    with _class(desk):
        desk.hand_in(code("x = '\ud83d'"), "raise ValueError('\\ud83d')", answers=WORKED)
    assert desk.score(CHEATER) == FULL


def test_links_beside_the_notebook(desk: Desk, around: Path) -> None:
    path = desk.hand_in("import os; print(os.listdir())", answers=WORKED)
    for name, target in {
        "gradebook": desk.course.root / "gradebook.db",
        "neighbour": desk.folder(NEIGHBOUR),
        "home": around / "home",
        "endless": Path("/dev/zero"),
        "itself": path.parent,
    }.items():
        path.with_name(name).symlink_to(target)
    os.mkfifo(path.with_name("pipe"))
    path.with_name("numpy.py").write_text("raise SystemExit")
    with _class(desk):
        pass
    assert desk.score(CHEATER) == FULL
    autograded = desk.course.autograded(CHEATER, LAB)
    left = {file.name for file in autograded.parent.iterdir()} - {"timestamp.txt"}
    assert left == {autograded.name}
    assert "canary" not in autograded.read_text()
