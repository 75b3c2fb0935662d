"""What a student's code raises, prints and changes: described in a sentence, and kept quiet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder.files import HOME
from helpers.checking.attempt import attempt


def written(source: str, name: str = "f") -> Callable:
    """Define a function as a submission's cell is run: from text, in no file."""
    namespace: dict = {"np": np, "json": json}
    exec(compile(source, "<answer>", "exec"), namespace)
    return namespace[name]


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    yield InteractiveShell(
        ipython_dir=str(tmp_path_factory.mktemp("ipython")),
        config=Config(HistoryManager={"enabled": False}),
    )
    InteractiveShell.clear_instance()


class Unprintable(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


class Leaving(Exception):
    def __str__(self) -> str:
        raise SystemExit


class NoRepr:
    def __repr__(self) -> str:
        raise ValueError("no words")


def raises(error: BaseException | type[BaseException]) -> Callable:
    def f():
        raise error

    return f


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("shapes do not fit"), "ValueError: shapes do not fit."),
        (ValueError("shapes do not fit."), "ValueError: shapes do not fit."),
        (ZeroDivisionError(), "ZeroDivisionError."),
        (KeyError("W1"), "KeyError: 'W1'."),
        (AssertionError(), "AssertionError."),
        (StopIteration(), "StopIteration."),
        (GeneratorExit(), "GeneratorExit."),
        (SystemExit(0), "SystemExit: 0."),
        (Unprintable(), "Unprintable, which cannot be shown."),
        (Leaving(), "Leaving, which cannot be shown."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_exception_becomes_a_sentence(error, sentence):
    result = attempt(raises(error))
    assert (result.error, result.value, result.unwritten) == (sentence, None, False)


def test_a_long_message_is_cut():
    assert len(attempt(raises(ValueError("x" * 10_000))).error) < 400


def test_an_exercise_not_written_yet_is_no_error_of_the_student():
    for error in (NotImplementedError, NotImplementedError("your code here")):
        result = attempt(raises(error))
        assert result.unwritten
        assert result.error.startswith("Not written yet")
        assert result.place == ""


def test_an_interrupt_by_the_reader_is_not_swallowed():
    with pytest.raises(KeyboardInterrupt):
        attempt(raises(KeyboardInterrupt))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("def f():\n    x = 1\n    return x / 0", 3, id="its own line"),
        pytest.param("def f():\n    return np.linalg.inv(np.zeros((2, 2)))", 2, id="in NumPy"),
        pytest.param("def f():\n    return json.loads('{')", 2, id="in the standard library"),
        pytest.param("class f:\n    def __init__(self):\n        raise ValueError", 3, id="class"),
        pytest.param("def f(n=0):\n\n    return f(n + 1)", 3, id="endless recursion"),
    ],
)
def test_the_line_of_the_students_code_is_named(source, line):
    result = attempt(written(source))
    assert result.error
    assert result.place == f"It was raised in line {line} of your code."


@pytest.mark.parametrize(
    ("source", "place"),
    [
        pytest.param(
            "def f():\n    return g()\n\ndef g():\n    return a",
            "line 5 of your code, in g, reached from line 2 of f.",
            id="one calls another",
        ),
        pytest.param(
            "def f():\n    return g()\n\ndef g():\n    return h()\n\ndef h():\n    return a",
            "line 8 of your code, in h, reached from line 2 of f.",
            id="with one between them",
        ),
        pytest.param(
            "def f():\n    return [g(x) for x in [1]]\n\ndef g(x):\n    return (lambda: a)()",
            "line 5 of your code, in g, reached from line 2 of f.",
            id="with functions that have no names",
        ),
    ],
)
def test_the_function_that_was_called_and_the_line_that_led_there_are_named(source, place):
    assert attempt(written(source)).place == f"It was raised in {place}"


