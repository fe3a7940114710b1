"""Separated text as it comes: what separates it, what stands above it, how it is encoded, quotes gone astray."""

import csv
import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gapcalc.errors import EmptyFile, NotReadable, RaggedRows, UnknownName
from tests.whole import read

Write = Callable[..., Path]
CANARY = "A123456789012"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_rows_even(write: Write, delimiter: str) -> None:
    name = "Name" + "".join(one for one in ",;\t|" if one != delimiter) * 5
    table = [[f'"{name}"', "grade", "score"], ["x", "B", "1,5"], ["y", "C", "2,5"]]
    rows = read(str(write("\n".join(delimiter.join(row) for row in table))))
    assert rows.header == [name, "grade", "score"]
    assert rows.table.column("score").to_pylist() == ["1,5", "2,5"]


def test_commas_inside_quotes_of_the_header_do_not_count(write: Write) -> None:
    assert read(str(write('"a, b, c, d";"e, f, g";h\n1;2;3\n'))).header == ["a, b, c, d", "e, f, g", "h"]


def test_quotes_tell_delimiters_apart_that_make_rows_as_even(write: Write) -> None:
    header = read(str(write('a,x;b,y;c\n1,5;2,5;3\n"p, q";2,5;3\n'))).header
    assert header == ["a,x", "b,y", "c"]


def test_a_delimiter_can_be_given(write: Write) -> None:
    path = str(write("a,b;c,d\n1,2;3,4\n"))
    assert read(path, delimiter="semicolon").header == ["a,b", "c,d"]
    assert read(path, delimiter=",").header == ["a", "b;c", "d"]
    with pytest.raises(UnknownName, match="delimiter"):
        read(path, delimiter="x")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line", ["sep={}\r\n", "sep={}\r", "SEP={}\n", '"sep={}"\n', "sep={}{}{}\n"])
def test_the_line_in_which_excel_declares_the_delimiter(write: Write, delimiter: str, line: str) -> None:
    text = line.replace("{}", delimiter) + f"a, x;b{delimiter}n\n1, 2;3{delimiter}2\n\n4{delimiter}4\n"
    if delimiter in ",;":
        text = text.replace("a, x;b", "ab").replace("1, 2;3", "1")
    rows = read(str(write(text)))
    assert rows.header[1] == "n"
    assert list(rows.numbers) == [2, 4]  # Excel does not show the line
    assert rows.notes == ("blank rows were left out",)


def test_a_delimiter_declared_in_a_file_of_one_kind_of_row(write: Write) -> None:
    assert read(str(write("sep=;\na;b,c\n1;2,3\n4;5,6\n"))).header == ["a", "b,c"]
    assert read(str(write("sep=;\na;b,c\n1;2,3\n4;5,6\n")), delimiter=",").header == ["a;b", "c"]
    assert read(str(write("sep=^\na,b\n1,2\n")), delimiter=",").header == ["a", "b"]
    with pytest.raises(NotReadable, match="declares an unknown delimiter"):
        read(str(write("sep=^\na^b\n1^2\n")))
    with pytest.raises(EmptyFile):
        read(str(write("sep=;\n")))
    assert read(str(write("sep,b\n1,2\n"))).header == ["sep", "b"]


def test_lines_above_the_header_are_left_out_and_rows_keep_their_numbers(write: Write) -> None:
    rows = read(str(write("Attainment, 2014\n\nSource: DfE\na,b,c,d\n1,2,3,4\n5,6,7,8\n")))
    assert rows.header == ["a", "b", "c", "d"]
    assert rows.table.num_rows == 2
    assert rows.numbers[0] == 5
    assert rows.notes == ("3 lines before the header were left out; the header is row 4",)
    with pytest.raises(RaggedRows, match="row 5"):
        read(str(write("Attainment, 2014\n\nSource: DfE\na,b,c,d\n1,2,3,4,5\n5,6,7,8\n6,7,8,9\n")))


