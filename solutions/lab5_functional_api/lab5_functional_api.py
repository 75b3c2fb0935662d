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
# # Lab 5: build the framework
#
# You can write a network. Most people never do: they write a few lines of Keras, and a framework
# links the layers, finds the gradients and runs the training. In this lab you write that
# framework. At the end these lines run, and nearly every one of them calls code of yours:
#
# ```python
# inputs = Input((784,))
# x = Dense(128, activation="relu")(inputs)
# outputs = Dense(10, activation="softmax")(x)
# model = Model(inputs, outputs)
# model.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
# history = model.fit(x_train, y_train, batch_size=64, epochs=10, validation_split=0.1)
# ```
#
# The names are those of Keras's functional interface, and they mean the same there. What you
# learn here carries over, and the magic is gone. (One convenience is ours: `Input(784)` will do for
# `Input((784,))`.)
#
# **You will learn**
#
# - what a layer is: a function with parameters that can compute its own gradients;
# - what softmax's whole Jacobian looks like, and how it shrinks to $p - y$ when it meets the
#   cross-entropy;
# - how a call such as `Dense(10)(x)` builds a graph, in which order a graph is computed, and how
#   gradients come back through branches and shared layers;
# - what `compile`, `fit`, `evaluate` and `predict` do, and what momentum is good for.
#
# **You need** softmax, cross-entropy, the gradient check (Lab 3) and mini-batches (Lab 4).
#
# **It takes** about three hours. There are six exercises, worth 60 points.

# %%
# %matplotlib inline
import inspect
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

from given_five_trainings import five_trainings
from given_for_lab5 import keras_example, numerical_gradient
from given_layers import Add, Concatenate, Input, Layer, Node, Scale, print_summary
from given_training import METRICS, Adam, History, MeanSquaredError, Progress, n_rows, take
from helpers.checking import lab5 as check
from helpers.data import dataset_name, load_mnist_split
from helpers.images import read_digit
from helpers.plotting import (
    alt_text,
    describe,
    plot_confusion_matrix,
    plot_digits,
    plot_learning_curve,
    plot_weights,
    use_course_style,
)

use_course_style()

# %% [markdown]
# ## 1. Rows are examples here
#
# **From now on an example is a row.** In Labs 1 to 4 it was a column, as in lecture notes. Nearly every
# framework turns this around, for three reasons:
#
# - A data set is a list of examples, and the first axis of an array is the one that you count,
#   slice and loop over: `x[0]` is the first picture, `x[64:128]` is a batch, `len(x)` is $m$.
# - Unless told otherwise, NumPy keeps a row in one piece in memory. A batch of rows is one block; the
#   numbers of a batch of columns are scattered through memory.
# - It goes on working when an example is more than a list of numbers. Colour pictures are
#   $(m, 28, 28, 3)$: whatever comes after it, the first axis counts examples.
#
# All your formulas survive, transposed. With $m$ examples of $n$ numbers each:
#
# | | columns, Labs 1 to 4 | rows, this lab |
# |---|---|---|
# | examples | $X : (n, m)$ | $X : (m, n)$ |
# | weights, here the *kernel* | $W : (u, n)$ | $K : (n, u)$ |
# | bias | $b : (u, 1)$ | $b : (u,)$ |
# | a layer of $u$ units | $Z = W X + b$ | $Z = X K + b$ |
# | softmax and argmax run along | `axis=0` | `axis=1` |
# | sums over examples run along | `axis=1` | `axis=0` |
#
# The course's loader still gives columns, so we transpose once and for all. Each row is a picture
# of 28 × 28 pixels, *flattened*: its 28 rows of pixels laid end to end.

# %%
columns_train, labels_train, columns_test, labels_test = load_mnist_split()
x_train, x_test = columns_train.T, columns_test.T
labels_train, labels_test = labels_train.ravel(), labels_test.ravel()
print("data set:", dataset_name())
print("x_train", x_train.shape, x_train.dtype, "  labels_train", labels_train.shape)
print("x_test ", x_test.shape, x_test.dtype, "  labels_test ", labels_test.shape)
print("as pictures:", x_train.reshape(-1, 28, 28).shape)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
plot_digits(columns_train, labels_train, indices=range(20), ncols=10)

# %% tags=["claim"]
assert x_train[64:128].flags.c_contiguous, "a batch of rows is one block"
assert not np.ascontiguousarray(columns_train[:, :200])[:, 64:128].flags.c_contiguous
assert np.array_equal(x_train[3], np.concatenate(x_train[3].reshape(28, 28)))

# %% [markdown]
# ### Exercise 1: to_categorical
# *5 minutes, ●○○, 3 points*
#
# Write `to_categorical`, which turns labels into rows with a single 1:
#
# $$y : (m,) \;\to\; Y : (m, c), \qquad Y_{ij} = \begin{cases} 1 & \text{if } y_i = j \\ 0 & \text{otherwise.} \end{cases}$$
#
# Make them float32, as the pixels are. Arithmetic with a float64 and a float32 array gives float64:
# with float64 labels so is everything that the training computes from them. It then takes up to
# twice as long, for no gain in accuracy.
#
# **Before you write it.** The labels are 2, 0, 2, and there are four classes. Write down all
# twelve numbers.


# %% nbgrader={"grade": false, "grade_id": "to_categorical", "locked": false, "schema_version": 3, "solution": true, "task": false}
def to_categorical(y: np.ndarray, num_classes: int) -> np.ndarray:
    """Turn labels into rows with a single 1.

    Parameters
    ----------
    y : ndarray of int, shape (m,)
        Labels from 0 to num_classes - 1. Not changed.
    num_classes : int
        Number of classes, whether or not all of them occur in y.

    Returns
    -------
    ndarray of float32, shape (m, num_classes)
        Numbers, 0 and 1, rather than False and True.
    """
    ### BEGIN SOLUTION
    return (y[:, np.newaxis] == np.arange(num_classes)).astype(np.float32)
    ### END SOLUTION


# %% tags=["expected-output"]
check.to_categorical(to_categorical)

# %% [markdown]
# <details><summary>Hint</summary>
#
# Comparing an array of shape $(m, 1)$ with one of shape $(c,)$ gives $(m, c)$ answers, yes or no;
# `.astype(np.float32)` makes numbers of them. Or take rows out of an identity matrix:
# `np.eye(4, dtype=np.float32)[2]` is its third row.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# The rows are 0 0 1 0, then 1 0 0 0, then 0 0 1 0. Columns 1 and 3 hold zeros only: these classes
# do not occur, and have a column all the same.
#
# </details>

# %% tags=["claim"]
_rows = to_categorical(np.array([2, 0, 2]), 4)
assert _rows.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]
assert not _rows[:, [1, 3]].any(), "columns 1 and 3 hold zeros only"

# %% nbgrader={"grade": true, "grade_id": "test_to_categorical", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of to_categorical(y, num_classes) run here when you hand in. 3 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_to_categorical(globals())
### END HIDDEN TESTS

# %%
y_train, y_test = to_categorical(labels_train, 10), to_categorical(labels_test, 10)
print("y_train", y_train.shape, y_train.dtype, "  y_test", y_test.shape, y_test.dtype)

# %% [markdown]
# ## 2. A layer
#
# A layer can do three things:
#
# - `build(n_inputs)`: make its parameters, once it is known how wide its input is;
# - `forward(x)`: compute its result, and remember what the way back will need;
# - `backward(grad_output)`: given the derivative of the loss with respect to each entry of its
#   *result*, work out that with respect to each entry of its *input*, and on the way those for its
#   parameters.
#
# That is all. A layer does not know what comes before it or after it, nor which loss is being
# minimised. The file `given_layers.py` holds the smallest layer that learns. It gives each feature
# a factor and a shift of its own:

# %%
print(inspect.getsource(Scale))

# %% [markdown]
# Read it until every line is clear. Yours will look much the same. One thing is new:
# **`backward` takes no mean.** In Labs 2 to 4 each parameter's gradient was divided by $m$. Here only
# the loss takes the mean, so the $1/m$ is already inside `grad_output` when it arrives. A layer just
# sums over the examples.
#
# Now the layer that you need. `Dense(units, activation)` computes
#
# $$Z = X K + b, \quad A = \varphi(Z), \qquad X : (m, n), \; K : (n, u), \; b : (u,), \; Z, A : (m, u),$$
#
# where $\varphi$ does nothing (`None`), or is ReLU, or softmax along each row.
#
# ### Where to start
#
# Lab 4 drew weights for ReLU layers with variance $2/n$; the 2 made up for the half that ReLU
# drops. Keras uses one default, whatever the activation. A score is a sum of $n$ products, so
# without an activation numbers keep their size on the way forward if the variance is $1/n$. On the
# way back the gradient at an input is a sum of $u$ products, and $1/u$ is what keeps it at one size.
# The default lies between the two, and is named after Xavier Glorot:
#
# $$K_{ij} \text{ uniform between } -r \text{ and } r, \qquad r = \sqrt{\frac{6}{n + u}}, \qquad b = 0.$$
#
# Why the 6? A number drawn uniformly between $-r$ and $r$ has the variance $r^2 / 3$. Here that is
# $2 / (n + u)$: one over the mean of $n$ and $u$, between the two wishes.
#
# ### The way back
#
# Write $G = \partial L / \partial A : (m, u)$ for `grad_output`. First through the activation, to
# $D = \partial L / \partial Z : (m, u)$; then it is the same for all activations:
#
# $$\frac{\partial L}{\partial K} = X^\top D : (n, u), \qquad
#   \frac{\partial L}{\partial b} = \sum_{i=1}^{m} (\text{row } i \text{ of } D) : (u,), \qquad
#   \frac{\partial L}{\partial X} = D K^\top : (m, n).$$
#
# Without an activation $D = G$. With ReLU, $D = G$ where $Z > 0$, and 0 elsewhere.
#
# ### Softmax's Jacobian
#
# Softmax is harder. Each probability depends on *every* score of its row, so a row has a whole matrix
# of slopes. Take one example, with scores $z : (u,)$ and probabilities
# $p_k = e^{z_k} / \sum_j e^{z_j}$. By the quotient rule
#
# $$\frac{\partial p_k}{\partial z_l}
#   = \frac{[k = l]\, e^{z_k}}{\sum_j e^{z_j}} - \frac{e^{z_k}\, e^{z_l}}{\bigl(\sum_j e^{z_j}\bigr)^2}
#   = [k = l]\, p_k - p_k\, p_l,$$
#
# where $[k = l]$ is 1 if $k = l$, else 0. All of them together are the *Jacobian*
#
# $$J = \operatorname{diag}(p) - p\, p^\top : (u, u).$$
#
# **Before you run the next cell.** One score grows a little, and the others stay the same. Which
# probabilities grow, which shrink? So which signs do you expect in the matrix? And what is the sum of a
# row?

# %% tags=["for-the-reader"]
p = np.array([0.1, 0.5, 0.1, 0.2, 0.1])
jacobian = np.diag(p) - np.outer(p, p)
print("row sums:", np.round(jacobian.sum(axis=1), 12) + 0.0)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(1, 2, figsize=(8.5, 3.4), layout="constrained", width_ratios=(1, 1.2))
axes[0].bar(range(5), p, color="C0")
axes[0].set(xlabel="class", ylabel="probability", title="p", ylim=(0, 1))
image = axes[1].imshow(jacobian, cmap="RdBu_r", vmin=-0.25, vmax=0.25)
for (row, column), value in np.ndenumerate(jacobian):
    colour = "white" if abs(value) > 0.12 else "black"
    axes[1].text(column, row, f"{value:.2f}", ha="center", va="center", color=colour, fontsize=9)
axes[1].set(xlabel="score l", ylabel="probability k", title="J = diag(p) − p pᵀ")
fig.colorbar(image, ax=axes[1], label="slope")
describe(
    fig,
    "Left: five probabilities, 0.5 for class 1, 0.2 for class 3, 0.1 for the others. Right: the five by five Jacobian "
    "as coloured cells. On the diagonal 0.25 for class 1, 0.16 for class 3, 0.09 for the others. Everything else is "
    "negative: -0.1 where classes 1 and 3 meet, -0.05, -0.02 and -0.01 elsewhere.",
)

