"""The default engine: DuckDB runs the one statement, and the small cube it returns is shared out here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gapcalc.count.statement import Statement
from gapcalc.definitions import ALL, TIMES
from gapcalc.model import CELL, SUMS, Ask, Outcome, Pupils, Tally, dimension_name

if TYPE_CHECKING:
    import pandas as pd

WHEN_AND_WHERE = ["period", "term", "status", "area_code", "key_stage"]


def duck(pupils: Pupils, ask: Ask) -> Tally:
    """Pupils in, the sums of every cell out."""
    import pandas as pd

    keys = {name: pupils.keys[name] for name in ("period", "term", "status", ask.level, "key_stage")}
    columns = [key.column for key in keys.values() if key.column is not None]
    dimensions = list(dict.fromkeys(part for parts in ask.dimensions for part in parts))
    told = dict.fromkeys(one.column for tellings in pupils.groups.values() for one in tellings)
    measures = [one for one in ask.measures if (one.key_stage, one.id) in pupils.outcomes]
    parts = [pupils.outcomes[one.key_stage, one.id] for one in measures]
    readings = {_reading(one): one for outcomes in parts for one in outcomes}
    statement = Statement(
        keys=tuple(dict.fromkeys(columns)),
        dimensions=tuple(pupils.groups[id] for id in dimensions),
        group_columns=tuple(
            tuple(one for tellings in pupils.groups.values() for one in tellings if one.column == column)
            for column in told
        ),
        measures=tuple(parts),
        outcome_columns=tuple(readings.values()),
    )
    cube = _run(pupils, statement)
    position = {column: f"k{i}" for i, column in enumerate(statement.keys)}
    for name, key in keys.items():
        words = key.words[""] if key.column is None else cube[position[key.column]].map(key.words)
        cube["area_code" if name == ask.level else name] = words
    cube = cube.rename(columns={f"d{i}": id for i, id in enumerate(dimensions)})

    unread: dict[tuple[str, ...], int] = {(column,): int(cube[f"g{i}"].sum()) for i, column in enumerate(told)}
    cells = []
    for i, measure in enumerate(measures):
        of_measure = _covered(cube, measure.covers)
        for (key_stage, period), group in of_measure.groupby(["key_stage", "period"], sort=False):
            for outcome in parts[i]:
                column = f"u{list(readings).index(_reading(outcome))}"
                unread[outcome.column, str(key_stage), str(period)] = int(group[column].sum())
        sums = of_measure.rename(columns={f"n{i}": "pupils", f"s{i}": "total", f"q{i}": "total_sq"})
        sums = sums[sums["pupils"] > 0]
        cells += [_share_out(sums, dimension).assign(measure=measure.id) for dimension in ask.dimensions]
    frame = pd.concat(cells, ignore_index=True) if cells else pd.DataFrame(columns=[*CELL, *SUMS])
    return Tally(frame[[*CELL, *SUMS]], {key: rows for key, rows in unread.items() if rows})


def _run(pupils: Pupils, statement: Statement) -> pd.DataFrame:
    import duckdb

    with duckdb.connect() as connection:
        connection.register("pupils", pupils.rows.table)
        cube: pd.DataFrame = connection.execute(statement.sql("pupils")).df()
    return cube


def _reading(outcome: Outcome) -> tuple[object, ...]:
    """What makes two outcomes readable alike: all but where the standard lies."""
    return outcome.column, tuple(outcome.codes), outcome.lowest, outcome.highest, outcome.decimals


def _covered(cube: pd.DataFrame, covers: Callable[[str, str], bool]) -> pd.DataFrame:
    pairs = cube[["key_stage", "period"]].drop_duplicates().itertuples(index=False)
    kept = {tuple(pair) for pair in pairs if covers(*pair)}
    mask = [pair in kept for pair in zip(cube["key_stage"], cube["period"], strict=True)]
    return cube[mask]


def _share_out(cube: pd.DataFrame, dimension: tuple[str, ...]) -> pd.DataFrame:
    """The cube's sums for one dimension: counts add, so every group is a sum over the cube."""
    sums = cube.groupby([*WHEN_AND_WHERE, *dimension], sort=False)[SUMS].sum().reset_index()
    group = [TIMES.join(parts) for parts in sums[list(dimension)].itertuples(index=False)] if dimension else ALL
    return sums.assign(dimension=dimension_name(dimension), group=group)
