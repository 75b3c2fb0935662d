"""Each lab runs on what every student has, and no sentence of it is false there."""

from __future__ import annotations

import pytest

from authoring.run import run
from grader_tests.engine import worked
from tests.support.folders import MNIST


@pytest.mark.training
@pytest.mark.skipif(MNIST.is_dir(), reason="where MNIST is, `make fresh` runs each lab on both")
@pytest.mark.parametrize("lab", worked.labs())
def test_a_lab_runs_and_its_claims_hold(lab):
    assert run(worked.script(lab), "embedded")
