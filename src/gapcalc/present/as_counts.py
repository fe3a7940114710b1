"""Counts as a file for another run to read: one row per cell, in the units readers use, marked as internal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from gapcalc import __version__
from gapcalc.measured import per_units
from gapcalc.present.lines import csv_columns, csv_text
from gapcalc.present.words import INTERNAL
from gapcalc.release import InternalCounts
from gapcalc.texts import few, renamed

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MARK = "internal"  # in every row: rows are copied out of files, and the notes around them are not
TEXTS = (
    *("period", "term", "status", "area_code", "area_name", "level", "within", "key_stage", "measure"),
    *("dimension", "group"),
)
SUMS = {"pupils": 0, "total": 1, "total_sq": 2}  # the power of the measure's unit that each is in
COLUMNS = (*TEXTS, *SUMS, "basis", "protection")
STRETCH = 20_000  # rows
DIGITS, PLACES = 38, 4  # of a decimal in Parquet: squares of scores with two decimals, exactly


def counts_csv(counts: InternalCounts) -> str:
    """Counts in, CSV text out."""
    import pyarrow as pa

    table, lines = counts.data.counts, [csv_text([COLUMNS])]
    # A nation by authority has a hundred thousand rows: not all of them as texts at once.
    for start in range(0, len(table), STRETCH):
        columns = _columns(table.iloc[start : start + STRETCH], counts.within)
        for name in SUMS:
            if pa.types.is_decimal(columns[name].type):
                columns[name] = pa.array([f"{number.normalize():f}" for number in columns[name].to_pylist()])
        lines.append(csv_columns(columns[name] for name in COLUMNS))
    return "".join(lines)


def counts_parquet(counts: InternalCounts) -> bytes:
    """Counts in, the bytes of a Parquet file out, whose metadata say that it is internal."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    kinds: dict[str, pa.DataType] = dict.fromkeys(COLUMNS, pa.string())
    kinds |= {"pupils": pa.int64()} | dict.fromkeys(("total", "total_sq"), pa.decimal128(DIGITS, PLACES))
    said = {"internal": True, "notice": INTERNAL, "version": __version__}
    schema = pa.schema(list(kinds.items()), metadata={"gapcalc": json.dumps(said)})
    made = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pydict(_columns(counts.data.counts, counts.within), schema=schema), made)
    return bytes(made.getvalue())


def _columns(table: pd.DataFrame, within: Mapping[str, str]) -> dict[str, pa.Array]:
    """The columns of the file, in the units readers use: whole numbers, or decimals where a measure has any."""
    import pyarrow as pa

    texts = few(table)
    texts["within"] = renamed(texts["area_code"], lambda code: within.get(code, ""))
    columns = {name: pa.array(texts[name]).cast(pa.string()) for name in (*TEXTS, "basis")}
    units = per_units(table).tolist()
    for name, power in SUMS.items():
        numbers = table[name].to_numpy(dtype="int64")
        if power and max(units, default=1) > 1:
            in_units = zip(numbers.tolist(), units, strict=True)
            columns[name] = pa.array([Decimal(number) / unit**power for number, unit in in_units])
        else:
            columns[name] = pa.array(numbers)
    return columns | {"protection": pa.repeat(MARK, len(table))}
