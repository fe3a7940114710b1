"""Counts of one cohort as arrays, areas by cells, with what may be seen of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gapcalc.definitions import Policy, measures
from gapcalc.kinds import AND, unknown
from gapcalc.model import PLACES, each
from gapcalc.protect.complete import complete
from gapcalc.roles import dimensions_of, rest, role, unusual
from gapcalc.structure import Structure

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

WHEN_AND_WHAT = ["period", "term", "status", "key_stage", "measure", "level"]
NONE = -1


@dataclass
class Block:
    """One cohort's areas at one level. All arrays are areas by cells, but where said otherwise.

    `pupils` and `reached` are counts; of a mean only `pupils` is protected. `no_pupils` and `no_reached` say what a
    reader is not told: hidden, or not printed in any output. `guard_...` say which of these must not be found out.
    `may_hide` are the cells that can be hidden; `holds` (areas by sums) the sums that are true.
    """

    key: tuple[str, ...]  # WHEN_AND_WHAT
    areas: list[str]
    structure: Structure
    proportion: bool
    pupils: Array
    reached: Array
    row: Array  # of the table of counts; NONE where there is no row
    holds: Array
    small_pupils: Array
    small_reached: Array
    no_pupils: Array
    no_reached: Array
    guard_pupils: Array
    guard_reached: Array
    may_hide: Array
    fewest: Array  # by cell: how many values a hidden count must keep
    guardable: Array  # by cell: all but pupils of whom the group is not known
    smallest: int
    largest: Array  # by cell: the largest count that is small
    told: Array  # what is published elsewhere, and cannot be hidden any more
    parent: Block | None = None
    within: Array | None = None  # by area: the parent's area, or NONE

    @property
    def level(self) -> str:
        """The level of the areas."""
        return self.key[-1]

    @property
    def settled(self) -> bool:
        """Whether nothing more can be hidden here, since it is printed elsewhere as it is."""
        return not self.may_hide.any()

    def hide_above(self, area: int, cell: int) -> bool:
        """Hide the area above's count of a cell that cannot be hidden more here, or more of it; whether any was."""
        import numpy as np

        if self.parent is None or self.within is None or self.within[area] == NONE:
            return False
        every = tuple(range(len(self.structure.cells)))
        near = next((one for one in self.structure.sets if cell in one), every)
        before = self.parent.hidden()
        for cells in ((cell,), near, (0, *near), every):
            where = np.zeros(self.parent.row.shape, dtype=bool)
            where[self.within[area], list(cells)] = True
            self.parent.hide(where & self.parent.may_hide, pupils=True)
            if self.parent.hidden() > before:
                return True
        return False

    def hide(self, where: Array, *, pupils: bool) -> None:
        """Hide the counts of cells (True in `where`): who reached the standard, and of `pupils` how many they are."""
        there = self.row != NONE
        # Where all pupils' own results are hidden, so is every group's.
        where = there & (where | where[:, [0]]) & ~self.told
        self.no_reached |= where
        self.guard_reached |= where & self.guardable & self.proportion
        if pupils:
            self.no_pupils |= where
            self.guard_pupils |= where & self.guardable

    def hidden(self) -> int:
        """How much is hidden: it only ever grows."""
        return int(self.no_pupils.sum() + self.no_reached.sum())

    def state(self) -> tuple[Any, ...]:
        """Of what cohort, areas and cells these are counts, and which are hidden, here and above. Of one run only."""
        hidden = self.no_pupils.tobytes(), self.no_reached.tobytes()
        above = None if self.parent is None else self.parent.state()
        return self.key, tuple(self.areas), self.structure, hidden, above

    def adds_up(self, layer: str) -> Array:
        """By parent's area and cell: whether its count is the sum of those of the areas within it."""
        import numpy as np

        if self.parent is None or self.within is None:
            return np.zeros((0, self.row.shape[1]), dtype=bool)
        mine, above = self.layer(layer), self.parent.layer(layer)
        sums = np.zeros_like(above)
        np.add.at(sums, self.within[self.within != NONE], mine[self.within != NONE])
        return np.asarray(sums == above)

    def layer(self, name: str) -> Array:
        """`pupils`, `reached` or `not_reached`."""
        return (
            self.pupils - self.reached if name == "not_reached" else self.reached if name == "reached" else self.pupils
        )

    @property
    def layers(self) -> tuple[str, ...]:
        """The counts of a cell that a reader may know."""
        return ("pupils", "reached", "not_reached") if self.proportion else ("pupils",)

    @property
    def parts(self) -> tuple[str, ...]:
        """The counts that make all others up: pupils are those who reached the standard and those who did not."""
        return self.layers[1:] or self.layers

    def untold(self, layer: str) -> Array:
        """Which counts of a layer a reader is not told."""
        if layer == "pupils":
            return self.no_pupils
        # Of nobody, nobody reached the standard; where everybody or nobody did, so did every group.
        everybody = self.no_reached[:, [0]] | (self.layer(layer)[:, [0]] > 0)
        return self.no_reached & (self.no_pupils | (self.pupils > 0)) & everybody

    def can_hide(self, layer: str) -> Array:
        """The cells that can be hidden, and are not yet, so that a count of a layer is untold.

        Of nobody, hiding who reached the standard hides nothing: tried again and again, it would go on for ever.
        """
        hidden = self.no_pupils if layer == "pupils" else self.no_reached
        return self.may_hide & ~hidden & ~self.untold(layer)

    def small(self, layer: str) -> Array:
        """The counts of a layer that would not be shown for themselves."""
        import numpy as np

        values = self.layer(layer)
        return np.asarray((values >= self.smallest) & (values <= self.largest) & (values > 0))

    def guarded(self, layer: str) -> Array:
        """Which counts of a layer must not be found out."""
        return self.guard_pupils if layer == "pupils" else self.guard_reached


