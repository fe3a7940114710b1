"""The intervals of rates and of gaps: arrays in, arrays of lower and upper limits out, NaN where there is none.

The data are whole cohorts, not samples: a 95% interval is about the underlying rate from which this cohort's
results could have come, as in DfE's and Fingertips' intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Z = NormalDist().inv_cdf(0.975)  # two-sided 95%


@dataclass(frozen=True)
class Terms:
    """Rates or means that are added up: the row each belongs to, its weight, and its counts, each an array."""

    row: Array
    weight: Array
    pupils: Array
    total: Array
    squares: Array


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


def contrast(terms: Terms, rows: int) -> tuple[Array, Array]:
    """Weighted rates, each a term of one of so many rows, in; 95% limits of each row's sum out.

    This year's gap less last year's is such a sum, of four rates; an area's gap less the mean of ten others' of 22.
    Square-and-add over the Wilson limits (MOVER; Zou and Donner 2008): L = sum - sqrt(sum (c p - min(c l, c u))^2). The
    rates are taken as independent: a comparator that contains the area has to be taken apart first.
    """
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        rate = terms.total / terms.pupils
    lower, upper = wilson(terms.total, terms.pupils)
    ends = np.stack([terms.weight * lower, terms.weight * upper])
    middle = _summed(terms, terms.weight * rate, rows)
    below = _summed(terms, (terms.weight * rate - ends.min(axis=0)) ** 2, rows)
    above = _summed(terms, (ends.max(axis=0) - terms.weight * rate) ** 2, rows)
    return middle - np.sqrt(below), middle + np.sqrt(above)


def contrast_of_means(terms: Terms, rows: int) -> tuple[Array, Array]:
    """Weighted means in, as for `contrast`; 95% limits of each row's sum out, by t and Satterthwaite's freedom.

    Of two means with weights 1 and -1 this is Welch's interval. No limits where a mean is of fewer than two pupils.
    """
    import numpy as np
    from scipy.special import stdtrit

    with np.errstate(divide="ignore", invalid="ignore"):
        mean = terms.total / terms.pupils
        error = terms.weight**2 * _squared_error(terms.pupils, terms.total, terms.squares)
        middle, whole = _summed(terms, terms.weight * mean, rows), _summed(terms, error, rows)
        freedom = whole**2 / _summed(terms, error**2 / (terms.pupils - 1), rows)
        half = np.where(whole == 0, 0.0, stdtrit(freedom, 0.975) * np.sqrt(whole))
    return middle - half, middle + half


def _summed(terms: Terms, values: Array, rows: int) -> Array:
    import numpy as np

    return np.bincount(terms.row, weights=values, minlength=rows)


def rounding(figure: Array, *half_units: Array) -> tuple[Array, Array]:
    """A gap or a change, and half the last printed place of every figure in it, in; how far rounding may move it out.

    The halves are added, not squared: 66 less 38 in whole percentages is 27 to 29, and a change of such gaps is
    uncertain by two.
    """
    half = sum(half_units)
    return figure - half, figure + half
