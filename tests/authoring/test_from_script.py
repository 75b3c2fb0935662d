"""nbgrader's own commands take a lab from its script, wherever they are started from."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode

from authoring.from_script import FromScript
from authoring.publish import published
from autograder.course import Course
from autograder.files import HOME
from grader_tests.engine.script import read
from tests.support.nbgrader_commands import nbgrader
from tests.support.scripts import CLAIM, marked, write

pytestmark = pytest.mark.classroom

LAB = "lab7_small"
TEST = {"grade": True, "locked": True, "solution": False, "points": 2}
CELLS = (
    '# %% jupyter={"source_hidden": true} tags=["hide-input"]\nprint("a drawing")',
    marked("double")
    + "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION",
    CLAIM + "assert double(1) == 2, 'this sentence would be false'",
    '# %% tags=["expected-output"]\nprint(double(4))',
    '# %% tags=["expected-output", "on-mnist"]\nprint(double(5))',
    marked("test_double", **TEST)
    + "# Hidden tests of double. 2 points.\n"
    + "### BEGIN HIDDEN TESTS\nassert double(7) == 14\n### END HIDDEN TESTS",
)


def publish(script: Path) -> NotebookNode:
    """Write the notebook that readers see, as if it had been run."""
    cells = published(read(script).notebook.cells)
    for cell in cells:
        if cell.source.startswith("print"):
            cell.outputs = [nbformat.v4.new_output("stream", text=f"by {cell.id}\n")]
    kernel = read(script).notebook.metadata.kernelspec
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, script.with_suffix(".ipynb"))
    return notebook


@pytest.fixture
def course(tmp_path) -> Course:
    publish(write(tmp_path, *CELLS))
    return Course(tmp_path, unconfined=True)


def released(course: Course, lab: str = LAB) -> dict[str, NotebookNode]:
    path = course.released(lab)
    return {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}


def check_release(course: Course) -> None:
    cells = released(course)
    assert list(cells) == [
        "cell-000",
        "double",
        "cell-002",
        "cell-002-expected",
        "cell-003",
        "cell-003-expected",
        "test_double",
    ]
    assert cells["cell-000"].metadata == {
        "jupyter": {"source_hidden": True},
        "tags": ["hide-input"],
    }
    assert cells["double"].source.splitlines()[1].startswith("    raise NotImplementedError")
    assert cells["test_double"].source == "# Hidden tests of double. 2 points."
    assert "*Expected output:*\n\n```text\nby cell-002" in cells["cell-002-expected"].source
    assert "on all of MNIST:*\n\n```text\nby cell-003" in cells["cell-003-expected"].source
    text = course.released(LAB).read_text(encoding="utf-8")
    secret = ("x + x", "sentence", "assert", "### ", "14")
    assert [word for word in secret if word in text] == []


def test_a_release_is_cut_from_the_script(course):
    course.release(LAB)
    check_release(course)
    with course.gradebook() as gradebook:
        notebook = gradebook.find_notebook(LAB, LAB)
        sources = {cell.name: cell.source for cell in notebook.source_cells}
        assert sources["test_double"].endswith("assert double(7) == 14\n### END HIDDEN TESTS")
        assert [(cell.name, cell.max_score) for cell in notebook.grade_cells] == [
            ("test_double", 2)
        ]


def test_nbgraders_command_does_the_same(course):
    shutil.copy(HOME / "nbgrader_config.py", course.root)
    config = course.root / "nbgrader_config.py"
    here = "Path(__file__).resolve().parent"
    text = config.read_text(encoding="utf-8")
    assert text.count(here) == 1  # the grader lies elsewhere, the course does not
    text = text.replace(here, f"Path({str(HOME)!r})").replace("= str(course)", '= "."')
    config.write_text(text, encoding="utf-8")
    assert nbgrader("generate_assignment", LAB, folder=course.root) == 0
    check_release(course)
    assert nbgrader("generate_assignment", LAB, "--force", folder=course.root) == 0
    check_release(course)


def test_an_assignment_without_a_script_stays_as_it_is(course):
    for name in ("week1", "lab8_other"):
        path = course.worked(name)
        path.parent.mkdir(parents=True)
        cell = nbformat.v4.new_code_cell("print(6 * 7)", metadata={"tags": ["expected-output"]})
        cell.outputs = [nbformat.v4.new_output("stream", text="42\n")]
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    # A module that lies beside is no lab's script where the folder is none, or has another name.
    course.worked("week1").with_suffix(".py").write_text("# %%\nx = 1\n", encoding="utf-8")
    course.worked("lab8_other").with_name("given.py").write_text("# %%\nx = 1\n", encoding="utf-8")
    for name in ("week1", "lab8_other"):
        course.release(name)
        code, shown = released(course, name).values()
        assert code.source == "print(6 * 7)"
        assert "42" in shown.source


def converted(course: Course, caplog: pytest.LogCaptureFixture) -> tuple[NotebookNode, str]:
    path = course.worked(LAB)
    step = FromScript()
    step.log = logging.getLogger("from_script")
    resources = {"metadata": {"path": str(path.parent), "name": LAB}}
    notebook, _ = step.preprocess(nbformat.read(path, as_version=4), resources)
    return notebook, caplog.text


def test_a_notebook_as_published_is_taken_without_a_word(course, caplog):
    assert converted(course, caplog)[1] == ""


@pytest.mark.parametrize("edited", ["script", "notebook"])
def test_a_notebook_that_is_not_its_scripts_is_named_and_the_script_counts(course, caplog, edited):
    if edited == "script":
        cells = [cell.replace("x + x", "2 * x") for cell in CELLS]
        script = write(course.root, *cells[:3], "# %%\nprint('new')", *cells[3:])
    else:
        script = course.worked(LAB).with_suffix(".py")
        notebook = nbformat.read(course.worked(LAB), as_version=4)
        notebook.cells[1].source = "def double(x):\n    return 0"
        nbformat.write(notebook, course.worked(LAB))
    notebook, said = converted(course, caplog)
    assert [cell.source for cell in notebook.cells] == [cell.source for cell in read(script).cells]
    assert f"{LAB}.ipynb is not what {LAB}.py says, and the script counts" in said
    assert f"make notebooks LAB={LAB}" in said
