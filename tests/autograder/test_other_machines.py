"""What a Mac lacks, and what Windows lacks, taken away: the first grades, the second says why not.

It is taken from processes of their own, before anything of ours is loaded there.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.__main__ import INSTALL
from autograder.commands import demo
from autograder.course import Course
from autograder.files import HOME
from autograder.submission.answers import fill_in
from grader_tests import lab1
from grader_tests.engine import worked

LAB = "lab1_helper_utilities"
# psutil has ways of its own on each system; those for Linux stand in for them here.
LIKE_A_MAC = """
import builtins, errno, io, os, resource, socket, sys

sys.modules.update(dict.fromkeys(["landlock", "pyseccomp"]))
for module, names in {
    os: "sched_getaffinity memfd_create eventfd",
    socket: "MSG_CMSG_CLOEXEC SOCK_CLOEXEC SOCK_NONBLOCK",
}.items():
    for name in filter(module.__dict__.get, names.split()):
        delattr(module, name)

pairs, opened, limited = socket._socket.socketpair, io.open, resource.setrlimit

def socketpair(family=socket.AF_UNIX, kind=socket.SOCK_STREAM, *rest):
    if kind == socket.SOCK_SEQPACKET:
        raise OSError(43, "Protocol not supported")
    return pairs(family, kind, *rest)

def opens(file, *args, **kwargs):
    if str(file).startswith("/proc") and "psutil" not in sys._getframe(1).f_code.co_filename:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(file))
    return opened(file, *args, **kwargs)

def setrlimit(kind, limits):
    if kind == resource.RLIMIT_AS:
        raise ValueError("current limit exceeds maximum limit")
    return limited(kind, limits)

socket._socket.socketpair, resource.setrlimit = socketpair, setrlimit
builtins.open = io.open = opens
"""
LIKE_WINDOWS = """
import asyncio, os, psutil, signal, socket, sys

sys.modules.update(dict.fromkeys(["landlock", "pyseccomp", "resource"]))
for module, names in {
    os: "fork sysconf sched_getaffinity WIFEXITED WTERMSIG",
    socket: "AF_UNIX send_fds recv_fds SOCK_SEQPACKET MSG_DONTWAIT",
    signal: "SIGKILL SIGXCPU SIGALRM SIGPROF setitimer ITIMER_REAL ITIMER_PROF",
}.items():
    for name in filter(module.__dict__.get, names.split()):
        delattr(module, name)
