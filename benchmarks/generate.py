"""Files of made-up pupils for the benchmarks: the same rows for the same seed, a million at a time.

`python benchmarks/generate.py 1000000 pupils.csv --variant wide` writes one. Who reached what is drawn at random, with
groups that are behind: the figures mean nothing, their number does.
"""

import argparse
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from gapcalc.definitions import areas

CHUNK = 1_000_000
YEARS = [f"{year}/{(year + 1) % 100:02d}" for year in range(2010, 2015)]
COUNTY = 100_000  # up to so many rows are those of one authority
SCHOOLS, OF_COUNTY = 21_000, 250
VARIANTS = ("plain", "wide", "quoted", "cp1252", "gz", "parquet")
WIDTH = 200


def authorities() -> list[str]:
    """The numbers of local authorities that were there in all the years."""
    las = {code: area for code, area in areas().items() if area.level == "la"}
    return sorted(code for code, area in las.items() if not area.first_year and not area.last_year)


def chunks(rows: int, seed: int, *, wide: bool) -> Iterator[pa.Table]:
    """Tables of up to a million pupils each."""
    chance = np.random.default_rng(seed)
    codes = authorities()[: 1 if rows <= COUNTY else None]
    home = chance.integers(0, len(codes), OF_COUNTY if rows <= COUNTY else SCHOOLS)  # each school's authority
    done = 0
    while done < rows:
        size = min(CHUNK, rows - done)
        yield _chunk(chance, size, done, codes, home, wide=wide)
        done += size


def _chunk(
    chance: np.random.Generator, size: int, start: int, codes: list[str], home: np.ndarray, *, wide: bool
) -> pa.Table:
    school = chance.integers(0, len(home), size)
    flags = {name: chance.random(size) for name in ("fsm", "sen", "lac", "eal", "bme", "sex", "fsm6")}
    ability = chance.normal(0, 1, size) - 0.5 * (flags["fsm"] < 0.17) - 1.0 * (flags["sen"] < 0.19)
    columns: dict[str, Any] = {
        "pupil_id": pa.array(np.char.add("BEN", (start + np.arange(size)).astype(str))),
        "academic_year": _pick(YEARS, chance.integers(0, len(YEARS), size)),
        "la": _pick(codes, home[school]),
        "district": _pick([f"District {number}" for number in range(400)], school % 400),
        "school": pa.array((100_000 + school).astype(str)),
        "school_name": _pick([f"Primary {number:05d}" for number in range(SCHOOLS)], school),
        "key_stage": _pick(["KS2"], np.zeros(size, dtype=int)),
        "sex": _pick(["F", "M"], (flags["sex"] < 0.51).astype(int)),
        "fsm": _pick(["Y", "N", ""], _thirds(flags["fsm"], 0.17, 0.01)),
        "disadvantaged": _pick(["Y", "N", ""], _thirds(flags["fsm6"], 0.25, 0.01)),
        "sen_provision": _pick(["A", "P", "S", "N", ""], np.digitize(flags["sen"], [0.09, 0.165, 0.19, 0.99])),
        "looked_after": _pick(["Y", "N"], (flags["lac"] >= 0.007).astype(int)),
        "looked_after_months": _pick(["18", "6", "0"], np.digitize(flags["lac"], [0.005, 0.007])),
        "first_language": _pick(["OTH", "ENG", ""], _thirds(flags["eal"], 0.18, 0.005)),
        "ethnicity": _pick(
            ["WOTH", "APKN", "BAFR", "MWBC", "WBRI", ""], np.digitize(flags["bme"], [0.06, 0.12, 0.18, 0.25, 0.99])
        ),
        "gld": _pick([""], np.zeros(size, dtype=int)),
    }
    for place, name in enumerate(("reading", "writing", "maths")):
        level = np.digitize(ability + chance.normal(0, 0.6, size) - 0.1 * place, [-2.4, -1.2, 0.7, 2.6])
        columns[name] = _pick(["2", "3", "4", "5", "6", ""], np.where(chance.random(size) < 0.01, 5, level))
    for name in ("reading_score", "maths_score"):
        score = np.clip(np.round(100 + 8 * (ability + chance.normal(0, 0.5, size))), 80, 120).astype(int)
        columns[name] = _pick([str(one) for one in range(80, 121)], score - 80)
    for name in ("five_ac_em", "ac_em", "attainment8"):
        columns[name] = _pick([""], np.zeros(size, dtype=int))
    if wide:
        for number in range(WIDTH - len(columns)):
            columns[f"note_{number}"] = _pick(["", "x", "some words", "12.5"], chance.integers(0, 4, size))
    return pa.table(columns)


def _pick(words: list[str], index: np.ndarray) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(index.astype(np.int32)), pa.array(words)).cast(pa.string())


def _thirds(drawn: np.ndarray, first: float, last: float) -> Any:
    """0 for a share at the beginning, 2 for one at the end, 1 between."""
    return np.digitize(drawn, [first, 1 - last])


def write(rows: int, path: Path, variant: str = "plain", seed: int = 0) -> None:
    """One file. It is written under another name first, so that it is whole or not there."""
    unfinished = path.with_name(path.name + ".part")
    tables = chunks(rows, seed, wide=variant == "wide")
    if variant == "parquet":
        first = next(tables)
        with pyarrow.parquet.ParquetWriter(unfinished, first.schema) as writer:
            writer.write_table(first)
            for table in tables:
                writer.write_table(table)
    else:
        with gzip.open(unfinished, "wb", 6) if variant == "gz" else unfinished.open("wb") as file:
            _write_csv(tables, file, variant)  # type: ignore[arg-type]
    unfinished.replace(path)


def _write_csv(tables: Iterator[pa.Table], file: IO[bytes], variant: str) -> None:
    style = "all_valid" if variant == "quoted" else "none"
    for number, table in enumerate(tables):
        options = pyarrow.csv.WriteOptions(include_header=number == 0, quoting_style=style)
        sink = pa.BufferOutputStream()
        pyarrow.csv.write_csv(table, sink, options)
        text = sink.getvalue().to_pybytes()
        file.write(text.replace(b"Primary", "École".encode("cp1252")) if variant == "cp1252" else text)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument("--variant", choices=VARIANTS, default="plain")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    write(args.rows, args.path, args.variant, args.seed)
    sys.stdout.write(f"{args.path}: {args.path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
