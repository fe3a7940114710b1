"""`gapcalc count`: the counts as an internal file, and the same protected result when it is read back."""

import csv
import io
import json
import os
import random
import stat
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet as pq

from gapcalc.model import Cleared
from gapcalc.pipeline import compute
from gapcalc.present import present_counts
from gapcalc.present.places import internal_name
from gapcalc.release import InternalCounts, NotCleared
from gapcalc.request import Request
from gapcalc.waist import waist

Run = Callable[..., Any]
Write = Callable[..., Path]
COLUMNS = "academic_year,la,district,school,school_name,key_stage,fsm,sen_provision,reading,writing,maths,reading_score"


@pytest.fixture
def pupils(write: Write) -> Path:
    """Two authorities with three districts each, and groups of every size."""
    chance = random.Random(4)  # noqa: S311
    lines = [COLUMNS]
    for _ in range(900):
        la = chance.choice(["873", "873", "330"])
        district = chance.choice(["North", "South", "South", "South", ""])
        school = f"{la}{'001' if district == 'North' else chance.choice(['002', '003'])}"
        fsm, sen = chance.choice("YNNNN"), chance.choice(["N", "N", "N", "K", "E"])
        levels = [chance.choice(["3", "4", "4", "4", "5"]) for _ in range(3)]
        cells = [school, f"School {school}", "KS2", fsm, sen, *levels, str(chance.randint(80, 120))]
        lines.append(",".join([chance.choice(["2012/13", "2013/14"]), la, district, *cells]))
    return write("\n".join(lines) + "\n", "pupils.csv")


def gaps(run: Run, *arguments: object) -> list[dict[str, str]]:
    ran = run("compute", *arguments, "-f", "csv")
    assert ran.code == 0, ran.err
    return list(csv.DictReader(io.StringIO(ran.out)))


@pytest.mark.parametrize("extension", ["csv", "parquet"])
@pytest.mark.parametrize("by", ["la", "district", "school"])
def test_counts_read_back_are_protected_as_the_pupils_were(
    run: Run, pupils: Path, tmp_path: Path, by: str, extension: str
) -> None:
    assert run("count", pupils, "--by", by, "-o", tmp_path / f"counts.{extension}", "--internal").code == 0
    back = tmp_path / f"counts.internal.{extension}"
    direct = gaps(run, pupils, "--by", by)
    assert any(one["symbol"] == "hidden" for one in direct) or by == "la"
    assert gaps(run, back) == direct
    assert gaps(run, back, "--by", by) == direct
    # The authorities are in the file, for sums over their parts, and are shown when they are asked for.
    assert gaps(run, back, "--by", "la") == gaps(run, pupils, "--by", "la")
    assert gaps(run, back, "--internal") == gaps(run, pupils, "--by", by, "--internal")


@pytest.mark.parametrize("by", ["la", "school"])
def test_validate_reads_counts_back(run: Run, pupils: Path, tmp_path: Path, by: str) -> None:
    run("count", pupils, "--by", by, "-o", tmp_path / "counts.parquet", "--internal")
    ran = run("validate", tmp_path / "counts.internal.parquet", "-f", "json")
    (file,) = json.loads(ran.out)["files"]
    assert file["columns_unused"] == []
    assert file["findings"] == []
    assert file["columns"]["protection"] == "protection"


def test_counts_are_in_the_units_of_readers_and_say_that_they_are_internal(
    run: Run, write: Write, tmp_path: Path
) -> None:
    path = write("academic_year,la,key_stage,fsm,attainment8\n2015/16,873,KS4,Y,45.25\n2015/16,873,KS4,Y,50.5\n")
    assert run("count", path, "-o", tmp_path / "c.parquet", "--internal", "--measure", "attainment8").code == 0
    table = pq.read_table(tmp_path / "c.internal.parquet")
    (row,) = [one for one in table.to_pylist() if one["dimension"] == "all"]
    assert (row["pupils"], row["total"]) == (2, Decimal("95.75"))
    assert row["total_sq"] == Decimal("45.25") ** 2 + Decimal("50.5") ** 2
    assert set(table.column("protection").to_pylist()) == {"internal"}
    said = json.loads(table.schema.metadata[b"gapcalc"])
    assert said["internal"] is True
    assert "Not for release" in said["notice"]


def test_counts_of_two_files_add_up_in_the_authority(run: Run, pupils: Path, write: Write, tmp_path: Path) -> None:
    header, *lines = pupils.read_text(encoding="utf-8").splitlines()
    parts = [[line for line in lines if (",North," in line) is here] for here in (True, False)]
    files = [write("\n".join([header, *part]) + "\n", f"part{i}.csv") for i, part in enumerate(parts)]
    run("count", pupils, "--by", "district", "-o", tmp_path / "whole.csv", "--internal")
    run("count", *files, "--by", "district", "-o", tmp_path / "parts.csv", "--internal")
    whole, added = (
        sorted(csv.reader(io.StringIO((tmp_path / f"{name}.internal.csv").read_text(encoding="utf-8"))))
        for name in ("whole", "parts")
    )
    # Which groups have nobody in them is said of each file, so the parts may say it of more cells.
    assert [row for row in whole if row[11] != "0"] == [row for row in added if row[11] != "0"]


