"""`count --explain-sql`: what it prints is run in a warehouse, and what that finds is read back by `compute`."""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import SAMPLES, Run

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def pupils(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some pupils of the sample."""
    lines = (SAMPLES / "synthetic-pupils.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path_factory.mktemp("some") / "pupils.csv"
    path.write_text("".join([lines[0], *lines[1::13]]), encoding="utf-8", newline="")
    return path


def in_a_warehouse(sql: str, pupils: Path, found: Path) -> None:
    """Load pupils into a table, with blanks as null, and save what a statement finds."""
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("CREATE SCHEMA census")
        connection.execute(f"CREATE TABLE census.pupils AS FROM read_csv('{pupils}', all_varchar = true)")
        connection.execute(f"COPY ({sql}) TO '{found}' (HEADER)")


@pytest.mark.parametrize("level", ["la", "district", "school"])
def test_what_the_warehouse_finds_gives_the_same_gaps(run: Run, pupils: Path, tmp_path: Path, level: str) -> None:
    asked = ("-g", "fsm", "-g", "sen", "-g", "fsm x sen", "--measure", "rwm_l4", "--measure", "attainment8")
    printed = run("count", pupils, "--explain-sql", "census.pupils", "--by", level, *asked)
    assert printed.code == 0, printed.err
    found = tmp_path / "found.csv"
    in_a_warehouse(printed.out, pupils, found)
    counted = tmp_path / "counted.internal.csv"
    assert run("count", pupils, "--by", level, *asked, "--internal", "-o", counted).code == 0
    there = run("compute", found, *asked, "--internal", "-q", "-f", "json")
    here = run("compute", counted, *asked, "--internal", "-q", "-f", "json")
    assert there.code == here.code == 0, there.err
    theirs, ours = (figures(ran.out) for ran in (there, here))
    assert len(ours) > 20
    assert theirs == ours


def figures(text: str) -> list[dict[str, object]]:
    """The gaps of a run, but for what files alone differ in."""
    gaps = [{name: cell for name, cell in gap.items() if name != "area_name"} for gap in json.loads(text)["gaps"]]
    return sorted(gaps, key=lambda gap: [str(cell) for cell in gap.values()])


def test_of_the_file_only_the_header_is_needed(run: Run, write: Write) -> None:
    path = write("academic_year,la,key_stage,fsm,reading\n2012/13,873,KS2,Y,4\n")
    ran = run("count", path, "--explain-sql", "pupils")
    assert ran.code == 0
    assert ran.out.startswith("-- Counts of pupils")
    assert "FROM pupils" in ran.out
    assert "873" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--internal",), "counts go to a file"),
        (("--explain-sql", "pupils", "again.csv"), "one statement is for one table"),
    ],
)
def test_what_it_refuses(run: Run, write: Write, arguments: tuple[str, ...], said: str) -> None:
    path = write("academic_year,la,key_stage,fsm,reading\n2012/13,873,KS2,Y,4\n")
    ran = run("count", path, *arguments)
    assert ran.code == 2
    assert said in ran.err


@pytest.mark.parametrize(
    ("layout", "year"),
    [('fixed = { status = "provisional" }', "2023/24"), ("", "2014/15 (prov)"), ('single_year = "end"', "2015")],
)
def test_status_and_single_years_are_those_that_gapcalc_reads(
    run: Run, write: Write, tmp_path: Path, layout: str, year: str
) -> None:
    own = write(
        f'id = "own"\nlabel = "Own"\nlike = "pupils"\nshape = "pupils"\n{layout}\nrequires = ["gld"]\n', "own.toml"
    )
    rows = "".join(f"{year},873,EYFS,{'YN'[place % 2]},{place % 3 % 2}\n" for place in range(60))
    path = write("academic_year,la,key_stage,fsm,gld\n" + rows)
    asked = ("-g", "fsm", "--layout", own)
    printed = run("count", path, *asked, "--explain-sql", "census.pupils")
    assert printed.code == 0, printed.err
    found, counted = tmp_path / "found.csv", tmp_path / "counted.internal.csv"
    in_a_warehouse(printed.out, path, found)
    assert run("count", path, *asked, "--internal", "-o", counted).code == 0
    there, here = (run("compute", one, "-g", "fsm", "--internal", "-q", "-f", "json") for one in (found, counted))
    assert there.code == here.code == 0, there.err
    assert len(figures(here.out)) == 1
    assert figures(there.out) == figures(here.out)
