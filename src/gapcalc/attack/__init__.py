"""Attack: what a reader can work out of hidden counts from everything that is printed, by integer programming.

Nothing here knows how counts were hidden: only what is seen, the sums that must be true of any pupils, and what a
reader would assume besides. What is assumed and cannot be is dropped, and said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gapcalc.attack.bounds import CAP, drawn_in
from gapcalc.attack.equations import ABSENT, Equations, equations
from gapcalc.attack.program import System
from gapcalc.attack.reach import EXACT, reach, within_bounds
from gapcalc.attack.seen import secret_empty
from gapcalc.definitions import Policy
from gapcalc.kinds import AND, unknown
from gapcalc.model import COHORT, PLACES, each
from gapcalc.roles import LESS, dimensions_of, role

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

LAYERS = ("pupils", "reached", "not_reached")
DROPPED = {
    1: "that groups told by the same codes are of the same pupils",
    2: "that places add up to the area above them",
    3: "that other measures, terms or statuses are of as many pupils",
    4: "that groups which are not printed, or which hardly anybody is in, are of nobody, and hidden ones of somebody",
}


@dataclass
class Attacked:
    """Of each hidden count: where it stands, the ends of what it can be, and the verdict.

    `counts` has COHORT, dimension, group, count (pupils, reached, not_reached), lowest, highest (null: no limit),
    values, exact, and verdict: `fails`, `passes` or `undecided`. `notes` say what could not be assumed; where
    what is printed is `contradictory`, nothing can be said for certain.
    """

    counts: pd.DataFrame
    notes: tuple[str, ...] = field(default=())
    contradictory: bool = False


def attack(
    seen: pd.DataFrame,
    policy: Policy,
    parents: Mapping[str, str] | None = None,
    exact: int = EXACT,
    *,
    bounds_only: bool = False,
) -> Attacked:
    """What is seen (SEEN) in; every hidden count and what a reader can work out of it, narrowest first, out.

    `parents` says in which area each lies. Up to `exact` counts all get the very ends of what they can be; of more,
    only those that come near to failing do. With `bounds_only` sums are done one after the other, and nothing is
    solved: quick, and blind to what only several sums together give away.
    """
    import numpy as np
    import pandas as pd

    made = equations(seen, parents or {})
    asked = _asked(made, seen, policy)
    lost = dict.fromkeys((*DROPPED, 0), 0)
    raw, drawn = _consistent(made, lost)
    few = np.array([policy.fewest_in(dimensions_of(name)) for name, _ in made.cells])
    top = np.array([policy.largest_in(dimensions_of(name)) for name, _ in made.cells])
    cell = asked % len(made.cells)
    layer, unsaid = asked // len(made.cells) % len(LAYERS), _at(made, asked, seen["unsaid"].to_numpy(dtype=bool))
    empty = _empty(made, asked, seen, drawn.most)
    small = np.where(empty, 0, policy.smallest), top[cell]
    while True:
        least, most = drawn.least, drawn.most
        told = _few_others(made, asked, drawn, policy, (least[asked], most[asked]))
        ends = np.where(told, 0, small[0]), np.where(told, CAP, small[1])
        found = within_bounds(drawn, asked) if bounds_only else reach(drawn, asked, few[cell] - 1, ends, exact)
        blamed = np.concatenate([np.zeros(0, dtype=int), *found.blamed])
        if not len(blamed):
            break
        raw = _without(raw, blamed, lost)
        least, most, _ = drawn_in(raw)
        drawn = replace(raw, least=least, most=most)
    notes = _said(lost)
    if found.contradictory:
        notes += ("some of what is printed contradicts itself, so that nothing can be said of it",)
    values = found.highest - found.lowest + 1
    sensitive = (found.lowest <= small[1]) & (found.highest >= small[0])
    sensitive |= _few_others(made, asked, drawn, policy, (found.lowest, found.highest))
    # What nobody prints is named only where it is given away. What is left of a wider group without a narrower one
    # matters where these are few themselves.
    derived = np.array([role(*one) == "other" or one[0] in made.given for one in made.cells], dtype=bool)[cell] | unsaid
    left = np.array([LESS in name for name, _ in made.cells], dtype=bool)[cell]
    most_pupils = most[asked - layer * len(made.cells)]
    sensitive &= ~left | (layer == 0) | (most_pupils <= small[1])
    narrow = (values < few[cell]) & sensitive
    # What is not proved to be the end may be further out, which a narrow count needs to know.
    open_ = (narrow & ~found.exact) | ~found.decided & (values < few[cell])
    # Of what could not be solved nothing is known, however wide it seems.
    for some in found.unsolved:
        open_[some] |= sensitive[some]
    verdict = np.where(open_, "undecided", np.where(narrow, "fails", "passes"))
    table = asked // len(made.cells) // len(LAYERS)
    counts = made.tables.iloc[table].reset_index(drop=True)
    for name, words in zip(("dimension", "group"), zip(*made.cells, strict=True), strict=True):
        counts[name] = np.array(words, dtype=object)[cell]
    counts["count"] = np.array(LAYERS)[layer]
    counts["lowest"] = found.lowest.astype(np.int64)
    counts["highest"] = pd.array(found.highest.astype(np.int64), dtype="Int64")
    counts.loc[found.highest >= CAP / 2, "highest"] = None
    counts["values"] = counts["highest"] - counts["lowest"] + 1
    counts["exact"], counts["verdict"] = found.exact, verdict
    first = np.select([verdict == "fails", verdict == "undecided"], [0, 1], 2)
    order = np.lexsort((np.arange(len(values)), values, first))
    order = order[~derived[order] | (verdict[order] != "passes")]
    return Attacked(counts.iloc[order].reset_index(drop=True), notes, found.contradictory or lost[0] > 0)


def _asked(made: Equations, seen: pd.DataFrame, policy: Policy) -> Array:
    """The counts that must not be found out: hidden ones, and those of groups that can only be worked out."""
    import numpy as np

    size = len(made.tables), len(LAYERS), len(made.cells)
    asked = np.zeros(size, dtype=bool)
    roles = np.array([role(*one) for one in made.cells])
    known = made.at >= 0
    table, cell = made.of[known], made.at[known]
    for name, layers in (("hides_pupils", (0,)), ("hides_reached", (1, 2))):
        hides = seen[name].to_numpy(dtype=bool)[known]
        for layer in layers:
            asked[table[hides], layer, cell[hides]] = True
    other = made.there & [role(name, group) == "other" or name in made.given for name, group in made.cells]
    secret = np.zeros(len(made.tables), dtype=bool)
    secret[made.of[seen["secret"].to_numpy(dtype=bool)]] = True
    other &= secret[:, None]
    asked[:, 0] |= other
    asked[:, 1:] |= (other & made.proportion[:, None])[:, None]
    asked[:, :, [unknown(group) for _, group in made.cells]] = False
    # What the policy does not hide for being small is no secret.
    for one in ("focus", "reference"):
        if one not in policy.small:
            asked[:, 0, roles == one] = False
    for layer, one in enumerate(LAYERS[1:], 1):
        if one not in policy.small:
            asked[:, layer] = False
    return np.flatnonzero(asked)


def _at(made: Equations, asked: Array, rows: Array) -> Array:
    """Which counts are of cells of some of the rows that are seen."""
    import numpy as np

    found = np.zeros((len(made.tables), len(made.cells)), dtype=bool)
    rows = rows & (made.at >= 0)
    found[made.of[rows], made.at[rows]] = True
    counts: Array = found[asked // len(made.cells) // len(LAYERS), asked % len(made.cells)]
    return counts


def _empty(made: Equations, asked: Array, seen: pd.DataFrame, most: Array) -> Array:
    """Which counts are of pupils in a district or school of whom it is as secret that there is nobody as it is of few:
    of a group, its peers, and what is left of a wider group, where the area above may have some.
    """
    import numpy as np

    size, when = len(made.cells), [name for name in COHORT if name not in ("area_code", "level")]
    layer, cell = asked // size % len(LAYERS), asked % size
    below = made.tables["level"].isin(PLACES).to_numpy()
    keys = each(made.tables, "area_code", *when)
    at = {key: table for table, (key, place) in enumerate(zip(keys, below, strict=True)) if not place}
    above = [at.get((made.parents.get(code, ""), *key), ABSENT) for code, *key in keys]
    over = np.where(below, np.array(above, dtype=np.int64), ABSENT)[asked // size // len(LAYERS)]
    # What is left of a wider group, or no output names: looked after for less than a year.
    left = np.array([role(*one) == "other" and AND not in one[0] for one in made.cells])[cell]
    left &= (over != ABSENT) & (most[over * len(LAYERS) * size + cell] > 0)
    found: Array = (_at(made, asked, secret_empty(seen, made.parents)) | left) & (layer == 0)
    return found


def _few_others(made: Equations, asked: Array, drawn: System, policy: Policy, ends: tuple[Array, Array]) -> Array:
    """Which counts of groups give away, with all pupils', those of a few others; `ends` are what each can be."""
    import numpy as np

    size = len(made.cells)
    cell, layer = asked % size, asked // size % len(LAYERS)
    focus = np.array([role(*one) == "focus" for one in made.cells], dtype=bool)[cell]
    focus &= (layer > 0) | ("reference" in policy.small)
    largest = np.array([policy.largest_in(dimensions_of(name)) for name, _ in made.cells])[cell]
    least, most = drawn.least[asked - cell], drawn.most[asked - cell]
    # As far as all pupils are known: else others can be as many as their own figures let them. Pupils of unknown group
    # are others, too, and no secret: where there can be nobody but them, nobody is given away.
    beside = np.array(
        [[one[0] == other[0] and one != other and not unknown(other[1]) for other in made.cells] for one in made.cells]
    )
    known = (drawn.most.reshape(-1, size) @ beside.T).reshape(-1)[asked]
    few = (least - ends[1] <= largest) & (np.minimum(least - ends[0], known) >= max(policy.smallest, 1))
    return np.asarray(focus & (least == most) & few)


