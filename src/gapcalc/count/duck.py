"""The default engine: DuckDB runs the one statement, and the small cube it returns is shared out here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gapcalc.count.statement import Statement
from gapcalc.definitions import ALL, TIMES, Measure
from gapcalc.errors import TooLarge
from gapcalc.model import CELL, SUMS, Ask, Outcome, Pupils, Tally, dimension_name, place

if TYPE_CHECKING:
    import pandas as pd

WHEN_AND_WHERE = ["period", "term", "status", "area_code", "key_stage"]


def duck(pupils: Pupils, ask: Ask) -> Tally:
    """Pupils in, the sums of every cell out."""
    import pandas as pd

    keys = {name: pupils.keys[name] for name in ("period", "term", "status", ask.level, "key_stage")}
    every = [*keys.values(), *(key.within for key in keys.values() if key.within)]
    columns = [key.column for key in every if key.column is not None]
    dimensions = list(dict.fromkeys(part for parts in ask.dimensions for part in parts))
    told = dict.fromkeys(one.column for id in dimensions for one in pupils.groups[id])
    measures = [one for one in ask.measures if (one.key_stage, one.id) in pupils.outcomes]
    parts = [pupils.outcomes[one.key_stage, one.id] for one in measures]
    readings = {_reading(one): one for outcomes in parts for one in outcomes}
    statement = Statement(
        keys=tuple(dict.fromkeys(columns)),
        dimensions=tuple(pupils.groups[id] for id in dimensions),
        group_columns=tuple(
            tuple(one for id in dimensions for one in pupils.groups[id] if one.column == column) for column in told
        ),
        measures=tuple(parts),
        outcome_columns=tuple(readings.values()),
    )
    cube = _run(pupils, statement)
    position = {column: f"k{i}" for i, column in enumerate(statement.keys)}
    for name, key in keys.items():
        words = key.words[""] if key.column is None else cube[position[key.column]].map(key.words)
        if key.within and key.within.column:
            authorities = cube[position[key.within.column]].map(key.within.words)
            words = pd.Series([place(*pair) for pair in zip(authorities, words, strict=True)], dtype=str)
        cube["area_code" if name == ask.level else name] = words
    cube = cube.rename(columns={f"d{i}": id for i, id in enumerate(dimensions)})

    unread: dict[tuple[str, ...], int] = {(column,): int(cube[f"g{i}"].sum()) for i, column in enumerate(told)}
    unread |= _unread_outcomes(cube, measures, parts, list(readings))
    cells = [frame for dimension in ask.dimensions for frame in _share_out(cube, dimension, measures)]
    frame = pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=[*CELL, *SUMS])
    return Tally(frame[[*CELL, *SUMS]], {key: rows for key, rows in unread.items() if rows})


def _run(pupils: Pupils, statement: Statement) -> pd.DataFrame:
    import duckdb

    # Nothing is fetched, and no file but the one already read is touched. Without a folder of its own, DuckDB would
    # write pupils' rows to `.tmp` where the user happens to be, once they do not fit into memory.
    closed: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "enable_external_access": False,
        "temp_directory": "",
    }
    try:
        with duckdb.connect(config=closed) as connection:
            connection.register("pupils", pupils.rows.table)
            cube: pd.DataFrame = connection.execute(statement.sql("pupils")).df()
    except (duckdb.OutOfMemoryException, MemoryError):
        raise TooLarge(
            pupils.rows.file, "it does not fit into memory", "split it, by year or by area, and give the parts"
        ) from None
    return cube


def _reading(outcome: Outcome) -> tuple[object, ...]:
    """What makes two outcomes readable alike: all but where the standard lies."""
    return outcome.column, tuple(outcome.codes), outcome.lowest, outcome.highest, outcome.decimals


def _unread_outcomes(
    cube: pd.DataFrame, measures: list[Measure], parts: list[tuple[Outcome, ...]], readings: list[tuple[object, ...]]
) -> dict[tuple[str, ...], int]:
    """How many rows of each key stage and period have an outcome that means nothing to a measure of theirs."""
    columns = [f"u{i}" for i in range(len(readings))]
    by_cohort = cube.groupby(["key_stage", "period"], sort=False)[columns].sum().reset_index()
    return {
        (outcome.column, row["key_stage"], row["period"]): int(row[f"u{readings.index(_reading(outcome))}"])
        for row in by_cohort.to_dict("records")
        for measure, outcomes in zip(measures, parts, strict=True)
        if measure.covers(row["key_stage"], row["period"])
        for outcome in outcomes
    }


def _share_out(cube: pd.DataFrame, dimension: tuple[str, ...], measures: list[Measure]) -> Iterator[pd.DataFrame]:
    """The cube's sums for one dimension, measure by measure: counts add, so every group is a sum over the cube."""
    import numpy as np

    columns = [f"{letter}{i}" for letter in "nsq" for i in range(len(measures))]
    sums = cube.groupby([*WHEN_AND_WHERE, *dimension], sort=False)[columns].sum().reset_index()
    group = [TIMES.join(parts) for parts in sums[list(dimension)].itertuples(index=False)] if dimension else ALL
    sums = sums.assign(dimension=dimension_name(dimension), group=group)
    counted = [sums[columns[at : at + len(measures)]].to_numpy() for at in range(0, len(columns), len(measures) or 1)]
    cohorts = list(zip(sums["key_stage"], sums["period"], strict=True))
    covers = {cohort: [measure.covers(*cohort) for measure in measures] for cohort in set(cohorts)}
    if not measures or not cohorts:
        return
    which, rows = np.nonzero(((counted[0] > 0) & np.array([covers[cohort] for cohort in cohorts])).T)
    found = sums[[*WHEN_AND_WHERE, "dimension", "group"]].iloc[rows].reset_index(drop=True)
    for name, of_measure in zip(SUMS, counted, strict=True):
        found[name] = of_measure[rows, which]
    if len(found):
        yield found.assign(measure=np.array([one.id for one in measures], dtype=object)[which])
