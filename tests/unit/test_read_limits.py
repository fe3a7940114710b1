"""How much is let in, and what is not a file. Limits are made small; that the real ones hold is in test_hostile."""

import gzip
import io
import os
import signal
import socket
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from gapcalc.errors import FileNotThere, InputError, NotReadable, TooLarge
from gapcalc.read import limits, sources
from gapcalc.read.instead import instead
from tests.unit.test_read_sheets import SHEET, changed
from tests.whole import read

Write = Callable[..., Path]
Limit = Callable[..., None]
ROWS = "a,b\n" + "123,456\n" * 200
CANARY = "A123456789012"


@pytest.fixture
def limit(monkeypatch: pytest.MonkeyPatch) -> Limit:
    """Set limits for one test."""

    def limit_(**values: int) -> None:
        for name, value in values.items():
            monkeypatch.setattr(limits, name, value)

    return limit_


def zipped(data: bytes, copies: int = 1) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in range(copies):
            archive.writestr(f"{place}.csv", data)
    return made.getvalue()


def parquet(table: pa.Table) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made)
    return made.getvalue()


def too_large(path: Path, words: str) -> None:
    with pytest.raises(TooLarge, match=words) as refused:
        read(str(path))
    assert refused.value.exit_code == 3
    assert refused.value.hint
    assert CANARY not in refused.value.message + refused.value.hint
    assert refused.value.__cause__ is None


def test_bytes_of_a_file_or_a_pipe(write: Write, limit: Limit, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(MAX_BYTES=1000)
    too_large(write(ROWS), "more than 1,000 bytes")

    class Piped:
        buffer = io.BytesIO(ROWS.encode())
        closed = False

    monkeypatch.setattr("sys.stdin", Piped())
    limit(CHUNK=16)
    with pytest.raises(TooLarge):
        read("-")
    assert Piped.buffer.tell() <= 1016


def test_of_a_large_file_that_is_no_text_only_the_start_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as made:
        made.truncate(limits.MAX_BYTES + 1)
    monkeypatch.setattr(sources, "_all", lambda *_: pytest.fail("it was read"))
    too_large(path, "more than 2 GiB")


def test_bytes_that_come_out(tmp_path: Path, limit: Limit) -> None:
    limit(MAX_BYTES=1000, CHUNK=64)
    path = tmp_path / "data"
    texts = pa.table({"a": ["x" * 100] * 20})
    wide = ("a,b\n" + "\N{EURO SIGN}" * 450 + ",1\n").encode("utf-16")  # 2 bytes a letter, and 3 in UTF-8
    for packed in (gzip.compress(ROWS.encode()), zipped(ROWS.encode()), parquet(texts), wide):
        assert len(packed) <= 1000
        path.write_bytes(packed)
        too_large(path, "more than 1,000 bytes")


def test_a_ratio_that_only_a_bomb_has(tmp_path: Path, limit: Limit) -> None:
    limit(FREE_OF_RATIO=10_000)
    path = tmp_path / "data"
    for packed in (gzip.compress(ROWS.encode() * 100), zipped(ROWS.encode() * 100)):
        path.write_bytes(packed)
        too_large(path, "200 times its size")


def test_a_bomb_that_lies_or_has_company(tmp_path: Path, limit: Limit) -> None:
    limit(FREE_OF_RATIO=10_000)
    bomb = zipped(ROWS.encode() * 100)
    size = bomb.index(b"PK\x01\x02") + 20
    path = tmp_path / "data"
    path.write_bytes(bomb[:size] + b"\xff\xff\xff\x7f" + bomb[size + 4 :])  # how much it is packed
    # Newer Pythons see for themselves that what it is packed in would go over the end.
    with pytest.raises(InputError, match=r"200 times its size|cut short or damaged"):
        read(str(path))
    made = io.BytesIO(bomb)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(".DS_Store", bytes(100_000))
    path.write_bytes(made.getvalue())
    too_large(path, "200 times its size")


def test_columns_rows_cells_and_members(write: Write, tmp_path: Path, limit: Limit) -> None:
    limit(MAX_COLUMNS=3, MAX_CELL=100, SAMPLE=1000, MAX_MEMBERS=2, MAX_UNEVEN=5)
    too_large(write("a,b,c,d\n1,2,3,4\n"), "3 columns")
    too_large(write("a,b\n1,2\n3," + CANARY * 10 + "\n"), "cell in row 3")
    too_large(write("," * 2000), "first row holds more than 1,000 bytes")
    path = tmp_path / "data"
    path.write_bytes(parquet(pa.table({name: ["x"] for name in "abcd"})))
    too_large(path, "3 columns")
    path.write_bytes(zipped(b"", 3))
    too_large(path, "2 files")
    with pytest.raises(NotReadable, match="more than 5 rows have not the 2 fields"):
        read(str(write("a,b\n1,2\n" + "1\n" * 9)))


def test_the_limits_as_they_are(write: Write, tmp_path: Path) -> None:
    def wide(columns: int) -> Path:
        return write(",".join(f"c{place}" for place in range(columns)) + "\n" + "1," * (columns - 1) + "1\n")

    assert len(read(str(wide(5000))).header) == 5000
    too_large(wide(5001), "5,000 columns")
    too_large(wide(1_000_000), "first row holds more than 1,048,576 bytes")
    assert read(str(write("a,b\n1," + "x" * 2**20 + "\n"))).table.num_rows == 1
    too_large(write("a,b\n1," + "x" * (2**20 + 1) + "\n"), "cell in row 2 holds more than 1,048,576 bytes")
    assert len(read(str(write("a,b\n1,2\n" + "1\n" * 1000))).short_rows) == 1000
    with pytest.raises(NotReadable, match="more than 1,000,000 rows have not the 2 fields"):
        read(str(write("a,b\n1,2\n" + "1\n" * 1_000_001)))
    path = tmp_path / "data"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000))  # a high ratio, but small
    assert read(str(path)).table.num_rows == 1_000_000
    path.write_bytes(b"PK\x03\x04" + b"PK\x01\x02" * 10_001)
    too_large(path, "more than 10,000 files")
    path.write_bytes(b"PK\x03\x04" + b"PK\x01\x02" * 10_000)
    with pytest.raises(NotReadable, match="damaged"):
        read(str(path))


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    for _ in range(20):
        made.worksheets[0].append([1, 2])
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_what_a_sheet_says_of_its_extent(sheet: Path) -> None:
    original = sheet.read_bytes()
    for said, words in (
        (b"A1:XFD1048576", "1,048,576 rows of 16,384 columns"),
        (b"A1:T1048576", "1,048,576 rows of 20 columns"),
        (b"A1:GJK1", "1 rows of 5,003 columns"),
    ):
        sheet.write_bytes(original)
        too_large(changed(sheet, SHEET, lambda xml, said=said: xml.replace(b"A1:B20", said)), words)  # type: ignore[misc]
    sheet.write_bytes(original)
    assert read(str(changed(sheet, SHEET, lambda xml: xml.replace(b"A1:B20", b"A1:S1048576")))).table.num_rows == 19


