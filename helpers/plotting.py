"""Plots for the labs: digits, learning curves, confusion matrices and weights.

Every plot comes with a description in words, made from the same data. In a notebook it becomes
the alternative text of the picture. `describe` gives one to a plot of your own.
"""

from __future__ import annotations

import html
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

IMAGE_SHAPE = (28, 28)
_COLOURS = plt.style.library["seaborn-v0_8-colorblind"]["axes.prop_cycle"].by_key()["color"]
_LINE_STYLES = ("-", "--", "-.", ":", (0, (4, 1, 1, 1, 1, 1)))
_MARKERS = "osD^vP"
_WRONG_COLOUR = _COLOURS[2]

COURSE_STYLE: dict[str, Any] = {
    "axes.prop_cycle": cycler(color=[*_COLOURS[:4], _COLOURS[5]]) + cycler(linestyle=_LINE_STYLES),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.max_open_warning": 0,
    "font.size": 11,
    "image.cmap": "gray",
    "image.interpolation": "nearest",
    "legend.frameon": False,
    "lines.linewidth": 2,
}

_descriptions: WeakKeyDictionary[Axes | Figure, str] = WeakKeyDictionary()


def use_course_style() -> None:
    """Use the look of the course's figures for all further plots as well.

    Changes matplotlib's global settings; the plots of this module do not need it.
    """
    plt.rcParams.update(COURSE_STYLE)


def describe(target: Axes | Figure, text: str) -> None:
    """Give a plot a description in words.

    A notebook shows the figure with this text as its alternative text. Describe the axes of a
    figure one by one, or the figure as a whole, which then takes precedence.

    Parameters
    ----------
    target : Axes or Figure
        What the text describes. A text that it already has is replaced.
    text : str
        One or more full sentences: what a reader who cannot see the picture should know.

    Raises
    ------
    TypeError
        If `target` is neither an Axes nor a Figure.
    ValueError
        If `text` is empty.
    """
    if not isinstance(target, Axes | Figure):
        raise TypeError(
            f"describe was given a {type(target).__name__}; pass the Axes or the Figure of a plot."
        )
    if not text.strip():
        raise ValueError("The description is empty. Say in a sentence what the plot shows.")
    _descriptions[target] = text
    figure = target.figure.figure
    # On this one figure only: matplotlib's own display of all other figures stays as it is.
    figure._repr_mimebundle_ = partial(_mime_bundle, figure)


def alt_text(target: Axes | Figure) -> str:
    """Return the description of a plot.

    Parameters
    ----------
    target : Axes or Figure
        A plot of this module, or one given to `describe`.

    Returns
    -------
    str
        The target's own text; for a figure without one, the texts of its axes in order. Empty
        where nothing was described.
    """
    if target in _descriptions:
        return _descriptions[target]
    axes = target.axes if isinstance(target, Figure) else []
    return " ".join(_descriptions[ax] for ax in axes if ax in _descriptions)


def plot_digit(x_set: ArrayLike, y_set: ArrayLike, idx: int, ax: Axes | None = None) -> Axes:
    """Draw one digit with its label.

    Parameters
    ----------
    x_set : array_like, shape (784, m)
        Images, one per column.
    y_set : array_like, shape (1, m) or (m,)
        Labels.
    idx : int
        The column to draw, from 0 to m - 1.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError
        If `idx` is not a whole number.
    IndexError
        If there is no column `idx`.
    ValueError
        If the shape of `x_set` or `y_set` is another one, or a label is not a whole number.
    """
    images, labels = _images_and_labels(x_set, y_set)
    column = _column(idx, len(labels))
    image = images[:, column].reshape(IMAGE_SHAPE)
    with _course_style():
        ax = _axes(ax, 2.6, 2.6)
        ax.imshow(image, cmap="gray", **_ink_range(image))
        ax.set_title(f"Label: {labels[column]}")
        ax.set_axis_off()
    return _described(
        ax, f"Handwritten digit, 28 by 28 pixels, column {column}, labelled {labels[column]}."
    )


