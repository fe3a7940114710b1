"""What a verdict is made of: the straight line, milestones, tolerances, reasons, and what is said beside it."""

from dataclasses import replace
from typing import Any

import pytest

from gapcalc.check import Judge, Ledger, check
from gapcalc.check_targets import _period
from gapcalc.errors import UnknownName
from gapcalc.forms import Form, between, constant, less, limits, of, pooled
from gapcalc.intervals import newcombe, wilson
from gapcalc.targets import Floor
from tests.judging import ENGLAND, KENT, Where, alike, book, claim, counts, figure, strategy_of, verdict

CSI, RWM = "ks2 csi", "ks2 rwm_l4"
FSM: dict[str, Any] = {"measures": [CSI], "groups": ["fsm"]}
RISING = {
    (KENT, "fsm", "2012/13"): (40, 100),
    (KENT, "fsm", "2013/14"): (46, 100),
    (KENT, "fsm", "2014/15"): (48, 100),
    (KENT, "not_fsm", "2012/13"): (70, 100),
    (KENT, "not_fsm", "2013/14"): (70, 100),
    (KENT, "not_fsm", "2014/15"): (72, 100),
    (ENGLAND, "fsm", "2014/15"): (50, 100),
    (ENGLAND, "not_fsm", "2014/15"): (70, 100),
}


def test_the_line_goes_from_the_baseline_to_the_target() -> None:
    found = claim(FSM | {"kind": "raise_by", "by": "10 ppt"}, counts(CSI, RISING), "2013/14")
    assert (found.verdict, found.due, found.decided_by) == ("on_track", False, "distance_now")
    assert alike((found.actual, found.required, found.required_now), pytest.approx((46, 50, 45)))
    assert alike((found.distance, found.distance_now), pytest.approx((-4, 1)))
    assert found.pupils_needed == 4
    assert alike(
        (found.per_year_needed, found.per_year_best, found.per_year_best_period), pytest.approx((4, 6, "2013/14"))
    )
    assert found.feasible


def test_a_milestone_bends_the_line() -> None:
    said = FSM | {"kind": "raise_by", "by": "10 ppt", "milestones": [{"period": "2013/14", "by": "7 ppt"}]}
    found = claim(said, counts(CSI, RISING), "2013/14")
    assert alike((found.verdict, found.required_now), ("off_track", pytest.approx(47)))


def test_at_the_deadline_the_target_decides() -> None:
    found = claim(FSM | {"kind": "raise_by", "by": "10 ppt"}, counts(CSI, RISING))
    assert (found.verdict, found.decided_by, found.rag) == ("missed", "distance", "red")
    assert found.direction == "better"
    assert found.before == pytest.approx(46)


@pytest.mark.parametrize(
    ("tolerance", "met"),
    [("1 ppt", False), ("2 ppt", True), ("5 percent", True), ("1 pupils", False), ("2 pupils", True)],
)
def test_tolerances_have_units(tolerance: str, met: bool) -> None:
    found = claim(FSM | {"kind": "raise_by", "by": "10 ppt", "tolerance": tolerance}, counts(CSI, RISING))
    assert (found.verdict == "met", found.within_tolerance) == (met, met)


def test_outpacing_every_year_is_missed_in_the_first_that_fails() -> None:
    said = FSM | {"kind": "outpace", "than": "peers", "by": "3 ppt", "each_year": True}
    found = verdict(said, counts(CSI, RISING), "2014/15")
    assert [(one.period, one.verdict) for one in found.claims] == [("2013/14", "met"), ("2014/15", "missed")]
    assert found.verdict == "missed"
    early = verdict(said, counts(CSI, RISING), "2013/14")
    assert [one.verdict for one in early.claims] == ["on_track"]


def test_against_a_comparator() -> None:
    wider = claim(FSM | {"kind": "no_wider_than", "comparator": "national"}, counts(CSI, RISING))
    assert alike((wider.verdict, wider.actual, wider.required), ("missed", pytest.approx(24), pytest.approx(20)))
    assert wider.pupils_needed == 4
    less_ = claim(FSM | {"kind": "at_least_comparator", "comparator": "national"}, counts(CSI, RISING))
    assert alike((less_.verdict, less_.distance), ("missed", pytest.approx(-2)))


