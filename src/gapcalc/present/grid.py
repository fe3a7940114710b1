"""A grid for the terminal: headings and rows of texts in, a table that cuts no figure out."""

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

WHO = 1  # the usual place of the one column that may break


def least(table: Table) -> int:
    """The least width of a table that cuts no figure."""
    wide = Console(file=io.StringIO(), width=1000)
    return Measurement.get(wide, wide.options, table).minimum


def fitting(versions: Iterable[Table], width: int) -> tuple[Table, int]:
    """Versions of a table, the fullest first, in; the first that fits a width, or the last, and which it is, out."""
    made: list[Table] = []
    for table in versions:
        made.append(table)
        if least(table) <= width:
            break
    return made[-1], len(made) - 1


def grid(headings: Sequence[str], body: Sequence[Sequence[str]], who: int = WHO) -> Table:
    """Headings and rows in, a table out: the first column to the left, who it is about may break, figures never."""
    table = Table(box=box.SIMPLE_HEAD, safe_box=True, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for place, heading in enumerate(headings):
        # Text, not markup: Rich would take [c] for a style and show an empty cell.
        if place == who:
            table.add_column(Text(heading), min_width=16)
        else:
            longest = max(
                len(line) for text in (heading, *(cells[place] for cells in body)) for line in text.split("\n")
            )
            table.add_column(Text(heading), justify="left" if place == 0 else "right", width=longest, no_wrap=True)
    for cells in body:
        table.add_row(*(Text(cell) for cell in cells))
    return table
