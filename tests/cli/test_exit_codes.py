"""What each thing that goes wrong says, and the exit code a job sees. 1 is kept for findings."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Write = Callable[..., Path]
HEADER = "academic_year,la,key_stage,fsm,reading,writing,maths"
TIDY = "period,area,key_stage,measure,group,pupils,total,value"
PUPIL = "A123456789012"  # stands where it should not; must never be seen
GOOD = f"{HEADER}\n2012/13,873,KS2,Y,4,4,3\n2012/13,873,KS2,N,4,4,4\n"

CASES = {
    "an empty file": ("", 3, ["data.csv: is empty"]),
    "a header alone": (f"{HEADER}\n", 3, ["data.csv: has a header but no rows"]),
    "a missing column": (
        f"academic_year,key_stage,fsm,reading\n2012/13,KS2,Y,{PUPIL}\n",
        3,
        ["data.csv", "lacks the column la", "may be called la, la_code"],
    ),
    "a file of another kind": (f"{PUPIL},b\n1,2\n", 3, ["data.csv: its header fits no layout"]),
    "no outcome": (f"academic_year,la,key_stage,fsm\n2012/13,873,KS2,{PUPIL}\n", 3, ["holds no outcome"]),
    "an unknown outcome code": (
        f"{GOOD}2012/13,873,KS2,Y,4,4,{PUPIL}\n2012/13,873,KS2,Y,4,4,{PUPIL}\n",
        3,
        ["data.csv: column maths: unknown code in 2 rows (4 and 5)", "accepted: in 2012/13 at ks2: N, B, W, 1"],
    ),
    "an unknown year": (
        GOOD.replace("2012/13", PUPIL),
        3,
        ["column academic_year: unknown code in 2 rows (2 and 3)", "2013/14, 2013-14"],
    ),
    "an unknown authority": (GOOD.replace("873", PUPIL), 3, ["column la: unknown code in 2 rows", "list areas"]),
    "an unknown key stage": (GOOD.replace("KS2", PUPIL), 3, ["column key_stage: unknown code in 2 rows"]),
    "a row that is too long": (f"{GOOD}2012/13,873,KS2,Y,4,4,4,{PUPIL}\n", 3, ["7 fields of the header in row 4"]),
    "a percentage above 100": (
        f"{TIDY}\n2012/13,873,KS2,rwm_l4,fsm,,,101\n",
        3,
        ["data.csv: column value: a percentage above 100 in row 2"],
    ),
    "a numerator above its denominator": (
        f"{TIDY}\n2012/13,873,KS2,rwm_l4,fsm,10,11,\n",
        3,
        ["data.csv: column total: more than pupils allows in row 2"],
    ),
    "a figure given twice": (
        f"{TIDY}\n2012/13,873,KS2,rwm_l4,fsm,10,1,\n2012/13,873,KS2,rwm_l4,fsm,10,1,\n",
        3,
        ["data.csv: 1 figure is given more than once"],
    ),
}


@pytest.mark.parametrize("name", list(CASES))
def test_a_bad_file_gets_one_clear_error(run: Run, write: Write, name: str) -> None:
    text, code, words = CASES[name]
    ran = run("compute", write(text))
    assert ran.code == code, ran.err
    assert ran.out == ""
    for word in words:
        assert word in ran.err
    assert PUPIL not in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.startswith("gapcalc: ")
    assert len(ran.err.splitlines()) <= 2


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    ran = run("compute", tmp_path / "none.csv")
    assert ran.code == 3
    assert "none.csv: there is no such file" in ran.err


def test_an_unknown_group_code_is_a_warning_and_the_pupil_stays(run: Run, write: Write, tmp_path: Path) -> None:
    ran = run("compute", write(f"{GOOD}2012/13,873,KS2,{PUPIL},4,4,4\n"), "-f", "json", "--measure", "reading_l4")
    assert ran.code == 0
    assert "data.csv: column fsm: unknown codes; these pupils count as unknown" in ran.err
    assert PUPIL not in ran.err + ran.out
    assert json.loads(ran.out)["gaps"][0]["unknown_symbol"] == "hidden"
    ran = run("compute", tmp_path / "data.csv", "-f", "json", "--measure", "reading_l4", "--internal")
    assert json.loads(ran.out)["gaps"][0]["unknown_pupils"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--measure", "unheard"], "there is no measure 'unheard'"),
        (["--measure", "reading_l4x"], "try: reading_l4, if that is meant; there are: "),
        (["--by", "distict"], "try: gapcalc compute --help"),
        (["--group", "unheard"], "there is no group 'unheard'"),
        (["--group", "all"], "there is no group 'all'"),
        (["--key-stage", "ks9"], "there is no key stage 'ks9'"),
        (["--period", "2012"], "there is no academic year '2012'"),
        (["--period", "2001/02"], "nothing in the data matches periods 2001/02"),
        (["--format", "pdf"], "there is no format 'pdf'"),
        (["--output", "a.pdf"], "gapcalc does not write .pdf"),
        (["--by", "galaxy"], "'galaxy' is not one of"),
        (["--engine", "abacus"], "'abacus' is not one of"),
        (["--unheard"], "No such option"),
    ],
)
def test_a_wrong_option_is_exit_code_2(run: Run, write: Write, arguments: list[str], words: str) -> None:
    ran = run("compute", write(GOOD), *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_a_level_without_its_column(run: Run, write: Write) -> None:
    ran = run("compute", write(GOOD), "--by", "school")
    assert ran.code == 3
    assert "lacks the column school" in ran.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD, "it holds pupils, and no figures to set beside"),
        (f"{TIDY}\n2012/13,873,KS2,rwm_l4,fsm,10,1,\n", "no row of it is national"),
    ],
)
def test_a_national_file_that_is_none(run: Run, write: Write, text: str, words: str) -> None:
    ran = run("compute", write(GOOD), "--national", write(text, "national.csv"))
    assert ran.code == 3
    assert f"national.csv: {words}" in ran.err


def test_an_output_that_cannot_be_written_is_exit_code_4(run: Run, write: Write, tmp_path: Path) -> None:
    path = write(GOOD)
    for output in (tmp_path / "no such folder" / "a.json", path, tmp_path):
        ran = run("compute", path, "-f", "json", "-o", output)
        assert ran.code == 4
        assert "cannot be written" in ran.err
    assert path.read_text(encoding="utf-8") == GOOD


def test_the_same_file_twice_is_refused(run: Run, write: Write) -> None:
    path = write(GOOD)
    ran = run("compute", path, path)
    assert ran.code == 3
    assert "given more than once" in ran.err


def test_no_command_shows_the_help(run: Run) -> None:
    assert run("--help").code == run("compute", "--help").code == 0
    nothing = run()
    assert nothing.code == 2
    assert "compute" in nothing.err


def test_an_internal_error_withholds_its_message(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise ValueError(PUPIL)

    monkeypatch.setattr("gapcalc.pipeline.gap", fail)
    ran = run("compute", write(GOOD))
    assert ran.code == 70
    assert "internal error ValueError" in ran.err
    assert PUPIL not in ran.err


def test_interrupted(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*args: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("gapcalc.figures.rows_of", interrupt)
    assert run("compute", write(GOOD)).code == 130


@pytest.mark.skipif(os.name == "nt", reason="skipped: Windows has no SIGTERM or closed pipes of this kind")
@pytest.mark.parametrize("arguments", [["list", "areas"], ["--help"], ["schema", "results"]])
def test_a_closed_pipe_is_141_never_1(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "gapcalc", *arguments], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert done.returncode == 141
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="skipped: closing streams this way needs a POSIX shell")
@pytest.mark.parametrize(
    ("redirection", "code"), [(">&-", 4), ("2>&-", 0), (">/dev/full", 4), ("2>/dev/full", 0), ("<&-", 0)]
)
def test_streams_that_are_closed_or_full(redirection: str, code: int) -> None:
    if "/dev/full" in redirection and not Path("/dev/full").exists():
        pytest.skip("skipped: no /dev/full")
    command = f'"{sys.executable}" -m gapcalc list measures {redirection}'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_a_name_too_long_for_the_system(run: Run, write: Write, tmp_path: Path) -> None:
    assert run("compute", tmp_path / ("a" * 300)).code == 3
    assert run("compute", write(GOOD), "-f", "json", "-o", tmp_path / ("a" * 300)).code == 4


def test_what_was_noticed_before_an_error_is_said(run: Run, write: Write) -> None:
    ran = run("compute", write(GOOD.replace(",Y,", ",perhaps,").replace(",N,", ",no doubt,")))
    assert ran.code == 3
    assert "column fsm: unknown codes; these pupils count as unknown" in ran.err
    assert "there is no group to set against another" in ran.err


def test_what_is_asked_for_and_not_there_is_said(run: Run, write: Write) -> None:
    options = ["--period", "2012/13,2013/14", "--measure", "rwm_l4", "--measure", "gld", "-g", "fsm,sen"]
    ran = run("compute", write(GOOD), *options)
    assert ran.code == 0
    assert "asked for, but not in the data: measure gld, period 2013/14, group sen" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="skipped: Windows has no SIGTERM of this kind")
def test_terminated_is_143() -> None:
    with subprocess.Popen([sys.executable, "-m", "gapcalc", "compute", "-"], stdin=subprocess.PIPE) as process:
        time.sleep(3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143


def test_help_in_a_pipe_that_takes_only_cp1252() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    for arguments in (["--help"], ["compute", "--help"], ["list", "measures"]):
        done = subprocess.run(
            [sys.executable, "-m", "gapcalc", *arguments], env=environment, capture_output=True, check=False
        )
        assert done.returncode == 0
