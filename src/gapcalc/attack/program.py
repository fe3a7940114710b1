"""Program: whole numbers bound by sums, and what the solver (HiGHS) makes of some of them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_array

    Array = np.ndarray[Any, Any]

BATCH = 12_000  # so many counts go to the solver at once
STRETCH = 1_500  # of more than that, so many are moved at a time
AROUND = 500  # of a single count, so many that are bound with it
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

    def __init__(self, system: System, counts: Array, rows: Array) -> None:
        part = system.matrix[rows]
        fixed = system.least.copy()
        fixed[counts] = 0
        taken = part @ fixed
        self.matrix = part[:, counts]
        self.low, self.high = system.low[rows] - taken, system.high[rows] - taken
        self.least, self.most = system.least[counts], system.most[counts]
        self._rows_of: csr_array | None = None
        self.none = False  # whether the last answer was that there is no solution

    def solve(self, weights: Array, near: Array | None = None, *, whole: bool = False) -> tuple[Array | None, float]:
        """Counts with the least weighted sum, or None, and a bound below which no sum is; `near` a solution."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        least, most = self.least, self.most
        if near is not None:
            least, most = np.maximum(least, near - STEP), np.minimum(most, near + STEP)
        found = milp(
            weights,
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            bounds=Bounds(least, most),
            integrality=np.full(len(least), int(whole)),
            options={"time_limit": SECONDS},
        )
        self.none = found.status == 2
        bound = getattr(found, "mip_dual_bound", None)
        if bound is None or not whole:
            bound = found.fun if found.status == 0 else None
        return found.x, -np.inf if bound is None else float(bound)

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

    def around(self, position: int, chance: np.random.Generator) -> Array:
        """The counts that are bound together with one, directly or through others, as far as there are not too many."""
        import numpy as np

        rows_of = self.matrix.T.tocsr() if self._rows_of is None else self._rows_of
        self._rows_of = rows_of
        near, fresh = np.array([position]), np.array([position])
        while len(near) < AROUND and len(fresh):
            rows = np.unique(rows_of[fresh].indices)
            fresh = np.setdiff1d(self.matrix[rows].indices, near)
            near = np.append(near, chance.permutation(fresh)[: AROUND - len(near)])
        return np.sort(near)

    def beside(self, weights: Array, base: Array, part: Array, *, whole: bool = False) -> Array | None:
        """Another solution near to one, with the least weighted sum of some of the counts, the others as they are."""
        import numpy as np

        if len(part) == len(base):
            return self.solve(weights, base, whole=whole)[0]
        some = copy(self)
        columns = self.matrix[:, part]
        rows = np.flatnonzero(np.diff(columns.indptr))
        rest = base.copy()
        rest[part] = 0
        taken = (self.matrix @ rest)[rows]
        some.matrix, some.low, some.high = columns[rows], self.low[rows] - taken, self.high[rows] - taken
        some.least, some.most = self.least[part], self.most[part]
        found, _ = some.solve(weights[part], base[part], whole=whole)
        if found is None:
            return None
        rest[part] = found
        return np.asarray(rest)
