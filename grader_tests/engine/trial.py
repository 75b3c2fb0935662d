"""Try a lab's hidden tests on its bank: is each mistake rejected where it should be, and named?

``python -m grader_tests.engine.trial [LAB …]`` (`make bank`) prints the table of mistakes and
tests; ``--test T --mistake M --show`` shows one test at work on one answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from grader_tests.engine import worked
from grader_tests.engine.bank import Mistake, Variant
from grader_tests.engine.lab import Lab, labs
from grader_tests.engine.showing import show
from grader_tests.engine.verdict import Verdict
from helpers.checking.namespace import local

DONE, NOT_ALL, MISUSE = 0, 1, 2
T = TypeVar("T")


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


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 1 where a mistake is not caught, or not named, as it should be."""
    options = _parser().parse_args(arguments)
    known = {lab.name: lab for lab in labs()}
    if unknown := [name for name in options.lab if name not in known]:
        print(f"There is no lab {', '.join(unknown)}. There are: {', '.join(known)}.")
        return MISUSE
    chosen = [known[name] for name in options.lab or known]
    if not (options.test or options.mistake or options.show):
        return _print_tables(chosen)
    try:
        for lab in chosen:
            _show(lab, options)
    except LookupError as error:
        print(error.args[0])
        return MISUSE
    return DONE


def _print_tables(chosen: list[Lab]) -> int:
    print("x: rejected and named; ?: rejected, not named; .: passed. A column for each test.")
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
    return DONE if well else NOT_ALL


def _show(lab: Lab, options: argparse.Namespace) -> None:
    """Print what came of one test, or of each that an answer loses, with one answer or each."""
    tests = [_one_of(lab.tests, options.test, "test")] if options.test else None
    variants = {variant.name: variant for variant in (*lab.mistakes, *lab.right_answers)}
    if options.mistake:
        answers = [_one_of(variants, options.mistake, "mistake")]
    else:
        answers = [m for m in lab.mistakes if tests is None or tests[0].name in m.loses]
    for answer in answers:
        loses = answer.loses if isinstance(answer, Mistake) else frozenset()
        for test in tests or [lab.tests[name] for name in lab.tests if name in loses or not loses]:
            print("\n".join(show(lab, test, answer, options.seed, options.show)), flush=True)


def _one_of(found: Mapping[str, T], name: str, what: str) -> T:
    """Return what has this name, or the only one with a name that holds it."""
    close = [key for key in found if name in key]
    if name in found or len(close) == 1:
        return found[name if name in found else close[0]]
    near = close or get_close_matches(name, found, 8, 0.3) or list(found)[:8]
    raise LookupError(f"There is no {what} {name!r}. Near it: {'; '.join(near)}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m grader_tests.engine.trial",
        description="Try hidden tests on the bank of known mistakes. Without options, the table of "
        "all mistakes and tests; with --test or --mistake, case by case.",
        epilog="Exit code: 0 all is as it should be, 1 not, 2 usage.",
    )
    parser.add_argument("lab", metavar="LAB", nargs="*", help="these labs only (default: all)")
    parser.add_argument("--test", metavar="T", help="this hidden test, by its name or a part of it")
    parser.add_argument("--mistake", metavar="M", help="this mistake or right answer, likewise")
    parser.add_argument("--seed", type=int, default=0, help="of the hidden inputs (default: 0)")
    parser.add_argument(
        "--show", action="store_true", help="print inputs, what came back, what was expected"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
