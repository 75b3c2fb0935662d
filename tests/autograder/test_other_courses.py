"""Courses that are not ours: marked as nbgrader marks them, with our table, report and pages."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder.__main__ import main
from autograder.commands import table
from autograder.commands.options import DONE, MISUSE, NOT_ALL
from autograder.course import Course
from autograder.grading.run import Run
from autograder.judge.judge import not_python
from autograder.pages import overview, report
from autograder.results.graded import Graded
from bench.other_courses import (
    ASSIGNMENT,
    OURS,
    hand_in,
    marks,
    nbgrader,
    plain_twin,
    quickstart,
    worked,
)
from tests.support.other_course import WEEK, enrol, make

pytestmark = [pytest.mark.kernel, pytest.mark.classroom]

SCHEME = ("shape", "extreme", "inputs left alone", "Read again", "every mistake has a name")


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> tuple[Course, Course]:
    """nbgrader's own example course, graded by our command and by nbgrader's."""
    folder = tmp_path_factory.mktemp("example")
    course = quickstart(folder)
    course.release(ASSIGNMENT)
    right = worked(course, ASSIGNMENT)
    hand_in(course, ASSIGNMENT, "ben", right)
    hand_in(course, ASSIGNMENT, "eva", {})
    off_by_one = {("problem1", "squares"): "def squares(n):\n    return [i**2 for i in range(n)]"}
    hand_in(course, ASSIGNMENT, "kit", right | off_by_one)
    twin = plain_twin(course, folder / "plain", course.students(ASSIGNMENT))
    assert nbgrader(twin, "autograde", ASSIGNMENT) == 0
    assert main([ASSIGNMENT, "--course-dir", str(course.root)]) == DONE
    return course, twin


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> tuple[Course, Course]:
    """A course with cells of all kinds, graded by our command and by nbgrader's."""
    folder = tmp_path_factory.mktemp("own")
    course = make(folder / "here")
    enrol(course)
    twin = plain_twin(course, folder / "plain", course.students(WEEK))
    assert nbgrader(twin, "autograde", WEEK) == 0
    assert main([WEEK, "--course-dir", str(course.root)]) == DONE
    return course, twin


def test_nbgraders_example_is_marked_cell_by_cell_as_nbgrader_marks_it(example):
    ours, theirs = (marks(course, ASSIGNMENT) for course in example)
    assert len(theirs) == 27
    assert ours == theirs
    assert {
        student: sum(score for (who, *_), (_, score) in ours.items() if who == student)
        for student in ("ben", "eva", "kit")
    } == {"ben": 3.0, "eva": 0.0, "kit": 0.5}


def test_a_course_of_all_kinds_of_cells_is_marked_as_nbgrader_marks_it(own):
    ours, theirs = (marks(course, WEEK) for course in own)
    assert len(ours) == 8 * 7
    by_design = {
        # What is printed to stderr is no mistake; nbgrader takes it for one.
        ("noisy", "data", "test_grow"): ((1, 1), (0, 0)),
        # A deleted test cell is put back; nbgrader never runs it.
        ("torn", "data", "test_grow"): ((1, 1), (None, 0)),
    }
    assert {k: (ours[k], theirs[k]) for k in ours if ours[k] != theirs[k]} == by_design


def test_each_kind_of_cell_has_the_points_that_it_should(own):
    found = marks(own[0], WEEK)
    assert found["ada", "data", "test_value"] == (2, 2)  # its data lie beside it
    assert found["ada", "data", "test_grow"] == (1, 1)  # and so does the module
    assert found["ada", "data", "use"] == (None, 0)  # for a person
    assert found["wrong", "data", "test_value"] == (0, 0)
    assert found["half", "data", "test_scale"] == (1, 1)  # a number is partial credit
    assert found["crash", "data", "test_grow"] == (0, 0)
    assert found["crash", "data", "test_scale"] == (3, 3)  # a cell that fails costs itself alone
    assert found["blank", "essay", "why"] == (0, 0)
    assert found["wrong", "essay", "test_value"] == (1, 1)  # of the same name, in another notebook


