"""A canvas in the notebook: draw a digit with the mouse, and a network says what it sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from helpers.images import SIDE, read_digit

if TYPE_CHECKING:
    from ipywidgets import Widget

CANVAS_SIDE = 280
PEN = 16
PAUSE = 0.25  # seconds between two predictions while the pen moves
INVITATION = "Draw a digit."

Predict = Callable[[np.ndarray], np.ndarray]
Point = tuple[float, float]


def draw_digit(predict: Predict, labels: Sequence[str] | None = None) -> Widget | None:
    """Show a canvas to draw a digit on, and what a network takes it for while it is drawn.

    Parameters
    ----------
    predict : function
        Takes one image, ndarray of shape (784, 1), float32 in [0, 1], and returns the
        probabilities of the classes, ndarray of shape (10, 1).
    labels : sequence of str, optional
        The names of the classes, in the order of the probabilities; the digits by default.

    Returns
    -------
    Widget or None
        The canvas with a bar for each class; end a cell with it to see it. None where the
        package ipycanvas is not installed, after a sentence that says so.

    Raises
    ------
    ValueError
        If `predict` does not return one probability for each label.
    """
    names = [str(digit) for digit in range(10)] if labels is None else list(labels)
    _probabilities(predict, np.zeros((SIDE * SIDE, 1), np.float32), len(names))
    try:
        import ipycanvas  # noqa: F401
    except ImportError:
        print(
            "There is no canvas here, because the package ipycanvas is not installed; run "
            "`pip install ipycanvas` and restart, or read a picture of your digit from a file."
        )
        return None
    return _Drawing(predict, names).widget


def drawing(strokes: Sequence[Sequence[Point]]) -> np.ndarray:
    """Draw strokes as the canvas of `draw_digit` does, where there is no canvas.

    Parameters
    ----------
    strokes : sequence of sequences of (float, float)
        The points that the pen went through, from (0, 0) at the top left to (280, 280); one
        sequence for each time that it was put down.

    Returns
    -------
    ndarray, shape (280, 280), uint8
        0 is paper, 255 is ink; what `helpers.images.read_digit` takes.
    """
    image = Image.new("L", (CANVAS_SIDE, CANVAS_SIDE))
    draw = ImageDraw.Draw(image)
    for stroke in strokes:
        draw.line(stroke, fill=255, width=PEN, joint="curve")
        for x, y in stroke:
            draw.circle((x, y), PEN / 2, fill=255)
    return np.asarray(image)


class _Drawing:
    """The strokes drawn so far, the widgets that show them, and what these do when used."""

    def __init__(self, predict: Predict, names: list[str]) -> None:
        from ipycanvas import Canvas
        from ipywidgets import Button, FloatProgress, HBox, Label, VBox

        self.predict = predict
        self.names = names
        self.strokes: list[list[Point]] = []
        self.pen_down = False
        self.next_prediction = 0.0

        self.canvas = Canvas(width=CANVAS_SIDE, height=CANVAS_SIDE)
        self.verdict = Label(INVITATION)
        self.bars = [FloatProgress(max=1, description=name) for name in names]
        clear = Button(description="Clear")
        self.widget = VBox([HBox([VBox([self.canvas, clear]), VBox(self.bars)]), self.verdict])

        clear.on_click(lambda _: self.clear())
        self.canvas.on_client_ready(self.redraw)
        self.canvas.on_mouse_down(self.start)
        self.canvas.on_mouse_move(self.move)
        self.canvas.on_mouse_up(lambda x, y: self.end())
        self.canvas.on_mouse_out(lambda x, y: self.end())
        self.canvas.on_touch_start(lambda touches: self.start(*touches[0]))
        self.canvas.on_touch_move(lambda touches: self.move(*touches[0]))
        self.canvas.on_touch_end(lambda touches: self.end())
        self.redraw()

    def start(self, x: float, y: float) -> None:
        self.pen_down = True
        self.strokes.append([(x, y)])
        self.canvas.stroke_line(x, y, x, y)

    def move(self, x: float, y: float) -> None:
        if not self.pen_down:
            return
        stroke = self.strokes[-1]
        self.canvas.stroke_line(*stroke[-1], x, y)
        stroke.append((x, y))
        if time.monotonic() >= self.next_prediction:
            self.show_prediction()
            # Counted from its end, so that the pen is never behind however long it takes.
            self.next_prediction = time.monotonic() + PAUSE

    def end(self) -> None:
        if self.pen_down:
            self.pen_down = False
            self.show_prediction()

    def clear(self) -> None:
        self.strokes = []
        self.pen_down = False
        self.redraw()
        self.show(INVITATION, np.zeros(len(self.names)))

    def redraw(self) -> None:
        """Draw everything again; a page that is opened later starts with an empty canvas."""
        canvas = self.canvas
        canvas.fill_style, canvas.stroke_style = "black", "white"
        canvas.line_width, canvas.line_cap = PEN, "round"
        canvas.fill_rect(0, 0, CANVAS_SIDE, CANVAS_SIDE)
        for stroke in self.strokes:
            for before, after in zip(stroke, stroke[1:] or stroke, strict=False):
                canvas.stroke_line(*before, *after)

    def show_prediction(self) -> None:
        try:
            image = read_digit(drawing(self.strokes))
        except ValueError as error:
            self.show(str(error), np.zeros(len(self.names)))
            return
        probabilities = _probabilities(self.predict, image, len(self.names))
        best = int(probabilities.argmax())
        self.show(f"Looks like {self.names[best]}, at {probabilities[best]:.0%}.", probabilities)

    def show(self, verdict: str, probabilities: np.ndarray) -> None:
        self.verdict.value = verdict
        for bar, probability in zip(self.bars, probabilities, strict=True):
            bar.value = float(probability)


def _probabilities(predict: Predict, image: np.ndarray, n_classes: int) -> np.ndarray:
    probabilities = np.asarray(predict(image))
    if probabilities.shape != (n_classes, 1):
        raise ValueError(
            f"predict returned the shape {probabilities.shape}; expected ({n_classes}, 1), one "
            "probability for each label. Pass a function that returns the last layer's activations."
        )
    return probabilities[:, 0]
