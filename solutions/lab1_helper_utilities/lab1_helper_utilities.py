# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: jupyter,nbgrader,tags,-all
#     notebook_metadata_filter: kernelspec,jupytext,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lab 1: data, and the small functions a network is made of
#
# A neural network that reads handwriting is a handful of short functions, called in the right
# order a great many times. In this lab you meet the handwriting, and you write those functions.
# In the labs that follow you put them together.
#
# **You will learn**
#
# - what MNIST is, how its files are laid out, and how a picture becomes a column of numbers;
# - the sigmoid, its derivative, and why a formula that is right on paper can fail in floating
#   point;
# - one-hot labels, and the cost that says how wrong a prediction is;
# - two penalties on large weights, and what each of them does to the weights.
#
# **You need** Python, a little NumPy (arrays, broadcasting, `axis`), and what a derivative is.
#
# **It takes** about 90 minutes. There are four exercises, worth 30 points.
#
# **One convention for the whole course** (Lab 5 excepted): *columns are examples*. A set of $m$
# pictures is one array $X$ of shape $(784, m)$; their labels are one array $y$ of shape $(1, m)$.
# When something goes wrong, print the shapes first.

# %%
# %matplotlib inline
import struct
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import expit

from helpers.checking import lab1 as check
from helpers.data import dataset_name, load_data, read_mnist
from helpers.plotting import (
    describe,
    plot_digits,
    plot_learning_curve,
    use_course_style,
)

use_course_style()

# %% [markdown]
# ## 1. The data
#
# ### What MNIST is
#
# In the early 1990s NIST, the American standards institute, collected digits written by census
# workers and by high-school pupils. Yann LeCun, Corinna Cortes and Christopher Burges mixed the
# two groups, scaled each digit to fit into a box of 20 × 20 pixels, put its centre of mass into
# the middle of 28 × 28, and published the result: 60,000 pictures to train on and 10,000 to test
# with, each with the digit that it shows. It has been the first exercise of the field ever since.
#
# ### How a file holds pictures
#
# An MNIST file is as plain as a file can be. First come a few whole numbers of four bytes each,
# the largest byte first: a *magic number* that says what kind of file it is, then how many items
# there are and how large each one is. Then come the pixels, one byte each, row by row, picture
# after picture. A byte of 0 is empty paper, 255 is full ink; a plot in shades of grey shows ink
# white on black.
#
# The next cell makes such a file with three pictures in it, shows its first 16 bytes, and reads
# it back. `read_mnist` checks every one of those numbers before it believes a file.


# %% tags=["for-the-reader"]
def write_idx(path: Path, magic: int, array: np.ndarray) -> None:
    """Write an array of bytes as an IDX file: magic number, sizes, values."""
    header = struct.pack(f">{1 + array.ndim}I", magic, *array.shape)
    path.write_bytes(header + array.astype(np.uint8).tobytes())


with tempfile.TemporaryDirectory() as folder:
    images_path, labels_path = Path(folder, "images"), Path(folder, "labels")
    three_pictures = np.zeros((3, 28, 28))
    three_pictures[:, 4:24, 13:15] = 255  # a stroke from top to bottom, three times
    write_idx(images_path, 0x00000803, three_pictures)
    write_idx(labels_path, 0x00000801, np.array([1, 1, 1]))
    print("magic, count, rows, columns:", images_path.read_bytes()[:16].hex(" ", 4))
    images, labels = read_mnist(images_path, labels_path)

print("images", images.shape, images.dtype, "  labels", labels.shape, labels.tolist())

# %% [markdown]
# In base 16, 1c is 28. The 08 in the magic number says that the values are single bytes; it ends
# in 03 because pictures have three dimensions: which picture, which row, which column. The
# labels' file has one dimension, and its magic number ends in 01.
#
# ### A first look
#
# `load_data` gives you the pictures as columns, with pixel values between 0 and 1. On MNIST it
# takes the 60,000 training pictures, shuffles them, and keeps 5,000 to train on and 55,000 to
# test with. Without MNIST on your machine and without a network, it uses 5,000 of these pictures,
# 4,000 to train on and 1,000 to test with, so that every cell of the course still runs; the results
# then differ from those on all of MNIST, and the cell says so.

# %%
train_x, train_y, test_x, test_y = load_data()
n_features, m_train = train_x.shape
print("data set:", dataset_name())
print("train_x", train_x.shape, "  train_y", train_y.shape)
print("test_x ", test_x.shape, "  test_y ", test_y.shape)
print(f"pixel values from {train_x.min():.0f} to {train_x.max():.0f}")

# %% tags=["for-the-reader"]
plot_digits(train_x, train_y, indices=range(24), ncols=6)

