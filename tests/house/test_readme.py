"""The README's table of labs says what the labs declare."""

from __future__ import annotations

import re

from autograder.files import HOME
from grader_tests.engine.lab import labs

_ROW = re.compile(r"^\| \[(\d+) (.+?)\]\(notebooks/(\w+)/\3\.ipynb\) \| (.+?) \| (\d+) \|$", re.M)


def test_the_table_of_labs():
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    declared = [
        (str(number), lab.title, lab.name, lab.builds, str(sum(lab.points.values())))
        for number, lab in enumerate(labs(), 1)
    ]
    assert _ROW.findall(readme) == declared
