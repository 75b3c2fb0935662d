"""The visible checks: a few open examples, and what to look at where one of them fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from helpers.checking.attempt import attempt
from helpers.checking.compare import Kind, Setting, compare

# A hint is about the answer; it leads nowhere where there is none, or none of the right kind.
_HINTED: frozenset[Kind] = frozenset(
    {"shape", "nan", "transposed", "sign", "factor", "axis", "value"}
)
_MOST_PRINTED = 1000


@dataclass
class Checklist:
    """Collect the examples of one exercise, then print how many of them hold.

    Parameters
    ----------
    title : str
        What is being checked, as the student knows it.
    """

    title: str
    _failures: dict[str, list[str]] = field(default_factory=dict)
    _printed: str = ""
    _tried: int = 0
    _unwritten: int = 0

    def example(
        self,
        label: str,
        expected: Any,
        function: Callable,
        *args: Any,
        hint: str = "",
        hint_on: frozenset[Kind] | set[Kind] = _HINTED,
        may_change: bool = False,
        **setting: Any,
    ) -> None:
        """Try one example.

        Parameters
        ----------
        label : str
            What this example tries, with the inputs, so that it can be worked by hand.
        expected : number, ndarray, or tuple or dict of these
            What should come back.
        function : callable
            The student's function, or a short function of ours that uses the student's class.
        *args : Any
            What it is called with; it is given copies.
        hint : str, optional
            A question to think about, printed if the example fails.
        hint_on : set of Kind, optional
            Kinds of `Difference` that the hint is for.
        may_change : bool, optional
            Whether altering the arguments in place is allowed.
        **setting : Any
            Fields of `helpers.checking.compare.Setting`.
        """
        self._tried += 1
        result = attempt(function, *args)
        self._printed += result.printed
        if result.error:
            self._unwritten += result.unwritten
            self._fail(label, f"{result.error} {result.place}".strip())
            return
        difference = compare(expected, result.value, Setting(**setting))
        if difference:
            values = ""
            if difference.expected:
                values = (
                    f"expected  {_indent(difference.expected)}\n"
                    f"yours     {_indent(difference.actual)}\n"
                )
            # Two texts, or yes and no, say it all.
            plain = values and isinstance(expected, (str, bool))
            text = values if plain else values + _sentence(difference.message)
            self._fail(label, f"{text}\n{hint}" if difference.kind in hint_on and hint else text)
        elif result.changed and not may_change:
            names = " and ".join(result.changed)
            self._fail(label, f"Your code changed its input {names}. Work on a copy.")

    @property
    def holds(self) -> bool:
        """Whether every example so far holds; where one does not, what builds on it misleads."""
        return not self._failures

    @property
    def written(self) -> bool:
        """Whether any example so far met more than the exercise as it was handed out."""
        return self._unwritten < self._tried

    def go_through(self, answer: Any, *stages: tuple[Callable[..., None], str]) -> str:
        """Try stage after stage, up to the first in which something does not hold.

        Parameters
        ----------
        answer : Any
            The student's function or class.
        *stages : (callable, str)
            Functions of this checklist and the answer, each with a name for what comes after it.

        Returns
        -------
        str
            What has not been tried, for `report`; empty where nothing is left.
        """
        for stage, then in stages:
            stage(self, answer)
            if not self.holds:
                return then
        return ""

    def report(self, then: str = "") -> None:
        """Print the outcome; raise nothing, so that the notebook runs on.

        Parameters
        ----------
        then : str, optional
            What has not been tried, because it builds on something that does not hold.
        """
        failed = sum(map(len, self._failures.values()))
        if not self.written:
            print(
                f"{self.title}: not written yet. Replace `raise NotImplementedError()` with your "
                "code, run that cell, then this one."
            )
        elif failed:
            print(f"{self.title}: {self._tried - failed} of {self._tried} checks pass.")
            for text, labels in self._failures.items():
                print("\n".join([*(f"  x  {label}" for label in labels), text]))
            if then:
                print(f"  Once these pass, this cell goes on to {then}.")
        else:
            print(f"{self.title}: all {self._tried} checks pass.")
        if self._printed:
            print(f"Your code printed:\n{self._printed[:_MOST_PRINTED].rstrip()}")

    def _fail(self, label: str, text: str) -> None:
        indented = "\n".join(f"     {line}" for line in text.splitlines() if line)
        self._failures.setdefault(indented, []).append(label)


def _indent(text: str) -> str:
    return text.replace("\n", "\n          ")


def _sentence(text: str) -> str:
    """Begin with a capital letter, unless with a name such as dW1."""
    return text[:1].upper() + text[1:] if text.startswith(("the ", "value ")) else text
