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
# # Lab 4: deep, in small batches, and then your own handwriting
#
# Two layers were written out by hand, with a name for every matrix. For four layers, or for forty,
# nobody does that. In this lab you write a network of *any* depth, from pieces so small that each
# can be tested alone. You train it on small batches, a few pictures at a time. And at the end you
# give it a digit in your own hand.
#
# **You will learn**
#
# - how a deep network is put together from one layer, used again and again, and how each layer
#   remembers on the way forward what it needs on the way back;
# - what depth buys, and why the first weights must have just the right size;
# - why one trains on batches, how large they should be, and what the learning rate does;
# - what must happen to a photograph before a network that learned from MNIST can read it.
#
# **You need** what Labs 1 and 3 teach: one-hot labels, ReLU and softmax, the gradients of two
# layers, the gradient check. The functions that you wrote there are given here, in
# `given_for_lab4.py`.
#
# **It takes** about three hours. There are twelve exercises, worth 60 points.
#
# As before, *columns are examples*: $X : (784, m)$, labels $y : (1, m)$, one-hot labels
# $Y : (10, m)$.

# %%
# %matplotlib inline
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from given_for_lab4 import numerical_gradient, one_hot, progress_bar, relu, softmax
from helpers.checking import lab4 as check
from helpers.data import dataset_name, load_mnist_split
from helpers.plotting import (
    describe,
    plot_confusion_matrix,
    plot_digits,
    plot_learning_curve,
    use_course_style,
)

use_course_style()

# %% [markdown]
# ## 1. The data and the plan
#
# This time we use all of MNIST: 60,000 pictures to learn from, 10,000 to be tested on. (Where
# MNIST cannot be had you get 5,000 of its training pictures, as in Lab 1: 4,000 and 1,000.)

# %%
train_x, train_y, test_x, test_y = load_mnist_split()
train_Y = one_hot(train_y, 10)
n_features, m_train = train_x.shape
print("data set:", dataset_name())
print("train_x", train_x.shape, train_x.dtype, "  train_Y", train_Y.shape)
print("test_x ", test_x.shape, test_x.dtype, "  test_y ", test_y.shape)

# %% [markdown]
# The network has three hidden layers of 128, 64 and 32 units, and ten outputs. We write that as a
# list, `[784, 128, 64, 32, 10]`. Its layers are numbered from 1 to $L = 4$; layer $l$ has $n_l$
# units, and $n_0 = 784$ is the number of features.

# %%
layer_dims = [784, 128, 64, 32, 10]

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
boxes = ["X", "A1", "A2", "A3", "A4"]
fig, ax = plt.subplots(figsize=(9.6, 3))
for layer, (name, n_units) in enumerate(zip(boxes, layer_dims, strict=True)):
    height = 0.5 + 0.25 * np.log2(n_units / 10)
    ax.add_patch(plt.Rectangle((layer - 0.19, -height / 2), 0.38, height, color="C0", alpha=0.3))
    ax.text(layer, 0, f"{name}\n({n_units}, m)", ha="center", va="center", fontsize=9)
    if layer:
        near, far = layer - 0.78, layer - 0.22
        step = "softmax" if layer == 4 else "ReLU"
        ax.annotate("", (far, 0.1), (near, 0.1), arrowprops={"arrowstyle": "->"})
        back = {"arrowstyle": "->", "color": "C2"}
        ax.annotate("", (near, -0.1), (far, -0.1), arrowprops=back)
        middle = {"x": layer - 0.5, "ha": "center", "fontsize": 9}
        shape = f"({n_units}, {layer_dims[layer - 1]})"
        ax.text(
            y=0.15, s=f"W{layer} {shape}\nb{layer} ({n_units}, 1)\n{step}", va="bottom", **middle
        )
        ax.text(y=-0.15, s=f"dW{layer}\ndb{layer}", va="top", color="C2", **middle)
ax.set(xlim=(-0.4, 4.4), ylim=(-1.1, 1.1), title="Forward with the weights, back with the slopes")
ax.set_axis_off()
describe(
    ax,
    "The network as five boxes in a row: X with 784 rows, then A1, A2, A3 with 128, 64 and 32 rows, and A4 with 10. "
    "From each box to the next an arrow forward, with a matrix, a bias and an activation: ReLU three times, then "
    "softmax. Below it an arrow back, with the gradients of that matrix and that bias.",
)

# %% [markdown]
# Each arrow forward is the same function with other numbers, and so is each arrow back. You write
# them one at a time, and each is tested before the next one builds on it. With thirty lines in one
# piece you would not know where to look; with three you do.
#
# ## 2. Parameters: why their size matters so much
#
# In Lab 3 *any* small random start would do. With more layers it no longer does. A layer hands to
# the next a sum of $n$ terms. If the weights are drawn independently, with mean 0 and the variance
# $\sigma^2$, and the inputs have a mean square of $q$, then such a sum $z$ has the variance
#
# $$\operatorname{Var}(z) = n\, \sigma^2\, q ,$$
#
# and is negative as often as not. ReLU throws away the negative half, which leaves a mean square
# of $n \sigma^2 q / 2$. So each layer multiplies the mean square by $n \sigma^2 / 2$, whatever it
# was before. After ten layers that factor stands there ten times.
#
# **Before you go on:** suppose the factor is 1/4. What is left of a signal after ten layers? And
# if it is 4? Which $\sigma^2$ makes the factor 1?
#
# <details><summary>Answer</summary>
#
# $4^{-10}$ is about one millionth: nothing. $4^{10}$ is about a million. The factor is 1 for
# $\sigma^2 = 2 / n$, where $n$ is the number of *inputs* of the layer, its *fan-in*.
#
# </details>
#
# ### Exercise 1: initialize_parameters
# *10 minutes, ●○○, 4 points*
#
# For each layer $l = 1 \dots L$ (K. He and others, "Delving deep into rectifiers", 2015):
#
# $$W_l : (n_l, n_{l-1}) \text{ random, with mean 0 and variance } \frac{2}{n_{l-1}}, \qquad
#   b_l : (n_l, 1) \text{ all 0.}$$
#
# They go into one dict, under the names "W1", "b1", "W2", "b2" and so on.


# %% nbgrader={"grade": false, "grade_id": "initialize_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def initialize_parameters(layer_dims: list[int], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw He's random weights for a network of any depth; biases are 0.

    Parameters
    ----------
    layer_dims : list of int
        Number of features, then number of units of every layer: [n0, n1, …, nL].
    rng : numpy.random.Generator
        Source of all randomness: the same seed gives the same weights.

    Returns
    -------
    dict
        "W1", shape (n1, n0), "b1", shape (n1, 1), and so on up to "WL" and "bL".
    """
    # 1. For each layer from 1 to L, which has layer_dims[layer] units:
    # 2. draw its weights with a method of rng,
    # 3. make its biases, and store both. f"W{layer}" gives the name.
    ### BEGIN SOLUTION
    parameters = {}
    for layer in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[layer - 1], layer_dims[layer]
        parameters[f"W{layer}"] = rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))
        parameters[f"b{layer}"] = np.zeros((n_out, 1))
    return parameters
    ### END SOLUTION


# %% tags=["expected-output"]
check.initialize_parameters(initialize_parameters)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rng.normal(mean, standard_deviation, shape)` wants the standard deviation, and that is the root
# of the variance. A list of five numbers describes four layers.
#
# </details>
#
# **Pitfall.** `layer_dims[layer]` is the number of *outputs* of a layer. Fan-in is the entry before
# it. In this network the two are so different that the mix-up makes the signal in the first layer
# two and a half times too large.

# %% nbgrader={"grade": true, "grade_id": "test_initialize_parameters", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of initialize_parameters(layer_dims, rng) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_initialize_parameters(globals())
### END HIDDEN TESTS

# %% [markdown]
# Now see it. We send 200 pictures through twelve layers of 100 units each, with your weights, with
# your weights halved, and with your weights doubled.
#
# We look at the *root mean square* of what each layer hands on, which says how large its numbers
# usually are.
#
# **Before you run it.** Halved weights: by which factor does it shrink in each layer?

# %% tags=["for-the-reader"]
stack = initialize_parameters([784] + [100] * 12, np.random.default_rng(0))
starts = {"too small: half of He's": 0.5, "He's": 1.0, "too large: twice He's": 2.0}
spreads = {}
shown = {}
for name, factor in starts.items():
    signal = train_x[:, :200]
    spreads[name] = []
    for layer in range(1, 13):
        signal = relu(factor * (stack[f"W{layer}"] @ signal))
        spreads[name].append(np.sqrt(np.mean(signal**2)))
        shown[name, layer] = signal
    print(
        f"{name}: root mean square {spreads[name][0]:.2g} in layer 1, {spreads[name][-1]:.2g} in layer 12"
    )

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplot_mosaic(
    [3 * ["size"], list(starts)], figsize=(7, 6), layout="constrained", height_ratios=[1, 1.2]
)
for (name, spread), marker in zip(spreads.items(), "vos", strict=True):
    axes["size"].semilogy(range(1, 13), spread, marker=marker, markersize=4, label=name)
axes["size"].set(xlabel="layer", ylabel="root mean square", title="Size of the activations")
axes["size"].set_xticks([1, 4, 8, 12])
axes["size"].legend(fontsize=8)
axes["size"].grid(alpha=0.3)
bins = np.linspace(0, 2, 41)
for name, colour in zip(starts, ("C0", "C1", "C2"), strict=True):
    ax = axes[name]
    for row, layer in enumerate((1, 4, 8, 12)):
        values = shown[name, layer]
        counts, _ = np.histogram(values[values > 0].clip(0, 2), bins)
        heights = 0.85 * counts / max(counts.max(), 1)
        ax.bar(bins[:-1], heights, width=0.05, bottom=-row, align="edge", color=colour)
        ax.text(2.9, -row + 0.5, f"layer {layer}", ha="right", va="center", fontsize=8)
    ax.set(title=name, xlabel="activation above 0", yticks=[], ylim=(-3.1, 1), xlim=(0, 2.9))
    ax.set_xticks([0, 1, 2], ["0", "1", "2+"])
    ax.title.set_fontsize(9)
small, good, large = spreads.values()
describe(
    fig,
    "Above: the root mean square of the activations in layers 1 to 12, on a logarithmic axis. With He's weights it "
    f"stays between {min(good):.2f} and {max(good):.2f}. With half of them it halves in each layer and ends at "
    f"{small[-1]:.1g}; with twice as much it doubles and ends at {large[-1]:.0f}. Below: histograms of the activations in layers 1, 4, 8 and 12. Too "
    "small: from layer 8 on all of them are in the first bar, at 0. He's: all four look alike. Too large: from layer 4 "
    "on nearly all are in the last bar, which holds everything from 2 upwards.",
)

# %% [markdown]
# Read the histograms from top to bottom. Each leaves out the zeros that ReLU has made, and its last
# bar, "2+", holds all that is 2 or more. In the middle, layer 12 sees a signal that looks like that
# of layer 1. On the left the root mean square shrinks in each layer by about the same half as the
# weights, and layer 12 sees nothing at all; on the right it sees numbers in the hundreds and
# thousands. On the way back, the slopes go through the same matrices and have the same fate: on the
# left they vanish, on the right they explode.
#
# At four layers, weights that are too small cost time, and weights that are too large make the
# first epoch dearer than guessing; at a moderate rate the network learns all the same. At twelve
# either costs everything: we tried learning rates from 0.003 to 0.3, and after twelve epochs none
# of them had got anywhere.
#
# (Why is the line for He's start not perfectly flat? The factor of 1 holds in the mean over all
# weights that could have been drawn. With 100 units there is a bit of luck in every layer.)

# %% tags=["claim"]
_factors = {name: [b / a for a, b in pairwise(values)] for name, values in spreads.items()}
assert all(0.4 < f < 0.6 for f in _factors["too small: half of He's"]), "halves in each layer"
assert all(1.7 < f < 2.3 for f in _factors["too large: twice He's"]), "doubles in each layer"
assert 0.5 < spreads["He's"][11] / spreads["He's"][0] < 2, "layer 12 looks like layer 1"
_ends = {name: shown[name, 12][shown[name, 12] > 0] for name in starts}
assert _ends["too small: half of He's"].max() < 0.05, "layer 12 sees nothing at all"
assert 100 < np.median(_ends["too large: twice He's"]) < 10_000, "in the hundreds and thousands"
assert shown["too small: half of He's", 8].max() < 0.05, "from layer 8 on all in the first bar"
_large = shown["too large: twice He's", 4]
assert np.mean(_large[_large > 0] > 1.95) > 0.7, "from layer 4 on nearly all in the last bar"
assert 2.4 < np.sqrt(n_features / layer_dims[1]) < 2.6, "the mix-up: two and a half times too large"

# %% [markdown]
# ## 3. Forward
#
# ### Exercise 2: linear_forward
# *5 minutes, ●○○, 3 points*
#
# $$Z = W A + b, \qquad (n, m) = (n, n_\text{prev})\,(n_\text{prev}, m) + (n, 1).$$
#
# The way back will need $A$, $W$ and $b$ again. So the function returns them next to $Z$, as a
# tuple that is called its *cache*: what a layer remembers.


# %% nbgrader={"grade": false, "grade_id": "linear_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_forward(
    A: np.ndarray, W: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Weigh and add: the linear half of a layer.

    Parameters
    ----------
    A : ndarray, shape (n_prev, m)
        What comes in. Not changed.
    W : ndarray, shape (n, n_prev)
    b : ndarray, shape (n, 1)

    Returns
    -------
    Z : ndarray, shape (n, m)
    cache : tuple
        (A, W, b), for the way back.
    """
    ### BEGIN SOLUTION
    Z = W @ A + b
    return Z, (A, W, b)
    ### END SOLUTION


