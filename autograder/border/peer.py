"""Calls across the border between judge and worker, in both directions.

Each side keeps its functions and objects to itself and names them by number. The judge asks the
worker to call a student's function; while that runs, the student's code may call a stand-in, and
then the worker asks the judge. Both are the same exchange of messages.

The way of one array z from a hidden test to a student's function, and of the answer back::

    JUDGE                                               WORKER, confined
    test       s.relu(z)
    Remote     call(ref, (z,))
    Peer       Request("call", thing 7, (z,))
    wire.send  JSON header + bytes of z      ------->   wire.receive   sizes, depth, dtypes checked
                                                        Peer.serve     thing 7 is the student's relu
                                                        LocalBackend   relu(z), watched for changes
                                                                       of z
    wire.receive   all checked once more     <-------   wire.send      JSON header + bytes of A
    Peer.ask   Answer({"value": A, "changed": []})
    test       compares A with the worked lab's
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from autograder.border import messages, wire
from autograder.border.messages import Answer, Message, Refusal, Request
from helpers.checking.attempt import StudentError
from helpers.checking.namespace import LocalBackend, Recipe, Thing

MOST_THINGS = 10_000


class Asker(Protocol):
    """Whoever can put a request to the other side."""

    backend: LocalBackend

    def ask(self, operation: str, *arguments: Any) -> Any: ...

    def forget(self) -> None: ...


class Peer:
    """One side of the border.

    Parameters
    ----------
    connection : socket
        A stream socket to the other side.
    side : {"judge", "worker"}
        Which side this is.
    backend : LocalBackend
        Does what the other side asks for.
    watch : callable, optional
        Called again and again while this side waits for the other; raises to give up.
    asker : Asker, optional
        Puts the requests that are made through things of the other side; this peer by default.
    """

    def __init__(
        self,
        connection: socket.socket,
        side: str,
        backend: LocalBackend,
        watch: Callable[[], None] | None = None,
        asker: Asker | None = None,
    ) -> None:
        self.connection = connection
        self.side = side
        self.backend = backend
        self.watch = watch
        self.remote = Remote(asker or self)
        self.operations: dict[str, Callable[..., Any]] = {
            "call": self._call,
            "get": lambda thing, name: backend.get(self._own(thing), name),
            "set": lambda thing, name, value: backend.set(self._own(thing), name, self.mine(value)),
        }
        self._owned: dict[int, Any] = {}

    def ask(self, operation: str, *arguments: Any) -> Any:
        """Have the other side do something, serving what it asks for meanwhile.

        Raises
        ------
        StudentError
            If the other side says that it cannot be done, and why.
        """
        self._send(Request(operation, arguments))
        while True:
            message = self.receive()
            if isinstance(message, Refusal):
                raise StudentError(message.reason, message.place, message.unwritten)
            if isinstance(message, Answer):
                return self.mine(message.value)
            self.serve(message)

    def receive(self) -> Message:
        """Wait for the other side's next message."""
        return messages.read(wire.receive(self.connection, self.watch))

    def serve(self, request: Message) -> None:
        """Do what the other side asks for, and answer."""
        answer: Answer | Refusal
        try:
            if not isinstance(request, Request):
                raise TypeError("a message that asks for nothing")
            answer = Answer(self.operations[request.operation](*request.arguments))
        except StudentError as error:
            answer = Refusal(error.reason, error.place, error.unwritten)
        except Exception as error:  # whatever the other side made up
            answer = Refusal(f"No such request ({type(error).__name__}).")
        try:
            self._send(answer)
        except wire.Malformed as error:
            self._send(Refusal(f"The result cannot be handed over: {error}"))

    def _call(self, thing: Thing, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        args = tuple(self.mine(value) for value in args)
        kwargs = {key: self.mine(value) for key, value in kwargs.items()}
        self.backend.changed.clear()
        value = self.backend.call(self._own(thing), args, kwargs)
        return {"value": value, "changed": list(self.backend.changed)}

    def _send(self, message: Message) -> None:
        wire.send(self.connection, message.as_dict(), self._number, self.watch)

    def _number(self, thing: Thing) -> tuple[str, int]:
        if isinstance(thing._backend, Remote):  # it is the other side's
            theirs: tuple[str, int] = thing._ref
            return theirs
        if len(self._owned) > MOST_THINGS:
            raise wire.Malformed("too many objects have been handed out.")
        self._owned[id(thing._ref)] = thing._ref
        return self.side, id(thing._ref)

    def forget(self) -> None:
        """Let go of everything that was handed out; the other side can no longer ask for it."""
        self._owned.clear()

    def _own(self, thing: Thing) -> Any:
        owner, number = thing._ref
        if owner != self.side or number not in self._owned:
            raise StudentError("There is no such object here.")
        return self._owned[number]

    def mine(self, value: Any) -> Any:
        """Give a thing that came in its meaning on this side."""
        if isinstance(value, Thing):
            if value._ref[0] == self.side:
                return Thing(self.backend, self._own(value), value._label)
            return Thing(self.remote, value._ref, value._label)
        if type(value) is dict:
            return {key: self.mine(item) for key, item in value.items()}
        return value


class Remote:
    """The backend of things that live on the other side."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.changed: list[str] = []

    def lookup(self, name: str) -> Any:
        return self.asker.ask("lookup", name)

    def call(self, ref: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        args = tuple(map(self._portable, args))
        kwargs = {key: self._portable(value) for key, value in kwargs.items()}
        outcome = self.asker.ask("call", Thing(self, ref, ""), args, kwargs)
        if not isinstance(outcome, dict) or "value" not in outcome:
            raise StudentError("The call gave no result.")
        changed = outcome.get("changed")
        self.changed.extend(str(name)[:40] for name in (changed if type(changed) is list else []))
        return outcome["value"]

    def _portable(self, value: Any) -> Any:
        """Let an object, such as a random generator, stay on this side and be asked from there."""
        return value if isinstance(value, (Recipe, Thing)) else self.asker.backend.wrap(value)

    def get(self, ref: Any, name: str) -> Any:
        return self.asker.ask("get", Thing(self, ref, ""), name)

    def set(self, ref: Any, name: str, value: Any) -> None:
        self.asker.ask("set", Thing(self, ref, ""), name, value)

    @contextmanager
    def stand_in(self, parts: dict[str, Any]) -> Iterator[None]:
        if parts:
            things = {name: Thing(self.asker.backend, part, name) for name, part in parts.items()}
            self.asker.ask("bind", things)
        try:
            yield
        finally:
            if parts:
                with suppress(StudentError):  # the worker may be gone, and its bindings with it
                    self.asker.ask("unbind")
                self.asker.forget()