def test_a_notebook_that_is_missing_costs_its_own_points_and_says_so(own):
    graded = json.loads(own[0].results("lone", WEEK).read_text(encoding="utf-8"))
    assert graded["status"] == "graded"
    assert [note for note in graded["notes"] if "There is no essay.ipynb" in note]
    points = {(test["notebook"], test["name"]): test["points"] for test in graded["tests"]}
    assert points["data", "test_value"] == 2
    assert points["essay", "test_value"] == 0
    page = own[0].feedback("lone", WEEK, "essay").read_text(encoding="utf-8")
    assert "There is no essay.ipynb" in page


def test_the_table_says_what_is_missing(own, capsys):
    assert main([WEEK, "--course-dir", str(own[0].root)]) == DONE
    rows = capsys.readouterr().out.splitlines()
    (said,) = [row for row in rows if row.startswith("lone ")]
    assert "There is no essay.ipynb" in said
    assert "nothing to test" not in said
    (blank,) = [row for row in rows if row.startswith("half ")]
    assert "essay.ipynb" not in blank


def test_a_missing_notebook_without_tests_is_a_reason_too(own):
    graded = Graded.read(own[0].results("lone", WEEK))
    tests = [test for test in graded.tests if test.status in ("manual", "passed")]
    ((_, _, why),) = table.rows([replace(graded, tests=tests)], {})
    assert why.startswith("all tests pass; There is no essay.ipynb")


def test_the_report_leads_to_the_page_of_each_notebook(own):
    place = own[0].report(WEEK)
    page = BeautifulSoup(place.read_text(encoding="utf-8"), "html.parser")
    links = {unquote(link["href"]) for link in page.find_all("a") if "#" not in link["href"]}
    pages = {(place.parent / link).resolve() for link in links if link.endswith(".html")}
    assert own[0].feedback("blank", WEEK, "data") in pages
    assert own[0].feedback("blank", WEEK, "essay") in pages
    assert all(page.exists() for page in pages)


def test_the_report_leads_to_one_page_that_is_not_called_like_its_assignment(own, tmp_path):
    course = Course.at(shutil.copytree(own[0].root, tmp_path / "copy"))
    for student in course.students(WEEK):
        course.feedback(student, WEEK, "data").unlink()
    text = report.render(replace(overview.read(course, WEEK), notebooks=("essay",)), course)
    links = BeautifulSoup(text, "html.parser").find_all("a", string="blank")
    place = "../../feedback/blank/week%201/essay.html"
    assert {link["href"] for link in links} == {place}


def test_there_is_a_page_for_each_notebook_and_none_speaks_of_our_labs(own, example):
    for course, lab, names in (
        (own[0], WEEK, ("data", "essay")),
        (example[0], ASSIGNMENT, ("problem1", "problem2")),
    ):
        for student in course.students(lab):
            pages = {page.stem for page in course.feedback(student, lab).parent.glob("*.html")}
            assert pages == set(names)
            for name in names:
                text = course.feedback(student, lab, name).read_text(encoding="utf-8")
                said = BeautifulSoup(text, "html.parser").body.get_text()
                assert not [word for word in SCHEME if word in said]
                assert "BEGIN HIDDEN" not in said
                assert "mean() > 2.5" not in said
        said = BeautifulSoup(course.report(lab).read_text(encoding="utf-8"), "html.parser").text
        assert not [word for word in SCHEME if word in said]
        assert "frequent mistakes" not in said


def test_the_command_works_inside_the_folder_too(own, monkeypatch, capsys):
    monkeypatch.chdir(own[0].root / "masters")
    assert main([WEEK]) == DONE
    assert "0 to grade, 8 unchanged" in capsys.readouterr().out


