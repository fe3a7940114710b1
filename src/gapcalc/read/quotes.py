"""Quotes that would swallow rows, and pupils with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gapcalc.errors import NotReadable
from gapcalc.read import limits
from gapcalc.read.records import records

if TYPE_CHECKING:
    import pyarrow as pa

QUOTE = ord('"')
BLOCK = 16 * limits.CHUNK


def check_quotes(data: memoryview, delimiter: str, file: str) -> None:
    """Raise NotReadable unless every quote that is opened is closed, at the end of its cell."""
    if not _tidy(data, delimiter):
        # Not tidy is not yet wrong: in `5" pipe` the quote is a letter. This is the slow way to know.
        for _ in records(data, delimiter, 1, file):
            pass


def _tidy(data: memoryview, delimiter: str) -> bool:
    """Whether quotes stand only at the edges of cells or doubled, and come in pairs."""
    import numpy as np

    letters = np.frombuffer(data, np.uint8)
    edge = np.zeros(256, bool)
    edge[[QUOTE, ord(delimiter), ord("\n"), ord("\r")]] = True
    seen = 0
    for start in range(0, len(letters), BLOCK):
        places = np.flatnonzero(letters[start : start + BLOCK] == QUOTE) + start
        opening, closing = places[seen % 2 :: 2], places[1 - seen % 2 :: 2]
        opening, closing = opening[opening > 0], closing[closing < len(letters) - 1]
        if not (edge[letters[opening - 1]].all() and edge[letters[closing + 1]].all()):
            return False
        seen += len(places)
    return seen % 2 == 0


def check_header(header: Sequence[str], delimiter: str, file: str, number: int) -> None:
    """Raise NotReadable for a name that looks like the end of the header and the start of a row."""
    for place, name in enumerate(header):
        if _swallows(name, place, len(header) - 1, delimiter):
            raise _further_rows(file, number)


def check_swallowed(table: pa.Table, delimiter: str, file: str, numbers: Sequence[int]) -> None:
    """Raise NotReadable for a quoted cell that looks like the end of one row and the start of another."""
    from pyarrow import compute as pc

    for place, column in enumerate(table.columns):
        broken = pc.match_substring_regex(column, "[\r\n]")
        found = pc.indices_nonzero(broken)
        for index, text in zip(found.to_pylist(), column.filter(broken).to_pylist(), strict=True):
            if _swallows(text, place, table.num_columns - 1, delimiter):
                raise _further_rows(file, numbers[index])


def _swallows(text: str, place: int, gaps: int, delimiter: str) -> bool:
    """Whether a cell at a place of its row has the end of a row in it, or a whole one.

    Two lone quotes in two rows make a pair, and what is between them a cell. Such a cell has a line with as many
    delimiters as a row, or its first and last line are cut where a row is cut at this place.
    """
    counts = [line.count(delimiter) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if len(counts) == 1 or not gaps:
        return False
    cut = counts[0] == gaps - place and counts[-1] == place and all(count == gaps for count in counts[1:-1])
    return cut or gaps in counts[1:]


def _further_rows(file: str, number: int) -> NotReadable:
    return NotReadable(
        file,
        f"a quote opened in row {number:,} takes in what looks like further rows",
        'look for a single " in that row, and double it or take it out',
    )
