"""``python -m autograder LAB`` grades a lab; ``python -m autograder COMMAND …`` does the rest."""

from __future__ import annotations

import importlib
import sys

from autograder import system
from autograder.files import HOME

NAMED = ("check", "roster", "collect", "report", "export", "demo")
COMMANDS = {name: name for name in NAMED} | {"try": "try_out"}
OURS = ("autograder", "grader_tests", "helpers")
MISUSE = 2


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the first argument names, else grade the lab; return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    system.print_anything()
    if complaint := system.cannot_grade():
        print(complaint, file=sys.stderr)
        return MISUSE
    named = COMMANDS.get(arguments[0]) if arguments else None
    try:
        command = importlib.import_module(f"autograder.commands.{named or 'grade'}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OURS:
            raise
        print(system.lacks(error.name), file=sys.stderr)
        return MISUSE
    from autograder.commands import unusable  # it needs what may have been missing above

    try:
        return command.main(arguments[1:] if named else arguments)
    except Exception as error:
        if (complaint := unusable.explain(error)) is None:
            raise
        print(complaint, file=sys.stderr)
        return MISUSE


if __name__ == "__main__":
    sys.path.insert(0, str(HOME))  # before any other `helpers` that is installed or on PYTHONPATH
    sys.exit(main())