def test_the_line_that_led_there_is_quoted_too(shell):
    shell.run_cell("def half(x):\n    return x / 0\n")
    shell.run_cell("def whole(x):\n    y = 2 * x\n    return half(y)\n")
    assert attempt(shell.user_ns["whole"], 1).place == (
        "It was raised in line 2 of your code: `return x / 0`, in half, reached from "
        "line 3 of whole: `return half(y)`."
    )


def test_code_in_a_notebooks_cell_is_quoted(shell):
    shell.run_cell("def g(W, X):\n    Z = X\n    return W @ Z   # shapes\n")
    result = attempt(shell.user_ns["g"], np.ones((2, 3)), np.ones((2, 3)))
    assert result.error.startswith("ValueError: matmul: ")
    assert result.place.startswith("It was raised in line 3 of your code: `return W @ Z")


def test_code_that_does_not_parse_names_its_line():
    result = attempt(lambda: compile("x = 1\ny = = 2", "<answer>", "exec"))
    assert result.error.startswith("SyntaxError")
    assert result.place == "See line 2 of your code."


def test_endless_recursion_ends_in_a_sentence():
    def f(n: int) -> int:
        return f(n + 1)

    result = attempt(f, 0)
    assert result.error.startswith("RecursionError: maximum recursion depth exceeded")
    assert "return f(n + 1)" in result.place


@pytest.mark.parametrize("thing", [3, "text", np.zeros(3)])
def test_what_cannot_be_called_is_a_sentence(thing):
    assert attempt(thing, 1).error.endswith("cannot be called. Is it a function or a class?")


def test_what_cannot_be_called_nor_shown_is_a_sentence():
    assert "cannot be called" in attempt(NoRepr()).error


def test_what_cannot_be_called_is_not_shown_at_length():
    assert len(attempt(list(range(10_000))).error) < 400


def test_prints_and_warnings_are_swallowed_and_the_value_kept(capfd):
    def noisy(z):
        print("to stdout")
        print("to stderr", file=sys.stderr)
        warnings.warn("a warning", stacklevel=1)
        return 1 / np.array(z), np.exp(np.array([1e6])), np.log(np.array([-1.0]))

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        result = attempt(noisy, [0.0, 2.0])
    assert result.error is None
    np.testing.assert_array_equal(result.value[0], [np.inf, 0.5])
    assert not seen
    assert capfd.readouterr() == ("", "")


def test_prints_of_an_exception_that_is_described_are_swallowed(capsys):
    class Noisy(Exception):
        def __str__(self) -> str:
            print("to stderr", file=sys.stderr)
            return "words"

    assert attempt(raises(Noisy())).error == "Noisy: words."
    assert capsys.readouterr() == ("", "")


def test_the_world_is_left_as_it_was():
    def meddle():
        np.seterr(all="raise")
        warnings.simplefilter("error")
        sys.stdout = sys.stderr = None
        raise ValueError

    before = (sys.stdout, sys.stderr, np.geterr(), list(warnings.filters))
    attempt(meddle)
    assert (sys.stdout, sys.stderr, np.geterr(), list(warnings.filters)) == before


def fill(array: np.ndarray) -> None:
    array[...] = 7


class Layer:
    def forward(self, X, scale=1.0):
        X *= scale
        return X


CHANGES = {
    "in place": (lambda Z: fill(Z), (np.ones(3),), ("Z",)),
    "the second of two": (lambda A, B: fill(B), (np.ones(3), np.ones(3)), ("B",)),
    "both": (lambda A, B: (fill(A), fill(B)), (np.ones(3), np.ones(3)), ("A", "B")),
    "in a method": (Layer().forward, (np.ones(3), 2.0), ("X",)),
    "behind a star": (lambda *arrays: fill(arrays[1]), (np.ones(3), np.ones(3)), ("argument 2",)),
    "in a dict": (lambda cache: fill(cache["Z"]), ({"Z": np.ones(3)},), ("cache",)),
    "in a list of tuples": (lambda caches: fill(caches[0][1]), ([(1, np.ones(3))],), ("caches",)),
    "a key more": (lambda cache: cache.update(A=1), ({"Z": 1},), ("cache",)),
    "an element less": (lambda values: values.pop(), ([1, 2],), ("values",)),
    "its shape": (lambda Z: Z.resize((3, 2), refcheck=False), (np.ones((2, 3)),), ("Z",)),
    "only the sign of 0": (lambda Z: np.negative(Z, out=Z), (np.zeros(2),), ("Z",)),
    "nothing": (lambda Z: Z * 2, (np.ones(3),), ()),
    "nothing, NaN": (lambda Z: Z * 2, (np.array([np.nan]),), ()),
    "a name bound anew": (lambda Z: [Z := Z + 1], (np.ones(3),), ()),
}


