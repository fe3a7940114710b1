"""Which groups add up to which: the sums that a reader can do, the same in every cohort and area.

Cells are the groups of all dimensions that are counted, all pupils, and for each group within a wider one (FSM within
disadvantaged) those of the wider who are not of the narrower. A sum is a whole and the parts that make it up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gapcalc.definitions import (
    ALL,
    TIMES,
    UNKNOWN,
    areas,
    dimension,
    dimension_parts,
    dimensions,
    focus_groups,
    reference_group,
)
from gapcalc.definitions.parents import authority_of

Change = Mapping[str, tuple[str | None, str]]  # a dimension, and from which of its groups to which
LESS = " less "  # `disadvantaged less fsm` are the disadvantaged pupils who are not FSM


@dataclass(frozen=True)
class Sum:
    """A cell that is the sum of others, all by their place in the structure."""

    whole: int
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """A pupil taken from one place and put in another: the cells that change, and whether by 1 more or 1 less."""

    more: tuple[int, ...]
    less: tuple[int, ...]


@dataclass(frozen=True)
class Structure:
    """The cells and their sums. `cells` are (dimension, group); the first is all pupils."""

    cells: tuple[tuple[str, str], ...]
    sums: tuple[Sum, ...]

    @cached_property
    def place(self) -> Mapping[tuple[str, str], int]:
        """Where each cell stands."""
        return {cell: place for place, cell in enumerate(self.cells)}

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
        names = dict.fromkeys(name for name, _ in self.cells if name != ALL and LESS not in name)
        finest = [name for name in names if not any(name in _coarser(other, names) for other in names)]
        changes: list[Change] = []
        for name in finest:
            groups = [group for one, group in self.cells if one == name]
            changes += [{name: (one, other)} for one, other in itertools.combinations(groups, 2)]
            changes += list(self._nested(name, finest))
        # A pupil more: one of the group that comes first in every dimension, or of another in one of them.
        usual = {name: next(group for one, group in self.cells if one == name) for name in finest}
        for name in finest:
            groups = [group for one, group in self.cells if one == name]
            new = [{name: group} for group in groups] + list(self._together(name, finest))
            changes += [{one: (None, some.get(one, usual[one])) for one in finest} for some in new]
        found = [self._move(change, names) for change in changes]
        return tuple(dict.fromkeys(one for one in found if self._holds(one)))

    def _nested(self, name: str, finest: Sequence[str]) -> Iterator[Change]:
        """Moves into a group that is part of wider ones, out of those as well."""
        parts = dimension_parts(name)
        for group, wider in (dimension(name).within if len(parts) == 1 else {}).items():
            outside = [other for one, other in self.cells if one == name and other != group]
            there = {one: word for one, word in wider.items() if one in finest}
            into: dict[str, list[tuple[str, str]]] = {
                one: [(other, word) for two, other in self.cells if two == one and other != word]
                for one, word in there.items()
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
        parts = dimension_parts(name)
        for group, wider in (dimension(name).within if len(parts) == 1 else {}).items():
            there = {one: word for one, word in wider.items() if one in finest}
            for size in range(1, len(there) + 1):
                for some in itertools.combinations(there, size):
                    yield {name: group, **{one: there[one] for one in some}}
            for one, word in there.items():
                for outside in (other for two, other in self.cells if two == name and other != group):
                    for other in (other for two, other in self.cells if two == one and other != word):
                        yield {name: outside, one: other}

    def _move(self, change: Change, names: Iterable[str]) -> Move:
        names = list(names)
        delta: dict[int, int] = {}
        for name, (one, other) in change.items():
            for wider, word in {name: {}, **_coarser(name, names)}.items():
                for group, by in ((one, -1), (other, 1)):
                    if group is not None:
                        cell = self.place[wider, word.get(group, group)]
                        delta[cell] = max(-1, min(1, delta.get(cell, 0) + by))
        if all(one is None for one, _ in change.values()):
            delta[0] = 1
        for total in self.sums:
            rest = total.parts[-1]
            if LESS in self.cells[rest][0]:
                delta[rest] = delta.get(total.whole, 0) - delta.get(total.parts[0], 0)
        more = tuple(sorted(cell for cell, by in delta.items() if by > 0))
        return Move(more, tuple(sorted(cell for cell, by in delta.items() if by < 0)))

    def _holds(self, move: Move) -> bool:
        delta = dict.fromkeys(move.more, 1) | dict.fromkeys(move.less, -1)
        return bool(delta) and all(
            delta.get(total.whole, 0) == sum(delta.get(part, 0) for part in total.parts) for total in self.sums
        )


def structure(names: Iterable[str]) -> Structure:
    """The dimensions that are counted, by name, in; their cells and sums out."""
    named = {name: dimension_parts(name) for name in names if name != ALL}
    cells: list[tuple[str, str]] = [(ALL, ALL)]
    for name, parts in named.items():
        cells += [(name, group) for group in groups_of(parts)]
    place = {cell: index for index, cell in enumerate(cells)}
    sums = [Sum(0, tuple(place[name, group] for group in groups_of(parts))) for name, parts in named.items()]
    for fine, finer_parts in named.items():
        for name, word in _coarser(fine, named).items():
            together: dict[int, list[int]] = {}
            for group in groups_of(finer_parts):
                together.setdefault(place[name, word[group]], []).append(place[fine, group])
            sums += [Sum(whole, tuple(parts)) for whole, parts in together.items()]
    for name, parts in named.items():
        for group, wider in (dimension(name).within if len(parts) == 1 else {}).items():
            for other, whole in wider.items():
                if other in named:
                    cells.append((f"{other}{LESS}{name}", whole))
                    sums.append(Sum(place[other, whole], (place[name, group], len(cells) - 1)))
    return Structure(tuple(cells), tuple(sums))


def groups_of(parts: Sequence[str]) -> list[str]:
    """All groups of a dimension, the reference first and those with an unknown part last."""
    each = [[*dimension(part).groups, UNKNOWN] for part in parts]
    groups = [TIMES.join(one) for one in itertools.product(*each)]
    return sorted(groups, key=lambda group: (unknown(group), group != reference_group(tuple(parts))))


def unknown(group: str) -> bool:
    """Whether a part of a group is not known."""
    return UNKNOWN in group.split(TIMES)


def others_than(group: str) -> str:
    """The name of everybody who is not in a group: a cell that is printed where groups are set against them."""
    return f"{ALL}{LESS}{group}"


def role(name: str, group: str) -> str:
    """What a cell is in the output: `all`, `focus`, `reference`, `unknown`, or `other`, which is not printed.

    All others than a group are a reference.
    """
    if name == ALL:
        return ALL
    if group.startswith(others_than("")):
        return "reference"
    if LESS in name:
        return "other"
    if unknown(group):
        return UNKNOWN
    parts = dimension_parts(name)
    return "reference" if group == reference_group(parts) else "focus" if group in focus_groups(parts) else "other"


def dimensions_of(name: str) -> tuple[str, ...]:
    """The dimensions of a cell's name: of an intersection, and of a wider group less a narrower one, several."""
    return tuple(part for one in name.split(LESS) for part in dimension_parts(one))


