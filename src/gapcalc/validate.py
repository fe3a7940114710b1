"""Validate: what a file was made into in, what is wrong or odd in it out. Row numbers and counts, never a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions import ALL, UNKNOWN, focus_groups, measures
from gapcalc.errors import listing, places, spots
from gapcalc.model import COHORT, KEY, Aggregates, Finding, PrintedGap, Pupils, Rows

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9
FEW = 10  # so many pupils seldom all reach a standard


def pupils_twice(numbers: Rows | None) -> Iterator[Finding]:
    """The same pupil, key stage and period in more than one row, by the first column: their numbers."""
    if numbers is None:
        yield Finding("duplicates", "warning", "no column of pupil numbers, so pupils who stand twice cannot be found")
        return
    column, frame = numbers.header[0], numbers.table.to_pandas()
    twice = frame.duplicated(keep="first") & (frame[column].str.strip() != "")
    if twice.any():
        rows = [numbers.numbers[int(place)] for place in twice.to_numpy().nonzero()[0]]
        message = f"column {column}: the same pupil, key stage and period again in {places(rows)}"
        yield Finding("duplicates", "error", message)


def figures_twice(aggregates: Aggregates) -> Iterator[Finding]:
    """Figures of one period, area, measure and group in more than one row."""
    if aggregates.again:
        message = f"a figure that an earlier row has given in {places(sorted({*aggregates.again}))}"
        yield Finding("duplicates", "error", message)


def without_result(pupils: Pupils, counts: pd.DataFrame) -> Iterator[Finding]:
    """Cohorts in which some pupils have no result in a measure that others of them have."""
    rows_of: dict[tuple[str, str], int] = {}
    for row in _distinct(pupils.rows, [pupils.keys[name].column for name in ("period", "key_stage")]):
        words = pupils.keys["period"].word(row[0]), pupils.keys["key_stage"].word(row[0])
        rows_of[words] = rows_of.get(words, 0) + row[1]
    by = ["period", "key_stage", "measure"]
    everybody = counts[counts["dimension"] == ALL].groupby(by)["pupils"].sum().reset_index()
    for one in everybody.to_dict("records"):
        cohort = rows_of[one["period"], one["key_stage"]]
        lacking = cohort - int(one["pupils"])
        if lacking:
            what = f"{one['key_stage']} {one['measure']} {one['period']}"
            message = f"{what}: {lacking:,} of {cohort:,} pupils have no result and do not count"
            yield Finding("no_result", "warning", message)


def only_reached(pupils: Pupils, counts: pd.DataFrame) -> Iterator[Finding]:
    """Measures that everybody with a result has reached while others have none: a blank may mean no."""
    named = {
        key: parts[0].column for key, parts in pupils.outcomes.items() if len(parts) == 1 and parts[0].lowest is None
    }
    blank = {column: _has_blank(pupils.rows, column) for column in named.values()}
    everybody = counts[counts["dimension"] == ALL].groupby(["key_stage", "measure"])[["pupils", "total"]].sum()
    for sums in everybody.reset_index().to_dict("records"):
        key_stage, measure = str(sums["key_stage"]), str(sums["measure"])
        column = named.get((key_stage, measure))
        if column and blank[column] and sums["pupils"] == sums["total"] >= FEW:
            message = f"column {column}: {key_stage} {measure} is reached by all {sums['total']:,} pupils with a result"
            yield Finding("no_result", "warning", f"{message}, and others are blank: does a blank mean no?")


def _has_blank(rows: Rows, column: str) -> bool:
    return any(not text.strip() for text in rows.table.column(column).unique().to_pylist())


def _distinct(rows: Rows, columns: Sequence[str | None]) -> Iterator[tuple[Mapping[str, str], int]]:
    frame = rows.table.select([name for name in columns if name]).to_pandas()
    if frame.columns.empty:
        yield {}, rows.table.num_rows
        return
    for texts, number in frame.value_counts(sort=False).items():
        yield dict(zip(frame.columns, texts if isinstance(texts, tuple) else (texts,), strict=True)), int(number)


def adding_up(counts: pd.DataFrame) -> Iterator[Finding]:
    """Dimensions whose groups do not add up to all pupils, where both are printed as counts."""
    shown = counts[counts["basis"] == "counted"].dropna(subset=["pupils"])
    everybody = shown[shown["dimension"] == ALL].set_index(COHORT)["pupils"].to_dict()
    more, less = list[str](), list[str]()
    for (*cohort, dimension), groups in shown[shown["dimension"] != ALL].groupby([*COHORT, "dimension"], sort=False):
        all_pupils = everybody.get(tuple(cohort))
        there = set(groups["group"]) - {UNKNOWN}
        if all_pupils is None:
            continue
        total = int(groups["pupils"].sum())
        parts = tuple(str(dimension).split(" x "))
        if total > all_pupils:
            more.append(str(dimension))
        elif total < all_pupils and len(parts) == 1 and {*focus_groups(parts)} <= there and len(there) > 1:
            less.append(str(dimension))
    if more:
        message = f"{spots(len(more))} the groups of {_several(more)} add up to more pupils than there are"
        yield Finding("adding_up", "error", message)
    if less:
        message = f"{spots(len(less))} the groups of {_several(less)} add up to fewer pupils than there are"
        message += ": some are in no group"
        yield Finding("adding_up", "warning", message)


def _several(dimensions: Sequence[str]) -> str:
    return listing(dict.fromkeys(dimensions), 6)


def unknown_groups(gaps: pd.DataFrame) -> Iterator[Finding]:
    """Dimensions in which more pupils are unknown than are in all their focus groups."""
    by = [*COHORT, "dimension"]
    sums = gaps.groupby(by, as_index=False, sort=False).agg({"focus_pupils": "sum", "unknown_pupils": "first"})
    many = sums[(sums["unknown_pupils"] > sums["focus_pupils"]).fillna(False).astype(bool)]
    for dimension, rows in many.groupby("dimension", sort=False):
        message = f"{dimension}: {spots(len(rows))} more pupils are unknown than are in its groups"
        yield Finding("unknown", "warning", message)


def printed_gaps(gaps: pd.DataFrame, printed: Sequence[PrintedGap]) -> Iterator[Finding]:
    """Printed gaps that the file's own rates deny, allowing for the rounding of all three."""
    names = [column if column != "group" else "focus" for column in KEY]
    indexed = {tuple(row[name] for name in names): row for row in gaps.to_dict("records")}
    denied = []
    for one in printed:
        row = indexed.get(one.key)
        if row is None or row["gap"] != row["gap"] or row["gap"] is None:
            continue
        scale = 100 if measures()[row["key_stage"], row["measure"]].kind == "proportion" else 1
        rounding = (row["gap_upper"] - row["gap"]) * scale if row["method"] == "rounding" else 0
        if abs(scale * row["gap"] - one.gap) > one.half_unit + rounding + TOLERANCE:
            denied.append(one.row)
    if denied:
        yield Finding("contradiction", "warning", f"column gap: denied by the file's own rates in {places(denied)}")
