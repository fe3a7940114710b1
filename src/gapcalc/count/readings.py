"""Readings: stretches of text in, the same with every cell read out. Each text of a column is read once, by `model`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gapcalc.count.statement import Statement, is_score
from gapcalc.definitions import spelling
from gapcalc.model import UNREAD
from gapcalc.rows import Source

if TYPE_CHECKING:
    import pyarrow as pa

REMEMBERED = 100_000  # texts of a column; a column of pupils' own values has no end of them

Read = tuple[int | None, ...]


class Readings:
    """The rows of a source as a statement wants them. `spelled` has the texts of each key, by the number for each."""

    def __init__(self, rows: Source, statement: Statement) -> None:
        self.rows, self.statement = rows, statement
        self.spelled: list[dict[str, int]] = [{} for _ in statement.keys]
        self.known: dict[str, dict[str, Read]] = {column: {} for column in statement.columns}

    def schema(self) -> pa.Schema:
        """The columns: keys and names, then what each column of cells tells."""
        import pyarrow as pa

        fields = [(f"k{i}", pa.int32()) for i in range(len(self.statement.keys))]
        fields += [(f"c{i}", pa.string()) for i in range(len(self.statement.names))]
        for column in self.statement.columns:
            fields += [(name, kind) for name, kind in self._told(column)]
        return pa.schema(fields)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """All rows, from the first to the last."""
        import pyarrow as pa

        schema, statement = self.schema(), self.statement
        wanted = dict.fromkeys([*statement.keys, *statement.names, *statement.columns])
        for batch in self.rows.batches(list(wanted)):
            if not batch.table.num_rows:
                continue
            arrays: list[pa.Array] = []
            for column, numbers in zip(statement.keys, self.spelled, strict=True):
                texts = encoded(batch.table, column)
                places = [numbers.setdefault(text, len(numbers)) for text in texts.dictionary.to_pylist()]
                arrays.append(pa.array(places, pa.int32()).take(texts.indices))
            arrays += [encoded(batch.table, column).dictionary_decode() for column in statement.names]
            for column in statement.columns:
                texts = encoded(batch.table, column)
                read = self._read(column, texts.dictionary.to_pylist())
                for (_, kind), values in zip(self._told(column), zip(*read, strict=True), strict=True):
                    arrays.append(pa.array(values, kind).take(texts.indices))
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def _told(self, column: str) -> list[tuple[str, pa.DataType]]:
        """What the cells of a column tell: names as in the statement, and types."""
        import pyarrow as pa

        one = self.statement
        word = pa.int8() if len(one.words) < 2**7 else pa.int32()
        told = [(f"a{i}", word) for i, telling in enumerate(one.tellings) if telling.column == column]
        told += [(f"g{i}", pa.int8()) for i, name in enumerate(one.group_columns) if name == column]
        told += [(f"e{i}", pa.int32()) for i, name in enumerate(one.spans) if name == column]
        told += [
            (f"b{i}", pa.int64() if is_score(outcome) else pa.int8())
            for i, outcome in enumerate(one.outcomes)
            if outcome.column == column
        ]
        told += [(f"u{i}", pa.int8()) for i, outcome in enumerate(one.readings) if outcome.column == column]
        return told

    def _read(self, column: str, texts: Sequence[str]) -> list[Read]:
        known = self.known[column]
        if len(known) > REMEMBERED:
            known.clear()
        for text in texts:
            if text not in known:
                known[text] = self._cell(column, spelling(text))
        return [known[text] for text in texts]

    def _cell(self, column: str, text: str) -> Read:
        one = self.statement
        words = [telling.word(text) for telling in one.tellings if telling.column == column]
        told: list[int | None] = [one.words.index(word) if isinstance(word, str) else None for word in words]
        told += [int(UNREAD in words)] if words else []
        told += [one.span_bits(column, text)] if column in one.spans else []
        results = [outcome.result(text) for outcome in one.outcomes if outcome.column == column]
        told += [result if isinstance(result, int) else None for result in results]
        readings = [outcome.result(text) for outcome in one.readings if outcome.column == column]
        return (*told, *(int(result is UNREAD) for result in readings))


def encoded(table: pa.Table, column: str) -> pa.DictionaryArray:
    """A column as a dictionary, which it may be already."""
    import pyarrow as pa

    texts = table.column(column).combine_chunks()
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.chunk(0)
    return texts if pa.types.is_dictionary(texts.type) else texts.dictionary_encode()
