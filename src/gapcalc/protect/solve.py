"""Solve: what a reader can work out of hidden counts from all sums together, by integer programming (HiGHS)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from gapcalc.protect.block import Block
from gapcalc.solver import NOISE, Solver
from gapcalc.structure import Structure

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

TOLD = -1
ENDLESS = 1_000_000
SECONDS = 20
WHOLE = 3000
GAP = 0.05  # what is nearly cheapest is cheap enough


@cache
def terms(structure: Structure) -> tuple[Array, Array, Array]:
    """The terms of all sums: the sum, the cell, and 1 for a part or -1 for the whole."""
    import numpy as np

    every = [
        (place, cell, by)
        for place, total in enumerate(structure.sums)
        for cell, by in (*((part, 1) for part in total.parts), (total.whole, -1))
    ]
    place, cell, sign = np.array(every, dtype=np.int64).reshape(-1, 3).T
    return place, cell, sign


class System:
    """The untold counts of a block, and of the block above it, as whole numbers bound by their sums.

    `some` limits it to some of the block's areas and of the structure's cells: the others then stay as they are, so
    that what is found to be open is open, but not the other way about. `also` are told counts (areas by cells) that
    are taken for untold.
    """

    def __init__(
        self, block: Block, some: tuple[Sequence[int], Sequence[int]] | None = None, also: Array | None = None
    ) -> None:
        import numpy as np
        from scipy.sparse import csr_array

        self.blocks = [block] + ([block.parent] if block.parent is not None else [])
        self.numbers: list[dict[str, Array]] = []
        self.truth: Array = np.zeros(0, dtype=np.int64)
        for one in self.blocks:
            numbers = {}
            for layer in one.layers:
                untold = one.untold(layer) | (also if also is not None and one is block else False)
                if some is not None:
                    every = range(untold.shape[0])
                    keep = np.zeros(untold.shape, dtype=bool)
                    keep[np.ix_(some[0] if one is block else every, some[1])] = True
                    untold = untold & keep
                number = np.full(untold.shape, TOLD)
                number[untold] = len(self.truth) + np.arange(untold.sum())
                self.truth = np.append(self.truth, one.layer(layer)[untold])
                numbers[layer] = number
            self.numbers.append(numbers)
        self._solvers: dict[int | None, Solver] = {}
        self._row: list[Array] = []
        self._column: list[Array] = []
        self._sign: list[Array] = []
        self._rows = 0
        for one, numbers in zip(self.blocks, self.numbers, strict=True):
            self._within(one, numbers)
        if block.parent is not None:
            self._across(block, block.parent)
        none = np.zeros(0, dtype=np.int64)
        where = np.concatenate([none, *self._row]), np.concatenate([none, *self._column])
        self.matrix = csr_array((np.concatenate([none, *self._sign]), where), shape=(self._rows, len(self.truth)))

    def _within(self, block: Block, numbers: dict[str, Array]) -> None:
        import numpy as np

        # All sums of all areas at once: a row of the system for each that holds, with all that is untold in it.
        place, cell, sign = terms(block.structure)
        row = np.arange(block.holds.size).reshape(block.holds.shape)[:, place]
        for layer in block.layers:
            there = (numbers[layer][:, cell] != TOLD) & block.holds[:, place]
            used, rows = np.unique(row[there], return_inverse=True)
            self._row.append(self._rows + rows)
            self._column.append(numbers[layer][:, cell][there])
            self._sign.append(np.broadcast_to(sign, there.shape)[there])
            self._rows += len(used)
        if block.proportion:
            pupils, reached, not_reached = (numbers[layer].ravel() for layer in block.layers)
            self._add([reached, not_reached], [pupils])

    def _across(self, block: Block, parent: Block) -> None:
        import numpy as np

        if block.within is None:
            return
        for layer in block.layers:
            adds_up = block.adds_up(layer)
            for above in range(len(parent.areas)):
                members = np.flatnonzero(block.within == above)
                cells = np.flatnonzero(adds_up[above])
                if len(members):
                    mine = self.numbers[0][layer][np.ix_(members, cells)]
                    self._add(list(mine), [self.numbers[1][layer][above, cells]])

    def _add(self, parts: Sequence[Array], wholes: Sequence[Array]) -> None:
        """Equations: each an element of the arrays of numbers; what is told is a constant, as it is in truth."""
        import numpy as np

        every = np.stack([*parts, *wholes])
        some = np.flatnonzero((every != TOLD).any(axis=0))
        row = np.full(every.shape[1], TOLD)
        row[some] = self._rows + np.arange(len(some))
        self._rows += len(some)
        for some_of_it, sign in ((parts, 1), (wholes, -1)):
            for numbers in some_of_it:
                there = numbers != TOLD
                self._row.append(row[there])
                self._column.append(numbers[there])
                self._sign.append(np.full(there.sum(), sign))

    def extreme(self, weights: Array, within: int | None = None, *, whole: bool = False) -> Array:
        """The counts that print alike, of which the weighted sum is largest; within so much of the truth."""
        import numpy as np

        if within not in self._solvers:
            reach = ENDLESS if within is None else within
            right = self.matrix @ self.truth
            least, most = np.maximum(0, self.truth - reach), self.truth + reach
            self._solvers[within] = Solver(self.matrix, right, right, least, most, SECONDS)
        numbers = self._solvers[within].least(-weights, whole=whole).numbers
        return self.truth if numbers is None else numbers

    def range(self, number: int, within: int | None = None) -> tuple[int, int]:
        """The least and the most that one count can be: whole numbers in a system of up to WHOLE counts.

        In a larger one the bounds are those of any numbers, rounded inwards.
        """
        import numpy as np

        weights = np.zeros(len(self.truth))
        weights[number] = 1
        whole = len(self.truth) <= WHOLE
        lowest, highest = (self.extreme(sign * weights, within, whole=whole)[number] for sign in (-1, 1))
        return int(np.ceil(lowest - NOISE)), int(np.floor(highest + NOISE))

    def cheapest(self, number: int, wanted: int, cost: Array, most: int) -> Array | None:
        """Which cells of the block (areas by cells) must be untold for a count to be `wanted`, at the least cost.

        `cost` is infinite where a cell cannot be hidden, and 0 where it is untold already; nothing is taken to change
        by more than `most`. None when there is no way.
        """
        import numpy as np
        from scipy.sparse import block_array, coo_array, csr_array

        size = len(self.truth)
        priced = np.flatnonzero((cost > 0) & np.isfinite(cost))
        place = np.full(cost.size, TOLD)
        place[priced] = np.arange(len(priced))
        own, switch = [], []
        for numbers in self.numbers[0].values():
            flat = numbers.ravel()
            there = (flat != TOLD) & (place != TOLD)
            own.append(flat[there])
            switch.append(place[there])
        numbers, switches = np.concatenate(own), np.concatenate(switch)
        every = np.arange(len(numbers))
        ones = np.ones(len(every))
        moved = coo_array((ones, (every, numbers)), shape=(len(every), size))
        allowed = coo_array((most * ones, (every, switches)), shape=(len(every), len(priced)))
        right = self.matrix @ self.truth
        truth = self.truth[numbers]
        nothing = csr_array((self.matrix.shape[0], len(priced)))
        lowest, highest = np.maximum(0, self.truth - most), self.truth + most
        lowest[number], highest[number] = wanted, wanted
        rows = [[self.matrix, nothing], [moved, -allowed], [moved, allowed]]
        solver = Solver(
            csr_array(block_array(rows)),
            np.concatenate([right, np.full(len(truth), -np.inf), truth]),
            np.concatenate([right, truth, np.full(len(truth), np.inf)]),
            np.concatenate([lowest, np.zeros(len(priced))]),
            np.concatenate([highest, np.ones(len(priced))]),
            SECONDS,
        )
        found = solver.least(np.concatenate([np.zeros(size), cost.ravel()[priced]]), whole=True, gap=GAP).numbers
        if found is None:
            return None
        chosen = np.zeros(cost.size, dtype=bool)
        chosen[priced[found[size:] > 0.5]] = True
        return chosen.reshape(cost.shape)
