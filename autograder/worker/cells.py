"""Run notebook cells in this process, with the outputs that a kernel would have given.

Starting a kernel takes most of a second. Here a kernel's shell runs without its kernel: what it
would send to a front end reaches `CellRunner`, which makes outputs of it as nbclient does. No
profile and no history is read or written, and no thread is started.
"""

from __future__ import annotations

import asyncio
import codeop
import fnmatch
import io
import sys
import traceback
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from functools import cached_property, partial
from types import SimpleNamespace, TracebackType
from typing import Any

from ipykernel import zmqshell
from ipykernel.compiler import XCachingCompiler
from ipykernel.kernelbase import Kernel
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from traitlets.config import Config

from autograder.border.messages import LONGEST_OUTPUT
from autograder.worker.commands import Commandless
from autograder.worker.definitions import OnlyDefinitions, line_of, without_timing
from autograder.worker.outputs import CellOutputs, Output, as_json, short_error

MAX_FRAMES = 100


class ZMQInteractiveShell(Commandless, zmqshell.ZMQInteractiveShell):
    """A kernel's shell without its kernel; pandas and rich look for a shell of this name."""

    def _leave_out(self, *_: Any, **__: Any) -> None:
        """Stand in for what would change the grader's own process, or needs a kernel."""

    init_environment = init_sys_modules = enable_gui = ask_exit = _leave_out
    _format_exception_for_storage = _leave_out  # formats every traceback a second time

    def showtraceback(
        self, exc_tuple: tuple[Any, Any, Any] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Show at most `MAX_FRAMES` frames: those of an endless recursion take seconds."""
        kind, value, trace = exc_tuple or sys.exc_info()
        if trace is not None:
            exc_tuple = kind, value, _without_middle(trace)
        super().showtraceback(exc_tuple, *args, **kwargs)

    def _showtraceback(self, kind: type, value: BaseException, lines: list[str]) -> None:
        """Say, before the last line, how many frames are not shown."""
        hidden = sum(1 for _ in traceback.walk_tb(value.__traceback__)) - MAX_FRAMES
        if hidden > 0:
            lines = [*lines[:-1], f"[{hidden} frames from the middle are not shown.]", lines[-1]]
        super()._showtraceback(kind, value, lines)


class _Database(dict[str, Any]):
    """What a profile remembers, as `%store` asks for it; it ends with the process."""

    def keys(self, pattern: str = "*") -> list[str]:  # type: ignore[override]
        return fnmatch.filter(super().keys(), pattern)


class _Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` as a cell sees them."""

    encoding = "UTF-8"

    def __init__(self, name: str, record: Callable[[str, str], None]) -> None:
        self.name = name
        self._record = record

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._record(self.name, text)
        return len(text)


class CellRunner:
    """Runs the cells of one notebook, one after the other, in one namespace.

    IPython's shell is a singleton, so make one runner per process. Made and warmed up in a process
    that then forks, it costs the children next to nothing; only children call `run`. A child's file
    descriptors 0, 1 and 2 should be `/dev/null`, and it must be allowed to call `socketpair`.

    Parameters
    ----------
    max_output_bytes : int
        How much is kept of each cell's outputs; may be changed between cells.

    Attributes
    ----------
    namespace : dict
        The names that the cells see and define; the caller may look them up and add to them.
    failed_at : int or None
        The line at which the last cell failed, if it did and has one.
    """

    failed_at: int | None = None

    def __init__(self, max_output_bytes: int = LONGEST_OUTPUT) -> None:
        self.max_output_bytes = max_output_bytes
        self._cells = [CellOutputs(max_output_bytes)]
        self._stdout, self._stderr = _Stream("stdout", self._write), _Stream("stderr", self._write)
        self._shell = ZMQInteractiveShell.instance(
            config=Config({"HistoryManager": {"enabled": False}}),
            compiler_class=XCachingCompiler,
            ipython_dir="",
            profile_dir=ProfileDir(),
        )
        # What is not closed is named at its place, and not as "incomplete input".
        self._shell.compile.flags &= ~codeop.PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]
        self._shell.db = _Database()  # else `%cd` would write to the profile
        self._shell.run_line_magic("load_ext", "storemagic")
        session: Any = Session()  # Any: what follows takes its `send` from it
        session.send = self._receive
        senders: list[Any] = [self._shell.displayhook, self._shell.display_pub]
        for sender in senders:  # IPython's have no session, ipykernel's have one
            sender.session = session
        without_stdin: Any = SimpleNamespace(_allow_stdin=False)  # as much of a kernel as is asked
        self._shell.builtin_trap.auto_builtins["input"] = partial(Kernel.raw_input, without_stdin)
        self._shell.enable_matplotlib("inline")
        self.namespace: dict[str, Any] = self._shell.user_ns

    def warm_up(self, modules: Iterable[str] = ()) -> None:
        """Load, before forking, what the first figure, the first error and most notebooks need.

        Parameters
        ----------
        modules : iterable of str
            What notebooks import. pandas, for one, must be imported here rather than elsewhere: it
            asks on import whether it is in a notebook, and prints wide tables accordingly.
        """
        names = set(self.namespace)
        imports = "\n".join(f"import {module}" for module in ("matplotlib.pyplot", *modules))
        with redirect_stdout(self._stdout), redirect_stderr(self._stderr):
            figure = "%matplotlib inline\nmatplotlib.pyplot.plot([0])"
            self._shell.run_cell(f"{imports}\n{figure}\n1 / 0")
        for name in set(self.namespace) - names:
            del self.namespace[name]

    def run(self, source: str, only_definitions: bool = False) -> list[Output]:
        """Run one cell.

        Parameters
        ----------
        source : str
            Python, magics, top-level `await`.
        only_definitions : bool
            Whether to run of it only what defines something, and takes no time.

        Returns
        -------
        list of dict
            Outputs as in nbformat 4. A later cell that updates a display changes, in place, the
            dict that was returned here. A cell that failed without showing an error gets one, as
            in nbgrader.
        """
        cell = CellOutputs(self.max_output_bytes)
        self._cells.append(cell)
        sys.modules["__main__"] = self._shell.user_module
        sys.breakpointhook = _go_on
        run = self._define if only_definitions else self._drive
        with redirect_stdout(self._stdout), redirect_stderr(self._stderr):
            failure = run(source)
        self.failed_at = line_of(failure, self.namespace)
        if failure is not None and not cell.shows_error:
            lines = traceback.format_exception_only(failure)
            cell.add(
                short_error(type(failure).__name__, lines[-1].partition(": ")[2].strip(), lines)
            )
        return cell.finished()

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()  # in the child: one made before the fork would be shared

    def _define(self, source: str) -> BaseException | None:
        transformers = self._shell.ast_transformers
        transformers.append(only_definitions := OnlyDefinitions())
        try:
            return self._drive(without_timing(source), remembered=False)
        finally:
            transformers.remove(only_definitions)

    def _drive(self, source: str, remembered: bool = True) -> BaseException | None:
        """Run a cell in a running event loop, like a kernel, and return what it raised."""
        task = self._loop.create_task(self._execute(source, remembered))
        while True:
            try:
                return self._loop.run_until_complete(task)
            except BaseException as failure:
                if task.done() or task.cancelling():  # IPython failed: say, at an error's __str__
                    return failure
                task.cancel()  # interrupted while the cell was awaiting something

    async def _execute(self, source: str, remembered: bool) -> BaseException | None:
        shell, broken, result = self._shell, None, None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, broken = source, sys.exc_info()
        try:
            # Not `run_cell`, which keeps a second copy of everything that is printed.
            result = await shell.run_cell_async(
                source,
                store_history=remembered,
                transformed_cell=transformed,
                preprocessing_exc_tuple=broken,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        before = result.error_before_exec
        return before if before is not None else result.error_in_exec

    def _write(self, name: str, text: str) -> None:
        self._cells[-1].write(name, text)

    def _receive(
        self, _socket: Any, message: str | dict[str, Any], content: Any = None, *_: Any, **__: Any
    ) -> None:
        """Stand in for `Session.send`, and make outputs of messages."""
        if isinstance(message, dict):
            kind, content = message["msg_type"], message["content"]
        else:
            kind = message
        cell = self._cells[-1]
        if kind == "clear_output":
            cell.clear(content["wait"])
        elif kind == "error":
            cell.add(short_error(content["ename"], content["evalue"], content["traceback"]))
        elif kind in ("display_data", "update_display_data", "execute_result"):
            display_id = (content.pop("transient", None) or {}).get("display_id")
            content = as_json(content, cell.limit)
            if display_id:
                for earlier in self._cells:
                    earlier.update(display_id, content)
            if kind != "update_display_data":
                cell.add({"output_type": kind, **content}, display_id)


def _go_on(*_: Any, **__: Any) -> None:
    """Stand in for a debugger: a kernel passes over `breakpoint()` where none is attached."""


def _without_middle(trace: TracebackType | None) -> TracebackType | None:
    """Return a traceback of the first and the last frames of `trace`."""
    entries = []
    while trace is not None:
        entries.append(trace)
        trace = trace.tb_next
    if len(entries) > MAX_FRAMES:
        entries[MAX_FRAMES // 2 : -MAX_FRAMES // 2] = []
    for entry in reversed(entries):
        trace = TracebackType(trace, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return trace
