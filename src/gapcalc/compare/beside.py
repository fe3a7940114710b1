"""Beside: the gaps of other areas and years, found and put together into one for each gap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.compare.comparators import Comparator
from gapcalc.comparisons import SIDES, Average, Setting
from gapcalc.model import BASES, COHORT, STATUSES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

SAME = ["key_stage", "measure", "dimension", "focus", "reference"]
WHERE = ["area_code", "level", "period", *SAME]
COUNTS = ["pupils", "total", "total_sq"]
OF_MEASURE = ["per_unit", "sign"]
SUMS = [f"{side}_{name}" for side in ("focus", "reference") for name in COUNTS]
VALUES = ["focus_value", "reference_value", "all_value", "gap"]
HALVES = ["focus_half_unit", "reference_half_unit", "all_half_unit"]


def members(gaps: pd.DataFrame, pool: pd.DataFrame, one: Comparator, setting: Setting) -> pd.DataFrame:
    """Gaps, those that can stand beside them, and a comparator in; its areas' gaps, by the `row` of each gap, out.

    Areas of whom there is nothing have no figures. Of a term the same term is taken, or else the whole year; of an
    earlier period the same term alone. A figure that can be read goes before one that cannot, then the most final, then
    the data before other files.
    """
    import pandas as pd

    wanted = one.who(gaps, pool, setting)
    if wanted.empty:
        return wanted.assign(**dict.fromkeys([*pool.columns.difference(wanted.columns), "own"]))
    ours = gaps[[*SAME, "term", "area_code", *OF_MEASURE]]
    ours = ours.rename(columns={"term": "wanted_term", "area_code": "own_code"})
    wanted = wanted.merge(ours, left_on="row", right_index=True, how="left")
    wanted["own"] = wanted.pop("own_code") == wanted["area_code"]
    status = {word: place for place, word in enumerate(STATUSES)}
    found = []
    for term in wanted["wanted_term"].unique():
        terms = [term] if one.earlier else list(dict.fromkeys([term, ""]))
        there = pool[pool["term"].isin(terms)].drop(columns=OF_MEASURE)
        there = there.assign(
            unread=there["gap"].isna(), otherwise=there["term"] != term, surer=there["status"].map(status)
        )
        there = there.sort_values(["unread", "otherwise", "surer", "place"], kind="stable").drop_duplicates(WHERE)
        there = there.drop(columns=["unread", "otherwise", "surer"])
        found.append(wanted[wanted["wanted_term"] == term].merge(there, on=WHERE, how="left"))
    table = pd.concat(found, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
    return _with_itself(table, gaps) if one.several else table


def _with_itself(table: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """The areas' gaps of a comparator in; the same with the area's own as printed, and not it alone, out."""
    import pandas as pd

    own = table["own"].to_numpy(dtype=bool)
    others = set(table.loc[~own & table["focus_value"].notna().to_numpy(), "row"])
    with_others = table.loc[own & table["row"].isin(others).to_numpy(), "row"].to_numpy(dtype=int)
    if not len(with_others):
        return table[~own].reset_index(drop=True)
    itself = gaps.loc[with_others].assign(row=with_others, own=True, source="data")
    whole = pd.concat([table[~own], itself.reindex(columns=table.columns)], ignore_index=True)
    return whole.sort_values(["row", "area_code"], kind="stable", ignore_index=True)


def combined(table: pd.DataFrame, one: Comparator, average: Average) -> pd.DataFrame:
    """The areas' gaps of a comparator in; one row of figures for each gap, by `row`, out.

    Rates are averaged over the areas that have them, the gap over those that have both its rates.
    """
    import numpy as np

    first: pd.DataFrame = table.drop_duplicates("row").set_index("row")
    if not one.several:
        return first.assign(areas=1, areas_with_rate=first["focus_value"].notna(), areas_with_gap=first["gap"].notna())
    by_row = table.groupby("row", sort=True)
    found = first[SAME].copy()
    found["areas"] = by_row.size()
    found["areas_with_rate"], found["areas_with_gap"] = by_row["focus_value"].count(), by_row["gap"].count()
    found[HALVES] = by_row[HALVES].mean()
    found["basis"] = by_row["basis"].agg(_least_sure)
    if average == "pooled":
        _pool(table, found)
        return found
    figures = table[["row", *VALUES]].astype(float).groupby("row", sort=True)[VALUES]
    found[VALUES] = figures.mean() if average == "mean" else figures.median()
    found["symbol"] = _symbol(found["gap"])
    for name in SUMS:
        found[name] = np.nan
    return found


def _symbol(gap: pd.Series[float]) -> list[str | None]:
    return ["not_available" if missing else None for missing in gap.isna()]


def _least_sure(basis: pd.Series[str]) -> str | None:
    there = [one for one in basis if isinstance(one, str)]
    return max(there, key=BASES.index) if there else None


def _pool(table: pd.DataFrame, found: pd.DataFrame) -> None:
    """Add the sums over the areas that have both groups' counts, and what follows from them."""
    import numpy as np

    counts = table[["row", "all_pupils", "all_value", "per_unit", "sign", *SUMS]].astype(float)
    both = counts[SUMS].drop(columns=["focus_total_sq", "reference_total_sq"]).notna().all(axis=1)
    sums = counts[both].groupby("row")[SUMS].sum(min_count=1).reindex(found.index)
    found[SUMS] = sums
    pooled = table[both].groupby("row")
    found[HALVES], found["basis"] = pooled[HALVES].mean(), pooled["basis"].agg(_least_sure)
    first = table.drop_duplicates("row").set_index("row")
    for side in ("focus", "reference"):
        with np.errstate(divide="ignore", invalid="ignore"):
            found[f"{side}_value"] = sums[f"{side}_total"] / sums[f"{side}_pupils"] / first["per_unit"]
    found["gap"] = (found["reference_value"] - found["focus_value"]) * first["sign"]
    weighted = counts.assign(reached=counts["all_pupils"] * counts["all_value"]).dropna(subset=["reached"])
    everybody = weighted.groupby("row")[["reached", "all_pupils"]].sum().reindex(found.index)
    found["all_value"] = everybody["reached"] / everybody["all_pupils"]
    found["areas_with_gap"] = both.groupby(table["row"]).sum()
    found["areas_with_rate"] = found["areas_with_gap"]
    found["symbol"] = _symbol(found["gap"])


def used(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The areas' gaps of a comparator in; the cells that its figures are made from (MEMBERS) out."""
    there = table[table["source"].notna()]
    flags = {f"uses_{side}": there[f"{side}_value"].notna() for side in SIDES}
    flags |= {f"counts_{side}": there[f"{side}_pupils"].notna() for side in SIDES[:2]}
    return there[["row", "source", *COHORT]].assign(comparator=name, **flags)
