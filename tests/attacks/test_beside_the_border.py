"""What lies beside the border between judge and worker: names, Markdown, sizes, times, set-up.

Each case failed once: it acted on a page, kept a reader busy for minutes, filled a disk, or paid
for an empty notebook.
"""

from __future__ import annotations

import re
import time

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbconvert.filters.strings import strip_files_prefix
from selectolax.lexbor import LexborHTMLParser

from autograder import secret
from autograder.grading.run import Run
from autograder.judge.circumstances import seed_for
from autograder.judge.judge import unbound
from autograder.pages import report, similarity
from autograder.safe import markdown as safe_markdown
from autograder.safe import outputs as safe_outputs
from autograder.safe import rendering
from autograder.safe.markdown import Harmless, as_text
from autograder.submission.master import Master
from grader_tests import lab1, lab2, lab3, lab4, lab5
from grader_tests.engine import verdict
from grader_tests.engine.hidden_test import HiddenTest
from grader_tests.engine.lab import Lab, find_lab
from grader_tests.engine.worked import load, script
from helpers.checking.namespace import local
from tests.attacks.desk import CHEATER, FULL, LAB, WORKED, Desk, code, markdown
from tests.attacks.test_speaking import dangers, formgrader

NAMES = [
    "<img src=x onerror=pwned()>.txt",
    "'\"><img src=x onerror=pwned()>.txt",
    "`<img src=x onerror=pwned()>`.txt",
    "&lt;img src=x onerror=pwned()&gt;.txt",
    "[x](javascript:pwned()).txt",
    "![x](pwned).txt",
    "<textarea>.txt",
    "<!--.txt",
    "$\\href{javascript:pwned()}{x}$.txt",
    "\n\n# test_sigmoid\n\n.txt",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_files_name_is_text(desk: Desk, name: str) -> None:
    folder = desk.folder()
    folder.mkdir(parents=True)
    (folder / name).write_text("x")
    graded = desk.grade(CHEATER)[CHEATER]
    assert (graded.status, graded.points) == ("unreadable", 0)
    notebook = nbformat.read(desk.course.autograded(CHEATER, LAB), as_version=4)
    page = formgrader(notebook)
    assert dangers(page) == []
    shown = LexborHTMLParser(markdown2html_mistune(notebook.cells[0].source))
    assert shown.css_first("img, a, textarea, h1") is None
    assert shown.css_first("pre").text() == f"This file could not be graded. {graded.reason}"
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    assert dangers(desk.course.feedback(CHEATER, LAB).read_text()) == []


TAKEN = frozenset({"test_sigmoid", "test_sigmoid-comment", "test_sigmoid_extra_credit"})
ACTS = {
    "a link behind a title": (
        '<a title="href=" href="java&Tab;script:pwned()" style="inset:0">x</a>'
    ),
    "behind the prefix": '<a href="/files/java&Tab;script:pwned()">x</a>',
    "behind the prefix in Markdown": "[x](files/javascript:pwned)",
    "an overlay": "<p style='position:fixed;inset:0'>10 of 10</p>",
    "an overlay by its class": "<p class='modal-backdrop in'>x</p>",
    "another class": "<div class='dropdown-backdrop'></div>",
    "a picture from elsewhere": "![x](https://pwned.example/x.png)",
    "a picture from the server": "<img src=/logout>",
    "a link to the server": "[x](/logout)",
    "a link to this machine": "[x](http://localhost:8888/logout)",
    "a number": "[x](http://2130706433/logout)",
    "a short number": "[x](http://127.1:8888/)",
    "a number in hexadecimals": "[x](http://0x7f.1/)",
    "a number in brackets": "<a href='http://[::1]:8888/'>x</a>",
    "a number behind a name": "[x](http://pwned.example@127.0.0.1/)",
    "a number in other digits": "<a href='http://\uff11\uff12\uff17\u30021/'>x</a>",
    "a number in escapes": "<a href='http://%31%32%37.1/'>x</a>",
    "a number in pieces": "<a href='http://12&Tab;7.1/'>x</a>",
    "a name of this machine": "[x](http://x.localhost./)",
    "a text box": "<textarea>",
    "plain text": "<plaintext>",
    "a comment without an end": "<!-- ",
    "a template": "<template>",
    "a tag without an end": "<p title='",
    "somebody else's end": "</div></div></div>",
    "the page's own body": "<body onload=pwned()>",
    "bold for ever": "<b>x",
    "a table for ever": "<table><tr><td>",
    "a box's name": "# test_sigmoid",
    "a box's name in HTML": "<h2 id='test_sigmoid-comment'>x</h2>",
    "a text field": "<input autofocus>",
    "a formula that links": "$\\href{javascript:pwned()}{x}$",
    "a formula that styles": "$\\style{position:fixed}{x}$",
    "a formula that covers": "$\\rule{9999px}{9999px}$",
    "a formula that moves": "$\\kern-99em x$",
    "a formula that defines": "$\\def\\x{y}\\x$",
    "a formula in entities": "&#36;\\href{javascript:pwned()}{x}&#36;",
    "rows pulled up": "$$x \\\\[-999px] y$$",
    "Markdown in the cleaned form": "<a href='ftp:x'>a</a> \\[x\\](javascript:pwned())",
    "lines in the cleaned form": "<b onclick=x>a&#10;&#10;[x](javascript:pwned&#40;&#41;)</b>",
    "a picture in the cleaned form": "<b onclick=x>a&#10;&#10;!\\[x\\](//pwned.example)</b>",
}


@pytest.mark.parametrize("name", ACTS)
def test_markdown_that_acts_is_stored_as_something_else(name: str) -> None:
    stored = Harmless(TAKEN)(ACTS[name])
    assert stored != ACTS[name]
    shown = strip_files_prefix(markdown2html_mistune(stored))
    page = LexborHTMLParser(f"<body><div>{shown}</div><footer>behind</footer>")
    assert [node.tag for node in page.body.iter()] == ["div", "footer"], "left its place"
    assert page.body.attributes == {}
    assert page.css_first("footer").parent.tag == "body"
    assert page.css_first("[id], [onclick], textarea, input, template, plaintext") is None
    for link in page.css("[href]"):
        assert re.match(r"https://|#", link.attributes["href"])
    assert page.css_first("[src]") is None
    (whole,) = page.css("body > div > div")
    assert whole.attributes["class"] == "tex2jax_ignore mathjax_ignore"
    assert Harmless(TAKEN)(stored) == stored, "what is stored is not what is shown"


HONEST = [
    '# My notes\n\nSome *text*, `code` and [a link](https://example.org "t").',
    "a | b\n--|:-:\n1 | 2",
    "- [x] done\n- [ ] not\n\n1. one\n2. two",
    "<details><summary>a</summary>\n\n*b*\n\n</details>",
    "$$\\frac{\\partial J}{\\partial W} = \\begin{bmatrix}1 & 2\\\\3 & 4\\end{bmatrix}$$ and $x_i$",
    "```python\ndef f(x):\n    return x ** 2  # square\n```",
    "<!-- a note to myself -->\n\nText costs $5, and $6 more.",
    "![a](data:image/png;base64,iVBORw0KGgo=)",
    '<div class="alert alert-info">Note</div>',
    "[3Blue1Brown](https://www.3blue1brown.com) and [4](http://4.example.org/127.0.0.1)",
    '<span style="color: red">red</span> <font color="blue">blue</font> <center>c</center>',
    "> quoted\n\n---\n\nterm\n: definition",
]


@pytest.mark.parametrize("source", HONEST)
def test_honest_markdown_stays_as_it_is(source: str) -> None:
    assert Harmless(TAKEN)(source) == source


@pytest.mark.parametrize("lab", [lab.lab for lab in (lab1, lab2, lab3, lab4, lab5)])
def test_the_courses_own_text_stays_as_it_is(lab: Lab) -> None:
    notebook = nbformat.read(script(lab.name).with_suffix(".ipynb"), as_version=nbformat.NO_CONVERT)
    harmless = Harmless(Master.of_release(notebook).taken)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert [text for text in texts if harmless(text) != text] == []


SLOW = {
    "blanks": "x" + " " * 400_000 + "x",
    "brackets of a formula": "\\\\[" * 15_000,
    "round brackets of a formula": "\\\\(" * 15_000,
    "brackets": "[" * 40_000,
    "stars": "*a **a " * 6_000,
    "comments": "<!--" * 10_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(5_000)) + ">",
    "elements to be opened again": "".join(f"<i id={n}>" for n in range(1_500)) + "x<p>" * 3_000,
    "formulas": "$" + "\\text{" * 700 + "$ " * 30,
    "dollars": "$a" * 20_000,
    "quotes": "> " * 20_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_text_is_shown_in_the_end(name: str) -> None:
    for how in (safe_markdown.stored(TAKEN), safe_markdown.RENDERED_HERE):
        started = time.monotonic()
        shown = rendering.render([(how, SLOW[name]), (how, "*short*")])
        assert time.monotonic() - started < 30  # it took minutes, or never ended
        assert isinstance(shown[how, SLOW[name]], str)
        assert "short" in shown[how, "*short*"]


def test_what_takes_too_long_is_shown_as_it_stands() -> None:
    def for_ever(text: str) -> str:
        while True:
            text += ""

    how = rendering.Rendering(for_ever, as_text)
    text = "a <b> " * 2_000
    started = time.process_time()
    assert "&lt;b&gt;" in rendering.render([(how, text)])[how, text]
    assert time.process_time() - started < 5
    shown = rendering.render([(how, text * 100)])[how, text * 100]
    assert "is left out" in LexborHTMLParser(markdown2html_mistune(shown)).text()


def test_what_grows_is_shown_as_it_stands() -> None:
    how = rendering.Rendering(lambda text: text * 1_000, as_text)
    text = "ab " * 2_000
    assert len(rendering.render([(how, text)])[how, text]) < 10 * len(text)


def test_pictures_cost_nothing_and_come_back() -> None:
    data = "iVBORw0KGgo" + "A" * 3_000_000
    for how in (safe_markdown.stored(TAKEN), safe_markdown.RENDERED_HERE):
        source = f"![x](data:image/png;base64,{data}) <b onclick=x>b</b> picture0z"
        shown = rendering.render([(how, source)])[how, source]
        page = LexborHTMLParser(markdown2html_mistune(shown))
        assert page.css_first("img").attributes["src"] == f"data:image/png;base64,{data}"
        assert "picture0z" in page.text()
    forged = f"![x](data:image/png;base64,{data}) p&#105;cture99z <b onclick=x>b</b>"
    assert "picture99z" in rendering.render([(how, forged)])[how, forged]


VOLUME = {
    "signs": "print('<' * 990_000)",
    "lines": "print('\\n' * 990_000)",
    "colours": "print('\\x1b[m' * 200_000)",
    "errors": "raise ValueError('x' * 990_000)",
    "rows": "from IPython.display import HTML; display(HTML('<b>x</b>' * 100_000))",
}


@pytest.mark.parametrize("name", VOLUME)
def test_a_notebook_has_one_budget(desk: Desk, name: str) -> None:
    desk.hand_in(*[VOLUME[name]] * 40, answers=WORKED)
    assert desk.grade(CHEATER, held_up=60)[CHEATER].points == FULL
    _assert_its_files_are_small(desk)


def _assert_its_files_are_small(desk: Desk) -> None:
    assert desk.course.autograded(CHEATER, LAB).stat().st_size < 20_000_000
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    assert desk.course.feedback(CHEATER, LAB).stat().st_size < 20_000_000


def test_what_is_cut_is_said(desk: Desk) -> None:
    result = desk.cheat(*[VOLUME["signs"]] * 5, answers=WORKED)
    assert "outputs of this notebook are too long" in result.shown


SOURCES = {
    "an answer": lambda cells: cells.append(code("x = '" + "y" * 10_000_000 + "'")),
    "many cells": lambda cells: cells.extend(
        code("x = '" + "y" * 190_000 + "'") for _ in range(90)
    ),
    "text": lambda cells: cells.append(markdown("y" * 10_000_000)),
    "lines": lambda cells: cells.append(markdown("\n" * 10_000_000)),
}


@pytest.mark.parametrize("name", SOURCES)
def test_sources_have_a_budget(desk: Desk, name: str) -> None:
    desk.hand_in(answers=WORKED, change=SOURCES[name])
    graded = desk.grade(CHEATER, held_up=60)[CHEATER]
    assert graded.points == FULL
    assert "left out" in " ".join(graded.notes)
    _assert_its_files_are_small(desk)


def test_pictures_in_a_text_leave_room_for_answers(desk: Desk) -> None:
    """As Colab puts them there, before the answers."""
    picture = markdown("![x](data:image/png;base64," + "A" * 3_900_000 + ")")
    desk.hand_in(answers=WORKED, change=lambda cells: cells.__setitem__(slice(0, 0), [picture] * 3))
    graded = desk.grade(CHEATER, held_up=60)[CHEATER]
    assert graded.points == FULL
    assert [note for note in graded.notes if "left out" in note]
    _assert_its_files_are_small(desk)


def test_many_lines_of_a_forged_traceback_have_no_colours() -> None:
    lines = ["\x1b[m" * 400] * 1_000
    forged = {"output_type": "error", "ename": "E", "evalue": "", "traceback": lines}
    (error,) = safe_outputs.rebuild([forged])
    assert "\x1b" not in "".join(error.traceback)
    assert "Colours are left out" in error.traceback[-1]


CALLS = [
    "from grader_tests import lab1\nlab1.test_sigmoid(globals())",
    "import grader_tests.lab1 as t; t.test_sigmoid(globals())",
    "import importlib; importlib.import_module('grader_tests.lab1')",
    "%run -m grader_tests.lab1",
    "__import__('grader_tests').lab1.test_sigmoid(globals())",
]


@pytest.mark.parametrize("source", CALLS)
def test_a_hidden_test_is_never_run_beside_the_code(source: str) -> None:
    assert "Nothing was graded" in unbound(None, {"test_sigmoid": source})
    assert "test_other" in unbound(lab1.lab, {"test_other": source})
    assert unbound(lab1.lab, {"test_sigmoid": source}) is None
    assert unbound(None, {"test_sigmoid": "assert sigmoid(0) == 0.5"}) is None


def test_a_lab_under_another_name_is_not_graded(desk: Desk, monkeypatch) -> None:
    """An empty notebook had 30 of 30."""
    desk.hand_in("import sys, types; sys.modules['grader_tests'] = types.ModuleType('x')")
    monkeypatch.setattr("autograder.judge.judge.find_lab", lambda name: None)
    judged = desk.judge().judged
    assert judged.notebooks == {}
    assert "Nothing was graded" in judged.failure
    assert find_lab("lab1_other_name") is None


ODD = [[10**400], [10**400, 1.0], {"dW1": [10**400]}, [[1], [1, 2]], [None], "x" * 10_000, [b"x"]]


@pytest.mark.parametrize("value", ODD, ids=lambda value: str(value)[:20])
def test_whatever_a_comparison_raises_fails_one_test(value: object) -> None:
    namespace = load(LAB) | {"one_hot": lambda Y, n: value}
    verdicts = {n: t.run(local(namespace), seed=3) for n, t in lab1.lab.tests.items()}
    assert [name for name, verdict in verdicts.items() if not verdict.passed] == ["test_one_hot"]
    assert verdicts["test_one_hot"].share == 0


def test_a_number_without_end_as_a_cost(desk: Desk) -> None:
    broken = "def compute_cost(A2, Y): return [10**400]"
    result = desk.cheat(answers=WORKED | {"compute_cost": broken})
    assert [name for name, test in result.tests.items() if test.status != "passed"] == [
        "test_compute_cost"
    ]


def test_an_exceptions_words_are_words() -> None:
    said = "ValueError: qxzvbnmk aaaaaab shapes (3,4) and (5,6) not aligned " + "ab" * 40
    cut = verdict.without_values(said)
    assert "shapes" in cut
    assert "aligned" in cut
    assert not re.search("qxz|aaaa|abababab", cut)


def test_another_submission_has_other_inputs(desk: Desk) -> None:
    seeds = set()
    for text in ("a", "b"):
        seeds.add(desk.cheat(markdown(text)).notebook.metadata["grading"]["seed"])
    assert len(seeds) == 2
    again = desk.cheat(markdown("b")).notebook.metadata["grading"]["seed"]
    assert again in seeds, "the same submission has the same inputs"


def test_the_secret_is_the_courses_own(desk: Desk, tmp_path) -> None:
    key = secret.of_course(desk.course.config)
    assert len(key) == 32
    assert secret.path(desk.course.config).parent == desk.course.root
    assert secret.path(desk.course.config).stat().st_mode & 0o077 == 0
    assert seed_for(LAB, CHEATER, "x", key) != seed_for(LAB, CHEATER, "x")


def test_a_worker_cannot_read_the_secret(desk: Desk) -> None:
    result = desk.cheat(f"print(open({str(secret.path(desk.course.config))!r}).read())")
    assert "PermissionError" in str(result.own_cells)
    assert secret.of_course(desk.course.config).hex() not in str(result.notebook)


def test_who_copies_the_worked_solution_is_named(desk: Desk) -> None:
    desk.hand_in(answers=WORKED)
    desk.grade(CHEATER)
    page = report.write(desk.course, LAB).read_text()
    assert "the worked solution, word for word" in page
    worked = {name: text for name, text in WORKED.items() if "test" not in name}
    given = dict.fromkeys(worked, "")
    assert set(similarity.word_for_word(worked, given, worked)) == set(worked)
    own = {name: text.replace("return", "return ") for name, text in worked.items()}
    assert similarity.word_for_word(own, given, worked) == []


@pytest.mark.parametrize("lab", [lab.lab for lab in (lab1, lab2, lab3, lab4, lab5)])
def test_what_stands_in_is_tested_before(lab: Lab) -> None:
    """So nothing that a stand-in answers is of use in a later test."""
    import numpy as np

    def of(test: HiddenTest) -> set[str]:
        return {part for case in test.cases(np.random.default_rng(0)) for part in case.parts}

    order = list(lab.tests)
    for place, name in enumerate(order):
        later = {test.removeprefix("test_") for test in order[place + 1 :]}
        assert not of(lab.tests[name]) & later, name


def test_more_tokens_than_there_are_letters() -> None:
    alphabet = similarity._Alphabet()
    alphabet._letters = dict.fromkeys(range(1_200_000), "x")
    assert len(alphabet.spell("a = 1234\nb = 5678", set())) == 6


def test_a_long_answer_does_not_hold_up_the_report() -> None:
    started = time.process_time()
    similarity.pairs({"a": {"x": "y = 1\n" * 2_000_000}}, {"x": ""}, {"x": ""})
    assert time.process_time() - started < 5  # minutes
