"""Column names of SFR05/2014, and what a layout of one's own may not say of years and levels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.definitions.own import own_layout
from gapcalc.errors import WrongLayout
from gapcalc.harmonise import harmonise
from gapcalc.model import Aggregates
from gapcalc.pipeline import compute
from gapcalc.request import Request
from tests.whole import read

Write = Callable[..., Path]
SFR05 = "Country_code_9_digit,Country_name,Region_code_9_digit,{region},LA_code_9_digit,LA_name"


def counts(path: Path) -> list[dict[Any, Any]]:
    content = harmonise(read(str(path))).content
    assert isinstance(content, Aggregates)
    return list(content.counts.to_dict("records"))


def lines(*rows: str) -> str:
    return "\n".join([*rows, ""])


@pytest.mark.parametrize("region", ["GOR_name", "Region_name"])
def test_names_of_regions_in_sfr05(write: Write, region: str) -> None:
    header = SFR05.format(region=region) + ",Laden_all_FSM_13,KS4_LEVEL2_EM_all_FSM_13,KS4_L2BASICS_all_FSM_13"
    rows = [
        "E92000001,England,E12000006,East of England,E10000003,Cambridgeshire,20,5,6",
        "E92000001,England,E12000006,East of England,,,200,50,60",
        "E92000001,England,,,,,2000,500,600",
        "E92000001,England,E12000099,Elsewhere,,,9,3,4",  # a region that is in no list goes by its name here
    ]
    found = [
        (one["level"], one["area_name"], one["measure"], one["total"]) for one in counts(write(lines(header, *rows)))
    ]
    assert found == [
        ("la", "Cambridgeshire", "5ac_em", 5),
        ("la", "Cambridgeshire", "ac_em", 6),
        ("region", "East of England", "5ac_em", 50),
        ("region", "East of England", "ac_em", 60),
        ("national", "England", "5ac_em", 500),
        ("national", "England", "ac_em", 600),
        ("region", "Elsewhere", "5ac_em", 3),
        ("region", "Elsewhere", "ac_em", 4),
    ]


@pytest.mark.parametrize(
    ("part", "who"),
    [
        ("FSM", ("fsm", "fsm")),
        ("allother", ("fsm", "not_fsm")),
        ("noSEN", ("sen_provision", "no_sen")),
        ("SENwithoutstatement", ("sen_provision", "sen_support")),
        ("SENwithstatement", ("sen_provision", "ehc_plan")),
        ("English", ("eal", "not_eal")),
        ("otherthanEnglish", ("eal", "eal")),
        ("chinese", ("ethnicity", "chinese")),
    ],
)
def test_groups_in_column_names_of_sfr05(write: Write, part: str, who: tuple[str, str]) -> None:
    header = SFR05.format(region="GOR_name") + f",Laden_all_{part}_13,KS4_LEVEL2_EM_all_{part}_13"
    one = counts(write(lines(header, "E92000001,England,,,,,20,5")))[0]
    assert (one["dimension"], one["group"], one["pupils"], one["total"]) == (*who, 20, 5)


OWN = """
id = "own"
label = "Own"
shape = "aggregate"
requires = ["Area"]
[period]
fixed = "2013/14"
[[areas]]
name = "Area"
[[cells]]
key_stage = "ks2"
measure = "rwm_l4"
value = ["Share"]
"""


def test_a_fixed_year_that_is_none_is_the_fault_of_the_layout(write: Write) -> None:
    data = str(write("Area,Share\nKent,60\n"))
    request = Request(data=(data,), layouts=(str(write(OWN.replace("2013/14", "?"), "own.toml")),))
    with pytest.raises(WrongLayout, match=r"layout own: period\.fixed: means nothing") as wrong:
        compute(request)
    assert "2013-14" in wrong.value.hint


FILTERED = (
    OWN
    + """
[[filters]]
columns = [["Who"]]
groups = { "Poor" = { fsm = "fsm" } }
"""
)


def test_words_of_a_file_of_ones_own_are_not_said(run: Callable[..., Any], write: Write) -> None:
    path = write("Area,Share,Who\nKent,60,Poor\nKent,70,A123456789012\n")
    ran = run("validate", path, "--layout", write(FILTERED, "own.toml"))
    assert "1 row" in ran.out
    assert "A123456789012" not in ran.out + ran.err


def test_a_level_of_ones_own_is_refused() -> None:
    with pytest.raises(WrongLayout, match=r"own\.toml: areas \(1\)\.level"):
        own_layout(OWN.replace('name = "Area"', 'name = "Area"\nlevel = "county"'), "own.toml")
