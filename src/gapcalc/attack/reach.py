"""Reach: how low and how high whole numbers can be that are bound by sums, as far as can be worked out of them all.

Bounds are first drawn in sum by sum; where sums hang together without a circle, that is the answer. Elsewhere whole
solutions of linear programs show many counts at a time to be open enough, and the few left are solved one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gapcalc.attack.program import BATCH, Batch, System
from gapcalc.solver import NOISE, is_whole

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

ROUNDS = 12  # a round costs little; a count that is left costs a program of its own
AROUND = 1_500, 4_000  # of a single count, so many that are bound with it
BESIDE = -0.3, 0.3  # what others weigh that are moved along
EXACT = 600  # up to so many counts are all solved one by one


@dataclass
class Reached:
    """Of each count asked for: the lowest and highest found, and whether they are proved to be the ends."""

    lowest: Array
    highest: Array
    exact: Array
    decided: Array
    contradictory: bool = False
    unsolved: list[Array] = field(default_factory=list)  # counts of which no solution was found
    blamed: list[Array] = field(default_factory=list)  # assumed rows without which there may be a solution


@dataclass
class Piece:
    """Counts that hang together, and the rows that bind them, by their place in the system."""

    counts: Array
    rows: Array
    circle: bool


def pieces(system: System) -> Iterator[Piece]:
    """The parts of a system, its bounds drawn in, that do not hang together."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    open_ = system.least < system.most
    row = np.repeat(np.arange(system.matrix.shape[0]), np.diff(system.matrix.indptr))
    there = open_[system.matrix.indices]
    rows, counts = row[there], system.matrix.indices[there]
    size = len(open_)
    total = size + system.matrix.shape[0]
    if not total:
        return
    graph = coo_array((np.ones(len(rows)), (counts, size + rows)), shape=(total, total))
    _, label = connected_components(graph, directed=False)
    edges = np.bincount(label[counts], minlength=label.max() + 1)
    order = np.argsort(label, kind="stable")
    ends = np.flatnonzero(np.diff(label[order], append=-1)) + 1
    for start, end in zip(np.r_[0, ends[:-1]], ends, strict=True):
        some = order[start:end]
        mine, theirs = some[some < size], some[some >= size] - size
        if len(mine) and open_[mine[0]]:
            yield Piece(mine, theirs, bool(edges[label[mine[0]]] >= len(some)))


def reach(system: System, asked: Array, need: Array, small: tuple[Array, Array], exact: int = EXACT) -> Reached:
    """A system with its bounds drawn in, and the places of the counts asked for, in; what they can be out.

    `need` is by how much the ends must differ, `small` the least and most that is small: a count that differs by as
    much, or cannot be small, needs no exact ends where more than `exact` counts are asked for. `decided` is False
    where the solver came to no end.
    """
    import numpy as np

    least, most = system.least[asked], system.most[asked]
    found = Reached(least.copy(), most.copy(), least == most, np.ones(len(asked), dtype=bool))
    place = np.full(len(system.least), -1)
    place[asked] = np.arange(len(asked))
    exactly = len(asked) <= exact
    apart = (most < small[0]) | (least > small[1])
    need = need if exactly else np.where(apart, 0, need)
    hard: list[Piece] = []
    for piece in pieces(system):
        mine = place[piece.counts]
        mine = mine[mine >= 0]
        if not piece.circle:
            found.exact[mine] = True
        elif len(mine) and (exactly or not apart[mine].all()):
            hard.append(piece)
    for batch in _batches(hard):
        _shown(system, batch, place, found, need, small, exactly=exactly)
    return found


def within_bounds(system: System, asked: Array) -> Reached:
    """What the counts asked for can be as far as the bounds tell."""
    import numpy as np

    least, most = system.least[asked], system.most[asked]
    return Reached(least, most, np.ones(len(asked), dtype=bool), np.ones(len(asked), dtype=bool))


