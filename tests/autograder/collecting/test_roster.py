"""Class lists as Canvas, Moodle and spreadsheets write them, into nbgrader's gradebook.

Canvas: the gradebook's export. Moodle: the participants' and the grades' download, in the language
of whoever downloads.
"""

from __future__ import annotations

import pytest

from autograder.__main__ import main
from autograder.course import Course
from autograder.results.class_list import meet, strangers

CANVAS = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Lab 1 (4711),Current Score
,,,,,Manual Posting,(read only)
    Points Possible,,,,,30,(read only)
"Lovelace, Ada",101,S1,ada,Section 1,12,40
"O'Neil, Bob",102,S2,bob@uni.org,Section 1,,
"Student, Test",103,,5fd6c0f2,Section 1,,
"""
MOODLE_GRADES = """First name,Last name,ID number,Institution,Department,Email address,\
"Assignment: Lab 1, first part (Real)",Last downloaded from this course
Ada,Lovelace,101,,,Ada.Lovelace@uni.org,12.00,1772000000
Zoë,Müller-Lüdenscheidt,102,,,zoe@uni.org,-,1772000000
"""
MOODLE_GERMAN = """Vorname;Nachname;Anmeldename;E-Mail-Adresse;Rollen;Gruppen
Ada;Lovelace;ada;ada@uni.org;Teilnehmer/in;
Jörg;Weiß;jweiss;jw@uni.org;Teilnehmer/in;
Prof;Wichtig;pw;pw@uni.org;Trainer/in;
"""
PLAIN = "id,first_name,last_name,email,lms_user_id\nada,Ada,Lovelace,ada@uni.org,101\ncem,,,,\n"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A course without students, made once: a new gradebook takes seconds."""
    course = Course(tmp_path_factory.mktemp("begun"))
    course.gradebook().close()
    return course


@pytest.fixture
def roster(course, tmp_path):
    """Run the command on a file with this text; return its exit code."""

    def run(text: str | bytes, *options: str) -> int:
        path = tmp_path / "class.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return main(["roster", str(path), "--course-dir", str(course.root), *options])

    return run


def known(course):
    with course.gradebook() as gradebook:
        return {
            student.id: (
                student.first_name,
                student.last_name,
                student.email,
                student.lms_user_id,
            )
            for student in gradebook.students
        }


def test_canvas(course, roster, capsys):
    assert roster(CANVAS) == 0
    assert known(course) == {
        "ada": ("Ada", "Lovelace", None, "101"),
        "bob@uni.org": ("Bob", "O'Neil", "bob@uni.org", "102"),
    }
    assert "New: 2." in capsys.readouterr().out
    assert roster(CANVAS) == 0
    assert "New: 0. Changed: 0. As before: 2." in capsys.readouterr().out


def test_moodles_grades(course, roster):
    assert roster(MOODLE_GRADES) == 0
    assert known(course) == {
        "ada.lovelace": ("Ada", "Lovelace", "Ada.Lovelace@uni.org", "101"),
        "zoe": ("Zoë", "Müller-Lüdenscheidt", "zoe@uni.org", "102"),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_moodles_participants_in_german(course, roster, capsys, encoding):
    assert roster(MOODLE_GERMAN.encode(encoding)) == 1
    assert known(course) == {
        "ada": ("Ada", "Lovelace", "ada@uni.org", None),
        "jweiss": ("Jörg", "Weiß", "jw@uni.org", None),
    }
    assert "line 4: Trainer/in" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", "\t"),
        "sep=;\r\n" + PLAIN.replace(",", ";").replace("\n", "\r\n"),
        "The class of spring\n\n"
        + PLAIN.replace("id,", "ID,").replace("lms_user_id", "LMS_USER_ID"),
    ],
)
def test_plain_csv_as_nbgrader_takes_it(course, roster, text):
    assert roster(text) == 0
    assert known(course) == {
        "ada": ("Ada", "Lovelace", "ada@uni.org", "101"),
        "cem": (None, None, None, None),
    }


def test_what_is_known_is_kept_and_what_is_new_is_said(course, roster, capsys):
    roster(PLAIN)
    capsys.readouterr()
    assert roster(MOODLE_GERMAN.replace("Ada;Lovelace", "Ada;King")) == 1
    said = capsys.readouterr().out
    assert known(course)["ada"] == ("Ada", "King", "ada@uni.org", "101")
    assert "ada: last name Lovelace → King" in said
    assert "new: jweiss (Jörg Weiß), jw@uni.org" in said
    assert "In the gradebook, not in the file, and kept: 1: cem" in said


