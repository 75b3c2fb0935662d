"""Nobody reads what is secret: each secret lies where it would be, and is not in what is shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from autograder.files import HOME
from autograder.grading.run import Run
from autograder.judge.workers import zygote
from tests.attacks.desk import CHEATER, LAB, NEIGHBOUR, PATIENCE, WORKED, Desk

SOURCES = [HOME / "grader_tests" / "lab1" / "tests.py", HOME / "solutions" / LAB / f"{LAB}.py"]
CANARIES = [
    "canary-in-the-home-folder",
    "canary-in-the-environment",
    "canary-in-the-gradebook",
    "canary-in-the-submission",
    "rng.permutation(np.arange(-6, 7))",  # a line of the hidden tests
    "def _penalty_cases",
    "np.clip(A2",  # a line of the worked lab
]
READ = """
import os
def show(path):
    try:
        if os.path.isdir(path):
            print(path, os.listdir(path))
            for name in os.listdir(path):
                show(os.path.join(path, name))
        else:
            with open(path, "rb") as file:
                print(path, file.read())
    except OSError as error:
        print(type(error).__name__)
"""
LOOKING = {
    "In, history and frames": """
        print(In, Out, _ih, _oh, globals())
        import sys, traceback, inspect
        for frame in sys._current_frames().values():
            while frame is not None:
                print(frame, frame.f_locals, frame.f_globals)
                print(frame.f_code.co_consts, frame.f_code.co_names)
                frame = frame.f_back
        print([info.code_context for info in inspect.stack()])
        %history -g
        %history -n
        """,
    "everything that the collector knows": """
        import gc
        def look():
            gc.unfreeze()
            # The words must not themselves stand in what is searched.
            words = [word[::-1] for word in ("-ni-yranac", "sesac_ytlanep", "knab_1bal")]
            for thing in gc.get_objects():
                if type(thing) in (dict, list, tuple, set) and thing is not words:
                    for item in [*thing, *(thing.values() if type(thing) is dict else ())]:
                        if type(item) in (str, bytes):
                            for word in words:
                                if word in str(item):
                                    print("I FOUND", word)
        look()
        """,
    "the environment": """
        import os, ctypes
        print(dict(os.environ), os.environb)
        environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
        number = 0
        while environ[number]:
            print(environ[number]); number += 1
        print(os.popen("env").read())
        """,
    "its own memory": """
        import ctypes, os, re
        print(open("/proc/self/maps").read()[:100])
        """,
    "the import system": """
        import importlib, importlib.util, pkgutil, sys
        for name in ("grader_tests", "grader_tests.lab1", "grader_tests.lab1.tests",
                     "grader_tests.lab1.bank", "autograder.judge.judge", "nbgrader_config"):
            try:
                module = importlib.import_module(name)
                print("I FOUND", name, vars(module))
            except BaseException as error:
                print(type(error).__name__)
        import inspect
        from helpers.checking import lab1
        print(inspect.getsource(lab1))
        """,
    "shell commands and magics": """
        %system cat /etc/passwd
        !cat ../../source/*/* ../../solutions/*/*
        %load_ext sql
        %run -i ../../solutions/lab1_helper_utilities/lab1_helper_utilities.py
        %pycat ../../gradebook.db
        %cd ..
        %ls
        """,
}


def _paths(desk: Desk) -> list[Path]:
    root = desk.course.root
    home = root.parent / "home"
    return [
        *SOURCES,
        root / "gradebook.db",
        root / "solutions" / LAB,
        root / "submitted" / NEIGHBOUR / LAB,
        root / "autograded" / NEIGHBOUR / LAB,
        home / "diary",
        root,
        root.parent / "temporary",
    ]


def _assert_nothing_seen(text: str) -> None:
    assert [canary for canary in CANARIES if canary in text] == []


def test_the_secrets_lie_where_we_look(desk: Desk) -> None:
    """Whoever is not confined finds them all, but for the environment's."""
    exec(READ, names := {"print": lambda *words: seen.extend(map(str, words))})
    seen: list[str] = []
    for path in _paths(desk):
        names["show"](str(path))
    text = "".join(seen)
    assert [canary for canary in CANARIES if canary not in text] == ["canary-in-the-environment"]


def test_files(desk: Desk) -> None:
    """By their paths, from where the notebook lies, and through the processes that have them."""
    shown = [str(path) for path in _paths(desk)]
    shown += ["../../source", "../../solutions", "..", "/", "/tmp", "/root", "/home"]
    pids = ["self", "1", str(zygote()._process.pid), str(os.getpid())]
    shown += [f"/proc/{pid}/{name}" for pid in pids for name in ("environ", "mem", "fd", "root")]
    result = desk.cheat(READ + f"for path in {shown}: show(os.path.expanduser(path))")
    words = result.own_cells[-1].outputs[0].text.split()
    assert set(words) == {"PermissionError", "FileNotFoundError"}
    _assert_nothing_seen(result.judged.notebooks[LAB])


