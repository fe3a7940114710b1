"""What a reader knows from elsewhere: another term, status or measure, published figures, the same pupils again."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from tests.cli.test_levels import PARTS, REGION, TARGETS, apart, pupils, told
from tests.cli.test_levels import rows as untimed
from tests.cli.test_one_run import judged, shown
from tests.cli.test_places import HEAD, without_hash
from tests.conftest import Run

Write = Callable[[str, str], Path]
TIMED = HEAD.replace("period,", "period,term,status,")
EES = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,la_name,"
    "breakdown_topic,breakdown,t_rwm_eligible_pupils,t_rwm_met_expected_standard,pt_rwm_met_expected_standard"
)
AREAS = {
    "region": "Regional,E92000001,England,E12000006,East of England,,",
    "873": "Local authority,E92000001,England,,,E10000003,Cambridgeshire",
    "874": "Local authority,E92000001,England,,,E06000031,Peterborough",
    "823": "Local authority,E92000001,England,,,E06000056,Central Bedfordshire",
}


def rows(start: str, few: int, size: int, when: str = ",final") -> list[str]:
    """As those of levels, with the term and status."""
    return [line.replace(",", f",{when},", 1) for line in untimed(start, few, size)]


def ees(**figures: tuple[int, int]) -> str:
    """A published file of FSM pupils and all pupils of some areas."""
    lines = [EES]
    for area, (few, size) in figures.items():
        where = f"201819,Academic year,{AREAS[area.removeprefix('la')]}"
        for breakdown, size_of in (
            ("Total,Total", size), ("FSM status,FSM eligible", few),
            ("FSM status,Not known to be FSM eligible", size - few),
        ):  # fmt: skip
            lines.append(f"{where},{breakdown},{size_of},{size_of // 2},50")
    return "\n".join(lines) + "\n"


def fsm(**figures: tuple[int, int]) -> str:
    """The same of one's own."""
    lines = [HEAD]
    for area, (few, size) in figures.items():
        for group, size_of in (("fsm,fsm", few), ("fsm,not_fsm", size - few), ("all,all", size)):
            lines.append(f"2018/19,{area.removeprefix('la')},la,,KS2,rwm_exp,{group},{size_of},{size_of // 2}")
    return "\n".join(lines) + "\n"


def printed(run: Run, *words: object) -> dict[str, float]:
    """How many pupils of a group each area has, as `compute` tells it; nothing where it shows nothing."""
    ran = run("compute", *words, "-f", "json")
    assert ran.code == 0 or "no row of it may be shown" in ran.err, ran.err
    return told(json.loads(ran.out)) if ran.code == 0 else {}


@pytest.mark.parametrize("when", ["autumn,final", ",provisional"])
@pytest.mark.parametrize("inside", [False, True])
def test_a_region_of_the_whole_year(when: str, inside: bool, run: Run, write: Write, tmp_path: Path) -> None:
    """The year's 25 less a term's 20 are five, as the provisional ones are, if all pupils are as many."""
    parts = [*rows("2012/13,873,la,", 20, 600, when), *rows("2012/13,874,la,", 5, 400, when)]
    region = rows(f"2012/13,{REGION},region,", 25, 1000)
    data = write("\n".join([TIMED, *parts, *(region if inside else [])]) + "\n", "data.csv")
    beside = write("\n".join([TIMED, *region]) + "\n", "beside.csv")
    words = [data, "-g", "lac", "-c", "region", *([] if inside else ["--beside", beside])]
    apart(printed(run, *words))
    targets = shown(judged(run, tmp_path, TARGETS, *words[:1], *words[5:]), "lac")
    assert 20 not in targets.values()


@pytest.mark.parametrize("when", [",final", ",provisional"])
def test_districts_of_a_term(when: str, run: Run, write: Write) -> None:
    """In autumn 20 looked-after children in one district, of the year's 25 in the authority."""
    parts = [*rows("2012/13,North,district,873", 20, 500, "autumn,final")]
    parts += rows("2012/13,South,district,873", 5, 500, "autumn,final")
    data = write("\n".join([TIMED, *parts, *rows("2012/13,873,la,", 25, 1000, when)]) + "\n", "data.csv")
    for asked in ([], ["--by", "district", "-c", "la"]):
        found = printed(run, data, "-g", "lac", *asked)
        assert not {5, 20} & set(found.values()), found


