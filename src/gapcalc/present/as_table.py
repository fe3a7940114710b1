"""The table a person reads: one for each area and measure, with what the figures mean below."""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from gapcalc.definitions import ALL, measures
from gapcalc.present.words import (
    INTERNAL,
    MARKS,
    MEANINGS,
    METHODS,
    count_text,
    gap_text,
    interval_text,
    measure_label,
    missing,
    printable,
    protection_notes,
    rate_text,
    text_or_none,
    who_label,
    whole,
)
from gapcalc.release import Release

if TYPE_CHECKING:
    import pandas as pd

SYMBOLS = ("symbol", "focus_symbol", "reference_symbol", "unknown_symbol", "national_symbol")
PIPE_WIDTH = 120  # where there is no terminal to fit


@dataclass(frozen=True)
class Look:
    """How much a table shows: the first column's subject, and whether numbers of pupils fit."""

    areas: bool  # rows are areas, one table per group; else rows are groups, one table per area
    numbers: bool  # rates with their pupils, and how many are unknown
    national: bool
    unit: str


def as_table(release: Release) -> str:
    """A release in, text out: as wide as the terminal, in colour only there."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    gaps = release.gaps
    areas = len(gaps[["area_code", "level"]].drop_duplicates()) > 1
    numbers, tables = True, _tables(gaps, areas=areas, numbers=True)
    if max(_least(table) for _, table in tables) > width:
        numbers, tables = False, _tables(gaps, areas=areas, numbers=False)
    # A figure that is cut is a wrong figure: below its least width a table is left to the terminal to wrap.
    console = Console(
        file=io.StringIO(),
        force_terminal=terminal,
        width=max(width, *(_least(table) for _, table in tables)),
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    with console.capture() as captured:
        if release.internal:
            console.print(Text(INTERNAL, style="bold"), width=width)
            console.print()
        for title, table in tables:
            console.print(Text(printable(title), style="bold"), width=width)
            console.print(table)
            console.print()
        for note in _notes(gaps.to_dict("records"), numbers=numbers) + protection_notes(release.protection):
            console.print(Text(note), width=width)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _least(table: Table) -> int:
    wide = Console(file=io.StringIO(), width=1000)
    return Measurement.get(wide, wide.options, table).minimum


def _tables(gaps: pd.DataFrame, *, areas: bool, numbers: bool) -> list[tuple[str, Table]]:
    """One table per area and measure; with several areas, one per measure and group, so that areas stand together."""
    by = ["key_stage", "measure", *(["level", "dimension", "focus"] if areas else ["area_code"])]
    tables = []
    for _, rows in gaps.groupby(by, sort=False):
        records = rows.to_dict("records")
        first = records[0]
        subject = _groups(first) if areas else first["area_name"]
        national = any(not missing(row["national_gap"]) for row in records)
        look = Look(areas, numbers, national, first["unit"])
        tables.append((f"{subject} - {measure_label(first['key_stage'], first['measure'])}", _table(records, look)))
    return tables


def _table(rows: list[dict[Any, Any]], look: Look) -> Table:
    rate = "rate" if look.unit == "ppt" else "mean"
    headings = ["\nPeriod", "\nArea" if look.areas else "\nGroup v peers", f"Group\n{rate}", f"Peers\n{rate}"]
    if rows[0]["reference"] == ALL:
        headings[1:4] = [headings[1].replace("peers", "all"), headings[2], f"All\n{rate}"]
    unknown = look.numbers and any(whole(row["unknown_pupils"]) or row["unknown_symbol"] for row in rows)
    headings += [f"Gap\n({look.unit})", "\nInterval"] + ["National\ngap", "Differ-\nence"] * look.national
    headings += ["Group\nunknown"] * unknown
    body = [_cells(row, look, unknown=unknown) for row in rows]
    table = Table(box=box.SIMPLE_HEAD, safe_box=True, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for place, heading in enumerate(headings):
        # Text, not markup: Rich would take [c] for a style and show an empty cell.
        if place == 1:  # the one column that may break
            table.add_column(Text(heading), min_width=16)
        else:
            longest = max(
                len(line) for text in (heading, *(cells[place] for cells in body)) for line in text.split("\n")
            )
            table.add_column(Text(heading), justify="left" if place == 0 else "right", width=longest, no_wrap=True)
    for cells in body:
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _cells(row: dict[Any, Any], look: Look, *, unknown: bool) -> list[str]:
    unit = look.unit
    sizes = [row["focus_pupils"], row["reference_pupils"]] if look.numbers else [None, None]
    interval = interval_text(row["gap_lower"], row["gap_upper"], unit)
    cells = [
        _when(row),
        row["area_name"] if look.areas else _groups(row),
        rate_text(row["focus_value"], sizes[0], unit, row["focus_symbol"]),
        rate_text(row["reference_value"], sizes[1], unit, row["reference_symbol"]),
        gap_text(row["gap"], unit, row["symbol"]),
        # What rounding leaves open is no interval of chance and must not be read as one.
        f"({interval})*" if row["method"] == "rounding" else interval,
    ]
    if look.national:
        cells += [gap_text(row["national_gap"], unit, row["national_symbol"]), gap_text(row["difference"], unit)]
    if unknown:
        count = whole(row["unknown_pupils"])
        cells.append(MARKS.get(str(row["unknown_symbol"]), "") if count is None else count_text(count))
    return [printable(cell) for cell in cells]


def _groups(row: dict[Any, Any]) -> str:
    return f"{who_label(row['dimension'], row['focus'])} v {who_label(row['dimension'], row['reference'])}"


def _when(row: dict[Any, Any]) -> str:
    term = text_or_none(row["term"])
    status = "" if row["status"] == "final" else f" ({row['status']})"
    return f"{row['period']}{f' {term}' if term else ''}{status}"


def _notes(rows: list[dict[Any, Any]], *, numbers: bool) -> list[str]:
    less = "all pupils' rate" if rows[0]["reference"] == ALL else "the peers' rate"
    notes = [f"Gap: {less} minus the group's rate, before rounding; positive means the group is behind."]
    if less_is_better := sorted(
        {row["measure"] for row in rows if measures()[row["key_stage"], row["measure"]].lower_is_better}
    ):
        notes.append(f"Less is better in {', '.join(less_is_better)}: the gap is the group's rate minus the other.")
    methods = dict.fromkeys(row["method"] for row in rows if row["method"])
    for method in METHODS:
        if method in methods:
            start = "* in brackets, not a matter of chance" if method == "rounding" else "Interval: 95%"
            notes.append(f"{start}: {METHODS[method]}.")
    if any("reconstructed" in str(row["basis"]) for row in rows):
        notes.append("Some counts are close, not exact: worked out from a percentage, or rounded by the publisher.")
    if not numbers:
        notes.append("Numbers of pupils are left out for want of room; a wider window or a file has them.")
    symbols = {row[name] for row in rows for name in SYMBOLS}
    notes += [meaning for symbol, meaning in MEANINGS.items() if symbol in symbols]
    return notes
