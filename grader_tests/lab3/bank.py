"""Lab 3's bank: right answers written differently, and mistakes with the sentence that names them."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_NORMAL_1 = "rng.normal(0, np.sqrt(2 / n_features), (n_hidden, n_features))"
_NORMAL_2 = "rng.normal(0, np.sqrt(2 / n_hidden), (n_classes, n_hidden))"
_RELU = "np.maximum(Z, 0)"
_SLOPE = "(Z > 0).astype(Z.dtype)"
_SHIFTED = "np.exp(Z - Z.max(axis=0, keepdims=True))"
_SHARES = "exponentials / exponentials.sum(axis=0, keepdims=True)"
_COST = "float(-np.sum(Y * np.log(np.maximum(A2, tiny))) / m)"
_DIFFERENCE = "(f(theta + step) - f(theta - step)) / (2 * eps)"
_UPDATE = "W1 - alpha * dW1, b1 - alpha * db1, W2 - alpha * dW2, b2 - alpha * db2"
_STEP = "W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)"
_HEAD = """
def gradient_descent(X, y, alpha, iterations, rng):
    Y = one_hot(y, 10)
    W1, b1, W2, b2 = init_params(X.shape[0], 10, 10, rng)
"""
_BACKWARD = """
def backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y):
    m = Y.shape[1]
