"""Marks for other systems: each file is held to the format that the other side documents.

Canvas: the gradebook's CSV, as `How do I import grades in the Gradebook` and Canvas' own
`GradebookImporter` read it. Moodle: `Grade import`, from CSV. Gradescope: `Autograder
Specifications` and `Submission Metadata`.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from traitlets.config import Config

from autograder.__main__ import main
from autograder.commands import on_gradescope
from autograder.commands.options import MISUSE
from autograder.confinement.confine import unavailable
from autograder.course import Course
from autograder.export import packed_config
from autograder.export.gradescope_zip import pack
from autograder.files import HOME
from autograder.submission.answers import hand_in
from bench.other_courses import hand_in as submit_all
from bench.other_courses import worked as every_answer
from grader_tests.engine import worked
from grader_tests.lab1 import bank as lab1_bank
from tests.support import other_course
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
    pack(Course(), LAB, tmp_path / "autograder.zip")
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


# As recorded on Gradescope, with an extension for a person.
EXTENDED = {
    "id": 1,
    "created_at": "2026-03-02T20:00:00.000000-08:00",
    "assignment": {
        "due_date": "2026-03-01T23:59:00.000000-08:00",
        "late_due_date": None,
        "release_date": "2026-02-01T00:00:00.000000-08:00",
        "title": "Lab 1",
        "total_points": "30.0",
    },
    "users": [
        {
            "id": 1234,
            "email": "s@example.org",
            "name": "S U",
            "assignment": {
                "due_date": "2026-03-03T23:59:00.000000-08:00",
                "late_due_date": None,
                "release_date": "2026-02-01T00:00:00.000000-08:00",
                "title": "Lab 1",
                "total_points": "30.0",
            },
        }
    ],
}
DUE = EXTENDED["assignment"]["due_date"]


def person(due: str | None, **more) -> dict:
    return {"id": 7, "assignment": EXTENDED["assignment"] | {"due_date": due} | more}


@pytest.mark.parametrize(
    ("metadata", "due"),
    [
        ({}, None),
        ({"users": None, "assignment": None}, None),
        ({"assignment": {"due_date": None}, "users": []}, None),
        ({"assignment": {"due_date": DUE}}, datetime(2026, 3, 2, 7, 59)),
        (EXTENDED, datetime(2026, 3, 4, 7, 59)),
        ({**EXTENDED, "users": [{"id": 7}]}, datetime(2026, 3, 2, 7, 59)),
        # Of a group, whoever has the longest; before theirs nobody may have had to be done.
        ({**EXTENDED, "users": [person(DUE), *EXTENDED["users"]]}, datetime(2026, 3, 4, 7, 59)),
        ({**EXTENDED, "users": [person(None), person(DUE)]}, None),
        (
            {**EXTENDED, "users": [person(DUE, late_due_date="2026-03-09T00:00:00Z")]},
            datetime(2026, 3, 2, 7, 59),
        ),
        # An earlier date of one's own counts, too.
        ({**EXTENDED, "users": [person("2026-02-28T00:00:00Z")]}, datetime(2026, 2, 28)),
    ],
)
def test_whose_due_date_counts(metadata, due):
    assert on_gradescope._due(metadata) == due


@pytest.mark.skipif(bool(unavailable()), reason=str(unavailable()))
@pytest.mark.parametrize("extended", [False, True])
def test_what_runs_at_gradescope_grades_by_the_rule_and_the_due_date(unpacked, tmp_path, extended):
    source = unpacked / "source"
    config = source / "nbgrader_config.py"
    late = 'c.LateSubmissionPlugin.penalty_method = "zero"\nimport os\nos.environ["ELSEWHERE"]\n'
    config.write_text(config.read_text(encoding="utf-8") + late, encoding="utf-8")
    (source / ".venv").symlink_to(sys.prefix)
    handed_in = Course(tmp_path / "theirs")
    (handed_in.root / "notebooks").mkdir(parents=True)
    os.symlink(HOME / "notebooks" / LAB, handed_in.root / "notebooks" / LAB)
    hand_in(handed_in, LAB, "x", WORKED | {MISTAKE.cell: MISTAKE.source(LAB)})
    place = unpacked / "submission" / ("deep/er" if extended else ".") / "my answers.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    handed_in.submission("x", LAB).rename(place)
    (place.parent / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC", encoding="utf-8")
    metadata = {**EXTENDED, "previous_submissions": [{"score": "1.0", "results": {}}]}
    if not extended:
        metadata["users"] = [{"email": "student@example.com", "id": 1234, "name": "Student User"}]
    (unpacked / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    environment = os.environ | {"AUTOGRADER": str(unpacked), "PYTHONPATH": str(source)}
    subprocess.run(["bash", source / "run_autograder"], env=environment, check=True, timeout=300)
    content = json.loads((unpacked / "results" / "results.json").read_text(encoding="utf-8"))
    check_results(content)
    assert sum(test["score"] for test in content["tests"]) == BY_MACHINE
    assert content["score"] == (BY_MACHINE if extended else 0)
    assert ("27 points are taken off" in content["output"]) == (not extended)
    assert "it should be lab1_helper_utilities.ipynb" in content["output"]


@pytest.fixture
def other(tmp_path) -> Course:
    """A course of another kind, whose configuration lies above it and imports what is beside it."""
    course = other_course.make(tmp_path / "desk" / "here")
    desk = tmp_path / "desk"
    config = (course.root / "nbgrader_config.py").read_text(encoding="utf-8")
    (course.root / "nbgrader_config.py").unlink()
    late = 'c.AssignLatePenalties.plugin_class = "late_rule.All"\n'
    text = config.replace("c = get_config()\n", f"c = get_config()\n{late}")
    (desk / "nbgrader_config.py").write_text(text, encoding="utf-8")
    (desk / "late_rule.py").write_text(
        "from nbgrader.plugins import LateSubmissionPlugin\n"
        "class All(LateSubmissionPlugin):\n"
        "    def late_submission_penalty(self, student, score, late):\n"
        "        return 1\n",
        encoding="utf-8",
    )
    (desk / "requirements.txt").write_text("pandas\n", encoding="utf-8")
    return Course.at(course.root)


@pytest.mark.kernel
@pytest.mark.skipif(bool(unavailable()), reason=str(unavailable()))
def test_another_courses_assignment_is_graded_at_gradescope(other, tmp_path):
    packed = export(other, tmp_path, "gradescope-zip", other_course.WEEK)
    root = tmp_path / "autograder"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(root / "source")
    source, submission = root / "source", root / "submission"
    assert (source / "course" / "requirements.txt").read_text(encoding="utf-8") == "pandas\n"
    assert not list(source.rglob("marks.db"))
    answers = every_answer(other, other_course.WEEK)
    wrong = {("data", "scale"): "def scale(x):\n    return 3 * x if x < 2 else 0"}
    submit_all(other, other_course.WEEK, "x", answers | wrong)
    shutil.copytree(other.submission("x", other_course.WEEK).parent, submission)
    (submission / "table.csv").unlink(missing_ok=True)  # the course's own lies there
    (root / "submission_metadata.json").write_text(json.dumps(EXTENDED), encoding="utf-8")
    (source / ".venv").symlink_to(sys.prefix)
    environment = os.environ | {"AUTOGRADER": str(root), "PYTHONPATH": str(source)}
    subprocess.run(["bash", source / "run_autograder"], env=environment, check=True, timeout=300)
    content = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    scores = {test["name"]: test["score"] for test in content["tests"]}
    assert scores["data: value"] == 2
    assert scores["data: scale"] == 1
    assert scores["essay: value"] == 1
    assert content["score"] == 5


@pytest.mark.parametrize("lacks", ["configure", "source", "configuration", "inside"])
def test_what_cannot_be_packed_is_told_in_a_sentence(other, tmp_path, capsys, lacks):
    config = other.root.parent / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    if lacks == "configure":
        config.write_text(text.replace("configure(get_config())", ""), encoding="utf-8")
    elif lacks == "source":
        other.worked(other_course.WEEK, "data").unlink()
        other.worked(other_course.WEEK, "essay").unlink()
    elif lacks == "inside":
        outside = tmp_path / "masters"
        (other.root / "masters").rename(outside)
        config.write_text(text.replace('"masters"', f'"{outside}"'), encoding="utf-8")
    else:
        config.unlink()
    to = tmp_path / "x.zip"
    arguments = ["gradescope-zip", other_course.WEEK, "--to", str(to)]
    assert main(["export", *arguments, "--course-dir", str(other.root)]) == MISUSE
    said = {
        "configure": "does not name this grader",
        "source": "There is no notebook in",
        "inside": "only what is in there goes along",
        "configuration": "There is no lab 'week 1'",
    }
    assert said[lacks] in capsys.readouterr().out
    assert not to.exists()


def config_of(folder: Path, text: str, **beside: str) -> dict[str, str]:
    """Return what of a course's configuration is packed, by the names of the files."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(text, encoding="utf-8")
    for name, source in beside.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    found = packed_config.files(folder, "postgresql+psycopg://u:s3cret@host/db", ("autograder",))
    return {path.name: source for path, source in found.items()}


