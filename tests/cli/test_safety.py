"""What must stay safe: no pupil's value leaves, nothing is half-written, only a Release is presented."""

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from gapcalc.harmonise import harmonise
from gapcalc.model import LEVELS, Pupils
from gapcalc.pipeline import compute
from gapcalc.present import FORMATS, present
from gapcalc.request import Request
from gapcalc.results import Gap
from tests.whole import read

Run = Callable[..., Any]
Write = Callable[..., Path]
CANARY = "A987654321098"
NAME = "Canaryname"
COLUMNS = ["upn", "surname", "academic_year", "la", "district", "school", "key_stage", "sex", "fsm", "sen_provision"]
COLUMNS += ["looked_after", "looked_after_months", "first_language", "ethnicity", "reading", "writing", "maths"]
SOUND = [
    CANARY,
    NAME,
    "2012/13",
    "873",
    "Wisbech",
    "900001",
    "KS2",
    "F",
    "Y",
    "N",
    "N",
    "",
    "ENG",
    "WBRI",
    "4",
    "4",
    "4",
]


def pupil_file(**changed: str) -> str:
    row = dict(zip(COLUMNS, SOUND, strict=True)) | changed
    other = row | {"fsm": "N"}
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows([row, other])
    return text.getvalue()


def test_a_pupil_number_for_a_school_s_name_is_never_seen(run: Run, write: Write) -> None:
    text = pupil_file().replace("school,", "school,school_name,", 1).replace("900001,", f"900001,{CANARY},")
    ran = run("compute", write(text), "--by", "school")
    assert ran.code == 3
    assert CANARY not in ran.out + ran.err


def test_a_pupil_number_in_a_broken_table_is_never_seen(run: Run, write: Write) -> None:
    text = pupil_file()
    broken = [
        text[::-1].replace("IRBW", 'IRBW"', 1)[::-1],
        text + f"{CANARY},x\n",
        text.replace("upn,", ""),
    ]
    for one in broken:
        ran = run("compute", write(one))
        assert ran.code == 3
        assert CANARY not in ran.out + ran.err


def test_a_line_before_the_header_is_not_quoted(run: Run, write: Write) -> None:
    ran = run("compute", write(f"{CANARY} {NAME}\n{pupil_file()}"))
    assert ran.code == 0
    assert "before the header" in ran.err
    assert CANARY not in ran.out + ran.err
    assert NAME not in ran.out + ran.err


def test_a_file_without_a_header_is_not_quoted(run: Run, write: Write) -> None:
    ran = run("compute", write(pupil_file().split("\n", 1)[1]))
    assert ran.code == 3
    assert CANARY not in ran.err
    assert NAME not in ran.err


def test_identifiers_end_with_harmonise(write: Write) -> None:
    content = harmonise(read(str(write(pupil_file())))).content
    assert isinstance(content, Pupils)
    named = {key.column for key in content.keys.values()}
    named |= {one.column for tellings in content.groups.values() for one in tellings}
    named |= {one.column for parts in content.outcomes.values() for one in parts}
    assert not named & {"upn", "surname"}


def test_only_a_release_is_presented(capsys: pytest.CaptureFixture[str]) -> None:
    for other in (None, {}, [], object()):
        with pytest.raises(TypeError, match="only a Release"):
            present(other, "json")  # type: ignore[arg-type]
    assert capsys.readouterr().out == ""


def test_an_output_is_its_owner_s_alone_and_whole_or_not_there(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = compute(Request(data=(str(write(pupil_file())),)))
    target = tmp_path / "out.json"
    present(release, "json", str(target))
    before = target.read_bytes()
    json.loads(before)
    if os.name != "nt":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Exception, match="cannot be written: No space left"):
        present(release, "json", str(target))
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data.csv", "out.json"]


@pytest.mark.parametrize("format", list(FORMATS))
def test_an_internal_output_says_so_in_its_name_and_in_itself(
    run: Run, write: Write, tmp_path: Path, format: str
) -> None:
    name = {"table": "out.txt"}.get(format, f"out.{format}")
    ran = run("compute", write(pupil_file()), "--internal", "-f", format, "-o", tmp_path / name)
    assert ran.code == 0
    assert not (tmp_path / name).exists()
    written = tmp_path / name.replace("out.", "out.internal.")
    assert f"written as {written}" in ran.err
    assert "not for release" in ran.err
    text = written.read_text(encoding="utf-8")
    assert {"table": "INTERNAL", "json": '"internal": true', "csv": ",internal\n"}[format] in text
    before = sorted(path.name for path in tmp_path.iterdir())
    assert run("compute", write(pupil_file()), "--internal", "-f", format, "-o", written).code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="skipped: links need rights on Windows")
def test_a_link_is_not_written_through(write: Write, tmp_path: Path) -> None:
    release = compute(Request(data=(str(write(pupil_file())),)))
    precious = write("precious", "precious.txt")
    link = tmp_path / "out.json"
    link.symlink_to(precious)
    with pytest.raises(Exception, match="symbolic link"):
        present(release, "json", str(link))
    assert precious.read_text(encoding="utf-8") == "precious"


def test_a_name_that_is_a_formula_is_harmless(run: Run, write: Write) -> None:
    text = "period,area,level,key_stage,measure,group,value\n"
    for group, value in (("fsm", 47), ("not_fsm", 40)):
        text += f'2012/13,"=HYPERLINK(""x"")",school,KS2,rwm_l4,{group},{value}\n'
    rows = list(csv.DictReader(io.StringIO(run("compute", write(text), "-f", "csv").out)))
    assert rows[0]["area_name"].startswith("'=")
    assert float(rows[0]["gap"]) == pytest.approx(-7)  # a number stays a number


def test_control_characters_do_not_reach_the_terminal(run: Run, write: Write) -> None:
    text = "period,area,level,key_stage,measure,group,value\n"
    text += "".join(f"2012/13,A\x1b]0;title\x07B,school,KS2,rwm_l4,{group},40\n" for group in ("fsm", "not_fsm"))
    ran = run("compute", write(text))
    assert ran.code == 0
    assert "\x1b" not in ran.out + ran.err
    assert "\x07" not in ran.out + ran.err


def test_heavy_libraries_are_imported_only_by_the_commands_that_need_them() -> None:
    import subprocess

    heavy = {"pandas", "pyarrow", "duckdb", "scipy", "numpy", "rich.table"}
    code = "import sys; from gapcalc.cli import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())


def test_levels_of_the_model_and_the_output_are_the_same() -> None:
    assert get_args(Gap.model_fields["level"].annotation) == LEVELS


def test_what_a_library_prints_does_not_get_into_the_output() -> None:
    code = (
        "import os, sys; from gapcalc.streams import prepare; prepare(); os.write(1, b'from a library'); "
        "sys.stdout.write('figures')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("figures", "from a library")
