"""What one run prints of several dimensions, levels or files gives away no small count by sums over all of them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from gapcalc.definitions import policies
from tests.cli.test_beside_the_figures import OUTPUTS, alike, in_turn
from tests.cli.test_places import EACH, FEW, HEAD
from tests.conftest import Run

Write = Callable[[str, str], Path]


def in_care(short: Sequence[int], looked_after: int = 24, size: int = 60) -> str:
    """Schools with so many looked-after children, of whom some have been so for less than a year."""
    lines = ["academic_year,la,school,key_stage,fsm,looked_after_months,reading"]
    for place, few in enumerate(short):
        start = f"2012/13,873,{8732000 + place},KS2"
        reached = sum(short[: place + 1]) // 2 - sum(short[:place]) // 2
        lines += [f"{start},N,6,{4 if one < reached else 3}" for one in range(few)]
        rest = looked_after // 2 - reached
        lines += [f"{start},N,14,{4 if one < rest else 3}" for one in range(looked_after - few)]
        lines += [f"{start},{'YN'[one % 2]},,{3 + one // 2 % 2}" for one in range(size - looked_after)]
    return "\n".join(lines) + "\n"


MONTHS = [
    ("compute", "-g", "lac", "-g", "lac_12_months"),
    ("compute", "-g", "lac_12_months"),
    ("cohort", "-g", "lac_12_months"),
]


@pytest.mark.parametrize("command", MONTHS, ids=" ".join)
@pytest.mark.parametrize("policy", ["strict", "dfe"])
def test_how_many_are_looked_after_for_less_than_a_year(
    policy: str, command: tuple[str, ...], run: Run, write: Write
) -> None:
    """44 looked-after children: those for a year or more are all of them less the few."""
    paths = in_turn(write, [in_care([few], 44, 200) for few in (4, 5)])
    for path in paths:
        ran = run(command[0], path, *command[1:], "--policy", policy, "-f", "json")
        assert ran.code == 0, ran.err
    told = alike(run, paths, *command, "--policy", policy, "-f", "json")
    if len(command) > 3:
        shown = {one["focus"]: one["focus_pupils"] for one in json.loads(told.partition("\n}")[0] + "\n}")["gaps"]}
        assert shown == {"lac": 44, "lac_12_months": None}


Part = tuple[str, int, int]  # the codes of some pupils, how many they are, and how many of them reached the standard


def cohort_of(columns: str, parts: Sequence[Part], place: str = "873") -> list[str]:
    """A header and pupils, so many of each kind."""
    head = f"academic_year,la{',school' if ',' in place else ''},key_stage,{columns},reading"
    rows = [f"2012/13,{place},KS2,{codes},{4 if one < up else 3}" for codes, size, up in parts for one in range(size)]
    return [head, *rows]


def fsm_in_care(few: int) -> list[Part]:
    """44 FSM pupils looked after, of whom a few for less than a year; of the others 44, of whom twelve."""
    care = [("Y,Y,6", few, 2), ("Y,Y,14", 44 - few, 20), ("N,Y,6", 12, 6), ("N,Y,14", 32, 16)]
    return [*care, ("Y,N,", 156, 78), ("N,N,", 156, 78)]


def poor_boys(few: int) -> list[Part]:
    """60 disadvantaged boys, a few of them without FSM, and 60 girls, of whom twelve."""
    poor = [("M,N,Y", few, 2), ("M,Y,Y", 60 - few, 28), ("F,N,Y", 12, 6), ("F,Y,Y", 48, 24)]
    return [*poor, ("M,N,N", 140, 70), ("F,N,N", 140, 70)]


def poor_besides(few: int) -> list[Part]:
    """120 disadvantaged pupils with FSM or looked after, and a few others."""
    poor = [("N,Y,N", few, 2), ("N,Y,Y", 20, 10), ("Y,Y,Y", 20, 10), ("Y,Y,N", 80, 40)]
    return [*poor, ("N,N,N", 280 - few, 138)]


def poor_boys_besides(few: int) -> list[Part]:
    """The same of boys, and as many girls of whom a dozen."""
    both = (("M", poor_besides(few)), ("F", poor_besides(12)))
    return [(f"{sex},{codes}", pupils, up) for sex, parts in both for codes, pupils, up in parts]


LEFT = {
    "looked after for less": ("fsm,looked_after,looked_after_months", fsm_in_care, ("fsm:lac", "fsm:lac_12_months")),
    "with one of them by itself": ("fsm,looked_after,looked_after_months", fsm_in_care, ("fsm", "fsm:lac_12_months")),
    "disadvantaged and not FSM": ("sex,fsm,disadvantaged", poor_boys, ("sex:fsm", "sex:disadvantaged")),
    "nor looked after": ("fsm,disadvantaged,looked_after", poor_besides, ("fsm", "disadvantaged", "fsm:lac")),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_left_of_a_wider_group_in_another(case: str, run: Run, write: Write, tmp_path: Path) -> None:
    """The few who are in the wider group and not in the narrower; the audit knows them where all is printed."""
    columns, parts, groups = LEFT[case]
    files = ["\n".join(cohort_of(columns, parts(few))) + "\n" for few in (4, 5)]
    asked = [word for group in groups for word in ("-g", group)]
    found = json.loads(alike(run, in_turn(write, files), "compute", *asked, "-f", "json").partition("\n}")[0] + "\n}")
    assert any(one["focus_pupils"] is None for one in found["gaps"])
    assert_audited(run, write(files[0], "data.csv"), asked, write("largest = 1\n", "one.toml"), tmp_path / "run.json")


def assert_audited(run: Run, data: Path, asked: Sequence[str], policy: Path, path: Path) -> None:
    """What a policy prints that hides none of this, marked as what it is not, fails the audit for what is left."""
    assert run("compute", data, *asked, "--policy", policy, "-q", "-o", path).code == 0
    said = json.loads(path.read_text(encoding="utf-8"))
    said["protection"] |= {"policy": "strict", "sha256": policies()["strict"].sha256}
    path.write_text(json.dumps(said), encoding="utf-8")
    audit = run("audit", path)
    assert audit.code == 1, audit.err
    assert " less " in audit.out


@pytest.mark.parametrize("few", [4, 5])
def test_what_is_left_in_an_intersection_of_three(few: int, run: Run, write: Write, tmp_path: Path) -> None:
    """The disadvantaged boys less those with FSM and those who are looked after: one of these is hidden."""
    text = "\n".join(cohort_of("sex,fsm,disadvantaged,looked_after", poor_boys_besides(few))) + "\n"
    data, asked = write(text, "data.csv"), ["-g", "sex:disadvantaged", "-g", "sex:fsm:lac"]
    gaps = json.loads(run("compute", data, *asked, "-f", "json").out)["gaps"]
    found = {one["focus"]: one["focus_pupils"] for one in gaps}
    parts = ["disadvantaged x boys", "fsm x lac x boys", "fsm x not_lac x boys", "not_fsm x lac x boys"]
    assert None in [found[part] for part in parts]
    assert_audited(run, data, asked, write("largest = 1\n", "one.toml"), tmp_path / "run.json")


@pytest.mark.parametrize("missed", [3, 4, 6])
def test_a_dozen_of_whom_few_missed_it(missed: int, run: Run, write: Write) -> None:
    """Nobody has a row of those of whom it is not known, so 13 are looked after for less than a year."""
    lines = ["academic_year,la,key_stage,looked_after,looked_after_months,reading"]
    for care, months, size, short in (("N", "", 400, 150), ("Y", 14, 39, 16), ("Y", 6, 13, missed)):
        lines += [f"2012/13,873,KS2,{care},{months},{3 if one < short else 4}" for one in range(size)]
    ran = run("cohort", write("\n".join(lines) + "\n", "d.csv"), "-g", "lac_12_months", "-f", "json")
    assert {one["group"]: one["missed"] for one in json.loads(ran.out)["rows"]} == {
        "not_lac": 150, "lac_12_months": None, "lac_under_12_months": None, "unknown": None, "all": 166 + missed
    }  # fmt: skip


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
@pytest.mark.parametrize("groups", [("lac_12_months",), ("lac", "lac_12_months")], ids=" ".join)
def test_where_they_are(groups: tuple[str, ...], command: str, form: str, run: Run, write: Write) -> None:
    if command == "cohort":
        groups = groups[-1:]
    asked = [word for group in groups for word in ("-g", group)]
    alike(run, in_turn(write, [in_care(few) for few in (EACH, FEW)]), command, "--by", "school", *asked, "-f", form)


def months_not_known(few: Sequence[int]) -> str:
    """Schools with 24 looked-after children for less than a year, or for how long is not known."""
    lines = ["academic_year,la,school,key_stage,fsm,looked_after,looked_after_months,reading"]
    for place, number in enumerate(few):
        start = f"2012/13,873,{8732000 + place},KS2,N"
        reached = sum(few[: place + 1]) // 2 - sum(few[:place]) // 2
        lines += [f"{start},Y,,{4 if one < reached else 3}" for one in range(number)]
        lines += [f"{start},Y,4,{4 if one < 12 - reached else 3}" for one in range(24 - number)]
        lines += [f"{start},N,,{3 + one % 2}" for one in range(36)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("command", "form"), [*OUTPUTS, ("cohort", "csv")])
@pytest.mark.parametrize("policy", ["strict", "dfe"])
def test_where_it_is_not_known_for_how_long(policy: str, command: str, form: str, run: Run, write: Write) -> None:
    paths = in_turn(write, [months_not_known(few) for few in (EACH, FEW)])
    asked = ("--by", "school", "-g", "lac_12_months", "--policy", policy, "-f", form)
    alike(run, paths, command, *asked)


def test_the_audit_finds_those_looked_after_for_less_than_a_year(run: Run, write: Write, tmp_path: Path) -> None:
    path, inside = write(in_care([4], 44, 200), "pupils.csv"), tmp_path / "in.json"
    asked = ("-g", "lac", "-g", "lac_12_months", "-q", "-o")
    assert run("compute", path, "--internal", *asked, inside).code == 0
    results = json.loads(inside.with_suffix(".internal.json").read_text(encoding="utf-8"))
    results["gaps"] = [one | {"protected": True} for one in results["gaps"]]
    results["protection"] |= {"internal": False, "policy": "strict", "sha256": policy_hash(run, path, tmp_path)}
    made = tmp_path / "made.json"
    made.write_text(json.dumps(results), encoding="utf-8")
    ran = run("audit", made, "-f", "json")
    assert ran.code == 1, ran.err
    given = {one["group"]: one["highest"] for one in json.loads(ran.out)["counts"] if one["verdict"] == "fails"}
    assert given["lac_under_12_months"] in (2, 4)


def policy_hash(run: Run, path: Path, folder: Path) -> str:
    """The hash of the policy that is on by default."""
    assert run("compute", path, "-g", "lac", "-q", "-o", folder / "hash.json").code == 0
    found: str = json.loads((folder / "hash.json").read_text(encoding="utf-8"))["protection"]["sha256"]
    return found


STRATEGY = """
[strategy]
title = "Places"
document = "places.pdf"
areas = ["Cambridgeshire", "Peterborough"]
baseline = "2011/12"
deadline = "2012/13"

