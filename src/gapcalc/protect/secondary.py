"""Secondary: hide as many further counts as it takes for no small count to be found out, and at the least cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gapcalc.protect.block import Block
from gapcalc.protect.blocks import Blocks
from gapcalc.protect.solve import TOLD, System
from gapcalc.protect.widen import costs, widen
from gapcalc.protect.witness import doubtful
from gapcalc.solver import is_whole

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
    Count = tuple[str, int, int]  # layer, area, cell

ROUNDS, IDLE = 8, 2  # so many rounds at the most, so many without a result
GIVERS = 2, 8  # of the areas that can make up for others in a cell, so many are looked at, then so many
MORE_AREAS = 8  # so many other areas are looked at for what to hide besides


def secondary(found: Blocks) -> None:
    """Hide further counts until a reader can find out none of those that are guarded.

    First in every single sum (`widen`). Where a different table that prints alike is easily written down
    (`witness`), that is enough. What is left goes to a solver, with all sums together: what it proves narrow gets
    the cheapest further counts that make it wide.
    """
    widen(found)
    given_up: set[tuple[Any, ...]] = set()  # what is narrow and stays so is not asked again and again
    again = True
    while again:
        again = False
        for block in found.every:
            if (state := block.state()) in found.proved or state in given_up:
                continue
            narrow = _narrow(block)
            for layer, area, cell, lowest, highest in narrow:
                again |= _repair(block, (layer, area, cell), lowest, highest)
            (given_up if narrow else found.proved).add(state)
        if again:
            widen(found)


def _narrow(block: Block) -> list[tuple[str, int, int, int, int]]:
    """The guarded counts that a reader can narrow down too far, with the least and most they can be."""
    import numpy as np

    left = {layer: where & block.small(layer) for layer, where in doubtful(block).items()}
    # With some of the areas and some of the cells, then with all of these, then each alone, then with all.
    every = tuple(range(len(block.structure.cells)))
    for cells in (*block.structure.sets, every):
        wanted = {layer: where & np.isin(every, cells) for layer, where in left.items()}
        if any(where.any() for where in wanted.values()):
            _prove(block, left, System(block, (_with_givers(block, wanted, GIVERS[0]), cells)))
    whole: System | None = None
    found = []
    for layer, where in left.items():
        for area, cell in zip(*np.nonzero(where), strict=True):
            alone = np.zeros(where.shape, dtype=bool)
            alone[area, cell] = True
            need = int(block.fewest[cell]) - 1
            parts = (System(block, (_with_givers(block, {layer: alone}, givers), every)) for givers in GIVERS)
            ranges = (part.range(int(part.numbers[0][layer][area, cell]), need) for part in parts)
            if any(highest - lowest >= need for lowest, highest in ranges):
                continue
            whole = whole or System(block)
            lowest, highest = whole.range(int(whole.numbers[0][layer][area, cell]))
            if highest - lowest < need:
                found.append((layer, int(area), int(cell), lowest, highest))
    return found


def _with_givers(block: Block, wanted: Mapping[str, Array], givers: int) -> list[int]:
    """The areas of counts (by layer, areas by cells), and those that have most of what hangs together with them."""
    import numpy as np

    chosen: set[int] = set()
    own: set[int] = set()
    for where in wanted.values():
        chosen.update(np.flatnonzero(where.any(axis=1)).tolist())
        own.update(np.flatnonzero(where.any(axis=0)).tolist())
    near = {0}.union(*(cells for cells in block.structure.sets if own.intersection(cells)))
    for layer in block.parts:
        give = block.layer(layer) * block.untold(layer)
        for cell in near:
            chosen.update(np.argsort(-give[:, cell], kind="stable")[:givers].tolist())
    return sorted(chosen)


def _prove(block: Block, left: dict[str, Array], system: System) -> None:
    """Take off what some of the tables that print alike show to be open, many counts at a time."""
    import numpy as np

    chance = np.random.default_rng(0)
    lowest, highest = system.truth.copy(), system.truth.copy()
    need = np.zeros(len(system.truth), dtype=np.int64)
    for numbers in system.numbers[0].values():
        there = numbers != TOLD
        need[numbers[there]] = np.broadcast_to(block.fewest - 1, numbers.shape)[there]
    before, idle = -1, 0
    for _ in range(ROUNDS):
        wanted = np.zeros(len(system.truth), dtype=bool)
        for layer, numbers in system.numbers[0].items():
            wanted[numbers[left[layer] & (numbers != TOLD)]] = True
        if not wanted.any():
            return
        if wanted.sum() == before:
            idle += 1
            if idle == IDLE:
                return
        before = wanted.sum()
        weights = np.where(wanted, chance.choice([-1.0, 1.0], len(wanted)), 0.0)
        for direction in (weights, -weights):
            other = system.extreme(direction, int(need.max()))
            if is_whole(other):
                lowest, highest = np.minimum(lowest, np.round(other)), np.maximum(highest, np.round(other))
        for layer, numbers in system.numbers[0].items():
            there = numbers != TOLD
            left[layer][there] &= (highest - lowest < need)[numbers[there]]


def repaired(found: Blocks, count: Mapping[Any, Any]) -> bool:
    """Make a count (a record of `attack`) wide enough at the least cost; whether anything could be hidden."""
    import pandas as pd

    if (stands := found.at(count)) is None:
        return False
    block, area, cell = stands
    layer = count["count"]
    # Of what could not be solved no ends are known.
    if cell is None or pd.isna(count["highest"]) or not block.untold(layer)[area, cell]:
        return False
    return _repair(block, (layer, area, cell), int(count["lowest"]), int(count["highest"]))


def _repair(block: Block, count: Count, lowest: int, highest: int) -> bool:
    """Hide what makes a count wide enough at the least cost; whether anything could be hidden."""
    import numpy as np

    layer, area, cell = count
    if block.settled:
        return block.hide_above(area, cell)
    every = tuple(range(len(block.structure.cells)))
    cells = next(((0, *one) for one in block.structure.sets if cell in one), every)
    cost = np.where(block.may_hide, costs(block), np.inf)
    outside = np.ones(cost.shape, dtype=bool)
    near = np.argsort(np.where(np.isfinite(cost[:, list(cells)]), cost[:, list(cells)], 9).sum(axis=1), kind="stable")
    outside[np.ix_([area, *near[:MORE_AREAS]], list(cells))] = False
    cost[outside] = np.inf
    cost[block.untold(layer) & block.no_pupils] = 0.0
    need, most = int(block.fewest[cell]) - 1, 4 * int(block.fewest.max())
    system = System(block, None, np.isfinite(cost) & (cost > 0))
    number = int(system.numbers[0][layer][area, cell])
    ways = [
        way
        for wanted in (lowest + need, highest - need)
        if wanted >= 0 and (way := system.cheapest(number, wanted, cost, max(most, abs(wanted)))) is not None
    ]
    where = min(ways, key=lambda way: float(cost[way].sum())) if ways else np.isfinite(cost) & (cost > 0)
    before = block.no_pupils.sum() + block.no_reached.sum()
    block.hide(where, pupils=True)
    # Where some of the areas are settled it may be that nothing helps but above them.
    return bool(block.no_pupils.sum() + block.no_reached.sum() > before) or block.hide_above(area, cell)
