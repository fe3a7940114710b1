"""Rows of a pupil file made ready: those that count, of the columns that tell, each cell as its layout means it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import TYPE_CHECKING

from gapcalc.definitions import PupilLayout, spelling
from gapcalc.errors import EmptyFile
from gapcalc.harmonise.recognise import plain_name
from gapcalc.rows import Batch, Ready, Rows, Source

if TYPE_CHECKING:
    import pyarrow as pa


def ready(header: Sequence[str], layout: PupilLayout, found: Mapping[str, Sequence[str]]) -> Ready:
    """A header, its layout and each canonical column's columns in; what is to be done to the rows out."""
    keep = tuple(
        (column, tuple(dict.fromkeys(map(spelling, words))))
        for wanted, words in layout.keep.items()
        for column in header
        if plain_name(column) == plain_name(wanted)
    )
    others = {first: tuple(others) for first, *others in found.values() if others}
    means = {
        found[name][0]: {spelling(text): meaning for text, meaning in texts.items()}
        for name, texts in layout.means.items()
        if name in found
    }
    return Ready(keep, others, means)


@dataclass(frozen=True)
class Prepared:
    """A file's rows of which only some columns can be seen, as `ready` says: what every later step is given."""

    source: Source
    header: tuple[str, ...]
    ready: Ready
    counted: list[int] = field(default_factory=list, compare=False)  # rows that count, after each whole reading

    @property
    def origin(self) -> Source:
        """The rows as they were read."""
        return self.source

    @property
    def file(self) -> str:
        """The file's name."""
        return self.source.file

    @property
    def encoding(self) -> str:
        """The encoding the file has."""
        return self.source.encoding

    @property
    def notes(self) -> Sequence[str]:
        """What is odd about the file."""
        return self.source.notes

    @property
    def short_rows(self) -> Sequence[int]:
        """Numbers of rows that end early."""
        return self.source.short_rows

    @property
    def sha256(self) -> str:
        """The fingerprint of the file's bytes."""
        return self.source.sha256

    @property
    def count(self) -> int:
        """How many rows count."""
        if not self.ready.keep:
            return self.source.count
        if not self.counted:
            for _ in self.batches(self.header[:1]):
                pass
        return self.counted[-1]

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """The rows that count, of these columns. Raises EmptyFile at the end when there are none."""
        if strange := [name for name in columns if name not in self.header]:
            raise KeyError(*strange)
        used = [*columns, *(column for column, _ in self.ready.keep)]
        used += [other for name in columns for other in self.ready.others.get(name, ())]
        kept = 0
        for batch in self.source.batches(list(dict.fromkeys(used))):
            numbers, table = _kept(batch, self.ready)
            for name in columns:
                table = _filled(table, name, self.ready.others.get(name, ()))
                table = _meant(table, name, self.ready.means.get(name, {}))
            kept += table.num_rows
            yield Batch(numbers, table.select(list(columns)))
        self.counted.append(kept)
        if not kept:
            raise EmptyFile(self.file, header=True)

    def whole(self) -> Rows:
        """The rows that count, in memory."""
        import pyarrow as pa

        batches = list(self.batches(self.header))
        numbers = [number for batch in batches for number in batch.numbers]
        table = pa.concat_tables([batch.table for batch in batches])
        return Rows(self.file, self.sha256, self.encoding, table, numbers, tuple(self.notes), tuple(self.short_rows))


def _kept(batch: Batch, ready: Ready) -> Batch:
    """The rows that have one of the words in each column they are kept by."""
    numbers, table = batch
    for column, words in ready.keep:
        kept = _is_one(table, column, set(words))
        numbers, table = list(compress(numbers, kept.to_pylist())), table.filter(kept)
    return Batch(numbers, table)


def _is_one(table: pa.Table, column: str, words: set[str]) -> pa.ChunkedArray:
    """For each row, whether the spelling of its cell is one of the words."""
    import pyarrow as pa
    from pyarrow import compute as pc

    texts = [text for text in table.column(column).unique().to_pylist() if spelling(text) in words]
    return pc.is_in(_plain(table, column), value_set=pa.array(texts, pa.string()))


def _filled(table: pa.Table, first: str, others: Sequence[str]) -> pa.Table:
    """The table with the blanks of a column filled from the others."""
    from pyarrow import compute as pc

    for other in others:
        blank = _is_one(table, first, {""})
        if pc.any(blank).as_py():
            texts = pc.if_else(blank, _plain(table, other), _plain(table, first))
            table = table.set_column(table.column_names.index(first), first, texts)
    return table


def _meant(table: pa.Table, column: str, means: Mapping[str, str]) -> pa.Table:
    """The table with each text of a column replaced by what it stands for."""
    from pyarrow import compute as pc

    if not means:
        return table
    texts = _plain(table, column)
    for text, meaning in means.items():
        # Told by the cells as they are in the file, so that one meaning does not become another.
        texts = pc.if_else(_is_one(table, column, {text}), meaning, texts)
    return table.set_column(table.column_names.index(column), column, texts)


def _plain(table: pa.Table, column: str) -> pa.ChunkedArray:
    """A column's texts, which may have come as a dictionary."""
    import pyarrow as pa

    return table.column(column).cast(pa.string())
