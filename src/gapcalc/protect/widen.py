"""Hide more, sum by sum: in each sum that a reader can do, the cheapest further count that leaves room to doubt.

A hidden count in a sum whose whole is known can have as many values as the other hidden counts of the sum can make
up for. Where that is too few, one more is hidden. This sees one sum at a time; what several sums together give away
is found by `witness` and `solve`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.definitions import ALL, dimension_parts, focus_groups, reference_group
from gapcalc.protect.block import NONE, Block
from gapcalc.protect.blocks import Blocks
from gapcalc.protect.solve import terms
from gapcalc.roles import rest

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

# What is lost with a count of its own, with a gap, with the number of unknown.
FIGURE, GAP, UNKNOWN_PUPILS = 0.3, 1.0, 0.1
ROOMY = 1000  # more values than any policy asks for


def widen(found: Blocks) -> None:
    """Hide further counts until every sum leaves room, and cohorts of the same pupils hide the same."""
    again = True
    while again:
        again = False
        for block in found.every:
            if block.parent is not None:
                _close(block)
            while _within_areas(block) or _across_areas(block):
                again = True
        for together in found.alike():
            again |= _alike(together)


def _close(block: Block) -> None:
    """Hide all of a dimension where something of it is hidden and no gap of it is left: its rates alone say little.

    That makes room at no cost: in the many small areas below an authority it is what nearly all sums need.
    """
    import numpy as np

    shown = ~(block.no_reached if block.proportion else block.no_pupils) & (block.row != NONE)
    place, free = block.structure.place, costs(block) < GAP
    for name in dict.fromkeys(name for name, _ in block.structure.cells if name != ALL and not rest(name)):
        parts = dimension_parts(name)
        focus = [place[name, group] for group in focus_groups(parts)]
        cells = [cell for (one, _), cell in place.items() if one == name]
        lost = ~(shown[:, focus].any(axis=1) & shown[:, place[name, reference_group(parts)]])
        for guard, pupils in ((block.guard_reached, False), (block.guard_pupils, True)):
            where = np.zeros(block.row.shape, dtype=bool)
            where[np.ix_(guard[:, cells].any(axis=1) & lost, cells)] = True
            block.hide(where & block.may_hide & free, pupils=pupils)


def costs(block: Block) -> Array:
    """What is lost when a cell of an area is hidden: its own figures, and the gaps that are made from it."""
    import numpy as np

    shown = ~block.no_reached & (block.row != NONE) if block.proportion else ~block.no_pupils & (block.row != NONE)
    cost = np.full(block.row.shape, FIGURE)
    place = block.structure.place
    for name in dict.fromkeys(name for name, _ in block.structure.cells if name != ALL and not rest(name)):
        parts = dimension_parts(name)
        reference = place[name, reference_group(parts)]
        for group in focus_groups(parts):
            gap = shown[:, place[name, group]] & shown[:, reference]
            cost[:, place[name, group]] += GAP * gap
            cost[:, reference] += GAP * gap
    unknown = [place for (name, group), place in place.items() if "unknown" in group]
    cost[:, unknown] = UNKNOWN_PUPILS
    cost[:, 0] = cost[:, 1:].sum(axis=1)
    # Two names of the same pupils, as no SEN in two dimensions, can only be hidden together.
    for total in block.structure.sums:
        if len(total.parts) == 1:
            both = cost[:, total.whole] + cost[:, total.parts[0]]
            cost[:, total.whole] = cost[:, total.parts[0]] = both
    return cost


def widths(values: Array, caps: Array, untold: Array, axis: int) -> Array:
    """How many more values than one each untold count of a sum can have, the whole known.

    `caps` are the most that each can be; the untold ones of a sum together are what the whole leaves.
    """
    import numpy as np

    left = (values * untold).sum(axis=axis, keepdims=True)
    cap = np.minimum(caps, left) * untold
    others = cap.sum(axis=axis, keepdims=True) - cap
    return np.asarray(cap - np.maximum(0, left - others))


def capacity(block: Block, layer: str) -> Array:
    """The most that a reader must think a count can be: as many as there are pupils, where their number is known."""
    import numpy as np

    if layer == "pupils":
        return np.full(block.pupils.shape, np.iinfo(np.int32).max)
    return np.where(block.no_pupils, np.iinfo(np.int32).max, block.pupils)


def _within_areas(block: Block) -> bool:
    """Hide one more count in each sum of an area that leaves too little room; whether any was."""
    import numpy as np

    before = block.hidden()
    for layer in block.layers:
        values, caps, guard = block.layer(layer), capacity(block, layer), block.guarded(layer)
        untold = block.untold(layer)
        open_ = guard & untold
        lacking = _lacking(block, values, caps, untold, open_)
        for place, total in enumerate(block.structure.sums):
            # Most sums have nothing in them that must not be found out.
            if not lacking[place]:
                continue
            parts = list(total.parts)
            known = ~untold[:, total.whole] & block.holds[:, place]
            width = widths(values[:, parts], caps[:, parts], untold[:, parts], 1)
            guarded = open_[:, parts] & known[:, None]
            short = (guarded & (width < block.fewest[parts] - 1)).any(axis=1)
            # A hidden whole whose parts are all told.
            short |= block.holds[:, place] & open_[:, total.whole] & ~untold[:, parts].any(axis=1)
            rows = np.flatnonzero(short)
            if len(rows):
                _hide_cheapest(block, layer, rows, [*parts, total.whole])
                then, untold = (untold, open_), block.untold(layer)
                open_ = guard & untold
                moved = ((then[0] != untold) | (then[1] != open_)).any(axis=0)
                sums, cells, _ = terms(block.structure)
                lacking[sums[moved[cells]]] = True
    return block.hidden() > before


def _lacking(block: Block, values: Array, caps: Array, untold: Array, open_: Array) -> Array:
    """By sum: whether in some area it leaves too little room, or none; all sums at once."""
    import numpy as np

    sums, cells, signs = terms(block.structure)
    whole, part = signs < 0, signs > 0
    if not len(sums):
        return np.zeros(0, dtype=bool)
    # Parts of the same sum stand together, and its whole after them.
    first = np.flatnonzero(np.diff(sums[part], prepend=-1))
    there, at = cells[part], sums[part]
    left = np.add.reduceat(values[:, there] * untold[:, there], first, axis=1)
    cap = np.minimum(caps[:, there], left[:, at]) * untold[:, there]
    others = np.add.reduceat(cap, first, axis=1)[:, at] - cap
    narrow = open_[:, there] & (cap - np.maximum(0, left[:, at] - others) < block.fewest[there] - 1)
    some = np.logical_or.reduceat(untold[:, there], first, axis=1)
    of = cells[whole]
    lacking = np.logical_or.reduceat(narrow, first, axis=1) & ~untold[:, of] | open_[:, of] & ~some
    return np.asarray((lacking & block.holds).any(axis=0))


def _hide_cheapest(block: Block, layer: str, rows: Array, places: list[int]) -> None:
    """In each of the areas, hide the cheapest of the cells; the whole, the last, only where no part can be."""
    import numpy as np

    cells = np.array(places)
    most = block.fewest.max()
    cost = costs(block)[np.ix_(rows, cells)]
    able = block.can_hide(layer)[np.ix_(rows, cells)]
    cost = cost * (2 * most) - np.minimum(block.layer(layer)[np.ix_(rows, cells)], most)
    cost = np.where(able, cost, np.inf)
    cost[:, -1] += 1e9
    chosen = cost.argmin(axis=1)
    some = np.isfinite(cost.min(axis=1))
    where = np.zeros(block.row.shape, dtype=bool)
    where[rows[some], cells[chosen[some]]] = True
    block.hide(where, pupils=layer == "pupils")


def _across_areas(block: Block) -> bool:
    """Hide one more area's count in each group whose areas, with the area above them, leave too little room."""
    import numpy as np

    if block.parent is None or block.within is None:
        return False
    before = block.hidden() + block.parent.hidden()
    for layer in block.layers:
        adds_up = block.adds_up(layer)
        known = adds_up & ~block.parent.untold(layer)
        kept = adds_up & block.parent.untold(layer) & block.parent.guarded(layer)
        values, caps, guard = block.layer(layer), capacity(block, layer), block.guarded(layer)
        for above in range(len(block.parent.areas)):
            members = np.flatnonzero(block.within == above)
            untold = block.untold(layer)[members]
            narrow = widths(values[members], caps[members], untold, 0) < block.fewest - 1
            lacking = known[above] & (narrow & guard[members] & untold).any(axis=0)
            if block.settled and lacking.any():
                whole = np.zeros(block.parent.row.shape, dtype=bool)
                whole[above] = lacking
                block.parent.hide(whole & block.parent.may_hide, pupils=layer == "pupils")
            # A hidden count of the area above is given away by what is told of those within it.
            room = np.where(untold, np.minimum(caps[members], ROOMY), 0).sum(axis=0)
            lacking |= kept[above] & (room < block.fewest - 1)
            short = np.flatnonzero(lacking & block.can_hide(layer)[members].any(axis=0))
            if len(short) == 0:
                continue
            most = block.fewest.max()
            cost = costs(block)[members][:, short] * (2 * most)
            cost -= np.minimum(values[members][:, short], most)
            able = block.can_hide(layer)[members][:, short]
            cost = np.where(able, cost, np.inf)
            chosen = cost.argmin(axis=0)
            some = np.isfinite(cost.min(axis=0))
            where = np.zeros(block.row.shape, dtype=bool)
            where[members[chosen[some]], short[some]] = True
            block.hide(where, pupils=layer == "pupils")
    return block.hidden() + block.parent.hidden() > before


def _alike(together: list[Block]) -> bool:
    """Hide in each cohort what another of the same pupils hides; whether anything was.

    In another measure only the number of pupils is the same; in another term or status also who reached it.
    """
    import numpy as np

    changed = False
    for one in together:
        for other in together:
            if one is other:
                continue
            position = {area: place for place, area in enumerate(one.areas)}
            pairs = [(place, position[area]) for place, area in enumerate(other.areas) if area in position]
            if not pairs:
                continue
            theirs, mine = map(np.array, zip(*pairs, strict=True))
            same = one.key[4] == other.key[4]
            pupils, reached = np.zeros(one.row.shape, dtype=bool), np.zeros(one.row.shape, dtype=bool)
            equal = (one.pupils[mine] == other.pupils[theirs]) | same
            pupils[mine] = other.guard_pupils[theirs] & (other.row[theirs] != NONE) & equal
            if same:
                reached[mine] = other.guard_reached[theirs] & (other.row[theirs] != NONE)
            for wanted, layer in ((pupils, "pupils"), (reached, "reached")):
                where = wanted & one.can_hide(layer)
                if where.any():
                    one.hide(where, pupils=layer == "pupils")
                    changed = True
    return changed
