"""The judge's hold on worker processes: forked from a warm one, watched while they work, ended."""

from __future__ import annotations

import atexit
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
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path, PurePath
from typing import Any

import psutil

from autograder.border import wire
from autograder.border.line import Line
from autograder.border.messages import LONGEST_OUTPUT, Fork, Reap, error_output
from autograder.border.peer import Peer
from autograder.confinement.limits import Limits, overrun
from autograder.files import HOME
from autograder.judge.references import ReferenceBackend
from helpers.checking.namespace import Student, StudentError

GRACE_SECONDS = 1.0  # between asking a cell to stop and killing it
IDLE = 5
MOST_RESTARTS = 12
LONGEST_NAME, LONGEST_TEXT = 100, 300  # characters of an error, as it is remembered
_ENVIRONMENT = {
    "PYTHONPATH": str(HOME),
    "PATH": os.defpath,
    "HOME": "/",
    "LANG": "C.UTF-8",
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",  # else macOS ends what is forked
}


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
        For a submission's own cells in all. Cells with answers, and what has to be run again, have
        as much again, and tests as much again: no submission keeps a worker for longer than three
        times this.
    """

    cell_seconds: float = 6.0
    call_seconds: float = 3.0
    submission_seconds: float = 60.0


class Zygote:
    """The warm process that workers are forked from; started when first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen | None = None
        self._line: Line | None = None
        self._ready = False

    def launch(self) -> None:
        """Start the process; it loads what it needs while we do something else."""
        if self._process is not None:
            return
        ours, theirs = socket.socketpair()
        self._line = Line(ours)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.worker.zygote", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd="/",
            env=_ENVIRONMENT,
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
        if self._line.receive()[0] != "ready":
            complaint = self._process.communicate()[1].decode(errors="replace").strip()
            raise RuntimeError(f"The process that runs students' code does not start: {complaint}")
        self._ready = True

    def fork(self, workdir: Path, limits: Limits | None) -> tuple[int, socket.socket]:
        """Start a worker; return its process id and the connection to it."""
        self.wait()
        ours, theirs = socket.socketpair()
        order = Fork(str(workdir), asdict(limits) if limits else None).as_dict()
        self._line.send(json.dumps(order), theirs.fileno())
        theirs.close()
        return int(self._line.receive()[0]), ours

    def reap(self, pid: int, patience: float) -> int:
        """Wait so many seconds for a worker to end, then kill it; return its status."""
        self._line.send(json.dumps(Reap(pid, patience).as_dict()))
        return int(self._line.receive()[0])

    def stop(self) -> None:
        if self._process is not None:
            self._line.close()
            self._process.wait()
            self._process.stderr.close()
            self._process, self._ready = None, False


@cache
def zygote() -> Zygote:
    """Return this process's zygote; it is started when first needed and ends with the process."""
    process = Zygote()
    atexit.register(process.stop)
    return process


class Budget:
    """What a part of a submission's work may still use: time, and workers in place of lost ones.

    Parameters
    ----------
    whose : str
        That part, as a sentence begins.
    seconds : float
        Of processor time; by the clock, `IDLE` times as many.

    Attributes
    ----------
    processor, clock : float
        The seconds that are left.
    restarts : int
    """

    def __init__(self, whose: str, seconds: float) -> None:
        self.whose, self.seconds = whose, seconds
        self.processor, self.clock = seconds, IDLE * seconds
        self.restarts = MOST_RESTARTS

    @property
    def used_up(self) -> bool:
        return min(self.processor, self.clock) <= 0

    @property
    def reason(self) -> str:
        return f"{self.whose} have used up the {self.seconds:g} seconds that they have in all."

    def pay_restart(self) -> None:
        """Pay for a worker in place of a lost one.

        Raises
        ------
        Gone
            If there were too many.
        """
        if self.restarts <= 0:
            raise Gone("Your code was stopped too often.")
        self.restarts -= 1


