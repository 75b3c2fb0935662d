"""What a student's code printed, as a page shows it after grading."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder.__main__ import main
from tests.support.classroom import LAB, WORKED, hand_in, new_course

pytestmark = [pytest.mark.kernel, pytest.mark.classroom]

PRINTED = {
    'for i in range(101): print(f"\\r{i}%", end="")': "100%",
    'for i in range(101): print(f"{i}%", end="\\b" * 4)\nprint("done")': "done",
    'import sys\nfor i in range(5):\n    sys.stderr.write("\\r" + "#" * i + "." * (4 - i))': "####",
    'print("before\\nloading …\\rloaded   \\nafter")': "before\nloaded   \nafter",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    course = new_course(tmp_path_factory.mktemp("course"))
    hand_in(course, LAB, "ada", WORKED)
    with_cells(course.submission("ada", LAB), *PRINTED, "def f(:\n    pass")
    main([LAB, "--course-dir", str(course.root)])
    text = course.feedback("ada", LAB).read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


def with_cells(path: Path, *sources: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells += map(nbformat.v4.new_code_cell, sources)
    nbformat.write(notebook, path)


def output(page: BeautifulSoup, source: str) -> str:
    (cell,) = [c for c in page.select("section.cell") if c.code and c.code.text == source]
    (shown,) = cell.select(".output pre")
    return shown.text


@pytest.mark.parametrize(("source", "shown"), PRINTED.items())
def test_a_line_is_what_stood_there_last(page, source, shown):
    assert output(page, source).removesuffix("\n") == shown


def test_a_syntax_error_is_shown_with_its_line(page):
    shown = output(page, "def f(:\n    pass")
    assert "SyntaxError" in shown
    assert "line 1" in shown