@pytest.mark.parametrize(
    ("function", "arguments", "changed"),
    [pytest.param(*values, id=name) for name, values in CHANGES.items()]
    + [
        pytest.param(
            *(lambda cache: cache.update(Z=None), ({"Z": np.ones(3)},), ("cache",)),
            id="an array replaced by None",
        ),
        pytest.param(
            *(lambda caches: caches.__setitem__(0, None), ([{"Z": 1}],), ("caches",)),
            id="a dict replaced by None",
        ),
        pytest.param(
            *(lambda grads: grads.update(t=2), ({"t": 1},), ("grads",)),
            id="a number in a dict",
        ),
        pytest.param(
            *(lambda layers: layers.reverse(), ([3, 2, 1],), ("layers",)),
            id="the order of a list",
        ),
    ],
)
def test_changed_inputs_are_named(function, arguments, changed):
    assert attempt(function, *arguments).changed == changed


def test_a_changed_keyword_argument_is_named():
    assert attempt(Layer().forward, X=np.ones(3), scale=2.0).changed == ("X",)


def test_the_callers_own_arrays_stay_as_they_are():
    Z, cache = np.ones(3), {"A": [np.ones(3)]}
    attempt(lambda Z, cache: (fill(Z), fill(cache["A"][0]), cache.clear()), Z, cache)
    np.testing.assert_array_equal(Z, np.ones(3))
    np.testing.assert_array_equal(cache["A"][0], np.ones(3))


def test_the_place_of_an_error_in_a_file_given_with_a_lab_is_the_call_of_it():
    given: dict = {}
    exec(compile("def cost(A, Y):\n    return A + Y\n", "/lab/given_lab1.py", "exec"), given)

    def students(A, Y):
        return given["cost"](A, Y)

    line = students.__code__.co_firstlineno + 1
    result = attempt(students, np.zeros(2), np.zeros(3))
    assert result.place.startswith(f"It was raised in line {line} of your code")


SCRIPT = """
from helpers.checking import lab1 as check

def asked_without_arguments():
    return 1

def divides(Y, n_classes):
    return Y / missing

check.one_hot(asked_without_arguments)
check.one_hot(divides)
"""


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(lambda at: (at / "link").symlink_to(HOME), id="the repository"),
        pytest.param(lambda at: _linked_inside(at / "link", "helpers"), id="the package"),
        pytest.param(lambda at: _linked_twice(at), id="a link to a link"),
    ],
)
def test_the_courses_own_lines_are_nobodys_whatever_link_leads_there(tmp_path, link) -> None:
    link(tmp_path)
    script = tmp_path / "own.py"
    script.write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "link")}
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, check=True
    )
    first, second = done.stdout.split("one_hot:")[1:]
    assert "takes 0 positional arguments but 2 were given" in first
    assert "your code" not in first
    assert "line 8 of your code: `return Y / missing`" in second
    assert "value = function(" not in done.stdout


def _linked_inside(folder: Path, package: str) -> None:
    folder.mkdir()
    (folder / package).symlink_to(HOME / package)


def _linked_twice(folder: Path) -> None:
    (folder / "first").symlink_to(HOME)
    (folder / "link").symlink_to(folder / "first")
