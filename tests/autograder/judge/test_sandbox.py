"""A worker may crash, hang or run out of memory; the judge has a reason, and goes on."""

from __future__ import annotations

import time

import numpy as np
import pytest

from autograder.confinement.limits import Limits
from autograder.judge.sandbox import Sandbox
from autograder.judge.workers import IDLE, MOST_RESTARTS, Gone, Patience, zygote
from helpers.checking.namespace import StudentError, changed_by, rng

pytestmark = pytest.mark.kernel

QUICK = Patience(cell_seconds=0.5, call_seconds=0.5, submission_seconds=20)


@pytest.fixture
def box():
    with Sandbox(zygote(), Limits(memory_mb=512), QUICK) as sandbox:
        yield sandbox


def text(outputs: list[dict]) -> str:
    return " ".join(str(output.get("text", output.get("evalue", ""))) for output in outputs)


def test_cells_run_and_functions_are_called_with_data(box):
    assert "3" in text(box.run("print(1 + 2)"))
    box.run("def double(x):\n    return {'y': 2 * x}")
    answer = box.student.double(np.arange(3.0))
    np.testing.assert_array_equal(answer["y"], [0, 2, 4])


def test_objects_stay_in_the_worker_and_are_used_from_here(box):
    box.run(
        "class A:\n    def __init__(self, n): self.n = n\n    def f(self, x): return self.n * x"
    )
    thing = box.student.A(3)
    assert thing.f(2) == 6
    thing.n = 5
    assert (thing.n, thing.f(2)) == (5, 10)


def test_changed_inputs_are_reported(box):
    box.run("def spoil(x):\n    x[0] = 9\n    return x")
    student = box.student
    student.spoil(np.zeros(2))
    assert changed_by(student) == ["x"]


def test_recipes_are_made_in_the_worker(box):
    box.run("def draw(rng):\n    return rng.normal(size=3)")
    np.testing.assert_array_equal(box.student.draw(rng(7)), np.random.default_rng(7).normal(size=3))


def test_a_stand_in_answers_from_here_while_the_student_calls_it(box):
    box.run("def part(x):\n    return -1\ndef whole(x):\n    return part(x) + 1")

    def part(x):
        return 10 * x

    part.__module__ = "lab0_test"
    student = box.student
    with student._standing_in({"part": part}):
        assert student.whole(2) == 21
    assert student.whole(2) == 0


@pytest.mark.parametrize("name", ["__globals__", "__code__", "_secret", "__class__"])
def test_a_stand_in_shows_nothing_of_itself(box, name):
    box.run(f"def whole():\n    return str(getattr(part, {name!r}))")

    def part():
        return 1

    part.__module__ = "lab0_test"
    student = box.student
    with student._standing_in({"part": part}):
        if name == "__class__":  # the worker's own view of it
            assert "Thing" in student.whole()
        else:
            with pytest.raises(StudentError):
                student.whole()


CRASHES = {
    "endless loop": ("while True: pass", "never ends"),
    "endless loop that ignores interrupts": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "never ends",
    ),
    "leaves": ("import os; os._exit(3)", "ended the whole process"),
    "crashes": ("import ctypes; ctypes.string_at(0)", "crashed Python"),
    "memory": ("x = bytearray(2 * 10**9)", "MemoryError"),
}


@pytest.mark.parametrize("source", CRASHES)
def test_a_lost_worker_has_a_reason_and_the_next_one_knows_what_ran(box, source):
    code, reason = CRASHES[source]
    box.run("def f():\n    return 1")
    outputs = box.run(code)
    assert reason in text(outputs) or reason in str(outputs)
    assert box.student.f() == 1


def test_a_call_that_never_ends_is_given_up(box):
    box.run("def f():\n    while True: pass\ndef g():\n    return 2")
    with pytest.raises(Gone, match="never ends"):
        box.student.f()
    assert box.student.g() == 2


def test_a_stand_in_that_asks_back_gives_no_more_time(box):
    box.run("def f(rng):\n    while True: part(rng)\ndef g():\n    return 2")

    def part(rng):
        return rng.permutation(3)

    part.__module__ = "lab0_test"
    student = box.student
    started = time.monotonic()
    with student._standing_in({"part": part}), pytest.raises(Gone, match="never ends"):
        student.f(rng(7))
    assert time.monotonic() - started < 2 * IDLE * QUICK.call_seconds
    assert box.student.g() == 2


BRIEF = Patience(cell_seconds=0.5, call_seconds=0.5, submission_seconds=1)
SLOW = "while True: pass"


def test_own_cells_use_up_no_time_but_their_own():
    """Answers further down, and tests, have theirs."""
    with Sandbox(zygote(), Limits(), BRIEF) as box:
        outputs = [box.run(f"def f{n}(): return {n}\n{SLOW}") for n in range(6)]
        assert "never ends" in text(outputs[0])
        assert "have used up the 1 seconds that they have in all" in text(outputs[-1])
        assert "42" in text(box.run("print(42)", budget=box.answers))
        assert [getattr(box.student, f"f{n}")() for n in range(6)] == [*range(6)]
        skipped = [ran.skipped for ran in box.ran[:6]]
        assert skipped == sorted(skipped)
        assert 0 < sum(skipped) < 6


