"""Known: what a reader has besides what is printed: areas above, published figures, and what stands beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.definitions import Policy, dimension_parts
from gapcalc.definitions.parents import parents_of
from gapcalc.gathered import Gathered, in_order, together
from gapcalc.kinds import groups_of, unknown
from gapcalc.measured import proportions
from gapcalc.model import COUNTS, KEY, SUMS, VALUES, each
from gapcalc.rates import rates

if TYPE_CHECKING:
    import pandas as pd

CELL = ["period", "area_code", "key_stage", "measure", "dimension", "group"]  # KEY but for level, term and status
TOLERANCE = 1e-9


class Known(NamedTuple):
    """The counts of further areas above, those that everybody reads, all that are protected beside, and those of areas
    above of which the rate is printed without pupils."""

    above: pd.DataFrame | None = None
    told: pd.DataFrame | None = None
    along: pd.DataFrame | None = None
    rated: pd.DataFrame | None = None


def known_besides(
    own: pd.DataFrame,
    margins: pd.DataFrame | None,
    found: Gathered,
    elsewhere: Gathered,
    by: str | None,
    policy: Policy,
) -> Known:
    """Own counts, those above them, what was gathered with them and what `elsewhere` is printed beside in; what a
    reader knows besides out.

    Of an area of which only one part is anywhere, nothing follows for that part.
    """
    published = together([*found.published, *elsewhere.published], COUNTS)
    alone = together([*found.values, *elsewhere.values], VALUES)
    along = together(elsewhere.own, COUNTS) if elsewhere.own else None
    if along is None and published.empty and alone.empty:
        return Known()
    told = at_all_times(published, own)
    here = together([own] if margins is None else [own, margins], COUNTS)
    every = together([here, *elsewhere.own, told], COUNTS)
    parents = parents_of(every["area_code"].tolist(), every["level"].tolist(), found.within)
    # What one file hides another may print as a rate.
    rated = of_rates(alone, together([here, *elsewhere.own], COUNTS).drop_duplicates(KEY), parents, policy)
    theirs = together([rated, *elsewhere.own, told], COUNTS)
    parts: dict[str, set[str]] = {}
    of_ours: set[str] = set()
    ours_are = set(here["area_code"].unique())
    for code in every["area_code"].unique().tolist():
        over = above(code, parents)
        for part, whole in zip([code, *over], over, strict=False):
            parts.setdefault(whole, set()).add(part)
        of_ours |= {*over} if code in ours_are else set()
    several = [code for code, of in parts.items() if len(of) > 1 and code in of_ours]
    # Of the level that is asked for nothing lies above. What is said of further parts of the same areas is known, too.
    ours, keys = set(each(own, *KEY)), each(theirs, *KEY)
    rows = zip(theirs["area_code"].tolist(), theirs["level"].tolist(), keys, strict=True)
    wanted = [
        (code in several and at != by) or (parents.get(code) in several and key not in ours) for code, at, key in rows
    ]
    known = in_order(theirs.loc[wanted].drop_duplicates(KEY))
    return Known(known if len(known) else None, told, along, rated if len(rated) else None)


def above(code: str, parents: Mapping[str, str]) -> list[str]:
    """The areas that an area lies in, the nearest first."""
    found: list[str] = []
    while (over := parents.get(code)) is not None and over not in found:
        found.append(over)
        code = over
    return found


def at_all_times(published: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Published counts in; the same, and again for every term and status of one's own that they have not, out.

    Where pupils are as many then, they may be the same ones.
    """
    times = own[["period", "key_stage", "term", "status"]].drop_duplicates()
    again = published.drop(columns=["term", "status"]).merge(times, on=["period", "key_stage"])
    return together([published, again], COUNTS).drop_duplicates(KEY, ignore_index=True)


def of_rates(alone: pd.DataFrame, counts: pd.DataFrame, parents: Mapping[str, str], policy: Policy) -> pd.DataFrame:
    """Rates that are printed without pupils, and counts, in; those of the same areas and of areas above as counts, out.

    Who knows the pupils of all parts can work these out: what the parts come to, where the rate is theirs.
    """
    import pandas as pd

    lies = [(code, over) for code in counts["area_code"].unique().tolist() for over in [code, *above(code, parents)]]
    if alone.empty or not lies:
        return counts.iloc[:0]
    parts = counts[proportions(counts)].dropna(subset=["pupils", "total"])
    parts = parts.merge(pd.DataFrame(lies, columns=["area_code", "over"]), on="area_code")
    same = ["over", "level", *(name for name in KEY if name not in ("area_code", "level"))]
    sums = parts.groupby(same, as_index=False, sort=False)[SUMS].sum()
    sums["whole"] = sums.groupby(same[:-1])["pupils"].transform("sum")
    sums = sums.rename(columns={"over": "area_code", "level": "of"})
    printed = alone.dropna(subset=["value"])[[*CELL, "level", "area_name", "value", "half_unit"]]
    found = sums.merge(printed.rename(columns={"value": "printed", "half_unit": "half"}), on=CELL)
    found = found.assign(basis="reconstructed", symbol=None)
    close = (rates(found)["value"] - found["printed"].astype(float)).abs() <= found["half"].astype(float) + TOLERANCE
    found = found[close.to_numpy(dtype=bool)].drop_duplicates(KEY)
    return found.loc[~_leaves_few(found, policy).to_numpy(dtype=bool), COUNTS]


def _leaves_few(found: pd.DataFrame, policy: Policy) -> pd.Series:
    """Which of some groups is the largest of a dimension's where these are everybody but few, or nobody.

    Of that one no count is told: rates alone do not say how many are in another group, nor that nobody is.
    """
    groups = found.groupby(KEY[:-1], sort=False)["pupils"]
    names = found["dimension"].unique()
    every = {name: sum(not unknown(group) for group in groups_of(name)) for name in names}
    few = {name: policy.largest_in(dimension_parts(name)) for name in names}
    lacking = groups.transform("size") < found["dimension"].map(every)
    rest = found["whole"] - groups.transform("sum")
    return lacking & (rest <= found["dimension"].map(few)) & (groups.transform("max") == found["pupils"])
