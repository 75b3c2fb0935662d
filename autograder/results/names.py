"""People's names, so that two systems' ways to write one come to the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that have no accent to be taken off.
_SPELT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"}
)
_UMLAUTS = re.compile(r"([aou])e")


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """Return a name's words in small letters without accents; a hyphen parts two words."""
    small = unicodedata.normalize("NFKD", name.casefold().translate(_SPELT))
    letters = "".join(letter for letter in small if not unicodedata.combining(letter))
    # An apostrophe parts nothing: O'Neil is ONeil where a system knows letters only.
    return tuple(re.findall(r"[^\W_]+", re.sub(r"['’‘`´ʼ]", "", letters)))


def glued(name: str) -> str:
    """Return a name as one word."""
    return "".join(words(name))


def without_umlauts(text: str) -> str:
    """Return what is left where ü is written as u and as ue."""
    return _UMLAUTS.sub(r"\1", text)


def is_part(shorter: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Return whether all words of a name are in another, an initial for a word being enough.

    Two whole words, at least, have to be the same.
    """
    left, same = list(longer), 0
    for word in sorted(shorter, key=len, reverse=True):
        if word in left:
            left.remove(word)
            same += len(word) > 1
        elif len(word) == 1 and (meant := [other for other in left if other[0] == word]):
            left.remove(meant[0])
        else:
            return False
    return same >= 2
