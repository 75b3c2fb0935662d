"""Build every notebook of the course from the worked labs' scripts.

``python -m authoring.notebooks`` runs each ``solutions/LAB/LAB.py`` on all of MNIST and on the
embedded digits, writes what readers see of the first run beside it, and cuts the student version
in ``notebooks/LAB/`` from it.
"""

from __future__ import annotations

import argparse
import base64
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.apps import NbGraderApp  # noqa: F401  (registers nbgrader's configuration classes)
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from authoring.expected_output import ON_MNIST, misleading
from authoring.publish import published
from authoring.run import DATA_SETS, Failed, run
from grader_tests.engine.script import read
from grader_tests.engine.worked import ROOT, labs, left_out
from helpers.data import dataset_name
from helpers.download import DownloadError

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
GIVE_IT = "set MNIST_DIR to a folder that holds the four files of MNIST."
PUBLISHED = "Notebooks are published on all 70,000 digits of MNIST. Nothing was changed."
README_PICTURE = "readme-picture"  # tag of the cell that draws it


def build(root: Path, chosen: list[str]) -> dict[str, str]:
    """Write the notebooks of some labs below `root`, which holds a solutions/ folder.

    Returns
    -------
    dict of str to str
        What is wrong with each lab of which nothing was written.
    """
    wrong = {}
    for lab, cells in _runs(root, chosen):
        if isinstance(cells, Failed):
            wrong[lab] = str(cells)
            print(f"{lab}: nothing of it was written.\n{cells}", flush=True)
        else:
            write(root, lab, cells)
            print(f"{lab}: published, and the student version is cut from it", flush=True)
    return wrong


def _runs(root: Path, chosen: list[str]) -> Iterator[tuple[str, list[NotebookNode] | Failed]]:
    """Run labs on each data set, as many at a time as there are cores; yield what is published."""
    ran: dict[str, dict[str, list[NotebookNode] | Failed]] = {lab: {} for lab in chosen}
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        runs = {
            pool.submit(run, worked_script(root, lab), data_set): (lab, data_set)
            for data_set in DATA_SETS
            for lab in reversed(chosen)  # the last labs take longest
        }
        for done in as_completed(runs):
            lab, data_set = runs[done]
            try:
                ran[lab][data_set] = done.result()
                print(f"{lab}: ran on {DATA_SETS[data_set]}", flush=True)
            except Failed as failure:
                ran[lab][data_set] = failure
            if len(ran[lab]) == len(DATA_SETS):
                yield lab, _joined(worked_script(root, lab), ran[lab])


def _joined(
    script: Path, runs: dict[str, list[NotebookNode] | Failed]
) -> list[NotebookNode] | Failed:
    """Return what the run on MNIST gave, if nothing is wrong with any run."""
    wrong = [str(failed) for failed in runs.values() if isinstance(failed, Failed)]
    if not wrong:
        lines = read(script).lines
        wrong = [
            f"{script.name}, line {lines[cell]}: the expected output is another on the embedded "
            f'digits. Tag the cell "{ON_MNIST}", too, and the student version says so.'
            for cell in misleading(runs["mnist"], runs["embedded"])
        ]
    return Failed("\n".join(wrong)) if wrong else runs["mnist"]


def worked_script(root: Path, lab: str) -> Path:
    return root / "solutions" / lab / f"{lab}.py"


def write(root: Path, lab: str, cells: Iterable[NotebookNode]) -> None:
    """Write a lab's worked notebook, its student version, and the README's picture if it has it."""
    script = worked_script(root, lab)
    kernel = read(script).notebook.metadata.get("kernelspec", KERNEL)
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = new_notebook(cells=published(list(cells)), metadata=metadata)
    nbformat.write(notebook, script.with_suffix(".ipynb"))
    for picture in readme_picture(notebook):
        (root / "docs").mkdir(exist_ok=True)
        (root / "docs" / "neuron.png").write_bytes(picture)
    release(lab, root)


def readme_picture(notebook: NotebookNode) -> list[bytes]:
    """Return the figure that the README shows, of the notebook that draws it."""
    return [
        base64.b64decode(output.data["image/png"])
        for cell in notebook.cells
        if README_PICTURE in cell.metadata.get("tags", [])
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]


def release(lab: str, root: Path) -> None:
    """Cut the student version from a worked lab, with nbgrader's own command."""
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


def no_mnist() -> str:
    """Say why nothing can be published here; it is empty where all of MNIST is."""
    os.environ["DIGITS_DATASET"] = "mnist"
    try:
        found = dataset_name()
    except DownloadError as error:
        return f"{error.tried} {error.remedy} and run this again, or {GIVE_IT} {PUBLISHED}"
    except (OSError, ValueError) as error:
        return f"{error} {PUBLISHED}"
    if found != "MNIST":
        return f"This is {found}: {GIVE_IT} {PUBLISHED}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m authoring.notebooks", description=__doc__)
    parser.add_argument("lab", metavar="LAB", nargs="*", help="these labs only (default: all)")
    options = parser.parse_args()
    if unknown := sorted(set(options.lab) - set(labs())):
        print(f"There is no lab {', '.join(unknown)}. There are: {', '.join(labs())}.")
        return 2
    for complaint in left_out():
        print(complaint, flush=True)
    if complaint := no_mnist():
        print(complaint)
        return 2
    return 1 if build(ROOT, options.lab or labs()) else 0


if __name__ == "__main__":
    sys.exit(main())
