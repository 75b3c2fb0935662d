"""Lab 5, declared: the one place that says what belongs to it."""

from __future__ import annotations

from grader_tests.engine.lab import Answer, Lab

lab = Lab(
    "lab5_functional_api",
    title="A framework of your own",
    builds="Input, Dense, Model, compile, fit, evaluate, predict: a small Keras",
    points={
        "test_to_categorical": 3,
        "test_dense_build": 4,
        "test_dense_forward": 6,
        "test_dense_backward": 10,
        "test_loss": 5,
        "test_sgd": 5,
        "test_graph": 8,
        "test_predict": 4,
        "test_fit": 10,
        "test_evaluate": 5,
    },
    given={
        "given_five_trainings.py": set(),
        "given_for_lab5.py": {"lab3_two_layer_softmax"},
        "given_layers.py": set(),
        "given_training.py": set(),
        "keras_first_steps.json": set(),
        "reached_on_mnist.json": set(),
        "digits/digit-2-transparent.png": set(),
        "digits/digit-7-photo-uneven-light.jpg": set(),
    },
    answers={
        "to_categorical": Answer("to_categorical"),
        "dense": Answer(
            "Dense",
            checks=(
                "dense_build",
                "dense_forward",
                "dense_backward",
            ),
        ),
        "loss": Answer("CategoricalCrossentropy", checks=("loss",)),
        "sgd": Answer("SGD", checks=("sgd",)),
        "model": Answer(
            "Model",
            checks=(
                "graph",
                "predict",
            ),
        ),
        "training": Answer(
            "Model",
            checks=(
                "train_on_batch",
                "fit",
                "evaluate",
            ),
        ),
    },
    # The checks hand over texts that Python keeps once.
    hidden_only={"activations compared with is"},
    public={
        '"grad_bias":layer.grad_bias',
        '"grad_kernel":layer.grad_kernel',
        '"kernel":layer.kernel',
        ")->dict[str,list[float]]:",
        ")->tuple[np.ndarray,np.ndarray]:",
        "forlayerinlayers:",
        "forparentinnode.parents:",
        "history.append(values)",
        'ifhasattr(layer,"kernel"):',
        "layer.forward(x)",
        "layer.kernel,layer.bias",
        "model.evaluate(x,y)",
        "progress.close(values)",
        "rng=rngornp.random.default_rng()",
    },
)
