"""Lab 2's bank: right answers written differently, and mistakes with the sentence that names them."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_W1 = "self.W1 = rng.normal(0, 0.01, (hidden, self.n_features)).astype(np.float32)"
_B1 = "self.b1 = np.zeros((hidden, 1), dtype=np.float32)"
_W2 = "self.W2 = rng.normal(0, 0.01, (outputs, hidden)).astype(np.float32)"
_B2 = "self.b2 = np.zeros((outputs, 1), dtype=np.float32)"

_Z1 = "Z1 = self.W1 @ X + self.b1"
_A1 = "A1 = self.sigm(Z1)"
_Z2 = "Z2 = self.W2 @ A1 + self.b2"
_A2 = "A2 = self.sigm(Z2)"
_CACHE = '{"Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}'

_M = "m = X.shape[1]\n        l1_grad"
_DZ2 = 'dZ2 = cache["A2"] - Y'
_DW2 = 'dW2 = dZ2 @ cache["A1"].T / m + l1_grad["dW2"] + l2_grad["dW2"]'
_DB = "db# = np.mean(dZ#, axis=1, keepdims=True)"
_DZ1 = 'dZ1 = self.W2.T @ dZ2 * self.sigm.prime(cache["Z1"])'
_DW1 = 'dW1 = dZ1 @ X.T / m + l1_grad["dW1"] + l2_grad["dW1"]'
_GRADS = 'return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}'

_STEP = "self.W1 - self.learning_rate"
_PARAMETERS = ("W1", "b1", "W2", "b2")

_LABELS = "labels = one_hot(Y, self.model.n_classes).astype(X.dtype)"
_APPEND = "self._cost.append(cost + l1 + l2)"
_UPDATE = "self.model.update_parameters(self.model.backward_propagation(X, labels, cache))"
_PENALTIES = (
    "            l1 = self.model.reg.l1(self.model.W1, self.model.W2, m)\n"
    "            l2 = self.model.reg.l2(self.model.W1, self.model.W2, m)\n"
)
_ARGMAX = "np.argmax(answers, axis=0, keepdims=True)"


def _each(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Swap the same piece in the lines of all four parameters; # stands for the name of one."""
    return tuple((old.replace("#", name), new.replace("#", name)) for name in _PARAMETERS)


