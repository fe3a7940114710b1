"""From the small cube that a statement returns to what an engine returns: words for texts, and every group a sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from gapcalc.count.statement import Statement, reading_key
from gapcalc.definitions import ALL, TIMES, Measure, area_years, spelling
from gapcalc.definitions.years import outside
from gapcalc.model import CELL, SUMS, WHICH_COHORT, Key, Pupils, dimension_name, each, place
from gapcalc.progress import tell
from gapcalc.tally import Ask, NamedPlace, Tally
from gapcalc.texts import few, numbered, renamed, stacked

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def asked_of(pupils: Pupils, ask: Ask) -> Statement:
    """What is to be counted in, the statement that counts it out."""
    columns = [column for name in (*WHICH_COHORT, *ask.levels) for column in pupils.keys[name].columns]
    return Statement(
        keys=tuple(dict.fromkeys(columns)),
        names=(pupils.school_name,) if pupils.school_name and "school" in ask.levels else (),
        dimensions=tuple(pupils.groups[id] for id in ask.parts),
        measures=tuple(pupils.outcomes[one.key_stage, one.id] for one in told(pupils, ask)),
    )


def told(pupils: Pupils, ask: Ask) -> list[Measure]:
    """The measures that are asked for and that the file tells."""
    return [one for one in ask.measures if (one.key_stage, one.id) in pupils.outcomes]


def tally(pupils: Pupils, ask: Ask, statement: Statement, cube: pd.DataFrame) -> Tally:
    """The cube of a statement, its keys as the file spells them, in; what an engine returns out."""
    import pandas as pd

    tell("adding up")
    spelt = {column: cube[f"k{i}"].astype("category") for i, column in enumerate(statement.keys)}
    strange, places = set[str](), dict[str, frozenset[NamedPlace]]()
    for level in ask.levels:
        places[level], unknown = _places(pupils, level, spelt, cube)
        strange |= unknown
    words = {name: _words(pupils.keys[name], spelt, cube) for name in (*WHICH_COHORT, *ask.levels)}
    whole = pd.DataFrame({name: of.notna() for name, of in words.items()}).all(axis=1)
    for name, of in words.items():
        if not of.notna().all():
            key = pupils.keys[name]
            strange |= {one.column for one in (key, key.within) if one and one.column and _unread(one, spelt)}
    cube = cube.assign(**{f"*{name}": of for name, of in words.items()})[whole]
    measures = told(pupils, ask)
    for i in range(len(measures)):
        if not statement.scores(i):
            cube[f"q{i}"] = cube[f"s{i}"]
    frames = [frame for level in ask.levels for frame in _share_out(cube, level, ask, statement, measures)]
    cube = cube.rename(columns={f"*{name}": name for name in WHICH_COHORT})
    cells = stacked(frames) if frames else pd.DataFrame(columns=[*CELL, *SUMS])
    unread: dict[tuple[str, ...], int] = {
        (column,): int(cube[f"g{i}"].sum()) for i, column in enumerate(statement.group_columns)
    }
    unread |= _unread_outcomes(cube, measures, statement)
    cohorts = cube.groupby(["period", "key_stage"], sort=False)["m"].sum().reset_index()
    return Tally(
        cells[[*CELL, *SUMS]],
        {key: rows for key, rows in unread.items() if rows},
        frozenset(strange),
        {(period, stage): int(rows) for period, stage, rows in cohorts.itertuples(index=False)},
        _outdated(pupils, statement, cube),
        {level: found for level, found in places.items() if found},
    )


def _words(key: Key, spelt: Mapping[str, pd.Series], cube: pd.DataFrame) -> pd.Series:
    """The word of a key for each row of the cube, as categories."""
    import numpy as np
    import pandas as pd

    if key.column is None:
        return pd.Series(numbered(np.zeros(len(cube), dtype=np.int64), [key.read("")]), index=cube.index)
    words = pd.Series(renamed(spelt[key.column], key.read), index=cube.index)
    if key.within is None:
        return words
    within = _words(key.within, spelt, cube)
    number, pairs = _numbered(pd.DataFrame({"within": within, "word": words}), ["within", "word"])
    places = [
        place(*pair) if isinstance(pair[0], str) and isinstance(pair[1], str) else None
        for pair in each(pairs, "within", "word")
    ]
    return pd.Series(numbered(number, places), index=cube.index)


def _unread(key: Key, spelt: Mapping[str, pd.Series]) -> bool:
    """Whether a text means nothing to the column of a key itself."""
    return any(key.read(text) is None for text in spelt[str(key.column)].unique())


def _places(
    pupils: Pupils, level: str, spelt: Mapping[str, pd.Series], cube: pd.DataFrame
) -> tuple[frozenset[NamedPlace], set[str]]:
    """How the file spells the places of a level, and whether what is printed as their name may not be."""
    import pandas as pd

    key = pupils.keys[level]
    if level == "la" or key.column is None:
        return frozenset(), set()
    name = pupils.school_name if level == "school" else None
    found = pd.DataFrame({"text": spelt[key.column]})
    found["authority"] = spelt[key.within.column] if key.within and key.within.column else ""
    found["name"] = cube["c0"] if name else ""
    last: dict[tuple[str, str], str] = {}
    for text, authority, called in each(found.drop_duplicates(), *found):
        last[text, authority] = max(called, last.get((text, authority), ""))
    strange = {name} if name and any(key.read(called) is None for called in last.values()) else set()
    return frozenset(NamedPlace(*texts, called) for texts, called in last.items()), strange


def _outdated(pupils: Pupils, statement: Statement, cube: pd.DataFrame) -> frozenset[str]:
    """The columns with codes outside the years of their use."""
    found = set()
    for i, (column, spans) in enumerate(statement.spans.items()):
        for bits, period in cube[[f"e{i}", "period"]].drop_duplicates().itertuples(index=False):
            if any(int(bits) >> place & 1 and outside(period, span) for place, span in enumerate(spans)):
                found.add(column)
    if authority := pupils.keys["la"].column:
        both = cube[[f"k{statement.keys.index(authority)}", "period"]].drop_duplicates()
        for text, period in both.itertuples(index=False):
            if outside(period, area_years(spelling(text))):
                found.add(authority)
    return frozenset(found)


def _unread_outcomes(cube: pd.DataFrame, measures: list[Measure], statement: Statement) -> dict[tuple[str, ...], int]:
    """How many rows of each key stage and period have an outcome that means nothing to a measure of theirs."""
    keys = [reading_key(one) for one in statement.readings]
    by_cohort = cube.groupby(["key_stage", "period"], sort=False)[[f"u{i}" for i in range(len(keys))]].sum()
    return {
        (outcome.column, row["key_stage"], row["period"]): int(row[f"u{keys.index(reading_key(outcome))}"])
        for row in by_cohort.reset_index().to_dict("records")
        for measure, outcomes in zip(measures, statement.measures, strict=True)
        if measure.covers(row["key_stage"], row["period"])
        for outcome in outcomes
    }


def _share_out(
    cube: pd.DataFrame, level: str, ask: Ask, statement: Statement, measures: list[Measure]
) -> Iterator[pd.DataFrame]:
    """The cube's sums at a level, one dimension after another: counts add, so every group is a sum over the cube."""
    import numpy as np

    if not measures or cube.empty:
        return
    where = {"area_code": f"*{level}"} | {name: f"*{name}" for name in WHICH_COHORT}
    cohort, cohorts = _numbered(cube, [*where.values()])
    cohorts = few(cohorts.set_axis([*where], axis=1).assign(level=level))
    covered = np.array([[one.covers(*when) for one in measures] for when in each(cohorts, "key_stage", "period")])
    columns = [f"{letter}{i}" for letter in "nsq" for i in range(len(measures))]
    sums = cube[columns].to_numpy().reshape(len(cube), len(SUMS), len(measures))
    of_dimension = {id: f"d{i}" for i, id in enumerate(ask.parts)}
    for dimension in ask.dimensions:
        group, groups = _numbered(cube, [of_dimension[part] for part in dimension])
        words = [TIMES.join(statement.words[place] for place in places) for places in groups.itertuples(index=False)]
        cell = cohort * len(words) + group
        order = np.argsort(cell, kind="stable")
        first = np.flatnonzero(np.diff(cell[order], prepend=-1))
        counted = np.add.reduceat(sums[order], first, axis=0)
        of_cohort, of_group = np.divmod(cell[order][first], len(words))
        which, rows = np.nonzero(((counted[:, 0] > 0) & covered[of_cohort]).T)
        if not len(rows):
            continue
        yield cohorts.iloc[of_cohort[rows]].assign(
            dimension=numbered(np.zeros_like(rows), [dimension_name(dimension)]),
            group=numbered(of_group[rows], words if dimension else [ALL]),
            measure=numbered(which, [one.id for one in measures]),
            **{name: counted[rows, i, which] for i, name in enumerate(SUMS)},
        )


def _numbered(cube: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """For each row of the cube a number for what stands in some columns, and what stands there, by that number."""
    import numpy as np

    if not columns:
        return np.zeros(len(cube), dtype=np.int64), cube[[]].iloc[:1]
    numbers = cube.groupby(columns, sort=False, dropna=False).ngroup().to_numpy()
    return numbers, cube[columns].iloc[np.unique(numbers, return_index=True)[1]]