# %% tags=["claim"]
assert np.all((jacobian > 0) == np.eye(5, dtype=bool)), (
    "positive on the diagonal, negative elsewhere"
)
assert np.allclose(jacobian.sum(axis=0), 0)
assert np.allclose(jacobian.sum(axis=1), 0)
assert np.array_equal(jacobian.round(2).diagonal(), [0.09, 0.25, 0.09, 0.16, 0.09])
_drawn = np.random.default_rng(0).uniform(-0.3, 0.3, 100_000)
assert np.isclose(_drawn.var(), 0.3**2 / 3, rtol=0.01), "the variance of a uniform number is r²/3"
_rng = np.random.default_rng(0)
for _wide, _narrow in ((400, 100), (100, 400)):
    _numbers = _rng.normal(size=(1000, _wide))
    _kernel = _rng.normal(0, np.sqrt(1 / _wide), (_wide, _narrow))
    assert np.isclose((_numbers @ _kernel).std(), 1, rtol=0.05), "with 1/n they keep their size"

# %% [markdown]
# <details><summary>Answer</summary>
#
# Its own probability grows, all others shrink: positive on the diagonal, negative elsewhere. Each
# row adds up to 0, because adding the same number to all scores changes nothing. (Each column as
# well: what one probability gains, the others lose.)
#
# </details>
#
# On the way back, row $g : (u,)$ of $G$ meets the Jacobian. Score $l$ acts on the loss through every
# probability, and these effects add up: $d_l = \sum_k g_k\, \partial p_k / \partial z_l$. Put in the
# Jacobian:
#
# $$d = J^\top g = p \odot g \;-\; p\, (p^\top g) = p \odot \bigl( g - \underbrace{p^\top g}_{\text{one number}} \bigr).$$
#
# So the product with the whole Jacobian needs no matrix at all: for each row one dot product, one
# subtraction, and one product entry by entry. For $m$ rows at once, the dot products are a column:
#
# $$s_i = \sum_{k=1}^{u} G_{ik} A_{ik}, \quad s : (m, 1), \qquad D = A \odot (G - s) : (m, u).$$
#
# ### Exercise 2: Dense
# *35 minutes, ●●●, 20 points*
#
# The constructor and `output_width` are written. Fill in `build`, `forward` and `backward`. `forward`
# should leave its input in `self.x` and its result in `self.a`, for `backward` to use; the result is
# enough to know where $Z$ was positive.
#
# **Before you write it.** What shape do `grad_kernel`, `grad_bias` and the gradient at the input
# have? Check each formula above for its shape, with $m = 4$, $n = 7$, $u = 5$.


