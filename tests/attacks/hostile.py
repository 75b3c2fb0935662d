"""Classes of hostile submissions, and what their pages must not do in a browser."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from autograder.files import HOME
from autograder.grading.run import Run
from autograder.pages import report
from tests.attacks.browser import Seen, browser, formgrader
from tests.attacks.conftest import open_desk
from tests.attacks.desk import LAB, NEIGHBOUR, WORKED, Desk, markdown
from tests.attacks.test_beside_the_border import SLOW, VOLUME

# Each of these calls alert(NUMBER), at once or when it is clicked or pointed at, or loads or leads
# to an address with /NUMBER/ in it.
ALERTS = {
    "an event": "<img src=x onerror=alert(NUMBER)>",
    "a body": "<body onload=alert(NUMBER)>",
    "a script": "<script>alert(NUMBER)</script>",
    "a drawing": "<svg onload=alert(NUMBER)><animate onbegin=alert(NUMBER) attributeName=x /></svg>",
    "details": "<details open ontoggle=alert(NUMBER)>x</details>",
    "a form in a form": "<button formaction=javascript:alert(NUMBER)>x</button>",
    "a focused box": "<input autofocus onfocus=alert(NUMBER)>",
    "a page in the page": "<iframe srcdoc='<script>parent.alert(NUMBER)</script>'></iframe>",
    "a link": "[x](javascript:alert(NUMBER))",
    "a tabulator": '<a href="java&Tab;script:alert(NUMBER)">x</a>',
    "a title that looks like an address": (
        '<a title="href=" href="java&Tab;script:alert(NUMBER)">x</a>'
    ),
    "a name that looks like an address": (
        '<a data-x="src=/" data-href="/" href="java&NewLine;script:alert(NUMBER)">x</a>'
    ),
    "an address in single quotes": "<a title='href=' href='java&#9;script:alert(NUMBER)'>x</a>",
    "an address without quotes": "<a title=href= href=java&Tab;script&colon;alert(NUMBER)>x</a>",
    "two addresses": '<a href="/" title="href=\'" href="#"><a href=java&#x0a;script:alert(NUMBER)>x',
    "a prefix that is taken away": '<a href="/files/java&Tab;script:alert(NUMBER)">x</a>',
    "a prefix without a slash": '<a href="files/javascript:alert(NUMBER)">x</a>',
    "a prefix in Markdown": "[x](/files/javascript:alert(NUMBER))",
    "a prefix, and a tabulator": "[x](files/java&Tab;script:alert(NUMBER))",
    "a prefix, twice": '<a href="files/files/javascript:alert(NUMBER)">x</a>',
    "a prefix in a text": '![x](y \'href="files/\') <a href="/files/javascript:alert(NUMBER)">x</a>',
    "a control character": '<a title="src=" href="&#1;javascript:alert(NUMBER)">x</a>',
    "a reference": "[x]\n\n[x]: java&Tab;script:alert(NUMBER)",
    "angle brackets": "[x](<java&#9;script:alert(NUMBER)>)",
    "a map": (
        '<map name=m><area shape=default href="java&Tab;script:alert(NUMBER)" title="href=">'
        "<img usemap=#m width=90 height=20></map>"
    ),
    "a drawing's link": (
        '<svg><a xlink:href="java&Tab;script:alert(NUMBER)"><text y=20>x</text></a></svg>'
    ),
    "a formula's link": '<math><mi href="java&Tab;script:alert(NUMBER)" title="href=">x</mi></math>',
    "a base": '<base href="java&Tab;script:alert(NUMBER)//" title="href="><a href="#">x</a>',
    # The formgrader's own programs act upon attributes.
    "a target that is HTML": (
        '<p data-toggle="collapse" data-target="&lt;img src=x onerror=alert(NUMBER)&gt;">x</p>'
    ),
    "a target that is HTML, at once": (
        '<p data-spy="affix" data-target="&lt;img src=x onerror=alert(NUMBER)&gt;">x</p>'
    ),
    "a tooltip that is HTML": (
        '<ul><li class="next"><a data-html="true" title="&lt;img src=x onerror=alert(NUMBER)&gt;">x'
    ),
    "an alarm that is HTML": (
        '<p data-dismiss="alert" data-target="&lt;img src=x onerror=alert(NUMBER)&gt;">x</p>'
    ),
    # Dangerous only once it is rendered for a second time.
    "text that becomes a link": r"<a title='href=' href='ftp:x'>a</a> \[x\](javascript:alert(NUMBER))",
    "text that becomes a tag": r"<a href='ftp:x'>a</a> \<img src=x onerror=alert(NUMBER)>",
    "entities that become a tag": "<a href='ftp:x'>a</a> &lt;img src=x onerror=alert(NUMBER)&gt;",
    "entities of entities": "<a href='ftp:x'>a</a> &amp;lt;img src=x onerror=alert(NUMBER)&amp;gt;",
    "code that becomes a link": "<a href='ftp:x'>a</a> `[x](javascript:alert(NUMBER))`",
    "new lines that end HTML": (
        "<div><a href='ftp:x'>a</a>&#10;&#10;[x]&#40;javascript:alert(NUMBER))&#10;&#10;</div>"
    ),
    "new lines in a title": (
        "<div><a href='ftp:x' title='&#10;&#10;[x](javascript:alert(NUMBER))&#10;&#10;'>a</a></div>"
    ),
    "a fence in a title": (
        "<p title='&#10;&#10;~~~&#10;' lang='&lt;img src=x onerror=alert(NUMBER)&gt;'>a"
        "<a href='ftp:x'>b</a></p>"
    ),
    "a comment": "<!-- --!><img src=x onerror=alert(NUMBER)> -->",
    "a quoted comment": "<p title='<!--'><img title='--><img src=x onerror=alert(NUMBER)>'></p>",
    "a title that ends": "<noscript><p title='</noscript><img src=x onerror=alert(NUMBER)>'></noscript>",
    "an unknown foreign element": (
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(NUMBER)></style></mglyph>"
        "</table></mtext></math>"
    ),
}
FORMULAS = {
    "a link": r"$\href{javascript:alert(NUMBER)}{x}$",
    "a link, and a tabulator": "$\\href{java\tscript:alert(NUMBER)}{x}$",
    "a link in a display": r"$$\href{javascript:alert(NUMBER)}{x}$$",
    "a link in brackets": r"\\(\href{javascript:alert(NUMBER)}{x}\\)",
    "a link in an environment": r"\begin{align}\href{javascript:alert(NUMBER)}{x}\end{align}",
    "a link in entities": r"&#36;\href{javascript:alert(NUMBER)}{x}&#36;",
    "a link in escaped dollars": r"\\$\href{javascript:alert(NUMBER)}{x}\\$",
    "a link that is data": r"$\href{data:text/html,alert(NUMBER)}{x}$",
    "a link by definition": r"$\def\a{\href}\a{javascript:alert(NUMBER)}{x}$",
    "a link by let": r"$\let\a=\href \a{javascript:alert(NUMBER)}{x}$",
    "a link by name": r"$\csname href\endcsname{javascript:alert(NUMBER)}{x}$",
    "a style": r"$\style{position:fixed;inset:0;z-index:9999;background:red}{x}$",
    "a class": r"$\class{navbar navbar-fixed-top modal-backdrop}{x}$",
    "an id": r"$\cssId{test_sigmoid}{x}$",
    "a box": r"$\bbox[position:fixed;inset:0;z-index:9999]{x}$",
    "a box with a picture": r"$\bbox[background:url(//pwned.example/NUMBER/)]{x}$",
    "a rule": r"$\rule{9999px}{9999px}$",
    "a negative space": r"$\kern-99em\rule{200em}{200em}$",
    "a shift": r"$\raise 40em{\rule{90em}{90em}}$",
    "an overlap": r"$\rlap{\smash{\rule{900em}{900em}}}$",
    "a size": r"$\Huge\mmlToken{mi}[mathsize=9000px,href=javascript:alert(NUMBER)]{x}$",
    "an extension": r"$\require{html}\href{javascript:alert(NUMBER)}{x}$",
    "a label": r"$$\begin{equation}\label{test_sigmoid}x\end{equation}$$",
    "HTML in it": r"$\text{<img src=x onerror=alert(NUMBER)>}$",
    "a space of MathML": '<math><mspace width="9999px" height="9999px"></mspace></math>',
    "a negative space of MathML": (
        '<math><mpadded lspace="-99em" height="-99em" voffset="50em" width="0"><mi mathsize="99em">'
        "x</mi></mpadded></math>"
    ),
    "a style of MathML": '<math><mi style="position:fixed;inset:0;z-index:9999">x</mi></math>',
}
# Macros that do more than set a formula; the formgrader's MathJax takes those that it is given.
MACROS = re.compile(
    r"\\(href|style|class|cssId|bbox|rule|Rule|Space|raise|lower|moveleft|moveright|[hm]?kern|"
    r"[hm]?skip|hspace|mspace|[rl]lap|smash|unicode|require|mmlToken|label|def|let|newcommand|"
    r"newenvironment|csname|Tip|mathtip|texttip|toggle|mathtoggle|action|enclose)(?![A-Za-z])|<math"
)
LOADS = {
    "a picture from elsewhere": "![x](https://pwned.example/NUMBER/)",
    "a picture from elsewhere in HTML": "<img src=//pwned.example/NUMBER/>",
    "a picture with a blank": "![x](<//pwned.example/NUMBER/ >)",
    "a picture for large screens": "<img srcset='//pwned.example/NUMBER/ 2x, /x/NUMBER/ 1x'>",
    "another picture for large screens": (
        "<picture><source srcset=//pwned.example/NUMBER/><img src=data:></picture>"
    ),
    "a background": "<table background=//pwned.example/NUMBER/><tr><td>x</table>",
    "a background in a style": "<p style='background:url(//pwned.example/NUMBER/)'>x</p>",
    "a film": "<video src=//pwned.example/NUMBER/ poster=/x/NUMBER/ autoplay></video>",
    "sound": "<audio src=//pwned.example/NUMBER/ autoplay></audio>",
    "a button that is a picture": "<input type=image src=//pwned.example/NUMBER/>",
    "a style": "<style>@import '//pwned.example/NUMBER/';</style>",
    "a style sheet": "<link rel=stylesheet href=//pwned.example/NUMBER/>",
    "a drawing": "<svg><image href=//pwned.example/NUMBER/ /></svg>",
    "a drawing's part": "<svg><use href=/x/NUMBER/#y /></svg>",
    "another page": "<meta http-equiv=refresh content='0;url=/x/NUMBER/'>",
    "a page in the page": "<iframe src=/x/NUMBER/></iframe>",
    "an object": "<object data=/x/NUMBER/></object>",
    "the server's own address": "<img src=/logout?/NUMBER/>",
    "the server's own address in Markdown": "![x](/x/NUMBER/)",
    "an address beside the page": "![x](x/NUMBER/)",
    "the prefix that is taken away": "<img src=/files//pwned.example/NUMBER/>",
    "the prefix in Markdown": "![x](files///pwned.example/NUMBER/)",
    "a configuration that is a program": (
        f"![x](/formgrader?path=submitted/lists/{LAB}&x=/NUMBER/)"
    ),
    "text that becomes a picture": r"<a href='ftp:x'>a</a> !\[x\](//pwned.example/NUMBER/)",
    "a picture by a reference": "![x][y]\n\n[y]: //pwned.example/NUMBER/",
    "a page for a window": (
        '<p data-toggle="modal" data-target="#modal-NUMBER" data-remote="//pwned.example/NUMBER/">x'
        '</p><p id="modal-NUMBER"></p>'
    ),
}
# Where a click leads: to another web site, if anywhere.
LEADS = {
    "to the server": "[x](/logout?/NUMBER/)",
    "to the server in HTML": "<a href='/x/NUMBER/'>x</a>",
    "beside the page": "[x](x/NUMBER/)",
    "to a configuration that is a program": (
        f"[x](/formgrader?path=submitted/lists/{LAB}&x=/NUMBER/)"
    ),
    "to a file that was handed in": f"[x](..%2f..%2f..%2fsubmitted%2flists%2f{LAB}%2f/NUMBER/)",
    "to this machine by its name": "[x](http://localhost:8888/x/NUMBER/)",
    "to this machine by its number": "<a href='http://127.1:8888/x/NUMBER/'>x</a>",
    "to another number of this machine": "<a href='http://[::1]:8888/x/NUMBER/'>x</a>",
    "to the disk": "<a href='file:///x/NUMBER/'>x</a>",
    "to another program": "<a href='ms-word:x/NUMBER/'>x</a>",
    "to a page that is data": "<a href='data:text/html,x/NUMBER/'>x</a>",
    "by a form": "<form action=/x/NUMBER/><button>x</button></form>",
    "by a link that the page makes": '<a data-link="../x/NUMBER/">x</a>',
    "by the prefix": "[x](files//x/NUMBER/)",
}
HARMLESS = re.compile(r"https?://(?!localhost\b|127\.|\[::)|mailto:")
CONFIG = """load_subconfig("nbgrader_config.py", {home!r})
c = get_config()
c.CourseDirectory.root = {root!r}
"""
# Each of these hides a box for marks, takes it away from its program, or swallows the page.
HIDES = {
    "a text box": "<textarea>",
    "a text box in a title": "<p title='x'><textarea title='",
    "plain text": "<plaintext>",
    "a listing": "<xmp>",
    "a page title": "<title>",
    "a style": "<style>",
    "a script": "<script>/*",
    "no frames": "<noframes>",
    "no script": "<noscript>",
    "a template": "<template>",
    "a comment": "<!--",
    "a declaration": "<!x '",
    "an instruction": "<?x",
    "an open tag": "<p title='",
    "an open tag with a link": '<a title="href=',
    "a choice": "<select><option>",
    "a drawing": "<svg><desc>",
    "a formula": "<math><annotation-xml>",
    "closed details": "<details><summary>x</summary>",
    "a closed box": "</div></div></div></div></div></div></div></div>",
    "a closed page": "</body></html>",
    "a table": "<table><tr><td><table>",
    "a button": "<button>",
    "a dialog": "<dialog>",
    "a hidden part": "<div hidden>",
    "a part that does nothing": "<div inert>",
    "a disabled group": "<form><fieldset disabled>",
    "styles": "<div style='position:fixed;inset:0;z-index:9999;background:white'>x</div>",
    "styles of a link": (
        '<a title="href=" href="https://pwned.example" style="position:fixed;inset:0;z-index:9999">'
    ),
    "a margin": "<div style='margin-top:-9999px;height:20000px;position:relative;z-index:9'>x</div>",
    "a transformation": "<p style='transform:scale(999);background:red;position:relative'>x</p>",
    "a class of a list": '<p class="dropdown-backdrop" title="x">x</p><br title="x" data-x>',
    "a class of a bar": '<p class="navbar navbar-fixed-top navbar-fixed-bottom">x<br>x<br>x<br>x</p>',
    "a class of a window": '<p class="modal-backdrop in">x</p>',
    "another class of a window": '<p class="modal fade in show">x</p><a class="carousel-control">x</a>',
    "a class of the help": '<p class="help">x</p><p class="affix">x</p>',
    "a class of the formgrader": '<p class="nbgrader_cell score tabbable comment">x</p>',
    "a class that hides": '<div class="collapse hidden"><div class="hide sr-only">',
    "classes beside a link": '<a href="ftp:x" class="modal-backdrop in">x</a>',
    "a large picture": '<img width="99999" height="99999" src="data:image/png;base64,AAAA">',
    "a heading with a box's name": "# test_sigmoid\n\n## test_sigmoid_extra_credit\n\n# sigmoid-comment",
    "a heading with another name": "# test_one_hot\n\n# one_hot-comment\n\n# notebook-container",
    "a heading in HTML": '<h1 id="test_sigmoid">x</h1><a name="test_sigmoid" id="test_cost">x</a>',
    "names of the page's programs": (
        '<a id="formgrader" name="formgrader">x</a><img name="submission_id"><a id="MathJax">x</a>'
    ),
    "a spying part": '<p data-spy="affix" data-offset-top="-1">x</p>',
    "a direction": '<div dir="rtl">\u202e',
}
FILES = {
    "an event": "<img src=x onerror=alert(NUMBER)>.txt",
    "an event behind a quote": "'\"><img src=x onerror=alert(NUMBER)>.txt",
    "an event behind a backtick": "`<img src=x onerror=alert(NUMBER)>.txt",
    "an event behind three": "```<img src=x onerror=alert(NUMBER)>```.txt",
    "an event in code": "`` ` `` <img src=x onerror=alert(NUMBER)>.txt",
    "entities": "&lt;img src=x onerror=alert(NUMBER)&gt;.txt",
    "entities of entities": "&amp;lt;img src=x onerror=alert(NUMBER)&amp;gt;.txt",
    "an escape": r"\<img src=x onerror=alert(NUMBER)>.txt",
    "a body": "<body onload=alert(NUMBER)>.txt",
    "a script": "<script>alert(NUMBER)<!--.txt",
    "a drawing": "<svg onload=alert(NUMBER)>.txt",
    "a page": "<iframe srcdoc='&lt;script&gt;parent.alert(NUMBER)&lt;&#47;script&gt;'>.txt",
    "a link": "[x](javascript:alert(NUMBER)).txt",
    "a link with a tabulator": "[x](java&Tab;script:alert(NUMBER)).txt",
    "a link behind a bracket": "](x) [x](javascript:alert(NUMBER)).txt",
    "an address in angles": "<javascript:alert(NUMBER)>.txt",
    "a picture": "![x](pwned?&#47;NUMBER&#47;).txt",
    "a picture in HTML": "<img src=pwned?&#47;NUMBER&#47;>.txt",
    "a text box": "<textarea>.txt",
    "plain text": "<plaintext>.txt",
    "a comment": "<!--.txt",
    "a template": "<template>.txt",
    "an open tag": "<p title='.txt",
    "styles": "<p style=position:fixed;inset:0;z-index:9999;background:red>.txt",
    "a class": "<p class='modal-backdrop in'>.txt",
    "an id": "<a id=test_sigmoid>x.txt",
    "a heading": "\n\n# test_sigmoid\n\n.txt",
    "a formula": r"$\href{javascript:alert(NUMBER)}{x}$.txt",
    "a formula in entities": r"&#36;\href{javascript:alert(NUMBER)}{x}&#36;.txt",
    "a formula in brackets": r"\\(\style{position:fixed;inset:0}{x}\\).txt",
    "an environment": r"\begin{align}\href{javascript:alert(NUMBER)}{x}\end{align}.txt",
    "a second notebook": "<img src=x onerror=alert(NUMBER)>.ipynb",
}
CODE = {
    "an error's name": 'raise type("<img src=x onerror=alert(NUMBER)>", (Exception,), {})',
    "an error's text": 'raise ValueError("<img src=x onerror=alert(NUMBER)>")',
    "colours": r'print("\x1b[31m<img src=x onerror=alert(NUMBER)>\x1b]8;;javascript:alert(NUMBER)\x07x")',
    "a stream": 'import sys; print("<img src=x onerror=alert(NUMBER)>", file=sys.stderr)',
    "code": '"<img src=x onerror=alert(NUMBER)>" # </pre></div><img src=x onerror=alert(NUMBER)>',
    "magic": "%%html\n<img src=x onerror=alert(NUMBER)>",
    "an isolated page": (
        "from IPython.display import display\n"
        "html = {'text/html': '<script>parent.alert(NUMBER)</script>'}\n"
        "display(html, raw=True, metadata={'text/html': {'isolated': True}, 'isolated': True})"
    ),
    "a picture's data": (
        "from IPython.display import display\n"
        "at = '\"><img src=x onerror=alert(NUMBER)>'\n"
        "display({'image/png': at, 'image/jpeg': at, 'image/svg+xml': at}, raw=True,"
        " metadata={'image/png': {'alt': at, 'width': at, 'height': at}})"
    ),
    "programs": (
        "from IPython.display import display\n"
        "display({'application/javascript': 'alert(NUMBER)', 'text/x': 'x'}, raw=True)"
    ),
}
GROUPS = {"alerts": ALERTS, "loads": LOADS, "leads": LEADS, "formulas": FORMULAS}
SHOW = """from IPython.display import display
for text in {texts}:
    display({{{mime!r}: text, "text/plain": "x"}}, raw=True)
