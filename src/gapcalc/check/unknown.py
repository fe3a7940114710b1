"""Unknown: all pupils' figures that would tell how few pupils did whose group is not known.

Who has every group's figure and all pupils' subtracts; what is left is those of unknown group. Protection takes all
pupils for known and leaves it at that, since a table of gaps does not print them. Verdicts may speak of both.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from gapcalc.definitions import ALL, TIMES, Policy, dimension, dimension_parts
from gapcalc.forms import Figure

Cohort = tuple[str, ...]


def telling(figures: Collection[Figure], policy: Policy, protected: Collection[tuple[str, ...]]) -> Iterator[Figure]:
    """The figures that verdicts were made from in; those of all pupils beside which the groups tell of few, out.

    `protected` are the cells (part and KEY) to which the policy was applied.
    """
    cohorts: dict[Cohort, dict[tuple[str, str], Figure]] = {}
    for one in figures:
        if one.counted and set(one.cells) <= set(protected):
            cohort = (one.period, one.status, one.area_code, one.key_stage, one.measure)
            cohorts.setdefault(cohort, {})[one.dimension, one.group] = one
    for there in cohorts.values():
        everybody = there.get((ALL, ALL))
        names = dict.fromkeys(name for name, _ in there if name != ALL)
        if everybody is not None and any(_tells(everybody, there, name, policy) for name in names):
            yield everybody


def _tells(everybody: Figure, there: dict[tuple[str, str], Figure], name: str, policy: Policy) -> bool:
    """Whether all known groups of a dimension are there, and leave few; a group without pupils has no figure."""
    parts = dimension_parts(name)
    known = map(TIMES.join, itertools.product(*(dimension(part).groups for part in parts)))
    groups = [there[name, group] for group in known if (name, group) in there]
    pupils, total = (
        (getattr(everybody, what) or 0.0) - sum(getattr(one, what) or 0.0 for one in groups)
        for what in ("pupils", "total")
    )
    few = policy.few(parts)
    if len(groups) < 2 or pupils <= 0:
        return False
    return any(few(round(count)) for count in (pupils, total / everybody.per_unit, pupils - total / everybody.per_unit))
