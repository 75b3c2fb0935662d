"""The plots show the data they are given, and say in words what they show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib.collections import QuadMesh
from matplotlib.image import AxesImage
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from sklearn.metrics import confusion_matrix

from autograder.files import HOME
from helpers import plotting

ROOT = HOME
M = 17


@pytest.fixture(autouse=True)
def headless() -> Iterator[None]:
    plt.switch_backend("Agg")
    yield
    plt.close("all")


@pytest.fixture
def x_set() -> np.ndarray:
    return np.random.default_rng(1).random((784, M))


@pytest.fixture
def y_set() -> np.ndarray:
    return (np.arange(M) * 3 % 10).reshape(1, M)


def pixels(image: AxesImage) -> np.ndarray:
    return np.asarray(image.get_array())


@pytest.mark.parametrize("as_row", [True, False])
def test_plot_digit_draws_one_column_with_its_label(x_set, y_set, as_row):
    ax = plotting.plot_digit(x_set, y_set if as_row else y_set[0], 4)
    np.testing.assert_array_equal(pixels(ax.images[0]), x_set[:, 4].reshape(28, 28))
    assert ax.get_title() == "Label: 2"
    assert "column 4, labelled 2" in plotting.alt_text(ax)


def test_plot_digit_draws_where_it_is_told(x_set, y_set):
    figure, axes = plt.subplots(1, 2)
    assert plotting.plot_digit(x_set, y_set, 0, ax=axes[1]) is axes[1]
    assert not axes[0].images
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize(("scale", "white"), [(1.0, 1.0), (0.2, 1.0), (255.0, 255.0)])
def test_ink_is_bright_on_the_scale_of_the_pixels(x_set, y_set, scale, white):
    x_set[0, 4] = 1.0
    image = plotting.plot_digit(x_set * scale, y_set, 4).images[0]
    assert image.get_clim() == (0.0, white)
    assert image.cmap(1.0)[:3] == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("idx", "error"), [(M, IndexError), (-1, IndexError), (1.0, TypeError), ("3", TypeError)]
)
def test_a_wrong_index_is_named(x_set, y_set, idx, error):
    with pytest.raises(error, match="17 columns, numbered from 0 to 16") as caught:
        plotting.plot_digit(x_set, y_set, idx)
    assert str(idx) in str(caught.value)
    with pytest.raises(error):
        plotting.plot_digits(x_set, y_set, indices=[0, idx])


def test_wrong_shapes_say_what_to_do(x_set, y_set):
    with pytest.raises(ValueError, match=r"\(17, 784\); expected \(784, m\).*pass x_set\.T"):
        plotting.plot_digit(x_set.T, y_set, 0)
    with pytest.raises(ValueError, match=r"reshape\(784, 1\)"):
        plotting.plot_digit(x_set[:, 0], y_set, 0)
    with pytest.raises(ValueError, match=r"\(784, 0\); expected"):
        plotting.plot_digit(x_set[:, :0], y_set[:, :0], 0)
    with pytest.raises(ValueError, match=r"y_set has the shape \(1, 16\); expected \(1, 17\)"):
        plotting.plot_digit(x_set, y_set[:, :-1], 0)
    with pytest.raises(ValueError, match=r"one-hot, pass y_set\.argmax\(axis=0\)"):
        plotting.plot_digit(x_set, np.zeros((10, M)), 0)
    assert not plt.get_fignums()


@pytest.mark.parametrize("label", [0.5, np.nan, np.inf])
def test_labels_are_whole_numbers(x_set, y_set, label):
    with pytest.raises(ValueError, match="whole numbers"):
        plotting.plot_digit(x_set, np.where(y_set == 0, label, y_set), 0)


def test_plot_digits_draws_the_columns_in_order(x_set, y_set):
    indices = [5, 0, 16, 3, 5]
    ax = plotting.plot_digits(x_set, y_set, indices=indices, ncols=2)
    for image, i in zip(ax.images, indices, strict=True):
        np.testing.assert_array_equal(pixels(image), x_set[:, i].reshape(28, 28))
    assert [text.get_text() for text in ax.texts] == ["5", "0", "8", "9", "5"]
    assert plotting.alt_text(ax) == (
        "Grid of 5 handwritten digits in rows of 2, labelled 5, 0, 8, 9, 5."
    )
    # Reading order: left to right, then down; pictures do not overlap and lie within view.
    left, right, bottom, top = np.array([image.get_extent() for image in ax.images]).T
    assert left[0] == left[2] == left[4] < right[0] < left[1] == left[3]
    assert top[0] == top[1] < bottom[0] < top[2] < bottom[2] < top[4]
    (x_from, x_to), (y_from, y_to) = ax.get_xlim(), ax.get_ylim()
    assert x_from <= left.min() < right.max() <= x_to
    assert y_from >= bottom.max() > top.min() >= y_to


def test_plot_digits_shows_the_first_twelve_by_default(x_set, y_set):
    assert len(plotting.plot_digits(x_set, y_set).images) == 12
    assert len(plotting.plot_digits(x_set[:, :3], y_set[:, :3]).images) == 3


def test_wrong_predictions_are_marked_by_more_than_colour(x_set, y_set):
    predictions = y_set[0].copy()
    predictions[[2, 9]] = [1, 4]
    ax = plotting.plot_digits(x_set, y_set, indices=[0, 2, 5, 9], predictions=predictions)
    assert [text.get_text() for text in ax.texts] == ["✓ 0", "✗ 1 (is 6)", "✓ 5", "✗ 4 (is 7)"]
    framed = [patch.get_bbox().extents for patch in ax.patches]
    left, right, bottom, top = np.array([ax.images[k].get_extent() for k in (1, 3)]).T
    np.testing.assert_allclose(framed, np.stack([left, top, right, bottom], axis=1))
    assert plotting.alt_text(ax).endswith(
        "Wrong predictions: 2 of 4: number 2 is 6 and taken for 1; number 4 is 7 and taken for 4."
    )


def test_right_predictions_have_no_mark(x_set, y_set):
    ax = plotting.plot_digits(x_set, y_set, predictions=y_set)
    assert not ax.patches
    assert plotting.alt_text(ax).endswith("Wrong predictions: 0 of 12.")


def test_plot_digits_refuses_what_it_cannot_draw(x_set, y_set):
    with pytest.raises(ValueError, match="indices is empty"):
        plotting.plot_digits(x_set, y_set, indices=[])
    with pytest.raises(ValueError, match="ncols is 0"):
        plotting.plot_digits(x_set, y_set, ncols=0)
    with pytest.raises(ValueError, match=r"predictions has the shape \(2,\)"):
        plotting.plot_digits(x_set, y_set, indices=[0, 1], predictions=[5, 0])
    assert not plt.get_fignums()


def test_one_curve_starts_at_epoch_1():
    ax = plotting.plot_learning_curve([2.5, 1.25, 1.5])
    np.testing.assert_array_equal(ax.lines[0].get_xydata(), [[1, 2.5], [2, 1.25], [3, 1.5]])
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "cost")
    assert ax.get_legend() is None
    assert plotting.alt_text(ax) == (
        "Curve of cost against epoch. 3 values, from 2.5 to 1.5, lowest 1.25 at epoch 2, "
        "highest 2.5 at epoch 1."
    )


def test_curves_are_told_apart_without_colour():
    curves = {f"rate {k}": np.linspace(2, 1 / (k + 1), 30 + k) for k in range(7)}
    ax = plotting.plot_learning_curve(curves, xlabel="step", ylabel="loss")
    assert len({(line.get_linestyle(), line.get_marker()) for line in ax.lines}) == 7
    assert len({line.get_linestyle() for line in ax.lines[:4]}) == 4
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(curves)
    assert "7 curves of loss against step. rate 0: 30 values, from 2 to 1," in plotting.alt_text(ax)


def test_a_cost_that_stops_being_finite_is_said_so():
    ax = plotting.plot_learning_curve([0.7, 3.0, np.nan, np.nan])
    assert "not a finite number at epoch 3 for the first time" in plotting.alt_text(ax)


def test_curves_that_are_none_are_refused():
    for nothing in ({}, [], {"training": []}, 3.0, [[1.0, 2.0]]):
        with pytest.raises(ValueError, match=r"Pass a list|expected a plain list"):
            plotting.plot_learning_curve(nothing)
    assert not plt.get_fignums()


def test_confusion_matrix_counts_as_scikit_learn_does():
    rng = np.random.default_rng(3)
    y_true = rng.integers(0, 9, 500)  # no 9 among the true digits
    y_pred = np.where(rng.random(500) < 0.8, y_true, rng.integers(0, 10, 500))
    expected = confusion_matrix(y_true, y_pred, labels=range(10))
    ax = plotting.plot_confusion_matrix(y_true.reshape(1, -1), y_pred)

    mesh = next(c for c in ax.collections if isinstance(c, QuadMesh))
    np.testing.assert_array_equal(np.asarray(mesh.get_array()).reshape(10, 10), expected)
    written = np.array([int(text.get_text() or 0) for text in ax.texts]).reshape(10, 10)
    np.testing.assert_array_equal(written, expected)
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("true digit", "predicted digit")
    ticks = [text.get_text() for text in ax.get_yticklabels()]
    assert ticks == [str(digit) for digit in range(10)]
    assert ax.yaxis_inverted()
    share = (y_true == y_pred).mean()
    assert f"{(y_true == y_pred).sum()} of 500 right ({share:.1%})" in plotting.alt_text(ax)


def test_confusion_matrix_names_the_most_frequent_mistakes():
    y_true = [4] * 7 + [7] * 3 + [0, 1]
    y_pred = [9] * 5 + [4] * 2 + [2] * 2 + [7] + [0, 0]
    assert plotting.alt_text(plotting.plot_confusion_matrix(y_true, y_pred)).endswith(
        "4 of 12 right (33.3%). Most frequent mistakes: "
        "4 taken for 9, 5 times; 7 taken for 2, 2 times; 1 taken for 0, 1 time."
    )
    faultless = plotting.plot_confusion_matrix([2, 0], [2, 0], n_classes=3)
    assert plotting.alt_text(faultless).endswith("2 of 2 right (100.0%).")


def test_confusion_matrix_refuses_what_it_cannot_count():
    with pytest.raises(ValueError, match=r"y_pred holds the label 10.*from 0 to 9"):
        plotting.plot_confusion_matrix([1, 2], [1, 10])
    with pytest.raises(ValueError, match="y_true holds the label -1"):
        plotting.plot_confusion_matrix([-1, 2], [1, 1])
    with pytest.raises(ValueError, match=r"y_pred has the shape \(3,\); expected \(1, 2\) or \(2,"):
        plotting.plot_confusion_matrix([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="y_true is empty"):
        plotting.plot_confusion_matrix([], [])


def test_weights_share_one_scale_around_zero():
    W = np.random.default_rng(4).normal(size=(7, 15))
    W[5, 2], W[1, 4] = -9.5, 6.25
    ax = plotting.plot_weights(W, shape=(3, 5), ncols=4)
    for image, row in zip(ax.images, W, strict=True):
        np.testing.assert_array_equal(pixels(image), row.reshape(3, 5))
        assert image.get_clim() == (-9.5, 9.5)
    colours = ax.images[0].cmap
    assert np.mean(colours(0.5)[:3]) > 0.95
    assert colours(0.0)[2] > colours(0.0)[0]
    assert colours(1.0)[0] > colours(1.0)[2]
    assert [other.get_ylabel() for other in ax.figure.axes if other is not ax] == ["weight"]
    text = plotting.alt_text(ax)
    assert "7 units as pictures of 3 by 5" in text
    assert "smallest is -9.5, in unit 5, the largest 6.25, in unit 1" in text


def test_weights_that_are_all_zero_have_a_scale():
    assert plotting.plot_weights(np.zeros((2, 784))).images[0].get_clim() == (-1.0, 1.0)


def test_weights_of_another_layer_are_refused():
    with pytest.raises(ValueError, match=r"\(10, 30\); expected \(n_hidden, 784\)"):
        plotting.plot_weights(np.zeros((10, 30)))
    with pytest.raises(ValueError, match="NaN or infinity"):
        plotting.plot_weights(np.full((2, 784), np.nan))


def test_a_figure_is_described_by_its_axes_unless_it_has_its_own_text(x_set, y_set):
    figure, axes = plt.subplots(1, 3)
    assert plotting.alt_text(figure) == ""
    plotting.plot_digit(x_set, y_set, 2, ax=axes[2])
    plotting.describe(axes[0], "A parabola.")
    assert plotting.alt_text(figure) == "A parabola. " + plotting.alt_text(axes[2])
    plotting.describe(figure, "A parabola and a digit.")
    assert plotting.alt_text(figure) == "A parabola and a digit."
    assert plotting.alt_text(axes[0]) == "A parabola."


def test_describe_says_what_it_needs():
    _, axes = plt.subplots(1, 2)
    with pytest.raises(TypeError, match="given a ndarray; pass the Axes or the Figure"):
        plotting.describe(axes, "Two plots.")
    with pytest.raises(ValueError, match="description is empty"):
        plotting.describe(axes[0], " ")


def test_plots_leave_matplotlib_as_it_was(x_set, y_set):
    before = dict(plt.rcParams)
    plotting.plot_digits(x_set, y_set)
    plotting.plot_confusion_matrix([1, 2], [1, 1])
    assert dict(plt.rcParams) == before
    with plt.rc_context():
        plotting.use_course_style()
        assert dict(plt.rcParams) != before


def test_import_changes_no_setting_and_many_plots_say_nothing(tmp_path):
    script = """