"""
GRADER = "import sys; from autograder.__main__ import main; sys.exit(main(sys.argv[1:]))"
# A worker's process has an environment of its own, in which the same is taken away.
ALSO_IN_WORKERS = """
import os
from autograder.judge import workers
workers._ENVIRONMENT["PYTHONPATH"] = os.environ["PYTHONPATH"]
"""


@pytest.fixture
def without(tmp_path):
    """Run Python code where something has been taken away."""

    def run(taken: str, code: str, *arguments: str) -> tuple[int, str]:
        (tmp_path / "sitecustomize.py").write_text(taken, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{HOME}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return run


@pytest.fixture
def notebook(tmp_path):
    def write(answers: dict[str, str]) -> str:
        path = tmp_path / "my work.ipynb"
        fill_in(Course(HOME).released(LAB), answers, path)
        return str(path)

    return write


def known(name: str) -> dict[str, str]:
    (mistake,) = [mistake for mistake in lab1.lab.mistakes if mistake.name == name]
    return {mistake.cell: mistake.source(LAB)}


@pytest.mark.classroom
@pytest.mark.parametrize(
    ("changed", "ends"),
    [
        ({}, "30 of 30 points\n"),
        (known("one-hot counts from 1"), "26 of 30 points\n"),
        ({"compute_cost": "def compute_cost(A2, Y):\n    while True: pass"}, "24 of 30 points\n"),
        ({"compute_cost": "import os\nos._exit(3)"}, "24 of 30 points\n"),
    ],
    ids=["right", "a mistake", "an endless loop", "an end to the process"],
)
def test_a_notebook_is_checked_on_a_mac_and_the_result_says_how(without, notebook, changed, ends):
    path = notebook(worked.cells(LAB) | changed)
    code = ALSO_IN_WORKERS + GRADER
    status, said = without(LIKE_A_MAC, code, "check", "--unconfined", path)
    assert "Traceback" not in said
    assert status == (0 if not changed else 1)
    assert said.endswith(
        f"Graded UNCONFINED: the notebook's code could do whatever you can do.\n{ends}"
    )


@pytest.mark.classroom
def test_without_the_option_a_mac_says_which_to_add(without, notebook):
    status, said = without(LIKE_A_MAC, GRADER, "check", notebook(worked.cells(LAB)))
    assert status == 2
    assert said.endswith("only notebooks that you trust: --unconfined.\n")


IGNORES_INTERRUPTS = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
ENDLESS = {"sigmoid": worked.cells(LAB)["sigmoid"] + "\nwhile True:\n    pass"}


@pytest.mark.classroom
@pytest.mark.kernel
def test_a_grader_in_the_background_still_interrupts_a_cell_and_goes_on_behind_it(
    without, notebook
):
    """A shell has what it runs with `&` or `nohup` ignore interrupts."""
    answers = worked.cells(LAB) | ENDLESS
    status, said = without(IGNORES_INTERRUPTS, GRADER, "check", notebook(answers))
    assert "was stopped after" in said
    assert said.endswith("30 of 30 points\n"), said
    assert status == 0


COMMANDS = [
    *([command] for command in ("check", "try", "report", "export", "demo")),
    ["check", "--unconfined", "mine.ipynb"],
    [LAB],
    [LAB, "--unconfined", "--json"],
    ["--help"],
    [],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_on_windows_every_command_names_wsl_in_a_sentence(without, command):
    status, said = without(LIKE_WINDOWS, GRADER, *command)
    assert status == 2
    assert "WSL" in said
    assert said.count("\n") == 1
    assert "--unconfined" not in said


IMPORTS = """
import importlib, pkgutil
from autograder import commands, plugins
for module in pkgutil.iter_modules(commands.__path__):
    importlib.import_module(f"{commands.__name__}.{module.name}")
from autograder.judge.sandbox import confinement_or_explain
print(confinement_or_explain(unconfined=True))
"""


def test_on_windows_everything_can_be_imported_as_nbgrader_does(without):
    status, said = without(LIKE_WINDOWS, IMPORTS)
    assert status == 0, said
    assert "WSL" in said
    assert "--unconfined" not in said


@pytest.mark.parametrize("package", ["nh3", "psutil", "rapidfuzz"])
@pytest.mark.parametrize("command", [["check", "mine.ipynb"], [LAB], ["demo"]], ids=" ".join)
def test_a_package_that_is_missing_is_named_and_how_it_is_had(without, command, package):
    taken = f"import sys; sys.modules[{package!r}] = None"
    status, said = without(taken, GRADER, *command)
    assert status == 2
    assert f"the package {package}, which is not installed" in said
    assert said.endswith(f"{INSTALL}\n")
    assert said.count("\n") == 1


def test_other_packages_of_our_names_do_not_stand_in_our_way(tmp_path):
    for name in ("helpers", "grader_tests", "tests"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('another package')")
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "nowhere.ipynb"],
        cwd=tmp_path.parent,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{HOME}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "There is no nowhere.ipynb" in done.stdout + done.stderr


def test_a_demo_that_cannot_be_written_says_so(tmp_path, monkeypatch, capsys):
    (tmp_path / "demo").write_text("somebody's file")
    monkeypatch.setattr(demo, "HOME", tmp_path)
    assert demo.main([]) == 2
    said = capsys.readouterr().out
    assert f"cannot write to {tmp_path / 'demo'}" in said
    assert said.count("\n") == 1


SHELLS = [
    {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
    {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "POSIX", "PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "ascii"},
]


@pytest.mark.parametrize("shell", SHELLS, ids=str)
def test_a_name_is_printed_in_any_shell(tmp_path, shell):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "check", "größe 北京.ipynb"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOME)} | shell,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, b"")
    assert b"There is no gr" in done.stdout
