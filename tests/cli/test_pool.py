"""Areas put together: the options that do it, and what the outputs say of it."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.pool.named import nearly

Run = Callable[..., Any]
Write = Callable[..., Path]
ASKED = ("-g", "fsm", "--measure", "reading_l4", "--period", "2012/13")
POOL = "March and Chatteris=March,Chatteris"


@pytest.fixture
def pupils(write: Write) -> Path:
    """One authority with four districts of which two have small groups."""
    chance = random.Random(4)  # noqa: S311 - drawn, not secret
    lines = ["academic_year,la,district,key_stage,fsm,reading"]
    for place, number in (("March", 140), ("Chatteris", 120), ("Ely", 90), ("Soham", 60), ("", 200)):
        for _ in range(number):
            fsm, level = chance.choice("YNNN"), chance.choice("3344")
            lines.append(f"{chance.choice(['2012/13', '2013/14'])},873,{place},KS2,{fsm},{level}")
    return write("\n".join(lines) + "\n", "pupils.csv")


def rows(run: Run, *arguments: object) -> dict[str, dict[str, str]]:
    ran = run("compute", *arguments, "-f", "csv", "-q")
    assert ran.code == 0, ran.err
    return {one["area_name"]: one for one in csv.DictReader(io.StringIO(ran.out))}


def test_districts_are_pooled_before_they_are_protected(run: Run, pupils: Path, tmp_path: Path) -> None:
    inside = rows(run, pupils, "--by", "district", *ASKED, "--internal")
    pooled = rows(run, pupils, "--by", "district", *ASKED, "--pool", POOL)
    # Ely and Soham have too few in a group to be told of.
    assert set(inside) - set(pooled) == {"March", "Chatteris", "Ely", "Soham"}
    (name,) = set(pooled) - set(inside)
    one = pooled[name]
    assert (one["area_code"], one["level"]) == ("E10000003/March and Chatteris", "district")
    for figure in ("focus_pupils", "focus_total", "reference_pupils", "reference_total"):
        assert float(one[figure]) == sum(float(inside[place][figure]) for place in ("March", "Chatteris"))
    output = tmp_path / "run.json"
    assert run("compute", pupils, "--by", "district", *ASKED, "--pool", POOL, "-q", "-o", output).code == 0
    results = json.loads(output.read_text(encoding="utf-8"))
    assert results["options"]["pools"] == [POOL]
    assert [one["area_name"] for one in results["without_row"]] == ["Ely", "Soham"]
    assert run("audit", output).code == 0


def test_a_pool_is_an_area_that_can_be_asked_for(run: Run, pupils: Path) -> None:
    found = rows(run, pupils, "--by", "district", *ASKED, "--pool", POOL, "--area", "March and Chatteris")
    assert list(found) == ["March and Chatteris"]
    ran = run("compute", pupils, "--by", "district", *ASKED, "--pool", POOL, "--area", "March")
    assert ran.code == 2


@pytest.mark.parametrize("extension", ["csv", "parquet"])
def test_counts_are_pooled_and_read_back_as_they_would_be(
    run: Run, pupils: Path, tmp_path: Path, extension: str
) -> None:
    by = ("--by", "district", *ASKED)
    counts = tmp_path / f"counts.{extension}"
    assert run("count", pupils, *by, "--pool", POOL, "--internal", "-q", "-o", counts).code == 0
    back = counts.with_name(f"counts.internal.{extension}")
    pooled = rows(run, pupils, *by, "--pool", POOL)
    assert rows(run, back) == pooled
    assert rows(run, back, "--by", "la") == rows(run, pupils, *ASKED)
    # Or pooled when they are read back.
    assert run("count", pupils, *by, "--internal", "-q", "-o", counts).code == 0
    assert rows(run, back, "--pool", POOL) == pooled


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        ("Fens", "it is no name with the areas"),
        ("Fens=March", "it is no name with the areas"),
        ("Fens=March,Nowhere", "there is no area to pool 'Nowhere'"),
        ("Fens=March,873", "there is no area to pool '873'"),
        ("Ely=March,Chatteris", "this is an area already"),
    ],
)
@pytest.mark.parametrize("command", [["compute", "--internal"], ["count", "--internal", "-o", "nowhere/c.csv"]])
def test_what_cannot_be_pooled_is_a_wrong_command(
    run: Run, pupils: Path, command: list[str], pool: str, words: str
) -> None:
    ran = run(command[0], pupils, *command[1:], "--by", "district", *ASKED, "--pool", pool)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_a_district_that_is_not_there_counts_as_one_of_nobody(run: Run, pupils: Path) -> None:
    """It is not refused: that a pool is there would say that somebody is in each of its districts."""
    asked_for = ("--by", "district", *ASKED, "--pool")
    same = rows(run, pupils, *asked_for, POOL)
    assert rows(run, pupils, *asked_for, f"{POOL},Nowhere") == same
    ran = run("compute", pupils, *asked_for, f"{POOL},Nowhere")
    assert "counts as one with nobody in it, and in figures that are added up already as one without a row" in ran.err
    assert "Put together: March and Chatteris is March, Chatteris, Nowhere." in ran.out
    ran = run("compute", pupils, *asked_for, "Fens=Nowhere,Elsewhere", "--area", "Fens")
    assert ran.code == 2
    assert "or no row of it may be shown" in ran.err


@pytest.mark.parametrize("text", ["Chatterris", "chateris", "Chattreis", "Chatterus"])
def test_a_misspelt_district_is_refused(run: Run, pupils: Path, text: str) -> None:
    ran = run("compute", pupils, "--by", "district", *ASKED, "--pool", f"Fens=March,{text}")
    assert (ran.code, ran.out) == (2, "")
    assert f"there is no area to pool '{text}'\n  try: Chatteris" in ran.err


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Wisbeck", "Wisbech", True),
        ("King's Lynn", "Kings Lynn", True),
        ("St. Ives", "St Ives", True),
        ("Ramsay", "Ramsey", True),
        ("East Cambridgeshir", "East Cambridgeshire", True),
        ("East Cambridgeshire", "West Cambridgeshire", False),  # two letters
        ("School 4", "School 3", False),
        ("8732004", "8732003", False),
        ("Ward A", "Ward B", False),
        ("Ely", "Eli", False),
        ("Chatterriss", "Chatteris", False),  # two letters
        ("March", "March North", False),
    ],
)
def test_what_is_taken_for_misspelt(text: str, name: str, expected: bool) -> None:
    assert nearly(text, name) is nearly(name, text) is expected


def test_one_s_own_counts_and_published_ones_are_not_added_up(run: Run, write: Write) -> None:
    header = "time_period,time_identifier,geographic_level,country_code,country_name,new_la_code,la_name"
    header += ",social_care_group,version,t_rwm_eligible_pupils,t_rwm_met_expected_standard"
    start = "202223,Academic year,Local authority,E92000001,England,E06000031,Peterborough"
    published = write(f"{header}\n{start},CLA 12 months at 31 March,Final,20,10\n", "ees.csv")
    own = write(
        "period,area,key_stage,measure,group,pupils,total\n2022/23,873,KS2,rwm_exp,lac_12_months,60,20\n"
        "2022/23,873,KS2,rwm_exp,not_lac,5000,3000\n",
        "own.csv",
    )
    ran = run("compute", own, published, "--pool", "Both=873,874")
    assert ran.code == 2, ran.err
    assert "some of its areas are of published figures" in ran.err
