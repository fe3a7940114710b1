"""Whatever bytes come in: rows of text, or an InputError in a few words of our own, and never a cell in them."""

import csv
import gzip
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from gapcalc.errors import InputError
from gapcalc.read.quotes import _swallows
from gapcalc.rows import Rows
from tests.whole import read

CANARY = "A123456789012"
DELIMITERS = [",", ";", "\t", "|"]
ENDS = ["\n", "\r\n", "\r"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
Table = list[list[str]]

fuzz = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def text_of(table: Table, delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    made = io.StringIO()
    if any(set(cell) & {"\n", "\r"} for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # the writer leaves a line break unquoted that is not the one between rows
    csv.writer(made, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return made.getvalue()


def as_zip(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", data)
    return made.getvalue()


def as_parquet(table: Table) -> bytes:
    made = io.BytesIO()
    columns = [pa.array(cells, pa.string()) for cells in zip(*table[1:], strict=True)]
    pq.write_table(pa.table(columns, names=table[0]), made)
    return made.getvalue()


def as_xlsx(table: Table) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in table:
        sheet.append([cell or None for cell in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def is_sound(rows: Rows) -> None:
    """All text, no nulls, as wide as the header, and at least one row."""
    assert rows.table.num_rows > 0
    assert len(rows.header) == len(set(rows.header)) > 0
    for column in rows.table.columns:
        assert column.type == pa.string()
        assert column.null_count == 0
    rows.table.validate(full=True)


def is_said(error: InputError) -> None:
    assert error.exit_code == 3
    assert error.message
    assert error.hint
    assert "\n" not in error.message + error.hint
    assert len(error.message) < 300
    assert error.__cause__ is None
    assert CANARY not in error.message + error.hint


def try_to_read(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        rows = read(str(path))
        is_sound(rows)
        assert CANARY not in " ".join(rows.notes)
    except InputError as error:
        is_said(error)


@fuzz
@given(
    start=st.sampled_from(
        [b"", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"a,b\n"]
    ),
    data=st.binary(max_size=2000),
)
def test_any_bytes(tmp_path: Path, start: bytes, data: bytes) -> None:
    try_to_read(tmp_path / "data", start + data)


@fuzz
@given(text=st.text(alphabet=st.sampled_from('ab1 ",;\t|\r\n\x1a\x85\u2028é'), max_size=300))
@example(text='a,"b\n1,2\n')
@example(text="\r\n,\n")
def test_any_text(tmp_path: Path, text: str) -> None:
    try_to_read(tmp_path / "data", text.encode())


PEOPLE: Table = [["upn", "name", "fsm", "score"]] + [[CANARY, f"{CANARY} x", CANARY, CANARY] for _ in range(20)]
CSV = text_of(PEOPLE).encode()
VALID: dict[str, bytes] = {
    "csv": CSV,
    "quoted": text_of(PEOPLE, quoting=csv.QUOTE_ALL).encode(),
    "utf-16": CSV.decode().encode("utf-16"),
    "gzip": gzip.compress(CSV, mtime=0),
    "zip": as_zip(CSV),
    "parquet": as_parquet(PEOPLE),
    "xlsx": as_xlsx(PEOPLE),
}


@st.composite
def damage(draw: st.DrawFn, data: bytes) -> bytes:
    """A file that was sound, and then cut, flipped, filled up or repeated in one to three places."""
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        match draw(st.sampled_from(["cut", "leave out", "flip", "put in", "repeat"])):
            case "cut":
                data = data[:start]
            case "leave out":
                data = data[:start] + data[min(end, start + 20) :]
            case "flip":
                data = data[:start] + bytes([draw(st.integers(0, 255))]) + data[start + 1 :]
            case "put in":
                data = data[:start] + draw(st.binary(min_size=1, max_size=8)) + data[start:]
            case _:
                data = data[:end] + data[start:]
    return data


@pytest.mark.parametrize("kind", VALID)
@fuzz
@given(data=st.data())
def test_a_damaged_file_of_each_kind(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    try_to_read(tmp_path / "data", data.draw(damage(VALID[kind])))


def tables(alphabet: str) -> st.SearchStrategy[Table]:
    """Tables with a header of names and rows that are not blank."""
    cell = st.text(alphabet=alphabet, max_size=8)
    name = st.text(alphabet="abcé _,;'", min_size=1, max_size=8).filter(lambda one: bool(one.strip()))

    def of_width(width: int) -> st.SearchStrategy[Table]:
        names = st.lists(name, min_size=width, max_size=width, unique=True)
        row = st.lists(cell, min_size=width, max_size=width).filter(lambda cells: any(one.strip() for one in cells))
        return st.builds(lambda header, rows: [header, *rows], names, st.lists(row, min_size=1, max_size=12))

    return st.integers(2, 6).flatmap(of_width)


def comes_back(path: Path, data: bytes, table: Table, **options: Any) -> None:
    path.write_bytes(data)
    rows = read(str(path), **options)
    is_sound(rows)
    assert rows.header == table[0]
    assert [list(row.values()) for row in rows.table.to_pylist()] == table[1:]


@fuzz
@given(
    table=tables("a1 é\",;\t|'=\n\r"),
    delimiter=st.sampled_from(DELIMITERS),
    end=st.sampled_from(ENDS),
    encoding=st.sampled_from(ENCODINGS),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    pack=st.sampled_from([bytes, gzip.compress, as_zip]),
)
def test_a_text_table_comes_back(
    tmp_path: Path,
    table: Table,
    delimiter: str,
    end: str,
    encoding: str,
    quoting: int,
    pack: Callable[[bytes], bytes],
) -> None:
    # Such cells are refused, since they are what two lone quotes make of rows.
    gaps = len(table[0]) - 1
    assume(not any(_swallows(cell, place, gaps, delimiter) for row in table for place, cell in enumerate(row)))
    data = text_of(table, delimiter, end, quoting).encode(encoding)
    told = encoding if encoding.startswith("utf-16-") or encoding == "cp1252" else None
    comes_back(tmp_path / "data", pack(data), table, delimiter=delimiter, encoding=told)


@fuzz
@given(table=tables("ab1 é,;|'"), delimiter=st.sampled_from(DELIMITERS), encoding=st.sampled_from(ENCODINGS))
def test_what_is_not_told_is_found(tmp_path: Path, table: Table, delimiter: str, encoding: str) -> None:
    # Quoted throughout, no other delimiter can make the rows as even.
    data = text_of(table, delimiter, quoting=csv.QUOTE_ALL).encode(encoding)
    assume(encoding != "cp1252" or b"\xe9" in data)
    comes_back(tmp_path / "data", data, table)


@fuzz
@given(
    rows=st.lists(st.sampled_from(["", ",", " , ", "{},x", '{},"x\n\ny"', '"{}","say ""x"""', "{}"]), max_size=12),
    end=st.sampled_from(ENDS),
)
def test_every_row_has_its_number(tmp_path: Path, rows: list[str], end: str) -> None:
    text = [row.format(number) for number, row in enumerate(rows, 2)]
    (tmp_path / "data").write_bytes((end.join(["n,b", *text, f"{len(text) + 2},x", ""])).encode())
    found = read(str(tmp_path / "data"), delimiter=",")
    assert [str(number) for number in found.numbers] == found.table.column("n").to_pylist()


@fuzz
@given(table=tables("ab1 é\",;'=\n"))
def test_a_table_of_other_kinds_comes_back(tmp_path: Path, table: Table) -> None:
    comes_back(tmp_path / "data", as_parquet(table), table)
    formulas = any(cell.startswith("=") for row in table for cell in row)
    if not formulas:
        comes_back(tmp_path / "data", as_xlsx(table), table)


@pytest.mark.skipif(os.name == "nt", reason="skipped: Windows cannot limit the memory of a process")
@pytest.mark.parametrize("kind", ["gzip", "zip", "parquet", "blank lines"])
def test_a_bomb_ends_with_exit_code_3_in_little_memory(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "bomb.csv.gz"
    row = f"{CANARY},2\n".encode() * 65536
    if kind == "gzip":
        with gzip.open(path, "wb") as packed:
            for _ in range(1024**3 // len(row)):
                packed.write(row)
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("bomb.csv", "w") as stream:
            for _ in range(1024**3 // len(row)):
                stream.write(row)
    elif kind == "parquet":
        text = pa.array([CANARY * 20_000]).dictionary_encode().dictionary
        repeated = pa.DictionaryArray.from_arrays(pa.array([0] * 2_000_000, pa.int32()), text)
        pq.write_table(pa.table({"a": repeated}), path)
    else:
        path.write_bytes(b",".join(b"c%d" % place for place in range(4999)) + b"\n" * 30_000_000)
    ran = limited([sys.executable, "-m", "gapcalc", "compute", str(path)])
    assert ran.returncode == 3, ran.stderr
    assert ran.stderr.startswith("gapcalc: bomb.csv.gz: ")
    assert "memory" not in ran.stderr  # refused before, not at the last moment
    assert CANARY not in ran.stderr
    assert len(ran.stderr.splitlines()) == 2


def limited(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command that may have 2 GiB of memory, addresses that are only set aside included."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))

    return subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=limit, check=False)
