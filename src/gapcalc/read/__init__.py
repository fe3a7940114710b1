"""Read: a path in, rows of text out. The only room that opens an input."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gapcalc.errors import EmptyFile, FileNotThere, NotReadable, RaggedRows
from gapcalc.model import Rows

if TYPE_CHECKING:
    import pyarrow as pa

STDIN = "-"
BLOCK = 16 * 1024 * 1024  # no cell may be longer
DELIMITERS = ",;\t|"


def read(path: str) -> Rows:
    """A path, or `-` for stdin, in; every cell as text out.

    The text is UTF-8 or UTF-16 when it says so or proves so, else cp1252. Raises FileNotThere, NotReadable,
    EmptyFile or RaggedRows.
    """
    file = "stdin" if path == STDIN else Path(path).name
    data = _bytes(path, file)
    text, encoding = _decode(data, file)
    if not text.strip():
        raise EmptyFile(file, header=False)
    if text.count('"') % 2:
        # It would swallow the rows up to the next quote, and pupils with them.
        raise NotReadable(file, "a quote is opened and not closed", 'look for a single " in a cell')
    header, delimiter, start, first_row = _header(text, file)
    table, short = _table(text[start:].encode("utf-8"), header, delimiter, file, first_row)
    table = _without_blank_end(table)
    if table.num_rows == 0:
        raise EmptyFile(file, header=True)
    digest = hashlib.sha256(data).hexdigest()
    return Rows(file, digest, encoding, table, short_rows=short, first_row=first_row)


def _bytes(path: str, file: str) -> bytes:
    if path == STDIN:
        if sys.stdin is None:
            raise NotReadable(file, "there is none", "give a file")
        return sys.stdin.buffer.read()
    place = Path(path)
    try:
        if not place.exists():
            raise FileNotThere(path)
        if not place.is_file():
            raise NotReadable(file, "it is not a file")
        return place.read_bytes()
    except OSError as error:
        raise NotReadable(file, error.strerror or "the system refuses") from None


def _decode(data: bytes, file: str) -> tuple[str, str]:
    # No guessing beyond this: statistical guessers take Welsh and Irish names in cp1252 for cp1250.
    tried = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in tried:
        try:
            return data.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError:
            continue
    raise NotReadable(file, "its text is neither UTF-8, UTF-16 nor cp1252", "save it as 'CSV UTF-8'")


def _header(text: str, file: str) -> tuple[list[str], str, int, int]:
    """A file's text in; its column names, what separates them, where the rows start and the first row's number out.

    Blank lines before the header are passed over; a name may be quoted and have line breaks in it.
    """
    start = len(text) - len(text.lstrip("\r\n"))
    lines = io.StringIO(text, newline="")
    lines.seek(start)
    first = lines.readline()
    unquoted = re.sub('"[^"]*"', "", first)
    delimiter = max(DELIMITERS, key=unquoted.count)
    lines.seek(start)
    record = csv.reader(iter(lines.readline, ""), delimiter=delimiter, strict=True)
    try:
        header = next(record)
    except csv.Error:
        raise NotReadable(file, "its header cannot be read", "look for a stray quote in the first line") from None
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n").count("\n")
    return _distinct(header), delimiter, lines.tell(), before + record.line_num + 1


def _distinct(header: list[str]) -> list[str]:
    """Names in, names out of which no two are the same: a second `SNP` is `SNP#2`, and a nameless column `#7`."""
    seen: dict[str, int] = {}
    names = []
    for place, name in enumerate(header, 1):
        seen[name] = seen.get(name, 0) + 1
        names.append(f"#{place}" if not name.strip() else name if seen[name] == 1 else f"{name}#{seen[name]}")
    return names


def _table(
    data: bytes, header: list[str], delimiter: str, file: str, first_row: int
) -> tuple[pa.Table, tuple[int, ...]]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    short: list[int] = []
    long: list[int] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        (short if row.actual_columns < row.expected_columns else long).append(row.number + first_row - 1)
        return "skip"

    if not data.strip():
        return pa.table({name: pa.array([], pa.string()) for name in header}), ()
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(data),
            # Row numbers of bad rows are only known on one thread.
            read_options=arrow_csv.ReadOptions(column_names=header, use_threads=False, block_size=BLOCK),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            # All text: inference would drop leading zeros and read NA as nothing.
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        # Arrow's own message quotes the row.
        raise NotReadable(
            file, "it is not a table of separated values", "look for a quote that is not closed"
        ) from None
    if long:
        raise RaggedRows(file, long, len(long), len(header))
    return (_padded(data.decode("utf-8"), header, delimiter) if short else table), tuple(short)


def _padded(text: str, header: list[str], delimiter: str) -> pa.Table:
    """The table with rows that end early filled up: some published files leave out empty cells at the end."""
    import pyarrow as pa

    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    filled = [row + [""] * (len(header) - len(row)) for row in rows]
    columns = zip(*filled, strict=True)
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in zip(header, columns, strict=True)})


def _without_blank_end(table: pa.Table) -> pa.Table:
    """A table in, the same without rows at its end in which every cell is blank, as spreadsheets leave them, out."""
    last = table.num_rows
    while last and not any(str(column[last - 1]).strip() for column in table.columns):
        last -= 1
    return table.slice(0, last)
