"""What is imported before anything is done: start-up is what an analyst of one county waits for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SAMPLES

RUN = """
import sys
sys.argv = ["gapcalc", *{arguments!r}]
from gapcalc.main import main
try:
    main()
except SystemExit as end:
    print("MODULES", *sorted(sys.modules), file=sys.stderr)
    raise
"""
# What the help needs, of other packages; and what those may bring along.
OF_HELP = {"gapcalc", "typer", "shellingham", "annotated_doc", "click", "colorama"}
# Typer looks whether these are there as soon as a command has options.
OF_HELP |= {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection"}
COUNTING = {"pandas", "numpy", "duckdb", "pyarrow", "pydantic"}
# Of what a run does not need: other inputs, other commands, plots, statistics, whole data sets of Arrow.
NEVER = ("openpyxl", "rich", "hypothesis", "pytest", "scipy.optimize", "scipy.stats", "pyarrow.dataset",
         "pyarrow.parquet", "gapcalc.strategy", "gapcalc.targets", "gapcalc.verdicts", "gapcalc.check",
         "gapcalc.cohort", "gapcalc.present.as_table", "gapcalc.present.as_verdicts", "gapcalc.audit")  # fmt: skip


def imported(*arguments: str) -> set[str]:
    """The modules that a run of the program has imported at its end."""
    code = RUN.format(arguments=list(arguments))
    env = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST"))}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert ran.returncode == 0, ran.stderr
    (line,) = [line for line in ran.stderr.splitlines() if line.startswith("MODULES ")]
    return set(line.split()[1:])


def packages(modules: set[str]) -> set[str]:
    """The packages of modules that are neither of Python itself nor private to an environment."""
    tops = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    return {name for name in tops if not name.startswith("_") and name != "sitecustomize"}


@pytest.mark.parametrize("arguments", [["--help"], ["compute", "--help"], ["check-targets", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    assert packages(imported(*arguments)) <= OF_HELP


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first pupils of the sample."""
    path = tmp_path_factory.mktemp("county") / "pupils.csv"
    with (SAMPLES / "synthetic-pupils.csv").open(encoding="utf-8", newline="") as file:
        path.write_text("".join(line for line, _ in zip(file, range(3000), strict=False)), encoding="utf-8", newline="")
    return path


def test_a_run_imports_what_it_needs(county: Path) -> None:
    compute = imported("compute", str(county), "-g", "fsm", "-f", "json", "-q")
    assert packages(compute) >= COUNTING | {"scipy"}
    found = [name for name in NEVER if any(one == name or one.startswith(f"{name}.") for one in compute)]
    assert found == []


def test_a_run_that_protects_nothing_needs_no_solver(county: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "gaps.internal.json")
    modules = packages(imported("compute", str(county), "-g", "fsm", "--internal", "-q", "-o", out))
    assert not modules & {"scipy", "highspy"}
