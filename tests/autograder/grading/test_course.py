"""One lab goes the whole way: released, handed in, graded, returned; by us and by nbgrader."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder.__main__ import main
from autograder.commands.options import DONE, MISUSE, NOT_ALL
from autograder.course import Course
from autograder.files import HOME
from autograder.grading.run import Run
from autograder.submission.answers import hand_in
from grader_tests.engine import worked
from grader_tests.lab1 import bank as lab1_bank

pytestmark = [pytest.mark.kernel, pytest.mark.classroom]

LAB = "lab1_helper_utilities"
MISTAKE = next(m for m in lab1_bank.MISTAKES if m.name == "l1 as a matrix norm")
CLASS = ("ada", "bob", "cy", "dee")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A course with four hand-ins, graded once: right, a mistake, no notebook, damaged."""
    course = Course(tmp_path_factory.mktemp("course"))
    shutil.copytree(HOME / "solutions" / LAB, course.root / "solutions" / LAB)
    course.release(LAB)
    right = worked.cells(LAB)
    hand_in(course, LAB, "ada", right)
    hand_in(course, LAB, "bob", right | {MISTAKE.cell: MISTAKE.source(LAB)})
    course.submission("cy", LAB).parent.mkdir(parents=True)
    course.submission("cy", LAB).write_text("not a notebook", encoding="utf-8")
    hand_in(course, LAB, "dee", right)
    damage(course.submission("dee", LAB))
    assert main([LAB, "--course-dir", str(course.root), "--jobs", "2"]) == NOT_ALL
    return course


def damage(path: Path) -> None:
    """Delete a test cell, double another, re-type and re-point a third, cut metadata."""
    notebook = nbformat.read(path, as_version=4)
    cells = {c.metadata.get("nbgrader", {}).get("grade_id"): c for c in notebook.cells}
    notebook.cells.remove(cells["test_sigmoid"])
    notebook.cells.append(nbformat.from_dict(dict(cells["test_one_hot"])))
    cells["test_l1"].cell_type = "markdown"
    cells["test_l2"].metadata.nbgrader.points = 300
    cells["test_l2"].metadata.tags = ["skip-execution"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def results(course: Course, student: str) -> dict:
    return json.loads(course.results(student, LAB).read_text(encoding="utf-8"))


def marks(course: Course) -> dict[str, dict[str, float]]:
    """Read every grade from the gradebook."""
    with course.gradebook() as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.score for nb in submission.notebooks for grade in nb.grades
            }
            for submission in gradebook.assignment_submissions(LAB)
        }


def test_every_submission_ends_with_a_mark_and_a_reason(course):
    assert set(marks(course)) == set(CLASS)
    totals = {student: sum(grades.values()) for student, grades in marks(course).items()}
    assert totals == {"ada": 30, "bob": 27, "cy": 0, "dee": 30}
    for student in CLASS:
        found = results(course, student)
        assert found["points"] == totals[student]
        assert all(test["message"] for test in found["tests"])
    assert results(course, "cy")["status"] == "unreadable"
    assert "not a Jupyter notebook" in results(course, "cy")["reason"]


def test_the_mistake_is_named(course):
    (lost,) = [test for test in results(course, "bob")["tests"] if test["status"] != "passed"]
    assert (lost["name"], lost["mistake"]) == ("test_l1", MISTAKE.name)
    assert lost["message"] == MISTAKE.says


def test_what_was_damaged_is_put_back_and_said(course):
    notes = " ".join(results(course, "dee")["notes"])
    assert "`test_sigmoid` was missing and put back" in notes
    assert "`test_one_hot` was there twice" in notes
    assert "type of the cell `test_l1` was changed" in notes


def test_how_it_was_graded_is_recorded(course):
    records = [results(course, student)["grading"] for student in ("ada", "bob")]
    assert records[0]["seed"] != records[1]["seed"]
    for record in records:
        assert {"tests", "limits", "patience", "versions", "confined", "seconds"} <= set(record)
        assert record["confined"] is True


def test_feedback_pages_show_marks_and_no_secret(course):
    secrets = ["grader_tests", "BEGIN HIDDEN", "globals()", "<script"]
    for student in CLASS:
        page = course.feedback(student, LAB).read_text(encoding="utf-8")
        assert not [secret for secret in secrets if secret in page]
        assert f"{results(course, student)['points']:g} of\n 30 points" in page
    assert MISTAKE.says in course.feedback("bob", LAB).read_text(encoding="utf-8").replace(
        "&#39;", "'"
    )


