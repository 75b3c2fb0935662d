"""Lab 5's bank: right answers written differently, and mistakes with the sentence that names them."""

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

_V_KERNEL = "v_kernel = self.momentum * v_kernel - self.learning_rate * layer.grad_kernel"
_V_BIAS = "v_bias = self.momentum * v_bias - self.learning_rate * layer.grad_bias"
_KEEP = "self.velocities[layer] = v_kernel, v_bias"
_LOOK_UP = "self.velocities.get(layer, (0.0, 0.0))"

_VISIT = """                for parent in node.parents:
                    visit(parent)
                self.nodes.append(node)
"""
_LAYERS = "list(dict.fromkeys(node.layer for node in self.nodes))"
_COLLECT = "grads[parent] = grads[parent] + grad if parent in grads else grad"
_IN_PLACE = """if parent in grads:
                    grads[parent] += grad
                else:
                    grads[parent] = grad"""
_AGAIN = (
    "            if len(layer.nodes) > 1:\n                layer.forward(*self._inputs_of(node))\n"
)
_SUM_KERNEL = "layer.grad_kernel = sums[layer][0] + layer.grad_kernel"
_SUM_BIAS = "layer.grad_bias = sums[layer][1] + layer.grad_bias"
_REMEMBER = '            if hasattr(layer, "kernel"):\n'
_SEND = (
    "zip(\n                node.parents, sent if isinstance(sent, tuple) else (sent,), strict=True\n"
    "            ):\n"
)
_FORWARD = "self.values[node] = node.layer.forward(*self._inputs_of(node))"

_BATCHES = "for start in range(0, n_rows(x), size)"
_TOGETHER = "return np.concatenate(batches)"

_SPLIT = "split = int(n_rows(x) * (1 - validation_split))"
_ORDER = "order = rng.permutation(m) if shuffle else np.arange(m)"
_STEPS = "for start in range(0, m, batch_size):"
_ROWS = "rows = order[start : start + batch_size]"
_STEP = "sums += len(rows) * np.array(self.train_on_batch(take(x, rows), y[rows]))"
_VALUES_OF_STEP = "new = np.array(self.train_on_batch(take(x, rows), y[rows]))"
_MEANS = "values = dict(zip(names, sums / m, strict=True))"
_VALIDATE = "measured = np.atleast_1d(self.evaluate(*validation_data))"
_ADAPT = "self.optimizer.apply(self.layers)"
_GO_BACK = "self.backward(self.loss.gradient(y, predicted))"
_PREDICTED = "predicted = self.predict(x, batch_size)"
_LIST = "return [loss, *(METRICS[name](y, predicted) for name in self.metrics)]"


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


def _graph(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "model", "test_graph", says, *swap)


def _predict(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "model", "test_predict", says, *swap)


def _fit(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "training", "test_fit", says, *swap)


