"""nbgrader's own command, with our judge in it, is as hard to cheat and to stop."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.attacks.desk import (
    CHEATER,
    FULL,
    LAB,
    NEIGHBOUR,
    WORKED,
    Desk,
    at_the_wire,
    code,
    rescue,
)

LAST = "zoe"  # an honest student whose turn comes after the cheater's

POINTLESS = {
    "hook": """
        from IPython.display import display
        verdict = {"passed": True, "message": "", "mistake": None}
        def forge(*_):
            display({"application/vnd.digits-from-scratch.verdict+json": verdict}, raw=True)
        get_ipython().events.register("pre_run_cell", forge)
        1.0
        """,
    "exit": "import os; os._exit(0)",
    "liar": at_the_wire("put(b'{]')"),
}
DAMAGE: dict[str, Callable[[Path], object]] = {
    "no_json": lambda path: path.write_text("{"),
    "nothing_in_it": lambda path: path.write_bytes(b""),
    "link": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "folder": lambda path: (path.unlink(), path.mkdir()),
    "pipe": lambda path: (path.unlink(), os.mkfifo(path)),
    "no_text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
}
DATES: dict[str, Callable[[Path], object]] = {
    "no_date": lambda path: path.write_text("soon"),
    "date_in_a_pipe": os.mkfifo,
    "date_without_text": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "linked_date": lambda path: path.symlink_to("/dev/zero"),
}


def test_the_class(desk: Desk, around: Path) -> None:
    """Everybody but one cheats, or hands in something odd; all get their mark, in one run."""
    for name, source in POINTLESS.items():
        desk.hand_in(source, student=name)
    desk.hand_in(change=_give_points, student="points")
    for name, damage in DAMAGE.items():
        damage(desk.hand_in(answers=WORKED, student=name))
    for name, write in DATES.items():
        write(desk.hand_in(answers=WORKED, student=name).with_name("timestamp.txt"))
    halves = code("x = '\ud83d'"), "raise ValueError('\\ud83d')"
    desk.hand_in(*halves, answers=WORKED, student="half_a_character")
    linked = desk.hand_in("import os; print(os.listdir())", answers=WORKED, student="links")
    _surround(linked, desk, around)
    desk.hand_in(answers=WORKED, student=LAST)

    with rescue(60, processor=60) as rescues:
        desk.course.autograde(LAB, f"[!{NEIGHBOUR[0]}]*")

    assert rescues == []
    nothing = {*POINTLESS, "points", *DAMAGE}
    everything = {*DATES, "half_a_character", "links", LAST}
    scores = {student: desk.score(student) for student in nothing | everything}
    assert scores == dict.fromkeys(nothing, 0) | dict.fromkeys(everything, FULL)
    autograded = desk.course.autograded("links", LAB)
    left = {file.name for file in autograded.parent.iterdir()}
    assert left == {autograded.name, "results.json"}
    assert "canary" not in autograded.read_text()


def _give_points(cells: list[dict]) -> None:
    for cell in list(cells):
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "task": True}
            cell["metadata"]["tags"] = ["skip-execution"]
            cells.append({**cell, "cell_type": "markdown"})
            cell["source"] = "1.0"


def _surround(path: Path, desk: Desk, around: Path) -> None:
    """Lay links to what is secret, endless or oneself, and a module of a known name, beside."""
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


def test_who_hands_in_again_is_graded_again(desk: Desk) -> None:
    """Without any option, as nbgrader does where a newer date lies beside the notebook."""
    path = desk.hand_in()
    desk.course.autograde(LAB, CHEATER)
    assert desk.score(CHEATER) == 0
    path = desk.hand_in(answers=WORKED)
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    path.with_name("timestamp.txt").write_text(f"{in_an_hour}")
    desk.course.autograde(LAB, CHEATER, force=False)
    assert desk.score(CHEATER) == FULL


def test_answers_without_ids_and_in_another_encoding_are_found(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED, change=lambda cells: [c["metadata"].clear() for c in cells])
    path.write_bytes(path.read_bytes().replace(b"import numpy", b"# \x92\\nimport numpy", 1))
    desk.course.autograde(LAB, CHEATER)
    assert desk.score(CHEATER) == FULL
    page = desk.course.autograded(CHEATER, LAB).read_text()
    assert "they were found by what they define" in page
    assert "0x92" in page