# %% nbgrader={"grade": false, "grade_id": "dense", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Dense(Layer):
    """A layer in which every unit takes from every input.

    Parameters
    ----------
    units : int
        Number of units, u.
    activation : {None, "relu", "softmax"}
        What is applied to the scores.
    rng : numpy.random.Generator, optional
        Source of the first kernel; a new generator by default.

    Attributes
    ----------
    kernel, grad_kernel : ndarray, shape (n_inputs, units)
    bias, grad_bias : ndarray, shape (units,)
        Parameters, from `build` on, and the loss's gradients with respect to them, from `backward` on.
    x, a : ndarray
        Input and result of the last `forward`; `backward` may let go of them.
    """

    def __init__(
        self,
        units: int,
        activation: str | None = None,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__()
        if activation not in (None, "relu", "softmax"):
            raise ValueError(
                f'The activation is {activation!r}; Dense knows None, "relu" and "softmax".'
            )
        self.units = units
        self.activation = activation
        self.rng = rng or np.random.default_rng()

    def output_width(self, n_inputs: int) -> int:
        return self.units

    def build(self, n_inputs: int) -> None:
        """Draw the kernel (Glorot uniform) from self.rng, and set the bias to 0, both float32.

        (float64 is right, too. Training then takes about twice as long.)

        Parameters
        ----------
        n_inputs : int
            Number of features that the layer takes, n.
        """
        ### BEGIN SOLUTION
        limit = np.sqrt(6 / (n_inputs + self.units))
        kernel = self.rng.uniform(-limit, limit, (n_inputs, self.units))
        self.kernel = kernel.astype(np.float32)
        self.bias = np.zeros(self.units, dtype=np.float32)
        ### END SOLUTION

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Compute the layer's result, and keep x and the result.

        Parameters
        ----------
        x : ndarray, shape (m, n_inputs)
            One example a row. Not changed.

        Returns
        -------
        ndarray, shape (m, units)
        """
        # 1. The scores.
        # 2. The activation. Softmax runs along each row; mind scores as large as 1000.
        # 3. Keep x as self.x and the result as self.a, then return the result.
        ### BEGIN SOLUTION
        a = x @ self.kernel + self.bias
        if self.activation == "relu":
            a = np.maximum(a, 0)
        elif self.activation == "softmax":
            exponentials = np.exp(a - a.max(axis=1, keepdims=True))
            a = exponentials / exponentials.sum(axis=1, keepdims=True)
        self.x, self.a = x, a
        return a
        ### END SOLUTION

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        """Set grad_kernel and grad_bias, and return the gradient at the input.

        Parameters
        ----------
        grad_output : ndarray, shape (m, units)
            The loss's gradient with respect to the result of the last `forward`. Not changed.

        Returns
        -------
        ndarray, shape (m, n_inputs)
            The loss's gradient with respect to the input.
        """
        # 1. Through the activation: D.
        # 2. Set self.grad_kernel and self.grad_bias. Sums over examples, no means.
        # 3. Return the gradient at the input.
        ### BEGIN SOLUTION
        D = grad_output
        if self.activation == "relu":
            D = grad_output * (self.a > 0)
        elif self.activation == "softmax":
            D = self.a * (grad_output - (grad_output * self.a).sum(axis=1, keepdims=True))
        self.grad_kernel = self.x.T @ D
        self.grad_bias = D.sum(axis=0)
        return D @ self.kernel.T
        ### END SOLUTION


# %% tags=["expected-output"]
check.dense_build(Dense)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rng.uniform(low, high, shape)` draws float64 numbers; `array.astype(np.float32)` converts them.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_dense_build", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Dense(…).build(n_inputs) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_dense_build(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.dense_forward(Dense)

# %% [markdown]
# <details><summary>Hint</summary>
#
# NumPy takes a bias of shape `(u,)` for a row, and adds it to each row of the scores. For softmax,
# `keepdims=True` keeps a row's maximum and sum as a column, so that each row meets its own.
#
# </details>
#
# **Pitfall.** The axes have changed places. A softmax copied from Lab 3 makes each *column* add up
# to 1: all examples of a batch then share one unit of probability.

# %% nbgrader={"grade": true, "grade_id": "test_dense_forward", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Dense(…).forward(x) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_dense_forward(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.dense_backward(Dense)

# %% [markdown]
# <details><summary>Hint</summary>
#
# For softmax, multiply `grad_output` and `self.a` entry by entry and sum each row: that is
# $p^\top g$, for all examples at once. Keep the result a column.
#
# </details>
#
# **Pitfall.** Do not put $p - y$ in here. A layer does not know the labels; for all it knows its
# probabilities might go into another layer, or into another loss.
#
# **Pitfall.** `self.grad_kernel += …` would add each batch's gradient to those of all earlier batches.
#
# <details><summary>Answer to the question</summary>
#
# $X^\top D$ is $(7, 4)$ times $(4, 5)$, so `grad_kernel` is $(7, 5)$, as the kernel is. The sum of
# the four rows of $D$ is $(5,)$, as the bias is. $D K^\top$ is $(4, 5)$ times $(5, 7)$, so the
# gradient at the input is $(4, 7)$, as $X$ is. A gradient has the shape of the array that one
# differentiates with respect to.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_dense_backward", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Dense(…).backward(grad_output) run here when you hand in. 10 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_dense_backward(globals())
### END HIDDEN TESTS

# %% [markdown]
# Now do not take anybody's word for it. `numerical_gradient` is the ruler that you built in Lab 3.
# The loss here is $L = \sum_{ik} G_{ik} A_{ik}$ with random numbers $G : (m, u)$, so that
# $\partial L / \partial A = G$ is the `grad_output`. The ruler needs float64, so the cell gives the
# layer such parameters. A gradient "agrees" if none of its entries is off by more than a millionth of
# the largest.

# %% tags=["for-the-reader", "expected-output"]
rng = np.random.default_rng(5)


def measured_with_ruler(layer: Layer, name: str, loss: Callable[[], float]) -> np.ndarray:
    """Measure the gradient of a loss with respect to a layer's kernel or bias."""
    kept = getattr(layer, name)

    def loss_with(value: np.ndarray) -> float:
        setattr(layer, name, value)
        return loss()

    gradient = numerical_gradient(loss_with, kept)
    setattr(layer, name, kept)
    return gradient


def verdict(name: str, gradient: np.ndarray, measured: np.ndarray) -> str:
    """Say how far a gradient is from what was measured, relative to its size."""
    error = np.abs(gradient - measured).max() / np.abs(measured).max()
    return f"{name} {'agrees' if error < 1e-6 else f'is off by {error:.2g}'}"


def compare_with_ruler(layer: Layer, x: np.ndarray) -> None:
    """Print how far backward is from what the ruler measures."""
    layer.kernel = rng.normal(0, 0.8, layer.kernel.shape)
    layer.bias = rng.normal(0, 0.8, layer.bias.shape)
    G = rng.normal(size=layer.forward(x).shape)

    def loss(x: np.ndarray = x) -> float:
        return float(np.sum(G * layer.forward(x)))

    layer.forward(x)
    verdicts = [verdict("x", layer.backward(G), numerical_gradient(loss, x))]
    for name in ("kernel", "bias"):
        measured = measured_with_ruler(layer, name, loss)
        verdicts.append(verdict(name, getattr(layer, f"grad_{name}"), measured))
    print(f"{layer.activation!s:8}", ", ".join(verdicts))


for activation in (None, "relu", "softmax"):
    layer = Dense(5, activation)
    layer.build(7)
    compare_with_ruler(layer, rng.normal(size=(4, 7)))

# %% [markdown]
# ## 3. The loss
#
# The loss is the end of the way forward and the beginning of the way back. It is a class with two
# abilities: called, it gives the mean cross-entropy; asked for its `gradient`, it gives the
# derivative with respect to each entry of the predictions. With the one-hot labels $Y$ (`y_true`)
# and the predicted probabilities $P$ (`y_pred`):
#
# $$L = -\frac{1}{m} \sum_{i=1}^{m} \sum_{k=1}^{c} Y_{ik} \log P_{ik}, \qquad
#   \frac{\partial L}{\partial P_{ik}} = -\frac{1}{m}\, \frac{Y_{ik}}{P_{ik}}, \qquad Y, P : (m, c).$$
#
# ### Exercise 3: CategoricalCrossentropy
# *10 minutes, ●●○, 5 points*
#
# Write both methods, with the two formulas above. One thing has to be added: 0 has no logarithm, and
# nothing can be divided by it. So raise probabilities that are smaller than some tiny number to that
# number, in both methods. It should be $10^{-7}$ at most, so that small probabilities stay as they are,
# and not so tiny that float32 takes it for 0. $10^{-12}$ is a good choice.
#
# **Before you write it.** How large is the slope where the true class has the probability 0.5? And
# 0.001? And 0?


# %% nbgrader={"grade": false, "grade_id": "loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
class CategoricalCrossentropy:
    """The mean negative logarithm of the true classes' probabilities."""

    def __call__(self, y_true: np.ndarray, y_pred: np.ndarray) -> float:
        """Compute the loss.

        Parameters
        ----------
        y_true : ndarray, shape (m, n_classes)
            One-hot labels. Not changed.
        y_pred : ndarray, shape (m, n_classes)
            Probabilities from 0 to 1, both included. Not changed.

        Returns
        -------
        float
            The mean over the examples; finite even where y_pred is exactly 0. The guard that sees to
            that changes a probability by 1e-7 at most.
        """
        ### BEGIN SOLUTION
        tiny = 1e-12
        return float(-np.sum(y_true * np.log(np.maximum(y_pred, tiny))) / len(y_true))
        ### END SOLUTION

    def gradient(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        """Compute the gradient of the loss with respect to y_pred.

        Parameters
        ----------
        y_true, y_pred : ndarray, shape (m, n_classes)
            As above. Not changed.

        Returns
        -------
        ndarray, shape (m, n_classes)
            Finite even where y_pred is exactly 0, by the same guard.
        """
        ### BEGIN SOLUTION
        tiny = 1e-12
        return -y_true / np.maximum(y_pred, tiny) / len(y_true)
        ### END SOLUTION


# %% tags=["expected-output"]
check.loss(CategoricalCrossentropy)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.maximum(y_pred, 1e-12)` is what goes into the logarithm and into the quotient. `len(y_true)` is
# $m$: examples are rows now.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# $-2/m$, then $-1000/m$; towards 0 it falls without bound. All are negative: a higher probability for
# the true class means a lower loss. At 0 itself the formula gives nothing; there your guard decides.
#
# </details>

# %% tags=["claim"]
_p = np.array([[0.5, 0.5], [0.001, 0.999], [0, 1]])
_slopes = CategoricalCrossentropy().gradient(to_categorical(np.zeros(3, int), 2), _p)[:, 0] * 3
assert np.allclose(_slopes[:2], [-2, -1000])
assert np.isfinite(_slopes[2])
assert np.float32(1e-12) > 0, "not so tiny that float32 takes it for 0"

# %% nbgrader={"grade": true, "grade_id": "test_loss", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of CategoricalCrossentropy() run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_loss(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### The Jacobian meets the cross-entropy
#
# Where the answer is wrong the slope $-y/p$ is huge, and softmax's slopes are tiny. What comes out
# when they meet? Take one example, so $m = 1$ and $p, y, g, d : (c,)$. Then $g_k = -y_k / p_k$. The
# labels $y$ add up to 1, and so
#
# $$p^\top g = -\sum_k p_k \frac{y_k}{p_k} = -\sum_k y_k = -1, \qquad
#   d = p \odot (g + 1) = -y + p = p - y .$$
#
# The whole Jacobian, times a gradient with one huge entry, collapses to a difference. For $m$
# examples it is $D = (P - Y)/m : (m, c)$. Lab 3 had $dZ_2 = A_2 - Y$, and divided by $m$ later;
# here the loss has done that already. And nobody has put it in: your two classes know nothing of
# each other, and it comes out. The next cell multiplies it out for one example, with the matrix,
# and with your code.

# %% tags=["for-the-reader", "expected-output"]
p = np.array([[0.003, 0.60, 0.05, 0.25, 0.097]])
y = to_categorical(np.array([0]), 5)
g = CategoricalCrossentropy().gradient(y, p)
J = np.diag(p[0]) - np.outer(p[0], p[0])

softmax_layer = Dense(5, activation="softmax")
softmax_layer.build(5)
softmax_layer.kernel, softmax_layer.bias = np.eye(5), np.zeros(5)
softmax_layer.forward(np.log(p))  # with these scores its answer is p
print("slope in p          ", np.round(g[0], 3) + 0.0)
print("times the Jacobian  ", np.round(J.T @ g[0], 3))
print("your layer's        ", np.round(softmax_layer.backward(g)[0], 3))
print("p - y               ", np.round(p[0] - y[0], 3))

# %% tags=["claim"]
assert np.allclose(J.T @ g[0], p[0] - y[0])
assert np.allclose(softmax_layer.backward(g), p - y)
assert np.abs(g).max() > 300, "where the answer is wrong the loss's slope is huge"
assert np.abs(J[0]).max() < 0.003, "and softmax's slopes are tiny"

# %% [markdown]
# And for other probabilities? Take two classes. The next cell lets the probability of the true one go
# from nearly 1 down to $10^{-15}$, and sends each of these examples through your two classes. Two
# curves are drawn from the formulas. The third, the thick one, is what your code makes of them.

# %% tags=["for-the-reader"]
p_true = np.logspace(-0.01, -15, 300)
two = np.column_stack([p_true, 1 - p_true])
y_two = to_categorical(np.zeros(300, dtype=int), 2)

pair = Dense(2, activation="softmax")
pair.build(2)
pair.kernel, pair.bias = np.eye(2), np.zeros(2)
pair.forward(np.log(two))
slope = pair.backward(CategoricalCrossentropy().gradient(y_two, two))
product = -300 * slope[:, 0]  # the loss is a mean over 300 examples; here each stands alone

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, ax = plt.subplots(figsize=(7, 4), layout="constrained")
ax.plot(p_true, 1 / p_true, label="the loss's slope: 1/p₁")
ax.plot(p_true, p_true * (1 - p_true), label="softmax's slope: p₁ (1 − p₁)")
ax.plot(p_true, product, label="their product, by your code", linewidth=3)
ax.set(
    xscale="log", yscale="log", xlabel="probability p₁ of the true class", ylabel="size of slope"
)
ax.grid(alpha=0.3)
ax.legend(loc="upper right")
describe(
    ax,
    "Two classes, sizes of slopes against the probability of the true class, on logarithmic axes. As it falls from 1 "
    "to a thousandth of a millionth of a millionth, the slope of the loss grows as fast as softmax's slope falls. "
    f"Their product is {product[0]:.2f} where the probability is {p_true[0]:.2f}, {product[120]:.2f} where it is "
    f"{p_true[120]:.0e}, and {product[-1]:.2g} at the end.",
)

# %% [markdown]
# As the probability falls, one factor explodes as fast as the other vanishes, and their product,
# $1 - p_1$, goes to 1 and stays there. But look at the left end. Below your guard against a division by
# 0 (say $10^{-12}$) the balance breaks: where the probability is a tenth of the guard, the gradient is a
# tenth of what it should be, and at 0 it is 0. Frameworks therefore offer to fuse the two and work on
# scores; in Keras it is called `from_logits=True`. For digits you will not need it.

# %% tags=["claim"]
assert np.allclose(product[p_true > 2e-12], 1 - p_true[p_true > 2e-12]), (
    "it goes to 1 and stays there"
)
assert np.allclose(product[p_true < 5e-13], p_true[p_true < 5e-13] / 1e-12, rtol=1e-3)
_sure = Dense(2, activation="softmax")
_sure.build(2)
_sure.kernel = np.eye(2)
_at_0 = _sure.forward(np.array([[-2000.0, 0.0]]))
assert _at_0[0, 0] == 0
_slope = CategoricalCrossentropy().gradient(np.array([[1.0, 0.0]]), _at_0)
assert not _sure.backward(_slope).any(), "at 0 the gradient is 0"

# %% [markdown]
# ## 4. The optimiser
#
# The optimiser turns gradients into steps. `SGD` (stochastic gradient descent) is told the layers
# whose gradients are ready, and moves their parameters. Its `momentum` $\mu$ is new. Each parameter
# $\theta$ has a *velocity* $v$, at first 0, that remembers where the last steps went:
#
# $$v \leftarrow \mu\, v - \alpha\, \frac{\partial L}{\partial \theta}, \qquad \theta \leftarrow \theta + v,
#   \qquad v, \theta \text{ of the same shape.}$$
#
# With $\mu = 0$ that is plain gradient descent. With $\mu = 0.9$ a ball rolls downhill: slopes that
# agree from step to step add up, and slopes that change sign partly cancel out.
#
# ### Exercise 4: SGD
# *15 minutes, ●●○, 5 points*
#
# The constructor is written. Write `apply`, which moves every kernel and every bias by one step.
#
# **Before you write it.** The gradient is 1 in every step, $\alpha = 0.1$, $\mu = 0.9$. How long is
# the first step, how long the second, and what length do the steps approach?


# %% nbgrader={"grade": false, "grade_id": "sgd", "locked": false, "schema_version": 3, "solution": true, "task": false}
class SGD:
    """Gradient descent with momentum.

    Parameters
    ----------
    learning_rate : float
        Step size, alpha.
    momentum : float
        How much of the last step is carried over into the next, mu; 0 is plain gradient descent.

    Notes
    -----
    The velocities are the optimiser's own: in a new one they are 0, whatever moved the layers before.
    """

    def __init__(self, learning_rate: float = 0.01, momentum: float = 0.0) -> None:
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = {}

    def apply(self, layers: list[Layer]) -> None:
        """Move the kernel and the bias of each layer by one step.

        Parameters
        ----------
        layers : list of Layer
            Those that learn have kernel, bias, grad_kernel and grad_bias. Others, such as an
            input, have none of these, and are left alone.
        """
        # For each layer that has a kernel (hasattr(layer, "kernel")):
        # 1. Look up its two velocities; they are 0 at first, and every layer has its own.
        # 2. Work out the new velocities, and keep them for the next step.
        # 3. Move layer.kernel and layer.bias.
        ### BEGIN SOLUTION
        for layer in layers:
            if not hasattr(layer, "kernel"):
                continue
            v_kernel, v_bias = self.velocities.get(layer, (0.0, 0.0))
            v_kernel = self.momentum * v_kernel - self.learning_rate * layer.grad_kernel
            v_bias = self.momentum * v_bias - self.learning_rate * layer.grad_bias
            self.velocities[layer] = v_kernel, v_bias
            layer.kernel = layer.kernel + v_kernel
            layer.bias = layer.bias + v_bias
        ### END SOLUTION


# %% tags=["expected-output"]
check.sgd(SGD)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A layer can be the key of a dict: `self.velocities[layer] = …`. And `d.get(key, default)` gives
# the default while the key is not there.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# 0.1, then 0.9 · 0.1 + 0.1 = 0.19. The steps approach $\alpha / (1 - \mu) = 1$: ten times the first.
# If you turn momentum on, turn the learning rate down.
#
# </details>

# %% tags=["claim"]
_ball, _optimizer, _places = Scale(), SGD(0.1, momentum=0.9), [0.0]
_ball.kernel, _ball.bias, _ball.grad_kernel, _ball.grad_bias = 0.0, 0.0, 1.0, 0.0
for _ in range(100):
    _optimizer.apply([_ball])
    _places.append(_ball.kernel)
_steps = -np.diff(_places)
assert np.allclose(_steps[:2], [0.1, 0.19])
assert np.isclose(_steps[-1], 1, rtol=1e-3)

# %% nbgrader={"grade": true, "grade_id": "test_sgd", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of SGD(learning_rate, momentum).apply(layers) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_sgd(globals())
### END HIDDEN TESTS

# %% [markdown]
# Here is what momentum is good for. The loss below is a long valley, $L = \frac{1}{2}(x^2 + 60\, y^2)$:
# steep across, nearly flat along. A ball is a layer whose kernel is the place $(x, y)$, and its slope
# there is $(x, 60\, y)$. Both balls start at the same place and take forty steps with the learning rate
# 0.032. Without momentum that is nearly the largest rate that there can be: across the valley every
# step already jumps to the other side, and beyond $2/60 \approx 0.033$ the jumps grow. In the picture
# each dot is a place after a step, and the star is the lowest point.

# %% tags=["for-the-reader"]
steepness = np.array([1.0, 60.0])  # along the valley, and across it


def roll(optimizer: SGD, steps: int = 40) -> np.ndarray:
    """Let a ball take steps down into the valley; return all places, (steps + 1, 2)."""
    ball = Scale()
    ball.kernel, ball.bias = np.array([-10.0, 1.0]), np.zeros(2)
    path = [ball.kernel.copy()]  # a copy: your SGD may change the array in place
    for _ in range(steps):
        ball.grad_kernel, ball.grad_bias = steepness * ball.kernel, np.zeros(2)
        optimizer.apply([ball])
        path.append(ball.kernel.copy())
    return np.array(path)


paths = {momentum: roll(SGD(learning_rate=0.032, momentum=momentum)) for momentum in (0.0, 0.8)}
for momentum, path in paths.items():
    crossings = np.sum(path[1:, 1] * path[:-1, 1] < 0)
    print(
        f"momentum {momentum:g}: to the other side {crossings} times, "
        f"{np.linalg.norm(path[-1]):.1f} from the lowest point at the end"
    )

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(2, 1, figsize=(9, 5), sharex=True, sharey=True, layout="constrained")
grid_x, grid_y = np.meshgrid(np.linspace(-11, 5, 160), np.linspace(-1.7, 1.7, 80))
for ax, (momentum, path) in zip(axes, paths.items(), strict=True):
    ax.contour(
        grid_x, grid_y, steepness[0] * grid_x**2 + steepness[1] * grid_y**2, 12, cmap="Greys_r"
    )
    ax.plot(*path.T, "-", marker="o", markersize=3, color="C0")
    ax.plot(0, 0, "k*", markersize=12)
    ax.set(title=f"momentum {momentum:g}", ylabel="across", aspect="equal")
axes[1].set(xlabel="along the valley")
ends = [np.linalg.norm(path[-1]) for path in paths.values()]
describe(
    fig,
    "Contour lines of a long, narrow valley, its lowest point marked by a star. Above, without momentum: the path jumps "
    f"to and fro across the valley, creeps along it and ends at a distance of {ends[0]:.1f}. Below, with momentum 0.8: "
    "it swings to and fro less often, speeds up along the valley, rolls past the star, turns round and ends at a "
    f"distance of {ends[1]:.1f}.",
)

# %% [markdown]
# Without momentum the ball jumps to the other side in each of its forty steps, and is still on its way
# at the end. With momentum the steps along the valley add up. Across it, where the slope keeps changing
# its sign, a step and what is left of the one before partly cancel out: the ball swings in wider arcs,
# and changes sides about half as often. Something that rolls does not stop at once: it runs past the
# lowest point, and has to turn round.

# %% tags=["claim"]
_sides = {_m: np.sum(_path[1:, 1] * _path[:-1, 1] < 0) for _m, _path in paths.items()}
assert _sides[0.0] == 40, "it jumps to the other side in each of its forty steps"
assert 0.4 < _sides[0.8] / _sides[0.0] < 0.6, "with momentum about half as often"
assert np.linalg.norm(paths[0.0][-1]) > 2 > 10 * np.linalg.norm(paths[0.8][-1])
assert paths[0.0][:, 0].max() < 0 < 0.5 < paths[0.8][:, 0].max(), "it runs past the lowest point"
assert paths[0.8][-1, 0] < 0.5, "and turns round"
_too_fast = np.abs(roll(SGD(0.034))[:, 1])
assert np.all(np.diff(_too_fast) > 0), "beyond 2/60 the jumps grow"
assert np.all(np.diff(np.abs(paths[0.0][:, 1])) < 0), "at 0.032 they do not"

# %% [markdown]
# ## 5. The graph
#
# So far a layer is on its own. Now comes the trick that makes `Dense(10)(x)` work. `x` is not
# an array but a *node*: a place in the graph where numbers will appear later. Calling a layer on a node
# computes no result. It makes a new node, and records the link in both nodes. The first call also
# builds the layer, because only now is the width of its input known. A second call builds nothing, so
# the layer keeps its one kernel. This is how `given_layers.py` does it. (`None` in a node's shape stands
# for the number of examples, which is left open. `_check_width` refuses a second call on a node that
# the kernel does not fit.)

# %%
print(inspect.getsource(Node.__init__))
print(inspect.getsource(Layer.__call__))

# %% [markdown]
# So a node knows the `layer` whose result it is, its `parents` (what it takes from) and its
# `children` (what takes from it). Nothing forces the nodes into a row:
#
# - two nodes may have the same parent: a **branch**;
# - a node may have two parents: `Add` and `Concatenate`, which are given, merge branches;
# - one layer may be called twice: a **shared layer**. It then has two nodes, and one kernel.
#
# This graph has all three:

# %%
rng = np.random.default_rng(7)
entry = Input(4)
shared = Dense(3, activation="relu", rng=rng)
left = shared(entry)
middle = Dense(4, rng=rng)(entry)
right = shared(middle)
merged = Concatenate()([left, Add()([left, right])])
result = Dense(2, activation="softmax", rng=rng)(merged)

print("left  takes from", [type(node.layer).__name__ for node in left.parents])
print("left  feeds     ", [type(node.layer).__name__ for node in left.children])
print("nodes of the shared layer:", len(shared.nodes))


# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
def draw_graph(end: Node, names: dict[Node, str], text: str) -> None:
    """Draw the nodes before `end`, each to the right of all that it takes from."""
    depth: dict[Node, int] = {}

    def place(node: Node) -> int:
        if node not in depth:
            depth[node] = 1 + max(map(place, node.parents), default=-1)
        return depth[node]

    place(end)
    level: dict[int, int] = {}
    spot = {}
    for node in sorted(depth, key=depth.get):
        alone = sum(other == depth[node] for other in depth.values()) == 1
        spot[node] = depth[node], 0 if alone else level.get(depth[node], 1)
        level[depth[node]] = -1
    _, ax = plt.subplots(figsize=(10, 2.6), layout="constrained")
    boxes = {}
    for node in depth:
        label = f"{names.get(node, '')}\n{type(node.layer).__name__} {node.shape[1]}".strip()
        twice = len(node.layer.nodes) > 1
        box = {
            "boxstyle": "round",
            "facecolor": "gold" if twice else "white",
            "edgecolor": "C0",
            "linewidth": 2.5 if twice else 1,
        }
        boxes[node] = ax.text(*spot[node], label, ha="center", va="center", fontsize=9, bbox=box)
    for node in depth:
        for parent in node.parents:
            far = depth[node] - depth[parent] > 1
            arrow = {
                "arrowstyle": "-|>",
                "patchA": boxes[parent].get_bbox_patch(),
                "patchB": boxes[node].get_bbox_patch(),
                "shrinkA": 0,
                "shrinkB": 1,
                "color": "gray",
                "connectionstyle": f"arc3,rad={-0.3 if far else 0}",
            }
            ax.annotate("", spot[node], spot[parent], zorder=4, arrowprops=arrow)
    heights = [y for _, y in spot.values()]
    ax.set(xlim=(-0.5, max(depth.values()) + 0.5), ylim=(min(heights) - 0.5, max(heights) + 0.9))
    ax.set_axis_off()
    describe(ax, text)


names = {entry: "entry", left: "left", middle: "middle", right: "right", merged: "merged"}
draw_graph(
    result,
    names | {result: "result"},
    "A graph from left to right: entry feeds left, a Dense of 3 units, and middle, a Dense of 4 units. middle feeds "
    "right, which is the same Dense layer as left. left and right meet in Add; left and Add meet in merged, a "
    "Concatenate of width 6. It feeds the result, a Dense of 2 units.",
)

# %% tags=["claim"]
assert len(entry.children) == len(left.children) == 2
assert len(merged.parents) == 2
assert left.layer is right.layer is shared
assert len(shared.nodes) == 2

# %% [markdown]
# Each box is a node, with its name, its layer and its width. The two yellow nodes are one layer,
# called twice.
#
# ### Forward: in which order?
#
# A node can be computed once all its parents are. So we need the nodes in an order in which each
# one comes after its parents, a *topological* order. One way to find it: start at the end. **To
# put a node into the list, first put its parents there, then itself. If it is there already, do
# nothing.** The parents follow the same rule, so the function calls itself.
#
# ### Backward: who adds up?
#
# In the reverse order, each node hands the gradient at its result to its layer's `backward`, and
# passes what it gets on to its parents. Two things add up on the way:
#
# - **At a branch.** `left` feeds two nodes. If it changes, the loss changes in two ways, and by the
#   chain rule they are summed. So a node's gradient is the *sum* of what its children send. By the
#   time it is needed they all have sent theirs: the reverse order sees to that. (Let each node *send*
#   to its parents. Do not collect from `children`: some may belong to another model.)
# - **In a shared layer.** Its kernel worked in two places, so its gradient is the sum of both. But
#   each `backward` *sets* `grad_kernel` and forgets the former. The model has to do the sum.
#
# A shared layer also remembers its last `forward` only, which may have been at another node. Before
# going back through one of its nodes, let it go forward there once more.
#
# ### Exercise 5: Model
# *40 minutes, ●●●, 12 points*
#
# `forward` keeps in `self.values` what each node has computed, so that one can look inside and
# shared layers can go forward again. `Add` and `Concatenate` take one array per parent,
# `layer.forward(x1, x2, …)`, and their `backward` returns a tuple with one gradient per parent. All
# other layers take and return one array. `Add` gives all its parents the *same* array:
# `grads[p] += grad` would change it for all of them, `grads[p] = grads[p] + grad` makes a new one.
#
# **Before you write it.** In which order can the six nodes after `entry` be computed? How many such
# orders are there? In which order does the gradient pass through the nodes?


# %% nbgrader={"grade": false, "grade_id": "model", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Model:
    """A graph of layers, from one or several inputs to one output.

    Parameters
    ----------
    inputs : Node or list of Node
        Where examples enter; what `Input` returned.
    outputs : Node
        The node whose result is the model's answer.

    Attributes
    ----------
    nodes : list of Node
        All nodes that the output depends on, itself included, each after its parents.
    layers : list of Layer
        Their layers in the same order, each once, where it first occurs; inputs included.
    values : dict of Node to ndarray
        What each node gave in the last `forward`.
    """

    def __init__(self, inputs: Node | list[Node], outputs: Node) -> None:
        self.inputs = inputs if isinstance(inputs, list) else [inputs]
        self.outputs = outputs
        self.values = {}
        # 1. self.nodes: start at the output. Before a node come its parents; no node comes twice.
        # 2. self.layers: the nodes' layers, in that order, without repetition.
        ### BEGIN SOLUTION
        self.nodes = []

        def visit(node: Node) -> None:
            if node not in self.nodes:
                for parent in node.parents:
                    visit(parent)
                self.nodes.append(node)

        visit(outputs)
        self.layers = list(dict.fromkeys(node.layer for node in self.nodes))
        ### END SOLUTION

    def _inputs_of(self, node: Node) -> list[np.ndarray]:
        """Return the values of a node's parents, as the last `forward` left them."""
        return [self.values[parent] for parent in node.parents]

    def forward(self, x: np.ndarray | list[np.ndarray]) -> np.ndarray:
        """Compute the model's answer, and keep what each node gave.

        Parameters
        ----------
        x : ndarray, shape (m, n_features), or a list of these
            One example a row; for several inputs, a list with one array for each.

        Returns
        -------
        ndarray, shape (m, n_outputs)
        """
        # 1. A new self.values that holds, for each node in self.inputs, its array.
        # 2. Every other node in order: its layer's forward, on its parents' values, which are
        #    *self._inputs_of(node).
        # 3. Return the output's value.
        ### BEGIN SOLUTION
        arrays = x if isinstance(x, list) else [x]
        self.values = dict(zip(self.inputs, arrays, strict=True))
        for node in self.nodes:
            if node not in self.values:
                self.values[node] = node.layer.forward(*self._inputs_of(node))
        return self.values[self.outputs]
        ### END SOLUTION

    def backward(self, grad_output: np.ndarray) -> None:
        """Set grad_kernel and grad_bias of each layer that learns.

        Parameters
        ----------
        grad_output : ndarray, shape (m, n_outputs)
            The loss's gradient with respect to what the last `forward` returned. Not changed.
        """
        # A dict for the nodes' gradients; it starts with grad_output, at the output. Then each node
        # that is no input, in the reverse order:
        # 1. If its layer has more than one node (layer.nodes): let it go forward here once more.
        # 2. Its layer's backward gives the gradient, or a tuple of gradients, for its parents.
        # 3. Add each of them to what that parent has got so far.
        # 4. If its layer has a kernel and has already gone backward in this call: grad_kernel and
        #    grad_bias become the old sum plus the new value. Keep the sums in a dict.
        ### BEGIN SOLUTION
        grads = {self.outputs: grad_output}
        sums = {}
        for node in reversed(self.nodes):
            if node in self.inputs:
                continue
            layer = node.layer
            if len(layer.nodes) > 1:
                layer.forward(*self._inputs_of(node))
            sent = layer.backward(grads[node])
            for parent, grad in zip(
                node.parents, sent if isinstance(sent, tuple) else (sent,), strict=True
            ):
                grads[parent] = grads[parent] + grad if parent in grads else grad
            if layer in sums:
                layer.grad_kernel = sums[layer][0] + layer.grad_kernel
                layer.grad_bias = sums[layer][1] + layer.grad_bias
            if hasattr(layer, "kernel"):
                sums[layer] = layer.grad_kernel, layer.grad_bias
        ### END SOLUTION

    def predict(
        self, x: np.ndarray | list[np.ndarray], batch_size: int | None = None
    ) -> np.ndarray:
        """Compute the answers for all examples, in their order, one batch after the other.

        Parameters
        ----------
        x : ndarray, shape (m, n_features), or a list of these
        batch_size : int, optional
            Number of examples that go forward at a time; all of them by default.

        Returns
        -------
        ndarray, shape (m, n_outputs)
        """
        # take(x, slice(start, stop)) gives these rows of x, or of each of its arrays;
        # n_rows(x) gives the number of examples. The last batch may be smaller.
        ### BEGIN SOLUTION
        size = batch_size or n_rows(x)
        batches = [
            self.forward(take(x, slice(start, start + size))) for start in range(0, n_rows(x), size)
        ]
        return np.concatenate(batches)
        ### END SOLUTION

    def summary(self) -> None:
        """Print what each layer gives, how many numbers it learns, and what it takes from."""
        print_summary(self.layers)

    def count_params(self) -> int:
        """Return how many numbers the model learns."""
        return sum(layer.count_params() for layer in self.layers)


# %% tags=["expected-output"]
check.graph(Model)

# %% [markdown]
# <details><summary>Hint</summary>
#
# A function inside `__init__`, say `visit(node)`, sees `self` and may call itself. For the layers,
# `dict.fromkeys(…)` keeps the first of each and the order. `reversed(self.nodes)` goes backwards. If
# `sent` is what `backward` returned, `isinstance(sent, tuple)` tells one gradient from several.
#
# (Python lets functions call one another about a thousand levels deep, which is enough for networks of
# hundreds of layers.)
#
# </details>
#
# **Pitfall.** In a plain chain, `grads[parent] = grad` works. At a branch it keeps only the
# gradient that came last. The network still learns, with wrong gradients.
#
# <details><summary>Answer to the question</summary>
#
# `middle` comes before `right`, and both `left` and `right` come before the `Add`, which comes
# before `merged` and the result. `left` may be the first of the three, or the second, or the third:
# there are three orders, and any will do. The gradient takes the order of your list in reverse: the
# result, `merged`, the `Add`, and then the three.
#
# </details>

# %% tags=["claim"]
import sys as _sys
from itertools import permutations as _permutations

_after_entry = [_node for _node in Model(entry, result).nodes if _node is not entry]
_orders = [
    _order
    for _order in _permutations(_after_entry)
    if all(
        _parent in (entry, *_order[:_k])
        for _k, _node in enumerate(_order)
        for _parent in _node.parents
    )
]
assert len(_after_entry) == 6
assert len(_orders) == 3, "there are three orders"
assert 700 < _sys.getrecursionlimit() < 1500, "about a thousand levels deep"
_end = _start = Input(1)
for _ in range(400):
    _end = Scale()(_end)
assert len(Model(_start, _end).layers) == 401, "enough for hundreds of layers"

# %% nbgrader={"grade": true, "grade_id": "test_graph", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Model(inputs, outputs), its layers, forward and backward run here when you hand in. 8 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_graph(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.predict(Model)

# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Model(…).predict(x, batch_size) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_predict(globals())
### END HIDDEN TESTS

# %% [markdown]
# Now the graph from above, as a model:

# %%
tangle = Model(entry, result)
tangle.summary()

# %% [markdown]
# The shared layer has one line, `dense`, for it has one kernel. It takes from two layers: its first
# call takes from the input, its second from `dense_1`, which stands further down. And `add` takes from
# `dense` twice, once from each of its nodes, `left` and `right`.
#
# Next, the ruler measures the gradients of the model's kernels and biases. The loss is the mean squared
# error, which `given_training.py` provides.

# %% tags=["for-the-reader", "expected-output"]
x, y = rng.normal(size=(6, 4)), rng.normal(size=(6, 2))
squared = MeanSquaredError()
for layer in tangle.layers:
    if hasattr(layer, "kernel"):  # float64, and biases that are not 0, for an exact measurement
        layer.kernel = layer.kernel.astype(np.float64)
        layer.bias = rng.normal(0, 0.3, layer.bias.shape)


for _ in range(2):  # the second time nothing must be left of the first
    tangle.backward(squared.gradient(y, tangle.forward(x)))
for title, layer in {
    "shared layer": shared,
    "middle": middle.layer,
    "result": result.layer,
}.items():
    verdicts = []
    for name in ("kernel", "bias"):
        measured = measured_with_ruler(layer, name, lambda: squared(y, tangle.forward(x)))
        verdicts.append(verdict(name, getattr(layer, f"grad_{name}"), measured))
    print(f"{title:12} ", ", ".join(verdicts))

# %% [markdown]
# ## 6. Training
#
# What is left is the part of Keras that people know. `compile` just keeps its arguments. `fit` is
# the loop of Lab 4; new is the housekeeping around it:
#
# - In every epoch the examples are shuffled (unless `shuffle=False`) and dealt out in batches. Each
#   batch takes one step, in `train_on_batch`.
# - `train_on_batch` gives the loss and the metrics of its batch, from the predictions *before* the
#   step. Their mean over the epoch, in which every *example* counts the same, is what the progress
#   bar shows and what goes into the `History`.
# - `validation_split=0.1` holds back the *last* tenth of the examples, before any shuffling. After
#   each epoch the model is evaluated on them. Or `validation_data=(x, y)` names others; then nothing
#   is held back.
# - A second `fit` goes on from where the first ended, with a new `History`.
#
# ### Exercise 6: compile, fit, evaluate
# *30 minutes, ●●○, 15 points*
#
# `class Model(Model)` below makes a new class with everything that the old one had, and gives it
# the old one's name. (It saves you from scrolling. When you change the class above, run this cell
# again, too.) `METRICS[name](y_true, y_pred)` computes a metric by its name; `METRICS` knows
# `"accuracy"` so far.
#
# Write `evaluate` before `fit`, which calls it after each epoch.
#
# **Before you write it.** 1,000 examples, batches of 64. How many steps are there in an epoch, and
# how large is the last batch? If one took the plain mean of all batches' losses, whose examples
# would count more than others?


# %% nbgrader={"grade": false, "grade_id": "training", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Model(Model):
    """A graph of layers that can be trained."""

    def compile(
        self, optimizer: "SGD", loss: "CategoricalCrossentropy", metrics: list[str] | None = None
    ) -> None:
        """Say how to train.

        Parameters
        ----------
        optimizer : SGD, or another object with apply(layers)
        loss : CategoricalCrossentropy, or another object with its two abilities
        metrics : list of str, optional
            Names in METRICS of what else to compute; nothing by default.
        """
        ### BEGIN SOLUTION
        self.optimizer = optimizer
        self.loss = loss
        self.metrics = list(metrics or [])
        ### END SOLUTION

    def train_on_batch(self, x: np.ndarray | list[np.ndarray], y: np.ndarray) -> list[float]:
        """Take one step with one batch.

        Parameters
        ----------
        x : ndarray, shape (m, n_features), or a list of these
        y : ndarray, shape (m, n_outputs)

        Returns
        -------
        list of float
            The loss, then each metric, of the predictions before the step.
        """
        # Forward, backward from the loss's gradient, and let the optimiser move self.layers.
        ### BEGIN SOLUTION
        predicted = self.forward(x)
        self.backward(self.loss.gradient(y, predicted))
        self.optimizer.apply(self.layers)
        return [self.loss(y, predicted), *(METRICS[name](y, predicted) for name in self.metrics)]
        ### END SOLUTION

    def fit(
        self,
        x: np.ndarray | list[np.ndarray],
        y: np.ndarray,
        batch_size: int = 32,
        epochs: int = 1,
        validation_split: float = 0.0,
        validation_data: tuple | None = None,
        shuffle: bool = True,
        rng: np.random.Generator | None = None,
        verbose: int = 1,
    ) -> History:
        """Train, from the parameters that there are.

        Parameters
        ----------
        x : ndarray, shape (m, n_features), or a list of these
            Training examples, one a row. Not changed.
        y : ndarray, shape (m, n_outputs)
            What the model should answer. Not changed.
        batch_size, epochs : int
            Examples per step, the last batch of an epoch may be smaller; rounds over all examples.
        validation_split : float
            Share of the examples, the last ones, that is held back for validation: the first
            int(m * (1 - validation_split)) are for training.
        validation_data : (x, y), optional
            Examples for validation; takes precedence over validation_split: nothing is held back.
        shuffle : bool
            Whether to draw a new order of the examples in every epoch.
        rng : numpy.random.Generator, optional
            Source of these orders; a new generator by default.
        verbose : int
            1 shows a progress bar, 0 nothing.

        Returns
        -------
        History
            One number per epoch for "loss" and each metric and, if there is anything to validate
            on, the same with "val_" before the name.
        """
        # 1. If nothing else is given to validate on, hold back the last examples. x may be a list:
        #    n_rows(x) counts its examples, take(x, rows) takes rows of each of its arrays.
        # 2. A new History().
        # 3. For each epoch: an order of the examples, and a new
        #    Progress(epoch, epochs, steps, verbose), with epochs counted from 1.
        # 4. For each batch: train_on_batch, then progress.update(values) with the means so far, in
        #    a dict such as {"loss": 0.3, "accuracy": 0.9}.
        # 5. At the end of the epoch: evaluate, if there is anything to evaluate on; then
        #    progress.close(values), history.append(values). At the end of all: return the History.
        ### BEGIN SOLUTION
        rng = rng or np.random.default_rng()
        if validation_data is None and validation_split:
            split = int(n_rows(x) * (1 - validation_split))
            validation_data = take(x, slice(split, None)), y[split:]
            x, y = take(x, slice(split)), y[:split]
        names, m = ["loss", *self.metrics], len(y)
        history = History()
        for epoch in range(epochs):
            order = rng.permutation(m) if shuffle else np.arange(m)
            progress = Progress(epoch + 1, epochs, -(-m // batch_size), verbose)
            sums, seen = np.zeros(len(names)), 0
            for start in range(0, m, batch_size):
                rows = order[start : start + batch_size]
                sums += len(rows) * np.array(self.train_on_batch(take(x, rows), y[rows]))
                seen += len(rows)
                progress.update(dict(zip(names, sums / seen, strict=True)))
            values = dict(zip(names, sums / m, strict=True))
            if validation_data is not None:
                measured = np.atleast_1d(self.evaluate(*validation_data))
                values |= {f"val_{name}": v for name, v in zip(names, measured, strict=True)}
            progress.close(values)
            history.append(values)
        return history
        ### END SOLUTION

    def evaluate(
        self, x: np.ndarray | list[np.ndarray], y: np.ndarray, batch_size: int | None = None
    ) -> list[float] | float:
        """Compute the loss and the metrics on examples, and change nothing.

        Parameters
        ----------
        x : ndarray, shape (m, n_features), or a list of these
        y : ndarray, shape (m, n_outputs)
        batch_size : int, optional
            As for `predict`.

        Returns
        -------
        list of float, or float
            The loss, then each metric; the loss alone, as a number, if there are no metrics.
        """
        ### BEGIN SOLUTION
        predicted = self.predict(x, batch_size)
        loss = self.loss(y, predicted)
        if not self.metrics:
            return loss
        return [loss, *(METRICS[name](y, predicted) for name in self.metrics)]
        ### END SOLUTION


# %% tags=["expected-output"]
check.train_on_batch(Model)

# %% tags=["expected-output"]
check.evaluate(Model)

# %% tags=["expected-output"]
check.fit(Model)

# %% [markdown]
# <details><summary>Hint for train_on_batch and evaluate</summary>
#
# Each is a few lines. A step is the way forward, the loss's gradient, the way back, and the optimiser,
# in this order. Both methods give the loss of predictions, then each metric of the same predictions:
# `METRICS[name](y, predicted)` for each name that `compile` was given. `evaluate` gets its predictions
# from `predict`, and hands `batch_size` on to it.
#
# </details>
#
# <details><summary>Hint for fit</summary>
#
# `rng.permutation(m)` gives the numbers from 0 to $m - 1$ in random order, and `order[0:32]` the
# first 32 of them: the rows of the first batch. `take(x, rows)` and `y[rows]` then belong together.
#
# </details>
#
# <details><summary>Answer to the question</summary>
#
# 1000 = 15 · 64 + 40: sixteen steps, the last with 40 examples. In a plain mean of sixteen losses a
# batch of 40 would count as much as one of 64, so each of these 40 examples would count more than the
# others, 1.6 times as much.
#
# </details>
#
# **Pitfall.** Evaluate with `predict`, not with `train_on_batch`. A model that has learned from the
# validation examples can no longer be judged by them.

# %% tags=["claim"]
assert divmod(1000, 64) == (15, 40), "sixteen steps, the last with 40 examples"
assert 64 / 40 == 1.6

# %% nbgrader={"grade": true, "grade_id": "test_fit", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Model(…).compile(…) and fit(…) run here when you hand in. 10 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_fit(globals())
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "test_evaluate", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of Model(…).evaluate(x, y) run here when you hand in. 5 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab5

lab5.test_evaluate(globals())
### END HIDDEN TESTS

# %% [markdown]
# ## 7. MNIST, with your framework
#
# The framework is complete. From here on you are its user.
#
# **Build.** How many parameters will the summary show? Work out the first layer before you run it.


# %%
def build_model(rng: np.random.Generator) -> Model:
    """Build a network 784-128-64-10."""
    inputs = Input(784)
    x = Dense(128, activation="relu", rng=rng)(inputs)
    x = Dense(64, activation="relu", rng=rng)(x)
    outputs = Dense(10, activation="softmax", rng=rng)(x)
    return Model(inputs, outputs)


model = build_model(np.random.default_rng(0))
model.summary()

# %% [markdown]
# The first layer has $784 \cdot 128$ weights and 128 biases: 100,480 numbers, more than nine tenths of
# all.
#
# **Compile, and measure before you train.** An untrained network should be about as good as
# guessing: a loss close to $\log 10 \approx 2.3$, and an accuracy between 0 and 0.2. (It has favourite
# answers, whatever the picture shows. So how often it is right is a matter of chance.)

# %% tags=["claim"]
assert model.layers[1].count_params() == 784 * 128 + 128 == 100_480
assert model.layers[1].count_params() > 0.9 * model.count_params(), "more than nine tenths of all"

# %%
model.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
loss, accuracy = model.evaluate(x_test, y_test)
print(f"untrained: loss {loss:.2f}, accuracy {accuracy:.2f}")
favourite, second = np.sort(np.bincount(model.predict(x_test).argmax(axis=1)))[-1:-3:-1]
print(
    f"its favourite answer: {favourite / len(x_test):.0%} of the pictures, the next {second / len(x_test):.0%}"
)

# %% tags=["claim"]
assert abs(loss - np.log(10)) < 0.2, "a loss close to log 10"
assert accuracy < 0.2
assert favourite + second > 0.4 * len(x_test), "it has favourite answers"

# %% tags=["claim"]
from time import process_time as _process_time


def _three_epochs(Y: np.ndarray, epochs: int = 3, dtype: type = np.float32) -> tuple[float, float]:
    rival = build_model(np.random.default_rng(0))
    for layer in rival.layers[1:]:
        layer.kernel, layer.bias = layer.kernel.astype(dtype), layer.bias.astype(dtype)
    rival.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
    started = _process_time()
    rival.fit(x_train[:4000], Y, 64, epochs=epochs, rng=np.random.default_rng(1), verbose=0)
    seconds = _process_time() - started
    return seconds, rival.evaluate(x_test, y_test)[1]


_three_epochs(y_train[:4000], epochs=1)
(_single, _accuracy), (_double, _accuracy_double) = (
    _three_epochs(y_train[:4000]),
    _three_epochs(y_train[:4000].astype(np.float64)),
)
assert 1.2 < _double / _single < 3, "with float64 training takes up to twice as long"
assert abs(_accuracy - _accuracy_double) < 0.005, "for no gain in accuracy"
_double_kernels, _ = _three_epochs(y_train[:4000], dtype=np.float64)
assert 1.2 < _double_kernels / _single < 3, "so with float64 kernels, Exercise 2"
assert 844 * 10 / (3 * 63) * _single < 60, "seconds rather than minutes"

# %% [markdown]
# **Twenty pictures.** Test the whole thing before you spend time on training. A network of this
# size can learn twenty pictures by heart. If yours cannot, something is broken, and more pictures
# will not help.

# %%
rehearsal = build_model(np.random.default_rng(0))
rehearsal.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
rehearsal.fit(x_train[:20], y_train[:20], 20, epochs=60, rng=np.random.default_rng(1), verbose=0)
loss, accuracy = rehearsal.evaluate(x_train[:20], y_train[:20])
print(f"twenty pictures: loss {loss:.3f}, accuracy {accuracy:.2f}")

# %% tags=["claim"]
assert accuracy == 1, "a network of this size can learn twenty pictures by heart"
assert loss < 0.01

# %% [markdown]
# **Train.** A tenth of the training pictures is held back for validation. On all of MNIST that leaves
# 54,000, and an epoch has 844 steps. Ten epochs take seconds rather than minutes.

# %% tags=["for-the-reader"]
history = model.fit(
    x_train,
    y_train,
    batch_size=64,
    epochs=10,
    validation_split=0.1,
    rng=np.random.default_rng(1),
)
lowest = np.argmin(history.history["val_loss"])
print(
    f"lowest validation loss: {history.history['val_loss'][lowest]:.3f}, after epoch {lowest + 1}"
)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
    curves = {
        "training": history.history[name],
        "validation": history.history[f"val_{name}"],
    }
    plot_learning_curve(curves, ylabel=name, ax=ax)

# %% [markdown]
# In both pictures the two curves part, and that is normal: the network has practised on the one set
# and not on the other.
#
# Look at the validation loss alone. As long as it falls, what the network learns holds for new
# pictures, too. Where it comes to rest, or rises while the training loss goes on falling, the
# network begins to *overfit*: what it still learns holds for its training pictures only. Here that
# happens before the end. In the last three epochs the training loss still falls by more than a third,
# and the validation loss gets hardly any lower than it has been before.
#
# In the first epochs the training curve is the worse one. Its values are means over an epoch in which
# the network was still learning; validation looks at the end of it.

# %% tags=["claim"]
_loss, _val = history.history["loss"], history.history["val_loss"]
if dataset_name() == "MNIST":
    assert len(x_train) * 9 // 10 == 54_000
    assert -(-54_000 // 64) == 844
assert _val[-1] > 1.5 * _loss[-1], "the two curves part"
assert _loss[-1] < 2 / 3 * _loss[-4], "the training loss still falls by more than a third"
assert min(_val) > 0.95 * min(_val[:-3]), "the validation loss gets hardly any lower"
assert np.all(np.greater(_loss, _val)[:2]), "in the first epochs it is the worse one"
assert history.history["accuracy"][0] < history.history["val_accuracy"][0], "test yourself, 4"

# %% [markdown]
# **Evaluate**, on all training pictures, the tenth that was held back included, and on the test
# pictures, which played no part in any of this:

# %% tags=["for-the-reader"]
for name, x, y in (("training", x_train, y_train), ("test", x_test, y_test)):
    loss, accuracy = model.evaluate(x, y, batch_size=1000)
    print(f"{name:8} pictures: loss {loss:.3f}, accuracy {accuracy:.3f}")

# %% [markdown]
# The network does better on what it has practised on. On all of MNIST it does worse on the test
# pictures than on those held back, too. One reason may be that people wrote them who wrote none of the
# training pictures.
#
# **Predict.** Here are the twelve wrong answers that were given with the greatest confidence. Above each
# picture stand the answer and, in brackets, the true digit; below it stands the probability that the
# network gave its answer:

# %% tags=["claim"]
assert model.evaluate(x_train, y_train)[1] > accuracy + 0.01, "it does better on the training set"
_learned_from = slice(int(0.9 * len(x_train)))
_lowest = np.sum(model.predict(x_train[_learned_from]) * y_train[_learned_from], axis=1).min()
assert _lowest > 1e-10, f"no probability comes near the guard, section 3: {_lowest}"
if dataset_name() == "MNIST":
    assert accuracy < history.history["val_accuracy"][-1], "it does worse on the test pictures"

# %% tags=["for-the-reader"]
probabilities = model.predict(x_test)
predicted = probabilities.argmax(axis=1)
wrong = np.flatnonzero(predicted != labels_test)
worst = wrong[np.argsort(-probabilities[wrong].max(axis=1), kind="stable")][:12]
confidences = probabilities[worst].max(axis=1)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
ax = plot_digits(columns_test, labels_test, indices=worst, predictions=predicted, ncols=4)
ax.figure.set_size_inches(1.5 * ax.figure.get_size_inches())
for picture, confidence in zip(ax.images, confidences, strict=True):
    left, right, bottom, _ = picture.get_extent()
    ax.text((left + right) / 2, bottom + 0.03, f"{confidence:.4f}", ha="center", va="top")
described = ", ".join(f"{confidence:.4f}" for confidence in confidences)
describe(ax, f"{alt_text(ax)} The probabilities of these answers, in the same order: {described}.")

# %% [markdown]
# It gave each of these wrong answers more than 0.9. A network that is sure of itself may be wrong all
# the same.
#
# Which digit does it take for which? On all of MNIST, most often a 9 for a 4, and next a 2 for a 7:

# %% tags=["claim"]
assert confidences.min() > 0.9, "it gave each of these wrong answers more than 0.9"
if dataset_name() == "MNIST":
    _pairs, _counts = np.unique(10 * labels_test[wrong] + predicted[wrong], return_counts=True)
    assert _pairs[np.argsort(-_counts, kind="stable")][:2].tolist() == [94, 27], (
        "a 9 for a 4, next a 2 for a 7"
    )

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
plot_confusion_matrix(labels_test, predicted)

# %% [markdown]
# ### Which bug is it?
#
# Frameworks are hard to get right, because a network often learns in spite of a bug. Here are five
# trainings with the classes that you wrote. In four of them `given_five_trainings.py` has planted a bug
# (do not look). Which curve belongs to which cause?
#
# 1. Nothing is wrong.
# 2. Each picture has the label of its neighbour in the batch.
# 3. The loss's gradient has the wrong sign.
# 4. The last layer moves, and no other.
# 5. A bias's slope is a mean over the examples instead of a sum.
#
# **Before you run it.** What loss do you expect for causes 2 and 3?

# %% tags=["for-the-reader"]
suspects = five_trainings(Model, Dense, CategoricalCrossentropy)
curves = {}
for name, (SuspectModel, SuspectDense, SuspectLoss) in suspects.items():
    rng = np.random.default_rng(0)
    pixels = Input(784)
    x = SuspectDense(128, activation="relu", rng=rng)(pixels)
    x = SuspectDense(64, activation="relu", rng=rng)(x)
    suspect = SuspectModel(pixels, SuspectDense(10, activation="softmax", rng=rng)(x))
    suspect.compile(SGD(0.02, momentum=0.9), SuspectLoss())
    examples = x_train[:10_000], y_train[:10_000]
    fitted = suspect.fit(*examples, 64, epochs=6, rng=np.random.default_rng(1), verbose=0)
    curves[name] = fitted.history["loss"]
print(
    "loss in the last epoch:",
    ", ".join(f"{name} {curve[-1]:.3g}" for name, curve in curves.items()),
)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
ax = plot_learning_curve(curves, ylabel="training loss")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
ax.set_yscale("log")

# %% [markdown]
# <details><summary>Answer</summary>
#
# *B* stays at $\log 10 \approx 2.3$, which is guessing: the labels tell it nothing about the
# pictures (cause 2). *D* goes uphill. Soon it gives the same answer to every picture, and is quite sure
# of it. That is wrong for about nine pictures in ten, and each of them costs as much as your guard lets
# it: with the guard $10^{-12}$ that is $-\log 10^{-12} \approx 27.6$. Nine tenths of that are 24.9, and
# near there the curve comes to rest (cause 3). It is not the very number, because not every digit makes
# up just a tenth of the pictures. *E* learns, and slowly: the last layer has to make do with what random
# hidden layers offer (cause 4).
#
# And *A* and *C*? They lie on top of each other. One of them is right. In the other the gradient of
# each bias is divided by the number of examples in the batch, 64 as a rule, and the curves do not tell
# you which. If you look at the loss alone, this bug slips through. The ruler finds it at once, in the
# next cell.
#
# </details>

# %% tags=["claim"]
assert np.allclose(curves["B"], np.log(10), atol=0.03), "B stays at log 10"
_most = -np.log(1e-12)
assert round(_most, 1) == 27.6
assert round(0.9 * _most, 1) == 24.9
assert abs(curves["D"][-1] - 0.9 * _most) < 0.5, "near there the curve comes to rest"
_always_wrong = 1 - y_train[:10_000].mean(axis=0)
assert np.isclose(curves["D"][-1], _always_wrong * _most, rtol=1e-4).any(), "the same answer to all"
assert not np.allclose(_always_wrong, 0.9, atol=0.001), "not every digit makes up just a tenth"
assert np.all(np.diff(curves["E"]) < 0), "E learns"
assert curves["E"][-1] > 5 * curves["C"][-1], "and slowly"
assert np.allclose(curves["A"], curves["C"], rtol=0.05), "A and C lie on top of each other"

# %% tags=["for-the-reader", "expected-output"]
rng = np.random.default_rng(5)
for name in ("A", "C"):
    _, SuspectDense, _ = suspects[name]
    layer = SuspectDense(5, activation="relu")
    layer.build(7)
    print(name, end=":  ")
    compare_with_ruler(layer, rng.normal(size=(4, 7)))

# %% [markdown]
# Off by 0.75, because this batch has four examples: divided by 4, a quarter of the gradient is left.
#
# ### What a framework buys
#
# To try another optimiser, you now change one argument. What does momentum gain here, and what does
# a larger rate? Each optimiser starts from the same parameters and sees the same batches. One start
# proves little, so each of them gets the same three. `Adam` is given. It keeps two running means for
# each parameter, one of its slope and one of the slope's square, and steps by the first over the root
# of the second. So the length of a step hardly depends on how steep the slope is.
#
# Section 4 had a warning: momentum 0.9 can lengthen the steps tenfold. So that momentum does not win by
# that alone, plain SGD also runs with ten times the rate.
#
# **Before you run it.** Where do you expect the curve of ten times the rate to lie?

# %% tags=["for-the-reader"]
optimizers = {
    "SGD": lambda: SGD(0.02),
    "SGD, ten times the rate": lambda: SGD(0.2),
    "with momentum": lambda: SGD(0.02, momentum=0.9),
    "Adam": lambda: Adam(0.001),
}
examples = x_train[:10_000], y_train[:10_000]
losses = {name: [] for name in optimizers}
for name, new_optimizer in optimizers.items():
    for seed in range(3):
        rival = build_model(np.random.default_rng(seed))
        rival.compile(new_optimizer(), CategoricalCrossentropy())
        order = np.random.default_rng(seed + 1)
        losses[name].append(rival.fit(*examples, 64, 6, rng=order, verbose=0).history["loss"])
    print(f"{name:24} ends at", ", ".join(f"{curve[-1]:.3f}" for curve in losses[name]))

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
means = {name: np.mean(three, axis=0) for name, three in losses.items()}
ax = plot_learning_curve(means, ylabel="training loss, mean of three starts")
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
ax.set_yscale("log")

# %% [markdown]
# <details><summary>Answer</summary>
#
# Close to the curve with momentum, and far below that of the small rate. Most of what momentum gains
# here is its tenfold step, which plain SGD can have as well: this valley is wide enough. In a narrow
# one, such as that of section 4, ten times the rate would throw the ball out, and momentum does not. To
# compare two optimisers fairly, give each the learning rate that suits it. (Adam ends level with these
# two, or a little lower. Whether another rate would carry them as far, these curves do not say.)
#
# </details>

# %% tags=["claim"]
_ends = {_name: np.array(_three)[:, -1] for _name, _three in losses.items()}
_small, _large, _momentum, _adam = _ends.values()
assert np.allclose(_large, _momentum, rtol=0.2), "close to the curve with momentum"
assert np.all(_small > 2.5 * _large), "far below that of the small rate"
assert np.abs(roll(SGD(0.32)))[-1].max() > 1e6, "ten times the rate would throw the ball out"
assert np.abs(roll(SGD(0.032, momentum=0.9)))[-1].max() < 3, "and momentum does not"
for _slope in (1e-3, 1.0, 1e3):
    _ball, _adam_alone = Scale(), Adam(0.001)
    _ball.kernel, _ball.bias, _ball.grad_kernel, _ball.grad_bias = 0.0, 0.0, _slope, 0.0
    for _ in range(5):
        _adam_alone.apply([_ball])
    assert np.isclose(_ball.kernel, -0.005, rtol=1e-3), "a step hardly depends on how steep it is"
assert np.all(_adam < 1.05 * np.minimum(_large, _momentum)), "Adam ends level with these two"
assert np.all(_adam > 0.7 * np.maximum(_large, _momentum)), "or a little lower"

# %% [markdown]
# And a graph that is no chain. One branch looks at the upper half of the picture, the other at the
# lower half, and both use the *same* layer. So it learns strokes once, for both places. (Take this
# idea to its end, with one small kernel for every place in the picture, and you have a convolutional
# network.)


# %% tags=["for-the-reader"]
def by_halves(rng: np.random.Generator, one_layer: bool) -> Model:
    """Build a network that looks at both halves of a picture, with one layer or with one for each."""
    upper, lower = Input(392), Input(392)
    strokes = Dense(64, activation="relu", rng=rng)
    strokes_below = strokes if one_layer else Dense(64, activation="relu", rng=rng)
    both = Concatenate()([strokes(upper), strokes_below(lower)])
    x = Dense(64, activation="relu", rng=rng)(both)
    return Model([upper, lower], Dense(10, activation="softmax", rng=rng)(x))


halves = by_halves(np.random.default_rng(0), one_layer=True)
halves.summary()

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
upper, lower = halves.inputs
draw_graph(
    halves.outputs,
    {upper: "upper half", lower: "lower half", halves.outputs: "answer"},
    "Two inputs of width 392, the upper and the lower half. Each feeds a node of the same Dense layer of 64 units. "
    "Both meet in a Concatenate of width 128, which feeds a Dense of 64 units, which feeds the answer, a Dense of 10.",
)

# %% [markdown]
# Does sharing pay? Compare it with a network that has a layer for each half, and with a plain one that
# has about as many parameters as the one that shares, 784-39-64-10. All are trained in the same way,
# from three starts each.


# %% tags=["for-the-reader"]
def plain(rng: np.random.Generator) -> Model:
    """Build a network 784-39-64-10."""
    pixels = Input(784)
    x = Dense(64, activation="relu", rng=rng)(Dense(39, activation="relu", rng=rng)(pixels))
    return Model(pixels, Dense(10, activation="softmax", rng=rng)(x))


def in_halves(x: np.ndarray) -> list[np.ndarray]:
    """Cut pictures between their rows 14 and 15: (m, 784) to two times (m, 392)."""
    return [x[:, :392], x[:, 392:]]


rivals = {
    "two halves, one layer": (lambda rng: by_halves(rng, one_layer=True), in_halves),
    "two halves, a layer each": (lambda rng: by_halves(rng, one_layer=False), in_halves),
    "784-39-64-10": (plain, lambda x: x),
}
trained = {}
test_accuracy = {name: [] for name in rivals}
for name, (build, cut) in rivals.items():
    for seed in range(3):
        rival = build(np.random.default_rng(seed))
        rival.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
        rival.fit(cut(x_train), y_train, 64, 5, rng=np.random.default_rng(seed + 1), verbose=0)
        trained[name, seed] = rival
        test_accuracy[name].append(rival.evaluate(cut(x_test), y_test)[1])
    reached = ", ".join(f"{accuracy:.3f}" for accuracy in test_accuracy[name])
    print(f"{name:24} {rival.count_params():6,} parameters, test accuracy {reached}")

# %% [markdown]
# On all of MNIST the network that shares beats the plain one from each of the three starts, by more
# than half a percentage point. And it is as good as the one with a layer for each half: one set of
# weights does the work of two. So what it learns in one half of the picture is of use in the other. It
# keeps up even with 784-128-64-10, evaluated above, which has three times as many parameters. (That one
# had ten epochs, but a tenth fewer pictures. And sharing is not all: the halves together hand on 128
# numbers, the plain network's first layer 39.)
#
# With fewer pictures to learn from and to test on, you cannot tell. Of 1,000 test pictures each is
# worth 0.1 percentage points, and from one start to the next the order changes.

# %% tags=["claim"]
_shared, _each, _plain = (np.array(_three) for _three in test_accuracy.values())
_sizes = [trained[_name, 0].count_params() for _name in rivals]
assert abs(_sizes[0] / _sizes[2] - 1) < 0.01, "about as many parameters"
assert 3 < model.count_params() / _sizes[0] < 3.5, "three times as many parameters"
if dataset_name() == "MNIST":
    assert np.all(_shared > _plain + 0.005), "by more than half a percentage point"
    assert abs(_shared.mean() - _each.mean()) < 0.002, (
        "as good as the one with a layer for each half"
    )
    assert _shared.mean() > model.evaluate(x_test, y_test)[1] - 0.001, (
        "it keeps up with the network above"
    )
else:
    assert len(x_test) == 1000
    _orders = {
        tuple(np.argsort(_one, kind="stable")) for _one in zip(_shared, _each, _plain, strict=True)
    }
    assert len(_orders) > 1, "from one start to the next the order changes"

# %% [markdown]
# What has the shared layer learned? The next pictures show twelve of its units, and for each pixel of a
# half, 14 × 28, what training has added to the weight with which the unit began. Red: ink in this place
# now drives the unit higher than at first. Blue: it drives the unit lower. White: nothing has changed.

# %% tags=["for-the-reader"]
at_first = by_halves(np.random.default_rng(0), one_layer=True).layers[1].kernel
strokes = trained["two halves, one layer", 0].layers[1]
learned = strokes.kernel - at_first
active = [(strokes.forward(half) > 0).mean(axis=0) for half in in_halves(x_test)]
busy = np.sum(np.minimum(*active) > 0.05)
print(
    f"{busy} of 64 units are active in more than 5% of the upper and more than 5% of the lower halves"
)

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
ax = plot_weights(learned.T[:12], shape=(14, 28), ncols=3)
ax.figure.axes[-1].set_ylabel("change of the weight")
describe(ax, f"What training has added to the weights. {alt_text(ax)}")
ax.figure.set_size_inches(9, 6)

# %% [markdown]
# The weights began as noise, each by itself. What training has added is not noise: neighbouring pixels
# have changed alike. You see spots and strokes, many of them red with blue beside, which answer to the
# edge of a stroke. At the left and right margins, where ink is rare, hardly anything has changed. And
# nearly all units are at work in both halves.


# %% tags=["claim"]
def _alike(weights: np.ndarray) -> float:
    """Return the correlation of neighbours in a row, over all units' pictures (392, 64)."""
    pictures = weights.T.reshape(-1, 14, 28)
    return float(np.corrcoef(pictures[:, :, 1:].ravel(), pictures[:, :, :-1].ravel())[0, 1])


assert abs(_alike(at_first)) < 0.05, "the weights began as noise, each by itself"
assert _alike(learned) > 0.5, "neighbouring pixels have changed alike"
_size = np.sqrt(np.mean(learned.reshape(14, 28, 64) ** 2, axis=(0, 2)))
assert _size[[0, 1, -2, -1]].max() < 0.25 * _size[8:20].min(), "at the margins hardly anything"
assert busy > 0.9 * 64, "nearly all units are at work in both halves"

# %% [markdown]
# ## 8. Your own digit
#
# `read_digit` from Lab 4 turns a photograph or a drawing into what MNIST would have stored, as a
# *column* of 784 numbers. Your model takes rows. `digits/` holds two pictures that a program has drawn:
# `digit-7-photo-uneven-light.jpg` looks like a photograph taken in bad light, and
# `digit-2-transparent.png` like a drawing with a transparent background. Try both. Then try the real
# thing: write a digit on white paper with a thick pen, photograph it, put the file beside this notebook,
# and change `MY_DIGIT`.

# %%
MY_DIGIT = "digits/digit-7-photo-uneven-light.jpg"

# %% tags=["for-the-reader"]
column = read_digit(MY_DIGIT)
answer = model.predict(column.T)[0]

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
fig, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained", width_ratios=(1, 2))
axes[0].imshow(column.reshape(28, 28), cmap="gray")
axes[0].set_title("as MNIST would store it")
axes[0].set_axis_off()
axes[1].bar(range(10), answer, color="C0")
axes[1].set(ylim=(0, 1), xticks=range(10), xlabel="digit", ylabel="probability")
axes[1].set_title(f"answer: {answer.argmax()}, with probability {answer.max():.2f}")
describe(
    fig,
    f"Left, your digit in white on black, 28 by 28 pixels. Right, the ten probabilities as bars: {answer.argmax()} has "
    f"{answer.max():.2f}, the next is {np.argsort(answer, kind='stable')[-2]} with {np.sort(answer)[-2]:.2f}.",
)

# %% tags=["claim"]
for _path in Path("digits").iterdir():
    _read = model.predict(read_digit(_path).T)[0].argmax()
    assert _read == int(_path.name[len("digit-")]), f"both pictures are read right: {_path.name}"

# %% [markdown]
# ## 9. The same in Keras
#
# Keep the pictures in a file, from here:
#
# ```python
# np.savez_compressed("digits.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
# ```
#
# Install Keras and a backend (`pip install keras jax`) in an environment of its own, and in this
# folder the following does what section 7 did. Compare it with your cells line by line.
#
# ```python
# import os
# os.environ["KERAS_BACKEND"] = "jax"
# import numpy as np
# from keras import Input, Model, losses, optimizers
# from keras.layers import Dense
#
# digits = np.load("digits.npz")
# x_train, y_train, x_test, y_test = (
#     digits[name] for name in ("x_train", "y_train", "x_test", "y_test")
# )
# inputs = Input((784,))
# x = Dense(128, activation="relu")(inputs)
# x = Dense(64, activation="relu")(x)
# outputs = Dense(10, activation="softmax")(x)
# model = Model(inputs, outputs)
# model.summary()
# model.compile(
#     optimizers.SGD(0.02, momentum=0.9), losses.CategoricalCrossentropy(), metrics=["accuracy"]
# )
# history = model.fit(x_train, y_train, batch_size=64, epochs=10, validation_split=0.1)
# model.evaluate(x_test, y_test)
# ```
#
# With the same first parameters and the same batches, both do the same. Here is a test. Keras has
# trained a small network for twenty steps, and its losses are in `keras_first_steps.json`. Yours starts
# from the same parameters and sees the same batches:

# %% tags=["for-the-reader", "expected-output"]
x, y, parameters = keras_example()
inputs = Input(x.shape[1])
small = Model(inputs, Dense(3, activation="softmax")(Dense(16, activation="relu")(inputs)))
for layer, first_values in zip(small.layers[1:], parameters, strict=True):
    layer.kernel, layer.bias = first_values
small.compile(SGD(0.1, momentum=0.9), CategoricalCrossentropy())

keras_losses = json.loads(Path("keras_first_steps.json").read_text(encoding="utf-8"))["loss"]
own_losses = [
    float(np.ravel(small.train_on_batch(x[start : start + 6], y[start : start + 6]))[0])
    for start in range(0, len(x), 6)
]
print("step  Keras    yours")
for step in (1, 2, 3, 5, 10, 20):
    print(f"{step:4}  {keras_losses[step - 1]:.5f}  {own_losses[step - 1]:.5f}")

# %% tags=["claim"]
assert len(own_losses) == len(keras_losses) == 20, "twenty steps"
assert np.allclose(own_losses, keras_losses, rtol=2e-5), "both do the same"

# %% tags=["claim"]
_inputs = Input((784,))
_x = Dense(128, activation="relu")(_inputs)
_outputs = Dense(10, activation="softmax")(_x)
_model = Model(_inputs, _outputs)
_model.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
_history = _model.fit(x_train[:600], y_train[:600], 64, epochs=2, validation_split=0.1, verbose=0)
assert set(_history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}, "these lines run"
assert Input(784).shape == Input((784,)).shape, "Input(784) will do for Input((784,))"


class _Silent(Dense):
    """Sends nothing back: to its parent, as if the gradient of its other child had replaced its own."""

    def backward(self, grad_output: np.ndarray) -> np.ndarray:
        return 0 * super().backward(grad_output)


def _branched(kind: type[Dense]) -> tuple[np.ndarray, list[float]]:
    """Train with a branch whose one way back is of this kind; return a first gradient, and the losses."""
    rng = np.random.default_rng(0)
    pixels = Input(784)
    trunk = Dense(32, activation="relu", rng=rng)(pixels)
    ways = Add()([kind(10, rng=rng)(trunk), Dense(10, rng=rng)(trunk)])
    branched = Model(pixels, Dense(10, activation="softmax", rng=rng)(ways))
    branched.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy())
    branched.train_on_batch(x_train[:64], y_train[:64])
    gradient = trunk.layer.grad_kernel
    fitted = branched.fit(x_train[:2000], y_train[:2000], 64, epochs=5, rng=rng, verbose=0)
    return gradient, fitted.history["loss"]


_right_gradient, _ = _branched(Dense)
_wrong_gradient, _losses = _branched(_Silent)
assert not np.allclose(_wrong_gradient, _right_gradient, rtol=0.1), "with wrong gradients"
assert _losses[-1] < 0.4 * _losses[0], "the network still learns"


def _trained_in(*parts: int) -> np.ndarray:
    """Train with momentum in parts of so many epochs, and return the first kernel."""
    some = build_model(np.random.default_rng(0))
    some.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy())
    rng = np.random.default_rng(1)
    for epochs in parts:
        some.fit(x_train[:300], y_train[:300], 64, epochs, rng=rng, verbose=0)
    return some.layers[1].kernel


