"""Answers to Lab 4 that its bank was not made for, by two hands."""

from __future__ import annotations

from tests.support.unseen import Unseen, unseen_in

unseen = unseen_in("lab4_deep_mini_batch")


FIRST: list[Unseen] = [
    unseen(
        "uniform between ±√(2/n)",
        "initialize_parameters",
        "The root is taken as a limit, not as the standard deviation: √3 times too small.",
        r"too small|standard deviation|variance|spread",
        (
            "rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))",
            "rng.uniform(-np.sqrt(2 / n_in), np.sqrt(2 / n_in), (n_out, n_in))",
        ),
    ),
    unseen(
        "Z in the cache",
        "linear_forward",
        "The cache's first entry is Z, where A, which came in, belongs.",
        r"\bA\b.*\bZ\b|\bZ\b.*\bA\b",
        ("return Z, (A, W, b)", "return Z, (Z, W, b)"),
    ),
    unseen(
        "ReLU before softmax, too",
        "deep_layer",
        "The scores pass through ReLU before softmax.",
        r"(?i)relu.*softmax|softmax.*relu|negative scores",
        (
            'A = relu(Z) if activation == "relu" else softmax(Z)',
            'A = relu(Z) if activation == "relu" else softmax(relu(Z))',
        ),
    ),
    unseen(
        "softmax from the last layer but one on",
        "forward_pass",
        "The last hidden layer gets softmax, where it should get ReLU.",
        r"softmax.*(hidden|last but one|next to last|early|two)|hidden.*softmax|should.*ReLU",
        ('"relu" if layer < depth else', '"relu" if layer < depth - 1 else'),
    ),
    unseen(
        "log2",
        "compute_cost",
        "The logarithm is that to the base 2.",
        r"log2|base 2|base of|1\.44|factor",
        ("np.log(", "np.log2("),
    ),
    unseen(
        "m taken from the rows of A_prev",
        "linear_backward",
        "It divides by the number of rows of A_prev, which is that of units, not of examples.",
        r"factor|number of units",
        ("dZ / dZ.shape[1]", "dZ / A_prev.shape[0]"),
    ),
    unseen(
        "slope where dA is positive",
        "backward_activation",
        "The slopes get through where dA is positive, where it should be Z that decides.",
        r"dA > 0|sign of dA|where dA|slopes that are positive|Z > 0|where Z (is|was)",
        ("dA * (Z > 0)", "dA * (dA > 0)"),
    ),
    unseen(
        "AL - Y divided by m at once",
        "backward_pass",
        "The slopes at the scores are divided by m, and linear_backward does that again.",
        r"m twice|twice.*\bm\b|m once too often|m times too small|divided by (another )?m\b",
        ("linear_backward(AL - Y, ", "linear_backward((AL - Y) / Y.shape[1], "),
    ),
    unseen(
        "step multiplied by the parameter",
        "update_parameters",
        "The gradient is multiplied by the parameter, so the step has another size everywhere.",
        r"multipl|product|times (the|its) |proportional|stay(s)? 0|b1 .*(unchanged|not move)",
        (
            'value - learning_rate * grads[f"d{name}"]',
            'value * (1 - learning_rate * grads[f"d{name}"])',
        ),
    ),
    unseen(
        "batches that overlap by one",
        "random_mini_batches",
        "Each batch takes the first example of the next one along.",
        r"batches of 5: .* shape \(\d+, 6\), not|too (large|many)|overlap|more than once|twice",
        ("start : start + batch_size]", "start : start + batch_size + 1]"),
    ),
    unseen(
        "batches drawn before the loop",
        "train_model",
        "The batches are drawn once, so that each epoch has the same ones in the same order.",
        r"(drawn|made|shuffled) (only )?once|same (order|batches)|new batches",
        (
            "    bar = progress_bar(epochs)\n",
            "    bar = progress_bar(epochs)\n"
            "    batches = random_mini_batches(X, Y, batch_size, rng)\n",
        ),
        ("in random_mini_batches(X, Y, batch_size, rng):", "in batches:"),
    ),
    unseen(
        "max for argmax",
        "predict",
        "It gives the largest probability, not the class that has it.",
        r"argmax|probabilit",
        ("AL.argmax(axis=0)", "AL.max(axis=0)"),
    ),
]

# Written before the bank or any message was read; `tells` was fixed before the messages were seen.
SECOND: list[Unseen] = [
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
    unseen(
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
]
