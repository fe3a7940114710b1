"""History: what changed since an earlier period, who moved it, and whether the two can be compared at all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from gapcalc.compare.comparators import Comparator
from gapcalc.definitions import ALL
from gapcalc.definitions.breaks import Comparability, comparability
from gapcalc.moves import growth_bounds, split
from gapcalc.scales import signs_disagree

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

ACROSS = [
    "difference", "difference_lower", "difference_upper", "rounding", "same", "other", "all", "focus_part",
    "reference_part", "pupils_to_match_gap", "pupils_to_match_rate",
]  # fmt: skip
COUNTS = [f"{side}_{name}" for side in ("focus", "reference") for name in ("pupils", "total")]


def history(own: pd.DataFrame, found: pd.DataFrame, one: Comparator) -> pd.DataFrame:
    """Gaps and the figures beside in; the same with what an earlier period adds, and nothing across a break, out."""
    import numpy as np

    if not one.earlier:
        return found.assign(comparable=None, reasons=None, not_bridged=None, movement=None)
    keys = (own[name].tolist() for name in ("key_stage", "measure", "period", "dimension"))
    told = [_told(*key) for key in zip(*keys, found["period"].tolist(), strict=True)]
    apart = np.array([one.answer in ("break", "no data") for one in told], dtype=bool)
    found = found.assign(
        comparable=[one.answer for one in told],
        reasons=_words(map(_reasons, told)),
        not_bridged=_words(", ".join(one.not_bridged) for one in told),
    )
    found.loc[apart, ACROSS] = np.nan
    found["method"] = found["method"].astype(object).where(~apart, None)
    sign = own["sign"].to_numpy()
    moves = [
        split((then[0] * s, now[0] * s), (then[1] * s, now[1] * s))[2] or None
        for then, now, s in zip(_values(found), _values(own), sign, strict=True)
    ]
    there = found["difference"].notna().to_numpy()
    found["movement"] = [word if known else None for word, known in zip(moves, there, strict=True)]
    found["growth_lower"], found["growth_upper"] = _growth(own, found, there)
    sides = (table[f"{side}_value"].to_numpy(dtype=float) for table in (own, found) for side in ("focus", "reference"))
    apart = signs_disagree(*sides) & there & (own["unit"] == "ppt").to_numpy()
    found["probit_disagrees"] = [bool(one) if known else None for one, known in zip(apart, there, strict=True)]
    return found


def _reasons(one: Comparability) -> str:
    """Why two periods are not comparable, or only with care; a caution says nothing where there is a break."""
    return "; ".join(f"{why.reason} ({why.source})" for why in one.reasons if why.kind == one.answer)


def _words(texts: Iterable[str]) -> Array:
    """Texts as a column, in which an empty one is nothing."""
    import numpy as np

    return np.array([text or None for text in texts], dtype=object)


@cache
def _told(key_stage: str, measure: str, period: str, dimension: str, other: str) -> Comparability:
    return comparability(key_stage, measure, period, other, dimension)


def _values(table: pd.DataFrame) -> list[tuple[float, float]]:
    sides = (table[f"{side}_value"].to_numpy(dtype=float).tolist() for side in ("focus", "reference"))
    return list(zip(*sides, strict=True))


def _growth(own: pd.DataFrame, found: pd.DataFrame, wanted: Array) -> tuple[list[float], list[float]]:
    """The least and greatest change of the gap that pupils who change sides can make: of shares, and among peers."""
    nothing = float("nan")
    whole = own[COUNTS].notna().all(axis=1).to_numpy() & found[COUNTS].notna().all(axis=1).to_numpy()
    whole &= wanted & (own["unit"] == "ppt").to_numpy() & (own["reference"] != ALL).to_numpy()
    lower, upper = [nothing] * len(own), [nothing] * len(own)
    now, then = (table[COUNTS].to_numpy(dtype=float, na_value=nothing) for table in (own, found))
    for place in whole.nonzero()[0].tolist():
        pupils, _, others, _ = map(int, now[place])
        n_then, x_then, o_then, y_then = map(int, then[place])
        bounds = growth_bounds((x_then, n_then), (y_then, o_then), (pupils, others))
        if bounds is not None:
            lower[place], upper[place] = sorted(own["sign"].iloc[place] * float(end) for end in bounds)
    return lower, upper
