# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: nbgrader,tags,jupyter,-all
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
# # Lab 3: two layers, from the equations
#
# This network has ten hidden units and ten outputs, and it fits on half a page of formulas. You
# see where each formula comes from, go through all of them once with a pencil, and write each as
# a line or two of NumPy. Then you do what a careful engineer does: you measure whether your
# gradients are right. At the end you hunt bugs that a good accuracy would have hidden from you.
#
# **You will learn**
#
# - why a unit has a bias, why two layers need something that is not linear between them, and why
#   ten scores should become ten probabilities;
# - where the gradient of every parameter comes from, and in which shape;
# - to measure a gradient, and to use the measurement as a test;
# - what such a network sees, and how far its probabilities can be trusted.
#
# **You need** Lab 1 (its `one_hot` is given here), products of matrices, and the chain rule. You
# do not need Lab 2.
#
# **It takes** about three hours. There are eleven exercises, worth 45 points.
#
# As before, *columns are examples*: $X : (784, m)$, labels $y : (1, m)$, one-hot labels
# $Y : (10, m)$.

# %%
# %matplotlib inline
import inspect
from collections.abc import Callable

import matplotlib.pyplot as plt
import numpy as np

import given_suspects as suspects
from given_for_lab3 import one_hot
from helpers.checking import lab3 as check
from helpers.data import dataset_name, load_mnist_split
from helpers.plotting import describe, plot_digits, plot_weights, use_course_style

use_course_style()

# %% [markdown]
# ## 1. The data and the plan
#
# We take MNIST as it was published: its 60,000 training pictures, and its 10,000 test pictures.
# To keep every run short, we train on the first 10,000 of the training pictures only. (Where
# MNIST cannot be had you get 5,000 of its training pictures, as in Lab 1: 4,000 and 1,000.)

# %%
all_x, all_y, test_x, test_y = load_mnist_split()
train_x, train_y = all_x[:, :10_000], all_y[:, :10_000]
n_features, m_train = train_x.shape
print("data set:", dataset_name())
print("train_x", train_x.shape, train_x.dtype, "  train_y", train_y.shape)
print("test_x ", test_x.shape, test_x.dtype, "  test_y ", test_y.shape)

# %% tags=["claim"]
if dataset_name() == "MNIST":
    assert (all_x.shape[1], m_train, test_x.shape[1]) == (60_000, 10_000, 10_000)
else:
    assert (m_train, test_x.shape[1]) == (4_000, 1_000), (m_train, test_x.shape[1])

# %% tags=["for-the-reader"]
plot_digits(train_x, train_y, indices=range(20), ncols=10)

# %% [markdown]
# A picture enters as a column of 784 numbers. Ten *hidden units* weigh these numbers and each
# gives one number of its own. Ten *outputs*, one for each digit, weigh what the hidden units say.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
layers = [
    ("X: pictures\n(784, m)", [f"pixel {k}" for k in (0, 1, 2, 3, 4)] + ["⋮"] + ["pixel 783"]),
    ("Z1, A1: hidden units\n(10, m)", [""] * 10),
    ("Z2, A2: outputs\n(10, m)", [f"digit {k}" for k in range(10)]),
]
fig, ax = plt.subplots(figsize=(9, 4.2))
heights = [np.linspace(1, -1, len(names)) for _, names in layers]
for left in range(2):
    for start in heights[left][[name != "⋮" for name in layers[left][1]]]:
        for end in heights[left + 1]:
            ax.plot([left, left + 1], [start, end], "-", color="lightgray", linewidth=0.5)
for position, (title, names) in enumerate(layers):
    ax.text(position, 1.2, title, ha="center", va="bottom")
    for height, name in zip(heights[position], names, strict=True):
        if name == "⋮":
            ax.text(position, height, name, ha="center", va="center", fontsize=16)
            continue
        ax.plot(position, height, "o", color="C0", markersize=11)
        side = 1 if position else -1
        ax.text(
            position + side * 0.06, height, name, ha="left" if position else "right", va="center"
        )
ax.text(0.5, -1.25, "W1 (10, 784)\nb1 (10, 1)", ha="center", va="top")
ax.text(1.5, -1.25, "W2 (10, 10)\nb2 (10, 1)", ha="center", va="top")
ax.set(xlim=(-0.45, 2.45), ylim=(-1.6, 1.5))
ax.set_axis_off()
describe(
    ax,
    "The network as three columns of circles: 784 pixels, 10 hidden units, 10 outputs named after the digits. Every "
    "pixel is connected to every hidden unit by W1 of shape (10, 784), every hidden unit to every output by W2 of "
    "shape (10, 10). The biases b1 and b2 have the shape (10, 1).",
)

# %% [markdown]
# Training repeats three steps:
#
# 1. **forward**: compute from the pictures what the network says;
# 2. **backward**: compute for each parameter how the cost would change if it grew a little;
# 3. **update**: move each parameter a little in the direction in which the cost falls.
#
# You write these three, one after the other. First we need parameters.
#
# ## 2. Parameters
#
# ### Why a bias
#
# A unit computes $z = w^\top x + b$, with a weight in $w$ for each number in $x$, and asks whether
# $z$ is positive. The pictures $x$ with $w^\top x + b = 0$ are where it changes its mind. With two
# numbers in place of 784, they form a line.
#
# **Before you run the next cell:** take the bias away. Through which point does the line then go,
# whatever the weights are? What does such a unit say to an empty picture, $x = 0$?

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
rng = np.random.default_rng(4)
near, far = rng.normal(1.0, 0.3, (2, 60)), rng.normal(2.3, 0.3, (2, 60))
points, is_far = np.hstack([near, far]), np.arange(120) >= 60

angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
directions = np.column_stack([np.cos(angles), np.sin(angles)])
shares_right = ((directions @ points > 0) == is_far).mean(axis=1)
best = directions[shares_right.argmax()]
share_with_bias = ((points.sum(axis=0) - 3.3 > 0) == is_far).mean()

fig, axes = plt.subplots(1, 2, figsize=(9, 3.8), sharex=True, sharey=True, layout="constrained")
for ax in axes:
    ax.plot(*near, "o", markersize=4, label="one kind")
    ax.plot(*far, "s", markersize=4, label="the other kind")
    ax.plot(0, 0, "k+", markersize=12)
    ax.set(xlim=(-0.6, 3.4), ylim=(-0.6, 3.4), xlabel="first input", aspect="equal")
for direction in directions[::24]:
    axes[0].axline(
        (0, 0), (-direction[1], direction[0]), color="lightgray", linewidth=0.7, zorder=0
    )
axes[0].axline((0, 0), (-best[1], best[0]), color="k", linestyle="-")
axes[1].axline((3.3, 0), (0, 3.3), color="k", linestyle="-")
axes[0].set(ylabel="second input", title="without a bias: lines through 0")
axes[1].set_title("with a bias: any line")
axes[1].legend(loc="lower right")
describe(
    fig,
    "Two clouds of points, one behind the other as seen from the origin. Left: no line through the origin has one "
    "cloud on each side. Right: a line that passes between them separates the two.",
)
print(f"the best line through 0 puts {shares_right.max():.0%} of the points on the correct side")
print(f"the line with a bias puts    {share_with_bias:.0%}")

# %% tags=["claim"]
assert shares_right.max() < 0.75, f"no line through 0 separates: {shares_right.max():.2f}"
assert share_with_bias == 1, f"a line with a bias does: {share_with_bias:.2f}"

# %% [markdown]
# <details><summary>Answer</summary>
#
# Without a bias the line goes through the origin: $w^\top 0 = 0$. On the left, the black line is
# the best of those. To an empty picture every unit says 0, and no amount of training can change
# that. A bias sets the unit free to decide how much evidence it wants before it says yes.
#
# </details>
#
# ### Exercise 1: init_params
# *10 minutes, ●○○, 3 points*
#
# $$W_1 : (n_1, n_0), \quad b_1 : (n_1, 1), \quad W_2 : (n_2, n_1), \quad b_2 : (n_2, 1),$$
#
# with $n_0$ features, $n_1$ hidden units and $n_2$ classes. The biases start at 0. The weights
# start *random*, because two hidden units with the same weights, in and out, compute the same
# number, get the same gradient, and stay twins for ever. And they start *small*, so that the first
# scores are small and the untrained network is not sure of anything.
#
# How small? A sum of $n$ terms, each with a random factor of standard deviation $s$, grows like
# $s \sqrt{n}$. A good choice is $s = \sqrt{2 / n}$, where $n$ is the number of inputs of the unit
# (K. He and others, 2015). Any random, small weights will be accepted here.
#
# **Before you write it.** Suppose all weights are 0. What do the hidden units say then, in $A_1$?
# And what does that do to the gradient of $W_2$, which will turn out to be a product with $A_1$?


