"""Photographs made by a program show the digit that they were made from."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from helpers.images import read_digit
from helpers.photographs import photograph

SEVEN = np.zeros((28, 28), np.float32)
SEVEN[5:8, 8:20] = SEVEN[5:24, 17:20] = 1


def made(seed: int) -> np.ndarray:
    return photograph(SEVEN.reshape(784, 1), np.random.default_rng(seed))


def test_a_photograph_depends_on_the_generator_alone():
    np.testing.assert_array_equal(made(1), made(1))
    assert made(1).shape != made(2).shape


@pytest.mark.parametrize("seed", range(8))
def test_a_photograph_is_dark_ink_on_paper(seed):
    picture = made(seed)
    assert picture.dtype == np.uint8
    # Darker than the paper around it, wherever the shadow lies.
    around = ndimage.median_filter(picture.astype(float), 61)
    ink = around - picture > 0.25 * around
    share = ink.sum() / (64 * (SEVEN > 0).sum())
    assert 0.6 < share < 1.4


@pytest.mark.parametrize("seed", range(8))
def test_what_was_stored_is_read_from_it(seed):
    stored = read_digit(np.uint8(255 * SEVEN))
    alike = np.corrcoef(read_digit(made(seed)).ravel(), stored.ravel())[0, 1]
    assert alike > 0.6  # tilted by up to eight degrees
