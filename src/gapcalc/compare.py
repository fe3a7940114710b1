"""Compare: gaps in, the same with the national gap and the difference beside them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gapcalc.model import COMPARED, GAPS, NATIONAL

if TYPE_CHECKING:
    import pandas as pd

WHICH = [f"national_{name}" for name in NATIONAL]
SAME = ["period", "key_stage", "measure", "dimension", "focus", "reference"]


def compare(gaps: pd.DataFrame, national: pd.DataFrame | None) -> pd.DataFrame:
    """Gaps and national gaps (GAPS) in, gaps with COMPARED beside them out.

    The same period, measure, focus and reference are set side by side. A national figure is for the year:
    where there is more than one, the one without a term and the most final is taken. The difference is the
    gap less the national gap: positive when the area's gap is wider.
    """
    import pandas as pd

    if national is None:
        return gaps.assign(**dict.fromkeys([*COMPARED, *WHICH]))[[*GAPS, *COMPARED, *WHICH]]
    # Gaps come in the order of outputs: without a term first, and the most final first.
    # A hidden final figure gives way to a provisional one that can be read.
    read = national.assign(none=national["gap"].isna()).sort_values("none", kind="stable").drop_duplicates(SAME)
    beside = read[[*SAME, "gap", "basis", "symbol", *NATIONAL]].rename(
        columns={name: f"national_{name}" for name in ("gap", "basis", "symbol", *NATIONAL)}
    )
    compared = gaps.merge(beside, on=SAME, how="left")
    there = compared["national_gap"].notna()
    compared["national_basis"] = compared["national_basis"].astype(object).where(there, None)
    said = compared["national_symbol"].notna() & ~there
    compared["national_symbol"] = compared["national_symbol"].astype(object).where(said, None)
    compared["difference"] = pd.to_numeric(compared["gap"]) - pd.to_numeric(compared["national_gap"])
    return compared[[*GAPS, *COMPARED, *WHICH]]
