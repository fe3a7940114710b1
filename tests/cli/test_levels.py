"""A region, its authorities, their districts and schools, in a file or beside it: no level tells of another."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_one_run import judged, shown, target
from tests.cli.test_places import HEAD
from tests.conftest import Run

Write = Callable[[str, str], Path]
REGION = "East of England"
PARTS = "North", "South"
COMPARED = 'kind = "at_least_comparator"\ncomparator = "region"'
TARGETS = [target("region", ("lac",), COMPARED), *(target(one, ("lac",), more=f'areas = ["{one}"]') for one in PARTS)]


def rows(start: str, few: int, size: int) -> list[str]:
    """So many looked-after children of all; half reach the standard."""
    groups = (("lac", "lac", few), ("lac", "not_lac", size - few), ("all", "all", size))
    reached = {few: few // 2, size - few: size // 2 - few // 2, size: size // 2}
    return [f"{start},KS2,reading_l4,{name},{group},{pupils},{reached[pupils]}" for name, group, pupils in groups]


def region() -> str:
    return "\n".join([HEAD, *rows(f"2012/13,{REGION},region,", 25, 1000)]) + "\n"


def own(few: tuple[int, int], parts: tuple[int, int] | None, *, inside: bool) -> str:
    """Two authorities, the districts of the one that has twenty looked-after children, and the region."""
    lines = [HEAD, *rows("2012/13,873,la,", few[0], 600), *rows("2012/13,874,la,", few[1], 400)]
    for name, number in zip(PARTS, parts or (), strict=False):
        lines += rows(f"2012/13,{name},district,873", number, 300)
    lines += rows(f"2012/13,{REGION},region,", 25, 1000) if inside else []
    return "\n".join(lines) + "\n"


def pupils(few: int = 5) -> str:
    """The same, pupil by pupil, the five in one district of two."""
    lines = ["academic_year,la,district,key_stage,looked_after,reading"]
    for place, number, size in (
        ("873,North", 10, 300), ("873,South", 10, 300), ("874,Up", few, 200), ("874,Down", 5 - few, 200)
    ):  # fmt: skip
        lines += [f"2012/13,{place},KS2,{'Y' if one < number else 'N'},{3 + one % 2}" for one in range(size)]
    return "\n".join(lines) + "\n"


def apart(told: Mapping[str, float]) -> None:
    """What a run says of how many are looked after, where five must not be found out."""
    assert 5 not in told.values()
    assert 20 not in told.values(), told
    assert not set(PARTS) <= set(told), told
    assert told.get(REGION) == 25, told


def told(results: dict[str, Any]) -> dict[str, float]:
    """The looked-after children of each area in the JSON of `compute`."""
    every = [(one["area_name"], one["focus_pupils"]) for one in results["gaps"]]
    every += [(other["label"], other["focus_pupils"]) for one in results["gaps"] for other in one["comparisons"]]
    return {name.partition(" (")[0]: number for name, number in every if number is not None}


FILES = {
    "pupils": pupils(),
    "pupils in both districts": pupils(2),
    "districts of the many": own((20, 5), (10, 10), inside=False),
    "districts of the few": own((5, 20), (3, 2), inside=False),
    "no districts": own((20, 5), None, inside=False),
}


@pytest.mark.parametrize("file", FILES)
def test_a_region_beside(file: str, run: Run, write: Write, tmp_path: Path) -> None:
    """The region's 25 looked-after children less 20 in one authority are five in the other."""
    data, beside = write(FILES[file], "data.csv"), write(region(), "region.csv")
    # By level, with the authorities beside their districts, and all there is.
    for asked in (["--by", "la"], ["--by", "district"], ["--by", "district", "-c", "la"], []):
        ran = run("compute", data, *asked, "-g", "lac", "--beside", beside, "-c", "region", "-f", "json")
        if ran.code != 2:  # there are no districts that may be shown
            apart(told(json.loads(ran.out)))
    found = shown(judged(run, tmp_path, TARGETS, data, "--beside", beside), "lac")
    apart({name.partition(" (")[0]: number for name, number in found.items()})


