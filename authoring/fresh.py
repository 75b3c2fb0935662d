"""Compare the committed notebooks with what the worked labs' scripts give.

Sources, ids, metadata and the students' versions are compared everywhere, and nothing is run for
it. Where all of MNIST is, without a download, the labs are run, and their outputs are compared.
"""

from __future__ import annotations

import argparse
import copy
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode

from authoring.notebooks import build, no_mnist, worked_script, write
from authoring.publish import with_outputs_of
from grader_tests.engine.script import read
from grader_tests.engine.worked import ROOT, labs, left_out
from helpers.download import DownloadError, fetch_mnist

REPEATABLE = platform.machine() in ("x86_64", "AMD64")  # other processors round otherwise
_PICTURE = re.compile(r"data:image/png;base64,[^\"]*")


def stale(run: bool) -> list[str]:
    """Say, a line each, which committed files are not what the scripts give.

    Parameters
    ----------
    run : bool
        Whether the labs are run, and their outputs compared.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "solutions", root / "solutions")
        wrong = build(root, labs()) if run else _built_without_running(root)
        fresh = {path.relative_to(root) for path in _generated(root)}
        committed = {path.relative_to(ROOT) for path in _generated(ROOT)}
        differing = sorted(
            path.as_posix()
            for path in fresh | committed
            if path not in fresh & committed or _content(root / path) != _content(ROOT / path)
        )
    return [*wrong.values(), *differing]


def _built_without_running(root: Path) -> dict[str, str]:
    """Build a copy of the course with the outputs that are there; say which of them cannot be."""
    wrong = {}
    for lab in labs(root):
        script = worked_script(root, lab)
        path = script.with_suffix(".ipynb")
        if not path.exists():
            wrong[lab] = f"solutions/{lab}/{lab}.ipynb is missing"
            continue
        notebook = nbformat.read(path, as_version=4)
        if faults := list(_faults(notebook)):
            wrong[lab] = f"solutions/{lab}/{lab}.ipynb: {', '.join(faults)}"
        write(root, lab, with_outputs_of(notebook, read(script).cells))
    return wrong


def _faults(notebook: NotebookNode) -> Iterator[str]:
    """Yield what shows that a notebook was not run from top to bottom without an error."""
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source]
    if [cell.execution_count for cell in ran] != list(range(1, len(ran) + 1)):
        yield "its cells were not run one after the other"
    for cell in ran:
        if any(o.output_type == "error" or o.get("name") == "stderr" for o in cell.outputs):
            yield f"cell {cell.id} shows an error"


def _generated(root: Path) -> list[Path]:
    worked = root.glob("solutions/*/*.ipynb")
    released = (path for path in root.glob("notebooks/*/**/*") if path.is_file())
    picture = root.glob("docs/neuron.png")
    found = [*worked, *released, *picture]
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def _content(path: Path) -> object:
    """Return a file's content; of a picture, only that it is there.

    The bytes of a picture change with the versions of Matplotlib and its fonts. Where training is
    not `REPEATABLE`, of every output only its kind.
    """
    if path.suffix == ".png" and path.parent.name == "docs":
        return "a picture"
    if path.suffix != ".ipynb":
        return path.read_bytes()
    notebook = copy.deepcopy(nbformat.read(path, as_version=4))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if not REPEATABLE:
                kind = output.output_type
                output.clear()
                output["output_type"] = kind
            data = output.get("data", {})
            for kind in data:
                data[kind] = (
                    "a picture" if kind.startswith("image/") else _without_picture(data[kind])
                )
    return notebook


def _without_picture(text: str) -> str:
    return _PICTURE.sub("a picture", text) if isinstance(text, str) else text


def mnist_is_here() -> bool:
    """Whether all of MNIST can be read without a download."""
    if not os.environ.get("MNIST_DIR"):
        try:
            fetch_mnist(mirrors=())
        except DownloadError:
            return False
    return not no_mnist()


def main() -> int:
    argparse.ArgumentParser(prog="python -m authoring.fresh", description=__doc__).parse_args()
    for complaint in left_out():
        print(complaint, flush=True)
    run = mnist_is_here()
    compared = "Sources and structure, the student versions" + (
        " and outputs, for which the labs were run on all of MNIST and on the embedded digits."
        if run
        else "; not outputs, because all of MNIST is not here (MNIST_DIR names its folder)."
    )
    differing = stale(run)
    print(f"Compared: {compared}")
    if differing:
        print("Not what the scripts in solutions/ give; run `make notebooks` and commit:")
        print("\n".join(f"  {line}" for line in differing))
        return 1
    print("All notebooks are fresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