def test_a_group_in_one_measure_and_a_wider_one_in_another(run: Run, write: Write) -> None:
    """Of 33 disadvantaged pupils 30 have FSM: three do not, in whatever measure it is said."""
    start = "2012/13,873,la,,KS2"
    fsm_of = [("reading_l4", "fsm,fsm", 30), ("reading_l4", "fsm,not_fsm", 370), ("reading_l4", "all,all", 400)]
    wide = "disadvantaged,disadvantaged"
    others = [("writing_l4", wide, 33), ("writing_l4", wide.replace(",", ",not_"), 367), ("writing_l4", "all,all", 400)]

    def text(cells: Sequence[tuple[str, str, int]]) -> str:
        return "\n".join([HEAD, *(f"{start},{one},{group},{n},{n // 2}" for one, group, n in cells)]) + "\n"

    paths = [write(text(fsm_of), "fsm.csv"), write(text(others), "wide.csv")]
    for given in (paths, [write(text([*fsm_of, *others]), "both.csv")]):
        ran = run("compute", *given, "-f", "json")
        numbers = {one["focus"]: one["focus_pupils"] for one in json.loads(ran.out)["gaps"]}
        assert None in numbers.values(), numbers


PUBLISHED = {
    "the region is among the data": (fsm(la873=(20, 600), la874=(5, 400)), ees(region=(25, 1000))),
    "so is another part of it": (
        fsm(la873=(20, 600), la874=(5, 400)),
        ees(region=(55, 1500), la823=(30, 500)),
    ),
}


@pytest.mark.parametrize("case", PUBLISHED)
@pytest.mark.parametrize("beside", [False, True])
def test_published_figures(case: str, beside: bool, run: Run, write: Write) -> None:
    """What is published of the region and of other parts of it, less 20 in one authority, are five in the other."""
    own, public = (write(text, f"{name}.csv") for name, text in zip(("own", "public"), PUBLISHED[case], strict=True))
    words = [own, "--beside", public] if beside else [own, public]
    for asked in (["-c", "region"], ["-c", "region", "--by", "la"]):
        found = printed(run, *words, *asked)
        assert found[REGION] >= 25
        assert not {5, 20} & set(found.values()), found


def test_a_figure_that_is_given_twice_is_hidden_like_any(run: Run, write: Write) -> None:
    """Five of the region, among the data and in a file beside."""
    region = untimed(f"2012/13,{REGION},region,", 5, 1000)
    parts = [*untimed("2012/13,873,la,", 3, 600), *untimed("2012/13,874,la,", 2, 400)]
    data = write("\n".join([HEAD, *parts, *region]) + "\n", "data.csv")
    beside = write("\n".join([HEAD, *region]) + "\n", "beside.csv")
    for asked in ([], ["--by", "la"], ["--by", "region"]):
        assert printed(run, data, "--beside", beside, "-g", "lac", "-c", "region", *asked) == {}


@pytest.mark.parametrize(
    "more", ["2017/18,823,la,,KS2,rwm_exp,fsm,fsm,40,20", "2018/19,823,la,,KS2,rwm_exp,lac,lac,9,4"]
)
def test_one_part_is_known_whatever_else_is_said_of_it(more: str, run: Run, write: Write) -> None:
    own, public = PUBLISHED["so is another part of it"]
    paths = write(own + more + "\n", "own.csv"), write(public, "public.csv")
    found = printed(run, paths[0], "--beside", paths[1], "-g", "fsm", "-c", "region")
    assert found[REGION] == 55
    assert not {5, 20} & set(found.values()), found


