"""A student's text on a terminal."""

from __future__ import annotations


def printable(text: str) -> str:
    """Put a blank for every letter that would act on a terminal, such as an escape sequence."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
