"""Work goes to and fro: through nbgrader's exchange, as a class of two and their teacher use it."""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.__main__ import main
from autograder.commands.options import DONE
from autograder.course import Course
from autograder.files import HOME
from autograder.grading.run import Run
from autograder.results.graded import Graded
from autograder.submission.answers import fill_in
from autograder.submission.times import Times, written
from tests.support.classroom import LAB, WORKED, new_course
from tests.support.nbgrader_commands import nbgrader

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.classroom,
    pytest.mark.filterwarnings("ignore:unclosed file <.*timestamp.txt:ResourceWarning"),  # nbgrader
]


class Room:
    """A course, an exchange, and a folder for each student."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.course = new_course(root / "course")
        self.exchange = root / "exchange"
        self.exchange.mkdir(mode=0o777)
        self.exchange.chmod(0o777)

    def teacher(self, *command: object) -> None:
        options = [f"--CourseDirectory.root={self.course.root}", f"--Exchange.root={self.exchange}"]
        assert nbgrader(*command, *options, folder=HOME) == 0

    def student(self, name: str, *command: object) -> None:
        home = self.root / name
        home.mkdir(exist_ok=True)
        options = [
            f"--student={name}",
            "--course=digits-from-scratch",
            f"--Exchange.root={self.exchange}",
            f"--Exchange.cache={home / 'cache'}",
        ]
        assert nbgrader(*command, *options, folder=home) == 0

    def answer(self, name: str, answers: dict[str, str]) -> None:
        """Fetch the lab if need be, answer it and hand it in."""
        mine = self.root / name / LAB / f"{LAB}.ipynb"
        if not mine.exists():
            self.student(name, "fetch_assignment", LAB)
        fill_in(self.course.released(LAB), answers, mine)
        self.student(name, "submit", LAB)

    def pages(self, name: str) -> list[str]:
        """Fetch the feedback; return the pages that are there, the oldest submission first."""
        self.student(name, "fetch_feedback", LAB)
        found = sorted((self.root / name / LAB / "feedback").glob(f"*/{LAB}.html"))
        return [page.read_text(encoding="utf-8") for page in found]

    def grade(self, *options: str) -> int:
        return main([LAB, "--course-dir", str(self.course.root), *options])


@pytest.fixture
def room(tmp_path: Path) -> Room:
    room = Room(tmp_path)
    room.teacher("release_assignment", LAB)
    return room


def points(page: str) -> str:
    return re.search(r"([\d.]+) of\s+30 points", page)[1]


def test_there_and_back_and_once_more(room: Room) -> None:
    room.answer("ada", {})
    room.answer("bob", WORKED)
    room.teacher("collect", LAB)
    assert room.grade() == DONE
    room.teacher("release_feedback", LAB)
    assert [points(page) for page in room.pages("ada")] == ["0"]
    assert [points(page) for page in room.pages("bob")] == ["30"]

    room.answer("ada", WORKED)
    room.teacher("collect", LAB, "--update")
    assert room.grade() == DONE
    room.teacher("release_feedback", LAB)
    assert [points(page) for page in room.pages("ada")] == ["0", "30"]


def test_the_same_notebook_once_more_has_its_page_too(room: Room) -> None:
    room.answer("ada", WORKED)
    room.teacher("collect", LAB)
    assert room.grade() == DONE
    room.student("ada", "submit", LAB)
    room.teacher("collect", LAB, "--update")
    assert room.grade() == DONE
    room.teacher("release_feedback", LAB)
    # The second time has its page; of the first one nothing was released.
    assert [points(page) for page in room.pages("ada")] == ["30"]


@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning")  # nbgrader
def test_as_the_formgrader_does_it(room: Room) -> None:
    room.answer("ada", WORKED)
    config = room.course.config.copy()
    config.Exchange.root = str(room.exchange)
    config.Judge.source_folder = str(room.course.root / "solutions")
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    steps = [
        lambda: api.collect(LAB),
        lambda: api.autograde(LAB, "ada"),
        lambda: api.generate_feedback(LAB, "ada"),
        lambda: api.release_feedback(LAB, "ada"),
    ]
    for step in steps:
        done = step()
        assert done["success"], done
    assert [points(page) for page in room.pages("ada")] == ["30"]
    assert api.get_autograded_students(LAB) == {"ada"}
    graded = Graded.read(room.course.results("ada", LAB))
    assert (graded.points, graded.maximum, graded.status) == (30, 30, "graded")
    assert "results.json" not in os.listdir(room.course.feedback("ada", LAB).parent)


def test_who_handed_in_by_mail_does_not_keep_the_others_from_their_pages(room: Room, capfd) -> None:
    room.answer("ada", WORKED)
    room.teacher("collect", LAB)
    fill_in(room.course.released(LAB), {}, room.course.submission("zoe", LAB))
    assert room.grade() == DONE
    room.teacher("release_feedback", LAB)
    assert "give them their pages yourself: zoe" in capfd.readouterr().err
    assert [points(page) for page in room.pages("ada")] == ["30"]


def hand_in_instead(room: Room, name: str, *files: str) -> None:
    """Hand in files of other names; the first one has all answers."""
    folder = room.root / name / LAB
    for file in files:
        fill_in(room.course.released(LAB), WORKED if file == files[0] else {}, folder / file)
    room.student(name, "submit", LAB)


def test_a_notebook_of_another_name_has_its_page(room: Room, capfd) -> None:
    hand_in_instead(room, "ada", "homework.ipynb")
    hand_in_instead(room, "ben", f"{LAB} (1).ipynb")
    hand_in_instead(room, "cem", "one.ipynb", "other.ipynb")
    hand_in_instead(room, "dee", "answers.pdf")
    room.teacher("collect", LAB)
    room.grade()
    room.teacher("release_feedback", LAB)
    assert "give them their pages yourself: cem, dee" in capfd.readouterr().err
    for name, own, marks in (
        ("ada", ["homework"], "30"),
        ("ben", [f"{LAB} (1)"], "30"),
        ("cem", [], ""),
        ("dee", [], ""),
    ):
        room.student(name, "fetch_feedback", LAB)
        found = sorted((room.root / name / LAB / "feedback").glob("*/*.html"))
        assert [page.stem for page in found] == own
        assert {points(page.read_text(encoding="utf-8")) for page in found} <= {marks}


@pytest.mark.parametrize("secret", ["novel", "link"])
def test_a_secret_that_is_none_is_left_where_it_is(room: Room, secret: str) -> None:
    room.answer("ada", WORKED)
    room.teacher("collect", LAB)
    place = room.course.submission("ada", LAB).with_name("submission_secret.txt")
    place.unlink()
    if secret == "link":
        place.symlink_to(room.course.root / "gradebook.db")
    else:
        place.write_text("<script>" * 9999)
    assert room.grade() == DONE
    assert not room.course.autograded("ada", LAB).with_name(place.name).exists()


def test_what_the_exchange_collected_keeps_its_time_without_the_files(room: Room) -> None:
    room.answer("ada", WORKED)
    room.teacher("collect", LAB)
    folder = room.course.submission("ada", LAB).parent
    before = Times().handed_in(folder, folder / f"{LAB}.ipynb")
    tomorrow = (datetime.now() + timedelta(days=1)).timestamp()
    os.utime(folder / f"{LAB}.ipynb", (tomorrow, tomorrow))  # as after git clone, scp
    assert Times().handed_in(folder, folder / f"{LAB}.ipynb") == before
    assert (before.when > written(folder / f"{LAB}.ipynb") - timedelta(days=2), before.doubt) == (
        True,
        "",
    )


def test_a_date_before_that_of_the_file_does_not_come_through_the_exchange(room: Room) -> None:
    """The folder in the exchange is the student's: whatever it claims, and is called."""
    room.answer("ada", WORKED)
    (inbound,) = (room.exchange / "digits-from-scratch" / "inbound").iterdir()
    name = re.sub(r"\+20\d\d-\d\d-\d\d", "+2026-01-01", inbound.name)
    (inbound / "timestamp.txt").write_text("2026-01-01 00:00:00 UTC")
    inbound.rename(inbound.with_name(name))
    room.teacher("collect", LAB)
    folder = room.course.submission("ada", LAB).parent
    found = Times().handed_in(folder, folder / f"{LAB}.ipynb")
    assert found.when == written(folder / f"{LAB}.ipynb")
    assert "no collector wrote it down" in found.doubt


