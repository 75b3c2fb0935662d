"""Every way that we know of to cheat, spy on or stop the grader, each handed in and graded."""

import pytest

pytest.register_assert_rewrite("tests.attacks.desk")
