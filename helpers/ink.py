"""Ink on paper, told from uneven light, from shadows and from the lines of the paper.

A shadow differs from a stroke in two ways: its edge is soft, and it is broad.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from helpers.strokes import MAX_PIECES, marks

MIN_CONTRAST = 0.06
WINDOWS = 3, 6, 12  # what is broader than such a part of the picture's longer side is paper
EDGE = 0.02  # how far the edge of a stroke reaches, as a share of the longer side
STEEP = 0.6  # of the change around an edge happens within its reach
CLEARLY, ALL_INK, MOSTLY, SOME_INK = 0.95, 0.9, 0.5, 0.25  # shares of the edges that are sharp
BETTER = 0.05  # more sharp edges, for which a narrower window is worth its while
STAYS = 0.5  # of a stroke, at least, when the window is halved
BLURRED = 0.3  # of one out of focus, when the window is quartered
STRONG = 0.4  # is darker than what the window leaves of a soft shadow
CORNER = 0.1  # of the picture, at most, is what a shadow leaves at the border


@dataclass(frozen=True)
class Found:
    """What is seen when everything broader than a window is taken for paper.

    Ink is brighter than paper in the picture `bright`. `even` is it without the paper, `unruled`
    without printed lines, too; `ink` is 0 for paper and 1 for ink. `pieces` numbers the marks;
    `rim` are those of their pixels that lie at their edge, `sharp` those of the rim at which the
    picture changes suddenly.
    """

    bright: np.ndarray
    window: int
    even: np.ndarray
    unruled: np.ndarray
    ink: np.ndarray
    pieces: np.ndarray
    rim: np.ndarray
    sharp: np.ndarray

    @property
    def worth(self) -> int:
        """Count the edges that are ink's, less those that are not."""
        return 2 * int(self.sharp.sum()) - int(self.rim.sum())

    @property
    def inked(self) -> float:
        """Return which share of all edges is sharp."""
        return float(self.sharp.sum() / max(self.rim.sum(), 1))


def find_ink(grey: np.ndarray, pixel: float) -> Found | None:
    """Tell ink from paper, light and shadow.

    Parameters
    ----------
    grey : ndarray, shape (height, width)
        The picture, in [0, 1]; ink may be darker than the paper, or brighter.
    pixel : float
        How many pixels of `grey` one of the camera's has become; a stroke is not sharper.

    Returns
    -------
    Found or None
        None where nothing is drawn.
    """
    reach = int(max(EDGE * max(grey.shape), 2 * pixel)) | 1
    steep = _steep(grey, reach)
    bright = _ink_bright(grey)
    found = _look(bright, steep, reach)
    if found is not None and found.inked > CLEARLY:
        return found
    # Beside a strong shadow what is lit may be the longer tail; it has fewer edges than ink.
    other = _look(1 - bright, steep, reach)
    return other if other is not None and _is_rather_ink(other, found) else found


def _is_rather_ink(other: Found, found: Found | None) -> bool:
    """Say whether what is bright in one picture is ink, and not what is bright in its negative."""
    # The squares of squared paper have many edges, too, and the grain of chalk many soft ones.
    if other.inked < MOSTLY or len(np.unique(other.pieces)) - 1 > MAX_PIECES:
        return False
    return found is None or (other.worth > found.worth and other.sharp.sum() > found.sharp.sum())


