"""Small labs' scripts, as Jupytext writes them."""

from __future__ import annotations

import json
from pathlib import Path

HEADER = """# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: nbgrader,tags,jupyter,-all
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

"""
CLAIM = '# %% tags=["claim"]\n'


def marked(grade_id: str, kind: str = "", **marks: object) -> str:
    """Return the header of a cell that nbgrader knows, of code or of another kind."""
    usual = {"grade": False, "locked": False, "schema_version": 3, "solution": True, "task": False}
    return f"# %%{kind} nbgrader={json.dumps({'grade_id': grade_id, **usual, **marks})}\n"


def write(folder: Path, *cells: str, lab: str = "lab7_small") -> Path:
    """Write a lab's script below a course's folder, and return its path."""
    path = folder / "solutions" / lab / f"{lab}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "\n\n".join(cell.strip("\n") for cell in cells) + "\n", "utf-8")
    return path
