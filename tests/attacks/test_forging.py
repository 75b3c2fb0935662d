"""Nobody gets a point for anything but right answers."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.attacks.desk import FULL, WORKED, Desk, at_the_wire, write

CELLS = {
    "a hook publishes a forged result": """
        from IPython import get_ipython
        from IPython.display import display
        from helpers.checking.namespace import LocalBackend
        MIME = "application/vnd.digits-from-scratch.verdict+json"
        forged = {"passed": True, "message": "Passed.", "mistake": None, "stopped": False}
        def forge(*_):
            display({MIME: forged, "text/plain": "1.0"}, raw=True)
        shell = get_ipython()
        for event in ("pre_run_cell", "post_run_cell", "pre_execute", "post_execute"):
            shell.events.register(event, forge)
        forge()
        1.0
        """,
    "input transformers": """
        shell = get_ipython()
        shell.input_transformers_cleanup.insert(0, lambda lines: ["1.0"])
        shell.input_transformers_post.append(lambda lines: ["1.0"])
        """,
    "an AST transformer": """
        import ast
        class Nothing(ast.NodeTransformer):
            def visit(self, node):
                return ast.parse("1.0")
        get_ipython().ast_transformers.append(Nothing())
        """,
    "InteractiveShell.run_code patched": """
        from IPython.core.interactiveshell import InteractiveShell
        async def run_code(self, *_, **__):
            return False
        InteractiveShell.run_code = run_code
        """,
    "the kernel's do_execute patched": """
        from ipykernel.ipkernel import IPythonKernel
        async def do_execute(self, *_, **__):
            return {"status": "ok", "execution_count": 1}
        IPythonKernel.do_execute = do_execute
        """,
    "showtraceback overridden": """
        shell = get_ipython()
        shell.showtraceback = shell._showtraceback = lambda *_, **__: None
        type(shell).showtraceback = lambda *_, **__: None
        """,
    "builtins rebound": """
        import builtins
        builtins.abs = lambda x: 0
        builtins.isinstance = lambda *_: True
        builtins.all = builtins.any = lambda *_: True
        builtins.AssertionError = type("AssertionError", (BaseException,), {})
        """,
    "NumPy's comparisons patched": """
        import numpy as np
        for name in ("allclose", "array_equal", "isclose", "array_equiv"):
            setattr(np, name, lambda *_, **__: True)
        for name in [name for name in dir(np.testing) if name.startswith("assert")]:
            setattr(np.testing, name, lambda *_, **__: None)
        """,
    "the checking engine patched": """
        from helpers.checking import attempt, compare, namespace
        compare.compare = lambda *_, **__: None
        attempt.attempt = lambda *_, **__: attempt.Attempt(value=0.0)
        namespace.attempt = attempt.attempt
        namespace.plain = lambda value: value
        """,
    "the hidden tests replaced": """
        import sys, types
        fake = types.ModuleType("grader_tests")
        fake.lab1 = types.ModuleType("grader_tests.lab1")
        fake.lab1.__getattr__ = lambda name: lambda *_: None
        sys.modules |= {"grader_tests": fake, "grader_tests.lab1": fake.lab1}
        """,
    "the worker patched": """
        from autograder.border import peer, wire
        peer.Peer.serve = lambda self, message: wire.send(
            self.connection, {"answer": {"value": True}})
        """,
    "a verdict for an answer": at_the_wire(
        """
        verdict = {"passed": True, "message": "Passed.", "mistake": None, "stopped": False}
        peer.Peer.serve = lambda self, message: wire.send(
            self.connection, {"answer": verdict})
        """
    ),
    "True for every answer": at_the_wire(
        """
        peer.Peer.serve = lambda self, message: wire.send(
            self.connection, {"answer": {"value": True, "changed": []}})
        """
    ),
    "things that the judge is to take for its own": at_the_wire(
        """
        def serve(self, message):
            number = id(message) if message.operation != "run" else 0
            thing = {"thing": ["judge", number, "function"]}
            put(json.dumps({"dict": [{"list": ["answer", thing]}]}).encode())
        peer.Peer.serve = serve
        """
    ),
    "answers before they are asked for": at_the_wire(
        """
        for _ in range(50):
            say({"answer": {"value": 1.0, "changed": []}})
        """
    ),
    "answers that are always equal": """
        import numpy as np
        class Same(float):
            __eq__ = __ge__ = __le__ = __bool__ = lambda *_: True
            __sub__ = __rsub__ = __abs__ = lambda self, *_: Same(0)
            __hash__ = float.__hash__
            __array_priority__ = 1e9
        class SameArray(np.ndarray):
            __eq__ = lambda *_: True
            def __array_ufunc__(self, *_, **__): return np.True_
            def __array_function__(self, *_, **__): return True
        same, same_array = Same(0), np.zeros((3, 5)).view(SameArray)
        class Sigmoid:
            def __call__(self, z): return same_array
            def prime(self, z): return same
        def one_hot(Y, n): return same_array
        def compute_cost(A, Y): return same
        class Regularization:
            def __init__(self, *_): pass
            def l1(self, *_): return same
            l2 = l1
            def l1_grad(self, *_): return {"dW1": same_array, "dW2": same_array}
            l2_grad = l1_grad
        """,
    "names that answer everything": """
        class Anything:
            def __getattr__(self, name): return self
            def __call__(self, *_, **__): return self
            def __eq__(self, other): return True
            def __array__(self, *_, **__): raise SystemExit(0)
        Sigmoid = one_hot = compute_cost = Regularization = Anything()
        """,
    "the namespace's class changed": """
        import gc
        class Full(dict):
            def __contains__(self, name): return True
            def __getitem__(self, name): return lambda *_, **__: 1.0
            def __missing__(self, name): return lambda *_, **__: 1.0
        for thing in gc.get_objects():
            if type(thing).__name__ == "LocalBackend":
                thing.namespace = Full(thing.namespace)
        get_ipython().user_ns = Full(get_ipython().user_ns)
        """,
    "modules that answer everything": """
        import sys, types
        class Module(types.ModuleType):
            def __getattr__(self, name): return lambda *_, **__: True
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "").startswith(("helpers", "autograder")):
                module.__class__ = Module
        """,
    "sys.exit(0)": "import sys; sys.exit(0)",
    "os._exit(0)": "import os; os._exit(0)",
    "exit in every function": """
        import os, sys
        class Sigmoid:
            def __call__(self, z): os._exit(0)
            def prime(self, z): sys.exit(0)
        def one_hot(Y, n): raise SystemExit
        def compute_cost(A, Y): raise KeyboardInterrupt
        def Regularization(*_): raise GeneratorExit
        """,
    "modules in the working folder": """
        for name in ("numpy", "helpers", "grader_tests", "autograder", "sitecustomize", "conftest"):
            with open(f"{name}.py", "w") as file:
                file.write("def __getattr__(name): return lambda *_, **__: True")
        import importlib; importlib.invalidate_caches()
        """,
    "the inputs of one call, kept for the next": """
        import numpy as np
        seen = []
        class Sigmoid:
            def __call__(self, z): seen.append(z); return seen[0]
            def prime(self, z): seen.append(z); return seen[-1]
        def one_hot(Y, n): seen.append(Y); return seen[0]
        def compute_cost(A, Y): seen.append((A, Y)); return seen[-1][0]
        class Regularization:
            def __init__(self, *_): seen.append(_)
            def l1(self, *_): seen.append(_); return seen[-1][0]
            l2 = l1_grad = l2_grad = l1
        """,
}


# What an honest wrong answer of the right shape gets, too.
SHAPES_ALONE = {"the inputs of one call, kept for the next": 0.2 * 4}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell(desk: Desk, name: str) -> None:
    """The exercises are blank; the cell stands behind them."""
    assert desk.cheat(CELLS[name]).points <= SHAPES_ALONE.get(name, 0)


@pytest.mark.parametrize("name", [name for name in CELLS if "patched" in name])
def test_a_cell_in_front(desk: Desk, name: str) -> None:
    assert desk.cheat(first=[CELLS[name]]).points == 0


def _named(cells: list[dict], flag: str) -> list[dict]:
    return [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get(flag)]


def _everywhere(**fields: object) -> Callable[[list[dict]], None]:
    def change(cells: list[dict]) -> None:
        for cell in _named(cells, "grade_id"):
            cell["metadata"]["nbgrader"] |= fields

    return change


def _tag(cells: list[dict]) -> None:
    for cell in cells:
        cell["metadata"]["tags"] = ["skip-execution", "for-the-reader", "raises-exception"]


def _empty_tests(cells: list[dict]) -> None:
    for cell in _named(cells, "grade"):
        data = {"text/plain": "30.0"}
        cell |= {"source": "1.0", "outputs": [{"output_type": "execute_result", "data": data}]}


def _delete_tests(cells: list[dict]) -> None:
    for cell in _named(cells, "grade"):
        cells.remove(cell)


def _repeat_tests(cells: list[dict]) -> None:
    for cell in _named(cells, "grade"):
        cells.insert(cells.index(cell), {**cell, "source": "1.0"})
        cells.append({**cell, "source": "1.0"})


def _retype_tests(kind: str) -> Callable[[list[dict]], None]:
    def change(cells: list[dict]) -> None:
        for cell in _named(cells, "grade"):
            cell["cell_type"] = kind

    return change


def _swap_names(cells: list[dict]) -> None:
    for test, answer in zip(_named(cells, "grade"), _named(cells, "solution"), strict=False):
        ours, theirs = test["metadata"]["nbgrader"], answer["metadata"]["nbgrader"]
        ours["grade_id"], theirs["grade_id"] = theirs["grade_id"], ours["grade_id"]


def _reverse(cells: list[dict]) -> None:
    cells.reverse()


CHANGES = {
    "tests tagged to be skipped": _tag,
    "tests emptied, with outputs": _empty_tests,
    "tests deleted": _delete_tests,
    "tests three times": _repeat_tests,
    "tests made Markdown": _retype_tests("markdown"),
    "tests made raw": _retype_tests("raw"),
    "more points": _everywhere(points=1000, max_score=1000),
    "negative points": _everywhere(points=-1000),
    "nothing is locked": _everywhere(locked=False, solution=True),
    "nothing is a test": _everywhere(grade=False, task=True),
    "another schema": _everywhere(schema_version=99, checksum="0" * 32),
    "tests and answers change names": _swap_names,
    "cells in another order": _reverse,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_notebook(desk: Desk, name: str) -> None:
    assert desk.cheat(change=CHANGES[name]).points == 0


@pytest.mark.parametrize(
    "names",
    [
        ["tests three times", "more points", "nothing is locked", "another schema"],
        ["tests emptied, with outputs", "tests made Markdown", "nothing is a test"],
        ["tests tagged to be skipped", "tests deleted"],
    ],
    ids=", ".join,
)
def test_changes_that_cost_an_honest_student_nothing(desk: Desk, names: list[str]) -> None:
    def change(cells: list[dict]) -> None:
        for name in names:
            CHANGES[name](cells)

    assert desk.cheat(change=change, answers=WORKED).points == FULL


STRANGE_IDS = ["", "../test_sigmoid", "/etc/passwd", "__class__", "test_sigmoid\x00", "a" * 100_000]
STRANGE_IDS += [None, 5, True, [], {"a": 1}, ["test_sigmoid"]]


@pytest.mark.parametrize("grade_id", STRANGE_IDS, ids=lambda value: ascii(value)[:20])
def test_a_strange_id(desk: Desk, grade_id: object) -> None:
    assert desk.cheat(change=_everywhere(grade_id=grade_id)).points == 0


def test_a_notebook_that_claims_to_be_rebuilt(desk: Desk) -> None:
    path = desk.hand_in()
    notebook = json.loads(path.read_text())
    notebook["metadata"] |= {
        "unreadable": "",
        "notes": ["All is well."],
        "grading": {"seed": 1, "confined": True},
        "nbgrader": {"score": FULL, "max_score": FULL},
    }
    for cell in notebook["cells"]:
        cell["metadata"]["submitted_id"] = "test_sigmoid"
    write(path, notebook)
    result = desk.judge()
    assert (result.points, result.maximum) == (0, FULL)
    assert result.notebook.metadata.notes == []
    assert result.notebook.metadata.grading["seed"] != 1


def test_helpers_that_shadow_modules(desk: Desk) -> None:
    """A file submitted along is neither imported nor copied."""
    path = desk.hand_in("import os; print(sorted(os.listdir()))", answers=WORKED)
    for name in ("numpy", "helpers", "grader_tests", "autograder", "sitecustomize"):
        path.with_name(f"{name}.py").write_text("raise SystemExit('shadowed')")
    result = desk.judge()
    assert result.points == FULL
    assert result.own_cells[-1].outputs[0].text == "[]\n"


def test_an_answer_that_equals_a_cell_that_is_not_run(desk: Desk) -> None:
    skipped = "plot_digits(train_x, train_y, indices=range(24), ncols=8)"
    result = desk.cheat(skipped, answers=dict.fromkeys(WORKED, skipped))
    assert result.points == 0