"""

MISTAKES: list[Mistake] = [
    # Parameters
    mistake(
        "weights are zero",
        "init_params",
        "test_init_params",
        "Your weights are all 0. Then all hidden units say the same, and nothing but the biases of "
        "the outputs can ever learn. Draw them at random.",
        (_NORMAL_1, "np.zeros((n_hidden, n_features))"),
        (_NORMAL_2, "np.zeros((n_classes, n_hidden))"),
    ),
    mistake(
        "weights are all equal",
        "init_params",
        "test_init_params",
        "Your units all start with the same weights. They then get the same gradients and stay "
        "alike for ever. Draw every weight on its own.",
        (_NORMAL_1, "np.full((n_hidden, n_features), 0.01)"),
        (_NORMAL_2, "np.full((n_classes, n_hidden), 0.01)"),
    ),
    mistake(
        "weights from 0 to 1",
        "init_params",
        "test_init_params",
        "Your weights are far from 0 in the mean, as they are if all lie between 0 and 1. Then every unit "
        "adds up the whole picture. Draw them around 0, and small.",
        (_NORMAL_1, "rng.random((n_hidden, n_features))"),
        (_NORMAL_2, "rng.random((n_classes, n_hidden))"),
    ),
    mistake(
        "weights with standard deviation 1",
        "init_params",
        "test_init_params",
        "Your weights are too large, as they are with a standard deviation of 1. Summed over hundreds of "
        "pixels they give huge scores, and a network that is sure before it has learned anything. "
        "Multiply them by something small.",
        (_NORMAL_1, "rng.standard_normal((n_hidden, n_features))"),
        (_NORMAL_2, "rng.standard_normal((n_classes, n_hidden))"),
    ),
    mistake(
        "biases are random",
        "init_params",
        "test_init_params",
        "Your biases do not start at 0. Only the weights are drawn at random.",
        ("np.zeros((n_hidden, 1))", "rng.normal(0, 0.1, (n_hidden, 1))"),
        ("np.zeros((n_classes, 1))", "rng.normal(0, 0.1, (n_classes, 1))"),
    ),
    mistake(
        "weights from the global generator",
        "init_params",
        "test_init_params",
        "Your weights do not come from rng: the same rng gives other weights each time. Draw them with "
        "its own methods, such as rng.normal, and not with np.random.",
        (_NORMAL_1, "np.random.randn(n_hidden, n_features) * 0.1"),
        (_NORMAL_2, "np.random.randn(n_classes, n_hidden) * 0.1"),
    ),
    mistake(
        "weights from a generator of its own",
        "init_params",
        "test_init_params",
        "Your function gives the same weights whatever rng it is given. Does it make a generator of its "
        "own? Draw the weights from the rng of the argument.",
        ("W1 = rng.normal", "rng = np.random.default_rng(0)\n    W1 = rng.normal"),
    ),
    mistake(
        "weights transposed",
        "init_params",
        "test_init_params",
        "Your weights are transposed. W1 has a row for each hidden unit and a column for each "
        "feature, so that W1 @ X works; W2 likewise.",
        ("(n_hidden, n_features)", "(n_features, n_hidden)"),
        ("(n_classes, n_hidden)", "(n_hidden, n_classes)"),
    ),
    mistake(
        "biases without a second axis",
        "init_params",
        "test_init_params",
        "Your biases have the shape (n,). Make them columns, (n, 1): next to (n, m), NumPy takes (n,) "
        "for a row.",
        ("np.zeros((n_hidden, 1))", "np.zeros(n_hidden)"),
        ("np.zeros((n_classes, 1))", "np.zeros(n_classes)"),
    ),
    # ReLU
    mistake(
        "relu with np.max",
        "relu",
        "test_relu",
        "np.max looks for the largest entry along an axis. To compare every entry with 0, use "
        "np.maximum.",
        (_RELU, "np.max(Z, 0)"),
    ),
    mistake(
        "relu changes its input",
        "relu",
        "test_relu",
        "Your relu changes the array Z that it was given. The backward pass still needs it: work on "
        "a new array.",
        (f"return {_RELU}", "Z[Z < 0] = 0\n    return Z"),
    ),
    mistake(
        "relu as absolute value",
        "relu",
        "test_relu",
        "Your relu returns the absolute value. Negative entries should become 0.",
        (_RELU, "np.abs(Z)"),
    ),
    mistake(
        "relu returns the slope",
        "relu",
        "test_relu",
        "Your relu returns 0 and 1. That is its slope; where Z is positive, relu returns Z itself.",
        (_RELU, "(Z > 0) * 1.0"),
    ),
    mistake(
        "relu keeps the negative part",
        "relu",
        "test_relu",
        "Your relu keeps what is negative and drops what is positive. It is the other way round.",
        (_RELU, "np.minimum(Z, 0)"),
    ),
    mistake(
        "leaky relu",
        "relu",
        "test_relu",
        "Your relu lets a hundredth of the negative entries pass. That is the leaky ReLU; here they "
        "become 0.",
        (_RELU, "np.where(Z > 0, Z, 0.01 * Z)"),
    ),
    mistake(
        "relu_derivative is relu",
        "relu_derivative",
        "test_relu_derivative",
        "Your relu_derivative returns ReLU itself. Where Z is positive, its slope is 1, however large "
        "Z is.",
        (_SLOPE, "np.maximum(Z, 0)"),
    ),
    mistake(
        "relu_derivative reversed",
        "relu_derivative",
        "test_relu_derivative",
        "Your slopes are exchanged: 1 belongs where Z is positive, 0 where it is negative.",
        (_SLOPE, "Z < 0"),
    ),
    mistake(
        "relu_derivative with -1",
        "relu_derivative",
        "test_relu_derivative",
        "Where Z is negative your slope is -1. ReLU is flat there, and its slope is 0.",
        (_SLOPE, "np.sign(Z)"),
    ),
    mistake(
        "relu_derivative is 1",
        "relu_derivative",
        "test_relu_derivative",
        "Your slope is 1 everywhere. Where Z is negative, ReLU is flat, and its slope is 0.",
        (_SLOPE, "np.ones_like(Z)"),
    ),
    # Softmax
    mistake(
        "softmax without a shift",
        "softmax",
        "test_softmax",
        "For large scores your softmax overflows and returns NaN. Subtract from each column its "
        "largest score before you take the exponential.",
        (_SHIFTED, "np.exp(Z)"),
    ),
    mistake(
        "softmax shifted by the largest of all scores",
        "softmax",
        "test_softmax",
        "You subtract one maximum from the whole batch. A column whose scores are far below it becomes "
        "0/0. Each column needs its own maximum.",
        (_SHIFTED, "np.exp(Z - np.max(Z))"),
    ),
    mistake(
        "softmax along the rows",
        "softmax",
        "test_softmax",
        "Your rows add up to 1. Examples are columns, so each column should: sum along axis 0.",
        (_SHIFTED, "np.exp(Z - Z.max(axis=1, keepdims=True))"),
        (_SHARES, "exponentials / exponentials.sum(axis=1, keepdims=True)"),
    ),
    mistake(
        "softmax over everything",
        "softmax",
        "test_softmax",
        "You divide by the sum of the whole array. Each column has a sum of its own: use axis=0.",
        (_SHARES, "exponentials / np.sum(exponentials)"),
    ),
    mistake(
        "softmax changes its input",
        "softmax",
        "test_softmax",
        "Your softmax changes the array Z that it was given. Z -= … works in place; write Z = Z - …",
        (
            f"exponentials = {_SHIFTED}",
            "Z -= Z.max(axis=0)\n    exponentials = np.exp(Z)",
        ),
    ),
    mistake(
        "softmax without the division",
        "softmax",
        "test_softmax",
        "Your columns do not add up to 1: the division by their sum is missing.",
        (f"return {_SHARES}", "return exponentials"),
    ),
    mistake(
        "softmax of negative scores",
        "softmax",
        "test_softmax",
        "Your softmax gives the largest probability to the smallest score. There is a minus too many.",
        (_SHIFTED, "np.exp(Z.min(axis=0, keepdims=True) - Z)"),
    ),
    mistake(
        "softmax applied twice",
        "softmax",
        "test_softmax",
        "You apply softmax to probabilities: its result goes through the exponential once more.",
        (
            f"return {_SHARES}",
            f"exponentials = np.exp({_SHARES})\n    return {_SHARES}",
        ),
    ),
    mistake(
        "softmax returns logarithms",
        "softmax",
        "test_softmax",
        "You return the logarithms of the probabilities. Return the probabilities themselves.",
        (f"return {_SHARES}", f"return np.log({_SHARES})"),
    ),
    # Cost
    mistake(
        "cross-entropy with the wrong sign",
        "cross_entropy",
        "test_cross_entropy",
        "Your cost is negative. Logarithms of numbers below 1 are, so the formula starts with a minus.",
        ("float(-np.sum", "float(np.sum"),
    ),
    mistake(
        "cross-entropy is a sum",
        "cross_entropy",
        "test_cross_entropy",
        "Your cost grows with the number of examples: the division by m is missing.",
        (" / m)", ")"),
    ),
    mistake(
        "cross-entropy divided by classes, too",
        "cross_entropy",
        "test_cross_entropy",
        "You divide by the number of all entries. Sum over the classes, and divide by the number of "
        "examples only.",
        (" / m)", " / Y.size)"),
    ),
    mistake(
        "cross-entropy divided by classes",
        "cross_entropy",
        "test_cross_entropy",
        "You divide by the number of rows, which are the classes. The examples are the columns.",
        ("m = Y.shape[1]", "m = Y.shape[0]"),
    ),
    mistake(
        "cross-entropy not guarded",
        "cross_entropy",
        "test_cross_entropy",
        "Where a probability is exactly 0 your cost is NaN or infinite. Keep A2 a tiny distance away "
        "from 0 before you take the logarithm.",
        ("np.maximum(A2, tiny)", "A2"),
    ),
    mistake(
        "cross-entropy with its infinity turned into a number",
        "cross_entropy",
        "test_cross_entropy",
        "np.nan_to_num makes of infinity a number with more than 300 digits. Put the guard on the "
        "probability, before you take the logarithm.",
        ("np.log(np.maximum(A2, tiny))", "np.nan_to_num(np.log(A2))"),
    ),
    mistake(
        "cross-entropy hides sure mistakes",
        "cross_entropy",
        "test_cross_entropy",
        "Where the true class has the probability 0, your cost leaves the term out. That is the most "
        "expensive kind of mistake: guard the logarithm in place of dropping what it gives.",
        (
            _COST,
            "float(-np.sum(np.where(A2 > 0, Y * np.log(np.maximum(A2, tiny)), 0)) / m)",
        ),
    ),
    mistake(
        "cross-entropy of yes-or-no questions",
        "cross_entropy",
        "test_cross_entropy",
        "That is the cost of Lab 1, with a term (1 - Y) log(1 - A2) for every class. With softmax only "
        "the true class counts.",
        (
            _COST,
            "float(-np.sum(Y * np.log(A2 + tiny) + (1 - Y) * np.log(1 - A2 + tiny)) / m)",
        ),
    ),
    mistake(
        "cross-entropy with a logarithm to base 10",
        "cross_entropy",
        "test_cross_entropy",
        "You took logarithms to base 10. The cost uses the natural logarithm, np.log.",
        ("np.log(", "np.log10("),
    ),
    mistake(
        "cross-entropy with a logarithm to base 2",
        "cross_entropy",
        "test_cross_entropy",
        "You took logarithms to base 2. The cost uses the natural logarithm, np.log.",
        ("np.log(", "np.log2("),
    ),
    mistake(
        "cross-entropy with its arguments exchanged",
        "cross_entropy",
        "test_cross_entropy",
        "A2 and Y have changed places: the logarithm is taken of the probabilities, not of the labels.",
        ("Y * np.log(np.maximum(A2, tiny))", "A2 * np.log(np.maximum(Y, tiny))"),
    ),
    mistake(
        "cross-entropy per example",
        "cross_entropy",
        "test_cross_entropy",
        "You return one cost for each example. Take their mean: the cost is a single number.",
        (_COST, "-np.sum(Y * np.log(np.maximum(A2, tiny)), axis=0)"),
    ),
    mistake(
        "cross-entropy of squares",
        "cross_entropy",
        "test_cross_entropy",
        "You return a squared error. The cost here is the negative logarithm of the true class's "
        "probability.",
        (_COST, "float(np.sum((A2 - Y) ** 2) / m)"),
    ),
    # Forward
    mistake(
        "forward without b1",
        "forward_prop",
        "test_forward_prop",
        "The bias b1 is missing in Z1.",
        ("W1 @ X + b1", "W1 @ X"),
    ),
    mistake(
        "forward without b2",
        "forward_prop",
        "test_forward_prop",
        "The bias b2 is missing in Z2.",
        ("W2 @ A1 + b2", "W2 @ A1"),
    ),
    mistake(
        "forward without biases",
        "forward_prop",
        "test_forward_prop",
        "Both biases are missing in your forward pass.",
        ("W1 @ X + b1", "W1 @ X"),
        ("W2 @ A1 + b2", "W2 @ A1"),
    ),
    mistake(
        "forward without relu",
        "forward_prop",
        "test_forward_prop",
        "A1 is the same as Z1: the ReLU between the layers is missing, and without it two layers are "
        "one.",
        ("relu(Z1)", "Z1.copy()"),
    ),
    mistake(
        "forward past the relu",
        "forward_prop",
        "test_forward_prop",
        "Z2 is computed from Z1. It should be computed from A1, which is what ReLU lets through.",
        ("W2 @ A1 + b2", "W2 @ Z1 + b2"),
    ),
    mistake(
        "forward with relu on the scores",
        "forward_prop",
        "test_forward_prop",
        "There is a ReLU on the scores Z2. It belongs after the first layer only: negative scores speak "
        "against a class.",
        ("A2 = softmax(Z2)", "A2 = softmax(relu(Z2))"),
    ),
    mistake(
        "forward with relu in place of softmax",
        "forward_prop",
        "test_forward_prop",
        "A2 is the ReLU of Z2. The outputs go through softmax.",
        ("A2 = softmax(Z2)", "A2 = relu(Z2)"),
    ),
    mistake(
        "forward without softmax",
        "forward_prop",
        "test_forward_prop",
        "A2 holds the scores: the softmax is missing.",
        ("A2 = softmax(Z2)", "A2 = Z2"),
    ),
    mistake(
        "forward with a sigmoid",
        "forward_prop",
        "test_forward_prop",
        "Your hidden units use the sigmoid. In this lab they use ReLU.",
        ("relu(Z1)", "1 / (1 + np.exp(-Z1))"),
    ),
    mistake(
        "forward with softmax in the hidden layer",
        "forward_prop",
        "test_forward_prop",
        "Your hidden layer uses softmax. It belongs to the outputs; hidden units use ReLU.",
        ("A1 = relu(Z1)", "A1 = softmax(Z1)"),
    ),
    mistake(
        "forward with transposed weights",
        "forward_prop",
        "test_forward_prop",
        "Your weights are transposed where they need not be: W1 is (n_hidden, n_features), so W1 @ X "
        "fits as it is.",
        ("W1 @ X", "W1.T @ X"),
        ("W2 @ A1", "W2.T @ A1"),
    ),
    mistake(
        "forward with a product by entries",
        "forward_prop",
        "test_forward_prop",
        "`*` multiplies entry by entry. The product of two matrices is `@`.",
        ("W1 @ X", "W1 * X"),
        ("W2 @ A1", "W2 * A1"),
    ),
    mistake(
        "forward in another order",
        "forward_prop",
        "test_forward_prop",
        "Your four results come in another order. Return Z1, A1, Z2, A2.",
        ("return Z1, A1, Z2, A2", "return Z1, Z2, A1, A2"),
    ),
    mistake(
        "forward returns the last result only",
        "forward_prop",
        "test_forward_prop",
        "You return A2 alone. The backward pass needs the way there, too: return Z1, A1, Z2, A2.",
        ("return Z1, A1, Z2, A2", "return A2"),
    ),
    mistake(
        "forward subtracts the biases",
        "forward_prop",
        "test_forward_prop",
        "You subtract the biases. They are added.",
        ("+ b1", "- b1"),
        ("+ b2", "- b2"),
    ),
    # Backward
    mistake(
        "backward with the labels first",
        "backward_prop",
        "test_backward_prop",
        "All your gradients have the opposite sign: dZ2 is A2 - Y, not Y - A2. The minus of gradient "
        "descent comes later, in the update.",
        ("A2 - Y", "Y - A2"),
    ),
    mistake(
        "backward with sums",
        "backward_prop",
        "test_backward_prop",
        "All your gradients are m times too large: the cost is a mean over the examples, so are they.",
        ("m = X.shape[1]", "m = 1"),
        ("dZ2.mean(", "dZ2.sum("),
        ("dZ1.mean(", "dZ1.sum("),
    ),
    mistake(
        "backward with sums for the weights",
        "backward_prop",
        "test_backward_prop",
        "The gradients of your weights are m times too large: the division by m is missing in dW1 and "
        "dW2.",
        ("m = X.shape[1]", "m = 1"),
    ),
    mistake(
        "backward with sums for the biases",
        "backward_prop",
        "test_backward_prop",
        "The gradients of your biases are m times too large. Take the mean of each row, not its sum.",
        ("dZ2.mean(", "dZ2.sum("),
        ("dZ1.mean(", "dZ1.sum("),
    ),
    mistake(
        "backward divides twice",
        "backward_prop",
        "test_backward_prop",
        "You divide by m once too often. If dZ2 is divided by m already, sum up everything that comes "
        "after it.",
        ("A2 - Y", "(A2 - Y) / m"),
    ),
    mistake(
        "backward divides by the classes",
        "backward_prop",
        "test_backward_prop",
        "You divide the gradients of the weights by a number of rows. The examples are the columns: m "
        "is X.shape[1].",
        ("m = X.shape[1]", "m = Y.shape[0]"),
    ),
    mistake(
        "backward with a sigmoid's derivative",
        "backward_prop",
        "test_backward_prop",
        "There is a factor A2 (1 - A2) too many in dZ2. Softmax and logarithm cancel: what remains is "
        "A2 - Y.",
        ("A2 - Y", "(A2 - Y) * A2 * (1 - A2)"),
    ),
    mistake(
        "backward with squared differences",
        "backward_prop",
        "test_backward_prop",
        "Your dZ2 is the square of A2 - Y, which has lost its sign. The slope at the scores is A2 - Y "
        "itself.",
        ("A2 - Y", "(A2 - Y) ** 2"),
    ),
    mistake(
        "backward with a factor of 2",
        "backward_prop",
        "test_backward_prop",
        "All your gradients are twice as large as they should be. A 2 belongs to a squared error, not to "
        "this cost.",
        ("A2 - Y", "2 * (A2 - Y)"),
    ),
    mistake(
        "backward from the scores",
        "backward_prop",
        "test_backward_prop",
        "Your dZ2 is made of the scores Z2. It is made of the probabilities: A2 - Y.",
        ("A2 - Y", "Z2 - Y"),
    ),
    mistake(
        "backward without relu's derivative",
        "backward_prop",
        "test_backward_prop",
        "ReLU's derivative is missing in dZ1: nothing should get through where Z1 was negative.",
        (" * relu_derivative(Z1)", ""),
    ),
    mistake(
        "backward with relu in place of its derivative",
        "backward_prop",
        "test_backward_prop",
        "You multiply dZ1 by A1, the value of ReLU. It takes the slope, relu_derivative(Z1).",
        ("relu_derivative(Z1)", "A1"),
    ),
    mistake(
        "backward with the slope at dZ1",
        "backward_prop",
        "test_backward_prop",
        "You take ReLU's derivative of the slopes that come back. It is taken at Z1, which went forward.",
        ("(W2.T @ dZ2) * relu_derivative(Z1)", "relu(W2.T @ dZ2)"),
    ),
    mistake(
        "backward with W2 not transposed",
        "backward_prop",
        "test_backward_prop",
        "The way back to the hidden units goes through the transpose of W2. With ten hidden units and "
        "ten classes W2 itself runs without an error, and is wrong.",
        ("W2.T @ dZ2", "W2 @ dZ2"),
    ),
    mistake(
        "backward with dW2 from Z1",
        "backward_prop",
        "test_backward_prop",
        "Your dW2 is made with Z1. What W2 met on the way forward was A1.",
        ("dZ2 @ A1.T", "dZ2 @ Z1.T"),
    ),
    mistake(
        "backward with dW2 transposed",
        "backward_prop",
        "test_backward_prop",
        "Your dW2 is transposed. It has the shape of W2: (n_classes, n_hidden).",
        ("dZ2 @ A1.T / m", "A1 @ dZ2.T / m"),
    ),
    mistake(
        "backward with dW1 transposed",
        "backward_prop",
        "test_backward_prop",
        "Your dW1 is transposed. It has the shape of W1: (n_hidden, n_features).",
        ("dZ1 @ X.T / m", "X @ dZ1.T / m"),
    ),
    mistake(
        "backward with single numbers for the biases",
        "backward_prop",
        "test_backward_prop",
        "Your db1 and db2 are single numbers: the mean runs over everything. Every unit has its own: the "
        "mean of its row.",
        ("dZ2.mean(axis=1, keepdims=True)", "np.mean(dZ2)"),
        ("dZ1.mean(axis=1, keepdims=True)", "np.mean(dZ1)"),
    ),
    mistake(
        "backward with the sum of everything for the biases",
        "backward_prop",
        "test_backward_prop",
        "Your db1 and db2 add up the whole array. Every unit has its own: the mean of its row, along "
        "axis 1.",
        ("dZ2.mean(axis=1, keepdims=True)", "1 / m * np.sum(dZ2)"),
        ("dZ1.mean(axis=1, keepdims=True)", "1 / m * np.sum(dZ1)"),
    ),
    mistake(
        "backward with means over the units",
        "backward_prop",
        "test_backward_prop",
        "Your db1 and db2 are means over the units, one number for each example. It should be the other "
        "way round: axis=1.",
        ("dZ2.mean(axis=1", "dZ2.mean(axis=0"),
        ("dZ1.mean(axis=1", "dZ1.mean(axis=0"),
    ),
    mistake(
        "backward without keepdims",
        "backward_prop",
        "test_backward_prop",
        "Your db1 and db2 have the shape (n,). Next to biases of shape (n, 1) they are broadcast to a "
        "square: keep the second axis with keepdims=True.",
        ("dZ2.mean(axis=1, keepdims=True)", "dZ2.mean(axis=1)"),
        ("dZ1.mean(axis=1, keepdims=True)", "dZ1.mean(axis=1)"),
    ),
    mistake(
        "backward in another order",
        "backward_prop",
        "test_backward_prop",
        "Your four results come in another order. Return dW1, db1, dW2, db2.",
        ("return dW1, db1, dW2, db2", "return dW1, dW2, db1, db2"),
    ),
    mistake(
        "backward with labels turned into columns again",
        "backward_prop",
        "test_backward_prop",
        "You call one_hot on Y, but Y is one-hot already.",
        ("A2 - Y", "A2 - one_hot(Y, A2.shape[0])"),
    ),
    mistake(
        "backward through softmax's whole Jacobian",
        "backward_prop",
        "test_backward_prop",
        "You divide by the probabilities. Where one is exactly 0, as softmax rounds very small ones, "
        "that is NaN. Softmax and logarithm cancel: the slope at the scores is A2 - Y.",
        code=_BACKWARD
        + """
    dZ2 = np.zeros_like(A2)
    for i in range(m):
        a = A2[:, i]
        jacobian = np.diag(a) - np.outer(a, a)
        dZ2[:, i] = jacobian @ (-Y[:, i] / a)
    dZ1 = (dZ2.T @ W2).T * relu_derivative(Z1)
    ones = np.ones((m, 1)) / m
    return dZ1 @ X.T / m, dZ1 @ ones, dZ2 @ A1.T / m, dZ2 @ ones
