"""What code defines, read off without running any of it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# Lines that are IPython's own; what stands in their place binds nothing.
_SHELL = re.compile(
    r"^([ \t]*+)(?:[!%?].*|[\w, .]++=[ \t]*[!%].*|[^\n#'\"]*\?[ \t]*)$", re.MULTILINE
)
# First lines of cells whose rest is Python all the same.
_PYTHON = re.compile(r"\s*%%(?:time|timeit|capture|prun|python3?)\b")
_NAMED = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.MULTILINE)
_BLOCKS = ("body", "orelse", "handlers", "finalbody")
_MAKERS = ("partial", "vectorize", "frompyfunc", "njit", "jit")  # calls that give a function
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Definitions:
    """What a cell defines at its top level.

    Attributes
    ----------
    names : dict
        The syntax of every function, `Class.method` and assigned value, by its name; None where
        the cell has no syntax.
    binds : frozenset of str
        Names that are something new afterwards.
    extends : frozenset of str
        Those of them whose new value is made of the old one, as in `class Model(Model)`.
    imports : frozenset of str
        Names that are taken from a module.
    """

    names: dict[str, ast.AST | None] = field(default_factory=dict)
    binds: frozenset[str] = frozenset()
    extends: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()

    @classmethod
    def of(cls, source: str) -> Definitions:
        """Read them off a cell."""
        tree = syntax_tree(source)
        return cls.of_syntax(tree) if tree else cls.of_text(source)

    @classmethod
    def of_text(cls, source: str) -> Definitions:
        """Read them off a cell that has no syntax, or too much of it."""
        named = dict.fromkeys(_NAMED.findall(source))
        return cls(dict(named), frozenset(named))

    @classmethod
    def of_syntax(cls, tree: ast.Module) -> Definitions:
        """Read them off a syntax tree."""
        names: dict[str, ast.AST | None] = {}
        binds: dict[str, bool] = {}
        imports: set[str] = set()
        for statement in _statements(tree.body):
            for name, value in _defined(statement):
                names[name] = value
            for name in _bound(statement):
                binds.setdefault(name, _loads(statement, name))
            if isinstance(statement, ast.ImportFrom):
                imports.update(alias.asname or alias.name for alias in statement.names)
        extends = frozenset(name for name, needs_itself in binds.items() if needs_itself)
        return cls(names, frozenset(binds), extends, frozenset(imports))

    @property
    def functions(self) -> frozenset[str]:
        """Names of all functions and methods."""
        return frozenset(n for n, value in self.names.items() if isinstance(value, Function))

    @property
    def made(self) -> frozenset[str]:
        """Names of all functions and of all classes that have any."""
        return frozenset(name.partition(".")[0] for name in self.functions) & self.binds

    @property
    def readable(self) -> bool:
        """Whether the cell has a syntax."""
        return None not in self.names.values()

    @property
    def to_write(self) -> frozenset[str]:
        """What is to be filled in, where this is an exercise as it is handed out."""
        stubs = [n for n in self.functions if _gives_up(self.names[n])]
        return frozenset(stubs or self.functions or self.binds)

    def written(self, name: str, stub: Definitions) -> bool:
        """Return whether something stands there that was not handed out."""
        if name not in self.names:
            return False
        value, given = self.names[name], stub.names.get(name)
        if isinstance(value, Function):
            return not _is_empty(value) and not _same(value, given)
        if isinstance(given, Function):
            return value is None or _may_be_a_function(value)
        return value is None or given is None or not _alike([value], [given])

    def handed_out(self, name: str, stub: Definitions) -> bool:
        """Return whether what stands there is an exercise, not filled in."""
        if name not in self.names or self.written(name, stub):
            return False  # a result may have an exercise's name, too: `f = f(x)`
        return isinstance(self.names[name], Function) == isinstance(stub.names.get(name), Function)


def syntax_tree(source: str) -> ast.Module | None:
    """Return a cell's syntax, or None where it has none, for example because it is unfinished."""
    if source.lstrip().startswith("%%") and not _PYTHON.match(source):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes that are none; they are the student's
        for text in (source, _SHELL.sub(r"\1pass", source)):
            try:
                return ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    return None


def without(source: str, unwanted: Callable[[Definitions], bool]) -> str:
    """Return a cell without some of what it defines; empty where nothing else is left."""
    statements = top_level(source)
    kept = [text for text, statement in statements if not unwanted(_of_statement(statement))]
    return "\n".join(kept) if len(kept) < len(statements) else source