# %% tags=["expected-output"]
check.linear_forward(linear_forward)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Return two things: the first is an array, the second is a tuple of three arrays. Parentheses make
# the difference between `Z, (A, W, b)` and four things.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_linear_forward", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of linear_forward(A, W, b) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_linear_forward(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3: deep_layer
# *10 minutes, ●○○, 5 points*
#
# One whole layer: first the linear half, then the activation.
#
# $$Z = W A_\text{prev} + b, \qquad A = g(Z), \qquad (n_\text{prev}, m) \to (n, m),
# \qquad g = \operatorname{ReLU} \text{ or softmax.}$$
#
# `relu` and `softmax` are those of Lab 3, imported above. On the way back the slope of $g$ is
# needed at $Z$, so the layer's cache is a pair: the cache of its linear half, and $Z$.
#
# **Before you write it.** For ReLU one could store $A$ in the place of $Z$ and still know where the
# slope is 0. Why? (A sigmoid's slope, too, can be told from its value.)


# %% nbgrader={"grade": false, "grade_id": "deep_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deep_layer(
    A_prev: np.ndarray, W: np.ndarray, b: np.ndarray, activation: str
) -> tuple[np.ndarray, tuple]:
    """Compute one layer: linear, then activation.

    Parameters
    ----------
    A_prev : ndarray, shape (n_prev, m)
        Activations of the layer before, or X.
    W : ndarray, shape (n, n_prev)
    b : ndarray, shape (n, 1)
    activation : str
        "relu" or "softmax".

    Returns
    -------
    A : ndarray, shape (n, m)
    cache : tuple
        (linear_cache, Z): what `linear_forward` returns as its cache, and Z.
    """
    # 1. The linear half, with the function that you have.
    # 2. The activation that is asked for.
    ### BEGIN SOLUTION
    Z, linear_cache = linear_forward(A_prev, W, b)
    A = relu(Z) if activation == "relu" else softmax(Z)
    return A, (linear_cache, Z)
    ### END SOLUTION


# %% tags=["expected-output"]
check.deep_layer(deep_layer)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `linear_forward` returns two things, and both are needed: `Z, linear_cache = …`. Texts are compared
# with `==`.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# $A = \operatorname{ReLU}(Z)$ is positive exactly where $Z$ is. So $A > 0$ and $Z > 0$ are the same
# mask.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_deep_layer", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of deep_layer(A_prev, W, b, activation) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_deep_layer(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Why deeper
#
# You have one layer. What do you get by putting several behind each other, rather than making the
# one wider? Here is the clearest answer that we know, with weights chosen by hand. Two ReLU units
# can fold the line from 0 to 1 in the middle, like a sheet of paper, so that both halves lie on
# each other:
#
# $$\text{fold}(x) = 2 \operatorname{ReLU}(x) - 4 \operatorname{ReLU}(x - \tfrac12) .$$
#
# A second layer of two units folds what is folded already. The crease that it makes shows in *both*
# halves when you unfold the sheet.
#
# **Before you run it.** How many straight pieces does the output have after 1, 2, 3 and 5 layers?
# How many units would a single hidden layer need for as many?

# %% tags=["for-the-reader"]
line = np.linspace(0, 1, 2049).reshape(1, -1)
folds, unfold = np.array([[0.0], [-0.5]]), np.array([[2.0, -4.0]])
zigzags, pieces = {}, {}
for depth in (1, 2, 3, 5):
    hidden, _ = deep_layer(line, np.ones((2, 1)), folds, "relu")
    for _ in range(depth - 1):
        # Both units of the next layer get the folded line, 2 ReLU(x) - 4 ReLU(x - 1/2).
        hidden, _ = deep_layer(hidden, np.vstack([unfold, unfold]), folds, "relu")
    zigzags[depth], _ = linear_forward(hidden, unfold, np.zeros((1, 1)))
    pieces[depth] = 1 + int(np.sum(np.diff(np.sign(np.diff(zigzags[depth][0]))) != 0))
print(", ".join(f"depth {depth}: {count} pieces" for depth, count in pieces.items()))

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(2, 2, figsize=(7, 4.6), sharex=True, sharey=True, layout="constrained")
for ax, (depth, output) in zip(axes.flat, zigzags.items(), strict=True):
    ax.plot(line[0], output[0], linewidth=1.2)
    title = f"{depth} hidden layer{'s' if depth > 1 else ''}, {2 * depth} units"
    ax.set_title(f"{title}: {pieces[depth]} pieces", fontsize=9)
fig.supxlabel("input", fontsize=11)
fig.supylabel("output", fontsize=11)
describe(
    fig,
    "Four zigzag lines between 0 and 1. With one hidden layer of two units there are 2 straight pieces, one peak. With "
    "two layers there are 4 pieces, with three 8, with five 32: each layer of two units doubles them.",
)

# %% [markdown]
# Each further layer adds two units and *doubles* the pieces. In a single hidden layer each unit
# adds one crease, so it takes 32 units where five layers take 10, and a thousand where ten layers
# take 20. Depth multiplies, width adds.

# %% tags=["claim"]
assert all(count == 2**depth for depth, count in pieces.items()), "doubles the pieces"

# %% [markdown]
# Digits are no zigzags, but they are made in layers, too: strokes of ink, corners and loops of
# strokes, digits of loops. A layer can use again and again what the one before it has found. In
# section 8 you will see what that is worth for digits, and what it is not.
#
# ### Exercise 4: forward_pass
# *15 minutes, ●●○, 6 points*
#
# $$A_0 = X, \qquad A_l = g_l(W_l A_{l-1} + b_l) \quad (n_l, m), \qquad
# g_1, \dots, g_{L-1} = \operatorname{ReLU}, \quad g_L = \operatorname{softmax} .$$
#
# **Before you write it.** The dict of parameters does not say how deep the network is. How can you
# tell? And how many caches will the list have?


# %% nbgrader={"grade": false, "grade_id": "forward_pass", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward_pass(
    X: np.ndarray, parameters: dict[str, np.ndarray]
) -> tuple[np.ndarray, list[tuple]]:
    """Send examples through all layers: ReLU in the hidden ones, softmax in the last.

    Parameters
    ----------
    X : ndarray, shape (n0, m)
        Examples.
    parameters : dict
        "W1", "b1", …, "WL", "bL", for any depth L from 1 upwards.

    Returns
    -------
    AL : ndarray, shape (nL, m)
        Probabilities.
    caches : list
        What `deep_layer` returns as its cache, for each layer from the first to the last.
    """
    # 1. Find out how many layers there are.
    # 2. Go through the layers; what one returns is what the next one takes.
    # 3. Keep every layer's cache.
    ### BEGIN SOLUTION
    depth = len(parameters) // 2
    A, caches = X, []
    for layer in range(1, depth + 1):
        activation = "relu" if layer < depth else "softmax"
        A, cache = deep_layer(A, parameters[f"W{layer}"], parameters[f"b{layer}"], activation)
        caches.append(cache)
    return A, caches
    ### END SOLUTION


# %% tags=["expected-output"]
check.forward_pass(forward_pass)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Each layer has two entries in the dict, so `len(parameters) // 2` layers. With `//` the result is
# an integer, which `range` needs.
#
# </details>
#
# <details><summary>Answer to the questions</summary>
#
# By counting its entries: every layer has two. The list has as many caches as there are layers, as
# the last layer has one, too.
#
# </details>
#
# **Pitfall.** `deep_layer(X, …)` inside the loop gives every layer the pictures. With four layers of
# different sizes NumPy will protest; with layers as wide as a picture has pixels it would not.

# %% nbgrader={"grade": true, "grade_id": "test_forward_pass", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of forward_pass(X, parameters) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_forward_pass(globals())
### END HIDDEN TESTS

# %% [markdown]
# ## 4. The cost
#
# ### Exercise 5: compute_cost
# *5 minutes, ●○○, 4 points*
#
# The cross-entropy of Lab 3, once more, for the last layer's probabilities:
#
# $$J = -\frac{1}{m} \sum_{i=1}^{m} \sum_{k=1}^{K} Y_{ki} \log A_{L,ki},
# \qquad A_L, Y : (K, m), \quad J : \text{a number}.$$
#
# As there, a probability may be exactly 0. Guard the logarithm.
#
# **Before you write it.** The pictures are float32, so in training the probabilities are, too. The
# smallest number above 0 that float32 knows is about $10^{-45}$. What does
# `np.maximum(np.zeros(3, np.float32), 1e-300)` give? So how small may your guard be?


# %% nbgrader={"grade": false, "grade_id": "compute_cost", "locked": false, "schema_version": 3, "solution": true, "task": false}
def compute_cost(AL: np.ndarray, Y: np.ndarray) -> float:
    """Compute the mean cross-entropy.

    Parameters
    ----------
    AL : ndarray, shape (n_classes, m)
        Probabilities from 0 to 1, both included. Not changed.
    Y : ndarray, shape (n_classes, m)
        One-hot labels. Not changed.

    Returns
    -------
    float
        The cost; finite even where AL is exactly 0.
    """
    ### BEGIN SOLUTION
    tiny = 1e-12
    return float(-np.sum(Y * np.log(np.maximum(AL, tiny))) / Y.shape[1])
    ### END SOLUTION


