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
# # Lab 2: a neural network as a class
#
# In Lab 1 a single neuron learned to tell a zero from everything else. Now thirty such neurons
# look at the picture, and ten more look at what the thirty say, one for each digit. You write
# this network as a class: what it knows (its weights), how it answers, how it finds out who is to
# blame for a wrong answer, and how it improves.
#
# **You will learn**
#
# - how a network of two layers answers, for many pictures at once;
# - where each of its gradients comes from, by the chain rule, one step at a time;
# - why weights start random, and why small;
# - what the two penalties of Lab 1 do while a network learns;
# - how to look at what a network has learned, and at what it still gets wrong.
#
# **You need** Lab 1 (its functions are given to you here), matrix products, and the chain rule.
#
# **It takes** about two and a half hours. There are two exercises, worth 40 points.
#
# **Columns are examples**, as before: $m$ pictures are one array $X$ of shape $(784, m)$. Where
# an array surprises you, print its shape first.

# %%
# %matplotlib inline
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np

from given_lab1 import Regularization, Sigmoid, compute_cost, one_hot
from helpers.checking import lab2 as check
from helpers.data import dataset_name, load_data
from helpers.plotting import (
    describe,
    plot_confusion_matrix,
    plot_digits,
    plot_learning_curve,
    plot_weights,
    use_course_style,
)

use_course_style()

# %% [markdown]
# The file `given_lab1.py` beside this notebook holds Lab 1's four pieces, worked out. Open it
# when you want to know what one of them does.

# %%
train_x, train_y, test_x, test_y = load_data()
n_features, m_train = train_x.shape
print("data set:", dataset_name())
print("train_x", train_x.shape, train_x.dtype, "  train_y", train_y.shape)
print("test_x ", test_x.shape, test_x.dtype, "  test_y ", test_y.shape)

# %% [markdown]
# As in Lab 1, `load_data` shuffles MNIST's 60,000 training pictures, trains on 5,000 of them and
# tests with the other 55,000. (Of the 5,000 that come with the course it trains on 4,000 and tests
# with 1,000.) The 10,000 test pictures of MNIST wait until Lab 3.
#
# The pixel values lie between 0 and 1. That matters more than it seems. Section 7 shows what
# happens to a network whose inputs run up to 255.
#
# ## 1. The network
#
# Every hidden unit is a neuron like the one in Lab 1: it weighs the 784 pixels, adds its bias,
# and squeezes the sum with a sigmoid. Every output is such a neuron, too, but its inputs are the
# 30 answers of the hidden units.

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, ax = plt.subplots(figsize=(9, 4.2), layout="constrained")
layers = [(0, 8, "784 pixels"), (1, 6, "30 hidden units"), (2, 10, "10 outputs")]
places = [[(x, (n - 1) / 2 - k) for k in range(n)] for x, n, _ in layers]
for sources, targets in pairwise(places):
    for source in sources:
        for target in targets:
            ax.plot(*zip(source, target, strict=True), "-", color="lightgray", linewidth=0.6)
for (x, n, title), nodes in zip(layers, places, strict=True):
    ax.scatter(*zip(*nodes, strict=True), s=230, color="white", edgecolor="C0", zorder=2)
    ax.text(x, 5.2, title, ha="center")
    if n < 10:
        ax.text(x, -n / 2 - 0.5, "⋮", ha="center", va="center", fontsize=16)
for digit, (x, y) in enumerate(places[-1]):
    ax.text(x, y, str(digit), ha="center", va="center", fontsize=9)
for x, weights, biases in [(0.5, "W1 (30, 784)", "b1 (30, 1)"), (1.5, "W2 (10, 30)", "b2 (10, 1)")]:
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    ax.text(x, 0, f"{weights}\n{biases}", ha="center", va="center", bbox=box)
ax.set(ylim=(-5.4, 5.8))
ax.set_axis_off()
describe(
    ax,
    "Three columns of circles: 784 pixels, 30 hidden units, 10 outputs labelled 0 to 9. Each circle is linked "
    "with every circle of the next column. Between the first two stand W1 (30, 784) and b1 (30, 1), between the "
    "last two W2 (10, 30) and b2 (10, 1).",
)

# %% [markdown]
# **Before you read on:** each line is a weight, and every unit that is no pixel has a bias. How
# many numbers does this network have to learn?
#
# <details><summary>Answer</summary>
#
# $30 \cdot 784 + 30 + 10 \cdot 30 + 10 = 23{,}860$. Nearly all of them are in the first layer.
#
# </details>
#
# We call these numbers the *parameters*. In the class they are four attributes:
#
# $$W_1 : (30, 784), \quad b_1 : (30, 1), \quad W_2 : (10, 30), \quad b_2 : (10, 1).$$
#
# Each row of $W_1$ belongs to one hidden unit, each row of $W_2$ to one digit.
#
# ## 2. Where to start: small and random
#
# Training improves the parameters step by step, so it has to start somewhere. We start with
#
# $$W_1, W_2 : \text{ each entry drawn from } N(0,\, 0.01^2), \qquad b_1, b_2 : \text{ zeros},$$
#
# the normal distribution with mean 0 and *standard deviation* 0.01.
#
# **Before you read on:** suppose that all weights started at 0. Then all 30 hidden units would
# give the same answer to every picture. What would their gradients be? And after the first step?
# Keep your answer: section 7 tries it, and also tries weights a hundred times as large.
#
# ## 3. Forward: from pictures to answers
#
# For a set of $m$ pictures, a layer is one matrix product, one sum and one sigmoid:
#
# $$Z_1 = W_1 X + b_1, \qquad A_1 = \sigma(Z_1), \qquad Z_2 = W_2 A_1 + b_2, \qquad A_2 = \sigma(Z_2),$$
#
# $$X : (784, m), \quad Z_1, A_1 : (30, m), \quad Z_2, A_2 : (10, m).$$
#
# NumPy adds the column $b_1$ to every column of $W_1 X$; this is why a bias has the shape
# $(30, 1)$ and not $(30,)$. In column $i$ of $A_2$ stand ten numbers between 0 and 1: how firmly
# each output says "picture $i$ is mine".
#
# The forward pass returns all four arrays in a dict, the *cache*, because the backward pass needs
# them again.
#
# ## 4. Backward: who is to blame?
#
# Now the heart of it. The cost $J$ is a function of 23,860 parameters, and we want its slope in
# each of them. Nudging each one and seeing what happens would take 23,860 forward passes. The
# chain rule gives all of them in one pass, from back to front.
#
# ### 4.1 One output, one picture
#
# Take a single output: $a = \sigma(z)$, true answer $y$, and its share of the cost
#
# $$\ell = -\bigl[\, y \log a + (1 - y) \log (1 - a) \,\bigr].$$
#
# The chain rule asks two questions. By how much does the cost change with the answer?
#
# $$\frac{\partial \ell}{\partial a} = -\frac{y}{a} + \frac{1 - y}{1 - a} = \frac{a - y}{a\,(1 - a)}.$$
#
# And by how much does the answer change with $z$? You know that from Lab 1: $\sigma'(z) = a\,(1 -
# a)$. Multiply the two:
#
# $$\frac{\partial \ell}{\partial z} = \frac{\partial \ell}{\partial a} \cdot \frac{\partial a}{\partial z}
#   = \frac{a - y}{a\,(1 - a)} \cdot a\,(1 - a) = a - y.$$
#
# The denominator cancels. What is left is the plainest thing it could be: how far off the answer
# is. No accident, this cost was made for this sigmoid. To see what it buys, compare it with
# another cost that looks just as reasonable, the square $(a - y)^2$.
#
# **Before you run the next cell:** the true answer is 1, and $z = -6$, so the output is sure and
# wrong. It ought to learn as fast as it can. With which of the two costs does it?

# %% tags=["for-the-reader"]
sigmoid = Sigmoid()
z = np.linspace(-7, 7, 141)
a = sigmoid(z)
costs = {"cross-entropy, −log a": -1 / a, "square, (a − 1)²": 2 * (a - 1)}  # slopes in a
for name, cost_by_a in costs.items():
    slope = np.interp(-6, z, cost_by_a * sigmoid.prime(z))
    print(f"{name:22} slope in z at z = -6: {slope:.3f}")

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, axes = plt.subplots(1, 2, figsize=(9, 3.2), sharey=True, layout="constrained")
for ax, (name, cost_by_a) in zip(axes, costs.items(), strict=True):
    ax.plot(z, cost_by_a, "--", color="C1", label="slope of the cost in a")
    ax.plot(z, sigmoid.prime(z), ":", color="C2", label="slope of a in z")
    ax.plot(z, cost_by_a * sigmoid.prime(z), "-", color="C0", label="their product")
    ax.set(ylim=(-2.5, 0.6), xlabel="z", title=name)
axes[0].set_ylabel("slope")
axes[1].legend(loc="lower right")
describe(
    fig,
    "Two panels, for the true answer 1. Left, cross-entropy: the slope of the cost plunges for negative z, the "
    "sigmoid's slope goes to 0, and their product stays close to -1 there: it is a - 1. Right, the square: the cost's slope "
    "stays above -2, so the product goes to 0 for negative z, where the answer is most wrong.",
)

# %% tags=["claim"]
_cross_entropy, _square = (np.interp(-6, z, _by_a * sigmoid.prime(z)) for _by_a in costs.values())
assert _cross_entropy < -0.99, "With the cross-entropy the slope stays close to -1."
assert -0.01 < _square < 0, "With the square an output that is sure and wrong hears nothing."
assert np.allclose(costs["cross-entropy, −log a"] * sigmoid.prime(z), a - 1), "It is a - 1."

