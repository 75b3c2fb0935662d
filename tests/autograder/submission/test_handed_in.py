"""Which of the files in a folder is graded, and what is said where it is another or none."""

import os

import pytest

from autograder.submission import folder as folders
from autograder.submission.decoding import Unreadable
from autograder.submission.handed_in import find_submission, read_submission
from tests.support.notebooks import as_json, code

LAB = "lab4_deep_mini_batch"
ONE, OTHER = as_json([code("x = 1")]), as_json([code("x = 2")])
SAME = as_json([code("x = 1") | {"outputs": [{"a": 1}], "execution_count": 7}])


def lay(folder, files):
    """Write files, each a day older than the one before."""
    for number, (name, text) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, times=(1_800_000_000 - 86_400 * number,) * 2)


LITTER = {
    f"._{LAB} (1).ipynb": "\0\5\x16\7",
    f".~{LAB}.ipynb": "{}",
    f"{LAB}.ipynb~": "{}",
    f"{LAB}.ipynb.bak": "{}",
    f"#{LAB}.ipynb#": "{}",
    f"~${LAB}.ipynb": "{}",
    f".ipynb_checkpoints/{LAB}-checkpoint.ipynb": "{}",
    f"__MACOSX/._{LAB}.ipynb": "{}",
    ".DS_Store": "",
    "Thumbs.db": "",
    "desktop.ini": "",
    "timestamp.txt": "2026-01-01",
}
TAKEN = [
    f"{LAB} (1).ipynb",
    f"{LAB}(1).ipynb",
    f"{LAB}-Copy1.ipynb",
    f"{LAB}_final.ipynb",
    f"{LAB.upper()}.IPYNB",
    f"{LAB}.ipynb.txt",
    f"{LAB}.ipynb.json",
    f"{LAB}.txt",
    "answers.ipynb",
    f"{LAB}/{LAB}.ipynb",
    "my work/week 4/answers.ipynb",
]


@pytest.mark.parametrize("name", TAKEN)
def test_the_only_notebook_is_taken_whatever_lies_around_it(tmp_path, name):
    lay(tmp_path, {**LITTER, name: ONE, "notes.txt": "x", "own.py": "y = 1"})
    path, notes = find_submission(tmp_path, LAB)
    assert path == tmp_path / name
    assert notes == [f"The notebook was called {name}; it should be {LAB}.ipynb."]
    assert [cell.source for cell in read_submission(tmp_path, LAB).cells] == ["x = 1"]


def test_the_right_name_counts_and_a_newer_copy_is_named(tmp_path):
    lay(tmp_path, {f"b/{LAB}.ipynb": OTHER, f"{LAB}.ipynb": ONE, f"{LAB} (1).ipynb": OTHER})
    assert find_submission(tmp_path, LAB) == (
        tmp_path / f"{LAB}.ipynb",
        [
            f"{LAB}.ipynb counts, because of its name. What lies beside it and is newer was not "
            f"graded: b/{LAB}.ipynb."
        ],
    )
    (tmp_path / f"b/{LAB}.ipynb").write_text(ONE)
    assert find_submission(tmp_path, LAB)[1] == []


@pytest.mark.parametrize(
    "names",
    [
        (f"{LAB} (1).ipynb", f"{LAB}.ipynb.txt"),
        (f"work/{LAB}.ipynb", f"backup/{LAB}.ipynb"),
        (f"{LAB}(1).ipynb", "backup/old.ipynb"),
        ("b.py", "a.py"),
    ],
)
def test_several_are_named_the_newest_first(tmp_path, names):
    new, old = names
    lay(tmp_path, {new: ONE, old: OTHER, **LITTER})
    path, notes = find_submission(tmp_path, LAB)
    assert (path, notes) == (tmp_path / f"{LAB}.ipynb", [])
    with pytest.raises(Unreadable) as refusal:
        read_submission(tmp_path, LAB)
    said = f"but there are others, the newest first: {new}, {old}. Keep one"
    assert said in str(refusal.value)


def test_several_that_say_the_same_are_one(tmp_path):
    names = f"{LAB} (1).ipynb", f"backup/{LAB}.ipynb"
    lay(tmp_path, {names[0]: ONE, names[1]: SAME})
    path, notes = find_submission(tmp_path, LAB)
    assert path == tmp_path / names[0]
    assert notes[1:] == ["1 more of the same content lay beside it."]


