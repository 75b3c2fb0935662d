"""Notebooks as plain data, valid or not."""

from __future__ import annotations

import json
from typing import Any


def code(source: str, grade_id: str | None = None) -> dict[str, Any]:
    return _cell("code", source, grade_id) | {"outputs": [], "execution_count": None}


def markdown(source: str, grade_id: str | None = None) -> dict[str, Any]:
    return _cell("markdown", source, grade_id)


def _cell(kind: str, source: str, grade_id: str | None) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": kind, "source": source, "metadata": metadata}


def as_json(cells: list[dict[str, Any]]) -> str:
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(content, ensure_ascii=False)
