"""A student's code may speak to the judge directly: it is heard out, and gains nothing.

In every attack here the exercises are solved, so that each test also shows that the judge goes on:
the cell that misbehaved is lost, and the rest is marked as if it had not been there.
"""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest

from grader_tests import lab1
from helpers.checking.namespace import StudentError
from tests.attacks.desk import FULL, IMPATIENCE, WORKED, Desk, at_the_wire, standing_in

FOREVER = "time.sleep(3600)"
MALFORMED = {
    "no JSON": "put(b'{]')",
    "no UTF-8": "put(b'\\xff\\xfe')",
    "a header of no length": "put(b'')",
    "a header longer than the message": "line.sendall(struct.pack('!II', 100, 10) + bytes(10))",
    "4 GB announced": "line.sendall(b'\\xff' * 8)",
    "half a message": "line.sendall(struct.pack('!II', 100, 100) + b'{')",
    "a list": "put(b'[1]')",
    "a number": "put(b'1')",
    "an empty object": "put(b'{}')",
    "two keys where one is due": """put(b'{"dict": [], "list": []}')""",
    "an unknown kind": """put(b'{"pickle": "gASVAAAA"}')""",
    "a pair that is none": """put(b'{"dict": [1, 2, 3]}')""",
    "a list without a name": """put(b'{"dict": [["answer", 1]]}')""",
    "an unhashable key": """put(b'{"dict": [{"list": [{"list": []}, 1]}]}')""",
    "a deep answer": "put(b'{\"list\": [' * 5000 + b']}' * 5000)",
    "deep JSON": "put(b'[' * 1_000_000)",
    "a million items": "say({'answer': [0] * 1_000_000})",
    "a number of 5,000 digits": "put(b'1' * 5000)",
    "an empty recipe": """put(b'{"recipe": []}')""",
    "an infinite handle": """put(b'{"thing": ["worker", 1e999, "x"]}')""",
    "objects for arrays": """put(b'{"array": [["object"], [1]]}', bytes(8))""",
    "an object dtype": """put(b'{"array": ["object", [1]]}', bytes(8))""",
    "a negative shape": """put(b'{"array": ["float64", [-1, -8]]}', bytes(64))""",
    "an array longer than its message": """put(b'{"array": ["float64", [1000]]}', bytes(8))""",
    "an array of no size and any shape": """put(b'{"array": ["int8", [0, 99999999999999999]]}')""",
    "a shape of fractions": """put(b'{"array": ["float64", [1.5]]}', bytes(16))""",
}
OUT_OF_TURN = {
    "an empty message": "say({})",
    "neither question nor answer": "say({'hello': 1})",
    "a refusal that is none": "say({'refused': (1, 2, 3)})",
    "a refusal without a reason": "say({'refused': None})",
    "a long refusal": "say({'refused': ('x' * 10_000_000, 'y' * 10_000_000)})",
    "an answer too early": "say({'answer': None})",
    "a hundred answers too early": "for _ in range(100): say({'answer': {'value': 1.0}})",
    "objects for outputs": "say({'answer': [1, None, {'output_type': 'stream', 'text': 5}, {}]})",
}
QUESTIONS = {
    "an unknown request": "say({'do': 'eval', 'with': ('1',)})",
    "a request without a name": "say({'do': ['call'], 'with': ()})",
    "a request without arguments": "say({'do': 'get'})",
    "too many arguments": "say({'do': 'get', 'with': tuple(range(100))})",
    "an attribute of a number": "say({'do': 'get', 'with': (1, '__class__')})",
    "a call of a number": "say({'do': 'call', 'with': (1, (), {})})",
    "a call with odd arguments": "say({'do': 'call', 'with': (1, 2, 3)})",
    "a change to a number": "say({'do': 'set', 'with': (1, 'x', 1)})",
    "a run of a cell": "say({'do': 'run', 'with': ('import os; os.abort()',)})",
    "a lookup": "say({'do': 'lookup', 'with': ('one_hot',)})",
    "a handle that was never given": """
        handle = {"thing": ["judge", 1, "x"]}
        request = {"list": ["with", {"tuple": [handle, "__globals__"]}]}
        put(json.dumps({"dict": [{"list": ["do", "get"]}, request]}).encode())
        """,
    "a handle of the worker's": """
        handle = {"thing": ["worker", 1, "x"]}
        request = {"list": ["with", {"tuple": [handle, "__globals__"]}]}
        put(json.dumps({"dict": [{"list": ["do", "get"]}, request]}).encode())
        """,
}
SILENT = {
    "half a message, then silence": "line.sendall(struct.pack('!II', 100, 100) + b'{')",
    "one byte at a time": """
        line.sendall(struct.pack('!II', 1000, 1000))
        for _ in range(900):
            time.sleep(0.05)
            line.sendall(b' ')
        """,
    "the connection closed": "os.close(line.fileno())",
    "the connection shut": "line.shutdown(socket.SHUT_WR)",
    "the connection replaced": """
        theirs = open("/dev/null", "rb")
        os.dup2(theirs.fileno(), line.fileno())
        """,
    "questions for ever": """
        while True:
            say({"do": "nothing", "with": ()})
            time.sleep(0.04)
        """,
    "questions whose answers nobody reads": """
        for _ in range(20_000):
            say({"do": "nothing", "with": ()})
        """,
    "questions as fast as they go": """
        while True:
            say({"do": "nothing", "with": ()})
            wire.receive(line)
        """,
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(desk: Desk, name: str) -> None:
    assert desk.cheat(at_the_wire(MALFORMED[name]), answers=WORKED).points == FULL


@pytest.mark.parametrize("name", OUT_OF_TURN)
def test_out_of_turn(desk: Desk, name: str) -> None:
    """Every later answer is then taken for that to another question: the cheater's own loss."""
    desk.cheat(at_the_wire(OUT_OF_TURN[name]), answers=WORKED)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question(desk: Desk, name: str) -> None:
    source = at_the_wire(QUESTIONS[name]) + "print(wire.receive(line))"
    result = desk.cheat(source, answers=WORKED)
    assert result.points == FULL
    assert "refused" in result.shown


@pytest.mark.parametrize("name", SILENT)
def test_the_judge_is_kept_waiting(desk: Desk, name: str) -> None:
    source = at_the_wire(SILENT[name]) + FOREVER
    result = desk.cheat(source, answers=WORKED, patience=IMPATIENCE, held_up=15)
    assert result.points == FULL


def test_a_worker_that_does_not_listen(desk: Desk) -> None:
    """The cell answers for itself and then sleeps, while the judge has a long cell to send."""
    source = at_the_wire("say({'answer': []})\n" + FOREVER)
    long = f"text = '{'a' * 1_000_000}'"
    desk.cheat(source, long, answers=WORKED, patience=IMPATIENCE, held_up=15)


def test_a_header_of_64_mb_costs_little_memory(desk: Desk) -> None:
    source = at_the_wire("put(b'{\"list\": [' + b'{},' * 20_000_000 + b'{}]}')")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    desk.cheat(source, answers=WORKED)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 400_000, f"the judge grew by {grown // 1000} MB"


@pytest.mark.parametrize(
    "answer",
    [
        "{'k' * 2_000_000: 1}",
        "{str(number): 1 for number in range(3_000)}",
        "'x' * 2_000_000",
        "np.zeros((1,) * 30)",
    ],
)
def test_a_long_answer_makes_no_long_message(desk: Desk, answer: str) -> None:
    source = f"""
        import numpy as np
        answer = {answer}
        def one_hot(Y, n): return answer
        class Regularization:
            def __init__(self, *_): pass
            def l1(self, *_): return answer
            l2 = l1_grad = l2_grad = l1
        """
    result = desk.cheat(source, answers=WORKED)
    assert result.points == FULL - 16
    assert max(len(test.message) for test in result.tests.values()) < 3000


def test_many_changed_inputs_make_no_long_message(desk: Desk) -> None:
    source = at_the_wire(
        """
        names = ["n" * 40 + str(number) for number in range(30_000)]
        def serve(self, message, serve=peer.Peer.serve):
            if message.operation != "call":
                return serve(self, message)
            say({"answer": {"value": None, "changed": names}})
        peer.Peer.serve = serve
        """
    )
    result = desk.cheat(source, answers=WORKED)
    assert result.points == 0
    assert max(len(test.message) for test in result.tests.values()) < 3000


UNEXPECTED = {
    "a name overwritten by a result": "one_hot = one_hot(np.array([[0, 1]]), 2)",
    "a number for a class": "Sigmoid = Regularization = compute_cost = one_hot = 5",
    "a number for an object": "def Regularization(*_): return 5",
    "an array for an object": "def Sigmoid(): return np.zeros((3, 5))",
    "a text for an object": "def Sigmoid(): return 'sigmoid'",
    "truth for a number": "def compute_cost(A2, Y): return True",
    "truth for an array": "def one_hot(Y, n): return np.zeros((n, Y.size), bool)",
    "complex numbers": "def one_hot(Y, n): return np.zeros((n, Y.size), complex)",
    "bytes": "def one_hot(Y, n): return b'1'",
    "texts in an array": "def one_hot(Y, n): return np.full((n, Y.size), 'x')",
    "a list in itself": "def one_hot(Y, n):\n    a = []; a.append(a); return a",
    "quadruple precision": "def one_hot(Y, n): return np.zeros((n, Y.size), np.longdouble)",
    "sixteen bits": "def one_hot(Y, n): return np.full((n, Y.size), 65504, np.float16)",
    "the smallest integer": "def one_hot(Y, n): return np.full((n, Y.size), -2**63)",
    "a number too large for a float": "def compute_cost(A2, Y): return 10**400",
}


@pytest.mark.parametrize("name", UNEXPECTED)
def test_an_answer_of_an_unexpected_kind_costs_its_own_test(desk: Desk, name: str) -> None:
    """Not only cheaters give these: a name is soon overwritten by a result."""
    result = desk.cheat(UNEXPECTED[name], answers=WORKED)
    lost = {name for name, test in result.tests.items() if test.points < test.maximum}
    of = {"Sigmoid": {"test_sigmoid", "test_sigmoid_prime"}, "one_hot": {"test_one_hot"}}
    of["compute_cost"] = {"test_compute_cost"}
    of["Regularization"] = {"test_l1", "test_l1_grad", "test_l2", "test_l2_grad"}
    named = [tests for cell, tests in of.items() if cell in UNEXPECTED[name]]
    assert lost == set.union(*named)


SPYING = [
    *(
        "__globals__",
        "__code__",
        "__closure__",
        "__defaults__",
        "__dict__",
        "__class__",
        "__self__",
    ),
    *("__func__", "__init__", "__module__", "__doc__", "__wrapped__", "__annotations__", "mro"),
    *("__subclasses__", "__reduce_ex__", "__getattribute__", "__builtins__", "gi_frame", "gi_code"),
    *("cr_frame", "ag_frame", "tb_frame", "f_back", "f_globals", "func_globals"),
]


def test_a_stand_in_shows_nothing_of_itself(desk: Desk) -> None:
    source = f"""
        def attack():
            seen = {{}}
            for part in (compute_cost, Regularization, Regularization(1.0, 1.0).l1):
                for name in {SPYING}:
                    try:
                        seen[name] = repr(part._backend.get(part._ref, name))
                    except Exception:
                        pass
            return seen
        """
    with standing_in(dedent(source), "compute_cost", "Regularization") as student:
        assert student.attack() == {}


def test_a_stand_in_cannot_be_changed(desk: Desk) -> None:
    source = """
        def attack():
            changed = []
            for part, name in ((compute_cost, "evil"), (Regularization, "l1")):
                try:
                    part._backend.set(part._ref, name, 1.0)
                    changed.append(name)
                except Exception:
                    pass
            own = Regularization(1.0, 1.0)
            own.l1 = 0.0
            return changed
        """
    with standing_in(dedent(source), "compute_cost", "Regularization") as student:
        assert student.attack() == []
    assert callable(lab1.lab.definitions["Regularization"].l1)
    desk.hand_in(answers=WORKED)
    assert desk.judge().points == FULL


RECIPES = {
    "an unknown recipe": '{"recipe": ["os.system", {"tuple": ["true"]}]}',
    "a recipe that fails": '{"recipe": ["rng", {"tuple": [-1]}]}',
    "a recipe without a name": '{"recipe": [{"list": []}, {"tuple": []}]}',
    "a recipe without arguments": '{"recipe": ["rng", 5]}',
}


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_for_the_judge(desk: Desk, name: str) -> None:
    source = at_the_wire(
        f"""
        def attack():
            handle = json.dumps({{"thing": [*compute_cost._ref, "x"]}})
            header = '{{"dict": [{{"list": ["do", "call"]}}, {{"list": ["with", {{"tuple": [%s, '
            header += '{{"tuple": [{RECIPES[name]}]}}, {{"dict": []}}]}}]}}]}}'
            put((header % handle).encode())
            return str(wire.receive(line))
        """
    )
    with standing_in(source, "compute_cost") as student:
        assert "refused" in student.attack()


GREEDY = {
    "a scalar that asks for a large result": """
        def attack():
            try:
                one_hot(np.array([[0]]), 60_000_000)
            except Exception:
                pass
        """,
    "objects that are never let go": """
        def attack():
            for _ in range(40):
                Regularization(np.zeros(1_500_000), 1.0)
        """,
    "attributes that are never let go": """
        def attack():
            own = Regularization(1.0, 1.0)
            for number in range(40):
                setattr(own, f"a{number}", np.zeros(1_500_000))
        """,
}


@pytest.mark.parametrize("name", GREEDY)
def test_a_stand_in_costs_little_memory(desk: Desk, name: str) -> None:
    Path("/proc/self/clear_refs").write_text("5")  # the peak is measured from here
    before = _peak()
    source = "import numpy as np\n" + dedent(GREEDY[name])
    with suppress(StudentError), standing_in(source, "one_hot", "Regularization") as student:
        student.attack()
    grown = _peak() - before
    assert grown < 300_000_000, f"the judge took {grown // 1_000_000} MB"


def _peak() -> int:
    """Return the most memory that this process has taken, in bytes."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def test_calling_a_stand_in_for_ever(desk: Desk) -> None:
    """As an honest loop that never ends would do."""
    source = """
        def attack():
            while True:
                one_hot(np.array([[0]]), 2)
        """
    with (
        standing_in("import numpy as np\n" + dedent(source), "one_hot", held_up=5) as student,
        pytest.raises(Exception, match="stopped here"),
    ):
        student.attack()


def test_a_stand_in_is_not_there_for_later_tests(desk: Desk) -> None:
    """What stood in once would answer a later test in the student's place."""
    source = """
        def attack():
            global kept
            kept = one_hot
        def one_hot(Y, n):
            return None
        def later(Y, n):
            return kept(Y, n)
        """
    with standing_in("import numpy as np\n" + dedent(source), "one_hot") as student:
        student.attack()
        with student._standing_in({"compute_cost": lab1.lab.definitions["compute_cost"]}):
            pass
        with pytest.raises(Exception, match="no such object"):
            student.later([[0]], 2)
