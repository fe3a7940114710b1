"""Rows of text: what `read` hands on, all at once or a stretch at a time, and always as often as one likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import pyarrow as pa


class Batch(NamedTuple):
    """A stretch of rows: a table of text, perhaps as dictionaries, and the number of each of its rows.

    Rows are numbered as a spreadsheet numbers them: the header is often row 1.
    """

    numbers: Sequence[int]
    table: pa.Table


@dataclass(frozen=True)
class Ready:
    """What a layout says of a file's rows.

    `keep`: columns and the spellings by which a row counts. `others`: a column and those that fill its blanks, an
    earlier one first. `means`: a column, and what some spellings in it stand for.
    """

    keep: tuple[tuple[str, tuple[str, ...]], ...] = ()
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    means: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Source(Protocol):
    """A file's rows, with the facts of the file they came from.

    Of a file that is read a stretch at a time, `sha256` and `count` are known once it has been read to its end.
    """

    @property
    def origin(self) -> Source:
        """The rows as they were read, before anything was done to them."""

    @property
    def file(self) -> str:
        """The file's name, for messages."""

    @property
    def encoding(self) -> str:
        """The encoding it has, or the kind of file it is."""

    @property
    def header(self) -> Sequence[str]:
        """The column names, as in the file."""

    @property
    def notes(self) -> Sequence[str]:
        """What is odd about the file, in words."""

    @property
    def short_rows(self) -> Sequence[int]:
        """Numbers of rows that end before the header does, filled up with blanks."""

    @property
    def sha256(self) -> str:
        """The fingerprint of the file's bytes."""

    @property
    def count(self) -> int:
        """How many rows there are."""

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows from the first, of these columns alone."""

    def whole(self) -> Rows:
        """All rows and columns in memory, without those that are blank."""


class Warehouse(Source, Protocol):
    """Rows that stay where they are, and are counted there."""

    def text(self, column: str) -> str:
        """A column's cells as text, in SQL, with blanks for null."""

    def answer(self, sql: Callable[[str], str]) -> list[dict[str, object]]:
        """The rows of what a statement, made for the name of a view, finds."""


@dataclass(frozen=True)
class Rows:
    """Rows in memory: every cell as text."""

    file: str
    sha256: str
    encoding: str
    table: pa.Table
    numbers: Sequence[int]
    notes: tuple[str, ...] = ()
    short_rows: tuple[int, ...] = ()

    @property
    def origin(self) -> Rows:
        """The same."""
        return self

    @property
    def header(self) -> list[str]:
        """The column names, as in the file."""
        return list(self.table.column_names)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.table.num_rows)

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows in one stretch, of these columns alone."""
        yield Batch(self.numbers, self.table.select(list(columns)))

    def whole(self) -> Rows:
        """The same."""
        return self


class Again(Exception):
    """A file has to be read once more from its start, in another way: `source` says how."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
