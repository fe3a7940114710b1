"""Program: whole numbers bound by sums, and what the solver (HiGHS) makes of some of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gapcalc.solver import Answer, Solver

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array

    Array = np.ndarray[Any, Any]

BATCH = 12_000  # so many counts go to the solver at once
STRETCH = 1_500  # of more than that, so many are moved at a time
WIDE, GIVERS = 60, 2  # of a sum of more counts than that, such as one over places, only those that can give most
SECONDS = 10
STEP = 60.0  # a witness is looked for so near to the first solution


@dataclass
class System:
    """`low` <= matrix @ counts <= `high`, and each count a whole number from `least` to `most`.

    `weak` are the classes of the rows that are only assumed; 0 for those that are printed.
    """

    matrix: csr_array
    low: Array
    high: Array
    least: Array
    most: Array
    weak: Array


class Batch:
    """Some pieces as one program: what is free in them, and their rows with what is fixed taken off."""

    def __init__(self, matrix: csr_array, low: Array, high: Array, least: Array, most: Array) -> None:
        self.matrix, self.low, self.high, self.least, self.most = matrix, low, high, least, most
        self.late = False  # whether it is not known if there is a solution
        self._rows_of: csr_array | None = None
        self._solver: Solver | None = None
        self._beside: Batch | None = None

    @classmethod
    def of(cls, system: System, counts: Array, rows: Array) -> Batch:
        """The counts of a system that are free, and the rows that bind them."""
        part = system.matrix[rows]
        fixed = system.least.copy()
        fixed[counts] = 0
        taken = part @ fixed
        low, high = system.low[rows] - taken, system.high[rows] - taken
        return cls(part[:, counts], low, high, system.least[counts], system.most[counts])

    def solve(self, weights: Array, *, whole: bool = False) -> Answer:
        """Counts with the least weighted sum."""
        if self._solver is None:
            self._solver = Solver(self.matrix, self.low, self.high, self.least, self.most, SECONDS)
        return self._solver.least(weights, whole=whole)

    def parts(self, chance: np.random.Generator) -> Iterator[Array]:
        """All the counts, or of very many a stretch and another by chance at a time, the others left as they are."""
        import numpy as np

        size = len(self.least)
        if size <= BATCH:
            yield np.arange(size)
            return
        stretches = np.array_split(np.arange(size), -(-size // STRETCH))
        for one, other in zip(stretches, chance.permutation(len(stretches)), strict=True):
            yield np.union1d(one, stretches[other])

    def around(self, position: int, base: Array, enough: int) -> Array:
        """Counts that are bound together with one, directly or through others, until there are `enough` of them.

        Of a wide sum those that can give most as it is in `base`: what moves one count comes from them.
        """
        import numpy as np

        rows_of = self.matrix.T.tocsr() if self._rows_of is None else self._rows_of
        self._rows_of = rows_of
        near, seen = np.zeros(len(base), dtype=bool), np.zeros(self.matrix.shape[0], dtype=bool)
        fresh = np.array([position])
        near[fresh] = True
        while len(fresh) and near.sum() < enough:
            rows = np.unique(rows_of[fresh].indices)
            rows = rows[~seen[rows]]
            seen[rows] = True
            wide = np.diff(self.matrix.indptr)[rows] > WIDE
            some = [self.matrix[rows[~wide]].indices]
            for row in rows[wide]:
                there = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
                some.append(there[np.argsort((self.least - base)[there], kind="stable")[:GIVERS]])
            fresh = np.unique(np.concatenate(some))
            fresh = fresh[~near[fresh]]
            near[fresh] = True
        return np.flatnonzero(near)

    def beside(self, base: Array, part: Array) -> Batch:
        """Of the solutions near to one (always the same) those in which all but some of the counts are as in it."""
        import numpy as np

        all_of_it = len(part) == len(base)
        if all_of_it and self._beside is not None:
            return self._beside
        least, most = np.maximum(self.least, base - STEP)[part], np.minimum(self.most, base + STEP)[part]
        columns = self.matrix[:, part]
        rows = np.flatnonzero(np.diff(columns.indptr))
        rest = base.copy()
        rest[part] = 0
        taken = (self.matrix @ rest)[rows]
        some = Batch(columns[rows], self.low[rows] - taken, self.high[rows] - taken, least, most)
        if all_of_it:
            self._beside = some
        return some