def test_a_dry_run_says_the_same_and_does_nothing(course, roster, capsys):
    assert roster(CANVAS, "--dry-run") == 0
    said = capsys.readouterr().out
    assert known(course) == {}
    assert roster(CANVAS) == 0
    assert said.replace("Nothing was changed: this was a dry run.\n", "") == capsys.readouterr().out


def test_people_are_known_again_by_number_and_address(course, roster):
    roster(PLAIN)
    roster('Student,ID,SIS Login ID,Section\n"Lovelace, Ada A.",101,alovelace,1\n')
    assert known(course)["ada"][0] == "Ada A."
    assert "alovelace" not in known(course)
    roster("Last name,First name,Email address\nLovelace,Augusta,ADA@uni.org\n")
    assert known(course)["ada"][0] == "Augusta"
    assert len(known(course)) == 2


def test_two_of_one_name_stay_two(course, roster, capsys):
    two = (
        "First name,Last name,Email address\nAnna,Schmidt,as@uni.org\nAnna,Schmidt,as@example.org\n"
    )
    assert roster(two) == 0
    assert set(known(course)) == {"as@uni.org", "as@example.org"}
    assert roster(two) == 0
    assert len(known(course)) == 2
    capsys.readouterr()
    assert roster("First name,Last name,ID number\nAnna,Schmidt,7\n") == 1
    said = capsys.readouterr().out
    assert "line 2: Anna Schmidt (7) may be as@example.org (Anna Schmidt) or as@uni.org" in said


def test_another_ones_number_takes_nobody_over(course, roster):
    roster(PLAIN)
    roster("id,first_name,last_name,lms_user_id\nbob,Bob,Builder,101\nada,Ada,Lovelace,101\n")
    assert known(course)["ada"][:2] == ("Ada", "Lovelace")
    assert known(course)["bob"][:2] == ("Bob", "Builder")


@pytest.mark.parametrize("bad", ["../../evil", "a/b", "..", ".", ".hidden", "-x", "x" * 200])
def test_an_id_that_leads_elsewhere_is_not_entered(course, roster, capsys, bad):
    assert roster(f"id,last_name\n{bad},Mallory\nada,Lovelace\n") == 1
    assert set(known(course)) == {"ada"}
    assert "line 2" in capsys.readouterr().out


def test_formulas_newlines_and_escapes_are_text(course, roster, capsys):
    odd = 'id,first_name,last_name\nada,"\'=HYPERLINK(1)","Love\n\x1b[31mlace"\neve,=1+1,"a\x00b"\n'
    assert roster(odd) == 0
    assert known(course)["ada"][:2] == ("=HYPERLINK(1)", "Love [31mlace")
    assert known(course)["eve"][:2] == ("=1+1", "a b")
    assert all(line.isprintable() for line in capsys.readouterr().out.splitlines())


def test_the_same_person_twice_in_a_file_is_said(course, roster, capsys):
    assert roster("id,last_name\nada,Lovelace\nADA,King\n") == 1
    assert "line 3" in capsys.readouterr().out
    assert len(known(course)) <= 2


def test_who_came_with_a_submission_is_on_the_list_once_it_says_so(course, roster, capsys):
    roster(PLAIN)
    with course.gradebook() as gradebook:
        meet(gradebook, "mallory")
        assert strangers(gradebook) == {"mallory"}
    assert roster("id\nmallory\n") == 0
    assert "mallory: on the class list now" in capsys.readouterr().out
    with course.gradebook() as gradebook:
        assert strangers(gradebook) == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour,shape\nred,round\n", "No column of"),
        ("", "No column of"),
        (b"PK\x03\x04\x00\x00", "Save it as CSV"),
    ],
)
def test_what_is_no_class_list_gets_a_sentence(course, roster, capsys, text, said):
    assert roster(text) == 2
    assert said in capsys.readouterr().out


def test_no_such_file(course, tmp_path, capsys):
    absent = tmp_path / "absent.csv"
    assert main(["roster", str(absent), "--course-dir", str(course.root)]) == 2
    assert "absent.csv cannot be read" in capsys.readouterr().out
