"""The synthetic pupils say what the published record says, and are what their generator makes."""

import csv
import importlib.util
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
PUPILS = SAMPLES / "synthetic-pupils.csv"


@pytest.fixture(scope="module")
def verify() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_samples", SAMPLES / "verify.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_published_figures_come_out(verify: ModuleType) -> None:
    assert verify.mismatches(PUPILS, SAMPLES / "published.csv") == []


def test_most_published_figures_are_matched_and_the_others_say_why_not() -> None:
    rows = list(csv.DictReader((SAMPLES / "published.csv").read_text(encoding="utf-8").splitlines()))
    kept = Counter(row["matched"] for row in rows)
    assert kept["yes"] > 150
    assert all(row["why_not"] for row in rows if row["matched"] != "yes")


def test_figure_5_of_the_school_improvement_strategy(verify: ModuleType) -> None:
    path = Path(__file__).parent / "figure_5.csv"
    printed = {
        row["combination"]: (int(row["cohort"]), int(row["missed"]))
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    }
    assert verify.figure_5(PUPILS) == printed


def test_the_file_is_what_the_generator_makes() -> None:
    done = subprocess.run([sys.executable, "generate.py", "--check"], cwd=SAMPLES, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_it_says_on_its_face_that_it_is_synthetic() -> None:
    with PUPILS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["pupil_id"].startswith("SYN")
            assert row["school_name"].startswith("Synthetic ")
