"""Standing: values of areas in; ranks, quartile bands and averages of neighbours out. NaN is no value.

Values are compared at their ninth decimal, so that the noise of binary fractions parts no tie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NANO = 10**9


def _whole(values: Array) -> Array:
    """Values in whole billionths, as floats, which hold such numbers exactly."""
    import numpy as np

    whole: Array = np.rint(np.asarray(values, dtype=float) * NANO)
    return whole


def ranks(values: Array, *, low_is_good: bool) -> tuple[Array, Array]:
    """Values of areas in; the rank of each (1 is best, ties have the least) and how many share it out.

    As LAIT ranks: R `rank(ties = "min")`, areas without a value unranked (NaN).
    """
    import numpy as np

    found = _whole(values)
    there = np.sort(found[~np.isnan(found)])
    below, upto = (np.searchsorted(there, found, side=side) for side in ("left", "right"))
    better = below if low_is_good else len(there) - upto
    missing = np.isnan(found)
    return np.where(missing, np.nan, 1.0 + better), np.where(missing, np.nan, (upto - below).astype(float))


def quartile_bands(values: Array, *, low_is_good: bool) -> Array:
    """Values of areas in; their bands, A (best) to D, out; "" where there is no value.

    LAIT's rule: R `quantile()` type 7 over the areas; a value on a quartile belongs to the lower quarter. In whole
    numbers, four times the value against four times the quartile.
    """
    import numpy as np

    found = _whole(values)
    there = np.sort(found[~np.isnan(found)])
    quartiles = []
    for quarter in (1, 2, 3):
        place, part = divmod((len(there) - 1) * quarter, 4)
        if len(there):
            following = there[min(place + 1, len(there) - 1)]
            quartiles.append(there[place] * (4 - part) + following * part)
    words = np.array([*("ABCD" if low_is_good else "DCBA")], dtype=object)
    above = np.searchsorted(np.array(quartiles, dtype=float), 4 * found, side="left")
    return np.where(np.isnan(found), "", words[np.minimum(above, 3)])
