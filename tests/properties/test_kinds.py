"""Protection against a reader who thinks of pupils: each has one ethnicity, one time in care, one need.

What dimensions have in common is written down nowhere here, and nothing of gapcalc's structure is used. The unknowns
are how many pupils of each kind there are in each place; a printed count is a sum of them; and a count that should be
hidden is narrowed down in whole numbers, be it of a dimension that was asked for or of one that was not.

`GAPCALC_TABLES=1000 pytest tests/properties/test_kinds.py` draws that many tables.
"""

import importlib
import itertools
import os
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from gapcalc.definitions import ALL, UNKNOWN, dimension, dimension_parts
from gapcalc.kinds import coarser
from gapcalc.protect import protect
from tests.properties.drawn import CARE, NEEDS, ORIGIN, PEOPLE, SEXES, TOGETHER, Drawn, cleared_places, draw, is_in

TABLES = int(os.environ.get("GAPCALC_TABLES", "25"))
START = int(os.environ.get("GAPCALC_START", "0"))
MOST = 10_000  # pupils
Groups = dict[str, str]
# Those that one column of a pupil file tells: who knows some of them may work out others.
ONE_COLUMN = [tuple(kinds[0]) for kinds in (CARE, NEEDS, ORIGIN)]


class Reader:
    """All that is printed of one measure and term of the places and their authority."""

    def __init__(self, drawn: Drawn, shown: pd.DataFrame, measure: str, term: str) -> None:
        self.drawn, self.measure, self.term = drawn, measure, term
        shown = shown[(shown["measure"] == measure) & (shown["term"] == term)]
        self.names = [str(name) for name in shown["dimension"].unique() if name != ALL]
        self.areas = list(dict.fromkeys(shown["area_code"]))
        places = [area for area in self.areas if "/" in area] or self.areas
        self.kinds = _kinds({part for name in self.names for part in dimension_parts(name)})
        self.at = {pair: number for number, pair in enumerate(itertools.product(places, range(len(self.kinds))))}
        self.size = len(self.at)
        self.told: dict[tuple[str, str, str, str], float] = {}
        for row in shown.to_dict("records"):
            for layer, column in (("pupils", "pupils"), ("reached", "total")):
                if not pd.isna(row[column]):
                    self.told[row["area_code"], row["dimension"], row["group"], layer] = float(row[column])

    def sum_of(self, area: str, name: str, group: str, layer: str) -> Any:
        """Which unknowns make up a count: of each place and kind those who reached the standard, then who did not."""
        row = np.zeros(2 * self.size)
        for (place, kind), number in self.at.items():
            if area in (place, place.split("/")[0]) and is_in(self.kinds[kind], name, group):
                row[number] = layer != "not_reached"
                row[self.size + number] = layer != "reached"
        return row

    @cached_property
    def equations(self) -> LinearConstraint:
        """All that is printed."""
        right = np.array(list(self.told.values()))
        return LinearConstraint(np.stack([self.sum_of(*count) for count in self.told]), right, right)

    def values(self, row: Any) -> int:
        """How many values a count can have."""
        found = [
            milp(sign * row, constraints=self.equations, bounds=Bounds(0, MOST), integrality=np.ones(len(row)))
            for sign in (1, -1)
        ]
        assert all(one.x is not None for one in found), "what is printed contradicts itself"
        lowest, highest = (round(float(row @ one.x)) for one in found)
        return highest - lowest + 1

    def secrets(self) -> Iterator[tuple[str, str, str, str, int]]:
        """The small counts that the policy hides, with the values each must keep: of whatever the columns tell."""
        asked = {part for name in self.names for part in dimension_parts(name)}
        others = [part for parts in ONE_COLUMN if asked & set(parts) for part in parts]
        for area, name in itertools.product(self.areas, dict.fromkeys([*self.names, *others])):
            parts = dimension_parts(name)
            largest, fewest = self.drawn.policy.largest_in(parts), self.drawn.policy.fewest_in(parts)
            each = [dimension(part).groups for part in parts]
            for group in map(" x ".join, itertools.product(*each)):
                pupils, reached = self.drawn.count(area, self.measure, self.term, name, group)
                for layer, count in (("pupils", pupils), ("reached", reached), ("not_reached", pupils - reached)):
                    if 1 <= count <= largest:
                        yield area, name, group, layer, fewest

    def found_out(self) -> Iterator[str]:
        """The secrets that are out."""
        for area, name, group, layer, fewest in self.secrets():
            if self.values(self.sum_of(area, name, group, layer)) < fewest:
                yield f"{area} {self.measure} {self.term} {name}: {group} {layer}"


