"""Rows of cells as the text of a CSV, for every module that writes one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from gapcalc.present.words import cell_safe

if TYPE_CHECKING:
    import pyarrow as pa

Cell = str | int | float | Decimal | None


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows in, CSV text out. Texts are made safe for spreadsheets; numbers stay numbers, a negative one too."""
    return "".join([",".join(map(_cell, row)) + "\n" for row in rows])


def csv_columns(columns: Iterable[pa.Array]) -> str:
    """Columns of texts and whole numbers in, what `csv_text` makes of their rows out, many times as fast."""
    import pyarrow.compute as pc

    lines = pc.binary_join_element_wise(*map(_column, columns), ",", null_handling="replace")
    return "".join([line + "\n" for line in lines.to_pylist()])


def _column(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    if not pa.types.is_string(column.type):
        return column.cast(pa.string())
    column = column.dictionary_encode()  # in a large table the same texts stand in many rows
    return pa.array([_text(text) for text in column.dictionary.to_pylist()], pa.string()).take(column.indices)


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _text(cell)
    if cell is None:
        return ""
    return repr(cell) if type(cell) is float else str(cell)


@lru_cache(maxsize=10_000)
def _text(text: str) -> str:
    """A text as a cell, quoted where it must be: in a large table most texts stand in many rows."""
    line = io.StringIO()
    # The writer quotes only such line breaks as it ends lines with, and a bare CR within a name would start a row.
    csv.writer(line, lineterminator="\r\n").writerow(["", cell_safe(text)])
    return line.getvalue()[1:].removesuffix("\r\n")
