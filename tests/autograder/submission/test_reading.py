"""What was handed in instead of a notebook is said, and what to do about it."""

import codecs
import io
import json
import zipfile

import nbformat
import pytest

from autograder.course import Course
from autograder.files import HOME
from autograder.results.notebook import FOREIGN, NOTES
from autograder.submission import archives, reading
from autograder.submission.decoding import Unreadable
from autograder.submission.master import released_master
from autograder.submission.reading import Submitted, read
from autograder.submission.rebuild import rebuild
from tests.support.notebooks import as_json, code, markdown

LAB = "lab4_deep_mini_batch"
CELLS = [markdown("# Schrödinger’s cat"), code("x = 1\n# it's\ndef f(x):\n    return x")]
TEXT = as_json(CELLS)
SOURCES = [cell["source"] for cell in CELLS]


def sources(submitted):
    return [cell.source for cell in submitted.cells]


def refusal(path):
    with pytest.raises(Unreadable) as caught:
        read(path)
    return str(caught.value)


def test_another_labs_notebook_is_taken_for_one(tmp_path):
    master = released_master(Course(HOME), LAB)
    notes = {}
    for lab in (LAB, "lab5_functional_api", "lab3_two_layer_softmax"):
        released = nbformat.read(HOME / "notebooks" / lab / f"{lab}.ipynb", as_version=4)
        path = tmp_path / f"{lab}.ipynb"
        nbformat.write(released, path)
        notes[lab] = rebuild(read(path), master).metadata[NOTES]
    assert notes.pop(LAB) == []
    assert all(note == [FOREIGN] for note in notes.values())


def test_a_file_that_cannot_be_read_has_one_reason_and_no_notes():
    master = released_master(Course(HOME), LAB)
    notebook = rebuild(Submitted(), master, "The file is empty.")
    assert notebook.metadata[NOTES] == []
    assert "The file is empty." in notebook.cells[0].source


WRITTEN_IN = {
    "UTF-8": ("utf-8", b"", []),
    "UTF-8 with a mark of byte order": ("utf-8-sig", b"", []),
    "UTF-16": ("utf-16", b"", ["The file is in UTF-16, where Jupyter writes UTF-8."]),
    "UTF-16 without its mark": (
        "utf-16-be",
        b"",
        ["The file is in UTF-16, where Jupyter writes UTF-8."],
    ),
    "UTF-16 with a mark, the other way round": (
        "utf-16-be",
        codecs.BOM_UTF16_BE,
        ["The file is in UTF-16, where Jupyter writes UTF-8."],
    ),
    "UTF-32": ("utf-32", b"", ["The file is in UTF-32, where Jupyter writes UTF-8."]),
    "Windows": (
        "cp1252",
        b"",
        [
            "The file is not in UTF-8: 2 bytes were read as Windows-1252 (cp1252), "
            "the first of them in cell 1, line 1 (0xF6)."
        ],
    ),
}


@pytest.mark.parametrize("name", WRITTEN_IN)
def test_a_notebook_in_any_encoding(tmp_path, name):
    encoding, start, notes = WRITTEN_IN[name]
    path = tmp_path / "x.ipynb"
    path.write_bytes(start + TEXT.encode(encoding))
    submitted = read(path)
    assert sources(submitted) == SOURCES
    assert submitted.notes == notes


STRAY = {
    "an apostrophe of Windows in a comment": (
        b"it's",
        b"it\x92s",
        "# it’s",
        "Cell 2, line 2 holds a byte that is no UTF-8 (0x92); it was read as Windows-1252 (cp1252),"
        " as “’”.",
    ),
    "an accent in a comment": (b"it's", b"\xe9t\xc3\xa9", "# été", "(0xE9)"),
    "a byte that Windows does not know either": (b"it's", b"it\x81s", "# it�s", "(0x81)"),
    "half a letter": (b"it's", b"it\xc3s", "# itÃs", "(0xC3)"),
}


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_byte_is_read_and_named(tmp_path, name):
    good, bad, comment, said = STRAY[name]
    path = tmp_path / "x.ipynb"
    path.write_bytes(TEXT.encode().replace(good, bad))
    submitted = read(path)
    assert sources(submitted) == [SOURCES[0], SOURCES[1].replace("# it's", comment)]
    (note,) = submitted.notes
    assert said in note
    assert "Cell 2, line 2" in note


