"""The table a person reads: one for each area and measure, with what the figures mean below."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gapcalc.definitions import ALL, OTHERS, measures
from gapcalc.model import PLACES
from gapcalc.present.beside import BREAK, beside_table, heading, notes
from gapcalc.present.grid import fitting, grid, least
from gapcalc.present.other_scales import scales_notes, scales_table
from gapcalc.present.records import results
from gapcalc.present.words import (
    INTERNAL,
    MARKS,
    MEANINGS,
    METHODS,
    count_text,
    gap_text,
    interval_text,
    measure_label,
    places_note,
    printable,
    protection_notes,
    rate_text,
    who_label,
)
from gapcalc.release import Release
from gapcalc.results import Comparison, Gap

SYMBOLS = ("symbol", "focus_symbol", "reference_symbol", "unknown_symbol")
PIPE_WIDTH = 120  # where there is no terminal to fit


@dataclass(frozen=True)
class Look:
    """How much a table shows: the first column's subject, and which columns there is room for."""

    areas: bool  # rows are areas, one table per group; else rows are groups, one table per area
    beside: tuple[str, ...]  # the comparators whose gaps stand in columns
    unit: str
    unknown: bool
    numbers: bool
    to_close: bool


# What a table shows of how many are unknown, numbers of pupils, and pupils to close: from the widest on.
SHOWN = ((True, True, True), (False, True, True), (False, False, True), (False, False, False))
LEFT_OUT = (
    "",
    "How many are of unknown group is",
    "Numbers of pupils, and how many are of unknown group, are",
    "Numbers of pupils, how many are of unknown group and pupils to close are",
    "Numbers of pupils, how many are of unknown group, pupils to close and the gaps of the tables below are",
)


def as_table(release: Release) -> str:
    """A release in, text out: as wide as the terminal, in colour only there."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    found = results(release)
    areas = len({(gap.area_code, gap.level) for gap in found.gaps}) > 1
    tables, left_out = _tables(found.gaps, areas=areas, width=width)
    # A figure that is cut is a wrong figure: below its least width a table is left to the terminal to wrap.
    console = Console(
        file=io.StringIO(),
        force_terminal=terminal,
        width=max(width, *(least(table) for _, table in tables)),
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
        told = [*_notes(found.gaps, left_out), *scales_notes(found.gaps), *notes(found.gaps, found.wider)]
        told += [f"Put together: {str(pool).replace('=', ' is ', 1).replace(',', ', ')}." for pool in _pools(release)]
        below = any(gap.level in PLACES and gap.protected for gap in found.gaps)
        told += [*protection_notes(release.protection), *([places_note(len(found.without_row))] if below else [])]
        for note in told:
            console.print(Text(note), width=width)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _pools(release: Release) -> list[str]:
    """The areas that were put together, as they were asked for: a misspelt one may be seen."""
    pools = release.options.get("pools")
    return pools if isinstance(pools, list) else []


def _tables(gaps: Sequence[Gap], *, areas: bool, width: int) -> tuple[list[tuple[str, Table]], str]:
    """One table per area and measure, or per measure and group, so that areas stand together; then those beside.

    Also what is left out of some of them for want of room, in words.
    """
    sets: dict[tuple[str, ...], list[Gap]] = {}
    for gap in gaps:
        by = (gap.level, gap.dimension, gap.focus) if areas else (gap.area_code,)
        sets.setdefault((gap.key_stage, gap.measure, *by), []).append(gap)
    tables, spared = [], 0
    for rows in sets.values():
        first = rows[0]
        subject = _groups(first) if areas else first.area_name
        title = f"{subject} - {measure_label(first.key_stage, first.measure)}"
        names = list(dict.fromkeys(one.comparator for gap in rows for one in gap.comparisons if _says_something(one)))
        looks = [Look(areas, tuple(names), first.unit, *shown) for shown in SHOWN]
        # Their gaps stand in their own tables as well.
        looks.append(replace(looks[-1], beside=()))
        table, place = fitting((_table(rows, look) for look in looks), width)
        spared = max(spared, place if any(row.focus_pupils is not None for row in rows) else 0)
        tables.append((title, table))
        if first.scales is not None:
            headings = ["\nPeriod", "\nArea" if areas else "\nGroup"]
            tables.append(("Other scales", scales_table(rows, headings, lambda gap: _keys(gap, areas=areas))))
        for name in names:
            pairs = [(gap, one) for gap in rows for one in gap.comparisons if one.comparator == name]
            if pairs:
                whose = _whose(name, pairs)
                headings = ["\nPeriod", "\nArea" if areas else "\nGroup"]
                tables.append(
                    (f"Beside {whose}", beside_table(pairs, headings, lambda gap: _keys(gap, areas=areas), width))
                )
    return tables, LEFT_OUT[spared]


def _says_something(one: Comparison) -> bool:
    """Whether there is anything to be shown of what stands beside a gap."""
    return one.gap is not None or one.symbol == "hidden" or one.reasons is not None or one.focus_value is not None


def _whose(name: str, pairs: Sequence[tuple[Gap, Comparison]]) -> str:
    """Whose gaps stand beside: by name where all are of one area or average."""
    names = {one.label for _, one in pairs}
    if pairs[0][1].comparable is not None:
        return "the year before" if name == "previous" else name
    return names.pop() if len(names) == 1 else {"la": "their authority", "region": "their region"}.get(name, name)


def _keys(gap: Gap, *, areas: bool) -> list[str]:
    return [_when(gap), printable(gap.area_name if areas else who_label(gap.dimension, gap.focus))]


def _table(rows: list[Gap], look: Look) -> Table:
    rate = "rate" if look.unit == "ppt" else "mean"
    headings = ["\nPeriod", "\nArea" if look.areas else "\nGroup v peers", f"Group\n{rate}", f"Peers\n{rate}"]
    if (whom := rows[0].reference) in (ALL, OTHERS):
        headings[1:4] = [headings[1].replace("peers", whom), headings[2], f"{whom.title()}\n{rate}"]
    look = replace(
        look,
        unknown=look.unknown and any(row.unknown_pupils or row.unknown_symbol for row in rows),
        to_close=look.to_close and any(row.pupils_to_close is not None for row in rows),
    )
    headings += [f"Gap\n({look.unit})", "\nInterval", *map(heading, look.beside)]
    headings += ["Pupils\nto close"] * look.to_close + ["Group\nunknown"] * look.unknown
    return grid(headings, [_cells(row, look) for row in rows])


def _cells(row: Gap, look: Look) -> list[str]:
    sizes = [row.focus_pupils, row.reference_pupils] if look.numbers else [None, None]
    interval = interval_text(row.gap_lower, row.gap_upper)
    cells = [
        _when(row),
        row.area_name if look.areas else _groups(row),
        rate_text(row.focus_value, sizes[0], look.unit, row.focus_symbol),
        rate_text(row.reference_value, sizes[1], look.unit, row.reference_symbol),
        gap_text(row.gap, row.symbol),
        # What rounding leaves open is no interval of chance and must not be read as one.
        f"({interval})*" if row.method == "rounding" else interval,
    ]
    beside = {one.comparator: one for one in row.comparisons}
    cells += [_beside(beside.get(name)) for name in look.beside]
    if look.to_close:
        cells.append("" if row.pupils_to_close is None else count_text(row.pupils_to_close))
    if look.unknown:
        count = row.unknown_pupils
        cells.append(MARKS.get(str(row.unknown_symbol), "") if count is None else count_text(count))
    return [printable(cell) for cell in cells]


def _beside(one: Comparison | None) -> str:
    """A comparator's gap, marked where it cannot be compared."""
    if one is None:
        return ""
    mark = f" {BREAK}" if one.comparable == "break" and one.gap is not None else ""
    return gap_text(one.gap, one.symbol) + mark