# %% [markdown]
# Look for digits that you would hesitate over. If a person hesitates, a network may, too.
#
# Are all ten digits equally frequent? A network that always answers with the most frequent one is
# the least that we have to beat.

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
counts = np.bincount(train_y.ravel(), minlength=10)
fig, ax = plt.subplots(figsize=(7, 2.6))
ax.bar(range(10), counts)
ax.set(xlabel="digit", ylabel="pictures", xticks=range(10), title="How often each digit occurs")
describe(
    ax,
    "Bar chart of how often each digit occurs in the training set: "
    + ", ".join(f"{digit}: {count}" for digit, count in enumerate(counts)),
)
print(f"always answering {counts.argmax()} is right in {counts.max() / m_train:.1%} of all cases")

# %% tags=["claim"]
assert np.abs(counts / (m_train / 10) - 1).max() < 0.15, "The digits are nearly equally frequent."
assert 0.09 < counts.max() / m_train < 0.12, "One answer for all is right about one time in ten."

# %% [markdown]
# Nearly. Always giving the same answer is right about one time in ten, so a network that is right
# that often has learned nothing yet.
#
# ### How a picture becomes a column
#
# A network takes a list of numbers, not a picture. So we read the 28 rows of a picture one after
# another, like lines of text, into one column of 28 · 28 = 784 numbers. The pixel in row $r$ and
# column $c$ (both counted from 0) becomes entry
#
# $$k = 28\,r + c .$$
#
# **Before you run the next cell:** in which entry of the column does the pixel of row 3, column 5
# end up? And what would you see if you put the column back into a square the wrong way, column by
# column?

# %% tags=["for-the-reader"]
column = train_x[:, [0]]
picture = column.reshape(28, 28)
print("column", column.shape, " picture", picture.shape)
print("same pixel twice:", picture[14, 15] == column[28 * 14 + 15, 0])

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, (left, middle, right) = plt.subplots(
    1, 3, figsize=(9, 3), width_ratios=[4, 1, 4], layout="constrained"
)
left.imshow(picture, cmap="gray")
left.set(xlabel="column", ylabel="row")
left.set_title("28 rows of 28 pixels")
middle.imshow(column, cmap="gray", aspect=0.01, interpolation="nearest")
middle.set(title="one column\nof 784", xticks=[], yticks=[0, 783])
right.imshow(column.reshape(28, 28, order="F"), cmap="gray")
right.set_title("put back the wrong way")
describe(
    fig,
    f"A handwritten {train_y[0, 0]} as a picture of 28 by 28 pixels, the same pixels as one column of 784, and "
    "the column put back column by column, which mirrors the digit across its diagonal.",
)

# %% [markdown]
# <details><summary>Answer</summary>
#
# Row 3, column 5 is entry 28 · 3 + 5 = 89. Put back column by column, the digit is mirrored
# across its diagonal: rows and columns have changed places. Nothing complains. The numbers are
# all there, only the meaning is lost. A network that learned from one kind fails on the other
# (Lab 2 tries it).
#
# </details>

# %% tags=["claim"]
assert picture[3, 5] == column[89, 0], "Row 3, column 5 is entry 89."
_mirrored = column.reshape(28, 28, order="F")
assert (_mirrored == picture.T).all(), "Put back the wrong way, rows and columns change places."

# %% [markdown]
# One more look. The mean of all pictures of a digit is a picture, too. It shows which pixels a
# digit usually uses, and how much handwriting varies around it.

# %% tags=["for-the-reader"]
means = np.hstack(
    [train_x[:, train_y[0] == digit].mean(axis=1, keepdims=True) for digit in range(10)]
)
print("means", means.shape)
plot_digits(means, np.arange(10).reshape(1, 10), ncols=5)

# %% tags=["claim"]
_rows = means[:, 1].reshape(28, 28).max(axis=1)
assert _rows.max() == means.max() > 0.9, "The 1 is brightest, nearly all writers put ink there."
assert 12 <= _rows.argmax() <= 15, "The 1 is brightest in its middle."
assert max(_rows[6], _rows[21]) < 0.6, "The 1 is blurred at both ends."

# %% [markdown]
# Where a mean is white, nearly all writers put ink; where it is grey, they differ. The 1 is
# brightest in its middle, which nearly every 1 crosses, and blurred at both ends, because people
# slant it differently.

# %% [markdown]
# ## 2. A neuron: an affine map, then a sigmoid
#
# A single artificial neuron does two things. It weighs its $n$ inputs and adds a constant, which is
# called an *affine map*:
#
# $$z = w^\top x + b, \qquad w : (n, 1),\quad x : (n, 1),\quad b : \text{a number},\quad z : \text{a number}.$$
#
# Then it squeezes $z$ into the range from 0 to 1 with the *sigmoid*
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad Z : (n, m) \;\to\; \sigma(Z) : (n, m), \text{ entry by entry.}$$
#
# The weight sets how steep the neuron's answer is, the bias $b$ sets where it changes its mind:
# with one input, $\sigma(wx + b)$ is one half exactly at $x = -b/w$. The picture shows this for
# one input. (It borrows SciPy's sigmoid, `expit`; after the next exercise you have your own.)

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
x = np.linspace(-6, 6, 200)
fig, axes = plt.subplots(1, 2, figsize=(9, 3), sharey=True, layout="constrained")
for w, style in zip([0.5, 1, 3], ["-", "--", ":"], strict=True):
    axes[0].plot(x, expit(w * x), style, label=f"w = {w}, b = 0")
