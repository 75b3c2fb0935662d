"""Marks for other systems, read from the gradebook. Never grades, never reads the command line.

nbgrader loads these by name: ``nbgrader export --exporter=autograder.export.Canvas``.
"""

from autograder.export.tables import Canvas, Exercises, Gradescope, Moodle

__all__ = ["Canvas", "Exercises", "Gradescope", "Moodle"]