# %% tags=["expected-output"]
check.compute_cost(compute_cost)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.maximum(A, tiny)` lifts what is below `tiny` up to it. Divide by the number of examples only.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# It gives zeros: in float32 $10^{-300}$ *is* 0, and so the guard guards nothing. Anything from
# $10^{-12}$ to $10^{-7}$ is safe in float32 and in float64. (From above, no guard is needed: only
# $\log A$ occurs, and $\log 1 = 0$.)
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_compute_cost", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of compute_cost(AL, Y) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_compute_cost(globals())
### END HIDDEN TESTS

# %% [markdown]
# The cheapest test of all: what does the untrained network cost? It should be sure of nothing, so
# its cost should be near $\log 10$. And it should know nothing, so its accuracy should be near 1/10.

# %%
untrained = initialize_parameters(layer_dims, np.random.default_rng(0))
AL, caches = forward_pass(test_x, untrained)
print(f"cost of the untrained network: {compute_cost(AL, one_hot(test_y, 10)):.2f}")
print(f"log 10                       : {np.log(10):.2f}")
# Right is an answer in which no digit is more probable than the true one.
of_the_true_digit = AL[test_y[0], np.arange(test_y.shape[1])]
print(f"accuracy                     : {np.mean(of_the_true_digit == AL.max(axis=0)):.1%}")
print("shapes on the way            :", [cache[1].shape for cache in caches])

# %% [markdown]
# The cost is a bit above $\log 10$: with He's weights the first scores are not quite 0, and the
# network begins with a few random opinions. Had the cell printed 5 or 20, or an accuracy of 40 %, you
# would look for the bug before you train.

# %% tags=["claim"]
assert 0 < compute_cost(AL, one_hot(test_y, 10)) - np.log(10) < 0.3, "a bit above log 10"
# The question of exercise 5.
assert not np.maximum(np.zeros(3, np.float32), 1e-300).any(), "it gives zeros"
assert np.maximum(np.zeros(3, np.float32), 1e-12).all(), "1e-12 is safe in float32"
assert 1e-46 < np.nextafter(np.float32(0), np.float32(1)) < 1e-44, "about 1e-45"
assert 0.07 < np.mean(AL.argmax(axis=0) == test_y[0]) < 0.13, "the accuracy is near 1/10"

# %% [markdown]
# ## 5. Backward
#
# On the way back we go through the same layers in the reverse order. Each gets the slopes of the
# cost at its output and hands on the slopes at its input. As in Lab 3 we write $dZ$, $dA$ for the
# slopes of *each example's own* cost, one column an example, and take the mean over the examples
# where a parameter is reached, because all examples share the parameters.
#
# The formulas are those of Lab 3, sorted by layer:
#
# 1. at the top, softmax and cross-entropy together give $dZ_L = A_L - Y$;
# 2. the linear half of a layer turns $dZ$ into $dW$, $db$ and $dA_\text{prev}$;
# 3. ReLU turns $dA$ into $dZ$, and we are at 2 again, one layer further down.
#
# ### Exercise 6: linear_backward
# *15 minutes, ●●○, 6 points*
#
# From $Z = W A_\text{prev} + b$:
#
# $$\begin{aligned}
# dW &= \frac{1}{m}\, dZ\, A_\text{prev}^\top && (n, n_\text{prev}) = (n, m)\,(m, n_\text{prev}) \\
# db &= \text{row means of } dZ && (n, 1) \\
# dA_\text{prev} &= W^\top dZ && (n_\text{prev}, m) = (n_\text{prev}, n)\,(n, m)
# \end{aligned}$$
#
# **Before you write it.** Two of the three have $1/m$ in them. Why does $dA_\text{prev}$ not have it?
# What would happen after four layers if it had?


# %% nbgrader={"grade": false, "grade_id": "linear_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_backward(
    dZ: np.ndarray, linear_cache: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Go back through the linear half of a layer.

    Parameters
    ----------
    dZ : ndarray, shape (n, m)
        Slopes of each example's cost at Z. Not changed.
    linear_cache : tuple
        (A_prev, W, b) from the way forward.

    Returns
    -------
    dA_prev : ndarray, shape (n_prev, m)
        Slopes of each example's cost at what came in.
    dW : ndarray, shape (n, n_prev)
        Gradient of the mean cost.
    db : ndarray, shape (n, 1)
        Gradient of the mean cost.
    """
    # 1. Unpack the cache. Which of its arrays knows m?
    # 2. The gradients of W and b are means over the examples.
    # 3. The slopes go back through the transpose of W.
    ### BEGIN SOLUTION
    A_prev, W, _ = linear_cache
    dZ_share = dZ / dZ.shape[1]  # with small batches dZ is smaller than dW
    dW = dZ_share @ A_prev.T
    db = dZ_share.sum(axis=1, keepdims=True)
    dA_prev = W.T @ dZ
    return dA_prev, dW, db
    ### END SOLUTION


# %% tags=["expected-output"]
check.linear_backward(linear_backward)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Let the shapes lead you: only one order and one choice of transposes makes $(n, n_\text{prev})$ of
# $(n, m)$ and $(n_\text{prev}, m)$. For $db$, `keepdims=True` keeps the column a column.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# $dA_\text{prev}$ has a column for each example, and no mean has been taken yet. If each layer divided
# by $m$, the first of four layers would get gradients $m^3$ times too small, and would stand still.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_linear_backward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of linear_backward(dZ, linear_cache) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_linear_backward(globals())
### END HIDDEN TESTS

# %% [markdown]
# You have a ruler from Lab 3, `numerical_gradient`, and a single piece can be measured as well as a
# whole network. We invent a cost that sees nothing but $Z$: with fixed random numbers $G$,
#
# $$J = \frac{1}{m} \sum_{k,i} G_{ki} Z_{ki}, \qquad \text{so that } dZ = G .$$
#
# The slopes at $A_\text{prev}$ are those of each example's own cost, so they are $m$ times what the
# mean cost gives; here $m = 4$. As in Lab 3, a relative error below $10^{-5}$ counts as right.


# %% tags=["for-the-reader"]
def relative_error(computed: np.ndarray, measured: np.ndarray) -> float:
    """Return how far two gradients are apart, relative to their size."""
    size = np.linalg.norm(computed) + np.linalg.norm(measured)
    return float(np.linalg.norm(computed - measured) / size)


rng = np.random.default_rng(6)
W, b, A_prev = rng.normal(size=(3, 5)), rng.normal(size=(3, 1)), rng.normal(size=(5, 4))
G = rng.normal(size=(3, 4))
dA_prev, dW, db = linear_backward(G, (A_prev, W, b))
measured = {
    "dA_prev": 4 * numerical_gradient(lambda A: np.sum(G * linear_forward(A, W, b)[0]) / 4, A_prev),
    "dW": numerical_gradient(lambda W: np.sum(G * linear_forward(A_prev, W, b)[0]) / 4, W),
    "db": numerical_gradient(lambda b: np.sum(G * linear_forward(A_prev, W, b)[0]) / 4, b),
}
for (name, ruler), computed in zip(measured.items(), (dA_prev, dW, db), strict=True):
    verdict = "right" if relative_error(computed, ruler) < 1e-5 else "wrong"
    print(f"{name:8s}{verdict}")

# %% [markdown]
# ### Exercise 7: backward_activation
# *10 minutes, ●●○, 6 points*
#
# A hidden layer gets $dA$. First back through ReLU, then through the linear half
# ($\odot$ multiplies entry by entry):
#
# $$dZ = dA \odot \operatorname{ReLU}'(Z) \quad (n, m), \qquad
# \operatorname{ReLU}'(z) = \begin{cases} 1 & \text{if } z > 0 \\ 0 & \text{otherwise.} \end{cases}$$
#
# (At exactly 0 ReLU has a corner, and its slope is a convention; 1 is accepted, too.)
#
# Softmax never comes by here: at the last layer it has already been dealt with, together with the
# logarithm. The argument `activation` is there for the other functions that you may want to add
# one day.
#
# **Before you write it.** A unit is negative for all examples of a batch. What are its row of $dW$
# and its entry of $db$? What does it add to $dA_\text{prev}$?


# %% nbgrader={"grade": false, "grade_id": "backward_activation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_activation(
    dA: np.ndarray, cache: tuple, activation: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Go back through one hidden layer: activation, then linear.

    Parameters
    ----------
    dA : ndarray, shape (n, m)
        Slopes of each example's cost at the layer's output. Not changed.
    cache : tuple
        (linear_cache, Z) from `deep_layer`.
    activation : str
        "relu".

    Returns
    -------
    dA_prev : ndarray, shape (n_prev, m)
    dW : ndarray, shape (n, n_prev)
    db : ndarray, shape (n, 1)

    Raises
    ------
    ValueError
        If the activation is another one.
    """
    if activation != "relu":
        raise ValueError(f'The activation is {activation!r}; expected "relu".')
    # 1. Unpack the cache.
    # 2. Slopes get through where Z was positive, and nowhere else.
    # 3. The rest is done by a function that you have.
    ### BEGIN SOLUTION
    linear_cache, Z = cache
    dZ = dA * (Z > 0)
    return linear_backward(dZ, linear_cache)
    ### END SOLUTION


# %% tags=["expected-output"]
check.backward_activation(backward_activation)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `Z > 0` is an array of True and False. In a product, True counts as 1 and False as 0.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# All 0: nothing gets through. It neither learns from this batch nor teaches anybody below it. If
# that is so for every batch, it has died.
#
# </details>
#
# **Pitfall.** The mask is made of $Z$, which went forward, not of $dA$, which comes back. `relu(dA)`
# looks right, runs, and throws away all negative slopes.

# %% nbgrader={"grade": true, "grade_id": "test_backward_activation", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of backward_activation(dA, cache, activation) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_backward_activation(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 8: backward_pass
# *25 minutes, ●●●, 10 points*
#
# All the way back, from the probabilities to the first layer:
#
# $$\begin{aligned}
# dZ_L = A_L - Y \;&\xrightarrow{\text{linear}}\; dA_{L-1},\; dW_L,\; db_L \\
# dA_l \;&\xrightarrow{\text{ReLU, linear}}\; dA_{l-1},\; dW_l,\; db_l
#   \qquad l = L-1, \dots, 1
# \end{aligned}$$
#
# **Before you write it.** The cache of layer $l$ is `caches[l - 1]`, as lists count from 0. Which one
# is that of the last layer? And which `range` counts from $L - 1$ down to 1?


# %% nbgrader={"grade": false, "grade_id": "backward_pass", "locked": false, "schema_version": 3, "solution": true, "task": false}
def backward_pass(AL: np.ndarray, Y: np.ndarray, caches: list[tuple]) -> dict[str, np.ndarray]:
    """Compute the gradient of the mean cost with respect to every parameter.

    Parameters
    ----------
    AL : ndarray, shape (nL, m)
        Probabilities, from `forward_pass`; some may be exactly 0 or 1. Not changed.
    Y : ndarray, shape (nL, m)
        One-hot labels. Not changed.
    caches : list
        From `forward_pass`, one for each layer from the first to the last. Not changed.

    Returns
    -------
    dict
        "dW1", "db1", …, "dWL", "dbL", each in the shape of its parameter, and finite.
    """
    # 1. The last layer: from the slopes at the scores back through its linear half.
    # 2. The hidden layers, from the last to the first.
    ### BEGIN SOLUTION
    depth = len(caches)
    grads = {}
    linear_cache, _ = caches[-1]
    dA, grads[f"dW{depth}"], grads[f"db{depth}"] = linear_backward(AL - Y, linear_cache)
    for layer in range(depth - 1, 0, -1):
        cache = caches[layer - 1]
        if layer == 1:
            # Nobody asks for the slopes at the pixels: they would be three in ten of all the
            # multiplications of a step. Without its columns, W gives none of them.
            (X, W, b), Z = cache
            cache = (X, W[:, :0], b), Z
        dA, grads[f"dW{layer}"], grads[f"db{layer}"] = backward_activation(dA, cache, "relu")
    return grads
    ### END SOLUTION


# %% tags=["expected-output"]
check.backward_pass(backward_pass)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `range(5, 0, -1)` counts 5, 4, 3, 2, 1. Give what comes back as `dA_prev` the name `dA`, and the
# next round finds it.
#
# </details>
#
# <details><summary>Answer to the questions</summary>
#
# `caches[-1]`, or `caches[L - 1]`. `range(L - 1, 0, -1)`. If there is no hidden layer, $L = 1$, and
# that range is empty, as it should be.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_backward_pass", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of backward_pass(AL, Y, caches) run here when you hand in. 10 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_backward_pass(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### The whole against the ruler
#
# Each piece is tested. Do they fit together? `gradient_check` makes a network with three layers and
# parameters none of which is 0, and compares what your `backward_pass` computes for each of them
# with what your ruler from Lab 3 measures. No two of the sizes 6, 5, 4, 3 and $m = 7$ are equal, so
# that no transpose can hide.


# %% tags=["for-the-reader"]
def gradient_check(
    backward: Callable, sizes: tuple[int, ...] = (6, 5, 4, 3), m: int = 7
) -> dict[str, float]:
    """Return the relative error of each gradient, {"dW1": …, "db1": …, …}."""
    rng = np.random.default_rng(1)
    point = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        point[f"W{layer}"] = rng.normal(0, 0.8, (n_out, n_in))
        point[f"b{layer}"] = rng.normal(0, 0.8, (n_out, 1))
    X = rng.normal(size=(sizes[0], m))
    Y = one_hot(rng.integers(0, sizes[-1], (1, m)), sizes[-1])

    def cost_as_function_of(name: str) -> Callable[[np.ndarray], float]:
        return lambda theta: compute_cost(forward_pass(X, point | {name: theta})[0], Y)

    AL, caches = forward_pass(X, point)
    grads = backward(AL, Y, caches)
    return {
        f"d{name}": relative_error(
            grads[f"d{name}"], numerical_gradient(cost_as_function_of(name), value)
        )
        for name, value in point.items()
    }


errors = gradient_check(backward_pass)


# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
def plot_errors(errors: dict[str, float], title: str, limit: float = 1e-5) -> None:
    """Draw the errors of a gradient check."""
    wrong = [error > limit for error in errors.values()]
    _, ax = plt.subplots(figsize=(5.5, 2.8))
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
    ax.set(title=title, xlabel="relative error", xscale="log", xlim=(1e-12, 2))
    ax.invert_yaxis()
    verdicts = [f"{n} {'wrong' if bad else 'right'}" for n, bad in zip(errors, wrong, strict=True)]
    describe(ax, f"Errors of the gradients, wrong if above {limit:g}: {', '.join(verdicts)}.")


plot_errors(errors, "your backward_pass")

# %% [markdown]
# All bars left of the dashed line at $10^{-5}$: whatever happens in training now, it is not your
# gradients. If some are not, look at the *last* layer that is wrong, the one with the highest
# number. What is below it gets its slopes through it.

# %% tags=["claim"]
assert max(errors.values()) < 1e-5, "all bars left of the dashed line"
# Multiplications for each example: forward, for dW, for dA, and what dA at the pixels would add.
_products = [n_in * n_out for n_in, n_out in pairwise(layer_dims)]
assert abs(_products[0] / (3 * sum(_products)) - 0.3) < 0.01, "three in ten of all"

# %% [markdown]
# Now you can also see what section 2 could only say: what becomes of the slopes on their way back
# through twelve layers.
#
# **Before you run it.** With halved weights, which layer gets the smallest gradient, the first or the
# last?

# %% tags=["for-the-reader"]
deep_dims = [784] + [100] * 12 + [10]
deep_start = initialize_parameters(deep_dims, np.random.default_rng(0))
slope_sizes, gradient_sizes = {}, {}
for name, factor in starts.items():
    scaled = {key: factor * value for key, value in deep_start.items()}
    AL, caches = forward_pass(train_x[:, :200], scaled)
    # With the identity in the place of A_prev, dW = dZ / m: your function gives the slopes themselves.
    probes = [((np.eye(200), W, b), Z) for (_, W, b), Z in caches]
    for sizes, cached in ((slope_sizes, probes), (gradient_sizes, caches)):
        found = backward_pass(AL, train_Y[:, :200], cached)
        sizes[name] = [np.sqrt(np.mean(found[f"dW{layer}"] ** 2)) for layer in range(1, 13)]
    slope_sizes[name] = 200 * np.array(slope_sizes[name])

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(2, 1, figsize=(7, 5.6), sharex=True, layout="constrained")
words = []
for ax, (what, sizes_of) in zip(
    axes, {"slopes dZ": slope_sizes, "gradients dW": gradient_sizes}.items(), strict=True
):
    for (name, sizes), marker in zip(sizes_of.items(), "vos", strict=True):
        ax.semilogy(range(1, 13), sizes, marker=marker, markersize=4, label=name)
        words.append(f"{what}, {name}: {sizes[0]:.0e} in layer 1, {sizes[-1]:.0e} in layer 12")
    ax.set(ylabel="root mean square", title=f"Size of the {what}")
    ax.set_xticks([1, 4, 8, 12])
    ax.grid(alpha=0.3)
axes[1].set_xlabel("layer")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
describe(
    fig,
    "The root mean square of each layer's dZ, and below it of its dW, in a network of twelve hidden layers, on "
    f"logarithmic axes. {'; '.join(words)}. The slopes fall towards layer 1, stay, or rise; the gradients of each "
    "start are a nearly level line of its own.",
)

# %% [markdown]
# Above are the slopes, and they do what section 2 said. Read them from right to left, as they travel:
# with halved weights they vanish on their way to layer 1, with doubled ones they explode.
#
# Below are the gradients. Did you say that the first layer gets the smallest? It is the obvious answer,
# but the lines are nearly level. A gradient $dW$ is a product of two things: the slopes that came back,
# which shrink on the way down, and the activations, which shrank on the way up. Halved weights halve
# one of the two at every layer, so that *all* layers get gradients that are far too small, about
# equally. A learning rate that suits one start does nothing at all with another, or throws it out of
# the window.

# %% tags=["claim"]
assert all(max(s) < 5 * min(s) for s in gradient_sizes.values()), "nearly level lines"
_small, _good, _large = (np.median(s) for s in gradient_sizes.values())
assert _small < 0.01 * _good < 0.0001 * _large, "far too small, and far too large"
_small, _good, _large = (s[0] / s[-1] for s in slope_sizes.values())
assert _small < 0.01, "with halved weights the slopes vanish on the way back"
assert _large > 100, "with doubled ones they explode"
assert 0.3 < _good < 3, "with He's start they do neither"
_AL, _caches = forward_pass(train_x[:, :200], deep_start)
_dA, _, _ = linear_backward(_AL - train_Y[:, :200], _caches[-1][0])
_dZ = _dA * (_caches[-2][1] > 0)
assert np.isclose(slope_sizes["He's"][-1], np.sqrt(np.mean(_dZ**2))), "these are the slopes"

# %% [markdown]
# ## 6. Update
#
# ### Exercise 9: update_parameters
# *5 minutes, ●○○, 2 points*
#
# $$W_l \leftarrow W_l - \alpha\, dW_l, \qquad b_l \leftarrow b_l - \alpha\, db_l,
# \qquad l = 1, \dots, L .$$
#
# **Before you write it.** You need not know the depth this time. Why?


# %% nbgrader={"grade": false, "grade_id": "update_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def update_parameters(
    parameters: dict[str, np.ndarray], grads: dict[str, np.ndarray], learning_rate: float
) -> dict[str, np.ndarray]:
    """Take one step of gradient descent.

    Parameters
    ----------
    parameters : dict
        "W1", "b1", …, "WL", "bL".
    grads : dict
        "dW1", "db1", …, "dWL", "dbL".
    learning_rate : float

    Returns
    -------
    dict
        The parameters after the step, under the same names as before.
    """
    ### BEGIN SOLUTION
    return {name: value - learning_rate * grads[f"d{name}"] for name, value in parameters.items()}
    ### END SOLUTION


# %% tags=["expected-output"]
check.update_parameters(update_parameters)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `for name in parameters:` runs through the names, and `"d" + name` is the name of the gradient.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# Every parameter takes the same kind of step, whatever layer it belongs to. The names in the dict
# are all that you need.
#
# </details>
#
# **Pitfall.** `W = W - …` inside a loop over `parameters.values()` changes the variable `W` and
# nothing in the dict.

# %% nbgrader={"grade": true, "grade_id": "test_update_parameters", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of update_parameters(parameters, grads, learning_rate) run here when you hand in. 2 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_update_parameters(globals())
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Mini-batches
#
# In Lab 3 all examples took part in every step. With 60,000 of them, that is one careful step for
# 60,000 examples' worth of work. But a gradient is a mean, and a mean can be estimated from a
# sample. The next cell takes one part of the untrained network's gradient, `dW2`, over thousands of
# examples: here that is the true one. It compares it with what random batches of 1, 4, 16 … of them
# say, by the angle between the two. An angle of 0° is the right direction, 90° is no better than a
# guess.
#
# **Before you run it.** Four times as many examples cost four times as much. By how much do they
# make the estimate better?


# %% tags=["for-the-reader"]
def first_gradient(chosen: np.ndarray) -> np.ndarray:
    """Return dW2 of the untrained network on some of the examples, as one long vector."""
    AL, caches = forward_pass(train_x[:, chosen], untrained)
    return backward_pass(AL, train_Y[:, chosen], caches)["dW2"].ravel()


rng = np.random.default_rng(7)
pool = min(m_train, 10_000)
true_gradient = first_gradient(np.arange(pool))
batch_sizes = [1, 4, 16, 64, 256]
angles = []
for size in batch_sizes:
    samples = [first_gradient(rng.choice(pool, size, replace=False)) for _ in range(40)]
    cosines = [
        sample @ true_gradient / (np.linalg.norm(sample) * np.linalg.norm(true_gradient))
        for sample in samples
    ]
    angles.append(np.degrees(np.arccos(cosines)))
    print(f"batches of {size:3d}: {angles[-1].mean():.0f} degrees in the mean")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, ax = plt.subplots(figsize=(7, 3.2))
for place, angle in enumerate(angles):
    ax.plot(
        np.full(40, place) + np.linspace(-0.2, 0.2, 40),
        angle,
        "o",
        markersize=3,
        color="C0",
        alpha=0.5,
    )
    ax.plot([place - 0.3, place + 0.3], [angle.mean()] * 2, "k-", linewidth=2)
ax.set_xticks(range(5), batch_sizes)
ax.set(xlabel="examples in the batch", ylabel="angle (degrees)", ylim=(0, 130))
ax.axhline(90, color="gray", linestyle=":")
ax.set_title("How far a batch's gradient points from the true one")
ax.grid(alpha=0.3, axis="y")
describe(
    ax,
    "The angle between the gradient of a batch and that of all examples, for 40 batches of each size; the mean is a "
    "black line. "
    + ", ".join(
        f"{size} example{'s' if size > 1 else ''}: {angle.mean():.0f} degrees"
        for size, angle in zip(batch_sizes, angles, strict=True)
    )
    + ".",
)

# %% [markdown]
# A single example is hardly better than a guess: in the mean a bit downhill, but many point uphill.
# Once the direction is roughly right, from 16 examples on, every fourfold of work about halves the
# *tangent* of the angle, which is how far the estimate is off to the side for each step ahead. That
# is so for any mean: its error falls like one over the root of the number of examples. So the first
# few dozen examples of a batch buy much, and the last few thousand hardly anything. It is better to
# spend them on further steps.

# %% tags=["claim"]
assert 75 < angles[0].mean() < 90, "hardly better than a guess"
assert 0.3 < np.mean(angles[0] > 90) < 0.6, "many single examples point uphill"
_tangents = [np.tan(np.radians(angle.mean())) for angle in angles]
assert all(0.4 < b / a < 0.6 for a, b in pairwise(_tangents[2:])), "a fourfold halves the tangent"

# %% [markdown]
# ### Exercise 10: random_mini_batches
# *20 minutes, ●●○, 6 points*
#
# Cut $m$ examples into batches of $B$: shuffled, so that each batch is a fair sample, and every
# example in exactly one of them. If $B$ does not divide $m$, the last batch is smaller.
#
# $$X : (n_0, m),\ Y : (K, m) \;\to\; \lceil m / B \rceil \text{ pairs } X_\text{batch} : (n_0, B),\
# Y_\text{batch} : (K, B) .$$
#
# **Before you write it.** What does a network learn if $X$ is shuffled and $Y$ is not? What would its
# accuracy be?


# %% nbgrader={"grade": false, "grade_id": "random_mini_batches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def random_mini_batches(
    X: np.ndarray, Y: np.ndarray, batch_size: int, rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Shuffle the examples and cut them into batches.

    Parameters
    ----------
    X : ndarray, shape (n_features, m)
        Examples. Not changed.
    Y : ndarray, shape (n_classes, m)
        Their one-hot labels. Not changed.
    batch_size : int
        Number of examples in every batch but the last, which may have fewer.
    rng : numpy.random.Generator
        Source of the random order.

    Returns
    -------
    list of (X_batch, Y_batch)
        Every example is in exactly one of them, next to its own label.
    """
    # 1. Draw a random order of the m examples with rng.
    # 2. Take the first batch_size of that order, then the next, and so on to the end.
    # 3. Pick these columns out of X, and the same out of Y.
    ### BEGIN SOLUTION
    m = X.shape[1]
    order = rng.permutation(m)
    batches = []
    for start in range(0, m, batch_size):
        chosen = order[start : start + batch_size]
        batches.append((X[:, chosen], Y[:, chosen]))
    return batches
    ### END SOLUTION


# %% tags=["expected-output"]
check.random_mini_batches(random_mini_batches)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rng.permutation(m)` gives the numbers from 0 to m − 1 in a random order, and `X[:, indices]` picks
# columns. `range(0, m, batch_size)` counts in steps. A slice that reaches beyond the end stops at
# the end.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# Pictures with labels of other pictures teach nothing but how frequent each label is. Its accuracy
# would be near 1/10, and its cost near $\log 10$.
#
# </details>
#
# **Pitfall.** `rng.shuffle(X)` shuffles along the first axis, and that is the *pixels* of all
# pictures. It works in place, too, and spoils your data for good.

