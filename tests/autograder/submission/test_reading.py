"""What was handed in instead of a notebook is said, and what to do about it."""

import nbformat
import pytest

from autograder.course import Course
from autograder.files import HOME
from autograder.results.notebook import FOREIGN, NOTES
from autograder.submission.handed_in import find_submission
from autograder.submission.master import released_master
from autograder.submission.reading import Unreadable, read_cells
from autograder.submission.rebuild import rebuild

LAB = "lab4_deep_mini_batch"

INSTEAD = {
    "nothing": ([], f"There is no {LAB}.ipynb; the folder is empty."),
    "only a date": (["timestamp.txt"], "the folder is empty."),
    "a script": (["lab.py"], f"There is no {LAB}.ipynb, only lab.py."),
    "two notebooks": (
        ["a.ipynb", "b.ipynb"],
        f"There is no {LAB}.ipynb, but there are others: a.ipynb, b.ipynb. Keep one.",
    ),
    "a name of two lines": (["a\nb.txt"], "only a?b.txt."),
}


@pytest.mark.parametrize("name", INSTEAD)
def test_what_was_handed_in_instead(tmp_path, name):
    files, sentence = INSTEAD[name]
    for file in files:
        (tmp_path / file).write_text("x", encoding="utf-8")
    path, _ = find_submission(tmp_path, LAB)
    with pytest.raises(Unreadable) as refusal:
        read_cells(path)
    assert sentence in str(refusal.value)


def test_another_labs_notebook_is_taken_for_one(tmp_path):
    master = released_master(Course(HOME), LAB)
    notes = {}
    for lab in (LAB, "lab5_functional_api", "lab3_two_layer_softmax"):
        released = nbformat.read(HOME / "notebooks" / lab / f"{lab}.ipynb", as_version=4)
        path = tmp_path / f"{lab}.ipynb"
        nbformat.write(released, path)
        notes[lab] = rebuild(read_cells(path), master).metadata[NOTES]
    assert notes.pop(LAB) == []
    assert all(note == [FOREIGN] for note in notes.values())


def test_a_file_that_cannot_be_read_has_one_reason_and_no_notes():
    master = released_master(Course(HOME), LAB)
    notebook = rebuild([], master, "The file is empty.")
    assert notebook.metadata[NOTES] == []
    assert "The file is empty." in notebook.cells[0].source
