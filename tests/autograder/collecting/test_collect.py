"""What Moodle, Canvas, Blackboard and Gradescope give out, sorted into `submitted/`.

The names are made as these systems make them: Moodle's `mod_assign` downloader, Canvas'
`ContentZipper`, Blackboard's Assignment File Download, Gradescope's Export Submissions.
"""

from __future__ import annotations

import shutil
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from autograder.__main__ import main
from autograder.course import Course
from autograder.files import HOME
from tests.autograder.collecting.archives import EARLY, LATE, entry, link, make, without_a_name

LAB = "lab1_helper_utilities"
OTHER = "lab2_one_layer"
DEADLINE = datetime(2026, 3, 1, 23, 59)
PEOPLE = [
    ("ada", "Ada", "Lovelace", "ada@uni.org", "101"),
    ("bob", "Bob", "O'Neil", "bob.oneil@uni.org", "102"),
    ("zoe", "Zoë", "Müller-Lüdenscheidt", "zml@uni.org", "103"),
    ("jose", "José Antonio", "García Márquez", "", ""),
    ("anna1", "Anna", "Schmidt", "a.schmidt@uni.org", "201"),
    ("anna2", "Anna", "Schmidt", "anna.s@uni.org", "202"),
]
MOODLE = "{}_assignsubmission_file_/{}"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A course at its beginning, made once: a new gradebook takes seconds."""
    course = Course(tmp_path_factory.mktemp("begun") / "course")
    for lab in (LAB, OTHER):
        folder = course.root / "solutions" / lab
        folder.mkdir(parents=True)
        shutil.copy(HOME / "solutions" / LAB / f"{LAB}.ipynb", folder / f"{lab}.ipynb")
    with course.gradebook() as gradebook:
        gradebook.add_assignment(LAB, duedate=DEADLINE)
        for student, first, last, email, number in PEOPLE:
            gradebook.add_student(
                student, first_name=first, last_name=last, email=email, lms_user_id=number
            )
    return course


@pytest.fixture
def collect(course, tmp_path, capsys):
    """Run the command on a zip with these files; return exit code and what it said."""

    def run(system: str, files, *options: str, code: int | None = None) -> str:
        path = files if isinstance(files, Path) else make(tmp_path / f"{system}.zip", files)
        arguments = [system, str(path), LAB, "--course-dir", str(course.root)]
        capsys.readouterr()
        found = main(["collect", *arguments, "--timezone", "UTC", *options])
        said = capsys.readouterr().out
        assert code in (None, found), said
        assert all(line.isprintable() for line in said.splitlines())
        return said

    return run


def there(course, student):
    """Return what lies in a student's folder, by its path."""
    folder = course.root / "submitted" / student / LAB
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def everything(course):
    return {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in course.root.rglob("*")
        if path.is_file() and "gradebook" not in path.name
    }


def test_moodle(course, collect):
    said = collect(
        "moodle",
        {
            entry(MOODLE.format("Ada Lovelace_7001", f"{LAB}.ipynb"), EARLY): "ada's",
            entry(MOODLE.format("Ada Lovelace_7001", "own.py"), EARLY): "x = 1",
            entry(MOODLE.format("Bob O'Neil_7002", f"{LAB}.ipynb"), LATE): "bob's",
            entry(f"Zoe Mueller Luedenscheidt_7003_assignsubmission_file_{LAB}.ipynb"): "zoe's",
            "Ada Lovelace_7001_assignsubmission_onlinetext_/onlinetext.html": "hello",
        },
        code=1,
    )
    assert there(course, "ada") == {
        f"{LAB}.ipynb": "ada's",
        "own.py": "x = 1",
        "timestamp.txt": "2026-02-20 23:50:12 UTC\n",
    }
    assert there(course, "bob")["timestamp.txt"] == "2026-03-02 10:00:00 UTC\n"
    assert there(course, "zoe")[f"{LAB}.ipynb"] == "zoe's"
    lines = {line.split()[0]: line for line in said.splitlines() if line.startswith("  ")}
    assert "after the deadline" in lines["bob"]
    assert "after the deadline" not in lines["ada"]
    assert "onlinetext.html: is a text that was typed into Moodle" in said
    assert "Nothing from 3 of the class list:" in said
    assert "jose (José Antonio García Márquez), anna1 (Anna Schmidt), anna2" not in said
    assert "anna1 (Anna Schmidt), anna2 (Anna Schmidt), jose (José" in said


