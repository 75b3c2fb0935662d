"""Which marks are the strokes of one digit: broken strokes are joined, several digits refused."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

MAX_PIECES = 6
MENDED_FROM = 3  # pieces: fewer are the strokes of a 4 or a 5
GAPS = (
    0.05,
    0.075,
    0.1,
    0.125,
    0.15,
    0.175,
)  # in a broken stroke, as shares of the drawing's longer side
MOST_MENDED = 2.5  # times the ink that is there


def one_digit(ink: np.ndarray, name: str) -> np.ndarray:
    """Remove specks and what reaches in from the border; refuse more than one digit."""
    pieces, kept = marks(ink)
    if kept.sum() >= MENDED_FROM and (mended := _mended(ink * kept[pieces])) is not None:
        ink = mended
        pieces, kept = marks(ink)
    boxes = ndimage.find_objects(pieces)
    _refuse_several([boxes[piece - 1] for piece in np.flatnonzero(kept)], name)
    # What is left of the pieces' soft edges lies within a few pixels of them.
    return ink * ndimage.binary_dilation(kept[pieces], iterations=3)


def marks(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number the pieces of ink, and say of each whether it is more than a speck or the border."""
    pieces, count = ndimage.label(ink > 0.5, np.ones((3, 3)))
    area = np.bincount(pieces.ravel(), minlength=count + 1)
    area[0] = 0
    inner = area.copy()
    inner[np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]])] = 0
    if inner.max() > 0.2 * area.max():
        area = inner
    return pieces, area > 0.03 * area.max()


def _mended(ink: np.ndarray) -> np.ndarray | None:
    """Join the dashes of a broken stroke, as the eye does; None where they are no such thing.

    All lengths are shares of what is drawn. Where it takes much more ink than there is, the marks
    are several things beside each other.
    """
    rows, columns = (np.flatnonzero((ink > 0.5).any(axis=axis)) for axis in (1, 0))
    size = max(np.ptp(rows), np.ptp(columns)) + 1
    mended = None
    for gap in GAPS:
        apart = gap * size / 2
        around = int(apart) + 2
        padded = np.pad(ink, around) > 0.5
        wide = ndimage.distance_transform_edt(~padded) <= apart
        closed = (ndimage.distance_transform_edt(wide) > apart)[around:-around, around:-around]
        if closed.sum() > MOST_MENDED * (ink > 0.5).sum():
            break
        boxes = ndimage.find_objects(ndimage.label(closed, np.ones((3, 3)))[0])
        if len(boxes) <= 2:
            mended = np.maximum(ink, closed)
            # Two that are both as tall as digits are not brought together; the foot of a 2 is.
            if len(boxes) == 1 or min(box[0].stop - box[0].start for box in boxes) > 0.35 * size:
                break
    return mended


def _refuse_several(boxes: list[tuple[slice, slice]], name: str) -> None:
    """Raise ValueError if pieces of ink with these boxes cannot be the strokes of one digit."""
    if len(boxes) > MAX_PIECES:
        raise ValueError(
            f"{name} shows {len(boxes)} separate marks; expected one digit. Crop it to the digit "
            "alone, or write the digit with unbroken strokes."
        )
    starts = np.array([[side.start for side in box] for box in boxes])
    stops = np.array([[side.stop for side in box] for box in boxes])
    height, width = stops.max(axis=0) - starts.min(axis=0)
    several = width > 2 * height
    for axis, share in ((1, 0.5), (0, 0.35)):
        for cut in stops[:, axis]:
            before, after = stops[:, axis] <= cut, starts[:, axis] >= cut
            if not after.any() or not (before | after).all():
                continue
            gap = starts[after, axis].min() - cut
            lower = min(stops[part, 0].max() - starts[part, 0].min() for part in (before, after))
            # The two sides of an open 4 or of a broken 0 come closer than two digits do, and those
            # of the 4 are not both as tall as it.
            wide = gap > 0.25 * height or (
                gap > 0.08 * height and (axis == 0 or width > 1.1 * height)
            )
            wide |= axis == 1 and gap > 0.12 * height and lower > 0.8 * height
            several |= wide and lower > share * height
    if several:
        raise ValueError(
            f"{name} seems to show several digits, or one that lies on its side; expected one, "
            "upright. Turn it, or crop it to each digit and read them one by one."
        )
