"""Untold: of a district or school it is not told either that somebody is in a group, where it is hidden how many.

Nobody has a row of pupils, so a hidden row would say that it is of one at least: where as many schools have one as the
authority has pupils in the group, each has exactly one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gapcalc.model import KEY, PLACES, Cleared, each
from gapcalc.structure import role

if TYPE_CHECKING:
    import pandas as pd

FOCUS, SIDES = ("focus",), ("focus", "reference")


def untold(cleared: Cleared, roles: Sequence[str] = FOCUS) -> pd.DataFrame:
    """What was cleared in; the cells (CELLS) of places and some roles that are to have no row, out."""
    cells, few = cleared.cells, ~cleared.cells["shows_pupils"]
    if cleared.policy is not None and cleared.policy.rounding > 1:
        # What rounds to nobody would be a row of somebody.
        few |= (cleared.counts["pupils"] == 0).fillna(False).to_numpy(dtype=bool)
    hidden = cells[cells["level"].isin(PLACES) & cells["protected"] & few]
    named = [role(*cell) in roles for cell in each(hidden, "dimension", "group")]
    return hidden[named] if named else hidden


def told(values: pd.DataFrame, cleared: Cleared, roles: Sequence[str] = FOCUS) -> pd.DataFrame:
    """Values (VALUES) in; those of them that are to have a row, out."""
    hidden = untold(cleared, roles)
    if hidden.empty:
        return values
    found = values[KEY].merge(hidden[KEY].drop_duplicates(), how="left", on=KEY, indicator=True)["_merge"] == "both"
    return values[~found.to_numpy()]