def _groups(row: Gap) -> str:
    return f"{who_label(row.dimension, row.focus)} v {who_label(row.dimension, row.reference)}"


def _when(row: Gap) -> str:
    status = "" if row.status == "final" else f" ({row.status})"
    return f"{row.period}{f' {row.term}' if row.term else ''}{status}"


def _notes(rows: Sequence[Gap], left_out: str) -> list[str]:
    less = {ALL: "all pupils' rate", OTHERS: "all other pupils' rate"}.get(rows[0].reference, "the peers' rate")
    told = [f"Gap: {less} minus the group's rate, before rounding; positive means the group is behind."]
    if less_is_better := sorted(
        {row.measure for row in rows if measures()[row.key_stage, row.measure].lower_is_better}
    ):
        told.append(f"Less is better in {', '.join(less_is_better)}: the gap is the group's rate minus the other.")
    methods = dict.fromkeys(row.method for row in rows if row.method)
    methods |= {"rounding": None} if any(one.method == "rounding" for row in rows for one in row.comparisons) else {}
    for method in METHODS:
        if method in methods:
            start = "* in brackets, not a matter of chance" if method == "rounding" else "Interval: 95%"
            told.append(f"{start}: {METHODS[method]}.")
    if any(row.pupils_to_close is not None for row in rows):
        told.append("Pupils to close: how many more of the group have to reach the standard, the others staying.")
    if any(row.basis == "reconstructed" for row in rows):
        told.append("Some counts are close, not exact: worked out from a percentage, or rounded.")
    if left_out:
        told.append(f"{left_out} left out of a table for want of room; a wider window or a file has them.")
    symbols = {getattr(row, name) for row in rows for name in SYMBOLS} | {
        one.symbol for row in rows for one in row.comparisons
    }
    return told + [meaning for symbol, meaning in MEANINGS.items() if symbol in symbols]
