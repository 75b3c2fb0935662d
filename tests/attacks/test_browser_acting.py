"""What a student wrote, or called a file, does nothing in a browser but be read.

A class of hostile submissions is graded once. Then every page that shows them is opened in a real
browser: the formgrader's, where an instructor is signed in to a server that runs whatever it is
asked to; the feedback page; the report on the class. No attack may raise a dialog, load anything,
or lead anywhere but to another web site.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks import hostile
from tests.attacks.browser import CHROMIUM

pytestmark = pytest.mark.browser

pytest.importorskip("playwright.sync_api", reason="pip install playwright")
if CHROMIUM is None:
    pytest.skip("There is no chromium.", allow_module_level=True)

CLASS = hostile.WHO_ACTS


@pytest.fixture(scope="module")
def pages(around: Path) -> Iterator[hostile.Pages]:
    with hostile.opened(around, CLASS) as pages:
        yield pages


def test_an_honest_submission(pages) -> None:
    hostile.nothing_happens_where_nobody_attacks(pages)


@pytest.mark.parametrize("attack", CLASS.attacks, ids=str)
def test_it_does_nothing(pages, attack: hostile.Attack) -> None:
    hostile.it_does_nothing(pages, attack)


@pytest.mark.parametrize("student", CLASS.everybody)
def test_every_page_can_be_worked_with(pages, student: str) -> None:
    hostile.every_page_can_be_worked_with(pages, student)


@pytest.mark.parametrize("student", CLASS.everybody)
def test_mathjax_gets_nothing_that_reaches_far(pages, student: str) -> None:
    hostile.mathjax_gets_nothing_that_reaches_far(pages, student)
