"""Regions from their authorities: each with how many of these are in it, unless all are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gapcalc.definitions import areas
from gapcalc.definitions.regions import TOGETHER, authorities, region_of
from gapcalc.errors import listing
from gapcalc.model import COHORT, COUNTS, place
from gapcalc.pool.sums import added_up

if TYPE_CHECKING:
    import pandas as pd

WHEN_AND_WHAT = [name for name in COHORT if name not in ("area_code", "level")]
PLACE = [*WHEN_AND_WHAT, "area_code"]


@dataclass(frozen=True)
class Regions:
    """Counts (COUNTS) of regions, into which each authority went in each cohort (PLACE), and what is odd about them."""

    counts: pd.DataFrame
    into: Mapping[tuple[str, ...], str]
    notes: tuple[str, ...]


def rolled_up(counts: pd.DataFrame, complete: Collection[bool]) -> Regions:
    """Counts (COUNTS) of authorities in; their regions out.

    A region that not all of its authorities are in has another code and name than the region. `complete` says of each
    row whether its file has all cells that anybody is in.
    """
    import pandas as pd

    rows = counts.assign(region=counts["area_code"].map(region_of), said=list(complete))
    strange = rows.loc[rows["region"].isna(), "area_name"].unique()
    notes = [f"in no region, and left out: {listing(sorted(strange))}"] if len(strange) else []
    rows = rows[rows["region"].notna()]
    into: dict[tuple[str, ...], str] = {}
    parts, inside = [rows.iloc[:0][COUNTS]], dict[str, dict[frozenset[str], set[str]]]()
    for key, cohort in rows.groupby([*WHEN_AND_WHAT, "region"], sort=False):
        period, region = str(key[0]), str(key[-1])
        found = set(map(str, cohort["area_code"].unique()))
        # Of two authorities that are printed together as well as each by itself, the sum has each once.
        members = frozenset(code for code in found if TOGETHER not in code or not found & set(code.split(TOGETHER)))
        cohort = cohort[cohort["area_code"].isin(members)]  # noqa: PLW2901 - what of it is added up
        code, name = _named(region, members, period)
        needed = pd.Series(0 if cohort["said"].all() else len(members), index=cohort.index)
        renamed = cohort.assign(area_code=code, area_name=name, level="region")
        parts.append(added_up(renamed, needed))
        into |= {(*map(str, key[:-1]), authority): code for authority in members}
        if code != region:
            inside.setdefault(name, {}).setdefault(members, set()).add(f"{period} {key[3]}")
    return Regions(pd.concat(parts, ignore_index=True), into, (*notes, *_partial(inside)))


def _named(region: str, members: frozenset[str], period: str) -> tuple[str, str]:
    """The code and name of a region of which these authorities are there; the code says which, the name how many.

    Of an authority that began or ended, publications have figures for a year more or less than it was there.
    """
    there = frozenset(part for code in members for part in code.split(TOGETHER))
    start = int(period[:4])
    years = [f"{year}/{(year + 1) % 100:02d}" for year in (start, start + 1, start - 1)]
    whole = max((authorities(region, year) for year in years), key=lambda one: (len(one & there), -len(one - there)))
    name = areas()[region].name
    if whole <= there:
        return region, name
    lacking = "without " + "+".join(sorted(whole - there))
    those = "+".join(sorted(members))
    code = place(region, lacking if there < whole and len(lacking) < len(those) else those)
    return code, f"{name} ({len(whole & there)} of {len(whole)} authorities)"


def _partial(inside: dict[str, dict[frozenset[str], set[str]]]) -> list[str]:
    """In words, which authorities are in regions that lack some; when they are not always the same, when."""
    notes = []
    for name, sets in sorted(inside.items()):
        for members, when in sorted(sets.items(), key=lambda one: sorted(one[1])):
            places = listing(sorted(areas()[code].name for code in members))
            at = f" in {listing(sorted(when), 6)}" if len(sets) > 1 else ""
            notes.append(f"{name} is not the region: it is {places} alone{at}")
    return notes
