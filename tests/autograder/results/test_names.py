"""People's names in the order of a class list, whatever their letters."""

from __future__ import annotations

import pytest

from autograder.results.names import words


@pytest.mark.parametrize(
    "listed",
    [
        ["Sá", "Şahin", "Tan", "Wang"],
        ["Blanc", "de la Cruz", "Farahani"],
        ["Öberg", "O'Neill", "Ønes", "Petrova"],
    ],
)
def test_accents_and_small_letters_do_not_come_last(listed):
    shuffled = [*listed[1::2], *listed[::2]]
    assert sorted(shuffled, key=words) == listed
