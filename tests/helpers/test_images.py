"""What MNIST stored comes back from any picture of it; what shows no digit is refused in words."""

from __future__ import annotations

import csv
import io
import os
import struct
import sys
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage
from sklearn.neighbors import KNeighborsClassifier

from autograder.files import HOME
from grader_tests.engine import worked
from helpers import canvas
from helpers.data import load_mnist_split
from helpers.images import digit_steps, plot_steps, read_digit
from helpers.plotting import alt_text
from tests.support.folders import MNIST, OWN_DIGITS, needs_mnist, needs_own_digits

DRAWN = HOME / "solutions" / "lab4_deep_mini_batch" / "digits"
# The orientation that a camera notes, and how it then stores what is to be seen.
STORED_AS = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: a.T,
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.rot90(a, 2).T,
    8: lambda a: np.rot90(a, -1),
}


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, ...]:
    """MNIST where MNIST_DIR names it, else the embedded digits; never downloaded."""
    with pytest.MonkeyPatch.context() as patch:
        if not os.environ.get("MNIST_DIR"):
            patch.setenv("DIGITS_DATASET", "embedded")
        return load_mnist_split()


@pytest.fixture(scope="module")
def classify(digits) -> Callable[[np.ndarray], np.ndarray]:
    """Look up the most similar training images: no network, nothing of the code under test."""
    train_x, train_y, _, _ = digits
    neighbours = KNeighborsClassifier(3, weights="distance").fit(train_x.T, train_y[0])
    return lambda x: neighbours.predict(x.T)


def enlarged(image: np.ndarray, times: int = 8) -> np.ndarray:
    size = [times * side for side in image.shape[::-1]]
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))


def encoded(picture: np.ndarray, format: str = "PNG", orientation: int = 1, **options) -> bytes:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(np.ascontiguousarray(picture)).save(stream, format, exif=exif, **options)
    return stream.getvalue()


def cut_out(image: np.ndarray, ink: int) -> np.ndarray:
    """Ink of one grey on nothing."""
    opacity = enlarged(image)
    return np.dstack([np.full((*opacity.shape, 3), ink, np.uint8), opacity])


def photograph(
    image: np.ndarray, ruled: bool = False, squared: bool = False, strength: float = 0.75
) -> np.ndarray:
    """Ink on paper, ruled or squared and a little tilted, in light that falls to less than half."""
    ink = np.pad(enlarged(image), 40) / 255
    y, x = np.indices(ink.shape)
    paper = np.full(ink.shape, 235.0)
    if ruled or squared:
        paper[(y + 0.03 * x) % 40 < 2.5] = 175
    if squared:
        paper[(x - 0.03 * y) % 40 < 2.5] = 175
    light = 1 - 0.6 * (0.7 * x + 0.3 * y) / max(ink.shape)
    noise = 3 * np.random.default_rng(0).standard_normal(ink.shape)
    return np.uint8(np.clip(paper * (1 - strength * ink) * light + noise, 0, 255))