def test_published_pupils_whose_results_are_hidden(run: Run, write: Write) -> None:
    """Five in one authority are published, though not who reached the standard: so 30 less five less 20 are known."""
    own, public = fsm(la873=(20, 600), la874=(5, 400)), ees(region=(30, 1100), la823=(5, 100))
    lines = [f"{line.rsplit(',', 2)[0]},c,c" if "Bedfordshire,FSM" in line else line for line in public.splitlines()]
    paths = write(own, "own.csv"), write("\n".join(lines) + "\n", "public.csv")
    found = printed(run, paths[0], "--beside", paths[1], "-c", "region")
    assert found == {REGION: 30}


@pytest.mark.parametrize("when", ["autumn,final", ",provisional"])
def test_published_figures_of_the_whole_year(when: str, run: Run, write: Write) -> None:
    """Of the region, and of another part of it."""
    own, public = PUBLISHED["so is another part of it"]
    lines = [line.replace(",", f",{when},", 1) for line in own.splitlines()[1:]]
    paths = write("\n".join([TIMED, *lines]) + "\n", "own.csv"), write(public, "public.csv")
    for words in (paths, (paths[0], "--beside", paths[1])):
        found = printed(run, *words, "-c", "region")
        assert found[REGION] == 55
        assert not {5, 20} & set(found.values()), found


@pytest.mark.parametrize("when", [",provisional", "spring,final"])
def test_where_nobody_was_at_another_time(when: str, run: Run, write: Write) -> None:
    """That nobody was looked after in spring says nothing of the autumn, in which district the four were then."""
    texts = set()
    for few in (0, 4):
        lines = rows("2012/13,North,district,873", few, 500) + rows("2012/13,South,district,873", 4 - few, 500)
        data = write("\n".join([TIMED, *rows("2012/13,873,la,", 0, 1000, when), *lines]) + "\n", "data.csv")
        for asked in ([], ["--by", "district", "-c", "la"]):
            ran = run("compute", data, "-g", "lac", *asked)
            texts.add((*asked, ran.code, ran.out, ran.err))
    assert len(texts) == 2


def test_a_place_lies_where_some_row_of_it_says(run: Run, write: Write) -> None:
    """It goes by its own code and its authority's; a school may lie in a district; what nobody knows is refused."""
    north, south = untimed("2012/13,D01,district,873", 40, 300), untimed("2012/13,D02,district,873", 60, 300)
    north[1] = north[1].replace(",873,", ",,")
    text = "\n".join([HEAD, *north, *south, *untimed("2012/13,873,la,", 100, 600)]) + "\n"
    data = write(text, "data.csv")
    asked = ("-g", "lac", "--by", "district")
    assert printed(run, data, *asked) == {"D01": 40, "D02": 60}
    for name in ("D01", "E10000003/D01"):
        assert printed(run, data, *asked, "--area", name) == {"D01": 40}
    assert "--by la" in run("compute", data, "-g", "lac").err
    schools = [*untimed("2012/13,Alpha,school,North", 20, 200), *untimed("2012/13,Beta,school,North", 5, 200)]
    for district in ("2012/13,North,district,873", "2012/13,North,district,"):
        lines = [HEAD, *untimed(district, 25, 400), *schools]
        assert printed(run, write("\n".join(lines) + "\n", "schools.csv"), "-g", "lac", "--by", "school") == {}
    for wrong in ("Cambridgshire", "East of England"):
        ran = run("compute", write(text.replace(",district,873", f",district,{wrong}"), "wrong.csv"), *asked)
        assert ran.code == 3
        assert "column within" in ran.err
        assert wrong not in ran.err


def test_a_region_and_districts_without_their_authorities(run: Run, write: Write) -> None:
    """Of the region's 60 looked-after children all but five are in the districts that may be shown."""
    lines = [HEAD, *untimed(f"2012/13,{REGION},region,", 60, 1000)]
    for place, few in (("North,district,873", 20), ("South,district,873", 5), ("Up,district,874", 35)):
        lines += untimed(f"2012/13,{place}", few, 500 if few == 35 else 250)
    found = printed(run, write("\n".join(lines) + "\n", "data.csv"), "-g", "lac")
    assert found[REGION] == 60
    assert sum(found.values()) < 60 + 55, found


