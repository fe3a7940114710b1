"""Which groups add up to which: the sums that a reader can do, the same in every cohort and area.

Cells are the groups of all dimensions that are counted, all pupils, and what a reader can subtract besides: for each
group within a wider one (FSM within disadvantaged) those of the wider who are not of the narrower, and the pupils in a
group of one dimension and a group of another that the same code list tells (the other white pupils: BME and White). A
sum is a whole and the parts that make it up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gapcalc.definitions import ALL, TIMES, dimension, dimension_parts, reference_group
from gapcalc.kinds import (
    AND,
    Kinds,
    axes,
    coarser,
    finest_of,
    groups_of,
    kinds,
    pooled_from,
    together,
    unknown,
)
from gapcalc.roles import LESS, rest, role

Change = Mapping[str, tuple[str | None, str]]  # a dimension, and from which of its groups to which


@dataclass(frozen=True)
class Sum:
    """A cell that is the sum of others, all by their place in the structure."""

    whole: int
    parts: tuple[int, ...]
    by_codes: bool = False  # whether it holds because one column tells both, and not of any two groups


@dataclass(frozen=True)
class Move:
    """A pupil taken from one place and put in another: the cells that change, and whether by 1 more or 1 less."""

    more: tuple[int, ...]
    less: tuple[int, ...]


@dataclass(frozen=True)
class Structure:
    """The cells and their sums. `cells` are (dimension, group); the first is all pupils.

    `joint` says of dimensions that one code list tells where each of the groups that they have together stands.
    """

    cells: tuple[tuple[str, str], ...]
    sums: tuple[Sum, ...]
    joint: tuple[tuple[str, str, int], ...] = ()

    @cached_property
    def place(self) -> Mapping[tuple[str, str], int]:
        """Where each cell stands."""
        joint = {(name, group): place for name, group, place in self.joint}
        return joint | {cell: place for place, cell in enumerate(self.cells)}

    @cached_property
    def sets(self) -> tuple[tuple[int, ...], ...]:
        """Cells that hang together by other sums than those of all pupils: whole dimensions, with related ones."""
        root = list(range(len(self.cells)))

        def find(cell: int) -> int:
            return cell if root[cell] == cell else find(root[cell])

        for total in self.sums:
            first = total.parts[0] if total.whole == 0 else total.whole
            for part in total.parts:
                root[find(part)] = find(first)
        together: dict[int, list[int]] = {}
        for cell in range(1, len(self.cells)):
            together.setdefault(find(cell), []).append(cell)
        return tuple(map(tuple, together.values()))

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Ways to change cells that leave every sum true: a pupil of one group becomes one of another, or comes new."""
        names = list(dict.fromkeys(name for name, _ in self.cells if name != ALL and not rest(name)))
        names += dict.fromkeys(name for name, _, _ in self.joint)
        finest = list(finest_of(names))
        changes: list[Change] = []
        for name in finest:
            groups = groups_of(name)
            changes += [{name: (one, other)} for one, other in itertools.combinations(groups, 2)]
            changes += list(self._nested(name, finest))
        # A pupil more: one of the group that comes first in every dimension, or of another in one of them.
        usual = {name: groups_of(name)[0] for name in finest}
        for name in finest:
            new = [{name: group} for group in groups_of(name)] + list(self._together(name, finest))
            changes += [{one: (None, some.get(one, usual[one])) for one in finest} for some in new]
        found = [self._move(change, names) for change in changes]
        return tuple(dict.fromkeys(one for one in found if self._holds(one)))

    def _around(self, name: str, finest: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
        """The groups of a dimension that are part of groups of others, and of which; as a part of a pooled one, too."""
        names = [name, *coarser(name, dict.fromkeys(one for one, _ in self.cells if one != ALL and not rest(one)))]
        single = [one for one in names if AND not in one and len(dimension_parts(one)) == 1]
        words = {one: coarser(name, [one])[one] if one != name else {} for one in single}
        for group in groups_of(name) if name in single else ():
            wider: dict[str, str] = {}
            for one in single:
                wider |= dimension(one).within.get(words[one].get(group, group), {})
            there = {one: word for one, word in wider.items() if one in finest}
            if there:
                yield group, there

    def _nested(self, name: str, finest: Sequence[str]) -> Iterator[Change]:
        """Moves into a group that is part of wider ones, out of those as well."""
        around = dict(self._around(name, finest))
        for group, there in around.items():
            outside = [other for other in groups_of(name) if other not in around]
            into: dict[str, list[tuple[str, str]]] = {
                one: [(other, word) for other in groups_of(one) if other != word] for one, word in there.items()
            }
            for other in outside:
                for size in range(1, len(there) + 1):
                    for some in itertools.combinations(there, size):
                        # Of several wider groups at once, out of the first other group alone: else they are too many.
                        ways = [into[one] if size == 1 else into[one][:1] for one in some]
                        for way in itertools.product(*ways):
                            yield {name: (other, group), **dict(zip(some, way, strict=True))}

    def _together(self, name: str, finest: Sequence[str]) -> Iterator[dict[str, str]]:
        """Groups that a pupil may be in at once where one is part of wider ones: in both, or in neither."""
        around = dict(self._around(name, finest))
        for group, there in around.items():
            for size in range(1, len(there) + 1):
                for some in itertools.combinations(there, size):
                    yield {name: group, **{one: there[one] for one in some}}
            for one, word in there.items():
                for outside in (other for other in groups_of(name) if other not in around):
                    for other in (other for other in groups_of(one) if other != word):
                        yield {name: outside, one: other}

    def _move(self, change: Change, names: Iterable[str]) -> Move:
        names = list(names)
        delta: dict[int, int] = {}
        for name, (one, other) in change.items():
            for wider, word in {name: {}, **coarser(name, names)}.items():
                for group, by in ((one, -1), (other, 1)):
                    if group is not None:
                        cell = self.place[wider, word.get(group, group)]
                        delta[cell] = max(-1, min(1, delta.get(cell, 0) + by))
        if all(one is None for one, _ in change.values()):
            delta[0] = 1
        for total in self.sums:
            left = total.parts[-1]
            if LESS in self.cells[left][0]:
                delta[left] = delta.get(total.whole, 0) - delta.get(total.parts[0], 0)
        more = tuple(sorted(cell for cell, by in delta.items() if by > 0))
        return Move(more, tuple(sorted(cell for cell, by in delta.items() if by < 0)))

    def _holds(self, move: Move) -> bool:
        delta = dict.fromkeys(move.more, 1) | dict.fromkeys(move.less, -1)
        return bool(delta) and all(
            delta.get(total.whole, 0) == sum(delta.get(part, 0) for part in total.parts) for total in self.sums
        )


def structure(names: Iterable[str]) -> Structure:
    """The dimensions that are counted, by name, in; their cells and sums out."""
    named = {name: groups_of(name) for name in names if name != ALL}
    cells: list[tuple[str, str]] = [(ALL, ALL)]
    for name, groups in named.items():
        cells += [(name, group) for group in groups]
    place = {cell: index for index, cell in enumerate(cells)}
    sums = [Sum(0, tuple(place[name, group] for group in groups)) for name, groups in named.items()]
    for fine, finer_groups in named.items():
        for name, word in coarser(fine, named).items():
            parts: dict[int, list[int]] = {}
            for group in finer_groups:
                parts.setdefault(place[name, word[group]], []).append(place[fine, group])
            by_codes = not set(dimension_parts(name)) <= set(dimension_parts(fine))
            sums += [Sum(whole, tuple(some), by_codes) for whole, some in parts.items()]
    for whole_cell, part in _rests(named):
        cells.append((f"{whole_cell[0]}{LESS}{part[0]}", whole_cell[1]))
        place[cells[-1]] = len(cells) - 1
        sums.append(Sum(place[whole_cell], (place[part], place[cells[-1]])))
    joint = _joint(named, cells, sums)
    return Structure(tuple(cells), tuple(dict.fromkeys(sums)), joint)


def _rests(named: Mapping[str, Sequence[str]]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """The groups that lie in wider ones, after these: FSM within disadvantaged, and looked-after for 12 months within
    looked-after; in intersections that have all else in common, too.
    """
    for fine, wide in itertools.permutations(named, 2):
        mine, theirs = dimension_parts(fine), dimension_parts(wide)
        narrow, around = ([one for one in parts if one not in mine or one not in theirs] for parts in (mine, theirs))
        if len(narrow) != 1 or len(around) != 1:
            continue
        (part,), (other,) = narrow, around
        inside = [(group, wider[other]) for group, wider in dimension(part).within.items() if other in wider]
        for group, members in pooled_from(other, part).items():
            inside += [(member, group) for member in members if role(part, member) == "focus"]
        for words in (group.split(TIMES) for group in named[fine] if not unknown(group)):
            said = dict(zip(mine, words, strict=True))
            for whole in (whole for group, whole in inside if group == said[part]):
                cells = (wide, TIMES.join(said.get(one, whole) for one in theirs)), (fine, TIMES.join(words))
                yield cells
                yield from _further(named, *cells, part)


def _further(
    named: Iterable[str], wide: tuple[str, str], fine: tuple[str, str], part: str
) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """What is left of a group, of which another narrower one has a part: the disadvantaged who are not FSM (`part`),
    without those of them who are looked after.
    """
    said = dict(zip(dimension_parts(fine[0]), fine[1].split(TIMES), strict=True)) | {part: reference_group((part,))}
    around = dict(zip(dimension_parts(wide[0]), wide[1].split(TIMES), strict=True))
    for both in named:
        parts = dimension_parts(both)
        others = [one for one in parts if one not in said]
        if len(others) != 1 or len(parts) != len(said) + 1:
            continue
        for group, wider in dimension(others[0]).within.items():
            if any(around.get(one) == word for one, word in wider.items()):
                words = said | {others[0]: group}
                yield (f"{wide[0]}{LESS}{fine[0]}", wide[1]), (both, TIMES.join(words[one] for one in parts))


def _joint(
    named: Mapping[str, Sequence[str]], cells: list[tuple[str, str]], sums: list[Sum]
) -> tuple[tuple[str, str, int], ...]:
    """Add what dimensions that one code list tells have together; where all of it stands out.

    The same pupils under another name are the same cell: those in BME and Asian are the Asian.
    """
    place = {cell: at for at, cell in enumerate(cells)}
    known: dict[tuple[frozenset[str], Kinds | None], int] = {}
    for name, groups in named.items():
        for group in groups:
            known.setdefault((axes(name), kinds(name, group)), place[name, group])
    found: list[tuple[str, str, int]] = []
    before: list[str] = []
    for name in together(named):
        one, *_ = names = name.split(AND)
        at: dict[str, int] = {}
        for group in groups_of(name):
            key = axes(one), kinds(name, group)
            if key not in known:
                known[key] = len(cells)
                cells.append((name, group))
            at[group] = known[key]
        found += [(name, group, where) for group, where in at.items()]
        for wide in (*names, *(other for other in before if set(other.split(AND)) < set(names))):
            whole: dict[str, list[int]] = {}
            for group, word in coarser(name, [wide])[wide].items():
                whole.setdefault(word, []).append(at[group])
            for word, parts in whole.items():
                where = known[axes(one), kinds(wide, word)] if AND in wide else place[wide, word]
                if parts != [where]:
                    sums.append(Sum(where, tuple(parts), by_codes=True))
        before.append(name)
    return tuple(found)
