"""Known mistakes and right answers of Lab 5: a model that is trained."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

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


def _fit(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "training", "test_fit", says, *swap)


MISTAKES: list[Mistake] = [
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
        "fit returns nothing",
        "Your fit trains, and returns nothing. Return the History at the end.",
        ("        return history\n", "        history.history\n"),
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
]

RIGHT: list[Variant] = [
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
]
