"""What became of one submission, as `results.json` holds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.results.notebook import TestResult, since_added


@dataclass(frozen=True)
class Graded:
    """The outcome of one submission, as `results.json` holds it.

    Attributes
    ----------
    status : str
        "graded"; "unreadable" where the file is no notebook; "failed" where the grader could not
        do its work. The last two mean zero points, with a reason.
    notes : list of str
        What was put right, a sentence each.
    grading : dict
        How it was graded: seed, limits, versions, a hash of the tests, confinement, seconds.
    fingerprint : str
        Hash of all that decides the outcome.
    """

    student: str
    lab: str
    status: str
    reason: str
    points: float
    maximum: float
    notes: list[str]
    grading: dict[str, Any]
    fingerprint: str
    tests: list[TestResult]

    @classmethod
    def of(cls, content: dict[str, Any]) -> Graded:
        """Read it from what `results.json` holds."""
        tests = [TestResult(**{**test, **since_added(test)}) for test in content["tests"]]
        return cls(**{**content, "tests": tests})

    @classmethod
    def read(cls, path: Path) -> Graded | None:
        """Read a `results.json`; None where there is none that can be read."""
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError):
            return None
