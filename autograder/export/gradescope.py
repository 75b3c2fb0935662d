"""Gradescope's results.json of a submission.

Formats as in Gradescope's autograder specifications: a zip with `setup.sh` and `run_autograder` at
its root, unpacked to /autograder/source; a submission in /autograder/submission, described by
/autograder/submission_metadata.json; the outcome in /autograder/results/results.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.results.graded import Graded
from autograder.results.marks import Mark
from autograder.results.notebook import number
from autograder.results.sheets import Given, explanation


def results(graded: Graded, mark: Mark, given: Mapping[str, Given]) -> dict[str, Any]:
    """Return what results.json holds.

    Parameters
    ----------
    graded : Graded
        What the grader found.
    mark : Mark
        What it is worth in the end; Gradescope takes this score, not the tests' sum.
    given : mapping
        What each cell was given, by its place.
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
                "score": round(given[test.place].score, 2),
                "max_score": test.maximum,
                "output": "\n".join(explanation(test, given[test.place])),
                "visibility": "visible",
            }
            for test in graded.tests
        ],
    }
