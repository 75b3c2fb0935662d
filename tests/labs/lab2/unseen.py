"""Answers to Lab 2 that its bank was not made for, by two hands."""

from __future__ import annotations

from tests.support.unseen import Spoilt, Unseen, right_in, unseen_in

unseen = unseen_in("lab2_neural_network_class")
right = right_in("lab2_neural_network_class")

_UPDATE = """        self.W1 = self.W1 - self.learning_rate * grads["dW1"]
        self.b1 = self.b1 - self.learning_rate * grads["db1"]
        self.W2 = self.W2 - self.learning_rate * grads["dW2"]
        self.b2 = self.b2 - self.learning_rate * grads["db2"]
"""

FIRST: list[Unseen] = [
    unseen(
        "0.01 as the mean",
        "neural_network",
        "rng.normal takes the mean first: 0.01 became the mean, and the standard deviation is 1.",
        r"too large.*standard deviation|mean of W1",
        (
            "rng.normal(0, 0.01, (hidden, self.n_features))",
            "rng.normal(0.01, size=(hidden, self.n_features))",
        ),
        ("rng.normal(0, 0.01, (outputs, hidden))", "rng.normal(0.01, size=(outputs, hidden))"),
    ),
    unseen(
        "Z2 and A2 under each other's key",
        "neural_network",
        "The two last entries of the dict are exchanged.",
        r"Z2.*A2.*|exchanged|swapped",
        ('"Z2": Z2, "A2": A2', '"Z2": A2, "A2": Z2'),
    ),
    unseen(
        "biases added after the sigmoid",
        "neural_network",
        "b1 and b2 are added to what the sigmoid gives, so Z1 lacks b1.",
        r"Z1.*(row.*(constant|same amount|number of its own)|bias|b1)",
        ("Z1 = self.W1 @ X + self.b1", "Z1 = self.W1 @ X"),
        ("A1 = self.sigm(Z1)", "A1 = self.sigm(Z1) + self.b1"),
        ("Z2 = self.W2 @ A1 + self.b2", "Z2 = self.W2 @ A1"),
        ("A2 = self.sigm(Z2)", "A2 = self.sigm(Z2) + self.b2"),
    ),
    unseen(
        "pixels divided by 255 once more",
        "neural_network",
        "forward_propagation scales its input, which is scaled already.",
        r"(on top of|apart from) b1.*(too small|factor)|X .*(scaled|divided)",
        ("Z1 = self.W1 @ X + self.b1", "Z1 = self.W1 @ (X / 255) + self.b1"),
    ),
    unseen(
        "penalties divided by m twice",
        "neural_network",
        "The penalties' gradients, which have their 1/m, are divided by m with all the rest.",
        r"penalties.*(divi|by m)|off by a multiple of .*W1",
        (
            'dZ2 @ cache["A1"].T / m + l1_grad["dW2"] + l2_grad["dW2"]',
            '(dZ2 @ cache["A1"].T + l1_grad["dW2"] + l2_grad["dW2"]) / m',
        ),
        (
            'dZ1 @ X.T / m + l1_grad["dW1"] + l2_grad["dW1"]',
            '(dZ1 @ X.T + l1_grad["dW1"] + l2_grad["dW1"]) / m',
        ),
    ),
    unseen(
        "m left behind by the forward pass",
        "neural_network",
        "backward_propagation takes m from an attribute that only forward_propagation sets.",
        r"attribute 'm'",
        (
            "        Z1 = self.W1 @ X + self.b1\n",
            "        self.m = X.shape[1]\n        Z1 = self.W1 @ X + self.b1\n",
        ),
        ("        m = X.shape[1]\n        l1_grad", "        m = self.m\n        l1_grad"),
    ),
    unseen(
        "// for /",
        "neural_network",
        "// rounds the means in dW1 and dW2 down to whole numbers.",
        r"round|whole numbers|//",
        ('dZ2 @ cache["A1"].T / m', 'dZ2 @ cache["A1"].T // m'),
        ("dZ1 @ X.T / m", "dZ1 @ X.T // m"),
    ),
    unseen(
        "a loop that binds a name of its own",
        "neural_network",
        "The new values are bound to the loop's variable, and the network keeps its old ones.",
        r"W1 .*(unchanged|as it was|still)|does not keep",
        (
            _UPDATE,
            """        parameters = [self.W1, self.b1, self.W2, self.b2]
        for parameter, grad in zip(parameters, grads.values()):
            parameter = parameter - self.learning_rate * grad
""",
        ),
    ),
    unseen(
        "gradients scaled in place",
        "neural_network",
        "The gradients that it was given are multiplied by the learning rate in place.",
        r"changed its input grads",
        (
            _UPDATE,
            """        for name in ("W1", "b1", "W2", "b2"):
            grads["d" + name] *= self.learning_rate
            setattr(self, name, getattr(self, name) - grads["d" + name])
""",
        ),
    ),
    unseen(
        "costs of an earlier fit kept",
        "nn_classifier",
        "_cost is not emptied, so a second fit appends to the costs of the first.",
        r"second|earlier|_cost has \d+ values",
        ("        self._cost = []\n        m =", "        m ="),
    ),
    unseen(
        "forward pass before the loop",
        "nn_classifier",
        "The cache is computed once, so that every epoch uses the first answers.",
        r"value 2 .*value 1\b.*right|value 2 .*Right: value 1|once, before the loop",
        (
            """        for _ in range(self.epochs):
            cache = self.model.forward_propagation(X)
""",
            """        cache = self.model.forward_propagation(X)
        for _ in range(self.epochs):
""",
        ),
    ),
    unseen(
        "the hidden layer's largest unit",
        "nn_classifier",
        "The prediction is taken from A1, so it is the number of a hidden unit, not of a class.",
        r"hidden units|out of range|not a class",
        ('(X)["A2"]', '(X)["A1"]'),
    ),
]