def test_a_title_is_none_of_the_rows_that_tell_the_width(write: Write) -> None:
    assert read(str(write("Title\n\n\n\n\na,b,c\n1,2,3\n"))).header == ["a", "b", "c"]
    with pytest.raises(EmptyFile, match="a header but no rows"):
        read(str(write("Title\na,b,c\n")))


def test_a_header_far_to_the_right_is_the_first_row_that_is_not_blank(write: Write) -> None:
    assert read(str(write("\n,,,,a\n,,,,1\n"))).header == ["#1", "#2", "#3", "#4", "a"]


def test_titles_padded_with_delimiters_are_above_the_header_too(write: Write) -> None:
    assert read(str(write("Attainment,,,\n,,,\na,b,c,d\n1,2,3,4\n"))).header == ["a", "b", "c", "d"]


def test_a_header_that_lacks_a_name_is_not_taken_for_a_title(write: Write) -> None:
    with pytest.raises(RaggedRows):
        read(str(write("a,b,c,d\n1,2,3,4,5\n1,2,3,4,5\n1,2,3,4,5\n")))


def test_blank_rows_are_left_out_and_said_when_they_stand_above_others(write: Write) -> None:
    rows = read(str(write("a,b\n1,2\n\n,\n \t,\n3,4\n,\n\n")))
    assert rows.table.to_pylist() == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert rows.notes == ("blank rows were left out",)
    assert read(str(write("a,b\n\n1,2\n"))).notes == ("blank rows were left out",)
    assert read(str(write("a,b\r\n1,2\r\n3,4\r\n,\r\n\r\n"))).notes == ()


# Each row says its number itself.
@pytest.mark.parametrize(
    "text",
    [
        "n,b\n2,x\n3,x\n",
        "n,b\n2,x\n\n4,x\n5,x\n",
        "n,b\n\n\n4,x\n",
        "n,b\n2,x\n,\n4,x\n , \n6,x\n,\n",
        "n,b\n2,x\n\n,\n\n6,x\n",
        'n,b\n2,"x\n\ny"\n3,x\n',
        'n,b\n2,"x\n\ny"\n\n4,"\n"\n\n\n7,x\n',
        "n,b\r\n2,x\r\n\r\n4,x\r\n",
        "n,b\r2,x\r\r4,x\r",
        "n,b\r\n2,x\n\r\n4,x\r\r6,x",
        "Title\n\nn,b\n4,x\n\n6,x\n",
        "n,b\n2\n\n4,x\n,\n6,x\n",
        "n,b\n2,x\n,,,\n4,x\n\n6,x\n",
    ],
)
def test_rows_have_the_numbers_of_a_spreadsheet(write: Write, text: str) -> None:
    rows = read(str(write(text)))
    assert list(rows.numbers) == [int(cell) for cell in rows.table.column("n").to_pylist()]
    assert all(type(number) is int for number in rows.numbers)


def test_numbers_take_no_memory_where_nothing_is_blank_above(write: Write) -> None:
    assert read(str(write("a,b\n1,2\n3,4\n"))).numbers == range(2, 4)
    assert read(str(write("a,b\n1,2\n3,4\n,\n\n"))).numbers == range(2, 4)


def test_a_row_named_in_an_error_is_the_one_the_spreadsheet_shows(write: Write) -> None:
    with pytest.raises(RaggedRows, match="row 6"):
        read(str(write('a,b\n1,2\n\n,\n"x\ny",2\n1,2,3\n')))
    with pytest.raises(NotReadable, match="text in row 5"):
        read(str(write("a,b,\n1,2,\n\n,,\n3,4,5\n")))
    with pytest.raises(NotReadable, match="row 5"):
        read(str(write('a,b,c\n1,2,3\n\n,,\n1,2,"3\n4,5,6\n7,8,"\n')))


