"""Decide what a student's Markdown may stay, and render the rest.

nbgrader's formgrader renders the Markdown of a submission by itself, cleans nothing of it, and
lets MathJax set what looks like a formula. So what is stored is what it can be trusted with: the
student's own source where a parser finds nothing in its rendering that cleaning would change, and
the cleaned rendering otherwise.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import nh3
from latex2mathml import commands
from latex2mathml.symbols_parser import SYMBOLS
from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    markdown2html_mistune,
)
from nbconvert.filters.strings import strip_files_prefix
from selectolax.lexbor import LexborHTMLParser, LexborNode

from autograder.safe import html as safe_html
from autograder.safe.rendering import Rendering

DEEPEST_FORMULAS = 300
_CHECKBOX = {"class": "task-list-item-checkbox", "type": "checkbox"}
# What a cell is surrounded by, as in the formgrader: a text before it, elements around and behind.
_PAGE = "<!DOCTYPE html><body>before<div><div>{}</div></div><footer>behind</footer>"
# These link, define, restyle, or move what follows out of its place.
_FAR_REACHING = frozenset(
    "\\" + name
    for name in (
        *("href", "style", "class", "unicode", "verb", "def", "newcommand", "newenvironment"),
        *("DeclareMathOperator", "rule", "Space", "hskip", "hspace", "kern", "mkern", "mskip"),
        *("mspace", "raise", "lower", "moveleft", "moveright", "llap", "rlap", "clap", "smash"),
        *("mathllap", "mathrlap", "mathclap", "above", "abovewithdelims", "genfrac", "skew"),
        *("uproot", "leftroot", "vcenter", "fcolorbox"),
    )
)
# What our own converter of formulas knows.
_KNOWN = set(SYMBOLS) | {r"\arg"}
for _value in vars(commands).values():
    _KNOWN |= {_value} if isinstance(_value, str) else set()
    _KNOWN |= set(_value) if isinstance(_value, (tuple, list, set, frozenset, dict)) else set()
_ORDINARY = _KNOWN - _FAR_REACHING
_DELIMITER = re.compile(r"\$|\\\(|\\\[|\\begin")
_CONTROL_WORD = re.compile(r"\\[A-Za-z]+")
_PULLED_BACK = re.compile(r"\\\\\s*\[\s*-")
# Whatever has a meaning in Markdown, or to MathJax, has another way to be written in HTML.
_MEANS_SOMETHING = re.compile(r"[\x00-\x1f\\`*_{}\[\]()#+!|$~^=\x7f\x85\u2028\u2029]")
# The course's own text leads from lab to lab.
_NEIGHBOUR = re.compile(r"(\.\./)?([\w-]+/)?[\w-]+\.ipynb(#[\w-]*)?")
_TAG_OR_TEXT = re.compile(r'(<(?:[^">]|"[^"]*")*>)')
_QUOTED = re.compile(r'"[^"]*"')


def markdown(source: str, pictures: frozenset[str] = frozenset()) -> str:
    """Render a Markdown cell for a page of ours, where it may show pictures of the instructor's."""
    return _cleaned(source, pictures=pictures)


def comment(source: str) -> str:
    """Render what a teacher wrote: Markdown and formulas, and `<name>` as it stands."""
    return _cleaned(source, escape=True)


def _cleaned(source: str, escape: bool = False, pictures: frozenset[str] = frozenset()) -> str:
    if source.count("\\begin") > DEEPEST_FORMULAS:
        return safe_html.as_it_stands(source)
    return safe_html.clean(_rendered(source, escape), pictures)


def _rendered(source: str, escape: bool = False) -> str:
    shown: str = MarkdownWithMath(renderer=_Renderer(escape=escape)).render(source)
    return shown


def pictures_named_in(source: str) -> set[str]:
    """Return the places of all pictures that a text of the instructor's shows."""
    if "![" not in source and "<img" not in source:
        return set()
    images = LexborHTMLParser(_rendered(source)).css("img[src]")
    return {safe_html.place_of(image.attributes["src"] or "") for image in images}


@dataclass(frozen=True)
class Shown:
    """Renders Markdown for a page of ours that has these pictures of the instructor's."""

    pictures: frozenset[str]

    def __call__(self, source: str) -> str:
        return markdown(source, self.pictures)


RENDERED_HERE = Rendering(markdown, safe_html.as_it_stands)  # how a page of ours shows Markdown


def rendered_with(pictures: frozenset[str]) -> Rendering:
    """Return how a page of ours shows Markdown where pictures lie beside the notebook."""
    return Rendering(Shown(pictures), safe_html.as_it_stands)


def as_text(text: str) -> str:
    """Return Markdown that shows a text letter for letter, whatever stands in it."""
    return _inert(safe_html.as_it_stands(text))


