"""Answers to Lab 3 that its bank was not made for, by two hands."""

from __future__ import annotations

from tests.support.unseen import Spoilt, Unseen, right_in, unseen_in

unseen = unseen_in("lab3_two_layer_softmax")
right = right_in("lab3_two_layer_softmax")


FIRST: list[Unseen] = [
    unseen(
        "weights first, biases last",
        "init_params",
        "The four arrays come back in the order W1, W2, b1, b2.",
        r"order",
        ("return W1, b1, W2, b2", "return W1, W2, b1, b2"),
    ),
    unseen(
        "leaky ReLU",
        "relu",
        "What is negative is made small, not 0.",
        r"should be 0|not 0|negative entries pass",
        ("np.maximum(Z, 0)", "np.where(Z > 0, Z, 0.01 * Z)"),
    ),
    unseen(
        "negative entries left as they are",
        "relu_derivative",
        "Only positive entries are replaced, by 1; negative ones stay what they were.",
        r"should be 0|not 0|where Z is negative",
        (
            "return (Z > 0).astype(Z.dtype)",
            "slope = Z.copy()\n    slope[Z > 0] = 1\n    return slope",
        ),
    ),
    unseen(
        "shift in the numerator only",
        "softmax",
        "The numerator is shifted and the denominator is not, so columns do not add up to 1.",
        r"column.*(add up to|factor|sum)|factor.*each column",
        ("exponentials.sum(axis=0, keepdims=True)", "np.exp(Z).sum(axis=0, keepdims=True)"),
    ),
    unseen(
        "relu on the scores, too",
        "forward_prop",
        "The last layer's scores pass through relu before softmax.",
        r"(value 4|A2).*(others .*right|Right: value 1, value 2, value 3)|ReLU on the scores",
        ("A2 = softmax(Z2)", "A2 = softmax(relu(Z2))"),
    ),
    unseen(
        "logarithm of the mean",
        "cross_entropy",
        "The mean is taken before the logarithm, which is right for a single example only.",
        r"[Rr]ight with: a single example",
        (
            "float(-np.sum(Y * np.log(np.maximum(A2, tiny))) / m)",
            "float(-np.log(np.maximum(np.sum(Y * A2) / m, tiny)))",
        ),
    ),
    unseen(
        "whole rows moved at once",
        "numerical_gradient",
        "range(len(theta)) runs over rows, so all entries of a row are moved together.",
        r"(rows?|along a row).*(alike|same|equal|together|constant|sum)",
        (
            """    for k in np.ndindex(theta.shape):
""",
            """    for k in range(len(theta)):
""",
        ),
    ),
    unseen(
        "db1 without the slope of ReLU",
        "backward_prop",
        "db1 is the mean of W2.T @ dZ2, without ReLU's slope; all the rest is right.",
        r"(db1|value 2).*(others|rest|else) .*right",
        (
            "db1 = dZ1.mean(axis=1, keepdims=True)",
            "db1 = (W2.T @ dZ2).mean(axis=1, keepdims=True)",
        ),
    ),
    unseen(
        "a learning rate of its own",
        "update_params",
        "The step has the length 0.1, whatever alpha is.",
        r"on top of W1 is too (small|large)|step.*(short|long)|alpha",
        (
            "    return W1 - alpha * dW1",
            "    alpha = 0.1\n    return W1 - alpha * dW1",
        ),
    ),
    unseen(
        "classes counted from 1",
        "get_predictions",
        "Every prediction is one too large.",
        r"(one|1) too (large|high)|off by one|same (amount|number) is added|added|counted from",
        ("A2.argmax(axis=0)", "A2.argmax(axis=0) + 1"),
    ),
    unseen(
        "divided by len(y)",
        "get_predictions",
        "len(y) is 1 for a row of labels, so the accuracy is a count.",
        r"too large.*division|[Dd]ivide it by",
        ("float(np.mean(predictions == y))", "float(np.sum(predictions == y) / len(y))"),
    ),
    unseen(
        "a learning rate that decays",
        "gradient_descent",
        "alpha shrinks in every step, which nobody asked for, so the later steps are too short.",
        r"(steps?|updates?).*(short|small|length)|alpha|learning rate",
        (
            "        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)\n",
            "        W1, b1, W2, b2 = update_params(W1, b1, W2, b2, *gradients, alpha)\n"
            "        alpha = 0.95 * alpha\n",
        ),
    ),
]

