"""Districts and schools: that a row is there, or is not, says nothing of whether anybody is in a group."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from gapcalc import protect
from gapcalc.attack import attack
from gapcalc.attack.seen import secret_empty, seen_in_counts
from gapcalc.definitions import policies
from gapcalc.model import COUNTS
from gapcalc.pipeline import compute
from gapcalc.release import NotCleared
from gapcalc.request import Request
from gapcalc.who_missed import who_missed
from tests.conftest import Run

Write = Callable[[str, str], Path]
LAC = 12  # in the county
EACH, FEW = [1] * LAC + [0] * 3, [4, 4, 4] + [0] * 12  # schools and their looked-after children
OUTPUTS = [
    ("compute", "-g", "fsm", "-g", "lac", "-f", "json"),
    ("compute", "-g", "fsm", "-g", "lac", "-f", "csv"),
    ("compute", "-g", "fsm", "-g", "lac", "-f", "table"),
    ("compute", "-g", "fsm", "-g", "lac", "--reference", "all", "-f", "json"),
    ("compute", "-g", "fsm", "-g", "lac", "--reference", "others", "-f", "json"),
    ("compute", "-g", "fsm", "-g", "lac", "--compare", "la", "-f", "json"),
    ("compute", "-g", "fsm", "-g", "lac", "--compare", "previous", "-f", "json"),
    ("cohort", "-g", "lac", "-f", "json"),
    ("cohort", "-g", "lac,fsm", "-f", "csv"),
    ("sensitivity", "-g", "fsm", "-g", "lac", "--compare", "la", "-f", "json"),
]


def pupils(looked_after: Sequence[int], by: str = "school") -> str:
    """Places of 40 pupils, 20 of whom have FSM and are not looked after; half of each kind reached level 4."""
    lines = [f"academic_year,la,{by},key_stage,fsm,looked_after,reading"]
    for place, number in enumerate(looked_after):
        name = 8732000 + place if by == "school" else f"Place {place}"
        # Of the looked after every second one reached it, counted through all places.
        before = sum(looked_after[:place])
        reached = [(before + one) % 2 for one in range(number)]
        others = [1] * (10 - sum(reached)) + [0] * (10 - number + sum(reached))
        told = [("Y", "N", one % 2) for one in range(20)]
        told += [("N", "Y", one) for one in reached] + [("N", "N", one) for one in others]
        lines += [f"2012/13,873,{name},KS2,{fsm},{lac},{3 + level}" for fsm, lac, level in told]
    return "\n".join(lines) + "\n"


def without_hash(text: str) -> str:
    """An output without the fingerprint of its input."""
    return "\n".join(line for line in text.splitlines() if '"sha256"' not in line)


@pytest.mark.parametrize("by", ["school", "district"])
@pytest.mark.parametrize("output", OUTPUTS, ids=" ".join)
def test_where_the_few_are_cannot_be_told(output: tuple[str, ...], by: str, run: Run, write: Write) -> None:
    """One looked-after child in each of twelve schools, or four in each of three: the same is printed."""
    told = []
    for looked_after in (EACH, FEW):
        ran = run(output[0], write(pupils(looked_after, by), "pupils.csv"), "--by", by, *output[1:])
        # Of a place without a combination that may be shown there is no table, and so none at all.
        assert ran.code == 0 or output[0] == "cohort", ran.err
        told.append((ran.code, without_hash(ran.out), ran.err))
    assert told[0] == told[1]
    assert any(name in text for name in ("8732000", "Place 0") for text in told[0][1:])


def test_nobody_and_few_fail_alike(run: Run, write: Write) -> None:
    asked = ("--by", "school", "-g", "lac", "--area")
    data = write(pupils(FEW), "pupils.csv")
    there, not_there = (run("compute", data, *asked, f"873200{place}") for place in (0, 9))
    assert there.code == not_there.code == 2
    assert there.err.replace("8732000", "8732009", 1) == not_there.err
    assert "or no row of it may be shown" in there.err


def test_a_verdict_on_few_is_one_on_nobody(run: Run, write: Write, tmp_path: Path) -> None:
    strategy = tmp_path / "strategy.toml"
    verdicts = []
    for place in (0, 9):
        strategy.write_text(
            f"""
