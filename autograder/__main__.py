"""``python -m autograder LAB`` grades a lab; ``python -m autograder COMMAND …`` does the rest."""

from __future__ import annotations

import importlib
import sys

COMMANDS = {"check": "check", "try": "try_out", "report": "report", "export": "export"}


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the first argument names, else grade the lab; return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    named = COMMANDS.get(arguments[0]) if arguments else None
    command = importlib.import_module(f"autograder.commands.{named or 'grade'}")
    return command.main(arguments[1:] if named else arguments)


if __name__ == "__main__":
    sys.exit(main())
