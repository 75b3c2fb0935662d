"""A hidden test's view of the code under test: plain data comes back, everything else stays."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, namedtuple
from fractions import Fraction

import numpy as np
import pytest

from grader_tests import lab1
from grader_tests.engine.case import Case
from grader_tests.engine.hidden_test import observe
from helpers.checking import recipes
from helpers.checking.namespace import (
    LocalBackend,
    NotPlain,
    Recipe,
    StudentError,
    Thing,
    local,
    plain,
    rng,
)


class Counter:
    """Keeps state, hands itself out, and holds what cannot be copied."""

    def __init__(self, start: int = 0) -> None:
        self.count = start
        self.numpy = np
        self.unread = (i for i in range(3))

    def add(self, amount: int = 1) -> Counter:
        self.count += amount
        return self

    def scaled(self, X: np.ndarray) -> np.ndarray:
        X *= self.count
        return X

    @property
    def broken(self) -> int:
        return 1 // 0


class Owner:
    def __init__(self, counter: Counter) -> None:
        self.counter = counter

    def run(self) -> None:
        self.counter.add(10)


def relu(Z):
    return np.maximum(Z, 0)


NAMESPACE = {"Counter": Counter, "Owner": Owner, "relu": relu, "rate": 0.5}


@pytest.fixture
def student():
    return local(dict(NAMESPACE))


def test_data_come_back_as_data(student):
    assert student.rate == 0.5
    np.testing.assert_array_equal(student.relu(np.array([-1.0, 2])), [0, 2])


def test_objects_stay_and_keep_their_state(student):
    counter = student.Counter(start=2)
    assert isinstance(counter, Thing)
    counter.add()
    counter.add(amount=3)
    assert counter.count == 6
    assert isinstance(counter.add(), Thing)
    assert counter.count == 7


def test_attributes_can_be_set(student):
    counter = student.Counter()
    counter.count = 5
    assert counter.add().count == 6


def test_an_object_handed_to_another_is_the_same_object(student):
    counter = student.Counter()
    student.Owner(counter).run()
    assert counter.count == 10


def test_a_changed_input_is_noted_and_the_tests_own_array_left_alone():
    backend = LocalBackend(dict(NAMESPACE))
    X = np.ones(3)
    counter = backend.lookup("Counter")(2)
    counter.scaled(X)
    assert backend.changed == ["X"]
    np.testing.assert_array_equal(X, np.ones(3))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda s: s.softmax, "There is no `softmax` in your notebook."),
        (lambda s: s.relu(), "TypeError: relu() missing 1 required positional argument: 'Z'."),
        (lambda s: s.relu("text"), "It was raised in line"),
        (lambda s: s.Counter(1, 2, 3), "TypeError"),
        (lambda s: s.Counter()(1), "cannot be called"),
        (lambda s: s.Counter().total, "`Counter` has no usable attribute `total`."),
        (lambda s: s.Counter().broken, "`Counter` has no usable attribute `broken`."),
        (lambda s: setattr(s.relu.__code__, "co_name", 1), "AttributeError"),
    ],
    ids=range(8),
)
def test_what_fails_is_a_sentence(student, action, words):
    with pytest.raises(StudentError) as error:
        action(student)
    assert words in str(error.value)


PLAIN = [
    *(None, True, 3, 0.5, "text", (), [], {}),
    (1, [2.0, "a"], {"W": None, 3: (True,)}),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_are_rebuilt_as_they_are(value):
    assert plain(value) == value
    assert type(plain(value)) is type(value)


@pytest.mark.parametrize(
    "dtype", [bool, np.int8, np.uint16, np.int64, np.float16, np.float32, float]
)
def test_arrays_are_rebuilt_with_their_dtype_in_memory_of_their_own(dtype):
    array = np.ones((2, 3), dtype)
    rebuilt = plain({"a": [array]})["a"][0]
    np.testing.assert_array_equal(rebuilt, array)
    assert rebuilt.dtype == array.dtype
    assert not np.shares_memory(rebuilt, array)


def test_subclasses_of_arrays_lose_their_class():
    class Forged(np.ndarray):
        def __sub__(self, other):
            return 0

    assert type(plain(np.ones(3).view(Forged))) is np.ndarray
    assert type(plain(np.ma.array([1.0], mask=[True]))) is np.ndarray
    assert plain(np.float32(0.5)).shape == ()


class Text(str):
    pass


@pytest.mark.parametrize(
    "value",
    [
        *(object(), print, int, Text("a"), Fraction(1, 2), 1j, b"bytes", range(3)),
        *(np.ones(2, complex), np.array([None]), np.array(["a"]), np.datetime64("2020-01-01")),
        *({(1, 2): 3}, {Text("a"): 1}, {1, 2}),
        *([1, (2, {"a": object()})], (i for i in range(2))),
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_not_plain_and_stays_as_a_thing(value):
    with pytest.raises(NotPlain):
        plain(value)
    assert isinstance(local({"value": value}).value, Thing)


def test_data_without_an_end_stay_as_a_thing():
    endless: list = []
    endless.append(endless)
    assert isinstance(local({"f": lambda: endless}).f(), Thing)


def outcome_of(value) -> str:
    case = Case("a label", lambda s: s.f())
    return str(observe(case, local({"f": lambda: value}), lab1.lab).error)


def test_a_result_that_is_no_data_is_named():
    assert outcome_of(Fraction(1, 2)) == "the result is a Fraction, not numbers or arrays alone."


@pytest.mark.parametrize("array", [np.array([1, None]), np.ones(2, complex)], ids=["object", "1j"])
def test_an_array_of_another_dtype_is_not_said_to_be_no_array(array):
    assert str(array.dtype) in outcome_of(array)


@pytest.mark.parametrize(
    "value",
    [OrderedDict(dW1=1.0), defaultdict(float, dW1=1.0), namedtuple("Cache", "Z A")(1.0, 2.0)],
    ids=lambda value: type(value).__name__,
)
def test_a_dict_or_tuple_of_another_make_is_a_right_answer(value):
    assert outcome_of(value) == "None"


def namespace_with_user_of_relu() -> dict:
    namespace: dict = {"np": np}
    exec("def relu(Z):\n    return Z\n\ndef layer(Z):\n    return relu(Z)", namespace)
    return namespace


def test_a_part_stands_in_as_long_as_the_block_lasts():
    student = local(namespace_with_user_of_relu())
    assert student.layer(-2.0) == -2
    with student._standing_in({"relu": relu}):
        assert student.layer(-2.0) == 0
    assert student.layer(-2.0) == -2


def test_a_part_that_the_student_has_not_written_is_gone_again():
    namespace = namespace_with_user_of_relu()
    del namespace["relu"]
    student = local(namespace)
    with student._standing_in({"relu": relu}):
        assert student.layer(-2.0) == 0
    assert "relu" not in namespace
    with pytest.raises(StudentError, match="NameError: name 'relu' is not defined"):
        student.layer(-2.0)


@pytest.mark.parametrize("meddle", ["relu = 3", "del relu", "raise ValueError"])
def test_parts_are_restored_whatever_happens(meddle):
    namespace = namespace_with_user_of_relu()
    exec(f"def f():\n    global relu\n    {meddle}", namespace)
    before = dict(namespace)
    try:
        with local(namespace)._standing_in({"relu": relu, "softmax": relu}) as _:
            local(namespace).f()
    except StudentError:
        pass
    assert namespace == before


def test_each_call_gets_a_new_generator_of_the_same_seed():
    student = local({"draw": lambda rng: rng.normal(size=3)})
    expected = np.random.default_rng(5).normal(size=3)
    for _ in range(2):
        np.testing.assert_array_equal(student.draw(rng(5)), expected)
        np.testing.assert_array_equal(student.draw(rng=rng(5)), expected)


def test_recipes_are_the_functions_that_they_say():
    A, b = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[0.1, 0.2], [0.3, 0.4]])
    theta, step = np.array([[0.3, -0.7], [1.1, 0.2]]), 1e-6
    for name, arguments, gradient in [
        ("quadratic", (A, b, 2.0), 2 * A * theta + b),
        ("smooth", (A,), A * np.cos(A * theta)),
    ]:
        f = recipes.make(name, arguments)
        for index in np.ndindex(theta.shape):
            nudge = np.zeros_like(theta)
            nudge[index] = step
            slope = (f(theta + nudge) - f(theta - nudge)) / (2 * step)
            assert slope == pytest.approx(gradient[index], abs=1e-8)
    assert recipes.make("quadratic", (A, b, 2.0))(np.zeros((2, 2))) == 2.0


def test_an_unknown_recipe_is_refused_in_a_sentence():
    student = local({"f": lambda x: x})
    with pytest.raises(ValueError, match=r"There is no recipe 'soup'\. There are: rng, "):
        student.f(Recipe("soup", ()))
