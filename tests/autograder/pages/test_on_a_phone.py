"""Report and feedback on a phone, and on paper: nothing is wider than that, nothing endless."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.pages import report
from grader_tests.lab1 import bank
from tests.attacks.browser import ARGUMENTS, CHROMIUM
from tests.support.by_hand import PLAN, SKETCH, WHY, cells, comment, give
from tests.support.classroom import LAB, WORKED, enter, new_course

pytestmark = [pytest.mark.browser, pytest.mark.classroom]

playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
if CHROMIUM is None:
    pytest.skip("There is no chromium.", allow_module_level=True)

WIDE = 390
LONG = "a_name_without_a_blank_" * 12
WHAT_IS_WIDE = f"""
| {"a heading | " * 12}
|{"---|" * 12}
| {"12345678 | " * 12}

{LONG}

$$x = {"a_{1} + " * 40} y$$

```
{"code " * 80}
```

<pre>{"text " * 80}</pre>
"""
ONE_HOT = "def one_hot(Y, n):  # {}\n    return (np.arange(n)[:, None] == Y).astype(float)\n"
# What sticks out of the screen to the right, but for what scrolls in its own place.
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter(one => {
  const {right, width} = one.getBoundingClientRect();
  if (!width || right <= innerWidth + 1) return false;
  for (let up = one.parentElement; up; up = up.parentElement)
    if (/auto|scroll|hidden/.test(getComputedStyle(up).overflowX)) return false;
  return true;
}).map(one => one.outerHTML.slice(0, 150))"""
SIZES = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A class of forty, with mistakes, long names, and answers that a person marks."""
    course = new_course(tmp_path_factory.mktemp("course"), *cells())
    mistakes = [m for m in bank.MISTAKES if m.cell != "one_hot"]
    for number in range(40):
        student = f"student{number:02d}_{'x' * number}"
        with course.gradebook() as gradebook:
            gradebook.add_student(student, first_name=f"Ada {LONG[:number]}", last_name="Doe")
        mistake = mistakes[number % len(mistakes)]
        answers = WORKED | {mistake.cell: mistake.source(LAB), WHY: WHAT_IS_WIDE}
        answers |= {SKETCH: f"print('{LONG}')", "one_hot": ONE_HOT.format(f"{number} {LONG}")}
        enter(course, student, answers)
    give(course, "student00_", WHY, manual_score=2.0)
    comment(course, "student00_", WHY, WHAT_IS_WIDE)
    comment(course, "student00_", PLAN, LONG)
    course.generate_feedback(LAB, "student00_")
    report.write(course, LAB)
    return course


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def path(course: Course, page: str) -> Path:
    return course.report(LAB) if page == "report" else course.feedback("student00_", LAB)


@pytest.fixture(params=["report", "feedback"])
def page(request, course, chromium) -> Iterator[Any]:
    page = chromium.new_page(viewport={"width": WIDE, "height": 844})
    page.goto(path(course, request.param).as_uri())
    yield page
    page.close()


def test_nothing_is_wider_than_the_screen(page):
    width, _ = page.evaluate(SIZES)
    assert width <= WIDE
    assert page.evaluate(STICKS_OUT) == []


def test_opened_up_it_is_no_wider(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate(SIZES)[0] <= WIDE
    assert page.evaluate(STICKS_OUT) == []


def test_a_class_of_forty_is_no_endless_column(course, chromium):
    heights = {}
    for width in (WIDE, 1280):
        page = chromium.new_page(viewport={"width": width, "height": 844})
        page.goto(path(course, "report").as_uri())
        heights[width] = page.evaluate(SIZES)[1]
        page.close()
    assert heights[WIDE] < 3 * heights[1280]
    assert heights[WIDE] < 20_000


def test_words_are_not_broken_letter_by_letter(page):
    """A cell of a table has room for a word: nothing with text in it is narrower than that."""
    narrow = page.evaluate(
        """() => [...document.querySelectorAll("td, th, li")].filter(one => {
          const {width, height} = one.getBoundingClientRect();
          return width && one.innerText.trim().length > 12 && width < 60 && height > 60;
        }).map(one => one.outerHTML.slice(0, 150))"""
    )
    assert narrow == []


def test_code_scrolls_in_its_place(course, chromium):
    page = chromium.new_page(viewport={"width": WIDE, "height": 844})
    page.goto(path(course, "feedback").as_uri())
    wide = page.evaluate(
        "[...document.querySelectorAll('.input pre')].filter(p => p.scrollWidth > p.clientWidth)"
        ".map(p => getComputedStyle(p).overflowX)"
    )
    assert wide
    assert set(wide) == {"auto"}
    page.close()


def test_in_the_dark_text_is_light_on_dark(course, chromium):
    for name in ("report", "feedback"):
        page = chromium.new_page(color_scheme="dark")
        page.goto(path(course, name).as_uri())
        style = "getComputedStyle(document.body)"
        paper, text = page.evaluate(f"[{style}.backgroundColor, {style}.color]")
        light = [sum(map(int, colour[4:-1].split(","))) for colour in (paper, text)]
        assert light[0] < 150 < 600 < light[1]
        page.close()


def test_on_paper_nothing_is_hidden_or_cut(page):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert page.evaluate(STICKS_OUT) == []
    assert page.evaluate(SIZES)[0] <= 720
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("details.more table")]
          .filter(one => !one.checkVisibility()).length"""
    )
    assert hidden == 0
