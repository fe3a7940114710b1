"""A grid for the terminal: headings and rows of texts in, a table that cuts no figure out."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

WHO = 1  # the usual place of the one column that may break


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