# Written before the bank or any message was read; `tells` was fixed before the messages were seen.
SECOND: list[Unseen] = [
    unseen(
        "one row of weights for all units",
        "init_params",
        (
            "A single row is drawn and broadcast to all units, so they all start as twins with "
            "the same weights."
        ),
        (
            r"(?i)twins?\b|identical|alike|\b(same|equal)\b.{0,30}(weights|row|number|unit"
            r"|start)|(rows?|units?|weights)\b.{0,60}\b(same|equal|repeat\w*|cop(y|ies))"
            r"|repeat|differ(ent)? from (each other|one another|unit to unit)|distinct"
            r"|broadcast"
        ),
        (
            "rng.normal(0, np.sqrt(2 / n_features), (n_hidden, n_features))",
            "np.zeros((n_hidden, n_features)) + rng.normal(0, np.sqrt(2 / n_features), n_features)",
        ),
        (
            "rng.normal(0, np.sqrt(2 / n_hidden), (n_classes, n_hidden))",
            "np.zeros((n_classes, n_hidden)) + rng.normal(0, np.sqrt(2 / n_hidden), n_hidden)",
        ),
    ),
    unseen(
        "leaky relu",
        "relu",
        ("Negative entries are multiplied by 0.01, a leaky ReLU, instead of being replaced by 0."),
        (r"(?i)leak|negative|below (0|zero)|less than (0|zero)|0\.01|hundredth|z ?< ?0"),
        ("np.maximum(Z, 0)", "np.where(Z > 0, Z, 0.01 * Z)"),
    ),
    unseen(
        "slope as relu divided by Z",
        "relu_derivative",
        ("relu(Z) / Z is 0/0, NaN, where Z is exactly 0."),
        (
            r"(?i)\bnan\b|not a number|0 ?/ ?0|divi(de|sion|ding)|(exactly|\bat|\bZ is"
            r"|entr\w+ (is|are|of)|where .{0,10}is) (exactly )?((?<![.\d])0(?!\.?\d)|zero)"
            r"|z ?==? ?(?<![.\d])0(?!\.?\d)|corner"
        ),
        ("(Z > 0).astype(Z.dtype)", "relu(Z) / Z"),
    ),
    unseen(
        "softmax shifts by the largest absolute value",
        "softmax",
        (
            "The shift is the largest absolute value, so with large negative scores every "
            "exponential of the column is 0, and 0/0 is NaN; subtract the largest score."
        ),
        (
            r"(?i)\babs(olute)?\b|[-−] ?1 ?000|\bnegative|0 ?/ ?0|\bnan\b|not a number"
            r"|underflow|largest score|its (own )?(largest|maximum)|Z\.max|maximum of (each"
            r"|its|the) column|vanish|exponentials? .{0,30}\b0\b"
        ),
        ("Z.max(axis=0, keepdims=True)", "np.abs(Z).max(axis=0, keepdims=True)"),
    ),
    unseen(
        "a probability of 0 costs nothing",
        "cross_entropy",
        (
            "Where A2 is 0 the logarithm is taken of 1, so the worst answer of all, sure and "
            "wrong, costs nothing; lift it to a tiny number instead."
        ),
        (
            r"(?i)costs? (you |it )?(nothing|(?<![.\d])0(?!\.?\d)|zero|too little|less)"
            r"|free of charge|for free|nothing is charged|sure and wrong|wrong and sure"
            r"|\bworst\b|log ?\(?1\)?(?![.\d])|logarithm of 1|(true class|true digit"
            r"|right class|probability|\bA2)('s)? .{0,40}\b((?<![.\d])0(?!\.?\d)|zero)"
            r"|exactly ((?<![.\d])0(?!\.?\d)|zero)|\btiny\b|1e-\d+|\bclip|(must|should"
            r"|ought).{0,20}(be )?(large|high|expensive)|\b28\b|27\.6"
        ),
        ("np.log(np.maximum(A2, tiny))", "np.log(np.where(A2 == 0, 1, A2))"),
    ),
    unseen(
        "relu writes into Z1",
        "forward_prop",
        (
            "np.maximum(Z1, 0, out=Z1) overwrites Z1, so the Z1 that is returned has lost its "
            "negative entries and equals A1."
        ),
        (
            r"(?i)\bZ1\b.{0,100}(negative|overwr|chang|in[ -]place|before (the )?relu|\bcopy"
            r"|\brelu|\blost|cut)|(negative|overwr|chang|in[ -]place|\brelu\b"
            r"|\blost).{0,100}\bZ1\b|(same as|equals?|equal to|identical to|is|like) A1\b"
            r"|Z1 and A1"
        ),
        ("A1 = relu(Z1)", "A1 = np.maximum(Z1, 0, out=Z1)"),
    ),
    unseen(
        "relu's slope at the scores too",
        "backward_prop",
        (
            "dZ2 is multiplied by ReLU′(Z2), but there is no ReLU after the second layer: softmax "
            "and cross-entropy give dZ2 = A2 − Y alone."
        ),
        (
            r"(?i)relu.{0,120}(second|scores?|Z2|last|output|first layer only|only)"
            r"|(second layer|scores?|Z2|last layer|output).{0,120}relu|A2? ?[-−] ?Y\b"
            r"|(negative|below 0).{0,40}scores?|scores?.{0,60}(negative|below 0)"
            r"|Z2\b.{0,40}(negative|below|< ?0)|no relu"
        ),
        ("dZ2 = A2 - Y", "dZ2 = (A2 - Y) * relu_derivative(Z2)"),
    ),
    unseen(
        "dW1 divided by m twice",
        "backward_prop",
        (
            "dZ2 is divided by m at once, and that comes along into dZ1; dW1 is then divided by m "
            "a second time."
        ),
        (
            r"(?i)dW1\b.{0,160}(twice|second time|once more|too small|m times|times too"
            r"|times as|/ ?m\b|1/m|divid|by m\b)|(twice|second time|too small|divid\w*"
            r"|1/m).{0,160}dW1\b|(1/m|divid\w* by m|mean).{0,60}(twice|two times|second time"
            r"|once (only|more)|already)"
        ),
        ("dZ2 = A2 - Y", "dZ2 = (A2 - Y) / m"),
        ("dZ2 @ A1.T / m", "dZ2 @ A1.T"),
        ("dZ2.mean(", "dZ2.sum("),
        ("dZ1.mean(", "dZ1.sum("),
    ),
    unseen(
        "the step keeps the entries before",
        "numerical_gradient",
        (
            "The array of steps is made once and never set back to 0, so at the k-th entry all "
            "entries before it move as well and their slopes add up."
        ),
        (
            r"(?i)\bset (it )?back|set to 0 again|\breset|(put|move)\w* (it|them|the entry"
            r"|each|every)?.{0,15}\bback|(entries|those|ones) (before|so far)|\b(other|others"
            r"|earlier|former|previous|several|more than one)\b.{0,20}\b(entr|place|coordinat"
            r"|component)|accumul|add up|running (sum|total)|cumulat|one entry at a time"
            r"|single entry|only (one|that|this) entry|(others|rest) (must |should )?(stay"
            r"|where|in (their|its) place|left|unchanged)|sum of (all )?(the )?slopes"
            r"|first entry (alone|only)|still moved"
        ),
        (
            """    for k in np.ndindex(theta.shape):
        step = np.zeros(theta.shape)
""",
            """    step = np.zeros(theta.shape)
    for k in np.ndindex(theta.shape):
""",
        ),
    ),
    unseen(
        "b2 moves by a share of itself",
        "update_params",
        ("b2 is changed by alpha times b2 itself, not by alpha times its gradient db2."),
        (r"(?<!W2, )(?<!W2 )\bd?b2\b|(?i:second bias|bias of the second)"),
        ("b2 - alpha * db2", "b2 - alpha * b2"),
    ),
    unseen(
        "accuracy divides by len of y",
        "get_predictions",
        (
            "len(y) is 1, as y has one row, so the result is the number of right predictions and "
            "not their share."
        ),
        (
            r"(?i)\bcount\b|number of (right|correct|hits|true|examples|predictions|them)"
            r"|how many|len\(y\)|\bshare\b|0 to 1|0 and 1|(more|greater|larger) than 1\b"
            r"|above 1\b|divid|\bmean\b|y\.size|shape\[0\]"
        ),
        ("np.mean(predictions == y)", "np.sum(predictions == y) / len(y)"),
    ),
    unseen(
        "forward once before the loop",
        "gradient_descent",
        (
            "The forward pass is made once, before the loop, so every step uses the activations "
            "of the first parameters."
        ),
        (
            r"(?i)forward (pass )?(once|only|again|anew|in (each|every)|before|inside|is|must"
            r"|every|each|with)|(repeat|round|loop|each|every|once|call)\w*.{0,60}\bforward"
            r"|stale|(in|at|for|makes?|from|with|after) (every|each) (step|round|iteration)"
            r"|(first|second|later|after) (step|iteration|round)s?|inside (the )?loop"
            r"|before the loop|first parameters|out of date|outdated|old (activations"
            r"|parameters|values)|same (gradient|activations|step|Z|A)|new parameters"
        ),
        (
            """    for _ in range(iterations):
        Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
""",
            """    Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
    for _ in range(iterations):
""",
        ),
    ),
]

RIGHT: list[Unseen] = [
    right(
        "scores relative to the column's log-sum",
        "softmax",
        (
            "return exponentials / exponentials.sum(axis=0, keepdims=True)",
            "shifted = Z - Z.max(axis=0)\n"
            "    return np.exp(shifted - np.log(exponentials.sum(axis=0)))",
        ),
    ),
    right("half of Z and its absolute value", "relu", ("np.maximum(Z, 0)", "(Z + np.abs(Z)) / 2")),
]

# What is spoilt for each test: a function, or a method and the attributes that it leaves behind.
SPOILT: Spoilt = {
    f"test_{name}": ("", name, ())
    for name in (
        *("relu", "relu_derivative", "softmax", "cross_entropy", "forward_prop"),
        *("backward_prop", "numerical_gradient", "update_params", "get_predictions"),
        "get_accuracy",
    )
}
