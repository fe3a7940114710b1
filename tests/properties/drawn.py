"""Counts drawn around the threshold, protected, and attacked with everything else known.

Small heaps of pupils hardly ever make exactly one small count, so what is drawn here is heaps with their size: each a
group in every dimension, so many pupils, of whom so many reached the standard. What is true of the pupils is said here
once more, by hand: a pupil has one ethnicity and one time in care, which say the groups of several dimensions.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gapcalc.attack import Attacked, attack
from gapcalc.attack.seen import seen_in_counts
from gapcalc.definitions import ALL, TIMES, UNKNOWN, Policy, dimension, dimension_parts, policies, reference_group
from gapcalc.definitions.parents import parents_of
from gapcalc.kinds import AND
from gapcalc.model import COUNTS, Cleared, dimension_name
from gapcalc.protect import protect
from gapcalc.roles import LESS

# Dimensions that are drawn together, since one follows from another or lies within it.
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("sen", "sen_provision"),
    ("fsm", "disadvantaged"),
    ("lac", "lac_12_months"),
    ("lac", "disadvantaged"),
    ("bme", "ethnicity"),
    ("bme", "ethnicity"),
    ("bme", "ethnicity", "grt"),
    ("ethnicity", "grt"),
    ("bme", "minority_excl_white"),
    ("ethnicity_gss5", "minority_excl_white"),
    ("bme x sex", "ethnicity x sex"),
    ("lac_12_months", "sex"),
    ("lac x sex", "lac_12_months x sex"),
    ("fsm x sex", "disadvantaged x sex"),
    ("fsm", "disadvantaged", "fsm x lac"),
    ("sen_provision",),
    ("fsm x sen",),
    ("fsm", "sen", "fsm x sen"),
    ("fsm",),
    ("sex",),
    ("ethnicity",),
    ("sen", "sex"),
)
WHICH = ["area_code", "measure", "term"]
Heap = tuple[dict[str, str], int, int]  # the group in each dimension, pupils, and how many reached the standard
Where = tuple[str, str, str]  # as WHICH
OWN = Policy(name="own", largest=4, fewest_values=3)
PEOPLE = [
    {"fsm": "fsm", "disadvantaged": "disadvantaged"},
    {"fsm": "not_fsm", "disadvantaged": "disadvantaged"},
    {"fsm": "not_fsm", "disadvantaged": "not_disadvantaged"},
    {"fsm": UNKNOWN, "disadvantaged": UNKNOWN},
]
CARE = [
    {"lac": "lac", "lac_12_months": "lac_12_months"},
    {"lac": "lac", "lac_12_months": "lac_under_12_months"},
    {"lac": "not_lac", "lac_12_months": "not_lac"},
    {"lac": "not_lac", "lac_12_months": "not_lac"},
    {"lac": "lac", "lac_12_months": "lac_months_unknown"},
    {"lac": UNKNOWN, "lac_12_months": UNKNOWN},
]
NEEDS = [
    {"sen": "any_sen", "sen_provision": "sen_support"},
    {"sen": "any_sen", "sen_provision": "ehc_plan"},
    {"sen": "no_sen", "sen_provision": "no_sen"},
    {"sen": UNKNOWN, "sen_provision": UNKNOWN},
]
# In the order of these dimensions. White pupils of whom it is not said whether they are British come last.
ETHNIC = ("bme", "ethnicity", "ethnicity_gss5", "minority_excl_white", "grt")
ORIGIN = [
    dict(zip(ETHNIC, words, strict=True))
    for words in (
        ("white_british", "white", "white", "white", "not_grt"),
        ("white_british", "white", "white", "white", "not_grt"),
        ("bme", "white", "white", "white", "not_grt"),
        ("bme", "white", "white", "white", "grt"),
        ("bme", "mixed", "mixed", "minority", "not_grt"),
        ("bme", "asian", "asian", "minority", "not_grt"),
        ("bme", "black", "black", "minority", "not_grt"),
        ("bme", "chinese", "asian", "minority", "not_grt"),
        ("bme", "other", "other", "minority", "not_grt"),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, "white", "white", "white", UNKNOWN),
    )
]
SEXES = [{"sex": "boys"}, {"sex": "girls"}]


@dataclass(frozen=True)
class Drawn:
    """Counts of places and, where these are asked for, of the authorities above them."""

    counts: pd.DataFrame
    margins: pd.DataFrame | None
    policy: Policy
    tables: int
    heaps: Mapping[Where, list[Heap]]  # of each place and authority

    def count(self, area: str, measure: str, term: str, name: str, group: str) -> tuple[int, int]:
        """How many pupils a cell has, and how many of them reached the standard; also where subtraction gives it."""
        some = [heap for heap in self.heaps[area, measure, term] if is_in(heap[0], name, group)]
        return sum(pupils for _, pupils, _ in some), sum(reached for _, _, reached in some)


def is_in(groups: Mapping[str, str], name: str, group: str) -> bool:
    """Whether a pupil of these groups is in a cell."""
    if AND in name:
        return all(is_in(groups, one, word) for one, word in zip(name.split(AND), group.split(AND), strict=True))
    if name.count(LESS) > 1:
        # What is left of that without those who are not in the first narrower group, but in another.
        less, both = name.rsplit(LESS, 1)
        first = less.split(LESS)[1]
        words = {first: reference_group((first,))}
        in_both = TIMES.join(words.get(part, dimension(part).focus[0]) for part in dimension_parts(both))
        return is_in(groups, less, group) and not is_in(groups, both, in_both)
    if LESS in name:
        # The group within the wider one has the narrower's name; of intersections one part is wider.
        wide, fine = (dimension_parts(one) for one in name.split(LESS))
        (wider,), (narrower,) = ([one for one in parts if one not in wide or one not in fine] for parts in (wide, fine))
        within = [inner for inner, around in dimension(narrower).within.items() if wider in around]
        inner = [*within, *dimension(narrower).focus][0]
        return is_in(groups, TIMES.join(wide), group) and groups[narrower] != inner
    return name == ALL or [groups[part] for part in dimension_parts(name)] == group.split(TIMES)


def draw(seed: int, authorities: int = 1, few: int | None = None) -> Drawn:
    """So many authorities' tables, all with the same dimensions, measures and policy.

    Of dimensions that have very many groups together not more than `few`.
    """
    chance = random.Random(seed)  # noqa: S311
    names = chance.choice(TOGETHER)
    policy = chance.choice([policies()["strict"], policies()["strict"], policies()["dfe"], OWN])
    cohorts = chance.choice(
        [
            [("reading_l4", "")],
            [("reading_l4", "")],
            [("reading_l4", ""), ("maths_l4", "")],
            [("reading_l4", "autumn"), ("reading_l4", "spring")],
        ]
    )
    below = chance.random() < 0.7
    if any(TIMES in name for name in names):
        authorities = min(authorities, 2)  # these have very many groups
    elif few is not None and len(names) > 1 and set(names) & set(ETHNIC):
        authorities = min(authorities, few)
    rows, above = [], []
    heaps_of: dict[Where, list[Heap]] = {}
    for number in range(authorities):
        code = f"E1000{number:04d}"
        every = []
        for place in range(chance.randint(2, 5) if below else 1):
            heaps = _heaps(chance, names, policy.largest)
            every.append((f"{code}/{place}" if below else code, heaps))
        for measure, term in cohorts:
            results = [(area, _results(chance, heaps, policy.largest)) for area, heaps in every]
            for area, heaps in results:
                heaps_of[area, measure, term] = heaps
                rows += _rows(heaps, names, ["2013/14", term, "final", area, "district" if below else "la", measure])
            if below:
                whole = heaps_of[code, measure, term] = [heap for _, heaps in results for heap in heaps]
                above += _rows(whole, names, ["2013/14", term, "final", code, "la", measure])
    return Drawn(_table(rows), _table(above) if above else None, policy, authorities, heaps_of)


def _heaps(chance: random.Random, names: tuple[str, ...], largest: int) -> list[Heap]:
    parts = {part for name in names for part in dimension_parts(name)}
    heaps = []
    for _ in range(chance.randint(3, 9)):
        groups: dict[str, str] = {}
        for kind in (PEOPLE, CARE, NEEDS, ORIGIN, SEXES):
            groups |= chance.choice(kind)
        if groups["lac"] == "lac" and "disadvantaged" in parts:
            groups["disadvantaged"] = "disadvantaged"
        heaps.append((groups, _size(chance, largest), 0))
    return heaps


def _size(chance: random.Random, largest: int) -> int:
    return chance.choice(
        [chance.randint(0, largest + 3), chance.randint(0, largest + 3), chance.randint(largest, 4 * largest + 20)]
    )


def _results(chance: random.Random, heaps: list[Heap], largest: int) -> list[Heap]:
    """The heaps with how many reached the standard; now and then some pupils have no result in a measure."""
    found = []
    gone = chance.random() < 0.15
    for groups, pupils, _ in heaps:
        left = max(0, pupils - chance.randint(0, 2)) if gone else pupils
        reached = chance.choice([chance.randint(0, left), min(left, chance.randint(0, largest + 2)), left])
        found.append((groups, left, reached))
    return found


def _rows(heaps: list[Heap], names: tuple[str, ...], where: list[str]) -> list[list[object]]:
    cells: dict[tuple[str, str], list[int]] = {(ALL, ALL): [0, 0]}
    for name in names:
        parts = dimension_parts(name)
        # As counting does: nobody is said of peers and of those who are not known.
        cells[dimension_name(parts), reference_group(parts)] = [0, 0]
        cells[dimension_name(parts), TIMES.join([UNKNOWN] * len(parts))] = [0, 0]
    for groups, pupils, reached in heaps:
        keys = [(ALL, ALL)]
        keys += [(name, TIMES.join(groups[part] for part in dimension_parts(name))) for name in names]
        for key in keys if pupils else ():
            cell = cells.setdefault(key, [0, 0])
            cell[0] += pupils
            cell[1] += reached
    period, term, status, area, level, measure = where
    return [
        [period, term, status, area, level, "ks2", measure, *key, area, pupils, reached, reached, "counted", None]
        for key, (pupils, reached) in cells.items()
    ]


def _table(rows: list[list[object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COUNTS)
    return table.astype(dict.fromkeys(("pupils", "total", "total_sq"), "Int64"))


def cleared_places(drawn: Drawn) -> Cleared:
    """What is cleared of the places, those of the authorities above them being known."""
    within = {code: code.split("/")[0] for code in drawn.counts["area_code"].unique() if "/" in code}
    return protect(drawn.counts, drawn.policy, drawn.margins, within)


def attacked(drawn: Drawn) -> Attacked:
    """What a reader can work out of all that is cleared, of the places and of the authorities above them."""
    cleared = [cleared_places(drawn).counts]
    if drawn.margins is not None:
        cleared.append(protect(drawn.margins, drawn.policy).counts)
    return attack_on(pd.concat(cleared, ignore_index=True), drawn.policy)


def attack_on(counts: pd.DataFrame, policy: Policy) -> Attacked:
    """What a reader of cleared counts can work out."""
    seen = seen_in_counts(counts, policy)
    return attack(seen, policy, parents_of(seen["area_code"].tolist(), seen["level"].tolist()), exact=0)


def found_out(drawn: Drawn) -> pd.DataFrame:
    """The counts that are given away, or of which it cannot be said.

    A reader who takes different pupils of one number for the same may draw a wrong conclusion; that is no discovery.
    """
    found = attacked(drawn).counts
    found = found[found["verdict"] != "passes"]
    if found.empty:
        return found
    shown = cleared_places(drawn).counts
    shown = shown[shown["total"].notna() & (shown["pupils"] > 0)]
    places = {
        (code.split("/")[0], measure, term)
        for code, measure, term in zip(*(shown[name] for name in WHICH), strict=True)
    }
    right = [_true(row, drawn) and _can_be_helped(row, places) for row in found.to_dict("records")]
    return found[right]


def _can_be_helped(row: dict[Any, Any], places: set[tuple[str, str, str]]) -> bool:
    """Whether anything is left to hide: where no place shows anything, the authority's figures alone tell.

    They do where those whose group is not known are few, who are not protected, or a place has nobody of a group.
    """
    area, *rest = (row[name] for name in WHICH)
    return (area.split("/")[0], *rest) in places


def _true(row: dict[Any, Any], drawn: Drawn) -> bool:
    """Whether what was found of a count is so."""
    pupils, reached = drawn.count(row["area_code"], row["measure"], row["term"], row["dimension"], row["group"])
    value = {"pupils": pupils, "reached": reached, "not_reached": pupils - reached}[row["count"]]
    return bool(row["lowest"] <= value <= (row["highest"] if pd.notna(row["highest"]) else value))
