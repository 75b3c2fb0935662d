"""A whole term: sixty students, the exchange and three systems' zips, until the final marks."""

import pytest

pytest.register_assert_rewrite("tests.term.checks")
