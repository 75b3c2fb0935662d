"""The feedback page: marks and reasons first, then the notebook; no hidden test, no script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from nbconvert.exporters import TemplateExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, NbGraderPreprocessor
from nbgrader.utils import is_grade, is_task
from traitlets import default

from autograder.files import TEMPLATES
from autograder.pages.freshness import made_from
from autograder.pages.pictures import Pictures
from autograder.results.late import span
from autograder.results.notebook import (
    NOTES,
    REASON,
    RECORD,
    TestResult,
    number,
    read_results,
    title,
)
from autograder.results.sheets import NOTHING, Given, Sheet, said, sheets
from autograder.safe import html as safe_html
from autograder.safe import markdown as safe_markdown
from autograder.safe import rendering
from autograder.safe.rendering import Rendering
from grader_tests.engine.credit import SHARES
from grader_tests.engine.lab import find_lab

_CSS = TEMPLATES / "student_feedback" / "page.css"
_HEADING = re.compile(r"^##? (.+)$", re.MULTILINE)
_ASKED = re.compile(r"# Hidden tests of (.+?) run here")
LONGEST_PAGE = 12_000_000  # bytes of cells and outputs
_CUT = "[This page is too long: what follows here is left out. The notebook file has it.]"
_RENDERINGS = {
    "text/html": Rendering(safe_html.clean, safe_html.as_it_stands),
    "text/markdown": safe_markdown.RENDERED_HERE,
    "text/latex": Rendering(safe_html.formula, safe_html.as_it_stands),
}
# What a page can show as it is or after cleaning. Scripts, widgets and pages in pages are not here.
_SHOWN = {
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
}


class HideTests(ClearHiddenTests):
    """Take hidden tests out of the cells, and out of the tracebacks of errors in them."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        if cell.cell_type == "code" and is_grade(cell):
            hidden = self._remove_hidden_test_region(cell)
            for output in cell.outputs:
                if hidden and output.output_type == "error":
                    output.traceback = [_without_source(output)]
        return cell, resources


def _without_source(error: NotebookNode) -> str:
    return error.evalue if error.ename == "TestFailed" else f"The test stopped: {error.ename}."


class HideMarkSchemes(ClearMarkScheme):
    """Take out of tasks what tells graders how to mark them."""

    check_attachment_leakage = False  # it was looked for when the lab was released

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        if is_task(cell):
            self._remove_mark_scheme_region(cell)
        return cell, resources


class Summarise(NbGraderPreprocessor):
    """Put what the top of the page says into the resources, and drop what no page should show.

    Does what nbgrader's `GetGrades` does, too, in a few queries for all cells together.
    """

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        sheet = _sheet(resources["nbgrader"])
        path = Path(resources["metadata"]["path"], f"{resources['metadata']['name']}.ipynb")
        tests = _rows(nb, sheet)
        penalty = min(sheet.penalty, sheet.score)
        resources["feedback"] = {
            "made_from": made_from(path, sheet),
            "score": number(sheet.score - penalty),
            "maximum": number(sheet.maximum),
            "penalty": number(penalty) if penalty else "",
            "late": span(sheet.late),
            "student": sheet.called,
            "tests": tests,
            "first": next((test for test in tests if test["came"] == "none"), None),
            "waits": [test for test in tests if test["came"] == "waits"],
            "shares": _shares(resources["nbgrader"]["assignment"]),
            "reason": nb.metadata.get(REASON),
            "notes": [*nb.metadata.get(NOTES, []), *_unprotected(nb)],
        }
        for cell in nb.cells:
            if given := sheet.cells.get(_name(cell)):
                cell.metadata.nbgrader |= {"score": number(given.score), "waits": given.waits}
                cell.metadata.nbgrader.comment = given.comment
            if cell.cell_type == "code":
                cell.outputs = [output for output in cell.outputs if _keep_shown(output)]
        _render(nb, Pictures(path.parent))
        _fit(nb)
        return nb, resources


def _shares(assignment: str) -> str:
    """Say how points are shared out, where the tests are ours, which share them out so."""
    if find_lab(assignment) is None:
        return ""
    return ", ".join(f"{part:.0%} for {aspect}" for aspect, part in SHARES.items())


def _name(cell: NotebookNode) -> str:
    name: str = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return name


def _sheet(names: dict[str, str]) -> Sheet:
    """Return what the gradebook has of the notebook that nbgrader is at work on."""
    with Gradebook(names["db_url"]) as gradebook:
        found = sheets(gradebook, names["assignment"], names["student"])
    return found[names["student"], names["notebook"]]


