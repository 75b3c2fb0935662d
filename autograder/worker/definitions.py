"""What of a cell defines something; where it failed; and what a failure must not take away."""

from __future__ import annotations

import ast
import contextlib
import traceback
from collections.abc import Sequence
from typing import Any

from helpers.checking.attempt import quiet

TIMED = ("%%time", "%%capture")  # these magics run the rest of a cell as it stands
_TIMED_CODE = "<timed exec>"
_DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPUTE = (ast.Call, ast.comprehension, ast.Await, ast.Pow)


class OnlyDefinitions(ast.NodeTransformer):
    """Leaves of a cell its imports, functions, classes and constants, at their lines."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        node.body = [statement for statement in node.body if _defines(statement)]
        return node


def _defines(statement: ast.stmt) -> bool:
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            return not _computes(test) and all(map(_defines, (*body, *orelse)))
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            handled = [one for handler in handlers for one in handler.body]
            return all(map(_defines, (*body, *handled, *orelse)))
        case ast.Assign() | ast.AnnAssign() | ast.Pass():
            return not _computes(statement)
    return isinstance(statement, _DEFINITIONS)


def _computes(node: ast.AST) -> bool:
    return any(isinstance(part, _COMPUTE) for part in ast.walk(node))


def without_timing(source: str) -> str:
    """Return a cell without the magic that would run it as a whole."""
    first, _, rest = source.partition("\n")
    return f"\n{rest}" if first.startswith(TIMED) else source


def line_of(failure: BaseException | None, namespace: dict[str, Any]) -> int | None:
    """Return the line of a cell at which it failed; None where that is not known."""
    trace = failure.__traceback__ if failure else None
    of_cells = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(trace)
        if frame.f_globals is namespace
    ]
    timed = [line + 1 for file, line in of_cells if file == _TIMED_CODE]
    at_fault = [failure.lineno] if isinstance(failure, SyntaxError) else []
    return next(iter([*timed, *(line for _, line in of_cells), *at_fault]), None)


def restore(imports: Sequence[str], namespace: dict[str, Any]) -> bool:
    """Run import statements for the names that are missing; return whether any was.

    A name that is bound stays as it is, whatever it is bound to.
    """
    before = len(namespace)
    for statement in imports:
        found: dict[str, Any] = {"__name__": "__main__"}
        with quiet(), contextlib.suppress(Exception, SystemExit):
            exec(statement, found)
        for name in found.keys() - namespace.keys() - {"__builtins__"}:
            namespace[name] = found[name]
    return len(namespace) > before
