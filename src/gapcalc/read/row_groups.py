"""Large Parquet files a stretch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gapcalc.errors import EmptyFile, NotReadable
from gapcalc.progress import tell
from gapcalc.read import limits
from gapcalc.read.fingerprint import Fingerprint
from gapcalc.read.instead import instead
from gapcalc.read.on_disk import OnDisk
from gapcalc.read.parquet import as_text, check_types, is_text
from gapcalc.read.shape import has_blank_rows
from gapcalc.rows import Again, Batch, Rows


def row_groups(place: Path, whole: Callable[[], Rows]) -> RowGroups | None:
    """The path of a Parquet file in; its rows out, or None when it is odd: `whole` says how."""
    from pyarrow import parquet as pq

    with instead(NotReadable(place.name, "the Parquet file is cut short or damaged", "copy or export it again")):
        schema = pq.read_schema(place)
    header = tuple(schema.names)
    check_types(schema, place.name)
    if not 0 < len({*header}) == len(header) <= limits.MAX_COLUMNS or not all(name.strip() for name in header):
        return None
    return RowGroups(place=place, header=header, read_whole=whole)


@dataclass(frozen=True, kw_only=True)
class RowGroups(OnDisk):
    """A Parquet file, which is opened afresh for each reading of its rows."""

    encoding: str = "parquet"

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows, of these columns, texts as dictionaries. Raises NotReadable, EmptyFile."""
        import pyarrow as pa
        from pyarrow import parquet as pq

        damaged = NotReadable(self.file, "the Parquet file is cut short or damaged", "copy or export it again")
        rows = 0
        with ThreadPoolExecutor(1) as pool, self.place.open("rb") as file:
            fingerprint = pool.submit(self._fingerprint)
            with instead(damaged):
                texts = [one.name for one in pq.read_schema(self.place) if is_text(one.type)]
                opened = pq.ParquetFile(file, read_dictionary=texts)
                # Columns read side by side take more memory, and no less time: DuckDB has the other core.
                batches = opened.iter_batches(
                    limits.PARQUET_ROWS, columns=list(dict.fromkeys(columns)), use_threads=False
                )
            while True:
                with instead(damaged):
                    batch = next(batches, None)
                    if batch is None:
                        break
                    batch.validate(full=True)  # nobody has looked yet whether texts are UTF-8
                    table = pa.table({name: _dictionary(batch.column(name)) for name in columns})
                if not self.found and has_blank_rows(table):
                    raise Again(self.read_whole())
                yield Batch(range(2 + rows, 2 + rows + batch.num_rows), table)
                rows += batch.num_rows
                tell(f"reading {self.file}", rows, rows / opened.metadata.num_rows)
            if not rows:
                raise EmptyFile(self.file, header=True)
            fingerprint.result().check(rows, self.found)

    def _fingerprint(self) -> Fingerprint:
        with self.place.open("rb") as file:
            return Fingerprint(file, self.file).drained()


def _dictionary(column: object) -> object:
    """A column as text. Texts stay dictionaries, with a blank for null."""
    import pyarrow as pa

    if not (isinstance(column, pa.DictionaryArray) and is_text(column.type.value_type)):
        return as_text(column)
    words = column.dictionary.cast(pa.string())
    if not column.indices.null_count and not words.null_count:
        return pa.DictionaryArray.from_arrays(column.indices, words)
    words = pa.concat_arrays([words.fill_null(""), pa.array([""])])
    return pa.DictionaryArray.from_arrays(column.indices.fill_null(len(words) - 1), words)
