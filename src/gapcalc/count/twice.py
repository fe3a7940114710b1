"""Pupils who stand twice: found in bounded memory, by numbers from which no pupil can be told."""

from __future__ import annotations

from collections.abc import Iterator
from secrets import token_hex
from typing import TYPE_CHECKING

from gapcalc.count.duck import run
from gapcalc.count.literals import layer, literal
from gapcalc.definitions import SPACES
from gapcalc.rows import Source
from gapcalc.tally import Twice

if TYPE_CHECKING:
    import pyarrow as pa

FIRST = 5  # as many rows as a message names
SEVERAL = "SELECT pupil, MIN(place) AS first FROM told GROUP BY pupil HAVING COUNT(*) > 1"
REPEATED = "SELECT place FROM told JOIN several USING (pupil) WHERE place <> first"
FOUND = "SELECT place, (SELECT COUNT(*) FROM repeated) AS number FROM repeated ORDER BY place LIMIT"


def twice(rows: Source) -> Twice:
    """A column of pupils' numbers, and when, in; the rows in which a pupil stands again out. A blank is nobody's.

    Two of fifty million pupils are taken for one by chance once in ten thousand files.
    """
    import pyarrow as pa

    columns = [f"x{place}" for place, _ in enumerate(rows.header)]
    # What goes to disk where memory does not do are numbers made with a salt that nobody knows.
    salted = ", ".join([literal(token_hex(16)), *columns])
    somebody = f"trim({columns[0]}, {literal(SPACES)}) <> ''"
    told = f"{layer(['place', f'hash({salted}) AS pupil'], 'readings')} WHERE {somebody}"
    sql = f"WITH told AS MATERIALIZED ({told}), several AS ({SEVERAL}), repeated AS ({REPEATED}) {FOUND} {FIRST}"
    schema = pa.schema([("place", pa.int64()), *((column, pa.string()) for column in columns)])
    found = run(sql, schema, _placed(rows, schema), rows.file)
    number = int(found["number"].iloc[0]) if len(found) else 0
    return Twice(rows.header[0], tuple(int(place) for place in found["place"]), number)


def _placed(rows: Source, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    for numbers, table in rows.batches(list(rows.header)):
        texts = [column.cast(pa.string()).combine_chunks() for column in table.columns]
        if table.num_rows:
            yield from pa.Table.from_arrays(
                [pa.array(np.asarray(numbers, np.int64)), *texts], schema=schema
            ).to_batches()