for b, style in zip([-3, 0, 2], ["-", "--", ":"], strict=True):
    axes[1].plot(x, expit(x + b), style, label=f"w = 1, b = {b}")
for ax, title in zip(
    axes, ["The weight sets the slope", "The bias moves the threshold"], strict=True
):
    ax.set(xlabel="x", title=title)
    ax.axhline(0.5, color="gray", linewidth=0.7)
    ax.legend()
axes[0].set_ylabel("σ(wx + b)")
describe(
    fig,
    "Two panels of S-shaped curves from 0 to 1. Left: a larger weight makes the curve steeper. Right: a negative bias "
    "moves the point where it crosses one half to the right, a positive bias to the left.",
)

# %% [markdown]
# ### Exercise 1: sigmoid and its derivative
# *15 minutes, ●○○, 8 points*
#
# Training asks a second question of every neuron: if $z$ grew a little, by how much would
# $\sigma(z)$ grow? With the quotient rule,
#
# $$\sigma'(z) = \frac{e^{-z}}{(1 + e^{-z})^2}
#             = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}
#             = \sigma(z)\,\bigl(1 - \sigma(z)\bigr).$$
#
# The last form is the one to use. It reuses what you have already, and it stays a number where
# the first form does not.
#
# **Before you write it.** Where is $\sigma'$ largest, and how large is it there? What is it,
# nearly, at $z = 10$? Keep your answers; the plot below will tell.
#
# Two things to mind. `z` may be a single number or an array of any shape, and its numbers may be
# integers. And `z` may be far from 0: at 800 the result is exactly 1, at −800 exactly 0, never
# NaN. (NumPy may warn of an overflow on the way. The warning costs nothing.)


# %% nbgrader={"grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Sigmoid:
    """The sigmoid function, and its derivative."""

    def __call__(self, z: float | np.ndarray) -> float | np.ndarray:
        """Compute 1 / (1 + e^-z), entry by entry.

        Parameters
        ----------
        z : number or ndarray of any shape and numeric dtype
            Not changed.

        Returns
        -------
        float or ndarray
            Values from 0 to 1, in the shape of z.
        """
        # 1. Make sure that you compute with floats. (The minus of unsigned bytes wraps around.)
        # 2. Apply the formula.
        ### BEGIN SOLUTION
        z = 1.0 * np.asarray(z)  # bytes, for one, have no minus sign
        with np.errstate(over="ignore"):  # e^800 becomes infinity, and 1/∞ is 0, as it should be
            return 1 / (1 + np.exp(-z))
        ### END SOLUTION

    def prime(self, z: float | np.ndarray) -> float | np.ndarray:
        """Compute the derivative of the sigmoid at z.

        Parameters
        ----------
        z : number or ndarray of any shape and numeric dtype
            The argument of the sigmoid, not its value. Not changed.

        Returns
        -------
        float or ndarray
            Values from 0 to 1/4, in the shape of z.
        """
        # 1. Compute the sigmoid at z, once.
        # 2. Combine it with itself.
        ### BEGIN SOLUTION
        s = self(z)
        return s * (1 - s)
        ### END SOLUTION


