"""Known mistakes and right answers of Lab 5: labels, layers, loss and optimiser."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_ONE_HOT = "(y[:, np.newaxis] == np.arange(num_classes)).astype(np.float32)"

_LIMIT = "np.sqrt(6 / (n_inputs + self.units))"
_DRAW = "self.rng.uniform(-limit, limit, (n_inputs, self.units))"
_BIAS = "np.zeros(self.units, dtype=np.float32)"

_SCORES = "x @ self.kernel + self.bias"
_RELU = "a = np.maximum(a, 0)"
_SHIFTED = "np.exp(a - a.max(axis=1, keepdims=True))"
_SHARES = "exponentials / exponentials.sum(axis=1, keepdims=True)"

_MASK = "D = grad_output * (self.a > 0)"
_JACOBIAN = "self.a * (grad_output - (grad_output * self.a).sum(axis=1, keepdims=True))"
_GRAD_KERNEL = "self.grad_kernel = self.x.T @ D"
_GRAD_BIAS = "self.grad_bias = D.sum(axis=0)"
_AT_INPUT = "return D @ self.kernel.T"

_LOSS = "float(-np.sum(y_true * np.log(np.maximum(y_pred, tiny))) / len(y_true))"
_SLOPE = "-y_true / np.maximum(y_pred, tiny) / len(y_true)"

_KEEP = "self.velocities[layer] = v_kernel, v_bias"
_LOOK_UP = "self.velocities.get(layer, (0.0, 0.0))"


def _categorical(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "to_categorical", "test_to_categorical", says, *swap)


def _build(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "dense", "test_dense_build", says, *swap)


def _forward(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "dense", "test_dense_forward", says, *swap)


def _backward(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "dense", "test_dense_backward", says, *swap)


def _loss(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "loss", "test_loss", says, *swap)


def _sgd(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "sgd", "test_sgd", says, *swap)


MISTAKES: list[Mistake] = [
    # One-hot labels
    _categorical(
        "one-hot columns",
        "Your result has a column for each example. In this lab examples are rows.",
        (_ONE_HOT, f"{_ONE_HOT}.T"),
    ),
    _categorical(
        "one-hot from 1",
        "Your classes are one off: label 0 belongs in column 0.",
        ("np.arange(num_classes)", "np.arange(1, num_classes + 1)"),
    ),
    _categorical(
        "one-hot of the classes present",
        "You made columns for the labels that occur. There are num_classes columns, whether or not "
        "every class occurs.",
        ("np.arange(num_classes)", "np.unique(y)"),
    ),
    _categorical(
        "one-hot up to the largest label",
        "The largest label that occurs decides how many columns you make. There are num_classes of them.",
        ("np.arange(num_classes)", "np.arange(y.max() + 1)"),
    ),
    _categorical(
        "one-hot without the last class",
        "The last class has no column. The columns go from 0 to num_classes - 1.",
        ("np.arange(num_classes)", "np.arange(num_classes - 1)"),
    ),
    _categorical(
        "one-hot of yes and no",
        "Your entries are True and False, which cannot be subtracted. Turn them into numbers: "
        ".astype(np.float32).",
        (_ONE_HOT, _ONE_HOT.removesuffix(".astype(np.float32)")),
    ),
    _categorical(
        "one-hot in unsigned integers",
        "Your entries are unsigned integers. The loss negates them, and -1 becomes 255 in uint8. Use "
        ".astype(np.float32).",
        (".astype(np.float32)", ".astype(np.uint8)"),
    ),
    # Parameters
    _build(
        "kernel of zeros",
        "Your kernel is 0 everywhere. Then all units stay identical for ever: draw it at random.",
        (_DRAW, "np.zeros((n_inputs, self.units))"),
    ),
    _build(
        "kernel of one number",
        "Your units all start alike, and get the same gradients. Draw each entry separately.",
        (_DRAW, "np.full((n_inputs, self.units), limit)"),
    ),
    _build(
        "kernel of one sign",
        "Your kernel is not centred on 0. Draw between -r and r, not between 0 and r.",
        ("uniform(-limit", "uniform(0"),
    ),
    _build(
        "kernel too large",
        "Your kernel is too large. Draw it uniformly between -r and r, where r is the square root of "
        "6 / (n + u), and n + u is the *sum* of inputs and units.",
        (_LIMIT, "np.sqrt(6 / n_inputs) + np.sqrt(6 / self.units)"),
    ),
    _build(
        "kernel without the square root",
        "Your kernel is too small: the limit is the square root of 6 / (n + u).",
        (_LIMIT, "6 / (n_inputs + self.units)"),
    ),
    _build(
        "kernel from the normal distribution",
        "Your kernel has the right spread but comes from a distribution without limits, such as the "
        "normal one. Take the uniform distribution, rng.uniform.",
        (_DRAW, "self.rng.normal(0, limit / 3**0.5, (n_inputs, self.units))"),
    ),
    _build(
        "kernel from a clipped normal distribution",
        "You cut a normal distribution off at the limit. Its numbers gather around 0: take the uniform "
        "distribution, rng.uniform.",
        (
            _DRAW,
            "np.clip(self.rng.normal(0, limit / 3**0.5, (n_inputs, self.units)), -limit, limit)",
        ),
    ),
    _build(
        "kernel transposed",
        "Your kernel is kept as (units, inputs). With examples in rows it has the shape (n_inputs, units), "
        "and whoever reads layer.kernel finds it so.",
        ("(n_inputs, self.units))\n", "(self.units, n_inputs))\n"),
    ),
    _build(
        "kernel from the global generator",
        "Your kernel does not come from self.rng: the same seed gives different numbers each time. "
        "Use its own method, self.rng.uniform.",
        ("self.rng.uniform", "np.random.uniform"),
    ),
    _build(
        "kernel from a generator of its own",
        "Your kernel is the same whatever generator the layer was given. Draw it from self.rng.",
        ("self.rng.uniform", "np.random.default_rng(0).uniform"),
    ),
    _build(
        "bias at random",
        "Your bias does not start at 0. Only the kernel is drawn at random.",
        (_BIAS, "self.rng.uniform(-limit, limit, self.units)"),
    ),
    _build(
        "bias as a column",
        "Your bias is a column, (units, 1). Results are rows now, so the bias has the shape (units,).",
        (_BIAS, "np.zeros((self.units, 1), dtype=np.float32)"),
    ),
    _build(
        "bias for each input",
        "Your bias has an entry for each input. It has one for each unit.",
        (_BIAS, "np.zeros(n_inputs, dtype=np.float32)"),
    ),
    # Forward
    _forward(
        "forward without the bias",
        "The bias is missing in the scores: Z = X K + b.",
        (_SCORES, "x @ self.kernel"),
    ),
    _forward(
        "forward without relu",
        'With activation="relu" your layer lets negative scores pass. Is it compared with ==, not `is`?',
        (_RELU, "pass"),
    ),
    _forward(
        "forward with relu always",
        "Your layer applies ReLU whatever its activation is. Without an activation the scores are the "
        "result, negative ones included.",
        (_SCORES, f"np.maximum({_SCORES}, 0)"),
    ),
    _forward(
        "forward without softmax",
        'With activation="softmax" your layer returns the scores. Turn each row into probabilities. Is the '
        "activation compared with ==, not `is`?",
        (_SHARES, "a"),
    ),
    _forward(
        "softmax along the columns",
        "Your columns add up to 1. Examples are rows now, so each row should: use axis=1.",
        (_SHIFTED, "np.exp(a - a.max(axis=0, keepdims=True))"),
        (_SHARES, "exponentials / exponentials.sum(axis=0, keepdims=True)"),
    ),
    _forward(
        "softmax without a shift",
        "For large scores your softmax overflows. Subtract from each row its largest score before you "
        "take the exponential.",
        (_SHIFTED, "np.exp(a)"),
    ),
    _forward(
        "softmax shifted by the largest of all scores",
        "You subtract one maximum from the whole batch. A row whose scores are far below it becomes "
        "0/0. Each row needs its own maximum.",
        (_SHIFTED, "np.exp(a - a.max())"),
    ),
    _forward(
        "softmax over everything",
        "You divide by the sum of the whole batch. Each row has a sum of its own.",
        (_SHARES, "exponentials / exponentials.sum()"),
    ),
    _forward(
        "activations compared with is",
        '`self.activation is "relu"` asks whether both are one object in memory, which depends on where '
        "the text comes from. Compare texts with ==.",
        (
            'self.activation == "relu":\n            a =',
            'id(self.activation) == id("relu"):\n            a =',
        ),
        (
            'self.activation == "softmax":\n            exp',
            'id(self.activation) == id("softmax"):\n            exp',
        ),
    ),
    _forward(
        "softmax of rectified scores",
        "There is a ReLU before your softmax. Negative scores mean unlikely classes: keep them.",
        (_SHIFTED, "np.exp(np.maximum(a, 0) - np.maximum(a, 0).max(axis=1, keepdims=True))"),
    ),
    _forward(
        "softmax applied twice",
        "You apply softmax to probabilities: its result goes through the exponential once more.",
        (
            f"a = {_SHARES}",
            f"exponentials = np.exp({_SHARES})\n            a = {_SHARES}",
        ),
    ),
    _forward(
        "relu as absolute value",
        "Your relu turns negative scores positive. They should become 0.",
        (_RELU, "a = np.abs(a)"),
    ),
    _forward(
        "forward returns nothing",
        "Your forward keeps its result but does not return it. It ends with `return a`.",
        ("        return a\n        ### END", "        ### END"),
    ),
    _forward(
        "forward keeps nothing",
        "Your forward does not keep what backward needs: its input in self.x, and in self.a its result, "
        "after the activation.",
        ("        self.x, self.a = x, a\n", ""),
    ),
    _forward(
        "softmax of clipped scores",
        "You clip the scores before the exponential, so that two large ones become equal. Subtract from "
        "each row its largest score.",
        (_SHIFTED, "np.exp(np.clip(a, -700, 700))"),
    ),
    # Backward
    _backward(
        "layer gradients are means",
        "You divide by the number of examples. The 1/m is in the loss's gradient already: a layer sums.",
        ("self.x.T @ D", "self.x.T @ D / len(D)"),
        ("D.sum(axis=0)", "D.mean(axis=0)"),
    ),
    _backward(
        "bias gradient is a mean",
        "grad_bias is a mean over the examples. It is their sum, as the matrix product in grad_kernel "
        "is.",
        ("D.sum(axis=0)", "D.mean(axis=0)"),
    ),
    _backward(
        "bias gradient is one number",
        "grad_bias is a single number. Sum over the examples only, axis=0: each unit has its own.",
        ("D.sum(axis=0)", "D.sum()"),
    ),
    _backward(
        "bias gradient summed over units",
        "grad_bias has one entry for each example. Sum over the examples, axis=0, not over the units.",
        ("D.sum(axis=0)", "D.sum(axis=1)"),
    ),
    _backward(
        "bias gradient not summed",
        "grad_bias has a row for each example. The bias is the same for all of them: sum the rows.",
        ("D.sum(axis=0)", "D"),
    ),
    _backward(
        "backward without relu's slope",
        "Backward ignores ReLU. Where the result is 0, nothing may pass back.",
        (_MASK, "pass"),
    ),
    _backward(
        "relu's slope from the gradient",
        "You mask by the sign of grad_output. Mask by where the layer's *result* is positive.",
        (_MASK, "D = np.maximum(grad_output, 0)"),
    ),
    _backward(
        "softmax with the diagonal alone",
        "You use p (1 - p), the diagonal of the Jacobian. Each probability depends on all scores of its "
        "row: the other entries count, too.",
        (_JACOBIAN, "grad_output * self.a * (1 - self.a)"),
    ),
    _backward(
        "softmax passes the gradient through",
        "Your softmax returns grad_output unchanged. Multiply by the Jacobian here: only then does "
        "the cross-entropy's gradient become p - y.",
        (_JACOBIAN, "grad_output"),
    ),
    _backward(
        "softmax without the second term",
        "The second half of the Jacobian is missing: subtract p · g from g before you multiply by p.",
        (_JACOBIAN, "self.a * grad_output"),
    ),
    _backward(
        "softmax with one sum for the batch",
        "You take one sum p · g for the whole batch. Each row has its own: axis=1.",
        (_JACOBIAN, "self.a * (grad_output - (grad_output * self.a).sum())"),
    ),
    _backward(
        "softmax summed along the columns",
        "You sum p · g along the columns. Each example is a row: axis=1.",
        (_JACOBIAN, "self.a * (grad_output - (grad_output * self.a).sum(axis=0))"),
    ),
    _backward(
        "softmax with the wrong sign",
        "Softmax's way back has the wrong sign: it is p times (g minus p · g).",
        (_JACOBIAN, f"-{_JACOBIAN}"),
    ),
    _backward(
        "kernel gradient transposed",
        "grad_kernel is transposed. It must look like the kernel, (n_inputs, units).",
        ("self.x.T @ D", "D.T @ self.x"),
    ),
    _backward(
        "kernel gradient past the activation",
        "grad_kernel is computed from grad_output. It needs D, which has come through the activation.",
        ("self.x.T @ D", "self.x.T @ grad_output"),
    ),
    _backward(
        "input gradient past the activation",
        "The gradient at the input is computed from grad_output. It needs D, which has come through "
        "the activation.",
        (_AT_INPUT, "return grad_output @ self.kernel.T"),
    ),
    _backward(
        "input gradient without the kernel",
        "You return D, the gradient at the scores. Multiply it by the kernel's transpose to get to the "
        "input.",
        (_AT_INPUT, "return D"),
    ),
    _backward(
        "gradients add up from call to call",
        "Your gradients add up from one call of backward to the next. Set them anew each time; shared "
        "layers are the model's business.",
        (
            _GRAD_KERNEL,
            'self.grad_kernel = getattr(self, "grad_kernel", 0) + self.x.T @ D',
        ),
        (_GRAD_BIAS, 'self.grad_bias = getattr(self, "grad_bias", 0) + D.sum(axis=0)'),
    ),
    _backward(
        "backward takes a step",
        "Your backward changes the parameters. It only works out slopes; the step is the optimiser's.",
        (
            _AT_INPUT,
            "before = self.kernel\n        self.kernel = self.kernel - 0.01 * self.grad_kernel\n"
            "        self.bias = self.bias - 0.01 * self.grad_bias\n        return D @ before.T",
        ),
    ),
    _backward(
        "backward returns nothing",
        "Your backward returns nothing. The layer before needs the gradient at its result, which is "
        "your input.",
        (_AT_INPUT, "D @ self.kernel.T"),
    ),
    _backward(
        "relu's slope from a threshold above 0",
        "Your ReLU blocks the gradient where the result is small but positive. The slope is 1 "
        "wherever the result is above 0.",
        (_MASK, "D = grad_output * (self.a > 0.3)"),
    ),
    _backward(
        "softmax's way back written into the result",
        "Your backward changes self.a, which is the array that forward returned. The loss still needs "
        "it: work on a new array.",
        (f"D = {_JACOBIAN}", f"D = self.a\n            D *= {_JACOBIAN[9:]}"),
    ),
    _backward(
        "relu's mask written into the result",
        "Your relu turns self.a into a mask, and that is the array that forward returned. Others still "
        "need it: make a new array for the mask.",
        (
            _MASK,
            "mask = self.a\n            mask[mask > 0] = 1\n            D = grad_output * mask",
        ),
    ),
    # Loss
    _loss(
        "loss with the wrong sign",
        "Your loss is negative. Logarithms of numbers below 1 are, so the formula starts with a minus.",
        ("float(-np.sum", "float(np.sum"),
    ),
    _loss(
        "loss is a sum",
        "Your loss grows with the number of examples: divide by m.",
        (_LOSS, _LOSS.replace(" / len(y_true))", ")")),
    ),
    _loss(
        "loss divided by classes, too",
        "You divide by the number of all entries. Divide by the number of examples only.",
        (_LOSS, _LOSS.replace("len(y_true)", "y_true.size")),
    ),
    _loss(
        "loss divided by the classes",
        "You divide by the number of columns, which are the classes. Examples are rows in this lab.",
        (_LOSS, _LOSS.replace("len(y_true)", "y_true.shape[1]")),
        (_SLOPE, _SLOPE.replace("len(y_true)", "y_true.shape[1]")),
    ),
    _loss(
        "loss not guarded",
        "Where a probability is exactly 0 your loss is NaN or infinite. Keep y_pred a tiny distance "
        "away from 0.",
        ("np.log(np.maximum(y_pred, tiny))", "np.log(y_pred)"),
    ),
    _loss(
        "loss with its arguments exchanged",
        "y_true and y_pred have changed places: the labels come first, and the logarithm is taken of "
        "the predictions.",
        (_LOSS, "float(-np.sum(y_pred * np.log(np.maximum(y_true, tiny))) / len(y_true))"),
    ),
    _loss(
        "loss with a logarithm to base 10",
        "You took logarithms to base 10. The loss uses the natural logarithm, np.log.",
        ("np.log(", "np.log10("),
    ),
    _loss(
        "loss with a logarithm to base 2",
        "You took logarithms to base 2. The loss uses the natural logarithm, np.log.",
        ("np.log(", "np.log2("),
    ),
    _loss(
        "loss of yes-or-no questions",
        "That is the binary cross-entropy of Lab 1, with a term for every class. With softmax only the "
        "true class counts.",
        (
            _LOSS,
            "float(-np.sum(y_true * np.log(y_pred + tiny) + (1 - y_true) * np.log(1 - y_pred + tiny))"
            " / len(y_true))",
        ),
    ),
    _loss(
        "loss gradient with the wrong sign",
        "Your gradient is positive where it should be negative: more probability for the true class "
        "means less loss.",
        (_SLOPE, _SLOPE[1:]),
    ),
    _loss(
        "loss gradient without the mean",
        "Your gradient lacks the 1/m. The loss is a mean, so its slope is divided by m as well.",
        (_SLOPE, "-y_true / np.maximum(y_pred, tiny)"),
    ),
    _loss(
        "loss gradient for softmax, without 1/m",
        "Your gradient is with respect to the scores, p - y, and is not divided by m. The loss knows "
        "nothing of softmax: with respect to the probabilities it is -y / p, divided by m.",
        (_SLOPE, "y_pred - y_true"),
    ),
    _loss(
        "loss gradient for softmax",
        "Your gradient is with respect to the scores, p - y. The loss knows nothing of softmax: with "
        "respect to the probabilities it is -y / p, divided by m.",
        (_SLOPE, "(y_pred - y_true) / len(y_true)"),
    ),
    _loss(
        "loss gradient not guarded",
        "Where a probability is exactly 0 your gradient is NaN or infinite. Keep y_pred a tiny distance "
        "away from 0 here, too.",
        (_SLOPE, "-y_true / y_pred / len(y_true)"),
    ),
    _loss(
        "loss guarded too early",
        "Your guard against 0 changes probabilities that are small but not 0. Keep them away from 0 by "
        "a tiny distance only, such as 1e-12.",
        ("tiny = 1e-12", "tiny = 1e-3"),
    ),
    _loss(
        "loss guarded a little too early",
        "Your guard against 0 changes small probabilities too much. It may change them by 1e-7 at "
        "most: use 1e-12.",
        ("tiny = 1e-12", "tiny = 1e-4"),
    ),
    _loss(
        "loss without a guard, its infinity turned into a number",
        "np.nan_to_num turns infinity into a number with more than 300 digits. Put the guard on the "
        "probability, before you take the logarithm or divide.",
        (_LOSS, "float(-np.sum(np.nan_to_num(y_true * np.log(y_pred))) / len(y_true))"),
        (_SLOPE, "-np.nan_to_num(y_true / y_pred) / len(y_true)"),
    ),
    _loss(
        "loss guarded at exactly 0 only, and far too high",
        "Where a probability is exactly 0 you put a thousandth in its place, which is larger than "
        "many real probabilities. The guard may change them by 1e-7 at most.",
        ("np.log(np.maximum(y_pred, tiny))", "np.log(np.where(y_pred == 0, 1e-3, y_pred))"),
        ("/ np.maximum(y_pred, tiny)", "/ np.where(y_pred == 0, 1e-3, y_pred)"),
    ),
    _loss(
        "loss of all classes",
        "Your loss adds up the logarithms of all probabilities. Multiply by y_true: the true class alone "
        "counts.",
        (_LOSS, _LOSS.replace("y_true * np.log", "np.log")),
    ),
    _loss(
        "loss in an array",
        "Your loss is an array with one number in it. Return a plain number: float(…).",
        (_LOSS, "np.array([-np.sum(y_true * np.log(np.maximum(y_pred, tiny))) / len(y_true)])"),
    ),
    # Optimiser
    _sgd(
        "steps uphill",
        "Your steps go uphill: the learning rate times the gradient is subtracted.",
        ("- self.learning_rate", "+ self.learning_rate"),
    ),
    _sgd(
        "momentum forgotten",
        "Your steps know nothing of the steps before: the momentum times the last velocity is missing, "
        "or the velocity is not kept.",
        (_KEEP, "pass"),
    ),
    _sgd(
        "momentum as a weighted mean",
        "You weight the gradient with 1 - momentum. The velocity is momentum · v minus the learning "
        "rate times the whole gradient.",
        ("- self.learning_rate", "- (1 - self.momentum) * self.learning_rate"),
    ),
    _sgd(
        "learning rate applied twice",
        "The learning rate is applied twice, in the velocity and again in the step.",
        ("layer.kernel + v_kernel", "layer.kernel + self.learning_rate * v_kernel"),
        ("layer.bias + v_bias", "layer.bias + self.learning_rate * v_bias"),
    ),
    _sgd(
        "biases never move",
        "Your biases never move. They take steps like the kernels.",
        ("layer.bias = layer.bias + v_bias", "pass"),
    ),
    _sgd(
        "velocities left on the layers",
        "Your velocities stay with the layers, so that a new optimiser goes on with those of the last "
        "one. They belong to the optimiser: in a new one all are 0.",
        (_LOOK_UP, 'getattr(layer, "velocities", (0.0, 0.0))'),
        (_KEEP, "layer.velocities = v_kernel, v_bias"),
    ),
    _sgd(
        "one velocity for all layers",
        "All layers share one velocity. Keep one for each layer and parameter: the layer can be the key "
        "of a dict.",
        (_LOOK_UP, "self.velocities.get(0, (0.0, 0.0))"),
        (_KEEP, "self.velocities[0] = v_kernel, v_bias"),
    ),
    _sgd(
        "velocities by shape",
        "Two layers of the same shape share their velocities. Every layer has its own: use the layer "
        "itself as the key.",
        ("self.velocities.get(layer,", "self.velocities.get(layer.kernel.shape,"),
        ("self.velocities[layer]", "self.velocities[layer.kernel.shape]"),
    ),
    _sgd(
        "stops at the first layer that does not learn",
        "Your loop ends at the first layer without a kernel. Skip that layer, with `continue`, and go on.",
        ("continue", "break"),
    ),
    _sgd(
        "a velocity that remembers one gradient",
        "Your velocity knows the last gradient only. Keep the new velocity itself: all earlier steps "
        "are in it.",
        (
            _KEEP,
            "self.velocities[layer] = (\n"
            "                -self.learning_rate * layer.grad_kernel,\n"
            "                -self.learning_rate * layer.grad_bias,\n"
            "            )",
        ),
    ),
    _sgd(
        "the kernel's velocity for the bias",
        "Your bias uses the kernel's velocity. Each needs its own.",
        (f"v_kernel, v_bias = {_LOOK_UP}", f"v_kernel = v_bias = {_LOOK_UP}[0]"),
    ),
    _sgd(
        "Nesterov's momentum",
        "That is Nesterov's momentum, which looks one step ahead. Here the step is the velocity itself.",
        (
            "layer.kernel + v_kernel",
            "layer.kernel + self.momentum * v_kernel - self.learning_rate * layer.grad_kernel",
        ),
        (
            "layer.bias + v_bias",
            "layer.bias + self.momentum * v_bias - self.learning_rate * layer.grad_bias",
        ),
    ),
]

RIGHT: list[Variant] = [
    right(
        "one-hot from an identity matrix",
        "to_categorical",
        (_ONE_HOT, "np.eye(num_classes)[y]"),
    ),
    right(
        "one-hot with a loop, whole numbers",
        "to_categorical",
        code="""
