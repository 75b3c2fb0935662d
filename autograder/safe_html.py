"""Turn what a student wrote into HTML that can be opened without a thought.

Everything that reaches a feedback page goes through `clean`: no script, no event handler, no link
but to ordinary addresses, no picture but one that is in the page. Formulas become MathML, which
browsers draw themselves, so that a page needs no network.
"""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Callable
from functools import lru_cache

import nh3
from latex2mathml.converter import convert as to_mathml
from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    markdown2html_mistune,
)

_MATHML = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot"}
    | {"mstyle", "merror", "mpadded", "mphantom", "menclose", "msub", "msup", "msubsup", "munder"}
    | {"mover", "munderover", "mmultiscripts", "mtable", "mtr", "mtd"}
)
_TAGS = (
    (nh3.ALLOWED_TAGS - {"map", "area", "a", "img"})
    | {"a", "img", "section", "details", "summary", "figure", "figcaption"}
    | _MATHML
)
_MATHML_ATTRIBUTES = {
    *("display", "mathvariant", "stretchy", "fence", "form", "minsize", "maxsize", "width"),
    *("height", "columnalign", "rowspacing", "columnspacing", "linethickness", "accent"),
    *("displaystyle", "scriptlevel", "separator", "lspace", "rspace"),
}
_ATTRIBUTES = {
    "*": {"class", "title", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
    **dict.fromkeys(_MATHML, _MATHML_ATTRIBUTES),
}
_HARM = re.compile(
    r"<\s*(script|style|iframe|object|embed|form|svg|math|link|meta|base)|\bon\w+\s*=|"
    r"(javascript|vbscript)\s*:|data\s*:\s*text",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b(?:href|src)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]*)", re.IGNORECASE)
_SCHEMES = ("http:", "https:", "mailto:", "data:image/", "attachment:")
LONGEST = 5_000_000  # characters
LONGEST_FORMULA = 5_000
DEEPEST = 300
_LESS = "\ue000"  # stands for "<" while a formula is converted
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_TAG = re.compile(rf"<(/?)(?!(?:{_VOID})\b)([a-zA-Z][^\s/><]*)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")


def clean(dirty: str) -> str:
    """Return the harmless part of a piece of HTML."""
    if len(dirty) > LONGEST or _too_deep(dirty):
        return "<p>(This is too long, or nested too deeply, to be shown.)</p>"
    return nh3.clean(
        dirty,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_filter,
        url_schemes={"http", "https", "mailto", "data"},
        clean_content_tags={"script", "style", "iframe", "object", "template"},
    )


@lru_cache(maxsize=1000)  # most cells of a class are the lab's own text
def markdown(source: str) -> str:
    """Render a Markdown cell."""
    rendered = _render(MarkdownWithMath(renderer=_Renderer(escape=False)).render, source)
    return _as_it_stands(source) if rendered is None else clean(rendered)


@lru_cache(maxsize=1000)
def harmless_markdown(source: str) -> str:
    """Return Markdown that can be shown by others than us: cleaned HTML where it holds harm."""
    rendered = _render(markdown2html_mistune, source)
    if rendered is None:
        return _as_it_stands(source)
    harm = _HARM.search(html.unescape(rendered)) or not all(
        _is_ordinary(address[1]) for address in _ADDRESS.finditer(rendered)
    )
    return markdown(source) if harm else source


def formula(latex: str) -> str:
    """Render a LaTeX output, with or without its dollar signs."""
    return clean(_math(latex.strip().strip("$"), "block"))


def _render(render: Callable[[str], str], source: str) -> str | None:
    """Return None for what is too long, or nested deeper than the parser goes."""
    if len(source) > LONGEST or source.count("\\begin") > DEEPEST:
        return None
    with contextlib.suppress(Exception):
        return render(source)
    return None


def _as_it_stands(source: str) -> str:
    return f"<pre>{nh3.clean_text(source[:LONGEST])}</pre>"


def _is_ordinary(address: str) -> bool:
    """Whether a browser, which overlooks blanks and control characters, does no more than go."""
    squeezed = re.sub(r"[\x00-\x20]", "", html.unescape(address.strip("\"'"))).lower()
    scheme = re.match(r"[^/?#]*?:", squeezed)
    return scheme is None or squeezed.startswith(_SCHEMES)


class _Renderer(IPythonRenderer):
    """nbconvert's renderer with formulas as MathML."""

    def __init__(self, **options: bool) -> None:
        super().__init__(exclude_anchor_links=True, **options)

    def block_math(self, body: str) -> str:
        return _math(body, "block")

    def inline_math(self, body: str) -> str:
        return _math(body, "inline")

    def image(self, text: str, url: str, title: str | None = None) -> str:
        if url.startswith("attachment:"):  # attachments do not come along
            return nh3.clean_text(f"(picture: {text})")
        return super().image(text, url, title)

    def latex_environment(self, name: str, body: str) -> str:
        return _math(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def _too_deep(dirty: str) -> bool:
    """Whether elements may be nested deeper than a browser, or the cleaner, takes in its stride."""
    still_open: list[str] = []
    for tag in _TAG.finditer(dirty):
        name = tag[2].lower()
        if not tag[1]:
            still_open.append(name)
        elif name in still_open:
            while still_open.pop() != name:
                pass
        if len(still_open) > DEEPEST:
            return True
    return False


def _math(latex: str, display: str) -> str:
    try:
        if len(latex) > LONGEST_FORMULA:
            raise ValueError("A formula this long takes the converter minutes.")
        # The converter copies a comparison sign as it stands, where it would open a tag.
        converted = to_mathml(latex.replace("<", _LESS), display=display)
        return converted.replace(f"<mi>{_LESS}</mi>", "<mo>&lt;</mo>").replace(_LESS, "&lt;")
    except Exception:  # not every formula of a student's is one
        return f"<code>{nh3.clean_text(latex)}</code>"


def _filter(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    if attribute == "href":
        return value if value.startswith(("http://", "https://", "mailto:", "#")) else None
    return value