def test_a_stray_byte_where_nothing_counts_is_no_matter(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_bytes(TEXT.encode().replace(b'"metadata": {}', b'"metadata": {"a": "\x92"}'))
    assert read(path) == Submitted(read(path).cells, [])


DAMAGED = {
    "cut off in a text": (
        lambda text: '{"cells": [\n {"source": "x =\n',
        "it breaks off in line 2, column 16, before its JSON is complete.",
    ),
    "cut off between two cells": (
        lambda text: text[: text.index("{", text.index("Schr"))],
        "it breaks off in line 6, column 14, before its JSON is complete.",
    ),
    "cut off in a word": (
        lambda text: '{\n"cells": [], "x": tr',
        "breaks off in line 2, column 20",
    ),
    "cut off in an escape": (lambda text: '{"cells": ["\\u00', "breaks off in line 1"),
    "a conflict of git's": (
        lambda text: text.replace(
            ' "cells"', '<<<<<<< HEAD\n "nbformat": 4,\n=======\n>>>>>>> theirs\n "cells"', 1
        ),
        "git left a merge conflict in it, which begins in line 2 (<<<<<<< HEAD).",
    ),
    "a conflict of git's among cells": (
        lambda text: text.replace('   "metadata"', "=======\n>>>>>>> b\n  metadata", 1),
        "git left a merge conflict in it, which begins in line 6 (=======).",
    ),
    "a comma too many in a list": (
        lambda text: '{"cells": [\n1,\n\n]}',
        "line 2 ends a list with a comma and nothing follows",
    ),
    "a comma too many in an object": (
        lambda text: '{"cells": [],\n "metadata": {},\n}',
        "line 2 ends a list with a comma and nothing follows",
    ),
    "a quotation mark too few": (
        lambda text: text.replace('"cell_type"', "cell_type", 1),
        "it is not valid JSON (line 4, column 4).",
    ),
    "a page that was saved": (
        lambda text: "\n<!DOCTYPE html><html>Sign in</html>",
        "The file is a web page (HTML). Hand in the notebook itself",
    ),
    "a PDF": (lambda text: "%PDF-1.7\n", "The file is a PDF."),
    "zeros": (lambda text: "\0" * 2000, "nothing but zero bytes"),
    "a pointer": (lambda text: "version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
    "a text": (lambda text: "Here it is.", "it is not valid JSON (line 1, column 1)."),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_what_keeps_a_file_from_being_read_is_named_with_its_place(tmp_path, name):
    damage, said = DAMAGED[name]
    path = tmp_path / "x.ipynb"
    path.write_text(damage(json.dumps(json.loads(TEXT), indent=1)), encoding="utf-8")
    assert said in refusal(path)


def test_numbers_that_json_does_not_know_are_no_matter(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(TEXT.replace('"metadata": {}', '"metadata": {"a": [NaN, -Infinity]}'))
    assert sources(read(path)) == SOURCES


def test_a_stray_byte_is_named_where_the_file_is_damaged_too(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_bytes(b'{"a":\n "\x92",\n cells: []}')
    assert (
        "(line 3, column 2). Its first byte that is no UTF-8 (0x92) stands in line 2."
        in refusal(path)
    )


PERCENT = """\
# %% [markdown]
# # A title

# %% nbgrader={"grade_id": "f", "solution": true} slideshow={"slide_type": "slide"}
def f(x):
    return x

# %% A check
f(1)
"""
EXPORTED = """\
#!/usr/bin/env python
# coding: utf-8

# # A title

# In[1]:


def f(x):
    return x


# In[ ]:


f(1)
"""
COLAB = '''\
"""lab.ipynb

Automatically generated by Colab.
"""

!pip install this
import numpy as np

"""## Exercise"""

@wrapped
def f(x):
    if x:
        y = 1

    else:
        y = """
def g(): pass
"""
    return y

f(1)
class A:
    pass
'''
MARIMO = '''\
import marimo

__generated_with = "0.9.14"
app = marimo.App(width="medium")

with app.setup:
    import numpy as np


@app.cell
def __():
    k = 1
    def f(x):
        if x:
            return k

        return 2
    return (f, k)


@app.function
def g(x):
    return x


@app.cell(hide_code=True)
def _(mo):
    mo.md(r"""# Title""")
    return


if __name__ == "__main__":
    app.run()
'''
BROKEN = """\
import numpy as np

def f(x):
    return x

def g(x)
    return x

def h(x):
    pass
"""


def test_scripts_are_taken_apart(tmp_path):
    found = {}
    texts = {"a": PERCENT, "b": EXPORTED, "c": COLAB, "d": BROKEN, "e": MARIMO}
    for name, text in texts.items():
        path = tmp_path / f"{name}.py"
        path.write_bytes(text.encode())
        submitted = read(path)
        assert submitted.notes == [
            "A script was handed in; it was taken apart into the cells of a notebook."
        ]
        found[name] = submitted.cells
    assert [(cell.kind, cell.grade_id, cell.source) for cell in found["a"]] == [
        ("markdown", None, "# A title"),
        ("code", "f", "def f(x):\n    return x"),
        ("code", None, "f(1)"),
    ]
    assert [cell.source for cell in found["b"]][1:] == ["def f(x):\n    return x", "f(1)"]
    assert [cell.source.split("\n")[0] for cell in found["c"]] == [
        '"""lab.ipynb',
        "@wrapped",
        "f(1)",
        "class A:",
    ]
    assert "def g(): pass" in found["c"][1].source
    assert [cell.source for cell in found["d"]] == [
        "import numpy as np",
        "def f(x):\n    return x",
        "def g(x)\n    return x",
        "def h(x):\n    pass",
    ]

    assert [cell.source for cell in found["e"]] == [
        "import numpy as np",
        "k = 1\ndef f(x):\n    if x:\n        return k\n\n    return 2",
        "def g(x):\n    return x",
        'mo.md(r"""# Title""")',
    ]


def test_a_notebook_that_is_called_a_script(tmp_path):
    path = tmp_path / "x.py"
    path.write_text(TEXT)
    assert sources(read(path)) == SOURCES


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, data) in enumerate(files.items(), 1):
            entry = zipfile.ZipInfo(name, (2026, 1, number, 0, 0, 0))
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def test_the_one_notebook_in_an_archive(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(
        zipped(
            {"lab/a.ipynb": TEXT, "__MACOSX/lab/._a.ipynb": b"\0\5\x16\7", "lab/own.py": "x = 1"}
        )
    )
    submitted = read(path)
    assert sources(submitted) == SOURCES
    assert submitted.notes == ["The notebook was taken out of a zip archive, where it is a.ipynb."]
    path.write_bytes(zipped({"lab/own.py": "x = 1"}))
    assert sources(read(path)) == ["x = 1"]


ARCHIVES = {
    "several notebooks": (zipped({"a/old.ipynb": "{}", "new.ipynb": "{}"}), "new.ipynb, old.ipynb"),
    "no notebook": (zipped({"report.docx": b"x"}), "no notebook, only report.docx."),
    "an archive": (zipped({"a.ipynb": zipped({"a.ipynb": TEXT})}), "The file is a zip archive."),
    "half of one": (zipped({"a.ipynb": TEXT * 9})[:-40], "damaged"),
    "an archive packed with care": (
        zipped({"a.ipynb": TEXT}).replace(b"\x14\0\0\0\x08", b"\x14\0\1\0\x08"),
        "damaged, or locked",
    ),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_of_something_else(tmp_path, name):
    data, said = ARCHIVES[name]
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    assert said in refusal(path)


def test_an_archive_expands_no_further_than_a_notebook_may(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST_SUBMISSION", 1_000_000)
    monkeypatch.setattr(archives, "MOST_LOOKED_AT", 10)
    path = tmp_path / "x.zip"
    path.write_bytes(zipped({"a.ipynb": bytes(20_000_000)}))
    assert "more than 1 MB" in refusal(path)
    path.write_bytes(zipped({f"{n}.txt": "" for n in range(11)}))
    assert "more than 10 files" in refusal(path)
