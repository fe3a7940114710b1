"""Validate: what a file was made into in, what is wrong or odd in it out. Row numbers and counts, never a cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions import ALL, UNKNOWN, focus_groups, measures
from gapcalc.errors import listing, places, spots
from gapcalc.model import COHORT, KEY, Aggregates, Finding, PrintedGap, Pupils
from gapcalc.tally import Tally, Twice

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-9
FEW = 10  # so many pupils seldom all reach a standard


def pupils_twice(found: Twice | None) -> Iterator[Finding]:
    """The same pupil, key stage and period in more than one row; None where nothing tells pupils apart."""
    if found is None:
        yield Finding("duplicates", "warning", "no column of pupil numbers, so pupils who stand twice cannot be found")
    elif found.rows:
        where = places(found.first, found.rows)
        message = f"column {found.column}: the same pupil, key stage and period again in {where}"
        yield Finding("duplicates", "error", message)


def figures_twice(aggregates: Aggregates) -> Iterator[Finding]:
    """Figures of one period, area, measure and group in more than one row."""
    if aggregates.again:
        message = f"a figure that an earlier row has given in {places(sorted({*aggregates.again}))}"
        yield Finding("duplicates", "error", message)


def without_result(tally: Tally, counts: pd.DataFrame) -> Iterator[Finding]:
    """Cohorts in which some pupils have no result in a measure that others of them have."""
    by = ["period", "key_stage", "measure"]
    everybody = counts[counts["dimension"] == ALL].groupby(by)["pupils"].sum().reset_index()
    for one in everybody.to_dict("records"):
        cohort = tally.cohorts[one["period"], one["key_stage"]]
        lacking = cohort - int(one["pupils"])
        if lacking:
            what = f"{one['key_stage']} {one['measure']} {one['period']}"
            message = f"{what}: {lacking:,} of {cohort:,} pupils have no result and do not count"
            yield Finding("no_result", "warning", message)


def only_reached(
    pupils: Pupils, tally: Tally, counts: pd.DataFrame, *, numbers: bool = True
) -> Iterator[tuple[tuple[str, str], Finding]]:
    """Measures that everybody with a result has reached while others have none: a blank may mean no.

    Each with its key stage and name; how many these are is said with `numbers`.
    """
    named = {
        key: parts[0].column for key, parts in pupils.outcomes.items() if len(parts) == 1 and parts[0].lowest is None
    }
    by = ["key_stage", "measure", "period"]
    everybody = counts[counts["dimension"] == ALL].groupby(by)[["pupils", "total"]].sum()
    # Of the years in which the measure is there, all.
    cohorts = [tally.cohorts[period, stage] for stage, _, period in everybody.index]
    sums = everybody.assign(cohort=cohorts).groupby(by[:2])[["pupils", "total", "cohort"]].sum()
    for one in sums.reset_index().to_dict("records"):
        key_stage, measure = str(one["key_stage"]), str(one["measure"])
        column = named.get((key_stage, measure))
        if column and one["pupils"] == one["total"] >= FEW and one["cohort"] > one["pupils"]:
            number = f"{one['total']:,} " if numbers else ""
            message = f"column {column}: {key_stage} {measure} is reached by all {number}pupils with a result"
            asks = f"{message}, and others are blank: does a blank mean no?"
            yield (key_stage, measure), Finding("no_result", "warning", asks)


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
