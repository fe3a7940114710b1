"""Separated text in, a table of text out: by Arrow, which is fast, after a look at what stands in the file."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from gapcalc.errors import EmptyFile, NotReadable, RaggedRows, TooLarge, UnknownName
from gapcalc.read import limits
from gapcalc.read.quotes import check_header, check_quotes, check_swallowed
from gapcalc.read.records import records, sampled
from gapcalc.read.shape import Found, filled_to, finish, header_at, names, usual

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# Excel writes and reads such a first line, and does not show it.
DECLARED = re.compile(rb'"?sep=(.)\1*"?(?:\r\n?|\n)', re.IGNORECASE)
LINE = re.compile(rb"\r\n|\n|\r")
# Begins at the start or at a letter, and never looks back: a million line ends are looked at once, not each from each.
EMPTY_LINE_ABOVE = re.compile(rb"(?:\A|[^\r\n](?:\n|\r\n?+))[\r\n]++[^\r\n]")
LINE_ENDS = (b"\n\n", b"\n\r", b"\r\r")  # one of these stands where there is an empty line
ANYTHING = re.compile(rb"[^\r\n]")


@dataclass(frozen=True)
class Text:
    """A text that has been looked at: how it is separated, its header, and what stands below the header."""

    file: str
    delimiter: str
    header: list[str]
    above: int  # rows before the header
    data: bytearray
    start: int  # of what stands below the header

    @property
    def body(self) -> memoryview:
        """What stands below the header."""
        return memoryview(self.data)[self.start :]

    @property
    def first(self) -> int:
        """The number of the first row below the header, as a spreadsheet counts."""
        return self.above + 2

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Number and cells of each record below the header."""
        return records(self.body, self.delimiter, self.first, self.file)


def read_text(data: bytearray, delimiter: str | None, file: str) -> Found:
    """UTF-8 in; the table out, with rows that end early filled up with blanks.

    Raises EmptyFile, NotReadable, RaggedRows or TooLarge, and UnknownName for a delimiter that is not there.
    """
    told = declared(data, file, given=delimiter is not None)
    text = look(data, known(delimiter) or told, file)
    check_quotes(memoryview(data), text.delimiter, file)
    check_header(text.header, text.delimiter, file, text.above + 1)
    distinct = names(text.header, file)
    table, uneven = _by_arrow(text, distinct)
    short: Sequence[int] = ()
    if uneven:
        table, numbers, short = _by_hand(text, distinct)
    else:
        numbers = _numbers(text, table.num_rows)
    notes = check_swallowed(table, text.delimiter, file, numbers) if b'"' in data else []
    return finish(table, text.header, file, numbers, above=text.above, notes=notes, short_rows=short)


def known(delimiter: str | None) -> str | None:
    """A delimiter or its name in, the delimiter out. Raises UnknownName."""
    found = DELIMITERS.get((delimiter or "").lower(), "\t" if delimiter == "\\t" else delimiter)
    if found is not None and found not in DELIMITERS.values():
        raise UnknownName("delimiter", delimiter or "", DELIMITERS)
    return found


def declared(data: bytearray, file: str, *, given: bool) -> str | None:
    """The delimiter that the first line declares. The line is taken out: a spreadsheet does not count it as a row."""
    found = DECLARED.match(data)
    if not found:
        return None
    delimiter = found[1].decode("latin-1")
    del data[: found.end()]
    if delimiter not in DELIMITERS.values() and not given:
        raise NotReadable(file, "its first line declares an unknown delimiter", "save it again with commas")
    return delimiter


