"""What stands beside a gap is told to readers too: protection knows it, and the audit reads it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

Write = Callable[..., Path]
HEADER = "period,area,level,key_stage,measure,group,pupils,total\n"
DISTRICTS = "".join(
    f"2013/14,873/{name},district,KS2,reading_l4,{group},{pupils},{total}\n"
    for name, *sides in (
        ("Ely", (60, 56), (200, 150)),
        ("March", (60, 30), (200, 140)),
        ("Soham", (70, 35), (200, 130)),
    )
    for group, (pupils, total) in zip(("fsm", "not_fsm"), sides, strict=True)
)
AUTHORITY = "".join(
    f"2013/14,873,la,KS2,reading_l4,{group},{pupils},{total}\n"
    for group, pupils, total in (("fsm", 190, 121), ("not_fsm", 600, 420))
)


def output(run: Run, *arguments: object) -> dict[str, Any]:
    ran = run(*arguments, "-f", "json", "-q")
    assert ran.code in (0, 1), ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def shown(results: dict[str, Any]) -> dict[str, float | None]:
    return {gap["area_code"]: gap["focus_total"] for gap in results["gaps"]}


def test_an_area_beside_its_parts_is_known_to_the_reader(run: Run, write: Write) -> None:
    """Of 60 in Ely 4 did not reach it: the authority's 121 less the other districts' would say so."""
    districts, authority = write(HEADER + DISTRICTS, "districts.csv"), write(HEADER + AUTHORITY, "la.csv")
    alone = shown(output(run, "compute", districts))
    assert [code for code, total in alone.items() if total is None] == ["873/Ely"]
    results = output(run, "compute", districts, "--beside", authority, "-c", "la")
    hidden = [code for code, total in shown(results).items() if total is None]
    assert "873/Ely" in hidden
    assert len(hidden) > 1
    assert {one["comparator"] for gap in results["gaps"] for one in gap["comparisons"]} == {"la"}


def test_the_audit_of_both_finds_nothing(run: Run, write: Write, tmp_path: Path) -> None:
    districts, authority = write(HEADER + DISTRICTS, "districts.csv"), write(HEADER + AUTHORITY, "la.csv")
    this, above = tmp_path / "this.json", tmp_path / "above.json"
    assert run("compute", districts, "--beside", authority, "-c", "la", "-q", "-o", this).code == 0
    assert run("compute", authority, "-q", "-o", above).code == 0
    assert run("audit", this).code == 0
    assert run("audit", this, "--known", above).code == 0
    # Made without the authority, the districts alone would not have been enough.
    assert run("compute", districts, "-q", "-o", this).code == 0
    assert run("audit", this, "--known", above).code == 1


@pytest.mark.parametrize("figure", ["focus_value", "difference", "same"])
def test_the_audit_reads_what_stands_beside(run: Run, write: Write, tmp_path: Path, figure: str) -> None:
    """The year before, hidden in its own row, is put back beside the year after."""
    before = "".join(
        f"2012/13,873,la,KS2,reading_l4,{group},{pupils},{total}\n"
        for group, pupils, total in (("fsm", 60, 56), ("not_fsm", 200, 150), ("all", 260, 206))
    )
    this = tmp_path / "this.json"
    data = write(HEADER + before + AUTHORITY, "both.csv")
    assert run("compute", data, "-c", "previous", "-q", "-o", this).code == 0
    results = json.loads(this.read_text(encoding="utf-8"))
    first, second = sorted(results["gaps"], key=lambda gap: str(gap["period"]))
    (one,) = second["comparisons"]
    assert (first["symbol"], one["symbol"], one["focus_value"]) == ("hidden", "hidden", None)
    assert run("audit", this).code == 0
    one |= {"focus_pupils": 60, "focus_value": 100 * 56 / 60} if figure == "focus_value" else {figure: 3.0}
    this.write_text(json.dumps(results), encoding="utf-8")
    ran = run("audit", this, "-f", "json")
    assert ran.code == 1
    if figure != "focus_value":
        assert [one["figure"] for one in json.loads(ran.out)["shown"]] == [f"comparisons.previous.{figure}"]


def test_a_school_by_its_dfe_number_lies_in_its_authority(run: Run, write: Write) -> None:
    schools = DISTRICTS.replace("873/Ely", "873/2001").replace("873/March", "873/2002").replace("873/Soham", "873/2003")
    data = write(HEADER + schools.replace("district", "school"), "schools.csv")
    results = output(run, "compute", data, "--beside", write(HEADER + AUTHORITY, "la.csv"), "-c", "la")
    beside = [one["area_code"] for gap in results["gaps"] for one in gap["comparisons"]]
    assert beside == ["E10000003"] * 3


def test_schools_with_a_wider_gap_are_counted_by_status(run: Run, write: Write) -> None:
    header = HEADER.replace("period,", "period,status,")
    rows = "".join(
        line.replace("2013/14,", f"2013/14,{status},") + "\n"
        for status in ("final", "provisional")
        for line in (DISTRICTS + AUTHORITY).replace("60,56", "60,20").splitlines()
    )
    results = output(run, "compute", write(header + rows, "both.csv"), "--by", "district", "-c", "la")
    assert [(one["status"], one["areas"]) for one in results["wider"]] == [("final", 3), ("provisional", 3)]


def test_final_figures_stand_beside_before_provisional_ones(run: Run, write: Write) -> None:
    header = HEADER.replace("period,", "period,status,")
    england = "2013/14,{},England,national,KS2,reading_l4,{},{},{}\n".format
    rows = england("provisional", "fsm", 1000, 400) + england("provisional", "not_fsm", 9000, 8000)
    rows += england("final", "fsm", 1000, 500) + england("final", "not_fsm", 9000, 8100)
    data = write(HEADER + AUTHORITY, "la.csv")
    (gap,) = output(run, "compute", data, "--beside", write(header + rows, "england.csv"))["gaps"]
    (one,) = gap["comparisons"]
    assert (one["status"], one["focus_value"]) == ("final", 50.0)


def test_the_other_reading_is_of_the_peers_alone(run: Run, write: Write) -> None:
    """Set against all pupils, there are no other pupils to read a rate of."""
    everybody = "2013/14,{},KS2,reading_l4,all,{},{}\n".format
    england = "2013/14,England,national,KS2,reading_l4,fsm,1000,500\n"
    england += everybody("England,national", 10000, 8600)
    data = write(HEADER + AUTHORITY + everybody("873,la", 790, 541), "la.csv")
    asked = ("--reference", "all", "--beside", write(HEADER + england, "england.csv"))
    (gap,) = output(run, "compute", data, *asked)["gaps"]
    (one,) = gap["comparisons"]
    assert one["other"] is None
    assert one["all"] == pytest.approx(86 - 100 * 121 / 190)


def test_a_part_of_a_region_is_no_further_region(run: Run, write: Write) -> None:
    rows = "".join(
        f"2013/14,{area},{level},KS2,reading_l4,{group},1000,{total}\n"
        for area, level in (("England", "national"), ("London", "region"), ("Inner London", "region"),
                            ("East of England", "region"))
        for group, total in (("fsm", 500), ("not_fsm", 800 if area == "England" else 900))
    )  # fmt: skip
    results = output(run, "compute", write(HEADER + rows, "regions.csv"), "--by", "region", "-c", "national")
    assert len(results["gaps"]) == 3
    assert [(one["wider"], one["areas"]) for one in results["wider"]] == [(2, 2)]


LIST = "version{0}area{0}rank{0}neighbour{0}closeness\nmine{0}873{0}1{0}850{0}Close\nmine{0}873{0}2{0}931{0}Close\n"


@pytest.mark.parametrize("name", ["a#b.csv", "semicolons.csv", "list.xlsx"])
def test_a_list_of_ones_own_is_read_like_any_file(run: Run, write: Write, tmp_path: Path, name: str) -> None:
    text = LIST.format(";" if name.startswith("semi") else ",")
    path = tmp_path / name
    if name.endswith(".xlsx"):
        import openpyxl

        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in text.splitlines():
            sheet.append(line.split(","))
        book.save(path)
    else:
        path = write(text, name)
    data = HEADER + AUTHORITY + AUTHORITY.replace("873", "850") + AUTHORITY.replace("873", "931")
    asked = ("--area", "Cambridgeshire", "-c", "neighbours", "--neighbours", path)
    (gap,) = output(run, "compute", write(data, "data.csv"), *asked)["gaps"]
    (one,) = gap["comparisons"]
    assert (one["version"], one["areas"], one["areas_with_gap"]) == ("mine", 2, 2)
