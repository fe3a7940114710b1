"""Drawn tables are protected and attacked: no small count may be narrowed to fewer values than the policy allows.

The tables are counts, drawn about the threshold, since heaps of pupils seldom make exactly one small cell. The
attacker is not the one of `protect`: it is told what is left of the counts, all pupils' totals and the authority's
figures as far as they are shown, and solves for each hidden count by itself.
"""

import os
import random
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from gapcalc.definitions import policies
from gapcalc.model import COUNTS
from gapcalc.protect import protect

TABLES = int(os.environ.get("GAPCALC_TABLES", "60"))
POLICY = policies()["strict"]
LA = "E10000003"
Record = dict[str, Any]


def split(chance: random.Random, whole: int, ways: int) -> list[int]:
    """A number shared out, mostly so that one share is small."""
    shares = []
    for _ in range(ways - 1):
        small = chance.random() < 0.6
        share = min(whole, chance.randint(0, 12) if small else chance.randint(0, whole))
        shares.append(share)
        whole -= share
    return [whole, *shares]


def drawn(chance: random.Random) -> list[Record]:
    """The counts of an authority and its schools, for two dimensions one of which may be pooled from a finer one."""
    kind = chance.choice(["fsm", "sen", "nested"])
    schools = chance.randint(1, 4)
    records: dict[tuple[str, str, str, str], list[int]] = {}

    def add(area: str, level: str, dimension: str, group: str, pupils: int, total: int) -> None:
        sums = records.setdefault((area, level, dimension, group), [0, 0])
        sums[0] += pupils
        sums[1] += total

    for number in range(schools):
        size = chance.randint(20, 90)
        reached = chance.randint(0, size)
        cells: dict[str, list[tuple[str, int, int]]] = {}
        names = {
            "fsm": [("fsm", ["not_fsm", "fsm", "unknown"])],
            "sen": [("sen_provision", ["no_sen", "sen_support", "ehc_plan"])],
            "nested": [("disadvantaged", ["not_disadvantaged", "disadvantaged"])],
        }[kind] + [("sex", ["girls", "boys"])]
        for dimension, groups in names:
            x = split(chance, reached, len(groups))
            y = split(chance, size - reached, len(groups))
            cells[dimension] = [(group, a + b, a) for group, a, b in zip(groups, x, y, strict=True)]
        if kind == "sen":
            _, support, plan = cells["sen_provision"]
            cells["sen"] = [cells["sen_provision"][0], ("any_sen", support[1] + plan[1], support[2] + plan[2])]
        if kind == "nested":
            _, n, x_ = cells["disadvantaged"][1]
            fsm_x, fsm_y = split(chance, x_, 2)[0], split(chance, n - x_, 2)[0]
            fsm = ("fsm", fsm_x + fsm_y, fsm_x)
            cells["fsm"] = [("not_fsm", size - fsm[1], reached - fsm_x), fsm]
        for area, level in ((f"90000{number}", "school"), (LA, "la")):
            add(area, level, "all", "all", size, reached)
            for dimension, found in cells.items():
                for group, pupils, total in found:
                    add(area, level, dimension, group, pupils, total)
    start = {"period": "2012/13", "term": "", "status": "final", "key_stage": "ks2", "measure": "rwm_l4"}
    return [
        {**start, "area_code": area, "level": level, "dimension": dimension, "group": group, "area_name": area}
        | {"pupils": n, "total": x, "total_sq": x, "basis": "counted", "symbol": None}
        for (area, level, dimension, group), (n, x) in records.items()
    ]