def test_what_lies_beside_a_file_that_cannot_be_read_is_named(tmp_path):
    lay(tmp_path, {f"{LAB} (1).ipynb": ONE, f"{LAB}.ipynb": ""})
    with pytest.raises(Unreadable, match=r"is empty\. .* was not graded: .* \(1\)\.ipynb\."):
        read_submission(tmp_path, LAB)


INSTEAD = {
    "nothing": ([], f"There is no {LAB}.ipynb; the folder is empty."),
    "only a date": (["timestamp.txt"], "the folder is empty."),
    "what a system leaves": ([f"._{LAB}.ipynb", "Thumbs.db"], "the folder is empty."),
    "a PDF": (["lab.pdf"], f"There is no {LAB}.ipynb, only lab.pdf. Hand in the notebook itself."),
    "a page": (["sub/lab.html"], "only sub/lab.html."),
    "a name of two lines": (["a\nb.txt"], "only a?b.txt."),
    "many": ([f"{n}.txt" for n in range(9)], " and 4 more."),
}


@pytest.mark.parametrize("name", INSTEAD)
def test_what_was_handed_in_instead(tmp_path, name):
    files, sentence = INSTEAD[name]
    lay(tmp_path, dict.fromkeys(files, "x"))
    with pytest.raises(Unreadable) as refusal:
        read_submission(tmp_path, LAB)
    assert sentence in str(refusal.value)


def test_a_lone_script_and_a_lone_archive_are_taken(tmp_path):
    lay(tmp_path, {"own.py": "y = 1", "report.pdf": "x"})
    assert [cell.source for cell in read_submission(tmp_path, LAB).cells] == ["y = 1"]
    lay(tmp_path, {"own.zip": "PK"})
    with pytest.raises(Unreadable, match=r"newest first: own\.(py|zip), own\.(py|zip)\. Keep one"):
        read_submission(tmp_path, LAB)


def test_files_of_the_assignments_other_notebooks_are_left_alone(tmp_path):
    lay(tmp_path, {"hw2.ipynb": ONE, "HW1 (1).ipynb": OTHER, "hw2-extra (1).ipynb": ONE})
    others = {"hw1": ["hw2", "hw2 extra"], "hw2": ["hw1", "hw2 extra"], "hw2 extra": ["hw1", "hw2"]}
    found = {name: find_submission(tmp_path, name, rest)[0].name for name, rest in others.items()}
    assert found == {
        "hw1": "HW1 (1).ipynb",
        "hw2": "hw2.ipynb",
        "hw2 extra": "hw2-extra (1).ipynb",
    }


def test_a_folder_without_end_is_looked_at_in_part(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "MOST_LOOKED_AT", 20)
    lay(tmp_path, {f"{n}.txt": "x" for n in range(50)})
    assert len(list(folders.files_in(tmp_path))) == 20
    deep = tmp_path / "deep"
    lay(deep, {"/".join("d" * 5) + "/a.txt": "x", "/".join("d" * 50) + "/b.txt": "x"})
    assert [path.name for path in folders.files_in(deep)] == ["a.txt"]


def test_no_link_is_followed(tmp_path):
    lay(tmp_path / "theirs", {"answers.ipynb": ONE})
    mine = tmp_path / "mine" / LAB
    mine.mkdir(parents=True)
    (mine / "folder").symlink_to(tmp_path / "theirs")
    with pytest.raises(Unreadable, match=r"only folder\."):
        read_submission(mine, LAB)
    (mine / "a.ipynb").symlink_to(tmp_path / "theirs" / "answers.ipynb")
    with pytest.raises(Unreadable, match="a link"):
        read_submission(mine, LAB)
    for link, target in {tmp_path / "c" / LAB: mine, tmp_path / "d": tmp_path / "mine"}.items():
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(target)
    lay(mine, {"sub/sub/answers.ipynb": ONE})
    (mine / "a.ipynb").unlink()
    assert [cell.source for cell in read_submission(mine, LAB).cells] == ["x = 1"]
    for folder in (tmp_path / "c" / LAB, tmp_path / "d" / LAB):
        with pytest.raises(Unreadable, match="a link"):
            read_submission(folder, LAB)