""",
    ),
    # Numerical gradient
    mistake(
        "difference to one side",
        "numerical_gradient",
        "test_numerical_gradient",
        "You compare f a little above theta with f at theta. Go to both sides, and divide by 2 eps: that "
        "is far more exact.",
        (_DIFFERENCE, "(f(theta + step) - f(theta)) / eps"),
    ),
    mistake(
        "difference not halved",
        "numerical_gradient",
        "test_numerical_gradient",
        "Your gradient is twice as large as it should be: the two points are 2 eps apart, not eps.",
        ("/ (2 * eps)", "/ eps"),
    ),
    mistake(
        "difference multiplied by eps",
        "numerical_gradient",
        "test_numerical_gradient",
        "Python reads a / 2 * eps from left to right: you divide by 2 and multiply by eps. Write "
        "a / (2 * eps).",
        ("/ (2 * eps)", "/ 2 * eps"),
    ),
    mistake(
        "difference not divided",
        "numerical_gradient",
        "test_numerical_gradient",
        "You return a difference of two values. A slope is that, divided by how far the two points are "
        "apart: 2 eps.",
        (" / (2 * eps)", ""),
    ),
    mistake(
        "difference with the wrong sign",
        "numerical_gradient",
        "test_numerical_gradient",
        "Your gradient has the opposite sign: it is what f is above, minus what it is below.",
        (_DIFFERENCE, "(f(theta - step) - f(theta + step)) / (2 * eps)"),
    ),
    mistake(
        "difference along all entries at once",
        "numerical_gradient",
        "test_numerical_gradient",
        "You move all entries of theta at once. Move one entry at a time and leave the others where "
        "they are.",
        (
            _DIFFERENCE,
            "(f(theta + eps) - f(theta - eps)) / (2 * eps)",
        ),
    ),
    mistake(
        "difference that leaves theta changed",
        "numerical_gradient",
        "test_numerical_gradient",
        "When you are done, theta is not what it was: each entry has to go back to its place before you "
        "move the next one.",
        code="""