# %% tags=["expected-output"]
check.sigmoid(Sigmoid)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.exp` works on whole arrays; `math.exp` takes one number only. Inside a method, `self(z)`
# calls the object itself, so `prime` need not repeat the formula.
#
# </details>
#
# A check looks at the last version that ran. After an error in a cell, mend it, run it again, and
# then the check.
#
# **Pitfall.** Many programs pass $a = \sigma(z)$ to a function that computes `a * (1 - a)` and
# call that the derivative. That is fine as long as everybody knows it. Here `prime` takes $z$.
# Called with $a$ by mistake, it still returns reasonable-looking numbers, from 0.19 to 0.25. The
# network still learns, and nobody notices that it learns worse (Lab 2 shows how much worse).
#
# **Pitfall.** $\sigma(z) = e^{z} / (1 + e^{z})$ is the same function on paper. At $z = 800$ it
# computes ∞/∞, which is NaN.

# %% tags=["claim"]
_wrong = Sigmoid().prime(Sigmoid()(np.linspace(-800, 800, 9)))
assert 0.19 < _wrong.min() < _wrong.max() <= 0.25, "Called with a, prime gives 0.19 to 0.25."
with np.errstate(over="ignore", invalid="ignore"):
    assert np.isnan(np.exp(800.0) / (1 + np.exp(800.0))), "e^z / (1 + e^z) is NaN at 800."

# %% nbgrader={"grade": true, "grade_id": "test_sigmoid", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Sigmoid()(z) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_sigmoid(globals())
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_sigmoid_prime", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Sigmoid().prime(z) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_sigmoid_prime(globals())
### END HIDDEN TESTS

# %% [markdown]
# Here are both curves, drawn with your code. A slope can also be measured: it is the difference of
# two neighbouring values, divided by their distance. The dashes in the picture are the slope of
# the upper curve, measured so. Where your `prime` is right, they run along the middle of its broad
# line.

# %% tags=["for-the-reader"]
sigmoid = Sigmoid()
z = np.linspace(-8, 8, 321)
step = 1e-4
measured = (sigmoid(z + step) - sigmoid(z - step)) / (2 * step)
print(f"largest slope: {sigmoid.prime(z).max():.4f}   slope at z = 10: {sigmoid.prime(10):.6f}")
print(f"formula and measurement differ by {np.abs(sigmoid.prime(z) - measured).max():.6f} at most")

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, ax = plt.subplots(figsize=(7, 3.2))
ax.plot(z, sigmoid(z), label="σ(z)")
ax.plot(z, sigmoid.prime(z), "-", linewidth=5, alpha=0.5, label="σ′(z), your formula")
ax.plot(z, measured, "k--", linewidth=1, label="σ′(z), measured")
ax.set(xlabel="z", title="The sigmoid and its derivative")
ax.legend()
describe(
    ax,
    "The sigmoid rises from 0 to 1 in an S around z = 0. Its derivative is a bell of height one quarter at z = 0, drawn "
    "as a broad line; the measured slope is dashed and runs along its middle.",
)

# %% tags=["claim"]
assert np.abs(sigmoid.prime(z) - measured).max() < 1e-6, "The dashes run along the formula's line."
assert sigmoid.prime(z).max() <= sigmoid.prime(0) == 0.25, "A quarter at most, at z = 0."
assert sigmoid.prime(10) < 1e-4, "At z = 10 the slope is next to nothing."

# %% [markdown]
# The slope is never more than a quarter, which it is at $z = 0$, and far from there it is next to
# nothing. A neuron inside a network whose $z$ is 10 hardly learns, however wrong the network is.
# (The last layer is spared: its cost makes up for the slope, as you will see in section 6.) That
# is why weights start small (Lab 2), and one reason why deep networks use another function (Lab
# 3).
#
# ## 3. One-hot labels
#
# A network with ten outputs answers with ten numbers, one for each digit. To say how wrong they
# are, the label must have the same form: not the number 3, but ten numbers, all 0 except a 1 in
# place 3, counting from 0. This is called *one-hot*. We write $K$ for the number of classes, here
# ten, and $k$ for one of them.
#
# ### Exercise 2: one-hot
# *10 minutes, ●○○, 4 points*
#
# $$y : (1, m) \text{ whole numbers from } 0 \text{ to } K - 1 \;\to\; Y : (K, m), \qquad
# Y_{ki} = \begin{cases} 1 & \text{if } y_i = k \\ 0 & \text{otherwise.} \end{cases}$$
#
# **Before you write it.** For the labels (2, 0, 2) and four classes, how many rows and columns
# has $Y$? Which of its rows are all 0? Why is the number of classes an argument, and not computed
# from the labels? (The first example of the check has the answer to the first two questions, the
# pitfall that to the third.)


# %% nbgrader={"grade": false, "grade_id": "one_hot", "locked": false, "schema_version": 3, "solution": true, "task": false}
def one_hot(Y: np.ndarray, n_classes: int) -> np.ndarray:
    """Turn labels into columns with a single 1.

    Parameters
    ----------
    Y : ndarray of int, shape (1, m)
        Labels from 0 to n_classes - 1.
    n_classes : int
        Number of classes, whether or not all of them occur in Y.

    Returns
    -------
    ndarray of float, shape (n_classes, m)
        Column i has a 1 in row Y[0, i] and 0 elsewhere.
    """
    # 1. Think of the classes 0, 1, 2, … as a column of shape (n_classes, 1).
    # 2. Compare it with the row of labels. What is the shape of the outcome?
    # 3. Turn True and False into 1.0 and 0.0.
    ### BEGIN SOLUTION
    classes = np.arange(n_classes).reshape(n_classes, 1)
    return (classes == Y).astype(float)
    ### END SOLUTION


# %% tags=["expected-output"]
check.one_hot(one_hot)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Comparing an array of shape `(n_classes, 1)` with one of shape `(1, m)` compares every entry of
# the one with every entry of the other: NumPy stretches both to `(n_classes, m)`. This is called
# broadcasting. Two other ways that work: a loop over the columns, or `np.eye(n_classes)`, whose
# columns are the possible answers.
#
# </details>
#
# **Pitfall.** `len(np.unique(Y))` or `Y.max() + 1` in place of `n_classes` is right until a batch
# comes along in which the last class does not occur. Then $Y$ has a row too few, and the error
# appears in another function.

# %% nbgrader={"grade": true, "grade_id": "test_one_hot", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of one_hot(Y, n_classes) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_one_hot(globals())
### END HIDDEN TESTS

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
first_labels = train_y[:, :12]
fig, ax = plt.subplots(figsize=(7, 3.6))
ax.imshow(one_hot(first_labels, 10), cmap="cividis", aspect="auto")
ax.set(xlabel="label of the example", ylabel="row of Y", yticks=range(10))
ax.set_xticks(range(12), [str(label) for label in first_labels[0]])
ax.set_title("Twelve labels as columns: each has one bright cell")
describe(
    ax,
    "A grid of 10 rows and 12 columns. Each column has one bright cell, in the row of its label: "
    + ", ".join(str(label) for label in first_labels[0]),
)

# %% [markdown]
# ## 4. The cost
#
# ### How wrong is a prediction?
#
# The network answers each of ten questions (is it a 0? is it a 1? …) with a number $a$ between 0
# and 1. If the true answer is 1, we want $a$ near 1 and charge $-\log a$: nothing for $a = 1$,
# more and more as $a$ falls. If the true answer is 0, we charge $-\log(1 - a)$. The logarithm is
# the natural one.

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
a = np.linspace(0.001, 0.999, 400)
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(a, -np.log(a), label="true answer 1:  −log a")
ax.plot(a, -np.log(1 - a), "--", label="true answer 0:  −log(1 − a)")
ax.set(xlabel="the network's answer a", ylabel="cost", title="Being sure and wrong is what costs")
ax.legend()
describe(
    ax,
    "Two mirrored curves. The cost of an answer a is 0 where a is the true answer and grows without bound as a "
    "approaches the wrong one.",
)

# %% [markdown]
# Sum this over the ten questions, then take the mean over the $m$ examples. This is the *binary
# cross-entropy*:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \sum_{k=1}^{K}
#       \Bigl[\, Y_{ki} \log A_{ki} + (1 - Y_{ki}) \log (1 - A_{ki}) \,\Bigr],
# \qquad A, Y : (K, m), \quad J : \text{a number}.$$
#
# Each term has a factor that is 0, so one of its two halves always vanishes. On paper. Look at
# what floating point makes of a perfect prediction:

# %% tags=["for-the-reader"]
with np.errstate(divide="ignore", invalid="ignore"):
    print("log 0     =", np.log(0.0))
    print("0 · log 0 =", 0 * np.log(0.0))

# %% tags=["claim"]
with np.errstate(divide="ignore", invalid="ignore"):
    for _a, _y, _comes_out in [(1.0, 1.0, np.isnan), (0.0, 0.0, np.isnan), (0.0, 1.0, np.isinf)]:
        _cost = -(_y * np.log(_a) + (1 - _y) * np.log(1 - np.float64(_a)))
        assert _comes_out(_cost), "Exactly right makes the cost NaN, exactly wrong infinite."
assert round(-np.log(1e-12)) == 28, "A guard of 10^-12 caps the price at 28."
assert 1 - 1e-17 == 1, "1 - 10^-17 is 1."
assert train_x.dtype == np.float32, "load_data gives float32."
assert np.float32(1) - np.float32(1e-12) == 1, "In float32, 1 - 10^-12 is 1."

# %% [markdown]
# A single answer of exactly 0 or 1 makes the whole cost NaN if it is right, and infinite if it is
# wrong. So the logarithm must be guarded: keep $a$ a tiny distance away from 0 and from 1 before
# you take the logarithm. The distance caps the price of a single mistake: $-\log 10^{-12} \approx
# 28$. Far smaller is no guard any more, because $1 - 10^{-17}$ is 1 to a computer; far larger
# falsifies the cost. In float32, which is what `load_data` gives, already $1 - 10^{-12}$ is 1, so
# compute the cost in float64.
#
# ### Exercise 3: the cost
# *15 minutes, ●●○, 6 points*
#
# **Before you write it.** An untrained network answers 0.5 to everything. What is its cost for
# ten classes? (You can do it in your head, up to a logarithm. A first cost that is far from this
# number is the earliest sign of a bug.)


# %% nbgrader={"grade": false, "grade_id": "compute_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_cost(A2: np.ndarray, Y: np.ndarray) -> float:
    """Compute the binary cross-entropy, summed over classes, averaged over examples.

    Parameters
    ----------
    A2 : ndarray of float, shape (n_classes, m)
        Predictions from 0 to 1, both included: what the last layer, in Lab 2 the second, answers.
        Not changed.
    Y : ndarray, shape (n_classes, m)
        One-hot labels. Not changed.

    Returns
    -------
    float
        The cost; finite even where A2 is exactly 0 or 1.
    """
    # 1. Read off m, the number of examples.
    # 2. Convert A2 to float64, and keep it a tiny distance away from 0 and 1.
    # 3. Compute the (n_classes, m) array of terms, sum it up, and take the mean over the examples.
    ### BEGIN SOLUTION
    m = Y.shape[1]
    tiny = 1e-12
    A = np.clip(A2.astype(np.float64), tiny, 1 - tiny)  # in float32, 1 - tiny would round to 1
    terms = Y * np.log(A) + (1 - Y) * np.log(1 - A)
    return float(-np.sum(terms) / m)
    ### END SOLUTION


# %% tags=["expected-output"]
check.compute_cost(compute_cost)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.clip(A, low, high)` replaces what is below `low` by `low` and what is above `high` by
# `high`. `np.sum` without an axis adds up everything; what is left is to divide by `m`, not by
# the number of entries.
#
# </details>
#
# **Pitfall.** `np.mean` over all entries divides by $K \cdot m$. The cost looks fine and falls as
# it should, but it is ten times too small, and no longer belongs to the gradients of the labs to
# come.

