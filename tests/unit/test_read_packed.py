"""gzip, zip and Parquet: what is inside is read, whatever the file is called."""

import bz2
import datetime as dt
import gzip
import io
import lzma
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from gapcalc.errors import EmptyFile, NotReadable
from tests.whole import read

TEXT = b"a,b\n0123,2\n"
CELLS = [{"a": "0123", "b": "2"}]


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def parquet(table: pa.Table, **options: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(table, made, **options)
    return made.getvalue()


def cells(tmp_path: Path, data: bytes) -> list[dict[str, str]]:
    (tmp_path / "data.csv").write_bytes(data)  # its ending says nothing about it
    return list(read(str(tmp_path / "data.csv")).table.to_pylist())


def test_packed_files_are_known_by_their_bytes(tmp_path: Path) -> None:
    table = pa.table({"a": ["0123"], "b": [2]})
    for data in (
        gzip.compress(TEXT),
        gzip.compress(b"a,b\n") + gzip.compress(b"0123,2\n"),
        zipped(("x/data.csv", TEXT)),
        zipped(("data.csv", TEXT), method=zipfile.ZIP_STORED),
        zipped(("data.csv", TEXT), ("__MACOSX/._data.csv", b"\0")),
        zipped(("x/", b""), ("x/data.csv", TEXT), ("x/.DS_Store", b"\0")),
        zipped(("content.xml", TEXT)),
        gzip.compress(TEXT.decode().encode("utf-16")),
        parquet(table),
        gzip.compress(parquet(table)),
    ):
        assert cells(tmp_path, data) == CELLS


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (gzip.compress(TEXT)[:-9], "gzip is cut short"),
        (gzip.compress(TEXT) + b"rubbish", "gzip is cut short or damaged"),
        (gzip.compress(gzip.compress(TEXT)), "more than once"),
        (zipped(("a.csv.gz", gzip.compress(TEXT))), "more than once"),
        (zipped(("a.zip", zipped(("a.csv", TEXT)))), "more than once"),
        (gzip.compress(zipped(("a.csv", TEXT))), "more than once"),
        (bz2.compress(TEXT), "bzip2"),
        (lzma.compress(TEXT), "xz"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7-Zip"),
        (b"\x28\xb5\x2f\xfd\x04\x58", "zstd"),
        (b"Rar!\x1a\x07\x01\0", "RAR"),
        (zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")), "the workbook is damaged"),
        (zipped(("xl/workbook.xml", b""), ("xl/styles.xml", b"")), "the workbook is damaged"),
        (zipped(("a.csv", TEXT), ("b.csv", TEXT)), "2 files, not one"),
        (zipped(), "0 files, not one"),
        (zipped(("a.csv", TEXT))[:-9], "zip is cut short"),
        (zipped(("a.csv", TEXT), method=zipfile.ZIP_BZIP2), "unusual way"),
        (zipped(("xl/workbook.bin", b"")), "binary workbook"),
        (zipped(("mimetype", b""), ("content.xml", b"")), "OpenDocument"),
        (parquet(pa.table({"a": ["x"]}))[:-9], "Parquet file is cut short"),
        (b"\xd0\xcf\x11\xe0" + bytes(500), "old Excel file"),
        (b"PAR1", "Parquet"),
    ],
    ids=lambda one: one if isinstance(one, str) else "file",  # there is a time of day in the bytes
)
def test_what_cannot_be_unpacked_is_said(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(NotReadable, match=words) as broken:
        cells(tmp_path, data)
    assert broken.value.hint
    assert broken.value.__cause__ is None


def test_a_zip_with_a_password_or_a_lie_in_it(tmp_path: Path) -> None:
    data = zipped(("a.csv", TEXT))
    flags = data.index(b"PK\x01\x02") + 8
    with pytest.raises(NotReadable, match="password"):
        cells(tmp_path, data[:flags] + b"\x01" + data[flags + 1 :])
    size = data.index(b"PK\x01\x02") + 24
    with pytest.raises(NotReadable, match="damaged"):
        cells(tmp_path, data[:size] + b"\x01\0\0\0" + data[size + 4 :])
    # One that promises too much is held to what there is.
    assert cells(tmp_path, data[:size] + b"\xff\xff\xff\x7f" + data[size + 4 :]) == CELLS


def test_nothing_is_written_to_disk(tmp_path: Path) -> None:
    cells(tmp_path, zipped(("../evil.csv", TEXT)))
    assert [one.name for one in tmp_path.iterdir()] == ["data.csv"]


def test_parquet_is_read_as_a_csv_file_would_hold_it(tmp_path: Path) -> None:
    noon = dt.datetime(2014, 9, 1, 12, 30)
    table = pa.table(
        {
            "text": ["NA", None, ""],
            "whole": [3, None, -1],
            "float": pa.array([3.0, None, 0.5]),
            "nan": [float("nan"), 1e300, float("inf")],
            "day": [dt.date(2014, 9, 1), None, None],
            "time": [dt.datetime(2014, 9, 1), noon, None],
            "zone": pa.array([noon, None, None], pa.timestamp("ns", "UTC")),
            "flag": [True, False, None],
            "decimal": [Decimal("1.50"), None, None],
            "dictionary": pa.array(["x", None, "x"]).dictionary_encode(),
            "numbers": pa.array([7, 7, None]).dictionary_encode(),
            "bytes": [b"x", None, b""],
            "nothing": pa.nulls(3),
            "large": pa.array(["x", "y", "z"], pa.large_string()),
        }
    )
    first, second, third = cells(tmp_path, parquet(table))
    assert list(first.values()) == (
        ["NA", "3", "3", "", "2014-09-01", "2014-09-01", "2014-09-01T12:30:00", "TRUE", "1.50", "x", "7", "x", "", "x"]
    )
    assert (second["time"], second["flag"], second["text"], second["whole"]) == ("2014-09-01T12:30:00", "FALSE", "", "")
    assert (third["float"], third["whole"], third["nan"]) == ("0.5", "-1", "inf")


def test_columns_of_one_name_in_parquet(tmp_path: Path) -> None:
    table = pa.table([pa.array(["1"]), pa.array(["2"])], names=["a", "a"])
    assert cells(tmp_path, parquet(table)) == [{"a": "1", "a#2": "2"}]


def test_rows_of_parquet_are_numbered_as_if_below_a_header(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(
        parquet(pa.table({"n": [None, "3", None, "5", None], "b": ["", "x", None, "", " "]}))
    )
    rows = read(str(tmp_path / "data"))
    assert list(rows.numbers) == [3, 5]
    assert rows.notes == ("blank rows were left out",)


def test_parquet_without_rows_columns_or_single_values(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="no rows"):
        cells(tmp_path, parquet(pa.table({"a": pa.array([], pa.string())})))
    with pytest.raises(EmptyFile):
        cells(tmp_path, parquet(pa.table({})))
    with pytest.raises(NotReadable, match="column 2 holds lists"):
        cells(tmp_path, parquet(pa.table({"a": ["1"], "b": [["2"]]})))
    with pytest.raises(NotReadable):
        cells(tmp_path, parquet(pa.table({"a": [b"\xff\xfe"]})))
