"""Nothing stops the grader, and what stops a student's code costs no more than it has to."""

from __future__ import annotations

import time

import pytest

from tests.attacks.desk import FULL, IMPATIENCE, LAB, WORKED, Desk

CELLS = {
    "an endless loop": "while True: pass",
    "an endless sleep": "import time; time.sleep(3600)",
    "an endless wait": "import threading; threading.Event().wait()",
    "an endless wait in the event loop": "import asyncio; await asyncio.Event().wait()",
    "interrupts ignored": """
        import signal
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while True: pass
        """,
    "interrupts blocked": """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True: pass
        """,
    "interrupts caught": """
        while True:
            try:
                while True: pass
            except BaseException:
                pass
        """,
    "interrupts answered": """
        import signal, sys
        signal.signal(signal.SIGINT, lambda *_: signal.pause())
        signal.pause()
        """,
    "stopped by its own signal": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "killed by its own signal": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "a signal without a name": "import os; os.kill(os.getpid(), 40)",
    "an exit": "import sys; sys.exit(3)",
    "an exit without goodbye": "import os; os._exit(255)",
    "an abort": "import os; os.abort()",
    "a segmentation fault": "import ctypes; ctypes.string_at(1)",
    "a stack overflow in C": """
        import ctypes, sys
        sys.setrecursionlimit(10**9)
        def deeper(n): return [deeper](n) if False else deeper(n + 1)
        value = []
        for _ in range(10**6): value = [value]
        repr(value); del value
        """,
    "deep recursion": """
        def deeper(): return deeper()
        deeper()
        """,
    "a chain of errors": """
        error = None
        for _ in range(50_000):
            new = ValueError("x" * 100)
            new.__cause__, error = error, new
        raise error
        """,
    "an error that cannot be shown": """
        class Odd(Exception):
            def __str__(self): raise Odd
            __repr__ = __str__
            def _render_traceback_(self): raise Odd
        raise Odd
        """,
    "a fork bomb": """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
        """,
    "a bomb of threads": """
        import threading, time
        while True:
            threading.Thread(target=time.sleep, args=(3600,)).start()
        """,
    "a memory bomb": """
        hoard = []
        while True:
            hoard.append(bytearray(50_000_000))
        """,
    "memory outside Python": """
        import mmap
        hoard = []
        while True:
            hoard.append(mmap.mmap(-1, 50_000_000))
        """,
    "an impossible array": "import numpy as np; np.ones(10**15)",
    "300 MB on one line": "print('x' * 300_000_000)",
    "300 MB as a result": "'x' * 300_000_000",
    "300 MB as a page": """
        from IPython.display import HTML, display
        display(HTML("<b>x</b>" * 40_000_000))
        """,
    "300 MB in an error": "raise ValueError('x' * 300_000_000)",
    "a million small outputs": """
        from IPython.display import display
        for number in range(1_000_000):
            display(number)
        """,
    "a million small prints": """
        import sys
        for number in range(1_000_000):
            print(number, file=(sys.stdout, sys.stderr)[number % 2])
        """,
    "a display updated for ever": """
        from IPython.display import display
        handle = display("x", display_id=True)
        while True:
            handle.update("x" * 50_000)
        """,
    "a full disk": """
        number = 0
        while True:
            with open(f"file{number}", "wb") as file:
                file.write(bytes(10_000_000))
            number += 1
        """,
    "a full disk that does not show": """
        import os
        while True:
            with open("file", "wb") as file:
                file.write(bytes(10_000_000))
            os.remove("file")
        """,
    "a million files": """
        import os
        for number in range(1_000_000):
            os.close(os.open(str(number), os.O_CREAT | os.O_WRONLY))
        """,
    "all descriptors": "import os\nwhile True: os.open(os.devnull, os.O_RDONLY)",
    "an import that hangs": """
        with open("slow.py", "w") as file:
            file.write("import time; time.sleep(3600)")
        import slow
        """,
    "standard output closed": """
        import os, sys
        sys.stdout = sys.stderr = sys.__stdout__ = None
        for descriptor in (0, 1, 2):
            os.close(descriptor)
        """,
    "standard output replaced": """
        import sys
        class Out:
            def write(self, text): raise ZeroDivisionError
            flush = write
        sys.stdout = sys.stderr = Out()
        print("x")
        """,
    "a shell without a namespace": "get_ipython().user_ns.clear(); get_ipython().user_ns = None",
    "no modules": "import sys; sys.modules.clear()",
    "no builtins": "__builtins__.__dict__.clear()",
    "an event loop closed": "import asyncio; asyncio.get_running_loop().stop()",
    "an event loop run twice": "import asyncio; asyncio.get_running_loop().run_forever()",
    "a regular expression that never ends": "import re; re.match('(a+)+b', 'a' * 60)",
    "a long power": "x = 9 ** 9 ** 9",
    "a trace of every line": """
        import sys
        def trace(*_):
            while True: pass
        sys.settrace(trace)
        sys.setprofile(trace)
        """,
    "a memory limit of nothing": """
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (1, 1))
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
        x = bytearray(10**6)
        """,
    "a page nested deeply": """
        from IPython.display import HTML, display
        display(HTML("<div>" * 60_000))
        """,
    "a page nested deeply by a trick": """
        from IPython.display import HTML, display
        display(HTML("<div/>" * 12_000))
        display(HTML("<div></b>" * 12_000))
        display(HTML("<brx>" * 12_000))
        """,
}
# These cells run to their end, and what they leave behind cannot be lived with.
SELF_INFLICTED = {"a shell without a namespace", "no modules"}
IN_A_CELL_OF_MARKDOWN = {
    "environments that never end": "\\begin{a}" * 30_000,
    "brackets": "[" * 50_000,
    "quotes": "> " * 50_000,
    "lists": "* a\n  " * 10_000,
    "links": "[a](" * 15_000,
    "tables": "|a|\n|-|\n" * 10_000,
    "emphasis": "*a **b " * 30_000,
    "html": "<div>" * 30_000,
    "html by a trick": "<div/>" * 12_000 + "<script>",
    "dollars": "$a" * 50_000,
    "references": "[a]: b\n" * 30_000,
}
FUNCTIONS = {
    "an endless loop": "while True: pass",
    "an endless sleep": "import time; time.sleep(3600)",
    "an endless loop that cannot be interrupted": """
        import signal
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        while True: pass
    """,
    "an exit": "import os; os._exit(0)",
    "a crash": "import ctypes; ctypes.string_at(1)",
    "a memory bomb": "return bytearray(10**11)",
    "a recursion": "return one_hot(*_)",
    "a full disk": """
        while True:
            open("x", "wb").write(bytes(10_000_000))
    """,
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell(desk: Desk, name: str) -> None:
    """The cell is lost, and nothing else: honest answers before and behind it are marked."""
    early = {name: WORKED[name] for name in WORKED if name != "regularization"}
    late = WORKED["regularization"]
    result = desk.cheat(CELLS[name], late, answers=early)
    assert result.points == FULL or name in SELF_INFLICTED, result.shown
    assert len(result.judged.notebooks[LAB]) < 12_000_000


@pytest.mark.parametrize("name", IN_A_CELL_OF_MARKDOWN)
def test_a_cell_of_markdown(desk: Desk, name: str) -> None:
    """The judge reads Markdown itself, to make it harmless."""
    cell = {"cell_type": "markdown", "source": IN_A_CELL_OF_MARKDOWN[name], "metadata": {}}
    assert desk.cheat(cell, answers=WORKED).points == FULL


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function(desk: Desk, name: str) -> None:
    """It fails its own test, with a reason; the tests before and behind it still run."""
    source = f"def one_hot(*_):\n    {FUNCTIONS[name].strip()}\n"
    result = desk.cheat(answers=WORKED | {"one_hot": source}, patience=IMPATIENCE)
    assert result.points == FULL - 4
    assert result.tests["test_one_hot"].message


def test_every_function_never_ends(desk: Desk) -> None:
    """Each test takes its own time, up to the submission's; then the rest is given up."""
    source = """
        def for_ever(*_):
            while True: pass
        class Sigmoid:
            __call__ = prime = for_ever
        one_hot = compute_cost = Regularization = for_ever
        """
    assert desk.cheat(source, patience=IMPATIENCE).points == 0


def test_every_cell_never_ends(desk: Desk) -> None:
    assert desk.cheat(*["while True: pass"] * 40, patience=IMPATIENCE).points == 0


def test_a_cell_that_runs_only_once(desk: Desk) -> None:
    """A lost worker is brought back by running the cells again: here, one crashes at that."""
    once = """
        import os, time
        if time.time() > START + 0.5:
            os._exit(0)
        """.replace("START", str(time.time()))
    crash = "import ctypes, time; time.sleep(0.5); ctypes.string_at(1)"
    result = desk.cheat(once, crash, answers=WORKED)
    assert result.points == FULL


def test_an_endless_loop_above_everything_costs_only_itself(desk: Desk) -> None:
    """An honest student's scratch cell: what follows it is theirs."""
    result = desk.cheat(first=["while True: pass"], answers=WORKED, patience=IMPATIENCE)
    assert result.points == FULL
    assert "never" in result.shown