[strategy]
title = "Places"
document = "places.pdf"
areas = ["Place {place}"]
baseline = "2011/12"
deadline = "2012/13"

[[target]]
id = "lac"
says = "30% of the looked after reach level 4"
source = {{ page = 1 }}
kind = "at_least"
measures = ["ks2 reading_l4"]
groups = ["lac"]
bound = "30%"
""",
            encoding="utf-8",
        )
        ran = run("check-targets", "-s", strategy, write(pupils(FEW, "district"), "pupils.csv"), "-f", "json")
        assert ran.out, ran.err
        found = json.loads(ran.out)
        verdicts.append((ran.code, json.dumps([found["targets"], found["figures"]]).replace(f"Place {place}", "")))
    assert verdicts[0] == verdicts[1]


def test_a_row_that_says_only_that_somebody_is_there_is_refused(write: Write) -> None:
    request = Request(data=(str(write(pupils(FEW), "pupils.csv")),), by="school", groups=("fsm", "lac"))
    made, bare = compute(request), compute(replace(request, internal=True))
    row = bare.gaps[bare.gaps["focus"] == "lac"].iloc[:1].copy()
    figures = [str(name) for name in row if pd.api.types.is_numeric_dtype(row[name])]
    row[figures], row["symbol"] = None, "hidden"
    with pytest.raises(NotCleared, match="somebody is in a group"):
        replace(made, gaps=pd.concat([made.gaps, row], ignore_index=True))


def test_so_is_a_combination(write: Write) -> None:
    request = Request(data=(str(write(pupils(FEW), "pupils.csv")),), by="school", groups=("lac",))
    made, bare = who_missed(request), who_missed(replace(request, internal=True))
    row = bare.rows[bare.rows["group"] == "lac"].iloc[:1].copy()
    row[["pupils", "missed", "share"]], row["symbol"] = None, "hidden"
    with pytest.raises(NotCleared, match="somebody is in a group"):
        replace(made, rows=pd.concat([made.rows, row], ignore_index=True))


DISTRICTS = [15, 14, 4]  # 33 in the county: of two districts nothing may be told


def audited(run: Run, path: Path, *known: object) -> tuple[int, dict[str, Any]]:
    ran = run("audit", path, *(word for one in known for word in ("--known", one)), "-f", "json")
    return ran.code, json.loads(ran.out)


def test_the_audit_knows_that_a_group_without_a_row_may_be_hidden(run: Run, write: Write, tmp_path: Path) -> None:
    data = write(pupils(DISTRICTS, "district"), "pupils.csv")
    paths = [tmp_path / f"{name}.json" for name in ("by", "county", "inside")]
    asked = ("-g", "lac", "-q", "-o")
    assert run("compute", data, "--by", "district", *asked, paths[0]).code == 0
    assert run("compute", data, *asked, paths[1]).code == 0
    assert run("compute", data, "--by", "district", "--internal", *asked, paths[2]).code == 0
    by, inside = (
        json.loads(path.read_text(encoding="utf-8")) for path in (paths[0], paths[2].with_suffix(".internal.json"))
    )
    # Of the two that are not small one is hidden beside the third.
    assert [(one["area_name"], one["focus_pupils"]) for one in by["gaps"]] == [("Place 1", 14)]
    assert [one["area_name"] for one in by["without_row"]] == ["Place 0", "Place 2"]
    assert audited(run, paths[0], paths[1])[0] == 0
    # Whoever is told of the second district too knows the third.
    more = next(one for one in inside["gaps"] if one["area_name"] == "Place 0") | {"protected": True}
    by["gaps"].append(more | dict.fromkeys(("small_cohort", "method"), None))
    put_back = tmp_path / "more.json"
    put_back.write_text(json.dumps(by), encoding="utf-8")
    code, found = audited(run, put_back, paths[1])
    assert code == 1
    given = [one for one in found["counts"] if one["verdict"] == "fails" and one["count"] == "pupils"]
    assert [(one["area_code"], one["group"], one["lowest"], one["highest"]) for one in given] == [
        ("E10000003/Place 2", "lac", 4, 4)
    ]


def test_the_audit_finds_a_row_that_should_not_be_there(run: Run, write: Write, tmp_path: Path) -> None:
    output = tmp_path / "run.json"
    asked = ("--by", "school", "-g", "fsm", "-g", "lac", "-q", "-o", output)
    assert run("compute", write(pupils(FEW), "pupils.csv"), *asked).code == 0
    results = json.loads(output.read_text(encoding="utf-8"))
    (fsm, *_) = results["gaps"]
    nothing = {name: None for name, figure in fsm.items() if isinstance(figure, int | float) and name != "protected"}
    hidden = dict.fromkeys(("symbol", "focus_symbol", "reference_symbol"), "hidden") | {"small_cohort": None}
    results["gaps"].append(fsm | nothing | hidden | {"dimension": "lac", "focus": "lac", "reference": "not_lac"})
    output.write_text(json.dumps(results), encoding="utf-8")
    code, found = audited(run, output)
    assert code == 1
    assert [(one["group"], one["figure"], one["why"]) for one in found["shown"]] == [("lac", "row", "hidden")]


def test_a_row_of_an_authority_says_that_somebody_is_there() -> None:
    """Ten with SEN, of both kinds: each is 1 to 9, and not 0 to 10."""
    start = ("2012/13", "", "final", "E10000003", "la", "ks2", "reading_l4")
    cells = [("all", "all", 200), ("sen", "any_sen", 20), ("sen", "no_sen", 180), ("sen", "unknown", 0)]
    cells += [("sen_provision", one, number) for one, number in (("no_sen", 180), ("unknown", 0))]
    hidden = [("sen_provision", one, None) for one in ("sen_support", "ehc_plan")]
    rows = [
        (*start, *cell, "Cambridgeshire", number, None if number is None else number // 2, None, "counted",
         "hidden" if number is None else None)
        for *cell, number in [*cells, *hidden]
    ]  # fmt: skip
    counts = pd.DataFrame(rows, columns=COUNTS, dtype=object)
    counts[["pupils", "total"]] = counts[["pupils", "total"]].astype("Int64")
    policy = policies()["strict"]
    for level, ends in (("la", (1, 19)), ("school", (0, 20))):
        found = attack(seen_in_counts(counts.assign(level=level), policy), policy).counts
        mine = found[(found["count"] == "pupils") & found["group"].isin(["sen_support", "ehc_plan"])]
        assert {*zip(mine["lowest"], mine["highest"], strict=True)} == {ends}


def test_published_rows_of_places_stay(write: Write) -> None:
    """What a statistic prints of a school is shown as printed, its hidden cells too: no policy was applied to it."""
    rows = ["period,area,level,key_stage,measure,group,pupils,total"]
    rows += [f"2012/13,873,la,KS2,reading_l4,{group},200,100" for group in ("lac", "not_lac")]
    request = Request(data=(str(write("\n".join(rows) + "\n", "data.csv")),), groups=("lac",))
    counts = compute(request).data.counts.assign(level="school")
    counts.loc[counts["group"] == "lac", ["pupils", "total"]] = None
    counts.loc[counts["group"] == "lac", "symbol"] = "hidden"
    assert len(protect.told(counts, protect.uncovered(counts))) == len(counts)
    hidden = protect.protect(counts.assign(pupils=5, total=2, symbol=None), policies()["strict"])
    assert protect.told(hidden.counts, hidden).empty


def test_counts_read_back_tell_no_more(run: Run, write: Write, tmp_path: Path) -> None:
    """They have a row where somebody is in a group: how many rows there are is not repeated."""
    told = []
    for place, looked_after in enumerate((EACH, FEW)):
        data, counts = write(pupils(looked_after), f"pupils{place}.csv"), tmp_path / f"{place}" / "counts.parquet"
        counts.parent.mkdir()
        asked = ("--by", "school", "-g", "fsm", "-g", "lac")
        assert run("count", data, *asked, "--internal", "-q", "-o", counts).code == 0
        ran = run("compute", counts.with_name("counts.internal.parquet"), *asked, "-f", "json")
        assert ran.code == 0, ran.err
        assert json.loads(ran.out)["inputs"][0]["rows"] is None
        told.append((without_hash(ran.out), ran.err))
    assert told[0] == told[1]


@pytest.mark.parametrize("nobody", [False, True])
def test_an_aggregate_that_says_nobody_tells_no_more_than_one_that_does_not(
    nobody: bool, run: Run, write: Write
) -> None:
    told = []
    for looked_after in (EACH, FEW):
        rows = ["period,area,level,within,key_stage,measure,dimension,group,pupils,total"]
        for place, number in enumerate(looked_after):
            start = f"2012/13,School {place},school,873,KS2,reading_l4"
            rows += [f"{start},all,all,40,20", f"{start},fsm,fsm,20,10", f"{start},fsm,not_fsm,20,10"]
            rows += [f"{start},lac,not_lac,{40 - number},{20 - number // 2}"]
            rows += [f"{start},lac,lac,{number},{number // 2}"] if number or nobody else []
        ran = run("compute", write("\n".join(rows) + "\n", "data.csv"), "--by", "school", "-f", "json")
        assert ran.code == 0, ran.err
        told.append((without_hash(ran.out), ran.err))
    assert told[0] == told[1]


def test_that_nobody_is_in_a_group_anywhere_costs_nothing(run: Run, write: Write, tmp_path: Path) -> None:
    """The authority's own run tells it: so schools are shown as if there were no such group, and the audit passes."""
    lines = ["academic_year,la,school,key_stage,sen_provision,reading"]
    lines += [
        f"2014/15,873,{8732000 + place},KS2,{'K' if one < 30 + place else 'N'},{3 + (one // 2) % 2}"
        for place in range(3)
        for one in range(80)
    ]
    data, paths = write("\n".join(lines) + "\n", "pupils.csv"), [tmp_path / "by.json", tmp_path / "county.json"]
    asked = ("-g", "sen_provision", "-q", "-o")
    assert run("compute", data, "--by", "school", *asked, paths[0]).code == 0
    assert run("compute", data, *asked, paths[1]).code == 0
    gaps = json.loads(paths[0].read_text(encoding="utf-8"))["gaps"]
    assert [one["focus_pupils"] for one in gaps if one["gap"] is not None] == [30, 31, 32]
    assert audited(run, *paths)[0] == 0


