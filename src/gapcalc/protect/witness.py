"""Witness: another table that prints the same, in which a hidden count is different.

Pupils moved between groups, or between areas, leave every sum as it is. Where enough can be moved in and out of a
hidden count, a reader cannot tell its value. Whole numbers moved are whole numbers, so what is shown here needs no
solver; what is not shown here is `solve`'s to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from gapcalc.protect.block import NONE, Block
from gapcalc.structure import Structure

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
    Change = Mapping[str, Mapping[int, int]]  # layer and cell: one more or one less

ENDLESS = 1 << 30
BESIDE = 3  # a step in one area is undone in so many others at the most


@dataclass(frozen=True)
class Way:
    """A change, the areas in which everything it touches is untold, and how often it and its reverse can be made.

    `others_up` and `others_down` are how often the other areas within the same one can make them.
    """

    change: Change
    able: Array
    up: Array
    down: Array
    others_up: Array
    others_down: Array


def doubtful(block: Block) -> dict[str, Array]:
    """By layer: the guarded counts for which no witness is found that they can have enough values."""
    untold = {layer: block.untold(layer) for layer in block.layers}
    above = {layer: block.parent.untold(layer) for layer in block.layers} if block.parent else {}
    left = {layer: block.guarded(layer) & untold[layer] for layer in block.layers}
    changes = _changes(block.structure, proportion=block.proportion)
    ways: dict[Key, Way] = {}
    for key, change in changes.items():
        able = _able(untold, change)
        if able.any():
            ways[key] = _way(block, change, able)
    if block.parent is None:
        for way in ways.values():
            _strike(block, left, way, way.up, way.down)
        return left
    for way in ways.values():
        if _touches(left, way):
            _strike(block, left, way, _least(way.up, way.others_down), _least(way.down, way.others_up))
    # Where what is above is untold too, the other areas need not undo a change but for what is told above.
    free = {key: room for key, change in changes.items() if (room := _free(block, above, change))[0].any()}
    for key, way in ways.items():
        if not _touches(left, way):
            continue
        for open_, (room_up, room_down) in free.items():
            rest = _less(key, open_)
            there = not rest or rest in ways
            back = None if there else _less(frozenset(), rest)
            other = ways.get(rest) or (ways.get(back) if back is not None else None)
            if other is None and rest:
                continue
            undo, redo = (ENDLESS, ENDLESS) if other is None else (other.others_down, other.others_up)
            if other is not None and not there:
                undo, redo = redo, undo
            up, down = _least(way.up, room_up, undo), _least(way.down, room_down, redo)
            _strike(block, left, way, up, down)
    _step_by_step(block, left, list(ways.values()))
    return left


def _step_by_step(block: Block, left: dict[str, Array], ways: Sequence[Way]) -> None:
    """Take off the counts that are open enough when ways are made one after the other and undone elsewhere."""
    import numpy as np

    touching: dict[tuple[str, int], list[tuple[Way, bool]]] = {}
    for way in ways:
        for layer, by in way.change.items():
            for cell, sign in by.items():
                touching.setdefault((layer, cell), []).append((way, sign > 0))
    for layer, where in left.items():
        for area, cell in zip(*np.nonzero(where), strict=True):
            some = [(way, up) for way, up in touching.get((layer, int(cell)), ()) if way.able[area]]
            need = int(block.fewest[cell]) - 1
            for more in (True, False):
                need -= _walked(block, int(area), [(way, up == more) for way, up in some], need) if need > 0 else 0
            where[area, cell] = need > 0


def _walked(block: Block, area: int, ways: Sequence[tuple[Way, bool]], need: int) -> int:
    """How far a count of an area can be moved, up to `need`; each way goes forward (True) there and back elsewhere."""
    import numpy as np

    if block.within is None:
        return 0
    there = block.within == block.within[area]
    there[area] = False
    state: dict[str, dict[tuple[int, int], int]] = {layer: {} for layer in block.layers}
    counts = {layer: block.layer(layer) for layer in block.layers}

    def room(place: int, change: Change, *, forward: bool) -> int:
        most = ENDLESS
        for layer in ("reached", "not_reached") if block.proportion else ("pupils",):
            for cell, by in change[layer].items():
                if (by < 0) == forward:
                    most = min(most, state[layer].get((place, cell), int(counts[layer][place, cell])))
        return most

    def move(place: int, change: Change, by: int) -> None:
        for layer, cells in change.items():
            for cell, sign in cells.items():
                before = state[layer].get((place, cell), int(counts[layer][place, cell]))
                state[layer][place, cell] = before + sign * by

    moved = 0
    for way, forward in ways:
        here = room(area, way.change, forward=forward)
        if not here:
            continue
        others = np.where(way.able & there, way.down if forward else way.up, 0)
        for other in np.argpartition(-others, min(BESIDE, len(others) - 1))[:BESIDE].tolist():
            steps = min(here, room(other, way.change, forward=not forward), need - moved) if others[other] else 0
            if steps > 0:
                move(area, way.change, steps if forward else -steps)
                move(other, way.change, -steps if forward else steps)
                here, moved = here - steps, moved + steps
        if moved >= need:
            break
    return moved


def _strike(block: Block, left: dict[str, Array], way: Way, up: Array, down: Array) -> None:
    """Take off the counts that a way, made so often one way and the other, shows to be open enough."""
    for layer, by in way.change.items():
        cells = list(by)
        left[layer][:, cells] &= ~(way.able[:, None] & ((up + down)[:, None] >= block.fewest[cells] - 1))


def _touches(left: Mapping[str, Array], way: Way) -> bool:
    return any(bool(left[layer][:, list(by)].any()) for layer, by in way.change.items())


Key = frozenset[tuple[tuple[str, int], int]]


def _key(change: Change) -> Key:
    return frozenset(((layer, cell), by) for layer, cells in change.items() for cell, by in cells.items())


@cache
def _less(one: Key, other: Key) -> Key:
    """The change that makes the one out of the other."""
    mine, theirs = dict(one), dict(other)
    return frozenset((place, by) for place in {*mine, *theirs} if (by := mine.get(place, 0) - theirs.get(place, 0)))


@cache
def _changes(structure: Structure, *, proportion: bool) -> dict[Key, Change]:
    """What can be changed together, by what it changes."""
    return {_key(change): change for change in _every_change(structure, proportion=proportion)}


def _every_change(structure: Structure, *, proportion: bool) -> Iterator[Change]:
    """Pupils moved among those who reached, among those who did not, or between the two."""
    moves = [dict.fromkeys(move.more, 1) | dict.fromkeys(move.less, -1) for move in structure.moves]
    if not proportion:
        yield from ({"pupils": move} for move in moves)
        return
    usual = next((move for move in moves if move.get(0)), {})
    for move in moves:
        back = {cell: -by for cell, by in move.items()}
        yield {"reached": move, "not_reached": {}, "pupils": move}
        yield {"reached": {}, "not_reached": move, "pupils": move}
        # As many more who reached it as fewer who did not: the number of pupils stays.
        yield {"reached": move, "not_reached": back, "pupils": {}}
        if move.get(0) and move != usual:
            # A pupil of this kind comes in the place of a usual one with the other result.
            less = {cell: -by for cell, by in usual.items()}
            number = {cell: by for cell in {*move, *usual} if (by := move.get(cell, 0) - usual.get(cell, 0))}
            yield {"reached": move, "not_reached": less, "pupils": number}
            yield {"reached": less, "not_reached": move, "pupils": number}


def _way(block: Block, change: Change, able: Array) -> Way:
    import numpy as np

    up, down = _room(block, change)
    if block.parent is None or block.within is None:
        return Way(change, able, up, down, up, down)
    above, most = block.within, len(block.parent.areas)
    others = []
    for room in (up, down):
        mine = np.where(able & (above != NONE), room, 0)
        sums = np.bincount(above[above != NONE], mine[above != NONE], most).astype(np.int64)
        others.append(np.where(above != NONE, sums[above] - mine, ENDLESS))
    return Way(change, able, up, down, others[0], others[1])


def _able(untold: Mapping[str, Array], change: Change) -> Array:
    """In which areas no count that a change bears on is told."""
    import numpy as np

    columns = [untold[layer][:, list(by)] for layer, by in change.items() if by]
    return np.asarray(np.concatenate(columns, axis=1).all(axis=1))


def _room(block: Block, change: Change) -> tuple[Array, Array]:
    """How often a change can be made in each area, and how often its reverse."""
    import numpy as np

    up, down = np.full(len(block.areas), ENDLESS), np.full(len(block.areas), ENDLESS)
    for layer in ("reached", "not_reached") if block.proportion else ("pupils",):
        values = block.layer(layer)
        for cell, by in change[layer].items():
            if by < 0:
                up = np.minimum(up, values[:, cell])
            else:
                down = np.minimum(down, values[:, cell])
    return up, down


def _free(block: Block, untold: Mapping[str, Array], change: Change) -> tuple[Array, Array]:
    """How often the area above can follow a change and its reverse, by area: 0 where it is told or is bound itself."""
    import numpy as np

    parent, above = block.parent, block.within
    if parent is None or above is None:
        return np.zeros(len(block.areas)), np.zeros(len(block.areas))
    free = _able(untold, change) & (parent.parent is None)
    return tuple(np.where(above != NONE, np.where(free, room, 0)[above], ENDLESS) for room in _room(parent, change))  # type: ignore[return-value]


def _least(*rooms: Array | int) -> Array:
    import numpy as np

    least = np.asarray(rooms[0])
    for room in rooms[1:]:
        least = np.minimum(least, room)
    return least
