"""All others: exactly all pupils less the group, and nothing hidden is told by a run against them."""

import importlib
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.attack import attack
from gapcalc.attack.rows import in_spite
from gapcalc.attack.seen import seen_in_gaps
from gapcalc.definitions import ALL
from gapcalc.definitions.parents import parents_of
from gapcalc.gap import gap
from gapcalc.model import COHORT, COUNTS, SUMS, Cleared
from gapcalc.protect import protect, told
from gapcalc.rates import rates
from gapcalc.roles import others_than
from tests.properties.drawn import Drawn, cleared_places, draw

DRAWS = range(20)


def counts(figures: dict[tuple[str, str], tuple[int, int]]) -> pd.DataFrame:
    where = ["2013/14", "", "final", "E10000003", "la", "ks2", "reading_l4"]
    rows = [[*where, *cell, "", n, x, x, "counted", None] for cell, (n, x) in figures.items()]
    return pd.DataFrame(rows, columns=COUNTS).astype(dict.fromkeys(SUMS, "Int64"))


figure = st.integers(0, 50).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@settings(deadline=None, max_examples=50)
@given(st.fixed_dictionaries(dict.fromkeys(("any_sen", "no_sen", "unknown"), figure)))
def test_others_are_all_the_other_groups_together(drawn: dict[str, tuple[int, int]]) -> None:
    everybody = sum(one for one, _ in drawn.values()), sum(reached for _, reached in drawn.values())
    table = counts({("sen", group): one for group, one in drawn.items()} | {(ALL, ALL): everybody})
    (one,) = gap(rates(table), "others").to_dict("records")
    pupils, reached = (drawn["no_sen"][at] + drawn["unknown"][at] for at in (0, 1))
    assert (one["reference_pupils"], one["reference_total"]) == (pupils, reached)
    assert one["reference_value"] == reached / pupils if pupils else pd.isna(one["reference_value"])
    peers, others = gap(rates(table), "peers"), gap(rates(table), "others")
    for side in ("focus_pupils", "focus_total", "focus_value", "unknown_pupils"):
        pd.testing.assert_series_equal(peers[side], others[side])


def printed(cleared: Cleared) -> pd.DataFrame:
    """The gaps of a run against others, in the units of its JSON."""
    gaps = gap(told(rates(cleared.counts), cleared), "others")
    names = ("focus_value", "reference_value", "gap", "gap_lower", "gap_upper")
    gaps = gaps.assign(**{name: 100 * pd.to_numeric(gaps[name]) for name in names}, difference=float("nan"))
    for name in ("focus_symbol", "reference_symbol", "symbol"):
        gaps[name] = gaps[name].astype(object).where(gaps[name].notna(), None)
    gaps = gaps.assign(scales=None, protected=True)
    gaps["beside"] = [[] for _ in range(len(gaps))]
    for name in ("focus_pupils", "focus_total", "reference_pupils", "reference_total", "unknown_pupils"):
        gaps[name] = gaps[name].astype("Float64").astype(float)
    return gaps


def given_away(drawn: Drawn) -> Iterator[Any]:
    """What the audit finds in a run against others of the places, and in that of the authorities if there is one."""
    whole = drawn.counts if drawn.margins is None else pd.concat([drawn.counts, drawn.margins])
    truth = whole.set_index([*COHORT, "dimension", "group"])
    runs = [cleared_places(drawn)]
    runs += [] if drawn.margins is None else [protect(drawn.margins, drawn.policy)]
    for cleared in runs:
        gaps = printed(cleared)
        if gaps.empty:
            continue
        if in_spite(gaps, drawn.policy):
            yield "a figure that should be hidden"
        seen = seen_in_gaps(gaps, drawn.policy)
        parents = parents_of(seen["area_code"].tolist(), seen["level"].tolist())
        found = attack(seen, drawn.policy, parents, exact=0).counts
        for row in found[found["verdict"] != "passes"].to_dict("records"):
            pupils, reached = (_true(truth, row, name) for name in ("pupils", "total"))
            value = {"pupils": pupils, "reached": reached, "not_reached": pupils - reached}[row["count"]]
            if row["lowest"] <= value <= row["highest"]:
                yield {name: row[name] for name in ("area_code", "dimension", "group", "count", "lowest", "highest")}


def _true(truth: pd.DataFrame, row: dict[Any, Any], name: str) -> int:
    cohort = tuple(row[column] for column in COHORT)
    group = row["group"].removeprefix(others_than(""))
    key = (*cohort, row["dimension"], group)
    one = int(truth.loc[key, name]) if key in truth.index else 0
    return one if group == row["group"] else int(truth.loc[(*cohort, ALL, ALL), name]) - one


def test_a_run_against_others_gives_nothing_away() -> None:
    found = {seed: told for seed in DRAWS if (told := list(given_away(draw(seed, 3))))}
    assert not found


def test_without_a_look_at_the_others_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    block = importlib.import_module("gapcalc.protect.block")
    monkeypatch.setattr(block, "_few_others", lambda *_: ())
    monkeypatch.setattr(importlib.import_module("gapcalc.attack"), "_few_others", lambda *_: False)
    assert any(True for seed in DRAWS for _ in given_away(draw(seed, 3)))
