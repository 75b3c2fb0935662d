"""A term whose gradebook is a file, as it comes."""

import pytest

from tests.term.checks import UNCLOSED, ATerm

pytestmark = [pytest.mark.kernel, pytest.mark.classroom, UNCLOSED]


@pytest.fixture(scope="module")
def gradebook_url() -> str:
    return ""


class TestOnSQLite(ATerm):
    pass
