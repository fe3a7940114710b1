"""Run gapcalc beside what else there is, on the same files in turns, and write down how they compare.

`make bench` does 7,000, 90,000 and 1,000,000 rows; `make bench SIZES="1000000 10000000"` others. All contestants count
the same: by year and authority, five groups and two intersections of them, four measures; what they count is compared.
"""

import argparse
import csv
import importlib.metadata
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.generate import COUNTY, write
from gapcalc.definitions import areas

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- begin: written by benchmarks/run.py -->", "<!-- end -->"
GROUPS = ("fsm", "sen", "lac", "eal", "bme", "fsm x sen", "fsm x bme")
MEASURES = ("reading_l4", "writing_l4", "maths_l4", "rwm_l4")
ASKED = [word for group in GROUPS for word in ("-g", group)] + [word for one in MEASURES for word in ("--measure", one)]
LIBRARIES = ("duckdb", "polars", "pandas", "numpy", "pyarrow")
PANDAS_MOST = 1_000_000  # rows; beyond, the script needs more memory than most machines have
READ_BY_ALL = ("plain", "wide", "quoted", "parquet")  # of the kinds of file; the others only gapcalc reads
ENDS = {"parquet": "parquet", "gz": "csv.gz"}
# What is installed has its byte code beside it. Where none is written, every run would compile all that it imports.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
WATCH = 0.02  # seconds between two looks at memory


@dataclass(frozen=True)
class Ran:
    """One run of a whole process: seconds on the clock, of user time, and megabytes at the peak of its tree."""

    wall: float
    user: float
    peak: float


def run(command: Sequence[str], log: Path) -> Ran:
    """A command in, what it cost out. Raises RuntimeError where it fails."""
    start = time.perf_counter()
    with log.open("wb") as output:
        process = psutil.Popen(command, stdout=output, stderr=output, cwd=HERE.parent, env=ENVIRONMENT)
        peak, user = 0.0, 0.0
        stop = threading.Event()

        def watch() -> None:
            nonlocal peak, user
            while not stop.is_set():
                try:
                    tree = [process, *process.children(recursive=True)]
                    peak = max(peak, sum(one.memory_info().rss for one in tree) / 1e6)
                    user = max(user, sum(one.cpu_times().user for one in tree))
                except psutil.Error:
                    pass
                stop.wait(WATCH)

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        wall = time.perf_counter() - start
        stop.set()
        watcher.join()
    if code not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {code}: {log.read_text(errors='replace')[-500:]}")
    return Ran(wall, user, peak)


def contestants(path: Path, folder: Path, rows: int, variant: str) -> dict[str, list[str]]:
    """What is run on a file of so many rows, by name."""
    python, out = sys.executable, folder
    others = HERE / "others"
    gapcalc = [python, "-m", "gapcalc"]
    found = {
        "floor": [python, str(others / "floor.py"), str(path)],
        "DuckDB by hand": [python, str(others / "duckdb_script.py"), str(path), str(out / "duckdb.csv")],
        "Polars": [python, str(others / "polars_script.py"), str(path), str(out / "polars.csv")],
        "pandas script": [python, str(others / "pandas_script.py"), str(path), str(out / "pandas.csv")],
        "gapcalc count": [*gapcalc, "count", str(path), *ASKED, "--internal", "-q", "-o", str(out / "g.internal.csv")],
        "gapcalc compute --internal": [
            *gapcalc, "compute", str(path), *ASKED, "--internal", "-q", "-f", "json", "-o", str(out / "i.internal.json")
        ],
    }  # fmt: skip
    if rows <= COUNTY:
        found["gapcalc compute, protected"] = [
            *gapcalc, "compute", str(path), *ASKED, "-q", "-f", "json", "-o", str(out / "p.json")
        ]  # fmt: skip
    if variant not in READ_BY_ALL:
        return {name: command for name, command in found.items() if name.startswith("gapcalc")}
    if path.suffix != ".csv":
        del found["floor"]
    if rows > PANDAS_MOST:
        del found["pandas script"]
    return found


