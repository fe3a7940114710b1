"""Regions from their authorities: sums that lose nobody, and that tell nothing of what the authorities hide."""

from collections.abc import Callable

import pandas as pd
import pytest

from gapcalc.attack import attack
from gapcalc.attack.seen import seen_in_counts
from gapcalc.definitions import areas
from gapcalc.definitions.parents import parents_of
from gapcalc.definitions.regions import authorities, region_of
from gapcalc.model import KEY, SUMS
from gapcalc.pool import rolled_up
from gapcalc.protect import protect
from gapcalc.protect.block import Block
from tests.properties.drawn import Drawn, draw

ALL_OF_THEM = sorted(authorities("E12000006", "2013/14"))
DRAWS = range(20)


def authorities_of(drawn: Drawn, codes: list[str]) -> pd.DataFrame:
    """What is drawn of authorities, under the codes of real ones."""
    counts = drawn.counts if drawn.margins is None else drawn.margins
    renamed = dict(zip(sorted(counts["area_code"].unique()), codes, strict=False))
    counts = counts[counts["area_code"].isin(list(renamed))]
    return counts.assign(area_code=counts["area_code"].map(renamed)).reset_index(drop=True)


@pytest.mark.parametrize("seed", range(1, 6))  # of intersections not so many are drawn, as of 0
def test_all_authorities_of_a_region_are_the_region(seed: int) -> None:
    counts = authorities_of(draw(seed, len(ALL_OF_THEM)), ALL_OF_THEM)
    found = rolled_up(counts, [True] * len(counts))
    regions, notes = found.counts, found.notes
    assert set(regions["area_code"]) == {"E12000006"}
    assert set(regions["area_name"]) == {"East of England"}
    assert notes == ()
    cell = [name for name in KEY if name not in ("area_code", "level")]
    for name in SUMS:
        assert regions.set_index(cell)[name].to_dict() == counts.groupby(cell)[name].sum().to_dict()


@pytest.mark.parametrize("seed", range(5))
def test_several_regions_are_their_own_authorities_each(seed: int) -> None:
    codes = sorted(code for code in areas() if region_of(code))[::17]
    counts = authorities_of(draw(seed, len(codes)), codes)
    regions = rolled_up(counts, [True] * len(counts)).counts
    assert regions["area_name"].str.contains("authorities").all()
    for region in {region_of(code) for code in codes}:
        mine = counts[counts["area_code"].map(region_of) == region]
        there = regions[regions["area_code"].str.startswith(f"{region}/")]
        for name in SUMS:
            assert there[name].sum() == mine[name].sum()


def given_away(drawn: Drawn, cleared: Callable[..., pd.DataFrame]) -> int:
    """How many hidden counts a reader of a region's and its authorities' figures works out."""
    counts = authorities_of(drawn, ALL_OF_THEM)
    regions = rolled_up(counts, [True] * len(counts)).counts
    together = pd.concat([regions, counts], ignore_index=True)
    parents = parents_of(together["area_code"].tolist(), together["level"].tolist())
    shown = cleared(regions, drawn, counts, parents)
    seen = seen_in_counts(shown, drawn.policy)
    found = attack(seen, drawn.policy, parents, exact=0).counts
    found = found[found["verdict"] != "passes"]
    truth = together.set_index(KEY)
    right = 0
    for row in found.to_dict("records"):
        key = tuple(row[name] for name in KEY)
        if key in truth.index:
            one = truth.loc[key]
            value = {"pupils": one["pupils"], "reached": one["total"], "not_reached": one["pupils"] - one["total"]}
            right += bool(row["lowest"] <= value[row["count"]] <= row["highest"])
    return right


def both(regions: pd.DataFrame, drawn: Drawn, counts: pd.DataFrame, parents: dict[str, str]) -> pd.DataFrame:
    """A run by region, and one by authority, as they are printed."""
    above = protect(regions, drawn.policy, counts, parents).counts
    return pd.concat([above, protect(counts, drawn.policy).counts], ignore_index=True)


def apart(regions: pd.DataFrame, drawn: Drawn, counts: pd.DataFrame, parents: dict[str, str]) -> pd.DataFrame:
    """The same, neither knowing of the other."""
    cleared = [protect(one, drawn.policy).counts for one in (regions, counts)]
    return pd.concat(cleared, ignore_index=True)


def test_regions_and_authorities_tell_nothing_together() -> None:
    found = {seed: given for seed in DRAWS if (given := given_away(draw(seed, 2 + seed % 4), both))}
    assert not found
    assert any(given_away(draw(seed, 2 + seed % 4), apart) for seed in DRAWS), "nothing there to be found"


def test_without_hiding_in_the_region_something_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Block, "hide_above", lambda *_: False)
    assert any(given_away(draw(seed, 2 + seed % 4), both) for seed in (9, 21, 55))
