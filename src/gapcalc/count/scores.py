"""Pupils by score: what sums cannot tell, counted for those measures that are means."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gapcalc.count import ENGINES
from gapcalc.definitions import ALL, TIMES, spelling
from gapcalc.model import KEY, Pupils, Telling
from gapcalc.scales import SCORED
from gapcalc.tally import Ask
from gapcalc.texts import plain, stacked

if TYPE_CHECKING:
    import pandas as pd

SCORE = "score"  # no dimension is called so


def by_score(pupils: Pupils, ask: Ask, engine: str = "duckdb") -> pd.DataFrame:
    """Pupils in; how many of each cell have each score (KEY and SCORED), of the asked-for measures that are means, out.

    The score is one more dimension, told by the very column of the result, so every engine counts it as it is. A score
    is a whole number of its measure's smallest unit; a cell of nobody has no rows.
    """
    import pandas as pd

    asked = tuple((*parts, SCORE) for parts in ask.dimensions)
    tables = []
    for measure in ask.measures:
        outcomes = pupils.outcomes.get((measure.key_stage, measure.id), ())
        if measure.kind != "mean" or not outcomes:
            continue
        (outcome,) = outcomes
        texts = {
            spelling(text)
            for batch in pupils.rows.batches([outcome.column])
            for text in batch.table.column(0).unique().to_pylist()
        }
        results = {text: outcome.result(text) for text in sorted(texts)}
        words = {text: str(result) for text, result in results.items() if isinstance(result, int)}
        told = replace(pupils, groups={**pupils.groups, SCORE: (Telling(outcome.column, words),)})
        tables.append(ENGINES[engine](told, Ask(ask.levels, asked, (measure,))).cells)
    tables = [table for table in tables if len(table)]
    if not tables:
        return pd.DataFrame(columns=[*KEY, *SCORED], dtype=object)
    cells = plain(stacked(tables))
    parted = [str(group).rpartition(TIMES) for group in cells["group"]]
    return cells.assign(
        dimension=[str(name).rpartition(TIMES)[0] or ALL for name in cells["dimension"]],
        group=[group or ALL for group, _, _ in parted],
        score=[int(score) for _, _, score in parted],
    )[[*KEY, *SCORED]]
