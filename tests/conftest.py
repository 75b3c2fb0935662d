"""Fixtures and the closing lines that several test files share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

_TALLY: defaultdict[str, set] = defaultdict(set)


@pytest.fixture
def tally() -> defaultdict[str, set]:
    """Collect what the bank's tests found, for the summary."""
    return _TALLY


@pytest.fixture
def printed_by(capfd) -> Callable[..., str]:
    """Run a visible check on answers and return what it printed, all of it to stdout."""

    def run(check: Callable[..., None], *answers: Any) -> str:
        assert check(*answers) is None
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return run


def pytest_terminal_summary(terminalreporter) -> None:
    for what, found in sorted(_TALLY.items()):
        terminalreporter.write_line(f"bank: {len(found)} {what}")
