"""Difference: gaps and what stands beside them in, the limits of their differences out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL
from gapcalc.intervals import Terms, contrast, contrast_of_means, rounding
from gapcalc.sides import set_apart, share_of_others, sums

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

Sums = dict[str, "Array"]  # of each row: the focus group's and the others' pupils, total and total_sq, and a share


def limits(
    own: pd.DataFrame, found: pd.DataFrame, table: pd.DataFrame | None, *, contains: bool
) -> tuple[Array, Array, list[str | None]]:
    """Gaps, the figures beside each, and the areas these were averaged over, in; limits of the gap less the gap beside,
    and the method of each, out. `table` is None where the figures have counts of their own.

    Where an area lies within the comparator (`contains`), the comparator is taken apart into the area and the rest. A
    comparator without counts is taken as it is; where the gap has none either, the limits are what rounding leaves
    open.
    """
    import numpy as np

    rows = len(own)
    ours = _sums(own)
    counted = ~np.isnan(_all(ours))
    if table is None:
        theirs, row = _sums(found), np.arange(rows)
        weight, inside = np.ones(rows), np.full(rows, contains)
    else:
        there = table[table["gap"].notna()]
        theirs, row = _sums(there), there["place"].to_numpy(dtype=int)
        weight = 1 / np.bincount(row, minlength=rows)[row] if len(row) else np.ones(0)
        inside = there["own"].to_numpy(dtype=bool)
    known = np.bincount(row[np.isnan(_all(theirs))], minlength=rows) == 0
    known &= np.bincount(row, minlength=rows) > 0
    terms = _terms(ours, theirs, row, np.where(known[row], weight, 0.0), inside)
    broken = np.bincount(terms.row, weights=(terms.pupils < 0) | (terms.total < 0), minlength=rows) > 0
    proportion = (own["unit"] == "ppt").to_numpy()
    lower, upper = np.full((2, rows), np.nan)
    for kind, interval in ((proportion, contrast), (~proportion, contrast_of_means)):
        if kind.any():
            kept = kind[terms.row]
            part = Terms(*(column[kept] for column in vars(terms).values()))
            least, most = interval(part, rows)
            lower, upper = np.where(kind, least, lower), np.where(kind, most, upper)
    sign = own["sign"].to_numpy(dtype=float)
    lower, upper = np.where(sign > 0, lower, -upper), np.where(sign > 0, upper, -lower)
    shift = np.where(known, 0.0, found["gap"].to_numpy(dtype=float))
    possible = counted & ~broken & np.isfinite(lower) & np.isfinite(upper)
    lower, upper = np.where(possible, lower - shift, np.nan), np.where(possible, upper - shift, np.nan)
    names = np.where(proportion, "square_and_add", "satterthwaite")
    method = np.where(possible, np.where(known, names, np.char.add(names, "_fixed")), "")
    return _rounded(own, found, counted, (lower, upper, method))


def _rounded(
    own: pd.DataFrame, found: pd.DataFrame, counted: Array, limits: tuple[Array, Array, Array]
) -> tuple[Array, Array, list[str | None]]:
    """Limits from rounding where the gap itself has no counts."""
    import numpy as np

    least, most = rounding(found["difference"].to_numpy(dtype=float), found["rounding"].to_numpy(dtype=float))
    alone = ~counted & (found["rounding"] > 0).to_numpy() & found["difference"].notna().to_numpy()
    lower, upper = np.where(alone, least, limits[0]), np.where(alone, most, limits[1])
    there = np.isfinite(lower) & found["difference"].notna().to_numpy()
    method = [one or None for one in np.where(there, np.where(alone, "rounding", limits[2]), "").tolist()]
    return np.where(there, lower, np.nan), np.where(there, upper, np.nan), method


def _sums(table: pd.DataFrame) -> Sums:
    """Counts of both groups; where a group is set against all pupils, the others are all less the group."""

    overlap = (table["reference"] == ALL).to_numpy()
    focus, reference = sums(table, "focus"), sums(table, "reference")
    found = {"share": share_of_others(focus[0], reference[0], overlap)}
    unit = table["per_unit"].to_numpy(dtype=float)
    for side, counts in (("focus", focus), ("reference", set_apart(focus, reference, overlap))):
        found[f"{side}_pupils"] = counts[0]
        found[f"{side}_total"], found[f"{side}_total_sq"] = counts[1] / unit, counts[2] / unit**2
    return found


def _all(sums: Sums) -> Array:
    """NaN where a count is not there, or a group has nobody."""
    import numpy as np

    nobody = (sums["focus_pupils"] <= 0) | (sums["reference_pupils"] <= 0)
    whole = sums["focus_total"] + sums["reference_total"] + sums["share"]
    return np.where(nobody, np.nan, whole)


def _terms(ours: Sums, theirs: Sums, row: Array, weight: Array, inside: Array) -> Terms:
    """The rates whose weighted sum is the gap less the gap beside, each of other pupils than the rest."""
    import numpy as np

    rows = len(ours["share"])
    found: list[list[Array]] = []
    for side, sign in (("reference", 1.0), ("focus", -1.0)):
        own = [ours[f"{side}_{name}"] for name in ("pupils", "total", "total_sq")]
        them = [theirs[f"{side}_{name}"] for name in ("pupils", "total", "total_sq")]
        within = [np.where(inside, column[row], 0.0) for column in own]
        rest = [whole - part for whole, part in zip(them, within, strict=True)]
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(inside & (weight > 0), within[0] / them[0], 0.0)
        full = np.where(weight > 0, sign * weight * theirs["share"], 0.0)
        taken = np.bincount(row, weights=np.nan_to_num(full * part), minlength=rows)
        found.append([np.arange(rows), sign * ours["share"] - taken, *own])
        found.append([row, -full * (1 - part), *rest])
    columns = [np.concatenate([one[place] for one in found]) for place in range(5)]
    # Of nobody left, and of comparators without counts, there is no rate.
    kept = (columns[1] != 0) & ~((columns[2] == 0) & (np.abs(columns[1]) < 1e-12))
    return Terms(*(column[kept] for column in columns))
