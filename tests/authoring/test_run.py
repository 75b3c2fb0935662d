"""A worked lab is run with its claims, on either data set, and shows what a reader's run would."""

from __future__ import annotations

import os

import pytest

from authoring import run as module
from authoring.expected_output import misleading
from authoring.run import ENVIRONMENT, Failed, run
from tests.support.folders import needs_mnist
from tests.support.scripts import CLAIM, marked, write

pytestmark = pytest.mark.classroom  # a Jupyter kernel is started

BEGIN = "# %%\nheight = 3\nheight"
HEIGHT = CLAIM + "_twice = 2 * height\nassert _twice == {}, 'twice three is {}'"


def line_of(path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_claims_that_hold_leave_no_trace(tmp_path):
    script = write(tmp_path, BEGIN, HEIGHT.format(6, 6), "# %%\n1 / 4", "# %%\n_twice")
    with pytest.raises(Failed, match="cell cell-002 fails"):  # nobody else's `_twice`
        run(script, "embedded") and run(write(tmp_path, BEGIN, "# %%\n1", "# %%\n_twice"), "mnist")
    cells = run(write(tmp_path, BEGIN, HEIGHT.format(6, 6), "# %%\n1 / 4"), "embedded")
    assert [(cell.id, cell.execution_count) for cell in cells] == [("cell-000", 1), ("cell-001", 2)]
    assert [cell.outputs[0].data["text/plain"] for cell in cells] == ["3", "0.25"]


def test_every_claim_that_does_not_hold_is_named(tmp_path):
    script = write(
        tmp_path,
        BEGIN,
        HEIGHT.format(7, 7),
        HEIGHT.format(6, 6),
        CLAIM + "assert height == 4",
        CLAIM + "assert depth == 4",
    )
    with pytest.raises(Failed) as failed:
        run(script, "embedded")
    said = str(failed.value).splitlines()
    place = f"lab7_small.py, line {line_of(script, '== 7') - 1}, on the embedded digits: "
    assert said[0] == f"{place}this claim does not hold: twice three is 7"
    assert said[1].endswith("this claim does not hold: assert height == 4")
    assert said[2].endswith("this claim does not hold: NameError: name 'depth' is not defined")
    assert len(said) == 3


@pytest.mark.parametrize(
    "binds",
    [
        "height = 4",
        "import math",
        "from math import pi as circle",
        "for k in range(3):\n    assert k < 3",
        "def twice(x):\n    return 2 * x",
        "with open('/dev/null') as file:\n    assert file",
        "height += 1",
    ],
)
def test_a_claim_binds_nothing_that_a_later_cell_could_see(tmp_path, binds):
    script = write(tmp_path, BEGIN, CLAIM + binds)
    with pytest.raises(Failed, match=r"line \d+: the claim binds `\w+`.*underscore"):
        run(script, "embedded")


def test_names_inside_a_function_or_a_comprehension_are_its_own(tmp_path):
    own = "def _f(x):\n    y = x\n    return y\n\n\nassert all(_f(k) == k for k in [height])"
    assert len(run(write(tmp_path, BEGIN, CLAIM + own), "embedded")) == 1


def test_a_cell_that_fails_is_named_with_its_error(tmp_path):
    script = write(tmp_path, BEGIN, marked("half") + "half = height / 0")
    with pytest.raises(Failed) as failed:
        run(script, "embedded")
    said = str(failed.value)
    assert f"line {line_of(script, 'height / 0')}, on the embedded digits: cell half fails" in said
    assert "ZeroDivisionError: division by zero" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import time\ntime.sleep(60)", "timed out"),
        ("import os\nos._exit(1)", "Kernel died"),
    ],
)
def test_a_cell_that_never_ends_or_ends_the_kernel_is_named(tmp_path, monkeypatch, source, said):
    monkeypatch.setattr(module, "_SECONDS", 10)
    script = write(tmp_path, BEGIN, f"# %%\n{source}")
    with pytest.raises(Failed, match=rf"(?s)line {line_of(script, 'import')}, .*cell-001.*{said}"):
        run(script, "embedded")


@pytest.mark.parametrize("source", ["assert height ==", "%time height"])
def test_a_claim_is_plain_python(tmp_path, source):
    with pytest.raises(Failed, match=r"line \d+: the claim is no plain Python"):
        run(write(tmp_path, BEGIN, CLAIM + source), "embedded")


def test_lines_in_a_traceback_are_those_that_a_reader_sees(tmp_path):
    answer = (
        "import traceback\n\n\ndef f():\n    ### BEGIN SOLUTION\n    return 1 / 0\n"
        "    ### END SOLUTION\n\n\ntry:\n    f()\nexcept ZeroDivisionError:\n"
        "    print(traceback.format_exc())"
    )
    (cell,) = run(write(tmp_path, marked("f") + answer), "embedded")
    assert cell.source.splitlines()[4] == "    return 1 / 0"
    assert "line 5, in f" in cell.outputs[0].text


def test_each_run_is_told_its_data_set_and_how_to_compute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MNIST_DIR", "elsewhere")
    monkeypatch.setenv("OPENBLAS_CORETYPE", "SkylakeX")
    names = ["DIGITS_DATASET", "MNIST_DIR", *ENVIRONMENT]
    script = write(tmp_path, f"# %%\nimport os\n[os.environ[name] for name in {names}]")
    for data_set in ("mnist", "embedded"):
        (cell,) = run(script, data_set)
        told = cell.outputs[0].data["text/plain"]
        expected = [data_set, str(tmp_path / "elsewhere"), *ENVIRONMENT.values()]
        assert eval(told) == expected
    assert os.environ["OPENBLAS_CORETYPE"] == "SkylakeX"


def test_numpy_does_without_what_only_some_processors_have(tmp_path):
    look = "import numpy as np\n\nnp.show_config(mode='dicts')['SIMD Extensions']['found']"
    (cell,) = run(write(tmp_path, f"# %%\n{look}"), "embedded")
    found = eval(cell.outputs[0].data["text/plain"])
    assert [name for name in found if name.startswith("AVX512") or name == "X86_V4"] == []
    assert all("stderr" not in output.get("name", "") for output in cell.outputs)


SIZE = """# %% tags=[{}]
from helpers.data import load_mnist_split

train_x, *_ = load_mnist_split()
print(train_x.shape[1])"""


@needs_mnist
def test_an_expected_output_says_where_it_is_of_mnist_alone(tmp_path):
    for tags, wrong in {
        '"expected-output"': ["cell-000"],
        '"expected-output", "on-mnist"': [],
        '"for-the-reader"': [],
    }.items():
        script = write(tmp_path, SIZE.format(tags))
        runs = run(script, "mnist"), run(script, "embedded")
        assert runs[0][0].outputs[-1].text.endswith("60000\n")
        assert list(misleading(*runs)) == wrong
