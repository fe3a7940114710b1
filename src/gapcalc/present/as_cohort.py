"""Who missed a standard: a table for each area, measure and period; JSON; or CSV, one row per combination."""

from __future__ import annotations

import io
import shutil
import sys
from typing import Any

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from gapcalc.definitions import dimension, measures
from gapcalc.missed import MissedRelease, MissedRow
from gapcalc.model import COHORT, PLACES
from gapcalc.present.grid import grid
from gapcalc.present.lines import csv_text
from gapcalc.present.missed_words import contradictions, label, missed_results
from gapcalc.present.words import (
    INTERNAL,
    MARKS,
    MEANINGS,
    count_text,
    in_unit,
    measure_label,
    missing,
    places_note,
    policy_note,
    printable,
    protection_mark,
    rounded,
    text_or_none,
    whole,
)

PIPE_WIDTH = 120  # where there is no terminal to fit
Row = dict[Any, Any]


def cohort_json(release: MissedRelease) -> str:
    """A release in, JSON text out."""
    return missed_results(release).model_dump_json(indent=2) + "\n"


def cohort_csv(release: MissedRelease) -> str:
    """A release in, CSV text out: the columns of the JSON rows, what is contradicted, and how it was protected."""
    results = missed_results(release)
    said: dict[tuple[object, ...], list[str]] = {}
    for one in results.contradictions:
        said.setdefault(tuple(getattr(one, name) for name in (*COHORT, "kind", "group")), []).append(one.says)
    rows = (
        [
            *one.model_dump(exclude={"protected"}).values(),
            "; ".join(said.get(tuple(getattr(one, name) for name in (*COHORT, "kind", "group")), [])),
            protection_mark(results.protection, protected=one.protected),
        ]
        for one in results.rows
    )
    columns = [name for name in MissedRow.model_fields if name != "protected"]
    return csv_text([[*columns, "contradictions", "protection"], *rows])


def cohort_table(release: MissedRelease) -> str:
    """A release in, text out: as wide as the terminal, in colour only there."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else PIPE_WIDTH
    records = release.rows.to_dict("records")
    together: dict[tuple[object, ...], list[Row]] = {}
    for one in records:
        together.setdefault(tuple(one[name] for name in COHORT), []).append(one)
    tables = [(_title(rows[0]), _table(rows, release.groups)) for rows in together.values()]
    least = max(_least(table) for _, table in tables)
    # A figure that is cut is a wrong figure: below its least width a table is left to the terminal to wrap.
    console = Console(
        file=io.StringIO(), force_terminal=terminal, width=max(width, least), highlight=False, emoji=False,
        legacy_windows=False,
    )  # fmt: skip
    with console.capture() as captured:
        if release.internal:
            console.print(Text(INTERNAL, style="bold"), width=width)
            console.print()
        for title, table in tables:
            console.print(Text(printable(title), style="bold"), width=width)
            console.print(table)
            console.print()
        for note in (*contradictions(release), *_notes(records, release)):
            console.print(Text(printable(note)), width=width)
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _least(table: Table) -> int:
    wide = Console(file=io.StringIO(), width=1000)
    return Measurement.get(wide, wide.options, table).minimum


def _title(row: Row) -> str:
    term, status = text_or_none(row["term"]), row["status"]
    when = f"{row['period']}{f' {term}' if term else ''}{'' if status == 'final' else f' ({status})'}"
    return f"{row['area_name']} - {measure_label(row['key_stage'], row['measure'])} - {when}"


def _table(rows: list[Row], groups: tuple[str, ...]) -> Table:
    national = any(not missing(row["national_share"]) for row in rows)
    headings = ["\nIn exactly these groups", "\nPupils", "\nMissed", "Share\nmissed"]
    headings += ["National\nshare", "Differ-\nence"] * national
    # Nobody's group being unknown is worth a row in a file, and none in a table.
    body = [_cells(row, groups, national=national) for row in rows if row["kind"] != "unknown" or row["pupils"] != 0]
    return grid(headings, [[printable(cell) for cell in cells] for cells in body], who=0)


def _cells(row: Row, groups: tuple[str, ...], *, national: bool) -> list[str]:
    mark = MARKS.get(str(row["symbol"]), "")
    counts = [mark if (count := whole(row[name])) is None else count_text(count) for name in ("pupils", "missed")]
    cells = [label(row, groups), *counts, _share(row["share"], row["symbol"])]
    if national:
        cells += [_share(row["national_share"], row["national_symbol"]), _points(row["difference"])]
    return cells


def _share(value: object, symbol: object) -> str:
    shown = in_unit(value, "ppt")
    return MARKS.get(str(symbol), "") if shown is None else f"{rounded(shown)}%"


def _points(value: object) -> str:
    shown = in_unit(value, "ppt")
    return "" if shown is None else rounded(shown)


def _notes(rows: list[Row], release: MissedRelease) -> list[str]:
    notes = ["Missed: had a result and did not reach the standard. Each pupil is in one row."]
    less = [row["measure"] for row in rows if measures()[row["key_stage"], row["measure"]].lower_is_better]
    if less:
        notes[0] = f"Less is better in {', '.join(dict.fromkeys(less))}: missed are those whom it counts."
    if len(release.groups) > 1:
        references = [dimension(part).groups[dimension(part).reference] for part in release.groups]
        notes.append(f"None of them: {', '.join(references)}.")
    if any(not missing(row["difference"]) for row in rows):
        notes.append(
            "Difference: share less national share, in points, before rounding; positive is more than nationally."
        )
    if any("reconstructed" in str(row["basis"]) for row in rows):
        notes.append("Some counts are close, not exact: worked out from a percentage, or rounded.")
    symbols = {row[name] for row in rows for name in ("symbol", "national_symbol")}
    notes += [meaning for symbol, meaning in MEANINGS.items() if symbol in symbols]
    protection = release.protection
    notes.append(policy_note(protection, protection.rows, "row"))
    verb = "is" if protection.hidden == 1 else "are"
    hidden = f"{count_text(protection.hidden)} of {count_text(protection.rows)} rows {verb} hidden, in part or whole."
    below = any(row["level"] in PLACES for row in rows) and protection.protected
    return [*notes, *([hidden] if protection.hidden else []), *([places_note()] if below else [])]
