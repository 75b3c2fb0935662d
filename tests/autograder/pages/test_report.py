"""The class report: its numbers, what it hints at, and what must not be in it."""

from __future__ import annotations

import csv
import html
import json
import random
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder import files
from autograder.__main__ import main
from autograder.commands.options import DONE, MISUSE
from autograder.course import Course
from autograder.files import HOME
from autograder.judge.circumstances import seed_for
from autograder.pages import overview, report
from autograder.pages.similarity import pairs
from grader_tests import lab1
from grader_tests.engine.worked import load
from grader_tests.lab1 import bank as lab1_bank
from helpers.checking.namespace import local
from tests.labs.test_leaks import REGION, squeezed, telling_lines
from tests.support.classroom import LAB, WORKED, enter, enter_failure, new_course
from tests.support.hidden import in_print, numbers, own_callables, replace

pytestmark = pytest.mark.classroom

MISTAKES = {mistake.name: mistake for mistake in lab1_bank.MISTAKES}
RIGHT = {variant.name: variant for variant in lab1_bank.RIGHT}
FREQUENT = "one-hot of the classes present"
HOSTILE = '<img src=x onerror="alert(1)">'
TELLTALE = """
def compute_cost(A2, Y):
    raise ValueError(f"{A2} {Y.tolist()} " + " ".join(str(a) for a in A2.flat))
"""
UNNAMED = """
def compute_cost(A2, Y):
    return float(-np.sum(Y * np.log(A2 + 0.017)) / Y.shape[1]) + 0.25
"""


def with_mistake(name: str) -> dict[str, str]:
    return WORKED | {MISTAKES[name].cell: MISTAKES[name].source(LAB)}


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Course:
    """A class in which everything happens that the report tells of."""
    course = new_course(tmp_path_factory.mktemp("course"))
    with course.gradebook() as gradebook:
        for student in ("ada", "bob", "cem", "dee", "eve", "fay", "gil", "=hal", "ida"):
            gradebook.add_student(student)
    enter(course, "ada", WORKED, seconds=0.1)
    enter(course, "bob", with_mistake(FREQUENT))
    enter(course, "cem", with_mistake(FREQUENT), seconds=40.0)
    enter(course, "dee", with_mistake("l2 without the half"))
    enter(course, "eve", WORKED | {"compute_cost": UNNAMED})
    enter(course, "fay", WORKED | {"compute_cost": TELLTALE})
    enter(course, "gil", {})
    enter_failure(course, "=hal", f"The grader failed: ValueError: {HOSTILE}")
    course.submission("ida", LAB).parent.mkdir(parents=True)
    with course.gradebook() as gradebook:
        gradebook.add_student("jon", first_name=HOSTILE, last_name="Doe")
    report.write(course, LAB)
    return course


@pytest.fixture(scope="module")
def page(course) -> BeautifulSoup:
    return BeautifulSoup(course.report(LAB).read_text(encoding="utf-8"), "html.parser")


