"""Large texts a stretch at a time: for files in which nothing is odd, which most large ones are.

Whatever is odd (a row of another width, a quote gone astray, a line end in a cell, an empty line) makes it `Again`: the
file is read whole, with a look at every byte, and what is wrong is said there. So a stretch is taken here only when
it has as many rows as lines.
"""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from gapcalc.errors import InputError
from gapcalc.progress import tell
from gapcalc.read import limits
from gapcalc.read.decode import CP1252, called, check_table, codec_of, unmarked
from gapcalc.read.fingerprint import Fingerprint
from gapcalc.read.on_disk import OnDisk
from gapcalc.read.quotes import check_header, plainly_tidy, tidy
from gapcalc.read.row_groups import row_groups
from gapcalc.read.shape import before, has_blank_rows, names
from gapcalc.read.sources import STDIN
from gapcalc.read.stretches import Odd, Stretch, stretches
from gapcalc.read.text import declared, known, look
from gapcalc.read.unpack import kind_of
from gapcalc.rows import Again, Batch, Rows, Source

if TYPE_CHECKING:
    import pyarrow as pa


def stream(path: str, encoding: str | None, delimiter: str | None, whole: Callable[[], Rows]) -> Source | None:
    """A path in; its rows out, or None for a file that is small, no text or odd from its start: `whole` reads that."""
    try:
        place = Path(path)
        if path == STDIN or not place.is_file() or place.stat().st_size < limits.STREAMED:
            return None
        with place.open("rb") as file:
            kind = kind_of(bytearray(file.read(limits.CHUNK)), place.name)
        if kind == "parquet":
            return row_groups(place, whole)
        return _text(place, encoding, delimiter, whole, packed=kind == "gzip") if kind in ("text", "gzip") else None
    except (InputError, OSError, ValueError, EOFError, zlib.error):
        return None


def _text(
    place: Path,
    encoding: str | None,
    delimiter: str | None,
    whole: Callable[[], Rows],
    *,
    packed: bool,
    fallen_back: bool = False,
) -> Stream | None:
    """A text whose start has been looked at; None when it is odd. `fallen_back`: it has turned out not to be UTF-8."""
    with place.open("rb") as file, gzip.GzipFile(fileobj=file) if packed else file as text:
        start = bytearray(text.read(2 * limits.SAMPLE))
    if packed and kind_of(start, place.name) != "text":
        return None
    codec, notes = ("cp1252", [CP1252]) if fallen_back else codec_of(start, encoding)
    try:
        decoded = bytearray(codecs.getincrementaldecoder(codec)().decode(bytes(start)).encode("utf-8"))
    except UnicodeError:
        if codec != "utf-8" or encoding is not None:
            return None
        return _text(place, encoding, delimiter, whole, packed=packed, fallen_back=True)
    length = len(decoded)
    data = unmarked(decoded)
    check_table(data, place.name)
    told = declared(data, place.name, given=delimiter is not None)
    seen = look(data, known(delimiter) or told, place.name)
    check_header(seen.header, seen.delimiter, place.name, seen.above + 1)
    above = memoryview(data)[: seen.start]
    if not seen.header[-1].strip() or b"\0" in data or not tidy(above, seen.delimiter):
        return None
    return Stream(
        place=place,
        codec=codec,
        sure=encoding is not None or codec != "utf-8",
        packed=packed,
        delimiter=seen.delimiter,
        given=delimiter,
        header=tuple(names(seen.header, place.name)),
        skip=length - len(data) + seen.start,
        first=seen.first,
        notes=(*notes, *before(seen.above)),
        read_whole=whole,
    )


