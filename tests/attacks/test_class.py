"""The command itself, on a class in which nearly everybody cheats."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from autograder.files import HOME
from tests.attacks.desk import FULL, LAB, NEIGHBOUR, WORKED, Desk, at_the_wire

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
    command = [sys.executable, "-m", "autograder", LAB, "--json", "--jobs", "2", "--force"]
    command += [f"--student={student}" for student in students]
    done = subprocess.Popen(
        [*command, "--course-dir", str(desk.course.root)],
        cwd=HOME,
        # The worked lab draws, too, and Matplotlib keeps a list of fonts.
        env=os.environ | {"PYTHONPATH": str(HOME), "MPLCONFIGDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    stdout, stderr = done.communicate(timeout=240)
    assert done.returncode == 1, stderr  # one submission could not be graded
    graded = {one["student"]: one for one in json.loads(stdout)}
    assert len(graded) == len(honest) + len(CHEATERS) + 1
    points = {student: one["points"] for student, one in graded.items()}
    assert points == {student: FULL * (student in honest) for student in graded}
    statuses = {student: one["status"] for student, one in graded.items()}
    unreadable = {NO_NOTEBOOK: "unreadable"}
    assert statuses == dict.fromkeys(graded, "graded") | unreadable
    assert all(desk.score(student) == points[student] for student in graded)
    assert "canary" not in stdout
    assert "Traceback" not in stderr
    until = time.monotonic() + 20  # Python's own helpers end a moment after their parent
    while _session(done.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert _session(done.pid) == []
    for student in graded:
        page = desk.course.feedback(student, LAB).read_text()
        assert "canary-in-the-environment" not in page


def _session(leader: int) -> list[int]:
    """Return the processes of a session: what the command has left behind."""
    left = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError):
            if os.getsid(int(path.name)) == leader:
                left.append(int(path.name))
    return left