class Attacker:
    """Equations over the pupils who reached the standard and those who did not, of every cell."""

    def __init__(self, truth: pd.DataFrame, shown: pd.DataFrame) -> None:
        self.cells = {
            (row["area_code"], row["dimension"], row["group"]): number
            for number, row in enumerate(truth.to_dict("records"))
        }
        self.size = len(self.cells)
        self.rows: list[dict[int, int]] = []
        self.right: list[int] = []
        self.truth = truth
        for number, (true, row) in enumerate(zip(truth.to_dict("records"), shown.to_dict("records"), strict=True)):
            if not pd.isna(row["pupils"]):
                self._equal({number: 1, self.size + number: 1}, true["pupils"])
            if not pd.isna(row["total"]):
                self._equal({number: 1}, true["total"])
        areas = list(dict.fromkeys(truth["area_code"]))
        dimensions = [one for one in dict.fromkeys(truth["dimension"]) if one != "all"]
        for area in areas:
            for dimension in dimensions:
                self._sum([one for one in self.cells if one[:2] == (area, dimension)], (area, "all", "all"))
            if "sen" in dimensions:
                parts = [(area, "sen_provision", group) for group in ("sen_support", "ehc_plan")]
                self._sum(parts, (area, "sen", "any_sen"))
                self._sum([(area, "sen_provision", "no_sen")], (area, "sen", "no_sen"))
        for dimension, group in dict.fromkeys((one[1], one[2]) for one in self.cells):
            schools = [(area, dimension, group) for area in areas if area != LA]
            self._sum([one for one in schools if one in self.cells], (LA, dimension, group))
        if {"fsm", "disadvantaged"} <= set(dimensions):
            self.within = [((area, "fsm", "fsm"), (area, "disadvantaged", "disadvantaged")) for area in areas]
        else:
            self.within = []

    def _equal(self, terms: dict[int, int], right: int) -> None:
        self.rows.append(terms)
        self.right.append(right)

    def _sum(self, parts: list[tuple[str, str, str]], whole: tuple[str, str, str]) -> None:
        for shift in (0, self.size):
            terms = {shift + self.cells[one]: 1 for one in parts} | {shift + self.cells[whole]: -1}
            self._equal(terms, 0)

    def range(self, weights: dict[int, int]) -> tuple[float, float]:
        """The least and the most that a sum of unknowns can be."""
        matrix = np.zeros((len(self.rows) + 2 * len(self.within), 2 * self.size))
        low, high = [*self.right], [*self.right]
        for place, terms in enumerate(self.rows):
            for number, sign in terms.items():
                matrix[place, number] = sign
        place = len(self.rows)
        for narrow, wide in self.within:
            for shift in (0, self.size):
                matrix[place, shift + self.cells[wide]], matrix[place, shift + self.cells[narrow]] = 1, -1
                low.append(0)
                high.append(10_000)
                place += 1
        goal = np.zeros(2 * self.size)
        for number, weight in weights.items():
            goal[number] = weight
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * goal,
                constraints=LinearConstraint(matrix, low, high),
                bounds=Bounds(0, 10_000),
                integrality=np.ones(2 * self.size),
            )
            assert found.x is not None
            ends.append(round(float(goal @ found.x)))
        return ends[0], ends[1]

    def recovered(self, shown: pd.DataFrame) -> Iterator[str]:
        """The small counts that are hidden, but known to fewer values than the policy allows."""
        for (area, dimension, group), number in self.cells.items():
            row, true = shown.iloc[number], self.truth.iloc[number]
            if dimension == "all" or group == "unknown":
                continue
            for what, weights, count, hidden in (
                ("pupils", {number: 1, self.size + number: 1}, true["pupils"], pd.isna(row["pupils"])),
                ("reached", {number: 1}, true["total"], pd.isna(row["total"])),
                ("not reached", {self.size + number: 1}, true["pupils"] - true["total"], pd.isna(row["total"])),
            ):
                if not 0 < count < 10:
                    continue
                low, high = self.range(weights) if hidden else (count, count)
                if high - low + 1 < POLICY.fewest_in((dimension,)):
                    yield f"{area} {dimension} {group} {what}: {low} to {high}"


def attack(seed: int) -> list[str]:
    """What is found out of one drawn table."""
    truth = pd.DataFrame(drawn(random.Random(seed)))[COUNTS]  # noqa: S311 - drawn, not secret
    shown = protect(truth, POLICY, within={code: LA for code in truth["area_code"] if code != LA}).counts
    return list(Attacker(truth, shown).recovered(shown))


def test_no_small_count_is_found_out() -> None:
    found = {seed: what for seed in range(TABLES) if (what := attack(seed))}
    assert not found


def attack_with_published(seed: int, *, told: bool = True) -> list[str]:
    """What is found out of schools by one who reads the authority's figures elsewhere, the small ones too."""
    truth = pd.DataFrame(drawn(random.Random(seed)))[COUNTS]  # noqa: S311 - drawn, not secret
    at_la = (truth["level"] == "la").to_numpy()
    schools, authority = truth[~at_la], truth[at_la]
    within = dict.fromkeys(schools["area_code"], LA)
    cleared = protect(schools, POLICY, authority, within, authority if told else None).counts
    shown = pd.concat([cleared, authority], ignore_index=True)
    found = Attacker(pd.concat([schools, authority], ignore_index=True), shown).recovered(shown)
    # What the authority has publicly fewer of than a hidden count must have values, nothing can hide.
    few = {
        f"{row['dimension']} {row['group']} {what}"
        for row in authority.to_dict("records")
        for what, count in (
            ("pupils", row["pupils"]),
            ("reached", row["total"]),
            ("not reached", row["pupils"] - row["total"]),
        )
        if count < POLICY.fewest_in(()) - 1
    }
    return [what for what in found if not what.startswith(LA) and not any(f" {one}:" in what for one in few)]