def test_a_blank_row_of_another_width_does_not_end_early_or_late(write: Write) -> None:
    rows = read(str(write("a,b,c\n1,2,3\n,\n \n,,,,\n4,5,6\n")))
    assert rows.table.num_rows == 2
    assert rows.short_rows == ()


def test_many_line_ends_at_the_end_are_passed_over_at_once(write: Write) -> None:
    assert read(str(write("a,b\n1,2" + "\n" * 1_000_000))).table.num_rows == 1


def test_an_empty_last_column_may_have_no_name_but_a_full_one_may_not(write: Write) -> None:
    assert read(str(write("a,b,\n1,2,\n3,4,\n"))).table.num_rows == 2
    with pytest.raises(NotReadable, match="last column has no name, but holds text in row 3"):
        read(str(write(f"a,b,\n1,2,\n3,4,{CANARY}\n")))


def test_nothing_may_stand_to_the_right_of_the_last_name(write: Write) -> None:
    with pytest.raises(NotReadable, match=r"no name, but holds text in 2 rows \(2 and 4\)"):
        read(str(write("a,b,,\n1,2,x,\n3,4,\N{NO-BREAK SPACE},\n3,4,x,\n")))
    assert read(str(write("a,,b,\n1,x,2,\n"))).header == ["a", "#2", "b", "#4"]


def test_rows_may_end_where_the_names_end(write: Write) -> None:
    rows = read(str(write("a,b,,\n1,2\n3,4,\n5\n")))
    assert rows.table.column("b").to_pylist() == ["2", "4", ""]
    assert rows.short_rows == (4,)


