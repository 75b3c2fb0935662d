"""Hidden tests of Lab 5: a model that is trained."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader_tests.engine.case import Case
from grader_tests.engine.hidden_test import forgiven
from grader_tests.lab5.graph import length
from grader_tests.lab5.lab import lab
from grader_tests.lab5.models import either_way, mostly_right, one_layer, two_inputs
from helpers.checking import recipes
from helpers.checking.compare import Setting, compare
from helpers.checking.namespace import Recipe
from helpers.checking.namespace import rng as generator


def _fitted(
    s: Any,
    start: tuple,
    data: tuple,
    metrics: tuple[str, ...] = (),
    ways: tuple | None = None,
    whole: bool = False,
    **rest: Any,
) -> tuple[dict[str, list[float]], Any, Any]:
    """Train a model of one layer with what the lab is given; return history, layer and model."""
    model, layer = one_layer(s, *start, whole)
    model.compile(*(ways or (s.Adam(0.05), s.MeanSquaredError())), list(metrics))
    if not whole:
        model.evaluate = Recipe("distances", (1 + len(metrics),))
    history = model.fit(*data, verbose=0, **rest).history
    return _curves(history), layer, model


def _curves(history: dict) -> dict[str, list[float]]:
    return {name: list(values) for name, values in history.items()}


def _state(layer: Any) -> dict[str, np.ndarray]:
    """Return where a training has come to, and the slopes of its last step."""
    names = ("grad_kernel", "grad_bias", "kernel", "bias")
    return {name: getattr(layer, name) for name in names}


@lab.test
def test_fit(rng: np.random.Generator) -> Iterator[Case]:
    def begin(m: int) -> tuple[tuple, tuple]:
        """Draw a layer's first parameters, and m examples."""
        start = rng.uniform(0.5, 1.5, 4), rng.normal(size=4)
        x = rng.normal(size=(m, 4))
        return start, (x, mostly_right(x * start[0] + start[1], rng))

    both = ("accuracy",)
    start_step, data_step = begin(7)

    def one_step(s: Any, whole: bool = False) -> dict[str, Any]:
        model, layer = one_layer(s, *start_step, whole)
        model.compile(s.Adam(0.05), s.MeanSquaredError(), list(both))
        return {"what it returns": model.train_on_batch(*data_step), **_state(layer)}

    yield either_way("train_on_batch alone", one_step, m=7, rtol=1e-5)

    def case(label: str, m: int, metrics: tuple[str, ...], **setting: Any) -> Case:
        start, data = begin(m)

        def action(s: Any, whole: bool = False) -> dict[str, Any]:
            history, layer, _ = _fitted(
                s, start, data, metrics, whole=whole, shuffle=False, **setting
            )
            return {**history, **_state(layer)}

        return either_way(label, action, m=m, rtol=1e-5)

    yield case("one epoch, all examples in one batch", 6, (), batch_size=6, epochs=1)
    yield case("three epochs without shuffling, two batches each", 8, both, batch_size=4, epochs=3)
    yield case("two such epochs, the last batch smaller", 11, both, batch_size=4, epochs=2)
    yield case("a batch size that is not given, and one example more than that", 33, both)

    start_uneven, data_uneven = begin(6)

    def uneven(s: Any, whole: bool = False) -> dict[str, Any]:
        ways = s.Adam(0.05), Recipe("pairing_loss", (1,))
        history, layer, _ = _fitted(
            s, start_uneven, data_uneven, (), ways, whole, batch_size=3, shuffle=False
        )
        return {**history, **_state(layer)}

    yield either_way("a loss that knows labels from predictions", uneven, m=6, rtol=1e-5)

    def validated(
        label: str,
        m: int,
        held: int,
        metrics: tuple[str, ...],
        extreme: bool = False,
        **rest: Any,
    ) -> Case:
        (start, (x, y)), (_, (x_val, y_val)) = begin(m), begin(5)
        if held:
            x_val, y_val = x[m - held :], y[m - held :]
        else:
            rest["validation_data"] = (x_val, y_val)

        def action(s: Any, whole: bool = False) -> dict[str, Any]:
            history, layer, _ = _fitted(
                s, start, (x, y), metrics, whole=whole, shuffle=False, **rest
            )
            return {**history, **_state(layer)}

        def judge(found: dict[str, Any]) -> str | None:
            expected = action(lab.solution)
            fixed = {key: value for key, value in expected.items() if not key.startswith("val_")}
            difference = compare(fixed, found, Setting(m=m, rtol=1e-5))
            complaints = [difference.message] if difference else []
            # Whether fit asks evaluate, which is replaced here, or works it out itself, is free.
            measured = [np.mean(np.abs(x_val - y_val) ** k) for k in (1, 2)]
            worked_out = _validation(start, x, y, x_val, y_val, m, held, rest)
            for position, name in enumerate(["loss", *metrics]):
                curve = np.asarray(found[f"val_{name}"], dtype=float)
                asked = np.allclose(curve, measured[position], rtol=1e-5)
                if not asked and not np.allclose(curve, worked_out[name], rtol=1e-4):
                    complaints.append(f"val_{name} is wrong.")
            return " ".join(complaints) or None

        return either_way(label, action, m=m, accept=judge, extreme=extreme)

    yield validated(
        "the last examples held back", 10, 3, both, batch_size=4, epochs=2, validation_split=0.3
    )
    yield validated(
        "a share that is no whole number of examples",
        11,
        4,
        both,
        extreme=True,
        batch_size=4,
        epochs=2,
        validation_split=0.3,
    )
    yield validated("examples for validation given", 7, 0, both, batch_size=3, epochs=2)
    yield validated(
        "examples for validation given, beside a share that they go before; no metrics",
        6,
        0,
        (),
        batch_size=4,
        epochs=1,
        validation_split=0.5,
    )

    start_timed, data_timed = begin(7)
    _, data_beside = begin(4)
    in_threes = {"batch_size": 3, "epochs": 2, "shuffle": False}

    def timed(s: Any, whole: bool = False) -> dict[str, Any]:
        """Train with an optimiser that counts its steps, and answers for evaluate with that."""
        setting = {**in_threes, "validation_data": data_beside}
        if whole:
            history, _, _ = _fitted(s, start_timed, data_timed, whole=True, **setting)
            return {"val_loss": history["val_loss"], "moves": True}
        model, layer = one_layer(s, *start_timed)
        layer.counter = Recipe("step_counter", ())
        model.compile(layer.counter, s.MeanSquaredError())
        model.evaluate = layer.counter
        history = model.fit(*data_timed, verbose=0, **setting).history
        return {"val_loss": list(history["val_loss"]), "moves": False}

    def after_each_epoch(found: dict[str, Any]) -> str | None:
        answers = data_beside[0] * start_timed[0] + start_timed[1]
        unmoved = np.mean((answers - data_beside[1]) ** 2)  # for a fit that does not ask evaluate
        worked_out = _validation(start_timed, *data_timed, *data_beside, 7, 0, in_threes)["loss"]
        right = [worked_out] if found["moves"] else [[3, 6], unmoved]
        if any(np.allclose(found["val_loss"], values, rtol=1e-4) for values in right):
            return None
        if np.ptp(found["val_loss"]) == 0:
            return "val_loss is the same after each epoch, though there were steps in between."
        return "val_loss is not that of the model at the end of the epoch."

    yield either_way(
        "when the examples for validation are looked at", timed, accept=after_each_epoch
    )

    start_twice, data_twice = begin(5)

    def moved_once(s: Any) -> bool:
        """Whether a layer in two places takes one step, if the rest of the model is right there."""

        def trained(n: Any, step: bool) -> tuple:
            entry, layer = n.Input(4), n.Scale()
            model = n.Model(entry, layer(layer(entry)))
            layer.kernel, layer.bias = start_twice
            model.compile(n.Adam(0.05), n.MeanSquaredError())
            if step:
                model.train_on_batch(*data_twice)
                return layer.kernel, layer.bias
            answer = model.forward(data_twice[0])
            model.backward(answer)
            return answer, layer.grad_kernel, layer.grad_bias, length(model.layers)

        def alike(step: bool) -> bool:
            with forgiven():
                found = trained(s, step)
                return compare(trained(lab.solution, step), found, Setting(rtol=1e-5)) is None
            return False

        return alike(step=True) or not alike(step=False)

    yield Case(
        "a layer in two places",
        moved_once,
        accept=lambda once: None if once else "its parameters are not moved once in each step.",
    )

    start_named, data_named = begin(6)

    def named(s: Any, whole: bool = False) -> tuple[str, str]:
        plain, _, _ = _fitted(s, start_named, data_named, whole=whole)
        full, _, _ = _fitted(
            s, start_named, data_named, both, whole=whole, validation_data=data_beside
        )
        return ", ".join(sorted(plain)), ", ".join(sorted(full))

    yield either_way("the names in the history", named, accept=_named)

    start_again, data_again = begin(9)

    def again(s: Any, whole: bool = False) -> dict[str, Any]:
        setting = {"batch_size": 4, "shuffle": False}
        history, layer, model = _fitted(
            s, start_again, data_again, whole=whole, epochs=2, **setting
        )
        second = model.fit(*data_again, epochs=3, verbose=0, **setting).history
        return {
            "loss of the first fit": history["loss"],
            "loss of the second fit": list(second["loss"]),
            "kernel": layer.kernel,
        }

    yield either_way("a second fit goes on, with a history of its own", again, m=9, rtol=1e-5)

    def remembering(s: Any, whole: bool = False) -> Any:
        ways = s.Adam(0.05), s.MeanSquaredError()
        ways[0].velocities = np.ones(3)
        _fitted(s, start_again, data_again, (), ways, whole, batch_size=4, shuffle=False)
        return ways[0].velocities

    yield either_way("what the optimiser remembers after fit", remembering, extreme=True)

    one, other = (int(seed) for seed in rng.choice(10_000, 2, replace=False))
    start_shuffled, data_shuffled = begin(40)

    def shuffled(s: Any, whole: bool = False) -> tuple:
        def trained(**order: Any) -> np.ndarray:
            setting = {"epochs": 2, "batch_size": 7, **order}
            return _fitted(s, start_shuffled, data_shuffled, whole=whole, **setting)[1].kernel

        seeded = [trained(rng=generator(seed)) for seed in (one, one, other)]
        return (*seeded, trained(), trained(), trained(shuffle=False))

    yield either_way(
        "shuffled from the same seed twice, from another, twice without rng",
        shuffled,
        accept=_mixed,
    )

    start_still, data_still = begin(20)
    still = {"epochs": 3, "validation_split": 0.25, "rng": generator(one)}

    def counted(s: Any, whole: bool = False) -> list[float]:
        """Train with steps of length 0: the mean of all losses is then the same in every epoch."""
        ways = s.Adam(0.0), s.MeanSquaredError()
        return _fitted(s, start_still, data_still, (), ways, whole, batch_size=6, **still)[0][
            "loss"
        ]

    yield either_way("shuffled epochs without a step, the last held back", counted, rtol=1e-5)

    def regrouped(s: Any, whole: bool = False) -> dict[str, list[float]]:
        """Train with steps of length 0 and a loss that depends on who is in a batch with whom."""
        ways = s.Adam(0.0), Recipe("pairing_loss", (2,))
        return _fitted(s, start_still, data_still, (), ways, whole, batch_size=5, **still)[0]

    def mixed_anew(found: dict[str, list[float]]) -> str | None:
        complaints = []
        if np.allclose(found["loss"], found["loss"][0], rtol=1e-6):
            complaints.append("every epoch has the same batches. Draw a new order in each.")
        x_val, y_val = (part[15:] for part in data_still)
        answers = x_val * start_still[0] + start_still[1]
        own = recipes.make("pairing_loss", (2,))(y_val, answers)
        asked = np.mean(np.abs(x_val - y_val))
        if not any(np.allclose(found["val_loss"], value, rtol=1e-4) for value in (own, asked)):
            complaints.append("val_loss is not that of the last examples. Split, then shuffle.")
        return " ".join(complaints) or None

    yield either_way(
        "three shuffled epochs, the last examples held back", regrouped, accept=mixed_anew
    )

    kernel_wide, bias_wide = rng.uniform(0.5, 1.5, 5), rng.normal(size=5)
    x_both, y_wide = [rng.normal(size=(10, 2)), rng.normal(size=(10, 3))], rng.normal(size=(10, 5))

    def listed(s: Any, whole: bool = False) -> dict[str, list[float]]:
        model = two_inputs(s, kernel_wide, bias_wide, whole)
        model.compile(s.Adam(0.0), s.MeanSquaredError())
        if not whole:
            model.evaluate = Recipe("distances", (1,))
        setting = {"validation_split": 0.3, "rng": generator(one), "verbose": 0}
        history = model.fit(x_both, y_wide, 3, 1, **setting).history
        return _curves(history)

    def rows_of_each(found: dict[str, list[float]]) -> str | None:
        x = np.concatenate(x_both, axis=1)
        misses = np.mean((x * kernel_wide + bias_wide - y_wide) ** 2, axis=1)
        asked = np.mean(np.abs(x[7:] - y_wide[7:]))
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

    yield either_way("a list with the arrays of two inputs", listed, accept=rows_of_each)

    start_pairs, x_pairs = (np.ones(4), np.zeros(4)), rng.normal(size=(24, 4))
    data_pairs = x_pairs, x_pairs * np.array([0.6, 1.0, 1.4, 1.8]) + 0.5

    def pairs(s: Any, whole: bool = False) -> float:
        setting = {"batch_size": 4, "epochs": 15, "rng": generator(one)}
        return _fitted(s, start_pairs, data_pairs, whole=whole, **setting)[0]["loss"][-1]

    yield either_way(
        "a shuffled training with a known outcome",
        pairs,
        accept=lambda loss: (
            None if loss < 0.05 else "the loss does not go to 0, though the examples allow it."
        ),
    )


def _named(found: tuple[str, str]) -> str | None:
    plain, full = found
    if plain != "loss":
        return f"with neither metrics nor validation the history holds more than loss: {plain}."
    if full != "accuracy, loss, val_accuracy, val_loss":
        return f"with a metric and validation the history holds {full}."
    return None


def _validation(
    start: tuple, x: Any, y: Any, x_val: Any, y_val: Any, m: int, held: int, setting: dict
) -> dict[str, list[float]]:
    """Work out loss and accuracy on the held back examples after each epoch."""
    curves: dict[str, list[float]] = {"loss": [], "accuracy": []}
    for epochs in range(1, setting["epochs"] + 1):
        model, layer = one_layer(lab.solution, *start)
        model.compile(lab.solution.Adam(0.05), lab.solution.MeanSquaredError())
        size = setting["batch_size"]
        model.fit(x[: m - held], y[: m - held], size, epochs, shuffle=False, verbose=0)
        answers = x_val * layer.kernel + layer.bias
        curves["loss"].append(np.mean((answers - y_val) ** 2))
        curves["accuracy"].append(np.mean(answers.argmax(axis=1) == y_val.argmax(axis=1)))
    return curves


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
