"""Gradescope's results.json of a submission.

Formats as in Gradescope's autograder specifications: a zip with `setup.sh` and `run_autograder` at
its root, unpacked to /autograder/source; a submission in /autograder/submission, described by
/autograder/submission_metadata.json; the outcome in /autograder/results/results.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.results.graded import Graded
from autograder.results.marks import Mark, number


def results(graded: Graded, mark: Mark, points: Mapping[str, float]) -> dict[str, Any]:
    """Return what results.json holds.

    Parameters
    ----------
    graded : Graded
        What the grader found.
    mark : Mark
        What it is worth in the end; Gradescope takes this score, not the tests' sum.
    points : mapping
        Points of each test cell, by its place, with those given by hand.
    """
    said = [graded.reason, *graded.notes]
    if mark.penalty:
        said.append(f"Handed in late: {number(mark.penalty)} points are taken off.")
    return {
        "score": round(mark.score, 2),
        "execution_time": round(sum(graded.grading.get("seconds", {}).values())),
        "output": "\n".join(filter(None, said)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": test.title,
                "score": round(points[test.place], 2),
                "max_score": test.maximum,
                "output": "\n".join(test.explanation),
                "visibility": "visible",
            }
            for test in graded.tests
        ],
    }