def _rows(nb: NotebookNode, sheet: Sheet) -> list[dict[str, Any]]:
    """Return the rows of the table at the top: tests, written answers, tasks."""
    asked = {_name(cell): found[1] for cell in nb.cells if (found := _ASKED.match(cell.source))}
    places = {
        heading: cell.id
        for cell in reversed(nb.cells)  # where it stands for the first time
        if cell.cell_type == "markdown"
        for heading in _HEADING.findall(cell.source)
    }
    comments = _comments(nb, sheet)
    return [
        _row(result, sheet.cells.get(result.name, NOTHING))
        | {
            "asked": asked.get(result.name, ""),
            "section_at": places.get(result.section, ""),
            "comments": comments.get(result.name, []),
        }
        for result in read_results(nb)
    ]


def _unprotected(nb: NotebookNode) -> list[str]:
    confined = nb.metadata.get(RECORD, {}).get("confined", True)
    return [] if confined else ["This notebook was graded unconfined."]


def _keep_shown(output: NotebookNode) -> bool:
    """Drop from an output what no page shows; return whether anything is left."""
    if "data" not in output:
        return True
    output.data = {mime: data for mime, data in output.data.items() if mime in _SHOWN}
    return bool(output.data)


def _fit(nb: NotebookNode) -> None:
    """Cut what would make the page longer than it may be."""
    room = LONGEST_PAGE
    for cell in nb.cells:
        room -= _page_size(cell.source)
        if room < 0:
            cell.source = _CUT
        for output in cell.get("outputs", []):
            texts = [*output.get("data", {}).values(), output.get("text", "")]
            room -= sum(map(_page_size, [*texts, *output.get("traceback", [])]))
            if room < 0:
                output.clear()
                output.update(output_type="stream", name="stdout", text=f"{_CUT}\n")


def _page_size(text: str) -> int:
    """Return how many bytes a text takes on a page, where some letters are spelt out."""
    return len(text.encode("utf-8", "replace")) + 5 * sum(map(text.count, "<>&\"'"))


def _render(nb: NotebookNode, pictures: Pictures) -> None:
    """Put HTML in the place of all that has to be rendered, within a limit of time."""
    texts = [cell for cell in nb.cells if cell.cell_type == "markdown"]
    with_pictures = safe_markdown.rendered_with(pictures.places)
    places = [(cell, "source", with_pictures) for cell in texts]
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            places += [(data, mime, _RENDERINGS[mime]) for mime in _RENDERINGS if mime in data]
    shown = rendering.render((how, place[key]) for place, key, how in places)
    for place, key, how in places:
        place[key] = shown[how, place[key]]
    for cell in texts:
        cell.source = pictures.put_into(cell.source)


class _Compiled(BytecodeCache):
    """Compiled templates, for the exporters that this process makes: one for each page."""

    code: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


class FeedbackExporter(TemplateExporter):
    """Fills the template with cleaned HTML only."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = _Compiled()
        return environment

    def default_filters(self):
        yield from super().default_filters()
        yield "markdown2html", safe_markdown.markdown
        yield "comment2html", safe_markdown.comment
        yield "clean_html", safe_html.clean

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict | None = None, **kwargs: Any
    ) -> tuple[str, dict]:
        resources = self._init_resources(resources)
        resources["page_css"] = _CSS.read_text(encoding="utf-8")
        return super().from_notebook_node(nb, resources, **kwargs)


def _row(result: TestResult, given: Given) -> dict[str, Any]:
    came = "full" if given.score >= result.maximum else "waits" if given.waits else "none"
    first, *more = said(result, given)
    return {
        "name": result.name,
        "title": result.title,
        "score": number(given.score),
        "points": number(result.maximum),
        "came": came,
        "message": first,
        "more": more,
        "seen": result.evidence,
        "section": result.section,
    }


def _comments(nb: NotebookNode, sheet: Sheet) -> dict[str, list[dict[str, str]]]:
    """Return what people wrote, by the marked cell that it is about.

    nbgrader has a comment with the answer, and the points with the test that follows it.
    """
    comments: dict[str, list[dict[str, str]]] = {}
    waiting: list[dict[str, str]] = []
    marked = ""
    for cell in nb.cells:
        name = _name(cell)
        if text := sheet.cells.get(name, NOTHING).comment:
            waiting.append({"at": name, "title": title(name), "text": text})
        if is_grade(cell) or is_task(cell):
            marked = name
            comments[marked] = waiting
            waiting = []
    if waiting:
        comments.setdefault(marked, []).extend(waiting)
    return comments
