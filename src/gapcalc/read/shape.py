"""What a table is, whatever file it comes from: which row is the header, what its columns are called, what is blank."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gapcalc.errors import EmptyFile, NotReadable, TooLarge, places
from gapcalc.read import limits

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Found:
    """What a file of any format comes down to."""

    table: pa.Table
    numbers: Sequence[int]  # of each row in a spreadsheet
    notes: Sequence[str]
    short_rows: tuple[int, ...] = ()


def usual(widths: Iterable[int]) -> int:
    """Widths of rows in, the width most of them have out; the larger of two, and 0 for none."""
    counted = Counter(width for width in widths if width)
    return max(counted, key=lambda width: (counted[width], width), default=0)


def filled_to(row: Sequence[str]) -> int:
    """A row in, the place of its last cell that is not blank out, counted from 1; 0 when all are."""
    return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)


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
        distinct.append(wanted)
    return distinct


def before(lines: int) -> list[str]:
    """How many lines stand before the header in, the note about them out."""
    if not lines:
        return []
    what = "1 line before the header was" if lines == 1 else f"{lines:,} lines before the header were"
    return [f"{what} left out; the header is row {lines + 1}"]


def finish(
    table: pa.Table,
    header: Sequence[str],
    file: str,
    numbers: Sequence[int],
    *,
    above: int = 0,
    notes: Sequence[str] = (),
    short_rows: Sequence[int] = (),
) -> Found:
    """A table of text, the numbers of its rows, and how many rows stand above the header in; it without blank rows out.

    Raises EmptyFile, TooLarge for a cell over MAX_CELL, NotReadable for texts under a last column without a name.
    """
    _check_cells(table, file, numbers)
    _check_nameless(table, header, file, numbers)
    table, numbers = _without_blank_rows(table, file, numbers)
    between = numbers[-1] - above - 1 - len(numbers)
    return Found(table, numbers, [*before(above), *notes, *blank_between(between)], tuple(short_rows))


def _check_cells(table: pa.Table, file: str, numbers: Sequence[int]) -> None:
    import pyarrow as pa
    from pyarrow import compute as pc

    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > limits.MAX_CELL:
            place = pc.index(pc.binary_length(column), pa.scalar(longest, pc.binary_length(column).type)).as_py()
            what = f"a cell in row {numbers[place]:,} holds more than {limits.MAX_CELL:,} bytes"
            raise TooLarge(file, what, "look for a quote that is not closed")


def _check_nameless(table: pa.Table, header: Sequence[str], file: str, numbers: Sequence[int]) -> None:
    """Nothing may stand to the right of the last name."""
    from pyarrow import compute as pc

    for place in range(len(header) - 1, -1, -1):
        if header[place].strip():
            return
        texts = pc.indices_nonzero(pc.not_equal(pc.utf8_trim_whitespace(table.column(place)), ""))
        if len(texts):
            rows = [numbers[index.as_py()] for index in texts[:5]]
            what = f"the last column has no name, but holds text in {places(rows, len(texts))}"
            raise NotReadable(file, what, "name it, or look for a field too many")


def _without_blank_rows(table: pa.Table, file: str, numbers: Sequence[int]) -> tuple[pa.Table, Sequence[int]]:
    import numpy as np
    from pyarrow import compute as pc

    if not table.num_rows:
        raise EmptyFile(file, header=True)
    blank = pc.equal(pc.utf8_trim_whitespace(table.column(0)), "")
    for column in table.columns[1:]:
        if not pc.any(blank).as_py():
            return table, numbers
        blank = pc.and_(blank, pc.equal(pc.utf8_trim_whitespace(column), ""))
    full = pc.indices_nonzero(pc.invert(blank)).to_numpy()
    if not len(full):
        raise EmptyFile(file, header=True)
    last = int(full[-1])
    if len(full) == last + 1:  # blank rows are only at the end, so nothing need be copied
        return table.slice(0, len(full)), numbers[: len(full)]
    return table.filter(pc.invert(blank)), array("q", np.asarray(numbers, np.int64)[full].tobytes())


def has_blank_rows(table: pa.Table) -> bool:
    """Whether in some row nothing stands in any column. Of a dictionary its few words are looked at first."""
    import numpy as np
    import pyarrow as pa

    blank = np.ones(table.num_rows, bool)
    for column in table.columns:
        texts = column.combine_chunks()
        if not pa.types.is_dictionary(texts.type):
            texts = texts.dictionary_encode()
        words = np.array([not word.strip() for word in texts.dictionary.to_pylist()], bool)
        if not words.any():
            return False
        blank &= words[texts.indices.to_numpy(zero_copy_only=False)]
        if not blank.any():
            return False
    return bool(len(blank))


def blank_between(count: int) -> list[str]:
    """How many blank rows stand above the last row in, the note that there are some out: not how many, since somebody
    may be in each row that is not blank.
    """
    return ["blank rows were left out"] if count else []
