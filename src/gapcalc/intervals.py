"""The intervals of rates and of gaps: arrays in, arrays of lower and upper limits out, NaN where there is none.

The data are whole cohorts, not samples: a 95% interval is about the underlying rate from which this cohort's
results could have come, as in DfE's and Fingertips' intervals.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Z = NormalDist().inv_cdf(0.975)  # two-sided 95%


def wilson(reached: Array, pupils: Array) -> tuple[Array, Array]:
    """How many reached, of how many pupils, in; 95% limits of the rate (0 to 1) out.

    Wilson score interval, as PHEindicatormethods writes it:
    (2x + z2 -+ z sqrt(z2 + 4x(1 - x/n))) / (2(n + z2)).
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        spread = Z * np.sqrt(Z**2 + 4 * reached * (1 - reached / pupils))
        middle, width = 2 * reached + Z**2, 2 * (pupils + Z**2)
        return (middle - spread) / width, (middle + spread) / width


def newcombe(reached_1: Array, pupils_1: Array, reached_2: Array, pupils_2: Array) -> tuple[Array, Array]:
    """Two rates' counts in; 95% limits of the first rate less the second (-1 to 1) out.

    Newcombe's hybrid score interval (1998, method 10) from the Wilson limits of both rates.
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        rate_1, rate_2 = reached_1 / pupils_1, reached_2 / pupils_2
    lower_1, upper_1 = wilson(reached_1, pupils_1)
    lower_2, upper_2 = wilson(reached_2, pupils_2)
    gap = rate_1 - rate_2
    return (
        gap - np.sqrt((rate_1 - lower_1) ** 2 + (upper_2 - rate_2) ** 2),
        gap + np.sqrt((upper_1 - rate_1) ** 2 + (rate_2 - lower_2) ** 2),
    )


def welch(sums_1: tuple[Array, Array, Array], sums_2: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    """Two groups' (pupils, total, total of squares) in; 95% limits of the first mean less the second out.

    Welch's t interval with Welch-Satterthwaite degrees of freedom. No limits below two pupils in a group.
    """
    import numpy as np
    from scipy.special import stdtrit

    with np.errstate(divide="ignore", invalid="ignore"):
        gap = sums_1[1] / sums_1[0] - sums_2[1] / sums_2[0]
        error_1, error_2 = _squared_error(*sums_1), _squared_error(*sums_2)
        error = error_1 + error_2
        freedom = error**2 / (error_1**2 / (sums_1[0] - 1) + error_2**2 / (sums_2[0] - 1))
        # Everybody alike in both groups: the interval has no width, and no degrees of freedom are needed.
        half = np.where(error == 0, 0.0, stdtrit(freedom, 0.975) * np.sqrt(error))
    return gap - half, gap + half


def _squared_error(pupils: Array, total: Array, squares: Array) -> Array:
    """The variance of a mean: the sample variance over the number of pupils."""
    import numpy as np

    # Rounding may leave a variance of nothing just below nothing.
    variance = np.maximum(pupils * squares - total**2, 0.0) / (pupils * (pupils - 1))
    return np.where(pupils > 1, variance / pupils, np.nan)


def between_gaps(
    one: tuple[Array, Array, Array, Array], other: tuple[Array, Array, Array, Array]
) -> tuple[Array, Array]:
    """Two gaps, each as (reference reached, reference pupils, focus reached, focus pupils), in; limits of the first
    less the second (-2 to 2) out.

    This year and last give the change of a gap; an area and a comparator the difference of their gaps. Square-and-add
    over the four Wilson limits (MOVER; Zou and Donner 2008). The four groups are taken as independent: a comparator
    that contains the area must have the area's pupils taken out of it first.
    """
    import numpy as np

    gap, below, above = np.zeros(1), np.zeros(1), np.zeros(1)
    pairs = ((one[:2], 1), (one[2:], -1), (other[:2], -1), (other[2:], 1))
    for (reached, pupils), sign in pairs:
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = reached / pupils
        lower, upper = wilson(reached, pupils)
        low, high = (rate - lower) ** 2, (upper - rate) ** 2
        gap, below, above = gap + sign * rate, below + (low if sign > 0 else high), above + (high if sign > 0 else low)
    return gap - np.sqrt(below), gap + np.sqrt(above)


def rounding(figure: Array, *half_units: Array) -> tuple[Array, Array]:
    """A gap or a change, and half the last printed place of every figure in it, in; how far rounding may move it out.

    The halves are added, not squared: 66 less 38 in whole percentages is 27 to 29, and a change of such gaps is
    uncertain by two.
    """
    half = sum(half_units)
    return figure - half, figure + half
