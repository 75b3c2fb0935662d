"""The term, played once for a test file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.term.term import Term


@pytest.fixture(scope="module")
def term(gradebook_url: str, tmp_path_factory: pytest.TempPathFactory) -> Term:
    """Play a term; its gradebook is where `gradebook_url` says, or else a file."""
    return Term.begin(tmp_path_factory.mktemp("term"), gradebook_url).play()


@pytest.fixture(scope="module")
def data(term: Term) -> dict[str, dict[str, Any]]:
    """What ``--json`` prints in the end, by student."""
    return term.data()
