"""What a student wrote cannot act in the browser or the terminal of whoever reads it.

Three people read it: the student on the feedback page, the instructor in nbgrader's formgrader,
which cleans nothing, and the instructor in the terminal that the grader was started from.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.commands import table
from autograder.grading.run import Run
from tests.attacks.desk import CHEATER, FULL, LAB, WORKED, Desk, markdown, rescue

WORD = "pwned"
SCRIPTS = [
    "<script>pwned()</script>",
    "<SCRIPT SRC=//pwned.example></SCRIPT>",
    '"><script>pwned()</script>',
    "'><img src=x onerror=pwned()>",
    "<img src=x onerror=pwned()>",
    "<img src=x onerror\n=pwned()>",
    '<img src="x"onerror="pwned()">',
    "<img/src=x/onerror=pwned()>",
    "<svg onload=pwned()><script>pwned()</script></svg>",
    "<svg><style><img src=x onerror=pwned()></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned()>",
    "<iframe srcdoc='<script>pwned()</script>'></iframe>",
    "<object data='javascript:pwned()'></object>",
    "<embed src='javascript:pwned()'>",
    "<form action='javascript:pwned()'><button>x</button></form>",
    "<button formaction='javascript:pwned()'>x</button>",
    "<input autofocus onfocus=pwned()>",
    "<details open ontoggle=pwned()>x</details>",
    "<video><source onerror=pwned()></video>",
    "<base href='javascript:pwned()//'>",
    "<meta http-equiv=refresh content='0;javascript:pwned()'>",
    "<link rel=stylesheet href='javascript:pwned()'>",
    "<a href='javascript:pwned()'>x</a>",
    "<a href=' JaVaScRiPt:pwned()'>x</a>",
    "<a href='java&#9;script:pwned()'>x</a>",
    "<a href='java\nscript:pwned()'>x</a>",
    "<a href='java&Tab;script&colon;pwned()'>x</a>",
    "<a href='&#1;javascript:pwned()'>x</a>",
    "<a href='vbscript:pwned()'>x</a>",
    "<a href='data:text/html,<script>pwned()</script>'>x</a>",
    "<a href='data:application/xhtml+xml,pwned'>x</a>",
    "[x](javascript:pwned\\(\\))",
    "[x](<javascript:pwned()>)",
    "[x](java&#9;script:pwned\\(\\))",
    "[x]: javascript:pwned()\n\n[x]",
    "<javascript:pwned()>",
    '![x](x "onerror=pwned()")',
    '![x](x" onerror="pwned())',
    "$<img src=x onerror=pwned()>$",
    "$$<script>pwned()</script>$$",
    "\\begin{a}<script>pwned()</script>\\end{a}",
    "`<img src=x onerror=pwned()>`",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "<noscript><p title='</noscript><script>pwned()</script>'>",
    "<!--><script>pwned()</script>-->",
    "</pre></div></section><script>pwned()</script>",
    "</title></style></textarea><script>pwned()</script>",
    "{{ pwned }}{% raw %}<script>pwned()</script>",
]
MIMES = [
    *("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg"),
    *(
        "image/gif",
        "image/svg+xml",
        "application/javascript",
        "application/json",
        "application/pdf",
    ),
    *("application/vnd.jupyter.widget-view+json", "application/x-nbgrader", "text/x-python"),
]
OUTPUTS = """
from IPython.display import display
scripts, mimes = {scripts}, {mimes}
for mime in mimes:
    for script in scripts:
        data = {{mime: script}} if mime == "text/plain" else {{mime: script, "text/plain": script}}
        details = {{"alt": script, "width": script, "height": script, "unconfined": script}}
        display(data, raw=True, metadata={{mime: details, "isolated": True, "filename": script}})
