"""The table a person reads: one for each area and measure, with what the figures mean below."""

import io
import shutil
import sys
from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from gapcalc.model import Release
from gapcalc.present.words import (
    MEANINGS,
    METHODS,
    count_text,
    gap_text,
    interval_text,
    measure_label,
    missing,
    printable,
    rate_text,
    text_or_none,
    who_label,
    whole,
)

GROUP = 1  # the one column that may break; a figure that is cut is a wrong figure
PIPE_WIDTH = 120  # where there is no terminal to fit


def as_table(release: Release) -> str:
    """A release in, text out: as wide as the terminal, in colour only there."""
    terminal = sys.stdout.isatty()
    gaps = release.gaps
    parts: list[tuple[str, Table]] = []
    for (_, key_stage, measure), rows in gaps.groupby(["area_code", "key_stage", "measure"], sort=False):
        records = rows.to_dict("records")
        title = f"{records[0]['area_name']} - {measure_label(str(key_stage), str(measure))}"
        parts.append((printable(title), _table(records)))
    console = _console(terminal, [table for _, table in parts])
    with console.capture() as captured:
        for title, table in parts:
            console.print(Text(title, style="bold"), soft_wrap=True)
            console.print(table)
            console.print()
        for note in _notes(gaps.to_dict("records")):
            console.print(Text(note), soft_wrap=True)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _console(terminal: bool, tables: list[Table]) -> Console:
    """A console as wide as the terminal, or as the tables need."""
    wide = Console(file=io.StringIO(), width=1000)
    least = max(Measurement.get(wide, wide.options, table).minimum for table in tables)
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    return Console(
        file=io.StringIO(),
        force_terminal=terminal,
        width=max(width, least),
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )


def _table(rows: list[dict[Any, Any]]) -> Table:
    unit = rows[0]["unit"]
    rate = "rate" if unit == "ppt" else "mean"
    national = any(not missing(row["national_gap"]) for row in rows)
    unknown = any(whole(row["unknown_pupils"]) for row in rows)
    headings = ["\nPeriod", "\nGroup v set against", f"Group\n{rate}", f"Set against\n{rate}", f"Gap\n({unit})"]
    headings += ["\n95% interval"] + ["National\ngap", "\nDifference"] * national + ["Group\nunknown"] * unknown
    body = [_cells(row, unit, national=national, unknown=unknown) for row in rows]
    table = Table(box=box.SIMPLE_HEAD, safe_box=True, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for place, heading in enumerate(headings):
        # Text, not markup: Rich would take [c] for a style and show an empty cell.
        if place == GROUP:
            table.add_column(Text(heading), min_width=16)
        else:
            longest = max(
                len(line) for text in (heading, *(cells[place] for cells in body)) for line in text.split("\n")
            )
            table.add_column(Text(heading), justify="left" if place == 0 else "right", width=longest, no_wrap=True)
    for cells in body:
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _cells(row: dict[Any, Any], unit: str, *, national: bool, unknown: bool) -> list[str]:
    cells = [
        _when(row),
        f"{who_label(row['dimension'], row['focus'])} v {who_label(row['dimension'], row['reference'])}",
        rate_text(row["focus_value"], row["focus_pupils"], unit, row["focus_symbol"]),
        rate_text(row["reference_value"], row["reference_pupils"], unit, row["reference_symbol"]),
        gap_text(row["gap"], unit, row["symbol"]),
        interval_text(row["gap_lower"], row["gap_upper"], unit) + ("*" if row["method"] == "rounding" else ""),
    ]
    if national:
        cells += [gap_text(row["national_gap"], unit), gap_text(row["difference"], unit)]
    if unknown:
        count = whole(row["unknown_pupils"])
        cells.append("" if count is None else count_text(count))
    return [printable(cell) for cell in cells]


def _when(row: dict[Any, Any]) -> str:
    term = text_or_none(row["term"])
    status = "" if row["status"] == "final" else f" ({row['status']})"
    return f"{row['period']}{f' {term}' if term else ''}{status}"


def _notes(rows: list[dict[Any, Any]]) -> list[str]:
    notes = ["Gap: those set against less the group, from unrounded figures; positive means the group is behind."]
    methods = dict.fromkeys(row["method"] for row in rows if row["method"])
    for method in METHODS:
        if method in methods:
            star = "* " if method == "rounding" else ""
            notes.append(f"{star}Interval ({method}): {METHODS[method]}.")
    if any(row["basis"] == "reconstructed" for row in rows):
        notes.append("Some counts are reconstructed from a percentage and a number of pupils.")
    symbols = {row["symbol"] for row in rows}
    notes += [meaning for symbol, meaning in MEANINGS.items() if symbol in symbols]
    return notes