def _of_statement(statement: ast.stmt) -> Definitions:
    return Definitions.of_syntax(ast.Module([statement], []))


def definitions_alone(source: str, names: Set[str]) -> str:
    """Return what of a cell defines things and does nothing: imports, functions, plain values."""
    return "\n".join(
        text
        for text, statement in top_level(source)
        if _does_nothing(statement) or not names.isdisjoint(_bound(statement))
    )


def definitions_of(source: str, names: Set[str]) -> str:
    """Return what a cell defines under some names, and nothing else of it."""
    found = [text for text, one in top_level(source) if not names.isdisjoint(_bound(one))]
    return "\n".join(found).strip("\n")


def top_level(source: str) -> list[tuple[str, ast.stmt]]:
    """Return a cell's statements, each with its text and the comments that belong to it."""
    tree = syntax_tree(source)
    lines, start, found = _LINE_END.split(source), 0, []
    for statement in tree.body if tree else ():
        end = statement.end_lineno or start
        while end < len(lines) and lines[end].strip() and lines[end][0] in " \t":
            end += 1  # a comment at the end of its block
        found.append(("\n".join(lines[start:end]), statement))
        start = end
    return found


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield statements, also those that stand in a condition or the like."""
    waiting: list[ast.AST] = [*reversed([*body])]  # no recursion: there may be a thousand branches
    while waiting:
        statement = waiting.pop()
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With | ast.ExceptHandler):
            blocks = (getattr(statement, name, []) for name in _BLOCKS)
            waiting += [inner for block in blocks for inner in block][::-1]


def _defined(statement: ast.AST, owner: str = "") -> Iterator[tuple[str, ast.AST]]:
    if isinstance(statement, Function):
        yield f"{owner}{statement.name}", statement
    elif isinstance(statement, ast.ClassDef) and not owner:
        for inner in statement.body:
            yield from _defined(inner, f"{statement.name}.")
    elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
        for target in _targets(statement):
            yield f"{owner}{ast.unparse(target)}", statement.value


def _targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.Name | ast.Attribute]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [
        target
        for target in targets
        if isinstance(target, ast.Name)
        or (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name))
    ]


def _bound(statement: ast.AST) -> list[str]:
    if isinstance(statement, Function | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value:
        return [target.id for target in _targets(statement) if isinstance(target, ast.Name)]
    return []


def _loads(statement: ast.AST, name: str) -> bool:
    """Return whether a definition needs what a name was before."""
    needed: list[ast.AST] = [statement]
    if isinstance(statement, ast.ClassDef):
        needed = [*statement.bases, *statement.keywords, *statement.decorator_list]
    elif isinstance(statement, Function):
        needed = [*statement.decorator_list, *statement.args.defaults]
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        needed = [statement.value] if statement.value else []
    return any(
        isinstance(node, ast.Name) and node.id == name
        for value in needed
        if not isinstance(value, ast.Lambda)
        for node in ast.walk(value)
    )


def _does_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return not any(isinstance(node, ast.Call) for node in ast.walk(statement))
    return isinstance(statement, ast.Import | ast.ImportFrom | Function | ast.ClassDef)


def _body(function: Function) -> list[ast.stmt]:
    """Return a function's statements without its docstring."""
    first = function.body[0]
    documented = (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    )
    return function.body[1:] if documented else function.body


def _gives_up(value: ast.AST | None) -> bool:
    return isinstance(value, Function) and any(map(_raises_not_written, value.body))


def _raises_not_written(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    error = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(error, ast.Name) and error.id == "NotImplementedError"


def _is_empty(function: Function) -> bool:
    """Return whether a function does nothing but say that it is not written."""
    return all(
        _raises_not_written(one)
        or isinstance(one, ast.Pass)
        or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in function.body
    )


def _same(function: Function, given: ast.AST | None) -> bool:
    if not isinstance(given, Function):
        return False
    return _alike(_body(function), _body(given))


def _alike(one: Sequence[ast.AST], other: Sequence[ast.AST]) -> bool:
    if [type(node) for node in one] != [type(node) for node in other]:
        return False  # most are; the rest takes longer
    try:
        return list(map(ast.dump, one)) == list(map(ast.dump, other))
    except RecursionError:
        return False


def _may_be_a_function(value: ast.AST) -> bool:
    if isinstance(value, ast.Call):
        made_by = value.func.attr if isinstance(value.func, ast.Attribute) else value.func
        name = made_by.id if isinstance(made_by, ast.Name) else made_by
        return name in _MAKERS
    return isinstance(value, ast.Lambda | ast.Name | ast.Attribute)
