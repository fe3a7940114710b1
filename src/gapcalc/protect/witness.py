"""Witness: another table that prints the same, in which a hidden count is different.

Pupils moved between groups, or between areas, leave every sum as it is. Where enough can be moved in and out of a
hidden count, a reader cannot tell its value. Whole numbers moved are whole numbers, so what is shown here needs no
solver; what is not shown here is `solve`'s to decide.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gapcalc.protect.block import Block
from gapcalc.protect.steps import step_by_step
from gapcalc.protect.ways import ENDLESS, Key, Way, bits, changes, free, less, mask, way_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def doubtful(block: Block) -> dict[str, Array]:
    """By layer: the guarded counts of somebody for which no witness is found that they can have enough values."""
    untold = {layer: block.untold(layer) for layer in block.layers}
    ways = _Ways(block, untold)
    left = {layer: block.guarded(layer) & where & (block.layer(layer) > 0) for layer, where in untold.items()}
    wanted = _somewhere(left)
    for key, change in ways.every.items():
        if change.mask & wanted and (way := ways.at(key)) is not None:
            up, down = way.up, way.down
            if block.parent is not None:
                up, down = _least(up, way.others_down), _least(down, way.others_up)
            wanted &= ~_strike(block, left, way, up, down)
    if block.parent is None or not wanted:
        return left
    # Where what is above is untold too, the other areas need not undo a change but for what is told above.
    above = {layer: block.parent.untold(layer) for layer in block.layers}
    could = _somewhere(above)
    rooms = {key: free(block, above, change) for key, change in ways.every.items() if not change.mask & ~could}
    rooms = {key: room for key, room in rooms.items() if room[0].any()}
    for key, change in ways.every.items():
        if not change.mask & wanted or (way := ways.at(key)) is None:
            continue
        for open_, (room_up, room_down) in rooms.items():
            if (rest := ways.beside(less(key, open_))) is not None:
                up, down = _least(way.up, room_up, rest[0]), _least(way.down, room_down, rest[1])
                wanted &= ~_strike(block, left, way, up, down)
            if not change.mask & wanted:
                break
    if wanted:
        step_by_step(block, left, untold, ways.made())
    return left


class _Ways:
    """All ways to change a block, each looked at when it is asked for."""

    def __init__(self, block: Block, untold: Mapping[str, Array]) -> None:
        self.every = changes(block.structure, proportion=block.proportion)
        self._block, self._untold = block, untold
        self._untold_somewhere = _somewhere(untold)
        self._made: dict[Key, Way | None] = {}

    def at(self, key: Key) -> Way | None:
        """The way by what it changes; None where it can be made nowhere."""
        if key not in self._made:
            change, way = self.every.get(key), None
            if change is not None and not change.mask & ~self._untold_somewhere:
                way = way_of(self._block, self._untold, change)
            self._made[key] = way if way is not None and way.able.any() else None
        return self._made[key]

    def beside(self, key: Key) -> tuple[Array | int, Array | int] | None:
        """How often the other areas can undo a change, and its reverse; None where they cannot."""
        if not key:
            return ENDLESS, ENDLESS
        if (way := self.at(key)) is not None:
            return way.others_down, way.others_up
        if (way := self.at(less(frozenset(), key))) is not None:
            return way.others_up, way.others_down
        return None

    def made(self) -> list[Way]:
        """All ways that were asked for and can be made somewhere."""
        return [way for way in self._made.values() if way is not None]


def _somewhere(counts: Mapping[str, Array]) -> int:
    """The counts (by layer, areas by cells) that are True in some area, as bits."""
    return functools.reduce(operator.or_, bits(counts), 0)


def _strike(block: Block, left: dict[str, Array], way: Way, up: Array, down: Array) -> int:
    """Take off the counts that a way, made so often one way and the other, shows to be open enough.

    The bits of what is left of in no area any more are given back.
    """
    gone = 0
    for layer, by in way.change.by.items():
        if by:
            cells = list(by)
            open_ = way.able[:, None] & ((up + down)[:, None] >= block.fewest[cells] - 1)
            left[layer][:, cells] &= ~open_
            gone |= mask(block.structure, {layer: [cell for cell in cells if not left[layer][:, cell].any()]})
    return gone


def _least(*rooms: Array | int) -> Array:
    import numpy as np

    least = np.asarray(rooms[0])
    for room in rooms[1:]:
        least = np.minimum(least, room)
    return least
