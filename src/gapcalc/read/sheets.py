"""A workbook in, a table of text out: one sheet, its cells as they would stand in a CSV file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from gapcalc.errors import EmptyFile, NotReadable, RaggedRows, WhichSheet
from gapcalc.read import limits
from gapcalc.read.instead import instead
from gapcalc.read.shape import Found, filled_to, finish, header_at, names, usual
from gapcalc.read.unpack import check_member, check_size, opened
from gapcalc.read.values import cell_text

FIXED = "save it again in a spreadsheet, or as CSV"
# Numbers of pupils and schools are codes, and may begin with a zero. `gld_number` is how many, and no code.
IDS = re.compile(
    r"(^|.*[^a-z])(upn|uln|estab|laestab|dfe|id"
    r"|(pupil|student|learner|candidate|admission|reference|unique|school|establishment|dfe|urn)[^a-z]*(no|number))$"
)


def read_sheet(data: bytearray, sheet: str | None, file: str) -> Found:
    """The bytes of an .xlsx in; the only visible sheet, or the one named, as a table out.

    Raises WhichSheet, NotReadable, EmptyFile, RaggedRows or TooLarge.
    """
    _check_parts(data, file)
    damaged = NotReadable(file, "the workbook is damaged, or not what it says", FIXED)
    with instead(damaged), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out, and quotes cells
        return _table(_rows(data, sheet, file), file)


def _check_parts(data: bytearray, file: str) -> None:
    """Refuse by what the zip declares, before anything is unpacked: no more than that ever comes out of it."""
    damaged = NotReadable(file, "the workbook is damaged", FIXED)
    with instead(damaged), opened(data, file) as archive:
        for member in archive.infolist():
            check_member(member, file)
            check_size(member.file_size, member.compress_size, file)
        check_size(sum(member.file_size for member in archive.infolist()), limits.MAX_BYTES, file)


def _rows(data: bytearray, sheet: str | None, file: str) -> Iterator[tuple[Any, ...]]:
    """Every row of the sheet from the first on, blank ones included."""
    import io

    import openpyxl

    from gapcalc.read.cells import seen

    if not openpyxl.DEFUSEDXML:
        raise NotReadable(file, "OPENPYXL_DEFUSEDXML switches off the protection against XML bombs", "unset it")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        yield from seen(_chosen(book.worksheets, sheet, file), file)
    finally:
        book.close()


def _chosen(sheets: Sequence[Any], name: str | None, file: str) -> Any:
    """The one sheet that is meant. A hidden one only when it is named."""
    visible = [one for one in sheets if one.sheet_state == "visible"]
    if name is None:
        fits = visible
    else:
        exact = [one for one in sheets if one.title == name]
        fits = exact or [one for one in sheets if _plain(one.title) == _plain(name)]
    if len(fits) != 1:
        raise WhichSheet(file, name, [one.title for one in visible])
    return fits[0]


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()


def _table(rows: Iterator[tuple[Any, ...]], file: str) -> Found:
    import pyarrow as pa

    sample = list(islice(rows, limits.SAMPLE_ROWS))
    start = [[cell_text(value) for value in row] for row in sample]
    if not any(cell.strip() for row in start for cell in row):
        raise EmptyFile(file, header=False)
    above = header_at(start, usual(filled_to(row) for row in start))
    header = start[above][: filled_to(start[above])]
    distinct = names(header, file)
    schema = pa.schema([(name, pa.string()) for name in distinct])
    ids = {place for place, name in enumerate(header) if IDS.match(name.strip().lower())}
    numbers: set[int] = set()
    ragged: list[int] = []
    batches = []
    below = enumerate(chain(sample[above + 1 :], rows), above + 2)
    while batch := list(islice(below, limits.BATCH_ROWS)):
        texts = [[cell_text(value) for value in row] for _, row in batch]
        ragged += [number for (number, _), row in zip(batch, texts, strict=True) if filled_to(row) > len(header)]
        numbers |= {place for place in ids for _, row in batch if place < len(row) and _is_number(row[place])}
        columns = [[row[place] if place < len(row) else "" for row in texts] for place in range(len(header))]
        batches.append(pa.record_batch([pa.array(cells, pa.string()) for cells in columns], schema=schema))
    if ragged:
        raise RaggedRows(file, ragged, len(ragged), len(header))
    table = pa.Table.from_batches(batches, schema)
    rows_below = range(above + 2, above + 2 + table.num_rows)
    return finish(table, header, file, rows_below, above=above, notes=_zeros(sorted(numbers)))


def _zeros(numbers: Sequence[int]) -> list[str]:
    """The note on columns of codes that the sheet holds as numbers, by letter."""
    if not numbers:
        return []
    from openpyxl.utils import get_column_letter

    letters = ", ".join(get_column_letter(place + 1) for place in numbers)
    return [f"leading zeros may already be lost: the sheet holds numbers in column {letters}"]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
