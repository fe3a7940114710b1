"""Gap: values in, gaps out. A gap is reference less focus: positive when the focus group is behind.

Where a lower value is better, it is focus less reference, so that positive means the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.definitions import (
    ALL,
    OTHERS,
    TIMES,
    UNKNOWN,
    dimension_parts,
    dimensions,
    focus_groups,
    key_stages,
    measures,
    reference_group,
)
from gapcalc.intervals import newcombe, rounding, welch
from gapcalc.measured import measures_of, per_units, proportions, signs
from gapcalc.model import BASES, COHORT, GAPS, LEVELS, STATUSES, SUMS, TERMS, WORKINGS, Reference, each
from gapcalc.sides import set_apart, share_of_others, sums

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

FIGURES = [*SUMS, "value", "half_unit", "basis", "symbol"]


def gap(values: pd.DataFrame, reference: Reference = "peers") -> pd.DataFrame:
    """Values (VALUES) in, gaps (GAPS and WORKINGS) out, in the order of outputs; proportions stay proportions.

    `peers` sets each focus group against its dimension's reference group; `all` against all pupils, of whom
    it is a part: then the interval is taken against everybody else and shrunk by their share (1 - w), since
    p_all - p_g = (1 - w)(p_others - p_g). `others` sets it against everybody else, all less the group: those of
    unknown group are among them.
    """
    import pandas as pd

    gaps = _pairs(values, reference) if len(values) else values
    if gaps.empty:
        return pd.DataFrame(columns=[*GAPS, *WORKINGS])
    gaps["gap"] = gaps["reference_value"] - gaps["focus_value"]
    gaps["unit"] = [one.unit for one in measures_of(gaps)]
    gaps["basis"] = [max(pair, key=BASES.index) for pair in each(gaps, "focus_basis", "reference_basis")]
    gaps["symbol"] = _symbol(gaps)
    _intervals(gaps, overlap=reference == "all")
    lower = signs(gaps) < 0
    gaps.loc[lower, ["gap", "gap_lower", "gap_upper"]] = -gaps.loc[lower, ["gap", "gap_upper", "gap_lower"]].to_numpy()
    everybody = values.loc[values["dimension"] == ALL, [*COHORT, "pupils", "value", "half_unit", "symbol"]]
    everybody = everybody.rename(columns={name: f"all_{name}" for name in ("pupils", "value", "half_unit", "symbol")})
    return _in_order(gaps.merge(everybody, on=COHORT, how="left"))[[*GAPS, *WORKINGS]]


def _pairs(values: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """One row per cohort, dimension and focus group, with the figures of those it is set against beside it."""
    cells = each(values, "dimension", "group")
    parts = {cell: dimension_parts(str(cell[0])) for cell in dict.fromkeys(cells) if cell[0] != ALL}
    against = {name: reference_group(some) for (name, _), some in parts.items()}
    of_focus = {cell for cell, some in parts.items() if cell[1] in focus_groups(some)}
    of_unknown = {cell for cell in parts if UNKNOWN in str(cell[1]).split(TIMES)}
    same = [*COHORT, "dimension"]
    focus = values[[cell in of_focus for cell in cells]]
    unknown = values[[cell in of_unknown for cell in cells]]
    if reference == "peers":
        others, on = values[[against.get(name) == group for name, group in cells]], same
    else:
        others, on = values[values["dimension"] == ALL], COHORT
    by_cohort = unknown.groupby(same, sort=False)["pupils"]
    # One that is not said leaves the sum unsaid, and one that is hidden hides it.
    unknown_pupils = by_cohort.sum().where(by_cohort.count() == by_cohort.size()).rename("unknown_pupils")
    hidden = unknown[unknown["pupils"].isna() & (unknown["symbol"] == "hidden")]
    hidden = hidden[same].drop_duplicates().assign(unknown_symbol="hidden")
    focus = focus[[*COHORT, "area_name", "dimension", "group", *FIGURES]].rename(columns={"group": "focus"})
    focus = focus.rename(columns={column: f"focus_{column}" for column in FIGURES})
    others = others[[*on, *FIGURES]].rename(columns={column: f"reference_{column}" for column in FIGURES})
    pairs = focus.merge(others, on=on, how="left").merge(unknown_pupils, on=same, how="left")
    pairs = pairs.merge(hidden, on=same, how="left")
    pairs["unknown_symbol"] = pairs["unknown_symbol"].astype(object).where(pairs["unknown_symbol"].notna(), None)
    pairs["reference_basis"] = pairs["reference_basis"].fillna(pairs["focus_basis"])
    if reference == "others":
        _subtract(pairs)
    alike: dict[Reference, str] = {"all": ALL, "others": OTHERS}
    return pairs.assign(reference=alike.get(reference) or pairs["dimension"].map(against))


def _subtract(pairs: pd.DataFrame) -> None:
    """Take the focus group out of all pupils, who stand as the reference: counts subtract, percentages do not."""
    import numpy as np

    reasons = each(pairs, "focus_symbol", "reference_symbol")
    for name in SUMS:
        left = pairs[f"reference_{name}"].astype("Int64") - pairs[f"focus_{name}"].astype("Int64")
        # A group that is larger than all, as rounded or mistaken figures may have it, leaves nothing to compare with.
        pairs[f"reference_{name}"] = left.where(left >= 0)
    pupils, total, _ = sums(pairs, "reference")
    units, proportion = per_units(pairs), proportions(pairs)
    possible = (pupils > 0) & ~(proportion & (total > pupils))
    value = np.divide(total, pupils * units, out=np.full(len(pairs), np.nan), where=possible)
    pairs["reference_value"], pairs["reference_half_unit"] = value, 0.0
    pairs["reference_symbol"] = [
        None if there else "not_applicable" if none else "hidden" if "hidden" in why else "not_available"
        for there, none, why in zip(~np.isnan(value), pupils == 0, reasons, strict=True)
    ]
    basis = each(pairs, "focus_basis", "reference_basis")
    pairs["reference_basis"] = [max(pair, key=BASES.index) for pair in basis]


def _symbol(gaps: pd.DataFrame) -> list[str | None]:
    """Why a gap is not there: the focus group's reason before the reference group's."""

    reasons = zip(
        gaps["gap"].notna(), *(gaps[f"{side}_symbol"].tolist() for side in ("focus", "reference")), strict=True
    )
    return [
        None if there else next((why for why in (focus, other) if isinstance(why, str)), "not_available")
        for there, focus, other in reasons
    ]


def _intervals(gaps: pd.DataFrame, *, overlap: bool) -> None:
    """Add gap_lower, gap_upper and method: from counts where there are counts, else from rounding."""
    import numpy as np

    focus, reference = sums(gaps, "focus"), sums(gaps, "reference")
    everywhere = np.full(len(gaps), overlap)
    share = share_of_others(focus[0], reference[0], everywhere)
    reference = set_apart(focus, reference, everywhere)
    if overlap:
        # A group that is larger than all, as rounded or mistaken figures may have it, leaves no one to compare with.
        reference = (np.where((reference[0] > 0) & (reference[1] >= 0), reference[0], np.nan), *reference[1:])
    proportion = (gaps["unit"] == "ppt").to_numpy()
    lower, upper = newcombe(reference[1], reference[0], focus[1], focus[0])
    lower, upper = np.where(lower <= upper, lower, np.nan), np.where(lower <= upper, upper, np.nan)
    method = np.where(np.isfinite(lower), "newcombe", "")
    if not proportion.all():
        unit = per_units(gaps).astype(float)
        low, high = welch(_scaled(reference, unit), _scaled(focus, unit))
        lower, upper = np.where(proportion, lower, low), np.where(proportion, upper, high)
        method = np.where(proportion, method, np.where(np.isfinite(low), "welch", ""))
    lower, upper = lower * share, upper * share
    if overlap:
        method = np.where(method == "", "", np.char.add(method, "_overlap"))
    halves = gaps[["focus_half_unit", "reference_half_unit"]].to_numpy(dtype=float)
    # Counts on one side and a percentage alone on the other allow neither kind of interval.
    rounded = (halves > 0).all(axis=1) & gaps["gap"].notna().to_numpy()
    least, most = rounding(gaps["gap"].to_numpy(dtype=float), *halves.T)
    lower, upper = np.where(rounded, least, lower), np.where(rounded, most, upper)
    method = np.where(rounded, "rounding", method)
    gaps["gap_lower"], gaps["gap_upper"] = lower, upper
    gaps["method"] = [one or None for one in method.tolist()]


def _scaled(sums: tuple[Array, Array, Array], unit: Array) -> tuple[Array, Array, Array]:
    return sums[0], sums[1] / unit, sums[2] / unit**2


def _in_order(gaps: pd.DataFrame) -> pd.DataFrame:
    """Sorted by when, where, what and who, each in the order of the definitions."""
    orders = {
        "term": ["", *TERMS],
        "status": list(STATUSES),
        "level": list(LEVELS),
        "key_stage": list(key_stages()),
        "measure": [id for _, id in measures()],
    }
    places = {id: place for place, id in enumerate(dimensions())}
    sort = gaps[["period", "area_code"]].copy()
    for column, order in orders.items():
        sort[column] = gaps[column].map({word: place for place, word in reversed(list(enumerate(order)))})
    parts = {name: dimension_parts(name) for name in gaps["dimension"].unique()}
    sort["dimension"] = [
        (len(parts[name]), *(places[part] for part in parts[name])) for name in gaps["dimension"].tolist()
    ]
    groups = {name: {group: place for place, group in enumerate(focus_groups(parts[name]))} for name in parts}
    sort["focus"] = [groups[name][group] for name, group in each(gaps, "dimension", "focus")]
    by = ["level", "area_code", "key_stage", "measure", "dimension", "focus", "period", "term", "status"]
    return gaps.loc[sort.sort_values(by, kind="stable").index].reset_index(drop=True)
