"""What became of one submission, as `results.json` holds it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.results.notebook import (
    FOREIGN,
    NOTES,
    REASON,
    RECORD,
    TestResult,
    place,
    read_results,
    several,
    since_added,
    total,
)


@dataclass(frozen=True)
class Graded:
    """The outcome of one submission, as `results.json` holds it.

    Attributes
    ----------
    status : str
        "graded"; "unreadable" where the file is no notebook, or none of several is one; "failed"
        where the grader could not do its work. What was not graded has zero points, with a reason.
    notes : list of str
        What was put right, a sentence each.
    grading : dict
        How it was graded: seed, limits, versions, a hash of the tests, confinement, seconds. Of
        several notebooks, "seeds" has one for each, by its name.
    fingerprint : str
        Hash of all that decides the outcome.
    confirm : dict
        Points by hand that were given for another answer, or beside another result of the test, by
        the cell's place: whoever gave them should look again.
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
    confirm: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of_notebooks(
        cls,
        student: str,
        lab: str,
        notebooks: Mapping[str, NotebookNode],
        failure: str,
        fingerprint: str,
    ) -> Graded:
        """Read it from a submission's graded notebooks, by name.

        `failure` says why the grader could not do its work on all of them, if it could not.
        """
        called = several(notebooks)
        tests = [test for name, nb in notebooks.items() for test in read_results(nb, called[name])]
        points, maximum = total(tests)
        reasons = {n: nb.metadata[REASON] for n, nb in notebooks.items() if REASON in nb.metadata}
        notes = {name: nb.metadata.get(NOTES, []) for name, nb in notebooks.items()}
        unreadable = len(reasons) == len(notebooks)
        if not unreadable:  # then the reasons stand with the others' notes, and with the tests
            notes = {name: [*notes[name], *filter(None, [reasons.get(name)])] for name in notes}
            tests = [replace(t, message=reasons.get(t.notebook, t.message)) for t in tests]
        return cls(
            student=student,
            lab=lab,
            status="failed" if failure else "unreadable" if unreadable else "graded",
            reason=failure or (" ".join(dict.fromkeys(reasons.values())) if unreadable else ""),
            points=points,
            maximum=maximum,
            notes=_said_once(notes, called),
            grading=_merged({name: nb.metadata.get(RECORD, {}) for name, nb in notebooks.items()}),
            fingerprint=fingerprint,
            tests=tests,
        )

    @property
    def foreign(self) -> bool:
        """Whether it looks as if another lab's notebook was handed in."""
        return any(note.endswith(FOREIGN) for note in self.notes)

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


def _said_once(notes: Mapping[str, list[str]], called: Mapping[str, str]) -> list[str]:
    """Put the notes of several notebooks one behind the other, each with its notebook's name."""
    often = Counter(note for said in notes.values() for note in set(said))
    return list(
        dict.fromkeys(
            place(note, called[name] if often[note] == 1 else "")
            for name, said in notes.items()
            for note in said
        )
    )


def _merged(records: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return how a submission was graded, of how each of its notebooks was."""
    if len(records) == 1:
        return next(iter(records.values()))
    seconds: Counter[str] = Counter()
    for record in records.values():
        seconds.update(record.get("seconds", {}))
    merged: dict[str, Any] = {}
    for record in records.values():
        merged |= record
    merged.pop("seed", None)
    merged["seeds"] = {name: record["seed"] for name, record in records.items() if "seed" in record}
    return merged | ({"seconds": {k: round(v, 3) for k, v in seconds.items()}} if seconds else {})
