from collections.abc import Callable
from pathlib import Path

import pytest

from gapcalc.errors import EmptyFile, FileNotThere, NotReadable, RaggedRows
from tests.whole import read

Write = Callable[..., Path]


def cells(path: Path) -> list[dict[str, str]]:
    return list(read(str(path)).table.to_pylist())


def test_every_cell_stays_text(write: Write) -> None:
    path = write("code,flag,note\n0123,NA,\n1e3,null,x\n")
    assert cells(path) == [{"code": "0123", "flag": "NA", "note": ""}, {"code": "1e3", "flag": "null", "note": "x"}]


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16"), ("cp1252", "cp1252")]
)
def test_encodings(tmp_path: Path, encoding: str, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name,n\nSiân,1\n".encode(encoding))
    rows = read(str(path))
    assert rows.table.to_pylist() == [{"name": "Siân", "n": "1"}]
    assert rows.encoding == said


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_line_ends(write: Write, delimiter: str, end: str) -> None:
    path = write(end.join([f"a{delimiter}b", f"1{delimiter}2", ""]))
    assert cells(path) == [{"a": "1", "b": "2"}]


def test_quoted_newline_also_in_a_large_file(write: Write) -> None:
    rows = 300_000  # several blocks of the parser, so that one of them surely ends inside quotes
    path = write("a,b\n" + '"one\ntwo",2345678901234567890\n' * rows)
    assert read(str(path)).table.num_rows == rows


def test_rows_that_are_too_long_are_named_by_number(write: Write) -> None:
    with pytest.raises(RaggedRows, match=r"data.csv: .*2 rows \(3 and 5\)"):
        read(str(write("a,b\n1,2\n1,2,3\n1,2\n1,2,3,4\n1,2\n")))


def test_rows_that_end_early_are_filled_up_and_named(write: Write) -> None:
    rows = read(str(write('a,b,c\n1,2,3\n4\n"x\ny",5\n')))
    assert rows.table.to_pylist()[1:] == [{"a": "4", "b": "", "c": ""}, {"a": "x\ny", "b": "5", "c": ""}]
    assert rows.short_rows == (3, 4)


def test_lines_before_and_breaks_within_the_header(write: Write) -> None:
    rows = read(str(write('\n\n"free\nschool; meals",b\n1,2\n,\n,\n')))
    assert rows.header == ["free\nschool; meals", "b"]
    assert rows.table.to_pylist() == [{"free\nschool; meals": "1", "b": "2"}]
    assert list(rows.numbers) == [4]  # a quoted line break stays within its row
    with pytest.raises(RaggedRows, match="row 4"):
        read(str(write("\na,b\n1,2\n1,2,3\n")))


def test_columns_of_one_name_stay_apart(write: Write) -> None:
    assert read(str(write("SN1,SNP,SN2,SNP,\n1,a,2,b,\n"))).header == ["SN1", "SNP", "SN2", "SNP#2", "#5"]


def test_errors(write: Write, tmp_path: Path) -> None:
    with pytest.raises(FileNotThere):
        read(str(tmp_path / "none.csv"))
    with pytest.raises(EmptyFile, match="is empty"):
        read(str(write("")))
    with pytest.raises(EmptyFile, match="a header but no rows"):
        read(str(write("a,b\n")))
    with pytest.raises(NotReadable, match="not a file"):
        read(str(tmp_path))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\x81\x8d,2\n")
    with pytest.raises(NotReadable, match="neither UTF-8"):
        read(str(path))


def test_the_message_of_a_broken_table_has_no_cell_in_it(write: Write) -> None:
    with pytest.raises((NotReadable, RaggedRows)) as broken:
        read(str(write('a,b\n"A123456789012,2\n1,2\n')))
    assert "A123456789012" not in broken.value.message + broken.value.hint
    assert broken.value.__cause__ is None


def test_even_rows_go_before_wide_ones(write: Write) -> None:
    # Semicolons in most notes make more fields than commas, but not in every row.
    rows = read(str(write("id,note,x\n1,none,2\n" + "1,p;q;r;s;t,2\n" * 20)))
    assert rows.header == ["id", "note", "x"]
