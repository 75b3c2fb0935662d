"""More wrong answers that the bank was not made for, by another hand than its own.

Written before the bank or any message was read; `tells` was fixed before the messages were seen.
"""

from __future__ import annotations

from tests.labs.unseen_mistakes import Unseen, unseen_in

_lab1 = unseen_in("lab1_helper_utilities")
_lab2 = unseen_in("lab2_neural_network_class")
_lab3 = unseen_in("lab3_two_layer_softmax")
_lab4 = unseen_in("lab4_deep_mini_batch")
_lab5 = unseen_in("lab5_functional_api")

SECOND: list[Unseen] = [
    _lab1(
        "sigmoid fills an array of z's own dtype",
        "sigmoid",
        (
            "The result is made with zeros_like(z), so for integers z it is an integer array and "
            "every fraction is cut off to 0."
        ),
        (
            r"(?i)\bint(eger)?s?\b|u?int\d+|whole number|\bdtype|truncat|cut(s)? (off|down)"
            r"|fraction|rounded (down|off)|zeros_like|\bfloats?\b"
        ),
        (
            """        z = 1.0 * np.asarray(z)  # bytes, for one, have no minus sign
        with np.errstate(over="ignore"):  # e^800 becomes infinity, and 1/∞ is 0, as it should be
            return 1 / (1 + np.exp(-z))
""",
            """        z = np.asarray(z)
        result = np.zeros_like(z)
        positive = z >= 0
        result[positive] = 1 / (1 + np.exp(-1.0 * z[positive]))
        result[~positive] = np.exp(1.0 * z[~positive]) / (1 + np.exp(1.0 * z[~positive]))
        return result
""",
        ),
    ),
    _lab1(
        "prime takes 1 minus sigmoid of minus z",
        "sigmoid",
        (
            "1 − σ(−z) is σ(z) again, so prime gives σ(z)², which grows towards 1 where the slope "
            "should vanish."
        ),
        (
            r"(?i)squared?\b|²|\*\* ?2|(σ|sigmoid|self|s) ?\( ?[-−] ?z|minus z|[-−]z\b|(grow"
            r"|go|tend|ris|climb)\w* (to|towards) 1\b|1/4|quarter|0\.25.{0,30}(most|largest"
            r"|highest|limit|bound|more)|(most|largest|highest|more than|above|exceed\w*"
            r"|beyond|0 (to|and)) 0\.25|symmetr|\beven\b|same (slope )?(at|for) z and|(vanish"
            r"|fall|shrink|go|tend|approach|near|close)\w*.{0,25}\b((?<![.\d])0(?!\.?\d)"
            r"|zero)|large z|1 ?[-−] ?s\b|1 ?[-−] ?(σ|sigmoid)"
        ),
        ("return s * (1 - s)", "return s * (1 - self(-z))"),
    ),
    _lab1(
        "prime uses the value of the last call",
        "sigmoid",
        (
            "prime does not look at its argument but at a value that __call__ has left in the "
            "object, so it answers for another z, or fails if nothing was called before."
        ),
        (
            r"(?i)has no attribute|AttributeError|\bself\.a\b|last (call|value|z|time)"
            r"|(called|call) (it )?(before|first|earlier)|before (it|prime|that)|previous"
            r"|earlier|stored|kept|remember|\bstate\b|(its|own|the) argument|fresh"
            r"|new Sigmoid|another z|\bleft (in|over|behind)"
        ),
        (
            "            return 1 / (1 + np.exp(-z))",
            """            self.a = 1 / (1 + np.exp(-z))
            return self.a""",
        ),
        (
            """        s = self(z)
        return s * (1 - s)""",
            "        return self.a * (1 - self.a)",
        ),
    ),
    _lab1(
        "one_hot reshapes rows instead of transposing",
        "one_hot",
        (
            "np.eye(n_classes)[Y] has one example a row; reshape deals these numbers out anew "
            "instead of exchanging rows and columns, so columns get several 1s or none."
        ),
        (
            r"(?i)reshap|transpos|\.T\b|scrambl|mix(ed|es)? up|jumbl|dealt? out|row by row"
            r"|columns?\b[^.]{0,60}(more than one|two 1s|several|no 1|none|not exactly"
            r"|exactly one|single|sums? (up )?to|adds? up)|(exactly|only) one 1|a single 1"
            r"|(sums?|adds?)( up)? to|examples? a row|rows and columns"
        ),
        (
            """    classes = np.arange(n_classes).reshape(n_classes, 1)
    return (classes == Y).astype(float)""",
            "    return np.eye(n_classes)[Y].reshape(n_classes, Y.shape[1])",
        ),
    ),
    _lab1(
        "one_hot loops over len of Y",
        "one_hot",
        ("len(Y) is 1, as Y has one row, so the loop fills the first column only."),
        (
            r"(?i)(only|but|except|after|beyond|apart from).{0,30}(the )?first|first (column"
            r"|example|label)|len\(|shape\[0\]|(the )?(rest|other|later"
            r"|remaining) (of the )?(columns|examples|labels)|all 0|only 0s|nothing but 0"
            r"|empty columns?|columns?\b.{0,50}(empty|no 1|without|only zeros|all zeros?|0s)"
            r"|no 1\b|without a 1|add(s)? up to 0|sum(s)? to 0|number of examples"
        ),
        (
            """    classes = np.arange(n_classes).reshape(n_classes, 1)
    return (classes == Y).astype(float)""",
            """    result = np.zeros((n_classes, Y.shape[1]))
    for i in range(len(Y)):
        result[Y[0, i], i] = 1
    return result""",
        ),
    ),
    _lab1(
        "cost guards the first logarithm only",
        "compute_cost",
        (
            "The second logarithm takes the unguarded A2, so where A2 is exactly 1 the cost is "
            "NaN or infinite."
        ),
        (
            r"(?i)exactly (0 or )?1(?![.\d])|exactly one\b|\bA2? ?(=|==|is) ?1(?![.\d])"
            r"|second (log|half|term|guard)|other (log|half|term)|upper|both (log|sides?|ends"
            r"|half|halves|terms)|log(arithm)? of 0|1 ?[-−] ?A2?\b.{0,60}(guard|clip|tiny|too"
            r"|as well|also|both|is 0)|(guard|clip|tiny)\w*.{0,60}1 ?[-−] ?A"
            r"|answers? (of )?exactly 1"
        ),
        ("np.log(1 - A)", "np.log(1 - A2)"),
    ),
    _lab1(
        "cost lets nan_to_num repair the logarithms",
        "compute_cost",
        (
            "nan_to_num turns NaN into 0, but an infinite term into 1.8e308: an answer that is "
            "sure and wrong makes the cost gigantic or infinite instead of about 28."
        ),
        (
            r"(?i)nan_to_num|\binf(inite|inity)?\b|∞|not finite|must be finite"
            r"|finite (even )?(where|at|when|if)|1\.(8|79\d*)e\+?30\d|e\+?30\d|gigantic|huge"
            r"|enormous|sure and wrong|wrong and sure|exactly (0|1)\b"
            r"|before (you take )?the log|guard|\bclip"
        ),
        ("A = np.clip(A2.astype(np.float64), tiny, 1 - tiny)", "A = A2.astype(np.float64)"),
        (
            "terms = Y * np.log(A) + (1 - Y) * np.log(1 - A)",
            "terms = np.nan_to_num(Y * np.log(A) + (1 - Y) * np.log(1 - A))",
        ),
    ),
    _lab1(
        "cost takes log1p of A for the answer no",
        "compute_cost",
        (
            "np.log1p(A) is log(1 + A), not log(1 − A), so where the true answer is 0 the cost "
            "has the wrong half."
        ),
        (
            r"(?i)log1p|1 ?\+ ?A\b|second (half|term|log|part)|other (half|term)"
            r"|half of the (formula|cost|terms?)|true answer.{0,15}\b((?<![.\d])0(?!\.?\d)"
            r"|no\b)|(truth|label|\bY) (is|=|==|of) (?<![.\d])0(?!\.?\d)"
            r"|where Y.{0,15}\b(?<![.\d])0(?!\.?\d)|answers? (of )?no\b"
            r"|1 ?[-−] ?A\b.{0,60}(not|instead|half|term|wrong|sign)"
            r"|\(1 ?[-−] ?Y\).{0,40}(half|term|part|wrong|differ)"
        ),
        ("np.log(1 - A)", "np.log1p(A)"),
    ),
    _lab1(
        "l1 adds the matrices before it sums",
        "regularization",
        (
            "|W1| and |W2| are added entry by entry before the sum, which fails or broadcasts, as "
            "the two matrices have different shapes; sum each on its own."
        ),
        (
            r"(?i)broadcast|operands|(different|unequal|own|two|any|other|their|same) shapes?"
            r"|each (matrix )?(on its own|separately|by itself|alone)|sum(med)? (up )?(each"
            r"|both|first|separately|them)|separately|two sums|entry by entry"
            r"|one after the other|W1 and W2 (need not|have|are)"
        ),
        ("(np.sum(np.abs(W1)) + np.sum(np.abs(W2)))", "np.sum(np.abs(W1) + np.abs(W2))"),
    ),
    _lab1(
        "l2 divides by 2 and multiplies by m",
        "regularization",
        (
            "lambda_2 / 2 * m is computed from left to right: the penalty is multiplied by m "
            "instead of divided by it."
        ),
        (
            r"(?i)parenthes|bracket|preceden|left to right|divid|denominator|multipl|m²"
            r"|m\*\*2|\bm \* m\b|\bm squared|\(2 ?\*? ?m\)|\b2 ?m\b|/ ?2 ?\* ?m|times m\b"
            r"|grows? with m|by m\b|with m\b|number of examples|depends? on m"
        ),
        ("self.lambda_2 / (2 * m) * (", "self.lambda_2 / 2 * m * ("),
    ),
    _lab1(
        "l1_grad divides W by its absolute value",
        "regularization",
        (
            "W / |W| is the sign only where W is not 0; at a weight of exactly 0 it is 0/0, NaN, "
            "where 0 is asked for."
        ),
        (
            r"(?i)\bnan\b|not a number|0 ?/ ?0|\b(weights?|entr\w+)\b (of |is |that is "
            r"|is exactly |at |= ?)+(exactly )?((?<![.\d])0(?!\.?\d)|zero)|\bW\d? ?(=|=="
            r"|is) ?((?<![.\d])0(?!\.?\d)|zero)|exactly ((?<![.\d])0(?!\.?\d)|zero)"
            r"|at ((?<![.\d])0(?!\.?\d)|zero)|corner|no push|np\.sign|divi(de|sion|ding)"
        ),
        ("np.sign(W1)", "W1 / np.abs(W1)"),
        ("np.sign(W2)", "W2 / np.abs(W2)"),
    ),
    _lab1(
        "l2_grad scales the weights themselves",
        "regularization",
        (
            "dW1 = W1 makes no copy, so *= multiplies the caller's weights: the network's weights "
            "change when only their gradient is asked for."
        ),
        (
            r"(?i)\bchang(es|ed|ing)\b|not (be )?chang|must not change|does not change"
            r"|alter(s|ed)|modif|mutat|in[ -]place|overwr|\bcop(y|ies)\b|untouched|spoil"
            r"|as (it|they) (was|were)|caller|left alone"
        ),
        (
            """        return {
            "dW1": self.lambda_2 / m * W1,
            "dW2": self.lambda_2 / m * W2,
        }""",
            """        dW1, dW2 = W1, W2
        dW1 *= self.lambda_2 / m
        dW2 *= self.lambda_2 / m
        return {"dW1": dW1, "dW2": dW2}""",
        ),
    ),
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab2(
        "dW1 gets the L1 gradient twice",
        "neural_network",
        (
            "In dW1 the gradient of the L1 penalty is added twice and that of the L2 penalty not "
            "at all."
        ),
        (r"(?i)\bl ?[12]\b|L[₁₂]|l[12]_grad|lambda|λ|penalt|regulari[sz]"),
        ('l1_grad["dW1"] + l2_grad["dW1"]', 'l1_grad["dW1"] + l1_grad["dW1"]'),
    ),
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab2(
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
    _lab3(
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
    _lab3(
        "leaky relu",
        "relu",
        ("Negative entries are multiplied by 0.01, a leaky ReLU, instead of being replaced by 0."),
        (r"(?i)leak|negative|below (0|zero)|less than (0|zero)|0\.01|hundredth|z ?< ?0"),
        ("np.maximum(Z, 0)", "np.where(Z > 0, Z, 0.01 * Z)"),
    ),
    _lab3(
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
    _lab3(
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
    _lab3(
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
    _lab3(
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
    _lab3(
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
    _lab3(
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
    _lab3(
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
    _lab3(
        "b2 moves by a share of itself",
        "update_params",
        ("b2 is changed by alpha times b2 itself, not by alpha times its gradient db2."),
        (r"(?<!W2, )(?<!W2 )\bd?b2\b|(?i:second bias|bias of the second)"),
        ("b2 - alpha * db2", "b2 - alpha * b2"),
    ),
    _lab3(
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
    _lab3(
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
    _lab4(
        "every layer with the fan-in of the first",
        "initialize_parameters",
        (
            "The variance of every layer is computed from the number of features, layer_dims[0], "
            "and not from that layer's own inputs."
        ),
        (
            r"(?i)fan[ -]?in|layer_dims\[|inputs? of (the|each|that|its|this|every|W)"
            r"|number of inputs|own inputs?|(each|every|that) layer'?s own|layer before"
            r"|n_\{?l ?- ?1|n_in\b|2 ?/ ?\d+|2 ?/ ?n|spread|variance|standard deviation"
            r"|\bstd\b"
        ),
        ("np.sqrt(2 / n_in)", "np.sqrt(2 / layer_dims[0])"),
    ),
    _lab4(
        "the cache holds Z in the place of A",
        "linear_forward",
        (
            "The result is stored under the name A before the cache is made, so the cache "
            "remembers Z instead of what came in."
        ),
        (
            r"(?i)cache.{0,160}((?-i:\bZ\b)|(?-i:\bA\b(?!, W))|came in|comes in|input|overwr"
            r"|first (entry|array|element|of))|(overwr|came in).{0,120}cache|(name"
            r"|variable) A\b|overwr"
        ),
        (
            """    Z = W @ A + b
    return Z, (A, W, b)""",
            """    A = W @ A + b
    return A, (A, W, b)""",
        ),
    ),
    _lab4(
        "softmax of what ReLU has left",
        "deep_layer",
        (
            "ReLU is applied in any case, and softmax then to its result, so negative scores "
            "count as 0."
        ),
        (
            r"(?i)\brelu\b.{0,60}(before|as well|in any case|also|both|scores|always|and then"
            r"|first)|softmax\b.{0,60}(after (the )?relu|negative|of (the )?relu|itself"
            r"|scores? (itself|themselves|alone|directly))|softmax of (Z|the scores)"
            r"|negative (scores?|entr\w+|numbers?|Z)|scores? below|cut(s)? (off|away)"
            r"|both activations|no relu"
        ),
        (
            '    A = relu(Z) if activation == "relu" else softmax(Z)',
            """    A = relu(Z)
    if activation == "softmax":
        A = softmax(A)""",
        ),
    ),
    _lab4(
        "no network without a hidden layer",
        "forward_pass",
        (
            "The first layer is always a ReLU layer and the last one comes after it, so a network "
            "of a single layer uses W1 twice."
        ),
        (
            r"(?i)(one|single|1)[ -]layer|(one|single) (softmax )?layer|depth (of |is "
            r"|= ?)?(1|one)\b|no hidden|without (a |any )?hidden|\bL ?= ?1\b|only one layer"
            r"|any depth|(W1|first layer).{0,40}twice|one layer|from 1 upwards|len\(caches\)"
            r"|caches? .{0,40}\b(2|two)\b"
        ),
        (
            """    A, caches = X, []
    for layer in range(1, depth + 1):
        activation = "relu" if layer < depth else "softmax"
        A, cache = deep_layer(A, parameters[f"W{layer}"], parameters[f"b{layer}"], activation)
        caches.append(cache)
""",
            """    A, cache = deep_layer(X, parameters["W1"], parameters["b1"], "relu")
    caches = [cache]
    for layer in range(2, depth):
        A, cache = deep_layer(A, parameters[f"W{layer}"], parameters[f"b{layer}"], "relu")
        caches.append(cache)
    A, cache = deep_layer(A, parameters[f"W{depth}"], parameters[f"b{depth}"], "softmax")
    caches.append(cache)
""",
        ),
    ),
    _lab4(
        "the logarithm takes the product with Y",
        "compute_cost",
        (
            "Y is multiplied inside the logarithm, so each class that is not the true one adds "
            "−log 1e-12, about 28, to the cost instead of nothing."
        ),
        (
            r"(?i)(other|wrong|false|remaining) class|not the true|only .{0,40}true class"
            r"|true class.{0,40}(only|alone|counts)|\bY\b.{0,60}(inside|outside|within"
            r"|after the log|before the log)|inside the log|outside the log|zeros? of Y"
            r"|where Y is 0|\b2[78]\b|27\.6|log(arithm)? of (tiny|Y|the product|1e-12)"
            r"|perfect|sure and right|right and sure"
        ),
        ("np.sum(Y * np.log(np.maximum(AL, tiny)))", "np.sum(np.log(np.maximum(Y * AL, tiny)))"),
    ),
    _lab4(
        "dZ divided in place",
        "linear_backward",
        ("dZ /= m changes the caller's dZ, and dA_prev, which must not have the 1/m, gets it too."),
        (
            r"(?i)\bchang(es|ed|ing)\b|not (be )?chang|must not change|does not change"
            r"|alter(s|ed)|modif|mutat|in[ -]place|overwr|\bcop(y|ies)\b|untouched|spoil"
            r"|as (it|they) (was|were)|caller|left alone|dA_prev.{0,160}(1/m|divid|m times"
            r"|times too|too small|by m\b|\bmean)|(1/m|divid\w*|\bmean).{0,120}dA_prev"
        ),
        (
            "    dZ_share = dZ / dZ.shape[1]",
            """    dZ /= dZ.shape[1]
    dZ_share = dZ""",
        ),
    ),
    _lab4(
        "ReLU itself in the place of its slope",
        "backward_activation",
        (
            "dA is multiplied by ReLU(Z), the value, instead of by ReLU′(Z), which is 1 or 0: "
            "slopes come out scaled by Z."
        ),
        (
            r"(?i)relu['′]|\bslope of (the )?relu|derivative|relu\(Z\)|\b(?<![.\d])(1"
            r"|one) (where (it|Z)|or 0|and 0)|0 (or|and) 1\b|\bmask|True (and|or) False"
            r"|Z ?> ?0|Z (was|is) positive|(times|by|with|scaled|multipl\w*).{0,25}\bZ\b"
            r"|(pass|get|go|come|let)\w* through (unchanged|whole|as)|unchanged where"
            r"|value of relu"
        ),
        ("dZ = dA * (Z > 0)", "dZ = dA * relu(Z)"),
    ),
    _lab4(
        "the last layer sent back through ReLU",
        "backward_pass",
        (
            "The last layer is treated like a hidden one: A − Y is already the slope at the "
            "scores, but it is masked where the scores are not positive."
        ),
        (
            r"(?i)(last|output|top|softmax|final|third|second) layer.{0,160}(relu|linear|mask"
            r"|scores?|hidden|activation)|(relu|mask|backward_activation"
            r"|linear_backward).{0,160}(last|output|top|softmax|final|scores)|A_?L? ?[-−] ?Y"
            r"|negative scores?|scores? .{0,30}(negative|below|not positive)"
            r"|slopes? at the scores"
        ),
        (
            "linear_backward(AL - Y, linear_cache)",
            'backward_activation(AL - Y, caches[-1], "relu")',
        ),
    ),
    _lab4(
        "return inside the loop",
        "update_parameters",
        (
            "The return is inside the loop, so only the first parameter takes its step and all "
            "others stay where they were."
        ),
        (
            r"(?i)(only|but|except|apart from|besides|beyond).{0,30}(the )?(first|W1"
            r"|one parameter)|return.{0,60}loop|(inside|within|in) the loop"
            r"|(?<!W1, )(?<!W1\", \")\bb1\b|\b(others?|rest|remaining|later|further"
            r"|following) (parameters?|layers?|ones)|(has|have|did|was|were|is|are)( not|n't"
            r"| never) (moved?|changed?|been (moved|changed|updated)|updated?|take|taken)"
            r"|unchanged|not moved|stay|where (it|they) (was|were)|as before|not updated"
            r"|indent"
        ),
        (
            '    return {name: value - learning_rate * grads[f"d{name}"] '
            "for name, value in parameters.items()}",
            """    updated = dict(parameters)
    for name in parameters:
        updated[name] = parameters[name] - learning_rate * grads["d" + name]
        return updated""",
        ),
    ),
    _lab4(
        "batches of nearly equal size",
        "random_mini_batches",
        (
            "np.array_split deals the examples out evenly, so batches are smaller than "
            "batch_size; each but the last must be full."
        ),
        (
            r"(?i)array_split|\beven(ly)?\b|equal(ly)? (large|size|in size)|\bsizes?\b"
            r"|\bfull\b|only the last|all but the last|every batch but|but the last|smaller"
            r"|how (large|many)|\d+ (examples|columns)|too (small|few)|fewer"
        ),
        (
            """    for start in range(0, m, batch_size):
        chosen = order[start : start + batch_size]
        batches""",
            """    for chosen in np.array_split(order, -(-m // batch_size)):
        batches""",
        ),
    ),
    _lab4(
        "the sum of costs never starts again",
        "train_model",
        (
            "The sum of the batches' costs is not set back to 0 at the start of an epoch, so each "
            "epoch's cost contains all those before it."
        ),
        (
            r"(?i)\breset|set (it )?(back )?to 0|start\w* (again )?(at|from|with) (0|zero)"
            r"|accumul|previous epochs?|(earlier|former|all) epochs|epochs? (before|so far)"
            r"|those before|of (that|this|its|the) (own )?epoch (alone|only)|own epoch"
            r"|each epoch'?s? (own|alone)|(cost|it|they|list|number)s? (grow|ris|climb"
            r"|increas|add)\w*|running (sum|total)|(second|later|from the second) epochs?"
            r"|first epoch.{0,40}(right|agree|correct)|sum of"
        ),
        code="""
def train_model(X, Y, layer_dims, learning_rate, batch_size, epochs, rng, decay=1.0):
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    total = 0.0
    for _ in progress_bar(epochs):
        batches = random_mini_batches(X, Y, batch_size, rng)
        for X_batch, Y_batch in batches:
            AL, caches = forward_pass(X_batch, parameters)
            total += compute_cost(AL, Y_batch) * X_batch.shape[1]
            grads = backward_pass(AL, Y_batch, caches)
            parameters = update_parameters(parameters, grads, learning_rate)
        costs.append(total / X.shape[1])
        learning_rate *= decay
    return parameters, costs
""",
    ),
    _lab4(
        "predict takes the first of the sorted classes",
        "predict",
        (
            "argsort sorts from small to large, so its first row names the least probable class "
            "of each example, not the most probable."
        ),
        (
            r"(?i)\bleast\b|smallest|lowest|\bminimum|argmin|improbable|unlikel|argsort"
            r"|ascending|sort|small to large|last row|\[-1\]|(most|highest|largest|greatest"
            r"|more) (probable|probabilit\w+|likely)|largest (entry|one|of)|other way round"
            r"|opposite|revers"
        ),
        ("AL.argmax(axis=0)", "AL.argsort(axis=0)[0]"),
    ),
    _lab5(
        "labels shifted to start at the smallest",
        "to_categorical",
        (
            "The smallest label of y is subtracted, so where class 0 does not occur every 1 "
            "stands too far to the left."
        ),
        (
            r"(?i)y\.min|minimum|smallest|lowest|\bshift|(too far|further|more|one) (place "
            r"|column )?(to the )?left|(class|label) 0\b|does(n't| not) occur|do(n't"
            r"| not) (all )?occur|not all (of them )?occur|whether or not|absent"
            r"|missing class|unused|subtract|occurring"
        ),
        ("y[:, np.newaxis] ==", "(y - y.min())[:, np.newaxis] =="),
    ),
    _lab5(
        "root of 6 only",
        "dense",
        (
            "Glorot's limit is the root of the whole quotient 6/(n + u); here only the 6 is under "
            "the root, so the kernel is far too small."
        ),
        (
            r"(?i)\blimit|\broot|sqrt|√|too (small|narrow)|spread|\brange\b|\bbounds?\b"
            r"|Glorot|6 ?/ ?\(|uniform|between [-−±]|largest (entry|weight|number)|variance"
            r"|standard deviation"
        ),
        ("np.sqrt(6 / (n_inputs + self.units))", "np.sqrt(6) / (n_inputs + self.units)"),
    ),
    _lab5(
        "no activation means relu",
        "dense",
        (
            "Whatever is not softmax gets ReLU, so a layer without an activation loses its "
            "negative results."
        ),
        (
            r"(?i)activation ?(=|is|of) ?`?None|\bNone\b (must|means|is for|as activation"
            r"|activation)|(with|and|or|for) None\b|no activation|without (an "
            r"|any )?activation|activation is (not given|missing)|negative|linear layer"
            r"|plain layer|below (0|zero)"
        ),
        (
            """        if self.activation == "relu":
            a = np.maximum(a, 0)
        elif self.activation == "softmax":
            exponentials = np.exp(a - a.max(axis=1, keepdims=True))
            a = exponentials / exponentials.sum(axis=1, keepdims=True)
""",
            """        if self.activation == "softmax":
            exponentials = np.exp(a - a.max(axis=1, keepdims=True))
            a = exponentials / exponentials.sum(axis=1, keepdims=True)
        else:
            a = np.maximum(a, 0)
""",
        ),
    ),
    _lab5(
        "softmax back with the plain sum of slopes",
        "dense",
        (
            "What is subtracted from g must be pᵀg, the slopes weighted by the probabilities; "
            "here it is the plain sum of the slopes."
        ),
        (
            r"(?i)jacobian|weighted|p ?(ᵀ|⊤|\^T|\.T|·|\*|@|⊙) ?g\b|\bdot product"
            r"|inner product|scalar product|(sum|product|multipl)\w*.{0,60}(probabilit"
            r"|self\.a\b|\bp ⊙)|(probabilit\w*|self\.a\b).{0,60}(sum|product|multipl)"
            r"|same number to all|adds? up to 0|sums? to 0|row sum|constant"
        ),
        (
            "(grad_output * self.a).sum(axis=1, keepdims=True)",
            "grad_output.sum(axis=1, keepdims=True)",
        ),
    ),
    _lab5(
        "backward adds to the gradients it finds",
        "dense",
        (
            "backward adds to grad_kernel and grad_bias with += where it must set them, so each "
            "call contains those before it."
        ),
        (
            r"(?i)second (call|time|backward|batch|step)|\btwice\b|backward again|(call|go"
            r"|went|ran|run|compute)\w*.{0,20} again\b|accumul|\badd(s|ed|ing)?\b.{0,40}(to"
            r"|onto|up|earlier|former|previous|those|old|before)|previous|earlier|former"
            r"|\bsets?\b|left over|last call|(call|backward)s? before|forget|anew|sum of both"
            r"|both calls|\+="
        ),
        (
            """        self.bias = np.zeros(self.units, dtype=np.float32)
""",
            """        self.bias = np.zeros(self.units, dtype=np.float32)
        self.grad_kernel = np.zeros_like(self.kernel)
        self.grad_bias = np.zeros_like(self.bias)
""",
        ),
        ("self.grad_kernel = self.x.T @ D", "self.grad_kernel += self.x.T @ D"),
        ("self.grad_bias = D.sum(axis=0)", "self.grad_bias += D.sum(axis=0)"),
    ),
    _lab5(
        "slope of the binary cross-entropy",
        "loss",
        (
            "The gradient has a second term (1 − y)/(1 − p), that of the binary cross-entropy of "
            "Lab 1; here only the true class occurs in the loss, so all others have the slope 0."
        ),
        (
            r"(?i)binary|1 ?[-−] ?(y|p)\b|1 ?[-−] ?y_(true|pred)|\bLabs? ?[12]\b"
            r"|yes[- ]or[- ]no|second term|other (classes|probabilit\w*|entries|columns)"
            r"|(false|wrong) class|not the true|only .{0,40}true class"
            r"|true class(es)?.{0,30}(only|alone)|(y_true|\bY|label) (is|="
            r"|==) (?<![.\d])0(?!\.?\d)|(must|should|ought"
            r"|expect\w*)( to)?( be)?( exactly)? ((?<![.\d])0(?!\.?\d)|zero)|(slope"
            r"|gradient) (of |is |= ?)?((?<![.\d])0(?!\.?\d)|zero)|one entry (a|per) row"
        ),
        (
            "return -y_true / np.maximum(y_pred, tiny) / len(y_true)",
            """yes = -y_true / np.maximum(y_pred, tiny)
        no = (1 - y_true) / np.maximum(1 - y_pred, tiny)
        return (yes + no) / len(y_true)""",
        ),
    ),
    _lab5(
        "velocity as a running average",
        "sgd",
        (
            "The new gradient is multiplied by 1 − μ, as in a running average; the formula takes "
            "α times the whole gradient."
        ),
        (
            r"(?i)1 ?[-−] ?(mu\b|μ|momentum|self\.momentum|0\.\d)|running (mean|average)"
            r"|moving average|(whole|full) gradient|momentum.{0,160}(first step|too short"
            r"|too small|shorter|smaller|times|factor)|(first step|too short|too small"
            r"|shorter|smaller).{0,160}momentum|velocity.{0,100}(too small|too short|factor"
            r"|whole)|α ?·? ?(∂|times|the gradient)|ten times|10 times"
        ),
        (
            "- self.learning_rate * layer.grad_kernel",
            "- (1 - self.momentum) * self.learning_rate * layer.grad_kernel",
        ),
        (
            "- self.learning_rate * layer.grad_bias",
            "- (1 - self.momentum) * self.learning_rate * layer.grad_bias",
        ),
    ),
    _lab5(
        "nodes level by level from the end",
        "model",
        (
            "The nodes are collected level by level from the output and turned round; where a "
            "branch is shorter than another, a node comes before its parent."
        ),
        (
            r"(?i)topolog|(before|after|ahead of|later than) (its|their|all|all its"
            r"|one of its|the) parents?|parents? (come|stand|before|first|after|must|is not"
            r"|has not|that|are)|\border\b|breadth|level by level|not (yet )?(been )?computed"
            r"|KeyError|comes? (before|after)|shorter (way|branch|path)|skip"
        ),
        (
            """        def visit(node: Node) -> None:
            if node not in self.nodes:
                for parent in node.parents:
                    visit(parent)
                self.nodes.append(node)

        visit(outputs)
""",
            """        waiting = [outputs]
        while waiting:
            node = waiting.pop(0)
            if node not in self.nodes:
                self.nodes.insert(0, node)
                waiting.extend(node.parents)
""",
        ),
    ),
    _lab5(
        "shared layer sums its kernel only",
        "model",
        (
            "For a shared layer grad_kernel is summed over its nodes, but grad_bias keeps what "
            "the last backward has set."
        ),
        (r"(?i)\b(grad_)?bias\b"),
        (
            """                layer.grad_bias = sums[layer][1] + layer.grad_bias
""",
            "",
        ),
    ),
    _lab5(
        "predict needs batches of equal size",
        "model",
        (
            "The batches' answers are put into one array and reshaped, which fails when the last "
            "batch is smaller; np.concatenate joins them."
        ),
        (
            r"(?i)last (batch|one|part)|smaller|does(n't| not) divide|not divisible|uneven"
            r"|unequal|inhomogeneous|ragged|equal(ly)? (size|large|long)|same (size|length"
            r"|shape)|concatenate|different (size|length|shape)s?"
            r"|batch_size ?=? ?\d+.{0,80}\d+ (examples|rows)|\d+ (examples"
            r"|rows).{0,80}(batch_size ?=? ?\d+|batches of \d+)|batches of \d+"
        ),
        (
            "        return np.concatenate(batches)",
            "        return np.array(batches).reshape(n_rows(x), -1)",
        ),
    ),
    _lab5(
        "one History for all fits",
        "training",
        (
            "The History is made once, in compile, so that of a second fit still holds the "
            "numbers of the first; each fit returns a new one."
        ),
        (
            r"(?i)second (call of |call to )?`?fit|fit(s|ted)? (it )?(again|twice|once more)"
            r"|(new|own|fresh|same|another) History|(first|former|previous|earlier"
            r"|last) (call of |call to )?`?fit|(each|every|new) (call|fit)|epochs? (of"
            r"|from) (the )?(first|former|previous|earlier)|still (has|holds|contains|there)"
            r"|\btwice\b|left over|number of (epochs|entries|values)|(too )?many (epochs"
            r"|entries|values|numbers)|one (number|value|entry) (per|for each|an) epoch"
        ),
        (
            """        self.metrics = list(metrics or [])
""",
            """        self.metrics = list(metrics or [])
        self.history = History()
""",
        ),
        (
            """        history = History()
""",
            """        history = self.history
""",
        ),
    ),
    _lab5(
        "evaluate takes the mean of the batches' means",
        "training",
        (
            "The batches' results are averaged as if all were of equal size, so the examples of a "
            "smaller last batch count more."
        ),
        (
            r"(?i)(last|smaller|unequal|uneven) (batch|one)|does(n't| not) divide|\bweigh"
            r"|every example|each example|mean of (the )?(batch|means|parts)|plain mean"
            r"|counts? (the same|more|equally)|number of examples|(batch_size"
            r"|batches).{0,80}(depend|same|must not|all at once|whole|mean|average|matter|any"
            r"|chang)|(depend|same|matter|influence|differ)\w*.{0,60}(batch_size|batches)"
        ),
        (
            """        predicted = self.predict(x, batch_size)
        loss = self.loss(y, predicted)
        if not self.metrics:
            return loss
        return [loss, *(METRICS[name](y, predicted) for name in self.metrics)]
""",
            """        size = batch_size or n_rows(x)
        results = []
        for start in range(0, n_rows(x), size):
            truth = y[start : start + size]
            predicted = self.forward(take(x, slice(start, start + size)))
            scores = [METRICS[name](truth, predicted) for name in self.metrics]
            results.append([self.loss(truth, predicted), *scores])
        means = [float(value) for value in np.mean(results, axis=0)]
        return means if self.metrics else means[0]
""",
        ),
    ),
]