def zip_collect(course: Course, *names: str) -> None:
    archive = course.root / "downloaded" / LAB / "archive"
    for name in names:
        (archive / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(course.worked(LAB), archive / name)
    pattern = r".*/(?P<student_id>[^/_]+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>[a-z0-9_]+)"
    root = f"--CourseDirectory.root={course.root}"
    rule = f"--FileNameCollectorPlugin.named_regexp={pattern}"
    kinds = [f"--FileNameCollectorPlugin.valid_ext={kind}" for kind in (".ipynb", ".txt")]
    assert nbgrader("zip_collect", LAB, root, rule, *kinds, folder=HOME) == 0


@pytest.mark.parametrize(
    ("written_as", "means"),
    [
        ("2026-02-20", datetime(2026, 2, 20)),
        ("2026-02-03-15-04-05", datetime(2026, 2, 3, 15, 4, 5)),
        ("20260203", datetime(2026, 2, 3)),
    ],
)
def test_what_came_in_a_zip_has_the_time_in_its_name(tmp_path: Path, written_as, means) -> None:
    course = new_course(tmp_path)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(LAB, duedate="2026-03-01 23:59:00 UTC")
    course.config.LateSubmissionPlugin.penalty_method = "zero"
    zip_collect(course, f"ada_attempt_{written_as}_{LAB}.ipynb")
    (graded,) = Run(course, LAB, jobs=1).grade(["ada"])
    assert graded.notes == []
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission(LAB, "ada")
        assert (submission.timestamp, submission.late_submission_penalty) == (means, 0)


def test_a_students_note_in_a_zip_is_left_out(tmp_path: Path) -> None:
    course = new_course(tmp_path)
    archive = course.root / "downloaded" / LAB / "archive"
    archive.mkdir(parents=True)
    (archive / "timestamp.txt").write_text("2026-01-01")
    zip_collect(course, f"ada_attempt_2026-02-20_{LAB}.ipynb")
    folder = course.submission("ada", LAB).parent
    found = Times().handed_in(folder, folder / f"{LAB}.ipynb")
    assert found.when == datetime(2026, 2, 20)
