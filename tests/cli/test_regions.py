"""`--by region`: from authorities, how many of these are in it, and what a file says of regions itself."""

import csv
import io
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gapcalc.definitions import areas
from gapcalc.definitions.regions import authorities, region_of

Run = Callable[..., Any]
Write = Callable[..., Path]
HEADER = "period,area,level,key_stage,measure,group,pupils,total,value\n"
EAST = "East of England"


@pytest.fixture
def pupils(write: Write) -> Path:
    """Three authorities of two regions, and one of Wales."""
    chance = random.Random(4)  # noqa: S311 - drawn, not secret
    lines = ["academic_year,la,key_stage,fsm,reading,maths"]
    for la, number in (("873", 400), ("874", 300), ("330", 200), ("Caerphilly", 100)):
        for _ in range(number):
            fsm, reading, maths = chance.choice("YNNN"), chance.choice("3344"), chance.choice("34")
            lines.append(f"2012/13,{la},KS2,{fsm},{reading},{maths}")
    return write("\n".join(lines) + "\n", "pupils.csv")


def rows(run: Run, *arguments: object) -> list[dict[str, str]]:
    ran = run("compute", *arguments, "-f", "csv", "-q")
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


def figures(*lines: tuple[str, str, str], period: str = "2012/13") -> str:
    return HEADER + "".join(f"{period},{area},,KS2,reading_l4,{group},{cells}\n" for area, group, cells in lines)


def test_authorities_are_added_up_and_a_part_of_a_region_says_so(run: Run, pupils: Path, tmp_path: Path) -> None:
    asked = ("-g", "fsm", "--measure", "reading_l4", "--internal")
    inside = {one["area_name"]: one for one in rows(run, pupils, *asked)}
    west, east = rows(run, pupils, *asked, "--by", "region")
    assert (east["area_name"], east["level"]) == ("East of England (2 of 11 authorities)", "region")
    assert east["area_code"] == "E12000006/E06000031+E10000003"
    assert west["area_name"] == "West Midlands (1 of 14 authorities)"
    for figure in ("focus_pupils", "focus_total", "reference_pupils", "reference_total", "unknown_pupils"):
        assert float(east[figure]) == sum(float(inside[place][figure]) for place in ("Cambridgeshire", "Peterborough"))
        assert west[figure] == inside["Birmingham"][figure]
    ran = run("compute", pupils, "--by", "region")
    assert ran.code == 0
    assert (
        "East of England (2 of 11 authorities) is not the region: it is Cambridgeshire, Peterborough alone" in ran.err
    )
    assert "in no region, and left out: Caerphilly" in ran.err


def test_regions_and_authorities_pass_the_audit_together(run: Run, pupils: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"{by}.json" for by in ("region", "la")]
    for output in outputs:
        assert run("compute", pupils, "--by", output.stem, "-q", "-o", output).code == 0
    made = json.loads(outputs[0].read_text(encoding="utf-8"))
    assert made["options"]["by"] == "region"
    assert run("audit", outputs[0], "--known", outputs[1]).code == 0
    assert run("audit", outputs[1], "--known", outputs[0]).code == 0


def test_counts_read_back_are_rolled_up_as_the_pupils_are(run: Run, pupils: Path, tmp_path: Path) -> None:
    assert run("count", pupils, "--internal", "-q", "-o", tmp_path / "c.parquet").code == 0
    back = rows(run, tmp_path / "c.internal.parquet", "--by", "region")
    assert back == rows(run, pupils, "--by", "region")
    ran = run("count", pupils, "--by", "region", "--internal", "-o", tmp_path / "d.csv")
    assert (ran.code, "no level of pupil data 'region'" in ran.err) == (2, True)
    assert run("compute", pupils, "--by", "national").code == 2


def whole(region: str, period: str) -> list[tuple[str, str, str]]:
    cells = {"fsm": "100,40,", "not_fsm": "500,300,"}
    return [(code, group, cells[group]) for code in sorted(authorities(region, period)) for group in cells]


YEARS = [("E12000006", "2008/09", 10), ("E12000006", "2012/13", 11), ("E12000007", "2012/13", 33)]


