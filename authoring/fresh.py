"""Compare the committed notebooks with what the worked labs' scripts give.

Sources, ids, metadata and the students' versions are compared everywhere, and nothing is run for
it. Where all of MNIST is, without a download, the labs are run, and their outputs are compared.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
from nbformat.notebooknode import NotebookNode
from PIL import Image

from authoring.notebooks import build, no_mnist, worked_script, write
from authoring.publish import with_outputs_of
from grader_tests.engine.script import read
from grader_tests.engine.worked import ROOT, labs, left_out
from helpers.download import DownloadError, fetch_mnist

# What `authoring.run` pins is there; other processors round otherwise.
REPEATABLE = {"AVX2", "X86_V3"} & set(np.show_config(mode="dicts")["SIMD Extensions"]["found"])
_EMBEDDED = re.compile(r"(?<=data:image/png;base64,)[^\"]*")
_DRAWN = b"Software\0Matplotlib version"
_DRAWN_HERE = _DRAWN + matplotlib.__version__.encode()


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
            if path not in fresh & committed or not _same(root / path, ROOT / path)
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


def _same(one: Path, other: Path) -> bool:
    return _content(one) == _content(other) and all(
        map(_alike, _pictures(one), _pictures(other))  # there are as many
    )


def _content(path: Path) -> object:
    """Return all of a file but its pictures; of an output not `REPEATABLE` here, only its kind."""
    if path.suffix == ".png":
        return "a picture"
    if path.suffix != ".ipynb":
        return path.read_bytes()
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if not REPEATABLE:
                kind = output.output_type
                output.clear()
                output["output_type"] = kind
            for kind, shown in output.get("data", {}).items():
                if kind == "image/png":
                    output.data[kind] = "a picture"
                elif isinstance(shown, str):
                    output.data[kind] = _EMBEDDED.sub("a picture", shown)
    return notebook


def _pictures(path: Path) -> list[bytes]:
    """Return the pictures in a notebook's outputs, or the one that a file is."""
    if path.suffix != ".ipynb":
        return [path.read_bytes()] if path.suffix == ".png" else []
    outputs = [
        output
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if REPEATABLE
    ]
    return [
        base64.b64decode(picture)
        for output in outputs
        for kind, shown in output.get("data", {}).items()
        if isinstance(shown, str)
        for picture in ([shown] if kind == "image/png" else _EMBEDDED.findall(shown))
    ]


def _alike(one: bytes, other: bytes) -> bool:
    """Whether two pictures show the same; if another Matplotlib drew one, its fonts differ."""
    if (_DRAWN in one) != (_DRAWN in other):
        return False
    if _DRAWN_HERE not in one or _DRAWN_HERE not in other:
        return True
    pixels = [
        np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"), int) for data in (one, other)
    ]
    if pixels[0].shape != pixels[1].shape:
        return False
    # A last bit that another NumPy rounds otherwise moves a curve's edge by a shade.
    return float(np.mean(np.abs(pixels[0] - pixels[1]).max(axis=-1) > 8)) < 0.001


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
