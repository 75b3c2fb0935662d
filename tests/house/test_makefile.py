"""`make setup` uses the environment that is there, and removes none that it has not made."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.files import HOME

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="there is no make here")
WORKS = '#!/bin/sh\necho "$@" >> "$(dirname "$0")/asked"\n'
WORKS_NOT = "#!/bin/sh\nexit 1\n"


def environment(folder: Path, python: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text(python)
    (folder / "bin" / "python").chmod(0o755)
    return folder


def setup(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(HOME / name, course)
    command = ["make", "setup", *arguments]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "it's a cöurse").mkdir()
    return tmp_path / "it's a cöurse"


def test_a_linked_environment_is_used_though_it_is_older(course, tmp_path):
    elsewhere = environment(tmp_path / "elsewhere", WORKS)
    (course / ".venv").symlink_to(elsewhere)
    done = setup(course)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (course / ".venv").is_symlink()
    assert ".[course]" in (elsewhere / "bin" / "asked").read_text()


@pytest.mark.parametrize("linked", [False, True])
def test_what_is_no_environment_is_kept_and_named(course, tmp_path, linked):
    place = environment(tmp_path / "elsewhere" if linked else course / ".venv", WORKS_NOT)
    if linked:
        (course / ".venv").symlink_to(place)
    done = setup(course)
    assert done.returncode != 0
    assert "Remove it, and run this again." in done.stdout
    assert "python3-venv" not in done.stdout
    assert (course / ".venv" / "bin" / "python").exists()


def test_a_link_to_nowhere_is_named(course):
    (course / ".venv").symlink_to("nowhere")
    assert "Remove it, and run this again." in setup(course).stdout
    assert (course / ".venv").is_symlink()


def test_without_an_environment_one_is_made(course, tmp_path):
    makes = tmp_path / "python"
    makes.write_text(f'#!/bin/sh\nmkdir -p "$3/bin"\nprintf \'{WORKS_NOT}\' > "$3/bin/python"\n')
    makes.chmod(0o755)
    done = setup(course, f"PYTHON={makes}")
    assert f"creating .venv with {makes}" in done.stdout
    assert (course / ".venv" / "bin").is_dir()


def test_where_none_can_be_made_the_package_is_named(course):
    done = setup(course, "PYTHON=false")
    assert "sudo apt install python3-venv" in done.stdout
    assert not (course / ".venv").exists()
