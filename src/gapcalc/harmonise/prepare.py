"""Rows of a pupil file made ready: those that count, with every cell as its layout says it is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from typing import TYPE_CHECKING

from gapcalc.definitions import PupilLayout, spelling
from gapcalc.errors import EmptyFile
from gapcalc.harmonise.recognise import plain_name
from gapcalc.model import Rows

if TYPE_CHECKING:
    import pyarrow as pa


def prepared(rows: Rows, layout: PupilLayout, found: Mapping[str, Sequence[str]]) -> tuple[Rows, int]:
    """Rows, their layout and each canonical column's columns in; the rows made ready, and how many are left out, out.

    Raises EmptyFile when all are.
    """
    ready = _kept(rows, layout)
    for name, columns in found.items():
        ready = replace(ready, table=_filled(ready.table, columns))
        if name in layout.means:
            ready = replace(ready, table=_meant(ready.table, columns[0], layout.means[name]))
    return ready, rows.table.num_rows - ready.table.num_rows


def _kept(rows: Rows, layout: PupilLayout) -> Rows:
    """The rows that have one of the layout's words in each column it keeps by, if the file has the column."""
    for wanted, words in layout.keep.items():
        for column in rows.header:
            if plain_name(column) == plain_name(wanted):
                kept = _is_one(rows.table, column, {spelling(word) for word in words})
                numbers = list(compress(rows.numbers, kept.to_pylist()))
                rows = replace(rows, table=rows.table.filter(kept), numbers=numbers)
    if not rows.table.num_rows:
        raise EmptyFile(rows.file, header=True)
    return rows


def _is_one(table: pa.Table, column: str, words: set[str]) -> pa.ChunkedArray:
    """For each row, whether the spelling of its cell is one of the words."""
    import pyarrow as pa
    from pyarrow import compute as pc

    texts = [text for text in table.column(column).unique().to_pylist() if spelling(text) in words]
    return pc.is_in(table.column(column), value_set=pa.array(texts, pa.string()))


def _filled(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """The table with the blanks of the first column filled from the others, an earlier one first."""
    from pyarrow import compute as pc

    first, *others = columns
    for other in others:
        blank = _is_one(table, first, {""})
        if pc.any(blank).as_py():
            texts = pc.if_else(blank, table.column(other), table.column(first))
            table = table.set_column(table.column_names.index(first), first, texts)
    return table


def _meant(table: pa.Table, column: str, means: Mapping[str, str]) -> pa.Table:
    """The table with each text of a column replaced by what it stands for."""
    from pyarrow import compute as pc

    texts = table.column(column)
    for text, meaning in means.items():
        # Told by the cells as they are in the file, so that one meaning does not become another.
        texts = pc.if_else(_is_one(table, column, {spelling(text)}), meaning, texts)
    return table.set_column(table.column_names.index(column), column, texts)
