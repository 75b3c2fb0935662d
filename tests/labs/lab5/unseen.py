"""Answers to Lab 5 that its bank was not made for, by two hands."""

from __future__ import annotations

from tests.support.unseen import Unseen, unseen_in

unseen = unseen_in("lab5_functional_api")


FIRST: list[Unseen] = [
    unseen(
        "classes counted from 1",
        "to_categorical",
        "The 1 stands one column to the left of its place, and class 0 has none.",
        r"(one|1) column|off by one|one off|columns? .*(shifted|moved|too)|counted from 1",
        ("np.arange(num_classes)", "np.arange(1, num_classes + 1)"),
    ),
    unseen(
        "normal for uniform",
        "dense",
        "The kernel is drawn from a normal distribution with the limit as standard deviation.",
        r"normal|uniform|beyond the limit|outside",
        (
            "self.rng.uniform(-limit, limit, (n_inputs, self.units))",
            "self.rng.normal(0, limit, (n_inputs, self.units))",
        ),
    ),
    unseen(
        "shift in the numerator only",
        "dense",
        "The numerator is shifted and the denominator is not, so rows do not add up to 1.",
        r"row.*(add up|factor|sum)|factor.*row",
        ("exponentials.sum(axis=1, keepdims=True)", "np.exp(a).sum(axis=1, keepdims=True)"),
    ),
    unseen(
        "softmax's slope as if it were a sigmoid's",
        "dense",
        "Only the diagonal of softmax's Jacobian is used.",
        r"Jacobian|diagonal|sigmoid|1 [-−] (self\.)?[ap]\b|softmax",
        (
            "self.a * (grad_output - (grad_output * self.a).sum(axis=1, keepdims=True))",
            "grad_output * self.a * (1 - self.a)",
        ),
    ),
    unseen(
        "grad_bias of the slopes at the result",
        "dense",
        "grad_bias sums grad_output, so it leaves the activation out.",
        r"(grad_bias|value 3).*(activation|[Rr]eLU|softmax|(others|rest|else) .*right)",
        ("self.grad_bias = D.sum(axis=0)", "self.grad_bias = grad_output.sum(axis=0)"),
    ),
    unseen(
        "mean over all entries",
        "loss",
        "The loss is divided by the number of entries, examples times classes.",
        r"size|columns|classes|entries|factor|too small",
        (") / len(y_true))", ") / y_true.size)"),
    ),
    unseen(
        "gradient of the yes-or-no cost",
        "loss",
        "The gradient is that of Lab 1's cost, so it is not 0 where y_true is 0.",
        r"should be 0|not 0|y_true is 0|binary|yes-or-no|1 - y",
        (
            "-y_true / np.maximum(y_pred, tiny) / len(y_true)",
            "(y_pred - y_true) / np.maximum(y_pred * (1 - y_pred), tiny) / len(y_true)",
        ),
    ),
    unseen(
        "bias without momentum",
        "sgd",
        "The bias has no velocity: it takes plain steps.",
        r"bias.*(velocity|momentum)|momentum.*bias",
        ("self.momentum * v_bias - self.learning_rate", "-self.learning_rate"),
    ),
    unseen(
        "velocity as a running mean",
        "sgd",
        "The slopes are multiplied by 1 - momentum, so with momentum each step is too short.",
        r"1 [-−] (self\.)?momentum|too (small|short)|factor",
        ("- self.learning_rate *", "- (1 - self.momentum) * self.learning_rate *"),
    ),
    unseen(
        "mean of the branches",
        "model",
        "Where branches meet, their gradients are averaged and not added.",
        r"half|mean of|average|too small|branch",
        ("grads[parent] + grad if", "(grads[parent] + grad) / 2 if"),
    ),
    unseen(
        "loss after the step",
        "training",
        "train_on_batch gives the loss after its step, not the one that it started from.",
        r"after (the|its) (step|update)|before (the|its) (step|update)|too late",
        (
            "        self.optimizer.apply(self.layers)\n",
            "        self.optimizer.apply(self.layers)\n        predicted = self.forward(x)\n",
        ),
    ),
    unseen(
        "order drawn before the loop",
        "training",
        "The order is drawn once, so that each epoch has the same batches.",
        r"(drawn|made|shuffled) (only )?once|same (order|batches)|new order",
        (
            "            order = rng.permutation(m) if shuffle else np.arange(m)\n",
            "",
        ),
        (
            "        history = History()\n",
            "        history = History()\n"
            "        order = rng.permutation(m) if shuffle else np.arange(m)\n",
        ),
    ),
]

# Written before the bank or any message was read; `tells` was fixed before the messages were seen.
SECOND: list[Unseen] = [
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