# %% nbgrader={"grade": true, "grade_id": "test_compute_cost", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of compute_cost(A2, Y) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_compute_cost(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
undecided = np.full((10, m_train), 0.5)
print(f"cost of answering 0.5 to everything: {compute_cost(undecided, one_hot(train_y, 10)):.4f}")
print(f"10 · log 2                         : {10 * np.log(2):.4f}")

# %% [markdown]
# ## 5. Penalties on large weights
#
# A network with many weights can learn its training pictures by heart, with large weights that
# cancel each other out in just the right way (Lab 2 catches one at it). A *penalty* added to the
# cost makes large weights expensive. Two are in use:
#
# $$L_1 = \frac{\lambda_1}{m} \Bigl( \sum |W_1| + \sum |W_2| \Bigr), \qquad
#   L_2 = \frac{\lambda_2}{2m} \Bigl( \sum W_1^2 + \sum W_2^2 \Bigr),$$
#
# $$W_1 : (n_1, n_0), \quad W_2 : (n_2, n_1), \quad L_1, L_2 : \text{numbers}.$$
#
# Each sum runs over all entries of the matrix. On $W$ the subscript names the layer, and $n_0$,
# $n_1$, $n_2$ are the numbers of inputs, hidden neurons and outputs. On $L$ and $\lambda$ it
# names the penalty; $\lambda_1$ and $\lambda_2$ are numbers that you choose, the strength of each
# penalty. The biases are left alone: they only shift a neuron's threshold. The factor ½ in $L_2$
# is there so that it disappears in the derivative:
#
# $$\frac{\partial L_1}{\partial W} = \frac{\lambda_1}{m} \operatorname{sign}(W), \qquad
#   \frac{\partial L_2}{\partial W} = \frac{\lambda_2}{m}\, W, \qquad \text{each in the shape of } W.$$
#
# (At $W = 0$ the absolute value has a corner and no derivative; `np.sign` answers 0 there: a
# weight of exactly 0 gets no push.)
#
# ### Exercise 4: regularization
# *20 minutes, ●●○, 12 points*
#
# **Before you write it.** Take one weight of 0.01 and one of 10. Which of the two does L1 push
# harder towards 0? And L2? What does that mean for the many small weights of a network?


