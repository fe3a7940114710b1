"""Validate: what a file was made into in, what is wrong or odd in it out. Row numbers and counts, never a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions import ALL, UNKNOWN, dimension, dimension_parts, measures
from gapcalc.errors import listing, places, spots
from gapcalc.measured import proportions
from gapcalc.model import COHORT, KEY, VALIDATE, Aggregates, Finding, PrintedGap, Pupils, each
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
    found = _beside_all(counts[counts["basis"] == "counted"].dropna(subset=["pupils"]))
    less = found[(found["pupils"] < found["all_pupils"]) & found["focus"]]
    same = found[(found["pupils"] == found["all_pupils"]) & found["total"].notna() & found["all_total"].notna()]
    if len(more := found[found["pupils"] > found["all_pupils"]]):
        what = f"the groups of {_dimensions(more)} add up to more pupils than there are"
        yield Finding("adding_up", "error", _somewhere(more, what))
    if len(other := same[same["total"] != same["all_total"]]):
        # Of rounded counts that may be so.
        what = f"the groups of {_dimensions(other)} add up to all pupils, and their totals to another total"
        yield Finding("adding_up", "warning", _somewhere(other, what))
    if len(less):
        what = f"the groups of {_dimensions(less)} add up to fewer pupils than there are: some are in no group"
        yield Finding("adding_up", "warning", _somewhere(less, what))


def parts(counts: pd.DataFrame, within: Mapping[str, str]) -> Iterator[Finding]:
    """Districts, or schools, that come to more than the authority they lie in, where these are printed as counts."""
    counted = counts[(counts["basis"] == "counted").to_numpy()].dropna(subset=["pupils", "total"])
    counted = counted.astype({"pupils": int, "total": int})
    whose = [name for name in KEY if name != "level"]
    lying = counted[counted["area_code"].isin(within)]
    if lying.empty:
        return
    sums = (
        lying.assign(area_code=[within[code] for code in lying["area_code"]])
        .groupby([*whose, "level"], as_index=False)[["pupils", "total"]]
        .sum()
    )
    whole = counted[[*whose, "area_name", "pupils", "total"]]
    found = whole.merge(sums, on=whose, suffixes=("", "_of_parts"))
    for name, what in (("pupils", "more pupils than"), ("total", "a larger total than")):
        for level, more in found[found[f"{name}_of_parts"] > found[name]].groupby("level"):
            yield Finding(
                "adding_up", "error", _somewhere(more, f"the {level}s in an area come to {what} the area itself")
            )


def between(values: pd.DataFrame) -> Iterator[Finding]:
    """Dimensions of all whose groups the rates are there, and all pupils' rate lies between none of them."""
    there = values[proportions(values)] if len(values) else values
    # Counts that were worked out from a percentage are half a pupil off it at most, and it half a point off the truth.
    close = POINT / 2 + 0.5 / there["pupils"].astype("Float64")
    slack = there["half_unit"].where(there["basis"] != "reconstructed", close).astype(float) + TOLERANCE
    value = there["value"].astype(float)
    found = _beside_all(there.assign(value=value, lowest=value - slack, highest=value + slack))
    # Whoever is in no group may lie anywhere.
    everybody = (found["pupils"] == found["all_pupils"]) | found["pupils"].isna() | found["all_pupils"].isna()
    found = found[found["whole"] & found["told"] & everybody.fillna(True).astype(bool)]
    outside = found[(found["all_highest"] < found["lowest"]) | (found["all_lowest"] > found["highest"])]
    if len(outside):
        what = f"all pupils' figure lies above or below those of all groups of {_dimensions(outside)}"
        yield Finding("contradiction", "warning", _somewhere(outside, what))


def _beside_all(table: pd.DataFrame) -> pd.DataFrame:
    """Figures in; of each dimension of a cohort what its groups come to, beside all pupils' figures, out.

    Sums are there where every part is. `focus`: all focus groups are there, and others, in no intersection; `whole`: so
    are all groups, and nobody is unknown; `told`: with their values.
    """
    import pandas as pd

    by = [*COHORT, "dimension"]
    names = {str(name): dimension_parts(str(name)) for name in table["dimension"].unique()}
    single = {name: dimension(parts[0]) for name, parts in names.items() if len(parts) == 1}
    cells = [(single.get(str(name)), str(group)) for name, group in each(table, "dimension", "group")]
    marked = table.assign(
        is_focus=[one is not None and group in one.focus for one, group in cells],
        is_known=[group != UNKNOWN for _, group in cells],
        is_told=table["value"].notna() if "value" in table else True,
    )
    groups = marked[marked["dimension"] != ALL].groupby(by, sort=False)
    ends = {name: how for name, how in (("lowest", "min"), ("highest", "max")) if name in table}
    marks = {"is_focus": "sum", "is_known": "sum", "is_told": "all"}
    found = groups.agg({**marks, **ends}).join(groups[["pupils", "total"]].sum(min_count=1))
    found["size"] = groups.size()
    for name in ("pupils", "total"):
        found[name] = found[name].where(groups[name].count() == found["size"])
    found = found.reset_index().rename(columns={"is_told": "told"})
    of = [single.get(str(name)) for name in found["dimension"]]
    needed = pd.Series([len(one.focus) if one else 0 for one in of], index=found.index, dtype=int)
    every = pd.Series([len(one.groups) if one else 0 for one in of], index=found.index, dtype=int)
    found["focus"] = (needed > 0) & (found["is_focus"] == needed) & (found["is_known"] > 1)
    found["whole"] = (every > 0) & (found["is_known"] == every) & (found["size"] == every)
    columns = ["pupils", "total", *(name for name in ("value", *ends) if name in table)]
    everybody = table[table["dimension"] == ALL][[*COHORT, "area_name", *columns]]
    if "value" in columns:
        everybody = everybody.dropna(subset=["value"])
    return found.merge(everybody.rename(columns={name: f"all_{name}" for name in columns}), on=COHORT)


def _dimensions(found: pd.DataFrame) -> str:
    return listing(dict.fromkeys(map(str, found["dimension"])), 6)


def _somewhere(found: pd.DataFrame, what: str) -> str:
    """What is so in some places, and in which first."""
    first = found.iloc[0]
    names = ("period", "term", "area_name", "key_stage", "measure")
    where = " ".join(str(first[name]) for name in names if first[name])
    return f"{spots(len(found))} {what} ({'the first: ' if len(found) > 1 else ''}{where})"


def unknown_groups(gaps: pd.DataFrame) -> Iterator[Finding]:
    """Dimensions in which more pupils are unknown than are in all their focus groups."""
    by = [*COHORT, "dimension"]
    sums = gaps.groupby(by, as_index=False, sort=False).agg({"focus_pupils": "sum", "unknown_pupils": "first"})
    many = sums[(sums["unknown_pupils"] > sums["focus_pupils"]).fillna(False).astype(bool)]
    for name, rows in many.groupby("dimension", sort=False):
        message = f"{name}: {spots(len(rows))} more pupils are unknown than are in its groups"
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
