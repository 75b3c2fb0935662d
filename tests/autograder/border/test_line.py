"""The line between a judge and its zygote: texts whole and in their order, on any stream."""

from __future__ import annotations

import os
import socket
import struct

import pytest

from autograder.border.line import Line


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_texts_keep_apart_though_the_stream_does_not(ends):
    ours, theirs = map(Line, ends)
    for text in ("ready", "12", "é" * 3000):
        ours.send(text)
    assert [theirs.receive() for _ in range(3)] == [("ready", []), ("12", []), ("é" * 3000, [])]


def test_a_descriptor_comes_with_its_own_text(ends):
    ours, theirs = map(Line, ends)
    reading, writing = os.pipe()
    ours.send("first")
    ours.send("with it", writing)
    os.close(writing)
    assert theirs.receive() == ("first", [])
    text, (received,) = theirs.receive()
    assert text == "with it"
    os.write(received, b"through")
    os.close(received)
    assert os.read(reading, 20) == b"through"
    os.close(reading)


def test_a_text_that_comes_in_pieces(ends):
    ours, theirs = ends
    sent = struct.pack("!I", 5) + b"ready"
    child = os.fork()
    if not child:
        for byte in sent:
            ours.send(bytes([byte]))
        os._exit(0)
    os.waitpid(child, 0)
    assert Line(theirs).receive() == ("ready", [])


@pytest.mark.parametrize("before", [b"", b"\0\0", struct.pack("!I", 5) + b"rea"])
def test_the_other_side_is_gone(ends, before):
    ours, theirs = ends
    ours.sendall(before)
    ours.close()
    assert Line(theirs).receive() == ("", [])
