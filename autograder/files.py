"""The repository's folder; files written as a whole or not at all; tables for a spreadsheet.

Imports nothing of ours.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parent.parent
TEMPLATES = HOME / "autograder" / "templates"
_A_NUMBER = re.compile(r"[+-](\d+(\.\d+)?)?")  # or a sign alone
_ACTS_IN_A_SPREADSHEET = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8", newline="")
    os.replace(temporary, path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file, for people and for scripts."""
    write(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Write rows as CSV in which no text is a formula to a spreadsheet."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    acts = isinstance(value, str) and value.startswith(_ACTS_IN_A_SPREADSHEET)
    return f"'{value}" if acts and not _A_NUMBER.fullmatch(value) else value
