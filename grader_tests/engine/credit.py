"""How much of a test's points an answer gets: all of them, none, or the part that is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.checking.compare import Kind

# What a test looks at, in this order, and its part of the points. Whoever misses one aspect gets
# nothing for those behind it. Aspects that a test has no case for leave their part to the others.
# Without a single value that takes work there are no points: see `work`.
SHARES = {"shapes": 0.2, "values": 0.5, "extremes": 0.2, "inputs left alone": 0.1}
_OF_STRUCTURE: frozenset[Kind] = frozenset(
    {
        "raised",
        "unwritten",
        "missing",
        "type",
        "keys",
        "length",
        "dtype",
        "shape",
        "transposed",
        "axis",
    }
)


@dataclass(frozen=True)
class Finding:
    """What came of one case.

    Attributes
    ----------
    wrong : Kind or None
        How it differs from the reference, None where the answer is right.
    changed : bool
        Whether inputs were changed that should have been left alone.
    extreme : bool
        Whether the case tries extremes.
    may_change : bool
        Whether the case lets its inputs be changed.
    shaped : bool
        Whether the right answer has a shape to get right, unlike a single number.
    works : bool
        Whether something in the answer is right that takes work.
    """

    wrong: Kind | None
    changed: bool
    extreme: bool
    may_change: bool
    shaped: bool
    works: bool


def share(findings: Sequence[Finding]) -> float:
    """Return the part of a test's points, from 0 to 1, that the findings of its cases earn."""
    if not any(finding.works for finding in findings):
        return 0.0
    ordinary = [finding for finding in findings if not finding.extreme]
    extremes = [finding for finding in findings if finding.extreme]
    reached = {
        "shapes": all(finding.wrong not in _OF_STRUCTURE for finding in ordinary),
        "values": all(finding.wrong is None for finding in ordinary),
        "extremes": all(finding.wrong is None for finding in extremes),
        "inputs left alone": not any(finding.changed for finding in findings),
    }
    if not any(finding.shaped for finding in findings):
        del reached["shapes"]
    if not extremes:
        del reached["extremes"]
    if all(finding.may_change for finding in findings):
        del reached["inputs left alone"]
    earned = 0.0
    for aspect, right in reached.items():
        if not right and aspect in ("shapes", "values"):
            break
        earned += SHARES[aspect] * right
    return round(earned / sum(SHARES[aspect] for aspect in reached), 4)
