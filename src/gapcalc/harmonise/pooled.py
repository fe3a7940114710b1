"""Dimensions that follow from a finer one by adding counts: any SEN from support and plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gapcalc.definitions import TIMES, Pools, dimension_parts, dimensions
from gapcalc.model import BASES, COHORT, COUNTS, KEY, PLACES, SUMS, dimension_name

if TYPE_CHECKING:
    import pandas as pd

Record = dict[Any, Any]


def pooled(counts: pd.DataFrame, *, places: bool = True) -> pd.DataFrame:
    """Counts in, the same with the pooled groups that are not printed themselves out.

    Without `places` those of districts and schools are not made: where rows stand only where somebody is, the sum of
    two would say that somebody is in both.

    A pooled group is there only when all its parts are, and hidden as soon as one of them is; a pooled dimension only
    when one of its focus groups is.
    """
    import pandas as pd

    present = {str(name): dimension_parts(str(name)) for name in counts["dimension"].unique()}
    printed = set(counts[KEY].itertuples(index=False, name=None))
    made: list[Record] = []
    for dimension in dimensions().values():
        pools = dimension.pools
        for name, parts in present.items():
            if pools is None or pools.finer not in parts:
                continue
            coarse = tuple(dimension.id if part == pools.finer else part for part in parts)
            wanted = counts["dimension"] == name
            wanted &= places | ~counts["level"].isin(PLACES)
            found = _pool(counts[wanted].to_dict("records"), parts, coarse, pools)
            made += [one for one in found if tuple(one[column] for column in KEY) not in printed]
    return pd.concat([counts, pd.DataFrame(made, columns=COUNTS)], ignore_index=True) if made else counts


def _pool(finer: list[Record], parts: tuple[str, ...], coarse: tuple[str, ...], pools: Pools) -> list[Record]:
    """Records of one dimension in, records of the pooled one (its parts in the order of `coarse`) out."""
    where = parts.index(pools.finer)
    group_of = {member: group for group, members in pools.groups.items() for member in members}
    in_order = dimension_parts(dimension_name(coarse))
    together: dict[tuple[object, ...], list[Record]] = {}
    for record in finer:
        groups = record["group"].split(TIMES)
        if groups[where] in group_of:
            groups[where] = group_of[groups[where]]
            name = TIMES.join(groups[coarse.index(part)] for part in in_order)
            cohort = [record[column] for column in COHORT]
            together.setdefault((*cohort, groups[where], name), []).append(record)
    made = [
        (str(group), _sum(records) | {"dimension": dimension_name(in_order), "group": name})
        for (*_, group, name), records in together.items()
        if len(records) == len(pools.groups[str(group)]) and any(map(_says_something, records))
    ]
    # Peers with nobody to set against them say nothing: of looked-after children, most files have those of 12 months.
    focus = dimensions()[coarse[where]].focus
    return [record for _, record in made] if any(group in focus for group, _ in made) else []


def _says_something(record: Record) -> bool:
    return record["pupils"] is not None or record["symbol"] != "not_available"


def _sum(records: list[Record]) -> Record:
    """The sum of counts that are all there; else nothing, with the first reason why."""
    total = {
        column: None if any(record[column] is None for record in records) else sum(record[column] for record in records)
        for column in SUMS
    }
    symbol = next((record["symbol"] for record in records if record["symbol"]), None)
    basis = max((record["basis"] for record in records), key=BASES.index)
    return records[0] | total | {"symbol": symbol, "basis": basis}
