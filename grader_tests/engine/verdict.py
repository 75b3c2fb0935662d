"""What came of a hidden test, in words for the student who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from grader_tests.engine.case import Case
from helpers.checking.compare import Difference, Kind

_LONGEST_MESSAGE = 600
_MOST_LABELS = 3
# No word of people's: too long, or with too many consonants, vowels or equal letters in a row.
_NO_WORD = re.compile(
    r"[^\W\d_]{25,}|[^\W\d_]*(?:[bcdfghj-np-tvwxz]{6,}|[aeiou]{5,}|([^\W\d_])\1{3,})[^\W\d_]*",
    re.IGNORECASE,
)
# What these kinds of difference say is of more use than that a value is another one.
_TELLING: frozenset[Kind] = frozenset({"pattern", "factor", "sign", "axis", "transposed"})
VERDICT_MIME = "application/vnd.digits-from-scratch.verdict+json"


@dataclass(frozen=True)
class Verdict:
    """The outcome of one hidden test.

    Attributes
    ----------
    passed : bool
    message : str
        For the student: what is wrong and what to look at, or that all is well.
    mistakes : tuple of str
        Names of the known mistakes, where the answers are exactly those that they give together.
    stopped : bool
        Whether the code had to be stopped, or stopped itself, so that the test has no end.
    share : float
        Part of the points, from 0 to 1.
    seen : str
        Which of the test's cases failed first, and how its answer looks from outside.
    section : str
        Heading of the lab's section to read again.
    unwritten : bool
        Whether the answer is still as it was handed out.
    """

    passed: bool
    message: str
    mistakes: tuple[str, ...] = ()
    stopped: bool = False
    share: float = 0.0
    seen: str = ""
    section: str = ""
    unwritten: bool = False

    @property
    def mistake(self) -> str | None:
        """The names of the known mistakes, for people."""
        return "; ".join(self.mistakes) or None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"mistake": self.mistake}

    def credit(self, maximum: float) -> float:
        """Return the points that this is worth, of so many, to two decimals."""
        return round(self.share * maximum, 2)


def tells_most(failures: Mapping[str, Difference], cases: Sequence[Case]) -> str:
    """Return the label of the case whose failure says most about what is wrong."""
    label = next(iter(failures))
    if failures[label].kind == "value":
        label = next((name for name in failures if not _says_nothing(failures[name])), label)
        extreme = {case.label for case in cases if case.extreme or case.accept}
        telling = (name for name, found in failures.items() if found.kind in _TELLING)
        label = next((name for name in telling if not {name, label} & extreme), label)
    return label


def worded(label: str, failures: Mapping[str, Difference], cases: Sequence[Case]) -> str:
    """Say what is wrong, by the case of this label, and which cases are right."""
    text = f"{label}: {failures[label].message[:_LONGEST_MESSAGE]}"
    if len(failures) == len(cases) and _is_the_same_error(failures.values()):
        return text.removeprefix(f"{label}: ")  # what was asked for has nothing to do with it
    # That a case with free choices is passed says less than that a value is right.
    right = [case.label for case in cases if case.label not in failures and not case.accept]
    if 0 < len(right) <= _MOST_LABELS:
        text += f" Right with: {'; '.join(right)}."
    elif right and len(failures) > 1:
        text += (
            f" Wrong, too, with: {'; '.join([n for n in failures if n != label][:_MOST_LABELS])}."
        )
    return text


def _is_the_same_error(differences: Iterable[Difference]) -> bool:
    kinds, messages = zip(*((one.kind, one.message) for one in differences), strict=True)
    return {*kinds} <= {"raised", "unwritten"} and len({*messages}) == 1


def _says_nothing(difference: Difference) -> bool:
    """Whether it is said of a single number only that it is another one, or on which side."""
    little = ("has another value.", "is too large.", "is too small.")
    return difference.kind == "value" and difference.message.endswith(little)


def without_values(reason: str) -> str:
    """Take arrays, fractions and words that are none out of what an exception says.

    They may be hidden inputs, spelt in figures or in letters.
    """
    before, code, after = reason.partition(" It was raised in")
    before = re.sub(r"\[.*\]", "[…]", before, flags=re.DOTALL)
    before = re.sub(r"-?\d+\.\d*(e[-+]?\d+)?", "…", before)
    before = _NO_WORD.sub("…", before)
    return before + code + after


class TestFailed(AssertionError):
    """A hidden test failed. Shows its message alone: a traceback would show the test."""

    __test__ = False

    def _render_traceback_(self) -> list[str]:
        return [str(self)]
