"""A course's configuration, found and read as nbgrader finds and reads it."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from pathlib import Path
from urllib.parse import quote, unquote

from jupyter_core.paths import jupyter_config_path
from sqlalchemy import URL, make_url
from traitlets.config import Config
from traitlets.config.loader import JSONFileConfigLoader, PyFileConfigLoader

from autograder.files import HOME

_LOADERS = {"nbgrader_config.py": PyFileConfigLoader, "nbgrader_config.json": JSONFileConfigLoader}


class Unusable(ValueError):
    """A course's configuration cannot be used; the sentence says why, for the instructor."""


def folder_of(course: Path) -> Path | None:
    """Return the folder with the configuration of a course: the course's own, or one above it."""
    above = (course, *course.parents)
    return next((folder for folder in above if any(map(Path.exists, _files(folder)))), None)


def folder_for(course: Path) -> Path | None:
    """Return the folder whose configuration counts for a course.

    Where neither the course has one nor this user or machine speaks of it, that of this repository.
    """
    if folder := folder_of(course):
        return folder
    return None if root_named_for_this_user() == course else HOME


def root_named_in(folder: Path) -> Path | None:
    """Return the course folder that the configuration in a folder names, if it names one."""
    return _root(_load(folder), folder)


def root_named_for_this_user() -> Path | None:
    """Return the course folder that a configuration of this user's or machine's names."""
    return _root(_of_this_user(), Path.cwd())


def load(course: Path) -> Config:
    """Return the configuration of a course.

    What is set for this user and this machine counts where the course says nothing else.
    """
    config = _of_this_user()
    if folder := folder_for(course):
        config.merge(_load(folder))
    config.CourseDirectory.root = str(course)
    _make_absolute(config, course)
    if "db_url" not in config.CourseDirectory:
        config.CourseDirectory.db_url = address(course / "gradebook.db")
    return config


def address(gradebook: Path) -> str:
    """Return a gradebook's address, also where a folder has a "?" or a "%" in its name."""
    plain = str(URL.create("sqlite", database=str(gradebook)))
    if make_url(plain).database == str(gradebook):
        return plain
    as_uri = f"file:{quote(str(gradebook))}"
    return str(URL.create("sqlite", database=as_uri, query={"uri": "true"}))


def gradebook_file(address: str) -> Path | None:
    """Return the file that a gradebook's address names; None if it is on a server."""
    url = make_url(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    is_uri = url.database.startswith("file:")
    return Path(unquote(url.database.removeprefix("file:")) if is_uri else url.database)


def portable(config: Config) -> Config:
    """Return what can be handed to another process: not what is defined in the file itself."""
    return Config({name: section for name, section in config.items() if _pickles(section)})


def _files(folder: Path) -> list[Path]:
    return [folder / name for name in _LOADERS]


def _of_this_user() -> Config:
    config = Config()
    for folder in reversed(jupyter_config_path()):
        config.merge(_load(Path(folder)))
    return config


def _load(folder: Path) -> Config:
    config = Config()
    for path in filter(Path.exists, _files(folder)):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))  # what is configured may be defined beside it
        try:
            config.merge(_LOADERS[path.name](path.name, str(folder)).load_config())
        except Exception as error:
            raise Unusable(f"{path} cannot be read: {_why(error)}") from error
    return config


def _why(error: Exception) -> str:
    """Say what stopped a configuration; most often it is a variable that this shell lacks."""
    steps = traceback.extract_tb(error.__traceback__)
    if isinstance(error, KeyError) and steps[-1].filename in (os.__file__, "<frozen os>"):
        return f"it asks for the environment variable {error.args[0]}, which is not set."
    return f"{type(error).__name__}: {error}"


def _root(config: Config, folder: Path) -> Path | None:
    named = config.CourseDirectory.get("root")
    return (folder / named).resolve() if isinstance(named, str) and named else None


def _make_absolute(config: Config, course: Path) -> None:
    """Have a gradebook that is named relative to the course lie there, wherever this is run."""
    start, _, path = str(config.CourseDirectory.get("db_url", "")).partition("sqlite:///")
    if path and not start and not Path(path).is_absolute() and path != ":memory:":
        config.CourseDirectory.db_url = f"sqlite:///{course / path}"


def _pickles(section: object) -> bool:
    try:
        pickle.dumps(section)
    except Exception:
        return False
    return True
