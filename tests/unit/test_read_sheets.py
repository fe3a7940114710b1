"""Workbooks: which sheet, and cells as a CSV file would hold them."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gapcalc.errors import EmptyFile, NotReadable, RaggedRows, WhichSheet
from gapcalc.rows import Rows
from tests.whole import read

Book = Callable[..., Path]
CANARY = "A123456789012"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write sheets, each a list of rows, to a workbook."""

    def book_(hidden: tuple[str, ...] = (), /, **sheets: list[list[Any]]) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for name, rows in sheets.items():
            sheet = made.create_sheet(name.replace("_", " "))
            for row in rows:
                sheet.append(row)
            if name in hidden:
                sheet.sheet_state = "hidden"
        made.save(tmp_path / "book.xlsx")
        return tmp_path / "book.xlsx"

    return book_


def changed(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook with one of its parts rewritten."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            data = old.read(one)
            new.writestr(one.filename, change(data) if one.filename == member else data)
    path.write_bytes(made.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = [["a", "b"], [1, 2]]


def test_cells_are_what_a_csv_file_would_hold(book: Book) -> None:
    values = ["0123", 3.0, 0.1, 1e-7, 3010001, True, dt.date(2014, 9, 1), dt.datetime(2014, 9, 1, 9, 30), None, "#N/A"]
    rows = read(str(book(S=[[f"c{place}" for place in range(10)], values, [None] * 9 + ["x"]])))
    texts = ["0123", "3", "0.1", "0.0000001", "3010001", "TRUE", "2014-09-01", "2014-09-01T09:30:00", "", "#N/A"]
    assert list(rows.table.to_pylist()[0].values()) == texts
    assert rows.encoding == "xlsx"
    assert rows.notes == ()


def test_noise_of_arithmetic_is_not_read(book: Book) -> None:
    rows = read(str(book(S=[["a", "b"], [0.1 + 0.2, 123456789012345], [1.1 * 3, 1e21]])))
    assert rows.table.to_pylist() == [{"a": "0.3", "b": "123456789012345"}, {"a": "3.3", "b": "1" + "0" * 21}]


def formatted(path: Path, formats: dict[str, str]) -> Path:
    """A workbook with number formats, by cell."""
    made = openpyxl.load_workbook(path)
    for cell, number_format in formats.items():
        made.worksheets[0][cell].number_format = number_format
    made.save(path)
    return path


@pytest.mark.parametrize("number_format", ["0%", "0.00%", '0.0"x"%', "[Red]0%;[Blue]-0%", "0.0 %"])
def test_a_percentage_is_read_as_it_is_seen_with_all_its_decimals(book: Book, number_format: str) -> None:
    values = [0.47, 0.473, 0.473333, 1, 0, -0.05, 0.1 + 0.2, 12.5, 0.07 * 3, "x", "47%", True, None]
    path = formatted(
        book(S=[["a", "b"], *([value, "-"] for value in values)]),
        {f"A{row}": number_format for row in range(1, len(values) + 2)},
    )
    texts = ["47%", "47.3%", "47.3333%", "100%", "0%", "-5%", "30%", "1250%", "21%", "x", "47%", "TRUE", ""]
    assert read(str(path)).table.column("a").to_pylist() == texts


@pytest.mark.parametrize("number_format", ["General", "0.0", '0" %"', r"0\%", "0_%", "0*%", "[$%]0", "@"])
def test_a_sign_that_is_only_a_letter_makes_no_percentage(book: Book, number_format: str) -> None:
    path = formatted(book(S=[["a", "b"], [0.47, 1]]), {"A2": number_format, "B2": "0%"})
    assert read(str(path)).table.to_pylist() == [{"a": "0.47", "b": "100%"}]


def test_a_style_that_names_no_format_is_none(book: Book) -> None:
    path = formatted(book(S=PLAIN), {"A2": "0.0000"})
    path = changed(path, "xl/styles.xml", lambda xml: xml.replace(b'numFmtId="164"', b'numFmtId="199"', 1))
    assert read(str(path)).table.to_pylist() == [{"a": "1", "b": "2"}]


# As programs write a formula: without a result, with an empty one, and with one they have not calculated.
@pytest.mark.parametrize(
    ("result", "calculate"), [(b"", b""), (b"<v></v>", b""), (b"<v/>", b""), (b"<v>0</v>", b' fullCalcOnLoad="1"')]
)
def test_a_formula_without_a_saved_result_is_noticed(book: Book, result: bytes, calculate: bytes) -> None:
    def change(xml: bytes) -> bytes:
        return re.sub(rb"(<f>[^<]*</f>)<v ?/?>(</v>)?", rb"\1" + result, xml)

    path = changed(book(S=[["a", "b"], [1, 2], [3, "=A2"], [4, 5], [6, "=A4"], [7, 8]]), SHEET, change)
    path = changed(path, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', calculate))
    with pytest.raises(NotReadable, match=r"2 formulas have no saved result \(first: row 3\)") as broken:
        read(str(path))
    assert "save" in broken.value.hint
    with pytest.raises(NotReadable, match="1 formula has no saved result"):
        read(str(book(S=[["a", "b"], ["=1", 2]])))


def test_a_formula_with_a_saved_result_is_read(book: Book) -> None:
    def saved(xml: bytes, result: bytes, kind: bytes) -> bytes:
        return re.sub(rb'(r="B2")[^>]*>(<f>[^<]*</f>)<v ?/?>(</v>)?', rb"\1" + kind + rb">\2" + result, xml)

    for result, kind, calculate, text in (
        (b"<v>5</v>", b"", b' fullCalcOnLoad="1"', "5"),
        (b"<v>0</v>", b"", b"", "0"),
        (b"<v></v>", b' t="str"', b"", ""),
        (b"<v>x</v>", b' t="str"', b"", "x"),
        (b"<v>#N/A</v>", b' t="e"', b"", "#N/A"),
    ):
        path = changed(book(S=[["a", "b"], [1, "=A2"]]), SHEET, lambda xml: saved(xml, result, kind))  # noqa: B023
        path = changed(path, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', calculate))  # noqa: B023
        assert read(str(path)).table.column("b").to_pylist() == [text]


def test_rows_out_of_order_are_refused(book: Book) -> None:
    path = book(S=[["a", "b"], [1, 2], [3, 4]])
    for row in (b'"1"', b'"2"', b'"0"', b'"-3"'):
        with pytest.raises(NotReadable, match="not in order"):
            read(str(changed(path, SHEET, lambda xml: xml.replace(b'<row r="3"', b"<row r=" + row))))  # noqa: B023


def test_titles_blank_rows_and_names(book: Book) -> None:
    sheet = [["Attainment"], [], ["a", "b", "a", None, None], [1, 2, 3], [None], [4, 5, 6], [], []]
    rows = read(str(book(S=sheet)))
    assert rows.header == ["a", "b", "a#2"]
    assert [list(row.values()) for row in rows.table.to_pylist()] == [["1", "2", "3"], ["4", "5", "6"]]
    assert list(rows.numbers) == [4, 6]
    assert rows.notes[0].startswith("2 lines before the header")
    assert rows.notes[1] == "blank rows were left out"


def test_spaces_beyond_the_header_are_no_cells(book: Book) -> None:
    rows = read(str(book(S=[["a", "b", " "], [1, 2, None, "  "], [3, 4]])))
    assert rows.header == ["a", "b"]


def test_a_cell_beyond_the_header_is_named_by_row(book: Book) -> None:
    with pytest.raises(RaggedRows, match="row 4") as broken:
        read(str(book(S=[["Title"], ["a", "b"], [1, 2], [1, 2, CANARY], [1, 2]])))
    assert CANARY not in broken.value.message + broken.value.hint


def test_the_sheet_is_the_only_one_that_is_seen_or_the_one_that_is_named(book: Book) -> None:
    path = str(book(("Old_Data",), Pupil_data=PLAIN, Old_Data=[["c"], [3]]))
    assert read(path).header == ["a", "b"]
    assert read(path, sheet="olddata ").header == ["c"]
    with pytest.raises(WhichSheet, match="no sheet 'Other'") as unknown:
        read(path, sheet="Other")
    assert "Pupil data" in unknown.value.hint
    with pytest.raises(WhichSheet, match="2 visible sheets") as several:
        read(str(book(("Three",), One=PLAIN, Two=PLAIN, Three=PLAIN)))
    assert "One, Two" in several.value.hint
    assert "Three" not in several.value.hint


def test_numbers_among_codes_may_have_lost_their_zeros(book: Book) -> None:
    header = ["LAESTAB", "upn", "grade", "Dfe number", "union"]
    rows = read(str(book(S=[header, ["0123", CANARY, 3, "x", 1], [123, CANARY, 4, 5, 1]])))
    assert rows.notes == ("leading zeros may already be lost: the sheet holds numbers in column A, D",)


def test_a_sheet_by_its_very_name_goes_before_one_that_is_nearly_called_so(book: Book) -> None:
    path = str(book(**{"2013 14": [["a"], ["1"]], "201314": [["a"], ["2"]]}))
    assert read(path, sheet="201314").table.column("a").to_pylist() == ["2"]
    with pytest.raises(WhichSheet):
        read(path, sheet="20 1314")


def test_noise_of_arithmetic_is_not_seen_in_a_sheet(book: Book) -> None:
    rows = read(str(book(S=[["a", "b"], [0.1 + 0.2, 1 / 3], [1.1 * 3, 2.675]])))
    assert rows.table.column("a").to_pylist() == ["0.3", "3.3"]
    assert rows.table.column("b").to_pylist() == ["0.333333333333333", "2.675"]


def test_how_many_is_no_code(book: Book) -> None:
    header = ["la_name", "children_number", "gld_number", "Number", "No", "eal no"]
    assert read(str(book(S=[header, ["Kent", 100, 60, 3, 4, 5]]))).notes == ()


def test_no_sheet_rows_or_cells(book: Book) -> None:
    sheets: list[list[list[Any]]] = [[], [[]], [["a", "b"]], [["a"], [None]]]
    for empty in sheets:
        with pytest.raises(EmptyFile):
            read(str(book(S=empty)))


def test_xml_that_grows_or_reaches_outside_is_refused(book: Book) -> None:
    grows = "".join(f'<!ENTITY e{one} "{f"&e{one - 1};" * 10 if one else CANARY}">' for one in range(9))
    for dtd, cell in ((grows, "&e8;"), ('<!ENTITY e SYSTEM "file:///etc/hostname">', "&e;")):
        for part in (SHEET, "xl/workbook.xml", "xl/styles.xml"):
            path = changed(
                book(S=[["a", "b"], ["x", "CELL"]]),
                part,
                lambda xml, dtd=dtd, cell=cell: (  # type: ignore[misc]
                    f"<!DOCTYPE x [{dtd}]>".encode() + xml.split(b"?>", 1)[-1].replace(b"CELL", cell.encode())
                ),
            )
            with pytest.raises(NotReadable, match="damaged") as broken:
                read(str(path))
            assert broken.value.__suppress_context__


def test_the_protection_cannot_be_switched_off_unseen(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    with pytest.raises(NotReadable, match="XML bombs"):
        read(str(book(S=PLAIN)))


def test_a_sheet_without_or_with_a_wrong_extent_is_read(book: Book) -> None:
    def without(xml: bytes) -> bytes:
        return xml.replace(b'<dimension ref="A1:B2" />', b"").replace(b'<dimension ref="A1:B2"/>', b"")

    def small(xml: bytes) -> bytes:
        return xml.replace(b"A1:B2", b"A1:A1")

    def cells(rows: Rows) -> list[dict[str, str]]:
        return list(rows.table.to_pylist())

    for change in (without, small):
        assert cells(read(str(changed(book(S=PLAIN), SHEET, change)))) == [{"a": "1", "b": "2"}]


def test_a_date_that_is_none_does_not_warn_with_its_number(book: Book) -> None:
    path = book(S=[["a", "b"], [dt.date(2014, 9, 1), 2]])
    path = changed(path, SHEET, lambda xml: xml.replace(b"<v>41883</v>", b"<v>98765432109</v>"))
    assert read(str(path)).table.column("a").to_pylist() == ["#VALUE!"]


def test_parts_that_are_missing_or_broken(book: Book) -> None:
    for part in (SHEET, "xl/workbook.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
        for junk in (b"", b"<", CANARY.encode()):
            with pytest.raises(NotReadable) as broken:
                read(str(changed(book(S=PLAIN), part, lambda _, junk=junk: junk)))  # type: ignore[misc]
            assert CANARY not in broken.value.message + broken.value.hint
            assert broken.value.__cause__ is None
