"""Families of published files, in miniature: each quirk that a layout takes care of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import AmbiguousLayout, NoFigures, NoPeriod, RaggedRows, UnknownCode
from gapcalc.harmonise import harmonise
from gapcalc.harmonise.words import period_and_status
from gapcalc.model import Aggregates, Harmonised, Neighbours
from gapcalc.pipeline import compute
from gapcalc.request import Request
from tests.whole import read

Write = Callable[..., Path]
EES = "time_period,time_identifier,geographic_level,country_code,country_name,new_la_code,la_name"
ENGLAND = "202223,Academic year,National,E92000001,England,,"
CAMBRIDGESHIRE = "202223,Academic year,Local authority,E92000001,England,E10000003,Cambridgeshire"


def harmonised(path: Path) -> Harmonised:
    return harmonise(read(str(path)))


def figures(path: Path) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    content = harmonised(path).content
    assert isinstance(content, Aggregates)
    counts = {
        (one["area_name"], one["period"], one["measure"], one["group"]): (one["pupils"], one["total"], one["symbol"])
        for one in content.counts.to_dict("records")
    }
    values = {
        (one["area_name"], one["period"], one["measure"], one["group"]): (one["value"], one["half_unit"])
        for one in content.values.to_dict("records")
    }
    return counts | values


@pytest.mark.parametrize(
    ("topic", "group"),
    [
        ("characteristic,characteristic_type", "Free school meal eligibility,{}"),
        ("characteristic_group,characteristic", "Free school meals,{}"),
        ("breakdown_topic,breakdown", "FSM status,{}"),
    ],
)
def test_explore_education_statistics_with_topic_and_group(write: Write, topic: str, group: str) -> None:
    yes, no = ("FSM eligible", "Not known to be FSM eligible")
    if topic.startswith("characteristic,"):
        yes, no = "Known to be eligible for free school meals", "Not known to be eligible for free school meals"
    header = f"{EES},{topic},gender,t_rwm_eligible_pupils,t_rwm_met_expected_standard,pt_rwm_met_expected_standard"
    lines = [
        f"{CAMBRIDGESHIRE},{group.format(yes)},Total,800,304,38",
        f"{CAMBRIDGESHIRE},{group.format(no)},Total,5600,3696,66",
        f"{CAMBRIDGESHIRE},{group.format(yes)},Girls,400,160,40",
        f"{CAMBRIDGESHIRE},Month of birth,May,Total,500,300,60",
    ]
    path = write("\n".join([header, *lines, ""]))
    assert figures(path) == {
        ("Cambridgeshire", "2022/23", "rwm_exp", "fsm"): (800, 304, None),
        ("Cambridgeshire", "2022/23", "rwm_exp", "not_fsm"): (5600, 3696, None),
        ("Cambridgeshire", "2022/23", "rwm_exp", "fsm x girls"): (400, 160, None),
    }
    assert harmonised(path).rows_unused == 1


@pytest.mark.parametrize(
    "columns",
    [
        "t_pupils,t_l2basics_94,pt_l2basics_94,t_att8,avg_att8",
        "pupil_count,engmath_94_total,engmath_94_percent,attainment8_sum,attainment8_average",
    ],
)
def test_key_stage_4_headers_old_and_new(write: Write, columns: str) -> None:
    lines = [
        f"{ENGLAND},{status},Total,1000,{met},{met / 10},40000.5,40.0" for status, met in (("Disadvantaged", 430),)
    ]
    found = figures(write("\n".join([f"{EES},disadvantage_status,sex,{columns}", *lines, ""])))
    assert found == {
        ("England", "2022/23", "em_9_4", "disadvantaged"): (1000, 430, None),
        ("England", "2022/23", "attainment8", "disadvantaged"): (1000, 4000050, None),
    }


def test_symbols_of_explore_education_statistics(write: Write) -> None:
    header = f"{EES},social_care_group,version,t_rwm_eligible_pupils,t_rwm_met_expected_standard"
    cells = {"c": "hidden", "x": "not_available", "z": "not_applicable", "k": "low"}
    lines = [
        f"{CAMBRIDGESHIRE.replace('202223', f'20{i}{i + 1}')},CLA 12 months at 31 March,Revised,20,{cell}"
        for i, cell in enumerate(cells, 18)
    ]
    content = harmonised(write("\n".join([header, *lines, ""]))).content
    assert isinstance(content, Aggregates)
    assert content.counts["symbol"].tolist() == list(cells.values())
    assert content.counts["total"].isna().all()
    assert set(content.counts["status"]) == {"provisional"}


def test_counts_rounded_by_the_publisher_are_not_called_counted(write: Write) -> None:
    header = f"{EES},social_care_group,version,t_rwm_eligible_pupils,t_rwm_met_expected_standard"
    lines = [f"{area},CLA 12 months at 31 March,Final,20,10" for area in (ENGLAND, CAMBRIDGESHIRE)]
    content = harmonised(write("\n".join([header, *lines, ""]))).content
    assert isinstance(content, Aggregates)
    assert content.counts.set_index("level")["basis"].to_dict() == {"national": "reconstructed", "la": "counted"}


TABLE = "RECTYPE,LEA,URN,SCHNAME,TELIG,TFSM6CLA1A,TNotFSM6CLA1A,PTRWM_EXP,"
TABLE += "PTRWM_EXP_FSM6CLA1A,PTRWM_EXP_NotFSM6CLA1A,DIFFN_RWM_EXP"
TABLE_ROWS = [
    "1,850,116407,A School,20,4,16,70%,SUPP,75%,SUPP",
    "1,850,140690,A New School",
    "3,850, ,Hampshire,14855,3263,11592,68%,49%,73%,-22",
    "4, , , ,649249,198025,451224,65%,51%,71%,0",
    "5, , , ,644967,197488,447479,65%,51%,71%,0",
]


def test_performance_tables(write: Write) -> None:
    path = write("\n".join([TABLE, *TABLE_ROWS, ""]), "2018-850-ks2.csv")
    found = figures(path)
    assert {key[0] for key in found} == {"A School", "Hampshire", "England"}
    assert {key[1] for key in found} == {"2018/19"}  # the year in the name is the one it starts in
    assert found["England", "2018/19", "rwm_exp", "all"][0] == 644967  # state-funded schools
    assert found["A School", "2018/19", "rwm_exp", "disadvantaged"] == (4, None, "hidden")
    assert found["Hampshire", "2018/19", "rwm_exp", "disadvantaged"][:2] == (3263, 1599)
    # Within the authority: 73 less 49, not the -22 against England's other pupils.
    release = compute(Request(data=(str(path),), by="la"))
    assert [round(100 * gap) for gap in release.gaps["gap"]] == [24]


def test_performance_tables_without_a_year_in_their_name(write: Write) -> None:
    with pytest.raises(NoPeriod):
        harmonised(write("\n".join([TABLE, *TABLE_ROWS, ""]), "ks2.csv"))


def test_a_row_that_ends_early_is_refused_elsewhere(write: Write) -> None:
    with pytest.raises(RaggedRows, match="row 3"):
        harmonised(write("academic_year,la,key_stage,fsm,reading\n2012/13,873,KS2,Y,4\n2012/13,873,KS2\n"))


LAIT = "Short Desc,Data item,Years,LA and Regions,Values,LA Number,Region"


def test_the_interactive_tool(write: Write) -> None:
    lines = [
        "FSM_NEW_KS2_RWM,,2025,Cambridgeshire,38,873.0,East of England",
        "NonFSM_NEW_KS2_RWM,,2025,Cambridgeshire,66,873.0,East of England",
        "KS1P_FSM,,2025 (prov),England,67.099999999999994,970.0,NA",
        "FSM_NEW_KS2_RWM,,2020,East of England,-,985.0,NA",
        "FSP_Gooddev_Chinese,,2021,England,74.900000000000006,970.0,NA",
        "Level2Age19,,2025,England,80,970.0,NA",
    ]
    path = write("\n".join([LAIT, *lines, ""]))
    assert figures(path) == {
        ("Cambridgeshire", "2024/25", "rwm_exp", "fsm"): (0.38, 0.005),
        ("Cambridgeshire", "2024/25", "rwm_exp", "not_fsm"): (0.66, 0.005),
        ("England", "2024/25", "phonics", "fsm"): (0.671, 0.0005),
        ("East of England", "2019/20", "rwm_exp", "fsm"): (None, None, "not_available"),
        ("England", "2021/22", "gld", "chinese"): (0.749, 0.0005),
    }
    assert harmonised(path).rows_unused == 1


def test_neighbours_hold_no_figures(write: Write) -> None:
    header = "old_la_code,la_name,region_ind,region_name," + ",".join(f"SN_{i},SN_{i}P" for i in range(1, 11))
    path = write(f"{header}\n873,Cambridgeshire,7,East," + ",".join(["850,Close "] * 10) + "\n")
    with pytest.raises(NoFigures, match="statistical neighbours"):
        compute(Request(data=(str(path),)))


def test_rows_of_no_authority_among_neighbours_are_left_out(write: Write) -> None:
    header = "old_la_code,la_name,region_ind,region_name," + ",".join(f"SN_{i},SN_{i}P" for i in range(1, 11))
    rows = ["873,Cambridgeshire,7,East," + ",".join(["850,Close "] * 9 + [" ,"]), ",Source: DfE,,," + "," * 19]
    content = harmonised(write("\n".join([header, *rows, ""]))).content
    assert isinstance(content, Neighbours)
    assert content.table["rank"].tolist() == list(range(1, 10))
    assert set(content.table["closeness"]) == {"Close"}
    with pytest.raises(UnknownCode, match="column old_la_code: unknown code in row 2"):
        harmonised(write(f"{header}\n{rows[0].replace('850', 'nowhere')}\n"))
    with pytest.raises(UnknownCode, match="column old_la_code: unknown code in row 2"):
        harmonised(write(f"{header}\n{rows[0].replace('873', '')}\n"))  # neighbours, but of whom?


def test_an_unknown_period_in_a_published_file(write: Write) -> None:
    with pytest.raises(UnknownCode, match="column Years: unknown code in row 2"):
        harmonised(write(f"{LAIT}\nFSM_NEW_KS2_RWM,,last year,Cambridgeshire,38,873.0,East\n"))


@pytest.mark.parametrize(
    ("text", "single", "expected"),
    [
        ("2025 (prov)", "end", ("2024/25", "provisional")),
        ("2018 (Rev)", "end", ("2017/18", "provisional")),
        ("2018", "start", ("2018/19", "final")),
        ("201819", None, ("2018/19", "final")),
        ("2018/19 (provisional)", None, ("2018/19", "provisional")),
        ("2018", None, None),
        ("2018 (guess)", "end", None),
    ],
)
def test_periods_of_published_files(text: str, single: str | None, expected: tuple[str, str] | None) -> None:
    assert period_and_status(text, single) == expected


def test_no_two_layouts_fit_one_header(write: Write) -> None:
    with pytest.raises(AmbiguousLayout, match="ees, lait"):
        harmonised(write(f"{EES},{LAIT}\n{ENGLAND},a,b,c,d,e,f,g\n"))
