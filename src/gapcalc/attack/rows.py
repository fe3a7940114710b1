"""Printed rows, each by itself: figures that the policy hides, and figures that deny each other.

What several rows tell together is for `attack`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL, UNKNOWN, Policy, dimension_parts
from gapcalc.measured import proportions, signs
from gapcalc.model import PLACES, each
from gapcalc.roles import role
from gapcalc.scales import SCALES

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

NOISE = 1e-6  # of figures that are printed unrounded
THAT_IT_IS = "row"  # of a district or school, which tells that somebody is in a group
Found = list[tuple[int, str]]  # the place of a row, and the name of a figure in it


def in_spite(gaps: pd.DataFrame, policy: Policy) -> Found:
    """Printed gaps in; which of their figures the policy hides, or are made from a count that is hidden, out.

    `beside` has the names of those that stand beside a gap and are made from its hidden counts.
    """
    import pandas as pd

    own = gaps["protected"].to_numpy(dtype=bool)
    hidden = {side: own & (gaps[f"{side}_symbol"] == "hidden").to_numpy() for side in ("focus", "reference")}
    alone = hidden["focus"] & gaps["focus_pupils"].isna().to_numpy() & gaps["level"].isin(PLACES).to_numpy()
    made = [(f"{side}_value", gaps[f"{side}_value"], where) for side, where in hidden.items()]
    either = hidden["focus"] | hidden["reference"]
    made += [(name, gaps[name], either) for name in ("gap", "gap_lower", "gap_upper")]
    # Null unless asked for; what says how one was made is no figure.
    scales = pd.DataFrame(
        [one if isinstance(one, dict) else {} for one in gaps["scales"]], columns=SCALES, index=gaps.index
    )
    made += [(name, scales[name], either) for name in SCALES if name != "v_method"]
    found = [(row, name) for name, column, where in made for row in _rows(where & column.notna().to_numpy())]
    found += [(row, name) for row in _rows(own) for name in gaps["beside"].iloc[row]]
    found += [(row, THAT_IT_IS) for row in _rows(alone)]
    if policy.rounding > 1:
        return found
    for side in hidden:
        pupils, total = (gaps[f"{side}_{count}"].to_numpy(dtype=float) for count in ("pupils", "total"))
        names = {side: f"{side}_pupils"} | dict.fromkeys(("reached", "not_reached"), f"{side}_total")
        found += [(row, names[what]) for row, what in _small(gaps, side, pupils, total, own, policy)]
    return found


def missed_in_spite(rows: pd.DataFrame, policy: Policy) -> Found:
    """Printed rows of who missed a standard in; which of their figures the policy hides out."""
    import numpy as np

    own = rows["protected"].to_numpy(dtype=bool)
    hidden = own & (rows["symbol"] == "hidden").to_numpy()
    alone = hidden & rows["pupils"].isna().to_numpy() & rows["level"].isin(PLACES).to_numpy()
    alone &= (rows["kind"] == "combination").to_numpy()
    columns = ("missed", "share", "difference")
    found = [(row, name) for name in columns for row in _rows(hidden & rows[name].notna().to_numpy())]
    found += [(row, THAT_IT_IS) for row in _rows(alone)]
    if policy.rounding > 1:
        return found
    pupils, missed = (rows[name].to_numpy(dtype=float) for name in ("pupils", "missed"))
    total = np.where(signs(rows) < 0, missed, pupils - missed)
    sides = np.array([role(*one) for one in each(rows, "dimension", "group")], dtype=object)
    # How many are unknown is told, but not how a few of them did.
    for side, roles in (("focus", ["focus", ALL]), ("reference", ["reference"]), ("", [UNKNOWN, "other"])):
        small = _small(rows, side, pupils, total, own & np.isin(sides, roles), policy)
        found += [(row, "pupils" if what == side else "missed") for row, what in small]
    return found


def denied(gaps: pd.DataFrame) -> Found:
    """Printed gaps in; which of their figures the others of the row deny, out. Published ones may be rounded."""
    import numpy as np

    own = gaps["protected"].to_numpy(dtype=bool)
    share = proportions(gaps)
    scale = np.where(share, 100.0, 1.0)
    figures = ("focus_value", "reference_value", "gap", "focus_total", "reference_total")
    said = {name: gaps[name].to_numpy(dtype=float) for name in figures}
    sides = ("focus", "reference")
    pupils = {side: gaps[f"{side}_pupils"].to_numpy(dtype=float) for side in sides}
    made = {
        f"{side}_value": scale * said[f"{side}_total"] / np.where(pupils[side] > 0, pupils[side], np.nan)
        for side in sides
    }
    made["gap"] = (said["reference_value"] - said["focus_value"]) * signs(gaps)
    with np.errstate(invalid="ignore"):
        wrong = {name: own & (abs(said[name] - value) > NOISE) for name, value in made.items()}
        wrong |= {f"{side}_total": own & share & (said[f"{side}_total"] > pupils[side]) for side in sides}
    return [(row, name) for name, where in wrong.items() for row in _rows(where)]


def _rows(where: Array) -> Iterator[int]:
    import numpy as np

    yield from np.flatnonzero(where).tolist()


def _small(table: pd.DataFrame, side: str, pupils: Array, total: Array, own: Array, policy: Policy) -> Found:
    """The rows of which a count is printed that the policy calls small, and which count."""
    import numpy as np

    standard = own & proportions(table)
    largest = np.array([policy.largest_in(dimension_parts(str(name))) for name in table["dimension"]])
    counts = ((side, pupils, own), ("reached", total, standard), ("not_reached", pupils - total, standard))
    return [
        (row, what)
        for what, count, where in counts
        if what in policy.small
        for row in _rows(where & (count >= policy.smallest) & (count <= largest) & (pupils != 0))
    ]