def numerical_gradient(f, theta, eps=1e-6):
    gradient = np.zeros_like(theta)
    for k in np.ndindex(theta.shape):
        theta[k] += eps
        above = f(theta)
        theta[k] -= 2 * eps
        gradient[k] = (above - f(theta)) / (2 * eps)
    return gradient
""",
    ),
    mistake(
        "difference on a copy that drifts away",
        "numerical_gradient",
        "test_numerical_gradient",
        "Your copy of theta is not put back after each entry, so that it drifts away from where you "
        "want to measure.",
        code="""
def numerical_gradient(f, theta, eps=1e-6):
    gradient = np.zeros_like(theta)
    moved = theta.copy()
    for k in np.ndindex(theta.shape):
        moved[k] = theta[k] + eps
        above = f(moved)
        moved[k] = theta[k] - eps
        gradient[k] = (above - f(moved)) / (2 * eps)
    return gradient
""",
    ),
    mistake(
        "difference with a step of its own",
        "numerical_gradient",
        "test_numerical_gradient",
        "The result of your function does not depend on eps as it should: part of it uses a step of "
        "its own.",
        ("step[k] = eps", "step[k] = 1e-6"),
    ),
    mistake(
        "difference that ignores eps",
        "numerical_gradient",
        "test_numerical_gradient",
        "Your result is the same whatever eps is: you measure with a step of your own. How far to go is "
        "for whoever calls the function to say.",
        ("step[k] = eps", "step[k] = 1e-6"),
        ("/ (2 * eps)", "/ 2e-6"),
    ),
    mistake(
        "difference as a flat list",
        "numerical_gradient",
        "test_numerical_gradient",
        "Your gradient has one axis only. It should have the shape of theta.",
        ("return slopes", "return slopes.ravel()"),
    ),
    # Update
    mistake(
        "update uphill",
        "update_params",
        "test_update_params",
        "You go along the gradient, which is uphill: the cost rises. Subtract in place of adding.",
        (_UPDATE, _UPDATE.replace(" - ", " + ")),
    ),
    mistake(
        "update without the learning rate",
        "update_params",
        "test_update_params",
        "The learning rate is missing: the step is alpha times the gradient.",
        (_UPDATE, _UPDATE.replace("alpha * ", "")),
    ),
    mistake(
        "update without the biases",
        "update_params",
        "test_update_params",
        "Your biases stay where they are. They take a step like the weights.",
        ("b1 - alpha * db1", "b1"),
        ("b2 - alpha * db2", "b2"),
    ),
    mistake(
        "update of the second layer only",
        "update_params",
        "test_update_params",
        "Your first layer stays where it is. W1 and b1 take a step, too.",
        ("W1 - alpha * dW1, b1 - alpha * db1", "W1, b1"),
    ),
    mistake(
        "update returns the steps",
        "update_params",
        "test_update_params",
        "You return the steps alone. Subtract them from the parameters.",
        (_UPDATE, "alpha * dW1, alpha * db1, alpha * dW2, alpha * db2"),
    ),
    mistake(
        "update in another order",
        "update_params",
        "test_update_params",
        "Your four results come in another order. Return W1, b1, W2, b2.",
        (
            _UPDATE,
            "W1 - alpha * dW1, W2 - alpha * dW2, b1 - alpha * db1, b2 - alpha * db2",
        ),
    ),
    mistake(
        "update multiplies",
        "update_params",
        "test_update_params",
        "You shrink the parameters by a factor. The step is subtracted: alpha times the gradient.",
        (
            _UPDATE,
            "W1 * (1 - alpha * dW1), b1 * (1 - alpha * db1), W2 * (1 - alpha * dW2), b2 * (1 - alpha * db2)",
        ),
    ),
    mistake(
        "update forgets to return",
        "update_params",
        "test_update_params",
        "Your function computes the new parameters and does not return them.",
        (f"return {_UPDATE}", f"W1, b1, W2, b2 = {_UPDATE}"),
    ),
    # Predictions
    mistake(
        "prediction along the rows",
        "get_predictions",
        "test_get_predictions",
        "You look for the largest entry of each row. Examples are columns: use axis=0.",
        ("argmax(axis=0)", "argmax(axis=1)"),
    ),
    mistake(
        "prediction is the probability",
        "get_predictions",
        "test_get_predictions",
        "You return the largest probability of each column. The prediction is where it stands: argmax.",
        ("argmax(axis=0)", "max(axis=0)"),
    ),
    mistake(
        "prediction is one number",
        "get_predictions",
        "test_get_predictions",
        "argmax without an axis looks through the whole array and returns one number. Each column needs "
        "its own: axis=0.",
        ("argmax(axis=0)", "argmax()"),
    ),
    mistake(
        "prediction counts from 1",
        "get_predictions",
        "test_get_predictions",
        "Your predictions are 1 too large: classes count from 0.",
        ("argmax(axis=0)", "argmax(axis=0) + 1"),
    ),
    mistake(
        "prediction of the least probable class",
        "get_predictions",
        "test_get_predictions",
        "You return the least probable class of each example.",
        ("argmax(axis=0)", "argmin(axis=0)"),
    ),
    mistake(
        "accuracy is a count",
        "get_predictions",
        "test_get_accuracy",
        "You return a number of right answers. Divide it by the number of examples; note that len(y) is 1 "
        "for y of shape (1, m), and y.size is m.",
        ("np.mean(predictions == y)", "np.sum(predictions == y) / len(y)"),
    ),
    mistake(
        "accuracy in percent",
        "get_predictions",
        "test_get_accuracy",
        "You return percent. The accuracy is a share from 0 to 1.",
        ("np.mean(predictions == y)", "100 * np.mean(predictions == y)"),
    ),
    mistake(
        "accuracy is the error rate",
        "get_predictions",
        "test_get_accuracy",
        "You return the share of wrong answers.",
        ("predictions == y", "predictions != y"),
    ),
    mistake(
        "accuracy of all pairs",
        "get_predictions",
        "test_get_accuracy",
        "A column meets a row, and every prediction is compared with every label. Give both the same "
        "shape before you compare them.",
        ("predictions == y", "predictions == y.T"),
    ),
    mistake(
        "accuracy is true only if all are right",
        "get_predictions",
        "test_get_accuracy",
        "You ask whether all predictions are right. The accuracy is the share that is.",
        ("np.mean(predictions == y)", "np.array_equal(predictions, y[0])"),
    ),
    # Gradient descent
    mistake(
        "descent uphill",
        "gradient_descent",
        "test_gradient_descent",
        "You go uphill: update_params subtracts already, so it needs alpha with a plus.",
        (", alpha)", ", -alpha)"),
    ),
    mistake(
        "descent that keeps nothing",
        "gradient_descent",
        "test_gradient_descent",
        "What update_params returns is not kept, so that the parameters stay as they were drawn. Store it "
        "as W1, b1, W2, b2.",
        (_STEP, "update_params(W1, b1, W2, b2, *gradients, alpha)"),
    ),
    mistake(
        "descent with one step only",
        "gradient_descent",
        "test_gradient_descent",
        "You take a single step, whatever `iterations` says. Is the `return` inside the loop?",
        (
            f"{_STEP}\n    return W1, b1, W2, b2",
            f"{_STEP}\n        return W1, b1, W2, b2",
        ),
    ),
    mistake(
        "descent with a step too few",
        "gradient_descent",
        "test_gradient_descent",
        "You take one step too few: range(1, iterations) leaves out the first.",
        ("range(iterations)", "range(1, iterations)"),
    ),
    mistake(
        "descent with a step too many",
        "gradient_descent",
        "test_gradient_descent",
        "You take one step too many: range(iterations) is just as many as there should be.",
        ("range(iterations)", "range(iterations + 1)"),
    ),
    mistake(
        "descent on the first gradient",
        "gradient_descent",
        "test_gradient_descent",
        "You compute the gradients once and use them in every step. Forward and backward belong into the "
        "loop: the slope is another one at each new place.",
        code=_HEAD
        + """
    Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
    gradients = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
    for _ in range(iterations):
        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)
    return W1, b1, W2, b2