def test_published_figures_are_known_to_the_attacker() -> None:
    seeds = [seed for seed in range(TABLES) if len({*pd.DataFrame(drawn(random.Random(seed)))["area_code"]}) > 2]  # noqa: S311
    found = {seed: what for seed in seeds if (what := attack_with_published(seed))}
    assert not found
    assert any(attack_with_published(seed, told=False) for seed in seeds)


def again(chance: random.Random, truth: pd.DataFrame, measure: str, term: str) -> pd.DataFrame:
    """The same pupils in another measure, or in another term nearly the same, with other results."""
    other = truth.assign(measure=measure, term=term)
    if term:
        for place in other.index[(other["dimension"] != "all") & (other["group"] != "unknown")]:
            if chance.random() < 0.3:
                other.loc[place, ["pupils", "total", "total_sq"]] = 0
    return other


@pytest.mark.parametrize(("measure", "term"), [("reading_l4", ""), ("rwm_l4", "spring")])
def test_what_is_hidden_of_the_same_pupils_is_hidden_of_both(measure: str, term: str) -> None:
    for seed in range(TABLES // 3):
        chance = random.Random(seed)  # noqa: S311 - drawn, not secret
        truth = pd.DataFrame(drawn(chance))[COUNTS]
        both = pd.concat([truth, again(chance, truth, measure, term)], ignore_index=True)
        shown = protect(both, POLICY, within={code: LA for code in both["area_code"] if code != LA}).counts
        one, other = shown.iloc[: len(truth)], shown.iloc[len(truth) :].reset_index(drop=True)
        # Nobody is a figure, and shown; of two measures the numbers of pupils are the same, of two terms all is.
        twin = (both["pupils"].iloc[len(truth) :].reset_index(drop=True) > 0) & ~one["dimension"].eq("all")
        twin &= ~one["group"].eq("unknown")
        for name in ("pupils", "total") if term else ("pupils",):
            assert (one[name].isna() == other[name].isna())[twin].all(), (seed, name)


def test_a_group_of_nobody_in_another_term_does_not_go_on_for_ever() -> None:
    start: Record = {"period": "2012/13", "status": "final", "area_code": LA, "level": "la", "key_stage": "ks2"}
    start |= {"measure": "rwm_l4", "area_name": LA, "basis": "counted", "symbol": None}
    records = [
        {**start, "term": term, "dimension": dimension, "group": group, "pupils": n, "total": x, "total_sq": x}
        for term, fsm, reached in (("autumn", 20, 3), ("spring", 0, 0))
        for dimension, group, n, x in (
            ("all", "all", 100 + fsm, 60 + reached),
            ("fsm", "fsm", fsm, reached),
            ("fsm", "not_fsm", 100, 60),
            ("fsm", "unknown", 0, 0),
        )
    ]
    shown = protect(pd.DataFrame(records)[COUNTS], POLICY).counts
    assert shown.set_index(["term", "group"])["total"].isna()["autumn", "fsm"]


FAULTS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "sums within an area": ("widen", "_within_areas", lambda block: False),
    "sums across areas": ("widen", "_across_areas", lambda block: False),
    "all of it": ("secondary", "widen", lambda found: None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_a_part_of_it_the_attacker_succeeds(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room, name, nothing = FAULTS[fault]
    monkeypatch.setattr(sys.modules[f"gapcalc.protect.{room}"], name, nothing)
    # The solver, and the attacker at the door, would mend what the faster passes leave open.
    monkeypatch.setattr(sys.modules["gapcalc.protect.secondary"], "_narrow", lambda block: [])
    monkeypatch.setattr(sys.modules["gapcalc.protect"], "_attacked", lambda *_: None)
    assert any(attack(seed) for seed in range(60))


def test_without_pools_the_attacker_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["gapcalc.structure"], "coarser", lambda fine, names: {})
    monkeypatch.setattr(sys.modules["gapcalc.protect"], "_attacked", lambda *_: None)
    assert any(attack(seed) for seed in range(60))
