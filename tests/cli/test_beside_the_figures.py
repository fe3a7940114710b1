"""What is said beside the figures (warnings, facts of the inputs, names of places, shares) gives nothing away."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from gapcalc import protect
from tests.cli.test_places import EACH, FEW, HEAD, without_hash
from tests.conftest import Run

Write = Callable[[str, str], Path]
OUTPUTS = [("compute", "json"), ("compute", "csv"), ("compute", "table"), ("cohort", "json")]
POOLING = [one for one in OUTPUTS if one[0] == "compute"]


def alike(run: Run, paths: Sequence[Path], *words: object) -> str:
    """The one output that runs over all files have; a file that is not alike fails."""
    told = []
    for path in paths:
        ran = run(words[0], path, *words[1:])
        told.append((ran.code, without_hash(ran.out), ran.err.replace(path.name, "")))
        assert path.name in ran.err or path.name not in ran.out or ran.code == 0
    assert told == [told[0]] * len(told)
    return told[0][1] + told[0][2]


def in_turn(write: Write, texts: Sequence[str]) -> list[Path]:
    """Files of the same name, in folders of their own."""
    paths = []
    for place, text in enumerate(texts):
        path = write("", "data.csv").parent / str(place) / "data.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def authority(looked_after: int, strange: int) -> str:
    """600 pupils, 580 of whom are not looked after; half of each have FSM and half of these reached level 4."""
    codes = ["Y"] * looked_after + ["X"] * strange + ["N"] * (600 - looked_after - strange)
    lines = [f"2012/13,873,KS2,{'YN'[one % 2]},{code},{3 + one // 2 % 2}" for one, code in enumerate(codes)]
    return "\n".join(["academic_year,la,key_stage,fsm,looked_after,reading", *lines]) + "\n"


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_how_many_have_an_unknown_code(command: str, form: str, run: Run, write: Write) -> None:
    """All pupils less those not looked after and those of unknown code are the looked after."""
    paths = in_turn(write, [authority(looked, 20 - looked) for looked in (5, 8)])
    groups = ("-g", "lac") if command == "cohort" else ("-g", "lac", "-g", "fsm")
    told = alike(run, paths, command, *groups, "-f", form)
    assert "column looked_after: unknown codes" in told
    assert "15 rows" in run("validate", paths[0]).out
    assert "15 rows" in run("compute", paths[0], *groups, "--internal").err


def two(pupils: int, blank: int = 0, column: str = "reading", reached: str = "4") -> str:
    """600 pupils of one authority, and so many of another; `blank` more have no result."""
    stage = "EYFS" if column == "gld" else "KS2"
    lines = [f"2012/13,873,{stage},{'YN'[one % 2]},{reached}" for one in range(600)]
    lines += [f"2012/13,874,{stage},{'YN'[one % 2]},{reached if one < pupils else ''}" for one in range(pupils + blank)]
    return "\n".join([f"academic_year,la,key_stage,fsm,{column}", *lines]) + "\n"


@pytest.mark.parametrize("words", [("--by", "la"), ("--area", "873"), ("--by", "region")], ids=" ".join)
def test_how_many_rows_a_file_has(words: tuple[str, ...], run: Run, write: Write) -> None:
    paths = in_turn(write, [two(5), two(8)])
    told = alike(run, paths, "compute", "-g", "fsm", "-f", "json", *words)
    assert '"rows": null' in told
    assert '"rows": 605' in run("compute", paths[0], "-g", "fsm", "-f", "json", "--internal").out


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_how_many_all_reached_a_standard(command: str, form: str, run: Run, write: Write) -> None:
    """Nor whether all of few did: it is said only where it is shown."""
    texts = [two(few, 48 - few, "gld", "1") for few in (5, 8)]
    texts.append(texts[0].replace("2012/13,874,EYFS,Y,1", "2012/13,874,EYFS,Y,0", 1))
    told = alike(run, in_turn(write, texts), command, "-g", "fsm", "-f", form)
    assert "reached by all" not in told
    path = in_turn(write, [two(20, 5, "gld", "1")])[0]
    assert "is reached by all pupils with a result, and others are blank" in run("compute", path, "-g", "fsm").err
    assert "is reached by all 620 pupils" in run("compute", path, "-g", "fsm", "--internal").err


def small_schools(sizes: Sequence[int]) -> str:
    """Three schools of many pupils, and some of few."""
    lines = list[str]()
    for place, size in enumerate([80, 90, 85, *sizes]):
        before = sum(sizes[: max(place - 3, 0)])  # those of the small ones are counted through all of them
        lines += [
            f"2012/13,873,{8732000 + place},KS2,{'YN'[one % 2]},{3 + one // 2 % 2}"
            for one in range(before, before + size)
        ]
    return "\n".join(["academic_year,la,school,key_stage,fsm,reading", *lines]) + "\n"


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_which_schools_have_few_pupils(command: str, form: str, run: Run, write: Write) -> None:
    """Twelve pupils are left for the schools of which nothing is shown: were twelve named, each would have one."""
    path = write(small_schools([1] * 12), "pupils.csv")
    asked = ("--by", "school", "-g", "fsm", "-f", form)
    ran = run(command, path, *asked)
    assert ran.code == 0, ran.err
    assert "8732002" in ran.out
    assert "8732003" not in ran.out + ran.err
    there, not_there = (run(command, path, *asked, "--area", f"87320{name}") for name in ("03", "99"))
    assert there.code == not_there.code == 2
    assert there.err.replace("8732003", "8732099") == not_there.err
    assert "8732002" in there.err


def test_how_many_are_hidden_for_others(run: Run, write: Write, tmp_path: Path) -> None:
    """One of 30 with FSM reached level 4 in each of twelve schools: were any nobody, its gap would be so for others."""
    lines = ["academic_year,la,school,key_stage,fsm,reading"]
    for place in range(12):
        reached = [4] + [3] * 29 + [4] * 30 + [3] * 30
        lines += [f"2012/13,873,{8732000 + place},KS2,{'YN'[one >= 30]},{how}" for one, how in enumerate(reached)]
    path, output = write("\n".join(lines) + "\n", "pupils.csv"), tmp_path / "gaps.json"
    ran = run("compute", path, "--by", "school", "-g", "fsm", "-o", output)
    said = json.loads(output.read_text(encoding="utf-8"))["protection"]
    assert (said["hidden"], said["hidden_for_others"]) == (12, None)
    assert "only so that others" not in ran.err


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_which_places_have_hidden_rows(command: str, form: str, run: Run, write: Write) -> None:
    """Schools of which there is a row only where somebody is looked after."""
    la = "2012/13,873,la,,KS2,reading_l4,lac"
    texts = []
    for few in ([2, 0, 2, 0, 8, 0], [2, 2, 0, 0, 8, 0]):
        lines = [HEAD, f"{la},lac,12,6", f"{la},not_lac,588,294"]
        lines += [
            f"2012/13,School {place},school,873,KS2,reading_l4,lac,lac,{number},{number // 2}"
            for place, number in enumerate(few)
            if number
        ]
        texts.append("\n".join(lines) + "\n")
    paths = in_turn(write, texts)
    told = alike(run, paths, command, "--by", "school", "-g", "lac", "-f", form)
    assert "School" not in told
    assert "the data hold: no figures that were asked for and may be shown" in told
    alike(run, paths, command, "--by", "school", "-g", "fsm", "-f", form)
    alike(run, paths, command, "--by", "school", "-g", "lac", "--area", "School 1", "-f", form)


@pytest.mark.parametrize("number", [30, 300])
@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_where_nobody_has_peers(command: str, form: str, number: int, run: Run, write: Write) -> None:
    """Schools without a row for all pupils, and with one of peers only where there are some."""
    texts = []
    for few in (EACH, FEW):
        lines = [HEAD, f"2012/13,873,la,,KS2,reading_l4,lac,lac,{15 * number},{15 * number // 2}"]
        lines.append("2012/13,873,la,,KS2,reading_l4,lac,not_lac,12,6")
        for place, peers in enumerate(few):
            start = f"2012/13,School {place},school,873,KS2,reading_l4"
            lines += [f"{start},lac,lac,{number},{number // 2}"]
            lines += [f"{start},lac,not_lac,{peers},{peers // 2}"] if peers else []
            lines += [f"{start},fsm,fsm,20,10", f"{start},fsm,not_fsm,20,10"]
        texts.append("\n".join(lines) + "\n")
    groups = ("-g", "lac") if command == "cohort" else ("-g", "lac", "-g", "fsm")
    alike(run, in_turn(write, texts), command, "--by", "school", *groups, "-f", form)


@pytest.mark.parametrize("form", ["json", "csv", "table"])
@pytest.mark.parametrize(
    ("policy", "worlds"),
    [
        ("strict", ([1] * 12, [4] * 3 + [0] * 9, [2, *[1] * 10, 0])),
        ("dfe", ([1] * 12, [2] * 6 + [0] * 6, [2, *[1] * 10, 0])),
    ],
    ids=["strict", "dfe"],
)
@pytest.mark.parametrize("attacked", [True, False], ids=["attacked", "not attacked"])
def test_where_the_rest_of_a_wider_group_is(
    policy: str,
    worlds: Sequence[Sequence[int]],
    form: str,
    attacked: bool,
    run: Run,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twelve disadvantaged pupils without FSM: one in each school, or several in some.

    The attacker would find it, too, but not in a year of very many counts.
    """
    if not attacked:
        monkeypatch.setattr(protect, "_attacked", lambda *_: None)
    texts = []
    for few in worlds:
        lines = ["academic_year,la,school,key_stage,fsm,disadvantaged,reading"]
        for place, rest in enumerate(few):
            start = f"2012/13,873,{8732000 + place},KS2"
            # Of the rest every second one reached it, counted through all schools.
            reached = [(sum(few[:place]) + one) % 2 for one in range(rest)]
            fsm = [1] * (15 - sum(reached)) + [0] * (15 - rest + sum(reached))
            told = [("N,Y", one) for one in reached] + [("Y,Y", one) for one in fsm]
            told += [("N,N", one % 2) for one in range(30)]
            lines += [f"{start},{codes},{3 + how}" for codes, how in told]
        texts.append("\n".join(lines) + "\n")
    groups = ("-g", "fsm", "-g", "disadvantaged")
    alike(run, in_turn(write, texts), "compute", "--by", "school", *groups, "--policy", policy, "-f", form)


