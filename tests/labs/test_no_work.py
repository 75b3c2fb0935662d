"""Whoever returns an input, zeros, a constant or noise of the right shape has not done anything."""

from __future__ import annotations

import numpy as np
import pytest

from grader_tests.engine.lab import labs, package
from helpers.checking.namespace import local
from tests.support.idle import WAYS, WORK, idle

# What a test asks for, where that is not the function of its name.
METHODS = {
    "lab1": {
        "test_sigmoid": [("Sigmoid", "__call__")],
        "test_sigmoid_prime": [("Sigmoid", "prime")],
        "test_l1": [("Regularization", "l1")],
        "test_l1_grad": [("Regularization", "l1_grad")],
        "test_l2": [("Regularization", "l2")],
        "test_l2_grad": [("Regularization", "l2_grad")],
    },
    "lab2": {
        "test_initialize_parameters": [("NeuralNetwork", "initialize_parameters")],
        "test_forward_propagation": [("NeuralNetwork", "forward_propagation")],
        "test_backward_propagation": [("NeuralNetwork", "backward_propagation")],
        "test_update_parameters": [("NeuralNetwork", "update_parameters")],
        "test_fit": [("NNClassifier", "fit")],
        "test_predict": [("NNClassifier", "predict")],
    },
    "lab5": {
        "test_dense_build": [("Dense", "build")],
        "test_dense_forward": [("Dense", "forward")],
        "test_dense_backward": [("Dense", "backward")],
        "test_loss": [
            ("CategoricalCrossentropy", "__call__"),
            ("CategoricalCrossentropy", "gradient"),
        ],
        "test_sgd": [("SGD", "apply")],
        "test_graph": [("Model", "forward"), ("Model", "backward")],
        "test_predict": [("Model", "predict")],
        "test_fit": [("Model", "fit"), ("Model", "train_on_batch")],
        "test_evaluate": [("Model", "evaluate")],
    },
}
# Their objects keep more than numbers, so that a copy of the work in them is not the work.
KEEP_MORE = {"test_sgd", "test_graph", "test_fit"}
TESTS = [
    pytest.param(lab, test, id=f"{package(lab.name)}: {name}")
    for lab in labs()
    for name, test in lab.tests.items()
]


def answered(lab, test, way: str, seed: int):
    own = METHODS.get(package(lab.name), {}).get(test.name)
    names = own or [(test.name.removeprefix("test_"),)]
    with np.errstate(all="ignore"):
        return test.run(local(idle(lab, names, way)), seed)


@pytest.mark.training
@pytest.mark.parametrize(("lab", "test"), TESTS)
def test_no_work_earns_no_points(lab, test) -> None:
    earned = {way: answered(lab, test, way, seed=7).share for way in WAYS}
    assert not {way: share for way, share in earned.items() if share}


@pytest.mark.training
@pytest.mark.parametrize(("lab", "test"), TESTS)
def test_the_same_way_leads_to_the_work_itself(lab, test) -> None:
    if test.name in KEEP_MORE:
        pytest.skip("its objects keep more than numbers")
    assert answered(lab, test, WORK, seed=7).share == 1
