"""`make fresh` sees every change of a generated file, and runs nothing where MNIST is not."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from nbformat.notebooknode import NotebookNode
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from authoring import fresh
from authoring.notebooks import write as write_notebooks
from authoring.run import run
from tests.support.scripts import CLAIM, marked, write

pytestmark = pytest.mark.classroom

LAB = "lab7_small"
WORKED, RELEASED = f"solutions/{LAB}/{LAB}.ipynb", f"notebooks/{LAB}/{LAB}.ipynb"
CELLS = (
    "# %% [markdown]\n# Twice",
    marked("double")
    + "def double(x):\n    ### BEGIN SOLUTION\n    return x + x\n    ### END SOLUTION",
    '# %% tags=["expected-output"]\nprint(double(4))',
    "# %%\ndouble(5)",
    '# %% tags=["readme-picture"]\n# %matplotlib inline\n'
    "import matplotlib.pyplot as plt\n\nplt.plot([1, 2, double(2)]);",
)
GIVEN = f"solutions/{LAB}/given_numbers.py"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built")
    script = write(root, *CELLS)
    (root / GIVEN).write_text("NUMBERS = [1, 2]\n", encoding="utf-8")
    write_notebooks(root, LAB, run(script, "embedded"))
    return root


@pytest.fixture
def course(built, tmp_path, monkeypatch) -> Path:
    root = tmp_path / "course"
    shutil.copytree(built, root)
    monkeypatch.setattr(fresh, "ROOT", root)
    monkeypatch.setattr(fresh, "labs", lambda _=root: [LAB])
    return root


def in_notebook(name: str, change: Callable[[NotebookNode], object]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        notebook = nbformat.read(root / name, as_version=4)
        change(notebook)
        nbformat.write(notebook, root / name)

    return edit


def redrawn(data: NotebookNode, side: int, version: str = matplotlib.__version__) -> None:
    """Darken a square of a picture."""
    picture = base64.b64decode(data["image/png"])
    with Image.open(io.BytesIO(picture)) as image:
        said = image.text["Software"]
        pixels = np.array(image)
    pixels[:side, :side, :3] = 0
    chunk = PngInfo()
    chunk.add_text("Software", said.replace(matplotlib.__version__, version))
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png", pnginfo=chunk)
    data["image/png"] = base64.b64encode(file.getvalue()).decode()


def error(notebook: NotebookNode) -> None:
    notebook.cells[3].outputs = [nbformat.v4.new_output("error", ename="E", evalue="")]


CHANGES: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a source for readers": (
        in_notebook(WORKED, lambda nb: nb.cells[1].update(source="x")),
        [WORKED],
    ),
    "an id": (in_notebook(WORKED, lambda nb: nb.cells[0].update(id="another")), [WORKED]),
    "metadata": (
        in_notebook(WORKED, lambda nb: nb.cells[1].metadata.nbgrader.update(locked=True)),
        [WORKED],
    ),
    "an order of running": (
        in_notebook(WORKED, lambda nb: nb.cells[3].update(execution_count=7)),
        [f"{WORKED}: its cells were not run one after the other"],
    ),
    "an error": (in_notebook(WORKED, error), [f"{WORKED}: cell cell-003 shows an error"]),
    "an expected output": (
        in_notebook(WORKED, lambda nb: nb.cells[2].outputs[0].update(text="9")),
        [RELEASED],
    ),
    "a source for students": (
        in_notebook(RELEASED, lambda nb: nb.cells[1].update(source="x")),
        [RELEASED],
    ),
    "a cell for students": (in_notebook(RELEASED, lambda nb: nb.cells.pop()), [RELEASED]),
    "a file for students": (
        lambda root: (root / "notebooks" / LAB / "more.txt").touch(),
        [f"notebooks/{LAB}/more.txt"],
    ),
    "a given file": (
        lambda root: (root / GIVEN).write_text("NUMBERS = []\n", encoding="utf-8"),
        [f"notebooks/{LAB}/given_numbers.py"],
    ),
    "an answer in the script": (
        lambda root: write(root, *[cell.replace("x + x", "2 * x") for cell in CELLS]),
        [WORKED],
    ),
    "a tag in the script": (
        lambda root: write(root, *CELLS[:3], CELLS[3].replace("%%", '%% tags=["hide-input"]')),
        [RELEASED, WORKED],
    ),
    "the picture that the README shows": (
        lambda root: (root / "docs" / "neuron.png").write_bytes(b"another"),
        ["docs/neuron.png"],
    ),
    "no worked notebook": (lambda root: (root / WORKED).unlink(), [f"{WORKED} is missing"]),
    "a claim": (lambda root: write(root, *CELLS, CLAIM + "assert double(1) == 2"), []),
    "nothing": (lambda root: None, []),
}


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_seen(course, name, monkeypatch):
    monkeypatch.setattr(fresh, "build", None)  # it would run the labs
    change, seen = CHANGES[name]
    change(course)
    assert [line for line in fresh.stale(run=False) if line in seen] == seen
    assert bool(fresh.stale(run=False)) == bool(seen)


OUTPUTS: dict[str, tuple[Callable[[Path], object], list[str]]] = {
    "a result": (
        in_notebook(WORKED, lambda nb: nb.cells[3].outputs[0].data.update({"text/plain": "11"})),
        [WORKED],
    ),
    "a curve in a picture": (
        in_notebook(WORKED, lambda nb: redrawn(nb.cells[4].outputs[0].data, 100)),
        [WORKED],
    ),
    "a shade of a few pixels": (
        in_notebook(WORKED, lambda nb: redrawn(nb.cells[4].outputs[0].data, 1)),
        [],
    ),
    "a picture that another Matplotlib drew": (
        in_notebook(WORKED, lambda nb: redrawn(nb.cells[4].outputs[0].data, 100, "0.1")),
        [],
    ),
    "a claim that does not hold": (
        lambda root: write(root, *CELLS, CLAIM + "assert double(1) == 3, 'thrice'"),
        ["this claim does not hold: thrice"],
    ),
    "nothing": (lambda root: None, []),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_where_labs_are_run_outputs_are_compared(course, name):
    change, seen = OUTPUTS[name]
    change(course)
    said = "\n".join(fresh.stale(run=True))
    assert all(line in said for line in seen)
    assert bool(said) == bool(seen)


def test_mnist_is_here_only_if_it_needs_no_download(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITS_DATASET", "embedded")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("MNIST_DIR", raising=False)
    assert not fresh.mnist_is_here()
    monkeypatch.setenv("MNIST_DIR", str(tmp_path))
    assert not fresh.mnist_is_here()