def test_the_audit_finds_where_nobody_is_left_of_a_wider_group(run: Run, write: Write, tmp_path: Path) -> None:
    """An authority where some are, and a school where all the disadvantaged have FSM: that it is nobody is told."""
    lines = ["academic_year,la,school,key_stage,fsm,disadvantaged,reading"]
    for place in range(3):
        told = [("Y", "Y")] * 30 + [("N", "Y")] * 12 * place + [("N", "N")] * 30
        lines += [
            f"2012/13,873,{8732000 + place},KS2,{fsm},{other},{3 + one % 2}" for one, (fsm, other) in enumerate(told)
        ]
    path, asked = write("\n".join(lines) + "\n", "pupils.csv"), ("-g", "fsm", "-g", "disadvantaged", "-q", "-o")
    made, inside, county = (tmp_path / f"{name}.json" for name in ("by", "in", "county"))
    assert run("compute", path, "--by", "school", *asked, made).code == 0
    assert run("compute", path, *asked, county).code == 0
    assert run("audit", made, "--known", county).code == 0
    assert run("compute", path, "--by", "school", "--internal", *asked, inside).code == 0
    results = json.loads(made.read_text(encoding="utf-8"))
    every = json.loads(inside.with_suffix(".internal.json").read_text(encoding="utf-8"))["gaps"]
    results["gaps"] = [one | {"protected": True, "small_cohort": None, "method": None} for one in every]
    results["without_row"] = []
    made.write_text(json.dumps(results), encoding="utf-8")
    ran = run("audit", made, "--known", county, "-f", "json")
    assert ran.code == 1
    given = [one for one in json.loads(ran.out)["counts"] if one["verdict"] == "fails"]
    assert {(one["dimension"], one["area_code"][-7:], one["highest"]) for one in given} == {
        ("disadvantaged less fsm", "8732000", 0)
    }


