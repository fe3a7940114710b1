"""Rescale: gaps in, the same gaps on other scales out. Where the focus group is behind, all but ratios are positive."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL, OTHERS
from gapcalc.measured import measures_of, signs
from gapcalc.model import COHORT, KEY
from gapcalc.scales import (
    SCALES,
    SCORED,
    gap_index,
    hedges_g,
    odds_ratio,
    probit_gap,
    ratio,
    v_of_index,
    v_of_thresholds,
)
from gapcalc.sides import set_apart, share_of_others, sums

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

WHICH = [*COHORT, "dimension", "focus", "reference"]
SAME = [name for name in WHICH if name != "measure"]


def rescale(gaps: pd.DataFrame, scores: pd.DataFrame | None = None) -> pd.DataFrame:
    """Gaps (GAPS and WORKINGS), and pupils by score (KEY and SCORED), in; WHICH and SCALES out, row by row.

    Of a rate: ratio, odds ratio, probit gap, gap index (a tenth of the gap in ppt), V from thresholds. Of a mean:
    Hedges' g with its standard error, and where pupils by score are known gap index (exact, as a Fraction) and V. NaN
    or None where there is no gap, or none on that scale. Against all pupils Hedges' g is, as the interval is, that
    against everybody else, shrunk by their share.
    """
    import numpy as np

    sign = signs(gaps)
    there = gaps["gap"].notna().to_numpy(dtype=bool)
    proportion = there & (gaps["unit"] == "ppt").to_numpy(dtype=bool)
    focus, reference = (
        np.where(proportion, gaps[f"{side}_value"].to_numpy(dtype=float), np.nan) for side in ("focus", "reference")
    )
    probit = sign * probit_gap(focus, reference)
    v, methods = _of_thresholds(gaps, focus, reference, sign)
    index: list[Fraction | float | None] = [
        10 * gap if one else None for gap, one in zip(gaps["gap"].astype(float).tolist(), proportion, strict=True)
    ]
    for place, found in _of_scores(gaps, there & ~proportion, scores).items():
        index[place] = -found if sign[place] < 0 else found
        v[place] = v_of_index(np.array([float(found)]))[0] * sign[place]
        methods[place] = "scores" if np.isfinite(v[place]) else None
    g, error = _effects(gaps)
    mean = there & ~proportion
    made = {
        "ratio": ratio(focus, reference),
        "odds_ratio": odds_ratio(focus, reference),
        "probit_gap": probit,
        "gap_index": np.array([*index, None], dtype=object)[:-1],  # or numpy would take them for numbers
        "hedges_g": np.where(mean, g * sign, np.nan),
        "hedges_g_error": np.where(mean, error, np.nan),
        "v": v,
        "v_method": np.array([*methods, None], dtype=object)[:-1],
    }
    return gaps[WHICH].assign(**made)[[*WHICH, *SCALES]]


def _of_thresholds(gaps: pd.DataFrame, focus: Array, reference: Array, sign: Array) -> tuple[Array, list[str | None]]:
    """V and its method from rates: of the gaps here that are cuts of one variable together, of each other by itself.

    Every threshold is a gap of the same output, so nothing is in V that is not printed beside it.
    """
    import numpy as np

    v = np.full(len(gaps), np.nan)
    said: list[str | None] = [None] * len(gaps)
    known = measures_of(gaps)
    cuts = [("cut", one.cut_of) if one.cut_of else ("", one.id) for one in known]
    usable = (focus > 0) & (focus < 1) & (reference > 0) & (reference < 1)
    together: dict[tuple[object, ...], list[int]] = {}
    for place, (which, cut) in enumerate(zip(gaps[SAME].itertuples(index=False, name=None), cuts, strict=True)):
        together.setdefault((*which, cut), []).append(place)
    for places in together.values():
        pairs = [place for place in places if usable[place]]
        found = v_of_thresholds([focus[place] for place in pairs], [reference[place] for place in pairs])
        for place in places:
            if np.isfinite(found) and np.isfinite(focus[place]):
                v[place] = sign[place] * found
                said[place] = "thresholds" if len(pairs) > 1 else "one threshold"
    return v, said


def _of_scores(gaps: pd.DataFrame, mean: Array, scores: pd.DataFrame | None) -> dict[int, Fraction]:
    """The gap index of each gap of means, by its place, from pupils by score; more of the score is better."""
    if scores is None or not mean.any():
        return {}
    heaps: dict[tuple[object, ...], dict[int, int]] = {}
    for *key, score, pupils in scores[[*KEY, *SCORED]].itertuples(index=False, name=None):
        heaps.setdefault(tuple(key), {})[int(score)] = int(pupils)
    found = {}
    for place, row in enumerate(gaps[WHICH].itertuples(index=False, name=None)):
        *cohort, dimension, focus, reference = row
        ours = heaps.get((*cohort, dimension, focus), {})
        whole = (*cohort, ALL, ALL) if reference in (ALL, OTHERS) else (*cohort, dimension, reference)
        theirs = heaps.get(whole, {})
        if reference == OTHERS:
            theirs = {score: pupils - ours.get(score, 0) for score, pupils in theirs.items()}
        every = sorted({*ours, *theirs})
        index = gap_index([ours.get(one, 0) for one in every], [theirs.get(one, 0) for one in every])
        if mean[place] and index is not None:
            found[place] = index
    return found


def _effects(gaps: pd.DataFrame) -> tuple[Array, Array]:
    """Hedges' g and its standard error, reference less focus."""
    import numpy as np

    focus, reference = sums(gaps, "focus"), sums(gaps, "reference")
    overlap = (gaps["reference"] == ALL).to_numpy(dtype=bool)
    share = share_of_others(focus[0], reference[0], overlap)
    pupils, total, squares = set_apart(focus, reference, overlap)
    g, error = hedges_g((np.where(pupils > 0, pupils, np.nan), total, squares), focus)
    return g * share, error * share
