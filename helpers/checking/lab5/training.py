"""Lab 5's visible checks of a model's training: a step, the epochs around it, evaluate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from helpers.checking.checklist import Checklist
from helpers.checking.lab5.standins import (
    LabelSum,
    MeanMisses,
    Misses,
    RollingSteps,
    Steps,
    Times,
    Witness,
    one_layer,
    shared_layer,
    two_inputs,
)

_X = np.array([[1.0, 0], [0, 1], [0, 2]])
_Y = np.array([[1.0, 0], [0, 1], [1, 0]])
_FIVE = np.array([[1.0, 0], [2, 0], [3, 0], [4, 0], [5, 0]])
_ZEROS = np.zeros((5, 2))
_SPLIT = {"validation_split": 0.4}


def train_on_batch(Model: type) -> None:
    """Check one step: what it returns, and what it tells the optimiser."""
    checks, then = _tried_step(Model)
    checks.report(then)


def _tried_step(Model: type) -> tuple[Checklist, str]:
    checks = Checklist("train_on_batch")
    stages = (_check_one_step, "what the optimiser sees"), (_check_what_moves, "")
    return checks, checks.go_through(Model, *stages)


def _stepped(
    Model: type, factor: float, length: float, *batches: tuple
) -> tuple[list, Times, Steps]:
    """Take steps with a model of one layer; return their values, the layer and the optimiser."""
    model, layer = one_layer(Model, factor)
    optimizer = Steps(length)
    model.compile(optimizer, Misses(), ["accuracy"])
    return [model.train_on_batch(x, y) for x, y in batches], layer, optimizer


def _check_one_step(checks: Checklist, Model: type) -> None:
    checks.example(
        "loss and accuracy; the model says [[2 0] [0 2] [0 4]], y = [[1 0] [0 1] [1 0]], and the "
        "step turns its kernel from 2 to -2",
        [9.5, 2 / 3],
        lambda x, y: _stepped(Model, 2.0, -4.0, (x, y))[0][0],
        _X,
        _Y,
        m=3,
        hint="The loss here is half the sum of all squared differences, and two of three are "
        "right: those of the predictions *before* the step.",
    )
    checks.example(
        "the kernel after one step of length 1, from 2",
        {"the kernel": np.array([3.0])},
        lambda x, y: {"the kernel": _stepped(Model, 2.0, 1.0, (x, y))[1].kernel},
        _X,
        _Y,
        hint="Only the optimiser moves parameters. Call its apply once per batch.",
    )


def _check_what_moves(checks: Checklist, Model: type) -> None:
    checks.example(
        "the kernel's gradient when the optimiser takes the second step; the model says 0 and "
        "should say [[2 0] [4 0] [6 0] [8 0] [10 0]], which is 2 x",
        {"grad_kernel": np.array([-110.0])},
        lambda x: {"grad_kernel": _stepped(Model, 0.0, 0.0, (x, x), (x, 2 * x))[2].slope},
        _FIVE,
        hint="Go back before the optimiser moves anything, from the loss's gradient, which takes "
        "the labels first, then the predictions.",
    )

    def labelled(x: np.ndarray, y: np.ndarray) -> dict[str, float]:
        model, _ = one_layer(Model, 0.0)
        model.compile(Steps(), LabelSum(), ["accuracy"])
        return {"the loss": model.train_on_batch(x, y)[0]}

    checks.example(
        "a loss that adds up the labels, here 1 + 2 + 3 + 4 + 5",
        {"the loss": 15.0},
        labelled,
        _FIVE,
        _FIVE,
        hint="The loss takes the labels first, then the predictions.",
    )

    def shared(x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        model, layer = shared_layer(Model, 0.0, 2)
        model.compile(Steps(), Misses())
        model.train_on_batch(x, y)
        return {"the kernel": layer.kernel}

    checks.example(
        "the kernel of a layer that occurs twice in the graph, after one step of 1 from 0",
        {"the kernel": np.array([1.0])},
        shared,
        _FIVE,
        _ZEROS,
        hint="self.layers holds each layer once: give that to the optimiser.",
    )


def evaluate(Model: type) -> None:
    """Check loss and accuracy of a model that multiplies by 2."""
    checks, then = _tried_evaluation(Model)
    checks.report(then)


def _tried_evaluation(Model: type) -> tuple[Checklist, str]:
    checks = Checklist("evaluate")
    stages = (_check_values, "batches"), (_check_evaluation_in_batches, "")
    return checks, checks.go_through(Model, *stages)


def _measured(Model: type, x: np.ndarray, y: np.ndarray, metrics: list[str], *size: int) -> Any:
    """Evaluate a model that multiplies by 2."""
    model, _ = one_layer(Model)
    model.compile(Steps(), MeanMisses(), metrics)
    return model.evaluate(x, y, *size)


def _check_values(checks: Checklist, Model: type) -> None:
    measured = partial(_measured, Model)
    checks.example(
        "loss and accuracy; the model says [[2 0] [0 2] [0 4]], y = [[1 0] [0 1] [1 0]]",
        [9.5 / 3, 2 / 3],
        measured,
        _X,
        _Y,
        ["accuracy"],
        m=3,
        hint="The loss here is half the sum of all squared differences, divided by the number of "
        "examples. Two of three are right.",
    )
    checks.example("the loss alone, without metrics", 9.5 / 3, measured, _X, _Y, [], m=3)


def _check_evaluation_in_batches(checks: Checklist, Model: type) -> None:
    checks.example(
        "loss and accuracy in batches of 2",
        [9.5 / 3, 2 / 3],
        partial(_measured, Model),
        _X,
        _Y,
        ["accuracy"],
        2,
        m=3,
        hint="Every example counts the same, in whatever batch it goes forward.",
    )

    def most_rows(x: np.ndarray, y: np.ndarray) -> dict[str, int]:
        model, layer = one_layer(Model)
        model.compile(Steps(), MeanMisses())
        model.evaluate(x, y, 2)
        return {"the number of examples": layer.most_rows}

    checks.example(
        "how many of three examples go forward at a time, in batches of 2",
        {"the number of examples": 2},
        most_rows,
        _X,
        _Y,
        hint="Hand batch_size on to predict.",
    )

    def labelled(x: np.ndarray, y: np.ndarray) -> float:
        model, _ = one_layer(Model)
        model.compile(Steps(), LabelSum())
        return model.evaluate(x, y)

    checks.example(
        "a loss that adds up the labels, here 1 + 1 + 1",
        3.0,
        labelled,
        _X,
        _Y,
        hint="The loss takes the labels first, then the predictions.",
    )

    def listed(x: np.ndarray, y: np.ndarray) -> float:
        model = two_inputs(Model, 1.0, 1.0)
        model.compile(Steps(), MeanMisses())
        return model.evaluate([x, x], y, 1)

    checks.example(
        "a list of two arrays, x and x, in batches of 1; the model returns their sum",
        9.5 / 3,
        listed,
        _X,
        _Y,
        hint="predict takes such lists, and cuts them into batches.",
    )

    def untouched(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        model, layer = one_layer(Model)
        model.compile(Steps(), Misses(), ["accuracy"])
        model.evaluate(x, y)
        return layer.kernel

    checks.example(
        "the kernel afterwards: still 2",
        np.array([2.0]),
        untouched,
        _X,
        _Y,
        hint="Evaluating is not training.",
    )


def fit(Model: type) -> None:
    """Check which batches fit makes of five examples, then what it writes into the history."""
    checks = Checklist("fit")
    step, _ = _tried_step(Model)
    if step.written and not step.holds:
        checks.example(
            "does train_on_batch pass its checks?",
            True,
            lambda: step.holds,
            hint="fit builds on it: go there first.",
        )
        checks.report(then="the batches and the history")
        return
    then = checks.go_through(
        Model,
        (_check_batches, "shuffling"),
        (_check_shuffling, "the history"),
        (_check_history, "lists of arrays"),
        (_check_lists, ""),
    )
    checks.report(then)


def _witnessed(Model: type, **setting: Any) -> Witness:
    """Train a model that is right from the start: y is x, and it returns x."""
    model, _ = one_layer(Model, 1.0)
    witness = Witness()
    model.compile(Steps(0.0), witness)
    model.fit(_FIVE.copy(), _FIVE.copy(), verbose=0, **setting)
    return witness


def _check_batches(checks: Checklist, Model: type) -> None:
    def example(label: str, expected: str, hint: str, **setting: Any) -> None:
        def in_words() -> str:
            dealt = _witnessed(Model, batch_size=2, shuffle=False, **setting).batches
            return " | ".join(" ".join(map(str, batch)) for batch in dealt) or "none"

        if checks.holds:
            checks.example(label, expected, in_words, hint=hint)

    example(
        "the examples in each batch; they are called 1 to 5; 2 epochs, batches of 2, shuffle=False",
        "1 2 | 3 4 | 5 | 1 2 | 3 4 | 5",
        "Each epoch has all examples in it, in their order unless shuffle says otherwise. The last "
        "batch may be smaller.",
        epochs=2,
    )
    evaluation, _ = _tried_evaluation(Model)
    if checks.holds and not evaluation.holds:
        checks.example(
            "does evaluate pass its checks?",
            True,
            lambda: evaluation.holds,
            hint="fit calls it after each epoch: go there first.",
        )
    example(
        "the same for 1 epoch, 2/5 of the examples held back",
        "1 2 | 3",
        "The last examples are held back, and no step is taken with them. Call self.evaluate on "
        "them.",
        **_SPLIT,
    )
    example(
        "the same, a quarter of the five examples held back",
        "1 2 | 3",
        "The first int(5 · (1 - 0.25)) examples are for training.",
        validation_split=0.25,
    )
    example(
        "the same with validation_data=([[10 0]], [[0 0]]) beside validation_split=0.4",
        "1 2 | 3 4 | 5",
        "validation_data takes precedence over validation_split: train on all five examples.",
        validation_data=(np.array([[10.0, 0]]), np.zeros((1, 2))),
        **_SPLIT,
    )


def _check_shuffling(checks: Checklist, Model: type) -> None:
    def epochs(count: int, seed: int | None, **setting: Any) -> list[list[int]]:
        """Return the order of the examples in each shuffled epoch."""
        rng = {} if seed is None else {"rng": np.random.default_rng(seed)}
        dealt = _witnessed(Model, batch_size=2, epochs=count, **rng, **setting).batches
        size = len(dealt) // count
        starts = range(0, size * count, size)
        return [list(chain(*dealt[start : start + size])) for start in starts]

    def question(label: str, answer: bool, ask: Callable[[], bool], hint: str) -> None:
        if checks.holds:
            checks.example(label, answer, ask, hint=hint)

    def paired() -> bool:
        witness = _witnessed(Model, batch_size=2, epochs=6, rng=np.random.default_rng(0))
        return witness.batches == witness.labels

    def rotated(order: list[int]) -> tuple[int, ...]:
        """Begin an order at its 1, and go round."""
        place = order.index(1)
        return (*order[place:], *order[:place])

    question(
        "do the examples keep their labels in shuffled epochs?",
        True,
        paired,
        "Take the same rows of x and y.",
    )
    question(
        "does each of 12 shuffled epochs see each of the five examples once?",
        True,
        lambda: all(sorted(order) == [1, 2, 3, 4, 5] for order in epochs(12, 0)),
        "Deal out one order of all examples, batch by batch.",
    )
    question(
        "do 12 shuffled epochs all have the same order, or the same one rotated?",
        False,
        lambda: len(set(map(rotated, epochs(12, 0)))) == 1,
        "Draw a new order in every epoch.",
    )
    question(
        "with 2/5 held back and shuffled epochs, are examples 1 to 3 the only ones trained on?",
        True,
        lambda: all(sorted(order) == [1, 2, 3] for order in epochs(6, 0, **_SPLIT)),
        "Hold back the last examples first, then shuffle the others.",
    )
    for label, seeds, answer in (
        ("do two generators of the same seed give the same orders?", (1, 1), True),
        ("do two generators of different seeds give the same orders?", (1, 2), False),
        ("does fit without rng give the same orders each time?", (None, None), False),
    ):
        question(
            label,
            answer,
            lambda seeds=seeds: epochs(12, seeds[0]) == epochs(12, seeds[1]),
            "Draw the orders from rng; where none is given, from a new np.random.default_rng().",
        )


def _check_history(checks: Checklist, Model: type) -> None:
    def example(
        label: str,
        expected: dict[str, list[float]],
        hint: str,
        y: np.ndarray = _ZEROS,
        metrics: Sequence[str] = (),
        factor: float = 0.0,
        length: float = 1.0,
        **settings: Any,
    ) -> None:
        def trained(x: np.ndarray, y: np.ndarray) -> dict[str, list[float]]:
            model, _ = one_layer(Model, factor)
            model.compile(Steps(length), Misses(), list(metrics))
            return dict(model.fit(x, y, **{"shuffle": False, "verbose": 0, **settings}).history)

        checks.example(label, expected, trained, _FIVE, y, m=5, hint=hint)

    def returned(x: np.ndarray, y: np.ndarray) -> bool:
        model, _ = one_layer(Model, 1.0)
        model.compile(Steps(), Misses())
        return model.fit(x, y, verbose=0) is not None

    checks.example(
        "does fit return something?",
        True,
        returned,
        _FIVE,
        _ZEROS,
        hint="It ends by returning its History.",
    )
    if not checks.holds:
        return
    example(
        "history of 3 epochs, one batch each; the kernel is 0, 1, 2; with 1 the loss is 27.5",
        {"loss": [0.0, 27.5, 110.0]},
        "train_on_batch gives the loss of the predictions before the step: that is what to keep.",
        batch_size=5,
        epochs=3,
    )
    example(
        "history of 1 epoch in batches of 2; their losses are 0, 1² · 12.5 and 2² · 12.5",
        {"loss": [(2 * 0 + 2 * 12.5 + 1 * 50) / 5]},
        "Every example counts the same, so weight each batch by its number of examples.",
        batch_size=2,
        epochs=1,
    )
    example(
        "accuracy of 1 epoch in batches of 2; first batch: both right; second: none; third: its "
        "one example right",
        {"accuracy": [(2 * 1 + 2 * 0 + 1 * 1) / 5]},
        "Every example counts the same, and every batch of the epoch counts.",
        y=np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [1, 0]]),
        metrics=("accuracy",),
        factor=1.0,
        length=0.0,
        batch_size=2,
        epochs=1,
    )
    example(
        "the last two examples held back; 2 epochs, one batch of three each; the kernel is 0, 1, 2",
        {
            "loss": [0.0, (1 + 4 + 9) / 2],
            "accuracy": [1.0, 1.0],
            "val_loss": [(16 + 25) / 2, 4 * (16 + 25) / 2],
            "val_accuracy": [1.0, 1.0],
        },
        "After each epoch, evaluate on the examples that are held back, without a step.",
        metrics=("accuracy",),
        batch_size=3,
        epochs=2,
        validation_split=0.4,
    )
    example(
        "the last two held back, from a model that returns x, with y = x",
        {"loss": [0.0], "val_loss": [0.0]},
        "The examples that are held back have labels of their own: take the same rows of x and y.",
        y=_FIVE,
        factor=1.0,
        length=0.0,
        batch_size=3,
        epochs=1,
        validation_split=0.4,
    )
    example(
        "validation_data=([[10 0]], [[0 0]]) beside validation_split=0.4; the kernel stays 1",
        {"loss": [27.5], "val_loss": [50.0]},
        "Where validation_data is given, val_loss is that of these examples.",
        factor=1.0,
        length=0.0,
        batch_size=5,
        epochs=1,
        validation_data=(np.array([[10.0, 0]]), np.zeros((1, 2))),
        validation_split=0.4,
    )

    def names(x: np.ndarray, y: np.ndarray) -> str:
        model, _ = one_layer(Model, 1.0)
        model.compile(Steps(), Misses())
        return ", ".join(model.fit(x, y, verbose=0).history)

    checks.example(
        "the names in the history, without metrics and with nothing to validate on",
        "loss",
        names,
        _FIVE,
        _ZEROS,
        hint="val_ values belong to examples for validation. Are there any?",
    )

    def twice(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
        model, layer = one_layer(Model, 0.0)
        model.compile(RollingSteps(), Misses())
        fits = [model.fit(x, y, 5, shuffle=False, verbose=0) for _ in range(2)]
        return {**fits[1].history, "the kernel": layer.kernel}

    checks.example(
        "history of a second fit, which begins with the kernel 1, and the kernel after it; the "
        "optimiser's second step is 2 long, for it remembers the first",
        {"loss": [27.5], "the kernel": np.array([3.0])},
        twice,
        _FIVE,
        _ZEROS,
        hint="Each fit goes on from the parameters and the optimiser that there are, and begins a "
        "new History.",
        hint_on={"value", "factor", "length"},
    )


def _check_lists(checks: Checklist, Model: type) -> None:
    def listed(x: np.ndarray, y: np.ndarray, shuffle: bool) -> dict[str, list[float]]:
        model = two_inputs(Model, 1.0, 1.0)
        model.compile(Steps(0), Misses())
        setting = {"validation_split": 0.4, "verbose": 0, "rng": np.random.default_rng(0)}
        return dict(model.fit([x, -3 * x], y, 3, shuffle=shuffle, **setting).history)

    checks.example(
        "a list of two arrays, x and -3 x; the model returns their sum, the last two are held back",
        {"loss": [4 * 7.0], "val_loss": [4 * 20.5]},
        listed,
        _FIVE,
        _ZEROS,
        False,
        hint="len(x) counts the arrays of a list. Use n_rows(x), and take(x, rows).",
    )
    checks.example(
        "the same, shuffled; y is exactly what the model returns, so every loss is 0",
        {"loss": [0.0], "val_loss": [0.0]},
        listed,
        _FIVE,
        -2 * _FIVE,
        True,
        hint="Take the same rows of each array in the list, and of y.",
    )