def counted_schools(looked_after: Sequence[int], peers: bool) -> str:
    """Schools with rows of all pupils and FSM, and with one of the looked after only where there are some."""
    la = "2012/13,873,la,,KS2,reading_l4"
    some = sum(looked_after)
    lines = [HEAD, f"{la},all,all,600,300", f"{la},lac,lac,{some},{some // 2}"]
    lines += [f"{la},lac,not_lac,{600 - some},{300 - some // 2}", f"{la},fsm,fsm,300,150", f"{la},fsm,not_fsm,300,150"]
    for place, number in enumerate(looked_after):
        start = f"2012/13,School {place},school,873,KS2,reading_l4"
        reached = number // 2 if number % 2 == 0 else sum(looked_after[:place]) // 2 % 2
        lines += [f"{start},lac,lac,{number},{reached}"] if number else []
        lines += [f"{start},lac,not_lac,{40 - number},{20 - reached}"] if number and peers else []
        lines += [f"{start},all,all,40,20", f"{start},fsm,fsm,20,10", f"{start},fsm,not_fsm,20,10"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("peers", [False, True], ids=["alone", "with peers"])
@pytest.mark.parametrize(("command", "form"), [*OUTPUTS, ("cohort", "csv"), ("cohort", "table")])
def test_which_places_of_an_aggregate_have_a_combination(
    command: str, form: str, peers: bool, run: Run, write: Write
) -> None:
    """Schools of which all have rows of all pupils and of FSM: whether there is one of the looked after is not told."""
    groups = ("--by", "school", "-g", "lac", "-f", form)
    alike(run, in_turn(write, [counted_schools(few, peers) for few in (EACH, FEW)]), command, *groups)
    texts = [counted_schools([20, *few], peers) for few in (EACH, FEW)]
    assert "School 0" in alike(run, in_turn(write, texts), command, *groups)


@pytest.mark.parametrize(("command", "form"), POOLING)
@pytest.mark.parametrize("policy", ["strict", "dfe"])
def test_which_schools_are_in_a_pool(command: str, form: str, policy: str, run: Run, write: Write) -> None:
    """Twelve pupils in schools of a pool: were it said which of them are there, each of twelve would have one."""
    paths = in_turn(write, [small_schools(sizes) for sizes in ([1] * 12, [12], [6, *[0] * 10, 6])])
    schools = ",".join(str(8732000 + place) for place in range(2, 15))
    told = alike(
        run, paths, command, "--by", "school", "-g", "fsm", "-f", form, "--policy", policy, "--pool", f"Rest={schools}"
    )
    assert "Rest" in told
    assert "--pool: a name that no district or school in the data has counts as one with nobody in it" in told
    few = in_turn(write, [small_schools(sizes) for sizes in ([1] * 12, [0, 0, 2, 2, *[1] * 8], [2, 0, *[1] * 10])])
    pool = ("--pool", "Rest=8732003,8732004")
    alike(run, few, command, "--by", "school", "-g", "fsm", "-f", form, *pool)
    alike(run, few, command, "--by", "school", "-g", "fsm", "-f", form, *pool, "--area", "Rest")
    (path, *_) = in_turn(write, [small_schools([12])])
    ran = run(command, path, "--by", "school", "-g", "fsm", "--internal", "--pool", f"Rest={schools}")
    assert ran.code == 2
    assert "there is no area to pool '8732004'" in ran.err


@pytest.mark.parametrize(("command", "form"), POOLING)
def test_in_which_years_schools_of_a_pool_are_there(command: str, form: str, run: Run, write: Write) -> None:
    texts = []
    for place in (3, 4):
        text = small_schools([4, 4]) + small_schools([4, 4]).replace("2012/13", "2013/14").partition("\n")[2]
        texts.append(
            "".join(one for one in text.splitlines(keepends=True) if f"2013/14,873,{8732000 + place}" not in one)
        )
    pool = "Rest=8732002,8732003,8732004"
    paths = in_turn(write, texts)
    told = alike(run, paths, command, "--by", "school", "-g", "fsm", "-f", form, "--pool", pool)
    assert "is without some of its areas" not in told
    ran = run(command, paths[0], "--by", "school", "-g", "fsm", "--pool", pool, "--internal")
    assert "Rest is without some of its areas: 8732003 in 2013/14 ks2" in ran.err


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_how_many_rows_stand_above_one(command: str, form: str, run: Run, write: Write) -> None:
    """Rows whose figures contradict each other, or whose authority had ended, below rows that may be hidden."""
    texts = []
    for hidden in ([2, 0, 2], [2, 2, 0, 0]):
        lines = [f"{HEAD},value"] + [
            f"2012/13,School {place},school,873,KS2,reading_l4,lac,lac,{few},1,"
            for place, few in enumerate(hidden)
            if few
        ]
        lines.append("2012/13,School 9,school,873,KS2,reading_l4,lac,lac,2,1," if len(lines) == 3 and hidden[1] else "")
        lines += [
            f"2012/13,{code},la,,KS2,reading_l4,fsm,{group},600,300,60"
            for code in ("873", "820")
            for group in ("fsm", "not_fsm")
        ]
        texts.append("\n".join(line for line in lines if line) + "\n")
    paths = in_turn(write, texts)
    told = alike(run, paths, command, "-g", "fsm", "-f", form)
    assert "figures that contradict one another, in rows that `gapcalc validate` names" in told
    assert "column value" in run("validate", paths[0]).out
    assert "column value" in run(command, paths[0], "-g", "fsm", "--internal").err


@pytest.mark.parametrize(("command", "form"), OUTPUTS)
def test_whether_a_hidden_row_of_peers_is_there(command: str, form: str, run: Run, write: Write) -> None:
    """Asked for, and in the data or not: a hidden row of peers, or of a group not known, is none that is told of."""
    la = "2012/13,873,la,,KS2,reading_l4"
    start = "2012/13,School 1,school,873,KS2,reading_l4"
    head = [HEAD, f"{la},fsm,fsm,300,150", f"{la},fsm,not_fsm,300,150"]
    head += [f"{start},fsm,fsm,20,10", f"{start},fsm,not_fsm,20,10"]
    head += [f"{start.replace('School 1', 'School 2')},lac,{group},20,10" for group in ("lac", "not_lac")]
    rows: tuple[list[str], ...] = (
        [],
        [f"{start},lac,not_lac,2,1"],
        [f"{start},lac,unknown,2,1"],
        [f"{start},lac,lac,2,1"],
    )
    paths = in_turn(write, ["\n".join([*head, *more]) + "\n" for more in rows])
    groups = ("-g", "lac") if command == "cohort" else ("-g", "lac", "-g", "fsm")
    alike(run, paths, command, "--by", "school", *groups, "-f", form)
    alike(run, paths, command, "--by", "school", "-g", "lac", "-f", form)
