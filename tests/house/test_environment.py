"""requirements.txt and environment.yml say the same, and no file says where packages come from."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from autograder.files import HOME

ROOT = HOME
# Packages that conda calls by another name than pip: "conda's name": "pip's name".
PIP_NAMES: dict[str, str] = {}
# The hosts of package registries, and the options that name one. The patterns do not match
# themselves.
REGISTRY = re.compile(
    r"pypi\.org|pypi\.python|pythonhosted\.org|anaconda\.(org|com)|conda\.io|npmjs\.(org|com)"
    r"|registry\.yarnpkg|crates\.io|proxy\.golang|https?://\S+/simple\b"
    r"|index[-_]url|trusted[-_]host|find[-_]links|channel[-_]alias",
    re.IGNORECASE,
)


def ranges(lines: Iterable[str]) -> dict[str, SpecifierSet]:
    """Return the version range of each package."""
    found: dict[str, SpecifierSet] = {}
    for line in lines:
        requirement = Requirement(line)
        name = canonicalize_name(PIP_NAMES.get(requirement.name, requirement.name))
        assert name not in found, f"{name} is there twice"
        found[name] = requirement.specifier
    return found


@pytest.fixture
def pip() -> dict[str, SpecifierSet]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return ranges(line for line in lines if line.strip() and not line.startswith("#"))


@pytest.fixture
def conda() -> dict[str, SpecifierSet]:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (of_pip,) = (entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    of_pip.remove("-e .[course]")  # notebooks import helpers, from any folder, and are checked
    of_conda = [entry for entry in environment["dependencies"] if isinstance(entry, str)]
    of_conda = [re.sub(r"^python=(?=\d)", "python==", entry) for entry in of_conda]
    return ranges(of_conda + of_pip)


def test_both_files_name_the_same_packages_with_the_same_ranges(pip, conda):
    own = {name: conda.pop(name) for name in ("python", "pip")}
    assert conda == pip
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # The one form that repo2docker reads; with a range it takes a Python of its own choice.
    (version,) = re.fullmatch(r"==(\d+\.\d+)", str(own["python"])).groups()
    assert version in SpecifierSet(project["requires-python"])


def test_every_range_has_both_ends(pip):
    for name, specifier in pip.items():
        operators = {part.operator for part in specifier}
        assert operators & {">=", "~=", "=="}, f"{name} has no lower end"
        assert operators & {"<", "<=", "~=", "=="}, f"{name} has no upper end"


def test_other_ranges_are_told_apart():
    assert ranges(["numpy >=1.26, <3", "Scikit_Learn"]) == ranges(
        ["scikit-learn", "numpy<3,>=1.26"]
    )
    assert ranges(["numpy>=1.26,<3"]) != ranges(["numpy>=1.26"])


def test_no_tracked_file_names_a_package_registry():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    assert len(paths) > 20
    named = {
        str(path.relative_to(ROOT)): found[0]
        for path in paths
        if path.is_file() and (found := REGISTRY.search(path.read_bytes().decode(errors="ignore")))
    }
    assert named == {}


@pytest.mark.parametrize(
    "text",
    [
        f"https://{'pypi'}.org/project/nbgrader",
        f"https://files.{'pythonhosted'}.org/packages/x.whl",
        f"https://conda.{'anaconda'}.org/conda-forge",
        "https://mirror.example.org/" + "simple",
        "-" * 2 + "extra-" + "index-" + "url=x",
    ],
)
def test_a_registrys_host_is_recognised(text):
    assert REGISTRY.search(f"see {text} for more")


def test_this_file_is_searched_too():
    assert not REGISTRY.search(Path(__file__).read_text(encoding="utf-8"))
    assert not REGISTRY.search("channels:\n  - conda-forge\npip install -e .")
