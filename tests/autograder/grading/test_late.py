"""What being late costs is today's deadline and rule, whenever the work was graded."""

import csv
import os
from datetime import UTC, datetime, timedelta

import pytest

from autograder.__main__ import main
from autograder.commands import table
from autograder.commands.options import DONE, MISUSE
from autograder.files import HOME
from autograder.grading.judging import Judging
from autograder.grading.lateness import doubt_lateness
from autograder.grading.run import Run
from autograder.pages import overview
from autograder.results.graded import Graded
from autograder.results.marks import Mark, marks
from autograder.submission.answers import hand_in
from autograder.submission.times import write_down
from tests.support.classroom import LAB, WORKED, enter, new_course

pytestmark = pytest.mark.classroom

DEADLINE = datetime(2026, 3, 1, 12)


@pytest.fixture
def course(tmp_path):
    course = new_course(tmp_path)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=DEADLINE)
    return course


def note(course, text):
    course.submission("ada", LAB).with_name("timestamp.txt").write_text(text, encoding="utf-8")


def mark(course):
    with course.gradebook() as gradebook:
        return marks(gradebook, LAB)["ada"]


def test_a_new_rule_a_new_deadline_and_a_new_date_count_without_grading_again(course):
    graded = enter(course, "ada", WORKED)
    run = Run(course, LAB, jobs=1)
    assert run.settle(["ada"]) == []
    assert mark(course).penalty == 0

    course.config.LateSubmissionPlugin.penalty_method = "zero"
    assert run.settle(["ada"]) == []  # nobody wrote down when it came
    note(course, f"{datetime.now(UTC) + timedelta(hours=2)}")
    assert run.settle(["ada"]) == ["ada"]
    assert (mark(course).penalty, mark(course).score) == (graded.maximum, 0)

    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=datetime.now() + timedelta(days=9))
    assert run.settle(["ada"]) == ["ada"]
    assert (mark(course).penalty, mark(course).score) == (0, graded.maximum)


def test_the_table_says_what_was_taken_off_and_given(course):
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    graded = enter(course, "ada", WORKED, when=datetime.now())
    with course.gradebook() as gradebook:
        deadline = gradebook.find_submission(LAB, "ada").timestamp - timedelta(days=2.5)
        gradebook.update_or_create_assignment(LAB, duedate=deadline)
    with course.gradebook() as gradebook:
        assert table.rows([graded], marks(gradebook, LAB))[0][1:] == (
            "0 / 30",
            "2.5 days late; 30 taken off for that; all tests pass",
        )
        grade = gradebook.find_grade("test_one_hot", LAB, LAB, "ada")
        grade.manual_score = 1.5
        gradebook.db.commit()
    course.config.LateSubmissionPlugin.penalty_method = "none"
    Run(course, LAB, jobs=1).settle(["ada"])
    with course.gradebook() as gradebook:
        assert table.rows([graded], marks(gradebook, LAB))[0][1:] == (
            "27.5 / 30",
            "2.5 days late; -2.5 by hand; all tests pass",
        )


def test_what_was_to_be_graded_again_is_so_after_an_interruption(course, monkeypatch):
    monkeypatch.setattr(Judging, "fingerprint", lambda *_: "the same")
    enter(course, "ada", WORKED)
    run = Run(course, LAB, jobs=1)
    assert run.done_before("ada")
    run.forget(["ada", "nobody"])
    assert not run.done_before("ada")


SPANS = {
    timedelta(seconds=20): "20 seconds late",
    timedelta(minutes=3): "3.0 minutes late",
    timedelta(minutes=90): "1.5 hours late",
    timedelta(hours=47): "47.0 hours late",
    timedelta(days=2.5): "2.5 days late",
}


@pytest.mark.parametrize("late", SPANS)
def test_how_late_it_was_is_never_nothing(late):
    graded = Graded("ada", LAB, "graded", "", 30, 30, [], {}, "", [])
    ((_, _, why),) = table.rows([graded], {"ada": Mark(26.45, 3.55, (), late)})
    assert why == f"{SPANS[late]}; 3.55 taken off for that"


def test_whose_time_is_not_believed_stands_below_the_table():
    said = {"ada": "", "ben": "It is odd.", "c\x1by": "It is odd.", "dee": "It is late."}
    assert table.doubts(said) == ["Time of ben, c y: It is odd.", "Time of dee: It is late."]


CLASS = ("ada", "ben", "cy", "dee", "eli")


