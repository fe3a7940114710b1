"""Pupils who stand twice: found in bounded memory, by numbers from which no pupil can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING

from gapcalc.count.duck import run
from gapcalc.count.literals import layer, literal, spelling_of
from gapcalc.count.readings import encoded
from gapcalc.model import Key
from gapcalc.rows import Source
from gapcalc.tally import Twice

if TYPE_CHECKING:
    import pyarrow as pa

FIRST = 5  # as many rows as a message names
SEVERAL = "SELECT pupil, MIN(place) AS first FROM told GROUP BY pupil HAVING COUNT(*) > 1"
REPEATED = "SELECT place FROM told JOIN several USING (pupil) WHERE place <> first"
FOUND = "SELECT place, (SELECT COUNT(*) FROM repeated) AS number FROM repeated ORDER BY place LIMIT"


def twice(rows: Source, keys: Sequence[Key]) -> Twice:
    """A column of pupils' numbers, and the keys that tell the cohort, in; the rows in which a pupil stands again out.

    Numbers and keys are compared as they are read: `2014-15` is 2014/15. A blank is nobody's number.

    Two of fifty million pupils are taken for one by chance once in ten thousand files.
    """
    import pyarrow as pa

    told = [key for key in keys if key.column is not None]
    columns = ["number", *(f"x{place}" for place, _ in enumerate(told))]
    # What goes to disk where memory does not do are numbers made with a salt that nobody knows.
    number = spelling_of("number")
    salted = ", ".join([literal(token_hex(16)), number, *columns[1:]])
    somebody = f"{layer(['place', f'hash({salted}) AS pupil'], 'readings')} WHERE {number} <> ''"
    sql = f"WITH told AS MATERIALIZED ({somebody}), several AS ({SEVERAL}), repeated AS ({REPEATED}) {FOUND} {FIRST}"
    schema = pa.schema([("place", pa.int64()), *((column, pa.string()) for column in columns)])
    found = run(sql, schema, _placed(rows, told, schema), rows.file)
    again = int(found["number"].iloc[0]) if len(found) else 0
    return Twice(rows.header[0], tuple(int(place) for place in found["place"]), again)


def _placed(rows: Source, keys: Sequence[Key], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    for places, table in rows.batches(list(rows.header)):
        if not table.num_rows:
            continue
        arrays = [pa.array(np.asarray(places, np.int64)), table.column(0).cast(pa.string()).combine_chunks()]
        for key in keys:
            texts = encoded(table, str(key.column))
            words = [key.read(text) or text for text in texts.dictionary.to_pylist()]
            arrays.append(pa.array(words, pa.string()).take(texts.indices))
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