[strategy.comparators.region]
area = "East of England"
"""


def target(
    id: str, groups: Sequence[str] = ("fsm",), kind: str = 'kind = "at_least"\nbound = "30%"', more: str = ""
) -> str:
    """A target as a strategy file writes it."""
    head = f'[[target]]\nid = "{id}"\nsays = "as said"\nsource = {{ page = 1 }}\n{kind}\n{more}\n'
    return f'\n{head}measures = ["ks2 reading_l4"]\ngroups = {json.dumps(list(groups))}\n'


def judged(run: Run, folder: Path, targets: Sequence[str], *words: object) -> dict[str, Any]:
    path = folder / "strategy.toml"
    path.write_text(STRATEGY + "".join(targets), encoding="utf-8")
    ran = run("check-targets", "-s", path, *words, "-f", "json")
    assert ran.code in (0, 1, 5), ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def shown(found: dict[str, Any], group: str) -> dict[str, int]:
    figures = (one for one in found["figures"] if one["group"] == group and one["pupils"] is not None)
    return {one["area_name"]: one["pupils"] for one in figures}


def test_authority_and_districts_in_different_groups(run: Run, write: Write, tmp_path: Path) -> None:
    """106 disadvantaged pupils, and 30, 32 and 40 with FSM: four have none."""
    lines = ["academic_year,la,district,key_stage,fsm,disadvantaged,reading"]
    for name, fsm, rest in (("North", 30, 2), ("South", 32, 1), ("East", 40, 1)):
        for number, codes in ((fsm, "Y,Y"), (rest, "N,Y"), (60, "N,N")):
            lines += [f"2012/13,873,{name},KS2,{codes},{3 + one % 2}" for one in range(number)]
    targets = [target("la", ("fsm", "disadvantaged"))]
    targets += [target(name, more=f'areas = ["{name}"]') for name in ("North", "South", "East")]
    found = judged(run, tmp_path, targets, write("\n".join(lines) + "\n", "pupils.csv"))
    assert shown(found, "disadvantaged") == {"Cambridgeshire": 106}
    free_meals = shown(found, "fsm")
    assert "Cambridgeshire" not in free_meals
    assert len(free_meals) < 3


def test_districts_and_the_schools_in_them(run: Run, write: Write, tmp_path: Path) -> None:
    """North's 55 pupils with FSM less the 24 and 26 of two of its three schools are five."""
    lines = ["academic_year,la,district,school,key_stage,fsm,reading"]
    for place, fsm in enumerate((24, 26, 5, 6, 7, 30, 7, 8, 40)):
        start = f"2012/13,873,{('North', 'South', 'East')[place // 3]},{8732000 + place},KS2"
        lines += [f"{start},{code},{3 + one % 2}" for code, many in (("Y", fsm), ("N", 50)) for one in range(many)]
    path = write("\n".join(lines) + "\n", "pupils.csv")
    targets = [target(name, more=f'areas = ["{name}"]') for name in ("North", "South", "East")]
    schools = [target(f"S{place}", more=f'areas = ["{8732000 + place}"]') for place in (0, 1)]
    found = judged(run, tmp_path, [*targets, *schools], path)
    assert shown(found, "fsm") == {"North": 55, "South": 43, "East": 55}
    assert any("targets of schools are not judged beside targets of districts" in one for one in found["warnings"])
    assert shown(judged(run, tmp_path, schools, path), "fsm") == {"8732000": 24, "8732001": 26}
    assert shown(judged(run, tmp_path, [*targets, *schools], path, "--internal"), "fsm")["8732000"] == 24


