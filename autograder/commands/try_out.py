"""Try a lab before it is released: ``python -m autograder try LAB``."""

from __future__ import annotations

import argparse
import shlex
import tempfile
from dataclasses import replace
from pathlib import Path

from autograder.commands.check import for_a_person, judged
from autograder.commands.options import (
    DONE,
    MISUSE,
    NOT_ALL,
    add_course_dir,
    add_lab,
    add_unconfined,
    no_such_lab,
)
from autograder.commands.progress import progress
from autograder.course import Course
from autograder.judge.sandbox import confinement_or_explain
from autograder.judge.workers import zygote
from autograder.results.notebook import TestResult, read_results, several, total
from autograder.submission.answers import answers_in, fill_in
from grader_tests.engine import worked
from grader_tests.engine.lab import find_lab
from grader_tests.engine.trial import trial


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where the lab may be released, 1 where not, 2 on misuse."""
    options = _parser().parse_args(arguments)
    course = replace(options.course, unconfined=options.unconfined)
    complaint = (
        no_such_lab(course, options.lab)
        or _not_released(course, options.lab)
        or confinement_or_explain(options.unconfined)
    )
    if complaint:
        print(complaint)
        return MISUSE
    zygote().launch()
    complaints = [*_both_ends(course, options.lab), *_bank(options.lab)]
    for complaint in complaints:
        print(complaint)
    print(f"{options.lab}: " + ("as it should be." if not complaints else "not ready."))
    return NOT_ALL if complaints else DONE


def _not_released(course: Course, lab: str) -> str | None:
    if all(course.released(lab, name).exists() for name in course.notebooks(lab)):
        return None
    return f"{lab} has no student version yet: nbgrader generate_assignment {shlex.quote(lab)}"


def _both_ends(course: Course, lab: str) -> list[str]:
    """Grade the worked answers and the blank release; return what is not as it should be."""
    complaints = []
    for what, answers, share in (
        ("the worked solution", _worked(course, lab), 1),
        ("the blank release", {}, 0),
    ):
        results = _filled_in(course, lab, answers)
        settled = [result for result in results if result.points is not None]
        points, maximum = total(settled)
        waiting = for_a_person([result for result in results if result.points is None])
        print(f"{what}: {points:g} of {maximum:g} points{waiting}")
        complaints += [
            f"{what}: {result.place} gives {result.points:g} of {result.maximum:g}: "
            f"{result.message}"
            for result in settled
            if result.points != share * result.maximum
        ]
    return complaints


def _worked(course: Course, lab: str) -> dict[str, dict[str, str]]:
    """Return the instructor's answers, by notebook and cell."""
    if course.is_ours:
        return {lab: worked.cells(lab)}
    return {name: answers_in(course.worked(lab, name)) for name in course.notebooks(lab)}


def _filled_in(course: Course, lab: str, answers: dict[str, dict[str, str]]) -> list[TestResult]:
    """Return what a lab's tests say of the release with these answers in it."""
    names = several(course.notebooks(lab))
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for name, called in names.items():
            path = Path(folder, f"{name}.ipynb")
            fill_in(course.released(lab, name), answers.get(name, {}), path)
            results += read_results(judged(course, lab, path, name), called)
    return results


def _bank(name: str) -> list[str]:
    lab = find_lab(name)
    if lab is None:
        return []
    variants = [*lab.mistakes, *lab.right_answers]
    complaints = []
    for variant in progress(variants, len(variants), "the bank", "variants"):
        outcome = trial(lab, variant)
        if not outcome.as_it_should_be:
            rejected = ", ".join(sorted(outcome.rejected)) or "no test"
            named = ", ".join(sorted(outcome.named)) or "none"
            complaints.append(f"{variant.name}: rejected by {rejected}; named by {named}")
    print(f"the bank: {len(lab.mistakes)} mistakes, {len(lab.right_answers)} right answers")
    return complaints


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder try",
        description="Try a lab before its release: the worked solution must get full marks, the "
        "blank release none, and every mistake in the bank its own diagnosis.",
        epilog="Exit code: 0 all is well, 1 not, 2 usage.",
    )
    add_lab(parser)
    add_unconfined(parser)
    add_course_dir(parser)
    return parser