def test_a_pool_of_which_a_part_is_in_the_file_beside(run: Run, write: Write) -> None:
    """Its sum is not there, and what the file beside tells of it is no reason to stop."""
    figures = {
        "North,district,873": (111, 102, 339, 42), "South,district,873": (15, 13, 274, 12),
        "West,district,873": (4, 2, 91, 7), "873,la,": (130, 117, 704, 61), f"{REGION},region,": (130, 117, 704, 61),
    }  # fmt: skip
    lines: dict[str, list[str]] = {}
    for where, (few, reached, others, theirs) in figures.items():
        counts = (
            ("lac,lac", few, reached),
            ("lac,not_lac", others, theirs),
            ("all,all", few + others, reached + theirs),
        )
        lines[where] = [f"2012/13,{where},KS2,reading_l4,{group},{n},{k}" for group, n, k in counts]
    beside = write("\n".join([HEAD, *(one for some in lines.values() for one in some)]) + "\n", "beside.csv")
    del lines["North,district,873"]
    data = write("\n".join([HEAD, *(one for some in lines.values() for one in some)]) + "\n", "data.csv")
    found = printed(run, data, "--beside", beside, "-g", "lac", "-c", "la", "-c", "region", "--pool", "X=North,South")
    assert found[REGION] == 130
    assert 4 not in found.values()


def test_the_same_pupils_again(run: Run, write: Write, tmp_path: Path) -> None:
    """Counted by district and by school, or by district and in all, an authority would have them twice."""
    text = pupils().replace("la,district", "la,district,school")
    for number, name in enumerate(("North", "South", "Up", "Down")):
        text = text.replace(f",{name},", f",{name},873200{number},")
    data = write(text, "pupils.csv")
    made = {by: tmp_path / f"{by}.internal.csv" for by in ("la", "district", "school")}
    for by, path in made.items():
        assert run("count", data, "-g", "lac", "--by", by, "--internal", "-o", path).code == 0
    own = write("\n".join([HEAD, *untimed("2012/13,North,district,873", 10, 300)]) + "\n", "own.csv")
    for pair in (("la", "district"), ("district", "school"), ("school", "la")):
        for asked in ([], ["--by", "district", "-c", "la"], ["--by", "la"]):
            ran = run("compute", *(made[one] for one in pair), "-g", "lac", *asked)
            assert ran.code == 3, ran.out
            assert "more than once" in ran.err
    for other in (made["la"], made["school"], own):
        ran = run("compute", data, other, "-g", "lac", "--by", "district")
        assert ran.code == 3, ran.out
        assert "more than once" in ran.err
    # Of other districts of the authority they are added up.
    head, *lines = text.splitlines()
    halves = [write("\n".join([head, *(one for one in lines if name in one)]) + "\n", name) for name in PARTS]
    counted = [tmp_path / f"{name}.internal.csv" for name in PARTS]
    for half, path in zip(halves, counted, strict=True):
        assert run("count", half, "-g", "lac", "--by", "district", "--internal", "-o", path).code == 0
    for files in (halves, counted, [halves[0], counted[1]]):
        assert printed(run, *files, "-g", "lac", "--by", "district", "-c", "la")["Cambridgeshire"] == 20


@pytest.mark.parametrize(
    ("part", "whole", "other", "over"),
    [
        ("873,la,", f"{REGION},region,", "874,la,", REGION),
        ("North,district,873", "873,la,", "South,district,873", "Cam"),
    ],
    ids=["authority", "district"],
)
def test_one_part_here_and_the_other_beside(
    part: str, whole: str, other: str, over: str, run: Run, write: Write, tmp_path: Path
) -> None:
    """25 of an area, printed beside, less the 20 of the one part are the five of the other."""
    data = write("\n".join([HEAD, *untimed(f"2012/13,{part}", 20, 600)]) + "\n", "data.csv")
    lines = [*untimed(f"2012/13,{whole}", 25, 1000), *untimed(f"2012/13,{other}", 5, 400)]
    beside = write("\n".join([HEAD, *lines]) + "\n", "beside.csv")
    words = [data, "--beside", beside, "-g", "lac"]
    assert not {5, 20} & {*printed(run, *words, "-c", "region" if over == REGION else "la").values()}
    if over == REGION:
        apart(printed(run, *words, "-c", "region"))
        assert 20 not in shown(judged(run, tmp_path, TARGETS, *words[:3]), "lac").values()


