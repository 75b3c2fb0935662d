"""Hidden tests of Lab 5: a model that is trained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader_tests.engine.case import Case
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.graph import length
from grader_tests.lab5.lab import lab
from grader_tests.lab5.models import either_way, mostly_right, one_layer, two_inputs
from helpers.checking import recipes
from helpers.checking.compare import Setting, compare, kind_of
from helpers.checking.namespace import Recipe, StudentError, Thing
from helpers.checking.namespace import rng as generator

_ACCURACY = ("accuracy",)
_STILL = {"epochs": 3, "validation_split": 0.25}

_Pair = tuple[np.ndarray, np.ndarray]  # a kernel and a bias, or examples and their labels
_Metrics = tuple[str, ...]
_Found = dict[str, Any]  # what a training has come to, by name


@lab.test
def test_fit(rng: np.random.Generator) -> Iterator[Case]:
    yield _case_one_step(rng)
    yield from _case_in_order(rng)
    yield _case_uneven_loss(rng)
    yield from _case_validated(rng)
    timed, (_, beside) = _begin(rng, 7), _begin(rng, 4)
    yield _case_end_of_epoch(*timed, beside)
    yield _case_two_places(rng)
    yield _case_history_names(rng, beside)
    again = _begin(rng, 9)
    yield _case_second_fit(*again)
    yield _case_optimiser_remembers(*again)
    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))
    yield _case_shuffled(rng, one, other)
    still = _begin(rng, 20)
    yield _case_without_a_step(*still, one)
    yield _case_regrouped(*still, one)
    yield _case_two_inputs(rng, one)
    yield _case_known_outcome(rng, one)


def _begin(rng: np.random.Generator, m: int) -> tuple[_Pair, _Pair]:
    """Draw a layer's first parameters, and m examples."""
    start = rng.uniform(0.5, 1.5, 4), rng.normal(size=4)
    x = rng.normal(size=(m, 4))
    return start, (x, mostly_right(x * start[0] + start[1], rng))


def _fitted(
    s: Any,
    start: _Pair,
    data: _Pair,
    metrics: _Metrics = (),
    ways: tuple | None = None,
    whole: bool = False,
    **rest: Any,
) -> tuple[dict[str, list[float]], Any, Any]:
    """Train a model of one layer with what the lab is given; return history, layer and model."""
    model, layer = one_layer(s, *start, whole)
    model.compile(*(ways or (s.Adam(0.05), s.MeanSquaredError())), list(metrics))
    if not whole:
        model.evaluate = Recipe("distances", (1 + len(metrics),))
    return _curves(model.fit(*data, verbose=0, **rest)), layer, model


def _curves(returned: Any) -> dict[str, list[float]]:
    """Return what stands in the History that `fit` gives back."""
    if returned is None:
        raise StudentError("fit returns None. Is a `return` missing? It returns the History.")
    if not isinstance(returned, Thing):
        kind = kind_of(returned)
        raise StudentError(f"fit returns {kind}. It returns the History that it has filled.")
    return {name: list(values) for name, values in returned.history.items()}


def _state(layer: Any) -> dict[str, np.ndarray]:
    """Return where a training has come to, and the slopes of its last step."""
    names = ("grad_kernel", "grad_bias", "kernel", "bias")
    return {name: getattr(layer, name) for name in names}


def _case_one_step(rng: np.random.Generator) -> Case:
    start, data = _begin(rng, 7)

    def one_step(s: Any, whole: bool = False) -> _Found:
        model, layer = one_layer(s, *start, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError(), list(_ACCURACY))
        return {"what it returns": model.train_on_batch(*data), **_state(layer)}

    return either_way("train_on_batch alone", one_step, m=7, rtol=1e-5)


def _case_in_order(rng: np.random.Generator) -> Iterator[Case]:
    def case(label: str, m: int, metrics: _Metrics, **setting: Any) -> Case:
        start, data = _begin(rng, m)
        action = partial(_in_order, start=start, data=data, metrics=metrics, setting=setting)
        return either_way(label, action, m=m, rtol=1e-5)

    both = _ACCURACY
    yield case("one epoch, all examples in one batch", 6, (), batch_size=6, epochs=1)
    yield case("three epochs without shuffling, two batches each", 8, both, batch_size=4, epochs=3)
    yield case("two such epochs, the last batch smaller", 11, both, batch_size=4, epochs=2)
    yield case("a batch size that is not given, and one example more than that", 33, both)


def _in_order(
    s: Any, start: _Pair, data: _Pair, metrics: _Metrics, setting: dict, whole: bool = False
) -> _Found:
    """Train without shuffling; return the history, and where the training has come to."""
    history, layer, _ = _fitted(s, start, data, metrics, whole=whole, shuffle=False, **setting)
    return {**history, **_state(layer)}


