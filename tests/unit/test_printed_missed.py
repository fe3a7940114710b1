"""Tidy aggregates that say who missed a standard: turned round, and kept as they are printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import ImpossibleValue
from gapcalc.harmonise import harmonise, odd_figures
from gapcalc.printed import Printed, PrintedAggregates
from tests.whole import read

Write = Callable[[str, str], Path]
HEADER = "period,area,key_stage,measure,group,pupils,total,value,missed,missed_value\n"


@pytest.fixture
def taken(write: Write) -> Callable[..., tuple[PrintedAggregates, list[str]]]:
    def taken_(*rows: str, header: str = HEADER) -> tuple[PrintedAggregates, list[str]]:
        path = write(header + "".join(f"{row}\n" for row in rows), "printed.csv")
        found = harmonise(read(str(path), sheet=None, encoding=None, delimiter=None))
        assert isinstance(found.content, PrintedAggregates)
        return found.content, [one.message for one in odd_figures(found)]

    return taken_


Taken = Callable[..., tuple[PrintedAggregates, list[str]]]


def counts(found: PrintedAggregates) -> list[tuple[Any, ...]]:
    return list(found.counts[["pupils", "total", "basis", "symbol"]].itertuples(index=False, name=None))


def test_counts_and_percentages_are_turned_round(taken: Taken) -> None:
    found, said = taken(
        "2012/13,873,KS2,rwm_l4,fsm,648,,,345,53%",
        "2012/13,873,KS2,rwm_l4,not_fsm,\"5,230\",,,,25",
        "2012/13,873,KS2,rwm_l4,eal,,,,,36.5",
    )  # fmt: skip
    assert counts(found) == [(648, 303, "counted", None), (5230, 3923, "reconstructed", None)]
    assert found.values[["value", "half_unit"]].to_numpy().tolist() == [[0.635, 0.0005]]
    assert said == []
    assert [(one.pupils, one.missed, one.share, one.half_unit, one.decimals) for one in found.printed()] == [
        (648, 345, 53, 0.5, 0), (5230, None, 25, 0.5, 0), (None, None, 36.5, 0.05, 1),
    ]  # fmt: skip


def test_a_number_of_nobody_knows_how_many_is_kept_but_is_no_count(taken: Taken) -> None:
    found, _ = taken("2012/13,873,KS2,rwm_l4,all,,,,\"1,659\",")  # fmt: skip
    assert counts(found) == [(None, None, "counted", "not_available")]
    assert found.printed() == [Printed(found.printed()[0].key, None, 1659, None, 0, 0)]


def test_what_is_said_of_those_who_reached_it_is_turned_round_too(taken: Taken) -> None:
    found, _ = taken("2012/13,873,KS2,rwm_l4,fsm,648,303,46.8,,")
    (one,) = found.printed()
    assert (one.pupils, one.missed) == (648, 345)
    assert one.share == pytest.approx(53.2)


def test_where_less_is_better_nothing_is_turned(taken: Taken) -> None:
    found, _ = taken("2016/17,Caerphilly,KS4,neet,all,2000,,,38,1.9")
    assert counts(found) == [(2000, 38, "counted", None)]
    assert [(one.missed, one.share) for one in found.printed()] == [(38, 1.9)]


def test_symbols_say_why_there_is_none(taken: Taken) -> None:
    found, _ = taken("2012/13,873,KS2,rwm_l4,lac,18,,,c,")
    assert counts(found) == [(18, None, "counted", "hidden")]


def test_a_printed_share_that_its_own_counts_deny(taken: Taken) -> None:
    _, said = taken("2012/13,873,KS2,rwm_l4,fsm,67,,,27,36", "2012/13,873,KS2,rwm_l4,not_fsm,67,,,27,40")
    assert said == ["column missed_value: denied by its own missed and pupils in row 2"]


def test_who_reached_it_and_who_missed_it_may_deny_each_other(taken: Taken) -> None:
    _, said = taken("2012/13,873,KS2,rwm_l4,fsm,67,40,60,26,42", "2012/13,873,KS2,rwm_l4,not_fsm,67,40,60,27,40")
    assert said == [
        "column missed: denied by total and pupils in row 2", "column missed_value: denied by value in row 2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("KS2,rwm_l4,fsm,20,,,21,", "column missed: more than pupils allows in row 2"),
        ("KS2,rwm_l4,fsm,20,,,-1,", "column missed: a negative number in row 2"),
        ("KS2,rwm_l4,fsm,20,,,1.5,", "column missed: a count that is not whole in row 2"),
        ("KS2,rwm_l4,fsm,20,,,,101", "column missed_value: a percentage above 100 in row 2"),
        ("KS2,rwm_l4,fsm,20,,,few,", "column missed: not a number"),
        ("KS4,attainment8,fsm,20,,,3,", "column missed: who missed a standard, of a mean score"),
    ],
)
def test_what_cannot_be_is_refused(taken: Taken, row: str, rule: str) -> None:
    with pytest.raises(ImpossibleValue, match=rule):
        taken(f"2015/16,873,{row}" if "attainment8" in row else f"2012/13,873,{row}")


def test_of_whom_it_is_unknown_is_told_by_its_place(taken: Taken) -> None:
    header = "period,area,key_stage,measure,dimension,group,pupils,total\n"
    groups = ("unknown x any_sen", "fsm x unknown", "unknown x unknown", "any_sen x fsm")
    found, _ = taken(*(f"2012/13,873,KS2,rwm_l4,fsm x sen,{group},20,10" for group in groups), header=header)
    assert list(found.counts["group"]) == [*groups[:3], "fsm x any_sen"]
