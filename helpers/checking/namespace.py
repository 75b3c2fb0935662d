"""The only view that a hidden test has of the code under test: the *student namespace*.

A test writes ``lab.one_hot(Y, 4)`` or ``lab.Sigmoid().prime(z)``. Plain data (numbers, texts,
arrays, and tuples, lists and dicts of these) come back as plain data; anything else (a class, an
object) stays where it is and is represented by a `Thing`. Where the code lives is the business of
a `Backend`: in this process, or in another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from helpers.checking import recipes
from helpers.checking.attempt import StudentError, attempt
from helpers.checking.compare import Elsewhere


class NotPlain(TypeError):
    """A value is not made of numbers, texts, arrays, tuples, lists and dicts alone."""


@dataclass(frozen=True)
class Recipe:
    """An argument that is no data (a generator, a function) and is made where the code lives.

    Parameters
    ----------
    name : str
        One of the functions in `helpers.checking.recipes`.
    arguments : tuple
        Plain data.
    """

    name: str
    arguments: tuple


def rng(seed: int) -> Recipe:
    """Return the recipe of a random generator; each call of the code under test gets a new one."""
    return Recipe("rng", (seed,))


class Backend(Protocol):
    """Where the code under test lives. Every method returns plain data or a `Thing`."""

    changed: list[str]

    def stand_in(self, parts: dict[str, Any]) -> AbstractContextManager[None]: ...

    def lookup(self, name: str) -> Any: ...
    def call(self, ref: Any, args: tuple, kwargs: dict) -> Any: ...
    def get(self, ref: Any, name: str) -> Any: ...
    def set(self, ref: Any, name: str, value: Any) -> None: ...


class Student:
    """Names defined by the code under test, as attributes.

    Parameters
    ----------
    backend : Backend
        Where that code lives.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def __getattr__(self, name: str) -> Any:
        return self._backend.lookup(name)

    def _standing_in(self, parts: dict[str, Any]) -> AbstractContextManager[None]:
        """Bind names to functions and classes that are right, as long as the block lasts."""
        return self._backend.stand_in(parts)


class Thing(Elsewhere):
    """A function, class or object that stays with the code under test."""

    __slots__ = ("_backend", "_ref")

    def __init__(self, backend: Backend | None, ref: Any, label: str) -> None:
        object.__setattr__(self, "_backend", backend)
        object.__setattr__(self, "_ref", ref)
        object.__setattr__(self, "_label", label)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._backend.call(self._ref, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return self._backend.get(self._ref, name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._backend.set(self._ref, name, value)


class LocalBackend:
    """The code under test lives in this process, in the dict `namespace`."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self.changed: list[str] = []

    @contextmanager
    def stand_in(self, parts: dict[str, Any]) -> Iterator[None]:
        before = {name: self.namespace[name] for name in parts if name in self.namespace}
        self.namespace.update(parts)
        try:
            yield
        finally:
            for name in parts:
                self.namespace.pop(name, None)
            self.namespace.update(before)

    def lookup(self, name: str) -> Any:
        if name not in self.namespace:
            raise StudentError(f"There is no `{name}` in your notebook.")
        return self.wrap(self.namespace[name])

    def call(self, ref: Any, args: tuple, kwargs: dict) -> Any:
        outcome = attempt(
            ref, *map(self.unwrap, args), **{key: self.unwrap(v) for key, v in kwargs.items()}
        )
        if outcome.error:
            raise StudentError(outcome.error, outcome.place, outcome.unwritten)
        self.changed.extend(outcome.changed)
        return self.wrap(outcome.value)

    def get(self, ref: Any, name: str) -> Any:
        outcome = attempt(getattr, ref, name)
        if outcome.error:
            owner = type(ref).__name__
            raise StudentError(f"`{owner}` has no usable attribute `{name}`.")
        return self.wrap(outcome.value)

    def set(self, ref: Any, name: str, value: Any) -> None:
        outcome = attempt(setattr, ref, name, self.unwrap(value))
        if outcome.error:
            raise StudentError(outcome.error, outcome.place, outcome.unwritten)

    def wrap(self, value: Any) -> Any:
        """Turn what code gave into plain data or a `Thing`."""
        try:
            return plain(value)
        except Exception:  # NotPlain; or whatever a student's own kind of list raises
            return Thing(self, value, _describe(value))

    def unwrap(self, value: Any) -> Any:
        """Turn what a test gives into what code is called with."""
        if isinstance(value, Recipe):
            return recipes.make(value.name, value.arguments)
        return value._ref if isinstance(value, Thing) else value


def changed_by(student: Student) -> list[str]:
    """Return the names of the inputs that the code under test has changed so far."""
    return student._backend.changed


def unmade(kind: Thing) -> Any:
    """Return an object of a class, made without its constructor."""
    return kind._backend.get(kind._ref, "__new__")(kind)


def held(thing: Thing) -> Any:
    """Return what a thing stands for, where that lives in this process."""
    return thing._ref


def local(namespace: dict[str, Any]) -> Student:
    """Give a test access to code that lives in this process."""
    return Student(LocalBackend(namespace))


def plain(value: Any) -> Any:
    """Rebuild a value from built-in types and base-class arrays.

    Raises
    ------
    NotPlain
        Where the value, or something inside it, is anything else.
    """
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf":
        return np.array(value, subok=False)
    if isinstance(value, (tuple, list)):
        kind = tuple if isinstance(value, tuple) else list
        return kind(plain(item) for item in value)
    if isinstance(value, dict) and all(type(key) in (str, int) for key in value):
        return {key: plain(item) for key, item in value.items()}
    raise NotPlain(_describe(value))


def _describe(value: Any) -> str:
    kind = type(value).__name__
    return f"{kind} of dtype {value.dtype}" if isinstance(value, np.ndarray) else kind
