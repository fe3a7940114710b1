"""Steps: ways to change a table, made one after the other in an area and undone in others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.protect.block import NONE, Block
from gapcalc.protect.ways import ENDLESS, Change, Way, bits, crosswise, way_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BESIDE = 3  # a step in one area is undone in so many others at the most


def step_by_step(block: Block, left: dict[str, Array], untold: Mapping[str, Array], ways: Sequence[Way]) -> None:
    """Take off the counts that are open enough when ways are made one after the other and undone elsewhere.

    Where the `ways` are not enough, with those that lead crosswise, too.
    """
    import numpy as np

    touching: dict[tuple[str, int], list[tuple[Way, bool]]] = {}
    for way in ways:
        for layer, by in way.change.by.items():
            for cell, sign in by.items():
                touching.setdefault((layer, cell), []).append((way, sign > 0))
    counts = {layer: block.layer(layer).tolist() for layer in block.layers}
    more = crosswise(block.structure) if block.proportion and any(where.any() for where in left.values()) else {}
    told = bits({layer: ~where for layer, where in untold.items()}) if more else []
    nobody = bits({layer: block.layer(layer) == 0 for layer in block.layers}) if more else []
    made: dict[int, Way] = {}  # by the change's identity: it is kept by `crosswise`
    for layer, where in left.items():
        for area, cell in np.argwhere(where).tolist():
            some = [(way, up) for way, up in touching.get((layer, cell), ()) if way.able[area]]
            need = int(block.fewest[cell]) - 1
            where[area, cell] = not _open(block, counts, area, some, need)
            if not where[area, cell]:
                continue
            for change, up in more.get((layer, cell), ()):
                # Most cannot be made here either way, for want of pupils.
                if not change.mask & told[area] and not (change.taken & nobody[area] and change.given & nobody[area]):
                    if id(change) not in made:
                        made[id(change)] = way_of(block, untold, change)
                    some.append((made[id(change)], up))
            where[area, cell] = not _open(block, counts, area, some, need)


def _open(
    block: Block, counts: Mapping[str, list[list[int]]], area: int, ways: Sequence[tuple[Way, bool]], need: int
) -> bool:
    """Whether a count of an area can be moved by `need`, up and down together; ways say whether they move it up."""
    for more in (True, False):
        need -= _walked(block, counts, area, [(way, up == more) for way, up in ways], need) if need > 0 else 0
    return need <= 0


def _walked(
    block: Block, counts: Mapping[str, list[list[int]]], area: int, ways: Sequence[tuple[Way, bool]], need: int
) -> int:
    """How far a count of an area can be moved, up to `need`; each way goes forward (True) there and back elsewhere."""
    state: dict[str, dict[int, list[int]]] = {layer: {} for layer in counts}

    def room(place: int, change: Change, *, forward: bool) -> int:
        most = ENDLESS
        for layer in block.parts:
            now = state[layer].get(place) or counts[layer][place]
            for cell, by in change.by[layer].items():
                if (by < 0) == forward:
                    most = min(most, now[cell])
        return most

    def move(place: int, change: Change, by: int) -> None:
        for layer, cells in change.by.items():
            now = state[layer].setdefault(place, counts[layer][place].copy())
            for cell, sign in cells.items():
                now[cell] += sign * by

    moved = 0
    for way, forward in ways:
        here = room(area, way.change, forward=forward)
        for other in _who_undo(block, way, area, forward=forward) if here else ():
            steps = min(here, room(other, way.change, forward=not forward), need - moved)
            if steps > 0:
                move(area, way.change, steps if forward else -steps)
                move(other, way.change, -steps if forward else steps)
                here, moved = here - steps, moved + steps
        if moved >= need:
            break
    return moved


def _who_undo(block: Block, way: Way, area: int, *, forward: bool) -> list[int]:
    """The areas beside one that can undo a way (or its reverse) most often."""
    import numpy as np

    above = NONE if block.within is None else int(block.within[area])
    if block.within is None:
        return []
    if (forward, above) not in way.most:
        often = np.where(way.able & (block.within == above), way.down if forward else way.up, 0)
        first = np.argpartition(-often, min(BESIDE, len(often) - 1))[: BESIDE + 1]
        way.most[forward, above] = first[often[first] > 0].tolist()
    return [other for other in way.most[forward, above] if other != area][:BESIDE]
