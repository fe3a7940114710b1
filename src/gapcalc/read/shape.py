"""What a table is, whatever file it comes from: which row is the header, what its columns are called, what is blank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gapcalc.errors import EmptyFile, NotReadable, TooLarge, places
from gapcalc.read import limits

if TYPE_CHECKING:
    import pyarrow as pa

Number = Callable[[int], int]  # the place of a row in the table to its number in a spreadsheet


@dataclass(frozen=True)
class Found:
    """What a file of any format comes down to."""

    table: pa.Table
    notes: Sequence[str]
    first_row: int = 2
    short_rows: tuple[int, ...] = ()

    @property
    def numbers(self) -> Sequence[int]:
        """The number of each row in a spreadsheet."""
        return range(self.first_row, self.first_row + self.table.num_rows)


def usual(widths: Iterable[int]) -> int:
    """Widths of rows in, the width most of them have out; the larger of two, and 0 for none."""
    counted = Counter(width for width in widths if width)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def header_at(rows: Sequence[Sequence[str]], width: int) -> int:
    """The first rows of a file and their usual width in, the place of the header out.

    Titles and notes above a header fill one or two cells; a header fills more than half of the width. So a header
    that lacks a name is still taken for one, and complained of later.
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    for place, cells in enumerate(filled):
        if cells * 2 > width:
            return place
    return next((place for place, cells in enumerate(filled) if cells), 0)


def names(header: Sequence[str], file: str) -> list[str]:
    """A header in, names out of which no two are the same: a second `SNP` is `SNP#2`, a nameless column `#7`.

    Raises TooLarge for more than MAX_COLUMNS.
    """
    if len(header) > limits.MAX_COLUMNS:
        raise TooLarge(file, f"it has more than {limits.MAX_COLUMNS:,} columns", "leave out those that are not needed")
    taken = set(header)
    seen: dict[str, int] = {}
    distinct = []
    for place, name in enumerate(header, 1):
        seen[name] = seen.get(name, 0) + 1
        wanted = name if name.strip() else f"#{place}"
        if name.strip() and seen[name] > 1:
            while (wanted := f"{name}#{seen[name]}") in taken:
                seen[name] += 1
        while not name.strip() and wanted in taken:
            wanted += "#"
        taken.add(wanted)
        distinct.append(wanted)
    return distinct


def before(lines: int) -> list[str]:
    """How many lines stand before the header in, the note about them out."""
    if not lines:
        return []
    what = "1 line before the header was" if lines == 1 else f"{lines:,} lines before the header were"
    return [f"{what} left out; the header is row {lines + 1}"]


def finish(table: pa.Table, header: Sequence[str], file: str, number: Number) -> tuple[pa.Table, list[str]]:
    """A table of text in; the same without blank rows, and notes out.

    Raises EmptyFile, TooLarge for a cell over MAX_CELL, NotReadable for texts under a last column without a name.
    """
    import pyarrow as pa
    from pyarrow import compute as pc

    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > limits.MAX_CELL:
            place = pc.index(pc.binary_length(column), pa.scalar(longest, pc.binary_length(column).type)).as_py()
            what = f"a cell in row {number(place):,} holds more than {limits.MAX_CELL:,} bytes"
            raise TooLarge(file, what, "look for a quote that is not closed")
    if not header[-1].strip():
        texts = pc.indices_nonzero(pc.not_equal(pc.utf8_trim_whitespace(table.column(len(header) - 1)), ""))
        if len(texts):
            rows = [number(place.as_py()) for place in texts[:5]]
            what = f"the last column has no name, but holds text in {places(rows, len(texts))}"
            raise NotReadable(file, what, "name it, or look for a field too many")
    return _without_blank_rows(table, file)


def _without_blank_rows(table: pa.Table, file: str) -> tuple[pa.Table, list[str]]:
    from pyarrow import compute as pc

    if not table.num_rows:
        raise EmptyFile(file, header=True)
    blank = pc.equal(table.column(0), "")
    for column in table.columns[1:]:
        if not pc.any(blank).as_py():
            return table, []
        blank = pc.and_(blank, pc.equal(column, ""))
    full = pc.indices_nonzero(pc.invert(blank))
    if not len(full):
        raise EmptyFile(file, header=True)
    between = full[-1].as_py() + 1 - len(full)
    return (table.filter(pc.invert(blank)) if len(full) < table.num_rows else table), blank_between(between)


def blank_between(count: int) -> list[str]:
    """How many blank rows stand between others in, the note about them out."""
    if not count:
        return []
    what = "1 blank row was" if count == 1 else f"{count:,} blank rows were"
    return [f"{what} left out; in a spreadsheet the rows below have higher numbers than in messages"]