def block_of(
    key: tuple[str, ...],
    rows: pd.DataFrame,
    built: Structure,
    policy: Policy,
    told: Collection[int],
    given: Mapping[str, Sequence[str]],
) -> Block:
    """Counts of one cohort at one level in, as a block with what is small in it hidden, out.

    `given` are the dimensions without rows, which follow from others.
    """
    import numpy as np

    areas = [str(area) for area in rows["area_code"].unique()]
    where = {area: place for place, area in enumerate(areas)}
    at = [where[area] for area in rows["area_code"].tolist()]
    cell = [built.place[pair] for pair in each(rows, "dimension", "group")]
    shape = len(areas), len(built.cells)
    row, pupils, reached = np.full(shape, NONE), np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    row[at, cell] = rows.index
    pupils[at, cell] = rows["pupils"].astype("int64")
    proportion = measures()[key[3], key[4]].kind == "proportion"
    said = np.zeros(shape, dtype=bool)
    said[at, cell] = rows["total"].notna()
    if proportion:
        reached[at, cell] = rows["total"].fillna(0).astype("int64")
    holds = complete(built, row, pupils, reached, given)
    roles = [role(*one) for one in built.cells]
    printed = np.array([one in ("focus", "reference") for one in roles])
    guardable = np.array([not unknown(group) for _, group in built.cells])
    largest = np.array([policy.largest_in(dimensions_of(name)) for name, _ in built.cells])
    fewest = _fewest(built, policy)
    none = np.zeros(shape, dtype=bool)
    block = Block(
        key=key,
        areas=areas,
        structure=built,
        proportion=proportion,
        pupils=pupils,
        reached=reached,
        row=row,
        holds=holds,
        small_pupils=none.copy(),
        small_reached=none.copy(),
        no_pupils=none.copy(),
        no_reached=none.copy(),
        guard_pupils=none.copy(),
        guard_reached=none.copy(),
        may_hide=none.copy(),
        fewest=fewest,
        guardable=guardable,
        smallest=policy.smallest,
        largest=largest,
        told=np.isin(row, list(told)),
    )
    _small(block, roles, policy)
    there = row != NONE
    block.may_hide = there & ~block.told & (printed | np.array([one == "unknown" for one in roles]))
    # Not printed: how many of the unknown reached the standard, and all of the groups that are no focus. All pupils
    # are taken to be known, whether this output prints them or not.
    other = np.array([one == "other" or name in given for one, (name, _) in zip(roles, built.cells, strict=True)])
    unsaid = ~there & (pupils > 0)
    unsaid[:, 0] = False
    block.no_pupils = np.tile(other, (shape[0], 1)) | unsaid
    block.no_reached = np.tile(other | ~block.guardable, (shape[0], 1))
    block.no_reached |= block.no_pupils | ~said & there
    # That there is nobody where hardly ever anybody is, a reader takes for granted; and an output with rows of groups
    # that are no focus says of an authority or region that nobody is in those that have none.
    usual = np.array([one == "other" and not rest(name) for one, (name, _) in zip(roles, built.cells, strict=True)])
    nobody = np.array([unusual(*cell) for cell in built.cells]) | (usual & ~there if key[-1] not in PLACES else none)
    nobody &= pupils == 0
    block.no_pupils &= ~block.told & ~nobody
    block.no_reached &= ~(block.told & said) & ~nobody
    guarded = block.small_pupils & (there | other & block.guardable)
    block.guard_pupils = guarded & block.no_pupils
    # The rest of a wider group is guarded as soon as it is few; of many, who reached it is not.
    all_of_it = there | np.array([AND in name or name in given for name, _ in built.cells])
    block.guard_reached = (block.small_reached & all_of_it | guarded) & block.no_reached & proportion
    block.hide(block.small_reached, pupils=False)
    block.hide(block.small_pupils, pupils=True)
    for few, of_pupils in _few_others(block, roles, policy):
        block.hide(few, pupils=of_pupils)
    return block


def _few_others(block: Block, roles: list[str], policy: Policy) -> Iterator[tuple[Array, bool]]:
    """The focus groups which all pupils but a few are in, or the results of all but a few; and whether of pupils.

    Who has all pupils and the group has the others too, and a run against them prints them.
    """
    import numpy as np

    there = (block.row != NONE) & (block.row[:, [0]] != NONE) & np.array([one == "focus" for one in roles])
    for layer, size in zip(block.layers, ("reference", "reached", "not_reached"), strict=False):
        values = block.layer(layer)
        others = values[:, [0]] - values
        few = (others >= block.smallest) & (others <= block.largest) & (block.pupils < block.pupils[:, [0]])
        if size in policy.small:
            yield there & few, layer == "pupils"


def _fewest(built: Structure, policy: Policy) -> Array:
    import numpy as np

    return np.array([policy.fewest_in(dimensions_of(name)) for name, _ in built.cells])


def _small(block: Block, roles: list[str], policy: Policy) -> None:
    """Which counts are small by the policy; those of pupils who are not known are not."""
    import numpy as np

    def small(counts: Array) -> Array:
        few = (counts >= block.smallest) & (counts <= block.largest) & (block.pupils > 0)
        return np.asarray(few & block.guardable)

    sized = [("reference" if one == "reference" else "focus") in policy.small for one in roles]
    block.small_pupils = small(block.pupils) & sized
    if block.proportion:
        for layer in ("reached", "not_reached"):
            block.small_reached |= small(block.layer(layer)) & (layer in policy.small)
