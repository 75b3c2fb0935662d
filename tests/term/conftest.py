"""The term, played once for a test file."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from tests.term.term import Term


@pytest.fixture(scope="module")
def term(gradebook_url: str, tmp_path_factory: pytest.TempPathFactory) -> Term:
    """Play a term; its gradebook is where `gradebook_url` says, or else a file."""
    root = tmp_path_factory.mktemp("term")
    # nbgrader's commands leave handlers and streams behind: not in the process of other tests.
    with ProcessPoolExecutor(1, get_context("spawn")) as apart:
        said, codes = apart.submit(_play, root, gradebook_url).result()
    return Term(Course.at(root / "course"), said, codes)


def _play(root: Path, url: str) -> tuple[dict[str, str], dict[str, int]]:
    term = Term.begin(root, url).play()
    return term.said, term.codes


@pytest.fixture(scope="module")
def data(term: Term) -> dict[str, dict[str, Any]]:
    """What ``--json`` prints in the end, by student."""
    return term.data()
