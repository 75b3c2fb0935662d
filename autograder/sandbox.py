"""The judge's side of the border: start a worker, ask it, and survive whatever becomes of it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder import wire
from autograder.confinement import Limits, overrun, unavailable
from autograder.outputs import LONGEST_OUTPUT
from autograder.peer import Peer, Remote
from autograder.references import ReferenceBackend
from helpers.checking.namespace import Student, StudentError

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 1.0  # between asking a cell to stop and killing it
IDLE = 5
MOST_RESTARTS = 12


class Gone(StudentError):
    """The worker is no longer there, or had to be stopped; there will be no answer."""

    final = True


@dataclass(frozen=True)
class Patience:
    """How long a worker may take.

    Processor time, so that a busy machine costs nobody a mark. Code that sleeps is stopped after
    `IDLE` times as long by the clock.

    Attributes
    ----------
    cell_seconds : float
        For one cell.
    call_seconds : float
        For one call of a student's function by a test.
    submission_seconds : float
        For one submission in all.
    """

    cell_seconds: float = 6.0
    call_seconds: float = 3.0
    submission_seconds: float = 60.0


class Zygote:
    """The warm process that workers are forked from; started when first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._control: socket.socket | None = None
        self._ready = False

    def launch(self) -> None:
        """Start the process; it loads what it needs while we do something else."""
        if self._process is not None:
            return
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd="/",
            env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "HOME": "/", "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        theirs.close()

    def wait(self) -> None:
        """Wait until everything is loaded."""
        self.launch()
        if self._ready:
            return
        if self._control.recv(16) != b"ready":
            complaint = self._process.communicate()[1].decode(errors="replace").strip()
            raise RuntimeError(f"The process that runs students' code does not start: {complaint}")
        self._ready = True

    def fork(self, workdir: Path, limits: Limits | None) -> tuple[int, socket.socket]:
        """Start a worker; return its process id and the connection to it."""
        self.wait()
        ours, theirs = socket.socketpair()
        order = {"workdir": str(workdir), "limits": asdict(limits) if limits else None}
        socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno()])
        theirs.close()
        return int(self._control.recv(32)), ours

    def reap(self, pid: int, patience: float) -> int:
        """Wait so many seconds for a worker to end, then kill it; return its status."""
        self._control.send(json.dumps({"reap": pid, "patience": patience}).encode())
        return int(self._control.recv(32))

    def stop(self) -> None:
        if self._process is not None:
            self._control.close()
            self._process.wait()
            self._process.stderr.close()
            self._process, self._ready = None, False


