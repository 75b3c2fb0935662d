"""Lab 4's bank: right answers written differently, and mistakes with the sentence that names them."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_DRAW = "rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))"
_ZEROS = "np.zeros((n_out, 1))"
_COST = "float(-np.sum(Y * np.log(np.maximum(AL, tiny))) / Y.shape[1])"
_DW = "dZ_share @ A_prev.T"
_DB = "dZ_share.sum(axis=1, keepdims=True)"
_MASKED = "dA * (Z > 0)"
_TAKEN = "batches.append((X[:, chosen], Y[:, chosen]))"
_UPDATED = 'value - learning_rate * grads[f"d{name}"]'
_STEP = "parameters = update_parameters(parameters, grads, learning_rate)"
_BATCHES = "random_mini_batches(X, Y, batch_size, rng)"
_EPOCH_COST = "compute_cost(AL, Y_seen)"

MISTAKES: list[Mistake] = [
    # Parameters
    mistake(
        "weights are zero",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your units all start with the same weights, such as 0. They then get the same gradients and "
        "stay alike for ever. Draw every weight on its own.",
        (_DRAW, "np.zeros((n_out, n_in))"),
    ),
    mistake(
        "weights from 0 to 1",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your weights are not spread around 0, as those from rng.random are not. Then every unit adds "
        "up its whole input. Draw weights of both signs.",
        (_DRAW, "rng.random((n_out, n_in)) * np.sqrt(2 / n_in)"),
    ),
    mistake(
        "fan-out for fan-in",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your variance is 2 over the number of the layer's units. It should be 2 over the number of its "
        "inputs, which is the entry of layer_dims before.",
        ("2 / n_in", "2 / n_out"),
    ),
    mistake(
        "variance 1 over fan-in",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your variance is 1 over the number of inputs. ReLU throws half of the signal away; He's 2 makes "
        "up for that.",
        ("2 / n_in", "1 / n_in"),
    ),
    mistake(
        "variance of Glorot",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your variance is 2 over inputs and units together, which is Glorot's. He's is 2 over the number "
        "of inputs.",
        ("2 / n_in", "2 / (n_in + n_out)"),
    ),
    mistake(
        "variance taken for standard deviation",
        "initialize_parameters",
        "test_initialize_parameters",
        "You gave rng.normal the variance. It takes the standard deviation, which is the root of it.",
        ("np.sqrt(2 / n_in)", "2 / n_in"),
    ),
    mistake(
        "weights with standard deviation 1",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your weights have a standard deviation of 1, however many inputs a layer has. Scale them by the "
        "root of 2 over the number of inputs.",
        (_DRAW, "rng.standard_normal((n_out, n_in))"),
    ),
    mistake(
        "weights times 0.01",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your weights have a standard deviation of 1/100, however many inputs a layer has. In a deep "
        "network the signal then dies out: scale by the root of 2 over the number of inputs.",
        (_DRAW, "rng.standard_normal((n_out, n_in)) * 0.01"),
    ),
    mistake(
        "biases are random",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your biases do not start at 0. Only the weights are drawn at random.",
        (_ZEROS, "rng.normal(0, 0.1, (n_out, 1))"),
    ),
    mistake(
        "weights transposed",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your weights are transposed. W1 has a row for each unit and a column for each input, so that "
        "W1 @ X works.",
        ("(n_out, n_in))", "(n_in, n_out))"),
    ),
    mistake(
        "biases without a second axis",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your biases have the shape (n,). Make them columns, (n, 1): next to (n, m), NumPy takes (n,) "
        "for a row.",
        (_ZEROS, "np.zeros(n_out)"),
    ),
    mistake(
        "last layer missing",
        "initialize_parameters",
        "test_initialize_parameters",
        "The last layer is missing. A list of n entries describes n - 1 layers, numbered from 1 to n - 1: "
        "range(1, len(layer_dims)).",
        ("range(1, len(layer_dims))", "range(1, len(layer_dims) - 1)"),
    ),
    mistake(
        "layers counted from 0",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your names begin with W0. Layers are numbered from 1.",
        ('f"W{layer}"', 'f"W{layer - 1}"'),
        ('f"b{layer}"', 'f"b{layer - 1}"'),
    ),
    mistake(
        "weights from the global generator",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your weights do not come from rng: the same rng gives other weights each time. Draw them with "
        "its own methods, such as rng.normal, and not with np.random.",
        (_DRAW, "np.random.randn(n_out, n_in) * np.sqrt(2 / n_in)"),
    ),
    mistake(
        "weights from a generator of its own",
        "initialize_parameters",
        "test_initialize_parameters",
        "Your function gives the same weights whatever rng it is given. Does it make a generator of its "
        "own? Draw the weights from the rng of the argument.",
        ("parameters = {}", "parameters = {}\n    rng = np.random.default_rng(3)"),
    ),
    # One layer forward
    mistake(
        "linear without the bias",
        "linear_forward",
        "test_linear_forward",
        "The bias is missing in Z.",
        ("W @ A + b", "W @ A"),
    ),
    mistake(
        "linear with a product by entries",
        "linear_forward",
        "test_linear_forward",
        "`*` multiplies entry by entry. The product of two matrices is `@`.",
        ("W @ A + b", "W * A + b"),
    ),
    mistake(
        "linear with transposed weights",
        "linear_forward",
        "test_linear_forward",
        "Your weights are transposed where they need not be: W is (n, n_prev), so W @ A fits as it is.",
        ("W @ A + b", "W.T @ A + b"),
    ),
    mistake(
        "linear with the order turned round",
        "linear_forward",
        "test_linear_forward",
        "You multiply A by W. Matrices do not commute: it is W @ A.",
        ("W @ A + b", "A @ W + b"),
    ),
    mistake(
        "linear with a flat bias",
        "linear_forward",
        "test_linear_forward",
        "Your bias has lost its column: as a row it is added to examples, not to units. Leave b in the "
        "shape (n, 1).",
        ("W @ A + b", "W @ A + b.ravel()"),
    ),
    mistake(
        "linear subtracts the bias",
        "linear_forward",
        "test_linear_forward",
        "You subtract the bias. It is added.",
        ("W @ A + b", "W @ A - b"),
    ),
    mistake(
        "linear caches in another order",
        "linear_forward",
        "test_linear_forward",
        "Your cache comes in another order. It is (A, W, b).",
        ("(A, W, b)", "(W, A, b)"),
    ),
    mistake(
        "linear caches Z",
        "linear_forward",
        "test_linear_forward",
        "Your cache holds Z in the place of A. The way back needs what came in.",
        ("(A, W, b)", "(Z, W, b)"),
    ),
    mistake(
        "linear without a cache",
        "linear_forward",
        "test_linear_forward",
        "You return Z alone. Return Z and the cache (A, W, b).",
        ("return Z, (A, W, b)", "return Z"),
    ),
    mistake(
        "linear returns four things",
        "linear_forward",
        "test_linear_forward",
        "You return four things in a row. The cache is one tuple of three: return Z, (A, W, b).",
        ("return Z, (A, W, b)", "return Z, A, W, b"),
    ),
    mistake(
        "layer with relu always",
        "deep_layer",
        "test_deep_layer",
        'Your layer uses ReLU even where "softmax" is asked for. Look at the argument activation. '
        "Texts are compared with ==; `is` asks whether both are one object in memory.",
        ('relu(Z) if activation == "relu" else softmax(Z)', "relu(Z)"),
    ),
    mistake(
        "layer with softmax always",
        "deep_layer",
        "test_deep_layer",
        'Your layer uses softmax even where "relu" is asked for. Look at the argument activation. '
        "Texts are compared with ==; `is` asks whether both are one object in memory.",
        ('relu(Z) if activation == "relu" else softmax(Z)', "softmax(Z)"),
    ),
    mistake(
        "layer with its activations exchanged",
        "deep_layer",
        "test_deep_layer",
        "Your two activations are exchanged.",
        ('activation == "relu"', 'activation != "relu"'),
    ),
    mistake(
        "layer without activation",
        "deep_layer",
        "test_deep_layer",
        "Your layer returns Z: the activation is missing.",
        ('relu(Z) if activation == "relu" else softmax(Z)', "Z"),
    ),
    mistake(
        "layer with softmax of relu",
        "deep_layer",
        "test_deep_layer",
        "Your softmax gets what ReLU has left over. Negative scores speak against a class: take softmax "
        "of Z.",
        ("else softmax(Z)", "else softmax(relu(Z))"),
    ),
    mistake(
        "layer with softmax along the rows",
        "deep_layer",
        "test_deep_layer",
        "Your softmax runs along the rows. Each column is an example: use the softmax that is given.",
        ("else softmax(Z)", "else softmax(Z.T).T"),
    ),
    mistake(
        "layer caches A",
        "deep_layer",
        "test_deep_layer",
        "Your cache holds A, after the activation, in the place of Z. The cache is (linear_cache, Z).",
        ("(linear_cache, Z)", "(linear_cache, A)"),
    ),
    mistake(
        "layer caches in another order",
        "deep_layer",
        "test_deep_layer",
        "Your cache comes in another order. It is (linear_cache, Z).",
        ("(linear_cache, Z)", "(Z, linear_cache)"),
    ),
    mistake(
        "layer caches Z only",
        "deep_layer",
        "test_deep_layer",
        "Your cache is Z alone. The way back needs the linear half's cache, too: (linear_cache, Z).",
        ("(linear_cache, Z)", "Z"),
    ),
    # Forward
    mistake(
        "forward with relu in the last layer",
        "forward_pass",
        "test_forward_pass",
        "Your last layer uses ReLU. It gets softmax, so that the outputs are probabilities.",
        ('"relu" if layer < depth else "softmax"', '"relu"'),
    ),
    mistake(
        "forward with softmax in every layer",
        "forward_pass",
        "test_forward_pass",
        "All of your layers use softmax. The hidden ones get ReLU.",
        ('"relu" if layer < depth else "softmax"', '"softmax"'),
    ),
    mistake(
        "forward with softmax in the first layer",
        "forward_pass",
        "test_forward_pass",
        "Your first layer gets softmax and the others ReLU. It is the last one that gets softmax.",
        ("layer < depth else", "layer > 1 else"),
    ),
    mistake(
        "forward without the last layer",
        "forward_pass",
        "test_forward_pass",
        "The last layer is missing: range(1, depth) ends before depth.",
        ("range(1, depth + 1)", "range(1, depth)"),
    ),
    mistake(
        "forward from the pictures in every layer",
        "forward_pass",
        "test_forward_pass",
        "Every layer gets X. From the second on, a layer gets what the one before it gave.",
        ("deep_layer(A, ", "deep_layer(X, "),
    ),
    mistake(
        "forward with four layers always",
        "forward_pass",
        "test_forward_pass",
        "Your network always has four layers. How many there are is seen from the parameters: two "
        "entries for each.",
        ("len(parameters) // 2", "4"),
    ),
    mistake(
        "forward with twice as many layers",
        "forward_pass",
        "test_forward_pass",
        "You take every entry of the dict for a layer. Each layer has two, W and b.",
        ("len(parameters) // 2", "len(parameters)"),
    ),
    mistake(
        "forward keeps the last cache only",
        "forward_pass",
        "test_forward_pass",
        "You return the cache of one layer. Keep those of all layers, in a list.",
        ("caches.append(cache)", "caches = [cache]"),
    ),
    mistake(
        "forward with the caches reversed",
        "forward_pass",
        "test_forward_pass",
        "Your caches come in the reverse order. The first layer's comes first.",
        ("caches.append(cache)", "caches.insert(0, cache)"),
    ),
    mistake(
        "forward returns the probabilities only",
        "forward_pass",
        "test_forward_pass",
        "You return AL alone. Return the list of caches beside it: the way back needs them.",
        ("return A, caches", "return A"),
    ),
    mistake(
        "forward with a skipped bias",
        "forward_pass",
        "test_forward_pass",
        "Your layers have no biases. Give each deep_layer its own b.",
        ('parameters[f"b{layer}"]', '0 * parameters[f"b{layer}"]'),
    ),
    # Cost
    mistake(
        "guard too small for float32",
        "compute_cost",
        "test_compute_cost",
        "In float32 your guard is 0, and guards nothing. Take one between 1e-12 and 1e-7.",
        ("tiny = 1e-12", "tiny = 1e-300"),
    ),
    mistake(
        "cost with the wrong sign",
        "compute_cost",
        "test_compute_cost",
        "Your cost is negative. Logarithms of numbers below 1 are, so the formula starts with a minus.",
        ("float(-np.sum", "float(np.sum"),
    ),
    mistake(
        "cost is a sum",
        "compute_cost",
        "test_compute_cost",
        "Your cost grows with the number of examples: the division by m is missing.",
        (" / Y.shape[1])", ")"),
    ),
    mistake(
        "cost divided by classes, too",
        "compute_cost",
        "test_compute_cost",
        "You divide by the number of all entries. Sum over the classes, and divide by the number of "
        "examples only.",
        ("Y.shape[1]", "Y.size"),
    ),
    mistake(
        "cost divided by classes",
        "compute_cost",
        "test_compute_cost",
        "You divide by the number of rows, which are the classes. The examples are the columns.",
        ("Y.shape[1]", "Y.shape[0]"),
    ),
    mistake(
        "cost not guarded",
        "compute_cost",
        "test_compute_cost",
        "Where a probability is exactly 0 your cost is NaN or infinite. Keep AL a tiny distance away "
        "from 0 before you take the logarithm.",
        ("np.maximum(AL, tiny)", "AL"),
    ),
    mistake(
        "cost with its infinity turned into a number",
        "compute_cost",
        "test_compute_cost",
        "np.nan_to_num makes of infinity a number with more than 300 digits. Put the guard on the "
        "probability, before you take the logarithm.",
        ("np.log(np.maximum(AL, tiny))", "np.nan_to_num(np.log(AL))"),
    ),
    mistake(
        "cost of yes-or-no questions",
        "compute_cost",
        "test_compute_cost",
        "That is the cost of Lab 1, with a term (1 - Y) log(1 - AL) for every class. With softmax only "
        "the true class counts.",
        (
            _COST,
            "float(-np.sum(Y * np.log(AL + tiny) + (1 - Y) * np.log(1 - AL + tiny)) / Y.shape[1])",
        ),
    ),
    mistake(
        "cost with a logarithm to base 10",
        "compute_cost",
        "test_compute_cost",
        "You took logarithms to base 10. The cost uses the natural logarithm, np.log.",
        ("np.log(", "np.log10("),
    ),
    mistake(
        "cost with a logarithm to base 2",
        "compute_cost",
        "test_compute_cost",
        "You took logarithms to base 2. The cost uses the natural logarithm, np.log.",
        ("np.log(", "np.log2("),
    ),
    mistake(
        "cost with its arguments exchanged",
        "compute_cost",
        "test_compute_cost",
        "AL and Y have changed places: the logarithm is taken of the probabilities, not of the labels.",
        ("Y * np.log(np.maximum(AL, tiny))", "AL * np.log(np.maximum(Y, tiny))"),
    ),
    mistake(
        "cost per example",
        "compute_cost",
        "test_compute_cost",
        "You return one cost for each example. Take their mean: the cost is a single number.",
        (_COST, "-np.sum(Y * np.log(np.maximum(AL, tiny)), axis=0)"),
    ),
    # Linear backward
    mistake(
        "dW and db are sums",
        "linear_backward",
        "test_linear_backward",
        "Your dW and db are m times too large: they are means over the examples.",
        ("dZ / dZ.shape[1]", "dZ"),
    ),
    mistake(
        "dW is a sum",
        "linear_backward",
        "test_linear_backward",
        "Your dW is m times too large: it is a mean over the examples, like db.",
        (_DW, "dZ @ A_prev.T"),
    ),
    mistake(
        "db is a sum",
        "linear_backward",
        "test_linear_backward",
        "Your db is m times too large: it is the mean of each row, like dW.",
        (_DB, "dZ.sum(axis=1, keepdims=True)"),
    ),
    mistake(
        "dA_prev is divided by m",
        "linear_backward",
        "test_linear_backward",
        "You divide dA_prev by m. It has a column for each example, and no mean is taken there.",
        ("W.T @ dZ", "W.T @ dZ_share"),
    ),
    mistake(
        "everything divided by the units",
        "linear_backward",
        "test_linear_backward",
        "You divide by the number of rows of dZ, which are units. The examples are its columns.",
        ("dZ.shape[1]", "dZ.shape[0]"),
    ),
    mistake(
        "db is a single number",
        "linear_backward",
        "test_linear_backward",
        "Your db is a single number: the mean runs over everything. Every unit has its own: the mean of "
        "its row.",
        (_DB, "np.mean(dZ)"),
    ),
    mistake(
        "db is the sum of everything",
        "linear_backward",
        "test_linear_backward",
        "Your db adds up the whole array. Every unit has its own: the mean of its row, along axis 1.",
        (_DB, "np.sum(dZ_share)"),
    ),
    mistake(
        "db over the units",
        "linear_backward",
        "test_linear_backward",
        "Your db is a sum over the units, one number for each example. It should be the other way round: "
        "axis=1.",
        ("axis=1", "axis=0"),
    ),
    mistake(
        "db without keepdims",
        "linear_backward",
        "test_linear_backward",
        "Your db has the shape (n,). Next to a bias of shape (n, 1) it is broadcast to a square: keep "
        "the second axis with keepdims=True.",
        ("(axis=1, keepdims=True)", "(axis=1)"),
    ),
    mistake(
        "dW transposed",
        "linear_backward",
        "test_linear_backward",
        "Your dW is transposed. It has the shape of W: (n, n_prev).",
        (_DW, "A_prev @ dZ_share.T"),
    ),
    mistake(
        "dA_prev through W as it is",
        "linear_backward",
        "test_linear_backward",
        "The way back goes through the transpose of W. With as many inputs as units W itself runs "
        "without an error, and is wrong.",
        ("W.T @ dZ", "W @ dZ"),
    ),
    mistake(
        "dW from W",
        "linear_backward",
        "test_linear_backward",
        "Your dA_prev and dW have changed places. Return dA_prev, dW, db.",
        ("return dA_prev, dW, db", "return dW, dA_prev, db"),
    ),
    mistake(
        "linear backward returns the gradients first",
        "linear_backward",
        "test_linear_backward",
        "Your three results come in another order. Return dA_prev, dW, db.",
        ("return dA_prev, dW, db", "return dW, db, dA_prev"),
    ),
    mistake(
        "linear backward with the wrong sign",
        "linear_backward",
        "test_linear_backward",
        "Your dW and db have the opposite sign. The minus of gradient descent comes later, in the update.",
        ("dZ / dZ.shape[1]", "-dZ / dZ.shape[1]"),
    ),
    # Activation backward
    mistake(
        "mask missing",
        "backward_activation",
        "test_backward_activation",
        "ReLU's slope is missing: nothing should get through where Z was negative.",
        (_MASKED, "dA"),
    ),
    mistake(
        "mask from dA",
        "backward_activation",
        "test_backward_activation",
        "You keep the slopes that are positive. The mask is made of Z, which went forward.",
        (_MASKED, "relu(dA)"),
    ),
    mistake(
        "relu of Z for its slope",
        "backward_activation",
        "test_backward_activation",
        "You multiply by ReLU itself. Its slope is 1 where Z is positive, however large Z is.",
        (_MASKED, "dA * relu(Z)"),
    ),
    mistake(
        "slope of Z without a threshold",
        "backward_activation",
        "test_backward_activation",
        "You multiply dA by Z. It takes ReLU's slope there: 1 where Z is positive, 0 where it is "
        "negative.",
        (_MASKED, "dA * Z"),
    ),
    mistake(
        "mask reversed",
        "backward_activation",
        "test_backward_activation",
        "Your mask is reversed: slopes get through where Z is positive.",
        ("Z > 0", "Z < 0"),
    ),
    mistake(
        "mask from the input",
        "backward_activation",
        "test_backward_activation",
        "You go back through the linear half first. What went forward last comes back first: ReLU, then "
        "linear.",
        code="""