@dataclass(frozen=True, kw_only=True)
class Stream(OnDisk):
    """A text file, which is opened afresh for each reading of its rows."""

    codec: str
    sure: bool  # whether the codec was given or told by the bytes, and not just assumed
    packed: bool
    delimiter: str
    given: str | None  # the delimiter that the user has named
    skip: int  # bytes of the text, as UTF-8, up to the first row
    first: int  # the number of that row

    @property
    def encoding(self) -> str:
        """The encoding the file has."""
        return called(self.codec)

    def batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        """All rows, of these columns. Raises Again where something is odd, NotReadable when the file has changed."""
        try:
            yield from self._batches(columns)
        except Odd as odd:
            # Only here, when no stretch is at work any more: it may take as much memory as the file.
            raise self._again(cp1252=odd.no_utf_8) from None

    def _batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        rows = 0
        with self.place.open("rb") as file:
            raw, size = Fingerprint(file, self.file), max(1, self.place.stat().st_size)
            with closing(self._tables(raw, columns)) as tables:
                for table in tables:
                    if not self.found and has_blank_rows(table):
                        raise Odd
                    yield Batch(range(self.first + rows, self.first + rows + table.num_rows), table)
                    rows += table.num_rows
                    tell(f"reading {self.file}", rows, raw.size / size)
            if not rows:
                raise Odd
            raw.drained().check(rows, self.found)

    def _tables(self, raw: Fingerprint, columns: Sequence[str]) -> Generator[pa.Table, None, None]:
        """The rows a stretch at a time, of which some more are being parsed."""
        workers = min(4, os.cpu_count() or 1)
        ahead: deque[tuple[Stretch, Future[pa.Table]]] = deque()
        free: list[bytearray] = []
        blocks = stretches(self._filler(raw), self.skip, free)
        with ThreadPoolExecutor(workers) as pool:
            try:
                while True:
                    for block in islice(blocks, workers + 1 - len(ahead)):
                        ahead.append((block, pool.submit(self._parsed, block, columns)))
                    if not ahead:
                        return
                    block, parsed = ahead.popleft()
                    table = parsed.result()
                    free.append(block.buffer)
                    yield table
            finally:
                for _, waiting in ahead:
                    waiting.cancel()

    def _again(self, *, cp1252: bool) -> Again:
        """How to read the file after all: as what text that is no UTF-8 most often is, or whole."""
        if cp1252 and not self.sure:
            with suppress(InputError, OSError, EOFError):
                other = _text(self.place, None, self.given, self.read_whole, packed=self.packed, fallen_back=True)
                if other is not None:
                    return Again(other)
        return Again(self.read_whole())

    def _filler(self, raw: Fingerprint) -> Callable[[memoryview], int]:
        """What puts the next bytes of the text, as UTF-8, into a block."""
        packed = gzip.GzipFile(fileobj=cast("IO[bytes]", raw), mode="rb") if self.packed else None
        stream = packed or raw
        decoder = None if self.codec == "utf-8" else codecs.getincrementaldecoder(self.codec)()
        unpacked = 0

        def fill(block: memoryview) -> int:
            nonlocal unpacked
            try:
                size = _decoded(stream, decoder, block) if decoder else stream.readinto(block[: limits.BLOCK])
            except (UnicodeError, OSError, EOFError, zlib.error):
                raise Odd from None
            unpacked += size
            if self.packed and unpacked > limits.FREE_OF_RATIO and unpacked > limits.MAX_RATIO * raw.size:
                raise Odd
            return size

        return fill

    def _tidy(self, block: Stretch) -> bool:
        return plainly_tidy(block.data, self.delimiter) or tidy(block.data, self.delimiter)

    def _parsed(self, block: Stretch, columns: Sequence[str]) -> pa.Table:
        """The rows of a stretch."""
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not block.buffer.isascii():
            try:
                codecs.utf_8_decode(block.data, "strict", True)
            except UnicodeError:
                raise Odd(no_utf_8=self.codec == "utf-8") from None
        quoted = block.has(b'"')
        if block.has(b"\r") and block.count(b"\r") != block.count(b"\r\n"):
            raise Odd
        if block.has(b"\0") or not block.of_short_lines() or (quoted and not self._tidy(block)):
            raise Odd
        try:
            table = arrow_csv.read_csv(
                pa.py_buffer(block.data),
                read_options=arrow_csv.ReadOptions(
                    column_names=self.header, use_threads=False, block_size=block.end + 1
                ),
                parse_options=arrow_csv.ParseOptions(delimiter=self.delimiter, newlines_in_values=quoted),
                # All text: inference would drop leading zeros and read NA as nothing.
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=list(columns),
                    column_types=dict.fromkeys(columns, pa.string()),
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid:
            raise Odd from None  # Arrow's own message quotes the row
        if table.num_rows != block.count(b"\n") + (block.buffer[block.end - 1] != ord("\n")):
            raise Odd
        # As dictionaries, since each text is read once.
        return pa.table({name: table.column(name).combine_chunks().dictionary_encode() for name in columns})


def _decoded(stream: Fingerprint | gzip.GzipFile, decoder: codecs.IncrementalDecoder, block: memoryview) -> int:
    """The next bytes as UTF-8 into a block: a letter of one byte may have three there."""
    while chunk := stream.read(max(1, limits.BLOCK // 3)):
        if text := decoder.decode(chunk).encode("utf-8"):
            block[: len(text)] = text
            return len(text)
    decoder.decode(b"", final=True)
    return 0
