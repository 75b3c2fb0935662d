"""A term, played from the class list to the final marks by the commands that the guide names."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat

from autograder.__main__ import main
from autograder.course import Course
from tests.support.nbgrader_commands import nbgrader
from tests.term import work
from tests.term.downloads import SYSTEMS, download
from tests.term.people import EVERYBODY, JOINS_LATER, SIXTY, Person, of_kind
from tests.term.work import DEADLINE, HALVE, MENDED, ONE, RIGHT, TOO_STRICT, TWO

CONFIG = """
from autograder.plugins import configure

c = get_config()
c.CourseDirectory.course_id = "discs"
c.CourseDirectory.db_url = {url!r}
c.Exchange.root = {exchange!r}
c.AssignLatePenalties.plugin_class = "late.PerDay"
c.ExecutePreprocessor.timeout = 1
c.Times.zone = "UTC"
configure(c)
"""
LATE = '''
from nbgrader.plugins import LateSubmissionPlugin


class PerDay(LateSubmissionPlugin):
    """Takes a tenth of the points for every day begun."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        days = -(-total_seconds_late // 86400)
        return min(score, round(0.1 * days * score, 2))
'''
EXTENDED = of_kind("minutes late")[:2]
UNMARKED = of_kind("twice")[0]  # waits for points to the end
SECOND = SIXTY[::5]  # who hands in assignment two


@dataclass
class Term:
    """A course, and all that its commands said."""

    course: Course
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, root: Path, url: str) -> Term:
        """Write the course down: its configuration, its late rule, two assignments."""
        exchange = root / "exchange"
        exchange.mkdir(parents=True)
        exchange.chmod(0o777)
        home = root / "course"
        home.mkdir()
        url = url or f"sqlite:///{home / 'gradebook.db'}"
        config = CONFIG.format(url=url, exchange=str(exchange))
        (home / "nbgrader_config.py").write_text(config, encoding="utf-8")
        (home / "late.py").write_text(LATE, encoding="utf-8")
        term = cls(Course.at(home))
        term.write(TOO_STRICT)
        return term

    @property
    def root(self) -> Path:
        return self.course.root

    def write(self, test: str) -> None:
        """Write the instructor's notebooks, with this hidden test."""
        for lab, made in {
            ONE: work.notebook(RIGHT, test),
            TWO: work.second(HALVE, "assert halve(0) == 0"),
        }.items():
            path = self.course.worked(lab)
            path.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(made, path)

    def play(self) -> Term:
        self.enrol([person for person in SIXTY if person not in JOINS_LATER])
        self.teacher("deadline", "db", "assignment", "add", ONE, f"--duedate={DEADLINE} UTC")
        self.teacher("release", "generate_assignment", ONE)
        self.teacher("hand out", "release_assignment", ONE)
        self.hand_in()
        self.collect("before")
        self.grade("first")
        self.enrol(SIXTY)
        self.collect("after")
        self.mark()
        self.extend()
        self.grade("marked")
        self.mark()  # those who joined
        self.write(MENDED)
        self.teacher("mended", "generate_assignment", ONE, "--force")
        self.grade("mended")
        self.grade("again")
        self.out_of_order()
        self.give_back()
        self.export()
        return self

    def run(self, step: str, *command: object) -> None:
        """Run one of our commands, as typed."""
        out = StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            arguments = [*map(str, command), "--course-dir", str(self.root)]
            self.codes[step] = main(arguments)
        self.said[step] = out.getvalue()

    def teacher(self, step: str, *command: object) -> None:
        """Run one of nbgrader's commands in the course's folder."""
        self._nbgrader(step, self.root, *command)

    def _nbgrader(self, step: str, folder: Path, *command: object) -> None:
        out = StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            self.codes[step] = nbgrader(*command, folder=folder)
        self.said[step] = out.getvalue()

    def enrol(self, people: Iterable[Person]) -> None:
        """Enter a class list as a learning management system exports it."""
        people = list(people)
        path = self.root / "students.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "first_name", "last_name", "email", "lms_user_id"])
            for one in people:
                rows.writerow([one.id, one.first, one.last, one.email, one.number])
        self.run(f"roster of {len(people)}", "roster", path)

    def hand_in(self) -> None:
        """Have everybody of the exchange hand in, at the times that they do so."""
        for person in EVERYBODY:
            if person.way != "exchange":
                continue
            for one in work.handed_in(person):
                self._submit(person, one)

    def _submit(self, person: Person, one: work.HandedIn) -> None:
        home = self.root.parent / person.id
        folder = home / ONE
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in one.files.items():
            (folder / name).write_bytes(data)
        who = [f"--student={person.id}", "--course=discs", f"--Exchange.cache={home / 'cache'}"]
        root = f"--Exchange.root={self.root.parent / 'exchange'}"
        self._nbgrader(f"submit {person.id} {one.when}", home, "submit", ONE, *who, root)
        inbound = self.root.parent / "exchange" / "discs" / "inbound"
        now = f"{datetime.now(UTC):%Y-}"
        (new,) = (path for path in inbound.glob(f"{person.id}+*") if f"+{now}" in path.name)
        _date_back(new, one.when)

    def collect(self, when: str) -> None:
        """Collect what the exchange and the three systems have."""
        self.teacher(f"collect exchange {when}", "collect", ONE, "--update")
        for system in SYSTEMS:
            own = [(one, work.handed_in(one)) for one in EVERYBODY if one.way == system]
            path = self.root.parent / f"{system} {when}.zip"
            download(system, [(one, times) for one, times in own if times], path)
            arguments = (system, path, ONE, "--timezone", "UTC")
            self.run(f"collect {system} {when}, dry", "collect", *arguments, "--dry-run")
            self.run(f"collect {system} {when}", "collect", *arguments)

    def grade(self, step: str, lab: str = ONE) -> None:
        self.run(f"grade {step}", lab)
        assert self.codes[f"grade {step}"] in (0, 1), self.said[f"grade {step}"]

    def mark(self) -> None:
        """Give points, credit and comments, as a teacher does in the formgrader."""
        with self.course.gradebook() as gradebook:
            for submission in gradebook.assignment_submissions(ONE):
                student = submission.student_id
                given = by_hand(student)
                grades = {grade.cell.name: grade for grade in submission.notebooks[0].grades}
                comments = {one.cell.name: one for one in submission.notebooks[0].comments}
                for cell, points in given.items():
                    grades[cell].manual_score = points
                    grades[cell].needs_manual_grade = False
                if extra := extra_credit(student):
                    grades["test_area"].extra_credit = extra
                if said := comment(student):
                    comments["why"].manual_comment = said
            gradebook.db.commit()

    def extend(self) -> None:
        with self.course.gradebook() as gradebook:
            for person in EXTENDED:
                gradebook.grant_extension(ONE, person.id, days=1)

    def out_of_order(self) -> None:
        """Collect and grade an assignment, and only then release it and give it a deadline."""
        folder = self.root.parent / "two"
        for person in SECOND:
            path = folder / person.id / f"{TWO}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(work.written(work.second(HALVE if person.number else {})))
        self.run("collect two", "collect", "folder", folder, TWO)
        self.grade("two", TWO)
        self.teacher("release two", "generate_assignment", TWO, "--force")
        later = DEADLINE + timedelta(days=3650)
        self.teacher("deadline two", "db", "assignment", "add", TWO, f"--duedate={later} UTC")
        self.grade("two again", TWO)

    def give_back(self) -> None:
        self.teacher("release feedback", "release_feedback", ONE)
        for person in EVERYBODY:
            if person.way == "exchange" and work.handed_in(person):
                home = self.root.parent / person.id
                who = [f"--student={person.id}", "--course=discs"]
                places = [f"--Exchange.{name}={path}" for name, path in self._places(home)]
                step = f"fetch feedback {person.id}"
                self._nbgrader(step, home, "fetch_feedback", ONE, *who, *places)

    def _places(self, home: Path) -> Iterable[tuple[str, Path]]:
        return ("root", self.root.parent / "exchange"), ("cache", home / "cache")

    def export(self) -> None:
        for kind in ("canvas", "moodle", "exercises"):
            self.run(f"export {kind}", "export", kind, "--to", self.root / f"{kind}.csv")
        self.teacher("export nbgrader", "export", f"--to={self.root / 'nbgrader.csv'}")
        self.run("report", "report", ONE)

    def exported(self, kind: str) -> list[dict[str, str]]:
        with (self.root / f"{kind}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def data(self) -> dict[str, dict[str, Any]]:
        """Return what ``--json`` prints, by student."""
        self.run("json", ONE, "--json")
        return {one["student"]: one for one in json.loads(self.said["json"])}


def by_hand(student: str) -> dict[str, float]:
    """Return the points that a person gives: for answers, and here and there for a test."""
    kind = _kind(student)
    given: dict[str, float] = {}
    if student != UNMARKED.id and kind not in ("wrong", "pdf", "other lab"):
        given["why"] = float(int(student[1:]) % 4)
    if kind in ("right", "days late"):
        given["plan"] = 1.5
    if kind == "no ids":
        given["test_area"] = 1.0  # lowered
    if kind == "endless":
        given["test_double"] = 0.5
    return given


def extra_credit(student: str) -> float:
    return 0.25 if _kind(student) == "companion" else 0.0


def comment(student: str) -> str:
    return f"Well *said*, {student}." if _kind(student) in ("right", "no ids", "days late") else ""


def _kind(student: str) -> str:
    return next(person.kind for person in EVERYBODY if person.id == student)


def _date_back(folder: Path, when: datetime) -> None:
    """Make what the exchange just took in look as it would had it been taken in at that time."""
    stamp = f"{when} UTC"
    (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    moment = when.replace(tzinfo=UTC).timestamp()
    for path in folder.rglob("*"):
        os.utime(path, (moment, moment))
    name = re.sub(r"\+20\d\d-[^+]*UTC", f"+{stamp}", folder.name)
    folder.rename(folder.with_name(name))