@dataclass(frozen=True, eq=False)
class Ran:
    """What became of a cell.

    Attributes
    ----------
    outputs : list of dict
    line : int or None
        The line at which it failed, if it did and has one.
    seconds, clock : float
        How long it took: of processor time, and by the clock.
    stopped : str
        Why it had to be stopped, if it had to be.
    skipped : bool
        Whether it was not even begun.
    """

    source: str
    outputs: list[dict[str, Any]] = field(default_factory=list)
    line: int | None = None
    seconds: float = 0.0
    clock: float = 0.0
    stopped: str = ""
    skipped: bool = False

    @property
    def error(self) -> dict[str, Any] | None:
        """The error that it ended with."""
        for output in reversed(self.outputs):
            if isinstance(output, dict) and output.get("output_type") == "error":
                return output
        return None

    def in_short(self) -> Ran:
        """Return what is worth remembering: no outputs but an error, and that without its trace."""
        if self.error is None:
            return replace(self, outputs=[])
        name, text = (str(self.error.get(key, "")) for key in ("ename", "evalue"))
        return replace(self, outputs=[error_output(name[:LONGEST_NAME], text[:LONGEST_TEXT], [])])


@dataclass
class _Turn:
    """What the worker was asked to do by itself, and until when; what is asked back is part of it.

    `processor` is only known once somebody has looked at how much was used before.
    """

    seconds: float
    until: float
    processor: float | None = None
    interrupted: bool = False


