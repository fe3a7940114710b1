"""Areas that are put together, worked out by hand, and what cannot be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapcalc.definitions.parents import parents_of
from gapcalc.errors import GapcalcError, UnknownName, WrongPool
from gapcalc.pipeline import compute
from gapcalc.pool import pools_of
from gapcalc.request import Request

Write = Callable[..., Path]
HEADER = "period,area,level,within,key_stage,measure,dimension,group,pupils,total,value\n"
WHEN = "2012/13,{area},{level},{within},KS2,rwm_l4"


def figures(*rows: tuple[str, str, str, str, str]) -> str:
    """Rows of area, level, the area it lies in, group and its figures (`pupils,total,value`)."""
    lines = [
        f"{WHEN.format(area=area, level=level, within=within)},{'all' if group == 'all' else 'fsm'},{group},{cells}\n"
        for area, level, within, group, cells in rows
    ]
    return HEADER + "".join(lines)


def district(name: str, fsm: str, peers: str, within: str = "873") -> list[tuple[str, str, str, str, str]]:
    return [(name, "district", within, "fsm", fsm), (name, "district", within, "not_fsm", peers)]


def gaps(path: Path, *pools: str, **options: Any) -> dict[str, dict[Any, Any]]:
    made = compute(Request(data=(str(path),), pools=pools, internal=True, **options))
    return {str(one["area_name"]): dict[Any, Any](one) for one in made.gaps.to_dict("records")}


def sides(gap: dict[Any, Any]) -> list[int | None]:
    names = ("focus_pupils", "focus_total", "reference_pupils", "reference_total")
    return [None if pd.isna(gap[name]) else int(gap[name]) for name in names]


THREE = [*district("March", "10,4,", "50,40,"), *district("Ely", "20,9,", "60,30,"), *district("Soham", "5,5,", "7,0,")]


def test_a_pool_stands_in_the_place_of_its_areas(write: Write) -> None:
    found = gaps(write(figures(*THREE)), "Fens = March, ely")
    assert list(found) == ["Fens", "Soham"]
    assert sides(found["Fens"]) == [30, 13, 110, 70]
    assert found["Fens"]["gap"] == pytest.approx(70 / 110 - 13 / 30)
    assert (found["Fens"]["area_code"], found["Fens"]["level"]) == ("E10000003/Fens", "district")
    assert sides(found["Soham"]) == [5, 5, 7, 0]


def test_several_pools(write: Write) -> None:
    rows = [*THREE, *district("Wisbech", "1,1,", "2,1,")]
    found = gaps(write(figures(*rows)), "Fens=March,Ely", "Rest=Soham,Wisbech")
    assert {name: sides(one) for name, one in found.items()} == {"Fens": [30, 13, 110, 70], "Rest": [6, 6, 9, 1]}


@pytest.mark.parametrize(
    ("cells", "left", "symbol"),
    [
        ("20,c,", [30, None, 110, 70], "hidden"),
        ("c,c,", [None, None, 110, 70], "hidden"),
        ("20,x,", [30, None, 110, 70], "not_available"),
        ("z,z,", [None, None, 110, 70], "not_available"),  # of Ely alone, not of both
    ],
)
def test_a_figure_that_is_missing_leaves_the_pool_without(
    write: Write, cells: str, left: list[int | None], symbol: str
) -> None:
    found = gaps(
        write(figures(*district("March", "10,4,", "50,40,"), *district("Ely", cells, "60,30,"))), "F=March,Ely"
    )
    assert sides(found["F"]) == left
    assert found["F"]["symbol"] == symbol


def test_nobody_in_all_of_them_is_nobody(write: Write) -> None:
    found = gaps(write(figures(*district("March", "z,z,", "5,4,"), *district("Ely", "z,z,", "6,3,"))), "F=March,Ely")
    assert found["F"]["symbol"] == "not_applicable"


def test_a_row_that_an_aggregate_lacks_is_missing(write: Write) -> None:
    rows = district("March", "10,4,", "50,40,") + district("Ely", "20,9,", "60,30,")[1:]
    found = gaps(write(figures(*rows)), "F=March,Ely")
    assert sides(found["F"]) == [None, None, 110, 70]
    assert found["F"]["symbol"] == "not_available"


def test_the_least_sure_basis_is_that_of_the_pool(write: Write) -> None:
    rows = [*district("March", "10,4,", "50,40,"), *district("Ely", "20,,45", "60,30,")]
    assert gaps(write(figures(*rows)), "F=March,Ely")["F"]["basis"] == "reconstructed"


def test_in_a_pupil_file_a_group_without_pupils_is_nobody(write: Write) -> None:
    rows = ["academic_year,la,district,key_stage,fsm,reading", *["2012/13,873,March,KS2,Y,4"] * 3]
    rows += ["2012/13,873,March,KS2,N,3", *["2012/13,873,Ely,KS2,N,4"] * 4]
    found = gaps(write("\n".join(rows) + "\n"), "F=March,Ely", by="district")
    assert sides(found["F"]) == [3, 3, 5, 4]


def test_areas_without_pupils_in_a_period_are_named(write: Write) -> None:
    rows = ["academic_year,la,district,key_stage,fsm,reading"]
    rows += [f"{year},873,{place},KS2,{fsm},4" for year, place in YEARS for fsm in "YN"]
    request = Request(data=(str(write("\n".join(rows) + "\n")),), by="district", pools=("F=March,Ely",), internal=True)
    assert "F is without some of its areas: E10000003/Ely in 2013/14 ks2" in compute(request).warnings


YEARS = [("2012/13", "March"), ("2012/13", "Ely"), ("2013/14", "March")]


def test_authorities_are_pooled_within_their_region(write: Write) -> None:
    rows = [
        (code, "la", "", group, cells)
        for code, *both in (("873", "10,4,", "50,40,"), ("874", "20,9,", "60,30,"), ("330", "7,1,", "8,2,"))
        for group, cells in zip(("fsm", "not_fsm"), both, strict=True)
    ]
    found = gaps(write(figures(*rows)), "CPCA=Cambridgeshire,E06000031")
    assert found["CPCA"]["area_code"] == "E12000006/CPCA"
    assert sides(found["CPCA"]) == [30, 13, 110, 70]
    assert gaps(write(figures(*rows)), "Both=873,330")["Both"]["area_code"] == "Both"


def test_a_pool_lies_in_the_region_and_country_of_its_authorities() -> None:
    codes, levels = ["E92000001", "E12000006/CPCA", "E10000003/Fens"], ["national", "la", "district"]
    assert parents_of(codes, levels) == {
        "E12000006/CPCA": "E12000006", "E12000006": "E92000001", "E10000003/Fens": "E10000003",
        "E10000003": "E12000006",
    }  # fmt: skip


REFUSED: dict[str, tuple[list[tuple[str, str, str, str, str]], tuple[str, ...], str]] = {
    "an area that is not there": (THREE, ("F=March,Nowhere",), "there is no area to pool 'Nowhere'"),
    "one area alone": (THREE, ("F=March",), "no name with the areas"),
    "no areas": (THREE, ("Fens",), "no name with the areas"),
    "no name": (THREE, ("=March,Ely",), "no name with the areas"),
    "an empty area": (THREE, ("F=March,,Ely",), "no name with the areas"),
    "in two pools": (THREE, ("F=March,Ely", "G=MARCH,Soham"), "is in a pool already"),
    "in two pools by another name": (THREE, ("F=March,Ely", "G=873/March,Soham"), "there is no area to pool"),
    "in two pools by its code": (THREE, ("F=March,Ely", "G=March ,Soham"), "is in a pool already"),
    "in a pool twice": (THREE, ("F=March,Ely,March",), "is in a pool already"),
    "a name twice": (THREE, ("F=March,Ely", "f=Soham,Wisbech"), "two pools of this name"),
    "a name that is an area": (THREE, ("Soham=March,Ely",), "this is an area already"),
    "a name that is an area elsewhere": (THREE, ("Peterborough=March,Ely",), "this is an area already"),
    "different authorities": (
        [*district("March", "10,4,", "50,40,"), *district("Ely", "20,9,", "60,30,", "874")],
        ("F=March,Ely",),
        "do not lie in the same area",
    ),
    "different levels": (
        [
            *district("March", "10,4,", "50,40,", ""),
            *(("874", "la", "", group, "9,9,") for group in ("fsm", "not_fsm")),
        ],
        ("F=March,874",),
        "different levels: district, la",
    ),
    "percentages alone": (
        [*district("March", "10,4,", "50,40,"), *district("Ely", ",,45", ",,60")],
        ("F=March,Ely",),
        "percentages without a number of pupils",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_pooled(write: Write, what: str) -> None:
    rows, pools, words = REFUSED[what]
    with pytest.raises((WrongPool, UnknownName)) as raised:
        gaps(write(figures(*rows)), *pools)
    assert isinstance(raised.value, GapcalcError)
    assert raised.value.exit_code == 2
    assert words in raised.value.message


def test_percentages_that_are_not_asked_for_are_no_matter(write: Write) -> None:
    text = figures(*district("March", "10,4,", "50,40,"), *district("Ely", "20,9,", "60,30,"))
    path = write(text + "2013/14,Ely,district,873,KS2,rwm_l4,fsm,fsm,,,45\n")
    assert sides(gaps(path, "F=March,Ely", periods=("2012/13",))["F"]) == [30, 13, 110, 70]


def test_two_areas_of_one_name_are_told_apart_by_their_codes(write: Write) -> None:
    rows = ["academic_year,la,district,key_stage,fsm,reading"]
    rows += [f"2012/13,{la},{place},KS2,{fsm},4" for la, place in PLACES for fsm in "YYN"]
    path = write("\n".join(rows) + "\n")
    with pytest.raises(WrongPool, match="North is the name of 2 areas") as raised:
        gaps(path, "F=North,South", by="district")
    assert "E06000031/North, E10000003/North" in raised.value.hint
    found = gaps(path, "F=E10000003/North,South", by="district")
    assert sides(found["F"]) == [4, 4, 2, 2]


PLACES = [("873", "North"), ("873", "South"), ("874", "North")]


def test_authorities_of_two_regions_are_not_pooled_beside_regions(write: Write) -> None:
    rows = [(code, "la", "", group, "20,9,") for code in ("873", "330") for group in ("fsm", "not_fsm")]
    rows += [("East of England", "region", "", group, "90,39,") for group in ("fsm", "not_fsm")]
    with pytest.raises(WrongPool, match="do not lie in the same area"):
        gaps(write(figures(*rows)), "F=873,330")


def test_the_pool_as_it_is_written() -> None:
    (pool,) = pools_of([" Fens = March , Ely "])
    assert str(pool) == "Fens=March,Ely"
