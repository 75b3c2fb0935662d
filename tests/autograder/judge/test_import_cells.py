"""What a student adds to a lab's import cell costs no points: there, it all hangs together."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.commands.check import judged
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.files import HOME
from autograder.judge.given import Given
from autograder.results.notebook import NOTES, read_results, total
from autograder.submission.answers import fill_in
from grader_tests.engine import worked

pytestmark = pytest.mark.classroom

COURSE = Course(HOME, unconfined=unavailable() is not None)
LABS = worked.labs()
# What goes before and behind the first line of imports, and whether it stops the cell.
ADDED = {
    "a shell escape": ("!pip install -q ipycanvas\n", "", False),
    "magics": ("%pip install ipycanvas\n%load_ext nb_black\n%matplotlib widget\n", "!ls\n", False),
    "a module of elsewhere": ("from google.colab import drive\n", "", True),
    "a folder of elsewhere": ("", "import os; os.chdir('/content/drive')\n", True),
    "a line half typed": ("", "import os.\n", True),
}


def handed_in(lab: str, path: Path, before: str, behind: str) -> Path:
    """Fill in a lab as it is worked, with lines added to its import cell."""
    fill_in(COURSE.released(lab), worked.cells(lab), path)
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first, _, rest = cell.source.partition("\n")
    assert "import numpy" in cell.source
    cell.source = f"{before}{first}\n{behind}{rest}"
    nbformat.write(notebook, path)
    return path


@pytest.mark.parametrize("added", ADDED)
@pytest.mark.parametrize("lab", LABS)
def test_lines_in_the_import_cell_cost_nothing(lab: str, added: str, tmp_path: Path) -> None:
    before, behind, stops = ADDED[added]
    notebook = judged(COURSE, lab, handed_in(lab, tmp_path / "lab.ipynb", before, behind))
    points, maximum = total(results := read_results(notebook))
    assert points == maximum, [result for result in results if result.points != result.maximum]
    said = [note for note in notebook.metadata[NOTES] if "was imported all the same" in note]
    assert len(said) == stops
    assert all("[1]" in note for note in said)


def test_what_is_given_is_neither_answer_nor_test(tmp_path: Path) -> None:
    cells = {
        "import json\n%matplotlib inline\nx = !ls\nfrom math import pi, tau as t": {},
        "import csv": {"nbgrader": {"grade": False, "solution": True, "grade_id": "a"}},
        "import wave": {"nbgrader": {"grade": True, "solution": False, "grade_id": "b"}},
        "import keras": {"tags": ["for-the-reader"]},
        "if x:\n    import zlib": {},
        "def (": {},
        "import json": {},
    }
    made = [nbformat.v4.new_code_cell(source, metadata=cells[source]) for source in cells]
    path = tmp_path / "worked.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    given = Given.of(path)
    assert given.imports == ("import json", "from math import pi, tau as t")
    assert given.for_the_reader == {"import keras"}


def test_without_the_instructors_notebook_nothing_is_given(tmp_path: Path) -> None:
    assert Given.of(tmp_path / "nowhere.ipynb") == Given()