def _case_uneven_loss(rng: np.random.Generator) -> Case:
    start, data = _begin(rng, 6)

    def uneven(s: Any, whole: bool = False) -> _Found:
        ways = s.Adam(0.05), Recipe("pairing_loss", (1,))
        history, layer, _ = _fitted(s, start, data, (), ways, whole, batch_size=3, shuffle=False)
        return {**history, **_state(layer)}

    return either_way("a loss that knows labels from predictions", uneven, m=6, rtol=1e-5)


def _case_validated(rng: np.random.Generator) -> Iterator[Case]:
    both, setting = _ACCURACY, {"batch_size": 4, "epochs": 2, "validation_split": 0.3}
    yield _validated(rng, "the last examples held back", 10, 3, both, **setting)
    label = "a share that is no whole number of examples"
    yield replace(_validated(rng, label, 11, 4, both, **setting), extreme=True)
    yield _validated(rng, "examples for validation given", 7, 0, both, batch_size=3, epochs=2)
    label = "examples for validation given, beside a share that they go before; no metrics"
    setting = {"batch_size": 4, "epochs": 1, "validation_split": 0.5}
    yield _validated(rng, label, 6, 0, (), **setting)


def _validated(
    rng: np.random.Generator, label: str, m: int, held: int, metrics: _Metrics, **setting: Any
) -> Case:
    """Make a case of a training that holds so many examples back, or else is given others."""
    (start, (x, y)), (_, beside) = _begin(rng, m), _begin(rng, 5)
    trained_on = x[: m - held], y[: m - held]
    x_val, y_val = (x[m - held :], y[m - held :]) if held else beside
    if not held:
        setting["validation_data"] = beside
    action = partial(_in_order, start=start, data=(x, y), metrics=metrics, setting=setting)

    def judge(found: _Found) -> str | None:
        expected = action(lab.solution)
        fixed = {key: value for key, value in expected.items() if not key.startswith("val_")}
        difference = compare(fixed, found, Setting(m=m, rtol=1e-5))
        complaints = [difference.message] if difference else []
        # Whether fit asks evaluate, which is replaced here, or works it out itself, is free.
        measured = [np.mean(np.abs(x_val - y_val) ** k) for k in (1, 2)]
        worked_out = _validation(start, trained_on, (x_val, y_val), setting)
        for position, name in enumerate(["loss", *metrics]):
            curve = np.asarray(found[f"val_{name}"], dtype=float)
            asked = np.allclose(curve, measured[position], rtol=1e-5)
            if not asked and not np.allclose(curve, worked_out[name], rtol=1e-4):
                complaints.append(f"val_{name} is wrong.")
        return " ".join(complaints) or None

    return either_way(label, action, m=m, accept=judge)


def _validation(
    start: _Pair, data: _Pair, apart: _Pair, setting: dict[str, Any]
) -> dict[str, list[float]]:
    """Work out loss and accuracy on the examples held back after each epoch."""
    curves: dict[str, list[float]] = {"loss": [], "accuracy": []}
    x_val, y_val = apart
    for epochs in range(1, setting["epochs"] + 1):
        model, layer = one_layer(lab.solution, *start)
        model.compile(lab.solution.Adam(0.05), lab.solution.MeanSquaredError())
        model.fit(*data, setting["batch_size"], epochs, shuffle=False, verbose=0)
        answers = x_val * layer.kernel + layer.bias
        curves["loss"].append(np.mean((answers - y_val) ** 2))
        curves["accuracy"].append(np.mean(answers.argmax(axis=1) == y_val.argmax(axis=1)))
    return curves


def _case_end_of_epoch(start: _Pair, data: _Pair, beside: _Pair) -> Case:
    in_threes = {"batch_size": 3, "epochs": 2, "shuffle": False}

    def timed(s: Any, whole: bool = False) -> _Found:
        """Train with an optimiser that counts its steps, and answers for evaluate with that."""
        setting = {**in_threes, "validation_data": beside}
        if whole:
            history, _, _ = _fitted(s, start, data, whole=True, **setting)
            return {"val_loss": history["val_loss"], "moves": True}
        model, layer = one_layer(s, *start)
        layer.counter = Recipe("step_counter", ())
        model.compile(layer.counter, s.MeanSquaredError())
        model.evaluate = layer.counter
        history = _curves(model.fit(*data, verbose=0, **setting))
        return {"val_loss": history["val_loss"], "moves": False}

    def after_each_epoch(found: _Found) -> str | None:
        answers = beside[0] * start[0] + start[1]
        unmoved = np.mean((answers - beside[1]) ** 2)  # for a fit that does not ask evaluate
        worked_out = _validation(start, data, beside, in_threes)["loss"]
        right = [worked_out] if found["moves"] else [[3, 6], unmoved]
        if any(np.allclose(found["val_loss"], values, rtol=1e-4) for values in right):
            return None
        if not found["moves"] and np.allclose(found["val_loss"], [2, 4]):
            return "an epoch takes 2 steps, not 3. The last batch is smaller, and counts."
        if np.ptp(found["val_loss"]) == 0:
            return "val_loss is the same after each epoch, though there were steps in between."
        return "val_loss is not that of the model at the end of the epoch."

    return either_way(
        "when the examples for validation are looked at", timed, accept=after_each_epoch
    )