"""


class Dangers(HTMLParser):
    """Notes what a browser would run of what a student wrote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            squeezed = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if WORD not in squeezed:
                continue
            if name.startswith("on") or name in ("srcdoc", "style", "http-equiv", "content"):
                self.found.append(f"<{tag} {name}={value}>")
            if re.match(r"javascript:|vbscript:|data:(?!image/)", squeezed):
                self.found.append(f"<{tag} {name}={value}>")
            if tag in ("script", "iframe", "object", "embed", "base", "link", "form"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem in ("script", "style") and WORD in data:
            self.found.append(f"<{self.cdata_elem}>{data[:60]}")


def dangers(page: str) -> list[str]:
    reader = Dangers()
    reader.feed(page)
    reader.close()
    return reader.found


def formgrader(notebook: nbformat.NotebookNode) -> str:
    """Return the page on which an instructor marks a submission by hand."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    names = ("assignment_id", "notebook_id", "submission_id", "base_url", "student", "last_name")
    resources = dict.fromkeys([*names, "first_name", "notebook_path"], "x")
    resources |= {"index": 0, "total": 1}
    return HTMLExporter(config=config).from_notebook_node(notebook, resources=resources)[0]


def test_the_dangers_would_be_seen() -> None:
    """Those that are HTML as they stand."""
    seen = [script for script in SCRIPTS if dangers(script)]
    assert len(seen) > 30


def test_cells_of_markdown(desk: Desk) -> None:
    result = desk.cheat(*map(markdown, SCRIPTS))
    cells = [cell for cell in result.own_cells if cell.cell_type == "markdown"]
    assert len(cells) == len(SCRIPTS)
    page = formgrader(nbformat.v4.new_notebook(cells=cells))
    assert WORD in page
    assert dangers(page) == []


def test_outputs(desk: Desk) -> None:
    """Of every kind, and with every script."""
    cells = []
    for number in range(0, len(MIMES), 2):
        cells.append(OUTPUTS.format(scripts=SCRIPTS, mimes=MIMES[number : number + 2]))
    texts = f"raise ValueError('\\n'.join({SCRIPTS}))", f"print('\\n'.join({SCRIPTS}))"
    desk.hand_in(*cells, *texts, *map(markdown, SCRIPTS))
    desk.grade(CHEATER)
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    page = desk.course.feedback(CHEATER, LAB).read_text()
    assert WORD in page
    assert dangers(page) == []
    notebook = nbformat.read(desk.course.autograded(CHEATER, LAB), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if "nbgrader" not in cell.metadata]
    assert sum(len(cell.get("outputs", ())) for cell in notebook.cells) > 300
    assert dangers(formgrader(notebook)) == []


def test_messages_of_tests(desk: Desk) -> None:
    """A student's own errors are quoted beside the marks."""
    source = f"""
        scripts = {SCRIPTS}
        def one_hot(Y, n): raise ValueError("".join(scripts[:6]))
        class Sigmoid:
            def __call__(self, z): raise type(scripts[0], (Exception,), {{}})
            def prime(self, z): return {{scripts[1]: scripts[2]}}
        def compute_cost(A2, Y): return type(scripts[3], (), {{}})()
        """
    result = desk.cheat(source)
    desk.grade(CHEATER)
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    assert WORD in str(result.tests)
    assert dangers(desk.course.feedback(CHEATER, LAB).read_text()) == []
    assert dangers(formgrader(result.notebook)) == []


def test_a_notebooks_name(desk: Desk) -> None:
    path = desk.hand_in(answers=WORKED)
    path.rename(path.with_name('<script>pwned()<&#47;script>" onload="pwned().ipynb'))
    assert desk.grade(CHEATER)[CHEATER].points == FULL
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    assert dangers(desk.course.feedback(CHEATER, LAB).read_text()) == []


TERMINAL = {
    "colours": "\x1b[2J\x1b[1;1H\x1b[32mall tests pass\x1b[8m",
    "a row that is somebody else's": f"x\n{CHEATER}  30 / 30  all tests pass",
    "a carriage return": f"\r{CHEATER}  30 / 30  all tests pass",
    "backspaces": "\b" * 40 + "30 / 30",
    "the window's title": "\x1b]0;pwned\x07",
    "the clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "one byte": "\x9b2J\x9d0;pwned\x9c",
    "the other direction": "\u202e03 / 03",
}


def test_the_table_of_marks(desk: Desk) -> None:
    for number, text in enumerate(TERMINAL.values()):
        source = f"def one_hot(Y, n): raise ValueError({text!r})"
        desk.hand_in(answers=WORKED | {"one_hot": source}, student=f"{CHEATER}{number}")
    graded = desk.grade(*(f"{CHEATER}{number}" for number in range(len(TERMINAL))))
    lines = table.render(graded.values(), {}).split("\n")
    assert len(lines) == 1 + len(TERMINAL)
    assert [line for line in lines if not line.isprintable()] == []


def test_a_page_with_a_picture(desk: Desk) -> None:
    source = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()"
    desk.hand_in(source, answers=WORKED)
    desk.grade(CHEATER)
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    assert "data:image/png;base64," in desk.course.feedback(CHEATER, LAB).read_text()


def test_feedback_is_written_whatever_a_cell_says_of_hidden_tests(desk: Desk) -> None:
    """nbgrader stops at a region that is not closed."""
    region = "### BEGIN HIDDEN TESTS"
    desk.hand_in(region, f"{region}\n{region}\n### END HIDDEN TESTS", answers=WORKED)
    assert desk.grade(CHEATER)[CHEATER].points == FULL
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    assert desk.course.feedback(CHEATER, LAB).exists()


LONG = {
    "formulas": ("text/latex", "\\text{" * 10_000),
    "brackets in a formula": ("text/latex", "\\left(" * 100_000),
    "colours": ("text/plain", "\x1b[31m" * 100_000),
    "half colours": ("text/plain", "\x1b[38;2;" * 100_000),
    "Markdown": ("text/markdown", "\\begin{a}" * 30_000),
    "a formula in Markdown": ("text/markdown", "$" + "\\text{" * 10_000 + "$"),
    "tags": ("text/html", "<div/>" * 12_000),
}


@pytest.mark.parametrize("name", LONG)
def test_a_feedback_page_is_written_in_the_end(desk: Desk, name: str) -> None:
    """What takes for ever to clean or to set is cut short, or shown as it is."""

    mime, text = LONG[name]
    source = f"from IPython.display import display\ndisplay({{{mime!r}: {text!r}}}, raw=True)"
    desk.hand_in(source, answers=WORKED)
    assert desk.grade(CHEATER)[CHEATER].points == FULL
    with rescue(20):
        assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
