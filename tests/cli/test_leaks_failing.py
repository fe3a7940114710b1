"""Every way in which a run can fail, with a pupil's own values in reach: what is said holds none of them.

Nothing is left behind either, in the folder of the output or in that for temporary files. SIGKILL and a power cut
leave a temporary file beside the output, readable by its owner alone: nobody is asked before them.
"""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gapcalc import errors
from gapcalc.errors import GapcalcError
from gapcalc.present import places
from gapcalc.read import limits
from tests.cli.planted import CANARIES, PUPILS, Table, as_csv, as_xlsx, leaks, table

Run = Callable[..., Any]
STRATEGY = Path(__file__).resolve().parents[2] / "docs" / "examples" / "strategy.toml"
NUMBER, OWN = CANARIES["number"], " ".join(CANARIES.values())
LAYOUT = 'id = "mine"\nlabel = "Mine"\nshape = "pupils"\nlike = "pupils"\nrequires = ["academic_year", "la"]\n'
SN = ",".join(f"SN{rank},SNP" for rank in range(1, 11))
NEIGHBOURS = f"LA num,LA Name,LA number,GOInd,GOReg,{SN},\n873,{NUMBER},873,3,{OWN}{',330,Close' * 10},\n".encode()

RUN = json.dumps(
    {
        "gapcalc": OWN,
        "protection": {"policy": OWN, "sha256": NUMBER, "label": OWN, "symbol": "c", "internal": False}
        | {"gaps": 0, "protected": 0, "hidden": 0, "hidden_for_others": 0},
        "inputs": [],
        "options": {},
        "warnings": [OWN],
        "wider": [],
        "gaps": [],
    }
)


def pupils(**planted: str) -> bytes:
    return as_csv(table("pupils", {"surname": [OWN], **{name: [text] for name, text in planted.items()}}))


def without(rows: Table, *columns: str) -> bytes:
    kept = [place for place, name in enumerate(rows[0]) if name not in columns]
    return as_csv([[row[place] for place in kept] for row in rows])


def tidy(**planted: str) -> bytes:
    return as_csv(table("tidy", {name: [text] for name, text in planted.items()}))