""",
    ),
    mistake(
        "descent that starts again in every step",
        "gradient_descent",
        "test_gradient_descent",
        "The parameters are drawn anew in every step, so that all that was learned is lost. Draw them once, "
        "before the loop.",
        code="""
def gradient_descent(X, y, alpha, iterations, rng):
    Y = one_hot(y, 10)
    for _ in range(iterations):
        W1, b1, W2, b2 = init_params(X.shape[0], 10, 10, rng)
        Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
        gradients = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)
    return W1, b1, W2, b2
""",
    ),
    mistake(
        "descent with labels as they are",
        "gradient_descent",
        "test_gradient_descent",
        "You pass the labels y as they are, and a label of 7 counts as a 7 in every class. Turn them into "
        "columns with one_hot first.",
        ("one_hot(y, 10).astype(X.dtype)", "y"),
    ),
    mistake(
        "descent on one example",
        "gradient_descent",
        "test_gradient_descent",
        "Your steps use a part of the examples only. Here all of them take part in every step.",
        ("Y = one_hot(y, 10)", "X, y = X[:, :1], y[:, :1]\n    Y = one_hot(y, 10)"),
    ),
    mistake(
        "descent with a generator of its own",
        "gradient_descent",
        "test_gradient_descent",
        "Your result does not depend on the rng that it is given. Pass rng on to init_params.",
        ("(X.shape[0], 10, 10, rng)", "(X.shape[0], 10, 10, np.random.default_rng(42))"),
    ),
    mistake(
        "descent with another number of hidden units",
        "gradient_descent",
        "test_gradient_descent",
        "Your network has another number of hidden units. In this lab it has 10.",
        ("(X.shape[0], 10, 10, rng)", "(X.shape[0], 30, 10, rng)"),
    ),
    mistake(
        "descent with the classes that occur",
        "gradient_descent",
        "test_gradient_descent",
        "Your network has as many classes as there are different labels. It has 10, one for each digit, "
        "also where a digit does not occur.",
        (
            "Y = one_hot(y, 10)",
            "y = np.unique(y, return_inverse=True)[1].reshape(y.shape)\n"
            "    Y = one_hot(y, int(y.max()) + 1)",
        ),
        ("(X.shape[0], 10, 10, rng)", "(X.shape[0], 10, int(y.max()) + 1, rng)"),
    ),
    mistake(
        "descent with classes up to the largest label",
        "gradient_descent",
        "test_gradient_descent",
        "Your network has classes up to the largest label only. It has 10, one for each digit, also "
        "where there is no 9.",
        ("Y = one_hot(y, 10)", "Y = one_hot(y, int(y.max()) + 1)"),
        ("(X.shape[0], 10, 10, rng)", "(X.shape[0], 10, int(y.max()) + 1, rng)"),
    ),
    mistake(
        "descent that lowers alpha",
        "gradient_descent",
        "test_gradient_descent",
        "After some hundred steps your alpha is another one than you were given. Leave it as it is: "
        "whoever calls the function chooses it.",
        ("for _ in range(iterations):", "for i in range(iterations):"),
        (f"        {_STEP}", f"        {_STEP}\n        alpha *= 0.5 if (i + 1) % 200 == 0 else 1"),
    ),
    mistake(
        "descent of the second layer only",
        "gradient_descent",
        "test_gradient_descent",
        "Only the second layer learns. W1 and b1 have to be kept as well.",
        (_STEP, "_, _, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)"),
    ),
    mistake(
        "descent without the biases",
        "gradient_descent",
        "test_gradient_descent",
        "Your biases never learn. b1 and b2 have to be kept as well.",
        (_STEP, "W1, _, W2, _ = update_params(W1, b1, W2, b2, *gradients, alpha)"),
    ),
    mistake(
        "descent with the step divided by m",
        "gradient_descent",
        "test_gradient_descent",
        "Your steps are m times too small. The gradients are means already: alpha stays as it is.",
        (", alpha)", ", alpha / X.shape[1])"),
    ),
    mistake(
        "descent returns the gradients",
        "gradient_descent",
        "test_gradient_descent",
        "You return the last gradients. Return the parameters.",
        ("return W1, b1, W2, b2", "return gradients"),
    ),
]

RIGHT: list[Variant] = [
    right(
        "weights uniform around 0",
        "init_params",
        code="""
