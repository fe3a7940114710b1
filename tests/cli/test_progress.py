"""The bar on a terminal, silence elsewhere, and what Ctrl-C leaves behind."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from gapcalc import progress
from gapcalc.count.duck import run as run_statement
from tests.conftest import SAMPLES

SLOW = """
import os, sys, time
from gapcalc import progress
from gapcalc.main import main
from gapcalc.present import bar
from gapcalc.read import limits
from gapcalc.read.stream import Stream
bar.SECONDS, limits.STREAMED, limits.BLOCK = 0.0, 0, 65536
parsed = Stream._parsed
def slowly(self, block, columns):
    time.sleep(0.02)
    return parsed(self, block, columns)
Stream._parsed = slowly
tell = progress.tell
def aloud(*told):
    tell(*told)
    if "--period" in sys.argv:
        os.write(2, b"told\\n")
sys.modules["gapcalc.read.stream"].tell = aloud
main()
"""
posix = pytest.mark.skipif(os.name == "nt", reason="skipped: no pseudo-terminals and no SIGINT between processes here")


def arguments(folder: Path) -> list[str]:
    """Count the sample, to a file."""
    sample, made = SAMPLES / "synthetic-pupils.csv", folder / "made.internal.csv"
    return [sys.executable, "-c", SLOW, "count", str(sample), "--internal", "-q", "-g", "fsm", "-o", str(made)]


@posix
def test_a_terminal_has_a_bar_with_rows_and_share(tmp_path: Path) -> None:
    leader, follower = os.openpty()
    with subprocess.Popen(arguments(tmp_path), stderr=follower, stdout=subprocess.PIPE) as started:
        os.close(follower)
        shown = b""
        while chunk := _read(leader):
            shown += chunk
        out = started.communicate()[0]
    os.close(leader)
    assert started.returncode == 0
    assert b"reading synthetic-pupils.csv" in shown
    assert b"rows" in shown
    assert b"%" in shown
    assert out == b""


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # the other end is closed
        return b""


def test_without_a_terminal_there_is_none(tmp_path: Path) -> None:
    ran = subprocess.run(arguments(tmp_path), capture_output=True, check=True)
    assert ran.stdout == b""
    assert ran.stderr.count(b"\n") == 1  # that the run is internal


@posix
@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_ends_with_its_code_and_leaves_nothing(tmp_path: Path, sent: str, code: int) -> None:
    env = os.environ | {"TMPDIR": str(tmp_path)}
    command = [*arguments(tmp_path), "--period", "2013/14"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env) as started:
        assert started.stderr is not None
        assert started.stderr.readline() == b"told\n"
        started.send_signal(getattr(signal, sent))
        _, err = started.communicate(timeout=60)
    assert started.returncode == code
    assert set(err.splitlines()) <= {b"told"}
    assert list(tmp_path.iterdir()) == []


def test_who_tells_how_far_a_step_has_come_hears_that_the_run_is_halted() -> None:
    progress.begin()
    with pytest.raises(SystemExit):
        progress.halt(SystemExit(143))
    # An engine has kept it to itself, and asks for more.
    with pytest.raises(SystemExit, match="143"):
        progress.tell("reading")
    progress.begin()
    progress.tell("reading")


def test_what_an_engine_has_heard_of_a_signal_is_what_was_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf:
        def __enter__(self) -> "Deaf":
            return self

        def __exit__(self, *raised: object) -> None:
            pass

        def execute(self, sql: str) -> None:
            with contextlib.suppress(SystemExit):
                progress.halt(SystemExit(143))
            raise RuntimeError("Query interrupted")

    progress.begin()
    monkeypatch.setattr(duckdb, "connect", lambda config: Deaf())
    with pytest.raises(SystemExit, match="143"):
        run_statement("SELECT 1", pa.schema([]), iter(()), "a.csv")
    progress.begin()
