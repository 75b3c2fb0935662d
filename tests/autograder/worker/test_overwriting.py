r"""What stands in a line in the end, where `\r` and `\b` went back in it."""

from __future__ import annotations

import time

import pytest

from autograder.worker.outputs import CellOutputs
from autograder.worker.overwriting import overwritten

RED, PLAIN = "\x1b[31m", "\x1b[0m"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("", ""),
        ("plain\n", "plain\n"),
        ("".join(f"\r{i}%" for i in range(101)), "100%"),
        ("".join(f"{i}%\r" for i in range(101)) + "\n", "100%\n"),
        ("windows\r\nlines\r\n", "windows\nlines\n"),
        ("longer\rab", "abnger"),
        ("one\ntwo\rTWO\nthree", "one\nTWO\nthree"),
        ("|\b/\b-\b\\\b", "\\"),
        ("12\b\b\b\b345", "345"),
        ("first\n\bsecond", "first\nsecond"),
        (f"\r{RED}ab{PLAIN}\r{RED}xyz{PLAIN}!", f"{RED}xyz{PLAIN}!"),
        (f"abc\r{RED}x{PLAIN}", f"{RED}x{PLAIN}bc"),
        ("a long line\r\x1b[2Kdone", "done"),
        ("a long line\rdone\x1b[K", "done"),
        # As Keras writes: back over what it wrote, then the bar with its colours.
        (
            "\b\b\r\x1b[1m1/9\x1b[0m 5s" + "\b" * 6 + "\r\x1b[1m9/9\x1b[0m 1s\n",
            "\x1b[1m9/9\x1b[0m 1s\n",
        ),
        # As tqdm does, also where a bar is left.
        ("\r  0%|  | 0/2\r 50%|# | 1/2\r100%|##| 2/2\n", "100%|##| 2/2\n"),
    ],
)
def test_what_stands_there_in_the_end(printed, shown):
    assert overwritten(printed) == shown


def test_a_cell_keeps_what_its_bar_showed_last():
    outputs = CellOutputs(100_000)
    for i in range(101):
        outputs.write("stdout", f"\r{i}%")
    outputs.write("stderr", "\rthere\rhere")
    assert [output["text"] for output in outputs.finished()] == ["100%", "heree"]


def seconds(text: str) -> float:
    started = time.process_time()
    overwritten(text)
    return time.process_time() - started


@pytest.mark.parametrize(
    "piece",
    ["\r", "\b", "a\b", "\ra", "\r\x1b[", "\x1b[0m\r", "\r\x1b[1;1", "a\x1b[K\r", "\x1b", "\r\n"],
    ids=repr,
)
def test_ten_times_the_text_takes_no_hundred_times_as_long(piece):
    size = 100_000
    short = min(seconds("\r" + piece * size) for _ in range(3))
    assert seconds("\r" + piece * 10 * size) < 40 * short + 0.05
