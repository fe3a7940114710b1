"""Every engine gives what `by_hand` gives, on pupils drawn with everything that goes wrong in real files."""

import sys
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapcalc.count import ENGINES, Engine
from gapcalc.count.by_hand import by_hand
from gapcalc.count.cells import asked_of, tally
from gapcalc.count.duck import run
from gapcalc.count.literals import as_text
from gapcalc.count.readings import Readings
from gapcalc.definitions import Measure, measures
from gapcalc.errors import InputError, TooLarge
from gapcalc.harmonise import harmonise
from gapcalc.model import CELL, Pupils
from gapcalc.rows import Rows
from gapcalc.tally import Ask, Tally
from gapcalc.texts import plain
from tests.properties.faults import FAULTS, IN_DUCKDB_ALONE, IN_SQL_ALONE

FLAGS = ["Y", "N", "y ", " n", "1", "0", "true", "", "?", "Q", "Maybe", "\u00a0Y\t", "ſ", "ß"]
COLUMNS = {
    "academic_year": ["2011/12", "2012-13", "201213", "2014/15", "2015/16", "2016-2017"],
    "term": ["", "Autumn term", "summer"],
    "la": ["873", "Cambridgeshire", "E10000003", "874"],
    "district": ["Wisbech", " March ", ""],
    "school": ["3012", "3012 ", "Hill", ""],
    "school_name": ["Hill", "Hill Primary", "", "H801200001001"],
    "key_stage": ["EYFS", "Y1", "ks1", "KS2", "2", "KS4"],
    "sex": ["F", "m", "U", "", "X"],
    "fsm": FLAGS,
    "disadvantaged": FLAGS,
    "sen_provision": ["N", "k", "E", "S", "A", "P", "Q", "?", "", "Z", "ſ"],
    "looked_after": ["Y", "N", ""],
    "looked_after_months": ["", "0", "11", "12", "12.0", "-3", "many"],
    "looked_after_12_months": ["", "Y", "N", "??"],
    "first_language": ["ENG", "oth", "NOT", "", "POL"],
    "ethnicity": ["WBRI", "wirt", "REFU", "CHNE", "", "ZZZZ"],
    "ac_em": ["1", "0", ""],
    "gld": ["1", "0", "Y", "", "2"],
    "phonics": ["WA", "Wt", "A", "D", "Q", "", "32"],
    "reading": ["W", "2C", "2", "3", "4", "4b", "EXS", "GDS", "WTS", "N", "A", "X", "", "nine"],
    "writing": ["1", "2A", "3", "4", "EXS", "PKF", "D", ""],
    "maths": ["2B", "3", "5", "HNM", "T", ""],
    "reading_score": ["80", "120", "99", "100", "120", "121", "79", "100.0", "100.5", "B", "X", "", "1e2", "१००"],
    "maths_score": ["100", "99", "N", "", "+100", "100.", "00100"],
    "five_ac_em": ["1", "0", ""],
    "em_9_4": ["1", "N", ""],
    "attainment8": ["00", "90.00", "46.5", "46.50", "90", "90.01", "0", "", ".5", "46.505", "46,5", "1234567"],
}
DIMENSIONS: list[tuple[str, ...]] = [
    ("fsm",),
    ("sen",),
    ("sen_provision",),
    ("lac",),
    ("lac_12_months",),
    ("eal",),
    ("bme",),
]
DIMENSIONS += [
    ("ethnicity",),
    ("white_other",),
    ("sex",),
    ("disadvantaged",),
    ("fsm", "sen"),
    ("fsm", "sex"),
    ("lac", "eal"),
]

