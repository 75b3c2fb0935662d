"""What being late costs is today's deadline and rule, whenever the work was graded."""

from datetime import UTC, datetime, timedelta

import pytest

from autograder.commands import table
from autograder.grading.judging import Judging
from autograder.grading.run import Run
from autograder.results.marks import marks
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