# %% nbgrader={"grade": false, "grade_id": "regularization", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Regularization:
    """L1 and L2 penalties on the weights of a two-layer network.

    Parameters
    ----------
    lambda_1, lambda_2 : float
        Strength of the L1 and of the L2 penalty.
    """

    def __init__(self, lambda_1: float, lambda_2: float) -> None:
        self.lambda_1 = lambda_1
        self.lambda_2 = lambda_2

    def l1(self, W1: np.ndarray, W2: np.ndarray, m: int) -> float:
        """Compute the L1 penalty: lambda_1 / m times the sum of all absolute values.

        Parameters
        ----------
        W1, W2 : ndarray of any two shapes
            Weights of the two layers.
        m : int
            Number of examples.
        """
        ### BEGIN SOLUTION
        return self.lambda_1 / m * (np.sum(np.abs(W1)) + np.sum(np.abs(W2)))
        ### END SOLUTION

    def l1_grad(self, W1: np.ndarray, W2: np.ndarray, m: int) -> dict[str, np.ndarray]:
        """Compute the derivatives of the L1 penalty, {"dW1": like W1, "dW2": like W2}."""
        ### BEGIN SOLUTION
        return {
            "dW1": self.lambda_1 / m * np.sign(W1),
            "dW2": self.lambda_1 / m * np.sign(W2),
        }
        ### END SOLUTION

    def l2(self, W1: np.ndarray, W2: np.ndarray, m: int) -> float:
        """Compute the L2 penalty: lambda_2 / (2 m) times the sum of all squares.

        Parameters
        ----------
        W1, W2 : ndarray of any two shapes
            Weights of the two layers.
        m : int
            Number of examples.
        """
        ### BEGIN SOLUTION
        return self.lambda_2 / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))
        ### END SOLUTION

    def l2_grad(self, W1: np.ndarray, W2: np.ndarray, m: int) -> dict[str, np.ndarray]:
        """Compute the derivatives of the L2 penalty, {"dW1": like W1, "dW2": like W2}."""
        ### BEGIN SOLUTION
        return {
            "dW1": self.lambda_2 / m * W1,
            "dW2": self.lambda_2 / m * W2,
        }
        ### END SOLUTION


# %% tags=["expected-output"]
check.regularization(Regularization)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Every entry counts, so take the absolute value or the square entry by entry first and sum up
# afterwards. `W**2` squares entries; `W @ W` multiplies matrices.
#
# </details>
#
# **Pitfall.** `np.linalg.norm(W, 1)` looks like the sum of absolute values, and for a vector it
# is. For a matrix it is the largest column sum of absolute values, and to NumPy an array of shape
# (1, n) is a matrix, too.

