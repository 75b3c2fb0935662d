"""What lies beside a notebook when it runs: a person's files, and nothing that could harm."""

from __future__ import annotations

import os
from pathlib import Path, PurePath

import pytest

from autograder.submission import companions
from autograder.submission.companions import LARGEST_FILE, MOST_FILES, find_companions


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_a_module_data_and_a_picture(tmp_path: Path) -> None:
    files = {
        "own.py": "x = 1",
        "data/train.csv": "1,2",
        "a/b/weights.npz": b"PK\x03\x04",
        "picture.png": b"\x89PNG\r\n",
        "requirements.txt": "numpy",
        "my tools/readme.md": "",
        "layers/__init__.py": "",
        "layers/dense.py": "",
    }
    found = find_companions(put(tmp_path, files))
    expected = {PurePath(name): (tmp_path / name).read_bytes() for name in files}
    assert (found.files, found.notes) == (expected, [])


def test_what_is_nobodys_work_is_not_even_named(tmp_path: Path) -> None:
    litter = ["lab.ipynb", "other.IPYNB", ".hidden", "._own.py", "own.py~", "timestamp.txt"]
    litter += ["__pycache__/own.cpython-311.pyc", ".ipynb_checkpoints/own.py", ".git/config"]
    found = find_companions(put(tmp_path, dict.fromkeys(litter, "x")))
    assert (found.files, found.notes) == ({}, [])


LEFT_OUT = {
    "numpy.py": "there is a module `numpy` already",
    "json.py": "there is a module `json` already",
    "sys.py": "there is a module `sys` already",
    "matplotlib/__init__.py": "there is a module `matplotlib` already",
    "matplotlib/pyplot.py": "there is a module `matplotlib` already",
    "helpers/checking/lab1.py": "there is a module `helpers` already",
    "autograder/__init__.py": "there is a module `autograder` already",
    "grader_tests.py": "there is a module `grader_tests` already",
    "sitecustomize.py": "there is a module `sitecustomize` already",
    "usercustomize.py": "there is a module `usercustomize` already",
    "own.so": "it is a program or a compiled library",
    "own.cpython-311-x86_64-linux-gnu.so": "it is a program or a compiled library",
    "libown.so.1": "it is a program or a compiled library",
    "OWN.PYC": "it is a program or a compiled library",
    "own.pth": "it is a program or a compiled library",
    "tool.exe": "it is a program or a compiled library",
    "a/b/c/deep.py": "it lies more than 2 folders deep",
    "given.py": "the course's own file of that name counts",
    "given/__init__.py": "the course has a module `given`",
    "given.py/x.txt": "the course has a file given.py",
    "digits": "the course has a file digits/images.npz",
    "digits.py": "the course has a module `digits`",
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_would_stand_in_for_something_is_left_out(name: str, tmp_path: Path) -> None:
    given = put(tmp_path / "course", {"given.py": "y = 2", "digits/images.npz": "z"})
    places = {PurePath(n): given / n for n in ("given.py", "digits/images.npz")}
    found = find_companions(put(tmp_path / "submitted", {name: "x", "own.py": "x"}), places)
    assert found.files == {PurePath("own.py"): b"x"}
    assert found.notes == [
        f"Beside the notebook, but not there when it ran: {name} ({LEFT_OUT[name]})."
    ]


def test_data_in_a_folder_of_a_modules_name_is_no_module(tmp_path: Path) -> None:
    found = find_companions(put(tmp_path, {"test/images.csv": "1", "numpy/array.txt": "2"}))
    assert len(found.files) == 2


def test_the_courses_own_files_as_they_were_given_are_nothing_to_tell(tmp_path: Path) -> None:
    given = put(tmp_path / "course", {"given.py": "y = 2", "digits/images.npz": "z"})
    places = {PurePath(n): given / n for n in ("given.py", "digits/images.npz")}
    files = {"given.py": "y = 2", "digits/images.npz": "z", "digits/mine.png": "p"}
    found = find_companions(put(tmp_path / "submitted", files), places)
    assert (found.files, found.notes) == ({PurePath("digits/mine.png"): b"p"}, [])


@pytest.mark.parametrize("beginning", [b"\x7fELF\x02", b"MZ\x90\x00\x03", b"\xcf\xfa\xed\xfe"])
def test_a_program_by_another_name(beginning: bytes, tmp_path: Path) -> None:
    found = find_companions(put(tmp_path, {"data.csv": beginning}))
    assert found.files == {}
    assert "data.csv (it is a program" in found.notes[0]


def test_links_pipes_and_what_is_no_file(tmp_path: Path) -> None:
    secret = put(tmp_path, {"secret.txt": "canary"}) / "secret.txt"
    folder = put(tmp_path / "submitted", {"own.py": "x"})
    (folder / "link.txt").symlink_to(secret)
    (folder / "folder").symlink_to(tmp_path)
    (folder / "dangling").symlink_to("nowhere")
    (folder / "device").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.csv")
    found = find_companions(folder)
    assert list(found.files) == [PurePath("own.py")]
    (note,) = found.notes
    for name in ("link.txt", "folder", "dangling", "device"):
        assert f"{name} (it is a link)" in note
    assert "pipe.csv (it is no file)" in note


def test_a_file_that_becomes_a_link_is_not_followed(tmp_path: Path, monkeypatch) -> None:
    secret = put(tmp_path, {"secret.txt": "canary"}) / "secret.txt"
    path = put(tmp_path / "submitted", {"own.txt": "x"}) / "own.txt"
    monkeypatch.setattr(companions, "files_in", lambda folder: [path])
    monkeypatch.setattr(Path, "is_symlink", lambda self: False)
    before = path.lstat()
    path.unlink()
    path.symlink_to(secret)
    monkeypatch.setattr(Path, "lstat", lambda self: before)
    found = find_companions(path.parent)
    assert found.files == {}
    assert "own.txt (it cannot be read" in found.notes[0]


def test_ten_gigabytes_are_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(10 * 10**9)
    found = find_companions(tmp_path)
    assert found.files == {}
    assert "huge.bin (it has 10000 MB, and 20 MB are the limit)" in found.notes[0]


def test_all_together_are_bounded(tmp_path: Path) -> None:
    put(tmp_path, {f"{n}.bin": bytes(LARGEST_FILE) for n in range(4)})
    found = find_companions(tmp_path)
    assert len(found.files) == 2
    assert "2.bin (50 MB are the limit for all files together)" in found.notes[0]


def test_so_is_their_number_and_what_is_said_of_them(tmp_path: Path) -> None:
    put(tmp_path, {f"{n:03}.txt": "x" for n in range(MOST_FILES + 40)} | {"zebra.py": "x"})
    found = find_companions(tmp_path)
    assert len(found.files) == MOST_FILES
    assert PurePath("zebra.py") in found.files
    assert "and 36 more." in found.notes[0]
    assert len(found.notes[0]) < 500


def test_a_change_shows_in_the_digest(tmp_path: Path) -> None:
    digests = {find_companions(tmp_path).digest}
    for files in ({"a.txt": "1"}, {"a.txt": "2"}, {"b.txt": "2"}, {"a.pyc": "3"}):
        digests.add(find_companions(put(tmp_path, files)).digest)
    assert len(digests) == 5
    assert find_companions(tmp_path).digest in digests


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert find_companions(tmp_path / "nowhere").files == {}
