"""Counts of several areas as those of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.model import BASES, COUNTS, KEY, SUMS
from gapcalc.scales import SCORED

if TYPE_CHECKING:
    import pandas as pd


def added_up(rows: pd.DataFrame, needed: pd.Series) -> pd.DataFrame:
    """Counts (COUNTS) that go by the area they go into, in; one row for each cell out.

    A sum is there only when every figure of it is. `needed` says of each row how many areas its cell must have a row
    of: 0 where an area without a row has nobody there. The basis is the least sure one.
    """
    cells = rows.assign(
        needed=needed,
        hidden=rows["symbol"] == "hidden",
        nobody=rows["symbol"] == "not_applicable",
        sure=rows["basis"].map(BASES.index),
    ).groupby(KEY, sort=False)
    found = rows.drop_duplicates(KEY, ignore_index=True)
    size = cells.size().reset_index(drop=True)
    whole = size >= cells["needed"].max().reset_index(drop=True)
    for name in SUMS:
        there = cells[name].count().reset_index(drop=True) == size
        found[name] = cells[name].sum().reset_index(drop=True).where(there & whole).astype("Int64")
    lacking = found["pupils"].isna() | found["total"].isna()
    hidden, nobody = (
        cells[name].agg(how).reset_index(drop=True) for name, how in (("hidden", "any"), ("nobody", "all"))
    )
    found["symbol"] = [
        _why(one, none, all_) if lacks else None
        for lacks, one, none, all_ in zip(lacking, hidden, nobody, whole, strict=True)
    ]
    found["basis"] = [BASES[one] for one in cells["sure"].max()]
    return found[COUNTS]


def _why(hidden: Any, nobody: Any, whole: Any) -> str:
    """Why a sum is not there. That one area has nobody is no reason for others."""
    return "hidden" if hidden else "not_applicable" if nobody and whole else "not_available"


def scores_in(
    tables: Sequence[pd.DataFrame], into: Mapping[Any, str], by: str | list[str], level: str
) -> list[pd.DataFrame]:
    """Pupils by score (KEY and SCORED) of files in; of all, with those of areas that went into another one there, out.

    `into` has the code of that area by the columns `by`, and `level` is its level.
    """
    import pandas as pd

    if not tables:
        return []
    scores = pd.concat(tables, ignore_index=True)
    keys = scores[by].itertuples(index=False, name=None) if isinstance(by, list) else scores[by]
    code = pd.Series([into.get(key) for key in keys], index=scores.index, dtype=object)
    there = code.notna()
    moved = scores[there].assign(area_code=code[there], level=level)
    sums = moved.groupby([*KEY, "score"], sort=False)[["pupils"]].sum().reset_index()
    return [pd.concat([scores[~there], sums], ignore_index=True)[[*KEY, *SCORED]]]