# %% tags=["claim"]
_W = np.array([[1.0, -2.0, 4.0]])
assert np.linalg.norm(_W[0], 1) == 7, "Of a vector it is the sum of absolute values."
assert np.linalg.norm(_W, 1) == 4, "Of a (1, n) array it is the largest column sum."

# %% nbgrader={"grade": true, "grade_id": "test_l1", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Regularization(…).l1(W1, W2, m) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_l1(globals())
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_l1_grad", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Regularization(…).l1_grad(W1, W2, m) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_l1_grad(globals())
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_l2", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Regularization(…).l2(W1, W2, m) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_l2(globals())
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_l2_grad", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Regularization(…).l2_grad(W1, W2, m) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab1

lab1.test_l2_grad(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### What each penalty does to a weight
#
# Let us look at the penalties on their own: start with 25 weights, and follow the gradient of
# nothing but the penalty, downhill, for 100 steps. A step that would carry a weight across 0 stops
# there. How many weights will be exactly 0 in the end, under L1 and under L2?

# %% tags=["for-the-reader"]
rng = np.random.default_rng(1)
start = rng.normal(0, 1, (25, 1))
nothing = np.zeros((1, 25))
penalty = Regularization(lambda_1=1.0, lambda_2=1.0)

paths = {}
for name, gradient in {"L1": penalty.l1_grad, "L2": penalty.l2_grad}.items():
    W = start.copy()
    paths[name] = [W.ravel()]
    for _ in range(100):
        step = 0.01 * gradient(W, nothing, m=1)["dW1"]
        W = np.where(np.abs(step) >= np.abs(W), 0, W - step)
        paths[name].append(W.ravel())
    print(f"{name}: {np.sum(W == 0)} of 25 weights are 0, the largest is {np.abs(W).max():.2f}")
print(f"the largest was {np.abs(start).max():.2f} at first")

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, layout="constrained")
for ax, (name, path) in zip(axes, paths.items(), strict=True):
    ax.plot(path, "-", color="C0", linewidth=1)
    ax.set(xlabel="step", title=f"25 weights under {name} alone")
    ax.axhline(0, color="gray", linewidth=0.7, zorder=0)
axes[0].set_ylabel("weight")
describe(
    fig,
    "Left, L1: every weight moves towards 0 in a straight line at the same speed; most reach it, those that began "
    "largest do not. Right, L2: every weight shrinks by the same share in each step and comes closer to 0 without "
    "reaching it.",
)

# %% tags=["claim"]
_left = {_name: _path[-1] != 0 for _name, _path in paths.items()}
_sizes = np.abs(start.ravel())
assert (_left["L1"] == (_sizes > 1)).all(), "Under L1 those are left that began beyond 1 or -1."
assert 0 < _left["L1"].sum() < 6, "Under L1, most are 0 in the end."
assert _left["L2"].all(), "Under L2, none quite reaches 0."
assert np.allclose(paths["L2"][-1], 0.99**100 * start.ravel()), "Under L2 all keep the same share."
assert round(0.99**100, 2) == 0.37, "That share is 37%."

# %% [markdown]
# L1 pulls every weight with the same force: the lines on the left are all equally steep. A hundred
# steps of 0.01 take every weight to 0 that began between −1 and 1, and there it stays. Few are
# left: L1 *selects*. L2 pulls in proportion to the weight. Large ones shrink fast, small ones
# slowly, each to the same 37% of its first value ($0.99^{100}$), and none quite reaches 0: L2
# *shrinks*.
#
# ## 6. All of it together: one neuron that knows a zero when it sees one
#
# You now have everything that a single neuron needs in order to learn. The loop below asks one
# question, *is it a 0?*, and improves the answer step by step. Only the gradient is new, and Lab
# 2 derives it: for one example, $\partial J / \partial z = a - y$, a remarkably simple outcome of
# the sigmoid and the cost meeting each other. The weights are a row now, as each row of a weight
# matrix will be.
#
# $$w : (1, 784), \quad X : (784, m), \quad Z = wX + b : (1, m), \quad A = \sigma(Z) : (1, m), \quad \frac{\partial J}{\partial w} = \frac{1}{m} (A - Y) X^\top : (1, 784).$$
#
# There is no $\sigma'$ in it: a neuron of the last layer that is sure and wrong is told so in full.

# %% tags=["for-the-reader"]
digit = 0
is_digit = one_hot(train_y, 10)[[digit]].astype(np.float32)
penalty = Regularization(lambda_1=0.0, lambda_2=1.0)
w, b, no_second_layer = np.zeros((1, n_features), dtype=np.float32), 0.0, np.zeros((1, 1))
costs = []
for _ in range(200):
    A = sigmoid(w @ train_x + b)
    costs.append(compute_cost(A, is_digit) + penalty.l2(w, no_second_layer, m_train))
    dZ = A - is_digit
    w = w - 0.2 * (dZ @ train_x.T / m_train + penalty.l2_grad(w, no_second_layer, m_train)["dW1"])
    b = b - 0.2 * dZ.mean()

