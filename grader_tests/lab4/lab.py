"""Lab 4, declared: the one place that says what belongs to it."""

from __future__ import annotations

from grader_tests.engine.lab import Answer, Lab

lab = Lab(
    "lab4_deep_mini_batch",
    title="Deep, in small batches",
    builds="any depth from tested pieces, mini-batches; reads a photograph of your own digit",
    points={
        "test_initialize_parameters": 4,
        "test_linear_forward": 3,
        "test_deep_layer": 5,
        "test_forward_pass": 6,
        "test_compute_cost": 4,
        "test_linear_backward": 6,
        "test_backward_activation": 6,
        "test_backward_pass": 10,
        "test_update_parameters": 2,
        "test_random_mini_batches": 6,
        "test_predict": 3,
        "test_train_model": 5,
    },
    given={
        "given_for_lab4.py": {"lab1_helper_utilities", "lab3_two_layer_softmax"},
        "digits/digit-2-transparent.png": set(),
        "digits/digit-3-white-on-black.png": set(),
        "digits/digit-4-ballpoint-ruled-paper.jpg": set(),
        "digits/digit-5-pencil-squared-paper.jpg": set(),
        "digits/digit-7-photo-uneven-light.jpg": set(),
        "digits/digit-8-red-felt-tip.webp": set(),
        "digits/digit-9-chalk-on-board.jpg": set(),
    },
    answers={
        "initialize_parameters": Answer("initialize_parameters"),
        "linear_forward": Answer("linear_forward"),
        "deep_layer": Answer("deep_layer"),
        "forward_pass": Answer("forward_pass"),
        "compute_cost": Answer("compute_cost"),
        "linear_backward": Answer("linear_backward"),
        "backward_activation": Answer("backward_activation"),
        "backward_pass": Answer("backward_pass"),
        "update_parameters": Answer("update_parameters"),
        "random_mini_batches": Answer("random_mini_batches"),
        "train_model": Answer("train_model"),
        "predict": Answer("predict"),
    },
    public={
        ")->tuple[dict[str,np.ndarray],list[float]]:",
        ")->tuple[np.ndarray,np.ndarray,np.ndarray]:",
        "dA_prev,dW,db",
        "linear_backward(dZ,linear_cache)",
        "parameters,costs",
    },
)