# Written before the bank or any message was read; `tells` was fixed before the messages were seen.
SECOND: list[Unseen] = [
    unseen(
        "weights drawn with mean 0.01 and deviation 1",
        "neural_network",
        (
            "The first argument of rng.normal is the mean, not the standard deviation: the "
            "weights have mean 0.01 and standard deviation 1, a hundred times too large."
        ),
        (
            r"(?i)standard deviation|\bstd\b|deviation|spread|variance|\bscale\b|too (large"
            r"|big)|hundred times|100 times|order of (the |its )?arguments|(first"
            r"|second) argument|must be small|small enough"
        ),
        (
            "rng.normal(0, 0.01, (hidden, self.n_features))",
            "rng.normal(0.01, size=(hidden, self.n_features))",
        ),
        ("rng.normal(0, 0.01, (outputs, hidden))", "rng.normal(0.01, size=(outputs, hidden))"),
    ),
    unseen(
        "biases added after the sigmoid",
        "neural_network",
        ("The biases are added to A, after the sigmoid, instead of to Z inside it."),
        (r"(?i)\bbias(es)?\b|(?<!W1, )(?<!W2, )(?<!W1 )(?<!W2 )\bb[12]\b"),
        (
            """        Z1 = self.W1 @ X + self.b1
        A1 = self.sigm(Z1)
        Z2 = self.W2 @ A1 + self.b2
        A2 = self.sigm(Z2)
""",
            """        Z1 = self.W1 @ X
        A1 = self.sigm(Z1) + self.b1
        Z2 = self.W2 @ A1
        A2 = self.sigm(Z2) + self.b2
""",
        ),
    ),
    unseen(
        "forward scales the pixels by their maximum",
        "neural_network",
        (
            "forward_propagation divides X by its largest value first; X is to be used as it is, "
            "and now an example's answer depends on the others beside it."
        ),
        (
            r"(?i)\bscal(e|es|ed|ing)\b|divid|normali[sz]|np\.max|maximum|largest (value"
            r"|entry)|X (just )?as (it|given|is)|X itself|(depend|influence"
            r"|affect)\w*.{0,40}(other|beside|rest|batch|together)|each (picture|example"
            r"|column) on its own|W1 ?@ ?X|multipl\w+ .{0,20}X\b|factor"
        ),
        (
            "        Z1 = self.W1 @ X + self.b1",
            """        X = X / np.max(X)
        Z1 = self.W1 @ X + self.b1""",
        ),
    ),
    unseen(
        "dW1 gets the L1 gradient twice",
        "neural_network",
        (
            "In dW1 the gradient of the L1 penalty is added twice and that of the L2 penalty not "
            "at all."
        ),
        (r"(?i)\bl ?[12]\b|L[₁₂]|l[12]_grad|lambda|λ|penalt|regulari[sz]"),
        ('l1_grad["dW1"] + l2_grad["dW1"]', 'l1_grad["dW1"] + l1_grad["dW1"]'),
    ),
    unseen(
        "penalties of dW2 divided by m once more",
        "neural_network",
        (
            "In dW2 the penalties' gradients are inside the bracket that is divided by m, and "
            "they have their 1/m already."
        ),
        (r"(?i)\bl ?[12]\b|L[₁₂]|l[12]_grad|lambda|λ|penalt|regulari[sz]"),
        (
            'dW2 = dZ2 @ cache["A1"].T / m + l1_grad["dW2"] + l2_grad["dW2"]',
            'dW2 = (dZ2 @ cache["A1"].T + l1_grad["dW2"] + l2_grad["dW2"]) / m',
        ),
    ),
    unseen(
        "db1 taken before the slope of the sigmoid",
        "neural_network",
        (
            "db1 is the mean of W2ᵀ dZ2, without the factor σ′(Z1); it must be the mean of dZ1, "
            "as dW1 is made from dZ1."
        ),
        (
            r"(?i)db1\b.{0,160}(prime|σ['′]|slope of (the |its )?sigmoid|sigmoid|derivative"
            r"|dZ1|factor)|(prime|σ['′]|slope of (the |its )?sigmoid|sigmoid'?s|derivative"
            r"|dZ1).{0,160}db1\b|W2(\.T|ᵀ|\^T)? ?@? ?dZ2.{0,80}(without|before|missing)"
        ),
        (
            '        dZ1 = self.W2.T @ dZ2 * self.sigm.prime(cache["Z1"])',
            """        dA1 = self.W2.T @ dZ2
        dZ1 = dA1 * self.sigm.prime(cache["Z1"])""",
        ),
        ("db1 = np.mean(dZ1, axis=1, keepdims=True)", "db1 = np.mean(dA1, axis=1, keepdims=True)"),
    ),
    unseen(
        "backward subtracts Y inside the cache",
        "neural_network",
        (
            'dZ2 = cache["A2"] is no copy, so dZ2 -= Y changes the cache; the answers in it are '
            "lost."
        ),
        (
            r"(?i)\bchang(es|ed|ing)\b|not (be )?chang|must not change|does not change"
            r"|alter(s|ed)|modif|mutat|in[ -]place|overwr|\bcop(y|ies)\b|untouched|spoil"
            r"|as (it|they) (was|were)|caller|left alone"
        ),
        (
            '        dZ2 = cache["A2"] - Y',
            """        dZ2 = cache["A2"]
        dZ2 -= Y""",
        ),
    ),
    unseen(
        "update multiplies the gradients in place",
        "neural_network",
        (
            "The step is made with *= in the dict of gradients, so the caller's gradients are "
            "changed."
        ),
        (
            r"(?i)\bchang(es|ed|ing)\b|not (be )?chang|must not change|does not change"
            r"|alter(s|ed)|modif|mutat|in[ -]place|overwr|\bcop(y|ies)\b|untouched|spoil"
            r"|as (it|they) (was|were)|caller|left alone"
        ),
        (
            """        self.W1 = self.W1 - self.learning_rate * grads["dW1"]
        self.b1 = self.b1 - self.learning_rate * grads["db1"]
        self.W2 = self.W2 - self.learning_rate * grads["dW2"]
        self.b2 = self.b2 - self.learning_rate * grads["db2"]
""",
            """        for name in ("W1", "b1", "W2", "b2"):
            step = grads["d" + name]
            step *= self.learning_rate
            setattr(self, name, getattr(self, name) - step)
""",
        ),
    ),
    unseen(
        "penalties in the cost with m of len Y",
        "nn_classifier",
        (
            "m = len(Y) is 1, the number of rows of Y, so the penalties in the cost are m times "
            "too large."
        ),
        (
            r"(?i)penalt|regulari[sz]|\bl ?1\b|\bl ?2\b|L[₁₂]|lambda|λ|len\(Y\)"
            r"|number of examples|m (is|=|was) 1\b|shape\[0\]"
        ),
        ("m = X.shape[1]", "m = len(Y)"),
    ),
    unseen(
        "a cost for every hundredth epoch",
        "nn_classifier",
        (
            "The cost is noted only in every hundredth epoch, while _cost must have one value for "
            "each epoch."
        ),
        (
            r"(?i)(every|each|per|for an|an) (single )?epoch|one (value|number|entry"
            r"|cost) (per|for each|for every|an)|\blength\b|\blen\(|how many"
            r"|(too )?few (values|entries|numbers|costs)|number of (values|entries|costs"
            r"|epochs)|(has|have|holds?|contains?|of|with|only) (\d+|one|two|three"
            r"|no) (values?|entr\w+|numbers?|costs?)|hundred|100"
        ),
        (
            """        for _ in range(self.epochs):
""",
            """        for epoch in range(self.epochs):
""",
        ),
        (
            """            self._cost.append(cost + l1 + l2)
""",
            """            if epoch % 100 == 0:
                self._cost.append(cost + l1 + l2)
""",
        ),
    ),
    unseen(
        "predict lists the labels class by class",
        "nn_classifier",
        (
            "np.where runs through the array row by row, so the labels come sorted by class and "
            "no longer belong to their examples."
        ),
        (
            r"(?i)\bsorted\b|ascending|\border(ed)?\b|np\.where|row by row|class by class"
            r"|(not|no longer) (belong|in the place)|belongs? to (its|their|another|which)"
            r"|right labels?.{0,40}(wrong|other) (place|example)|argmax|\beach (example"
            r"|column)'?s? (own|largest)|ties|places"
        ),
        (
            "        return np.argmax(answers, axis=0, keepdims=True)",
            "        return np.where(answers == answers.max(axis=0))[0].reshape(1, -1)",
        ),
    ),
    unseen(
        "predict takes the first output above one half",
        "nn_classifier",
        (
            "The outputs are compared with 0.5 before argmax, so the first one above a half wins, "
            "not the largest, and class 0 if there is none."
        ),
        (
            r"(?i)(above|below|than|exceed\w*|over|with|reach\w*|under|at|to) (0\.5|½|a half"
            r"|one half)|threshold|\blargest\b|highest|greatest|maximum|yes or no|boolean"
            r"|\b(first|every|any|all|no|none) .{0,30}(above|below)"
        ),
        (
            "np.argmax(answers, axis=0, keepdims=True)",
            "np.argmax(answers > 0.5, axis=0, keepdims=True)",
        ),
    ),
]

RIGHT: list[Unseen] = [
    right(
        "einsum and averages",
        "neural_network",
        ('dZ2 @ cache["A1"].T / m', 'np.einsum("km,hm->kh", dZ2, cache["A1"]) / m'),
        ("np.mean(dZ1, axis=1, keepdims=True)", "np.average(dZ1, axis=1)[:, None]"),
    ),
    right(
        "in place",
        "neural_network",
        (
            'self.W1 = self.W1 - self.learning_rate * grads["dW1"]',
            'self.W1 = self.W1 + -self.learning_rate * grads["dW1"]',
        ),
    ),
]

# What is spoilt for each test: a function, or a method and the attributes that it leaves behind.
PARAMETERS = ("W1", "b1", "W2", "b2")
SPOILT: Spoilt = {
    "test_forward_propagation": ("NeuralNetwork", "forward_propagation", ()),
    "test_backward_propagation": ("NeuralNetwork", "backward_propagation", ()),
    "test_update_parameters": ("NeuralNetwork", "update_parameters", PARAMETERS),
    "test_fit": ("NNClassifier", "fit", ("_cost",)),
    "test_predict": ("NNClassifier", "predict", ()),
}