@pytest.mark.parametrize(("few", "parts"), [((20, 5), (10, 10)), ((5, 20), (3, 2)), ((20, 5), None)])
def test_a_region_in_the_file(
    few: tuple[int, int], parts: tuple[int, int] | None, run: Run, write: Write, tmp_path: Path
) -> None:
    """All that several runs by level say, together, and one with targets of all."""
    data = write(own(few, parts, inside=True), "data.csv")
    every: dict[str, float] = {}
    for asked in (["--by", "region"], ["--by", "la"], ["--by", "district"], ["-c", "la"], ["-c", "region"], []):
        ran = run("compute", data, *asked, "-g", "lac", "-f", "json")
        every |= told(json.loads(ran.out)) if ran.code == 0 else {}
    apart(every)
    apart(shown(judged(run, tmp_path, TARGETS, data), "lac"))


@pytest.mark.parametrize("within", ["873", ""])
def test_districts_and_schools_in_an_aggregate(within: str, run: Run, write: Write, tmp_path: Path) -> None:
    """Who knows that two of these schools lie in North, and has its 55, can subtract them."""
    lines = [HEAD]
    for level, places in (("district", {"North": 55, "South": 43}), ("school", {"8732000": 24, "8732001": 26})):
        for name, few in places.items():
            lines += rows(f"2012/13,{name},{level},{within}", few, 300)
    data = write("\n".join(lines) + "\n", "data.csv")
    districts, schools = ([target(f"of {one}", ("lac",), more=f'areas = ["{one}"]') for one in some] for some in (
        PARTS, ("8732000", "8732001"))
    )  # fmt: skip
    assert shown(judged(run, tmp_path, [*districts, *schools], data), "lac") == {"North": 55, "South": 43}
    assert shown(judged(run, tmp_path, schools, data), "lac") == {"8732000": 24, "8732001": 26}
    found = shown(judged(run, tmp_path, [*districts, *schools], data, "--internal"), "lac")
    assert found == {"North": 55, "South": 43, "8732000": 24, "8732001": 26}


def several(inside: int) -> list[str]:
    """The same in two files, of which one has the authority with districts; the region is in one of them."""
    lines = own((20, 5), (10, 10), inside=False).splitlines()
    other = [line for line in lines if ",874," in line]
    files = [[line for line in lines if line not in other], [HEAD, *other]]
    files[inside] += rows(f"2012/13,{REGION},region,", 25, 1000)
    return ["\n".join(one) + "\n" for one in files]


@pytest.mark.parametrize("inside", [0, 1])
def test_a_region_and_its_parts_in_several_files(inside: int, run: Run, write: Write, tmp_path: Path) -> None:
    paths = [write(text, f"{place}.csv") for place, text in enumerate(several(inside))]
    every: dict[str, float] = {}
    for asked in (["--by", "la"], ["--by", "district", "-c", "region"], ["-c", "la"], []):
        ran = run("compute", *paths, *asked, "-g", "lac", "-f", "json")
        every |= told(json.loads(ran.out)) if ran.code == 0 else {}
    apart(every)
    apart(shown(judged(run, tmp_path, TARGETS, *paths), "lac"))


def test_a_region_beside_with_other_parts_of_it(run: Run, write: Write) -> None:
    """What is beside is taken as it is, with all its levels."""
    data = write(own((20, 5), None, inside=False), "data.csv")
    lines = [region().rstrip("\n"), *rows("2012/13,875,la,", 30, 500)]
    lines += [line for name in PARTS for line in rows(f"2012/13,{name},district,875", 15, 250)]
    beside = write("\n".join(lines) + "\n", "beside.csv")
    ran = run("compute", data, "-g", "lac", "--beside", beside, "-c", "region", "-f", "json")
    apart(told(json.loads(ran.out)))


def test_a_region_beside_with_one_of_its_authorities(run: Run, write: Write) -> None:
    """What stands beside of an authority that is asked for does not say what is shown of it."""
    data = write(own((20, 5), None, inside=False), "data.csv")
    lines = [region().rstrip("\n"), *rows("2012/13,873,la,", 20, 600)]
    ran = run("compute", data, "-g", "lac", "--beside", write("\n".join(lines) + "\n", "beside.csv"), "-c", "region",
              "--by", "la", "-f", "json")  # fmt: skip
    apart(told(json.loads(ran.out)))