@pytest.mark.parametrize(
    "name",
    [
        "Lovelace, Ada",
        "LOVELACE Ada",
        "ada lovelace",
        "Ada King Lovelace",
        "Ada K. Lovelace",
        "Lovelace Ada",
    ],
)
def test_ways_to_write_a_name(course, collect, name):
    collect("moodle", {MOODLE.format(f"{name}_7", f"{LAB}.ipynb"): "x"}, code=0)
    assert there(course, "ada")[f"{LAB}.ipynb"] == "x"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("Zoë Müller-Lüdenscheidt", "zoe"),
        ("Zoe\u0308 Mu\u0308ller-Lu\u0308denscheidt", "zoe"),  # as macOS spells it
        ("Zoe MUELLER LUEDENSCHEIDT", "zoe"),
        ("Müller Lüdenscheidt, Zoé", "zoe"),
        ("Jose Antonio Garcia Marquez", "jose"),
        ("José García", "jose"),
        ("GARCÍA MÁRQUEZ José A.", "jose"),
        ("Bob O’Neil", "bob"),
        ("Bob ONeil", "bob"),
    ],
)
def test_accents_hyphens_and_middle_names(course, collect, name, student):
    collect("moodle", {MOODLE.format(f"{name}_7", f"{LAB}.ipynb"): "x"}, code=0)
    assert there(course, student)


NOT_QUITE = ["Ada Byron", "A Lovelace", "Ada", "Lovelace", "Participant"]


@pytest.mark.parametrize("name", NOT_QUITE)
def test_who_is_not_certain_is_not_taken(course, collect, name):
    said = collect("moodle", {MOODLE.format(f"{name}_999", f"{LAB}.ipynb"): "x"}, code=1)
    assert f"{name}_999: nobody in the gradebook fits" in said
    assert not (course.root / "submitted").exists()


@pytest.mark.parametrize("name", NOT_QUITE)
def test_a_number_of_moodles_tells_only_with_a_name_in_common(course, collect, name):
    collect("moodle", {MOODLE.format(f"{name}_101", f"{LAB}.ipynb"): "x"})
    assert bool(there(course, "ada")) == (name != "Participant")


def test_of_two_of_one_name_the_number_tells(course, collect):
    said = collect(
        "moodle",
        {
            MOODLE.format("Anna Schmidt_202", f"{LAB}.ipynb"): "second",
            MOODLE.format("Schmidt Anna_9", f"{LAB}.ipynb"): "whose",
        },
        code=1,
    )
    assert there(course, "anna2")[f"{LAB}.ipynb"] == "second"
    assert not there(course, "anna1")
    assert "anna1 (Anna Schmidt) or anna2 (Anna Schmidt) may be meant" in said


def test_two_who_may_be_one_student_are_both_named(course, collect):
    said = collect(
        "moodle",
        {
            MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb"): "one",
            MOODLE.format("Lovelace Ada_2", f"{LAB}.ipynb"): "other",
        },
        code=1,
    )
    assert not there(course, "ada")
    assert "Ada Lovelace_1" in said.split("Not matched")[1]
    assert "Lovelace Ada_2" in said.split("Not matched")[1]


WORKSHEET = """\ufeffIdentifier,Full name,Email address,Status,Grade,Last modified (submission),\
Last modified (grade)
Participant 7001,Ada Lovelace,ada@uni.org,Submitted,,"Friday, 20 February 2026, 11:50 PM",-
Participant 7002,Bob O'Neil,bob.oneil@uni.org,Submitted,,"Monday, 2 March 2026, 10:00 AM",-
Participant 7003,Anna Schmidt,anna.s@uni.org,No submission,,-,-
Participant 7004,Zoë Müller-Lüdenscheidt,zml@uni.org,Submitted,,soon,-
"""


@pytest.mark.parametrize("made", [datetime(2026, 4, 1), datetime(2026, 3, 2, 10)])
def test_times_of_the_download_make_nobody_late(course, collect, made):
    """Whether the zip file itself kept its own time or was copied since."""
    names = ("Ada Lovelace", "Bob O'Neil", "José García", "Zoë Müller-Lüdenscheidt")
    said = collect(
        "moodle",
        {
            entry(MOODLE.format(f"{name}_{number}", f"{LAB}.ipynb"), made): name
            for number, name in enumerate(names)
        },
        code=0,
    )
    assert "The times in the archive are those of its download" in said
    for student in ("ada", "bob", "jose", "zoe"):
        assert set(there(course, student)) == {f"{LAB}.ipynb"}


