"""The report of the visible checks, as a student reads it."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.checking.checklist import Checklist

pytestmark = pytest.mark.filterwarnings("error")


def unwritten(*_):
    raise NotImplementedError()


def read(capfd) -> str:
    """Return what was printed; nothing may go to stderr, which nbgrader takes for a failure."""
    out, err = capfd.readouterr()
    assert err == ""
    return out.rstrip("\n")


@pytest.fixture
def checks() -> Checklist:
    return Checklist("double")


def test_all_is_well(checks, capfd):
    checks.example("of 3", 6, lambda x: 2 * x, 3, hint="Not shown.")
    checks.example("of an array", np.array([2, 4]), lambda x: 2 * x, np.array([1, 2]))
    checks.report()
    assert read(capfd) == "double: all 2 checks pass."


def test_a_failure_shows_what_was_expected_what_came_back_and_the_hint(checks, capfd):
    checks.example("of 3", 6, lambda x: 2 * x, 3)
    checks.example("of 1 and 2", np.array([2.0, 4]), lambda x: x * x, np.array([1, 3]), hint="Why?")
    checks.example("of a row", np.array([[2, 4, 6]]), lambda x: x - 2 * x, np.array([[2, 4, 6]]))
    checks.report()
    assert read(capfd) == (
        "double: 1 of 3 checks pass.\n"
        "  x  of 1 and 2\n"
        "     expected  2.\n"
        "     yours     1.\n"
        "     2 of 2 entries of the result differ, the first at position 0.\n"
        "     Why?\n"
        "  x  of a row\n"
        "     expected  [[2. 4. 6.]]\n"
        "     yours     [[-2. -4. -6.]]\n"
        "     The result has the opposite sign."
    )


def test_a_matrix_is_printed_line_under_line(checks, capfd):
    checks.example(
        "of a square", np.array([[1, 2], [3, 4]]), np.transpose, np.array([[1, 2], [3, 4]])
    )
    checks.report()
    assert read(capfd) == (
        "double: 0 of 1 checks pass.\n"
        "  x  of a square\n"
        "     expected  [[1. 2.]\n"
        "                [3. 4.]]\n"
        "     yours     [[1. 3.]\n"
        "                [2. 4.]]\n"
        "     The result is transposed."
    )


def test_an_exception_is_a_sentence_with_the_students_line(checks, capfd):
    def double(x):
        return x + "x"

    line = double.__code__.co_firstlineno + 1
    checks.example("of 3", 6, double, 3, hint="Of what type is 3?")
    checks.report()
    assert read(capfd) == (
        "double: 0 of 1 checks pass.\n"
        "  x  of 3\n"
        "     TypeError: unsupported operand type(s) for +: 'int' and 'str'. "
        f'It was raised in line {line} of your code: `return x + "x"`.'
    )


def test_a_difference_in_words_alone_shows_no_values(checks, capfd):
    checks.example("of 3", 6, lambda x: None, 3)
    checks.report()
    assert read(capfd) == (
        "double: 0 of 1 checks pass.\n  x  of 3\n     The result is None. Is a `return` missing?"
    )


def test_a_changed_input_fails_unless_it_may_change(capfd):
    def double(x):
        x *= 2
        return x

    for may_change, outcome in [
        (True, "double: all 1 checks pass."),
        (
            False,
            "double: 0 of 1 checks pass.\n"
            "  x  of an array\n"
            "     Your code changed its input x. Work on a copy.",
        ),
    ]:
        checks = Checklist("double")
        expected, given = np.array([2.0]), np.array([1.0])
        checks.example("of an array", expected, double, given, may_change=may_change)
        checks.report()
        assert read(capfd) == outcome
        assert given == [1.0]


def test_an_exercise_not_written_yet_gets_one_line(checks, capfd):
    checks.example("of 3", 6, unwritten, 3, hint="Not shown.")
    checks.example("of 4", 8, unwritten, 4)
    checks.report()
    assert read(capfd) == (
        "double: not written yet. Replace `raise NotImplementedError()` with your code, "
        "run that cell, then this one."
    )


def test_a_half_written_exercise_is_told_about_the_written_half(checks, capfd):
    checks.example("of 3", 6, lambda x: 3 * x, 3)
    checks.example("and back", 3, unwritten, 6)
    checks.report()
    out = read(capfd)
    assert "of 3" in out
    assert "1.5 times" in out or "another value" in out
    assert "not written yet" in out.lower()


def test_prints_of_the_student_come_last(checks, capfd):
    def double(x):
        print("debugging", x)
        return 2 * x

    checks.example("of 3", 6, double, 3)
    checks.report()
    assert read(capfd) == "double: all 1 checks pass.\nYour code printed:\ndebugging 3"


def test_settings_reach_the_comparison(checks, capfd):
    checks.example("roughly", 1.0, lambda: 1.001, rtol=0.01)
    checks.example("a mean", 1.0, lambda: 5.0, m=5)
    checks.example("at", np.zeros(2), lambda: np.array([0, np.nan]), at=("z", np.array([3, 800])))
    checks.report()
    out = read(capfd)
    assert out.startswith("double: 1 of 3 checks pass.")
    assert "Is the division by m, for the mean, missing" in out
    assert "where z is very large" in out


@pytest.mark.parametrize(
    "answer",
    [
        *(None, "text", b"bytes", [], [[1], [2, 3]], {}, {"dW": 1}, object(), 1j, np.nan, -np.inf),
        *(10**400, np.array([]), np.array(None), np.array(["a", "b"]), np.ones((2, 2, 2))),
        *(np.ones(2, complex), np.ones(2, np.float16), np.ones(2, np.uint8), np.full(2, np.nan)),
        *(np.datetime64("2020-01-01"), np.ma.array([1, 1]), range(2), {1, 2}, print, int),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    "expected", [1e-9, np.array([1e-9, 2]), {"dW": np.ones(2)}, (1.0, 2.0)], ids=type
)
def test_no_answer_stops_the_report(expected, answer, checks, capfd):
    checks.example("example", expected, lambda: answer)
    checks.report()
    assert read(capfd).startswith("double: 0 of 1 checks pass.\n  x  example\n     ")


def test_booleans_do_not_stop_the_report(checks, capfd):
    checks.example("example", np.array([0.0, 1]), lambda: np.array([True, True]))
    checks.report()
    assert read(capfd).startswith("double: 0 of 1 checks pass.")


def test_what_builds_on_a_failure_is_announced_and_not_tried(checks, capfd):
    checks.example("of 1", 2, lambda x: 2 * x, 1)
    assert checks.holds
    checks.example("of 3", 6, lambda x: x, 3)
    assert not checks.holds
    checks.report(then="arrays")
    assert read(capfd).splitlines()[0] == "double: 1 of 2 checks pass."
    checks.report(then="arrays")
    assert read(capfd).splitlines()[-1] == "  Once these pass, this cell goes on to arrays."


def test_an_exercise_is_written_once_anything_of_it_is(checks):
    checks.example("of 1", 2, unwritten, 1)
    assert not checks.written
    checks.example("of 3", 6, lambda x: x, 3)
    assert checks.written
