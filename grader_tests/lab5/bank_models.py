"""Known mistakes and right answers of Lab 5: a model that predicts and is evaluated."""

from __future__ import annotations

from grader_tests.engine.bank import Mistake, Variant, mistake, right

_BATCHES = "for start in range(0, n_rows(x), size)"
_TOGETHER = "return np.concatenate(batches)"

_PREDICTED = "predicted = self.predict(x, batch_size)"
_LIST = "return [loss, *(METRICS[name](y, predicted) for name in self.metrics)]"


def _predict(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "model", "test_predict", says, *swap)


def _evaluate(name: str, says: str, *swap: tuple[str, str]) -> Mistake:
    return mistake(name, "training", "test_evaluate", says, *swap)


MISTAKES: list[Mistake] = [
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
        "evaluate returns a tuple",
        "training",
        (_LIST, "return (loss, *(METRICS[name](y, predicted) for name in self.metrics))"),
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
]
