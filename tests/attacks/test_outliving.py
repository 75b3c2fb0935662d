"""Nothing of a submission acts after it: no process, no thread, no file, no false date.

That no process and no file is left is asserted after every attack, by the fixture `desk`.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.judge import judge, workers
from tests.attacks.desk import (
    CHEATER,
    FULL,
    LAB,
    WORKED,
    Desk,
    at_the_wire,
    at_work,
)

LINGERING = {
    "a detached child": """
        import os, subprocess, sys, multiprocessing
        for start in (
            os.fork,
            os.forkpty,
            lambda: subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]),
            lambda: os.posix_spawn("/bin/sleep", ["sleep", "60"], {}),
            lambda: os.execv("/bin/sleep", ["sleep", "60"]),
            lambda: multiprocessing.Process(target=print).start(),
            os.setsid,
        ):
            try:
                if start() == 0 and start is os.fork:
                    import time; time.sleep(60)
                print("STARTED", start)
            except OSError:
                pass
        if os.system("sleep 60 &") == 0:
            print("STARTED")
        """,
    "a thread": """
        import threading, time
        def go_on():
            while True:
                try:
                    open("planted", "a").write("x")
                except Exception:
                    pass
        for _ in range(4):
            threading.Thread(target=go_on, daemon=False).start()
        """,
    "a thread that speaks to the judge": at_the_wire(
        """
        import threading
        def go_on():
            while True:
                say({"do": "nothing", "with": ()})
                time.sleep(0.001)
        threading.Thread(target=go_on).start()
        """
    ),
    "hooks at the end": """
        import atexit, gc, signal, sys, threading, weakref
        def never(*_):
            while True:
                pass
        class Last:
            __del__ = never
        atexit.register(never)
        threading._register_atexit(never)
        gc.callbacks.append(lambda phase, _: never() if phase == "x" else None)
        sys.last = Last()
        weakref.finalize(sys.last, never)
        for name in ("SIGTERM", "SIGHUP", "SIGCHLD", "SIGPIPE", "SIGXCPU"):
            signal.signal(getattr(signal, name), never)
        """,
    "a folder that is hard to remove": """
        import os
        os.makedirs("closed", mode=0)
        for number in range(1500):
            os.mkdir("deep")
            os.chdir("deep")
        open("x" * 255, "w").close()
        """,
    "many files": """
        for number in range(3000):
            open(f"{number}\\n", "w").close()
        """,
}
PLACES = [
    "~/.ipython/profile_default/startup/00.py",
    "~/.jupyter/jupyter_notebook_config.py",
    "~/.config/matplotlib/matplotlibrc",
    "~/.bashrc",
    "/tmp/sitecustomize.py",
    "/dev/shm/planted",
    "/var/tmp/planted",
]


# These take the processor from the student's own answers, or answer in their place.
COSTLY = {"a thread", "a thread that speaks to the judge"}


@pytest.mark.parametrize("name", LINGERING)
def test_lingering(desk: Desk, name: str) -> None:
    """Honest answers beside it are marked in full, and the next submission is as ever."""
    result = desk.cheat(LINGERING[name], answers=WORKED)
    assert result.points == FULL or name in COSTLY
    assert "STARTED" not in result.shown
    assert at_work() == []
    desk.hand_in("import os; print(os.listdir())", answers=WORKED)
    following = desk.judge()
    assert following.points == FULL
    assert following.own_cells[-1].outputs[0].text == "[]\n"


def test_files_are_planted_nowhere(desk: Desk, around: Path) -> None:
    root = desk.course.root
    inside = [str(path) for path in (root, desk.folder(), root / "autograded", around / "home")]
    installed = [str(Path(sys.prefix, "lib")), str(Path(judge.__file__).parent)]
    code = f"""
        import os, pathlib, site
        places = [os.path.join(p, "sitecustomize.py") for p in {inside + installed}]
        places += [*{PLACES}, *(os.path.join(p, "planted.pth") for p in site.getsitepackages())]
        places += [p.replace("~", {str(around / "home")!r}) for p in places]
        home = os.path.expanduser("~")
        for place in places:
            for write in ("wb", "ab", "r+b"):
                try:
                    os.makedirs(os.path.dirname(place), exist_ok=True)
                    open(place, write).write(b"planted")
                    if not os.path.abspath(place).startswith(home):
                        print("PLANTED", place)
                except OSError:
                    pass
        """
    result = desk.cheat(code, answers=WORKED)
    assert "PLANTED" not in result.shown
    assert not [place for place in PLACES if os.path.exists(os.path.expanduser(place))]
    assert desk.cheat(answers=WORKED).points == FULL


def test_the_gradebook_is_not_written(desk: Desk) -> None:
    path = desk.course.root / "gradebook.db"
    before = path.read_bytes()
    source = f"""
        import sqlite3, os, shutil
        for attack in (
            lambda: sqlite3.connect({str(path)!r}).execute("UPDATE grade SET auto_score = 1000"),
            lambda: os.remove({str(path)!r}),
            lambda: os.truncate({str(path)!r}, 0),
            lambda: os.rename({str(path)!r}, {str(path)!r} + "x"),
            lambda: shutil.rmtree({str(path.parent)!r}),
            lambda: os.chmod({str(path)!r}, 0),
            lambda: os.utime({str(path)!r}, (0, 0)),
        ):
            try:
                attack()
            except Exception as error:
                print(type(error).__name__)
        """
    times = path.stat().st_mtime_ns, path.stat().st_mode
    desk.cheat(source)
    assert path.read_bytes() == before
    assert (path.stat().st_mtime_ns, path.stat().st_mode) == times


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_without_permissions_is_removed(tmp_path: Path) -> None:
    """Root removes everything; most graders are not root."""
    nobody = 65534
    work = tmp_path / "work"
    closed = work / "closed"
    closed.mkdir(parents=True)
    (closed / "file").touch()
    closed.chmod(0o300)
    for path in (tmp_path, work, closed):
        os.chown(path, nobody, nobody)
    if (pid := os.fork()) == 0:
        os.chdir(tmp_path)
        os.setgid(nobody)
        os.setuid(nobody)
        workers._remove(Path("work"))
        os._exit(0)
    os.waitpid(pid, 0)
    assert os.listdir(tmp_path) == []


@pytest.fixture
def overdue(desk: Desk):
    """The lab was due a week ago."""
    with desk.course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=datetime.now() - timedelta(days=7))
    yield
    with desk.course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=None)


@pytest.mark.usefixtures("overdue")
@pytest.mark.parametrize("claim", ["2001-01-01 00:00:00 UTC", "1970-01-01", "0001-01-01 00:00:00"])
def test_a_claimed_date_is_not_believed(desk: Desk, claim: str) -> None:
    path = desk.hand_in(answers=WORKED)
    path.with_name("timestamp.txt").write_text(claim)
    desk.grade(CHEATER)
    with desk.course.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, CHEATER).total_seconds_late > 6 * 24 * 3600


@pytest.mark.usefixtures("overdue")
def test_a_linked_date_is_not_believed(desk: Desk) -> None:
    """Not even if the link leads to a date that somebody else was given."""
    path = desk.hand_in(answers=WORKED)
    other = desk.course.root / "submitted" / "timestamp.txt"
    other.write_text("2001-01-01 00:00:00 UTC")
    path.with_name("timestamp.txt").symlink_to(other)
    try:
        desk.grade(CHEATER)
    finally:
        other.unlink()
    with desk.course.gradebook() as gradebook:
        assert gradebook.find_submission(LAB, CHEATER).total_seconds_late > 6 * 24 * 3600


def test_an_earlier_run_does_not_vouch_for_another_notebook(desk: Desk) -> None:
    """What was graded before is graded again once anything has changed."""
    from autograder.grading.run import Run

    path = desk.hand_in(answers=WORKED)
    desk.grade(CHEATER)
    assert Run(desk.course, LAB, 1).done_before(CHEATER).points == FULL
    times = path.stat().st_atime, path.stat().st_mtime
    desk.hand_in()
    os.utime(path, times)
    assert Run(desk.course, LAB, 1).done_before(CHEATER) is None