@pytest.mark.parametrize("name", LOOKING)
def test_looking_around(desk: Desk, name: str) -> None:
    patience = PATIENCE | {"cell_seconds": 5.0, "submission_seconds": 20.0}  # there is a lot
    result = desk.cheat(LOOKING[name], patience=patience)
    _assert_nothing_seen(result.judged.notebooks[LAB])
    outputs = result.own_cells[-1].outputs
    assert not [line for line in str(outputs).splitlines() if "I FOUND" in line]


def test_links_made_by_the_code(desk: Desk) -> None:
    source = f"""
        import os, shutil
        for number, path in enumerate({[str(path) for path in _paths(desk)]}):
            for make in (os.symlink, os.link, shutil.copy, os.rename, shutil.copytree):
                try:
                    make(path, f"link{{number}}")
                    print("MADE", open(f"link{{number}}").read())
                except OSError as error:
                    print(type(error).__name__)
        """
    result = desk.cheat(source)
    assert "MADE" not in result.shown
    _assert_nothing_seen(result.judged.notebooks[LAB])


def test_another_submission_in_the_temporary_folder(desk: Desk, around: Path) -> None:
    """The folders of submissions that are graded at the same moment lie side by side."""
    other = around / "temporary" / "submission-other"
    other.mkdir()
    (other / "notes.txt").write_text("canary-in-the-submission")
    try:
        result = desk.cheat(READ + "show('..')\nshow('../submission-other/notes.txt')")
    finally:
        (other / "notes.txt").unlink()
        other.rmdir()
    assert result.own_cells[-1].outputs[0].text.split() == ["PermissionError"] * 2


def test_links_handed_in(desk: Desk) -> None:
    """The notebook itself, and what lies beside it, as links to what is secret."""
    path = desk.hand_in(READ + "show('.')")
    for number, secret in enumerate(_paths(desk)):
        path.with_name(f"secret{number}").symlink_to(secret)
    result = desk.judge()
    assert result.own_cells[-1].outputs[0].text == ". []\n"
    _assert_nothing_seen(result.judged.notebooks[LAB])


@pytest.mark.parametrize("level", ["notebook", "assignment", "student"])
def test_a_neighbours_work_linked_to(desk: Desk, level: str) -> None:
    path = desk.folder() / f"{LAB}.ipynb"
    link = {"notebook": path, "assignment": path.parent, "student": path.parent.parent}[level]
    target = desk.folder(NEIGHBOUR) / f"{LAB}.ipynb"
    for _ in range(["notebook", "assignment", "student"].index(level)):
        target = target.parent
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)
    result = desk.judge()
    assert result.points == 0
    _assert_nothing_seen(result.judged.notebooks[LAB])


def test_tracebacks_and_results_show_no_hidden_test(desk: Desk) -> None:
    """Whatever the student's functions raise, and whatever they are given."""
    source = """
        import inspect, traceback
        def spy(*args, **kwargs):
            frames = [f"{frame.filename}{frame.code_context}" for frame in inspect.stack()]
            raise ValueError(frames, "".join(traceback.format_stack()), args)
        class Sigmoid:
            __call__ = prime = spy
        one_hot = compute_cost = spy
        Regularization = spy
        """
    desk.hand_in(source)
    desk.grade(CHEATER)
    assert list(Run(desk.course, LAB, 1).write_feedback([CHEATER])) == []
    page = desk.course.feedback(CHEATER, LAB).read_text()
    results = desk.course.results(CHEATER, LAB).read_text()
    _assert_nothing_seen(page + results + desk.course.autograded(CHEATER, LAB).read_text())
    assert "grader_tests" not in page + results
    assert "HIDDEN TESTS" not in page


def test_what_a_solution_gives_is_nowhere_in_the_page(desk: Desk) -> None:
    """Wrong answers are told how they are wrong, and not what would have been right."""
    source = """
        def one_hot(Y, n):
            raise ValueError(Y.tolist())
        """
    desk.hand_in(answers=WORKED | {"one_hot": source})
    desk.grade(CHEATER)
    text = desk.course.results(CHEATER, LAB).read_text()
    assert "[[1.0" not in text
    assert "[[0.0" not in text


def test_the_descriptors_of_a_worker_lead_nowhere(desk: Desk) -> None:
    source = """
        import os, stat
        null = os.stat(os.devnull)
        for descriptor in range(200):
            try:
                kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
            except OSError:
                continue
            if kind in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK):
                print("I FOUND", descriptor, kind)
            if kind == stat.S_IFCHR and not os.path.samestat(os.fstat(descriptor), null):
                print("I FOUND", descriptor, "a device")
        """
    assert desk.cheat(source).own_cells[-1].outputs == []