def _ink_bright(grey: np.ndarray) -> np.ndarray:
    """Invert a picture with dark ink. Ink covers less than paper, so it is the longer tail."""
    detail = grey - ndimage.uniform_filter(grey, max(grey.shape) // 2)
    return grey if (detail * detail * detail).mean() > 0 else 1 - grey


def _look(bright: np.ndarray, steep: np.ndarray, reach: int) -> Found | None:
    """Find ink that is brighter than the paper, through the window that shows most of it."""
    broadest = best = None
    for part in WINDOWS:
        found = _seen(bright, max(bright.shape) // part, steep, reach)
        if found is None:
            continue
        broadest = broadest or found
        # A narrow window takes away more of a shadow, and of broad strokes.
        if best is None or found.worth > best.worth + BETTER * found.sharp.sum():
            best = found
        if found.inked > ALL_INK:
            break
    if broadest is None or best is None:
        return None
    if best.inked >= SOME_INK:
        return _without_shadows(best)
    return broadest if _is_blurred(broadest) else None


def _seen(bright: np.ndarray, window: int, steep: np.ndarray, reach: int) -> Found | None:
    """Take all that is broader than a window for paper; None where nothing else is seen."""
    even = _even_light(bright, window)
    unruled = _without_lines(_without_lines(even).T).T
    ink = _soft_threshold(unruled)
    if ink is None:
        return None
    pieces, kept = marks(ink)
    pieces = np.where(kept[pieces], pieces, 0)
    inside = pieces > 0
    rim = inside & ~ndimage.binary_erosion(inside, border_value=1)
    # Printed lines are steep, too: what is steep must still be so without them.
    sharp = rim & steep & _steep(unruled, reach)
    return Found(bright, window, even, unruled, ink, pieces, rim, sharp)


def _count(numbers: np.ndarray, most: int) -> np.ndarray:
    """Return how often each number is there, from 0 to below `most`."""
    return np.bincount(numbers.ravel(), minlength=most)


def _steep(picture: np.ndarray, reach: int) -> np.ndarray:
    """Say where most of the change around a pixel happens within its reach."""
    smooth = ndimage.gaussian_filter(picture, 1)

    def change(size: int) -> np.ndarray:
        return ndimage.maximum_filter(smooth, size) - ndimage.minimum_filter(smooth, size)

    return change(reach) > STEEP * change(3 * reach)


def _even_light(bright: np.ndarray, window: int) -> np.ndarray:
    """Subtract the paper: what is left when everything narrower than the window is taken away."""
    smooth = ndimage.gaussian_filter(bright, 1)
    paper = ndimage.grey_opening(smooth, (window, window))
    # Smooth, but never above the paper: along the edge of a shadow it would look like ink.
    return bright - np.maximum(paper, ndimage.uniform_filter(paper, window // 4))


def _without_lines(even: np.ndarray) -> np.ndarray:
    """Remove the lines of ruled paper that run from left to right, also if a little tilted."""
    height, width = even.shape
    rows = np.arange(height)[:, np.newaxis]
    columns = np.arange(width)

    def down(slope: float, columns: np.ndarray) -> np.ndarray:
        """Return how far below the middle of the picture's width a line is in each column."""
        return slope * (columns - width // 2)

    def along(slope: float, columns: np.ndarray) -> np.ndarray:
        """Return the picture with lines of this slope made horizontal."""
        shifted = np.rint(rows + down(slope, columns)).astype(int)
        return even[np.clip(shifted, 0, height - 1), columns]

    sample = columns[:: max(1, width // 32)]
    slopes = np.linspace(-0.15, 0.15, 61)
    slope = max(slopes, key=lambda slope: along(slope, sample).mean(axis=1).var())
    # A line is there in nearly all columns. No stroke is, even of a closely cropped digit.
    level, usual = np.percentile(
        ndimage.maximum_filter1d(along(slope, columns), 3, axis=0), (10, 50), axis=1
    )
    ruled = level > max(0.02, 0.1 * np.percentile(even, 99.9))
    count = ndimage.label(ruled)[1]
    if count < 2:
        return even
    row = np.clip(np.rint(rows - down(slope, columns)).astype(int), 0, height - 1)
    line = np.where(ruled, np.maximum(1.7 * level, 1.3 * usual), 0)[row]
    # Ink is darker than a line that it crosses; where it is not, the gap is closed again.
    ink = np.where(even > line, even, 0)
    thickness = int(ruled.sum() / count) + 3
    return np.where(line > 0, ndimage.grey_closing(ink, (thickness, 1)), even)


def _soft_threshold(even: np.ndarray) -> np.ndarray | None:
    """Bring paper to 0 and ink to 1, with a soft edge between them; None without a contrast."""
    # Not the median: ink can cover half of a closely cropped picture.
    low, paper = np.percentile(even, [5, 25])
    noise = paper - low
    contrast = np.percentile(even, 99.95) - paper
    inked = even - paper > max(6 * noise, 0.25 * contrast)
    if contrast < max(6 * noise, MIN_CONTRAST) or not inked.any():
        return None
    level = np.median(even[inked]) - paper
    return np.clip(2 * (even - paper) / level - 0.5, 0, 1)


def _stays(found: Found, parts: int) -> np.ndarray:
    """Return how much of each pixel is left in a part of the window: little of a shadow."""
    return _even_light(found.bright, found.window // parts) / np.maximum(found.even, 1e-3)


def _is_blurred(found: Found) -> bool:
    """Say whether marks without a sharp edge are strokes out of focus, not shadows."""
    inside = found.pieces > 0
    left, strength = np.median(_stays(found, 4)[inside]), np.median(found.even[inside])
    return bool(left > BLURRED or strength > STRONG)


def _without_shadows(found: Found) -> Found | None:
    """Remove marks with soft edges, and what a shadow with a sharp one leaves at the border.

    It ends in a corner there, which is too narrow for the window. None where nothing else is.
    """
    pieces, most = found.pieces, int(found.pieces.max()) + 1
    area, rim, sharp = (
        _count(those, most) for those in (pieces, pieces[found.rim], pieces[found.sharp])
    )
    shadow = sharp < SOME_INK * rim
    border = np.unique(np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]]))
    small = border[(border > 0) & (area[border] < CORNER * pieces.size)]
    if small.size:
        shadow[small[ndimage.median(_stays(found, 2), pieces, small) < STAYS]] = True
    shadow[0] = False
    # The soft edge of a mark goes with it.
    ink = found.ink * ~ndimage.binary_dilation(shadow[pieces], iterations=3)
    return replace(found, ink=ink) if (ink > 0.5).any() else None