def plot_digits(
    x_set: ArrayLike,
    y_set: ArrayLike,
    indices: Iterable[int] | None = None,
    predictions: ArrayLike | None = None,
    ncols: int = 6,
    ax: Axes | None = None,
) -> Axes:
    """Draw a grid of digits with their labels and, if given, what was predicted for them.

    A wrong prediction has a frame, a cross and the true label.

    Parameters
    ----------
    x_set : array_like, shape (784, m)
        Images, one per column.
    y_set : array_like, shape (1, m) or (m,)
        Labels.
    indices : iterable of int, optional
        The columns to draw, each from 0 to m - 1; the first twelve by default.
    predictions : array_like, shape (1, m) or (m,), optional
        Predicted labels of all m columns.
    ncols : int
        Digits per row.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        Its `images` are the digits, in the order of `indices`.

    Raises
    ------
    TypeError
        If an index is not a whole number.
    IndexError
        If there is no such column.
    ValueError
        If there is nothing to draw, `ncols` is not positive, a shape is another one, or a label
        is not a whole number.
    """
    images, labels = _images_and_labels(x_set, y_set)
    m = len(labels)
    predicted = labels if predictions is None else _labels(predictions, "predictions", m)
    columns = [_column(i, m) for i in (range(min(12, m)) if indices is None else indices)]
    if not columns:
        raise ValueError("indices is empty. Name at least one column of x_set to draw.")

    shown = images[:, columns]
    wrong = [k for k, i in enumerate(columns) if predicted[i] != labels[i]]
    captions = [str(labels[i]) if predictions is None else f"✓ {labels[i]}" for i in columns]
    for k in wrong:
        captions[k] = f"✗ {predicted[columns[k]]} (is {labels[columns[k]]})"

    with _course_style():
        ax, tiles = _draw_tiles(
            ax, shown.T.reshape(-1, *IMAGE_SHAPE), captions, ncols, cmap="gray", **_ink_range(shown)
        )
        for k in wrong:
            ax.texts[k].set(color=_WRONG_COLOUR, fontweight="bold")
            left, right, bottom, top = tiles[k].get_extent()
            ax.add_patch(
                Rectangle(
                    (left, top),
                    right - left,
                    bottom - top,
                    fill=False,
                    edgecolor=_WRONG_COLOUR,
                    linewidth=3,
                )
            )

    text = f"Grid of {_count(len(columns), 'handwritten digit')}"
    text += f" in rows of {min(ncols, len(columns))}, labelled "
    text += ", ".join(str(labels[i]) for i in columns) + "."
    if predictions is not None:
        listed = "; ".join(
            f"number {k + 1} is {labels[columns[k]]} and taken for {predicted[columns[k]]}"
            for k in wrong
        )
        text += f" Wrong predictions: {len(wrong)} of {len(columns)}" + (
            f": {listed}." if wrong else "."
        )
    return _described(ax, text)


