"""What a cell would start outside Python: a line says that nothing was, and the cell goes on.

A shell's commands, package managers, other languages, windows of figures, and extensions that a
student has and the grader has not. All else in a cell is as in a kernel.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magics.script import ScriptMagics
from IPython.utils.text import LSString, SList

PACKAGE_MANAGERS = ("pip", "conda", "mamba", "micromamba", "uv")
WITHOUT_WINDOWS = (None, "auto", "inline", "agg")
CANNOT_EXECUTE = 126  # what a shell says of a command that may not be run
_LONGEST_SHOWN = 100  # characters of a command


class Commandless(InteractiveShell):
    """A shell that starts no processes and opens no windows."""

    def system(self, cmd: str) -> None:
        _not_run(f"!{cmd}")
        self.user_ns["_exit_code"] = CANNOT_EXECUTE

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> SList | LSString:
        self.system(cmd)
        return SList() if split else LSString()

    getoutput_pexpect = getoutput

    def enable_matplotlib(self, gui: str | None = None) -> Any:
        if gui not in WITHOUT_WINDOWS:
            print(f"The grader draws figures as `%matplotlib inline` does, not as `{gui}`.")
            gui = "inline"
        return super().enable_matplotlib(gui)

    def init_magics(self) -> None:
        super().init_magics()
        register: Any = self.register_magic_function
        for name in PACKAGE_MANAGERS:
            register(partial(_manage_packages, name), "line", name)
        scripts: Any = ScriptMagics(shell=self)
        for name in scripts.magics["cell"]:
            program = "" if name == "script" else name
            register(partial(self._script, program), "cell", name)
        for name in ("load_ext", "reload_ext"):
            load = partial(_unless_missing, self.find_line_magic(name))
            register(load, "line", name)

    def _script(self, program: str, line: str, _cell: str) -> None:
        parser = ScriptMagics.shebang.parser
        given, command = parser.parse_known_args(f"{program} {line}".split())
        self.user_ns.update(dict.fromkeys(filter(None, (given.out, given.err)), ""))
        _not_run(f"%%{' '.join(command)}")


def _manage_packages(manager: str, line: str) -> None:
    _not_run(f"%{manager} {line}")


def _not_run(command: str) -> None:
    shown = " ".join(command.split())[:_LONGEST_SHOWN]
    print(f"The grader runs no commands, and went on without this one: {shown}")


def _unless_missing(load: Callable[[str], None], name: str) -> None:
    try:
        load(name)
    except ModuleNotFoundError as error:
        print(f"The grader has no extension {name}, and went on without it ({error}).")