def test_the_interval_of_a_distance_is_that_of_its_rates() -> None:
    gap = claim(FSM | {"kind": "at_most", "figure": "gap", "bound": "30 ppt"}, counts(CSI, RISING))
    low, high = newcombe(*map(_array, (72, 100, 48, 100)))
    assert alike((gap.lower, gap.upper), pytest.approx((30 - 100 * high[0], 30 - 100 * low[0])))
    assert (gap.method, gap.within_chance) == ("newcombe", True)
    rate = claim(FSM | {"kind": "at_least", "bound": "20%"}, counts(CSI, RISING))
    low, high = wilson(_array(48), _array(100))
    assert alike((rate.lower, rate.upper), pytest.approx((100 * low[0] - 20, 100 * high[0] - 20)))
    assert rate.within_chance is False


def _array(number: float) -> Any:
    import numpy as np

    return np.array([float(number)])


def test_printed_figures_have_limits_of_rounding() -> None:
    rows = {(KENT, "fsm", "2014/15"): 0.48, (KENT, "not_fsm", "2014/15"): 0.72}
    figures: dict[Where, Any] = {
        (area, CSI, group, period): figure((area, CSI, group, period), value, half_unit=0.005)
        for (area, group, period), value in rows.items()
    }
    found = claim(FSM | {"kind": "at_most", "figure": "gap", "bound": "23.5 ppt"}, figures)
    assert (found.verdict, found.method) == ("missed", "rounding")
    assert alike((found.rounding, found.within_rounding, found.within_chance), (pytest.approx(1), True, None))
    assert alike((found.lower, found.upper, found.pupils_needed), (pytest.approx(-1.5), pytest.approx(0.5), None))


LOW = {"cohort": {"prior": "ks1", "at_most": "1"}}
READING = FSM | LOW | {"measures": ["ks2 reading_l4"]}
CHOSEN = {
    "fsm x ks1_reading_at_most_1": (30, 60),
    "not_fsm x ks1_reading_at_most_1": (80, 100),
    "ks1_reading_at_most_1": (110, 160),
    # None of these may matter.
    "fsm": (90, 100),
    "not_fsm": (400, 500),
    "fsm x ks1_reading_above_1": (60, 60),
    "not_fsm x ks1_reading_above_1": (320, 400),
    "all": (490, 600),
}


@pytest.mark.parametrize(
    ("kind", "groups", "against", "actual"),
    [
        ({"kind": "at_least", "bound": "40%"}, ["fsm"], "peers", 50),
        ({"kind": "at_least", "bound": "40%"}, [], "peers", 68.75),
        ({"kind": "at_most", "figure": "gap", "bound": "40 ppt"}, ["fsm"], "peers", 30),
        ({"kind": "at_most", "figure": "gap", "bound": "40 ppt"}, ["fsm"], "all", 18.75),
    ],
)
def test_pupils_are_chosen_by_an_earlier_result(
    kind: dict[str, Any], groups: list[str], against: str, actual: float
) -> None:
    figures = counts("ks2 reading_l4", {(KENT, group, "2014/15"): one for group, one in CHOSEN.items()})
    found = claim(READING | kind | {"groups": groups, "against": against}, figures)
    assert alike((found.verdict, found.actual), ("met", pytest.approx(actual)))


REASONS: list[tuple[dict[str, Any], dict[Where, Any], str]] = [
    (FSM | {"kind": "at_least", "bound": "70%"}, {}, "no_data"),
    (
        FSM | {"kind": "at_least", "bound": "70%"},
        {(KENT, CSI, "fsm", "2014/15"): figure((KENT, CSI, "fsm", "2014/15"), None)},
        "hidden",
    ),
    (
        FSM | {"kind": "at_least", "bound": "70%"},
        counts(CSI, {(KENT, "fsm", "2014/15"): (9, 10)}),
        "too_small",
    ),
    (
        {"measures": ["ks4 5ac_em"], "groups": ["fsm"], "kind": "raise_by", "by": "1 ppt"},
        counts("ks4 5ac_em", {(KENT, "fsm", "2012/13"): (40, 100), (KENT, "fsm", "2014/15"): (90, 100)}),
        "break",
    ),
    (
        READING | {"kind": "at_least", "bound": "70%"},
        counts("ks2 reading_l4", {(KENT, "fsm", "2014/15"): (90, 100)}),
        "no_data",
    ),
    (FSM | {"kind": "floor", "level": "ward", "thresholds": [{"measure": CSI, "at_least": "1%"}]}, {}, "no_data"),
]


