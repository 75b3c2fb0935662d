"""The visible checks: a few open examples, and what to look at where one of them fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.checking.attempt import attempt
from helpers.checking.compare import Setting, compare


@dataclass
class Checklist:
    """Collect the examples of one exercise, then print how many of them hold.

    Parameters
    ----------
    title : str
        What is being checked, as the student knows it.
    """

    title: str
    _failures: list[str] = field(default_factory=list)
    _tried: int = 0
    _unwritten: bool = False

    def example(
        self,
        label: str,
        expected: Any,
        function: Callable,
        *args: Any,
        hint: str = "",
        may_change: bool = False,
        **setting: Any,
    ) -> None:
        """Try one example.

        Parameters
        ----------
        label : str
            What this example tries, in words.
        expected : number, ndarray, or tuple or dict of these
            What should come back.
        function : callable
            The student's function, or a short function of ours that uses the student's class.
        *args : Any
            What it is called with; it is given copies.
        hint : str, optional
            A question to think about, printed if the example fails.
        may_change : bool, optional
            Whether altering the arguments in place is allowed.
        **setting : Any
            Fields of `helpers.checking.compare.Setting`.
        """
        self._tried += 1
        result = attempt(function, *args)
        if result.unwritten:
            self._unwritten = True
        if result.error:
            self._fail(label, f"{result.error} {result.place}".strip(), hint)
            return
        difference = compare(expected, result.value, Setting(**setting))
        if difference:
            values = ""
            if difference.expected:
                values = (
                    f"expected  {_indent(difference.expected)}\n"
                    f"yours     {_indent(difference.actual)}\n"
                )
            self._fail(label, values + _sentence(difference.message), hint)
        elif result.changed and not may_change:
            names = " and ".join(result.changed)
            self._fail(label, f"Your code changed its input {names}. Work on a copy.", hint)

    def report(self) -> None:
        """Print the outcome; raise nothing, so that the notebook runs on."""
        if self._unwritten:
            print(
                f"{self.title}: not written yet. Replace `raise NotImplementedError()` with your "
                "code, run that cell, then this one."
            )
            return
        passed = self._tried - len(self._failures)
        if not self._failures:
            print(f"{self.title}: all {self._tried} checks pass.")
            return
        print(f"{self.title}: {passed} of {self._tried} checks pass.")
        for failure in self._failures:
            print(failure)

    def _fail(self, label: str, text: str, hint: str) -> None:
        lines = [*text.splitlines(), *([hint] if hint else [])]
        self._failures.append("\n".join([f"  x  {label}", *(f"     {line}" for line in lines)]))


def _indent(text: str) -> str:
    return text.replace("\n", "\n          ")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