def test_nbgraders_own_command_gives_the_marks_of_ours(own, tmp_path):
    course = make(tmp_path / "again")
    enrol(course)
    assert nbgrader(course, "autograde", WEEK) == 0
    assert nbgrader(course, "generate_feedback", WEEK) == 0
    ours = marks(own[0], WEEK)
    theirs = marks(course, WEEK)
    assert {key: ours[key] for key in ours if key[:2] != ("lone", "essay")} == {
        key: theirs[key] for key in theirs if key[:2] != ("lone", "essay")
    }
    assert course.feedback("ada", WEEK, "essay").exists()


def test_what_a_person_gave_stays_and_goes_into_exports(own, tmp_path):
    course = Course.at(shutil.copytree(own[0].root, tmp_path / "copy"))
    with course.gradebook() as gradebook:
        gradebook.find_grade("why", "essay", WEEK, "ada").manual_score = 3
        gradebook.find_grade("test_value", "data", WEEK, "ada").extra_credit = 0.5
        gradebook.db.commit()
    assert main([WEEK, "--course-dir", str(course.root), "--force"]) == DONE
    table = tmp_path / "exercises.csv"
    arguments = ["export", "exercises", "--to", str(table), "--course-dir", str(course.root)]
    assert main(arguments) == DONE
    heads, ada, *_ = (line.split(",") for line in table.read_text(encoding="utf-8").splitlines())
    row = dict(zip(heads, ada, strict=True))
    assert row["week 1: data: test_value (2)"] == "2.5"
    assert row["week 1: essay: test_value (1)"] == "1"
    assert row["week 1: essay: why (4)"] == "3"
    assert row[heads[-1]] == "10.5"


def test_check_knows_which_notebook_of_which_assignment_it_is(own, capsys):
    path = own[0].submission("half", WEEK, "data")
    assert main(["check", str(path), "--course-dir", str(own[0].root)]) == NOT_ALL
    said = capsys.readouterr().out
    assert "as data of week 1" in said
    assert "scale: 1 of 3" in said


def test_its_worked_answers_and_its_blank_release_are_tried(own, capsys):
    assert main(["try", WEEK, "--course-dir", str(own[0].root)]) == DONE
    said = capsys.readouterr().out
    assert "the worked solution: 7 of 7 points" in said
    assert "week 1: as it should be." in said


def test_an_assignment_that_is_not_there_is_named_with_those_that_are(own, capsys):
    assert main(["hw1", "--course-dir", str(own[0].root)]) == MISUSE
    assert "There is no lab 'hw1'. There are: week 1." in capsys.readouterr().out


def test_a_course_that_does_not_name_the_grader_is_told_the_two_lines(example, capsys):
    assert main([ASSIGNMENT, "--course-dir", str(example[1].root)]) == MISUSE
    assert "configure(get_config())" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kernel", "language"),
    [
        ({"name": "ir", "language": "R"}, "R"),
        ({"name": "julia-1.10", "language": "julia"}, "julia"),
        ({"name": "ir"}, "the kernel “ir”"),
    ],
)
def test_a_notebook_in_another_language_is_not_graded_and_never_zero(
    own, tmp_path, capsys, kernel, language
):
    assert language in not_python("data", kernel)
    course = Course.at(shutil.copytree(own[0].root, tmp_path / "copy"))
    with course.gradebook() as gradebook:
        gradebook.find_notebook("data", WEEK).kernelspec = json.dumps(kernel)
        gradebook.db.commit()
    before = marks(course, WEEK)
    assert main([WEEK, "--course-dir", str(course.root)]) == MISUSE
    assert re.search(f"data is written in .*{language}.* runs Python only", capsys.readouterr().out)
    assert marks(course, WEEK) == before


@pytest.mark.parametrize("kernel", [{}, {"name": "python"}, {"name": "x", "language": "python"}])
def test_python_by_any_name_is_python(kernel):
    assert not_python("data", kernel) is None


