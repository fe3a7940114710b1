"""Everybody is in one row: on pupils drawn with flags that are known and not, with and without protection."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapcalc.present.missed_words import missed_results
from gapcalc.request import Request
from gapcalc.who_missed import who_missed
from tests.conftest import PUPIL_HEADER

FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FLAGS = {"fsm": ["Y", "N", ""], "sen": ["N", "K", "E", ""], "bme": ["WBRI", "CHNE", ""]}
heap = st.tuples(*map(st.sampled_from, FLAGS.values()), st.integers(0, 14), st.integers(0, 14))
heaps = st.lists(heap, min_size=1, max_size=8)


def data(path: Path, drawn: list[tuple[Any, ...]]) -> tuple[Path, dict[tuple[Any, ...], list[int]]]:
    """A file of so many pupils of each kind who reached it and who did not; and of each kind both numbers."""
    lines, counted = [PUPIL_HEADER], dict[tuple[Any, ...], list[int]]()
    for fsm, sen, origin, reached, missed in drawn:
        lines += [f"2013/14,873,KS2,F,{fsm},{sen},ENG,{origin},4,," for _ in range(reached)]
        lines += [f"2013/14,873,KS2,F,{fsm},{sen},ENG,{origin},3,," for _ in range(missed)]
        kind = {"Y": "fsm", "N": "not_fsm"}.get(fsm), {"N": "no_sen", "": None}.get(sen, "any_sen")
        key = (*kind, {"WBRI": "white_british", "CHNE": "bme"}.get(origin))
        counted.setdefault(key, [0, 0])
        counted[key][0] += reached + missed
        counted[key][1] += missed
    path.write_text("\n".join([*lines, "2013/14,873,KS2,F,N,N,ENG,WBRI,4,,"]) + "\n", encoding="utf-8")
    counted.setdefault(("not_fsm", "no_sen", "white_british"), [0, 0])[0] += 1
    return path, counted


def made(path: Path, groups: tuple[str, ...], **options: Any) -> list[dict[str, Any]]:
    request = Request(data=(str(path),), groups=groups, measures=("reading_l4",), **options)
    return [one.model_dump() for one in missed_results(who_missed(request)).rows]


@FEW
@given(heaps)
def test_everybody_is_in_exactly_one_row(tmp_path: Path, drawn: list[tuple[Any, ...]]) -> None:
    path, counted = data(tmp_path / "data.csv", drawn)
    rows = made(path, ("fsm", "sen", "bme"), internal=True)
    found = {one["group"]: [one["pupils"], one["missed"]] for one in rows}
    # Recounted by hand: each combination is exactly its pupils, and what is left is those of whom a flag is blank.
    expected = {" x ".join(key): counts for key, counts in counted.items() if None not in key}
    unsure = [counts for key, counts in counted.items() if None in key]
    assert {group: counts for group, counts in found.items() if group not in ("unknown", "all") and counts[0]} == {
        group: counts for group, counts in expected.items() if counts[0]
    }
    assert found["unknown"] == [sum(one[0] for one in unsure), sum(one[1] for one in unsure)]
    for place in (0, 1):
        assert sum(counts[place] for group, counts in found.items() if group != "all") == found["all"][place]
    sizes = [one["pupils"] for one in rows if one["kind"] == "combination"]
    assert sizes == sorted(sizes, reverse=True)


@FEW
@given(heaps)
def test_the_order_of_groups_changes_labels_alone(tmp_path: Path, drawn: list[tuple[Any, ...]]) -> None:
    path, _ = data(tmp_path / "data.csv", drawn)
    first, *others = (made(path, order, internal=True) for order in permutations(("fsm", "sen", "bme")))
    labels = [sorted(one.pop("label").replace(" only", "").split(" + ")) for one in first]
    for other in others:
        assert [sorted(one.pop("label").replace(" only", "").split(" + ")) for one in other] == labels
        assert other == first


@settings(FEW, max_examples=15)
@given(heaps, st.sampled_from(["strict", "dfe"]))
def test_what_is_shown_is_what_is_true_and_nothing_small(
    tmp_path: Path, drawn: list[tuple[Any, ...]], policy: str
) -> None:
    path, _ = data(tmp_path / "data.csv", drawn)
    shown, true = (made(path, ("sen", "fsm"), **options) for options in ({"policy": policy}, {"internal": True}))
    by = {one["group"]: one for one in true}
    largest = {"strict": 9, "dfe": 2}[policy]
    for one in shown:
        for name in ("pupils", "missed", "share"):
            assert one[name] is None or one[name] == pytest.approx(by[one["group"]][name])
        if one["kind"] != "unknown" and one["missed"] is not None and one["pupils"]:
            for count in (one["pupils"], one["missed"], one["pupils"] - one["missed"]):
                assert count == 0 or count > largest
    known = [one for one in shown if one["kind"] == "combination"]
    unknown = [one for one in shown if one["kind"] == "unknown"]
    if any(one["missed"] is None and one["pupils"] != 0 for one in known):
        assert all(one["missed"] is None for one in unknown), "all less the others would tell what is hidden"
    assert pd.DataFrame(shown)["kind"].iloc[-1] == "all"