def test_what_the_configuration_imports_goes_along(tmp_path):
    found = config_of(
        tmp_path / "course",
        'import sys\nc.AssignLatePenalties.plugin_class = "late.PerDay"\nfrom rules import A\n',
        late="import days\n",
        days="import math\n",
        rules="A = 1\n",
        unused="B = 2\n",
    )
    assert set(found) == {"nbgrader_config.py", "late.py", "days.py", "rules.py"}


@pytest.mark.parametrize(
    "text",
    [
        'import os\nc.CourseDirectory.db_url = os.environ["GRADEBOOK_URL"]\n',
        'c.CourseDirectory.db_url = (\n    "postgresql://u:s3cret@host/db"\n)\n',
        'if True:\n    c["CourseDirectory"]["db_url"] = "postgresql://u:s3cret@host/db"\n',
    ],
)
def test_the_gradebook_of_a_server_stays_here(tmp_path, text):
    source = config_of(tmp_path / "course", text + "c.X.y = 1\n")["nbgrader_config.py"]
    assert "db_url" not in source
    assert "s3cret" not in source
    assert "GRADEBOOK_URL" not in source
    config = Config()
    exec(compile(source, "nbgrader_config.py", "exec"), {"c": config})
    assert config == {"X": {"y": 1}}


def test_a_password_is_not_uploaded(tmp_path):
    with pytest.raises(ValueError, match="holds the password of the gradebook"):
        config_of(tmp_path / "course", 'p = "s3cret"\nc.CourseDirectory.db_url = f"a:{p}@b"\n')