# %% [markdown]
# In each panel the solid line is the product of the other two. With the square, it returns to 0 on
# the left: an output that is sure and wrong hears next to nothing. With the cross-entropy it stays
# close to −1. The cost and its gradient belong together. Change the one, and the other is wrong.
#
# ### 4.2 All outputs, all pictures
#
# Lab 1's cost adds up the shares of a picture's ten outputs, and takes the mean over the $m$
# pictures. With $\ell_{ki}$ for the share of output $k$ in picture $i$,
#
# $$J = \frac{1}{m} \sum_{i=1}^{m} \sum_{k=1}^{10} \ell_{ki}.$$
#
# Entry $(k, i)$ of $Z_2$ is in $\ell_{ki}$ and in no other share, so 4.1 holds for each of them. We
# write the errors of single pictures side by side, and leave the mean to the very last moment:
#
# $$dZ_2 = A_2 - Y, \qquad A_2,\, Y,\, dZ_2 : (10, m).$$
#
# So entry $(k, i)$ of $dZ_2$ is the slope of picture $i$'s own cost in entry $(k, i)$ of $Z_2$, and
# the factor $1/m$ comes in where the pictures are summed up. $Y$ must be one-hot here: ten rows,
# like $A_2$. (NumPy would also subtract the single row of labels, without a word, and all ten
# outputs would try to answer 7 to a seven.)
#
# ### 4.3 The second layer's parameters
#
# For one picture, $z_k = \sum_j w_{kj}\, a_j + b_k$. The weight $w_{kj}$ from hidden unit $j$ to
# output $k$ is multiplied by $a_j$, so
#
# $$\frac{\partial \ell}{\partial w_{kj}} = (\text{error of output } k) \cdot (\text{answer of hidden unit } j),
# \qquad \frac{\partial \ell}{\partial b_k} = \text{error of output } k.$$
#
# A weight is to blame as far as its output was wrong *and* its hidden unit was active. The mean
# over all pictures is one matrix product for all 300 weights:
#
# $$dW_2 = \frac{1}{m}\, dZ_2\, A_1^\top : (10, m)\,(m, 30) \to (10, 30), \qquad
#   db_2 = \frac{1}{m} \sum_{i=1}^{m} (\text{column } i \text{ of } dZ_2) : (10, 1).$$
#
# The shapes are a good guide: $dW_2$ must look like $W_2$, and there is only one way to multiply
# a $(10, m)$ and a $(30, m)$ array such that the pictures disappear.
#
# ### 4.4 Through the hidden layer
#
# A hidden unit is not right or wrong by itself. It feeds all ten outputs, with ten different
# weights, and its blame is the sum of theirs: $\partial \ell / \partial a_j = \sum_k w_{kj} \cdot
# (\text{error of output } k)$. For all units and pictures this is $W_2^\top dZ_2$. Then comes the
# unit's own sigmoid:
#
# $$dZ_1 = \bigl( W_2^\top\, dZ_2 \bigr) \odot \sigma'(Z_1), \qquad (30, 10)\,(10, m) \to (30, m),$$
#
# where $\odot$ multiplies entry by entry. There is no cost here that would cancel the $\sigma'$:
# a hidden unit that is stuck at 0 or 1 learns next to nothing.
#
# ### 4.5 The first layer's parameters
#
# From here it is the same step as in 4.3, with the pixels in place of the hidden answers:
#
# $$dW_1 = \frac{1}{m}\, dZ_1\, X^\top : (30, m)\,(m, 784) \to (30, 784), \qquad
#   db_1 = \frac{1}{m} \sum_{i=1}^{m} (\text{column } i \text{ of } dZ_1) : (30, 1).$$
#
# ### 4.6 The penalties
#
# What we minimise is the cost plus Lab 1's two penalties of strengths $\lambda_1$ and $\lambda_2$:
#
# $$J + L_1 + L_2, \qquad L_1 = \frac{\lambda_1}{m} \Bigl( \sum |W_1| + \sum |W_2| \Bigr), \qquad
#   L_2 = \frac{\lambda_2}{2m} \Bigl( \sum W_1^2 + \sum W_2^2 \Bigr).$$
#
# The slope of a sum is the sum of the slopes, so each weight matrix gets two more terms, which
# Lab 1's class computes:
#
# $$dW_l \;\leftarrow\; dW_l + \frac{\lambda_1}{m} \operatorname{sign}(W_l) + \frac{\lambda_2}{m} W_l, \qquad l = 1, 2.$$
#
# The biases are in no penalty, so nothing is added to $db_1$ and $db_2$.
#
# Here is the whole trip on one map. Solid arrows go forward, dashed ones back. What stands beside
# an arrow is what the step needs.

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, ax = plt.subplots(figsize=(10, 3.6), layout="constrained")
stations = ["X\n(784, m)", "Z1\n(30, m)", "A1\n(30, m)", "Z2\n(10, m)", "A2\n(10, m)", "cost\nJ"]
forward = ["W1, b1", "σ", "W2, b2", "σ", "Y"]
backward = ["", "dZ1\n(30, m)", "W2ᵀdZ2\n(30, m)", "dZ2\n(10, m)", "", ""]
box = {"boxstyle": "round", "facecolor": "white", "edgecolor": "C0"}
for x, (station, error) in enumerate(zip(stations, backward, strict=True)):
    ax.text(x, 1, station, ha="center", va="center", bbox=box)
    ax.text(x, 0, error, ha="center", va="center", color="C1")
for x, label in enumerate(forward):
    ax.annotate("", (x + 0.68, 1), (x + 0.32, 1), arrowprops={"arrowstyle": "->", "color": "C0"})
    ax.text(x + 0.5, 1.1, label, ha="center", va="bottom", color="C0")
back = {"arrowstyle": "->", "color": "C1", "linestyle": "--"}
ax.annotate("", (3.3, 0.05), (4.95, 0.8), arrowprops=back)
ax.text(4.3, 0.25, "A2 − Y", color="C1")
for x, label in [(1, "σ′(Z1)"), (2, "W2ᵀ")]:
    ax.annotate("", (x + 0.32, 0), (x + 0.68, 0), arrowprops=back)
    ax.text(x + 0.5, 0.1, label, ha="center", color="C1")
for x, label, with_it in [
    (1, "dW1 (30, 784)\ndb1 (30, 1)", "X, penalties on W1"),
    (3, "dW2 (10, 30)\ndb2 (10, 1)", "A1, penalties on W2"),
]:
    ax.annotate("", (x, -0.65), (x, -0.25), arrowprops=back)
    ax.text(x + 0.06, -0.45, with_it, va="center", color="C1")
    ax.text(x, -0.9, label, ha="center", va="center", color="C1")
ax.set(xlim=(-0.5, 5.4), ylim=(-1.2, 1.45))
ax.set_axis_off()
describe(
    ax,
    "A map with two rows. Above, from left to right: X (784, m), through W1 and b1 to Z1 (30, m), through the sigmoid "
    "to A1 (30, m), through W2 and b2 to Z2 (10, m), through the sigmoid to A2 (10, m), and with Y to J. Below, from "
    "right to left: A2 - Y is dZ2 (10, m), which with A1 and the penalties on W2 gives dW2 and db2; W2ᵀ dZ2 times "
    "σ′(Z1) is dZ1 (30, m), which with X and the penalties on W1 gives dW1 and db1.",
)

# %% [markdown]
# ## 5. One step downhill
#
# The gradient points uphill, so each parameter moves against its own gradient. With the learning
# rate $\alpha$,
#
# $$W_1 \leftarrow W_1 - \alpha\, dW_1, \quad b_1 \leftarrow b_1 - \alpha\, db_1, \quad
#   W_2 \leftarrow W_2 - \alpha\, dW_2, \quad b_2 \leftarrow b_2 - \alpha\, db_2 .$$
#
# ### Exercise 1: the network
# *70 minutes, ●●●, 28 points*
#
# One class with four methods. Write one, run the cell, and run its check below; the checks do not
# depend on each other, and each one says "not written yet" until its method is. The constructor is
# written for you: what it is given, it keeps under the same name, so that `self.sigm(z)` is the
# sigmoid and `self.sigm.prime(z)` its derivative.
#
# **Before you write it.** The cache has $Z_1$ and $A_1$. Which of the two does `self.sigm.prime`
# take? (Lab 1 had a pitfall about it.)


