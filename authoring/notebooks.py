"""Build every notebook of the course from the worked labs' scripts.

``python -m authoring.notebooks`` writes, for each ``solutions/LAB/LAB.py``, the executed worked
notebook beside it and the student version in ``notebooks/LAB/``. With ``--check`` nothing is
written, and the exit code is 1 where what is committed is not what the scripts give.
"""

from __future__ import annotations

import argparse
import base64
import copy
import os
import platform
import re
import shutil
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat.notebooknode import NotebookNode
from nbgrader.apps import NbGraderApp  # noqa: F401  (registers nbgrader's configuration classes)
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader_tests.engine.worked import ROOT, labs, left_out

README_PICTURE = "readme-picture"  # tag of the cell that draws it
WIDGET = "application/vnd.jupyter.widget-view+json"
# Numbers and pictures must not depend on who builds them: always the embedded digits, one thread,
# and of OpenBLAS's ways to multiply matrices, whose sums differ in the last bit, always the same.
ENVIRONMENT = {
    "DIGITS_DATASET": "embedded",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYTHONHASHSEED": "0",
}
REPEATABLE = platform.machine() in ("x86_64", "AMD64")  # other processors have no such way


def run_worked(lab: str, root: Path = ROOT) -> NotebookNode:
    """Turn a lab's script into a notebook and run it from top to bottom.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell of the worked lab raises; the message holds the cell and the error.
    """
    folder = root / "solutions" / lab
    notebook = jupytext.read(folder / f"{lab}.py")
    for number, cell in enumerate(notebook.cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id") or f"cell-{number:03d}"
    os.environ.update(ENVIRONMENT)
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # where a cell's prints are split is a matter of chance
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    for cell in notebook.cells:
        # A widget is nothing without a running kernel, and has another name in every run.
        cell.get("outputs", [])[:] = [
            output for output in cell.get("outputs", []) if WIDGET not in output.get("data", {})
        ]
    notebook.metadata = {
        "kernelspec": notebook.metadata.kernelspec,
        "language_info": {"name": "python"},
    }
    return notebook


def release(lab: str, root: Path) -> None:
    """Cut the student version from a worked notebook, with nbgrader's own command."""
    config = PyFileConfigLoader("nbgrader_config.py", str(ROOT)).load_config()
    config.merge(
        Config(
            CourseDirectory={"root": str(root), "assignment_id": lab},
            GenerateAssignment={"force": True, "no_database": True},
            SaveCells={"enabled": False},
        )
    )
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.log.setLevel("ERROR")
    converter.start()


def build(root: Path, chosen: list[str] | None = None) -> None:
    """Write all notebooks below `root`, which holds a solutions/ folder, or those of some labs."""
    for complaint in left_out(root):
        print(complaint, flush=True)
    for lab in labs(root) if chosen is None else chosen:
        print(f"{lab}: running the worked lab", flush=True)
        nbformat.write(run_worked(lab, root), root / "solutions" / lab / f"{lab}.ipynb")
        _save_picture(root, lab)
        print(f"{lab}: cutting the student version", flush=True)
        release(lab, root)


def _save_picture(root: Path, lab: str) -> None:
    """Save the figure that the README shows."""
    for cell in nbformat.read(root / "solutions" / lab / f"{lab}.ipynb", as_version=4).cells:
        if README_PICTURE in cell.metadata.get("tags", []):
            (picture,) = (
                o.data["image/png"] for o in cell.outputs if "image/png" in o.get("data", {})
            )
            (root / "docs").mkdir(exist_ok=True)
            (root / "docs" / "neuron.png").write_bytes(base64.b64decode(picture))


def stale() -> list[str]:
    """Build everything in a temporary folder and return the committed files that differ."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "solutions", root / "solutions")
        build(root)
        fresh = {path.relative_to(root) for path in _generated(root)}
        committed = {path.relative_to(ROOT) for path in _generated(ROOT)}
        return sorted(
            str(path)
            for path in fresh | committed
            if path not in fresh & committed or _content(root / path) != _content(ROOT / path)
        )


def _generated(root: Path) -> list[Path]:
    worked = root.glob("solutions/*/*.ipynb")
    released = (path for path in root.glob("notebooks/*/**/*") if path.is_file())
    return [path for path in (*worked, *released) if ".ipynb_checkpoints" not in path.parts]


def _content(path: Path) -> object:
    """Return a file's content; of a picture in a notebook, only that it is there.

    The bytes of a picture change with the versions of Matplotlib and its fonts. Where training is
    not `REPEATABLE`, of every output only its kind.
    """
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
    return (
        re.sub(r"data:image/png;base64,[^\"]*", "a picture", text)
        if isinstance(text, str)
        else text
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m authoring.notebooks", description=__doc__)
    parser.add_argument("lab", metavar="LAB", nargs="*", help="these labs only (default: all)")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args()
    if unknown := sorted(set(options.lab) - set(labs())):
        print(f"There is no lab {', '.join(unknown)}. There are: {', '.join(labs())}.")
        return 2
    if not options.check:
        build(ROOT, options.lab or None)
        return 0
    if differing := stale():
        print("Not what the scripts in solutions/ give; run `make notebooks` and commit:")
        print("\n".join(f"  {path}" for path in differing))
        return 1
    print("All notebooks are fresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
