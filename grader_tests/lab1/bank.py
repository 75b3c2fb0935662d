"""Lab 1's bank: right answers written differently, and mistakes with the sentence that names them."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_CALL = "1 / (1 + np.exp(-z))"
_GUARD = (
    "A = np.clip(A2.astype(np.float64), tiny, 1 - tiny)  # in float32, 1 - tiny would round to 1"
)
_COST = "float(-np.sum(terms) / m)"
_TERMS = "Y * np.log(A) + (1 - Y) * np.log(1 - A)"
_ONE_HOT = "(classes == Y).astype(float)"
_L1 = "self.lambda_1 / m * (np.sum(np.abs(W1)) + np.sum(np.abs(W2)))"
_L2 = "self.lambda_2 / (2 * m) * (np.sum(W1**2) + np.sum(W2**2))"


def _both(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Swap the same piece in the lines of dW1 and of dW2; W stands for the layer's weights."""
    return tuple((old.replace("W", layer), new.replace("W", layer)) for layer in ("W1", "W2"))


MISTAKES: list[Mistake] = [
    # Sigmoid
    mistake(
        "sigmoid without minus",
        "sigmoid",
        "test_sigmoid",
        "Your sigmoid falls where it should rise: the minus sign in e^-z is missing.",
        (_CALL, "1 / (1 + np.exp(z))"),
    ),
    mistake(
        "sigmoid with math.exp",
        "sigmoid",
        "test_sigmoid test_sigmoid_prime",
        "math.exp takes a single number only, so your sigmoid fails for arrays. np.exp takes both.",
        code="""
import math

class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + math.exp(-z))

    def prime(self, z):
        s = self(z)
        return s * (1 - s)
""",
    ),
    mistake(
        "sigmoid overflows for large z",
        "sigmoid",
        "test_sigmoid test_sigmoid_prime",
        "For large z your sigmoid divides infinity by infinity, which is NaN. Use the form with e^-z: "
        "it stays a number on both sides.",
        (_CALL, "np.exp(z) / (1 + np.exp(z))"),
    ),
    mistake(
        "sigmoid of bytes as they are",
        "sigmoid",
        "test_sigmoid",
        "For integers of a narrow type, such as bytes, your sigmoid is wrong: -z wraps around (the "
        "negative of the byte 3 is 253), or e^z is too large for the type. Turn z into floats first.",
        ("z = 1.0 * np.asarray(z)  # bytes, for one, have no minus sign", "z = np.asarray(z)"),
    ),
    mistake(
        "sigmoid keeps the integer type",
        "sigmoid",
        "test_sigmoid test_sigmoid_prime",
        "For integers your sigmoid is cut down to 0 or 1: the result is stored in an array of "
        "integers, like z. Store it in an array of floats.",
        ("z = 1.0 * np.asarray(z)", "z = np.asarray(z); out = np.zeros_like(z)"),
        (f"return {_CALL}", f"out[...] = {_CALL}\n            return out"),
    ),
    mistake(
        "sigmoid is a hyperbolic tangent",
        "sigmoid",
        "test_sigmoid test_sigmoid_prime",
        "Your function is the hyperbolic tangent, which runs from -1 to 1. The sigmoid runs from 0 "
        "to 1.",
        (f"return {_CALL}", "return np.tanh(z)"),
    ),
    mistake(
        "sigmoid changes its input",
        "sigmoid",
        "test_sigmoid test_sigmoid_prime",
        "Your sigmoid changes the array z that it was given. Whoever called it still needs z: "
        "compute with a new array.",
        ("z = 1.0 * np.asarray(z)", "z *= 1.0 if np.isscalar(z) or z.dtype.kind == 'f' else 1"),
        (f"return {_CALL}", "z *= -1\n            return 1 / (1 + np.exp(z))"),
    ),
    mistake(
        "prime takes the sigmoid's value",
        "sigmoid",
        "test_sigmoid_prime",
        "Your prime(z) computes z(1 - z): it takes its argument for the sigmoid's value. Compute the "
        "sigmoid of z first.",
        ("s = self(z)", "s = z"),
    ),
    mistake(
        "prime applies the sigmoid twice",
        "sigmoid",
        "test_sigmoid_prime",
        "Your prime(z) applies the sigmoid twice. Once is right: s = sigmoid(z), then s(1 - s).",
        ("s = self(z)", "s = self(self(z))"),
    ),
    mistake(
        "prime with the wrong sign",
        "sigmoid",
        "test_sigmoid_prime",
        "Your derivative is negative, but the sigmoid rises everywhere: it is s(1 - s), not s(s - 1).",
        ("s * (1 - s)", "s * (s - 1)"),
    ),
    mistake(
        "prime without the second factor",
        "sigmoid",
        "test_sigmoid_prime",
        "Your prime(z) returns 1 - sigmoid(z). The other factor, sigmoid(z), is missing.",
        ("return s * (1 - s)", "return 1 - s"),
    ),
    mistake(
        "prime as a quotient that overflows",
        "sigmoid",
        "test_sigmoid_prime",
        "For very negative z your derivative divides infinity by infinity, which is NaN. Write it as "
        "s(1 - s) with s = sigmoid(z).",
        (
            "s = self(z)\n        return s * (1 - s)",
            "z = 1.0 * np.asarray(z)\n        return np.exp(-z) / (1 + np.exp(-z)) ** 2",
        ),
    ),
    mistake(
        "prime as a quotient that overflows for large z",
        "sigmoid",
        "test_sigmoid_prime",
        "For large z your derivative divides infinity by infinity, which is NaN. Write it as s(1 - s) "
        "with s = sigmoid(z).",
        (
            "s = self(z)\n        return s * (1 - s)",
            "z = 1.0 * np.asarray(z)\n        return np.exp(z) / (1 + np.exp(z)) ** 2",
        ),
    ),
    # One-hot
    mistake(
        "one-hot transposed",
        "one_hot",
        "test_one_hot",
        "Your array is transposed: rows should be classes and columns examples.",
        (_ONE_HOT, _ONE_HOT + ".T"),
    ),
    mistake(
        "one-hot counts from 1",
        "one_hot",
        "test_one_hot",
        "Your 1s are one row off: classes count from 0, so label 0 belongs into the first row.",
        ("np.arange(n_classes)", "np.arange(1, n_classes + 1)"),
    ),
    mistake(
        "one-hot of the classes present",
        "one_hot",
        "test_one_hot",
        "Your rows are the classes that occur in Y. A class without an example needs its row, too: "
        "use n_classes.",
        (
            "np.arange(n_classes).reshape(n_classes, 1)",
            "np.unique(Y).reshape(-1, 1)",
        ),
    ),
    mistake(
        "one-hot up to the largest label",
        "one_hot",
        "test_one_hot",
        "Your number of rows is the largest label plus 1. When the last class has no example, rows "
        "are missing: use n_classes.",
        (
            "np.arange(n_classes).reshape(n_classes, 1)",
            "np.arange(Y.max() + 1).reshape(-1, 1)",
        ),
    ),
    mistake(
        "one-hot returns the labels",
        "one_hot",
        "test_one_hot",
        "Your columns hold the label itself in its row, where a 1 should stand.",
        (_ONE_HOT, "(classes == Y) * Y.astype(float)"),
    ),
    mistake(
        "one-hot with 0 and 1 exchanged",
        "one_hot",
        "test_one_hot",
        "Zeros and ones are exchanged: the 1 belongs into the row of the label.",
        ("classes == Y", "classes != Y"),
    ),
    # Cost
    mistake(
        "cost with the wrong sign",
        "compute_cost",
        "test_compute_cost",
        "Your cost is negative. Logarithms of numbers below 1 are, so the formula starts with a minus.",
        (_COST, "float(np.sum(terms) / m)"),
    ),
    mistake(
        "cost is a sum over the examples",
        "compute_cost",
        "test_compute_cost",
        "Your cost grows with the number of examples: the division by m is missing.",
        (_COST, "float(-np.sum(terms))"),
    ),
    mistake(
        "cost divided by classes, too",
        "compute_cost",
        "test_compute_cost",
        "You divide by the number of all entries. Sum over the classes, and divide by the number of "
        "examples only.",
        (_COST, "float(-np.mean(terms))"),
    ),
    mistake(
        "cost divided by classes",
        "compute_cost",
        "test_compute_cost",
        "You divide by the number of classes, the rows. The examples are the columns.",
        ("m = Y.shape[1]", "m = Y.shape[0]"),
    ),
    mistake(
        "cost not guarded",
        "compute_cost",
        "test_compute_cost",
        "Where an answer is exactly 0 or 1 your cost is NaN or infinite. Keep A2 a tiny distance away "
        "from both before you take the logarithm.",
        (_GUARD, "A = A2"),
    ),
    mistake(
        "cost guarded on one side",
        "compute_cost",
        "test_compute_cost",
        "Your logarithm is guarded at A2 = 0, but not log(1 - A2) at A2 = 1.",
        (_GUARD, "A = np.maximum(A2, tiny)"),
    ),
    mistake(
        "cost guarded in float32",
        "compute_cost",
        "test_compute_cost",
        "Your guard works in float64 only: in float32, 1 - 1e-12 is 1, and the cost is NaN again. Turn "
        "A2 into float64 before you clip it.",
        (_GUARD, "A = np.clip(A2, tiny, 1 - tiny)"),
    ),
    mistake(
        "cost hides sure mistakes",
        "compute_cost",
        "test_compute_cost",
        "Where an answer is sure and wrong, your cost leaves the term out. That is the most expensive "
        "kind of mistake: guard the logarithm in place of dropping what it gives.",
        (_GUARD, "A = A2"),
        (
            f"terms = {_TERMS}",
            f"terms = {_TERMS}\n    terms = np.where(np.isfinite(terms), terms, 0)",
        ),
    ),
    mistake(
        "cost with a logarithm to base 10",
        "compute_cost",
        "test_compute_cost",
        "You took logarithms to base 10. The cost uses the natural logarithm, np.log.",
        (_TERMS, "Y * np.log10(A) + (1 - Y) * np.log10(1 - A)"),
    ),
    mistake(
        "cost with a logarithm to base 2",
        "compute_cost",
        "test_compute_cost",
        "You took logarithms to base 2. The cost uses the natural logarithm, np.log.",
        (_TERMS, "Y * np.log2(A) + (1 - Y) * np.log2(1 - A)"),
    ),
    mistake(
        "cost of the right class only",
        "compute_cost",
        "test_compute_cost",
        "Your cost has only the terms where Y is 1. The terms (1 - Y) log(1 - A2) are missing: here "
        "every class is a yes-or-no question of its own.",
        (_TERMS, "Y * np.log(A)"),
    ),
    mistake(
        "cost with its arguments exchanged",
        "compute_cost",
        "test_compute_cost",
        "A2 and Y have changed places: the logarithm is taken of the predictions, not of the labels.",
        (_GUARD, "A, Y = np.clip(Y, tiny, 1 - tiny), A2"),
    ),
    mistake(
        "cost per example",
        "compute_cost",
        "test_compute_cost",
        "You return one cost for each example. Take their mean: the cost is a single number.",
        (_COST, "-np.sum(terms, axis=0)"),
    ),
    mistake(
        "cost per class",
        "compute_cost",
        "test_compute_cost",
        "You return one cost for each class. Add them up: the cost is a single number.",
        (_COST, "-np.mean(terms, axis=1)"),
    ),
    # Penalties
    mistake(
        "l1 as a matrix norm",
        "regularization",
        "test_l1",
        "np.linalg.norm(W, 1) of a matrix is its largest column sum. The penalty is the sum of all "
        "absolute values.",
        (_L1, "self.lambda_1 / m * (np.linalg.norm(W1, 1) + np.linalg.norm(W2, 1))"),
    ),
    mistake(
        "l1 without absolute values",
        "regularization",
        "test_l1",
        "Your L1 penalty adds the weights up as they are, so that positive and negative ones cancel. "
        "Take absolute values first.",
        (_L1, "self.lambda_1 / m * (np.sum(W1) + np.sum(W2))"),
    ),
    mistake(
        "l1 takes the absolute value of the sum",
        "regularization",
        "test_l1",
        "Your L1 penalty takes the absolute value of the sum. It is the sum of the absolute values.",
        (_L1, "self.lambda_1 / m * (np.abs(np.sum(W1)) + np.abs(np.sum(W2)))"),
    ),
    mistake(
        "l1 without 1/m",
        "regularization",
        "test_l1",
        "Your L1 penalty is not divided by m.",
        (_L1, _L1.replace(" / m", "")),
    ),
    mistake(
        "l1 with a half",
        "regularization",
        "test_l1",
        "Your L1 penalty is half of what it should be. The factor 1/2 belongs to L2.",
        (_L1, _L1.replace("/ m", "/ (2 * m)")),
    ),
    mistake(
        "l1 of the second layer only",
        "regularization",
        "test_l1",
        "Your L1 penalty leaves W1 out.",
        (_L1, "self.lambda_1 / m * np.sum(np.abs(W2))"),
    ),
    mistake(
        "l1 with lambda_2",
        "regularization",
        "test_l1",
        "Your L1 penalty uses lambda_2. Its strength is lambda_1.",
        (_L1, _L1.replace("lambda_1", "lambda_2")),
    ),
    mistake(
        "l1_grad is the absolute value",
        "regularization",
        "test_l1_grad",
        "Your L1 gradient returns absolute values. The slope of |w| is 1 for positive and -1 for "
        "negative w, however large w is.",
        *_both("np.sign(W)", "np.abs(W)"),
    ),
    mistake(
        "l1_grad without 1/m",
        "regularization",
        "test_l1_grad",
        "Your L1 gradient is not divided by m, but the penalty is.",
        *_both("self.lambda_1 / m * np.sign(W)", "self.lambda_1 * np.sign(W)"),
    ),
    mistake(
        "l1_grad with the wrong sign",
        "regularization",
        "test_l1_grad",
        "Your L1 gradient has the wrong sign: where w is positive, the penalty grows with w.",
        *_both("np.sign(W)", "-np.sign(W)"),
    ),
    mistake(
        "l1_grad is the penalty",
        "regularization",
        "test_l1_grad",
        "Your l1_grad returns a single number for each layer. A gradient has one entry for each weight.",
        *_both("np.sign(W)", "np.sum(np.abs(W))"),
    ),
    mistake(
        "l1_grad with the layers exchanged",
        "regularization",
        "test_l1_grad",
        "dW1 and dW2 have changed places in your L1 gradient.",
        ('"dW1": self.lambda_1', '"dW_": self.lambda_1'),
        ('"dW2": self.lambda_1', '"dW1": self.lambda_1'),
        ('"dW_": self.lambda_1', '"dW2": self.lambda_1'),
    ),
    mistake(
        "l2 is a matrix product",
        "regularization",
        "test_l2",
        "You multiply matrices where each entry should be squared: W**2, or W * W, not W @ W.T.",
        (_L2, "self.lambda_2 / (2 * m) * (np.sum(W1 @ W1.T) + np.sum(W2 @ W2.T))"),
    ),
    mistake(
        "l2 with the root",
        "regularization",
        "test_l2",
        "Your L2 penalty takes the root of the sum of squares. The penalty is the sum itself.",
        (_L2, "self.lambda_2 / (2 * m) * (np.linalg.norm(W1) + np.linalg.norm(W2))"),
    ),
    mistake(
        "l2 as a spectral norm",
        "regularization",
        "test_l2",
        "np.linalg.norm(W, 2) of a matrix is its largest singular value. The penalty is the sum of all "
        "squares.",
        (
            _L2,
            "self.lambda_2 / (2 * m) * (np.linalg.norm(W1, 2) ** 2 + np.linalg.norm(W2, 2) ** 2)",
        ),
    ),
    mistake(
        "l2 without the half",
        "regularization",
        "test_l2",
        "Your L2 penalty is twice as large as it should be: the factor 1/2 is missing.",
        (_L2, _L2.replace("(2 * m)", "m")),
    ),
    mistake(
        "l2 without 1/m",
        "regularization",
        "test_l2",
        "Your L2 penalty is not divided by m.",
        (_L2, _L2.replace("(2 * m)", "2")),
    ),
    mistake(
        "l2 without the half and 1/m",
        "regularization",
        "test_l2",
        "Two factors of your L2 penalty are missing: it is neither halved nor divided by m.",
        (_L2, _L2.replace(" / (2 * m)", "")),
    ),
    mistake(
        "l2 as a matrix norm of squares",
        "regularization",
        "test_l2",
        "np.linalg.norm(W**2, 1) of a matrix is its largest column sum. The penalty is the sum of all "
        "squares, of every column.",
        (
            _L2,
            "self.lambda_2 / (2 * m) * (np.linalg.norm(W1**2, 1) + np.linalg.norm(W2**2, 1))",
        ),
    ),
    mistake(
        "l2 squared twice",
        "regularization",
        "test_l2",
        "np.linalg.norm squares its entries itself, and takes the root of their sum. Give it W, not "
        "W**2, and square what comes back; or add the squares up with np.sum.",
        (_L2, "self.lambda_2 / (2 * m) * (np.linalg.norm(W1**2) + np.linalg.norm(W2**2))"),
    ),
    mistake(
        "l2 of the second layer only",
        "regularization",
        "test_l2",
        "Your L2 penalty leaves W1 out.",
        (_L2, "self.lambda_2 / (2 * m) * np.sum(W2**2)"),
    ),
    mistake(
        "l2 with the square of the sum",
        "regularization",
        "test_l2",
        "Your L2 penalty squares the sum of the weights. It is the sum of their squares.",
        (_L2, "self.lambda_2 / (2 * m) * (np.sum(W1) ** 2 + np.sum(W2) ** 2)"),
    ),
    mistake(
        "l2_grad with a half",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient is half of what it should be: the 1/2 of the penalty meets the 2 of the "
        "derivative.",
        *_both("self.lambda_2 / m * W", "self.lambda_2 / (2 * m) * W"),
    ),
    mistake(
        "l2_grad with a two",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient is twice as large as it should be: the 2 of the derivative meets the 1/2 of "
        "the penalty.",
        *_both("self.lambda_2 / m * W", "2 * self.lambda_2 / m * W"),
    ),
    mistake(
        "l2_grad with a two, without 1/m",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient is not divided by m, and it is doubled: the 2 of the derivative meets the 1/2 "
        "of the penalty.",
        *_both("self.lambda_2 / m * W", "2 * self.lambda_2 * W"),
    ),
    mistake(
        "l2_grad without 1/m",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient is not divided by m, but the penalty is.",
        *_both("self.lambda_2 / m * W", "self.lambda_2 * W"),
    ),
    mistake(
        "l2_grad with the wrong sign",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient has the wrong sign. The minus of gradient descent comes later, in the update.",
        *_both("self.lambda_2 / m * W", "-self.lambda_2 / m * W"),
    ),
    mistake(
        "l2_grad of squares",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient still has the square in it. The derivative of w²/2 is w.",
        *_both("self.lambda_2 / m * W", "self.lambda_2 / m * W**2"),
    ),
    mistake(
        "l1_grad with lambda_2",
        "regularization",
        "test_l1_grad",
        "Your L1 gradient uses lambda_2. Its strength is lambda_1.",
        *_both("self.lambda_1 / m * np.sign(W)", "self.lambda_2 / m * np.sign(W)"),
    ),
    mistake(
        "l2 with lambda_1",
        "regularization",
        "test_l2",
        "Your L2 penalty uses lambda_1. Its strength is lambda_2.",
        (_L2, _L2.replace("lambda_2", "lambda_1")),
    ),
    mistake(
        "l2_grad with lambda_1",
        "regularization",
        "test_l2_grad",
        "Your L2 gradient uses lambda_1. Its strength is lambda_2.",
        *_both("self.lambda_2 / m * W", "self.lambda_1 / m * W"),
    ),
]