def backward_activation(dA, cache, activation):
    linear_cache, Z = cache
    dA_prev, dW, db = linear_backward(dA, linear_cache)
    return dA_prev * (linear_cache[0] > 0), dW, db
""",
    ),
    mistake(
        "slope of the sign",
        "backward_activation",
        "test_backward_activation",
        "Where Z is negative your slope is -1. ReLU is flat there, and its slope is 0.",
        (_MASKED, "dA * np.sign(Z)"),
    ),
    mistake(
        "activation changes dA",
        "backward_activation",
        "test_backward_activation",
        "Your code changes the array dA that it was given. Work on a copy: dZ = dA.copy().",
        (f"dZ = {_MASKED}", "dZ = dA\n    dZ[Z <= 0] = 0"),
    ),
    mistake(
        "activation returns dZ",
        "backward_activation",
        "test_backward_activation",
        "You return dZ alone. Hand it to linear_backward and return what that gives.",
        ("return linear_backward(dZ, linear_cache)", "return dZ"),
    ),
    # Backward
    mistake(
        "backward with the labels first",
        "backward_pass",
        "test_backward_pass",
        "All your gradients have the opposite sign: the slopes at the scores are AL - Y, not Y - AL.",
        ("AL - Y", "Y - AL"),
    ),
    mistake(
        "backward that divides by the probabilities",
        "backward_pass",
        "test_backward_pass",
        "You divide by AL, or by AL (1 - AL). Where a probability is exactly 0 or 1, that is NaN. The "
        "slopes at the scores are AL - Y, without a division.",
        ("AL - Y", "(-Y / AL + (1 - Y) / (1 - AL)) * AL * (1 - AL)"),
    ),
    mistake(
        "backward with a factor of 2",
        "backward_pass",
        "test_backward_pass",
        "All your gradients are twice as large as they should be. A 2 belongs to a squared error, not to "
        "this cost.",
        ("AL - Y", "2 * (AL - Y)"),
    ),
    mistake(
        "backward divides twice",
        "backward_pass",
        "test_backward_pass",
        "You divide by m once too often: linear_backward does it already.",
        ("AL - Y", "(AL - Y) / Y.shape[1]"),
    ),
    mistake(
        "backward with a sigmoid's derivative",
        "backward_pass",
        "test_backward_pass",
        "There is a factor AL (1 - AL) too many at the scores. Softmax and logarithm cancel: what remains "
        "is AL - Y.",
        ("AL - Y", "(AL - Y) * AL * (1 - AL)"),
    ),
    mistake(
        "backward from the logarithm alone",
        "backward_pass",
        "test_backward_pass",
        "-Y / AL is the slope at the probabilities, before softmax. The slope at the scores is AL - Y.",
        ("AL - Y", "-Y / AL"),
    ),
    mistake(
        "backward from the probabilities alone",
        "backward_pass",
        "test_backward_pass",
        "The labels are missing at the top. The slopes at the scores are AL - Y.",
        ("AL - Y", "AL"),
    ),
    mistake(
        "backward with relu in the last layer",
        "backward_pass",
        "test_backward_pass",
        "You send the last layer through ReLU's slope. It has softmax, which AL - Y has dealt with: "
        "linear_backward alone is right there.",
        (
            "linear_backward(AL - Y, linear_cache)",
            'backward_activation(AL - Y, caches[-1], "relu")',
        ),
    ),
    mistake(
        "backward without relu",
        "backward_pass",
        "test_backward_pass",
        "Your hidden layers go back through linear_backward alone. They have a ReLU: use "
        "backward_activation.",
        ('backward_activation(dA, cache, "relu")', "linear_backward(dA, cache[0])"),
    ),
    mistake(
        "backward without the first layer",
        "backward_pass",
        "test_backward_pass",
        "The first layer is missing. range(L - 1, 0, -1) ends with 1.",
        ("range(depth - 1, 0, -1)", "range(depth - 1, 1, -1)"),
    ),
    mistake(
        "backward of the last layer only",
        "backward_pass",
        "test_backward_pass",
        "You return the gradients of one layer. Go on through all the hidden ones; where is the return?",
        ("for layer in range(depth - 1, 0, -1):", "for layer in range(0):"),
    ),
    mistake(
        "backward that hands on nothing",
        "backward_pass",
        "test_backward_pass",
        "Every hidden layer gets the slopes of the last one. What a layer gives as dA_prev is the dA of "
        "the next.",
        ('        dA, grads[f"dW{layer}"]', '        _, grads[f"dW{layer}"]'),
    ),
    mistake(
        "backward with the caches in the wrong order",
        "backward_pass",
        "test_backward_pass",
        "Your layers get the caches of other layers. That of layer l is caches[l - 1].",
        ("cache = caches[layer - 1]", "cache = caches[depth - 1 - layer]"),
    ),
    mistake(
        "backward with caches one too high",
        "backward_pass",
        "test_backward_pass",
        "You use the cache of the layer above. Lists count from 0: that of layer l is caches[l - 1].",
        ("cache = caches[layer - 1]", "cache = caches[layer]"),
        ("(X, W[:, :0], b), Z", "(X, W, b), Z"),
    ),
    mistake(
        "backward with names of the parameters",
        "backward_pass",
        "test_backward_pass",
        "Your gradients have the names of the parameters. Call them dW1, db1 and so on.",
        ('f"dW{', 'f"W{'),
        ('f"db{', 'f"b{'),
    ),
    mistake(
        "backward counts from 0",
        "backward_pass",
        "test_backward_pass",
        "Your names begin with dW0. Layers are numbered from 1, like their parameters.",
        ('f"dW{layer}"', 'f"dW{layer - 1}"'),
        ('f"db{layer}"', 'f"db{layer - 1}"'),
        ('f"dW{depth}"', 'f"dW{depth - 1}"'),
        ('f"db{depth}"', 'f"db{depth - 1}"'),
    ),
    # Update
    mistake(
        "update uphill",
        "update_parameters",
        "test_update_parameters",
        "You go along the gradient, which is uphill: the cost rises. Subtract in place of adding.",
        ("value - learning_rate", "value + learning_rate"),
    ),
    mistake(
        "update without the learning rate",
        "update_parameters",
        "test_update_parameters",
        "The learning rate is missing: the step is the learning rate times the gradient.",
        ("learning_rate * ", ""),
    ),
    mistake(
        "update without the biases",
        "update_parameters",
        "test_update_parameters",
        "Your biases stay where they are. They take a step like the weights.",
        (_UPDATED, f'{_UPDATED} if name[0] == "W" else value'),
    ),
    mistake(
        "update changes nothing in the dict",
        "update_parameters",
        "test_update_parameters",
        "Your parameters come back as they were. A loop over values() that assigns to its own variable "
        "changes nothing in the dict: write parameters[name] = ….",
        code="""
