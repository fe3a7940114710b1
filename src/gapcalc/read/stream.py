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
from contextlib import suppress
from dataclasses import dataclass
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
    if not seen.header[-1].strip() or b"\0" in data:
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


class _Odd(Exception):
    """Something in a stretch of text is odd: perhaps that it is no UTF-8."""

    def __init__(self, *, no_utf_8: bool = False) -> None:
        super().__init__()
        self.no_utf_8 = no_utf_8


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
        except _Odd as odd:
            # Only here, when no stretch is at work any more: it may take as much memory as the file.
            raise self._again(cp1252=odd.no_utf_8) from None

    def _batches(self, columns: Sequence[str]) -> Iterator[Batch]:
        rows, workers = 0, min(4, os.cpu_count() or 1)
        with ThreadPoolExecutor(workers) as pool, self.place.open("rb") as file:
            raw, size = Fingerprint(file, self.file), max(1, self.place.stat().st_size)
            ahead: deque[Future[pa.Table]] = deque()
            try:
                for block in self._blocks(raw):
                    ahead.append(pool.submit(self._parsed, block, columns))
                    if len(ahead) > workers:
                        rows += yield from self._batch(ahead.popleft(), rows)
                        tell(f"reading {self.file}", rows, raw.size / size)
                while ahead:
                    rows += yield from self._batch(ahead.popleft(), rows)
                    tell(f"reading {self.file}", rows, raw.size / size)
            finally:
                for waiting in ahead:
                    waiting.cancel()
            if not rows:
                raise _Odd
            raw.drained().check(rows, self.found)

    def _batch(self, parsed: Future[pa.Table], before: int) -> Generator[Batch, None, int]:
        table, start = parsed.result(), self.first + before
        if not self.found and has_blank_rows(table):
            raise _Odd
        yield Batch(range(start, start + table.num_rows), table)
        return int(table.num_rows)

    def _again(self, *, cp1252: bool) -> Again:
        """How to read the file after all: as what text that is no UTF-8 most often is, or whole."""
        if cp1252 and not self.sure:
            with suppress(InputError, OSError, EOFError):
                other = _text(self.place, None, self.given, self.read_whole, packed=self.packed, fallen_back=True)
                if other is not None:
                    return Again(other)
        return Again(self.read_whole())

    def _blocks(self, raw: Fingerprint) -> Iterator[bytes]:
        """Stretches of UTF-8, each of whole rows."""
        ready, rest, skip = b"", b"", self.skip
        for text in self._texts(raw):
            data = rest + (text[skip:] if skip else text)
            skip = max(0, skip - len(text))
            if cut := _cut(data):
                if ready:
                    yield ready
                ready = data[:cut]
            rest = data[cut:]
            if len(rest) > limits.MAX_ROW:
                raise _Odd
        # Empty lines at the end are no rows, nor is the mark with which programs of the age of DOS end a text.
        if last := (ready + rest).rstrip(b"\x1a\r\n"):
            yield last

    def _texts(self, raw: Fingerprint) -> Iterator[bytes]:
        """The text as UTF-8, a chunk at a time."""
        packed = gzip.GzipFile(fileobj=cast("IO[bytes]", raw), mode="rb") if self.packed else None
        stream = packed or raw
        decoder = None if self.codec == "utf-8" else codecs.getincrementaldecoder(self.codec)()
        size = 0
        try:
            while chunk := stream.read(limits.BLOCK):
                size += len(chunk)
                if self.packed and size > limits.FREE_OF_RATIO and size > limits.MAX_RATIO * raw.size:
                    raise _Odd
                yield chunk if decoder is None else decoder.decode(chunk).encode("utf-8")
            yield decoder.decode(b"", final=True).encode("utf-8") if decoder else b""
        except (UnicodeError, OSError, EOFError, zlib.error):
            raise _Odd from None

    def _tidy(self, block: bytes) -> bool:
        return plainly_tidy(block, self.delimiter) or tidy(memoryview(block), self.delimiter)

    def _parsed(self, block: bytes, columns: Sequence[str]) -> pa.Table:
        """The rows of a stretch."""
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not block.isascii():
            try:
                block.decode("utf-8")
            except UnicodeError:
                raise _Odd(no_utf_8=self.codec == "utf-8") from None
        quoted = b'"' in block
        if b"\r" in block and block.count(b"\r") != block.count(b"\r\n"):
            raise _Odd
        if b"\0" in block or (quoted and not self._tidy(block)):
            raise _Odd
        try:
            table = arrow_csv.read_csv(
                pa.py_buffer(block),
                read_options=arrow_csv.ReadOptions(
                    column_names=self.header, use_threads=False, block_size=len(block) + 1
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
            raise _Odd from None  # Arrow's own message quotes the row
        if table.num_rows != block.count(b"\n") + (not block.endswith(b"\n")):
            raise _Odd
        # As dictionaries, since each text is read once.
        return pa.table({name: table.column(name).combine_chunks().dictionary_encode() for name in columns})


def _cut(data: bytes) -> int:
    """Where the last whole row ends: at the last line end before which all quotes are closed."""
    end, before = len(data), data.count(b'"')
    while (at := data.rfind(b"\n", 0, end)) >= 0:
        before -= data.count(b'"', at, end)
        if before % 2 == 0:
            return at + 1
        end = at
    return 0