def test_the_region_of_another_file(run: Run, write: Write, tmp_path: Path) -> None:
    """The region's 25 looked-after children less Peterborough's 20 are Cambridgeshire's five."""

    def rows(areas: Sequence[tuple[str, str, int, int]]) -> str:
        lines = [HEAD]
        for area, level, few, size in areas:
            start = f"2012/13,{area},{level},,KS2,reading_l4"
            lines += [f"{start},lac,lac,{few},{few // 2}", f"{start},lac,not_lac,{size - few},{(size - few) // 2}"]
            lines.append(f"{start},all,all,{size},{few // 2 + (size - few) // 2}")
        return "\n".join(lines) + "\n"

    data = write(rows([("873", "la", 5, 600), ("874", "la", 20, 400)]), "data.csv")
    region = write(rows([("East of England", "region", 25, 1000)]), "region.csv")
    kind = 'kind = "at_least_comparator"\ncomparator = "region"'
    found = judged(run, tmp_path, [target("lac", ("lac",), kind)], data, "--beside", region)
    assert "Peterborough" not in shown(found, "lac")


def aggregate(few: Sequence[int], rows: Callable[[str, int, int], Sequence[str]]) -> str:
    """An authority and its schools, with rows that are made from how many each has, and how many reached it."""
    some = sum(few)
    lines = [HEAD, *rows("2012/13,873,la,,KS2,reading_l4", some, some // 2)]
    for place, number in enumerate(few):
        reached = number // 2 if number % 2 == 0 else sum(few[:place]) // 2 % 2
        lines += rows(f"2012/13,School {place},school,873,KS2,reading_l4", number, reached)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
@pytest.mark.parametrize("group", ["sen", "sen_provision"])
def test_any_sen_is_not_made_of_rows_that_are_there_for_somebody(
    group: str, command: str, form: str, run: Run, write: Write
) -> None:
    """Schools with 24 pupils with SEN, and a row of plans only where there is one: any SEN would say where."""

    def rows(start: str, plans: int, reached: int) -> list[str]:
        many = 24 if "School" in start else 24 * 15
        support = f"{start},sen_provision,sen_support,{many - plans},{many // 2 - reached}"
        plan = [f"{start},sen_provision,ehc_plan,{plans},{reached}"] if plans else []
        return [
            support,
            *plan,
            f"{start},sen_provision,no_sen,{many * 2},{many}",
            f"{start},fsm,fsm,{many},{many // 2}",
        ]

    paths = in_turn(write, [aggregate(few, rows) for few in (EACH, FEW)])
    groups = ("-g", group) if command == "cohort" else ("-g", group, "-g", "fsm")
    told = alike(run, paths, command, "--by", "school", *groups, "-f", form)
    assert "any_sen,no_sen" not in told


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
@pytest.mark.parametrize("symbols", ["z,z", "x,x", ",", "0,z", "c,c", "low,c"])
def test_a_row_without_counts_is_no_row_of_nobody(
    symbols: str, command: str, form: str, run: Run, write: Write
) -> None:
    """Where nobody is written as a symbol, a row of it beside none for a few would say where these are."""

    def rows(start: str, few: int, reached: int) -> list[str]:
        many = 40 if "School" in start else 40 * 15
        lac = f"{start},lac,lac,{few},{reached}" if few else f"{start},lac,lac,{symbols}"
        others = [f"{start},fsm,fsm,{many // 2},{many // 4}", f"{start},fsm,not_fsm,{many // 2},{many // 4}"]
        peers = f"{start},lac,not_lac,{many - few},{many // 2 - reached}"
        return [f"{start},all,all,{many},{many // 2}", lac, peers, *others]

    texts = [aggregate(few, rows) for few in (EACH, FEW)]
    groups = ("-g", "lac") if command == "cohort" else ("-g", "lac", "-g", "fsm")
    alike(run, in_turn(write, texts), command, "--by", "school", *groups, "-f", form)


GROUPS = {
    "sen_provision": ("ehc_plan", "sen_support", "no_sen"),
    "lac_12_months": ("lac_under_12_months", "lac_12_months", "not_lac"),
    "lac_12_months, months not known": ("lac_months_unknown", "lac_12_months", "not_lac"),
    "ethnicity": ("chinese", "asian", "white"),
}


@pytest.mark.parametrize("command", ["compute", "cohort"])
@pytest.mark.parametrize("symbols", ["", "0,0", "0,", "z,z", "z,", "c,c", "x,"])
@pytest.mark.parametrize("named", GROUPS)
def test_nor_in_a_dimension_of_which_others_are_made(
    named: str, symbols: str, command: str, run: Run, write: Write
) -> None:
    """The peers' row hung on whether a sum was made of the row without counts."""
    name = named.partition(",")[0]
    small, large, peers = GROUPS[named]

    def rows(start: str, few: int, reached: int) -> list[str]:
        many = 1 if "School" in start else 15
        mine = [f"{start},{name},{small},{few},{reached}"] if few else [f"{start},{name},{small},{symbols}"]
        return [
            f"{start},all,all,{80 * many},{40 * many}",
            *(mine if few or symbols else []),
            f"{start},{name},{large},{26 * many - few},{13 * many - reached}",
            f"{start},{name},{peers},{54 * many},{27 * many}",
        ]

    worlds = (EACH, FEW, [2] * 6 + [0] * 9, [3] * 4 + [0] * 11)
    paths = in_turn(write, [aggregate(few, rows) for few in worlds])
    alike(run, paths, command, "--by", "school", "-g", name, "-f", "csv")


def test_how_many_blank_rows_there_are(run: Run, write: Write) -> None:
    def rows(start: str, few: int, reached: int) -> list[str]:
        lac = f"{start},lac,lac,{few},{reached}" if few else ",,,,,,,,,"
        return [f"{start},fsm,fsm,40,20", f"{start},fsm,not_fsm,40,20", lac, f"{start},all,all,80,40"]

    told = alike(
        run, in_turn(write, [aggregate(few, rows) for few in (EACH, FEW)]), "compute", "--by", "school", "-g", "fsm"
    )
    assert "blank rows were left out" in told