# %% nbgrader={"grade": false, "grade_id": "neural_network", "locked": false, "schema_version": 3, "solution": true, "task": false}
class NeuralNetwork:
    """A network of two layers with sigmoids, which learns by gradient descent.

    Parameters
    ----------
    n_features, n_hidden_units, n_classes : int
        Number of inputs, of hidden units, and of outputs.
    learning_rate : float
        Length of a step, as a multiple of the gradient.
    reg : Regularization
        The penalties on the weights.
    sigm : Sigmoid
        What the units do to z, and its derivative `sigm.prime`.
    rng : Generator or int, optional
        Where random numbers come from. With an int, a seed, the weights start alike every time.

    Attributes
    ----------
    W1, b1, W2, b2 : ndarray
        The parameters, of shapes (n_hidden_units, n_features), (n_hidden_units, 1),
        (n_classes, n_hidden_units) and (n_classes, 1). None before `initialize_parameters`.
    """

    def __init__(
        self,
        n_features: int,
        n_hidden_units: int,
        n_classes: int,
        learning_rate: float,
        reg: Regularization = Regularization(0.1, 0.2),
        sigm: Sigmoid = Sigmoid(),
        rng: np.random.Generator | int | None = None,
    ) -> None:
        self.n_features = n_features
        self.n_hidden_units = n_hidden_units
        self.n_classes = n_classes
        self.learning_rate = learning_rate
        self.reg = reg
        self.sigm = sigm
        self.rng = rng
        self.W1 = self.b1 = self.W2 = self.b2 = None

    def initialize_parameters(self) -> None:
        """Set W1 and W2 to draws from N(0, 0.01²), b1 and b2 to zeros; see Attributes."""
        rng = np.random.default_rng(self.rng)
        # 1. Draw the weights from rng. float32 is exact enough, and trains twice as fast.
        # 2. Fill the biases with zeros. They are columns.
        ### BEGIN SOLUTION
        hidden, outputs = self.n_hidden_units, self.n_classes
        self.W1 = rng.normal(0, 0.01, (hidden, self.n_features)).astype(np.float32)
        self.b1 = np.zeros((hidden, 1), dtype=np.float32)
        self.W2 = rng.normal(0, 0.01, (outputs, hidden)).astype(np.float32)
        self.b2 = np.zeros((outputs, 1), dtype=np.float32)
        ### END SOLUTION

    def forward_propagation(self, X: np.ndarray) -> dict[str, np.ndarray]:
        """Compute the network's answers, and all that leads to them.

        Parameters
        ----------
        X : ndarray, shape (n_features, m)
            One example a column. Not changed.

        Returns
        -------
        dict of ndarray
            "Z1" and "A1" of shape (n_hidden_units, m), "Z2" and "A2" of shape (n_classes, m).
        """
        # 1. The hidden layer: Z1, then A1 through self.sigm.
        # 2. The outputs, in the same way from A1.
        ### BEGIN SOLUTION
        Z1 = self.W1 @ X + self.b1
        A1 = self.sigm(Z1)
        Z2 = self.W2 @ A1 + self.b2
        A2 = self.sigm(Z2)
        return {"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}
        ### END SOLUTION

    def backward_propagation(
        self, X: np.ndarray, Y: np.ndarray, cache: dict[str, np.ndarray]
    ) -> dict[str, np.ndarray]:
        """Compute the gradient of the cost and both penalties in each parameter.

        Parameters
        ----------
        X : ndarray, shape (n_features, m)
            One example a column. Not changed.
        Y : ndarray, shape (n_classes, m)
            One-hot labels. Not changed.
        cache : dict of ndarray
            What `forward_propagation(X)` returned; answers may be exactly 0 or 1. Not changed.

        Returns
        -------
        dict of ndarray
            "dW1", "db1", "dW2" and "db2", each in the shape of its parameter, and finite.
        """
        # 1. Read off m, and ask self.reg for the gradients of the L1 and of the L2 penalty.
        # 2. The outputs: dZ2, then dW2 and db2.
        # 3. The hidden layer: dZ1 through W2 and self.sigm.prime, then dW1 and db1.
        # 4. Do not forget the penalties' terms.
        ### BEGIN SOLUTION
        m = X.shape[1]
        l1_grad = self.reg.l1_grad(self.W1, self.W2, m)
        l2_grad = self.reg.l2_grad(self.W1, self.W2, m)
        dZ2 = cache["A2"] - Y
        dW2 = dZ2 @ cache["A1"].T / m + l1_grad["dW2"] + l2_grad["dW2"]
        db2 = np.mean(dZ2, axis=1, keepdims=True)
        dZ1 = self.W2.T @ dZ2 * self.sigm.prime(cache["Z1"])
        dW1 = dZ1 @ X.T / m + l1_grad["dW1"] + l2_grad["dW1"]
        db1 = np.mean(dZ1, axis=1, keepdims=True)
        return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
        ### END SOLUTION

    def update_parameters(self, grads: dict[str, np.ndarray]) -> None:
        """Take one step of gradient descent with all four parameters.

        Parameters
        ----------
        grads : dict of ndarray
            What `backward_propagation` returned. Not changed.
        """
        ### BEGIN SOLUTION
        self.W1 = self.W1 - self.learning_rate * grads["dW1"]
        self.b1 = self.b1 - self.learning_rate * grads["db1"]
        self.W2 = self.W2 - self.learning_rate * grads["dW2"]
        self.b2 = self.b2 - self.learning_rate * grads["db2"]
        ### END SOLUTION


# %% tags=["expected-output"]
check.initialize_parameters(NeuralNetwork)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `rng.normal(mean, standard_deviation, shape)` gives an array. Its second argument is 0.01, not
# 0.01². A method leaves something behind by setting an attribute, `self.W1 = …`; a plain `W1 = …`
# is forgotten as soon as the method ends.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_initialize_parameters", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of NeuralNetwork(…).initialize_parameters() run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab2

lab2.test_initialize_parameters(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.forward_propagation(NeuralNetwork)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `W @ X` is the matrix product. For one picture $X$ is a column of shape $(784, 1)$, and all of
# it still works: you never need a loop over pictures.
#
# </details>
#
# <details><summary>The numbers of the check</summary>
#
# The weights and biases are multiples of $\ln 3$, because $\sigma(\ln 3) = 3/4$, and
# $\sigma(2 \ln 3) = 9/10$:
#
# $$W_1 = \ln 3 \begin{pmatrix} 1 & 0 & 0 \\ 0 & 1 & 1 \end{pmatrix}, \quad
#   b_1 = \ln 3 \begin{pmatrix} 0 \\ 1 \end{pmatrix}, \quad
#   W_2 = \ln 3 \begin{pmatrix} 4 & 0 \\ 0 & 20 \\ -4 & 0 \\ 4 & 20 \end{pmatrix}, \quad
#   b_2 = \ln 3 \begin{pmatrix} -2 \\ -16 \\ 2 \\ -19 \end{pmatrix}, \quad
#   X = \begin{pmatrix} 1 & 0 & 0 & 1 & 0 \\ 0 & 1 & 1 & 0 & 1 \\ 1 & -1 & -1 & 1 & -1 \end{pmatrix}.$$
#
# </details>
#
# **Pitfall.** A network without biases passes every test whose biases are 0, and biases start at
# 0. It even learns as well: on these pictures, no accuracy would tell you. Test with numbers that
# are not 0.

# %% nbgrader={"grade": true, "grade_id": "test_forward_propagation", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of NeuralNetwork(…).forward_propagation(X) run here when you hand in. 8 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab2

lab2.test_forward_propagation(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.backward_propagation(NeuralNetwork)

# %% [markdown]
# <details><summary>Hint</summary>
#
# The examples are the columns, so a bias' gradient is a mean along each row; `keepdims=True` leaves
# it a column. `l1_grad` and `l2_grad` of `self.reg` take both weight matrices and m, and return a
# dict with an entry for each.
#
# </details>
#
# <details><summary>The numbers of the check</summary>
#
# $$X = \begin{pmatrix} 1 & 0 & 0 & 1 \\ 0 & 1 & 0 & 0 \\ 0 & 0 & 1 & 1 \end{pmatrix}, \quad
#   Y = \begin{pmatrix} 0 & 1 & 0 & 1 \end{pmatrix}, \quad
#   W_1 = \ln 3 \begin{pmatrix} 1 & 1 & -1 \\ -1 & 1 & 1 \end{pmatrix}, \quad
#   W_2 = \ln 3 \begin{pmatrix} 4 & 8 \end{pmatrix},$$
#
# with $b_1 = 0$ and $b_2 = -7 \ln 3$, so that
#
# $$Z_1 = \ln 3 \begin{pmatrix} 1 & 1 & -1 & 0 \\ -1 & 1 & 1 & 0 \end{pmatrix}, \quad
#   A_1 = \begin{pmatrix} 3/4 & 3/4 & 1/4 & 1/2 \\ 1/4 & 3/4 & 3/4 & 1/2 \end{pmatrix}, \quad
#   A_2 = \begin{pmatrix} 1/10 & 9/10 & 1/2 & 1/4 \end{pmatrix}.$$
#
# </details>
#
# **Pitfall.** Without `keepdims` the gradient of a bias has the shape `(30,)`. Subtracting it
# from `b1` of shape `(30, 1)` is legal: the result is 30 × 30, and the error message comes from
# somewhere else.
#
# **Pitfall.** Dividing $dZ_2$ by $m$ at once is a good idea, too. But then every mean below must
# become a sum. Whoever does both has gradients that are $m$ times too small: the cost falls, and
# the network only seems to be slow.
#
# **Pitfall.** With $A_1$ in the place of $Z_1$, `self.sigm.prime` still gives numbers of the right
# shape, and the network still learns. After 200 epochs on all of MNIST it is right on 86% of the
# test pictures, where the right gradient reaches 89%. Who would notice?

# %% tags=["claim"]
assert (np.zeros((30, 1)) - np.zeros(30)).shape == (30, 30), "Without keepdims it is 30 × 30."

# %% nbgrader={"grade": true, "grade_id": "test_backward_propagation", "locked": true, "points": 12, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of NeuralNetwork(…).backward_propagation(X, Y, cache) run here when you hand in. 12 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab2

lab2.test_backward_propagation(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.update_parameters(NeuralNetwork)

# %% [markdown]
# <details><summary>Hint</summary>
#
# The name of each gradient is that of its parameter with a d in front. As in
# `initialize_parameters`, only what is assigned to an attribute of `self` is there afterwards.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_update_parameters", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of NeuralNetwork(…).update_parameters(grads) run here when you hand in. 4 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab2

lab2.test_update_parameters(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### A look at your gradients
#
# A gradient makes a promise: if you walk from here in that direction, the cost will change at
# this rate. The rate is the sum over all entries, gradient times direction. Such a promise can be
# checked without knowing how the gradient was computed. The next cell makes a small network with
# seven inputs, five hidden units and three outputs, and walks from its parameters in a random
# direction. It prints the rate that your `backward_propagation` promises, and the one that it
# measures from the costs a tiny step ahead and a tiny step back. The two must agree.
#
# Then the cost on the way is drawn, with a dashed line for the promise. Close to step 0, at the
# dot, you must not be able to tell the two apart. A line with a wrong slope leaves the curve at
# once.
#
# (There are no penalties here, so that the cost is `compute_cost` alone. Numbers are float64: in
# float32 the seven digits that a number has would blur the comparison.)

# %% tags=["expected-output", "for-the-reader"]
rng = np.random.default_rng(3)
small = NeuralNetwork(7, 5, 3, learning_rate=1.0, reg=Regularization(0, 0))
shapes = {"W1": (5, 7), "b1": (5, 1), "W2": (3, 5), "b2": (3, 1)}
for name, shape in shapes.items():
    setattr(small, name, rng.normal(0, 0.7, shape))
some_x, some_y = rng.normal(0, 1, (7, 4)), one_hot(np.array([[2, 0, 1, 2]]), 3)
promised = small.backward_propagation(some_x, some_y, small.forward_propagation(some_x))


def cost_with(name: str, value: np.ndarray) -> float:
    """Compute the small network's cost with another value of one parameter."""
    kept = getattr(small, name)
    setattr(small, name, value)
    answers = small.forward_propagation(some_x)["A2"]
    setattr(small, name, kept)
    return compute_cost(answers, some_y)


steps = np.linspace(-1.5, 1.5, 61)
walks, rates = {}, {}
for name, shape in shapes.items():
    start, direction = getattr(small, name), rng.normal(0, 1, shape)
    walks[name] = [cost_with(name, start + t * direction) for t in steps]
    rise = cost_with(name, start + 1e-4 * direction) - cost_with(name, start - 1e-4 * direction)
    rates[name] = np.sum(promised[f"d{name}"] * direction), rise / 2e-4
    print(f"{name}: promised {rates[name][0]:8.5f}, measured {rates[name][1]:8.5f}")

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, axes = plt.subplots(2, 2, figsize=(8, 5.4), layout="constrained")
for ax, (name, walk) in zip(axes.flat, walks.items(), strict=True):
    here = walk[len(walk) // 2]
    ax.plot(steps, walk, "-", color="C0", label="the cost")
    ax.plot(steps, here + rates[name][0] * steps, "--", color="C1", label="promised")
    ax.plot(0, here, "o", color="C1")
    ax.set(xlabel="step", title=f"walking in {name}")
    ax.set_ylabel("cost")
axes[0, 0].legend()
describe(
    fig,
    "Four panels, for W1, b1, W2 and b2. In each, a curve shows the cost along a walk in a random direction, and a "
    "dashed line goes through the curve at step 0 with the promised slope. A right slope is that of the curve.",
)

# %% tags=["claim"]
for _name, (_promised, _measured) in rates.items():
    assert abs(_promised - _measured) < 1e-6, f"Promised and measured agree, here in {_name}."

# %% [markdown]
# Training would not tell you. A network with a wrong gradient often learns all the same, a little
# slower or a little worse, as with the pitfalls above, and you would blame the data. Lab 3 makes a
# tool of this idea and goes hunting with it.
#
# ## 6. Training
#
# A network knows how to answer and how to improve. Who calls it, how often, and with what, is the
# business of a second class, as it is in scikit-learn: `fit` trains, `predict` answers. One round
# over all training pictures is called an *epoch*:
#
# 1. forward: the cache;
# 2. what is the cost, penalties included? Write it down: $J + L_1 + L_2$, one number per epoch;
# 3. backward: the gradients;
# 4. update: one step downhill.
#
# To predict is to ask for the row in which a column of $A_2$ is largest:
#
# $$\hat y_i = \arg\max_k \,(A_2)_{ki}, \qquad A_2 : (10, m) \;\to\; \hat y : (1, m).$$
#
# ### Exercise 2: the classifier
# *25 minutes, ●●○, 12 points*
#
# **Before you write it.** The network has not seen anything yet and its weights are tiny, so all
# ten outputs answer nearly 0.5. What is the first entry of `_cost`, roughly? (Lab 1 had the
# number.)


# %% nbgrader={"grade": false, "grade_id": "nn_classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
class NNClassifier:
    """Train a network on labelled examples, and let it label others.

    Parameters
    ----------
    model : NeuralNetwork
        The network to train.
    epochs : int
        Number of steps of gradient descent, each with all training examples.

    Attributes
    ----------
    _cost : list of float
        The cost and both penalties, one value per epoch of the last `fit`.
    """

    def __init__(self, model: NeuralNetwork, epochs: int = 1000) -> None:
        self.model = model
        self.epochs = epochs
        self._cost: list[float] = []

    def fit(self, X: np.ndarray, Y: np.ndarray) -> None:
        """Train the model, from new parameters on.

        Parameters
        ----------
        X : ndarray of float, shape (n_features, m)
            Training examples, one a column. Not changed.
        Y : ndarray of int, shape (1, m)
            Their labels, from 0 to n_classes - 1. Not changed.
        """
        # 1. Initialise the model's parameters, and start with an empty list of costs.
        # 2. Make the labels one-hot. Give them X's dtype, or float32 gets lost in float64.
        # 3. In every epoch: forward; append the cost plus both penalties; backward; update.
        ### BEGIN SOLUTION
        self.model.initialize_parameters()
        self._cost = []
        m = X.shape[1]
        labels = one_hot(Y, self.model.n_classes).astype(X.dtype)
        for _ in range(self.epochs):
            cache = self.model.forward_propagation(X)
            cost = compute_cost(cache["A2"], labels)
            l1 = self.model.reg.l1(self.model.W1, self.model.W2, m)
            l2 = self.model.reg.l2(self.model.W1, self.model.W2, m)
            self._cost.append(cost + l1 + l2)
            self.model.update_parameters(self.model.backward_propagation(X, labels, cache))
        ### END SOLUTION

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Label examples by their largest output.

        Parameters
        ----------
        X : ndarray, shape (n_features, m)
            Examples, one a column. Not changed.

        Returns
        -------
        ndarray of int, shape (1, m)
            A label from 0 to n_classes - 1 for each example.
        """
        ### BEGIN SOLUTION
        answers = self.model.forward_propagation(X)["A2"]
        return np.argmax(answers, axis=0, keepdims=True)
        ### END SOLUTION


# %% tags=["expected-output"]
check.fit(NNClassifier)

# %% [markdown]
# <details><summary>Hint</summary>
#
# The model has all you need: `self.model.n_classes` for the one-hot labels, `self.model.reg.l1(…)`
# and `.l2(…)` for the penalties, `self.model.W1` and `.W2` as their arguments. What
# `backward_propagation` returns is what `update_parameters` takes.
#
# </details>
#
# **Pitfall.** The number of classes is not the number of different labels in `Y`. If the last
# class does not occur, `Y.max() + 1` is too small.

# %% nbgrader={"grade": true, "grade_id": "test_fit", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of NNClassifier(…).fit(X, Y) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab2

lab2.test_fit(globals())
### END HIDDEN TESTS

# %% tags=["expected-output"]
check.predict(NNClassifier)

# %% [markdown]
# <details><summary>Hint</summary>
#
# `np.argmax` says where the largest entry is, not how large. Of its axes, 0 runs down the columns.
# What it returns has lost that axis, unless you ask it to keep its dimensions.
#
# </details>

# %% nbgrader={"grade": true, "grade_id": "test_predict", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
# Hidden tests of NNClassifier(…).predict(X) run here when you hand in. 6 points.
### BEGIN HIDDEN TESTS
from grader_tests import lab2

lab2.test_predict(globals())
### END HIDDEN TESTS

# %% [markdown]
# ### Now on all training pictures
#
# Two small functions for the rest of the lab, then 1,200 epochs. This is the first cell of the
# course that keeps your computer busy for a while.
#
# A right network knows more than 97% of the training pictures. Of the test pictures it knows more
# than 91% on all of MNIST, and about 91% on the 5,000 pictures that come with the course. The last
# digits may differ if you draw random numbers in another way.


# %% tags=["for-the-reader"]
def new_classifier(lambda_1: float = 0.1, lambda_2: float = 0.2, epochs: int = 1200):
    """Make a network of 784-30-10 that has seen nothing yet, and the classifier that trains it."""
    reg = Regularization(lambda_1, lambda_2)
    rng = np.random.default_rng(0)
    return NNClassifier(NeuralNetwork(784, 30, 10, learning_rate=1.0, reg=reg, rng=rng), epochs)


def accuracy(classifier: NNClassifier, x: np.ndarray, y: np.ndarray) -> float:
    """Compute the share of examples that the classifier labels rightly."""
    return float(np.mean(classifier.predict(x).ravel() == y.ravel()))


# %% tags=["expected-output", "for-the-reader", "on-mnist"]
classifier = new_classifier()
classifier.fit(train_x, train_y)
print(f"first cost   {classifier._cost[0]:.3f}   (10 · log 2 is {10 * np.log(2):.3f})")
print(f"last cost    {classifier._cost[-1]:.3f}")
print(f"right on {accuracy(classifier, train_x, train_y):.1%} of the training pictures")
print(f"right on {accuracy(classifier, test_x, test_y):.1%} of the test pictures")

# %% tags=["claim"]
_on_train, _on_test = (
    accuracy(classifier, *_part) for _part in ((train_x, train_y), (test_x, test_y))
)
_model = classifier.model
assert sum(_w.size for _w in (_model.W1, _model.b1, _model.W2, _model.b2)) == 23_860, "Parameters."
assert _on_train > 0.97, f"More than 97% of the training pictures: {_on_train:.4f}"
if dataset_name() == "MNIST":
    assert _on_test > 0.91, f"More than 91% of the test pictures: {_on_test:.4f}"
else:
    assert 0.90 < _on_test < 0.92, f"About 91% of the embedded test pictures: {_on_test:.4f}"

# %% tags=["claim"]
import time as _time

_seconds = {}
for _dtype in (np.float32, np.float64):
    _trained = NNClassifier(NeuralNetwork(784, 30, 10, 1.0, rng=0), epochs=0)
    _trained.fit(train_x, train_y)
    for _name in ("W1", "b1", "W2", "b2"):
        setattr(_trained.model, _name, getattr(_trained.model, _name).astype(_dtype))
    _x, _y = train_x.astype(_dtype), one_hot(train_y, 10).astype(_dtype)
    _began = _time.process_time()
    for _ in range(30):
        _cache = _trained.model.forward_propagation(_x)
        _trained.model.update_parameters(_trained.model.backward_propagation(_x, _y, _cache))
    _seconds[_dtype] = _time.process_time() - _began
_ratio = _seconds[np.float64] / _seconds[np.float32]
assert 1.4 < _ratio < 4, f"float32 trains twice as fast: {_ratio:.2f} times as fast"

# %% tags=["claim"]
_right = new_classifier(epochs=200)
_right.fit(train_x, train_y)
_on_test = accuracy(_right, test_x, test_y)


class _PrimeOfA(Sigmoid):
    def prime(self, z):
        return super().prime(self(z))


class _NoBiases(NeuralNetwork):
    def update_parameters(self, grads):
        super().update_parameters({**grads, "db1": 0 * grads["db1"], "db2": 0 * grads["db2"]})


_wrong = new_classifier(epochs=200)
_wrong.model.sigm = _PrimeOfA()
_wrong.fit(train_x, train_y)
_worse = accuracy(_wrong, test_x, test_y)
assert 0.8 < _worse < _on_test - 0.01, f"With A1 for Z1 it learns, and worse: {_worse:.4f}"
if dataset_name() == "MNIST":
    assert round(_worse, 2) == 0.86, f"With A1 for Z1, 86%: {_worse:.4f}"
    assert round(_on_test, 2) == 0.89, f"With the right gradient, 89%: {_on_test:.4f}"

_without = NNClassifier(_NoBiases(784, 30, 10, 1.0, rng=np.random.default_rng(0)), epochs=200)
_without.fit(train_x, train_y)
_as_well = accuracy(_without, test_x, test_y)
assert abs(_as_well - _on_test) < 0.01, f"Without biases it learns as well: {_as_well:.4f}"

_slow = new_classifier(epochs=20)
_slow.model.learning_rate = 1 / m_train
_slow.fit(train_x, train_y)
assert (np.diff(_slow._cost) < 0).all(), "With gradients m times too small the cost falls."
assert _slow._cost[-1] > 0.99 * _slow._cost[0], "With gradients m times too small it is slow."

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, axes = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
for ax, costs, title in [
    (axes[0], classifier._cost, "all epochs"),
    (axes[1], classifier._cost[:60], "the first 60"),
]:
    ax.set_title(title)
    plot_learning_curve(costs, ylabel="cost and penalties", ax=ax)

# %% [markdown]
# Read a learning curve from the left. It starts where it must, close to $10 \log 2$. If yours
# starts elsewhere, the fault is in the cost or in the initialisation, not in the training. The
# first step takes off nearly half, and the curve falls in every step after it. (A curve that jumps
# up wants a smaller learning rate. You meet one at the end of this lab.)
#
# Then it rests, a little above 3, which the right panel shows best. That is what it costs to answer
# 0.1 to every question: ten outputs, each with $-0.1 \log 0.1 - 0.9 \log 0.9$, make 3.25. The
# network has learned how frequent the digits are, and nothing about pictures yet: whatever you
# show it, each output says about 0.1. After some twenty epochs it begins to see, and then learns
# quickly. By epoch 200 it knows nine of ten training pictures. The other thousand epochs go into
# the last tenth.
#
# The network is right more often on pictures that it was trained on than on others. The
# difference is what it learned by heart.

# %% tags=["claim"]
_cost = np.array(classifier._cost)
assert abs(_cost[0] - 10 * np.log(2)) < 0.02, "The curve starts close to 10 log 2."
assert 0.5 < _cost[1] / _cost[0] < 0.6, "The first step takes off nearly half."
assert (np.diff(_cost) < 0).all(), "The curve falls in every step."
assert (np.abs(_cost[7:20] - 3.25) < 0.06).all(), "It rests at the cost of answering 0.1."
assert round(-10 * (0.1 * np.log(0.1) + 0.9 * np.log(0.9)), 2) == 3.25, "Which is 3.25."
assert _cost[39] < 2.7, "After some twenty epochs it learns quickly."
assert 0.89 < accuracy(_right, train_x, train_y) < 0.92, "By epoch 200 it knows nine of ten."
_blind = new_classifier(epochs=15)
_blind.fit(train_x, train_y)
_says = _blind.model.forward_propagation(test_x)["A2"]
assert _says.std(axis=1).max() < 0.02, "Whatever it is shown, it says the same."
assert np.abs(_says.mean(axis=1) - 0.1).max() < 0.025, "Each output says about 0.1."
assert _on_train > 0.97 > accuracy(classifier, test_x, test_y), "More often right in training."

# %% [markdown]
# What do the 30 hidden units look for? Here are the rows of $W_1$, put back into squares. Red
# pixels speak for the unit, blue ones against it, white ones do not matter to it.

# %% tags=["for-the-reader"]
fig, ax = plt.subplots(figsize=(8.5, 10), layout="constrained")
plot_weights(classifier.model.W1, ncols=5, ax=ax)

hidden = classifier.model.forward_propagation(test_x)["A1"]
for unit in (12, 23):
    means = [hidden[unit, test_y[0] == digit].mean() for digit in range(10)]
    told = "  ".join(f"{digit}: {mean:.2f}" for digit, mean in enumerate(means))
    print(f"unit {unit} says on average to a  {told}")

# %% tags=["claim"]
_W1 = classifier.model.W1.reshape(30, 28, 28) / np.abs(classifier.model.W1).max()
assert _W1[23, 11:17, 12:15].mean() < -0.25, "Unit 23 has a blue stroke through the middle."
assert np.abs(_W1[23]).argmax() == _W1[23].argmin(), "It is the darkest of unit 23."
assert _W1[12, 10:13, 6:13].mean() < -0.4, "Unit 12 has a blue stroke left of the middle."
assert np.abs(_W1[12]).argmax() == _W1[12].argmin(), "It is the darkest of unit 12."
_means = [hidden[23, test_y[0] == _k].mean() for _k in range(10)]
assert np.argmax(_means) == 0, "Unit 23 says most to the zeros."
assert _means[0] > 0.8, "Unit 23 speaks up for zeros."
assert _means[1] < 0.05, "Unit 23 is silent at ones."
_w = classifier.model.W1[12]
_left = np.zeros((28, 28), dtype=bool)
_left[10:13, 6:13] = True
_digits = [test_x[:, test_y[0] == _k].mean(axis=1) for _k in range(10)]
_ink = [_digit[_left.ravel()].mean() for _digit in _digits]
_says = [hidden[12, test_y[0] == _k].mean() for _k in range(10)]
assert max(_says[4:]) < 0.3 < 0.4 < min(_says[1:4]), (
    "Unit 12 says little to 4 to 9, more to 1 to 3."
)
assert min(_ink[4:]) > 0.25 > 0.2 > max(_ink[1:4]), "4 to 9 have ink there, 1 to 3 seldom."
assert _ink[0] > 0.25, "Zeros have ink there, too."
assert abs(_says[0] - 0.5) < 0.15, "Zeros get about one half."
assert np.argmax([_w[_w > 0] @ _digit[_w > 0] for _digit in _digits]) == 0, "Most on red: zeros."
_empty = train_x.max(axis=1) == 0
assert np.abs(_W1.reshape(30, -1)[:, _empty]).max() < 0.03, "Empty pixels stay white."
_edge = np.pad(np.zeros((22, 22), dtype=bool), 3, constant_values=True).ravel()
assert _empty[_edge].mean() > 0.3 > 0.01 > _empty[~_edge].mean(), "Most of them are at the edge."

# %% [markdown]
# Some units are easy to name. (Their numbers are those of the run on this page. If you draw random
# numbers in another way, yours have other ones.) Unit 23 has a blue stroke through the middle. It
# speaks up for zeros, which are empty there, and is silent at ones, which have their ink there.
# Unit 12 has one to the left of the middle. It says little to the digits from 4 to 9, which often
# have ink there, and more to 1, 2 and 3, which seldom do. Zeros have ink there, too, and still get
# an answer of about one half: a unit adds up all its pixels, and no digit gains as much from the
# red ones. Most other units are a mixture. Nobody told them what to look for. And pixels that are
# empty in every training picture, nearly all of them at the edge, stay white.
#
# ## 7. Why random, and why small
#
# Section 2 left a question open. Let us start the same network in three ways: with the weights of
# `initialize_parameters` as they are, multiplied by 0, and multiplied by 100. Only one method
# needs to change, so we derive a class from yours and replace that method. (The pixels are float64
# this time. In float32, rounding errors make the units differ before the end.)
#
# Besides the accuracy, the cell prints two numbers for each start: which share of the hidden units'
# answers is within 0.05 of 0 or of 1 before the first step, and how much of the final $W_1$ was
# learned. (Take the 23,520 entries of $W_1$ as one long arrow. The number is the length of what
# training added, divided by the length of the result.)


# %% tags=["for-the-reader"]
class OtherStart(NeuralNetwork):
    """A network whose first weights are `factor` times as large."""

    factor = 1

    def initialize_parameters(self) -> None:
        """Multiply the weights that the network would have started with."""
        super().initialize_parameters()
        self.W1, self.W2 = self.factor * self.W1, self.factor * self.W2


starts = {"all 0": 0, "N(0, 0.01²)": 1, "N(0, 1)": 100}
exact_x = train_x.astype(np.float64)
curves, first_answers, learned, other_starts = {}, {}, {}, {}
for name, factor in starts.items():
    model = OtherStart(n_features, 30, 10, 1.0, Regularization(0, 0), rng=0)
    model.factor = factor
    model.initialize_parameters()
    first_W1 = model.W1
    first_answers[name] = model.forward_propagation(exact_x)["A1"].ravel()
    other_starts[name] = NNClassifier(model, epochs=200)
    other_starts[name].fit(exact_x, train_y)
    curves[name] = other_starts[name]._cost
    stuck = np.mean(np.abs(first_answers[name] - 0.5) > 0.45)
    learned[name] = np.linalg.norm(model.W1 - first_W1) / np.linalg.norm(model.W1)
    print(
        f"weights {name:12} near 0 or 1 at first: {stuck:3.0%}   W1 learned: {learned[name]:4.0%}"
        f"   right on {accuracy(other_starts[name], test_x, test_y):.1%} of the test pictures"
    )

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
plot_learning_curve(curves, ax=left)
left.set(ylim=(0, 8), title="200 epochs from three starts")
styles = {"N(0, 0.01²)": ("C1", ""), "N(0, 1)": ("C2", "//")}
for name, (colour, hatch) in styles.items():
    values = first_answers[name]
    look = {"color": colour, "hatch": hatch, "alpha": 0.6, "edgecolor": "white"}
    right.hist(values, bins=25, range=(0, 1), label=name, **look)
right.set(xlabel="answer of a hidden unit", ylabel="answers", title="Before the first step")
right.legend()
describe(
    fig,
    "Left: the cost over 200 epochs from three starts. It ends lowest from N(0, 0.01²) and highest from weights of 0. "
    "Right: how the hidden units answer before the first step. With weights from N(0, 0.01²) every answer is close to "
    "one half; with weights from N(0, 1) most are close to 0 or to 1.",
)

# %% [markdown]
# (The first cost from $N(0, 1)$ lies above the left picture. The start from 0 is not in the right
# one: there, every answer is exactly one half.)
#
# **All zeros.** Every hidden unit gives the same answer, gets the same blame, and takes the same
# step. (In the very first one $W_1$ does not move at all: what comes back to it goes through
# $W_2$, which is 0.) After 200 epochs they are still the same: the network has 30 units and uses
# one. Random numbers are there to make them different. Nothing else will, except for rounding
# errors. Here are the weights of the first five hidden units. Red speaks for a unit, blue against
# it, and all five say the same:

# %% tags=["for-the-reader"]
W1 = other_starts["all 0"].model.W1
fig, ax = plt.subplots(figsize=(8.5, 2), layout="constrained")
plot_weights(W1[:5], ncols=5, ax=ax)
print(f"largest weight: {np.abs(W1).max():.2f}")
print(f"largest difference between two hidden units: {np.ptp(W1, axis=0).max():.4f}")

# %% tags=["claim"]
_accuracies = [accuracy(_trained, test_x, test_y) for _trained in other_starts.values()]
assert _accuracies[0] < 0.4 < 0.7 < _accuracies[2] < _accuracies[1] - 0.05, "Small starts win."
assert curves["N(0, 1)"][0] > 8, "The first cost from N(0, 1) lies above the picture."
assert W1.size == 23_520, "The entries of W1."
assert (first_answers["all 0"] == 0.5).all(), "From 0, every answer is exactly one half."
assert curves["N(0, 0.01²)"][-1] < curves["N(0, 1)"][-1] < curves["all 0"][-1], "As the alt says."
_model = OtherStart(n_features, 30, 10, 1.0, Regularization(0, 0), rng=0)
_model.factor = 0
_model.initialize_parameters()
_cache = _model.forward_propagation(exact_x)
_first = _model.backward_propagation(exact_x, one_hot(train_y, 10), _cache)
assert not _first["dW1"].any(), "From zeros, W1 does not move in the very first step."
assert np.ptp(W1, axis=0).max() < 5e-5, "After 200 epochs the units are still the same."
_in_float32 = NNClassifier(_model, epochs=200)
_in_float32.fit(train_x, train_y)
assert np.ptp(_model.W1, axis=0).max() > 0.01, "In float32 rounding errors make them differ."

# %% tags=["claim"]
_model = OtherStart(n_features, 30, 10, 1.0, Regularization(0, 0), rng=0)
_model.factor = 100
_model.initialize_parameters()
_Z1 = _model.forward_propagation(exact_x)["Z1"]
assert np.mean(np.abs(_Z1) > 10) > 0.2, "The sums run into the tens."
_stuck = {_name: np.mean(np.abs(_a - 0.5) > 0.45) for _name, _a in first_answers.items()}
assert 0.7 < _stuck["N(0, 1)"] < 0.8, "Three of four start nearly at 0 or 1."
assert _stuck["N(0, 0.01²)"] == 0, "From the small start, none does."
assert np.abs(first_answers["N(0, 0.01²)"] - 0.5).max() < 0.15, "There all are close to one half."
assert 0.08 < learned["N(0, 1)"] < 0.12, "Nine tenths of the first layer are still chance."
assert learned["N(0, 0.01²)"] > 0.95, "From the small start nearly all of W1 is learned."
_ahead = np.array(curves["N(0, 1)"]) < np.array(curves["N(0, 0.01²)"])
assert not _ahead[:10].any(), "The large start is behind at first."
assert _ahead[19:40].all(), "Then it is ahead for some thirty epochs."
assert not _ahead[60:].any(), "Then it is overtaken."

_bytes = NNClassifier(NeuralNetwork(784, 30, 10, 1.0, Regularization(0, 0), rng=0), epochs=200)
_bytes.fit(255 * train_x, train_y)
_poor = accuracy(_bytes, 255 * test_x, test_y)
assert _poor < 0.25, f"With pixels up to 255 it learns next to nothing: {_poor:.4f}"
if dataset_name() == "MNIST":
    assert round(_poor, 2) == 0.21, f"With pixels up to 255, 21%: {_poor:.4f}"
_bytes.model.initialize_parameters()
_A1 = _bytes.model.forward_propagation(255 * train_x)["A1"]
assert 0.88 < np.mean(np.abs(_A1 - 0.5) > 0.45) < 0.92, "Nine of ten start nearly at 0 or 1."

# %% [markdown]
# **A hundred times as large.** The sums $Z_1$ run into the tens, and three of four hidden answers
# start nearly at 0 or 1, where $\sigma'$ is nearly 0. Look at $dZ_1$ again: what is multiplied by
# $\sigma'(Z_1)$ is all that a hidden unit ever hears. So after 200 epochs nine tenths of the first
# layer are still what chance made it. The network is not lost. Its second layer makes what it can
# of 30 random units. It is even ahead for some thirty epochs, since these units differ from the
# start. Then it is overtaken.
#
# Pixel values up to 255 do the same damage with small weights, and more of it: nine of ten hidden
# answers start nearly at 0 or 1. After 200 epochs on all of MNIST such a network is right on 21% of
# the test pictures.
#
# **Small and random** is in between: the units differ, and all of them listen.
#
# ## 8. What the penalties do
#
# The training above had weak penalties. How much do they matter? Here is the same network with L2
# penalties of four strengths, from none to far too much, and with one L1 penalty. As the penalty
# is divided by $m$, we choose $\lambda = s \cdot m$, and compare by $s$.
#
# **Before you run it:** a network is right more often on its training pictures than on others. Will
# the two accuracies come closer as the penalty grows, or move apart? And what will the pictures of
# the weights look like?

# %% tags=["for-the-reader"]
penalised = {
    "no penalty": new_classifier(0, 0, epochs=200),
    "L2, s = 0.001": new_classifier(0, 0.001 * m_train, epochs=200),
    "L2, s = 0.01": new_classifier(0, 0.01 * m_train, epochs=200),
    "L2, s = 0.1": new_classifier(0, 0.1 * m_train, epochs=200),
    "L1, s = 0.001": new_classifier(0.001 * m_train, 0, epochs=200),
}
results = {}
for name, trained in penalised.items():
    trained.fit(train_x, train_y)
    results[name] = accuracy(trained, train_x, train_y), accuracy(trained, test_x, test_y)
    sizes = np.abs(trained.model.W1)
    print(
        f"{name:13}  training {results[name][0]:.1%}  test {results[name][1]:.1%}"
        f"  largest weight {sizes.max():.2f}  weights below 0.001: {np.mean(sizes < 0.001):.0%}"
    )
empty = np.sum(np.abs(penalised["L1, s = 0.001"].model.W1).max(axis=1) < 0.003)
print(f"under L1, {empty} of the 30 hidden units have no weight larger than 0.003")

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
on_train, on_test = zip(*results.values(), strict=True)
places = np.arange(len(results))
ax.bar(places - 0.2, on_train, 0.38, label="training pictures")
ax.bar(places + 0.2, on_test, 0.38, hatch="//", edgecolor="white", label="test pictures")
ax.set_xticks(places, results)
ax.set(ylim=(0, 1.25), yticks=np.linspace(0, 1, 6))
ax.set(ylabel="accuracy", title="Accuracy after 200 epochs")
ax.legend(ncols=2, loc="upper center")
describe(
    ax,
    "Bars of the accuracy on training and on test pictures. "
    + "; ".join(f"{name}: {train:.1%} and {test:.1%}" for name, (train, test) in results.items())
    + ".",
)

# %% [markdown]
# And the weights of the first five hidden units, under three of them. Red pixels speak for a unit,
# blue ones against it. Mind the colour bars: each row has a scale of its own.

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
shown = ["no penalty", "L2, s = 0.01", "L1, s = 0.001"]
fig, axes = plt.subplots(3, 1, figsize=(8.5, 6.8), layout="constrained")
for ax, name in zip(axes, shown, strict=True):
    plot_weights(penalised[name].model.W1[:5], ncols=5, ax=ax)
    ax.set_title(name, loc="left")
describe(
    fig,
    "The weights of five hidden units as pictures, three times, each with a colour bar. Without a penalty they have faint "
    "speckles all around. With a strong L2 penalty these are all but gone, and the scale is smaller. With L1 most pixels "
    "are white, and a few strong ones are left.",
)

# %% tags=["claim"]
_gaps = {_name: _train - _test for _name, (_train, _test) in results.items()}
assert _gaps["L2, s = 0.01"] < _gaps["no penalty"] - 0.005, "The two accuracies come closer."
assert results["L2, s = 0.01"][0] < results["no penalty"][0] - 0.02, "It costs some accuracy."
assert results["L2, s = 0.1"][0] < 0.4, "Too strong a penalty leaves a network of no use."
assert 0 < _gaps["no penalty"] < 0.03, "Nearly as often right on test pictures."
_best = max(_test for _, _test in results.values())
assert _best < results["no penalty"][1] + 0.005, "None has a better test accuracy, or hardly."

_W = {_name: _trained.model.W1 for _name, _trained in penalised.items()}
_names = ["no penalty", "L2, s = 0.001", "L2, s = 0.01"]
_scale = [np.abs(_W[_name]).max() for _name in _names]
assert _scale[0] > _scale[1] > _scale[2], "The scale shrinks."
_steps = [np.abs(np.diff(_W[_name].reshape(30, 28, 28))).mean() for _name in _names]
_rough = [_s / np.abs(_W[_name]).mean() for _s, _name in zip(_steps, _names, strict=True)]
assert _rough[0] > _rough[1] > _rough[2], "Neighbours become more alike."
_empty = train_x.max(axis=1) == 0
_start = new_classifier()
_start.model.initialize_parameters()
_start = _start.model.W1[:, _empty]
assert (_W["no penalty"][:, _empty] == _start).all(), "The speckles are the start's numbers."
_left = np.abs(_W["L2, s = 0.01"][:, _empty]).max() / np.abs(_start).max()
assert abs(_left - 0.99**200) < 0.001, f"L2 leaves 0.99^200 of the speckles: {_left:.4f}"
assert round(0.99**200, 2) == 0.13, "Which is 0.13."
_sizes = np.abs(_W["L1, s = 0.001"])
assert np.mean(_sizes < 0.001) > 0.7, "Under L1 few weights are left."
assert empty > 1, "Under L1 some units are as good as empty."
assert _sizes.max() > _scale[0], "Under L1 those that are left are large."

# %% [markdown]
# Three things to see.
#
# - **A penalty is a trade.** From none to L2 with $s = 0.01$ the network learns less by heart, and
#   the two accuracies come closer. You pay for that with some accuracy. Where the penalty is too
#   strong the weights cannot grow, and the network is of no use.
# - **L2 spreads.** Many small weights on neighbouring pixels are cheaper in squares than a few
#   large ones. So the scale shrinks, and neighbours become more alike. The faint speckles around
#   the digits are the random numbers of the start, on pixels where no picture has ink. Nothing but
#   a penalty ever moves them. L2 with $s = 0.01$ takes a hundredth off in every step, which leaves
#   $0.99^{200} = 0.13$ of them, about an eighth.
# - **L1 selects.** It asks the same price for the first as for the last hundredth of a weight, so
#   weights that do not earn it go to 0. Few are left, some units are as good as empty, and the
#   largest weight of all 30 units, as printed above, is larger than without a penalty.
#
# How much better does the test accuracy get? Here, not at all, or hardly. After two hundred epochs
# this network has not learned much by heart yet: it is nearly as often right on test pictures as
# on those that it was trained on.
#
# ### When a penalty pays
#
# A penalty is an insurance, and here is the accident. We take 1,000 pictures, and suppose that
# whoever labelled them was careless: one label in five is replaced by a random one. Two networks
# learn from them for 1,000 epochs, one without a penalty and one with L2.
#
# **Before you run it:** what will each of them say to a training picture with a wrong label?

# %% tags=["for-the-reader"]
few_x, true_y = train_x[:, :1000], train_y[:, :1000]
careless = np.random.default_rng(0)
replaced = careless.random(true_y.shape) < 0.2
given_y = np.where(replaced, careless.integers(0, 10, true_y.shape), true_y)
print(f"{np.mean(given_y != true_y):.0%} of the labels are wrong")

misled = {
    "no penalty": new_classifier(0, 0, epochs=1000),
    "L2, s = 0.01": new_classifier(0, 0.01 * 1000, epochs=1000),
}
for name, trained in misled.items():
    trained.fit(few_x, given_y)
    print(
        f"{name:13} says what the label says: {accuracy(trained, few_x, given_y):.0%}"
        f"   what the digit is: {accuracy(trained, few_x, true_y):.0%}"
        f"   right on test pictures: {accuracy(trained, test_x, test_y):.1%}"
    )
against = misled["L2, s = 0.01"].predict(few_x) != given_y
print(
    f"with L2, {np.mean(against):.0%} of the labels are contradicted;"
    f" of these, {np.mean((given_y != true_y)[against]):.0%} are wrong"
)

# %% tags=["claim"]
_parts = ((few_x, given_y), (few_x, true_y), (test_x, test_y))
_none, _with = ([accuracy(_trained, *_part) for _part in _parts] for _trained in misled.values())
assert _none[0] > 0.95, "Without a penalty it learns the wrong labels, too, by heart."
assert _none[0] > _none[1] + 0.1, "It contradicts what the digits are."
assert _with[0] < 0.82, "With the penalty it contradicts the labels."
assert _with[1] > 0.89, "It says what the digits are."
assert np.mean((given_y != true_y)[against]) > 0.65, "It is mostly right to contradict."
assert np.all((given_y == true_y) | replaced), "Only replaced labels are wrong."
assert np.any((given_y == true_y) & replaced), "Some of them hit upon the right digit."
assert 0.17 < against.mean() < 0.25, "It contradicts about one label in five."
_sizes = [np.linalg.norm(_trained.model.W1) for _trained in misled.values()]
assert _sizes[0] > 2 * _sizes[1], "Without a penalty weights grow."
assert _with[2] > _none[2] + 0.04, "The test accuracy is better with the penalty."

# %% [markdown]
# (A label in five was replaced, and somewhat fewer are wrong: one random digit in ten is the right
# one.)
#
# Without a penalty the network learns nearly every label by heart, wrong ones included, and pays
# for it on pictures that it has not seen. To say 3 to a single picture of an 8, weights have to
# grow around that one picture. The penalty makes that expensive. So the second network contradicts
# about one label in five, and it is mostly right to do so. It never saw which ones were wrong.
#
# ## 9. Single digits
#
# A number such as "right on nine of ten" hides what matters. Back to the first classifier, and to
# pictures: twelve test digits. Above each stands what the network takes it for, after a ✓ where
# that is right. A ✗ marks a wrong answer, and the true digit follows.

# %% tags=["for-the-reader"]
predicted = classifier.predict(test_x).ravel()
plot_digits(test_x, test_y, indices=range(12), predictions=predicted, ncols=4)

# %% [markdown]
# And two test digits from close by, with all ten outputs. Of all test pictures, these are the one
# where the two largest outputs are farthest apart, and the one where they are closest together.

# %% tags=["for-the-reader"]
answers = classifier.model.forward_propagation(test_x)["A2"]
second, first = np.sort(answers, axis=0)[-2:]
chosen = {"surest": int((first - second).argmax()), "in doubt": int((first - second).argmin())}

yes = np.sum(answers > 0.5, axis=0)  # how many outputs say that a picture is theirs
for count in range(3):
    right = np.mean((predicted == test_y.ravel())[yes == count])
    print(
        f"{count} outputs above 0.5: {np.mean(yes == count):5.1%} of all, {right:.0%} of them right"
    )

# %% jupyter={"source_hidden": true} tags=["hide-input", "for-the-reader"]
fig, axes = plt.subplots(2, 2, figsize=(8, 4.6), width_ratios=[1, 2.4], layout="constrained")
for (picture, bars), (name, i) in zip(axes, chosen.items(), strict=True):
    picture.imshow(test_x[:, i].reshape(28, 28))
    picture.set_title(f"{name}: a {test_y[0, i]}")
    picture.set_axis_off()
    bars.bar(range(10), answers[:, i])
    bars.set(ylim=(0, 1), xticks=range(10), ylabel="output")
    bars.set_title(f"taken for a {predicted[i]}; the outputs add up to {answers[:, i].sum():.2f}")
axes[1, 1].set_xlabel("digit")
describe(
    fig,
    "Two test digits beside bars of the ten outputs. "
    + " ".join(
        f"The one {name}: a {test_y[0, i]}, taken for a {predicted[i]}, largest outputs {first[i]:.2f} and {second[i]:.2f}."
        for name, i in chosen.items()
    ),
)

# %% [markdown]
# The ten outputs of the doubtful picture do not add up to 1, and nothing asks them to: each output
# answers its own question, "is it mine?". Two can say yes, or none, and where that happens the
# network is wrong far more often. Lab 3 replaces the ten sigmoids by a function that makes the
# outputs share.

# %% tags=["claim"]
assert abs(answers[:, chosen["in doubt"]].sum() - 1) > 0.2, "They do not add up to 1."
_right = [np.mean((predicted == test_y[0])[yes == _count]) for _count in range(3)]
assert _right[1] > 0.94, "Where one output says yes, it is mostly right."
assert max(_right[0], _right[2]) < 0.75, "Where none or two say yes, it is wrong far more often."
assert (yes == 2).any(), "Two can say yes."

# %% [markdown]
# ## 10. What it gets wrong
#
# Rows are what a digit is, columns what it was taken for. Right answers are on the diagonal. The
# shades grow with the square root of the number, or no mistake would be seen beside them.

# %% tags=["for-the-reader"]
plot_confusion_matrix(test_y, predicted)

# %% [markdown]
# The mistakes are not spread evenly. Find the darkest cells off the diagonal, and say of each
# whether a person in a hurry might confuse the two, too. Is a confusion as frequent in the other
# direction?
#
# <details><summary>On all of MNIST</summary>
#
# Most frequent is a 4 taken for a 9. The other direction comes close. 3 and 5 are taken for each
# other almost equally often. But a 3 is taken for a 2 more than twice as often as a 2 for a 3: that
# a confusion is likely says nothing about the way back. 0 and 1 are hardly ever confused.
#
# </details>

# %% tags=["claim"]
if dataset_name() == "MNIST":
    _counts = np.bincount(10 * test_y[0] + predicted, minlength=100).reshape(10, 10)
    _mistakes = _counts - np.diag(np.diag(_counts))
    assert _mistakes.argmax() == 49, "Most frequent is a 4 taken for a 9."
    assert _counts[9, 4] > 0.8 * _counts[4, 9], "The other direction comes close."
    assert 0.95 < _counts[3, 5] / _counts[5, 3] < 1.05, "3 and 5 almost equally often."
    assert _counts[3, 2] > 2 * _counts[2, 3], "3 for 2 more than twice as often as 2 for 3."
    assert _counts[0, 1] + _counts[1, 0] < 10, "0 and 1 are hardly ever confused."

# %% [markdown]
# Now the worst of them: the wrong answers that the network was surest about.

# %% tags=["for-the-reader"]
wrong = np.flatnonzero(predicted != test_y.ravel())
worst = wrong[np.argsort(-first[wrong], kind="stable")][:12]
plot_digits(test_x, test_y, indices=worst, predictions=predicted, ncols=4)
print(f"largest outputs, all of them wrong: {first[worst].max():.3f} to {first[worst].min():.3f}")

# %% [markdown]
# Some of these you would get wrong yourself. Others are plain to you, and the network is still
# sure of another digit. It has never seen a digit as you do: it adds up pixels.
#
# Last, a change that a person hardly notices: move every test picture to the right, by one pixel,
# by two, by three. And one that happens to whoever mixes up rows and columns (Lab 1): mirror it
# across its diagonal.
#
# **Before you run it:** how much does a single pixel cost?

# %% tags=["for-the-reader"]
pictures = test_x.reshape(28, 28, -1)
changed = {f"moved by {k}": np.roll(pictures, k, axis=1) for k in range(4)}
changed["mirrored"] = pictures.transpose(1, 0, 2)
for name, changed_pictures in changed.items():
    share = accuracy(classifier, changed_pictures.reshape(784, -1), test_y)
    print(f"{name:10} right on {share:.1%}")

# %% tags=["claim"]
_shares = [accuracy(classifier, _p.reshape(784, -1), test_y) for _p in changed.values()]
assert _shares[0] - _shares[1] > 0.04, "One pixel costs more than four points."
assert _shares[3] < 0.5 < _shares[2], "After three pixels it is wrong more often than right."
assert _shares[4] < 0.25, "Mirrored, it fails."

# %% [markdown]
# A single pixel costs more than four points, and after three the network is wrong more often than
# right. A digit that is moved has its ink where other digits have theirs, and each weight belongs to
# one place. Mirrored digits it hardly reads at all. Lab 4 comes back to moved ones.
#
# ## Test yourself
#
# 1. Why is $dW_2$ a product with $A_1$, and not with $Z_1$?
# 2. You exchange two hidden units: two rows of $W_1$ and $b_1$, and the same two columns of
#    $W_2$. What happens to the answers? What does that say about the best set of weights?
# 3. Someone forgets the penalties in `backward_propagation`, but not in `_cost`. What would you
#    notice?
# 4. The cost is computed with one-hot labels, but `backward_propagation` gets the row of
#    labels itself. Nothing fails. What do the outputs learn?
#
# <details><summary>Answers</summary>
#
# 1. Because $W_2$ is multiplied by $A_1$ in the forward pass. The slope of a product in one factor
#    is the other factor.
# 2. Nothing at all: the sum over hidden units does not mind their order. So there is no single
#    best set of weights, but many that do the same.
# 3. The weights do not shrink, however large $\lambda$ is, and with a large $\lambda$ the curve may
#    even rise while the accuracy grows. The cost and its gradient belong together.
# 4. $A_2 - y$ is negative for every label from 1 on, whatever the output says, so all ten outputs
#    are pushed towards 1 by every picture but the zeros.
#
# </details>

# %% tags=["claim"]
_order = np.random.default_rng(0).permutation(30)
_model, _kept = classifier.model, classifier.model.forward_propagation(test_x[:, :99])["A2"]
_other = NeuralNetwork(784, 30, 10, 1.0)
_other.W1, _other.b1 = _model.W1[_order], _model.b1[_order]
_other.W2, _other.b2 = _model.W2[:, _order], _model.b2
_same = _other.forward_propagation(test_x[:, :99])["A2"]
assert np.allclose(_same, _kept, atol=1e-5), "Exchanged hidden units change nothing."


class _Forgetful(NeuralNetwork):
    def backward_propagation(self, X, Y, cache):
        kept, self.reg = self.reg, Regularization(0, 0)
        grads = super().backward_propagation(X, Y, cache)
        self.reg = kept
        return grads


_reg = Regularization(0, 0.1 * m_train)
_forgot = NNClassifier(_Forgetful(784, 30, 10, 1.0, reg=_reg, rng=np.random.default_rng(0)), 50)
_forgot.fit(train_x, train_y)
_halfway = accuracy(_forgot, test_x, test_y)
_forgot.epochs = 150
_forgot.fit(train_x, train_y)
assert _forgot._cost[149] > 2 * _forgot._cost[49], "With forgotten penalties the curve rises."
assert accuracy(_forgot, test_x, test_y) > _halfway + 0.05, "Meanwhile the accuracy grows."

# %% [markdown]
# ## What to try next
#
# - Change the number of hidden units to 5, and to 100. When does the test accuracy stop growing?
# - Set the learning rate to 0.1 and to 3, train for 200 epochs, and draw both curves and that of
#   rate 1 in one plot. One of them jumps up in its first step, and the network never recovers from
#   it. Why? (An answer is below.)
# - Train on moved pictures: `np.roll` each training picture by a random number of pixels. How much
#   does the network gain on moved test pictures, and what does it lose on the others?
# - In Lab 3 the outputs learn to share, and you learn how to find a bug that accuracy does not
#   show.
#
# <details><summary>Why a rate of 3 is too much</summary>
#
# At first every output says 0.5, where nine of ten should say 0. So the first step takes about 0.6
# off each weight of $W_2$, and 1.2 off each bias. With 30 hidden answers near one half, the sums
# $Z_2$ fall to about −10. Now every output says 0 to everything, even to its own digit, and the
# cost is about 10. In the second step, the blame goes back through the negative weights and drives
# the hidden answers down to nearly 0, for nearly every picture. There $\sigma'$ is nearly 0: they
# hear next to nothing any more. What is left to learn is in $b_2$, how frequent the digits are, and
# the curve rests a little above 3.25.
#
# </details>

# %% tags=["claim"]
for _rate, _jumps in ((0.1, False), (3.0, True)):
    _trained = new_classifier(epochs=200)
    _trained.model.learning_rate = _rate
    _trained.fit(train_x, train_y)
    assert (_trained._cost[1] > _trained._cost[0]) == _jumps, "A rate of 3 jumps up, 0.1 does not."
assert accuracy(_trained, test_x, test_y) < 0.2, "With a rate of 3 the network never recovers."
assert 3.25 < _trained._cost[-1] < 3.3, f"It rests above 3.25: {_trained._cost[-1]:.3f}"
assert abs(_trained._cost[1] - 10) < 0.5, (
    f"After one step the cost is about 10: {_trained._cost[1]}"
)
_trained.epochs = 1
_trained.model.rng = np.random.default_rng(0)
_trained.fit(train_x, train_y)
assert np.abs(_trained.model.W2 + 0.6).max() < 0.1, "The first step takes 0.6 off each of W2."
assert np.abs(_trained.model.b2 + 1.2).max() < 0.1, "The first step takes 1.2 off each bias."
_Z2 = _trained.model.forward_propagation(train_x)["Z2"]
assert abs(_Z2.mean() + 10) < 0.5, "The sums fall to about -10."
_trained.epochs = 2
_trained.model.rng = np.random.default_rng(0)
_trained.fit(train_x, train_y)
_A1 = _trained.model.forward_propagation(test_x)["A1"]
assert np.mean(_A1 < 0.05) > 0.99, f"Nearly all fall to nearly 0: {np.mean(_A1 < 0.05):.4f}"
