"""The picture of a class: one page and five tables. ``python -m autograder report LAB``."""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder import files
from autograder.course import Course
from autograder.files import TEMPLATES, as_csv
from autograder.pages.overview import OUTCOMES, Look, Overview, read
from autograder.results.notebook import number, title

MOST_PAIRS = 30  # on the page; all of them are in the table


def write(course: Course, lab: str) -> Path:
    """Write a lab's report, and return the path of its page.

    Raises
    ------
    nbgrader.api.MissingEntry
        If the gradebook does not know the lab.
    """
    overview = read(course, lab)
    page = course.report(lab)
    for name, rows in tables(overview).items():
        files.write(page.with_name(f"{name}.csv"), as_csv(rows))
    files.write(page, render(overview, course))
    return page


def render(overview: Overview, course: Course) -> str:
    """Return the page."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "class_report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["number"] = number
    environment.filters["title"] = title
    students = [row.student for row in overview.rows]
    looks: dict[str, list[Look]] = {}
    for look in overview.looks():
        looks.setdefault(look.student, []).append(look)
    mistakes = overview.mistakes()
    pages = {student: _pages(course, overview, student) for student in students}
    return environment.get_template("index.html.j2").render(
        overview=overview,
        outcomes=OUTCOMES,
        tests=overview.outcomes(),
        mistakes=mistakes,
        most_students=max((len(mistake.students) for mistake in mistakes), default=1),
        looks=list(looks.items()),
        by_hand=overview.marked_by_hand(),
        noted=[row for row in overview.rows if row.notes],
        names={row.student: row.called for row in overview.rows},
        pairs=overview.alike[:MOST_PAIRS],
        marks=_marks(overview),
        seconds=_seconds(overview),
        figures=_figures(overview),
        slowest=sorted(
            (row for row in overview.rows if row.seconds is not None), key=lambda row: -row.seconds
        )[:5],
        pages=pages,
        written=f"{datetime.now():%Y-%m-%d %H:%M}",
    )


def tables(overview: Overview) -> dict[str, list[Sequence[Any]]]:
    """Return what the page shows as tables, by name, each with its row of headings."""
    counts = overview.outcomes()
    looks: dict[str, list[str]] = {}
    for look in overview.looks():
        about = f"{look.test}: {look.kind}" if look.test else look.kind
        looks.setdefault(look.student, []).append(about)
    heads = (
        *("student", "name", "status", "score", "maximum", "late_penalty", "by_hand"),
        *("seconds", "look_at", "notes"),
    )
    students = [
        (
            *(row.student, row.name, row.status),
            *(number(row.mark.score) if row.mark else "", number(overview.maximum)),
            *((number(row.mark.penalty), number(row.by_hand)) if row.mark else ("", "")),
            *(row.seconds, "; ".join(looks.get(row.student, [])), " ".join(row.notes)),
        )
        for row in overview.rows
    ]
    return {
        "students": [heads, *students],
        "tests": [
            ("test", *(outcome.replace(" ", "_") for outcome in OUTCOMES), "share_right"),
            *(
                (test, *(count[o] for o in OUTCOMES), round(count["right"] / count.total(), 4))
                for test, count in counts.items()
            ),
        ],
        "mistakes": [
            ("mistake", "students", "tests", "message", "who"),
            *(
                (m.name, len(m.students), " ".join(m.tests), m.says, " ".join(m.students))
                for m in overview.mistakes()
            ),
        ],
        "by_hand": [
            ("cell", "maximum", "waiting", "marked", "unanswered", "mean"),
            *(
                (c.test, number(c.maximum), c.waiting, c.marked, c.unanswered, _mean(c.mean))
                for c in overview.marked_by_hand()
            ),
        ],
        "alike": [
            ("one", "other", "tokens_alike", "cells"),
            *(
                (p.one, p.other, p.tokens, "; ".join(f"{c} {n} %" for c, n in p.cells.items()))
                for p in overview.alike
            ),
        ],
    }


def _mean(points: float | None) -> str:
    return "" if points is None else number(points)


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram."""

    label: str
    count: int


def _marks(overview: Overview) -> list[Bar]:
    """Count submissions in tenths of the points; full marks have a bar of their own."""
    maximum = overview.maximum or 1
    tenths = [min(10, int(10 * mark.score / maximum + 1e-9)) for mark in overview.marks]
    edges = [number(maximum * tenth / 10) for tenth in range(11)]
    labels = [f"{edges[tenth]}–" for tenth in range(10)] + [number(maximum)]
    return [Bar(label, tenths.count(tenth)) for tenth, label in enumerate(labels)]


def _seconds(overview: Overview) -> list[Bar]:
    """Count submissions by seconds, each bar twice as long as the one before it."""
    limits = [0.25 * 2**power for power in range(9)]
    spent = [row.seconds for row in overview.rows if row.seconds is not None]
    places = [sum(seconds >= limit for limit in limits) for seconds in spent]
    labels = [f"{limit:g}–" for limit in (0, *limits)]
    return [Bar(label, places.count(place)) for place, label in enumerate(labels)]


def _figures(overview: Overview) -> list[tuple[str, str]]:
    """Return the numbers at the top of the page, each with what it counts."""
    scores = [mark.score for mark in overview.marks]
    handed_in = len(overview.rows) - len(overview.missing)
    full = sum(score >= overview.maximum for score in scores)
    attention = len({look.student for look in overview.looks()})
    figures = [(f"{handed_in} of {len(overview.rows)}", "have handed in")]
    if scores:
        figures += [
            (
                number(statistics.median(scores)),
                f"is the median, of {number(overview.maximum)} points",
            ),
            (f"{statistics.fmean(scores):.1f}", "is the mean"),
            (f"{full}", "have full marks"),
        ]
    return [*figures, (f"{attention}", "need a person")]


def _pages(course: Course, overview: Overview, student: str) -> dict[str, str]:
    """Return the addresses of a student's feedback pages, as seen from the report, by notebook."""
    here = course.report(overview.lab).parent
    pages = {name: course.feedback(student, overview.lab, name) for name in overview.notebooks}
    return {
        name: quote(os.path.relpath(page, here)) for name, page in pages.items() if page.exists()
    }