def _case_two_places(rng: np.random.Generator) -> Case:
    start, data = _begin(rng, 5)

    def moved_once(s: Any) -> bool:
        """Whether a layer in two places takes one step, if the rest of the model is right there."""
        right = partial(_right_in_two_places, s, start, data)
        return right(step=True) or not right(step=False)

    return Case(
        "a layer in two places",
        moved_once,
        accept=lambda once: None if once else "its parameters are not moved once in each step.",
        takes_work=False,
    )


def _right_in_two_places(s: Any, start: _Pair, data: _Pair, step: bool) -> bool:
    with forgiven():
        found = _trained_in_two_places(s, start, data, step)
        right = _trained_in_two_places(lab.solution, start, data, step)
        return compare(right, found, Setting(rtol=1e-5)) is None
    return False


def _trained_in_two_places(s: Any, start: _Pair, data: _Pair, step: bool) -> tuple:
    """Take a step with a layer that occurs twice, or go forward and backward alone."""
    entry, layer = s.Input(4), s.Scale()
    model = s.Model(entry, layer(layer(entry)))
    layer.kernel, layer.bias = start
    model.compile(s.Adam(0.05), s.MeanSquaredError())
    if step:
        model.train_on_batch(*data)
        return layer.kernel, layer.bias
    answer = model.forward(data[0])
    model.backward(answer)
    return answer, layer.grad_kernel, layer.grad_bias, length(model.layers)


def _case_history_names(rng: np.random.Generator, beside: _Pair) -> Case:
    start, data = _begin(rng, 6)

    def named(s: Any, whole: bool = False) -> tuple[str, str]:
        plain, _, _ = _fitted(s, start, data, whole=whole)
        full, _, _ = _fitted(s, start, data, _ACCURACY, whole=whole, validation_data=beside)
        return ", ".join(sorted(plain)), ", ".join(sorted(full))

    return either_way("the names in the history", named, accept=_named, takes_work=False)


def _named(found: tuple[str, str]) -> str | None:
    plain, full = found
    if plain != "loss":
        return f"with neither metrics nor validation the history holds more than loss: {plain}."
    if full != "accuracy, loss, val_accuracy, val_loss":
        return f"with a metric and validation the history holds {full}."
    return None


def _case_second_fit(start: _Pair, data: _Pair) -> Case:
    def again(s: Any, whole: bool = False) -> _Found:
        setting = {"batch_size": 4, "shuffle": False}
        history, layer, model = _fitted(s, start, data, whole=whole, epochs=2, **setting)
        second = _curves(model.fit(*data, epochs=3, verbose=0, **setting))
        return {
            "loss of the first fit": history["loss"],
            "loss of the second fit": second["loss"],
            "kernel": layer.kernel,
        }

    return either_way("a second fit goes on, with a history of its own", again, m=9, rtol=1e-5)


def _case_optimiser_remembers(start: _Pair, data: _Pair) -> Case:
    def remembering(s: Any, whole: bool = False) -> Any:
        ways = s.Adam(0.05), s.MeanSquaredError()
        ways[0].velocities = np.ones(3)
        _fitted(s, start, data, (), ways, whole, batch_size=4, shuffle=False)
        return ways[0].velocities

    return either_way("what the optimiser remembers after fit", remembering, extreme=True)


def _case_shuffled(rng: np.random.Generator, one: int, other: int) -> Case:
    start, data = _begin(rng, 40)

    def shuffled(s: Any, whole: bool = False) -> tuple:
        orders = [{"rng": generator(seed)} for seed in (one, one, other)]
        orders += [{}, {}, {"shuffle": False}]
        setting = {"whole": whole, "epochs": 2, "batch_size": 7}
        return tuple(_fitted(s, start, data, **setting, **order)[1].kernel for order in orders)

    return either_way(
        "shuffled from the same seed twice, from another, twice without rng",
        shuffled,
        accept=_mixed,
        takes_work=False,
    )


