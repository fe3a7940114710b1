"""Compare: gaps in, what stands beside them out: other areas, averages of areas, and earlier years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.compare.beside import HALVES, combined, members, used
from gapcalc.compare.comparators import COMPARATORS, Comparator, comparator
from gapcalc.compare.difference import limits
from gapcalc.compare.history import history
from gapcalc.compare.standings import standings
from gapcalc.comparisons import COMPARISONS, FIGURES, MEMBERS, Compared, Setting
from gapcalc.definitions import ALL, areas
from gapcalc.measured import per_units, signs
from gapcalc.moves import pupils_needed
from gapcalc.sides import share_of_others

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

__all__ = ["COMPARATORS", "compare"]


def compare(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> Compared:
    """Gaps, and the gaps that can stand beside them (both GAPS and WORKINGS; those with `source` too), in; what stands
    beside each, by the row of the gap, out.

    The difference is the gap less the gap beside: positive when it is wider. `same`, `other` and `all` set the group
    against the comparator's same group, its other pupils, and all its pupils, as Analyse School Performance names them:
    positive when the group is behind.
    """
    import pandas as pd

    gaps, pool = _ready(gaps), _ready(pool)
    tables, cells = [], []
    for name in setting.comparators:
        one = comparator(name)
        table = members(gaps, pool, one, setting)
        if table.empty:
            continue
        table = table.assign(place=table["row"])
        found = combined(table, one, setting.average)
        own = gaps.loc[found.index]
        place = pd.Series(range(len(found)), index=found.index)
        table["place"] = table["row"].map(place)
        found = _beside(own, found.reindex(own.index), table, name, setting)
        tables.append(found)
        cells.append(used(table, name))
    if not tables:
        return Compared(pd.DataFrame(columns=COMPARISONS), pd.DataFrame(columns=MEMBERS))
    whole = pd.concat(tables, ignore_index=True)
    order = {name: place for place, name in enumerate(setting.comparators)}
    whole = whole.assign(order=whole["comparator"].map(order)).sort_values(["row", "order"], ignore_index=True)
    return Compared(whole[COMPARISONS], pd.concat(cells, ignore_index=True)[MEMBERS])


def _ready(gaps: pd.DataFrame) -> pd.DataFrame:
    """Gaps with what all differences need: their order, unit and sign."""
    return gaps.reset_index(drop=True).assign(place=range(len(gaps)), per_unit=per_units(gaps), sign=signs(gaps))


def _beside(own: pd.DataFrame, found: pd.DataFrame, table: pd.DataFrame, name: str, setting: Setting) -> pd.DataFrame:
    """Everything that is said of a comparator, one row for each gap."""
    import numpy as np

    one = comparator(name)
    several = one.several
    sign = own["sign"].to_numpy()
    theirs = {side: found[f"{side}_value"].to_numpy(dtype=float) for side in ("focus", "reference", "all")}
    ours = {side: own[f"{side}_value"].to_numpy(dtype=float) for side in ("focus", "reference")}
    found = found.assign(row=found.index, comparator=name, gap=found["gap"].astype(float))
    found[["unit", "per_unit"]] = own[["unit", "per_unit"]]
    found["difference"] = own["gap"].to_numpy(dtype=float) - found["gap"]
    halves = own[HALVES[:2]].to_numpy(dtype=float).sum(axis=1) + found[HALVES[:2]].to_numpy(dtype=float).sum(axis=1)
    found["rounding"] = np.where(found["difference"].notna() & (halves > 0), halves, np.nan)
    found["same"], found["other"], found["all"] = (sign * (theirs[side] - ours["focus"]) for side in theirs)
    # Set against all pupils, a group has no figure of the others.
    found["other"] = np.where(own["reference"] == ALL, np.nan, found["other"])
    if not several or setting.average == "pooled":
        limited = limits(own, found, None, contains=one.contains)
    else:
        # Of a median there is no sum of rates: it is taken as it is.
        limited = limits(own, found, table if setting.average == "mean" else table.iloc[:0], contains=False)
    found["difference_lower"], found["difference_upper"], found["method"] = limited
    apart = not several
    found["focus_part"] = -sign * (ours["focus"] - theirs["focus"]) if apart else np.nan
    found["reference_part"] = sign * (ours["reference"] - theirs["reference"]) if apart else np.nan
    _pupils(own, found, sign)
    found = standings(own, found, table, one)
    found = history(own, found, one)
    found["version"] = setting.neighbours.version if name == "neighbours" and setting.neighbours else None
    found["average"] = setting.average if several else None
    sure = (own["term"], *(found.get(name, own[name]) for name in ("term", "status")))
    labels = zip(_labels(own, found, one, setting), *sure, strict=True)
    found["label"] = [f"{label}{_how_sure(term, theirs, status)}" for label, term, theirs, status in labels]
    for column in ("period", "term", "status", "area_code", "level"):
        if several or column not in found:
            found[column] = own[column].to_numpy() if column in ("period", "term") else None
    found["level"] = "la" if several else found["level"]
    for column in FIGURES:
        found[column] = found.get(column, np.nan)
    return found[COMPARISONS]


def _pupils(own: pd.DataFrame, found: pd.DataFrame, sign: Array) -> None:
    """Add how many more pupils a group needs for the gap, or its rate, to be the comparator's."""
    import numpy as np

    numbers = {
        name: own[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for name in ("focus_pupils", "focus_total", "reference_pupils", "reference_value")
    }
    group = numbers["focus_pupils"], numbers["focus_total"]
    proportion = (own["unit"] == "ppt").to_numpy()
    overlap = (own["reference"] == ALL).to_numpy(dtype=bool)
    share = share_of_others(group[0], numbers["reference_pupils"], overlap)
    gap, rate = found["gap"].to_numpy(dtype=float), found["focus_value"].to_numpy(dtype=float)
    to_gap = pupils_needed(*group, numbers["reference_value"], gap, sign=sign, share=share)
    found["pupils_to_match_gap"] = np.where(proportion, to_gap, np.nan)
    found["pupils_to_match_rate"] = np.where(proportion, pupils_needed(*group, rate, sign=sign), np.nan)


def _how_sure(term: str, theirs: object, status: object) -> str:
    """What a reader has to know of a comparator's figures: that they are no final ones, or of the whole year."""
    words = [str(status)] if isinstance(status, str) and status != "final" else []
    words += ["whole year"] if term and theirs == "" else []
    return f" ({', '.join(words)})" if words else ""


def _labels(own: pd.DataFrame, found: pd.DataFrame, one: Comparator, setting: Setting) -> list[str]:
    """A comparator's name for a reader: an area's, with its year where that is another, or whose average it is."""
    if not one.several:
        codes = zip(found["area_name"], found["area_code"], own["area_name"], found["period"], strict=True)
        return [
            f"{ours} {period}"
            if one.earlier
            else theirs
            if isinstance(theirs, str)
            else areas()[code].name
            if code in areas()
            else str(code)
            for theirs, code, ours, period in codes
        ]
    label = f"{one.label}, {setting.average}"
    if setting.neighbours is not None and one.label == COMPARATORS["neighbours"].label:
        label = f"{one.label} ({setting.neighbours.label}), {setting.average}"
    return [label] * len(found)
