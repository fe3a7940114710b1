"""Bounds: how low and how high whole numbers can be, drawn in sum by sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.solver import NOISE

if TYPE_CHECKING:
    import numpy as np

    from gapcalc.attack.program import System

    Array = np.ndarray[Any, Any]

CAP = 10_000_000.0  # more than there are pupils
SWEEPS = 60


def drawn_in(system: System) -> tuple[Array, Array, Array]:
    """Bounds drawn in sum by sum, and which rows cannot be true."""
    import numpy as np

    matrix = system.matrix
    least, most = system.least.copy(), system.most.copy()
    if not matrix.nnz:
        return least, most, np.zeros(matrix.shape[0], dtype=bool)
    every = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices, matrix.data
    row, column, by = every
    broken = np.zeros(matrix.shape[0], dtype=bool)
    for _ in range(SWEEPS):
        up = by > 0
        low, high = by * least[column], by * most[column]
        smallest, largest = np.where(up, low, high), np.where(up, high, low)
        sum_low, sum_high = (np.bincount(row, one, matrix.shape[0]) for one in (smallest, largest))
        here = np.zeros(matrix.shape[0], dtype=bool)
        here[row] = True
        broken = here & ((sum_low > system.high + NOISE) | (sum_high < system.low - NOISE))
        if broken.any():
            return least, most, broken
        first = ((system.high - sum_low)[row] + smallest) / by
        second = ((system.low - sum_high)[row] + largest) / by
        new_most, new_least = most.copy(), least.copy()
        for new, ends, sharpen, round_ in (
            (new_most, np.where(up, first, second) + NOISE, np.minimum, np.floor),
            (new_least, np.where(up, second, first) - NOISE, np.maximum, np.ceil),
        ):
            # Most rows draw in nothing: only what is sharper than what is known needs to be sorted out.
            sharper = np.flatnonzero(ends < new[column] if sharpen is np.minimum else ends > new[column])
            sharpen.at(new, column[sharper], round_(ends[sharper]))
        crossed = new_least > new_most
        if crossed.any():
            broken[row[crossed[column]]] = True
            return least, most, broken
        moved = (new_most != most) | (new_least != least)
        if not moved.any():
            break
        most, least = new_most, new_least
        # Only rows of counts that have moved can draw in any further.
        again = np.zeros(matrix.shape[0], dtype=bool)
        again[every[0][moved[every[1]]]] = True
        row, column, by = (one[again[every[0]]] for one in every)
    return least, most, broken