Case = tuple[bytes, list[str]]  # the data, and what is added to `compute data`
CASES: dict[str, Case] = {
    "UsageError": (pupils(), ["-o", "gaps.pdf"]),
    "UnknownName": (pupils(), ["--measure", "unheard"]),
    "WrongLayout": (pupils(), ["--layout", "own.toml"]),
    "WrongPolicy": (pupils(), ["--policy", "own.toml"]),
    "WrongStrategy": (pupils(), ["strategy", "show", "data.csv"]),
    "NothingMatches": (pupils(), ["--period", "2001/02"]),
    "WrongPool": (pupils(), ["--by", "district", "--pool", "Fens=873"]),
    "FileNotThere": (pupils(), ["nowhere.csv"]),
    "NotReadable": (b"PK\x03\x04" + pupils(), []),
    "EmptyFile": (",".join(PUPILS).encode(), []),
    "RaggedRows": (pupils() + f"{OWN},{OWN}\n".encode(), []),
    "DuplicateColumn": (pupils().replace(b"remarks", b"fsm", 1), []),
    "NotRecognised": (f"{OWN},b\n{OWN},2\n".encode(), []),
    "AmbiguousLayout": (pupils(), ["--layout", "one.toml", "--layout", "two.toml"]),
    "MissingColumn": (without(table("pupils", {"surname": [OWN]}), "la", "school"), []),
    "NothingToMeasure": (without(table("pupils", {"surname": [OWN]}), "reading", "writing", "maths"), []),
    "UnknownCode": (pupils(maths=NUMBER), []),
    "ImpossibleValue": (tidy(total=NUMBER), []),
    "NoPeriod": (
        f"RECTYPE,LEA,URN,SCHNAME,TELIG,TFSM6CLA1A,PTRWM_EXP\n1,873,1,{NUMBER},40,9,20\n".encode(),
        [],
    ),
    "NoFigures": (NEIGHBOURS, []),
    "WhichStandard": (pupils(), ["cohort", "-g", "fsm"]),
    "NothingPrinted": (pupils(), ["cohort", "-g", "fsm", "--measure", "rwm_l4", "--printed", "data.csv"]),
    "NoPupils": (tidy(source=NUMBER), ["count"]),
    "NotInternal": (pupils(), ["count without"]),
    "NotARun": (pupils(), ["audit"]),
    "OtherPolicy": (RUN.encode(), ["audit"]),
    "SameCellTwice": (pupils(), ["data.csv"]),
    "NothingToCompare": (without(table("pupils", {"surname": [OWN]}), *list(PUPILS)[11:18]), []),
    "NoNationalFigures": (pupils(), ["--national", "data.csv"]),
    "NotNeighbours": (pupils(), ["-c", "neighbours", "--neighbours", "data.csv"]),
    "SeveralVersions": (pupils(), ["-c", "neighbours", "--neighbours", "lists.csv"]),
    "TooLarge": (pupils(), ["too large"]),
    "WhichSheet": (b"a workbook", []),
    "Held": (pupils(), ["held"]),
    "OutputError": (pupils(), ["-f", "json", "-o", "nowhere/gaps.json"]),
}
BASES = {"GapcalcError", "InputError"}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, and one for temporary files, both of which are looked at afterwards."""
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(here)
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return here


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder.parent).as_posix() for path in folder.parent.rglob("*") if path.is_file()}


def test_every_error_is_here() -> None:
    named = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, GapcalcError)}
    assert named - BASES == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_no_error_repeats_a_pupil_s_own_value(
    run: Run, folders: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    data, arguments = CASES[name]
    raised: list[str] = []
    made = GapcalcError.__init__

    def spy(self: GapcalcError, message: str, hint: str = "") -> None:
        raised.append(type(self).__name__)
        made(self, message, hint)

    monkeypatch.setattr(GapcalcError, "__init__", spy)
    command = ["compute", "data.csv"]
    if name == "WhichSheet":
        data = two_sheets()
    elif name == "TooLarge":
        monkeypatch.setattr(limits, "MAX_BYTES", 100)
        arguments = []
    elif arguments[:1] == ["count"]:
        command, arguments = ["count", "data.csv", "--internal", "-o", "c.csv"], []
    elif arguments[:1] == ["cohort"]:
        command, arguments = ["cohort", "data.csv"], arguments[1:]
    elif arguments[:1] == ["strategy"]:
        command, arguments = arguments, []
    elif arguments[:1] == ["audit"]:
        command, arguments = ["audit", "data.csv"], []
    elif arguments[:1] == ["count without"]:
        command, arguments = ["count", "data.csv", "-o", "c.csv"], []
    elif arguments[:1] == ["held"]:
        command, arguments = ["check-targets", "data.csv", "-s", str(STRATEGY), "-o", "v.json"], []

        def locked(_: int) -> bool:
            return False

        monkeypatch.setattr(places, "_locked", locked)
    Path("data.csv").write_bytes(data)
    Path("own.toml").write_text(f'{LAYOUT}\n[columns]\n"{NUMBER}" = ["{OWN}"]\n', encoding="utf-8")
    Path("one.toml").write_text(LAYOUT, encoding="utf-8")
    Path("two.toml").write_text(LAYOUT.replace("mine", "other"), encoding="utf-8")
    if name == "WrongPolicy":
        Path("own.toml").write_text(f'largest = 5\nsensitive = {{ "{NUMBER}" = 3 }}\n', encoding="utf-8")
    if name == "SeveralVersions":
        lists = [f"{version},873,1,850,Close" for version in (OWN, NUMBER)]
        Path("lists.csv").write_text("\n".join(["version,area,rank,neighbour,closeness", *lists, ""]), encoding="utf-8")
    before = files(folders)
    ran = run(*command, *arguments)
    assert name in raised, ran.err
    assert ran.code in (2, 3, 4, 75)
    assert not leaks(ran.out, ran.err)
    assert files(folders) - {"here/.v.json.lock"} == before


def two_sheets() -> bytes:
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table("pupils", {"surname": [OWN]}))))
    book.copy_worksheet(book.worksheets[0])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        'id = "{own}',
        '"{own}" = 1',
        '{layout}requires = "{own}"',
        '{layout}[columns]\nfsm = ["{own}"]\n[fixed]\nperiod = "{own}"\n',
        '{layout}[columns]\nfsm = "{own}"\n',
        '{layout}[means]\nfsm = {{ "{own}" = "Y" }}\n',
        '{layout}keep = {{ "{own}" = ["{own}"] }}\n',
        '{layout}strip = ["({own}"]\n',
        'label = "{own}"\nlargest = "{own}"\n',
        'largest = 5\nsymbol = "{own}"\n',
        'largest = 5\nsensitive = {{ "{own}" = 3 }}\n',
        'largest = 5\n"{own}" = 3\n',
        "upn,surname\n{own},{own}\n",
        '[strategy]\ntitle = "{own}',
        '[strategy]\n"{own}" = "{own}"\n',
        '[strategy]\ntitle = "{own}"\nareas = ["{own}"]\npolicy = "{own}"\n[strategy.comparators."{own}"]\n',
        '[[target]]\nid = "{own}"\nkind = "{own}"\n',
        '[[target]]\nid = "{own}"\nkind = "narrow_by"\nby = "{own}"\nmeasures = ["{own}"]\ngroups = ["{own}"]\n',
        '[[target]]\nid = "{own}"\nkind = "narrow_by"\nby = 1\nlevel = "{own}"\nsource = {{ "{own}" = 1 }}\n',
    ],
)
def test_a_definition_of_ones_own_is_not_repeated_either(run: Run, folders: Path, text: str) -> None:
    """But for words of no form: those in a layout are the user's, and headers."""
    own = " ".join(one for name, one in CANARIES.items() if name != "surname")
    Path("data.csv").write_bytes(pupils())
    Path("own.toml").write_text(text.format(own=own, layout=LAYOUT), encoding="utf-8")
    compute = ["compute", "data.csv"]
    for command in (
        [*compute, "--layout", "own.toml"],
        [*compute, "--policy", "own.toml"],
        ["strategy", "check", "own.toml"],
    ):
        ran = run(*command)
        assert ran.code in (0, 2, 3)
        assert not leaks(ran.out, ran.err)