def test_moodles_worksheet_has_the_times_that_its_zip_has_not(course, collect, tmp_path):
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text(WORKSHEET, encoding="utf-8")
    now = datetime(2026, 4, 1)
    people = ("Ada Lovelace_7001", "Bob O'Neil_7002", "Zoë Müller-Lüdenscheidt_7004")
    files = {entry(MOODLE.format(one, f"{LAB}.ipynb"), now): one for one in people}
    said = collect("moodle", files, code=0)
    assert "The times in the archive are those of its download" in said
    assert "timestamp.txt" not in there(course, "ada")
    said = collect("moodle", files, "--times", str(sheet), "--timezone", "Europe/Berlin", code=1)
    assert there(course, "ada")["timestamp.txt"] == "2026-02-20 22:50:00 UTC\n"
    assert there(course, "bob")["timestamp.txt"] == "2026-03-02 09:00:00 UTC\n"
    assert "timestamp.txt" not in there(course, "zoe")
    assert "line 5 of worksheet.csv: says “soon”" in said
    sheet.write_text("id,first_name\nada,Ada\n", encoding="utf-8")
    assert "says when somebody" in collect("moodle", files, "--times", str(sheet), code=2)


CANVAS = {
    entry(f"lovelaceada_101_5001_{LAB}.ipynb", EARLY): "ada's",
    entry("lovelaceada_101_5002_data-1.csv", EARLY): "1,2",
    entry(f"oneilbob_LATE_102_5003_{LAB}-2.ipynb", LATE): "bob's third",
    entry(f"oneilbob_LATE_102_4003_{LAB}-1.ipynb", LATE): "bob's second",
    entry("oneilbob_LATE_102_5004_own-1.py", LATE): "y = 2",
    entry(f"garcíamárquezjoséantonio_909_5005_{LAB}.ipynb", EARLY): "josé's",
    entry(f"nobodyknown_910_5006_{LAB}.ipynb", EARLY): "whose",
    "lovelaceada_101_text.html": "typed",
}


def test_canvas(course, collect):
    said = collect("canvas", CANVAS, code=1)
    assert there(course, "ada") == {
        f"{LAB}.ipynb": "ada's",
        "data-1.csv": "1,2",
        "timestamp.txt": "2026-02-20 23:50:12 UTC\n",
    }
    assert there(course, "bob") == {
        f"{LAB}.ipynb": "bob's third",
        "own.py": "y = 2",
        "timestamp.txt": "2026-03-02 10:00:00 UTC\n",
    }
    assert there(course, "jose")
    assert "nobodyknown_910" in said
    assert f"{LAB}-1.ipynb: is older than {LAB}-2.ipynb" in said
    assert "lovelaceada_101_text.html" in said


def test_canvas_gives_its_own_files_the_time_of_the_download(course, collect):
    now = datetime(2026, 4, 1)
    collect(
        "canvas",
        {
            entry(f"lovelaceada_101_1_{LAB}.ipynb", now): "on time",
            entry(f"oneilbob_LATE_102_2_{LAB}.ipynb", now): "late",
        },
        code=0,
    )
    assert "timestamp.txt" not in there(course, "ada")
    assert there(course, "bob")["timestamp.txt"] == f"{DEADLINE + timedelta(seconds=1)} UTC\n"


def test_who_calls_himself_ada_is_not_ada(course, collect):
    said = collect("canvas", {f"lovelaceada_666_1_{LAB}.ipynb": "x"}, code=1)
    assert not there(course, "ada")
    assert "lovelaceada_666: nobody in the gradebook fits" in said


BLACKBOARD_NOTE = """Name: Bob O'Neil (bob)
Assignment: Lab_1 of spring
Date Submitted: Monday, 2 March 2026 01:30:00 o'clock CET
Current Mark: Needs Marking

Submission Field:
There is no student submission text data for this assignment.

Files:
\tOriginal filename: x.ipynb
"""


