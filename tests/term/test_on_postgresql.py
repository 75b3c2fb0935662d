"""A term whose gradebook is on a PostgreSQL server."""

from collections.abc import Iterator

import pytest

from tests.support.postgres import needs_postgres, server
from tests.term.checks import UNCLOSED, ATerm

pytestmark = [pytest.mark.kernel, pytest.mark.classroom, needs_postgres, UNCLOSED]


@pytest.fixture(scope="module")
def gradebook_url() -> Iterator[str]:
    with server() as url:
        yield url


class TestOnPostgreSQL(ATerm):
    pass
