"""Verdicts of small made-up counties, each worked out by hand beside the case."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

YEARS = ("2011/12", "2012/13", "2013/14", "2014/15")
FSM, PEERS = (50, 55, 58, 70), (320, 320, 324, 328)  # of 100 and 400 who reached it
HEAD = """
[strategy]
title = "T"
document = "D"
areas = ["Cambridgeshire"]
baseline = "2011/12"
deadline = "2014/15"
[strategy.comparators.national]
area = "England"
[strategy.data]
local = ["d.csv"]
"""


def rows(area: str, group: str, pupils: int, reached: tuple[int, ...], years: tuple[str, ...] = YEARS) -> list[str]:
    return [f"{year},{area},ks2,reading_l4,{group},{pupils},{one}" for year, one in zip(years, reached, strict=True)]


COUNTY = [*rows("Cambridgeshire", "fsm", 100, FSM), *rows("Cambridgeshire", "not_fsm", 400, PEERS)]


def judged(run: Run, folder: Path, target: str, data: list[str] = COUNTY, *options: object) -> dict[str, Any]:
    """The one target of a strategy, as the JSON has it."""
    (found,) = everything(run, folder, target, data, *options)["targets"]
    assert isinstance(found, dict)
    return found


def everything(run: Run, folder: Path, target: str, data: list[str] = COUNTY, *options: object) -> dict[str, Any]:
    ran = run("check-targets", "-s", written(folder, target, data), "-f", "json", "-q", *options)
    assert ran.code in (0, 1, 5), ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def written(folder: Path, target: str, data: list[str] = COUNTY) -> Path:
    (folder / "d.csv").write_text(
        "\n".join(["period,area,key_stage,measure,group,pupils,total", *data, ""]), encoding="utf-8"
    )
    path = folder / "s.toml"
    head = '\n[[target]]\nid = "S"\nsays = "as said"\nsource = { page = 1 }\n'
    measures = "" if "measures" in target else 'measures = ["ks2 reading_l4"]\ngroups = ["fsm"]\n'
    path.write_text(HEAD + head + measures + target, encoding="utf-8")
    return path


def first(found: dict[str, Any]) -> dict[str, Any]:
    claim: dict[str, Any] = found["claims"][0]
    return claim


FEW = [
    "2014/15,Cambridgeshire,ks2,reading_l4,fsm,30,4", "2014/15,Cambridgeshire,ks2,reading_l4,not_fsm,400,328",
]  # fmt: skip
AT_LEAST = 'kind = "at_least"\nbound = "30%"'


def test_an_internal_run_says_nothing_to_a_run_for_release(run: Run, tmp_path: Path) -> None:
    before = tmp_path / "before.internal.json"
    path = written(tmp_path, AT_LEAST, FEW)
    assert run("check-targets", "-s", path, "--internal", "-q", "-o", before).code == 1
    ran = run("check-targets", "-s", path, "--since", before)
    assert ran.code == 3
    assert "it is internal" in ran.err
    assert "missed" not in ran.out
    assert run("check-targets", "-s", path, "--since", before, "--internal", "-q").code == 1


def test_what_another_policy_let_be_said_is_not_said_again(run: Run, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    path = written(tmp_path, AT_LEAST, FEW)
    assert run("check-targets", "-s", path, "--policy", "dfe", "-q", "-o", before).code == 1
    assert everything(run, tmp_path, AT_LEAST, FEW, "--since", before)["changes"] == []


OUTPACE = 'kind = "outpace"\nthan = "peers"\nby = "3 ppt"\neach_year = true'


def test_every_year_of_none_can_not_be_said(run: Run, tmp_path: Path) -> None:
    found = judged(run, tmp_path, OUTPACE, COUNTY, "--as-of", "2011/12")
    assert (found["verdict"], found["reason"]) == ("cannot_say", "no_data")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ('kind = "at_least"\nbound = "90%"\ntolerance = "1 points"', "the unit of tolerance"),
        ('kind = "at_least"\nbound = "90%"\nprinted = { start = "50 points" }', "the unit of start"),
        (
            'measures = ["ks4 attainment8"]\ngroups = ["fsm"]\nkind = "at_least"\nbound = "46 points"\n'
            'tolerance = "3 pupils"',
            "the unit of tolerance",
        ),
        (
            'kind = "outpace"\nfigure = "gap"\nthan = "national"\nby = "20 percent of the gap"',
            "the unit of by",
        ),
        ('kind = "outpace"\nfigure = "gap"\nthan = "peers"', "a gap, held against one of its two sides"),
    ],
)
def test_units_and_sides_that_do_not_fit_are_refused(run: Run, tmp_path: Path, target: str, words: str) -> None:
    ran = run("strategy", "check", written(tmp_path, target))
    assert ran.code == 2
    assert words in ran.out + ran.err


SCHOOLS = [f"2014/15,predicted,873/200{n},school,ks2,reading_l4,all,100,{reached}" for n, reached in ((1, 50), (2, 90))]


def test_a_floor_of_predictions_is_never_missed(run: Run, tmp_path: Path) -> None:
    floor = 'kind = "floor"\nlevel = "school"\njudged_on = "predicted"\nmeasures = []\n'
    floor += 'thresholds = [{ measure = "ks2 reading_l4", at_least = "60%" }]'
    path = written(tmp_path, floor)
    header = "period,status,area,level,key_stage,measure,group,pupils,total"
    (tmp_path / "d.csv").write_text("\n".join([header, *SCHOOLS, ""]), encoding="utf-8")
    ran = run("check-targets", "-s", path, "-f", "json", "-q")
    (found,) = json.loads(ran.out)["targets"]
    assert (found["verdict"], first(found)["failing"]) == ("off_track", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
def test_an_output_never_takes_the_place_of_what_is_no_file(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ran = run("check-targets", "-s", written(tmp_path, AT_LEAST), "-f", "json", "-o", pipe)
    assert ran.code == 4
    assert "it is no file" in ran.err
    assert pipe.is_fifo()


def test_the_worst_colour_of_a_scorecard_stands_for_all(run: Run, tmp_path: Path) -> None:
    maths = [line.replace("reading_l4", "maths_l4") for line in rows("Cambridgeshire", "fsm", 100, (50, 50, 50, 50))]
    banded = 'measures = ["ks2 reading_l4", "ks2 maths_l4"]\ngroups = ["fsm"]\nkind = "banded"\n'
    banded += 'bound = "80%"\nintervention = "60%"\nbetter = "higher"'
    found = judged(run, tmp_path, banded, [*COUNTY, *maths])
    assert [one["rag"] for one in found["claims"]] == ["amber", "red"]
    assert (found["rag"], found["decided_by"]) == ("red", 1)


def test_a_strategy_may_come_from_standard_input(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    path = written(tmp_path, AT_LEAST)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert run("check-targets", "-s", "-", "-q").code == 0


def test_now_does_not_know_what_comes_later(run: Run, tmp_path: Path) -> None:
    """From 53 in 2013/14 to 70: 17 in a year, of which nobody knows before it has been done."""
    data = rows("Cambridgeshire", "fsm", 100, (50, 52, 53, 75))
    claim = first(judged(run, tmp_path, 'kind = "at_least"\nbound = "70%"', data, "--as-of", "2013/14"))
    assert claim["per_year_best"] == pytest.approx(2.0)
    assert claim["feasible"] is False


def test_a_share_of_the_target_is_not_one_of_the_line(run: Run, tmp_path: Path) -> None:
    """A gap of 30, then 14; 10 or a quarter more, 12.5, is wanted: not there, and 23.3 is asked for by now."""
    data = [*rows("Cambridgeshire", "fsm", 100, (50, 66), YEARS[:2])]
    data += rows("Cambridgeshire", "not_fsm", 400, (320, 320), YEARS[:2])
    target = 'kind = "at_most"\nfigure = "gap"\nbound = "10 ppt"\ntolerance = "25 percent"'
    claim = first(judged(run, tmp_path, target, data))
    assert (claim["verdict"], claim["reached"]) == ("on_track", False)
    assert claim["pupils_needed"] == 2  # 68 of 100 leave a gap of 12


def test_a_year_without_a_figure_is_not_now(run: Run, tmp_path: Path) -> None:
    data = [*rows("Cambridgeshire", "fsm", 100, (50, 55), YEARS[:2]), "2013/14,Cambridgeshire,ks2,reading_l4,fsm,z,z"]
    found = everything(run, tmp_path, 'kind = "at_least"\nbound = "70%"', data)
    assert (found["as_of"], found["targets"][0]["verdict"]) == ("2012/13", "off_track")


def test_authorities_of_a_region_are_found(run: Run, tmp_path: Path) -> None:
    header = "period,area,level,key_stage,measure,group,pupils,total"
    lines = [f"2014/15,{area},la,ks2,reading_l4,all,100,{reached}" for area, reached in (("873", 70), ("926", 50))]
    target = (
        'areas = ["East of England"]\nmeasures = ["ks2 reading_l4"]\nlevel = "la"\nkind = "at_least"\nbound = "60%"'
    )
    path = written(tmp_path, target)
    (tmp_path / "d.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    ran = run("check-targets", "-s", path, "-f", "json", "-q")
    claim = first(json.loads(ran.out)["targets"][0])
    assert (claim["areas"], claim["failing"]) == (2, 1)


def test_a_group_that_was_ahead_need_not_halve_its_lead(run: Run, tmp_path: Path) -> None:
    data = [*rows("Cambridgeshire", "fsm", 100, (74, 73), ("2011/12", "2014/15"))]
    data += rows("Cambridgeshire", "not_fsm", 400, (288, 288), ("2011/12", "2014/15"))
    claim = first(judged(run, tmp_path, 'kind = "narrow_by"\nby = "50 percent of the gap"', data))
    assert (claim["verdict"], claim["required"]) == ("met", 0.0)
    assert any("not behind at the baseline" in note for note in claim["notes"])


def test_between_two_milestones_no_baseline_is_needed(run: Run, tmp_path: Path) -> None:
    """From 60 in 2012/13 to 68 in 2014/15: 64 is asked for in 2013/14."""
    data = rows("Cambridgeshire", "fsm", 100, (55, 58), YEARS[1:3])
    target = 'kind = "at_least"\nbound = "68%"\nmilestones = [{ period = "2012/13", bound = "60%" }]'
    claim = first(judged(run, tmp_path, target, data, "--as-of", "2013/14"))
    assert (claim["verdict"], claim["required_now"]) == ("off_track", pytest.approx(64.0))


def test_what_cannot_be_said_denies_nothing(run: Run, tmp_path: Path) -> None:
    target = AT_LEAST + '\nprinted = { verdict = "missed", direction = "better" }'
    assert judged(run, tmp_path, target, FEW)["contradictions"] == []


def test_rounded_counts_say_how_far_off_they_may_be(run: Run, tmp_path: Path) -> None:
    """61 of 102 and 66 of 102: 4.9 points. Rounded to fives, 60 and 65 of 100 are 5.0, and either may be so."""
    data = rows("Cambridgeshire", "fsm", 102, (61, 66), ("2011/12", "2014/15"))
    target = 'kind = "raise_by"\nby = "5 ppt"\nstart = "59.8%"'
    found = judged(run, tmp_path, target, data, "--policy", "opensafely")
    assert first(found)["within_rounding"] is True
    assert found["contradictions"] == []


@pytest.mark.parametrize(
    ("options", "code"), [(("--as-of", "0001-01-01"), 2), (("--since", "bad.json"), 3)],
)  # fmt: skip
def test_nonsense_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], code: int
) -> None:
    (tmp_path / "bad.json").write_text('{"targets": [{"id": "S", "verdict": []}]}', encoding="utf-8")
    path = written(tmp_path, AT_LEAST)
    monkeypatch.chdir(tmp_path)
    assert run("check-targets", "-s", path, *options).code == code


def test_pupils_of_an_earlier_level_are_found_in_a_pupil_file(run: Run, tmp_path: Path) -> None:
    # Level, EAL, how many reached level 4 in reading, how many did not: of the low 24 of 60 EAL and 40 of 60 others.
    heaps = [("1", "Y", 12, 18), ("W", "Y", 12, 18), ("1A", "N", 40, 20), ("2C", "Y", 40, 10), ("3", "N", 90, 10)]
    pupils = [
        f"2014/15,873,KS2,{eal},{'4' if place < reached else '3'},{level}"
        for level, eal, reached, missed in heaps
        for place in range(reached + missed)
    ]
    header = "academic_year,la,key_stage,eal,reading,ks1_reading_level"
    (tmp_path / "pupils.csv").write_text("\n".join([header, *pupils, ""]), encoding="utf-8")
    nation = [
        "2014/15,England,ks2,reading_l4,ks1_reading,ks1_reading_at_most_1,100000,55000",
        "2014/15,England,ks2,reading_l4,eal x ks1_reading,eal x ks1_reading_at_most_1,10000,4500",
        "2014/15,England,ks2,reading_l4,eal x ks1_reading,not_eal x ks1_reading_at_most_1,90000,47500",
    ]
    header = "period,area,key_stage,measure,dimension,group,pupils,total"
    (tmp_path / "england.csv").write_text("\n".join([header, *nation, ""]), encoding="utf-8")
    head = HEAD.replace('["d.csv"]', '["pupils.csv"]\ncomparators = ["england.csv"]')
    chosen = 'measures = ["ks2 reading_l4"]\ncohort = { prior = "ks1", at_most = "1" }\ncomparator = "national"\n'
    targets = [
        ("of all", 'kind = "at_least_comparator"\n'),
        ("of EAL", 'kind = "at_least_comparator"\ngroups = ["eal"]\n'),
        ("gap", 'kind = "no_wider_than"\ngroups = ["eal"]\n'),
    ]
    blocks = [
        f'[[target]]\nid = "{id}"\nsays = "as said"\nsource = {{ page = 1 }}\n{chosen}{said}' for id, said in targets
    ]
    (tmp_path / "s.toml").write_text("\n".join([head, *blocks]), encoding="utf-8")
    ran = run("check-targets", "-s", tmp_path / "s.toml", "-f", "json", "-q")
    claims = [first(one) for one in json.loads(ran.out)["targets"]]
    assert [(one["verdict"], one["actual"], one["required"]) for one in claims] == [
        ("missed", pytest.approx(100 * 64 / 120), pytest.approx(55.0)),
        ("missed", pytest.approx(40.0), pytest.approx(45.0)),
        ("missed", pytest.approx(100 * 40 / 60 - 40), pytest.approx(100 * 47500 / 90000 - 45)),
    ]
    assert claims[1]["group"] == "eal x ks1_reading_at_most_1"


def test_a_level_of_areas_is_judged_by_its_own_last_year(run: Run, tmp_path: Path) -> None:
    wards = [
        f"{year},{ward},ks2,reading_l4,fsm,100,{reached}"
        for ward, years in (("North", (60, 60, 60)), ("South", (60, 60, 40)))
        for year, reached in zip(YEARS, years, strict=False)
    ]
    data = [*(f"{row},district" for row in wards), *(f"{row},la" for row in COUNTY if row < "2013")]
    path = written(tmp_path, 'kind = "floor"\nlevel = "district"\n[[target.thresholds]]\nmeasure = "ks2 reading_l4"\n'
                   'at_least = "50%"\n', [])  # fmt: skip
    header = "period,area,key_stage,measure,group,pupils,total,level"
    (tmp_path / "d.csv").write_text("\n".join([header, *data, ""]), encoding="utf-8")
    ran = run("check-targets", "-s", path, "-f", "json", "-q")
    found = first(json.loads(ran.out)["targets"][0])
    assert (found["period"], found["areas"], found["failing"], found["verdict"]) == ("2013/14", 2, 1, "off_track")


@pytest.mark.parametrize(
    "target",
    [
        AT_LEAST + '\nareas = [["March", "March"]]',
        AT_LEAST + '\nareas = ["March", "March"]',
        AT_LEAST + '\nareas = [["Cambridgeshire", "873"]]',
        AT_LEAST + '\nareas = ["Crewe", " crewe "]',
        AT_LEAST + '\nmeasures = ["ks2 reading_l4"]\ngroups = ["fsm x boys", "boys x fsm"]',
        AT_LEAST + '\nmilestones = [{ period = "2012/13", bound = "10%" }, { period = "2012/13", bound = "20%" }]',
        AT_LEAST + '\nmeasures = ["ks2 reading_l4", "ks2 reading_l4"]\ngroups = ["fsm"]',
    ],
)
def test_nothing_is_counted_twice(run: Run, tmp_path: Path, target: str) -> None:
    ran = run("strategy", "check", written(tmp_path, target))
    assert ran.code != 0
    assert "G007 error" in ran.out + ran.err
    assert "is given twice" in ran.out + ran.err


def test_an_area_is_not_pooled_with_one_in_it(run: Run, tmp_path: Path) -> None:
    header = "period,area,level,key_stage,measure,group,pupils,total"
    rows_ = [
        "2014/15,Cambridgeshire,la,ks2,reading_l4,fsm,400,200", "2014/15,Wisbech,district,ks2,reading_l4,fsm,100,80"
    ]  # fmt: skip
    path = written(tmp_path, AT_LEAST + '\nareas = [["Cambridgeshire", "Wisbech"]]')
    (tmp_path / "d.csv").write_text("\n".join([header, *rows_, ""]), encoding="utf-8")
    ran = run("check-targets", "-s", path, "-f", "json", "-q")
    (found,) = json.loads(ran.out)["targets"]
    assert (found["verdict"], found["reason"]) == ("cannot_say", "ambiguous")
    assert "one lies in another" in found["why"]


@pytest.mark.parametrize("by", ["5 ppt", "50 percent of the gap"])
def test_a_group_that_was_ahead_is_asked_not_to_fall_behind(run: Run, tmp_path: Path, by: str) -> None:
    data = [*rows("Cambridgeshire", "fsm", 100, (83, 82, 81, 80)), *rows("Cambridgeshire", "not_fsm", 400, (320,) * 4)]
    found = judged(run, tmp_path, f'kind = "narrow_by"\nby = "{by}"', data)
    assert (found["verdict"], first(found)["required"]) == ("met", 0.0)
    assert "not to fall behind" in first(found)["notes"][0]


def test_the_worst_of_what_is_missed_is_shown(run: Run, tmp_path: Path) -> None:
    target = 'kind = "at_least"\nmeasures = ["ks2 reading_l4", "ks2 maths_l4"]\ngroups = ["fsm"]\nbound = "75%"'
    data = [*COUNTY, *(row.replace("reading", "maths").replace("100,70", "100,60") for row in COUNTY)]
    found = judged(run, tmp_path, target, data)
    assert [one["distance"] for one in found["claims"]] == pytest.approx([-5, -15])
    assert (found["decided_by"], found["verdict"]) == (1, "missed")


def test_how_many_are_needed_by_now_and_in_the_end(run: Run, tmp_path: Path) -> None:
    path = written(tmp_path, 'kind = "raise_by"\nby = "30 ppt"')
    ran = run("check-targets", "-s", path, "-f", "json", "-q", "--as-of", "2013/14")
    found = first(json.loads(ran.out)["targets"][0])
    # From 50 by 30 in three years: 70 by now, where 58 are, and 80 in the end.
    assert (found["pupils_needed_now"], found["pupils_needed"]) == (12, 22)
    table = " ".join(run("check-targets", "-s", path, "-q", "--as-of", "2013/14").out.split())
    assert "70.0% by 2013/14" in table
    assert "Distance: how much better it is" in table


def test_what_falls_short_by_little_is_seen_to(run: Run, tmp_path: Path) -> None:
    data = ["2014/15,Cambridgeshire,ks2,reading_l4,fsm,3000,2099"]
    out = run("check-targets", "-s", written(tmp_path, 'kind = "at_least"\nbound = "70%"', data), "-q").out
    assert "69.97%" in out
    assert "70.00%" in out
    assert "-0.03 ppt" in out


MEASURE = 'measures = ["ks2 reading_l4"]\n'
GAP = MEASURE + 'groups = ["fsm"]\nkind = "at_most"\nfigure = "gap"\nbound = "10 ppt"\n'
EVERYBODY = MEASURE + 'kind = "at_least"\nbound = "90%"\n'
NOT_FSM = EVERYBODY + 'groups = ["not_fsm"]\n'
CHOSEN = 'cohort = { prior = "ks1", at_most = "1" }\n'


@pytest.mark.parametrize(
    ("first_", "second"),
    [(GAP, EVERYBODY), (GAP + 'against = "all"\n', NOT_FSM), (GAP + CHOSEN, EVERYBODY + CHOSEN)],
    ids=["gap", "all but", "cohort"],
)
def test_verdicts_do_not_tell_how_few_of_unknown_group_did(run: Run, tmp_path: Path, first_: str, second: str) -> None:
    pupils = [
        f"2014/15,873,KS2,{fsm},{'4' if place < reached else '3'},1"
        for fsm, reached, size in (("Y", 55, 100), ("N", 300, 400), ("", 2, 3))
        for place in range(size)
    ]
    header = "academic_year,la,key_stage,fsm,reading,ks1_reading_level"
    (tmp_path / "pupils.csv").write_text("\n".join([header, *pupils, ""]), encoding="utf-8")

    def told(*targets: str) -> tuple[set[str], list[str]]:
        blocks = [
            f'[[target]]\nid = "{n}"\nsays = "as said"\nsource = {{ page = 1 }}\n{one}' for n, one in enumerate(targets)
        ]
        text = "\n".join([HEAD.replace("d.csv", "pupils.csv"), *blocks])
        (tmp_path / "s.toml").write_text(text, encoding="utf-8")
        found = json.loads(run("check-targets", "-s", tmp_path / "s.toml", "-f", "json", "-q").out)
        counts = {f"{one['pupils']}" for one in found["figures"] if one["pupils"] is not None}
        return counts, [one["reason"] for one in found["targets"]]

    assert told(first_)[1] == told(second)[1] == [None]
    counts, reasons = told(first_, second)
    assert "hidden" in reasons
    assert not counts & {"503", "403"}


def test_explain_asks_for_a_target(run: Run) -> None:
    ran = run("explain", "verdicts.json")
    assert ran.code == 2
    assert "which target of the run?" in ran.err


def test_a_bare_step_of_a_rate_is_no_share_of_a_gap(run: Run, tmp_path: Path) -> None:
    ran = run("strategy", "check", written(tmp_path, 'kind = "raise_by"\nby = "6%"'))
    said = ran.out + ran.err
    assert "G101" in said
    assert "of the gap" not in said
    assert 'write "6 ppt" (a rate of 60% becomes 66.0%)' in said
    assert '"3.6 ppt" (it becomes 63.6%)' in said


def test_since_says_what_is_gone_and_asks_about_another_strategy(run: Run, tmp_path: Path) -> None:
    path, before = written(tmp_path, AT_LEAST), tmp_path / "before.json"
    run("check-targets", "-s", path, "-q", "-o", before)
    text = path.read_text(encoding="utf-8").replace('id = "S"', 'id = "R"').replace('title = "T"', 'title = "U"')
    path.write_text(text, encoding="utf-8")
    ran = run("check-targets", "-s", path, "--since", before)
    assert "R: not there before, now met" in ran.out
    assert "S: met before, now not there" in ran.out
    assert "another title" in ran.err


@pytest.mark.parametrize("format", ["junit", "github"])
def test_checks_say_what_contradicts_itself(run: Run, tmp_path: Path, format: str) -> None:
    path = written(tmp_path, 'kind = "raise_by"\nby = "2 ppt"\nstart = "40%"')
    out = run("check-targets", "-s", path, "-f", format, "-q").out.replace("%25", "%")
    assert "the document has 40% as the figure of 2011/12" in out


def test_figures_without_pupils_are_protected_by_nothing(run: Run, tmp_path: Path) -> None:
    header = "period,area,key_stage,measure,dimension,group,value,printed_gap"
    rows_ = ["2014/15,Cambridgeshire,ks2,reading_l4,fsm,fsm,,20", "2014/15,Cambridgeshire,ks2,reading_l4,lac,lac,50,"]
    path = written(tmp_path, 'kind = "at_most"\nfigure = "gap"\nbound = "25 ppt"')
    (tmp_path / "d.csv").write_text("\n".join([header, *rows_, ""]), encoding="utf-8")
    ran = run("check-targets", "-s", path, "-q", "-f", "json")
    assert json.loads(ran.out)["protection"]["protected"] is False


def test_one_area_that_is_early_does_not_stand_for_its_level(run: Run, tmp_path: Path) -> None:
    wards = [f"2013/14,Ward {n},ks2,reading_l4,fsm,100,40,district" for n in range(5)]
    wards += ["2014/15,Ward 9,ks2,reading_l4,fsm,100,70,district"]
    said = (
        'kind = "floor"\nlevel = "district"\ndeadline = "2015/16"\n[[target.thresholds]]\nmeasure = "ks2 reading_l4"\n'
    )
    path = written(tmp_path, said + 'at_least = "60%"\n', [])
    header = "period,area,key_stage,measure,group,pupils,total,level"
    (tmp_path / "d.csv").write_text("\n".join([header, *wards, ""]), encoding="utf-8")
    found = first(json.loads(run("check-targets", "-s", path, "-f", "json", "-q").out)["targets"][0])
    assert (found["period"], found["areas"], found["failing"], found["verdict"]) == ("2013/14", 5, 5, "off_track")


@pytest.mark.parametrize(
    ("more", "needed"), [("", (10, 20)), ('tolerance = "25 percent"\n', (0, 0)), ("strict = true\n", (10, 21))]
)
def test_pupils_needed_by_now_are_those_of_the_line(
    run: Run, tmp_path: Path, more: str, needed: tuple[int, int]
) -> None:
    # From 50 to 90 in four years, 80 after three, where 70 are; a quarter of 80 is 20. Only the end is strict.
    data = rows("Cambridgeshire", "fsm", 100, (50, 60, 65, 70))
    target = f'kind = "at_least"\nbound = "90%"\ndeadline = "2015/16"\n{more}'
    found = first(judged(run, tmp_path, target, data, "--as-of", "2014/15"))
    assert (found["pupils_needed_now"], found["pupils_needed"]) == needed
