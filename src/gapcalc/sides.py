"""Sides: the counts of both groups of gaps as arrays, and everybody else where a group is set against all pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]
    Sums = tuple[Array, Array, Array]  # pupils, total, total_sq

NOTHING = 1e-9  # noise of binary fractions


def sums(gaps: pd.DataFrame, side: str) -> Sums:
    """Gaps and a side in; its pupils, total and total_sq out, NaN where there is none."""
    import numpy as np

    pupils, total, squares = (
        gaps[f"{side}_{name}"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        for name in ("pupils", "total", "total_sq")
    )
    return pupils, total, squares


def share_of_others(focus: Array, reference: Array, overlap: Array) -> Array:
    """Pupils of both sides, and where the reference is all of them, in; the share of all who are not of the group out.

    p_all - p_g = (1 - w)(p_others - p_g), with w the group's share of all. 1 where the sides do not overlap.
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(overlap, 1 - focus / reference, 1.0)


def set_apart(focus: Sums, reference: Sums, overlap: Array) -> Sums:
    """Counts of both sides, and where the reference is all of them, in; the reference's without the group's out."""
    import numpy as np

    pupils, total, squares = (np.where(overlap, all_ - ours, all_) for all_, ours in zip(reference, focus, strict=True))
    return pupils, total, squares