def to_categorical(y, num_classes):
    rows = np.zeros((len(y), num_classes), dtype=int)
    for row, label in zip(rows, y):
        row[label] = 1
    return rows
""",
    ),
    right(
        "kernel from rng.random, float64",
        "dense",
        (_DRAW, "(2 * self.rng.random((n_inputs, self.units)) - 1) * limit"),
        ("kernel.astype(np.float32)", "kernel"),
        (_BIAS, "np.zeros(self.units)"),
    ),
    right("bias as a row", "dense", (_BIAS, "np.zeros((1, self.units), dtype=np.float32)")),
    right(
        "a layer with a memory of its own",
        "dense",
        ("self.x, self.a = x, a\n", "self._kept = x, a\n"),
        ("        D = grad_output\n", "        x, a = self._kept\n        D = grad_output\n"),
        (_MASK, "D = np.where(a > 0, grad_output, 0)"),
        (_JACOBIAN, _JACOBIAN.replace("self.a", "a")),
        (_GRAD_KERNEL, "self.grad_kernel = x.T @ D"),
    ),
    right(
        "softmax's Jacobian as a matrix for each example",
        "dense",
        (
            f"D = {_JACOBIAN}",
            "D = np.empty_like(grad_output)\n"
            "            for i, p in enumerate(self.a):\n"
            "                D[i] = (np.diag(p) - np.outer(p, p)) @ grad_output[i]",
        ),
    ),
    right(
        "backward with einsum",
        "dense",
        (_GRAD_KERNEL, 'self.grad_kernel = np.einsum("mi,mj->ij", self.x, D)'),
        (_GRAD_BIAS, "self.grad_bias = np.ones(len(D)) @ D"),
        (_AT_INPUT, 'return np.einsum("mj,ij->mi", D, self.kernel)'),
    ),
    right(
        "forward with float32 results",
        "dense",
        (
            "        self.x, self.a = x, a\n",
            "        a = a.astype(np.float32)\n        self.x, self.a = x, a\n",
        ),
    ),
    right(
        "loss with another guard",
        "loss",
        ("np.maximum(y_pred, tiny)", "(y_pred + 1e-7)"),
        ("tiny = 1e-12\n", "\n"),
    ),
    right(
        "loss of the true classes only",
        "loss",
        (_LOSS, "-np.log(np.clip((y_true * y_pred).sum(axis=1), tiny, 1)).mean()"),
        (_SLOPE, "-(y_true / np.clip(y_pred, tiny, 1)) / y_true.shape[0]"),
    ),
    right(
        "velocities that point uphill",
        "sgd",
        ("- self.learning_rate", "+ self.learning_rate"),
        ("layer.kernel + v_kernel", "layer.kernel - v_kernel"),
        ("layer.bias + v_bias", "layer.bias - v_bias"),
    ),
    right(
        "velocities without the learning rate, by the layer's place in memory, in place",
        "sgd",
        code="""
