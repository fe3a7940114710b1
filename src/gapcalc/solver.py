"""Solver: numbers bound by sums, and those of them that make a weighted sum least (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from highspy import HighsStatus
    from scipy.sparse import csr_array

    Array = np.ndarray[Any, Any]

MINIMIZE, BY_ROW = 1, 2  # what HiGHS calls so
PRIMAL = 4  # from one answer to the next the sums hold, so the simplex method that keeps them is quick

NOISE = 1e-6


@dataclass(frozen=True)
class Answer:
    """`numbers`, None where none were found; a `bound` below which no sum is; whether any are `impossible`."""

    numbers: Array | None
    bound: float
    impossible: bool


class Solver:
    """`low` <= matrix @ numbers <= `high`, and each number from `least` to `most`.

    To be asked again and again: each answer starts from the one before. What takes more than `seconds` is given up,
    of any numbers and then of whole ones. Raises RuntimeError where the solver itself fails.
    """

    def __init__(self, matrix: csr_array, low: Array, high: Array, least: Array, most: Array, seconds: float) -> None:
        import numpy as np
        from highspy._core import _Highs

        self._seconds, self._size = seconds, len(least)
        # Its own `Highs` is this with callbacks, and says on standard output that it runs.
        self._highs = highs = _Highs()
        for name in ("output_flag", "log_to_console"):
            _done(highs.setOptionValue(name, False))
        _done(highs.setOptionValue("simplex_strategy", PRIMAL))
        below, above, lowest, highest = (np.asarray(one, dtype=float) for one in (low, high, least, most))
        starts, columns = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
        none, any_ = np.zeros(self._size), np.zeros(self._size, dtype=np.int32)
        _done(highs.passModel(
            self._size, matrix.shape[0], matrix.nnz, BY_ROW, MINIMIZE, 0.0,
            none, lowest, highest, below, above, starts, columns, matrix.data.astype(float), any_,
        ))  # fmt: skip
        self._every = np.arange(self._size, dtype=np.int32)
        self._whole = False

    def least(self, weights: Array, *, whole: bool = False, gap: float = 0.0) -> Answer:
        """The numbers with the least weighted sum; only `whole` ones, or such within a share (`gap`) of the least.

        Among any numbers it is mostly whole ones that are found, and much faster: so these are tried first.
        """
        import numpy as np

        _done(self._highs.changeColsCost(self._size, self._every, np.asarray(weights, dtype=float)))
        found = self._answer(whole=False)
        if not whole or found.impossible or (found.numbers is not None and is_whole(found.numbers)):
            return found
        _done(self._highs.setOptionValue("mip_rel_gap", gap))
        return self._answer(whole=True)

    def _answer(self, *, whole: bool) -> Answer:
        import highspy
        import numpy as np

        highs, states = self._highs, highspy.HighsModelStatus
        if whole != self._whole:
            kinds = np.full(self._size, int(whole), dtype=np.uint8)
            _done(highs.changeColsIntegrality(self._size, self._every, kinds))
            self._whole = whole
        # Whole numbers have a clock of their own, which starts anew; the other goes on from answer to answer.
        _done(highs.setOptionValue("time_limit", self._seconds + (0.0 if whole else highs.getRunTime())))
        _done(highs.run())
        status, told = highs.getModelStatus(), highs.getInfo()
        impossible = status == states.kInfeasible
        late = not impossible and status != states.kOptimal  # or lost in its own arithmetic
        there = not impossible and (not late or whole)
        there = there and told.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        bound = told.mip_dual_bound if whole else told.objective_function_value
        if impossible or (late and not whole):
            bound = -np.inf
        return Answer(np.array(highs.getSolution().col_value) if there else None, float(bound), impossible)


def _done(status: HighsStatus) -> None:
    """Raise RuntimeError where the solver could not do what it was told: its next answer would be of something else."""
    if status.name == "kError":
        raise RuntimeError("the solver failed")


def is_whole(numbers: Array) -> bool:
    """Whether all numbers are whole, but for what is lost in computing."""
    import numpy as np

    return bool(np.abs(numbers - np.round(numbers)).max(initial=0.0) < NOISE)
