"""A browser with eyes: what a page does when it is opened, and when somebody works with it.

The instructor's own server runs on this machine, as it would, with nbgrader's formgrader; the
browser reaches that server and files, and nothing else. Where the page asks for MathJax, it gets a
stand-in that says what MathJax would have been given to set; with `MATHJAX_DIR`, the path of an
unpacked MathJax 2.7, it gets that.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from autograder.files import HOME

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# What the formgrader's page loads from elsewhere by itself.
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/"
MATHJAX_DIR = os.environ.get("MATHJAX_DIR", "")
# Finds what MathJax 2 finds, with the formgrader's delimiters, in the pieces of text that it joins.
STAND_IN = r"""
window.typeset = [];
const skipped = /^(script|noscript|style|textarea|pre|code|annotation|annotation-xml)$/i;
const formula = /\$\$[^]+?\$\$|\$[^]+?\$|\\\([^]+?\\\)|\\\[[^]+?\\\]|\\begin\{([^}]*)\}[^]*?\\end\{\1\}/g;
const find = element => {
  let text = "";
  const set = () => { window.typeset.push(...(text.match(formula) || [])); text = ""; };
  for (const child of element.childNodes) {
    if (child.nodeType === 3) text += child.data;
    else if (child.nodeType === 8) continue;
    else if (/^w?br$/i.test(child.nodeName)) text += "\n";
    else {
      set();
      if (child.nodeType !== 1 || skipped.test(child.nodeName)) continue;
      if (/\btex2jax_ignore\b/.test(child.getAttribute("class"))) continue;
      if (/^math$/i.test(child.localName)) window.typeset.push(child.outerHTML);
      else find(child);
    }
  }
  set();
};
window.MathJax = {Hub: {
  Config() {}, Queue() {},
  Startup: {signal: {Interest(told) { find(document.body); told("End"); }}},
}};
"""
STUDENTS = ".text_cell_render, .output_subarea, section.cell"  # where a student's text is shown
# Every box that marks are typed into, whether a click on it would hit it, and whether it is bound
# to the gradebook: the program behind the page then shows there what the grader gave.
BOXES = """() => [...document.querySelectorAll("input.score, input.extra-credit, textarea.comment")]
  .filter(box => box.checkVisibility()).map(box => {
    box.scrollIntoView({block: "center"});
    const {x, y, width, height} = box.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return [box.id, top === box ? "" : String(top && top.outerHTML).slice(0, 200),
            box.placeholder, x + width / 2, y + height / 2];
  })"""
# Everything else that an instructor or a student has to reach, by what it says.
REACHED = """selector => [...document.querySelectorAll(selector)]
  .filter(one => one.checkVisibility() && !one.closest(".text_cell_render, .output_subarea"))
  .map(one => {
    one.scrollIntoView({block: "center"});
    const {x, y, width, height} = one.getClientRects()[0];
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    const hit = top && (one.contains(top) || top.contains(one) && top.innerText === one.innerText);
    return [one.innerText.trim(), hit ? "" : String(top && top.outerHTML).slice(0, 200)];
  })"""
TARGETS = """places => [...document.querySelectorAll(places)].flatMap(place =>
  [...place.querySelectorAll("a, area, button, summary, label, input, [data-toggle], [title]")]
  .filter(one => !/^#/.test(one.getAttribute("href") || "") || one.dataset.toggle)
  .filter(one => !one.closest(".scoring-buttons, .panel-heading, .panel-footer, .marks, header")))"""


@dataclass
class Seen:
    """What one page did.

    Attributes
    ----------
    dialogs : list of str
        The message of each.
    requests : list of str
        Addresses of all that the page asked for, submissions' ids left out.
    left : list of str
        Where clicks on a student's links would have led.
    boxes : list of str
        Ids of the boxes for marks and comments.
    things : list of str
        What the page has besides, as a reader sees it.
    covered : dict of str to str
        What lies on a box, or on another thing that has to be reached.
    unsaved : list of str
        Boxes into which a number was typed that did not arrive in the gradebook.
    typeset : list of str
        What MathJax would have been given.
    complaint : str
        Why the page could not be worked with at all.
    """

    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    covered: dict[str, str] = field(default_factory=dict)
    unsaved: list[str] = field(default_factory=list)
    typeset: list[str] = field(default_factory=list)
    complaint: str = ""


@contextlib.contextmanager
def formgrader(root: Path, around: Path) -> Iterator[str]:
    """Run the instructor's server on a course folder; yield its address."""
    config = {
        "IdentityProvider": {"token": ""},
        "ServerApp": {
            "jpserver_extensions": {
                "nbgrader.server_extensions.formgrader": True,
                **dict.fromkeys(("jupyterlab", "notebook", "notebook_shim"), False),
                **dict.fromkeys(("jupyter_lsp", "jupyter_server_terminals"), False),
                **dict.fromkeys(("jupytext", "nbgrader.server_extensions.assignment_list"), False),
                "nbgrader.server_extensions.course_list": False,
                "nbgrader.server_extensions.validate_assignment": False,
            },
        },
    }
    (around / "config").mkdir(parents=True)
    (around / "config" / "jupyter_server_config.json").write_text(json.dumps(config))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(around / "config"),
        **{f"JUPYTER_{name}_DIR": str(around / name) for name in ("RUNTIME", "DATA")},
        **dict.fromkeys(("HOME", "TMPDIR"), str(around)),
        "PYTHONPATH": str(HOME),
    }
    address = f"http://127.0.0.1:{port}"
    with (around / "log").open("w") as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
                *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
                *("--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={root}"),
            ],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait_for(f"{address}/formgrader/api/status", server, around / "log")
            yield address
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _wait_for(address: str, server: subprocess.Popen, log: Path, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start: {log.read_text()[-2000:]}")


@contextlib.contextmanager
def browser(address: str, around: Path) -> Iterator[Browser]:
    """Start a browser that has never been used."""
    playwright = pytest.importorskip("playwright.sync_api")
    (around / "temporary").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(around))
        patch.setenv("TMPDIR", str(around / "temporary"))
        with playwright.sync_playwright() as tools:
            context = tools.chromium.launch_persistent_context(
                around / "profile",
                executable_path=CHROMIUM,
                args=ARGUMENTS,
                viewport={"width": 1200, "height": 800},
            )
            context.set_default_timeout(8_000)
            yield Browser(context, address)
            context.close()


