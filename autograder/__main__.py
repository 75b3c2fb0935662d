"""``python -m autograder LAB`` grades a lab; ``python -m autograder COMMAND …`` does the rest."""

from __future__ import annotations

import importlib
import os
import select
import sys

from autograder.confinement.system import cannot_grade
from autograder.files import HOME

NAMED = ("check", "roster", "collect", "report", "export", "demo")
COMMANDS = {name: name for name in NAMED} | {"try": "try_out"}
OURS = ("autograder", "grader_tests", "helpers")
CUT_SHORT, MISUSE = 1, 2
INSTALL = 'python -m pip install -e ".[course]"'


def main(arguments: list[str] | None = None) -> int:
    """Run the command that the first argument names, else grade the lab; return its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _print_anything()
    if complaint := cannot_grade():
        print(complaint, file=sys.stderr)
        return MISUSE
    named = COMMANDS.get(arguments[0]) if arguments else None
    try:
        command = importlib.import_module(f"autograder.commands.{named or 'grade'}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OURS:
            raise
        print(_lacks(error.name), file=sys.stderr)
        return MISUSE
    from autograder.commands import unusable  # it needs what may have been missing above

    try:
        code: int = command.main(arguments[1:] if named else arguments)
        sys.stdout.flush()
        return code
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return CUT_SHORT
        if (complaint := unusable.explain(error)) is None:
            raise
        print(complaint, file=sys.stderr)
        return MISUSE


def _lacks(package: str) -> str:
    """Say that a package is missing, and how to install what the grader needs."""
    return (
        f"The grader needs the package {package}, which is not installed for {sys.executable}. In "
        f"the folder of this course, `make setup` installs all of them, or: {INSTALL}"
    )


def _print_anything() -> None:
    """Let names and signs be printed as "?" where the terminal's encoding lacks them."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _nobody_reads() -> bool:
    """Return whether what is printed goes into a pipe whose reader, such as `head`, has gone."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _start_again_in_utf8() -> None:
    """Read and write names of folders and students as they are, whatever the shell's language."""
    if sys.getfilesystemencoding() != "utf-8":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


if __name__ == "__main__":
    _start_again_in_utf8()
    sys.path.insert(0, str(HOME))  # before any other `helpers` that is installed or on PYTHONPATH
    sys.exit(main())
