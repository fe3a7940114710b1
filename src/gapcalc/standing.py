"""Standing: values of areas in; ranks, quartile bands and averages of neighbours out. NaN is no value.

Values are compared at their ninth decimal, so that the noise of binary fractions parts no tie.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NANO = 10**9


def _whole(values: Array) -> list[int | None]:
    return [None if math.isnan(value) else round(float(value) * NANO) for value in values]


def ranks(values: Array, *, low_is_good: bool) -> tuple[Array, Array]:
    """Values of areas in; the rank of each (1 is best, ties have the least) and how many share it out.

    As LAIT ranks: R `rank(ties = "min")`, areas without a value unranked (NaN).
    """
    import numpy as np

    found = _whole(values)
    there = [value for value in found if value is not None]
    better = [
        np.nan if one is None else 1 + sum((v < one) if low_is_good else (v > one) for v in there) for one in found
    ]
    return np.array(better, dtype=float), np.array(
        [np.nan if v is None else there.count(v) for v in found], dtype=float
    )


def quartile_bands(values: Array, *, low_is_good: bool) -> Array:
    """Values of areas in; their bands, A (best) to D, out; "" where there is no value.

    LAIT's rule: R `quantile()` type 7 over the areas; a value on a quartile belongs to the lower quarter. In whole
    numbers, four times the value against four times the quartile.
    """
    import numpy as np

    found = _whole(values)
    there = sorted(value for value in found if value is not None)
    quartiles = []
    for quarter in (1, 2, 3):
        place, part = divmod((len(there) - 1) * quarter, 4)
        if there:
            following = there[min(place + 1, len(there) - 1)]
            quartiles.append(there[place] * (4 - part) + following * part)
    words = "ABCD" if low_is_good else "DCBA"
    return np.array(["" if v is None else words[sum(4 * v > q for q in quartiles)] for v in found], dtype=object)


def neighbour_mean(values: Array) -> tuple[float, int]:
    """Neighbours' values in, their unweighted mean and how many have a value out, as LAIT. Missing ones are dropped."""

    there = [float(value) for value in values if not math.isnan(value)]
    return (math.fsum(there) / len(there) if there else math.nan), len(there)


def neighbour_median(values: Array) -> tuple[float, int]:
    """Neighbours' values in, their median and how many have a value out, as DfE's social care dashboard."""
    from statistics import median

    there = [float(value) for value in values if not math.isnan(value)]
    return (median(there) if there else math.nan), len(there)