"""


Pages = dict[tuple[str, str], Seen]


@dataclass(frozen=True)
class Attack:
    """One way to act, and who tries it."""

    student: str
    name: str
    number: int
    text: str

    @classmethod
    def table(cls, student: str, texts: dict[str, str], first: int) -> list[Attack]:
        """Number texts, so that what each of them does can be told apart."""
        return [
            cls(student, name, number, text.replace("NUMBER", str(number)))
            for number, (name, text) in enumerate(texts.items(), first)
        ]

    def __str__(self) -> str:
        return f"{self.student}-{self.name}".replace(" ", "_")

    def acted(self, page: Seen) -> list[str]:
        """Return what a page did because of this one."""
        loaded = [one for one in page.requests if f"/{self.number}/" in one]
        led = [one for one in page.left if f"/{self.number}/" in one and not HARMLESS.match(one)]
        return [message for message in page.dialogs if message == str(self.number)] + loaded + led


def _apart(texts: dict[str, str], prefix: str, first: int) -> list[Attack]:
    """Have each tried by somebody else."""
    return [
        Attack(f"{prefix}{number}", name, number, text.replace("NUMBER", str(number)))
        for number, (name, text) in enumerate(texts.items(), first)
    ]


ACTING = [
    attack
    for place, (kind, texts) in enumerate(product(("cell", "html", "markdown"), GROUPS.items()))
    for attack in Attack.table(f"{texts[0]}-{kind}", texts[1], 1000 + 100 * place)
]
HIDING = _apart(HIDES, "hides", 3000)
NAMING = _apart(FILES, "files", 4000)
LARGE = {f"large-{name}": [text] * 10 for name, text in VOLUME.items()}
LARGE |= {"slow": [markdown(text) for text in SLOW.values()]}
SAYING = Attack.table("says", CODE, 5000)


@dataclass(frozen=True)
class Hostile:
    """A class in which everybody hands in attacks."""

    acting: tuple[Attack, ...] = ()
    saying: tuple[Attack, ...] = ()
    hiding: tuple[Attack, ...] = ()
    naming: tuple[Attack, ...] = ()
    large: tuple[str, ...] = ()

    @property
    def attacks(self) -> tuple[Attack, ...]:
        return (*self.acting, *self.saying, *self.hiding, *self.naming)

    @property
    def everybody(self) -> list[str]:
        return sorted({attack.student for attack in self.attacks} | set(self.large))


WHO_ACTS = Hostile(tuple(ACTING), tuple(SAYING), naming=tuple(NAMING), large=tuple(LARGE))
WHO_HIDES = Hostile(hiding=tuple(HIDING))


def _hand_in(desk: Desk, hostile: Hostile) -> None:
    by_student: dict[str, list[Attack]] = {}
    for attack in hostile.acting + hostile.saying:
        by_student.setdefault(attack.student, []).append(attack)
    for student, attacks in by_student.items():
        texts = [attack.text for attack in attacks]
        if student.endswith("-cell"):
            desk.hand_in(*map(markdown, texts), student=student)
        elif student == "says":
            desk.hand_in(*texts, answers=WORKED | _errors(attacks[0]), student=student)
        else:
            mime = "text/html" if student.endswith("-html") else "text/markdown"
            cells = [SHOW.format(texts=texts, mime=mime)]
            if student == "formulas-html":
                cells.append(SHOW.format(texts=texts, mime="text/latex"))
            desk.hand_in(*cells, student=student)
    for student in hostile.large:
        desk.hand_in(*LARGE[student], answers=WORKED, student=student)
    for attack in hostile.hiding:
        output = SHOW.format(texts=[attack.text], mime="text/html")

        def put_first(cells: list[dict], text: str = attack.text) -> None:
            cells.insert(1, markdown(text))

        desk.hand_in(first=[output], change=put_first, student=attack.student)
    for attack in hostile.naming:
        folder = desk.folder(attack.student)
        folder.mkdir(parents=True)
        (folder / attack.text).touch()
        if attack.text.endswith(".ipynb"):
            (folder / "other.ipynb").touch()


def _errors(attack: Attack) -> dict[str, str]:
    """Return an answer whose errors are quoted beside the marks."""
    html = f"<img src=x onerror=alert({attack.number})>"
    return {"one_hot": f"def one_hot(Y, n): raise type({html!r}, (Exception,), {{}})({html!r})"}


@contextmanager
def opened(around: Path, hostile: Hostile) -> Iterator[Pages]:
    """Grade the class, and open its pages; by student and page, what each page did.

    The class is these tests' own: marks are typed into every page of it.
    """
    # In a path that is short enough for the browser's sockets.
    with (
        open_desk(around / "browser") as desk,
        tempfile.TemporaryDirectory(prefix="pages-", dir="/tmp") as folder,
    ):
        yield _opened(desk, hostile, Path(folder))
    shutil.rmtree(desk.course.root)


def _opened(desk: Desk, hostile: Hostile, around: Path) -> Pages:
    _hand_in(desk, hostile)
    students = [*desk.course.students(LAB)]
    config = desk.course.root / "nbgrader_config.py"
    config.write_text(CONFIG.format(home=str(HOME), root=str(desk.course.root)))
    for student in students:
        if student != NEIGHBOUR:
            desk.grade(student)
    assert list(Run(desk.course, LAB, 1).write_feedback(students)) == []
    page = report.write(desk.course, LAB)
    with desk.course.gradebook() as gradebook:
        ids = {
            student: gradebook.find_submission_notebook(LAB, LAB, student).id
            for student in students
        }
    seen: Pages = {}
    with (
        formgrader(desk.course.root, around / "server") as address,
        browser(address, around / "browser") as window,
    ):
        seen[NEIGHBOUR, "report"] = window.read(page)
        for student in students:
            seen[student, "formgrader"] = window.mark(ids[student])
            seen[student, "feedback"] = window.read(desk.course.feedback(student, LAB))
    return seen


_OWN = re.compile(r"/formgrader/api/(comment|grade)/\w+$")


def nothing_happens_where_nobody_attacks(pages: Pages) -> None:
    """What is looked for is there, too."""
    for page in ("formgrader", "feedback", "report"):
        seen = pages[NEIGHBOUR, page]
        assert seen.things
        assert (seen.dialogs, seen.left, seen.covered, seen.complaint) == ([], [], {}, "")
    assert {"test_sigmoid", "test_sigmoid_extra_credit", "sigmoid-comment"} <= set(
        pages[NEIGHBOUR, "formgrader"].boxes
    )


def it_does_nothing(pages: Pages, attack: Attack) -> None:
    for page in ("formgrader", "feedback"):
        assert attack.acted(pages[attack.student, page]) == []
    assert attack.acted(pages[NEIGHBOUR, "report"]) == []


def every_page_can_be_worked_with(pages: Pages, student: str) -> None:
    for page in ("formgrader", "feedback"):
        seen, honest = pages[student, page], pages[NEIGHBOUR, page]
        assert (seen.dialogs, seen.covered, seen.unsaved, seen.complaint) == ([], {}, [], "")
        assert seen.boxes == honest.boxes
        loaded = {
            one for one in seen.requests if not one.startswith("data:") and not _OWN.match(one)
        }
        assert loaded <= set(honest.requests)


def mathjax_gets_nothing_that_reaches_far(pages: Pages, student: str) -> None:
    typeset = pages[student, "formgrader"].typeset
    assert [formula for formula in typeset if MACROS.search(formula)] == []