assert np.array_equal(_trained_in(3, 3), _trained_in(6)), "test yourself, 5: with momentum too"


def _summed_in(order: slice, epochs: int) -> Model:
    """Train on the same batches, in which the examples have this order."""
    some = build_model(np.random.default_rng(0))
    some.compile(SGD(0.02, momentum=0.9), CategoricalCrossentropy(), metrics=["accuracy"])
    for _ in range(epochs):
        for start in range(0, 1920, 64):
            rows = np.arange(start, start + 64)[order]
            some.train_on_batch(x_train[rows], y_train[rows])
    return some


_apart = []
for _epochs in (1, 10):
    _one, _other = _summed_in(slice(None), _epochs), _summed_in(slice(None, None, -1), _epochs)
    _apart.append(np.abs(_one.layers[1].kernel - _other.layers[1].kernel).max())
assert 0 < _apart[0] < _apart[1], "in a long training such differences grow"
assert abs(_one.evaluate(x_test, y_test)[1] - _other.evaluate(x_test, y_test)[1]) < 0.005

# %% [markdown]
# Both calculate in float32, but not in the same order. So the last digits of a step may differ, and
# in a long training such differences grow. After ten epochs expect two networks that do about as well,
# and not two that are equal to the last digit.
#
# One idea in Keras is new to you: it finds the gradient of anything that is made of its own operations
# by itself, so that a layer needs no `backward`. The rest is work and not ideas. Keras runs on graphics
# cards, and it has more than a hundred layers where you have four: `Dense`, `Scale`, `Add` and
# `Concatenate`.
#
# ## Test yourself
#
# 1. Why does `Dense.backward` sum over the examples, where Lab 3 took a mean?
# 2. Someone's gradients are right in every chain, but before a branch they are those of one branch
#    only. What is missing?
# 3. In `Add.backward` both parents get the same gradient, unchanged. Why is that right?
# 4. The training accuracy that the progress bar shows in the first epoch is lower than the
#    validation accuracy. How can a model be better on what it has not seen?
# 5. You call `fit` with 3 epochs, then again with 3 epochs. Is that the same as 6 epochs at once,
#    with plain SGD? And with momentum?
# 6. Derive the gradient of the mean squared error,
#    $L = \frac{1}{m c} \sum_{i=1}^{m} \sum_{k=1}^{c} (P_{ik} - Y_{ik})^2$, with respect to each $P_{ik}$.
#
# <details><summary>Answers</summary>
#
# 1. The mean is part of the loss, and the loss's gradient has the $1/m$ in it. Two means would
#    divide by $m^2$.
# 2. The sum over children: each child's gradient replaces the others' and is not added.
# 3. $\partial (a + b) / \partial a = 1$, and so for $b$: a sum hands its slope to each of its terms.
# 4. The bar shows the mean over the epoch, which began with an untrained network. Validation looks
#    at the network at the end of the epoch.
# 5. Yes, if the orders of the examples are the same: the parameters are all that plain SGD knows.
#    With momentum too, as long as it is the same optimiser object: it keeps its velocities.
# 6. Only one term of the double sum holds $P_{ik}$, and its derivative is $2 (P_{ik} - Y_{ik})$. So the
#    gradient is $2 (P - Y) / (m c)$. `MeanSquaredError` in `given_training.py` says it in one line.
#
# </details>
#
# ## What to try next
#
# - Write `class Dropout(Layer)`: in training it sets a random half of its input to 0. What does
#   `backward` do? How does the layer know that `predict` is not training?
# - Add `"sigmoid"` to your `Dense`, and train Lab 2's network. Derive its $D$ first, from $A$ alone.
# - Put `"top_3"` into `METRICS`: was the right digit among the three most probable?
# - Let `fit` stop when the validation loss has not fallen for two epochs.
# - The first layer works out a gradient in the pixels, which nobody needs. How much time does it
#   cost? How would the graph know?

