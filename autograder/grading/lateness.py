"""Whether a class can be as late as it seems, asked before anything is taken off for it."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from autograder.grading.run import Run
from autograder.submission.times import HandedIn

MUCH = timedelta(days=7)


@dataclass(frozen=True)
class Late:
    """Who is late by more than a week.

    Attributes
    ----------
    by : dict of str to timedelta
        By how much, by student.
    files : int
        How many of these times are those of files, because no other is believed.
    """

    deadline: datetime
    handed_in: int
    by: dict[str, timedelta]
    files: int

    @property
    def is_unlikely(self) -> bool:
        """Whether it is more than half of those who have handed in."""
        return 2 * len(self.by) > self.handed_in


def doubt_lateness(run: Run) -> str | None:
    """Say so where most of a class would lose points for being more than a week late.

    Then it is more likely that a copy has lost the times, or that the deadline is another one.
    """
    late = _much_late(run)
    if late is None or not late.is_unlikely or not _costs(run, late):
        return None
    middle = statistics.median(late.by.values()) / timedelta(days=1)
    files = (
        f"{late.files} of these times are those of the notebook files, because no collector wrote "
        f"another one down; they are new where files were copied without their times (git clone, "
        f"scp, rsync without -t). "
        if late.files
        else "These times stand in timestamp.txt. "
    )
    return (
        f"Nothing was graded: {len(late.by)} of {late.handed_in} submissions of {run.lab} would "
        f"lose points for being more than a week late, half of them by {middle:.1f} days or more. "
        f"The deadline is {late.deadline} UTC. {files}If what stands in timestamp.txt is right, "
        'put c.Times.believe = "timestamp" into nbgrader_config.py. If the deadline is wrong: '
        f'nbgrader db assignment add {run.lab} --duedate "…". If they are late, run this again '
        "with --late-as-it-is."
    )


def _much_late(run: Run) -> Late | None:
    with run.course.gradebook() as gradebook:
        deadline = gradebook.find_assignment(run.lab).duedate
        known = gradebook.assignment_submissions(run.lab)
        extensions = {one.student_id: one.extension or timedelta(0) for one in known}
    if deadline is None:
        return None
    times = {student: run.handed_in(student) for student in run.course.students(run.lab)}
    by = {
        student: over
        for student, found in times.items()
        if (over := _over(found, deadline + extensions.get(student, timedelta(0)))) > MUCH
    }
    return Late(deadline, len(times), by, _of_files(by, times, run.course.config))


def _over(found: HandedIn, deadline: datetime) -> timedelta:
    return found.when - deadline if found.when else timedelta(0)


def _of_files(by: Mapping[str, timedelta], times: Mapping[str, HandedIn], config: Config) -> int:
    all_are = config.Times.get("believe") == "file"
    return sum(all_are or bool(times[student].doubt) for student in by)


def _costs(run: Run, late: Late) -> bool:
    """Return whether the course's rule takes anything off full marks."""
    with run.course.gradebook() as gradebook:
        points = gradebook.find_assignment(run.lab).max_score
    rule = AssignLatePenalties(config=run.course.config)
    rule.init_plugin()
    return any(
        rule.plugin_inst.late_submission_penalty(student, points, over.total_seconds())
        for student, over in late.by.items()
    )