def table(course: Course, name: str) -> list[dict[str, str]]:
    path = course.report(LAB).with_name(f"{name}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def section(page: BeautifulSoup, heading: str) -> BeautifulSoup:
    (found,) = [h for h in page.find_all("h2") if h.text == heading]
    return found.parent


def test_the_marks_are_those_of_the_gradebook(course):
    scores = {row["student"]: row["score"] for row in table(course, "students")}
    with course.gradebook() as gradebook:
        truth = {s.student.id: s.score for s in gradebook.assignment_submissions(LAB)}
    assert {name: float(score) for name, score in scores.items() if score} == {
        ("'=hal" if name == "=hal" else name): score for name, score in truth.items()
    }
    assert {name for name, score in scores.items() if not score} == {"ida", "jon"}


def test_the_histogram_counts_every_mark_once(course, page):
    label = section(page, "Marks").svg["aria-label"]
    assert sum(int(n) for n in re.findall(r"(\d+) at", label)) == 8
    assert "1 at 30 points" in label


def test_the_share_right_is_counted_from_the_results_files(course):
    right, all_ = {}, {}
    for path in course.root.glob(f"autograded/*/{LAB}/results.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        for test in content["tests"] if content["status"] == "graded" else []:
            all_[test["name"]] = all_.get(test["name"], 0) + 1
            right[test["name"]] = right.get(test["name"], 0) + (test["status"] == "passed")
    shares = {row["test"]: float(row["share_right"]) for row in table(course, "tests")}
    assert shares == {name: round(right[name] / all_[name], 4) for name in all_}
    (one_hot,) = [row for row in table(course, "tests") if row["test"] == "test_one_hot"]
    assert (one_hot["right"], one_hot["not_written"]) == ("4", "1")


def test_the_most_frequent_mistake_comes_first_with_its_sentence(course, page):
    first, *others = table(course, "mistakes")
    assert (first["mistake"], first["students"], first["who"]) == (FREQUENT, "2", "bob cem")
    assert first["message"] == MISTAKES[FREQUENT].says
    assert [row["mistake"] for row in others] == ["l2 without the half"]
    assert FREQUENT in section(page, "The most frequent mistakes").tbody.tr.text


def test_two_mistakes_at_once_count_for_both():
    said = {"message": "Two things at once.", "mistake": "one; two", "mistakes": ("one", "two")}
    test = overview.TestResult("test_x", 0.0, 4.0, "failed", **said)
    graded = overview.Graded("ada", LAB, "graded", "", 0, 4, [], {}, "", [test])
    rows = [overview.Row("ada", "", "graded", graded=graded)]
    found = overview.Overview(LAB, 4, rows, []).mistakes()
    assert [mistake.name for mistake in found] == ["one", "two"]


# Whoever hands in here has the other answers from the worked lab.
COPIED = "the worked solution, word for word"


def test_what_needs_a_person(course, page):
    found = {row["student"]: row["look_at"] for row in table(course, "students") if row["look_at"]}
    assert found == {
        "'=hal": "the grader failed",
        "ida": "not graded yet",
        **dict.fromkeys(("ada", "bob", "cem", "dee"), COPIED),
        **dict.fromkeys(("eve", "fay"), f"{COPIED}; test_compute_cost: mistake without a name"),
    }
    shown = section(page, "For a person to look at").find_all("tbody")[0].find_all("tr")
    assert shown[0].th.text.strip() == "=hal"


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        ("stopped", "Your code was stopped here.", ["stopped"]),
        ("failed", "a case: Not written yet: replace …", []),
        ("partial", "a case: too large.", ["mistake without a name"]),
        ("error", "The test stopped with NameError.", ["mistake without a name"]),
        ("passed", "Passed: 6 checks.", []),
        ("manual", "A person marks this answer.", []),
    ],
)
def test_which_outcomes_need_a_person(status, message, expected):
    unwritten = "Not written yet" in message
    test = overview.TestResult("test_x", 1.0, 4.0, status, message, unwritten=unwritten)
    graded = overview.Graded("ada", LAB, "graded", "", 0, 4, [], {}, "", [test])
    rows = [overview.Row("ada", "", "graded", graded=graded)]
    assert [look.kind for look in overview.Overview(LAB, 4, rows, []).looks()] == expected


def test_who_has_not_handed_in(page):
    (item,) = section(page, "Not handed in").find_all("li")
    assert (item.bdi.text, item.small.text) == (f"{HOSTILE} Doe", "jon")


def test_the_slowest_are_named(page):
    assert "cem 40.0 s" in " ".join(section(page, "Seconds per submission").text.split())


def test_marks_without_details_are_pointed_out(course):
    path = course.results("ada", LAB)
    kept = path.read_text(encoding="utf-8")
    path.unlink()
    try:
        looks = overview.read(course, LAB).looks()
    finally:
        files.write(path, kept)
    assert [look.kind for look in looks if look.student == "ada"] == ["graded by another command"]


def test_the_page_acts_on_nothing_and_needs_nothing(course, page):
    assert not page.find_all(["script", "img", "link", "iframe", "object"])
    text = course.report(LAB).read_text(encoding="utf-8")
    assert "http" not in re.sub(r'<meta http-equiv="[^>]*>', "", text)
    assert "url(" not in text
    assert html.escape(HOSTILE, quote=False) in text.replace("&#34;", '"')
    links = {a["href"] for a in page.find_all("a")}
    tables = ("students", "tests", "mistakes", "by_hand", "alike")
    assert links == {f"{name}.csv" for name in tables}


def test_every_plot_has_words_and_every_table_headings(page):
    for plot in page.find_all("svg"):
        assert plot.get("aria-hidden") == "true" or len(plot["aria-label"]) > 20
    for found in page.find_all("table"):
        assert found.caption.text
        assert all(th.get("scope") for th in found.find_all("th"))
    assert page.html["lang"] == "en"


def test_no_text_is_a_formula_to_a_spreadsheet(course):
    for path in course.report(LAB).parent.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]


def hidden_inputs(student: str) -> set[str]:
    """Return what a student's hidden inputs look like when printed."""
    seen: list[float] = []
    worked = load(LAB)

    def watched(function):
        def call(*arguments, **named):
            seen.extend(numbers([*arguments, *named.values()]))
            return function(*arguments, **named)

        return call

    for owner, name in own_callables(lab1.lab, worked):
        replace(owner, name, watched)
    for test in lab1.lab.tests.values():
        assert test.run(local(worked), seed_for(LAB, student)).passed
    return in_print(seen)


