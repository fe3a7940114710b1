"""Ways: changes to a block's counts that leave every sum of an area as it is, and where they can be made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from gapcalc.protect.block import NONE, Block
from gapcalc.structure import Structure

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

Counts = Mapping[str, Mapping[int, int]]  # layer and cell: one more or one less
Key = frozenset[tuple[tuple[str, int], int]]
LAYERS = ("pupils", "reached", "not_reached")
ENDLESS = 1 << 30
STRUCTURES, DIFFERENCES = 16, 100_000  # as many are remembered


@dataclass(frozen=True)
class Change:
    """What is changed together: by layer and cell, and as bits (`mask`).

    `taken` are the counts that must not be 0 for it to be made, `given` those for its reverse.
    """

    by: Counts
    mask: int
    taken: int
    given: int


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
    most: dict[tuple[bool, int], list[int]] = field(default_factory=dict)  # remembers who can make it most often


def _key(by: Counts) -> Key:
    return frozenset(((layer, cell), one) for layer, cells in by.items() for cell, one in cells.items())


@lru_cache(DIFFERENCES)
def less(one: Key, other: Key) -> Key:
    """The change that makes the one out of the other."""
    mine, theirs = dict(one), dict(other)
    return frozenset((place, by) for place in {*mine, *theirs} if (by := mine.get(place, 0) - theirs.get(place, 0)))


@lru_cache(STRUCTURES)
def changes(structure: Structure, *, proportion: bool) -> dict[Key, Change]:
    """What can be changed together, by what it changes."""
    every = _every_change(_moves(structure), proportion=proportion)
    return {_key(by): _change(structure, by) for by in every}


@lru_cache(STRUCTURES)
def crosswise(structure: Structure) -> dict[tuple[str, int], list[tuple[Change, bool]]]:
    """Those who reached moved one way and those who did not another, both together no more than one move of pupils.

    By each count (layer and cell) that is touched, and with whether there is one more of it.
    """
    import numpy as np

    moves = _moves(structure)
    moves += [{cell: -by for cell, by in move.items()} for move in moves]
    vectors = np.zeros((len(moves), len(structure.cells)), dtype=np.int64)
    for place, move in enumerate(moves):
        vectors[place, list(move)] = list(move.values())
    known = {tuple(vector): place for place, vector in enumerate(vectors.tolist())}
    # Two moves are one if their marks add up to that of one: nearly always, which is looked up.
    marks = vectors @ np.random.default_rng(0).integers(-(1 << 40), 1 << 40, len(structure.cells))
    found: dict[tuple[str, int], list[tuple[Change, bool]]] = {}
    # A change and its reverse are one, so the first half is enough.
    for one, other in np.argwhere(np.isin(marks[: len(structure.moves), None] + marks, marks)).tolist():
        both = known.get(tuple((vectors[one] + vectors[other]).tolist()))
        if both is not None:
            by = {"reached": moves[one], "not_reached": moves[other], "pupils": moves[both]}
            change = _change(structure, by)
            for layer, cells in by.items():
                for cell, sign in cells.items():
                    found.setdefault((layer, cell), []).append((change, sign > 0))
    return found


def _moves(structure: Structure) -> list[Mapping[int, int]]:
    return [dict.fromkeys(move.more, 1) | dict.fromkeys(move.less, -1) for move in structure.moves]


def _every_change(moves: list[Mapping[int, int]], *, proportion: bool) -> Iterator[Counts]:
    """Pupils moved among those who reached, among those who did not, or between the two."""
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
            gone = {cell: -by for cell, by in usual.items()}
            number = {cell: by for cell in {*move, *usual} if (by := move.get(cell, 0) - usual.get(cell, 0))}
            yield {"reached": move, "not_reached": gone, "pupils": number}
            yield {"reached": gone, "not_reached": move, "pupils": number}


def _change(structure: Structure, by: Counts) -> Change:
    # Pupils are those who reached the standard and those who did not, where there is one.
    parts = {layer: cells for layer, cells in by.items() if layer != "pupils"} or by
    taken, given = (
        mask(structure, {layer: [cell for cell, one in cells.items() if one == sign] for layer, cells in parts.items()})
        for sign in (-1, 1)
    )
    return Change(by, mask(structure, by), taken, given)


def mask(structure: Structure, cells: Mapping[str, Iterable[int]]) -> int:
    """Counts by layer and cell as the bits of one number."""
    size = len(structure.cells)
    return sum(1 << LAYERS.index(layer) * size + cell for layer, some in cells.items() for cell in some)


def bits(counts: Mapping[str, Array]) -> list[int]:
    """Counts (by layer, areas by cells, True or not) in; those of each area as the bits of one number out."""
    import numpy as np

    none = np.zeros_like(counts["pupils"])
    whole = np.concatenate([counts.get(layer, none) for layer in LAYERS], axis=1)
    return [int.from_bytes(row.tobytes(), "little") for row in np.packbits(whole, axis=1, bitorder="little")]


def way_of(block: Block, untold: Mapping[str, Array], change: Change) -> Way:
    """A change, and where and how often it can be made."""
    import numpy as np

    able = _able(untold, change)
    up, down = room(block, change)
    if block.parent is None or block.within is None:
        return Way(change, able, up, down, up, down)
    above, most = block.within, len(block.parent.areas)
    others = []
    for one in (up, down):
        mine = np.where(able & (above != NONE), one, 0)
        sums = np.bincount(above[above != NONE], mine[above != NONE], most).astype(np.int64)
        others.append(np.where(above != NONE, sums[above] - mine, ENDLESS))
    return Way(change, able, up, down, others[0], others[1])


def _able(untold: Mapping[str, Array], change: Change) -> Array:
    """In which areas no count that a change bears on is told."""
    import numpy as np

    columns = [untold[layer][:, list(by)] for layer, by in change.by.items() if by]
    return np.asarray(np.concatenate(columns, axis=1).all(axis=1))


def room(block: Block, change: Change) -> tuple[Array, Array]:
    """How often a change can be made in each area, and how often its reverse."""
    import numpy as np

    up, down = np.full(len(block.areas), ENDLESS), np.full(len(block.areas), ENDLESS)
    for layer in block.parts:
        values = block.layer(layer)
        for cell, by in change.by[layer].items():
            if by < 0:
                up = np.minimum(up, values[:, cell])
            else:
                down = np.minimum(down, values[:, cell])
    return up, down


def free(block: Block, untold: Mapping[str, Array], change: Change) -> tuple[Array, Array]:
    """How often the area above can follow a change and its reverse, by area: 0 where it is told or is bound itself."""
    import numpy as np

    parent, above = block.parent, block.within
    if parent is None or above is None:
        return np.zeros(len(block.areas)), np.zeros(len(block.areas))
    able = _able(untold, change) & (parent.parent is None)
    return tuple(np.where(above != NONE, np.where(able, one, 0)[above], ENDLESS) for one in room(parent, change))  # type: ignore[return-value]