@dataclass(frozen=True)
class Harmless:
    """Turns a student's Markdown into Markdown that can be shown by others than us.

    Parameters
    ----------
    taken : frozenset of str
        Ids that the page has a use for: a heading of that name would be found in their place.
    pictures : frozenset of str, optional
        Places of the instructor's pictures, which lie beside the notebook.
    """

    taken: frozenset[str]
    pictures: frozenset[str] = frozenset()

    def __call__(self, source: str) -> str:
        if source.count("\\begin") > DEEPEST_FORMULAS:
            return as_text(source)
        try:
            shown = strip_files_prefix(markdown2html_mistune(source))
        except Exception:  # a picture that did not come along would stop the formgrader
            return self._inert(source)
        return self._inert(source) if self._acts(shown) else source

    def _inert(self, source: str) -> str:
        return _inert(markdown(source, self.pictures))

    def _acts(self, shown: str) -> bool:
        """Whether a rendering does anything on a page that its cleaned form does not do."""
        if safe_html.too_deep(shown):
            return True
        kept = {"attribute_filter": safe_html.showing(self.pictures, _allowed)}
        cleaned = nh3.clean(shown, **_IN_MARKDOWN | kept)
        page, other = (LexborHTMLParser(_PAGE.format(text)) for text in (shown, cleaned))
        if page.html != other.html:
            return True
        ids = {node.attributes["id"] or "" for node in page.css("[id]")}
        boxes = (node.attributes for node in page.css("input"))
        return (
            bool(ids & self.taken)
            or any({k: v for k, v in box.items() if k in _CHECKBOX} != _CHECKBOX for box in boxes)
            or not is_ordinary(_text_that_mathjax_reads(page))
        )


def stored(taken: frozenset[str], pictures: frozenset[str] = frozenset()) -> Rendering:
    """Return how Markdown is stored."""
    return Rendering(Harmless(taken, pictures), as_text)


def is_ordinary(text: str) -> bool:
    """Whether MathJax, given a text, does no more than set formulas where they stand."""
    if not _DELIMITER.search(text):
        return True
    words = set(_CONTROL_WORD.findall(text))
    return words <= _ORDINARY and not _PULLED_BACK.search(text)


def without_mathjax(cleaned: str) -> str:
    """Return cleaned HTML for a page with MathJax, which leaves it alone unless it is ordinary."""
    page = LexborHTMLParser(_PAGE.format(cleaned))
    # MathML is for the browser to set: it has been cleaned for that.
    ordinary = page.css_first("math") is None and is_ordinary(_text_that_mathjax_reads(page))
    return cleaned if ordinary else _unset(cleaned)


def _inert(cleaned: str) -> str:
    """Return cleaned HTML as Markdown that comes out as this HTML and as nothing else.

    It is rendered once more where it is shown: a line of it that looks like Markdown would act as
    Markdown. So it is a single line, in which nothing looks like it.
    """
    parts = _TAG_OR_TEXT.split(cleaned)
    parts[::2] = [_spelt(text) for text in parts[::2]]
    parts[1::2] = [_QUOTED.sub(lambda found: _spelt(found[0]), tag) for tag in parts[1::2]]
    return _unset("".join(parts))


def _unset(cleaned: str) -> str:
    return f'<div class="{" ".join(safe_html.NO_MATHJAX)}">{cleaned}</div>'


def _spelt(text: str) -> str:
    return _MEANS_SOMETHING.sub(lambda found: f"&#{ord(found[0])};", text)


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and _NEIGHBOUR.fullmatch(value):
        return value
    return safe_html.allowed(tag, attribute, value)


def _text_that_mathjax_reads(page: LexborHTMLParser) -> str:
    for node in page.css(f"pre, code, script, style, textarea, math, .{safe_html.NO_MATHJAX[0]}"):
        node.decompose()
    body: LexborNode | None = page.body
    return body.text() if body else ""


class _Renderer(IPythonRenderer):
    """nbconvert's renderer with formulas as MathML."""

    def __init__(self, **options: bool) -> None:
        super().__init__(exclude_anchor_links=True, **options)

    def block_math(self, body: str) -> str:
        return safe_html.mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return safe_html.mathml(body, "inline")

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("attachment:"):  # attachments do not come along
            return html.escape(f"(picture: {text})")
        return super().image(text, url, title)

    def latex_environment(self, name: str, body: str) -> str:
        return safe_html.mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


# What cleaning leaves where what Markdown itself makes, and what does nothing, is left, too.
_IN_MARKDOWN = safe_html.HARMLESS | {
    "tags": safe_html.HARMLESS["tags"] | {"input"},
    "attributes": {
        **safe_html.HARMLESS["attributes"],
        "a": {"href", "rel"},
        "input": {"type", "disabled", "checked"},
        **{name: {"align", "id"} for name in ("h1", "h2", "h3", "h4", "h5", "h6")},
    },
    "strip_comments": False,
    "link_rel": None,
}
