"""Lab 2, declared: the one place that says what belongs to it."""

from __future__ import annotations

from grader_tests.engine.lab import Answer, Lab

lab = Lab(
    "lab2_neural_network_class",
    title="A network as a class",
    builds="forward, backward, training, predictions: 784-30-10",
    points={
        "test_initialize_parameters": 4,
        "test_forward_propagation": 8,
        "test_backward_propagation": 12,
        "test_update_parameters": 4,
        "test_fit": 6,
        "test_predict": 6,
    },
    given={
        # Lab 3 reads off the number of examples with the same line as Lab 1.
        "given_lab1.py": {"lab1_helper_utilities", "lab3_two_layer_softmax"},
    },
    answers={
        "neural_network": Answer(
            "NeuralNetwork",
            checks=(
                "initialize_parameters",
                "forward_propagation",
                "backward_propagation",
                "update_parameters",
            ),
        ),
        "nn_classifier": Answer(
            "NNClassifier",
            checks=(
                "fit",
                "predict",
            ),
        ),
    },
    public={
        '_PARAMETERS=("W1","b1","W2","b2")',
        "for_inrange(steps)",
        "forname,valueinvalues.items():",
        '{"Z1":Z1,"A1":A1,"Z2":Z2,"A2":A2}',
    },
    stand_ins={"_cost"},
    # The checks do not ask how numbers are distributed, do not call a method twice or replace the
    # sigmoid, give no answer that is exactly 0 or 1, and their network for `fit` does not learn.
    hidden_only={
        "a division by the answers",
        "weights from the uniform distribution",
        "a sigmoid of one's own",
        "gradients that add up from call to call",
        "parameters changed on the way",
        "the penalties with the number of features",
        "one forward pass for all epochs",
        "a second fit that goes on",
    },
)
