"""Large files, read a stretch at a time: the same as read whole, or read whole after all."""

import csv
import gzip
import io
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapcalc import read as room
from gapcalc.errors import EmptyFile, InputError, NotReadable, TooLarge
from gapcalc.read import limits, quotes, read, read_whole, taken
from gapcalc.read.row_groups import RowGroups
from gapcalc.read.stream import Stream
from gapcalc.read.stretches import cut
from gapcalc.rows import Again, Rows, Source
from tests.conftest import SAMPLES, Run

Told = tuple[list[int], list[dict[str, str]], str, int, tuple[str, ...], str]
LINES = ["a,b,c"] + [f"{number},{'xyz' * (number % 5)},{number % 7}" for number in range(200)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few rows are a large file, in many stretches."""
    monkeypatch.setattr(limits, "STREAMED", 0)
    monkeypatch.setattr(limits, "BLOCK", 64)
    monkeypatch.setattr(limits, "PARQUET_ROWS", 7)


def rows_of(source: Source) -> Told:
    """Everything that is told of a file by its rows."""
    columns = list(source.header)
    numbers, rows = list[int](), list[dict[str, str]]()
    for batch in source.batches(columns):
        numbers += list(batch.numbers)
        rows += batch.table.to_pylist()
    return numbers, rows, source.encoding, source.count, tuple(source.notes), source.sha256


def same(path: Path) -> Source:
    """Read a file both ways, compare, and say how it was read in the end."""
    ways: list[Source] = []

    def take(source: Source) -> Told:
        ways.append(source)
        return rows_of(source)

    found = taken(read(str(path)), take)
    assert found == rows_of(read_whole(str(path), None, None, None))
    return ways[-1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n", "\n\n"])
def test_a_plain_text_is_streamed(tmp_path: Path, end: str, last: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((end.join(LINES) + last.replace("\n", end)).encode())
    assert isinstance(same(path), Stream)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("marked.csv", b"\xef\xbb\xbf" + "\n".join(LINES).encode()),
        ("declared.csv", ("sep=;\n" + "\n".join(LINES).replace(",", ";")).encode()),
        ("tabs.csv", "\n".join(LINES).replace(",", "\t").encode()),
        ("title.csv", ("A title\n\n" + "\n".join(LINES)).encode()),
        ("cp1252.csv", "\n".join([*LINES, "\u00e9t\u00e9,1,2"]).encode("cp1252")),
        ("utf-16.csv", "\n".join([*LINES, "\u00e9t\u00e9,1,2"]).encode("utf-16")),
        ("unmarked.csv", "\n".join(LINES).encode("utf-16-le")),
        ("utf-8.csv", "\n".join([*LINES, "\u0175y,1,2"]).encode()),
        ("packed.csv.gz", gzip.compress("\n".join(LINES).encode())),
        ("twice.csv.gz", gzip.compress("\n".join(LINES[:50]).encode() + b"\n") + gzip.compress(b"1,2,3\n")),
        ("quoted.csv", "\n".join('"' + line.replace(",", '","') + '"' for line in LINES).encode()),
        ("title_cp1252.csv", "\n".join(["\u00e9t\u00e9 " * 9, *LINES, "\u00e9,1,2"]).encode("cp1252")),
        ("header_cp1252.csv", "\n".join(["\u00e9t\u00e9,b,c", *LINES[1:]]).encode("cp1252")),
        ("title_utf8_then_cp1252.csv", "\u00e9\n".encode() + "\n".join([*LINES, "\u00e9,1,2"]).encode("cp1252")),
        ("dos.csv", "\n".join([*LINES, "9,x,1\x1a"]).encode()),
        ("doubled.csv", "\n".join([*LINES, '"a ""b"", c",1,2', *LINES[1:]]).encode()),
        ("twice_named.csv", "\n".join(["a,b,b", *LINES[1:]]).encode()),
    ],
)
def test_what_is_not_odd_is_streamed(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert isinstance(same(path), Stream)


@pytest.mark.parametrize(
    "odd",
    [
        "\n1,2\n",  # a short row
        "\n\n1,2,3\n",  # an empty line
        '\n1,"2\n3",4\n',  # a line end in a cell
        "\n1,2,3\r4,5,6\n",  # a line end of another kind
        '\n1,5" pipe,3\n',  # a quote that is a letter
        "\n,,\n",  # a blank row
        f"\n{'x' * 2**20},2,3\n",  # a cell that may be too large
        '\n"", ,""\n',
    ],
)
def test_what_is_odd_is_read_whole(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(("\n".join(LINES) + odd + "\n".join(LINES[1:])).encode())
    assert isinstance(same(path), Rows)


def test_a_stray_quote_above_the_header_is_told_by_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(('"Attainment" by pupil\n' + "\n".join(LINES)).encode())
    with pytest.raises(NotReadable, match="quote"):
        read(str(path))


@pytest.mark.parametrize("column", ["a", "b"])
def test_a_cell_that_is_too_large_is_told_whatever_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: str
) -> None:
    monkeypatch.setattr(limits, "MAX_CELL", 1000)
    path = tmp_path / "a.csv"
    path.write_bytes(("\n".join(LINES) + f"\n{'x' * 1001},2,3\n").encode())
    with pytest.raises(TooLarge, match="a cell in row 202"):
        taken(read(str(path)), lambda source: list(source.batches([column])))


def test_a_packed_text_that_is_damaged_at_its_start_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    data = bytearray(gzip.compress("\n".join(LINES).encode()))
    data[12] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(NotReadable, match="cut short or damaged"):
        taken(read(str(path)), rows_of)


def test_quotes_that_are_never_closed_do_not_make_up_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(("\n".join(LINES[:50]) + '\n1,x",3\n' + "\n".join(LINES[50:]) + '\n1,"y,3').encode())
    with pytest.raises(NotReadable, match="not closed"):
        taken(read(str(path)), rows_of)


def test_a_whole_file_is_read_by_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, calls = tmp_path / "a.csv", list[str]()
    path.write_bytes("\n".join(['1,"2\n3",4'] * 99).encode())
    whole = room.read_whole

    def counted(*asked: Any) -> Rows:
        calls.append("whole")
        return whole(*asked)

    monkeypatch.setattr(room, "read_whole", counted)
    taken(read(str(path)), rows_of)
    assert calls == ["whole"]


def test_blank_rows_of_parquet_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["1", None, "2"], "b": ["x", None, None]}), path)
    assert isinstance(same(path), Rows)


@pytest.mark.parametrize("wrong", ["\n1,2,3,4\n", '\n1,"2,3\n', "\n1,\0,3\n", '\n1,"2"x,3\n'])
def test_what_is_wrong_is_said_as_if_read_whole(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes(("\n".join(LINES) + wrong + "\n".join(LINES[1:])).encode())
    with pytest.raises(InputError) as whole:
        read_whole(str(path), None, None, None)
    with pytest.raises(InputError) as streamed:
        taken(read(str(path)), rows_of)
    assert str(streamed.value) == str(whole.value)


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(LINES), encoding="utf-8", newline="\n")
    assert {tuple(batch.table.column_names) for batch in read(str(path)).batches(["c", "a"])} == {("c", "a")}


def test_a_packed_text_that_is_cut_short_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress("\n".join(LINES * 9).encode())[:-20])
    with pytest.raises(NotReadable, match="cut short or damaged"):
        taken(read(str(path)), rows_of)


def test_a_file_that_changes_between_two_readings_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(LINES), encoding="utf-8", newline="\n")
    source = read(str(path))
    rows_of(source)
    path.write_text("\n".join(LINES).replace("3", "4"), encoding="utf-8", newline="\n")
    with pytest.raises(NotReadable, match="changed while it was being read"):
        rows_of(source)


def test_who_stops_reading_leaves_no_thread(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(LINES), encoding="utf-8", newline="\n")
    batches = read(str(path)).batches(["a"])
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    path.unlink()
    assert not [one for one in threading.enumerate() if one.name.startswith("ThreadPoolExecutor")]


def test_parquet_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    number = list(range(40))
    columns: dict[str, pa.Array] = {
        "text": pa.array([None if one % 5 == 0 else f"t{one % 3}" for one in number]),
        "whole": pa.array([None if one % 7 == 0 else one for one in number]),
        "part": pa.array([float(one) / 4 for one in number]),
        "flag": pa.array([one % 2 == 0 for one in number]),
        "bytes": pa.array([b"x" if one % 2 else b"\xc3\xa9" for one in number]),
        "dictionary": pa.array([f"d{one % 4}" for one in number]).dictionary_encode(),
    }
    pq.write_table(pa.table(columns), path, row_group_size=9)
    assert isinstance(same(path), RowGroups)


def test_parquet_with_texts_that_are_none_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    bad = pa.array([b"\xff\xfe"] * 9, pa.binary()).view(pa.string())
    pq.write_table(pa.table({"a": bad}), path)
    with pytest.raises(NotReadable, match="damaged"):
        taken(read(str(path)), rows_of)


CELLS = st.text(st.sampled_from('ab,\n\r"\u00e9 1'), max_size=4)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    quoted=st.booleans(),
    codec=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_text_is_read_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], quoted: bool, codec: str, end: str
) -> None:
    """Quoted, cells hold what they hold; unquoted, they make short and long rows and quotes gone astray."""
    path = tmp_path_factory.mktemp("any") / "a.csv"

    def written(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if quoted else cell.replace("\n", "").replace("\r", "")

    lines = [",".join(map(written, row)) for row in [["a", "b", "c"], *rows]]
    path.write_bytes(end.join([*lines, ""]).encode(codec))
    first = outcome(lambda: without_blank(rows_of(read_whole(str(path), None, None, None))))
    second = outcome(lambda: without_blank(taken(read(str(path)), rows_of)))
    assert first == second


def without_blank(told: Told) -> object:
    numbers, rows, encoding, _, notes, sha256 = told
    both = zip(numbers, rows, strict=True)
    kept = [(number, row) for number, row in both if any(cell.strip() for cell in row.values())]
    return (kept, encoding, tuple(one for one in notes if "blank row" not in one), sha256) if kept else "EmptyFile"


def outcome(found: Callable[[], object]) -> object:
    """What is found, or the error that is raised, in words."""
    try:
        return found()
    except InputError as error:
        return "EmptyFile" if isinstance(error, EmptyFile) else str(error)


def test_again_is_no_error_of_the_users() -> None:
    assert not issubclass(Again, InputError)


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('a,"\n'), max_size=12), st.integers(1, 5))
def test_what_is_tidy_at_first_sight_is_tidy(monkeypatch: pytest.MonkeyPatch, text: str, glance: int) -> None:
    """But for quotes that are letters, which both ways of reading take as such."""
    monkeypatch.setattr(quotes, "GLANCE", glance)
    data = text.encode()
    if quotes.plainly_tidy(memoryview(data), ",") and not quotes.tidy(memoryview(data), ","):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert any('"' in cell for cell in cells), text


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('a,"\n'), max_size=20))
def test_a_stretch_ends_after_the_last_line_with_all_quotes_closed(text: str) -> None:
    data = text.encode()
    ends = [at + 1 for at, letter in enumerate(text) if letter == "\n" and text[:at].count('"') % 2 == 0]
    assert cut(data, len(data)) == max(ends, default=0)


def test_of_large_files_of_figures_the_notes_and_rows_are_those_of_the_whole(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "figures.csv"
    lines = (SAMPLES / "england.csv").read_text(encoding="utf-8").splitlines()
    blank = "," * lines[0].count(",")
    path.write_text("\n".join([*lines[:-1], blank, lines[-1], ""]), encoding="utf-8", newline="")
    ran = run("validate", path, "-f", "json")
    (told,) = json.loads(ran.out)["files"]
    assert told["rows"] == len(lines) - 1
    assert "blank rows were left out" in ran.out