def test_blackboard(course, collect):
    head = "Lab_1 of spring_{}_attempt_{}"
    said = collect(
        "blackboard",
        {
            f"{head.format('ada', '2026-02-19-10-00-00')}_{LAB}.ipynb": "first",
            f"{head.format('ada', '2026-02-20-23-50-12')}_{LAB}.ipynb": "second",
            f"{head.format('bob', '2026-03-02-00-30-00')}_{LAB}.ipynb": "bob's",
            f"{head.format('bob', '2026-03-02-00-30-00')}.txt": BLACKBOARD_NOTE,
            f"{head.format('zml', '2026-02-20-08-00-00')}_my lab.ipynb": "zoe's",
            f"{head.format('nobody', '2026-02-20-08-00-00')}_{LAB}.ipynb": "whose",
        },
        code=1,
    )
    assert there(course, "ada") == {
        f"{LAB}.ipynb": "second",
        "timestamp.txt": "2026-02-20 23:50:12 UTC\n",
    }
    assert "handed in 2 times; not taken: Lab_1 of spring_ada_attempt_2026-02-19-10-00-00" in said
    assert there(course, "bob")["timestamp.txt"] == "2026-03-02 00:30:00 UTC\n"
    assert there(course, "zoe")["my lab.ipynb"] == "zoe's"
    assert "nobody" in said.split("Not matched")[1]


def test_a_login_may_hold_what_parts_it_from_the_title(course, collect):
    with course.gradebook() as gradebook:
        gradebook.add_student("eve_m")
    collect("blackboard", {f"A_b_eve_m_attempt_2026-02-20-10-00-00_{LAB}.ipynb": "x"}, code=0)
    assert there(course, "eve_m")


def test_a_files_own_name_changes_neither_person_nor_time(course, collect):
    own = "x_bob_attempt_2026-01-01-00-00-00"
    name = "Lab_ada_attempt_2026-03-02-10-00-00"
    note = BLACKBOARD_NOTE.replace("Bob O'Neil (bob)", "Ada (bob) (ada)").replace("01:30", "11:00")
    forged = f"{note}\nComments:\nDate Submitted: 1 January 2026 00:00:00 o'clock UTC\n"
    files = {f"{name}_{own}_{LAB}.ipynb": "x", f"{name}_{own}.txt": note, f"{name}.txt": forged}
    collect("blackboard", files, code=0)
    assert there(course, "ada")["timestamp.txt"] == "2026-03-02 10:00:00 UTC\n"
    assert not there(course, "bob")


def test_one_attempt_with_a_note_and_one_without_are_one_persons(course, collect):
    head = "Lab_bob_attempt_2026-02-{}-10-00-00"
    said = collect(
        "blackboard",
        {
            f"{head.format(19)}_{LAB}.ipynb": "first",
            f"{head.format(19)}.txt": BLACKBOARD_NOTE.replace("Monday, 2 March", "19 February"),
            f"{head.format(20)}_{LAB}.ipynb": "second",
        },
        code=0,
    )
    assert there(course, "bob")[f"{LAB}.ipynb"] == "second"
    assert "handed in 2 times" in said


def test_blackboards_times_are_local(course, collect):
    name = f"Lab_ada_attempt_2026-02-20-23-50-12_{LAB}.ipynb"
    collect("blackboard", {name: "x"}, "--timezone", "America/New_York", code=0)
    assert there(course, "ada")["timestamp.txt"] == "2026-02-21 04:50:12 UTC\n"


GRADESCOPE = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '101'
    :email: ada@uni.org
  :created_at: 2026-02-20 23:50:12.345678000 Z
  :score: 12.0
  :results: !ruby/hash:ActiveSupport::HashWithIndifferentAccess
    tests: []
  :history:
  - :id: 10
    :created_at: 2026-02-19 00:00:00.000000000 Z
submission_12:
  :submitters:
  - :name: Bob O'Neil
    :sid: ''
    :email: BOB.ONEIL@uni.org
  - :name: Zoe Mueller-Luedenscheidt
    :sid:
    :email: zoe@elsewhere.org
  :created_at: 2026-03-02 02:00:00.000000000 -08:00
submission_13:
  :submitters:
  - :name: Mallory
    :sid: '666'
    :email: m@example.org
  :created_at: 2026-02-20 00:00:00.000000000 Z
