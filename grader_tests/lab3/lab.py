"""Lab 3, declared: the one place that says what belongs to it."""

from __future__ import annotations

from grader_tests.engine.lab import Answer, Lab

lab = Lab(
    "lab3_two_layer_softmax",
    title="Two layers, from the equations",
    builds="ReLU, softmax, gradient checking, gradient descent",
    points={
        "test_init_params": 3,
        "test_relu": 2,
        "test_relu_derivative": 2,
        "test_softmax": 5,
        "test_cross_entropy": 4,
        "test_forward_prop": 6,
        "test_backward_prop": 10,
        "test_numerical_gradient": 4,
        "test_update_params": 2,
        "test_get_predictions": 1,
        "test_get_accuracy": 1,
        "test_gradient_descent": 5,
    },
    given={
        "given_for_lab3.py": {"lab1_helper_utilities"},
        "given_suspects.py": set(),
    },
    answers={
        "init_params": Answer("init_params"),
        "relu": Answer("relu"),
        "relu_derivative": Answer("relu_derivative"),
        "softmax": Answer("softmax"),
        "forward_prop": Answer("forward_prop"),
        "cross_entropy": Answer("cross_entropy"),
        "numerical_gradient": Answer("numerical_gradient"),
        "backward_prop": Answer("backward_prop"),
        "update_params": Answer("update_params"),
        "get_predictions": Answer("get_predictions", "get_accuracy", checks=("predictions",)),
        "gradient_descent": Answer("gradient_descent"),
    },
    # The checks take few steps.
    hidden_only={"descent that lowers alpha"},
    public={
        ")->tuple[np.ndarray,...]:",
        "dW1,db1,dW2,db2",
    },
)