@pytest.mark.parametrize(("region", "period", "number"), YEARS)
def test_all_authorities_of_a_year_are_the_region(
    run: Run, write: Write, region: str, period: str, number: int
) -> None:
    path = write(figures(*whole(region, period), period=period))
    (one,) = rows(run, path, "--by", "region")
    assert (one["area_code"], one["area_name"]) == (region, areas()[region].name)
    assert (one["focus_pupils"], one["reference_total"]) == (str(100 * number), f"{300 * number}.0")
    assert "not the region" not in run("compute", path, "--by", "region").err


def test_two_authorities_that_are_printed_together_are_in_it_once(run: Run, write: Write) -> None:
    both, (one, other) = "Kingston upon Thames / Richmond upon Thames", ("E09000021", "E09000027")
    lines = whole("E12000007", "2012/13")
    together = [(both, group, cells) for _, group, cells in lines[:2]]
    without = [line for line in lines if line[0] not in (one, other)]
    for found, number in ((lines, "3300"), (without, "3200")):
        (region,) = rows(run, write(figures(*together, *found)), "--by", "region")
        assert (region["area_name"], region["focus_pupils"]) == ("London", number)


def test_one_short_is_not_the_region(run: Run, write: Write) -> None:
    (one,) = rows(run, write(figures(*whole("E12000006", "2012/13")[2:])), "--by", "region")
    assert one["area_name"] == "East of England (10 of 11 authorities)"
    assert one["area_code"] == f"E12000006/without {min(authorities('E12000006', '2012/13'))}"


def test_authorities_that_came_a_year_later_are_the_region_too(run: Run, write: Write) -> None:
    later = whole("E12000009", "2019/20")
    assert later != whole("E12000009", "2018/19")
    for period, name in (("2018/19", "South West"), ("2016/17", "South West (13 of 16 authorities)")):
        (one,) = rows(run, write(figures(*later, period=period).replace("reading_l4", "reading_exp")), "--by", "region")
        assert one["area_name"] == name


def test_a_figure_that_an_authority_lacks_is_lacking_in_the_region(run: Run, write: Write) -> None:
    lines = whole("E12000006", "2012/13")
    lines[0] = (lines[0][0], "fsm", "100,x,")
    (one,) = rows(run, write(figures(*lines)), "--by", "region")
    assert (one["area_name"], one["focus_pupils"], one["focus_symbol"]) == (EAST, "1100", "not_available")
    (one,) = rows(run, write(figures(*lines[1:])), "--by", "region")
    assert (one["area_name"], one["focus_symbol"]) == (EAST, "not_available")


def test_other_authorities_in_another_year_are_named(run: Run, write: Write) -> None:
    text = figures(*whole("E12000006", "2012/13")[:2]) + figures(*whole("E12000006", "2012/13")[2:4], period="2011/12")
    ran = run("compute", write(text.replace(f"\n{HEADER}", "\n")), "--by", "region")
    assert ran.code == 0
    assert ran.err.count("(1 of 11 authorities) is not the region") == 2
    assert "alone in 2011/12 ks2" in ran.err


def test_regions_of_a_file_are_taken_as_they_are(run: Run, write: Write) -> None:
    lines = [*whole("E12000006", "2012/13"), (EAST, "fsm", "2000,900,"), (EAST, "not_fsm", "7000,5000,")]
    (one,) = rows(run, write(figures(*lines)), "--by", "region", "--internal")
    assert (one["area_code"], one["focus_pupils"], one["reference_pupils"]) == ("E12000006", "2000", "7000")


def test_a_region_in_one_file_and_its_authorities_in_another_are_the_same_figure_twice(run: Run, write: Write) -> None:
    one = write(figures(*whole("E12000006", "2012/13")), "las.csv")
    other = write(figures((EAST, "fsm", "2000,900,"), (EAST, "not_fsm", "7000,5000,")), "region.csv")
    ran = run("compute", one, other, "--by", "region")
    assert ran.code == 3
    assert "given more than once" in ran.err


def test_percentages_alone_are_in_no_region(run: Run, write: Write) -> None:
    ran = run("compute", write(figures(("873", "fsm", ",,40"), ("873", "not_fsm", ",,60"))), "--by", "region")
    assert ran.code == 2
    assert "nothing in the data matches level region" in ran.err


def test_every_authority_is_in_a_region_of_england_or_in_none() -> None:
    regions = {region_of(code) for code, area in areas().items() if area.level == "la"} - {None}
    assert len(regions) == 9
    assert region_of("E12000006") is None
    assert region_of("W06000018") is None
