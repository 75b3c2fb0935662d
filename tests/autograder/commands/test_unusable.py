"""Gradebooks that cannot be used, files that cannot be written: a sentence and exit code 2."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.__main__ import main
from autograder.commands.options import MISUSE
from autograder.files import HOME
from autograder.submission.answers import hand_in
from tests.support.classroom import LAB, new_course

pytestmark = pytest.mark.classroom

OURS = (HOME / "nbgrader_config.py").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course in which one student has handed in, with a configuration of its own."""
    course = new_course(tmp_path)
    hand_in(course, LAB, "ada", {})
    start = f"import sys; sys.path.insert(0, {str(HOME)!r})\n"
    (tmp_path / "nbgrader_config.py").write_text(start + OURS, encoding="utf-8")
    return tmp_path


def set_address(folder: Path, address: str) -> None:
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(f"\nc.CourseDirectory.db_url = {address}\n")


def no_database(folder: Path) -> None:
    (folder / "gradebook.db").write_text("hello\n" * 999)


def without_a_column(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "gradebook.db")) as database, database:
        database.execute("ALTER TABLE student DROP COLUMN lms_user_id")


def cut_short(folder: Path) -> None:
    path = folder / "gradebook.db"
    path.write_bytes(path.read_bytes()[:5000])


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no database": (no_database, "its file is not a database"),
    "of an older nbgrader": (without_a_column, "nbgrader db upgrade"),
    "cut short": (cut_short, "The gradebook cannot be used"),
    "no address": (lambda folder: set_address(folder, "''"), "gradebook's address"),
    "no such system": (lambda folder: set_address(folder, "'oracel://x/y'"), "gradebook's address"),
    "in no folder": (
        lambda folder: set_address(folder, "'sqlite:////nope/gradebook.db'"),
        "cannot be written to",
    ),
    "without its driver": (
        lambda folder: set_address(folder, "'mysql+pymysql://u@127.0.0.1/x'"),
        "python -m pip install pymysql",
    ),
}


@pytest.mark.parametrize("command", [[LAB, "--unconfined"], ["report", LAB], ["export", "canvas"]])
@pytest.mark.parametrize("name", BROKEN)
def test_a_gradebook_that_cannot_be_used(folder: Path, capfd, name: str, command) -> None:
    break_it, says = BROKEN[name]
    break_it(folder)
    assert _run(command, folder) == MISUSE
    printed = "".join(capfd.readouterr())
    assert says in printed
    assert "Traceback" not in printed


def _run(command: list[str], folder: Path) -> int:
    try:
        return main([*command, "--course-dir", str(folder)])
    except SystemExit as end:  # as argparse ends it
        return int(end.code)


def test_a_gradebook_that_somebody_else_holds(folder: Path, capfd) -> None:
    with closing(sqlite3.connect(folder / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert _run(["report", LAB], folder) == MISUSE
    assert "does not let go" in capfd.readouterr().err


def test_a_variable_that_is_not_set(folder: Path, capfd, monkeypatch) -> None:
    monkeypatch.delenv("GRADEBOOK_URL", raising=False)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write('\nimport os\nc.CourseDirectory.db_url = os.environ["GRADEBOOK_URL"]\n')
    assert _run(["report", LAB], folder) == MISUSE
    assert "variable GRADEBOOK_URL, which is not set" in capfd.readouterr().err


def test_a_setting_that_is_none(folder: Path, capfd) -> None:
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write('\nc.Times.believe = "me"\n')
    assert _run([LAB, "--unconfined"], folder) == MISUSE
    assert "A setting in nbgrader_config.py cannot be used" in capfd.readouterr().err


def test_a_file_that_cannot_be_written(folder: Path, capsys) -> None:
    assert _run(["export", "canvas", "--to", "/nope/x.csv"], folder) == MISUSE
    assert "/nope/x.csv: No such file or directory" in capsys.readouterr().out


def test_nothing_is_known_yet(tmp_path: Path, capsys) -> None:
    shutil.copytree(HOME / "solutions" / LAB, tmp_path / "solutions" / LAB)
    assert _run(["export", "canvas"], tmp_path) == MISUSE
    assert "knows no lab yet" in capsys.readouterr().out
    assert _run(["report", LAB], tmp_path) == MISUSE


def test_rows_and_columns_are_sorted_here(folder: Path, tmp_path: Path) -> None:
    """Databases have each their own place for what is empty, and for capitals."""
    with closing(Gradebook(f"sqlite:///{folder / 'gradebook.db'}")) as gradebook:
        for student, last in (("dee", None), ("bo", "day"), ("cy", "Day"), ("al", "")):
            gradebook.add_student(student, last_name=last, first_name="x")
    to = tmp_path / "moodle.csv"
    assert main(["export", "moodle", "--to", str(to), "--course-dir", str(folder)]) == 0
    rows = to.read_text(encoding="utf-8").splitlines()[1:]
    assert [row.split(",")[2] for row in rows] == ["al", "dee", "bo", "cy"]


@pytest.mark.parametrize("file", ["students.csv", "nowhere.csv"])
def test_whoever_reads_along_may_go(tmp_path, file):
    """As in `… | head -1`: no traceback, whether something or all was done."""
    (tmp_path / "students.csv").write_text("id,first_name\nada,Ada\n", encoding="utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "autograder", "roster", tmp_path / file]
    done = subprocess.run(
        [*command, "--course-dir", tmp_path],
        cwd=HOME,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")
