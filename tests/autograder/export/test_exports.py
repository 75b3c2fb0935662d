"""Marks for other systems: each file is held to the format that the other side documents.

Canvas: the gradebook's CSV, as `How do I import grades in the Gradebook` and Canvas' own
`GradebookImporter` read it. Moodle: `Grade import`, from CSV. Gradescope: `Autograder
Specifications` and `Submission Metadata`.
"""

from __future__ import annotations

import csv
import json
import os
import stat
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.export.gradescope_zip import pack
from autograder.files import HOME
from autograder.submission.answers import hand_in
from grader_tests.engine import worked
from grader_tests.lab1 import bank as lab1_bank
from tests.support.classroom import LAB, WORKED, enter, new_course

pytestmark = pytest.mark.classroom

MISTAKE = next(mistake for mistake in lab1_bank.MISTAKES if mistake.name == "l2 without the half")
TESTS = ("sigmoid", "sigmoid_prime", "one_hot", "compute_cost", "l1", "l1_grad", "l2", "l2_grad")
# Right but for l2 (3 points): by the machine 27; by hand 29; late, 29 - 5.5.
BY_MACHINE, BY_HAND, PENALTY = 27.0, 2.0, 5.5
FINAL = BY_MACHINE + BY_HAND - PENALTY


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """Two who handed in, one with points by hand and late; one who did not."""
    course = new_course(tmp_path_factory.mktemp("course"))
    with course.gradebook() as gradebook:
        gradebook.add_student(
            "ada", first_name="Ada", last_name="Lovelace", email="ada@uni.org", lms_user_id="4711"
        )
        gradebook.add_student("bob", first_name="Bob", last_name='O"Neil, Jr')
        gradebook.add_student("cem")
    enter(course, "ada", WORKED | {MISTAKE.cell: MISTAKE.source(LAB)})
    enter(course, "bob", WORKED)
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(LAB, "ada")
        (notebook,) = submission.notebooks
        (grade,) = [grade for grade in notebook.grades if grade.name == "test_l2"]
        grade.manual_score, grade.needs_manual_grade = BY_HAND, False
        notebook.late_submission_penalty = PENALTY
        gradebook.db.commit()
    return course


def export(course: Course, tmp_path: Path, *arguments: str) -> Path:
    to = tmp_path / "exported"
    assert main(["export", *arguments, "--to", str(to), "--course-dir", str(course.root)]) == 0
    return to


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def by_login(table: list[list[str]], column: int) -> dict[str, list[str]]:
    return {row[column]: row for row in table}


def test_canvas(course, tmp_path):
    head, possible, *students = rows(export(course, tmp_path, "canvas"))
    # The importer wants "Student" and "ID" in the first two, and "Section" last before the work.
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert head[5:] == [LAB]
    assert "Points Possible" in possible[0]
    assert possible[1:] == ["", "", "", "", "30"]
    assert all(len(row) == len(head) for row in students)
    found = by_login(students, 3)
    assert found["ada"] == ["Lovelace, Ada", "4711", "", "ada", "", f"{FINAL:g}"]
    assert found["bob"] == ['O"Neil, Jr, Bob', "", "", "bob", "", "30"]
    assert found["cem"] == ["cem", "", "", "cem", "", ""]


def test_moodle(course, tmp_path):
    head, *students = rows(export(course, tmp_path, "moodle"))
    assert head == ["First name", "Last name", "Username", "ID number", "Email address", LAB]
    assert all(len(row) == len(head) for row in students)  # Moodle refuses a ragged file
    found = by_login(students, 2)
    assert found["ada"] == ["Ada", "Lovelace", "ada", "4711", "ada@uni.org", f"{FINAL:g}"]
    assert found["cem"][-1] == ""  # no grade


def test_exercise_by_exercise(course, tmp_path):
    head, *students = rows(export(course, tmp_path, "exercises"))
    points = worked.points(LAB)
    assert head == [
        *("student_id", "last_name", "first_name", "email"),
        *(f"{LAB}: test_{name} ({points[f'test_{name}']:g})" for name in TESTS),
        *(f"{LAB}: late penalty", f"{LAB}: score (30)"),
    ]
    ada = [float(value) for value in by_login(students, 0)["ada"][4:]]
    *exercises, penalty, score = ada
    assert exercises == [4, 4, 4, 6, 3, 3, BY_HAND, 3]
    assert (penalty, score) == (PENALTY, FINAL)
    assert sum(exercises) - penalty == score


def test_a_penalty_takes_no_more_than_there_is(course, tmp_path):
    with course.gradebook() as gradebook:
        (notebook,) = gradebook.find_submission(LAB, "bob").notebooks
        notebook.late_submission_penalty = 99
        gradebook.db.commit()
    try:
        table = by_login(rows(export(course, tmp_path, "exercises")), 0)
        assert table["bob"][-2:] == ["30", "0"]
    finally:
        with course.gradebook() as gradebook:
            (notebook,) = gradebook.find_submission(LAB, "bob").notebooks
            notebook.late_submission_penalty = None
            gradebook.db.commit()


def test_nbgraders_own_command_runs_the_plugins(course, tmp_path):
    to = tmp_path / "canvas.csv"
    command = [sys.executable, "-m", "nbgrader", "export", "--exporter=autograder.export.Canvas"]
    options = [f"--to={to}", f"--CourseDirectory.root={course.root}", "--Canvas.missing=0"]
    titles = f"--Canvas.titles={LAB}=Lab 1 (4711)"
    subprocess.run([*command, *options, titles], cwd=HOME, check=True, capture_output=True)
    head, _, *students = rows(to)
    assert head[-1] == "Lab 1 (4711)"
    assert {row[3]: row[-1] for row in students} == {"ada": f"{FINAL:g}", "bob": "30", "cem": "0"}