@dataclass
class Sandbox:
    """One submission's worker, started afresh whenever it is lost.

    Parameters
    ----------
    zygote : Zygote
    limits : Limits or None
        None runs unconfined.
    patience : Patience
    files : sequence of (Path, Path)
        The instructor's files that lie beside the notebook, and their places relative to it.
    """

    zygote: Zygote
    limits: Limits | None
    patience: Patience
    files: Sequence[tuple[Path, Path]] = ()
    _replayed: list[str] = field(default_factory=list)
    _restarts: int = -1
    _peer: Peer | None = None
    _asking: bool = False
    _ended: str = ""

    def __enter__(self) -> Sandbox:
        self._until = time.monotonic() + IDLE * self.patience.submission_seconds
        self._cpu_left = self.patience.submission_seconds
        self.reference = ReferenceBackend()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def student(self) -> Student:
        """The student namespace, as the tests see it.

        Raises
        ------
        Gone
            If no worker can be started any more.
        """
        self._start()
        return Student(self._peer.remote)

    def run(self, source: str, room: int = LONGEST_OUTPUT) -> list[dict[str, Any]]:
        """Run a cell; return its outputs, with an error where it could not be run to its end.

        Of its outputs, no more than so many bytes need come back.
        """
        try:
            self._start()
            outputs = self.ask(self.patience.cell_seconds, "run", source, room)
        except Gone as gone:
            return [_error("Stopped", gone.reason)]
        except StudentError as error:
            return [_error("NotRun", error.reason)]
        outputs = outputs if isinstance(outputs, list) else []
        if self._interrupted:
            return [*outputs, _error("Stopped", self._out_of_time())]
        if self.limits and (excess := overrun(self._pid, self.limits)):  # sooner than we look
            self._end()
            return [*outputs, _error("Stopped", excess)]
        self._replayed.append(source)
        return outputs

    def ask(self, seconds: float, operation: str, *arguments: Any) -> Any:
        """Ask the worker; raise `Gone` if it does not answer in time or not at all."""
        if self._peer is None:
            raise Gone("Your code was stopped before.")
        if self._asking:  # a stand-in asks back, within the time of what we asked first
            return self._exchange(operation, *arguments)
        self._deadline = min(time.monotonic() + IDLE * seconds, self._until)
        self._cpu_deadline = None
        self._seconds = seconds
        self._interrupted = False
        self._asking = True
        try:
            answer = self._exchange(operation, *arguments)
        finally:
            self._asking = False
        if self._interrupted:  # what it is doing now is anybody's guess
            self._end()
            if operation != "run":
                raise Gone(self._out_of_time())
        return answer

    def _exchange(self, operation: str, *arguments: Any) -> Any:
        try:
            return self._peer.ask(operation, *arguments)
        except (wire.Closed, wire.Malformed, TimeoutError) as error:
            reason = self._end(error)
            raise Gone(self._out_of_time() if self._interrupted else reason) from error

    def _watch(self) -> None:
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + wire.WATCH_SECONDS
        if self.limits and (excess := overrun(self._pid, self.limits)):
            raise TimeoutError(excess)
        if self._interrupted:
            if time.monotonic() > self._deadline:
                raise TimeoutError(self._out_of_time())
            return
        used = _cpu_seconds(self._pid)
        cpu = used + time.process_time()  # stand-ins work in this process, for the other one
        if self._cpu_deadline is None:  # the first look at this request, as a rule also the last
            self._cpu_deadline = cpu + self._seconds
        if time.monotonic() > self._deadline or cpu > self._cpu_deadline or used > self._cpu_left:
            self._interrupted = True
            self._deadline = time.monotonic() + GRACE_SECONDS
            os.kill(self._pid, signal.SIGINT)

    def _used_up(self) -> bool:
        return time.monotonic() > self._until or self._cpu_left <= 0

    def _out_of_time(self) -> str:
        if self._used_up():
            seconds = self.patience.submission_seconds
            return f"The notebook has used up its {seconds:g} seconds."
        return (
            f"Your code was stopped here after {self._seconds:g} seconds. Is there a loop that "
            "never ends?"
        )

    def _start(self) -> None:
        """Start a worker if there is none, and bring it to where the last one was."""
        if self._peer is not None:
            return
        self._restarts += 1
        if self._restarts > MOST_RESTARTS:
            raise Gone("Your code was stopped too often.")
        if self._used_up():
            raise Gone(self._out_of_time())
        self._workdir = Path(tempfile.mkdtemp(prefix="submission-"))
        for file, place in self.files:
            (self._workdir / place).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, self._workdir / place)
        self._pid, connection = self.zygote.fork(self._workdir, self.limits)
        self._next_look = 0.0
        self._peer = Peer(connection, "judge", self.reference, self._watch)
        self._peer.remote = Remote(_Patient(self))
        for source in list(self._replayed):
            with contextlib.suppress(Gone):
                self.ask(self.patience.cell_seconds, "run", source, 0)
            if self._peer is None:  # what ran before does not always run again
                self._replayed.remove(source)
                return self._start()
        return None

    def _end(self, error: Exception | None = None) -> str:
        """Kill the worker, remove its folder, and say how it ended."""
        if self._peer is None:
            return self._ended
        hung_up = isinstance(error, wire.Closed)  # as a rule because it has ended
        self._peer.connection.close()
        self._cpu_left -= _cpu_seconds(self._pid)
        status = self.zygote.reap(self._pid, GRACE_SECONDS if hung_up else 0)
        self._peer = None
        _remove(self._workdir)
        self._ended = _describe_end(status) if hung_up else str(error or "")
        return self._ended


class _Patient:
    """Puts a test's requests to the worker, each within its time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.backend = sandbox.reference

    def ask(self, operation: str, *arguments: Any) -> Any:
        return self.sandbox.ask(self.sandbox.patience.call_seconds, operation, *arguments)

    def forget(self) -> None:
        if self.sandbox._peer is not None:
            self.sandbox._peer.forget()


def _cpu_seconds(pid: int) -> float:
    """Return the processor time of a process so far; 0 once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _describe_end(status: int) -> str:
    if os.WIFEXITED(status):
        return "Your code ended the whole process here (`os._exit`, perhaps)."
    ended_by = os.WTERMSIG(status)
    if ended_by == signal.SIGXCPU:
        return "Your code used up its processor time here. Is there a loop that never ends?"
    if ended_by == signal.SIGKILL:
        return "Your code was stopped here: it used too much memory or time, or cut us off."
    return f"Your code crashed Python here ({signal.strsignal(ended_by)})."


def _error(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}


def _remove(folder: Path) -> None:
    """Remove a folder in which somebody may have laid traps: odd modes, very deep folders."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
        return
    for command in (["chmod", "-R", "u+rwx", "--"], ["rm", "-rf", "--"]):
        subprocess.run([*command, folder], check=False, capture_output=True)


def confinement_or_explain(unconfined: bool) -> str | None:
    """Return None where grading may begin, else a sentence that says why not and what to do."""
    reason = unavailable()
    if reason is None or unconfined:
        return None
    return f"{reason} Or grade without protection, only notebooks that you trust: --unconfined."
