"""Targets: amounts, names, what each kind says in a sentence, and what is filled in from above."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gapcalc.strategy.model import Strategy
from gapcalc.targets import AllOf, AnyTarget
from gapcalc.targets.amounts import amount, both_readings
from gapcalc.targets.names import Who, measure_named, reference_of, who_named

ADAPTER: TypeAdapter[AnyTarget] = TypeAdapter(AnyTarget)
ABOUT = {"areas": ["Kent"], "baseline": "2012/13", "deadline": "2014/15"}
GAP = ABOUT | {"measures": ["ks2 rwm_l4"], "groups": ["fsm"]}
GLD = ABOUT | {"measures": ["eyfs gld"]}
RWM = "Reading, writing and mathematics, level 4 or above (Key stage 2)"
THE_GAP = f"The gap between FSM and not FSM in {RWM} in Kent"
G = "Good level of development (Early years)"

SENTENCES: list[tuple[dict[str, Any], str]] = [
    (GLD | {"kind": "at_least", "bound": "70%"}, f"{G} for all pupils in Kent is at least 70% by 2014/15."),
    (
        GAP | {"kind": "at_most", "figure": "gap", "bound": "10 ppt", "strict": True}
        | {"milestones": [{"period": "2013/14", "bound": "27 ppt", "strict": True}]},
        f"{THE_GAP} is below 10 ppt by 2014/15. On the way: 2013/14 below 27 ppt.",
    ),
    (
        GLD | {"kind": "raise_by", "by": "5 ppt", "areas": [["March", "Chatteris"], "Wisbech"], "groups": ["boys"]},
        f"{G} for Boys in March and Chatteris together and Wisbech each rise by at least 5 ppt"
        " from 2012/13 to 2014/15.",
    ),
    (
        ABOUT | {"measures": ["post16 neet"], "kind": "raise_by", "by": "1 ppt"},
        "Not in education, employment or training (Age 16 to 18) for all pupils in Kent falls by at least 1 ppt from"
        " 2012/13 to 2014/15.",
    ),
    (
        GAP | {"kind": "narrow_by", "by": "20 percent of the gap", "tolerance": "1 pupils"},
        f"{THE_GAP} narrows by at least 20 percent of the gap from 2012/13 to 2014/15. Within 1 pupils counts as met.",
    ),
    (
        GAP | {"kind": "no_wider_than", "comparator": "neighbours", "stated": "17 ppt"}
        | {"milestones": [{"period": "2013/14", "by": "5 ppt"}]},
        f"{THE_GAP} is no wider than the neighbours' gap (17 ppt when it was written) by 2014/15."
        " On the way: 2013/14 by 5 ppt from the baseline.",
    ),
    (
        GLD | {"kind": "at_least_comparator", "comparator": "national", "strict": True, "groups": ["lac", "eal"]}
        | {"milestones": [{"period": "2013/14"}]},
        f"{G} for LAC and EAL in Kent are each better than the national figure for the same pupils by 2014/15."
        " On the way: 2013/14 at least as good.",
    ),
    (
        GAP | {"kind": "outpace", "than": "peers", "by": "3 ppt", "each_year": True},
        f"{RWM} for FSM in Kent improves by at least 3 ppt more than their peers, in every year from 2012/13 to"
        " 2014/15.",
    ),
    (
        GAP | {"kind": "outpace", "figure": "gap", "than": "national", "level": "school"},
        f"The gap between FSM and not FSM in {RWM} in every school of Kent narrows by more than the national figure,"
        " from 2012/13 to 2014/15.",
    ),
    (
        ABOUT | {"measures": ["schools ofsted_good"], "kind": "banded", "bound": "88%", "intervention": "70%"}
        | {"better": "higher", "judged_on": "predicted"},
        "Schools judged good or outstanding (All schools) in Kent is 88% or more by 2014/15; at 70% or less somebody"
        " has to step in. Judged on predicted data, as a prediction.",
    ),
    (
        ABOUT | {"kind": "floor", "level": "school", "fails": "all"}
        | {"thresholds": [{"measure": "ks2 rwm_l4", "at_least": "60%"},
                          {"measure": "ks2 reading_2lp", "at_least": "90%"}]},
        f"No school in Kent misses all of these: {RWM} at least 60%; Reading, two levels of progress from key stage 1"
        " (Key stage 2) at least 90% by 2014/15.",
    ),
    (
        ABOUT | {"kind": "floor", "level": "school", "allowed": 14, "groups": ["fsm"]}
        | {"thresholds": [{"measure": "ks2 rwm_l4", "figure": "gap", "comparator": "national"}]},
        f"At most 14 schools in Kent miss: the gap in {RWM} no wider than the national gap, for FSM, by 2014/15.",
    ),
    (
        GAP | {"kind": "all_of", "parts": [GAP | {"kind": "narrow_by", "by": "2 ppt"},
                                           GAP | {"kind": "at_least", "bound": "60%", "against": "all",
                                                  "cohort": {"prior": "ks1", "at_most": "1"}}]},
        f"All of these: (1) {THE_GAP} narrows by at least 2 ppt from 2012/13 to 2014/15. (2) {RWM} for FSM (whose"
        " result in key stage 1 was 1 or below) in Kent is at least 60% by 2014/15.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("block", "sentence"), SENTENCES, ids=lambda one: one["kind"] if isinstance(one, dict) else "")
def test_a_target_says_itself(block: dict[str, Any], sentence: str) -> None:
    assert ADAPTER.validate_python(block).sentence() == sentence


def test_every_kind_is_said() -> None:
    mapping = ADAPTER.json_schema()["discriminator"]["mapping"]
    assert {block["kind"] for block, _ in SENTENCES} == set(mapping)
    assert set(mapping) == set(
        "at_least at_most raise_by narrow_by no_wider_than at_least_comparator outpace banded floor all_of".split()
    )


def test_a_gap_to_all_pupils_is_said_to_be_one() -> None:
    target = ADAPTER.validate_python(GAP | {"kind": "narrow_by", "by": "1 ppt", "against": "all"})
    assert target.sentence().startswith("The gap between FSM and all pupils in ")


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("88%", "88", "%"), (" 4.50 ppt ", "4.50", "ppt"), ("0.1%", "0.1", "%"), ("20 Percent of the gap", "20", None)],
)
def test_an_amount_is_kept_as_it_is_written(text: str, number: str, unit: str | None) -> None:
    found = amount(text)
    assert found is not None
    assert str(found.number) == number
    assert found.unit == (unit or "percent of the gap")


@pytest.mark.parametrize("text", ["ppt", "-4 ppt", "4", "1e3 ppt", "4 ppts", "four ppt", "", "4,5 ppt"])
def test_what_is_no_amount(text: str) -> None:
    assert amount(text) is None


def test_both_readings_of_a_bare_percentage() -> None:
    assert both_readings(Decimal(5), Decimal(22)) == (
        'write "5 ppt" (a gap of 22 becomes 17.0) or "5 percent of the gap" (it becomes 20.9)'
    )
    assert "becomes 37.0" in both_readings(Decimal(1), Decimal(38))


def test_names_of_groups() -> None:
    assert who_named("fsm") == Who("fsm", "fsm")
    assert who_named("Any_SEN x FSM") == Who("fsm x sen", "fsm x any_sen")
    assert who_named("eal x white_other x not_fsm") == Who("fsm x eal x white_other", "not_fsm x eal x white_other")
    assert who_named("asian") == Who("ethnicity", "asian")
    assert who_named("ethnicity_gss5.asian") == Who("ethnicity_gss5", "asian")
    assert who_named("all") == Who("all", "all")
    for wrong in ("frees", "fsm x", "fsm x not_fsm", "fsm.asian", "", "unheard.fsm"):
        assert who_named(wrong) is None
    assert reference_of(Who("fsm x sen", "fsm x any_sen")) == Who("fsm x sen", "not_fsm x no_sen")


def test_names_of_measures() -> None:
    found = measure_named("KS2  rwm_L4")
    assert found is not None
    assert (found.key_stage, found.id) == ("ks2", "rwm_l4")
    assert measure_named("rwm_l4") is None
    assert measure_named("ks4 rwm_l4") is None


def test_what_is_said_above_is_filled_in_and_what_is_said_stays() -> None:
    head = {"title": "T", "areas": ["Kent"], "baseline": "2012/13", "deadline": "2015/16", "against": "all"}
    named = {"id": "A", "says": "S", "source": {"page": 3}}
    parts = [{"kind": "narrow_by", "by": "2 ppt"}, {"kind": "at_least", "bound": "50%", "deadline": "2013/14"}]
    strategy = Strategy.model_validate(
        {
            "strategy": head,
            "target": [
                named | {"kind": "all_of", "parts": parts, "measures": ["ks2 rwm_l4"], "groups": ["fsm"]},
                named | {"kind": "at_least", "bound": "50%", "areas": ["March"], "against": "peers", "id": "B"},
            ],
        }
    )
    whole, alone = strategy.settled()
    assert isinstance(whole, AllOf)
    first, second = whole.parts
    assert [one.id for one in (whole, first, second, alone)] == ["A", "A (1)", "A (2)", "B"]
    assert (first.measures, first.groups, first.areas) == (("ks2 rwm_l4",), ("fsm",), ("Kent",))
    assert (first.baseline, first.deadline, first.against, first.says) == ("2012/13", "2015/16", "all", "S")
    assert second.deadline == "2013/14"
    assert (alone.areas, alone.against, alone.deadline) == (("March",), "peers", "2015/16")


def test_targets_are_frozen() -> None:
    target = ADAPTER.validate_python(GAP | {"kind": "narrow_by", "by": "1 ppt"})
    with pytest.raises(ValidationError):
        target.deadline = "2020/21"