def test_an_intersection_that_is_here_alone(run: Run, write: Write) -> None:
    """Who reached it of those without FSM stands beside, 44; less 36 in care they are eight who are not."""
    both = {"fsm,fsm": (369, 108), "fsm,not_fsm": (304, 44), "all,all": (673, 152)}
    joint = {
        "fsm x lac": (45, 35),
        "fsm x not_lac": (324, 73),
        "not_fsm x lac": (292, 36),
        "not_fsm x not_lac": (12, 8),
    }
    here = {**both, **{f"fsm x lac,{group}": cell for group, cell in joint.items()}}
    other = {"fsm,fsm": (300, 150), "fsm,not_fsm": (500, 250), "all,all": (800, 400)}
    half = {group: (pupils // 2, reached // 2) for group, (pupils, reached) in other.items()}

    def lines(place: str, cells: Mapping[str, tuple[int, int]]) -> list[str]:
        return [f"2012/13,{place},KS2,reading_l4,{group},{n},{reached}" for group, (n, reached) in cells.items()]

    parts = [line for name in PARTS for line in lines(f"{name},district,874", half)]
    data = write("\n".join([HEAD, *lines("873,la,", here), *lines("874,la,", other), *parts]) + "\n", "data.csv")
    beside = write("\n".join([HEAD, *lines("873,la,", both), *lines("874,la,", other)]) + "\n", "beside.csv")
    ran = run("compute", data, "-g", "fsm", "-g", "fsm:lac", "--beside", beside, "-c", "la", "-f", "json")
    county = [gap for gap in json.loads(ran.out)["gaps"] if gap["area_name"] == "Cambridgeshire"]
    reached = {gap["focus"]: gap["focus_total"] for gap in county}
    assert reached["fsm"] == 108
    assert reached["not_fsm x lac"] is None


def test_cohort_knows_what_its_national_file_has_of_other_areas(run: Run, write: Write) -> None:
    """25 of the authority, which stand in the file, less the 20 of the one district are the five of the other."""
    parts = [line for name, few in zip(PARTS, (20, 5), strict=True)
             for line in untimed(f"2012/13,{name},district,873", few, 300)]  # fmt: skip
    data = write("\n".join([HEAD, *parts]) + "\n", "data.csv")
    for whole in ([], untimed("2012/13,873,la,", 25, 600)):
        lines = [HEAD, *untimed("2012/13,England,national,", 2500, 60000), *whole]
        ran = run(
            "cohort", data, "--national", write("\n".join(lines) + "\n", "england.csv"), "-g", "lac", "-f", "json"
        )
        told = {(one["area_name"], one["group"]): one["pupils"] for one in json.loads(ran.out)["rows"]}
        assert told["North", "all"] == 300
        assert ("North", "lac") in told or whole
        assert not whole or told.get(("North", "lac")) is None


DISTRICTS = [
    f"2012/13,{name},district,873,KS2,reading_l4,fsm,{group},{pupils},{reached}"
    for name, few in zip(PARTS, (50, 97), strict=True)
    for group, pupils, reached in (("fsm", 100, few), ("not_fsm", 200, 150))
]
RATES = HEAD.replace("pupils,total", "value")


@pytest.mark.parametrize("given", ["beside", "data"])
@pytest.mark.parametrize(("rate", "known"), [("73.5%", True), ("72%", False), ("74%", True)])
def test_a_rate_without_pupils(rate: str, known: bool, given: str, run: Run, write: Write) -> None:
    """Of 200 pupils in two districts 147 reached it, of whom 50 in the one; so did all but three of the other."""
    data = write("\n".join([HEAD, *DISTRICTS]) + "\n", "data.csv")
    rates = write(f"{RATES}\n2012/13,873,la,,KS2,reading_l4,fsm,fsm,{rate}\n", "rates.csv")
    words = ["--beside", rates, "-c", "la"] if given == "beside" else [rates]
    ran = run("compute", data, *words, "-g", "fsm", "--by", "district", "-f", "json")
    reached = {one["area_name"]: one["focus_total"] for one in json.loads(ran.out)["gaps"]}
    assert reached == {"North": None if known else 50, "South": None}


@pytest.mark.parametrize("case", ["hidden", "parts"])
def test_a_rate_of_what_is_hidden_or_partly_beside(case: str, run: Run, write: Write) -> None:
    """The same where the authority's own row hides the result, or where the other district is in the file beside."""
    here = [*DISTRICTS, "2012/13,873,la,,KS2,reading_l4,fsm,fsm,200,c"] if case == "hidden" else DISTRICTS[:2]
    there = "".join(f"{line}\n" for line in DISTRICTS[2:]) if case == "parts" else ""
    data = write("\n".join([HEAD, *here]) + "\n", "data.csv")
    rates = write(f"{RATES}\n2012/13,873,la,,KS2,reading_l4,fsm,fsm,73.5\n", "rates.csv")
    words = ["--beside", write(f"{HEAD}\n{there}", "beside.csv")] if there else []
    ran = run("compute", data, "--beside", rates, *words, "-c", "la", "-g", "fsm", "--by", "district", "-f", "json")
    reached = {one["area_name"]: one["focus_total"] for one in json.loads(ran.out)["gaps"]}
    assert reached["North"] is None


def test_rates_do_not_say_that_nobody_is_there(run: Run, write: Write) -> None:
    """All pupils' rate and that of those without FSM are one, whether there are two FSM pupils or none."""
    rates = [f"2012/13,873,la,,KS2,reading_l4,{group},50" for group in ("all,all", "fsm,not_fsm")]
    beside = write("\n".join([RATES, *rates]) + "\n", "rates.csv")
    told = []
    for few in (0, 2):
        parts = [
            f"2012/13,{name},district,873,KS2,reading_l4,{group},{pupils},{pupils // 2}"
            for name, fsm in zip(PARTS, (few, 0), strict=True)
            for group, pupils in (("all,all", 300), ("fsm,fsm", fsm), ("fsm,not_fsm", 300 - fsm))
        ]
        data = write("\n".join([HEAD, *parts]) + "\n", "data.csv")
        ran = run("compute", data, "--beside", beside, "-c", "la", "-g", "fsm", "--by", "district", "-f", "json")
        told.append((ran.code, ran.err, without_hash(ran.out)))
    assert told[0] == told[1]


def test_a_rate_of_what_is_hidden_for_another_area(run: Run, write: Write, tmp_path: Path) -> None:
    """The authority's 147 are hidden since the region's rate would tell of the other one; its own rate tells them."""
    whole = [("873", 200, 147, 400, 153), ("874", 50, 45, 350, 155)]
    lines = [f"2012/13,{code},la,,KS2,reading_l4,fsm,{group},{pupils},{reached}" for code, *cells in whole
             for group, pupils, reached in (("fsm", *cells[:2]), ("not_fsm", *cells[2:]))]  # fmt: skip
    data = write("\n".join([HEAD, *DISTRICTS, *lines]) + "\n", "data.csv")
    rates = [f"2012/13,{place},KS2,reading_l4,fsm,{group},{rate}" for place, *both in
             (("873,la,", 73.5, 38.25), (f"{REGION},region,", 76.8, 41.1))
             for group, rate in zip(("fsm", "not_fsm"), both, strict=True)]  # fmt: skip
    beside = write("\n".join([RATES, *rates]) + "\n", "rates.csv")
    out = tmp_path / "gaps.json"
    run("compute", data, "--beside", beside, "-c", "la", "-g", "fsm", "--by", "district", "-o", out)
    reached = {one["area_name"]: one["focus_total"] for one in json.loads(out.read_text("utf-8"))["gaps"]}
    assert reached["North"] is None
    assert run("audit", out).code == 0
