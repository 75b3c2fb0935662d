"""A photograph or drawing of a digit, turned into what MNIST would have stored of it.

`read_digit` gives the 784 numbers; `digit_steps` and `plot_steps` show how they come about.
"""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from PIL import Image, ImageOps, UnidentifiedImageError
from scipy import ndimage

from helpers.ink import find_ink
from helpers.plotting import describe
from helpers.strokes import one_digit

try:
    from pi_heif import register_heif_opener
except ImportError:
    HEIC = False
else:
    register_heif_opener()
    HEIC = True

Source = str | os.PathLike[str] | bytes | np.ndarray

SIDE, BOX = 28, 20
STROKE = 2.3  # pixels, the median width of MNIST's strokes
MIN_SIDE, MAX_PIXELS = 8, 80_000_000
WORK_SIDES = 280, 768  # the longer side of the picture while it is worked on, at least and at most
FINE = 200  # the longer side of the ink while its strokes are measured
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", *(("HEIF",) if HEIC else ()))
LUMINANCE = np.array([0.299, 0.587, 0.114], np.float32)


def read_digit(source: Source) -> np.ndarray:
    """Turn a picture of one digit into a column as MNIST would hold it.

    Parameters
    ----------
    source : path, bytes or ndarray
        A PNG, JPEG, WebP, GIF, BMP or TIFF file of up to 80 megapixels, or what such a file
        holds; HEIC too where the package pi-heif is installed. Or an array of uint8, shape
        (height, width) for grey, (height, width, 3) for RGB, (height, width, 4) for RGB with
        opacity. Ink may be dark on light or light on dark.

    Returns
    -------
    ndarray, shape (784, 1), float32
        Pixel rows from top to bottom, in [0, 1]; 0 is paper, 1 is full ink. The ink fits into
        20 x 20 pixels; its centre of mass is in the middle of the 28 x 28.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If `source` is not a picture, is damaged or far too large, or if it does not show one
        digit: nothing is drawn, or several things are.
    TypeError
        If `source` is something else than a path, bytes or an array.
    """
    return digit_steps(source)[-1][1].reshape(SIDE * SIDE, 1)


def digit_steps(source: Source) -> list[tuple[str, np.ndarray]]:
    """Turn a picture of one digit into what MNIST would hold, and keep every step.

    Parameters
    ----------
    source : path, bytes or ndarray
        As for `read_digit`.

    Returns
    -------
    list of (str, ndarray)
        What each step did and the picture after it, float32 in [0, 1]. The first has colours,
        shape (height, width, 3); the others have the shape (height, width). The last is 28 x 28
        and holds the numbers that `read_digit` returns.

    Raises
    ------
    FileNotFoundError, ValueError, TypeError
        As `read_digit` does.
    """
    name, image, pixel = _open_upright(source)
    colours = _on_background(np.asarray(image, np.float32) / 255)
    grey = colours @ LUMINANCE
    found = find_ink(grey, pixel)
    if found is None:
        raise ValueError(
            f"{name} shows nothing drawn, or too faintly to be told from the paper. Use a darker "
            "pen or better light, or go closer."
        )
    digit = one_digit(found.ink, name)
    fitted, centred = _fit(digit)
    return [
        ("upright", colours),
        ("grey", grey),
        ("ink bright", found.bright),
        ("light evened out", found.even.clip(0, 1)),
        ("lines removed", found.unruled.clip(0, 1)),
        ("only the digit", digit),
        ("fitted into 20 × 20", fitted),
        ("centred in 28 × 28", centred),
    ]


