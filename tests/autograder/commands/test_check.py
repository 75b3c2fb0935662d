"""The commands for one notebook: a learner's own, and a lab before its release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.commands import check
from autograder.commands.options import DONE, MISUSE, NOT_ALL
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.files import HOME
from autograder.results.notebook import read_results
from autograder.submission.answers import fill_in
from grader_tests import lab1
from grader_tests.engine import worked
from grader_tests.engine.lab import find_lab
from tests.support.hidden import QUOTED_LINE

pytestmark = pytest.mark.classroom

LAB = "lab1_helper_utilities"
CONFINED = [] if unavailable() is None else ["--unconfined"]


@pytest.fixture
def notebook(tmp_path: Path):
    def write(answers: dict[str, str]) -> Path:
        path = tmp_path / "my work.ipynb"
        fill_in(Course(HOME).released(LAB), answers, path)
        return path

    return write


def run(path: Path, capsys) -> tuple[int, str]:
    code = main(["check", str(path), *CONFINED])
    return code, capsys.readouterr().out


def test_a_right_notebook(notebook, capsys) -> None:
    code, said = run(notebook(worked.cells(LAB)), capsys)
    assert code == DONE
    assert said.endswith("30 of 30 points\n")


def test_a_mistake_is_named_with_the_section_to_read_again(notebook, capsys) -> None:
    known = next(m for m in lab1.lab.mistakes if m.name == "one-hot counts from 1")
    answers = worked.cells(LAB) | {known.cell: known.source(LAB)}
    code, said = run(notebook(answers), capsys)
    assert code == NOT_ALL
    assert "one hot: 0 of 4\n" in said
    assert known.says in " ".join(said.split())
    assert "3. One-hot labels" in said
    assert said.endswith("26 of 30 points\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "breaks off in line 1"),
        ('{"cells" []}', "not valid JSON (line 1, column 10)"),
        ("", "empty"),
        (json.dumps({"cells": [], "metadata": {}}), "no exercise of this course's labs"),
    ],
)
def test_what_is_no_lab_is_said_to_be_none(tmp_path, content, says, capsys) -> None:
    path = tmp_path / "something.ipynb"
    path.write_text(content)
    code, said = run(path, capsys)
    assert code == MISUSE
    assert says in said


def test_ones_own_notebook_may_lie_behind_links(notebook, tmp_path, capsys) -> None:
    path = notebook(worked.cells(LAB))
    (tmp_path / "labs").symlink_to(path.parent)
    (tmp_path / "mine.ipynb").symlink_to(tmp_path / "labs" / path.name)
    for linked in (tmp_path / "labs" / path.name, tmp_path / "mine.ipynb"):
        code, said = run(linked, capsys)
        assert code == DONE
        assert said.endswith("30 of 30 points\n")


def test_a_missing_notebook(tmp_path, capsys) -> None:
    code, said = run(tmp_path / "nowhere.ipynb", capsys)
    assert code == MISUSE
    assert "There is no nowhere.ipynb" in said


def test_a_lab_before_its_release(capsys) -> None:
    assert main(["try", LAB, *CONFINED]) == DONE
    said = capsys.readouterr().out
    assert "the worked solution: 30 of 30 points" in said
    assert "the blank release: 0 of 30 points" in said
    assert said.endswith(f"{LAB}: as it should be.\n")


def test_a_lab_whose_bank_is_not_caught_is_not_ready(capsys, monkeypatch) -> None:
    harmless = lab1.lab.mistakes[0]
    wrong = type(harmless)("harmless", harmless.cell, (), "", harmless.loses, "Nothing is wrong.")
    monkeypatch.setattr(lab1.lab, "mistakes", [wrong])
    assert main(["try", LAB, *CONFINED]) == NOT_ALL
    assert "harmless: rejected by no test" in capsys.readouterr().out


def test_a_lab_that_is_not_there(capsys) -> None:
    assert main(["try", "lab9"]) == MISUSE
    assert LAB in capsys.readouterr().out


# In most of these a part of the worked lab, which stands in for the student's, raises an error.
ACROSS = [
    ("lab1_helper_utilities", "cost guarded in float32"),
    ("lab2_neural_network_class", "one-hot up to the largest label"),
    ("lab3_two_layer_softmax", "forward with a product by entries"),
    ("lab3_two_layer_softmax", "backward with W2 not transposed"),
    ("lab4_deep_mini_batch", "forward from the pictures in every layer"),
    ("lab4_deep_mini_batch", "backward with caches one too high"),
    ("lab4_deep_mini_batch", "training uphill"),
    ("lab5_functional_api", "one velocity for all layers"),
    ("lab5_functional_api", "fit drops the last batch"),
]


@pytest.mark.parametrize(("lab", "name"), ACROSS)
def test_a_mistake_is_named_across_the_border_as_it_is_here(lab, name, tmp_path):
    (mistake,) = [mistake for mistake in find_lab(lab).mistakes if mistake.name == name]
    path = tmp_path / f"{lab}.ipynb"
    course = Course(HOME, unconfined=bool(CONFINED))
    fill_in(course.released(lab), worked.cells(lab) | {mistake.cell: mistake.source(lab)}, path)
    for result in read_results(check.judged(course, lab, path)):
        assert result.mistake == (name if result.name in mistake.loses else None), result
        for line in QUOTED_LINE.findall(result.seen):
            assert line in mistake.source(lab)
