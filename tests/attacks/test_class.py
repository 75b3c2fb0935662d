"""The command itself, on a class in which nearly everybody cheats."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from attacks.desk import FULL, LAB, NEIGHBOUR, WORKED, Desk, at_the_wire
from autograder.course import HOME

CHEATERS = {
    "a crash": "import ctypes; ctypes.string_at(1)",
    "a memory bomb": "hoard = [bytearray(10**9) for _ in range(100)]",
    "a fork bomb": "import os\nfor _ in range(1000):\n    os.fork()",
    "a killer": "import os\nos.kill(os.getppid(), 9); os.kill(-1, 9)",
    "an exit": "import os; os._exit(0)",
    "a flood": "print('x' * 300_000_000)",
    "a forger": "from helpers.checking import compare\ncompare.compare = lambda *_: None\n1.0",
    "a liar": at_the_wire("put(b'{]')"),
    "a spy": "import os; print(os.environ, open('/etc/passwd').read())",
}
NO_NOTEBOOK = "no notebook"


def test_the_class(desk: Desk, tmp_path: Path) -> None:
    """Two at a time; honest students first, last and between, whose marks are full."""
    honest = ["anna", "kim", "zoe"]
    for student in honest:
        desk.hand_in(answers=WORKED, student=student)
    for name, source in CHEATERS.items():
        desk.hand_in(source, student=name.replace(" ", "_"))
    desk.hand_in(student=NO_NOTEBOOK).write_text("{")
    students = sorted(path.name for path in (desk.course.root / "submitted").iterdir())
    students.remove(NEIGHBOUR)
    before = _processes()
    command = [sys.executable, "-m", "autograder", LAB, "--json", "--jobs", "2", "--force"]
    command += [f"--student={student}" for student in students]
    done = subprocess.run(
        [*command, "--course-dir", str(desk.course.root)],
        cwd=HOME,
        # The worked lab draws, too, and Matplotlib keeps a list of fonts.
        env=os.environ | {"PYTHONPATH": str(HOME), "MPLCONFIGDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr  # one submission could not be graded
    graded = {one["student"]: one for one in json.loads(done.stdout)}
    assert len(graded) == len(honest) + len(CHEATERS) + 1
    points = {student: one["points"] for student, one in graded.items()}
    assert points == {student: FULL * (student in honest) for student in graded}
    statuses = {student: one["status"] for student, one in graded.items()}
    unreadable = {NO_NOTEBOOK: "unreadable"}
    assert statuses == dict.fromkeys(graded, "graded") | unreadable
    assert all(desk.score(student) == points[student] for student in graded)
    assert "canary" not in done.stdout
    assert "Traceback" not in done.stderr
    assert _processes() <= before
    for student in graded:
        page = desk.course.feedback(student, LAB).read_text()
        assert "canary-in-the-environment" not in page


def _processes() -> set[str]:
    """Return the processes that hold, or held, somebody's code."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"autograder.zygote" in path.read_bytes():
                found.add(path.parent.name)
        except OSError:  # it has ended
            continue
    return found