def test_a_sheet_that_hides_its_extent(sheet: Path, limit: Limit) -> None:
    limit(MAX_SHEET_CELLS=30)
    too_large(changed(sheet, SHEET, lambda xml: xml.replace(b"A1:B20", b"A1:B2")), "more than 30 cells")


def test_a_far_row(sheet: Path) -> None:
    far = changed(
        sheet,
        SHEET,
        lambda xml: (
            xml.replace(b'r="20"', b'r="999999999"').replace(b'"A20"', b'"A999999999"').replace(b"A1:B20", b"A1:B2")
        ),
    )
    too_large(far, "cells|rows")


def test_a_far_column(sheet: Path, limit: Limit) -> None:
    limit(MAX_SHEET_CELLS=10_000)
    far = changed(sheet, SHEET, lambda xml: xml.replace(b'"B20"', b'"XFD20"').replace(b"A1:B20", b"A1:B2"))
    too_large(far, "cells")


def test_parts_of_a_workbook(sheet: Path, limit: Limit) -> None:
    limit(MAX_BYTES=len(sheet.read_bytes()) + 10)
    too_large(sheet, "bytes")


def test_out_of_memory_is_too_large(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("gapcalc.read.read_text", fail)
    too_large(write("a,b\n1,2\n"), "memory")


@pytest.fixture
def in_time() -> Iterator[None]:
    """Stop a test that hangs."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="skipped: Windows has no such files")
@pytest.mark.usefixtures("in_time")
def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(tmp_path / "socket"))
    for path in (str(tmp_path / "pipe"), str(tmp_path / "socket"), "/dev/zero", "/dev/null"):
        with pytest.raises(NotReadable, match="not a file") as refused:
            read(path)
        assert refused.value.hint


def test_folders_and_paths_that_lead_nowhere(tmp_path: Path, write: Write) -> None:
    with pytest.raises(NotReadable, match="it is a folder"):
        read(str(tmp_path))
    for path in (tmp_path / "none", write("x") / "below"):
        with pytest.raises(FileNotThere):
            read(str(path))
    with pytest.raises(FileNotThere):
        read("a\0b")
    for odd in ("", "x" * 5000):
        with pytest.raises(InputError):
            read(odd)


def test_a_file_that_may_not_be_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a,b\n1,2\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(NotReadable, match="permission denied") as refused:
        read(str(path))
    assert refused.value.hint


def test_the_parts_of_a_workbook_together(tmp_path: Path, limit: Limit) -> None:
    path = tmp_path / "data"
    book = openpyxl.Workbook()
    sheet = book.create_sheet()
    sheet.append(["a"])
    sheet.append(["1"])
    book.remove(book.worksheets[0])
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        sizes = [one.file_size for one in archive.infolist()]
    assert max(*sizes, path.stat().st_size) < sum(sizes) - 1
    limit(MAX_BYTES=sum(sizes) - 1)
    too_large(path, "it holds more than")
    limit(MAX_BYTES=sum(sizes))
    assert read(str(path)).table.num_rows == 1


def test_a_quoted_line_break_may_stand_at_the_end_of_what_is_held_at_once(write: Write, limit: Limit) -> None:
    limit(MAX_ROW=512)
    rows = read(str(write("a,b\n" + 'x,"one\ntwo"\n' * 400)))
    assert rows.table.column("b").to_pylist() == ["one\ntwo"] * 400


def test_a_lack_of_memory_is_not_taken_for_damage() -> None:
    with pytest.raises(MemoryError), instead(NotReadable("data", "damaged")):
        raise MemoryError
    with pytest.raises(NotReadable), instead(NotReadable("data", "damaged")):
        raise KeyError("secret")
