"""Standings: where an area stands among those beside it, by its gap and by its group's rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gapcalc.compare.comparators import Comparator
from gapcalc.definitions import authorities
from gapcalc.standing import quartile_bands, ranks

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]


NEARLY_ALL = 0.75  # of a country's authorities must be known for a band


def standings(own: pd.DataFrame, found: pd.DataFrame, table: pd.DataFrame, one: Comparator) -> pd.DataFrame:
    """Gaps, the figures beside, and the areas these are of, in; the same figures with ranks and bands out.

    An area stands among the others and itself, where one of them is known. The narrowest gap is first, and the best
    rate. Bands are those of all authorities: ten neighbours, or a few authorities, are too few for quarters.
    """
    import numpy as np

    if not one.several:
        return found
    others = table[~table["own"].astype(bool)]
    enough = [math.inf] * len(own)
    if one.contains:
        where = zip(own["area_code"].str[:1], own["period"], strict=True)
        enough = [NEARLY_ALL * authorities(country, period) for country, period in where]
    for what, column in (("gap", "gap"), ("rate", "focus_value")):
        by_row = {row: part.to_numpy(dtype=float) for row, part in others.groupby("row")[column]}
        mine = own[column].to_numpy(dtype=float)
        low = np.ones(len(own), dtype=bool) if what == "gap" else own["sign"].to_numpy() < 0
        made = [
            _stands(value, by_row.get(row, np.zeros(0)), good, least=least)
            for row, value, good, least in zip(own.index, mine, low, enough, strict=True)
        ]
        names = [f"{what}_{name}" for name in ("rank", "rank_shared", "rank_of", "band")]
        for name, column_of in zip(names, zip(*made, strict=True), strict=True):
            found[name] = list(column_of)
    return found


def _stands(value: float, others: Array, low_is_good: bool, *, least: float) -> tuple[float, float, float, str | None]:
    """One area's value and the others' in; its rank, how many share it, among how many, and its band, out.

    No band among fewer than `least`.
    """
    import numpy as np

    if np.isnan(value) or np.isnan(others).all():
        return np.nan, np.nan, np.nan, None
    values = np.append(value, others)
    rank, shared = ranks(values, low_is_good=low_is_good)
    known = float((~np.isnan(values)).sum())
    band = quartile_bands(values, low_is_good=low_is_good)[0] if known >= least else None
    return rank[0], shared[0], known, band
