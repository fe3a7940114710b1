"""Comparators: whose gap stands beside whose. Each is a function of gaps, and a line of the registry.

A function takes gaps and the gaps that can stand beside them, and gives one row for each gap and area: `row` (of the
gap), `area_code`, `level`, `period`. How figures of several areas become one is not its matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gapcalc.comparisons import Setting
from gapcalc.definitions import areas
from gapcalc.definitions.breaks import PERIOD, earlier_period
from gapcalc.definitions.parents import authority_of
from gapcalc.model import each

if TYPE_CHECKING:
    import pandas as pd

    Who = Callable[[pd.DataFrame, pd.DataFrame, Setting], pd.DataFrame]


@dataclass(frozen=True)
class Comparator:
    """Whose gaps stand beside: one area's or several areas', and whether the area itself is within them."""

    who: Who
    label: str
    several: bool = False
    contains: bool = False
    earlier: bool = False


def comparator(name: str) -> Comparator:
    """The comparator of a name of the registry, or of an academic year."""
    return Comparator(_in_period(name), name, earlier=True) if PERIOD.fullmatch(name) else COMPARATORS[name]


def _authority(code: str, within: Mapping[str, str]) -> str:
    """The authority that a district or school lies in; every other area is its own, whatever lies around it."""
    return authority_of(code) if code in areas() else within.get(code) or authority_of(code)


def _rows(gaps: pd.DataFrame, found: list[tuple[int, str, str]]) -> pd.DataFrame:
    """Gaps, and some rows of them each with an area and its level, in; the same with the period of the gap out."""
    import pandas as pd

    table = pd.DataFrame(found, columns=["row", "area_code", "level"])
    return table.assign(period=gaps["period"].to_numpy()[table["row"].to_numpy(dtype=int)])


def _one_area(gaps: pd.DataFrame, areas_of: Mapping[str, str], level: str) -> pd.DataFrame:
    """One area for each gap, by the gap's own; none where it is that area itself, or not told."""
    own = enumerate(gaps["area_code"].tolist())
    return _rows(gaps, [(row, areas_of[code], level) for row, code in own if areas_of.get(code, code) != code])


def _national(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    countries = sorted(pool.loc[pool["level"] == "national", "area_code"].unique())
    found: dict[str, str] = {}
    for code in gaps["area_code"].unique():
        authority = _authority(code, setting.within)
        # Codes begin with the letter of their country. Of an area in no list the only country given is taken.
        same = [one for one in countries if one[:1] == authority[:1]] if authority in areas() else countries
        found |= {code: same[0]} if len(same) == 1 else {}
    return _one_area(gaps, found, "national")


def _region(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    found: dict[str, str] = {}
    for code in gaps["area_code"].unique():
        known = areas().get(_authority(code, setting.within))
        found |= {code: known.region} if known and known.region and known.level == "la" else {}
    return _one_area(gaps, found, "region")


def _la(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    below = gaps.loc[gaps["level"].isin(["district", "school"]), "area_code"].unique()
    return _one_area(gaps, {code: _authority(code, setting.within) for code in below}, "la")


def _las(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    every = sorted(pool.loc[pool["level"] == "la", "area_code"].unique())
    countries = {one[:1] for one in every if one in areas()}
    # An area in no list belongs to the only country there is.
    only = countries.pop() if len(countries) == 1 else ""
    of = {one: one[:1] if one in areas() else only for one in every}
    together = {country: [one for one in every if of[one] == country] for country in of.values()}
    own = enumerate(each(gaps, "area_code", "level"))
    ours = [(row, code) for row, (code, level) in own if level == "la"]
    return _rows(gaps, [(row, one, "la") for row, code in ours for one in together[of[code]]])


def _neighbours(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    if setting.neighbours is None:
        raise ValueError("no list of neighbours")
    of = setting.neighbours.of
    own = enumerate(each(gaps, "area_code", "level"))
    ours = [(row, code) for row, (code, level) in own if level == "la"]
    return _rows(gaps, [(row, one.code, "la") for row, code in ours for one in of.get(code, ())])


def _in_period(name: str) -> Who:
    def who(gaps: pd.DataFrame, pool: pd.DataFrame, setting: Setting) -> pd.DataFrame:
        periods = [earlier_period(name, str(period)) or "" for period in gaps["period"]]
        table = gaps[["area_code", "level"]].assign(row=range(len(gaps)), period=periods)
        return table[(table["period"] < gaps["period"]).to_numpy()]

    return who


COMPARATORS: dict[str, Comparator] = {
    "national": Comparator(_national, "national", contains=True),
    "region": Comparator(_region, "region", contains=True),
    "neighbours": Comparator(_neighbours, "statistical neighbours", several=True),
    "las": Comparator(_las, "all authorities given", several=True, contains=True),
    "la": Comparator(_la, "authority", contains=True),
    "previous": Comparator(_in_period("previous"), "year before", earlier=True),
}
