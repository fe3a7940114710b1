"""Spark, which is seldom there: its rows, its statement, and a run from a folder of Parquet to gaps."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLES, Run
from tests.properties.faults import FAULTS, IN_DUCKDB_ALONE

spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="skipped: no pyspark" if importlib.util.find_spec("pyspark") is None else "skipped: no Java",
)
WRITE = """
import sys
from pyarrow import csv, parquet
import pyarrow as pa
table = csv.read_csv(sys.argv[1], convert_options=csv.ConvertOptions(strings_can_be_null=True))
half = table.num_rows // 2
for place, part in enumerate((table.slice(0, half), table.slice(half))):
    parquet.write_table(part, f"{sys.argv[2]}/part-{place}.parquet")
"""


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where nothing shuts the sockets between Python and Java."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHONPATH"))}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=env, check=False)


@spark
def test_spark_equals_by_hand() -> None:
    ran = program("-m", "tests.properties.spark_agrees", "25")
    assert ran.stdout.endswith("the same\n"), ran.stderr


@spark
@pytest.mark.parametrize("fault", sorted(set(FAULTS) - IN_DUCKDB_ALONE))
def test_a_fault_planted_in_spark_is_found(fault: str) -> None:
    ran = program("-m", "tests.properties.spark_agrees", "1", fault)
    assert ran.returncode == 1
    assert "AssertionError" in ran.stderr


@spark
def test_a_folder_of_parquet_gives_the_same_gaps(tmp_path: Path) -> None:
    lines = (SAMPLES / "synthetic-pupils.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    given = tmp_path / "pupils.csv"
    given.write_text("".join([lines[0], *lines[1::17]]), encoding="utf-8", newline="")
    folder = tmp_path / "pupils"
    folder.mkdir()
    subprocess.run([sys.executable, "-c", WRITE, str(given), str(folder)], check=True)
    asked = ("-m", "gapcalc", "compute", "-q", "-f", "csv", "-g", "fsm", "-g", "sen")
    there = program(*asked, str(folder), "--engine", "spark")
    here = program(*asked, str(given))
    assert (there.returncode, here.returncode) == (0, 0), there.stderr
    assert there.stdout == here.stdout


def test_without_spark_it_says_what_to_install(run: Run, tmp_path: Path) -> None:
    if importlib.util.find_spec("pyspark") is not None:
        pytest.skip("pyspark is there")
    ran = run("compute", tmp_path, "--engine", "spark")
    assert ran.code == 2
    assert "install gapcalc[spark]" in ran.err
