"""Quotes that would swallow rows, and pupils with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gapcalc.errors import NotReadable, places
from gapcalc.read import limits
from gapcalc.read.records import records

if TYPE_CHECKING:
    import pyarrow as pa

LINE_END = re.compile(r"\r\n?|\n")
QUOTE = ord('"')
BLOCK = 16 * limits.CHUNK
GLANCE = 2**17  # letters at once, so that they stay near the processor


def check_quotes(data: memoryview, delimiter: str, file: str) -> None:
    """Raise NotReadable unless every quote that is opened is closed, at the end of its cell."""
    if not tidy(data, delimiter):
        # Not tidy is not yet wrong: in `5" pipe` the quote is a letter. This is the slow way to know.
        for _ in records(data, delimiter, 1, file):
            pass


def tidy(data: memoryview, delimiter: str) -> bool:
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


def plainly_tidy(data: memoryview, delimiter: str) -> bool:
    """Whether a stretch of whole rows is tidy at first sight: several times faster, and seldom wrong to say no.

    Lone quotes open and close a cell in turn; two are a blank cell, or a quote within one.
    """
    import numpy as np

    letters = np.frombuffer(b"".join((b"\n\n", data, b"\n\n\n")), np.uint8)
    seen = 0
    for start in range(2, len(letters) - 3, GLANCE):
        here = letters[start - 2 : min(start + GLANCE, len(letters) - 3) + 3]
        quote = here == QUOTE
        edge = (here == ord(delimiter)) | (here == ord("\n")) | (here == ord("\r"))
        this, before, after = quote[2:-3], quote[1:-4], quote[3:-2]
        lone = this & ~(before | after)
        opens, closes = lone & edge[1:-4], lone & edge[3:-2]
        if (lone & ~(opens ^ closes)).any():
            return False
        turns = opens[np.flatnonzero(lone)]
        if not turns[seen % 2 :: 2].all() or turns[1 - seen % 2 :: 2].any():
            return False
        seen += len(turns)
        pairs = this & after
        if pairs.any() and (pairs & (before | quote[4:-1] | (edge[1:-4] ^ edge[4:-1]))).any():
            return False  # three or more together, or two of which one is the edge of a cell
    return seen % 2 == 0


def check_header(header: Sequence[str], delimiter: str, file: str, number: int) -> None:
    """Raise NotReadable for a name that looks like the end of the header and the start of a row."""
    for place, name in enumerate(header):
        if _swallows(name, place, len(header) - 1, delimiter):
            raise _further_rows(file, number)


def check_swallowed(table: pa.Table, delimiter: str, file: str, numbers: Sequence[int]) -> list[str]:
    """Raise NotReadable for a quoted cell that looks like the end of one row and the start of another.

    In two columns any line with one delimiter looks so. There a cell is refused only when what stands in it is of
    the kinds that stand in the columns, and noted otherwise.
    """
    from pyarrow import compute as pc

    doubtful: list[tuple[int, str]] = []
    for place, column in enumerate(table.columns):
        broken = pc.match_substring_regex(column, "[\r\n]")
        found = pc.indices_nonzero(broken)
        for index, text in zip(found.to_pylist(), column.filter(broken).to_pylist(), strict=True):
            if _swallows(text, place, table.num_columns - 1, delimiter):
                if table.num_columns > 2:
                    raise _further_rows(file, numbers[index])
                doubtful.append((numbers[index], text))
    if not doubtful:
        return []
    columns = [column.slice(0, limits.BATCH_ROWS).to_pylist() for column in table.columns]
    kinds = [{_kind(cell) for cell in column if not LINE_END.search(cell)} for column in columns]
    for number, text in doubtful:
        if _fits(text, delimiter, kinds):
            raise _further_rows(file, number)
    rows = sorted({number for number, _ in doubtful})
    return [f"quoted line breaks and delimiters in {places(rows)}: check that no rows are swallowed there"]


def _fits(text: str, delimiter: str, kinds: Sequence[set[tuple[bool, bool]]]) -> bool:
    """Whether a line of a cell is like the rows of the table. A column without a cell to go by is like any."""
    rows = [row for line in LINE_END.split(text) if len(row := line.split(delimiter)) == len(kinds)]
    return any(all(not had or _kind(cell) in had for cell, had in zip(row, kinds, strict=True)) for row in rows)


def _kind(text: str) -> tuple[bool, bool]:
    """Whether there are digits and whether there are letters: a code, a number, words, or a blank."""
    return any(letter.isdigit() for letter in text), any(letter.isalpha() for letter in text)


def _swallows(text: str, place: int, gaps: int, delimiter: str) -> bool:
    """Whether a cell at a place of its row has the end of a row in it, or a whole one.

    Two lone quotes in two rows make a pair, and what is between them a cell. Such a cell has a line with as many
    delimiters as a row, or its first and last line are cut where a row is cut at this place.
    """
    counts = [line.count(delimiter) for line in LINE_END.split(text)]
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
