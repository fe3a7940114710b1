"""Separated text as records, one at a time: slower than Arrow, but it counts rows as a spreadsheet does."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gapcalc.errors import NotReadable
from gapcalc.read import limits


@contextmanager
def roomy_cells() -> Iterator[None]:
    """The standard library stops at 128 KiB in a cell; here it is MAX_ROW, since cells are judged later."""
    before = csv.field_size_limit(limits.MAX_ROW)
    try:
        yield
    finally:
        csv.field_size_limit(before)


@dataclass(frozen=True)
class Sample:
    """The first records of a text, blank ones as `[]`; on which line each ends; whether quotes are sound in them."""

    rows: list[list[str]]
    ends: list[int]
    sound: bool = True


def sampled(text: str, delimiter: str, *, strict: bool) -> Sample:
    """The start of a text in, its first records out; when strict, only up to a quote gone astray."""
    rows: list[list[str]] = []
    ends: list[int] = []
    with roomy_cells():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
        try:
            for row in reader:
                rows.append(row)
                ends.append(reader.line_num)
                if len(rows) == limits.SAMPLE_ROWS:
                    break
        except csv.Error:
            return Sample(rows, ends, sound=False)
    return Sample(rows, ends)


def records(data: memoryview, delimiter: str, first: int, file: str) -> Iterator[tuple[int, list[str]]]:
    """UTF-8 and the number of its first row in; number and cells of each record that is not an empty line out.

    Raises NotReadable where a quote is not closed, or is closed in the middle of a cell.
    """
    import pyarrow as pa

    number = first - 1
    with roomy_cells():
        # Arrow's stream looks at the bytes; io.BytesIO would copy them.
        text = io.TextIOWrapper(pa.BufferReader(data), "utf-8", newline="")
        try:
            for row in csv.reader(text, delimiter=delimiter, strict=True):
                number += 1
                if row:
                    yield number, row
        except csv.Error:
            raise lone_quote(file, number + 1) from None


def lone_quote(file: str, number: int) -> NotReadable:
    """The error for a quote that swallows what follows it."""
    return NotReadable(
        file,
        f"a quote is opened in row {number:,} and not closed, or closed in the middle of a cell",
        'look for a single " in that row, and double it or take it out',
    )
