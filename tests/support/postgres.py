"""A private PostgreSQL server on a socket in a temporary folder, where it is installed."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
_INITDB = shutil.which("initdb") or (str(_INSTALLED[-1]) if _INSTALLED else None)
_ENCODING = ("-E", "UTF8", "--locale=C")  # whatever the shell's language

needs_postgres = pytest.mark.skipif(
    not (_INITDB and importlib.util.find_spec("psycopg")),
    reason="PostgreSQL or its driver, psycopg, is not installed",
)


@contextmanager
def server() -> Iterator[str]:
    """Start a server; yield the address of its one database."""
    control = str(Path(str(_INITDB)).with_name("pg_ctl"))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        who = {}
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(folder, "nobody")
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        data = f"{folder}/data"

        def run(*command: str) -> None:
            done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, **who)
            assert done.returncode == 0, command

        run(str(_INITDB), "-D", data, "-A", "trust", "-U", "grader", "--no-sync", *_ENCODING)
        options = f"-c listen_addresses='' -k {folder} -F"
        run(control, "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql+psycopg://grader@/postgres?host={folder}"
        finally:
            run(control, "-D", data, "-m", "immediate", "-w", "stop")
