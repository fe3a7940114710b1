"""Verdicts of drawn figures, for every kind of target: better results are never judged worse, and a mirror is the same.

Faults planted: the sign of `end` in `judged`, `>` for `>=` in `_holds`, `better` left out of `_lead`, the worst of an
all_of taken as the first. Each is caught here.
"""

from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.forms import Figure
from gapcalc.targets import AllOf, Single
from gapcalc.targets.asked import VERDICTS
from tests.judging import ENGLAND, KENT, Where, counts, figure, verdict

MORE, LESS = "ks2 csi", "ks4 neet"  # of the one more is better, of the other less; neither has a break
PERIODS = ("2012/13", "2013/14", "2014/15")
ROWS = [(area, group, period) for area in (KENT, ENGLAND) for group in ("fsm", "not_fsm") for period in PERIODS]
Rows = dict[tuple[str, str, str], tuple[float, int]]


@st.composite
def tables(draw: Any) -> Rows:
    """Counts of a group and its peers, here and nationally, in three years."""
    found: Rows = {}
    for row in ROWS:
        pupils = draw(st.integers(20, 400))
        found[row] = (draw(st.integers(0, pupils)), pupils)
    return found


def number(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


STEPS = number(0, 40).map(lambda one: f"{one} ppt")
TOLERANCE = st.sampled_from([{}, {"tolerance": "2 ppt"}, {"tolerance": "5 percent"}, {"tolerance": "3 pupils"}])
# Each kind as it is said of what more is better, and, drawn with the same numbers, of its mirror.
Said = tuple[dict[str, Any], dict[str, Any]]


@st.composite
def said(draw: Any, kind: str) -> Said:
    strict = {"strict": draw(st.booleans())}
    bound = draw(number(0, 100))
    by, comparator = {"by": draw(STEPS)}, {"comparator": "national"}
    one: dict[str, Any] = {}
    other: dict[str, Any] | None = None
    if kind == "at_least":
        one = {"bound": f"{bound}%", **strict}
        other = {"kind": "at_most", "bound": f"{100 - bound}%", **strict}
    elif kind == "at_most":
        one = {"figure": "gap", "bound": f"{bound} ppt", **strict}
    elif kind == "raise_by":
        one = by
    elif kind == "narrow_by":
        one = draw(st.sampled_from([by, {"by": f"{bound} percent of the gap"}]))
    elif kind == "no_wider_than":
        one = comparator
    elif kind == "at_least_comparator":
        one = comparator | strict
    elif kind == "outpace":
        one = {"than": draw(st.sampled_from(["peers", "national"]))} | draw(st.sampled_from([{}, by]))
        one |= {"each_year": draw(st.booleans())}
        if one["than"] == "national":
            one |= {"figure": draw(st.sampled_from(["value", "gap"]))}
    elif kind == "banded":
        low = draw(number(0, 99))
        high = draw(number(low + 1, 100))
        one = {"bound": f"{high}%", "intervention": f"{low}%", "better": "higher"}
        other = {"bound": f"{100 - high}%", "intervention": f"{100 - low}%", "better": "lower"}
    elif kind == "floor":
        one = {"level": "la", "thresholds": [{"measure": MORE, "at_least": f"{bound}%"}]}
        other = {"level": "la", "thresholds": [{"measure": LESS, "at_most": f"{100 - bound}%"}]}
    more = draw(TOLERANCE)
    same = {"kind": kind, "groups": ["fsm"], **more}
    # A share of what is asked for is no mirror of a share of the rest.
    return same | {"measures": [MORE]} | one, same | {"measures": [LESS]} | (one if other is None else other)


KINDS = [get_args(one.model_fields["kind"].annotation)[0] for one in get_args(get_args(Single)[0])]
AS_OF = st.sampled_from(["2013/14", "2014/15", "2015/16"])


def judged(target: Mapping[str, Any], measure: str, rows: Rows, as_of: str) -> Any:
    return verdict(target, counts(measure, rows), as_of)


def test_every_kind_is_here() -> None:
    assert len(KINDS) == 9
    assert get_args(AllOf.model_fields["kind"].annotation) == ("all_of",)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_better_results_are_never_judged_worse(kind: str, data: Any) -> None:
    rows, as_of = data.draw(tables()), data.draw(AS_OF)
    target, _ = data.draw(said(kind))
    period = min(as_of, "2014/15")
    reached, pupils = rows[KENT, "fsm", period]
    better = rows | {(KENT, "fsm", period): (data.draw(st.integers(int(reached), pupils)), pupils)}
    before, after = (judged(target, MORE, one, as_of) for one in (rows, better))
    assert VERDICTS.index(after.verdict) <= VERDICTS.index(before.verdict)
    if before.claims[-1].distance is not None and kind != "floor":
        assert after.claims[-1].distance >= before.claims[-1].distance - 1e-9


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_less_is_better_of_is_judged_as_its_mirror(kind: str, data: Any) -> None:
    rows, as_of = data.draw(tables()), data.draw(AS_OF)
    target, mirrored = data.draw(said(kind))
    target = {name: value for name, value in target.items() if name != "tolerance"}
    mirrored = {name: value for name, value in mirrored.items() if name != "tolerance"}
    turned = {key: (pupils - reached, pupils) for key, (reached, pupils) in rows.items()}
    one, other = judged(target, MORE, rows, as_of), judged(mirrored, LESS, turned, as_of)
    assert (one.verdict, one.rag, one.reason) == (other.verdict, other.rag, other.reason)
    for ours, theirs in zip(one.claims, other.claims, strict=True):
        assert (ours.distance is None) == (theirs.distance is None)
        assert ours.direction == theirs.direction
        assert ours.pupils_needed == theirs.pupils_needed
        for name in ("distance", "distance_now", "lower", "upper", "per_year_needed", "per_year_best"):
            mine, its = getattr(ours, name), getattr(theirs, name)
            assert mine == its or abs(mine - its) < 1e-7, name


@settings(max_examples=100, deadline=None)
@given(tables(), st.booleans())
def test_what_is_exactly_as_asked_is_met_unless_more_is(rows: Rows, strict: bool) -> None:
    reached, _ = rows[KENT, "fsm", "2014/15"]
    rows |= {(KENT, "fsm", "2014/15"): (reached % 101, 100)}  # a whole per cent
    same = {"groups": ["fsm"], "measures": [MORE], "strict": strict}
    wanted = "missed" if strict else "met"
    level = {"kind": "at_least", "bound": f"{int(reached) % 101}%"}
    assert judged(same | level, MORE, rows, "2014/15").verdict == wanted
    level = {"kind": "at_least_comparator", "comparator": "national"}
    alike = rows | {(ENGLAND, "fsm", "2014/15"): rows[KENT, "fsm", "2014/15"]}
    assert judged(same | level, MORE, alike, "2014/15").verdict == wanted
    if not strict:
        unchanged = rows | {(KENT, who, "2012/13"): rows[KENT, who, "2014/15"] for who in ("fsm", "not_fsm")}
        for kind in ("raise_by", "narrow_by"):
            zero = {"kind": kind, "by": "0 ppt", "groups": ["fsm"], "measures": [MORE]}
            assert judged(zero, MORE, unchanged, "2014/15").verdict == "met"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_whole_is_its_worst_part(data: Any) -> None:
    rows, as_of = data.draw(tables()), data.draw(AS_OF)
    kinds = data.draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    parts = [data.draw(said(kind))[0] for kind in kinds]
    whole = judged({"kind": "all_of", "parts": parts}, MORE, rows, as_of)
    alone = [judged(part, MORE, rows, as_of).verdict for part in parts]
    assert whole.verdict == max(alone, key=VERDICTS.index)
    assert whole.claims[whole.decided_by].verdict == whole.verdict


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_hidden_figure_leaves_nothing_to_say_and_no_number_made_from_it(data: Any) -> None:
    rows, kind = data.draw(tables()), data.draw(st.sampled_from([one for one in KINDS if one != "floor"]))
    target, _ = data.draw(said(kind))
    figures: dict[Where, Figure] = counts(MORE, rows)
    where = (KENT, MORE, "fsm", "2014/15")
    figures[where] = figure(where, None)
    found = verdict(target, figures, "2014/15")
    for one in found.claims:
        if one.period == "2014/15":
            assert (one.verdict, one.reason) == ("cannot_say", "hidden")
            assert one.actual is one.distance is one.lower is one.pupils_needed is None
