"""Untold: of a district or school it is not told either that somebody is in a group, where it is hidden how many.

Nobody has a row of pupils, so a hidden row would say that it is of one at least: where as many schools have one as the
authority has pupils in the group, each has exactly one. A place of which nothing may be shown is not named for the same
reason: somebody is in every school of a pupil file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gapcalc.definitions import ALL, UNKNOWN
from gapcalc.model import COHORT, KEY, PLACES, Cleared, each
from gapcalc.roles import role

if TYPE_CHECKING:
    import pandas as pd

FOCUS, SIDES = ("focus",), ("focus", "reference", "other")
ANY = (ALL, *SIDES, UNKNOWN)
OF_SOMEBODY = (ALL, *SIDES)


def untold(cleared: Cleared, roles: Sequence[str] = FOCUS) -> pd.DataFrame:
    """What was cleared in; the cells (CELLS) of places and some roles that are to have no row, out."""
    cells, few = cleared.cells, _few(cleared)
    hidden = cells[cells["level"].isin(PLACES) & cells["protected"] & few]
    named = [role(*cell) in roles for cell in each(hidden, "dimension", "group")]
    return hidden[named] if named else hidden


def unnamed(cleared: Cleared) -> pd.DataFrame:
    """What was cleared in; the cohorts (COHORT) of places in which no group of somebody may be shown, out."""
    import numpy as np
    import pandas as pd

    cells = cleared.cells
    somebody = ~_few(cleared) & ~(cleared.counts["pupils"] == 0).fillna(False).to_numpy(dtype=bool)
    somebody &= np.array([role(*cell) in OF_SOMEBODY for cell in each(cells, "dimension", "group")], dtype=bool)
    below = cells.assign(shown=somebody | ~cells["protected"])[cells["level"].isin(PLACES)]
    there = pd.DataFrame(below.groupby(COHORT, as_index=False)["shown"].any())
    found: pd.DataFrame = there.loc[~there["shown"], COHORT]
    return found


def told(values: pd.DataFrame, cleared: Cleared, roles: Sequence[str] = FOCUS) -> pd.DataFrame:
    """Values (VALUES) in; those of them that are to have a row, out."""
    for hidden, on in ((untold(cleared, roles), KEY), (unnamed(cleared), COHORT)):
        if len(hidden):
            found = values[on].merge(hidden[on].drop_duplicates(), how="left", on=on, indicator=True)["_merge"]
            values = values[(found != "both").to_numpy()]
    return values


def _few(cleared: Cleared) -> pd.Series:
    """Which cells do not show how many are in them."""
    few = ~cleared.cells["shows_pupils"]
    if cleared.policy is not None and cleared.policy.rounding > 1:
        # What rounds to nobody would be a row of somebody.
        few |= (cleared.counts["pupils"] == 0).fillna(False).to_numpy(dtype=bool)
    return few
