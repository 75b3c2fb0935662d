"""Answers to Lab 1 that its bank was not made for, by two hands."""

from __future__ import annotations

from tests.support.unseen import Spoilt, Unseen, right_in, unseen_in

unseen = unseen_in("lab1_helper_utilities")
right = right_in("lab1_helper_utilities")

_SIGMOID = """        z = 1.0 * np.asarray(z)  # bytes, for one, have no minus sign
        with np.errstate(over="ignore"):  # e^800 becomes infinity, and 1/∞ is 0, as it should be
            return 1 / (1 + np.exp(-z))
"""
_ONE_HOT = """    classes = np.arange(n_classes).reshape(n_classes, 1)
    return (classes == Y).astype(float)
"""

FIRST: list[Unseen] = [
    unseen(
        "result made with zeros_like(z)",
        "sigmoid",
        "For integers the array of results is one of integers, too, so every value is cut to 0.",
        r"integers.*(whole numbers|rounded|cut|dtype|0 everywhere|is 0 )",
        (
            _SIGMOID,
            """        z = np.asarray(z)
        result = np.zeros_like(z)
        result[z >= 0] = 1 / (1 + np.exp(-1.0 * z[z >= 0]))
        result[z < 0] = np.exp(1.0 * z[z < 0]) / (1 + np.exp(1.0 * z[z < 0]))
        return result
""",
        ),
    ),
    unseen(
        "z clipped to ±10 against the overflow",
        "sigmoid",
        "Beyond 10 the value no longer changes, so it is never exactly 0 or 1.",
        r"clip|nearly right|approximat",
        ("z = 1.0 * np.asarray(z)", "z = np.clip(1.0 * np.asarray(z), -10, 10)"),
    ),
    unseen(
        "s * 1 - s",
        "sigmoid",
        "Without brackets the derivative is s - s, which is 0 everywhere.",
        r"\bis (always )?0\b",
        ("s * (1 - s)", "s * 1 - s"),
    ),
    unseen(
        "labels counted from 1",
        "one_hot",
        "The 1 stands one row above its place, because the labels are counted from 1.",
        r"(one|1) row|off by one|rows? .*(shifted|moved|too (high|low))",
        (
            _ONE_HOT,
            """    encoded = np.zeros((n_classes, Y.size))
    for i in range(Y.size):
        encoded[int(Y[0, i]) - 1, i] = 1
    return encoded
""",
        ),
    ),
    unseen(
        "reshape in place of a transpose",
        "one_hot",
        "The rows of eye(K)[Y] are reshaped to (K, m), not transposed, which scrambles them.",
        r"reshape|another order|wrong order|wrong places",
        (_ONE_HOT, "    return np.eye(n_classes)[Y.ravel()].reshape(n_classes, -1)\n"),
    ),
    unseen(
        "encoded[Y] = 1",
        "one_hot",
        "Each label fills a whole row with ones, so a column has several.",
        r"rows?.*(alike|same|equal|constant)|columns?.*(several|add up|sum)",
        (
            _ONE_HOT,
            """    encoded = np.zeros((n_classes, Y.size))
    encoded[Y.ravel()] = 1
    return encoded
""",
        ),
    ),
    unseen(
        "cost rounded to two decimals",
        "compute_cost",
        "The cost is rounded before it is returned.",
        r"round",
        ("float(-np.sum(terms) / m)", "round(float(-np.sum(terms) / m), 2)"),
    ),
    unseen(
        "log(A) in both terms",
        "compute_cost",
        "The second term has log(A), where log(1 - A) belongs.",
        r"1 - A|1 − A|second term|no's|0 in the labels|Y is 0",
        ("(1 - Y) * np.log(1 - A)", "(1 - Y) * np.log(A)"),
    ),
    unseen(
        "only W1 is multiplied by lambda_1 / m",
        "regularization",
        "Brackets are missing: the sum over W2 is added without lambda_1 / m.",
        r"W2|second layer|[Rr]ight with.*second layer",
        (
            "self.lambda_1 / m * (np.sum(np.abs(W1)) + np.sum(np.abs(W2)))",
            "self.lambda_1 / m * np.sum(np.abs(W1)) + np.sum(np.abs(W2))",
        ),
    ),
    unseen(
        "signs written into W1 and W2",
        "regularization",
        "The signs are written into the weights themselves.",
        r"changed its input W1",
        (
            """        return {
            "dW1": self.lambda_1 / m * np.sign(W1),
            "dW2": self.lambda_1 / m * np.sign(W2),
        }
""",
            """        for W in (W1, W2):
            W[W > 0] = 1
            W[W < 0] = -1
        return {"dW1": self.lambda_1 / m * W1, "dW2": self.lambda_1 / m * W2}
""",
        ),
    ),
    unseen(
        "lambda_2 / 2 * m",
        "regularization",
        "Without brackets it is multiplied by m, where it should be divided: m² times too large.",
        r"m².*too large|multiplied by m|m \* m|in place of.* divided",
        ("self.lambda_2 / (2 * m)", "self.lambda_2 / 2 * m"),
    ),
    unseen(
        "dW2 made of W1",
        "regularization",
        "The line of dW1 was copied, and its W1 forgotten.",
        r"dW2.*(dW1|W1)",
        ('"dW2": self.lambda_2 / m * W2', '"dW2": self.lambda_2 / m * W1'),
    ),
]

# Written before the bank or any message was read; `tells` was fixed before the messages were seen.
SECOND: list[Unseen] = [
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
]

RIGHT: list[Unseen] = [
    right(
        "with tanh", "sigmoid", ("return 1 / (1 + np.exp(-z))", "return 0.5 * (1 + np.tanh(z / 2))")
    ),
    right(
        "column by column",
        "one_hot",
        (
            "    classes = np.arange(n_classes).reshape(n_classes, 1)\n"
            "    return (classes == Y).astype(float)",
            "    columns = [[float(k == y) for k in range(n_classes)] for y in Y.ravel()]\n"
            "    return np.array(columns).T",
        ),
    ),
    right(
        "mean of column sums",
        "compute_cost",
        ("float(-np.sum(terms) / m)", "-terms.sum(axis=0).mean()"),
    ),
]

# What is spoilt for each test: a function, or a method and the attributes that it leaves behind.
SPOILT: Spoilt = {
    "test_sigmoid": ("Sigmoid", "__call__", ()),
    "test_sigmoid_prime": ("Sigmoid", "prime", ()),
    "test_one_hot": ("", "one_hot", ()),
    "test_compute_cost": ("", "compute_cost", ()),
    **{f"test_{name}": ("Regularization", name, ()) for name in ("l1", "l1_grad", "l2", "l2_grad")},
}
