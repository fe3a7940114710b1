"""Rows, places and names, as messages say them."""

import difflib
from collections.abc import Iterable, Sequence


def places(rows: Sequence[int], count: int | None = None) -> str:
    """Row numbers in, "3 rows (2, 5 and 9)" out. Rows are numbered as a spreadsheet does: the header is row 1."""
    count = len(rows) if count is None else count
    if count == 1:
        return f"row {rows[0]:,}" if rows else "1 row"
    shown = [f"{row:,}" for row in rows[:5]]
    if not shown:
        return f"{count:,} rows"
    listed = "first: " + ", ".join(shown) if count > len(shown) else ", ".join(shown[:-1]) + " and " + shown[-1]
    return f"{count:,} rows ({listed})"


def spots(count: int) -> str:
    """How many places of a table in, "in 1 place" or "in 12 places" out."""
    return "in 1 place" if count == 1 else f"in {count:,} places"


def known_names(name: str, known: Iterable[str]) -> str:
    """A name that there is not, and those that there are, in; the nearest first, out."""
    known = list(known)
    first = nearest(name, known)
    return listing(known) if first is None else f"{first}, if that is meant; there are: {listing(known)}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A name that there is not, and those that there are, in; the one that may be meant, if any, out."""
    known = list(known)
    near = difflib.get_close_matches(name.casefold(), [one.casefold() for one in known], 1)
    return next((one for one in known if one.casefold() in near), None)


def listing(names: Iterable[str], most: int = 20) -> str:
    """Names in, "a, b, c" out, cut at a readable length."""
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