RIGHT: list[Variant] = [
    right(
        "sigmoid, the plain formula of floats with its warning",
        "sigmoid",
        code="""
class Sigmoid:
    def __call__(self, z):
        return 1 / (1 + np.exp(-np.asarray(z, dtype=float)))

    def prime(self, z):
        return self(z) * (1 - self(z))
""",
    ),
    right(
        "sigmoid from the hyperbolic tangent",
        "sigmoid",
        (f"return {_CALL}", "return (1 + np.tanh(z / 2)) / 2"),
    ),
    right(
        "sigmoid from SciPy",
        "sigmoid",
        code="""
from scipy.special import expit

class Sigmoid:
    def __call__(self, z):
        return expit(np.asarray(z, dtype=np.float64))

    def prime(self, z):
        return expit(np.asarray(z, dtype=np.float64)) * expit(-np.asarray(z, dtype=np.float64))
""",
    ),
    right(
        "sigmoid, one number at a time",
        "sigmoid",
        code="""
import math

class Sigmoid:
    @staticmethod
    def _one(z):
        if z < 0:
            e = math.exp(z)
            return e / (1 + e)
        return 1 / (1 + math.exp(-z))

    def __call__(self, z):
        print("sigmoid of", z)
        return np.vectorize(self._one, otypes=[float])(np.asarray(z, dtype=float))

    def prime(self, z):
        return self(z) - self(z) ** 2
""",
    ),
    right(
        "sigmoid by clipping",
        "sigmoid",
        (f"return {_CALL}", "return 1 / (1 + np.exp(-np.clip(z, -500, 500)))"),
    ),
    right(
        "sigmoid by cases",
        "sigmoid",
        code="""
class Sigmoid:
    def __call__(self, z):
        z = np.atleast_1d(np.array(z, dtype=float))
        out = np.empty_like(z)
        pos = z >= 0
        out[pos] = 1 / (1 + np.exp(-z[pos]))
        out[~pos] = np.exp(z[~pos]) / (1 + np.exp(z[~pos]))
        return out if out.size > 1 else out[0]

    def prime(self, z):
        s = self.__call__(z)
        return s * (1.0 - s)
""",
    ),
    right(
        "sigmoid in float32", "sigmoid", ("1.0 * np.asarray(z)", "np.asarray(z, dtype=np.float32)")
    ),
    right(
        "one-hot with a loop",
        "one_hot",
        code="""
def one_hot(Y, n_classes):
    out = np.zeros((n_classes, Y.shape[1]))
    for i in range(Y.shape[1]):
        out[Y[0, i], i] = 1
    return out
""",
    ),
    right(
        "one-hot from the identity matrix",
        "one_hot",
        code="""
def one_hot(Y, n_classes):
    return np.eye(n_classes)[Y.reshape(-1)].T
""",
    ),
    right(
        "one-hot with fancy indexing, integers",
        "one_hot",
        code="""
def one_hot(Y, n_classes):
    m = Y.shape[-1]
    out = np.zeros((n_classes, m), dtype=int)
    out[Y.flatten(), np.arange(m)] = 1
    return out
""",
    ),
    right("one-hot of booleans", "one_hot", (".astype(float)", "")),
    right(
        "cost with a small constant",
        "compute_cost",
        code="""
def compute_cost(A2, Y):
    eps = 1e-8
    m = Y.shape[1]
    return -(1 / m) * np.sum(Y * np.log(A2 + eps) + (1 - Y) * np.log(1 - A2 + eps))
""",
    ),
    right("cost with another small constant", "compute_cost", ("tiny = 1e-12", "tiny = 1e-7")),
    right("cost with a smaller constant", "compute_cost", ("tiny = 1e-12", "tiny = 1e-15")),
    right(
        "cost with loops",
        "compute_cost",
        code="""
def compute_cost(A2, Y):
    total = 0.0
    for i in range(A2.shape[0]):
        for j in range(A2.shape[1]):
            a = min(max(A2[i, j], 1e-10), 1 - 1e-10)
            total -= np.log(a) if Y[i, j] == 1 else np.log(1 - a)
    return total / A2.shape[1]
""",
    ),
    right(
        "cost with einsum, as an array",
        "compute_cost",
        code="""
def compute_cost(A2, Y):
    A = np.clip(A2.astype(float), 1e-10, 1 - 1e-10)
    both = np.einsum("ki,ki->i", Y, np.log(A)) + np.einsum("ki,ki->i", 1 - Y, np.log1p(-A))
    return np.array([[-both.mean()]])
""",
    ),
    right(
        "cost from xlogy",
        "compute_cost",
        code="""
from scipy.special import xlog1py, xlogy

def compute_cost(A2, Y):
    terms = np.nan_to_num(xlogy(Y, A2) + xlog1py(1 - Y, -A2), neginf=-1e3)
    return -terms.sum() / Y.shape[1]
""",
    ),
    right(
        "penalties over a loop of both layers",
        "regularization",
        code="""
class Regularization:
    def __init__(self, lambda_1, lambda_2):
        self.l1_strength, self.l2_strength = lambda_1, lambda_2

    def l1(self, W1, W2, m):
        return sum(abs(w) for W in (W1, W2) for w in W.flat) * self.l1_strength / m

    def l1_grad(self, W1, W2, m):
        slope = lambda W: np.where(W > 0, 1, -1) * self.l1_strength / m
        return {"dW1": slope(W1), "dW2": slope(W2)}

    def l2(self, W1, W2, m):
        total = np.linalg.norm(W1) ** 2 + np.linalg.norm(W2) ** 2
        return 0.5 * total * self.l2_strength / m

    def l2_grad(self, W1, W2, m):
        return dict(dW1=np.einsum("ij->ij", W1) * self.l2_strength / m, dW2=W2 * (self.l2_strength / m))
""",
    ),
    right(
        "penalties from vector norms",
        "regularization",
        (
            _L1,
            "(np.linalg.norm(W1.ravel(), 1) + np.linalg.norm(W2.ravel(), 1)) * self.lambda_1 / m",
        ),
        (_L2, "(np.vdot(W1, W1) + np.trace(W2 @ W2.T)) * self.lambda_2 / 2 / m"),
    ),
    right(
        "penalties in float32",
        "regularization",
        ("np.sign(W1)", "np.sign(W1).astype(np.float32)"),
        (_L2, f"np.float32({_L2})"),
    ),
]
