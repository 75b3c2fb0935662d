"""The judge's line to its zygote: short texts, each after its length, some with a descriptor.

A stream, because not every system has sockets that keep packets apart (macOS has none). The sides
take turns.
"""

from __future__ import annotations

import socket

_LENGTH = 4  # bytes of a text's length


class Line:
    """One end of the line.

    Parameters
    ----------
    connection : socket
        A stream socket of the Unix family.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, text: str, descriptor: int | None = None) -> None:
        """Send a text, and with it a duplicate of a file descriptor."""
        data = text.encode()
        descriptors = [] if descriptor is None else [descriptor]
        socket.send_fds(self._connection, [len(data).to_bytes(_LENGTH)], descriptors)
        self._connection.sendall(data)

    def receive(self) -> tuple[str, list[int]]:
        """Wait for a text, empty once the other side is gone, and what descriptor came with it."""
        head, descriptors, _, _ = socket.recv_fds(self._connection, _LENGTH, 1)
        head += self._read(_LENGTH - len(head)) if head else b""
        size = int.from_bytes(head) if len(head) == _LENGTH else 0
        data = self._read(size)
        return data.decode() if len(data) == size else "", descriptors

    def close(self) -> None:
        self._connection.close()

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (came := self._connection.recv(size - len(data))):
            data += came
        return data
