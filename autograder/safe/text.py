"""A student's text on a terminal."""

from __future__ import annotations


def printable(text: str, instead: str = " ") -> str:
    """Put a blank, or what is named, for half letters and what would act on a terminal."""
    return "".join(letter if letter.isprintable() else instead for letter in text)