def test_own_cells_that_crash_use_up_no_workers_but_their_own():
    crash = "import os; os._exit(1)"
    with Sandbox(zygote(), Limits(), QUICK) as box:
        for n in range(MOST_RESTARTS + 3):
            box.run(f"def f{n}(): return {n}\n{crash}")
        box.run("def answer(): return 42", budget=box.answers)
        assert box.student.answer() == 42
        assert box.student.f0() == 0
        assert getattr(box.student, f"f{n}")() == n


def test_tests_have_so_much_time_in_all():
    patience = Patience(cell_seconds=0.5, call_seconds=0.7, submission_seconds=1)
    with Sandbox(zygote(), Limits(), patience) as box:
        box.run(f"def f():\n    {SLOW}\ndef g():\n    return 1")
        assert box.student.g() == 1
        for _ in range(2):
            with pytest.raises(Gone):
                box.student.f()
        with pytest.raises(Gone, match="The tests have used up"):
            box.student.g()


def test_what_tests_lose_costs_no_cell_its_time_again():
    """A long cell is looked through for what it defines; the tests' own time is not touched."""
    work = "for _ in range(10**9): pass"
    patience = Patience(cell_seconds=1.5, call_seconds=0.2, submission_seconds=6)
    long = f"value = 1\ndef f():\n    while True: pass\ndef g(): return value\n{work}"
    with Sandbox(zygote(), Limits(), patience) as box:
        for _ in range(3):
            box.run(long)
        for _ in range(4):
            with pytest.raises(Gone, match="never ends"):
                box.student.f()
        assert box.student.g() == 1
        assert box.answers.processor > 3


def test_a_stopped_cell_leaves_the_others_alone():
    """It is interrupted as in a kernel: what ran before need not run again."""
    with Sandbox(zygote(), Limits(), BRIEF) as box:
        box.run("import os, random; number = random.random(), os.getpid()")
        before = text(box.run("print(number)"))
        box.run(f"found = 1\n{SLOW}\nlost = 2\ndef f(): return found")
        assert text(box.run("print(number)")) == before
        assert box.student.f() == 1
        with pytest.raises(StudentError, match="There is no `never`"):
            _ = box.student.never


@pytest.mark.parametrize("cell", ["time.sleep(3600)", "threading.Event().wait()"])
def test_time_by_the_clock_is_measured_too(cell):
    patience = Patience(cell_seconds=0.1, call_seconds=0.1, submission_seconds=1)
    with Sandbox(zygote(), Limits(), patience) as box:
        assert "was stopped here" in text(box.run(f"import threading, time; {cell}"))
        assert box.ran[0].clock >= IDLE * 0.1 > box.ran[0].seconds


def test_a_cell_cannot_lie_about_its_time():
    lie = "import time; time.process_time = time.monotonic = time.time = lambda: 0.0"
    with Sandbox(zygote(), Limits(), BRIEF) as box:
        box.run(lie)
        assert "never ends" in text(box.run(SLOW))
        assert box.ran[-1].seconds > 0


# Cells that stop before they define `f`, what is said of it, and the line that is quoted.
STOPPED = {
    "from google.colab import files\ndef f(): return 1": (
        "stopped in its line 1 with ModuleNotFoundError: No module named 'google'.",
        "from google.colab import files",
    ),
    "x = 1\nimport kaggle_secrets\ndef f(): return 1": (
        "stopped in its line 2 with ModuleNotFoundError: No module named 'kaggle_secrets'.",
        "import kaggle_secrets",
    ),
    "assert (784, 5000) == (784, 60000)\nf = lambda: 1": (
        "stopped in its line 1 with AssertionError.",
        "assert (784, 5000) == (784, 60000)",
    ),
    "assert False, 'X has 5,000 columns'\nf, g = 1, 2": (
        "stopped in its line 1 with AssertionError: X has 5,000 columns.",
        "assert False, 'X has 5,000 columns'",
    ),
    "def f(Y: NDArray): return 1": (
        "stopped in its line 1 with NameError: name 'NDArray' is not defined.",
        "def f(Y: NDArray): return 1",
    ),
    "y = 1\ndef f(:\n    return 1": (
        "stopped in its line 2 with SyntaxError: invalid syntax.",
        "def f(:",
    ),
    "def f():\n    return sum([1, 2)": (
        "stopped in its line 2 with SyntaxError: "
        "closing parenthesis ')' does not match opening parenthesis '['.",
        "return sum([1, 2)",
    ),
    "def f():\n    y = [1,\n    return 2": (
        "stopped in its line 2 with SyntaxError: '[' was never closed.",
        "y = [1,",
    ),
    "def f():\n    return (1 +\n": (
        "stopped in its line 2 with SyntaxError: '(' was never closed.",
        "return (1 +",
    ),
    "def f():\n    '''Return 1.\n    return 1": (
        "stopped in its line 2 with SyntaxError: "
        "unterminated triple-quoted string literal (detected at line 3).",
        "'''Return 1.",
    ),
    "def f():\nreturn 1": (
        "stopped in its line 2 with IndentationError: "
        "expected an indented block after function definition on line 1.",
        "return 1",
    ),
    "x = 3\n  y = 4\ndef f(): return 1": (
        "stopped in its line 2 with IndentationError: unexpected indent.",
        "y = 4",
    ),
    "%%time\nx = 1\nopen('/nowhere')\ndef f(): return 1": (
        "stopped in its line 3 with FileNotFoundError: "
        "[Errno 2] No such file or directory: '/nowhere'.",
        "open('/nowhere')",
    ),
    "def g():\n    raise RuntimeError('widget')\n\ng()\nimport json as f": (
        "stopped in its line 4 with RuntimeError: widget.",
        "g()",
    ),
    "%xmode Plain\n%tensorboard\nclass f: pass": (
        "stopped in its line 2 with UsageError: Line magic function `%tensorboard` not found.",
        "%tensorboard",
    ),
    "import sys; sys.exit(3)\nasync def f(): pass": (
        "stopped in its line 1 with SystemExit: 3.",
        "import sys; sys.exit(3)",
    ),
}