cell = {name: st.sampled_from(texts) | st.text(max_size=3) for name, texts in COLUMNS.items()}
sound = {name: st.sampled_from(texts) for name, texts in COLUMNS.items()}
# When and where mostly means something: a row of which it does not is in no cell.
when_and_where = {"academic_year", "term", "la", "district", "school", "school_name", "key_stage"}
seldom = {name: st.sampled_from([*texts] * 9 + [texts[0], "?", ""]) for name, texts in COLUMNS.items()}
pupil = st.fixed_dictionaries({name: seldom[name] if name in when_and_where else cell[name] for name in COLUMNS})
files = st.lists(pupil, min_size=1, max_size=30).flatmap(
    lambda rows: st.sets(st.sampled_from(sorted(set(COLUMNS) - {"academic_year", "la", "key_stage", "district"}))).map(
        lambda dropped: [{name: text for name, text in row.items() if name not in dropped} for row in rows]
    )
)


def harmonised(rows: list[dict[str, str]]) -> Pupils | None:
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})
    try:
        content = harmonise(Rows("drawn.csv", "", "utf-8", table, range(2, 2 + table.num_rows))).content
    except InputError:
        return None
    assert isinstance(content, Pupils)
    return content


@dataclass(frozen=True)
class Wanted:
    """What is asked of a drawn file: a few dimensions and measures, since a long statement takes long to plan."""

    levels: tuple[str, ...]
    dimensions: tuple[tuple[str, ...], ...]
    measures: tuple[Measure, ...]

    def of(self, pupils: Pupils) -> Ask:
        dimensions = tuple(parts for parts in self.dimensions if all(part in pupils.groups for part in parts))
        return Ask(self.levels, ((), *dimensions), self.measures)