def _consistent(made: Equations, lost: dict[int, int]) -> tuple[System, System]:
    """The system without what is only assumed and cannot be, of which `lost` counts the rows; and the same drawn in."""
    linked = False
    system = start = made.system()
    while True:
        least, most, broken = drawn_in(start)
        drawn = replace(system, least=least, most=most)
        if broken.any() and start is system:
            system = start = _without(system, _blamed(system, broken), lost)
        elif broken.any():
            # What the narrower bounds followed from may be what cannot be.
            start = system
        elif linked:
            return system, drawn
        else:
            # Who is of as many pupils is known only now, and binds further: what the bounds followed from still holds.
            linked = True
            made.alike(least, most)
            made.across(least, most)
            system = made.system(dropped=_dropped(system))
            start = replace(system, least=least, most=most)


def _said(lost: Mapping[int, int]) -> tuple[str, ...]:
    """What was left out, in words."""
    notes = [
        f"{lost[one]:,} times it cannot be {what}, and is not assumed" for one, what in DROPPED.items() if lost[one]
    ]
    return (*notes, *([f"{lost[0]:,} printed figures do not add up, and are left out"] if lost[0] else []))


def _dropped(system: System) -> Array:
    import numpy as np

    return np.asarray(np.isinf(system.low) & np.isinf(system.high))


def _without(system: System, rows: Array, lost: dict[int, int]) -> System:
    """The system with some rows binding nothing."""
    import numpy as np

    for one in system.weak[rows].tolist():
        lost[one] += 1
    low, high = system.low.copy(), system.high.copy()
    low[rows], high[rows] = -np.inf, np.inf
    return replace(system, low=low, high=high)


def _blamed(system: System, broken: Array) -> Array:
    """The rows to leave out where some cannot be true: what is assumed near them before what is assumed further off."""
    import numpy as np

    near = broken.copy()
    matrix = abs(system.matrix)
    bound = ~_dropped(system)
    for _ in range(4):
        weak = near & (system.weak > 0) & bound
        if weak.any():
            # The class that is least sure goes first.
            return np.flatnonzero(weak & (system.weak == system.weak[weak].max()))
        touched = matrix.T @ near > 0
        near = (matrix @ touched > 0) & bound
    return np.flatnonzero(broken)


__all__ = ["Attacked", "attack"]