@pytest.mark.parametrize("source", STOPPED)
def test_a_missing_name_is_explained_by_the_cell_that_stopped(box, source):
    why, line = STOPPED[source]
    box.run("number = 1")
    box.run(source)
    with pytest.raises(StudentError) as caught:
        _ = box.student.f
    assert caught.value.reason == f"There is no `f`: the cell that defines it {why}"
    assert caught.value.place == f"It was raised in `{line}`."


def test_a_missing_part_is_explained_too(box):
    box.run("import nowhere\ndef part(): return 1")
    box.run("def f():\n    return part()")
    with pytest.raises(StudentError) as caught:
        box.student.f()
    assert caught.value.reason == (
        "NameError: name 'part' is not defined. There is no `part`: the cell that defines it "
        "stopped in its line 1 with ModuleNotFoundError: No module named 'nowhere'."
    )
    assert "line 2 of your code" in caught.value.place


@pytest.mark.parametrize("cell", ["ff = 1; 1 / 0", "1 / 0; print(f)", "f == 2; 1 / 0", "g(f=1)"])
def test_a_name_that_no_stopped_cell_defines_is_just_missing(box, cell):
    box.run(cell)
    with pytest.raises(StudentError, match=r"There is no `f` in your notebook\."):
        _ = box.student.f


IMPORTS = ("import numpy as np", "from math import tau, pi", "import no_such_module", "import json")


@pytest.fixture
def box_with_imports():
    with Sandbox(zygote(), Limits(), QUICK, imports=IMPORTS) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    "cell",
    [
        "import google.colab\nimport numpy as np",
        "import numpy as np\nfrom math import (tau",
        "raise SystemExit\nimport numpy as np",
        "import time; time.sleep(3600)\nimport numpy as np",
        "import os; os._exit(1)\nimport numpy as np",
    ],
)
def test_a_cell_that_stops_takes_no_imports_away(cell):
    patience = Patience(cell_seconds=0.1, call_seconds=0.5, submission_seconds=5)
    with Sandbox(zygote(), Limits(), patience, imports=IMPORTS) as box:
        box.run(cell)
        box.run("def f(): return [float(np.cos(tau)), json.dumps(round(pi, 2))]")
        assert box.student.f() == [1.0, "3.14"]
        assert [ran.source for ran in box.restored] == [cell]


def test_what_was_bound_to_a_name_stays_bound(box_with_imports):
    box_with_imports.run("import math as np\npi = 3\n1 / 0")
    box_with_imports.run("def f(): return np.__name__, pi, json.__name__")
    assert box_with_imports.student.f() == ("math", 3, "json")


def test_imports_are_made_up_for_in_a_new_worker_too(box_with_imports):
    box_with_imports.run("1 / 0")
    box_with_imports.run("def f(): return np.__name__\ndef g():\n    import os; os._exit(1)")
    with pytest.raises(Gone):
        box_with_imports.student.g()
    assert box_with_imports.student.f() == "numpy"


def test_where_nothing_stops_nothing_is_imported(box_with_imports):
    box_with_imports.run("x = 1")
    with pytest.raises(StudentError, match="There is no `np` in your notebook"):
        _ = box_with_imports.student.np


def test_the_zygote_knows_no_tests(box):
    found = text(box.run("import sys; print([m for m in sys.modules if 'grader_tests' in m])"))
    assert found.strip() == "[]"