def update_parameters(parameters, grads, learning_rate):
    for name, value in parameters.items():
        value = value - learning_rate * grads[f"d{name}"]
    return parameters
""",
    ),
    mistake(
        "update of all layers but the last",
        "update_parameters",
        "test_update_parameters",
        "Your last layer does not take the step. range(1, L) ends before L.",
        code="""
def update_parameters(parameters, grads, learning_rate):
    new = dict(parameters)
    for layer in range(1, len(parameters) // 2):
        for kind in "Wb":
            new[f"{kind}{layer}"] = (
                parameters[f"{kind}{layer}"] - learning_rate * grads[f"d{kind}{layer}"]
            )
    return new
""",
    ),
    mistake(
        "update of four layers always",
        "update_parameters",
        "test_update_parameters",
        "You update four layers, whatever the dict holds. Run through the names that are there.",
        code="""
def update_parameters(parameters, grads, learning_rate):
    for layer in range(1, 5):
        for kind in "Wb":
            parameters[f"{kind}{layer}"] = (
                parameters[f"{kind}{layer}"] - learning_rate * grads[f"d{kind}{layer}"]
            )
    return parameters
""",
    ),
    mistake(
        "update returns the steps",
        "update_parameters",
        "test_update_parameters",
        "You return the steps alone. Subtract them from the parameters.",
        ("value - learning_rate", "learning_rate"),
    ),
    mistake(
        "update forgets to return",
        "update_parameters",
        "test_update_parameters",
        "Your function computes the new parameters and does not return them.",
        ("return {", "new = {"),
    ),
    # Mini-batches
    mistake(
        "batches of pictures shuffled without their labels",
        "random_mini_batches",
        "test_random_mini_batches",
        "Your labels do not belong to the examples beside them: X and Y need the same order.",
        (_TAKEN, "batches.append((X[:, chosen], Y[:, start : start + batch_size]))"),
    ),
    mistake(
        "batches never shuffled",
        "random_mini_batches",
        "test_random_mini_batches",
        "Your batches come in the order of the data. Draw a random order with rng first.",
        ("rng.permutation(m)", "np.arange(m)"),
    ),
    mistake(
        "batches without the last, smaller one",
        "random_mini_batches",
        "test_random_mini_batches",
        "The examples that do not fill a whole batch are lost. They make a smaller one, the last.",
        ("range(0, m, batch_size)", "range(0, m - batch_size + 1, batch_size)"),
    ),
    mistake(
        "always the first batch",
        "random_mini_batches",
        "test_random_mini_batches",
        "All your batches hold the same examples. Each starts where the one before it ended.",
        ("order[start : start + batch_size]", "order[: min(batch_size, m - start)]"),
    ),
    mistake(
        "batches cut before they are shuffled",
        "random_mini_batches",
        "test_random_mini_batches",
        "Every batch holds neighbours: you cut first and shuffle afterwards. If the data are sorted, a "
        "batch then holds one class only. Shuffle first.",
        (
            "chosen = order[start : start + batch_size]",
            "chosen = start + rng.permutation(min(batch_size, m - start))",
        ),
        ("order = rng.permutation(m)", "rng.random()"),
    ),
    mistake(
        "batches drawn with repetition",
        "random_mini_batches",
        "test_random_mini_batches",
        "Some examples come twice in your batches and others never. An epoch shows each exactly once: use "
        "rng.permutation.",
        ("rng.permutation(m)", "rng.integers(0, m, m)"),
    ),
    mistake(
        "batches from the global generator",
        "random_mini_batches",
        "test_random_mini_batches",
        "Your order does not come from rng: the same rng gives another one each time. Use "
        "rng.permutation, not np.random.",
        ("rng.permutation(m)", "np.random.permutation(m)"),
    ),
    mistake(
        "batches from a generator of its own",
        "random_mini_batches",
        "test_random_mini_batches",
        "Your order is the same whatever rng is. Draw it from the rng of the argument, or every epoch "
        "will have the same batches.",
        ("rng.permutation(m)", "np.random.default_rng(3).permutation(m)"),
    ),
    mistake(
        "batches of rows",
        "random_mini_batches",
        "test_random_mini_batches",
        "You cut along the rows, which are pixels. Examples are columns: X[:, chosen].",
        ("m = X.shape[1]", "m = X.shape[0]"),
        (_TAKEN, "batches.append((X[chosen], Y[chosen % len(Y)]))"),
    ),
    mistake(
        "one batch of several",
        "random_mini_batches",
        "test_random_mini_batches",
        "You return after the first batch. Is the return inside the loop?",
        ("\n    return batches", "\n        return batches"),
    ),
    mistake(
        "batches without labels",
        "random_mini_batches",
        "test_random_mini_batches",
        "Your batches hold the examples without their labels. Each is a pair, (X_batch, Y_batch).",
        (_TAKEN, "batches.append(X[:, chosen])"),
    ),
    mistake(
        "batches with an empty one",
        "random_mini_batches",
        "test_random_mini_batches",
        "Where batch_size divides the number of examples, you add a batch without any: its cost is nan. "
        "Make a smaller last batch only if something is left over.",
        ("range(0, m, batch_size)", "range(0, m + 1, batch_size)"),
    ),
    mistake(
        "batches that lose a single last example",
        "random_mini_batches",
        "test_random_mini_batches",
        "Where a single example is left over, it is lost. It makes a batch of one: range ends before "
        "its second number by itself.",
        ("range(0, m, batch_size)", "range(0, m - 1, batch_size)"),
    ),
    mistake(
        "batches of shuffled pixels",
        "random_mini_batches",
        "test_random_mini_batches",
        "rng.shuffle(X) shuffles the rows, which are pixels, and X itself. Draw an order of the columns "
        "with rng.permutation and pick them.",
        ("order = rng.permutation(m)", "rng.shuffle(X)\n    order = np.arange(m)"),
    ),
    mistake(
        "batches as a single pair",
        "random_mini_batches",
        "test_random_mini_batches",
        "What you return is one pair, of two lists or of the first batch. Return a list with a pair, "
        "(X_batch, Y_batch), for every batch.",
        ("return batches", "return [x for x, _ in batches], [y for _, y in batches]"),
    ),
    # Training
    mistake(
        "training on all examples in every step",
        "train_model",
        "test_train_model",
        "Each of your steps goes through all the examples. It takes those of its batch: X_batch and "
        "Y_batch.",
        ("forward_pass(X_batch, parameters)", "forward_pass(X, parameters)"),
        ("backward_pass(AL, Y_batch, caches)", "backward_pass(AL, Y, caches)"),
        ("labels.append(Y_batch)", "labels.append(Y)"),
    ),
    mistake(
        "training with a start of its own",
        "train_model",
        "test_train_model",
        "Your first parameters are the same whatever rng is. Draw them from the rng that you are given.",
        (
            "initialize_parameters(layer_dims, rng)",
            "initialize_parameters(layer_dims, np.random.default_rng(0))",
        ),
    ),
    mistake(
        "training without decay",
        "train_model",
        "test_train_model",
        "Your learning rate never falls. At the end of each epoch it is multiplied by decay.",
        ("        learning_rate *= decay\n", ""),
    ),
    mistake(
        "training with decay every fifth epoch",
        "train_model",
        "test_train_model",
        "Your learning rate falls at the end of some epochs only. It is multiplied by decay at the end "
        "of each.",
        ("for _ in bar:", "for epoch, _ in enumerate(bar):"),
        (
            "        learning_rate *= decay\n",
            "        if epoch % 5 == 4:\n            learning_rate *= decay\n",
        ),
    ),
    mistake(
        "training with decay after every batch",
        "train_model",
        "test_train_model",
        "Your learning rate falls after every batch. It falls at the end of each epoch: the line with "
        "decay belongs in the outer loop.",
        ("        learning_rate *= decay\n", ""),
        ("labels.append(Y_batch)", "labels.append(Y_batch)\n            learning_rate *= decay"),
    ),
    mistake(
        "training with decay before the first epoch",
        "train_model",
        "test_train_model",
        "Your learning rate falls before the first epoch already. Multiply by decay at the end of each "
        "epoch.",
        ("        learning_rate *= decay\n", ""),
        ("outputs, labels = [], []", "outputs, labels = [], []\n        learning_rate *= decay"),
    ),
    mistake(
        "training on sorted batches of the first epoch",
        "train_model",
        "test_train_model",
        "Every epoch of yours has the same batches. Call random_mini_batches inside the loop over the "
        "epochs.",
        ("bar = progress_bar(epochs)", f"bar = progress_bar(epochs)\n    fixed = {_BATCHES}"),
        (f"in {_BATCHES}:", "in fixed:"),
    ),
    mistake(
        "training that starts again in every epoch",
        "train_model",
        "test_train_model",
        "The parameters are drawn anew in every epoch, so that all that was learned is lost. Draw them "
        "once, before the loops.",
        (
            "outputs, labels = [], []",
            "outputs, labels = [], []\n        parameters = initialize_parameters(layer_dims, rng)",
        ),
    ),
    mistake(
        "training that keeps nothing",
        "train_model",
        "test_train_model",
        "What update_parameters returns is not kept, so that the parameters stay as they were drawn. "
        "Store it as parameters.",
        (_STEP, "update_parameters(parameters, grads, learning_rate)"),
    ),
    mistake(
        "training with one step an epoch",
        "train_model",
        "test_train_model",
        "You take one step in each epoch, after the last batch. Every batch takes a step: the update "
        "belongs in the inner loop.",
        (f"            {_STEP}\n", ""),
        ("        AL, Y_seen", f"        {_STEP}\n        AL, Y_seen"),
    ),
    mistake(
        "training on all examples at once",
        "train_model",
        "test_train_model",
        "Your batches hold all the examples, whatever batch_size says. Pass batch_size on.",
        (_BATCHES, "random_mini_batches(X, Y, X.shape[1], rng)"),
    ),
    mistake(
        "training on the first batch only",
        "train_model",
        "test_train_model",
        "You train on one batch in each epoch. Is something inside the inner loop that ends it?",
        (f"in {_BATCHES}:", f"in {_BATCHES}[:1]:"),
    ),
    mistake(
        "training uphill",
        "train_model",
        "test_train_model",
        "You go uphill: update_parameters subtracts already, so it needs the learning rate with a plus.",
        ("grads, learning_rate)", "grads, -learning_rate)"),
    ),
    mistake(
        "training with an epoch too few",
        "train_model",
        "test_train_model",
        "You train one epoch too few: range(1, epochs) leaves out the first.",
        ("progress_bar(epochs)", "progress_bar(epochs - 1)"),
    ),
    mistake(
        "training with a cost for every batch",
        "train_model",
        "test_train_model",
        "Your list has a cost for every batch. It should have one for every epoch: their mean.",
        ("        costs.append(compute_cost(AL, Y_seen))\n", ""),
        (
            "outputs.append(AL)",
            "outputs.append(AL)\n            costs.append(compute_cost(AL, Y_batch))",
        ),
    ),
    mistake(
        "training with the sum of the costs",
        "train_model",
        "test_train_model",
        "The cost of an epoch is a sum over its batches. Take the mean.",
        (_EPOCH_COST, "sum(map(compute_cost, outputs, labels))"),
    ),
    mistake(
        "training with the cost of the last batch",
        "train_model",
        "test_train_model",
        "The cost of an epoch is that of its last batch. Take the mean over all of them.",
        (_EPOCH_COST, "compute_cost(outputs[-1], labels[-1])"),
    ),
    mistake(
        "training with the step divided by the batch",
        "train_model",
        "test_train_model",
        "Your steps are too small: you divide by the size of the batch once more. The gradients are means "
        "already.",
        ("grads, learning_rate)", "grads, learning_rate / X_batch.shape[1])"),
    ),
    mistake(
        "training with a generator of its own",
        "train_model",
        "test_train_model",
        "Your result does not depend on the rng that it is given. Pass rng on to initialize_parameters "
        "and random_mini_batches.",
        ("    Y = Y", "    rng = np.random.default_rng(42)\n    Y = Y"),
    ),
    mistake(
        "training with the costs first",
        "train_model",
        "test_train_model",
        "Your two results come in the other order. Return the parameters, then the costs.",
        ("return parameters, costs", "return costs, parameters"),
    ),
    mistake(
        "training returns no costs",
        "train_model",
        "test_train_model",
        "You return the parameters alone. Return the list of costs beside them.",
        ("return parameters, costs", "return parameters"),
    ),
    mistake(
        "training for one epoch only",
        "train_model",
        "test_train_model",
        "You train for one epoch, whatever `epochs` says. Is the return inside the loop?",
        ("\n    return parameters, costs", "\n        return parameters, costs"),
    ),
    # Prediction
    mistake(
        "ReLU in the last layer, too",
        "predict",
        "test_predict",
        "Where all scores are negative, your answer is class 0: ReLU has made all of them 0. The last "
        "layer has no ReLU.",
        (
            "    AL, _ = forward_pass(X, parameters)\n",
            "    AL = X\n    for n in range(1, len(parameters) // 2 + 1):\n"
            '        AL = relu(parameters[f"W{n}"] @ AL + parameters[f"b{n}"])\n',
        ),
    ),
    mistake(
        "prediction along the rows",
        "predict",
        "test_predict",
        "You look for the largest entry of each row. Examples are columns: use axis=0.",
        ("argmax(axis=0)", "argmax(axis=1)"),
    ),
    mistake(
        "prediction is the probability",
        "predict",
        "test_predict",
        "You return the largest probability of each column. The prediction is where it stands: argmax.",
        ("argmax(axis=0)", "max(axis=0)"),
    ),
    mistake(
        "prediction is one number",
        "predict",
        "test_predict",
        "argmax without an axis looks through the whole array and returns one number. Each column needs "
        "its own: axis=0.",
        ("argmax(axis=0)", "argmax()"),
    ),
    mistake(
        "prediction counts from 1",
        "predict",
        "test_predict",
        "Your predictions are 1 too large: classes count from 0.",
        ("argmax(axis=0)", "argmax(axis=0) + 1"),
    ),
    mistake(
        "prediction of the least probable class",
        "predict",
        "test_predict",
        "You return the least probable class of each example.",
        ("argmax(axis=0)", "argmin(axis=0)"),
    ),
    mistake(
        "prediction is all the probabilities",
        "predict",
        "test_predict",
        "You return all the probabilities. Return the most probable class of each example.",
        ("AL.argmax(axis=0)", "AL"),
    ),
    mistake(
        "prediction is one-hot",
        "predict",
        "test_predict",
        "You return columns with a single 1. Return the labels themselves, one for each example.",
        ("AL.argmax(axis=0)", "(AL == AL.max(axis=0)).astype(int)"),
    ),
]

RIGHT: list[Variant] = [
    right(
        "weights uniform, with He's variance",
        "initialize_parameters",
        code="""
def initialize_parameters(layer_dims, rng):
    parameters = {}
    for k, (n_in, n_out) in enumerate(zip(layer_dims[:-1], layer_dims[1:])):
        limit = np.sqrt(6 / n_in)
        parameters["W" + str(k + 1)] = rng.uniform(-limit, limit, (n_out, n_in))
        parameters["b" + str(k + 1)] = np.zeros((n_out, 1))
    return parameters
""",
    ),
    right(
        "weights in float32, the last layer first, and the depth beside them",
        "initialize_parameters",
        code="""
def initialize_parameters(layer_dims, rng):
    L = len(layer_dims) - 1
    parameters = {"L": L}
    for l in reversed(range(L)):
        W = rng.standard_normal((layer_dims[l + 1], layer_dims[l]), dtype=np.float32)
        parameters[f"W{l + 1}"] = W * np.float32((2 / layer_dims[l]) ** 0.5)
        parameters[f"b{l + 1}"] = np.zeros((layer_dims[l + 1], 1), dtype=int)
    return parameters
""",
    ),
    right(
        "linear with dot, cache as a list",
        "linear_forward",
        code="""
def linear_forward(A, W, b):
    cache = [A, W, b]
    return np.dot(W, A) + b.reshape(-1, 1), cache
""",
    ),
    right(
        "linear with einsum",
        "linear_forward",
        ("W @ A + b", 'np.einsum("ij,jk->ik", W, A) + b'),
    ),
    right(
        "linear example by example, in float32",
        "linear_forward",
        code="""
def linear_forward(A, W, b):
    columns = [W @ A[:, i] + b[:, 0] for i in range(A.shape[1])]
    return np.column_stack(columns).astype(np.float32), (A, W, b)
""",
    ),
    right(
        "layer with its own linear half and a chain of ifs",
        "deep_layer",
        code="""
def deep_layer(A_prev, W, b, activation):
    Z = W @ A_prev + b
    if activation == "relu":
        A = Z * (Z > 0)
    elif activation == "softmax":
        e = np.exp(Z - np.max(Z, axis=0))
        A = e / np.sum(e, axis=0)
    else:
        raise ValueError(activation)
    return A, [(A_prev, W, b), Z]
""",
    ),
    right(
        "layer with a table of functions",
        "deep_layer",
        (
            'relu(Z) if activation == "relu" else softmax(Z)',
            '{"relu": relu, "softmax": softmax}[activation](Z)',
        ),
    ),
    right(
        "forward with the last layer by itself",
        "forward_pass",
        code="""
def forward_pass(X, parameters):
    caches = []
    A = X
    L = len([name for name in parameters if name.startswith("W")])
    for l in range(1, L):
        A_prev = A
        A, cache = deep_layer(A_prev, parameters["W" + str(l)], parameters["b" + str(l)], "relu")
        caches.append(cache)
    AL, cache = deep_layer(A, parameters["W" + str(L)], parameters["b" + str(L)], "softmax")
    caches.append(cache)
    return AL, caches
""",
    ),
    right(
        "forward with everything written out, caches as a tuple",
        "forward_pass",
        code="""
def forward_pass(X, parameters):
    caches, l = (), 1
    while f"W{l}" in parameters:
        W, b = parameters[f"W{l}"], parameters[f"b{l}"]
        Z = W @ X + b
        caches += (((X, W, b), Z),)
        l += 1
        X = relu(Z)
    return softmax(Z), caches
""",
    ),
    right(
        "forward by recursion",
        "forward_pass",
        code="""
def forward_pass(X, parameters, layer=1):
    if f"W{layer}" not in parameters:
        return X, []
    last = f"W{layer + 1}" not in parameters
    A, cache = deep_layer(
        X, parameters[f"W{layer}"], parameters[f"b{layer}"], "softmax" if last else "relu"
    )
    AL, caches = forward_pass(A, parameters, layer + 1)
    return AL, [cache] + caches
""",
    ),
    right("cost with a small constant", "compute_cost", ("np.maximum(AL, tiny)", "AL + 1e-8")),
    right("cost with a larger constant", "compute_cost", ("tiny = 1e-12", "tiny = 1e-7")),
    right(
        "cost by picking",
        "compute_cost",
        code="""
def compute_cost(AL, Y):
    picked = AL[Y.argmax(axis=0), np.arange(Y.shape[1])]
    return -np.log(np.clip(picked, 1e-15, 1)).mean()
""",
    ),
    right(
        "cost with a loop, as an array",
        "compute_cost",
        code="""
def compute_cost(AL, Y):
    m = Y.shape[1]
    total = 0
    for i in range(m):
        total -= np.sum(Y[:, i] * np.log(AL[:, i].clip(1e-10)))
    return np.array([[total / m]])
""",
    ),
    right(
        "linear backward with the division at the end",
        "linear_backward",
        code="""
def linear_backward(dZ, linear_cache):
    A_prev, W, b = linear_cache
    m = A_prev.shape[1]
    dW = 1 / m * np.dot(dZ, A_prev.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db
""",
    ),
    right(
        "linear backward example by example, as a list",
        "linear_backward",
        code="""
def linear_backward(dZ, linear_cache):
    A_prev, W, b = linear_cache
    n, m = dZ.shape
    dW = sum(np.outer(dZ[:, i], A_prev[:, i]) for i in range(m)) / m
    return [(dZ.T @ W).T, dW, np.mean(dZ, axis=1).reshape(b.shape)]
""",
    ),
    right(
        "linear backward with einsum, in float32",
        "linear_backward",
        code="""
def linear_backward(dZ, linear_cache):
    A, W, b = (part.astype(np.float32) for part in linear_cache)
    dZ = dZ.astype(np.float32)
    dW = np.einsum("im,jm->ij", dZ, A) / dZ.shape[1]
    return np.einsum("ij,im->jm", W, dZ), dW, dZ.mean(axis=1)[:, None]
""",
    ),
    right(
        "mask in place on a copy",
        "backward_activation",
        code="""
def backward_activation(dA, cache, activation):
    linear_cache, Z = cache
    dZ = np.array(dA, copy=True)
    if activation == "relu":
        dZ[Z <= 0] = 0
    dA_prev, dW, db = linear_backward(dZ, linear_cache)
    return dA_prev, dW, db
""",
    ),
    right("mask with where", "backward_activation", (_MASKED, "np.where(Z > 0, dA, 0)")),
    right(
        "mask and linear half written out",
        "backward_activation",
        code="""
def backward_activation(dA, cache, activation):
    (A, W, b), Z = cache
    dZ = dA * np.heaviside(Z, 1)
    m = Z.shape[1]
    return W.T @ dZ, dZ @ A.T / m, dZ.mean(axis=1, keepdims=True)
""",
    ),
    right(
        "backward without a trick at the first layer",
        "backward_pass",
        code="""
def backward_pass(AL, Y, caches):
    grads = {}
    L = len(caches)
    dZ = AL - Y
    grads["dA" + str(L - 1)], grads["dW" + str(L)], grads["db" + str(L)] = linear_backward(
        dZ, caches[L - 1][0]
    )
    for l in reversed(range(L - 1)):
        dA_prev, dW, db = backward_activation(grads["dA" + str(l + 1)], caches[l], "relu")
        grads["dA" + str(l)] = dA_prev
        grads["dW" + str(l + 1)] = dW
        grads["db" + str(l + 1)] = db
    return grads
""",
    ),
    right(
        "backward with everything written out",
        "backward_pass",
        code="""
def backward_pass(AL, Y, caches):
    grads, m = {}, Y.shape[1]
    dZ = (AL - Y) / m
    for l in range(len(caches), 0, -1):
        (A, W, b), Z = caches[l - 1]
        if l < len(caches):
            dZ = dA * (Z > 0)
        grads[f"dW{l}"] = dZ @ A.T
        grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True)
        dA = W.T @ dZ
    return grads
""",
    ),
    right(
        "backward that takes caches from a copy of the list",
        "backward_pass",
        code="""
def backward_pass(AL, Y, caches):
    stack = list(caches)
    grads = {}
    results = linear_backward(AL - Y, stack.pop()[0])
    while True:
        dA, grads[f"dW{len(stack) + 1}"], grads[f"db{len(stack) + 1}"] = results
        if not stack:
            return grads
        results = backward_activation(dA, stack.pop(), "relu")
""",
    ),
    right(
        "update in place",
        "update_parameters",
        code="""
def update_parameters(parameters, grads, learning_rate):
    for name in parameters:
        parameters[name] -= learning_rate * grads["d" + name]
    return parameters
""",
    ),
    right(
        "update layer by layer",
        "update_parameters",
        code="""
def update_parameters(parameters, grads, learning_rate):
    parameters = parameters.copy()
    L = len(parameters) // 2
    for l in range(L):
        parameters["W" + str(l + 1)] = (
            parameters["W" + str(l + 1)] - learning_rate * grads["dW" + str(l + 1)]
        )
        parameters["b" + str(l + 1)] = (
            parameters["b" + str(l + 1)] - learning_rate * grads["db" + str(l + 1)]
        )
    return parameters
""",
    ),
    right(
        "batches cut from a shuffled copy",
        "random_mini_batches",
        code="""
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    permutation = list(rng.permutation(m))
    X, Y = X[:, permutation], Y[:, permutation]
    batches = []
    full = m // batch_size
    for k in range(full):
        part = slice(k * batch_size, (k + 1) * batch_size)
        batches.append((X[:, part], Y[:, part]))
    if m % batch_size != 0:
        batches.append((X[:, full * batch_size :], Y[:, full * batch_size :]))
    return batches
""",
    ),
    right(
        "batches with array_split and shuffle",
        "random_mini_batches",
        code="""
def random_mini_batches(X, Y, batch_size, rng):
    order = np.arange(X.shape[1])
    rng.shuffle(order)
    cuts = range(batch_size, X.shape[1], batch_size)
    return [[X[:, part], Y[:, part]] for part in np.split(order, cuts)]
""",
    ),
    right(
        "batches by sorting random keys, in float32",
        "random_mini_batches",
        ("rng.permutation(m)", "np.argsort(rng.random(m))"),
        ("X[:, chosen]", "X[:, chosen].astype(np.float32)"),
    ),
    right(
        "training with plain means and prints",
        "train_model",
        code="""
def train_model(X, Y, layer_dims, learning_rate, batch_size, epochs, rng, decay=1.0):
    parameters = initialize_parameters(layer_dims, rng)
    costs = []
    for epoch in range(epochs):
        epoch_costs = []
        for X_batch, Y_batch in random_mini_batches(X, Y, batch_size, rng):
            AL, caches = forward_pass(X_batch, parameters)
            epoch_costs.append(compute_cost(AL, Y_batch))
            grads = backward_pass(AL, Y_batch, caches)
            parameters = update_parameters(parameters, grads, learning_rate)
        costs.append(np.mean(epoch_costs))
        print("epoch", epoch + 1, "cost", costs[-1], np.mean(predict(X, parameters) == Y.argmax(0)))
        learning_rate = learning_rate * decay
    return parameters, costs
""",
    ),
    right(
        "training with all parts written out",
        "train_model",
        code="""
def train_model(X, Y, layer_dims, learning_rate, batch_size, epochs, rng, decay=1):
    L, m = len(layer_dims) - 1, X.shape[1]
    Ws = [rng.normal(0, np.sqrt(2 / a), (c, a)) for a, c in zip(layer_dims, layer_dims[1:])]
    bs = [np.zeros((n, 1)) for n in layer_dims[1:]]
    costs = np.zeros(epochs)
    for epoch in range(epochs):
        order = rng.permutation(m)
        for k in range(0, m, batch_size):
            x, y = X[:, order[k : k + batch_size]], Y[:, order[k : k + batch_size]]
            activations = [x]
            for l in range(L):
                Z = Ws[l] @ activations[-1] + bs[l]
                activations.append(np.maximum(Z, 0) if l < L - 1 else softmax(Z))
            costs[epoch] -= np.sum(y * np.log(activations[-1] + 1e-10)) / m
            dZ = (activations[-1] - y) / x.shape[1]
            for l in range(L - 1, -1, -1):
                dA = Ws[l].T @ dZ
                Ws[l] -= learning_rate * dZ @ activations[l].T
                bs[l] -= learning_rate * dZ.sum(axis=1, keepdims=True)
                dZ = dA * (activations[l] > 0)
        learning_rate *= decay
    parameters = {f"W{l + 1}": Ws[l] for l in range(L)} | {f"b{l + 1}": bs[l] for l in range(L)}
    return parameters, [float(cost) for cost in costs]
""",
    ),
    right(
        "training in float32, with tqdm",
        "train_model",
        code="""
from tqdm import tqdm

def train_model(X, Y, layer_dims, learning_rate, batch_size, epochs, rng, decay=1.0):
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    params = initialize_parameters(layer_dims, rng)
    params = {k: v.astype(np.float32) for k, v in params.items()}
    history = []
    for epoch in range(epochs):
        total = 0
        bar = tqdm(random_mini_batches(X, Y, batch_size, rng), disable=True)
        for xb, yb in bar:
            AL, caches = forward_pass(xb, params)
            total += compute_cost(AL, yb) * xb.shape[1]
            params = update_parameters(
                params, backward_pass(AL, yb, caches), learning_rate * decay**epoch
            )
        history += [total / X.shape[1]]
    return params, history
""",
    ),
    right(
        "prediction as a row",
        "predict",
        ("AL.argmax(axis=0)", "np.argmax(AL, axis=0).reshape(1, -1)"),
    ),
    right(
        "prediction with a loop, as floats",
        "predict",
        code="""
def predict(X, parameters):
    labels = np.zeros(X.shape[1])
    for i in range(X.shape[1]):
        AL, _ = forward_pass(X[:, [i]], parameters)
        labels[i] = np.argmax(AL)
    return labels
""",
    ),
]
