"""The cells of a sheet as an analyst sees them. openpyxl tells values from formats; here a percentage keeps its sign.

Imported only when there is a workbook, since openpyxl is heavy.
"""

import re
from collections.abc import Iterator
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser

from gapcalc.errors import NotReadable, TooLarge
from gapcalc.read import limits
from gapcalc.read.values import percentage

# What a number format holds besides signs for digits: quoted and escaped letters, and room as wide as a letter.
LETTERS = re.compile(r'"[^"]*"|[\\_*].|\[[^\]]*\]')
LEFT_TO_NEXT = re.compile(rb"""fullCalcOnLoad=["'](1|true)["']""")
TIDY_UP = "delete the empty rows and columns around the table, and save it again; or save it as CSV"
# What openpyxl keeps to itself is used here and nowhere else: to read a sheet once, formats and formulas included.
Sheet = Any


def seen(sheet: Sheet, file: str) -> Iterator[tuple[Any, ...]]:
    """A sheet in; the values of each row from the first on out, blank rows included, and percentages as text.

    Raises TooLarge, and NotReadable for rows out of order or formulas without a saved result.
    """
    width, height = sheet.max_column or 0, sheet.max_row or 0
    if width > limits.MAX_COLUMNS or width * height > limits.MAX_SHEET_CELLS:
        raise TooLarge(file, f"the sheet says that it has {height:,} rows of {width:,} columns", TIDY_UP)
    # What it says may be wrong, so the cells are counted as they come.
    with sheet.parent._archive.open(sheet._worksheet_path) as source:
        parser = Parser(source, sheet)
        cells, below = 0, 1
        for number, row in parser.parse():
            width = max((cell["column"] for cell in row), default=0)
            cells += width
            if cells > limits.MAX_SHEET_CELLS or number > limits.MAX_SHEET_ROWS:
                raise TooLarge(file, f"the sheet has more than {limits.MAX_SHEET_CELLS:,} cells", TIDY_UP)
            if number < below:
                raise NotReadable(file, "the rows of the sheet are not in order", "save it again in a spreadsheet")
            if parser.unsaved:
                continue  # only counting is left
            yield from ((),) * (number - below)
            values = [None] * width
            for cell in row:
                values[cell["column"] - 1] = cell["value"]
            yield tuple(values)
            below = number + 1
    if parser.unsaved:
        what = "1 formula has" if parser.unsaved == 1 else f"{parser.unsaved:,} formulas have"
        what += f" no saved result (first: row {parser.first_unsaved:,})"
        raise NotReadable(file, what, "open it in Excel, save it, and give it again")


class Parser(WorkSheetParser):
    """openpyxl's, but numbers formatted as percentages are texts, and formulas without a saved result are counted."""

    def __init__(self, source: Any, sheet: Sheet) -> None:
        book = sheet.parent
        super().__init__(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        self.percentages = _percentages(book)
        self.zeros = _is_not_calculated(book)
        self.unsaved = 0
        self.first_unsaved = 0

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """An element of the sheet's XML in, its cell out."""
        cell = super().parse_cell(element)
        value = cell["value"]
        if (value is None or self.zeros) and self._lacks_result(element):
            self.unsaved += 1
            self.first_unsaved = self.first_unsaved or cell["row"]
        if cell["style_id"] in self.percentages and cell["data_type"] == "n" and value is not None:
            cell["value"] = percentage(value)
        return cell

    def _lacks_result(self, element: Any) -> bool:
        if element.find(FORMULA_TAG) is None:
            return False
        result = element.findtext(VALUE_TAG)
        if not result:  # a saved result can be an empty text
            return result is None or element.get("t") != "str"
        return self.zeros and result == "0"


def _is_not_calculated(book: Any) -> bool:
    """Whether the program that wrote the workbook leaves calculating to the next; some write 0 for every result."""
    # openpyxl says so of every workbook that does not say anything.
    parts = [name for name in book._archive.namelist() if name.endswith("workbook.xml")]
    return any(LEFT_TO_NEXT.search(book._archive.read(name)) for name in parts)


def _percentages(book: Any) -> frozenset[int]:
    """The styles, by number, that show a number as a percentage."""
    formats = BUILTIN_FORMATS | dict(enumerate(book._number_formats, BUILTIN_FORMATS_MAX_SIZE))
    return frozenset(
        number for number, style in enumerate(book._cell_styles) if is_percentage(formats.get(style.numFmtId, ""))
    )


def is_percentage(number_format: str) -> bool:
    """Whether a number format shows a number times a hundred."""
    return "%" in LETTERS.sub("", number_format)
