"""A course's own steps, between nbgrader's and ours: preprocessors that its configuration names."""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from traitlets.config import Config
from traitlets.utils.importstring import import_item

_USUAL = ("autograder", "nbconvert", "nbgrader")  # packages


def is_usual(step: Any) -> bool:
    """Return whether a preprocessor, or a name of one, is nbgrader's or ours."""
    name = step if isinstance(step, str) else step.__module__
    return name.partition(".")[0] in _USUAL


def run_own(
    config: Config, trait: str, notebook: NotebookNode, resources: dict[str, Any]
) -> NotebookNode:
    """Have the course's own preprocessors at work, as nbgrader would.

    Parameters
    ----------
    config : Config
    trait : str
        Which of them: those that nbgrader runs before a notebook is executed stand in
        `Autograde.sanitize_preprocessors`, the others in `Autograde.autograde_preprocessors`.
    notebook : NotebookNode
    resources : dict
        What nbgrader would tell them.
    """
    for step in config.Autograde.get(trait, []):
        if not is_usual(step):
            kind = import_item(step) if isinstance(step, str) else step
            preprocessor = kind(config=config)
            preprocessor.enabled = True
            notebook, resources = preprocessor.preprocess(notebook, resources)
    return notebook
