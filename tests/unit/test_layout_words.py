"""What stands in published files instead of figures, and beside them: each word of a layout, read from a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import NoPeriod
from gapcalc.harmonise import harmonise
from gapcalc.model import Aggregates
from tests.whole import read

Write = Callable[..., Path]
AREAS = "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
AREAS += "new_la_code,la_name,lad_code,lad_name,school_urn,school_name"
RWM = "t_rwm_eligible_pupils,t_rwm_met_expected_standard"
PLACES = {
    "national": "National,E92000001,England,,,,,,,,",
    "region": "Regional,E92000001,England,E12000006,East of England,,,,,,",
    "la": "Local authority,E92000001,England,E12000006,East of England,E10000003,Cambridgeshire,,,,",
    "district": "Local authority district,E92000001,England,E12000006,East,E10000003,Cambs,E07000010,Fenland,,",
    "school": "School,E92000001,England,E12000006,East,E10000003,Cambs,E07000010,Fenland,110001,A School",
}
NAMED = {
    "national": ("E92000001", "England"),
    "region": ("E12000006", "East of England"),
    "la": ("E10000003", "Cambridgeshire"),
    "district": ("E07000010", "Fenland"),
    "school": ("110001", "A School"),
}
EES = (f"{AREAS},fsm_status,{RWM}", "202223,Academic year,{place},FSM eligible,20,{cell}")
CARE = (
    f"{AREAS},social_care_group,version,{RWM}",
    "202223,Academic year,{place},CLA 12 months at 31 March,Final,20,{cell}",
)
LAIT = ("Short Desc,Years,LA and Regions,Values", "FSM_NEW_KS2_RWM,2025,Cambridgeshire,{cell}")
TABLE = "RECTYPE,LEA,URN,SCHNAME,TELIG,TEALGRP2,BELIG,GELIG,TFSM6CLA1A,TNotFSM6CLA1A,PTRWM_EXP,PTREAD_EXP,"
TABLE += "PTRWM_EXP_B,PTRWM_EXP_EAL,PTRWM_EXP_G,DIFFN_RWM_EXP"
SFR05 = "Country_code_9_digit,Country_name,Region_code_9_digit,{region},LA_code_9_digit,LA_name"


def counts(path: Path) -> list[dict[Any, Any]]:
    content = harmonise(read(str(path))).content
    assert isinstance(content, Aggregates)
    return list(content.counts.to_dict("records"))


def lines(*rows: str) -> str:
    return "\n".join([*rows, ""])


OF_EES = {
    "c": "hidden",
    "x": "not_available",
    "z": "not_applicable",
    "k": "low",
    "low": "low",
    ":": "not_available",
    "~": "low",
}
SYMBOLS: dict[str, tuple[tuple[str, str], str, dict[str, str]]] = {
    "ees": (EES, "data.csv", OF_EES),
    "looked after": (CARE, "data.csv", OF_EES),
    "interactive tool": (
        LAIT,
        "data.csv",
        {"-": "not_available", "c": "hidden", "..": "not_available", "x": "not_available"},
    ),
    "performance tables": (
        (TABLE, "3,850,,Hampshire,20,,,,,,{cell},,,,,"),
        "2018-850-ks2.csv",
        {
            "SUPP": "hidden",
            "NE": "not_applicable",
            "NP": "not_available",
            "NA": "not_applicable",
            "LOWCOV": "not_available",
            "NEW": "not_available",
        },
    ),
    "sfr05": (
        (SFR05.format(region="GOR_name") + ",Laden_all_FSM_13,KS4_LEVEL2_EM_all_FSM_13",
         "E92000001,England,,,,,20,{cell}"),
        "data.csv",
        {"x": "hidden", ".": "not_applicable"},
    ),
    "tidy": (
        ("period,area,key_stage,measure,group,pupils,total", "2012/13,873,KS2,rwm_l4,fsm,20,{cell}"),
        "data.csv",
        {"c": "hidden", "x": "not_available", "z": "not_applicable", "low": "low"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "cell"), [(name, cell) for name, (*_, symbols) in SYMBOLS.items() for cell in symbols]
)
def test_each_symbol_says_why_there_is_no_figure(write: Write, name: str, cell: str) -> None:
    (header, row), file, symbols = SYMBOLS[name]
    one = counts(write(lines(header, row.format(place=PLACES["la"], cell=cell)), file))[0]
    assert (one["total"], one["symbol"]) == (None, symbols[cell])


@pytest.mark.parametrize("level", list(PLACES))
@pytest.mark.parametrize("layout", ["ees", "looked after"])
def test_each_level_of_explore_education_statistics(write: Write, layout: str, level: str) -> None:
    header, row = SYMBOLS[layout][0]
    (one,) = counts(write(lines(header, row.format(place=PLACES[level], cell=5))))
    assert (one["level"], one["area_code"], one["area_name"]) == (level, *NAMED[level])
    # The publisher rounds the outcomes of looked-after children above authorities.
    rounded = layout == "looked after" and level in ("national", "region")
    assert one["basis"] == ("reconstructed" if rounded else "counted")


@pytest.mark.parametrize("layout", ["ees", "looked after"])
def test_terms(write: Write, layout: str) -> None:
    header, row = SYMBOLS[layout][0]
    text = row.format(place=PLACES["la"], cell=5).replace("Academic year", "Spring term")
    assert [one["term"] for one in counts(write(lines(header, text)))] == ["spring"]


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("All pupils comparison", ("all", "all")),
        ("CLA 12 months at 31 March", ("lac_12_months", "lac_12_months")),
        ("CLA at 31 March", ("lac", "lac")),
        ("CLA less than 12 months at 31 March", ("lac_12_months", "lac_under_12_months")),
        ("CINO at 31 March", None),
    ],
)
def test_groups_in_care(write: Write, words: str, who: tuple[str, str] | None) -> None:
    text = CARE[1].format(place=PLACES["la"], cell=5).replace("CLA 12 months at 31 March", words)
    found = [(one["dimension"], one["group"]) for one in counts(write(lines(CARE[0], text)))]
    assert found == ([] if who is None else [who])


def test_groups_of_three_dimensions_are_none(write: Write) -> None:
    header = EES[0].replace("fsm_status", "fsm_status,sex,first_language")
    row = EES[1].format(place=PLACES["la"], cell=5)
    path = write(
        lines(
            header, row.replace("eligible", "eligible,Girls,Total"), row.replace("eligible", "eligible,Girls,English")
        )
    )
    assert [one["dimension"] for one in counts(path)] == ["fsm x sex"]
    assert harmonise(read(str(path))).rows_unused == 1


@pytest.mark.parametrize(("version", "status"), [("Final", "final"), ("Revised", "provisional")])
def test_the_version_is_the_status(write: Write, version: str, status: str) -> None:
    text = CARE[1].format(place=PLACES["la"], cell=5).replace("Final", version)
    assert [one["status"] for one in counts(write(lines(CARE[0], text)))] == [status]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("1,850,116407,A School", ("school", "116407")),
        ("2,850,116408,A Special School", ("school", "116408")),
        ("3,850,,Hampshire", ("la", "E10000014")),
        ("4,,,", None),  # every school of England, those that are not the state's too
        ("5,,,", ("national", "E92000001")),
    ],
)
def test_records_of_the_performance_tables(write: Write, row: str, expected: tuple[str, str] | None) -> None:
    found = counts(write(lines(TABLE, f"{row},20,,,,,,50%,,,,,9"), "2018-850-ks2.csv"))
    assert {(one["level"], one["area_code"]) for one in found} == ({expected} if expected else set())


def test_groups_of_the_performance_tables_have_their_own_pupils(write: Write) -> None:
    path = write(lines(TABLE, "3,850,,Hampshire,100,10,60,40,,,50%,30%,45%,70%,60%,-22"), "2018-850-ks2.csv")
    found = {(one["measure"], one["group"]): (one["pupils"], one["total"]) for one in counts(path)}
    assert found == {
        ("rwm_exp", "all"): (100, 50),
        ("reading_exp", "all"): (100, 30),
        ("rwm_exp", "boys"): (60, 27),
        ("rwm_exp", "eal"): (10, 7),
        ("rwm_exp", "girls"): (40, 24),
    }


@pytest.mark.parametrize(
    ("file", "period"),
    [
        ("2018-850-ks2.csv", "2018/19"),
        ("england 2022-ks2.csv", "2022/23"),
        ("312018-ks2.csv", None),  # a year is not the end of a longer number
        ("ks2_2018.csv", None),  # a year of some other kind, perhaps of the download
    ],
)
def test_the_year_in_the_name_of_a_performance_table(write: Write, file: str, period: str | None) -> None:
    path = write(lines(TABLE, "3,850,,Hampshire,20,,,,,,50%,,,,,"), file)
    if period is None:
        with pytest.raises(NoPeriod):
            counts(path)
    else:
        assert {one["period"] for one in counts(path)} == {period}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("FSP_Gooddev_Without_SENSTATE", ("eyfs", "gld", "sen_provision", "sen_support")),
        ("FSP_Gooddev_With_SENSTATE", ("eyfs", "gld", "sen_provision", "ehc_plan")),
        ("NEW_KS2_RWM_Sen_W/Osta", ("ks2", "rwm_exp", "sen_provision", "sen_support")),
        ("NEW_KS2_RWM_Sen_Withsta", ("ks2", "rwm_exp", "sen_provision", "ehc_plan")),
        ("NoID_SEN_NEW_KS2_RWM", ("ks2", "rwm_exp", "sen_provision", "no_sen")),
        ("KS1P_SEND", ("y1", "phonics", "sen_provision", "sen_support")),
        ("KS1W_Expected _STD", ("ks1", "writing_exp", "all", "all")),  # with a space, as it is published
        ("KS2_NEW_Chine_RWM", ("ks2", "rwm_exp", "ethnicity", "chinese")),  # Chinese by itself: DfE's six groups
        ("LAC_EngMaths9-4", ("ks4", "em_9_4", "lac_12_months", "lac_12_months")),
        ("EngMaths9-5", ("ks4", "em_9_5", "all", "all")),
    ],
)
def test_codes_of_the_interactive_tool(write: Write, code: str, expected: tuple[str, ...]) -> None:
    content = harmonise(read(str(write(lines(LAIT[0], f"{code},2019,Cambridgeshire,40"))))).content
    assert isinstance(content, Aggregates)
    (one,) = content.values.to_dict("records")
    assert tuple(one[name] for name in ("key_stage", "measure", "dimension", "group")) == expected
    assert (one["period"], one["level"]) == ("2018/19", "la")


@pytest.mark.parametrize(
    ("code", "year", "period"),
    [
        ("FSP_Gooddev_Chinese", "2021", "2021/22"),
        ("FSP_Gooddev_Chinese", "2019", "2018/19"),
        ("FSP_Gooddev_White", "2021", "2020/21"),
    ],
)
def test_only_the_figure_under_the_wrong_year_is_moved(write: Write, code: str, year: str, period: str) -> None:
    content = harmonise(read(str(write(lines(LAIT[0], f"{code},{year},England,40"))))).content
    assert isinstance(content, Aggregates)
    assert content.values["period"].tolist() == [period]
