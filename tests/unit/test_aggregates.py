"""Aggregate files: what their figures amount to, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import ImpossibleValue, UnknownCode
from gapcalc.harmonise import harmonise
from gapcalc.model import Aggregates
from tests.whole import read

Write = Callable[..., Path]
HEADER = "period,area,key_stage,measure,group,pupils,total,value"


def aggregates(path: Path) -> Aggregates:
    content = harmonise(read(str(path))).content
    assert isinstance(content, Aggregates)
    return content


def only(table: Any) -> dict[str, Any]:
    (record,) = table.to_dict("records")
    return dict(record)


def row(text: str) -> str:
    return f"{HEADER}\n2012/13,873,KS2,{text}\n"


def test_counts_are_taken_as_they_are(write: Write) -> None:
    found = aggregates(write(row("rwm_l4,fsm,648,303,")))
    record = only(found.counts)
    assert (record["pupils"], record["total"], record["total_sq"], record["basis"]) == (648, 303, 303, "counted")
    assert (record["dimension"], record["area_code"], record["level"]) == ("fsm", "E10000003", "la")
    assert found.values.empty


@pytest.mark.parametrize(("value", "total"), [("42.9", 300), ("42.9%", 300), ("17", 119), ("100", 699), ("0", 0)])
def test_a_percentage_with_pupils_is_reconstructed(write: Write, value: str, total: int) -> None:
    record = only(aggregates(write(row(f"rwm_l4,fsm,699,,{value}"))).counts)
    assert (record["pupils"], record["total"], record["basis"]) == (699, total, "reconstructed")


def test_half_a_pupil_is_rounded_up(write: Write) -> None:
    assert only(aggregates(write(row("rwm_l4,fsm,4,,12.5"))).counts)["total"] == 1
    assert only(aggregates(write(row("rwm_l4,fsm,4,,62.5"))).counts)["total"] == 3


def test_what_is_hidden_is_not_worked_out_again(write: Write) -> None:
    record = only(aggregates(write(row("rwm_l4,fsm,100,c,50"))).counts)
    assert (record["total"], record["symbol"]) == (None, "hidden")


def test_a_sum_of_parts_is_as_sure_as_its_least_sure_part(write: Write) -> None:
    lines = ["2012/13,873,KS4,5ac_em,sen_support,60,30,", "2012/13,873,KS4,5ac_em,ehc_plan,40,,25"]
    counts = aggregates(write("\n".join([HEADER, *lines, ""]))).counts
    (pooled,) = counts[counts["dimension"] == "sen"].to_dict("records")
    assert (pooled["total"], pooled["basis"]) == (40, "reconstructed")


@pytest.mark.parametrize(
    ("value", "share", "half"), [("28", 0.28, 0.005), ("28.5", 0.285, 0.0005), ("28.0", 0.28, 0.0005)]
)
def test_a_percentage_alone_carries_its_rounding(write: Write, value: str, share: float, half: float) -> None:
    found = aggregates(write(row(f"rwm_l4,fsm,,,{value}")))
    record = only(found.values)
    assert (record["value"], record["half_unit"], record["basis"]) == (share, half, "published")
    assert found.counts.empty


def test_a_mean_is_kept_in_whole_units(write: Write) -> None:
    text = f"{HEADER}\n2015/16,873,KS4,attainment8,fsm,510,18564.25,\n2015/16,873,KS4,attainment8,not_fsm,,,52.9\n"
    found = aggregates(write(text))
    record = only(found.counts)
    assert (record["total"], record["total_sq"]) == (1856425, None)
    assert (only(found.values)["value"], only(found.values)["half_unit"]) == (52.9, 0.05)


@pytest.mark.parametrize(
    ("cell", "symbol"), [("c", "hidden"), ("x", "not_available"), ("z", "not_applicable"), ("", "not_available")]
)
def test_symbols_are_never_zero(write: Write, cell: str, symbol: str) -> None:
    record = only(aggregates(write(row(f"rwm_l4,fsm,20,{cell},"))).counts)
    assert (record["pupils"], record["total"], record["symbol"]) == (20, None, symbol)


def test_nobody_is_a_count_not_a_gap_in_the_data(write: Write) -> None:
    record = only(aggregates(write(row("rwm_l4,fsm,0,z,"))).counts)
    assert (record["pupils"], record["total"], record["symbol"]) == (0, 0, None)


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ("rwm_l4,fsm,,,100.1", "value", "a percentage above 100"),
        ("rwm_l4,fsm,,,-1", "value", "a percentage below 0"),
        ("rwm_l4,fsm,10,11,", "total", "more than pupils allows"),
        ("rwm_l4,fsm,-10,1,", "pupils", "a negative number"),
        ("rwm_l4,fsm,10.5,1,", "pupils", "a count that is not whole"),
        ("rwm_l4,fsm,many,1,", "pupils", "not a number"),
        ("rwm_l4,fsm,inf,1,", "pupils", "not a number"),
        ("rwm_l4,fsm,10,nan,", "total", "not a number"),
        ("rwm_l4,fsm,699,43%,", "total", "not a number"),
        ("rwm_l4,fsm,1E3,43,", "pupils", "not a number"),
        ("rwm_l4,fsm,99999999999999999999,43,", "pupils", "not a number"),
        ("rwm_l4,fsm,0,,42.9", "value", "a value for no pupils"),
    ],
)
def test_impossible_figures(write: Write, cells: str, column: str, rule: str) -> None:
    with pytest.raises(ImpossibleValue, match=rf"data.csv: column {column}: {rule}.* in row 2"):
        aggregates(write(row(cells)))


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("2012/14,873,KS2,rwm_l4,fsm,10,1,", "period"),
        ("2012/13,,KS2,rwm_l4,fsm,10,1,", "area"),
        ("2012/13,873,KS7,rwm_l4,fsm,10,1,", "key_stage"),
        ("2012/13,873,KS2,gld,fsm,10,1,", "measure"),
        ("2012/13,873,KS2,rwm_l4,poor,10,1,", "group"),
    ],
)
def test_unknown_codes(write: Write, line: str, column: str) -> None:
    with pytest.raises(UnknownCode, match=f"column {column}: unknown code in 2 rows"):
        aggregates(write(f"{HEADER}\n{line}\n2012/13,873,KS2,rwm_l4,all,10,1,\n{line}\n"))


@pytest.mark.parametrize(
    ("period", "status", "expected"),
    [
        ("2014/15 (prov)", "", "provisional"),
        ("2014/15", "", "final"),
        ("2014/15", "predicted", "predicted"),
        ("2014/15 (prov)", "final", "final"),
    ],
)
def test_a_period_may_say_its_status(write: Write, period: str, status: str, expected: str) -> None:
    path = write(f"{HEADER},status\n{period},873,KS2,rwm_l4,fsm,20,5,,{status}\n")
    record = only(aggregates(path).counts)
    assert (record["period"], record["status"]) == ("2014/15", expected)


def test_a_group_of_two_dimensions_stands_in_both(write: Write) -> None:
    counts = aggregates(write(row("rwm_l4,no_sen,10,5,"))).counts
    assert set(counts["dimension"]) == {"sen", "sen_provision"}


def test_intersections_may_be_written_in_any_order(write: Write) -> None:
    text = (
        "period,area,key_stage,measure,dimension,group,pupils,total\n"
        "2012/13,873,KS2,rwm_l4,sen x fsm,no_sen x fsm,349,252\n"
    )
    record = only(aggregates(write(text)).counts)
    assert (record["dimension"], record["group"]) == ("fsm x sen", "fsm x no_sen")


def test_any_sen_is_pooled_from_its_parts(write: Write) -> None:
    text = (
        f"{HEADER}\n2012/13,873,KS4,5ac_em,sen_support,1160,339,\n"
        "2012/13,873,KS4,5ac_em,ehc_plan,279,27,\n2012/13,England,KS4,5ac_em,sen_support,9,3,\n"
    )
    counts = aggregates(write(text)).counts
    pooled = counts[(counts["dimension"] == "sen")].to_dict("records")
    # England prints only one of the two parts, so it has no sum.
    assert [(one["area_name"], one["group"], one["pupils"], one["total"]) for one in pooled] == [
        ("Cambridgeshire", "any_sen", 1439, 366)
    ]


def test_pooling_fills_only_what_is_not_printed(write: Write) -> None:
    lines = [f"2012/13,873,KS4,5ac_em,{cells}," for cells in ("sen_support,60,30", "ehc_plan,40,10", "no_sen,900,800")]
    counts = aggregates(write("\n".join([HEADER, *lines, ""]))).counts
    pooled = counts[counts["dimension"] == "sen"].set_index("group")
    assert pooled["total"].to_dict() == {"no_sen": 800, "any_sen": 40}


def test_a_sum_with_a_hidden_part_is_hidden(write: Write) -> None:
    text = f"{HEADER}\n2012/13,873,KS4,5ac_em,sen_support,1160,339,\n2012/13,873,KS4,5ac_em,ehc_plan,279,c,\n"
    counts = aggregates(write(text)).counts
    (pooled,) = counts[counts["dimension"] == "sen"].to_dict("records")
    assert (pooled["pupils"], pooled["total"], pooled["symbol"]) == (1439, None, "hidden")


def test_an_area_without_a_list_goes_by_its_name(write: Write) -> None:
    text = "period,area,level,key_stage,measure,group,value\n2013/14,Wisbech,district,EYFS,gld,all,48.2\n"
    record = only(aggregates(write(text)).values)
    assert (record["area_code"], record["area_name"], record["level"]) == ("Wisbech", "Wisbech", "district")


def test_proportions_where_percentages_are_wanted(write: Write) -> None:
    text = f"{HEADER}\n2012/13,873,KS2,rwm_l4,fsm,648,,0.468\n2012/13,873,KS2,rwm_l4,not_fsm,5230,,0.752\n"
    with pytest.raises(ImpossibleValue, match=r"proportions where percentages are wanted.*rows \(2 and 3\)"):
        aggregates(write(text))
    # One per cent is possible where others are above it.
    assert len(aggregates(write(text.replace("0.752", "75.2"))).counts) == 2


def test_words_and_figures_as_people_write_them(write: Write) -> None:
    record = only(aggregates(write(row('rwm_l4,Not FSM,"5,230","3,932",'))).counts)
    assert (record["group"], record["pupils"], record["total"]) == ("not_fsm", 5230, 3932)


def test_a_measure_outside_its_years(write: Write) -> None:
    with pytest.raises(UnknownCode, match="column measure"):
        aggregates(write(row("rwm_exp,fsm,10,1,")))


def test_what_a_binary_fraction_leaves_is_not_a_decimal(write: Write) -> None:
    record = only(aggregates(write(row("rwm_l4,fsm,,,74.900000000000006"))).values)
    assert (record["value"], record["half_unit"]) == (0.749, 0.0005)


@pytest.mark.parametrize(
    ("value", "share", "half"),
    [("63.400000", 0.634, 0.0005), ("63.000000", 0.63, 0.0005), ("63.40", 0.634, 0.00005), ("63.4125", 0.634125, 5e-7)],
)
def test_a_fixed_width_says_nothing_of_rounding(write: Write, value: str, share: float, half: float) -> None:
    # The noughts of 63.400000 are the program's; whether 63.0 was whole nobody can see, so one decimal is kept.
    record = only(aggregates(write(row(f"rwm_l4,fsm,,,{value}"))).values)
    assert (record["value"], record["half_unit"]) == pytest.approx((share, half))


@pytest.mark.parametrize(("squares", "refused"), [("8000", False), ("7999", True)])
def test_no_scores_have_so_small_a_sum_of_squares(write: Write, squares: str, refused: bool) -> None:
    # Twenty pupils with 400 points between them: their squares come to 8,000 at the least.
    header = HEADER.replace("value", "total_sq")
    path = write(f"{header}\n2016/17,873,KS4,attainment8,fsm,20,400,{squares}\n")
    if refused:
        with pytest.raises(ImpossibleValue, match="column total_sq: less than total allows in row 2"):
            aggregates(path)
    else:
        assert only(aggregates(path).counts)["pupils"] == 20


SFR_HEADER = [
    *("Country_code_9_digit", "Country_name", "Region_code_9_digit", "Region_name", "LA_code_9_digit", "LA_name"),
    *("Laden_all_FSM_13", "KS4_LEVEL2_EM_all_FSM_13", "Laden_girls_FSM_13", "KS4_LEVEL2_EM_girls_FSM_13"),
    *("KS4_LEVEL1_all_FSM_13", "Laden_all_Martian_13", "KS4_LEVEL2_EM_all_Martian_13"),
]


def test_counts_spread_over_column_names(write: Write) -> None:
    lines = [
        ",".join(SFR_HEADER),
        "E92000001,England,E12000006,East,E10000003,Cambridgeshire,555,170,264,x,500,1,1",
        "E92000001,England,,Inner London,,,.,.,0,.,3,1,1",
        "E92000001,England,,,,,84747,32280,41651,17783,80000,1,1",
    ]
    path = write("\n".join(lines) + "\n")
    harmonised = harmonise(read(str(path)))
    counts = aggregates(path).counts
    found = {
        (one["area_name"], one["level"], one["group"]): (one["pupils"], one["total"], one["symbol"])
        for one in counts.to_dict("records")
    }
    assert found == {
        ("Cambridgeshire", "la", "fsm"): (555, 170, None),
        ("Cambridgeshire", "la", "fsm x girls"): (264, None, "hidden"),
        ("Inner London", "region", "fsm"): (None, None, "not_applicable"),
        ("Inner London", "region", "fsm x girls"): (0, 0, None),
        ("England", "national", "fsm"): (84747, 32280, None),
        ("England", "national", "fsm x girls"): (41651, 17783, None),
    }
    assert set(harmonised.columns_unused) == set(SFR_HEADER[-3:])
