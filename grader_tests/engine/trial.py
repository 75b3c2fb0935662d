"""Try a lab's hidden tests on its bank: is each mistake rejected where it should be, and named?

``python -m grader_tests.trial [LAB …]`` (`make bank`) prints the table of mistakes and tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from grader_tests.engine import worked
from grader_tests.engine.bank import Mistake, Variant
from grader_tests.engine.lab import Lab, labs
from grader_tests.engine.verdict import Verdict
from helpers.checking.namespace import local


@dataclass(frozen=True)
class Trial:
    """What the hidden tests make of one variant of a lab's answers."""

    variant: Variant
    verdicts: dict[str, Verdict]

    @property
    def rejected(self) -> set[str]:
        return {test for test, verdict in self.verdicts.items() if not verdict.passed}

    @property
    def named(self) -> set[str]:
        """The tests that give the variant's own name and sentence as the reason."""
        return {
            test
            for test in self.rejected
            if isinstance(self.variant, Mistake)
            and self.verdicts[test].mistake == self.variant.name
            and self.verdicts[test].message == self.variant.says
        }

    @property
    def as_it_should_be(self) -> bool:
        loses = self.variant.loses if isinstance(self.variant, Mistake) else frozenset()
        return self.rejected == self.named == loses


def trial(lab: Lab, variant: Variant, seed: int = 0) -> Trial:
    """Run all hidden tests of a lab on a variant of its worked answers."""
    student = local(variant.namespace(lab.name))
    return Trial(variant, {name: test.run(student, seed) for name, test in lab.tests.items()})


def table(lab: Lab) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a lab's table, and whether each is as it should be."""
    yield f"{lab.name}: the tests", True
    for number, test in enumerate(lab.tests, 1):
        yield f"  {number:2}  {test}", True
    yield f"{lab.name}: mistakes, and the tests that reject and name them", True
    width = max(len(mistake.name) for mistake in lab.mistakes)
    exercise = ""
    order = list(worked.cells(lab.name))
    for mistake in sorted(lab.mistakes, key=lambda mistake: order.index(mistake.cell)):
        if mistake.cell != exercise:
            exercise = mistake.cell
            yield f"  {exercise}", True
        outcome = trial(lab, mistake)
        marks = " ".join(_mark(outcome, test) for test in lab.tests)
        wrong = "" if outcome.as_it_should_be else "  not as it should be"
        yield f"    {mistake.name:{width}}  {marks}{wrong}", outcome.as_it_should_be


def _mark(outcome: Trial, test: str) -> str:
    if test in outcome.named:
        return "x"
    return "?" if test in outcome.rejected else "."


def main(arguments: list[str]) -> int:
    """Print the tables; return 1 where a mistake is not caught, or not named, as it should be."""
    print("x: rejected and named; ?: rejected, not named; .: passed. A column for each test.")
    chosen = [lab for lab in labs() if not arguments or lab.name in arguments]
    well = True
    for lab in chosen:
        for line, good in table(lab):
            print(line, flush=True)
            well = well and good
    count = sum(len(lab.mistakes) for lab in chosen)
    print(
        f"{count} mistakes in {len(chosen)} labs: "
        + ("each rejected by its tests, and named." if well else "not all as they should be.")
    )
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