wants = st.builds(
    Wanted,
    st.sampled_from([("la",), ("district",), ("school", "la")]),
    st.lists(st.sampled_from(DIMENSIONS), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(
        st.sampled_from(list(measures().values())),
        min_size=1,
        max_size=5,
        unique_by=lambda one: (one.key_stage, one.id),
    ).map(tuple),
)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def same(one: Tally, other: Tally) -> None:
    tables = [plain(tally.cells).sort_values(CELL).reset_index(drop=True) for tally in (one, other)]
    # Only the kind of integer may differ, never a value.
    left, right = (table.astype({"pupils": int, "total": int, "total_sq": int}) for table in tables)
    pd.testing.assert_frame_equal(left, right)
    assert dict(one.unread) == dict(other.unread)
    assert (one.strange, dict(one.cohorts), one.outdated, one.places) == (
        other.strange,
        dict(other.cohorts),
        other.outdated,
        other.places,
    )


def in_sql(pupils: Pupils, ask: Ask) -> Tally:
    """The statement as it is printed for a warehouse, with every cell read by SQL, run by DuckDB over rows of text."""
    statement = asked_of(pupils, ask)
    with duckdb.connect() as connection:
        connection.register("pupils", pupils.rows.origin.whole().table)
        cube = connection.execute(statement.over_text('"pupils"', pupils.ready, as_text)).df()
    return tally(pupils, ask, statement, cube)


HERE: dict[str, Engine] = {name: engine for name, engine in ENGINES.items() if name != "spark"} | {"sql": in_sql}


@pytest.mark.parametrize("engine", [name for name in HERE if name != "by_hand"])
@given(rows=files, wanted=wants)
@settings(relaxed, max_examples=250)
def test_an_engine_equals_by_hand(engine: str, rows: list[dict[str, str]], wanted: Wanted) -> None:
    pupils = harmonised(rows)
    if pupils is not None:
        asked = wanted.of(pupils)
        same(HERE[engine](pupils, asked), by_hand(pupils, asked))


def every_text() -> tuple[Pupils, Ask]:
    """Each text of each column, in each key stage and year. Drawing may miss the edge of a scale; this does not."""
    plain = dict.fromkeys(COLUMNS, "") | {"la": "873", "district": "March", "school": "3012"}
    rows = [
        plain | {"academic_year": year, "key_stage": stage, "gld": "1", "ac_em": "1", name: text}
        for year in ("2012/13", "2015/16", "2016/17")
        for stage in ("EYFS", "Y1", "KS1", "KS2", "KS4")
        for name in sorted(set(COLUMNS) - when_and_where)
        for text in COLUMNS[name]
    ]
    rows.append(rows[0] | {"la": "874"})
    pupils = harmonised(rows)
    assert pupils is not None
    return pupils, Wanted(("la", "district", "school"), tuple(DIMENSIONS), tuple(measures().values())).of(pupils)


@pytest.mark.parametrize("engine", [name for name in HERE if name != "by_hand"])
def test_an_engine_equals_by_hand_on_every_text_in_every_year(engine: str) -> None:
    same(HERE[engine](*every_text()), by_hand(*every_text()))


CASES = [(engine, fault) for engine in ("duckdb", "sql") for fault in FAULTS]
CASES = [(engine, fault) for engine, fault in CASES if engine != "sql" or fault not in IN_DUCKDB_ALONE]
CASES = [(engine, fault) for engine, fault in CASES if engine != "duckdb" or fault not in IN_SQL_ALONE]


@pytest.mark.parametrize(("engine", "fault"), CASES)
def test_a_planted_fault_is_found(engine: str, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = by_hand(*every_text())
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError):
        same(HERE[engine](*every_text()), wanted)


@pytest.mark.parametrize("engine", list(HERE))
@given(rows=files, wanted=wants, cut=st.integers(1, 29))
@settings(relaxed, max_examples=60)
def test_counts_add(engine: str, rows: list[dict[str, str]], wanted: Wanted, cut: int) -> None:
    """count(A + B) = count(A) + count(B): what chunks, districts and merged files rest on."""
    whole, parts = harmonised(rows), [harmonised(part) for part in (rows[:cut], rows[cut:]) if part]
    if whole is None or None in parts:
        return
    count = HERE[engine]
    apart = pd.concat([count(part, wanted.of(part)).cells for part in parts if part])
    together = count(whole, wanted.of(whole)).cells
    sums = apart.groupby(CELL, as_index=False)[["pupils", "total", "total_sq"]].sum()
    same(Tally(sums, {}), Tally(together[sums.columns], {}))


@pytest.mark.parametrize("engine", list(HERE))
@given(rows=files, wanted=wants)
@settings(relaxed, max_examples=80)
def test_what_must_hold_of_counts(engine: str, rows: list[dict[str, str]], wanted: Wanted) -> None:
    pupils = harmonised(rows)
    if pupils is None:
        return
    cells = HERE[engine](pupils, wanted.of(pupils)).cells
    assert not cells.duplicated(CELL).any()
    proportions = cells[cells["measure"] != "attainment8"]
    assert ((proportions["total"] >= 0) & (proportions["total"] <= proportions["pupils"])).all()
    assert (proportions["total_sq"] == proportions["total"]).all()
    # The groups of every dimension, unknown included, add up to all.
    cohort = [name for name in CELL if name not in ("dimension", "group")]
    sums = cells.groupby([*cohort, "dimension"])[["pupils", "total", "total_sq"]].sum().reset_index()
    everybody = sums[sums["dimension"] == "all"].drop(columns="dimension")
    for _, one in sums.groupby("dimension"):
        pd.testing.assert_frame_equal(
            one.drop(columns="dimension").reset_index(drop=True), everybody.reset_index(drop=True)
        )


def test_too_many_groups_for_memory_are_said_to_be_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    pupils, ask = every_text()
    monkeypatch.setattr(sys.modules["gapcalc.count.duck"], "MEMORY", "1MB")
    monkeypatch.setattr(
        Readings,
        "batches",
        lambda self, whole=Readings.batches: (one for batch in whole(self) for one in [batch] * 999),
    )
    with pytest.raises(TooLarge):
        HERE["duckdb"](pupils, ask)


def test_what_the_library_raises_between_two_batches_is_what_is_raised() -> None:
    schema = pa.schema([("a", pa.int64())])
    batches = (pa.record_batch([pa.array(range(5000))], schema=schema) for _ in range(200))
    with pytest.raises(duckdb.Error):
        run("SELECT SUM(CASE WHEN a = 4999 THEN error('no') ELSE a END) FROM readings", schema, batches, "a.csv")
