"""What people mark: shown while it waits, and as it was marked; and what they change of tests."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from autograder.commands import table
from autograder.course import Course
from autograder.export import gradescope
from autograder.export.tables import Exercises
from autograder.grading.run import Run
from autograder.pages import overview, report
from autograder.results.marks import marks
from autograder.results.sheets import cells as given_to
from tests.support.by_hand import PLAN, SKETCH, WHY, cells, comment, give
from tests.support.classroom import LAB, WORKED, enter, enter_failure, new_course

pytestmark = pytest.mark.classroom

ANSWERS = WORKED | {WHY: "Because one is as far from two as from nine.", SKETCH: "print('o')"}
WAITS = "It waits for points."
HOSTILE = '<script>alert(1)</script>\n\n**bold** <img src=x onerror="alert(1)">'


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Course:
    return new_course(tmp_path_factory.mktemp("course"), *cells())


@pytest.fixture
def course(released, request) -> Course:
    """A course in which ada hands in anew in every test."""
    with released.gradebook() as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        if any(s.student.id == "ada" for s in gradebook.assignment_submissions(LAB)):
            gradebook.remove_submission(LAB, "ada")
        gradebook.update_or_create_assignment(LAB, duedate=None)
    released.results("ada", LAB).unlink(missing_ok=True)
    enter(released, "ada", ANSWERS)
    return released


def pages(course: Course) -> BeautifulSoup:
    """Do what a run does after grading; return ada's page."""
    run = Run(course, LAB, jobs=1)
    for student in run.stale(["ada"]):
        course.generate_feedback(LAB, student)
    report.write(course, LAB)
    return BeautifulSoup(course.feedback("ada", LAB).read_text(encoding="utf-8"), "html.parser")


def row(page: BeautifulSoup, cell: str) -> BeautifulSoup:
    (found,) = [r for r in page.select("table.marks tbody tr") if r.a["href"] == f"#{cell}"]
    return found


def texts(course: Course) -> str:
    """Return all that is written for people: page, report, tables, what is printed."""
    files = [course.feedback("ada", LAB), *course.report(LAB).parent.iterdir()]
    return " ".join([path.read_text(encoding="utf-8") for path in files] + [printed(course)[2]])


def printed(course: Course) -> tuple[str, str, str]:
    with course.gradebook() as gradebook:
        (line,) = table.rows([graded(course)], marks(gradebook, LAB))
    return line


def data(course: Course) -> dict:
    with course.gradebook() as gradebook:
        found = marks(gradebook, LAB), given_to(gradebook, LAB)
    (one,) = table.as_data([graded(course)], *found)
    return one | {"tests": {test["name"]: test for test in one["tests"]}}


def graded(course: Course):
    return overview.Graded.read(course.results("ada", LAB))


def looks(course: Course) -> list[str]:
    """Return what a person has to look at, besides that these answers are the worked ones."""
    found = overview.read(course, LAB).looks()
    kinds = [f"{look.kind} {look.test}".strip() for look in found if look.student == "ada"]
    return [kind for kind in kinds if not kind.startswith("the worked solution")]


def test_it_waits_for_points_everywhere(course):
    page = pages(course)
    assert "30 of\n 42.5 points" in page.h1.text
    assert [a.text for a in page.header.p.find_next_siblings("p")[0].find_all("a")] == [
        *("why one hot", "sketch", "plan"),
    ]
    for cell, points in ((WHY, "8"), (SKETCH, "2"), (PLAN, "2.5")):
        found = row(page, cell)
        assert found.select_one("td.number").text == f"– of {points}"
        assert WAITS in found.select_one("p.waits").text
        assert page.find(id=cell)
    assert printed(course) == (
        *("ada", "30 / 42.5"),
        "waits for points: why one hot, sketch, plan; all tests pass",
    )
    assert data(course)["waits_for_points"] == sorted([WHY, SKETCH, PLAN])
    assert data(course)["tests"][WHY]["points"] is None
    assert looks(course) == ["waits for points"]


