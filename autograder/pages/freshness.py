"""Whether a feedback page still says what it would say today.

A page holds a hash of all that it was made from, so it does not matter who made it: a grading run,
nbgrader's command, or the formgrader's button.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from autograder.files import TEMPLATES
from autograder.results.sheets import Sheet

_HEAD = 2_000  # bytes of a page, in which the hash stands
_TEMPLATE = TEMPLATES / "student_feedback"


def made_from(notebook: Path, sheet: Sheet) -> str:
    """Return a hash of an autograded notebook, of what it was given, and of the page's template."""
    parts = [notebook.read_bytes(), repr(sheet).encode("utf-8", "replace"), _template()]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def fresh(page: Path, notebook: Path, sheet: Sheet) -> bool:
    """Whether a page is there and was made from what is there now."""
    try:
        with page.open("rb") as file:
            head = file.read(_HEAD)
        return made_from(notebook, sheet).encode() in head
    except OSError:
        return False


@cache
def _template() -> bytes:
    return b"".join(path.read_bytes() for path in sorted(_TEMPLATE.iterdir()))