def test_without_internal_counts_are_refused_and_nothing_is_read_or_written(run: Run, tmp_path: Path) -> None:
    ran = run("count", tmp_path / "none.csv", "-o", tmp_path / "counts.csv")
    assert ran.code == 2
    assert "counts are not protected" in ran.err
    assert "--internal" in ran.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["-o", "counts.json"], 2, "does not write counts to .json"),
        (["--internal"], 2, "counts go to a file"),
        (["-o", "counts.csv", "--by", "region"], 2, "there is no level of pupil data 'region'"),
        (["-o", "counts.csv", "--period", "2001/02"], 2, "nothing in the data matches periods 2001/02"),
        (["-o", "counts.csv", "-g", "unheard"], 2, "there is no group 'unheard'"),
    ],
)
def test_what_cannot_be_counted(run: Run, pupils: Path, arguments: list[str], code: int, words: str) -> None:
    ran = run("count", pupils, "--internal", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err
    assert [one.name for one in pupils.parent.iterdir()] == ["pupils.csv"]


def test_figures_are_not_counted(run: Run, write: Write, tmp_path: Path) -> None:
    path = write("period,area,key_stage,measure,group,pupils,total\n2012/13,873,KS2,rwm_l4,fsm,20,10\n")
    ran = run("count", path, "--internal", "-o", tmp_path / "c.csv")
    assert ran.code == 3
    assert "no pupils to count" in ran.err


def test_counts_are_never_written_over_an_input_or_through_a_link(run: Run, pupils: Path, tmp_path: Path) -> None:
    source = pupils.rename(tmp_path / "pupils.internal.csv")
    before = source.read_bytes()
    for name in ("pupils.csv", "pupils.internal.csv"):
        ran = run("count", source, "--internal", "-o", tmp_path / name)
        assert ran.code == 4
        assert "one of the inputs" in ran.err
    assert source.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["pupils.internal.csv"]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("gaps.json", "gaps.internal.json"),
        ("gaps.internal.json", "gaps.internal.json"),
        ("gaps.INTERNAL.csv", "gaps.INTERNAL.csv"),
        ("a.b/gaps.2013.csv", "a.b/gaps.2013.internal.csv"),
        ("gaps", "gaps.internal"),
        ("gaps.internal", "gaps.internal"),
        (".internal.csv", ".internal.csv"),
        ("internal.csv", "internal.internal.csv"),
    ],
)
def test_the_name_of_an_internal_output(given: str, named: str) -> None:
    assert Path(internal_name(given)) == Path(named)


@pytest.mark.parametrize("extension", ["json", "csv", "txt"])
@pytest.mark.parametrize("quiet", [[], ["-q"]])
def test_an_internal_output_says_what_it_is(
    run: Run, pupils: Path, tmp_path: Path, extension: str, quiet: list[str]
) -> None:
    ran = run("compute", pupils, "--internal", "-o", tmp_path / f"gaps.{extension}", *quiet)
    assert ran.code == 0
    assert "warning: internal: nothing is hidden" in ran.err
    assert f"gaps.internal.{extension}" in ran.err
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"gaps.internal.{extension}", "pupils.csv"]
    written = tmp_path / f"gaps.internal.{extension}"
    text = written.read_text(encoding="utf-8")
    if extension == "json":
        assert json.loads(text)["protection"]["internal"] is True
    elif extension == "csv":
        assert {row["protection"] for row in csv.DictReader(io.StringIO(text))} == {"internal"}
    else:
        assert text.startswith("INTERNAL: nothing is hidden")
    if os.name != "nt":
        assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_an_internal_output_on_the_screen_says_what_it_is(run: Run, pupils: Path) -> None:
    assert run("compute", pupils, "--internal").out.startswith("INTERNAL")
    assert "internal" not in run("compute", pupils, "-f", "csv").out


def test_a_folder_is_refused_under_its_own_name(run: Run, pupils: Path, tmp_path: Path) -> None:
    ran = run("compute", pupils, "--internal", "-f", "json", "-o", tmp_path)
    assert ran.code == 4
    assert "it is a folder" in ran.err


def test_counts_that_nobody_called_internal_are_refused(pupils: Path, tmp_path: Path) -> None:
    counts = waist(Request(data=(str(pupils),), internal=True))
    covered = Cleared(counts.data.counts, counts.data.cells)
    with pytest.raises(NotCleared):
        InternalCounts(covered, {})
    for other in (None, covered, compute(Request(data=(str(pupils),)))):
        with pytest.raises(TypeError, match="only InternalCounts"):
            present_counts(other, "csv", str(tmp_path / "c.csv"))  # type: ignore[arg-type]


def test_a_row_that_stands_twice_in_a_file_of_counts_is_refused(run: Run, pupils: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.internal.csv"
    assert run("count", pupils, "-g", "fsm", "--internal", "-q", "-o", made).code == 0
    lines = made.read_text(encoding="utf-8").splitlines(keepends=True)
    made.write_text("".join([*lines, *lines[1:]]), encoding="utf-8", newline="")
    ran = run("compute", made)
    assert ran.code == 3
    assert "given more than once" in ran.err
