"""What keeps a gradebook, or what is written from it, from being used, as a sentence that helps."""

from __future__ import annotations

import re

from nbgrader.api import InvalidEntry
from sqlalchemy import exc
from traitlets import TraitError

from autograder.course import StepFailed

# What databases and their drivers say, and what to do. The first one that is found counts.
_SAID = {
    "database .* does not exist": "its server knows no such database. Make it there (`createdb`).",
    "not a database": "its file is not a database. Put your copy of it back; or move the file "
    "away, and a new gradebook is made.",
    "locked|being used|deadlock|lock timeout": "another program is writing to it and does not let "
    "go. Close what has it open (another run, a formgrader, a database browser), then run the same "
    "command again: what was done is kept.",
    "no such (column|table)|has no column|undefined(column|table)|does not exist.*column|"
    "(column|relation) .* does not exist": "another version of nbgrader made it. Keep a copy, then "
    "run `nbgrader db upgrade` in the course folder.",
    "readonly|read-only|permission denied for|unable to open": "its file, or the folder in which "
    "it lies, cannot be written to.",
    "disk is full|no space|disk i/o": "the disk is full or broken.",
    "malformed|corrupt": "its file is damaged. Put your copy of it back.",
    "authentication|password": "its server does not let this user in. Is the password in its "
    "address right?",
    "refused|could not (connect|translate|receive)|connection|resolve|timeout|closed": "its server "
    "cannot be reached. Is it running, and is its address right?",
}


def explain(error: Exception) -> str | None:
    """Return what to tell the instructor about an error; None where it is the grader's own."""
    if isinstance(error, InvalidEntry) and isinstance(error.__context__, exc.DBAPIError):
        return explain(error.__context__)  # nbgrader takes all that a database says for this
    if isinstance(error, exc.NoSuchModuleError | exc.ArgumentError):
        return (
            "The gradebook's address, c.CourseDirectory.db_url in nbgrader_config.py, is none that "
            "can be used: write it as in sqlite:////home/me/gradebook.db, or as in "
            "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."
        )
    if isinstance(error, ModuleNotFoundError) and _asked_for_by_an_address(error):
        return (
            f"The gradebook's address asks for the package {error.name}, which is not installed: "
            f"python -m pip install {_PACKAGES.get(str(error.name), error.name)}"
        )
    if isinstance(error, exc.DBAPIError):
        said = str(error.orig).strip()
        kind = f"{type(error.orig).__name__} {said}"
        for words, means in _SAID.items():
            if re.search(words, kind, re.IGNORECASE | re.DOTALL):
                return f"The gradebook cannot be used: {means} The database said: {_line(said)}"
        return f"The gradebook cannot be used. The database said: {_line(said)}"
    if isinstance(error, StepFailed):
        return f"nbgrader could not do its part: {error}"
    if isinstance(error, TraitError):
        return f"A setting in nbgrader_config.py cannot be used: {error}"
    return None


_PACKAGES = {"psycopg": "'psycopg[binary]'", "MySQLdb": "mysqlclient"}


def _asked_for_by_an_address(error: ModuleNotFoundError) -> bool:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace is not None and "sqlalchemy" in trace.tb_frame.f_code.co_filename


def _line(said: str) -> str:
    return said.splitlines()[0] if said else "nothing"