# %% [markdown]
# # Looking back
#
# You began with a single neuron that told a zero from everything else, and have ended with a
# framework. This is what each lab's network reached when the course ran it on pictures that it had not
# seen: Lab 2's on 55,000 of MNIST's training pictures, the others on its 10,000 test pictures.

# %% jupyter={"source_hidden": true} tags=["for-the-reader", "hide-input"]
recorded = json.loads(Path("reached_on_mnist.json").read_text(encoding="utf-8"))
reached = {entry["name"]: entry["value"] for entry in recorded}
chapters = {  # for each lab the widths of its layers, what to say of it, and what was new
    1: ((784, 1), "one neuron", "the pieces: sigmoid, one-hot labels, cost, penalties"),
    2: ((784, 30, 10), "sigmoid, 5,000 pictures", "the chain rule, as a class"),
    3: (
        (784, 10, 10),
        "ReLU and softmax, 20,000 pictures",
        "from equations to code; the gradient check",
    ),
    4: ((784, 128, 64, 32, 10), "ReLU", "depth, mini-batches, your own handwriting"),
    5: ((784, 128, 64, 10), "as a graph", "layers, graphs, momentum: a framework"),
}
n_parameters = {
    lab: sum((n + 1) * units for n, units in pairwise(widths))
    for lab, (widths, _, _) in chapters.items()
}