# %% nbgrader={"grade": true, "grade_id": "test_random_mini_batches", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of random_mini_batches(X, Y, batch_size, rng) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_random_mini_batches(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 11: train_model
# *20 minutes, ●●○, 5 points*
#
# An *epoch* is one round through all the examples. In each, draw new batches, and for each batch:
# forward, backward, update. The epoch's cost is the mean over its examples of what each cost when
# its batch came by.
#
# `for _ in progress_bar(epochs)` counts like `for _ in range(epochs)` and shows a bar. To show the
# cost beside it, give the bar a name and call its `set_postfix_str` at the end of every epoch.
#
# The learning rate may fall from epoch to epoch, by the factor `decay`. You will see in section 8
# why one would want that.
#
# **Before you write it.** With 60,000 examples and batches of 64, how many steps are there in an
# epoch? How many in ten? (Lab 3 made 512 in all.)


# %% nbgrader={"grade": false, "grade_id": "train_model", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_model(
    X: np.ndarray,
    Y: np.ndarray,
    layer_dims: list[int],
    learning_rate: float,
    batch_size: int,
    epochs: int,
    rng: np.random.Generator,
    decay: float = 1.0,
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Train a network of any depth on mini-batches.

    Parameters
    ----------
    X : ndarray of float, shape (n_features, m)
        Examples. Not changed.
    Y : ndarray, shape (n_classes, m)
        One-hot labels. Not changed.
    layer_dims : list of int
        As for `initialize_parameters`.
    learning_rate : float
        In the first epoch.
    batch_size, epochs : int
    rng : numpy.random.Generator
        For the first parameters, then for the batches.
    decay : float
        What the learning rate is multiplied by after each epoch.

    Returns
    -------
    parameters : dict
        After the last step.
    costs : list of float
        For each epoch the mean cost, each batch's taken just before its step.
    """
    # 1. Draw the first parameters. If X is float32, training is twice as fast when these and Y
    #    are, too: value.astype(X.dtype) for each. You may leave that out.
    # 2. In each epoch draw new batches.
    # 3. For each batch: forward, cost, backward, update. Keep what update_parameters returns.
    # 4. At the end of an epoch note its mean cost, and lower the learning rate.
    ### BEGIN SOLUTION
    Y = Y.astype(X.dtype)
    first = initialize_parameters(layer_dims, rng)
    parameters = {name: value.astype(X.dtype) for name, value in first.items()}
    costs = []
    bar = progress_bar(epochs)
    for _ in bar:
        outputs, labels = [], []
        for X_batch, Y_batch in random_mini_batches(X, Y, batch_size, rng):
            AL, caches = forward_pass(X_batch, parameters)
            grads = backward_pass(AL, Y_batch, caches)
            parameters = update_parameters(parameters, grads, learning_rate)
            outputs.append(AL)
            labels.append(Y_batch)
        AL, Y_seen = np.hstack(outputs), np.hstack(labels)
        costs.append(compute_cost(AL, Y_seen))
        share_right = np.mean(AL.argmax(axis=0) == Y_seen.argmax(axis=0))
        bar.set_postfix_str(f"cost {costs[-1]:.3f}, accuracy {share_right:.1%}")
        learning_rate *= decay
    return parameters, costs
    ### END SOLUTION


# %% tags=["expected-output"]
check.train_model(train_model)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Two loops, one in the other. What belongs before both, what in the outer, what in the inner? For
# the cost, either add up what `compute_cost` gives for each batch and divide by their number (that
# the last one may be smaller does not matter much), or collect all `AL` and all `Y_batch` of the
# epoch in lists, join these with `np.hstack`, and compute the cost once.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# $\lceil 60\,000 / 64 \rceil = 938$ in an epoch, 9,380 in ten. For the same number of pictures
# looked at, gradient descent on all of them makes ten.
#
# </details>
#
# **Pitfall.** `initialize_parameters` inside the loop over the epochs forgets everything at the start
# of each. `random_mini_batches` *before* that loop shows the same batches in the same order again
# and again.

# %% nbgrader={"grade": true, "grade_id": "test_train_model", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of train_model(X, Y, layer_dims, learning_rate, batch_size, epochs, rng, decay) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_train_model(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 12: predict
# *5 minutes, ●○○, 3 points*
#
# $$X : (n_0, m) \;\to\; A_L : (K, m) \;\to\; \text{labels} : (m,), \text{ the most probable class of each column.}$$
#
# **Before you write it.** Does `predict` need the caches?


# %% nbgrader={"grade": false, "grade_id": "predict", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict(X: np.ndarray, parameters: dict[str, np.ndarray]) -> np.ndarray:
    """Return the most probable class of each example.

    Parameters
    ----------
    X : ndarray, shape (n_features, m)
    parameters : dict
        "W1", "b1", …, "WL", "bL".

    Returns
    -------
    ndarray of int, shape (m,)
    """
    ### BEGIN SOLUTION
    AL, _ = forward_pass(X, parameters)
    return AL.argmax(axis=0)
    ### END SOLUTION


# %% tags=["expected-output"]
check.predict(predict)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `argmax` says where the largest entry is. The classes lie along axis 0.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# No. They are for the way back, and here there is none. Name them `_` and forget them.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of predict(X, parameters) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab4

lab4.test_predict(globals())
### END HIDDEN TESTS

# %% [markdown]
# ## 8. Training on digits
#
# First the cheapest test of all the pieces together: can the network learn twenty pictures by heart?
# It has five thousand weights for each, so it must. If the cost does not go down to nearly nothing
# here, a longer training would only hide the bug.

# %% tags=["for-the-reader"]
_, costs_of_twenty = train_model(
    train_x[:, :20], train_Y[:, :20], layer_dims, 0.1, 20, 100, np.random.default_rng(0)
)
print(
    f"cost of twenty pictures: {costs_of_twenty[0]:.2f}, and in the end {costs_of_twenty[-1]:.3f}"
)

# %% tags=["claim"]
_n_weights = sum(value.size for value in untrained.values())
assert 5_000 < _n_weights / 20 < 6_000, "five thousand weights for each of twenty pictures"
assert costs_of_twenty[-1] < 0.02, "the cost goes down to nearly nothing"
assert _n_weights == 111_146, "question 1 at the end"
# Exercise 10: if X is shuffled and Y is not, the accuracy is near 1/10, the cost near log 10.
_rng = np.random.default_rng(0)
_now, _costs = initialize_parameters(layer_dims, _rng), []
for _ in range(6):
    for _X, _Y in random_mini_batches(train_x[:, :2000], train_Y[:, :2000], 64, _rng):
        _Y = train_Y[:, _rng.integers(0, 2000, _Y.shape[1])]
        _AL, _caches = forward_pass(_X, _now)
        _costs.append(compute_cost(_AL, _Y))
        _now = update_parameters(_now, backward_pass(_AL, _Y, _caches), 0.1)
assert abs(np.mean(_costs[-32:]) - np.log(10)) < 0.1, "a cost near log 10"
assert 0.03 < np.mean(predict(test_x, _now) == test_y[0]) < 0.25, "an accuracy near 1/10"
assert 0.88 < untrained["W1"].size / _n_weights < 0.92, "the first layer has nine tenths of them"

# %% [markdown]
# Now for all of them. All of MNIST gets ten epochs; 4,000 pictures, which are far fewer, get more,
# and a rate that falls more slowly. Nothing else is different.

# %% tags=["for-the-reader"]
epochs, decay = (10, 0.75) if m_train > 10_000 else (60, 0.95)
parameters, costs = train_model(
    train_x, train_Y, layer_dims, 0.2, 64, epochs, np.random.default_rng(0), decay
)


def accuracy(parameters: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> float:
    """Return the share of right predictions, from 0 to 1."""
    return float(np.mean(predict(X, parameters) == y[0]))


print(f"accuracy on the training pictures: {accuracy(parameters, train_x, train_y):.2%}")
print(f"accuracy on the test pictures    : {accuracy(parameters, test_x, test_y):.2%}")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
ax = plot_learning_curve(costs)
ax.set_yscale("log")

# %% [markdown]
# The cost falls in every epoch, and most of all in the first few. (Its axis is logarithmic.)
#
# On all of MNIST this network gets 97.8 % of the test pictures right. From 4,000 pictures, if
# these are all that you have, it learns enough for about 94 %. Ten hidden units, as in Lab 3, do
# not get as far on the same pictures; you will see them side by side below. What is left are the
# mistakes: in the next picture, all that is not on the diagonal.

# %% tags=["claim"]
assert all(after < before for before, after in pairwise(costs)), "falls in every epoch"
assert costs[0] - costs[3] > 0.7 * (costs[0] - costs[-1]), "most of all in the first few"
_on_train, _on_test = accuracy(parameters, train_x, train_y), accuracy(parameters, test_x, test_y)
if dataset_name() == "MNIST":
    assert f"{_on_test:.1%}" == "97.8%", "97.8 % of the test pictures"
else:
    assert 0.93 < _on_test < 0.95, "about 94 %"
# What section 2 says of bad starts, at four layers and at twelve.
_half, _he, _twice = starts


def _learn(sizes, start, rate):
    """Return the cost of each of twelve epochs on 1,000 pictures."""
    first = initialize_parameters(sizes, np.random.default_rng(0))
    now = {key: np.float32(starts[start] * value) for key, value in first.items()}
    rng, means = np.random.default_rng(0), []
    pictures = train_x[:, :1000], np.float32(train_Y[:, :1000])
    with np.errstate(all="ignore"):
        for _ in range(12):
            costs_now = []
            for X_batch, Y_batch in random_mini_batches(*pictures, 64, rng):
                AL, caches = forward_pass(X_batch, now)
                costs_now.append(compute_cost(AL, Y_batch))
                now = update_parameters(now, backward_pass(AL, Y_batch, caches), rate)
            means.append(np.mean(costs_now))
    return means


_four = {_start: _learn(layer_dims, _start, 0.03) for _start in starts}
assert 2 * _four[_he][-1] < _four[_half][-1] < 2.2, "four layers, too small: costs time"
assert _four[_twice][0] > np.log(10) > _four[_he][0], "too large: a dear first epoch"
assert _four[_twice][-1] < 0.5, "four layers, too large: it learns all the same"
assert _learn(layer_dims, _half, 0.1)[-1] < 1, "four layers, too small: it learns all the same"
assert _learn(deep_dims, _he, 0.03)[-1] < 1, "twelve with He's start: learns"
for _start in (_half, _twice):
    for _rate in (0.003, 0.01, 0.03, 0.1, 0.3):
        assert not _learn(deep_dims, _start, _rate)[-1] < 2.25, "twelve: costs everything"

# %% tags=["for-the-reader"]
predictions = predict(test_x, parameters)
plot_confusion_matrix(test_y, predictions)

# %% tags=["for-the-reader"]
probabilities = forward_pass(test_x, parameters)[0]
wrong = np.flatnonzero(predictions != test_y[0])
surest = wrong[np.argsort(-probabilities[:, wrong].max(axis=0), kind="stable")][:12]
plot_digits(test_x, test_y, indices=surest, predictions=predictions)

# %% [markdown]
# These are the mistakes of which it was surest: to each of these wrong answers it gave a probability
# above 0.95. Some of them you might have made, too.

# %% tags=["claim"]
assert probabilities[:, surest].max(axis=0).min() > 0.95, "sure of each of these mistakes"

# %% [markdown]
# ### What the batch size does
#
# We said that a large batch buys little. Why not always batches of 1, then? Because what you pay is
# *time*, and in a batch of 1 a picture costs most. A step has fixed costs: Python calls some sixty
# functions of NumPy in each, whether the matrices have 1 column or 64, and all the weights must be
# fetched from memory to be used on one column only. With 64 columns that is shared by 64. And a
# processor multiplies matrices at its best when both are large.
#
# So give each batch size the same time. We measured it: for an epoch of 1,000 pictures in batches
# of 1 one can have some thirty in batches of 64, and a few more with all pictures in one. The
# pictures of an epoch ask for the same multiplications in each of them. What differs is how often a
# step begins, and how often all the weights are changed. So we train for 3, for 90 and for 120
# epochs. (Your machine may differ: write `%%time` in the first line of a cell, and train for one
# epoch.) Each run has a learning rate that suits it, as a noisy direction allows only small steps.
#
# **Before you run it.** Which of the three makes most steps? Which ends lowest?

# %% tags=["for-the-reader"]
few_x, few_Y, few_y = train_x[:, :1000], train_Y[:, :1000], train_y[:, :1000]
runs = {
    "batches of 1": {"batch_size": 1, "epochs": 3, "learning_rate": 0.01},
    "batches of 64": {"batch_size": 64, "epochs": 90, "learning_rate": 0.1},
    "all in one": {"batch_size": 1000, "epochs": 120, "learning_rate": 0.3},
}
run_costs, run_accuracy = {}, {}
for name, settings in runs.items():
    steps = settings["epochs"] * -(-1000 // settings["batch_size"])
    print(f"{name}: {steps:,} steps at a rate of {settings['learning_rate']}")
    trained, run_costs[name] = train_model(
        few_x, few_Y, layer_dims, rng=np.random.default_rng(0), **settings
    )
    run_accuracy[name] = accuracy(trained, test_x, test_y)
    print(f"accuracy on the test pictures: {run_accuracy[name]:.1%}\n")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(2, 1, figsize=(7, 6), layout="constrained")
words = []
for (name, settings), look in zip(runs.items(), ("C2o-", "C0-", "C1--"), strict=True):
    epochs_done = np.arange(1, settings["epochs"] + 1)
    axes[0].loglog(epochs_done, run_costs[name], look, label=name)
    steps_done = epochs_done * -(-1000 // settings["batch_size"])
    axes[1].loglog(steps_done, run_costs[name], look)
    words.append(
        f"{name}, {epochs_done[-1]} epochs or {steps_done[-1]:,} steps: from {run_costs[name][0]:.2g} to "
        f"{run_costs[name][-1]:.2g}"
    )
axes[0].set(xlabel="epochs", ylabel="cost", title="What an epoch brings")
axes[0].set_xticks([1, 3, 10, 30, 90, 120], [1, 3, 10, 30, 90, ""])
axes[1].set(xlabel="steps", ylabel="cost", title="What a step brings")
axes[1].set_xticks([1, 10, 100, 1000], [1, 10, 100, "1,000"])
for ax in axes:
    ax.minorticks_off()
    ax.grid(alpha=0.3)
fig.legend(loc="outside lower center", ncols=3)
describe(
    fig,
    "The cost of each epoch, above against the number of epochs, below against the number of steps, all axes "
    f"logarithmic. The three runs take about the same time. {'; '.join(words)}.",
)

# %% [markdown]
# Each curve ends when its time is up. Above: with batches of 1 an epoch brings most, as it holds a
# thousand steps. Each follows the opinion of a single picture, and must be short; and three epochs are
# all that there is time for. Below: with all pictures in one a step brings most, as it goes the right
# way, though sometimes too far; but there are only 120 of them. A batch of moderate size takes the best
# of both: many steps, most of them downhill, and a processor at full speed. It ends lowest. That is why
# everybody trains like this.
#
# (The curves are about the *training* pictures. On the test pictures the last two are about level,
# as 1,000 pictures teach only so much, however long one looks at them.)

# %% tags=["claim"]
from contextlib import redirect_stdout as _redirect_stdout
from io import StringIO as _StringIO
from time import process_time as _process_time

_seconds = {}
for _name, _settings in runs.items():
    _epochs = -(-_settings["epochs"] // 20)
    _tries = []
    for _ in range(3):
        _before = _process_time()
        with _redirect_stdout(_StringIO()):
            train_model(
                few_x,
                few_Y,
                layer_dims,
                rng=np.random.default_rng(0),
                **_settings | {"epochs": _epochs},
            )
        _tries.append((_process_time() - _before) / _epochs)
    _seconds[_name] = min(_tries)
_one, _some, _all = _seconds.values()
assert 15 < _one / _some < 60, f"some thirty epochs in batches of 64, not {_one / _some:.0f}"
assert 0.9 < _some / _all < 2, f"a few more with all in one, not {_some / _all:.1f} times as many"
_times = [3 * _one, 90 * _some, 120 * _all]
assert max(_times) < 2 * min(_times), "3, 90 and 120 epochs take about the same time"
_one, _some, _all = run_costs.values()
assert all(a < b < c for a, b, c in zip(_one, _some, _all, strict=False)), (
    "an epoch brings most with 1"
)
# After about 110 steps; batches of 1 have made none of their epochs by then, and at 1,000 steps:
assert _all[111] < 0.7 * _some[6], "a step brings most with all in one"
assert _some[61] < 0.1 * _one[0], "at 1,000 steps batches of 64 are ahead of batches of 1"
assert any(after > before for before, after in pairwise(_all)), "sometimes too far"
assert _some[-1] < 0.2 * _all[-1] < _one[-1], "a batch of moderate size ends lowest"
assert abs(run_accuracy["batches of 64"] - run_accuracy["all in one"]) < 0.015, "test: level"


class _Counted(np.ndarray):
    """An array that counts what NumPy is asked to do with it."""

    calls = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        _Counted.calls += 1
        plain = (np.asarray(given) if isinstance(given, _Counted) else given for given in inputs)
        found = getattr(ufunc, method)(*plain, **settings)
        return found.view(_Counted) if isinstance(found, np.ndarray) else found


_first = {name: value.view(_Counted) for name, value in untrained.items()}
_AL, _caches = forward_pass(few_x[:, :64].view(_Counted), _first)
update_parameters(_first, backward_pass(_AL, few_Y[:, :64], _caches), 0.1)
assert 50 < _Counted.calls < 70, f"some sixty functions of NumPy in a step, not {_Counted.calls}"
with _redirect_stdout(_StringIO()):
    _, _costs = train_model(few_x, few_Y, layer_dims, 0.05, 1, 3, np.random.default_rng(0))
assert _costs[-1] > 1.5 * _one[-1], "a noisy direction allows only small steps"
# What exercise 11 says of speed.
_tries = {}
for _ in range(3):
    for _dtype in (np.float32, np.float64):
        _before = _process_time()
        with _redirect_stdout(_StringIO()):
            train_model(
                few_x.astype(_dtype), few_Y, layer_dims, 0.1, 64, 3, np.random.default_rng(0)
            )
        _tries.setdefault(_dtype, []).append(_process_time() - _before)
assert 1.5 < min(_tries[np.float64]) / min(_tries[np.float32]) < 4, "twice as fast in float32"

# %% [markdown]
# ### What the learning rate does
#
# The same network, from the same start, with three learning rates.
#
# **Before you run it.** A cost of $\log 10 \approx 2.3$ is what one pays for saying 1/10 to every
# digit. Can training do worse than that?

# %% tags=["for-the-reader"]
rate_costs = {}
for rate in (0.003, 0.1, 1.4):
    print(f"learning rate {rate}")
    with np.errstate(all="ignore"):  # should the numbers grow beyond all bounds
        trained, curve = train_model(
            few_x, few_Y, layer_dims, rate, 64, 15, np.random.default_rng(3)
        )
    rate_costs[f"learning rate {rate}"] = curve
    print(f"cost of the first epoch: {curve[0]:.2f}, of the last: {curve[-1]:.2f}")
    print(f"accuracy on the test pictures: {accuracy(trained, test_x, test_y):.1%}\n")

print("units that are 0 for every picture, after training at the last rate:")
AL, caches = forward_pass(few_x, trained)
for layer, (_, Z) in enumerate(caches[:-1], start=1):
    print(f"layer {layer}: {np.sum((Z <= 0).all(axis=1))} of {len(Z)}")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
plot_learning_curve(rate_costs | {"saying 1/10 to every digit": 15 * [np.log(10)]})

# %% [markdown]
# Too small: it learns, with every epoch, but after fifteen it is where the middle one was after
# its first. Too large: yes, that can be worse than saying 1/10. The first steps overshoot, and
# the network is very sure of wrong answers: look at what its first epoch cost. They throw hidden
# units below 0 for every picture, and such a unit no longer learns: its slope is 0. Here that has
# happened to all 32 units of the third layer, so there is no way back. Nothing of the picture
# gets through it, no slope gets back through it, and only the biases behind it still learn. From
# then on the network gives every picture the same ten probabilities. It can learn no more than
# how frequent each digit is, and pays about $\log 10$ for ever. (From another start, or at a
# larger rate yet, the numbers may grow beyond all bounds: the cost is then `nan`, "not a number",
# and stays so.)

# %% tags=["claim"]
_slow, _right, _wild = rate_costs.values()
assert all(after < before for before, after in pairwise(_slow)), "it learns with every epoch"
assert abs(_slow[-1] - _right[0]) < 0.15, "after fifteen it is where the middle one was after one"
assert _wild[0] > 2 * np.log(10), "the first epoch costs more than saying 1/10"
assert np.abs(np.subtract(_wild[5:], np.log(10))).max() < 0.03, "it pays about log 10 for ever"
assert (caches[2][1] <= 0).all(), "all 32 units of the third layer are 0 for every picture"
assert np.ptp(AL, axis=1).max() < 1e-6, "every picture gets the same ten probabilities"
with np.errstate(all="ignore"):
    _, _curve = train_model(few_x, few_Y, layer_dims, 1.5, 64, 15, np.random.default_rng(0))
assert np.isnan(_curve[-1]), "from another start and at a larger rate the cost may be nan"
for _rate in (0.03, 0.4):
    _, _curve = train_model(few_x, few_Y, layer_dims, _rate, 64, 15, np.random.default_rng(3))
    assert _curve[-1] < 0.4, "between the two lies a wide region where training works"

# %% [markdown]
# Between the two lies a wide region where training works. Near its upper end every batch pushes the
# weights about, and whether that ends well is a matter of luck. That is what `decay` is for: large
# steps at first, to get far, and smaller ones before they do harm. Here is a rate near the upper end,
# from eight starts: kept constant, and falling.
#
# **Before you run it.** Which of the two ends lower if all goes well?

# %% tags=["for-the-reader"]
from contextlib import redirect_stdout
from io import StringIO

bold_runs = {"rate constant": [], "rate falling": []}
for (name, curves), factor in zip(bold_runs.items(), (1.0, 0.85), strict=True):
    for start in range(8):
        # Sixteen bars would fill the page: they go into a text that nobody reads.
        with np.errstate(all="ignore"), redirect_stdout(StringIO()):
            _, curve = train_model(
                few_x, few_Y, layer_dims, 0.7, 64, 25, np.random.default_rng(start), factor
            )
        curves.append(curve)
    ends = ", ".join(f"{end:.2g}" for end in np.sort([curve[-1] for curve in curves]))
    print(f"{name}, the eight costs after 25 epochs: {ends}")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, ax = plt.subplots(figsize=(7.5, 3.6))
words = []
for (name, curves), look in zip(bold_runs.items(), ("C1--", "C0-"), strict=True):
    for start, curve in enumerate(curves):
        ax.semilogy(range(1, 26), curve, look, linewidth=1.2, label="" if start else name)
    words.append(f"{name}: {', '.join(f'{curve[-1]:.2g}' for curve in curves)}")
ax.axhline(np.log(10), color="gray", linestyle=":", linewidth=1)
ax.text(26, np.log(10), "log 10", va="center", color="gray")
ax.set(xlabel="epoch", ylabel="cost", title="A rate of 0.7 at first, eight starts each")
ax.grid(alpha=0.3)
ax.legend()
describe(
    ax,
    "The cost of 25 epochs on a logarithmic axis, for eight starts with a constant rate and eight with a falling one. "
    f"After the last epoch: {'; '.join(words)}. Where a cost is not a number, the line stops.",
)

# %% [markdown]
# With the falling rate all eight come down. With the constant rate it is luck: the cost jumps, and some
# runs are lost. In our run on all of MNIST, one sits at $\log 10$ for good, and two
# break off, as their cost has become `nan`. One that goes well ends lower than any with a falling rate,
# as its steps stay long. And luck it is: change the pixels in their sixth digit, or take a processor
# that rounds a sum in another way, and other starts are the ones that fail. At a moderate rate, such as
# the 0.2 with which we trained on all pictures, a constant rate does nearly as well: on all of MNIST it
# gives 97.6 % in place of 97.8 %. So `decay` is no magic: it makes a bold rate safer.

# %% tags=["claim"]
_constant, _falling = (np.array(curves) for curves in bold_runs.values())
assert _falling[:, -1].max() < 0.3, "with the falling rate all eight come down"
assert np.sum(~(_constant[:, -1] < 0.3)) >= 2, "with the constant rate some are lost"
if dataset_name() == "MNIST":
    _stuck = np.abs(_constant[:, -5:] - np.log(10)).max(axis=1) < 0.03
    assert _stuck.sum() == 1, f"one sits at log 10 for good, not {_stuck.sum()}"
    assert np.isnan(_constant[:, -1]).sum() == 2, "two break off"
assert np.nanmin(_constant[:, -1]) < 0.5 * _falling[:, -1].min(), (
    "lower than any with a falling rate"
)
_others = []
for _start in range(8):
    with np.errstate(all="ignore"):
        _, _curve = train_model(
            few_x * np.float32(1 + 1e-6),
            few_Y,
            layer_dims,
            0.7,
            64,
            25,
            np.random.default_rng(_start),
        )
    _others.append(_curve[-1] < 0.3)
assert _others != [end < 0.3 for end in _constant[:, -1]], "a sixth digit, and other starts fail"
_steady, _ = train_model(
    train_x, train_Y, layer_dims, 0.2, 64, epochs, np.random.default_rng(0), 1.0
)
_with_constant = accuracy(_steady, test_x, test_y)
assert abs(_with_constant - _on_test) < 0.01, "a constant 0.2 does nearly as well"
if dataset_name() == "MNIST":
    assert f"{_with_constant:.1%}" == "97.6%", "97.6 % in place of 97.8 %"

# %% [markdown]
# ### What depth does
#
# The same training for networks of different depth: no hidden layer, the ten hidden units of Lab 3,
# one wide layer, and ours. First on 1,000 pictures, each from three starts; then on all of them, as we
# trained above.

# %% tags=["for-the-reader"]
shapes = {"-".join(map(str, sizes)): sizes for sizes in ([784, 10], [784, 10, 10], [784, 128, 10])}
shapes["-".join(map(str, layer_dims))] = layer_dims
depth_results = {"1,000 pictures": {}, f"{m_train:,} pictures": {}}
on_few, on_all = depth_results.values()
for name, sizes in shapes.items():
    print(name)
    trials = []
    for start in range(3):
        trained, _ = train_model(few_x, few_Y, sizes, 0.1, 64, 20, np.random.default_rng(start))
        trials.append((accuracy(trained, few_x, few_y), accuracy(trained, test_x, test_y)))
    on_few[name] = np.mean(trials, axis=0)
    trained = parameters  # ours, from above
    if sizes != layer_dims:
        trained, _ = train_model(
            train_x, train_Y, sizes, 0.2, 64, epochs, np.random.default_rng(0), decay
        )
    on_all[name] = accuracy(trained, train_x, train_y), accuracy(trained, test_x, test_y)

for name in shapes:
    print(
        f"{name:17s} test pictures, after 1,000: {on_few[name][1]:.1%}, after all: {on_all[name][1]:.1%}"
    )

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(2, 1, figsize=(7, 5.4), sharex=True, layout="constrained")
words = []
for ax, (data, results) in zip(axes, depth_results.items(), strict=True):
    for place, (name, (on_train, on_test)) in enumerate(results.items()):
        ax.plot([on_test, on_train], [place, place], color="lightgray", linestyle="-", zorder=0)
        ax.plot(on_train, place, "o", color="C0", label="" if place else "training pictures")
        ax.plot(on_test, place, "s", color="C1", label="" if place else "test pictures")
        words.append(
            f"{name} from {data}: {on_train:.1%} on these, {on_test:.1%} on the test pictures."
        )
    ax.set(title=f"After training on {data}", ylim=(3.4, -0.4), xticks=[0.85, 0.9, 0.95, 1.0])
    ax.set_yticks(range(4), shapes)
    ax.grid(alpha=0.3, axis="x")
axes[1].set_xlabel("accuracy")
fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
describe(fig, "Accuracy of four networks, trained on few and on all pictures. " + " ".join(words))

# %% [markdown]
# From 1,000 pictures, ten hidden units do worse on the test pictures than none: all that the last layer
# gets to see are ten numbers, and a picture has to fit through them. A layer that is too narrow is a
# *bottleneck*. With more pictures it can turn out better than none, as it does with all of MNIST, where
# it reaches 94 %; but the wide layer is far ahead of it in both.
#
# On digits as simple as these, one wide hidden layer is already good. The deep network is ahead of
# it, by one or two test pictures in a hundred at most. What you can see best is that it learns *its
# training pictures* faster. For pictures that are richer than digits one builds far deeper networks
# than this one.

# %% tags=["claim"]
_few, _every = (np.array(list(results.values())) for results in depth_results.values())
assert _few[1, 1] < _few[0, 1] - 0.005, "from 1,000 pictures ten hidden units do worse than none"
if dataset_name() == "MNIST":
    assert _every[1, 1] > _every[0, 1] + 0.01, "from all of MNIST they do better"
    assert f"{_every[1, 1]:.0%}" == "94%", "where it reaches 94 %"
assert min(_few[2, 1] - _few[1, 1], _every[2, 1] - _every[1, 1]) > 0.02, "the wide layer: far ahead"
assert 0 < _few[3, 1] - _few[2, 1] < 0.02, (
    "the deep one is ahead by one or two in a hundred at most"
)
assert 0 < _every[3, 1] - _every[2, 1] < 0.02, "from all pictures, too"
assert _few[3, 0] > _few[2, 0] + 0.01, "it learns its training pictures faster"
assert _every[3, 0] > _every[2, 0], "from all pictures, too"

# %% [markdown]
# ## 9. Your own handwriting
#
# The network has never seen anything but pictures made in one particular way. In MNIST every digit
# was scaled to fit into 20 × 20 pixels, put into a frame of 28 × 28 with its *centre of mass* in the
# middle, and is white on black: 0 is paper, 1 is ink. A photograph is none of that. So before the
# network may look at it, a photograph has to become what MNIST would have stored.
#
# `helpers.images.read_digit` does that. It turns the picture as the camera noted in the file, lays
# transparent pictures on paper, finds out which of the two colours is the ink, takes away shadows
# and the lines of the paper, cuts out the digit, joins broken strokes, scales it, thickens thin
# strokes and centres it. Here are the steps for a digit on ruled paper.

# %% tags=["for-the-reader"]
from helpers.canvas import draw_digit
from helpers.images import plot_steps, read_digit
from helpers.photographs import photograph

own_pictures = sorted(path for path in Path("digits").glob("digit-*") if path.is_file())
fig = plot_steps("digits/digit-4-ballpoint-ruled-paper.jpg")

# %% [markdown]
# And this is what the network says to a few pictures that lie next to this notebook, in the folder
# `digits`. A program drew all seven: nobody held a pen or a camera, and the paper, the chalk and the
# light are made up. The true digit is in the name of each file.


# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
def plot_answers(pictures: dict[str, np.ndarray]) -> None:
    """Draw each picture (784, 1) beside the network's ten probabilities for it."""
    fig, axes = plt.subplots(
        2,
        len(pictures),
        figsize=(1.35 * max(len(pictures), 3) + 0.6, 3.6),
        squeeze=False,
        sharey="row",
        layout="constrained",
    )
    words = []
    for (above, below), (title, picture) in zip(axes.T, pictures.items(), strict=True):
        answer = forward_pass(picture, parameters)[0][:, 0]
        above.imshow(picture.reshape(28, 28), cmap="gray", vmin=0, vmax=1)
        above.set_title(f"{fill(title, 15)}\nsays {answer.argmax()}", fontsize=9)
        above.set_axis_off()
        colours = ["C0" if digit == answer.argmax() else "lightgray" for digit in range(10)]
        below.bar(range(10), answer, color=colours, edgecolor="gray", linewidth=0.5)
        below.set(ylim=(0, 1), xlabel="digit")
        below.set_xticks(range(10), range(10), fontsize=7)
        words.append(f"{title}: {answer.argmax()} with probability {answer.max():.2f}")
    axes[1, 0].set_ylabel("probability")
    describe(
        fig,
        "Pictures of digits, and below each the network's ten probabilities as bars. "
        + "; ".join(words)
        + ".",
    )


