"""Rows of cells as the text of a CSV, for every module that writes one."""

import csv
from collections.abc import Iterable
from decimal import Decimal

from gapcalc.present.words import cell_safe

Cell = str | int | float | Decimal | None


class _Lines(list[str]):
    """What the writer writes, line by line."""

    def write(self, line: str) -> None:
        # The writer quotes only such line breaks as it ends lines with, and a bare CR within a name would start a row.
        self.append(line.removesuffix("\r\n") + "\n")


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows in, CSV text out. Texts are made safe for spreadsheets; numbers stay numbers, a negative one too."""
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell_safe(cell) if isinstance(cell, str) else cell for cell in row])
    return "".join(lines)
