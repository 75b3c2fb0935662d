"""How far a command is, on a terminal and in a log file."""

from __future__ import annotations

import sys

import pytest

from autograder.commands import progress as module
from autograder.commands.progress import progress


@pytest.fixture
def clock(monkeypatch) -> None:
    """Let ten seconds pass whenever the time is asked for."""
    seconds = iter(range(0, 10_000, 10))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(seconds))


@pytest.mark.usefixtures("clock")
def test_a_log_file_has_a_line_now_and_then(capsys) -> None:
    assert list(progress("abcdefg", 7, "grading", "submissions")) == list("abcdefg")
    out, err = capsys.readouterr()
    assert out == "grading: 3 of 7 submissions\ngrading: 6 of 7 submissions\n"
    assert err == ""


def test_what_is_soon_done_leaves_no_line(capsys) -> None:
    assert list(progress(range(100), 100, "grading", "submissions")) == list(range(100))
    assert capsys.readouterr() == ("", "")


def test_a_terminal_has_a_bar(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert list(progress("abc", 3, "grading", "submissions")) == list("abc")
    out, err = capsys.readouterr()
    assert "grading: 100%" in out
    assert "3/3" in out
    assert err == ""
    assert list(progress("abc", 3, "grading", "submissions", silent=True)) == list("abc")
    assert list(progress("", 0, "grading", "submissions")) == []
    assert capsys.readouterr() == ("", "")
