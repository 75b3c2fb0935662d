"""The warm process from which workers are forked: it has loaded what notebooks import.

``python -m autograder.worker.zygote FD`` is started by a judge. It must never import
`grader_tests`, nor hold anything that a student may not see: every worker is a copy of it.
"""

from __future__ import annotations

import gc
import io
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from contextlib import redirect_stdout, suppress
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["VECLIB_MAXIMUM_THREADS"] = "1"  # macOS
os.environ["DIGITS_DATASET"] = "embedded"

import autograder
import helpers
from autograder.border.line import Line
from autograder.border.messages import Fork, Reap, read_order
from autograder.confinement.limits import Limits
from autograder.worker.cells import CellRunner
from autograder.worker.serving import serve
from helpers import checking
from helpers.data import load_data

IMPORTED = (
    *("numpy", "scipy.special", "matplotlib.pyplot", "seaborn", "pandas", "PIL.Image"),
    *("helpers.data", "helpers.plotting", "helpers.checking.recipes"),
)
HELPERS = Path(helpers.__file__).parent
OURS = Path(autograder.__file__).parent


def main(descriptor: int) -> None:
    """Load everything, say so, then do what the judge orders until it hangs up."""
    line = Line(socket.socket(fileno=descriptor))
    runner = CellRunner()
    modules = (module.name for module in pkgutil.iter_modules(checking.__path__))
    checks = (f"{checking.__name__}.{name}" for name in modules if name.startswith("lab"))
    runner.warm_up([*IMPORTED, *checks])
    _cache_digits()
    readable = [HELPERS, *_loaded()]
    gc.collect()
    gc.freeze()  # so that no child copies memory by looking through what is loaded already
    line.send("ready")
    while True:
        text, descriptors = line.receive()
        if not text:
            return
        order = read_order(json.loads(text))
        if isinstance(order, Reap):
            answer = _reap(order)
        else:
            answer = _fork(line, runner, order, descriptors[0], readable)
        line.send(str(answer))


def _fork(
    line: Line, runner: CellRunner, order: Fork, descriptor: int, readable: list[Path]
) -> int:
    if child := os.fork():
        os.close(descriptor)
        return child
    line.close()
    limits = Limits(**order.limits) if order.limits else None
    connection = socket.socket(fileno=descriptor)
    try:
        serve(connection, runner, Path(order.workdir), limits, readable)
    finally:
        os._exit(1)  # whatever happens, never back into the zygote's loop


def _reap(order: Reap) -> int:
    """Wait for a worker to end, kill it if it does not, and return its status."""
    until = time.monotonic() + order.patience
    while time.monotonic() < until:
        ended, status = os.waitpid(order.pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.005)
    os.kill(order.pid, signal.SIGKILL)
    return os.waitpid(order.pid, 0)[1]


def _loaded() -> list[Path]:
    """Return the files of ours that are loaded here: no secret, and IPython likes to read them."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return [Path(file) for file in files if file and Path(file).is_relative_to(OURS)]


def _cache_digits() -> None:
    """Read the embedded digits once, for all workers, and say it once, to nobody."""
    # Where they are missing, a cell that wants them will be told.
    with redirect_stdout(io.StringIO()), suppress(ModuleNotFoundError, ValueError):
        load_data()


if __name__ == "__main__":
    main(int(sys.argv[1]))
