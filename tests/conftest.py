"""What all tests share: no network, the published files when they are there, and the program run in this process."""

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from gapcalc.main import main

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"
PUBLISHED = ROOT.parent / "shared" / "data"
BLOCKED = Path(__file__).parent / "no_network"


def block_network() -> None:
    """Let no test out, from here to the end: fixtures and modules that are loaded later included."""
    found = importlib.util.spec_from_file_location("no_network", BLOCKED / "sitecustomize.py")
    assert found is not None
    assert found.loader is not None
    found.loader.exec_module(importlib.util.module_from_spec(found))


block_network()


@dataclass(frozen=True)
class Ran:
    """What a run of the program left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network in programs that a test starts; in this one it is blocked since this file was read."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(BLOCKED), os.environ.get("PYTHONPATH")])))


@pytest.fixture
def published() -> Callable[[str], Path]:
    """The path of a published file, or a skip where there are none beside the project."""

    def find(name: str) -> Path:
        if not PUBLISHED.is_dir():
            pytest.skip("skipped: no shared data")
        return PUBLISHED / name

    return find


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program with arguments, in this process."""

    def run_(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["gapcalc", *(str(argument) for argument in arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return Ran(int(stopped.value.code or 0), captured.out, captured.err)

    return run_


PUPIL_HEADER = "academic_year,la,key_stage,sex,fsm,sen_provision,first_language,ethnicity,reading,writing,maths"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a text to a file of the test's own folder."""

    def write_(text: str, name: str = "data.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write_