def plot_learning_curve(
    costs: Mapping[str, Sequence[float]] | Sequence[float],
    xlabel: str = "epoch",
    ylabel: str = "cost",
    ax: Axes | None = None,
) -> Axes:
    """Draw one or several curves of a value per epoch.

    Curves differ by line style and marker as well as by colour.

    Parameters
    ----------
    costs : sequence of float, or mapping from name to sequence of float
        The values, the first of them after epoch 1. Named curves may differ in length.
    xlabel, ylabel : str
        What is counted along, and what is drawn.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        Its `lines` are the curves, in the order given.

    Raises
    ------
    ValueError
        If there is no curve, or a curve is empty or not a plain list of numbers.
    """
    curves = dict(costs) if isinstance(costs, Mapping) else {"": costs}
    if not curves:
        raise ValueError("costs holds no curve. Pass a list of values, or a dict of named lists.")
    values_of = {str(name): _curve(values, str(name)) for name, values in curves.items()}

    with _course_style():
        ax = _axes(ax, 6.4, 4.0)
        for k, (name, values) in enumerate(values_of.items()):
            ax.plot(
                np.arange(1, len(values) + 1),
                values,
                label=name,
                marker=_MARKERS[k % len(_MARKERS)],
                markevery=max(1, len(values) // 8),
            )
        ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
        ax.set(xlabel=xlabel, ylabel=ylabel)
        ax.grid(alpha=0.3)
        if any(values_of):
            ax.legend()

    text = (
        f"Curve of {ylabel} against {xlabel}."
        if len(values_of) == 1
        else (f"{len(values_of)} curves of {ylabel} against {xlabel}.")
    )
    for name, values in values_of.items():
        text += f" {name}: " if name else " "
        text += _curve_in_words(values, xlabel) + "."
    return _described(ax, text)


def plot_confusion_matrix(
    y_true: ArrayLike, y_pred: ArrayLike, n_classes: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw how often each digit was taken for each other one.

    Rows are the true digits, columns the predicted ones. The colours follow the square root of
    the count, so that a few mistakes are not lost beside many right answers.

    Parameters
    ----------
    y_true, y_pred : array_like, shape (1, m) or (m,)
        True and predicted labels, from 0 to n_classes - 1.
    n_classes : int
        Number of different labels.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If there are no labels, the two differ in length, or a label is not a whole number from
        0 to n_classes - 1.
    """
    # Imported here because it takes seconds, and no other plot needs it.
    import seaborn as sns

    true = _labels(y_true, "y_true")
    predicted = _labels(y_pred, "y_pred", len(true))
    if not len(true):
        raise ValueError("y_true is empty. Pass the labels of at least one image.")
    for name, labels in (("y_true", true), ("y_pred", predicted)):
        outside = labels[(labels < 0) | (labels >= n_classes)]
        if outside.size:
            raise ValueError(
                f"{name} holds the label {outside[0]}, but with n_classes={n_classes} labels run "
                f"from 0 to {n_classes - 1}."
            )
    counts = np.bincount(n_classes * true + predicted, minlength=n_classes**2)
    counts = counts.reshape(n_classes, n_classes)
    right = f"{np.trace(counts):,} of {len(true):,} right ({np.trace(counts) / len(true):.1%})"

    with _course_style():
        side = 1.6 + 0.5 * n_classes
        ax = _axes(ax, side + 0.8, side)
        sns.heatmap(
            counts,
            annot=np.where(counts > 0, counts.astype(str), ""),
            fmt="",
            annot_kws={"fontsize": 10},
            cmap="Blues",
            norm=PowerNorm(0.5, vmin=0, vmax=counts.max()),
            square=True,
            linewidths=0.5,
            linecolor="lightgray",
            cbar_kws={"label": "images"},
            ax=ax,
        )
        ax.set(xlabel="predicted digit", ylabel="true digit", title=right)
        ax.tick_params(length=0, labelrotation=0)

    mistakes = counts - np.diag(np.diag(counts))
    worst = [k for k in np.argsort(-mistakes, axis=None, kind="stable")[:3] if mistakes.flat[k]]
    text = f"Confusion matrix, rows true digits, columns predicted digits: {right}."
    if worst:
        text += " Most frequent mistakes: " + "; ".join(
            f"{k // n_classes} taken for {k % n_classes}, {_count(mistakes.flat[k], 'time')}"
            for k in worst
        )
        text += "."
    return _described(ax, text)


def plot_weights(
    W: ArrayLike, shape: tuple[int, int] = IMAGE_SHAPE, ncols: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw the weights into each hidden unit as a picture.

    Red is positive, blue negative, white 0; one scale for all units, with a colour bar.

    Parameters
    ----------
    W : array_like, shape (n_hidden, n_features)
        Weights, one unit per row.
    shape : tuple of int
        Rows and columns of a picture; their product is n_features.
    ncols : int
        Pictures per row.
    ax : Axes, optional
        Where to draw; a new figure by default.

    Returns
    -------
    Axes
        Its `images` are the units' pictures, in order.

    Raises
    ------
    ValueError
        If the shape of `W` does not fit, `W` is not finite, or `ncols` is not positive.
    """
    weights = np.asarray(W)
    height, width = shape
    if weights.ndim != 2 or weights.shape[1] != height * width or not len(weights):
        raise ValueError(
            f"W has the shape {weights.shape}; expected (n_hidden, {height * width}), one row of "
            f"{height} x {width} weights per unit. Pass the first layer's weights, or another "
            "picture shape."
        )
    if not np.isfinite(weights).all():
        raise ValueError("W holds NaN or infinity. Look for the step of training that made it.")
    limit = float(np.abs(weights).max()) or 1.0

    with _course_style():
        ax, tiles = _draw_tiles(
            ax,
            weights.reshape(-1, height, width),
            [str(unit) for unit in range(len(weights))],
            ncols,
            cmap="RdBu_r",
            vmin=-limit,
            vmax=limit,
        )
        ax.figure.colorbar(tiles[0], ax=ax, label="weight", fraction=0.05, pad=0.02)

    least, most = (np.unravel_index(k, weights.shape) for k in (weights.argmin(), weights.argmax()))
    return _described(
        ax,
        f"Weights of {_count(len(weights), 'unit')} as pictures of {height} by {width}, from blue "
        f"below 0 to red above 0. The smallest is {weights[least]:.3g}, in unit {least[0]}, the "
        f"largest {weights[most]:.3g}, in unit {most[0]}.",
    )


def _mime_bundle(figure: Figure, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Return what a notebook shows of a described figure.

    JupyterLab and nbconvert's default template drop the `alt` of an image's metadata but keep that
    of HTML, which they prefer to an image. The image itself stays in the output for everything
    else; others read the metadata, or take the plain text for the alternative text.
    """
    from IPython.core.pylabtools import print_figure

    text = alt_text(figure)
    png = print_figure(figure, base64=True)
    image = f'<img alt="{html.escape(text)}" src="data:image/png;base64,{png}">'
    return (
        {"image/png": png, "text/html": image, "text/plain": text},
        {"image/png": {"alt": text}},
    )


def _show_nothing() -> None:
    """Stand in for the display of an Axes whose figure the notebook shows anyway."""


def _described(ax: Axes, text: str) -> Axes:
    describe(ax, text)
    # Without it, a cell that ends with a plot would print "<Axes: ...>" above the picture.
    ax._ipython_display_ = _show_nothing
    return ax


@contextmanager
def _course_style() -> Iterator[None]:
    # Not plt.rc_context, which restores all settings: the first figure loads the notebook's
    # backend, and taking back the settings that this made would keep later figures from showing.
    before = {name: plt.rcParams[name] for name in COURSE_STYLE}
    plt.rcParams.update(COURSE_STYLE)
    try:
        yield
    finally:
        plt.rcParams.update(before)


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    return plt.subplots(figsize=(width, height))[1] if ax is None else ax


def _draw_tiles(
    ax: Axes | None, images: np.ndarray, captions: Sequence[str], ncols: int, **kwargs: Any
) -> tuple[Axes, list[AxesImage]]:
    """Draw images (n, height, width) in rows of `ncols`, each with a caption above it."""
    if ncols < 1:
        raise ValueError(f"ncols is {ncols}; it is the number of pictures per row, at least 1.")
    ncols = min(ncols, len(images))
    nrows = -(-len(images) // ncols)
    # One unit is the width of a picture. A single Axes: hundreds of subplots take seconds.
    height = images.shape[1] / images.shape[2]
    step_x, step_y = 1.12, height + 0.36
    ax = _axes(ax, 1.05 * ncols * step_x + 0.6, 1.05 * nrows * step_y + 0.4)
    tiles = []
    for k, (image, caption) in enumerate(zip(images, captions, strict=True)):
        left, top = step_x * (k % ncols), step_y * (k // ncols)
        extent = (left, left + 1, top + height, top)
        tiles.append(ax.imshow(image, extent=extent, **kwargs))
        ax.text(left + 0.5, top - 0.04, caption, ha="center", va="bottom", fontsize=10)
    ax.set(xlim=(-0.06, step_x * ncols - 0.06), ylim=(step_y * nrows - 0.3, -0.3))
    ax.set_axis_off()
    return ax, tiles


def _ink_range(pixels: np.ndarray) -> dict[str, float]:
    """Colour limits: pixels in [0, 1] look the same in every figure, other ranges are fitted."""
    return {"vmin": min(0.0, pixels.min()), "vmax": max(1.0, pixels.max())}


def _images_and_labels(x_set: ArrayLike, y_set: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    images = np.asarray(x_set)
    n_pixels = IMAGE_SHAPE[0] * IMAGE_SHAPE[1]
    if images.ndim != 2 or images.shape[0] != n_pixels or not images.shape[1]:
        message = (
            f"x_set has the shape {images.shape}; expected ({n_pixels}, m), one image per column."
        )
        if images.ndim == 2 and images.shape[1] == n_pixels:
            message += " Its images are rows: pass x_set.T."
        elif images.shape == (n_pixels,):
            message += f" Pass a single image as x_set.reshape({n_pixels}, 1)."
        raise ValueError(message)
    return images, _labels(y_set, "y_set", images.shape[1])


def _labels(values: ArrayLike, name: str, m: int | None = None) -> np.ndarray:
    """Return labels as integers of the shape (m,)."""
    given = np.asarray(values)
    labels = given[0] if given.ndim == 2 and len(given) == 1 else given
    if labels.ndim != 1 or m not in (None, len(labels)):
        size = "m" if m is None else m
        message = f"{name} has the shape {given.shape}; expected (1, {size}) or ({size},)"
        message += ", one label per image."
        if given.ndim == 2 and len(given) > 1:
            message += f" If it is one-hot, pass {name}.argmax(axis=0)."
        raise ValueError(message)
    numeric = np.issubdtype(labels.dtype, np.number) and np.isfinite(labels).all()
    if not numeric or (labels != np.rint(labels)).any():
        raise ValueError(f"{name} holds something else than whole numbers. Labels are digits.")
    return labels.astype(int)


def _column(idx: int, m: int) -> int:
    expected = f"x_set has {_count(m, 'column')}, numbered from 0 to {m - 1}. Pass one of these."
    try:
        column = operator.index(idx)
    except TypeError:
        raise TypeError(f"The index {idx!r} is not a whole number. {expected}") from None
    if not 0 <= column < m:
        raise IndexError(f"There is no column {column}: {expected}")
    return column


def _curve(values: Sequence[float], name: str) -> np.ndarray:
    curve = np.asarray(values, dtype=float)
    if curve.ndim != 1 or not curve.size:
        which = f"The curve {name!r}" if name else "The curve"
        raise ValueError(
            f"{which} has the shape {curve.shape}; expected a plain list with one number per epoch."
        )
    return curve


def _curve_in_words(values: np.ndarray, xlabel: str) -> str:
    def extreme(word: str, position: Callable[[np.ndarray], np.intp]) -> str:
        k = position(values)
        return f"{word} {values[k]:.3g} at {xlabel} {k + 1}"

    text = f"{_count(len(values), 'value')}, from {values[0]:.3g} to {values[-1]:.3g}"
    finite = np.isfinite(values)
    if finite.all():
        return f"{text}, {extreme('lowest', np.argmin)}, {extreme('highest', np.argmax)}"
    return f"{text}, not a finite number at {xlabel} {np.argmin(finite) + 1} for the first time"


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