def test_the_audit_of_a_cohort_knows_places_without_a_combination(run: Run, write: Write, tmp_path: Path) -> None:
    data = write(pupils(DISTRICTS, "district"), "pupils.csv")
    paths = [tmp_path / f"{name}.json" for name in ("by", "county")]
    assert run("cohort", data, "--by", "district", "-g", "lac", "-q", "-o", paths[0]).code == 0
    assert run("cohort", data, "-g", "lac", "-q", "-o", paths[1]).code == 0
    assert audited(run, *paths)[0] == 0
    results = json.loads(paths[0].read_text(encoding="utf-8"))
    shown = next(one for one in results["rows"] if one["group"] == "lac")
    results["rows"].append(shown | {"area_code": "E10000003/Place 0", "area_name": "Place 0", "pupils": 15})
    paths[0].write_text(json.dumps(results), encoding="utf-8")
    code, found = audited(run, *paths)
    assert code == 1
    given = {(one["area_code"], one["highest"]) for one in found["counts"] if one["verdict"] == "fails"}
    assert ("E10000003/Place 2", 4) in given


def test_what_rounds_to_nobody_has_no_row(run: Run, write: Write, tmp_path: Path) -> None:
    policy = tmp_path / "round.toml"
    policy.write_text("largest = 2\nrounding = 10\n", encoding="utf-8")
    ran = run(
        "compute", write(pupils(FEW), "pupils.csv"), "--by", "school", "-g", "fsm", "-g", "lac", "--policy", policy,
        "-f", "json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert {one["focus"] for one in json.loads(ran.out)["gaps"]} == {"fsm"}


def test_it_is_not_said_how_many_pupils_have_a_code(run: Run, write: Write) -> None:
    """A code of SEN support that stands in too early a year is told; of how many pupils, to `validate` alone."""
    lines = ["academic_year,la,key_stage,sen_provision,reading"]
    lines += [f"2012/13,873,KS2,{'K' if one < 4 else 'N'},{3 + one % 2}" for one in range(60)]
    data = write("\n".join(lines) + "\n", "pupils.csv")
    ran = run("compute", data, "-g", "sen_provision", "-f", "json")
    assert "K stands before" in ran.err
    assert "in rows that `gapcalc validate` names" in ran.err
    assert "4 rows" not in ran.err + ran.out
    assert "4 rows" in run("validate", data).out


# 49 or 43 in the county: of two schools nothing may be told, be the rest in both, or in one of them.
@pytest.mark.parametrize(("policy", "left"), [("strict", 4), ("dfe", 2)])
def test_where_a_rest_is_cannot_be_told_beside_schools_that_are_shown(
    policy: str, left: int, run: Run, write: Write
) -> None:
    told = []
    for one in range(left + 1):
        data = write(pupils([15, 14, 12, one, left - one]), "pupils.csv")
        ran = run("compute", data, "--by", "school", "-g", "lac", "--policy", policy, "-f", "json")
        told.append((ran.code, without_hash(ran.out), ran.err))
    assert told == [told[0]] * len(told)
    assert [row["focus_pupils"] for row in json.loads(told[0][1])["gaps"]] == [15, 14, 12]


def turned(looked_after: Sequence[int]) -> str:
    """As `pupils`, with most of them looked after: who is not is one of the few."""
    head, *lines = pupils(looked_after).splitlines()
    other = {"Y": "N", "N": "Y"}
    parts = (line.split(",") for line in lines)
    return "\n".join([head, *(",".join([*one[:5], other[one[5]], one[6]]) for one in parts)]) + "\n"


@pytest.mark.parametrize(
    "output",
    [
        ("compute", "-g", "lac", "-g", "fsm", "-f", "json"),
        ("compute", "-g", "lac", "-g", "fsm", "-f", "table"),
        ("compute", "-g", "lac", "-g", "fsm", "--reference", "others", "-f", "json"),
        ("cohort", "-g", "lac", "-f", "json"),
    ],
    ids=" ".join,
)
def test_nor_where_the_few_peers_are(output: tuple[str, ...], run: Run, write: Write) -> None:
    told = []
    for others in (EACH, FEW):
        ran = run(output[0], write(turned(others), "pupils.csv"), "--by", "school", *output[1:])
        assert ran.code == 0, ran.err
        told.append((without_hash(ran.out), ran.err))
    assert told[0] == told[1]
    assert "8732000" in told[0][0]


HEAD = "period,area,level,within,key_stage,measure,dimension,group,pupils,total"
AUTHORITY = "2012/13,873,la,,KS2,reading_l4"


def aggregate(looked_after: Sequence[int], authority: str, districts: int = 0, *, nobody: bool = True) -> str:
    """Schools of 40 pupils, in districts of so many schools; the authority's rows as given."""

    def rows(name: str, within: str, level: str, number: int, schools: int) -> list[str]:
        start = f"2012/13,{name},{level},{within},KS2,reading_l4"
        half, all_ = 20 * schools, 40 * schools
        found = [f"{start},all,all,{all_},{half}", f"{start},fsm,fsm,{half},{half // 2}"]
        found += [f"{start},fsm,not_fsm,{half},{half // 2}"]
        if nobody or number:
            # Of the looked after every second one reached it, so that places of as many pupils are alike.
            found.append(f"{start},lac,lac,{number},{number // 2}")
        return [*found, f"{start},lac,not_lac,{all_ - number},{half - number // 2}"]

    size = len(looked_after)
    lines = [HEAD, f"{AUTHORITY},all,all,{40 * size},{20 * size}"]
    lines += [f"{AUTHORITY},fsm,fsm,{20 * size},{10 * size}", f"{AUTHORITY},fsm,not_fsm,{20 * size},{10 * size}"]
    lines += authority.splitlines()
    for place in range(0, size if districts else 0, districts or 1):
        some = looked_after[place : place + districts]
        lines += rows(f"Part {place}", "873", "district", sum(some), len(some))
    for place, number in enumerate(looked_after):
        within = f"Part {place // districts * districts}" if districts else "873"
        lines += rows(f"School {place}", within, "school", number, 1)
    return "\n".join(lines) + "\n"


SAID = f"{AUTHORITY},lac,lac,12,6\n{AUTHORITY},lac,not_lac,588,294"
NOT_SAID = {
    "hidden": f"{AUTHORITY},lac,lac,c,c\n{AUTHORITY},lac,not_lac,588,294",
    "both hidden": f"{AUTHORITY},lac,lac,c,c\n{AUTHORITY},lac,not_lac,c,c",
    "peers": f"{AUTHORITY},lac,not_lac,588,294",
    "no row": "",
}


@pytest.mark.parametrize("authority", NOT_SAID.values(), ids=NOT_SAID)
def test_an_authority_that_does_not_say_it_either_tells_no_more(authority: str, run: Run, write: Write) -> None:
    told = []
    for looked_after in ([2] * 6 + [0] * 9, [4] * 3 + [0] * 12):
        data = write(aggregate(looked_after, authority), "counts.csv")
        ran = run("compute", data, "--by", "school", "-g", "lac", "-g", "fsm", "-f", "json")
        told.append((ran.code, without_hash(ran.out), ran.err))
    assert told[0] == told[1]
    assert {row["focus"] for row in json.loads(told[0][1])["gaps"]} == {"fsm"}


@pytest.mark.parametrize("nobody", [True, False])
@pytest.mark.parametrize("by", [("--by", "school"), ("--by", "district"), ()], ids=" ".join)
def test_schools_tell_no_more_of_their_districts(by: tuple[str, ...], nobody: bool, run: Run, write: Write) -> None:
    """Districts of three schools, each in one world, and four in one school of three districts in the other."""
    told = []
    for looked_after in ([2, 0, 0] * 4 + [2, 2, 0], [4, 0, 0] * 3 + [0] * 6):
        data = write(aggregate(looked_after, SAID, districts=3, nobody=nobody), "counts.csv")
        ran = run("compute", data, *by, "-g", "lac", "-g", "fsm", "-f", "json")
        told.append((ran.code, without_hash(ran.out), ran.err))
    assert told[0] == told[1]
    assert "fsm" in {row["focus"] for row in json.loads(told[0][1])["gaps"]}


def test_a_sum_that_lacks_a_row_tells_no_more(run: Run, write: Write) -> None:
    """Two schools of few, or one of few and one that has no row of the group."""
    data = write(aggregate([2] * 6 + [0] * 9, SAID, nobody=False), "counts.csv")
    told = []
    for one in (1, 9):
        pool = f"Some=School 0,School {one}"
        ran = run("compute", data, "--by", "school", "-g", "lac", "-g", "fsm", "--pool", pool, "-f", "json")
        assert ran.code == 0, ran.err
        places = [row for row in json.loads(ran.out)["gaps"] if row["area_name"] == "Some"]
        told.append((places, ran.err))
    assert told[0] == told[1]
    assert [row["focus"] for row in told[0][0]] == ["fsm"]


def intersection(looked_after: int) -> str:
    """60 pupils with FSM, 60 without; so many looked after, half of them boys as of the others."""
    lines = ["academic_year,la,key_stage,sex,fsm,looked_after,reading"]
    for place in range(120):
        cared = "Y" if place < looked_after else "N"
        lines.append(f"2012/13,873,KS2,{'MF'[place % 2]},{'YN'[place // 2 % 2]},{cared},{3 + place // 4 % 2}")
    return "\n".join(lines) + "\n"


def test_an_intersection_does_not_tell_how_many_are_in_its_parts(run: Run, write: Write, tmp_path: Path) -> None:
    """All pupils less the boys and girls who are not looked after are those who are."""
    data, bare = write(intersection(8), "pupils.csv"), tmp_path / "bare.json"
    ran = run("compute", data, "-g", "sex:lac", "-g", "fsm", "-f", "json")
    rows = json.loads(ran.out)["gaps"]
    assert {row["focus_pupils"] for row in rows if row["dimension"] == "fsm"} == {60}
    shown = tmp_path / "shown.json"
    shown.write_text(ran.out, encoding="utf-8")
    assert audited(run, shown)[0] == 0
    # The audit finds it where it is printed.
    open_ = run("compute", data, "-g", "sex:lac", "-g", "fsm", "-f", "json", "--internal")
    assert open_.code == 0
    for row in rows:
        if row["focus"] == "not_lac x boys":
            (bare_row,) = (one for one in json.loads(open_.out)["gaps"] if one["focus"] == row["focus"])
            row |= {name: bare_row[name] for name in ("focus_pupils", "reference_pupils", "unknown_pupils")}
    bare.write_text(json.dumps(json.loads(ran.out) | {"gaps": rows}), encoding="utf-8")
    code, found = audited(run, bare)
    assert code == 1
    (given,) = (one for one in found["counts"] if (one["dimension"], one["count"]) == ("lac", "pupils"))
    assert (given["lowest"], given["highest"], given["verdict"]) == (8, 8, "fails")


@pytest.mark.parametrize(("in_all", "secret"), [(20, ["not_lac"]), (0, [])])
def test_that_hidden_peers_are_nobody_is_a_secret_where_the_authority_has_some(in_all: int, secret: list[str]) -> None:
    def row(area: str, level: str, group: str, pupils: int | None) -> list[object]:
        symbol = None if pupils is not None else "hidden"
        where = ["2012/13", "", "final", area, level, "ks2", "reading_l4"]
        return [*where, "lac", group, "", pupils, pupils, pupils, "counted", symbol]

    rows = [row("E10000003", "la", "lac", 60), row("E10000003", "la", "not_lac", in_all)]
    rows += [row("E10000003/8732000", "school", "lac", 40), row("E10000003/8732000", "school", "not_lac", None)]
    counts = pd.DataFrame(rows, columns=COUNTS).astype({"pupils": "Int64", "total": "Int64", "total_sq": "Int64"})
    seen = seen_in_counts(counts, policies()["strict"])
    found = secret_empty(seen, {"E10000003/8732000": "E10000003"})
    assert seen["group"][found].tolist() == secret


def test_percentages_beside_hidden_counts_stay(run: Run, write: Write) -> None:
    """Nothing else is shown of the school; its percentages without a number of pupils were protected by nobody."""
    start = "2012/13,School 0,school,873,KS2,reading_l4"
    lines = [f"{HEAD},value", f"{start},lac,lac,2,1,", f"{start},lac,not_lac,4,2,"]
    lines += [f"{start},fsm,fsm,,,40", f"{start},fsm,not_fsm,,,60"]
    ran = run("compute", write("\n".join(lines) + "\n", "data.csv"), "--by", "school", "-f", "json")
    assert ran.code == 0, ran.err
    assert [(row["focus"], round(row["gap"], 6)) for row in json.loads(ran.out)["gaps"]] == [("fsm", 20)]