def row(lab: int) -> str:
    """Return a lab's line of the table; Lab 1 has no accuracy, and gets dashes."""
    widths, remark, idea = chapters[lab]
    network = f"{'-'.join(map(str, widths))}, {remark}"
    accuracy = reached.get(f"lab{lab}_test_accuracy")
    result = f"{accuracy:.1%} | {10_000 * (1 - accuracy):.0f}" if accuracy else "– | –"
    return f"| {lab} | {network} | {n_parameters[lab]:,} | {idea} | {result} |"


header = "| Lab | Network | Parameters | What was new | Right | Wrong out of 10,000 |"
Markdown("\n".join([header, "|---|---|---:|---|---:|---:|", *map(row, chapters)]))

# %% [markdown]
# (Lab 1's neuron answers another question, so it has no entry. Lab 2's wrong answers are scaled to
# 10,000. Lab 4's result is the mean of five starts. Lab 5's network learned from all 60,000 training
# pictures here; in section 7, on all of MNIST, a tenth of them was held back, and it ended within a
# percentage point of this.)
#
# Read the last column from top to bottom. Lab 3 has a third of Lab 2's parameters and does about as
# well; it had four times as many pictures to learn from, and softmax. (Which of the two was it?
# You have all it takes to find out.) The leap comes with Lab 4: more units, more layers, small
# batches, and all 60,000 training pictures. Lab 5 stays where Lab 4 was, for it is nearly the same
# network; what is new is how you write it. And look at what stayed the same from the first lab to the
# last: forward, a cost, backward, a step.