def _both(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Swap the same piece in the lines of both layers; # stands for the number of one."""
    return tuple((old.replace("#", layer), new.replace("#", layer)) for layer in "12")


def _init(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "neural_network", "test_initialize_parameters", says, *swap)


def _forward(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "neural_network", "test_forward_propagation", says, *swap)


def _backward(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "neural_network", "test_backward_propagation", says, *swap)


def _update(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "neural_network", "test_update_parameters", says, *swap)


def _fit(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "nn_classifier", "test_fit", says, *swap)


def _predict(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "nn_classifier", "test_predict", says, *swap)


MISTAKES: list[Mistake] = [
    # Initialisation
    _init(
        "weights of zero",
        "Your weights start at 0. Then all hidden units stay alike for ever: draw random numbers.",
        ("rng.normal(0, 0.01, ", "np.zeros("),
    ),
    _init(
        "weights too large",
        "Your weights are too large: scale the random numbers such that their standard deviation is "
        "0.01. Large weights leave most sigmoids stuck.",
        ("rng.normal(0, 0.01, ", "rng.normal(0, 1, "),
    ),
    _init(
        "weights too small",
        "Your weights are too small. 0.01 is the standard deviation, not the variance: do not square "
        "it, and apply it once.",
        ("rng.normal(0, 0.01, ", "rng.normal(0, 0.01**2, "),
    ),
    _init(
        "the second layer's weights too large",
        "Your W1 is as it should be, but W2 is too large: it needs the standard deviation 0.01, too.",
        (_W2, _W2.replace("0.01", "1")),
    ),
    _init(
        "weights of one sign",
        "Your weights are not centred on 0. Draw them from the normal distribution, which has both "
        "signs, not from numbers between 0 and 1.",
        ("rng.normal(0, 0.01, ", "rng.uniform(0, 0.01, "),
    ),
    _init(
        "weights from the uniform distribution",
        "Your weights have the right size but come from a uniform distribution. Take the normal one.",
        ("rng.normal(0, 0.01, ", "rng.uniform(-0.01 * 3**0.5, 0.01 * 3**0.5, "),
    ),
    _init(
        "all hidden units alike",
        "Every hidden unit starts with the same weights, so all of them will learn the same. Draw a "
        "number for every single weight.",
        (
            _W1,
            "self.W1 = np.repeat(rng.normal(0, 0.01, (1, self.n_features)), hidden, axis=0)",
        ),
    ),
    _init(
        "biases as flat arrays",
        "Your biases have the shape (n,). Make them columns of shape (n, 1); otherwise a sum with "
        "(n, m) spreads them along the wrong axis.",
        ("np.zeros((hidden, 1)", "np.zeros((hidden,)"),
        ("np.zeros((outputs, 1)", "np.zeros((outputs,)"),
    ),
    _init(
        "biases as rows",
        "Your biases are rows of shape (1, n). They should be columns of shape (n, 1).",
        ("(hidden, 1)", "(1, hidden)"),
        ("(outputs, 1)", "(1, outputs)"),
    ),
    _init(
        "random biases",
        "Your biases are not 0. Only the weights need random numbers; biases start at 0.",
        ("np.zeros((hidden, 1), dtype=np.float32)", "rng.normal(0, 0.01, (hidden, 1))"),
        ("np.zeros((outputs, 1), dtype=np.float32)", "rng.normal(0, 0.01, (outputs, 1))"),
    ),
    _init(
        "weights transposed",
        "Your weights are transposed. A row of W1 belongs to one hidden unit, so its shape is "
        "(n_hidden_units, n_features); W2's is (n_classes, n_hidden_units).",
        ("(hidden, self.n_features)", "(self.n_features, hidden)"),
        ("(outputs, hidden)", "(hidden, outputs)"),
    ),
    _init(
        "parameters that are forgotten",
        "Your method computes parameters but does not keep them: they must become attributes, "
        "self.W1 and so on.",
        *((line, line.removeprefix("self.")) for line in (_W1, _B1, _W2, _B2)),
    ),
    # Forward
    _forward(
        "forward without biases",
        "Your forward pass leaves out both biases: Z1 = W1 X + b1, and likewise for Z2.",
        *_both(" + self.b#", ""),
    ),
    _forward(
        "forward without the first bias",
        "Your Z1 leaves out b1.",
        (_Z1, _Z1.replace(" + self.b1", "")),
    ),
    _forward(
        "forward without the second bias",
        "Your Z2 leaves out b2.",
        (_Z2, _Z2.replace(" + self.b2", "")),
    ),
    _forward(
        "the biases subtracted",
        "You subtract the biases. They are added: Z1 = W1 X + b1.",
        *_both("+ self.b#", "- self.b#"),
    ),
    _forward(
        "outputs without a sigmoid",
        "Your A2 is Z2: the outputs need a sigmoid, too.",
        (_A2, "A2 = Z2"),
    ),
    _forward(
        "hidden units without a sigmoid",
        "Your A1 is Z1: the hidden units need a sigmoid. Without it, two layers do no more than one.",
        (_A1, "A1 = Z1"),
    ),
    _forward(
        "second layer fed with Z1",
        "Your second layer is fed with Z1. It takes A1, what the hidden units answer.",
        (_Z2, _Z2.replace("@ A1", "@ Z1")),
    ),
    _forward(
        "ReLU in the hidden layer",
        "Your hidden units use ReLU. In this lab they use self.sigm, like the outputs.",
        (_A1, "A1 = np.maximum(Z1, 0)"),
    ),
    _forward(
        "softmax as output",
        "Your outputs go through softmax. Here each output answers a question of its own, through "
        "self.sigm.",
        (_A2, "E = np.exp(Z2 - Z2.max(axis=0)); A2 = E / E.sum(axis=0)"),
    ),
    _forward(
        "the derivative for the function",
        "You send Z through self.sigm.prime, the derivative. The forward pass takes self.sigm itself.",
        *_both("self.sigm(Z#)", "self.sigm.prime(Z#)"),
    ),
    _forward(
        "the sigmoid applied twice",
        "Your outputs went through the sigmoid twice. Once is right.",
        (_A2, "A2 = self.sigm(self.sigm(Z2))"),
    ),
    _forward(
        "weights transposed in the product",
        "You multiply with the transposed weights. W1 is (n_hidden_units, n_features), so W1 @ X fits "
        "as it is.",
        *_both("self.W# @", "self.W#.T @"),
    ),
    _forward(
        "the answers alone",
        "You return A2 alone. The backward pass needs the others, too: return a dict of all four.",
        (f"return {_CACHE}", "return A2"),
    ),
    _forward(
        "a tuple for the cache",
        'You return the four arrays as a tuple. Return a dict with the keys "Z1", "A1", "Z2" and "A2".',
        (f"return {_CACHE}", "return Z1, A1, Z2, A2"),
    ),
    _forward(
        "Z and A exchanged in the cache",
        "Z and A have changed places in your cache: Z is before the sigmoid, A after it.",
        (_CACHE, '{"Z1": A1, "A1": Z1, "Z2": A2, "A2": Z2}'),
    ),
    _forward(
        "a sigmoid of one's own",
        "Your forward pass uses another sigmoid than the one that the network was given. Take "
        "self.sigm, so that what is passed to the constructor has an effect.",
        *_both("self.sigm(Z#)", "Sigmoid()(Z#)"),
    ),
    # Backward
    _backward(
        "a division by the answers",
        "You divide by A2, or by A2 (1 - A2). Where an answer is exactly 0 or 1, that is NaN. The slopes "
        "at the outputs are A2 - Y, without a division.",
        (
            _DZ2,
            'A2 = cache["A2"]\n        dZ2 = (-Y / A2 + (1 - Y) / (1 - A2)) * A2 * (1 - A2)',
        ),
    ),
    _backward(
        "dZ2 with the wrong sign",
        "Your dZ2 has the wrong sign: it is A2 - Y, so that a step against it brings A2 closer to Y.",
        (_DZ2, 'dZ2 = Y - cache["A2"]'),
    ),
    _backward(
        "dZ2 with another derivative of the sigmoid",
        "Your dZ2 is multiplied by the sigmoid's derivative. That one has cancelled against the cost's: "
        "dZ2 is A2 - Y alone.",
        (_DZ2, 'dZ2 = (cache["A2"] - Y) * self.sigm.prime(cache["Z2"])'),
    ),
    _backward(
        "dZ2 of a squared cost",
        "Your dZ2 is twice as large as it should be: 2(A2 - Y) belongs to a squared cost.",
        (_DZ2, 'dZ2 = 2 * (cache["A2"] - Y)'),
    ),
    _backward(
        "no mean over the examples",
        "Your gradients are sums over the examples. The cost is a mean, so divide by m, in the weights' "
        "gradients as in the biases'.",
        (".T / m", ".T"),
        *_both("np.mean(dZ#", "np.sum(dZ#"),
    ),
    _backward(
        "the weights' gradients without 1/m",
        "Your gradients of the weights are not divided by m, but those of the biases are.",
        (".T / m", ".T"),
    ),
    _backward(
        "the biases' gradients as sums",
        "Your gradients of the biases are sums. Take means over the examples, as for the weights.",
        *_both("np.mean(dZ#", "np.sum(dZ#"),
    ),
    _backward(
        "divided by m twice",
        "You divide by m twice: once in dZ2, and once more further down. Once is enough.",
        (_DZ2, 'dZ2 = (cache["A2"] - Y) / m'),
    ),
    _backward(
        "m counted along the wrong axis",
        "Your m is the number of features. The examples are the columns: X.shape[1].",
        (_M, _M.replace("shape[1]", "shape[0]")),
    ),
    _backward(
        "prime of A1",
        "You call self.sigm.prime with A1. It takes Z1: it applies the sigmoid itself.",
        (_DZ1, _DZ1.replace('cache["Z1"]', 'cache["A1"]')),
    ),
    _backward(
        "no derivative in the hidden layer",
        "Your dZ1 lacks the hidden units' own slope: multiply by self.sigm.prime(Z1).",
        (_DZ1, "dZ1 = self.W2.T @ dZ2"),
    ),
    _backward(
        "the function for the derivative",
        "Your dZ1 is multiplied by the sigmoid of Z1. It needs the sigmoid's derivative, self.sigm.prime.",
        (_DZ1, _DZ1.replace("sigm.prime", "sigm")),
    ),
    _backward(
        "the hidden layer blamed with A2",
        "Your dZ1 is computed from A2. What travels back is the error, dZ2.",
        (_DZ1, _DZ1.replace("@ dZ2", '@ cache["A2"]')),
    ),
    _backward(
        "dW2 from Z1",
        "Your dW2 is computed with Z1. The second layer's weights are multiplied by A1.",
        (_DW2, _DW2.replace('cache["A1"]', 'cache["Z1"]')),
    ),
    _backward(
        "dW transposed",
        "Your gradients of the weights are transposed. They must have the shapes of W1 and W2.",
        *_both('return {"dW1"', 'dW# = dW#.T\n        return {"dW1"'),
    ),
    _backward(
        "db as a single number",
        "Your gradients of the biases are single numbers. Take the mean over the examples only, so that "
        "each unit keeps its own.",
        *_both("np.mean(dZ#, axis=1, keepdims=True)", "np.mean(dZ#)"),
    ),
    _backward(
        "db as a flat array",
        "Your gradients of the biases have the shape (n,). With keepdims=True they stay columns of "
        "shape (n, 1); subtracting a flat array from a column makes a square.",
        (", axis=1, keepdims=True", ", axis=1"),
    ),
    _backward(
        "db along the wrong axis",
        "Your gradients of the biases are means over the units. Take means over the examples, along "
        "axis 1.",
        *_both("dZ#, axis=1", "dZ#, axis=0"),
    ),
    _backward(
        "db not summed up",
        "Your gradients of the biases still have one column per example. Take the mean over them.",
        *_both("np.mean(dZ#, axis=1, keepdims=True)", "dZ#"),
    ),
    _backward(
        "no penalties",
        "Your gradients are those of the cost alone. Add the gradients of both penalties to dW1 and dW2.",
        *_both(' + l1_grad["dW#"] + l2_grad["dW#"]', ""),
    ),
    _backward(
        "no L1 penalty",
        "The gradient of the L1 penalty is missing from dW1 and dW2.",
        *_both(' + l1_grad["dW#"]', ""),
    ),
    _backward(
        "no L2 penalty",
        "The gradient of the L2 penalty is missing from dW1 and dW2.",
        *_both(' + l2_grad["dW#"]', ""),
    ),
    _backward(
        "penalties of the second layer only",
        "Your dW1 lacks the penalties' gradients. They belong to both weight matrices.",
        (_DW1, _DW1.replace(' + l1_grad["dW1"] + l2_grad["dW1"]', "")),
    ),
    _backward(
        "penalties subtracted",
        "You subtract the penalties' gradients. They are added: the minus comes later, in the update.",
        *_both(' + l1_grad["dW#"] + l2_grad["dW#"]', ' - l1_grad["dW#"] - l2_grad["dW#"]'),
    ),
    _backward(
        "penalties divided by m again",
        "You divide the penalties' gradients by m, but self.reg has done that already.",
        *_both(
            ' / m + l1_grad["dW#"] + l2_grad["dW#"]',
            ' / m + (l1_grad["dW#"] + l2_grad["dW#"]) / m',
        ),
    ),
    _backward(
        "the penalties themselves",
        "You add the penalties, which are numbers. What belongs here is their gradients, l1_grad and "
        "l2_grad.",
        *_both(
            'l1_grad["dW#"] + l2_grad["dW#"]',
            "self.reg.l1(self.W1, self.W2, m) + self.reg.l2(self.W1, self.W2, m)",
        ),
    ),
    _backward(
        "the biases penalised, too",
        "You add a penalty to the gradients of the biases. Both penalties are on the weights alone.",
        *_both(
            _DB,
            _DB + " + self.reg.lambda_2 / m * self.b#",
        ),
    ),
    _backward(
        "parameters changed on the way",
        "Your backward pass changes the network's parameters. It only returns gradients: the step is "
        "the business of update_parameters.",
        (
            _GRADS,
            "self.W1 = self.W1 - self.learning_rate * dW1\n"
            "        self.W2 = self.W2 - self.learning_rate * dW2\n        " + _GRADS,
        ),
    ),
    _backward(
        "gradients that add up from call to call",
        "Your gradients add up from one call to the next. Each call starts from nothing.",
        (
            _GRADS,
            "self.total = getattr(self, 'total', 0) + dW2\n"
            '        return {"dW1": dW1, "db1": db1, "dW2": self.total, "db2": db2}',
        ),
    ),
    # Update
    _update(
        "a step uphill",
        "Your step goes uphill. The gradient points to where the cost grows: subtract it.",
        *_each("self.# - self.learning_rate", "self.# + self.learning_rate"),
    ),
    _update(
        "a step without the learning rate",
        "Your step ignores the learning rate: it is learning_rate times the gradient.",
        ("- self.learning_rate * ", "- "),
    ),
    _update(
        "a step that leaves the biases out",
        "Your step moves the weights only. The biases learn, too.",
        *_both("self.b# = self.b# - self.learning_rate *", "self.b# = self.b# - 0 *"),
    ),
    _update(
        "a step that leaves the first layer out",
        "Your step leaves the first layer as it is. All four parameters move.",
        ("self.W1 = self.W1 - self.learning_rate *", "self.W1 = self.W1 - 0 *"),
        ("self.b1 = self.b1 - self.learning_rate *", "self.b1 = self.b1 - 0 *"),
    ),
    _update(
        "a step that is forgotten",
        "Your method computes new parameters but does not keep them: assign to self.W1 and so on.",
        *_each("self.# = self.# -", "# = self.# -"),
    ),
    _update(
        "the gradient for the parameter",
        "Your parameters are replaced by the step. Subtract the step from what they were.",
        *_each("self.# - self.learning_rate *", "-self.learning_rate *"),
    ),
    _update(
        "the learning rate as a divisor",
        "You divide by the learning rate. The step is learning_rate times the gradient.",
        ("self.learning_rate * grads", "1 / self.learning_rate * grads"),
    ),
    _update(
        "the penalty a second time",
        "You add a penalty in the update, but the gradients hold it already: backward_propagation has "
        "added it.",
        *_both(
            'self.learning_rate * grads["dW#"]',
            'self.learning_rate * (grads["dW#"] + self.reg.l2_grad(self.W1, self.W2, 1)["dW#"])',
        ),
    ),
    # Fit
    _fit(
        "a tenth of the epochs",
        "You run a tenth of the epochs. There are as many as self.epochs says.",
        ("range(self.epochs)", "range(self.epochs // 10)"),
    ),
    _fit(
        "labels that are not one-hot",
        "The labels meet the network as they are, one row of whole numbers. Make them one-hot before "
        "the cost and backward_propagation see them.",
        (_LABELS, "labels = Y"),
    ),
    _fit(
        "labels one-hot for the cost only",
        "Your cost sees one-hot labels, but backward_propagation gets the row of labels itself, and "
        "NumPy subtracts it without complaint. It needs the one-hot labels, too.",
        (_UPDATE, _UPDATE.replace("labels", "Y")),
    ),
    _fit(
        "one-hot up to the largest label",
        "Your one-hot labels have as many rows as the largest label needs. When the last class has no "
        "example, rows are missing: take the model's n_classes.",
        ("self.model.n_classes", "int(Y.max()) + 1"),
    ),
    _fit(
        "the cost without penalties",
        "Your _cost holds the cost alone. What is minimised is the cost plus both penalties.",
        (_APPEND, "self._cost.append(cost)"),
    ),
    _fit(
        "the cost without the L1 penalty",
        "Your _cost lacks the L1 penalty.",
        (_APPEND, "self._cost.append(cost + l2)"),
    ),
    _fit(
        "the cost without the L2 penalty",
        "Your _cost lacks the L2 penalty.",
        (_APPEND, "self._cost.append(cost + l1)"),
    ),
    _fit(
        "the penalties subtracted from the cost",
        "You subtract the penalties from the cost. They are added.",
        (_APPEND, "self._cost.append(cost - l1 - l2)"),
    ),
    _fit(
        "the penalties with the number of features",
        "Your penalties are divided by the number of features. m is the number of examples, X.shape[1].",
        ("m = X.shape[1]", "m = X.shape[0]"),
    ),
    _fit(
        "nothing learned",
        "Your cost stays the same in every epoch: the parameters do not move, or start anew each time. "
        "Initialise before the loop, and call update_parameters in it.",
        (_UPDATE, "self.model.backward_propagation(X, labels, cache)"),
    ),
    _fit(
        "one forward pass for all epochs",
        "Your forward pass runs once, before the loop. After every update the answers change: compute "
        "them anew in each epoch.",
        (
            "        for _ in range(self.epochs):\n            cache = self.model.forward_propagation(X)\n",
            "        cache = self.model.forward_propagation(X)\n        for _ in range(self.epochs):\n",
        ),
    ),
    _fit(
        "a second fit that goes on",
        "Your second fit goes on from where the first ended. Each begins with new parameters: call "
        "initialize_parameters in fit, whatever has been before.",
        (
            "self.model.initialize_parameters()",
            'if not hasattr(self, "_cost"):\n            self.model.initialize_parameters()',
        ),
    ),
    _fit(
        "a single epoch",
        "Your training stops after the first epoch. Is there a return, or an indentation, too many or "
        "too few?",
        (_UPDATE, _UPDATE + "\n            return self"),
    ),
    _fit(
        "the last cost only",
        "Your _cost has one value for the whole training. Append one in every epoch.",
        (_APPEND, "self._cost = [cost + l1 + l2]"),
    ),
    _fit(
        "no cost kept",
        "Your _cost stays empty. Append one value in every epoch.",
        (_APPEND, "pass"),
    ),
    _fit(
        "one epoch too many",
        "Your training runs for one epoch too many. range(epochs) gives as many as there should be.",
        ("range(self.epochs)", "range(self.epochs + 1)"),
    ),
    _fit(
        "two steps in an epoch",
        "You take two steps in every epoch. One call of update_parameters per epoch is right.",
        (
            _UPDATE,
            "grads = self.model.backward_propagation(X, labels, cache)\n"
            "            self.model.update_parameters(grads)\n"
            "            self.model.update_parameters(grads)",
        ),
    ),
    # Predict
    _predict(
        "the largest along each row",
        "You look for the largest entry along each row, over the examples. Look down each column: axis 0.",
        (_ARGMAX, "np.argmax(answers, axis=1)"),
    ),
    _predict(
        "the largest of all",
        "You look for the largest entry of the whole array. Every column has its own: axis 0.",
        (_ARGMAX, "np.argmax(answers)"),
    ),
    _predict(
        "how large, not where",
        "You return how large the largest output is. The label is the row in which it stands: argmax.",
        (_ARGMAX, "np.max(answers, axis=0, keepdims=True)"),
    ),
    _predict(
        "the smallest output",
        "You look for the smallest output. The largest one names the label.",
        ("np.argmax", "np.argmin"),
    ),
    _predict(
        "labels counted from 1",
        "Your labels are one too large. Rows, and digits, count from 0.",
        (_ARGMAX, f"{_ARGMAX} + 1"),
    ),
    _predict(
        "the outputs themselves",
        "You return the outputs. predict gives one label for each example.",
        (f"return {_ARGMAX}", "return answers"),
    ),
    _predict(
        "yes or no for each output",
        "You compare every output with 0.5. Several may be above it, or none: the largest one names the "
        "label.",
        (f"return {_ARGMAX}", "return (answers > 0.5).astype(int)"),
    ),
    _predict(
        "the busiest hidden unit",
        "You look for the largest entry of A1, the hidden units. The outputs are A2.",
        ('(X)["A2"]', '(X)["A1"]'),
    ),
    _predict(
        "one-hot predictions",
        "You return one-hot columns. predict gives the label itself.",
        (f"return {_ARGMAX}", "return (answers == answers.max(axis=0)).astype(int)"),
    ),
    _predict(
        "labels as a column",
        "Your labels stand in a column of shape (m, 1). Examples are columns, so labels are a row: (1, m).",
        (_ARGMAX, f"{_ARGMAX}.T"),
    ),
]

_AFTER = (
    "            self.model.update_parameters(self.model.backward_propagation(X, labels, cache))\n"
)

RIGHT: list[Variant] = [
    right(
        "legacy random numbers with a fixed seed",
        "neural_network",
        (_W1, "np.random.seed(42); self.W1 = np.random.randn(hidden, self.n_features) * 0.01"),
        (_W2, "self.W2 = 0.01 * np.random.standard_normal((outputs, hidden))"),
        (_B1, "self.b1 = np.zeros((hidden, 1))"),
        (_B2, "self.b2 = np.zeros(shape=(self.n_classes, 1), dtype=int)"),
    ),
    right(
        "parameters initialised by the constructor",
        "neural_network",
        (
            "self.W1 = self.b1 = self.W2 = self.b2 = None",
            "self.initialize_parameters()",
        ),
    ),
    right(
        "forward with loops over the examples",
        "neural_network",
        (
            f"{_Z1}\n        {_A1}\n        {_Z2}\n        {_A2}\n        return {_CACHE}",
            "cache = {name: [] for name in ('Z1', 'A1', 'Z2', 'A2')}\n"
            "        for i in range(X.shape[1]):\n"
            "            z1 = np.dot(self.W1, X[:, i]) + self.b1[:, 0]\n"
            "            a1 = self.sigm(z1)\n"
            "            z2 = np.dot(self.W2, a1) + self.b2[:, 0]\n"
            "            for name, value in zip(cache, (z1, a1, z2, self.sigm(z2))):\n"
            "                cache[name].append(value)\n"
            "        return {name: np.array(columns).T for name, columns in cache.items()}",
        ),
    ),
    right(
        "forward with einsum and an input in the cache",
        "neural_network",
        (_Z1, "Z1 = np.einsum('hf,fm->hm', self.W1, X) + self.b1"),
        (_Z2, "Z2 = np.add(np.matmul(self.W2, A1), self.b2)"),
        (_CACHE, '{"X": X, "A2": A2, "Z2": Z2, "A1": A1, "Z1": Z1}'),
    ),
    right(
        "forward with the bias as one more weight",
        "neural_network",
        (_Z1, "Z1 = np.hstack([self.W1, self.b1]) @ np.vstack([X, np.ones((1, X.shape[1]))])"),
    ),
    right(
        "slope of the hidden units from A1",
        "neural_network",
        (_DZ1, 'dZ1 = np.dot(self.W2.T, dZ2) * cache["A1"] * (1 - cache["A1"])'),
    ),
    right(
        "1/m taken out at once",
        "neural_network",
        (_DZ2, 'dZ2 = (cache["A2"] - Y) / m'),
        (".T / m", ".T"),
        *_both("np.mean(dZ#", "np.sum(dZ#"),
    ),
    right(
        "backward with loops over the examples",
        "neural_network",
        (_DW1, "dW1, dW2, db1, db2 = (0 * p for p in (self.W1, self.W2, self.b1, self.b2))"),
        (_DW2, "pass"),
        (_DB.replace("#", "2"), "pass"),
        (
            _DB.replace("#", "1"),
            "for i in range(m):\n"
            "            dW2 = dW2 + np.outer(dZ2[:, i], cache['A1'][:, i]) / m\n"
            "            dW1 = dW1 + np.outer(dZ1[:, i], X[:, i]) / m\n"
            "            db2 = db2 + dZ2[:, i : i + 1] / m\n"
            "            db1 = db1 + dZ1[:, [i]] / m\n"
            "        for g in (l1_grad, l2_grad):\n"
            "            dW1, dW2 = dW1 + g['dW1'], dW2 + g['dW2']",
        ),
    ),
    right(
        "backward that runs forward again",
        "neural_network",
        (_DZ2, 'cache = self.forward_propagation(X)\n        dZ2 = cache["A2"] - Y'),
    ),
    right(
        "backward with the penalties' slopes spelt out",
        "neural_network",
        (
            _DW2,
            'dW2 = 1 / m * (np.einsum("km,hm->kh", dZ2, cache["A1"]) + self.reg.lambda_1 * np.sign(self.W2) + self.reg.lambda_2 * self.W2)',
        ),
        (_DB.replace("#", "2"), "db2 = dZ2.mean(axis=1).reshape(-1, 1)"),
    ),
    right(
        "backward in float32",
        "neural_network",
        (_DZ2, 'dZ2 = (cache["A2"] - Y).astype(np.float32)'),
        (_GRADS, _GRADS.replace("dW1,", "dW1.astype(np.float32),")),
    ),
    right(
        "update in place",
        "neural_network",
        *_each("self.# = self.# - self.learning_rate *", "self.# -= self.learning_rate *"),
    ),
    right(
        "update in a loop",
        "neural_network",
        (
            'self.W1 = self.W1 - self.learning_rate * grads["dW1"]',
            "for name in ('W1', 'b1', 'W2', 'b2'):",
        ),
        (
            'self.b1 = self.b1 - self.learning_rate * grads["db1"]',
            "    setattr(self, name, getattr(self, name) - self.learning_rate * grads['d' + name])",
        ),
        ('self.W2 = self.W2 - self.learning_rate * grads["dW2"]', ""),
        ('self.b2 = self.b2 - self.learning_rate * grads["db2"]', "return self"),
    ),
    right(
        "cost measured after the step",
        "nn_classifier",
        (
            _AFTER.rstrip("\n"),
            "",
        ),
        (
            "            cost = compute_cost",
            _AFTER
            + "            cache = self.model.forward_propagation(X)\n            cost = compute_cost",
        ),
    ),
    right(
        "cost before the step, penalties after it",
        "nn_classifier",
        (_AFTER.rstrip("\n"), ""),
        (_PENALTIES, _AFTER + _PENALTIES),
    ),
    right(
        "training from the parameters that are there",
        "nn_classifier",
        ("        self.model.initialize_parameters()\n        self._cost = []\n", ""),
        ("for _ in range(self.epochs):", "while len(self._cost) < self.epochs:"),
    ),
    right(
        "one-hot by hand, costs in an array",
        "nn_classifier",
        (
            _LABELS,
            "labels = np.zeros((self.model.b2.shape[0], m)); labels[Y.flatten(), np.arange(m)] = 1",
        ),
        ("self._cost = []", "self._cost = np.array([])"),
        (_APPEND, "print(cost); self._cost = np.append(self._cost, np.array([[cost + l1 + l2]]))"),
    ),
    right(
        "training in float32",
        "nn_classifier",
        ("m = X.shape[1]", "X = X.astype(np.float32); m = X.shape[1]"),
    ),
    right("labels of shape (m,)", "nn_classifier", (", keepdims=True", "")),
    right("labels from Z2", "nn_classifier", ('(X)["A2"]', '(X)["Z2"]')),
    right(
        "labels from a loop",
        "nn_classifier",
        (
            f"return {_ARGMAX}",
            "labels = []\n"
            "        for column in answers.T:\n"
            "            labels.append(float(list(column).index(max(column))))\n"
            "        return np.array([labels])",
        ),
    ),
]
