"""A pupil's own value in any column of any kind of file is seen nowhere: not in what is shown, said or written.

What cannot be tested, because nothing can tell: a surname in a column of names of places (`planted.NAMED_FREELY`).
"""

from collections.abc import Callable
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from gapcalc.cli import app
from gapcalc.present import COUNTS_FORMATS, FORMATS, MISSED_FORMATS, VERDICT_FORMATS
from tests.cli.planted import (
    CANARIES,
    HARMLESS,
    KINDS,
    NAMED_FREELY,
    OF_PUPILS,
    PACKED,
    Table,
    as_csv,
    leaks,
    table,
    written,
)

Run = Callable[..., Any]
ENDED_WELL = (0, 1, 2, 3, 5)
LEVELS = {"pupils": "school", "npd": "school", "tidy": "district", "ees": "school"}
FEW = ["--measure", "rwm_l4", "--measure", "rwm_exp"]
turns, formats = count(), cycle(FORMATS)
counted, missed, verdicts = cycle(COUNTS_FORMATS), cycle(MISSED_FORMATS), cycle(VERDICT_FORMATS)
STRATEGY = Path(__file__).resolve().parents[2] / "docs" / "examples" / "strategy.toml"


BESIDE = ["--scales", "-c", "previous"]


def commands(kind: str, path: Path, folder: Path) -> list[list[object]]:
    """Every command that reads data, as it may be given a file: the formats take turns."""
    turn = next(turns)
    by, output = ["--by", LEVELS[kind], *FEW], folder / f"gaps.{turn}"
    run: list[list[object]] = [
        [
            "compute",
            path,
            "-f",
            next(formats),
            *by,
            *(["--internal", "-o", output] if turn % 2 else ["--scales", "-c", "previous"]),
        ],
        ["sensitivity", path, "-f", "json" if turn % 2 else "table", *by, "-c", "las", "-c", "previous"],
        ["validate", path, *(["-f", "json"] if turn % 2 else ["-o", folder / "report.txt"])],
        ["layout", "suggest", path, *(["-o", folder / "draft.toml"] if turn % 2 else [])],
        ["strategy", ("check", "show")[turn % 2], path],
        ["strategy", "init", path, *(["-o", folder / "strategy.toml"] if turn % 2 else [])],
    ]
    if kind in OF_PUPILS:
        counts = folder / f"counts.{next(counted)}"
        run.append(["count", path, "--internal", *by, "-o", counts])
    who = ["cohort", path, "-g", "fsm", "-f", next(missed), *by, "--printed", path] if kind == "tidy" else []
    run.append(who or ["cohort", path, "-g", "fsm", "-f", next(missed), *by])
    checked = ["check-targets", path, "-s", STRATEGY, "-f", next(verdicts), "--beside", path]
    checked = checked if kind == "tidy" else checked[:-2]
    internal = ["--internal", "-o", folder / f"verdicts.{turn}"] if turn % 2 else ["--since", path]
    # By turns: hidden, internal in a file, and after an earlier run that is none.
    run += [[*checked, *internal] if turn % 3 else checked, ["explain", path, "T1"]]
    return [*run, ["audit", path]]


SUBCOMMANDS = getattr(get_command(app), "commands", {})
NOT_OF_DATA = {"list", "schema", "demo"}


def test_every_command_is_here(tmp_path: Path) -> None:
    """A new command has to be added to `commands`, or to those that read no data."""
    here = {str(one[0]) for one in commands("pupils", tmp_path, tmp_path)}
    assert set(SUBCOMMANDS) == here | (NOT_OF_DATA & set(SUBCOMMANDS))


def check(run: Run, kind: str, path: Path, *, first: int | None = None) -> set[int]:
    """Run every command (or the first few) over a file; nothing they show, say or write has a canary in it."""
    codes = set()
    folder = path.parent / "out"
    folder.mkdir(exist_ok=True)
    for command in commands(kind, path, folder)[:first]:
        ran = run(*command)
        assert ran.code in ENDED_WELL, (command[0], ran.err)
        codes.add(ran.code)
        files = dict(written(path.parent, {path}))
        assert not leaks(ran.out, ran.err, *files, *files.values()), command
        for made in folder.iterdir():
            made.unlink()
    return codes


