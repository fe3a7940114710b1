"""What a user gives as files in, paths out: a pattern is widened here, since not every shell does it."""

import glob
from collections.abc import Iterable
from pathlib import Path

from gapcalc.errors import FileNotThere, NotReadable
from gapcalc.read.sources import STDIN


def widened(paths: Iterable[str]) -> tuple[str, ...]:
    """Paths and patterns (`*`, `?`, `[ab]`, `**`) in, paths out, those of a pattern in order of their names.

    A name that is there is taken as it is, whatever is in it. Raises FileNotThere for a pattern nothing fits.
    """
    found: list[str] = []
    paths = list(paths)
    if paths.count(STDIN) > 1:
        raise NotReadable("stdin", "it can be read only once, and is given more than once", "give - once")
    for path in paths:
        if path == STDIN or not glob.has_magic(path) or _is_there(path):
            found.append(path)
            continue
        fitting = sorted(one for one in _fitting(path) if not Path(one).is_dir())
        if not fitting:
            raise FileNotThere(path)
        found += fitting
    return tuple(found)


def _fitting(pattern: str) -> list[str]:
    return glob.glob(pattern, recursive=True)  # noqa: PTH207  Path.glob takes no pattern with a drive or a root


def _is_there(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False  # a name the system cannot have; reading it says so
