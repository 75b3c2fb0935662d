"""What a test needs, as markers; fixtures and closing lines that several test files share."""

from __future__ import annotations

import signal
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.confinement.confine import unavailable
from grader_tests.engine import worked
from grader_tests.engine.lab import Lab, package

LABS = worked.labs()
LONG = ("browser", "training")
_HERE = Path(__file__).parent
_NOT_CONFINED = unavailable()
_TALLY: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)


def pytest_configure(config: pytest.Config) -> None:
    for lab in LABS:
        config.addinivalue_line("markers", f"{package(lab)}: is about {lab} alone")
    # A shell ignores it for what it runs with `&` or `nohup`; kernels and children would, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for lab in _labs_of(item):
            item.add_marker(package(lab))
        if _NOT_CONFINED and item.get_closest_marker("kernel"):
            item.add_marker(pytest.mark.skip(reason=_NOT_CONFINED))
    # Files that take longest begin first; else all other cores wait for them in the end.
    items.sort(key=lambda item: [not item.get_closest_marker(need) for need in LONG])


def _labs_of(item: pytest.Item) -> set[str]:
    """Return the labs that a test is about, by its folder and its parameters."""
    rooms = item.path.relative_to(_HERE).parts
    found = {lab for lab in LABS if package(lab) in rooms}
    for value in item.callspec.params.values() if hasattr(item, "callspec") else ():
        name = value.name if isinstance(value, Lab) else getattr(value, "lab", value)
        if isinstance(name, str) and name in LABS:
            found.add(name)
    return found


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[defaultdict[str, set[tuple[str, ...]]]]:
    """Collect what the bank's tests found, for the summary."""
    found: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    yield found
    for what, names in found.items():  # tests may run in other processes than the summary
        request.node.user_properties.append((f"tally: {what}", sorted(names)))


@pytest.fixture
def printed_by(capfd) -> Callable[..., str]:
    """Run a visible check on answers and return what it printed, all of it to stdout."""

    def run(check: Callable[..., None], *answers: Any) -> str:
        assert check(*answers) is None
        out, err = capfd.readouterr()
        assert err == ""
        return out

    return run


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "teardown":
        for name, found in report.user_properties:
            if name.startswith("tally: "):
                _TALLY[name.removeprefix("tally: ")].update(map(tuple, found))


def pytest_terminal_summary(terminalreporter) -> None:
    for what, found in sorted(_TALLY.items()):
        terminalreporter.write_line(f"bank: {len(found)} {what}")
