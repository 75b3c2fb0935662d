"""nbgrader's own commands, as they are typed, in this process."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from jupyter_core.application import NoStart
from nbgrader.apps import NbGraderApp


def nbgrader(*arguments: object, folder: Path) -> int:
    """Run ``nbgrader …`` in a folder, with the nbgrader_config.py that lies there."""
    app = NbGraderApp.instance()
    try:
        with contextlib.chdir(folder):
            app.initialize([str(argument) for argument in arguments])
            app.start()
    except NoStart:
        return os.EX_OK
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        app.reset()
        NbGraderApp.clear_instance()
    return os.EX_OK
