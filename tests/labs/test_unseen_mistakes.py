"""Mistakes that the bank was not made for are explained; nothing is named that is not there."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader_tests.engine import worked
from grader_tests.engine.bank import Variant
from grader_tests.engine.lab import labs
from grader_tests.engine.trial import trial
from grader_tests.engine.verdict import Verdict
from helpers.checking.namespace import local
from tests.labs.unseen_mistakes import UNSEEN, Unseen
from tests.labs.unseen_second import SECOND

LABS = {lab.name: lab for lab in labs()}
GOAL = 0.8


@pytest.fixture(scope="module")
def rejections() -> dict[Unseen, dict[str, Verdict]]:
    """What the tests that reject a mistake say of it."""
    found = {}
    for unseen in UNSEEN + SECOND:
        outcome = trial(LABS[unseen.lab], unseen.answer)
        found[unseen] = {test: outcome.verdicts[test] for test in sorted(outcome.rejected)}
    return found


@pytest.mark.parametrize("unseen", UNSEEN + SECOND, ids=str)
def test_mistake_is_rejected(unseen, rejections):
    assert rejections[unseen]


@pytest.mark.parametrize("mistakes", [UNSEEN, SECOND], ids=["first hand", "second hand"])
def test_most_messages_tell_what_is_wrong(mistakes, rejections, tally):
    told: defaultdict[str, list[bool]] = defaultdict(list)
    vague = []
    for unseen in mistakes:
        for test, verdict in rejections[unseen].items():
            tells = bool(re.search(unseen.tells, verdict.message))
            told[unseen.lab].append(tells)
            lab = unseen.lab.partition("_")[0]
            tally[f"messages on unseen mistakes in {lab}"].add((unseen, test))
            if tells:
                tally[f"messages on unseen mistakes in {lab}, to the point"].add((unseen, test))
            else:
                vague.append(f"{unseen}: {verdict.message}")
    assert all(np.mean(found) >= GOAL for found in told.values()), "\n".join(vague)


@pytest.mark.parametrize("mistakes", [UNSEEN, SECOND], ids=["first hand", "second hand"])
def test_there_are_ten_or_more_for_each_lab(mistakes):
    assert len(mistakes) == len({str(unseen) for unseen in mistakes})
    counts = Counter(unseen.lab for unseen in mistakes)
    assert counts.keys() == LABS.keys()
    assert all(count >= 10 for count in counts.values())


# Right answers, written in other ways.
RIGHT = [
    Unseen(lab, Variant(name, cell, swap), "", "")
    for lab, name, cell, *swap in [
        (
            "lab1_helper_utilities",
            "with tanh",
            "sigmoid",
            ("return 1 / (1 + np.exp(-z))", "return 0.5 * (1 + np.tanh(z / 2))"),
        ),
        (
            "lab1_helper_utilities",
            "column by column",
            "one_hot",
            (
                "    classes = np.arange(n_classes).reshape(n_classes, 1)\n"
                "    return (classes == Y).astype(float)",
                "    columns = [[float(k == y) for k in range(n_classes)] for y in Y.ravel()]\n"
                "    return np.array(columns).T",
            ),
        ),
        (
            "lab1_helper_utilities",
            "mean of column sums",
            "compute_cost",
            ("float(-np.sum(terms) / m)", "-terms.sum(axis=0).mean()"),
        ),
        (
            "lab2_neural_network_class",
            "einsum and averages",
            "neural_network",
            ('dZ2 @ cache["A1"].T / m', 'np.einsum("km,hm->kh", dZ2, cache["A1"]) / m'),
            ("np.mean(dZ1, axis=1, keepdims=True)", "np.average(dZ1, axis=1)[:, None]"),
        ),
        (
            "lab2_neural_network_class",
            "in place",
            "neural_network",
            (
                'self.W1 = self.W1 - self.learning_rate * grads["dW1"]',
                'self.W1 = self.W1 + -self.learning_rate * grads["dW1"]',
            ),
        ),
        (
            "lab3_two_layer_softmax",
            "scores relative to the column's log-sum",
            "softmax",
            (
                "return exponentials / exponentials.sum(axis=0, keepdims=True)",
                "shifted = Z - Z.max(axis=0)\n"
                "    return np.exp(shifted - np.log(exponentials.sum(axis=0)))",
            ),
        ),
        (
            "lab3_two_layer_softmax",
            "half of Z and its absolute value",
            "relu",
            ("np.maximum(Z, 0)", "(Z + np.abs(Z)) / 2"),
        ),
    ]
]


@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_right_answer_is_not_named(answer):
    for verdict in trial(LABS[answer.lab], answer.answer).verdicts.values():
        assert verdict.passed, verdict.message
        assert verdict.mistake is None


def noise(value: Any, _: tuple) -> Any:
    shape = np.shape(value)
    return np.random.default_rng(len(shape) + np.size(value)).normal(0.3, 2, shape)


def constant(value: Any, _: tuple) -> Any:
    return np.full(np.shape(value), 0.3717)


def first_input(value: Any, inputs: tuple) -> Any:
    return next((x for x in inputs if isinstance(x, np.ndarray)), 0.3717)


def failure(value: Any, _: tuple) -> Any:
    raise RuntimeError("the kernel has had enough")


GARBAGE = [noise, constant, first_input, failure]
# What is spoilt for each test: a function, or a method and the attributes that it leaves behind.
PARAMETERS = ("W1", "b1", "W2", "b2")
SPOILT: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "lab1_helper_utilities": {
        "test_sigmoid": ("Sigmoid", "__call__", ()),
        "test_sigmoid_prime": ("Sigmoid", "prime", ()),
        "test_one_hot": ("", "one_hot", ()),
        "test_compute_cost": ("", "compute_cost", ()),
        **{
            f"test_{name}": ("Regularization", name, ())
            for name in ("l1", "l1_grad", "l2", "l2_grad")
        },
    },
    "lab2_neural_network_class": {
        "test_forward_propagation": ("NeuralNetwork", "forward_propagation", ()),
        "test_backward_propagation": ("NeuralNetwork", "backward_propagation", ()),
        "test_update_parameters": ("NeuralNetwork", "update_parameters", PARAMETERS),
        "test_fit": ("NNClassifier", "fit", ("_cost",)),
        "test_predict": ("NNClassifier", "predict", ()),
    },
    "lab3_two_layer_softmax": {
        f"test_{name}": ("", name, ())
        for name in (
            *("relu", "relu_derivative", "softmax", "cross_entropy", "forward_prop"),
            *("backward_prop", "numerical_gradient", "update_params", "get_predictions"),
            "get_accuracy",
        )
    },
}


def spoil(function: Callable, garbage: Callable, attributes: tuple[str, ...]) -> Callable:
    def spoilt(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        inputs = tuple(x for a in args for x in (a.values() if isinstance(a, dict) else [a]))
        for name in attributes:
            old = getattr(args[0], name)
            new = garbage(old, inputs)
            setattr(args[0], name, new.tolist() if isinstance(old, list) else new)
        if isinstance(result, dict):
            return {key: garbage(value, inputs) for key, value in result.items()}
        if isinstance(result, tuple):
            return tuple(garbage(value, inputs) for value in result)
        return None if result is None else garbage(result, inputs)

    return spoilt


@pytest.mark.parametrize("garbage", GARBAGE, ids=lambda garbage: garbage.__name__)
@pytest.mark.parametrize(
    ("lab", "test"), [(lab, test) for lab, spoilt in SPOILT.items() for test in spoilt]
)
def test_garbage_is_not_named(lab, test, garbage):
    owner, name, attributes = SPOILT[lab][test]
    namespace = worked.load(lab)
    function = getattr(namespace[owner], name) if owner else namespace[name]
    spoilt = spoil(function, garbage, attributes)
    if owner:
        namespace[owner] = type(owner, (namespace[owner],), {name: spoilt})
    else:
        namespace[name] = spoilt
    verdict = LABS[lab].tests[test].run(local(namespace), seed=0)
    assert not verdict.passed
    assert verdict.mistake is None, verdict.message
    if garbage is not first_input:
        assert not re.search(
            r"off by|shifted|order|rounded|factor|times|the input|should be\.", verdict.message
        )
