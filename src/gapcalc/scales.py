"""Other scales of a gap: rates, sums or pupils by score in; ratios, effect sizes and the gap index out. NaN is none."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

# The columns of a gap on other scales; `v_method` says what `v` was made from.
SCALES = ["ratio", "odds_ratio", "probit_gap", "gap_index", "hedges_g", "hedges_g_error", "v", "v_method"]
# Of pupils by score, beside the key of their cell: a score in its measure's smallest unit, and how many have it.
SCORED = ["score", "pupils"]


def ratio(focus: Array, reference: Array) -> Array:
    """Two rates in, p_g / p_o out."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(reference > 0, focus / reference, np.nan)


def odds_ratio(focus: Array, reference: Array) -> Array:
    """Two rates in, (p_g / (1 - p_g)) / (p_o / (1 - p_o)) out; none where a rate is 1 or the reference's 0."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        odds = (focus / (1 - focus)) / (reference / (1 - reference))
    return np.where(np.isfinite(odds) & (reference > 0) & (reference < 1), odds, np.nan)


def probit_gap(focus: Array, reference: Array) -> Array:
    """Two rates in, the gap on the normal scale out: Phi^-1(p_o) - Phi^-1(p_g); none at 0 and 1."""
    import numpy as np
    from scipy.special import ndtri

    inside = (focus > 0) & (focus < 1) & (reference > 0) & (reference < 1)
    return np.where(inside, ndtri(np.where(inside, reference, 0.5)) - ndtri(np.where(inside, focus, 0.5)), np.nan)


def signs_differ(change: Array, probit_change: Array) -> Array:
    """A gap's change in ppt and on the probit scale in; whether one widened and the other narrowed out."""
    import numpy as np

    there = (np.abs(change) > 1e-9) & (np.abs(probit_change) > 1e-9)
    return np.asarray(there & (np.sign(change) != np.sign(probit_change)))


def signs_disagree(now_focus: Array, now_reference: Array, then_focus: Array, then_reference: Array) -> Array:
    """Rates of two periods in; whether the gap widened in ppt and narrowed on the probit scale, or the reverse, out.

    Not where a rate is 0, 1 or none: there is no probit gap then. It does not matter whether less is better.
    """
    change = (now_reference - now_focus) - (then_reference - then_focus)
    return signs_differ(change, probit_gap(now_focus, now_reference) - probit_gap(then_focus, then_reference))


def gap_index(focus: Sequence[int], reference: Sequence[int]) -> Fraction | None:
    """Pupils at each score from the lowest up, of both groups, in; DfE's gap index out: 20 (R_o - R_g) / N.

    R is a group's mean rank among all N pupils, ties having the average rank. -10 to 10; it is 10 (2 AUC - 1).
    """
    if not (sum(focus) and sum(reference)):
        return None
    below, twice_focus, twice_reference = 0, 0, 0
    for ours, theirs in zip(focus, reference, strict=True):
        twice_rank = 2 * below + ours + theirs + 1
        twice_focus, twice_reference = twice_focus + ours * twice_rank, twice_reference + theirs * twice_rank
        below += ours + theirs
    return 10 * (Fraction(twice_reference, sum(reference)) - Fraction(twice_focus, sum(focus))) / below


def v_of_index(index: Array) -> Array:
    """A gap index in, Ho-Reardon V out: sqrt(2) Phi^-1(AUC), AUC = 0.5 + index / 20; none at -10 and 10."""
    import numpy as np
    from scipy.special import ndtri

    v = np.sqrt(2) * ndtri(0.5 + index / 20)
    return np.where(np.isfinite(v), v, np.nan)


def v_of_thresholds(focus: Sequence[float], reference: Sequence[float]) -> float:
    """The rates of both groups at each of some thresholds in, Ho-Reardon V by a binormal fit out.

    With F the share below: Phi^-1(F_g) = m Phi^-1(F_o) + c by least squares, V = sqrt(2) c / sqrt(1 + m^2); one
    threshold has m = 1. Thresholds that all or none of a group reach are left out.
    """
    import numpy as np
    from scipy.special import ndtri

    pairs = [(g, o) for g, o in zip(focus, reference, strict=True) if 0 < g < 1 and 0 < o < 1]
    if not pairs:
        return float("nan")
    below = -ndtri(np.array(pairs))
    if len(pairs) == 1:
        return float(below[0, 0] - below[0, 1])
    middle = below.mean(axis=0)
    spread = ((below[:, 1] - middle[1]) ** 2).sum()
    if spread < 1e-18:
        return float("nan")
    m = ((below[:, 0] - middle[0]) * (below[:, 1] - middle[1])).sum() / spread
    return float(np.sqrt(2) * (middle[0] - m * middle[1]) / np.sqrt(1 + m**2))


def hedges_g(reference: tuple[Array, Array, Array], focus: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    """Two groups' (pupils, total, total of squares) in; Hedges' g, and its standard error as esvis has it, out.

    d = (m_o - m_g) / pooled sd; g = d (1 - 3 / (4 (n_o + n_g) - 9)); the error is that of d.
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        both = reference[0] + focus[0]
        within = sum(n_x2[2] - n_x2[1] ** 2 / n_x2[0] for n_x2 in (reference, focus))
        d = (reference[1] / reference[0] - focus[1] / focus[0]) / np.sqrt(within / (both - 2))
        d = np.where(np.isfinite(d), d, np.nan)
        error = np.sqrt(both / (reference[0] * focus[0]) + d**2 / (2 * both))
        return d * (1 - 3 / (4 * both - 9)), error