@pytest.mark.parametrize(("said", "figures", "reason"), REASONS)
def test_why_it_cannot_be_said(said: dict[str, Any], figures: dict[Where, Any], reason: str) -> None:
    found = claim(said, figures, "2014/15")
    assert (found.verdict, found.reason) == ("cannot_say", reason)
    assert found.why
    assert found.distance is None


def test_a_name_of_two_areas_is_ambiguous() -> None:
    figures = counts(CSI, {("March", "fsm", "2014/15"): (50, 100)})
    one = next(iter(figures.values()))
    for code in ("E98/March", "E99/March"):
        figures[code, CSI, "fsm", "2014/15"] = replace(one, area_code=code)
    del figures["March", CSI, "fsm", "2014/15"]
    found = claim(FSM | {"kind": "at_least", "bound": "10%", "areas": ["March"]}, figures)
    assert found.reason == "ambiguous"


def test_areas_counted_as_one() -> None:
    figures = counts(CSI, {("March", "fsm", "2014/15"): (10, 20), ("Chatteris", "fsm", "2014/15"): (30, 60)})
    said = FSM | {"kind": "at_least", "bound": "50%", "areas": [["March", "Chatteris"]]}
    found = claim(said, figures)
    assert alike((found.verdict, found.actual, found.area_name), ("met", pytest.approx(50), "March and Chatteris"))
    figures["March", CSI, "fsm", "2014/15"] = figure(("March", CSI, "fsm", "2014/15"), None)
    assert claim(said, figures, "2014/15").reason == "hidden"


def test_where_it_stood_when_it_could_last_be_judged() -> None:
    figures = counts(RWM, RISING)
    found = claim(
        FSM | {"measures": [RWM], "kind": "raise_by", "by": "12 ppt", "deadline": "2015/16"}, figures, "2015/16"
    )
    assert (found.verdict, found.reason, found.direction) == ("cannot_say", "break", "none")
    last = found.last_known
    assert last is not None
    assert alike(
        (last.period, last.verdict, last.actual, last.required_now),
        (
            "2014/15",
            "on_track",
            pytest.approx(48),
            pytest.approx(48),
        ),
    )


def test_a_prediction_is_no_result() -> None:
    where = (KENT, CSI, "fsm", "2014/15")
    figures = counts(CSI, RISING) | {where: figure(where, 60, 100, status="predicted")}
    said = FSM | {"kind": "raise_by", "by": "10 ppt"}
    assert claim(said, figures, "2014/15").reason == "no_data"
    found = claim(said | {"judged_on": "predicted"}, figures)
    assert alike(
        (found.verdict, found.predicted, found.due, found.distance), ("on_track", True, True, pytest.approx(10))
    )
    missed = figures | {where: figure(where, 41, 100, status="predicted")}
    assert claim(said | {"judged_on": "predicted"}, missed).verdict == "off_track"


@pytest.mark.parametrize(
    ("value", "rag", "met"), [(0.785, "green", True), (0.784, "amber", False), (0.7, "red", False), (0.6, "red", False)]
)
def test_a_scorecard_has_its_own_colours(value: float, rag: str, met: bool) -> None:
    said = FSM | {"kind": "banded", "bound": "78.5%", "intervention": "70%", "better": "higher"}
    found = claim(said, {(KENT, CSI, "fsm", "2014/15"): figure((KENT, CSI, "fsm", "2014/15"), value)})
    assert (found.rag, found.verdict == "met") == (rag, met)