def hand_in_late(course, days, own_notes=False):
    """Hand in for a class; each is so many days late, by a collector's word or by a file's time."""
    for student, late in zip(CLASS, days, strict=True):
        hand_in(course, LAB, student, {})
        path = course.submission(student, LAB)
        when = DEADLINE + timedelta(days=late)
        if own_notes:
            path.with_name("timestamp.txt").write_text("2026-02-01 12:00 UTC")
            os.utime(path, (when.replace(tzinfo=UTC).timestamp(),) * 2)
        else:
            write_down(path.parent, when)


@pytest.fixture
def strict(course):
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    return course


def test_a_class_that_is_all_late_is_asked_about(strict):
    hand_in_late(strict, [8, 100, 200, 0, 1], own_notes=True)
    said = doubt_lateness(Run(strict, LAB, jobs=1))
    assert "3 of 5 submissions" in said
    assert "half of them by 100.0 days or more" in said
    assert "3 of these times are those of the notebook files" in said
    assert f"{DEADLINE} UTC" in said
    hand_in_late(strict, [8, 100, 200, 0, 1])
    assert "These times stand in timestamp.txt." in doubt_lateness(Run(strict, LAB, jobs=1))


@pytest.mark.parametrize("days", [[8, 8, 0, 0, 0], [6, 6, 6, 6, 6], [-1, -1, -1, -1, -1]])
def test_a_class_that_may_be_so_late_is_not(strict, days):
    hand_in_late(strict, days)
    assert doubt_lateness(Run(strict, LAB, jobs=1)) is None


def test_nobody_is_asked_where_it_costs_nothing_or_was_allowed(strict):
    hand_in_late(strict, [9] * 5)
    assert doubt_lateness(Run(strict, LAB, jobs=1))
    with strict.gradebook() as gradebook:
        for student in CLASS:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(LAB, student)
            gradebook.grant_extension(LAB, student, days=5)
    assert doubt_lateness(Run(strict, LAB, jobs=1)) is None
    with strict.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=None)
    assert doubt_lateness(Run(strict, LAB, jobs=1)) is None
    with strict.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=datetime(2020, 1, 1))
    strict.config.LateSubmissionPlugin.penalty_method = "none"
    assert doubt_lateness(Run(strict, LAB, jobs=1)) is None


@pytest.mark.kernel
def test_the_command_asks_before_anything_is_taken_off(tmp_path, capsys):
    course = new_course(tmp_path)
    rule = f"import sys; sys.path.insert(0, {str(HOME)!r})\n"
    rule += (HOME / "nbgrader_config.py").read_text(encoding="utf-8")
    rule += '\nc.LateSubmissionPlugin.penalty_method = "zero"\n'
    (tmp_path / "nbgrader_config.py").write_text(rule, encoding="utf-8")
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate=DEADLINE)
    hand_in(course, LAB, "ada", WORKED)
    note(course, "2026-02-01 10:00 UTC")
    command = [LAB, "--no-feedback", "--course-dir", str(tmp_path)]
    assert main(command) == MISUSE
    assert "--late-as-it-is" in capsys.readouterr().out
    with course.gradebook() as gradebook:
        assert gradebook.assignment_submissions(LAB) == []
    assert main([*command, "--late-as-it-is"]) == DONE
    out = capsys.readouterr().out
    assert "0 / 30" in out
    assert "Time of ada: timestamp.txt names an earlier time" in out
    assert mark(course).score == 0


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own, in that order
def test_an_extension_before_anything_is_handed_in_is_no_submission(course, tmp_path):
    with course.gradebook() as gradebook:
        for student in ("ada", "bob"):
            gradebook.add_student(student, last_name=student.title())
            gradebook.update_or_create_submission(LAB, student)
            gradebook.grant_extension(LAB, student, days=2)
    assert exported(course, tmp_path) == {"ada": "", "bob": ""}
    assert [row.status for row in overview.read(course, LAB).rows] == ["not handed in"] * 2

    enter(course, "ada", {})  # no time is known of it, and no point is earned
    assert exported(course, tmp_path) == {"ada": "0", "bob": ""}
    assert {row.student for row in overview.read(course, LAB).missing} == {"bob"}


def exported(course, tmp_path):
    to = tmp_path / "moodle.csv"
    assert main(["export", "moodle", "--to", str(to), "--course-dir", str(course.root)]) == DONE
    with to.open(encoding="utf-8", newline="") as file:
        return {row["Username"]: row[LAB] for row in csv.DictReader(file)}
