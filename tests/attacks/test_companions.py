"""Files beside the notebook, and the grader's own help for cells: neither gains anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.attacks.desk import FULL, IMPATIENCE, WORKED, Desk

IMPORTS = "import numpy as np\nfrom scipy.special import expit\n"


def put(desk: Desk, name: str, content: str) -> None:
    path = desk.folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


SHADOWS = [
    *("numpy", "json", "random", "helpers/__init__", "grader_tests/lab1", "autograder/border/wire"),
    *("sklearn/__init__", "scipy/optimize", "IPython/core/magics/script", "sitecustomize"),
    *("antigravity", "pandas/core/frame", "xml/dom/minidom", "ipykernel/pickleutil"),
]


def test_no_module_of_ours_or_pythons_is_shadowed(desk: Desk) -> None:
    """Neither what is loaded nor what is loaded later: by the student, or by IPython."""
    lazily = "import sklearn, scipy.optimize, xml.dom.minidom, random; from helpers import data"
    path = desk.hand_in(f"{lazily}\n%sx ls\n%pip list\nprint('unharmed')", answers=WORKED)
    for name in SHADOWS:
        put(desk, f"{name}.py", "raise SystemExit('shadowed')")
    result = desk.judge()
    assert result.points == FULL
    assert result.shown.endswith("unharmed\n")
    assert os.path.lexists(path)
    assert "json.py (there is a module `json` already)" in result.notebook.metadata.notes[0]


def test_a_module_of_ones_own_is_imported(desk: Desk) -> None:
    desk.hand_in(answers=WORKED | {"one_hot": "from own import one_hot"})
    put(desk, "own.py", f"{IMPORTS}{WORKED['one_hot']}")
    assert desk.judge().points == FULL


EVIL = {
    "leaves": "import os; os._exit(0)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "never ends": "while True: pass",
    "starts a process": "import subprocess; subprocess.run(['ls'])",
    "takes over imports": "import sys; sys.modules.clear()",
    "takes over the path": "import sys; sys.path[:] = [''] * 3",
}


@pytest.mark.parametrize("name", EVIL)
def test_a_module_that_does_harm_costs_its_own_cell(desk: Desk, name: str) -> None:
    desk.hand_in("import own", answers=WORKED)
    put(desk, "own.py", EVIL[name])
    assert desk.judge(patience=IMPATIENCE).points == (FULL if "clear" not in EVIL[name] else 0)


def test_a_module_gains_no_points(desk: Desk) -> None:
    desk.hand_in("import own", answers=dict.fromkeys(WORKED, "from own import *"))
    put(desk, "own.py", "from grader_tests import lab1\none_hot = lab1.lab.definitions['one_hot']")
    assert desk.judge().points == 0


def test_odd_files_hold_up_nobody(desk: Desk, around: Path) -> None:
    path = desk.hand_in("import os; print(sorted(os.listdir()))", answers=WORKED)
    folder = path.parent
    (folder / "diary").symlink_to(around / "home" / "diary")
    (folder / "home").symlink_to(around / "home")
    (folder / "noise").symlink_to("/dev/urandom")
    os.mkfifo(folder / "pipe")
    with (folder / "huge.csv").open("wb") as file:
        file.truncate(10 * 10**9)
    put(desk, "program", "\x7fELF")
    deep = folder
    for _ in range(50):
        deep = deep / "deeper"
        deep.mkdir()
        (deep / "file").write_text("x")
    for number in range(3_000):
        (folder / f"{number}.txt").touch()
    result = desk.judge()
    assert result.points == FULL
    listed = result.own_cells[-1].outputs[0].text
    for name in ("diary", "home", "noise", "pipe", "huge.csv", "program"):
        assert f"'{name}'" not in listed
    assert "canary" not in result.judged.notebooks.popitem()[1]


def test_what_one_leaves_beside_is_not_there_for_the_next(desk: Desk) -> None:
    """A worker writes into a copy."""
    desk.hand_in("open('data.txt', 'w').write('changed')", answers=WORKED)
    put(desk, "data.txt", "as handed in")
    assert desk.judge().points == FULL
    assert (desk.folder() / "data.txt").read_text() == "as handed in"


PROCESSES = {
    "an escape": "!touch made",
    "a script": "%%bash\ntouch made",
    "what was replaced": "get_ipython().__class__.__mro__[2].system(get_ipython(), 'touch made')",
    "what was replaced, raw": """
        from IPython.core.interactiveshell import InteractiveShell
        InteractiveShell.system_raw(get_ipython(), 'touch made')
        """,
    "a script's own way": """
        from IPython.core.magics import ScriptMagics
        ScriptMagics(get_ipython()).shebang('touch made', '')
        """,
    "a pager": "import os; os.environ['PAGER'] = 'touch made'; get_ipython().system('$PAGER')",
    "an editor": "import os; os.environ['EDITOR'] = 'touch made'\n%edit made2",
    "an extension": "%load_ext own",
}


@pytest.mark.parametrize("name", PROCESSES)
def test_no_magic_starts_a_process(desk: Desk, name: str) -> None:
    look = "import os; print('it was made:', os.path.exists('made'))"
    desk.hand_in(PROCESSES[name], look, answers=WORKED)
    put(desk, "own.py", "def load_ipython_extension(_):\n    import os; os.system('touch made')")
    result = desk.judge()
    assert result.points == FULL
    assert result.shown.endswith("it was made: False\n")


IMPORTING = {
    "numpy replaced": """
        import sys, types
        np = sys.modules["numpy"] = types.SimpleNamespace(array_equal=lambda *_: True)
        del np
        """,
    "imports that leave": "import builtins, os\nbuiltins.__import__ = lambda *_: os._exit(0)",
    "imports that never end": """
        import builtins
        def for_ever(*_):
            while True: pass
        builtins.__import__ = for_ever
        """,
    "imports that exit": """
        import builtins
        def leave(*_): raise SystemExit
        builtins.__import__ = leave
        """,
    "imports that are interrupted": """
        import builtins
        def leave(*_): raise KeyboardInterrupt
        builtins.__import__ = leave
        """,
    "an exec of one's own": "import builtins, os\nbuiltins.exec = lambda *_: os._exit(0)",
    "a namespace that answers": """
        class Answers(dict):
            def keys(self): raise SystemExit
        get_ipython().user_ns = Answers()
        """,
}


@pytest.mark.parametrize("name", IMPORTING)
def test_imports_that_are_made_up_for_run_nothing_for_anybody(desk: Desk, name: str) -> None:
    """They run beside the code that failed, as that itself did."""
    cell = f"{IMPORTING[name].strip()}\n1 / 0\n".replace("\n        ", "\n")
    assert desk.cheat(first=[cell], patience=IMPATIENCE).points == 0


def test_all_budgets_at_once(desk: Desk) -> None:
    """Long cells, cells that crash, answers that never end, tests that crash: there is an end."""
    cells = ["def part(): return 1\nwhile True: pass", "import os; os._exit(1)"] * 40
    slow = "import time\nwhile True: time.sleep(0)\n"
    answers = {"one_hot": f"def one_hot(*_):\n    import os; os._exit(1)\n{slow}"}
    answers["sigmoid"] = (
        f"class Sigmoid:\n    def __call__(self, z):\n        while True: pass\n{slow}"
    )
    result = desk.cheat(*cells, first=cells, answers=answers, patience=IMPATIENCE)
    assert result.points == 0
    assert len(result.notebook.metadata.notes) < 20
    assert max(map(len, result.notebook.metadata.notes)) < 1_000


def test_the_time_of_a_cell_is_the_judges_to_tell(desk: Desk) -> None:
    lie = "import time, resource; time.process_time = time.monotonic = lambda: 0.0"
    name = "x = 1  # \x1b[2J<script>\n" + lie
    result = desk.cheat(name, "while True: pass", answers=WORKED, patience=IMPATIENCE)
    (long,) = result.notebook.metadata.grading.long_cells
    assert long["ended"] == "stopped"
    assert long["seconds"] > 0
    (note,) = [text for text in result.notebook.metadata.notes if "was stopped after" in text]
    assert "`while True: pass`" in note