def parents_of(codes: list[str], levels: list[str]) -> dict[str, str]:
    """The area in which each lies: authorities by the list of areas, places by their code or the only authority.

    A region of which only some authorities are there (`E12000006/E10000003`) comes after the region itself:
    of one cohort only one of the two is there.
    """
    at = list(dict.fromkeys(zip(codes, levels, strict=True)))
    authorities = sorted({code for code, level in at if level == "la"})
    countries = sorted({code for code, level in at if level == "national"})
    country = countries[0] if len(countries) == 1 else None
    found: dict[str, str] = {}
    for code, level in at:
        area, (before, named, _) = areas().get(code), code.partition("/")
        above = country
        if level in ("district", "school"):
            above = authority_of(code) if named else authorities[0] if len(authorities) == 1 else None
        elif level == "la" and area and area.region:
            above = area.region
        elif level == "la" and named and before in areas():
            above = before  # authorities that are pooled
        if above and level != "national":
            found[code] = above
    regions = [
        areas()[one] for one in dict.fromkeys(found.values()) if one in areas() and areas()[one].level == "region"
    ]
    for region in (*regions, *(areas()[one.region] for one in regions if one.region)):
        if above := region.region or country:
            found[region.code] = above
    for code in sorted(code for code, level in at if level == "region" and code.partition("/")[0] in areas()):
        whole, named, _ = code.partition("/")
        if named:
            found |= {code: found[whole]} if whole in found else {}
            found[whole] = code
    return found


def _coarser(fine: str, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """The counted dimensions of which each group is a sum of groups of `fine`, and for each of these its group."""
    parts = dimension_parts(fine)
    found: dict[str, dict[str, str]] = {}
    for name in names:
        if name in (fine, ALL) or LESS in name:
            continue
        wide = dimension_parts(name)
        from_part = [_from(part, parts) for part in wide]
        if all(one is not None for one in from_part):
            words: dict[str, str] = {}
            for group in groups_of(parts):
                split = group.split(TIMES)
                words[group] = TIMES.join(one[1].get(split[one[0]], split[one[0]]) for one in from_part if one)
            found[name] = words
    return found


def _from(part: str, parts: Sequence[str]) -> tuple[int, dict[str, str]] | None:
    """Which of the parts tells a part, itself or pooled, and what each of its groups is in it."""
    if part in parts:
        return parts.index(part), {}
    pools = dimensions()[part].pools
    if pools and pools.finer in parts:
        words = {member: group for group, members in pools.groups.items() for member in members}
        return parts.index(pools.finer), words
    return None
