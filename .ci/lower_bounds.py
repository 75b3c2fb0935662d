"""Print as pip's constraints the oldest packages that requirements.txt and the grader allow."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

HOME = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print a line for each package."""
    project = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (HOME / "requirements.txt").read_text(encoding="utf-8").splitlines()
    ranges = [line for line in lines if line and not line.startswith("#")]
    for requirement in map(Requirement, [*ranges, *project["optional-dependencies"]["course"]]):
        lower = [part.version for part in requirement.specifier if part.operator in (">=", "==")]
        print(f"{requirement.name}=={lower[0]}")


if __name__ == "__main__":
    main()
