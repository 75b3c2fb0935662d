"""Run a piece of a student's code and say, in one sentence, what went wrong if something did."""

from __future__ import annotations

import contextlib
import inspect
import io
import linecache
import os
import site
import sysconfig
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from helpers.checking.compare import kind_of

_LONGEST_MESSAGE = 300
_ROOT = Path(__file__).resolve().parents[2]
_OURS = tuple(
    f"{os.path.realpath(folder)}{os.sep}"
    for folder in (
        *(_ROOT / name for name in ("helpers", "grader_tests", "autograder", "solutions")),
        *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
        site.getusersitepackages(),
    )
)


class StudentError(Exception):
    """The code under test could not give an answer.

    Parameters
    ----------
    reason : str
        Why, as a sentence for the student to read.
    place : str, optional
        Where in the student's code, as a sentence.
    unwritten : bool, optional
        Whether the code is still as it was handed out.

    Attributes
    ----------
    final : bool
        Whether it makes no sense to ask on.
    """

    final = False

    def __init__(self, reason: str, place: str = "", unwritten: bool = False) -> None:
        super().__init__(f"{reason} {place}".strip())
        self.reason = reason
        self.place = place
        self.unwritten = unwritten


@dataclass(frozen=True)
class Attempt:
    """What one call gave.

    Attributes
    ----------
    value : Any
        What came back; None where the call raised.
    printed : str
        What the call printed.
    error : str or None
        What was raised, as a sentence; None where nothing was.
    place : str
        The line of the student's own code that raised it, as a sentence; may be empty.
    unwritten : bool
        Whether the call met the `raise NotImplementedError()` of an exercise not yet done.
    changed : tuple of str
        Names of the arguments that the call altered in place.
    """

    value: Any = None
    printed: str = ""
    error: str | None = None
    place: str = ""
    unwritten: bool = False
    changed: tuple[str, ...] = ()


def attempt(function: Callable, *args: Any, **kwargs: Any) -> Attempt:
    """Call a function on copies of its arguments, quietly, and catch what it raises.

    What the function prints is kept aside and NumPy's warnings are silenced: neither makes an
    answer wrong.
    """
    if not callable(function):
        kind = kind_of(function).capitalize()
        return Attempt(error=f"{kind} cannot be called. Is it a function or a class?")
    given_args, given_kwargs = _copied(args), _copied(kwargs)
    try:
        with quiet() as printed:
            value = function(*given_args, **given_kwargs)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        with quiet():  # to describe an exception is to run its own code
            return replace(failed(error), printed=printed.getvalue())
    changed = [
        key
        for before, after in (
            (dict(enumerate(args)), dict(enumerate(given_args))),
            (kwargs, given_kwargs),
        )
        for key in before
        if not _same(before[key], after[key])
    ]
    return Attempt(
        value=value,
        printed=printed.getvalue(),
        changed=tuple(parameter(function, key) for key in changed),
    )


@contextlib.contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Keep what is printed aside and drop every warning, as long as the block lasts."""
    printed = io.StringIO()
    with (
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield printed


def failed(error: BaseException) -> Attempt:
    """Describe an exception that a student's code raised.

    Returns
    -------
    Attempt
        With the error as a sentence, such as ``ValueError: shapes do not fit.``, and its place,
        such as ``It was raised in line 4 of your code: `return W @ X```. Where one function of
        theirs called another, both are named.
    """
    if isinstance(error, NotImplementedError):
        text = "Not written yet: replace `raise NotImplementedError()` with your code."
        return Attempt(error=text, unwritten=True)
    try:
        # A part that stands in for theirs lives elsewhere, and this is what it says from there.
        elsewhere = type(error) is StudentError
        text = f"{error.reason}" if elsewhere else f"{type(error).__name__}: {error}"
        text = text[:_LONGEST_MESSAGE].rstrip(" .:")
    except KeyboardInterrupt:
        raise
    except BaseException:  # a student's exception may fail to print itself
        text = f"{type(error).__name__}, which cannot be shown"
    return Attempt(error=f"{text}.", place=_describe_place(error))


def _describe_place(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f"See line {error.lineno} of your code."
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__, limit=-200)
        if not _is_ours(frame.filename)
    ]
    if not frames:
        return ""
    text = f"It was raised in {_shown(frames[-1], 'your code')}"
    # The function that raised may be one that is right, called with what is wrong.
    called = [frame for frame in frames if not frame.name.startswith("<")]
    if called and called[-1].name != called[0].name:
        text += f", in {called[-1].name}, reached from {_shown(called[0], called[0].name)}"
    return f"{text}."


def _is_ours(file: str) -> bool:
    """Whether a file is the course's, Python's or a package's, whatever link leads to it."""
    if os.path.isabs(file):  # what runs from text has a name of its own, such as <answer>
        ours = os.path.realpath(file).startswith(_OURS)
    else:
        ours = file.startswith(("<frozen", "<__array_function__"))
    return ours or Path(file).name.startswith("given_")  # a lab's own files


def _shown(frame: traceback.FrameSummary, place: str) -> str:
    line = (frame.line or linecache.getline(frame.filename, frame.lineno)).strip()
    return f"line {frame.lineno} of {place}" + (f": `{line}`" if line else "")


def _copied(value: Any) -> Any:
    """Copy arrays and what holds them; objects, which may be meant to change, stay themselves."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(map(_copied, value))
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    return value


def parameter(function: Callable, key: int | str) -> str:
    """Return the name of the parameter that a positional argument fills."""
    if isinstance(key, str):
        return key
    try:
        return list(inspect.signature(function).parameters)[key]
    except (TypeError, ValueError, IndexError):
        return f"argument {key + 1}"


def _same(before: Any, after: Any) -> bool:
    if type(before) is not type(after):
        return False
    if isinstance(before, np.ndarray):
        alike = before.shape == after.shape and before.dtype == after.dtype
        return alike and before.tobytes() == after.tobytes()
    if type(before) is dict:
        return list(before) == list(after) and all(_same(before[k], after[k]) for k in before)
    if type(before) in (list, tuple):
        return len(before) == len(after) and all(map(_same, before, after))
    if isinstance(before, (bool, int, float, str)):
        return repr(before) == repr(after)
    return True
