"""Files read whole, for tests that look at the rows themselves."""

from gapcalc import read as room
from gapcalc.rows import Rows


def read(path: str, *, sheet: str | None = None, encoding: str | None = None, delimiter: str | None = None) -> Rows:
    """What `gapcalc.read.read` gives, in memory."""
    return room.read(path, sheet=sheet, encoding=encoding, delimiter=delimiter).whole()