# As the formgrader does it, and as somebody does who writes into the gradebook.
@pytest.mark.parametrize("done", [True, False])
def test_once_it_is_marked_nothing_waits(course, done):
    pages(course)
    give(course, "ada", WHY, manual_score=2.0, done=done)
    give(course, "ada", SKETCH, manual_score=1.7, done=done)
    give(course, "ada", PLAN, manual_score=2.5, done=done)
    comment(course, "ada", WHY, "As far as *what*?")
    page = pages(course)
    found = row(page, WHY)
    assert found.select_one("p.none").text == "Marked by your teacher: 2 of 8."
    assert found.select_one(".comment em").text == "what"
    assert row(page, PLAN).select_one("p.full").text == "Marked by your teacher: 2.5 of 2.5."
    assert "36.2 of\n 42.5 points" in page.h1.text
    assert not re.search(r"waits? for", texts(course))
    assert "Your teacher marks" not in texts(course)
    assert printed(course)[1:] == ("36.2 / 42.5", "+6.2 by hand; all tests pass")
    assert (data(course)["points"], data(course)["score"]) == (36.2, 36.2)
    assert data(course)["tests"][WHY]["comment"] == "As far as *what*?"
    assert not looks(course)
    with course.report(LAB).with_name("by_hand.csv").open(encoding="utf-8") as file:
        first = next(csv.DictReader(file))
    assert (first["cell"], first["waiting"], first["marked"], first["mean"]) == (WHY, "0", "1", "2")


def test_points_of_a_test_that_were_lowered(course):
    give(course, "ada", "test_one_hot", manual_score=1.5)
    comment(course, "ada", "one_hot", "By hand, not by a loop.")
    found = row(pages(course), "test_one_hot")
    assert found.select_one("td.number").text.startswith("1.5 of 4")
    first, second = found.select("td:last-child > p")[:2]
    assert (first["class"], first.text) == (["none"], "Marked by your teacher: 1.5 of 4.")
    assert second.text.startswith("The test gave 4 of 4: Passed")
    assert not found.select(".full")
    assert "Comment on one hot:" in found.select_one(".comment").text
    with course.gradebook() as gradebook:
        content = gradescope.results(
            graded(course), marks(gradebook, LAB)["ada"], given_to(gradebook, LAB)["ada"]
        )
    (test,) = [test for test in content["tests"] if test["name"] == "one hot"]
    assert test["score"] == 1.5
    assert test["output"].startswith("Marked by your teacher: 1.5 of 4.\nThe test gave 4 of 4")


def test_extra_credit(course):
    give(course, "ada", "test_l1", extra_credit=0.5)
    give(course, "ada", WHY, manual_score=8.0, extra_credit=1.0)
    page = pages(course)
    assert row(page, WHY).select_one("td.number").text.startswith("9 of 8")
    for cell, credit in (("test_l1", "0.5"), (WHY, "1")):
        assert f"Extra credit from your teacher: {credit}." in row(page, cell).text
    assert "39.5 of\n 42.5" in page.h1.text
    assert data(course)["points"] == 39.5
    assert data(course)["tests"]["test_l1"]["extra_credit"] == 0.5


def test_an_answer_that_is_not_there_gets_none_and_waits_for_nobody(course):
    enter(course, "ada", WORKED)
    found = row(pages(course), WHY)
    assert found.select_one("p.none").text == "There is no answer."
    assert data(course)["waits_for_points"] == [PLAN]


def test_what_could_not_be_read_waits_for_nobody(course):
    enter_failure(course, "bob", "The grader failed.")
    with course.gradebook() as gradebook:
        assert marks(gradebook, LAB)["bob"].waits == ()


def test_how_a_task_is_marked_is_for_graders_only(course):
    page = pages(course)
    assert page.find(id=PLAN).select_one(".text").text.strip() == "Plan a study in new cells below."
    assert "MARK SCHEME" not in str(page)
    assert "MARK SCHEME" in course.autograded("ada", LAB).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Say why <m> matters.", "Say why <m> matters."),
        ("if x<y and y>z", "if x<y and y>z"),
        ("<name> is missing\n\nSee *there*.", "<name> is missing See there."),
        ("`List<int>` & co", "List<int> & co"),
        ("<!-- no --> but <b>this</b>", "<!-- no --> but <b>this</b>"),
    ],
)
def test_nothing_of_a_comment_is_lost(course, written, read):
    comment(course, "ada", WHY, written)
    said = row(pages(course), WHY).select_one(".comment")
    assert " ".join(said.text.split()) == f"Comment: {read}"


def test_an_empty_answer_is_no_teachers_comment(course):
    enter(course, "ada", {})
    page = pages(course)
    assert "There is no answer." in row(page, WHY).text
    assert "No response." not in page.text
    assert not page.select(".comment")


def test_a_comment_is_made_safe(course):
    comment(course, "ada", WHY, HOSTILE)
    page = pages(course)
    assert not page.find_all("script")
    assert not [tag for tag in page.find_all(True) if tag.get("onerror")]
    assert row(page, WHY).select_one(".comment").find_all("strong")[1].text == "bold"


def later(course, **change):
    with course.gradebook() as gradebook:
        for notebook in gradebook.find_submission(LAB, "ada").notebooks:
            notebook.late_submission_penalty = 2.5
        gradebook.db.commit()


def renamed(course):
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("ada", first_name="Augusta Ada")


