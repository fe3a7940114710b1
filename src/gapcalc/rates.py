"""Rates: counts in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gapcalc.measured import per_units
from gapcalc.model import VALUES

if TYPE_CHECKING:
    import pandas as pd


def rates(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts (COUNTS) in, values (VALUES) out: a proportion from 0 to 1, or a mean score.

    A rate over nobody is no number: its symbol is `not_applicable`.
    """
    import numpy as np

    units = per_units(counts)
    pupils = counts["pupils"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    total = counts["total"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    value = np.divide(total, pupils * units, out=np.full(len(counts), np.nan), where=pupils > 0)
    symbol = counts["symbol"].astype(object).where(counts["symbol"].notna(), None)
    symbol[pupils == 0] = "not_applicable"
    return counts.assign(value=value, half_unit=0.0, symbol=symbol)[VALUES]
