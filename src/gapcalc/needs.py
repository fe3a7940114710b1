"""Needs: gaps in, how many pupils would close them, and how far one pupil moves them, out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gapcalc.comparisons import NEEDS
from gapcalc.definitions import ALL
from gapcalc.definitions.small_cohorts import small_cohorts
from gapcalc.measured import signs
from gapcalc.moves import pupils_needed, pupils_per_point

if TYPE_CHECKING:
    import pandas as pd


def needs(gaps: pd.DataFrame) -> pd.DataFrame:
    """Gaps (GAPS) in, the same with NEEDS out.

    How many more of the group's pupils have to reach the standard for the gap to close, the others' results staying
    (fewer, where less is better); how many move its rate by a percentage point; how far one of them moves it, as a
    proportion; and a word where the group is small. Nothing but the last of a mean score.
    """
    import numpy as np

    proportion = (gaps["unit"] == "ppt").to_numpy()
    figures = {
        name: gaps[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for name in ("focus_pupils", "focus_total", "reference_pupils", "reference_value")
    }
    pupils = figures["focus_pupils"]
    with np.errstate(divide="ignore", invalid="ignore"):
        everybody = (gaps["reference"] == ALL).to_numpy()
        share = np.where(everybody, 1 - pupils / figures["reference_pupils"], 1.0)
        to_close = pupils_needed(
            pupils, figures["focus_total"], figures["reference_value"], sign=signs(gaps), share=share
        )
        one_pupil = 1 / pupils
    bands = [np.where((pupils >= one.fewest) & (pupils <= one.most), one.word, "") for one in small_cohorts()]
    words = np.array(["".join(band[row] for band in bands) or None for row in range(len(gaps))], dtype=object)
    there = proportion & (pupils > 0)
    found = gaps.assign(
        pupils_to_close=np.where(proportion & gaps["gap"].notna().to_numpy(), to_close, np.nan),
        pupils_per_point=np.where(there, pupils_per_point(pupils), np.nan),
        one_pupil=np.where(there, one_pupil, np.nan),
        small_cohort=words,
    )
    return found[[*gaps.columns, *NEEDS]]