def _kinds(asked: set[str]) -> list[Groups]:
    """All kinds of pupils, as far as it matters for the dimensions that are asked for."""
    names = asked | {name for one in ONE_COLUMN if asked & set(one) for name in one}
    found = {}
    for parts in itertools.product(PEOPLE, CARE, NEEDS, ORIGIN, SEXES):
        groups = {name: word for part in parts for name, word in part.items()}
        if groups["lac"] == "lac" and "disadvantaged" in asked:
            groups["disadvantaged"] = "disadvantaged"
        kind = {name: word for name, word in groups.items() if name in names}
        found[tuple(kind.items())] = kind
    return list(found.values())


def found_out(drawn: Drawn) -> list[str]:
    """What a reader finds out of a drawn table."""
    shown = cleared_places(drawn).counts
    printed = shown[shown["total"].notna() & (shown["pupils"] > 0)]
    if drawn.margins is not None:
        shown = pd.concat([shown, protect(drawn.margins, drawn.policy).counts], ignore_index=True)
    cohorts = printed[["measure", "term"]].drop_duplicates().itertuples(index=False, name=None)
    # Where no place shows anything, nothing is left to hide: the authority's own figures tell.
    return [what for measure, term in cohorts for what in Reader(drawn, shown, measure, term).found_out()]


def test_no_small_count_of_any_kind_of_pupil_is_found_out() -> None:
    found = {seed: what for seed in range(START, START + TABLES) if (what := found_out(draw(seed)))}
    assert not found, "; ".join(f"draw({seed}): {what[0]}" for seed, what in found.items())


def _not_of_lac(fine: str, names: Any) -> dict[str, dict[str, str]]:
    return {name: words for name, words in coarser(fine, names).items() if name != "lac"}


NOTHING: dict[str, tuple[tuple[str, str, Callable[..., Any]], ...]] = {
    "what one code list tells of several dimensions": (("gapcalc.structure", "together", lambda names: iter(())),),
    "what dimensions give that were not asked for": (
        ("gapcalc.protect.blocks", "given_by", lambda names: {}),
        ("gapcalc.attack.equations", "given_by", lambda names: {}),
        ("gapcalc.protect.given", "coarser_of", lambda name: ()),
    ),
    "looked-after children as a sum": (("gapcalc.structure", "coarser", _not_of_lac),),
}


# Most draws have nothing that a fault bears on.
BEARS_ON = dict(zip(NOTHING, ({"bme", "ethnicity"}, {"ethnicity"}, {"lac", "lac_12_months"}), strict=True))


@pytest.mark.parametrize("fault", NOTHING)
def test_without_a_part_of_the_structure_something_is_found_out(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attacker within gapcalc goes by the same structure, so that it is blind to the same."""
    for room, name, instead in NOTHING[fault]:
        monkeypatch.setattr(importlib.import_module(room), name, instead)
    # That nobody is in a group of a place is hidden as well, which happens to hide what these would.
    monkeypatch.setattr(importlib.import_module("gapcalc.protect.blocks"), "_hide_nobody", lambda *_: None)
    drawn = (one for one in map(draw, range(400)) if BEARS_ON[fault] <= set(one.counts["dimension"]))
    assert any(map(found_out, drawn)), f"{fault}: the reader finds nothing"


def test_the_kinds_of_pupils_are_those_of_the_code_lists() -> None:
    """What is drawn is all there is: every combination of words that the codes have, and no other."""
    from gapcalc.definitions import codes

    names = list(ORIGIN[0])
    words = [codes("ethnicity", name) for name in names]
    assert {tuple(one[code] for one in words) for code in words[0]} == {tuple(kind.values()) for kind in ORIGIN}
    assert {tuple(kind.values()) for kind in NEEDS} == set(
        zip(*(codes("sen", name).values() for name in NEEDS[0]), strict=True)
    ) | {(UNKNOWN, UNKNOWN)}
    assert {name for names in TOGETHER for name in names} >= {"bme", "ethnicity", "grt", "lac", "sen_provision"}