@dataclass
class Browser:
    """Opens pages, one at a time."""

    context: Any
    address: str

    def __post_init__(self) -> None:
        own = re.escape(self.address)
        self.context.route(re.compile(rf"^(?!{own}/|file:|data:|blob:)"), _answer)

    def mark(self, submission: str, click: bool = True) -> Seen:
        """Open a submission in the formgrader, type marks, click on what the student wrote."""
        address = f"{self.address}/formgrader/submissions/{submission}/"
        with self._open(address, {submission: "ID"}) as (page, seen):
            page.wait_for_function("window.formgrader && formgrader.grades.loaded")
            page.wait_for_function("formgrader.comments.loaded && MathJax.loaded")
            page.evaluate("jQuery.fx.off = true")
            seen.typeset = page.evaluate("window.typeset || []")
            self._reach(
                page, seen, "nav li a, .scoring-buttons .btn, .nbgrader-label, .panel-title"
            )
            self._type(page, seen, submission)
            if click:
                self._click(page, seen)
        return seen

    def read(self, path: Path) -> Seen:
        """Open a page that lies in a file, and click on what a student wrote."""
        with self._open(path.as_uri(), {path.as_uri(): "ITSELF"}) as (page, seen):
            self._reach(page, seen, "h1, h2.notebook, main > section > h2, table th, .test strong")
            self._click(page, seen)
        return seen

    def look(self, path: str) -> Seen:
        """Open another page of the server's."""
        with self._open(self.address + path, {}) as (page, _seen):
            page.wait_for_load_state("networkidle")
        return _seen

    @contextlib.contextmanager
    def _open(self, address: str, known: dict[str, str]) -> Iterator[tuple[Any, Seen]]:
        seen = Seen()
        page = self.context.new_page()

        def note(request: Any) -> None:
            url = request.url
            for text, instead in known.items():
                url = url.replace(text, instead)
            if not url.startswith(MATHJAX):
                seen.requests.append(unquote(url.replace(self.address, "")))

        def dismiss(dialog: Any) -> None:
            seen.dialogs.append(dialog.message)
            dialog.dismiss()

        page.on("request", note)
        page.on("dialog", dismiss)
        page.on("popup", lambda other: other.close())
        try:
            page.goto(address, wait_until="load", timeout=60_000)  # a busy machine takes its time
            yield page, seen
        except Exception as error:
            seen.complaint = str(error).split("\n")[0] or type(error).__name__
        finally:
            page.close(run_before_unload=False)

    def _reach(self, page: Any, seen: Seen, selector: str) -> None:
        for thing, cover in page.evaluate(REACHED, selector):
            seen.things.append(thing)
            if cover:
                seen.covered[thing] = cover

    def _type(self, page: Any, seen: Seen, submission: str) -> None:
        """Give a point for everything, and a comment; look into the gradebook afterwards."""
        for name, cover, _, _, _ in page.evaluate(BOXES):
            seen.boxes.append(name)
            if cover:
                seen.covered[name] = cover
        for box in page.query_selector_all("input.score, textarea.comment"):
            _type_into(page, box)
        # Whoever sees that a number was lost, as may happen on a busy machine, types it once more.
        for name in self._unsaved(page, seen, submission, seconds=3):
            _type_into(page, page.query_selector(f"[id='{name}']"))
        seen.unsaved += self._unsaved(page, seen, submission, seconds=10)

    def _unsaved(self, page: Any, seen: Seen, submission: str, seconds: float) -> list[str]:
        """Return the boxes whose number is not in the gradebook after so long."""
        page.wait_for_load_state("networkidle")
        query = f"?submission_id={submission}"
        get = self.context.request.get
        until = time.monotonic() + seconds
        while True:
            grades = get(f"{self.address}/formgrader/api/grades{query}").json()
            comments = get(f"{self.address}/formgrader/api/comments{query}").json()
            scores = {one["name"]: one["manual_score"] for one in grades}
            texts = {f"{one['name']}-comment": one["manual_comment"] for one in comments}
            unsaved = [name for name, score in scores.items() if score != 1]
            unsaved += [n for n, text in texts.items() if n in seen.boxes and text != "1"]
            if not unsaved or time.monotonic() > until:
                return unsaved
            time.sleep(0.1)

    def _click(self, page: Any, seen: Seen) -> None:
        """Click on everything of a student's that can be clicked; the page stays as it is."""

        def stay(route: Any) -> None:
            if route.request.is_navigation_request():
                seen.left.append(route.request.url.replace(self.address, ""))
                route.fulfill(status=204)
            else:
                route.continue_()

        page.route("**/*", stay)
        targets = page.evaluate_handle(TARGETS, STUDENTS)
        for number in range(page.evaluate("targets => targets.length", targets)):
            middle = page.evaluate(
                """([targets, number]) => {
                  const target = targets[number];
                  target.removeAttribute("target");
                  target.scrollIntoView({block: "center"});
                  const box = target.getClientRects()[0];
                  return box && [Math.max(box.x + box.width / 2, 1), Math.max(box.y + 3, 1)];
                }""",
                [targets, number],
            )
            if middle:
                page.mouse.click(*middle)
        page.wait_for_timeout(100)


def _answer(route: Any) -> None:
    """Give the page its MathJax, and nothing else from anywhere."""
    url = urlsplit(route.request.url)
    if not route.request.url.startswith(MATHJAX):
        route.abort()
    elif MATHJAX_DIR:
        name = url.path.removeprefix(urlsplit(MATHJAX).path).replace("latest.js", "MathJax.js")
        route.fulfill(path=Path(MATHJAX_DIR, name))
    else:
        route.fulfill(body=STAND_IN, content_type="text/javascript")


def _type_into(page: Any, box: Any) -> None:
    """Give a point in a box, as a person does who sees it."""
    box.scroll_into_view_if_needed()
    middle = box.evaluate(
        "box => {box.scrollIntoView({block: 'center'});"
        "const r = box.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]}"
    )
    page.mouse.click(*middle)
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.evaluate("document.activeElement.blur()")