CHANGES = {
    "points": lambda course: give(course, "ada", WHY, manual_score=1.0),
    "points, in the gradebook": lambda c: give(c, "ada", WHY, manual_score=1.0, done=False),
    "points of a test": lambda course: give(course, "ada", "test_l1", manual_score=1.0),
    "credit": lambda course: give(course, "ada", "test_l1", extra_credit=1.0),
    "comment": lambda course: comment(course, "ada", PLAN, "Good."),
    "comment on a test's answer": lambda course: comment(course, "ada", "one_hot", "Good."),
    "penalty": later,
    "name": renamed,
    "page": lambda course: course.feedback("ada", LAB).unlink(),
    "page of long ago": lambda course: course.feedback("ada", LAB).write_text("<html></html>"),
    "answers": lambda course: enter(course, "ada", WORKED),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_has_the_page_written_again(course, change):
    before = str(pages(course))
    assert Run(course, LAB, jobs=1).stale(["ada"]) == []
    change(course)
    assert Run(course, LAB, jobs=1).stale(["ada"]) == ["ada"]
    after = str(pages(course))
    assert Run(course, LAB, jobs=1).stale(["ada"]) == []
    assert (before == after) == (change in (CHANGES["page"], CHANGES["page of long ago"]))


def test_an_extension_takes_the_penalty_off_the_page(course):
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    try:
        with course.gradebook() as gradebook:
            deadline = datetime.now() - timedelta(days=3)
            gradebook.update_or_create_assignment(LAB, duedate=deadline)
        enter(course, "ada", ANSWERS, when=datetime.now())
        assert "Handed in 3.0 days late: 30 points are taken off." in pages(course).header.text
        with course.gradebook() as gradebook:
            gradebook.grant_extension(LAB, "ada", days=9)
        Run(course, LAB, jobs=1).settle(["ada"])
        assert "late" not in pages(course).header.text
    finally:
        course.config.LateSubmissionPlugin.penalty_method = "none"
        course.submission("ada", LAB).with_name("timestamp.txt").unlink()


def test_points_stay_settled_when_the_same_is_graded_again(course):
    give(course, "ada", WHY, manual_score=2.0)
    give(course, "ada", "test_one_hot", manual_score=1.5)
    enter(course, "ada", ANSWERS)
    assert looks(course) == ["waits for points"]
    with course.gradebook() as gradebook:
        assert not gradebook.find_grade(WHY, LAB, LAB, "ada").needs_manual_grade
        assert not gradebook.find_grade("test_one_hot", LAB, LAB, "ada").needs_manual_grade


def test_points_for_what_is_another_now_are_to_be_confirmed(course):
    give(course, "ada", WHY, manual_score=2.0)
    give(course, "ada", "test_one_hot", manual_score=1.5)
    enter(course, "ada", ANSWERS | {WHY: "Something else.", "one_hot": "def one_hot(Y, n): pass"})
    asked = [f"points by hand to confirm {cell}" for cell in ("test_one_hot", WHY)]
    assert [look for look in looks(course) if look in asked] == asked
    enter(course, "ada", ANSWERS | {WHY: "Something else.", "one_hot": "def one_hot(Y, n): pass"})
    assert [look for look in looks(course) if look in asked] == asked  # nobody has looked yet
    give(course, "ada", WHY, manual_score=2.0)  # confirmed
    give(course, "ada", "test_one_hot", manual_score=3.0, done=False)  # changed
    assert not [look for look in looks(course) if look in asked]


def test_the_table_of_exercises_has_a_column_for_each_and_nothing_for_what_waits(course, tmp_path):
    give(course, "ada", PLAN, manual_score=2.0)
    plugin = Exercises(config=course.config)
    plugin.to, plugin.assignment, plugin.student = str(tmp_path / "table.csv"), [LAB], []
    with course.gradebook() as gradebook:
        plugin.export(gradebook)
    with (tmp_path / "table.csv").open(encoding="utf-8") as file:
        (ada,) = [found for found in csv.DictReader(file) if found["student_id"] == "ada"]
    columns = {name.partition(": ")[2]: points for name, points in ada.items()}
    assert columns[f"{PLAN} (2.5)"] == "2"
    assert columns[f"{WHY} (8)"] == columns[f"{SKETCH} (2)"] == ""
    assert columns["score (42.5)"] == "32"


def test_it_is_json_that_a_script_reads(course):
    give(course, "ada", WHY, manual_score=2.25, extra_credit=0.5)
    found = json.loads(json.dumps(data(course)))
    assert (found["points"], found["late_penalty"]) == (32.75, 0)
    assert found["tests"][WHY]["by_hand"] == 2.25
    assert found["tests"]["test_l1"]["by_test"] == 3