def same(folder: Path) -> list[str]:
    """Which of the others count otherwise than gapcalc did."""
    number = {area.code: code for code, area in areas().items()}
    mine = set()
    with (folder / "g.internal.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if int(row["pupils"]):
                where = number.get(row["area_code"], row["area_code"])
                key = row["period"], where, row["dimension"], row["group"], row["measure"]
                mine.add((*key, row["pupils"], row["total"]))
    wrong = []
    for name in ("duckdb", "polars", "pandas"):
        path = folder / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                theirs = {tuple(row) for row in list(csv.reader(file))[1:]}
            wrong += [name] if theirs != mine else []
    return wrong


def table(results: dict[str, list[Ran]], yardstick: str) -> list[str]:
    """Medians, and how often as much as the yardstick, as lines of Markdown."""
    base = statistics.median(one.wall for one in results[yardstick])
    lines = [f"| | seconds | x {yardstick} | user seconds | peak MB |", "|---|---:|---:|---:|---:|"]
    for name, runs in results.items():
        wall, user, peak = (statistics.median(getattr(one, key) for one in runs) for key in ("wall", "user", "peak"))
        spread = f"{min(one.wall for one in runs):.2f} to {max(one.wall for one in runs):.2f}"
        lines.append(f"| {name} | {wall:.2f} ({spread}) | {wall / base:.2f} | {user:.2f} | {peak:,.0f} |")
    return lines


def facts() -> str:
    """What machine this is, and which versions were run."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    start = time.perf_counter()
    for _ in range(10_000_000):
        pass
    loop = time.perf_counter() - start
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python"
        f" {platform.python_version()}, {', '.join(versions)}; a bare loop of ten million took {loop:.2f} s."
    )


def bench(rows: int, rounds: int, folder: Path, variant: str) -> list[str]:
    """One size and kind of file, all contestants in turns, as lines of Markdown."""
    path = folder / f"pupils-{rows}-{variant}.{ENDS.get(variant, 'csv')}"
    if not path.exists():
        write(rows, path, variant)
    results: dict[str, list[Ran]] = {}
    with tempfile.TemporaryDirectory() as made:
        every = contestants(path, Path(made), rows, variant)
        for command in every.values():
            run(command, Path(made) / "log")  # what is compiled and cached is so for all
        for _ in range(rounds):
            for name, command in every.items():
                results.setdefault(name, []).append(run(command, Path(made) / "log"))
        wrong = same(Path(made))
    yardstick = next(iter(results))
    counted = f"**Counted otherwise: {', '.join(wrong)}.**" if wrong else "All counted the same."
    size = f"{path.stat().st_size / 1e6:,.0f} MB"
    return [f"### {rows:,} rows, {variant} ({size})", "", *table(results, yardstick), "", counted, ""]


def start_up(rounds: int) -> list[str]:
    """`gapcalc --help` beside the help of an app of two commands and nothing else."""
    python = sys.executable
    every = {
        "two commands": [python, str(HERE / "others" / "two_commands.py"), "--help"],
        "gapcalc --help": [python, "-m", "gapcalc", "--help"],
    }
    results: dict[str, list[Ran]] = {}
    with tempfile.TemporaryDirectory() as made:
        for turn in range(rounds * 2 + 1):
            for name, command in every.items():
                ran = run(command, Path(made) / "log")
                results.setdefault(name, []).extend([ran] if turn else [])
    return ["### Start-up", "", *table(results, "two commands"), ""]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[7_000, 90_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--variants", default="plain,parquet")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "gapcalc-benchmarks")
    parser.add_argument("--write", action="store_true", help="put the result into docs/explanation/performance.md")
    args = parser.parse_args()
    args.folder.mkdir(exist_ok=True)
    lines = [facts(), "", f"Medians of {args.rounds} runs each, in turns.", "", *start_up(args.rounds)]
    for rows in args.sizes:
        for variant in args.variants.split(","):
            made = bench(rows, args.rounds, args.folder, variant)
            sys.stdout.write("\n".join(made) + "\n")
            sys.stdout.flush()
            lines += made
            if args.write:  # at once, so that an interrupted run leaves what it has found out
                put(lines)


def put(lines: Sequence[str]) -> None:
    """Put the result into its page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