def test_no_hidden_value_and_no_line_of_a_solution_is_in_the_report(course):
    files = [path.read_text(encoding="utf-8") for path in course.report(LAB).parent.iterdir()]
    text = html.unescape("\n".join(files))
    for student in ("eve", "fay"):
        inputs = hidden_inputs(student)
        assert len(inputs) > 300
        assert not [number for number in inputs if number in text]
    source = (HOME / "solutions" / LAB / f"{LAB}.py").read_text(encoding="utf-8")
    tests = (HOME / "grader_tests" / "lab1" / "tests.py").read_text(encoding="utf-8")
    lines = {*telling_lines("\n".join(REGION.findall(source))), *telling_lines(tests)}
    assert len(lines) > 60
    assert not [line for line in lines if line in squeezed(text)]


def test_the_command(course, capsys):
    course.report(LAB).unlink()
    assert main(["report", LAB, "--course-dir", str(course.root)]) == DONE
    assert str(course.report(LAB)) in capsys.readouterr().out
    assert course.report(LAB).exists()
    assert main(["report", "lab9", "--course-dir", str(course.root)]) == MISUSE
    assert "knows no lab 'lab9'" in capsys.readouterr().out


GIVEN = {
    cell.metadata.nbgrader["grade_id"]: cell.source
    for cell in nbformat.read(HOME / "notebooks" / LAB / f"{LAB}.ipynb", as_version=4).cells
    if cell.metadata.get("nbgrader", {}).get("solution")
}
LOOPS = {
    variant.cell: variant.source(LAB)
    for variant in (RIGHT["one-hot with a loop"], RIGHT["cost with loops"])
}


def copied(answers: dict[str, str]) -> dict[str, str]:
    """Return answers with other names, other blanks and another comment."""
    return {
        cell: "# my own work\n" + re.sub(r"\b(total|out)\b", "mine", source).replace(" = ", "  =  ")
        for cell, source in answers.items()
    }


def alike(answers: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    return [(pair.one, pair.other) for pair in pairs(answers, GIVEN, WORKED)]


def test_a_copy_with_other_names_is_found_and_the_rest_is_not():
    answers = {"ada": LOOPS, "bob": copied(LOOPS), "cem": WORKED, "dee": WORKED, "eve": GIVEN}
    answers |= {"fay": GIVEN, "gil": with_mistake("cost with the wrong sign"), "hal": {}}
    assert alike(answers) == [("ada", "bob")]


def test_little_code_in_common_says_nothing():
    short = {"one_hot": "def one_hot(Y, n_classes):\n    return np.eye(n_classes)[Y[0]].T\n"}
    assert alike({"ada": short, "bob": short}) == []


def test_what_many_wrote_alike_says_nothing():
    assert alike({f"s{number}": LOOPS for number in range(4)})
    assert alike({f"s{number}": LOOPS for number in range(5)}) == []


@pytest.mark.parametrize(
    "broken", ["def f(:\n  '''", "\0", "x = (", "if 1:\n  a\n b", "%%bash\nls"]
)
def test_what_is_no_python_stops_nothing(broken):
    assert alike({"ada": {"one_hot": broken}, "bob": {"one_hot": broken}}) == []


def test_in_a_large_class_the_copy_alone_is_found():
    rng = random.Random(1)

    def own(cell: str) -> str:
        lines = [
            f"    x{k} = {rng.choice('abc')}.{rng.choice('pqrs')}({rng.random()})"
            for k in range(12)
        ]
        return f"def {cell}(a, b, c):\n" + "\n".join(lines)

    answers = {f"s{number}": {cell: own(cell) for cell in GIVEN} for number in range(300)}
    answers["copy"] = copied(answers["s7"])
    assert [set(pair) for pair in alike(answers)] == [{"copy", "s7"}]


def test_results_from_before_their_mistakes_had_a_field_of_their_own():
    old = {"name": "test_x", "points": 0.0, "maximum": 4.0, "status": "failed", "message": "…"}
    content = {
        **{"student": "ada", "lab": LAB, "status": "graded", "reason": "", "points": 0.0},
        **{"maximum": 4.0, "notes": [], "grading": {}, "fingerprint": ""},
        "tests": [old | {"mistake": "l1 as a matrix norm", "seen": "", "section": ""}],
    }
    (test,) = overview.Graded.of(content).tests
    assert test.mistakes == ("l1 as a matrix norm",)
    assert not test.unwritten


@pytest.mark.parametrize("value", ["-", "-0.5", "+3", "Lee-Smith"])
def test_a_number_is_no_formula(value):
    assert files.as_csv([[value]]) == f"{value}\r\n"


@pytest.mark.parametrize("value", ["=1+1", "-2+3", "@x", "+cmd", "-1.5e3", "\tx"])
def test_a_formula_is_text(value):
    assert files.as_csv([[value]]).lstrip('"').startswith("'")
