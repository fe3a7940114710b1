"""Given: the counts that a run gives away though nobody asked for them, since they are sums of those that it prints.

Looked-after children for 12 months or more, and those for less, give all looked-after children. Coarser dimensions that
are usual are protected along as if they were printed too, so that a run with them and one without agree. Those that are
shown only when asked for are guarded, but not taken for known: `Block` works their counts out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from gapcalc.definitions import ALL, dimension_parts, usual_dimensions
from gapcalc.kinds import coarser, coarser_of
from gapcalc.model import COHORT, KEY, PLACES, SUMS

if TYPE_CHECKING:
    import pandas as pd


def with_given(counts: pd.DataFrame, told: Collection[int]) -> tuple[pd.DataFrame, list[int]]:
    """Counts (COUNTS, with a range index), and the rows that everybody can read elsewhere, in; both with the counts of
    usual coarser dimensions, after the others, out. A sum of counts that can be read can be read.
    """
    import numpy as np
    import pandas as pd

    whole = counts.assign(told=counts.index.isin(list(told)))
    # Of a district or school a row without counts says no more than none.
    said = whole["pupils"].notna() | ~whole["level"].isin(PLACES)
    for name in (str(name) for name in counts["dimension"].unique() if name != ALL):
        rows = whole[(whole["dimension"] == name) & said.reindex(whole.index, fill_value=True)]
        for wide in coarser_of(name):
            if not set(dimension_parts(wide)) <= set(usual_dimensions()):
                continue
            there = whole.loc[whole["dimension"] == wide, COHORT].drop_duplicates()
            lacking = rows.merge(there, how="left", on=COHORT, indicator=True)["_merge"].to_numpy() == "left_only"
            if lacking.any():
                whole = pd.concat([whole, _sums(rows[lacking], name, wide)], ignore_index=True)
    return whole[list(counts.columns)], np.flatnonzero(whole["told"].to_numpy(dtype=bool)).tolist()


def _sums(rows: pd.DataFrame, name: str, wide: str) -> pd.DataFrame:
    """The rows of one dimension in, those of a coarser one out; a sum of which a part is not there is not there."""
    moved = rows.assign(dimension=wide, group=rows["group"].map(coarser(name, [wide])[wide]))
    groups = moved.groupby(KEY, sort=False)
    made = groups.first()
    lacking = moved[SUMS].isna().groupby([moved[one] for one in KEY], sort=False).any()
    for column in SUMS:
        made[column] = groups[column].sum().mask(lacking[column])
    made["symbol"], made["told"] = None, groups["told"].all()
    found: pd.DataFrame = made.reset_index()[list(rows.columns)].dropna(subset=["pupils"])
    return found
