"""What holds of a term, whatever database the gradebook is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup

from tests.term import work
from tests.term.people import EVERYBODY, JOINS_LATER, KINDS, SIXTY, STRANGERS, Person, of_kind
from tests.term.term import (
    EXTENDED,
    SECOND,
    UNMARKED,
    Term,
    by_hand,
    comment,
    extra_credit,
)
from tests.term.work import ONE, TWO

# nbgrader's own:
UNCLOSED = pytest.mark.filterwarnings("ignore:unclosed file <.*timestamp.txt:ResourceWarning")

# What the tests give in the end, by kind: double, area.
TESTED = {
    **dict.fromkeys(KINDS, (2, 4)),
    "wrong": (0, 4),
    "half": (2, 2),
    "endless": (0, 4),
    "empty": (0, 0),
    "pdf": (0, 0),
    "other lab": (0, 0),
}
FORGIVEN = {person.id for person in EXTENDED}
DAYS = {"minutes late": 1, "days late": 3}  # begun


def points(person: Person) -> dict[str, float]:
    """Return what each cell should be worth."""
    double, area = TESTED[person.kind]
    cells = {"test_double": double, "test_area": area, "why": 0.0, "plan": 0.0}
    cells |= by_hand(person.id)
    cells["test_area"] += extra_credit(person.id)
    return cells


def score(person: Person) -> float:
    """Return what a submission should be worth in the end."""
    total = sum(points(person).values())
    days = 0 if person.id in FORGIVEN else DAYS.get(person.kind, 0)
    return total - min(total, round(0.1 * days * total, 2))


class Page:
    """A feedback page, as its reader adds it up."""

    def __init__(self, html: str) -> None:
        self.soup = BeautifulSoup(html, "html.parser")
        self.head = " ".join(self.soup.header.get_text(" ").split())
        self.score, self.maximum = map(
            float, re.search(r"one: ([\d.]+) of ([\d.]+) points", self.head).groups()
        )
        late = re.search(r"Handed in [\d.]+ \w+ late: ([\d.]+) points are taken off", self.head)
        self.penalty = float(late[1]) if late else 0.0
        self.rows = dict(self._rows())

    def _rows(self) -> Iterator[tuple[str, tuple[str, float, str]]]:
        for row in self.soup.select("table.marks tbody tr"):
            name = row.a["href"].removeprefix("#")
            got, most = re.match(r"(\S+) of ([\d.]+)", row.select("td")[0].get_text(" ")).groups()
            yield name, (got, float(most), " ".join(row.select("td")[1].get_text(" ").split()))


class ATerm:
    """Each test looks at one and the same term; the file that it runs in says on which database."""

    def page(self, term: Term, student: str) -> Page:
        return Page(term.course.feedback(student, ONE).read_text(encoding="utf-8"))

    def test_no_step_fails_or_ends_in_a_traceback(self, term: Term) -> None:
        assert not [step for step, said in term.said.items() if "Traceback" in said]
        may_have_something_to_look_at = {
            step for step in term.codes if step.startswith(("grade", "collect"))
        }
        failed = {step for step, code in term.codes.items() if code}
        assert failed <= may_have_something_to_look_at
        assert max(term.codes.values()) == 1

    def test_nobody_is_lost(self, term: Term, data: dict) -> None:
        came = {one.id for one in SIXTY if work.handed_in(one)}
        zips = {"moodle", "canvas", "blackboard"}
        without_files = {p.id for p in of_kind("empty") if p.way in zips}
        assert set(data) == came - without_files | {"x0"}
        (last, *_) = [term.said[f"collect {system} after"] for system in ("blackboard",)]
        missing = last.split("of the class list:")[1]
        absent = {one.id for one in SIXTY} - set(data)
        assert set(re.findall(r"\b(s\d\d) \(", missing)) == absent
        report = BeautifulSoup(term.course.report(ONE).read_text("utf-8"), "html.parser").get_text()
        assert not [one.id for one in SIXTY if one.id in absent and one.id not in report]

    def test_who_is_not_on_the_class_list_is_said(self, term: Term) -> None:
        for stranger in STRANGERS:
            if stranger.way == "exchange":
                (line,) = re.findall(rf"^{stranger.id} .*", term.said["grade again"], re.MULTILINE)
                assert "not on the class list" in line
            else:
                said = term.said[f"collect {stranger.way} after"].split("Not matched")[1]
                spelt = {"canvas": f"{stranger.last}{stranger.first}".lower()}
                assert spelt.get(stranger.way, stranger.name) in said
        assert "not on the class list: x0" in term.said["export canvas"]

    def test_who_joined_later_is_taken_and_listed(self, term: Term, data: dict) -> None:
        for person in JOINS_LATER:
            assert person.id in data
            (row,) = re.findall(rf"^{person.id} .*", term.said["grade again"], re.MULTILINE)
            assert "not on the class list" not in row
            if person.way != "exchange":
                assert f"{person.id} " not in term.said["grade first"]

    def test_a_dry_run_says_what_is_done_then(self, term: Term) -> None:
        for step in filter(re.compile("collect .* (before|after)$").fullmatch, term.said):
            if "exchange" not in step:
                dry = term.said[f"{step}, dry"]
                assert dry == term.said[step] + "Nothing was changed: this was a dry run.\n"

    def test_every_mark_is_what_it_should_be(self, term: Term, data: dict) -> None:
        of = {person.id: person for person in EVERYBODY}
        found = {student: one["score"] for student, one in data.items()}
        assert found == pytest.approx({student: score(of[student]) for student in data})
        for student, one in data.items():
            cells = {test["name"]: test["points"] or 0 for test in one["tests"]}
            assert cells == pytest.approx(points(of[student])), student

    def test_the_table_has_the_same_marks(self, term: Term, data: dict) -> None:
        rows = re.findall(r"^(\w+) +([\d.]+) / 11 ", term.said["grade again"], re.MULTILINE)
        assert {student: float(mark) for student, mark in rows} == {
            student: one["score"] for student, one in data.items()
        }

    def test_every_page_explains_its_mark(self, term: Term, data: dict) -> None:
        for student, one in data.items():
            page = self.page(term, student)
            given = [0.0 if got == "–" else float(got) for got, _, _ in page.rows.values()]
            assert (page.score, page.maximum) == (one["score"], work.MAXIMUM), student
            assert sum(given) - page.penalty == pytest.approx(page.score, abs=0.006), student
            assert page.penalty == one["late_penalty"]
            for got, most, why in page.rows.values():
                assert why or float(got) == most, student
            waits = {name for name, (got, _, _) in page.rows.items() if got == "–"}
            assert waits == set(one["waits_for_points"]), student
            assert bool(waits) == ("These points are not in the sum yet." in page.head)
            assert one["reason"] in page.head
            for note in one["notes"]:
                assert note in page.head

    def test_what_a_person_gave_is_on_the_page_and_outlives_a_mended_test(
        self, term: Term, data: dict
    ) -> None:
        for student in data:
            page = self.page(term, student)
            for cell, given in by_hand(student).items():
                _, most, why = page.rows[cell]
                assert f"Marked by your teacher: {given:g} of {most:g}." in why
            said = f"Comment: Well said , {student}." in page.rows["why"][2]
            assert said == bool(comment(student)), student
            extra = "Extra credit from your teacher: 0.25." in page.rows["test_area"][2]
            assert extra == bool(extra_credit(student))
        assert "why" in data[UNMARKED.id]["waits_for_points"]

    def test_a_mended_test_grades_all_again_and_a_second_run_nothing(self, term: Term) -> None:
        many = len(term.course.students(ONE))
        assert f"{many} to grade, 0 unchanged" in term.said["grade mended"]
        assert f"0 to grade, {many} unchanged" in term.said["grade again"]
        new = [one for one in JOINS_LATER if one.way != "exchange"]
        assert f"{len(new)} to grade, {many - len(new)} unchanged" in term.said["grade marked"]

    def test_late_work(self, term: Term, data: dict) -> None:
        late = {student for student, one in data.items() if one["late_penalty"]}
        assert late == {p.id for p in of_kind(*DAYS)} - FORGIVEN
        for person in EXTENDED:  # granted after the first grading, and so taken back on the page
            assert re.search(rf"^{person.id} .* late; .* taken off", term.said["grade first"], re.M)
            assert not self.page(term, person.id).penalty

    def test_what_was_put_right_or_cannot_be_graded_is_said(self, data: dict) -> None:
        for person in EVERYBODY:
            if person.id not in data:
                continue
            one = data[person.id]
            said = " ".join([one["reason"], *one["notes"]])
            expected = {
                "other name": "my_one_final.ipynb",
                "no ids": "found by",
                "stray byte": "UTF-8",
                "pdf": "answers.pdf",
                "empty": "the folder is empty",
                "companion": "",
            }.get(person.kind, "")
            assert expected in said, (person.id, said)
            assert (one["status"] == "graded") == (person.kind not in ("pdf", "empty"))

    def test_of_two_attempts_the_newer_counts(self, term: Term, data: dict) -> None:
        for person in of_kind("twice"):
            assert data[person.id]["tests"][0]["by_test"] == 2
        assert "one.ipynb: is older than one-1.ipynb" in term.said["collect canvas before"]
        assert "handed in 2 times; not taken: " in term.said["collect blackboard before"]

    def test_steps_in_another_order(self, term: Term) -> None:
        assert f"{len(SECOND)} to grade" in term.said["grade two"]
        assert f"0 to grade, {len(SECOND)} unchanged" in term.said["grade two again"]
        with term.course.gradebook() as gradebook:
            found = {one.student_id: one.score for one in gradebook.assignment_submissions(TWO)}
            deadline = gradebook.find_assignment(TWO).duedate
        assert found == {one.id: 3 if one.number else 0 for one in SECOND}
        assert deadline.year == 2035

    @pytest.mark.parametrize("kind", ["canvas", "moodle", "exercises", "nbgrader"])
    def test_exports(self, term: Term, data: dict, kind: str) -> None:
        key = {"canvas": "SIS Login ID", "moodle": "Username"}.get(kind, "student_id")
        column = {"exercises": f"one: score ({work.MAXIMUM})", "nbgrader": "score"}.get(kind, ONE)
        rows = {
            row[key]: row
            for row in term.exported(kind)
            if row[key] and row.get("assignment", ONE) == ONE
        }
        others = {"x0"} if kind in ("exercises", "nbgrader") else set()
        assert set(rows) == {one.id for one in SIXTY} | others
        found = {student: row[column] for student, row in rows.items()}
        nothing = "0.0" if kind == "nbgrader" else ""
        assert {student for student, mark in found.items() if mark == ""} <= set(rows) - set(data)
        assert {found[student] for student in set(rows) - set(data)} == {nothing}
        assert {student: float(found[student]) for student in set(rows) & set(data)} == (
            pytest.approx({s: one["score"] for s, one in data.items() if s in rows}, abs=0.006)
        )

    def test_feedback_comes_back_through_the_exchange(self, term: Term, data: dict) -> None:
        by_hand = term.said["release feedback"].split("their pages yourself:")[1].splitlines()[0]
        for person in EVERYBODY:
            if person.way == "exchange" and work.handed_in(person):
                folder = term.root.parent / person.id / ONE / "feedback"
                pages = [Page(path.read_text("utf-8")) for path in folder.rglob("*.html")]
                assert {page.score for page in pages} <= {data[person.id]["score"]}
                assert bool(pages) == (person.id not in by_hand)
                assert bool(pages) == (person.kind not in ("pdf", "empty"))