answers = sigmoid(w @ test_x + b)
correct = np.mean((answers > 0.5) == (test_y == digit))
print(f"first cost {costs[0]:.4f} (log 2 is {np.log(2):.4f}), last cost {costs[-1]:.4f}")
print(f"right on {correct:.1%} of the test pictures")
print(f"always answering 'no' is right on {np.mean(test_y != digit):.1%}")

# %% tags=["for-the-reader"]
plot_learning_curve(costs, xlabel="step", ylabel="cost and penalty")

# %% tags=["claim"]
assert 0.45 < costs[1] / costs[0] < 0.55, "The first step halves the cost."
assert costs[50] < 0.15 * costs[0], "Fifty steps bring the cost below a seventh."
assert (np.diff(costs) < 0).all(), "The cost still falls in the last step."
assert correct > np.mean(test_y != digit) + 0.05, "The neuron beats always answering 'no'."

# %% [markdown]
# The curve starts at $\log 2$, the cost of answering 0.5 to everything. The very first step halves
# it, and after fifty less than a seventh is left. It still falls a little at the end. To see how
# good the neuron is, do not look at its share of right answers alone: nine of ten pictures are no
# zero, so "no" is a good answer for somebody who has not even looked.
#
# What has it learned? The picture on the left shows the 784 weights, put back into a square. On
# the right is one test picture of each digit, with the neuron's answer to "is it a 0?".

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader", "readme-picture"]
shown = [int(np.flatnonzero(test_y[0] == k)[0]) for k in range(10)]
fig = plt.figure(figsize=(10.5, 3), layout="constrained")
left, right = fig.subfigures(1, 2, width_ratios=[2, 4])
ax, largest = left.subplots(), np.abs(w).max()
drawn = ax.imshow(w.reshape(28, 28), cmap="RdBu_r", vmin=-largest, vmax=largest)
left.colorbar(drawn, ax=ax, label="weight", shrink=0.9)
ax.set_title(f"784 weights: is it a {digit}?", fontsize=11)
ax.axis("off")
for ax, k in zip(right.subplots(2, 5).flat, shown, strict=True):
    ax.imshow(test_x[:, k].reshape(28, 28), cmap="gray")
    ax.set_title(f"{answers[0, k]:.0%}", fontsize=11)
    ax.axis("off")
describe(
    fig,
    "Left, the neuron's weights as a picture with a colour bar: strongly negative (blue) in the middle, positive (red) "
    "in two arcs beside it, at the lower left and at the upper right, and white at the edges. "
    "Right, one test picture of each digit with the neuron's answer: "
    + ", ".join(f"{test_y[0, k]}: {answers[0, k]:.0%}" for k in shown),
)

# %% tags=["claim"]
_w = w.reshape(28, 28) / np.abs(w).max()
assert _w.argmin() == np.abs(_w).argmax(), "The darkest pixel is blue."
assert _w[12:18, 12:16].mean() < -0.5, "The middle is dark blue."
assert min(_w[14:20, 6:9].mean(), _w[10:15, 20:24].mean()) > 0.15, "Two red arcs beside it."
assert np.abs(_w[[0, 1, -1], :]).max() < 0.05, "The edges are white."
assert (np.flatnonzero(answers[0, shown] > 0.5) == [digit]).all(), "Of the ten, only the 0 is one."

# %% [markdown]
# Ink on a red pixel speaks for a zero, ink on a blue one against it; white pixels do not matter.
# The darkest patch is the blue one in the middle, where a zero has its hole. The two red arcs
# beside it, at the lower left and the upper right, are the sides of a slanted ring. Nobody told
# the neuron so.
#
# ## Test yourself
#
# 1. A neuron answers $a = 0.99$ where the truth is 0. What does it pay? And with $a = 0.5$?
# 2. You doubled the number of examples by using each one twice. What happens to the cost? To
#    $L_2$?
# 3. Why do the labels not appear in `Regularization`?
#
# <details><summary>Answers</summary>
#
# 1. $-\log(1 - 0.99) = \log 100 \approx 4.6$; and $\log 2 \approx 0.69$. Being sure and wrong
#    costs nearly seven times as much as shrugging.
# 2. The cost is a mean and stays as it is. $L_2$ has $m$ in its denominator and is halved: the
#    more data, the less the penalty has to say.
# 3. The penalty looks at the weights alone. It would make them small even without any data; the
#    data are what holds against it.
#
# </details>
#
# ## What to try next
#
# - Set `digit` to another one. Which is the hardest to tell from all others? Look at its weights.
# - Use `l1_grad` with `lambda_1` of 5 in the place of `l2_grad`, and look at the weights again.
#   Compare `(np.abs(w) < 0.002).sum()` before and after.
# - In Lab 2 thirty such neurons work together, and ten more read what the thirty say.
