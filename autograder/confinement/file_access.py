"""Which files a confined process may reach, as Landlock rules."""

import ctypes
import os
import site
import sys
import sysconfig
import zoneinfo
from collections.abc import Sequence
from pathlib import Path

from landlock import FSAccess, Ruleset, plumbing

EVERYTHING = FSAccess.all()
READ_FILE = FSAccess.READ_FILE
READ = READ_FILE | FSAccess.READ_DIR
WRITE_FILE = READ_FILE | FSAccess.WRITE_FILE | FSAccess.TRUNCATE
# No links, pipes, sockets and devices: they are traps for whoever opens the folder next.
# Nothing may be executed: a shared library only needs to be read.
OWN = READ | WRITE_FILE | FSAccess.MAKE_REG | FSAccess.MAKE_DIR | FSAccess.REFER
OWN |= FSAccess.REMOVE_FILE | FSAccess.REMOVE_DIR

TCP = 0b11  # bind and connect
SCOPES = 0b11  # abstract Unix sockets and signals


class _Ruleset(Ruleset):  # type: ignore[misc]  # landlock has no types
    """A rule set that restricts more than files, where the kernel can."""

    def __post_init__(self) -> None:
        version = plumbing.landlock_abi_version()
        restricted = (ctypes.c_uint64 * 3)(
            self.restrict_rules, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0
        )
        attributes = ctypes.cast(restricted, ctypes.POINTER(plumbing.RulesetAttr))
        fd = plumbing.get_create_ruleset()(attributes, ctypes.sizeof(restricted), 0)
        object.__setattr__(self, "_fd", fd)


def _installation() -> list[tuple[Path, FSAccess]]:
    """Find what Python reads to run. Not the whole of a prefix: it may be a repository."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, "/", "/usr", "/usr/local"}
    names = {f"{prefix}/{part}" for prefix in prefixes for part in ("lib", "lib64", "share/fonts")}
    names.update(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib"))
    names.update([site.getusersitepackages()] if site.ENABLE_USER_SITE else [], zoneinfo.TZPATH)
    names.update(["/etc/fonts", "/etc/mime.types", "/etc/localtime", "/etc/ssl/openssl.cnf"])
    names.update(["/etc/ld.so.cache", "/dev/urandom", sys.executable])
    paths = {Path(name).resolve() for name in names if os.path.exists(name)}
    outermost = [path for path in paths if not paths.intersection(path.parents)]
    return [(path, READ if path.is_dir() else READ_FILE) for path in outermost]


# Found once, in the parent, for all children.
_INSTALLATION = _installation()


def restrict_files(workdir: Path, readable: Sequence[Path] = ()) -> None:
    """Allow this process, irrevocably, to read the Python installation and to use one folder.

    Where the kernel can, it refuses TCP connections, abstract Unix sockets and signals to others
    as well; `restrict_calls` refuses them everywhere.

    Parameters
    ----------
    workdir : Path
        The folder in which files may be read, made, changed and removed.
    readable : sequence of Path
        Other folders and files that may be read.

    Raises
    ------
    OSError
        A path is missing, or the kernel refuses.
    """
    files = _Ruleset(EVERYTHING)
    for path, access in _INSTALLATION:
        files.allow(path, rules=access)
    for path in readable:
        files.allow(path, rules=READ if path.is_dir() else READ_FILE)
    files.allow(os.devnull, rules=WRITE_FILE)
    files.allow(workdir, rules=OWN)
    files.apply()
