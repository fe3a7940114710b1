"""Kinds: the finest sorts of pupils that are told apart, and of which of these each group is.

Dimensions that one code list tells have an axis together: its kinds are the combinations of words that the codes of
the list have. White British is one kind, the other white pupils are another, and both are in the group White. So what
the groups of such dimensions have in common follows from the list, whatever dimensions a run asks for. A dimension that
is pooled from a finer one shares its axis; every other has its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from gapcalc.definitions import ALL, TIMES, UNKNOWN, codes, dimension, dimension_parts, dimensions, reference_group

AND = " and "  # `bme and ethnicity` are two dimensions of one code list; a group of both: `bme and white`
Kinds = frozenset[tuple[str, frozenset[str]]]  # of each axis on which not everybody is meant, the kinds


@cache
def told(part: str) -> tuple[str, Mapping[str, frozenset[str]]]:
    """A dimension's axis, and for each of its groups, `unknown` included, the kinds of pupils in it."""
    pools = dimension(part).pools
    list_ = _code_list(part)
    if list_ is not None:
        alike = [name for name in dimensions() if _code_list(name) == list_]
        column, name = list_
        each = [codes(name, dimension(one).source[0].word_column) for one in alike]
        # Of a pupil without a code nothing is known.
        words = {tuple(one.get(code, UNKNOWN) or UNKNOWN for one in each) for code in ("", *each[0])}
        where = alike.index(part)
        found: dict[str, set[str]] = {group: set() for group in (*dimension(part).groups, UNKNOWN)}
        for word in words:
            found[word[where]].add(AND.join(word))
        return f"{column} by {name}", {group: frozenset(kinds) for group, kinds in found.items()}
    if pools is not None:
        axis, finer = told(pools.finer)
        return axis, {
            group: frozenset().union(*(finer[member] for member in members)) for group, members in pools.groups.items()
        }
    return part, {group: frozenset([group]) for group in (*dimension(part).groups, UNKNOWN)}


def _code_list(part: str) -> tuple[str, str] | None:
    """The column and code list that alone tell a dimension."""
    source = dimension(part).source
    if len(source) != 1 or source[0].codes is None or source[0].words:
        return None
    return source[0].column, source[0].codes


@cache
def kinds(name: str, group: str) -> Kinds | None:
    """A group of a dimension, of an intersection, or of several AND each other, in; of which kinds it is out.

    None where no pupil can be in it: White British and Asian.
    """
    found: dict[str, frozenset[str]] = {}
    for one, word in zip(name.split(AND), group.split(AND), strict=True):
        for part, each in zip(dimension_parts(one), word.split(TIMES), strict=True):
            axis, groups = told(part)
            found[axis] = found[axis] & groups[each] if axis in found else groups[each]
    return frozenset(found.items()) if all(found.values()) else None


def axes(name: str) -> frozenset[str]:
    """The axes of a dimension or an intersection."""
    return frozenset(told(part)[0] for part in dimension_parts(name))


def groups_of(name: str) -> list[str]:
    """All groups of a dimension or an intersection, the reference first and those with an unknown part last.

    Of several AND each other, those that a pupil can be in.
    """
    if AND in name:
        every = itertools.product(*(groups_of(one) for one in name.split(AND)))
        return [group for group in map(AND.join, every) if kinds(name, group) is not None]
    parts = dimension_parts(name)
    each = [[*dimension(part).groups, UNKNOWN] for part in parts]
    groups = [TIMES.join(one) for one in itertools.product(*each)]
    return sorted(groups, key=lambda group: (unknown(group), group != reference_group(parts)))


def unknown(group: str) -> bool:
    """Whether a part of a group is not known."""
    return UNKNOWN in group.replace(AND, TIMES).split(TIMES)


def coarser(fine: str, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of which each group is a sum of groups of `fine`, and for each of these its group."""
    found = {}
    for name in names:
        if name != fine and (words := _words(fine, name)) is not None:
            found[name] = dict(words)
    return found


def pooled_from(name: str, fine: str) -> dict[str, tuple[str, ...]]:
    """The focus groups of a dimension that are pooled from three groups of a finer one or more, and from which.

    Of two the rest is a group itself.
    """
    pools = dimension(name).pools if name in dimensions() else None
    if pools is None or pools.finer != fine:
        return {}
    groups = pools.groups.items()
    return {group: tuple(some) for group, some in groups if group in dimension(name).focus and len(some) > 2}


@cache
def coarser_of(name: str) -> tuple[str, ...]:
    """All dimensions and intersections of as many parts that follow from one by adding its groups up."""
    parts = len(dimension_parts(name))
    return tuple(one for one in sums_of(name) if len(dimension_parts(one)) == parts)


@cache
def sums_of(name: str) -> tuple[str, ...]:
    """All dimensions and intersections that follow from one by adding its groups up: coarser ones, and its margins.

    A small count of a margin has a small count, or nobody, in every part of it; but peers, who are shown, may tell it.
    """
    each = [
        ("", part, *(other for other in dimensions() if other != part and _words(part, other) is not None))
        for part in dimension_parts(name)
    ]
    some = (TIMES.join(filter(None, parts)) for parts in itertools.product(*each))
    found = dict.fromkeys(TIMES.join(dimension_parts(one)) for one in some if one)
    return tuple(one for one in found if one != name)


def together(names: Iterable[str]) -> Iterator[str]:
    """Names that one code list tells, none of which is the sum of another's groups, AND each other: in pairs, and all.

    What all say together comes last.
    """
    alike: dict[frozenset[str], list[str]] = {}
    for name in names:
        alike.setdefault(axes(name), []).append(name)
    for some in alike.values():
        finest = list(finest_of(some))
        yield from map(AND.join, itertools.combinations(finest, 2))
        if len(finest) > 2:
            yield AND.join(finest)


def finest_of(names: Sequence[str]) -> Iterator[str]:
    """The names that do not follow from others; the first of those that follow from each other."""
    for place, name in enumerate(names):
        finer = (other for other in names if other != name and _words(other, name) is not None)
        if all(_words(name, other) is not None and place < names.index(other) for other in finer):
            yield name


@cache
def _words(fine: str, name: str) -> Mapping[str, str] | None:
    """For each group of the one that of the other in which it is, where there is one for each."""
    if not _axes_of_all(name) <= _axes_of_all(fine):
        return None
    groups = {group: dict(some) for group in groups_of(name) if (some := kinds(name, group)) is not None}
    words: dict[str, str] = {}
    for group in groups_of(fine):
        some = kinds(fine, group)
        mine = None if some is None else dict(some)
        around = (one for one, every in groups.items() if mine is None or all(mine[on] <= every[on] for on in every))
        word = next(around, None)
        if word is None:
            return None
        words[group] = word
    return words


def _axes_of_all(name: str) -> frozenset[str]:
    return frozenset(axis for one in name.split(AND) for axis in axes(one))


def given_by(names: Iterable[str]) -> dict[str, list[str]]:
    """What nobody asked for and follows from dimensions by adding groups up, and from which of these it does."""
    found: dict[str, list[str]] = {}
    there = [name for name in names if name != ALL]
    for name in there:
        for wide in sums_of(name):
            if wide not in there:
                found.setdefault(wide, []).append(name)
    return found