def _batches(hard: list[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    for piece in hard:
        if batch and sum(len(one.counts) for one in batch) + len(piece.counts) > BATCH:
            yield batch
            batch = []
        batch.append(piece)
    if batch:
        yield batch


def _shown(
    system: System,
    batch: list[Piece],
    place: Array,
    found: Reached,
    need: Array,
    small: tuple[Array, Array],
    *,
    exactly: bool,
) -> None:
    """Find what the counts of a batch can be: first many at a time, then those that are left one by one."""
    import numpy as np

    counts = np.concatenate([piece.counts for piece in batch])
    label = np.repeat(np.arange(len(batch)), [len(piece.counts) for piece in batch])
    program = Batch.of(system, counts, np.concatenate([piece.rows for piece in batch]))
    chance = np.random.default_rng(0)
    asked = place[counts] >= 0
    mine = place[counts[asked]]
    base = _first(system, batch, program, chance, found)
    if base is None:
        found.decided[mine], found.contradictory = False, True
        if program.late:
            found.unsolved.append(mine)
        return
    lowest, highest = base.copy(), base.copy()
    for _ in range(ROUNDS):
        short = np.zeros(len(counts), dtype=bool)
        short[asked] = (highest - lowest)[asked] < need[mine]
        if not short.any():
            break
        weights = np.where(short, chance.choice([-1.0, 1.0], len(counts)), 0.0)
        for part in program.parts(chance):
            if not short[part].any():
                continue
            some = program.beside(base, part)
            for direction in (weights, -weights):
                moved = some.solve(direction[part]).numbers
                if moved is None:
                    continue
                other = base.copy()
                other[part] = moved
                near = np.round(other)
                off = np.bincount(label, np.abs(other - near) > NOISE) > 0
                good = ~off[label]
                lowest[good], highest[good] = np.minimum(lowest, near)[good], np.maximum(highest, near)[good]
    _one_by_one(program, base, lowest, highest, np.where(asked, need[place[counts]], 0))
    outer_low, outer_high = found.lowest[mine].copy(), found.highest[mine].copy()
    found.lowest[mine], found.highest[mine] = lowest[asked], highest[asked]
    found.exact[mine] = (lowest[asked] == outer_low) & (highest[asked] == outer_high)
    outer = np.zeros((2, len(place)))
    outer[:, counts[asked]] = outer_low, outer_high
    for piece in batch:
        single: Batch | None = None
        for position in np.flatnonzero(place[piece.counts] >= 0).tolist():
            which, within = int(place[piece.counts[position]]), tuple(outer[:, piece.counts[position]])
            enough = None if exactly else (need[which], small[0][which], small[1][which])
            if not found.exact[which] and not _settled(found, which, within, enough):
                single = single or Batch.of(system, piece.counts, piece.rows)
                _ends(single, position, place[piece.counts], found, within, enough)


def _one_by_one(program: Batch, base: Array, lowest: Array, highest: Array, need: Array) -> None:
    """Draw out each count that is still too narrow, in whole numbers, with what is bound to it: a small program, then
    a larger one.
    """
    import numpy as np

    chance = np.random.default_rng(1)
    for enough in AROUND:
        for position in np.flatnonzero(highest - lowest < need).tolist():
            if highest[position] - lowest[position] >= need[position]:
                continue
            part = program.around(position, base, enough)
            some = program.beside(base, part)
            # There is nothing beyond an end.
            ways = (1.0, lowest[position] > program.least[position]), (-1.0, highest[position] < program.most[position])
            for sign in (sign for sign, open_ in ways if open_):
                weights = (highest - lowest < need)[part] * chance.choice(BESIDE, len(part))
                weights[np.searchsorted(part, position)] = sign
                moved = some.solve(weights, whole=True).numbers
                if moved is not None:
                    lowest[part] = np.minimum(lowest[part], np.round(moved))
                    highest[part] = np.maximum(highest[part], np.round(moved))
                if highest[position] - lowest[position] >= need[position]:
                    break


def _first(
    system: System, batch: list[Piece], program: Batch, chance: np.random.Generator, found: Reached
) -> Array | None:
    """Some solution in whole numbers; where there is none, it is noted what was only assumed."""
    import numpy as np

    weights = chance.random(len(program.least))
    base = program.solve(weights).numbers
    if base is not None and is_whole(base):
        return np.asarray(np.round(base))
    parts: list[Array] = []
    for piece in batch:
        single = Batch.of(system, piece.counts, piece.rows)
        answer = single.solve(chance.random(len(piece.counts)), whole=True)
        if answer.numbers is None and not answer.impossible:
            program.late = True
            return None
        if answer.numbers is None:
            bound = np.isfinite(system.low[piece.rows]) | np.isfinite(system.high[piece.rows])
            weak = np.where(bound, system.weak[piece.rows], 0)
            if not weak.any():
                return None  # what is printed contradicts itself
            found.blamed.append(piece.rows[weak == weak.max()])
        else:
            parts.append(np.round(answer.numbers))
    return np.concatenate(parts) if len(parts) == len(batch) else None


def _settled(found: Reached, which: int, within: tuple[float, ...], enough: tuple[float, ...] | None) -> bool:
    """Whether a count, of which these ends are found and it is `within` those, needs no more.

    `enough` is by how much the ends must differ, and the least and most that is small; None: only the very ends are.
    """
    if enough is None:
        return False
    need, least, most = enough
    return bool(found.highest[which] - found.lowest[which] >= need or within[0] > most or within[1] < least)


def _ends(
    program: Batch,
    position: int,
    place: Array,
    found: Reached,
    within: tuple[float, ...],
    enough: tuple[float, ...] | None,
) -> None:
    """The ends of one count, as far as they are needed; where the solver stops early, those that were found, and that
    it is not decided. What a solution says of other counts (`place` has where these are found) is kept.
    """
    import numpy as np

    which, others = int(place[position]), place >= 0
    weights, (low, high), proved = np.zeros(len(program.least)), within, 0
    # That it cannot be small is told by the end that is nearer to what is.
    first = 1.0 if enough is None or found.lowest[which] > enough[2] else -1.0
    for sign in (first, -first):
        end = found.lowest if sign > 0 else found.highest
        if end[which] != (low if sign > 0 else high):
            weights[position] = sign
            answer = program.solve(weights, whole=True)
            if answer.numbers is not None:
                near = np.round(answer.numbers[others])
                found.lowest[place[others]] = np.minimum(found.lowest[place[others]], near)
                found.highest[place[others]] = np.maximum(found.highest[place[others]], near)
            if not np.isfinite(answer.bound) or abs(sign * end[which] - answer.bound) > 1 - NOISE:
                found.decided[which] = False
                continue
        proved += 1
        low, high = (end[which], high) if sign > 0 else (low, end[which])
        if _settled(found, which, (low, high), enough):
            break
    found.exact[which] = proved == 2