import matplotlib.pyplot as plt
before = dict(plt.rcParams)
from helpers import plotting
assert dict(plt.rcParams) == before
for _ in range(25):
    plotting.plot_learning_curve([2.0, 1.0])
plotting.plot_confusion_matrix([1, 2], [1, 1])
plt.savefig("plot.png")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "plot.png").stat().st_size > 0


CELLS = [
    """
import matplotlib.pyplot as plt
import numpy as np
from helpers.plotting import describe, plot_digit, plot_digits
x_set, y_set = np.random.default_rng(0).random((784, 5)), np.array([[5, 0, 4, 1, 9]])
""",
    "plot_digit(x_set, y_set, 2)",
    """
fig, ax = plt.subplots()
ax.plot([1, 2, 4])
describe(ax, 'It rises: "steeper" & steeper, <always> above 0.')
""",
    """
fig, axes = plt.subplots(1, 2)
plot_digit(x_set, y_set, 0, ax=axes[0])
plot_digit(x_set, y_set, 1, ax=axes[1])
""",
    "plot_digits(x_set, y_set); plot_digit(x_set, y_set, 4)",
    "plt.plot([1, 2]);",
]
DIGIT = "Handwritten digit, 28 by 28 pixels, column {}, labelled {}."
ALTERNATIVE_TEXTS = [
    DIGIT.format(2, 4),
    'It rises: "steeper" & steeper, <always> above 0.',
    DIGIT.format(0, 5) + " " + DIGIT.format(1, 0),
    "Grid of 5 handwritten digits in rows of 5, labelled 5, 0, 4, 1, 9.",
    DIGIT.format(4, 9),
]


@pytest.fixture(scope="module")
def executed() -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(ROOT)}}
    return NotebookClient(notebook, timeout=120, resources=resources).execute()


def test_a_notebook_shows_each_figure_once_and_nothing_else(executed):
    outputs = [output for cell in executed.cells for output in cell.outputs]
    assert [output.output_type for output in outputs] == ["display_data"] * 6
    for output, text in zip(outputs, ALTERNATIVE_TEXTS, strict=False):
        assert output.data["text/plain"] == text
        assert output.metadata["image/png"]["alt"] == text
        assert output.data["image/png"]
    assert "text/html" not in outputs[-1].data
    assert not outputs[-1].metadata


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_the_exported_page_has_the_alternative_texts(executed, template):
    page, _ = HTMLExporter(template_name=template).from_notebook_node(executed)
    images = BeautifulSoup(page, "html.parser").select("img")
    assert [image["alt"] for image in images[:-1]] == ALTERNATIVE_TEXTS
    assert all(image["src"].startswith("data:image/png;base64,") for image in images)