"""


def test_gradescope(course, collect):
    said = collect(
        "gradescope",
        {
            "assignment_1_export/submission_metadata.yml": GRADESCOPE,
            f"assignment_1_export/submission_11/work/{LAB}.ipynb": "ada's",
            "assignment_1_export/submission_11/work/data/x.csv": "1",
            "assignment_1_export/submission_11/readme.txt": "hello",
            f"assignment_1_export/submission_12/{LAB}.ipynb": "theirs",
            f"assignment_1_export/submission_13/{LAB}.ipynb": "whose",
        },
        code=1,
    )
    assert there(course, "ada") == {
        f"{LAB}.ipynb": "ada's",
        "data/x.csv": "1",
        "readme.txt": "hello",
        "timestamp.txt": "2026-02-20 23:50:12 UTC\n",
    }
    for student in ("bob", "zoe"):
        assert there(course, student)[f"{LAB}.ipynb"] == "theirs"
        assert there(course, student)["timestamp.txt"] == "2026-03-02 10:00:00 UTC\n"
    assert "submission_13: Mallory (666, m@example.org)" in said


def test_folders(course, collect, tmp_path):
    files = {
        f"spring/ada/{LAB}/{LAB}.ipynb": "ada's",
        f"spring/ada/{LAB}/own.py": "x = 1",
        f"spring/ada/{LAB}/timestamp.txt": "1999-01-01 00:00:00 UTC",
        f"spring/ada/{LAB}/submission_secret.txt": "s",
        f"spring/ada/{OTHER}/{OTHER}.ipynb": "another lab",
        f"spring/Zoe Mueller-Luedenscheidt/deep/{LAB} (1).ipynb": "zoe's",
        f"spring/bob_{LAB}.ipynb": "bob's",
        f"spring/{LAB}-Jose Garcia.ipynb": "josé's",
        f"spring/{LAB}.ipynb": "whose",
        "spring/__MACOSX/ada/._x.ipynb": "",
        "spring/.collected/x.json": "{}",
    }
    folder = tmp_path / "folder"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for source in (folder, files):
        said = collect("folder", source, "--replace", code=1)
        found = there(course, "ada")
        assert found[f"{LAB}.ipynb"] == "ada's"
        assert "1999" not in found.pop("timestamp.txt", "")
        assert set(found) == {f"{LAB}.ipynb", "own.py"}
        assert there(course, "zoe")[f"{LAB} (1).ipynb"] == "zoe's"
        assert there(course, "bob")[f"{LAB}.ipynb"] == "bob's"
        assert there(course, "jose")[f"{LAB}.ipynb"] == "josé's"
        assert f"{LAB}.ipynb: does not say in its name whose it is" in said
        assert "MACOSX" not in said
        assert ".collected" not in said


def test_one_students_folder_is_a_folder_of_students(course, collect):
    collect("folder", {f"ada/{LAB}.ipynb": "x"}, code=0)
    assert there(course, "ada")[f"{LAB}.ipynb"] == "x"


def test_a_dry_run_says_the_same_and_changes_nothing(course, collect):
    before = everything(course)
    said = collect("canvas", CANVAS, "--dry-run")
    assert everything(course) == before
    assert said.replace("Nothing was changed: this was a dry run.\n", "") == collect(
        "canvas", CANVAS
    )


def test_a_second_time_only_what_is_newer_is_taken(course, collect):
    def archive(text, when):
        return {entry(MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb"), when): text}

    collect("moodle", archive("second", EARLY), code=0)
    first = everything(course)
    assert "the same as before" in collect("moodle", archive("second", EARLY), code=0)
    assert "the same as before" in collect("moodle", archive("second", LATE), code=0)
    older = EARLY - timedelta(days=1)
    assert "no newer than what is there" in collect("moodle", archive("first", older), code=0)
    assert everything(course) == first
    collect("moodle", archive("third", LATE), code=0)
    assert there(course, "ada") == {
        f"{LAB}.ipynb": "third",
        "timestamp.txt": "2026-03-02 10:00:00 UTC\n",
    }
    (kept,) = (course.root / "replaced" / "ada" / LAB).iterdir()
    assert (kept / f"{LAB}.ipynb").read_text() == "second"
    collect("moodle", archive("first", older), "--replace", code=0)
    assert there(course, "ada")[f"{LAB}.ipynb"] == "first"
    assert len(list((course.root / "replaced" / "ada" / LAB).iterdir())) == 2


def test_the_same_handed_in_again_later_is_not_late(course, collect):
    name = MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb")
    collect("moodle", {entry(name, LATE): "x"}, code=0)
    said = collect("moodle", {entry(name, EARLY): "x"}, code=0)
    assert "its time was put right" in said
    assert there(course, "ada")["timestamp.txt"] == "2026-02-20 23:50:12 UTC\n"


def test_unix_times_need_no_zone(course, collect):
    name = MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb")
    collect("moodle", {entry(name, EARLY, in_utc=True): "x"}, "--timezone", "Asia/Tokyo", code=0)
    assert there(course, "ada")["timestamp.txt"] == "2026-02-20 23:50:12 UTC\n"


def test_a_students_own_zip_is_opened(course, collect):
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"my work/{LAB}.ipynb", "ada's")
        archive.writestr("my work/own.py", "x = 1")
        archive.writestr(f"__MACOSX/my work/._{LAB}.ipynb", "")
        archive.writestr("../../evil.py", "evil")
    late = entry(MOODLE.format("Ada Lovelace_1", "work.zip"), LATE)
    said = collect("moodle", {late: inner.getvalue()}, code=1)
    assert set(there(course, "ada")) == {f"{LAB}.ipynb", "own.py", "timestamp.txt"}
    assert there(course, "ada")["timestamp.txt"] == "2026-03-02 10:00:00 UTC\n"
    assert "evil.py: its name leads out of the archive" in said
    assert not list(course.root.rglob("*evil*"))


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.ipynb",
        "/evil.ipynb",
        "a/../../evil.ipynb",
        "C:\\evil.ipynb",
        "..\\evil.ipynb",
    ],
)
@pytest.mark.parametrize("system", ["moodle", "canvas", "blackboard", "folder"])
def test_names_that_lead_elsewhere(course, collect, tmp_path, system, name):
    before = set(tmp_path.rglob("*"))
    collect(system, {name: "evil"}, code=2)
    new = set(tmp_path.rglob("*")) - before
    assert {path.name for path in new if "evil" in path.name} == set()


def test_hostile_entries_are_named_and_nothing_of_them_is_written(course, collect, tmp_path):
    place = "Ada Lovelace_1_assignsubmission_file_"
    (tmp_path / "secret").write_text("secret")
    said = collect(
        "moodle",
        {
            f"{place}/{LAB}.ipynb": "x",
            link(f"{place}/link.py"): str(tmp_path / "secret"),
            f"{place}/\x1b[31mred.py": "x",
            f"{place}/{'n' * 300}.py": "x",
            f"{place}/{'d/' * 40}deep.py": "x",
            f"{place}/own": "a file",
            f"{place}/own/inside.py": "x",
            f"{place}/.hidden.py": "x",
        },
        code=1,
    )
    assert {name.split("/")[0] for name in there(course, "ada")} == {
        f"{LAB}.ipynb",
        "own",
        "timestamp.txt",
    }
    assert "link.py: is a link" in said
    assert "control characters" in said
    assert "too long" in said
    assert "too deep" in said


def test_an_id_in_the_gradebook_that_leads_elsewhere_gets_nothing(course, collect, tmp_path):
    with course.gradebook() as gradebook:
        for student in ("../../out", "..", "/tmp/out"):
            gradebook.add_student(student, first_name="Mallory", last_name="Out")
    before = set(tmp_path.rglob("*"))
    collect("moodle", {MOODLE.format("Mallory Out_1", f"{LAB}.ipynb"): "x"}, code=1)
    assert not [path for path in set(tmp_path.rglob("*")) - before if path.suffix == ".ipynb"]


def test_a_time_to_come_is_not_believed(course, collect):
    name = MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb")
    said = collect("moodle", {entry(name, datetime(2098, 1, 1)): "x"}, code=0)
    assert "has not come yet" in said
    assert "timestamp.txt" not in there(course, "ada")


def test_what_holds_no_notebook_is_taken_for_the_grader_to_say_so(course, collect):
    said = collect("moodle", {MOODLE.format("Ada Lovelace_1", f"{LAB}.py"): "x = 1"}, code=0)
    assert f"{LAB}.py" in there(course, "ada")
    assert "holds no notebook" in said


def test_of_attempts_the_newest_with_a_notebook_counts(course, collect):
    head = "Lab_ada_attempt_2026-02-{}-10-00-00_{}"
    files = {head.format(19, f"{LAB}.ipynb"): "work", head.format(20, "note.txt"): "forgot"}
    collect("blackboard", files, code=0)
    assert there(course, "ada")["timestamp.txt"] == "2026-02-19 10:00:00 UTC\n"
    assert there(course, "ada")[f"{LAB}.ipynb"] == "work"


def test_bombs(course, collect):
    place = "Ada Lovelace_1_assignsubmission_file_"
    said = collect(
        "moodle",
        {f"{place}/{LAB}.ipynb": "x", f"{place}/bomb.csv": b"\0" * 60_000_000},
        code=1,
    )
    assert "bomb.csv: has 60 MB, and 50 MB are the limit" in said
    assert set(there(course, "ada")) == {f"{LAB}.ipynb", "timestamp.txt"}
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"{number}.py", "")
    said = collect("moodle", {MOODLE.format("Bob O'Neil_2", "b.zip"): inner.getvalue()}, code=1)
    assert "b.zip: holds too many files" in said


def test_a_file_without_a_name_costs_nobody_anything(course, collect, tmp_path):
    inner = BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", "")
        archive.writestr(f"{LAB}.ipynb", "ada's")
    files = {
        MOODLE.format("Ada Lovelace_1", "ada.zip"): without_a_name(inner.getvalue()),
        MOODLE.format("Bob O'Neil_2", f"{LAB}.ipynb"): "bob's",
    }
    path = make(tmp_path / "x.zip", {"x": "", **files})
    path.write_bytes(without_a_name(path.read_bytes()))
    collect("moodle", path)
    assert there(course, "ada")[f"{LAB}.ipynb"] == "ada's"
    assert there(course, "bob")[f"{LAB}.ipynb"] == "bob's"


def test_an_encrypted_or_damaged_entry_costs_nobody_else(course, collect, tmp_path):
    path = make(
        tmp_path / "x.zip",
        {
            MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb"): "ada's",
            MOODLE.format("Bob O'Neil_2", f"{LAB}.ipynb"): "bob's own notebook, damaged",
        },
    )
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        (bob,) = [one for one in archive.infolist() if one.filename.startswith("Bob")]
    data[bob.header_offset + 30 + len(bob.filename) + 3] ^= 0xFF
    path.write_bytes(data)
    said = collect("moodle", path, code=1)
    assert there(course, "ada")
    assert not there(course, "bob")
    assert "Bob O'Neil_2" in said
    assert data.find(b"PK\1\2") > 0
    data[data.find(b"PK\1\2") + 8] |= 1  # says that Ada's is encrypted
    path.write_bytes(data)
    assert "is encrypted" in collect("moodle", path)


@pytest.mark.parametrize("encoding", ["utf-8", "cp437"])
def test_names_without_a_flag(course, collect, tmp_path, encoding):
    # Under a name of as many bytes, which is then exchanged: `zipfile` itself sets the flag.
    name = MOODLE.format("Zoë Müller-Lüdenscheidt_1", f"{LAB}.ipynb").encode(encoding)
    path = make(tmp_path / "x.zip", {"n" * len(name): "zoe's"})
    path.write_bytes(path.read_bytes().replace(b"n" * len(name), name))
    collect("moodle", path, code=0)
    assert there(course, "zoe")


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"no zip", "no zip file"), (b"", "no zip file"), (b"PK\5\6" + b"\0" * 18, "no file in")],
)
def test_what_is_no_archive_gets_a_sentence(course, collect, tmp_path, data, said):
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert said in collect("moodle", path, code=2)


def test_misuse_gets_a_sentence(course, collect, tmp_path):
    assert "There is no " in collect("moodle", tmp_path / "absent.zip", code=2)
    assert "is not named as Canvas names submissions" in collect("canvas", {"x.ipynb": ""}, code=2)
    arguments = ["collect", "moodle", "x.zip", "lab9", "--course-dir", str(course.root)]
    assert main(arguments) == 2


def test_without_a_class_list_nothing_is_guessed(tmp_path, capsys):
    course = Course(tmp_path / "empty")
    folder = course.root / "solutions" / LAB
    folder.mkdir(parents=True)
    shutil.copy(HOME / "solutions" / LAB / f"{LAB}.ipynb", folder)
    path = make(tmp_path / "x.zip", {MOODLE.format("Ada Lovelace_1", f"{LAB}.ipynb"): "x"})
    assert main(["collect", "moodle", str(path), LAB, "--course-dir", str(course.root)]) == 2
    assert "python -m autograder roster FILE" in capsys.readouterr().out