# %% nbgrader={"grade": false, "grade_id": "init_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def init_params(
    n_features: int, n_hidden: int, n_classes: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Draw small random weights; biases are 0.

    Parameters
    ----------
    n_features, n_hidden, n_classes : int
        Number of inputs, hidden units and outputs.
    rng : numpy.random.Generator
        Source of all randomness: the same seed gives the same weights.

    Returns
    -------
    W1 : ndarray, shape (n_hidden, n_features)
    b1 : ndarray, shape (n_hidden, 1)
    W2 : ndarray, shape (n_classes, n_hidden)
    b2 : ndarray, shape (n_classes, 1)
    """
    # 1. Draw W1 and W2 with a method of rng, around 0 and small.
    # 2. Make the biases.
    ### BEGIN SOLUTION
    W1 = rng.normal(0, np.sqrt(2 / n_features), (n_hidden, n_features))
    b1 = np.zeros((n_hidden, 1))
    W2 = rng.normal(0, np.sqrt(2 / n_hidden), (n_classes, n_hidden))
    b2 = np.zeros((n_classes, 1))
    return W1, b1, W2, b2
    ### END SOLUTION


# %% tags=["expected-output"]
check.init_params(init_params)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rng.normal(mean, standard_deviation, shape)` and `rng.uniform(low, high, shape)` both work.
# `np.random.normal` draws from another, hidden generator, and your results could not be repeated.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# $A_1$ is 0, and so is the gradient of $W_2$. As $W_2$ is 0, nothing comes back to the first layer
# either. Of the four parameters only $b_2$ can learn.
#
# </details>
#
# **Pitfall.** Random numbers from 0 to 1 are all positive. Then every hidden unit adds up the
# whole picture, all of them say nearly the same large number, and the scores are huge.

# %% nbgrader={"grade": true, "grade_id": "test_init_params", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of init_params(n_features, n_hidden, n_classes, rng) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_init_params(globals())
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Forward
#
# ### Why something that is not linear
#
# Suppose that a layer did nothing but weigh and add. Two such layers, one after the other, give
#
# $$W_2 (W_1 x + b_1) + b_2 = \underbrace{(W_2 W_1)}_{W} x + \underbrace{(W_2 b_1 + b_2)}_{b} .$$
#
# That is one layer with the weights $W : (10, 784)$ and the bias $b : (10, 1)$. Believe numbers
# rather than letters: the next cell builds both and compares them on five pictures.

# %% tags=["for-the-reader"]
rng = np.random.default_rng(0)
inner, outer = rng.normal(size=(10, 784)), rng.normal(size=(10, 10))
inner_bias, outer_bias = rng.normal(size=(10, 1)), rng.normal(size=(10, 1))
five = train_x[:, :5].astype(np.float64)

two_layers = outer @ (inner @ five + inner_bias) + outer_bias
one_layer = (outer @ inner) @ five + (outer @ inner_bias + outer_bias)

print("first picture, two layers:", np.round(two_layers[:4, 0], 3), "…")
print("first picture, one layer: ", np.round(one_layer[:4, 0], 3), "…")
print("the same on all five pictures:", np.allclose(two_layers, one_layer))
print(f"parameters: {inner.size + outer.size + 20:,} in two layers, {7840 + 10:,} in one")

# %% tags=["claim"]
assert np.allclose(two_layers, one_layer)

# %% [markdown]
# The second layer has bought nothing. Stack a hundred of them, and it is still one layer.
#
# So between two layers comes a function that is not linear. The simplest that works is the
# *rectified linear unit*, or ReLU: pass what is positive, block what is not.
#
# ### Exercise 2: relu
# *5 minutes, ●○○, 2 points*
#
# $$\operatorname{ReLU}(z) = \begin{cases} z & \text{if } z > 0 \\ 0 & \text{otherwise,} \end{cases}
# \qquad Z : (n, m) \;\to\; A : (n, m), \text{ entry by entry.}$$
#
# **Before you write it.** In a hidden layer whose scores are spread evenly around 0, what share
# of the activations is 0?


# %% nbgrader={"grade": false, "grade_id": "relu", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu(Z: np.ndarray) -> np.ndarray:
    """Replace every negative entry by 0.

    Parameters
    ----------
    Z : ndarray, shape (n, m)
        Not changed.

    Returns
    -------
    ndarray, shape (n, m)
    """
    ### BEGIN SOLUTION
    return np.maximum(Z, 0)
    ### END SOLUTION


# %% tags=["expected-output"]
check.relu(relu)

# %% [markdown]
# <details><summary>Hint</summary>
#
# NumPy has two functions whose names begin with `max`. One looks for the largest entry of an
# array; the other compares two things entry by entry. `np.where` works, too.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# About a half: those of the negative scores.
#
# </details>
#
# **Pitfall.** `Z[Z < 0] = 0` changes the caller's array. The backward pass still needs $Z_1$ as it
# was.

# %% nbgrader={"grade": true, "grade_id": "test_relu", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of relu(Z) run here when you hand in. 2 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_relu(globals())
### END HIDDEN TESTS

# %% [markdown]
# A network with one input can be drawn. Here are three hidden units and one output, twice with
# the same weights: once without your ReLU, once with it.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
x = np.linspace(-3, 3, 601).reshape(1, -1)
slopes, offsets = np.array([[1.0], [-1.5], [1.5]]), np.array([[2.0], [-0.75], [-1.5]])
units = slopes * x + offsets
votes = np.array([[1.0, 1.2, -2.0]])

fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True, layout="constrained")
for ax, hidden, title in [
    (axes[0], units, "without ReLU: still a line"),
    (axes[1], relu(units), "with ReLU: a bend for each unit"),
]:
    ax.plot(x[0], hidden.T, "--", color="gray", linewidth=1)
    ax.plot(x[0], (votes @ hidden)[0], "-", color="C0", label="output")
    ax.plot([], [], "--", color="gray", linewidth=1, label="hidden units")
    ax.set(xlabel="x", title=title)
axes[0].legend()
describe(
    fig,
    "Left: three straight lines, the hidden units, and their weighted sum, which is a straight line as well. Right: "
    "with ReLU each hidden unit is flat on one side of its bend and slanted on the other, and their weighted sum is "
    "a line with three bends.",
)

# %% tags=["claim"]
_bends = np.flatnonzero(np.abs(np.diff((votes @ relu(units))[0], 2)) > 1e-9)
assert np.allclose(x[0, _bends + 1], [-2, -0.5, 1]), f"three bends: {x[0, _bends + 1]}"
assert not np.diag(slopes @ [[-2, -0.5, 1]] + offsets).any(), "a unit's score passes 0 there"
assert np.abs(np.diff((votes @ units)[0], 2)).max() < 1e-9, "without ReLU a line"

# %% [markdown]
# With ReLU the output bends where a unit's score passes 0: there the unit switches on or off. With
# enough bends a network comes close to any curve. Without them it stays a line.
#
# ### Exercise 3: relu_derivative
# *5 minutes, ●○○, 2 points*
#
# For the way back we need the slope of ReLU:
#
# $$\operatorname{ReLU}'(z) = \begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{if } z < 0 \end{cases}
# \qquad Z : (n, m) \;\to\; (n, m), \text{ entry by entry.}$$
#
# At 0 there is a corner and no slope. Any value from 0 to 1 does the job; it hardly ever matters.
#
# **Before you write it.** For one picture, a hidden unit has $z < 0$. If its weights change a
# little, what happens to the cost of that picture?


# %% nbgrader={"grade": false, "grade_id": "relu_derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relu_derivative(Z: np.ndarray) -> np.ndarray:
    """Compute the slope of ReLU.

    Parameters
    ----------
    Z : ndarray, shape (n, m)
        The argument of ReLU, not its value. Not changed.

    Returns
    -------
    ndarray, shape (n, m)
        1 where Z is positive, 0 where it is negative.
    """
    ### BEGIN SOLUTION
    return (Z > 0).astype(Z.dtype)
    ### END SOLUTION


# %% tags=["expected-output"]
check.relu_derivative(relu_derivative)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A comparison such as `Z < 5` gives an array of True and False in the shape of `Z`. In a product,
# True counts as 1 and False as 0.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# Nothing. ReLU gives 0 before and after, as long as $z$ stays below 0.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_relu_derivative", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of relu_derivative(Z) run here when you hand in. 2 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_relu_derivative(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Why softmax
#
# The ten numbers of a column of $Z_2$ are *scores*, also called logits: the larger, the more the
# network leans towards that digit. Scores are hard to compare. Is 7.3 a lot? That depends on the
# other nine. So we turn them into a distribution: ten numbers that are not negative and add up
# to 1. To keep the order and to make everything positive, take the exponential. To make the sum
# 1, divide by the sum.
#
# ### Exercise 4: softmax
# *10 minutes, ●●○, 5 points*
#
# For one column $z$ of $n$ scores,
#
# $$a_k = \frac{e^{z_k}}{\sum_{j=1}^{n} e^{z_j}}, \qquad Z : (n, m) \;\to\; A : (n, m),
# \text{ each of the } m \text{ columns on its own.}$$
#
# **Before you write it.** What does softmax give for the scores (2, 2, 2)? And what changes if
# you add 100 to all three? (You will see both below.)
#
# Now look at what a computer makes of the formula when the scores are large.

# %%
with np.errstate(over="ignore", invalid="ignore"):
    large = np.exp(np.array([1000.0, 999.0]))
    print("e^1000 and e^999:", large)
    print("their shares:    ", large / np.sum(large))

# %% [markdown]
# Infinity divided by infinity is not a number. But for any number $c$,
#
# $$\frac{e^{z_k - c}}{\sum_j e^{z_j - c}} = \frac{e^{-c}\, e^{z_k}}{e^{-c} \sum_j e^{z_j}} = a_k ,$$
#
# so you may subtract from a column whatever you like, and the result stays the same. Choose $c$
# as the largest score of the column. Then the largest exponent is 0, nothing can overflow, and
# the sum is at least 1.


# %% nbgrader={"grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(Z: np.ndarray) -> np.ndarray:
    """Turn each column of scores into probabilities.

    Parameters
    ----------
    Z : ndarray, shape (n_classes, m)
        Scores, up to 1000 in absolute value. Not changed.

    Returns
    -------
    ndarray, shape (n_classes, m)
        Probabilities; every column adds up to 1.
    """
    # 1. Shift every column so that its largest score is 0.
    # 2. Exponentiate.
    # 3. Divide every column by its own sum.
    ### BEGIN SOLUTION
    exponentials = np.exp(Z - Z.max(axis=0, keepdims=True))
    return exponentials / exponentials.sum(axis=0, keepdims=True)
    ### END SOLUTION


# %% tags=["expected-output"]
check.softmax(softmax)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `axis=0` runs down the rows and so gives one number for each column. With `keepdims=True` the
# outcome has the shape `(1, m)`, which fits below `(n, m)` and says what you mean.
#
# </details>
#
# **Pitfall.** `Z - Z.max()` subtracts one maximum from the whole batch. That works until one
# picture's scores are far below another's: then every exponential of its column is 0, and 0/0 is
# not a probability.

# %% nbgrader={"grade": true, "grade_id": "test_softmax", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of softmax(Z) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_softmax(globals())
### END HIDDEN TESTS

# %% [markdown]
# Here is what you predicted, as bars: scores above, what your softmax makes of them below.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
columns = {
    "(2, 2, 2)": [2, 2, 2],
    "100 more": [102, 102, 102],
    "(3, 1, −1)": [3, 1, -1],
    "100 more ": [103, 101, 99],
}
scores = np.array(list(columns.values()), dtype=float).T
shares = softmax(scores)

fig, axes = plt.subplots(2, 4, figsize=(9, 4), sharey="row", layout="constrained")
for k, title in enumerate(columns):
    axes[0, k].bar(["0", "1", "2"], scores[:, k], color="gray")
    axes[0, k].set(title=title, ylim=(-10, 130))
    for place, score in enumerate(scores[:, k]):
        axes[0, k].text(place, max(score, 0) + 2, f"{score:.0f}", ha="center")
    axes[1, k].bar(["0", "1", "2"], shares[:, k])
    axes[1, k].set(ylim=(0, 1), xlabel="class")
    for place, share in enumerate(shares[:, k]):
        axes[1, k].text(place, share + 0.02, f"{share:.2f}", ha="center")
axes[0, 0].set_ylabel("score")
axes[1, 0].set_ylabel("probability")
describe(
    fig,
    "Four pairs of bar charts, scores above and probabilities below. Equal scores give equal thirds. The scores 3, 1, "
    "-1 give 0.87, 0.12 and 0.02. Adding 100 to all scores of a column changes no probability.",
)

# %% tags=["claim"]
assert np.round(shares[:, 2], 2).tolist() == [0.87, 0.12, 0.02]
assert np.allclose(shares[:, :2], 1 / 3)
assert np.allclose(shares[:, 2], shares[:, 3])
assert abs(shares[0, 2] / shares[1, 2] - 7.4) < 0.05

# %% [markdown]
# Only the differences between scores count. Two points of difference are a factor of $e^2
# \approx 7.4$ in probability, at whatever height.
#
# **An aside: temperature.** Divide all scores by a number $T$ before the softmax, and you can set
# how decided the answer is. Here are the five scores 2, 1.5, 0.5, 0 and −1: a small $T$ gives
# nearly everything to the largest, a large $T$ gives nearly the same to all. It is the same $T$
# with which a language model is made more daring.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
rows = np.array([[2.0], [1.5], [0.5], [0.0], [-1.0]])
fig, axes = plt.subplots(1, 4, figsize=(9, 2.6), sharey=True, layout="constrained")
for ax, temperature in zip(axes, [0.2, 1, 3, 100], strict=True):
    ax.bar(range(5), softmax(rows / temperature)[:, 0])
    ax.set(title=f"T = {temperature}", xlabel="class", ylim=(0, 1), xticks=range(5))
axes[0].set_ylabel("probability")
describe(
    fig,
    "The same five scores as probabilities at four temperatures. At T = 0.2 nearly everything is on the largest "
    "score, at T = 1 the order is clear, at T = 3 the bars are close, at T = 100 all five are one fifth.",
)

# %% tags=["claim"]
_cold, _one, _warm, _hot = (softmax(rows / _T)[:, 0] for _T in (0.2, 1, 3, 100))
assert _cold[0] > 0.9, f"nearly everything is on the largest: {_cold[0]:.2f}"
assert np.all(np.diff(_one) < -0.03), "the order is clear"
assert np.ptp(_warm) < 0.2, "the bars are close"
assert np.ptp(_hot) < 0.01, "all are one fifth"

# %% [markdown]
# ### Exercise 5: forward_prop
# *10 minutes, ●○○, 6 points*
#
# Now put the pieces together:
#
# $$\begin{aligned}
# Z_1 &= W_1 X + b_1 && (n_1, m) = (n_1, n_0)\,(n_0, m) + (n_1, 1) \\
# A_1 &= \operatorname{ReLU}(Z_1) && (n_1, m) \\
# Z_2 &= W_2 A_1 + b_2 && (n_2, m) = (n_2, n_1)\,(n_1, m) + (n_2, 1) \\
# A_2 &= \operatorname{softmax}(Z_2) && (n_2, m)
# \end{aligned}$$
#
# **Before you write it.** NumPy adds a column $(n_1, 1)$ to an array $(n_1, m)$ by using it for
# every example. What would happen with a bias of shape $(n_1,)$? Try $n_1 = 10$ and $m = 10$ in
# your head.


# %% nbgrader={"grade": false, "grade_id": "forward_prop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward_prop(
    W1: np.ndarray, b1: np.ndarray, W2: np.ndarray, b2: np.ndarray, X: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Compute what the network says, and all that leads to it.

    Parameters
    ----------
    W1 : ndarray, shape (n_hidden, n_features)
    b1 : ndarray, shape (n_hidden, 1)
    W2 : ndarray, shape (n_classes, n_hidden)
    b2 : ndarray, shape (n_classes, 1)
    X : ndarray, shape (n_features, m)

    Returns
    -------
    Z1, A1 : ndarray, shape (n_hidden, m)
        Hidden units before and after ReLU.
    Z2, A2 : ndarray, shape (n_classes, m)
        Scores and probabilities.
    """
    ### BEGIN SOLUTION
    Z1 = W1 @ X + b1
    A1 = relu(Z1)
    Z2 = W2 @ A1 + b2
    A2 = softmax(Z2)
    return Z1, A1, Z2, A2
    ### END SOLUTION


# %% tags=["expected-output"]
check.forward_prop(forward_prop)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `@` multiplies matrices, `*` multiplies entry by entry. Take everything from the arguments: a
# function that reads a variable of the notebook works until somebody calls it with other data.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# NumPy takes a shape $(10,)$ for a row. It would add the bias of unit $i$ to all units of *example*
# $i$, without an error. With $m = 7$ there would be one, and you would be luckier.
#
# </details>
#
# **Pitfall.** There is a ReLU after the first layer only. On the scores it would cut away all that
# speaks *against* a digit.

# %% tags=["claim"]
_bias = np.arange(10.0)
assert np.array_equal((np.zeros((10, 10)) + _bias)[:, 3], np.full(10, 3.0)), "unit 3 to example 3"

# %% nbgrader={"grade": true, "grade_id": "test_forward_prop", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of forward_prop(W1, b1, W2, b2, X) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_forward_prop(globals())
### END HIDDEN TESTS

# %% [markdown]
# ## 4. The cost
#
# The network now says ten probabilities $a_k$ that add up to 1. The one that counts is that of the
# true digit. We charge its negative logarithm: nothing if the network was sure and right, more and
# more as the probability falls. Written with the one-hot label, whose zeros drop all other terms,
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \sum_{k=1}^{n_2} Y_{ki} \log A_{ki},
# \qquad A, Y : (n_2, m), \quad J : \text{a number}.$$
#
# In Lab 1 each of ten outputs was a yes-or-no question of its own, and the cost had a term for
# every no. Here the ten probabilities share a total of 1. Whoever raises the right one takes it
# from the others; no second term is needed.
#
# ### Exercise 6: cross_entropy
# *10 minutes, ●○○, 4 points*
#
# **Before you write it.** An untrained network says about 1/10 to every digit. What is its cost?
#
# As in Lab 1, a probability may come out as exactly 0, and $0 \cdot \log 0$ is NaN to a computer.
# Guard the logarithm.


