"""Pictures that look like photographs of handwriting, made by a program from MNIST's pictures."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from helpers.images import SIDE

TIMES = 8  # larger than the stored picture
TILT = 8.0  # degrees, to either side


def photograph(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a digit large on paper, in uneven light and with a soft shadow on it.

    No camera took it: how dark the pen is, the tilt, the place on the page, the light, the shadow
    and the noise are drawn at random, and all of it is saved as JPEG once.

    Parameters
    ----------
    picture : ndarray, shape (784, 1)
        What MNIST stored, in [0, 1].
    rng : Generator
        What all that is random is drawn from.

    Returns
    -------
    ndarray of uint8, shape (height, width)
        Dark ink on light paper.
    """
    ink = _on_a_page(_strokes(picture, rng), rng)
    paper = rng.uniform(200, 245)
    seen = paper * (1 - rng.uniform(0.4, 0.85) * ink) * _light(ink.shape, rng)
    seen += rng.uniform(1, 4) * rng.standard_normal(ink.shape)
    stream = io.BytesIO()
    Image.fromarray(np.uint8(seen.clip(0, 255))).save(stream, "JPEG", quality=80)
    return np.asarray(Image.open(stream))


def _strokes(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the digit, large and a little tilted: 0 is paper, 1 is ink."""
    stored = Image.fromarray(np.uint8(255 * picture.reshape(SIDE, SIDE)))
    large = stored.resize((TIMES * SIDE, TIMES * SIDE), Image.Resampling.BICUBIC)
    tilted = large.rotate(rng.uniform(-TILT, TILT), Image.Resampling.BICUBIC)
    return (np.asarray(tilted) / 85 - 1).clip(0, 1)  # with edges like a pen's


def _on_a_page(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Put a digit somewhere on a page that is larger."""
    more = rng.integers(20, 120, 2)
    before = rng.integers(0, more + 1)
    return np.pad(ink, np.stack([before, more - before], axis=1))


def _light(shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    """Return the light on a page: weaker to one side, and with the shadow of something round."""
    y, x = np.indices(shape) / max(shape)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * x + np.sin(angle) * y
    falling = 1 - rng.uniform(0, 0.5) * (along - along.min()) / np.ptp(along)
    side = np.array([np.cos(angle), np.sin(angle)])
    middle = 0.5 + rng.uniform(0.4, 0.7) * side + rng.uniform(-0.2, 0.2, 2)
    round_ = np.hypot(x - middle[0], y - middle[1]) < rng.uniform(0.25, 0.5)
    soft = ndimage.gaussian_filter(round_.astype(float), rng.uniform(0.02, 0.08) * max(shape))
    return falling * (1 - rng.uniform(0, 0.6) * soft)