def plot_steps(source: Source) -> Figure:
    """Draw every step from a picture of one digit to what MNIST would hold.

    Parameters
    ----------
    source : path, bytes or ndarray
        As for `read_digit`.

    Returns
    -------
    Figure

    Raises
    ------
    FileNotFoundError, ValueError, TypeError
        As `read_digit` does.
    """
    steps = digit_steps(source)
    columns = 4
    figure, axes = plt.subplots(
        len(steps) // columns, columns, figsize=(9, 5), layout="constrained"
    )
    for k, (ax, (name, picture)) in enumerate(zip(axes.flat, steps, strict=True), 1):
        ax.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(f"{k}. {name}", fontsize=10)
        ax.set(xticks=[], yticks=[])
    height, width = steps[0][1].shape[:2]
    listed = "; ".join(name for name, _ in steps)
    rows, cols = np.nonzero(steps[-1][1] > 0.5)
    describe(
        figure,
        f"A picture of {width} by {height} pixels in {len(steps)} steps: {listed}. In the last "
        f"one the ink, white on black, reaches from row {rows.min()} to {rows.max()} and from "
        f"column {cols.min()} to {cols.max()} of 28.",
    )
    return figure


def _open_upright(source: Source) -> tuple[str, Image.Image, float]:
    """Return a name for messages, the picture turned upright, and how large its pixels became.

    The picture is RGBA, in working size.
    """
    if isinstance(source, np.ndarray):
        return "The picture", *_resized(_from_array(source))
    if isinstance(source, bytes | bytearray):
        name, file, size = "The picture", io.BytesIO(source), len(source)
    elif isinstance(source, str | os.PathLike):
        path = Path(source).expanduser()
        name, file, size = str(path), _open_file(path), path.stat().st_size
    else:
        raise TypeError(
            f"The picture is a {type(source).__name__}; expected the path of a file, bytes or a "
            "NumPy array. Pass one of these."
        )
    with file:
        if not size:
            raise ValueError(f"{name} is empty: it holds 0 bytes. Save or copy the picture again.")
        # Opening reads the header only; the pixels are decoded once their number is known.
        with _decoding(name, file), Image.open(file, formats=FORMATS) as image:
            _check_size(name, *image.size)
            # A JPEG is decoded at a half, a quarter or an eighth of its size if that suffices.
            image.draft(None, _work_size(*image.size))
            ImageOps.exif_transpose(image, in_place=True)
            return name, *_resized(image)


def _open_file(path: Path) -> BinaryIO:
    if not path.exists():
        raise FileNotFoundError(
            f"{path} does not exist; expected a picture of a digit. Check the name and the folder."
        )
    if not path.is_file():
        raise ValueError(
            f"{path} is {'a folder' if path.is_dir() else 'not an ordinary file'}; expected a "
            "picture of a digit. Give the path of the file itself."
        )
    return path.open("rb")


