"""Who imports whom: the contracts in pyproject.toml hold, and each of them can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.files import HOME

PARTS = ("helpers", "grader_tests", "autograder", "authoring", "bench", "tests/house")
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
]
# What breaks each contract: a line in a file.
BROKEN = {
    "Each part of the house": ("helpers/data.py", "import grader_tests.engine.credit"),
    "Each room of the grader": ("autograder/results/marks.py", "import autograder.pages.report"),
    "What forks into a worker": ("autograder/worker/outputs.py", "import nbgrader"),
    "Judge and worker meet": ("autograder/judge/sandbox.py", "import autograder.worker.outputs"),
    "Only commands read": ("autograder/pages/report.py", "import argparse"),
    "Labs know nothing": ("grader_tests/lab2/tests.py", "import grader_tests.lab1.tests"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for part in PARTS:
        shutil.copytree(
            HOME / part,
            tmp_path / part,
            ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")],
        )
    shutil.copy(HOME / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "__init__.py").touch()
    return tmp_path


def lint(house: Path) -> tuple[int, str]:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house), "COLUMNS": "1000"},
        capture_output=True,
        text=True,
    )
    return done.returncode, " ".join(done.stdout.split()) + done.stderr


def test_all_contracts_hold(house):
    code, said = lint(house)
    assert code == 0, said
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said


@pytest.mark.parametrize("begins", BROKEN)
def test_each_contract_can_fail(house, begins):
    (name,) = [name for name in CONTRACTS if name.startswith(begins)]
    path, line = BROKEN[begins]
    file = house / path
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{line}  # noqa\n", encoding="utf-8")
    code, said = lint(house)
    assert code == 1
    assert f"{name} BROKEN" in said


def test_there_is_a_way_to_break_each():
    for name in CONTRACTS:
        assert any(name.startswith(begins) for begins in BROKEN), name


@pytest.mark.parametrize(
    "room", [path.parent for path in sorted((HOME / "autograder").rglob("__init__.py"))], ids=str
)
def test_every_room_says_what_lives_there(room):
    text = (room / "__init__.py").read_text(encoding="utf-8")
    assert text.startswith('"""')


def test_few_modules_lie_at_the_top():
    assert len(list((HOME / "autograder").glob("*.py"))) <= 8


def test_a_labs_files_have_names_that_say_what_they_are():
    for folder in (HOME / "solutions").glob("lab*"):
        names = {path.name for path in folder.glob("*.py")} - {f"{folder.name}.py"}
        assert all(name.startswith("given_") for name in names), names