def test_a_region_that_is_made_of_its_authorities(run: Run, write: Write) -> None:
    """Two of them come to 25, of which one run says that 20 are in the one: whatever stands beside, that is hidden."""
    data = write(own((20, 5), None, inside=False), "data.csv")
    beside = write("\n".join([HEAD, *rows(f"2012/13,{REGION},region,", 300, 9000)]) + "\n", "beside.csv")
    for more in ((), ("--beside", beside, "-c", "region")):
        ran = run("compute", data, "-g", "lac", "--by", "region", *more, "-f", "json")
        assert [one["focus_pupils"] for one in json.loads(ran.out)["gaps"]] == [None]
    # Beside a region that is given the rest of it would be told.
    ran = run("compute", data, write(region(), "region.csv"), "-g", "lac", "--by", "region")
    assert ran.code == 2
    assert "--by la" in ran.err


def test_nothing_is_counted_twice_and_nothing_is_lost(run: Run, write: Write) -> None:
    parts = own((20, 40), (10, 10), inside=True)
    again = run(
        "compute", write(parts, "1.csv"), write(parts.replace(",district,873", ",school,873"), "2.csv"), "-g", "lac"
    )
    assert again.code == 3, again.out
    assert "more than once" in again.err
    before = write(own((30, 40), None, inside=False).replace("2012/13", "2011/12"), "before.csv")
    ran = run("compute", before, write(parts, "now.csv"), "-g", "lac", "-f", "json")
    there = {(one["period"], one["area_name"].partition(" (")[0]) for one in json.loads(ran.out)["gaps"]}
    here = {("2012/13", name) for name in ("Peterborough", REGION, *PARTS)}
    assert there == {("2011/12", "Cambridgeshire"), ("2011/12", "Peterborough"), *here}
    pool = ("--pool", "Both=873,874", "-g", "lac")
    assert run("compute", write(parts, "now.csv"), *pool).code == 2
    ran = run("compute", write(parts, "now.csv"), *pool, "--by", "la", "-f", "json")
    assert [one["focus_pupils"] for one in json.loads(ran.out)["gaps"]] == [60]


def test_an_authority_within_a_region_is_set_beside_it(run: Run, write: Write) -> None:
    """Whether its row says in which region it lies or not."""
    plain = own((30, 40), None, inside=True)
    for text in (plain, plain.replace(",la,,", f",la,{REGION},")):
        ran = run("compute", write(text, "data.csv"), "-g", "lac", "--by", "la", "-c", "region", "-f", "json")
        assert [[other["label"] for other in one["comparisons"]] for one in json.loads(ran.out)["gaps"]] == [
            [REGION]
        ] * 2


def test_a_region_beside_is_settled_before_the_schools_of_its_authorities(run: Run, write: Write) -> None:
    """Thirty of the region less 25 in a school are five in two authorities, one and four.

    To hide the region's thirty would cost least, but they stand beside and are shown.
    """
    schools = {"873,8732000": (1, 1, 11, 9), "873,8732001": (0, 0, 25, 20), "874,8742000": (25, 14, 29, 15)}
    lines = ["academic_year,la,school,key_stage,fsm,reading"]
    for place, (fsm, its, others, theirs) in (schools | {"821,8212000": (4, 2, 27, 2)}).items():
        for flag, pupils, reached in (("Y", fsm, its), ("N", others, theirs)):
            lines += [f"2012/13,{place},KS2,{flag},{4 if one < reached else 3}" for one in range(pupils)]
    totals = {"fsm,fsm": (30, 17), "fsm,not_fsm": (92, 46), "all,all": (122, 63)}
    region = [f"2012/13,{REGION},region,,KS2,reading_l4,{group},{n},{t}" for group, (n, t) in totals.items()]
    data, beside = write("\n".join(lines) + "\n", "data.csv"), write("\n".join([HEAD, *region]) + "\n", "region.csv")
    ran = run("compute", data, "-g", "fsm", "--by", "school", "--beside", beside, "-c", "la", "-f", "json")
    assert ran.code == 0 or "no row of it may be shown" in ran.err
    assert ran.code != 0 or 25 not in told(json.loads(ran.out)).values()
    ran = run("compute", data, "-g", "fsm", "--by", "la", "--beside", beside, "-c", "region", "-f", "json")
    assert told(json.loads(ran.out)) == {REGION: 30}