FLOOR = {"kind": "floor", "level": "school", "thresholds": [{"measure": CSI, "at_least": "60%"}]}


def schools(**reached: int | None) -> dict[Where, Any]:
    return {
        (name, CSI, "all", "2014/15"): figure((name, CSI, "all", "2014/15"), number, 100, level="school")
        for name, number in reached.items()
    }


@pytest.mark.parametrize(
    ("allowed", "figures", "wanted"),
    [
        (0, schools(a=70, b=60), "met"),
        (0, schools(a=70, b=59), "missed"),
        (1, schools(a=70, b=59), "met"),
        (0, schools(a=70, b=None), "cannot_say"),
        (1, schools(a=59, b=None), "cannot_say"),
        (1, schools(a=59, b=58, c=None), "missed"),
        (2, schools(a=59, b=None), "met"),
    ],
)
def test_a_floor_counts_areas(allowed: int, figures: dict[Where, Any], wanted: str) -> None:
    found = claim(FLOOR | {"allowed": allowed}, figures)
    assert found.verdict == wanted
    assert found.areas == len(figures)
    assert found.failing_areas is None
    named = verdict(FLOOR | {"allowed": allowed}, figures, internal=True).claims[0].failing_areas
    assert named is not None
    judge = Judge(book(figures), strategy_of(FLOOR).strategy, None, False, Ledger())
    check(strategy_of(FLOOR), judge)
    assert not judge.ledger.used(), "schools are counted, and neither named nor listed"
    assert set(named) == {name for (name, *_), one in figures.items() if one.value and one.value < 0.6}


def test_failing_all_or_any() -> None:
    for fails, both, one, unsure in (("any", True, True, None), ("all", True, False, None)):
        floor = Floor.model_validate(FLOOR | {"fails": fails})
        assert floor.fails_with([False, False]) is both
        assert floor.fails_with([False, True]) is one
        assert floor.fails_with([None, True] if fails == "any" else [None, False]) is unsure
        assert floor.fails_with([True, True]) is False


def test_a_document_is_held_against_the_figures() -> None:
    said = FSM | {"kind": "raise_by", "by": "10 ppt", "start": "41%"}
    (start,) = verdict(said, counts(CSI, RISING)).contradictions
    assert alike((start.about, start.document, start.found), ("start", "41%", pytest.approx(40)))
    assert not verdict(said | {"start": "40%"}, counts(CSI, RISING)).contradictions
    printed = {"verdict": "met", "direction": "worse", "where": "its comment"}
    found = verdict(FSM | {"kind": "raise_by", "by": "10 ppt", "printed": printed}, counts(CSI, RISING))
    assert [(one.about, one.document, one.found_word) for one in found.contradictions] == [
        ("verdict", "met", "missed"), ("direction", "worse", "better"),
    ]  # fmt: skip


def test_forms_add_up() -> None:
    one, other = (figure((KENT, CSI, group, "2014/15"), reached, 100) for group, reached in (("fsm", 40), ("all", 60)))
    assert (of(one) - of(one)).value == 0
    assert between(of(one), of(other), 0.5).value == pytest.approx(0.5)
    assert (of(one) * 2 + constant(0.1)).value == pytest.approx(0.9)
    assert limits(constant(1.0)) is None
    assert pooled([one, other], "both").value == pytest.approx(0.5)
    rest = less(replace(other, pupils=300.0, total=160.0), one)
    assert rest is not None
    assert alike((rest[0].value, rest[1]), (pytest.approx(0.6), pytest.approx(2 / 3)))
    assert Form(lacking="nothing").value is None
    assert (of(one) + of(replace(one, value=None, symbol="hidden"))).symbol == "hidden"


@pytest.mark.parametrize(
    ("text", "period"), [("2013/14", "2013/14"), ("2014-08-31", "2012/13"), ("2014-09-01", "2013/14")]
)
def test_which_year_is_now(text: str, period: str) -> None:
    """Of a date it is the last school year that has ended."""
    assert _period(text) == period


def test_what_is_no_year_is_refused() -> None:
    with pytest.raises(UnknownName):
        _period("soon")