def _evaluate(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "training", "test_evaluate", says, *swap)


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
        "Your kernel is transposed. With examples in rows it has the shape (n_inputs, units).",
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
        'With activation="relu" your layer lets negative scores pass.',
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
        'With activation="softmax" your layer returns the scores. Turn each row into probabilities.',
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
    # Graph
    _graph(
        "nodes before their parents",
        "Your nodes stand before their parents. Visit the parents first, then put the node in.",
        (
            _VISIT,
            "                self.nodes.append(node)\n"
            "                for parent in node.parents:\n"
            "                    visit(parent)\n",
        ),
    ),
    _graph(
        "nodes more than once",
        "At a branch your nodes occur more than once, once for every way to the output. Leave out a "
        "node that is in the list already.",
        ("if node not in self.nodes:", "if True:"),
    ),
    _graph(
        "the first parent alone",
        "You follow the first parent of each node only. Add and Concatenate have several.",
        (
            "for parent in node.parents:\n                    visit",
            "for parent in node.parents[:1]:\n                    visit",
        ),
    ),
    _graph(
        "layers more than once",
        "A shared layer occurs more than once in your layers, and would take its step more than once. "
        "Keep the first of each.",
        (_LAYERS, "[node.layer for node in self.nodes]"),
    ),
    _graph(
        "layers in the reverse order",
        "Your layers are not in the order of the nodes. Each stands where it first occurs there.",
        (_LAYERS, "list(dict.fromkeys(node.layer for node in reversed(self.nodes)))"),
    ),
    _graph(
        "the last branch alone",
        "At a branch your gradient is that of one child only. A node that feeds several gets the sum of "
        "what they send back.",
        (_COLLECT, "grads[parent] = grad"),
    ),
    _graph(
        "the last use of a shared layer alone",
        "A shared layer keeps the gradient of one of its nodes. Its kernel works at all of them: add "
        "up.",
        (_SUM_KERNEL, "pass"),
        (_SUM_BIAS, "pass"),
    ),
    _graph(
        "gradients add up from batch to batch",
        "Your gradients add up from one call of the model's backward to the next. A layer's sum is over "
        "its nodes in this call: begin anew each time.",
        ("        sums = {}\n", '        sums = self.__dict__.setdefault("sums", {})\n'),
    ),
    _graph(
        "gradients added up in place",
        "At a branch your += changes an array that another parent may hold, too: Add hands the same one "
        "to all of them. Write grads[p] = grads[p] + grad.",
        (_COLLECT, _IN_PLACE),
    ),
    _graph(
        "several gradients handed on as one",
        "Add and Concatenate return a tuple with one gradient for each parent. You hand the whole tuple "
        "to a parent: give each its own.",
        ("sent if isinstance(sent, tuple) else (sent,)", "(sent,) * len(node.parents)"),
    ),
    _graph(
        "several inputs taken for one",
        "Your forward puts the whole list into one input. For several inputs x is a list with one array "
        "for each, in the order of self.inputs.",
        ("arrays = x if isinstance(x, list) else [x]", "arrays = [x]"),
        ("arrays, strict=True", "arrays, strict=False"),
    ),
    _graph(
        "a shared layer remembers the wrong input",
        "A shared layer goes backward with what it remembers of another node. Let it go forward at "
        "this node once more.",
        (_AGAIN, ""),
    ),
    _graph(
        "every layer takes the node before it",
        "Your layers take the result of the node before them in the list. In a graph they take their "
        "parents' results.",
        (
            _FORWARD,
            "values = list(self.values.values())\n"
            "                self.values[node] = node.layer.forward(*values[-len(node.parents) :])",
        ),
    ),
    _graph(
        "a shared layer's bias not summed",
        "You add up a shared layer's grad_kernel over its nodes, and forget its grad_bias.",
        (_SUM_BIAS, "pass"),
    ),
    _graph(
        "a shared layer's sum of two nodes at most",
        "With a layer in three places one node is missing in the sum. Store the running sum, and add "
        "each new node's gradient to it.",
        (_REMEMBER, f"{_REMEMBER[:-2]} and layer not in sums:\n"),
    ),
    _graph(
        "a parent that is one twice gets one gradient",
        "Where a layer takes the same node twice, that node must get both gradients. Loop over "
        "zip(parents, gradients), not over a dict.",
        (
            _SEND,
            "dict(\n                zip(node.parents, sent if isinstance(sent, tuple) else (sent,))\n"
            "            ).items():\n",
        ),
    ),
    _graph(
        "gradients to the parents in the reverse order",
        "The gradients go to the wrong parents. A layer's tuple has the order of node.parents.",
        (_SEND, _SEND.replace("node.parents,", "node.parents[::-1],")),
    ),
    _graph(
        "the parents' values in the reverse order",
        "A layer with several parents gets their values in the wrong order. Take that of node.parents.",
        ("for parent in node.parents]", "for parent in node.parents[::-1]]"),
    ),
    _graph(
        "nodes that the output does not need",
        "There are nodes in your list that the output does not depend on. Start at the output and "
        "follow parents, not at the inputs and follow children.",
        (
            "        visit(outputs)\n",
            "        waiting = list(self.inputs)\n"
            "        while waiting:\n"
            "            node = waiting.pop(0)\n"
            "            visit(node)\n"
            "            waiting += node.children\n",
        ),
    ),
    _graph(
        "inputs in the order of the nodes",
        "Your forward hands the arrays out in the order in which the graph meets the inputs. They come "
        "in the order of self.inputs.",
        (
            "zip(self.inputs, arrays",
            "zip([node for node in self.nodes if node in self.inputs], arrays",
        ),
    ),
    _graph(
        "values of the forward before",
        "Your second forward returns the first one's result: the old self.values are still there. "
        "Begin each forward with a new dict.",
        (
            "self.values = dict(zip(self.inputs, arrays, strict=True))",
            "self.values.update(zip(self.inputs, arrays, strict=True))",
        ),
    ),
    _graph(
        "nodes marked as visited for ever",
        "You mark nodes as visited on the nodes themselves, so that a second model over the same graph "
        "finds none. Look into self.nodes, or into a set of this model's own.",
        (
            "            if node not in self.nodes:\n",
            '            if not getattr(node, "visited", False):\n                node.visited = True\n',
        ),
    ),
    _graph(
        "gradients fetched from all children",
        "You collect gradients from node.children, which may belong to another model. Let each node "
        "send to its parents.",
        (
            "            if node in self.inputs:\n",
            "            if any(child not in self.nodes for child in node.children):\n"
            "                raise KeyError(node)\n"
            "            if node in self.inputs:\n",
        ),
    ),
    _graph(
        "nodes sorted by the shortest way from an input",
        "Your nodes are sorted by the shortest way from an input. A node has to wait for the last of its "
        "parents, so the longest way counts.",
        (
            "        visit(outputs)\n",
            "        visit(outputs)\n\n"
            "        def depth(node: Node) -> int:\n"
            "            return 1 + min(map(depth, node.parents), default=0)\n\n"
            "        self.nodes.sort(key=depth)\n",
        ),
    ),
    _graph(
        "slopes asked of layers that do not learn",
        'A shared layer may have no kernel, such as Add. Check hasattr(layer, "kernel") before you '
        "use grad_kernel.",
        (_REMEMBER, "            if len(layer.nodes) > 1:\n"),
    ),
    _graph(
        "forward again for layers that learn only",
        "Repeat forward for every layer in several places, even one without a kernel: Add remembers "
        "how many parents it had last.",
        ("if len(layer.nodes) > 1:", 'if len(layer.nodes) > 1 and hasattr(layer, "kernel"):'),
    ),
    _graph(
        "sums begun at a layer's last node",
        "You begin a shared layer's sum at the last of layer.nodes. That may belong to another model: ask "
        "whether the layer has gone backward before in this call.",
        (
            "            if layer in sums:\n",
            "            if layer in sums and node is not layer.nodes[-1]:\n",
        ),
        ("        sums = {}\n", '        sums = self.__dict__.setdefault("sums", {})\n'),
    ),
    _graph(
        "values by layer",
        "You keep one result for each layer. A shared layer has one for each of its nodes.",
        (
            "return [self.values[parent] for parent in node.parents]",
            "return [self.results[parent.layer] for parent in node.parents]",
        ),
        (
            "        for node in self.nodes:\n            if node not in self.values:\n",
            "        self.results = {node.layer: array for node, array in self.values.items()}\n"
            "        for node in self.nodes:\n            if node not in self.values:\n",
        ),
        (_FORWARD, f"{_FORWARD}\n                self.results[node.layer] = self.values[node]"),
    ),
    # Prediction
    _predict(
        "predict drops the last batch",
        "The last examples are missing when the batch size does not divide their number. The last batch "
        "is smaller, and counts.",
        (_BATCHES, "for start in range(0, n_rows(x) - size + 1, size)"),
    ),
    _predict(
        "predict repeats the first batch",
        "Every batch of yours is the first one. Take the rows from start on.",
        ("slice(start, start + size)", "slice(0, size)"),
    ),
    _predict(
        "predict returns the last batch",
        "You return the answers to the last batch only. Put those of all batches together.",
        (_TOGETHER, "return batches[-1]"),
    ),
    _predict(
        "predict returns a list",
        "You return a list of batches. Make one array of them, with a row for each example.",
        (_TOGETHER, "return batches"),
    ),
    _predict(
        "predict returns labels",
        "You return labels. predict returns the model's answers as they are, one row for each example.",
        (_TOGETHER, "return np.concatenate(batches).argmax(axis=1)"),
    ),
    _predict(
        "predict with batches side by side",
        "Your batches stand side by side. Put them one below the other: axis 0 counts the examples.",
        (_TOGETHER, "return np.concatenate(batches, axis=1)"),
    ),
    _predict(
        "predict counts the arrays of a list",
        "With several inputs x is a list, and len(x) counts its arrays. n_rows(x) counts the examples.",
        ("size = batch_size or n_rows(x)", "size = batch_size or len(x)"),
        (_BATCHES, "for start in range(0, len(x), size)"),
    ),
    _predict(
        "predict takes rows of the list",
        "With several inputs x is a list: x[0:64] takes arrays out of it, not rows. take(x, …) takes the "
        "rows of each array.",
        ("take(x, slice(start, start + size))", "x[start : start + size]"),
    ),
    _predict(
        "predict in one batch",
        "Your answers are right, but all examples go forward at once, whatever batch_size is. Batches "
        "are there to save memory.",
        ("size = batch_size or n_rows(x)", "size = n_rows(x)"),
    ),
    # Training
    _fit(
        "fit never shuffles",
        "Your epochs do not shuffle the examples. Draw a new order from rng in each, unless shuffle is "
        "False.",
        (_ORDER, "order = np.arange(m)"),
    ),
    _fit(
        "fit shuffles from a generator of its own",
        "The order of your examples does not depend on the rng that fit is given. Draw it from that one.",
        ("rng = rng or np.random.default_rng()", "rng = np.random.default_rng(0)"),
    ),
    _fit(
        "fit shuffles from the global generator",
        "Your order does not come from rng, so no training can be repeated. Use rng.permutation.",
        ("rng.permutation(m)", "np.random.permutation(m)"),
    ),
    _fit(
        "fit shuffles x without y",
        "The examples are shuffled, and their labels are not. Take the same rows of both.",
        ("y[rows]))", "y[start : start + batch_size]))"),
    ),
    _fit(
        "fit drops the last batch",
        "The last, smaller batch is left out.",
        (_STEPS, "for start in range(0, m - batch_size + 1, batch_size):"),
        ("sums / m,", "sums / max(seen, 1),"),
    ),
    _fit(
        "fit repeats the first batch",
        "Every step is taken with the first batch. Go on to the next rows.",
        (_ROWS, "rows = order[:batch_size]"),
        ("sums / m,", "sums / seen,"),
    ),
    _fit(
        "every batch counts the same",
        "You take the plain mean of the batches' values. The last batch may be smaller: weight each by its "
        "number of examples.",
        (_STEP, _STEP.replace("len(rows) *", "m / -(-m // batch_size) *")),
    ),
    _fit(
        "values are sums",
        "The history holds sums over the examples. Divide by their number.",
        (_MEANS, _MEANS.replace("sums / m", "sums")),
    ),
    _fit(
        "values after the step",
        "Your values come from predictions after the step. Compute the loss and the metrics from the "
        "predictions made before it.",
        (_ADAPT, f"{_ADAPT}\n        predicted = self.forward(x)"),
    ),
    _fit(
        "two steps for one",
        "Each batch takes two steps. Call the optimiser once.",
        (_ADAPT, f"{_ADAPT}\n        {_ADAPT}"),
    ),
    _fit(
        "no step at all",
        "The parameters do not move: the optimiser is never asked to apply the gradients.",
        (_ADAPT, "pass"),
    ),
    _fit(
        "the loss's gradient with exchanged arguments",
        "The loss's gradient gets predictions and labels in the wrong order. The labels come first.",
        (_GO_BACK, "self.backward(self.loss.gradient(predicted, y))"),
    ),
    _fit(
        "the loss with exchanged arguments",
        "Your history's loss takes the predictions for the labels. The labels come first: y_true, then "
        "y_pred.",
        ("return [self.loss(y, predicted)", "return [self.loss(predicted, y)"),
    ),
    _fit(
        "one epoch too few",
        "There is one epoch too few.",
        ("in range(epochs)", "in range(1, epochs)"),
    ),
    _fit(
        "validation on the first examples",
        "You hold back the first examples. The last ones are for validation.",
        (_SPLIT, "split = n_rows(x) - int(n_rows(x) * (1 - validation_split))"),
        (
            "validation_data = take(x, slice(split, None)), y[split:]\n"
            "            x, y = take(x, slice(split)), y[:split]",
            "validation_data = take(x, slice(split)), y[:split]\n"
            "            x, y = take(x, slice(split, None)), y[split:]",
        ),
    ),
    _fit(
        "validation examples are trained on",
        "What is held back for validation is trained on as well. Then the validation loss tells you "
        "nothing about new examples.",
        ("            x, y = take(x, slice(split)), y[:split]\n", ""),
    ),
    _fit(
        "validation by a step",
        "You validate with train_on_batch, which learns from the examples for validation. Use evaluate.",
        (_VALIDATE, "measured = self.train_on_batch(*validation_data)"),
    ),
    _fit(
        "shuffled before the split",
        "You shuffle before you hold examples back. The last examples are for validation, in the order "
        "in which they come: split first.",
        (
            "        if validation_data is None and validation_split:",
            "        if shuffle:\n"
            "            mixed = rng.permutation(len(y))\n"
            "            x, y = take(x, mixed), y[mixed]\n"
            "        if validation_data is None and validation_split:",
        ),
    ),
    _fit(
        "one order for all epochs",
        "Every epoch has the same batches. Draw a new order in each: inside the loop over epochs.",
        (
            f"        for epoch in range(epochs):\n            {_ORDER}",
            f"        {_ORDER}\n        for epoch in range(epochs):",
        ),
    ),
    _fit(
        "validation_data is ignored",
        "You look at validation_split only. validation_data=(x, y) names examples for validation, too.",
        (
            "        if validation_data is None and validation_split:",
            "        validation_data = None\n        if validation_split:",
        ),
    ),
    _fit(
        "the share goes before the examples named",
        "With both validation_data and validation_split given, use validation_data, and train on all "
        "the examples.",
        ("if validation_data is None and validation_split:", "if validation_split:"),
    ),
    _fit(
        "fit takes rows of the list",
        "With several inputs x is a list, and x[rows] does not take rows from it. take(x, rows) takes "
        "those of each array.",
        ("take(x, rows)", "x[rows]"),
    ),
    _fit(
        "fit counts the arrays of a list",
        "With several inputs x is a list, and len(x) counts its arrays. n_rows(x) counts the examples.",
        ("split = int(n_rows(x)", "split = int(len(x)"),
    ),
    _fit(
        "the history goes on from fit to fit",
        "A second fit appends to the history of the first. Each call returns a History of its own.",
        ("history = History()", 'history = self.__dict__.setdefault("diary", History())'),
    ),
    _fit(
        "no validation",
        "The history lacks its val_ entries, although there are examples to validate on.",
        (
            "if validation_data is not None:\n                measured",
            "if False:\n                measured",
        ),
    ),
    _fit(
        "rounding the share held back, not the rest",
        "With a share that is no whole number of examples, your split holds back a different number "
        "of them. Train on the first int(m * (1 - validation_split)).",
        (
            "int(n_rows(x) * (1 - validation_split))",
            "n_rows(x) - int(n_rows(x) * validation_split)",
        ),
    ),
    _fit(
        "a layer moved once for each of its nodes",
        "A layer that occurs twice in the graph is moved twice in each step. self.layers holds it once: "
        "give that to the optimiser.",
        (
            "self.optimizer.apply(self.layers)",
            "self.optimizer.apply([n.layer for n in self.nodes])",
        ),
    ),
    _fit(
        "metrics are not recorded",
        "The history lacks the metrics. Beside the loss it holds each metric that compile was given.",
        ('names, m = ["loss", *self.metrics], len(y)', 'names, m = ["loss"], len(y)'),
        ("y[rows]))", "y[rows])[:1])"),
        (_VALIDATE, f"{_VALIDATE}[:1]"),
    ),
    _fit(
        "metrics of the last batch",
        "Your metrics are those of the last batch. Like the loss, they are means over the epoch.",
        (
            _STEP,
            f"{_VALUES_OF_STEP}\n"
            "                sums[0] += len(rows) * new[0]\n"
            "                sums[1:] = m * new[1:]",
        ),
    ),
    _fit(
        "metrics in which every batch counts the same",
        "Your metrics are plain means over the batches. Weight each batch by its number of examples, as "
        "you do for the loss.",
        (
            _STEP,
            f"{_VALUES_OF_STEP}\n"
            "                sums[0] += len(rows) * new[0]\n"
            "                sums[1:] += m / -(-m // batch_size) * new[1:]",
        ),
    ),
    _fit(
        "metrics after the step",
        "Your metrics come from predictions after the step. Like the loss, they are those of the "
        "predictions with which the step was worked out.",
        (
            "return [self.loss(y, predicted), *(METRICS[name](y, predicted)",
            "after = self.forward(x)\n"
            "        return [self.loss(y, predicted), *(METRICS[name](y, after)",
        ),
    ),
    _fit(
        "each batch drawn afresh",
        "You draw each batch on its own, so that in an epoch some examples come twice and others not at "
        "all. Draw one order for the epoch, and deal it out.",
        (
            _ROWS,
            "rows = order[start : start + batch_size]\n"
            "                if shuffle:\n"
            "                    rows = rng.choice(m, len(rows), replace=False)",
        ),
    ),
    _fit(
        "the step before the way back",
        "The optimiser takes its step before there are gradients: it moves by those of the batch "
        "before. Call self.backward first.",
        (
            f"{_GO_BACK}\n        {_ADAPT}",
            'ready = [layer for layer in self.layers if hasattr(layer, "grad_kernel")]\n'
            f"        self.optimizer.apply(ready)\n        {_GO_BACK}",
        ),
    ),
    _fit(
        "one order for all trainings without rng",
        "Where fit is given no rng, your order is the same in each training. Make a new generator without "
        "a seed: np.random.default_rng().",
        ("rng = rng or np.random.default_rng()", "rng = rng or np.random.default_rng(0)"),
    ),
    _fit(
        "fit makes the optimiser forget",
        "Your fit empties what the optimiser remembers. A second fit goes on from where the first ended, "
        "velocities included.",
        (
            "rng = rng or np.random.default_rng()",
            "rng = rng or np.random.default_rng()\n        self.optimizer.velocities = {}",
        ),
    ),
    _fit(
        "values of the whole set after the epoch",
        "Your history holds what evaluate gives for the training examples after each epoch. It holds "
        "the means of what train_on_batch gave during the epoch.",
        (
            "            progress.close(values)",
            "            values |= dict(zip(names, np.atleast_1d(self.evaluate(x, y)), strict=True))\n"
            "            progress.close(values)",
        ),
    ),
    _fit(
        "train_on_batch returns nothing",
        "Your train_on_batch takes its step, and returns nothing. It returns a list: the loss, then each "
        "metric.",
        (
            _STEP,
            "predicted = self.forward(take(x, rows))\n"
            "                self.backward(self.loss.gradient(y[rows], predicted))\n"
            "                self.optimizer.apply(self.layers)\n"
            "                new = [self.loss(y[rows], predicted)]\n"
            "                new += [METRICS[name](y[rows], predicted) for name in self.metrics]\n"
            "                sums += len(rows) * np.array(new)",
        ),
        (
            "return [self.loss(y, predicted), *(METRICS[name](y, predicted)",
            "[*(METRICS[name](y, predicted)",
        ),
    ),
    _fit(
        "the loss's gradient divided by m once more",
        "You divide the loss's gradient by m. It is that of a mean already: hand it on as it is.",
        (_GO_BACK, "self.backward(self.loss.gradient(y, predicted) / len(y))"),
    ),
    _fit(
        "the loss's gradient times m",
        "You multiply the loss's gradient by m. Hand it on as it is: the loss is a mean.",
        (_GO_BACK, "self.backward(self.loss.gradient(y, predicted) * len(y))"),
    ),
    _fit(
        "validation before the steps",
        "You evaluate before the epoch's steps. The values with val_ are those at the end of the epoch.",
        (f"                {_VALIDATE}\n", ""),
        (
            "            sums, seen = np.zeros(len(names)), 0\n",
            "            sums, seen = np.zeros(len(names)), 0\n"
            "            if validation_data is not None:\n"
            f"                {_VALIDATE}\n",
        ),
    ),
    _fit(
        "validation once for all",
        "You evaluate once, before the training, and write the same values down for each epoch. They are "
        "those at the end of the epoch.",
        (_VALIDATE, "measured = before"),
        (
            "        history = History()\n",
            "        history = History()\n        if validation_data is not None:\n"
            "            before = np.atleast_1d(self.evaluate(*validation_data))\n",
        ),
    ),
    _fit(
        "a share of nothing held back",
        "You record val_ values although there is nothing to validate on.",
        ("if validation_data is None and validation_split:", "if validation_data is None:"),
        (
            "np.atleast_1d(self.evaluate(*validation_data))",
            "[0.0] * len(names)\n                if len(validation_data[1]):\n"
            "                    measured = np.atleast_1d(self.evaluate(*validation_data))",
        ),
    ),
    _fit(
        "training on a random share",
        "You train on a random share of the examples, so that some that are held back are among them. The "
        "first int(m * (1 - validation_split)) are for training.",
        (
            "            x, y = take(x, slice(split)), y[:split]\n",
            "            chosen = rng.permutation(len(y))[:split] if shuffle else slice(split)\n"
            "            x, y = take(x, chosen), y[chosen]\n",
        ),
    ),
    _fit(
        "fit shuffles the arrays of a list apart",
        "With several inputs you shuffle each array on its own. A batch has the same rows of each.",
        (
            _STEP,
            _STEP.replace(
                "take(x, rows)",
                "([part[rng.permutation(m)[: len(rows)]] for part in x]\n"
                "                    if shuffle and isinstance(x, list)\n"
                "                    else take(x, rows))",
            ),
        ),
    ),
    _fit(
        "batch_size is ignored",
        "All examples go into one batch, whatever batch_size is.",
        ("        history = History()\n", "        history, batch_size = History(), m\n"),
    ),
    _fit(
        "the share to hold back is trained on",
        "You train on the share that should be held back, and hold back the rest. validation_split says "
        "how much is for validation.",
        ("* (1 - validation_split))", "* validation_split)"),
    ),
    # Evaluation
    _evaluate(
        "evaluate without metrics",
        "The metrics are missing. evaluate returns a list: the loss, then each metric.",
        (_LIST, "return loss"),
    ),
    _evaluate(
        "evaluate with the metrics first",
        "The loss comes first, then the metrics.",
        (_LIST, "return [*(METRICS[name](y, predicted) for name in self.metrics), loss]"),
    ),
    _evaluate(
        "evaluate trains",
        "Your evaluate changes the model. Use predict: evaluating is not training.",
        (
            _PREDICTED,
            f"{_PREDICTED}\n        self.train_on_batch(x, y)",
        ),
    ),
    _evaluate(
        "evaluate compares the labels with the inputs",
        "You compute the loss of the inputs. Compute it from predict's answers.",
        ("loss = self.loss(y, predicted)", "loss = self.loss(y, x)"),
    ),
    _evaluate(
        "evaluate in per cent",
        "Your accuracy is in per cent. Return it as a fraction from 0 to 1, as METRICS gives it.",
        (_LIST, "return [loss, *(100 * METRICS[name](y, predicted) for name in self.metrics)]"),
    ),
    _evaluate(
        "evaluate gives the loss of all examples together",
        "Your loss is multiplied by the number of examples. It is a mean already.",
        ("loss = self.loss(y, predicted)", "loss = self.loss(y, predicted) * len(y)"),
    ),
    _evaluate(
        "evaluate in one batch",
        "Your values are right, but all examples go forward at once, whatever batch_size is. Hand it on "
        "to predict.",
        (_PREDICTED, "predicted = self.predict(x)"),
    ),
    _evaluate(
        "evaluate counts the arrays of a list",
        "With several inputs x is a list, and len(x) counts its arrays. n_rows(x) counts the examples, and "
        "take(x, …) takes rows of each.",
        (
            _PREDICTED,
            "size = batch_size or len(y)\n"
            "        starts = range(0, len(x), size)\n"
            "        predicted = np.concatenate([self.predict(x[s : s + size]) for s in starts])",
        ),
    ),
    _evaluate(
        "evaluate as a plain mean over batches",
        "Your loss is the plain mean of the batches' losses. The last batch may be smaller: compute the "
        "loss of all predictions together, or weight each batch by its number of examples.",
        (
            _PREDICTED,
            "size = batch_size or n_rows(x)\n"
            "        starts = range(0, n_rows(x), size)\n"
            "        parts = [self.predict(take(x, slice(s, s + size))) for s in starts]\n"
            "        predicted = np.concatenate(parts)",
        ),
        (
            "loss = self.loss(y, predicted)",
            "losses = [self.loss(y[s : s + size], p) for s, p in zip(starts, parts, strict=True)]\n"
            "        loss = float(np.mean(losses))",
        ),
    ),
    _evaluate(
        "evaluate with labels and predictions exchanged",
        "Your loss takes the predictions for the labels. The labels come first: y_true, then y_pred.",
        ("loss = self.loss(y, predicted)", "loss = self.loss(predicted, y)"),
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
        "velocities without the learning rate, on the layer, in place",
        "sgd",
        code="""
class SGD:
    def __init__(self, learning_rate=0.01, momentum=0.0):
        self.learning_rate, self.momentum = learning_rate, momentum

    def apply(self, layers):
        for layer in layers:
            for name in ("kernel", "bias"):
                if not hasattr(layer, name):
                    continue
                old = getattr(layer, "v_" + name, 0)
                new = self.momentum * old + getattr(layer, "grad_" + name)
                setattr(layer, "v_" + name, new)
                parameter = getattr(layer, name)
                parameter -= self.learning_rate * new
""",
    ),
    right(
        "a topological order by counting parents",
        "model",
        (
            "        self.nodes = []\n\n"
            "        def visit(node: Node) -> None:\n"
            "            if node not in self.nodes:\n"
            f"{_VISIT}\n"
            "        visit(outputs)\n"
            f"        self.layers = {_LAYERS}\n",
            "        found, waiting = [], [outputs]\n"
            "        while waiting:\n"
            "            node = waiting.pop(0)\n"
            "            if node not in found:\n"
            "                found.append(node)\n"
            "                waiting += node.parents\n"
            "        self.nodes = []\n"
            "        while len(self.nodes) < len(found):\n"
            "            for node in reversed(found):\n"
            "                ready = all(parent in self.nodes for parent in node.parents)\n"
            "                if node not in self.nodes and ready:\n"
            "                    self.nodes.append(node)\n"
            "        self.layers = []\n"
            "        for node in self.nodes:\n"
            "            if node.layer not in self.layers:\n"
            "                self.layers.append(node.layer)\n",
        ),
    ),
    right(
        "gradients start at 0 and every node goes forward again",
        "model",
        ("            if len(layer.nodes) > 1:\n    ", ""),
        (_COLLECT, "grads[parent] = grads.get(parent, 0) + grad"),
    ),
    right(
        "gradients added up in arrays of their own",
        "model",
        (
            _COLLECT,
            "if parent not in grads:\n"
            "                    grads[parent] = np.zeros_like(grad)\n"
            "                grads[parent] += grad",
        ),
    ),
    right(
        "predict into an array that is there",
        "model",
        (
            "        batches = [\n"
            "            self.forward(take(x, slice(start, start + size))) for start in range(0, n_rows(x), size)\n"
            "        ]\n"
            "        return np.concatenate(batches)\n",
            "        answers = np.empty((n_rows(x), self.outputs.shape[1]))\n"
            "        for start in range(0, len(answers), size):\n"
            "            rows = slice(start, start + size)\n"
            "            answers[rows] = self.forward(take(x, rows))\n"
            "        return answers\n",
        ),
    ),
    right(
        "fit with shuffled copies",
        "training",
        (_ROWS, "rows = slice(start, start + batch_size)\n                n = len(y_epoch[rows])"),
        (_STEP, "sums += n * np.array(self.train_on_batch(take(x_epoch, rows), y_epoch[rows]))"),
        ("seen += len(rows)", "seen += n"),
        (
            "            progress = Progress",
            "            x_epoch, y_epoch = take(x, order), y[order]\n            progress = Progress",
        ),
    ),
    right(
        "fit that validates without evaluate",
        "training",
        (
            _VALIDATE,
            "x_val, y_val = validation_data\n"
            "                answers = self.predict(x_val)\n"
            "                measured = [self.loss(y_val, answers)]\n"
            "                measured += [METRICS[name](y_val, answers) for name in self.metrics]",
        ),
    ),
    right(
        "the loss first, then the step",
        "training",
        (
            f"        {_GO_BACK}\n        {_ADAPT}\n        return [",
            "        values = [",
        ),
        (
            "for name in self.metrics)]\n        ### END SOLUTION\n\n    def fit(",
            "for name in self.metrics)]\n"
            f"        {_GO_BACK}\n        {_ADAPT}\n        return values\n"
            "        ### END SOLUTION\n\n    def fit(",
        ),
    ),
    right(
        "evaluate returns a tuple",
        "training",
        (_LIST, "return (loss, *(METRICS[name](y, predicted) for name in self.metrics))"),
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
    right(
        "compile under other names",
        "training",
        ("self.optimizer", "self._moves"),
        ("self.loss", "self._costs"),
        ("self.metrics", "self._looks_at"),
    ),
    right(
        "training through the class above",
        "training",
        ("self.forward(x)", "super().forward(x)"),
        ("self.backward(self.loss", "super().backward(self.loss"),
    ),
    right(
        "predictions from the values",
        "training",
        (
            "predicted = self.forward(x)",
            "self.forward(x)\n        predicted = self.values[self.outputs]",
        ),
    ),
    right(
        "forward and predict through one helper",
        "model",
        (
            "    def _inputs_of(",
            "    def _run(self, x):\n"
            "        arrays = x if isinstance(x, list) else [x]\n"
            "        self.values = dict(zip(self.inputs, arrays))\n"
            "        for node in self.nodes:\n"
            "            if node not in self.values:\n"
            "                self.values[node] = node.layer.forward(*self._inputs_of(node))\n"
            "        return self.values[self.outputs]\n\n"
            "    def _inputs_of(",
        ),
        ("self.forward(take", "self._run(take"),
    ),
    right(
        "nodes and layers as properties",
        "model",
        ("self.nodes.append", "self._nodes.append"),
        ("        self.nodes = []\n", "        self._nodes = []\n"),
        (f"        self.layers = {_LAYERS}\n", ""),
        (
            "    def _inputs_of(",
            "    @property\n    def nodes(self):\n        return self._nodes\n\n"
            f"    @property\n    def layers(self):\n        return {_LAYERS}\n\n"
            "    def _inputs_of(",
        ),
    ),
]
