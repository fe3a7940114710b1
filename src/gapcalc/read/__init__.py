"""Read: a path in, rows of text out. The only room that opens an input."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TypeVar

from gapcalc.errors import EmptyFile, TooLarge
from gapcalc.read.decode import decode
from gapcalc.read.parquet import read_parquet
from gapcalc.read.sheets import read_sheet
from gapcalc.read.sources import source
from gapcalc.read.stream import stream
from gapcalc.read.text import read_text
from gapcalc.read.unpack import unpack
from gapcalc.rows import Again, Rows, Source

Result = TypeVar("Result")
ANYTHING = re.compile(rb"\S")


def read(path: str, *, sheet: str | None = None, encoding: str | None = None, delimiter: str | None = None) -> Source:
    """A path, or `-` for stdin, in; every cell as text out.

    CSV, xlsx and Parquet, each also in a gzip or a zip, are told by their bytes. Of a text, the encoding and what
    separates it are found by looking, unless they are given; `sheet` chooses one of a workbook. A large file is only
    begun to be read: whoever reads its rows does so in `taken`, since it may turn out that it must be read otherwise.

    Raises InputError (FileNotThere, NotReadable, EmptyFile, RaggedRows, TooLarge, WhichSheet), and UnknownName for
    an encoding or delimiter that is not there.
    """

    def whole() -> Rows:
        return read_whole(path, sheet, encoding, delimiter)

    return stream(path, encoding, delimiter, whole) or whole()


def rows_of(
    path: str, engine: str, *, sheet: str | None = None, encoding: str | None = None, delimiter: str | None = None
) -> Source:
    """What an engine is to count in, its rows out: Spark's are where Spark finds them, all others are read here."""
    if engine == "spark":
        from gapcalc.read.warehouse import warehouse

        return warehouse(path)
    return read(path, sheet=sheet, encoding=encoding, delimiter=delimiter)


def taken(source: Source, take: Callable[[Source], Result]) -> Result:
    """What is made of a source out. Where it turns out that it has to be read in another way, it is made anew."""
    while True:
        try:
            return take(source)
        except Again as again:
            source = again.source


def read_whole(path: str, sheet: str | None, encoding: str | None, delimiter: str | None) -> Rows:
    """A path in; all its rows in memory out, after a look at every byte."""
    file, data = source(path)
    given = [data]  # handed over, so that a file of hundreds of megabytes is let go of once its text is out of it
    del data
    try:
        return _read(given, file, sheet, encoding, delimiter)
    except MemoryError:
        raise TooLarge(
            file, "it does not fit into memory", "split it, by year or by area, and give the parts"
        ) from None


def _read(given: list[bytearray], file: str, sheet: str | None, encoding: str | None, delimiter: str | None) -> Rows:
    data = given.pop()
    fingerprint = hashlib.sha256(data).hexdigest()
    if not ANYTHING.search(data):
        raise EmptyFile(file, header=False)
    kind, data = unpack(data, file)
    heard: list[str] = []
    if kind == "workbook":
        used, found = "xlsx", read_sheet(data, sheet, file)
    elif kind == "parquet":
        used, found = "parquet", read_parquet(data, file)
    else:
        data, used, heard = decode(data, encoding, file)
        found = read_text(data, delimiter, file)
    return Rows(file, fingerprint, used, found.table, found.numbers, (*heard, *found.notes), found.short_rows)
