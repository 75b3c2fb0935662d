"""Find submissions whose code is nearly the same: a hint for a person, never a verdict.

A token method. Of every answer cell remain the tokens of the lines that the student wrote, without
comments, docstrings and layout, and with names numbered in the order in which they appear, so that
renaming hides nothing. What resembles the worked solution does not count, nor what many students
wrote alike: short exercises have few good answers.
"""

from __future__ import annotations

import builtins
import io
import keyword
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz, process

NEARLY = 95  # of 100, by longest common subsequence
FEWEST_TOKENS = 25  # in a cell; less is written alike by chance
ENOUGH_TOKENS = 60  # in all cells that two submissions have alike
MOST_TOKENS = 2_000  # of a cell; what follows is not looked at
MOST_COPIED = 0.5  # of a lab's code, to the letter; more is no coincidence
MOST_CHARACTERS = 20_000  # of a cell, likewise
COMMON = 0.02  # of a class, and never fewer than MOST_IN_A_GROUP: an answer that many found
MOST_IN_A_GROUP = 3

_LAYOUT = {tokenize.INDENT, tokenize.DEDENT, tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER}
_FIXED = frozenset(keyword.kwlist) | frozenset(dir(builtins))


@dataclass(frozen=True)
class Pair:
    """Two submissions with cells that are nearly the same.

    Attributes
    ----------
    one, other : str
        The students.
    cells : dict
        How alike each such cell is, of 100.
    tokens : int
        How much code that is.
    """

    one: str
    other: str
    cells: dict[str, int] = field(default_factory=dict)
    tokens: int = 0


def pairs(
    answers: Mapping[str, Mapping[str, str]], given: Mapping[str, str], worked: Mapping[str, str]
) -> list[Pair]:
    """Return the pairs of submissions that someone may want to look at, most code first.

    Parameters
    ----------
    answers : mapping
        The source of every answer cell, by student and cell.
    given : mapping
        What stood in each cell when it was released.
    worked : mapping
        The worked solution of each cell.
    """
    alphabet = _Alphabet()
    cells: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    tokens: dict[tuple[str, str], int] = defaultdict(int)
    most = max(MOST_IN_A_GROUP, int(COMMON * len(answers)))
    for cell in given:
        lines = set(_lines(given[cell]))
        solution = alphabet.spell(worked.get(cell, ""), lines)
        texts = {
            student: alphabet.spell(own.get(cell, ""), lines) for student, own in answers.items()
        }
        students = [
            student
            for student, text in texts.items()
            if len(text) >= FEWEST_TOKENS and fuzz.ratio(text, solution) < NEARLY
        ]
        spelt = [texts[student] for student in students]
        for one, other, score in _alike(spelt, most):
            pair = students[one], students[other]
            cells[pair][cell] = score
            tokens[pair] += min(len(spelt[one]), len(spelt[other]))
    found = [
        Pair(*pair, cells[pair], size) for pair, size in tokens.items() if size >= ENOUGH_TOKENS
    ]
    return sorted(found, key=lambda pair: (-pair.tokens, pair.one, pair.other))


def word_for_word(
    answers: Mapping[str, str], given: Mapping[str, str], worked: Mapping[str, str]
) -> list[str]:
    """Return the cells that hold the worked solution to the letter, comments and layout included.

    None where that is little of the lab's code: a formula is often written in one way by all.
    """
    size = {
        cell: len(_own(worked[cell], set(_lines(given[cell])))) for cell in given if cell in worked
    }
    same = [cell for cell in size if _text(answers.get(cell, "")) == _text(worked[cell])]
    tokens = sum(size[cell] for cell in same)
    return same if tokens >= max(ENOUGH_TOKENS, MOST_COPIED * sum(size.values())) else []


def _text(source: str) -> list[str]:
    """Return a cell's lines, without the marks around a worked solution."""
    lines = (line.rstrip() for line in source.strip().splitlines())
    return [line for line in lines if not line.lstrip().startswith("### ")]


def _alike(texts: list[str], most: int) -> Iterator[tuple[int, int, int]]:
    """Yield the positions of two texts that are alike, but not like more than `most` others."""
    if len(texts) < 2:
        return
    scores = process.cdist(
        texts, texts, scorer=fuzz.ratio, score_cutoff=NEARLY, dtype=np.uint8, workers=-1
    )
    np.fill_diagonal(scores, 0)
    rare = np.count_nonzero(scores, axis=1) <= most
    scores[~rare] = 0
    scores[:, ~rare] = 0
    for one, other in np.argwhere(np.triu(scores)):
        yield int(one), int(other), int(scores[one, other])


class _Alphabet:
    """Spells code as a text with one letter for each token, which compares fast."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}

    def spell(self, source: str, given: set[tuple[str, ...]]) -> str:
        """Return a cell's own lines, without those that were given."""
        own = _own(source, given)
        return "".join(self._letter(token) for token in _unnamed(own[:MOST_TOKENS]))

    def _letter(self, token: str) -> str:
        # From the private use area on, which has no letter that stands for anything. There are a
        # million of them; a class with more tokens shares a few, which makes no pair alike.
        number = len(self._letters) % (sys.maxunicode - 0xE000)
        return self._letters.setdefault(token, chr(0xE000 + number))


def _own(source: str, given: set[tuple[str, ...]]) -> list[str]:
    """Return the tokens of a cell's own lines."""
    return [token for line in _lines(source) if line not in given for token in line]


def _unnamed(tokens: list[str]) -> Iterator[str]:
    """Number the names, but for those of the language and those behind a dot."""
    numbers: dict[str, str] = {}
    before = ""
    for token in tokens:
        if token.isidentifier() and token not in _FIXED and before != ".":
            yield numbers.setdefault(token, f"name {len(numbers)}")
        else:
            yield token
        before = token


def _lines(source: str) -> list[tuple[str, ...]]:
    """Return the logical lines of a cell as tokens, as far as it is Python."""
    lines: list[tuple[str, ...]] = []
    line: list[str] = []
    only_text = True
    try:
        for token in tokenize.generate_tokens(io.StringIO(source[:MOST_CHARACTERS]).readline):
            if token.type == tokenize.NEWLINE:
                if line and not only_text:
                    lines.append(tuple(line))
                line, only_text = [], True
            elif token.type not in _LAYOUT:
                line.append(token.string)
                only_text = only_text and token.type == tokenize.STRING
    except (tokenize.TokenError, SyntaxError, ValueError):
        if line:
            lines.append(tuple(line))
    return lines