def test_names_stay_apart_whatever_they_are(write: Write) -> None:
    header = read(str(write("SNP,SNP#2,SNP,#5,,SNP\n1,2,3,4,5,6\n"))).header
    assert header[:2] == ["SNP", "SNP#2"]
    assert len(set(header)) == 6
    assert read(str(write("SNP,SNP,SNP#2,,#4\n1,2,3,4,5\n"))).header == ["SNP", "SNP#3", "SNP#2", "#4#", "#4"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(write: Write, end: str) -> None:
    rows = read(str(write(end.join(["a,b", "1,2", '"x\ny",3', ""]))))
    assert rows.table.to_pylist() == [{"a": "1", "b": "2"}, {"a": "x\ny", "b": "3"}]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_breaks_and_long_cells_stay_as_they_are_where_rows_end_early(write: Write, end: str) -> None:
    long = "x" * 200_000
    rows = read(str(write(f'a,b,c\n1,2\n"x{end}y",{long},3\n')))
    assert rows.table.to_pylist()[1] == {"a": f"x{end}y", "b": long, "c": "3"}
    assert csv.field_size_limit() == 131_072  # other readers' limit is left as it was


def test_mixed_line_ends(write: Write) -> None:
    assert read(str(write("a,b\r\n1,2\n3,4\r5,6\r\n"))).table.column("a").to_pylist() == ["1", "3", "5"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_bytes(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("name\tn\nSiân\t1\n".encode(encoding))
    rows = read(str(tmp_path / "a.csv"))
    assert rows.table.to_pylist() == [{"name": "Siân", "n": "1"}]
    assert rows.encoding == "utf-16"
    assert "UTF-16" in rows.notes[0]


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_a_mark_is_known_in_any_script(tmp_path: Path, mark: str) -> None:
    (tmp_path / "a.csv").write_bytes("\ufeff名前,数\n学校,成績\n".encode(mark))
    rows = read(str(tmp_path / "a.csv"))
    assert rows.table.to_pylist() == [{"名前": "学校", "数": "成績"}]
    assert rows.notes == ()


def test_cp1252_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("name,n\nSiân,1\n".encode("cp1252"))
    assert "cp1252" in read(str(tmp_path / "a.csv")).notes[0]


def test_an_encoding_can_be_given(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("name,n\nSiân,1\n".encode("cp850"))
    assert read(str(path), encoding="CP850").table.column("name").to_pylist() == ["Siân"]
    for codec in ("utf-8", "utf-8-sig", "ascii"):
        with pytest.raises(NotReadable, match="not utf-8"):
            read(str(path), encoding=codec)
    for unfit in ("zlib", "rot13", "unicode_escape", "none such", "a\0b"):
        with pytest.raises(UnknownName):
            read(str(path), encoding=unfit)


def test_a_chunk_may_end_within_a_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gapcalc.read.limits.CHUNK", 1)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le"):
        (tmp_path / "a.csv").write_bytes("name,n\nSiân \N{GRINNING FACE},1\n".encode(encoding))
        assert read(str(tmp_path / "a.csv")).table.column("name").to_pylist() == ["Siân \N{GRINNING FACE}"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (f'a,b,c\n1,2,3\n"{CANARY},2,3\n4,5,6\n', 3),  # never closed
        (f'a,b,c\n1,"{CANARY},3\n4,5,6\n7,"x",9\n', 2),  # closed where the next one opens
        (f'a,b,c\n1,2,"{CANARY}\n4,5,6\n7,8,"\n', 2),  # a whole row inside
        (f'a,b,c\n"{CANARY},2,3\n4",5,6\n', 2),  # the end of one row and the start of the next
        (f'a,b,c\n1,"x"{CANARY},3\n', 2),  # closed within a cell
        (f'a,b,c\n1,"{CANARY}, y\n4,5,6\n7",8\n', 2),  # a whole row, with uneven ends around it
        (f'a,b,c\n{CANARY}"y,""z,d"\n', 2),  # after one that is a letter
        (f'Title\n\n"a,b,c\n{CANARY},2,3\n4,5,6\n', 3),  # in the header
        (f'a,b,"c\n1,2,{CANARY}\n4,5,"\n7,8,9\n', 1),
        (f'a,b,c\n1,2,"{CANARY}\n', 2),  # in the last cell, where nothing follows
        (f'a,b,c\r1,2,"{CANARY}\r4,5,6\r7,8,"\r', 2),
        (f'a,b,c\r\n1,2,"{CANARY}\r\n4,5,6\r\n7,8,"\r\n', 2),
    ],
)
def test_a_quote_that_swallows_rows_is_an_error_that_says_where(write: Write, text: str, row: int) -> None:
    with pytest.raises(NotReadable, match=f"row {row} ") as broken:
        read(str(write(text)))
    assert CANARY not in broken.value.message + broken.value.hint
    assert broken.value.__cause__ is None
    assert broken.value.hint


def test_quotes_that_swallow_nothing_are_letters_or_text(write: Write) -> None:
    text = 'a,b,c\n5" pipe,2,3\n"say ""x""","",""""\n"one, two\nthree",5,6\n'
    assert read(str(write(text))).table.column("a").to_pylist() == ['5" pipe', 'say "x"', "one, two\nthree"]


@pytest.mark.parametrize(
    "text",
    [
        f'upn,result\n{CANARY},"1\nB2,2\nC3,3"\nD4,4\n',
        f'upn,result\n{CANARY},"1\nB2,2"\nD4,4\n',
        f'upn,result\n"{CANARY},2\nB2",3\nD4,4\n',
        f'upn,result\n{CANARY},"1\nB2,2"\n',  # nothing else to go by
    ],
)
def test_of_two_columns_what_is_like_rows_is_swallowed(write: Write, text: str) -> None:
    with pytest.raises(NotReadable, match="row 2 takes in"):
        read(str(write(text)))


def test_of_two_columns_what_is_unlike_rows_is_text_and_noted(write: Write) -> None:
    rows = read(str(write('upn,note\nA1,"late, then\naway, ill"\nB2,"x\ny, z"\nC3,"one\ntwo"\nD4,none\n')))
    assert rows.table.column("note").to_pylist() == ["late, then\naway, ill", "x\ny, z", "one\ntwo", "none"]
    assert rows.notes == (
        "quoted line breaks and delimiters in 2 rows (2 and 3): check that no rows are swallowed there",
    )


def test_pieces_of_another_kind_are_text(write: Write) -> None:
    # A number where there are codes, and words where there are numbers.
    for cell in ("late, then\n7, ill", "late\nA1, ill"):
        rows = read(str(write(f'upn,note\nA1,1\nA2,"{cell}"\n' + "A3,3\n" * 3)))
        assert "row 3: check that no rows are swallowed" in rows.notes[0]


def test_a_quote_may_be_the_first_and_the_last_byte(write: Write) -> None:
    assert read(str(write('"a",b\n1,"x"'))).table.to_pylist() == [{"a": "1", "b": "x"}]


def test_a_quote_at_the_edge_of_a_block_is_seen(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    for chunk in range(1, 8):
        monkeypatch.setattr("gapcalc.read.quotes.BLOCK", chunk)
        assert read(str(write('a,b\n"x, ""y""",2\n'))).table.column("a").to_pylist() == ['x, "y"']
        for text in ('a,b\n"x"y,2\n', 'a,b\n"x,"y,2\n', 'a,b\n1,"x\n', 'a,b\n"x","y"\n1,"x\n'):
            with pytest.raises(NotReadable, match="closed"):
                read(str(write(text)))


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(b"a,b\n1,2\n")
        closed = False

    monkeypatch.setattr(sys, "stdin", Piped())
    rows = read("-")
    assert (rows.file, rows.table.num_rows) == ("stdin", 1)
    Piped.closed = True
    for nothing in (None, Piped()):
        monkeypatch.setattr(sys, "stdin", nothing)
        with pytest.raises(NotReadable, match="stdin"):
            read("-")


@pytest.mark.parametrize("end", ["\x1a", "\n\x1a", "\n\x1a\r\n", "\n\x1a\x1a\n\n"])
def test_the_end_as_dos_marks_it(write: Write, end: str) -> None:
    assert read(str(write("a,b\n1,2" + end))).table.to_pylist() == [{"a": "1", "b": "2"}]


def test_0x1a_elsewhere_is_a_letter(write: Write) -> None:
    assert read(str(write("a,b\n1,2\x1a\n3,4\n"))).table.column("b").to_pylist() == ["2\x1a", "4"]


def test_a_mark_that_was_added_twice(tmp_path: Path) -> None:
    for data in ("\ufeff\ufeffa,b\n1,2\n".encode(), "\ufeff\ufeffa,b\n1,2\n".encode("utf-16-le")):
        (tmp_path / "a.csv").write_bytes(data)
        assert read(str(tmp_path / "a.csv")).header == ["a", "b"]


def test_bytes_that_are_never_in_a_text(tmp_path: Path) -> None:
    text = "a,b\n1\0,2\n"
    for data in (text.encode(), f" {text}".encode(), *(text.encode(f"utf-{bits}") for bits in (16, 32)), bytes(100)):
        (tmp_path / "a.csv").write_bytes(data)
        with pytest.raises(NotReadable, match="NUL"):
            read(str(tmp_path / "a.csv"))


@pytest.mark.parametrize("text", ["\n\r\n\n", " \n", "\ufeff", '""', ",,\n,,\n", "a,b\n\n\n", "a,b\n,\n,\n"])
def test_nothing_to_read(write: Write, text: str) -> None:
    with pytest.raises((EmptyFile, NotReadable)):
        read(str(write(text)))


@pytest.mark.parametrize(
    "start", ["<html><table>", "\n <!DOCTYPE html>", '<?xml version="1.0"?>', "%PDF-1.7", '{"a": [1, 2]}', '[{"a": 1}]']
)
def test_what_is_no_table_is_said(write: Write, start: str) -> None:
    with pytest.raises(NotReadable, match=r"it is (a|JSON)"):
        read(str(write(f"{start}\na,b\n1,2\n")))