def look(data: bytearray, delimiter: str | None, file: str) -> Text:
    """UTF-8 in, what a look at its start tells out. The delimiter is the one by which most rows are of one width."""
    start = data[: limits.SAMPLE]
    if len(data) > limits.SAMPLE:
        cut = max(start.rfind(b"\n"), start.rfind(b"\r"))
        if cut < 0:
            raise TooLarge(file, f"its first row holds more than {limits.SAMPLE:,} bytes", "check that it is a table")
        del start[cut + 1 :]
    sample = start.decode("utf-8")
    if not sample.strip():
        raise EmptyFile(file, header=False)
    best = max([delimiter] if delimiter else DELIMITERS.values(), key=lambda one: _evenness(sample, one))
    seen = sampled(sample, best, strict=False)
    rows = seen.rows
    if not any(cell.strip() for row in rows for cell in row):
        raise NotReadable(file, "it has no header", "check that it is a table")
    width = min(usual(len(row) for row in rows), max(filled_to(row) for row in rows))
    place = header_at(rows, width)
    lines = list(islice(LINE.finditer(start), seen.ends[place]))
    below = lines[-1].end() if len(lines) == seen.ends[place] else len(start)
    return Text(file, best, rows[place], place, data, below)


def _evenness(sample: str, delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter separates: quotes stand at the edges of cells, most rows are of one width, it is large."""
    seen = sampled(sample, delimiter, strict=True)
    widths = [len(row) for row in seen.rows if row]
    width = usual(widths)
    return (seen.sound, widths.count(width) / len(widths), width) if width > 1 else (False, 0.0, width)


def _by_arrow(text: Text, distinct: list[str]) -> tuple[pa.Table, bool]:
    """The rows that have the header's width, and whether there are others."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    uneven = 0

    def leave_out(row: arrow_csv.InvalidRow) -> str:
        nonlocal uneven
        uneven += 1
        return "skip" if uneven <= limits.MAX_UNEVEN else "error"

    if not ANYTHING.search(text.body):
        raise EmptyFile(text.file, header=True)
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(text.body),
            read_options=arrow_csv.ReadOptions(column_names=distinct, use_threads=False, block_size=limits.MAX_ROW),
            parse_options=arrow_csv.ParseOptions(
                delimiter=text.delimiter, newlines_in_values=True, invalid_row_handler=leave_out
            ),
            # All text: inference would drop leading zeros and read NA as nothing.
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(distinct, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        # Arrow's own message quotes the row.
        if uneven > limits.MAX_UNEVEN:
            what = f"more than {limits.MAX_UNEVEN:,} rows have not the {len(distinct)} fields of the header"
            raise NotReadable(text.file, what, "check the header, and what separates the fields") from None
        hint = "look for a row that is much longer than the others"
        raise NotReadable(text.file, "it is not a table of separated values", hint) from None
    return table, uneven > 0


def _by_hand(text: Text, distinct: list[str]) -> tuple[pa.Table, Sequence[int], Sequence[int]]:
    """The table with rows that end early filled up, the number of each row, and the numbers of those that end early.

    Some published files leave out empty cells at the end. Blank rows have any width, and are no rows.
    """
    import pyarrow as pa

    width = len(distinct)
    named = filled_to(text.header)
    numbers: array[int] = array("q")
    short: list[int] = []
    long: list[int] = []

    def even() -> Iterator[list[str]]:
        for number, row in text.records():
            if not any(cell.strip() for cell in row):
                continue
            numbers.append(number)
            if len(row) > width:
                long.append(number)
            elif len(row) < named:
                short.append(number)
            yield row[:width] + [""] * (width - len(row))

    schema = pa.schema([(name, pa.string()) for name in distinct])
    rows = even()
    batches = []
    while batch := list(islice(rows, limits.BATCH_ROWS)):
        columns = [pa.array(cells, pa.string()) for cells in zip(*batch, strict=True)]
        batches.append(pa.record_batch(columns, schema=schema))
    if long:
        raise RaggedRows(text.file, long, len(long), width)
    return pa.Table.from_batches(batches, schema), numbers, short


def _numbers(text: Text, count: int) -> Sequence[int]:
    """The number of each row. Arrow passes over empty lines; where they stand is only looked for when there are any."""
    # The first empty line may stand right below the header's own end.
    if any(text.data.find(pair, max(0, text.start - 1)) >= 0 for pair in LINE_ENDS) and EMPTY_LINE_ABOVE.search(
        text.body
    ):
        return array("q", (number for number, _ in text.records()))
    return range(text.first, text.first + count)
