"""A process that has not yet looked for pictures."""

from collections.abc import Iterator

import pytest

from helpers import sources
from tests.support import small_mnist


@pytest.fixture
def fresh_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what the process has chosen, and let nothing reach the network."""
    monkeypatch.delenv("MNIST_DIR", raising=False)
    monkeypatch.delenv("DIGITS_DATASET", raising=False)
    monkeypatch.setattr(sources, "fetch_mnist", lambda: pytest.fail("looked for MNIST"))
    small_mnist.forget()
    yield
    small_mnist.forget()


@pytest.fixture
def small_mnist_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a data set of seven pictures and three pass for MNIST."""
    small_mnist.count_as_mnist(monkeypatch)


@pytest.fixture
def embedded(fresh_process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITS_DATASET", "embedded")
