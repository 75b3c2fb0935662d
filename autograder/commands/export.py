"""Marks for another system: ``python -m autograder export``."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

from autograder.commands.options import DONE, MISUSE, add_course_dir, add_unconfined, no_such_lab
from autograder.export.gradescope_zip import pack
from autograder.export.tables import Canvas, Exercises, Gradescope, Moodle, Table

PLUGINS: dict[str, type[ExportPlugin]] = {
    "canvas": Canvas,
    "moodle": Moodle,
    "exercises": Exercises,
    "gradescope": Gradescope,
}
ZIP = "gradescope-zip"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 where the file was written, 2 on misuse."""
    options = _parser().parse_args(arguments)
    course = options.course
    try:
        if options.format == ZIP:
            to = Path(options.to or "gradescope.zip")
            lab = options.lab[0] if options.lab else ""
            if complaint := no_such_lab(course, lab) or course.not_configured():
                raise ValueError(complaint)
            pack(course, lab, to, options.unconfined)
        else:
            plugin = PLUGINS[options.format](config=course.config, log=_complaints())
            to = Path(options.to or _file_name(plugin))
            plugin.to, plugin.assignment, plugin.student = str(to), options.lab, options.student
            with course.gradebook() as gradebook:
                plugin.export(gradebook)
    except (MissingEntry, ValueError) as error:
        print(error)
        return MISUSE
    except OSError as error:
        print(f"The file cannot be written: {error.filename}: {error.strerror}. Name another --to.")
        return MISUSE
    print(f"Written: {to.resolve()}")
    return DONE


def _complaints() -> logging.Logger:
    """Return a log whose warnings are read: the one that plugins have by themselves is silent."""
    log = logging.Logger("export", logging.WARNING)
    log.addHandler(logging.StreamHandler(sys.stderr))
    return log


def _file_name(plugin: ExportPlugin) -> str:
    return plugin.file_name if isinstance(plugin, Table) else "results.json"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m autograder export",
        description="Write marks for another system, with points given by hand and late penalties.",
        epilog="`gradescope-zip LAB` packs the autograder that Gradescope runs on one lab. "
        "Exit code: 0 written, 2 usage.",
    )
    parser.add_argument("format", choices=[*PLUGINS, ZIP], help="for which system")
    parser.add_argument("lab", metavar="LAB", nargs="*", help="these labs only (default: all)")
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this student"
    )
    parser.add_argument("--to", metavar="FILE", help="where to (default: FORMAT.csv and the like)")
    add_unconfined(parser, f"{ZIP} only: run submissions there without protection if need be")
    add_course_dir(parser)
    return parser
