"""Count: pupils in, counts out. One explicit registry of engines, all of which must agree with `by_hand`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gapcalc.count.by_hand import by_hand
from gapcalc.count.duck import duck
from gapcalc.definitions import TIMES, UNKNOWN, reference_group
from gapcalc.errors import UnknownName
from gapcalc.model import CELL, COUNTS, SUMS, Ask, Pupils, Tally, dimension_name

if TYPE_CHECKING:
    import pandas as pd

Engine = Callable[[Pupils, Ask], Tally]

ENGINES: dict[str, Engine] = {"duckdb": duck, "by_hand": by_hand}


def count(pupils: Pupils, ask: Ask, engine: str = "duckdb") -> tuple[pd.DataFrame, Mapping[tuple[str, ...], int]]:
    """Pupils in; their counts (columns COUNTS) and how many rows could not be read, by column, out."""
    import pandas as pd

    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    tally = ENGINES[engine](pupils, ask)
    cells = pd.concat([tally.cells, _nobody(tally.cells, ask)], ignore_index=True)
    counts = cells.assign(level=ask.level, basis="counted", symbol=None)
    counts["area_name"] = counts["area_code"].map(pupils.area_names).fillna(counts["area_code"])
    return counts[COUNTS], dict(sorted(tally.unread.items()))


def _nobody(cells: pd.DataFrame, ask: Ask) -> pd.DataFrame:
    """Cells of nobody for `unknown` and reference groups without a pupil: nobody is not the same as not said."""
    import pandas as pd

    needed = [
        (dimension_name(parts), group)
        for parts in filter(None, ask.dimensions)
        for group in (reference_group(parts), TIMES.join([UNKNOWN] * len(parts)))
    ]
    every = cells[[name for name in CELL if name != "group"]].drop_duplicates()
    wanted = every.merge(pd.DataFrame(needed, columns=["dimension", "group"], dtype=object), on="dimension")
    there = wanted.merge(cells[CELL], how="left", on=CELL, indicator=True)["_merge"] == "both"
    return wanted[~there.to_numpy()].assign(**dict.fromkeys(SUMS, 0))[cells.columns]
