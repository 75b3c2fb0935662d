"""Turn HTML and formulas of a student's into HTML that can be opened without a thought.

Everything that reaches a feedback page goes through `clean`: no script, no event handler, no link
but to ordinary addresses, no picture but one that is in the page, no place but its own. Formulas
become MathML, which browsers draw themselves, so that a page needs no network.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import unquote

import nh3
from latex2mathml.converter import convert as to_mathml
from pygments.token import STANDARD_TYPES

_MATHML = frozenset(
    {"math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot"}
    | {"mstyle", "merror", "mphantom", "menclose", "msub", "msup", "msubsup", "munder"}
    | {"mover", "munderover", "mmultiscripts", "mtable", "mtr", "mtd"}
)
_TAGS = (
    (nh3.ALLOWED_TAGS - {"map", "area"})
    | {"a", "img", "section", "details", "summary", "figure", "figcaption", "font"}
    | _MATHML
)
_LENGTHS = {
    *("minsize", "maxsize", "width", "height", "rowspacing", "columnspacing", "linethickness"),
    *("lspace", "rspace"),
}
_MATHML_ATTRIBUTES = _LENGTHS | {
    *("display", "mathvariant", "stretchy", "fence", "form", "columnalign", "accent"),
    *("displaystyle", "scriptlevel", "separator"),
}
_ATTRIBUTES = {
    "*": {"class", "title", "lang", "dir", "style"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "details": {"open"},
    **{name: {"align"} for name in ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6")},
    **dict.fromkeys(_MATHML, _MATHML_ATTRIBUTES),
}
_STYLES = {
    *("color", "background-color", "font-style", "font-weight", "text-align", "text-decoration"),
}
_STYLE_VALUE = re.compile(r"[\w#%., ()-]{1,60}")
# MathJax, which nbgrader's formgrader loads, leaves alone what stands in these.
NO_MATHJAX = ("tex2jax_ignore", "mathjax_ignore")
# Any other class may have a meaning on the page: Bootstrap's "modal-backdrop" covers all of it.
_CLASSES = frozenset(
    {name for name in STANDARD_TYPES.values() if name}
    | {"highlight", "dataframe", "anchor-link", "mermaid", "jp-Mermaid", *NO_MATHJAX}
    | {"task-list-item", "task-list-item-checkbox"}
    | {"alert", "alert-block", "alert-info", "alert-success", "alert-warning", "alert-danger"}
)
LONGEST = 5_000_000  # characters
LONGEST_FORMULA = 5_000
DEEPEST = 300
_LESS = "\ue000"  # stands for "<" while a formula is converted
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr"
_TAG = re.compile(rf"<(/?)(?!(?:{_VOID})\b)([a-zA-Z][^\s/><]*)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_HOST = re.compile(r"https?:[/\\]*(?:[^/\\?#]*@)?(\[|[^/\\?#:]*)")
# Nothing that reaches far: what is larger, or pulls back further, could lie over something else.
_LENGTH = re.compile(r"-?0?\.\d+em|\d{1,2}(\.\d+)?(em|ex|px|pt|%)?|0|thin|medium|thick")


def clean(dirty: str, pictures: Collection[str] = ()) -> str:
    """Return the harmless part of a piece of HTML.

    Parameters
    ----------
    dirty : str
    pictures : collection of str, optional
        Places of pictures of the instructor's that it may show.
    """
    if len(dirty) > LONGEST or too_deep(dirty):
        return "<p>(This is too long, or nested too deeply, to be shown.)</p>"
    return nh3.clean(dirty, **HARMLESS | {"attribute_filter": showing(pictures, allowed)})


def formula(latex: str) -> str:
    """Render a LaTeX output, with or without its dollar signs."""
    return clean(mathml(latex.strip().strip("$"), "block"))


def as_it_stands(text: str, most: int = 20_000) -> str:
    """Show a text, or the beginning of a long one, letter for letter."""
    cut = len(text) - most
    said = f"\n[The rest, {cut:,} characters, is left out.]" if cut > 0 else ""
    return f"<pre>{html.escape(text[:most] + said, quote=False)}</pre>"


def too_deep(dirty: str) -> bool:
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


def mathml(latex: str, display: str) -> str:
    try:
        if len(latex) > LONGEST_FORMULA:
            raise ValueError("A formula this long takes the converter minutes.")
        # The converter copies a comparison sign as it stands, where it would open a tag.
        converted = to_mathml(latex.replace("<", _LESS), display=display)
        return converted.replace(f"<mi>{_LESS}</mi>", "<mo>&lt;</mo>").replace(_LESS, "&lt;")
    except Exception:  # not every formula of a student's is one
        return f"<code>{html.escape(latex)}</code>"


def place_of(address: str) -> str:
    """Return the place of a file beside a page, as an address names it.

    No more is put right: browsers read "\\\\host\\x/../y" and "http:x/../y" in ways of their own.
    """
    return unquote(address).removeprefix("./")


_Filter = Callable[[str, str, str], str | None]


def showing(pictures: Collection[str], other: _Filter) -> _Filter:
    """Return a filter of attributes that lets these pictures through, by their places."""

    def attribute_filter(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src") and place_of(value) in pictures:
            return value
        return other(tag, attribute, value)

    return attribute_filter if pictures else other


def allowed(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _PICTURE.fullmatch(value) else None
    if attribute == "href":
        ordinary = value.startswith(("http://", "https://", "mailto:", "#"))
        return value if ordinary and not _leads_to_a_number(value) else None
    if attribute == "class":
        return " ".join(name for name in value.split() if _is_a_class(name)) or None
    if attribute == "style":
        return value if all(map(_is_a_style, value.strip("; ").split(";"))) else None
    if attribute == "scriptlevel":
        return value if value in ("0", "1", "2") else None
    if tag in _MATHML and attribute in _LENGTHS:
        return value if all(map(_LENGTH.fullmatch, value.split())) else None
    return value


def _leads_to_a_number(address: str) -> bool:
    """Whether an address is that of this machine, or a number, which no web site's needs to be.

    The server on which a page is shown would believe that its own user asks.
    """
    # As a browser reads it: https://url.spec.whatwg.org/#host-parsing
    read = re.sub(r"[\t\n\r]", "", unquote(address)).replace("\u3002", ".")
    if not (found := _HOST.match(unicodedata.normalize("NFKC", read).lower())):
        return False
    last = found[1].rstrip(".").rpartition(".")[2]
    return last in ("[", "localhost") or last.isdigit() or last.startswith("0x")


def _is_a_style(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    return name.strip().lower() in _STYLES and bool(_STYLE_VALUE.fullmatch(value))


def _is_a_class(name: str) -> bool:
    return name in _CLASSES or name.startswith(("language-", "hl-"))


# What `nh3.clean` leaves. Of scripts, styles and the like not even the text is shown.
HARMLESS: dict[str, Any] = {
    "tags": _TAGS,
    "attributes": _ATTRIBUTES,
    "attribute_filter": allowed,
    "url_schemes": {"http", "https", "mailto", "data"},
    "clean_content_tags": {"script", "style", "iframe", "object", "template"},
}
