"""What travels between judge and worker: JSON headers and raw numeric buffers, and nothing else.

A message is a JSON object, followed by the bytes of its arrays in order. The receiver checks sizes,
depth and dtypes before it builds anything, and builds built-in types and base-class arrays only.
There is no pickle: to read a message never runs code.
"""

from __future__ import annotations

import contextlib
import json
import math
import select
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from helpers.checking.namespace import Recipe, Thing

LARGEST_MESSAGE = 64 * 2**20  # bytes
LARGEST_HEADER = 8 * 2**20  # outputs of cells are in it
DEEPEST = 12
MOST_ITEMS = 100_000
WATCH_SECONDS = 0.1
_DTYPES = frozenset(
    {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"}
    | {"float16", "float32", "float64"}
)
_LENGTHS = struct.Struct("!II")
_ONE_READ = 2**18  # bytes
_Number = Callable[[Thing], tuple[str, int]]


class Malformed(ValueError):
    """A message is not made as it should be, or too large."""


class Closed(ConnectionError):
    """The other side is gone."""


def send(
    connection: socket.socket,
    message: dict[str, Any],
    number: _Number | None = None,
    watch: Callable[[], None] | None = None,
) -> None:
    """Send one message.

    Parameters
    ----------
    connection : socket
        A stream socket.
    message : dict
        Plain data, `Recipe` and `Thing` objects.
    number : callable, optional
        Gives the name of a `Thing`'s owner, and the number under which the owner keeps it.
    watch : callable, optional
        Called again and again while the other side takes the message in; raises to give up.

    Raises
    ------
    Malformed
        If the message is too large, or holds anything else.
    Closed
        If the other side is gone.
    """
    buffers: list[bytes] = []
    header = json.dumps(_encode(message, buffers, number, 0)).encode()
    size = len(header) + sum(map(len, buffers))
    if size > LARGEST_MESSAGE:
        raise Malformed(
            f"{size // 2**20} MB are too much; {LARGEST_MESSAGE // 2**20} MB may be sent."
        )
    data = memoryview(b"".join([_LENGTHS.pack(len(header), size), header, *buffers]))
    with _closed_if_broken():
        if watch is None:
            connection.sendall(data)
            return
        while data:
            watch()
            try:
                data = data[connection.send(data, socket.MSG_DONTWAIT) :]
            except BlockingIOError:
                select.select([], [connection], [], WATCH_SECONDS)


def receive(connection: socket.socket, watch: Callable[[], None] | None = None) -> dict[str, Any]:
    """Receive one message. The reference of a `Thing` in it is its owner and its number there.

    Parameters
    ----------
    connection : socket
        A stream socket.
    watch : callable, optional
        Called again and again until the message is there; raises to give up.

    Raises
    ------
    Malformed
        If what comes is not a message.
    Closed
        If the other side is gone.
    """
    # The sides take turns, so that what is there belongs to this message and no other.
    data = _read(connection, _LENGTHS.size, watch)
    header_length, size = _LENGTHS.unpack(data[: _LENGTHS.size])
    if header_length > min(size, LARGEST_HEADER) or size > LARGEST_MESSAGE:
        raise Malformed("a message announces a size that is too large.")
    size += _LENGTHS.size
    if len(data) < size:
        data += _read(connection, size - len(data), watch)
    if len(data) != size:
        raise Malformed("more follows than a message announces.")
    body = memoryview(data)[_LENGTHS.size :]
    try:
        tree = json.loads(bytes(body[:header_length]))
        message = _Decoder(body[header_length:]).decode(tree, 0)
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise Malformed(f"a message cannot be read ({type(error).__name__}).") from error
    if not isinstance(message, dict):
        raise Malformed("a message is not an object.")
    return message


def whole(text: str) -> str:
    """Put ``?`` for half characters (surrogates), which no UTF-8 file can hold."""
    return text.encode("utf-8", "replace").decode()


def _read(connection: socket.socket, least: int, watch: Callable[[], None] | None) -> bytearray:
    """Read so many bytes, and what else is there already."""
    data = bytearray()
    with _closed_if_broken():
        while len(data) < least:
            if watch is not None:
                # Also while bytes trickle in: whoever sends one at a time must not escape it.
                watch()
                if not select.select([connection], [], [], WATCH_SECONDS)[0]:
                    continue
            came = connection.recv(_ONE_READ)
            if not came:
                raise Closed("the connection was closed")
            data += came
    return data


@contextlib.contextmanager
def _closed_if_broken() -> Iterator[None]:
    try:
        yield
    except (Closed, TimeoutError):  # the watch gives up with the latter
        raise
    except OSError as error:
        raise Closed(str(error)) from error


def _encode(value: Any, buffers: list[bytes], number: _Number | None, depth: int) -> Any:
    if depth > DEEPEST:
        raise Malformed("it is nested too deeply.")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.name in _DTYPES:
        array = np.ascontiguousarray(value, dtype=value.dtype.newbyteorder("="))
        buffers.append(array.tobytes())
        return {"array": [array.dtype.name, list(np.shape(value))]}
    encode = [_encode(item, buffers, number, depth + 1) for item in _items(value)]
    if isinstance(value, tuple):
        return {"tuple": encode}
    if isinstance(value, list):
        return {"list": encode}
    if isinstance(value, dict):
        return {"dict": encode}
    if isinstance(value, Recipe):
        return {"recipe": encode}
    if isinstance(value, Thing) and number is not None:
        return {"thing": [*number(value), value._label]}
    raise Malformed(f"a {type(value).__name__} is not plain data.")


def _items(value: Any) -> list[Any]:
    if isinstance(value, (tuple, list)):
        return list(value)
    if isinstance(value, dict):
        return [list(pair) for pair in value.items()]
    if isinstance(value, Recipe):
        return [value.name, value.arguments]
    return []


class _Decoder:
    """Rebuilds a tree, reading arrays from the buffers in their order."""

    def __init__(self, buffers: memoryview) -> None:
        self.buffers = buffers
        self.items = 0

    def decode(self, tree: Any, depth: int) -> Any:
        self.items += 1
        if depth > DEEPEST or self.items > MOST_ITEMS:
            raise Malformed("a message is nested too deeply or has too many items.")
        if isinstance(tree, str):
            return whole(tree)
        if tree is None or isinstance(tree, (bool, int, float)):
            return tree
        if not isinstance(tree, dict):
            raise Malformed("a list where its kind should be said.")
        ((kind, content),) = tree.items()
        if kind == "array":
            return self._array(*content)
        if kind == "thing":
            owner, number, label = content
            return Thing(None, (whole(str(owner)), int(number)), whole(str(label)[:80]))
        parts = [self.decode(item, depth + 1) for item in content]
        if kind == "tuple":
            return tuple(parts)
        if kind == "list":
            return parts
        if kind == "dict":
            if not all(type(key) in (str, int) for key, _ in parts):
                raise Malformed("a key is neither text nor number.")
            return dict(parts)
        if kind == "recipe":
            return Recipe(*parts)
        raise Malformed(f"there is no kind {kind!r}.")

    def _array(self, dtype: str, shape: list[int]) -> np.ndarray:
        if dtype not in _DTYPES or len(shape) > 8:
            raise Malformed("an array of an unknown kind.")
        if not all(type(n) is int and n >= 0 for n in shape):
            raise Malformed("an array of an impossible shape.")
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size > len(self.buffers):
            raise Malformed("an array that is longer than the message.")
        data, self.buffers = self.buffers[:size], self.buffers[size:]
        return np.frombuffer(bytes(data), dtype=dtype).reshape(shape).copy()