def test_a_feedback_page_says_whose_it_is_and_leads_to_the_section_to_read_again(course):
    page = BeautifulSoup(course.feedback("bob", LAB).read_text(encoding="utf-8"), "html.parser")
    assert "Handed in by bob" in page.header.text
    (link,) = [a for row in page.select("table.marks p") for a in row.select("a")]
    assert page.find(id=link["href"].removeprefix("#")).h2.text == link.text.strip("“”")


def test_no_feedback_page_shows_a_line_of_a_solution_or_of_a_test(course):
    solutions = re.findall(
        r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", "\n".join(worked.cells(LAB).values()), re.S
    )
    tests = (HOME / "grader_tests" / "lab1" / "tests.py").read_text(encoding="utf-8")
    lines = {line.strip() for text in (*solutions, tests) for line in text.splitlines()}
    secret = [line for line in lines if len(line) > 20 and not line.startswith(("import", "from"))]
    assert len(secret) > 60
    page = html.unescape(course.feedback("cy", LAB).read_text(encoding="utf-8"))
    assert not [line for line in secret if line in page]


def test_with_a_feedback_page_goes_nothing_else(course):
    page = course.feedback("cy", LAB)
    assert [path.name for path in page.parent.iterdir()] == [page.name]


def test_nothing_is_graded_twice_unless_it_changed(course, capsys):
    before = course.results("ada", LAB).stat().st_mtime_ns
    main([LAB, "--course-dir", str(course.root), "--no-feedback"])
    assert "0 to grade, 4 unchanged" in capsys.readouterr().out
    assert course.results("ada", LAB).stat().st_mtime_ns == before


def test_an_interrupted_run_goes_on_where_it_stopped(course):
    run = Run(course, LAB, jobs=1)
    for student in CLASS:
        course.results(student, LAB).unlink()
    unfinished = run.grade(list(CLASS))
    done = next(unfinished).student
    unfinished.close()
    assert [student for student in CLASS if run.done_before(student)] == [done]
    assert main([LAB, "--course-dir", str(course.root), "--no-feedback"]) == NOT_ALL
    assert all(run.done_before(student) for student in CLASS)


def test_nbgraders_own_commands_say_the_same_marks(course):
    ours = marks(course)
    nbgrader = [sys.executable, "-m", "nbgrader"]
    options = [LAB, "--force", f"--CourseDirectory.root={course.root}"]
    source = f"--Judge.source_folder={course.root / 'solutions'}"
    subprocess.run(
        [*nbgrader, "autograde", *options, source], cwd=HOME, check=True, capture_output=True
    )
    assert marks(course) == ours
    subprocess.run(
        [*nbgrader, "generate_feedback", *options], cwd=HOME, check=True, capture_output=True
    )
    for student in CLASS:
        page = course.feedback(student, LAB).read_text(encoding="utf-8")
        assert f"{sum(ours[student].values()):g} of\n 30 points" in page
    # The record of our own run must not vouch for what another command wrote.
    assert main([LAB, "--course-dir", str(course.root), "--no-feedback"]) == NOT_ALL


def test_nbgrader_exports_the_marks(course, tmp_path):
    table = tmp_path / "grades.csv"
    subprocess.run(
        [
            *(sys.executable, "-m", "nbgrader", "export"),
            *(f"--to={table}", f"--CourseDirectory.root={course.root}"),
        ],
        cwd=HOME,
        check=True,
        capture_output=True,
    )
    assert table.read_text(encoding="utf-8").count(LAB) == len(CLASS)


def test_nbgrader_validates_a_student_notebook(course):
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", "validate", str(course.submission("ada", LAB))],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DIGITS_DATASET": "embedded"},
    )
    assert "Success" in done.stdout


def test_the_release_holds_the_notebook_and_nothing_else(course):
    released = [p.name for p in (course.root / "notebooks").rglob("*") if p.is_file()]
    assert released == [f"{LAB}.ipynb"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lab9_nothing"], "There is no lab 'lab9_nothing'. There are: lab1_helper_utilities"),
        ([LAB, "--student", "nobody"], "No submission of nobody"),
    ],
)
def test_misuse_gets_a_sentence(course, capsys, arguments, said):
    assert main([*arguments, "--course-dir", str(course.root)]) == MISUSE
    assert said in capsys.readouterr().out


def test_nobody_handed_in(tmp_path, capsys):
    shutil.copytree(HOME / "solutions" / LAB, tmp_path / "solutions" / LAB)
    assert main([LAB, "--course-dir", str(tmp_path)]) == MISUSE
    assert "Put each notebook into" in capsys.readouterr().out


def test_json_for_scripts(course, capsys):
    status = main([LAB, "--student", "ada", "--json", "--course-dir", str(course.root)])
    (ada,) = json.loads(capsys.readouterr().out)
    assert status == DONE
    assert (ada["student"], ada["points"]) == ("ada", 30)