plot_answers(
    {path.stem.replace("digit-", "").replace("-", " "): read_digit(path) for path in own_pictures}
)

# %% [markdown]
# Seven pictures prove little, and what a program draws is not what you write.
#
# ### How well does the preparation work?
#
# For that we need many pictures of which we know what is on them. `photograph` makes some out of test
# pictures, which the network has not learned from. Each is drawn large, tilted a little, with a pen
# that is darker or lighter, on paper, in light that falls to one side, with a soft shadow on it; then
# comes noise, and it is saved as JPEG. These are not photographs: a program made them from MNIST's
# pictures, and real ones are worse in ways that it does not know.
#
# Read them in two ways. The first is what many programs do, and what you might have written: choose
# *one* grey for the whole picture, take all that is darker for ink, cut it out, and fit it into the
# middle. Otsu's method chooses the grey: it tries all of them, and takes the one whose two sides
# differ most in their mean grey, where a side of few pixels counts for little. The second is
# `read_digit`.


# %% tags=["for-the-reader"]
def otsu_threshold(grey: np.ndarray) -> int:
    """Return the grey whose two sides, the darker pixels and the lighter ones, differ most."""
    values = np.arange(256)
    count = np.bincount(grey.ravel(), minlength=256)
    darker, total = np.cumsum(count), np.cumsum(count * values)
    lighter = np.maximum(darker[-1] - darker, 1)
    difference = total / np.maximum(darker, 1) - (total[-1] - total) / lighter
    return int(np.argmax(darker * lighter * difference**2))