@pytest.mark.parametrize("kind", KINDS)
def test_sound_files_go_all_the_way(run: Run, tmp_path: Path, kind: str) -> None:
    """Without which nothing below would show much."""
    path = tmp_path / "data.csv"
    path.write_bytes(as_csv(table(kind)))
    assert check(run, kind, path) - {5} == {0, 2, 3}, "the audit and the strategy take none of them"


@pytest.mark.parametrize("kind", KINDS)
def test_in_all_columns_together_that_stop_no_run(run: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(as_csv(table(kind, {key: [*CANARIES.values()] for key in HARMLESS[kind]})))
    for _ in FORMATS:
        assert 0 in check(run, kind, path)


@pytest.mark.parametrize(
    ("kind", "column"),
    [(kind, column) for kind, (row, _) in KINDS.items() for column in row if column not in HARMLESS[kind]],
)
def test_in_every_other_column_of_every_kind_of_file(run: Run, tmp_path: Path, kind: str, column: str) -> None:
    path = tmp_path / "data.csv"
    canaries = [one for name, one in CANARIES.items() if name != "surname" or column not in NAMED_FREELY[kind]]
    path.write_bytes(as_csv(table(kind, {column: canaries})))
    check(run, kind, path)
    # Of several that are refused the first may hide that another would not be.
    for canary in canaries if column in NAMED_FREELY[kind] else ():
        path.write_bytes(as_csv(table(kind, {column: [canary]})))
        check(run, kind, path, first=2)


@pytest.mark.parametrize("name", [name for name in PACKED if name != "data.csv"])
@pytest.mark.parametrize("kind", ["pupils", "ees"])
def test_in_every_packing(run: Run, tmp_path: Path, kind: str, name: str) -> None:
    path, canaries = tmp_path / name, [*CANARIES.values()]
    others = [one for one in KINDS[kind][0] if one not in {*HARMLESS[kind], *NAMED_FREELY[kind]}]
    named = [*NAMED_FREELY[kind]]
    for planted in (
        dict.fromkeys(HARMLESS[kind], canaries),
        dict.fromkeys(others, canaries),
        *({column: [CANARIES["birth"]]} for column in named),
    ):
        path.write_bytes(PACKED[name](table(kind, planted)))
        check(run, kind, path, first=1)


def broken(rows: Table, canary: str) -> dict[str, bytes]:
    """Files that are out of joint, each with the canary near the place."""
    text = as_csv(rows).decode()
    header, first, rest = text.split("\n", 2)
    return {
        "a line before the header": f"{canary} list\n{text}".encode(),
        "no header": f"{canary},{first}\n{rest}".encode(),
        "a row too long": f"{text}{first},{canary}\n".encode(),
        "a row too short": f"{text}{canary}\n".encode(),
        "a quote left open": f'{text}"{canary},{first}\n'.encode(),
        "a column twice": f"{header},{rows[0][0]}\n{first},{canary}\n".encode(),
        "a row of canaries": f"{text}{','.join([canary] * len(rows[0]))}\n".encode(),
        "another encoding": f"{text}{canary}\u00e9\u2019\n".encode("cp1252"),
        "no text": f"{text}{canary}\x00\x01\n".encode(),
        "cut short": text.encode()[:-5] + canary.encode(),
        "a zip that is none": b"PK\x03\x04" + canary.encode() + text.encode(),
        "a gzip that is none": b"\x1f\x8b" + canary.encode() + text.encode(),
        "a Parquet that is none": b"PAR1" + canary.encode() + text.encode() + b"PAR1",
    }


@pytest.mark.parametrize("what", broken(table("pupils"), "x"))
@pytest.mark.parametrize("kind", ["pupils", "ees"])
def test_in_files_that_are_out_of_joint(run: Run, tmp_path: Path, kind: str, what: str) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(broken(table(kind), " ".join(CANARIES.values()))[what])
    check(run, kind, path, first=3)


@pytest.mark.parametrize(
    "command", [["list", one] for one in ("measures", "groups", "layouts", "areas")] + [["schema"]]
)
def test_commands_that_read_no_data(run: Run, command: list[str]) -> None:
    ran = run(*command)
    assert ran.code == 0
    assert not leaks(ran.out, ran.err)