# %% tags=["claim"]
assert n_parameters == {1: 785, 2: 23_860, 3: 7_960, 4: 111_146, 5: model.count_params()}
_right = {_lab: reached[f"lab{_lab}_test_accuracy"] for _lab in (2, 3, 4, 5)}
assert 0.3 < n_parameters[3] / n_parameters[2] < 0.36, "Lab 3 has a third of Lab 2's parameters"
assert abs(_right[3] - _right[2]) < 0.015, "and does about as well"
assert _right[4] > max(_right[2], _right[3]) + 0.05, "the leap comes with Lab 4"
assert abs(_right[5] - _right[4]) < 0.002, "Lab 5 stays where Lab 4 was"
if dataset_name() == "MNIST":
    assert abs(model.evaluate(x_test, y_test)[1] - _right[5]) < 0.01, (
        "within a percentage point of this"
    )

# %% [markdown]
# **What you can do now** that you could not before:
#
# - derive a gradient, write it down with shapes, and check by measurement that it is right;
# - look at a curve, at weights and at mistakes, and say what is going on;
# - open a framework's source, and know what you will find there.
#
# **Where to go from here**
#
# - *Let the machine derive.* A node that remembers which operation made it can find its own
#   gradient: automatic differentiation. You have the graph already; replace layers by additions
#   and products. Andrej Karpathy's [micrograd](https://github.com/karpathy/micrograd) does it in a
#   hundred lines.
# - *Look at neighbourhoods.* Your networks do not know that pixel 29 is below pixel 1. Convolutional
#   networks do, and bring MNIST above 99%. Start with chapter 6 of Michael Nielsen's
#   [Neural Networks and Deep Learning](http://neuralnetworksanddeeplearning.com/chap6.html), or the
#   [notes of Stanford's CS231n](https://cs231n.github.io/convolutional-networks/).
# - *Use a real framework* on a problem of your own. Keras's
#   [guide to the functional interface](https://keras.io/guides/functional_api/) will read like your own
#   notes.
# - *Read widely*: Goodfellow, Bengio and Courville, [Deep Learning](https://www.deeplearningbook.org);
#   Zhang and others, [Dive into Deep Learning](https://d2l.ai), which runs in notebooks like these.
#
# Thank you for coming along.
