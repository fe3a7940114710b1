"""Unknown: figures of all that would tell how few pupils did whose group is not known.

Who has every group's figure, and that of all of them together, subtracts; what is left is those of unknown group.
Protection takes all pupils for known and leaves it at that, since a table of gaps does not print them. Verdicts may
speak of both. What is looked for is one area's groups of one dimension, among all pupils or among those of a group.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from gapcalc.definitions import ALL, TIMES, Policy, dimension, dimension_parts
from gapcalc.forms import ALL_BUT, Figure

Cell = tuple[str, str]  # dimension and group
Key = tuple[str, ...]  # the table in which a count was cleared, and KEY


def telling(figures: Collection[Figure], policy: Policy, protected: Collection[Key]) -> set[Key]:
    """The figures that verdicts were made from in; the cells of all beside which the groups tell of few, out.

    `protected` are the cells (part and KEY) to which the policy was applied. What is rounded cannot be subtracted.
    """
    if policy.rounding > 1:
        return set()
    cohorts: dict[tuple[str, ...], dict[Cell, Figure]] = {}
    for one in figures:
        if one.counted and set(one.cells) <= set(protected):
            cohort = (one.period, one.status, one.area_code, one.key_stage, one.measure)
            cohorts.setdefault(cohort, {})[one.dimension, one.group] = one
    return {key for there in cohorts.values() for cell in there for key in _wholes(cell, there, policy)}


def _wholes(cell: Cell, there: Mapping[Cell, Figure], policy: Policy) -> Iterator[Key]:
    """The cells of all, among whom a cell's group is, that leave few beside all the groups there are."""
    name, group = cell
    parts = dimension_parts(name) if not group.startswith(ALL_BUT) else ()
    for place, part in enumerate(parts):
        words = group.split(TIMES)
        rest = [*parts[:place], *parts[place + 1 :]], [*words[:place], *words[place + 1 :]]
        around = (TIMES.join(rest[0]), TIMES.join(rest[1])) if rest[0] else (ALL, ALL)
        known = [TIMES.join([*words[:place], one, *words[place + 1 :]]) for one in dimension(part).groups]
        groups = [there[name, one] for one in known if (name, one) in there]
        # All less a group are the other groups, and those of unknown group.
        wholes = [(there.get(around), groups)]
        for word in known:
            wholes.append((there.get((name, f"{ALL_BUT}{word}")), [one for one in groups if one.group != word]))
        for whole, some in wholes:
            if whole is not None and some and _few(whole, some, policy, parts):
                yield from set(whole.cells) - {key for one in groups for key in one.cells}


def _few(whole: Figure, groups: Collection[Figure], policy: Policy, parts: tuple[str, ...]) -> bool:
    """Whether the groups leave few of the whole, or few who reached the standard, or few who did not."""
    pupils = (whole.pupils or 0.0) - sum(one.pupils or 0.0 for one in groups)
    reached = ((whole.total or 0.0) - sum(one.total or 0.0 for one in groups)) / whole.per_unit
    small = policy.few(parts)
    counts = (pupils, reached, pupils - reached) if whole.proportion else (pupils,)
    return pupils > 0 and any(small(round(count)) for count in counts)