def read_plainly(grey: np.ndarray) -> np.ndarray:
    """Turn dark ink on light paper into a column (784, 1), with one threshold for all of it."""
    ink = grey <= otsu_threshold(grey)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    digit = Image.fromarray(
        255 * np.uint8(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    )
    width, height = (max(1, round(20 * side / max(digit.size))) for side in digit.size)
    frame = Image.new("L", (28, 28))
    frame.paste(digit.resize((width, height)), ((28 - width) // 2, (28 - height) // 2))
    return np.asarray(frame, np.float32).reshape(784, 1) / 255


def read_carefully(grey: np.ndarray) -> np.ndarray:
    """Turn a picture into a column (784, 1); what cannot be read becomes an empty one."""
    try:
        return read_digit(grey)
    except ValueError:
        return np.zeros((784, 1), np.float32)


photo_rng = np.random.default_rng(4)
chosen = photo_rng.choice(test_x.shape[1], 120, replace=False)
photographs = [photograph(test_x[:, [k]], photo_rng) for k in chosen]
stored = {
    "as MNIST stored them": test_x[:, chosen],
    "one threshold for all": np.hstack([read_plainly(grey) for grey in photographs]),
    "read_digit": np.hstack([read_carefully(grey) for grey in photographs]),
}
read_right = {way: predict(x, parameters) == test_y[0, chosen] for way, x in stored.items()}
for way, right in read_right.items():
    print(f"{way:22}: {right.sum():3} of {len(right)} right, {right.mean():.1%}")

missed = np.flatnonzero(~read_right["read_digit"])
networks = int(np.sum(~read_right["as MNIST stored them"][missed]))
print(
    f"read_digit misses {len(missed)}; of these the network also misses {networks} as MNIST stored them."
)

# %% tags=["claim"]
_plain, _ours, _stored = (
    float(read_right[way].mean())
    for way in ("one threshold for all", "read_digit", "as MNIST stored them")
)
assert _plain < 0.6, "one threshold fails on about half of them, or more"
assert _ours > _plain + 0.3, "the preparation reads far more than one threshold"
assert abs(_ours - _stored) < 0.06, "what read_digit makes is read about as well as what is stored"
from unittest.mock import patch as _patch

import helpers.photographs as _photographs

_cast, _lights = _photographs._light, []


def _even_light(shape, rng):
    _lights.append(_cast(shape, rng))
    return np.ones(shape)


# The same photographs once more, in even light: so we know where the ink is.
_rng = np.random.default_rng(4)
_rng.choice(test_x.shape[1], 120, replace=False)
with _patch("helpers.photographs._light", _even_light):
    _fair = [photograph(test_x[:, [_k]], _rng) for _k in chosen]
_inks = [_grey <= otsu_threshold(_grey) for _grey in _fair]
_wrong = ~read_right["one threshold for all"]
_cuts = [_grey <= otsu_threshold(_grey) for _grey in photographs]
_shadow = np.array([np.mean(~_ink[_cut]) for _ink, _cut in zip(_inks, _cuts, strict=True)])
assert np.mean(_shadow[_wrong] > 0.5) > 0.6, "most of what it cuts out is shadow"
_three = zip(photographs, _fair, _inks, _lights, strict=True)
_dark, _as_a_pen = (
    np.array(
        [
            (np.median(_f[~_ink]) * _l.min() < _limit)
            for _g, _f, _ink, _l in _three
            for _limit in (otsu_threshold(_g), np.median(_f[_ink]))
        ]
    )
    .reshape(-1, 2)
    .T
)
assert _dark.sum() > 2 * _as_a_pen.sum(), "the shadow need not be as dark as the pen"
_plainly = np.hstack([read_plainly(_grey) for _grey in _fair])
_in_even_light = np.mean(predict(_plainly, parameters) == test_y[0, chosen])
assert _plain + 0.2 < _in_even_light < _ours - 0.05, "in even light: better, but behind"

# %% [markdown]
# One threshold takes the shadow for ink wherever the shadow is darker than that one grey, long
# before it is as dark as the pen, and then most of what it cuts out is shadow. (Even in even
# light it would be behind: it puts the middle of the digit's box into the middle of the frame,
# where MNIST has its centre of mass, and leaves the strokes as they are.) No grey is right
# everywhere, so `read_digit` asks in each place how much darker the ink is than the paper around
# it. How does it know a shadow from a stroke? A shadow is broad, and its edge is soft. With that,
# the network reads these pictures about as well as those that MNIST stored.
#
# And those that `read_digit` misses? Here are the first of them: the picture, what `read_digit`
# made of it ("prepared"), and what MNIST had stored. Where the network misses the stored picture,
# too, a better preparation would not help; a better network would. Where it reads the stored one,
# the preparation is to blame, or the tilt.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
shown = missed[:6]
fig, axes = plt.subplots(
    3,
    max(len(shown), 1),
    figsize=(1.6 * max(len(shown), 3), 5.2),
    squeeze=False,
    layout="constrained",
)
for ax in axes.flat:
    ax.set_axis_off()
ways = ("read_digit", "as MNIST stored them")
says = {way: predict(stored[way][:, missed], parameters) for way in ways}
for column, k in enumerate(shown):
    axes[0, column].imshow(photographs[k], cmap="gray", vmin=0, vmax=255)
    axes[0, column].set_title(f"a {test_y[0, chosen[k]]}", fontsize=9)
    for ax, (way, name) in zip(
        axes[1:, column], zip(ways, ("prepared", "stored"), strict=True), strict=True
    ):
        ax.imshow(stored[way][:, k].reshape(28, 28), cmap="gray", vmin=0, vmax=1)
        ax.set_title(f"{name}:\nsays {says[way][column]}", fontsize=9)
describe(
    fig,
    f"Of the {len(missed)} pictures that read_digit misses, {len(shown)}: each as a photograph made by a program, as "
    "read_digit prepared it, and as MNIST stored it. "
    + "; ".join(
        f"a {test_y[0, chosen[k]]}, prepared it is taken for {says[ways[0]][column]}, stored for {says[ways[1]][column]}"
        for column, k in enumerate(shown)
    )
    + ".",
)

# %% [markdown]
# If your network learned from 4,000 pictures, it has seen a fifteenth of MNIST. It misses more of the
# stored pictures already, so expect it to miss more of yours, too.
#
# ### What goes wrong without care
#
# **Before you run it.** Take a test picture that the network reads well. Turn it into its negative,
# black on white: you read it as easily as before. What does the network say? And if you move the
# digit five pixels to the left?


# %% tags=["for-the-reader"]
def moved(pictures: np.ndarray, pixels: int) -> np.ndarray:
    """Move pictures (784, m) to the right, or left if pixels < 0. What leaves the frame is gone."""
    wide = np.pad(pictures.T.reshape(-1, 28, 28), ((0, 0), (0, 0), (7, 7)))
    return wide[:, :, 7 - pixels : 35 - pixels].reshape(-1, 784).T


sure = np.flatnonzero((predictions == test_y[0]) & (probabilities.max(axis=0) > 0.95))
sample = test_x[:, sure[:1]]
plot_answers(
    {
        f"a {test_y[0, sure[0]]}": sample,
        "negative": 1 - sample,
        "5 pixels left": moved(sample, -5),
    }
)

# %% [markdown]
# One picture may be an accident. Here are all test pictures: as they are, as negatives, and moved to
# the side by one pixel, two pixels and so on. The last column says which part of the ink falls where
# there was ink before.

# %% tags=["for-the-reader"]
shifts = range(-7, 8)
moved_accuracy = {shift: accuracy(parameters, moved(test_x, shift), test_y) for shift in shifts}
negative_accuracy = accuracy(parameters, 1 - test_x, test_y)
print("pixels   moved left   moved right   ink on ink")
for pixels in range(8):
    ink_on_ink = np.minimum(test_x, moved(test_x, pixels)).sum() / test_x.sum()
    left, right = moved_accuracy[-pixels], moved_accuracy[pixels]
    print(f"{pixels:6d}{left:13.0%}{right:14.0%}{ink_on_ink:13.0%}")
print(f"negatives: {negative_accuracy:.1%}")

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, ax = plt.subplots(figsize=(7, 3.2))
ax.plot(shifts, list(moved_accuracy.values()), "o-", label="moved to the side")
ax.axhline(negative_accuracy, color="C2", linestyle="--", label="negatives")
ax.axhline(0.1, color="gray", linestyle=":", label="guessing")
ax.set(xlabel="pixels to the right", ylabel="accuracy on the test pictures", ylim=(-0.03, 1))
ax.grid(alpha=0.3)
ax.legend(loc="upper left")
describe(
    ax,
    f"Accuracy on test pictures that are moved to the side. In their place it is {moved_accuracy[0]:.0%}; by three pixels "
    f"to the left {moved_accuracy[-3]:.0%}, by three to the right {moved_accuracy[3]:.0%}; by seven {moved_accuracy[-7]:.0%} "
    f"and {moved_accuracy[7]:.0%}. A dashed line shows the accuracy on negatives, {negative_accuracy:.1%}.",
)

# %% [markdown]
# Three pixels to the side, a tenth of the picture's width, and about half of the answers are wrong;
# seven pixels, and the network might as well guess. On negatives it does worse than that. Why so
# bad? Look at what the first layer computes. Here is the unit in it that loses most when our
# picture moves to the left by three pixels: its weights, and what each pixel adds to its score.

# %% tags=["for-the-reader"]
aside = moved(sample, -3)
W1, b1 = parameters["W1"], parameters["b1"]
unit = int((relu(W1 @ sample + b1) - relu(W1 @ aside + b1)).argmax())
unit_scores = [float(W1[unit] @ picture[:, 0] + b1[unit, 0]) for picture in (sample, aside)]
print(
    f"unit {unit}: score {unit_scores[0]:.2f} in its place, {unit_scores[1]:.2f} three pixels left"
)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(2, 2, figsize=(6.6, 6.8), layout="constrained")
limit = np.abs(W1[unit]).max()
parts = {
    f"the weights of unit {unit}": W1[unit],
    f"times ink in its place\nscore {unit_scores[0]:.2f}": W1[unit] * sample[:, 0],
    f"times ink three pixels left\nscore {unit_scores[1]:.2f}": W1[unit] * aside[:, 0],
}
axes[0, 0].imshow(sample.reshape(28, 28), cmap="gray", vmin=0, vmax=1)
axes[0, 0].set_title("the ink, in its place", fontsize=10)
for ax, (title, part) in zip(axes.flat[1:], parts.items(), strict=True):
    drawn = ax.imshow(part.reshape(28, 28), cmap="RdBu_r", vmin=-limit, vmax=limit)
    ax.set_title(title, fontsize=10)
for ax in axes.flat:
    ax.set(xticks=[], yticks=[])
fig.colorbar(drawn, ax=axes, location="bottom", shrink=0.6, label="weight, or weight times ink")
describe(
    fig,
    f"Four pictures of 28 by 28 pixels: a digit; the weights of unit {unit}, from blue below 0 to red above, red and blue "
    "patches in the middle, noise at the rim; these weights times the ink of the digit in its place, which is mostly red, "
    f"with the score {unit_scores[0]:.2f}; the same with the digit three pixels to the left, where more of it is blue, "
    f"with the score {unit_scores[1]:.2f}.",
)

# %% [markdown]
# Red speaks for the unit, blue against it. In its place the digit's ink falls on more red than
# blue, and the unit is on. Three pixels to the left the same ink falls on other weights, and of
# its score nothing, or next to nothing, is left. The rim of the weights is noise, as it was at
# the start: hardly any training picture has ink there, so that these weights have learned next to
# nothing.
#
# - **Moved.** To you it is the same digit in another place. To the network a picture is a list of
#   784 numbers without any order: pixel 300 has its weights, pixel 301 has others, and nothing says
#   that the two are neighbours. You could shuffle all pixels, the same way in each picture, and
#   train just as well. What was learned about a stroke in one place is not known in another. (A
#   single pixel to the side costs least, as a stroke is wider than that: three quarters of its
#   ink stays on ink. At three pixels it is two fifths.)
# - **Negative.** With $1 - x$ in the place of $x$, a unit's score is
#   $w^\top (1 - x) + b = \bigl(\sum_j w_j + b\bigr) - (w^\top x)$. What spoke for the unit now speaks
#   against it. That is worse than not to know: whoever guesses is right once in ten times, but here
#   the true digit is the one that its own ink speaks against. The sum over *all* the weights comes on
#   top, a number that no training picture ever called for: in a negative even the rim is lit.

# %% tags=["claim"]
_says = [int(predict(_picture, parameters)[0]) for _picture in (1 - sample, moved(sample, -5))]
assert test_y[0, sure[0]] not in _says, "the negative and the moved one are both misread"
_sides = [moved_accuracy[1], moved_accuracy[-1]], [moved_accuracy[k] for k in (-7, -5, -3, 3, 5, 7)]
assert min(_sides[0]) > max(_sides[1]), "a single pixel costs least"
assert 0.4 < moved_accuracy[-3] < 0.6, "three pixels to the left: about half"
assert 0.4 < moved_accuracy[3] < 0.6, "three pixels to the right: about half"
assert max(moved_accuracy[-7], moved_accuracy[7]) < 0.2, "seven pixels: might as well guess"
assert negative_accuracy < 0.05, "negatives: worse than guessing"
assert unit_scores[0] > 1, "in its place the unit is on"
assert unit_scores[1] < 0.1 * unit_scores[0], "next to nothing is left"
_pairs = [(_w * _x).ravel() for _w, _x in ((W1[unit], sample[:, 0]), (W1[unit], aside[:, 0]))]
_red = [_part[_part > 0].sum() / np.abs(_part).sum() for _part in _pairs]
assert _red[0] > 0.6, "more red than blue in its place"
assert _red[1] < _red[0] - 0.1, "less so three pixels to the left"
_rim = np.ones((28, 28), bool)
_rim[1:-1, 1:-1] = False
assert np.mean(train_x[_rim.ravel()] > 0) < 0.001, "hardly any training picture has ink at the rim"
_start = initialize_parameters(layer_dims, np.random.default_rng(0))["W1"]
_learned = np.abs(W1 - _start) / _start.std()
assert _learned[:, _rim.ravel()].mean() < 0.01, "these weights have learned next to nothing"
assert _learned[:, ~_rim.ravel()].mean() > 0.2, "the others have learned"
_kept = [np.minimum(test_x, moved(test_x, k)).sum() / test_x.sum() for k in (1, 3)]
assert 0.72 < _kept[0] < 0.78, "three quarters of the ink stays on ink"
assert 0.37 < _kept[1] < 0.43, "two fifths at three pixels"
_order = np.random.default_rng(5).permutation(n_features)
_trained = [
    train_model(_x, few_Y, layer_dims, 0.1, 64, 20, np.random.default_rng(0))[0]
    for _x in (few_x, few_x[_order])
]
_pairs = zip(_trained, (test_x, test_x[_order]), strict=True)
_accuracies = [accuracy(_parameters, _x, test_y) for _parameters, _x in _pairs]
assert abs(_accuracies[0] - _accuracies[1]) < 0.02, "with shuffled pixels it trains just as well"

# %% [markdown]
# So it is not that the network learned badly. Such pictures are outside of all that it has ever
# seen, and it has no way to say so: softmax always adds up to 1. What you feed to a network must
# come from the same process as what it has learned from. (Networks that *do* know which pixels
# are neighbours are called convolutional.)
#
# ### Now your own
#
# So far everything was drawn by a program. A real photograph of your own hand is the better test, so
# take a few. Write one digit on white paper with a felt-tip pen, as tall as a thumb. Hold the phone
# straight above it, with the light from the side, and go so close that the digit fills a third to two
# thirds of the picture. Put the file next to this notebook, and write its name into the next cell.
#
# What can go wrong:
#
# - **Two digits.** Those that touch, or nearly, are read as one, and nothing warns you.
# - **The table.** Let the paper fill the picture. If the table shows around the sheet, the sheet may
#   be taken for ink.
# - **Your hand's shadow.** A soft one does no harm. One with a sharp edge, as the sun makes it, may
#   be taken for a stroke where it is as narrow as one.
# - **A picture that lies on its side.** Many lose the camera's note of how it was held on their way
#   through a messenger. Turn it and save it first.
# - **Out of focus, or far away.** A stroke should be several pixels broad, with an edge that you can
#   see.

# %% tags=["for-the-reader"]
my_picture = own_pictures[-1]  # yours here, such as "my-seven.jpg"

try:
    fig = plot_steps(my_picture)
    plot_answers({Path(my_picture).name: read_digit(my_picture)})
except (ValueError, OSError) as problem:
    print(fill(str(problem), 98))

# %% [markdown]
# If it is read wrongly, look at the steps: is the last picture one that MNIST could contain? Does it
# lie on its side, is a stroke broken, has a shadow been left? A thin pen does no harm: thin strokes
# are made about as wide as MNIST's, some two pixels. A 1 with a long upstroke and a 7 with a bar were
# rare where MNIST was collected.
#
# Last, a canvas to draw on with the mouse; the network reads along. A canvas needs a running notebook,
# so the cell begins with a drawing of its own: a program draws the points that are listed in it, as the
# canvas draws those of your mouse. (If you see no canvas below it, or only `VBox(...)`, use a file, as
# above.)
#
# **Before you run it.** A 9 begins with a loop. What might the network say when there is no more yet?

# %% tags=["for-the-reader"]
from helpers.canvas import drawing


def predict_picture(picture: np.ndarray) -> np.ndarray:
    """Turn a picture (784, 1) into probabilities (10, 1)."""
    return forward_pass(picture, parameters)[0]


loop = [
    *((186, 66), (160, 50), (128, 52), (104, 72), (96, 102)),
    *((106, 130), (132, 142), (162, 132), (182, 104), (187, 66)),
]
tail = [(187, 66), (184, 110), (178, 150), (170, 190), (160, 236)]
stages = {"a loop": [loop], "part of the tail": [loop, tail[:3]], "all of it": [loop, tail]}
plot_answers({name: read_digit(drawing(strokes)) for name, strokes in stages.items()})
plt.show()
draw_digit(predict_picture)

# %% [markdown]
# A loop alone is a 0: every drawing is scaled until it fits into MNIST's 20 × 20 pixels, so that
# size says nothing. With its tail it is a 9. In between the network has to say something, and does.

# %% tags=["claim"]
_says = [int(predict(read_digit(drawing(_s)), parameters)[0]) for _s in stages.values()]
assert (_says[0], _says[2]) == (0, 9), "a loop alone is a 0, with its tail it is a 9"
from helpers.images import _stroke_width


def _width(picture):
    """Return the usual width of the strokes of a picture (784, 1), in its pixels."""
    image = Image.fromarray(picture.reshape(28, 28)).resize((280, 280), Image.Resampling.BICUBIC)
    return _stroke_width(np.asarray(image)) / 10


_mnist = np.median([_width(_picture) for _picture in test_x[:, :100].T])
for _path in own_pictures:
    if "pencil" in _path.stem or "ballpoint" in _path.stem:
        assert abs(_width(read_digit(_path)) - _mnist) < 0.5, "thin strokes: as wide as MNIST's"
assert 1.5 < _mnist < 2.6, "some two pixels"

# %% [markdown]
# ## Test yourself
#
# 1. How many parameters does `[784, 128, 64, 32, 10]` have? Which layer has most of them?
# 2. Somebody trains with batches of 64 and divides by 60,000 in `linear_backward`. What do they
#    see, and how would a gradient check with $m = 7$ have helped?
# 3. You double the batch size. By which factor does the noise of the gradient change? How many
#    steps are there in an epoch now?
# 4. Your training cost falls to 0.001, your test accuracy stays at 96 %. Is that a bug?
# 5. Why may the pictures be read from a photograph in one way for training and in the same way for
#    testing, whatever that way is, but not in two different ways?
#
# <details><summary>Answers</summary>
#
# 1. $128 \cdot 785 + 64 \cdot 129 + 32 \cdot 65 + 10 \cdot 33 = 111\,146$. The first has nine tenths
#    of them.
# 2. Steps that are nearly a thousand times too small: the cost hardly moves. With $m = 7$ the
#    gradients are more than 8,000 times too small, and the ruler would have shown a relative error
#    of nearly 1 for every one of them.
# 3. By $1/\sqrt 2$. Half as many.
# 4. No. It has learned its training pictures by heart; that is called overfitting. More pictures,
#    weights kept small as in Lab 2, or fewer epochs would help.
# 5. The network learns whatever the pictures have in common. It needs no particular way, but the
#    one that it knows.
#
# </details>
#
# ## What to try next
#
# - Start the training with He's weights times 0.5, and times 2. How many epochs does it lose? And from
#   which factor on does it never learn?
# - Build `[784] + [32] * 10 + [10]` and train it with He's start, then with half of He's weights.
# - Move every training picture by a random pixel or two in each epoch. What becomes of the curve of
#   moved pictures, and of your own digits?
# - Train on negatives as well as on positives. Can one network read both?
# - Write `momentum` into `update_parameters`: keep a running mean of the gradients and step along it.
# - In [Lab 5](../lab5_functional_api/lab5_functional_api.ipynb) you build the small framework in which
#   all of this becomes five lines.
