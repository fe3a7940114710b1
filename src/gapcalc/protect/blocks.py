"""All cohorts of a run, and how they belong together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import Policy
from gapcalc.kinds import given_by
from gapcalc.model import LEVELS, PLACES
from gapcalc.protect.block import NONE, WHEN_AND_WHAT, Block, block_of
from gapcalc.roles import names_in, rest, role
from gapcalc.structure import structure

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]


@dataclass
class Blocks:
    """All cohorts of a run, and how they belong together."""

    every: list[Block] = field(default_factory=list)
    proved: set[tuple[Any, ...]] = field(default_factory=set)  # states of cohorts in which nothing is narrow

    def alike(self) -> Iterator[list[Block]]:
        """Cohorts of the same pupils: one key stage, period and level, in whatever term, status or measure."""
        together: dict[tuple[str, ...], list[Block]] = {}
        for block in self.every:
            period, _, _, key_stage, _, level = block.key
            together.setdefault((period, key_stage, level), []).append(block)
        yield from (found for found in together.values() if len(found) > 1)

    def settle(self, above: Blocks) -> None:
        """Take over what is hidden of the areas above: that is printed elsewhere, and cannot be changed from here.

        Or of the authorities within a region: then what all pupils of the region come to may have to be hidden.
        """
        import numpy as np

        self.proved |= above.proved
        there = {block.key: block for block in above.every}
        for block in self.every:
            if (same := there.get(block.key)) is not None:
                both = [area for area in block.areas if area in same.areas]
                mine, theirs = ([one.areas.index(area) for area in both] for one in (block, same))
                cells = [place for place, cell in enumerate(block.structure.cells) if cell in same.structure.place]
                alike = [same.structure.place[block.structure.cells[place]] for place in cells]
                here, over = np.ix_(mine, cells), np.ix_(theirs, alike)
                # What has a row here alone, such as an intersection, is not settled above.
                said = same.row[over] != NONE
                for name in ("no_pupils", "no_reached", "guard_pupils", "guard_reached"):
                    own = getattr(block, name)
                    own[here] = np.where(said | (block.row[here] == NONE), getattr(same, name)[over], own[here])
                block.may_hide[here] &= ~said
        for block in self.every:
            parent = block.parent
            if block.settled and parent is not None and not parent.settled:
                parent.may_hide[:, 0] = (parent.row[:, 0] != NONE) & ~parent.told[:, 0]

    def know(self, rated: pd.DataFrame) -> None:
        """Take it that how many reached the standard is known of some counts (KEY), but where that is few."""
        there = {block.key for block in self.every}
        for count in rated.to_dict("records"):
            if tuple(count[name] for name in WHEN_AND_WHAT) not in there or (stands := self.at(count)) is None:
                continue
            block, area, cell = stands
            if cell is not None and not any(block.small(layer)[area, cell] for layer in block.layers):
                block.no_reached[area, cell] = block.guard_reached[area, cell] = False

    def at(self, count: Mapping[Any, Any]) -> tuple[Block, int, int | None] | None:
        """Where a count (a record of `attack`) stands: its cohort, area and cell, None where no row is of it.

        Nowhere, where no counts are of the area: a file that has them hidden says no more than its symbol.
        """
        block = next(one for one in self.every if one.key == tuple(count[name] for name in WHEN_AND_WHAT))
        if count["area_code"] not in block.areas:
            return None
        cell = block.structure.place.get((count["dimension"], count["group"]))
        return block, block.areas.index(count["area_code"]), cell

    def hide_around(self, count: Mapping[Any, Any]) -> bool:
        """Hide all that hangs together with a count (a record of `attack`).

        In its area, else in those beside it, else in what is of the same pupils.
        """
        import numpy as np

        if (stands := self.at(count)) is None:
            return False
        block, area, cell = stands
        # What is left of a wider group without a narrower one has no row: all that the area above has is hidden for it.
        if block.settled and block.hide_above(area, 0 if cell is None else cell):
            return True
        sets = block.structure.sets
        cells = next((one for one in sets if cell in one), tuple(range(len(block.structure.cells))))
        beside = np.array([area]) if block.within is None else np.flatnonzero(block.within == block.within[area])
        below = [(one, np.flatnonzero(one.within == area)) for one in self.every if one.parent is block]
        ways = [
            (block, np.array([area]), cells),
            *((one, areas, cells) for one, areas in below),
        ]
        ways += [(block, beside, cells), (block, np.array([area]), (0, *cells)), (block, beside, (0, *cells))]
        ways += [(one, areas, tuple(range(len(one.structure.cells)))) for one, areas in below]
        alike = next((some for some in self.alike() if block in some), [])
        here = ((one, one.areas.index(block.areas[area])) for one in alike if block.areas[area] in one.areas)
        ways += [(one, np.array([place]), cells) for one, place in here if one is not block]
        for one, areas, some in ways:
            where, before = np.zeros(one.row.shape, dtype=bool), one.hidden()
            where[np.ix_(areas, np.array(some))] = True
            one.hide(where & one.may_hide, pupils=True)
            if one.hidden() > before:
                return True
        return False


def blocks(counts: pd.DataFrame, parents: Mapping[str, str], policy: Policy, told: Collection[int] = ()) -> Blocks:
    """Counts (COUNTS, with a range index) and the area within which each area lies in; their blocks out.

    `told` are the rows whose counts everybody can read elsewhere.
    """
    import numpy as np

    found = Blocks()
    whole = counts.dropna(subset=["pupils"])
    names = [str(name) for name in whole["dimension"].unique()]
    given = given_by(names)
    built = structure([*names, *given])
    for key, rows in sorted(whole.groupby(WHEN_AND_WHAT, sort=False), key=lambda one: LEVELS.index(str(one[0][-1]))):
        block = block_of(tuple(str(one) for one in key), rows, built, policy, told, given)
        found.every.append(block)
        for above in _above_it(block, found.every):
            position = {area: place for place, area in enumerate(above.areas)}
            block.parent, block.within = above, np.array([_above(area, position, parents) for area in block.areas])
            if block.key[:-1] != above.key[:-1]:
                # Only where they are the same pupils as far as anybody can see.
                block.within[~block.adds_up("pupils")[block.within, 0]] = NONE
            if (block.within != NONE).any():
                # What all pupils of a school come to can give away what they come to in another.
                block.may_hide[:, 0] = (block.row[:, 0] != NONE) & ~block.told[:, 0]
                break
            block.parent = None
        if block.level in PLACES:
            _hide_nobody(block, policy)
    return found


def _above_it(block: Block, every: Sequence[Block]) -> Iterator[Block]:
    """The cohorts at the levels above, the nearest first: of the same measure, term and status, then of others."""
    period, _, _, key_stage, measure, level = block.key
    for over in LEVELS[: LEVELS.index(level)][::-1]:
        some = [one for one in every if (one.key[0], one.key[3], one.level) == (period, key_stage, over)]
        yield from sorted(some, key=lambda one: (one.key[:-1] != block.key[:-1], one.key[4] != measure))


def _hide_nobody(block: Block, policy: Policy) -> None:
    """Hide that nobody is in a group of a district or school, or among its peers, as is hidden that few are.

    Unless a reader of the area above knows that nobody is in it in all of that. Where a count of 1 may be shown, nobody
    is no secret either.
    """
    import numpy as np

    if policy.smallest > 1:
        return
    # Of another term, status or measure it is not known that nobody was there then.
    parent = block.parent if block.parent is not None and block.parent.key[:-1] == block.key[:-1] else None
    cells, there = block.structure.cells, block.row != NONE
    names, roles = np.array([name for name, _ in cells]), np.array([role(*cell) for cell in cells])
    # What is printed nowhere, and left of a wider group, is of few, or of nobody, as a group is.
    left = (roles == "other") & block.guardable
    empty = _of_dimensions(block, names) & (block.pupils == 0) & ~block.told & (np.isin(roles, policy.small) | left)
    # Without a row for all pupils nothing is said of peers who have none, where nobody else has any.
    peers = there.any(axis=0)
    if parent is not None:
        peers |= (parent.pupils > 0).any(axis=0) & (parent.row != NONE).any(axis=0)
    empty &= (roles != "reference") | there | there[:, [0]] | peers
    if parent is not None and block.within is not None:
        nowhere = _nobody_at_all(parent, names)
        empty &= ~(nowhere[block.within] & (block.within != NONE)[:, None])
    block.no_pupils |= empty
    block.no_reached |= empty
    block.guard_pupils |= empty


def _nobody_at_all(block: Block, names: Array) -> Array:
    """By area and cell: whether a reader knows that nobody is in it, since groups that have rows are all pupils."""
    import numpy as np

    said = np.where(block.row != NONE, block.pupils, 0)
    known = {
        name: said[:, names == name].sum(axis=1) == block.pupils[:, 0]
        for name in dict.fromkeys(names.tolist())
        if not rest(name)
    }
    whole = np.stack([np.all([known[one] for one in names_in(name)], axis=0) for name in names.tolist()], axis=1)
    return np.asarray(_of_dimensions(block, names) & whole & (block.pupils == 0) & ~block.guard_pupils)


def _of_dimensions(block: Block, names: Array) -> Array:
    """By area and cell: whether there are rows of its dimension, or of all those of which it is what is left."""
    import numpy as np

    there = block.row != NONE
    named = {name: there[:, names == name].any(axis=1) for name in dict.fromkeys(names.tolist()) if not rest(name)}
    return np.stack([np.all([named[one] for one in names_in(name)], axis=0) for name in names.tolist()], axis=1)


def _above(area: str, position: Mapping[str, int], parents: Mapping[str, str]) -> int:
    seen: set[str] = set()
    while area in parents and area not in seen:
        seen.add(area)
        area = parents[area]
        if area in position:
            return position[area]
    return NONE