STEPS = ["read", "harmonise", "count", "protect", "rates", "gap", "compare", "Release"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", [ValueError, KeyError, UnicodeError, RuntimeError, MemoryError])
def test_an_internal_error_anywhere_withholds_what_it_says(
    run: Run, folders: Path, monkeypatch: pytest.MonkeyPatch, step: str, kind: type[Exception]
) -> None:
    Path("data.csv").write_bytes(pupils())

    def fail(*args: object, **options: object) -> None:
        try:
            raise LookupError(OWN)
        except LookupError as error:
            raise kind(OWN) from error

    rooms = [one for one in ("gapcalc.figures", "gapcalc.pipeline") if hasattr(import_module(one), step)]
    assert rooms
    for room in rooms:
        monkeypatch.setattr(f"{room}.{step}", fail)
    ran = run("compute", "data.csv", "--national", "data.csv", "-f", "json", "-o", "gaps.json")
    assert ran.code in (70, 3)
    assert not leaks(ran.out, ran.err)
    assert files(folders) == {"here/data.csv"}


@pytest.fixture
def watched(folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The modes of temporary files as they are just before they take their place."""
    modes: list[int] = []
    replace = Path.replace

    def spy(self: Path, target: Path) -> Path:
        modes.append(stat.S_IMODE(self.stat().st_mode))
        assert self.parent.resolve() == Path(target).parent.resolve()
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", spy)
    yield modes
    assert not any((folders.parent / "temporary").iterdir())


OUTPUTS = [
    ["compute", "data.csv", "-o", "out.json"],
    ["compute", "data.csv", "-o", "out.csv"],
    ["compute", "data.csv", "--internal", "-o", "out.txt"],
    ["count", "data.csv", "--internal", "-o", "out.parquet"],
    ["count", "data.csv", "--internal", "-o", "out.csv"],
    ["cohort", "data.csv", "-g", "fsm", "--measure", "rwm_l4", "-o", "out.csv"],
    ["cohort", "data.csv", "-g", "fsm", "--measure", "rwm_l4", "--internal", "-o", "out.json"],
    ["validate", "data.csv", "-o", "out.json"],
    ["layout", "suggest", "data.csv", "-o", "out.toml"],
    ["strategy", "init", "data.csv", "-o", "out.toml"],
]


@pytest.mark.parametrize("command", OUTPUTS)
def test_temporary_files_are_private_and_gone(
    run: Run, folders: Path, watched: list[int], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    Path("data.csv").write_bytes(pupils())
    assert run(*command).code == 0
    assert len(watched) == 1
    assert watched == [0o600] or os.name == "nt"
    written = files(folders) - {"here/data.csv"}
    assert len(written) == 1
    before = (folders.parent / next(iter(written))).read_bytes()
    for kind, code in ((OSError, 4), (KeyboardInterrupt, 130), (RuntimeError, 70), (SystemExit, 143)):

        def fail(*args: object, kind: type[BaseException] = kind) -> None:
            raise kind(143 if kind is SystemExit else OWN)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", fail)
            ran = run(*command)
        assert ran.code == code
        assert not leaks(ran.out, ran.err)
        assert files(folders) == {"here/data.csv", *written}
        assert (folders.parent / next(iter(written))).read_bytes() == before


SLOW = """
import os, sys, time
from gapcalc.main import main
def wait(descriptor):
    print("writing", flush=True)
    time.sleep(60)
os.fsync = wait
sys.argv = ["gapcalc", "count", "data.csv", "--internal", "-o", "counts.parquet"]
main()
"""


@pytest.mark.skipif(os.name == "nt", reason="skipped: Windows has no signals of this kind")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_nothing_is_left_of_a_run_that_is_stopped_while_it_writes(
    folders: Path, number: signal.Signals, code: int
) -> None:
    Path("data.csv").write_bytes(pupils())
    with subprocess.Popen([sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"writing\n"
        assert len(files(folders)) == 2
        time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(20) == code
        assert not leaks(process.stderr.read().decode())
    assert files(folders) == {"here/data.csv"}