# %% nbgrader={"grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(A2: np.ndarray, Y: np.ndarray) -> float:
    """Compute the mean negative logarithm of the true classes' probabilities.

    Parameters
    ----------
    A2 : ndarray, shape (n_classes, m)
        Probabilities from 0 to 1, both included. Not changed.
    Y : ndarray, shape (n_classes, m)
        One-hot labels. Not changed.

    Returns
    -------
    float
        The cost; finite even where A2 is exactly 0.
    """
    ### BEGIN SOLUTION
    m = Y.shape[1]
    tiny = 1e-12
    return float(-np.sum(Y * np.log(np.maximum(A2, tiny))) / m)
    ### END SOLUTION


# %% tags=["expected-output"]
check.cross_entropy(cross_entropy)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.clip(A, low, high)` keeps an array between two numbers. Sum everything up, then divide by the
# number of examples, which is the number of columns.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_cross_entropy", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of cross_entropy(A2, Y) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_cross_entropy(globals())
### END HIDDEN TESTS

# %% [markdown]
# With 1/10 for the true digit of every picture the cost is $-\log \frac{1}{10} = \log 10$: that
# answers the question above. And the first cost of an untrained network is the cheapest test there
# is. If it is far from $\log 10$, do not train: look for the bug.

# %%
Y_train = one_hot(train_y, 10)
untrained = init_params(n_features, 10, 10, np.random.default_rng(0))
A2 = forward_prop(*untrained, train_x)[-1]
print(f"cost of an untrained network: {cross_entropy(A2, Y_train):.2f}")
print(f"log 10                      : {np.log(10):.2f}")

# %% tags=["claim"]
assert abs(cross_entropy(A2, Y_train) - np.log(10)) < 0.1, "the first cost is about log 10"
_sure = A2.max(axis=0).mean()
assert _sure < 0.25, f"the untrained network is not sure of anything: {_sure:.2f}"
_Z = np.random.default_rng(0).uniform(0, 1, (10, 784)) @ train_x
_spread = (_Z.std(axis=0) / _Z.mean(axis=0)).mean()
assert _spread < 0.1, f"weights from 0 to 1: all units say nearly the same: {_spread:.2f}"
assert _Z.mean() > 20, f"and a large number: {_Z.mean():.0f}"
_scores = np.random.default_rng(1).uniform(0, 1, (10, 10)) @ _Z
assert _scores.mean() > 100, f"and the scores are huge: {_scores.mean():.0f}"

# %% [markdown]
# And this is what a single picture of class 2 costs, for three answers. Only the hatched bar
# counts, that of the true class.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(1, 3, figsize=(9, 2.8), sharey=True, layout="constrained")
answers = {
    "sure and right": [0.02, 0.02, 0.90, 0.06],
    "undecided": [0.25, 0.25, 0.25, 0.25],
    "sure and wrong": [0.90, 0.04, 0.01, 0.05],
}
truth = np.array([[0.0], [0.0], [1.0], [0.0]])
for ax, (title, answer) in zip(axes, answers.items(), strict=True):
    price = cross_entropy(np.array(answer).reshape(4, 1), truth)
    bars = ax.bar(range(4), answer, color="lightgray", edgecolor="gray")
    bars[2].set(facecolor="C0", hatch="//")
    ax.set(title=f"{title}: cost {price:.2f}", xlabel="class", ylim=(0, 1), xticks=range(4))
axes[0].set_ylabel("probability")
describe(
    fig,
    "Three answers to a picture of class 2 as bars. With probability 0.90 on class 2 the cost is 0.11, with 0.25 on "
    "every class 1.39, with 0.01 on class 2 4.61. Only the bar of the true class, which is hatched, counts.",
)

# %% tags=["claim"]
_costs = [
    cross_entropy(np.array(_answer).reshape(4, 1), np.array([[0.0], [0], [1], [0]]))
    for _answer in answers.values()
]
assert np.round(_costs, 2).tolist() == [0.11, 1.39, 4.61], _costs

# %% [markdown]
# ## 5. Measuring a gradient
#
# Soon you will write down a handful of formulas. How will you know that they are right?
# Not by whether the network learns: it learns with surprisingly wrong gradients, as you will see.
# But a gradient is a slope, and a slope can be measured. So build the ruler first.
#
# Let $f$ take an array $\theta$ of any shape and return one number. Move entry $k$ of $\theta$ by
# $\varepsilon$ to either side, leave the others where they are, and see how $f$ changes:
#
# $$\frac{\partial f}{\partial \theta_k} \approx
#   \frac{f(\theta + \varepsilon e_k) - f(\theta - \varepsilon e_k)}{2 \varepsilon},
# \qquad e_k : \text{1 in entry } k, \text{ 0 elsewhere, in the shape of } \theta .$$
#
# Going to both sides is called a *centred* difference. Going to one side only would be wrong by
# something like $\varepsilon$, this one is wrong by something like $\varepsilon^2$, because the
# curvature of $f$ cancels out.
#
# ### Exercise 7: numerical_gradient
# *15 minutes, ●●○, 4 points*
#
# **Before you write it.** How often is $f$ computed for a $\theta$ of shape $(10, 784)$? Why does
# nobody train a network this way?


# %% nbgrader={"grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(
    f: Callable[[np.ndarray], float], theta: np.ndarray, eps: float = 1e-6
) -> np.ndarray:
    """Measure the gradient of a function by centred differences.

    Parameters
    ----------
    f : callable
        Takes an array in the shape of theta and returns a number.
    theta : ndarray of float, any shape
        Where to measure. When you return, it holds what it held before.
    eps : float
        How far to go to either side. Whoever calls the function chooses it.

    Returns
    -------
    ndarray, in the shape of theta
    """
    # 1. Make an array for the result.
    # 2. For each index of theta (np.ndindex(theta.shape) runs through them all):
    #    compute f a little above and a little below, with all other entries in their places.
    ### BEGIN SOLUTION
    slopes = np.zeros(theta.shape)
    for k in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
        step[k] = eps
        slopes[k] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return slopes
    ### END SOLUTION


# %% tags=["expected-output"]
check.numerical_gradient(numerical_gradient)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `for k in np.ndindex(theta.shape)` gives tuples such as `(0, 3)`, and `theta[k]` is that entry.
# Work on a copy, or put the entry back exactly as it was before you go on to the next.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# 15,680 times, twice for each of the 7,840 entries, and each time on all examples: for a single
# step of the training, and for one of the four parameters. The backward pass needs one go.
#
# </details>
#
# **Pitfall.** `other = theta` is no copy: both names mean the same array. `theta.copy()` is one.

# %% nbgrader={"grade": true, "grade_id": "test_numerical_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of numerical_gradient(f, theta, eps) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_numerical_gradient(globals())
### END HIDDEN TESTS

# %% [markdown]
# How far is a little? Here is the error of your ruler for $f(\theta) = \sum_k \sin \theta_k$ with
# twelve $\theta_k$, whose gradient is known: $\cos \theta_k$. The steps go from $10^{-1}$ on the right
# down to $10^{-12}$ on the left.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
theta = np.linspace(-1, 2, 12).reshape(3, 4)
steps = 10.0 ** -np.arange(1, 13)


def errors_in(dtype: type) -> np.ndarray:
    """Return the largest error of the measured gradient for each step, with f in one precision."""
    return np.array(
        [
            abs(
                numerical_gradient(lambda t: np.sum(np.sin(t.astype(dtype))), theta, step)
                - np.cos(theta)
            ).max()
            for step in steps
        ]
    )


errors, errors_32 = errors_in(np.float64), errors_in(np.float32)

fig, ax = plt.subplots(figsize=(7, 3.4))
ax.loglog(steps, errors, "o-", label="in float64")
ax.loglog(steps[:7], errors_32[:7], "s-.", label="in float32")
ax.loglog(steps, steps**2 / 6, "--", color="gray", linewidth=1, label="ε²/6")
ax.loglog(steps, 1e-16 / steps, ":", color="gray", linewidth=1.5, label="10⁻¹⁶/ε")
ax.set(xlabel="step ε", ylabel="largest error", ylim=(1e-13, 10))
ax.set_title("Too large a step is inexact, too small a step is noise")
ax.legend()
describe(
    ax,
    "The error of the measured gradient against the step, both on logarithmic axes, has the form of a V. From large "
    "steps down to about 1e-5 it falls with the square of the step; below that it rises again, because rounding "
    "errors are divided by an ever smaller step. In float32 it rises from 1e-2 on, and is never below 1e-5.",
)

# %% tags=["claim"]
assert errors[3:7].max() < 1e-8, f"from 1e-4 to 1e-7 all is well: {errors[3:7]}"
assert np.allclose(errors[:4], steps[:4] ** 2 / 6, rtol=0.3), "large steps: the square of the step"
assert np.all(np.diff(errors[5:]) > 0), f"small steps: ever worse: {errors[5:]}"
assert errors_32.min() > 1e5 * errors.min(), f"the V of float32: {errors_32.min():.0e}"
assert np.all(np.diff(errors_32[1:7]) > 0), f"from 1e-2 on it rises: {errors_32}"
assert errors_32.min() > 1e-5, f"never below 1e-5: {errors_32.min():.0e}"
assert (steps[errors_32.argmin()], steps[errors.argmin()]) == (1e-2, 1e-5), "the lowest points"
assert 0.005 < errors_32[4] < 0.02, f"at 1e-5, float32 is wrong by about 0.01: {errors_32[4]}"
assert 2 * 10 * 784 == 15_680

# %% [markdown]
# On the right the formula is at fault: the step is too long for the curve, and for a sine that
# costs up to $\varepsilon^2 / 6$, the dashed line. On the left the computer is: two nearly equal
# numbers of 16 digits are subtracted, and what is left of them has few digits that mean anything.
# The 16th digit, divided by a small $\varepsilon$, is the dotted line. Between $10^{-4}$ and
# $10^{-7}$ all is well.
#
# That holds for float64. In float32, with its 7 digits, the lowest point of the V is more than
# 100,000 times as high, and it lies at $10^{-2}$. At $10^{-5}$, where float64 is best, float32 is
# wrong by about 0.01: **gradient checks are done in float64.**
#
# ## 6. Backward
#
# The backward pass starts at the cost and goes back, one operation at a time. We follow a single
# example first, with a column $x$, scores $z$, probabilities $a$ and a one-hot label $y$, and with
# its own cost $\ell = -\sum_k y_k \log a_k$. We write $dZ_2$ for the slopes of that cost with
# respect to the scores, one column for each example.
#
# ### From the cost to the scores
#
# The logarithm and the softmax cancel in a beautiful way. As $\log a_k = z_k - \log \sum_j e^{z_j}$,
#
# $$\ell = -\sum_k y_k z_k + \Bigl( \sum_k y_k \Bigr) \log \sum_j e^{z_j}
#     = -\sum_k y_k z_k + \log \sum_j e^{z_j},$$
#
# because a one-hot column adds up to 1. Now differentiate with respect to one score $z_k$. The
# first sum gives $-y_k$. For the second, the derivative of the logarithm is one over its argument,
# and only one term of the sum depends on $z_k$:
#
# $$\frac{\partial \ell}{\partial z_k} = -y_k + \frac{e^{z_k}}{\sum_j e^{z_j}} = a_k - y_k .$$
#
# For all $m$ examples side by side, that is $dZ_2 = A_2 - Y$, of shape $(n_2, m)$.
#
# Do not believe it: measure it. The next cell takes the scores 1, 2, 0.2 and −0.5 of a picture of
# class 0, and measures with your ruler how the cost changes with each of them.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
scores = np.array([[1.0], [2.0], [0.2], [-0.5]])
truth = np.array([[1.0], [0.0], [0.0], [0.0]])
measured = numerical_gradient(lambda Z: cross_entropy(softmax(Z), truth), scores)

fig, axes = plt.subplots(1, 3, figsize=(9, 2.8), sharey=True, layout="constrained")
for ax, (title, bars) in zip(
    axes,
    {
        "a: what the network says": softmax(scores),
        "y: the truth": truth,
        "slope of the cost, measured": measured,
    }.items(),
    strict=True,
):
    ax.bar(range(4), bars[:, 0])
    ax.axhline(0, color="gray", linewidth=0.8)
    ax.set(title=title, xlabel="class", xticks=range(4))
    for place, height in enumerate(bars[:, 0]):
        ax.text(
            place,
            height + (0.04 if height >= 0 else -0.04),
            f"{height:.2f}",
            ha="center",
            va="bottom" if height >= 0 else "top",
        )
axes[0].set_ylim(-1, 1.2)
describe(
    fig,
    "Three bar charts over four classes. The network says 0.23, 0.62, 0.10 and 0.05; the truth is class 0; the "
    "measured slopes are -0.77, 0.62, 0.10 and 0.05: in each class the first chart minus the second.",
)

# %% tags=["claim"]
_said = softmax(scores)
assert np.round(_said[:, 0], 2).tolist() == [0.23, 0.62, 0.10, 0.05], _said
assert np.allclose(measured, _said - truth, atol=1e-8)

# %% [markdown]
# Read the third chart as a command. Going downhill means going against the slope: raise the score
# of the true class, the more the less the network believed in it; lower each of the others by just
# what was wrongly given to it. When the network is right and sure, nothing is left to do.
#
# ### From the scores to the second layer
#
# A score is $z_k = \sum_j W_{2,kj}\, a_j + b_{2,k}$, where $a_j$ now is hidden unit $j$. The weight
# $W_{2,kj}$ touches only the score $k$, with the factor $a_j$:
#
# $$\frac{\partial \ell}{\partial W_{2,kj}} = dz_k \, a_j, \qquad
#   \frac{\partial \ell}{\partial b_{2,k}} = dz_k .$$
#
# Here $dz$ is the example's column of $dZ_2$. All products of an entry of $dz$ with an entry of
# $a$: for one example that is a column times a row. The cost of the batch is the mean over the
# examples, so add them up and divide by $m$. A matrix product does the adding:
#
# $$dW_2 = \frac{1}{m}\, dZ_2 \, A_1^\top \quad (n_2, n_1) = (n_2, m)\,(m, n_1), \qquad
#   db_2 = \text{row means of } dZ_2 \quad (n_2, 1).$$
#
# The mean is the only place where $1/m$ enters, once for each parameter.
#
# ### From the second layer to the first
#
# A hidden unit $a_j$ reaches the cost through *all* scores, with the weights of column $j$ of
# $W_2$. Add up its effects:
#
# $$\frac{\partial \ell}{\partial a_j} = \sum_k W_{2,kj} \, dz_k .$$
#
# The sum runs over the *first* index of $W_2$, which is the index of the rows. As a product of
# matrices, for all examples side by side, that is
#
# $$dA_1 = W_2^\top dZ_2 \quad (n_1, m) = (n_1, n_2)\,(n_2, m).$$
#
# What went forward through $W_2$ goes backward through its transpose.
#
# Then comes ReLU. Where it was flat, nothing gets through; where it passed, everything does
# ($\odot$ multiplies entry by entry):
#
# $$dZ_1 = dA_1 \odot \operatorname{ReLU}'(Z_1) \quad (n_1, m).$$
#
# What is left is the first layer. It weighs and adds as the second does: $X$ comes in, and $dZ_1$
# are the slopes at what goes out.
#
# **Now you.** Derive $dW_1$ and $db_1$, and their shapes, before you open the answer.
#
# <details><summary>Answer</summary>
#
# The formulas of the second layer hold, with $X$ in the place of $A_1$ and $dZ_1$ in that of
# $dZ_2$:
#
# $$dW_1 = \frac{1}{m}\, dZ_1 \, X^\top \quad (n_1, n_0) = (n_1, m)\,(m, n_0), \qquad
#   db_1 = \text{row means of } dZ_1 \quad (n_1, 1).$$
#
# </details>
#
# ### The way back, drawn
#
# Read the left column downwards and the right column upwards. A solid arrow is a step of the
# computation. A dashed arrow is something that the way forward has left behind and the way back
# needs again. That is why `forward_prop` returns more than its last array. (Of the four, only
# $Z_2$ is not needed again: it is handed on to be complete.)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
FORWARD, GRADIENT, BACKWARD = "#d3e5f3", "#cfeadf", "#f8dcc6"
boxes = [  # text, shape, column, height, colour
    ("X", "(784, m)", 0, 8.2, FORWARD),
    ("Z1", "(10, m)", 0, 6.2, FORWARD),
    ("A1", "(10, m)", 0, 4.2, FORWARD),
    ("Z2", "(10, m)", 0, 2.2, FORWARD),
    ("A2", "(10, m)", 0, 0.2, FORWARD),
    ("Y", "(10, m)", 1, 0.2, "white"),
    ("dW1", "(10, 784)", 1, 7.4, GRADIENT),
    ("db1", "(10, 1)", 1, 6.2, GRADIENT),
    ("dW2", "(10, 10)", 1, 3.4, GRADIENT),
    ("db2", "(10, 1)", 1, 2.2, GRADIENT),
    ("dZ1", "(10, m)", 2, 6.2, BACKWARD),
    ("dA1", "(10, m)", 2, 4.2, BACKWARD),
    ("dZ2", "(10, m)", 2, 2.2, BACKWARD),
]
flow = [(0, 7.75, 0, 6.68), (0, 5.75, 0, 4.68), (0, 3.75, 0, 2.68), (0, 1.75, 0, 0.68)]
flow += [(2, 1.2, 2, 1.72), (2, 2.65, 2, 3.72), (2, 4.65, 2, 5.72)]  # up on the right
flow += [(1.68, 6.2, 1.34, 6.2), (1.68, 6.45, 1.36, 7.15)]  # dZ1 to its gradients
flow += [(1.68, 2.2, 1.34, 2.2), (1.68, 2.45, 1.36, 3.15)]  # dZ2 to its gradients
kept = [(0.35, 8.2, 0.66, 7.65), (0.52, 5.2, 1.95, 5.2), (0.32, 4.2, 0.66, 3.6)]
words = [
    (-0.08, 7.2, "W1, b1", "right"),
    (-0.08, 5.2, "ReLU", "right"),
    (-0.08, 3.2, "W2, b2", "right"),
    (-0.08, 1.2, "softmax", "right"),
    (2.08, 3.2, "through\nW2ᵀ", "left"),
    (2.08, 5.2, "where\nZ1 > 0", "left"),
    (2.08, 1.2, "A2 − Y", "left"),
]

fig, ax = plt.subplots(figsize=(5.6, 7.6))
ax.set_position((0, 0, 1, 1))
for name, shape, column, height, colour in boxes:
    ax.text(
        column,
        height,
        f"{name}\n{shape}",
        ha="center",
        va="center",
        bbox={"boxstyle": "round,pad=0.4", "facecolor": colour, "edgecolor": "0.3"},
    )
for style, arrows in [("-", flow), ("--", kept)]:
    for *start, x, y in arrows:
        look = {
            "arrowstyle": "-|>",
            "color": "0.2",
            "linewidth": 1.5,
            "linestyle": style,
            "shrinkA": 0,
            "shrinkB": 0,
        }
        ax.annotate("", (x, y), start, arrowprops=look)
ax.plot([0.34, 0.52, 0.52], [6.2, 6.2, 5.2], "--", color="0.2", linewidth=1.5)
ax.plot([0.33, 0.67], [0.2, 0.2], "-", color="0.2", linewidth=1.5)
ax.plot([1.33, 2, 2], [0.2, 0.2, 1.2], "-", color="0.2", linewidth=1.5)
for x, y, text, side in words:
    ax.text(x, y, text, ha=side, va="center", style="italic")
for x, title in enumerate(["forward ↓", "gradients", "backward ↑"]):
    ax.text(x, 9.1, title, ha="center", va="center", weight="bold")
ax.set(xlim=(-0.75, 2.8), ylim=(-0.5, 9.5))
ax.set_axis_off()
describe(
    ax,
    "The flow of arrays in three columns. Left, downwards: X (784, m), through W1 and b1 to Z1 (10, m), through ReLU "
    "to A1 (10, m), through W2 and b2 to Z2 (10, m), through softmax to A2 (10, m). At the bottom A2 and the labels Y "
    "give A2 − Y. Right, upwards: dZ2 (10, m), through the transpose of W2 to dA1 (10, m), and where Z1 is positive "
    "to dZ1 (10, m). Between the columns are the gradients: dW2 (10, 10) is made of A1 and dZ2, db2 (10, 1) of dZ2 "
    "alone, dW1 (10, 784) of X and dZ1, db1 (10, 1) of dZ1 alone.",
)

# %% [markdown]
# Three things to see:
#
# - The gradient of weights has two parents: what came *into* the layer, from the left, and the
#   slopes at what came *out* of it, from the right. The gradient of a bias has one parent, as
#   nothing is multiplied with a bias.
# - Each array on the right has the shape of its partner on the left: a slope for each number.
# - On the way back there is no softmax and no logarithm. They have cancelled into $A_2 - Y$.
#
# ### Once by hand
#
# Take a pencil. Here is a network with two inputs, two hidden units and two classes, and two
# examples. The first example is of class 0, the second of class 1. Results are rounded to two
# decimals.
#
# $$\begin{aligned}
# X &= \begin{bmatrix} 1 & 3 \\ 2 & 1 \end{bmatrix} &
# Y &= \begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix} \\
# W_1 &= \begin{bmatrix} 1 & 1 \\ 1 & -1 \end{bmatrix} &
# b_1 &= \begin{bmatrix} -2 \\ -1 \end{bmatrix} \\
# W_2 &= \begin{bmatrix} 2 & -1 \\ 1 & 1 \end{bmatrix} &
# b_2 &= \begin{bmatrix} 0.4 \\ 0 \end{bmatrix}
# \end{aligned}$$
#
# **Forward.** Weigh, add the bias, and cut off what is negative:
#
# $$\begin{aligned}
# Z_1 &= W_1 X + b_1 = \begin{bmatrix} 1 & 2 \\ -2 & 1 \end{bmatrix} \\
# A_1 &= \operatorname{ReLU}(Z_1) = \begin{bmatrix} 1 & 2 \\ 0 & 1 \end{bmatrix} \\
# Z_2 &= W_2 A_1 + b_2 = \begin{bmatrix} 2.4 & 3.4 \\ 1 & 3 \end{bmatrix}
# \end{aligned}$$
#
# Only differences of scores count. Those of the first example are 1.4 apart, and $e^{1.4}$ is
# about 4: the shares are as 4 to 1. Those of the second are 0.4 apart, and $e^{0.4}$ is about
# 1.5: the shares are as 3 to 2.
#
# $$\begin{aligned}
# A_2 &= \operatorname{softmax}(Z_2) = \begin{bmatrix} 0.80 & 0.60 \\ 0.20 & 0.40 \end{bmatrix} \\
# J &= \tfrac{1}{2} \bigl( -\log 0.80 - \log 0.40 \bigr) = 0.57
# \end{aligned}$$
#
# The first example is right, the second is wrong.
#
# **Backward, second layer.** The slopes, then the products with what came in, and the means:
#
# $$\begin{aligned}
# dZ_2 &= A_2 - Y = \begin{bmatrix} -0.20 & 0.60 \\ 0.20 & -0.60 \end{bmatrix} \\
# dW_2 &= \tfrac{1}{2}\, dZ_2 \begin{bmatrix} 1 & 0 \\ 2 & 1 \end{bmatrix}
#       = \begin{bmatrix} 0.50 & 0.30 \\ -0.50 & -0.30 \end{bmatrix} \\
# db_2 &= \text{row means of } dZ_2 = \begin{bmatrix} 0.20 \\ -0.20 \end{bmatrix}
# \end{aligned}$$
#
# **Backward, first layer.** Through the transpose of $W_2$, then through ReLU. The second unit
# was off for the first example ($Z_1$ holds a $-2$ there), so its 0.40 gets no further:
#
# $$\begin{aligned}
# dA_1 &= \begin{bmatrix} 2 & 1 \\ -1 & 1 \end{bmatrix} dZ_2
#       = \begin{bmatrix} -0.20 & 0.60 \\ 0.40 & -1.20 \end{bmatrix} \\
# dZ_1 &= dA_1 \odot \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix}
#       = \begin{bmatrix} -0.20 & 0.60 \\ 0 & -1.20 \end{bmatrix} \\
# dW_1 &= \tfrac{1}{2}\, dZ_1 \begin{bmatrix} 1 & 2 \\ 3 & 1 \end{bmatrix}
#       = \begin{bmatrix} 0.80 & 0.10 \\ -1.80 & -0.60 \end{bmatrix} \\
# db_1 &= \text{row means of } dZ_1 = \begin{bmatrix} 0.20 \\ -0.60 \end{bmatrix}
# \end{aligned}$$
#
# Here are the same numbers where they belong. A circle holds what goes forward, the box below it
# the slope that comes back, a line its weight. Lines into and out of a unit that is off are dotted.
# At the right edge, each class has the probability that the network gives it, and its label.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
page, heights = check.BY_HAND, (1.0, 0.0)
left_to_right = [
    ("inputs", page["X"], None, page["W1"]),
    ("hidden units", page["A1"], page["dZ1"], page["W2"]),
    ("scores", page["Z2"], page["dZ2"], None),
]


def short(number: float) -> str:
    """Write a number without zeros at its end."""
    return f"{number + 0.0:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def write(ax: plt.Axes, x: float, y: float, number: float, **box: object) -> None:
    """Write a number into a box of its own."""
    ax.text(x, y, short(number), ha="center", va="center", fontsize=12, bbox=box)


fig, axes = plt.subplots(2, 1, figsize=(5.6, 7.4), layout="constrained")
circle = {"boxstyle": "circle,pad=0.45", "facecolor": FORWARD, "edgecolor": "0.3"}
square = {"boxstyle": "round,pad=0.25", "facecolor": BACKWARD, "edgecolor": "0.3"}
for example, ax in enumerate(axes):
    off = page["Z1"][:, example] <= 0
    for column, (title, values, slopes, weights) in enumerate(left_to_right):
        ax.text(column, 1.35, title, ha="center", weight="bold")
        for unit, height in enumerate(heights):
            write(ax, column, height, values[unit, example], **circle)
            if slopes is not None:
                write(ax, column, height - 0.36, slopes[unit, example], **square)
        for end, start in [] if weights is None else np.ndindex(2, 2):
            line = ":" if (off[start] if column else off[end]) else "-"
            ends = [heights[start], heights[end]]
            ax.plot([column, column + 1], ends, line, color="0.4", linewidth=1.5, zorder=0)
            place = heights[start] + 0.32 * (heights[end] - heights[start])
            plain = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
            write(ax, column + 0.32, place, weights[end, start], **plain)
    for unit, height in enumerate(heights):
        says, truth = page["A2"][unit, example], page["Y"][unit, example]
        ax.text(2.36, height, f"says {says:.2f}\nis {truth:.0f}", va="center")
    ax.set(xlim=(-0.25, 3), ylim=(-0.55, 1.5), title=f"example {example + 1}")
    ax.set_axis_off()
describe(
    fig,
    "The network with two inputs, two hidden units and two scores, once for each example, with what goes forward and "
    "the slopes that come back. "
    + " ".join(
        f"Example {i + 1}: inputs {short(page['X'][0, i])} and {short(page['X'][1, i])}; hidden units "
        f"{short(page['A1'][0, i])} and {short(page['A1'][1, i])} with the slopes {short(page['dZ1'][0, i])} and "
        f"{short(page['dZ1'][1, i])}; scores {short(page['Z2'][0, i])} and {short(page['Z2'][1, i])} with the slopes "
        f"{short(page['dZ2'][0, i])} and {short(page['dZ2'][1, i])}."
        for i in range(2)
    ),
)

# %% tags=["claim"]
assert 3.9 < np.exp(1.4) < 4.1
assert 1.45 < np.exp(0.4) < 1.55
_caches = forward_prop(*(page[_name] for _name in ("W1", "b1", "W2", "b2", "X")))
for _name, _cache in zip(("Z1", "A1", "Z2", "A2"), _caches, strict=True):
    assert np.allclose(page[_name], _cache, atol=0.005), _name
_J = -np.log([0.80, 0.40]).mean()
assert round(_J, 2) == 0.57 == page["J"], _J
assert np.isclose((1 * -0.20 + 2 * 0.60) / 2, page["dW2"][0, 0])
assert np.isclose((1 * -0.20 + 3 * 0.60) / 2, page["dW1"][0, 0])
assert np.isclose(-1 * 0.60 + 1 * -0.60, page["dZ1"][1, 1])

# %% [markdown]
# For one example, the gradient of a weight is **the circle at the left end of its line, times the
# box at the right end**. The gradient of the batch is the mean over the examples. The weight 2 at
# the top right has the gradient $1 \cdot (-0.20)$ in the first example and $2 \cdot 0.60$ in the
# second. The mean is $\tfrac{1}{2}(-0.20 + 1.20) = 0.50$: the first entry of $dW_2$.
#
# And the box of a hidden unit that is on is **the boxes to its right, each times the weight that
# leads there**, added up: in the second example, $-1.20 = (-1) \cdot 0.60 + 1 \cdot (-0.60)$. If
# the unit is off, the box is 0.
#
# That is all of backpropagation. A deeper network only does it more often.
#
# **Before you go on.** Find the first entry of $dW_1$ in the picture. Which weights does the first
# example not move at all, and why?
#
# <details><summary>Answer</summary>
#
# $\tfrac{1}{2}\bigl(1 \cdot (-0.20) + 3 \cdot 0.60\bigr) = 0.80$. The first example moves none of
# the four weights on dotted lines. The second hidden unit is off: two of these weights lead into
# it, where the slope is 0, and two lead out of it, where the value is 0.
#
# </details>
#
# ### Exercise 8: backward_prop
# *25 minutes, ●●●, 10 points*
#
# **Before you write it.** Cover the formulas and derive their transposes from shapes alone: which
# order and which transposes make $(n_2, n_1)$ from $dZ_2$ and $A_1$? In this lab $n_1 = n_2 = 10$.
# For which of the products do shapes then tell you nothing?


# %% nbgrader={"grade": false, "grade_id": "backward_prop", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_prop(
    Z1: np.ndarray,
    A1: np.ndarray,
    Z2: np.ndarray,
    A2: np.ndarray,
    W1: np.ndarray,
    W2: np.ndarray,
    X: np.ndarray,
    Y: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Compute the gradient of the mean cost with respect to every parameter.

    Parameters
    ----------
    Z1, A1 : ndarray, shape (n_hidden, m)
        From the forward pass, as are Z2 and A2. None of the arrays is changed.
    Z2, A2 : ndarray, shape (n_classes, m)
        Some probabilities in A2 may be exactly 0 or 1; the gradients are finite all the same.
    W1 : ndarray, shape (n_hidden, n_features)
    W2 : ndarray, shape (n_classes, n_hidden)
    X : ndarray, shape (n_features, m)
    Y : ndarray, shape (n_classes, m)
        One-hot labels.

    Returns
    -------
    dW1 : ndarray, shape (n_hidden, n_features)
    db1 : ndarray, shape (n_hidden, 1)
    dW2 : ndarray, shape (n_classes, n_hidden)
    db2 : ndarray, shape (n_classes, 1)
    """
    # 1. The slopes at the scores.
    # 2. From them, the second layer's gradients.
    # 3. The slopes at the hidden units: back through W2, then through ReLU.
    # 4. From them, the first layer's gradients.
    ### BEGIN SOLUTION
    m = X.shape[1]
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = dZ2.mean(axis=1, keepdims=True)
    dZ1 = (W2.T @ dZ2) * relu_derivative(Z1)
    dW1 = dZ1 @ X.T / m
    db1 = dZ1.mean(axis=1, keepdims=True)
    return dW1, db1, dW2, db2
    ### END SOLUTION


# %% tags=["expected-output"]
check.backward_prop(backward_prop)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Not every argument is needed. A mean over the examples is a mean along a row: which axis is that?
# Without `keepdims=True` its shape is $(n,)$, and $(n,)$ next to $(n, 1)$ is broadcast to a square.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# Only $dZ_2\, A_1^\top$ makes $(n_2, m)\,(m, n_1)$. With $n_1 = n_2$, shapes tell you nothing for two
# products. $A_1\, dZ_2^\top$, which is the transpose of what you want, has the shape of $W_2$, too.
# And $W_2\, dZ_2$ runs as well as $W_2^\top dZ_2$.
#
# </details>
#
# **Pitfall.** `np.mean(dZ)` without an axis gives a single number, and no error. In the first layer
# all biases then move together. In the second they stay where they are: each column of $A_2 - Y$
# adds up to 0, and so does the whole.

# %% tags=["claim"]
_caches = forward_prop(*untrained, train_x[:, :100])
_all = backward_prop(
    *_caches, untrained[0], untrained[2], train_x[:, :100], one_hot(train_y[:, :100], 10)
)
assert abs(_all[3].mean()) < 1e-12, f"the mean of all slopes at the scores is 0: {_all[3].mean()}"
assert abs(_all[1].mean()) > 1e-4, f"at the hidden units it is not: {_all[1].mean()}"

# %% nbgrader={"grade": true, "grade_id": "test_backward_prop", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y) run here when you hand in. 10 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_backward_prop(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Your code and your pencil
#
# Now let your three functions go through the example that was worked by hand. `backward_prop`
# keeps $dZ_2$, $dA_1$ and $dZ_1$ to itself, but they can be got out of it. For a single example the
# mean has one term, so `db2` *is* $dZ_2$ and `db1` *is* $dZ_1$: the check hands it one example at a
# time. And if $Z_1$ is positive everywhere, nothing is blocked, and `db1` is $dA_1$.
#
# Where an array differs, its name tells you which step to look at: they stand in the order in
# which they are computed.

# %% tags=["for-the-reader", "expected-output"]
check.by_hand(forward_prop, cross_entropy, backward_prop)

# %% [markdown]
# ### The gradient check
#
# A few numbers by hand are a good start. To be sure for all numbers, hold your formulas against
# your ruler. `gradient_check` makes a small network with random
# parameters, none of them 0, and a few random examples. It asks `backward` for the gradients, it
# measures the same gradients with your `numerical_gradient`, and it returns for each parameter how
# far the two, $g$ and $g_\text{measured}$, are apart, relative to their size:
#
# $$\text{error} = \frac{\lVert g - g_\text{measured} \rVert}{\lVert g \rVert + \lVert g_\text{measured} \rVert} .$$
#
# ($\lVert g \rVert$ is the length of $g$: the root of the sum of its squared entries.) Right formulas
# give something like $10^{-9}$ or less; a bug gives $10^{-3}$ and more, up to 1. There is hardly
# anything in between. The picture draws a dashed line there, at $10^{-5}$.


# %% tags=["for-the-reader"]
def gradient_check(
    backward: Callable, n_features: int = 7, n_hidden: int = 5, n_classes: int = 3, m: int = 4
) -> dict[str, float]:
    """Return the relative error of each gradient, {"dW1": …, "db1": …, "dW2": …, "db2": …}."""
    rng = np.random.default_rng(5)
    shapes = {
        "W1": (n_hidden, n_features),
        "b1": (n_hidden, 1),
        "W2": (n_classes, n_hidden),
        "b2": (n_classes, 1),
    }
    parameters = {name: rng.normal(0, 0.7, shape) for name, shape in shapes.items()}
    X = rng.normal(0, 1, (n_features, m))
    Y = one_hot(rng.integers(0, n_classes, (1, m)), n_classes)

    def cost_as_function_of(name: str) -> Callable[[np.ndarray], float]:
        return lambda theta: cross_entropy(forward_prop(**parameters | {name: theta}, X=X)[-1], Y)

    caches = forward_prop(**parameters, X=X)
    gradients = backward(*caches, parameters["W1"], parameters["W2"], X, Y)
    errors = {}
    for name, gradient in zip(shapes, gradients, strict=True):
        measured = numerical_gradient(cost_as_function_of(name), parameters[name])
        size = np.linalg.norm(gradient) + np.linalg.norm(measured)
        errors[f"d{name}"] = float(np.linalg.norm(gradient - measured) / size)
    return errors


# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
def plot_errors(checks: dict[str, dict[str, float]], limit: float = 1e-5) -> None:
    """Draw the errors of one or several gradient checks, a panel for each."""
    n_columns = min(2, len(checks))
    n_rows = -(-len(checks) // n_columns)
    size = (5.6, 2.4 * n_rows)
    fig, axes = plt.subplots(
        n_rows,
        n_columns,
        figsize=size,
        squeeze=False,
        sharex=True,
        sharey=True,
        layout="constrained",
    )
    words = []
    for ax, (title, errors) in zip(axes.flat, checks.items(), strict=True):
        wrong = [error > limit for error in errors.values()]
        ax.barh(
            list(errors),
            [max(error, 1e-11) for error in errors.values()],
            color=["C2" if bad else "C0" for bad in wrong],
            left=1e-12,
        )
        for place, bad in enumerate(wrong):
            if bad:
                ax.text(2e-12, place, "wrong", color="white", va="center")
            else:
                ax.text(1.5 * limit, place, "right", va="center")
        ax.axvline(limit, color="k", linestyle="--", linewidth=1)
        ax.set(title=title, xscale="log", xlim=(1e-12, 2))
        verdicts = [
            f"{n} {'wrong' if bad else 'right'}" for n, bad in zip(errors, wrong, strict=True)
        ]
        words.append(f"{title}: {', '.join(verdicts)}.")
    axes[0, 0].invert_yaxis()
    for ax in axes[-1]:
        ax.set_xlabel("relative error")
    describe(fig, f"Errors of the gradients, wrong if above {limit:g}. " + " ".join(words))


plot_errors({"your backward_prop": gradient_check(backward_prop)})

# %% tags=["claim"]
_errors = gradient_check(backward_prop)
assert max(_errors.values()) < 1e-8, f"right formulas: something like 1e-9: {_errors}"

# %% [markdown]
# If all four bars end left of the dashed line, you can be sure of your formulas, whatever happens
# in training. If one does not, its name tells you where to look: `dW2` and `db2` are computed
# first. If `dW2` and `db2` are right and `dW1` and `db1` are wrong, the fault lies on the way from
# the scores to the hidden units.
#
# Note how the shapes were chosen: 7, 5, 3 and 4, all different. Keep that in mind for section 9.
#
# ## 7. Update, predict, train
#
# ### Exercise 9: update_params
# *5 minutes, ●○○, 2 points*
#
# One step of gradient descent moves each parameter against its gradient, by a share $\alpha$ of
# it, the *learning rate*:
#
# $$W_1 \leftarrow W_1 - \alpha\, dW_1, \quad b_1 \leftarrow b_1 - \alpha\, db_1, \quad
#   W_2 \leftarrow W_2 - \alpha\, dW_2, \quad b_2 \leftarrow b_2 - \alpha\, db_2 .$$
#
# **Before you write it.** If all gradients are doubled and $\alpha$ is halved, what changes?


# %% nbgrader={"grade": false, "grade_id": "update_params", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update_params(
    W1: np.ndarray,
    b1: np.ndarray,
    W2: np.ndarray,
    b2: np.ndarray,
    dW1: np.ndarray,
    db1: np.ndarray,
    dW2: np.ndarray,
    db2: np.ndarray,
    alpha: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Take one step of gradient descent.

    Parameters
    ----------
    W1, b1, W2, b2 : ndarray
        Parameters.
    dW1, db1, dW2, db2 : ndarray
        Their gradients, each in the shape of its parameter.
    alpha : float
        Learning rate.

    Returns
    -------
    W1, b1, W2, b2 : ndarray
        The parameters after the step.
    """
    ### BEGIN SOLUTION
    return W1 - alpha * dW1, b1 - alpha * db1, W2 - alpha * dW2, b2 - alpha * db2
    ### END SOLUTION


# %% tags=["expected-output"]
check.update_params(update_params)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Four lines of the same form, or one `return` with four terms. Mind the order of what you return.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# Nothing: only the product of the two counts.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_update_params", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of update_params(…, alpha) run here when you hand in. 2 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_update_params(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 10: get_predictions and get_accuracy
# *5 minutes, ●○○, 2 points*
#
# The prediction is the class with the largest probability; the accuracy is the share of the
# predictions that are right.
#
# $$\begin{aligned}
# A_2 : (n_2, m) &\;\to\; \text{predictions} : (m,) \\
# \text{predictions} : (m,),\ y : (1, m) &\;\to\; \text{accuracy} : \text{a number from 0 to 1}
# \end{aligned}$$
#
# **Before you write it.** Would the predictions change if you took the largest score in $Z_2$ in
# place of the largest probability in $A_2$?


# %% nbgrader={"grade": false, "grade_id": "get_predictions", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_predictions(A2: np.ndarray) -> np.ndarray:
    """Return the most probable class of each example.

    Parameters
    ----------
    A2 : ndarray, shape (n_classes, m)
        Probabilities.

    Returns
    -------
    ndarray of int, shape (m,)
    """
    ### BEGIN SOLUTION
    return A2.argmax(axis=0)
    ### END SOLUTION


def get_accuracy(predictions: np.ndarray, y: np.ndarray) -> float:
    """Return the share of predictions that are right, from 0 to 1.

    Parameters
    ----------
    predictions : ndarray of int, shape (m,)
    y : ndarray of int, shape (1, m)
        Labels.

    Returns
    -------
    float
    """
    ### BEGIN SOLUTION
    return float(np.mean(predictions == y))
    ### END SOLUTION


# %% tags=["expected-output"]
check.predictions(get_predictions, get_accuracy)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `argmax` returns where the largest entry stands, `max` returns how large it is. The mean of True
# and False is the share of True.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# No. Within a column, softmax keeps the order of the scores.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_get_predictions", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of get_predictions(A2) run here when you hand in. 1 point.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_get_predictions(globals())
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_get_accuracy", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of get_accuracy(predictions, y) run here when you hand in. 1 point.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_get_accuracy(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 11: gradient_descent
# *15 minutes, ●●○, 5 points*
#
# Everything is there. Make the parameters, then repeat: forward, backward, update. All examples
# take part in every step.
#
# **Before you write it.** On blank pictures, $X = 0$, the untrained network says 1/10 to every
# digit. In which direction does the first step move `b2[k]` if digit $k$ makes up 12% of the
# labels? What does the network learn from blank pictures?


# %% nbgrader={"grade": false, "grade_id": "gradient_descent", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_descent(
    X: np.ndarray, y: np.ndarray, alpha: float, iterations: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Train a network with 10 hidden units on the ten digits.

    Parameters
    ----------
    X : ndarray of float, shape (n_features, m)
        Examples. Not changed.
    y : ndarray of int, shape (1, m)
        Labels from 0 to 9, of which some may not occur. Not changed.
    alpha : float
        Learning rate, the same in every step.
    iterations : int
        Number of steps.
    rng : numpy.random.Generator
        For the first parameters.

    Returns
    -------
    W1, b1, W2, b2 : ndarray
        The trained parameters; W1 has the shape (10, n_features), W2 has the shape (10, 10).
    """
    # 1. Turn y into columns with a single 1.
    # 2. Draw the first parameters. If X is float32, training is twice as fast when these are,
    #    too: W1.astype(X.dtype). You may leave that out.
    # 3. Repeat the three steps, as often as iterations says.
    ### BEGIN SOLUTION
    Y = one_hot(y, 10).astype(X.dtype)
    first = init_params(X.shape[0], 10, 10, rng)
    W1, b1, W2, b2 = (parameter.astype(X.dtype) for parameter in first)
    for _ in range(iterations):
        Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
        gradients = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)
    return W1, b1, W2, b2
    ### END SOLUTION


# %% tags=["expected-output"]
check.gradient_descent(gradient_descent)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `one_hot(y, 10)` makes the columns. A function does not change the variables of its caller: what
# `update_params` returns must be stored under the old names, or every round starts from the same
# place.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# Up: the slope at the score of digit $k$ is $0.10 - 0.12 = -0.02$ in the mean, and the step goes
# against it. From blank pictures the network learns how frequent each digit is, and nothing else.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_gradient_descent", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of gradient_descent(X, y, alpha, iterations, rng) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab3

lab3.test_gradient_descent(globals())
### END HIDDEN TESTS

# %% tags=["claim"]
import time as _time

_seconds = {np.float32: [], np.float64: []}
_X, _y = train_x[:, :2000], train_y[:, :2000]
for _round in range(3):
    for _type, _found in _seconds.items():
        _examples, _begun = _X.astype(_type), _time.process_time()
        gradient_descent(_examples, _y, 0.2, 20, np.random.default_rng(0))
        _found.append(_time.process_time() - _begun)
_ratio = min(_seconds[np.float64]) / min(_seconds[np.float32])
assert _ratio > 1.3, f"float32 is about twice as fast: {_ratio:.1f} times"

# %% [markdown]
# ## 8. Training on digits
#
# To see how learning goes on, we train for 1 step, for 2, 4, 8 … 128, and at last for 512, each
# time from the same seed. The same seed gives the same start and the same path, so that these are
# stops on one journey. (All the stops before the last together cost half as much as the last one.)
# The dotted line in the picture is the cost of a network that says 1/10 to every digit.

# %% tags=["for-the-reader"]
alpha, stops = 0.2, [1, 2, 4, 8, 16, 32, 64, 128, 512]
journey = {
    stop: gradient_descent(train_x, train_y, alpha, stop, np.random.default_rng(0))
    for stop in stops
}


def describe_state(parameters: tuple, X: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return cost and accuracy of a network on a set of pictures."""
    A2 = forward_prop(*parameters, X)[-1]
    return cross_entropy(A2, one_hot(y, 10)), get_accuracy(get_predictions(A2), y)


train_cost, train_accuracy = zip(
    *(describe_state(journey[stop], train_x, train_y) for stop in stops), strict=True
)
test_cost, test_accuracy = zip(
    *(describe_state(journey[stop], test_x, test_y) for stop in stops), strict=True
)
print(f"after {stops[-1]} steps: accuracy {train_accuracy[-1]:.1%} on the training pictures,")
print(f"                 {test_accuracy[-1]:.1%} on the test pictures")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
for ax, name, on_train, on_test in [
    (axes[0], "cost", train_cost, test_cost),
    (axes[1], "accuracy", train_accuracy, test_accuracy),
]:
    ax.plot(stops, on_train, marker="o", label="training pictures")
    ax.plot(stops, on_test, marker="s", label="test pictures")
    ax.set_xscale("log", base=2)
    ax.set_xticks(stops, stops)
    ax.set(xlabel="steps", ylabel=name, title=name)
    ax.grid(alpha=0.3)
axes[0].axhline(np.log(10), color="gray", linestyle=":", linewidth=1)
axes[0].text(512, np.log(10), "log 10", ha="right", va="bottom", color="gray")
axes[1].legend()
describe(
    fig,
    f"Cost and accuracy after 1, 2, 4, 8 and so on up to 512 steps. On the training pictures the cost falls from "
    f"{train_cost[0]:.2f} to {train_cost[-1]:.2f} and the accuracy rises from {train_accuracy[0]:.1%} to "
    f"{train_accuracy[-1]:.1%}; on the test pictures the accuracy ends at {test_accuracy[-1]:.1%}.",
)

# %% tags=["claim"]
assert 2 * sum(stops[:-1]) <= stops[-1] * 1.01, "the stops before the last cost half as much"
_at = dict(zip(stops, test_accuracy, strict=True))
assert _at[64] - _at[8] > 0.6 * (_at[512] - 0.1), f"most is learned between 8 and 64 steps: {_at}"
_gains = np.diff([_at[16], _at[32], _at[64], _at[128]]).tolist()
_gains.append((_at[512] - _at[128]) / 2)
assert np.all(np.diff(_gains) < 0), f"a doubling buys less and less: {_gains}"
assert train_accuracy[-1] - test_accuracy[-1] > 0.01, "the test pictures fall behind"
assert train_cost[-1] < test_cost[-1]

# %% [markdown]
# Each tick to the right doubles the effort, the last one multiplies it by four. Most is learned
# between 8 and 64 steps; after that, a doubling buys less and less. And the test pictures fall
# behind the training pictures: the network begins to learn by heart.
#
# ### Between the stops
#
# The curves look smooth because they stop only now and then. Look over the network's shoulder
# at every step. `train_with` trains with another function in the place of your `backward_prop`;
# here, with one that notes what the network says of each training picture, and then asks yours.


# %% tags=["for-the-reader"]
def train_with(backward: Callable, alpha: float, iterations: int) -> tuple:
    """Train with another backward_prop in the place of yours."""
    global backward_prop
    yours = backward_prop
    backward_prop = backward
    try:
        return gradient_descent(train_x, train_y, alpha, iterations, np.random.default_rng(0))
    finally:
        backward_prop = yours


def watch(alpha: float, iterations: int) -> np.ndarray:
    """Return what the network says of each training picture before each step, a row a step."""
    yours, said = backward_prop, []

    def watching(Z1, A1, Z2, A2, W1, W2, X, Y):
        said.append(get_predictions(A2))
        return yours(Z1, A1, Z2, A2, W1, W2, X, Y)

    train_with(watching, alpha, iterations)
    return np.reshape(said, (-1, m_train))


said = {rate: watch(rate, 41) for rate in (alpha, alpha / 2)}
accuracies = {rate: (rows == train_y).mean(axis=1) for rate, rows in said.items()}
for rate, curve in accuracies.items():
    if curve.size:
        falls = np.sum(np.diff(curve) < 0)
        print(f"alpha = {rate}: accuracy {curve[-1]:.0%} after 40 steps; it falls {falls} times")
    else:
        print("Your gradient_descent does not call backward_prop: there is nothing to watch.")


# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
def jump(digit: int) -> float:
    """Return the largest change, from one step to the next, of the share taken for a digit."""
    return np.abs(np.diff((said[alpha] == digit).mean(axis=1))).max(initial=0)


favourite = max(range(10), key=jump)
fig, axes = plt.subplots(2, 1, figsize=(5.6, 6), sharex=True, layout="constrained")
for rate, marker in [(alpha, "o"), (alpha / 2, "s")]:
    style = {"marker": marker, "markersize": 4, "label": f"α = {rate}"}
    axes[0].plot(accuracies[rate], **style)
    axes[1].plot((said[rate] == favourite).mean(axis=1), **style)
axes[0].set(ylabel="accuracy", title="on the training pictures", ylim=(0, 0.85))
axes[1].set(xlabel="steps", ylabel="share of pictures", ylim=(0, 0.85))
axes[1].set_title(f"taken for a {favourite}")
axes[0].legend()
describe(
    fig,
    "The first 40 steps at two learning rates. Above, the accuracy on the training pictures: at the larger rate it "
    "rises in a zigzag, at the smaller rate more slowly and more smoothly. Below, the share of the training pictures "
    f"that the network takes for a {favourite}: at the larger rate it jumps up and down from step to step.",
)

# %% tags=["claim"]
_fast, _slow = accuracies[alpha], accuracies[alpha / 2]
assert len(_fast) == 41
assert np.sum(np.diff(_fast) < 0) > 5, "at 0.2 it staggers"
assert np.sum(np.diff(_slow) < 0) == 0, "at 0.1 it is smooth"
_shares = (said[alpha] == favourite).mean(axis=1)
_turns = np.diff(np.sign(np.diff(_shares[3:21])))
assert np.mean(_turns != 0) > 0.7, f"one digit's share jumps up and down: {_shares[:21]}"
assert jump(favourite) > 0.2, f"and far: {jump(favourite):.2f}"
assert _slow[40] < _fast[40] - 0.1, "the smaller rate is still behind"
_half = np.argmax(_fast >= _slow[40])
_five = gradient_descent(train_x, train_y, alpha, 5, np.random.default_rng(0))
_slopes = backward_prop(*forward_prop(*_five, train_x), _five[0], _five[2], train_x, Y_train)
_now, _quarter, _whole = (
    describe_state(update_params(*_five, *_slopes, _rate), train_x, train_y)[0]
    for _rate in (0, alpha / 4, alpha)
)
assert _quarter < _now < _whole, f"right direction, too long: {_now}, {_quarter}, {_whole}"
assert 12 < _half < 28, f"half the rate needs about twice the steps: 40 against {_half}"


def _first_fall(_seed: int, _steps: int) -> int | None:
    _found = init_params(n_features, 10, 10, np.random.default_rng(_seed))
    _found, _last = tuple(_array.astype(train_x.dtype) for _array in _found), 0.0
    for _step in range(_steps + 1):
        _caches = forward_prop(*_found, train_x)
        _now = get_accuracy(get_predictions(_caches[-1]), train_y)
        if _now < _last:
            return _step
        _last = _now
        _slopes = backward_prop(*_caches, _found[0], _found[2], train_x, Y_train)
        _found = update_params(*_found, *_slopes, alpha)
    return None


if dataset_name() == "MNIST":
    _first = int(np.argmax(np.diff(_fast) < 0)) + 1
    assert _first_fall(6, _first - 1), "with other first weights it comes earlier"
    assert not _first_fall(5, _first), "or later"
    assert not _first_fall(2, 40), "or not at all"

# %% [markdown]
# At $\alpha = 0.2$ the accuracy staggers upwards. The lower panel shows why: the share of the
# pictures that the network takes for one certain digit jumps up and down. Look at the place after
# 5 steps. From there the direction is right and the step is too long: a quarter of it would lower
# the cost, the whole of it raises the cost. It overshoots, and the next step, which corrects that,
# overshoots to the other side. At half the rate these 40 steps are smooth. But in the end the
# smaller rate is still behind: half the rate needs about twice the steps.
#
# So a single fall of the accuracy is no bug. (With other first weights it comes earlier, later, or
# not at all.) A cost that rises step after step, or swings ever wider, asks for a smaller $\alpha$.
#
# ### What the units look for
#
# Row $j$ of $W_1$ holds the weights from all pixels to hidden unit $j$. Back in a square, it is a
# picture. Ink on red speaks for the unit, ink on blue against it. The bar says how strongly.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
W1, b1, W2, b2 = journey[stops[-1]]
fig, ax = plt.subplots(figsize=(9, 4.6))
plot_weights(W1, ncols=5, ax=ax)

# %% [markdown]
# Much of that is grain, and the grain is older than the training: it is what `init_params` drew.
# Subtract the first weights, and you see what was learned. Where no training picture has any ink,
# nothing is learned: the difference is 0, the pale colour in the middle of the bar.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
learned = W1 - untrained[0].astype(W1.dtype)
fig, ax = plt.subplots(figsize=(9, 4.6))
plot_weights(learned, ncols=5, ax=ax)

# %% tags=["claim"]
_blank = train_x.max(axis=1) == 0
assert _blank.sum() > 50, f"pixels without ink: {_blank.sum()}"
assert not learned[:, _blank].any(), "nothing is learned where there is no ink"

# %% [markdown]
# Now strokes come out: red where a unit wants ink, blue where it wants none. These are no digits.
# With ten units for ten digits it would be natural if each unit took care of one. The network has
# another idea: each unit notices strokes and gaps that several digits share, and $W_2$ says what
# that means for which digit.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, ax = plt.subplots(figsize=(5.4, 4.4), layout="constrained")
limit = np.abs(W2).max()
image = ax.imshow(W2, cmap="RdBu_r", vmin=-limit, vmax=limit)
ax.set(xlabel="hidden unit", ylabel="digit", xticks=range(10), yticks=range(10))
ax.set_title("W2: for which digits each hidden unit votes")
fig.colorbar(image, ax=ax, label="weight")
describe(
    ax,
    "The ten by ten weights from hidden units to digits as coloured cells, red for and blue against. The strongest "
    "votes: "
    + ", ".join(f"digit {digit} from unit {W2[digit].argmax()}" for digit in range(10))
    + ".",
)

# %% tags=["claim"]
_votes = np.sort(W2, axis=0)
assert np.all(_votes[-2] > 0.25 * _votes[-1]), f"no unit votes for one digit alone: {_votes[-2:]}"
assert np.all(W2.max(axis=1) > 0.5), "each digit has units that speak for it"
assert np.all(W2.min(axis=1) < -0.3), "and units that speak against it"

# %% [markdown]
# Red is a vote for a digit, blue a vote against it. Read it by columns: no unit votes for one digit
# alone. Read it by rows: each digit has units that speak for it, and units that speak against it.
#
# ### How often a unit is on
#
# A unit takes part in a picture only if its score is positive: if it is *on*. On how many of the
# training pictures is each one?

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
share_on = (forward_prop(W1, b1, W2, b2, train_x)[1] > 0).mean(axis=1)
dead = np.flatnonzero(share_on < 0.01)

fig, ax = plt.subplots(figsize=(5.6, 3.4), layout="constrained")
ax.bar(range(10), share_on)
for unit, share in enumerate(share_on):
    ax.text(unit, share + 0.02, f"{share:.0%}", ha="center")
ax.set(xlabel="hidden unit", xticks=range(10), ylabel="share of the pictures", ylim=(0, 1.1))
ax.set_title("How often each unit is on")
describe(
    ax,
    "For each hidden unit, the share of the training pictures on which it is on: "
    + ", ".join(f"unit {unit} {share:.0%}" for unit, share in enumerate(share_on))
    + ".",
)
print(f"on for less than 1% of the pictures: {', '.join(map(str, dead)) or 'no unit'}")
print(f"on for the fewest pictures: unit {share_on.argmin()}, {share_on.min():.0%}")
print(f"on for more than 85% of them: {np.sum(share_on > 0.85)} of the 10 units")

# %% tags=["claim"]
assert not dead.size, f"no unit is dead: {share_on}"
_size = np.linalg.norm(learned, axis=1)
assert _size.argmin() == share_on.argmin(), f"on for the fewest, the palest: {_size}"
_grain = np.linalg.norm(untrained[0][_size.argmin()])
assert _size.min() < 0.3 * _grain, f"its picture is nearly all grain: {_size.min()}, {_grain}"
assert np.sum(share_on > 0.85) >= 7, f"most are on for nearly every picture: {share_on}"

# %% [markdown]
# A unit that is off learns nothing from that picture: its entry of $dZ_1$ is 0. The unit with the
# lowest bar has heard from the fewest pictures. Look for its number in the picture of what was
# learned: here it is the palest. What you see of it in the picture of the weights is nearly all
# grain. A unit that is off for every picture learns nothing any more; it is called *dead*. The
# first line above says whether one of yours is.
#
# The other end of the scale is less well known. A ReLU that is *always* on is no ReLU: it passes
# everything, and a layer of such units is linear. Most of these are on for nearly every picture.
# So how much of a bend is left? Take ReLU out of the trained network, merge its two layers into
# one, as in section 3, and ask both for their answers.

# %% tags=["for-the-reader"]
A2 = forward_prop(W1, b1, W2, b2, test_x)[-1]
predictions = get_predictions(A2).ravel()
merged = get_predictions((W2 @ W1) @ test_x + (W2 @ b1 + b2)).ravel()
print(f"accuracy of the network on the test pictures:  {np.mean(predictions == test_y):.1%}")
print(f"accuracy of its two layers merged, no ReLU:    {np.mean(merged == test_y):.1%}")
print(f"pictures to which both give the same answer:   {np.mean(merged == predictions):.1%}")

# %% tags=["claim"]
_same = np.mean(merged == predictions)
assert _same > 0.94, f"nearly one layer: {_same:.3f} the same"
assert abs(np.mean(merged == test_y) - np.mean(predictions == test_y)) < 0.02

# %% [markdown]
# The network is nearly one layer. Then how good is a layer that has been one from the start? Your
# functions can train it: hand `backward_prop` the pixels where it expects the hidden units. Its
# `dW2` and `db2` are then the gradients of a single layer with a softmax, and the rest is not
# needed. This layer may start with weights of 0: it has no hidden units that could stay twins.

# %% tags=["for-the-reader"]
W, b = np.zeros((10, n_features), train_x.dtype), np.zeros((10, 1), train_x.dtype)
unused, targets = np.zeros((n_features, 1), train_x.dtype), Y_train.astype(train_x.dtype)
print("steps   one layer   ten hidden units")
for step in range(1, 129):
    scores = W @ train_x + b
    *_, dW, db = backward_prop(
        train_x, train_x, scores, softmax(scores), unused, W, train_x[:1], targets
    )
    W, b = W - alpha * dW, b - alpha * db
    if step in stops:
        alone = get_accuracy(get_predictions(W @ test_x + b), test_y)
        print(f"{step:5}{alone:12.1%}{test_accuracy[stops.index(step)]:19.1%}")

# %% tags=["claim"]
_ten = test_accuracy[stops.index(128)]
assert alone > _ten - 0.005, f"just as far after 128 steps: {alone:.3f}, {_ten:.3f}"
if dataset_name() == "MNIST":
    _W, _b = W.copy(), b.copy()
    for _step in range(129, 513):
        _slopes = softmax(_W @ train_x + _b) - targets
        _W = _W - alpha * (_slopes @ train_x.T) / m_train
        _b = _b - alpha * _slopes.mean(axis=1, keepdims=True)
    _alone = get_accuracy(get_predictions(_W @ test_x + _b), test_y)
    assert f"{_alone:.1%} {test_accuracy[-1]:.1%}" == "90.6% 90.9%", (_alone, test_accuracy[-1])

# %% [markdown]
# One layer gets there sooner, and about as far. (On all of MNIST's test pictures, after 512 steps,
# it reaches 90.6%, and ten hidden units reach 90.9%.) Units that are nearly always on have little
# to add. This network is so small that you can follow every number in it; that is what it
# is for. In Lab 4 the hidden layers get more units, and leave a single layer behind.
#
# ### Single predictions
#
# Here are four test pictures with all ten probabilities: the one of which the network is surest,
# the right answer of which it was least sure, the wrong answer of which it was least sure, and the
# wrong answer of which it was surest. The bar of the true digit is hatched.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
sure, is_right = A2.max(axis=0), predictions == test_y[0]
chosen = {
    "surest": np.where(is_right, sure, -1).argmax(),
    "right, barely": np.where(is_right, sure, 2).argmin(),
    "wrong, barely": np.where(is_right, 2, sure).argmin(),
    "wrong and sure": np.where(is_right, -1, sure).argmax(),
}

fig, axes = plt.subplots(2, 4, figsize=(9, 4.4), sharey="row", layout="constrained")
words = []
for (above, below), (title, i) in zip(axes.T, chosen.items(), strict=True):
    above.imshow(test_x[:, i].reshape(28, 28), cmap="gray")
    above.set(title=f"{title}\nis {test_y[0, i]}, says {predictions[i]}")
    above.set_axis_off()
    bars = below.bar(range(10), A2[:, i], color="lightgray", edgecolor="gray")
    bars[test_y[0, i]].set(facecolor="C0", hatch="//")
    below.set(ylim=(0, 1), xticks=range(10), xlabel="digit")
    words.append(
        f"{title}: a {test_y[0, i]}, taken for a {predictions[i]} with probability {sure[i]:.2f}"
    )
axes[1, 0].set_ylabel("probability")
describe(
    fig,
    "Four test pictures, and the ten probabilities of each as bars, that of the true digit hatched. "
    + "; ".join(words)
    + ".",
)

# %% [markdown]
# And the twelve wrong answers that were given with the greatest confidence, with the right ones in
# brackets. Which of them would you have got right?

# %% tags=["for-the-reader"]
wrong = np.flatnonzero(~is_right)
worst = wrong[np.argsort(-sure[wrong], kind="stable")][:12]
plot_digits(test_x, test_y, indices=worst, predictions=predictions)

# %% [markdown]
# ### What is a probability worth?
#
# When the network says 0.99, is it right 99 times out of 100? That can be counted. Sort the test
# pictures by the probability of the answer, and see in each group how many answers are right.
#
# For comparison, a second network has to learn from the first 1,000 training pictures only, and
# gets twice as many steps for it. What a network "says", below, is the mean probability of its
# answers.


# %% tags=["for-the-reader"]
def answers_of(parameters: tuple, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the probability of each answer, and whether it is right."""
    A2 = forward_prop(*parameters, X)[-1]
    return A2.max(axis=0), get_predictions(A2).ravel() == y[0]


def calibration(sure: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return for each group of answers the mean probability, the share right, and the number."""
    group = np.digitize(sure, [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
    found = [group == number for number in range(8) if np.sum(group == number) >= 10]
    return np.array([(sure[some].mean(), right[some].mean(), some.sum()) for some in found]).T


few = 1000
by_heart = gradient_descent(
    train_x[:, :few], train_y[:, :few], alpha, 1024, np.random.default_rng(0)
)
networks = {
    f"{m_train:,} pictures, {stops[-1]} steps": journey[stops[-1]],
    f"{few:,} pictures, 1024 steps": by_heart,
}
for name, parameters in networks.items():
    size = few if parameters is by_heart else m_train
    own = answers_of(parameters, train_x[:, :size], train_y[:, :size])
    new = answers_of(parameters, test_x, test_y)
    print(f"trained with {name}:")
    print(f"  its own pictures:  says {own[0].mean():.1%}, is right in {own[1].mean():.1%}")
    print(f"  the test pictures: says {new[0].mean():.1%}, is right in {new[1].mean():.1%}")
    print(f"  its answers with 0.99 and more: right in {new[1][new[0] >= 0.99].mean():.1%}")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(
    2, 1, figsize=(5.6, 7), sharex=True, height_ratios=(3, 1), layout="constrained"
)
axes[0].plot([0.35, 1], [0.35, 1], "--", color="gray", linewidth=1, label="as often as it says")
words = []
for (name, parameters), marker in zip(networks.items(), "os", strict=True):
    stated, right, count = calibration(*answers_of(parameters, test_x, test_y))
    doubt = 2 * np.sqrt(right * (1 - right) / count)
    axes[0].errorbar(stated, right, doubt, marker=marker, capsize=3, linewidth=1.2, label=name)
    axes[1].plot(stated, count, marker=marker, linestyle="none")
    words.append(
        f"Trained with {name}: "
        + ", ".join(
            f"says {s:.2f}, is right in {r:.0%} of {n:.0f}"
            for s, r, n in zip(stated, right, count, strict=True)
        )
    )
axes[0].set(ylabel="share of answers that are right", ylim=(0, 1.02))
axes[1].set(xlabel="probability that the network gives its answer", ylabel="pictures")
axes[1].set(yscale="log", ylim=(5, 20_000))
axes[1].set_yticks([10, 100, 1000, 10_000], ["10", "100", "1,000", "10,000"])
axes[1].minorticks_off()
axes[0].legend(loc="lower right")
for ax in axes:
    ax.grid(alpha=0.3)
describe(
    fig,
    "Calibration of two networks on the test pictures. Above, the share of right answers against the stated "
    "probability, beside a dashed diagonal on which both are equal; below, the number of pictures in each group. "
    + ". ".join(words)
    + ".",
)

# %% tags=["claim"]
_gap = {}
for _name, _parameters in networks.items():
    _says, _right, _n = calibration(*answers_of(_parameters, test_x, test_y))
    _gap[_name] = np.average(np.abs(_says - _right), weights=_n)
_mine, _other = _gap
assert _gap[_mine] < 0.03, f"close to the diagonal: {_gap}"
assert _gap[_other] > 2.5 * _gap[_mine], f"the other is far from it: {_gap}"
assert np.all(_right < _says), "the other is too sure in every group"
assert _right[4] < 0.75, f"between 0.8 and 0.9, less than three quarters are right: {_right[4]}"
assert 0.8 < _says[4] < 0.9
_says, _right, _n = calibration(*answers_of(journey[stops[-1]], test_x, test_y))
assert abs(_says[-1] - _right[-1]) < 0.01, f"0.99 is worth about what it says: {_right[-1]:.3f}"
if dataset_name() == "MNIST":
    assert np.all(_right > _says - 0.001), f"a little too modest: {_right - _says}"
_knows = answers_of(by_heart, train_x[:, :few], train_y[:, :few])[1].mean()
assert _knows > 0.995, f"it knows its pictures by heart: {_knows}"
_sure, _right = answers_of(by_heart, test_x, test_y)
assert _sure.mean() > 0.9, f"on new pictures it still says more than 0.9: {_sure.mean():.3f}"
assert _right.mean() < 0.88, f"and far less often right: {_right.mean():.3f}"

# %% [markdown]
# Each point is a group of answers; the lower panel shows how many they are. The upright line through
# a point shows how far chance may have moved it, in about 19 cases of 20. On the dashed diagonal
# the network is right as often as it says. Above it, it is too modest; below it, too sure of
# itself.
#
# The network that you have trained stays close to the diagonal, and its 0.99 is worth about what
# it says. On all of MNIST's test pictures it is even a little too modest.
#
# The other network is far below. It knows its 1,000 pictures by heart. When all of them are right,
# the cost still falls if the network only becomes *surer* of them, and so it does. To new pictures
# it still gives its answers with more than 0.9 in the mean, and is far less often right. Of the
# answers to which it gives between 0.8 and
# 0.9, less than three quarters are right.
#
# So a probability is what the network says, no more. What it is worth must be counted, on
# pictures that the network has not learned from.
#
# ## 9. The bug that accuracy does not show
#
# ### Transposed
#
# Here is a mistake that many have made: $W_2\, dZ_2$ in the place of $W_2^\top dZ_2$. It sums over
# the wrong index. With other numbers of units the shapes would not fit, but here $W_2$ is
# $(10, 10)$, and nothing complains.
#
# The file `given_suspects.py` beside this notebook plants it: `suspects.transposed(backward_prop)`
# returns a function that calls your `backward_prop` with the transpose of `W2` where it should get
# `W2`. The next cell trains with it, from the same start, just as long.
#
# **Before you run it.** What accuracy do you expect from a network whose first layer gets wrong
# gradients in every single step?


# %% tags=["for-the-reader"]
transposed = suspects.transposed(backward_prop)
spoiled_accuracy = [
    describe_state(train_with(transposed, alpha, stop), test_x, test_y)[1] for stop in stops
]
print(f"right gradients: {test_accuracy[-1]:.1%}    W2 transposed: {spoiled_accuracy[-1]:.1%}")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, ax = plt.subplots(figsize=(7, 3.4))
ax.plot(stops, test_accuracy, marker="o", label="right gradients")
ax.plot(stops, spoiled_accuracy, marker="s", label="W2 transposed")
ax.set_xscale("log", base=2)
ax.set_xticks(stops, stops)
ax.set(xlabel="steps", ylabel="accuracy on the test pictures", ylim=(0, 1))
ax.set_title("Wrong, and about as good")
ax.grid(alpha=0.3)
ax.legend()
describe(
    ax,
    "Accuracy on the test pictures against the number of steps, with the right gradients and with W2 transposed. The "
    f"wrong one is slower at first; after 512 steps it reaches {spoiled_accuracy[-1]:.0%}, the right one "
    f"{test_accuracy[-1]:.0%}.",
)

# %% tags=["claim"]
assert all(
    _wrong < _right
    for _right, _wrong in zip(test_accuracy[1:4], spoiled_accuracy[1:4], strict=True)
), f"slower at the start: {spoiled_accuracy}"
_late = np.subtract(test_accuracy[5:], spoiled_accuracy[5:])
assert np.abs(_late).max() < 0.03, f"then hardly a difference: {_late}"
_fixed = np.random.default_rng(1).normal(0, 1, (10, 10)).astype(train_x.dtype)
_mine = backward_prop
_random = describe_state(
    train_with(lambda *_a: _mine(*_a[:5], _fixed, *_a[6:]), alpha, 128), test_x, test_y
)[1]
assert _random > 0.5, f"fixed random numbers teach a network something: {_random:.2f}"

# %% [markdown]
# A little slower at the start, and then hardly a difference. Nobody who sees only the one number
# would suspect anything. Why does it work at all? The second layer still gets right gradients, and
# it makes the best of whatever the first layer offers. And the first layer is still moved *somehow*
# by the mistakes of the outputs. Even fixed random numbers in the place of $W_2^\top$ teach a
# network something; if that surprises you, look up *feedback alignment* (Lillicrap and others,
# 2016).
#
# Accuracy is a poor witness, then. Ask your ruler, at the shapes of this lab:

# %% tags=["for-the-reader"]
ten_by_ten = {"n_features": 6, "n_hidden": 10, "n_classes": 10, "m": 7}
plot_errors(
    {
        "your backward_prop": gradient_check(backward_prop, **ten_by_ten),
        "W2 transposed": gradient_check(transposed, **ten_by_ten),
    }
)

# %% tags=["claim"]
_errors = gradient_check(transposed, **ten_by_ten)
assert min(_errors["dW1"], _errors["db1"]) > 1e-3, f"a bug gives 1e-3 and more: {_errors}"
assert max(_errors["dW2"], _errors["db2"]) < 1e-8, f"dW2 and db2 are right: {_errors}"

# %% [markdown]
# There it is, as plain as can be: $dW_1$ and $db_1$ are wrong, $dW_2$ and $db_2$ are right. The
# fault must lie on the way from $dZ_2$ to $dZ_1$, and only two things stand there: $W_2^\top$ and
# ReLU's derivative.
#
# At shapes that are all different, the bug does not get as far as that:

# %% tags=["for-the-reader"]
try:
    gradient_check(transposed)
    print("It ran.")
except ValueError:
    print("With 7 features, 5 hidden units and 3 classes: ValueError. The shapes do not fit.")

# %% [markdown]
# So test at shapes that are all different, and let NumPy find your transposes for free.
#
# ### The hunt
#
# Four more suspects wait in `given_suspects.py`. Each is your own `backward_prop` with something done to
# it. Three have a bug; one is innocent. First the evidence of the kind that people usually look
# at: accuracy after 64 steps.

# %% tags=["for-the-reader"]
line_up = {name: suspect(backward_prop) for name, suspect in suspects.SUSPECTS.items()}
verdict = describe_state(journey[64], test_x, test_y)[1]
print(f"your backward_prop: {verdict:.1%}")
for name, suspect in line_up.items():
    verdict = describe_state(train_with(suspect, alpha, 64), test_x, test_y)[1]
    print(f"suspect {name}:          {verdict:.1%}")

# %% tags=["claim"]
_reached = {
    _name: describe_state(train_with(_suspect, alpha, 64), test_x, test_y)[1]
    for _name, _suspect in line_up.items()
}
_right = describe_state(journey[64], test_x, test_y)[1]
assert all(abs(_reached[_name] - _right) < 0.03 for _name in "ABC"), f"as good: {_reached}"
assert _reached["D"] < _right - 0.05, f"D's alone is clearly lower: {_reached}"
_share = (forward_prop(*journey[64], train_x)[0] > 0).mean()
assert _share > 0.5, f"most entries of Z1 are positive: {_share:.2f}"

# %% [markdown]
# **Decide** whom you would arrest on this evidence. Then call the expert witness:

# %% tags=["for-the-reader"]
plot_errors({f"suspect {name}": gradient_check(suspect) for name, suspect in line_up.items()})

# %% tags=["claim"]
_wrong = {
    _name: [_d for _d, _error in gradient_check(_suspect).items() if _error > 1e-3]
    for _name, _suspect in line_up.items()
}
assert _wrong == {"A": ["dW2"], "B": [], "C": ["db1"], "D": ["dW1", "db1"]}, _wrong
_rng = np.random.default_rng(0)
_Z1, _Z2, _W2 = _rng.uniform(1, 2, (5, 4)), _rng.normal(size=(3, 4)), _rng.normal(size=(3, 5))
_X, _Y = _rng.normal(size=(7, 4)), np.eye(3)[:, [0, 2, 1, 0]]
_arrays = (_Z1, _Z1, _Z2, softmax(_Z2), np.zeros((5, 7)), _W2, _X, _Y)
for _name in "AD":
    for _theirs, _mine in zip(line_up[_name](*_arrays), backward_prop(*_arrays), strict=True):
        assert np.allclose(_theirs, _mine), f"{_name} is innocent where Z1 is positive"

# %% [markdown]
# **Now it is your turn.** For each suspect write down which gradients are wrong, and which mistake
# in `backward_prop` would spoil just these and leave the others right. Use the cell below to ask
# more: compare `dW2` of a suspect with yours entry by entry, on data of your own; look for rows or
# columns that are right; make $Z_1$ positive everywhere and see who becomes innocent.
#
# <details><summary>How to question a suspect</summary>
#
# `line_up["A"]` takes the same arguments as your `backward_prop`, in the same order, and returns
# four gradients. As you compare it with your own function, random numbers of the right
# shapes will do for the arguments; only let `A1` be `relu(Z1)`. Choose a `Z1` with both signs, and
# one that is positive everywhere.
#
# </details>

# %%
# Your investigation.

# %% [markdown]
# When you have made up your mind, run the next cell. It shows the suspects' code.

# %% tags=["for-the-reader"]
for suspect in suspects.SUSPECTS.values():
    print(inspect.getsource(suspect))

# %% [markdown]
# <details><summary>How one could have known</summary>
#
# - **A** has only $dW_2$ wrong, and $dW_2$ is made of $dZ_2$ and $A_1$. As $db_2$ is right, $dZ_2$
#   is. So it must be $A_1$: the suspect took $Z_1$. Where $Z_1$ is positive the two are the same,
#   so most of what goes into the sum is right, and it learns nearly as well.
# - **B** is innocent. It turns the order of the examples around, and a mean does not mind.
# - **C** has only $db_1$ wrong. So $dZ_1$ is right, or $dW_1$ would not be, and the fault is in the
#   mean: it ran over the hidden units as well as over the examples.
# - **D** has $dW_1$ and $db_1$ wrong, like the transposed $W_2$. Two things stand between $dZ_2$ and
#   $dZ_1$: the matrix and ReLU's derivative. Make $Z_1$ positive everywhere, and D becomes
#   innocent: it left the derivative out. It is the only one whose accuracy is clearly lower.
#
# </details>
#
# ### What a gradient check does not find
#
# It compares `backward_prop` with the cost that you have. If the cost is wrong, both are wrong
# together. It says nothing about a plus in `update_params`, about labels that were shuffled
# without their pictures, or about test pictures that were scaled otherwise than the training
# pictures. And it is blind to a bug that does not show at the point where it measures: where all
# of $Z_1$ is positive, it does not see that ReLU's derivative is missing. That is why it takes
# random parameters of both signs.
#
# ## Test yourself
#
# 1. Why does $W_2$ appear in the gradient of $W_1$, but not the other way round?
# 2. Your network says 0.1 to every digit, on every picture, and the cost stays at $\log 10$. The
#    gradient check is fine. What would you look at?
# 3. You add 5 to all entries of $b_2$. What happens to the predictions, and to the cost?
# 4. A gradient check gives an error of $3 \cdot 10^{-3}$ in `dW1` and `db1`, but for one seed in
#    many thousands only. What could that be, if the formulas are right?
#
# <details><summary>Answers</summary>
#
# 1. $W_1$ reaches the cost through $W_2$, so its slope depends on $W_2$. $W_2$ reaches the cost
#    through what comes after it; what came before is in $A_1$, which does appear.
# 2. At the hidden units. If all of them are negative for all pictures, $A_1 = 0$ and nothing but
#    $b_2$ can learn: they are dead. Look at the share of positive entries in $Z_1$, then lower
#    $\alpha$.
# 3. Nothing, to both: softmax sees differences of scores only.
# 4. A corner. If an entry of $Z_1$ is closer to 0 than the step reaches, the centred difference
#    straddles the corner of ReLU and measures a mean of the two slopes. Take another seed; a real
#    bug does not go away.
#
# </details>
#
# ## What to try next
#
# - Set $\alpha$ to 0.02 and to 2. Look at the curve and at the share of dead units.
# - Start with `W1` and `W2` all 0, and explain what you see with the formulas of section 6.
# - Leave one bias out of `forward_prop`. What does the accuracy say, what does the gradient check?
# - With all of MNIST, train on all of `all_x`, `all_y`. How much do six times as many pictures help
#   ten hidden units?
# - Divide the scores of the second network of section 8 by a temperature, before the softmax, until
#   its points lie on the diagonal. What happens to its accuracy?
# - Plant a bug of your own in `given_suspects.py` and let a friend hunt it.
# - In [Lab 4](../lab4_deep_mini_batch/lab4_deep_mini_batch.ipynb) the network becomes deep, learns
#   from small batches, and reads your own handwriting.
