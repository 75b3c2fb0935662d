"""What a worker may have done by the reference implementation, while it stands in for a part.

A stand-in is a worked lab's function in the judge's own process, called with arguments that a
student's code chose. So only what a lab documents can be reached, for a short time and with little
memory.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from autograder.confinement.memory import address_space, memory_limit
from helpers.checking.namespace import LocalBackend, StudentError, Thing

LONGEST_CALL = 5.0  # seconds
LARGEST_ARRAY = 2_000_000  # entries
MOST_MEMORY = 128 * 2**20  # bytes, of all stand-ins for one submission together
_DRAWS = frozenset(
    {"choice", "integers", "normal", "permutation", "random", "standard_normal", "uniform"}
)


class ReferenceBackend(LocalBackend):
    """Calls functions and methods of a worked lab, and reads and sets its objects' attributes.

    Parameters
    ----------
    modules : collection of str
        The lab's script and the files that are given to it: nothing else is handed out.
    private : collection of str
        Attributes with an underscore that may be asked for nevertheless.
    """

    def __init__(self, modules: Collection[str] = (), private: Collection[str] = ()) -> None:
        super().__init__({})
        self._modules, self._private = frozenset(modules), frozenset(private)
        self._memory = address_space() + MOST_MEMORY

    def call(self, ref: Any, args: tuple, kwargs: dict) -> Any:
        for value in (*args, *kwargs.values()):
            _check_size(value)
        with _time_limit(), memory_limit(self._memory):
            return super().call(ref, args, kwargs)

    def get(self, ref: Any, name: str) -> Any:
        self._check_name(name)
        return super().get(ref, name)

    def set(self, ref: Any, name: str, value: Any) -> None:
        self._check_name(name)
        if isinstance(ref, type) or callable(ref):
            raise StudentError("Only an object's attributes can be set.")
        _check_size(value)
        if address_space() > self._memory:
            raise StudentError("The objects that you keep are larger than this exercise needs.")
        super().set(ref, name, value)

    def unwrap(self, value: Any) -> Any:
        if isinstance(value, Thing) and value._backend is not self:
            return _Generator(value)
        return super().unwrap(value)

    def wrap(self, value: Any) -> Any:
        wrapped = super().wrap(value)
        if isinstance(wrapped, Thing) and not self._is_documented(value):
            raise StudentError(f"A {type(value).__name__} is not handed out.")
        return wrapped

    def _is_documented(self, value: Any) -> bool:
        """Whether a value is a function, method, class or object of the lab, or given to it."""
        module = getattr(value, "__module__", None)
        return isinstance(module, str) and module in self._modules

    def _check_name(self, name: Any) -> None:
        if not isinstance(name, str) or (name.startswith("_") and name not in self._private):
            raise StudentError(f"There is no attribute {name!r}.")


class _Generator:
    """Draws from a random generator that stays with the student's code, and does nothing else.

    NumPy would believe the student's object what it says about addresses in memory, were it asked.
    """

    __slots__ = ("_thing",)

    def __init__(self, thing: Thing) -> None:
        self._thing = thing

    def __getattr__(self, name: str) -> Any:
        if name not in _DRAWS:
            raise AttributeError(f"A generator has no {name!r} here.")

        def draw(*args: Any, **kwargs: Any) -> Any:
            drawn = getattr(self._thing, name)(*args, **kwargs)
            if not isinstance(drawn, (int, float, np.ndarray)):
                raise StudentError(f"The generator's {name} gave no numbers.")
            return drawn

        return draw


def _check_size(value: Any) -> None:
    if isinstance(value, np.ndarray) and value.size > LARGEST_ARRAY:
        raise StudentError(f"An array of shape {value.shape} is larger than this exercise needs.")
    if isinstance(value, (tuple, list)):
        for item in value:
            _check_size(item)
    if isinstance(value, dict):
        for item in value.values():
            _check_size(item)


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    def give_up(*_: Any) -> None:
        raise TimeoutError("this took too long.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, LONGEST_CALL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