class SGD:
    def __init__(self, learning_rate=0.01, momentum=0.0):
        self.learning_rate, self.momentum, self.v = learning_rate, momentum, {}

    def apply(self, layers):
        for layer in layers:
            for name in ("kernel", "bias"):
                if not hasattr(layer, name):
                    continue
                old = self.v.get((id(layer), name), 0)
                new = self.momentum * old + getattr(layer, "grad_" + name)
                self.v[id(layer), name] = new
                parameter = getattr(layer, name)
                parameter -= self.learning_rate * new
""",
    ),
    right(
        "a layer that lets go of its memory after backward",
        "dense",
        (_AT_INPUT, "self.x = None\n        del self.a\n        return D @ self.kernel.T"),
    ),
    right(
        "forward in float32, returned as float64",
        "dense",
        (
            f"a = {_SCORES}",
            "x32, kernel, bias = (v.astype(np.float32) for v in (x, self.kernel, self.bias))\n"
            "        a = x32 @ kernel + bias",
        ),
        (
            "        self.x, self.a = x, a\n",
            "        a = a.astype(float)\n        self.x, self.a = x, a\n",
        ),
    ),
    right(
        "a layer that keeps its number of inputs",
        "dense",
        (
            "        limit = np.sqrt(",
            "        self.n_inputs = n_inputs\n        limit = np.sqrt(",
        ),
        (f"a = {_SCORES}", "a = x.reshape(-1, self.n_inputs) @ self.kernel + self.bias"),
    ),
    right(
        "backward in float32",
        "dense",
        (
            "        D = grad_output\n",
            "        grad_output = grad_output.astype(np.float32)\n        D = grad_output\n",
        ),
    ),
]