def test_a_test_that_gives_more_points_than_it_has_gives_none_and_stops_nobody(own, tmp_path):
    course = Course.at(shutil.copytree(own[0].root, tmp_path / "copy"))
    answers = worked(course, WEEK) | {
        ("data", "scale"): "class Much(int):\n    def __eq__(self, other):\n        return 99\n"
        "    __hash__ = None\ndef scale(x):\n    return Much(x)"
    }
    hand_in(course, WEEK, "greedy", answers)
    assert main([WEEK, "--course-dir", str(course.root), "--student", "greedy"]) == DONE
    assert marks(course, WEEK)["greedy", "data", "test_scale"] == (0, 0)
    page = course.feedback("greedy", WEEK, "data").read_text(encoding="utf-8")
    assert "more than its 3 points" in page


def test_its_own_time_limit_counts(own, tmp_path):
    root = shutil.copytree(own[0].root, tmp_path / "copy")
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write("c.ExecutePreprocessor.timeout = 7\n")
    found = Run(Course.at(root), WEEK).judging
    graded = json.loads(own[0].results("ada", WEEK).read_text(encoding="utf-8"))
    assert graded["grading"]["patience"]["cell_seconds"] == 30  # nbgrader's own
    judge = pytest.importorskip("autograder.judge.judge").Judge(config=found.config)
    assert judge.circumstances(WEEK)["patience"]["cell_seconds"] == 7


STEPS = """
class Shout({base}):
    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        nb.metadata["said"] = names["student"] + " " + names["notebook"]
        return nb, resources
"""


def test_its_own_steps_are_taken_by_both_commands(own, tmp_path):
    root = shutil.copytree(own[0].root, tmp_path / "copy")
    module = f"steps_{tmp_path.name}"
    text = "from nbgrader.preprocessors import NbGraderPreprocessor\n"
    text += STEPS.format(base="NbGraderPreprocessor")
    Path(root, f"{module}.py").write_text(text, encoding="utf-8")
    config = Path(root, "nbgrader_config.py")
    before = config.read_text(encoding="utf-8")
    added = f'c.Autograde.autograde_preprocessors.append("{module}.Shout")\n'
    config.write_text(before.replace(OURS, "") + added + OURS, encoding="utf-8")
    course = Course.at(root)
    assert main([WEEK, "--course-dir", str(root), "--student", "ada", "--force"]) == DONE
    path = course.autograded("ada", WEEK, "essay")
    assert nbformat.read(path, as_version=4).metadata["said"] == "ada essay"
    path.unlink()
    assert nbgrader(course, "autograde", WEEK, "--student", "ada", "--force") == 0
    assert nbformat.read(path, as_version=4).metadata["said"] == "ada essay"


def test_a_configuration_is_found_above_and_may_be_json(tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.json").write_text(
        json.dumps({"CourseDirectory": {"root": "there", "course_id": "x"}}), encoding="utf-8"
    )
    course = tmp_path / "there"
    course.mkdir()
    assert Course.at(tmp_path).root == course
    assert Course.at(course).directory.course_id == "x"
    monkeypatch.chdir(tmp_path)
    assert Course.at().root == course


def test_a_configuration_that_cannot_be_read_is_a_sentence(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text("c = get_konfig()", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["hw1", "--course-dir", str(tmp_path)])
    assert end.value.code == MISUSE
    assert "nbgrader_config.py cannot be read: NameError" in capsys.readouterr().err


def test_one_that_is_defined_in_the_configuration_itself_is_named(own, tmp_path, capsys):
    root = shutil.copytree(own[0].root, tmp_path / "copy")
    config = Path(root, "nbgrader_config.py")
    text = "from nbgrader.preprocessors import NbGraderPreprocessor\n"
    text += STEPS.format(base="NbGraderPreprocessor")
    text += "c.Autograde.autograde_preprocessors.append(Shout)\n"
    before = config.read_text(encoding="utf-8")
    config.write_text(before.replace(OURS, "") + text + OURS, encoding="utf-8")
    assert main([WEEK, "--course-dir", str(root)]) == MISUSE
    assert "Put it into a module beside that file" in capsys.readouterr().out
