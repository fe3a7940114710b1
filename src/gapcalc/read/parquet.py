"""Parquet in, a table of text out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gapcalc.errors import EmptyFile, NotReadable
from gapcalc.read import limits
from gapcalc.read.instead import instead
from gapcalc.read.shape import Found, finish, names
from gapcalc.read.sources import too_many_bytes

if TYPE_CHECKING:
    import pyarrow as pa

EXACT = 2**53  # whole numbers above are not exact as floats


def read_parquet(data: bytearray, file: str) -> Found:
    """The bytes of a Parquet file in; its columns as text out. Nulls are blanks.

    Raises NotReadable for what is damaged or for columns of lists or structures, EmptyFile, TooLarge.
    """
    import pyarrow as pa
    from pyarrow import parquet as pq

    with instead(NotReadable(file, "the Parquet file is cut short or damaged", "copy or export it again")):
        schema = pq.read_schema(pa.BufferReader(data))
        if not len(schema):
            raise EmptyFile(file, header=False)
        header = list(schema.names)
        distinct = names(header, file)
        check_types(schema, file)
        # As dictionaries, texts repeated a million times take their space once until we know how much it would be.
        texts = [field.name for field in schema if is_text(field.type)]
        batches, size = [], 0
        for batch in pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts).iter_batches(limits.BATCH_ROWS):
            columns = []
            for column in batch.columns:
                size += _size(column)
                if size > limits.MAX_BYTES:
                    raise too_many_bytes(file)
                columns.append(as_text(column))
            batches.append(pa.record_batch(columns, names=distinct))
        if not batches:
            raise EmptyFile(file, header=True)
        table = pa.Table.from_batches(batches)
        table.validate(full=True)  # nobody has looked yet whether texts are UTF-8
        return finish(table, header, file, range(2, table.num_rows + 2))


def check_types(schema: pa.Schema, file: str) -> None:
    """Raise NotReadable for columns of lists or structures."""
    import pyarrow as pa

    for place, field in enumerate(schema, 1):
        if pa.types.is_nested(field.type):
            raise NotReadable(file, f"column {place} holds lists or structures, not single values", "leave it out")


def is_text(kind: pa.DataType) -> bool:
    """Whether a column holds texts."""
    import pyarrow as pa

    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    return any(test(kind) for test in tests)


def _size(column: pa.Array) -> int:
    """How many bytes a column takes as text, or about as many."""
    import pyarrow as pa
    from pyarrow import compute as pc

    if not pa.types.is_dictionary(column.type):
        return 8 * len(column)
    lengths = pc.binary_length(column.dictionary) if is_text(column.dictionary.type) else None
    return 8 * len(column) + (pc.sum(lengths.take(column.indices)).as_py() or 0 if lengths is not None else 0)


def as_text(column: pa.Array) -> pa.Array:
    """A column of any single values in, the same as text out."""
    import pyarrow as pa
    from pyarrow import compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_boolean(kind):
        column = pc.if_else(column, "TRUE", "FALSE")
    elif pa.types.is_floating(kind):
        column = _floats(column.cast(pa.float64()))
    elif pa.types.is_timestamp(kind):
        column = _times(column)
    return pc.fill_null(column.cast(pa.string()), "")


def _floats(column: pa.Array) -> pa.Array:
    """Whole numbers without decimals: a column of them with a blank among them comes as floats."""
    import pyarrow as pa
    from pyarrow import compute as pc

    column = pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), EXACT))
    integers = pc.if_else(whole, column, pa.scalar(None, pa.float64())).cast(pa.int64()).cast(pa.string())
    return pc.coalesce(integers, column.cast(pa.string()))


def _times(column: pa.Array) -> pa.Array:
    """Dates alone where the time is midnight, as in a sheet."""
    import pyarrow as pa
    from pyarrow import compute as pc

    moments = column.cast(pa.timestamp("us"), safe=False)
    days = moments.cast(pa.date32(), safe=False)
    midnight = pc.equal(moments, days.cast(pa.timestamp("us")))
    text = pc.replace_substring_regex(moments.cast(pa.string()), r"^(\S+) (\S+?)(\.0+)?$", r"\1T\2")
    return pc.if_else(midnight, days.cast(pa.string()), text)
