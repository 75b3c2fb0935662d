"""The confined process that holds one student's code. Knows no test, no answer, no mark.

It serves the judge: run a cell, call a function, read an attribute. It is forked from the zygote
and ends when the judge closes the connection.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from autograder.border import wire
from autograder.border.messages import LONGEST_OUTPUT
from autograder.border.peer import Peer
from autograder.confinement.confine import confine
from autograder.confinement.limits import Limits
from autograder.worker.cells import CellRunner
from autograder.worker.definitions import restore
from helpers.checking.namespace import LocalBackend, Thing


def serve(
    connection: socket.socket,
    runner: CellRunner,
    workdir: Path,
    limits: Limits | None,
    readable: Sequence[Path],
) -> NoReturn:
    """Confine this process and do what the judge asks for, until it hangs up.

    Parameters
    ----------
    connection : socket
        To the judge.
    runner : CellRunner
        Made and warmed up before the fork.
    workdir : Path
        Folder of this submission alone; becomes the current one.
    limits : Limits or None
        None leaves the process unconfined, where the instructor has said so.
    readable : sequence of Path
        What may be read besides the Python installation.
    """
    if limits is not None:
        confine(workdir, limits, readable, keep_fds=[connection.fileno()])
    else:
        os.chdir(workdir)
    os.environ["DIGITS_DATASET"] = "embedded"
    # Modules beside the notebook can be imported, unless there is one of that name already.
    sys.path.append("")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    backend = LocalBackend(runner.namespace)
    peer = Peer(connection, "worker", backend)
    bound = contextlib.ExitStack()

    def bind(things: dict[str, Thing]) -> None:
        bound.enter_context(backend.stand_in(peer.mine(things)))

    def unbind() -> None:
        bound.close()
        peer.forget()

    def run(source: str, room: int, only_definitions: bool) -> dict[str, Any]:
        runner.max_output_bytes = min(room, LONGEST_OUTPUT)
        return {"outputs": runner.run(source, only_definitions), "line": runner.failed_at}

    peer.operations |= {
        "run": run,
        "restore": lambda imports: restore(imports, runner.namespace),
        "lookup": backend.lookup,
        "bind": bind,
        "unbind": unbind,
    }
    while True:
        try:
            peer.serve(peer.receive())
        except wire.Closed:
            os._exit(0)
