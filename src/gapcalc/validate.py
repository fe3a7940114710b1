"""Validate: what a file was made into in, what is wrong or odd in it out. Row numbers and counts, never a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL, UNKNOWN, dimension_parts, focus_groups, measures, reference_group
from gapcalc.errors import listing, places, spots
from gapcalc.measured import proportions
from gapcalc.model import COHORT, KEY, VALIDATE, Aggregates, Finding, PrintedGap, Pupils
from gapcalc.tally import Tally, Twice

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE, POINT = 1e-9, 0.01
FEW = 10  # so many pupils seldom all reach a standard


def pupils_twice(found: Twice | None, *, rows: bool = True) -> Iterator[Finding]:
    """The same pupil, key stage and period in more than one row; None where nothing tells pupils apart.

    Without `rows` it is not said in which, nor in how many.
    """
    if found is None:
        yield Finding("duplicates", "warning", "no column of pupil numbers, so pupils who stand twice cannot be found")
    elif found.rows:
        where = f"in {places(found.first, found.rows)}" if rows else VALIDATE
        message = f"column {found.column}: the same pupil, key stage and period again {where}"
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
    """Dimensions whose groups do not add up to all pupils, or to their total, where both are printed as counts."""
    import pandas as pd

    shown = counts[counts["basis"] == "counted"].dropna(subset=["pupils"])
    more, less, other = _Places(), _Places(), _Places()
    for everybody, dimension, groups in _beside_all(shown):
        pupils, total = int(groups["pupils"].sum()), groups["total"].sum(min_count=len(groups))
        if pupils > everybody["pupils"]:
            more.add(everybody, dimension)
        elif pupils == everybody["pupils"]:
            if pd.notna(total) and pd.notna(everybody["total"]) and total != everybody["total"]:
                other.add(everybody, dimension)
        elif _whole(dimension, groups):
            less.add(everybody, dimension)
    if more.there:
        message = f"{more.spots} the groups of {more.dimensions} add up to more pupils than there are{more.where}"
        yield Finding("adding_up", "error", message)
    if other.there:
        message = (
            f"{other.spots} the groups of {other.dimensions} add up to all pupils, and their totals to another total"
        )
        yield Finding("adding_up", "error", message + other.where)
    if less.there:
        message = f"{less.spots} the groups of {less.dimensions} add up to fewer pupils than there are"
        yield Finding("adding_up", "warning", f"{message}: some are in no group{less.where}")


def between(values: pd.DataFrame) -> Iterator[Finding]:
    """Dimensions of all whose groups the rates are there, and all pupils' rate lies between none of them."""
    found, there = _Places(), values.dropna(subset=["value"])
    there = there[proportions(there)] if len(there) else there
    # Counts that were worked out from a percentage are half a pupil off it at most, and it half a point off the truth.
    close = POINT / 2 + 0.5 / there["pupils"].astype("Float64")
    there = there.assign(slack=there["half_unit"].where(there["basis"] != "reconstructed", close))
    for everybody, dimension, groups in _beside_all(there):
        if not _everybody(everybody, dimension, groups):
            continue
        lowest = (groups["value"] - groups["slack"]).min() - everybody["slack"] - TOLERANCE
        highest = (groups["value"] + groups["slack"]).max() + everybody["slack"] + TOLERANCE
        if not lowest <= everybody["value"] <= highest:
            found.add(everybody, dimension)
    if found.there:
        message = f"{found.spots} all pupils' figure lies above or below those of all groups of {found.dimensions}"
        yield Finding("contradiction", "warning", message + found.where)


def _everybody(everybody: Mapping[str, Any], dimension: str, groups: pd.DataFrame) -> bool:
    """Whether the groups of a dimension are all pupils, as far as it can be told."""
    import pandas as pd

    there, pupils = set(groups["group"]), groups["pupils"]
    whole = _whole(dimension, groups) and reference_group(dimension_parts(dimension)) in there and UNKNOWN not in there
    counted = pupils.notna().all() and pd.notna(everybody["pupils"])
    return whole and not (counted and pupils.sum() != everybody["pupils"])


def _beside_all(table: pd.DataFrame) -> Iterator[tuple[dict[str, Any], str, pd.DataFrame]]:
    """Figures in; of each dimension of a cohort all pupils', and those of its groups, out, where both are there."""
    everybody = {tuple(one[name] for name in COHORT): one for one in _records(table[table["dimension"] == ALL])}
    for (*cohort, dimension), groups in table[table["dimension"] != ALL].groupby([*COHORT, "dimension"], sort=False):
        if tuple(cohort) in everybody:
            yield everybody[tuple(cohort)], str(dimension), groups


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): one for name, one in row.items()} for row in table.to_dict("records")]


def _whole(name: str, groups: pd.DataFrame) -> bool:
    """Whether all groups of a dimension are there, which is no intersection."""
    parts, there = dimension_parts(name), set(groups["group"]) - {UNKNOWN}
    return len(parts) == 1 and {*focus_groups(parts)} <= there and len(there) > 1


@dataclass
class _Places:
    """Where something is odd: the dimensions of cohorts, the first of them in words."""

    there: list[str] = field(default_factory=list)
    first: str = ""

    def add(self, everybody: Mapping[str, Any], dimension: str) -> None:
        one = everybody
        when = " ".join(str(one[name]) for name in ("period", "term", "area_name", "key_stage", "measure") if one[name])
        self.there.append(dimension)
        self.first = self.first or when

    @property
    def spots(self) -> str:
        return spots(len(self.there))

    @property
    def where(self) -> str:
        return f" (the first: {self.first})" if len(self.there) > 1 else f" ({self.first})"

    @property
    def dimensions(self) -> str:
        return listing(dict.fromkeys(self.there), 6)


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