def _mixed(kernels: tuple) -> str | None:
    kernels = (np.asarray(kernel, dtype=float) for kernel in kernels)
    first, again, another, without, without_again, in_order = kernels
    if not np.allclose(first, again, rtol=1e-6):
        return "the same generator gives another order each time. Draw it from rng."
    if np.allclose(first, another, rtol=1e-6):
        if np.allclose(first, in_order, rtol=1e-6):
            return "the examples are not shuffled."
        return "another generator gives the same order. Draw it from rng."
    if np.allclose(without, without_again, rtol=1e-6):
        return "without rng the order is the same in each training. Make a new generator."
    return None


def _case_without_a_step(start: _Pair, data: _Pair, seed: int) -> Case:
    def counted(s: Any, whole: bool = False) -> list[float]:
        """Train with steps of length 0: the mean of all losses is then the same in every epoch."""
        setting = {**_STILL, "batch_size": 6, "rng": generator(seed)}
        ways = s.Adam(0.0), s.MeanSquaredError()
        return _fitted(s, start, data, (), ways, whole, **setting)[0]["loss"]

    return either_way("shuffled epochs without a step, the last held back", counted, rtol=1e-5)


def _case_regrouped(start: _Pair, data: _Pair, seed: int) -> Case:
    def regrouped(s: Any, whole: bool = False) -> dict[str, list[float]]:
        """Train with steps of length 0 and a loss that depends on who is in a batch with whom."""
        setting = {**_STILL, "batch_size": 5, "rng": generator(seed)}
        ways = s.Adam(0.0), Recipe("pairing_loss", (2,))
        return _fitted(s, start, data, (), ways, whole, **setting)[0]

    def mixed_anew(found: dict[str, list[float]]) -> str | None:
        complaints = []
        if np.allclose(found["loss"], found["loss"][0], rtol=1e-6):
            complaints.append("every epoch has the same batches. Draw a new order in each.")
        x_val, y_val = (part[15:] for part in data)
        answers = x_val * start[0] + start[1]
        own = recipes.make("pairing_loss", (2,))(y_val, answers)
        asked = np.mean(np.abs(x_val - y_val))
        if not any(np.allclose(found["val_loss"], value, rtol=1e-4) for value in (own, asked)):
            complaints.append("val_loss is not that of the last examples. Split, then shuffle.")
        return " ".join(complaints) or None

    return either_way(
        "three shuffled epochs, the last examples held back", regrouped, accept=mixed_anew
    )


def _case_two_inputs(rng: np.random.Generator, seed: int) -> Case:
    kernel, bias = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x, y = [rng.normal(size=(10, 2)), rng.normal(size=(10, 3))], rng.normal(size=(10, 5))

    def listed(s: Any, whole: bool = False) -> dict[str, list[float]]:
        model = two_inputs(s, kernel, bias, whole)
        model.compile(s.Adam(0.0), s.MeanSquaredError())
        if not whole:
            model.evaluate = Recipe("distances", (1,))
        setting = {"validation_split": 0.3, "rng": generator(seed), "verbose": 0}
        return _curves(model.fit(x, y, 3, 1, **setting))

    def rows_of_each(found: dict[str, list[float]]) -> str | None:
        wide = np.concatenate(x, axis=1)
        misses = np.mean((wide * kernel + bias - y) ** 2, axis=1)
        asked = np.mean(np.abs(wide[7:] - y[7:]))
        if not np.allclose(found["loss"], misses[:7].mean(), rtol=1e-4):
            others = (misses[:n].mean() for n in range(1, 11))
            if any(np.allclose(found["loss"], other, rtol=1e-4) for other in others):
                return (
                    "loss is that of another number of examples. n_rows(x) says how many there are."
                )
            return "loss is wrong. A batch has the same rows of each array in the list."
        if any(np.allclose(found["val_loss"], v, rtol=1e-4) for v in (misses[7:].mean(), asked)):
            return None
        return "val_loss is wrong. Hold back the same rows of each array in the list."

    return either_way("a list with the arrays of two inputs", listed, accept=rows_of_each)


def _case_known_outcome(rng: np.random.Generator, seed: int) -> Case:
    start, x = (np.ones(4), np.zeros(4)), rng.normal(size=(24, 4))
    data = x, x * np.array([0.6, 1.0, 1.4, 1.8]) + 0.5

    def last_loss(s: Any, whole: bool = False) -> float:
        setting = {"batch_size": 4, "epochs": 15, "rng": generator(seed)}
        return _fitted(s, start, data, whole=whole, **setting)[0]["loss"][-1]

    return either_way(
        "a shuffled training with a known outcome",
        last_loss,
        accept=lambda loss: (
            None if loss < 0.05 else "the loss does not go to 0, though the examples allow it."
        ),
        takes_work=False,
    )
