"""The table a person reads: one for each area and measure, with what the figures mean below."""

import io
import sys
from typing import Any

from rich import box
from rich.console import Console
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

PIPE_WIDTH = 140  # where there is no terminal to fit


def as_table(release: Release) -> str:
    """A release in, text out: as wide as the terminal, in colour only there."""
    terminal = sys.stdout.isatty()
    target = io.StringIO()
    console = Console(
        file=target,
        force_terminal=terminal,
        width=None if terminal else PIPE_WIDTH,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    gaps = release.gaps
    for (_, key_stage, measure), rows in gaps.groupby(["area_code", "key_stage", "measure"], sort=False):
        records = rows.to_dict("records")
        console.print(
            Text(
                f"{printable(records[0]['area_name'])} - {measure_label(str(key_stage), str(measure))}",
                style="bold",
            )
        )
        console.print(_table(records))
    for note in _notes(gaps.to_dict("records")):
        console.print(Text(note), soft_wrap=not terminal)
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()) + "\n"


def _table(rows: list[dict[Any, Any]]) -> Table:
    unit = rows[0]["unit"]
    national = any(not missing(row["national_gap"]) for row in rows)
    unknown = any(whole(row["unknown_pupils"]) for row in rows)
    table = Table(box=box.SIMPLE_HEAD, safe_box=True, pad_edge=False)
    rate = "Rate" if unit == "ppt" else "Mean"
    for heading in ("Period", "Group"):
        table.add_column(Text(heading))
    table.add_column(Text(rate), justify="right")
    table.add_column(Text("Set against"))
    numbers = [rate, f"Gap ({unit})", "95% interval"]
    numbers += ["National gap", "Difference"] * national + ["Group unknown"] * unknown
    for heading in numbers:
        table.add_column(Text(heading), justify="right")
    for row in rows:
        cells = [
            _when(row),
            who_label(row["dimension"], row["focus"]),
            rate_text(row["focus_value"], row["focus_pupils"], unit, row["focus_symbol"]),
            who_label(row["dimension"], row["reference"]),
            rate_text(row["reference_value"], row["reference_pupils"], unit, row["reference_symbol"]),
            gap_text(row["gap"], unit, row["symbol"]),
            interval_text(row["gap_lower"], row["gap_upper"], unit) + ("*" if row["method"] == "rounding" else ""),
        ]
        if national:
            cells += [gap_text(row["national_gap"], unit), gap_text(row["difference"], unit)]
        if unknown:
            count = whole(row["unknown_pupils"])
            cells.append("" if count is None else count_text(count))
        # Text, not markup: Rich would take [c] for a style and show an empty cell.
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _when(row: dict[Any, Any]) -> str:
    term = text_or_none(row["term"])
    status = "" if row["status"] == "final" else f" ({row['status']})"
    return f"{row['period']}{f' {term}' if term else ''}{status}"


def _notes(rows: list[dict[Any, Any]]) -> list[str]:
    notes = ["Gap: the rate of those set against less the rate of the group; positive means the group is behind."]
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