def init_params(n_features, n_hidden, n_classes, rng):
    W1 = rng.random((n_hidden, n_features)) - 0.5
    W2 = rng.uniform(-0.5, 0.5, size=(n_classes, n_hidden))
    return W1, np.zeros((n_hidden, 1)), W2, np.zeros((n_classes, 1))
""",
    ),
    right(
        "weights tiny, in float32, biases of integers",
        "init_params",
        code="""
def init_params(n_features, n_hidden, n_classes, rng):
    def draw(*shape):
        return (0.001 * rng.standard_normal(shape)).astype(np.float32)
    b = [np.zeros((n, 1), dtype=int) for n in (n_hidden, n_classes)]
    return [draw(n_hidden, n_features), b[0], draw(n_classes, n_hidden), b[1]]
""",
    ),
    right(
        "weights by Glorot, the second layer first",
        "init_params",
        code="""
def init_params(n_features, n_hidden, n_classes, rng):
    limit = np.sqrt(6 / (n_hidden + n_classes))
    W2 = rng.uniform(-limit, limit, (n_classes, n_hidden))
    limit = np.sqrt(6 / (n_features + n_hidden))
    W1 = rng.uniform(-limit, limit, (n_hidden, n_features))
    b1, b2 = W1[:, :1] * 0, W2[:, :1] * 0
    return W1, b1, W2, b2
