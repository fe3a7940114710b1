"""Any text at all as the name of a place: no cell of a CSV is a formula, and the text comes back.

There is no output in HTML or as a workbook yet; whoever adds one adds it here.
"""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gapcalc.model import Cleared
from gapcalc.pipeline import compute
from gapcalc.present import COUNTS_FORMATS, FORMATS, places
from gapcalc.present.as_counts import counts_csv
from gapcalc.present.as_csv import as_csv
from gapcalc.present.as_json import as_json
from gapcalc.present.as_table import as_table
from gapcalc.present.lines import csv_columns, csv_text
from gapcalc.present.places import to_file
from gapcalc.present.records import results
from gapcalc.present.words import cell_safe
from gapcalc.release import InternalCounts, Release
from gapcalc.request import Request

LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
STARTS = [
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\ufeff=1",
    "'=1",
    "\uff1d1",
]
# No NUL, which no reader of CSV takes, and no half of a pair, which is no text.
TEXT = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1),
    st.builds(str.__add__, st.sampled_from(STARTS), st.text("a=+-@,;\"'\n\r\t ")),
)
anything = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HEADER = "period,area,level,key_stage,measure,dimension,group,pupils,total\n"
ROWS = "2012/13,Wisbech,school,KS2,rwm_l4,fsm,fsm,40,20\n2012/13,Wisbech,school,KS2,rwm_l4,fsm,not_fsm,60,50\n"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    path: Path = tmp_path_factory.mktemp("cells") / "data.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return compute(Request(data=(str(path),), internal=True))


def renamed(release: Release, name: str) -> Release:
    return replace(release, gaps=release.gaps.assign(area_name=name))


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def plain(cell: str, name: str) -> bool:
    """Whether a spreadsheet takes a cell for text, and the name is there as it was but for what was put before."""
    return not cell.lstrip(" \u00a0\u3000\ufeff").startswith(LIVE) and cell in (name, f"'{name}")


@anything
@given(name=TEXT)
@example(name=" =1")
@example(name="A\r=1")
@example(name="\u00a0=1")
@example(name="\ufeff=1")
def test_no_name_is_a_formula_in_a_csv(release: Release, name: str) -> None:
    for row in cells(as_csv(renamed(release, name))):
        assert plain(row["area_name"], name)
        assert None not in row
        assert float(row["gap"]) > 0  # a number stays a number, and where it belongs


@anything
@given(name=TEXT)
@example(name=" =1")
def test_no_name_is_a_formula_in_a_csv_of_counts(release: Release, name: str) -> None:
    counts = release.data.counts.assign(area_name=name, area_code=name)
    data = Cleared(counts, release.data.cells, internal=True)
    for row in cells(counts_csv(InternalCounts(data, {name: name}))):
        assert plain(row["area_name"], name)
        assert plain(row["area_code"], name)
        assert plain(row["within"], name)
        assert int(row["pupils"]) > 0


@anything
@given(name=TEXT)
def test_no_name_moves_a_terminal_or_breaks_json(release: Release, name: str) -> None:
    import json

    assert json.loads(as_json(renamed(release, name)))["gaps"][0]["area_name"] == name
    assert all(letter.isprintable() for letter in as_table(renamed(release, name)).replace("\n", ""))


def test_json_written_a_gap_at_a_time_is_the_whole_object(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text(HEADER + ROWS + ROWS.replace("fsm", "eal"), encoding="utf-8")
    release = compute(Request(data=(str(path),), internal=True))
    assert len(release.gaps) == 2
    for some in (release, replace(release, gaps=release.gaps.iloc[:0])):
        assert as_json(some) == results(some).model_dump_json(indent=2) + "\n"


@anything
@given(rows=st.lists(st.tuples(st.none() | st.text() | st.just("-1"), st.integers(-(2**62), 2**62)), min_size=1))
def test_columns_are_written_as_their_rows_are(rows: list[tuple[str | None, int]]) -> None:
    texts, numbers = zip(*rows, strict=True)
    assert csv_columns([pa.array(texts, pa.string()), pa.array(numbers, pa.int64())]) == csv_text(rows)


def test_a_long_text_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "STRETCH", 3)
    for content in ("", "\u00e9\u20ac\U0001f600" * 7, b"\xff\n" * 10):
        to_file(content, str(tmp_path / "made"), [])
        written = content.encode() if isinstance(content, str) else content
        assert (tmp_path / "made").read_bytes() == written


@anything
@given(text=st.text())
def test_a_cell_is_made_safe_once(text: str) -> None:
    safe = cell_safe(text)
    assert cell_safe(safe) == safe
    assert safe in (text, f"'{text}")


def test_every_format_is_here() -> None:
    """A new format needs its own test above: of escaping in HTML, of text cells in a workbook."""
    known: dict[str, Any] = {"table": as_table, "json": as_json, "csv": as_csv}
    assert set(known) == set(FORMATS)
    assert set(COUNTS_FORMATS) == {"csv", "parquet"}
