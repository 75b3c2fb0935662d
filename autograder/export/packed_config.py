"""A course's configuration as it can be handed to another machine: with what it imports of ours,
and without what only this machine can reach.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

_PYTHON, _JSON = "nbgrader_config.py", "nbgrader_config.json"
_SECTION, _OPTION = "CourseDirectory", "db_url"
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_GONE = "pass  # the gradebook of another machine"


def files(course: Path, url: str, packed_anyway: tuple[str, ...]) -> dict[Path, str]:
    """Return a course's configuration and the modules beside it that it needs, as text.

    Parameters
    ----------
    course : Path
        The folder with the configuration.
    url : str
        That of the gradebook, which stays here, and its password with it.
    packed_anyway : tuple of str
        Names of packages that are there, too.

    Raises
    ------
    ValueError
        If the password of the gradebook would go along.
    """
    found: dict[Path, str] = {}
    if (path := course / _PYTHON).is_file():
        found[path] = _without_gradebook(path.read_text(encoding="utf-8"))
    if (path := course / _JSON).is_file():
        found[path] = _json_without_gradebook(path.read_text(encoding="utf-8"))
    waiting = [*found.values()]
    while waiting:
        for module in _modules_of(course, waiting.pop(), packed_anyway):
            if module not in found:
                found[module] = module.read_text(encoding="utf-8")
                waiting.append(found[module])
    password = urlsplit(url).password
    for path, text in found.items():
        if password and password in text:
            raise ValueError(
                f"{path.name} holds the password of the gradebook, which would be uploaded. Have "
                'it read from the environment, as os.environ["GRADEBOOK_URL"].'
            )
    return found


def _without_gradebook(source: str) -> str:
    """Return a configuration in Python that leaves the gradebook where nbgrader has it."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and any(map(_is_gradebook, node.targets)):
            start, end = node.lineno - 1, node.end_lineno or node.lineno
            lines[start] = f"{lines[start][: node.col_offset]}{_GONE}\n"
            lines[start + 1 : end] = ["\n"] * (end - start - 1)
    return "".join(lines)


def _is_gradebook(target: ast.expr) -> bool:
    """Return whether something is set that is called `….CourseDirectory.db_url`, in any way."""
    parts = []
    while isinstance(target, (ast.Attribute, ast.Subscript)):
        if isinstance(target, ast.Attribute):
            parts.append(target.attr)
        elif isinstance(target.slice, ast.Constant):
            parts.append(str(target.slice.value))
        target = target.value
    return parts[:2] == [_OPTION, _SECTION]


def _json_without_gradebook(text: str) -> str:
    content = json.loads(text)
    content.get(_SECTION, {}).pop(_OPTION, None)
    return json.dumps(content, indent=2)


def _modules_of(course: Path, text: str, packed_anyway: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files beside the configuration that a text imports, or names in a string."""
    for name in sorted(_named_in(text) - {*packed_anyway}):
        if (module := course / f"{name}.py").is_file() and module.name != _PYTHON:
            yield module
        elif (course / name / "__init__.py").is_file():
            yield from sorted((course / name).rglob("*.py"))


def _named_in(text: str) -> set[str]:
    """Return the first parts of all names that may be those of modules."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:  # it is JSON
        return {name.partition(".")[0] for name in _DOTTED.findall(text)}
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    names += [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _DOTTED.fullmatch(node.value)
    ]
    return {name.partition(".")[0] for name in names}