class Worker:
    """One process with a student's code in it; lives until it ends, or is ended.

    Parameters
    ----------
    zygote : Zygote
    limits : Limits or None
        None runs unconfined.
    patience : Patience
    files : sequence of (Path or bytes, PurePath)
        What lies beside the notebook, the instructor's files and what was handed in; and their
        places relative to it.
    backend : ReferenceBackend
        Does what the student's code asks a stand-in for.
    budget : Budget
        What pays for it, until another is charged.
    explain : callable
        Says more of a `StudentError`; takes also the name that was looked up, if one was.
    """

    def __init__(
        self,
        zygote: Zygote,
        limits: Limits | None,
        patience: Patience,
        files: Sequence[tuple[Path | bytes, PurePath]],
        backend: ReferenceBackend,
        budget: Budget,
        explain: Callable[[StudentError, str], StudentError],
    ) -> None:
        self.backend = backend
        self.budget = budget
        self.ended: str | None = None  # how, once it has
        self._zygote, self._limits = zygote, limits
        self._patience, self._explain = patience, explain
        self._turn: _Turn | None = None
        self._next_look = 0.0
        self._settled = 0.0  # processor time that a budget has paid for
        self._workdir = Path(tempfile.mkdtemp(prefix="submission-"))
        try:
            for file, place in files:
                (self._workdir / place).parent.mkdir(parents=True, exist_ok=True)
                if isinstance(file, bytes):
                    (self._workdir / place).write_bytes(file)
                else:
                    shutil.copy(file, self._workdir / place)
            self._pid, connection = zygote.fork(self._workdir, limits)
        except BaseException:
            _remove(self._workdir)
            raise
        self._peer = Peer(connection, "judge", backend, self._watch, asker=self)

    @property
    def student(self) -> Student:
        """The student namespace, as the tests see it."""
        return Student(self._peer.remote)

    def run(self, source: str, room: int = LONGEST_OUTPUT, only_definitions: bool = False) -> Ran:
        """Run a cell, or of it only what defines something.

        Raises
        ------
        Gone
            If nothing comes back any more.
        """
        seconds = self._patience.cell_seconds
        answer, turn = self._take_turn(seconds, "run", source, room, only_definitions)
        self.settle()
        answer = answer if isinstance(answer, dict) else {}
        outputs, line = answer.get("outputs"), answer.get("line")
        ran = Ran(
            source,
            outputs if isinstance(outputs, list) else [],
            line if type(line) is int else None,
        )
        if turn.interrupted:
            return replace(ran, stopped=self._out_of_time(turn))
        if self._limits and (excess := overrun(self._pid, self._limits)):  # sooner than we look
            self.end()
            return replace(ran, stopped=excess)
        return ran

    def restore(self, imports: Sequence[str]) -> bool:
        """Import what is missing; return whether anything was."""
        restored, _ = self._take_turn(self._patience.cell_seconds, "restore", list(imports))
        return restored is True

    def charge(self, budget: Budget) -> None:
        """Have another budget pay for what is done from now on."""
        self.settle()
        self.budget = budget

    def settle(self) -> None:
        """Have the budget pay for what was done."""
        if self.ended is None:
            spent = max(_cpu_seconds(self._pid) - self._settled, 0.0)
            self._settled += spent
            self.budget.processor -= spent

    def ask(self, operation: str, *arguments: Any) -> Any:
        """Put a test's request; raise `Gone` if there is no answer in time or none at all."""
        if self._turn:  # a stand-in asks back, within the time of what we asked first
            return self._exchange(self._turn, operation, *arguments)
        try:
            answer, turn = self._take_turn(self._patience.call_seconds, operation, *arguments)
        except Gone:
            raise
        except StudentError as error:
            name = arguments[0] if operation == "lookup" else ""
            raise self._explain(error, name) from None
        if turn.interrupted:  # what it is doing now is anybody's guess
            self.end()
            raise Gone(self._out_of_time(turn))
        return answer

    def forget(self) -> None:
        """Let go of everything that was handed out to the student's code."""
        self._peer.forget()

    def end(self, error: Exception | None = None) -> str:
        """Kill the process, remove its folder, and say how it ended."""
        if self.ended is not None:
            return self.ended
        hung_up = isinstance(error, wire.Closed)  # as a rule because it has ended
        self._peer.connection.close()
        self.settle()
        status = self._zygote.reap(self._pid, GRACE_SECONDS if hung_up else 0)
        _remove(self._workdir)
        self.ended = _describe_end(status) if hung_up else str(error or "")
        return self.ended

    def _take_turn(self, seconds: float, operation: str, *arguments: Any) -> tuple[Any, _Turn]:
        if self.ended is not None:
            raise Gone("Your code was stopped before.")
        began = time.monotonic()
        self._turn = turn = _Turn(seconds, began + min(IDLE * seconds, self.budget.clock))
        try:
            answer = self._exchange(turn, operation, *arguments)
        finally:
            self._turn = None
            self.budget.clock -= time.monotonic() - began
        return answer, turn

    def _exchange(self, turn: _Turn, operation: str, *arguments: Any) -> Any:
        try:
            return self._peer.ask(operation, *arguments)
        except (wire.Closed, wire.Malformed, TimeoutError) as error:
            reason = self.end(error)
            raise Gone(self._out_of_time(turn) if turn.interrupted else reason) from error

    def _watch(self) -> None:
        """Look after the process, several times a second, while it is at work."""
        turn = self._turn
        if turn is None or time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + wire.WATCH_SECONDS
        if self._limits and (excess := overrun(self._pid, self._limits)):
            raise TimeoutError(excess)
        if turn.interrupted:
            if time.monotonic() > turn.until:
                raise TimeoutError(self._out_of_time(turn))
            return
        used = _cpu_seconds(self._pid)
        cpu = used + time.process_time()  # stand-ins work in this process, for the other one
        if turn.processor is None:  # the first look at this request, as a rule also the last
            turn.processor = cpu + turn.seconds
        late = time.monotonic() > turn.until
        if late or cpu > turn.processor or used - self._settled > self.budget.processor:
            turn.interrupted = True
            turn.until = time.monotonic() + GRACE_SECONDS
            os.kill(self._pid, signal.SIGINT)

    def _out_of_time(self, turn: _Turn) -> str:
        if self.budget.used_up:
            return self.budget.reason
        return (
            f"Your code was stopped here after {turn.seconds:g} seconds. Is there a loop that "
            "never ends?"
        )


def _cpu_seconds(pid: int) -> float:
    """Return the processor time of a process so far; 0 once it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _describe_end(status: int) -> str:
    if os.WIFEXITED(status):
        return "Your code ended the whole process here (`os._exit`, perhaps)."
    ended_by = os.WTERMSIG(status)
    if ended_by == signal.SIGXCPU:
        return "Your code used up its processor time here. Is there a loop that never ends?"
    if ended_by == signal.SIGKILL:
        return "Your code was stopped here: it used too much memory or time, or cut us off."
    return f"Your code crashed Python here ({signal.strsignal(ended_by)})."


def _remove(folder: Path) -> None:
    """Remove a folder in which somebody may have laid traps: odd modes, very deep folders."""
    with contextlib.suppress(OSError, RecursionError):
        shutil.rmtree(folder)
        return
    for command in (["chmod", "-R", "u+rwx", "--"], ["rm", "-rf", "--"]):
        subprocess.run([*command, folder], check=False, capture_output=True)