""",
    ),
    right("relu as a product", "relu", (_RELU, "Z * (Z > 0)")),
    right("relu with where", "relu", (_RELU, "np.where(Z > 0, Z, 0)")),
    right("relu from the absolute value", "relu", (_RELU, "(Z + np.abs(Z)) / 2")),
    right(
        "relu with loops, in place on a copy",
        "relu",
        code="""
def relu(Z):
    A = Z.copy()
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            A[i, j] = max(0, A[i, j])
    return A
""",
    ),
    right("slopes as booleans", "relu_derivative", (_SLOPE, "Z > 0")),
    right("slope 1 at 0", "relu_derivative", (_SLOPE, "np.where(Z >= 0, 1, 0)")),
    right("slope one half at 0", "relu_derivative", (_SLOPE, "np.heaviside(Z, 0.5)")),
    right("slope from the sign", "relu_derivative", (_SLOPE, "(np.sign(Z) + 1) / 2")),
    right(
        "softmax in float32, one column at a time",
        "softmax",
        code="""
def softmax(Z):
    out = np.zeros(Z.shape, dtype=np.float32)
    for i in range(Z.shape[1]):
        e = np.exp(Z[:, i] - np.max(Z[:, i]))
        out[:, i] = e / sum(e)
    return out
""",
    ),
    right(
        "softmax from SciPy",
        "softmax",
        code="""
import scipy.special

def softmax(Z):
    return scipy.special.softmax(Z, axis=0)
""",
    ),
    right(
        "softmax without keepdims",
        "softmax",
        code="""
def softmax(Z):
    shifted = Z - np.max(Z, axis=0)
    return np.exp(shifted) / np.exp(shifted).sum(axis=0)
""",
    ),
    right(
        "softmax by way of the logarithm",
        "softmax",
        code="""
def softmax(Z):
    top = Z.max(axis=0)
    return np.exp(Z - top - np.log(np.sum(np.exp(Z - top), axis=0)))
""",
    ),
    right(
        "cross-entropy with a small constant",
        "cross_entropy",
        ("np.maximum(A2, tiny)", "A2 + 1e-8"),
    ),
    right("cross-entropy with a larger constant", "cross_entropy", ("tiny = 1e-12", "tiny = 1e-7")),
    right(
        "cross-entropy by picking",
        "cross_entropy",
        code="""
def cross_entropy(A2, Y):
    picked = A2[Y.argmax(axis=0), np.arange(Y.shape[1])]
    return -np.log(np.clip(picked, 1e-15, None)).mean()
""",
    ),
    right(
        "cross-entropy with a loop, as an array",
        "cross_entropy",
        code="""
import math

def cross_entropy(A2, Y):
    total = 0
    for k in range(Y.shape[0]):
        for i in range(Y.shape[1]):
            if Y[k, i] == 1:
                total -= math.log(max(A2[k, i], 1e-10))
    print("cost", total / Y.shape[1])
    return np.array([total / Y.shape[1]])
""",
    ),
    right(
        "cross-entropy with einsum, clipped on both sides",
        "cross_entropy",
        (_COST, "-np.einsum('ki,ki->', Y, np.log(np.clip(A2, 1e-9, 1 - 1e-9))) / m"),
    ),
    right(
        "forward with dot and its own relu",
        "forward_prop",
        code="""
def forward_prop(W1, b1, W2, b2, X):
    Z1 = np.dot(W1, X) + b1
    A1 = Z1 * (Z1 > 0)
    Z2 = np.dot(W2, A1) + b2
    return [Z1, A1, Z2, softmax(Z2)]
""",
    ),
    right(
        "forward with einsum and flat biases",
        "forward_prop",
        code="""
def forward_prop(W1, b1, W2, b2, X):
    Z1 = np.einsum("jk,ki->ji", W1, X) + b1.reshape(-1, 1)
    A1 = relu(Z1)
    Z2 = (A1.T @ W2.T + b2.ravel()).T
    A2 = softmax(Z2)
    return Z1, A1, Z2, A2
""",
    ),
    right(
        "forward example by example",
        "forward_prop",
        code="""
def forward_prop(W1, b1, W2, b2, X):
    columns = [[], [], [], []]
    for i in range(X.shape[1]):
        z1 = W1 @ X[:, [i]] + b1
        a1 = relu(z1)
        z2 = W2 @ a1 + b2
        for column, new in zip(columns, (z1, a1, z2, softmax(z2))):
            column.append(new)
    return tuple(np.hstack(column) for column in columns)
""",
    ),
    right(
        "backward with the mean taken at once",
        "backward_prop",
        code=_BACKWARD
        + """
    dZ2 = (A2 - Y) / m
    dZ1 = W2.T.dot(dZ2) * (A1 > 0)
    return dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(1).reshape(-1, 1)
""",
    ),
    right(
        "backward with einsum, mask in place",
        "backward_prop",
        code=_BACKWARD
        + """
    d2 = A2 - Y
    d1 = np.einsum("kj,ki->ji", W2, d2)
    d1[Z1 <= 0] = 0
    outer = lambda d, a: np.einsum("ji,ki->jk", d, a) / m
    mean = lambda d: np.mean(d, axis=1)[:, None]
    return outer(d1, X), mean(d1), outer(d2, A1), mean(d2)
""",
    ),
    right(
        "backward example by example",
        "backward_prop",
        code=_BACKWARD
        + """
    dW1, db1 = np.zeros_like(W1), np.zeros((W1.shape[0], 1))
    dW2, db2 = np.zeros_like(W2), np.zeros((W2.shape[0], 1))
    for i in range(m):
        dz2 = (A2[:, i] - Y[:, i]).reshape(-1, 1)
        dW2 += dz2 @ A1[:, i].reshape(1, -1) / m
        db2 += dz2 / m
        dz1 = W2.T @ dz2 * relu_derivative(Z1[:, [i]])
        dW1 += dz1 * X[:, i] / m
        db1 += dz1 / m
    return dW1, db1, dW2, db2