VARIANTS: dict[str, Callable[[np.ndarray], np.ndarray | bytes]] = {
    "as it is": lambda a: a,
    "dark on light": lambda a: 255 - enlarged(a),
    "JPEG of a camera held upright": lambda a: encoded(np.rot90(255 - enlarged(a)), "JPEG", 6),
    "WebP": lambda a: encoded(255 - enlarged(a), "WEBP", quality=60),
    "white strokes on nothing": lambda a: encoded(cut_out(a, 255)),
    "black strokes on nothing": lambda a: encoded(cut_out(a, 0)),
    "small on a large page": lambda a: np.pad(
        255 - enlarged(a, 3), ((80, 200), (180, 80)), constant_values=255
    ),
    "uneven light": photograph,
    "pencil": lambda a: photograph(a, strength=0.3),
    "ruled paper": lambda a: photograph(a, ruled=True),
    "squared paper": lambda a: photograph(a, squared=True),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_mnist_stored_comes_back_from_any_picture_of_it(digits, classify, variant):
    _, _, test_x, _ = digits
    stored = test_x[:, :16]
    pixels = np.uint8(np.rint(255 * stored.T)).reshape(-1, 28, 28)
    found = np.hstack([read_digit(VARIANTS[variant](image)) for image in pixels])
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.max() <= 1
    alike = [np.corrcoef(one, other)[0, 1] for one, other in zip(found.T, stored.T, strict=True)]
    assert np.mean(alike) > 0.9
    assert np.mean(classify(found) == classify(stored)) >= 0.95


@pytest.mark.parametrize("orientation", STORED_AS)
def test_a_picture_is_seen_as_the_camera_meant_it(orientation):
    picture = 255 - drawn([[(90, 60), (90, 240), (200, 240)]])
    expected = read_digit(picture)
    stored = STORED_AS[orientation](picture)
    found = read_digit(encoded(stored, orientation=orientation))
    np.testing.assert_allclose(found, expected, atol=0.02)


def drawn(strokes: list[list[tuple[int, int]]], width: int = 12, side: int = 320) -> np.ndarray:
    """White strokes through the points (x, y) on black."""
    image = Image.new("L", (side, side))
    for stroke in strokes:
        ImageDraw.Draw(image).line(stroke, fill=255, width=width)
    return np.asarray(image)


SEVEN = [[(90, 60), (220, 60), (150, 260)]]


@pytest.mark.parametrize("width", [2, 6, 12, 20])
def test_ink_is_placed_as_in_mnist_whatever_pen_drew_it(width):
    digit = read_digit(drawn(SEVEN, width)).reshape(28, 28)
    rows, columns = np.nonzero(digit > 0.1)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (20, 21)
    np.testing.assert_allclose(ndimage.center_of_mass(digit), (14, 14), atol=0.1)
    # The horizontal stroke: ink down a column, in pixels.
    thickness = digit[: rows.min() + 8, columns.min() + 4].sum()
    assert 1.8 < thickness < 4
    assert digit.max() == 1


def test_how_large_and_where_the_digit_is_does_not_matter():
    picture = drawn(SEVEN)
    expected = read_digit(picture)
    for other in (
        np.pad(picture, ((0, 200), (90, 0))),
        np.asarray(Image.fromarray(picture).resize((900, 900))),
        np.dstack([picture] * 3),
        picture[40:280, 70:240],
    ):
        assert np.abs(read_digit(other) - expected).mean() < 0.02


def test_steps_lead_from_the_picture_to_the_numbers():
    picture = photograph(np.uint8(drawn(SEVEN, 30)[::12, ::12]), squared=True)
    steps = digit_steps(picture)
    names = [name for name, _ in steps]
    assert len(set(names)) == len(names)
    assert all(step.min() >= 0 and step.max() <= 1 for _, step in steps)
    np.testing.assert_array_equal(steps[-1][1].reshape(784, 1), read_digit(picture))

    figure = plot_steps(picture)
    for ax, (name, step) in zip(figure.axes, steps, strict=True):
        np.testing.assert_array_equal(np.asarray(ax.images[0].get_array()), step)
        assert name in ax.get_title()
        assert name in alt_text(figure)
    plt.close(figure)


@pytest.mark.parametrize(
    "strokes",
    [
        [[(110, 110), (110, 160), (190, 170), (200, 230), (100, 250)], [(120, 90), (210, 85)]],
        [[(100, 60), (80, 170), (165, 170)], [(190, 60), (190, 260)]],
        [
            [(150, 60), (110, 90), (100, 150), (120, 230), (150, 255)],
            [(170, 60), (205, 150), (170, 255)],
        ],
    ],
    ids=["5 with a hat apart", "open 4", "0 in two halves"],
)
def test_one_digit_in_two_pieces_is_one_digit(strokes):
    picture = drawn(strokes)
    ink = dict(digit_steps(picture))["only the digit"]
    np.testing.assert_allclose(ink, picture / 255, atol=0.6)
    assert ndimage.label(ink > 0.5)[1] == 2


@pytest.mark.parametrize(
    "strokes",
    [
        [[(80, 60), (80, 260)], [(160, 60), (160, 260)]],
        [[(40, 80), (120, 80), (70, 240)], [(200, 80), (180, 150), (200, 240), (280, 240)]],
        [[(100, 20), (180, 20), (120, 140)], [(110, 180), (190, 180), (130, 300)]],
        [[(20, 160), (300, 165)]],
    ],
    ids=["11", "71", "7 above 7", "lying"],
)
def test_several_digits_are_refused(strokes):
    with pytest.raises(
        ValueError, match="seems to show several digits, or one that lies on its side"
    ):
        read_digit(drawn(strokes))


TWO = [(7, 9), (10, 5), (16, 4), (20, 9), (17, 15), (7, 24), (22, 24)]
ZERO = [(14, 4), (8, 8), (7, 15), (9, 22), (14, 25), (20, 21), (21, 13), (19, 7), (14, 4)]
ONE = [(9, 9), (14, 4), (14, 25)]


def broken(points: list[tuple[int, int]], on: float, off: float) -> np.ndarray:
    """Draw a line of dashes, a pixel wide, dark on 28 x 28 pixels of paper."""
    picture = np.full((28, 28), 255, np.uint8)
    walked = 0.0
    for (x, y), (to_x, to_y) in pairwise(points):
        length = np.hypot(to_x - x, to_y - y)
        for along in np.arange(0, length, 0.25):
            if (walked + along) % (on + off) < on:
                share = along / length
                picture[round(y + share * (to_y - y)), round(x + share * (to_x - x))] = 0
        walked += length
    return picture


@pytest.mark.parametrize(("on", "off"), [(3, 2.5), (2, 2), (5, 2.5), (1.5, 2.5)])
@pytest.mark.parametrize("points", [TWO, ZERO, ONE], ids=["2", "0", "1"])
def test_a_broken_stroke_in_a_small_picture_is_one_stroke(points, on, off):
    dashed, whole = (read_digit(broken(points, *way)) for way in ((on, off), (1, 0)))
    assert np.corrcoef(dashed.ravel(), whole.ravel())[0, 1] > 0.7
    assert ndimage.label(dashed.reshape(28, 28) > 0.3, np.ones((3, 3)))[1] == 1


FIVE = [(8, 8), (8, 14), (14, 13), (19, 17), (18, 22), (13, 25), (7, 23)]
BAR = [(10, 4), (20, 4)]  # apart from the rest of the 5
FOUR = [[(12, 4), (6, 18), (21, 18)], [(17, 12), (17, 25)]]


def dotted(
    strokes: list[list[tuple[float, float]]], side: int, on: float, off: float
) -> np.ndarray:
    """Draw strokes, given on 28 x 28, with a pen that leaves the paper, on side x side pixels."""
    large = 8 * side
    image = Image.new("L", (large, large), 255)
    draw = ImageDraw.Draw(image)
    for points in strokes:
        walked = 0.0
        for (x, y), (to_x, to_y) in pairwise(points):
            length = np.hypot(to_x - x, to_y - y)
            for along in np.arange(0, length, 0.1):
                if (walked + along) % (on + off) <= on:
                    share = along / length
                    middle = x + share * (to_x - x), y + share * (to_y - y)
                    draw.circle(
                        [large / 28 * (place + 0.5) for place in middle], 0.6 * large / 28, 0
                    )
            walked += length
    return np.asarray(image.resize((side, side), Image.Resampling.BOX))


@pytest.mark.parametrize("side", [28, 56, 200])
@pytest.mark.parametrize(("on", "off"), [(0.2, 2.2), (1, 2.5), (2.5, 2.5), (4, 2.5)])
@pytest.mark.parametrize(
    "strokes", [[TWO], [ZERO], [ONE], [FIVE, BAR], FOUR], ids=["2", "0", "1", "5", "4"]
)
def test_a_dotted_pen_writes_one_digit_in_any_size(strokes, on, off, side):
    broken, whole = (read_digit(dotted(strokes, side, *way)) for way in ((on, off), (1, 0)))
    assert np.corrcoef(broken.ravel(), whole.ravel())[0, 1] > 0.7
    lines = ndimage.label(dotted(strokes, side, 1, 0) < 128, np.ones((3, 3)))[1]
    assert ndimage.label(broken.reshape(28, 28) > 0.3, np.ones((3, 3)))[1] <= lines


@pytest.mark.parametrize("side", [28, 56, 200])
@pytest.mark.parametrize(("on", "off"), [(1, 0), (0.2, 2.2), (2.5, 2.5)])
@pytest.mark.parametrize("left", [TWO, ONE], ids=["2", "1"])
@pytest.mark.parametrize("right", [ZERO, ONE], ids=["0", "1"])
def test_two_digits_beside_each_other_are_two_however_they_are_drawn(left, right, on, off, side):
    pictures = [dotted([points], side, on, off) for points in (left, right)]
    inked = [np.flatnonzero((picture < 128).any(axis=0)) for picture in pictures]
    close = side // 10
    first = pictures[0][:, : inked[0][-1] + 1 + close]
    second = pictures[1][:, inked[1][0] - close :]
    with pytest.raises(ValueError, match=r"several digits|separate marks"):
        read_digit(np.hstack([first, second]))


@pytest.mark.parametrize(
    "several",
    [
        lambda dashed: np.hstack([dashed, dashed]),
        lambda dashed: np.vstack([dashed, dashed]),
        lambda dashed: np.hstack([dashed[:, 5:24]] * 3),
        lambda dashed: np.vstack([np.hstack([dashed] * 3)] * 3),
    ],
    ids=["side by side", "above each other", "three, close", "a table"],
)
def test_several_digits_of_dashes_are_refused(several):
    with pytest.raises(ValueError, match=r"several digits|separate marks"):
        read_digit(several(broken(TWO, 3, 2.5)))


def test_specks_and_the_edge_of_the_table_are_not_ink():
    picture = drawn(SEVEN)
    expected = read_digit(picture)
    picture = np.pad(picture, 40)
    picture[15:18, 200:204] = picture[350:353, 60:63] = 255
    picture[:, :25] = 255
    np.testing.assert_allclose(read_digit(picture), expected, atol=0.1)


def png(width: int, height: int) -> bytes:
    """The header of a picture, of which no pixel follows."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"IDAT" + b"x" * 100
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (header, data)
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: it holds 0 bytes"),
        (b"no picture at all", "is not a picture that can be read here; expected PNG"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "save it as PNG or JPEG"),
        (encoded(drawn(SEVEN), "JPEG")[:1500], "is damaged; decoding it found"),
        (png(300, 300), "is damaged; decoding it found"),
        (png(10_000, 10_000), "more than 80 megapixels; .* Crop it or scale it down"),
        (png(60_000, 60_000), "more than 80 megapixels; .* Crop it or scale it down"),
        (png(4, 300), "is only 4 x 300 pixels; expected at least 8"),
    ],
    ids=["empty", "text", "HEIC", "cut", "broken", "100 MP", "3600 MP", "narrow"],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, content, sentence, recwarn):
    path = tmp_path / "mine.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=sentence) as from_path:
        read_digit(path)
    assert str(path) in str(from_path.value)
    with pytest.raises(ValueError, match=sentence):
        read_digit(content)
    assert not recwarn.list


def test_no_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"mine\.png does not exist; .* Check the name"):
        read_digit(str(tmp_path / "mine.png"))
    with pytest.raises(ValueError, match=r"is a folder; .* Give the path of the file itself"):
        read_digit(tmp_path)
    with pytest.raises(TypeError, match="The picture is a NoneType; expected the path"):
        read_digit(None)


@pytest.mark.parametrize("shape", [(784, 1), (28, 28, 2), (28,)])
def test_an_array_that_is_no_picture_is_refused(shape):
    with pytest.raises(ValueError, match="The array"):
        read_digit(np.zeros(shape, np.uint8))
    with pytest.raises(ValueError, match=r"dtype float64; .*np\.uint8\(255 \* pixels\)"):
        read_digit(np.zeros(shape))


@pytest.mark.parametrize(
    "blank",
    [
        np.zeros((28, 28), np.uint8),
        np.full((300, 200, 3), 255, np.uint8),
        np.zeros((50, 50, 4), np.uint8),
        np.uint8(200 + 3 * np.random.default_rng(1).standard_normal((400, 300))),
    ],
    ids=["black", "white", "transparent", "paper"],
)
def test_nothing_drawn_is_said(blank):
    with pytest.raises(ValueError, match="shows nothing drawn, or too faintly"):
        read_digit(blank)


def fading(shape: tuple[int, int]) -> np.ndarray:
    """Light from one side."""
    y, x = np.indices(shape) / np.reshape(shape, (2, 1, 1))
    return 1 - 0.6 * (0.8 * x + 0.2 * y)


def in_a_corner(shape: tuple[int, int]) -> np.ndarray:
    y, x = np.indices(shape) / max(shape)
    return 1 - 0.5 / (1 + np.exp((0.9 - x - y) / 0.03))


def of_a_lens(shape: tuple[int, int]) -> np.ndarray:
    """Darker towards all corners."""
    y, x = np.indices(shape) / np.reshape(shape, (2, 1, 1)) - 0.5
    return 1 - 0.9 * (x * x + y * y)


def of_a_hand(shape: tuple[int, int], finger: float = 0.11) -> np.ndarray:
    """A palm at the lower border, and one finger that points up from it."""
    height, width = shape
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    draw.circle((0.7 * width, 1.05 * height), 0.35 * max(shape), fill=255)
    tip = [(0.75 * width, height), (0.85 * width, 0.4 * height)]
    draw.line(tip, 255, int(finger * max(shape)))
    return 1 - 0.5 * ndimage.gaussian_filter(np.asarray(image) / 255, 0.04 * max(shape))


def of_a_fist(shape: tuple[int, int]) -> np.ndarray:
    return of_a_hand(shape, finger=0)


def of_a_book(shape: tuple[int, int]) -> np.ndarray:
    """Half of the page, with a sharp edge."""
    light = np.ones(shape)
    light[:, int(0.6 * shape[1]) :] = 0.55
    return ndimage.gaussian_filter(light, 2)


SHADOWS = [fading, in_a_corner, of_a_lens, of_a_fist, of_a_book]


def on_paper(ink: np.ndarray, light: Callable, strength: float = 0.25, noise: float = 2.5) -> bytes:
    """Ink on paper in some light, saved as JPEG."""
    seen = 235 * (1 - strength * ink) * light(ink.shape)
    seen += noise * np.random.default_rng(3).standard_normal(ink.shape)
    return encoded(np.uint8(seen.clip(0, 255)), "JPEG", quality=80)


@pytest.mark.parametrize("shape", [(240, 320), (600, 450)], ids=["small", "upright"])
@pytest.mark.parametrize("shadow", [*SHADOWS, of_a_hand])
def test_a_shadow_on_an_empty_page_is_nothing_drawn(shadow, shape):
    with pytest.raises(ValueError, match="shows nothing drawn, or too faintly"):
        read_digit(on_paper(np.zeros(shape), shadow))


@pytest.mark.parametrize("shadow", SHADOWS)
def test_pencil_under_a_shadow_is_found(digits, shadow):
    _, _, test_x, _ = digits
    stored = test_x[:, :8]
    pixels = np.uint8(np.rint(255 * stored.T)).reshape(-1, 28, 28)
    # Enlarged, and then with edges like a pencil's.
    inks = [(np.pad(enlarged(image, 10), 30) / 85 - 1).clip(0, 1) for image in pixels]
    found = np.hstack([read_digit(on_paper(ink, shadow)) for ink in inks])
    alike = [np.corrcoef(one, other)[0, 1] for one, other in zip(found.T, stored.T, strict=True)]
    assert np.median(alike) > 0.75


def test_sixteen_bits_and_a_palette_are_read_like_eight():
    picture = drawn(SEVEN)
    expected = read_digit(picture)
    deep = encoded(picture.astype(np.uint16) * 200)
    stream = io.BytesIO()
    Image.fromarray(picture).convert("P").save(stream, "GIF")
    for content in (deep, stream.getvalue()):
        np.testing.assert_allclose(read_digit(content), expected, atol=0.03)


@pytest.fixture(scope="module")
def lab4_reads() -> Callable[[list[Path]], np.ndarray]:
    """Train the network of Lab 4 on MNIST, as the lab does; return what it says to pictures."""
    lab = worked.load("lab4_deep_mini_batch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MNIST_DIR", str(MNIST))
        patch.delenv("DIGITS_DATASET", raising=False)
        train_x, train_y, _, _ = load_mnist_split()
    parameters, _ = lab["train_model"](
        train_x,
        lab["one_hot"](train_y, 10),
        [784, 128, 64, 32, 10],
        learning_rate=0.2,
        batch_size=64,
        epochs=10,
        rng=np.random.default_rng(0),
        decay=0.75,
    )
    return lambda paths: lab["predict"](np.hstack([read_digit(path) for path in paths]), parameters)


@needs_mnist
def test_the_pictures_that_lie_with_the_lab_are_read_right(lab4_reads):
    paths = sorted(DRAWN.glob("digit-*"))
    assert len(paths) >= 5
    assert {path.name: digit for path, digit in zip(paths, lab4_reads(paths), strict=True)} == {
        path.name: int(path.name.split("-")[1]) for path in paths
    }


@needs_mnist
@needs_own_digits
def test_handwriting_of_others_is_read_right(lab4_reads):
    with (OWN_DIGITS / "PROVENANCE.csv").open(encoding="utf-8") as table:
        labels = {OWN_DIGITS / row["file"]: int(row["digit"]) for row in csv.DictReader(table)}
    assert len(labels) >= 12
    assert np.sum(lab4_reads(list(labels)) == list(labels.values())) >= len(labels) - 1


# The canvas, used as the browser would.


def quarter(image: np.ndarray) -> np.ndarray:
    """Say "upper left" or not, by where the ink is."""
    assert image.shape == (784, 1)
    share = image.reshape(28, 28)[:14, :14].sum() / max(image.sum(), 1)
    return np.array([[share], [1 - share]])


def use(board, event: str, x: float = 0, y: float = 0) -> None:
    place = {"touches": [{"x": x, "y": y}]} if event.startswith("touch") else {"x": x, "y": y}
    board._handle_frontend_event(None, {"event": event, **place}, [])


def draw(board, points: list[tuple[int, int]], pen: str = "mouse") -> None:
    down, up = ("_down", "_up") if pen == "mouse" else ("_start", "_end")
    use(board, pen + down, *points[0])
    for point in points[1:]:
        use(board, f"{pen}_move", *point)
    use(board, pen + up, *points[-1])


@pytest.fixture
def parts():
    pytest.importorskip("ipycanvas")
    widget = canvas.draw_digit(quarter, labels=["a", "b"])
    (left, right), verdict = widget.children[0].children, widget.children[1]
    return *left.children, right.children, verdict


@pytest.mark.parametrize("pen", ["mouse", "touch"])
def test_a_drawing_is_predicted_like_a_picture_of_it(parts, pen):
    board, clear, bars, verdict = parts
    points = [(90, 60), (90, 210), (190, 210)]
    draw(board, points, pen)
    expected = quarter(read_digit(drawn([points], width=16, side=280)))[:, 0]
    np.testing.assert_allclose([bar.value for bar in bars], expected, atol=0.03)
    assert verdict.value.startswith(f"Looks like {'ab'[expected.argmax()]}, at ")

    clear.click()
    assert [bar.value for bar in bars] == [0, 0]
    assert verdict.value == canvas.INVITATION


def test_listed_strokes_are_drawn_as_by_the_pen():
    found = canvas.drawing([[(90, 60), (90, 210), (190, 210)], [(190, 90)]])
    assert (found.shape, found.dtype) == ((280, 280), np.uint8)
    y, x = np.mgrid[:280, :280]
    lines = [((90, 60), (90, 210)), ((90, 210), (190, 210)), ((190, 90), (190, 90))]
    # How far each pixel is from the nearest line, all of which run along an axis.
    away = np.min(
        [
            np.hypot(x - np.clip(x, *sorted((a, c))), y - np.clip(y, *sorted((b, d))))
            for (a, b), (c, d) in lines
        ],
        axis=0,
    )
    assert (found[away < 7] == 255).all()
    assert not found[away > 9.5].any()
    assert not canvas.drawing([]).any()


def test_the_prediction_follows_the_pen(parts):
    board, _, bars, verdict = parts
    use(board, "mouse_move", 100, 100)
    assert verdict.value == canvas.INVITATION
    use(board, "mouse_down", 100, 60)
    use(board, "mouse_move", 120, 200)
    assert verdict.value.startswith("Looks like")
    assert sum(bar.value for bar in bars) == pytest.approx(1)


def test_what_the_canvas_cannot_read_is_said_below_it(parts):
    board, _, bars, verdict = parts
    draw(board, [(50, 40), (50, 240)])
    draw(board, [(200, 40), (200, 240)])
    assert "several digits" in verdict.value
    assert [bar.value for bar in bars] == [0, 0]


def test_without_widgets_a_sentence_is_printed(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipycanvas", None)
    assert canvas.draw_digit(quarter, labels=["a", "b"]) is None
    out, err = capsys.readouterr()
    assert "the package ipycanvas is not installed" in out
    assert not err


def test_a_function_that_predicts_no_probabilities_is_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 1\); expected \(10, 1\)"):
        canvas.draw_digit(quarter)