def check_results(content: dict) -> None:
    """Hold a results.json to Gradescope's specification."""
    top = {"score", "execution_time", "output", "visibility", "stdout_visibility", "extra_data"}
    top |= {"tests", "leaderboard", "output_format", "test_output_format", "test_name_format"}
    of_test = {"score", "max_score", "status", "name", "name_format", "number", "output", "tags"}
    of_test |= {"output_format", "visibility", "extra_data"}
    shown = {"hidden", "after_due_date", "after_published", "visible"}
    assert content.keys() <= top
    assert isinstance(content["score"], (int, float))
    assert isinstance(content["execution_time"], int)
    assert content["stdout_visibility"] in shown
    assert content["tests"]
    for test in content["tests"]:
        assert test.keys() <= of_test
        assert 0 <= test["score"] <= test["max_score"]
        assert isinstance(test["name"], str)
        assert isinstance(test["output"], str)
        assert test["visibility"] in shown


def test_gradescopes_results(course, tmp_path):
    to = export(course, tmp_path, "gradescope", LAB, "--student", "ada")
    content = json.loads(to.read_text(encoding="utf-8"))
    check_results(content)
    assert content["score"] == FINAL
    assert "5.5 points are taken off" in content["output"]
    points = {test["name"]: test["score"] for test in content["tests"]}
    assert points["l2"] == BY_HAND
    assert sum(points.values()) == BY_MACHINE + BY_HAND
    said = [test["output"].splitlines() for test in content["tests"]]
    (explained,) = [lines for lines in said if lines[0] == "Marked by your teacher: 2 of 3."]
    assert explained[1] == f"The test gave 0 of 3: {MISTAKE.says}"
    assert explained[2].startswith("What the test saw: ")
    assert explained[3].startswith("Read again: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gradescope"], "name one student and one lab"),
        (["gradescope", LAB, "--student", "cem"], "cem"),
        (["canvas", "lab9"], "knows no lab 'lab9'"),
        (["gradescope-zip"], "There is no lab ''. There are: lab1_helper_utilities"),
    ],
)
def test_misuse_gets_a_sentence(course, tmp_path, capsys, arguments, said):
    to = tmp_path / "file"
    assert main(["export", *arguments, "--to", str(to), "--course-dir", str(course.root)]) == 2
    assert said in capsys.readouterr().out
    assert not to.exists()


@pytest.fixture
def unpacked(tmp_path) -> Path:
    """What Gradescope makes of the zip: source/, and places for a submission and for results."""
    packed = tmp_path / "autograder.zip"
    assert main(["export", "gradescope-zip", LAB, "--to", str(packed)]) == 0
    root = tmp_path / "autograder"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(root / "source")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    return root


def test_the_zip_has_what_gradescope_runs_at_its_root(tmp_path):
    pack(LAB, tmp_path / "autograder.zip")
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        for name in ("setup.sh", "run_autograder"):
            assert stat.S_IMODE(entries[name].external_attr >> 16) == 0o755
            assert archive.read(name).startswith(b"#!")
    assert f"solutions/{LAB}/{LAB}.ipynb" in entries
    assert not [name for name in entries if "__pycache__" in name or name.startswith("tests/")]


def test_the_scripts_are_shell(unpacked):
    for name in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", unpacked / "source" / name], check=True)


@pytest.mark.skipif(bool(unavailable()), reason=str(unavailable()))
def test_what_runs_at_gradescope_grades_a_late_submission(unpacked, tmp_path):
    source = unpacked / "source"
    config = source / "nbgrader_config.py"
    late = 'c.LateSubmissionPlugin.penalty_method = "zero"\n'
    config.write_text(config.read_text(encoding="utf-8") + late, encoding="utf-8")
    (source / ".venv").symlink_to(sys.prefix)
    handed_in = Course(tmp_path / "theirs")
    (handed_in.root / "notebooks").mkdir(parents=True)
    os.symlink(HOME / "notebooks" / LAB, handed_in.root / "notebooks" / LAB)
    hand_in(handed_in, LAB, "x", WORKED | {MISTAKE.cell: MISTAKE.source(LAB)})
    handed_in.submission("x", LAB).rename(unpacked / "submission" / "my answers.ipynb")
    due = datetime(2024, 3, 1, 12).astimezone()
    metadata = {
        "id": 123456,
        "created_at": (due + timedelta(hours=1)).isoformat(),
        "assignment": {"due_date": due.isoformat(), "title": "Lab 1", "total_points": "30.0"},
        "users": [{"email": "student@example.com", "id": 1234, "name": "Student User"}],
        "previous_submissions": [],
    }
    (unpacked / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    environment = os.environ | {"AUTOGRADER": str(unpacked), "PYTHONPATH": str(source)}
    subprocess.run(["bash", source / "run_autograder"], env=environment, check=True, timeout=300)
    content = json.loads((unpacked / "results" / "results.json").read_text(encoding="utf-8"))
    check_results(content)
    assert content["score"] == 0
    assert sum(test["score"] for test in content["tests"]) == BY_MACHINE
    assert "it should be lab1_helper_utilities.ipynb" in content["output"]
    assert "27 points are taken off" in content["output"]
