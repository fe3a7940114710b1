"""Workbooks: which sheet, and cells as a CSV file would hold them."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gapcalc.errors import EmptyFile, NotReadable, RaggedRows, WhichSheet
from gapcalc.model import Rows
from gapcalc.read import read

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


def test_titles_blank_rows_and_names(book: Book) -> None:
    sheet = [["Attainment"], [], ["a", "b", "a", None, None], [1, 2, 3], [None], [4, 5, 6], [], []]
    rows = read(str(book(S=sheet)))
    assert rows.header == ["a", "b", "a#2"]
    assert [list(row.values()) for row in rows.table.to_pylist()] == [["1", "2", "3"], ["4", "5", "6"]]
    assert list(rows.numbers) == [4, 6]
    assert rows.notes[0].startswith("2 lines before the header")
    assert rows.notes[1] == "1 blank row was left out"


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