""",
    ),
    right(
        "forward in float32, returned as float64",
        "forward_prop",
        (
            "Z1 = W1 @ X + b1",
            "W1, b1, W2, b2, X = (v.astype(np.float32) for v in (W1, b1, W2, b2, X))\n    Z1 = W1 @ X + b1",
        ),
        ("return Z1, A1, Z2, A2", "return [v.astype(float) for v in (Z1, A1, Z2, A2)]"),
    ),
    right(
        "backward in float32, returned as float64",
        "backward_prop",
        (
            "m = X.shape[1]",
            "m = X.shape[1]\n    Z1, A1, A2, W2, X = (v.astype(np.float32) for v in (Z1, A1, A2, W2, X))",
        ),
        (
            "return dW1, db1, dW2, db2",
            "return [g.astype(float) for g in (dW1, db1, dW2, db2)]",
        ),
    ),
    right(
        "backward in float32",
        "backward_prop",
        (
            "return dW1, db1, dW2, db2",
            "return [g.astype(np.float32) for g in (dW1, db1, dW2, db2)]",
        ),
    ),
    right(
        "difference there and back in place",
        "numerical_gradient",
        code="""
def numerical_gradient(f, theta, eps=1e-6):
    gradient = np.zeros_like(theta)
    for k in np.ndindex(theta.shape):
        theta[k] += eps
        above = f(theta)
        theta[k] -= 2 * eps
        below = f(theta)
        theta[k] += eps
        gradient[k] = (above - below) / (2 * eps)
    return gradient
""",
    ),
    right(
        "difference with np.nditer",
        "numerical_gradient",
        code="""
def numerical_gradient(f, theta, eps=1e-6):
    grad = np.zeros_like(theta)
    it = np.nditer(theta, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        old = theta[ix]
        theta[ix] = old + eps
        fxph = f(theta)
        theta[ix] = old - eps
        fxmh = f(theta)
        theta[ix] = old
        grad[ix] = (fxph - fxmh) / (2 * eps)
        it.iternext()
    return grad
""",
    ),
    right(
        "difference on a flat copy",
        "numerical_gradient",
        code="""
def numerical_gradient(f, theta, eps=1e-6):
    flat = theta.ravel().copy()
    slopes = []
    for k in range(flat.size):
        up, down = flat.copy(), flat.copy()
        up[k], down[k] = up[k] + eps, down[k] - eps
        slopes.append((f(up.reshape(theta.shape)) - f(down.reshape(theta.shape))) / eps / 2)
    return np.array(slopes).reshape(theta.shape)
""",
    ),
    right(
        "update in place",
        "update_params",
        code="""
def update_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha):
    for p, g in [(W1, dW1), (b1, db1), (W2, dW2), (b2, db2)]:
        p -= alpha * g
    return W1, b1, W2, b2
""",
    ),
    right(
        "update with a loop, as a list",
        "update_params",
        (_UPDATE, "[p - alpha * g for p, g in zip((W1, b1, W2, b2), (dW1, db1, dW2, db2))]"),
    ),
    right(
        "predictions as a row, accuracy as an array",
        "get_predictions",
        code="""
def get_predictions(A2):
    return np.argmax(A2, axis=0).reshape(1, -1)

def get_accuracy(predictions, y):
    return np.sum(predictions == y) / y.size
""",
    ),
    right(
        "predictions as floats, accuracy counted",
        "get_predictions",
        code="""
def get_predictions(A2):
    return np.array([float(np.argmax(A2[:, i])) for i in range(A2.shape[1])])

def get_accuracy(predictions, y):
    right = 0
    for p, label in zip(predictions, y[0]):
        if p == label:
            right += 1
    return right / len(predictions)
""",
    ),
    right(
        "accuracy with scikit-learn",
        "get_predictions",
        code="""
from sklearn.metrics import accuracy_score

def get_predictions(A2):
    return A2.T.argmax(axis=1)

def get_accuracy(predictions, y):
    return accuracy_score(y.ravel(), np.ravel(predictions))
""",
    ),
    right(
        "descent that prints on its way",
        "gradient_descent",
        code=_HEAD
        + """
    for i in range(1, iterations + 1):
        Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
        dW1, db1, dW2, db2 = backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)
        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, dW1, db1, dW2, db2, alpha)
        if i % 10 == 0:
            print("Iteration", i, get_predictions(A2), get_accuracy(get_predictions(A2), y))
            print("cost", cross_entropy(A2, Y))
    return W1, b1, W2, b2
""",
    ),
    right(
        "descent with its own start",
        "gradient_descent",
        code="""
def gradient_descent(X, y, alpha, iterations, rng):
    W1 = rng.uniform(-0.5, 0.5, (10, X.shape[0]))
    W2 = rng.uniform(-0.5, 0.5, (10, 10))
    b1, b2 = np.zeros((10, 1)), np.zeros((10, 1))
    Y = np.eye(10)[y.ravel()].T
    while iterations > 0:
        cache = forward_prop(W1, b1, W2, b2, X)
        W1, b1, W2, b2 = update_params(
            W1, b1, W2, b2, *backward_prop(*cache, W1, W2, X, Y), alpha
        )
        iterations -= 1
    return [W1, b1, W2, b2]
""",
    ),
    right(
        "descent with all parts written out, in float32",
        "gradient_descent",
        code="""
def gradient_descent(X, y, alpha, iterations, rng):
    X = X.astype(np.float32)
    m = X.shape[1]
    Y = one_hot(y, 10).astype(np.float32)
    W1 = (rng.standard_normal((10, X.shape[0])) * 0.1).astype(np.float32)
    W2 = (rng.standard_normal((len(Y), 10)) * 0.1).astype(np.float32)
    b1 = np.zeros((10, 1), dtype=np.float32)
    b2 = np.zeros((len(Y), 1), dtype=np.float32)
    for _ in range(iterations):
        Z1 = W1 @ X + b1
        A1 = np.maximum(Z1, 0)
        A2 = np.exp(W2 @ A1 + b2)
        A2 /= A2.sum(axis=0)
        D2 = (A2 - Y) / m
        D1 = W2.T @ D2 * (Z1 >= 0)
        W2 -= alpha * D2 @ A1.T
        b2 -= alpha * D2.sum(axis=1, keepdims=True)
        W1 -= alpha * D1 @ X.T
        b1 -= alpha * D1.sum(axis=1, keepdims=True)
    return W1, b1, W2, b2
""",
    ),
]
