"""Complete: counts of a block's areas by cells, filled in with what follows from sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gapcalc.kinds import AND, unknown
from gapcalc.roles import names_in, rest
from gapcalc.structure import Structure

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NONE = -1


def complete(built: Structure, row: Array, pupils: Array, reached: Array, given: Mapping[str, Sequence[str]]) -> Array:
    """Fill in what follows (the unknown, what is added up, and what subtraction gives); which sums hold, out.

    Without a row for all pupils, a dimension's groups are taken to be all there are, and their sum to be known.
    """
    import numpy as np

    for total in built.sums:
        last = total.parts[-1]
        name, group = built.cells[last]
        if total.whole == 0 and unknown(group) and name not in given:
            missing = (row[:, last] == NONE) & (row[:, 0] != NONE)
            for counts in (pupils, reached):
                left = counts[:, 0] - counts[:, list(total.parts[:-1])].sum(axis=1)
                counts[:, last] = np.where(missing & (left > 0), left, counts[:, last])
    there = _there(built, row, given)
    _follow(built, there, pupils, reached, given)
    if (row[:, 0] == NONE).any():
        for counts in (pupils, reached):
            sums = [counts[:, list(one.parts)].sum(axis=1) for one in built.sums if one.whole == 0]
            most = np.max(sums, axis=0) if sums else counts[:, 0]
            counts[:, 0] = np.where(row[:, 0] == NONE, most, counts[:, 0])
    holds = np.zeros((len(row), len(built.sums)), dtype=bool)
    for place, total in enumerate(built.sums):
        parts = list(total.parts)
        holds[:, place] = (row[:, [total.whole, *parts]] != NONE).any(axis=1)
        for cell in (total.whole, *parts):
            if AND in built.cells[cell][0] or built.cells[cell][0] in given:
                holds[:, place] &= there[:, cell]
        for counts in (pupils, reached, pupils - reached):
            holds[:, place] &= counts[:, parts].sum(axis=1) == counts[:, total.whole]
            holds[:, place] &= (counts[:, parts] >= 0).all(axis=1)
    return holds


def _there(built: Structure, row: Array, given: Mapping[str, Sequence[str]]) -> Array:
    """By area and cell: whether there are rows of its dimension, or of those from which it follows."""
    import numpy as np

    by_name = {
        name: (row[:, [cell for cell, (one, _) in enumerate(built.cells) if one == name]] != NONE).any(axis=1)
        for name in dict.fromkeys(name for name, _ in built.cells if not rest(name) and name not in given)
    }
    by_name |= {wide: np.any([by_name[name] for name in names], axis=0) for wide, names in given.items()}
    columns = [np.all([by_name[one] for one in names_in(name)], axis=0) for name, _ in built.cells]
    return np.asarray(np.stack(columns, axis=1))


def _follow(built: Structure, there: Array, pupils: Array, reached: Array, given: Mapping[str, Sequence[str]]) -> None:
    """Fill in what follows from sums of which everything else is known, again and again."""
    import numpy as np

    left = {cell for cell, (name, _) in enumerate(built.cells) if rest(name) or name in given}
    again = True
    while again:
        again = False
        for total in built.sums:
            open_ = [cell for cell in (total.whole, *total.parts) if cell in left]
            # Of a sum of all pupils only what is added up may follow: all of them may not be known.
            if len(open_) != 1 or total.whole == 0:
                continue
            (cell,) = open_
            for counts in (pupils, reached):
                others = counts[:, [part for part in total.parts if part != cell]].sum(axis=1)
                value = others if cell == total.whole else counts[:, total.whole] - others
                counts[:, cell] = np.where(there[:, cell] & (value > 0), value, 0)
            left.discard(cell)
            again = True
