"""What code defines, read off without running any of it."""

from __future__ import annotations

import ast
import re
import warnings

# Lines that are IPython's own; what stands in their place binds nothing.
_SHELL = re.compile(r"^([ \t]*)(?:[!%?].*|[\w, .]+=[ \t]*[!%].*|[^\n#'\"]*\?[ \t]*)$", re.MULTILINE)
# First lines of cells whose rest is Python all the same.
_PYTHON = re.compile(r"\s*%%(?:time|timeit|capture|prun|python3?)\b")


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