@contextmanager
def _decoding(name: str, file: BinaryIO) -> Iterator[None]:
    """Turn what Pillow raises for a file that it cannot decode into a sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a warning would be shown on stderr
            yield
    except Image.DecompressionBombError:
        raise _too_large(name) from None
    except UnidentifiedImageError:
        file.seek(4)
        if file.read(4) == b"ftyp":
            hint = "It looks like a HEIC picture: run `pip install pi-heif` and restart, or"
        else:
            hint = "Open it in the program that made it and"
        raise ValueError(
            f"{name} is not a picture that can be read here; expected PNG, JPEG, WebP, GIF, BMP or "
            f"TIFF. {hint} save it as PNG or JPEG."
        ) from None
    except (OSError, SyntaxError, EOFError) as error:
        raise ValueError(
            f"{name} is damaged; decoding it found: {error}. Save or copy the picture again."
        ) from error


def _check_size(name: str, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large(name, f" {width:,} x {height:,} pixels,")
    if min(width, height) < MIN_SIDE:
        raise ValueError(
            f"{name} is only {width} x {height} pixels; expected at least {MIN_SIDE} on each side. "
            "Take a larger picture."
        )


def _too_large(name: str, size: str = "") -> ValueError:
    return ValueError(
        f"{name} has{size} more than {MAX_PIXELS // 10**6} megapixels; a picture of a digit needs "
        "less than one. Crop it or scale it down."
    )


def _from_array(pixels: np.ndarray) -> Image.Image:
    grey = pixels.ndim == 2
    if pixels.dtype != np.uint8 or not (grey or (pixels.ndim == 3 and pixels.shape[2] in (3, 4))):
        raise ValueError(
            f"The array has the shape {pixels.shape} and the dtype {pixels.dtype}; expected "
            "(height, width), (height, width, 3) or (height, width, 4) of uint8. Pixels in [0, 1] "
            "become that by `np.uint8(255 * pixels)`."
        )
    height, width = pixels.shape[:2]
    _check_size("The array", width, height)
    return Image.fromarray(np.ascontiguousarray(pixels))


def _work_size(width: int, height: int) -> tuple[int, int]:
    longer = max(width, height)
    scale = min(max(longer, WORK_SIDES[0]), WORK_SIDES[1]) / longer
    return max(1, round(scale * width)), max(1, round(scale * height))


def _resized(image: Image.Image) -> tuple[Image.Image, float]:
    if image.mode.startswith(("I", "F")):  # 16 or 32 bits, which Pillow would cut off at 255
        values = np.asarray(image, np.float32)
        low, high = values.min(), values.max()
        image = Image.fromarray(np.uint8(255 * (values - low) / max(high - low, 1e-9)))
    # As few bytes a pixel as possible until the picture is small.
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    size = _work_size(*image.size)
    resized = image.resize(size, Image.Resampling.BICUBIC, reducing_gap=3)
    return resized.convert("RGBA"), max(size) / max(image.size)


def _on_background(pixels: np.ndarray) -> np.ndarray:
    """Lay a picture with opacity, (h, w, 4), on a background that its drawing stands out from."""
    colours, opacity = pixels[..., :3], pixels[..., 3:]
    visible = opacity[..., 0] > 0.5
    if visible.all() or not visible.any():
        return colours * opacity
    grey = colours[visible] @ LUMINANCE
    low, paper, high = np.percentile(grey, [5, 50, 95])
    # Is there a drawing on the visible part, or is the visible part the drawing?
    on_it = visible.mean() > 0.5 and high - low > 0.25
    background = paper if on_it else float(paper < 0.5)
    return opacity * colours + (1 - opacity) * np.float32(background)


def _fit(digit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit the ink into 20 x 20 in the middle of 28 x 28; then move its centre of mass there."""
    rows, columns = (np.flatnonzero((digit > 0.5).any(axis=axis)) for axis in (1, 0))
    image = Image.fromarray(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    size = [max(1, round(FINE * side / max(image.size))) for side in image.size]
    ink = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    ink = ndimage.grey_closing(ink, (5, 5))  # chalk and pencil leave gaps within a stroke
    width = _stroke_width(ink)

    # A stroke's middle line is fitted, so that it can be drawn broader than it was.
    scale, growth = BOX / FINE, 0.0
    if width * scale < STROKE:
        scale = (BOX - STROKE) / (FINE - width)
        growth = (STROKE / scale - width) / 2
    frame, reach = SIDE / scale, (SIDE - BOX) / 2 / scale
    ink = np.pad(ink, [(int((frame - side) / 2 + reach) + 1,) * 2 for side in ink.shape])
    if growth:
        distance = ndimage.distance_transform_edt(ink <= 0.5)
        ink = np.maximum(ink, np.clip(growth + 1 - distance, 0, 1))
    image = Image.fromarray(ink.astype(np.float32))

    def framed(middle: np.ndarray) -> np.ndarray:
        """Return 28 x 28 pixels around a point (y, x) of the drawing."""
        top, left = middle - frame / 2
        box = (left, top, left + frame, top + frame)
        pixels = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX, box=box))
        return pixels / pixels.max()

    middle = np.array(ink.shape) / 2
    mass = np.add(ndimage.center_of_mass(ink), 0.5)
    # MNIST's centre of mass is the middle of pixel 14, counted from 0: half a pixel off.
    target = mass - 0.5 / scale
    # Further away than `reach`, and ink would leave the picture.
    return framed(middle), framed(np.clip(target, middle - reach, middle + reach))


def _stroke_width(digit: np.ndarray) -> float:
    """Return twice the usual distance from the middle line of the strokes to their edge."""
    inside = ndimage.distance_transform_edt(np.pad(digit, 1) > 0.5)
    ridge = (inside > 0) & (inside == ndimage.maximum_filter(inside, 3))
    return float(2 * np.median(inside[ridge]) - 1)
